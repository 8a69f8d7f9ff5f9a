/* One call of the kernel: what every single placement costs, then a pass through the course's graph. */
#include "planner/kernel_inside.h"

enum { LEVELS_OF_REGRET_MOST = 1024 };

struct planner_kernel planner_kernel_make(struct arena *a, const struct planner_model *m)
{
    return (struct planner_kernel){ .arena = a, .model = m, .wide = planner_small_is_wide() };
}

void *planner_kernel_room(struct arena *a, void *now, size_t *cap, size_t n, size_t size)
{
    if (n <= *cap)
        return now;
    *cap = MAX(n, *cap * 2);
    return arena_array(a, *cap, size);
}

/* ---- what a placement costs --------------------------------------------------------------------- */

/* sum[spot * (open + 1) + t]: prices of the weeks before t, for all students of the unit together. */
static void sum_weeks(struct planner_kernel *k, const struct planner_unit *u, const struct planner_course *c,
                      const struct planner_prices *prices)
{
    const struct planner_model *m = k->model;
    size_t open = (size_t)m->open;
    k->sum = planner_kernel_room(k->arena, k->sum, &k->sum_cap, (size_t)c->spots * (open + 1), sizeof *k->sum);
    for (int i = 0; i < c->spots; i++) {
        int d = c->spot[i];
        int64_t *sum = k->sum + (size_t)i * (open + 1);
        const int64_t *cell = prices->cell + (size_t)d * open;
        sum[0] = 0;
        for (size_t t = 0; t < open; t++)
            sum[t + 1] = cell[t] * u->size;
        for (int n = m->department_row_first[d]; prices->row != NULL && n < m->department_row_first[d + 1]; n++) {
            size_t r = (size_t)m->department_row[n];
            int heads = 0;
            for (int s = 0; s < u->size; s++)
                heads += planner_model_counts(m, (int)r, u->student[s]);
            for (int t = m->row[r].first; heads > 0 && t < m->row[r].end; t++)
                sum[t + 1] += heads * prices->row[r * open + (size_t)t];
        }
        for (size_t t = 0; t < open; t++)
            sum[t + 1] += sum[t];
    }
    k->work += (uint64_t)c->spots * open;
}

/* Adds what one student of the unit makes of one option; what he may not have becomes infinite. */
static void add_student(const struct planner_model *m, int s, const struct planner_course *c, int o,
                        const struct planner_prices *prices, int64_t *out)
{
    const struct planner_taste *taste = m->taste[s];
    const uint64_t *allowed = m->access[s]->allowed + (size_t)o * m->words;
    int rotation = c->option[o].rotation, length = c->length[rotation], open = m->open;
    int64_t weight = prices->weight[PLANNER_REGRET] + (prices->worst != NULL ? prices->worst[s] : 0);
    int64_t most = prices->most_regret == INT64_MAX ? INT64_MAX : prices->most_regret - m->problem->student[s].burden;
    bool windows = false;
    for (int i = 0; i < taste->windows; i++)
        windows = windows || taste->window[i].rotation == rotation;
    int64_t more = weight * taste->regret[o];
    bool none = taste->regret[o] > most;
    for (int t = 0; t < open; t++) {
        bool may = (allowed[t / 64] >> (t % 64) & 1) != 0 && !none;
        out[t] = may ? out[t] + more : PLANNER_INFINITY;
    }
    for (int t = 0; windows && !none && t < open; t++) {
        int64_t regret = planner_model_regret(m, s, o, t);
        if (regret >= 0)
            out[t] = regret > most ? PLANNER_INFINITY : out[t] + weight * (regret - taste->regret[o]);
    }
    for (int t = 0; m->base != NULL && prices->weight[PLANNER_CHANGES] != 0 && t + length <= open; t++)
        if (out[t] < PLANNER_INFINITY / 2)
            out[t] += prices->weight[PLANNER_CHANGES] * planner_model_changes(m, s, c->option[o].department, t, length);
}

