/* Who is in a department, week by week from now on, against its seats; others as a number where their names are not ours. */
#include "web/pages.h"
#include "web/plan_head.h"

enum { WEEKS_SHOWN = 26 };

struct department_page {
    struct ctx *c;
    struct rows visitors, departments, seats, preceptors, sites;
};

static void fill_visits(const struct department_page *g, struct department_week *w)
{
    struct ctx *c = g->c;
    const struct visitor_row *v = g->visitors.item;
    struct visit *visit = ARENA_ARRAY(c->arena, g->visitors.n, struct visit);
    for (size_t i = 0; i < g->visitors.n; i++)
        if (w->monday >= v[i].first_week && w->monday < v[i].until_week) {
            struct str base = ctx_pick(c, v[i].name_zh, v[i].name_en);
            bool is_new = v[i].first_week == w->monday, is_last = v[i].until_week == w->monday + 7;
            visit[w->here++] = (struct visit){ v[i].name, v[i].number, str_eq(base, c->page.base) ? STR("") : base, v[i].preceptor,
                                               v[i].person_id != NONE && v[i].person_id == c->session.actor.person_id, is_new, is_last };
            w->arrive += is_new;
            w->leave += is_last;
        }
    w->visit = visit;
}

/* Rows of the department come week by week. Who is named is not counted again as another. */
static void fill_weeks(const struct department_page *g, struct department_view *v)
{
    const struct seat_row *r = g->seats.item;
    struct department_week *week = ARENA_ARRAY(g->c->arena, g->seats.n, struct department_week);
    date now = date_monday(app_today(g->c->app));
    size_t last = 0;
    for (size_t i = 0; i < g->seats.n; i++) {
        struct department_week *w = &week[i];
        *w = (struct department_week){ .monday = (date)r[i].first_week, .sunday = (date)r[i].first_week + 6, .is_now = r[i].first_week == now,
                                       .seats = r[i].seats, .because = r[i].because == seat_reason_seats ? MSG_none : seat_reason_list.item[r[i].because].label };
        fill_visits(g, w);
        w->others = MAX(r[i].here + r[i].others - w->here, 0);
        w->is_over = w->here + w->others > w->seats;
        if (w->here + w->others > 0)
            last = i + 1;
    }
    v->week = week;
    v->weeks = last;
}

void page_department_get(struct ctx *c)
{
    struct department_page g = { .c = c };
    struct in_seats *in = record_new(c->arena, &record_in_seats);
    struct call call = { 0 };
    int64_t id;
    enum status st;
    if (!ctx_number(c, c->word[0], &id))
        return;
    in->department_id = id;
    in->weeks = WEEKS_SHOWN;
    g.visitors = ctx_list(c, "visitor_list", id, &st);
    if (st == STATUS_OK)
        g.departments = ctx_list(c, "department_list", NONE, &st);
    if (st == STATUS_OK)
        g.preceptors = ctx_list(c, "preceptor_seen", id, &st);
    if (st == STATUS_OK)
        g.sites = ctx_list(c, "site_list", NONE, &st);
    if (st == STATUS_OK)
        st = ctx_run(c, "seat_list", in, &call);
    g.seats = call.rows;
    const struct department *d = NULL;
    for (size_t i = 0; i < g.departments.n; i++)
        if (((const struct department *)g.departments.item)[i].id == id)
            d = &((const struct department *)g.departments.item)[i];
    if (st != STATUS_OK || d == NULL) {
        ctx_fail(c, st != STATUS_OK ? st : STATUS_NOT_FOUND);
        return;
    }
    struct department_view v = { .id = id, .name = ctx_pick(c, d->name_zh, d->name_en), .site = STR(""),
                                 .may_name = app_may(&c->session.actor, CAP_name_preceptor) };
    for (size_t i = 0; i < g.sites.n; i++)
        if (((const struct site *)g.sites.item)[i].id == d->site_id)
            v.site = ctx_pick(c, ((const struct site *)g.sites.item)[i].name_zh, ((const struct site *)g.sites.item)[i].name_en);
    struct my_wish *preceptor = ARENA_ARRAY(c->arena, g.preceptors.n, struct my_wish);
    const struct preceptor_row *p = g.preceptors.item;
    for (size_t i = 0; i < g.preceptors.n; i++)
        preceptor[v.preceptors++] = (struct my_wish){ p[i].students_most, p[i].name, p[i].title, false };
    v.preceptor = preceptor;
    fill_weeks(&g, &v);
    c->page.sheet = "board.css";
    page_department(&c->resp->body, &c->page, &v);
}
