/* Proofs that people would find by counting: some students must spend so many weeks in some departments within some weeks,
 * and there are fewer seats. Three patterns of prices: 1 on every week of a run (student-weeks), 1 on so few weeks that
 * every block touches one (whole blocks), 1 on all that can be reached in a run when nobody can be idle there. Each is
 * a lower bound by simple arithmetic; the caller's kernel has the last word. Here: what is demanded and what is scarce. */
#include "planner/count.h"

enum { RESOURCES_MOST = 4000, WORK_MOST = 60000000 };

bool planner_count_pays(struct counting *c, uint64_t work)
{
    uint64_t *done = &c->r->kernel.work;
    if (*done > c->work_end || work > c->work_end - *done)
        return false;
    *done += work;
    return true;
}

/* ---- demands ------------------------------------------------------------------------------------ */

static void add_demand(struct counting *c, const struct planner_class *class, uint64_t set, int pick)
{
    if (set != 0 && pick > 0)
        *ARENA_PUSH(c->a, c->demand, c->demands, c->demand_cap) = (struct demand){
            .class = class, .course = &c->m->course[c->m->unit[class->unit].course], .set = set, .pick = pick
        };
}

static void list_demands(struct counting *c)
{
    size_t options = 0;
    c->option_at = ARENA_ARRAY(c->a, (size_t)c->v->classes, size_t);
    for (int i = 0; i < c->v->classes; i++) {
        const struct planner_class *class = &c->v->class[i];
        const struct planner_course *course = &c->m->course[c->m->unit[class->unit].course];
        for (uint64_t set = course->required; set != 0; set &= set - 1)
            add_demand(c, class, set & -set, 1);
        for (int k = 0; k < course->choices; k++)
            add_demand(c, class, course->choice_of[k], course->choice_pick[k]);
        c->option_at[i] = options;
        options += (size_t)course->options;
    }
    c->first = ARENA_ARRAY(c->a, options, int);
    c->last = ARENA_ARRAY(c->a, options, int);
    for (int i = 0; i < c->v->classes; i++)
        for (int o = 0; o < c->m->course[c->m->unit[c->v->class[i].unit].course].options; o++) {
            c->first[c->option_at[i] + (size_t)o] = planner_class_first(c->v, &c->v->class[i], o);
            c->last[c->option_at[i] + (size_t)o] = planner_class_last(c->v, &c->v->class[i], o);
        }
}

int planner_count_heads(const struct counting *c, const struct resource *x, const struct demand *d)
{
    const struct planner_unit *u = &c->m->unit[d->class->unit];
    int n = 0;
    for (int k = 0; k < u->size; k++) {
        bool counts = true;
        if (x->row >= 0)
            counts = planner_model_counts(c->m, x->row, u->student[k]) != 0;
        if (x->apart >= 0) {
            const struct planner_pair *pair = &c->v->problem->pair[c->v->apart[x->apart]];
            counts = false;
            for (int i = 0; i < pair->student_count; i++)
                counts = counts || pair->student[i] == u->student[k];
        }
        n += counts;
    }
    return n * d->class->units;
}

enum where planner_count_part(const struct counting *c, const struct resource *x, const struct demand *d, int rotation,
                          int *first, int *last)
{
    size_t at = c->option_at[d->class - c->v->class];
    bool outside = x->apart >= 0 && !planner_pair_names(&c->v->problem->pair[c->v->apart[x->apart]], d->course, rotation);
    bool any = false;
    *first = INT32_MAX;
    *last = -1;
    for (int o = d->course->option_first[rotation]; o < d->course->option_first[rotation + 1]; o++) {
        if (c->last[at + (size_t)o] < 0)
            continue;
        any = true;
        outside = outside || !x->department[d->course->option[o].department];
        *first = MIN(*first, c->first[at + (size_t)o]);
        *last = MAX(*last, c->last[at + (size_t)o]);
    }
    return !any ? NEVER : outside ? ELSEWHERE : INSIDE;
}

int64_t planner_count_capacity(const struct counting *c, const struct resource *x, int department, int week)
{
    if (x->apart >= 0)
        return 1;
    if (x->row < 0)
        return c->m->capacity[(size_t)department * (size_t)c->m->open + (size_t)week];
    const struct planner_row *row = &c->m->row[x->row];
    return week >= row->first && week < row->end ? row->capacity : PLANNER_NO_LIMIT;
}

/* Demands that can't be met without the resource. */
static size_t list_inside(const struct counting *c, const struct resource *x, struct inside *out)
{
    size_t n = 0;
    for (size_t i = 0; i < c->demands; i++) {
        const struct demand *d = &c->demand[i];
        struct inside *in = &out[n];
        in->parts = in->outside = 0;
        for (uint64_t set = d->set; set != 0; set &= set - 1) {
            int rotation = __builtin_ctzll(set), first, last;
            enum where where = planner_count_part(c, x, d, rotation, &first, &last);
            in->outside += where == ELSEWHERE;
            if (where != INSIDE)
                continue;
            in->length[in->parts] = d->course->length[rotation];
            in->first[in->parts] = first;
            in->last[in->parts++] = last;
        }
        in->pick = d->pick - in->outside;
        in->heads = in->pick > 0 && in->parts >= in->pick ? planner_count_heads(c, x, d) : 0;
        n += in->heads > 0;
    }
    return n;
}

/* ---- resources ---------------------------------------------------------------------------------- */

