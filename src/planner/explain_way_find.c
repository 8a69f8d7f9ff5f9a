/* All ways to cure one conflict, each with the least amount that does: how many seats, in which weeks, how many weeks more. See
 * change.h. */
#include "planner/change.h"

enum {
    SEATS_MOST = 200,
    RUNS_TRIED = 120,
    WEEKS_MOST = 26,
    DEPARTMENTS_TRIED = 6, /* for one rotation */
    DEPARTMENTS_KEPT = 2,  /* where they stand in for each other elsewhere; else one */
    CLOSED_TRIED = 3
};

struct finder {
    struct planner_trials *x;
    const struct planner_conflict *k;
    int conflict, n, most;
    struct planner_way *out;
    int alone; /* the only student whom the facts name, when a programme of his own may help him; else -1 */
};

static struct planner_change trial_of(struct planner_trials *x, const struct planner_way *w)
{
    arena_free(&x->r->trial);
    struct planner_change c = planner_change_make(&x->r->trial, x->p);
    planner_way_apply(&c, w);
    return c;
}

static bool cures(struct finder *f, const struct planner_way *w)
{
    struct planner_change c = trial_of(f->x, w);
    return c.ops.n > 0 && planner_way_cures(f->x, &c, f->conflict);
}

/* Whether it cures all conflicts. */
static bool cures_all(struct planner_trials *x, const struct planner_way *w)
{
    struct planner_change c = trial_of(x, w);
    for (int k = 0; k < x->conflicts; k++)
        if (!planner_way_cures(x, &c, k))
            return false;
    return true;
}

/* The least number in 1..most for which `good` holds, which holds for all larger ones then; 0: none. */
static int least(int most, bool (*good)(void *ctx, int n), void *ctx)
{
    int low = 0, high = 1;
    if (most < 1)
        return 0;
    while (!good(ctx, high)) {
        if (high == most)
            return 0;
        low = high;
        high = MIN(high * 2, most);
    }
    while (high - low > 1) {
        int middle = low + (high - low) / 2;
        if (good(ctx, middle))
            high = middle;
        else
            low = middle;
    }
    return high;
}

struct question {
    struct finder *f;
    struct planner_way *w;
};

static bool with_amount(void *ctx, int n)
{
    struct question *q = ctx;
    q->w->amount = n;
    return cures(q->f, q->w);
}

static bool with_end(void *ctx, int n)
{
    struct question *q = ctx;
    q->w->end = n;
    return cures(q->f, q->w);
}

/* n weeks are left at the end. */
static bool with_begin(void *ctx, int n)
{
    struct question *q = ctx;
    q->w->from = q->w->end - n;
    return cures(q->f, q->w);
}

static void keep(struct finder *f, struct planner_way *w)
{
    struct planner_change c = trial_of(f->x, w);
    w->cost = c.cost;
    w->plan = f->x->last;
    for (int i = 0; i < f->n; i++) {
        const struct planner_way *y = &f->out[i];
        if (y->kind == w->kind && y->programme == w->programme && y->department == w->department && y->student == w->student &&
            y->index == w->index && y->from == w->from && y->end == w->end && y->amount == w->amount && y->rule == w->rule)
            return;
    }
    if (f->n < f->most)
        f->out[f->n++] = *w;
}

/* With the least amount that cures, if one does. */
static bool keep_least(struct finder *f, struct planner_way *w, int most)
{
    struct question q = { f, w };
    w->amount = least(most, with_amount, &q);
    if (w->amount > 0)
        keep(f, w);
    return w->amount > 0;
}

/* ---- seats -------------------------------------------------------------------------------------- */

/* A shorter run somewhere else, if one does. */
static void shorten(struct finder *f, struct planner_way *w)
{
    int from = w->from, end = w->end, tried = 0;
    for (int n = 1; n < end - from; n++)
        for (w->from = 0; w->from + n <= f->x->p->weeks && tried++ < RUNS_TRIED; w->from++) {
            w->end = w->from + n;
            if (cures(f, w))
                return;
        }
    w->from = from;
    w->end = end;
}

