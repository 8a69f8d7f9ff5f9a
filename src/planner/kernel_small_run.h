/* The inner part of the 32-bit pass, included once per kind of machine: NAME makes the names, TARGET is its attribute
 * (vector code must be compiled for its machine from the beginning: inlining into it comes too late for that). */

#define LOAD(p) (*(const lanes *)(p))
#define LEAST(a, b) (((a) & ((a) < (b))) | ((b) & ~((a) < (b))))
#define INLINE static inline TARGET __attribute__((always_inline))

/* A free week leads to the same node: the least of all weeks before, with what waiting costs. */
INLINE void NAME(idle)(lanes *row, int32_t before, int32_t wait)
{
    const lanes far = FAR - (lanes){ 0 }, steps = { 1, 2, 3, 4, 5, 6, 7, 8 };
    lanes x = *row, y = __builtin_shufflevector(far, x, 0, 8, 9, 10, 11, 12, 13, 14) + wait;
    x = LEAST(x, y);
    y = __builtin_shufflevector(far, x, 0, 0, 8, 9, 10, 11, 12, 13) + 2 * wait;
    x = LEAST(x, y);
    y = __builtin_shufflevector(far, x, 0, 0, 0, 0, 8, 9, 10, 11) + 4 * wait;
    x = LEAST(x, y);
    y = steps * wait + before;
    *row = LEAST(x, y);
}

/* Infinities that had prices added become infinite again, and so do lanes behind the row's end. */
INLINE void NAME(settle)(lanes *row, int left)
{
    const lanes at = { 0, 1, 2, 3, 4, 5, 6, 7 };
    lanes good = (*row < FINITE) & (at < left);
    *row = (*row & good) | (FAR & ~good);
}

/* One block of a node's row without a limit on regret. */
INLINE void NAME(pull)(const struct small *s, const struct planner_node *v, int block, lanes *row)
{
    const struct planner_graph *g = s->p->g;
    const int32_t *value = s->value + block, *cost = s->cost + block;
    bool all = v->most - v->least < LANES;
    int32_t travel = g->travels ? (int32_t)s->p->travel : 0;
    lanes x = *row;
    if (all && travel == 0) {
        for (const struct planner_pull *at = g->pull + v->arc_first, *end = g->pull + v[1].arc_first; at < end; at++) {
            lanes y = LOAD(value + at->from_at) + LOAD(cost + at->cost_at);
            x = LEAST(x, y);
        }
        *row = x;
        return;
    }
    for (int a = v->arc_first; a < v[1].arc_first; a++)
        if (block + LANES > g->reach[a].first && block <= g->reach[a].last) {
            int32_t more = g->arc[a].travels ? travel : 0;
            lanes y = LOAD(value + g->pull[a].from_at) + LOAD(cost + g->pull[a].cost_at) + more;
            x = LEAST(x, y);
        }
    *row = x;
}

/* The same in one layer: from lower layers by the regret of each part. */
INLINE void NAME(pull_layer)(const struct small *s, const struct planner_node *v, int layer, int block, lanes *out)
{
    const struct planner_graph *g = s->p->g;
    lanes x = *out;
    for (int a = v->arc_first; a < v[1].arc_first; a++) {
        const struct planner_arc *arc = &g->arc[a];
        const struct planner_node *from = &g->node[arc->from];
        if (block + LANES <= g->reach[a].first || block > g->reach[a].last)
            continue;
        int group = g->pull[a].cost_at / s->stride, at = g->pull[a].cost_at % s->stride;
        int32_t travel = arc->travels ? (int32_t)s->p->travel : 0;
        for (int part = s->part_first[group]; part < s->part_first[group + 1]; part++) {
            int below = layer - s->part_regret[part] - (arc->travels ? s->p->travel_regret : 0);
            if (below < 0)
                continue;
            const int32_t *row = s->value + from->padded * (size_t)s->layers + (size_t)below * (size_t)from->stride;
            ptrdiff_t begin = g->pull[a].from_at - (ptrdiff_t)from->padded + block;
            lanes y = LOAD(row + begin) + LOAD(s->cost + (size_t)part * (size_t)s->stride + at + block) + travel;
            x = LEAST(x, y);
        }
    }
    *out = x;
}

static TARGET void NAME(run)(struct small *s)
{
    const struct planner_graph *g = s->p->g;
    bool slowly = s->p->no_free || s->p->wait_regret > 0;
    int32_t wait = (int32_t)s->p->wait;
    *(lanes *)(s->value - LANES) = FAR - (lanes){ 0 };
    for (int i = 0; i < g->nodes; i++) {
        const struct planner_node *v = &g->node[i];
        int width = v->most - v->least + 1;
        for (int layer = 0; layer < s->layers; layer++) {
            int32_t *row = row_of(s, i, layer), before = FAR;
            for (int block = 0; block < width; block += LANES) {
                lanes x = FAR - (lanes){ 0 };
                if (i == 0 && block == 0 && layer == 0)
                    x[0] = 0;
                if (s->layers == 1)
                    NAME(pull)(s, v, block, &x);
                else
                    NAME(pull_layer)(s, v, layer, block, &x);
                if (v->idles && !slowly)
                    NAME(idle)(&x, before, wait);
                NAME(settle)(&x, width - block);
                before = x[LANES - 1];
                *(lanes *)(row + block) = x;
            }
            *(lanes *)(row + v->stride - LANES) = FAR - (lanes){ 0 };
        }
        if (v->idles && slowly)
            idle_slowly(s, i);
    }
}

#undef LOAD
#undef LEAST
#undef INLINE
