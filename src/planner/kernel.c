/* One call of the kernel: costs of single placements, then one pass through the course's graph, then the way back. */
#include "planner/kernel.h"

enum { LEVELS_OF_REGRET_MOST = 1024 };

struct planner_kernel planner_kernel_make(struct arena *a, const struct planner_model *m)
{
    return (struct planner_kernel){ .arena = a, .model = m };
}

static void *room(struct arena *a, void *now, size_t *cap, size_t n, size_t size)
{
    if (n <= *cap)
        return now;
    *cap = MAX(n, *cap * 2);
    return arena_array(a, *cap, size);
}

/* ---- what a placement costs --------------------------------------------------------------------- */

/* sum[spot * (open + 1) + t]: prices of the weeks before t, for all students of the unit together. */
static void sum_weeks(struct planner_kernel *k, const struct planner_unit *u, const struct planner_course *c,
                      const struct planner_prices *prices)
{
    const struct planner_model *m = k->model;
    size_t open = (size_t)m->open;
    k->sum = room(k->arena, k->sum, &k->sum_cap, (size_t)c->spots * (open + 1), sizeof *k->sum);
    for (int i = 0; i < c->spots; i++) {
        int d = c->spot[i];
        int64_t *sum = k->sum + (size_t)i * (open + 1);
        const int64_t *cell = prices->cell + (size_t)d * open;
        sum[0] = 0;
        for (size_t t = 0; t < open; t++)
            sum[t + 1] = cell[t] * u->size;
        for (int n = m->department_row_first[d]; prices->row != NULL && n < m->department_row_first[d + 1]; n++) {
            size_t r = (size_t)m->department_row[n];
            int heads = 0;
            for (int s = 0; s < u->size; s++)
                heads += m->row_counts[r * (size_t)m->students + (size_t)u->student[s]];
            for (int t = m->row[r].first; heads > 0 && t < m->row[r].end; t++)
                sum[t + 1] += heads * prices->row[r * open + (size_t)t];
        }
        for (size_t t = 0; t < open; t++)
            sum[t + 1] += sum[t];
    }
    k->work += (uint64_t)c->spots * open;
}

static void cost_options(struct planner_kernel *k, const struct planner_unit *u, const struct planner_course *c,
                         const struct planner_prices *prices, const int64_t *extra)
{
    const struct planner_model *m = k->model;
    size_t open = (size_t)m->open, n = (size_t)c->options * open;
    k->option_cost = room(k->arena, k->option_cost, &k->option_cap, n, sizeof *k->option_cost);
    for (int o = 0; o < c->options; o++) {
        int64_t *out = k->option_cost + (size_t)o * open;
        const int64_t *sum = k->sum + (size_t)c->option[o].spot * (open + 1);
        int length = c->length[c->option[o].rotation];
        for (size_t t = 0; t < open; t++)
            out[t] = t + (size_t)length <= open ? sum[t + (size_t)length] - sum[t] : PLANNER_INFINITY;
        for (int i = 0; i < u->size; i++) {
            int s = u->student[i];
            const int32_t *regret = m->regret[s] + (size_t)o * open;
            int64_t weight = prices->weight[PLANNER_REGRET] + (prices->worst != NULL ? prices->worst[s] : 0);
            int64_t most =
                prices->most_regret == INT64_MAX ? INT64_MAX : prices->most_regret - m->problem->student[s].burden;
            for (size_t t = 0; t < open; t++) {
                bool forbidden = regret[t] < 0 || regret[t] > most;
                out[t] = forbidden ? PLANNER_INFINITY : out[t] + weight * regret[t];
            }
            for (size_t t = 0; m->base != NULL && prices->weight[PLANNER_CHANGES] != 0 && t + (size_t)length <= open;
                 t++)
                if (out[t] < PLANNER_INFINITY / 2)
                    out[t] += prices->weight[PLANNER_CHANGES] *
                              planner_model_changes(m, s, c->option[o].department, (int)t, length);
        }
        for (size_t t = 0; extra != NULL && t < open; t++)
            out[t] = extra[(size_t)o * open + t] >= PLANNER_INFINITY / 2 ? PLANNER_INFINITY
                                                                         : out[t] + extra[(size_t)o * open + t];
        for (size_t t = 0; t < open; t++)
            out[t] = out[t] >= PLANNER_INFINITY / 2 ? PLANNER_INFINITY : out[t];
    }
    k->work += n;
}

/* ---- the pass ----------------------------------------------------------------------------------- */

struct pass {
    struct planner_kernel *k;
    const struct planner_graph *g;
    const struct planner_course *c;
    const struct planner_unit *u;
    int layers;           /* 1, or 2 and more: one row of values per regret used so far */
    int end_layer;        /* the most regret at an end; 0 where regret is not counted */
    int64_t travel, wait; /* costs of one change of site, of one free week */
    int travel_regret, wait_regret;
    int *sub_group_first; /* per group: its parts of equal regret */
    int *sub_regret;
    int *sub_lo, *sub_hi; /* first weeks that are allowed at all */
    bool no_free;         /* free weeks are forbidden once begun */
};

