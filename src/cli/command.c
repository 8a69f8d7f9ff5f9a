/* The table of commands and the options that all of them share. */
#include "cli/command.h"

#include "app/account.h"

#include <stdio.h>
#include <stdlib.h>

static const struct command commands[] = {
    { "help", "help [COMMAND]", MSG_command_help, command_help },
    { "init", "init [--university-zh T --university-en T --hospital-zh T --hospital-en T --secretary NAME --office NAME]",
      MSG_command_init, command_init },
    { "migrate", "migrate", MSG_command_migrate, command_migrate },
    { "do", "do USECASE [--base ID | --as LOGIN] [JSON | -] | do --lines < FILE", MSG_command_do, command_do },
    { "link", "link LOGIN-NAME | link --all", MSG_command_link, command_link },
    { "work", "work", MSG_command_work, command_work },
    { "plan", "plan PROBLEM.json --out PLAN.json [--alternatives N --seed N --budget TICKS --seconds N --threads N --progress] | plan PROBLEM.json --what-if FILE [...] | plan --verify PROBLEM.json PLAN.json... | plan --replay PLAN-ID", MSG_command_plan, command_plan },
    { "import", "import KIND FILE [--cohort CODE] [--accept] [--base ID | --as LOGIN] | import KIND --template FILE.xlsx|FILE.csv", MSG_command_import, command_import },
    { "schema", "schema openapi | sqlite | postgresql", MSG_command_schema, command_schema },
    { "doctor", "doctor", MSG_command_doctor, command_doctor },
    { "backup", "backup FILE", MSG_command_backup, command_backup },
};

const struct command *cli_command(const struct cli *cli, size_t i)
{
    if (i < LEN(commands))
        return &commands[i];
    return i - LEN(commands) < cli->mores ? &cli->more[i - LEN(commands)] : NULL;
}

static void take_out(struct cli *cli, int at, int n)
{
    assert(at >= 0 && n > 0 && at + n <= cli->argc);
    memmove(&cli->argv[at], &cli->argv[at + n], (size_t)(cli->argc - at - n) * sizeof(char *));
    cli->argc -= n;
}

const char *cli_option(struct cli *cli, const char *name, const char *missing)
{
    assert(name[0] != '-' && name[0] != '\0'); /* without its dashes */
    size_t len = strlen(name);
    for (int i = 0; i < cli->argc; i++) {
        const char *arg = cli->argv[i];
        if (strncmp(arg, "--", 2) != 0 || strncmp(arg + 2, name, len) != 0)
            continue;
        if (arg[2 + len] == '=') {
            take_out(cli, i, 1);
            return arg + 3 + len;
        }
        if (arg[2 + len] == '\0' && i + 1 < cli->argc) {
            const char *value = cli->argv[i + 1];
            take_out(cli, i, 2);
            return value;
        }
    }
    return missing;
}

bool cli_flag(struct cli *cli, const char *name)
{
    for (int i = 0; i < cli->argc; i++)
        if (strncmp(cli->argv[i], "--", 2) == 0 && strcmp(cli->argv[i] + 2, name) == 0) {
            take_out(cli, i, 1);
            return true;
        }
    return false;
}

bool cli_open(struct cli *cli, struct app *app, bool migrate)
{
    *app = (struct app){ .self_exe = cli->self_exe, .clock_shift_s = cli->clock_shift_s, .origin = "" };
    return ops_open(app, &(struct ops_database){ cli->database, .readers = 4, .migrates = migrate, .lang = cli->lang }) == STATUS_OK;
}

bool cli_open_unchecked(struct cli *cli, struct app *app)
{
    *app = (struct app){ .self_exe = cli->self_exe, .clock_shift_s = cli->clock_shift_s, .origin = "" };
    return ops_open_unchecked(app, cli->database, cli->lang) == STATUS_OK;
}

bool cli_open_server(struct cli *cli, struct app *app, int readers)
{
    *app = (struct app){ .self_exe = cli->self_exe, .clock_shift_s = cli->clock_shift_s, .origin = "" };
    const struct ops_database d = { cli->database, .readers = readers, .migrates = true, .keeps = true, .lang = cli->lang };
    return ops_open(app, &d) == STATUS_OK;
}

enum status cli_actor(const struct app *app, struct arena *a, const char *as, const char *base, struct actor *actor)
{
    *actor = (struct actor){ .is_operator = true, .department_id = NONE };
    if (as != NULL)
        return account_actor(app, a, str_of(as), actor);
    if (!str_int(str_of(base), &actor->base_id))
        return STATUS_INPUT;
    return ops_operator(app, a, actor);
}

