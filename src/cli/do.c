/* internbase do NAME: any use case from the shell, as the operator of the machine. Input and answer are JSON. */
#include "app/account.h"
#include "cli/command.h"

#include <stdio.h>
#include <stdlib.h>

enum { INPUT_BYTES_MOST = 16 << 20, OUTPUT_BYTES_MOST = 256 << 20, COMMAND_ARENA_BYTES = 256 << 20 };

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

/* One use case with its input; prints the answer unless quiet. */
static enum status run_one(struct cli *cli, const struct app *app, const struct actor *actor, const struct usecase *u,
                           struct json *object, bool quiet)
{
    struct arena a = arena_make(COMMAND_ARENA_BYTES);
    struct errs errs = errs_make(&a);
    struct call c = { .app = app, .arena = &a, .actor = actor, .usecase = u, .errs = &errs };
    enum status st = call_decode_json(&c, object);
    if (st == STATUS_OK)
        st = app_run(&c);
    cli_print_errors(cli, &errs);
    if (st != STATUS_OK && errs.total == 0)
        fprintf(stderr, "internbase: %s\n", msg_text(cli_says(st), cli->lang));
    if (st == STATUS_OK && !quiet) {
        struct buf out = buf_make(OUTPUT_BYTES_MOST);
        call_put_json(&out, &c);
        printf("%.*s\n", STR_ARG(buf_view(&out)));
        buf_free(&out);
    }
    arena_free(&a);
    return st;
}

/* A file of lines {"do": NAME, "in": {...}}; the first that fails ends it and is named. */
static enum status run_file(struct cli *cli, const struct app *app, const struct actor *actor, struct str text)
{
    enum status st = STATUS_OK;
    for (int line = 1; text.n > 0 && st == STATUS_OK; line++) {
        struct arena a = arena_make(COMMAND_ARENA_BYTES);
        struct errs errs = errs_make(&a);
        struct str one = str_trim(str_cut(&text, '\n'));
        if (one.n > 0) {
            struct json *j = read_input(&a, one, &errs);
            const struct json *name = j != NULL ? json_get(j, "do") : NULL, *in = j != NULL ? json_get(j, "in") : NULL;
            const struct usecase *u = name != NULL ? app_usecase(name->text) : NULL;
            if (u != NULL && in != NULL) {
                struct json input = *in;
                st = run_one(cli, app, actor, u, &input, true);
            } else {
                cli_print_errors(cli, &errs);
                st = STATUS_INPUT;
            }
            if (st != STATUS_OK)
                fprintf(stderr, "internbase: line %d\n", line);
        }
        arena_free(&a);
    }
    return st;
}

enum exit_code command_do(struct cli *cli)
{
    struct app app;
    struct actor actor;
    struct arena a = arena_make(COMMAND_ARENA_BYTES);
    struct errs errs = errs_make(&a);
    struct buf in = buf_make(INPUT_BYTES_MOST);
    const char *base = cli_option(cli, "base", "1"), *as = cli_option(cli, "as", NULL);
    bool file = cli_flag(cli, "lines");
    const struct usecase *u = cli->argc > 1 ? app_usecase(str_of(cli->argv[1])) : NULL;
    if (u == NULL && !file) {
        for (size_t i = 0; i < app_usecases_count; i++)
            fprintf(stderr, "%s\n", app_usecases[i].name);
        return EXIT_USAGE;
    }
    const char *given = file ? "-" : cli->argc > 2 ? cli->argv[2] : "{}";
    struct str text = strcmp(given, "-") == 0 ? read_all(&in, stdin) : str_of(given);
    struct json *object = file ? NULL : read_input(&a, text, &errs);
    enum status st = object == NULL && !file ? STATUS_INPUT : STATUS_OK;
    cli_print_errors(cli, &errs);
    if (st == STATUS_OK && cli_open(cli, &app, false)) {
        st = cli_actor(&app, &a, as, base, &actor);
        if (st != STATUS_OK)
            fprintf(stderr, "internbase: %s\n", msg_text(cli_says(st), cli->lang));
        else
            st = file ? run_file(cli, &app, &actor, text) : run_one(cli, &app, &actor, u, object, false);
        ops_close(&app);
    } else if (st == STATUS_OK) {
        st = STATUS_IO;
    }
    buf_free(&in);
    arena_free(&a);
    return cli_exit_of(st);
}
