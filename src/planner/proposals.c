/* Several plans of one run, and what each changes of the base plan. */
#include "planner/run.h"

size_t internplan_proposal_count(const struct internplan *r)
{
    return r->has_best ? 1 + (size_t)r->proposals : 0;
}

/* The selected one lies in best, value, bound, proof; its own place holds what was there before. */
static void exchange(struct internplan *r, struct planner_proposal *x)
{
    struct planner_proposal now = { r->best, r->value, r->bound, r->proof };
    r->best = x->plan;
    r->value = x->value;
    r->bound = x->bound;
    r->proof = x->proof;
    *x = now;
}

bool internplan_select(struct internplan *r, size_t i)
{
    if (i >= internplan_proposal_count(r))
        return false;
    if (r->selected > 0)
        exchange(r, &r->proposal[r->selected - 1]);
    r->selected = (int)i;
    if (r->selected > 0)
        exchange(r, &r->proposal[r->selected - 1]);
    r->status = planner_run_status(r);
    return true;
}

int planner_changed_weeks(const struct planner_model *m, int student, const struct planner_path *path)
{
    const struct planner_course *c = &m->course[m->unit[m->unit_of[student]].course];
    const int32_t *base = m->base + (size_t)student * (size_t)m->open;
    int n = 0, at = m->freeze;
    assert(m->base != NULL);
    for (int i = 0; i < path->n; i++) {
        const struct planner_option *o = &c->option[path->stay[i].option];
        for (; at < path->stay[i].from; at++)
            n += base[at] >= 0;
        for (at = MAX(at, path->stay[i].from); at < path->stay[i].from + c->length[o->rotation]; at++)
            n += base[at] != o->department;
    }
    for (; at < m->open; at++)
        n += base[at] >= 0;
    return n;
}

struct internplan_change internplan_change(const struct internplan *r)
{
    struct internplan_change x = { 0 };
    const struct planner_problem *p = r->problem;
    if (!r->has_best || r->model->base == NULL)
        return x;
    for (int s = 0; s < r->model->students; s++) {
        int weeks = planner_changed_weeks(r->model, s, &r->best.path[r->model->unit_of[s]]);
        x.student_weeks += weeks;
        x.students += weeks > 0;
    }
    x.least = x.student_weeks == 0;
    for (int i = 0; i < p->level_count && p->level[i].plain == PLANNER_CHANGES; i++)
        x.least = internplan_level(r, (size_t)i).proven;
    x.links = x.least ? 0 : r->links;
    return x;
}
