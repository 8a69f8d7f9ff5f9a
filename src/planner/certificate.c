/* The inequality of one leaf, evaluated exactly with the kernel in integers, and the choice of what goes into the file:
 * a bound is kept only with prices that prove it for the values that the file states. */
#include "planner/exact.h"

void planner_leaf_weights(const struct internplan *r, int level, const struct planner_leaf *leaf,
                          int64_t weight[PLANNER_MEASURES])
{
    const struct planner_problem *p = r->problem;
    for (int k = 0; k < PLANNER_MEASURES; k++) {
        weight[k] = level >= 0 ? leaf->scale * p->level[level].weight[k] : 0;
        for (int j = 0; leaf->given != NULL && j < level; j++)
            weight[k] += leaf->given[j] * p->level[j].weight[k];
    }
}

int64_t planner_most_regret(const struct internplan *r, int level)
{
    int64_t most = INT64_MAX;
    for (int j = 0; j < level && r->has_best; j++)
        if (r->problem->level[j].plain == PLANNER_WORST)
            most = r->value[j];
    return most;
}

bool planner_all_placed(const struct internplan *r, int level)
{
    for (int j = 0; j < level && r->has_best; j++)
        if (r->problem->level[j].plain == PLANNER_UNPLACED && r->value[j] == 0)
            return true;
    return false;
}

static int64_t *cell_prices(struct internplan *r, const struct planner_leaf *leaf)
{
    const struct planner_model *m = r->model;
    size_t n = (size_t)m->departments * (size_t)m->open;
    int64_t *cell = ARENA_ARRAY(&r->scratch, n, int64_t);
    for (size_t i = 0; i < n; i++)
        cell[i] = (leaf->cell != NULL ? leaf->cell[i] : 0) - (leaf->minimum != NULL ? leaf->minimum[i] : 0);
    return cell;
}

static __int128 gives(const struct internplan *r, int level, const struct planner_leaf *leaf)
{
    const struct planner_model *m = r->model;
    __int128 n = 0;
    size_t cells = (size_t)m->departments * (size_t)m->open;
    for (size_t i = 0; i < cells; i++) {
        if (leaf->cell != NULL)
            n -= (__int128)leaf->cell[i] * m->capacity[i];
        if (leaf->minimum != NULL)
            n += (__int128)leaf->minimum[i] * m->minimum[i];
    }
    for (int k = 0; leaf->row != NULL && k < m->rows; k++)
        for (int t = m->row[k].first; t < m->row[k].end; t++)
            n -= (__int128)leaf->row[(size_t)k * (size_t)m->open + (size_t)t] * m->row[k].capacity;
    for (int j = 0; leaf->given != NULL && j < level; j++)
        n -= (__int128)leaf->given[j] * r->value[j];
    return n;
}

struct planner_sum planner_leaf_sum(struct internplan *r, int level, const struct planner_leaf *leaf,
                                    int64_t most_regret, struct planner_plan *cheapest)
{
    const struct planner_model *m = r->model;
    struct planner_prices prices = {
        .cell = cell_prices(r, leaf), .row = leaf->row, .most_regret = most_regret, .all_placed = planner_all_placed(r, level)
    };
    struct planner_path *path = ARENA_ARRAY(&r->scratch, (size_t)m->units, struct planner_path);
    enum planner_answer *answer = ARENA_ARRAY(&r->scratch, (size_t)m->units, enum planner_answer);
    planner_leaf_weights(r, level, leaf, prices.weight);
    assert(leaf->scale >= 0 && (leaf->scale == 0 || level >= 0));
    for (size_t i = 0; leaf->minimum != NULL && i < (size_t)m->departments * (size_t)m->open; i++)
        assert(leaf->minimum[i] >= 0 && leaf->minimum[i] <= prices.weight[PLANNER_UNDERSTAFFED]);
    struct planner_sum sum = planner_price_all(r, &prices, NULL, NULL, path, answer);
    sum.n += gives(r, level, leaf);
    for (int u = 0; u < m->units && cheapest != NULL && sum.holds && !sum.empty; u++) {
        if (cheapest->has[u])
            planner_plan_take(cheapest, u);
        planner_plan_put(cheapest, u, &path[u]);
    }
    arena_free(&r->scratch);
    return sum;
}

