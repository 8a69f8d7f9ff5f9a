/* The first plan after a change: those who can't stay are placed one after the other where there is room; where that ends, they
 * are placed all the same, and whoever it costs least makes room, until nothing is too full. */
#include "planner/replan.h"
#include "planner/search.h"

enum { TURNS_MOST = 40, ROUNDS_MOST = 24, STEPS = 64 };

static const int64_t TOO_FULL = (int64_t)1 << 44;

/* ---- where there is room ------------------------------------------------------------------------------ */

/* Prices that keep a unit out of what is full. */
static void price_full(const struct planner_plan *all, int size, int64_t *cell, int64_t *row)
{
    const struct planner_model *m = all->model;
    size_t cells = (size_t)m->departments * (size_t)m->open;
    for (size_t k = 0; k < cells; k++)
        cell[k] = all->load[k] + size > m->capacity[k] ? TOO_FULL : 0;
    for (int k = 0; k < m->rows; k++)
        for (int t = m->row[k].first; t < m->row[k].end; t++) {
            size_t at = (size_t)k * (size_t)m->open + (size_t)t;
            row[at] = all->row_load[at] + size > m->row[k].capacity ? TOO_FULL : 0;
        }
}

/* One after the other in this order, each at its cheapest where there is room; where that ends: all are placed, or the place in
 * the order of the one for whom there is no room. */
static int place_all(struct planner_replan *x, struct planner_plan *all, const int *order, int64_t *cell, int64_t *row)
{
    struct internplan *r = x->r;
    struct planner_prices prices = { .cell = cell, .row = row, .most_regret = INT64_MAX };
    prices.weight[PLANNER_UNPLACED] = (int64_t)1 << 30;
    prices.weight[PLANNER_CHANGES] = 1 << 12;
    prices.weight[PLANNER_REGRET] = 1;
    planner_plan_copy(all, &x->rest);
    for (int i = 0; i < x->n; i++) {
        struct planner_path path;
        int64_t cost = 0;
        price_full(all, r->model->unit[order[i]].size, cell, row);
        if (planner_run_over(r) ||
            planner_kernel_price(&r->kernel, order[i], &prices, NULL, &cost, &path) != PLANNER_FOUND || cost >= TOO_FULL)
            return i;
        planner_plan_put(all, order[i], &path);
    }
    return x->n;
}

/* Those who are free in turn; whoever finds no room is tried first the next time: often enough for a first plan. */
static bool place_in_turn(struct planner_replan *x)
{
    struct internplan *r = x->r;
    const struct planner_model *m = r->model;
    struct planner_plan all = planner_plan_make(&r->try, m);
    int64_t *cell = ARENA_ARRAY(&r->try, (size_t)m->departments * (size_t)m->open, int64_t);
    int64_t *row = ARENA_ARRAY(&r->try, (size_t)m->rows * (size_t)m->open, int64_t);
    int *order = ARENA_ARRAY(&r->try, (size_t)x->n, int), stuck = 0;
    memcpy(order, x->list, (size_t)x->n * sizeof *order);
    for (int try = 0; try < TURNS_MOST && r->stop == INTERNPLAN_STOP_NONE; try++) {
        stuck = place_all(x, &all, order, cell, row);
        if (stuck == x->n)
            break;
        int first = order[stuck];
        memmove(order + 1, order, (size_t)stuck * sizeof *order);
        order[0] = first;
    }
    if (stuck < x->n || planner_plan_broken(&all) > 0)
        return false;
    planner_replan_keep(x, &all);
    return true;
}

/* ---- where somebody makes room --------------------------------------------------------------------------- */

/* Whoever moved and would fit where the base plan has him goes back, again and again. */
static void go_back(struct planner_replan *x, struct planner_search *s)
{
    struct internplan *r = x->r;
    int units = r->model->units;
    for (bool any = true; any && !planner_run_over(r);) {
        any = false;
        for (int u = 0; u < units; u++) {
            struct planner_path path = s->plan.path[u];
            if (!x->keeps[u] || x->barred[u] || planner_replan_stays(x, &path, u))
                continue;
            planner_plan_take(&s->plan, u);
            planner_plan_put(&s->plan, u, &x->base[u]);
            if (planner_plan_broken(&s->plan) == 0) {
                any = true;
                continue;
            }
            planner_plan_take(&s->plan, u);
            planner_plan_put(&s->plan, u, &path);
        }
    }
}

static void make_room(struct planner_replan *x)
{
    struct internplan *r = x->r;
    const struct planner_model *m = r->model;
    struct planner_search *s = x->search = x->search != NULL ? x->search : planner_search_make(r);
    size_t cells = (size_t)m->departments * (size_t)m->open;
    s->most_regret = INT64_MAX;
    s->noise = s->lead_share = 0;
    s->penalty = s->most_weight;
    memset(s->history, 0, cells * sizeof *s->history);
    if (m->rows > 0)
        memset(s->row_history, 0, (size_t)m->rows * (size_t)m->open * sizeof *s->row_history);
    planner_plan_copy(&s->plan, &x->rest);
    for (int i = 0; i < x->n; i++) /* those who keep the rules begin where they were: who of them goes is chosen */
        if (x->keeps[x->list[i]])
            planner_plan_put(&s->plan, x->list[i], &x->base[x->list[i]]);
    for (int i = 0; i < x->n; i++)
        if (!x->keeps[x->list[i]] && (planner_run_over(r) || !planner_search_place(r, s, x->list[i], false)))
            return;
    for (int round = 0; round < ROUNDS_MOST && r->stop == INTERNPLAN_STOP_NONE; round++) {
        if (planner_search_tail(r, s, STEPS + x->n)) {
            go_back(x, s);
            planner_replan_keep(x, &s->plan);
            return;
        }
        s->penalty = MIN(s->penalty + s->penalty / 4, s->most_weight * 16);
    }
}

void planner_replan_first(struct planner_replan *x)
{
    bool barred = false;
    for (int u = 0; u < x->r->model->units; u++)
        barred = barred || x->barred[u];
    if (!place_in_turn(x) && !barred)
        make_room(x);
}
