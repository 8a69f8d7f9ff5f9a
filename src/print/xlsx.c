/* Tables as workbooks, by libxlsxwriter. It holds one row at a time, writes no formula, and gets sheet names from the table of
 * messages only. It can write to files alone: to one without a name, in memory. See table.h. */
#include "print/table.h"

#include "core/date.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>
#include <xlsxwriter.h>

enum { COLUMNS_MOST = 256, CELL_BYTES_MOST = 128 * 1024, NAME_CHARS_MOST = 31, EMPTY_ROWS = 2000, WIDTH_LEAST = 8, WIDTH_MOST = 60, PAPER_A4 = 9 };
enum { HEADER_FILL = 0xE8EEF4, REQUIRED_FILL = 0xFFE9C7, RULE = 0x9AA8B5, INK = 0x1F2D3A };

struct workbook {
    lxw_workbook *book;
    enum lang lang;
    lxw_format *title, *header, *required, *text, *date, *integer;
    lxw_worksheet *choices; /* hidden; one list a column */
    lxw_col_t lists;
    struct buf scratch; /* a cell, zero-terminated */
    lxw_error error;
};

static void keep_error(struct workbook *w, lxw_error e)
{
    if (w->error == LXW_NO_ERROR)
        w->error = e;
}

static lxw_format *format_add(struct workbook *w, const char *number, int fill)
{
    lxw_format *f = workbook_add_format(w->book);
    if (f == NULL) {
        keep_error(w, LXW_ERROR_MEMORY_MALLOC_FAILED);
        return NULL;
    }
    format_set_num_format(f, number);
    format_set_align(f, LXW_ALIGN_VERTICAL_CENTER);
    if (fill >= 0) {
        format_set_bold(f);
        format_set_bg_color(f, (lxw_color_t)fill);
        format_set_bottom(f, LXW_BORDER_THIN);
        format_set_bottom_color(f, RULE);
        format_set_font_color(f, INK);
        format_set_text_wrap(f);
    }
    return f;
}

static void formats_add(struct workbook *w)
{
    w->title = format_add(w, "@", -1);
    w->header = format_add(w, "@", HEADER_FILL);
    w->required = format_add(w, "@", REQUIRED_FILL);
    w->text = format_add(w, "@", -1);
    w->date = format_add(w, "yyyy-mm-dd", -1);
    w->integer = format_add(w, "0", -1);
    if (w->title != NULL) {
        format_set_bold(w->title);
        format_set_font_size(w->title, 14);
        format_set_align(w->title, LXW_ALIGN_CENTER);
    }
}

static lxw_worksheet *sheet_add(struct workbook *w, enum msg_id name)
{
    const char *text = msg_text(name, w->lang);
    assert(utf8_count(str_of(text)) <= NAME_CHARS_MOST && strpbrk(text, "[]:*?/\\'") == NULL);
    lxw_worksheet *ws = workbook_add_worksheet(w->book, text);
    if (ws == NULL)
        keep_error(w, LXW_ERROR_MEMORY_MALLOC_FAILED);
    return ws;
}

/* Whether what follows the _ at p would be read as an escaped character (ECMA-376 part 1, 22.9.2.19). */
static bool looks_escaped(const char *p, size_t n)
{
    if (n < 7 || p[1] != 'x' || p[6] != '_')
        return false;
    for (int i = 2; i < 6; i++)
        if (strchr("0123456789abcdefABCDEF", p[i]) == NULL || p[i] == '\0')
            return false;
    return true;
}

/* The cell's bytes with a zero behind them; what can't stand in a cell (more than 32,767 characters) is an error. */
static const char *terminated(struct workbook *w, struct str s)
{
    buf_reset(&w->scratch);
    for (size_t i = 0; i < s.n; i++) {
        if (s.p[i] == '_' && looks_escaped(s.p + i, s.n - i))
            buf_z(&w->scratch, "_x005F");
        buf_char(&w->scratch, s.p[i]);
    }
    if (w->scratch.failed)
        keep_error(w, LXW_ERROR_MAX_STRING_LENGTH_EXCEEDED);
    return buf_view(&w->scratch).p;
}

/* How wide a text is shown, in digits: Chinese characters take two. */
static int width_of(const char *z)
{
    int width = 0;
    for (struct str s = str_of(z); s.n > 0;) {
        uint32_t code = 0;
        size_t len = utf8_next(s.p, s.n, &code);
        width += code < 0x1100 ? 1 : 2;
        len = MAX(len, (size_t)1);
        s = (struct str){ s.p + len, s.n - len };
    }
    return width;
}

/* ---- columns ---------------------------------------------------------------------------------------------------------- */