void cli_print_errors(const struct cli *cli, const struct errs *errs)
{
    for (size_t i = 0; i < errs->n; i++) {
        const struct err *e = &errs->item[i];
        struct str text = msg_err(errs->arena, e, cli->lang);
        fprintf(stderr, "%.*s%s", STR_ARG(e->at), e->at.n > 0 ? ": " : "");
        if (e->row > 0) {
            struct str place[] = { arena_printf(errs->arena, "%d", e->row), arena_printf(errs->arena, "%d", e->column) };
            struct buf b = buf_make(256);
            msg_put(&b, e->column > 0 ? MSG_cli_place : MSG_cli_place_row, cli->lang, place, LEN(place));
            fprintf(stderr, "%.*s", STR_ARG(buf_view(&b)));
            buf_free(&b);
        }
        fprintf(stderr, "%.*s\n", STR_ARG(text));
    }
    if (errs->total > errs->n)
        fprintf(stderr, "... (%zu)\n", errs->total);
}

static const struct {
    enum exit_code code;
    enum msg_id says;
} outcomes[STATUS_COUNT] = {
    [STATUS_OK] = { EXIT_DONE, MSG_exit_done },
    [STATUS_INPUT] = { EXIT_INPUT, MSG_err_input },
    [STATUS_NOT_FOUND] = { EXIT_INPUT, MSG_cli_not_found },
    [STATUS_FORBIDDEN] = { EXIT_REFUSED, MSG_err_forbidden },
    [STATUS_CONFLICT] = { EXIT_REFUSED, MSG_err_conflict },
    [STATUS_LIMIT] = { EXIT_STOPPED, MSG_exit_stopped },
    [STATUS_BUSY] = { EXIT_FAILED, MSG_err_busy },
    [STATUS_CANCELLED] = { EXIT_STOPPED, MSG_exit_stopped },
    [STATUS_IO] = { EXIT_FAILED, MSG_exit_failed },
    [STATUS_UNKNOWN_OUTCOME] = { EXIT_FAILED, MSG_err_unknown },
    [STATUS_MEMORY] = { EXIT_FAILED, MSG_err_busy },
    [STATUS_RETRY] = { EXIT_FAILED, MSG_err_busy },
};

static_assert(LEN(outcomes) == STATUS_COUNT, "each status has an exit code and words");

enum exit_code cli_exit_of(enum status st)
{
    assert(st < STATUS_COUNT);
    return outcomes[st].code;
}

enum msg_id cli_says(enum status st)
{
    assert(st < STATUS_COUNT);
    return outcomes[st].says;
}

enum exit_code cli_usage(const struct command *c)
{
    fprintf(stderr, "usage: internbase %s\n", c->usage);
    return EXIT_USAGE;
}

/* --today, or what a process of ours hands to its children. */
static bool shift_clock(struct cli *cli, const char *day, const char *seconds)
{
    date d;
    struct app real = { 0 };
    if (day == NULL)
        return str_int(str_of(seconds), &cli->clock_shift_s);
    if (!date_parse(str_of(day), &d))
        return false;
    cli->clock_shift_s = (int64_t)(d - app_today(&real)) * 86400;
    return true;
}

enum exit_code cli_main(int argc, char **argv, const struct command *more, size_t n)
{
    struct cli cli = { .argc = argc - 1, .argv = argv + 1, .self_exe = "/proc/self/exe", .more = more, .mores = n };
    const char *env = getenv("INTERNBASE_DATABASE");
    cli.lang = strcmp(cli_option(&cli, "lang", "zh"), "en") == 0 ? LANG_EN : LANG_ZH;
    cli.database = cli_option(&cli, "database", env != NULL ? env : "sqlite:internbase.db");
    cli.json = cli_flag(&cli, "json");
    if (!shift_clock(&cli, cli_option(&cli, "today", NULL), cli_option(&cli, "clock-shift", "0"))) {
        fprintf(stderr, "internbase: --today YYYY-MM-DD\n");
        return EXIT_USAGE;
    }
    if (cli_flag(&cli, "version")) {
        printf("internbase %s\n", INTERNBASE_VERSION);
        return EXIT_DONE;
    }
    if (cli.argc == 0)
        return command_help(&cli);
    const struct command *c;
    for (size_t i = 0; (c = cli_command(&cli, i)) != NULL; i++)
        if (strcmp(cli.argv[0], c->name) == 0) {
            enum exit_code code = c->run(&cli);
            return code == EXIT_USAGE ? cli_usage(c) : code;
        }
    fprintf(stderr, "internbase: %s: ", cli.argv[0]);
    fprintf(stderr, "%s\n", msg_text(MSG_command_unknown, cli.lang));
    return EXIT_USAGE;
}
