/* Frames from the child to the parent, and their checks. See wire.h. */
#include "read/wire.h"

#include <unistd.h>

enum { HEAD_BYTES = 8, LENGTHS_AT_ONCE = 64 };

/* ---- the child's side ------------------------------------------------------------------------------------------------ */

struct wire_out wire_out_make(int fd)
{
    return (struct wire_out){ .fd = fd, .sheet = -1, .b = buf_make(SIZE_MAX / 4) };
}

static bool flush(struct wire_out *w)
{
    size_t at = 0;
    while (at < w->b.n && !w->failed) {
        ssize_t n = write(w->fd, w->b.p + at, w->b.n - at);
        w->failed = n <= 0;
        at += w->failed ? 0 : (size_t)n;
    }
    w->failed |= w->b.failed;
    buf_reset(&w->b);
    return !w->failed;
}

static void put_u32(struct wire_out *w, size_t v)
{
    uint32_t u = (uint32_t)v;
    assert(v <= UINT32_MAX);
    buf_add(&w->b, (const char *)&u, sizeof u);
}

static void put_head(struct wire_out *w, enum wire_kind kind, size_t body)
{
    put_u32(w, kind);
    put_u32(w, body);
}

enum status wire_put_row(void *ctx, const struct read_row *row)
{
    struct wire_out *w = ctx;
    size_t bytes = sizeof row->number + sizeof(uint32_t) * (1 + row->n);
    assert(row->n > 0 && row->cell[row->n - 1].n > 0 && row->sheet >= w->sheet);
    if (row->sheet != w->sheet) {
        w->sheet = row->sheet;
        put_head(w, WIRE_SHEET, sizeof(uint32_t) + row->sheet_name.n);
        put_u32(w, (size_t)row->sheet);
        buf_str(&w->b, row->sheet_name);
    }
    for (size_t i = 0; i < row->n; i++)
        bytes += row->cell[i].n;
    put_head(w, WIRE_ROW, bytes);
    buf_add(&w->b, (const char *)&row->number, sizeof row->number);
    put_u32(w, row->n);
    for (size_t at = 0; at < row->n; at += LENGTHS_AT_ONCE) {
        uint32_t length[LENGTHS_AT_ONCE];
        size_t n = MIN(row->n - at, (size_t)LENGTHS_AT_ONCE);
        for (size_t i = 0; i < n; i++)
            length[i] = (uint32_t)row->cell[at + i].n;
        buf_add(&w->b, (const char *)length, n * sizeof *length);
    }
    for (size_t i = 0; i < row->n; i++)
        buf_str(&w->b, row->cell[i]);
    return w->b.n < WIRE_PIECE_BYTES || flush(w) ? STATUS_OK : STATUS_IO;
}

static void put_fault(struct wire_out *w, const struct err *e)
{
    enum fault f = 0;
    size_t bytes = sizeof(uint32_t) * (4 + ERR_ARGS) + e->at.n;
    while (f < FAULT_COUNT && fault_message(f) != e->id)
        f++;
    for (int i = 0; i < ERR_ARGS; i++)
        bytes += e->arg[i].n;
    put_head(w, WIRE_FAULT, bytes);
    put_u32(w, f);
    put_u32(w, (uint32_t)e->row);
    put_u32(w, (uint32_t)e->column);
    put_u32(w, e->at.n);
    buf_str(&w->b, e->at);
    for (int i = 0; i < ERR_ARGS; i++) {
        put_u32(w, e->arg[i].n);
        buf_str(&w->b, e->arg[i]);
    }
}

bool wire_put_end(struct wire_out *w, enum status st, const struct read_report *report, const struct errs *errs)
{
    struct wire_end end = {
        .status = st,
        .format = report->format,
        .encoding = report->encoding,
        .is_whole = report->is_whole,
        .sheets = (uint32_t)report->sheets,
        .hidden_sheets = (uint32_t)report->hidden_sheets,
        .rows = report->rows,
        .cells = report->cells,
        .faults = errs->total,
    };
    memcpy(end.separator, report->separator, sizeof end.separator);
    for (size_t i = 0; i < errs->n; i++)
        put_fault(w, &errs->item[i]);
    put_head(w, WIRE_END, sizeof end);
    buf_add(&w->b, (const char *)&end, sizeof end);
    return flush(w);
}

