/* Planning a published plan again: from which week on anything may change; then up to three proposals side by side, with who
 * moves and who is to be told, one of them to be proposed to both sides. */
#include "app/settings.h"
#include "web/curve.h"
#include "web/pages.h"

enum { NAMES_SHOWN = 12, REFRESH_S = 5 };

/* The weeks that a freeze date can be: from the present one on. */
static void fill_weeks(struct ctx *c, const struct cohort *k, struct replan_view *v)
{
    struct option *o = ARENA_ARRAY(c->arena, k->weeks, struct option);
    int64_t now = MAX((int64_t)date_monday(app_today(c->app)), k->first_week), chosen = NONE;
    struct str typed = ctx_form(c, "freeze_week");
    date d;
    chosen = date_parse(typed, &d) ? d : now == k->first_week ? now : now + 7;
    for (int64_t i = 0; i < k->weeks; i++) {
        int64_t week = k->first_week + 7 * i;
        char text[DATE_TEXT_BYTES];
        if (week < now)
            continue;
        struct str day = arena_str(c->arena, str_of(date_text((date)week, text)));
        o[v->weeks++] = (struct option){ .value = week, .text_value = day, .label = TEXT(c, MSG_change_week, plan_number(c, i + 1), day), .chosen = week == chosen };
    }
    v->week = o;
}

/* Students and staff that a proposal concerns, by what differs from the published plan. */
static void fill_told(struct ctx *c, int64_t published_id, struct proposal *x)
{
    struct in_pair *in = record_new(c->arena, &record_in_pair);
    struct call call = { 0 };
    in->plan_id = published_id;
    in->other_id = x->id;
    if (published_id == 0 || published_id == x->id || ctx_run(c, "concerned_list", in, &call) != STATUS_OK)
        return;
    const struct concerned_row *r = call.rows.item;
    struct told *told = ARENA_ARRAY(c->arena, NAMES_SHOWN, struct told);
    for (size_t i = 0; i < call.rows.n; i++) {
        if (r[i].role != role_student)
            x->staff++;
        else if (x->students < NAMES_SHOWN)
            told[x->students++] = (struct told){ r[i].name, STR(""), MSG_role_student };
        else
            x->more_students++;
    }
    x->student = told;
}

/* How little was changed, and how far that is proven. */
static struct str least_text(struct ctx *c, const struct plan_row *p)
{
    if (p->moved_weeks == NONE)
        return STR("");
    if (p->moved_weeks == 0)
        return str_of(msg_text(MSG_replan_nothing, c->page.lang));
    if (p->change_links == NONE)
        return str_of(msg_text(MSG_replan_least, c->page.lang));
    return p->change_links > 0 ? TEXT(c, MSG_replan_links, plan_number(c, p->change_links)) : str_of(msg_text(MSG_replan_open, c->page.lang));
}

static struct proposal proposal_of(struct ctx *c, const struct plan_row *p, int64_t published_id)
{
    struct figures *f = ARENA_NEW(c->arena, struct figures);
    bool whole = p->verdict == plan_verdict_optimal || p->verdict == plan_verdict_feasible;
    struct proposal x = { .id = p->id, .version = p->version, .number = p->number, .state_of = (enum plan_state)p->state,
                          .state = plan_state_list.item[p->state].label, .verdict = plan_verdict_list.item[p->verdict].label,
                          .has_placements = whole || p->verdict == plan_verdict_broken, .least = least_text(c, p),
                          .may_propose = whole && p->state == plan_state_draft && app_may(&c->session.actor, CAP_make_plan),
                          .moved_students = MAX(p->moved_students, (int64_t)0), .moved_weeks = MAX(p->moved_weeks, (int64_t)0) };
    figures_read(c, p->figures, f);
    x.level = f->level;
    x.levels = f->levels;
    if (x.has_placements)
        fill_told(c, published_id, &x);
    return x;
}

/* The job of the plan asked for: at work, or over with its proposals. */
static void fill_plan(struct ctx *c, const struct plan_row *plan, struct replan_view *v)
{
    enum status st;
    struct figures *f = ARENA_NEW(c->arena, struct figures);
    struct rows jobs = ctx_list(c, "job_get", plan->id, &st);
    const struct job *j = jobs.item;
    v->is_waiting = jobs.n > 0 && j->state == job_state_queued;
    v->is_running = v->is_waiting || (jobs.n > 0 && j->state == job_state_running);
    v->is_failed = jobs.n > 0 && j->state == job_state_failed;
    v->is_infeasible = plan->verdict == plan_verdict_infeasible;
    if (v->is_running) {
        figures_read(c, j->progress, f);
        v->percent = j->percent;
        v->left = !v->is_waiting && f->seconds_left >= 0 ? TEXT(c, MSG_plan_left_seconds, plan_number(c, f->seconds_left)) : STR("");
        v->curves = curve_read(c, j->progress, f);
        return;
    }
    struct rows plans = ctx_list(c, "plan_proposals", plan->id, &st);
    const struct plan_row *p = plans.item;
    struct proposal *item = ARENA_ARRAY(c->arena, plans.n, struct proposal);
    for (size_t i = 0; i < plans.n; i++)
        if (p[i].verdict == plan_verdict_optimal || p[i].verdict == plan_verdict_feasible || p[i].verdict == plan_verdict_broken)
            item[v->items++] = proposal_of(c, &p[i], v->published_id);
    v->item = item;
    v->wanted = plan->proposals != NONE ? plan->proposals : 1;
}

