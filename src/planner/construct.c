/* A first plan by negotiation: units are placed anew in turn at the bound's prices plus what standing too full
 * costs; after each pass the price of a cell moves by its overload, up or down, and overload grows dearer. While it is
 * cheap the plan is near the bound but too full; the slower it grows, the better the plan that comes out in the end. */
#include "planner/search.h"

enum {
    PENALTY_LEAST = 32, /* the dearest measure / this: where the price of overload begins */
    PASSES_ALL = 2,     /* in later passes those are placed anew who stand where it is too full, and */
    PART = 4,           /* one in so many of all others: as good a plan for a third of the work */
    TAIL_PART = 20,     /* broken at most units / this (or the least) when single steps are tried; */
    TAIL_LEAST = 6,
    TAIL_STEPS_LEAST = 40,
    PENALTY_MOST = 16   /* the dearest measure * this: where it ends */
};

static bool clear(struct internplan *r, struct planner_search *s)
{
    const struct planner_model *m = r->model;
    memset(s->history, 0, (size_t)m->departments * (size_t)m->open * sizeof *s->history);
    if (m->rows > 0)
        memset(s->row_history, 0, (size_t)m->rows * (size_t)m->open * sizeof *s->row_history);
    for (int u = 0; u < m->units; u++) {
        if (s->plan.has[u])
            planner_plan_take(&s->plan, u);
        s->order[u] = u;
    }
    return m->units > 0;
}

static void move_one(int64_t *history, int64_t lead, int64_t over, int64_t penalty)
{
    assert(penalty >= 0 && lead >= 0);
    *history += over * penalty / 2;
    if (*history < -lead) /* no price below 0 */
        *history = -lead;
}

/* Prices follow the load, as in the bound's own search, but with the plan as it stands. */
void planner_search_move_prices(struct planner_search *s)
{
    const struct planner_model *m = s->plan.model;
    for (size_t i = 0; i < (size_t)m->departments * (size_t)m->open; i++)
        move_one(&s->history[i], s->lead[i] * s->lead_share / 16, s->plan.load[i] - m->capacity[i], s->penalty);
    for (int k = 0; k < m->rows; k++)
        for (int t = m->row[k].first; t < m->row[k].end; t++) {
            size_t at = (size_t)k * (size_t)m->open + (size_t)t;
            move_one(&s->row_history[at], 0, s->plan.row_load[at] - m->row[k].capacity, s->penalty);
        }
}

static bool negotiate(struct internplan *r, struct planner_search *s, int passes, int tempo)
{
    const struct planner_model *m = r->model;
    for (int pass = 0; pass < passes; pass++) {
        planner_search_shuffle(r, s->order, m->units);
        for (int i = 0; i < m->units; i++) {
            if (pass >= PASSES_ALL && planner_run_random(r, PART) != 0 && !planner_search_is_crowded(s, s->order[i]))
                continue;
            if (!planner_search_replace(r, s, s->order[i], pass % 2 == 1) || planner_run_over(r))
                return false;
        }
        if (planner_plan_broken(&s->plan) == 0) {
            planner_run_offer(r, &s->plan);
            return true;
        }
        if (planner_plan_broken(&s->plan) <= MAX(m->units / TAIL_PART, TAIL_LEAST) &&
            planner_search_tail(r, s, MAX(m->units / 8, TAIL_STEPS_LEAST))) {
            planner_run_offer(r, &s->plan);
            return true;
        }
        planner_search_move_prices(s);
        s->penalty = MIN(s->penalty + MAX(s->penalty / tempo, 1), s->most_weight * PENALTY_MOST);
    }
    return false;
}

bool planner_search_construct(struct internplan *r, struct planner_search *s, int64_t most_regret, int passes)
{
    int tempo = MAX(passes / 8, 1); /* overload grows dearer by 1 / tempo: from the least to the most in about 6 tempo */
    r->phase = "construct";
    assert(passes > 0);
    s->most_regret = most_regret;
    s->noise = PLANNER_PRICE_UNIT / 32;
    s->lead_share = 16;
    s->penalty = s->most_weight / PENALTY_LEAST;
    (void)clear(r, s);
    return negotiate(r, s, passes, tempo);
}

bool planner_search_repair(struct internplan *r, struct planner_search *s, const struct planner_plan *from, int64_t most_regret, int passes)
{
    r->phase = "construct";
    assert(passes > 0);
    s->most_regret = most_regret;
    s->noise = 0;
    s->lead_share = 16;
    s->penalty = s->most_weight / 4;
    (void)clear(r, s);
    planner_plan_copy(&s->plan, from);
    return negotiate(r, s, passes, MAX(passes / 8, 1));
}
