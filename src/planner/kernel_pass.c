/* The pass through a course's graph in 64 bits: values forwards, then the way back. With more than one layer a node
 * keeps one row of values per regret used so far. */
#include "planner/kernel_inside.h"

static int64_t *row_of(const struct pass *p, int node, int layer)
{
    const struct planner_node *v = &p->g->node[node];
    size_t width = (size_t)(v->most - v->least + 1);
    return p->k->value + v->value * (size_t)p->layers + (size_t)layer * width;
}

bool planner_pass_may_idle(const struct pass *p, const struct planner_node *v, int week)
{
    if (!p->no_free || v->placed == 0)
        return true;
    bool away = true; /* a unit's week is away only if it is so for each of its students */
    for (int i = 0; i < p->u->size; i++) {
        away = away && planner_model_is_away(p->k->model, p->u->student[i], week);
    }
    return away;
}

static void pull_stay(const struct pass *p, int to, const struct planner_arc *arc, int sub)
{
    const struct planner_node *a = &p->g->node[arc->from], *b = &p->g->node[to];
    int n = p->c->length[arc->rotation];
    int lo = MAX(MAX(a->least, b->least - n), p->sub_lo[sub]), hi = MIN(MIN(a->most, b->most - n), p->sub_hi[sub]);
    int more = p->sub_regret[sub] + (arc->travels ? p->travel_regret : 0);
    const int64_t *cost = p->k->group_cost + (size_t)sub * (size_t)p->k->model->open;
    int64_t travel = arc->travels ? p->travel : 0;
    for (int layer = 0; layer + more < p->layers; layer++) {
        const int64_t *from = row_of(p, arc->from, layer) - a->least;
        int64_t *out = row_of(p, to, layer + more) - b->least + n;
        for (int t = lo; t <= hi; t++) {
            int64_t v = from[t] + cost[t] + travel;
            out[t] = v < out[t] ? v : out[t];
        }
    }
    p->k->work += (uint64_t)MAX(hi - lo + 1, 0) * (uint64_t)p->layers + 2;
}

static void pull_free_week(const struct pass *p, int from_node, int to)
{
    const struct planner_node *a = &p->g->node[from_node], *b = &p->g->node[to];
    int lo = MAX(a->least, b->least - 1), hi = MIN(a->most, b->most - 1);
    for (int layer = 0; layer + p->wait_regret < p->layers; layer++) {
        const int64_t *from = row_of(p, from_node, layer) - a->least;
        int64_t *out = row_of(p, to, layer + p->wait_regret) - b->least + 1;
        for (int t = lo; t <= hi; t++)
            if (planner_pass_may_idle(p, a, t) && from[t] + p->wait < out[t])
                out[t] = from[t] + p->wait;
    }
    p->k->work += (uint64_t)MAX(hi - lo + 1, 0) * (uint64_t)p->layers + 2;
}

/* Values are compared with infinities that may have had prices added: everything above half is one. */
static bool settle(const struct pass *p, int node)
{
    const struct planner_node *v = &p->g->node[node];
    size_t n = (size_t)(v->most - v->least + 1) * (size_t)p->layers;
    int64_t *value = row_of(p, node, 0);
    bool any = false;
    for (size_t i = 0; i < n; i++) {
        bool finite = value[i] < PLANNER_INFINITY / 2;
        any = any || finite;
        value[i] = finite ? value[i] : PLANNER_INFINITY;
    }
    return any;
}

static void run_pass(const struct pass *p)
{
    const struct planner_graph *g = p->g;
    struct planner_kernel *k = p->k;
    for (int i = 0; i < g->nodes; i++) {
        const struct planner_node *v = &g->node[i];
        size_t n = (size_t)(v->most - v->least + 1) * (size_t)p->layers;
        int64_t *value = row_of(p, i, 0);
        for (size_t t = 0; t < n; t++)
            value[t] = PLANNER_INFINITY;
        if (i == 0)
            value[0] = 0;
        for (int a = v->arc_first; a < g->node[i + 1].arc_first; a++) {
            const struct planner_arc *arc = &g->arc[a];
            if (!k->alive[arc->from])
                continue;
            if (arc->rotation < 0)
                pull_free_week(p, arc->from, i);
            for (int s = arc->rotation < 0 ? 0 : p->sub_group_first[arc->group];
                 arc->rotation >= 0 && s < p->sub_group_first[arc->group + 1]; s++)
                if (p->sub_lo[s] <= p->sub_hi[s])
                    pull_stay(p, i, arc, s);
        }
        k->alive[i] = settle(p, i);
        if (v->idles && k->alive[i])
            pull_free_week(p, i, i);
    }
}

