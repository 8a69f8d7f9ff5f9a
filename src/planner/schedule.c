/* The order of the work: prices, a first plan, a lower `worst`, then bounding and bettering in turn. It depends on ticks
 * and the seed alone: budget, seconds and cancel only say where it is cut off. */
#include "planner/exact.h"
#include "planner/search.h"

enum {
    BOUND_STEPS = 20,
    PASSES_FIRST = 120, /* of the first constructions */
    PASSES = 480,
    RAISE_ROUNDS = 3, /* `worst` is bounded by prices in each third round: plans first */
    CASES = 64, /* nodes of the first proof by cases */
    CASES_CELLS = 8000,
    TREE_CELLS = 500, /* so small a problem is closed by a tree at once */
    DIVES = 2, /* of a round */
    DIVES_WORST = 4,
    WORST_SHARE = 4, /* nodes of a tree for `worst`, which says little until it is done */
    EXACT_NODES = 40, /* of the first tree of a level */
    PROOF_SHARE = 2, /* of the work goes into columns and trees, against so much into plans by all other means */
    PLANS_SHARE = 3,
    EXACT_GAP = 50    /* a tree is begun where what is open is one and this part of the value, at most; more in later rounds */
};

struct work {
    struct internplan *r;
    struct planner_search *search;
    struct planner_bound **level; /* per level; NULL for `worst` and before it is begun */
    struct planner_leaf *leaf;    /* per level: the best by columns; scale 0: none */
    struct planner_bound *none;   /* tries to prove that there is no plan at all */
    int worst;                    /* index of a plain level `worst`, or -1 */
    int64_t unproven;             /* least bound on `worst` that prices failed to prove */
    uint64_t on_proof, on_plans;  /* ticks of work on bounds by columns and trees, and on plans by all other means */
    int trees;                    /* rounds of them */
    int nodes;                    /* that a proof by cases needed at most; 0: none was looked for */
};

static int plain_worst(const struct planner_problem *p)
{
    for (int i = 0; i < p->level_count; i++)
        if (p->level[i].plain == PLANNER_WORST)
            return i;
    return -1;
}

/* Whether nobody can be below `most`: proven by one student, or by prices, with so many ticks of work. Keeps the proof. */
static bool worst_excluded(struct work *w, int64_t most, uint64_t ticks)
{
    struct internplan *r = w->r;
    struct planner_bound *b = planner_bound_make(r, w->worst, most, true);
    uint64_t end = planner_run_ticks(r) + ticks;
    assert(w->worst >= 0 && most >= 0);
    while (!planner_bound_steps(r, b, 4))
        if (r->stop != INTERNPLAN_STOP_NONE || planner_run_ticks(r) > end)
            return false;
    if (!planner_bound_is_empty(b))
        return false;
    r->proof[w->worst] =
        (struct planner_proof){ .splits_worst = true, .leaf = *planner_bound_leaf(b), .bound = most + 1 };
    r->bound[w->worst] = most + 1;
    return true;
}

/* What the student with the least luck has to bear even alone. */
static int64_t worst_alone(struct work *w)
{
    struct internplan *r = w->r;
    const struct planner_model *m = r->model;
    int64_t least = 0, cost;
    struct planner_prices prices = { .cell = w->search->cell, .most_regret = INT64_MAX };
    struct planner_path path;
    memset(w->search->cell, 0, (size_t)m->departments * (size_t)m->open * sizeof *w->search->cell);
    prices.weight[PLANNER_REGRET] = 1;
    for (int u = 0; u < m->units; u++)
        if (m->unit[u].size == 1 && planner_kernel_price(&r->kernel, u, &prices, NULL, &cost, &path) == PLANNER_FOUND)
            least = MAX(least, planner_path_regret(m, m->unit[u].student[0], &path) +
                                   m->problem->student[m->unit[u].student[0]].burden);
    return least;
}

/* Whether prices prove that there is no plan at all. */
static bool none_at_all(struct work *w, int steps)
{
    if (w->none == NULL)
        w->none = planner_bound_make(w->r, -1, INT64_MAX, true);
    (void)planner_bound_steps(w->r, w->none, steps);
    return planner_bound_is_empty(w->none);
}