/* ---- the parent's side ----------------------------------------------------------------------------------------------- */

bool wire_in_open(struct wire_in *w, const struct read_limits *limits, read_row_fn *row, void *ctx, struct read_report *report,
                  struct errs *errs)
{
    *w = (struct wire_in){ .limits = limits, .give = row, .ctx = ctx, .report = report, .errs = errs, .sheet = -1 };
    size_t frame_most = (size_t)limits->row_bytes + sizeof(uint32_t) * (size_t)limits->columns + 64;
    w->b = buf_make(frame_most + WIRE_PIECE_BYTES);
    w->sheet_name = buf_make(SHEET_NAME_BYTES_MOST);
    w->cell = arena_try(errs->arena, sizeof *w->cell * (size_t)limits->columns);
    return w->cell != NULL;
}

void wire_in_close(struct wire_in *w)
{
    buf_free(&w->b);
    buf_free(&w->sheet_name);
}

static bool take(struct str *body, void *out, size_t n)
{
    if (body->n < n)
        return false;
    memcpy(out, body->p, n);
    *body = (struct str){ body->p + n, body->n - n };
    return true;
}

/* A text of at most `most` bytes: UTF-8 without NUL. */
static bool take_text(struct str *body, size_t n, size_t most, struct str *out)
{
    if (n > most || n > body->n)
        return false;
    *out = (struct str){ body->p, n };
    *body = (struct str){ body->p + n, body->n - n };
    return (n == 0 || memchr(out->p, '\0', n) == NULL) && utf8_valid(*out, NULL);
}

static enum status take_sheet(struct wire_in *w, struct str body)
{
    uint32_t index;
    struct str name;
    if (!take(&body, &index, sizeof index) || !take_text(&body, body.n, SHEET_NAME_BYTES_MOST, &name))
        return STATUS_IO;
    if ((int64_t)index <= w->sheet || (int64_t)index >= MAX(w->limits->sheets, 1))
        return STATUS_IO;
    w->sheet = (int)index;
    w->number = 0;
    buf_reset(&w->sheet_name);
    buf_str(&w->sheet_name, name);
    return STATUS_OK;
}

static enum status take_row(struct wire_in *w, struct str body)
{
    int64_t number, filled = 0;
    uint32_t n;
    if (w->sheet < 0 || !take(&body, &number, sizeof number) || !take(&body, &n, sizeof n))
        return STATUS_IO;
    if (number <= w->number || n == 0 || n > w->limits->columns || body.n / sizeof(uint32_t) < n || w->rows == w->limits->rows)
        return STATUS_IO;
    struct str lengths = { body.p, n * sizeof(uint32_t) };
    body = (struct str){ body.p + lengths.n, body.n - lengths.n };
    for (uint32_t i = 0; i < n; i++) {
        uint32_t length = 0;
        if (!take(&lengths, &length, sizeof length) || !take_text(&body, length, (size_t)w->limits->cell_bytes, &w->cell[i]))
            return STATUS_IO;
        filled += length > 0;
    }
    if (body.n != 0 || w->cell[n - 1].n == 0 || filled > w->limits->cells - w->cells)
        return STATUS_IO;
    w->number = number;
    w->rows++;
    w->cells += filled;
    struct read_row row = { w->sheet, buf_view(&w->sheet_name), number, w->cell, n };
    return w->give(w->ctx, &row);
}