static void cost_options(struct planner_kernel *k, struct pass *p, const struct planner_prices *prices,
                         const int64_t *extra)
{
    const struct planner_model *m = k->model;
    const struct planner_course *c = p->c;
    size_t open = (size_t)m->open, n = (size_t)c->options * open;
    k->option_cost = planner_kernel_room(k->arena, k->option_cost, &k->option_cap, n, sizeof *k->option_cost);
    p->least_cost = 0;
    for (int r = 0; r < c->rotations; r++)
        p->most_cost[r] = 0;
    for (int o = 0; o < c->options; o++) {
        int64_t *out = k->option_cost + (size_t)o * open;
        const int64_t *sum = k->sum + (size_t)c->option[o].spot * (open + 1);
        int rotation = c->option[o].rotation;
        size_t length = (size_t)c->length[rotation], fits = length <= open ? open - length + 1 : 0;
        for (size_t t = 0; t < fits; t++)
            out[t] = sum[t + length] - sum[t];
        for (size_t t = fits; t < open; t++)
            out[t] = PLANNER_INFINITY;
        for (int i = 0; i < p->u->size; i++)
            add_student(m, p->u->student[i], c, o, prices, out);
        for (size_t t = 0; extra != NULL && t < open; t++)
            out[t] = extra[(size_t)o * open + t] >= PLANNER_INFINITY / 2 ? PLANNER_INFINITY
                                                                         : out[t] + extra[(size_t)o * open + t];
        int64_t most = p->most_cost[rotation], least = p->least_cost;
        for (size_t t = 0; t < open; t++) {
            bool finite = out[t] < PLANNER_INFINITY / 2;
            most = finite && out[t] > most ? out[t] : most;
            least = out[t] < least ? out[t] : least;
            out[t] = finite ? out[t] : PLANNER_INFINITY;
        }
        p->most_cost[rotation] = most;
        p->least_cost = least;
    }
    k->work += 4 * n;
}

/* ---- a call ------------------------------------------------------------------------------------- */

static int64_t dislike_cost(const struct pass *p, const struct planner_prices *prices, bool travel)
{
    int64_t sum = prices->weight[travel ? PLANNER_TRAVEL : PLANNER_WAITING] * p->u->size;
    for (int i = 0; i < p->u->size; i++) {
        const struct planner_student *s = &p->k->model->problem->student[p->u->student[i]];
        int64_t weight = prices->weight[PLANNER_REGRET] + (prices->worst != NULL ? prices->worst[p->u->student[i]] : 0);
        sum += weight * (travel ? s->dislike_travel : s->dislike_waiting);
    }
    return sum;
}

static bool sites_matter(const struct planner_model *m, const struct planner_unit *u,
                         const struct planner_prices *prices)
{
    bool matter = prices->weight[PLANNER_TRAVEL] != 0;
    for (int i = 0; i < u->size; i++)
        matter = matter || m->problem->student[u->student[i]].dislike_travel > 0;
    return matter && m->course[u->course].sites > 1;
}

static bool keeps_limit(const struct planner_model *m, const struct planner_unit *u, const struct planner_path *path,
                        int64_t most)
{
    for (int i = 0; i < u->size && most != INT64_MAX; i++)
        if (planner_path_regret(m, u->student[i], path) + m->problem->student[u->student[i]].burden > most)
            return false;
    return true;
}

/* `most`: the most regret allowed, counted row by row; negative: not counted. */
static struct end solve(struct pass *p, const struct planner_prices *prices, int most, struct planner_path *path)
{
    const struct planner_student *s = &p->k->model->problem->student[p->u->student[0]];
    struct end end;
    p->layers = most < 0 ? 1 : MAX(most + 1, 2); /* one row alone would count nothing */
    if (most >= 0) {
        struct planner_kernel *k = p->k;
        size_t n = (size_t)p->c->options * (size_t)k->model->open;
        k->regrets = planner_kernel_room(k->arena, k->regrets, &k->regrets_cap, n, sizeof *k->regrets);
        planner_model_regrets(k->model, p->u->student[0], k->regrets);
    }
    p->end_layer = MAX(most, 0);
    p->travel_regret = most < 0 ? 0 : s->dislike_travel;
    p->wait_regret = most < 0 ? 0 : s->dislike_waiting;
    if (planner_small_solve(p, prices, &end, path))
        return end;
    end = planner_pass_solve(p, prices);
    if (end.node >= 0)
        planner_pass_walk_back(p, end, path);
    return end;
}

