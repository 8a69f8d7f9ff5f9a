/* Imports: choosing a table file, its preview, accepting it, the history with undo, tables to fill in. */
#include "app/imports.h"
#include "core/limits.h"
#include "web/ctx.h"
#include "web/pages.h"

#include <stdio.h>

enum { PAGE_ROWS = 50, FAULTS_MOST = 100, TEMPLATE_BYTES_MOST = 4 << 20 };

static const struct {
    enum msg_id label, hint;
    const char *go_url, *go_rest; /* where to look at what came in; with a rest the cohort's number stands between */
} kinds[import_kind_COUNT] = {
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

/* A preview that can't go on says so instead of waiting to be confirmed. */
static enum msg_id state_of(const struct import *i, const char **class)
{
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

static struct str cohort_name(struct ctx *c, const struct rows *cohorts, int64_t id)
{
    const struct cohort *x = cohorts->item;
    for (size_t i = 0; i < cohorts->n; i++)
        if (x[i].id == id)
            return ctx_pick(c, x[i].name_zh, x[i].name_en);
    return STR("");
}

static struct str person_name(struct ctx *c, const struct rows *members, int64_t id)
{
    const struct member_row *m = members->item;
    for (size_t i = 0; i < members->n; i++)
        if (m[i].person_id == id)
            return m[i].name;
    return str_of(msg_text(MSG_import_by_operator, c->page.lang));
}

static struct str joined(struct ctx *c, const struct str *s, size_t n)
{
    struct buf b = buf_make(1 << 20);
    for (size_t i = 0; i < n; i++)
        buf_printf(&b, "%s%.*s", i == 0 ? "" : c->page.lang == LANG_ZH ? "、" : ", ", STR_ARG(s[i]));
    struct str out = arena_str(c->arena, buf_view(&b));
    buf_free(&b);
    return out;
}

static struct str first_error(struct ctx *c)
{
    if (c->errs.n == 0)
        return STR("");
    const struct err *e = &c->errs.item[0];
    struct import_fault_text f = { .row = e->row, .at = STR(""), .text = msg_err(c->arena, e, c->page.lang) };
    return import_fault_line(c->arena, &f, c->page.lang);
}

/* ---- the start page --------------------------------------------------------------------------------------- */

static void fill_kinds(struct ctx *c, struct import_start_view *v, int64_t chosen)
{
    struct import_kind_item *item = ARENA_ARRAY(c->arena, import_kind_COUNT, struct import_kind_item);
    for (int k = 0; k < import_kind_COUNT; k++)
        if (import_may(&c->session.actor, (enum import_kind)k))
            item[v->kinds++] = (struct import_kind_item){ import_kind_list.item[k].name, kinds[k].label, kinds[k].hint, k == chosen };
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
        item[n] = (struct import_item){ .id = i[n].id, .kind = kinds[i[n].kind].label, .file = i[n].file_name,
                                        .cohort = cohort_name(c, cohorts, i[n].cohort_id), .when = ctx_time(c, i[n].made_at),
                                        .who = person_name(c, members, i[n].made_by_id), .fresh = i[n].rows_new,
                                        .changed = i[n].rows_changed, .wrong = i[n].rows_wrong };
        item[n].state = state_of(&i[n], &item[n].state_class);
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
    struct rows cohorts = { 0 }, members = { 0 };
    if (st == STATUS_OK)
        cohorts = ctx_list(c, "cohort_list", NONE, &st);
    if (st == STATUS_OK)
        members = ctx_list(c, "member_list", NONE, &st);
    if (st != STATUS_OK) {
        ctx_fail(c, st);
        return;
    }
    struct import_start_view v = { .error = first_error(c), .older = call.rows.n == PAGE_ROWS ? offset + PAGE_ROWS : 0 };
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

/* ---- the preview ------------------------------------------------------------------------------------------ */

static const struct {
    enum import_row_state state;
    enum msg_id about;
    size_t count; /* where its number stands in the record */
} tabs[] = {
    { import_row_state_wrong, MSG_import_about_wrong, offsetof(struct import, rows_wrong) },
    { import_row_state_new, MSG_import_about_new, offsetof(struct import, rows_new) },
    { import_row_state_changed, MSG_import_about_changed, offsetof(struct import, rows_changed) },
    { import_row_state_unchanged, MSG_import_about_unchanged, offsetof(struct import, rows_unchanged) },
    { import_row_state_missing, MSG_import_about_missing, offsetof(struct import, rows_missing) },
};

static int64_t count_of(const struct import *i, size_t offset)
{
    int64_t v;
    memcpy(&v, (const char *)i + offset, sizeof v);
    return v;
}

/* The state asked for, else the first that has rows; what is wrong comes first. */
static size_t tab_of(struct ctx *c, const struct import *i)
{
    struct str asked = ctx_query(c, "show");
    for (size_t k = 0; k < LEN(tabs); k++)
        if (str_is(asked, import_row_state_list.item[tabs[k].state].name))
            return k;
    for (size_t k = 0; k < LEN(tabs); k++)
        if (count_of(i, tabs[k].count) > 0)
            return k;
    return 0;
}

static void fill_tabs(struct ctx *c, struct import_view *v, const struct import *i, size_t current)
{
    struct import_tab *t = ARENA_ARRAY(c->arena, LEN(tabs), struct import_tab);
    for (size_t k = 0; k < LEN(tabs); k++)
        t[k] = (struct import_tab){ import_row_state_list.item[tabs[k].state].label, import_row_state_list.item[tabs[k].state].name,
                                    count_of(i, tabs[k].count), k == current };
    v->tab = t;
    v->tabs = LEN(tabs);
    v->about = tabs[current].about;
    v->shown = import_row_state_list.item[tabs[current].state].name;
}

/* The kind's columns that the file has; of rows that only we have, all. */
static size_t columns_of(struct ctx *c, const struct import *i, const struct import_shape *shape, int *at, struct str *head)
{
    size_t n = 0;
    for (int k = 0; k < IMPORT_COLUMNS_MOST; k++) {
        struct import_head h = import_head_of((enum import_kind)i->kind, k);
        bool in_file = false;
        for (size_t s = 0; h.name != NULL && s < shape->columns; s++)
            in_file = in_file || str_is(shape->column[s], h.name);
        if (h.name == NULL || !in_file)
            continue;
        at[n] = k;
        head[n++] = import_header_text(c->arena, h.header, c->page.lang);
    }
    return n;
}

static struct import_line line_of(struct ctx *c, const struct import *i, const struct import_row *r, const int *at, size_t columns)
{
    struct str now[IMPORT_COLUMNS_MOST], was[IMPORT_COLUMNS_MOST];
    struct import_fault_text f[FAULTS_MOST];
    struct import_cell_view *cell = ARENA_ARRAY(c->arena, columns, struct import_cell_view);
    enum import_kind kind = (enum import_kind)i->kind;
    bool has_now = import_cells_read(c->arena, kind, r->cells, now), has_was = import_cells_read(c->arena, kind, r->was, was);
    size_t faults = import_faults(c->arena, r->faults, kind, c->page.lang, f, LEN(f));
    struct import_line line = { .line = r->line != NONE ? r->line : 0, .cell = cell, .fault = STR("") };
    for (size_t k = 0; k < columns; k++) {
        struct str n = now[at[k]], w = was[at[k]];
        cell[k] = (struct import_cell_view){ .now = has_now ? n : w, .was = w, .fault = STR("") };
        cell[k].is_changed = has_now && has_was && n.n > 0 && !str_eq(n, w);
        if (has_now && n.n == 0)
            cell[k].now = has_was ? w : STR("");
        for (size_t m = 0; m < faults; m++)
            if (str_is(f[m].name, import_head_of(kind, at[k]).name))
                cell[k].fault = cell[k].fault.n == 0 ? f[m].text : arena_printf(c->arena, "%.*s %.*s", STR_ARG(cell[k].fault), STR_ARG(f[m].text));
    }
    for (size_t m = 0; m < faults; m++) {
        bool shown = false;
        for (size_t k = 0; k < columns; k++)
            shown = shown || str_is(f[m].name, import_head_of(kind, at[k]).name);
        if (!shown)
            line.fault = f[m].text;
    }
    return line;
}

static enum status fill_rows(struct ctx *c, struct import_view *v, const struct import *i, const struct import_shape *shape, size_t tab)
{
    int at[IMPORT_COLUMNS_MOST];
    int64_t behind = 0;
    struct str *head = ARENA_ARRAY(c->arena, IMPORT_COLUMNS_MOST, struct str), asked = ctx_query(c, "behind");
    struct in_import_rows *in = record_new(c->arena, &record_in_import_rows);
    struct call call = { 0 };
    if (asked.n > 0 && (!str_int(asked, &behind) || behind < 0))
        return STATUS_NOT_FOUND;
    in->import_id = i->id;
    in->state = tabs[tab].state;
    in->behind = behind;
    enum status st = ctx_run(c, "import_rows", in, &call);
    if (st != STATUS_OK)
        return st;
    v->columns = columns_of(c, i, shape, at, head);
    v->head = head;
    const struct import_row *r = call.rows.item;
    struct import_line *line = ARENA_ARRAY(c->arena, call.rows.n, struct import_line);
    for (size_t n = 0; n < call.rows.n; n++)
        line[n] = line_of(c, i, &r[n], at, v->columns);
    v->row = line;
    v->rows = call.rows.n;
    v->is_first = behind == 0;
    v->next = call.rows.n == PAGE_ROWS ? r[PAGE_ROWS - 1].id : 0;
    return STATUS_OK;
}

static struct str form_of(struct ctx *c, const struct import_shape *s)
{
    struct str format = s->encoding.n > 0 ? arena_printf(c->arena, "%.*s · %.*s", STR_ARG(s->format), STR_ARG(s->encoding)) : s->format;
    struct str line = arena_printf(c->arena, "%lld", (long long)s->header);
    struct err e = { .id = s->header == 0 ? MSG_import_form_none : s->sheet.n > 0 ? MSG_import_form_sheet : MSG_import_form,
                     .arg = { format, line, s->sheet } };
    return msg_err(c->arena, &e, c->page.lang);
}

static void fill_problems(struct ctx *c, struct import_view *v, const struct import *i)
{
    struct import_fault_text f[FAULTS_MOST];
    size_t n = import_faults(c->arena, i->problems, (enum import_kind)i->kind, c->page.lang, f, LEN(f));
    struct str *line = ARENA_ARRAY(c->arena, n, struct str);
    for (size_t k = 0; k < n; k++)
        line[k] = import_fault_line(c->arena, &f[k], c->page.lang);
    v->problem = line;
    v->problems = n;
}

static void fill_state(struct ctx *c, struct import_view *v, const struct import *i)
{
    bool is_preview = i->state == import_state_preview;
    v->is_reading = i->state == import_state_reading;
    v->is_accepting = i->state == import_state_accepting;
    v->is_wrong = is_preview && (i->rows_wrong > 0 || v->problems > 0);
    v->is_same = is_preview && !v->is_wrong && i->rows_new + i->rows_changed == 0;
    v->may_accept = is_preview && !v->is_wrong && !v->is_same;
    v->may_refuse = is_preview;
    v->is_accepted = v->may_undo = i->state == import_state_accepted;
    v->is_undone = i->state == import_state_undone;
    v->state = state_of(i, &v->state_class);
    v->go_url = kinds[i->kind].go_url;
    if (kinds[i->kind].go_rest != NULL)
        v->go_url = arena_printf(c->arena, "%s%lld%s", v->go_url, (long long)i->cohort_id, kinds[i->kind].go_rest).p;
}

static void show_import(struct ctx *c, int64_t id)
{
    enum status st;
    struct str error = first_error(c);
    struct rows found = ctx_list(c, "import_get", id, &st), cohorts = { 0 }, members = { 0 };
    if (st == STATUS_OK)
        cohorts = ctx_list(c, "cohort_list", NONE, &st);
    if (st == STATUS_OK)
        members = ctx_list(c, "member_list", NONE, &st);
    if (st != STATUS_OK) {
        ctx_fail(c, st);
        return;
    }
    const struct import *i = found.item;
    struct import_shape shape = import_shape_read(c->arena, i);
    struct import_view v = { .id = i->id, .version = i->version, .kind = kinds[i->kind].label, .file = i->file_name, .error = error,
                             .cohort = cohort_name(c, &cohorts, i->cohort_id), .form = form_of(c, &shape), 
                             .ignored = joined(c, shape.ignored, shape.ignoreds), .doubled = joined(c, shape.doubled, shape.doubleds),
                             .sheets = joined(c, shape.other_sheet, shape.sheets), .fresh = i->rows_new, .changed = i->rows_changed,
                             .read = i->rows_read, .again_kind = import_kind_list.item[i->kind].name,
                             .when = ctx_time(c, i->accepted_at != NONE ? i->accepted_at : i->made_at),
                             .who = person_name(c, &members, i->accepted_at != NONE ? i->accepted_by_id : i->made_by_id) };
    size_t tab = tab_of(c, i);
    fill_problems(c, &v, i);
    fill_state(c, &v, i);
    /* Told at once, or by the worker. */
    v.is_stale = (c->errs.n > 0 && c->errs.item[0].id == MSG_import_stale) ||
                 (i->problems.n > 0 && memmem(i->problems.p, i->problems.n, "\"import_stale\"", strlen("\"import_stale\"")) != NULL);
    if (i->state != import_state_reading && i->state != import_state_accepting && i->state != import_state_refused && i->state != import_state_failed) {
        fill_tabs(c, &v, i, tab);
        st = fill_rows(c, &v, i, &shape, tab);
    }
    if (st != STATUS_OK) {
        ctx_fail(c, st);
        return;
    }
    c->page.sheet = "import.css";
    c->page.script = "import.js";
    page_import(&c->resp->body, &c->page, &v);
}

void page_import_get(struct ctx *c)
{
    int64_t id = 0;
    if (ctx_number(c, c->word[0], &id))
        show_import(c, id);
}

void page_import_act(struct ctx *c)
{
    static const char *const acts[] = { "accept", "refuse", "undo", "again" };
    struct call call = { 0 };
    int64_t id = 0;
    size_t act = 0;
    if (!ctx_number(c, c->word[0], &id))
        return;
    while (act < LEN(acts) && !str_is(c->word[1], acts[act]))
        act++;
    if (act == LEN(acts) || !str_int(ctx_form(c, "version"), &call.target_version)) {
        ctx_fail(c, STATUS_NOT_FOUND);
        return;
    }
    call.target_id = id;
    enum status st = ctx_run(c, arena_printf(c->arena, "import_%s", acts[act]).p, record_new(c->arena, &record_in_target), &call);
    if (st == STATUS_OK && strcmp(acts[act], "again") == 0) {
        enum status read = import_work_now(c->app, c->arena, call.id);
        (void)read; /* what became of it stands on its page */
    }
    if (st == STATUS_INPUT) {
        c->resp->status = 409;
        show_import(c, id);
    } else if (st != STATUS_OK) {
        ctx_fail(c, st);
    } else if (strcmp(acts[act], "refuse") == 0) {
        http_redirect(c->resp, STR("/import"));
    } else {
        http_redirect(c->resp, arena_printf(c->arena, "/import/%lld", (long long)call.id));
    }
}

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
                              arena_printf(c->arena, "%s%s", msg_text(kinds[k].label, en ? LANG_EN : LANG_ZH), xlsx ? ".xlsx" : ".csv"), bytes);
            else
                ctx_fail(c, st);
            return;
        }
    ctx_fail(c, STATUS_NOT_FOUND);
}
