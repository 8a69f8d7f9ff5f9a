/* Compiling a course into the kernel's graph: breadth first by number of rotations done, then ranges of weeks forwards
 * and backwards, and only what lies on a way from the beginning to an end is kept. */
#include "planner/past.h"

enum { SMALL_PART = 128, LARGE_PART = 4 };

struct link {
    int to, from;
    int16_t rotation, group;
    bool travels;
};

struct builder {
    struct arena *scratch;
    struct planner_rules rules;
    struct planner_past *past;
    size_t pasts, past_cap;
    int32_t *slot; /* hash table over past, -1 = empty */
    size_t slots;
    struct link *link;
    size_t links, link_cap;
};

static uint64_t hash_of(const struct planner_past *p)
{
    uint64_t word[sizeof *p / sizeof(uint64_t)], h = 14695981039346656037u;
    static_assert(sizeof word == sizeof *p, "a past is whole words");
    memcpy(word, p, sizeof word);
    for (size_t i = 0; i < LEN(word); i++) {
        h = (h ^ word[i]) * 0xBF58476D1CE4E5B9u;
        h ^= h >> 32;
    }
    return h;
}

static int32_t *slot_for(struct builder *b, const struct planner_past *p)
{
    for (size_t i = hash_of(p) & (b->slots - 1);; i = (i + 1) & (b->slots - 1))
        if (b->slot[i] < 0 || memcmp(&b->past[b->slot[i]], p, sizeof *p) == 0)
            return &b->slot[i];
}

static void grow_slots(struct builder *b)
{
    b->slots = b->slots > 0 ? b->slots * 2 : 256;
    b->slot = ARENA_ARRAY(b->scratch, b->slots, int32_t);
    memset(b->slot, 0xFF, b->slots * sizeof *b->slot);
    for (size_t i = 0; i < b->pasts; i++)
        *slot_for(b, &b->past[i]) = (int32_t)i;
}

static int past_index(struct builder *b, const struct planner_past *p)
{
    if (b->pasts * 2 >= b->slots)
        grow_slots(b);
    int32_t *slot = slot_for(b, p);
    if (*slot < 0) {
        *slot = (int32_t)b->pasts;
        *ARENA_PUSH(b->scratch, b->past, b->pasts, b->past_cap) = *p;
    }
    return *slot;
}

static void add_link(struct builder *b, int from, const struct planner_past *next, int rotation, int group, bool travels)
{
    int to = past_index(b, next);
    *ARENA_PUSH(b->scratch, b->link, b->links, b->link_cap) =
        (struct link){ to, from, (int16_t)rotation, (int16_t)group, travels };
}

/* Large graphs share five eighths of all memory, none taking more than a quarter of what is left of that: plans, columns
 * and explanations need the rest. A small one is always allowed. */
static bool has_room(const struct builder *b)
{
    const struct arena_pool *pool = b->scratch->pool;
    size_t bytes = b->pasts * sizeof(struct planner_node) +
                   b->links * (sizeof(struct planner_arc) + sizeof(struct planner_pull) + sizeof(struct planner_reach));
    if (pool == NULL || bytes < (pool->max_bytes - pool->used_bytes) / SMALL_PART)
        return true;
    size_t share = pool->max_bytes / 8 * 5;
    return pool->used_bytes < share && bytes < (share - pool->used_bytes) / LARGE_PART;
}

static bool explore(struct builder *b)
{
    struct planner_past begin, next;
    memset(&begin, 0, sizeof begin);
    (void)past_index(b, &begin);
    for (size_t i = 0; i < b->pasts; i++) {
        if (b->pasts > PLANNER_NODES_MOST || b->links > 16 * (size_t)PLANNER_NODES_MOST || !has_room(b))
            return false;
        struct planner_past p = b->past[i];
        for (int g = 0; g < b->rules.groups; g++)
            if (planner_past_step(&b->rules, &p, g, &next) && planner_past_has_future(&b->rules, next.placed))
                add_link(b, (int)i, &next, b->rules.group_rotation[g], g, p.site != 0 && p.site != next.site);
        next = p;
        next.run = 0;
        planner_past_wait(&b->rules, &next, 1);
        if (memcmp(&next, &p, sizeof p) != 0)
            add_link(b, (int)i, &next, -1, -1, false);
    }
    return true;
}