/* The least that `worst` can be for one student alone is proven without prices. */
static void exclude_alone(struct work *w)
{
    int64_t alone = w->worst >= 0 ? worst_alone(w) : 0;
    if (alone > 0)
        (void)worst_excluded(w, alone - 1, UINT64_MAX / 2);
}

/* A lower limit on `worst` and a plan that keeps it, found by halving what is open. The bound may lie above the value while
 * an earlier level is open: it holds for plans as good as the best at every earlier level that was proven so far. */
static void lower_worst(struct work *w, int passes)
{
    struct internplan *r = w->r;
    if (w->worst < 0)
        return;
    int64_t least = r->bound[w->worst];
    assert(r->has_best && least >= 0);
    while (least < r->value[w->worst] && r->stop == INTERNPLAN_STOP_NONE) {
        int64_t try = least + (r->value[w->worst] - least) / 2, before = r->value[w->worst];
        if (!planner_search_construct(r, w->search, try, passes) || r->value[w->worst] >= before)
            least = try + 1;
    }
}

/* Tries to prove a higher bound on `worst` by prices: the value itself first, then by halving what is open. */
static void raise_worst(struct work *w)
{
    struct internplan *r = w->r;
    int64_t top = MIN(w->unproven, r->value[w->worst] + 1), low = r->bound[w->worst];
    assert(r->has_best);
    if (low >= top - 1)
        return;
    int64_t try = top > r->value[w->worst] ? top - 1 : low + (top - low) / 2;
    if (!worst_excluded(w, try - 1, planner_run_ticks(r) / 8 + 1000))
        w->unproven = try;
}

static bool proven(const struct internplan *r)
{
    return r->has_best && planner_run_open_level(r) < 0;
}

/* Some steps for every level that is open; the first open one leads the search. True: no level has anything left to
 * gain. */
static bool bound_levels(struct work *w)
{
    struct internplan *r = w->r;
    bool all_done = true, led = false;
    for (int i = 0; i < r->problem->level_count && r->stop == INTERNPLAN_STOP_NONE; i++) {
        if (i == w->worst || (r->has_best && r->bound[i] >= r->value[i]))
            continue;
        if (w->level[i] == NULL)
            w->level[i] = planner_bound_make(r, i, planner_most_regret(r, i), false);
        planner_bound_limit(w->level[i], planner_most_regret(r, i));
        all_done = planner_bound_steps(r, w->level[i], BOUND_STEPS) && all_done;
        r->bound[i] = MAX(r->bound[i], planner_bound_value(w->level[i]));
        int64_t scale;
        const int64_t *cell = planner_bound_cells(w->level[i], &scale);
        if (!led)
            planner_search_lead(r, w->search, cell, scale, i);
        led = true;
    }
    return all_done;
}

/* Units by weeks by departments: what a tree may have to decide. */
static int64_t cases(const struct internplan *r)
{
    return (int64_t)r->model->units * r->model->open * r->model->departments;
}

/* The first open level by a tree of splits, then the next. */
static void exact(struct work *w, int round)
{
    int64_t nodes = (int64_t)EXACT_NODES << MIN(round, 20);
    struct internplan *r = w->r;
    for (int i = planner_run_open_level(r); i >= 0 && r->stop == INTERNPLAN_STOP_NONE; i = planner_run_open_level(r)) {
        if (i != w->worst && cases(r) > TREE_CELLS && r->value[i] - r->bound[i] > (1 + r->value[i] / EXACT_GAP) << MIN(round / 4, 10))
            return; /* plans first */
        if (planner_exact_tree(r, i, i == w->worst && cases(r) > TREE_CELLS ? nodes / WORST_SHARE : nodes) == PLANNER_EXACT_NOT)
            return;
    }
}

/* A dive; where it ends a little broken, that is mended by negotiation. True: a better plan. */
static bool dive(struct work *w, int level, int64_t limit, bool vary)
{
    struct internplan *r = w->r;
    uint64_t plans = r->plans;
    if (planner_exact_dive(r, level, limit, vary) == PLANNER_EXACT_BETTER)
        return true;
    const struct planner_plan *plan = planner_exact_plan(r);
    if (plan != NULL)
        (void)planner_search_repair(r, w->search, plan, limit, PASSES_FIRST);
    return r->plans > plans;
}

