/* internbase help: the commands, the common options and the exit codes, from their tables. */
#include "cli/command.h"

#include <stdio.h>

static const struct {
    enum exit_code code;
    enum msg_id meaning;
} exits[] = {
    { EXIT_DONE, MSG_exit_done },       { EXIT_FAILED, MSG_exit_failed },   { EXIT_USAGE, MSG_exit_usage },
    { EXIT_INPUT, MSG_exit_input },     { EXIT_REFUSED, MSG_exit_refused }, { EXIT_NO_PLAN, MSG_exit_no_plan },
    { EXIT_STOPPED, MSG_exit_stopped }, { EXIT_BROKEN, MSG_exit_broken },
};

enum exit_code command_help(struct cli *cli)
{
    const char *about = cli->argc > 1 ? cli->argv[1] : NULL;
    bool found = about == NULL;
    if (about == NULL)
        printf("%s\n\n", msg_text(MSG_help_head, cli->lang));
    const struct command *c;
    for (size_t i = 0; (c = cli_command(cli, i)) != NULL; i++) {
        if (about != NULL && strcmp(about, c->name) != 0)
            continue;
        found = true;
        printf("  internbase %s\n      %s\n", c->usage, msg_text(c->help, cli->lang));
    }
    if (!found) {
        fprintf(stderr, "internbase: %s: %s\n", about, msg_text(MSG_command_unknown, cli->lang));
        return EXIT_USAGE;
    }
    if (about == NULL) {
        printf("\n%s\n\n%s\n", msg_text(MSG_help_options, cli->lang), msg_text(MSG_help_exits, cli->lang));
        for (size_t i = 0; i < LEN(exits); i++)
            printf("  %d  %s\n", exits[i].code, msg_text(exits[i].meaning, cli->lang));
    }
    return EXIT_DONE;
}
