/* Plans of changed problems: any plan, one near plans that are known, a good one, or the one that breaks least. */
#include "planner/inner.h"
#include "planner/search.h"

enum { PASSES = 30, NEAR_PASSES = 60, NEAR_ROUNDS = 8, NEAR_STEPS = 64 /* one after the other, where changes count */ };

/* Everybody once, as early as may be (or as late): what only just fits, fits when no week is left over between two. */
static void pack(struct internplan *in, struct planner_search *s, bool backwards)
{
    const struct planner_model *m = in->model;
    for (int d = 0; d < m->departments; d++)
        for (int t = 0; t < m->open; t++)
            s->lead[(size_t)d * (size_t)m->open + (size_t)t] = PLANNER_PRICE_UNIT / 64 * (backwards ? m->open - t : t);
    s->most_regret = INT64_MAX;
    s->noise = 0;
    s->lead_share = 16;
    s->penalty = s->most_weight * 4096;
    bool whole = true;
    for (int u = 0; u < m->units; u++)
        if (s->plan.has[u])
            planner_plan_take(&s->plan, u);
    for (int u = 0; u < m->units && whole; u++)
        whole = !planner_run_over(in) && (s->plan.has[u] || planner_search_replace(in, s, u, true));
    if (whole && planner_plan_broken(&s->plan) == 0)
        planner_run_offer(in, &s->plan);
    memset(s->lead, 0, (size_t)m->departments * (size_t)m->open * sizeof *s->lead);
}

struct planner_found planner_find_any(struct internplan *r, const struct planner_problem *p, uint64_t ticks)
{
    int *real;
    struct internplan *in = planner_inner_begin(r, p, &real, ticks);
    planner_inner_search(in);
    struct planner_search *s = planner_search_make(in);
    for (int backwards = 0; backwards < 2 && !in->has_best && in->stop == INTERNPLAN_STOP_NONE; backwards++)
        pack(in, s, backwards == 1);
    for (int round = 1; !in->has_best && in->stop == INTERNPLAN_STOP_NONE; round++)
        if (!planner_search_construct(in, s, INT64_MAX, PASSES * round) && planner_run_over(in))
            break;
    return planner_inner_take(r, in, real);
}

/* ---- near plans that are known ------------------------------------------------------------------ */

enum { NEAR = PLANNER_PRICE_UNIT * 16 }; /* what keeping a known placement is worth */

/* The placements of the last hint that has any for this student: [first, end) of it. */
static const struct planner_placement *hinted(const struct planner_found *hint, int hints, int student, size_t *n)
{
    for (int h = hints; h-- > 0;) {
        size_t low = 0, high = hint[h].n; /* in the order of students */
        while (low < high) {
            size_t middle = low + (high - low) / 2;
            if (hint[h].item[middle].student < student)
                low = middle + 1;
            else
                high = middle;
        }
        for (*n = 0; low + *n < hint[h].n && hint[h].item[low + *n].student == student;)
            (*n)++;
        if (*n > 0)
            return hint[h].item + low;
    }
    *n = 0;
    return NULL;
}

/* Places a unit as the hints have it, as far as its rules allow; false where it has no plan. */
static bool place_near(struct internplan *in, int u, const struct planner_placement *x, size_t n, struct planner_search *s)
{
    const struct planner_model *m = in->model;
    const struct planner_course *c = &m->course[m->unit[u].course];
    struct planner_prices prices = { .cell = s->cell, .row = s->row, .most_regret = INT64_MAX };
    struct planner_path path;
    int64_t cost, *extra = ARENA_ARRAY(&in->scratch, (size_t)c->options * (size_t)m->open, int64_t);
    for (size_t i = 0; i < n; i++)
        for (int o = 0; o < c->options; o++)
            if (c->option[o].rotation == x[i].rotation && c->option[o].department == x[i].department && x[i].from < m->weeks)
                extra[(size_t)o * (size_t)m->open + (size_t)MIN(m->open_at[x[i].from], m->open - 1)] = -NEAR;
    bool found = planner_kernel_price(&in->kernel, u, &prices, extra, &cost, &path) == PLANNER_FOUND;
    arena_free(&in->scratch);
    if (found)
        planner_plan_put(&s->plan, u, &path);
    return found;
}

