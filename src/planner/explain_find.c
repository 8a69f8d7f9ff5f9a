/* Trials: a run inside the run looks for a plan of a changed problem. Its work counts as work of the whole. */
#include "planner/explain.h"
#include "planner/search.h"

enum { PASSES = 30 };

static struct arena share(const struct internplan *r, size_t bytes)
{
    struct arena a = arena_make(bytes);
    a.full = r->work.full;
    a.full_ctx = r->work.full_ctx;
    return a;
}

void planner_find_begin(struct internplan *r)
{
    size_t used = r->arena.used_bytes + r->work.used_bytes + r->memory_bytes / 8;
    size_t left = used < r->memory_bytes ? r->memory_bytes - used : 0;
    assert(r->inner == NULL);
    r->keep = share(r, left / 4);
    r->try = share(r, left / 4);
    struct internplan *in = ARENA_NEW(&r->keep, struct internplan);
    in->parent = r;
    in->arena = share(r, left / 8);
    in->work = share(r, left / 4);
    in->scratch = share(r, left / 8);
    r->inner = in;
}

void planner_find_end(struct internplan *r)
{
    struct internplan *in = r->inner;
    if (in != NULL) {
        r->inner = NULL;
        arena_free(&in->scratch);
        arena_free(&in->work);
        arena_free(&in->arena);
    }
    arena_free(&r->try);
    arena_free(&r->keep);
}

/* Wishes are in the way when all that is asked is whether there is a plan at all: the problem without them. */
static const struct planner_problem *hard_part(struct internplan *r, const struct planner_problem *p)
{
    struct planner_problem *q = ARENA_NEW(&r->inner->arena, struct planner_problem);
    *q = *p;
    q->level_count = 0;
    q->allow_unplaced = false;
    q->student = ARENA_ARRAY(&r->inner->arena, (size_t)p->student_count, struct planner_student);
    for (int s = 0; s < p->student_count; s++) {
        q->student[s] = p->student[s];
        q->student[s].wish_count = 0;
    }
    return q;
}

/* The inner run, made ready for a problem. */
static struct internplan *begin(struct internplan *r, const struct planner_problem *p, bool hard, uint64_t ticks)
{
    struct internplan *in = r->inner;
    arena_free(&in->scratch);
    arena_free(&in->work);
    arena_free(&in->arena);
    if (hard)
        p = hard_part(r, p);
    in->problem = p;
    in->model = planner_model_make(&in->arena, &in->scratch, p);
    in->options = internplan_options_default();
    in->options.budget_ticks = ticks;
    in->random = r->options.seed;
    in->checks = in->told = in->passed_on = in->plans = 0;
    in->stop = INTERNPLAN_STOP_NONE;
    in->has_best = in->has_start = false;
    r->kernel.work += (uint64_t)in->model->students * (uint64_t)in->model->open * 4;
    return in;
}

static void begin_search(struct internplan *in)
{
    size_t levels = (size_t)in->problem->level_count;
    in->kernel = planner_kernel_make(&in->work, in->model);
    in->best = planner_plan_make(&in->work, in->model);
    in->value = ARENA_ARRAY(&in->work, levels, int64_t);
    in->bound = ARENA_ARRAY(&in->work, levels, int64_t);
}

static struct planner_found take(struct internplan *r, const struct internplan *in)
{
    const struct planner_model *m = in->model;
    struct planner_found f = { .found = in->has_best };
    size_t n = 0;
    for (int s = 0; f.found && s < m->students; s++)
        n += (size_t)in->best.path[m->unit_of[s]].n;
    f.item = ARENA_ARRAY(&r->keep, n, struct planner_placement);
    for (int s = 0; f.found && s < m->students; s++) {
        const struct planner_path *path = &in->best.path[m->unit_of[s]];
        const struct planner_course *c = &m->course[m->unit[m->unit_of[s]].course];
        for (int i = 0; i < path->n; i++) {
            const struct planner_option *o = &c->option[path->stay[i].option];
            f.item[f.n++] = (struct planner_placement){ s, o->rotation, o->department, m->week_of[path->stay[i].from],
                                                        c->length[o->rotation] };
        }
    }
    f.levels = f.found ? in->problem->level_count : 0;
    f.value = ARENA_ARRAY(&r->keep, (size_t)f.levels, int64_t);
    if (f.levels > 0)
        memcpy(f.value, in->value, (size_t)f.levels * sizeof *f.value);
    assert(f.n == n);
    return f;
}

