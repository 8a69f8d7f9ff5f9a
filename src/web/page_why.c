/* Why there is no plan: the facts that collide, and what would do. The sentences come from the application. */
#include "web/pages.h"
#include "web/plan_head.h"

static struct why_fact fact_of(const struct ctx *c, const struct explain_row *r)
{
    return (struct why_fact){ ctx_pick(c, r->text_zh, r->text_en), ctx_pick(c, r->title_zh, r->title_en), r->clause };
}

void page_why_get(struct ctx *c)
{
    struct why_view v = { .verdict = STR("") };
    struct plan_row plan;
    int64_t plan_id;
    enum status st;
    if (!ctx_number(c, c->word[0], &plan_id) || !plan_head_get(c, plan_id, MSG_why_title, &v.head, &plan))
        return;
    struct rows rows = ctx_list(c, "plan_explain", plan_id, &st);
    if (st != STATUS_OK) {
        ctx_fail(c, st);
        return;
    }
    const struct explain_row *r = rows.item;
    struct why_conflict *conflict = ARENA_ARRAY(c->arena, rows.n, struct why_conflict);
    struct why_fact *fact = ARENA_ARRAY(c->arena, rows.n, struct why_fact), *repair = ARENA_ARRAY(c->arena, rows.n, struct why_fact);
    size_t facts = 0;
    /* Facts follow their conflict. */
    for (size_t i = 0; i < rows.n; i++) {
        if (r[i].part == explain_part_verdict)
            v.verdict = ctx_pick(c, r[i].text_zh, r[i].text_en);
        else if (r[i].part == explain_part_conflict)
            conflict[v.conflicts++] = (struct why_conflict){ r[i].number, ctx_pick(c, r[i].title_zh, r[i].title_en), ctx_pick(c, r[i].text_zh, r[i].text_en), &fact[facts], 0 };
        else if (r[i].part == explain_part_repair)
            repair[v.repairs++] = fact_of(c, &r[i]);
        else if (v.conflicts > 0) {
            fact[facts++] = fact_of(c, &r[i]);
            conflict[v.conflicts - 1].facts++;
        }
    }
    v.conflict = conflict;
    v.repair = repair;
    c->page.sheet = "board.css";
    page_why(&c->resp->body, &c->page, &v);
}
