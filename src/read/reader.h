/* Inside the room: one reading of one file. Collects a row's cells and gives it on, holds the limits, notes faults. */
#ifndef READ_READER_H
#define READ_READER_H

#include "core/text.h"
#include "read/read.h"

#include <iconv.h>

enum fault {
#define FAULT(name) FAULT_##name,
#include "read/faults.def"
#undef FAULT
    FAULT_COUNT
};

enum msg_id fault_message(enum fault f) MUST;

/* What a sentence quotes of a file, and a sheet's name, are cut to a bearable length. */
enum { QUOTED_BYTES_MOST = 120, SHEET_NAME_BYTES_MOST = 200 };
/* At most `most` bytes of s, ending at a character's border. */
struct str text_cut(struct str s, size_t most) MUST;

/* What must be opened before a child is locked in. */
struct tools {
    iconv_t gb18030; /* (iconv_t)-1 where the machine has no such table */
};

struct tools tools_open(void) MUST;
void tools_close(struct tools *t);

struct span {
    size_t at, n;
};

struct reader {
    const struct read_limits *limits;
    const struct tools *tools;
    read_row_fn *give;
    void *ctx;
    struct read_report *report;
    struct errs *errs;
    struct str sheet_name;
    int sheet;
    /* the row being collected */
    int64_t number;
    struct buf text;    /* the cells' bytes, one after the other */
    struct span *cell;  /* limits->columns of them */
    struct str *given;  /* the same, as the callback sees them */
    size_t cells;       /* the last one touched + 1 */
};

/* False without memory. */
bool reader_open(struct reader *r) MUST;
void reader_close(struct reader *r);

/* Notes a fault at a row and column (1-based, 0 = none) of the current sheet and returns STATUS_INPUT. Arguments: texts, ended by
 * NULL. */
enum status reader_fault(struct reader *r, enum fault f, int64_t row, int64_t column, ...) MUST __attribute__((sentinel));
/* The same with one number as its argument. */
enum status reader_limit(struct reader *r, enum fault f, int64_t row, int64_t column, int64_t most) MUST;
/* A fault of one cell, after which reading goes on. */
#define READER_NOTE(...) ((void)!reader_fault(__VA_ARGS__))

void reader_row_begin(struct reader *r, int64_t number);
/* Puts text into cell `column` (0-based) of the row; empty text is nothing. STATUS_INPUT: a limit. */
enum status reader_cell(struct reader *r, size_t column, struct str text) MUST;
struct str reader_cell_text(const struct reader *r, size_t column) MUST;
/* Gives the row on unless it is empty; what the callback returns. */
enum status reader_row_end(struct reader *r) MUST;

/* The kinds of content, by their first bytes and, for archives, their parts. */
enum status read_csv(struct reader *r, struct str bytes) MUST;
enum status read_xlsx(struct reader *r, struct str bytes) MUST;
/* The whole: kind, name, parser. `tools` were opened by the caller. */
enum status read_with_tools(const struct tools *tools, struct read_source source, const struct read_limits *limits,
                            read_row_fn *row, void *ctx, struct read_report *report, struct errs *errs) MUST;

#endif
