/* Text helpers: see text.h. */
#include "core/text.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

struct buf buf_make(size_t max_bytes)
{
    return (struct buf){ .max_bytes = max_bytes };
}

void buf_free(struct buf *b)
{
    free(b->p);
    *b = buf_make(b->max_bytes);
}

void buf_reset(struct buf *b)
{
    b->n = 0;
    b->failed = false;
    if (b->p != NULL)
        b->p[0] = '\0';
}

static bool buf_room(struct buf *b, size_t n)
{
    if (b->failed || n > b->max_bytes || b->n > b->max_bytes - n) {
        b->failed = true;
        return false;
    }
    if (b->n + n + 1 <= b->cap)
        return true;
    size_t cap = MAX(b->cap * 2, b->n + n + 1);
    cap = MAX(cap, (size_t)256);
    char *p = realloc(b->p, cap);
    if (p == NULL) {
        b->failed = true;
        return false;
    }
    b->p = p;
    b->cap = cap;
    assert(b->n + n < b->cap); /* with the byte that ends it */
    return true;
}

void buf_add(struct buf *b, const char *p, size_t n)
{
    assert(p != NULL || n == 0);
    if (n == 0 || !buf_room(b, n))
        return;
    memcpy(b->p + b->n, p, n);
    b->n += n;
    assert(b->n < b->cap && b->n <= b->max_bytes);
    b->p[b->n] = '\0';
}

void buf_str(struct buf *b, struct str s)
{
    buf_add(b, s.p, s.n);
}

void buf_z(struct buf *b, const char *z)
{
    buf_add(b, z, strlen(z));
}

void buf_char(struct buf *b, char c)
{
    buf_add(b, &c, 1);
}

void buf_int(struct buf *b, int64_t v)
{
    char digits[24];
    size_t at = sizeof digits;
    uint64_t u = v < 0 ? 0 - (uint64_t)v : (uint64_t)v;
    do {
        digits[--at] = (char)('0' + u % 10);
        u /= 10;
    } while (u > 0);
    if (v < 0)
        digits[--at] = '-';
    assert(at < sizeof digits);
    buf_add(b, digits + at, sizeof digits - at);
}

void buf_printf(struct buf *b, const char *fmt, ...)
{
    va_list ap, again;
    va_start(ap, fmt);
    va_copy(again, ap);
    int n = vsnprintf(NULL, 0, fmt, ap);
    va_end(ap);
    assert(n >= 0);
    if (buf_room(b, (size_t)n)) {
        vsnprintf(b->p + b->n, (size_t)n + 1, fmt, again);
        b->n += (size_t)n;
        assert(b->n < b->cap);
    }
    va_end(again);
}

struct str buf_view(const struct buf *b)
{
    return (struct str){ b->p != NULL ? b->p : "", b->n };
}

size_t utf8_next(const char *p, size_t n, uint32_t *code)
{
    if (n == 0)
        return 0;
    unsigned char c = (unsigned char)p[0];
    if (c < 0x80) {
        *code = c;
        return 1;
    }
    size_t len = c >= 0xF0 ? 4 : c >= 0xE0 ? 3 : 2;
    if (c < 0xC2 || c > 0xF4 || n < len)
        return 0;
    uint32_t v = c & (0xFFu >> (len + 1));
    for (size_t i = 1; i < len; i++) {
        unsigned char t = (unsigned char)p[i];
        if ((t & 0xC0) != 0x80)
            return 0;
        v = v << 6 | (t & 0x3F);
    }
    static const uint32_t least[5] = { 0, 0, 0x80, 0x800, 0x10000 };
    if (v < least[len] || v > 0x10FFFF || (v >= 0xD800 && v <= 0xDFFF))
        return 0;
    assert(len >= 2 && len <= n);
    *code = v;
    return len;
}

bool utf8_valid(struct str s, size_t *bad_at)
{
    size_t i = 0;
    while (i < s.n) {
        uint32_t code;
        uint64_t eight;
        if (s.n - i >= sizeof eight) { /* most text is ASCII for long stretches */
            memcpy(&eight, s.p + i, sizeof eight);
            if ((eight & 0x8080808080808080u) == 0) {
                i += sizeof eight;
                continue;
            }
        }
        size_t len = utf8_next(s.p + i, s.n - i, &code);
        if (len == 0) {
            if (bad_at != NULL)
                *bad_at = i;
            return false;
        }
        i += len;
    }
    return true;
}

