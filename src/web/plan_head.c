/* What the handlers of all pages about one plan share: see plan_head.h. */
#include "web/plan_head.h"

const struct cohort *plan_head_cohort(struct ctx *c, int64_t cohort_id, enum status *st)
{
    assert(st != NULL);
    struct rows cohorts = ctx_list(c, "cohort_get", cohort_id, st);
    if (cohorts.n == 1)
        return cohorts.item;
    *st = *st == STATUS_OK ? STATUS_NOT_FOUND : *st;
    return NULL;
}

bool plan_head_get(struct ctx *c, int64_t plan_id, enum msg_id current, struct plan_head *head, struct plan_row *row)
{
    assert(head != NULL && row != NULL);
    enum status st;
    struct rows plans = ctx_list(c, "plan_get", plan_id, &st), published = { 0 };
    if (st == STATUS_OK && plans.n == 0)
        st = STATUS_NOT_FOUND;
    const struct plan_row *p = plans.item;
    const struct cohort *cohort = st == STATUS_OK ? plan_head_cohort(c, p->cohort_id, &st) : NULL;
    if (st == STATUS_OK)
        published = ctx_list(c, "plan_published_get", p->cohort_id, &st);
    if (st != STATUS_OK) {
        ctx_fail(c, st);
        return false;
    }
    *row = *p;
    *head = (struct plan_head){
        .id = p->id, .version = p->version, .cohort_id = p->cohort_id, .number = p->number, .title = p->title,
        .published_id = published.n > 0 ? ((const struct plan_row *)published.item)->id : 0,
        .cohort = ctx_pick(c, cohort->name_zh, cohort->name_en), .state_of = (enum plan_state)p->state,
        .state = plan_state_list.item[p->state].label, .verdict = plan_verdict_list.item[p->verdict].label,
        .origin = p->origin != NONE ? plan_origin_list.item[p->origin].label : MSG_none, .current = current,
        .is_trial = p->origin == plan_origin_trial, .is_broken = p->verdict == plan_verdict_broken, .is_infeasible = p->verdict == plan_verdict_infeasible,
        .has_placements = p->verdict == plan_verdict_broken || p->verdict == plan_verdict_feasible || p->verdict == plan_verdict_optimal,
        .may_change = app_may(&c->session.actor, CAP_make_plan), .may_see_all = app_may(&c->session.actor, CAP_see_all_departments),
    };
    return true;
}

struct str plan_name_department(const struct ctx *c, const struct rows *departments, int64_t id)
{
    const struct department *d = departments->item;
    for (size_t i = 0; i < departments->n; i++)
        if (d[i].id == id)
            return ctx_pick(c, d[i].name_zh, d[i].name_en);
    return STR("?");
}

struct str plan_name_rotation(const struct ctx *c, const struct rows *rotations, int64_t id)
{
    const struct rotation *r = rotations->item;
    for (size_t i = 0; i < rotations->n; i++)
        if (r[i].id == id)
            return ctx_pick(c, r[i].name_zh, r[i].name_en);
    return STR("?");
}

int64_t plan_week_number(const struct cohort *cohort, int64_t monday)
{
    assert(date_weekday((date)cohort->first_week) == 0);
    return (monday - cohort->first_week) / 7 + 1;
}

struct str plan_text(const struct ctx *c, enum msg_id id, size_t n, const struct str *arg)
{
    assert(arg != NULL || n == 0);
    struct buf b = buf_make(64 * 1024);
    msg_put(&b, id, c->page.lang, arg, n);
    struct str s = arena_str(c->arena, buf_view(&b));
    buf_free(&b);
    return s;
}

struct str plan_number(const struct ctx *c, int64_t n)
{
    return arena_printf(c->arena, "%lld", (long long)n);
}

struct str plan_weeks_text(const struct ctx *c, const struct cohort *cohort, int64_t first, int64_t until)
{
    int64_t from = plan_week_number(cohort, first), to = plan_week_number(cohort, until) - 1;
    if (to <= from)
        return TEXT(c, MSG_board_week, plan_number(c, from));
    return TEXT(c, MSG_board_weeks, plan_number(c, from), plan_number(c, to));
}
