/* The rules about several students: seats, quotas, shared quotas, pairs. See plan.h. */
#include "check/plan.h"

/* Calls with the longest runs of weeks that are over by the same numbers for the same reason. */
static void note_over(struct check_notes *n, const struct plan *p, enum check_rule rule, const int32_t *load, const int32_t *cap,
                      int32_t first, int32_t end, int department, const struct quota *q)
{
    const struct model *m = p->m;
    size_t at = department != NONE ? check_cell(m, department, 0) : 0;
    for (int32_t t = first; t < end;) {
        int32_t last = t;
        while (last + 1 < end && load[last + 1] == load[t] && cap[last + 1] == cap[t] &&
               (q != NULL || m->cap_at[at + (size_t)last + 1] == m->cap_at[at + (size_t)t]))
            last++;
        if (load[t] > cap[t]) {
            struct check_found *f = check_note(n, rule, NULL);
            if (department != NONE)
                f->department = m->s->department[department].id;
            check_note_weeks(m, f, t, last + 1);
            check_note_numbers(n, f, load[t], cap[t]);
            check_note_object(n, f, q != NULL ? q->at : m->cap_at[at + (size_t)t]);
            f->because = q != NULL ? CHECK_BECAUSE_NONE : (enum check_because)m->because[at + (size_t)t];
            if (q != NULL && q->group != NONE)
                f->other = check_text(q->at, q->is_not ? "not" : "group");
        }
        t = last + 1;
    }
}

static void rule_of_quota(struct check_notes *n, const struct plan *p, enum check_rule rule, const struct quota *q, int department)
{
    const struct model *m = p->m;
    int32_t first, end;
    if (q->off)
        return;
    check_quota_weeks(m, q, &first, &end);
    int32_t *load = ARENA_ARRAY(n->a, (size_t)m->open, int32_t), *cap = ARENA_ARRAY(n->a, (size_t)m->open, int32_t);
    for (int32_t t = first; t < end; t++) {
        cap[t] = q->capacity;
        for (int k = 0; q->group == NONE && k < q->departments; k++)
            load[t] += p->load[check_cell(m, q->department[k], t)];
    }
    for (int i = 0; q->group != NONE && i < m->s->students; i++) {
        if (!check_counts(m->s, q, i))
            continue;
        for (size_t k = p->begin[i]; k < p->begin[i + 1]; k++)
            for (int d = 0; d < q->departments; d++)
                for (int32_t t = MAX(first, p->stay[k].first); p->stay[k].department == q->department[d] && t < MIN(end, p->stay[k].end); t++)
                    load[t]++;
    }
    note_over(n, p, rule, load, cap, first, end, department, q);
}

static bool names(const struct pair *q, struct str rotation)
{
    for (int i = 0; i < q->rotations; i++)
        if (str_eq(q->rotation[i], rotation))
            return true;
    return !q->names_rotations;
}

static const struct stay *stay_of(const struct plan *p, int i, int rotation)
{
    for (size_t k = p->begin[i]; k < p->begin[i + 1]; k++)
        if (p->stay[k].rotation == rotation)
            return &p->stay[k];
    return NULL;
}

/* Everybody is held against the first of the pair who does the rotation at all. */
static void rule_of_together(struct check_notes *n, const struct plan *p, const struct pair *q)
{
    const struct source *s = p->m->s;
    const struct programme *g = &s->programme[s->student[q->student[0]].programme];
    for (int r = 0; r < g->rotations; r++) {
        if (!names(q, g->rotation[r].id))
            continue;
        int lead = NONE;
        for (int k = 0; k < q->students; k++) {
            int i = q->student[k];
            if ((s->student[i].does >> r & 1) == 0)
                continue;
            if (lead == NONE) {
                lead = i;
                continue;
            }
            const struct stay *a = stay_of(p, lead, r), *b = stay_of(p, i, r);
            if (a == b || (a != NULL && b != NULL && a->department == b->department && a->from == b->from))
                continue;
            struct check_found *f = check_note_stay(n, p, CHECK_together, i, b, q->at);
            f->rotation = g->rotation[r].id;
            f->other = s->student[lead].id;
            f->other_placement = a != NULL ? a->index : CHECK_NO_PLACEMENT;
            if (b == NULL && a != NULL)
                check_note_weeks(p->m, f, a->first, a->end);
        }
    }
}

static void rule_of_apart(struct check_notes *n, const struct plan *p, const struct pair *q)
{
    for (int k = 0; k < q->students; k++)
        for (int j = 0; j < k; j++) {
            int a = q->student[j], b = q->student[k];
            for (size_t x = p->begin[a]; x < p->begin[a + 1]; x++)
                for (size_t y = p->begin[b]; y < p->begin[b + 1]; y++) {
                    const struct stay *u = &p->stay[x], *v = &p->stay[y];
                    int32_t first = MAX(u->first, v->first), end = MIN(u->end, v->end);
                    if (u->department != v->department || first >= end || !names(q, p->given[u->index].rotation) ||
                        !names(q, p->given[v->index].rotation))
                        continue;
                    struct check_found *f = check_note_stay(n, p, CHECK_apart, b, v, q->at);
                    f->other = p->m->s->student[a].id;
                    f->other_placement = u->index;
                    check_note_weeks(p->m, f, first, end);
                }
        }
}

void check_plan_shared_rules(struct check_notes *n, const struct plan *p)
{
    const struct model *m = p->m;
    const struct source *s = m->s;
    for (int d = 0; d < s->departments; d++) {
        size_t at = check_cell(m, d, 0);
        note_over(n, p, CHECK_seats, p->load + at, m->cap + at, 0, m->open, d, NULL);
        for (int k = 0; k < s->department[d].quotas; k++)
            rule_of_quota(n, p, CHECK_quota, &s->department[d].quota[k], d);
    }
    for (int k = 0; k < s->shareds; k++)
        rule_of_quota(n, p, CHECK_shared_quota, &s->shared[k], NONE);
    for (int k = 0; k < s->pairs; k++)
        if (!s->pair[k].off && s->pair[k].students > 0) {
            if (s->pair[k].apart)
                rule_of_apart(n, p, &s->pair[k]);
            else
                rule_of_together(n, p, &s->pair[k]);
        }
}
