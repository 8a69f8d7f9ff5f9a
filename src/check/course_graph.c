/* A course's graph: states enumerated week by week, then what is reachable both ways. See course.h. */
#include "check/course.h"

/* ---- enumerating states -------------------------------------------------------------------------------------- */

/* What of the past is looked at. */
struct memory {
    bool sites, run;
    int gaps; /* orders whose age is kept */
    const struct order *gap[ITEMS_MOST];
    int before[ITEMS_MOST], after[ITEMS_MOST]; /* items */
    int32_t age_most[ITEMS_MOST];
    int limited; /* sites whose visits are counted */
    int site[ITEMS_MOST * 4];
    uint64_t there[ITEMS_MOST * 4]; /* items that may be there */
    uint64_t required, *choice;     /* items by choice */
};

/* A state's key: week, done, site, run, then ages, then visits, as 32-bit words. */
enum { KEY_WEEK, KEY_DONE_LOW, KEY_DONE_HIGH, KEY_SITE, KEY_RUN, KEY_FIXED };
enum { NO_LONGER = INT32_MAX }; /* visits of a site that are not counted any longer */

struct building {
    struct course *c;
    struct arena *scratch;
    struct memory mem;
    size_t words;
    uint32_t *key; /* of all states */
    size_t key_n, key_cap;
    uint32_t states;
    uint32_t *slot; /* hash table: state + 1 */
    size_t slots;
    uint32_t *waiting; /* by week: 1 + newest state of that week */
    uint32_t *next;    /* state: 1 + next of its week */
    size_t next_n, next_cap;
    struct full_arc {
        uint32_t from, option, to;
    } *arc;
    size_t arcs, arc_cap;
    bool too_big;
};

static int item_of(const struct course *c, int rotation)
{
    for (int i = 0; i < c->items; i++)
        if (c->item[i].rotation == rotation)
            return i;
    return NONE;
}

/* How many of these items may still be placed, at most. */
static int still_to_come(const struct memory *mem, const struct course *c, uint64_t of, uint64_t done)
{
    int n = __builtin_popcountll(mem->required & of & ~done);
    for (int h = 0; h < c->g->choices; h++) {
        int left = c->g->choice[h].pick - __builtin_popcountll(mem->choice[h] & done);
        n += MAX(MIN(left, __builtin_popcountll(mem->choice[h] & of & ~done)), 0);
    }
    return n;
}

/* Sites at which a plan could be too often. */
static void count_limited_sites(struct memory *mem, const struct course *c, struct arena *scratch)
{
    mem->choice = ARENA_ARRAY(scratch, (size_t)c->g->choices + 1, uint64_t);
    for (int i = 0; i < c->items; i++) {
        uint64_t *set = c->item[i].choice != NONE ? &mem->choice[c->item[i].choice] : &mem->required;
        *set |= UINT64_C(1) << i;
    }
    for (int o = 0; c->g->site_limit != NONE && o < c->options; o++) {
        int site = c->option[o].site;
        uint64_t there = 0;
        bool known = false;
        for (int k = 0; k < c->options; k++)
            there |= c->option[k].site == site ? UINT64_C(1) << c->option[k].item : 0;
        for (int k = 0; k < mem->limited && mem->limited <= (int)LEN(mem->site); k++)
            known = known || mem->site[k] == site;
        if (known || still_to_come(mem, c, there, 0) <= c->g->site_limit)
            continue;
        if (mem->limited >= (int)LEN(mem->site)) {
            mem->limited = (int)LEN(mem->site) + 1;
            return;
        }
        mem->there[mem->limited] = there;
        mem->site[mem->limited++] = site;
    }
}

