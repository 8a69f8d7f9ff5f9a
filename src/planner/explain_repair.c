/* Ways out of a problem without a plan: changes are tried from the cheapest kind on, each is kept only with a plan of the
 * changed problem. They answer "how many seats, or weeks, would do". */
#include "planner/change.h"

enum { KEPT_MOST = 24, SEATS_MOST = 12, WEEKS_MOST = 12, STUDENTS_MOST = 40, PASSES_ANY = 60, PASSES_BEST = 400 };
/* However large the problem: of one search for a good plan, of all trials together. */
static const uint64_t BEST_TICKS_MOST = 1500000, TRIALS_TICKS_MOST = 8000000;

struct repairs {
    struct internplan *r;
    const struct planner_problem *p;
    const struct planner_conflict *conflict;
    int conflicts;
    uint64_t pass_ticks; /* of placing everybody once */
    uint64_t end;        /* ticks at which no other change is tried */
    int n;
    struct planner_repair kept[KEPT_MOST];
};

/* What placing everybody once costs, measured by doing it. */
static uint64_t measure_pass(struct internplan *r)
{
    arena_free(&r->try);
    struct planner_view *v = planner_view_make(r, &r->try, r->problem, NULL, 0);
    struct planner_weights w = planner_weights_make(&r->try, v);
    uint64_t before = r->kernel.work;
    bool holds;
    __int128 sum = planner_view_sum(r, v, &w, NULL, NULL, &holds);
    assert(sum <= 1); /* without prices: 0, or 1 where somebody has no plan */
    uint64_t work = r->kernel.work - before;
    return work / PLANNER_WORK_PER_TICK * (uint64_t)v->model->units / (uint64_t)MAX(v->classes, 1) + (uint64_t)v->model->units + 1;
}

/* Whether counting shows at once that the change is not enough. */
static bool hopeless(struct repairs *x, const struct planner_problem *q)
{
    arena_free(&x->r->try);
    struct planner_facts all = planner_facts_all(&x->r->try, q);
    const struct planner_problem *hard = planner_facts_problem(&x->r->try, q, &all, NULL, true);
    struct planner_view *v = planner_view_make(x->r, &x->r->try, hard, NULL, 0);
    struct planner_weights w = planner_weights_make(&x->r->try, v);
    return planner_count_proves(x->r, v, &w);
}

static bool over(struct repairs *x)
{
    return planner_run_over(x->r) || planner_run_ticks(x->r) >= x->end;
}

/* Keeps the change when the changed problem has a plan. */
static bool try(struct repairs *x, struct planner_change *c, int conflict)
{
    if (c->ops.n == 0 || x->n == KEPT_MOST || over(x) || hopeless(x, c->after))
        return false;
    if (!c->after->says_levels)
        planner_default_levels(c->a, c->after);
    struct planner_found any = planner_find_any(x->r, c->after, x->pass_ticks * PASSES_ANY);
    if (!any.found)
        return false;
    struct planner_repair *k = &x->kept[x->n++];
    struct str *name = ARENA_ARRAY(c->a, (size_t)c->after->level_count, struct str);
    for (int i = 0; i < c->after->level_count; i++)
        name[i] = c->after->level[i].name;
    *k = (struct planner_repair){ .change = planner_change_patch(c), .cost = c->cost, .conflict = conflict, .plan = any,
                                  .problem = c->after, .level_name = name };
    return true;
}

static struct planner_change change(struct repairs *x)
{
    return planner_change_make(&x->r->keep, x->p);
}

/* ---- seats -------------------------------------------------------------------------------------- */

/* Seats exactly where the plan that breaks least stands too full. */
static void seats_where_short(struct repairs *x)
{
    int *load, *row_load;
    const struct planner_model *m;
    if (!planner_find_nearest(x->r, x->p, x->pass_ticks * PASSES_ANY, &load, &row_load, &m))
        return;
    struct planner_change c = change(x);
    for (int d = 0; d < m->departments; d++)
        for (int t = 0, end; t < m->open; t = end) {
            const int *at = load + (size_t)d * (size_t)m->open, *seats = m->capacity + (size_t)d * (size_t)m->open;
            int most = at[t];
            for (end = t + 1; end < m->open && at[end] > seats[end] && seats[end] == seats[t] && at[t] > seats[t]; end++)
                most = MAX(most, at[end]);
            if (at[t] > seats[t])
                planner_change_seats(&c, d, m->week_of[t], m->week_of[end - 1] - m->week_of[t] + 1, most);
        }
    for (int k = 0; k < m->rows; k++) {
        int more = 0;
        for (int t = m->row[k].first; t < m->row[k].end; t++)
            more = MAX(more, row_load[(size_t)k * (size_t)m->open + (size_t)t] - m->row[k].capacity);
        if (more > 0)
            planner_change_quota(&c, m->row[k].department, m->row[k].index, more);
    }
    (void)try(x, &c, 0);
}

