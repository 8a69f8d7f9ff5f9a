/* Prices that outlive the view in which they were found: by calendar week and by what they stand on in the problem. */
#include "planner/explain.h"

static size_t quota_count(const struct planner_problem *p)
{
    size_t n = (size_t)p->shared_count;
    for (int d = 0; d < p->department_count; d++)
        n += (size_t)p->department[d].quota_count;
    return n;
}

static size_t slot_of(const struct planner_problem *p, const struct planner_row *row)
{
    size_t n = 0;
    for (int d = 0; d < p->department_count && (row->shared || d < row->department); d++)
        n += (size_t)p->department[d].quota_count;
    return n + (size_t)row->index;
}

struct planner_tariff planner_tariff_make(struct arena *a, const struct planner_problem *p)
{
    size_t weeks = (size_t)p->weeks, cells = (size_t)p->department_count * weeks;
    return (struct planner_tariff){ .cell = ARENA_ARRAY(a, cells, int64_t),
                                    .row = ARENA_ARRAY(a, quota_count(p) * weeks, int64_t),
                                    .apart = ARENA_ARRAY(a, (size_t)p->pair_count * cells, int64_t) };
}

/* Closed weeks get the smaller of the prices around them, so that a proof may still hold when one is opened. */
static void take_weeks(int64_t *to, const struct planner_model *m, const int64_t *from)
{
    for (int w = 0; w < m->weeks; w++) {
        int next = m->open_at[w], last = next - 1;
        bool open = next < m->open && m->week_of[next] == w;
        int64_t after = next < m->open ? from[next] : 0, before = last >= 0 ? from[last] : 0;
        to[w] = open ? from[next] : MIN(before, after);
    }
}

static void give_weeks(const int64_t *from, const struct planner_model *m, int64_t *to)
{
    for (int t = 0; t < m->open; t++)
        to[t] = from[m->week_of[t]];
}

void planner_tariff_take(struct planner_tariff *t, const struct planner_view *v, const struct planner_weights *w)
{
    const struct planner_model *m = v->model;
    size_t weeks = (size_t)m->weeks, open = (size_t)m->open, departments = (size_t)m->departments;
    for (size_t d = 0; d < departments; d++)
        take_weeks(t->cell + d * weeks, m, w->cell + d * open);
    for (int k = 0; k < m->rows; k++)
        take_weeks(t->row + slot_of(v->problem, &m->row[k]) * weeks, m, w->row + (size_t)k * open);
    for (int k = 0; k < v->aparts; k++)
        for (size_t d = 0; d < departments; d++)
            take_weeks(t->apart + ((size_t)v->apart[k] * departments + d) * weeks, m,
                       w->apart + (size_t)k * v->cells + d * open);
}

void planner_tariff_give(const struct planner_tariff *t, const struct planner_view *v, struct planner_weights *w)
{
    const struct planner_model *m = v->model;
    size_t weeks = (size_t)m->weeks, open = (size_t)m->open, departments = (size_t)m->departments;
    for (size_t d = 0; d < departments; d++)
        give_weeks(t->cell + d * weeks, m, w->cell + d * open);
    for (int k = 0; k < m->rows; k++)
        give_weeks(t->row + slot_of(v->problem, &m->row[k]) * weeks, m, w->row + (size_t)k * open);
    for (int k = 0; k < v->aparts; k++)
        for (size_t d = 0; d < departments; d++)
            give_weeks(t->apart + ((size_t)v->apart[k] * departments + d) * weeks, m,
                       w->apart + (size_t)k * v->cells + d * open);
}
