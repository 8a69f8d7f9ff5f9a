/* Imports: choosing a table file, the history with undo, tables to fill in. The preview is page_import_preview.c. */
#include "app/imports.h"
#include "core/limits.h"
#include "web/page_import.h"

#include <stdio.h>

enum { PAGE_ROWS = 50, TEMPLATE_BYTES_MOST = 4 << 20 };

const struct import_page_kind import_page_kinds[import_kind_COUNT] = {
    [import_kind_students] = { MSG_import_kind_students, MSG_import_hint_students, "/students/", "" },
    [import_kind_departments] = { MSG_import_kind_departments, MSG_import_hint_departments, "/departments", NULL },
    [import_kind_preceptors] = { MSG_import_kind_preceptors, MSG_import_hint_preceptors, "/departments", NULL },
    [import_kind_programmes] = { MSG_import_kind_programmes, MSG_import_hint_programmes, "/programmes", NULL },
    [import_kind_wishes] = { MSG_import_kind_wishes, MSG_import_hint_wishes, "/cohort/", "/wishes" },
};

static const char *const state_classes[import_state_COUNT] = {
    [import_state_reading] = "tag",        [import_state_preview] = "tag warn",   [import_state_accepting] = "tag",
    [import_state_accepted] = "tag good",  [import_state_refused] = "tag soft",   [import_state_undone] = "tag soft",
    [import_state_failed] = "tag bad",
};

enum msg_id import_page_state(const struct import *i, const char **class)
{
    assert(i->state >= 0 && i->state < import_state_COUNT);
    bool is_preview = i->state == import_state_preview, wrong = i->rows_wrong > 0 || !str_is(i->problems, "[]");
    bool is_same = i->rows_new + i->rows_changed == 0;
    *class = !is_preview ? state_classes[i->state] : wrong ? "tag bad" : is_same ? "tag soft" : "tag warn";
    if (is_preview && (wrong || is_same))
        return wrong ? MSG_import_row_state_wrong : MSG_import_row_state_unchanged;
    return import_state_list.item[i->state].label;
}

static bool kind_of(struct str name, int64_t *out)
{
    for (int k = 0; k < import_kind_COUNT; k++)
        if (str_is(name, import_kind_list.item[k].name)) {
            *out = k;
            return true;
        }
    return false;
}

/* ---- names ------------------------------------------------------------------------------------------------ */

struct str import_page_cohort(struct ctx *c, const struct rows *cohorts, int64_t id)
{
    const struct cohort *x = cohorts->item;
    for (size_t i = 0; i < cohorts->n; i++)
        if (x[i].id == id)
            return ctx_pick(c, x[i].name_zh, x[i].name_en);
    return STR("");
}

struct str import_page_person(struct ctx *c, const struct rows *members, int64_t id)
{
    const struct member_row *m = members->item;
    for (size_t i = 0; i < members->n; i++)
        if (m[i].person_id == id)
            return m[i].name;
    return str_of(msg_text(MSG_import_by_operator, c->page.lang));
}

struct str import_page_error(struct ctx *c)
{
    if (c->errs.n == 0)
        return STR("");
    const struct err *e = &c->errs.item[0];
    struct import_fault_text f = { .row = e->row, .at = STR(""), .text = msg_err(c->arena, e, c->page.lang) };
    return import_fault_line(c->arena, &f, c->page.lang);
}

bool import_page_names(struct ctx *c, struct rows *cohorts, struct rows *members, enum status *st)
{
    *cohorts = *members = (struct rows){ 0 };
    if (*st == STATUS_OK)
        *cohorts = ctx_list(c, "cohort_list", NONE, st);
    if (*st == STATUS_OK)
        *members = ctx_list(c, "member_list", NONE, st);
    return *st == STATUS_OK;
}

/* ---- the start page --------------------------------------------------------------------------------------- */

static void fill_kinds(struct ctx *c, struct import_start_view *v, int64_t chosen)
{
    struct import_kind_item *item = ARENA_ARRAY(c->arena, import_kind_COUNT, struct import_kind_item);
    for (int k = 0; k < import_kind_COUNT; k++)
        if (import_may(&c->session.actor, (enum import_kind)k))
            item[v->kinds++] = (struct import_kind_item){ import_kind_list.item[k].name, import_page_kinds[k].label, import_page_kinds[k].hint, k == chosen };
    bool any = false;
    for (size_t i = 0; i < v->kinds; i++)
        any = any || item[i].chosen;
    if (!any && v->kinds > 0)
        item[0].chosen = true;
    v->kind = item;
}

static void fill_cohorts(struct ctx *c, struct import_start_view *v, const struct rows *cohorts, int64_t chosen)
{
    struct option *o = ARENA_ARRAY(c->arena, cohorts->n, struct option);
    const struct cohort *x = cohorts->item;
    for (size_t i = 0; i < cohorts->n; i++)
        o[i] = (struct option){ x[i].id, arena_printf(c->arena, "%lld", (long long)x[i].id), ctx_pick(c, x[i].name_zh, x[i].name_en),
                                chosen == NONE ? i == 0 : x[i].id == chosen };
    v->cohort = o;
    v->cohorts = cohorts->n;
}

