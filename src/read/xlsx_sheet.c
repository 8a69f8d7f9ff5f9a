/* One sheet's rows, as they stream by. */
#include "read/xlsx.h"

#include <stdio.h>
#include <stdlib.h>

enum place { OUT, SHEET_DATA, ROW, CELL, VALUE, INLINE, INLINE_RUN, INLINE_TEXT };
enum kind { KIND_NUMBER, KIND_SHARED, KIND_TEXT, KIND_INLINE, KIND_BOOL, KIND_ERROR, KIND_DATE, KIND_UNKNOWN };

/* A merged area whose first row was given, and its text. */
struct held {
    uint32_t column, last;
    struct buf text;
};

struct sheet_ctx {
    struct workbook *w;
    struct reader *r;
    enum place place, text_from;
    int out_depth;        /* of elements around the sheet's data: the root alone */
    int skip_depth;       /* inside an element that means nothing here */
    int64_t row;          /* 1-based, of the last row begun */
    uint32_t column;      /* 0-based, of the cell */
    uint32_t next_column; /* of a cell that doesn't say */
    enum kind kind;
    uint64_t style;
    bool has_formula, has_value;
    char kind_text[24]; /* as written, where unknown */
    struct buf value;
    struct merge *merge;
    size_t merges, next_merge;
    struct held *held;
    size_t helds;
};

static void note(struct sheet_ctx *s, enum fault f, const char *arg)
{
    (void)!reader_fault(s->r, f, s->row, (int64_t)s->column + 1, arg, NULL);
}

static enum kind kind_of(const char *t)
{
    static const struct {
        const char *name;
        enum kind kind;
    } kinds[] = {
        { "s", KIND_SHARED }, { "n", KIND_NUMBER }, { "str", KIND_TEXT }, { "inlineStr", KIND_INLINE },
        { "b", KIND_BOOL },   { "e", KIND_ERROR },  { "d", KIND_DATE },
    };
    for (size_t i = 0; i < LEN(kinds); i++)
        if (strcmp(t, kinds[i].name) == 0)
            return kinds[i].kind;
    return KIND_UNKNOWN;
}

static enum status row_start(struct sheet_ctx *s, const char **attributes)
{
    const char *r = xml_attribute(attributes, "r");
    int64_t number = s->row + 1;
    if (r != NULL && (!str_int(str_of(r), &number) || number <= s->row || number > 1048576))
        return reader_fault(s->r, FAULT_row_order, s->row, 0, r, NULL);
    s->row = number;
    s->next_column = 0;
    s->place = ROW;
    reader_row_begin(s->r, number);
    return STATUS_OK;
}

static void cell_start(struct sheet_ctx *s, const char **attributes)
{
    uint32_t row;
    const char *rest, *r = NULL;
    int64_t style;
    s->kind = KIND_NUMBER;
    s->style = 0;
    s->has_formula = s->has_value = false;
    s->place = CELL;
    buf_reset(&s->value);
    for (size_t i = 0; attributes[i] != NULL; i += 2) {
        const char *name = attributes[i], *value = attributes[i + 1];
        if (strcmp(name, "r") == 0)
            r = value;
        else if (strcmp(name, "s") == 0 && str_int(str_of(value), &style) && style >= 0)
            s->style = (uint64_t)style;
        else if (strcmp(name, "t") == 0) {
            s->kind = kind_of(value);
            struct str shown = text_cut(str_of(s->kind == KIND_UNKNOWN ? value : ""), sizeof s->kind_text - 1);
            snprintf(s->kind_text, sizeof s->kind_text, "%.*s", STR_ARG(shown));
        }
    }
    s->column = s->next_column;
    if (r != NULL && (!place_parse(r, &s->column, &row, &rest) || *rest != '\0' || (row != 0 && row != s->row))) {
        s->column = s->next_column;
        note(s, FAULT_cell_place, r);
    }
    s->next_column = s->column + 1;
}

