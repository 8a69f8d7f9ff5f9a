/* Compiling a course into the kernel's graph: breadth first by number of rotations done, then ranges of weeks forwards
 * and backwards, and only what lies on a way from the beginning to an end is kept. */
#include "planner/kernel.h"

enum { PAST_MOST = 24, NO_LONGER = UINT16_MAX /* a limit on visits that nothing to come can reach */ };

/* What matters of the past except the week. Compared by bytes: always zeroed first. */
struct past {
    uint64_t placed;
    uint16_t site;             /* 1 + index, 0 = none yet or not of interest */
    uint16_t run;              /* weeks worked without a free one, where a most is set */
    uint16_t count[PAST_MOST]; /* ages of rotations with a gap rule, then visits of limited sites */
};

struct link {
    int to, from;
    int16_t rotation, group;
    bool travels;
};

struct builder {
    struct arena *scratch;
    const struct planner_model *m;
    const struct planner_course *c;
    bool sites, leave_out;
    int ages;              /* tracked rotations */
    int age_of[PAST_MOST]; /* rotation */
    int age_most[PAST_MOST];
    int limited; /* sites whose limit can be reached */
    int limited_site[PAST_MOST];
    uint64_t limited_can[PAST_MOST]; /* rotations that may be there */
    int groups, *group_first, *group_option, *group_rotation, *group_site;
    struct past *past;
    size_t pasts, past_cap;
    int32_t *slot; /* hash table over past, -1 = empty */
    size_t slots;
    struct link *link;
    size_t links, link_cap;
};

/* How many more rotations may be placed at one site, at most. */
static int still_to_come(const struct planner_course *c, uint64_t at_site, uint64_t placed)
{
    int n = __builtin_popcountll(c->required & at_site & ~placed);
    for (int i = 0; i < c->choices; i++) {
        int left = c->choice_pick[i] - __builtin_popcountll(placed & c->choice_of[i]);
        n += MAX(MIN(left, __builtin_popcountll(c->choice_of[i] & c->active & at_site & ~placed)), 0);
    }
    return n;
}

static bool find_tracked(struct builder *b)
{
    const struct planner_course *c = b->c;
    for (int i = 0; i < c->orders; i++) {
        const struct planner_order *o = &c->order[i];
        if (o->min_gap == 0 && o->max_gap < 0)
            continue;
        int at = 0, most = MAX(o->min_gap, o->max_gap + 1);
        while (at < b->ages && b->age_of[at] != o->before)
            at++;
        if (at == PAST_MOST || most > UINT16_MAX)
            return false;
        b->age_of[at] = o->before;
        b->age_most[at] = at < b->ages ? MAX(b->age_most[at], most) : most;
        b->ages = MAX(b->ages, at + 1);
    }
    int limit = c->programme->site_limit;
    for (int s = 0; limit >= 0 && s < c->sites; s++) {
        uint64_t can = 0;
        for (int o = 0; o < c->options; o++)
            can |= c->option[o].site == s ? UINT64_C(1) << c->option[o].rotation : 0;
        if (still_to_come(c, can, 0) <= limit)
            continue;
        if (b->ages + b->limited == PAST_MOST)
            return false;
        b->limited_can[b->limited] = can;
        b->limited_site[b->limited++] = s;
    }
    return true;
}

/* Groups: the options of a rotation, apart by site where the site matters (or is limited). */
static void make_groups(struct builder *b, struct arena *keep)
{
    const struct planner_course *c = b->c;
    b->group_first = ARENA_ARRAY(keep, (size_t)c->options + 1, int);
    b->group_option = ARENA_ARRAY(keep, (size_t)c->options, int);
    b->group_rotation = ARENA_ARRAY(keep, (size_t)c->options, int);
    b->group_site = ARENA_ARRAY(b->scratch, (size_t)c->options, int);
    bool *done = ARENA_ARRAY(b->scratch, (size_t)c->options, bool);
    int n = 0;
    for (int o = 0; o < c->options; o++) {
        if (done[o])
            continue;
        b->group_rotation[b->groups] = c->option[o].rotation;
        b->group_site[b->groups] = c->option[o].site;
        b->group_first[b->groups++] = n;
        for (int i = o; i < c->option_first[c->option[o].rotation + 1]; i++)
            if (!done[i] && ((!b->sites && b->limited == 0) || c->option[i].site == c->option[o].site)) {
                done[i] = true;
                b->group_option[n++] = i;
            }
    }
    b->group_first[b->groups] = n;
    assert(n == c->options);
}

static uint64_t hash_of(const struct past *p)
{
    const unsigned char *at = (const unsigned char *)p;
    uint64_t h = 14695981039346656037u;
    for (size_t i = 0; i < sizeof *p; i++)
        h = (h ^ at[i]) * 1099511628211u;
    return h ^ h >> 29;
}

