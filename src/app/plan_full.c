/* How full what was wished was: in how many open weeks of a plan all seats of an option were taken, by the plan's own problem
 * (seats of others' published plans are off already). Kept with the counted wishes, so that a receipt can say why. */
#include "app/explain_words.h"
#include "app/planstore.h"

struct fullness {
    struct explain_ctx x;
    const struct plan_facts *f;
    struct rows loads, links;
    bool *closed; /* by week */
    bool **full;  /* by department and week, made when first asked for */
};

static int64_t load_in(const struct fullness *u, int64_t department_id, int64_t week)
{
    const struct load_row *l = u->loads.item;
    int64_t monday = u->x.first + 7 * week, sum = 0;
    for (size_t i = 0; i < u->loads.n; i++)
        if (l[i].department_id == department_id && l[i].first_week <= monday && l[i].until_week > monday)
            sum += l[i].value;
    return sum;
}

static const bool *weeks_of(struct fullness *u, int64_t department_id)
{
    const struct department *d = plan_facts_department(u->f, department_id);
    size_t i = d != NULL ? (size_t)(d - (const struct department *)u->f->departments.item) : 0;
    if (d == NULL || u->full[i] != NULL)
        return d != NULL ? u->full[i] : NULL;
    const struct json *at = explain_find(explain_get(u->x.problem, "departments"), d->code);
    u->full[i] = ARENA_ARRAY(u->x.a, u->x.weeks, bool);
    for (int64_t w = 0; at != NULL && w < u->x.weeks; w++)
        u->full[i][w] = load_in(u, department_id, w) >= explain_seats(&u->x, at, w, NULL);
    return u->full[i];
}

/* An option is full in a week when every department that it can be done in is. */
static int64_t full_weeks(struct fullness *u, const struct demand *m)
{
    const struct rotation_department *l = u->links.item;
    int64_t count = 0;
    for (int64_t w = 0; w < u->x.weeks; w++) {
        bool all = !u->closed[w], any = false;
        for (size_t i = 0; i < u->links.n && all; i++) {
            if (l[i].rotation_id != m->rotation_id || (m->department_id != NONE && l[i].department_id != m->department_id))
                continue;
            const bool *full = weeks_of(u, l[i].department_id);
            any = true;
            all = full != NULL && full[w];
        }
        count += all && any;
    }
    return count;
}

static enum status load(struct fullness *u, struct tx *t, const struct plan *p)
{
    struct json_error e;
    date first;
    u->x.problem = p->problem.n > 0 ? json_read(u->x.a, p->problem, &e) : NULL;
    if (u->x.problem == NULL || !date_parse(explain_text(explain_get(u->x.problem, "weeks"), "first"), &first))
        return STATUS_NOT_FOUND;
    u->x.first = first;
    u->x.weeks = explain_int(explain_get(u->x.problem, "weeks"), "count", 0);
    u->closed = ARENA_ARRAY(u->x.a, u->x.weeks, bool);
    for (int64_t w = 0; w < u->x.weeks; w++)
        u->closed[w] = explain_closed(&u->x, w);
    u->full = ARENA_ARRAY(u->x.a, u->f->departments.n, bool *);
    enum status st = tx_run(t, SQL_placement_load, &u->loads, P(p->id));
    return st == STATUS_OK ? tx_run(t, SQL_rotation_department_list, &u->links, P(u->f->cohort->programme_id), P(INT64_C(0))) : st;
}

enum status plan_full_put(struct tx *t, const struct plan *p, const struct plan_facts *f)
{
    struct fullness u = { .x = { .a = tx_arena(t) }, .f = f };
    struct rows rows = { 0 };
    enum status st = load(&u, t, p);
    if (st == STATUS_OK)
        st = tx_run(t, SQL_demand_of_plan, &rows, P(p->id));
    struct demand *m = rows.item;
    int64_t open = 0;
    for (int64_t w = 0; st == STATUS_OK && w < u.x.weeks; w++)
        open += !u.closed[w];
    for (size_t i = 0; st == STATUS_OK && i < rows.n; i++) {
        m[i].full_weeks = full_weeks(&u, &m[i]);
        m[i].open_weeks = open;
        st = tx_save(t, &record_demand, &m[i]);
    }
    return st == STATUS_NOT_FOUND ? STATUS_OK : st;
}
