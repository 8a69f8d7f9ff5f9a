/* The program's one entry: children by name, else the command line. */
#include "cli/command.h"

#include <signal.h>

int main(int argc, char **argv)
{
    /* A full disk or a gone reader is an error to be handled, not a death. */
    signal(SIGPIPE, SIG_IGN);
    signal(SIGXFSZ, SIG_IGN);
    return cli_main(argc, argv);
}
