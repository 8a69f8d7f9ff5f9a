/* Inside the room: what a child says to its parent. The child is believed nothing: every number and length is held against the
 * limits, every text is checked, and what doesn't fit ends the child. Both are the same program, so numbers are as the machine
 * has them. */
#ifndef READ_WIRE_H
#define READ_WIRE_H

#include "read/reader.h"

enum { WIRE_PIECE_BYTES = 64 * 1024 };

/* A frame: kind, length of its body, body. */
enum wire_kind {
    WIRE_SHEET = 1, /* uint32 index, name */
    WIRE_ROW,       /* int64 number, uint32 cells, uint32 length of each, bytes */
    WIRE_FAULT,     /* uint32 fault, int32 row, int32 column, 1 + ERR_ARGS texts, each with its uint32 length */
    WIRE_END,       /* struct wire_end; the last frame */
};

struct wire_end {
    uint32_t status, format, encoding, is_whole;
    char separator[4];
    uint32_t sheets, hidden_sheets;
    int64_t rows, cells;
    uint64_t faults;
};

/* What stands at the beginning of the child's input, before the file's name and bytes. */
struct wire_job {
    char magic[8];
    struct read_limits limits;
    uint64_t name_bytes, file_bytes;
};

#define WIRE_MAGIC "ibread1"

/* How a child ends that can't do its work. */
enum { CHILD_NO_JOB = 2, CHILD_NO_SANDBOX = 3, CHILD_NO_PARENT = 4 };

struct wire_out {
    int fd;
    struct buf b;
    int sheet; /* announced last; -1 = none */
    bool failed;
};

struct wire_out wire_out_make(int fd) MUST;
/* A read_row_fn over a struct wire_out. */
enum status wire_put_row(void *ctx, const struct read_row *row) MUST;
/* The faults and the end; flushes. False where the parent is gone. */
bool wire_put_end(struct wire_out *w, enum status st, const struct read_report *report, const struct errs *errs) MUST;

struct wire_in {
    const struct read_limits *limits;
    read_row_fn *give;
    void *ctx;
    struct read_report *report;
    struct errs *errs;
    struct buf b;     /* received and not yet taken */
    struct str *cell; /* limits->columns of them */
    int sheet;        /* -1 before the first row */
    struct buf sheet_name;
    int64_t number;   /* of the last row */
    int64_t rows, cells;
    size_t faults;
    bool is_ended;
    enum status end_status;
};

bool wire_in_open(struct wire_in *w, const struct read_limits *limits, read_row_fn *row, void *ctx, struct read_report *report,
                  struct errs *errs) MUST;
void wire_in_close(struct wire_in *w);
/* Takes n more bytes and gives on every row that is complete. STATUS_OK: go on, or is_ended; STATUS_IO: the child lies; else what
 * the callback returned. */
enum status wire_take(struct wire_in *w, const char *p, size_t n) MUST;

#endif
