/* P[F]: a problem with only some of its facts switched on. See conflict.h. */
#include "check/conflict.h"

static void *copy_of(struct arena *a, const void *from, int n, size_t size)
{
    void *to = arena_array(a, (size_t)n, size);
    if (n > 0)
        memcpy(to, from, (size_t)n * size);
    return to;
}

/* A copy in which nothing is switched on. */
static struct source *nothing_on(struct arena *a, const struct source *s)
{
    assert(s->weeks > 0);
    struct source *p = copy_of(a, s, 1, sizeof *s);
    p->allow_unplaced = false;
    p->closed = ARENA_ARRAY(a, (size_t)s->weeks, bool);
    p->department = copy_of(a, s->department, s->departments, sizeof *s->department);
    for (int d = 0; d < s->departments; d++) {
        struct department *q = &p->department[d];
        q->seats_on = ARENA_ARRAY(a, (size_t)s->weeks, bool);
        q->exception = copy_of(a, q->exception, q->exceptions, sizeof *q->exception);
        q->quota = copy_of(a, q->quota, q->quotas, sizeof *q->quota);
        for (int i = 0; i < q->exceptions; i++)
            q->exception[i].off = true;
        for (int i = 0; i < q->quotas; i++)
            q->quota[i].off = true;
    }
    p->programme = copy_of(a, s->programme, s->programmes, sizeof *s->programme);
    for (int g = 0; g < s->programmes; g++) {
        struct programme *q = &p->programme[g];
        q->rotation = copy_of(a, q->rotation, q->rotations, sizeof *q->rotation);
        q->order = copy_of(a, q->order, q->orders, sizeof *q->order);
        for (int i = 0; i < q->rotations; i++)
            q->rotation[i].earliest = q->rotation[i].latest_end = WEEK_NONE;
        for (int i = 0; i < q->orders; i++)
            q->order[i].off = true;
        q->max_consecutive = q->site_limit = NONE;
        q->free_weeks_forbidden = false;
    }
    p->student = copy_of(a, s->student, s->students, sizeof *s->student);
    for (int i = 0; i < s->students; i++) {
        struct student *t = &p->student[i];
        t->does = t->picks = 0;
        t->unfrozen = true;
        t->away = copy_of(a, t->away, t->aways, sizeof *t->away);
        t->enter = copy_of(a, t->enter, t->enters, sizeof *t->enter);
        t->fixed = copy_of(a, t->fixed, t->fixeds, sizeof *t->fixed);
        for (int k = 0; k < t->aways; k++)
            t->away[k].off = true;
        for (int k = 0; k < t->enters; k++)
            t->enter[k].off = true;
        for (int k = 0; k < t->fixeds; k++)
            t->fixed[k].off = true;
    }
    p->pair = copy_of(a, s->pair, s->pairs, sizeof *s->pair);
    for (int i = 0; i < s->pairs; i++)
        p->pair[i].off = true;
    p->shared = copy_of(a, s->shared, s->shareds, sizeof *s->shared);
    for (int i = 0; i < s->shareds; i++)
        p->shared[i].off = true;
    return p;
}

static void switch_on_students(struct source *p, const struct fact *f)
{
    for (int i = 0; i < f->students; i++) {
        assert(f->students_of[i] >= 0 && f->students_of[i] < p->students);
        struct student *t = &p->student[f->students_of[i]];
        if (f->kind == FACT_REQUIREMENT)
            t->does |= UINT64_C(1) << f->rotation;
        if (f->kind == FACT_CHOICE) {
            t->does |= p->programme[f->programme].choice[f->choice].of;
            t->picks |= UINT64_C(1) << f->choice;
        }
        if (f->kind == FACT_FREEZE)
            t->unfrozen = false;
    }
}

static bool is_capacity(const struct source *s, const struct fact *f)
{
    return f->kind == FACT_SEATS || f->kind == FACT_EXCEPTION || f->kind == FACT_QUOTA || f->kind == FACT_SHARED_QUOTA ||
           (f->kind == FACT_PAIR && s->pair[f->index].apart);
}

static void switch_on(struct source *p, const struct source *s, const struct fact *f)
{
    struct programme *g = f->programme != NONE ? &p->programme[f->programme] : NULL;
    const struct programme *real = f->programme != NONE ? &s->programme[f->programme] : NULL;
    struct department *d = f->department != NONE ? &p->department[f->department] : NULL;
    struct student *t = f->student != NONE ? &p->student[f->student] : NULL;
    switch (f->kind) {
    case FACT_REQUIREMENT:
    case FACT_CHOICE:
    case FACT_FREEZE:
        switch_on_students(p, f);
        return;
    case FACT_SEATS:
        assert(f->from >= 0 && f->weeks <= p->weeks - f->from);
        for (int32_t w = f->from; w < f->from + f->weeks; w++)
            ((bool *)(uintptr_t)d->seats_on)[w] = true; /* made by nothing_on for this copy */
        return;
    case FACT_EXCEPTION:
        assert(f->index < d->exceptions);
        d->exception[f->index].off = false;
        return;
    case FACT_QUOTA:
        assert(f->index < d->quotas);
        d->quota[f->index].off = false;
        return;
    case FACT_SHARED_QUOTA:
        assert(f->index < p->shareds);
        p->shared[f->index].off = false;
        return;
    case FACT_ORDER:
        assert(f->index < g->orders);
        g->order[f->index].off = false;
        return;
    case FACT_EARLIEST:
        g->rotation[f->rotation].earliest = real->rotation[f->rotation].earliest;
        return;
    case FACT_LATEST_END:
        g->rotation[f->rotation].latest_end = real->rotation[f->rotation].latest_end;
        return;
    case FACT_MAX_CONSECUTIVE:
        g->max_consecutive = real->max_consecutive;
        return;
    case FACT_FREE_WEEKS:
        g->free_weeks_forbidden = real->free_weeks_forbidden;
        return;
    case FACT_SITE_LIMIT:
        g->site_limit = real->site_limit;
        return;
    case FACT_CLOSED_WEEK:
        assert(f->from < p->weeks);
        p->closed[f->from] = true;
        return;
    case FACT_AWAY:
        assert(f->index < t->aways);
        t->away[f->index].off = false;
        return;
    case FACT_ENTER:
        assert(f->index < t->enters);
        t->enter[f->index].off = false;
        return;
    case FACT_FIXED:
        assert(f->index < t->fixeds);
        t->fixed[f->index].off = false;
        return;
    case FACT_PAIR:
        assert(f->index < p->pairs);
        p->pair[f->index].off = false;
        return;
    case FACT_KINDS:
        return;
    }
}

const struct source *check_facts_source(struct arena *a, const struct source *s, const struct fact *fact, int count, int without, bool capacities)
{
    assert(count >= 0 && without < count);
    struct source *p = nothing_on(a, s);
    for (int i = 0; i < count; i++)
        if (i != without && (capacities || !is_capacity(s, &fact[i])))
            switch_on(p, s, &fact[i]);
    return p;
}
