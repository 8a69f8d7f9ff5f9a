/* Encodings of text files: UTF-8 and UTF-16 with a byte order mark, else UTF-8 or GB18030 by content. See decode.h. */
#include "read/decode.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

/* How much more likely damaged UTF-8 is than GB18030: Chinese in GB18030 holds a three-byte sequence of UTF-8 by chance in
 * less than one character of fifty, and mostly bytes that are none; damaged UTF-8 the other way round. */
enum { SEQUENCES_PER_WRONG_BYTE = 4 };

static int64_t lines_in(const char *p, size_t n)
{
    int64_t count = 0;
    const char *end = p + n;
    while (p < end && (p = memchr(p, '\n', (size_t)(end - p))) != NULL) {
        count++;
        p++;
    }
    return count;
}

static enum status fault_at(struct reader *r, enum fault f, int64_t line, int64_t byte)
{
    char a[24], b[24];
    snprintf(a, sizeof a, "%lld", (long long)line);
    snprintf(b, sizeof b, "%lld", (long long)byte);
    return reader_fault(r, f, 0, 0, a, b, NULL);
}

static enum status fault_at_offset(struct reader *r, enum fault f, struct str bytes, size_t at)
{
    size_t start = at;
    while (start > 0 && bytes.p[start - 1] != '\n')
        start--;
    return fault_at(r, f, 1 + lines_in(bytes.p, at), (int64_t)(at - start) + 1);
}

/* Counts long sequences of UTF-8 and bytes that belong to none; the first of these at *bad_at. */
static void weigh(struct str s, size_t *sequences, size_t *wrong, size_t *bad_at)
{
    *sequences = *wrong = 0;
    for (size_t i = 0; i < s.n;) {
        uint64_t eight;
        if (s.n - i >= sizeof eight) {
            memcpy(&eight, s.p + i, sizeof eight);
            if ((eight & 0x8080808080808080u) == 0) {
                i += sizeof eight;
                continue;
            }
        }
        uint32_t code;
        size_t len = utf8_next(s.p + i, s.n - i, &code);
        if (len == 0 && (*wrong)++ == 0)
            *bad_at = i;
        *sequences += len >= 3;
        i += MAX(len, (size_t)1);
    }
}

static enum status tell(struct decoder *d, struct str bytes, bool has_mark)
{
    size_t sequences, wrong, bad_at = 0;
    const char *nul = memchr(bytes.p, '\0', bytes.n);
    if (nul != NULL)
        return fault_at_offset(d->r, FAULT_text_nul, bytes, (size_t)(nul - bytes.p));
    weigh(bytes, &sequences, &wrong, &bad_at);
    d->encoding = READ_UTF8;
    if (wrong == 0)
        return STATUS_OK;
    if (has_mark || sequences >= wrong * SEQUENCES_PER_WRONG_BYTE)
        return fault_at_offset(d->r, FAULT_text_utf8, bytes, bad_at);
    d->encoding = READ_GB18030;
    if (d->r->tools->gb18030 == (iconv_t)-1)
        return reader_fault(d->r, FAULT_no_gb18030, 0, 0, NULL);
    iconv(d->r->tools->gb18030, NULL, NULL, NULL, NULL);
    return STATUS_OK;
}

