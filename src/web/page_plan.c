/* A cohort's plans: make one, follow it, compare variants, take the next step of its agreement. */
#include "app/settings.h"
#include "web/form.h"
#include "web/curve.h"
#include "web/pages.h"
#include "web/variants.h"

enum { ACTS_MOST = 4, FACTS_SHOWN = 5, PLANS_A_PAGE = 20, REFRESH_S = 5 };

static const struct {
    enum plan_state state;
    int side; /* -1: either */
    struct plan_act act;
} next_acts[] = {
    { plan_state_draft, -1, { "propose", MSG_plan_propose_do, true, false, false } },
    { plan_state_proposed, -1, { "agree", MSG_plan_agree_do, true, false, false } },
    { plan_state_agreed_university, side_hospital, { "agree", MSG_plan_agree_do, true, false, false } },
    { plan_state_agreed_hospital, side_university, { "agree", MSG_plan_agree_do, true, false, false } },
    { plan_state_agreed, -1, { "publish", MSG_plan_publish_do, true, false, false } },
    { plan_state_proposed, -1, { "return", MSG_plan_return_do, false, false, true } },
    { plan_state_agreed_university, -1, { "return", MSG_plan_return_do, false, false, true } },
    { plan_state_agreed_hospital, -1, { "return", MSG_plan_return_do, false, false, true } },
    { plan_state_agreed, -1, { "return", MSG_plan_return_do, false, false, true } },
    { plan_state_draft, -1, { "delete", MSG_plan_delete_do, false, true, false } },
};

/* What a tried plan still waits for: as long as there is something, it can't be proposed. */
static void add_open_facts(struct ctx *c, int64_t plan_id, struct plan_item *q)
{
    enum status st;
    struct rows rows = ctx_list(c, "trial_list", plan_id, &st);
    const struct trial_row *r = rows.item;
    struct str *text = ARENA_ARRAY(c->arena, FACTS_SHOWN, struct str);
    for (size_t i = 0; i < rows.n; i++) {
        struct str said = ctx_pick(c, r[i].text_zh, r[i].text_en);
        if (r[i].done == 1)
            continue;
        if (q->facts == FACTS_SHOWN)
            q->more_facts++;
        else
            text[q->facts++] = said.n > 0 ? said : str_of(msg_text(trial_kind_list.item[r[i].kind].label, c->page.lang));
    }
    q->fact = text;
}

static void add_acts(struct ctx *c, const struct plan_row *p, struct plan_item *q)
{
    struct plan_act *act = ARENA_ARRAY(c->arena, ACTS_MOST, struct plan_act);
    q->act = act;
    if (!app_may(&c->session.actor, CAP_make_plan))
        return;
    if (q->is_running) {
        act[q->acts++] = (struct plan_act){ "cancel", MSG_plan_cancel_do, false, false, false };
        return;
    }
    for (size_t i = 0; i < LEN(next_acts) && q->acts < ACTS_MOST; i++)
        if (next_acts[i].state == (enum plan_state)p->state && (!next_acts[i].act.is_main || (q->is_whole && q->facts == 0)) &&
            (next_acts[i].side == -1 || next_acts[i].side == (int)c->session.actor.side))
            act[q->acts++] = next_acts[i].act;
}

static struct str left_text(struct ctx *c, int64_t seconds)
{
    if (seconds < 0)
        return STR("");
    return seconds >= 90 ? TEXT(c, MSG_plan_left_minutes, plan_number(c, (seconds + 59) / 60)) : TEXT(c, MSG_plan_left_seconds, plan_number(c, seconds));
}