/* Whether a unit stands where it is too full, or may be one of a pair that does not keep its rule. */
static bool is_troubled(const struct planner_search *s, int u, bool pairs)
{
    const struct planner_model *m = s->plan.model;
    const struct planner_course *c = &m->course[m->unit[u].course];
    const struct planner_path *path = &s->plan.path[u];
    if (pairs && s->partner[u] != NULL)
        return true;
    for (int i = 0; i < path->n; i++) {
        const struct planner_option *o = &c->option[path->stay[i].option];
        for (int t = path->stay[i].from; t < path->stay[i].from + c->length[o->rotation]; t++) {
            size_t at = (size_t)o->department * (size_t)m->open + (size_t)t;
            if (s->plan.load[at] > m->capacity[at])
                return true;
            for (int k = m->department_row_first[o->department]; k < m->department_row_first[o->department + 1]; k++) {
                const struct planner_row *row = &m->row[m->department_row[k]];
                if (t >= row->first && t < row->end && s->plan.row_load[(size_t)m->department_row[k] * (size_t)m->open + (size_t)t] > row->capacity)
                    return true;
            }
        }
    }
    return false;
}

/* Only those in trouble are placed anew, at prices that follow the load, until nobody is. */
static void settle(struct internplan *in, struct planner_search *s)
{
    const struct planner_model *m = in->model;
    s->most_regret = INT64_MAX;
    s->noise = PLANNER_PRICE_UNIT / 32;
    s->lead_share = 0;
    s->penalty = s->most_weight;
    for (int u = 0; u < m->units; u++)
        s->order[u] = u;
    bool few = in->problem->has_base && planner_plan_broken(&s->plan) <= m->units;
    for (int round = 0; few && round < NEAR_ROUNDS; round++, s->penalty += s->penalty / 4)
        if (planner_search_tail(in, s, NEAR_STEPS + m->units / 8)) {
            planner_run_offer(in, &s->plan);
            return;
        }
    for (int pass = 0; pass < NEAR_PASSES; pass++) {
        if (planner_plan_broken(&s->plan) == 0) {
            planner_run_offer(in, &s->plan);
            return;
        }
        bool pairs = planner_plan_pairs_broken(&s->plan) > 0;
        planner_search_shuffle(in, s->order, m->units);
        for (int i = 0; i < m->units; i++)
            if (is_troubled(s, s->order[i], pairs) && (!planner_search_replace(in, s, s->order[i], pass % 2 == 1) || planner_run_over(in)))
                return;
        planner_search_move_prices(s);
        s->penalty += MAX(s->penalty / 8, 1);
    }
}

static void find_near(struct internplan *in, struct planner_search *s, const struct planner_found *hint, int hints, const int *real)
{
    bool all = true;
    for (int u = 0; u < in->model->units && all; u++) {
        size_t n;
        const struct planner_placement *x = hinted(hint, hints, real[in->model->unit[u].student[0]], &n);
        all = !planner_run_over(in) && place_near(in, u, x, n, s);
    }
    if (all)
        settle(in, s);
}

/* What a problem with a base plan says of everybody, as a list in the order of students, then by from. */
static struct planner_found base_as_found(struct internplan *r)
{
    const struct planner_problem *p = r->problem;
    struct planner_found f = { .found = p->has_base && p->base_count > 0 };
    size_t *end = ARENA_ARRAY(&r->keep, (size_t)p->student_count, size_t), n = 0;
    if (!f.found)
        return f;
    f.n = (size_t)p->base_count;
    f.item = ARENA_ARRAY(&r->keep, f.n, struct planner_placement);
    for (size_t i = 0; i < f.n; i++)
        end[p->base[i].student]++;
    for (int s = 0; s < p->student_count; s++) {
        size_t of = end[s];
        end[s] = n; /* grows to the end of his own */
        n += of;
    }
    assert(n == f.n);
    for (size_t i = 0; i < f.n; i++) {
        size_t at = end[p->base[i].student]++;
        for (; at > 0 && f.item[at - 1].student == p->base[i].student && f.item[at - 1].from > p->base[i].from; at--)
            f.item[at] = f.item[at - 1];
        f.item[at] = p->base[i];
    }
    return f;
}