/* Rank inside one number of rotations: a free week never lowers an age and ends the run. */
static uint64_t rank_of(const struct builder *b, const struct planner_past *p)
{
    uint64_t ages = 0;
    for (int i = 0; i < b->rules.ages; i++)
        ages += p->count[i];
    return (uint64_t)__builtin_popcountll(p->placed) << 40 | ages << 1 | (p->run == 0);
}

static void sift(const uint64_t *key, int *heap, int n, int at)
{
    for (;;) {
        int child = 2 * at + 1;
        if (child >= n)
            return;
        bool right = child + 1 < n && (key[heap[child + 1]] > key[heap[child]] ||
                                       (key[heap[child + 1]] == key[heap[child]] && heap[child + 1] > heap[child]));
        child += right;
        if (key[heap[child]] < key[heap[at]] || (key[heap[child]] == key[heap[at]] && heap[child] < heap[at]))
            return;
        int t = heap[child];
        heap[child] = heap[at];
        heap[at] = t;
        at = child;
    }
}

/* Indices in the order of their keys; equal keys by index. */
static int *sorted(struct arena *a, const uint64_t *key, int n)
{
    int *heap = ARENA_ARRAY(a, (size_t)n, int);
    for (int i = 0; i < n; i++)
        heap[i] = i;
    for (int i = n / 2; i-- > 0;)
        sift(key, heap, n, i);
    for (int i = n - 1; i > 0; i--) {
        int t = heap[0];
        heap[0] = heap[i];
        heap[i] = t;
        sift(key, heap, i, 0);
    }
    return heap;
}

struct range {
    int least, most;
};

/* Links in the order of their targets, targets in topological order. */
static struct link *order_links(struct builder *b, const int *order, int *first)
{
    int n = (int)b->pasts;
    int *place = ARENA_ARRAY(b->scratch, (size_t)n, int);
    for (int i = 0; i < n; i++)
        place[order[i]] = i;
    for (size_t i = 0; i < b->links; i++)
        first[place[b->link[i].to] + 1]++;
    for (int i = 0; i < n; i++)
        first[i + 1] += first[i];
    int *at = ARENA_ARRAY(b->scratch, (size_t)n, int);
    memcpy(at, first, (size_t)n * sizeof *at);
    struct link *out = ARENA_ARRAY(b->scratch, b->links, struct link);
    for (size_t i = 0; i < b->links; i++) {
        struct link k = b->link[i];
        k.to = place[k.to];
        k.from = place[k.from];
        assert(k.from < k.to);
        out[at[k.to]++] = k;
    }
    return out;
}

static struct range *find_ranges(const struct builder *b, const int *order, const int *first, const struct link *link)
{
    const struct planner_course *c = b->rules.c;
    int n = (int)b->pasts;
    struct range *range = ARENA_ARRAY(b->scratch, (size_t)n, struct range);
    for (int i = 0; i < n; i++) {
        range[i] = (struct range){ i == 0 ? 0 : INT16_MAX, -1 };
        for (int k = first[i]; k < first[i + 1]; k++) {
            int r = link[k].rotation, from = range[link[k].from].least;
            if (r >= 0)
                from = from > b->rules.m->open || MAX(from, c->lo[r]) > c->hi[r] ? INT16_MAX
                                                                           : MAX(from, c->lo[r]) + c->length[r];
            else
                from++;
            range[i].least = MIN(range[i].least, from);
        }
    }
    for (int i = n; i-- > 0;) {
        uint64_t placed = b->past[order[i]].placed;
        if (b->rules.leave_out || planner_course_complete(c, placed))
            range[i].most = b->rules.m->open;
        if (range[i].least > range[i].most)
            range[i].most = -1;
        for (int k = first[i]; k < first[i + 1] && range[i].most >= 0; k++) {
            int r = link[k].rotation;
            int most = r >= 0 ? MIN(range[i].most - c->length[r], c->hi[r]) : range[i].most - 1;
            range[link[k].from].most = MAX(range[link[k].from].most, most);
        }
    }
    return range;
}

