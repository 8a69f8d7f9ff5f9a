/* A tried plan's facts held against the base of now, and made true in it by the use cases that people use: see trial.h. */
#include "app/trial.h"
#include "app/usecases.h"

enum status trial_base_load(struct call *c, const struct plan *p, struct trial_base *out)
{
    memset(out, 0, sizeof *out);
    enum status st = plan_facts_load(c->tx, p->base_id, p->cohort_id, &out->f);
    if (st != STATUS_OK)
        return st;
    const struct cohort *k = out->f.cohort;
    struct param hospital[] = { P(out->f.hospital_id), P(INT64_C(0)) }, programme[] = { P(k->programme_id), P(INT64_C(0)) },
                 cohort[] = { P(k->id), P(INT64_C(0)) },
                 other[] = { P(out->f.hospital_id), P(k->id), P(k->first_week), P(k->first_week + 7 * k->weeks) };
    struct query q[] = {
        { SQL_capacity_of_hospital, hospital, 2, { 0 } }, { SQL_preceptor_of_hospital, hospital, 2, { 0 } },
        { SQL_placement_elsewhere, other, 4, { 0 } },     { SQL_rotation_order_list, programme, 2, { 0 } },
        { SQL_absence_of_cohort, cohort, 2, { 0 } },     { SQL_rotation_department_list, programme, 2, { 0 } },
    };
    struct rows *into[] = { &out->capacities, &out->preceptors, &out->elsewhere, &out->orders, &out->absences, &out->places };
    st = tx_batch(c->tx, q, LEN(q));
    for (size_t i = 0; i < LEN(q); i++)
        *into[i] = q[i].rows;
    return st;
}

/* ---- what a fact names -------------------------------------------------------------------------- */

static const struct department *department_of(const struct trial_base *b, struct str code)
{
    int64_t i = map_get(&b->f.department, code, -1);
    return i >= 0 ? &((const struct department *)b->f.departments.item)[i] : NULL;
}

static const struct rotation *rotation_of(const struct trial_base *b, struct str code)
{
    int64_t i = map_get(&b->f.rotation, code, -1);
    return i >= 0 ? &((const struct rotation *)b->f.rotations.item)[i] : NULL;
}

static const struct student_row *student_of(const struct trial_base *b, struct str code)
{
    int64_t i = map_get(&b->f.student, code, -1);
    return i >= 0 ? &((const struct student_row *)b->f.students.item)[i] : NULL;
}

static const struct rotation_order *order_of(const struct trial_base *b, const struct trial_fact *x)
{
    const struct rotation *before = rotation_of(b, x->code), *after = rotation_of(b, x->other);
    const struct rotation_order *o = b->orders.item;
    for (size_t i = 0; before != NULL && after != NULL && i < b->orders.n; i++)
        if (o[i].before_id == before->id && o[i].after_id == after->id)
            return &o[i];
    return NULL;
}

/* Whether the order asks for no more than the fact says of its gap. */
static bool gap_is_done(const struct rotation_order *o, const struct trial_fact *x)
{
    int64_t least = o->gap_least != NONE ? o->gap_least : 0, most = o->gap_most != NONE ? o->gap_most : GAP_ANY;
    return (x->number == NONE || least <= x->number) && (x->to == NONE || most >= x->to);
}

static bool may_be_done_in(const struct trial_base *b, const struct rotation *r, const struct department *d)
{
    const struct rotation_department *p = b->places.item;
    for (size_t i = 0; i < b->places.n; i++)
        if (p[i].rotation_id == r->id && p[i].department_id == d->id)
            return true;
    return false;
}

static const struct absence *absence_of(const struct trial_base *b, const struct trial_fact *x)
{
    const struct student_row *s = student_of(b, x->code);
    const struct absence *a = b->absences.item;
    for (size_t i = 0; s != NULL && i < b->absences.n; i++)
        if (a[i].student_id == s->id && a[i].first_week == x->from && a[i].weeks == x->weeks)
            return &a[i];
    return NULL;
}

static const struct closed_week *closed_of(const struct trial_base *b, int64_t week)
{
    const struct closed_week *w = b->f.closed.item;
    for (size_t i = 0; i < b->f.closed.n; i++)
        if (w[i].week == week)
            return &w[i];
    return NULL;
}

static int64_t taken_by_others(const struct trial_base *b, int64_t department_id, int64_t week)
{
    const struct load_row *l = b->elsewhere.item;
    int64_t taken = 0;
    for (size_t i = 0; i < b->elsewhere.n; i++)
        if (l[i].department_id == department_id && week >= l[i].first_week && week < l[i].until_week)
            taken += l[i].value;
    return taken;
}

