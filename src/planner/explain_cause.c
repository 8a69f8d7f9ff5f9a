/* What a conflict is called: the first description that holds, from what its facts say. */
#include "planner/explain.h"

static int count_kind(const struct planner_facts *f, enum planner_fact_kind kind)
{
    int n = 0;
    for (size_t i = 0; i < f->n; i++)
        n += f->item[i].kind == kind;
    return n;
}

static bool scarce(const struct planner_problem *p, const struct planner_fact *f)
{
    return f->kind == PLANNER_FACT_SEATS || f->kind == PLANNER_FACT_EXCEPTION || f->kind == PLANNER_FACT_QUOTA ||
           f->kind == PLANNER_FACT_SHARED_QUOTA || (f->kind == PLANNER_FACT_PAIR && p->pair[f->index].apart);
}

/* Whether it is impossible even with all that is scarce switched off. Of a minimal set the answer can be read: what is
 * scarce is either needed or not there. Else somebody must be shown to have no plan at all. */
static bool personal(struct internplan *r, const struct planner_problem *p, const struct planner_facts *f, bool minimal,
                     const struct planner_view *v)
{
    bool *off = ARENA_ARRAY(v->arena, f->n, bool), any = false, holds;
    for (size_t i = 0; i < f->n; i++) {
        off[i] = scarce(p, &f->item[i]);
        any = any || off[i];
    }
    if (!any || minimal)
        return !any;
    struct planner_view *without = planner_view_make(r, v->arena, planner_facts_problem(v->arena, p, f, off, false), NULL, 0);
    struct planner_weights none = planner_weights_make(v->arena, without);
    return planner_view_sum(r, without, &none, NULL, NULL, &holds) > 0 && holds;
}

const char *planner_fact_because(const struct planner_problem *p, const struct planner_fact *f)
{
    static const char *const names[] = { "seats", "preceptors", "clause" };
    const struct planner_department *d = &p->department[f->department];
    int capacity = d->capacity, n = d->limit_count;
    const struct planner_limit *limit = d->limit;
    if (f->kind == PLANNER_FACT_EXCEPTION) {
        const struct planner_exception *x = &d->exception[f->index];
        capacity = x->capacity >= 0 ? x->capacity : PLANNER_NO_LIMIT;
        limit = x->limit;
        n = x->has_limits ? x->limit_count : 0;
    }
    const char *because = n > 0 && capacity < PLANNER_NO_LIMIT ? "seats" : NULL;
    for (int i = 0; i < n; i++)
        if (limit[i].capacity < capacity) {
            because = names[limit[i].because];
            capacity = limit[i].capacity;
        }
    return f->kind == PLANNER_FACT_EXCEPTION && capacity == 0 ? "closed" : because;
}

/* Weeks that one student must spend in the marked departments for one fact. */
static int64_t weeks_inside(const struct planner_problem *p, const struct planner_fact *f, const bool *limited)
{
    const struct planner_programme *g = &p->programme[f->programme];
    uint64_t set = f->kind == PLANNER_FACT_CHOICE ? g->choice[f->index].of : UINT64_C(1) << f->index;
    int pick = f->kind == PLANNER_FACT_CHOICE ? g->choice[f->index].pick : 1;
    int64_t sum = 0;
    for (; pick > 0 && set != 0; pick--) {
        int best = -1, least = INT32_MAX;
        for (uint64_t left = set; left != 0; left &= left - 1) {
            int r = __builtin_ctzll(left), weeks = g->rotation[r].weeks;
            for (int i = 0; i < g->rotation[r].department_count; i++)
                weeks = limited[g->rotation[r].department[i]] ? weeks : 0;
            if (weeks < least) {
                least = weeks;
                best = r;
            }
        }
        sum += least;
        set &= ~(UINT64_C(1) << best);
    }
    return sum;
}

/* By counting weeks. Weeks that the problem closes have no seats for anybody: they are left out even where the facts do
 * without some of them, so that the name does not depend on which closed weeks a minimal set happens to keep. */
