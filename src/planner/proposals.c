/* Several plans of one run, and what each changes of the base plan. */
#include "planner/replan.h"

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

/* What was proven of one plan holds for the selected one where that changes no more, and is the same at every earlier level. */
static bool links_hold(const struct internplan *r)
{
    bool hold = r->links > 0 && r->value[r->links_level] <= r->links_value[r->links_level];
    for (int i = 0; hold && i < r->links_level; i++)
        hold = r->value[i] == r->links_value[i];
    return hold;
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
    x.links = x.least || !links_hold(r) ? 0 : r->links;
    return x;
}

/* ---- the change itself -------------------------------------------------------------------------------- */

/* Prices that prove `changes` prove much of the later levels too: whoever changes more than the plan does pays for it there.
 * A price of `changes` this high leaves only plans that change as little. */
static void lend(struct internplan *r, const struct planner_replan *x)
{
    const int64_t dominates = (int64_t)1 << 20, most = (int64_t)1 << 38;
    size_t cells = (size_t)r->model->departments * (size_t)r->model->open, rows = (size_t)r->model->rows * (size_t)r->model->open;
    int64_t top = x->leaf.scale, factor;
    int levels = r->problem->level_count;
    for (size_t i = 0; i < cells; i++)
        top = MAX(top, x->leaf.cell[i]);
    for (size_t i = 0; i < rows; i++)
        top = MAX(top, x->leaf.row[i]);
    factor = MAX(MIN(dominates / x->leaf.scale, most / top), INT64_C(1));
    r->lent = ARENA_ARRAY(&r->work, (size_t)levels, struct planner_leaf *);
    for (int i = x->level; i < levels; i++) {
        struct planner_leaf *leaf = r->lent[i] = ARENA_NEW(&r->work, struct planner_leaf);
        if (i == x->level) {
            *leaf = x->leaf;
            continue;
        }
        bool worst = r->problem->level[i].plain == PLANNER_WORST;
        leaf->scale = worst ? 0 : 1;
        leaf->given = ARENA_ARRAY(&r->work, (size_t)levels, int64_t);
        leaf->given[x->level] = x->leaf.scale * factor;
        leaf->cell = ARENA_ARRAY(&r->work, cells, int64_t);
        leaf->row = ARENA_ARRAY(&r->work, rows, int64_t);
        for (size_t k = 0; k < cells; k++)
            leaf->cell[k] = x->leaf.cell[k] * factor;
        for (size_t k = 0; k < rows; k++)
            leaf->row[k] = x->leaf.row[k] * factor;
    }
}

/* What the lent prices prove at once, so that the search knows. */
static void note_bounds(struct internplan *r, int first)
{
    for (int i = first; i < r->problem->level_count && !planner_run_over(r); i++) {
        int64_t bound = 0;
        if (r->problem->level[i].plain == PLANNER_WORST) {
            struct planner_proof p = { .splits_worst = true, .leaf = *r->lent[i], .bound = r->value[i] };
            if (r->value[i] > 0 && planner_worst_proves(r, i, &p)) {
                r->proof[i] = p;
                r->bound[i] = r->value[i];
            }
        } else if (planner_leaf_proves(r, i, r->lent[i], &bound)) {
            r->bound[i] = MAX(r->bound[i], MIN(bound, r->value[i]));
        }
    }
}

/* ---- other plans -------------------------------------------------------------------------------------------- */

static bool is_told(const struct planner_model *m, int u, const struct planner_plan *p)
{
    for (int k = 0; k < m->unit[u].size; k++)
        if (planner_changed_weeks(m, m->unit[u].student[k], &p->path[u]) > 0)
            return true;
    return false;
}

/* Everybody whom one tells is told by the other too. */
static bool contains(const struct planner_model *m, const struct planner_plan *outer, const struct planner_plan *inner)
{
    for (int s = 0; s < m->students; s++) {
        int u = m->unit_of[s];
        if (planner_changed_weeks(m, s, &inner->path[u]) > 0 && planner_changed_weeks(m, s, &outer->path[u]) == 0)
            return false;
    }
    return true;
}

static void keep_candidate(struct planner_replan *x)
{
    struct internplan *r = x->r;
    int levels = r->problem->level_count;
    for (int i = 0; i < x->candidates; i++)
        if (contains(r->model, &x->plan, &x->candidate[i].plan) && contains(r->model, &x->candidate[i].plan, &x->plan) &&
            planner_levels_compare(levels, x->candidate[i].value, x->value) <= 0)
            return;
    if (!x->found || x->candidates == PLANNER_CANDIDATES_MOST)
        return;
    struct planner_proposal *c = &x->candidate[x->candidates++];
    c->plan = planner_plan_make(&r->work, r->model);
    planner_plan_copy(&c->plan, &x->plan);
    c->value = ARENA_ARRAY(&r->work, (size_t)levels, int64_t);
    memcpy(c->value, x->value, (size_t)levels * sizeof *c->value);
}