enum status decode_begin(struct decoder *d, struct reader *r, struct str bytes)
{
    static const struct {
        struct str mark;
        enum read_encoding encoding;
        bool is_big_endian;
    } marks[] = {
        { STR("\xEF\xBB\xBF"), READ_UTF8, false },
        { STR("\xFF\xFE"), READ_UTF16, false },
        { STR("\xFE\xFF"), READ_UTF16, true },
        { STR("\x84\x31\x95\x33"), READ_GB18030, false },
    };
    *d = (struct decoder){ .r = r, .rest = bytes, .line = 1 };
    size_t i = 0;
    while (i < LEN(marks) && !str_starts(bytes, marks[i].mark))
        i++;
    bool has_mark = i < LEN(marks);
    if (has_mark) {
        d->rest = (struct str){ bytes.p + marks[i].mark.n, bytes.n - marks[i].mark.n };
        d->encoding = marks[i].encoding;
        d->is_big_endian = marks[i].is_big_endian;
    }
    if (!has_mark || d->encoding != READ_UTF16) {
        enum status st = tell(d, d->rest, has_mark && d->encoding == READ_UTF8);
        if (st != STATUS_OK)
            return st;
    }
    r->report->encoding = d->encoding;
    if (d->encoding != READ_UTF8) {
        d->piece = malloc(DECODE_PIECE_BYTES);
        if (d->piece == NULL)
            return reader_fault(r, FAULT_memory, 0, 0, NULL);
    }
    return STATUS_OK;
}

static enum status next_gb18030(struct decoder *d, struct str *piece)
{
    char *in = (char *)d->rest.p, *out = d->piece; /* iconv does not write to its input */
    size_t left = d->rest.n, room = DECODE_PIECE_BYTES;
    size_t got = iconv(d->r->tools->gb18030, &in, &left, &out, &room);
    if (got == (size_t)-1 && errno != E2BIG) {
        int64_t line = d->line + lines_in(d->rest.p, (size_t)(in - d->rest.p));
        return fault_at(d->r, FAULT_text_unknown, line, 0);
    }
    d->line += lines_in(d->rest.p, (size_t)(in - d->rest.p));
    assert(left < d->rest.n && out <= d->piece + DECODE_PIECE_BYTES);
    d->rest = (struct str){ in, left };
    *piece = (struct str){ d->piece, (size_t)(out - d->piece) };
    return STATUS_OK;
}

static uint32_t unit_at(const struct decoder *d, size_t at)
{
    const unsigned char *p = (const unsigned char *)d->rest.p + at;
    return d->is_big_endian ? (uint32_t)(p[0] << 8 | p[1]) : (uint32_t)(p[1] << 8 | p[0]);
}

/* One code point at `at`; 0 where there is none, which is what NUL is, too. */
static uint32_t utf16_at(const struct decoder *d, size_t at, size_t *len)
{
    *len = 2;
    if (d->rest.n - at < 2)
        return 0;
    uint32_t u = unit_at(d, at);
    if (u < 0xD800 || u > 0xDFFF)
        return u;
    if (u > 0xDBFF || d->rest.n - at < 4)
        return 0;
    uint32_t low = unit_at(d, at + 2);
    *len = 4;
    return low >= 0xDC00 && low <= 0xDFFF ? 0x10000 + ((u - 0xD800) << 10) + (low - 0xDC00) : 0;
}

static enum status next_utf16(struct decoder *d, struct str *piece)
{
    struct buf out = { .p = d->piece, .cap = DECODE_PIECE_BYTES, .max_bytes = DECODE_PIECE_BYTES - 1 };
    size_t at = 0, len;
    while (at < d->rest.n && out.n + 4 < out.max_bytes) {
        uint32_t code = utf16_at(d, at, &len);
        if (code == 0)
            return fault_at(d->r, FAULT_text_utf16, d->line, 0);
        d->line += code == '\n';
        buf_utf8(&out, code);
        at += len;
    }
    assert(!out.failed && out.p == d->piece);
    d->rest.p += at;
    d->rest.n -= at;
    *piece = buf_view(&out);
    return STATUS_OK;
}

enum status decode_next(struct decoder *d, struct str *piece)
{
    *piece = (struct str){ "", 0 };
    if (d->rest.n == 0)
        return STATUS_OK;
    if (d->encoding == READ_GB18030)
        return next_gb18030(d, piece);
    if (d->encoding == READ_UTF16)
        return next_utf16(d, piece);
    *piece = d->rest;
    d->rest.n = 0;
    return STATUS_OK;
}

void decode_end(struct decoder *d)
{
    free(d->piece);
    d->piece = NULL;
}
