/* Reading a kept file into its preview. No transaction is open while the file is parsed: what is there is loaded first, rows
 * are stored a batch at a time, and the import shows as a preview only when all of them are in. A process that dies on the way
 * leaves a job whose lease runs out; whoever takes it up begins again. */
#include "app/imports.h"

#include "app/import.h"
#include "core/limits.h"
#include "jobs/jobs.h"
#include "read/read.h"

#include <stdio.h>

enum { RUNS_MOST = 5, BATCH_ROWS = 500, BATCH_BYTES = 256 << 20, BATCH_BYTES_SOFT = 8 << 20, RUN_BYTES = 1 << 30, SHEETS_SHOWN_MOST = 64 };

struct reading {
    struct importing im;
    const struct app *app;
    struct import *import;
    const struct job *job;
    struct arena batch;
    struct query query[BATCH_ROWS];
    size_t batched;
    struct errs *errs;
    /* the header */
    int sheet, tried; /* the sheet with the header, -1 before; rows of this sheet looked at */
    int last_sheet;
    struct str last_name;
    struct import_header best;
    int best_matched;
    struct str other[SHEETS_SHOWN_MOST]; /* sheets that are not read */
    size_t others;
    int64_t rows[import_row_state_COUNT], seen;
    const volatile bool *stop;
    struct file *file;
    const struct read_report *report;
};

/* ---- writing ---------------------------------------------------------------------------------------------- */

typedef enum status part_fn(struct reading *r, struct tx *t);

/* One transaction, again where the database asks for it. */
static enum status write_part(struct reading *r, struct arena *a, part_fn *part)
{
    enum status st = STATUS_RETRY;
    for (int i = 0; i < RUNS_MOST && st == STATUS_RETRY; i++) {
        struct tx *t;
        st = tx_begin(r->app->store, a, TX_WRITE, &t);
        if (st != STATUS_OK)
            return st;
        st = part(r, t);
        if (st == STATUS_OK)
            st = tx_commit(t);
        else
            tx_end(t);
    }
    return st == STATUS_RETRY ? STATUS_BUSY : st;
}

/* Inside each of its transactions the job must still be ours: whoever lost its lease writes no more. */
static enum status hold(struct reading *r, struct tx *t)
{
    struct rows rows;
    struct str progress = arena_printf(tx_arena(t), "{\"rows\":%lld}", (long long)r->seen);
    enum status st = tx_run(t, SQL_job_beat, &rows, P(INT64_C(0)), P(progress), P(app_now(r->app) + JOBS_LEASE_S), P(r->job->id), P(r->job->takes));
    if (st == STATUS_OK && (rows.n == 0 || ((const struct job *)rows.item)->cancel == 1))
        st = STATUS_CANCELLED;
    return st;
}

static enum status flush_part(struct reading *r, struct tx *t)
{
    struct rows rows;
    enum status st = hold(r, t);
    if (st == STATUS_OK)
        st = tx_run(t, SQL_import_progress, &rows, P(r->seen), P(r->import->id));
    return st == STATUS_OK ? tx_batch(t, r->query, r->batched) : st;
}

static enum status flush(struct reading *r)
{
    struct arena a = arena_make(BATCH_BYTES);
    enum status st = r->batched > 0 ? write_part(r, &a, flush_part) : STATUS_OK;
    arena_free(&a);
    r->batched = 0;
    arena_free(&r->batch);
    return st;
}

void import_put_faults(struct buf *b, const struct errs *errs)
{
    assert(errs->n <= errs->total);
    buf_char(b, '[');
    for (size_t i = 0; i < errs->n; i++) {
        const struct err *e = &errs->item[i];
        buf_printf(b, "%s{\"at\":", i > 0 ? "," : "");
        json_put_text(b, e->at);
        buf_printf(b, ",\"row\":%d,\"column\":%d,\"code\":\"%s\",\"args\":[", e->row, e->column, msg_name(e->id));
        for (int k = 0; k < ERR_ARGS; k++) {
            if (k > 0)
                buf_char(b, ',');
            json_put_text(b, e->arg[k]);
        }
        buf_z(b, "]}");
    }
    buf_char(b, ']');
}

static struct str take(struct reading *r, struct buf *b)
{
    struct str s = arena_str(&r->batch, buf_view(b));
    buf_reset(b);
    return s;
}