struct planner_found planner_find_any(struct internplan *r, const struct planner_problem *p, uint64_t ticks)
{
    struct internplan *in = begin(r, p, true, ticks);
    begin_search(in);
    struct planner_search *s = planner_search_make(in);
    for (int round = 1; !in->has_best && in->stop == INTERNPLAN_STOP_NONE; round++)
        if (!planner_search_construct(in, s, INT64_MAX, PASSES * round) && planner_run_over(in))
            break;
    return take(r, in);
}

/* A list of placements as a plan of the inner run's model, to go on from. */
static void use_as_start(struct internplan *in, const struct planner_found *f)
{
    const struct planner_model *m = in->model;
    in->start = planner_plan_make(&in->arena, m);
    in->has_start = true;
    for (int u = 0; u < m->units; u++) {
        struct planner_path path = { 0 };
        const struct planner_course *c = &m->course[m->unit[u].course];
        for (size_t i = 0; i < f->n; i++) {
            const struct planner_placement *x = &f->item[i];
            for (int o = 0; x->student == m->unit[u].student[0] && o < c->options; o++)
                if (c->option[o].rotation == x->rotation && c->option[o].department == x->department)
                    path.stay[path.n++] = (struct planner_stay){ o, m->open_at[x->from] };
        }
        planner_plan_put(&in->start, u, &path);
    }
}

/* Wishes lead to a better plan when they count from the start; where that takes too long, any plan is bettered. */
struct planner_found planner_find_best(struct internplan *r, const struct planner_problem *p, const struct planner_found *any,
                                       uint64_t ticks)
{
    struct internplan *in = begin(r, p, false, ticks);
    planner_run_solve(in);
    if (!in->has_best && r->stop == INTERNPLAN_STOP_NONE) {
        in = begin(r, p, false, ticks);
        use_as_start(in, any);
        planner_run_solve(in);
    }
    return take(r, in);
}

static bool whole(const struct planner_plan *p)
{
    for (int u = 0; u < p->model->units; u++)
        if (!p->has[u])
            return false;
    return planner_plan_pairs_broken(p) == 0;
}

bool planner_find_nearest(struct internplan *r, const struct planner_problem *p, uint64_t ticks, int **load, int **row_load,
                          const struct planner_model **model)
{
    struct internplan *in = begin(r, p, true, ticks);
    begin_search(in);
    struct planner_search *s = planner_search_make(in);
    size_t cells = (size_t)in->model->departments * (size_t)in->model->open, rows = (size_t)in->model->rows * (size_t)in->model->open;
    int64_t least = INT64_MAX;
    *load = ARENA_ARRAY(&r->keep, cells, int);
    *row_load = ARENA_ARRAY(&r->keep, rows, int);
    *model = in->model;
    for (int round = 0; in->stop == INTERNPLAN_STOP_NONE; round++) {
        (void)planner_search_construct(in, s, INT64_MAX, 4 + 2 * round);
        int64_t broken = whole(&s->plan) ? planner_plan_broken(&s->plan) : INT64_MAX;
        if (broken < least) {
            least = broken;
            memcpy(*load, s->plan.load, cells * sizeof **load);
            if (rows > 0)
                memcpy(*row_load, s->plan.row_load, rows * sizeof **row_load);
        }
        if (planner_run_over(in))
            break;
    }
    return least != INT64_MAX;
}