static int64_t supervised(const struct trial_base *b, int64_t department_id)
{
    const struct preceptor *p = b->preceptors.item;
    int64_t sum = 0, count = 0;
    for (size_t i = 0; i < b->preceptors.n; i++)
        if (p[i].department_id == department_id && p[i].active == 1) {
            sum += p[i].students_most;
            count++;
        }
    return count > 0 ? sum : INT64_MAX;
}

/* Whether an exception covers the week and leaves fewer seats than the department has. */
static bool is_reduced(const struct trial_base *b, const struct department *d, int64_t week)
{
    return app_department_seats(d, &b->capacities, week) < d->seats;
}

/* The week of a rotation's window, counted from 1; NONE: no limit. */
static int64_t window_week(const struct trial_base *b, const struct trial_fact *x)
{
    int64_t weeks = (x->to - b->f.cohort->first_week) / 7;
    return x->to == NONE ? NONE : x->kind == trial_kind_earliest ? weeks + 1 : weeks;
}

/* ---- done --------------------------------------------------------------------------------------- */

static bool seats_are_done(const struct trial_base *b, const struct department *d, const struct trial_fact *x)
{
    for (int64_t i = 0; i < x->weeks; i++) {
        int64_t week = x->from + 7 * i;
        if (x->kind == trial_kind_reopen ? is_reduced(b, d, week)
                                         : app_department_seats(d, &b->capacities, week) - taken_by_others(b, d->id, week) < x->number)
            return false;
    }
    return true;
}

static bool window_is_done(const struct trial_base *b, const struct rotation *r, const struct trial_fact *x)
{
    int64_t now = x->kind == trial_kind_earliest ? r->earliest_week : r->latest_week, want = window_week(b, x);
    return now == NONE || (want != NONE && (x->kind == trial_kind_earliest ? now <= want : now >= want));
}

bool trial_fact_is_done(const struct trial_base *b, const struct trial_fact *x)
{
    const struct department *d = department_of(b, x->code);
    const struct rotation *r = rotation_of(b, x->code);
    const struct student_row *s = student_of(b, x->code);
    const struct rotation_order *o = order_of(b, x);
    const struct department *other = department_of(b, x->other);
    switch (x->kind) {
    case trial_kind_seats:
    case trial_kind_reopen: return d != NULL && seats_are_done(b, d, x);
    case trial_kind_preceptors: return d != NULL && supervised(b, d->id) >= x->number;
    case trial_kind_weeks: return b->f.cohort->weeks >= x->number;
    case trial_kind_open_week: return closed_of(b, x->from) == NULL;
    case trial_kind_order: return order_of(b, x) == NULL;
    case trial_kind_earliest:
    case trial_kind_latest_end: return r == NULL || window_is_done(b, r, x);
    case trial_kind_away: return absence_of(b, x) == NULL;
    case trial_kind_gap: return o == NULL || gap_is_done(o, x);
    case trial_kind_department: return r == NULL || (other != NULL && may_be_done_in(b, r, other));
    case trial_kind_student: return s == NULL || s->state != student_state_active;
    default: return false;
    }
}

/* ---- made true ---------------------------------------------------------------------------------- */

static const char *const usecase_names[trial_kind_COUNT] = {
    [trial_kind_seats] = "capacity_range",          [trial_kind_reopen] = "capacity_range",
    [trial_kind_weeks] = "cohort_save",             [trial_kind_open_week] = "closed_week_delete",
    [trial_kind_order] = "rotation_order_delete",   [trial_kind_earliest] = "rotation_save",
    [trial_kind_latest_end] = "rotation_save",      [trial_kind_away] = "absence_save",
    [trial_kind_gap] = "rotation_order_save",       [trial_kind_department] = "rotation_department_save",
};

const struct usecase *trial_usecase(enum trial_kind kind)
{
    const char *name = kind < trial_kind_COUNT ? usecase_names[kind] : NULL;
    return name != NULL ? app_usecase(str_of(name)) : NULL;
}

/* The use case as a part of this call: same transaction, same audit entry, the actor's own capability for it. */
static enum status run(struct call *c, const struct usecase *u, const void *in, int64_t id, int64_t version)
{
    struct call part = *c;
    assert(u != NULL && u->writes);
    if (!c->actor->is_operator && !app_may(c->actor, u->cap))
        return STATUS_FORBIDDEN;
    part.usecase = u;
    part.in = in;
    part.target_id = id;
    part.target_version = version;
    enum status st = u->run(&part);
    c->detail = part.detail; /* where the changes are noted; it may have grown */
    return st;
}