struct planner_found planner_find_whole(struct internplan *r, const struct planner_problem *p, const struct planner_found *given, int hints,
                                        uint64_t ticks)
{
    struct planner_found *hint = ARENA_ARRAY(&r->keep, (size_t)hints + 1, struct planner_found);
    hint[0] = base_as_found(r); /* people stay where they are, unless something speaks against it */
    for (int i = 0; i < hints; i++)
        hint[i + 1] = given[i];
    hints = hint[0].found || hints > 0 ? hints + 1 : 0;
    int *real;
    struct internplan *in = planner_inner_begin(r, p, &real, ticks);
    planner_inner_search(in);
    struct planner_search *s = planner_search_make(in);
    if (hints > 0)
        find_near(in, s, hint, hints, real);
    s->weight[PLANNER_CHANGES] = 0; /* then any plan will do */
    for (int round = 1; !in->has_best && in->stop == INTERNPLAN_STOP_NONE; round++)
        if (!planner_search_construct(in, s, INT64_MAX, PASSES * round) && planner_run_over(in))
            break;
    return planner_inner_take(r, in, real);
}

/* ---- good ones ---------------------------------------------------------------------------------- */

/* A list of placements as a plan of the inner run's model, to go on from. */
static void use_as_start(struct internplan *in, const struct planner_found *f)
{
    const struct planner_model *m = in->model;
    in->start = planner_plan_make(&in->arena, m);
    in->has_start = true;
    size_t *first = ARENA_ARRAY(&in->arena, (size_t)m->students + 1, size_t); /* the list is in the order of students */
    for (size_t i = 0, s = 0; s <= (size_t)m->students; first[s++] = i)
        while (i < f->n && f->item[i].student < (int)s)
            i++;
    for (int u = 0; u < m->units; u++) {
        struct planner_path path = { 0 };
        const struct planner_course *c = &m->course[m->unit[u].course];
        for (size_t i = first[m->unit[u].student[0]]; i < first[m->unit[u].student[0] + 1]; i++) {
            const struct planner_placement *x = &f->item[i];
            for (int o = 0; o < c->options; o++)
                if (c->option[o].rotation == x->rotation && c->option[o].department == x->department)
                    path.stay[path.n++] = (struct planner_stay){ o, m->open_at[x->from] };
        }
        planner_plan_put(&in->start, u, &path);
    }
}

void planner_find_values(struct internplan *r, const struct planner_problem *p, struct planner_found *plan)
{
    struct internplan *in = planner_inner_begin(r, p, NULL, 1);
    use_as_start(in, plan);
    assert(planner_plan_broken(&in->start) == 0);
    plan->levels = p->level_count;
    plan->value = ARENA_ARRAY(&r->keep, (size_t)p->level_count, int64_t);
    plan->bound = ARENA_ARRAY(&r->keep, (size_t)p->level_count, int64_t);
    planner_plan_levels(&in->start, plan->value);
}

/* Wishes lead to a better plan when they count from the start; where that takes too long, any plan is bettered. */
struct planner_found planner_find_best(struct internplan *r, const struct planner_problem *p, const struct planner_found *any,
                                       uint64_t ticks)
{
    struct internplan *in = planner_inner_begin(r, p, NULL, ticks);
    in->certifies = true; /* bounds are said of it */
    if (p->has_base)
        use_as_start(in, any);
    planner_run_solve(in);
    if (!in->has_best && r->stop == INTERNPLAN_STOP_NONE) {
        in = planner_inner_begin(r, p, NULL, ticks);
        use_as_start(in, any);
        planner_run_solve(in);
    }
    in->certifies = false;
    return planner_inner_take(r, in, NULL);
}

