/* For the tests of this room: reads a table and writes what came of it as text, one line a row: "sheet:row|cell|cell", then one line
 * a fault: "! sheet:row,column name". */
#ifndef TESTS_READ_DUMP_H
#define TESTS_READ_DUMP_H

#include "read/reader.h"
#include "unit.h"

struct dump {
    struct arena arena;
    struct errs errs;
    struct buf text;
    struct read_report report;
    enum status st;
};

static inline enum status dump_row(void *ctx, const struct read_row *row)
{
    struct dump *d = ctx;
    buf_printf(&d->text, "%.*s:%lld", STR_ARG(row->sheet_name), (long long)row->number);
    for (size_t i = 0; i < row->n; i++)
        buf_printf(&d->text, "|%.*s", STR_ARG(row->cell[i]));
    buf_char(&d->text, '\n');
    return STATUS_OK;
}

static inline const char *fault_name(enum msg_id id)
{
    static const char *const names[] = {
#define FAULT(name) #name,
#include "read/faults.def"
#undef FAULT
    };
    for (enum fault f = 0; f < FAULT_COUNT; f++)
        if (fault_message(f) == id)
            return names[f];
    return "?";
}

static inline void dump_begin(struct dump *d)
{
    *d = (struct dump){ .arena = arena_make(64 << 20), .text = buf_make(64 << 20) };
    d->errs = errs_make(&d->arena);
}

static inline void dump_faults(struct dump *d)
{
    for (size_t i = 0; i < d->errs.n; i++) {
        const struct err *e = &d->errs.item[i];
        buf_printf(&d->text, "! %.*s:%d,%d %s", STR_ARG(e->at), e->row, e->column, fault_name(e->id));
        for (int a = 0; a < ERR_ARGS && e->arg[a].n > 0; a++)
            buf_printf(&d->text, " %.*s", STR_ARG(e->arg[a]));
        buf_char(&d->text, '\n');
    }
}

static inline void dump_end(struct dump *d)
{
    buf_free(&d->text);
    arena_free(&d->arena);
}

static inline void dump_read(struct dump *d, struct str bytes, const char *name, const struct read_limits *l)
{
    dump_begin(d);
    d->st = read_table((struct read_source){ bytes, str_of(name) }, l, dump_row, d, &d->report, &d->errs);
    dump_faults(d);
    assert_int_equal(d->st == STATUS_INPUT, d->errs.total > 0);
}

/* Reads `bytes` within the default limits and compares. */
static inline void dump_is(struct str bytes, const char *want)
{
    struct dump d;
    struct read_limits l = read_limits_default();
    dump_read(&d, bytes, "", &l);
    assert_string_equal(buf_view(&d.text).p, want);
    dump_end(&d);
}

/* The bytes of a test file; malloc'd. */
static inline struct str file_read(const char *path)
{
    FILE *f = fopen(path, "rb");
    assert_non_null(f);
    char *p = malloc(1 << 20);
    struct str s = { p, fread(p, 1, 1 << 20, f) };
    assert_true(s.n > 0 && s.n < 1 << 20);
    fclose(f);
    return s;
}

#endif
