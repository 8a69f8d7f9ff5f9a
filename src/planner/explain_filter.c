/* From a proof that there is no plan to the few facts that it needs: first every fact goes without which the same prices
 * still prove, by halves; then each of the rest must show a plan without it, or a proof that it can go, too. */
#include "planner/explain.h"

enum {
    DUAL_STEPS = 1200,   /* for the proof itself, */
    DUAL_AGAIN = 3000,    /* and for one fact less */
    WITNESS_TICKS = 4000, /* of the first search for a plan without a fact; the second may take many times as long */
    WITNESS_TICKS_STUDENT = 64
};

struct filter {
    struct internplan *r;
    const struct planner_problem *p;
    struct planner_facts facts;
    bool *off;
    struct planner_tariff prices;
    struct planner_tree *tree; /* a proof by cases, where no prices were found */
    int nodes;                 /* of a tree, at most */
};

static struct planner_view *view_of(struct filter *f, struct planner_weights *w)
{
    arena_free(&f->r->try);
    const struct planner_problem *q = planner_facts_problem(&f->r->try, f->p, &f->facts, f->off, true);
    struct planner_view *v = planner_view_make(f->r, &f->r->try, q, NULL, 0);
    *w = planner_weights_make(&f->r->try, v);
    planner_tariff_give(&f->prices, v, w);
    return v;
}

static bool cases_prove(struct filter *f)
{
    struct planner_tree *tree = f->nodes > 0 ? planner_split_proves(f->r, f->p, &f->facts, f->off, f->nodes) : NULL;
    f->tree = tree != NULL ? tree : f->tree;
    return tree != NULL;
}

/* The same prices, or cases anew. */
static bool same_prices_prove(struct filter *f)
{
    if (f->tree != NULL)
        return cases_prove(f);
    struct planner_weights w;
    struct planner_view *v = view_of(f, &w);
    bool holds;
    return planner_view_sum(f->r, v, &w, NULL, NULL, &holds) >= 1 && holds;
}

/* Any prices; those that prove are kept. */
static bool some_prices_prove(struct filter *f, int steps)
{
    struct planner_weights w;
    struct planner_view *v = view_of(f, &w);
    bool holds, proven = planner_view_sum(f->r, v, &w, NULL, NULL, &holds) >= 1 && holds;
    if (!proven)
        proven = planner_count_proves(f->r, v, &w);
    if (!proven && steps > 0)
        proven = planner_dual_proves(f->r, v, &w, steps);
    if (proven) {
        planner_tariff_take(&f->prices, v, &w);
        f->tree = NULL;
    }
    return proven || (f->tree != NULL && cases_prove(f));
}

/* Tries to do without facts [first, end), by halves. */
static void drop(struct filter *f, size_t first, size_t end)
{
    bool any = false;
    bool *before = ARENA_ARRAY(&f->r->keep, end - first, bool);
    for (size_t i = first; i < end; i++) {
        before[i - first] = f->off[i];
        any = any || !f->off[i];
    }
    if (!any || f->r->stop != INTERNPLAN_STOP_NONE || planner_run_over(f->r))
        return;
    memset(f->off + first, true, end - first);
    if (same_prices_prove(f))
        return;
    memcpy(f->off + first, before, end - first);
    if (end - first == 1)
        return;
    size_t half = first + (end - first) / 2;
    drop(f, first, half);
    drop(f, half, end);
}

/* Kind by kind: what is hardest to change comes last and so stays most likely. */
static void drop_all(struct filter *f)
{
    for (size_t i = 0, end; i < f->facts.n; i = end) {
        for (end = i + 1; end < f->facts.n && f->facts.item[end].kind == f->facts.item[i].kind;)
            end++;
        drop(f, i, end);
    }
}

static void forget_dropped(struct filter *f)
{
    size_t n = 0;
    for (size_t i = 0; i < f->facts.n; i++)
        if (!f->off[i])
            f->facts.item[n++] = f->facts.item[i];
    f->facts.n = n;
    memset(f->off, 0, n * sizeof *f->off);
}

