/* Table files going out: templates to fill in and exports, as XLSX or CSV, into a buffer. Everything written can be read back by
 * read/read.h. Knows nothing of the domain: headers, notes and choices are the caller's. */
#ifndef PRINT_TABLE_H
#define PRINT_TABLE_H

#include "msg/msg.h"

enum print_kind {
    PRINT_TEXT, /* as it stands; never a formula */
    PRINT_INT,  /* text of a whole number becomes a number cell; anything else stays text */
    PRINT_DATE, /* YYYY-MM-DD becomes a date cell; anything else stays text */
};

struct print_column {
    enum msg_id header;
    enum msg_id note;         /* shown when the header cell is pointed at; MSG_none = none */
    enum print_kind kind;
    bool is_required;         /* the header is marked */
    int width_chars;          /* of Chinese characters' half: 0 = by the header */
    const struct str *choice; /* a drop-down list; a cell may hold nothing else */
    size_t choices;
};

/* Fills cell[0..columns) with row i and returns true, or false behind the last row. Texts must live until the next call. */
typedef bool print_row_fn(void *ctx, int64_t i, struct str *cell);

struct print_sheet {
    enum msg_id name;  /* sheet names are constant texts of the message table, at most 31 characters */
    enum msg_id title; /* a merged row above the header; MSG_none = none; XLSX only */
    const struct print_column *column;
    size_t columns;
    print_row_fn *row; /* NULL = no rows: a template */
    void *ctx;
};

/* Appends a workbook. STATUS_LIMIT: the buffer is full; STATUS_IO, STATUS_MEMORY. */
enum status print_xlsx(struct buf *out, enum lang lang, const struct print_sheet *sheet, size_t sheets) MUST;
/* Appends one sheet as CSV: UTF-8 with BOM, CRLF, quotes where needed. A cell that begins with = + - @ tab or CR (also behind
 * quotes) gets a ' in front, which read_table takes away again. */
enum status print_csv(struct buf *out, enum lang lang, const struct print_sheet *sheet) MUST;

#endif
