/* The pass through a course's graph in 32 bits, four weeks in one step: enough for all but absurd prices, which are left
 * to the 64-bit pass. A node's row of values (one row per regret used so far, where regret is limited) is padded with
 * infinities, so that whole vectors can be read and written past its end; settling a node restores them. */
#include "planner/kernel_inside.h"

typedef int32_t lanes __attribute__((vector_size(16), aligned(4)));

enum { LANES = 4, FAR = 1 << 29, FINITE = 1 << 28, SUM_MOST = 1 << 27 };

struct small {
    struct pass *p;
    int layers;
    int32_t *value;
    int32_t *cost; /* [part * width + week]: the cheapest placement of a group's part of one regret */
    int width;     /* open weeks and padding */
    int *part_first, *part_regret;
};

static int32_t *row_of(const struct small *s, int node, int layer)
{
    const struct planner_node *v = &s->p->g->node[node];
    return s->value + v->padded * (size_t)s->layers + (size_t)layer * (size_t)v->stride;
}

/* Whether no sum along a path can leave 32 bits. */
static bool is_small(const struct pass *p)
{
    int64_t open = p->k->model->open, sum = (p->wait + p->travel) * open, least = 0;
    if (p->wait < 0 || p->travel < 0 || p->wait >= SUM_MOST || p->travel >= SUM_MOST)
        return false;
    for (int r = 0; r < p->c->rotations; r++) {
        int64_t most = 0;
        for (int64_t i = p->c->option_first[r] * open; i < p->c->option_first[r + 1] * open; i++) {
            int64_t cost = p->k->option_cost[i];
            if (cost >= PLANNER_INFINITY / 2)
                continue;
            most = MAX(most, cost);
            least = MIN(least, cost);
        }
        sum += most;
        if (sum >= SUM_MOST || least <= -SUM_MOST / PLANNER_ROTATIONS_MOST)
            return false;
    }
    return true;
}

/* ---- parts of groups by regret ------------------------------------------------------------------ */

static void find_parts(struct small *s)
{
    struct planner_kernel *k = s->p->k;
    const struct planner_graph *g = s->p->g;
    size_t open = (size_t)k->model->open, n = 0;
    const int32_t *regrets = k->model->regret[s->p->u->student[0]];
    s->part_first = k->first = planner_kernel_room(k->arena, k->first, &k->first_cap, (size_t)g->groups + 1, sizeof(int));
    for (int i = 0; i < g->groups; i++) {
        s->part_first[i] = (int)n;
        if (s->layers == 1)
            *ARENA_PUSH(k->arena, k->regret, n, k->regret_cap) = 0;
        for (int o = g->group_first[i]; s->layers > 1 && o < g->group_first[i + 1]; o++)
            for (size_t at = (size_t)g->group_option[o] * open, end = at + open; at < end; at++) {
                bool known = k->option_cost[at] >= PLANNER_INFINITY / 2 || regrets[at] >= s->layers;
                for (size_t p = (size_t)s->part_first[i]; p < n && !known; p++)
                    known = k->regret[p] == regrets[at];
                if (!known)
                    *ARENA_PUSH(k->arena, k->regret, n, k->regret_cap) = regrets[at];
            }
    }
    s->part_first[g->groups] = (int)n;
    s->part_regret = k->regret;
}

static void take_option(struct small *s, int part, int option)
{
    const struct planner_kernel *k = s->p->k;
    size_t open = (size_t)k->model->open;
    const int32_t *regret = k->model->regret[s->p->u->student[0]] + (size_t)option * open;
    const int64_t *cost = k->option_cost + (size_t)option * open;
    int32_t *out = s->cost + (size_t)part * (size_t)s->width;
    int only = s->layers > 1 ? s->part_regret[part] : -1;
    for (size_t t = 0; t < open; t++) {
        bool counts = cost[t] < PLANNER_INFINITY / 2 && (only < 0 || regret[t] == only);
        int32_t c = counts ? (int32_t)cost[t] : FAR;
        out[t] = c < out[t] ? c : out[t];
    }
}

