/* The public calls: memory, order of the checks, what is claimed about levels, receipts and status. See check.h. */
#include "check/check.h"
#include "check/conflict.h"

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

static void give_levels(struct arena *a, const struct plan *p, struct check_result *r)
{
    const struct source *s = p->m->s;
    struct check_level *level = ARENA_ARRAY(a, (size_t)s->levels, struct check_level);
    int64_t value[MEASURES];
    if (!p->strangers)
        check_measure(p, value);
    for (int i = 0; i < s->levels; i++) {
        level[i] = (struct check_level){ .name = s->level[i].name, .has_value = !p->strangers };
        if (!p->strangers)
            level[i].value = check_level_value(&s->level[i], value);
    }
    r->level = level;
    r->levels = (size_t)s->levels;
    if (p->strangers)
        return;
    r->receipt = check_receipts(a, p);
    r->receipts = (size_t)s->students;
}

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
    give_levels(a, plan, r);
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

enum plan_status { IS_OPTIMAL, IS_FEASIBLE, IS_INFEASIBLE, IS_UNKNOWN, IS_NONE };
static const char *const status_names[] = { "optimal", "feasible", "infeasible", "unknown" };

struct checking {
    struct check_notes n;
    struct rooms *rooms;
    const struct check_options *o;
    const struct check_problem *p;
    const struct json *root;
    enum plan_status status;
    struct plan *plan;
    struct check_level *level;
    int64_t *value;
    struct check_result *r;
};

static double seconds(const struct check_options *o)
{
    return o != NULL && o->clock != NULL ? o->clock(o->ctx) : 0;
}

/* False: made for another problem, and of no use to this one. */
static bool check_head(struct checking *c)
{
    struct str status = check_text(c->root, "status"), digest = c->o != NULL ? c->o->problem_digest : (struct str){ 0 };
    if (!str_is(check_text(c->root, "format"), "internbase.plan/1"))
        check_note_text(&c->n, CHECK_format, json_get(c->root, "format"), NULL, "internbase.plan/1");
    if (digest.n > 0 && !str_eq(check_text(c->root, "problem"), digest)) {
        check_note_text(&c->n, CHECK_digest, json_get(c->root, "problem"), NULL, arena_copy(c->n.a, digest.p, digest.n));
        return false;
    }
    c->status = IS_OPTIMAL;
    while (c->status < IS_NONE && !str_is(status, status_names[c->status]))
        c->status++;
    if (c->status == IS_NONE)
        check_note_text(&c->n, CHECK_value, json_get(c->root, "status"), NULL, "optimal feasible infeasible unknown");
    static const char *const stops[] = { "proof", "budget", "seconds", "cancel", "memory" };
    const struct json *stop = json_get(json_get(c->root, "work"), "stopped_by");
    bool known = false;
    for (size_t i = 0; i < LEN(stops); i++)
        known = known || str_is(stop->text, stops[i]);
    if (!known)
        check_note_text(&c->n, CHECK_value, stop, NULL, "proof budget seconds cancel memory");
    return c->status != IS_NONE;
}

/* Without a plan nothing may look like one. */
static void check_empty(struct checking *c)
{
    static const char *const keys[] = { "placements", "receipts", "told" };
    for (size_t i = 0; i < LEN(keys); i++) {
        const struct json *list = json_get(c->root, keys[i]);
        if (list != NULL && list->n > 0)
            check_note_numbers(&c->n, check_note(&c->n, CHECK_status, list), list->n, 0);
    }
}

static void check_order(struct checking *c)
{
    const struct source *s = c->p->source;
    const struct json *last = NULL;
    int64_t last_student = NONE;
    for (const struct json *x = json_get(c->root, "placements")->child; x != NULL; x = x->next) {
        int64_t student = map_get(&s->student_of, check_text(x, "student"), NONE);
        bool later = last == NULL || student > last_student ||
                     (student == last_student && str_cmp(check_text(last, "from"), check_text(x, "from")) <= 0);
        if (student != NONE && !later)
            check_note(&c->n, CHECK_placement_order, x);
        last = x;
        last_student = student;
    }
}