static void note_write(struct workbook *w, lxw_worksheet *ws, lxw_row_t row, lxw_col_t col, const struct print_column *c)
{
    struct buf note = buf_make(4096);
    if (c->is_required)
        buf_z(&note, msg_text(MSG_print_required, w->lang));
    if (c->note != MSG_none) {
        buf_z(&note, c->is_required ? "\n" : "");
        buf_z(&note, msg_text(c->note, w->lang));
    }
    if (note.n > 0) {
        lxw_comment_options o = { .width = 260, .height = 40.0 + 18.0 * (width_of(note.p) / 36 + 1), .author = (char *)"" };
        keep_error(w, worksheet_write_comment_opt(ws, row, col, note.p, &o));
    }
    buf_free(&note);
}

static lxw_format *format_of(const struct workbook *w, enum print_kind kind)
{
    return kind == PRINT_DATE ? w->date : kind == PRINT_INT ? w->integer : w->text;
}

static void columns_write(struct workbook *w, lxw_worksheet *ws, const struct print_sheet *s)
{
    for (size_t i = 0; i < s->columns; i++) {
        const struct print_column *c = &s->column[i];
        int width = c->width_chars > 0 ? c->width_chars : width_of(msg_text(c->header, w->lang)) + 4;
        width = MIN(MAX(width, (int)WIDTH_LEAST), (int)WIDTH_MOST);
        keep_error(w, worksheet_set_column(ws, (lxw_col_t)i, (lxw_col_t)i, width, format_of(w, c->kind)));
    }
}

static void header_write(struct workbook *w, lxw_worksheet *ws, const struct print_sheet *s, lxw_row_t row)
{
    keep_error(w, worksheet_set_row(ws, row, 22, NULL));
    for (size_t i = 0; i < s->columns; i++) {
        const struct print_column *c = &s->column[i];
        const char *text = msg_text(c->header, w->lang);
        keep_error(w, worksheet_write_string(ws, row, (lxw_col_t)i, text, c->is_required ? w->required : w->header));
        note_write(w, ws, row, (lxw_col_t)i, c);
    }
    worksheet_freeze_panes(ws, row + 1, 0);
}

/* Drop-down lists stand in columns of a hidden sheet, since a list inside a cell may have 255 characters only. */
static void choices_write(struct workbook *w, const struct print_sheet *sheet, size_t sheets)
{
    size_t longest = 0;
    lxw_col_t list = 0;
    for (size_t s = 0; s < sheets; s++)
        for (size_t i = 0; i < sheet[s].columns; i++)
            longest = MAX(longest, sheet[s].column[i].choices);
    if (longest == 0)
        return;
    w->choices = sheet_add(w, MSG_print_choices);
    for (size_t k = 0; w->choices != NULL && k < longest; k++, list = 0) /* row by row: only one is held */
        for (size_t s = 0; s < sheets; s++)
            for (size_t i = 0; i < sheet[s].columns; i++) {
                const struct print_column *c = &sheet[s].column[i];
                if (c->choices == 0)
                    continue;
                if (k < c->choices)
                    keep_error(w, worksheet_write_string(w->choices, (lxw_row_t)k, list, terminated(w, c->choice[k]), w->text));
                list++;
            }
    if (w->choices != NULL)
        worksheet_hide(w->choices);
}

/* A cell of these rows holds one of a list that stands elsewhere. For such a list the library (1.1.4) copies the formula twice and
 * loses one copy; so it is told of a short list, and its formula is put in the place of that. */
static void validation_write(struct workbook *w, lxw_worksheet *ws, lxw_row_t first, lxw_row_t last, lxw_col_t col, const char *formula)
{
    const char *none[] = { "-", NULL };
    lxw_data_validation v = {
        .validate = LXW_VALIDATION_TYPE_LIST,
        .value_list = (char **)none,
        .error_message = (char *)msg_text(MSG_print_choice_wrong, w->lang),
    };
    lxw_error e = worksheet_data_validation_range(ws, first, col, last, col, &v);
    keep_error(w, e);
    if (e != LXW_NO_ERROR)
        return;
    lxw_data_val_obj *made = NULL, *one;
    STAILQ_FOREACH(one, ws->data_validations, list_pointers)
        made = one; /* the last */
    char *copy = strdup(formula);
    if (copy == NULL) {
        keep_error(w, LXW_ERROR_MEMORY_MALLOC_FAILED);
        return;
    }
    assert(made != NULL && made->validate == LXW_VALIDATION_TYPE_LIST);
    free(made->value_formula);
    made->value_formula = copy;
}

static void validations_write(struct workbook *w, lxw_worksheet *ws, const struct print_sheet *s, lxw_row_t first, lxw_row_t last)
{
    for (size_t i = 0; i < s->columns; i++) {
        const struct print_column *c = &s->column[i];
        char range[160], list[LXW_MAX_CELL_RANGE_LENGTH];
        if (c->choices == 0)
            continue;
        lxw_col_t at = w->lists++;
        assert(c->choice != NULL && c->choices < LXW_ROW_MAX);
        lxw_rowcol_to_range_abs(list, 0, at, (lxw_row_t)c->choices - 1, at);
        snprintf(range, sizeof range, "'%s'!%s", msg_text(MSG_print_choices, w->lang), list);
        validation_write(w, ws, first, last, (lxw_col_t)i, range);
    }
}

