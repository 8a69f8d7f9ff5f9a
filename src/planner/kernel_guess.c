/* A plan of one unit where its graph would be too large: week by week only the most promising pasts are followed, by what
 * they cost so far and what the rest will cost at least if nothing stood in its way. What comes out keeps every rule and is
 * cheap; how far it is from the cheapest nobody knows, so no bound may rest on it. */
#include "planner/kernel_inside.h"
#include "planner/past.h"

enum { KEPT = 12, KEPT_MORE = 640 /* pasts of one week; where so few lead nowhere */ };

#define FAR (PLANNER_INFINITY / PLANNER_ROTATIONS_MOST / 4)

/* A past that was followed. */
struct planner_guess {
    struct planner_past past;
    int64_t cost;
    int from; /* -1: the beginning */
    int16_t group, week;
};

/* One that may be. */
struct planner_offer {
    int64_t cost, rest;
    int from, next; /* next of the same week; -1: none */
    int16_t group;  /* -1: a free week */
};

struct beam {
    struct pass *p;
    const struct planner_rules *rules;
    const struct planner_prices *prices;
    int open, kept_most;
    int64_t *group_cost, *least; /* [group * open + week]; [rotation * (open + 1) + week]: from that week on */
    int *first;                  /* of the offers by week */
    int *packs;                  /* weeks that can be placed from a week on, at most, whatever the order */
    struct planner_guess *guess;
    int guesses;
    struct planner_offer *offer;
    size_t offers, offer_cap;
    int *heap;
};

static void cost_groups(struct beam *b)
{
    const struct planner_rules *l = b->rules;
    const struct planner_course *c = l->c;
    size_t open = (size_t)b->open;
    for (size_t i = 0; i < (size_t)c->rotations * (open + 1); i++)
        b->least[i] = FAR;
    for (int g = 0; g < l->groups; g++) {
        int64_t *out = b->group_cost + (size_t)g * open, *least = b->least + (size_t)l->group_rotation[g] * (open + 1);
        for (size_t t = 0; t < open; t++)
            out[t] = FAR;
        for (int i = l->group_first[g]; i < l->group_first[g + 1]; i++)
            for (size_t t = 0; t < open; t++)
                out[t] = MIN(out[t], b->p->k->option_cost[(size_t)l->group_option[i] * open + t]);
        for (size_t t = open; t-- > 0;)
            least[t] = MIN(least[t], out[t]);
    }
    for (int r = 0; r < c->rotations; r++)
        for (size_t t = open, at = (size_t)r * (open + 1); t-- > 0;)
            b->least[at + t] = MIN(b->least[at + t], b->least[at + t + 1]);
}

/* Placements end to end wherever something may begin: what is left must fit into that. */
static void pack(struct beam *b)
{
    const struct planner_rules *l = b->rules;
    b->packs[b->open] = 0;
    for (int t = b->open; t-- > 0;) {
        b->packs[t] = b->packs[t + 1];
        for (int g = 0; g < l->groups; g++)
            if (b->group_cost[(size_t)g * (size_t)b->open + (size_t)t] < FAR) {
                int n = l->c->length[l->group_rotation[g]];
                b->packs[t] = MAX(b->packs[t], n + b->packs[t + n]);
            }
    }
}

/* What can't be placed any more: of a choice that is full, behind such a one, or before what is placed. */
static uint64_t lost(const struct planner_course *c, uint64_t placed)
{
    uint64_t out = 0, before;
    for (int i = 0; i < c->choices; i++)
        if (__builtin_popcountll(placed & c->choice_of[i]) >= c->choice_pick[i])
            out |= c->choice_of[i] & ~placed;
    do {
        before = out;
        for (int i = 0; i < c->orders; i++) {
            uint64_t first = UINT64_C(1) << c->order[i].before, then = UINT64_C(1) << c->order[i].after;
            if (c->order[i].requires && (out & first) != 0)
                out |= then & ~placed;
            if ((placed & then) != 0)
                out |= first & ~placed;
        }
    } while (out != before);
    return out;
}

/* What the rest costs at least, from this week on: each rotation where it is cheapest, of a choice the cheapest ones. */
static int64_t rest_of(const struct beam *b, uint64_t placed, int week)
{
    const struct planner_course *c = b->rules->c;
    const int64_t *least = b->least + week;
    size_t stride = (size_t)b->open + 1;
    int64_t sum = 0;
    if (b->rules->leave_out && !b->prices->all_placed)
        return 0;
    uint64_t gone = lost(c, placed);
    if ((gone & c->required) != 0)
        return FAR;
    for (uint64_t left = c->required & ~placed; left != 0; left &= left - 1)
        sum += least[(size_t)__builtin_ctzll(left) * stride];
    for (int i = 0; i < c->choices; i++) {
        int64_t cheapest[PLANNER_ROTATIONS_MOST];
        int n = 0, want = c->choice_pick[i] - __builtin_popcountll(placed & c->choice_of[i]);
        for (uint64_t left = c->choice_of[i] & ~placed & ~gone; want > 0 && left != 0; left &= left - 1) {
            int64_t x = least[(size_t)__builtin_ctzll(left) * stride];
            int at = n < want ? n++ : want;
            for (; at > 0 && cheapest[at - 1] > x; at--)
                if (at < want)
                    cheapest[at] = cheapest[at - 1];
            if (at < want)
                cheapest[at] = x;
        }
        if (n < want)
            return FAR;
        for (int k = 0; k < n; k++)
            sum += cheapest[k];
    }
    return MIN(sum, FAR);
}

