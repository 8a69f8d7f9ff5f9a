/* The search: those who can't stay where the base plan has them are planned anew in the seats that all others leave; then those
 * who stand in their way, and those in whose way these stand, are free too. After each step the part's prices are held against
 * everybody: who would rather move at them joins, and where nobody would, the part's proof is a proof for all. */
#include "planner/replan.h"

enum { ROUNDS_MOST = 40, JOIN_LEAST = 12, JOIN_MOST = 160, IDLE_MOST = 3, WAYS_MOST = 8, TICKS_ONE = 5000, TICKS_EACH = 4000, POLISH_PART = 4 };

static const int64_t TOO_FULL = (int64_t)1 << 38;

/* ---- what the base plan says ----------------------------------------------------------------------- */

static bool add_stay(const struct planner_model *m, const struct planner_course *c, const struct planner_placement *x,
                     struct planner_path *path)
{
    int at = path->n;
    if (x->rotation < 0 || x->from < 0 || x->from >= m->weeks || m->problem->closed[x->from] || path->n == PLANNER_ROTATIONS_MOST)
        return false;
    for (int o = c->option_first[x->rotation]; o < c->option_first[x->rotation + 1]; o++) {
        if (c->option[o].department != x->department)
            continue;
        for (; at > 0 && path->stay[at - 1].from > m->open_at[x->from]; at--)
            path->stay[at] = path->stay[at - 1];
        path->stay[at] = (struct planner_stay){ o, m->open_at[x->from] };
        path->n++;
        return x->weeks == c->length[x->rotation];
    }
    return false;
}

static bool stays_allowed(const struct planner_model *m, const struct planner_unit *u, const struct planner_course *c,
                          const struct planner_path *path)
{
    for (int i = 0; i < path->n; i++) {
        int end = path->stay[i].from + c->length[c->option[path->stay[i].option].rotation];
        if (end > m->open || (i + 1 < path->n && end > path->stay[i + 1].from))
            return false;
        for (int k = 0; k < u->size; k++)
            if (!planner_model_allows(m, u->student[k], path->stay[i].option, path->stay[i].from))
                return false;
    }
    return true;
}

/* Whether the kernel, left only these placements, takes all of them: then every rule about the unit alone is kept. */
static bool kernel_takes(struct internplan *r, int u, const struct planner_path *path)
{
    const struct planner_model *m = r->model;
    size_t n = (size_t)m->course[m->unit[u].course].options * (size_t)m->open;
    int64_t *extra = ARENA_ARRAY(&r->scratch, n, int64_t), cost;
    int64_t *zero = ARENA_ARRAY(&r->scratch, (size_t)m->departments * (size_t)m->open, int64_t);
    struct planner_prices prices = { .cell = zero, .most_regret = INT64_MAX };
    struct planner_path got;
    for (size_t i = 0; i < n; i++)
        extra[i] = PLANNER_INFINITY;
    for (int i = 0; i < path->n; i++)
        extra[(size_t)path->stay[i].option * (size_t)m->open + (size_t)path->stay[i].from] = -1;
    bool takes = planner_kernel_price(&r->kernel, u, &prices, extra, &cost, &got) == PLANNER_FOUND && got.n == path->n;
    arena_free(&r->scratch);
    return takes;
}

/* Orders by themselves are quick to look at; rarer rules are left to the kernel. */
static bool keeps_orders(const struct planner_course *c, const struct planner_path *path)
{
    int from[PLANNER_ROTATIONS_MOST], end[PLANNER_ROTATIONS_MOST];
    for (int k = 0; k < c->rotations; k++)
        from[k] = -1;
    for (int i = 0; i < path->n; i++) {
        int k = c->option[path->stay[i].option].rotation;
        if (from[k] >= 0)
            return false;
        from[k] = path->stay[i].from;
        end[k] = from[k] + c->length[k];
    }
    for (int i = 0; i < c->orders; i++) {
        const struct planner_order *o = &c->order[i];
        if (from[o->after] >= 0 && from[o->before] < 0 && o->requires)
            return false;
        if (from[o->after] < 0 || from[o->before] < 0)
            continue;
        int gap = from[o->after] - end[o->before];
        if (gap < o->min_gap || (o->max_gap >= 0 && gap > o->max_gap))
            return false;
    }
    return true;
}

