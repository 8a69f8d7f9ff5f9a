/* The prices of one leaf: read, their conditions, and what they give. See proof.h. */
#include "check/proof.h"

#include <stdlib.h>

static const int64_t PRICE_MOST = INT64_C(1) << 40;
static const wide WEIGHT_MOST = (wide)1 << 72;

static bool refuse(struct proof *p, enum check_rule rule, const struct json *at, const char *allowed)
{
    check_note_text(p->n, rule, at, NULL, allowed);
    return false;
}

enum sign { NOT_NEGATIVE, ANY_SIGN };

static bool price_fits(struct proof *p, const struct json *at, enum sign sign)
{
    if (at->type != JSON_INT || at->number > PRICE_MOST || at->number < -PRICE_MOST)
        return refuse(p, CHECK_price_size, at, "-2^40..2^40");
    return at->number >= 0 || sign == ANY_SIGN || refuse(p, CHECK_price_sign, at, "0..");
}

/* One run [monday, calendar weeks, price] onto open weeks; `taken` marks calendar weeks already listed. */
static bool read_run(struct proof *p, const struct json *run, enum sign sign, bool *taken, int64_t *price)
{
    const struct model *m = p->m;
    const struct json *monday = run->child, *weeks = monday != NULL ? monday->next : NULL, *v = weeks != NULL ? weeks->next : NULL;
    if (run->n != 3 || monday->type != JSON_TEXT || weeks->type != JSON_INT)
        return refuse(p, CHECK_price_place, run, "[monday, weeks, price]");
    int32_t from = check_week(m->s, monday);
    if (from < 0 || from >= m->s->weeks || weeks->number < 1 || weeks->number > m->s->weeks - from)
        return refuse(p, CHECK_price_place, run, "weeks of the horizon");
    if (!price_fits(p, v, sign))
        return false;
    for (int32_t w = from; w < from + (int32_t)weeks->number; w++) {
        if (taken[w])
            return refuse(p, CHECK_price_place, run, "each week once");
        assert(m->s->closed[w] || m->open_from[w] < m->open);
        taken[w] = true;
        if (!m->s->closed[w])
            price[m->open_from[w]] = v->number;
    }
    return true;
}

static bool read_runs(struct proof *p, const struct json *runs, enum sign sign, int64_t *price)
{
    bool *taken = ARENA_ARRAY(&p->rooms->leaf, (size_t)p->m->s->weeks, bool);
    for (const struct json *r = runs->child; r != NULL; r = r->next)
        if (!read_run(p, r, sign, taken, price))
            return false;
    return true;
}

/* CELLS of a key into an array by cell; *price stays NULL where the key is absent. */
static bool read_cells(struct proof *p, const struct json *cells, enum sign sign, int64_t **price)
{
    const struct model *m = p->m;
    if (cells == NULL)
        return true;
    assert(*price == NULL);
    *price = ARENA_ARRAY(&p->rooms->leaf, (size_t)m->s->departments * (size_t)m->open, int64_t);
    for (const struct json *c = cells->child; c != NULL; c = c->next) {
        int64_t d = map_get(&m->s->department_of, c->key, NONE);
        if (d == NONE)
            return refuse(p, CHECK_price_place, c, "department");
        if (!read_runs(p, c, sign, *price + check_cell(m, (int)d, 0)))
            return false;
    }
    return true;
}

/* ---- weights -------------------------------------------------------------------------------------------------- */