static enum status row_add(struct reading *r, enum import_row_state state, int64_t line, const struct known *k, const struct str *cell,
                           const struct errs *errs)
{
    struct buf b = buf_make(4 << 20);
    struct param *p = ARENA_ARRAY(&r->batch, 7, struct param);
    int64_t known = k != NULL ? k - r->im.known : NONE;
    p[0] = P(r->import->id);
    p[1] = P(line);
    p[2] = P((int64_t)state);
    p[3] = P(known);
    if (cell != NULL)
        import_put_cells(&b, &r->im, cell);
    p[4] = P(take(r, &b));
    if (k != NULL && state != import_row_state_unchanged)
        import_put_cells(&b, &r->im, k->cell);
    p[5] = P(take(r, &b));
    if (errs != NULL && errs->n > 0)
        import_put_faults(&b, errs);
    p[6] = P(take(r, &b));
    bool failed = b.failed;
    buf_free(&b);
    if (failed)
        return STATUS_LIMIT;
    r->query[r->batched++] = (struct query){ .sql = SQL_import_row_add, .param = p, .n = 7 };
    r->rows[state]++;
    return r->batched == BATCH_ROWS || r->batch.used_bytes > BATCH_BYTES_SOFT ? flush(r) : STATUS_OK;
}

/* ---- a row ------------------------------------------------------------------------------------------------ */

static bool differs(const struct importing *im, const struct str *cell, const struct known *k)
{
    for (int i = 0; i < im->columns; i++)
        if (im->column[i].how != HOW_CHECK && cell[i].n > 0 && !str_eq(cell[i], k->cell[i]))
            return true;
    return false;
}

static void check_twice(struct import_row_in *row, struct str key)
{
    struct importing *im = row->im;
    int64_t line = map_get(&im->in_file, key, UNKNOWN);
    if (line < 0) {
        map_put(&im->in_file, arena_str(im->arena, key), row->line);
        return;
    }
    for (size_t i = 0; i < row->errs.n; i++)
        if (row->errs.item[i].id == MSG_import_twice)
            return; /* the kind saw it by another word */
    int at = import_column_at(im, im->kind->key[0]);
    if (im->header.repeats[at] == 0 && im->kind->key[1] != NULL)
        at = import_column_at(im, im->kind->key[1]);
    import_fault(row, MSG_import_twice, im->column[at].name, row->cell[at], arena_printf(row->arena, "%lld", (long long)line), STR(""));
}

static enum status row_take(struct reading *r, const struct read_row *in)
{
    struct importing *im = &r->im;
    struct import_row_in row = { .im = im, .arena = &r->batch, .line = in->number };
    struct str key = STR("");
    row.cell = ARENA_ARRAY(&r->batch, (size_t)im->columns, struct str);
    row.errs = errs_make(&r->batch);
    import_cells_take(&row, in->cell, in->n);
    im->kind->check(&row, &key);
    if (im->is_ahead) {
        arena_free(&r->batch);
        return STATUS_OK;
    }
    if (im->kind->rows_most > 0 && r->seen >= im->kind->rows_most) {
        struct err *e = errs_add(r->errs, MSG_import_rows_most, STR(""), arena_printf(im->arena, "%lld", (long long)im->kind->rows_most).p, NULL);
        e->row = (int32_t)row.line;
        return STATUS_LIMIT;
    }
    struct known *k = known_find(im, key);
    if (key.n > 0)
        check_twice(&row, key);
    if (k != NULL)
        k->seen = true;
    enum import_row_state state = row.errs.total > 0 ? import_row_state_wrong
                                  : k == NULL        ? import_row_state_new
                                  : differs(im, row.cell, k) ? import_row_state_changed
                                                             : import_row_state_unchanged;
    r->seen++;
    return row_add(r, state, row.line, k, row.cell, &row.errs);
}

/* Whether a data row holds nothing that a column of ours would take. */
static bool is_blank(const struct importing *im, const struct read_row *in)
{
    for (int i = 0; i < im->columns; i++)
        for (int k = 0; k < im->header.repeats[i]; k++)
            if (im->header.at[i][k] > 0 && (size_t)im->header.at[i][k] <= in->n && in->cell[im->header.at[i][k] - 1].n > 0)
                return false;
    return true;
}

