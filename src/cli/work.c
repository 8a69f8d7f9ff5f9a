/* internbase work: the queue worked off in this process, with visible progress. */
#include "app/worker.h"
#include "cli/command.h"

#include <stdio.h>

static void say(void *ctx, int64_t percent, struct str progress)
{
    (void)ctx;
    fprintf(stderr, "\r%3lld %%  %.*s   ", (long long)percent, (int)MIN(progress.n, (size_t)150), progress.p);
}

enum exit_code command_work(struct cli *cli)
{
    struct app app;
    if (!cli_open(cli, &app, false))
        return EXIT_FAILED;
    enum status st = worker_drain(&app, say, NULL);
    fprintf(stderr, "\n");
    ops_close(&app);
    return cli_exit_of(st);
}
