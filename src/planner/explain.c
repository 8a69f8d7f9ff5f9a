/* The explanation of a problem without a plan: its conflicts one after the other, until the problem without one fact of
 * each can be done; then the ways out. */
#include "planner/explain.h"

enum { CONFLICTS_MOST = 10, REST_TICKS = 20000, REST_TICKS_STUDENT = 100, TRIES_MOST = 6 };

/* In this order a fact is taken out to see what else collides: the easiest to change first. */
static const enum planner_fact_kind easy[] = {
    PLANNER_FACT_EXCEPTION, PLANNER_FACT_SEATS,    PLANNER_FACT_ORDER,      PLANNER_FACT_EARLIEST,
    PLANNER_FACT_LATEST_END, PLANNER_FACT_SHARED_QUOTA, PLANNER_FACT_QUOTA, PLANNER_FACT_PAIR,
    PLANNER_FACT_AWAY,      PLANNER_FACT_FIXED,    PLANNER_FACT_ENTER,      PLANNER_FACT_MAX_CONSECUTIVE,
    PLANNER_FACT_FREE_WEEKS, PLANNER_FACT_SITE_LIMIT, PLANNER_FACT_CLOSED_WEEK, PLANNER_FACT_FREEZE
};

/* The facts without one: a run of seats is cut out of the whole. */
static struct planner_facts without(struct arena *a, const struct planner_facts *from, const struct planner_fact *gone)
{
    struct planner_facts out = { .item = ARENA_ARRAY(a, from->n + 1, struct planner_fact), .cap = from->n + 1 };
    for (size_t i = 0; i < from->n; i++) {
        struct planner_fact x = from->item[i];
        if (!planner_fact_same(&x, gone)) {
            out.item[out.n++] = x;
            continue;
        }
        int end = x.from + x.weeks, after = gone->from + gone->weeks;
        if (x.kind == PLANNER_FACT_SEATS && x.from < gone->from) {
            x.weeks = gone->from - x.from;
            out.item[out.n++] = x;
        }
        if (x.kind == PLANNER_FACT_SEATS && after < end && out.n < out.cap) {
            x.from = after;
            x.weeks = end - after;
            out.item[out.n++] = x;
        }
    }
    return out;
}

static bool held_before(const struct planner_explained *e, int conflicts, const struct planner_fact *f)
{
    for (int i = 0; i < conflicts; i++)
        for (size_t k = 0; k < e->conflict[i].facts.n; k++)
            if (planner_fact_same(&e->conflict[i].facts.item[k], f))
                return true;
    return false;
}

/* What may be taken out of the last conflict: not required, and new in it. Closed weeks only where there is nothing else:
 * opening one might cure two causes that have nothing to do with each other, and both should be told. */
static int candidates(const struct planner_explained *e, const struct planner_fact **out, int most)
{
    const struct planner_facts *f = &e->conflict[e->conflicts - 1].facts;
    int n = 0;
    for (size_t k = 0; k < LEN(easy); k++)
        for (size_t i = 0; i < f->n && n < most && (easy[k] != PLANNER_FACT_CLOSED_WEEK || n == 0); i++)
            if (f->item[i].kind == easy[k] && !held_before(e, e->conflicts - 1, &f->item[i]))
                out[n++] = &f->item[i];
    return n;
}

enum rest { REST_DONE, REST_COLLIDES, REST_UNKNOWN };

static enum rest look(struct internplan *r, const struct planner_facts *facts, uint64_t ticks, struct planner_found *plan)
{
    arena_free(&r->try);
    const struct planner_problem *q = planner_facts_problem(&r->try, r->problem, facts, NULL, true);
    struct planner_view *v = planner_view_make(r, &r->try, q, NULL, 0);
    struct planner_weights w = planner_weights_make(&r->try, v);
    if (planner_count_proves(r, v, &w))
        return REST_COLLIDES;
    arena_free(&r->try);
    q = planner_facts_problem(&r->try, r->problem, facts, NULL, false);
    *plan = planner_find_whole(r, q, NULL, 0, ticks);
    return plan->found ? REST_DONE : REST_UNKNOWN;
}