/* `worst` by columns: the highest limit that no mix keeps is excluded, the lowest that one keeps is dived for. */
static void exact_worst(struct work *w, int guide)
{
    struct internplan *r = w->r;
    while (r->bound[w->worst] < r->value[w->worst] && r->stop == INTERNPLAN_STOP_NONE) {
        int64_t low = r->bound[w->worst], before = r->value[w->worst], try = low + (before - 1 - low) / 2, bound;
        if (planner_exact_root(r, w->worst, true, try) == PLANNER_EXACT_PROVEN) {
            r->proof[w->worst] = (struct planner_proof){ .splits_worst = true, .bound = try + 1,
                                                         .leaf = planner_leaf_copy(&r->work, r, planner_exact_leaf(r, &bound)) };
            r->bound[w->worst] = try + 1;
            continue;
        }
        (void)!planner_exact_root(r, guide, false, try);
        for (int i = 0; i < DIVES_WORST && r->value[w->worst] >= before && r->stop == INTERNPLAN_STOP_NONE; i++)
            (void)dive(w, guide, try, i > 0);
        if (r->value[w->worst] >= before)
            return;
    }
}

/* Bounds by columns of the levels that are open, a dive for the first. */
static void columns(struct work *w, bool vary)
{
    struct internplan *r = w->r;
    int last = r->problem->level_count - 1;
    int64_t bound;
    if (w->worst >= 0 && w->worst != last && r->bound[w->worst] < r->value[w->worst])
        exact_worst(w, last);
    for (int i = 0; i <= last && r->stop == INTERNPLAN_STOP_NONE; i++) {
        if (i == w->worst || r->bound[i] >= r->value[i])
            continue;
        int64_t limit = planner_most_regret(r, i);
        (void)!planner_exact_root(r, i, false, limit);
        const struct planner_leaf *leaf = planner_exact_leaf(r, &bound);
        if (leaf == NULL)
            return;
        if (w->leaf[i].scale == 0 || bound > r->bound[i])
            w->leaf[i] = planner_leaf_copy(&r->work, r, leaf);
        r->bound[i] = MAX(r->bound[i], bound);
        planner_search_lead(r, w->search, leaf->cell, leaf->scale, i);
        for (int k = 0; k < DIVES && r->stop == INTERNPLAN_STOP_NONE && !dive(w, i, limit, vary || k > 0); k++)
            continue;
    }
}

/* Rounds of bounding and bettering until proof or stop: new plans, made ever more slowly, and bettering the best one
 * piece by piece; what has brought something lately gets more of the work. A lower `worst` is tried again now and then. */
static void better(struct work *w)
{
    struct internplan *r = w->r;
    assert(r->has_best && planner_plan_broken(&r->best) == 0);
    int share = 4; /* of the work that goes into pieces, in eighths of what goes into new plans */
    for (int round = 0; r->stop == INTERNPLAN_STOP_NONE && !proven(r); round++) {
        (void)bound_levels(w);
        uint64_t now = planner_run_ticks(r);
        if (cases(r) <= TREE_CELLS || w->on_proof * PLANS_SHARE <= w->on_plans * PROOF_SHARE) {
            columns(w, w->trees > 0);
            exact(w, w->trees++);
            w->on_proof += planner_run_ticks(r) - now;
        }
        if (proven(r))
            break;
        now = planner_run_ticks(r);
        int passes = cases(r) <= TREE_CELLS ? PASSES_FIRST : PASSES << MIN(round / 2 + 1, 4);
        if ((round & (round + 1)) == 0)
            lower_worst(w, passes);
        if (w->worst >= 0 && round % RAISE_ROUNDS == RAISE_ROUNDS - 1)
            raise_worst(w);
        int64_t limit = w->worst >= 0 ? r->value[w->worst] : INT64_MAX;
        uint64_t began = planner_run_ticks(r), plans = r->plans;
        bool found = planner_search_construct(r, w->search, limit, passes) && r->plans > plans;
        uint64_t more = (planner_run_ticks(r) - began) * (uint64_t)share / 8;
        plans = r->plans;
        w->search->most_regret = w->worst >= 0 ? r->value[w->worst] : INT64_MAX;
        planner_search_improve(r, w->search, more);
        if (r->plans > plans)
            share = MIN(share * 2, 64);
        else if (found || share > 2)
            share = MAX(share / 2, 2);
        w->on_plans += planner_run_ticks(r) - now;
    }
}

