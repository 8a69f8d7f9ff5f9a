/* A part of a problem: some students, the seats, quotas and minimums that the others leave to them. */
#include "planner/replan.h"

static int *numbers(struct arena *a, const struct internplan *r, const struct planner_plan *rest, struct planner_part *out)
{
    const struct planner_model *m = r->model;
    int *now = ARENA_ARRAY(a, (size_t)m->students, int);
    out->real = ARENA_ARRAY(a, (size_t)m->students, int);
    out->problem->student_count = 0;
    for (int s = 0; s < m->students; s++) {
        now[s] = rest->has[m->unit_of[s]] ? -1 : out->problem->student_count++;
        if (now[s] >= 0)
            out->real[now[s]] = s;
    }
    return now;
}

/* Departments that somebody of the part may go to. */
static bool *visited(struct arena *a, const struct internplan *r, const struct planner_plan *rest)
{
    const struct planner_model *m = r->model;
    bool *is = ARENA_ARRAY(a, (size_t)m->departments, bool);
    for (int u = 0; u < m->units; u++)
        for (int i = 0; !rest->has[u] && i < m->course[m->unit[u].course].spots; i++)
            is[m->course[m->unit[u].course].spot[i]] = true;
    return is;
}

/* One exception per run of weeks in which the same is left; they cover every open week, so that none before them counts. */
static void leave_seats(struct arena *a, const struct planner_model *m, const struct planner_plan *rest, int d,
                        struct planner_department *out)
{
    size_t at = (size_t)d * (size_t)m->open;
    out->exception = ARENA_ARRAY(a, (size_t)m->open, struct planner_exception);
    out->exception_count = 0;
    for (int t = 0; t < m->open; t++) {
        int seats = MAX(m->capacity[at + (size_t)t] - rest->load[at + (size_t)t], 0);
        int minimum = MAX(m->minimum[at + (size_t)t] - rest->load[at + (size_t)t], 0);
        struct planner_exception *last = out->exception_count > 0 ? &out->exception[out->exception_count - 1] : NULL;
        if (last != NULL && last->capacity == seats && last->minimum == minimum)
            last->weeks = m->week_of[t] - last->from + 1;
        else
            out->exception[out->exception_count++] = (struct planner_exception){
                .from = m->week_of[t], .weeks = 1, .capacity = seats, .minimum = minimum, .has_limits = true };
    }
    out->minimum = 0;
}

static int heads(const struct planner_model *m, const struct planner_part *part, int row)
{
    int n = 0;
    for (int s = 0; s < part->problem->student_count; s++)
        n += planner_model_counts(m, row, part->real[s]);
    return n;
}

/* Quotas become shared ones, one per run of weeks in which the same is left, where it could matter at all. */
static void leave_quotas(struct arena *a, const struct planner_model *m, const struct planner_plan *rest, struct planner_part *out)
{
    size_t most = (size_t)m->rows * (size_t)m->open;
    struct planner_problem *q = out->problem;
    q->shared = ARENA_ARRAY(a, most, struct planner_quota);
    q->shared_count = 0;
    out->row = ARENA_ARRAY(a, most, int);
    out->row_first = ARENA_ARRAY(a, most, int);
    out->row_end = ARENA_ARRAY(a, most, int);
    for (int k = 0; k < m->rows; k++) {
        int count = heads(m, out, k);
        for (int t = m->row[k].first, end; t < m->row[k].end; t = end) {
            const int *load = rest->row_load + (size_t)k * (size_t)m->open;
            for (end = t + 1; end < m->row[k].end && load[end] == load[t];)
                end++;
            int left = MAX(m->row[k].capacity - load[t], 0);
            if (count <= left)
                continue;
            struct planner_quota *z = &q->shared[q->shared_count];
            *z = *m->row[k].quota;
            z->capacity = left;
            z->from = m->week_of[t];
            z->weeks = m->week_of[end - 1] - m->week_of[t] + 1;
            out->row[q->shared_count] = k;
            out->row_first[q->shared_count] = t;
            out->row_end[q->shared_count++] = end;
        }
    }
    out->rows = q->shared_count;
}

struct planner_part planner_part_make(struct arena *a, const struct internplan *r, const struct planner_plan *rest)
{
    const struct planner_problem *p = r->problem;
    struct planner_part out = { .problem = ARENA_NEW(a, struct planner_problem) };
    struct planner_problem *q = out.problem;
    *q = *p;
    const int *now = numbers(a, r, rest, &out);
    const bool *is = visited(a, r, rest);
    q->student = ARENA_ARRAY(a, (size_t)q->student_count, struct planner_student);
    for (int s = 0; s < q->student_count; s++)
        q->student[s] = p->student[out.real[s]];
    q->department = ARENA_ARRAY(a, (size_t)p->department_count, struct planner_department);
    for (int d = 0; d < p->department_count; d++) {
        q->department[d] = p->department[d];
        q->department[d].quota_count = 0;
        if (is[d])
            leave_seats(a, r->model, rest, d, &q->department[d]);
        else
            q->department[d].minimum = q->department[d].exception_count = 0;
    }
    leave_quotas(a, r->model, rest, &out);
    planner_keep_rules(a, q, p, now);
    return out;
}
