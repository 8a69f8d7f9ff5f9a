/* The audit trail: newest first, a page at a time. */
#include "web/ctx.h"
#include "web/pages.h"

void page_audit_get(struct ctx *c)
{
    int64_t before = 0;
    struct str from = ctx_query(c, "before");
    if (from.n > 0 && !ctx_number(c, from, &before))
        return;
    struct in_list *in = record_new(c->arena, &record_in_list);
    in->offset = before;
    struct call call = { 0 };
    enum status st = ctx_run(c, "audit_list", in, &call);
    if (st != STATUS_OK) {
        ctx_fail(c, st);
        return;
    }
    struct rows members = ctx_list(c, "member_list", NONE, &st);
    const struct audit_entry *e = call.rows.item;
    const struct member_row *m = members.item;
    struct audit_row *row = ARENA_ARRAY(c->arena, call.rows.n, struct audit_row);
    for (size_t i = 0; i < call.rows.n; i++) {
        row[i] = (struct audit_row){
            .time = ctx_time(c, e[i].at),
            .person = STR(""),
            .act = e[i].usecase,
            .subject = arena_printf(c->arena, "%.*s %lld", STR_ARG(e[i].subject), (long long)e[i].subject_id),
            .outcome = str_of(msg_text(outcome_list.item[e[i].outcome].label, c->page.lang)),
            .detail = (struct str){ e[i].detail.p, MIN(e[i].detail.n, (size_t)300) },
        };
        for (size_t k = 0; k < members.n; k++)
            if (m[k].person_id == e[i].person_id)
                row[i].person = m[k].name;
    }
    enum { PAGE_ROWS = 50 };
    struct audit_view v = { row, call.rows.n, call.rows.n == PAGE_ROWS ? e[call.rows.n - 1].id : 0 };
    page_audit(&c->resp->body, &c->page, &v);
}