static enum status on_start(void *ctx, const char *name, const char **attributes)
{
    struct sheet_ctx *s = ctx;
    if (s->skip_depth > 0) {
        s->skip_depth++;
        return STATUS_OK;
    }
    switch (s->place) {
    case OUT:
        if (++s->out_depth == 2 && strcmp(name, "sheetData") == 0)
            s->place = SHEET_DATA;
        return STATUS_OK;
    case SHEET_DATA:
        if (strcmp(name, "row") == 0)
            return row_start(s, attributes);
        break;
    case ROW:
        if (strcmp(name, "c") == 0) {
            cell_start(s, attributes);
            return STATUS_OK;
        }
        break;
    case CELL:
        if (strcmp(name, "v") == 0 || strcmp(name, "is") == 0) {
            s->has_value = true;
            s->place = name[0] == 'v' ? VALUE : INLINE;
            return STATUS_OK;
        }
        s->has_formula |= strcmp(name, "f") == 0;
        break;
    case INLINE:
    case INLINE_RUN:
        if (strcmp(name, "t") == 0) {
            s->text_from = s->place;
            s->place = INLINE_TEXT;
            return STATUS_OK;
        }
        if (s->place == INLINE && strcmp(name, "r") == 0) {
            s->place = INLINE_RUN;
            return STATUS_OK;
        }
        break;
    case VALUE:
    case INLINE_TEXT:
        break;
    }
    s->skip_depth = 1;
    return STATUS_OK;
}

static enum status on_text(void *ctx, const char *p, size_t n)
{
    struct sheet_ctx *s = ctx;
    if (s->skip_depth == 0 && (s->place == VALUE || s->place == INLINE_TEXT))
        buf_add(&s->value, p, n);
    return STATUS_OK;
}

/* What the cell shows, into *text; faults are noted beside it. */
static void cell_text(struct sheet_ctx *s, char shown[static NUMBER_TEXT_BYTES], struct str *text)
{
    enum fault f = FAULT_COUNT;
    int64_t i;
    *text = str_trim(buf_view(&s->value));
    switch (s->kind) {
    case KIND_SHARED:
        if (!str_int(*text, &i) || i < 0 || !strings_get(&s->w->strings, (uint64_t)i, text))
            note(s, FAULT_cell_text, text->p);
        return;
    case KIND_TEXT:
    case KIND_INLINE:
        if (s->value.n > 0)
            s->value.n = xstring_decode(s->value.p, s->value.n);
        *text = buf_view(&s->value);
        return;
    case KIND_BOOL:
        *text = str_is(*text, "1") || str_is(*text, "true") ? STR("TRUE") : STR("FALSE");
        return;
    case KIND_ERROR:
        note(s, FAULT_cell_error, text->p);
        return;
    case KIND_NUMBER:
    case KIND_DATE:
        if (s->kind == KIND_NUMBER ? !number_text(*text, styles_format(&s->w->styles, s->style), s->w->is_1904, shown, &f)
                                   : !iso_date_text(*text, shown, &f))
            note(s, f, shown);
        *text = str_of(shown);
        return;
    case KIND_UNKNOWN:
        note(s, FAULT_cell_kind, s->kind_text);
        return;
    }
}

static enum status cell_end(struct sheet_ctx *s)
{
    char shown[NUMBER_TEXT_BYTES];
    struct str text;
    assert(s->place == CELL && s->row > 0);
    s->place = ROW;
    if (s->value.failed) {
        (void)!reader_limit(s->r, FAULT_cell_bytes_most, s->row, (int64_t)s->column + 1, s->r->limits->cell_bytes);
        return STATUS_OK;
    }
    if (s->value.n == 0) {
        if (s->has_formula && (s->kind == KIND_NUMBER || !s->has_value)) /* an empty text is a result, too */
            note(s, FAULT_cell_no_result, NULL);
        return STATUS_OK;
    }
    cell_text(s, shown, &text);
    return reader_cell(s->r, s->column, text);
}

