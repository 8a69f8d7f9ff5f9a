/* internbase do NAME: any use case from the shell, as the operator of the machine. Input and answer are JSON. */
#include "cli/command.h"

#include <stdio.h>
#include <stdlib.h>

enum { INPUT_BYTES_MOST = 16 << 20, COMMAND_ARENA_BYTES = 256 << 20 };

static struct str read_all(struct buf *b, FILE *f)
{
    char piece[65536];
    size_t n;
    while ((n = fread(piece, 1, sizeof piece, f)) > 0 && !b->failed)
        buf_add(b, piece, n);
    return buf_view(b);
}

static struct json *read_input(struct arena *a, struct str text, struct errs *errs)
{
    struct json_error e;
    struct json *j = json_read(a, text, &e);
    static const enum msg_id says[] = {
        [JSON_FAULT_SYNTAX] = MSG_json_syntax,   [JSON_FAULT_UTF8] = MSG_json_utf8,
        [JSON_FAULT_DOUBLED] = MSG_json_doubled, [JSON_FAULT_DEPTH] = MSG_json_depth,
        [JSON_FAULT_MEMORY] = MSG_json_depth,
    };
    if (j == NULL)
        errs_add(errs, says[e.fault], e.path, arena_printf(a, "%lld", (long long)e.line).p,
                 arena_printf(a, "%lld", (long long)e.column).p, e.expected != NULL ? e.expected : "64", NULL);
    return j;
}

enum exit_code command_do(struct cli *cli)
{
    struct app app;
    struct arena a = arena_make(COMMAND_ARENA_BYTES);
    struct errs errs = errs_make(&a);
    struct buf in = buf_make(INPUT_BYTES_MOST), out = buf_make(INPUT_BYTES_MOST);
    struct actor operator= { .is_operator = true, .department_id = NONE };
    const char *base = cli_option(cli, "base", "1");
    const struct usecase *u = cli->argc > 1 ? app_usecase(str_of(cli->argv[1])) : NULL;
    if (u == NULL || !str_int(str_of(base), &operator.base_id)) {
        for (size_t i = 0; i < app_usecases_count; i++)
            fprintf(stderr, "%s\n", app_usecases[i].name);
        return EXIT_USAGE;
    }
    const char *given = cli->argc > 2 ? cli->argv[2] : "{}";
    struct json *object = read_input(&a, strcmp(given, "-") == 0 ? read_all(&in, stdin) : str_of(given), &errs);
    struct call c = { .app = &app, .arena = &a, .actor = &operator, .usecase = u, .errs = &errs };
    enum status st = object == NULL ? STATUS_INPUT : call_decode_json(&c, object);
    if (st == STATUS_OK && cli_open(cli, &app, false)) {
        st = ops_operator(&app, &a, &operator);
        if (st == STATUS_OK)
            st = app_run(&c);
        ops_close(&app);
    } else if (st == STATUS_OK) {
        st = STATUS_IO;
    }
    cli_print_errors(cli, &errs);
    if (st != STATUS_OK && errs.total == 0)
        fprintf(stderr, "internbase: %s\n", msg_text(cli_says(st), cli->lang));
    if (st == STATUS_OK) {
        call_put_json(&out, &c);
        printf("%.*s\n", STR_ARG(buf_view(&out)));
    }
    buf_free(&in);
    buf_free(&out);
    arena_free(&a);
    return cli_exit_of(st);
}
