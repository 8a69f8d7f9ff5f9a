/* Placing one unit with regard to all others: prices of the cells it could use are made from how full they are. */
#include "planner/search.h"

static int *partners_of(struct internplan *r, int unit)
{
    const struct planner_model *m = r->model;
    const struct planner_problem *p = m->problem;
    int *list = NULL;
    size_t n = 0, cap = 0;
    for (int i = m->unit_pair_first[unit]; i < m->unit_pair_first[unit + 1]; i++) {
        const struct planner_pair *pair = &p->pair[m->unit_pair[i]];
        for (int k = 0; k < pair->student_count; k++) {
            int other = m->unit_of[pair->student[k]];
            bool known = other == unit;
            for (size_t j = 0; j < n; j++)
                known = known || list[j] == other;
            if (!known)
                *ARENA_PUSH(&r->work, list, n, cap) = other;
        }
    }
    if (n > 0)
        *ARENA_PUSH(&r->work, list, n, cap) = -1;
    return list;
}

/* Weights of the measures in one sum: earlier levels weigh more, within what integers bear. */
static void make_weights(struct internplan *r, struct planner_search *s)
{
    int64_t factor = PLANNER_PRICE_UNIT;
    const struct planner_problem *p = r->problem;
    for (int i = p->level_count; i-- > 0;) {
        for (int k = 0; k < PLANNER_MEASURES; k++)
            s->weight[k] += factor * p->level[i].weight[k];
        if (p->level[i].plain != PLANNER_WORST)
            factor = MIN(factor * 16, (int64_t)1 << 32);
    }
    for (int k = 0; k < PLANNER_MEASURES; k++)
        s->most_weight = MAX(s->most_weight, s->weight[k]);
    s->weight[PLANNER_WORST] = 0;
    s->most_weight = MAX(s->most_weight, (int64_t)PLANNER_PRICE_UNIT);
}

struct planner_search *planner_search_make(struct internplan *r)
{
    const struct planner_model *m = r->model;
    struct arena *a = &r->work;
    struct planner_search *s = ARENA_NEW(a, struct planner_search);
    size_t cells = (size_t)m->departments * (size_t)m->open, rows = (size_t)m->rows * (size_t)m->open;
    s->plan = planner_plan_make(a, m);
    s->kept = planner_plan_make(a, m);
    s->history = ARENA_ARRAY(a, cells, int64_t);
    s->row_history = ARENA_ARRAY(a, rows, int64_t);
    s->lead = ARENA_ARRAY(a, cells, int64_t);
    s->cell = ARENA_ARRAY(a, cells, int64_t);
    s->row = ARENA_ARRAY(a, rows, int64_t);
    s->full = ARENA_ARRAY(a, cells, bool);
    s->dearer = ARENA_ARRAY(a, (size_t)m->students, int64_t);
    s->order = ARENA_ARRAY(a, (size_t)m->units, int);
    s->mark = ARENA_ARRAY(a, (size_t)m->units, int);
    s->level = ARENA_ARRAY(a, (size_t)r->problem->level_count, int64_t);
    s->level_try = ARENA_ARRAY(a, (size_t)r->problem->level_count, int64_t);
    s->partner = ARENA_ARRAY(a, (size_t)m->units, int *);
    for (int u = 0; u < m->units && r->problem->pair_count > 0; u++)
        s->partner[u] = partners_of(r, u);
    s->most_regret = INT64_MAX;
    make_weights(r, s);
    return s;
}

void planner_search_lead(struct internplan *r, struct planner_search *s, const int64_t *cell, int64_t scale, int level)
{
    const struct planner_model *m = r->model;
    const int64_t *w = r->problem->level[level].weight;
    int64_t most = 0;
    assert(scale > 0 && level >= 0 && level < r->problem->level_count);
    for (int k = 0; k < PLANNER_MEASURES; k++)
        if (w[k] > 0)
            most = MAX(most, s->weight[k] / w[k]);
    for (size_t i = 0; i < (size_t)m->departments * (size_t)m->open; i++)
        s->lead[i] = (int64_t)((__int128)cell[i] * most / scale);
}

