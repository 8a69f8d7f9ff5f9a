/* Departments, and a department's seats week by week: a range changed at once; who is affected is shown before it is saved. */
#include "web/form.h"
#include "web/pages.h"
#include "web/plan_head.h"

#include <stdio.h>

enum { WEEK = 7, WEEKS_WITHOUT_COHORT = 26, WEEKS_MOST = 160 };

struct capacity_page {
    struct ctx *c;
    const struct department *department;
    struct rows exceptions, cohorts, load, quotas, groups;
    int64_t from, until; /* Mondays, until exclusive */
};

/* The weeks of the cohorts that run or will, from this week on; some weeks ahead where there is none. */
static void find_horizon(struct capacity_page *d)
{
    const struct cohort *k = d->cohorts.item;
    int64_t now = date_monday(app_today(d->c->app));
    d->from = d->until = NONE;
    for (size_t i = 0; i < d->cohorts.n; i++) {
        int64_t end = k[i].first_week + WEEK * k[i].weeks;
        if (end <= now)
            continue;
        d->from = d->from == NONE ? k[i].first_week : MIN(d->from, k[i].first_week);
        d->until = d->until == NONE ? end : MAX(d->until, end);
    }
    if (d->from == NONE) {
        d->from = now;
        d->until = now + WEEK * WEEKS_WITHOUT_COHORT;
    }
    d->until = MIN(d->until, d->from + WEEK * WEEKS_MOST);
}

static enum status load(struct capacity_page *d, int64_t id)
{
    enum status st;
    struct ctx *c = d->c;
    struct rows departments = ctx_list(c, "department_list", NONE, &st);
    d->department = form_row(&record_department, &departments, id);
    if (st == STATUS_OK && d->department == NULL)
        st = STATUS_NOT_FOUND;
    if (st == STATUS_OK)
        d->exceptions = ctx_list(c, "capacity_list", id, &st);
    if (st == STATUS_OK)
        d->cohorts = ctx_list(c, "cohort_list", NONE, &st);
    if (st == STATUS_OK)
        d->quotas = ctx_list(c, "group_quota_list", id, &st);
    if (st == STATUS_OK)
        d->groups = ctx_list(c, "group_all", NONE, &st);
    if (st != STATUS_OK)
        return st;
    find_horizon(d);
    struct in_capacity_load *in = record_new(c->arena, &record_in_capacity_load);
    struct call call = { 0 };
    in->department_id = id;
    in->first_week = d->from;
    in->last_week = d->until - WEEK;
    st = ctx_run(c, "capacity_load", in, &call);
    d->load = call.rows;
    return st;
}

/* "2027 spring: week 3" of each cohort that has the week. */
static struct str teaching_weeks(struct capacity_page *d, int64_t monday)
{
    const struct cohort *k = d->cohorts.item;
    struct buf b = buf_make(1 << 12);
    size_t running = 0;
    for (size_t i = 0; i < d->cohorts.n; i++)
        running += k[i].first_week < d->until && k[i].first_week + WEEK * k[i].weeks > d->from;
    for (size_t i = 0; i < d->cohorts.n; i++) {
        int64_t number = (monday - k[i].first_week) / WEEK + 1;
        if (monday < k[i].first_week || number > k[i].weeks)
            continue;
        struct str arg[] = { arena_printf(d->c->arena, "%lld", (long long)number) };
        buf_z(&b, b.n > 0 ? " · " : "");
        if (running > 1) {
            buf_str(&b, ctx_pick(d->c, k[i].name_zh, k[i].name_en));
            buf_char(&b, ' ');
        }
        msg_put(&b, MSG_board_week, d->c->page.lang, arg, 1);
    }
    struct str s = arena_str(d->c->arena, buf_view(&b));
    buf_free(&b);
    return s;
}

static const struct capacity *exception_of(const struct capacity_page *d, int64_t monday)
{
    const struct capacity *e = d->exceptions.item, *found = NULL;
    for (size_t i = 0; i < d->exceptions.n; i++) /* the last one that covers the week counts */
        if (monday >= e[i].first_week && monday < e[i].first_week + WEEK * e[i].weeks)
            found = &e[i];
    return found;
}

static struct capacity_week week_of(struct capacity_page *d, int64_t monday)
{
    char text[DATE_TEXT_BYTES];
    const struct capacity *e = exception_of(d, monday);
    const struct effect_row *r = d->load.item;
    struct capacity_week w = { .monday = monday, .monday_text = arena_str(d->c->arena, str_of(date_text((date)monday, text))),
                               .teaching = teaching_weeks(d, monday), .seats = e != NULL ? e->seats : d->department->seats,
                               .reason = e != NULL ? e->reason : STR(""), .is_exception = e != NULL,
                               .is_now = monday == date_monday(app_today(d->c->app)) };
    for (size_t i = 0; i < d->load.n; i++) {
        if (monday < r[i].first_week || monday >= r[i].until_week)
            continue;
        *(r[i].base_id == d->c->session.actor.base_id ? &w.here : &w.others) += r[i].value;
    }
    w.is_over = w.here + w.others > w.seats;
    return w;
}