static void make_parts(struct small *s)
{
    struct planner_kernel *k = s->p->k;
    const struct planner_graph *g = s->p->g;
    find_parts(s);
    size_t parts = (size_t)s->part_first[g->groups], n = parts * (size_t)s->width;
    s->cost = k->small_cost = planner_kernel_room(k->arena, k->small_cost, &k->small_cost_cap, n, sizeof(int32_t));
    for (size_t i = 0; i < n; i++)
        s->cost[i] = FAR;
    for (int i = 0; i < g->groups; i++)
        for (int p = s->part_first[i]; p < s->part_first[i + 1]; p++)
            for (int o = g->group_first[i]; o < g->group_first[i + 1]; o++)
                take_option(s, p, g->group_option[o]);
    k->work += n / LANES;
}

/* ---- the pass ----------------------------------------------------------------------------------- */

/* to = min(to, from + cost + more), n vectors */
static inline void pull(int32_t *to, const int32_t *from, const int32_t *cost, int32_t more, int n)
{
    for (int i = 0; i < n; i += LANES) {
        lanes a = *(const lanes *)(from + i) + *(const lanes *)(cost + i) + more, b = *(const lanes *)(to + i);
        lanes less = a < b;
        *(lanes *)(to + i) = (a & less) | (b & ~less);
    }
}

static void pull_stay(struct small *s, int to, const struct planner_arc *arc)
{
    const struct pass *p = s->p;
    const struct planner_node *a = &p->g->node[arc->from], *b = &p->g->node[to];
    assert(arc->count == 0 || (arc->lo >= a->least && arc->lo + arc->count - 1 <= a->most));
    int from_at = arc->lo - a->least, to_at = arc->lo + p->c->length[arc->rotation] - b->least;
    int32_t travel = arc->travels ? (int32_t)p->travel : 0;
    int more = arc->travels ? p->travel_regret : 0, vectors = 0;
    for (int part = s->part_first[arc->group]; part < s->part_first[arc->group + 1]; part++) {
        const int32_t *cost = s->cost + (size_t)part * (size_t)s->width + arc->lo;
        int regret = s->part_regret[part] + more;
        for (int layer = 0; layer + regret < s->layers; layer++) {
            pull(row_of(s, to, layer + regret) + to_at, row_of(s, arc->from, layer) + from_at, cost, travel, arc->count);
            vectors += arc->count;
        }
    }
    p->k->work += (uint64_t)vectors / LANES;
}

static void pull_free_week(struct small *s, int from, int to)
{
    const struct pass *p = s->p;
    const struct planner_node *a = &p->g->node[from], *b = &p->g->node[to];
    int lo = MAX(a->least, b->least - 1), hi = MIN(a->most, b->most - 1);
    int32_t wait = (int32_t)p->wait;
    for (int layer = 0; layer + p->wait_regret < s->layers; layer++) {
        const int32_t *in = row_of(s, from, layer) - a->least;
        int32_t *out = row_of(s, to, layer + p->wait_regret) - b->least + 1;
        for (int t = lo; t <= hi; t++)
            if (in[t] + wait < out[t] && (!p->no_free || planner_pass_may_idle(p, a, t)))
                out[t] = in[t] < FINITE ? in[t] + wait : FAR;
    }
    p->k->work += (uint64_t)MAX(hi - lo + 1, 0) * (uint64_t)s->layers / 2 + 2;
}

/* Infinities that had prices added become infinite again, and so does the padding. */
static bool settle(const struct small *s, int node)
{
    const struct planner_node *v = &s->p->g->node[node];
    int width = v->most - v->least + 1;
    lanes any = { 0 };
    for (int layer = 0; layer < s->layers; layer++) {
        int32_t *row = row_of(s, node, layer);
        for (int i = width; i < v->stride; i++)
            row[i] = FAR;
        for (int i = 0; i < width; i += LANES) {
            lanes x = *(lanes *)(row + i), finite = x < FINITE;
            *(lanes *)(row + i) = (x & finite) | (FAR & ~finite);
            any |= finite;
        }
    }
    return (any[0] | any[1] | any[2] | any[3]) != 0;
}

