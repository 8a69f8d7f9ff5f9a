/* One reading of one file: rows, limits, faults. See reader.h. */
#include "read/reader.h"

#include "core/limits.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

static const enum msg_id messages[FAULT_COUNT] = {
#define FAULT(name) [FAULT_##name] = MSG_read_##name,
#include "read/faults.def"
#undef FAULT
};

enum msg_id fault_message(enum fault f)
{
    assert(f < FAULT_COUNT);
    return messages[f];
}

struct read_limits read_limits_default(void)
{
    return (struct read_limits){
        .bytes = LIMIT_read_bytes,
        .rows = LIMIT_read_rows,
        .columns = LIMIT_read_columns,
        .cells = LIMIT_read_cells,
        .cell_bytes = LIMIT_read_cell_bytes,
        .row_bytes = LIMIT_read_row_bytes,
        .sheets = LIMIT_read_sheets,
        .zip_entries = LIMIT_read_zip_entries,
        .unpacked_bytes = LIMIT_read_unpacked_bytes,
        .ratio = LIMIT_read_ratio,
        .strings = LIMIT_read_strings,
        .strings_bytes = LIMIT_read_strings_bytes,
        .merges = LIMIT_read_merges,
        .wait_s = LIMIT_read_wait_s,
        .cpu_s = LIMIT_read_cpu_s,
        .memory_bytes = LIMIT_read_memory_bytes,
    };
}

struct tools tools_open(void)
{
    return (struct tools){ .gb18030 = iconv_open("UTF-8", "GB18030") };
}

void tools_close(struct tools *t)
{
    if (t->gb18030 != (iconv_t)-1)
        iconv_close(t->gb18030);
    t->gb18030 = (iconv_t)-1;
}

bool reader_open(struct reader *r)
{
    assert(r->limits->columns > 0 && r->limits->row_bytes > 0);
    r->text = buf_make((size_t)r->limits->row_bytes);
    r->cell = calloc((size_t)r->limits->columns, sizeof *r->cell);
    r->given = calloc((size_t)r->limits->columns, sizeof *r->given);
    return r->cell != NULL && r->given != NULL;
}

void reader_close(struct reader *r)
{
    buf_free(&r->text);
    free(r->cell);
    free(r->given);
    r->cell = NULL;
    r->given = NULL;
}

struct str text_cut(struct str s, size_t most)
{
    if (s.n <= most)
        return s;
    s.n = most;
    while (s.n > 0 && ((unsigned char)s.p[s.n] & 0xC0) == 0x80)
        s.n--;
    return s;
}

enum status reader_fault(struct reader *r, enum fault f, int64_t row, int64_t column, ...)
{
    if (r->errs->n == ERRS_KEPT) { /* only counted: a hostile file must not fill the arena */
        r->errs->total++;
        return STATUS_INPUT;
    }
    struct err *e = errs_add(r->errs, fault_message(f), r->sheet_name, NULL);
    e->row = (int32_t)MIN(row, INT32_MAX);
    e->column = (int32_t)MIN(column, INT32_MAX);
    va_list ap;
    va_start(ap, column);
    const char *z;
    for (int i = 0; i < ERR_ARGS && (z = va_arg(ap, const char *)) != NULL; i++)
        e->arg[i] = arena_str(r->errs->arena, text_cut(str_of(z), QUOTED_BYTES_MOST));
    va_end(ap);
    return STATUS_INPUT;
}

enum status reader_limit(struct reader *r, enum fault f, int64_t row, int64_t column, int64_t most)
{
    char text[24];
    snprintf(text, sizeof text, "%lld", (long long)most);
    return reader_fault(r, f, row, column, text, NULL);
}

void reader_row_begin(struct reader *r, int64_t number)
{
    assert(number > 0 && r->cells <= (size_t)r->limits->columns);
    r->number = number;
    buf_reset(&r->text);
    memset(r->cell, 0, r->cells * sizeof *r->cell);
    r->cells = 0;
}

enum status reader_cell(struct reader *r, size_t column, struct str text)
{
    const struct read_limits *l = r->limits;
    text = str_trim(text);
    assert(r->number > 0 && r->cells <= (size_t)l->columns);
    if (text.n == 0)
        return STATUS_OK;
    if (column >= (size_t)l->columns)
        return reader_limit(r, FAULT_columns_most, r->number, (int64_t)column + 1, l->columns);
    if (text.n > (size_t)l->cell_bytes) {
        (void)!reader_limit(r, FAULT_cell_bytes_most, r->number, (int64_t)column + 1, l->cell_bytes);
        return STATUS_OK;
    }
    size_t at = r->text.n;
    buf_add(&r->text, text.p, text.n);
    if (r->text.failed)
        return reader_limit(r, FAULT_row_bytes_most, r->number, 0, l->row_bytes);
    r->cell[column] = (struct span){ at, text.n };
    r->cells = MAX(r->cells, column + 1);
    return STATUS_OK;
}

struct str reader_cell_text(const struct reader *r, size_t column)
{
    if (column >= r->cells)
        return (struct str){ "", 0 };
    return (struct str){ r->text.p + r->cell[column].at, r->cell[column].n };
}

enum status reader_row_end(struct reader *r)
{
    const struct read_limits *l = r->limits;
    if (r->cells == 0)
        return STATUS_OK;
    if (r->report->rows == l->rows)
        return reader_limit(r, FAULT_rows_most, r->number, 0, l->rows);
    int64_t filled = 0;
    for (size_t i = 0; i < r->cells; i++) {
        r->given[i] = reader_cell_text(r, i);
        filled += r->given[i].n > 0;
    }
    if (filled > l->cells - r->report->cells)
        return reader_limit(r, FAULT_cells_most, r->number, 0, l->cells);
    assert(filled > 0 && filled <= (int64_t)r->cells);
    r->report->rows++;
    r->report->cells += filled;
    struct read_row row = { r->sheet, r->sheet_name, r->number, r->given, r->cells };
    return r->give(r->ctx, &row);
}