static void remember(struct memory *mem, const struct course *c, bool sites, struct arena *scratch)
{
    int32_t total = 0;
    for (int i = 0; i < c->items; i++)
        total += c->item[i].weeks;
    mem->sites = sites;
    mem->run = c->g->max_consecutive != NONE && c->g->max_consecutive < total;
    for (int k = 0; k < c->g->orders; k++) {
        const struct order *o = &c->g->order[k];
        if (o->off || (o->min_gap == 0 && o->max_gap == NONE) || item_of(c, o->before) == NONE || item_of(c, o->after) == NONE)
            continue;
        if (mem->gaps == ITEMS_MOST) {
            mem->gaps++; /* more than anybody needs: too big */
            return;
        }
        mem->gap[mem->gaps] = o;
        mem->before[mem->gaps] = item_of(c, o->before);
        mem->after[mem->gaps] = item_of(c, o->after);
        mem->age_most[mem->gaps++] = MIN(MAX(o->min_gap, o->max_gap != NONE ? o->max_gap + 1 : 0), c->m->open + 1);
    }
    count_limited_sites(mem, c, scratch);
}

static uint64_t hash_of(const uint32_t *key, size_t words)
{
    uint64_t h = 0x9E3779B97F4A7C15u;
    for (size_t i = 0; i < words; i++) {
        h = (h ^ key[i]) * 0xFF51AFD7ED558CCDu;
        h ^= h >> 32;
    }
    return h;
}

static uint32_t *slot_for(struct building *b, const uint32_t *key)
{
    assert(b->states < b->slots && (b->slots & (b->slots - 1)) == 0); /* never full: the search ends */
    for (size_t i = hash_of(key, b->words) & (b->slots - 1);; i = (i + 1) & (b->slots - 1))
        if (b->slot[i] == 0 || memcmp(b->key + (size_t)(b->slot[i] - 1) * b->words, key, b->words * sizeof *key) == 0)
            return &b->slot[i];
}

static void grow_slots(struct building *b)
{
    b->slots = b->slots > 0 ? b->slots * 4 : 1024;
    b->slot = ARENA_ARRAY(b->scratch, b->slots, uint32_t);
    for (uint32_t i = 0; i < b->states; i++)
        *slot_for(b, b->key + (size_t)i * b->words) = i + 1;
}

/* The number of the state, which is made where it is new. */
static uint32_t state_of(struct building *b, const uint32_t *key)
{
    assert((int32_t)key[KEY_WEEK] <= b->c->m->open);
    if ((size_t)b->states * 2 >= b->slots)
        grow_slots(b);
    uint32_t *slot = slot_for(b, key);
    if (*slot != 0)
        return *slot - 1;
    if (b->states == STATES_MOST) {
        b->too_big = true;
        return 0;
    }
    for (size_t i = 0; i < b->words; i++)
        *ARENA_PUSH(b->scratch, b->key, b->key_n, b->key_cap) = key[i];
    *ARENA_PUSH(b->scratch, b->next, b->next_n, b->next_cap) = b->waiting[key[KEY_WEEK]];
    assert(b->next_n == (size_t)b->states + 1 && b->key_n == b->next_n * b->words);
    *slot = ++b->states;
    b->waiting[key[KEY_WEEK]] = b->states;
    return b->states - 1;
}

static uint64_t done_of(const uint32_t *key)
{
    return key[KEY_DONE_LOW] | (uint64_t)key[KEY_DONE_HIGH] << 32;
}

static bool has(uint64_t done, int item)
{
    return (done >> item & 1) != 0;
}

/* Weeks that must still be placed; *ends: nothing need be. */
static int32_t missing_of(const struct course *c, uint64_t done)
{
    int32_t weeks = 0;
    for (int i = 0; i < c->items; i++)
        if (c->item[i].choice == NONE && !has(done, i))
            weeks += c->item[i].weeks;
    for (int h = 0; h < c->g->choices; h++) {
        if ((c->picks >> h & 1) == 0)
            continue;
        uint64_t left = 0;
        int picked = 0;
        for (int i = 0; i < c->items; i++) {
            if (c->item[i].choice != h)
                continue;
            picked += has(done, i);
            left |= has(done, i) ? 0 : UINT64_C(1) << i;
        }
        for (; picked < c->g->choice[h].pick && left != 0; picked++) {
            int best = NONE;
            for (int i = 0; i < c->items; i++)
                if (has(left, i) && (best == NONE || c->item[i].weeks < c->item[best].weeks))
                    best = i;
            assert(best != NONE);
            weeks += c->item[best].weeks;
            left &= ~(UINT64_C(1) << best);
        }
    }
    assert(weeks >= 0);
    return weeks;
}

