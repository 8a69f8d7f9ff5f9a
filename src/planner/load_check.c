/* Faults that an object shows by itself once all names are known: a rotation too long for its window, a fixed placement
 * that breaks a rule alone. What only several rules together make impossible is a conflict, not a fault. */
#include "planner/load.h"

/* Open weeks of [from, until) within the horizon. */
static int open_weeks(const struct planner_problem *p, int from, int until)
{
    int n = 0;
    for (int w = MAX(from, 0); w < MIN(until, p->weeks); w++)
        n += !p->closed[w];
    return n;
}

static int window_from(const struct planner_rotation *r)
{
    return r->earliest != PLANNER_WEEK_NONE ? r->earliest : 0;
}

static int window_until(const struct planner_problem *p, const struct planner_rotation *r)
{
    return r->latest_end != PLANNER_WEEK_NONE ? MIN(r->latest_end, p->weeks) : p->weeks;
}

static void check_lengths(struct planner_load *l)
{
    const struct planner_problem *p = l->problem;
    for (int g = 0; g < p->programme_count; g++)
        for (int r = 0; r < p->programme[g].rotation_count; r++) {
            const struct planner_rotation *rot = &p->programme[g].rotation[r];
            if (rot->old)
                continue;
            int open = open_weeks(p, window_from(rot), window_until(p, rot));
            if (rot->weeks <= open)
                continue;
            struct str most = arena_printf(l->arena, "at most %d, the open weeks of its window", open);
            planner_fault(l->errors, json_get(rot->at, "weeks"), INTERNPLAN_FAULT_TOO_LONG, (struct str){ NULL, 0 },
                          most.p);
        }
}

/* Calendar week after the last week of `weeks` open weeks from `from`, or -1 where they do not fit. */
static int end_of(const struct planner_problem *p, int from, int weeks)
{
    int w = from;
    if (from < 0 || from >= p->weeks || p->closed[from])
        return -1;
    for (; weeks > 0; w++) {
        if (w >= p->weeks || (p->closed[w] && !p->span_closed))
            return -1;
        weeks -= !p->closed[w];
    }
    return w;
}

static const char *fixed_breaks(const struct planner_problem *p, const struct planner_student *s,
                                const struct planner_fixed *f)
{
    const struct planner_rotation *r = &p->programme[s->programme].rotation[f->rotation];
    bool allowed = false;
    for (int i = 0; i < r->department_count; i++)
        allowed = allowed || r->department[i] == f->department;
    if (!allowed)
        return "a department that the rotation allows";
    int end = end_of(p, f->from, r->weeks);
    if (end < 0)
        return "open weeks of the horizon";
    if (f->from < window_from(r) || end > window_until(p, r))
        return "the window of the rotation";
    for (int i = 0; i < s->away_count; i++)
        for (int w = MAX(f->from, s->away[i].from); w < MIN(end, s->away[i].from + s->away[i].weeks); w++)
            if (!p->closed[w])
                return "weeks in which the student is not away";
    for (int i = 0; i < s->enter_count; i++)
        if ((s->enter[i].department == -1 || s->enter[i].department == f->department) && f->from < s->enter[i].from)
            return "weeks from which the student may enter the department";
    return NULL;
}

static bool fixed_overlap(const struct planner_problem *p, const struct planner_student *s, int i, int j)
{
    const struct planner_fixed *a = &s->fixed[i], *b = &s->fixed[j];
    const struct planner_programme *g = &p->programme[s->programme];
    int a_end = end_of(p, a->from, g->rotation[a->rotation].weeks);
    int b_end = end_of(p, b->from, g->rotation[b->rotation].weeks);
    return a->from < b_end && b->from < a_end;
}

static void check_fixed(struct planner_load *l)
{
    const struct planner_problem *p = l->problem;
    for (int s = 0; s < p->student_count; s++) {
        const struct planner_student *t = &p->student[s];
        for (int i = 0; i < t->fixed_count; i++) {
            const char *broken = fixed_breaks(p, t, &t->fixed[i]);
            for (int j = 0; j < i && broken == NULL; j++) {
                if (t->fixed[i].rotation == t->fixed[j].rotation)
                    broken = "each rotation once";
                else if (fixed_overlap(p, t, i, j))
                    broken = "one place at a time";
            }
            if (broken != NULL)
                planner_fault(l->errors, t->fixed[i].at, INTERNPLAN_FAULT_FIXED, (struct str){ NULL, 0 }, broken);
        }
    }
}

void planner_load_check(struct planner_load *l)
{
    check_lengths(l);
    check_fixed(l);
}
