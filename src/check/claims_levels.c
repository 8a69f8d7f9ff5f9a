/* Levels and the certificate of their bounds. See claims.h. */
#include "check/claims.h"

void check_give_levels(struct arena *a, const struct plan *p, struct check_result *r)
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

static double seconds(const struct check_options *o)
{
    return o != NULL && o->clock != NULL ? o->clock(o->ctx) : 0;
}

static void claim_levels(struct checking *c)
{
    const struct source *s = c->m->s;
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
    p.level = &c->m->s->level[i];
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
    assert(i == 0 || c->level[i - 1].has_value); /* it rests on the values of earlier levels */
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
    const struct source *s = c->m->s;
    const struct json *at = json_get(c->root, "certificate");
    int next = 0;
    if (at == NULL)
        return;
    if (!str_is(check_text(at, "format"), "internbase.certificate/1"))
        check_note_text(&c->n, CHECK_format, json_get(at, "format"), NULL, "internbase.certificate/1");
    struct proof units = { .n = &c->n, .rooms = c->rooms, .o = c->o, .m = c->m };
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
        assert(next <= i);
        next = i + 1;
        prove_level(c, &units, i, e);
    }
    assert(units.units <= s->students);
    c->r->merged_units = (size_t)(s->students - units.units);
}

static void check_claims(struct checking *c)
{
    const struct source *s = c->m->s;
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

void check_claims_levels(struct checking *c)
{
    claim_levels(c);
    check_certificate(c);
    if (c->status != IS_INFEASIBLE)
        check_claims(c);
}
