/* The columns of every kind of table as a table, and the words by which headers and names are compared. */
#include "app/import.h"
#include "core/pinyin.h"

#define NO_FIELD -1
#define OF(record, name) &record_##record, record##_F_##name
const struct import_column import_columns[] = {
#define COLUMN_(kind_, name_, how_, flags_, record_, field_, width_, synonyms_) \
    { import_kind_##kind_, #name_, HOW_##how_, flags_, record_, field_, width_, synonyms_, MSG_col_##kind_##_##name_, \
      MSG_note_##kind_##_##name_ },
#define COLUMN(...) COLUMN_(__VA_ARGS__)
#include "app/import_columns.def"
#undef COLUMN
#undef COLUMN_
};
#undef OF
const size_t import_columns_count = LEN(import_columns);

const struct import_column *import_columns_of(enum import_kind k, int *n)
{
    size_t first = 0, last;
    while (first < LEN(import_columns) && import_columns[first].kind != k)
        first++;
    for (last = first; last < LEN(import_columns) && import_columns[last].kind == k;)
        last++;
    assert(last > first && last - first <= COLUMNS_OF_KIND_MOST);
    *n = (int)(last - first);
    return &import_columns[first];
}

int import_column_at(const struct importing *im, const char *name)
{
    assert(im->kind != NULL && name != NULL);
    for (int i = 0; i < im->columns; i++)
        if (strcmp(im->column[i].name, name) == 0)
            return i;
    assert(!"no such column");
    return -1;
}

struct str import_cell(const struct importing *im, const struct str *cell, const char *column)
{
    return cell[import_column_at(im, column)];
}

static bool is_space(uint32_t code)
{
    return code == ' ' || code == '\t' || code == '\n' || code == '\r' || code == 0xA0 || code == 0x3000 || code == 0xFEFF ||
           (code >= 0x2000 && code <= 0x200B);
}

static uint32_t half_width(uint32_t code)
{
    return code >= 0xFF01 && code <= 0xFF5E ? code - 0xFEE0 : code;
}

static bool is_han(uint32_t code)
{
    return (code >= 0x4E00 && code <= 0x9FFF) || (code >= 0x3400 && code <= 0x4DBF) || (code >= 0x20000 && code <= 0x3FFFF) || code == 0xB7;
}

/* Copies s code point by code point, changed or left out by `keep`; a changed text is never longer. */
static struct str map_text(struct arena *a, struct str s, bool drop_spaces, bool small, bool cut_brackets)
{
    struct buf b = buf_make(s.n + 8);
    for (size_t i = 0; i < s.n;) {
        uint32_t code;
        size_t len = utf8_next(s.p + i, s.n - i, &code);
        if (len == 0)
            break;
        i += len;
        code = half_width(code);
        if (drop_spaces && is_space(code))
            continue;
        if (cut_brackets && b.n > 0 && (code == '(' || code == '[' || code == 0x3010))
            break;
        if (small && code >= 'A' && code <= 'Z')
            code += 'a' - 'A';
        buf_utf8(&b, code);
    }
    struct str out = arena_str(a, buf_view(&b));
    buf_free(&b);
    return out;
}

struct str import_fold(struct arena *a, struct str s, bool cut_brackets)
{
    struct str t = map_text(a, s, true, true, cut_brackets);
    while (cut_brackets && t.n > 1 && (t.p[t.n - 1] == '*' || t.p[t.n - 1] == ':'))
        t.n--;
    while (cut_brackets && t.n > 1 && t.p[0] == '*')
        t = (struct str){ t.p + 1, t.n - 1 };
    return t;
}

struct str import_code(struct arena *a, struct str s)
{
    return map_text(a, s, true, false, false);
}

struct str import_name(struct arena *a, struct str s)
{
    struct buf b = buf_make(s.n + 8);
    uint32_t before = 0;
    bool gap = false;
    for (size_t i = 0; i < s.n;) {
        uint32_t code;
        size_t len = utf8_next(s.p + i, s.n - i, &code);
        if (len == 0)
            break;
        i += len;
        if (is_space(code)) {
            gap = b.n > 0;
            continue;
        }
        if (gap && !(is_han(before) && is_han(code)))
            buf_char(&b, ' ');
        gap = false;
        buf_utf8(&b, code >= 0xFF10 && code <= 0xFF5A ? half_width(code) : code);
        before = code;
    }
    struct str out = arena_str(a, buf_view(&b));
    buf_free(&b);
    return out;
}

enum { CODE_CHARS = 40 };

struct str import_code_of(struct arena *a, struct str name)
{
    struct str key = pinyin_key(a, name);
    struct buf b = buf_make(CODE_CHARS + 8);
    for (size_t i = 0; i < key.n && b.n < CODE_CHARS; i++) {
        char c = key.p[i];
        if ((unsigned char)c >= 0x80)
            break; /* the name itself follows its reading */
        if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'))
            buf_char(&b, c);
    }
    if (b.n == 0)
        buf_z(&b, "x");
    struct str out = arena_str(a, buf_view(&b));
    buf_free(&b);
    return out;
}

struct str import_code_free(struct importing *im, struct arena *a, struct str prefix, struct str name)
{
    struct str made = import_code_of(a, name), code = made;
    struct str word = arena_printf(a, "N\x1f%.*s%.*s", STR_ARG(prefix), STR_ARG(made));
    /* How often it was given is remembered: thousands of names that read alike cost no more than one each. */
    int64_t n = map_get(&im->words, word, 1);
    bool taken = n > 1;
    do {
        if (taken)
            code = arena_printf(a, "%.*s%lld", (int)MIN(made.n, (size_t)CODE_CHARS - 6), made.p, (long long)n);
        n++;
        struct str key = arena_printf(a, "%.*s%.*s", STR_ARG(prefix), STR_ARG(code));
        taken = map_get(&im->by_key, key, UNKNOWN) >= 0 || map_get(&im->in_file, key, UNKNOWN) >= 0;
    } while (taken);
    if (!map_set(&im->words, word, n))
        map_put(&im->words, arena_str(im->arena, word), n);
    return code;
}
