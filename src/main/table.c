/* internbase table FILE: what the program sees in a table file, read as an import reads it, through the same child. For the person
 * who asks why a file is refused, and for tests. */
#include "main/wiring.h"

#include "core/json.h"
#include "core/limits.h"
#include "read/read.h"

#include <stdio.h>
#include <stdlib.h>

enum { COMMAND_BYTES = 64 << 20, LINE_BYTES = 8 << 20 };

struct table_out {
    bool json, summary; /* the summary alone */
    struct buf line;
};

/* A cell for a terminal: what could move the cursor becomes a space. */
static void put_printable(struct buf *b, struct str s)
{
    for (size_t i = 0; i < s.n; i++)
        buf_char(b, (unsigned char)s.p[i] < ' ' || s.p[i] == 0x7F ? ' ' : s.p[i]);
}

static enum status put_row(void *ctx, const struct read_row *row)
{
    struct table_out *t = ctx;
    struct buf *b = &t->line;
    buf_reset(b);
    if (t->summary)
        return STATUS_OK;
    if (t->json) {
        buf_printf(b, "{\"sheet\":%d,\"name\":", row->sheet);
        json_put_text(b, row->sheet_name);
        buf_printf(b, ",\"row\":%lld,\"cells\":[", (long long)row->number);
    } else {
        buf_printf(b, "%.*s%s%lld", STR_ARG(row->sheet_name), row->sheet_name.n > 0 ? ":" : "", (long long)row->number);
    }
    for (size_t i = 0; i < row->n; i++) {
        buf_z(b, t->json ? (i > 0 ? "," : "") : "\t");
        if (t->json)
            json_put_text(b, row->cell[i]);
        else
            put_printable(b, row->cell[i]);
    }
    buf_z(b, t->json ? "]}\n" : "\n");
    size_t put = fwrite(b->p, 1, b->n, stdout);
    return put == b->n && !b->failed ? STATUS_OK : STATUS_IO;
}

static void put_report(const struct table_out *t, const struct read_report *r, size_t errors)
{
    static const char *const formats[] = { "csv", "xlsx" }, *const encodings[] = { "utf-8", "gb18030", "utf-16" };
    if (!t->json && !t->summary)
        return;
    struct buf b = buf_make(4096);
    buf_printf(&b, "{\"format\":\"%s\"", formats[r->format]);
    if (r->format == READ_CSV) {
        buf_printf(&b, ",\"encoding\":\"%s\",\"separator\":", encodings[r->encoding]);
        json_put_text(&b, str_of(r->separator));
    }
    printf("%.*s,\"sheets\":%d,\"hidden_sheets\":%d,\"rows\":%lld,\"cells\":%lld,\"whole\":%s,\"errors\":%zu}\n", STR_ARG(buf_view(&b)),
           r->sheets, r->hidden_sheets, (long long)r->rows, (long long)r->cells, r->is_whole ? "true" : "false", errors);
    buf_free(&b);
}

/* The file's bytes, malloc'd, one more than is allowed so that a longer file is said to be too large. */
static char *file_bytes(const char *path, size_t *n)
{
    FILE *f = fopen(path, "rb");
    char *p = f != NULL ? malloc((size_t)LIMIT_read_bytes + 1) : NULL;
    if (p != NULL) {
        *n = fread(p, 1, (size_t)LIMIT_read_bytes + 1, f);
        if (ferror(f)) {
            free(p);
            p = NULL;
        }
    }
    if (f != NULL)
        fclose(f);
    return p;
}

enum exit_code command_table(struct cli *cli)
{
    struct table_out out = { .json = cli->json, .summary = cli_flag(cli, "summary"), .line = buf_make(LINE_BYTES) };
    if (cli->argc != 2)
        return EXIT_USAGE;
    struct read_source source = { .name = str_of(cli->argv[1]) };
    char *bytes = file_bytes(cli->argv[1], &source.bytes.n);
    if (bytes == NULL) {
        perror(cli->argv[1]);
        return EXIT_FAILED;
    }
    source.bytes.p = bytes;
    struct arena a = arena_make(COMMAND_BYTES);
    struct errs errs = errs_make(&a);
    struct read_limits limits = read_limits_default();
    struct read_report report;
    enum status st = read_table_in_child(cli->self_exe, source, &limits, NULL, put_row, &out, &report, &errs);
    put_report(&out, &report, errs.total);
    cli_print_errors(cli, &errs);
    if (st != STATUS_OK && errs.total == 0)
        fprintf(stderr, "internbase: %s\n", msg_text(cli_says(st), cli->lang));
    buf_free(&out.line);
    arena_free(&a);
    free(bytes);
    return cli_exit_of(st);
}