static bool keeps_rules(struct internplan *r, int u, const struct planner_path *path)
{
    const struct planner_model *m = r->model;
    const struct planner_course *c = &m->course[m->unit[u].course];
    uint64_t placed = planner_path_placed(c, path);
    if (!stays_allowed(m, &m->unit[u], c, path) || !keeps_orders(c, path))
        return false;
    if (!m->problem->allow_unplaced && !planner_course_complete(c, placed))
        return false;
    for (int k = 0; k < m->unit[u].size; k++)
        if ((m->must[m->unit[u].student[k]] & ~placed) != 0)
            return false;
    bool rare = c->programme->max_consecutive > 0 || c->programme->free_weeks_forbidden || c->programme->site_limit >= 0 || c->choices > 0;
    return !rare || kernel_takes(r, u, path);
}

static void read_base(struct planner_replan *x)
{
    const struct planner_model *m = x->r->model;
    const struct planner_problem *p = m->problem;
    for (int u = 0; u < m->units; u++)
        x->keeps[u] = true;
    for (int i = 0; i < p->base_count; i++) {
        int u = m->unit_of[p->base[i].student];
        if (m->unit[u].student[0] == p->base[i].student) /* a unit follows its first student */
            x->keeps[u] = add_stay(m, &m->course[m->unit[u].course], &p->base[i], &x->base[u]) && x->keeps[u];
    }
    for (int u = 0; u < m->units; u++) {
        x->keeps[u] = x->keeps[u] && keeps_rules(x->r, u, &x->base[u]);
        for (int k = 1; k < m->unit[u].size && x->keeps[u]; k++) /* the others of a unit may be elsewhere */
            x->keeps[u] = planner_changed_weeks(m, m->unit[u].student[k], &x->base[u]) == 0;
    }
}

struct planner_replan *planner_replan_make(struct internplan *r)
{
    const struct planner_model *m = r->model;
    struct arena *a = &r->work;
    struct planner_replan *x = ARENA_NEW(a, struct planner_replan);
    size_t units = (size_t)m->units;
    x->r = r;
    x->level = -1;
    for (int i = 0; i < r->problem->level_count && x->level < 0; i++)
        if (r->problem->level[i].plain == PLANNER_CHANGES)
            x->level = i;
    x->base = ARENA_ARRAY(a, units, struct planner_path);
    x->keeps = ARENA_ARRAY(a, units, bool);
    x->free = ARENA_ARRAY(a, units, bool);
    x->barred = ARENA_ARRAY(a, units, bool);
    x->list = ARENA_ARRAY(a, units, int);
    x->blocked = ARENA_ARRAY(a, (size_t)m->departments * (size_t)m->open, bool);
    x->rest = planner_plan_make(a, m);
    x->plan = planner_plan_make(a, m);
    x->value = ARENA_ARRAY(a, (size_t)r->problem->level_count, int64_t);
    x->circle_value = ARENA_ARRAY(a, (size_t)r->problem->level_count, int64_t);
    x->leaf.cell = ARENA_ARRAY(a, (size_t)m->departments * (size_t)m->open, int64_t);
    x->leaf.row = ARENA_ARRAY(a, (size_t)m->rows * (size_t)m->open, int64_t);
    read_base(x);
    return x;
}

/* ---- who is free ------------------------------------------------------------------------------------ */

/* Frees a unit, with all that pairs link to it. */
static void join(struct planner_replan *x, int unit)
{
    const struct planner_model *m = x->r->model;
    const struct planner_problem *p = m->problem;
    int at = x->n;
    if (x->free[unit] || x->barred[unit])
        return;
    x->free[unit] = true;
    x->list[x->n++] = unit;
    for (; at < x->n; at++) {
        if (x->rest.has[x->list[at]])
            planner_plan_take(&x->rest, x->list[at]);
        for (int i = 0; i < p->pair_count; i++) {
            bool mine = false;
            for (int k = 0; k < p->pair[i].student_count && !p->pair[i].off; k++)
                mine = mine || m->unit_of[p->pair[i].student[k]] == x->list[at];
            for (int k = 0; mine && k < p->pair[i].student_count; k++) {
                int other = m->unit_of[p->pair[i].student[k]];
                if (x->free[other])
                    continue;
                x->free[other] = true;
                x->list[x->n++] = other;
            }
        }
    }
}

