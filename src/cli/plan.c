/* internbase plan PROBLEM.json --out PLAN.json: the planner from the shell; plan --verify PROBLEM.json PLAN.json: the check. */
#include "app/explain.h"
#include "app/planfile.h"
#include "app/planverify.h"
#include "cli/command.h"

#include <stdio.h>

enum { FILE_BYTES_MOST = 512 << 20, PLAN_ARENA_BYTES = 1 << 30 };
static const size_t VERIFY_ARENA_BYTES = (size_t)4 << 30;

static bool read_file(const char *path, struct buf *b)
{
    char piece[65536];
    size_t n;
    FILE *f = fopen(path, "rb");
    if (f == NULL)
        return false;
    while ((n = fread(piece, 1, sizeof piece, f)) > 0)
        buf_add(b, piece, n);
    bool ok = ferror(f) == 0 && !b->failed;
    fclose(f);
    return ok;
}

/* Beside the target first, so that a plan is there whole or not at all. */
static bool write_file(const char *path, struct str bytes)
{
    char part[4096];
    if (strcmp(path, "-") == 0)
        return fwrite(bytes.p, 1, bytes.n, stdout) == bytes.n;
    if (snprintf(part, sizeof part, "%s.part", path) >= (int)sizeof part)
        return false;
    FILE *f = fopen(part, "wb");
    if (f == NULL)
        return false;
    bool ok = fwrite(bytes.p, 1, bytes.n, f) == bytes.n;
    ok = fclose(f) == 0 && ok;
    return ok && rename(part, path) == 0;
}

static void say(void *ctx, int64_t percent, const char *level, int64_t value, int64_t bound)
{
    (void)ctx;
    fprintf(stderr, "%3lld %%  %-12s %lld >= %lld\n", (long long)percent, level, (long long)value, (long long)bound);
}

static bool number_option(struct cli *cli, const char *name, const char *missing, int64_t *out)
{
    return str_int(str_of(cli_option(cli, name, missing)), out) && *out >= 0;
}

/* No plan: why, in the user's language; the plan file itself goes where it was asked for. */
static void say_why(const struct cli *cli, struct arena *a, struct str problem, struct str plan)
{
    struct explained e;
    struct buf text = buf_make(FILE_BYTES_MOST);
    if (explain_plan(a, problem, plan, cli->lang, NULL, NULL, &e) == STATUS_OK)
        explain_put(&text, &e, cli->lang);
    fwrite(text.p, 1, text.n, stderr);
    buf_free(&text);
}

/* Exit 0 only when everything holds; the report goes to stdout. */
static enum exit_code verify(struct cli *cli)
{
    static const enum exit_code codes[] = { [PLANVERIFY_HOLDS] = EXIT_DONE, [PLANVERIFY_BROKEN] = EXIT_BROKEN,
                                            [PLANVERIFY_INVALID] = EXIT_INPUT, [PLANVERIFY_STOPPED] = EXIT_STOPPED };
    struct buf file[2] = { buf_make(FILE_BYTES_MOST), buf_make(FILE_BYTES_MOST) }, out = buf_make(FILE_BYTES_MOST);
    struct arena a = arena_make(VERIFY_ARENA_BYTES);
    enum exit_code code = cli->argc == 3 ? EXIT_DONE : EXIT_USAGE;
    if (code == EXIT_USAGE)
        fprintf(stderr, "usage: internbase plan --verify PROBLEM.json PLAN.json\n");
    for (int i = 0; code == EXIT_DONE && i < 2; i++)
        if (!read_file(cli->argv[i + 1], &file[i])) {
            perror(cli->argv[i + 1]);
            code = EXIT_FAILED;
        }
    if (code == EXIT_DONE)
        code = codes[planverify_report(&a, buf_view(&file[0]), buf_view(&file[1]), cli->json, cli->lang, &out)];
    if (out.n > 0 && fwrite(out.p, 1, out.n, stdout) != out.n)
        code = EXIT_FAILED;
    for (int i = 0; i < 2; i++)
        buf_free(&file[i]);
    buf_free(&out);
    arena_free(&a);
    return code;
}

enum exit_code command_plan(struct cli *cli)
{
    if (cli_flag(cli, "verify"))
        return verify(cli);
    struct arena a = arena_make(PLAN_ARENA_BYTES);
    struct errs errs = errs_make(&a);
    struct buf problem = buf_make(FILE_BYTES_MOST), plan = buf_make(FILE_BYTES_MOST), refused = buf_make(FILE_BYTES_MOST);
    struct planfile_options o = { .lang = cli->lang };
    enum planfile_verdict verdict = PLANFILE_UNKNOWN;
    int64_t threads;
    const char *out = cli_option(cli, "out", "-");
    bool good = number_option(cli, "seed", "1", &o.seed) && number_option(cli, "budget", "0", &o.budget_ticks) &&
                number_option(cli, "seconds", "0", &o.seconds) && number_option(cli, "threads", "1", &threads);
    if (cli_flag(cli, "progress"))
        o.say = say;
    if (!good || cli->argc != 2)
        return EXIT_USAGE;
    o.threads = threads == 2 ? 2 : 1;
    if (!read_file(cli->argv[1], &problem)) {
        perror(cli->argv[1]);
        return EXIT_FAILED;
    }
    enum status st = planfile_make(&a, buf_view(&problem), &o, &plan, &verdict, &refused, &errs);
    cli_print_errors(cli, &errs);
    if (st == STATUS_OK && verdict == PLANFILE_BROKEN)
        fprintf(stderr, "%.*s%s\n", STR_ARG(buf_view(&refused)), msg_text(MSG_verify_refused, cli->lang));
    else if (st == STATUS_OK && !write_file(out, buf_view(&plan))) {
        perror(out);
        st = STATUS_IO;
    }
    if (st == STATUS_OK && verdict == PLANFILE_INFEASIBLE)
        say_why(cli, &a, buf_view(&problem), buf_view(&plan));
    static const enum exit_code codes[] = { [PLANFILE_OPTIMAL] = EXIT_DONE, [PLANFILE_FEASIBLE] = EXIT_DONE,
                                            [PLANFILE_INFEASIBLE] = EXIT_NO_PLAN, [PLANFILE_UNKNOWN] = EXIT_STOPPED,
                                            [PLANFILE_BROKEN] = EXIT_BROKEN };
    buf_free(&problem);
    buf_free(&plan);
    buf_free(&refused);
    arena_free(&a);
    return st == STATUS_OK ? codes[verdict] : cli_exit_of(st);
}