/* First and last week are chosen from the weeks shown; what was posted stays chosen. */
static struct control week_control(struct capacity_page *d, const struct form *f, const char *name)
{
    struct control ctl = form_control(f, name);
    size_t weeks = (size_t)((d->until - d->from) / WEEK), n = 0;
    struct option *o = ARENA_ARRAY(d->c->arena, weeks, struct option);
    for (int64_t w = d->from; w < d->until; w += WEEK) {
        char text[DATE_TEXT_BYTES];
        struct str day = arena_str(d->c->arena, str_of(date_text((date)w, text))), teaching = teaching_weeks(d, w);
        o[n++] = (struct option){ w, day, teaching.n > 0 ? arena_printf(d->c->arena, "%.*s (%.*s)", STR_ARG(teaching), STR_ARG(day)) : day, str_eq(day, ctl.value) };
    }
    ctl.kind = CONTROL_CHOICE;
    ctl.hint = MSG_none;
    ctl.option = o;
    ctl.options = n;
    return ctl;
}

static void put_affected(struct ctx *c, struct capacity_view *v, const struct in_capacity_range *in)
{
    struct call call = { 0 };
    struct errs keep = c->errs;
    c->errs = errs_make(c->arena);
    enum status st = ctx_run(c, "capacity_effect", in, &call);
    c->errs = keep;
    const struct effect_row *e = call.rows.item;
    struct affected *item = ARENA_ARRAY(c->arena, call.rows.n, struct affected);
    for (size_t i = 0; st == STATUS_OK && i < call.rows.n; i++) {
        if (e[i].student_id == NONE)
            v->nameless += e[i].value;
        else
            item[v->affecteds++] = (struct affected){ e[i].name, e[i].number, plan_state_list.item[e[i].state].label, (date)e[i].first_week,
                                                      (date)(e[i].until_week - 1) };
    }
    v->affected = item;
    v->asks = st == STATUS_OK && v->affecteds + (size_t)v->nameless > 0;
}

static struct str number_or_empty(struct ctx *c, int64_t n)
{
    return n == NONE ? STR("") : arena_printf(c->arena, "%lld", (long long)n);
}

static void put_quotas(struct capacity_page *d, struct capacity_view *v, const struct posted *posted)
{
    static const char *const fields[] = { "group_id", "seats", "outside", "department_id" };
    struct ctx *c = d->c;
    const struct quota_row *q = d->quotas.item;
    struct quota_item *item = ARENA_ARRAY(c->arena, d->quotas.n, struct quota_item);
    struct control *ctl = ARENA_ARRAY(c->arena, LEN(fields), struct control);
    struct form f = form_make(c, posted, "group_quota_save", 0, NULL);
    for (size_t i = 0; i < d->quotas.n; i++)
        item[i] = (struct quota_item){ q[i].id, q[i].version, TEXT(c, q[i].outside == 1 ? MSG_quota_entry_outside : MSG_quota_entry, q[i].name, plan_number(c, q[i].seats)) };
    for (size_t i = 0; i < LEN(fields); i++)
        ctl[i] = form_control(&f, fields[i]);
    form_choose(&f, &ctl[0], &record_group_row, &d->groups);
    ctl[LEN(fields) - 1].kind = CONTROL_HIDDEN;
    ctl[LEN(fields) - 1].value = plan_number(c, v->department_id);
    v->quota = item;
    v->quotas = d->quotas.n;
    v->has_groups = d->groups.n > 0;
    v->quota_open = f.is_posted;
    v->add_quota = (struct controls){ ctl, LEN(fields) };
}