/* A plan that tells somebody else must leave somebody alone whom this one tells: each in turn stays where he is; then one of
 * those as well who are told instead. */
static void look_for_others(struct planner_replan *x, const struct planner_plan *first, uint64_t ticks, int depth)
{
    struct internplan *r = x->r;
    const struct planner_model *m = r->model;
    uint64_t end = planner_run_ticks(r) + ticks;
    int told = 0;
    for (int u = 0; u < m->units; u++)
        told += x->keeps[u] && !x->barred[u] && is_told(m, u, first);
    for (int u = 0; u < m->units && planner_run_ticks(r) < end && !planner_run_over(r) && x->candidates < PLANNER_CANDIDATES_MOST; u++) {
        if (!x->keeps[u] || x->barred[u] || !is_told(m, u, first))
            continue;
        x->barred[u] = true;
        planner_replan_search(x, ticks / (uint64_t)MAX(MIN(told, 8), 1));
        keep_candidate(x);
        if (depth > 0 && x->found && x->candidates > 0)
            look_for_others(x, &x->candidate[x->candidates - 1].plan, ticks / 8, depth - 1);
        x->barred[u] = false;
    }
}

void planner_replan(struct internplan *r)
{
    const char *phase = r->phase;
    uint64_t ticks = MAX(r->options.budget_ticks / 4, (uint64_t)1);
    r->phase = "replan";
    planner_find_begin(r);
    struct planner_replan *x = r->replan = planner_replan_make(r);
    x->offers = true;
    planner_replan_search(x, ticks);
    x->offers = false;
    r->links = x->circle;
    r->links_level = x->level;
    int64_t *value = ARENA_ARRAY(&r->work, (size_t)r->problem->level_count, int64_t);
    if (x->circle > 0)
        memcpy(value, x->circle_value, (size_t)r->problem->level_count * sizeof *value);
    r->links_value = value;
    if (x->found)
        planner_run_offer(r, &x->plan);
    if (x->least && x->level >= 0 && r->has_best && r->value[x->level] == x->value[x->level]) {
        lend(r, x);
        note_bounds(r, x->level);
    }
    if (x->found && r->options.proposals > 1) {
        struct planner_plan first = planner_plan_make(&r->work, r->model);
        planner_plan_copy(&first, &x->plan);
        look_for_others(x, &first, ticks, 1);
    }
    planner_find_end(r);
    r->phase = phase;
}

/* ---- which of them ---------------------------------------------------------------------------------------------- */

static bool differs_from_all(const struct internplan *r, const struct planner_plan *p)
{
    const struct planner_model *m = r->model;
    if (contains(m, p, &r->best) || contains(m, &r->best, p))
        return false;
    for (int i = 0; i < r->proposals; i++)
        if (contains(m, p, &r->proposal[i].plan) || contains(m, &r->proposal[i].plan, p))
            return false;
    return true;
}

/* The bounds that hold for it: the same prices, its own values. */
static void certify(struct internplan *r, struct planner_proposal *p, struct planner_bound *const *level_bound,
                    const struct planner_leaf *column_leaf)
{
    size_t levels = (size_t)r->problem->level_count;
    p->bound = ARENA_ARRAY(&r->work, levels, int64_t);
    p->proof = ARENA_ARRAY(&r->work, levels, struct planner_proof);
    exchange(r, p);
    planner_certify(r, level_bound, column_leaf);
    exchange(r, p);
}

/* The best candidate that differs from all that are chosen, again and again. */
void planner_proposals_choose(struct internplan *r, struct planner_bound *const *level_bound, const struct planner_leaf *column_leaf)
{
    struct planner_replan *x = r->replan;
    int most = MIN(r->options.proposals, INTERNPLAN_PROPOSALS_MOST) - 1;
    if (x == NULL || most <= 0 || r->model->base == NULL)
        return;
    r->proposal = ARENA_ARRAY(&r->work, (size_t)most, struct planner_proposal);
    while (r->proposals < most) {
        int best = -1;
        for (int i = 0; i < x->candidates; i++)
            if (differs_from_all(r, &x->candidate[i].plan) &&
                (best < 0 || planner_levels_compare(r->problem->level_count, x->candidate[i].value, x->candidate[best].value) < 0))
                best = i;
        if (best < 0)
            return;
        certify(r, &x->candidate[best], level_bound, column_leaf);
        r->proposal[r->proposals++] = x->candidate[best];
    }
}
