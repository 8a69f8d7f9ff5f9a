/* The public calls: memory and the order of the checks. See check.h; what a plan file claims is looked into by claims*.c. */
#include "check/check.h"
#include "check/claims.h"

struct check_problem {
    const struct source *source;
    const struct model *model;
};

/* ---- memory --------------------------------------------------------------------------------------------------------- */

/* A call's own ends: a full arena and a caller who cancels leave here, never by the arena's `full`. */
struct boundary {
    jmp_buf out;
    struct arena *a;
    arena_full_fn *full;
    void *full_ctx;
    struct arena_pool pool;
    struct rooms rooms;
};

static void leave(void *ctx)
{
    struct boundary *b = ctx;
    longjmp(b->out, LEFT_FULL);
}

static void enter(struct boundary *b, struct arena *a)
{
    assert(a != NULL && a->used_bytes <= a->max_bytes);
    *b = (struct boundary){ .a = a, .full = a->full, .full_ctx = a->full_ctx };
    a->full = leave;
    a->full_ctx = b;
}

/* Working memory: what the caller's arena still allows, less a fifth for what comes out, is one pool. */
static void open_rooms(struct boundary *b)
{
    size_t left = b->a->max_bytes - b->a->used_bytes;
    b->pool = (struct arena_pool){ .max_bytes = left - left / 5 };
    struct arena *each[] = { &b->rooms.keep, &b->rooms.leaf, &b->rooms.unit, &b->rooms.scratch };
    for (size_t i = 0; i < LEN(each); i++) {
        *each[i] = arena_in(&b->pool);
        each[i]->full = leave;
        each[i]->full_ctx = b;
    }
    b->rooms.out = &b->out;
}

static void exit_rooms(struct boundary *b)
{
    arena_free(&b->rooms.keep);
    arena_free(&b->rooms.leaf);
    arena_free(&b->rooms.unit);
    arena_free(&b->rooms.scratch);
    b->a->full = b->full;
    b->a->full_ctx = b->full_ctx;
}

static enum check_outcome left_by(int how, struct check_result *r)
{
    assert(how == LEFT_FULL || how == LEFT_CANCELLED);
    *r = (struct check_result){ .outcome = how == LEFT_CANCELLED ? CHECK_CANCELLED : CHECK_MEMORY };
    return r->outcome;
}

/* ---- a problem ------------------------------------------------------------------------------------------------------ */

static struct check_problem *load(struct arena *a, struct str json, const struct check_options *o, struct check_result *r)
{
    struct check_notes n = check_notes_make(a, CHECK_IN_PROBLEM, o);
    const struct json *root = check_shape_read(&n, json, &check_shape_problem);
    const struct source *s = root != NULL ? check_source_read(&n, root) : NULL;
    check_notes_give(&n, r);
    r->outcome = s != NULL ? CHECK_HOLDS : CHECK_INVALID;
    if (s == NULL)
        return NULL;
    struct check_problem *p = ARENA_NEW(a, struct check_problem);
    *p = (struct check_problem){ s, check_model_make(a, s) };
    return p;
}

const struct check_problem *check_load(struct arena *a, struct str json, const struct check_options *o, struct check_result *result)
{
    struct boundary b;
    struct check_problem *volatile p = NULL;
    *result = (struct check_result){ 0 };
    enter(&b, a);
    int how = setjmp(b.out);
    if (how == 0)
        p = load(a, json, o, result);
    else
        left_by(how, result);
    exit_rooms(&b);
    return how == 0 ? p : NULL;
}

/* ---- placements ------------------------------------------------------------------------------------------------------- */

static void hand(const struct check_problem *p, struct arena *a, const struct check_placement *placement, size_t count,
                 const struct check_options *o, struct check_result *r)
{
    struct check_notes n = check_notes_make(a, CHECK_IN_HAND, o);
    const struct source *s = p->source;
    struct given *given = ARENA_ARRAY(a, count, struct given);
    for (size_t i = 0; i < count; i++) {
        const struct check_placement *q = &placement[i];
        bool monday = date_weekday(q->from) == 0;
        given[i] = (struct given){ q->student, q->rotation, q->department, monday ? (q->from - s->first) / 7 : WEEK_NONE, MAX(q->weeks, 0), NULL };
    }
    struct plan *plan = check_plan_make(&n, p->model, given, count);
    check_plan_rules(&n, plan, s->allow_unplaced);
    check_notes_give(&n, r);
    check_give_levels(a, plan, r);
    r->outcome = n.total > 0 ? CHECK_BROKEN : CHECK_HOLDS;
}

enum check_outcome check_placements(const struct check_problem *p, struct arena *a, const struct check_placement *placement, size_t n,
                                    const struct check_options *o, struct check_result *result)
{
    struct boundary b;
    assert(p != NULL && (placement != NULL || n == 0));
    *result = (struct check_result){ 0 };
    enter(&b, a);
    int how = setjmp(b.out);
    if (how == 0)
        hand(p, a, placement, n, o, result);
    else
        left_by(how, result);
    exit_rooms(&b);
    return result->outcome;
}

/* ---- a plan file ------------------------------------------------------------------------------------------------------ */

static void verify(struct checking *c)
{
    struct conflict_check k = { .n = &c->n, .rooms = c->rooms, .o = c->o, .m = c->m };
    int conflicts, repairs;
    if (!check_claims_head(c))
        return;
    (void)check_list(c->root, "conflicts", &conflicts);
    (void)check_list(c->root, "repairs", &repairs);
    c->r->conflicts = (size_t)conflicts;
    c->r->repairs = (size_t)repairs;
    if (c->status == IS_OPTIMAL || c->status == IS_FEASIBLE) {
        check_claims_plan(c);
        if (conflicts > 0)
            check_note_numbers(&c->n, check_note(&c->n, CHECK_status, json_get(c->root, "conflicts")), conflicts, 0);
    } else {
        check_claims_empty(c);
    }
    check_claims_levels(c);
    check_conflicts(&k, c->root);
    c->r->leaves += k.leaves;
    c->r->kernel_calls += k.priced;
    if (c->status == IS_INFEASIBLE && k.proven == 0)
        check_note(&c->n, CHECK_no_conflict, json_get(c->root, "conflicts") != NULL ? json_get(c->root, "conflicts") : json_get(c->root, "status"));
    check_repairs(&c->n, c->m, c->root);
}

static void plan_file(const struct check_problem *p, struct arena *a, struct str json, const struct check_options *o,
                      struct boundary *b, struct check_result *r)
{
    struct checking c = { .n = check_notes_make(a, CHECK_IN_PLAN, o), .rooms = &b->rooms, .o = o, .m = p->model, .r = r };
    c.root = check_shape_read(&c.n, json, &check_shape_plan);
    open_rooms(b);
    if (c.root != NULL && c.n.total == 0)
        verify(&c);
    check_notes_give(&c.n, r);
    r->outcome = c.n.total > 0 ? CHECK_BROKEN : CHECK_HOLDS;
}

enum check_outcome check_plan(const struct check_problem *p, struct arena *a, struct str plan_json, const struct check_options *o,
                              struct check_result *result)
{
    struct boundary b;
    assert(p != NULL);
    *result = (struct check_result){ 0 };
    enter(&b, a);
    int how = setjmp(b.out);
    if (how == 0)
        plan_file(p, a, plan_json, o, &b, result);
    else
        left_by(how, result);
    exit_rooms(&b);
    return result->outcome;
}