int64_t planner_level_personal(const struct internplan *r, int level, const struct planner_plan *plan)
{
    static const enum planner_measure personal[] = { PLANNER_UNPLACED, PLANNER_CHANGES, PLANNER_REGRET, PLANNER_TRAVEL,
                                                     PLANNER_WAITING };
    const struct planner_level *v = &r->problem->level[level];
    int64_t sum = v->weight[PLANNER_CHANGES] * r->model->changes_constant;
    for (size_t i = 0; i < LEN(personal); i++)
        for (int u = 0; v->weight[personal[i]] != 0 && u < r->model->units; u++)
            if (plan->has[u])
                sum += v->weight[personal[i]] * planner_path_measure(r->model, u, &plan->path[u], personal[i]);
    return sum;
}

int64_t planner_ceil(__int128 n, int64_t q)
{
    assert(q > 0);
    __int128 d = n / q + (n % q > 0);
    return d > INT64_MAX / 4 ? INT64_MAX / 4 : d < 0 ? 0 : (int64_t)d;
}

/* N of a leaf with prices of every kind, without splits. */
static struct planner_sum general_sum(struct internplan *r, int level, const struct planner_leaf *leaf, int64_t most_regret)
{
    const struct planner_model *m = r->model;
    struct arena *a = &r->cases; /* no tree is under way */
    arena_free(a);
    struct planner_scene *s = planner_scene_make(a, r, level);
    planner_scene_set(s, NULL, NULL, 0, most_regret);
    return planner_scene_sum(s, leaf, ARENA_ARRAY(a, (size_t)m->units, struct planner_path),
                             ARENA_ARRAY(a, (size_t)m->units, enum planner_answer));
}

/* The bound that a leaf proves, at least 0 (measures are never negative); false where it proves none. */
bool planner_leaf_proves(struct internplan *r, int level, const struct planner_leaf *leaf, int64_t *bound)
{
    struct planner_sum sum = general_sum(r, level, leaf, planner_most_regret(r, level));
    if (!sum.holds || sum.empty)
        return false;
    *bound = planner_ceil(sum.n, leaf->scale);
    return true;
}

bool planner_worst_proves(struct internplan *r, int level, const struct planner_proof *proof)
{
    struct planner_sum sum = general_sum(r, level, &proof->leaf, proof->bound - 1);
    return sum.holds && (sum.empty || sum.n >= 1);
}

/* `worst` was proven by an empty leaf during the search, or has the bound 0, or what each student has to bear anyhow.
 */
static void certify_worst(struct internplan *r, int level)
{
    struct planner_proof *p = &r->proof[level];
    assert(r->problem->level[level].plain == PLANNER_WORST);
    if (r->has_best)
        p->bound = MIN(p->bound, r->value[level]);
    if (p->splits_worst && p->bound > 0 && planner_worst_proves(r, level, p)) {
        p->given = true;
        r->bound[level] = p->bound;
        return;
    }
    *p = (struct planner_proof){ .given = true, .leaf = { .scale = 1 } };
    r->bound[level] = 0;
}

/* Keeps a leaf as the proof of level i if it proves more than the one in hand. */
static void try_leaf(struct internplan *r, int i, const struct planner_leaf *leaf)
{
    struct planner_proof *p = &r->proof[i];
    int64_t bound;
    if (planner_leaf_proves(r, i, leaf, &bound) && (!p->given || bound > p->bound))
        *p = (struct planner_proof){ .given = true, .leaf = *leaf, .bound = bound };
}

void planner_certify(struct internplan *r, struct planner_bound *const *level_bound, const struct planner_leaf *column_leaf)
{
    const char *phase = r->phase;
    r->phase = "certificate";
    for (int i = 0; i < r->problem->level_count; i++) {
        struct planner_proof *p = &r->proof[i];
        const struct planner_leaf nothing = { .scale = 1 };
        if (p->cases != NULL && r->has_best && p->bound == r->value[i])
            continue; /* every leaf was evaluated by the exact kernel for these values */
        if (r->problem->level[i].plain == PLANNER_WORST) {
            certify_worst(r, i);
            continue;
        }
        *p = (struct planner_proof){ 0 };
        try_leaf(r, i, &nothing);
        if (level_bound[i] != NULL)
            try_leaf(r, i, planner_bound_leaf(level_bound[i]));
        if (column_leaf[i].scale > 0)
            try_leaf(r, i, &column_leaf[i]);
        if (r->lent != NULL && r->lent[i] != NULL)
            try_leaf(r, i, r->lent[i]);
        r->bound[i] = p->given ? p->bound : 0;
        if (r->has_best)
            r->bound[i] = MIN(r->bound[i], r->value[i]);
        p->bound = r->bound[i];
        assert(p->bound >= 0 && (!r->has_best || p->bound <= r->value[i]));
    }
    r->phase = phase;
}
