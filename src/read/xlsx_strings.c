/* The table of strings: all texts in one block, found by number. Rich text loses its format, phonetic guides are left out. */
#include "read/xlsx.h"

#include <stdlib.h>

struct strings_ctx {
    struct workbook *w;
    int depth; /* 1 = sst, 2 = si, 3 = t or r, 4 = t in r */
    int t_depth; /* where the text being read stands, 0 = none */
    int skip_depth; /* of a phonetic run, 0 = none */
};

static int hex(char c)
{
    return c >= '0' && c <= '9' ? c - '0' : (c | 0x20) >= 'a' && (c | 0x20) <= 'f' ? (c | 0x20) - 'a' + 10 : -1;
}

/* The code of _xHHHH_ at p, or -1; codes that are no character of text stay as they are written. */
static int32_t escape_at(const char *p, size_t n)
{
    int32_t code = 0;
    if (n < 7 || p[0] != '_' || p[1] != 'x' || p[6] != '_')
        return -1;
    for (int i = 2; i < 6; i++) {
        if (hex(p[i]) < 0)
            return -1;
        code = code << 4 | hex(p[i]);
    }
    return code == 0 || (code >= 0xD800 && code <= 0xDFFF) ? -1 : code;
}

static size_t put_utf8(char *p, uint32_t code)
{
    if (code < 0x80) {
        p[0] = (char)code;
        return 1;
    }
    if (code < 0x800) {
        p[0] = (char)(0xC0 | code >> 6);
        p[1] = (char)(0x80 | (code & 0x3F));
        return 2;
    }
    p[0] = (char)(0xE0 | code >> 12);
    p[1] = (char)(0x80 | (code >> 6 & 0x3F));
    p[2] = (char)(0x80 | (code & 0x3F));
    return 3;
}

size_t xstring_decode(char *p, size_t n)
{
    size_t to = 0;
    for (size_t i = 0; i < n;) {
        int32_t code = p[i] == '_' ? escape_at(p + i, n - i) : -1;
        size_t len = code >= 0 ? 7 : 1;
        if (code < 0)
            code = p[i] == '\r' ? '\r' : -1;
        if (code == '\r') {
            if (i + len == n || p[i + len] != '\n')
                p[to++] = '\n';
        } else if (code >= 0) {
            to += put_utf8(p + to, (uint32_t)code);
        } else {
            p[to++] = p[i];
        }
        i += len;
    }
    assert(to <= n);
    return to;
}

static enum status on_start(void *ctx, const char *name, const char **attributes)
{
    struct strings_ctx *s = ctx;
    (void)attributes;
    s->depth++;
    if (s->skip_depth > 0 || s->depth < 3)
        return STATUS_OK;
    if (strcmp(name, "rPh") == 0)
        s->skip_depth = s->depth;
    else if (strcmp(name, "t") == 0 && s->t_depth == 0)
        s->t_depth = s->depth;
    return STATUS_OK;
}

static enum status text_end(struct strings_ctx *s)
{
    struct strings *t = &s->w->strings;
    const struct read_limits *l = s->w->r->limits;
    if (t->n == (size_t)l->strings)
        return reader_limit(s->w->r, FAULT_strings_most, 0, 0, l->strings);
    if (t->bytes.failed)
        return reader_limit(s->w->r, FAULT_strings_bytes_most, 0, 0, l->strings_bytes);
    if (t->n == t->cap) {
        size_t cap = MAX(t->cap * 2, (size_t)1024);
        uint32_t *end = realloc(t->end, cap * sizeof *end);
        if (end == NULL)
            return reader_fault(s->w->r, FAULT_memory, 0, 0, NULL);
        t->end = end;
        t->cap = cap;
    }
    size_t start = t->n > 0 ? t->end[t->n - 1] : 0;
    assert(start <= t->bytes.n && t->n < t->cap);
    if (t->bytes.n > start)
        t->bytes.n = start + xstring_decode(t->bytes.p + start, t->bytes.n - start);
    t->end[t->n++] = (uint32_t)t->bytes.n;
    return STATUS_OK;
}

static enum status on_end(void *ctx, const char *name)
{
    struct strings_ctx *s = ctx;
    enum status st = STATUS_OK;
    if (s->depth == s->t_depth)
        s->t_depth = 0;
    if (s->depth == s->skip_depth)
        s->skip_depth = 0;
    else if (s->depth == 2 && strcmp(name, "si") == 0)
        st = text_end(s);
    s->depth--;
    assert(s->depth >= 0 && s->t_depth <= s->depth && s->skip_depth <= s->depth);
    return st;
}

static enum status on_text(void *ctx, const char *p, size_t n)
{
    struct strings_ctx *s = ctx;
    if (s->t_depth > 0 && s->skip_depth == 0)
        buf_add(&s->w->strings.bytes, p, n);
    return STATUS_OK;
}

enum status strings_read(struct workbook *w, const char *part)
{
    static const struct xml_handlers handlers = { on_start, on_end, on_text };
    struct strings_ctx s = { .w = w };
    assert(w->r->limits->strings_bytes < UINT32_MAX);
    w->strings.bytes = buf_make((size_t)w->r->limits->strings_bytes);
    return xml_read_part(&w->c, part, &handlers, &s);
}

bool strings_get(const struct strings *s, uint64_t i, struct str *text)
{
    if (i >= s->n)
        return false;
    size_t start = i > 0 ? s->end[i - 1] : 0;
    assert(start <= s->end[i] && s->end[i] <= s->bytes.n);
    *text = (struct str){ s->bytes.p != NULL ? s->bytes.p + start : "", s->end[i] - start };
    return true;
}
