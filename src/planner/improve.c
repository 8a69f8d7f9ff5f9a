/* Bettering a plan by chains (tail.c) and bursts: a few units that stand in each other's way are taken out and placed anew
 * at prices. What is worse is undone, but for a little while the search is hot. */
#include "planner/search.h"

enum { BURST_LEAST = 2, BURST_MOST = 14, BURST_MORE = 48, BURST_RARE = 200, HEAT_PART = 4 };

/* Adds a unit to the list, with all that pairs link to it, directly or by others. */
static void add(struct planner_search *s, int *list, int *n, int most, int unit)
{
    if (*n >= most || s->mark[unit] == s->round)
        return;
    int at = *n;
    assert(unit >= 0);
    s->mark[unit] = s->round;
    list[(*n)++] = unit;
    for (; at < *n; at++) {
        const int *partner = s->partner[list[at]];
        for (int i = 0; partner != NULL && partner[i] >= 0; i++)
            if (s->mark[partner[i]] != s->round) {
                s->mark[partner[i]] = s->round;
                list[(*n)++] = partner[i];
            }
    }
}

/* A unit that has reason to move, more often than not. */
static int pick(struct internplan *r, const struct planner_search *s)
{
    const struct planner_model *m = r->model;
    int u = (int)planner_run_random(r, (uint64_t)m->units);
    if (planner_run_random(r, 4) == 0)
        return u;
    for (int i = 0; i < m->units; i++, u = u + 1 < m->units ? u + 1 : 0) {
        int64_t cost = 0;
        for (int k = 0; k < PLANNER_MEASURES; k++)
            if (s->weight[k] > 0)
                cost += planner_path_measure(m, u, &s->plan.path[u], (enum planner_measure)k);
        if (cost > 0)
            return u;
    }
    return u;
}

static void mark_cells(struct planner_search *s, int unit, bool value)
{
    const struct planner_model *m = s->plan.model;
    const struct planner_course *c = &m->course[m->unit[unit].course];
    for (int i = 0; i < s->plan.path[unit].n; i++) {
        const struct planner_option *o = &c->option[s->plan.path[unit].stay[i].option];
        int from = s->plan.path[unit].stay[i].from;
        for (int t = from; t < from + c->length[o->rotation]; t++) {
            size_t at = (size_t)o->department * (size_t)m->open + (size_t)t;
            s->full[at] = value && s->plan.load[at] > m->capacity[at];
        }
    }
}

static bool stands_in_marked(const struct planner_search *s, int unit)
{
    const struct planner_model *m = s->plan.model;
    const struct planner_course *c = &m->course[m->unit[unit].course];
    for (int i = 0; i < s->plan.path[unit].n; i++) {
        const struct planner_option *o = &c->option[s->plan.path[unit].stay[i].option];
        int from = s->plan.path[unit].stay[i].from;
        for (int t = from; t < from + c->length[o->rotation]; t++)
            if (s->full[(size_t)o->department * (size_t)m->open + (size_t)t])
                return true;
    }
    return false;
}

/* One unit, those who stand where it would like to be, and some by chance; all are taken out. */
static int choose(struct internplan *r, struct planner_search *s, int most)
{
    const struct planner_model *m = r->model;
    int *list = s->order, n = 0, first = pick(r, s);
    s->round++;
    add(s, list, &n, most, first);
    for (int i = 0; i < n; i++)
        planner_plan_take(&s->plan, list[i]);
    int taken = n;
    if (planner_search_place(r, s, first, true)) {
        mark_cells(s, first, true);
        int start = (int)planner_run_random(r, (uint64_t)m->units);
        for (int i = 0; i < m->units && n < most * 3 / 4 + 1; i++) {
            int u = (start + i) % m->units;
            if (u != first && s->plan.has[u] && s->mark[u] != s->round && stands_in_marked(s, u))
                add(s, list, &n, most, u);
        }
        mark_cells(s, first, false);
        planner_plan_take(&s->plan, first);
    }
    for (int tries = 0; n < MIN(most, m->units) && tries < 2 * most; tries++)
        add(s, list, &n, most, (int)planner_run_random(r, (uint64_t)m->units));
    for (; taken < n; taken++)
        planner_plan_take(&s->plan, list[taken]);
    assert(n >= 1 && n <= m->units);
    return n;
}

static bool burst(struct internplan *r, struct planner_search *s, int n, int tempo)
{
    assert(n > 0 && tempo > 0);
    s->penalty = s->most_weight / 16;
    for (int pass = 0; s->penalty < 8 * s->most_weight; s->penalty += MAX(s->penalty / tempo, 1), pass++) {
        planner_search_shuffle(r, s->order, n);
        for (int i = 0; i < n; i++)
            if (!planner_search_replace(r, s, s->order[i], pass % 2 == 1))
                return false;
        if (planner_plan_broken(&s->plan) == 0)
            return true;
        planner_search_move_prices(s);
    }
    return false;
}

