/* Load against seats: departments by weeks, of one plan or of all that is published; numbers and colour say the same. */
#include "web/pages.h"
#include "web/plan_head.h"

enum { LOAD_STEPS = 10, STEP_OVER = 11, STEP_SHUT = 12, WEEKS_SHOWN = 26 };

struct heat {
    struct ctx *c;
    struct rows seats, departments, sites, closed;
    int64_t site_id;
    int64_t first_number; /* of the first week, in a plan */
};

static int step_of(const struct seat_row *r)
{
    int64_t load = r->here + r->others;
    if (load > r->seats)
        return STEP_OVER;
    if (r->seats == 0)
        return STEP_SHUT;
    return (int)(load * LOAD_STEPS / r->seats);
}

static struct heat_cell cell_of(const struct heat *h, const struct seat_row *r)
{
    struct ctx *c = h->c;
    struct heat_cell x = { r->here, r->others, r->seats, step_of(r), STR("") };
    struct str arg[] = { plan_number(c, r->here), plan_number(c, r->others), plan_number(c, r->seats), str_of(msg_text(seat_reason_list.item[r->because].label, c->page.lang)) };
    x.title = plan_text(c, MSG_heat_cell, LEN(arg), arg);
    return x;
}

static const struct site *site_of(const struct heat *h, int64_t id)
{
    const struct site *s = h->sites.item;
    for (size_t i = 0; i < h->sites.n; i++)
        if (s[i].id == id)
            return &s[i];
    return NULL;
}

static const struct department *department_of(const struct heat *h, int64_t id)
{
    const struct department *d = h->departments.item;
    for (size_t i = 0; i < h->departments.n; i++)
        if (d[i].id == id)
            return &d[i];
    return NULL;
}

/* Rows come department by department, each with the same weeks. */
static void fill_lines(const struct heat *h, struct heat_view *v)
{
    const struct seat_row *r = h->seats.item;
    size_t weeks = 0;
    while (weeks < h->seats.n && r[weeks].department_id == r[0].department_id)
        weeks++;
    v->weeks = weeks;
    struct heat_line *line = ARENA_ARRAY(h->c->arena, weeks > 0 ? h->seats.n / weeks : 0, struct heat_line);
    for (size_t at = 0; weeks > 0 && at + weeks <= h->seats.n; at += weeks) {
        const struct department *d = department_of(h, r[at].department_id);
        if (d == NULL || (h->site_id != NONE && d->site_id != h->site_id))
            continue;
        const struct site *s = d->site_id != NONE ? site_of(h, d->site_id) : NULL;
        struct heat_cell *cell = ARENA_ARRAY(h->c->arena, weeks, struct heat_cell);
        int64_t load = 0, seats = 0;
        for (size_t w = 0; w < weeks; w++) {
            cell[w] = cell_of(h, &r[at + w]);
            load += cell[w].here + cell[w].others;
            seats += cell[w].seats;
            v->over += cell[w].step == STEP_OVER;
        }
        line[v->lines++] = (struct heat_line){ d->id, ctx_pick(h->c, d->name_zh, d->name_en), d->initials,
                                               s != NULL ? ctx_pick(h->c, s->name_zh, s->name_en) : STR(""), seats > 0 ? load * 100 / seats : 0, cell };
    }
    v->line = line;
}

static void fill_weeks(const struct heat *h, struct heat_view *v)
{
    const struct seat_row *r = h->seats.item;
    const struct closed_week *w = h->closed.item;
    struct board_week *week = ARENA_ARRAY(h->c->arena, v->weeks, struct board_week);
    date now = date_monday(app_today(h->c->app));
    for (size_t i = 0; i < v->weeks; i++) {
        date monday = (date)r[i].first_week;
        struct ymd at = date_ymd(monday);
        week[i] = (struct board_week){ h->first_number + (int64_t)i, monday, at.month, at.day, false, monday == now, false };
        for (size_t k = 0; k < h->closed.n; k++)
            week[i].is_closed = week[i].is_closed || w[k].week == monday;
    }
    v->week = week;
}

static void fill_sites(const struct heat *h, struct heat_view *v)
{
    const struct site *s = h->sites.item;
    struct board_option *o = ARENA_ARRAY(h->c->arena, h->sites.n, struct board_option);
    for (size_t i = 0; i < h->sites.n; i++)
        o[i] = (struct board_option){ plan_number(h->c, s[i].id), ctx_pick(h->c, s[i].name_zh, s[i].name_en), s[i].id == h->site_id };
    v->site = o;
    v->sites = h->sites.n;
}

void page_heat_get(struct ctx *c)
{
    struct heat h = { .c = c, .site_id = NONE, .first_number = 1 };
    struct heat_view v = { 0 };
    struct in_seats *in = record_new(c->arena, &record_in_seats);
    struct call call = { 0 };
    struct plan_row plan;
    enum status st = STATUS_OK;
    if (!str_int(ctx_query(c, "site"), &h.site_id))
        h.site_id = NONE;
    v.of_plan = ctx_query(c, "plan").n > 0;
    if (v.of_plan) {
        if (!ctx_number(c, ctx_query(c, "plan"), &in->plan_id) || !plan_head_get(c, in->plan_id, MSG_heat_title, &v.head, &plan))
            return;
        h.closed = ctx_list(c, "closed_week_list", plan.cohort_id, &st);
    } else {
        in->weeks = WEEKS_SHOWN;
    }
    if (st == STATUS_OK)
        h.departments = ctx_list(c, "department_list", NONE, &st);
    if (st == STATUS_OK)
        h.sites = ctx_list(c, "site_list", NONE, &st);
    if (st == STATUS_OK)
        st = ctx_run(c, "seat_list", in, &call);
    if (st != STATUS_OK) {
        ctx_fail(c, st);
        return;
    }
    h.seats = call.rows;
    fill_lines(&h, &v);
    fill_weeks(&h, &v);
    fill_sites(&h, &v);
    c->page.sheet = "board.css";
    page_heat(&c->resp->body, &c->page, &v);
}
