/* Merged areas. They stand behind the rows, so a sheet is searched for them before it is read: a quick look at the bytes, and only
 * where there are some, a parse. */
#include "read/xlsx.h"

#include <stdio.h>
#include <stdlib.h>

enum { LOOK_BYTES = 64 * 1024, ROW_MOST = 1048576, COLUMN_MOST = 16384 };

struct merges_ctx {
    struct workbook *w;
    struct merge *merge;
    size_t n, cap;
};

bool place_parse(const char *z, uint32_t *column, uint32_t *row, const char **rest)
{
    uint32_t c = 0, r = 0;
    const char *p = z;
    while (*p == '$')
        p++;
    for (; *p >= 'A' && *p <= 'Z'; p++)
        if ((c = c * 26 + (uint32_t)(*p - 'A') + 1) > COLUMN_MOST)
            return false;
    while (*p == '$')
        p++;
    for (; *p >= '0' && *p <= '9'; p++)
        if ((r = r * 10 + (uint32_t)(*p - '0')) > ROW_MOST)
            return false;
    *column = c - 1;
    *row = r;
    *rest = p;
    return c > 0;
}

static enum status on_start(void *ctx, const char *name, const char **attributes)
{
    struct merges_ctx *m = ctx;
    struct merge one;
    uint32_t column, row;
    const char *rest;
    const char *ref = strcmp(name, "mergeCell") == 0 ? xml_attribute(attributes, "ref") : NULL;
    if (ref == NULL || !place_parse(ref, &one.column, &one.first, &rest) || *rest != ':')
        return STATUS_OK;
    if (!place_parse(rest + 1, &column, &row, &rest) || *rest != '\0')
        return STATUS_OK;
    one.last = row;
    if (column != one.column || one.first == 0 || one.last <= one.first)
        return STATUS_OK;
    if (m->n == (size_t)m->w->r->limits->merges)
        return reader_limit(m->w->r, FAULT_merges_most, 0, 0, m->w->r->limits->merges);
    if (m->n == m->cap) {
        size_t cap = MAX(m->cap * 2, (size_t)64);
        struct merge *more = realloc(m->merge, cap * sizeof *more);
        if (more == NULL)
            return reader_fault(m->w->r, FAULT_memory, 0, 0, NULL);
        m->merge = more;
        m->cap = cap;
    }
    m->merge[m->n++] = one;
    return STATUS_OK;
}

static enum status on_end(void *ctx, const char *name)
{
    (void)ctx, (void)name;
    return STATUS_OK;
}

/* Whether the bytes of a part hold the word at all. */
static enum status look(struct workbook *w, const char *name, bool *found)
{
    static const struct str word = { "mergeCell", 9 };
    char *piece = malloc(LOOK_BYTES);
    struct part part;
    size_t kept = 0, n = 1;
    int64_t before = w->c.unpacked;
    *found = false;
    if (piece == NULL)
        return reader_fault(w->r, FAULT_memory, 0, 0, NULL);
    enum status st = part_open(&part, &w->c, name);
    while (st == STATUS_OK && n > 0 && !*found) {
        st = part_read(&part, piece + kept, LOOK_BYTES - kept, &n);
        if (st != STATUS_OK)
            break;
        *found = memmem(piece, kept + n, word.p, word.n) != NULL;
        size_t have = kept + n;
        kept = MIN(have, word.n - 1);
        memmove(piece, piece + have - kept, kept);
    }
    part_close(&part);
    free(piece);
    w->c.unpacked = before; /* the same bytes are counted when they are read */
    return st;
}

static bool is_before(const struct merge *a, const struct merge *b)
{
    return a->first != b->first ? a->first < b->first : a->column < b->column;
}

static void sift(struct merge *m, size_t at, size_t n)
{
    for (size_t child; (child = 2 * at + 1) < n; at = child) {
        if (child + 1 < n && is_before(&m[child], &m[child + 1]))
            child++;
        if (!is_before(&m[at], &m[child]))
            return;
        struct merge swapped = m[at];
        m[at] = m[child];
        m[child] = swapped;
    }
}

/* By the first row: a heapsort, since qsort asks the system how much memory there is, which the child may not. */
static void sort(struct merge *m, size_t n)
{
    for (size_t i = n / 2; i > 0; i--)
        sift(m, i - 1, n);
    for (size_t i = n; i > 1; i--) {
        struct merge largest = m[0];
        m[0] = m[i - 1];
        m[i - 1] = largest;
        sift(m, 0, i - 1);
    }
}

enum status merges_read(struct workbook *w, const char *part, struct merge **merge, size_t *n)
{
    static const struct xml_handlers handlers = { on_start, on_end, NULL };
    struct merges_ctx m = { .w = w };
    bool found;
    enum status st = look(w, part, &found);
    int64_t before = w->c.unpacked;
    if (st == STATUS_OK && found) {
        st = xml_read_part(&w->c, part, &handlers, &m);
        w->c.unpacked = before;
    }
    sort(m.merge, m.n);
    *merge = m.merge;
    *n = m.n;
    return st;
}