/* A free week leads to the same node: the least of all weeks before, with what waiting costs. */
static void idle_on(struct small *s, int node)
{
    const struct planner_node *v = &s->p->g->node[node];
    int32_t least = FAR, wait = (int32_t)s->p->wait;
    if (s->p->no_free || s->p->wait_regret > 0) {
        pull_free_week(s, node, node);
        return;
    }
    for (int layer = 0; layer < s->layers; layer++, least = FAR) {
        int32_t *row = row_of(s, node, layer);
        for (int i = 0, width = v->most - v->least + 1; i < width; i++) {
            least = row[i] < least + wait ? row[i] : least + wait;
            row[i] = least;
        }
    }
    s->p->k->work += (uint64_t)(v->stride * s->layers / LANES);
}

static void pull_arcs(struct small *s, int node)
{
    const struct planner_graph *g = s->p->g;
    const uint8_t *alive = s->p->k->alive;
    int vectors = 0;
    for (int a = g->node[node].arc_first; a < g->node[node + 1].arc_first; a++) {
        const struct planner_arc *arc = &g->arc[a];
        if (!alive[arc->from])
            continue;
        if (arc->rotation < 0)
            pull_free_week(s, arc->from, node);
        else if (s->layers > 1)
            pull_stay(s, node, arc);
        else
            pull(s->value + arc->to_at, s->value + arc->from_at, s->cost + arc->group * s->width + arc->lo,
                 arc->travels ? (int32_t)s->p->travel : 0, arc->count);
        vectors += arc->count / LANES + 1;
    }
    s->p->k->work += (uint64_t)vectors;
}

static void run(struct small *s)
{
    const struct planner_graph *g = s->p->g;
    uint8_t *alive = s->p->k->alive;
    for (int i = 0; i < g->nodes; i++) {
        const struct planner_node *v = &g->node[i];
        int32_t *value = row_of(s, i, 0);
        for (int k = 0, n = v->stride * s->layers; k < n; k += LANES)
            *(lanes *)(value + k) = (lanes){ FAR, FAR, FAR, FAR };
        if (i == 0)
            value[0] = 0;
        pull_arcs(s, i);
        alive[i] = settle(s, i);
        if (v->idles && alive[i])
            idle_on(s, i);
    }
}

static struct end best_end(const struct small *s, const struct planner_prices *prices)
{
    const struct planner_graph *g = s->p->g;
    struct end best = { -1, 0, 0, PLANNER_INFINITY };
    for (int i = 0; i < g->nodes; i++) {
        const struct planner_node *v = &g->node[i];
        if (!s->p->k->alive[i] || !planner_pass_may_end(s->p, prices, v))
            continue;
        int64_t out = planner_pass_left_out(s->p, prices, v);
        for (int layer = 0; layer <= s->p->end_layer; layer++) {
            const int32_t *value = row_of(s, i, layer) - v->least;
            for (int t = v->least; t <= v->most; t++)
                if (value[t] < FINITE && value[t] + out < best.cost)
                    best = (struct end){ i, layer, t, value[t] + out };
        }
    }
    return best;
}

/* ---- the way back ------------------------------------------------------------------------------- */

static bool value_is(const struct small *s, int node, int layer, int week, int32_t want)
{
    const struct planner_node *v = &s->p->g->node[node];
    return layer >= 0 && week >= v->least && week <= v->most && s->p->k->alive[node] && want < FINITE &&
           row_of(s, node, layer)[week - v->least] == want;
}

