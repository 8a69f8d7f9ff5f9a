/* A run inside the run: made ready for a changed problem, or for the part of it that matters; its plan as a list. Its work
 * counts as work of the whole. See inner.h. */
#include "planner/inner.h"

static struct arena share(struct internplan *r)
{
    struct arena a = arena_in(&r->memory);
    a.full = r->work.full;
    a.full_ctx = r->work.full_ctx;
    return a;
}

void planner_find_begin(struct internplan *r)
{
    assert(r->inner == NULL);
    r->keep = share(r);
    r->try = share(r);
    r->trial = share(r);
    struct internplan *in = ARENA_NEW(&r->keep, struct internplan);
    in->parent = r;
    in->arena = share(r);
    in->work = share(r);
    in->scratch = share(r);
    r->inner = in;
}

void planner_find_end(struct internplan *r)
{
    struct internplan *in = r->inner;
    if (in != NULL) {
        r->inner = NULL;
        planner_exact_end(in);
        arena_free(&in->scratch);
        arena_free(&in->work);
        arena_free(&in->arena);
    }
    arena_free(&r->trial);
    arena_free(&r->try);
    arena_free(&r->keep);
}

/* ---- the part that matters ---------------------------------------------------------------------- */

/* Whether a student does anything at all. */
static bool is_active(const struct planner_problem *p, int s)
{
    int n = p->programme[p->student[s].programme].rotation_count;
    return (~p->student[s].skip & (n >= 64 ? UINT64_MAX : (UINT64_C(1) << n) - 1)) != 0;
}

/* Pairs and base placements of those who are left; now: [student], the new number or -1. */
void planner_keep_rules(struct arena *a, struct planner_problem *q, const struct planner_problem *p, const int *now)
{
    q->pair = ARENA_ARRAY(a, (size_t)p->pair_count, struct planner_pair);
    for (int i = 0; i < p->pair_count; i++) {
        struct planner_pair *t = &q->pair[i];
        *t = p->pair[i];
        t->student = ARENA_ARRAY(a, (size_t)p->pair[i].student_count, int);
        t->student_count = 0;
        for (int k = 0; k < p->pair[i].student_count; k++)
            if (now[p->pair[i].student[k]] >= 0)
                t->student[t->student_count++] = now[p->pair[i].student[k]];
        t->off = t->off || t->student_count < 2;
    }
    q->base = ARENA_ARRAY(a, (size_t)p->base_count, struct planner_placement);
    q->base_count = 0;
    for (int i = 0; i < p->base_count; i++)
        if (now[p->base[i].student] >= 0) {
            q->base[q->base_count] = p->base[i];
            q->base[q->base_count++].student = now[p->base[i].student];
        }
}

/* The problem with only those who do anything, and without wishes, which are in the way when all that is asked is whether
 * there is a plan at all. real: their numbers in p. A fact concerns a few students of thousands: this is what makes a
 * plan without it cheap to find. */
static const struct planner_problem *hard_part(struct internplan *r, const struct planner_problem *p, int **real)
{
    static const struct planner_level changes = { .name = { "changes", 7 }, .weight = { [PLANNER_CHANGES] = 1 }, .plain = PLANNER_CHANGES };
    struct arena *a = &r->inner->arena;
    struct planner_problem *q = ARENA_NEW(a, struct planner_problem);
    int *now = ARENA_ARRAY(a, (size_t)p->student_count, int), n = 0;
    *real = ARENA_ARRAY(a, (size_t)p->student_count, int);
    *q = *p;
    q->level = ARENA_NEW(a, struct planner_level);
    *q->level = changes;
    q->level_count = p->has_base ? 1 : 0; /* whoever must make room changes as little as he can */
    q->allow_unplaced = false;
    q->student = ARENA_ARRAY(a, (size_t)p->student_count, struct planner_student);
    for (int s = 0; s < p->student_count; s++) {
        now[s] = is_active(p, s) ? n : -1;
        if (now[s] < 0)
            continue;
        q->student[n] = p->student[s];
        q->student[n].wish_count = 0;
        (*real)[n++] = s;
    }
    q->student_count = n;
    planner_keep_rules(a, q, p, now);
    assert(n <= p->student_count && q->base_count <= p->base_count);
    return q;
}

/* ---- the inner run ------------------------------------------------------------------------------ */

struct internplan *planner_inner_begin(struct internplan *r, const struct planner_problem *p, int **real, uint64_t ticks)
{
    struct internplan *in = r->inner;
    assert(in != NULL && ticks > 0);
    arena_free(&in->scratch);
    arena_free(&in->work);
    arena_free(&in->arena);
    if (real != NULL)
        p = hard_part(r, p, real);
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

void planner_inner_search(struct internplan *in)
{
    size_t levels = (size_t)in->problem->level_count;
    in->kernel = planner_kernel_make(&in->work, in->model);
    in->best = planner_plan_make(&in->work, in->model);
    in->value = ARENA_ARRAY(&in->work, levels, int64_t);
    in->bound = ARENA_ARRAY(&in->work, levels, int64_t);
}

struct planner_found planner_inner_take(struct internplan *r, const struct internplan *in, const int *real)
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
            f.item[f.n++] = (struct planner_placement){ real != NULL ? real[s] : s, o->rotation, o->department, m->week_of[path->stay[i].from],
                                                        c->length[o->rotation] };
        }
    }
    f.levels = f.found ? in->problem->level_count : 0;
    f.value = ARENA_ARRAY(&r->keep, (size_t)f.levels, int64_t);
    f.bound = ARENA_ARRAY(&r->keep, (size_t)f.levels, int64_t);
    for (int i = 0; i < f.levels; i++) {
        f.value[i] = in->value[i];
        f.bound[i] = in->bound[i];
    }
    assert(f.n == n);
    return f;
}
