/* internbase plan PROBLEM.json --out PLAN.json: the planner from the shell; --alternatives N: up to N proposals for a base plan, in
 * PLAN.json, PLAN.2.json, ...; --what-if FILE: what one more seat or student would bring; --verify PROBLEM.json PLAN.json...: the check. */
#include "app/explain.h"
#include "app/planfile.h"
#include "app/planverify.h"
#include "app/replay.h"
#include "cli/command.h"

#include <stdio.h>
#include <sys/stat.h>

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

static bool write_into(const char *path, struct str bytes)
{
    FILE *f = fopen(path, "wb");
    bool ok = f != NULL && fwrite(bytes.p, 1, bytes.n, f) == bytes.n;
    return f != NULL && fclose(f) == 0 && ok;
}

/* Beside the target first, so that a plan is there whole or not at all. What is no file (a pipe, /dev/null) is written into:
 * renaming would put a file in its place. */
static bool write_file(const char *path, struct str bytes)
{
    char part[4096];
    struct stat there;
    if (strcmp(path, "-") == 0)
        return fwrite(bytes.p, 1, bytes.n, stdout) == bytes.n;
    if (stat(path, &there) == 0 && !S_ISREG(there.st_mode))
        return write_into(path, bytes);
    if (snprintf(part, sizeof part, "%s.part", path) >= (int)sizeof part)
        return false;
    return write_into(part, bytes) && rename(part, path) == 0;
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

static const enum exit_code verify_codes[] = { [PLANVERIFY_HOLDS] = EXIT_DONE, [PLANVERIFY_BROKEN] = EXIT_BROKEN,
                                               [PLANVERIFY_INVALID] = EXIT_INPUT, [PLANVERIFY_STOPPED] = EXIT_STOPPED };

/* Of several proposals: whom one tells, another must not tell all of. */
static enum exit_code verify_sets(struct cli *cli, struct arena *a, const struct buf *file, size_t n)
{
    struct str *plan = ARENA_ARRAY(a, n, struct str), *name = ARENA_ARRAY(a, n, struct str);
    struct buf text = buf_make(8192);
    for (size_t i = 0; i < n; i++) {
        plan[i] = buf_view(&file[i]);
        name[i] = str_of(cli->argv[2 + i]);
    }
    enum exit_code code = planverify_sets(a, plan, name, n, cli->lang, &text) ? EXIT_DONE : EXIT_BROKEN;
    fprintf(stderr, "%.*s", STR_ARG(buf_view(&text)));
    buf_free(&text);
    return code;
}

/* Exit 0 only when everything holds of every file; the reports go to stdout. */
static enum exit_code verify(struct cli *cli)
{
    struct arena a = arena_make(VERIFY_ARENA_BYTES);
    if (cli->argc < 3) {
        fprintf(stderr, "usage: internbase plan --verify PROBLEM.json PLAN.json...\n");
        return EXIT_USAGE;
    }
    size_t n = (size_t)cli->argc - 1; /* the problem, then the plans */
    struct buf *file = ARENA_ARRAY(&a, n, struct buf), out = buf_make(FILE_BYTES_MOST);
    enum exit_code code = EXIT_DONE;
    for (size_t i = 0; i < n; i++)
        file[i] = buf_make(FILE_BYTES_MOST);
    for (size_t i = 0; code == EXIT_DONE && i < n; i++)
        if (!read_file(cli->argv[i + 1], &file[i])) {
            perror(cli->argv[i + 1]);
            code = EXIT_FAILED;
        }
    for (size_t i = 1; code == EXIT_DONE && i < n; i++)
        code = verify_codes[planverify_report(&a, buf_view(&file[0]), buf_view(&file[i]), cli->json, cli->lang, &out)];
    if (code == EXIT_DONE && n > 2)
        code = verify_sets(cli, &a, file + 1, n - 1);
    if (out.n > 0 && fwrite(out.p, 1, out.n, stdout) != out.n)
        code = EXIT_FAILED;
    for (size_t i = 0; i < n; i++)
        buf_free(&file[i]);
    buf_free(&out);
    arena_free(&a);
    return code;
}

static const enum exit_code plan_codes[] = { [PLANFILE_OPTIMAL] = EXIT_DONE, [PLANFILE_FEASIBLE] = EXIT_DONE,
                                             [PLANFILE_INFEASIBLE] = EXIT_NO_PLAN, [PLANFILE_UNKNOWN] = EXIT_STOPPED,
                                             [PLANFILE_BROKEN] = EXIT_BROKEN };

/* Proposal i of PLAN.json is PLAN.2.json, PLAN.3.json; without an ending the number is the ending. */
static bool proposal_path(const char *out, size_t i, char *path, size_t size)
{
    const char *name = strrchr(out, '/'), *dot = strrchr(name != NULL ? name : out, '.');
    int stem = dot != NULL ? (int)(dot - out) : (int)strlen(out);
    int n = i == 0 ? snprintf(path, size, "%s", out) : snprintf(path, size, "%.*s.%zu%s", stem, out, i + 1, dot != NULL ? dot : "");
    return n > 0 && (size_t)n < size;
}

/* One line a proposal on stderr: what it moves, and how far it is known that nothing moves less. */
static void say_change(const struct cli *cli, const char *path, const struct planfile_change *x)
{
    char number[3][24];
    snprintf(number[0], sizeof number[0], "%lld", (long long)x->student_weeks);
    snprintf(number[1], sizeof number[1], "%zu", x->students);
    snprintf(number[2], sizeof number[2], "%d", x->links);
    const struct str arg[] = { str_of(path), str_of(number[0]), str_of(number[1]), str_of(number[2]) };
    struct buf text = buf_make(8192);
    msg_put(&text, MSG_plan_change, cli->lang, arg, 3);
    msg_put(&text, x->least ? MSG_plan_change_least : x->links > 0 ? MSG_plan_change_links : MSG_plan_change_open, cli->lang, &arg[3], 1);
    fprintf(stderr, "%.*s\n", STR_ARG(buf_view(&text)));
    buf_free(&text);
}

static enum status write_plans(const struct cli *cli, const char *out, const struct buf *plan, const struct planfile_change *change, size_t n,
                               bool says_change)
{
    char path[4096];
    for (size_t i = 0; i < n; i++) {
        if (!proposal_path(out, i, path, sizeof path) || !write_file(path, buf_view(&plan[i]))) {
            perror(path);
            return STATUS_IO;
        }
        if (says_change)
            say_change(cli, path, &change[i]);
    }
    return STATUS_OK;
}

static enum exit_code make(struct cli *cli, const char *out, struct str problem, const struct planfile_options *o)
{
    struct arena a = arena_make(PLAN_ARENA_BYTES);
    struct errs errs = errs_make(&a);
    struct buf plan[PLANFILE_PROPOSALS_MOST], refused = buf_make(FILE_BYTES_MOST);
    struct planfile_change change[PLANFILE_PROPOSALS_MOST] = { 0 };
    enum planfile_verdict verdict = PLANFILE_UNKNOWN;
    size_t n;
    for (size_t i = 0; i < LEN(plan); i++)
        plan[i] = buf_make(FILE_BYTES_MOST);
    enum status st = planfile_proposals(&a, problem, o, plan, change, &n, &verdict, &refused, &errs);
    cli_print_errors(cli, &errs);
    if (st == STATUS_OK && verdict == PLANFILE_BROKEN)
        fprintf(stderr, "%.*s%s\n", STR_ARG(buf_view(&refused)), msg_text(MSG_verify_refused, cli->lang));
    else if (st == STATUS_OK)
        st = write_plans(cli, out, plan, change, n, o->alternatives > 0 && verdict <= PLANFILE_FEASIBLE);
    if (st == STATUS_OK && verdict == PLANFILE_INFEASIBLE)
        say_why(cli, &a, problem, buf_view(&plan[0]));
    for (size_t i = 0; i < LEN(plan); i++)
        buf_free(&plan[i]);
    buf_free(&refused);
    arena_free(&a);
    return st == STATUS_OK ? plan_codes[verdict] : cli_exit_of(st);
}

static enum exit_code what_if(struct cli *cli, const char *out, struct str problem, const struct planfile_options *o)
{
    struct arena a = arena_make(PLAN_ARENA_BYTES);
    struct errs errs = errs_make(&a);
    struct buf answer = buf_make(FILE_BYTES_MOST);
    enum planfile_verdict verdict = PLANFILE_UNKNOWN;
    enum status st = planfile_what_if(&a, problem, o, &answer, &verdict, &errs);
    cli_print_errors(cli, &errs);
    if (st == STATUS_OK && !write_file(out, buf_view(&answer))) {
        perror(out);
        st = STATUS_IO;
    }
    buf_free(&answer);
    arena_free(&a);
    return st == STATUS_OK ? EXIT_DONE : cli_exit_of(st);
}

static void say_replay(const struct cli *cli, const struct replay *r)
{
    char line[24], seed[24], ticks[24];
    struct buf b = buf_make(8192);
    snprintf(line, sizeof line, "%zu", r->line);
    snprintf(seed, sizeof seed, "%lld", (long long)r->seed);
    snprintf(ticks, sizeof ticks, "%lld", (long long)r->ticks);
    const struct str arg[] = { r->number, str_of(seed), str_of(ticks) }, engines[] = { r->engine, r->engine_now }, lines[] = { str_of(line), r->then, r->now };
    msg_put(&b, r->is_same ? (r->is_cut_short ? MSG_replay_same_cut : MSG_replay_same) : MSG_replay_differs, cli->lang, arg, LEN(arg));
    buf_char(&b, '\n');
    if (!str_eq(r->engine, r->engine_now)) {
        msg_put(&b, MSG_replay_engine, cli->lang, engines, LEN(engines));
        buf_char(&b, '\n');
    }
    if (!r->is_same) {
        msg_put(&b, MSG_replay_line, cli->lang, lines, LEN(lines));
        buf_char(&b, '\n');
    }
    fwrite(b.p, 1, b.n, stdout);
    buf_free(&b);
}

static void json_replay(const struct replay *r)
{
    struct buf b = buf_make(8192);
    buf_printf(&b, "{\"same\":%s,\"cut_short\":%s,\"seed\":%lld,\"ticks\":%lld,\"line\":%zu,\"engine\":", r->is_same ? "true" : "false",
               r->is_cut_short ? "true" : "false", (long long)r->seed, (long long)r->ticks, r->line);
    json_put_text(&b, r->engine);
    buf_z(&b, ",\"engine_now\":");
    json_put_text(&b, r->engine_now);
    buf_z(&b, "}\n");
    fwrite(b.p, 1, b.n, stdout);
    buf_free(&b);
}

/* Exit 0 only for the same bytes. */
static enum exit_code replay(struct cli *cli, const char *id)
{
    struct app app;
    struct replay r;
    int64_t plan_id;
    if (cli->argc != 1 || !str_int(str_of(id), &plan_id) || plan_id <= 0)
        return EXIT_USAGE;
    if (!cli_open(cli, &app, false))
        return EXIT_FAILED;
    struct arena a = arena_make(VERIFY_ARENA_BYTES);
    enum status st = replay_plan(&app, &a, plan_id, &r);
    if (st == STATUS_CONFLICT)
        fprintf(stderr, "%s\n", msg_text(MSG_replay_none, cli->lang));
    else if (st != STATUS_OK)
        fprintf(stderr, "%s\n", msg_text(cli_says(st), cli->lang));
    else if (cli->json)
        json_replay(&r);
    else
        say_replay(cli, &r);
    enum exit_code code = st == STATUS_CONFLICT ? EXIT_REFUSED : st != STATUS_OK ? cli_exit_of(st) : r.is_same ? EXIT_DONE : EXIT_BROKEN;
    arena_free(&a);
    ops_close(&app);
    return code;
}

enum exit_code command_plan(struct cli *cli)
{
    if (cli_flag(cli, "verify"))
        return verify(cli);
    const char *again = cli_option(cli, "replay", NULL);
    if (again != NULL)
        return replay(cli, again);
    struct buf problem = buf_make(FILE_BYTES_MOST);
    struct planfile_options o = { .lang = cli->lang };
    int64_t threads, alternatives;
    const char *out = cli_option(cli, "out", "-"), *question = cli_option(cli, "what-if", NULL);
    bool good = number_option(cli, "seed", "1", &o.seed) && number_option(cli, "budget", "0", &o.budget_ticks) &&
                number_option(cli, "seconds", "0", &o.seconds) && number_option(cli, "threads", "1", &threads) &&
                number_option(cli, "alternatives", "0", &alternatives) && alternatives <= PLANFILE_PROPOSALS_MOST;
    if (cli_flag(cli, "progress"))
        o.say = say;
    if (!good || cli->argc != 2 || (alternatives > 1 && strcmp(out, "-") == 0) || (question != NULL && alternatives > 0))
        return EXIT_USAGE;
    o.threads = threads == 2 ? 2 : 1;
    o.alternatives = (int)alternatives;
    if (!read_file(cli->argv[1], &problem)) {
        perror(cli->argv[1]);
        return EXIT_FAILED;
    }
    enum exit_code code = question != NULL ? what_if(cli, question, buf_view(&problem), &o) : make(cli, out, buf_view(&problem), &o);
    buf_free(&problem);
    return code;
}