/* The option of a group's part that has the cost noted for this week. */
static int option_at(const struct small *s, int group, int part, int week)
{
    const struct planner_kernel *k = s->p->k;
    const int32_t *regret = k->model->regret[s->p->u->student[0]];
    int32_t cost = s->cost[(size_t)part * (size_t)s->width + (size_t)week];
    for (int i = s->p->g->group_first[group]; i < s->p->g->group_first[group + 1]; i++) {
        size_t at = (size_t)s->p->g->group_option[i] * (size_t)k->model->open + (size_t)week;
        if (k->option_cost[at] == cost && (s->layers == 1 || regret[at] == s->part_regret[part]))
            return s->p->g->group_option[i];
    }
    assert(!"no option has the cost of its group");
    return -1;
}

static bool step_back_stay(const struct small *s, const struct planner_arc *arc, int32_t now, struct end *at,
                           struct planner_stay *stay)
{
    const struct pass *p = s->p;
    int from = at->week - p->c->length[arc->rotation];
    if (from < arc->lo || from >= arc->lo + arc->count)
        return false;
    for (int part = s->part_first[arc->group]; part < s->part_first[arc->group + 1]; part++) {
        int layer = at->layer - s->part_regret[part] - (arc->travels ? p->travel_regret : 0);
        int32_t cost = s->cost[(size_t)part * (size_t)s->width + (size_t)from];
        if (cost >= FINITE || !value_is(s, arc->from, layer, from, now - cost - (arc->travels ? (int32_t)p->travel : 0)))
            continue;
        *stay = (struct planner_stay){ option_at(s, arc->group, part, from), from };
        *at = (struct end){ arc->from, layer, from, 0 };
        return true;
    }
    return false;
}

/* The last step of a cheapest way: true where it is a placement. */
static bool step_back(const struct small *s, struct end *at, struct planner_stay *stay)
{
    const struct pass *p = s->p;
    const struct planner_graph *g = p->g;
    int32_t now = row_of(s, at->node, at->layer)[at->week - g->node[at->node].least];
    int before = at->layer - p->wait_regret;
    for (int a = g->node[at->node].arc_first; a < g->node[at->node + 1].arc_first; a++) {
        const struct planner_arc *arc = &g->arc[a];
        if (arc->rotation >= 0) {
            if (step_back_stay(s, arc, now, at, stay))
                return true;
        } else if (value_is(s, arc->from, before, at->week - 1, now - (int32_t)p->wait) &&
                   planner_pass_may_idle(p, &g->node[arc->from], at->week - 1)) {
            *at = (struct end){ arc->from, before, at->week - 1, 0 };
            return false;
        }
    }
    assert(g->node[at->node].idles && value_is(s, at->node, before, at->week - 1, now - (int32_t)p->wait));
    at->layer = before;
    at->week--;
    return false;
}

bool planner_small_solve(struct pass *p, const struct planner_prices *prices, struct end *end,
                         struct planner_path *path)
{
    struct planner_kernel *k = p->k;
    int layers = p->layers;
    struct small s = { .p = p, .layers = layers, .width = k->model->open + 2 * LANES };
    assert(layers >= 1 && (layers == 1 || p->u->size == 1));
    if (!is_small(p))
        return false;
    k->small = planner_kernel_room(k->arena, k->small, &k->small_cap, p->g->padded * (size_t)layers, sizeof *k->small);
    k->alive = planner_kernel_room(k->arena, k->alive, &k->alive_cap, (size_t)p->g->nodes, 1);
    s.value = k->small;
    make_parts(&s);
    assert(p->end_layer < layers);
    run(&s);
    *end = best_end(&s, prices);
    path->n = 0;
    for (struct end at = *end; at.node > 0;) {
        struct planner_stay stay;
        if (step_back(&s, &at, &stay)) {
            assert(path->n < PLANNER_ROTATIONS_MOST);
            path->stay[path->n++] = stay;
        }
    }
    planner_path_reverse(path);
    return true;
}