/* Whether a path of a unit stands in a marked cell. */
static bool stands_in(const struct planner_model *m, int u, const struct planner_path *path, const bool *mark)
{
    const struct planner_course *c = &m->course[m->unit[u].course];
    for (int i = 0; i < path->n; i++) {
        const struct planner_option *o = &c->option[path->stay[i].option];
        for (int t = path->stay[i].from; t < path->stay[i].from + c->length[o->rotation]; t++)
            if (mark[(size_t)o->department * (size_t)m->open + (size_t)t])
                return true;
    }
    return false;
}

/* Everybody at the base plan, but those who can't stay, and those who together are too many somewhere. */
static void begin(struct planner_replan *x)
{
    const struct planner_model *m = x->r->model;
    size_t cells = (size_t)m->departments * (size_t)m->open;
    x->n = x->circle = 0;
    x->found = x->least = false;
    x->leaf.scale = 0;
    memset(x->blocked, 0, cells * sizeof *x->blocked);
    for (int u = 0; u < m->units; u++) {
        x->free[u] = false;
        if (x->rest.has[u])
            planner_plan_take(&x->rest, u);
        if (x->keeps[u])
            planner_plan_put(&x->rest, u, &x->base[u]);
    }
    for (int u = 0; u < m->units; u++)
        if (!x->keeps[u])
            join(x, u);
    bool *over = ARENA_ARRAY(&x->r->scratch, cells, bool);
    for (size_t i = 0; i < cells; i++)
        over[i] = x->rest.load[i] > m->capacity[i];
    for (int k = 0; k < m->rows; k++)
        for (int t = m->row[k].first; t < m->row[k].end; t++)
            for (int i = 0; x->rest.row_load[(size_t)k * (size_t)m->open + (size_t)t] > m->row[k].capacity &&
                            i < m->row[k].quota->department_count; i++)
                over[(size_t)m->row[k].quota->department[i] * (size_t)m->open + (size_t)t] = true;
    for (int u = 0; u < m->units; u++)
        if (x->keeps[u] && stands_in(m, u, &x->base[u], over))
            join(x, u);
    for (int u = 0; u < m->units && planner_plan_pairs_broken(&x->rest) > 0; u++)
        for (int i = 0; i < m->problem->pair_count; i++)
            for (int k = 0; k < m->problem->pair[i].student_count; k++)
                if (m->unit_of[m->problem->pair[i].student[k]] == u && !m->problem->pair[i].off)
                    join(x, u);
    arena_free(&x->r->scratch);
}

bool planner_replan_stays(const struct planner_replan *x, const struct planner_path *path, int unit)
{
    const struct planner_path *base = &x->base[unit];
    bool same = path->n == base->n;
    for (int i = 0; same && i < path->n; i++)
        same = path->stay[i].option == base->stay[i].option && path->stay[i].from == base->stay[i].from;
    return same;
}

void planner_replan_keep(struct planner_replan *x, const struct planner_plan *all)
{
    int levels = x->r->problem->level_count;
    int64_t *value = ARENA_ARRAY(&x->r->try, (size_t)levels, int64_t);
    planner_plan_levels(all, value);
    if (x->found && planner_levels_compare(levels, value, x->value) >= 0)
        return;
    x->found = true;
    planner_plan_copy(&x->plan, all);
    memcpy(x->value, value, (size_t)levels * sizeof *value);
    if (x->offers)
        planner_run_offer(x->r, all);
}

/* ---- one step ------------------------------------------------------------------------------------------ */

/* The part's plan and everybody else's base plan as one. */
static void take_plan(struct planner_replan *x, const struct planner_found *f)
{
    struct internplan *r = x->r;
    const struct planner_model *m = r->model;
    struct planner_plan all = planner_plan_make(&r->try, m);
    struct planner_path *path = ARENA_ARRAY(&r->try, (size_t)m->units, struct planner_path);
    planner_plan_copy(&all, &x->rest);
    for (size_t i = 0; i < f->n; i++) {
        int u = m->unit_of[f->item[i].student];
        if (m->unit[u].student[0] == f->item[i].student && !add_stay(m, &m->course[m->unit[u].course], &f->item[i], &path[u]))
            return;
    }
    for (int i = 0; i < x->n; i++)
        planner_plan_put(&all, x->list[i], &path[x->list[i]]);
    if (planner_plan_broken(&all) == 0)
        planner_replan_keep(x, &all);
}

