/* Imports, for the channels and the worker: what is beside the use cases. */
#ifndef APP_IMPORTS_H
#define APP_IMPORTS_H

#include "app/app.h"

/* Does what waits to be done with an import in the caller's thread, unless a worker does already: for files small enough that
 * whoever sent it may wait (LIMIT_import_now_bytes). Not for a thread that answers pages. */
enum status import_work_now(const struct app *app, struct arena *a, int64_t import_id) MUST;

/* Whether the actor may import this kind at all, and whether it needs a cohort (0 no, 1 may have, 2 must). */
bool import_may(const struct actor *a, enum import_kind kind) MUST;
int import_cohort(enum import_kind kind) MUST;

/* Column i of a kind as pages and templates show it; name NULL behind the last. */
struct import_head {
    const char *name;
    enum msg_id header, note;
    bool is_needed;
};
enum { IMPORT_COLUMNS_MOST = 16 };
struct import_head import_head_of(enum import_kind kind, int i) MUST;
/* A header as a heading: without the # that stands for a number. */
struct str import_header_text(struct arena *a, enum msg_id header, enum lang lang) MUST;
/* A table to fill in, as XLSX or CSV. */
enum status import_template(struct buf *out, enum import_kind kind, enum lang lang, bool xlsx) MUST;

/* What a file was taken for (import.shape). */
struct import_shape {
    struct str format, encoding, sheet;
    int64_t header, hidden; /* row of the header; hidden sheets left out */
    struct str *column, *ignored, *doubled, *other_sheet;
    size_t columns, ignoreds, doubleds, sheets;
};
struct import_shape import_shape_read(struct arena *a, const struct import *i) MUST;

/* A stored fault in words; row and column of the file are 0 where none is meant. */
struct import_fault_text {
    int64_t row, column;
    struct str name, at, text; /* the column's own name and its header */
};
/* Faults of a row or a file (JSON as stored), in a language; up to `most`. */
size_t import_faults(struct arena *a, struct str json, enum import_kind kind, enum lang lang, struct import_fault_text *out, size_t most) MUST;
/* One fault as a line: row 5, column C (Seats): ... */
struct str import_fault_line(struct arena *a, const struct import_fault_text *f, enum lang lang) MUST;
/* 1 -> A, 28 -> AB, as spreadsheet programs call columns. */
struct str import_letters(struct arena *a, int64_t column) MUST;
/* The cells of a row (JSON as stored) by the kind's columns. */
bool import_cells_read(struct arena *a, enum import_kind kind, struct str json, struct str cell[static IMPORT_COLUMNS_MOST]) MUST;

#endif
