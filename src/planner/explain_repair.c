/* Ways out of a problem without a plan: what cures its conflicts one by one, put together so that all are cured, tried in
 * the order of what they cost, and kept only with a plan of the changed problem. */
#include "planner/change.h"

enum {
    WAYS_MOST = 32,  /* of one conflict */
    PARTS_MOST = 12, /* of one repair */
    CANDIDATES_MOST = 96,
    MORE_TRIED = 3, /* when the least amount is not enough for the whole problem */
    SIMILAR_MOST = 2,
    PASSES_ANY = 60,
    PASSES_BEST = 400
};
/* However large the problem: of one search for a good plan, of all trials together. */
static const uint64_t BEST_TICKS_MOST = 1000000, TRIALS_TICKS_MOST = 6000000;

struct candidate {
    int parts, conflict;
    const struct planner_way *part[PARTS_MOST];
    enum planner_way_kind family; /* what it is shown for: at most a few that are similar */
    int tried;                    /* how often it was made larger */
    int64_t cost;
};

struct repairs {
    struct planner_trials trials;
    struct internplan *r;
    struct planner_found full; /* a plan of some changed problem, or without what collides */
    int n, candidates;
    struct candidate candidate[CANDIDATES_MOST];
    enum planner_way_kind family[PLANNER_REPAIRS_MOST];
    struct planner_repair kept[PLANNER_REPAIRS_MOST];
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

/* ---- trying ------------------------------------------------------------------------------------- */

static bool known(const struct repairs *x, const struct planner_change *c)
{
    for (int i = 0; i < x->n; i++)
        if (planner_change_same(x->kept[i].problem, c->after))
            return true;
    return false;
}

static int similar(const struct repairs *x, enum planner_way_kind family)
{
    int n = 0;
    for (int i = 0; i < x->n; i++)
        n += x->family[i] == family;
    return n;
}

/* Keeps the change when the changed problem has a plan. */
static bool try(struct repairs *x, struct planner_change *c, int conflict, enum planner_way_kind family, const struct candidate *of)
{
    struct planner_found hint[PARTS_MOST + 1] = { x->full };
    int hints = 1;
    if (c->ops.n == 0 || x->n == PLANNER_REPAIRS_MOST || planner_trials_over(&x->trials) || known(x, c) || hopeless(x, c->after))
        return false;
    if (!c->after->says_levels)
        planner_default_levels(c->a, c->after);
    for (int i = 0; of != NULL && i < of->parts; i++)
        hint[hints++] = of->part[i]->plan;
    struct planner_found any = planner_find_whole(x->r, c->after, hint, hints, x->trials.pass_ticks * PASSES_ANY);
    if (!any.found)
        return false;
    x->full = any;
    planner_find_values(x->r, c->after, &any);
    struct str *name = ARENA_ARRAY(c->a, (size_t)c->after->level_count, struct str);
    for (int i = 0; i < c->after->level_count; i++)
        name[i] = c->after->level[i].name;
    x->family[x->n] = family;
    x->kept[x->n++] = (struct planner_repair){ .change = planner_change_patch(c), .cost = c->cost, .conflict = conflict, .plan = any,
                                              .problem = c->after, .level_name = name };
    return true;
}

/* Parts in the order in which a patch takes them: of one list the last entries first. */
static bool goes_first(const struct planner_way *const *a, const struct planner_way *const *b)
{
    const struct planner_way *x = *a, *y = *b;
    return x->kind != y->kind ? x->kind < y->kind : x->index > y->index;
}

static bool same_place(const struct planner_way *x, const struct planner_way *y)
{
    bool order = (x->kind == PLANNER_WAY_ORDER || x->kind == PLANNER_WAY_GAP) && (y->kind == PLANNER_WAY_ORDER || y->kind == PLANNER_WAY_GAP);
    if (order)
        return x->programme == y->programme && x->index == y->index;
    return x->kind == y->kind && x->kind != PLANNER_WAY_STUDENTS && x->kind != PLANNER_WAY_SEATS && x->department == y->department &&
           x->programme == y->programme && x->student == y->student && x->index == y->index;
}

/* Where two parts change the same thing, the larger change stays. */
static void add_part(struct candidate *c, const struct planner_way *w)
{
    for (int i = 0; i < c->parts; i++)
        if (same_place(c->part[i], w)) {
            bool larger = w->kind > c->part[i]->kind || (w->kind == c->part[i]->kind && w->amount > c->part[i]->amount);
            c->part[i] = larger ? w : c->part[i];
            return;
        }
    if (c->parts < PARTS_MOST)
        c->part[c->parts++] = w;
}

static struct planner_change change_of(struct arena *a, const struct planner_problem *p, const struct candidate *c)
{
    const struct planner_way *part[PARTS_MOST];
    struct planner_change change = planner_change_make(a, p);
    memcpy(part, c->part, sizeof part);
    PLANNER_SORT(const struct planner_way *, part, c->parts, goes_first);
    for (int i = 0; i < c->parts; i++)
        planner_way_apply(&change, part[i]);
    return change;
}

/* A student can go only once, and has one programme of his own at most. */
static bool is_sound(const struct candidate *c)
{
    int students = 0, alone = 0;
    for (int i = 0; i < c->parts; i++) {
        const struct planner_way *w = c->part[i];
        students += w->kind == PLANNER_WAY_STUDENTS;
        alone += w->kind == PLANNER_WAY_OWN || w->kind == PLANNER_WAY_LEAVE;
        for (int k = 0; k < i; k++)
            if (w->kind == PLANNER_WAY_OWN && c->part[k]->kind == PLANNER_WAY_OWN && c->part[k]->student == w->student)
                return false;
    }
    return students < 2 && (students == 0 || alone == 0);
}

static void propose(struct repairs *x, struct candidate c)
{
    if (x->candidates == CANDIDATES_MOST || !is_sound(&c))
        return;
    arena_free(&x->r->trial);
    c.cost = change_of(&x->r->trial, x->trials.p, &c).cost;
    x->candidate[x->candidates++] = c;
}

static bool cured(struct repairs *x, const struct candidate *c, int conflict)
{
    arena_free(&x->r->trial);
    struct planner_change change = change_of(&x->r->trial, x->trials.p, c);
    return planner_way_cures(&x->trials, &change, conflict);
}

/* ---- what may be tried -------------------------------------------------------------------------- */

/* For each way of each conflict: it, and the cheapest of every other conflict that it does not cure as well. */
static void propose_ways(struct repairs *x)
{
    int conflicts = x->trials.conflicts;
    struct planner_way *way = ARENA_ARRAY(&x->r->keep, (size_t)conflicts * WAYS_MOST, struct planner_way);
    int *n = ARENA_ARRAY(&x->r->keep, (size_t)conflicts, int);
    for (int k = 0; k < conflicts; k++) {
        n[k] = planner_ways_find(&x->trials, k, way + k * WAYS_MOST, WAYS_MOST);
        if (n[k] == 0)
            return;
    }
    for (int k = 0; k < conflicts; k++)
        for (int i = k == 0 ? 0 : 1; i < n[k]; i++) {
            struct candidate c = { .conflict = k, .family = way[k * WAYS_MOST + i].kind };
            add_part(&c, &way[k * WAYS_MOST + i]);
            for (int j = 0; j < conflicts; j++)
                if (j != k && !cured(x, &c, j))
                    add_part(&c, &way[j * WAYS_MOST]);
            propose(x, c);
        }
}

/* What cures everything at once: weeks more, students fewer. */
static void propose_for_all(struct repairs *x)
{
    struct planner_way *way = ARENA_ARRAY(&x->r->keep, 2, struct planner_way);
    way[0] = (struct planner_way){ .kind = PLANNER_WAY_WEEKS, .amount = planner_way_weeks(&x->trials) };
    if (way[0].amount > 0)
        propose(x, (struct candidate){ .parts = 1, .part = { &way[0] }, .family = PLANNER_WAY_WEEKS });
    if (x->trials.conflicts > 1 && planner_way_students(&x->trials, &way[1]) > 0)
        propose(x, (struct candidate){ .parts = 1, .part = { &way[1] }, .family = PLANNER_WAY_STUDENTS });
}

/* Seats exactly where the plan that breaks least stands too full: a last resort. */
static void seats_where_short(struct repairs *x)
{
    int *load, *row_load;
    const struct planner_model *m;
    if (!planner_find_nearest(x->r, x->trials.p, x->trials.pass_ticks * PASSES_ANY, &load, &row_load, &m))
        return;
    struct planner_change c = planner_change_make(&x->r->keep, x->trials.p);
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
    (void)try(x, &c, 0, PLANNER_WAY_SEATS, NULL);
}

/* ---- choosing ----------------------------------------------------------------------------------- */

static bool cheaper(const struct candidate *a, const struct candidate *b)
{
    return a->cost != b->cost ? a->cost < b->cost : a->family < b->family;
}

static bool costs_less(const struct planner_repair *a, const struct planner_repair *b)
{
    return a->cost < b->cost;
}

/* What was enough for the facts of the conflict was not enough for the whole: one more, to be tried when its turn comes. */
static void propose_more(struct repairs *x, const struct candidate *c, int at)
{
    static const bool may[PLANNER_WAY_KINDS] = { [PLANNER_WAY_SEATS] = true, [PLANNER_WAY_QUOTA] = true, [PLANNER_WAY_EARLIEST] = true,
                                                 [PLANNER_WAY_LATEST_END] = true, [PLANNER_WAY_LEAVE] = true, [PLANNER_WAY_WEEKS] = true };
    struct planner_way *way = ARENA_NEW(&x->r->keep, struct planner_way);
    struct candidate more = *c;
    *way = *c->part[0];
    if (!may[way->kind] || c->tried == MORE_TRIED)
        return;
    way->amount += way->amount < 0 ? -1 : 1;
    more.part[0] = way;
    more.tried++;
    propose(x, more);
    for (int i = x->candidates - 1; i > at + 1 && cheaper(&x->candidate[i], &x->candidate[i - 1]); i--) {
        struct candidate t = x->candidate[i];
        x->candidate[i] = x->candidate[i - 1];
        x->candidate[i - 1] = t;
    }
}

/* Of each kind no more than a few; of weeks and students the first that is enough. */
static void try_all(struct repairs *x)
{
    PLANNER_SORT(struct candidate, x->candidate, x->candidates, cheaper);
    for (int i = 0; i < x->candidates && x->n < PLANNER_REPAIRS_MOST && !planner_trials_over(&x->trials); i++) {
        const struct candidate one = x->candidate[i], *c = &one;
        bool once = c->family == PLANNER_WAY_WEEKS || c->family == PLANNER_WAY_STUDENTS || c->family == PLANNER_WAY_OPEN_WEEK;
        if (similar(x, c->family) >= (once && x->trials.conflicts == 1 ? 1 : SIMILAR_MOST) || (once && c->parts == 1 && similar(x, c->family) > 0))
            continue;
        struct planner_change change = change_of(&x->r->keep, x->trials.p, c);
        if (!try(x, &change, c->conflict, c->family, c) && !known(x, &change))
            propose_more(x, c, i);
    }
}

/* What was proven on the way to another plan of the same problem holds for this one as far as their values are the same, and
 * at the first level where they differ. */
static void take_bounds(struct planner_found *plan, const struct planner_found *of)
{
    for (int i = 0; i < MIN(plan->levels, of->levels); i++) {
        plan->bound[i] = MIN(of->bound[i], plan->value[i]);
        if (plan->value[i] != of->value[i])
            return;
    }
}

/* A better plan for each, so that what they bring can be compared; with the same work for all. */
static void better(struct repairs *x)
{
    uint64_t ticks = MIN(x->trials.pass_ticks * PASSES_BEST, BEST_TICKS_MOST);
    for (int i = 0; i < x->n && !planner_run_over(x->r); i++) {
        struct planner_found best = planner_find_best(x->r, x->kept[i].problem, &x->kept[i].plan, ticks);
        if (best.found && planner_levels_compare(best.levels, best.value, x->kept[i].plan.value) < 0)
            x->kept[i].plan = best;
        else if (best.found)
            take_bounds(&x->kept[i].plan, &best);
    }
}

int planner_repairs_find(struct internplan *r, const struct planner_conflict *c, int conflicts, const struct planner_found *rest,
                         struct planner_repair *out)
{
    struct repairs *x = ARENA_NEW(&r->keep, struct repairs);
    assert(conflicts > 0);
    *x = (struct repairs){ .r = r, .full = *rest, .trials = { .r = r, .p = r->problem, .conflict = c, .conflicts = conflicts } };
    x->trials.pass_ticks = measure_pass(r);
    x->trials.end = planner_run_ticks(r) + TRIALS_TICKS_MOST;
    propose_ways(x);
    propose_for_all(x);
    try_all(x);
    if (x->n < PLANNER_REPAIRS_MOST && similar(x, PLANNER_WAY_SEATS) == 0)
        seats_where_short(x);
    PLANNER_SORT(struct planner_repair, x->kept, x->n, costs_less);
    better(x);
    if (x->n > 0)
        memcpy(out, x->kept, (size_t)x->n * sizeof *out);
    return x->n;
}