bool planner_pass_may_end(const struct pass *p, const struct planner_prices *prices, const struct planner_node *v)
{
    const struct planner_model *m = p->k->model;
    if (!v->whole && (!m->problem->allow_unplaced || prices->all_placed))
        return false;
    for (int i = 0; i < p->u->size; i++)
        if (((m->must[p->u->student[i]] | (prices->must != NULL ? prices->must[p->u->student[i]] : 0)) & ~v->placed) != 0)
            return false;
    return true;
}

int64_t planner_pass_left_out(const struct pass *p, const struct planner_prices *prices, const struct planner_node *v)
{
    return v->whole ? 0 : prices->weight[PLANNER_UNPLACED] * p->u->size * planner_course_unplaced(p->c, v->placed);
}

static struct end best_end(const struct pass *p, const struct planner_prices *prices)
{
    struct end best = { -1, 0, 0, PLANNER_INFINITY };
    for (int i = 0; i < p->g->nodes; i++) {
        const struct planner_node *v = &p->g->node[i];
        if (!p->k->alive[i] || !planner_pass_may_end(p, prices, v))
            continue;
        int64_t out = planner_pass_left_out(p, prices, v);
        for (int layer = 0; layer <= p->end_layer; layer++) {
            const int64_t *value = row_of(p, i, layer) - v->least;
            for (int t = v->least; t <= v->most; t++)
                if (value[t] < PLANNER_INFINITY / 2 && value[t] + out < best.cost)
                    best = (struct end){ i, layer, t, value[t] + out };
        }
    }
    return best;
}

/* The option of a group's part that has the cost noted for this week. */
static int option_at(const struct pass *p, int group, int sub, int week)
{
    size_t open = (size_t)p->k->model->open;
    int64_t cost = p->k->group_cost[(size_t)sub * open + (size_t)week];
    for (int i = p->g->group_first[group]; i < p->g->group_first[group + 1]; i++) {
        size_t at = (size_t)p->g->group_option[i] * open + (size_t)week;
        if (p->k->option_cost[at] == cost && (p->layers == 1 || p->k->regrets[at] == p->sub_regret[sub]))
            return p->g->group_option[i];
    }
    assert(!"no option has the cost of its group");
    return -1;
}

static bool value_is(const struct pass *p, int node, int layer, int week, int64_t want)
{
    const struct planner_node *v = &p->g->node[node];
    return layer >= 0 && week >= v->least && week <= v->most && p->k->alive[node] &&
           row_of(p, node, layer)[week - v->least] == want;
}

static bool step_back(const struct pass *p, struct end *at, struct planner_stay *stay)
{
    const struct planner_graph *g = p->g;
    int64_t now = row_of(p, at->node, at->layer)[at->week - g->node[at->node].least];
    for (int a = g->node[at->node].arc_first; a < g->node[at->node + 1].arc_first; a++) {
        const struct planner_arc *arc = &g->arc[a];
        if (arc->rotation < 0) {
            if (value_is(p, arc->from, at->layer - p->wait_regret, at->week - 1, now - p->wait) &&
                planner_pass_may_idle(p, &g->node[arc->from], at->week - 1)) {
                *at = (struct end){ arc->from, at->layer - p->wait_regret, at->week - 1, 0 };
                return false;
            }
            continue;
        }
        int from = at->week - p->c->length[arc->rotation];
        for (int s = p->sub_group_first[arc->group]; s < p->sub_group_first[arc->group + 1]; s++) {
            int layer = at->layer - p->sub_regret[s] - (arc->travels ? p->travel_regret : 0);
            if (from < p->sub_lo[s] || from > p->sub_hi[s])
                continue;
            int64_t cost =
                p->k->group_cost[(size_t)s * (size_t)p->k->model->open + (size_t)from] + (arc->travels ? p->travel : 0);
            if (cost >= PLANNER_INFINITY / 2 || !value_is(p, arc->from, layer, from, now - cost))
                continue;
            *stay = (struct planner_stay){ (uint16_t)option_at(p, arc->group, s, from), (int16_t)from };
            *at = (struct end){ arc->from, layer, from, 0 };
            return true;
        }
    }
    assert(g->node[at->node].idles && value_is(p, at->node, at->layer - p->wait_regret, at->week - 1, now - p->wait));
    at->layer -= p->wait_regret;
    at->week--;
    return false;
}

