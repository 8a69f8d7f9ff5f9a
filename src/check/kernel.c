/* Two passes over a graph: backwards without limits on regret, and only where the answer breaks a limit, forwards with
 * every combination of cost and regrets that no other one beats. */
#include "check/kernel.h"

enum { LABELS_MOST = 4000000 };

static bool may_end(const struct graph *g, const struct costs *c, uint32_t i)
{
    return g->ends[i] && g->week[i] >= c->end_from && (g->done[i] & c->must) == c->must && (!c->whole || g->missing[i] == 0);
}

static bool travels(const struct graph *g, const struct costs *c, uint32_t i, uint32_t option)
{
    return c->sites && g->site[i] != NONE && g->site[i] != c->course->option[option].site;
}

static wide arc_cost(const struct graph *g, const struct costs *c, uint32_t i, const struct arc *x)
{
    size_t open = (size_t)c->course->m->open, t = (size_t)g->week[i];
    if (x->option == IDLE)
        return g->done[i] == 0 ? c->idle_first[t] : c->idle_later[t];
    wide w = c->option[x->option * open + t];
    return w < WIDE_NEVER && travels(g, c, i, x->option) ? w + c->travel : w;
}

static wide *cheapest_from(struct arena *scratch, const struct graph *g, const struct costs *c)
{
    wide *value = ARENA_ARRAY(scratch, g->states, wide);
    assert(g->states > 0 && g->week[0] == 0 && g->done[0] == 0);
    for (uint32_t i = g->states; i-- > 0;) {
        wide best = may_end(g, c, i) ? g->missing[i] * c->unplaced : WIDE_NEVER;
        for (uint32_t k = g->begin[i]; k < g->begin[i + 1]; k++) {
            wide rest = value[g->arc[k].target];
            if (rest >= WIDE_NEVER)
                continue;
            wide w = arc_cost(g, c, i, &g->arc[k]);
            if (w < WIDE_NEVER && w + rest < best)
                best = w + rest;
        }
        value[i] = best;
    }
    return value;
}

/* What an arc adds to the regret of student s. An idle week costs regret only when something follows; an end never follows
 * an idle week on a cheapest way, and ends are tried at every state. */
static int64_t arc_regret(const struct graph *g, const struct costs *c, uint32_t i, const struct arc *x, int s)
{
    size_t open = (size_t)c->course->m->open, options = (size_t)c->course->options;
    if (x->option == IDLE)
        return c->waiting_regret[s];
    int64_t r = c->regret[((size_t)s * options + x->option) * open + (size_t)g->week[i]];
    return travels(g, c, i, x->option) ? check_add(r, c->travel_regret[s]) : r;
}

/* Whether one cheapest way keeps every limit. */
static bool cheapest_keeps_limits(struct arena *scratch, const struct graph *g, const struct costs *c, const wide *value)
{
    int64_t *regret = ARENA_ARRAY(scratch, (size_t)c->students, int64_t);
    uint32_t i = 0;
    while (!may_end(g, c, i) || g->missing[i] * c->unplaced != value[i]) {
        uint32_t k = g->begin[i];
        for (; k < g->begin[i + 1]; k++) {
            wide rest = value[g->arc[k].target], w = rest < WIDE_NEVER ? arc_cost(g, c, i, &g->arc[k]) : WIDE_NEVER;
            if (w < WIDE_NEVER && w + rest == value[i])
                break;
        }
        assert(k < g->begin[i + 1]);
        for (int s = 0; s < c->students; s++)
            regret[s] = check_add(regret[s], arc_regret(g, c, i, &g->arc[k], s));
        i = g->arc[k].target;
    }
    for (int s = 0; s < c->students; s++)
        if (regret[s] > c->limit[s])
            return false;
    return true;
}

struct label {
    struct label *next;
    wide cost;
    int64_t regret[];
};

static bool beats(const struct label *a, const struct label *b, int n)
{
    if (a->cost > b->cost)
        return false;
    for (int s = 0; s < n; s++)
        if (a->regret[s] > b->regret[s])
            return false;
    return true;
}

/* Keeps `fresh` among the labels of a state unless one beats it; drops those that it beats. */
static bool keep(struct label **list, struct label *fresh, int n)
{
    for (const struct label *l = *list; l != NULL; l = l->next)
        if (beats(l, fresh, n))
            return false;
    for (struct label **at = list; *at != NULL;) {
        if (beats(fresh, *at, n))
            *at = (*at)->next;
        else
            at = &(*at)->next;
    }
    fresh->next = *list;
    *list = fresh;
    return true;
}

static bool extend(const struct graph *g, const struct costs *c, uint32_t i, const struct arc *x, const struct label *l, struct label *out)
{
    wide w = arc_cost(g, c, i, x);
    if (w >= WIDE_NEVER)
        return false;
    assert(l->cost < WIDE_NEVER);
    out->cost = l->cost + w;
    for (int s = 0; s < c->students; s++) {
        out->regret[s] = check_add(l->regret[s], arc_regret(g, c, i, x, s));
        if (out->regret[s] > c->limit[s])
            return false;
    }
    return true;
}

static enum priced price_with_limits(struct arena *scratch, const struct graph *g, const struct costs *c, const wide *rest, wide *cost)
{
    size_t bytes = sizeof(struct label) + (size_t)c->students * sizeof(int64_t);
    struct label **at = ARENA_ARRAY(scratch, g->states, struct label *);
    struct label *spare = arena_alloc(scratch, bytes);
    size_t labels = 0;
    wide best = WIDE_NEVER;
    at[0] = arena_alloc(scratch, bytes);
    for (uint32_t i = 0; i < g->states; i++)
        for (const struct label *l = at[i]; l != NULL; l = l->next) {
            if (l->cost + rest[i] >= best)
                continue; /* even without limits it could not become the cheapest */
            if (may_end(g, c, i))
                best = MIN(best, l->cost + g->missing[i] * c->unplaced);
            for (uint32_t k = g->begin[i]; k < g->begin[i + 1]; k++) {
                uint32_t to = g->arc[k].target;
                if (rest[to] >= WIDE_NEVER || !extend(g, c, i, &g->arc[k], l, spare) || spare->cost + rest[to] >= best)
                    continue;
                if (keep(&at[to], spare, c->students)) {
                    if (++labels > LABELS_MOST)
                        return PRICED_TOO_BIG;
                    spare = arena_alloc(scratch, bytes);
                }
            }
        }
    assert(best >= rest[0]); /* a limit makes nothing cheaper */
    *cost = best;
    return best < WIDE_NEVER ? PRICED : PRICED_EMPTY;
}

enum priced check_kernel_price(struct arena *scratch, const struct graph *g, const struct costs *c, wide *cost)
{
    assert(c->course != NULL && c->students > 0 && c->end_from >= 0);
    assert(!c->limited || (c->limit != NULL && c->regret != NULL));
    if (g->too_big)
        return PRICED_TOO_BIG;
    for (int s = 0; c->limited && s < c->students; s++)
        if (c->limit[s] < 0)
            return PRICED_EMPTY;
    if (g->states == 0)
        return PRICED_EMPTY;
    const wide *value = cheapest_from(scratch, g, c);
    *cost = value[0];
    if (value[0] >= WIDE_NEVER)
        return PRICED_EMPTY;
    if (!c->limited || cheapest_keeps_limits(scratch, g, c, value))
        return PRICED;
    return price_with_limits(scratch, g, c, value, cost);
}