static bool priced(const struct repairs *x, const struct planner_conflict *k, int d, int *first, int *last)
{
    *last = -1;
    *first = x->p->weeks;
    for (int w = 0; w < x->p->weeks; w++)
        if (k->prices.cell[d * x->p->weeks + w] != 0) {
            *first = MIN(*first, w);
            *last = MAX(*last, w);
        }
    return *last >= 0;
}

/* `more` seats in [from, end), one exception per run of equal old capacity; where a department is shut it stays so. */
static void more_seats(struct planner_change *c, struct internplan *r, int d, int from, int end, int more)
{
    const struct planner_model *m = r->model;
    for (int t = m->open_at[from], next; t < m->open_at[end]; t = next) {
        const int *seats = m->capacity + (size_t)d * (size_t)m->open;
        for (next = t + 1; next < m->open_at[end] && seats[next] == seats[t];)
            next++;
        if (seats[t] > 0)
            planner_change_seats(c, d, m->week_of[t], m->week_of[next - 1] - m->week_of[t] + 1, seats[t] + more);
    }
}

/* The same number of seats more, all the time, in the departments of every conflict about one department alone. */
static void seats_all_along(struct repairs *x)
{
    for (int more = 1; more <= SEATS_MOST; more++) {
        struct planner_change c = change(x);
        for (int k = 0; k < x->conflicts; k++)
            for (int d = 0, first, last, n = 0; d < x->p->department_count && n < 1; d++)
                if (priced(x, &x->conflict[k], d, &first, &last)) {
                    more_seats(&c, x->r, d, 0, x->p->weeks, more);
                    n++;
                }
        if (try(x, &c, 0) || over(x))
            return;
    }
}

/* Seats in one department of the first conflict, in the weeks that matter and a little around them. */
static void seats_in_weeks(struct repairs *x)
{
    int found = 0, first, last, longest = 1;
    for (int g = 0; g < x->p->programme_count; g++)
        for (int i = 0; i < x->p->programme[g].rotation_count; i++)
            longest = MAX(longest, x->p->programme[g].rotation[i].weeks);
    for (int d = 0; d < x->p->department_count && found < 2 && x->conflicts == 1; d++) {
        if (!priced(x, &x->conflict[0], d, &first, &last) || last - first + 1 >= x->p->weeks)
            continue;
        int from = MAX(first - longest + 1, 0), end = MIN(last + longest, x->p->weeks);
        for (int more = 1; more <= SEATS_MOST && !over(x); more++) {
            struct planner_change c = change(x);
            more_seats(&c, x->r, d, from, end, more);
            if (!try(x, &c, 0))
                continue;
            found++;
            break;
        }
    }
}

/* ---- rules and weeks ---------------------------------------------------------------------------- */

static bool collides(const struct repairs *x, int department, int exception)
{
    for (int k = 0; k < x->conflicts; k++)
        for (size_t i = 0; i < x->conflict[k].facts.n; i++) {
            const struct planner_fact *f = &x->conflict[k].facts.item[i];
            if (f->kind == PLANNER_FACT_EXCEPTION && f->department == department && f->index == exception)
                return true;
        }
    return false;
}

/* All closures of the conflicts taken back: closed weeks one by one, and all exceptions that take seats away, the last of a
 * department first, so that the others keep their places in the file. */
static void undo_closures(struct repairs *x)
{
    struct planner_change all = change(x);
    int exceptions = 0;
    for (int k = 0; k < x->conflicts; k++) {
        const struct planner_facts *f = &x->conflict[k].facts;
        for (size_t i = f->n; i-- > 0;) {
            const struct planner_fact *y = &f->item[i];
            if (y->kind != PLANNER_FACT_CLOSED_WEEK)
                continue;
            struct planner_change one = change(x);
            planner_change_open_week(&one, y->index);
            (void)try(x, &one, k);
        }
    }
    for (int d = 0; d < x->p->department_count; d++)
        for (int i = x->p->department[d].exception_count; i-- > 0;)
            if (collides(x, d, i)) {
                planner_change_drop_exception(&all, d, i);
                exceptions++;
            }
    if (exceptions > 0)
        (void)try(x, &all, 0);
}

static void more_weeks(struct repairs *x)
{
    for (int more = 1; more <= WEEKS_MOST && !over(x); more++) {
        struct planner_change c = change(x);
        planner_change_weeks(&c, more);
        if (try(x, &c, 0))
            return;
    }
}