static void show(struct ctx *c, int64_t id, const struct posted *posted, bool asks)
{
    struct capacity_page d = { .c = c };
    struct errs keep = c->errs;
    c->errs = errs_make(c->arena);
    enum status st = load(&d, id);
    c->errs = keep;
    if (st != STATUS_OK) {
        ctx_fail(c, st);
        return;
    }
    size_t n = (size_t)((d.until - d.from) / WEEK);
    struct capacity_week *week = ARENA_ARRAY(c->arena, n, struct capacity_week);
    for (size_t i = 0; i < n; i++)
        week[i] = week_of(&d, d.from + WEEK * (int64_t)i);
    struct form f = form_make(c, posted, "capacity_range", 0, NULL);
    struct control range[] = { week_control(&d, &f, "first_week"), week_control(&d, &f, "last_week"), form_control(&f, "seats"), form_control(&f, "reason") };
    range[2].hint = MSG_capacity_seats_hint;
    struct capacity_view v = { .department_id = id, .standard = d.department->seats, .name = ctx_pick(c, d.department->name_zh, d.department->name_en),
                               .error = asks ? STR("") : form_error(c), .week = week, .weeks = n, .range = { range, LEN(range) },
                               .may_edit = app_may(&c->session.actor, CAP_edit_department), .saved = str_is(ctx_query(c, "saved"), "1") };
    if (asks) {
        const struct in_capacity_range *in = posted->in;
        char from[DATE_TEXT_BYTES], last[DATE_TEXT_BYTES];
        put_affected(c, &v, in);
        v.first_week = arena_str(c->arena, str_of(date_text((date)in->first_week, from))).p;
        v.last_week = arena_str(c->arena, str_of(date_text((date)in->last_week, last))).p;
        v.seats = number_or_empty(c, in->seats);
        v.reason = in->reason;
    }
    put_quotas(&d, &v, posted);
    c->page.path = arena_printf(c->arena, "/capacity/%lld", (long long)id);
    c->page.sheet = "forms.css";
    page_capacity(&c->resp->body, &c->page, &v);
}

void page_capacity_get(struct ctx *c)
{
    int64_t id;
    if (ctx_number(c, c->word[0], &id))
        show(c, id, &(struct posted){ 0 }, false);
}

void page_capacity_post(struct ctx *c)
{
    int64_t id;
    struct in_capacity_range *in = record_new(c->arena, &record_in_capacity_range);
    struct call call = { 0 };
    if (!ctx_number(c, c->word[0], &id))
        return;
    in->department_id = id;
    bool good = record_from_form(&record_in_capacity_range, in, ctx_lookup, c, &c->errs);
    in->department_id = id;
    enum status st = good ? ctx_run(c, "capacity_range", in, &call) : STATUS_INPUT;
    if (form_answered(c, st, arena_printf(c->arena, "/capacity/%lld?saved=1", (long long)id)))
        return;
    bool asks = c->errs.n == 1 && c->errs.item[0].id == MSG_refuse_affects;
    if (asks)
        c->resp->status = 200;
    show(c, id, &(struct posted){ "capacity_range", 0, in }, asks);
}

/* Quotas of groups, beside the seats. */
void page_capacity_act(struct ctx *c)
{
    static const struct form_act acts[] = { { "quota", "group_quota_save" }, { "quota-delete", "group_quota_delete" } };
    int64_t id;
    struct posted posted = { 0 };
    struct call call = { 0 };
    if (!ctx_number(c, c->word[0], &id))
        return;
    enum status st = form_run_act(c, acts, LEN(acts), &posted, &call);
    if (!form_answered(c, st, arena_printf(c->arena, "/capacity/%lld?saved=1", (long long)id)))
        show(c, id, &posted, false);
}

/* ---- the list of departments ---- */

void page_departments_get(struct ctx *c)
{
    enum status st;
    struct rows rows = ctx_list(c, "department_list", NONE, &st), sites = { 0 }, preceptors = { 0 }, unnamed = { 0 };
    bool may_name = app_may(&c->session.actor, CAP_name_preceptor);
    if (st == STATUS_OK)
        sites = ctx_list(c, "site_list", NONE, &st);
    if (st == STATUS_OK)
        preceptors = ctx_list(c, "preceptor_all", NONE, &st);
    if (st == STATUS_OK && may_name)
        unnamed = ctx_list(c, "supervision_open", NONE, &st);
    if (st != STATUS_OK) {
        ctx_fail(c, st);
        return;
    }
    const struct department *d = rows.item;
    const struct preceptor *p = preceptors.item;
    const struct load_row *u = unnamed.item;
    struct department_item *item = ARENA_ARRAY(c->arena, rows.n, struct department_item);
    struct departments_view v = { .item = item, .items = rows.n, .may_edit = app_may(&c->session.actor, CAP_edit_department), .may_name = may_name, .has_sites = sites.n > 0 };
    for (size_t i = 0; i < rows.n; i++) {
        const struct site *s = d[i].site_id != NONE ? form_row(&record_site, &sites, d[i].site_id) : NULL;
        item[i] = (struct department_item){ .id = d[i].id, .seats = d[i].seats, .name = ctx_pick(c, d[i].name_zh, d[i].name_en), .code = d[i].code,
                                            .initials = d[i].initials, .site = s != NULL ? ctx_pick(c, s->name_zh, s->name_en) : STR("") };
        for (size_t k = 0; k < preceptors.n; k++)
            item[i].preceptors += p[k].department_id == d[i].id && p[k].active == 1;
        for (size_t k = 0; k < unnamed.n; k++)
            item[i].unnamed += u[k].department_id == d[i].id ? u[k].value : 0;
        v.seats += d[i].seats;
    }
    c->page.sheet = "forms.css";
    page_departments(&c->resp->body, &c->page, &v);
}
