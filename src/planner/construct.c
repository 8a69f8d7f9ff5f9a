/* A first plan: everybody is placed at prices; cells that stay too full grow dearer from pass to pass, and only those
 * who stand in one are placed anew, until nobody does. */
#include "planner/search.h"

static bool stands_too_full(const struct planner_search *s, int unit)
{
    const struct planner_model *m = s->plan.model;
    const struct planner_course *c = &m->course[m->unit[unit].course];
    for (int i = 0; i < s->plan.path[unit].n; i++) {
        const struct planner_option *o = &c->option[s->plan.path[unit].stay[i].option];
        int from = s->plan.path[unit].stay[i].from;
        for (int t = from; t < from + c->length[o->rotation]; t++) {
            size_t at = (size_t)o->department * (size_t)m->open + (size_t)t;
            if (s->plan.load[at] > m->capacity[at])
                return true;
            for (int n = m->department_row_first[o->department]; n < m->department_row_first[o->department + 1]; n++) {
                int row = m->department_row[n];
                if (t >= m->row[row].first && t < m->row[row].end &&
                    s->plan.row_load[(size_t)row * (size_t)m->open + (size_t)t] > m->row[row].capacity)
                    return true;
            }
        }
    }
    return false;
}

static void grow_history(struct planner_search *s, int64_t more)
{
    const struct planner_model *m = s->plan.model;
    for (size_t i = 0; i < (size_t)m->departments * (size_t)m->open; i++)
        if (s->plan.load[i] > m->capacity[i])
            s->history[i] += more * (s->plan.load[i] - m->capacity[i]);
    for (int k = 0; k < m->rows; k++)
        for (int t = m->row[k].first; t < m->row[k].end; t++) {
            size_t at = (size_t)k * (size_t)m->open + (size_t)t;
            if (s->plan.row_load[at] > m->row[k].capacity)
                s->row_history[at] += more * (s->plan.row_load[at] - m->row[k].capacity);
        }
}

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

/* Places a unit anew, with those that pairs link to it where they are on the wrong foot. */
static bool replace(struct internplan *r, struct planner_search *s, int unit, bool with_partners)
{
    const int *partner = s->partner[unit];
    for (int i = 0; with_partners && partner != NULL && partner[i] >= 0; i++)
        if (s->plan.has[partner[i]])
            planner_plan_take(&s->plan, partner[i]);
    if (s->plan.has[unit])
        planner_plan_take(&s->plan, unit);
    if (!planner_search_place(r, s, unit, false))
        return false;
    for (int i = 0; with_partners && partner != NULL && partner[i] >= 0; i++)
        if (!s->plan.has[partner[i]] && !planner_search_place(r, s, partner[i], false))
            return false;
    return true;
}

bool planner_search_construct(struct internplan *r, struct planner_search *s, int64_t most_regret, int passes)
{
    const struct planner_model *m = r->model;
    r->phase = "construct";
    s->most_regret = most_regret;
    s->noise = PLANNER_PRICE_UNIT / 16;
    s->lead_share = 16;
    s->penalty = s->most_weight / 2;
    (void)clear(r, s);
    for (int pass = 0; pass < passes; pass++) {
        planner_search_shuffle(r, s->order, m->units);
        bool pairs = planner_plan_pairs_broken(&s->plan) > 0;
        for (int i = 0; i < m->units; i++) {
            int u = s->order[i];
            bool linked = pairs && s->partner[u] != NULL;
            if (pass > 2 && !linked && !stands_too_full(s, u))
                continue;
            if (!replace(r, s, u, linked && pass > 0))
                return false;
            if (planner_run_over(r))
                return false;
        }
        if (planner_plan_broken(&s->plan) == 0) {
            planner_run_offer(r, &s->plan);
            return true;
        }
        s->lead_share = MAX(s->lead_share - 1, (int64_t)2);
        grow_history(s, s->penalty / 4);
        s->penalty = MIN(s->penalty + s->penalty / 8 + 1, s->most_weight * 64);
    }
    return false;
}
