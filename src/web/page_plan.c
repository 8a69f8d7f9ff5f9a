/* A cohort's plans: make one, follow it, compare variants, take the next step of its agreement. */
#include "app/settings.h"
#include "web/figures.h"
#include "web/pages.h"

enum { VARIANTS_MOST = 6, ACTS_MOST = 4, ROWS_MOST = FIGURES_LEVELS + 8 };

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
        if (next_acts[i].state == (enum plan_state)p->state && (!next_acts[i].act.is_main || q->is_whole) &&
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
                           .is_broken = p->verdict == plan_verdict_broken, .is_infeasible = p->verdict == plan_verdict_infeasible };
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
    }
    q.is_failed = jobs.n == 1 && j->state == job_state_failed;
    q.level = f->level;
    q.levels = f->levels;
    add_acts(c, p, &q);
    return q;
}

/* Student-weeks and students that differ from the published plan; "–" for itself. */
static void count_changes(struct ctx *c, const struct plans_view *v, int64_t plan_id, struct str *weeks, struct str *students)
{
    struct in_pair *in = record_new(c->arena, &record_in_pair);
    struct call call = { 0 };
    *weeks = *students = STR("–");
    if (v->published_id == 0 || v->published_id == plan_id)
        return;
    in->plan_id = v->published_id;
    in->other_id = plan_id;
    if (ctx_run(c, "plan_diff", in, &call) != STATUS_OK)
        return;
    const struct diff_row *d = call.rows.item;
    int64_t sum = 0, people = 0;
    for (size_t i = 0; i < call.rows.n; i++)
        if (i == 0 || d[i].student_id != d[i - 1].student_id) {
            sum += d[i].student_weeks;
            people++;
        }
    *weeks = plan_number(c, sum);
    *students = plan_number(c, people);
}

/* Weeks in which departments are full, and the fullest department's share: how tight a plan is. */
static struct str load_text(struct ctx *c, int64_t plan_id)
{
    struct in_seats *in = record_new(c->arena, &record_in_seats);
    struct call call = { 0 };
    in->plan_id = plan_id;
    if (!app_may(&c->session.actor, CAP_see_all_departments) || ctx_run(c, "seat_list", in, &call) != STATUS_OK)
        return STR("–");
    const struct seat_row *r = call.rows.item;
    int64_t here = 0, seats = 0;
    for (size_t i = 0; i < call.rows.n; i++) {
        here += r[i].here + r[i].others;
        seats += r[i].seats;
    }
    return seats > 0 ? arena_printf(c->arena, "%lld %%", (long long)(here * 100 / seats)) : STR("–");
}

struct table {
    struct variant_row *row;
    size_t rows, columns;
};

static struct str *add_row(struct ctx *c, struct table *t, enum msg_id label, struct str name)
{
    struct str *cell = ARENA_ARRAY(c->arena, t->columns, struct str);
    t->row[t->rows++] = (struct variant_row){ label, name, cell, ARENA_ARRAY(c->arena, t->columns, bool) };
    for (size_t i = 0; i < t->columns; i++)
        cell[i] = STR("–");
    return cell;
}

/* The levels in the order in which they count; the lexicographically best so far is marked. */
static void level_rows(struct ctx *c, struct table *t, const struct plan_item *const *column, const struct figures *const *f)
{
    for (size_t l = 0; l < f[0]->levels; l++) {
        struct str *cell = add_row(c, t, f[0]->level[l].label, f[0]->level[l].name);
        bool *best = (bool *)(uintptr_t)t->row[t->rows - 1].is_best;
        int64_t least = INT64_MAX;
        for (size_t i = 0; i < t->columns; i++) {
            if (l >= f[i]->levels || f[i]->value[l] == NONE)
                continue;
            const struct level_item *x = &f[i]->level[l];
            cell[i] = x->bound.n > 0 && !x->is_proven ? TEXT(c, MSG_plan_value_bound, x->value, x->bound) : x->value;
            if (!column[i]->is_broken) /* what breaks a rule is no better than anything */
                least = MIN(least, f[i]->value[l]);
        }
        for (size_t i = 0; i < t->columns; i++)
            best[i] = !column[i]->is_broken && l < f[i]->levels && f[i]->value[l] == least;
    }
}

