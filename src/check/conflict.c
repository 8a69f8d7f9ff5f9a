/* The conflicts of a plan file: proofs, witnesses, causes. See conflict.h. */
#include "check/conflict.h"

enum { CONFLICTS_MOST = 10 };

struct given *check_given_read(struct arena *a, const struct source *s, const struct json *list, size_t *count)
{
    assert(list->type == JSON_LIST);
    *count = list->n;
    struct given *given = ARENA_ARRAY(a, list->n, struct given);
    struct given *g = given;
    for (const struct json *c = list->child; c != NULL; c = c->next, g++)
        *g = (struct given){ check_text(c, "student"), check_text(c, "rotation"), check_text(c, "department"), check_week(s, json_get(c, "from")),
                             (int32_t)check_int(c, "weeks", 1), c };
    return given;
}

/* Proves a node against P[facts]; `quiet`: notes nothing (a question, not a claim). */
static bool proves(struct conflict_check *c, const struct model *pf, const struct json *node, bool quiet)
{
    struct check_notes silent = { .a = c->n->a, .in = c->n->in };
    struct proof p = { .n = quiet ? &silent : c->n, .rooms = c->rooms, .o = c->o, .m = pf };
    struct bound bound = { false, 0 };
    bool good = check_proof_units(&p, NULL) && check_proof(&p, node, &bound);
    c->leaves += quiet ? 0 : p.leaves;
    c->priced += p.priced;
    return good && bound.empty;
}

/* Whether the problem without capacities leaves somebody nothing: by a given proof, or by one student alone, or by students
 * who share everything. */
static bool is_personal(struct conflict_check *c, const struct json *conflict, const struct fact *fact, int count)
{
    struct arena *a = &c->rooms->keep;
    const struct source *without = check_facts_source(a, c->m->s, fact, count, NONE, false);
    const struct model *m = check_model_make(a, without);
    if (proves(c, m, json_get(conflict, "proof"), true))
        return true;
    struct check_notes silent = { .a = c->n->a, .in = c->n->in };
    struct proof p = { .n = &silent, .rooms = c->rooms, .o = c->o, .m = m };
    struct json_error e;
    /* Pairs that share every rotation become one unit: what none of them can do, all can't. */
    struct buf b = buf_make(1 << 20);
    buf_z(&b, "[");
    for (int i = 0; i < without->pairs; i++) {
        const struct pair *q = &without->pair[i];
        bool same = !q->off && !q->apart && !q->names_rotations;
        for (int k = 1; k < q->students; k++)
            same = same && without->student[q->student[k]].does == without->student[q->student[0]].does &&
                   without->student[q->student[k]].picks == without->student[q->student[0]].picks;
        if (same)
            buf_printf(&b, "%s%d", b.n > 1 ? "," : "", i);
    }
    buf_z(&b, "]");
    const struct json *merged = json_read(a, buf_view(&b), &e), *empty_leaf = json_read(a, STR("{\"scale\":0}"), &e);
    buf_free(&b);
    struct bound bound;
    if (merged == NULL || empty_leaf == NULL)
        a->full(a->full_ctx);
    bool good = check_proof_units(&p, merged) && check_proof(&p, empty_leaf, &bound);
    c->priced += p.priced;
    return good && bound.empty;
}

/* One witness: a plan of the problem with all facts but one. */
static void check_witness(struct conflict_check *c, const struct json *list, const struct fact *fact, int count, int without)
{
    enum { SHOWN = 3 };
    struct arena *a = &c->rooms->keep;
    const struct model *m = check_model_make(a, check_facts_source(a, c->m->s, fact, count, without, true));
    struct check_notes broken = { .a = c->n->a, .in = c->n->in, .most = SHOWN };
    size_t n;
    const struct given *given = check_given_read(a, m->s, list, &n);
    struct plan *p = check_plan_make(&broken, m, given, n);
    check_plan_rules(&broken, p, false);
    if (broken.total == 0)
        return;
    struct check_found *f = check_note(c->n, CHECK_needed, list);
    check_note_numbers(c->n, f, (int64_t)broken.total, 0);
    for (size_t i = 0; i < broken.n; i++)
        *check_note(c->n, broken.item[i].rule, NULL) = broken.item[i];
}

static bool same_fact(const struct fact *a, const struct fact *b)
{
    return a->kind == b->kind && a->object == b->object && (a->kind != FACT_SEATS || (a->from == b->from && a->weeks == b->weeks));
}

struct seen {
    const struct fact *fact;
    int count;
};

static bool is_new(const struct seen *seen, size_t n, const struct fact *fact, int count)
{
    for (int i = 0; i < count; i++) {
        bool known = fact[i].kind == FACT_REQUIREMENT;
        for (size_t k = 0; k < n && !known; k++)
            for (int j = 0; j < seen[k].count; j++)
                known = known || same_fact(&seen[k].fact[j], &fact[i]);
        if (!known)
            return true;
    }
    return false;
}

static void check_conflict(struct conflict_check *c, const struct json *at, struct seen *seen, size_t nth)
{
    struct arena *a = &c->rooms->keep;
    int count;
    struct fact *fact = check_facts_read(c->n, a, c->m, json_get(at, "facts"), &count);
    if (fact == NULL)
        return;
    assert(nth < CONFLICTS_MOST && count >= 0);
    seen[nth] = (struct seen){ fact, count };
    const struct json *needed = json_get(at, "needed"), *w = needed->child;
    bool minimal = true;
    if (needed->n != (uint32_t)count) {
        check_note_numbers(c->n, check_note(c->n, CHECK_needed, needed), needed->n, count);
        return;
    }
    for (int i = 0; w != NULL; w = w->next, i++) {
        minimal = minimal && w->type != JSON_NULL;
        check_proof_breathe(&(struct proof){ .o = c->o, .rooms = c->rooms });
        if (w->type != JSON_NULL)
            check_witness(c, w, fact, count, i);
    }
    if (check_bool(at, "minimal", false) != minimal)
        check_note_text(c->n, CHECK_minimal, json_get(at, "minimal"), NULL, minimal ? "true" : "false");
    const struct source *pf = check_facts_source(a, c->m->s, fact, count, NONE, true);
    const struct model *m = check_model_make(a, pf);
    size_t before = c->n->total;
    if (proves(c, m, json_get(at, "proof"), false))
        c->proven++;
    else if (c->n->total == before)
        check_note(c->n, CHECK_leaf, json_get(at, "proof"));
    const char *cause = check_cause(m, c->m->s, fact, count, is_personal(c, at, fact, count));
    if (!str_is(check_text(at, "cause"), cause))
        check_note_text(c->n, CHECK_cause, json_get(at, "cause"), NULL, cause);
    if (nth > 0 && !is_new(seen, nth, fact, count))
        check_note(c->n, CHECK_conflict_repeated, at);
}

void check_conflicts(struct conflict_check *c, const struct json *plan)
{
    int n;
    const struct json *list = json_get(plan, "conflicts"), *at = check_list(plan, "conflicts", &n);
    struct seen *seen = ARENA_ARRAY(&c->rooms->keep, (size_t)n, struct seen);
    if (n > CONFLICTS_MOST)
        check_note_numbers(c->n, check_note(c->n, CHECK_range, list), n, CONFLICTS_MOST);
    for (size_t i = 0; at != NULL && i < CONFLICTS_MOST; at = at->next, i++)
        check_conflict(c, at, seen, i);
}
