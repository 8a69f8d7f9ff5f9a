/* Text tables after RFC 4180, as offices write them: the separator told by the content, any line ends, quotes with line breaks
 * inside. A quote out of place is said with its line and character, and reading goes on. */
#include "read/decode.h"

#include <stdio.h>

enum { SAMPLE_BYTES = 64 * 1024, SAMPLE_RECORDS = 20, SEPARATORS = 4 };

/* In order of preference where the content does not decide. */
static const char *const separators[SEPARATORS] = { ",", "\t", ";", "，" };

enum csv_state { BARE, QUOTED, QUOTE_SEEN, AFTER_QUOTE };

struct csv {
    struct reader *r;
    struct str sep;
    bool special[256]; /* bytes at which a bare cell may end */
    enum csv_state state;
    struct buf field;
    bool is_faulty;       /* this cell's quotes were already complained of */
    bool after_cr;
    int64_t record;       /* the row's number: lines inside quotes are no rows */
    size_t column;
    int64_t line;         /* of the file */
    int64_t line_chars;   /* of this line in earlier pieces */
    const char *line_at;  /* where the line, or the piece, begins */
    int64_t quote_line, quote_char;
};

static int64_t char_number(const struct csv *c, const char *p)
{
    assert(p >= c->line_at && c->line_chars >= 0);
    struct str before = { c->line_at, (size_t)(p - c->line_at) };
    return c->line_chars + (int64_t)utf8_count(before) + 1;
}

static enum status quote_fault(struct csv *c, enum fault f, int64_t line, int64_t at)
{
    char a[24], b[24];
    snprintf(a, sizeof a, "%lld", (long long)line);
    snprintf(b, sizeof b, "%lld", (long long)at);
    return reader_fault(c->r, f, c->record, (int64_t)c->column + 1, a, b, NULL);
}

/* What a spreadsheet program shows of a text: without the ' that print_csv put before what would be taken for a formula, and
 * ="007" as 007. */
static struct str as_shown(struct str s)
{
    if (s.n > 0 && s.p[0] == '\'' && str_is_formula(s))
        return (struct str){ s.p + 1, s.n - 1 };
    if (s.n >= 3 && str_starts(s, STR("=\"")) && memchr(s.p + 2, '"', s.n - 2) == s.p + s.n - 1)
        return (struct str){ s.p + 2, s.n - 3 };
    return s;
}

static enum status cell_end(struct csv *c, struct str text)
{
    enum status st = STATUS_OK;
    if (c->field.failed)
        (void)!reader_limit(c->r, FAULT_cell_bytes_most, c->record, (int64_t)c->column + 1, c->r->limits->cell_bytes);
    else
        st = reader_cell(c->r, c->column, as_shown(str_trim(text)));
    buf_reset(&c->field);
    c->column++;
    c->state = BARE;
    c->is_faulty = false;
    return st;
}

static enum status row_end(struct csv *c, struct str text)
{
    enum status st = cell_end(c, text);
    if (st == STATUS_OK)
        st = reader_row_end(c->r);
    c->record++;
    c->column = 0;
    reader_row_begin(c->r, c->record);
    return st;
}

static void line_end(struct csv *c, const char *p)
{
    c->line++;
    c->line_chars = 0;
    c->line_at = p + 1;
    c->after_cr = *p == '\r';
}

static bool at_separator(const struct csv *c, const char *p, const char *end)
{
    return (size_t)(end - p) >= c->sep.n && memcmp(p, c->sep.p, c->sep.n) == 0;
}

/* A quote in a bare cell: it opens a quoted one where nothing stands before it, or only the = of ="007". */
static void quote_in_bare(struct csv *c, const char *p)
{
    struct str before = str_trim(buf_view(&c->field));
    if (!c->is_faulty && (before.n == 0 || str_is(before, "="))) {
        buf_reset(&c->field);
        c->state = QUOTED;
        c->quote_line = c->line;
        c->quote_char = char_number(c, p);
        return;
    }
    if (!c->is_faulty)
        (void)!quote_fault(c, FAULT_quote_stray, c->line, char_number(c, p));
    c->is_faulty = true;
    buf_char(&c->field, '"');
}

/* One step in a bare cell from p: a run of ordinary bytes and what ends it. Returns what is left. */
static const char *step_bare(struct csv *c, const char *p, const char *end, enum status *st)
{
    const char *run = p;
    while (p < end && !c->special[(unsigned char)*p])
        p++;
    struct str text = { run, (size_t)(p - run) };
    bool is_line_end = p < end && (*p == '\r' || *p == '\n'), is_end = is_line_end || (p < end && at_separator(c, p, end));
    if (!is_end || c->field.n > 0 || c->field.failed) { /* most cells lie in the piece as a whole and need no copy */
        buf_add(&c->field, run, text.n);
        text = buf_view(&c->field);
    }
    if (p == end)
        return p;
    if (is_line_end) {
        *st = row_end(c, text);
        line_end(c, p);
        return p + 1;
    }
    if (is_end) {
        *st = cell_end(c, text);
        return p + c->sep.n;
    }
    if (*p == '"') {
        quote_in_bare(c, p);
    } else {
        buf_char(&c->field, *p);
    }
    return p + 1;
}

static const char *step_quoted(struct csv *c, const char *p, const char *end)
{
    const char *run = p;
    while (p < end && *p != '"' && *p != '\r' && *p != '\n')
        p++;
    buf_add(&c->field, run, (size_t)(p - run));
    if (p == end)
        return p;
    if (*p == '"') {
        c->state = QUOTE_SEEN;
        return p + 1;
    }
    buf_char(&c->field, '\n');
    line_end(c, p);
    return p + 1;
}