/* What the best plan says of those who are free, by their numbers in the part. */
static struct planner_found list_of(struct planner_replan *x, const struct planner_part *part)
{
    const struct planner_model *m = x->r->model;
    struct planner_found f = { .found = true };
    f.item = ARENA_ARRAY(&x->r->try, (size_t)part->problem->student_count * PLANNER_ROTATIONS_MOST, struct planner_placement);
    for (int s = 0; s < part->problem->student_count; s++) {
        int u = m->unit_of[part->real[s]];
        const struct planner_course *c = &m->course[m->unit[u].course];
        for (int i = 0; i < x->plan.path[u].n; i++) {
            const struct planner_stay *stay = &x->plan.path[u].stay[i];
            const struct planner_option *o = &c->option[stay->option];
            f.item[f.n++] = (struct planner_placement){ s, o->rotation, o->department, m->week_of[stay->from], c->length[o->rotation] };
        }
    }
    return f;
}

/* Prices of the part's proof as prices of the whole. */
static void take_leaf(struct planner_replan *x, const struct planner_part *part, const struct planner_leaf *leaf)
{
    const struct planner_model *m = x->r->model;
    size_t cells = (size_t)m->departments * (size_t)m->open;
    x->leaf.scale = leaf->scale;
    memset(x->leaf.row, 0, (size_t)m->rows * (size_t)m->open * sizeof *x->leaf.row);
    for (size_t i = 0; i < cells; i++)
        x->leaf.cell[i] = leaf->cell != NULL ? leaf->cell[i] : 0;
    for (int k = 0; leaf->row != NULL && k < part->rows; k++)
        for (int t = part->row_first[k]; t < part->row_end[k]; t++)
            x->leaf.row[(size_t)part->row[k] * (size_t)m->open + (size_t)t] = leaf->row[(size_t)k * (size_t)m->open + (size_t)t];
}

/* Price of a path by the leaf, all students of the unit together. */
static int64_t price_of(const struct planner_replan *x, int u, const struct planner_path *path)
{
    const struct planner_model *m = x->r->model;
    const struct planner_unit *unit = &m->unit[u];
    const struct planner_course *c = &m->course[unit->course];
    int64_t sum = 0;
    for (int i = 0; i < path->n; i++) {
        const struct planner_option *o = &c->option[path->stay[i].option];
        int from = path->stay[i].from, d = o->department;
        for (int t = from; t < from + c->length[o->rotation]; t++) {
            sum += unit->size * x->leaf.cell[(size_t)d * (size_t)m->open + (size_t)t];
            for (int n = m->department_row_first[d]; n < m->department_row_first[d + 1]; n++)
                for (int k = 0; k < unit->size; k++)
                    if (planner_model_counts(m, m->department_row[n], unit->student[k]) != 0)
                        sum += x->leaf.row[(size_t)m->department_row[n] * (size_t)m->open + (size_t)t];
        }
    }
    return sum;
}

struct mover {
    int unit;
    int64_t gain;
};

/* Into a list of at most `most`, the largest gain first. */
static void keep_mover(struct mover *list, int *n, int most, int unit, int64_t gain)
{
    int at = *n;
    if (*n == most && list[most - 1].gain >= gain)
        return;
    if (*n < most)
        (*n)++;
    else
        at = most - 1;
    for (; at > 0 && list[at - 1].gain < gain; at--)
        list[at] = list[at - 1];
    list[at] = (struct mover){ unit, gain };
}

/* How many may join in one step: as many again as are free. */
static int join_most(const struct planner_replan *x)
{
    return MIN(MAX(x->n, (int)JOIN_LEAST), (int)JOIN_MOST);
}

/* Who would rather move than pay, the most eager of them; and N of the leaf for everybody. Whoever pays nothing has nothing to
 * gain: he changes nothing, and no price is below 0. False: the leaf holds for nothing (a course too big). */
