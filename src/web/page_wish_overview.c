/* The secretary's view of a cohort's wishes: who is missing, a list to remind by, and a one-time link for everybody. */
#include "web/form.h"
#include "web/page_links.h"
#include "web/pages.h"

/* A page shows the first of those who are missing, the file holds them all. */
enum { SHOWN_MOST = 200, PAGE_ROWS = 10000, PAGE_BYTES_MOST = 64 << 20, FILE_BYTES_MOST = LIMIT_http_answer_bytes };

static enum status find_cohort(struct ctx *c, int64_t id, const struct cohort **cohort)
{
    enum status st;
    struct rows cohorts = ctx_list(c, "cohort_list", NONE, &st);
    *cohort = form_row(&record_cohort, &cohorts, id);
    return st == STATUS_OK && *cohort == NULL ? STATUS_NOT_FOUND : st;
}

/* Those without a wish, from the offset on: at most PAGE_ROWS. */
static enum status find_missing(struct ctx *c, int64_t id, int64_t offset, struct rows *rows)
{
    struct in_list *in = record_new(c->arena, &record_in_list);
    struct call call = { 0 };
    in->parent_id = id;
    in->offset = offset;
    enum status st = ctx_run(c, "wishes_missing", in, &call);
    *rows = st == STATUS_OK ? call.rows : (struct rows){ 0 };
    assert(rows->n <= PAGE_ROWS);
    return st;
}

static struct str day(struct ctx *c, int64_t d)
{
    char text[DATE_TEXT_BYTES];
    return d == NONE ? STR("") : arena_str(c->arena, str_of(date_text((date)d, text)));
}

void page_wish_overview_get(struct ctx *c)
{
    int64_t id, total = 0, missing = 0;
    const struct cohort *k;
    struct rows rows = { 0 };
    if (!ctx_number(c, c->word[0], &id))
        return;
    enum status st = find_cohort(c, id, &k);
    if (st == STATUS_OK)
        total = ctx_count(c, "students_count", id, &st);
    if (st == STATUS_OK)
        missing = ctx_count(c, "wishes_missing_count", id, &st);
    if (st == STATUS_OK)
        st = find_missing(c, id, 0, &rows);
    if (st != STATUS_OK) {
        ctx_fail(c, st);
        return;
    }
    const struct student_row *m = rows.item;
    date today = app_today(c->app);
    size_t shown = MIN(rows.n, (size_t)SHOWN_MOST);
    struct missing_item *item = ARENA_ARRAY(c->arena, shown, struct missing_item);
    for (size_t i = 0; i < shown; i++)
        item[i] = (struct missing_item){ m[i].id, m[i].number, m[i].name, m[i].group_name };
    struct wishes_overview v = { .cohort_id = id, .cohort = ctx_pick(c, k->name_zh, k->name_en), .open = day(c, k->wishes_open),
                                 .close = day(c, k->wishes_close), .may_edit = app_may(&c->session.actor, CAP_edit_wishes),
                                 .total = total, .given = total - missing, .missing = missing, .item = item, .items = shown,
                                 .is_open = k->wishes_open != NONE && today >= k->wishes_open,
                                 .is_over = k->wishes_close != NONE && today > k->wishes_close };
    c->page.sheet = "forms.css";
    c->page.script = "forms.js";
    page_wish_overview(&c->resp->body, &c->page, &v);
}

/* A cell of a CSV file; what a spreadsheet would take for a formula gets an apostrophe in front. */
static void put_cell(struct buf *b, struct str s, bool last)
{
    buf_z(b, str_is_formula(s) ? "\"'" : "\"");
    for (size_t i = 0; i < s.n; i++) {
        if (s.p[i] == '"')
            buf_char(b, '"');
        buf_char(b, s.p[i]);
    }
    buf_z(b, last ? "\"\r\n" : "\",");
}

static void put_missing(struct buf *b, const struct rows *rows)
{
    const struct student_row *m = rows->item;
    for (size_t i = 0; i < rows->n; i++) {
        put_cell(b, m[i].number, false);
        put_cell(b, m[i].name, false);
        put_cell(b, m[i].group_name, true);
    }
}

/* All of them, PAGE_ROWS at a time, each in memory of its own: a request's would not hold a hundred thousand. */
static enum status put_all_missing(struct ctx *c, int64_t id, struct buf *b)
{
    enum status st = STATUS_OK;
    struct rows rows = { .n = PAGE_ROWS };
    for (int64_t from = 0; st == STATUS_OK && rows.n == PAGE_ROWS; from += PAGE_ROWS) {
        struct arena own = arena_make(PAGE_BYTES_MOST); /* several times what as many of the longest names take */
        struct ctx part = *c;
        part.arena = &own;
        assert(from % PAGE_ROWS == 0);
        st = find_missing(&part, id, from, &rows);
        if (st == STATUS_OK)
            put_missing(b, &rows);
        arena_free(&own);
    }
    return st == STATUS_OK && b->failed ? STATUS_LIMIT : st; /* half a list would be taken for the whole one */
}

void page_wish_missing_csv(struct ctx *c)
{
    int64_t id;
    const struct cohort *k;
    if (!ctx_number(c, c->word[0], &id))
        return;
    enum status st = find_cohort(c, id, &k);
    struct buf b = buf_make(FILE_BYTES_MOST);
    buf_z(&b, "\xEF\xBB\xBF"); /* so that a spreadsheet takes it for UTF-8 */
    put_cell(&b, str_of(msg_text(MSG_student_number, c->page.lang)), false);
    put_cell(&b, str_of(msg_text(MSG_field_name, c->page.lang)), false);
    put_cell(&b, str_of(msg_text(MSG_field_group_name, c->page.lang)), true);
    if (st == STATUS_OK)
        st = put_all_missing(c, id, &b);
    if (st == STATUS_OK) {
        struct str name = arena_printf(c->arena, "%.*s-%s.csv", STR_ARG(k->code), msg_text(MSG_wish_missing_file, c->page.lang));
        http_put_file(c->resp, "text/csv; charset=utf-8", name, buf_view(&b));
    } else {
        ctx_fail(c, st);
    }
    buf_free(&b);
}

void page_cohort_links(struct ctx *c)
{
    struct call call = { 0 };
    const struct cohort *k = NULL;
    if (!ctx_number(c, c->word[0], &call.target_id))
        return;
    enum status st = ctx_run(c, "links_make", record_new(c->arena, &record_in_target), &call);
    if (st == STATUS_OK)
        st = find_cohort(c, call.target_id, &k);
    struct str back = arena_printf(c->arena, "/cohort/%lld/wishes", (long long)call.target_id);
    c->page.path = back;
    if (st == STATUS_OK)
        links_show(c, MSG_wish_links, ctx_pick(c, k->name_zh, k->name_en), &call.rows, back);
    else
        ctx_fail(c, st);
}