static enum status take_fault(struct wire_in *w, struct str body)
{
    uint32_t fault, length;
    int32_t row, column;
    struct str text[1 + ERR_ARGS];
    if (!take(&body, &fault, sizeof fault) || !take(&body, &row, sizeof row) || !take(&body, &column, sizeof column))
        return STATUS_IO;
    if (fault >= FAULT_COUNT || row < 0 || column < 0 || w->faults == ERRS_KEPT)
        return STATUS_IO;
    for (size_t i = 0; i < LEN(text); i++) {
        size_t most = i == 0 ? SHEET_NAME_BYTES_MOST : QUOTED_BYTES_MOST;
        if (!take(&body, &length, sizeof length) || !take_text(&body, length, most, &text[i]))
            return STATUS_IO;
    }
    if (body.n != 0)
        return STATUS_IO;
    w->faults++;
    assert(w->faults <= ERRS_KEPT);
    if (w->errs->n == ERRS_KEPT) {
        w->errs->total++;
        return STATUS_OK;
    }
    struct err *e = errs_add(w->errs, fault_message(fault), text[0], NULL);
    e->row = row;
    e->column = column;
    for (int i = 0; i < ERR_ARGS; i++)
        e->arg[i] = arena_str(w->errs->arena, text[1 + i]);
    return STATUS_OK;
}

static enum status take_end(struct wire_in *w, struct str body)
{
    struct wire_end end;
    if (body.n != sizeof end || !take(&body, &end, sizeof end))
        return STATUS_IO;
    bool is_known = end.format <= READ_XLSX && end.encoding <= READ_UTF16 && end.is_whole <= 1 && end.separator[3] == '\0';
    is_known = is_known && (end.status == STATUS_OK || end.status == STATUS_INPUT || end.status == STATUS_MEMORY);
    if (!is_known || end.rows != w->rows || end.cells != w->cells || end.sheets > (uint64_t)w->limits->sheets + 1 || end.hidden_sheets > INT16_MAX)
        return STATUS_IO;
    if ((end.status == STATUS_INPUT) != (end.faults > 0) || MIN(end.faults, (uint64_t)ERRS_KEPT) != w->faults || end.faults > INT32_MAX)
        return STATUS_IO;
    if (!utf8_valid(str_of(end.separator), NULL))
        return STATUS_IO;
    w->errs->total += (size_t)end.faults - w->faults;
    *w->report = (struct read_report){
        .format = end.format,
        .encoding = end.encoding,
        .sheets = (int)end.sheets,
        .hidden_sheets = (int)end.hidden_sheets,
        .rows = end.rows,
        .cells = end.cells,
        .is_whole = end.is_whole,
    };
    memcpy(w->report->separator, end.separator, sizeof end.separator);
    w->end_status = end.status;
    w->is_ended = true;
    return STATUS_OK;
}

static enum status take_frame(struct wire_in *w, uint32_t kind, struct str body)
{
    switch (kind) {
    case WIRE_SHEET:
        return take_sheet(w, body);
    case WIRE_ROW:
        return take_row(w, body);
    case WIRE_FAULT:
        return take_fault(w, body);
    case WIRE_END:
        return take_end(w, body);
    default:
        return STATUS_IO;
    }
}

enum status wire_take(struct wire_in *w, const char *p, size_t n)
{
    enum status st = STATUS_OK;
    assert(n <= WIRE_PIECE_BYTES);
    if (w->is_ended)
        return n == 0 ? STATUS_OK : STATUS_IO;
    buf_add(&w->b, p, n);
    if (w->b.failed) /* a frame longer than any can be */
        return STATUS_IO;
    size_t at = 0;
    while (st == STATUS_OK && w->b.n - at >= HEAD_BYTES) {
        uint32_t head[2];
        memcpy(head, w->b.p + at, sizeof head);
        if (w->is_ended || head[1] > w->b.max_bytes - WIRE_PIECE_BYTES)
            return STATUS_IO;
        if (w->b.n - at - HEAD_BYTES < head[1])
            break;
        st = take_frame(w, head[0], (struct str){ w->b.p + at + HEAD_BYTES, head[1] });
        at += HEAD_BYTES + head[1];
    }
    assert(at <= w->b.n);
    if (at > 0) {
        memmove(w->b.p, w->b.p + at, w->b.n - at);
        w->b.n -= at;
    }
    return st == STATUS_OK && w->is_ended && w->b.n > 0 ? STATUS_IO : st;
}