static void check_placed(struct checking *c)
{
    const struct source *s = c->p->source;
    size_t count;
    const struct given *given = check_given_read(c->n.a, s, json_get(c->root, "placements"), &count);
    c->plan = check_plan_make(&c->n, c->p->model, given, count);
    check_plan_rules(&c->n, c->plan, s->allow_unplaced);
    check_order(c);
    give_levels(c->n.a, c->plan, c->r);
}

/* ---- receipts ---- */

static void note_receipt(struct checking *c, const struct json *at, const char *what, int64_t said, int64_t real, int student)
{
    struct check_found *f = check_note(&c->n, CHECK_receipt, at);
    f->student = c->p->source->student[student].id;
    f->other = str_of(what);
    check_note_numbers(&c->n, f, said, real);
}

static bool same_ranks(const struct json *said, const struct check_wish *w)
{
    int64_t seen[ROTATIONS_MOST];
    size_t n = 0;
    if (said->type == JSON_NULL)
        return w->rank_n == 0;
    if (said->type != JSON_LIST || said->n != w->rank_n || said->n > ROTATIONS_MOST)
        return false;
    for (const struct json *c = said->child; c != NULL; c = c->next) {
        size_t to = n++;
        for (; to > 0 && seen[to - 1] > c->number; to--)
            seen[to] = seen[to - 1];
        seen[to] = c->number;
    }
    for (size_t i = 0; i < n; i++)
        if (seen[i] != w->ranks[i])
            return false;
    return true;
}

static void check_wish(struct checking *c, const struct json *at, const struct check_wish *w, int student)
{
    const struct json *rank = json_get(at, "rank");
    if (check_int(at, "wish", -1) != (int64_t)w->wish)
        note_receipt(c, json_get(at, "wish"), "wish", check_int(at, "wish", -1), (int64_t)w->wish, student);
    bool ranked = w->ranks != NULL || w->rank != NONE;
    bool good = w->ranks != NULL ? same_ranks(rank, w) : !ranked || !w->placed ? rank->type == JSON_NULL : rank->type == JSON_INT && rank->number == w->rank;
    if (!good)
        note_receipt(c, rank, "rank", rank->type == JSON_INT ? rank->number : NONE, w->rank, student);
    if (check_int(at, "regret", -1) != w->regret)
        note_receipt(c, json_get(at, "regret"), "regret", check_int(at, "regret", -1), w->regret, student);
    if (check_int(at, "wanted_by", -1) != w->wanted_by)
        note_receipt(c, json_get(at, "wanted_by"), "wanted_by", check_int(at, "wanted_by", -1), w->wanted_by, student);
}

static void check_all_receipts(struct checking *c)
{
    const struct source *s = c->p->source;
    const struct json *list = json_get(c->root, "receipts"), *at = list->child;
    if (c->plan->strangers)
        return; /* what nobody can value */
    for (int i = 0; i < s->students; i++, at = at != NULL ? at->next : NULL) {
        const struct check_receipt *r = &c->r->receipt[i];
        if (at == NULL || !str_eq(check_text(at, "student"), r->student)) {
            check_note(&c->n, CHECK_receipt_missing, at != NULL ? at : list)->student = r->student;
            return;
        }
        if (check_int(at, "regret", -1) != r->regret)
            note_receipt(c, json_get(at, "regret"), "regret", check_int(at, "regret", -1), r->regret, i);
        const struct json *wishes = json_get(at, "wishes"), *w = wishes->child;
        if (wishes->n != r->wishes)
            note_receipt(c, wishes, "wishes", wishes->n, (int64_t)r->wishes, i);
        for (size_t k = 0; k < r->wishes && w != NULL; k++, w = w->next)
            check_wish(c, w, &r->wish[k], i);
    }
    if (at != NULL)
        check_note(&c->n, CHECK_receipt_missing, at);
}

