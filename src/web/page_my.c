/* The student's own page: now, next, where, and what became of the wishes. */
#include "web/ctx.h"
#include "web/page_my.h"
#include "web/pages.h"

void page_my_get(struct ctx *c)
{
    enum status st;
    struct rows rows = ctx_list(c, "my_placements", NONE, &st), wishes = { 0 };
    if (st == STATUS_OK)
        wishes = ctx_list(c, "my_wishes", NONE, &st);
    if (st != STATUS_OK) {
        ctx_fail(c, st);
        return;
    }
    const struct my_row *x = rows.item;
    const struct my_wish_row *w = wishes.item;
    struct my_item *item = ARENA_ARRAY(c->arena, rows.n, struct my_item);
    struct my_wish *wish = ARENA_ARRAY(c->arena, wishes.n, struct my_wish);
    date today = app_today(c->app);
    bool next_seen = false;
    for (size_t i = 0; i < rows.n; i++) {
        bool past = x[i].until_week <= today, now = !past && x[i].first_week <= today, next = !past && !now && !next_seen;
        next_seen = next_seen || next;
        item[i] = (struct my_item){
            .rotation = ctx_pick(c, x[i].rotation_zh, x[i].rotation_en),
            .department = ctx_pick(c, x[i].name_zh, x[i].name_en),
            .from = (date)x[i].first_week,
            .last = (date)(x[i].until_week - 1),
            .weeks = x[i].weeks,
            .when = past ? MSG_my_past : now ? MSG_my_now : next ? MSG_my_next : MSG_my_later,
            .class = past ? "past" : now ? "now" : "later",
        };
    }
    for (size_t i = 0; i < wishes.n; i++)
        wish[i] = (struct my_wish){ w[i].rank + 1, ctx_pick(c, w[i].rotation_zh, w[i].rotation_en),
                                    ctx_pick(c, w[i].name_zh, w[i].name_en), w[i].granted == 1 };
    struct my_view v = { item, rows.n, wish, wishes.n, rows.n > 0 ? x[0].number : 0 };
    page_my(&c->resp->body, &c->page, &v);
}