void planner_search_shuffle(struct internplan *r, int *list, int n)
{
    for (int i = n - 1; i > 0; i--) {
        int k = (int)planner_run_random(r, (uint64_t)i + 1), t = list[i];
        list[i] = list[k];
        list[k] = t;
    }
}

/* Small numbers for a row of cells: two from each of the generator's. */
static void add_noise(struct internplan *r, int64_t noise, int64_t *cell, int n)
{
    for (int t = 0; t < n; t += 2) {
        uint64_t z = planner_run_random(r, UINT64_MAX);
        cell[t] += (int64_t)((z >> 32) * (uint64_t)noise >> 32);
        if (t + 1 < n)
            cell[t + 1] += (int64_t)((z & UINT32_MAX) * (uint64_t)noise >> 32);
    }
}

static void price_cells(struct internplan *r, struct planner_search *s, const struct planner_unit *u, bool alone)
{
    const struct planner_model *m = r->model;
    const struct planner_course *c = &m->course[u->course];
    int64_t missing = s->weight[PLANNER_UNDERSTAFFED];
    for (int i = 0; i < c->spots; i++) {
        size_t first = (size_t)c->spot[i] * (size_t)m->open, end = first + (size_t)m->open;
        for (size_t at = first; at < end; at++) {
            int over = s->plan.load[at] + u->size - m->capacity[at];
            int64_t price = s->lead[at] * s->lead_share / 16;
            if (!alone)
                price += s->history[at] + (over > 0 ? s->penalty * over : 0);
            s->cell[at] = price - (s->plan.load[at] < m->minimum[at] ? missing : 0);
        }
        if (s->noise > 0)
            add_noise(r, s->noise, s->cell + first, m->open);
    }
    r->kernel.work += (uint64_t)c->spots * (uint64_t)m->open * (s->noise > 0 ? 4 : 2);
    for (int i = 0, k; i < c->rows; i++)
        for (int t = m->row[k = c->row[i]].first; t < m->row[k].end; t++) {
            size_t at = (size_t)k * (size_t)m->open + (size_t)t;
            int64_t over = (int64_t)s->plan.row_load[at] + u->size - m->row[k].capacity;
            s->row[at] = alone ? 0 : s->row_history[at] + (over > 0 ? s->penalty * over : 0);
        }
}

static void extra_apart(struct planner_search *s, const struct planner_model *m, const struct planner_pair *pair,
                        const struct planner_course *c, int other)
{
    int uo = m->unit_of[other];
    const struct planner_course *co = &m->course[m->unit[uo].course];
    for (int i = 0; i < s->plan.path[uo].n; i++) {
        const struct planner_option *oo = &co->option[s->plan.path[uo].stay[i].option];
        int from = s->plan.path[uo].stay[i].from, end = from + co->length[oo->rotation];
        if (!planner_pair_names(pair, co, oo->rotation))
            continue;
        for (int o = 0; o < c->options; o++) {
            int n = c->length[c->option[o].rotation];
            if (c->option[o].department != oo->department || !planner_pair_names(pair, c, c->option[o].rotation))
                continue;
            for (int t = MAX(from - n + 1, 0); t < MIN(end, m->open); t++)
                s->extra[(size_t)o * (size_t)m->open + (size_t)t] += s->penalty * (MIN(end, t + n) - MAX(from, t));
        }
    }
}

static void extra_together(struct planner_search *s, const struct planner_model *m, const struct planner_pair *pair,
                           const struct planner_course *c, int other)
{
    for (int r = 0; r < c->rotations; r++) {
        if (c->programme->rotation[r].old || !planner_pair_names(pair, c, r))
            continue;
        const struct planner_stay *stay = planner_plan_stay(&s->plan, other, r);
        for (int o = c->option_first[r]; o < c->option_first[r + 1]; o++)
            for (int t = 0; t < m->open; t++)
                if (stay == NULL || stay->option != o || stay->from != t)
                    s->extra[(size_t)o * (size_t)m->open + (size_t)t] += 4 * s->penalty;
    }
}