static void sheet_left(struct reading *r, struct str name)
{
    if (r->others < SHEETS_SHOWN_MOST)
        r->other[r->others++] = arena_str(r->im.arena, name);
}

static enum status on_row(void *ctx, const struct read_row *in)
{
    struct reading *r = ctx;
    if (r->stop != NULL && *r->stop)
        return STATUS_CANCELLED;
    if (in->sheet != r->last_sheet) {
        if (r->sheet < 0 && r->last_sheet >= 0)
            sheet_left(r, r->last_name); /* it had no header */
        r->last_sheet = in->sheet;
        r->last_name = arena_str(r->im.arena, in->sheet_name);
        r->tried = 0;
        if (r->sheet >= 0)
            sheet_left(r, in->sheet_name);
    }
    if (r->sheet >= 0)
        return in->sheet == r->sheet && !is_blank(&r->im, in) ? row_take(r, in) : STATUS_OK;
    if (r->tried++ >= LIMIT_import_header_rows)
        return STATUS_OK;
    struct import_header h;
    int matched;
    bool whole = import_header_try(&r->im, in->cell, in->n, &h, &matched);
    h.line = in->number;
    h.sheet = arena_str(r->im.arena, in->sheet_name);
    if (whole) {
        r->im.header = h;
        r->sheet = in->sheet;
    } else if (matched > r->best_matched) {
        r->best = h;
        r->best_matched = matched;
    }
    return STATUS_OK;
}

/* ---- the whole file --------------------------------------------------------------------------------------- */

static bool wants_stop(void *ctx)
{
    const struct reading *r = ctx;
    return r->stop != NULL && *r->stop;
}

/* Says which columns were looked for: those that the best row lacks, or all needed ones. */
static void no_header(struct reading *r)
{
    struct buf zh = buf_make(4096);
    for (int i = 0; i < r->im.columns; i++) {
        bool lacks = r->best_matched > 0 ? r->best.missing >> i & 1 : (r->im.column[i].flags & NEED) != 0;
        if (lacks)
            buf_printf(&zh, "%s%s", zh.n > 0 ? "、" : "", r->im.column[i].name);
    }
    struct str names = arena_str(r->errs->arena, buf_view(&zh));
    buf_free(&zh);
    struct err *e = errs_add(r->errs, r->best_matched > 0 ? MSG_import_columns_missing : MSG_import_no_header, r->best.sheet, NULL);
    e->row = (int32_t)r->best.line;
    e->arg[0] = names;
}

static enum status read_once(struct reading *r, const struct file *f, struct read_report *report)
{
    struct read_limits limits = read_limits_default();
    struct read_source source = { f->content, f->name };
    r->sheet = r->last_sheet = -1;
    r->tried = 0;
    return read_table_in_child(r->app->self_exe, source, &limits, wants_stop, on_row, r, report, r->errs);
}

static enum status read_file(struct reading *r, const struct file *f, struct read_report *report)
{
    enum status st = STATUS_OK;
    import_header_begin(&r->im);
    if (r->im.kind->reads_twice) {
        struct errs first = errs_make(r->im.arena), *errs = r->errs;
        r->im.is_ahead = true;
        r->errs = &first;
        st = read_once(r, f, report);
        r->errs = errs;
        r->im.is_ahead = false;
        memset(&r->im.header, 0, sizeof r->im.header);
        r->best_matched = 0;
        r->others = 0;
    }
    if (st == STATUS_OK || st == STATUS_INPUT)
        st = read_once(r, f, report);
    if (st == STATUS_INPUT || st == STATUS_LIMIT)
        st = STATUS_OK; /* the errors say it, on the preview */
    if (st == STATUS_OK && r->sheet < 0 && r->errs->total == 0)
        no_header(r);
    for (size_t i = 0; st == STATUS_OK && r->sheet >= 0 && i < r->im.knowns; i++)
        if (!r->im.known[i].seen)
            st = row_add(r, import_row_state_missing, NONE, &r->im.known[i], NULL, NULL);
    enum status end = flush(r);
    return st == STATUS_OK ? end : st;
}

static void put_texts(struct buf *b, const char *key, const struct str *s, size_t n)
{
    buf_printf(b, ",\"%s\":[", key);
    for (size_t i = 0; i < n; i++) {
        if (i > 0)
            buf_char(b, ',');
        json_put_text(b, s[i]);
    }
    buf_char(b, ']');
}