/* As few seats more as will do, in as few weeks as will do; and the same all the time. */
static void seats(struct finder *f, int department)
{
    struct planner_way w = { .kind = PLANNER_WAY_SEATS, .programme = -1, .department = department, .student = -1, .index = -1, .end = f->x->p->weeks };
    struct question q = { f, &w };
    if (!keep_least(f, &w, SEATS_MOST))
        return;
    w.end = least(f->x->p->weeks, with_end, &q);
    int weeks = w.end > 0 ? least(w.end, with_begin, &q) : 0;
    if (weeks == 0)
        return;
    w.from = w.end - weeks;
    shorten(f, &w);
    keep(f, &w);
}

static void all_seats(struct finder *f)
{
    for (int d = 0; d < f->x->p->department_count; d++) {
        bool named = false;
        for (size_t i = 0; i < f->k->facts.n; i++) {
            const struct planner_fact *y = &f->k->facts.item[i];
            named = named || ((y->kind == PLANNER_FACT_SEATS || y->kind == PLANNER_FACT_EXCEPTION) && y->department == d);
        }
        if (named)
            seats(f, d);
    }
}

/* ---- rules -------------------------------------------------------------------------------------- */

static void order(struct finder *f, const struct planner_fact *y)
{
    const struct planner_order *o = &f->x->p->programme[y->programme].order[y->index];
    struct planner_way w = { .kind = PLANNER_WAY_GAP, .programme = y->programme, .department = -1, .student = -1, .index = y->index, .from = 1 };
    if (o->min_gap > 0 && keep_least(f, &w, o->min_gap))
        return;
    w.from = 0;
    if (o->max_gap >= 0 && keep_least(f, &w, f->x->p->weeks))
        return;
    w = (struct planner_way){ .kind = PLANNER_WAY_ORDER, .programme = y->programme, .department = -1, .student = -1, .index = y->index };
    if (cures(f, &w))
        keep(f, &w);
}

static void leave(struct finder *f, const struct planner_fact *y)
{
    struct planner_way w = { .kind = PLANNER_WAY_LEAVE, .programme = -1, .department = -1, .student = y->student, .index = y->index };
    for (int n = 1; n <= f->x->p->weeks; n++)
        for (int sign = 1; sign >= -1; sign -= 2) {
            w.amount = sign * n;
            if (cures(f, &w)) {
                keep(f, &w);
                return;
            }
        }
}

/* A rule of the programme is changed for the only one whom it hinders. */
static void own(struct finder *f, const struct planner_fact *y)
{
    struct planner_way w = { .kind = PLANNER_WAY_OWN, .programme = -1, .department = -1, .student = f->alone, .index = -1, .rule = y };
    (void)keep_least(f, &w, y->kind == PLANNER_FACT_ORDER ? 1 : f->x->p->weeks);
}

static void rule(struct finder *f, const struct planner_fact *y)
{
    struct planner_way w = { .programme = y->programme, .department = y->department, .student = -1, .index = y->index };
    bool of_programme = y->kind == PLANNER_FACT_ORDER || y->kind == PLANNER_FACT_EARLIEST || y->kind == PLANNER_FACT_LATEST_END;
    if (f->alone >= 0 && of_programme) {
        own(f, y);
        return;
    }
    switch (y->kind) {
    case PLANNER_FACT_ORDER: order(f, y); return;
    case PLANNER_FACT_AWAY: leave(f, y); return;
    case PLANNER_FACT_EARLIEST: w.kind = PLANNER_WAY_EARLIEST; break;
    case PLANNER_FACT_LATEST_END: w.kind = PLANNER_WAY_LATEST_END; break;
    case PLANNER_FACT_QUOTA:
    case PLANNER_FACT_SHARED_QUOTA: w.kind = PLANNER_WAY_QUOTA; break;
    default: return;
    }
    (void)keep_least(f, &w, w.kind == PLANNER_WAY_QUOTA ? SEATS_MOST : f->x->p->weeks);
}

