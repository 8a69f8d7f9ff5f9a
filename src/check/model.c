/* From a problem as written to weeks: see model.h. */
#include "check/model.h"

int64_t check_add(int64_t a, int64_t b)
{
    int64_t r;
    return __builtin_add_overflow(a, b, &r) ? (a < 0 ? INT64_MIN : INT64_MAX) : r;
}

int64_t check_mul(int64_t a, int64_t b)
{
    int64_t r;
    return __builtin_mul_overflow(a, b, &r) ? ((a < 0) != (b < 0) ? INT64_MIN : INT64_MAX) : r;
}

int32_t check_open_from(const struct model *m, int64_t w)
{
    assert(m->open_from != NULL);
    return m->open_from[w < 0 ? 0 : MIN(w, (int64_t)m->s->weeks)];
}

bool check_counts(const struct source *s, const struct quota *q, int student)
{
    assert(student >= 0 && student < s->students);
    const struct student *t = &s->student[student];
    if (q->group == NONE)
        return true;
    bool of = false;
    for (int i = 0; i < t->groups; i++)
        of = of || t->group[i] == q->group;
    return of != q->is_not;
}

void check_quota_weeks(const struct model *m, const struct quota *q, int32_t *first, int32_t *end)
{
    *first = check_open_from(m, q->from);
    *end = MAX(check_open_from(m, (int64_t)q->from + q->weeks), *first);
    assert(*first >= 0 && *first <= *end && *end <= m->open);
}

bool check_weeks_fit(const struct model *m, int32_t from, int32_t weeks, enum check_rule *rule)
{
    const struct source *s = m->s;
    *rule = CHECK_horizon;
    if (from < 0 || from >= s->weeks)
        return false;
    if (s->closed[from]) {
        *rule = CHECK_closed;
        return false;
    }
    assert(m->week_of[m->open_from[from]] == from && weeks > 0);
    int32_t first = m->open_from[from];
    if (weeks > m->open - first)
        return false;
    int32_t last = m->week_of[first + weeks - 1];
    *rule = CHECK_closed;
    return s->span_closed || last - from + 1 == weeks;
}

static void make_weeks(struct model *m, struct arena *a)
{
    const struct source *s = m->s;
    m->week_of = ARENA_ARRAY(a, (size_t)s->weeks, int32_t);
    m->open_from = ARENA_ARRAY(a, (size_t)s->weeks + 1, int32_t);
    for (int32_t w = 0; w < s->weeks; w++) {
        m->open_from[w] = m->open;
        if (!s->closed[w])
            m->week_of[m->open++] = w;
    }
    m->open_from[s->weeks] = m->open;
    assert(m->open <= s->weeks && m->open_from[0] == 0);
    m->freeze = s->has_base ? check_open_from(m, s->freeze) : 0;
}

struct capacity {
    int32_t seats;
    enum check_because because;
    const struct json *at;
};

static void take_limits(struct capacity *c, const struct limit *limit, int n)
{
    for (int i = 0; i < n; i++)
        if (limit[i].capacity < c->seats)
            *c = (struct capacity){ limit[i].capacity, limit[i].because, limit[i].at };
}

static bool covers(const struct exception *x, int32_t week)
{
    return !x->off && week >= x->from && (int64_t)week < (int64_t)x->from + x->weeks;
}

/* Capacity and limits fall back one by one: to the last exception that says the key, else to the default where it is on. */
static struct capacity capacity_at(const struct department *d, int32_t week)
{
    struct capacity c = { NO_LIMIT, CHECK_BECAUSE_NONE, d->at };
    const struct exception *plain = NULL, *parts = NULL;
    for (int i = 0; i < d->exceptions; i++) {
        const struct exception *x = &d->exception[i];
        if (covers(x, week) && x->capacity != NONE)
            plain = x;
        if (covers(x, week) && x->has_limits)
            parts = x;
    }
    bool on = d->seats_on == NULL || d->seats_on[week];
    if (plain != NULL)
        c = (struct capacity){ plain->capacity, CHECK_BECAUSE_SEATS, plain->at };
    else if (on)
        c = (struct capacity){ d->capacity, CHECK_BECAUSE_SEATS, d->at };
    if (parts != NULL)
        take_limits(&c, parts->limit, parts->limits);
    else if (on)
        take_limits(&c, d->limit, d->limits);
    assert(c.seats >= 0 && c.at != NULL);
    return c;
}

static void make_cells(struct model *m, struct arena *a)
{
    const struct source *s = m->s;
    size_t n = (size_t)s->departments * (size_t)m->open;
    m->cap = ARENA_ARRAY(a, n, int32_t);
    m->min = ARENA_ARRAY(a, n, int32_t);
    m->cap_at = ARENA_ARRAY(a, n, const struct json *);
    m->because = ARENA_ARRAY(a, n, unsigned char);
    m->smooth = ARENA_ARRAY(a, n, bool);
    for (int d = 0; d < s->departments; d++) {
        const struct department *p = &s->department[d];
        struct capacity usual = { p->capacity, CHECK_BECAUSE_SEATS, p->at };
        take_limits(&usual, p->limit, p->limits);
        for (int32_t t = 0; t < m->open; t++) {
            size_t at = check_cell(m, d, t);
            struct capacity c = capacity_at(p, m->week_of[t]);
            m->cap[at] = c.seats;
            m->cap_at[at] = c.at;
            m->because[at] = (unsigned char)c.because;
            m->smooth[at] = c.seats == usual.seats;
            m->min[at] = p->minimum;
            for (int i = 0; i < p->exceptions; i++)
                if (covers(&p->exception[i], m->week_of[t]) && p->exception[i].minimum != NONE)
                    m->min[at] = p->exception[i].minimum;
        }
    }
}

static void sort_base(struct model *m, struct arena *a)
{
    const struct source *s = m->s;
    m->base_begin = ARENA_ARRAY(a, (size_t)s->students + 2, size_t);
    m->base_list = ARENA_ARRAY(a, (size_t)s->bases, const struct base_placement *);
    for (int i = 0; i < s->bases; i++)
        m->base_begin[s->base[i].student + 2]++;
    for (int i = 0; i < s->students; i++)
        m->base_begin[i + 2] += m->base_begin[i + 1];
    for (int i = 0; i < s->bases; i++) /* begin[s + 1] moves from the first place of s to that of s + 1 */
        m->base_list[m->base_begin[s->base[i].student + 1]++] = &s->base[i];
    assert(m->base_begin[0] == 0 && m->base_begin[s->students] == (size_t)s->bases);
}

static void make_base(struct model *m, struct arena *a)
{
    const struct source *s = m->s;
    sort_base(m, a);
    if (!s->has_base)
        return;
    size_t n = (size_t)s->students * (size_t)m->open;
    m->base = ARENA_ARRAY(a, n, int32_t);
    for (size_t i = 0; i < n; i++)
        m->base[i] = NONE;
    for (int i = 0; i < s->bases; i++) {
        const struct base_placement *b = &s->base[i];
        int32_t first = check_open_from(m, b->from);
        int32_t end = (int32_t)MIN((int64_t)first + b->weeks, (int64_t)m->open);
        assert(first <= end && b->student >= 0 && b->student < s->students);
        for (int32_t t = first; t < end; t++)
            m->base[(size_t)b->student * (size_t)m->open + (size_t)t] = b->department;
    }
}

const struct model *check_model_make(struct arena *a, const struct source *s)
{
    assert(s != NULL && s->weeks > 0);
    struct model *m = ARENA_NEW(a, struct model);
    m->s = s;
    make_weeks(m, a);
    make_cells(m, a);
    make_base(m, a);
    return m;
}
