/* Trials: a run inside the run looks for a plan of a changed problem. Its work counts as work of the whole. */
#include "planner/explain.h"
#include "planner/search.h"

enum { PASSES = 30 };

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
    struct arena *a = &r->inner->arena;
    struct planner_problem *q = ARENA_NEW(a, struct planner_problem);
    int *now = ARENA_ARRAY(a, (size_t)p->student_count, int), n = 0;
    *real = ARENA_ARRAY(a, (size_t)p->student_count, int);
    *q = *p;
    q->level_count = 0;
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

static int64_t *arena_copy_array(struct arena *a, const int64_t *from, size_t n)
{
    int64_t *to = ARENA_ARRAY(a, n, int64_t);
    if (n > 0)
        memcpy(to, from, n * sizeof *to);
    return to;
}

/* ---- the inner run ------------------------------------------------------------------------------ */

/* The inner run, made ready for a problem; `real`: only for the part that matters, or NULL. */
static struct internplan *begin(struct internplan *r, const struct planner_problem *p, int **real, uint64_t ticks)
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

static void begin_search(struct internplan *in)
{
    size_t levels = (size_t)in->problem->level_count;
    in->kernel = planner_kernel_make(&in->work, in->model);
    in->best = planner_plan_make(&in->work, in->model);
    in->value = ARENA_ARRAY(&in->work, levels, int64_t);
    in->bound = ARENA_ARRAY(&in->work, levels, int64_t);
}

/* real: numbers of the students, or NULL where they are the same. */
static struct planner_found take(struct internplan *r, const struct internplan *in, const int *real)
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

/* Everybody once, as early as may be (or as late): what only just fits, fits when no week is left over between two. */
static void pack(struct internplan *in, struct planner_search *s, bool backwards)
{
    const struct planner_model *m = in->model;
    for (int d = 0; d < m->departments; d++)
        for (int t = 0; t < m->open; t++)
            s->lead[(size_t)d * (size_t)m->open + (size_t)t] = PLANNER_PRICE_UNIT / 64 * (backwards ? m->open - t : t);
    s->most_regret = INT64_MAX;
    s->noise = 0;
    s->lead_share = 16;
    s->penalty = s->most_weight * 4096;
    bool whole = true;
    for (int u = 0; u < m->units; u++)
        if (s->plan.has[u])
            planner_plan_take(&s->plan, u);
    for (int u = 0; u < m->units && whole; u++)
        whole = !planner_run_over(in) && (s->plan.has[u] || planner_search_replace(in, s, u, true));
    if (whole && planner_plan_broken(&s->plan) == 0)
        planner_run_offer(in, &s->plan);
    memset(s->lead, 0, (size_t)m->departments * (size_t)m->open * sizeof *s->lead);
}

struct planner_found planner_find_any(struct internplan *r, const struct planner_problem *p, uint64_t ticks)
{
    int *real;
    struct internplan *in = begin(r, p, &real, ticks);
    begin_search(in);
    struct planner_search *s = planner_search_make(in);
    for (int backwards = 0; backwards < 2 && !in->has_best && in->stop == INTERNPLAN_STOP_NONE; backwards++)
        pack(in, s, backwards == 1);
    for (int round = 1; !in->has_best && in->stop == INTERNPLAN_STOP_NONE; round++)
        if (!planner_search_construct(in, s, INT64_MAX, PASSES * round) && planner_run_over(in))
            break;
    return take(r, in, real);
}

/* A list of placements as a plan of the inner run's model, to go on from. */
static void use_as_start(struct internplan *in, const struct planner_found *f)
{
    const struct planner_model *m = in->model;
    in->start = planner_plan_make(&in->arena, m);
    in->has_start = true;
    size_t *first = ARENA_ARRAY(&in->arena, (size_t)m->students + 1, size_t); /* the list is in the order of students */
    for (size_t i = 0, s = 0; s <= (size_t)m->students; first[s++] = i)
        while (i < f->n && f->item[i].student < (int)s)
            i++;
    for (int u = 0; u < m->units; u++) {
        struct planner_path path = { 0 };
        const struct planner_course *c = &m->course[m->unit[u].course];
        for (size_t i = first[m->unit[u].student[0]]; i < first[m->unit[u].student[0] + 1]; i++) {
            const struct planner_placement *x = &f->item[i];
            for (int o = 0; o < c->options; o++)
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
    struct internplan *in = begin(r, p, NULL, ticks);
    planner_run_solve(in);
    if (!in->has_best && r->stop == INTERNPLAN_STOP_NONE) {
        in = begin(r, p, NULL, ticks);
        use_as_start(in, any);
        planner_run_solve(in);
    }
    return take(r, in, NULL);
}

struct planner_found planner_find_better(struct internplan *r, const struct planner_problem *p, const struct planner_found *start,
                                         uint64_t ticks)
{
    struct internplan *in = begin(r, p, NULL, ticks);
    use_as_start(in, start);
    planner_run_solve(in);
    return take(r, in, NULL);
}

struct planner_part_found planner_find_part(struct internplan *r, const struct planner_problem *p, const int *real,
                                            int level, uint64_t ticks)
{
    struct internplan *in = begin(r, p, NULL, ticks);
    in->certifies = true;
    planner_run_solve(in);
    in->certifies = false;
    struct planner_part_found f = { .plan = take(r, in, real) };
    if (level < 0 || !in->has_best || !in->proof[level].given)
        return f;
    f.proven = true;
    for (int i = 0; i <= level; i++)
        f.proven = f.proven && in->proof[i].given && in->bound[i] >= in->value[i];
    const struct planner_leaf *leaf = &in->proof[level].leaf;
    for (const struct planner_case *c = in->proof[level].cases; c != NULL; c = c->no) /* any prices bound: those of one case */
        leaf = &c->leaf;
    size_t cells = (size_t)in->model->departments * (size_t)in->model->open, rows = (size_t)in->model->rows * (size_t)in->model->open;
    for (int i = 0; leaf->given != NULL && i < level; i++)
        if (leaf->given[i] != 0)
            return f;
    f.leaf.scale = leaf->scale;
    f.leaf.cell = leaf->cell != NULL ? arena_copy_array(&r->keep, leaf->cell, cells) : NULL;
    f.leaf.row = leaf->row != NULL ? arena_copy_array(&r->keep, leaf->row, rows) : NULL;
    return f;
}

struct planner_found planner_find_best_now(struct internplan *r)
{
    return take(r, r, NULL);
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
    int *real;
    struct internplan *in = begin(r, p, &real, ticks);
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