/* Problems on which a proof by cases may come to an end. */
static bool small(const struct internplan *r)
{
    return cases(r) <= CASES_CELLS;
}

/* A first plan without a limit on anybody; or the proof that there is none. */
static void begin(struct work *w)
{
    struct internplan *r = w->r;
    bool none = false;
    for (int round = 0; !r->has_best && !none && r->stop == INTERNPLAN_STOP_NONE; round++) {
        uint64_t began = planner_run_ticks(r), now;
        if (planner_search_construct(r, w->search, INT64_MAX, PASSES_FIRST << MIN(round, 6)))
            return;
        /* As much work for the proof that there is none. */
        uint64_t end = 2 * (now = planner_run_ticks(r)) - began;
        do {
            none = none_at_all(w, 2 * BOUND_STEPS);
        } while (!none && r->stop == INTERNPLAN_STOP_NONE && now != planner_run_ticks(r) &&
                 (now = planner_run_ticks(r)) < end);
        if (!none && r->parent == NULL && small(r))
            none = planner_explain_splits(r, w->nodes = CASES << MIN(round, 10));
    }
}

/* A stored plan takes part as it is where it keeps all rules. */
static void use_start(struct work *w)
{
    struct internplan *r = w->r;
    if (!r->has_start)
        return;
    planner_plan_copy(&w->search->plan, &r->start);
    for (int u = 0; u < r->model->units; u++) {
        w->search->penalty = w->search->most_weight * 4;
        if (!w->search->plan.has[u] && !planner_search_place(r, w->search, u, false))
            return;
    }
    if (planner_plan_broken(&w->search->plan) == 0)
        planner_run_offer(r, &w->search->plan);
}

static void finish(struct internplan *r, struct work *w)
{
    if (!r->has_best && r->parent == NULL)
        planner_explain(r, small(r) ? MAX(w->nodes, CASES << 3) : 0);
    r->ticks_final = planner_run_ticks(r);
    if (r->stop == INTERNPLAN_STOP_NONE) {
        r->stop = INTERNPLAN_STOP_PROOF;
        r->ticks_final++; /* so that a run with just this budget passes the last point, as this one did */
    }
    if ((r->has_best || !r->explained.infeasible) && (r->parent == NULL || r->certifies))
        planner_certify(r, w->level, w->leaf);
    if (r->problem->has_base && r->has_best && r->parent == NULL)
        planner_proposals_choose(r, w->level, w->leaf);
}

void planner_run_solve(struct internplan *r)
{
    int n = r->problem->level_count;
    struct work w = { .r = r, .worst = plain_worst(r->problem), .unproven = INT64_MAX };
    r->kernel = planner_kernel_make(&r->work, r->model);
    r->best = planner_plan_make(&r->work, r->model);
    r->value = ARENA_ARRAY(&r->work, (size_t)n, int64_t);
    r->bound = ARENA_ARRAY(&r->work, (size_t)n, int64_t);
    r->proof = ARENA_ARRAY(&r->work, (size_t)n, struct planner_proof);
    w.level = ARENA_ARRAY(&r->work, (size_t)n, struct planner_bound *);
    w.leaf = ARENA_ARRAY(&r->work, (size_t)n, struct planner_leaf);
    w.search = planner_search_make(r);
    planner_exact_begin(r);
    r->phase = "bound";
    use_start(&w);
    if (r->problem->has_base && r->parent == NULL)
        planner_replan(r);
    if (!r->has_best && r->parent == NULL && planner_explain_counts(r)) {
        finish(r, &w);
        return;
    }
    exclude_alone(&w);
    /* Prices before the first plan: they make it a good one. */
    for (int i = 0; i < 3 && !proven(r) && r->stop == INTERNPLAN_STOP_NONE; i++)
        if (bound_levels(&w))
            break;
    begin(&w);
    if (r->has_best)
        better(&w);
    finish(r, &w);
}