static int32_t *slot_for(struct builder *b, const struct past *p)
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

static int past_index(struct builder *b, const struct past *p)
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

/* Weeks pass: ages grow to their most; an age that no rule needs any more is 0. */
static void pass_weeks(const struct builder *b, struct past *p, int weeks)
{
    for (int i = 0; i < b->ages; i++) {
        if ((p->placed >> b->age_of[i] & 1) == 0)
            continue;
        bool needed = false;
        for (int k = 0; k < b->c->orders; k++)
            needed = needed || (b->c->order[k].before == b->age_of[i] && (p->placed >> b->c->order[k].after & 1) == 0);
        p->count[i] = needed ? (uint16_t)MIN(p->count[i] + weeks, b->age_most[i]) : 0;
    }
}

static int age_index(const struct builder *b, int rotation)
{
    for (int i = 0; i < b->ages; i++)
        if (b->age_of[i] == rotation)
            return i;
    return -1;
}

static bool order_allows(const struct builder *b, const struct past *p, int r)
{
    for (int i = 0; i < b->c->orders; i++) {
        const struct planner_order *o = &b->c->order[i];
        bool before = (p->placed >> o->before & 1) != 0;
        if (o->before == r && (p->placed >> o->after & 1) != 0)
            return false;
        if (o->after != r)
            continue;
        if (!before && o->requires)
            return false;
        int at = age_index(b, o->before);
        if (before && at >= 0 && (p->count[at] < o->min_gap || (o->max_gap >= 0 && p->count[at] > o->max_gap)))
            return false;
    }
    return true;
}

/* One more visit of a site; false: too many. Visits are counted only while what may still come could make them too many:
 * most pasts are then alike. */
static bool visit(const struct builder *b, struct past *p, int site)
{
    int limit = b->c->programme->site_limit;
    for (int i = 0; i < b->limited; i++) {
        uint16_t *count = &p->count[b->ages + i];
        if (*count == NO_LONGER)
            continue;
        *count += b->limited_site[i] == site;
        if (*count > limit)
            return false;
        if (*count + still_to_come(b->c, b->limited_can[i], p->placed) <= limit)
            *count = NO_LONGER;
    }
    return true;
}

/* What follows when the rotation of group g is done next; false where a rule forbids it. */
static bool step(const struct builder *b, const struct past *p, int g, struct past *next)
{
    const struct planner_course *c = b->c;
    int r = b->group_rotation[g], n = c->length[r];
    if ((p->placed >> r & 1) != 0 || (c->active >> r & 1) == 0 || !order_allows(b, p, r))
        return false;
    for (int i = 0; i < c->choices; i++)
        if ((c->choice_of[i] >> r & 1) != 0 && __builtin_popcountll(p->placed & c->choice_of[i]) >= c->choice_pick[i])
            return false;
    *next = *p;
    next->placed |= UINT64_C(1) << r;
    if (c->programme->max_consecutive > 0) {
        if (p->run + n > c->programme->max_consecutive)
            return false;
        next->run = (uint16_t)(p->run + n);
    }
    if (!visit(b, next, b->group_site[g]))
        return false;
    if (b->sites)
        next->site = (uint16_t)(1 + b->group_site[g]);
    pass_weeks(b, next, n);
    int age = age_index(b, r);
    if (age >= 0)
        next->count[age] = 0; /* weeks since its end */
    return true;
}

/* Weeks that the rotations done take at least, and those that must still follow. */
static int length_of(const struct planner_course *c, uint64_t set)
{
    int n = 0;
    for (; set != 0; set &= set - 1)
        n += c->length[__builtin_ctzll(set)];
    return n;
}

static bool has_future(const struct builder *b, uint64_t placed)
{
    int done = length_of(b->c, placed);
    if (b->leave_out)
        return done <= b->m->open;
    if (done + planner_course_unplaced(b->c, placed) > b->m->open)
        return false;
    for (uint64_t left = b->c->required & ~placed; left != 0; left &= left - 1)
        if (b->c->hi[__builtin_ctzll(left)] < done)
            return false;
    return true;
}

static void add_link(struct builder *b, int from, const struct past *next, int rotation, int group, bool travels)
{
    int to = past_index(b, next);
    *ARENA_PUSH(b->scratch, b->link, b->links, b->link_cap) =
        (struct link){ to, from, (int16_t)rotation, (int16_t)group, travels };
}

