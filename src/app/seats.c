/* Load against seats, week by week: what counts in each department, who of the asker's own is there, and how many others.
 * Others are a number: the statements behind it give none of their names. */
#include "app/supervision.h"
#include "app/usecases.h"

enum { WEEKS_SHOWN = 26 };

struct seats {
    struct rows departments, exceptions, preceptors, absences, here, others, closed;
    int64_t first, weeks;
};

static bool is_closed(const struct seats *s, int64_t week)
{
    const struct closed_week *w = s->closed.item;
    for (size_t i = 0; i < s->closed.n; i++)
        if (w[i].week == week)
            return true;
    return false;
}

/* Adds the loads of one department to a row of weeks. */
static void add_load(int64_t *into, const struct rows *loads, const struct seats *s, int64_t department_id)
{
    assert(s->weeks >= 0 && department_id > 0);
    const struct load_row *l = loads->item;
    for (size_t i = 0; i < loads->n; i++) {
        if (l[i].department_id != department_id)
            continue;
        int64_t from = MAX((l[i].first_week - s->first) / 7, 0), to = MIN((l[i].until_week - s->first) / 7, s->weeks);
        for (int64_t w = from; w < to; w++)
            into[w] += l[i].value;
    }
}

static void department_rows(struct call *c, const struct seats *s, const struct department *d, struct seat_row *row)
{
    int64_t *here = ARENA_ARRAY(c->arena, s->weeks, int64_t), *others = ARENA_ARRAY(c->arena, s->weeks, int64_t);
    add_load(here, &s->here, s, d->id);
    add_load(others, &s->others, s, d->id);
    for (int64_t w = 0; w < s->weeks; w++) {
        int64_t week = s->first + 7 * w, seats = app_department_seats(d, &s->exceptions, week);
        int64_t most = supervision_most(&s->preceptors, &s->absences, d->id, week);
        row[w] = (struct seat_row){ .department_id = d->id, .first_week = week, .seats = MIN(seats, most), .others = others[w],
                                    .here = is_closed(s, week) ? 0 : here[w],
                                    .because = most < seats ? seat_reason_preceptors : seats != d->seats ? seat_reason_exception : seat_reason_seats };
    }
}

static enum status load_plan(struct call *c, struct seats *s, int64_t plan_id)
{
    void *plan, *cohort;
    enum status st = scope_check(c, &record_plan, plan_id);
    if (st == STATUS_OK)
        st = tx_load(c->tx, &record_plan, plan_id, &plan);
    if (st == STATUS_OK)
        st = tx_load(c->tx, &record_cohort, ((const struct plan *)plan)->cohort_id, &cohort);
    if (st != STATUS_OK)
        return st;
    const struct cohort *k = cohort;
    s->first = k->first_week;
    s->weeks = k->weeks;
    struct param others[] = { P(c->actor->hospital_id), P(k->id), P(s->first), P(s->first + 7 * s->weeks) };
    st = call_query(c, SQL_placement_load, &s->here, P(plan_id));
    if (st == STATUS_OK)
        st = tx_query(c->tx, SQL_placement_elsewhere, others, LEN(others), &s->others);
    if (st == STATUS_OK)
        st = call_query(c, SQL_closed_week_list, &s->closed, P(k->id), P(INT64_C(0)));
    return st;
}

static enum status load_published(struct call *c, struct seats *s, const struct in_seats *in)
{
    s->first = in->first_week != NONE ? in->first_week : date_monday(app_today(c->app));
    s->weeks = in->weeks != NONE ? in->weeks : WEEKS_SHOWN;
    struct param p[] = { P(c->actor->hospital_id), P(c->actor->base_id), P(s->first), P(s->first + 7 * s->weeks) };
    enum status st = tx_query(c->tx, SQL_placement_load_of_base, p, LEN(p), &s->here);
    return st == STATUS_OK ? tx_query(c->tx, SQL_placement_load_of_others, p, LEN(p), &s->others) : st;
}

/* All departments are the staff's to see; a department's own people see theirs. */
enum status uc_seat_list(struct call *c)
{
    const struct in_seats *in = c->in;
    const struct actor *a = c->actor;
    struct seats s = { 0 };
    struct rows *into[] = { &s.departments, &s.exceptions, &s.preceptors, &s.absences };
    static const enum sql_id sql[] = { SQL_department_list, SQL_capacity_of_hospital, SQL_preceptor_of_hospital,
                                       SQL_preceptor_absence_of_hospital };
    bool sees_all = a->is_operator || app_may(a, CAP_see_all_departments);
    if (!sees_all && (in->department_id == NONE || in->department_id != a->department_id || in->plan_id != NONE))
        return STATUS_NOT_FOUND;
    enum status st = in->department_id != NONE ? scope_check(c, &record_department, in->department_id) : STATUS_OK;
    for (size_t i = 0; i < LEN(sql) && st == STATUS_OK; i++)
        st = call_query(c, sql[i], into[i], P(a->hospital_id), P(INT64_C(0)));
    if (st == STATUS_OK)
        st = in->plan_id != NONE ? load_plan(c, &s, in->plan_id) : load_published(c, &s, in);
    if (st != STATUS_OK)
        return st;
    const struct department *d = s.departments.item;
    struct seat_row *row = ARENA_ARRAY(c->arena, (int64_t)s.departments.n * s.weeks, struct seat_row);
    for (size_t i = 0; i < s.departments.n; i++)
        if (in->department_id == NONE || d[i].id == in->department_id) {
            department_rows(c, &s, &d[i], row + c->rows.n);
            c->rows.n += (size_t)s.weeks;
        }
    assert(c->rows.n <= s.departments.n * (size_t)s.weeks);
    c->rows.item = row;
    return STATUS_OK;
}