static void show(struct ctx *c, int64_t cohort_id)
{
    enum status st;
    struct rows published = { 0 }, plans = { 0 };
    const struct cohort *k = plan_head_cohort(c, cohort_id, &st);
    if (st == STATUS_OK)
        published = ctx_list(c, "plan_published_get", cohort_id, &st);
    if (st == STATUS_OK && ctx_query(c, "plan").n > 0) {
        int64_t plan_id;
        if (!ctx_number(c, ctx_query(c, "plan"), &plan_id))
            return;
        plans = ctx_list(c, "plan_get", plan_id, &st);
        st = st == STATUS_OK && (plans.n == 0 || ((const struct plan_row *)plans.item)->cohort_id != cohort_id) ? STATUS_NOT_FOUND : st;
    }
    if (st != STATUS_OK) {
        ctx_fail(c, st);
        return;
    }
    const struct plan_row *p = published.item;
    struct replan_view v = { .cohort_id = cohort_id, .cohort = ctx_pick(c, k->name_zh, k->name_en), .error = STR(""), .left = STR(""),
                             .published_id = published.n > 0 ? p->id : 0, .published_number = published.n > 0 ? p->number : 0, .title = ctx_form(c, "title"),
                             .seconds = ctx_form(c, "seconds"), .may_make = app_may(&c->session.actor, CAP_make_plan),
                             .is_fresh = str_is(ctx_query(c, "refresh"), "1") };
    if (v.seconds.n == 0)
        v.seconds = plan_number(c, settings_value(c->app, c->arena, c->session.actor.base_id, SETTING_plan_seconds));
    fill_weeks(c, k, &v);
    if (plans.n > 0) {
        v.plan_id = ((const struct plan_row *)plans.item)->id;
        v.plan_version = ((const struct plan_row *)plans.item)->version;
        fill_plan(c, plans.item, &v);
    }
    if (v.is_running && v.is_fresh)
        http_put_header(c->resp, "Refresh", plan_number(c, REFRESH_S));
    if (c->errs.n > 0)
        v.error = msg_err(c->arena, &c->errs.item[0], c->page.lang);
    c->page.sheet = "board.css";
    c->page.more_sheet = "plan.css";
    c->page.script = v.is_running && !v.is_fresh ? "plans.js" : NULL;
    page_replan(&c->resp->body, &c->page, &v);
}

void page_replan_get(struct ctx *c)
{
    int64_t id;
    if (ctx_number(c, c->word[0], &id))
        show(c, id);
}

/* Stops the run of a plan that is being made again; what was found so far stays. */
static void stop(struct ctx *c, int64_t cohort_id)
{
    struct in_target *in = record_new(c->arena, &record_in_target);
    struct call call = { 0 };
    enum status st;
    if (!ctx_number(c, ctx_form(c, "plan"), &call.target_id) || !ctx_number(c, ctx_form(c, "version"), &call.target_version))
        return;
    int64_t plan_id = call.target_id;
    struct rows plans = ctx_list(c, "plan_get", plan_id, &st);
    if (st == STATUS_OK)
        st = plans.n > 0 && ((const struct plan_row *)plans.item)->cohort_id == cohort_id ? ctx_run(c, "job_cancel", in, &call) : STATUS_NOT_FOUND;
    if (st == STATUS_OK)
        http_redirect(c->resp, arena_printf(c->arena, "/replan/%lld?plan=%lld", (long long)cohort_id, (long long)plan_id));
    else
        ctx_fail(c, st);
}

void page_replan_post(struct ctx *c)
{
    static const char *const fields[] = { "title", "seconds", "freeze_week", "proposals" };
    struct in_plan *in = record_new(c->arena, &record_in_plan);
    struct call call = { 0 };
    enum status st;
    if (!ctx_number(c, c->word[0], &in->cohort_id))
        return;
    if (str_is(ctx_form(c, "do"), "cancel")) {
        stop(c, in->cohort_id);
        return;
    }
    struct rows published = ctx_list(c, "plan_published_get", in->cohort_id, &st);
    in->based_on_id = published.n > 0 ? ((const struct plan_row *)published.item)->id : 0;
    for (size_t i = 0; st == STATUS_OK && i < LEN(fields); i++)
        if (!field_take(record_field(&record_in_plan, str_of(fields[i])), in, ctx_form(c, fields[i]), &c->errs))
            st = STATUS_INPUT;
    if (st == STATUS_OK)
        st = ctx_run(c, "plan_make", in, &call);
    if (st == STATUS_OK) {
        http_redirect(c->resp, arena_printf(c->arena, "/replan/%lld?plan=%lld", (long long)in->cohort_id, (long long)call.id));
    } else if (st == STATUS_INPUT) {
        c->resp->status = 422;
        show(c, in->cohort_id);
    } else {
        ctx_fail(c, st);
    }
}
