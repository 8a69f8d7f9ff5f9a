/* Fuzz target: any bytes as a table file. Must not crash, and must keep what read.h promises of the rows. */
#include "read/reader.h"

#include <stdlib.h>

static enum status check_row(void *ctx, const struct read_row *row)
{
    int64_t *last = ctx; /* sheet and row before */
    if (row->n == 0 || row->cell[row->n - 1].n == 0 || row->sheet < last[0] || (row->sheet == last[0] && row->number <= last[1]))
        abort();
    for (size_t i = 0; i < row->n; i++)
        if (!utf8_valid(row->cell[i], NULL) || (row->cell[i].n > 0 && memchr(row->cell[i].p, '\0', row->cell[i].n) != NULL))
            abort();
    last[0] = row->sheet;
    last[1] = row->number;
    return STATUS_OK;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    static struct tools tools;
    static bool is_open;
    if (!is_open)
        tools = tools_open();
    is_open = true;
    struct arena arena = arena_make(16 << 20);
    struct errs errs = errs_make(&arena);
    struct read_limits limits = read_limits_default();
    struct read_report report;
    int64_t last[2] = { -1, 0 };
    limits.unpacked_bytes = 4 << 20;
    struct read_source source = { { (const char *)data, n }, { "", 0 } };
    enum status st = read_with_tools(&tools, source, &limits, check_row, last, &report, &errs);
    if ((st == STATUS_INPUT) != (errs.total > 0) || (st == STATUS_OK && !report.is_whole))
        abort();
    arena_free(&arena);
    return 0;
}