/* Only students whose cheapest plan costs something, or who have none, say why: requirements are cut to them. */
static void cut_students(struct filter *f)
{
    struct planner_weights w;
    struct planner_view *v = view_of(f, &w);
    const struct planner_model *m = v->model;
    int64_t *cost = ARENA_ARRAY(v->arena, (size_t)v->classes, int64_t);
    bool holds, one = false, *matters = ARENA_ARRAY(&f->r->keep, (size_t)m->students, bool);
    if (planner_view_sum(f->r, v, &w, NULL, cost, &holds) < 1)
        return;
    for (int u = 0; u < m->units; u++) {
        int c = v->class_of[u];
        bool none = v->class[c].none || cost[c] == INT64_MAX;
        for (int k = 0; k < m->unit[u].size && !one; k++)
            matters[m->unit[u].student[k]] = none || cost[c] > 0;
        if (none && !one) {
            memset(matters, 0, (size_t)m->students * sizeof *matters);
            for (int k = 0; k < m->unit[u].size; k++)
                matters[m->unit[u].student[k]] = true;
            one = true;
        }
    }
    struct planner_fact *kept = ARENA_ARRAY(&f->r->keep, f->facts.n, struct planner_fact);
    memcpy(kept, f->facts.item, f->facts.n * sizeof *kept);
    for (size_t i = 0; i < f->facts.n; i++) {
        struct planner_fact *x = &f->facts.item[i];
        int *who = ARENA_ARRAY(&f->r->keep, (size_t)x->students, int), n = 0;
        for (int k = 0; k < x->students; k++)
            if (matters[x->who[k]])
                who[n++] = x->who[k];
        if (x->students > 0 && n > 0 && n < x->students) {
            x->who = who;
            x->students = n;
        }
    }
    if (!same_prices_prove(f))
        memcpy(f->facts.item, kept, f->facts.n * sizeof *kept);
}

/* With a proof by cases: students go out of the requirements one by one as long as it can be proven. */
static void cut_one_by_one(struct filter *f)
{
    for (int s = 0; s < f->p->student_count && !planner_run_over(f->r); s++) {
        struct planner_fact *kept = ARENA_ARRAY(&f->r->keep, f->facts.n, struct planner_fact);
        memcpy(kept, f->facts.item, f->facts.n * sizeof *kept);
        bool any = false, empty = false;
        for (size_t i = 0; i < f->facts.n; i++) {
            struct planner_fact *x = &f->facts.item[i];
            int *who = ARENA_ARRAY(&f->r->keep, (size_t)x->students, int), n = 0;
            for (int k = 0; k < x->students; k++)
                if (x->who[k] != s)
                    who[n++] = x->who[k];
            any = any || n < x->students;
            empty = empty || (x->students > 0 && n == 0);
            x->who = who;
            x->students = n;
        }
        if (any && (empty || !cases_prove(f)))
            memcpy(f->facts.item, kept, f->facts.n * sizeof *kept);
    }
}

static int priced_departments(const struct filter *f, int *first, int *last)
{
    int n = 0;
    *first = f->p->weeks;
    *last = -1;
    for (int d = 0; d < f->p->department_count; d++) {
        bool any = false;
        for (int w = 0; w < f->p->weeks; w++)
            if (f->prices.cell[d * f->p->weeks + w] != 0) {
                any = true;
                *first = MIN(*first, w);
                *last = MAX(*last, w);
            }
        n += any;
    }
    return n;
}

/* Where several departments collide in a few weeks, their seats matter in these weeks only. */
static void cut_weeks(struct filter *f)
{
    int first, last;
    if (priced_departments(f, &first, &last) < 2 || (first == 0 && last == f->p->weeks - 1))
        return;
    struct planner_fact *kept = ARENA_ARRAY(&f->r->keep, f->facts.n, struct planner_fact);
    memcpy(kept, f->facts.item, f->facts.n * sizeof *kept);
    for (size_t i = 0; i < f->facts.n; i++) {
        struct planner_fact *x = &f->facts.item[i];
        int from = MAX(x->from, first), end = MIN(x->from + x->weeks, last + 1);
        if (x->kind == PLANNER_FACT_SEATS && from < end) {
            x->from = from;
            x->weeks = end - from;
        }
    }
    if (!same_prices_prove(f))
        memcpy(f->facts.item, kept, f->facts.n * sizeof *kept);
}

