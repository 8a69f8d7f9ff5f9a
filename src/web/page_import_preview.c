/* The preview of an import: its rows by what becomes of them, what is wrong with the file, accepting, refusing, undoing. */
#include "web/page_import.h"

enum { PAGE_ROWS = 50, FAULTS_MOST = 100 };

static struct str joined(struct ctx *c, const struct str *s, size_t n)
{
    struct buf b = buf_make(1 << 20);
    for (size_t i = 0; i < n; i++)
        buf_printf(&b, "%s%.*s", i == 0 ? "" : c->page.lang == LANG_ZH ? "、" : ", ", STR_ARG(s[i]));
    struct str out = arena_str(c->arena, buf_view(&b));
    buf_free(&b);
    return out;
}

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
    v->state = import_page_state(i, &v->state_class);
    v->go_url = import_page_kinds[i->kind].go_url;
    if (import_page_kinds[i->kind].go_rest != NULL)
        v->go_url = arena_printf(c->arena, "%s%lld%s", v->go_url, (long long)i->cohort_id, import_page_kinds[i->kind].go_rest).p;
}

static void show_import(struct ctx *c, int64_t id)
{
    enum status st;
    struct str error = import_page_error(c);
    struct rows found = ctx_list(c, "import_get", id, &st), cohorts, members;
    if (!import_page_names(c, &cohorts, &members, &st)) {
        ctx_fail(c, st);
        return;
    }
    const struct import *i = found.item;
    struct import_shape shape = import_shape_read(c->arena, i);
    struct import_view v = { .id = i->id, .version = i->version, .kind = import_page_kinds[i->kind].label, .file = i->file_name, .error = error,
                             .cohort = import_page_cohort(c, &cohorts, i->cohort_id), .form = form_of(c, &shape),
                             .ignored = joined(c, shape.ignored, shape.ignoreds), .doubled = joined(c, shape.doubled, shape.doubleds),
                             .sheets = joined(c, shape.other_sheet, shape.sheets), .fresh = i->rows_new, .changed = i->rows_changed,
                             .read = i->rows_read, .again_kind = import_kind_list.item[i->kind].name,
                             .when = ctx_time(c, i->accepted_at != NONE ? i->accepted_at : i->made_at),
                             .who = import_page_person(c, &members, i->accepted_at != NONE ? i->accepted_by_id : i->made_by_id) };
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