/* Takes one fact of the last conflict out of what counts. False: the rest can be done (as `plan` shows), or nothing can be
 * said of it. */
static bool take_out(struct internplan *r, struct planner_facts *facts, struct planner_found *plan)
{
    const struct planner_fact *list[64];
    int n = candidates(&r->explained, list, (int)LEN(list)), next = -1;
    enum rest at_next = REST_UNKNOWN;
    for (int i = 0; i < MIN(n, TRIES_MOST) && !planner_run_over(r); i++) {
        struct planner_facts rest = without(&r->keep, facts, list[i]);
        enum rest found = look(r, &rest, REST_TICKS + REST_TICKS_STUDENT * (uint64_t)r->problem->student_count, plan);
        if (found == REST_DONE)
            return false;
        if (next < 0 || (found == REST_COLLIDES && at_next == REST_UNKNOWN)) {
            next = i;
            at_next = found;
        }
    }
    if (next < 0)
        return false;
    *facts = without(&r->keep, facts, list[next]);
    return true;
}

static bool has_new(const struct planner_explained *e, const struct planner_conflict *c)
{
    for (size_t i = 0; i < c->facts.n; i++)
        if (!planner_fact_requires(&c->facts.item[i]) && !held_before(e, e->conflicts, &c->facts.item[i]))
            return true;
    return false;
}

void planner_explain(struct internplan *r, int nodes)
{
    struct planner_explained *e = &r->explained;
    if (r->stop != INTERNPLAN_STOP_NONE)
        return;
    r->phase = "explain";
    planner_find_begin(r);
    struct planner_facts facts = planner_facts_all(&r->keep, r->problem);
    e->conflict = ARENA_ARRAY(&r->keep, CONFLICTS_MOST, struct planner_conflict);
    struct planner_conflict one;
    struct planner_found rest = { 0 };
    while (planner_conflict_find(r, r->problem, &facts, nodes, &one) && (e->conflicts == 0 || has_new(e, &one))) {
        e->conflict[e->conflicts++] = one;
        e->infeasible = true;
        if (!take_out(r, &facts, &rest))
            break;
        e->more = e->conflicts == CONFLICTS_MOST;
        if (e->more)
            break;
    }
    arena_free(&r->try);
    if (e->conflicts == 0 || r->stop != INTERNPLAN_STOP_NONE)
        return;
    e->repair = ARENA_ARRAY(&r->keep, PLANNER_REPAIRS_MOST, struct planner_repair);
    e->repairs = planner_repairs_find(r, e->conflict, e->conflicts, &rest, e->repair);
}

bool planner_explain_splits(struct internplan *r, int nodes)
{
    const char *phase = r->phase;
    r->phase = "bound";
    planner_find_begin(r);
    struct planner_facts facts = planner_facts_all(&r->keep, r->problem);
    bool none = planner_split_proves(r, r->problem, &facts, NULL, nodes) != NULL;
    planner_find_end(r);
    r->phase = phase;
    return none;
}

/* Whether counting has room: apart pairs have weights of their own for every cell. */
static bool counts_fit(const struct internplan *r)
{
    const struct planner_problem *p = r->problem;
    size_t aparts = 0, cells = (size_t)r->model->departments * (size_t)r->model->open;
    for (int i = 0; i < p->pair_count; i++)
        aparts += p->pair[i].apart && !p->pair[i].off;
    size_t left = r->memory.max_bytes - r->memory.used_bytes;
    return left / 4 / sizeof(int64_t) / MAX(cells, 1) >= aparts;
}

bool planner_explain_counts(struct internplan *r)
{
    bool none;
    if (!counts_fit(r))
        return false; /* the search goes without */
    r->phase = "bound";
    planner_find_begin(r);
    struct planner_facts facts = planner_facts_all(&r->keep, r->problem);
    const struct planner_problem *q = planner_facts_problem(&r->try, r->problem, &facts, NULL, true);
    struct planner_view *v = planner_view_make(r, &r->try, q, NULL, 0);
    struct planner_weights w = planner_weights_make(&r->try, v);
    none = planner_count_proves(r, v, &w);
    planner_find_end(r);
    return none;
}
