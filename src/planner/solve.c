/* The order of the work, and the public calls. The schedule depends on ticks and the seed alone: budget, seconds and
 * cancel only say where it is cut off. */
#include "planner/explain.h"
#include "planner/search.h"

#include <stdlib.h>

enum {
    REPORT_TICKS = 100000,
    BOUND_STEPS = 20,
    WORST_TRIES = 24, /* values of `worst` that are tried to be excluded one by one */
    CONSTRUCT_PASSES = 60
};

/* ---- numbered points ---------------------------------------------------------------------------- */

uint64_t planner_run_ticks(const struct internplan *r)
{
    return r->kernel.work / PLANNER_WORK_PER_TICK + r->checks;
}

static int open_level(const struct internplan *r)
{
    for (int i = 0; i < r->problem->level_count; i++)
        if (!r->has_best || r->bound[i] < r->value[i])
            return i;
    return -1;
}

static void report(struct internplan *r)
{
    if (r->options.progress == NULL)
        return;
    int i = open_level(r);
    struct internplan_progress at = { .ticks = planner_run_ticks(r),
                                      .budget = r->options.budget_ticks,
                                      .has_plan = r->has_best,
                                      .level = i >= 0 ? r->problem->level[i].name.p : NULL,
                                      .value = i >= 0 && r->has_best ? r->value[i] : 0,
                                      .bound = i >= 0 ? r->bound[i] : 0,
                                      .plans = r->plans,
                                      .phase = r->phase };
    r->options.progress(r->options.ctx, &at);
}

/* A trial's work is the parent's work; it ends with the parent. */
static void pass_on(struct internplan *r)
{
    r->parent->kernel.work += r->kernel.work - r->passed_on;
    r->passed_on = r->kernel.work;
    if (planner_run_over(r->parent))
        r->stop = r->parent->stop;
}

bool planner_run_over(struct internplan *r)
{
    r->checks++;
    if (r->parent != NULL)
        pass_on(r);
    uint64_t now = planner_run_ticks(r);
    if (r->stop != INTERNPLAN_STOP_NONE)
        return true;
    if (now - r->told >= REPORT_TICKS) {
        r->told = now;
        report(r);
        if (r->options.seconds > 0 && r->options.clock != NULL &&
            r->options.clock(r->options.ctx) - r->began >= r->options.seconds)
            r->stop = INTERNPLAN_STOP_SECONDS;
        else if (r->options.cancel != NULL && r->options.cancel(r->options.ctx))
            r->stop = INTERNPLAN_STOP_CANCEL;
    }
    if (now >= r->options.budget_ticks)
        r->stop = INTERNPLAN_STOP_BUDGET;
    return r->stop != INTERNPLAN_STOP_NONE;
}

uint64_t planner_run_random(struct internplan *r, uint64_t n)
{
    assert(n > 0);
    uint64_t z = r->random += 0x9E3779B97F4A7C15u; /* splitmix64 */
    z = (z ^ z >> 30) * 0xBF58476D1CE4E5B9u;
    z = (z ^ z >> 27) * 0x94D049BB133111EBu;
    return (z ^ z >> 31) % n;
}

bool planner_run_offer(struct internplan *r, const struct planner_plan *plan)
{
    int n = r->problem->level_count;
    int64_t *value = ARENA_ARRAY(&r->scratch, (size_t)n, int64_t);
    assert(planner_plan_broken(plan) == 0);
    planner_plan_levels(plan, value);
    bool better = !r->has_best || planner_levels_compare(n, value, r->value) < 0;
    if (better) {
        planner_plan_copy(&r->best, plan);
        if (n > 0)
            memcpy(r->value, value, (size_t)n * sizeof *value);
        r->has_best = true;
        r->plans++;
    }
    arena_free(&r->scratch);
    return better;
}

/* ---- the work ----------------------------------------------------------------------------------- */

struct work {
    struct internplan *r;
    struct planner_search *search;
    struct planner_bound **level; /* per level; NULL for `worst` and before it is begun */
    struct planner_bound *none;   /* tries to prove that there is no plan at all */
    int worst;                    /* index of a plain level `worst`, or -1 */
};

