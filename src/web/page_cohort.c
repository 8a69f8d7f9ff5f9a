/* Cohorts: the list, and one cohort with its weeks, students, wishes and the way to its plans. */
#include "web/form.h"
#include "web/pages.h"

#include <stdio.h>

enum { WEEK = 7 };

static struct controls cohort_controls(struct ctx *c, const struct posted *posted, int64_t id, const void *rec, const struct rows *programmes)
{
    static const char *const fields[] = { "name_zh", "name_en", "code", "programme_id", "first_week", "weeks", "wishes_open", "wishes_close", "base_id" };
    struct form f = form_make(c, posted, "cohort_save", id, rec);
    struct control *item = ARENA_ARRAY(c->arena, LEN(fields), struct control);
    for (size_t i = 0; i < LEN(fields); i++)
        item[i] = form_control(&f, fields[i]);
    form_choose(&f, &item[3], &record_programme, programmes);
    item[LEN(fields) - 1].kind = CONTROL_HIDDEN;
    item[LEN(fields) - 1].value = arena_printf(c->arena, "%lld", (long long)c->session.actor.base_id);
    return (struct controls){ item, LEN(fields) };
}

static void show_list(struct ctx *c, const struct posted *posted)
{
    enum status st;
    struct rows rows = ctx_list(c, "cohort_list", NONE, &st), programmes = { 0 };
    if (st == STATUS_OK)
        programmes = ctx_list(c, "programme_list", NONE, &st);
    if (st != STATUS_OK) {
        ctx_fail(c, st);
        return;
    }
    const struct cohort *k = rows.item;
    date today = app_today(c->app);
    struct cohort_item *item = ARENA_ARRAY(c->arena, rows.n, struct cohort_item);
    for (size_t i = 0; i < rows.n; i++) {
        const struct programme *p = form_row(&record_programme, &programmes, k[i].programme_id);
        int64_t until = k[i].first_week + WEEK * k[i].weeks;
        item[i] = (struct cohort_item){ .id = k[i].id, .weeks = k[i].weeks, .name = ctx_pick(c, k[i].name_zh, k[i].name_en),
                                        .programme = p != NULL ? ctx_pick(c, p->name_zh, p->name_en) : STR(""),
                                        .from = (date)k[i].first_week, .until = (date)until - 1,
                                        .when = until <= today ? MSG_cohort_over : k[i].first_week <= today ? MSG_cohort_now : MSG_cohort_soon };
    }
    struct cohorts_view v = { .item = item, .items = rows.n, .may_add = app_may(&c->session.actor, CAP_edit_cohort), .has_programme = programmes.n > 0,
                              .add = cohort_controls(c, posted, 0, NULL, &programmes), .error = form_error(c) };
    c->page.sheet = "forms.css";
    page_cohorts(&c->resp->body, &c->page, &v);
}

void page_cohorts_get(struct ctx *c)
{
    show_list(c, &(struct posted){ 0 });
}

void page_cohorts_post(struct ctx *c)
{
    struct posted posted = { 0 };
    struct call call;
    enum status st = form_run(c, "cohort_save", &posted, &call);
    if (st == STATUS_OK)
        http_redirect(c->resp, arena_printf(c->arena, "/cohort/%lld", (long long)call.id));
    else if (st == STATUS_INPUT)
        show_list(c, &posted);
    else
        ctx_fail(c, st);
}

static const struct week_item *weeks_of(struct ctx *c, const struct cohort *k, const struct rows *closed, struct cohort_view *v)
{
    const struct closed_week *x = closed->item;
    struct week_item *week = ARENA_ARRAY(c->arena, k->weeks, struct week_item);
    int64_t now = date_monday(app_today(c->app));
    for (int64_t i = 0; i < k->weeks; i++) {
        date monday = (date)(k->first_week + WEEK * i);
        char text[DATE_TEXT_BYTES];
        enum msg_id holiday = app_holiday_of_week(monday);
        week[i] = (struct week_item){ .number = i + 1, .monday = monday, .monday_text = arena_str(c->arena, str_of(date_text(monday, text))),
                                      .holiday = holiday != MSG_none ? str_of(msg_text(holiday, c->page.lang)) : STR(""), .is_now = monday == now };
        for (size_t n = 0; n < closed->n; n++)
            if (x[n].week == monday)
                week[i].reason = week_reason_list.item[x[n].reason].label;
        v->weeks_closed += week[i].reason != MSG_none;
    }
    v->weeks_open = k->weeks - v->weeks_closed;
    return week;
}

