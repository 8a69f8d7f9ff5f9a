/* The secretary's view of a cohort's wishes: who is missing, a list to remind by, and a one-time link for everybody. */
#include "web/form.h"
#include "web/page_links.h"
#include "web/pages.h"

struct overview {
    const struct cohort *cohort;
    struct rows students, missing;
};

static enum status load(struct ctx *c, int64_t id, struct overview *o)
{
    enum status st;
    struct rows cohorts = ctx_list(c, "cohort_list", NONE, &st);
    o->cohort = form_row(&record_cohort, &cohorts, id);
    if (st == STATUS_OK && o->cohort == NULL)
        st = STATUS_NOT_FOUND;
    if (st == STATUS_OK)
        o->students = ctx_list(c, "student_list", id, &st);
    if (st == STATUS_OK)
        o->missing = ctx_list(c, "wishes_missing", id, &st);
    return st;
}

static struct str day(struct ctx *c, int64_t d)
{
    char text[DATE_TEXT_BYTES];
    return d == NONE ? STR("") : arena_str(c->arena, str_of(date_text((date)d, text)));
}

void page_wish_overview_get(struct ctx *c)
{
    int64_t id;
    struct overview o;
    if (!ctx_number(c, c->word[0], &id))
        return;
    enum status st = load(c, id, &o);
    if (st != STATUS_OK) {
        ctx_fail(c, st);
        return;
    }
    const struct student_row *m = o.missing.item;
    date today = app_today(c->app);
    struct missing_item *item = ARENA_ARRAY(c->arena, o.missing.n, struct missing_item);
    for (size_t i = 0; i < o.missing.n; i++)
        item[i] = (struct missing_item){ m[i].id, m[i].number, m[i].name, m[i].group_name };
    struct wishes_overview v = { .cohort_id = id, .cohort = ctx_pick(c, o.cohort->name_zh, o.cohort->name_en), .open = day(c, o.cohort->wishes_open),
                                 .close = day(c, o.cohort->wishes_close), .may_edit = app_may(&c->session.actor, CAP_edit_wishes), .item = item,
                                 .items = o.missing.n,
                                 .is_open = o.cohort->wishes_open != NONE && today >= o.cohort->wishes_open,
                                 .is_over = o.cohort->wishes_close != NONE && today > o.cohort->wishes_close };
    for (size_t i = 0; i < o.students.n; i++)
        v.total += ((const struct student_row *)o.students.item)[i].state == student_state_active;
    v.given = v.total - (int64_t)o.missing.n;
    c->page.sheet = "forms.css";
    c->page.script = "forms.js";
    page_wish_overview(&c->resp->body, &c->page, &v);
}

/* A cell of a CSV file; what a spreadsheet would take for a formula gets an apostrophe in front. */
static void put_cell(struct buf *b, struct str s, bool last)
{
    bool risky = s.n > 0 && memchr("=+-@\t\r", s.p[0], 6) != NULL;
    buf_z(b, risky ? "\"'" : "\"");
    for (size_t i = 0; i < s.n; i++) {
        if (s.p[i] == '"')
            buf_char(b, '"');
        buf_char(b, s.p[i]);
    }
    buf_z(b, last ? "\"\r\n" : "\",");
}

void page_wish_missing_csv(struct ctx *c)
{
    int64_t id;
    struct overview o;
    if (!ctx_number(c, c->word[0], &id))
        return;
    enum status st = load(c, id, &o);
    if (st != STATUS_OK) {
        ctx_fail(c, st);
        return;
    }
    const struct student_row *m = o.missing.item;
    struct buf b = buf_make(4 << 20);
    buf_z(&b, "\xEF\xBB\xBF"); /* so that a spreadsheet takes it for UTF-8 */
    put_cell(&b, str_of(msg_text(MSG_student_number, c->page.lang)), false);
    put_cell(&b, str_of(msg_text(MSG_field_name, c->page.lang)), false);
    put_cell(&b, str_of(msg_text(MSG_field_group_name, c->page.lang)), true);
    for (size_t i = 0; i < o.missing.n; i++) {
        put_cell(&b, m[i].number, false);
        put_cell(&b, m[i].name, false);
        put_cell(&b, m[i].group_name, true);
    }
    struct str name = arena_printf(c->arena, "%.*s-%s.csv", STR_ARG(o.cohort->code), msg_text(MSG_wish_missing_file, c->page.lang));
    http_put_file(c->resp, "text/csv; charset=utf-8", name, buf_view(&b));
    buf_free(&b);
}

void page_cohort_links(struct ctx *c)
{
    struct call call = { 0 };
    struct overview o = { 0 };
    if (!ctx_number(c, c->word[0], &call.target_id))
        return;
    enum status st = ctx_run(c, "links_make", record_new(c->arena, &record_in_target), &call);
    if (st == STATUS_OK)
        st = load(c, call.target_id, &o);
    struct str back = arena_printf(c->arena, "/cohort/%lld/wishes", (long long)call.target_id);
    c->page.path = back;
    if (st == STATUS_OK)
        links_show(c, MSG_wish_links, ctx_pick(c, o.cohort->name_zh, o.cohort->name_en), &call.rows, back);
    else
        ctx_fail(c, st);
}
