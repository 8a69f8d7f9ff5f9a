/* The program's one entry: wires the commands that need every room to the command line. */
#include "main/wiring.h"

#include "core/arena.h"
#include "read/read.h"

#include <signal.h>
#include <stdio.h>
#include <sys/stat.h>

static const struct command wired[] = {
    { "serve", "serve [--address A] [--port N] [--secure] [--proxy ADDRESS] [--no-sandbox]", MSG_command_serve, command_serve },
    { "pages", "pages [--address A] [--port N] [--secure] [--proxy ADDRESS] [--no-sandbox]", MSG_command_pages, command_pages },
    { "worker", "worker [--no-sandbox]", MSG_command_worker, command_worker },
    { "table", "table FILE.xlsx|FILE.csv [--json | --summary]", MSG_command_table, command_table },
};

static void say_full(size_t max_bytes)
{
    fprintf(stderr, "internbase: memory limit of %zu bytes reached\n", max_bytes);
}

int main(int argc, char **argv)
{
    umask(S_IRWXG | S_IRWXO); /* database, log and backups are for the account that serves them, and nobody else */
    /* A full disk or a gone reader is an error to be handled, not a death. */
    signal(SIGPIPE, SIG_IGN);
    signal(SIGXFSZ, SIG_IGN);
    arena_unhandled = say_full;
    /* A child that reads a file from outside: not a command for people, so before the options are looked at. */
    if (argc == 2 && strcmp(argv[1], READ_CHILD_COMMAND) == 0)
        read_child_main(argc, argv);
    return cli_main(argc, argv, wired, LEN(wired));
}