static void offer(struct beam *b, int from, int group, int week, int64_t cost, int64_t rest)
{
    if (rest >= FAR || week > b->open)
        return;
    *ARENA_PUSH(b->p->k->arena, b->offer, b->offers, b->offer_cap) =
        (struct planner_offer){ .cost = cost, .rest = rest, .from = from, .next = b->first[week], .group = (int16_t)group };
    b->first[week] = (int)b->offers - 1;
}

/* All that may follow a past. */
static void follow(struct beam *b, int at)
{
    const struct planner_rules *l = b->rules;
    const struct planner_guess *x = &b->guess[at];
    struct planner_node begun = { .placed = x->past.placed };
    bool whole = !l->leave_out || b->prices->all_placed;
    int need = whole ? planner_course_unplaced(l->c, x->past.placed) : 0;
    int64_t rest = FAR;
    for (int g = 0, last = -1; g < l->groups && x->week < b->open; g++) {
        int64_t cost = b->group_cost[(size_t)g * (size_t)b->open + (size_t)x->week];
        uint64_t bit = UINT64_C(1) << l->group_rotation[g];
        int n = l->c->length[l->group_rotation[g]];
        if (cost >= FAR || (x->past.placed & bit) != 0 || b->packs[x->week + n] < need - n)
            continue;
        if (l->sites && x->past.site != 0 && x->past.site != 1 + l->group_site[g])
            cost += b->p->travel;
        if (l->group_rotation[g] != last) /* those of one rotation stand together */
            rest = rest_of(b, x->past.placed | bit, x->week + n);
        last = l->group_rotation[g];
        offer(b, at, g, x->week + n, x->cost + cost, rest);
    }
    if (x->week < b->open && b->packs[x->week + 1] >= need && planner_pass_may_idle(b->p, &begun, x->week))
        offer(b, at, -1, x->week + 1, x->cost + b->p->wait, rest_of(b, x->past.placed, x->week + 1));
    b->p->k->work += (uint64_t)l->groups * 16;
}

/* The past that an offer leads to; false: a rule forbids it. */
static bool past_of(const struct beam *b, const struct planner_offer *o, struct planner_past *out)
{
    if (o->from < 0) {
        memset(out, 0, sizeof *out);
        return true;
    }
    if (o->group >= 0)
        return planner_past_step(b->rules, &b->guess[o->from].past, o->group, out) && planner_past_has_future(b->rules, out->placed);
    *out = b->guess[o->from].past;
    out->run = 0;
    planner_past_wait(b->rules, out, 1);
    return true;
}

static bool is_better(const struct beam *b, int i, int k)
{
    int64_t x = b->offer[i].cost + b->offer[i].rest, y = b->offer[k].cost + b->offer[k].rest;
    return x < y || (x == y && i < k);
}

static void sift(struct beam *b, int n, int at)
{
    for (int child; (child = 2 * at + 1) < n; at = child) {
        child += child + 1 < n && is_better(b, b->heap[child + 1], b->heap[child]);
        if (!is_better(b, b->heap[child], b->heap[at]))
            return;
        int t = b->heap[child];
        b->heap[child] = b->heap[at];
        b->heap[at] = t;
    }
}

/* The offers of a week as a heap, the best on top; how many. */
static int heap_of(struct beam *b, int week)
{
    struct planner_kernel *k = b->p->k;
    b->heap = k->heap = planner_kernel_room(k->arena, k->heap, &k->heap_cap, b->offers, sizeof *k->heap);
    int n = 0;
    for (int at = b->first[week]; at >= 0; at = b->offer[at].next)
        b->heap[n++] = at;
    for (int i = n / 2; i-- > 0;)
        sift(b, n, i);
    k->work += 2 * (uint64_t)n;
    return n;
}

