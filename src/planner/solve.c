/* The order of the work, and the public calls. The schedule depends on ticks and the seed alone: budget, seconds and
 * cancel only say where it is cut off. */
#include "planner/explain.h"
#include "planner/search.h"

#include <stdlib.h>

enum { REPORT_TICKS = 100000, REPORT_PLANS = 64 /* the first ones are told of at once: a short search has a curve too */ };

/* ---- numbered points ---------------------------------------------------------------------------- */

uint64_t planner_run_ticks(const struct internplan *r)
{
    return r->kernel.work / PLANNER_WORK_PER_TICK + r->checks;
}

int planner_run_open_level(const struct internplan *r)
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
    int i = planner_run_open_level(r);
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
    assert(r->model->units > 1000 || planner_plan_adds_up(plan)); /* cheap beside making such a plan */
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
    if (better && r->parent == NULL && r->plans <= REPORT_PLANS)
        report(r);
    return better;
}

/* ---- public ------------------------------------------------------------------------------------- */

static void arena_is_full(void *ctx)
{
    struct internplan *r = ctx;
    longjmp(r->full, 1);
}

static struct arena arena_for(struct internplan *r)
{
    struct arena a = arena_in(&r->memory);
    a.full = arena_is_full;
    a.full_ctx = r;
    return a;
}

struct internplan *internplan_new(size_t memory_bytes)
{
    struct internplan *r = calloc(1, sizeof *r);
    if (r == NULL)
        return NULL;
    r->memory.max_bytes = memory_bytes;
    r->arena = arena_for(r);
    r->work = arena_for(r);
    r->scratch = arena_for(r);
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
    planner_exact_end(r);
    arena_free(&r->arena);
    r->errors.total = 0;
    r->problem = NULL;
    r->model = NULL;
    r->has_best = r->has_start = false;
    r->explained = (struct planner_explained){ 0 };
    r->value = r->bound = NULL;
    r->proof = NULL;
    r->replan = NULL;
    r->lent = NULL;
    r->proposals = r->selected = 0;
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
    r->proposals = r->selected = r->links = 0;
    r->replan = NULL;
    r->lent = NULL;
    r->explained = (struct planner_explained){ 0 };
}

enum internplan_status planner_run_status(const struct internplan *r)
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
    planner_exact_end(r);
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
    return r->status = planner_run_status(r);
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