/* The partners that will follow to where this unit goes: what they will pay there. */
static void extra_followers(struct planner_search *s, const struct planner_model *m, const struct planner_pair *pair,
                            const struct planner_course *c, int size)
{
    size_t open = (size_t)m->open;
    int absent = 0;
    for (int i = 0; i < pair->student_count; i++)
        absent += !s->plan.has[m->unit_of[pair->student[i]]];
    for (int o = 0; o < c->options && absent > size; o++) {
        int n = c->length[c->option[o].rotation];
        if (!planner_pair_names(pair, c, c->option[o].rotation))
            continue;
        for (int t = 0; t + n <= m->open; t++)
            for (int w = t; w < t + n; w++) {
                size_t at = (size_t)c->option[o].department * open + (size_t)w;
                int64_t over = (int64_t)s->plan.load[at] + absent - m->capacity[at];
                s->extra[(size_t)o * open + (size_t)t] +=
                    (absent - size) * s->cell[at] + (over > 0 ? s->penalty * over : 0);
            }
    }
}

/* What pairs add to single placements, seen from this unit; NULL without pairs. */
static const int64_t *price_pairs(struct internplan *r, struct planner_search *s, int unit)
{
    const struct planner_model *m = r->model;
    const struct planner_course *c = &m->course[m->unit[unit].course];
    if (s->partner[unit] == NULL)
        return NULL;
    size_t n = (size_t)c->options * (size_t)m->open;
    if (n > s->extra_cap) {
        s->extra_cap = n;
        s->extra = ARENA_ARRAY(&r->work, n, int64_t);
    }
    assert(s->extra != NULL && s->penalty >= 0);
    memset(s->extra, 0, n * sizeof *s->extra);
    for (int i = m->unit_pair_first[unit]; i < m->unit_pair_first[unit + 1]; i++) {
        const struct planner_pair *pair = &m->problem->pair[m->unit_pair[i]];
        if (!pair->apart)
            extra_followers(s, m, pair, c, m->unit[unit].size);
        for (int a = 0; a < pair->student_count; a++)
            for (int b = 0; b < pair->student_count && m->unit_of[pair->student[a]] == unit; b++) {
                int other = pair->student[b];
                if (m->unit_of[other] == unit || !s->plan.has[m->unit_of[other]])
                    continue;
                if (pair->apart)
                    extra_apart(s, m, pair, c, other);
                else
                    extra_together(s, m, pair, c, other);
            }
    }
    return s->extra;
}

static int64_t student_regret(const struct internplan *r, int student, const struct planner_path *path)
{
    return planner_path_regret(r->model, student, path) + r->problem->student[student].burden;
}

static bool keeps_limit(const struct internplan *r, const struct planner_search *s, const struct planner_unit *u,
                        const struct planner_path *path)
{
    for (int k = 0; k < u->size; k++)
        if (student_regret(r, u->student[k], path) > s->most_regret)
            return false;
    return true;
}

/* The cheapest plan of a unit; of one that is too big for that, a cheap one: the last it had where that is cheaper. */
static enum planner_answer price(struct internplan *r, struct planner_search *s, int unit, const struct planner_prices *prices,
                                 const int64_t *extra, int64_t *cost, struct planner_path *path)
{
    enum planner_answer a = planner_kernel_price(&r->kernel, unit, prices, extra, cost, path);
    if (a != PLANNER_TOO_BIG)
        return a;
    a = planner_kernel_guess(&r->kernel, unit, prices, extra, cost, path);
    const struct planner_path *last = &s->plan.path[unit];
    bool had = last->n > 0 && extra == NULL && keeps_limit(r, s, &r->model->unit[unit], last);
    if (had && (a != PLANNER_FOUND || planner_search_path_cost(s, unit, last) < planner_search_path_cost(s, unit, path))) {
        *path = *last;
        a = PLANNER_FOUND;
    }
    return a;
}