static int picked_of(const struct course *c, uint64_t done, int choice)
{
    int n = 0;
    for (int i = 0; i < c->items; i++)
        n += c->item[i].choice == choice && has(done, i);
    return n;
}

/* Whether item i may be placed next as far as orders and choices say. */
static bool may_follow(const struct building *b, const uint32_t *key, int i)
{
    const struct course *c = b->c;
    uint64_t done = done_of(key);
    int choice = c->item[i].choice;
    if (has(done, i) || (choice != NONE && picked_of(c, done, choice) >= c->g->choice[choice].pick))
        return false;
    if (c->item[i].rotation == NONE)
        return true;
    for (int k = 0; k < c->g->orders; k++) {
        const struct order *o = &c->g->order[k];
        int before = item_of(c, o->before), after = item_of(c, o->after);
        if (o->off || before == NONE || after == NONE)
            continue;
        if (after == i && o->requires && !has(done, before))
            return false;
        if (before == i && has(done, after))
            return false;
    }
    for (int k = 0; k < b->mem.gaps; k++) {
        int32_t age = (int32_t)key[KEY_FIXED + k];
        const struct order *o = b->mem.gap[k];
        if (b->mem.after[k] == i && has(done, b->mem.before[k]) && (age < o->min_gap || (o->max_gap != NONE && age > o->max_gap)))
            return false;
    }
    return true;
}

static void grow_old(const struct building *b, uint32_t *key, int32_t weeks)
{
    uint64_t done = done_of(key);
    for (int k = 0; k < b->mem.gaps; k++) {
        bool counts = has(done, b->mem.before[k]) && !has(done, b->mem.after[k]);
        int32_t age = (int32_t)key[KEY_FIXED + k] + weeks;
        key[KEY_FIXED + k] = counts ? (uint32_t)MIN(age, b->mem.age_most[k]) : 0;
    }
}

static void add_arc(struct building *b, uint32_t from, uint32_t option, const uint32_t *key)
{
    const struct course *c = b->c;
    int32_t left = missing_of(c, done_of(key));
    if (!c->unplaced_allowed && (int64_t)key[KEY_WEEK] + left > c->m->open)
        return; /* what is left does not fit any more */
    assert(b->key[(size_t)from * b->words + KEY_WEEK] < key[KEY_WEEK]); /* arcs go upwards */
    uint32_t to = state_of(b, key);
    *ARENA_PUSH(b->scratch, b->arc, b->arcs, b->arc_cap) = (struct full_arc){ from, option, to };
}

/* One more visit of a site; false: too many. A site that nothing to come can make too many is not counted any longer. */
static bool visit(const struct building *b, uint32_t *visits, int site, uint64_t done)
{
    int limit = b->c->g->site_limit;
    for (int k = 0; k < b->mem.limited; k++) {
        if (visits[k] == NO_LONGER)
            continue;
        visits[k] += b->mem.site[k] == site;
        if ((int32_t)visits[k] > limit)
            return false;
        if ((int32_t)visits[k] + still_to_come(&b->mem, b->c, b->mem.there[k], done) <= limit)
            visits[k] = NO_LONGER;
    }
    return true;
}

