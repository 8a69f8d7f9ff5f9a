/* The supply side of a problem: sites, departments, seats by week less what others have taken. */
#include "app/problem_part.h"
#include "app/supervision.h"

int64_t problem_taken(const struct facts *f, int64_t department_id, int64_t week)
{
    const struct load_row *l = f->elsewhere.item;
    int64_t taken = 0;
    for (size_t i = 0; i < f->elsewhere.n; i++)
        if (l[i].department_id == department_id && week >= l[i].first_week && week < l[i].until_week)
            taken += l[i].value;
    return taken;
}

static void put_exception(struct buf *b, const char **comma, int64_t week, int64_t weeks, int64_t seats)
{
    buf_printf(b, "%s{\"from\": ", *comma);
    problem_put_week(b, week);
    buf_printf(b, ", \"weeks\": %lld, \"capacity\": %lld}", (long long)weeks, (long long)seats);
    *comma = ", ";
}

/* Before the freeze date nothing new begins: whoever was there had a seat, whatever is written of those weeks by now. */
static void put_past(struct buf *b, const struct facts *f, const struct department *d, const char **comma)
{
    int64_t first = f->cohort->first_week, load = f->freeze != NONE ? problem_base_load(f, d->id) : 0;
    if (load == 0 || f->freeze <= first)
        return;
    buf_printf(b, "%s{\"from\": ", *comma);
    problem_put_week(b, first);
    buf_printf(b, ", \"weeks\": %lld, \"capacity\": %lld, \"limits\": []}", (long long)((f->freeze - first) / 7), (long long)load);
    *comma = ", ";
}

/* What its preceptors allow in a week; INT64_MAX where it names none. */
static int64_t supervised_in(const struct facts *f, const struct department *d, int64_t week)
{
    return supervision_most(&f->preceptors, &f->preceptor_absences, d->id, week);
}

/* The same when nobody is away. */
static int64_t supervised(const struct facts *f, const struct department *d)
{
    return supervision_most(&f->preceptors, &(struct rows){ 0 }, d->id, 0);
}

static void put_supervised(struct buf *b, const char **comma, int64_t week, int64_t weeks, int64_t most)
{
    buf_printf(b, "%s{\"from\": ", *comma);
    problem_put_week(b, week);
    buf_printf(b, ", \"weeks\": %lld, \"limits\": [{\"because\": \"preceptors\", \"capacity\": %lld}]}", (long long)weeks, (long long)most);
    *comma = ", ";
}

/* Exceptions as they stand, then the weeks in which others sit and those in which preceptors are
 * away; clipped to the cohort's weeks. */
static void put_exceptions(struct buf *b, const struct facts *f, const struct department *d)
{
    const struct capacity *c = f->capacities.item;
    const char *comma = "";
    int64_t first = f->cohort->first_week, end = first + 7 * f->cohort->weeks;
    buf_z(b, ", \"exceptions\": [");
    for (size_t i = 0; i < f->capacities.n; i++) {
        int64_t from = MAX(c[i].first_week, first), to = MIN(c[i].first_week + 7 * c[i].weeks, end);
        if (c[i].department_id == d->id && from < to)
            put_exception(b, &comma, from, (to - from) / 7, c[i].seats);
    }
    for (int64_t week = first; week < end; week += 7) {
        int64_t taken = problem_taken(f, d->id, week);
        if (taken > 0)
            put_exception(b, &comma, week, 1, MAX(app_department_seats(d, &f->capacities, week) - taken, 0));
    }
    for (int64_t week = first, run; f->preceptor_absences.n > 0 && week < end; week += 7 * run) {
        int64_t most = supervised_in(f, d, week);
        run = 1;
        while (week + 7 * run < end && supervised_in(f, d, week + 7 * run) == most)
            run++;
        if (most != supervised(f, d))
            put_supervised(b, &comma, week, run, most);
    }
    put_past(b, f, d, &comma);
    buf_char(b, ']');
}

/* How many of a group, or of all others, it takes in any week. */
static void put_quotas(struct buf *b, const struct facts *f, const struct department *d)
{
    const struct quota_row *q = f->quotas.item;
    bool any = false;
    for (size_t i = 0; i < f->quotas.n; i++) {
        if (q[i].department_id != d->id)
            continue;
        buf_printf(b, "%s{\"%s\": ", any ? ", " : ", \"quotas\": [", q[i].outside == 1 ? "not" : "group");
        json_put_text(b, q[i].name);
        buf_printf(b, ", \"capacity\": %lld}", (long long)q[i].seats);
        any = true;
    }
    buf_z(b, any ? "]" : "");
}

static void put_sites(struct buf *b, const struct facts *f)
{
    const struct site *s = f->sites.item;
    if (f->sites.n == 0)
        return;
    buf_z(b, "  \"sites\": [");
    for (size_t i = 0; i < f->sites.n; i++) {
        buf_z(b, i > 0 ? ", {\"id\": " : "{\"id\": ");
        json_put_text(b, s[i].code);
        buf_char(b, '}');
    }
    buf_z(b, "],\n");
}

static void put_departments(struct buf *b, const struct facts *f)
{
    const struct department *d = f->departments.item;
    buf_z(b, "  \"departments\": [\n");
    for (size_t i = 0; i < f->departments.n; i++) {
        int64_t most = supervised(f, &d[i]);
        buf_z(b, "    {\"id\": ");
        json_put_text(b, d[i].code);
        if (d[i].site_id != NONE) {
            buf_z(b, ", \"site\": ");
            json_put_text(b, problem_code(&f->sites, &record_site, "code", d[i].site_id));
        }
        buf_printf(b, ", \"capacity\": %lld", (long long)d[i].seats);
        if (most != INT64_MAX)
            buf_printf(b, ", \"limits\": [{\"because\": \"preceptors\", \"capacity\": %lld}]", (long long)most);
        if (d[i].minimum != NONE && d[i].minimum > 0)
            buf_printf(b, ", \"minimum\": %lld", (long long)d[i].minimum);
        put_exceptions(b, f, &d[i]);
        put_quotas(b, f, &d[i]);
        buf_z(b, i + 1 < f->departments.n ? "},\n" : "}\n");
    }
    buf_z(b, "  ],\n");
}

void problem_put_supply(struct buf *b, const struct facts *f)
{
    put_sites(b, f);
    put_departments(b, f);
}