static bool hold_against_all(struct planner_replan *x, struct mover *mover, int *movers, __int128 *sum)
{
    struct internplan *r = x->r;
    const struct planner_model *m = r->model;
    int64_t most = planner_most_regret(r, x->level);
    struct planner_prices prices = { .cell = x->leaf.cell, .row = x->leaf.row, .most_regret = most };
    planner_leaf_weights(r, x->level, &x->leaf, prices.weight);
    *movers = 0;
    *sum = 0;
    for (size_t i = 0; i < (size_t)m->departments * (size_t)m->open; i++)
        *sum -= (__int128)x->leaf.cell[i] * m->capacity[i];
    for (int k = 0; k < m->rows; k++)
        for (int t = m->row[k].first; t < m->row[k].end; t++)
            *sum -= (__int128)x->leaf.row[(size_t)k * (size_t)m->open + (size_t)t] * m->row[k].capacity;
    for (int u = 0; u < m->units; u++) {
        int64_t base = x->keeps[u] ? price_of(x, u, &x->base[u]) : 0, cost = 0;
        struct planner_path path;
        if (x->keeps[u] && base == 0)
            continue;
        if (planner_run_over(r))
            return false;
        enum planner_answer a = planner_kernel_price(&r->kernel, u, &prices, NULL, &cost, &path);
        if (a != PLANNER_FOUND && a != PLANNER_RELAXED)
            return false;
        *sum += cost;
        if (!x->free[u] && cost < base)
            keep_mover(mover, movers, join_most(x), u, base - cost);
    }
    return true;
}

/* Who stands where those who are free would go: each is placed at its cheapest, out of what is contended. */
static void find_in_the_way(struct planner_replan *x, bool *mark)
{
    struct internplan *r = x->r;
    const struct planner_model *m = r->model;
    size_t cells = (size_t)m->departments * (size_t)m->open;
    int64_t *price = ARENA_ARRAY(&r->try, cells, int64_t);
    bool *contended = ARENA_ARRAY(&r->try, cells, bool);
    for (int i = 0; i < x->n && !planner_run_over(r); i++) {
        int u = x->list[i];
        const struct planner_course *c = &m->course[m->unit[u].course];
        struct planner_prices prices = { .cell = price, .most_regret = INT64_MAX };
        struct planner_path path;
        int64_t cost;
        prices.weight[PLANNER_UNPLACED] = (int64_t)1 << 34;
        prices.weight[PLANNER_CHANGES] = 1 << 12;
        for (size_t k = 0; k < cells; k++)
            price[k] = (x->blocked[k] ? TOO_FULL : 0) + (contended[k] ? (int64_t)1 << 26 : 0) + (x->rest.load[k] + m->unit[u].size > m->capacity[k] ? 1 << 6 : 0);
        if (planner_kernel_price(&r->kernel, u, &prices, NULL, &cost, &path) != PLANNER_FOUND)
            continue;
        for (int k = 0; k < path.n; k++) {
            const struct planner_option *o = &c->option[path.stay[k].option];
            for (int t = path.stay[k].from; t < path.stay[k].from + c->length[o->rotation]; t++) {
                size_t at = (size_t)o->department * (size_t)m->open + (size_t)t;
                mark[at] = mark[at] || x->rest.load[at] + m->unit[u].size > m->capacity[at];
                contended[at] = contended[at] || mark[at];
            }
        }
    }
}

/* Frees who stands in the way; how many. They are taken from all over the list, so that no programme is tried alone. */
static int free_in_the_way(struct planner_replan *x)
{
    const struct planner_model *m = x->r->model;
    size_t cells = (size_t)m->departments * (size_t)m->open;
    bool *mark = ARENA_ARRAY(&x->r->try, cells, bool);
    int before = x->n, most = before + join_most(x), start = (int)planner_run_random(x->r, (uint64_t)m->units);
    for (int try = 0; try < WAYS_MOST && x->n == before && !planner_run_over(x->r); try++) {
        memset(mark, 0, cells * sizeof *mark);
        find_in_the_way(x, mark);
        for (int i = 0; i < m->units && x->n < most; i++) {
            int u = (start + i) % m->units;
            if (!x->free[u] && !x->barred[u] && stands_in(m, u, &x->base[u], mark))
                join(x, u);
        }
        for (size_t k = 0; k < cells && x->n == before; k++) /* nobody can make room there: some other way */
            x->blocked[k] = x->blocked[k] || mark[k];
    }
    return x->n - before;
}