static void variants(struct ctx *c, struct plans_view *v, const struct figures *all)
{
    const struct plan_item **column = ARENA_ARRAY(c->arena, VARIANTS_MOST, const struct plan_item *);
    const struct figures **f = ARENA_ARRAY(c->arena, VARIANTS_MOST, const struct figures *);
    struct table t = { .row = ARENA_ARRAY(c->arena, ROWS_MOST, struct variant_row) };
    for (size_t i = 0; i < v->items && t.columns < VARIANTS_MOST; i++) {
        const struct plan_item *q = &v->item[i];
        if (q->is_running || (!q->is_whole && !q->is_broken) || q->state_of == plan_state_superseded)
            continue;
        f[t.columns] = &all[i];
        column[t.columns++] = q;
    }
    if (t.columns < 2)
        return;
    struct str *verdict = add_row(c, &t, MSG_field_verdict, STR(""));
    level_rows(c, &t, column, f);
    struct str *first = add_row(c, &t, MSG_variant_first, STR("")), *weeks = add_row(c, &t, MSG_variant_weeks, STR(""));
    struct str *people = add_row(c, &t, MSG_variant_students, STR("")), *load = add_row(c, &t, MSG_variant_load, STR(""));
    for (size_t i = 0; i < t.columns; i++) {
        verdict[i] = str_of(msg_text(column[i]->verdict, c->page.lang));
        if (f[i]->ranks > 0)
            first[i] = plan_number(c, f[i]->rank[0]);
        count_changes(c, v, column[i]->id, &weeks[i], &people[i]);
        load[i] = load_text(c, column[i]->id);
    }
    v->column = column;
    v->row = t.row;
    v->columns = t.columns;
    v->rows = t.rows;
}

static void show(struct ctx *c, int64_t cohort_id)
{
    enum status st;
    struct rows plans = ctx_list(c, "plan_list", cohort_id, &st);
    const struct cohort *cohort = st == STATUS_OK ? plan_head_cohort(c, cohort_id, &st) : NULL;
    if (st != STATUS_OK) {
        ctx_fail(c, st);
        return;
    }
    const struct plan_row *p = plans.item;
    struct plan_item *item = ARENA_ARRAY(c->arena, plans.n, struct plan_item);
    struct figures *figures = ARENA_ARRAY(c->arena, plans.n, struct figures);
    struct plans_view v = { .cohort_id = cohort_id, .item = item, .items = plans.n, .cohort = ctx_pick(c, cohort->name_zh, cohort->name_en),
                            .may_make = app_may(&c->session.actor, CAP_make_plan), .may_see_all = app_may(&c->session.actor, CAP_see_all_departments), .error = STR(""),
                            .title = ctx_form(c, "title"), .seed = ctx_form(c, "seed"), .seconds = ctx_form(c, "seconds") };
    if (v.seconds.n == 0)
        v.seconds = plan_number(c, settings_value(c->app, c->arena, c->session.actor.base_id, SETTING_plan_seconds));
    for (size_t i = 0; i < plans.n; i++) {
        item[i] = item_of(c, &p[i], &figures[i]);
        v.is_running = v.is_running || item[i].is_running;
        if (p[i].state == plan_state_published)
            v.published_id = p[i].id;
    }
    for (size_t i = 0; i < plans.n; i++)
        for (size_t k = 0; k < plans.n && p[i].based_on_id != NONE; k++)
            if (p[k].id == p[i].based_on_id)
                item[i].based_on = plan_number(c, p[k].number);
    variants(c, &v, figures);
    if (c->errs.n > 0)
        v.error = msg_err(c->arena, &c->errs.item[0], c->page.lang);
    c->page.sheet = "board.css";
    c->page.script = v.is_running ? "plans.js" : NULL;
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
    static const struct {
        const char *word, *usecase;
    } acts[] = { { "propose", "plan_propose" }, { "agree", "plan_agree" },   { "publish", "plan_publish" },
                 { "return", "plan_return" },   { "delete", "plan_delete" }, { "cancel", "job_cancel" } };
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
    struct in_target *in = record_new(c->arena, &record_in_target);
    st = field_take(record_field(&record_in_target, STR("reason")), in, ctx_form(c, "reason"), &c->errs) ? STATUS_OK : STATUS_INPUT;
    int64_t cohort_id = ((const struct plan_row *)plans.item)->cohort_id;
    if (st == STATUS_OK)
        st = ctx_run(c, usecase, in, &call);
    answer(c, st, cohort_id);
}
