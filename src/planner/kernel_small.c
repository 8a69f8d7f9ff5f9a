/* The pass through a course's graph in 32 bits, eight weeks in one step: enough for all but absurd prices, which are left
 * to the 64-bit pass. A node's row of values (one row per regret used so far, where regret is limited) is followed by
 * infinities, and so is every row of costs, on both sides: so whole vectors are read from wherever a placement begins, and
 * the row of a node is made in registers, block by block, from all arcs that lead to it. */
#include "planner/kernel_inside.h"

typedef int32_t lanes __attribute__((vector_size(32), aligned(4)));

enum { LANES = PLANNER_LANES, FAR = 1 << 29, FINITE = 1 << 28, SUM_MOST = 1 << 27 };

/* Vectors are passed to what is inlined only: no ABI is touched. */
#pragma GCC diagnostic ignored "-Wpsabi"

struct small {
    struct pass *p;
    int layers;
    int32_t *value;
    int32_t *cost; /* [part * stride + week]: the cheapest placement of a group's part of one regret */
    int stride;    /* open weeks and padding on both sides */
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
    int64_t open = p->k->model->open, sum = (p->wait + p->travel) * open;
    if (p->wait < 0 || p->travel < 0 || p->wait >= SUM_MOST || p->travel >= SUM_MOST)
        return false;
    for (int r = 0; r < p->c->rotations; r++)
        sum += MAX(p->most_cost[r], 0);
    return sum < SUM_MOST && p->least_cost > -SUM_MOST / PLANNER_ROTATIONS_MOST;
}

/* ---- parts of groups by regret ------------------------------------------------------------------ */

/* The groups' parts, then the two rows of free weeks. */
static void find_parts(struct small *s)
{
    struct planner_kernel *k = s->p->k;
    const struct planner_graph *g = s->p->g;
    size_t open = (size_t)k->model->open, n = 0;
    const int32_t *regrets = k->regrets;
    s->part_first = k->first = planner_kernel_room(k->arena, k->first, &k->first_cap, (size_t)g->groups + 3, sizeof(int));
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
    for (int i = 0; i < 2; i++) {
        s->part_first[g->groups + i] = (int)n;
        *ARENA_PUSH(k->arena, k->regret, n, k->regret_cap) = s->p->wait_regret;
    }
    s->part_first[g->groups + 2] = (int)n;
    s->part_regret = k->regret;
}

static void take_option(struct small *s, int part, int option)
{
    const struct planner_kernel *k = s->p->k;
    size_t open = (size_t)k->model->open;
    const int64_t *cost = k->option_cost + (size_t)option * open;
    int32_t *out = s->cost + (size_t)part * (size_t)s->stride + LANES;
    for (size_t t = 0; t < open && s->layers == 1; t++) {
        int32_t c = cost[t] < PLANNER_INFINITY / 2 ? (int32_t)cost[t] : FAR;
        out[t] = c < out[t] ? c : out[t];
    }
    const int32_t *regret = s->layers > 1 ? k->regrets + (size_t)option * open : NULL;
    for (size_t t = 0; t < open && regret != NULL; t++)
        if (cost[t] < PLANNER_INFINITY / 2 && regret[t] == s->part_regret[part])
            out[t] = MIN(out[t], (int32_t)cost[t]);
}

static void make_parts(struct small *s)
{
    struct planner_kernel *k = s->p->k;
    const struct planner_graph *g = s->p->g;
    find_parts(s);
    size_t parts = (size_t)s->part_first[g->groups + 2], n = parts * (size_t)s->stride;
    s->cost = k->small_cost = planner_kernel_room(k->arena, k->small_cost, &k->small_cost_cap, n, sizeof(int32_t));
    for (size_t i = 0; i < n; i++)
        s->cost[i] = FAR;
    for (int i = 0; i < g->groups; i++)
        for (int p = s->part_first[i]; p < s->part_first[i + 1]; p++)
            for (int o = g->group_first[i]; o < g->group_first[i + 1]; o++)
                take_option(s, p, g->group_option[o]);
    for (int i = 0; i < 2; i++) {
        struct planner_node begun = { .placed = (uint64_t)i };
        int32_t *out = s->cost + (size_t)s->part_first[g->groups + i] * (size_t)s->stride + LANES;
        for (int t = 0; t < k->model->open; t++)
            out[t] = planner_pass_may_idle(s->p, &begun, t) ? (int32_t)s->p->wait : FAR;
    }
    k->work += n / LANES;
}

