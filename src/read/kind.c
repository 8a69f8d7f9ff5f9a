/* What a file is, by its first bytes and never by its name; a name that says otherwise is refused. Then the fitting reader. */
#include "read/reader.h"

#include <stdio.h>

enum what { WHAT_TEXT, WHAT_ARCHIVE, WHAT_OLE, WHAT_REFUSED };

static const struct {
    struct str magic;
    enum what what;
    enum fault fault;
} magics[] = {
    { STR("PK\3\4"), WHAT_ARCHIVE, FAULT_COUNT },
    { STR("PK\5\6"), WHAT_ARCHIVE, FAULT_COUNT },
    { STR("\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1"), WHAT_OLE, FAULT_COUNT },
    { STR("\x09\x00\x04\x00"), WHAT_REFUSED, FAULT_old_xls }, /* Excel 2 to 4, without a container */
    { STR("\x09\x02\x06\x00"), WHAT_REFUSED, FAULT_old_xls },
    { STR("\x09\x04\x06\x00"), WHAT_REFUSED, FAULT_old_xls },
    { STR("%PDF-"), WHAT_REFUSED, FAULT_not_table },
    { STR("\x89PNG"), WHAT_REFUSED, FAULT_not_table },
    { STR("\xFF\xD8\xFF"), WHAT_REFUSED, FAULT_not_table },
    { STR("GIF8"), WHAT_REFUSED, FAULT_not_table },
    { STR("{\\rtf"), WHAT_REFUSED, FAULT_not_table },
    { STR("Rar!\x1A"), WHAT_REFUSED, FAULT_not_table },
    { STR("7z\xBC\xAF\x27\x1C"), WHAT_REFUSED, FAULT_not_table },
    { STR("\x1F\x8B\x08"), WHAT_REFUSED, FAULT_not_table },
    { STR("\x7F" "ELF"), WHAT_REFUSED, FAULT_not_table },
};

/* Markup that some systems export under the name of a table. */
static const struct {
    const char *begin; /* small letters */
    enum fault fault;
} markups[] = {
    { "<?xml", FAULT_xml_sheet }, { "<html", FAULT_html }, { "<!doctype", FAULT_html }, { "<table", FAULT_html },
    { "<head", FAULT_html },      { "<meta", FAULT_html }, { "<style", FAULT_html },    { "<!--", FAULT_html },
};

static const struct {
    const char *ending;
    enum what what;
} endings[] = {
    { ".csv", WHAT_TEXT },     { ".txt", WHAT_TEXT },     { ".tsv", WHAT_TEXT },
    { ".xlsx", WHAT_ARCHIVE }, { ".xlsm", WHAT_ARCHIVE }, { ".xltx", WHAT_ARCHIVE },
    { ".xls", WHAT_OLE },
};

static bool begins_markup(struct str bytes, enum fault *f)
{
    if (str_starts(bytes, STR("\xEF\xBB\xBF")))
        bytes = (struct str){ bytes.p + 3, bytes.n - 3 };
    while (bytes.n > 0 && strchr(" \t\r\n", bytes.p[0]) != NULL && bytes.p[0] != '\0')
        bytes = (struct str){ bytes.p + 1, bytes.n - 1 };
    for (size_t i = 0; i < LEN(markups); i++) {
        size_t n = strlen(markups[i].begin);
        if (bytes.n >= n && strncasecmp(bytes.p, markups[i].begin, n) == 0) {
            *f = markups[i].fault;
            return true;
        }
    }
    return false;
}

/* A container of the old kind: a workbook of the old kind, or a new one locked with a password ([MS-OFFCRYPTO] 2.3.4.4). */
static enum fault ole_fault(struct str bytes)
{
    static const char name[] = "E\0n\0c\0r\0y\0p\0t\0e\0d\0P\0a\0c\0k\0a\0g\0e";
    return memmem(bytes.p, bytes.n, name, sizeof name - 1) != NULL ? FAULT_encrypted : FAULT_old_xls;
}

static enum status tell(struct reader *r, struct str bytes, enum what *what)
{
    enum fault f;
    *what = WHAT_TEXT;
    for (size_t i = 0; i < LEN(magics); i++) {
        if (!str_starts(bytes, magics[i].magic))
            continue;
        *what = magics[i].what;
        if (*what == WHAT_OLE)
            return reader_fault(r, ole_fault(bytes), 0, 0, NULL);
        return *what == WHAT_REFUSED ? reader_fault(r, magics[i].fault, 0, 0, NULL) : STATUS_OK;
    }
    return begins_markup(bytes, &f) ? reader_fault(r, f, 0, 0, NULL) : STATUS_OK;
}

static enum status hold_name(struct reader *r, struct str name, enum what what)
{
    for (size_t i = 0; i < LEN(endings); i++) {
        size_t n = strlen(endings[i].ending);
        if (name.n < n || strncasecmp(name.p + name.n - n, endings[i].ending, n) != 0)
            continue;
        if (endings[i].what != what)
            return reader_fault(r, FAULT_name_disagrees, 0, 0, endings[i].ending, what == WHAT_TEXT ? "CSV" : "XLSX", NULL);
    }
    return STATUS_OK;
}

static enum status read_it(struct reader *r, struct read_source source)
{
    enum what what;
    char bytes[24], most[24];
    if ((int64_t)source.bytes.n > r->limits->bytes) {
        snprintf(bytes, sizeof bytes, "%zu", source.bytes.n);
        snprintf(most, sizeof most, "%lld", (long long)r->limits->bytes);
        return reader_fault(r, FAULT_too_large, 0, 0, bytes, most, NULL);
    }
    enum status st = tell(r, source.bytes, &what);
    if (st == STATUS_OK && source.bytes.n > 0)
        st = hold_name(r, source.name, what);
    if (st != STATUS_OK)
        return st;
    r->report->format = what == WHAT_TEXT ? READ_CSV : READ_XLSX;
    if (source.bytes.n > 0)
        st = what == WHAT_TEXT ? read_csv(r, source.bytes) : read_xlsx(r, source.bytes);
    if (st == STATUS_OK && r->report->rows == 0 && r->errs->total == 0)
        return reader_fault(r, FAULT_empty, 0, 0, NULL);
    r->report->is_whole = st == STATUS_OK;
    return st;
}

enum status read_with_tools(const struct tools *tools, struct read_source source, const struct read_limits *limits,
                            read_row_fn *row, void *ctx, struct read_report *report, struct errs *errs)
{
    struct reader r = {
        .limits = limits, .tools = tools, .give = row, .ctx = ctx, .report = report, .errs = errs, .sheet_name = STR(""),
    };
    size_t before = errs->total;
    *report = (struct read_report){ 0 };
    enum status st = reader_open(&r) ? read_it(&r, source) : STATUS_MEMORY;
    reader_close(&r);
    return st == STATUS_OK && errs->total > before ? STATUS_INPUT : st;
}

enum status read_table(struct read_source source, const struct read_limits *limits, read_row_fn *row, void *ctx,
                       struct read_report *report, struct errs *errs)
{
    struct tools tools = tools_open();
    enum status st = read_with_tools(&tools, source, limits, row, ctx, report, errs);
    tools_close(&tools);
    return st;
}