static bool read_given(struct proof *p, const struct json *at, struct leaf *l)
{
    const struct source *s = p->m->s;
    const struct json *given = json_get(at, "given");
    l->scale = check_int(at, "scale", 0);
    if (l->scale > PRICE_MOST)
        return refuse(p, CHECK_price_size, json_get(at, "scale"), "0..2^40");
    if (p->level == NULL && l->scale != 0)
        return refuse(p, CHECK_leaf, json_get(at, "scale"), "0");
    for (int k = 0; p->level != NULL && k < MEASURES; k++)
        l->weight[k] = (wide)l->scale * p->level->weight[k];
    for (const struct json *g = given != NULL ? given->child : NULL; g != NULL; g = g->next) {
        int j = 0;
        while (p->level != NULL && j < p->at && !str_eq(s->level[j].name, g->key))
            j++;
        if (p->level == NULL || j == p->at)
            return refuse(p, CHECK_price_place, g, "a level before this one");
        if (!price_fits(p, g, NOT_NEGATIVE))
            return false;
        for (int k = 0; k < MEASURES; k++)
            l->weight[k] += (wide)g->number * s->level[j].weight[k];
        check_wide_add(&l->gives, -(wide)g->number * p->value[j], &l->overflow);
    }
    for (int k = 0; k < MEASURES; k++) {
        assert(l->weight[k] >= 0);
        if (l->weight[k] > WEIGHT_MOST)
            return refuse(p, CHECK_price_size, at, "2^72");
    }
    return true;
}

/* ---- prices on cells ------------------------------------------------------------------------------------------ */

static bool read_seats(struct proof *p, const struct json *at, struct leaf *l)
{
    const struct model *m = p->m;
    int64_t *seat = NULL, *floor = NULL, *minimum = NULL;
    size_t n = (size_t)m->s->departments * (size_t)m->open;
    l->cell = ARENA_ARRAY(&p->rooms->leaf, n, int64_t);
    if (!read_cells(p, json_get(at, "seat"), NOT_NEGATIVE, &seat) || !read_cells(p, json_get(at, "floor"), NOT_NEGATIVE, &floor) ||
        !read_cells(p, json_get(at, "minimum"), NOT_NEGATIVE, &minimum))
        return false;
    for (size_t i = 0; i < n; i++) {
        if (seat != NULL && seat[i] > 0) {
            if (p->scene.cap[i] == NO_LIMIT)
                return refuse(p, CHECK_price_place, json_get(at, "seat"), "a department and week with a limit");
            check_wide_add(&l->gives, -(wide)seat[i] * p->scene.cap[i], &l->overflow);
            l->cell[i] += seat[i];
        }
        if (floor != NULL && floor[i] > 0) {
            if (p->scene.floor[i] == NONE)
                return refuse(p, CHECK_price_place, json_get(at, "floor"), "a cell with a split");
            check_wide_add(&l->gives, (wide)floor[i] * p->scene.floor[i], &l->overflow);
            l->cell[i] -= floor[i];
        }
        if (minimum != NULL && minimum[i] > 0) {
            if (minimum[i] > l->weight[UNDERSTAFFED])
                return refuse(p, CHECK_price_sum, json_get(at, "minimum"), "A[understaffed]");
            check_wide_add(&l->gives, (wide)minimum[i] * m->min[i], &l->overflow);
            l->cell[i] -= minimum[i];
        }
    }
    return true;
}

static bool read_even(struct proof *p, const struct json *at, struct leaf *l)
{
    const struct model *m = p->m;
    const struct json *cells = json_get(at, "even");
    int64_t *even = NULL;
    if (!read_cells(p, cells, ANY_SIGN, &even))
        return false;
    for (int d = 0; d < m->s->departments; d++) {
        wide sum = 0, positive = 0;
        for (int32_t t = 0; even != NULL && t < m->open; t++) {
            size_t i = check_cell(m, d, t);
            if (even[i] != 0 && !m->smooth[i])
                return refuse(p, CHECK_price_place, cells, "weeks at the default capacity");
            sum += even[i];
            positive += MAX(even[i], 0);
            l->cell[i] += even[i];
        }
        if (sum != 0 || positive > l->weight[SMOOTH])
            return refuse(p, CHECK_price_sum, cells, "0, A[smooth]");
        if (p->scene.largest[d] != NONE && p->scene.smallest[d] != NONE && p->scene.largest[d] > p->scene.smallest[d])
            check_wide_add(&l->gives, (l->weight[SMOOTH] - positive) * (p->scene.largest[d] - p->scene.smallest[d]), &l->overflow);
    }
    return true;
}

/* ---- prices on quotas and pairs ---------------------------------------------------------------------------------- */