static bool place(const struct building *b, uint32_t *key, int o)
{
    const struct course *c = b->c;
    const struct option *p = &c->option[o];
    assert(p->item >= 0 && p->item < c->items);
    int32_t weeks = c->item[p->item].weeks, run = (int32_t)key[KEY_RUN] + weeks;
    enum check_rule rule;
    if ((int64_t)key[KEY_WEEK] + weeks > c->m->open || !check_weeks_fit(c->m, c->m->week_of[key[KEY_WEEK]], weeks, &rule))
        return false;
    const struct rotation *q = c->item[p->item].rotation != NONE ? &c->g->rotation[c->item[p->item].rotation] : NULL;
    if (q != NULL && q->earliest != WEEK_NONE && c->m->week_of[key[KEY_WEEK]] < q->earliest)
        return false;
    if (q != NULL && q->latest_end != WEEK_NONE && c->m->week_of[(int32_t)key[KEY_WEEK] + weeks - 1] >= q->latest_end)
        return false;
    if (b->mem.run && run > c->g->max_consecutive)
        return false;
    uint64_t done = done_of(key) | UINT64_C(1) << p->item;
    if (!visit(b, key + KEY_FIXED + b->mem.gaps, p->site, done))
        return false;
    grow_old(b, key, weeks);
    key[KEY_DONE_LOW] = (uint32_t)done;
    key[KEY_DONE_HIGH] = (uint32_t)(done >> 32);
    for (int k = 0; k < b->mem.gaps; k++)
        if (b->mem.before[k] == p->item || has(done, b->mem.after[k]))
            key[KEY_FIXED + k] = 0;
    key[KEY_WEEK] += (uint32_t)weeks;
    key[KEY_SITE] = b->mem.sites ? (uint32_t)p->site : (uint32_t)NONE;
    key[KEY_RUN] = b->mem.run ? (uint32_t)run : 0;
    return true;
}

static void expand(struct building *b, uint32_t from, uint32_t *key)
{
    const struct course *c = b->c;
    size_t bytes = b->words * sizeof *key;
    const uint32_t *own = b->key + (size_t)from * b->words;
    bool may[ITEMS_MOST];
    if ((int32_t)own[KEY_WEEK] >= c->m->open)
        return;
    for (int i = 0; i < c->items; i++)
        may[i] = may_follow(b, own, i);
    for (int o = 0; o < c->options && !b->too_big; o++) {
        if (!may[c->option[o].item])
            continue;
        memcpy(key, b->key + (size_t)from * b->words, bytes);
        if (place(b, key, o))
            add_arc(b, from, (uint32_t)o, key);
    }
    memcpy(key, b->key + (size_t)from * b->words, bytes);
    if (done_of(key) != 0 && !c->idle_allowed[key[KEY_WEEK]])
        return;
    grow_old(b, key, 1);
    key[KEY_WEEK]++;
    key[KEY_RUN] = 0;
    add_arc(b, from, IDLE, key);
}

/* ---- the graph of what is reachable both ways ------------------------------------------------------------------ */

static bool can_end(const struct course *c, uint64_t done)
{
    return c->unplaced_allowed || missing_of(c, done) == 0;
}

/* Numbers the states that lead to an end in order of weeks; number[state] = 1 + number. */
static uint32_t number_states(const struct building *b, uint32_t *number)
{
    const struct course *c = b->c;
    bool *alive = ARENA_ARRAY(b->scratch, b->states, bool);
    for (uint32_t i = 0; i < b->states; i++)
        alive[i] = can_end(c, done_of(b->key + (size_t)i * b->words));
    for (size_t i = b->arcs; i-- > 0;) /* arcs were made in order of the weeks they leave */
        alive[b->arc[i].from] = alive[b->arc[i].from] || alive[b->arc[i].to];
    uint32_t n = 0;
    for (int32_t t = 0; t <= c->m->open; t++)
        for (uint32_t at = b->waiting[t]; at != 0; at = b->next[at - 1])
            if (alive[at - 1])
                number[at - 1] = ++n;
    assert(n <= b->states);
    return alive[0] ? n : 0;
}