void buf_utf8(struct buf *b, uint32_t code)
{
    assert(code <= 0x10FFFF);
    if (code < 0x80) {
        buf_char(b, (char)code);
        return;
    }
    char out[4];
    size_t len = code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
    for (size_t i = len - 1; i > 0; i--) {
        out[i] = (char)(0x80 | (code & 0x3F));
        code >>= 6;
    }
    static const unsigned char lead[5] = { 0, 0, 0xC0, 0xE0, 0xF0 };
    assert(code <= 0x1F); /* what the leading byte still holds */
    out[0] = (char)(lead[len] | code);
    buf_add(b, out, len);
}

size_t utf8_count(struct str s)
{
    size_t count = 0;
    for (size_t i = 0; i < s.n; i++)
        count += ((unsigned char)s.p[i] & 0xC0) != 0x80;
    return count;
}

bool str_int(struct str s, int64_t *out)
{
    size_t i = 0;
    bool minus = s.n > 0 && s.p[0] == '-';
    if (minus)
        i = 1;
    if (i == s.n)
        return false;
    int64_t v = 0;
    for (; i < s.n; i++) {
        if (s.p[i] < '0' || s.p[i] > '9')
            return false;
        if (__builtin_mul_overflow(v, 10, &v) || __builtin_sub_overflow(v, s.p[i] - '0', &v))
            return false;
    }
    /* summed below zero, where one more value fits */
    if (!minus && v == INT64_MIN)
        return false;
    *out = minus ? v : -v;
    return true;
}

static size_t space_at(const char *p, size_t n)
{
    if (n >= 1 && (*p == ' ' || (*p >= '\t' && *p <= '\r')))
        return 1;
    if (n >= 2 && memcmp(p, "\xC2\xA0", 2) == 0)
        return 2;
    if (n >= 3 && (memcmp(p, "\xE3\x80\x80", 3) == 0 || memcmp(p, "\xEF\xBB\xBF", 3) == 0))
        return 3;
    return 0;
}

/* Whether a byte neither is white space nor belongs to a character that is: what most texts begin and end with. */
static bool is_no_space(char c)
{
    unsigned char u = (unsigned char)c;
    return (u > ' ' && u < 0x80) || (u > 0xC2 && u != 0xE3 && u != 0xEF);
}

struct str str_trim(struct str s)
{
    size_t k;
    if (s.n > 0 && is_no_space(s.p[0]) && (unsigned char)s.p[s.n - 1] > ' ' && (unsigned char)s.p[s.n - 1] < 0x80)
        return s;
    while ((k = space_at(s.p, s.n)) > 0) {
        s.p += k;
        s.n -= k;
    }
    for (;;) {
        size_t cut = 0;
        for (size_t len = 1; len <= 3 && len <= s.n; len++)
            if (space_at(s.p + s.n - len, len) == len)
                cut = len;
        if (cut == 0)
            return s;
        s.n -= cut;
    }
}

struct str str_cut(struct str *rest, char sep)
{
    const char *at = rest->n > 0 ? memchr(rest->p, sep, rest->n) : NULL;
    struct str head = *rest;
    if (at == NULL) {
        *rest = (struct str){ rest->p + rest->n, 0 };
        return head;
    }
    assert(at >= rest->p && at < rest->p + rest->n);
    head.n = (size_t)(at - rest->p);
    rest->p += head.n + 1;
    rest->n -= head.n + 1;
    return head;
}

bool str_starts(struct str s, struct str prefix)
{
    return s.n >= prefix.n && (prefix.n == 0 || memcmp(s.p, prefix.p, prefix.n) == 0);
}

bool str_skip(struct str *s, const char *word)
{
    struct str w = str_of(word);
    assert(w.n > 0); /* nothing could be skipped for ever */
    if (!str_starts(*s, w))
        return false;
    *s = (struct str){ s->p + w.n, s->n - w.n };
    return true;
}

bool str_skip_any(struct str *s, const char *const *words, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (str_skip(s, words[i]))
            return true;
    return false;
}

bool str_is_formula(struct str s)
{
    static const char *const signs[] = { "=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠" };
    while (s.n > 0 && s.p[0] == '\'')
        s = (struct str){ s.p + 1, s.n - 1 };
    for (size_t i = 0; i < LEN(signs); i++)
        if (str_starts(s, str_of(signs[i])))
            return true;
    return false;
}

int str_cmp(struct str a, struct str b)
{
    size_t n = MIN(a.n, b.n);
    int c = n > 0 ? memcmp(a.p, b.p, n) : 0;
    return c != 0 ? c : (a.n > b.n) - (a.n < b.n);
}