static struct str day_text(struct ctx *c, int64_t day)
{
    char text[DATE_TEXT_BYTES];
    return day == NONE ? STR("") : arena_str(c->arena, str_of(date_text((date)day, text)));
}

static void show(struct ctx *c, int64_t id, const struct posted *posted)
{
    enum status st;
    struct rows cohorts = ctx_list(c, "cohort_list", NONE, &st), programmes = { 0 }, closed = { 0 };
    const struct cohort *k = form_row(&record_cohort, &cohorts, id);
    if (st == STATUS_OK && k == NULL)
        st = STATUS_NOT_FOUND;
    if (st == STATUS_OK)
        programmes = ctx_list(c, "programme_list", NONE, &st);
    if (st == STATUS_OK)
        closed = ctx_list(c, "closed_week_list", id, &st);
    int64_t students = st == STATUS_OK ? ctx_count(c, "students_count", id, &st) : 0, missing = 0;
    bool sees_wishes = app_may(&c->session.actor, CAP_see_wishes);
    if (st == STATUS_OK && sees_wishes)
        missing = ctx_count(c, "wishes_missing_count", id, &st);
    if (st != STATUS_OK) {
        ctx_fail(c, st);
        return;
    }
    const struct programme *p = form_row(&record_programme, &programmes, k->programme_id);
    struct cohort_view v = { .days = c->errs.n > 0 ? ctx_form(c, "days") : STR(""), .id = id, .version = k->version, .programme_id = k->programme_id, .name = ctx_pick(c, k->name_zh, k->name_en),
                             .programme = p != NULL ? ctx_pick(c, p->name_zh, p->name_en) : STR(""), .error = form_error(c),
                             .from = (date)k->first_week, .until = (date)(k->first_week + WEEK * k->weeks - 1),
                             .may_edit = app_may(&c->session.actor, CAP_edit_cohort), .saved = str_is(ctx_query(c, "saved"), "1"),
                             .settings = cohort_controls(c, posted, id, k, &programmes), .sees_wishes = sees_wishes,
                             .settings_open = posted->usecase != NULL || str_is(ctx_query(c, "edit"), "1"), .weeks = (size_t)k->weeks,
                             .wishes_open = day_text(c, k->wishes_open), .wishes_close = day_text(c, k->wishes_close) };
    v.week = weeks_of(c, k, &closed, &v);
    v.students = students;
    v.wishes_given = students - missing;
    c->page.path = arena_printf(c->arena, "/cohort/%lld", (long long)id);
    c->page.sheet = "forms.css";
    page_cohort(&c->resp->body, &c->page, &v);
}

void page_cohort_get(struct ctx *c)
{
    int64_t id;
    if (ctx_number(c, c->word[0], &id))
        show(c, id, &(struct posted){ 0 });
}

/* The ticked weeks and what becomes of them: the button's reason, or open again. */
static enum status close_weeks(struct ctx *c, int64_t id)
{
    struct in_weeks *in = record_new(c->arena, &record_in_weeks);
    struct call call = { 0 };
    struct str reason = ctx_form(c, "reason");
    in->cohort_id = id;
    in->weeks_listed = form_ticked(c, "week-");
    if (!field_take(record_field(&record_in_weeks, STR("days")), in, ctx_form(c, "days"), &c->errs))
        return STATUS_INPUT;
    if (in->weeks_listed.n == 0 && in->days.n == 0) {
        errs_add(&c->errs, MSG_cohort_no_week, STR(""), NULL);
        return STATUS_INPUT;
    }
    const struct field *f = record_field(&record_in_weeks, STR("reason"));
    if (!str_is(reason, "open") && !field_take(f, in, reason, &c->errs))
        return STATUS_INPUT;
    return ctx_run(c, "weeks_close", in, &call);
}

void page_cohort_act(struct ctx *c)
{
    int64_t id;
    struct posted posted = { 0 };
    struct call call;
    enum status st = STATUS_NOT_FOUND;
    if (!ctx_number(c, c->word[0], &id))
        return;
    if (str_is(c->word[1], "save"))
        st = form_run(c, "cohort_save", &posted, &call);
    else if (str_is(c->word[1], "weeks"))
        st = close_weeks(c, id);
    if (!form_answered(c, st, arena_printf(c->arena, "/cohort/%lld?saved=1", (long long)id)))
        show(c, id, &posted);
}