static struct graph *finish(struct arena *a, struct building *b)
{
    const struct course *c = b->c;
    struct graph *g = ARENA_NEW(a, struct graph);
    uint32_t *number = ARENA_ARRAY(b->scratch, b->states, uint32_t);
    g->states = number_states(b, number);
    g->week = ARENA_ARRAY(a, g->states, int32_t);
    g->done = ARENA_ARRAY(a, g->states, uint64_t);
    g->site = ARENA_ARRAY(a, g->states, int32_t);
    g->missing = ARENA_ARRAY(a, g->states, int32_t);
    g->ends = ARENA_ARRAY(a, g->states, bool);
    g->begin = ARENA_ARRAY(a, (size_t)g->states + 1, uint32_t);
    for (uint32_t i = 0; g->states > 0 && i < b->states; i++) {
        const uint32_t *key = b->key + (size_t)i * b->words;
        if (number[i] == 0)
            continue;
        uint32_t at = number[i] - 1;
        g->week[at] = (int32_t)key[KEY_WEEK];
        g->done[at] = done_of(key);
        g->site[at] = (int32_t)key[KEY_SITE];
        g->missing[at] = missing_of(c, g->done[at]);
        g->ends[at] = can_end(c, g->done[at]);
    }
    if (g->states == 0)
        return g;
    size_t arcs = 0;
    for (size_t i = 0; i < b->arcs; i++)
        if (number[b->arc[i].from] != 0 && number[b->arc[i].to] != 0) {
            g->begin[number[b->arc[i].from]]++;
            arcs++;
        }
    for (uint32_t i = 0; i < g->states; i++)
        g->begin[i + 1] += g->begin[i];
    assert(g->begin[0] == 0 && g->begin[g->states] == arcs);
    uint32_t *fill = ARENA_ARRAY(b->scratch, g->states, uint32_t);
    memcpy(fill, g->begin, g->states * sizeof *fill);
    g->arc = ARENA_ARRAY(a, arcs, struct arc);
    for (size_t i = 0; i < b->arcs; i++)
        if (number[b->arc[i].from] != 0 && number[b->arc[i].to] != 0)
            g->arc[fill[number[b->arc[i].from] - 1]++] = (struct arc){ b->arc[i].option, number[b->arc[i].to] - 1 };
    assert(fill[g->states - 1] == g->begin[g->states]);
    return g;
}

const struct graph *check_course_graph(struct arena *a, struct arena *scratch, struct course *c, bool sites)
{
    if (c->graph[sites] != NULL)
        return c->graph[sites];
    struct building b = { .c = c, .scratch = scratch };
    remember(&b.mem, c, sites, scratch);
    if (b.mem.gaps > ITEMS_MOST || b.mem.limited > (int)LEN(b.mem.site)) {
        c->graph[sites] = ARENA_NEW(a, struct graph);
        c->graph[sites]->too_big = true;
        return c->graph[sites];
    }
    b.words = (size_t)(KEY_FIXED + b.mem.gaps + b.mem.limited);
    b.waiting = ARENA_ARRAY(scratch, (size_t)c->m->open + 2, uint32_t);
    assert(b.words >= KEY_FIXED);
    uint32_t *key = ARENA_ARRAY(scratch, b.words, uint32_t);
    key[KEY_SITE] = (uint32_t)NONE;
    (void)state_of(&b, key);
    for (int32_t t = 0; t <= c->m->open; t++)
        for (uint32_t at = b.waiting[t]; at != 0 && !b.too_big; at = b.next[at - 1])
            expand(&b, at - 1, key);
    if (b.too_big) {
        c->graph[sites] = ARENA_NEW(a, struct graph);
        c->graph[sites]->too_big = true;
    } else {
        c->graph[sites] = finish(a, &b);
    }
    assert(c->graph[sites] != NULL);
    arena_free(scratch);
    return c->graph[sites];
}