static void check_told(struct checking *c)
{
    const struct source *s = c->p->source;
    const struct json *list = json_get(c->root, "told");
    const struct json *at = list != NULL ? list->child : NULL;
    if (c->plan->strangers || !s->has_base) {
        if (at != NULL && !s->has_base)
            check_note(&c->n, CHECK_told, list);
        return;
    }
    bool *said = ARENA_ARRAY(c->n.a, (size_t)s->students, bool);
    for (; at != NULL; at = at->next) {
        int64_t i = map_get(&s->student_of, at->text, NONE);
        if (i == NONE || said[i] || !check_is_told(c->plan, (int)i))
            check_note(&c->n, CHECK_told, at)->student = at->text;
        if (i != NONE)
            said[i] = true;
    }
    for (int i = 0; i < s->students; i++)
        if (!said[i] && check_is_told(c->plan, i))
            check_note(&c->n, CHECK_told, list)->student = s->student[i].id;
}

/* ---- levels and certificates ---- */

static void claim_levels(struct checking *c)
{
    const struct source *s = c->p->source;
    const struct json *list = json_get(c->root, "levels"), *at = list->child;
    bool has_plan = c->status == IS_OPTIMAL || c->status == IS_FEASIBLE;
    int most = has_plan ? s->levels : c->status == IS_UNKNOWN ? MIN(s->levels, 1) : 0;
    bool good = has_plan ? list->n == (uint32_t)s->levels : list->n <= (uint32_t)most;
    c->level = ARENA_ARRAY(c->n.a, (size_t)s->levels, struct check_level);
    for (int i = 0; i < s->levels; i++) {
        c->level[i] = has_plan && c->r->level != NULL ? c->r->level[i] : (struct check_level){ .name = s->level[i].name };
        if (at == NULL || i >= most)
            continue;
        const struct json *value = json_get(at, "value"), *bound = json_get(at, "bound");
        struct check_level *l = &c->level[i];
        good = good && str_eq(check_text(at, "level"), s->level[i].name);
        l->claims_value = value->type == JSON_INT;
        l->claimed_value = value->number;
        l->claims_bound = bound->type == JSON_INT;
        l->claimed_bound = bound->number;
        l->claims_proven = check_bool(at, "proven", false);
        l->claims_certified = check_bool(at, "certified", true) && l->claims_bound;
        if (l->has_value && (!l->claims_value || l->value != l->claimed_value))
            check_note_numbers(&c->n, check_note(&c->n, CHECK_level_value, value), l->claimed_value, l->value);
        if (!has_plan && l->claims_value)
            check_note_text(&c->n, CHECK_level_value, value, NULL, "null");
        if (l->has_value && l->claims_bound && l->claimed_bound > l->value)
            check_note_numbers(&c->n, check_note(&c->n, CHECK_bound_above_value, bound), l->claimed_bound, l->value);
        at = at->next;
    }
    if (!good)
        check_note_numbers(&c->n, check_note(&c->n, CHECK_levels, list), list->n, most);
    c->r->level = c->level;
    c->r->levels = (size_t)s->levels;
}

static void prove_level(struct checking *c, struct proof *units, int i, const struct json *at)
{
    struct proof p = *units;
    struct bound bound = { false, INT64_MIN };
    struct check_level *l = &c->level[i];
    p.level = &c->p->source->level[i];
    p.at = i;
    p.value = c->value;
    double begun = seconds(c->o);
    size_t before = c->n.total;
    bool good = check_proof(&p, json_get(at, "proof"), &bound);
    l->seconds = seconds(c->o) - begun;
    l->leaves = p.leaves;
    c->r->leaves += p.leaves;
    c->r->kernel_calls += p.priced;
    units->courses = p.courses;
    if (!good) {
        if (c->n.total == before)
            check_note(&c->n, CHECK_bound, at);
        return;
    }
    l->certified = true;
    l->bound_is_empty = bound.empty;
    l->bound = bound.least;
    int64_t claimed = check_int(at, "bound", INT64_MAX);
    if (!bound.empty && claimed > bound.least)
        check_note_numbers(&c->n, check_note(&c->n, CHECK_bound, json_get(at, "bound")), claimed, bound.least);
    if (bound.empty && l->has_value && c->n.hard == 0) /* a plan stands before us: the proof of nothing can't be right */
        check_note(&c->n, CHECK_bound, json_get(at, "proof"));
}