static struct resource *add_resource(struct counting *c, const bool *department, bool one)
{
    size_t n = (size_t)c->m->departments;
    if (c->resources >= RESOURCES_MOST)
        return NULL;
    for (size_t i = 0; i < c->resources && !one; i++)
        if (c->resource[i].row < 0 && c->resource[i].apart < 0 &&
            memcmp(c->resource[i].department, department, n * sizeof *department) == 0)
            return NULL;
    struct resource *x = ARENA_PUSH(c->a, c->resource, c->resources, c->resource_cap);
    *x = (struct resource){ .department = ARENA_ARRAY(c->a, n, bool), .row = -1, .apart = -1, .one = one };
    memcpy(x->department, department, n * sizeof *department);
    return x;
}

void planner_count_departments(const struct planner_course *course, uint64_t set, bool *out)
{
    for (int o = 0; o < course->options; o++)
        if ((set >> course->option[o].rotation & 1) != 0)
            out[course->option[o].department] = true;
}

/* The departments of each demand together, and of those that share one. */
static void list_unions(struct counting *c)
{
    size_t n = (size_t)c->m->departments, first = c->resources;
    bool *set = ARENA_ARRAY(c->a, n, bool);
    for (size_t i = 0; i < c->demands; i++) {
        if (i > 0 && c->demand[i].course == c->demand[i - 1].course && c->demand[i].set == c->demand[i - 1].set)
            continue;
        memset(set, 0, n * sizeof *set);
        planner_count_departments(c->demand[i].course, c->demand[i].set, set);
        add_resource(c, set, false);
    }
    size_t end = MIN(c->resources, first + 48);
    for (size_t i = first; i < end; i++)
        for (size_t k = i + 1; k < end; k++) {
            bool meet = false;
            for (size_t d = 0; d < n; d++) {
                meet = meet || (c->resource[i].department[d] && c->resource[k].department[d]);
                set[d] = c->resource[i].department[d] || c->resource[k].department[d];
            }
            if (meet)
                add_resource(c, set, false);
        }
}

static void list_resources(struct counting *c)
{
    bool *set = ARENA_ARRAY(c->a, (size_t)c->m->departments, bool);
    for (int d = 0; d < c->m->departments; d++) {
        memset(set, 0, (size_t)c->m->departments * sizeof *set);
        set[d] = true;
        add_resource(c, set, true);
        for (int k = 0; k < c->v->aparts; k++) {
            struct resource *x = add_resource(c, set, true);
            if (x != NULL)
                x->apart = k;
        }
    }
    for (int row = 0; row < c->m->rows; row++) {
        memset(set, 0, (size_t)c->m->departments * sizeof *set);
        for (int i = 0; i < c->m->row[row].quota->department_count; i++)
            set[c->m->row[row].quota->department[i]] = true;
        struct resource *x = add_resource(c, set, true);
        if (x != NULL)
            x->row = row;
    }
    list_unions(c);
}

/* ---- prices of a pattern ------------------------------------------------------------------------ */

void planner_count_price(struct counting *c, const struct resource *x, int department, int week)
{
    size_t at = (size_t)department * (size_t)c->m->open + (size_t)week;
    if (x->row >= 0)
        c->best.row[(size_t)x->row * (size_t)c->m->open + (size_t)week] = 1;
    else if (x->apart >= 0)
        c->best.apart[(size_t)x->apart * c->v->cells + at] = 1;
    else if (c->m->capacity[at] > 0)
        c->best.cell[at] = 1;
}

bool planner_count_take(struct counting *c, int64_t n, int64_t weight)
{
    if (n < 1 || (c->best_n > 0 && (__int128)n * (c->best_weight + 1) <= (__int128)c->best_n * (weight + 1)))
        return false;
    c->best_n = n;
    c->best_weight = weight;
    memset(c->best.cell, 0, c->v->cells * sizeof *c->best.cell);
    if (c->v->rows > 0)
        memset(c->best.row, 0, c->v->rows * sizeof *c->best.row);
    if (c->v->aparts > 0)
        memset(c->best.apart, 0, (size_t)c->v->aparts * c->v->cells * sizeof *c->best.apart);
    return true;
}

/* ---- all together ------------------------------------------------------------------------------- */

bool planner_count_proves(struct internplan *r, struct planner_view *v, struct planner_weights *w)
{
    struct counting c = { .r = r, .v = v, .m = v->model, .a = v->arena, .best = *w };
    __int128 n = 0;
    bool holds;
    for (int k = 0; k < v->classes; k++)
        if (v->class[k].none) {
            memset(w->cell, 0, v->cells * sizeof *w->cell);
            return planner_view_sum(r, v, w, NULL, NULL, &holds) > 0;
        }
    list_demands(&c);
    list_resources(&c);
    struct inside *in = ARENA_ARRAY(c.a, c.demands + 1, struct inside);
    c.work_end = r->kernel.work + WORK_MOST;
    for (int step = 0; step < 5 && c.best_n < 1; step++) {
        for (size_t i = 0; step < 4 && i < c.resources; i++) {
            if (c.resource[i].one != (step % 2 == 0))
                continue;
            size_t members = list_inside(&c, &c.resource[i], in);
            if (members > 0 && step < 2)
                planner_count_weeks(&c, &c.resource[i], in, members);
            else if (members > 0)
                planner_count_blocks(&c, &c.resource[i], in, members);
        }
        if (step == 4) {
            c.work_end += WORK_MOST / 4; /* what the others left out may still show here */
            planner_count_idle(&c);
        }
    }
    if (c.best_n >= 1)
        n = planner_view_sum(r, v, w, NULL, NULL, &holds);
    return n > 0;
}
