/* Who is in a department, week by week from now on, against its seats. */
#include "web/ctx.h"
#include "web/pages.h"

static struct department_week week_of(struct ctx *c, const struct rows *visitors, int64_t monday)
{
    const struct visitor_row *v = visitors->item;
    struct visit *visit = ARENA_ARRAY(c->arena, visitors->n, struct visit);
    struct department_week w = { .monday = (date)monday, .visit = visit };
    for (size_t i = 0; i < visitors->n; i++)
        if (monday >= v[i].first_week && monday < v[i].until_week)
            visit[w.here++] = (struct visit){ v[i].name, v[i].number, v[i].first_week == monday, v[i].until_week == monday + 7 };
    return w;
}

void page_department_get(struct ctx *c)
{
    int64_t id, end = 0;
    enum status st;
    if (!ctx_number(c, c->word[0], &id))
        return;
    struct rows visitors = ctx_list(c, "visitor_list", id, &st), departments = { 0 }, exceptions = { 0 };
    if (st == STATUS_OK)
        departments = ctx_list(c, "department_list", NONE, &st);
    if (st == STATUS_OK)
        exceptions = ctx_list(c, "capacity_seen", id, &st);
    const struct department *d = NULL;
    for (size_t i = 0; i < departments.n; i++)
        if (((const struct department *)departments.item)[i].id == id)
            d = &((const struct department *)departments.item)[i];
    if (st != STATUS_OK || d == NULL) {
        ctx_fail(c, st != STATUS_OK ? st : STATUS_NOT_FOUND);
        return;
    }
    for (size_t i = 0; i < visitors.n; i++)
        end = MAX(end, ((const struct visitor_row *)visitors.item)[i].until_week);
    int64_t now = date_monday(app_today(c->app));
    struct department_view v = { .name = ctx_pick(c, d->name_zh, d->name_en) };
    struct department_week *week = ARENA_ARRAY(c->arena, end > now ? (end - now) / 7 : 0, struct department_week);
    for (int64_t monday = now; monday < end; monday += 7) {
        week[v.weeks] = week_of(c, &visitors, monday);
        week[v.weeks].is_now = monday == now;
        week[v.weeks++].seats = app_department_seats(d, &exceptions, monday);
    }
    v.week = week;
    page_department(&c->resp->body, &c->page, &v);
}