bool planner_search_place(struct internplan *r, struct planner_search *s, int unit, bool alone)
{
    struct planner_prices prices = { .cell = s->cell, .row = s->row, .most_regret = s->most_regret };
    struct planner_path path;
    int64_t cost;
    price_cells(r, s, &r->model->unit[unit], alone);
    const int64_t *extra = price_pairs(r, s, unit);
    memcpy(prices.weight, s->weight, sizeof prices.weight);
    enum planner_answer a = price(r, s, unit, &prices, extra, &cost, &path);
    /* A limit on regret that the kernel holds only for single placements: the regret of those whose limit the answer
     * breaks is made dearer until all keep it. */
    const struct planner_unit *u = &r->model->unit[unit];
    for (int i = 0; a == PLANNER_RELAXED && i < 24; i++) {
        for (int k = 0; k < u->size; k++)
            if (student_regret(r, u->student[k], &path) > s->most_regret)
                s->dearer[u->student[k]] = s->dearer[u->student[k]] * 2 + PLANNER_PRICE_UNIT;
        prices.worst = s->dearer;
        a = price(r, s, unit, &prices, extra, &cost, &path);
    }
    for (int k = 0; k < u->size && prices.worst != NULL; k++)
        s->dearer[u->student[k]] = 0;
    if (a == PLANNER_RELAXED && r->has_best && keeps_limit(r, s, u, &r->best.path[unit])) {
        path = r->best.path[unit]; /* no price leads to a plan that keeps it: the one that is known */
        a = PLANNER_FOUND;
    }
    if (a != PLANNER_FOUND)
        return false;
    assert(keeps_limit(r, s, u, &path));
    s->cost = cost;
    planner_plan_put(&s->plan, unit, &path);
    return true;
}

int64_t planner_search_path_cost(const struct planner_search *s, int unit, const struct planner_path *path)
{
    const struct planner_model *m = s->plan.model;
    const struct planner_unit *u = &m->unit[unit];
    const struct planner_course *c = &m->course[u->course];
    int64_t sum = 0;
    for (int i = 0; i < path->n; i++) {
        const struct planner_option *o = &c->option[path->stay[i].option];
        int from = path->stay[i].from, end = from + c->length[o->rotation];
        for (int t = from; t < end; t++)
            sum += u->size * s->cell[(size_t)o->department * (size_t)m->open + (size_t)t];
        for (int n = m->department_row_first[o->department]; n < m->department_row_first[o->department + 1]; n++) {
            int k = m->department_row[n], heads = 0;
            for (int j = 0; j < u->size; j++)
                heads += planner_model_counts(m, k, u->student[j]);
            for (int t = MAX(from, m->row[k].first); heads > 0 && t < MIN(end, m->row[k].end); t++)
                sum += heads * s->row[(size_t)k * (size_t)m->open + (size_t)t];
        }
    }
    for (int k = 0; k < PLANNER_MEASURES; k++)
        if (s->weight[k] != 0)
            sum += s->weight[k] * planner_path_measure(m, unit, path, (enum planner_measure)k);
    return sum;
}

bool planner_search_replace(struct internplan *r, struct planner_search *s, int unit, bool with_partners)
{
    assert(unit >= 0 && unit < r->model->units);
    const int *partner = with_partners ? s->partner[unit] : NULL;
    for (int i = 0; partner != NULL && partner[i] >= 0; i++)
        if (s->plan.has[partner[i]])
            planner_plan_take(&s->plan, partner[i]);
    if (s->plan.has[unit])
        planner_plan_take(&s->plan, unit);
    if (!planner_search_place(r, s, unit, false))
        return false;
    for (int i = 0; partner != NULL && partner[i] >= 0; i++)
        if (!s->plan.has[partner[i]] && !planner_search_place(r, s, partner[i], false))
            return false;
    return true;
}

bool planner_search_is_crowded(const struct planner_search *s, int unit)
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
        }
    }
    return s->partner[unit] != NULL && planner_plan_unit_pairs_broken(&s->plan, unit) > 0;
}