void planner_path_reverse(struct planner_path *path)
{
    for (int i = 0, j = path->n - 1; i < j; i++, j--) {
        struct planner_stay t = path->stay[i];
        path->stay[i] = path->stay[j];
        path->stay[j] = t;
    }
}

void planner_pass_walk_back(const struct pass *p, struct end at, struct planner_path *path)
{
    path->n = 0;
    while (at.node != 0) {
        struct planner_stay stay;
        if (!step_back(p, &at, &stay))
            continue;
        assert(path->n < PLANNER_ROTATIONS_MOST);
        path->stay[path->n++] = stay;
    }
    planner_path_reverse(path);
}

/* ---- parts of equal regret ---------------------------------------------------------------------- */

static void sub_take(const struct pass *p, int sub, int option, bool by_regret)
{
    size_t open = (size_t)p->k->model->open;
    const int32_t *regret = by_regret ? p->k->regrets + (size_t)option * open : NULL;
    const int64_t *cost = p->k->option_cost + (size_t)option * open;
    int64_t *out = p->k->group_cost + (size_t)sub * open;
    for (size_t t = 0; t < open; t++)
        if (cost[t] < out[t] && (!by_regret || regret[t] == p->sub_regret[sub]))
            out[t] = cost[t];
}

/* Splits each group into parts of equal regret (one part, when regret is not limited) with the cheapest cost per week.
 */
static void make_subs(struct pass *p, bool by_regret)
{
    struct planner_kernel *k = p->k;
    const struct planner_graph *g = p->g;
    size_t open = (size_t)p->k->model->open;
    k->first = planner_kernel_room(k->arena, k->first, &k->first_cap, (size_t)g->groups + 1, sizeof *k->first);
    p->sub_group_first = k->first;
    size_t n = 0;
    for (int i = 0; i < g->groups; i++) {
        p->sub_group_first[i] = (int)n;
        if (!by_regret)
            *ARENA_PUSH(k->arena, k->regret, n, k->regret_cap) = 0;
        for (int o = g->group_first[i]; by_regret && o < g->group_first[i + 1]; o++)
            for (size_t t = 0; t < open; t++) {
                size_t at = (size_t)g->group_option[o] * open + t;
                int regret = p->k->regrets[at];
                bool known = p->k->option_cost[at] >= PLANNER_INFINITY / 2;
                for (size_t s = (size_t)p->sub_group_first[i]; s < n; s++)
                    known = known || k->regret[s] == regret;
                if (!known)
                    *ARENA_PUSH(k->arena, k->regret, n, k->regret_cap) = regret;
            }
    }
    p->sub_group_first[g->groups] = (int)n;
    p->k->group_cost = planner_kernel_room(p->k->arena, p->k->group_cost, &p->k->group_cap, n * open, sizeof(int64_t));
    k->lo = planner_kernel_room(k->arena, k->lo, &k->lo_cap, n, sizeof *k->lo);
    k->hi = planner_kernel_room(k->arena, k->hi, &k->hi_cap, n, sizeof *k->hi);
    p->sub_regret = k->regret;
    p->sub_lo = k->lo;
    p->sub_hi = k->hi;
    for (int i = 0; i < g->groups; i++)
        for (int s = p->sub_group_first[i]; s < p->sub_group_first[i + 1]; s++) {
            int64_t *cost = p->k->group_cost + (size_t)s * open;
            for (size_t t = 0; t < open; t++)
                cost[t] = PLANNER_INFINITY;
            for (int o = g->group_first[i]; o < g->group_first[i + 1]; o++)
                sub_take(p, s, g->group_option[o], by_regret);
            p->sub_lo[s] = INT16_MAX;
            p->sub_hi[s] = -1;
            for (int t = 0; t < (int)open; t++)
                if (cost[t] < PLANNER_INFINITY / 2) {
                    p->sub_lo[s] = MIN(p->sub_lo[s], t);
                    p->sub_hi[s] = t;
                }
        }
    p->k->work += (uint64_t)n * open;
}

struct end planner_pass_solve(struct pass *p, const struct planner_prices *prices)
{
    struct planner_kernel *k = p->k;
    assert(p->layers >= 1 && p->end_layer < p->layers);
    make_subs(p, p->layers > 1);
    k->value = planner_kernel_room(k->arena, k->value, &k->value_cap, p->g->values * (size_t)p->layers, sizeof *k->value);
    k->alive = planner_kernel_room(k->arena, k->alive, &k->alive_cap, (size_t)p->g->nodes, 1);
    run_pass(p);
    return best_end(p, prices);
}