static bool counts(const struct planner_problem *p, const struct planner_facts *f, const struct planner_view *v)
{
    const struct planner_model *m = v->model;
    bool *limited = ARENA_ARRAY(v->arena, (size_t)m->departments, bool);
    int64_t seats = 0, needed = 0;
    for (int d = 0; d < m->departments; d++) {
        int64_t sum = 0;
        for (int t = 0; t < m->open; t++)
            sum += p->closed[m->week_of[t]] ? 0 : m->capacity[(size_t)d * (size_t)m->open + (size_t)t];
        limited[d] = sum < PLANNER_NO_LIMIT;
        seats += limited[d] ? sum : 0;
    }
    for (size_t i = 0; i < f->n; i++)
        if (planner_fact_requires(&f->item[i]))
            needed += f->item[i].students * weeks_inside(p, &f->item[i], limited);
    return needed > seats;
}

/* Rotations of a programme that stand in an order or a window among the facts. */
static uint64_t in_order(const struct planner_problem *p, const struct planner_facts *f, int programme)
{
    uint64_t set = 0;
    for (size_t i = 0; i < f->n; i++) {
        const struct planner_fact *x = &f->item[i];
        if (x->programme != programme)
            continue;
        if (x->kind == PLANNER_FACT_EARLIEST || x->kind == PLANNER_FACT_LATEST_END)
            set |= UINT64_C(1) << x->index;
        if (x->kind == PLANNER_FACT_ORDER) {
            const struct planner_order *o = &p->programme[programme].order[x->index];
            set |= UINT64_C(1) << o->before | UINT64_C(1) << o->after;
        }
    }
    return set;
}

static bool no_slack(const struct planner_problem *p, const struct planner_facts *f, struct arena *a)
{
    int *rotations = ARENA_ARRAY(a, (size_t)p->student_count, int);
    bool *loose = ARENA_ARRAY(a, (size_t)p->student_count, bool);
    for (size_t i = 0; i < f->n; i++) {
        const struct planner_fact *x = &f->item[i];
        if (!planner_fact_requires(x))
            continue;
        bool choice = x->kind == PLANNER_FACT_CHOICE;
        const struct planner_programme *g = &p->programme[x->programme];
        uint64_t set = choice ? g->choice[x->index].of : UINT64_C(1) << x->index;
        bool free_one = (set & in_order(p, f, x->programme)) == 0;
        for (int k = 0; k < x->students; k++) {
            rotations[x->who[k]] += choice ? g->choice[x->index].pick : 1;
            loose[x->who[k]] = loose[x->who[k]] || free_one;
        }
    }
    for (int s = 0; s < p->student_count; s++)
        if (rotations[s] >= 2 && loose[s])
            return true;
    return false;
}

const char *planner_conflict_cause(struct internplan *r, const struct planner_problem *p, const struct planner_facts *f, bool minimal,
                                   const struct planner_view *v)
{
    bool ratio = false;
    for (size_t i = 0; i < f->n; i++)
        if (f->item[i].kind == PLANNER_FACT_SEATS || f->item[i].kind == PLANNER_FACT_EXCEPTION) {
            const char *because = planner_fact_because(p, &f->item[i]);
            ratio = ratio || (because != NULL && strcmp(because, "preceptors") == 0);
        }
    if (personal(r, p, f, minimal, v))
        return "personal";
    if (count_kind(f, PLANNER_FACT_PAIR) > 0)
        return "group";
    if (count_kind(f, PLANNER_FACT_FIXED) + count_kind(f, PLANNER_FACT_FREEZE) > 0)
        return "fixed";
    if (count_kind(f, PLANNER_FACT_QUOTA) + count_kind(f, PLANNER_FACT_SHARED_QUOTA) > 0)
        return "quota";
    if (ratio)
        return "ratio";
    if (counts(p, f, v))
        return "count";
    if (no_slack(p, f, v->arena))
        return "no_slack";
    if (count_kind(f, PLANNER_FACT_ORDER) + count_kind(f, PLANNER_FACT_EARLIEST) + count_kind(f, PLANNER_FACT_LATEST_END) > 0)
        return "order";
    return "fragmentation";
}