static int64_t *row_of(const struct pass *p, int node, int layer)
{
    const struct planner_node *v = &p->g->node[node];
    size_t width = (size_t)(v->most - v->least + 1);
    return p->k->value + v->value * (size_t)p->layers + (size_t)layer * width;
}

static bool may_idle(const struct pass *p, const struct planner_node *v, int week)
{
    if (!p->no_free || v->placed == 0)
        return true;
    bool away = true; /* a unit's week is away only if it is so for each of its students */
    for (int i = 0; i < p->u->size; i++) {
        const uint8_t *days = p->k->model->is_away[p->u->student[i]];
        away = away && days != NULL && days[week];
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
            if (may_idle(p, a, t) && from[t] + p->wait < out[t])
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

struct end {
    int node, layer, week;
    int64_t cost;
};

static bool may_end(const struct pass *p, const struct planner_prices *prices, const struct planner_node *v)
{
    const struct planner_model *m = p->k->model;
    bool leave_out = m->problem->allow_unplaced && !prices->all_placed;
    for (int i = 0; i < p->u->size; i++)
        if ((m->must[p->u->student[i]] & ~v->placed) != 0)
            return false;
    return v->whole || leave_out;
}

static struct end best_end(const struct pass *p, const struct planner_prices *prices)
{
    struct end best = { -1, 0, 0, PLANNER_INFINITY };
    for (int i = 0; i < p->g->nodes; i++) {
        const struct planner_node *v = &p->g->node[i];
        if (!p->k->alive[i] || !may_end(p, prices, v))
            continue;
        int64_t out =
            v->whole ? 0 : prices->weight[PLANNER_UNPLACED] * p->u->size * planner_course_unplaced(p->c, v->placed);
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
    int s = p->u->student[0];
    for (int i = p->g->group_first[group]; i < p->g->group_first[group + 1]; i++) {
        size_t at = (size_t)p->g->group_option[i] * open + (size_t)week;
        if (p->k->option_cost[at] == cost && (p->layers == 1 || p->k->model->regret[s][at] == p->sub_regret[sub]))
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
                may_idle(p, &g->node[arc->from], at->week - 1)) {
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
            *stay = (struct planner_stay){ option_at(p, arc->group, s, from), from };
            *at = (struct end){ arc->from, layer, from, 0 };
            return true;
        }
    }
    assert(g->node[at->node].idles && value_is(p, at->node, at->layer - p->wait_regret, at->week - 1, now - p->wait));
    at->layer -= p->wait_regret;
    at->week--;
    return false;
}

static void walk_back(const struct pass *p, struct end at, struct planner_path *path)
{
    path->n = 0;
    while (at.node != 0) {
        struct planner_stay stay;
        if (!step_back(p, &at, &stay))
            continue;
        assert(path->n < PLANNER_ROTATIONS_MOST);
        path->stay[path->n++] = stay;
    }
    for (int i = 0, j = path->n - 1; i < j; i++, j--) {
        struct planner_stay t = path->stay[i];
        path->stay[i] = path->stay[j];
        path->stay[j] = t;
    }
}

/* ---- parts of equal regret ---------------------------------------------------------------------- */

static void sub_take(const struct pass *p, int sub, int option, bool by_regret)
{
    size_t open = (size_t)p->k->model->open;
    const int32_t *regret = p->k->model->regret[p->u->student[0]] + (size_t)option * open;
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
    k->first = room(k->arena, k->first, &k->first_cap, (size_t)g->groups + 1, sizeof *k->first);
    p->sub_group_first = k->first;
    size_t n = 0;
    for (int i = 0; i < g->groups; i++) {
        p->sub_group_first[i] = (int)n;
        if (!by_regret)
            *ARENA_PUSH(k->arena, k->regret, n, k->regret_cap) = 0;
        for (int o = g->group_first[i]; by_regret && o < g->group_first[i + 1]; o++)
            for (size_t t = 0; t < open; t++) {
                size_t at = (size_t)g->group_option[o] * open + t;
                int regret = p->k->model->regret[p->u->student[0]][at];
                bool known = p->k->option_cost[at] >= PLANNER_INFINITY / 2;
                for (size_t s = (size_t)p->sub_group_first[i]; s < n; s++)
                    known = known || k->regret[s] == regret;
                if (!known)
                    *ARENA_PUSH(k->arena, k->regret, n, k->regret_cap) = regret;
            }
    }
    p->sub_group_first[g->groups] = (int)n;
    p->k->group_cost = room(p->k->arena, p->k->group_cost, &p->k->group_cap, n * open, sizeof(int64_t));
    k->lo = room(k->arena, k->lo, &k->lo_cap, n, sizeof *k->lo);
    k->hi = room(k->arena, k->hi, &k->hi_cap, n, sizeof *k->hi);
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

/* ---- a call ------------------------------------------------------------------------------------- */

static int64_t dislike_cost(const struct pass *p, const struct planner_prices *prices, bool travel)
{
    int64_t sum = prices->weight[travel ? PLANNER_TRAVEL : PLANNER_WAITING] * p->u->size;
    for (int i = 0; i < p->u->size; i++) {
        const struct planner_student *s = &p->k->model->problem->student[p->u->student[i]];
        int64_t weight = prices->weight[PLANNER_REGRET] + (prices->worst != NULL ? prices->worst[p->u->student[i]] : 0);
        sum += weight * (travel ? s->dislike_travel : s->dislike_waiting);
    }
    return sum;
}

static bool sites_matter(const struct planner_model *m, const struct planner_unit *u,
                         const struct planner_prices *prices)
{
    bool matter = prices->weight[PLANNER_TRAVEL] != 0;
    for (int i = 0; i < u->size; i++)
        matter = matter || m->problem->student[u->student[i]].dislike_travel > 0;
    return matter && m->course[u->course].sites > 1;
}

static bool keeps_limit(const struct planner_model *m, const struct planner_unit *u, const struct planner_path *path,
                        int64_t most)
{
    for (int i = 0; i < u->size && most != INT64_MAX; i++)
        if (planner_path_regret(m, u->student[i], path) + m->problem->student[u->student[i]].burden > most)
            return false;
    return true;
}

/* `most`: the most regret allowed, counted row by row; negative: not counted. */
static struct end solve_pass(struct pass *p, const struct planner_prices *prices, int most)
{
    int layers = most < 0 ? 1 : MAX(most + 1, 2); /* one row alone would count nothing */
    struct planner_kernel *k = p->k;
    const struct planner_student *s = &k->model->problem->student[p->u->student[0]];
    p->layers = layers;
    p->end_layer = MAX(most, 0);
    p->travel_regret = layers > 1 ? s->dislike_travel : 0;
    p->wait_regret = layers > 1 ? s->dislike_waiting : 0;
    make_subs(p, layers > 1);
    k->value = room(k->arena, k->value, &k->value_cap, p->g->values * (size_t)layers, sizeof *k->value);
    k->alive = room(k->arena, k->alive, &k->alive_cap, (size_t)p->g->nodes, 1);
    run_pass(p);
    return best_end(p, prices);
}

static enum planner_answer answer(struct pass *p, const struct planner_prices *prices, int64_t *cost,
                                  struct planner_path *path)
{
    const struct planner_model *m = p->k->model;
    struct end end = solve_pass(p, prices, -1);
    if (end.node < 0)
        return PLANNER_NONE;
    walk_back(p, end, path);
    *cost = end.cost;
    if (keeps_limit(m, p->u, path, prices->most_regret))
        return PLANNER_FOUND;
    int64_t left = prices->most_regret - m->problem->student[p->u->student[0]].burden;
    if (left < 0)
        return PLANNER_NONE;
    if (p->u->size > 1 || left >= LEVELS_OF_REGRET_MOST)
        return PLANNER_RELAXED;
    end = solve_pass(p, prices, (int)left);
    if (end.node < 0)
        return PLANNER_NONE;
    walk_back(p, end, path);
    *cost = end.cost;
    assert(keeps_limit(m, p->u, path, prices->most_regret));
    return PLANNER_FOUND;
}

enum planner_answer planner_kernel_price(struct planner_kernel *k, int unit, const struct planner_prices *prices,
                                         const int64_t *extra, int64_t *cost, struct planner_path *path)
{
    const struct planner_model *m = k->model;
    const struct planner_unit *u = &m->unit[unit];
    struct planner_course *c = &m->course[u->course];
    struct planner_path own;
    assert(unit >= 0 && unit < m->units);
    const struct planner_graph *g = planner_graph_of(m, c, sites_matter(m, u, prices));
    if (g == NULL)
        return PLANNER_TOO_BIG;
    k->work += 32;
    if (g->nodes == 0)
        return PLANNER_NONE;
    sum_weeks(k, u, c, prices);
    cost_options(k, u, c, prices, extra);
    struct pass p = { .k = k, .g = g, .c = c, .u = u, .no_free = c->programme->free_weeks_forbidden };
    p.travel = dislike_cost(&p, prices, true);
    p.wait = dislike_cost(&p, prices, false);
    enum planner_answer a = answer(&p, prices, cost, path != NULL ? path : &own);
    for (int i = 0; i < u->size && m->base != NULL && (a == PLANNER_FOUND || a == PLANNER_RELAXED); i++)
        for (int t = m->freeze; t < m->open; t++)
            *cost +=
                prices->weight[PLANNER_CHANGES] * (m->base[(size_t)u->student[i] * (size_t)m->open + (size_t)t] >= 0);
    return a;
}
