/* Fuzz target: what a child says, to its parent. */
#include "read/wire.h"

#include <stdlib.h>

static enum status take_row(void *ctx, const struct read_row *row)
{
    (void)ctx;
    for (size_t i = 0; i < row->n; i++)
        if (!utf8_valid(row->cell[i], NULL))
            abort();
    return STATUS_OK;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    struct arena arena = arena_make(16 << 20);
    struct errs errs = errs_make(&arena);
    struct read_limits limits = read_limits_default();
    struct read_report report = { 0 };
    struct wire_in in;
    enum status st = STATUS_OK;
    if (!wire_in_open(&in, &limits, take_row, NULL, &report, &errs))
        abort();
    size_t step = n > 0 ? data[0] % 64 + 1 : 1;
    for (size_t at = 0; at < n && st == STATUS_OK; at += step)
        st = wire_take(&in, (const char *)data + at, MIN(step, n - at));
    if (in.is_ended && st == STATUS_OK && in.end_status == STATUS_INPUT && errs.total == 0)
        abort();
    wire_in_close(&in);
    arena_free(&arena);
    return 0;
}
