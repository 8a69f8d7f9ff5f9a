/* Head, placements, receipts and people to tell of a plan file. See claims.h. */
#include "check/claims.h"

static const char *const status_names[] = { "optimal", "feasible", "infeasible", "unknown" };

bool check_claims_head(struct checking *c)
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

void check_claims_empty(struct checking *c)
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
    const struct source *s = c->m->s;
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
    const struct source *s = c->m->s;
    size_t count;
    const struct given *given = check_given_read(c->n.a, s, json_get(c->root, "placements"), &count);
    c->plan = check_plan_make(&c->n, c->m, given, count);
    check_plan_rules(&c->n, c->plan, s->allow_unplaced);
    check_order(c);
    check_give_levels(c->n.a, c->plan, c->r);
}

/* ---- receipts ---- */

static void note_receipt(struct checking *c, const struct json *at, const char *what, int64_t said, int64_t real, int student)
{
    struct check_found *f = check_note(&c->n, CHECK_receipt, at);
    f->student = c->m->s->student[student].id;
    assert(what != NULL);
    f->other = str_of(what);
    check_note_numbers(&c->n, f, said, real);
}

static bool same_ranks(const struct json *said, const struct check_wish *w)
{
    int64_t seen[ROTATIONS_MOST];
    size_t n = 0;
    assert(w->ranks != NULL);
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
    const struct source *s = c->m->s;
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
    const struct source *s = c->m->s;
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

void check_claims_plan(struct checking *c)
{
    check_placed(c);
    check_all_receipts(c);
    check_told(c);
}