/* ---- rows ------------------------------------------------------------------------------------------------------------- */

static void cell_write(struct workbook *w, lxw_worksheet *ws, lxw_row_t row, lxw_col_t col, struct str s, enum print_kind kind)
{
    static const int64_t exact = 1000000000000000; /* beyond, a spreadsheet program loses digits */
    int64_t number;
    date d;
    if (s.n == 0)
        return;
    if (kind == PRINT_INT && str_int(s, &number) && number > -exact && number < exact) {
        keep_error(w, worksheet_write_number(ws, row, col, (double)number, w->integer));
    } else if (kind == PRINT_DATE && date_parse(s, &d) && d >= date_of(1900, 3, 1)) {
        struct ymd y = date_ymd(d);
        lxw_datetime t = { .year = y.year, .month = y.month, .day = y.day };
        keep_error(w, worksheet_write_datetime(ws, row, col, &t, w->date));
    } else {
        keep_error(w, worksheet_write_string(ws, row, col, terminated(w, s), w->text));
    }
}

static void sheet_write(struct workbook *w, lxw_worksheet *ws, const struct print_sheet *s)
{
    struct str cell[COLUMNS_MOST] = { 0 };
    lxw_row_t row = 0;
    assert(w->text != NULL || w->error != LXW_NO_ERROR);
    assert(s->columns > 0 && s->columns <= COLUMNS_MOST);
    columns_write(w, ws, s);
    if (s->title != MSG_none) {
        const char *title = msg_text(s->title, w->lang);
        keep_error(w, worksheet_set_row(ws, row, 30, NULL));
        if (s->columns > 1)
            keep_error(w, worksheet_merge_range(ws, row, 0, row, (lxw_col_t)s->columns - 1, title, w->title));
        else
            keep_error(w, worksheet_write_string(ws, row, 0, title, w->title));
        row++;
    }
    header_write(w, ws, s, row++);
    worksheet_set_landscape(ws); /* on paper: A4, as wide as the page, the header on each */
    worksheet_set_paper(ws, PAPER_A4);
    worksheet_fit_to_pages(ws, 1, 0);
    keep_error(w, worksheet_repeat_rows(ws, row - 1, row - 1));
    lxw_row_t first = row;
    for (int64_t i = 0; s->row != NULL && w->error == LXW_NO_ERROR && s->row(s->ctx, i, cell); i++, row++) {
        for (size_t c = 0; c < s->columns; c++)
            cell_write(w, ws, row, (lxw_col_t)c, cell[c], s->column[c].kind);
        memset(cell, 0, sizeof cell);
    }
    validations_write(w, ws, s, first, MIN(row + EMPTY_ROWS, (lxw_row_t)LXW_ROW_MAX - 1));
}

static bool append_file(struct buf *out, int fd)
{
    char piece[64 * 1024];
    ssize_t n;
    off_t at = 0;
    while ((n = pread(fd, piece, sizeof piece, at)) > 0) {
        buf_add(out, piece, (size_t)n);
        at += n;
    }
    return n == 0;
}

static enum status status_of(lxw_error e)
{
    switch (e) {
    case LXW_NO_ERROR:
        return STATUS_OK;
    case LXW_ERROR_MEMORY_MALLOC_FAILED:
        return STATUS_MEMORY;
    case LXW_ERROR_MAX_STRING_LENGTH_EXCEEDED:
    case LXW_ERROR_WORKSHEET_INDEX_OUT_OF_RANGE:
        return STATUS_LIMIT;
    default:
        return STATUS_IO;
    }
}

enum status print_xlsx(struct buf *out, enum lang lang, const struct print_sheet *sheet, size_t sheets)
{
    char path[32];
    struct workbook w = { .lang = lang, .scratch = buf_make(CELL_BYTES_MOST) };
    assert(sheets > 0);
    int fd = memfd_create("workbook", MFD_CLOEXEC);
    if (fd < 0)
        return STATUS_IO;
    snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
    lxw_workbook_options options = { .constant_memory = LXW_TRUE };
    w.book = workbook_new_opt(path, &options);
    if (w.book == NULL) {
        close(fd);
        return STATUS_MEMORY;
    }
    formats_add(&w);
    for (size_t i = 0; i < sheets && w.error == LXW_NO_ERROR; i++) {
        lxw_worksheet *ws = sheet_add(&w, sheet[i].name);
        if (ws != NULL)
            sheet_write(&w, ws, &sheet[i]);
    }
    if (w.error == LXW_NO_ERROR)
        choices_write(&w, sheet, sheets);
    if (w.error == LXW_NO_ERROR)
        keep_error(&w, workbook_close(w.book)); /* frees it, written or not */
    else
        lxw_workbook_free(w.book); /* closing would write it, with sheets that are not there */
    enum status st = status_of(w.error);
    if (st == STATUS_OK && !append_file(out, fd))
        st = STATUS_IO;
    close(fd);
    buf_free(&w.scratch);
    return st == STATUS_OK && out->failed ? STATUS_LIMIT : st;
}