static int plain_worst(const struct planner_problem *p)
{
    for (int i = 0; i < p->level_count; i++)
        if (p->level[i].plain == PLANNER_WORST)
            return i;
    return -1;
}

/* Whether nobody can be below `most`: proven by one student, or by prices. Keeps the proof. */
static bool worst_excluded(struct work *w, int64_t most)
{
    struct internplan *r = w->r;
    struct planner_bound *b = planner_bound_make(r, -1, most, true);
    while (!planner_bound_steps(r, b, BOUND_STEPS))
        if (r->stop != INTERNPLAN_STOP_NONE)
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

static void exclude_worst(struct work *w)
{
    struct internplan *r = w->r;
    if (w->worst < 0)
        return;
    int64_t most = worst_alone(w) - 1;
    if (most >= 0 && !worst_excluded(w, most))
        return;
    for (int i = 0; i < WORST_TRIES && r->stop == INTERNPLAN_STOP_NONE; i++) {
        if (!worst_excluded(w, ++most))
            return;
        /* One after the other falls: perhaps no limit would do. */
        if (i == 1 && none_at_all(w, 8 * BOUND_STEPS))
            return;
    }
}

/* Limits on `worst` to try in turn: what is not excluded, then more and more, then none. */
static bool construct(struct work *w, int round)
{
    struct internplan *r = w->r;
    bool strict = w->worst >= 0 && w->worst == 0;
    int64_t most = strict ? r->bound[w->worst] : INT64_MAX, more = 1;
    for (int i = 0; strict && i < 2 + 4 * round && r->stop == INTERNPLAN_STOP_NONE; i++) {
        if (r->has_best && most >= r->value[w->worst])
            return true;
        if (planner_search_construct(r, w->search, most, CONSTRUCT_PASSES * (round + 1)))
            return true;
        most += more;
        more += 1 + more / 2;
    }
    if (!r->has_best && r->stop == INTERNPLAN_STOP_NONE && (round > 0 || !strict))
        return planner_search_construct(r, w->search, INT64_MAX, CONSTRUCT_PASSES * (round + 2));
    return r->has_best;
}

static bool proven(const struct internplan *r)
{
    return r->has_best && open_level(r) < 0;
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

/* Rounds of bounding and bettering until proof or stop. A lower `worst` is tried again now and then. */
static void better(struct work *w)
{
    struct internplan *r = w->r;
    for (int round = 0; r->stop == INTERNPLAN_STOP_NONE && !proven(r); round++) {
        (void)bound_levels(w);
        w->search->most_regret = w->worst == 0 ? r->value[0] : INT64_MAX;
        int rounds = MAX(20, 20000 / MAX(r->model->units, 1));
        planner_search_improve(r, w->search, rounds);
        bool lower = w->worst == 0 && r->value[0] > r->bound[0] && (round & (round + 1)) == 0;
        if (lower && planner_search_construct(r, w->search, (r->value[0] + r->bound[0]) / 2, CONSTRUCT_PASSES))
            continue;
    }
}

/* Rounds of constructing and trying to prove that nothing can be constructed. */
static void begin(struct work *w)
{
    struct internplan *r = w->r;
    bool none = !r->has_best && w->none != NULL && planner_bound_is_empty(w->none);
    for (int round = 0; !r->has_best && !none && r->stop == INTERNPLAN_STOP_NONE; round++) {
        if (construct(w, round))
            return;
        none = none_at_all(w, 8 * BOUND_STEPS);
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
        planner_explain(r);
    r->ticks_final = planner_run_ticks(r);
    if (r->stop == INTERNPLAN_STOP_NONE)
        r->stop = INTERNPLAN_STOP_PROOF;
    if ((r->has_best || !r->explained.infeasible) && r->parent == NULL)
        planner_certify(r, w->level);
}

void planner_run_solve(struct internplan *r)
{
    int n = r->problem->level_count;
    struct work w = { .r = r, .worst = plain_worst(r->problem) };
    r->kernel = planner_kernel_make(&r->work, r->model);
    r->best = planner_plan_make(&r->work, r->model);
    r->value = ARENA_ARRAY(&r->work, (size_t)n, int64_t);
    r->bound = ARENA_ARRAY(&r->work, (size_t)n, int64_t);
    r->proof = ARENA_ARRAY(&r->work, (size_t)n, struct planner_proof);
    w.level = ARENA_ARRAY(&r->work, (size_t)n, struct planner_bound *);
    w.search = planner_search_make(r);
    r->phase = "bound";
    use_start(&w);
    if (!r->has_best && r->parent == NULL && planner_explain_counts(r)) {
        finish(r, &w);
        return;
    }
    exclude_worst(&w);
    /* Prices before the first plan: they make it a good one. */
    for (int i = 0; i < 6 && !proven(r) && r->stop == INTERNPLAN_STOP_NONE; i++)
        if (bound_levels(&w))
            break;
    begin(&w);
    if (r->has_best)
        better(&w);
    finish(r, &w);
}

/* ---- public ------------------------------------------------------------------------------------- */

static void arena_is_full(void *ctx)
{
    struct internplan *r = ctx;
    longjmp(r->full, 1);
}

static struct arena arena_for(struct internplan *r, size_t bytes)
{
    struct arena a = arena_make(bytes);
    a.full = arena_is_full;
    a.full_ctx = r;
    return a;
}

struct internplan *internplan_new(size_t memory_bytes)
{
    struct internplan *r = calloc(1, sizeof *r);
    if (r == NULL)
        return NULL;
    r->memory_bytes = memory_bytes;
    r->arena = arena_for(r, memory_bytes / 2);
    r->work = arena_for(r, memory_bytes / 4);
    r->scratch = arena_for(r, memory_bytes - memory_bytes / 2 - memory_bytes / 4);
    r->status = INTERNPLAN_UNKNOWN;
    r->errors.arena = &r->arena;
    r->options = internplan_options_default();
    return r;
}

static void forget(struct internplan *r)
{
    planner_find_end(r);
    arena_free(&r->scratch);
    arena_free(&r->work);
    arena_free(&r->arena);
    r->errors.total = 0;
    r->problem = NULL;
    r->model = NULL;
    r->has_best = r->has_start = false;
    r->explained = (struct planner_explained){ 0 };
    r->value = r->bound = NULL;
    r->proof = NULL;
    r->stop = INTERNPLAN_STOP_NONE;
}

void internplan_free(struct internplan *r)
{
    if (r == NULL)
        return;
    forget(r);
    free(r);
}

enum internplan_status internplan_load(struct internplan *r, const char *json, size_t n)
{
    assert(r != NULL && (json != NULL || n == 0));
    forget(r);
    if (setjmp(r->full) != 0) {
        forget(r);
        return r->status = INTERNPLAN_LIMIT;
    }
    r->problem = planner_load(&r->arena, (struct str){ json, n }, &r->errors);
    if (r->problem == NULL)
        return r->status = INTERNPLAN_INVALID;
    r->model = planner_model_make(&r->arena, &r->scratch, r->problem);
    return r->status = INTERNPLAN_UNKNOWN;
}

size_t internplan_error_count(const struct internplan *r)
{
    return r->errors.total;
}

struct internplan_error internplan_error(const struct internplan *r, size_t i)
{
    assert(i < r->errors.total && i < PLANNER_ERRORS_KEPT);
    return r->errors.item[i];
}

struct internplan_options internplan_options_default(void)
{
    return (struct internplan_options){ .size = sizeof(struct internplan_options), .threads = 1 };
}

static void take_options(struct internplan *r, const struct internplan_options *o)
{
    r->options = internplan_options_default();
    if (o != NULL)
        memcpy(&r->options, o, MIN(o->size, sizeof r->options));
    if (r->options.budget_ticks == 0)
        r->options.budget_ticks = PLANNER_BUDGET_DEFAULT;
    r->began = r->options.clock != NULL ? r->options.clock(r->options.ctx) : 0;
    r->random = r->options.seed;
    r->checks = r->told = r->ticks_final = r->plans = 0;
    r->stop = INTERNPLAN_STOP_NONE;
    r->has_best = false;
    r->explained = (struct planner_explained){ 0 };
}

static enum internplan_status status_now(const struct internplan *r)
{
    if (!r->has_best)
        return r->explained.infeasible ? INTERNPLAN_INFEASIBLE : INTERNPLAN_UNKNOWN;
    for (int i = 0; i < r->problem->level_count; i++)
        if (r->proof == NULL || !r->proof[i].given || r->bound[i] < r->value[i])
            return INTERNPLAN_FEASIBLE;
    return INTERNPLAN_OPTIMAL;
}

enum internplan_status internplan_solve(struct internplan *r, const struct internplan_options *o)
{
    assert(r != NULL);
    if (r->model == NULL)
        return r->status;
    /* Graphs lie in the problem's arena and stay; the rest of an earlier run goes. The kept start lies in `arena`. */
    planner_find_end(r);
    arena_free(&r->work);
    take_options(r, o);
    if (setjmp(r->full) == 0) {
        planner_run_solve(r);
    } else {
        arena_free(&r->scratch);
        planner_find_end(r);
        r->explained = (struct planner_explained){ 0 };
        r->ticks_final = planner_run_ticks(r);
        r->stop = INTERNPLAN_STOP_MEMORY;
        for (int i = 0; r->proof != NULL && i < r->problem->level_count; i++)
            r->proof[i].given = false; /* what was not checked again is no proof */
        if (!r->has_best)
            return r->status = INTERNPLAN_LIMIT;
    }
    return r->status = status_now(r);
}

enum internplan_status internplan_state(const struct internplan *r)
{
    bool running = r->model != NULL && r->stop == INTERNPLAN_STOP_NONE && r->has_best;
    return running ? INTERNPLAN_FEASIBLE : r->status;
}

enum internplan_stop internplan_stopped_by(const struct internplan *r)
{
    return r->stop;
}

uint64_t internplan_ticks(const struct internplan *r)
{
    return r->ticks_final > 0 ? r->ticks_final : planner_run_ticks(r);
}

size_t internplan_level_count(const struct internplan *r)
{
    if (r->model == NULL || r->value == NULL)
        return 0;
    if (r->has_best)
        return (size_t)r->problem->level_count;
    return r->explained.infeasible ? 0 : (size_t)MIN(r->problem->level_count, 1);
}

struct internplan_level internplan_level(const struct internplan *r, size_t i)
{
    assert(i < internplan_level_count(r));
    const struct planner_proof *p = &r->proof[i];
    return (struct internplan_level){ .name = r->problem->level[i].name.p,
                                      .has_value = r->has_best,
                                      .value = r->has_best ? r->value[i] : 0,
                                      .bound = r->has_best ? MIN(r->bound[i], r->value[i]) : r->bound[i],
                                      .proven = r->has_best && p->given && r->bound[i] >= r->value[i],
                                      .certified = p->given };
}

size_t internplan_placement_count(const struct internplan *r)
{
    size_t n = 0;
    for (int s = 0; r->has_best && s < r->model->students; s++)
        n += (size_t)r->best.path[r->model->unit_of[s]].n;
    return n;
}

struct internplan_placement internplan_placement(const struct internplan *r, size_t i)
{
    const struct planner_model *m = r->model;
    assert(i < internplan_placement_count(r));
    int s = 0;
    while (i >= (size_t)r->best.path[m->unit_of[s]].n)
        i -= (size_t)r->best.path[m->unit_of[s++]].n;
    const struct planner_course *c = &m->course[m->unit[m->unit_of[s]].course];
    const struct planner_stay *stay = &r->best.path[m->unit_of[s]].stay[i];
    const struct planner_option *o = &c->option[stay->option];
    struct internplan_placement out = { .student = m->problem->student[s].id.p,
                                        .rotation = c->programme->rotation[o->rotation].id.p,
                                        .department = m->problem->department[o->department].id.p,
                                        .weeks = c->length[o->rotation] };
    (void)date_text(m->problem->first + 7 * m->week_of[stay->from], out.from);
    return out;
}