static enum planner_answer answer(struct pass *p, const struct planner_prices *prices, int64_t *cost,
                                  struct planner_path *path)
{
    const struct planner_model *m = p->k->model;
    struct end end = solve(p, prices, -1, path);
    if (end.node < 0)
        return PLANNER_NONE;
    *cost = end.cost;
    if (keeps_limit(m, p->u, path, prices->most_regret))
        return PLANNER_FOUND;
    int64_t left = prices->most_regret - m->problem->student[p->u->student[0]].burden;
    if (left < 0)
        return PLANNER_NONE;
    if (p->u->size > 1)
        return planner_label_solve(p, prices, cost, path);
    if (left >= LEVELS_OF_REGRET_MOST)
        return PLANNER_RELAXED;
    end = solve(p, prices, (int)left, path);
    if (end.node < 0)
        return PLANNER_NONE;
    *cost = end.cost;
    assert(keeps_limit(m, p->u, path, prices->most_regret));
    return PLANNER_FOUND;
}

void planner_kernel_prepare(const struct planner_kernel *k, int unit, const struct planner_prices *prices)
{
    const struct planner_unit *u = &k->model->unit[unit];
    (void)!planner_graph_of(k->model, &k->model->course[u->course], sites_matter(k->model, u, prices));
}

/* All that a unit's placements, changes of site and free weeks cost. */
static void cost_all(struct pass *p, const struct planner_prices *prices, const int64_t *extra)
{
    sum_weeks(p->k, p->u, p->c, prices);
    cost_options(p->k, p, prices, extra);
    p->travel = dislike_cost(p, prices, true);
    p->wait = dislike_cost(p, prices, false);
}

static int64_t changes_constant(const struct planner_model *m, const struct planner_unit *u, const struct planner_prices *prices)
{
    int64_t sum = 0;
    for (int i = 0; i < u->size && m->base != NULL; i++)
        for (int t = m->freeze; t < m->open; t++)
            sum += prices->weight[PLANNER_CHANGES] * (m->base[(size_t)u->student[i] * (size_t)m->open + (size_t)t] >= 0);
    return sum;
}

enum planner_answer planner_kernel_price(struct planner_kernel *k, int unit, const struct planner_prices *prices,
                                         const int64_t *extra, int64_t *cost, struct planner_path *path)
{
    const struct planner_model *m = k->model;
    const struct planner_unit *u = &m->unit[unit];
    struct planner_course *c = &m->course[u->course];
    struct planner_path own;
    assert(unit >= 0 && unit < m->units);
    const struct planner_graph *g = planner_graph_of(m, c, sites_matter(m, u, prices));
    if (g == NULL)
        return PLANNER_TOO_BIG;
    k->work += 32;
    if (g->nodes == 0)
        return PLANNER_NONE;
    assert(u->size >= 1 && prices->cell != NULL);
    struct pass p = { .k = k, .g = g, .c = c, .u = u, .no_free = c->programme->free_weeks_forbidden };
    cost_all(&p, prices, extra);
    enum planner_answer a = answer(&p, prices, cost, path != NULL ? path : &own);
    if (a == PLANNER_FOUND || a == PLANNER_RELAXED)
        *cost += changes_constant(m, u, prices);
    return a;
}

enum planner_answer planner_kernel_guess(struct planner_kernel *k, int unit, const struct planner_prices *prices,
                                         const int64_t *extra, int64_t *cost, struct planner_path *path)
{
    const struct planner_model *m = k->model;
    const struct planner_unit *u = &m->unit[unit];
    struct planner_course *c = &m->course[u->course];
    struct pass p = { .k = k, .c = c, .u = u, .no_free = c->programme->free_weeks_forbidden };
    assert(unit >= 0 && unit < m->units && path != NULL);
    cost_all(&p, prices, extra);
    if (!planner_guess_solve(&p, c, sites_matter(m, u, prices), prices, cost, path))
        return PLANNER_TOO_BIG;
    *cost += changes_constant(m, u, prices);
    return keeps_limit(m, u, path, prices->most_regret) ? PLANNER_FOUND : PLANNER_RELAXED;
}