static bool add_quota(struct proof *p, struct leaf *l, const struct json *at, const struct quota *q)
{
    const struct model *m = p->m;
    int32_t first, end;
    if (q->off)
        return refuse(p, CHECK_price_place, at, "a quota that holds");
    for (size_t i = 0; i < l->quotas; i++)
        if (l->quota[i].q == q)
            return refuse(p, CHECK_price_place, at, "each quota once");
    struct quota_price *x = ARENA_PUSH(&p->rooms->leaf, l->quota, l->quotas, l->quota_cap);
    *x = (struct quota_price){ q, ARENA_ARRAY(&p->rooms->leaf, (size_t)m->open, int64_t) };
    if (!read_runs(p, json_get(at, "runs"), NOT_NEGATIVE, x->price))
        return false;
    check_quota_weeks(m, q, &first, &end);
    assert(q->capacity >= 0);
    for (int32_t t = 0; t < m->open; t++) {
        if (x->price[t] != 0 && (t < first || t >= end))
            return refuse(p, CHECK_price_place, at, "weeks of the quota");
        check_wide_add(&l->gives, -(wide)x->price[t] * q->capacity, &l->overflow);
    }
    return true;
}

static bool read_quotas(struct proof *p, const struct json *at, struct leaf *l)
{
    const struct source *s = p->m->s;
    int n;
    for (const struct json *c = check_list(at, "quota", &n); c != NULL; c = c->next) {
        int64_t d = map_get(&s->department_of, check_text(c, "department"), NONE), index = check_int(c, "index", 0);
        if (d == NONE || index >= s->department[d].quotas)
            return refuse(p, CHECK_price_place, c, "quota");
        if (!add_quota(p, l, c, &s->department[d].quota[index]))
            return false;
    }
    for (const struct json *c = check_list(at, "shared", &n); c != NULL; c = c->next) {
        int64_t index = check_int(c, "index", 0);
        if (index >= s->shareds)
            return refuse(p, CHECK_price_place, c, "shared_quota");
        if (!add_quota(p, l, c, &s->shared[index]))
            return false;
    }
    return true;
}

static bool read_apart(struct proof *p, const struct json *at, struct leaf *l)
{
    const struct model *m = p->m;
    int n;
    for (const struct json *c = check_list(at, "apart", &n); c != NULL; c = c->next) {
        int64_t index = check_int(c, "index", 0);
        const struct pair *q = index < m->s->pairs ? &m->s->pair[index] : NULL;
        if (q == NULL || !q->apart || q->off)
            return refuse(p, CHECK_price_place, c, "apart");
        for (size_t i = 0; i < l->aparts; i++)
            if (l->apart[i].pair == q)
                return refuse(p, CHECK_price_place, c, "each pair once");
        struct apart_price *x = ARENA_PUSH(&p->rooms->leaf, l->apart, l->aparts, l->apart_cap);
        *x = (struct apart_price){ q, NULL };
        if (!read_cells(p, json_get(c, "cells"), NOT_NEGATIVE, &x->price))
            return false;
        for (size_t i = 0; i < (size_t)m->s->departments * (size_t)m->open; i++)
            check_wide_add(&l->gives, -(wide)x->price[i], &l->overflow);
    }
    return true;
}

static bool names(const struct pair *q, struct str rotation)
{
    for (int i = 0; i < q->rotations; i++)
        if (str_eq(q->rotation[i], rotation))
            return true;
    return !q->names_rotations;
}