static bool proves(const struct planner_replan *x, __int128 sum)
{
    return x->found && sum > (__int128)(x->value[x->level] - 1) * x->leaf.scale;
}

static int people(const struct planner_replan *x)
{
    int n = 0;
    for (int i = 0; i < x->n; i++)
        n += x->r->model->unit[x->list[i]].size;
    return n;
}

/* The best plan of those who are free; where one is known, the search goes on from it. The levels after `changes` count when
 * nothing more is to be proven. */
static struct planner_part_found solve_part(struct planner_replan *x, bool all_levels, uint64_t ticks, struct planner_part *part)
{
    struct internplan *r = x->r;
    *part = planner_part_make(&r->try, r, &x->rest);
    if (!all_levels && x->level >= 0)
        part->problem->level_count = x->level + 1;
    struct planner_found start = { .found = x->found };
    if (x->found)
        start = list_of(x, part);
    return planner_find_part(r, part->problem, part->real, x->found ? &start : NULL, x->level, ticks);
}

/* Plans the part, holds its prices against all, frees more. How many were freed; 0: nobody is left to free, or it is proven. */
static int step(struct planner_replan *x, uint64_t ticks)
{
    struct internplan *r = x->r;
    struct mover mover[JOIN_MOST];
    int movers = 0, before = x->n;
    __int128 sum = 0;
    struct planner_part part;
    arena_free(&r->try);
    if (!x->found)
        planner_replan_first(x);
    for (int u = 0; x->found && u < r->model->units; u++) /* the part must hold the plan that it goes on from */
        if (x->keeps[u] && !x->free[u] && !planner_replan_stays(x, &x->plan.path[u], u))
            join(x, u);
    before = x->n;
    struct planner_part_found f = solve_part(x, false, ticks, &part);
    int64_t old = x->found && x->level >= 0 ? x->value[x->level] : -1;
    if (f.plan.found)
        take_plan(x, &f.plan);
    if (f.proven && f.plan.found && x->found && x->level >= 0 && (old < 0 || x->value[x->level] <= old)) {
        x->circle = people(x);
        memcpy(x->circle_value, x->value, (size_t)r->problem->level_count * sizeof *x->value);
    }
    if (f.plan.found && f.leaf.scale > 0 && x->level >= 0) {
        take_leaf(x, &part, &f.leaf);
        if (hold_against_all(x, mover, &movers, &sum) && proves(x, sum)) {
            x->least = true;
            return 0;
        }
    }
    for (int i = 0; i < movers; i++)
        join(x, mover[i].unit);
    if (x->n == before)
        (void)free_in_the_way(x);
    return x->n - before;
}

/* Of what changes as little, what is best by the later levels. */
static void polish(struct planner_replan *x, uint64_t ticks)
{
    struct planner_part part;
    arena_free(&x->r->try);
    struct planner_part_found f = solve_part(x, true, MAX(ticks, (uint64_t)1), &part);
    if (f.plan.found)
        take_plan(x, &f.plan);
}

void planner_replan_search(struct planner_replan *x, uint64_t ticks)
{
    struct internplan *r = x->r;
    uint64_t end = planner_run_ticks(r) + ticks;
    int idle = 0;
    begin(x);
    if (x->n == 0) { /* nobody has to move */
        planner_plan_copy(&x->plan, &x->rest);
        planner_plan_levels(&x->plan, x->value);
        x->found = planner_plan_broken(&x->plan) == 0;
        x->least = x->found;
        x->leaf.scale = 1;
        memset(x->leaf.cell, 0, (size_t)r->model->departments * (size_t)r->model->open * sizeof *x->leaf.cell);
        return;
    }
    for (int round = 0; round < ROUNDS_MOST && idle < IDLE_MOST && !planner_run_over(r) && planner_run_ticks(r) < end; round++) {
        bool had = x->found;
        int64_t value = had && x->level >= 0 ? x->value[x->level] : INT64_MAX;
        if (step(x, (uint64_t)TICKS_ONE + (uint64_t)TICKS_EACH * (uint64_t)x->n) == 0)
            break;
        idle = had && (x->level < 0 || x->value[x->level] >= value) ? idle + 1 : 0;
    }
    if (x->found && x->level >= 0 && x->level + 1 < r->problem->level_count && r->stop == INTERNPLAN_STOP_NONE)
        polish(x, ticks / POLISH_PART);
}
