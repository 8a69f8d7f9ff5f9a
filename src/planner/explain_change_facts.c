/* What a conflict asks of the changed problem, and whether two changed problems are the same. See change.h. */
#include "planner/change.h"

static bool is_gone(const struct planner_change *c, int student)
{
    return c->after->student[student].skip == UINT64_MAX && c->before->student[student].skip != UINT64_MAX;
}

struct planner_facts planner_change_facts(struct arena *a, const struct planner_change *c, const struct planner_facts *f, int *students)
{
    struct planner_facts all = planner_facts_all(a, c->after), out = { 0 };
    *students = 0;
    for (size_t i = 0; i < all.n; i++)
        if (!planner_fact_requires(&all.item[i]))
            *ARENA_PUSH(a, out.item, out.n, out.cap) = all.item[i];
    for (size_t i = 0; i < f->n; i++) {
        struct planner_fact x = f->item[i];
        if (!planner_fact_requires(&x))
            continue;
        int *who = ARENA_ARRAY(a, (size_t)x.students, int), n = 0;
        for (int k = 0; k < x.students; k++)
            if (!is_gone(c, x.who[k]))
                who[n++] = x.who[k];
        x.who = who;
        x.students = n;
        *students = MAX(*students, n);
        if (n > 0)
            *ARENA_PUSH(a, out.item, out.n, out.cap) = x;
    }
    return out;
}

/* ---- the same for everybody --------------------------------------------------------------------- */

static bool same_departments(const struct planner_problem *a, const struct planner_problem *b)
{
    for (int d = 0; d < a->department_count; d++) {
        const struct planner_department *x = &a->department[d], *y = &b->department[d];
        for (int w = 0; w < a->weeks; w++)
            if (!a->closed[w] && planner_seats_at(x, w) != planner_seats_at(y, w))
                return false;
        for (int i = 0; i < x->quota_count; i++)
            if (x->quota[i].capacity != y->quota[i].capacity)
                return false;
    }
    for (int i = 0; i < a->shared_count; i++)
        if (a->shared[i].capacity != b->shared[i].capacity)
            return false;
    return true;
}

static bool same_programme(const struct planner_programme *a, const struct planner_programme *b)
{
    if (a->order_count != b->order_count || a->at != b->at)
        return false;
    for (int i = 0; i < a->order_count; i++)
        if (a->order[i].at != b->order[i].at || a->order[i].min_gap != b->order[i].min_gap || a->order[i].max_gap != b->order[i].max_gap)
            return false;
    for (int i = 0; i < a->rotation_count; i++) {
        const struct planner_rotation *x = &a->rotation[i], *y = &b->rotation[i];
        if (x->earliest != y->earliest || x->latest_end != y->latest_end || x->department_count != y->department_count)
            return false;
        for (int k = 0; k < x->department_count; k++)
            if (x->department[k] != y->department[k])
                return false;
    }
    return true;
}

static bool same_student(const struct planner_student *a, const struct planner_student *b)
{
    if (a->skip != b->skip || a->programme != b->programme || a->away_count != b->away_count)
        return false;
    for (int i = 0; i < a->away_count; i++)
        if (a->away[i].from != b->away[i].from)
            return false;
    return true;
}

bool planner_change_same(const struct planner_problem *a, const struct planner_problem *b)
{
    assert(a->department_count == b->department_count && a->student_count == b->student_count);
    if (a->weeks != b->weeks || memcmp(a->closed, b->closed, (size_t)a->weeks * sizeof *a->closed) != 0 ||
        a->programme_count != b->programme_count || !same_departments(a, b))
        return false;
    for (int g = 0; g < a->programme_count; g++)
        if (!same_programme(&a->programme[g], &b->programme[g]))
            return false;
    for (int s = 0; s < a->student_count; s++)
        if (!same_student(&a->student[s], &b->student[s]))
            return false;
    return true;
}
