/* The largest cohort that still fits: students are added to a programme (like its last one, without wishes, leaves or fixed
 * placements) or taken from its end; every number that is told has a plan. That one more does not fit is proven by counting or
 * by cases, or it is not claimed. */
#include "planner/change.h"
#include "planner/whatif.h"

enum { CASES = 512, CASES_CELLS = 8000, GROWTH_MOST = 4096 };
static const uint64_t TRIAL_TICKS_MOST = 400000;

static int count_of(const struct planner_problem *p, int programme, int *last)
{
    int n = 0;
    *last = -1;
    for (int s = 0; s < p->student_count; s++)
        if (p->student[s].programme == programme) {
            *last = s;
            n++;
        }
    return n;
}

static const struct planner_problem *with_more(const struct internplan *r, struct arena *a, int last, int more)
{
    const struct planner_problem *p = r->problem;
    struct planner_problem *q = ARENA_NEW(a, struct planner_problem);
    *q = *p;
    q->student_count = p->student_count + more;
    q->student = ARENA_ARRAY(a, (size_t)q->student_count, struct planner_student);
    memcpy(q->student, p->student, (size_t)p->student_count * sizeof *q->student);
    for (int i = 0; i < more; i++) {
        struct planner_student *s = &q->student[p->student_count + i];
        *s = p->student[last];
        s->wish_count = s->away_count = s->fixed_count = 0;
        s->old = 0;
    }
    return q;
}

static const struct planner_problem *with_fewer(const struct internplan *r, struct arena *a, int programme, int fewer)
{
    struct planner_change c = planner_change_make(a, r->problem);
    int *who = ARENA_ARRAY(a, (size_t)fewer, int), n = fewer;
    for (int s = r->problem->student_count; s-- > 0 && n > 0;)
        if (r->problem->student[s].programme == programme)
            who[--n] = s;
    assert(n == 0);
    planner_change_students(&c, who, fewer);
    return c.after;
}

/* The problem with n students of a programme, in `a`. */
static const struct planner_problem *with(const struct internplan *r, struct arena *a, int programme, int n)
{
    int last, now = count_of(r->problem, programme, &last);
    assert(n >= 0);
    return n >= now ? with_more(r, a, last, n - now) : with_fewer(r, a, programme, now - n);
}

enum answer { FITS, FITS_NOT, UNDECIDED };

static bool counts(struct internplan *r, const struct planner_problem *q)
{
    struct planner_facts facts = planner_facts_all(&r->try, q);
    const struct planner_problem *hard = planner_facts_problem(&r->try, q, &facts, NULL, true);
    struct planner_view *v = planner_view_make(r, &r->try, hard, NULL, 0);
    struct planner_weights w = planner_weights_make(&r->try, v);
    return planner_count_proves(r, v, &w);
}

static enum answer ask(struct internplan *r, int programme, int n, uint64_t ticks)
{
    arena_free(&r->try);
    const struct planner_problem *q = with(r, &r->try, programme, n);
    if (counts(r, q))
        return FITS_NOT;
    if (planner_find_any(r, q, ticks).found)
        return FITS;
    if ((int64_t)q->student_count * r->model->open * r->model->departments > CASES_CELLS)
        return UNDECIDED;
    q = with(r, &r->keep, programme, n); /* a proof by cases empties r->try */
    struct planner_facts facts = planner_facts_all(&r->keep, q);
    return planner_split_proves(r, q, &facts, NULL, CASES) != NULL ? FITS_NOT : UNDECIDED;
}

/* Grows by doubling while it fits, then halves what is open between what fits and what did not. */
static void largest_of(struct internplan *r, struct planner_largest *x, uint64_t ticks)
{
    int last, now = count_of(r->problem, x->programme, &last), fits = 0, not = -1;
    bool proven = false;
    if (last < 0)
        return;
    x->known = true;
    if (r->has_best && !r->problem->allow_unplaced)
        fits = now;
    for (int step = 1; not < 0 && !planner_run_over(r); step *= 2) {
        if (fits + step > now + GROWTH_MOST)
            break;
        enum answer a = ask(r, x->programme, fits + step, ticks);
        if (a == FITS) {
            fits += step;
            continue;
        }
        not = fits + step;
        proven = a == FITS_NOT;
    }
    while (not > fits + 1 && !planner_run_over(r)) {
        int mid = fits + (not - fits) / 2;
        enum answer a = ask(r, x->programme, mid, ticks);
        if (a == FITS) {
            fits = mid;
        } else {
            not = mid;
            proven = a == FITS_NOT;
        }
    }
    x->n = fits;
    x->proven = proven && not == fits + 1;
}

void planner_whatif_largest(struct internplan *r, struct planner_whatif *w)
{
    uint64_t now = planner_run_ticks(r), left = r->options.budget_ticks > now ? r->options.budget_ticks - now : 0;
    w->largest = ARENA_ARRAY(&r->keep, (size_t)r->problem->programme_count, struct planner_largest);
    for (int g = 0; g < r->problem->programme_count; g++) {
        uint64_t each = left / 16 / (uint64_t)r->problem->programme_count;
        w->largest[w->largests] = (struct planner_largest){ .programme = g };
        largest_of(r, &w->largest[w->largests], MIN(MAX(each, UINT64_C(2000)), TRIAL_TICKS_MOST));
        w->largests += w->largest[w->largests].known;
    }
}