struct planner_found planner_find_better(struct internplan *r, const struct planner_problem *p, const struct planner_found *start,
                                         uint64_t ticks)
{
    struct internplan *in = planner_inner_begin(r, p, NULL, ticks);
    use_as_start(in, start);
    planner_run_solve(in);
    return planner_inner_take(r, in, NULL);
}

static int64_t *arena_copy_array(struct arena *a, const int64_t *from, size_t n)
{
    int64_t *to = ARENA_ARRAY(a, n, int64_t);
    if (n > 0)
        memcpy(to, from, n * sizeof *to);
    return to;
}

struct planner_part_found planner_find_part(struct internplan *r, const struct planner_problem *p, const int *real,
                                            const struct planner_found *start, int level, uint64_t ticks)
{
    struct internplan *in = planner_inner_begin(r, p, NULL, ticks);
    if (start != NULL)
        use_as_start(in, start);
    in->certifies = true;
    planner_run_solve(in);
    in->certifies = false;
    struct planner_part_found f = { .plan = planner_inner_take(r, in, real) };
    if (level < 0 || !in->has_best || !in->proof[level].given)
        return f;
    f.proven = true;
    for (int i = 0; i <= level; i++)
        f.proven = f.proven && in->proof[i].given && in->bound[i] >= in->value[i];
    const struct planner_leaf *leaf = &in->proof[level].leaf;
    for (const struct planner_case *c = in->proof[level].cases; c != NULL; c = c->no) /* any prices bound: those of one case */
        leaf = &c->leaf;
    size_t cells = (size_t)in->model->departments * (size_t)in->model->open, rows = (size_t)in->model->rows * (size_t)in->model->open;
    for (int i = 0; leaf->given != NULL && i < level; i++)
        if (leaf->given[i] != 0)
            return f;
    f.leaf.scale = leaf->scale;
    f.leaf.cell = leaf->cell != NULL ? arena_copy_array(&r->keep, leaf->cell, cells) : NULL;
    f.leaf.row = leaf->row != NULL ? arena_copy_array(&r->keep, leaf->row, rows) : NULL;
    return f;
}

struct planner_found planner_find_best_now(struct internplan *r)
{
    return planner_inner_take(r, r, NULL);
}

static bool whole(const struct planner_plan *p)
{
    for (int u = 0; u < p->model->units; u++)
        if (!p->has[u])
            return false;
    return planner_plan_pairs_broken(p) == 0;
}

bool planner_find_nearest(struct internplan *r, const struct planner_problem *p, uint64_t ticks, int **load, int **row_load,
                          const struct planner_model **model)
{
    int *real;
    struct internplan *in = planner_inner_begin(r, p, &real, ticks);
    planner_inner_search(in);
    struct planner_search *s = planner_search_make(in);
    size_t cells = (size_t)in->model->departments * (size_t)in->model->open, rows = (size_t)in->model->rows * (size_t)in->model->open;
    int64_t least = INT64_MAX;
    *load = ARENA_ARRAY(&r->keep, cells, int);
    *row_load = ARENA_ARRAY(&r->keep, rows, int);
    *model = in->model;
    for (int round = 0; in->stop == INTERNPLAN_STOP_NONE; round++) {
        (void)planner_search_construct(in, s, INT64_MAX, 4 + 2 * round);
        int64_t broken = whole(&s->plan) ? planner_plan_broken(&s->plan) : INT64_MAX;
        if (broken < least) {
            least = broken;
            memcpy(*load, s->plan.load, cells * sizeof **load);
            if (rows > 0)
                memcpy(*row_load, s->plan.row_load, rows * sizeof **row_load);
        }
        if (planner_run_over(in))
            break;
    }
    return least != INT64_MAX;
}