/* Holds the texts of areas that begin in this row, and repeats those of areas that began above. */
static enum status repeat_merged(struct sheet_ctx *s)
{
    enum status st = STATUS_OK;
    for (size_t i = 0; i < s->helds && st == STATUS_OK;) {
        struct held *h = &s->held[i];
        if (h->last < s->row) {
            struct held last = s->held[--s->helds];
            s->held[s->helds] = *h;
            *h = last;
            continue;
        }
        if (reader_cell_text(s->r, h->column).n == 0)
            st = reader_cell(s->r, h->column, buf_view(&h->text));
        i++;
    }
    for (; s->next_merge < s->merges && s->merge[s->next_merge].first <= s->row; s->next_merge++) {
        const struct merge *m = &s->merge[s->next_merge];
        struct str text = reader_cell_text(s->r, m->column);
        if (m->first != s->row || text.n == 0 || s->helds == (size_t)s->r->limits->columns)
            continue;
        struct held *h = &s->held[s->helds++];
        assert(m->column < (uint32_t)s->r->limits->columns && m->last > m->first);
        h->column = m->column;
        h->last = m->last;
        buf_reset(&h->text);
        h->text.max_bytes = (size_t)s->r->limits->cell_bytes;
        buf_str(&h->text, text);
        if (h->text.failed)
            return reader_fault(s->r, FAULT_memory, 0, 0, NULL);
    }
    return st;
}

static enum status row_end(struct sheet_ctx *s)
{
    enum status st = STATUS_OK;
    assert(s->place == ROW && s->row == s->r->number);
    s->place = SHEET_DATA;
    if (s->merges > 0 && s->r->cells > 0)
        st = repeat_merged(s);
    return st == STATUS_OK ? reader_row_end(s->r) : st;
}

static enum status on_end(void *ctx, const char *name)
{
    (void)name;
    struct sheet_ctx *s = ctx;
    if (s->skip_depth > 0) {
        s->skip_depth--;
        return STATUS_OK;
    }
    switch (s->place) {
    case SHEET_DATA:
        s->place = OUT;
        s->out_depth--;
        break;
    case OUT:
        s->out_depth--;
        assert(s->out_depth >= 0);
        break;
    case ROW:
        return row_end(s);
    case CELL:
        return cell_end(s);
    case VALUE:
    case INLINE:
        s->place = CELL;
        break;
    case INLINE_RUN:
        s->place = INLINE;
        break;
    case INLINE_TEXT:
        s->place = s->text_from;
        break;
    }
    return STATUS_OK;
}

static const struct xml_handlers handlers = { on_start, on_end, on_text };

static enum status sheet_open(struct sheet_ctx *s, struct workbook *w)
{
    *s = (struct sheet_ctx){ .w = w, .r = w->r };
    /* An escaped character takes seven bytes instead of one to three. */
    s->value = buf_make((size_t)w->r->limits->cell_bytes * 7);
    s->held = calloc((size_t)w->r->limits->columns, sizeof *s->held);
    return s->held != NULL ? STATUS_OK : reader_fault(w->r, FAULT_memory, 0, 0, NULL);
}

static void sheet_close(struct sheet_ctx *s)
{
    for (int64_t i = 0; s->held != NULL && i < s->r->limits->columns; i++)
        buf_free(&s->held[i].text);
    free(s->held);
    free(s->merge);
    buf_free(&s->value);
}

enum status sheet_read(struct workbook *w, const char *part)
{
    struct sheet_ctx s;
    enum status st = sheet_open(&s, w);
    if (st == STATUS_OK)
        st = merges_read(w, part, &s.merge, &s.merges);
    if (st == STATUS_OK)
        st = xml_read_part(&w->c, part, &handlers, &s);
    sheet_close(&s);
    return st;
}

enum status sheet_read_bytes(struct workbook *w, struct str xml)
{
    struct sheet_ctx s;
    enum status st = sheet_open(&s, w);
    if (st == STATUS_OK)
        st = xml_read_bytes(w->r, xml, "sheet.xml", &handlers, &s);
    sheet_close(&s);
    return st;
}