/* One price of a tie: a student of a together pair who does a rotation that the pair shares. */
static bool add_tie(struct proof *p, struct leaf *l, const struct json *c)
{
    const struct model *m = p->m;
    const struct source *s = m->s;
    int64_t index = check_int(c, "index", 0), student = map_get(&s->student_of, check_text(c, "student"), NONE);
    int64_t department = map_get(&s->department_of, check_text(c, "department"), NONE);
    const struct pair *q = index < s->pairs ? &s->pair[index] : NULL;
    int32_t from = check_week(s, json_get(c, "from"));
    bool member = false;
    if (q == NULL || q->apart || q->off || p->merged_of[index] || student == NONE || department == NONE)
        return refuse(p, CHECK_price_place, c, "together");
    for (int i = 0; i < q->students; i++)
        member = member || q->student[i] == student;
    int rotation = check_rotation_of(&s->programme[s->student[student].programme], check_text(c, "rotation"));
    if (!member || rotation == NONE || !names(q, check_text(c, "rotation")) || (s->student[student].does >> rotation & 1) == 0)
        return refuse(p, CHECK_price_place, c, "a student and rotation of the pair");
    if (from < 0 || from >= s->weeks || s->closed[from])
        return refuse(p, CHECK_price_place, json_get(c, "from"), "an open week");
    if (!price_fits(p, json_get(c, "price"), ANY_SIGN))
        return false;
    *ARENA_PUSH(&p->rooms->leaf, l->tie, l->ties, l->tie_cap) =
        (struct tie_price){ (int)index, (int)student, rotation, (int)department, m->open_from[from], json_get(c, "price")->number, c };
    return true;
}

static int order_of(const struct tie_price *a, const struct tie_price *b, bool with_student)
{
    int64_t key[5][2] = { { a->pair, b->pair }, { a->rotation, b->rotation }, { a->department, b->department }, { a->from, b->from },
                          { with_student ? a->student : 0, with_student ? b->student : 0 } };
    for (size_t i = 0; i < LEN(key); i++)
        if (key[i][0] != key[i][1])
            return key[i][0] < key[i][1] ? -1 : 1;
    return 0;
}

static int by_place(const void *a, const void *b)
{
    return order_of(a, b, true);
}

static bool read_ties(struct proof *p, const struct json *at, struct leaf *l)
{
    int n;
    for (const struct json *c = check_list(at, "tie", &n); c != NULL; c = c->next)
        if (!add_tie(p, l, c))
            return false;
    if (l->ties > 0)
        qsort(l->tie, l->ties, sizeof *l->tie, by_place);
    for (size_t i = 0; i < l->ties;) {
        wide sum = 0;
        size_t k = i;
        for (; k < l->ties && order_of(&l->tie[i], &l->tie[k], false) == 0; k++) {
            if (k > i && l->tie[k].student == l->tie[k - 1].student)
                return refuse(p, CHECK_price_place, l->tie[k].at, "each student once");
            sum += l->tie[k].price;
        }
        if (sum != 0)
            return refuse(p, CHECK_price_sum, l->tie[i].at, "0");
        i = k;
    }
    return true;
}

static bool read_worst(struct proof *p, const struct json *at, struct leaf *l)
{
    const struct source *s = p->m->s;
    const struct json *worst = json_get(at, "worst");
    wide sum = 0;
    for (const struct json *c = worst != NULL ? worst->child : NULL; c != NULL; c = c->next) {
        int64_t i = map_get(&s->student_of, c->key, NONE);
        if (i == NONE)
            return refuse(p, CHECK_price_place, c, "student");
        if (!price_fits(p, c, NOT_NEGATIVE))
            return false;
        if (l->worst == NULL)
            l->worst = ARENA_ARRAY(&p->rooms->leaf, (size_t)s->students, int64_t);
        l->worst[i] = c->number;
        sum += c->number;
        check_wide_add(&l->gives, (wide)c->number * s->student[i].burden, &l->overflow);
    }
    assert(sum >= 0);
    if (sum > l->weight[WORST])
        return refuse(p, CHECK_price_sum, worst, "A[worst]");
    check_wide_add(&l->gives, (l->weight[WORST] - sum) * p->scene.worst, &l->overflow);
    return true;
}

bool check_leaf_read(struct proof *p, const struct json *at, struct leaf *l)
{
    assert(p->scene.cap != NULL && p->scene.floor != NULL);
    if (!read_given(p, at, l) || !read_seats(p, at, l) || !read_even(p, at, l) || !read_quotas(p, at, l) || !read_apart(p, at, l) ||
        !read_ties(p, at, l) || !read_worst(p, at, l))
        return false;
    return !l->overflow || refuse(p, CHECK_price_size, at, "2^127");
}