static struct planner_arc make_arc(const struct builder *b, const struct planner_graph *g, const struct link *k, int from,
                                   const struct planner_node *at_to)
{
    const struct planner_node *at_from = &g->node[from];
    int n = k->rotation >= 0 ? b->rules.c->length[k->rotation] : 1;
    int lo = MAX(at_from->least, at_to->least - n), hi = MIN(at_from->most, at_to->most - n);
    if (k->rotation >= 0) {
        lo = MAX(lo, b->rules.c->lo[k->rotation]);
        hi = MIN(hi, b->rules.c->hi[k->rotation]);
    }
    return (struct planner_arc){ .from = from,
                                 .rotation = k->rotation,
                                 .group = k->group,
                                 .travels = k->travels,
                                 .lo = (int16_t)lo,
                                 .count = (int16_t)MAX(hi - lo + 1, 0) };
}

/* Free weeks have two rows of costs behind those of the groups: before anything is placed, and after. */
static struct planner_pull make_pull(const struct builder *b, const struct planner_graph *g, const struct planner_arc *arc,
                                     const struct planner_node *to)
{
    const struct planner_node *from = &g->node[arc->from];
    int n = arc->rotation >= 0 ? b->rules.c->length[arc->rotation] : 1, begin = to->least - n;
    int group = arc->rotation >= 0 ? arc->group : b->rules.groups + (from->placed != 0);
    assert(arc->lo >= begin && arc->count > 0);
    return (struct planner_pull){ .from_at = (int32_t)from->padded + begin - from->least,
                                  .cost_at = group * planner_cost_stride(b->rules.m) + PLANNER_LANES + begin };
}

/* Steps that one pass takes: one per vector pulled, some per node. */
static void count_steps(struct planner_graph *g, struct arena *keep)
{
    g->end = ARENA_ARRAY(keep, (size_t)g->nodes, int);
    for (int i = 0; i < g->nodes; i++) {
        g->steps += 4 + 2 * (uint64_t)(g->node[i].stride / PLANNER_LANES);
        for (int a = g->node[i].arc_first; a < g->node[i + 1].arc_first; a++)
            g->steps += (uint64_t)(g->reach[a].last / PLANNER_LANES - g->reach[a].first / PLANNER_LANES + 1);
        if (g->node[i].whole)
            g->end[g->ends++] = i;
    }
}

static void emit(struct builder *b, struct planner_graph *g, struct arena *keep, const int *order)
{
    int n = (int)b->pasts;
    int *first = ARENA_ARRAY(b->scratch, (size_t)n + 1, int);
    struct link *link = order_links(b, order, first);
    struct range *range = find_ranges(b, order, first, link);
    int *place = ARENA_ARRAY(b->scratch, (size_t)n, int);
    size_t arcs = 0, values = 0;
    for (int i = 0; i < n; i++) {
        bool lives = range[i].least <= range[i].most;
        place[i] = lives ? g->nodes++ : -1;
        for (int k = first[i]; lives && k < first[i + 1]; k++)
            arcs += place[link[k].from] >= 0;
    }
    g->node = ARENA_ARRAY(keep, (size_t)g->nodes + 1, struct planner_node);
    g->arc = ARENA_ARRAY(keep, arcs, struct planner_arc);
    g->pull = ARENA_ARRAY(keep, arcs, struct planner_pull);
    g->reach = ARENA_ARRAY(keep, arcs, struct planner_reach);
    arcs = 0;
    for (int i = 0; i < n; i++) {
        if (place[i] < 0)
            continue;
        const struct planner_past *p = &b->past[order[i]];
        struct planner_node *node = &g->node[place[i]];
        struct planner_past idle = *p;
        idle.run = 0;
        planner_past_wait(&b->rules, &idle, 1);
        int width = range[i].most - range[i].least + 1;
        *node = (struct planner_node){ .placed = p->placed,
                                       .arc_first = (int32_t)arcs,
                                       .least = (int16_t)range[i].least,
                                       .most = (int16_t)range[i].most,
                                       .idles = memcmp(&idle, p, sizeof idle) == 0,
                                       .whole = planner_course_complete(b->rules.c, p->placed),
                                       .value = values,
                                       .padded = g->padded,
                                       .stride = (width + 2 * PLANNER_LANES - 1) / PLANNER_LANES * PLANNER_LANES };
        values += (size_t)width;
        g->padded += (size_t)node->stride;
        for (int k = first[i]; k < first[i + 1]; k++)
            if (place[link[k].from] >= 0) {
                struct planner_arc arc = make_arc(b, g, &link[k], place[link[k].from], node);
                if (arc.count == 0)
                    continue;
                int at = arc.lo + (arc.rotation >= 0 ? b->rules.c->length[arc.rotation] : 1) - node->least;
                g->reach[arcs] = (struct planner_reach){ (int16_t)at, (int16_t)(at + arc.count - 1) };
                g->pull[arcs] = make_pull(b, g, &arc, node);
                g->travels = g->travels || arc.travels;
                g->arc[arcs++] = arc;
            }
    }
    g->node[g->nodes].arc_first = (int32_t)arcs;
    g->values = values;
    count_steps(g, keep);
}