static void keep_best(struct beam *b, int week)
{
    int begin = b->guesses, n = heap_of(b, week);
    for (int left = n; left > 0 && b->guesses - begin < b->kept_most; left--) {
        int at = b->heap[0];
        struct planner_guess *fresh = &b->guess[b->guesses];
        b->heap[0] = b->heap[left - 1];
        sift(b, left - 1, 0);
        if (!past_of(b, &b->offer[at], &fresh->past))
            continue;
        bool known = false;
        for (int k = begin; k < b->guesses && !known; k++)
            known = memcmp(&b->guess[k].past, &fresh->past, sizeof fresh->past) == 0;
        if (known)
            continue; /* by a cheaper way */
        fresh->cost = b->offer[at].cost;
        fresh->from = b->offer[at].from;
        fresh->group = b->offer[at].group;
        fresh->week = (int16_t)week;
        b->guesses++;
    }
}

static int best_end(const struct beam *b, int64_t *cost)
{
    int best = -1;
    *cost = PLANNER_INFINITY;
    for (int i = 0; i < b->guesses; i++) {
        uint64_t placed = b->guess[i].past.placed;
        struct planner_node node = { .placed = placed, .whole = planner_course_complete(b->rules->c, placed) };
        int64_t all = b->guess[i].cost + planner_pass_left_out(b->p, b->prices, &node);
        if (planner_pass_may_end(b->p, b->prices, &node) && all < *cost) {
            best = i;
            *cost = all;
        }
    }
    return best;
}

static uint16_t option_at(const struct beam *b, int group, int week)
{
    const struct planner_rules *l = b->rules;
    int64_t cost = b->group_cost[(size_t)group * (size_t)b->open + (size_t)week];
    for (int i = l->group_first[group]; i < l->group_first[group + 1]; i++)
        if (b->p->k->option_cost[(size_t)l->group_option[i] * (size_t)b->open + (size_t)week] == cost)
            return (uint16_t)l->group_option[i];
    assert(!"no option has the cost of its group");
    return 0;
}

/* The rules of a course, made when first asked for; NULL: too many look at the past. */
static const struct planner_rules *rules_of(const struct planner_model *m, struct planner_course *c, bool sites)
{
    if (c->rules[sites] == NULL && !c->rules_failed[sites]) {
        struct planner_rules *l = ARENA_NEW(m->arena, struct planner_rules);
        bool fits = m->open < INT16_MAX && c->options <= INT16_MAX && planner_rules_make(l, m, c, sites, m->arena, m->scratch);
        c->rules[sites] = fits ? l : NULL;
        c->rules_failed[sites] = !fits;
    }
    return c->rules[sites];
}

static int run(struct beam *b, int64_t *cost)
{
    struct planner_kernel *k = b->p->k;
    size_t most = ((size_t)b->open + 1) * (size_t)b->kept_most + 1;
    b->guess = k->guess = planner_kernel_room(k->arena, k->guess, &k->guess_cap, most, sizeof *k->guess);
    b->guesses = 0;
    b->offers = 0;
    for (int t = 0; t <= b->open; t++)
        b->first[t] = -1;
    offer(b, -1, -1, 0, 0, rest_of(b, 0, 0));
    for (int t = 0; t <= b->open; t++) {
        int begin = b->guesses;
        keep_best(b, t);
        for (int i = begin, end = b->guesses; i < end; i++)
            follow(b, i);
    }
    return best_end(b, cost);
}

bool planner_guess_solve(struct pass *p, struct planner_course *c, bool sites, const struct planner_prices *prices, int64_t *cost,
                         struct planner_path *path)
{
    struct planner_kernel *k = p->k;
    const struct planner_rules *l = rules_of(k->model, c, sites);
    if (l == NULL)
        return false;
    size_t open = (size_t)k->model->open;
    struct beam b = { .p = p, .rules = l, .prices = prices, .open = k->model->open, .kept_most = KEPT };
    b.group_cost = k->group_cost = planner_kernel_room(k->arena, k->group_cost, &k->group_cap, (size_t)l->groups * open, sizeof *k->group_cost);
    b.least = k->value = planner_kernel_room(k->arena, k->value, &k->value_cap, (size_t)c->rotations * (open + 1), sizeof *k->value);
    b.first = k->first = planner_kernel_room(k->arena, k->first, &k->first_cap, 2 * (open + 1), sizeof *k->first);
    b.packs = b.first + open + 1;
    b.offer = k->offer;
    b.offer_cap = k->offer_cap;
    cost_groups(&b);
    pack(&b);
    int at = run(&b, cost);
    while (at < 0 && (b.kept_most *= 4) <= KEPT_MORE)
        at = run(&b, cost);
    k->offer = b.offer;
    k->offer_cap = b.offer_cap;
    path->n = 0;
    for (int i = at; i >= 0 && b.guess[i].from >= 0; i = b.guess[i].from)
        if (b.guess[i].group >= 0) {
            int from = b.guess[b.guess[i].from].week;
            path->stay[path->n++] = (struct planner_stay){ option_at(&b, b.guess[i].group, from), (int16_t)from };
        }
    planner_path_reverse(path);
    return at >= 0;
}