static struct plan_item item_of(struct ctx *c, const struct plan_row *p, struct figures *f)
{
    enum status st;
    struct plan_item q = { .id = p->id, .version = p->version, .number = p->number, .title = p->title, .state_of = (enum plan_state)p->state,
                           .made = ctx_time(c, p->made_at), .based_on = STR(""), .left = STR(""), .origin = MSG_none,
                           .state = plan_state_list.item[p->state].label, .verdict = plan_verdict_list.item[p->verdict].label,
                           .is_whole = p->verdict == plan_verdict_optimal || p->verdict == plan_verdict_feasible,
                           .is_trial = p->origin == plan_origin_trial, .is_broken = p->verdict == plan_verdict_broken, .is_infeasible = p->verdict == plan_verdict_infeasible };
    if (p->origin != NONE)
        q.origin = plan_origin_list.item[p->origin].label;
    figures_read(c, p->figures, f);
    /* Only a draft without a verdict can still be at work. */
    struct rows jobs = { 0 };
    if (p->state == plan_state_draft && p->verdict == plan_verdict_unknown)
        jobs = ctx_list(c, "job_get", p->id, &st);
    const struct job *j = jobs.item;
    if (jobs.n == 1 && (j->state == job_state_queued || j->state == job_state_running)) {
        q.is_running = true;
        q.is_waiting = j->state == job_state_queued;
        q.percent = j->percent;
        figures_read(c, j->progress, f);
        q.left = q.is_waiting ? STR("") : left_text(c, f->seconds_left);
        q.curves = curve_read(c, j->progress, f);
    }
    q.is_failed = jobs.n == 1 && j->state == job_state_failed;
    q.level = f->level;
    q.levels = f->levels;
    if (q.is_trial && !q.is_running && p->state == plan_state_draft)
        add_open_facts(c, p->id, &q);
    add_acts(c, p, &q);
    return q;
}

/* One page of a cohort's plans, newest first, and whether there are older ones. */
static struct rows plans_from(struct ctx *c, int64_t cohort_id, int64_t from, bool *more, enum status *st)
{
    struct in_list *in = record_new(c->arena, &record_in_list);
    struct call call = { 0 };
    in->parent_id = cohort_id;
    in->offset = from;
    *st = ctx_run(c, "plan_list", in, &call);
    *more = call.rows.n > PLANS_A_PAGE;
    call.rows.n = MIN(call.rows.n, (size_t)PLANS_A_PAGE);
    return call.rows;
}

static struct str page_url(const struct ctx *c, int64_t cohort_id, int64_t from)
{
    return arena_printf(c->arena, "/plans/%lld?from=%lld", (long long)cohort_id, (long long)from);
}

/* Without JavaScript the page may be asked to come again by itself; never unasked. */
static void keep_fresh(struct ctx *c, struct plans_view *v)
{
    v->is_fresh = str_is(ctx_query(c, "refresh"), "1");
    if (v->is_running && v->is_fresh)
        http_put_header(c->resp, "Refresh", plan_number(c, REFRESH_S));
    c->page.script = v->is_running && !v->is_fresh ? "plans.js" : NULL;
}

static void fill_items(struct ctx *c, const struct rows *plans, struct plans_view *v)
{
    const struct plan_row *p = plans->item;
    struct plan_item *item = ARENA_ARRAY(c->arena, plans->n, struct plan_item);
    struct figures *figures = ARENA_ARRAY(c->arena, plans->n, struct figures);
    for (size_t i = 0; i < plans->n; i++) {
        item[i] = item_of(c, &p[i], &figures[i]);
        v->is_running = v->is_running || item[i].is_running;
    }
    for (size_t i = 0; i < plans->n; i++)
        for (size_t k = 0; k < plans->n && p[i].based_on_id != NONE; k++)
            if (p[k].id == p[i].based_on_id)
                item[i].based_on = plan_number(c, p[k].number);
    v->item = item;
    v->items = plans->n;
    v->variants = variants_of(c, p, plans->n, v->published_id);
}

