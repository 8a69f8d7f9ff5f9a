/* The table of commands: one small file per command; options are parsed by their own small table. */
#ifndef CLI_COMMAND_H
#define CLI_COMMAND_H

#include "app/ops.h"

/* What the shell sees. Also printed by `internbase help`. */
enum exit_code { EXIT_DONE = 0, EXIT_FAILED = 1, EXIT_USAGE = 2, EXIT_INPUT = 3, EXIT_REFUSED = 4, EXIT_NO_PLAN = 5, EXIT_STOPPED = 6, EXIT_BROKEN = 7 };

struct command;

struct cli {
    enum lang lang;
    const char *database; /* URL */
    bool json;
    int64_t clock_shift_s;
    const char *self_exe;
    const struct command *more; /* the caller's table */
    size_t mores;
    int argc; /* what is left after the common options */
    char **argv;
};

struct command {
    const char *name, *usage;
    enum msg_id help;
    enum exit_code (*run)(struct cli *cli);
};

/* Runs the program: common options, then the command by its name, from the table of this room or the caller's. */
enum exit_code cli_main(int argc, char **argv, const struct command *more, size_t n) MUST;
/* Command i of both tables, NULL behind the last. */
const struct command *cli_command(const struct cli *cli, size_t i) MUST;
/* The value of --NAME VALUE or --NAME=VALUE among the arguments, or `missing`; both are taken out. */
const char *cli_option(struct cli *cli, const char *name, const char *missing) MUST;
/* Whether --NAME stands among the arguments; takes it out. */
bool cli_flag(struct cli *cli, const char *name) MUST;
/* Opens the installation named by --database; says why not. */
bool cli_open(struct cli *cli, struct app *app, bool migrate) MUST;
/* The same without looking at the schema, for who wants to say what is wrong with it. */
bool cli_open_unchecked(struct cli *cli, struct app *app) MUST;
/* The same for a process that stays; brings the schema up. */
bool cli_open_server(struct cli *cli, struct app *app, int readers) MUST;
/* Who acts: the operator of the machine in the base of that number, or the person of a login name where `as` is not NULL. */
enum status cli_actor(const struct app *app, struct arena *a, const char *as, const char *base, struct actor *actor) MUST;
/* Prints every input error, one a line, in the user's language. */
void cli_print_errors(const struct cli *cli, const struct errs *errs);
enum exit_code cli_exit_of(enum status st) MUST;
/* What a failed use case is called, for people. */
enum msg_id cli_says(enum status st) MUST;
/* A usage error: the sentence and the command's usage on stderr. */
enum exit_code cli_usage(const struct command *c) MUST;

enum exit_code command_help(struct cli *cli);
enum exit_code command_init(struct cli *cli);
enum exit_code command_migrate(struct cli *cli);
enum exit_code command_do(struct cli *cli);
enum exit_code command_link(struct cli *cli);
enum exit_code command_schema(struct cli *cli);
enum exit_code command_work(struct cli *cli);
enum exit_code command_plan(struct cli *cli);
enum exit_code command_doctor(struct cli *cli);
enum exit_code command_backup(struct cli *cli);
enum exit_code command_import(struct cli *cli);

#endif
