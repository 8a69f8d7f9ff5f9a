/* internbase serve: pages on a loopback port until told to stop. */
#include "main/wiring.h"
#include "app/worker.h"
#include "web/web.h"

#include <signal.h>
#include <stdio.h>
#include <unistd.h>

enum exit_code command_serve(struct cli *cli)
{
    struct app app;
    int64_t port;
    sigset_t stop;
    int got = 0;
    const char *address = cli_option(cli, "address", "127.0.0.1");
    bool port_ok = str_int(str_of(cli_option(cli, "port", "8080")), &port) && port >= 0 && port <= 65535;
    if (!port_ok || cli->argc != 1 || !web_tables_hold())
        return EXIT_USAGE;
    /* Blocked before any thread starts, so that only sigwait gets them. */
    sigemptyset(&stop);
    sigaddset(&stop, SIGINT);
    sigaddset(&stop, SIGTERM);
    pthread_sigmask(SIG_BLOCK, &stop, NULL);
    if (!cli_open(cli, &app, true))
        return EXIT_FAILED;
    struct web_options o = { .app = &app, .address = address, .port = (int)port, .is_secure = cli_flag(cli, "secure") };
    struct web *web = web_start(&o);
    if (web == NULL) {
        fprintf(stderr, "internbase: port %lld: %s\n", (long long)port, msg_text(MSG_serve_no_port, cli->lang));
        ops_close(&app);
        return EXIT_FAILED;
    }
    struct worker *worker = worker_start(&app);
    printf("http://%s:%d/\n", address, web_port(web));
    fflush(stdout);
    sigwait(&stop, &got);
    web_stop(web);
    if (worker != NULL)
        worker_stop(worker);
    ops_close(&app);
    return EXIT_DONE;
}