static void shrink(struct filter *f)
{
    drop_all(f);
    forget_dropped(f);
    if (f->tree != NULL) {
        cut_one_by_one(f);
        return;
    }
    cut_students(f);
    cut_weeks(f);
}

static const struct planner_problem *without(struct filter *f, size_t fact)
{
    arena_free(&f->r->try);
    f->off[fact] = true;
    const struct planner_problem *q = planner_facts_problem(&f->r->try, f->p, &f->facts, f->off, false);
    f->off[fact] = false;
    return q;
}

/* A fact that can go after all, by other prices: the set shrinks and everything about it is looked at again. */
static bool can_go(struct filter *f, size_t fact, int steps)
{
    f->off[fact] = true;
    bool gone = some_prices_prove(f, steps);
    f->off[fact] = false;
    if (!gone)
        return false;
    f->off[fact] = true;
    forget_dropped(f);
    shrink(f);
    return true;
}

/* Each fact gets a plan without it, or goes, or stays unproven. False when the set has changed. */
static bool witness(struct filter *f, struct planner_found *needed)
{
    bool stopped = false;
    uint64_t ticks = WITNESS_TICKS + WITNESS_TICKS_STUDENT * (uint64_t)f->p->student_count;
    for (size_t i = 0; i < f->facts.n; i++) {
        if (needed[i].found || planner_run_over(f->r))
            continue;
        if (can_go(f, i, 0))
            return false;
        needed[i] = planner_find_any(f->r, without(f, i), ticks);
        if (!needed[i].found && can_go(f, i, DUAL_AGAIN))
            return false;
        if (!needed[i].found)
            needed[i] = planner_find_any(f->r, without(f, i), ticks * 16);
        stopped = stopped || f->r->stop != INTERNPLAN_STOP_NONE;
    }
    return true;
}

bool planner_conflict_find(struct internplan *r, const struct planner_problem *p, const struct planner_facts *facts, int nodes,
                           struct planner_conflict *out)
{
    struct filter f = { .r = r, .p = p, .prices = planner_tariff_make(&r->keep, p), .nodes = nodes };
    f.facts.n = facts->n;
    f.facts.item = ARENA_ARRAY(&r->keep, facts->n, struct planner_fact);
    memcpy(f.facts.item, facts->item, facts->n * sizeof *facts->item);
    f.off = ARENA_ARRAY(&r->keep, facts->n, bool);
    if (!some_prices_prove(&f, DUAL_STEPS) && !cases_prove(&f))
        return false;
    shrink(&f);
    struct planner_found *needed = ARENA_ARRAY(&r->keep, facts->n, struct planner_found);
    while (!witness(&f, needed))
        memset(needed, 0, facts->n * sizeof *needed);
    struct planner_weights w;
    struct planner_view *v = view_of(&f, &w);
    bool holds;
    if (f.tree == NULL && (planner_view_sum(r, v, &w, NULL, NULL, &holds) < 1 || !holds))
        return false;
    if (f.tree == NULL) {
        planner_tariff_take(&f.prices, v, &w); /* without prices that no longer stand on a limit */
        f.tree = ARENA_NEW(&r->keep, struct planner_tree);
        f.tree->prices = f.prices;
    }
    *out = (struct planner_conflict){ .facts = f.facts, .proof = f.tree, .prices = planner_tariff_make(&r->keep, p), .needed = needed, .minimal = true };
    if (!f.tree->is_split)
        out->prices = f.tree->prices;
    for (size_t i = 0; i < f.facts.n; i++)
        out->minimal = out->minimal && needed[i].found;
    out->cause = planner_conflict_cause(r, p, &f.facts, out->minimal, v);
    return true;
}
