/* What pages and commands show of imports: columns by name, faults in words. */
#include "app/import.h"
#include "app/imports.h"

#include <stdio.h>

struct import_head import_head_of(enum import_kind kind, int i)
{
    assert(kind < import_kind_COUNT && i >= 0);
    int n;
    const struct import_column *c = import_columns_of(kind, &n);
    if (i < 0 || i >= n)
        return (struct import_head){ NULL, MSG_none, MSG_none, false };
    return (struct import_head){ c[i].name, c[i].header, c[i].note, c[i].flags & NEED };
}

struct str import_header_text(struct arena *a, enum msg_id header, enum lang lang)
{
    struct str s = str_of(msg_text(header, lang));
    const char *mark = memchr(s.p, '#', s.n);
    if (mark == NULL)
        return s;
    return str_trim(arena_printf(a, "%.*s", (int)(mark - s.p), s.p));
}

static struct str header_of(struct arena *a, enum import_kind kind, struct str name, enum lang lang)
{
    int n;
    const struct import_column *c = import_columns_of(kind, &n);
    for (int i = 0; i < n; i++)
        if (str_is(name, c[i].name))
            return import_header_text(a, c[i].header, lang);
    return name;
}

/* A list of our names of columns, as people call them. */
static struct str headers_of(struct arena *a, enum import_kind kind, struct str names, enum lang lang)
{
    struct buf b = buf_make(1 << 16);
    while (names.n > 0) {
        struct str name = import_label(&names), header = header_of(a, kind, name, lang);
        buf_printf(&b, "%s%.*s", b.n == 0 ? "" : lang == LANG_ZH ? "、" : ", ", STR_ARG(header));
    }
    struct str s = arena_str(a, buf_view(&b));
    buf_free(&b);
    return s;
}

struct str import_letters(struct arena *a, int64_t column)
{
    assert(column >= 0); /* 1 is A; 0, where none is meant, is no letter */
    char text[8];
    size_t at = sizeof text;
    for (; column > 0 && at > 0; column = (column - 1) / 26)
        text[--at] = (char)('A' + (column - 1) % 26);
    return arena_str(a, (struct str){ text + at, sizeof text - at });
}

static int64_t number_of(const struct json *o, const char *key)
{
    const struct json *j = json_get(o, key);
    return j != NULL && j->type == JSON_INT ? j->number : 0;
}

static struct import_fault_text fault_of(struct arena *a, const struct json *o, enum import_kind kind, enum lang lang)
{
    const struct json *at = json_get(o, "at"), *code = json_get(o, "code"), *args = json_get(o, "args");
    struct err e = { .id = msg_find(code != NULL ? code->text : STR("")) };
    int n = 0;
    for (const struct json *j = args != NULL ? args->child : NULL; j != NULL && n < ERR_ARGS; j = j->next)
        e.arg[n++] = j->text;
    if (e.id == MSG_import_no_header || e.id == MSG_import_columns_missing)
        e.arg[0] = headers_of(a, kind, e.arg[0], lang);
    return (struct import_fault_text){ .row = number_of(o, "row"), .column = number_of(o, "column"),
                                       .name = at != NULL ? at->text : STR(""),
                                       .at = at != NULL ? header_of(a, kind, at->text, lang) : STR(""),
                                       .text = msg_err(a, &e, lang) };
}

size_t import_faults(struct arena *a, struct str json, enum import_kind kind, enum lang lang, struct import_fault_text *out, size_t most)
{
    assert(out != NULL || most == 0);
    struct json_error e;
    const struct json *list = json.n > 0 ? json_read(a, json, &e) : NULL;
    size_t n = 0;
    for (const struct json *o = list != NULL && list->type == JSON_LIST ? list->child : NULL; o != NULL && n < most; o = o->next)
        out[n++] = fault_of(a, o, kind, lang);
    return n;
}

struct str import_fault_line(struct arena *a, const struct import_fault_text *f, enum lang lang)
{
    assert(f->row >= 0 && f->column >= 0);
    struct err e = { .id = f->row == 0      ? MSG_none
                           : f->column == 0 ? MSG_import_at_row
                           : f->at.n > 0    ? MSG_import_at_cell
                                            : MSG_import_at_column };
    e.arg[0] = arena_printf(a, "%lld", (long long)f->row);
    e.arg[1] = import_letters(a, f->column);
    e.arg[2] = f->at;
    struct str place = msg_err(a, &e, lang);
    return place.n > 0 ? arena_printf(a, "%.*s%s%.*s", STR_ARG(place), lang == LANG_ZH ? "：" : ": ", STR_ARG(f->text)) : f->text;
}

static size_t texts_of(struct arena *a, const struct json *o, const char *key, struct str **out)
{
    const struct json *list = json_get(o, key);
    size_t n = 0;
    *out = ARENA_ARRAY(a, list != NULL ? list->n + 1 : 1, struct str);
    for (const struct json *j = list != NULL ? list->child : NULL; j != NULL; j = j->next)
        (*out)[n++] = j->text;
    return n;
}

static struct str text_of(const struct json *o, const char *key)
{
    const struct json *j = json_get(o, key);
    return j != NULL ? j->text : STR("");
}

struct import_shape import_shape_read(struct arena *a, const struct import *i)
{
    struct json_error e;
    struct import_shape s = { 0 };
    const struct json *o = i->shape.n > 0 ? json_read(a, i->shape, &e) : NULL;
    if (o == NULL)
        return s;
    s.format = text_of(o, "format");
    s.encoding = text_of(o, "encoding");
    s.sheet = text_of(o, "sheet");
    s.header = number_of(o, "header");
    s.hidden = number_of(o, "hidden");
    s.columns = texts_of(a, o, "columns", &s.column);
    s.ignoreds = texts_of(a, o, "ignored", &s.ignored);
    s.doubleds = texts_of(a, o, "doubled", &s.doubled);
    s.sheets = texts_of(a, o, "sheets", &s.other_sheet);
    return s;
}

bool import_cells_read(struct arena *a, enum import_kind kind, struct str json, struct str cell[static IMPORT_COLUMNS_MOST])
{
    int n;
    const struct import_column *c = import_columns_of(kind, &n);
    (void)c;
    return import_get_cells(a, json, cell, n);
}