/* How many ways there are to choose at most k of n. */
static double ways(int n, int k)
{
    double sum = 1, one = 1;
    for (int i = 1; i <= k && i <= n; i++)
        sum += one = one * (n - i + 1) / i;
    return sum;
}

/* Rotations that need no other one before and have no window may be done in any sequence: where their sets alone, apart by
 * last site, are too many, nothing need be tried. */
static bool is_hopeless(const struct planner_rules *l)
{
    const struct planner_course *c = l->c;
    uint64_t free = c->active;
    for (int i = 0; i < c->orders; i++)
        free &= ~(UINT64_C(1) << c->order[i].after);
    for (int r = 0; r < c->rotations; r++)
        if (c->lo[r] > 0 || c->hi[r] < l->m->open - c->length[r])
            free &= ~(UINT64_C(1) << r);
    int required = __builtin_popcountll(free & c->required);
    double sets = ways(required, required);
    for (int i = 0; i < c->choices; i++)
        sets *= ways(__builtin_popcountll(free & c->choice_of[i]), c->choice_pick[i]);
    return sets * l->groups > (double)PLANNER_NODES_MOST * MAX(__builtin_popcountll(c->active), 1);
}

const struct planner_graph *planner_graph_of(const struct planner_model *m, struct planner_course *c, bool sites)
{
    if (c->graph[sites] != NULL || c->graph_failed[sites])
        return c->graph[sites];
    struct arena *scratch = m->scratch;
    bool mine = scratch->used_bytes == 0; /* else the caller has something there: it frees all in the end */
    struct builder b = { .scratch = scratch };
    struct planner_graph *g = ARENA_NEW(m->arena, struct planner_graph);
    bool fits = m->open < INT16_MAX && c->options <= UINT16_MAX &&
                planner_rules_make(&b.rules, m, c, sites, m->arena, scratch) && !is_hopeless(&b.rules) && explore(&b) && has_room(&b);
    if (fits) {
        uint64_t *key = ARENA_ARRAY(scratch, b.pasts, uint64_t);
        for (size_t i = 0; i < b.pasts; i++)
            key[i] = rank_of(&b, &b.past[i]);
        emit(&b, g, m->arena, sorted(scratch, key, (int)b.pasts));
        assert(g->nodes <= (int)b.pasts && g->values <= g->padded);
        g->groups = b.rules.groups;
        g->group_first = b.rules.group_first;
        g->group_option = b.rules.group_option;
        g->group_rotation = b.rules.group_rotation;
        c->graph[sites] = g;
    }
    c->graph_failed[sites] = !fits;
    if (mine)
        arena_free(scratch);
    return c->graph[sites];
}
