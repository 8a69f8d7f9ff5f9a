/* One-time links as slips: see page_links.h. The tokens are nowhere but on this page. */
#include "web/page_links.h"

#include "app/qr.h"
#include "web/pages.h"
#include "web/views_setup.h"

void links_show(struct ctx *c, enum msg_id title, struct str cohort, const struct rows *rows, struct str back)
{
    assert(back.n > 0 && back.p[0] == '/');
    const struct link_row *r = rows->item;
    struct str origin = ctx_origin(c);
    struct link_made *item = ARENA_ARRAY(c->arena, rows->n, struct link_made);
    for (size_t i = 0; i < rows->n; i++) {
        item[i] = (struct link_made){ .name = r[i].name, .number = r[i].number, .group = r[i].group_name,
                                      .url = arena_printf(c->arena, "%.*s/link/%.*s", STR_ARG(origin), STR_ARG(r[i].token)),
                                      .ends = ctx_time(c, r[i].ends_at) };
        item[i].qr_size = qr_path(c->arena, item[i].url, &item[i].qr);
    }
    struct links_view v = { .title = title, .cohort = cohort, .item = item, .items = rows->n, .back = back };
    c->page.sheet = "forms.css";
    c->page.script = "forms.js";
    page_links(&c->resp->body, &c->page, &v);
}