static void one_rule(struct repairs *x, const struct planner_fact *f, int k)
{
    static const int steps[] = { 1, 2, 3, 4, 6, 8, 12, 16, 26, 52, 104, 520 };
    if (f->kind == PLANNER_FACT_ORDER) {
        struct planner_change c = change(x);
        planner_change_drop_order(&c, f->programme, f->index);
        (void)try(x, &c, k);
        return;
    }
    for (size_t i = 0; i < LEN(steps) && !over(x); i++) {
        struct planner_change c = change(x), d = change(x);
        if (f->kind == PLANNER_FACT_EARLIEST)
            planner_change_earliest(&c, f->programme, f->index, steps[i]);
        if (f->kind == PLANNER_FACT_LATEST_END)
            planner_change_latest_end(&c, f->programme, f->index, steps[i]);
        if (f->kind == PLANNER_FACT_QUOTA || f->kind == PLANNER_FACT_SHARED_QUOTA)
            planner_change_quota(&c, f->department, f->index, steps[i]);
        if (f->kind == PLANNER_FACT_AWAY) {
            planner_change_leave(&c, f->student, f->index, steps[i]);
            planner_change_leave(&d, f->student, f->index, -steps[i]);
        }
        if (try(x, &c, k) || try(x, &d, k) || steps[i] > x->p->weeks)
            return;
    }
}

static void rules(struct repairs *x)
{
    for (int k = 0; k < x->conflicts; k++)
        for (size_t i = 0; i < x->conflict[k].facts.n; i++) {
            const struct planner_fact *f = &x->conflict[k].facts.item[i];
            if (f->kind == PLANNER_FACT_ORDER || f->kind == PLANNER_FACT_EARLIEST || f->kind == PLANNER_FACT_LATEST_END ||
                f->kind == PLANNER_FACT_QUOTA || f->kind == PLANNER_FACT_SHARED_QUOTA || f->kind == PLANNER_FACT_AWAY)
                one_rule(x, f, k);
        }
}

/* The last of those whom the conflicts name stay away, as few as will do. */
static void fewer_students(struct repairs *x)
{
    int *times = ARENA_ARRAY(&x->r->keep, (size_t)x->p->student_count, int), most = 0, n = 0;
    int *who = ARENA_ARRAY(&x->r->keep, (size_t)x->p->student_count, int), *sorted = ARENA_ARRAY(&x->r->keep, (size_t)x->p->student_count, int);
    for (int k = 0; k < x->conflicts; k++)
        for (size_t i = 0; i < x->conflict[k].facts.n; i++)
            for (int s = 0; s < x->conflict[k].facts.item[i].students; s++)
                times[x->conflict[k].facts.item[i].who[s]]++;
    for (int s = 0; s < x->p->student_count; s++)
        most = MAX(most, times[s]);
    for (int s = x->p->student_count; s-- > 0;)
        if (times[s] == most)
            who[n++] = s;
    for (int few = 1; few < n && few <= STUDENTS_MOST && !over(x); few++) {
        struct planner_change c = change(x);
        for (int i = 0; i < few; i++)
            sorted[i] = who[few - 1 - i];
        planner_change_students(&c, sorted, few);
        if (try(x, &c, 0))
            return;
    }
}

/* ---- choosing ----------------------------------------------------------------------------------- */

static void choose(struct repairs *x, struct planner_repair *out, int *n)
{
    bool taken[KEPT_MOST] = { false };
    for (*n = 0; *n < PLANNER_REPAIRS_MOST && *n < x->n; (*n)++) {
        int best = -1;
        for (int i = 0; i < x->n; i++)
            if (!taken[i] && (best < 0 || x->kept[i].cost < x->kept[best].cost))
                best = i;
        taken[best] = true;
        out[*n] = x->kept[best];
    }
}

int planner_repairs_find(struct internplan *r, const struct planner_conflict *c, int conflicts, struct planner_repair *out)
{
    struct repairs x = { .r = r, .p = r->problem, .conflict = c, .conflicts = conflicts, .pass_ticks = measure_pass(r) };
    int n;
    x.end = planner_run_ticks(r) + TRIALS_TICKS_MOST;
    undo_closures(&x);
    rules(&x);
    more_weeks(&x);
    seats_where_short(&x);
    seats_in_weeks(&x);
    seats_all_along(&x);
    fewer_students(&x);
    choose(&x, out, &n);
    for (int i = 0; i < n; i++) {
        struct planner_found better = { 0 };
        if (!planner_run_over(r))
            better = planner_find_best(r, out[i].problem, &out[i].plan, MIN(x.pass_ticks * PASSES_BEST, BEST_TICKS_MOST));
        if (!better.found) /* stopped: a plan without figures is not shown */
            return i;
        out[i].plan = better;
    }
    return n;
}