static void closures(struct finder *f)
{
    int tried = 0;
    for (size_t i = f->k->facts.n; i-- > 0;) {
        const struct planner_fact *y = &f->k->facts.item[i];
        struct planner_way w = { .programme = -1, .department = y->department, .student = -1, .index = y->index };
        w.kind = y->kind == PLANNER_FACT_EXCEPTION ? PLANNER_WAY_REOPEN : PLANNER_WAY_OPEN_WEEK;
        if (y->kind == PLANNER_FACT_EXCEPTION || (y->kind == PLANNER_FACT_CLOSED_WEEK && tried++ < CLOSED_TRIED))
            if (cures(f, &w))
                keep(f, &w);
    }
}

/* ---- one more department ------------------------------------------------------------------------ */

/* Seat-weeks of a department that are left when everybody's rotations are shared out evenly. */
static int64_t spare(const struct planner_problem *p, int d)
{
    int64_t sum = 0;
    for (int w = 0; w < p->weeks; w++)
        sum += p->closed[w] ? 0 : MIN(planner_seats_at(&p->department[d], w), p->student_count);
    for (int s = 0; s < p->student_count; s++) {
        const struct planner_programme *g = &p->programme[p->student[s].programme];
        for (int r = 0; r < g->rotation_count; r++) {
            const struct planner_rotation *y = &g->rotation[r];
            int pick = y->choice >= 0 ? g->choice[y->choice].pick : 1;
            int of = y->choice >= 0 ? MAX(__builtin_popcountll(g->choice[y->choice].of), 1) : 1;
            for (int i = 0; i < y->department_count; i++)
                if (y->department[i] == d)
                    sum -= (int64_t)y->weeks * pick / (of * y->department_count);
        }
    }
    return sum;
}

static bool lists(const struct planner_rotation *y, int d)
{
    for (int i = 0; i < y->department_count; i++)
        if (y->department[i] == d)
            return true;
    return false;
}

/* Whether some rotation may be done in this department as well as in one of y's: they stand in for each other. */
static bool stands_in(const struct planner_problem *p, const struct planner_rotation *y, int d)
{
    for (int g = 0; g < p->programme_count; g++)
        for (int r = 0; r < p->programme[g].rotation_count; r++) {
            const struct planner_rotation *z = &p->programme[g].rotation[r];
            for (int i = 0; i < y->department_count && lists(z, d); i++)
                if (lists(z, y->department[i]))
                    return true;
        }
    return false;
}

static void departments(struct finder *f, const struct planner_fact *y)
{
    const struct planner_problem *p = f->x->p;
    const struct planner_rotation *x = &p->programme[y->programme].rotation[y->index];
    enum { STANDS_IN = 40 };
    int64_t *worth = ARENA_ARRAY(&f->x->r->keep, (size_t)p->department_count, int64_t);
    int kept = 0;
    for (int d = 0; d < p->department_count; d++) {
        int64_t left = lists(x, d) ? 0 : spare(p, d);
        worth[d] = left < x->weeks ? 0 : left + (stands_in(p, x, d) ? (int64_t)1 << STANDS_IN : 0);
    }
    for (int tried = 0; tried < DEPARTMENTS_TRIED && kept < DEPARTMENTS_KEPT; tried++) {
        int best = 0;
        for (int d = 1; d < p->department_count; d++)
            best = worth[d] > worth[best] ? d : best;
        if (worth[best] == 0 || (kept > 0 && worth[best] < (int64_t)1 << STANDS_IN))
            return;
        worth[best] = 0;
        struct planner_way w = { .kind = PLANNER_WAY_DEPARTMENT, .programme = y->programme, .department = best, .student = -1, .index = y->index };
        if (!cures(f, &w))
            continue;
        keep(f, &w);
        kept++;
    }
}

/* ---- students ----------------------------------------------------------------------------------- */