static const char *step_after_quote(struct csv *c, const char *p, const char *end)
{
    if (at_separator(c, p, end) || *p == '\r' || *p == '\n') {
        c->state = BARE;
        return p;
    }
    if (*p == ' ' || *p == '\t')
        return p + 1;
    (void)!quote_fault(c, FAULT_quote_after, c->line, char_number(c, p));
    c->is_faulty = true;
    c->state = BARE;
    return p;
}

static enum status feed(struct csv *c, struct str piece)
{
    const char *p = piece.p, *end = piece.p + piece.n;
    enum status st = STATUS_OK;
    assert(c->sep.n > 0 && c->special[(unsigned char)c->sep.p[0]]);
    c->line_at = p;
    while (p < end && st == STATUS_OK) {
        if (c->after_cr) {
            c->after_cr = false;
            if (*p == '\n') {
                c->line_at = ++p;
                continue;
            }
        }
        switch (c->state) {
        case BARE:
            p = step_bare(c, p, end, &st);
            break;
        case QUOTED:
            p = step_quoted(c, p, end);
            break;
        case QUOTE_SEEN:
            c->state = *p == '"' ? QUOTED : AFTER_QUOTE;
            if (*p == '"') {
                buf_char(&c->field, '"');
                p++;
            }
            break;
        case AFTER_QUOTE:
            p = step_after_quote(c, p, end);
            break;
        }
    }
    c->line_chars = char_number(c, end) - 1;
    return st;
}

/* For each of the first records, how often each separator stands outside quotes. */
static size_t count_separators(struct str sample, int (*count)[SEPARATORS])
{
    size_t records = 0;
    bool in_quotes = false;
    const char *end = sample.p + sample.n;
    memset(count, 0, SAMPLE_RECORDS * sizeof *count);
    for (const char *p = sample.p; p < end && records < SAMPLE_RECORDS; p++) {
        if (*p == '"')
            in_quotes = !in_quotes;
        if (in_quotes)
            continue;
        if (*p == '\n' || *p == '\r') {
            bool is_blank = p == sample.p || p[-1] == '\n' || p[-1] == '\r';
            records += is_blank ? 0 : 1;
            continue;
        }
        for (int i = 0; i < SEPARATORS; i++) {
            size_t n = strlen(separators[i]);
            count[records][i] += (size_t)(end - p) >= n && memcmp(p, separators[i], n) == 0;
        }
    }
    return records < SAMPLE_RECORDS ? records + 1 : records;
}

/* The separator that stands equally often in most records. */
static struct str tell_separator(struct str sample)
{
    int count[SAMPLE_RECORDS][SEPARATORS];
    sample.n = MIN(sample.n, (size_t)SAMPLE_BYTES);
    size_t records = count_separators(sample, count), best = 0;
    struct str sep = str_of(separators[0]);
    for (int i = 0; i < SEPARATORS; i++)
        for (size_t a = 0; a < records; a++) {
            size_t alike = 0;
            for (size_t b = 0; b < records; b++)
                alike += count[a][i] > 0 && count[b][i] == count[a][i];
            if (alike > best) {
                best = alike;
                sep = str_of(separators[i]);
            }
        }
    return sep;
}

/* A first line "sep=;" names the separator; spreadsheet programs don't show it. */
static struct str take_separator_line(struct csv *c, struct str piece)
{
    for (int i = 0; i < SEPARATORS; i++) {
        size_t n = 4 + strlen(separators[i]);
        if (!str_starts(piece, STR("sep=")) || piece.n <= n || memcmp(piece.p + 4, separators[i], n - 4) != 0)
            continue;
        if (piece.p[n] != '\r' && piece.p[n] != '\n')
            continue;
        c->sep = str_of(separators[i]);
        n += piece.p[n] == '\r' && piece.n > n + 1 && piece.p[n + 1] == '\n' ? 2 : 1;
        c->line++;
        return (struct str){ piece.p + n, piece.n - n };
    }
    return piece;
}

static struct str begin(struct csv *c, struct str piece)
{
    c->sep = tell_separator(piece);
    piece = take_separator_line(c, piece);
    c->special['"'] = c->special['\r'] = c->special['\n'] = true;
    c->special[(unsigned char)c->sep.p[0]] = true;
    memcpy(c->r->report->separator, c->sep.p, c->sep.n);
    return piece;
}

static enum status finish(struct csv *c)
{
    if (c->state == QUOTED)
        return quote_fault(c, FAULT_quote_open, c->quote_line, c->quote_char);
    return row_end(c, buf_view(&c->field));
}

enum status read_csv(struct reader *r, struct str bytes)
{
    struct decoder d;
    struct csv c = { .r = r, .record = 1, .line = 1, .field = buf_make((size_t)r->limits->row_bytes) };
    struct str piece;
    enum status st = decode_begin(&d, r, bytes);
    reader_row_begin(r, 1);
    r->report->sheets = 1;
    for (bool is_first = true; st == STATUS_OK; is_first = false) {
        st = decode_next(&d, &piece);
        if (st != STATUS_OK || piece.n == 0)
            break;
        st = feed(&c, is_first ? begin(&c, piece) : piece);
    }
    if (st == STATUS_OK && c.sep.n > 0)
        st = finish(&c);
    decode_end(&d);
    buf_free(&c.field);
    return st;
}
