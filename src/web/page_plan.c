/* A cohort's plans: make one, follow it, take the next step of its agreement. */
#include "web/ctx.h"
#include "web/pages.h"

#include <stdio.h>

static const struct {
    enum plan_state state;
    int side; /* -1: either */
    const char *act;
    enum msg_id label;
} next_acts[] = {
    { plan_state_draft, -1, "propose", MSG_plan_propose_do },
    { plan_state_proposed, -1, "agree", MSG_plan_agree_do },
    { plan_state_agreed_university, side_hospital, "agree", MSG_plan_agree_do },
    { plan_state_agreed_hospital, side_university, "agree", MSG_plan_agree_do },
    { plan_state_agreed, -1, "publish", MSG_plan_publish_do },
};

static enum msg_id level_label(struct str name)
{
    static const struct {
        const char *name;
        enum msg_id label;
    } table[] = { { "unplaced", MSG_level_unplaced }, { "changes", MSG_level_changes },
                  { "understaffed", MSG_level_understaffed }, { "worst", MSG_level_worst },
                  { "regret", MSG_level_regret }, { "travel", MSG_level_travel } };
    for (size_t i = 0; i < LEN(table); i++)
        if (str_is(name, table[i].name))
            return table[i].label;
    return MSG_none;
}

/* The stored {"levels":[{level, value, bound}]} in words. */
static struct str figures_text(struct ctx *c, struct str json)
{
    struct json_error e;
    struct buf b = buf_make(4096);
    const struct json *root = json.n > 0 ? json_read(c->arena, json, &e) : NULL;
    const struct json *levels = root != NULL ? json_get(root, "levels") : NULL;
    for (const struct json *l = levels != NULL ? levels->child : NULL; l != NULL; l = l->next) {
        const struct json *name = json_get(l, "level"), *value = json_get(l, "value"), *bound = json_get(l, "bound");
        if (name == NULL || value == NULL || bound == NULL)
            continue;
        enum msg_id label = level_label(name->text);
        struct str arg[] = { label != MSG_none ? str_of(msg_text(label, c->page.lang)) : name->text, value->text, bound->text };
        if (b.n > 0)
            buf_z(&b, " · ");
        msg_put(&b, MSG_plan_figure, c->page.lang, arg, LEN(arg));
    }
    struct str s = arena_str(c->arena, buf_view(&b));
    buf_free(&b);
    return s;
}

static struct plan_item item_of(struct ctx *c, const struct plan_row *p)
{
    enum status st;
    struct plan_item q = { .id = p->id, .version = p->version, .number = p->number, .title = p->title,
                           .made = ctx_time(c, p->made_at), .figures = figures_text(c, p->figures),
                           .state = plan_state_list.item[p->state].label, .verdict = plan_verdict_list.item[p->verdict].label,
                           .is_whole = p->verdict == plan_verdict_optimal || p->verdict == plan_verdict_feasible };
    const struct rows jobs = ctx_list(c, "job_get", p->id, &st);
    const struct job *j = jobs.item;
    if (jobs.n == 1 && (j->state == job_state_queued || j->state == job_state_running)) {
        q.is_running = true;
        q.percent = j->percent;
        q.act = MSG_plan_cancel_do;
        q.act_name = "cancel";
        return q;
    }
    for (size_t i = 0; q.is_whole && i < LEN(next_acts); i++)
        if (next_acts[i].state == (enum plan_state)p->state && app_may(&c->session.actor, CAP_agree_plan) &&
            (next_acts[i].side == -1 || next_acts[i].side == (int)c->session.actor.side)) {
            q.act = next_acts[i].label;
            q.act_name = next_acts[i].act;
        }
    return q;
}

static void show(struct ctx *c, int64_t cohort_id)
{
    enum status st;
    struct rows plans = ctx_list(c, "plan_list", cohort_id, &st);
    if (st != STATUS_OK) {
        ctx_fail(c, st);
        return;
    }
    struct rows cohorts = ctx_list(c, "cohort_list", NONE, &st);
    struct plan_item *item = ARENA_ARRAY(c->arena, plans.n, struct plan_item);
    struct plans_view v = { .cohort_id = cohort_id, .item = item, .items = plans.n, .cohort = STR(""),
                            .may_make = app_may(&c->session.actor, CAP_make_plan), .error = STR("") };
    for (size_t i = 0; i < cohorts.n; i++)
        if (((const struct cohort *)cohorts.item)[i].id == cohort_id)
            v.cohort = ctx_pick(c, ((const struct cohort *)cohorts.item)[i].name_zh, ((const struct cohort *)cohorts.item)[i].name_en);
    for (size_t i = 0; i < plans.n; i++) {
        item[i] = item_of(c, &((const struct plan_row *)plans.item)[i]);
        v.is_running = v.is_running || item[i].is_running;
    }
    if (c->errs.n > 0)
        v.error = msg_err(c->arena, &c->errs.item[0], c->page.lang);
    page_plans(&c->resp->body, &c->page, &v);
}

void page_plans_get(struct ctx *c)
{
    int64_t cohort_id;
    if (ctx_number(c, c->word[0], &cohort_id))
        show(c, cohort_id);
}

void page_plans_post(struct ctx *c)
{
    struct in_plan *in = record_new(c->arena, &record_in_plan);
    struct call call = { 0 };
    const struct field *seconds = record_field(&record_in_plan, STR("seconds"));
    if (!ctx_number(c, c->word[0], &in->cohort_id))
        return;
    enum status st = field_take(seconds, in, ctx_form(c, "seconds"), &c->errs) ? STATUS_OK : STATUS_INPUT;
    if (st == STATUS_OK)
        st = ctx_run(c, "plan_make", in, &call);
    if (st == STATUS_OK) {
        http_redirect(c->resp, arena_printf(c->arena, "/plans/%lld", (long long)in->cohort_id));
    } else if (st == STATUS_INPUT) {
        c->resp->status = 422;
        show(c, in->cohort_id);
    } else {
        ctx_fail(c, st);
    }
}

void page_plan_act(struct ctx *c)
{
    static const struct {
        const char *word, *usecase;
    } acts[] = { { "propose", "plan_propose" }, { "agree", "plan_agree" }, { "publish", "plan_publish" }, { "cancel", "job_cancel" } };
    const char *usecase = NULL;
    struct call call = { 0 };
    enum status st;
    for (size_t i = 0; i < LEN(acts); i++)
        if (str_is(c->word[1], acts[i].word))
            usecase = acts[i].usecase;
    if (usecase == NULL) {
        ctx_fail(c, STATUS_NOT_FOUND);
        return;
    }
    if (!ctx_number(c, c->word[0], &call.target_id) || !ctx_number(c, ctx_form(c, "version"), &call.target_version))
        return;
    struct rows plans = ctx_list(c, "plan_get", call.target_id, &st);
    if (st != STATUS_OK) {
        ctx_fail(c, st);
        return;
    }
    int64_t cohort_id = ((const struct plan_row *)plans.item)->cohort_id;
    st = ctx_run(c, usecase, record_new(c->arena, &record_in_target), &call);
    if (st == STATUS_OK) {
        http_redirect(c->resp, arena_printf(c->arena, "/plans/%lld", (long long)cohort_id));
    } else if (st == STATUS_INPUT) {
        c->resp->status = 422;
        show(c, cohort_id);
    } else {
        ctx_fail(c, st);
    }
}
