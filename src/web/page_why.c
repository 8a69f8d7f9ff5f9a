/* Why there is no plan: the facts that collide, and what would do, each to be tried. The sentences come from the application. */
#include "web/figures.h"
#include "web/pages.h"
#include "web/trial.h"

static struct why_fact fact_of(const struct ctx *c, const struct explain_row *r)
{
    return (struct why_fact){ ctx_pick(c, r->text_zh, r->text_en), ctx_pick(c, r->title_zh, r->title_en), r->clause };
}

static struct str value_of(const struct figures *f, struct str name)
{
    for (size_t i = 0; i < f->levels; i++)
        if (str_eq(f->level[i].name, name))
            return f->level[i].value;
    return STR("");
}

/* A way out with every level of the plan it gives, and the plan that tries it where there is one. */
static struct why_way way_of(struct ctx *c, const struct explain_row *r, int64_t number, const struct figures *published, const struct rows *trials)
{
    struct why_way w = { .number = number, .text = ctx_pick(c, r->text_zh, r->text_en), .verdict = MSG_none };
    struct figures *f = ARENA_NEW(c->arena, struct figures);
    const struct plan_row *t = trials->item;
    figures_read(c, arena_printf(c->arena, "{\"levels\":%.*s}", STR_ARG(r->levels.n > 0 ? r->levels : STR("[]"))), f);
    struct why_level *level = ARENA_ARRAY(c->arena, f->levels, struct why_level);
    for (size_t i = 0; i < f->levels; i++)
        level[i] = (struct why_level){ f->level[i], value_of(published, f->level[i].name) };
    w.level = level;
    w.levels = f->levels;
    for (size_t i = 0; i < trials->n; i++)
        if (t[i].trial_number == number) {
            w.trial_id = t[i].id;
            w.trial_number = t[i].number;
            w.verdict = plan_verdict_list.item[t[i].verdict].label;
        }
    return w;
}

static void fill(struct ctx *c, const struct rows *rows, const struct figures *published, const struct rows *trials, struct why_view *v)
{
    const struct explain_row *r = rows->item;
    struct why_conflict *conflict = ARENA_ARRAY(c->arena, rows->n, struct why_conflict);
    struct why_fact *fact = ARENA_ARRAY(c->arena, rows->n, struct why_fact);
    struct why_way *way = ARENA_ARRAY(c->arena, rows->n, struct why_way);
    size_t facts = 0;
    /* Facts follow their conflict. */
    for (size_t i = 0; i < rows->n; i++) {
        if (r[i].part == explain_part_verdict)
            v->verdict = ctx_pick(c, r[i].text_zh, r[i].text_en);
        else if (r[i].part == explain_part_conflict)
            conflict[v->conflicts++] = (struct why_conflict){ r[i].number, ctx_pick(c, r[i].title_zh, r[i].title_en), ctx_pick(c, r[i].text_zh, r[i].text_en), &fact[facts], 0 };
        else if (r[i].part == explain_part_repair) {
            way[v->ways] = way_of(c, &r[i], (int64_t)v->ways + 1, published, trials);
            v->ways++;
        } else if (v->conflicts > 0) {
            fact[facts++] = fact_of(c, &r[i]);
            conflict[v->conflicts - 1].facts++;
        }
    }
    v->conflict = conflict;
    v->way = way;
}

void why_show(struct ctx *c, int64_t plan_id)
{
    struct why_view v = { .verdict = STR(""), .error = STR("") };
    struct figures *published = ARENA_NEW(c->arena, struct figures);
    struct plan_row plan;
    struct rows trials = { 0 }, of_cohort = { 0 };
    enum status st;
    if (!plan_head_get(c, plan_id, MSG_why_title, &v.head, &plan))
        return;
    struct rows rows = ctx_list(c, "plan_explain", plan_id, &st);
    if (st == STATUS_OK)
        trials = ctx_list(c, "plan_trials", plan_id, &st);
    if (st == STATUS_OK)
        of_cohort = ctx_list(c, "plan_published_get", plan.cohort_id, &st);
    if (st != STATUS_OK) {
        ctx_fail(c, st);
        return;
    }
    figures_read(c, of_cohort.n > 0 ? ((const struct plan_row *)of_cohort.item)->figures : STR(""), published);
    fill(c, &rows, published, &trials, &v);
    if (c->errs.n > 0)
        v.error = msg_err(c->arena, &c->errs.item[0], c->page.lang);
    c->page.sheet = "board.css";
    c->page.more_sheet = "plan.css";
    page_why(&c->resp->body, &c->page, &v);
}

void page_why_get(struct ctx *c)
{
    int64_t plan_id;
    if (ctx_number(c, c->word[0], &plan_id))
        why_show(c, plan_id);
}