/* ---- the pass ----------------------------------------------------------------------------------- */

/* Free weeks at one node where they may be forbidden, or bring regret. */
static void idle_slowly(struct small *s, int node)
{
    const struct pass *p = s->p;
    const struct planner_node *v = &p->g->node[node];
    int32_t wait = (int32_t)p->wait;
    for (int layer = 0; layer + p->wait_regret < s->layers; layer++) {
        const int32_t *in = row_of(s, node, layer) - v->least;
        int32_t *out = row_of(s, node, layer + p->wait_regret) - v->least + 1;
        for (int t = v->least; t < v->most; t++)
            if (in[t] + wait < out[t] && in[t] < FINITE && planner_pass_may_idle(p, v, t))
                out[t] = in[t] + wait;
    }
}

#define NAME(x) x##_plain
#define TARGET
#include "planner/kernel_small_run.h"
#undef NAME
#undef TARGET

/* x86-64 has eight lanes in one register since AVX2; the same code gives the same numbers. */
#if defined __x86_64__
#define NAME(x) x##_wide
#define TARGET __attribute__((target("avx2")))
#include "planner/kernel_small_run.h"
#endif

bool planner_small_is_wide(void)
{
#if defined __x86_64__
    return __builtin_cpu_supports("avx2");
#else
    return false;
#endif
}

static struct end best_end(const struct small *s, const struct planner_prices *prices)
{
    const struct planner_graph *g = s->p->g;
    struct end best = { -1, 0, 0, PLANNER_INFINITY };
    bool parts = s->p->k->model->problem->allow_unplaced && !prices->all_placed; /* plans end anywhere */
    for (int n = 0; n < (parts ? g->nodes : g->ends); n++) {
        int i = parts ? n : g->end[n];
        const struct planner_node *v = &g->node[i];
        if (!planner_pass_may_end(s->p, prices, v))
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
    return layer >= 0 && week >= v->least && week <= v->most && want < FINITE &&
           row_of(s, node, layer)[week - v->least] == want;
}

/* The option of a group's part that has the cost noted for this week. */
static int option_at(const struct small *s, int group, int part, int week)
{
    const struct planner_kernel *k = s->p->k;
    const int32_t *regret = k->regrets;
    int32_t cost = s->cost[(size_t)part * (size_t)s->stride + LANES + (size_t)week];
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
        int32_t cost = s->cost[(size_t)part * (size_t)s->stride + LANES + (size_t)from];
        if (cost >= FINITE || !value_is(s, arc->from, layer, from, now - cost - (arc->travels ? (int32_t)p->travel : 0)))
            continue;
        *stay = (struct planner_stay){ (uint16_t)option_at(s, arc->group, part, from), (int16_t)from };
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
    struct small s = { .p = p, .layers = layers, .stride = planner_cost_stride(k->model) };
    assert(layers >= 1 && (layers == 1 || p->u->size == 1));
    if (!is_small(p))
        return false;
    size_t room = p->g->padded * (size_t)layers + LANES;
    k->small = planner_kernel_room(k->arena, k->small, &k->small_cap, room, sizeof *k->small);
    make_parts(&s);
    assert(p->end_layer < layers);
    s.value = k->small + LANES;
#if defined __x86_64__
    if (k->wide)
        run_wide(&s);
    else
#endif
        run_plain(&s);
    k->work += p->g->steps * (uint64_t)layers;
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
