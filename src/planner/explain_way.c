/* One way to cure one conflict: applied, and tried. A conflict concerns few students and departments, so its requirements alone
 * are asked, with every rule and limit kept, which is cheap; whether the whole problem then has a plan is asked by
 * explain_repair.c. See change.h. */
#include "planner/change.h"

enum { TRY_TICKS = 4000, TRY_TICKS_STUDENT = 64 };

/* ---- applying ----------------------------------------------------------------------------------- */

static bool lower(const int *a, const int *b)
{
    return *a < *b;
}

static void apply_gap(struct planner_change *c, const struct planner_way *w)
{
    const struct planner_order *o = &c->before->programme[w->programme].order[w->index];
    bool least = w->from != 0; /* the least gap shrinks; else the largest grows */
    planner_change_gap(c, w->programme, w->index, least ? o->min_gap - w->amount : o->min_gap, least ? o->max_gap : o->max_gap + w->amount);
}

static void apply_students(struct planner_change *c, const struct planner_way *w)
{
    int *who = ARENA_ARRAY(c->a, (size_t)w->amount, int);
    memcpy(who, w->who, (size_t)w->amount * sizeof *who);
    PLANNER_SORT(int, who, w->amount, lower);
    planner_change_students(c, who, w->amount);
}

void planner_way_apply(struct planner_change *c, const struct planner_way *w)
{
    assert(w->kind < PLANNER_WAY_KINDS);
    switch (w->kind) {
    case PLANNER_WAY_REOPEN: planner_change_drop_exception(c, w->department, w->index); break;
    case PLANNER_WAY_OPEN_WEEK: planner_change_open_week(c, w->index); break;
    case PLANNER_WAY_SEATS: planner_change_more_seats(c, w->department, w->from, w->end, w->amount); break;
    case PLANNER_WAY_QUOTA: planner_change_quota(c, w->department, w->index, w->amount); break;
    case PLANNER_WAY_GAP: apply_gap(c, w); break;
    case PLANNER_WAY_ORDER: planner_change_drop_order(c, w->programme, w->index); break;
    case PLANNER_WAY_EARLIEST: planner_change_earliest(c, w->programme, w->index, w->amount); break;
    case PLANNER_WAY_LATEST_END: planner_change_latest_end(c, w->programme, w->index, w->amount); break;
    case PLANNER_WAY_DEPARTMENT: planner_change_department(c, w->programme, w->index, w->department); break;
    case PLANNER_WAY_LEAVE: planner_change_leave(c, w->student, w->index, w->amount); break;
    case PLANNER_WAY_OWN: planner_change_own(c, w->student, w->rule, w->amount); break;
    case PLANNER_WAY_WEEKS: planner_change_weeks(c, w->amount); break;
    case PLANNER_WAY_STUDENTS: apply_students(c, w); break;
    case PLANNER_WAY_KINDS: break;
    }
}

/* ---- whether it cures --------------------------------------------------------------------------- */

bool planner_trials_over(struct planner_trials *x)
{
    return planner_run_over(x->r) || planner_run_ticks(x->r) >= x->end;
}

/* Whether the conflict's prices, or counting, show that the change is not enough. */
static bool still_proven(struct planner_trials *x, const struct planner_change *c, const struct planner_facts *f, int k)
{
    struct internplan *r = x->r;
    bool holds;
    const struct planner_problem *q = planner_facts_problem(&r->try, c->after, f, NULL, true);
    struct planner_view *v = planner_view_make(r, &r->try, q, NULL, 0);
    struct planner_weights w = planner_weights_make(&r->try, v);
    if (c->after->weeks == c->before->weeks) {
        planner_tariff_give(&x->conflict[k].prices, v, &w);
        if (planner_view_sum(r, v, &w, NULL, NULL, &holds) >= 1 && holds)
            return true;
    }
    return planner_count_proves(r, v, &w);
}

bool planner_way_cures(struct planner_trials *x, struct planner_change *c, int k)
{
    struct internplan *r = x->r;
    int students;
    assert(k >= 0 && k < x->conflicts);
    arena_free(&r->try);
    struct planner_facts f = planner_change_facts(&r->try, c, &x->conflict[k].facts, &students);
    if (students == 0) {
        x->last = (struct planner_found){ 0 };
        return true;
    }
    if (planner_trials_over(x) || still_proven(x, c, &f, k))
        return false;
    arena_free(&r->try);
    f = planner_change_facts(&r->try, c, &x->conflict[k].facts, &students);
    const struct planner_problem *q = planner_facts_problem(&r->try, c->after, &f, NULL, false);
    struct planner_found plan = planner_find_any(r, q, TRY_TICKS + TRY_TICKS_STUDENT * (uint64_t)students);
    if (plan.found)
        x->last = plan;
    return plan.found;
}
