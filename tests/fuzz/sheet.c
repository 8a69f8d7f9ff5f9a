/* Fuzz target: the XML of a sheet, with a small table of strings and some formats. */
#include "read/xlsx.h"

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
    static uint32_t ends[] = { 3, 3, 9 }, xf[] = { 0, 14, 22, 164, 165 };
    static uint8_t custom[FORMAT_IDS] = { [164] = FORMAT_ZEROS | 6, [165] = FORMAT_TIME | FORMAT_ELAPSED };
    static bool has_custom[FORMAT_IDS] = { [164] = true, [165] = true };
    static char texts[] = "one" "twenty";
    struct arena arena = arena_make(16 << 20);
    struct errs errs = errs_make(&arena);
    struct read_limits limits = read_limits_default();
    struct read_report report = { 0 };
    struct tools tools = { (iconv_t)-1 };
    struct reader r = { .limits = &limits, .tools = &tools, .give = take_row, .report = &report, .errs = &errs, .sheet_name = STR("S") };
    if (!reader_open(&r))
        abort();
    struct workbook w = { .r = &r, .strings = { { texts, 9, 10, 9, false }, ends, 3, 3 }, .styles = { custom, has_custom, xf, 5, 5 } };
    w.is_1904 = n % 2 == 0;
    (void)!sheet_read_bytes(&w, (struct str){ (const char *)data, n });
    reader_close(&r);
    arena_free(&arena);
    return 0;
}
