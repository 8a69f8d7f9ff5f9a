/* Tables as CSV (RFC 4180), as spreadsheet programs open it by a double click: UTF-8 with a byte order mark, CRLF. See table.h. */
#include "print/table.h"

enum { COLUMNS_MOST = 256 };

static void put_cell(struct buf *out, struct str s, enum print_kind kind)
{
    int64_t number;
    bool is_guarded = str_is_formula(s) && !(kind == PRINT_INT && str_int(s, &number));
    bool is_quoted = is_guarded;
    for (size_t i = 0; i < s.n && !is_quoted; i++)
        is_quoted = strchr("\",;\t\r\n", s.p[i]) != NULL && s.p[i] != '\0';
    if (!is_quoted) {
        buf_str(out, s);
        return;
    }
    buf_z(out, is_guarded ? "\"'" : "\"");
    for (size_t i = 0; i < s.n; i++) {
        if (s.p[i] == '"')
            buf_char(out, '"');
        buf_char(out, s.p[i]);
    }
    buf_char(out, '"');
}

enum status print_csv(struct buf *out, enum lang lang, const struct print_sheet *sheet)
{
    struct str cell[COLUMNS_MOST];
    assert(sheet->columns > 0 && sheet->columns <= COLUMNS_MOST);
    buf_z(out, "\xEF\xBB\xBF");
    for (size_t c = 0; c < sheet->columns; c++) {
        buf_z(out, c > 0 ? "," : "");
        put_cell(out, str_of(msg_text(sheet->column[c].header, lang)), PRINT_TEXT);
    }
    buf_z(out, "\r\n");
    memset(cell, 0, sizeof cell);
    for (int64_t i = 0; sheet->row != NULL && !out->failed && sheet->row(sheet->ctx, i, cell); i++) {
        for (size_t c = 0; c < sheet->columns; c++) {
            buf_z(out, c > 0 ? "," : "");
            put_cell(out, cell[c], sheet->column[c].kind);
        }
        buf_z(out, "\r\n");
        memset(cell, 0, sizeof cell);
    }
    return out->failed ? STATUS_LIMIT : STATUS_OK;
}