static void show(struct ctx *c, int64_t cohort_id)
{
    enum status st;
    int64_t from = 0;
    bool more = false;
    if (ctx_query(c, "from").n > 0 && (!str_int(ctx_query(c, "from"), &from) || from < 0 || from > 1000000))
        from = 0;
    struct rows plans = plans_from(c, cohort_id, from, &more, &st), published = { 0 };
    const struct cohort *cohort = st == STATUS_OK ? plan_head_cohort(c, cohort_id, &st) : NULL;
    if (st == STATUS_OK)
        published = ctx_list(c, "plan_published_get", cohort_id, &st);
    if (st != STATUS_OK) {
        ctx_fail(c, st);
        return;
    }
    struct plans_view v = { .cohort_id = cohort_id, .cohort = ctx_pick(c, cohort->name_zh, cohort->name_en),
                            .published_id = published.n > 0 ? ((const struct plan_row *)published.item)->id : 0,
                            .may_make = app_may(&c->session.actor, CAP_make_plan), .may_see_all = app_may(&c->session.actor, CAP_see_all_departments), .error = STR(""),
                            .title = ctx_form(c, "title"), .seed = ctx_form(c, "seed"), .seconds = ctx_form(c, "seconds"),
                            .newer = from > 0 ? page_url(c, cohort_id, MAX(from - PLANS_A_PAGE, (int64_t)0)) : STR(""),
                            .older = more ? page_url(c, cohort_id, from + PLANS_A_PAGE) : STR("") };
    if (v.seconds.n == 0)
        v.seconds = plan_number(c, settings_value(c->app, c->arena, c->session.actor.base_id, SETTING_plan_seconds));
    fill_items(c, &plans, &v);
    if (c->errs.n > 0)
        v.error = msg_err(c->arena, &c->errs.item[0], c->page.lang);
    keep_fresh(c, &v);
    c->page.sheet = "board.css";
    c->page.more_sheet = "plan.css";
    page_plans(&c->resp->body, &c->page, &v);
}

void page_plans_get(struct ctx *c)
{
    int64_t cohort_id;
    if (ctx_number(c, c->word[0], &cohort_id))
        show(c, cohort_id);
}

static void answer(struct ctx *c, enum status st, int64_t cohort_id)
{
    if (st == STATUS_OK) {
        http_redirect(c->resp, arena_printf(c->arena, "/plans/%lld", (long long)cohort_id));
    } else if (st == STATUS_INPUT) {
        c->resp->status = 422;
        show(c, cohort_id);
    } else {
        ctx_fail(c, st);
    }
}

void page_plans_post(struct ctx *c)
{
    static const char *const fields[] = { "title", "seed", "seconds" };
    struct in_plan *in = record_new(c->arena, &record_in_plan);
    struct call call = { 0 };
    enum status st = STATUS_OK;
    if (!ctx_number(c, c->word[0], &in->cohort_id))
        return;
    for (size_t i = 0; i < LEN(fields); i++)
        if (!field_take(record_field(&record_in_plan, str_of(fields[i])), in, ctx_form(c, fields[i]), &c->errs))
            st = STATUS_INPUT;
    if (st == STATUS_OK)
        st = ctx_run(c, "plan_make", in, &call);
    answer(c, st, in->cohort_id);
}

void page_plan_act(struct ctx *c)
{
    static const struct form_act acts[] = { { "propose", "plan_propose" }, { "agree", "plan_agree" },   { "publish", "plan_publish" },
                 { "return", "plan_return" },   { "delete", "plan_delete" }, { "cancel", "job_cancel" } };
    const char *usecase = form_act(acts, LEN(acts), c->word[1]);
    struct call call = { 0 };
    enum status st;
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
    struct in_target *in = record_new(c->arena, &record_in_target);
    st = field_take(record_field(&record_in_target, STR("reason")), in, ctx_form(c, "reason"), &c->errs) ? STATUS_OK : STATUS_INPUT;
    int64_t cohort_id = ((const struct plan_row *)plans.item)->cohort_id;
    if (st == STATUS_OK)
        st = ctx_run(c, usecase, in, &call);
    answer(c, st, cohort_id);
}