static bool explore(struct builder *b)
{
    struct past begin, next;
    memset(&begin, 0, sizeof begin);
    (void)past_index(b, &begin);
    for (size_t i = 0; i < b->pasts; i++) {
        if (b->pasts > PLANNER_NODES_MOST || b->links > 16 * (size_t)PLANNER_NODES_MOST)
            return false;
        struct past p = b->past[i];
        for (int g = 0; g < b->groups; g++)
            if (step(b, &p, g, &next) && has_future(b, next.placed))
                add_link(b, (int)i, &next, b->group_rotation[g], g, p.site != 0 && p.site != next.site);
        next = p;
        next.run = 0;
        pass_weeks(b, &next, 1);
        if (memcmp(&next, &p, sizeof p) != 0)
            add_link(b, (int)i, &next, -1, -1, false);
    }
    return true;
}

/* Rank inside one number of rotations: a free week never lowers an age and ends the run. */
static uint64_t rank_of(const struct builder *b, const struct past *p)
{
    uint64_t ages = 0;
    for (int i = 0; i < b->ages; i++)
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
    const struct planner_course *c = b->c;
    int n = (int)b->pasts;
    struct range *range = ARENA_ARRAY(b->scratch, (size_t)n, struct range);
    for (int i = 0; i < n; i++) {
        range[i] = (struct range){ i == 0 ? 0 : INT16_MAX, -1 };
        for (int k = first[i]; k < first[i + 1]; k++) {
            int r = link[k].rotation, from = range[link[k].from].least;
            if (r >= 0)
                from = from > b->m->open || MAX(from, c->lo[r]) > c->hi[r] ? INT16_MAX
                                                                           : MAX(from, c->lo[r]) + c->length[r];
            else
                from++;
            range[i].least = MIN(range[i].least, from);
        }
    }
    for (int i = n; i-- > 0;) {
        uint64_t placed = b->past[order[i]].placed;
        if (b->leave_out || planner_course_complete(c, placed))
            range[i].most = b->m->open;
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
    int n = k->rotation >= 0 ? b->c->length[k->rotation] : 1;
    int lo = MAX(at_from->least, at_to->least - n), hi = MIN(at_from->most, at_to->most - n);
    if (k->rotation >= 0) {
        lo = MAX(lo, b->c->lo[k->rotation]);
        hi = MIN(hi, b->c->hi[k->rotation]);
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
    int n = arc->rotation >= 0 ? b->c->length[arc->rotation] : 1, begin = to->least - n;
    int group = arc->rotation >= 0 ? arc->group : b->groups + (from->placed != 0);
    assert(arc->lo >= begin && arc->count > 0);
    return (struct planner_pull){ .from_at = (int32_t)from->padded + begin - from->least,
                                  .cost_at = group * planner_cost_stride(b->m) + PLANNER_LANES + begin };
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
        const struct past *p = &b->past[order[i]];
        struct planner_node *node = &g->node[place[i]];
        struct past idle = *p;
        idle.run = 0;
        pass_weeks(b, &idle, 1);
        int width = range[i].most - range[i].least + 1;
        *node = (struct planner_node){ .placed = p->placed,
                                       .arc_first = (int32_t)arcs,
                                       .least = (int16_t)range[i].least,
                                       .most = (int16_t)range[i].most,
                                       .idles = memcmp(&idle, p, sizeof idle) == 0,
                                       .whole = planner_course_complete(b->c, p->placed),
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
                int at = arc.lo + (arc.rotation >= 0 ? b->c->length[arc.rotation] : 1) - node->least;
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

const struct planner_graph *planner_graph_of(const struct planner_model *m, struct planner_course *c, bool sites)
{
    if (c->graph[sites] != NULL || c->graph_failed[sites])
        return c->graph[sites];
    struct arena *scratch = m->scratch;
    bool mine = scratch->used_bytes == 0; /* else the caller has something there: it frees all in the end */
    struct builder b = { .scratch = scratch, .m = m, .c = c, .sites = sites, .leave_out = m->problem->allow_unplaced };
    struct planner_graph *g = ARENA_NEW(m->arena, struct planner_graph);
    bool fits = m->open < INT16_MAX && c->options <= UINT16_MAX && find_tracked(&b);
    if (fits) {
        make_groups(&b, m->arena);
        fits = explore(&b);
    }
    if (fits) {
        uint64_t *key = ARENA_ARRAY(scratch, b.pasts, uint64_t);
        for (size_t i = 0; i < b.pasts; i++)
            key[i] = rank_of(&b, &b.past[i]);
        emit(&b, g, m->arena, sorted(scratch, key, (int)b.pasts));
        assert(g->nodes <= (int)b.pasts && g->values <= g->padded);
        g->groups = b.groups;
        g->group_first = b.group_first;
        g->group_option = b.group_option;
        g->group_rotation = b.group_rotation;
        c->graph[sites] = g;
    }
    c->graph_failed[sites] = !fits;
    if (mine)
        arena_free(scratch);
    return c->graph[sites];
}
