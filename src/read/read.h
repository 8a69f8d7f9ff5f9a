/* Table files from outside: CSV and XLSX bytes become rows of text cells. Nothing of the domain is known here: no header is
 * matched, no field checked. The program reads foreign files only through read_table_in_child: a short-lived child without
 * network, files or other processes; read_table is the same parser in this process, for that child and for unit tests. */
#ifndef READ_READ_H
#define READ_READ_H

#include "core/err.h"

/* One row that is not empty. Valid until the callback returns. */
struct read_row {
    int sheet;             /* 0-based among the sheets that are read; 0 for CSV */
    struct str sheet_name; /* empty for CSV */
    int64_t number;        /* 1-based, as the spreadsheet program shows it; empty rows are skipped but counted */
    const struct str *cell; /* n texts: UTF-8 without white space at the ends, line breaks as \n; empty where there is none */
    size_t n;               /* up to the last cell that is not empty; at least 1 */
};

/* Takes one row. Anything but STATUS_OK ends the reading, and is what it returns. */
typedef enum status read_row_fn(void *ctx, const struct read_row *row);

/* Maxima; each has its default in core/limits.def. */
struct read_limits {
    int64_t bytes;          /* of the file */
    int64_t rows;           /* not empty, over all sheets */
    int64_t columns;        /* the last column that holds text */
    int64_t cells;          /* not empty, over all sheets */
    int64_t cell_bytes;     /* of one cell, as UTF-8 */
    int64_t row_bytes;      /* of all cells of one row */
    int64_t sheets;         /* visible ones */
    int64_t zip_entries;
    int64_t unpacked_bytes; /* of all parts of a workbook together */
    int64_t ratio;          /* unpacked to packed, of one part above 1 MiB */
    int64_t strings;        /* in a workbook's table of strings */
    int64_t strings_bytes;
    int64_t merges;         /* merged areas of one sheet */
    int64_t wait_s;         /* that the parent waits for its child, not counting the time spent in the callback */
    int64_t cpu_s;          /* of the child */
    int64_t memory_bytes;   /* of the child's address space */
};

struct read_limits read_limits_default(void) MUST;

enum read_format { READ_CSV, READ_XLSX };
enum read_encoding { READ_UTF8, READ_GB18030, READ_UTF16 };

/* What the reader took the file for, to be shown beside a preview. */
struct read_report {
    enum read_format format;
    enum read_encoding encoding; /* of CSV */
    char separator[4];           /* of CSV: "," ";" "\t" or the full-width comma, zero-terminated */
    int sheets;                  /* read; 1 for CSV */
    int hidden_sheets;           /* left out */
    int64_t rows, cells;         /* given */
    bool is_whole;               /* read to its end: every error, if any, is one of a single cell or line */
};

/* A table file. The name is used for its ending only: one that contradicts the content is refused; none is taken. */
struct read_source {
    struct str bytes;
    struct str name;
};

/* Gives every row of the file to `row`, in order, sheets one after the other (hidden ones are left out).
 *
 * Cells of a workbook: text as it stands (rich text without its format, phonetic guides left out); numbers as an office writes
 * them (28, 0.5; a format of zeros only pads: 007); dates by their style as YYYY-MM-DD, with " HH:MM" or " HH:MM:SS" where the
 * format shows a time and it is not midnight; booleans TRUE, FALSE; formulas as their stored result. Merged cells hold their text in the first one;
 * merged in one column, it is repeated in each row. A cell of an error value or a formula without result is an error, and the
 * row is given with what the cell shows. CSV: a quote before = + - @ tab CR, as print_csv puts it, is taken away; ="007" is 007.
 *
 * STATUS_OK: read to the end without error. STATUS_INPUT: errs say what is wrong, each with row and column (0 = the file as a
 * whole) and the sheet's name in `at`; report->is_whole says whether the rows given are all there are. A limit reached is such
 * an error, too. STATUS_CANCELLED; STATUS_MEMORY; STATUS_IO; or what `row` returned. Memory: independent of the number of
 * rows, but for a workbook's table of strings, which has limits of its own. Texts of errs lie in errs->arena. */
enum status read_table(struct read_source source, const struct read_limits *limits, read_row_fn *row, void *ctx,
                       struct read_report *report, struct errs *errs) MUST;

/* The same through a child: self_exe is run with the hidden command READ_CHILD_COMMAND; its main must call read_child_main.
 * `is_cancelled` (may be NULL; gets `ctx`) is asked at least four times a second; true kills the child and gives STATUS_CANCELLED.
 * A child that dies, lies or takes too long is an error of the file (MSG_read_child_died, MSG_read_too_slow); one that
 * can't lock itself in reads nothing (MSG_read_no_sandbox). Blocks; any thread. */
enum status read_table_in_child(const char *self_exe, struct read_source source, const struct read_limits *limits,
                                bool (*is_cancelled)(void *ctx), read_row_fn *row, void *ctx, struct read_report *report,
                                struct errs *errs) MUST;

/* Ends the child of a reading that this thread left by longjmp out of the callback, and frees what it held. */
void read_abandon(void);

#define READ_CHILD_COMMAND "read-child"
/* The child's whole life: locks itself in, reads descriptor 0, writes rows to descriptor 1. Does not return. */
_Noreturn void read_child_main(int argc, char **argv);

#endif