static void undo(struct internplan *r, struct planner_search *s, int n)
{
    for (int i = 0; i < n; i++)
        if (s->plan.has[s->order[i]])
            planner_plan_take(&s->plan, s->order[i]);
    for (int i = 0; i < n; i++) {
        planner_plan_put(&s->plan, s->order[i], &s->kept.path[s->order[i]]);
        planner_search_moved(r, s, s->order[i]);
    }
}

static void keep(struct internplan *r, struct planner_search *s, int n)
{
    int levels = r->problem->level_count;
    for (int i = 0; i < n; i++)
        s->kept.path[s->order[i]] = s->plan.path[s->order[i]];
    s->now = planner_search_weighed(s);
    planner_plan_levels(&s->plan, s->level);
    s->ahead = planner_levels_compare(levels, s->level, r->value) < 0;
}

/* Keeps what is no worse, or not much worse while it is hot; undoes the rest. A plan that is ahead is offered before a
 * worse one takes its place. */
static void judge(struct internplan *r, struct planner_search *s, bool fits, int n)
{
    int64_t worse = fits ? planner_search_weighed(s) - s->now : 0;
    if (worse > 0)
        s->uphill += (worse - s->uphill) / 16;
    int luck = __builtin_ctzll(planner_run_random(r, UINT64_MAX) | UINT64_C(1) << 63);
    bool good = fits && worse <= s->heat * luck;
    if (good && worse > 0 && s->ahead) {
        undo(r, s, n);
        planner_run_offer(r, &s->plan);
        s->ahead = false;
        return;
    }
    if (good)
        keep(r, s, n);
    else
        undo(r, s, n);
}

/* A chain that begins with a unit that has reason to move. */
static void one_chain(struct internplan *r, struct planner_search *s)
{
    static const int64_t shares[] = { 8, 16, 16, 16 };
    const struct planner_model *m = r->model;
    int n = 0;
    s->lead_share = shares[planner_run_random(r, LEN(shares))];
    s->noise = planner_run_random(r, 2) == 0 ? 0 : PLANNER_PRICE_UNIT / 4;
    s->penalty = s->most_weight / 16 << planner_run_random(r, 5);
    memset(s->history, 0, (size_t)m->departments * (size_t)m->open * sizeof *s->history);
    if (m->rows > 0)
        memset(s->row_history, 0, (size_t)m->rows * (size_t)m->open * sizeof *s->row_history);
    bool fits = planner_search_chain(r, s, pick(r, s), s->now + 4 * s->heat, s->order, &n);
    judge(r, s, fits, n);
}

static void one_round(struct internplan *r, struct planner_search *s)
{
    static const int64_t shares[] = { 8, 16, 16, 16 };
    const struct planner_model *m = r->model;
    int top = MIN(BURST_MOST + MIN(m->units / 6, BURST_MORE), m->units);
    int most = BURST_LEAST + (int)planner_run_random(r, (uint64_t)MAX(top - BURST_LEAST, 0) + 1);
    s->lead_share = shares[planner_run_random(r, LEN(shares))];
    s->noise = planner_run_random(r, 3) == 0 ? 0 : PLANNER_PRICE_UNIT / 4;
    memset(s->history, 0, (size_t)m->departments * (size_t)m->open * sizeof *s->history);
    if (m->rows > 0)
        memset(s->row_history, 0, (size_t)m->rows * (size_t)m->open * sizeof *s->row_history);
    int n = choose(r, s, most);
    bool fits = burst(r, s, n, 8);
    for (int i = 0; fits && i < n; i++)
        planner_search_moved(r, s, s->order[i]);
    judge(r, s, fits, n);
}

/* Nothing is left to gain. */
static bool meets_bounds(const struct internplan *r, const struct planner_search *s)
{
    bool all = true;
    for (int i = 0; i < r->problem->level_count; i++)
        all = all && s->level[i] <= r->bound[i];
    return all;
}

void planner_search_improve(struct internplan *r, struct planner_search *s, uint64_t ticks)
{
    const struct planner_model *m = r->model;
    int levels = r->problem->level_count;
    if (!r->has_best || m->units == 0 || levels == 0)
        return;
    r->phase = "improve";
    bool whole = planner_plan_broken(&s->plan) == 0;
    if (whole)
        planner_plan_levels(&s->plan, s->level);
    if (!whole || planner_levels_compare(levels, s->level, r->value) > 0)
        planner_plan_copy(&s->plan, &r->best);
    planner_plan_copy(&s->kept, &s->plan);
    s->occupants.valid = false;
    keep(r, s, 0);
    uint64_t began = planner_run_ticks(r), now = began;
    int64_t hot = s->uphill / HEAT_PART;
    for (; now < began + ticks && !planner_run_over(r); now = planner_run_ticks(r)) {
        s->heat = hot - (int64_t)((uint64_t)hot * (now - began) / ticks);
        if (planner_run_random(r, BURST_RARE) == 0)
            one_round(r, s);
        else
            one_chain(r, s);
        if (s->ahead && meets_bounds(r, s))
            break;
    }
    if (s->ahead)
        planner_run_offer(r, &s->plan);
}