/* What the file was taken for: which sheet, which row, which columns. */
static struct str shape_of(struct reading *r, const struct read_report *report)
{
    static const char *const encodings[] = { [READ_UTF8] = "UTF-8", [READ_GB18030] = "GB18030", [READ_UTF16] = "UTF-16" };
    const struct import_header *h = &r->im.header;
    struct buf b = buf_make(1 << 20);
    buf_printf(&b, "{\"format\":\"%s\",\"header\":%lld,\"sheet\":", report->format == READ_XLSX ? "XLSX" : "CSV", (long long)h->line);
    json_put_text(&b, h->sheet);
    if (report->format == READ_CSV)
        buf_printf(&b, ",\"encoding\":\"%s\"", encodings[report->encoding]);
    buf_z(&b, ",\"columns\":[");
    const char *comma = "";
    for (int i = 0; i < r->im.columns; i++)
        if (h->repeats[i] > 0) {
            buf_printf(&b, "%s\"%s\"", comma, r->im.column[i].name);
            comma = ",";
        }
    buf_char(&b, ']');
    put_texts(&b, "ignored", h->ignored, h->ignoreds);
    put_texts(&b, "doubled", h->doubled, h->doubleds);
    put_texts(&b, "sheets", r->other, r->others);
    buf_printf(&b, ",\"hidden\":%d}", report->hidden_sheets);
    struct str s = arena_str(r->im.arena, buf_view(&b));
    buf_free(&b);
    return s;
}

static enum status finish(struct reading *r, struct tx *t)
{
    struct import now = *r->import; /* a second run begins with the stored version again */
    struct buf b = buf_make(1 << 20);
    enum status st = hold(r, t);
    import_put_faults(&b, r->errs);
    now.state = import_state_preview;
    now.shape = shape_of(r, r->report);
    now.problems = arena_str(r->im.arena, buf_view(&b));
    now.basis = arena_printf(r->im.arena, "%016llx", (unsigned long long)r->im.basis);
    now.rows_read = r->seen;
    now.rows_new = r->rows[import_row_state_new];
    now.rows_changed = r->rows[import_row_state_changed];
    now.rows_unchanged = r->rows[import_row_state_unchanged];
    now.rows_missing = r->rows[import_row_state_missing];
    now.rows_wrong = r->rows[import_row_state_wrong];
    buf_free(&b);
    return st == STATUS_OK ? tx_save(t, &record_import, &now) : st;
}

/* Loads the import and its file; rows of an earlier run go. */
static enum status prepare(struct reading *r, struct tx *t)
{
    struct rows gone;
    void *import = NULL, *file = NULL;
    enum status st = hold(r, t);
    if (st == STATUS_OK)
        st = tx_load(t, &record_import, r->job->import_id, &import);
    if (st == STATUS_OK && ((struct import *)import)->state != import_state_reading)
        st = STATUS_CONFLICT;
    if (st == STATUS_OK)
        st = tx_load(t, &record_file, ((struct import *)import)->file_id, &file);
    if (st == STATUS_OK)
        st = tx_run(t, SQL_import_row_clear, &gone, P(r->job->import_id));
    r->import = import;
    r->file = file;
    return st;
}

static enum status load_known(struct reading *r, struct arena *a)
{
    struct tx *t;
    enum status st = tx_begin(r->app->store, a, TX_READ, &t);
    if (st != STATUS_OK)
        return st;
    st = import_begin(&r->im, r->app, a, t, r->import);
    r->im.tx = NULL;
    tx_end(t);
    return st;
}

enum status import_read_job(const struct app *app, const struct job *job, const volatile bool *stop)
{
    struct arena a = arena_make(RUN_BYTES);
    struct reading *r = ARENA_NEW(&a, struct reading);
    struct errs errs = errs_make(&a);
    struct read_report report = { 0 };
    r->app = app;
    r->job = job;
    r->stop = stop;
    r->errs = &errs;
    r->report = &report;
    r->batch = arena_make(BATCH_BYTES);
    enum status st = write_part(r, &a, prepare);
    if (st == STATUS_OK)
        st = load_known(r, &a);
    if (st == STATUS_OK)
        st = read_file(r, r->file, &report);
    if (st == STATUS_OK)
        st = write_part(r, &a, finish);
    arena_free(&r->batch);
    arena_free(&a);
    return st;
}