static void fill_history(struct ctx *c, struct import_start_view *v, const struct rows *imports, const struct rows *cohorts,
                         const struct rows *members)
{
    struct import_item *item = ARENA_ARRAY(c->arena, imports->n, struct import_item);
    const struct import *i = imports->item;
    for (size_t n = 0; n < imports->n; n++) {
        item[n] = (struct import_item){ .id = i[n].id, .kind = import_page_kinds[i[n].kind].label, .file = i[n].file_name,
                                        .cohort = import_page_cohort(c, cohorts, i[n].cohort_id), .when = ctx_time(c, i[n].made_at),
                                        .who = import_page_person(c, members, i[n].made_by_id), .fresh = i[n].rows_new,
                                        .changed = i[n].rows_changed, .wrong = i[n].rows_wrong };
        item[n].state = import_page_state(&i[n], &item[n].state_class);
    }
    v->item = item;
    v->items = imports->n;
}

static void show_start(struct ctx *c, int64_t kind, int64_t cohort_id)
{
    enum status st;
    int64_t offset = 0;
    struct str from = ctx_query(c, "from");
    if (from.n > 0 && !ctx_number(c, from, &offset))
        return;
    struct in_list *in = record_new(c->arena, &record_in_list);
    struct call call = { 0 };
    in->offset = offset;
    st = ctx_run(c, "import_list", in, &call);
    struct rows cohorts, members;
    if (!import_page_names(c, &cohorts, &members, &st)) {
        ctx_fail(c, st);
        return;
    }
    struct import_start_view v = { .error = import_page_error(c), .older = call.rows.n == PAGE_ROWS ? offset + PAGE_ROWS : 0 };
    fill_kinds(c, &v, kind);
    fill_cohorts(c, &v, &cohorts, cohort_id);
    fill_history(c, &v, &call.rows, &cohorts, &members);
    c->page.sheet = "import.css";
    c->page.script = "import.js";
    page_import_start(&c->resp->body, &c->page, &v);
}

void page_import_start_get(struct ctx *c)
{
    int64_t kind = 0, cohort_id = NONE;
    struct str asked = ctx_query(c, "cohort");
    bool known = kind_of(ctx_query(c, "kind"), &kind);
    (void)known;
    if (asked.n > 0 && !ctx_number(c, asked, &cohort_id))
        return;
    show_start(c, kind, cohort_id);
}

/* The file goes in; a small one is read before the answer, a large one by the worker. */
void page_import_upload(struct ctx *c)
{
    struct in_import *in = record_new(c->arena, &record_in_import);
    struct call call = { 0 };
    const struct http_file *file = NULL;
    for (size_t i = 0; i < c->req->files; i++)
        if (str_is(c->req->file[i].field, "file"))
            file = &c->req->file[i];
    enum status st = STATUS_INPUT;
    struct str cohort = ctx_form(c, "cohort_id");
    if (!kind_of(ctx_form(c, "kind"), &in->kind))
        errs_add(&c->errs, MSG_import_no_kind, STR("kind"), NULL);
    else if (cohort.n > 0 && (!str_int(cohort, &in->cohort_id) || in->cohort_id <= 0))
        errs_add(&c->errs, MSG_value_not_reference, STR("cohort_id"), cohort.n < 40 ? arena_str(c->arena, cohort).p : "…", NULL);
    else if (file == NULL)
        errs_add(&c->errs, MSG_import_no_file, STR("file"), NULL);
    else {
        struct str name = file->name;
        for (const char *slash; (slash = memchr(name.p, '/', name.n)) != NULL || (slash = memchr(name.p, '\\', name.n)) != NULL;)
            name = (struct str){ slash + 1, name.n - (size_t)(slash + 1 - name.p) };
        bool named = field_take(&record_in_import.field[in_import_F_file_name], in, name, &c->errs);
        in->content = file->bytes;
        st = named ? ctx_run(c, "import_preview", in, &call) : STATUS_INPUT;
    }
    if (st == STATUS_INPUT) {
        c->resp->status = 422;
        show_start(c, in->kind, in->cohort_id);
        return;
    }
    if (st == STATUS_OK && in->content.n <= LIMIT_import_now_bytes) {
        enum status read = import_work_now(c->app, c->arena, call.id);
        (void)read; /* what became of it stands on its page */
    }
    if (st == STATUS_OK)
        http_redirect(c->resp, arena_printf(c->arena, "/import/%lld", (long long)call.id));
    else
        ctx_fail(c, st);
}

/* ---- tables to fill in ------------------------------------------------------------------------------------- */

/* /import-template/students-zh.xlsx */
void page_import_template(struct ctx *c)
{
    static const char *const endings[] = { "-zh.xlsx", "-en.xlsx", "-zh.csv", "-en.csv" };
    for (int k = 0; k < import_kind_COUNT; k++)
        for (size_t e = 0; e < LEN(endings); e++) {
            struct str name = arena_printf(c->arena, "%s%s", import_kind_list.item[k].name, endings[e]);
            if (!str_eq(name, c->word[0]))
                continue;
            bool xlsx = e < 2, en = e % 2 == 1;
            struct buf b = buf_make(TEMPLATE_BYTES_MOST);
            enum status st = import_template(&b, (enum import_kind)k, en ? LANG_EN : LANG_ZH, xlsx);
            struct str bytes = arena_str(c->arena, buf_view(&b));
            buf_free(&b);
            if (st == STATUS_OK)
                http_put_file(c->resp, xlsx ? "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet" : "text/csv; charset=utf-8",
                              arena_printf(c->arena, "%s%s", msg_text(import_page_kinds[k].label, en ? LANG_EN : LANG_ZH), xlsx ? ".xlsx" : ".csv"), bytes);
            else
                ctx_fail(c, st);
            return;
        }
    ctx_fail(c, STATUS_NOT_FOUND);
}