/* Seats week by week, since others may sit there in some of them; runs of equal numbers at once. */
static enum status apply_seats(struct call *c, const struct trial_base *b, const struct department *d, const struct trial_fact *x)
{
    enum status st = STATUS_OK;
    for (int64_t i = 0; st == STATUS_OK && i < x->weeks;) {
        struct in_capacity_range *in = record_new(c->arena, &record_in_capacity_range);
        int64_t week = x->from + 7 * i, run_of = 1, seats = x->number + taken_by_others(b, d->id, week);
        while (i + run_of < x->weeks && x->number + taken_by_others(b, d->id, week + 7 * run_of) == seats)
            run_of++;
        in->department_id = d->id;
        in->first_week = week;
        in->last_week = week + 7 * (run_of - 1);
        in->seats = x->kind == trial_kind_reopen ? NONE : seats;
        st = run(c, trial_usecase(x->kind), in, 0, 0);
        i += run_of;
    }
    return st;
}

static enum status apply_window(struct call *c, const struct trial_base *b, const struct rotation *r, const struct trial_fact *x)
{
    struct rotation *now = ARENA_NEW(c->arena, struct rotation);
    *now = *r;
    *(x->kind == trial_kind_earliest ? &now->earliest_week : &now->latest_week) = window_week(b, x);
    return run(c, trial_usecase(x->kind), now, r->id, r->version);
}

static enum status apply_weeks(struct call *c, const struct trial_base *b, const struct trial_fact *x)
{
    struct cohort *now = ARENA_NEW(c->arena, struct cohort);
    *now = *b->f.cohort;
    now->weeks = x->number;
    return run(c, trial_usecase(x->kind), now, now->id, now->version);
}

static enum status apply_leave(struct call *c, const struct absence *a, const struct trial_fact *x)
{
    struct absence *now = ARENA_NEW(c->arena, struct absence);
    *now = *a;
    now->first_week = x->to;
    return run(c, trial_usecase(x->kind), now, now->id, now->version);
}

static enum status apply_gap(struct call *c, const struct rotation_order *o, const struct trial_fact *x)
{
    struct rotation_order *now = ARENA_NEW(c->arena, struct rotation_order);
    *now = *o;
    now->gap_least = x->number != NONE ? x->number : now->gap_least;
    now->gap_most = x->to == GAP_ANY ? NONE : x->to != NONE ? x->to : now->gap_most;
    return run(c, trial_usecase(x->kind), now, now->id, now->version);
}

static enum status apply_department(struct call *c, const struct trial_base *b, const struct rotation *r, const struct trial_fact *x)
{
    const struct department *d = department_of(b, x->other);
    struct rotation_department *new = record_new(c->arena, &record_rotation_department);
    if (r == NULL || d == NULL)
        return STATUS_NOT_FOUND;
    new->rotation_id = r->id;
    new->department_id = d->id;
    return run(c, trial_usecase(x->kind), new, 0, 0);
}

enum status trial_fact_apply(struct call *c, const struct trial_base *b, const struct trial_fact *x)
{
    const struct department *d = department_of(b, x->code);
    const struct rotation *r = rotation_of(b, x->code);
    const struct rotation_order *o = order_of(b, x);
    const struct absence *a = absence_of(b, x);
    const struct closed_week *w = closed_of(b, x->from);
    switch (x->kind) {
    case trial_kind_seats:
    case trial_kind_reopen: return d != NULL ? apply_seats(c, b, d, x) : STATUS_NOT_FOUND;
    case trial_kind_weeks: return apply_weeks(c, b, x);
    case trial_kind_open_week: return w != NULL ? run(c, trial_usecase(x->kind), w, w->id, w->version) : STATUS_NOT_FOUND;
    case trial_kind_order: return o != NULL ? run(c, trial_usecase(x->kind), o, o->id, o->version) : STATUS_NOT_FOUND;
    case trial_kind_gap: return o != NULL ? apply_gap(c, o, x) : STATUS_NOT_FOUND;
    case trial_kind_department: return apply_department(c, b, r, x);
    case trial_kind_earliest:
    case trial_kind_latest_end: return r != NULL ? apply_window(c, b, r, x) : STATUS_NOT_FOUND;
    case trial_kind_away: return a != NULL && x->to != NONE ? apply_leave(c, a, x) : STATUS_NOT_FOUND;
    default: return STATUS_NOT_FOUND;
    }
}