/* Those whom the facts of conflicts [first, end) name, the most often named first, of them the last of the file first. */
static int *named(struct planner_trials *x, int first, int end, int *n)
{
    size_t students = (size_t)x->p->student_count;
    int *times = ARENA_ARRAY(&x->r->keep, students, int), *who = ARENA_ARRAY(&x->r->keep, students, int), most = 0;
    for (int k = first; k < end; k++)
        for (size_t i = 0; i < x->conflict[k].facts.n; i++)
            for (int s = 0; s < x->conflict[k].facts.item[i].students; s++)
                most = MAX(most, ++times[x->conflict[k].facts.item[i].who[s]]);
    *n = 0;
    for (int t = most; t > 0; t--)
        for (int s = x->p->student_count; s-- > 0;)
            if (times[s] == t)
                who[(*n)++] = s;
    return who;
}

static void students(struct finder *f)
{
    int n;
    struct planner_way w = { .kind = PLANNER_WAY_STUDENTS, .programme = -1, .department = -1, .student = -1, .index = -1 };
    w.who = named(f->x, f->conflict, f->conflict + 1, &n);
    (void)keep_least(f, &w, MIN(n, f->x->p->student_count - 1));
}

/* The only student whom the facts name, if others share his programme and nobody must do the same as he. */
static int only_student(const struct planner_problem *p, const struct planner_conflict *k)
{
    int who = -1, others = 0;
    for (size_t i = 0; i < k->facts.n; i++)
        for (int s = 0; s < k->facts.item[i].students; s++) {
            if (who >= 0 && who != k->facts.item[i].who[s])
                return -1;
            who = k->facts.item[i].who[s];
        }
    for (int s = 0; who >= 0 && s < p->student_count; s++)
        others += s != who && p->student[s].programme == p->student[who].programme;
    for (int i = 0; i < p->pair_count; i++)
        for (int s = 0; s < p->pair[i].student_count; s++)
            if (!p->pair[i].off && !p->pair[i].apart && p->pair[i].student[s] == who)
                return -1;
    return others > 0 ? who : -1;
}

/* ---- all together ------------------------------------------------------------------------------- */

static bool cheaper(const struct planner_way *a, const struct planner_way *b)
{
    return a->cost != b->cost ? a->cost < b->cost : a->kind < b->kind;
}

int planner_ways_find(struct planner_trials *x, int k, struct planner_way *out, int most)
{
    struct finder f = { .x = x, .k = &x->conflict[k], .conflict = k, .out = out, .most = most };
    assert(k >= 0 && k < x->conflicts && most > 0);
    f.alone = only_student(x->p, f.k);
    all_seats(&f);
    closures(&f);
    for (size_t i = 0; i < f.k->facts.n && !planner_trials_over(x); i++) {
        const struct planner_fact *y = &f.k->facts.item[i];
        rule(&f, y);
        if (y->kind == PLANNER_FACT_REQUIREMENT)
            departments(&f, y);
    }
    students(&f);
    PLANNER_SORT(struct planner_way, out, f.n, cheaper);
    return f.n;
}

struct everywhere {
    struct planner_trials *x;
    struct planner_way w;
};

static bool all_with_amount(void *ctx, int n)
{
    struct everywhere *e = ctx;
    e->w.amount = n;
    return cures_all(e->x, &e->w);
}

int planner_way_weeks(struct planner_trials *x)
{
    struct everywhere e = { x, { .kind = PLANNER_WAY_WEEKS } };
    return least(WEEKS_MOST, all_with_amount, &e);
}

int planner_way_students(struct planner_trials *x, struct planner_way *out)
{
    int n;
    struct everywhere e = { x, { .kind = PLANNER_WAY_STUDENTS } };
    e.w.who = named(x, 0, x->conflicts, &n);
    int few = least(MIN(n, x->p->student_count - 1), all_with_amount, &e);
    *out = e.w;
    out->amount = few;
    return few;
}