static void check_certificate(struct checking *c)
{
    const struct source *s = c->p->source;
    const struct json *at = json_get(c->root, "certificate");
    int next = 0;
    if (at == NULL)
        return;
    if (!str_is(check_text(at, "format"), "internbase.certificate/1"))
        check_note_text(&c->n, CHECK_format, json_get(at, "format"), NULL, "internbase.certificate/1");
    struct proof units = { .n = &c->n, .rooms = c->rooms, .o = c->o, .m = c->p->model };
    if (!check_proof_units(&units, json_get(at, "merged")))
        return;
    c->value = ARENA_ARRAY(c->n.a, (size_t)s->levels, int64_t);
    for (int i = 0; i < s->levels; i++)
        c->value[i] = c->level[i].value;
    for (const struct json *e = json_get(at, "levels")->child; e != NULL; e = e->next) {
        int i = next;
        while (i < s->levels && !str_eq(s->level[i].name, check_text(e, "level")))
            i++;
        /* Without a plan there are no values of earlier levels: only the first can have a bound. */
        if (i == s->levels || (i > 0 && !c->level[i].has_value)) {
            check_note(&c->n, CHECK_certificate_level, json_get(e, "level"));
            continue;
        }
        next = i + 1;
        prove_level(c, &units, i, e);
    }
    c->r->merged_units = (size_t)(s->students - units.units);
}

static void check_claims(struct checking *c)
{
    const struct source *s = c->p->source;
    bool all = true;
    const struct json *at = json_get(c->root, "levels")->child;
    for (int i = 0; i < s->levels; i++, at = at != NULL ? at->next : NULL) {
        struct check_level *l = &c->level[i];
        bool proves = l->certified && (l->bound_is_empty || l->bound >= l->claimed_bound);
        l->proven = l->has_value && l->claims_bound && l->claims_certified && l->claimed_bound == l->value && proves;
        all = all && l->proven;
        if (at == NULL)
            continue;
        if (l->claims_certified && !proves) {
            struct check_found *f = check_note(&c->n, CHECK_bound, json_get(at, "bound"));
            f->other = l->name;
            if (l->certified)
                check_note_numbers(&c->n, f, l->claimed_bound, l->bound);
        }
        if (l->claims_proven != l->proven)
            check_note_text(&c->n, CHECK_proven, json_get(at, "proven"), NULL, l->proven ? "true" : "false")->other = l->name;
    }
    const struct json *status = json_get(c->root, "status");
    if ((c->status == IS_OPTIMAL && !all) || (c->status == IS_FEASIBLE && all))
        check_note_text(&c->n, CHECK_status, status, NULL, all ? "optimal" : "feasible");
}

static void verify(struct checking *c)
{
    struct conflict_check k = { .n = &c->n, .rooms = c->rooms, .o = c->o, .m = c->p->model };
    int conflicts, repairs;
    if (!check_head(c))
        return;
    (void)check_list(c->root, "conflicts", &conflicts);
    (void)check_list(c->root, "repairs", &repairs);
    c->r->conflicts = (size_t)conflicts;
    c->r->repairs = (size_t)repairs;
    if (c->status == IS_OPTIMAL || c->status == IS_FEASIBLE) {
        check_placed(c);
        check_all_receipts(c);
        check_told(c);
        if (conflicts > 0)
            check_note_numbers(&c->n, check_note(&c->n, CHECK_status, json_get(c->root, "conflicts")), conflicts, 0);
    } else {
        check_empty(c);
    }
    claim_levels(c);
    check_certificate(c);
    if (c->status != IS_INFEASIBLE)
        check_claims(c);
    check_conflicts(&k, c->root);
    c->r->leaves += k.leaves;
    c->r->kernel_calls += k.priced;
    if (c->status == IS_INFEASIBLE && k.proven == 0)
        check_note(&c->n, CHECK_no_conflict, json_get(c->root, "conflicts") != NULL ? json_get(c->root, "conflicts") : json_get(c->root, "status"));
    check_repairs(&c->n, c->p->model, c->root);
}

static void plan_file(const struct check_problem *p, struct arena *a, struct str json, const struct check_options *o,
                      struct boundary *b, struct check_result *r)
{
    struct checking c = { .n = check_notes_make(a, CHECK_IN_PLAN, o), .rooms = &b->rooms, .o = o, .p = p, .r = r };
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
