/* The two processes under the supervisor: pages and worker. Each can also be run by itself. */
#include "main/sandbox.h"
#include "main/wiring.h"

#include "app/first.h"
#include "app/keeper.h"
#include "app/worker.h"
#include "web/web.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <unistd.h>

enum { PAGES_READERS = 6, WORKER_READERS = 1, WORKER_NICE = 10 };

bool child_begin(struct cli *cli, int64_t *parent)
{
    if (!str_int(str_of(cli_option(cli, "parent", "0")), parent) || *parent < 0)
        return false;
    if (*parent == 0)
        return true;
    /* A supervisor that is killed takes its children along, so that a new one finds none of them. */
    return prctl(PR_SET_PDEATHSIG, SIGTERM) == 0 && getppid() == (pid_t)*parent;
}

void child_ready(int64_t parent)
{
    if (parent != 0 && kill((pid_t)parent, SIGUSR1) != 0)
        perror("internbase: kill");
}

static void stop_signals(sigset_t *set)
{
    sigemptyset(set);
    sigaddset(set, SIGINT);
    sigaddset(set, SIGTERM);
}

void stop_block(void)
{
    sigset_t set;
    stop_signals(&set);
    pthread_sigmask(SIG_BLOCK, &set, NULL);
}

void stop_wait(void)
{
    sigset_t set;
    int got = 0;
    stop_signals(&set);
    sigwait(&set, &got);
}

static const char *temporary_dir(void)
{
    const char *dir = getenv("TMPDIR");
    return dir != NULL ? dir : "/tmp";
}

/* Before any thread starts and before anything from outside is looked at. Whatever is temporary (of SQLite, of uploads, of
 * workbooks) goes beside an embedded database, so that /tmp stays shut. False: it said why not. */
static bool lock_in(const struct cli *cli, int64_t parent, bool is_off)
{
    static struct arena places; /* kept to the end of the process, as the environment is */
    struct sandbox_needs needs = { .self_exe = cli->self_exe, .supervisor = (pid_t)parent };
    places = arena_make(1 << 20);
    if (is_off) {
        fprintf(stderr, "internbase: %s\n", msg_text(MSG_sandbox_off, cli->lang));
        return true;
    }
    if (store_reach(&places, cli->database, &needs.reach) != STATUS_OK)
        return true; /* opening it fails, and says what is wrong */
    assert(needs.reach.folder != NULL || needs.reach.is_server);
    needs.temporary = needs.reach.folder != NULL ? needs.reach.folder : temporary_dir();
    setenv("TMPDIR", needs.temporary, 1);
    setenv("SQLITE_TMPDIR", needs.temporary, 1);
    enum sandbox_outcome got = sandbox_lock(&needs);
    if (got != SANDBOX_WHOLE)
        fprintf(stderr, "internbase: %s\n", msg_text(got == SANDBOX_FAILED ? MSG_sandbox_failed : MSG_sandbox_no_landlock, cli->lang));
    return got != SANDBOX_FAILED;
}

static bool web_options_read(struct cli *cli, struct web_options *o)
{
    int64_t port, fd;
    o->address = cli_option(cli, "address", "127.0.0.1");
    o->is_secure = cli_flag(cli, "secure");
    o->trusted_proxy = cli_option(cli, "proxy", NULL);
    bool good = str_int(str_of(cli_option(cli, "port", "8080")), &port) && port >= 0 && port <= 65535 &&
                str_int(str_of(cli_option(cli, "listen", "0")), &fd) && fd >= 0 && fd < 1024;
    o->port = good ? (int)port : 0;
    o->listen_fd = good ? (int)fd : 0;
    return good && cli->argc == 1;
}

/* An empty installation is set up by a page: whoever reads this output may open it, once. On stderr, for the first line of
 * stdout is the address. */
static void say_first_start(const struct cli *cli, const struct app *app, const char *address, int port)
{
    struct arena a = arena_make(1 << 20);
    struct str token;
    struct str origin = app->origin != NULL ? str_of(app->origin) : arena_printf(&a, "http://%s:%d", address, port);
    if (first_is_empty(app, &a) && first_link_make(app, &a, &token) == STATUS_OK)
        fprintf(stderr, "%s\n    %.*s/setup/%.*s\n", msg_text(MSG_serve_first_start, cli->lang), STR_ARG(origin), STR_ARG(token));
    arena_free(&a);
}

enum exit_code command_pages(struct cli *cli)
{
    struct app app;
    int64_t parent;
    struct web_options o = { .app = &app };
    bool no_sandbox = cli_flag(cli, "no-sandbox");
    stop_block(); /* before any thread starts */
    if (!child_begin(cli, &parent) || !web_options_read(cli, &o) || !web_tables_hold())
        return EXIT_USAGE;
    if (o.listen_fd == 0 && (o.listen_fd = web_listen(o.address, o.port, &o.port)) < 0) { /* locked in, it can't */
        fprintf(stderr, "internbase: port %d: %s\n", o.port, msg_text(MSG_serve_no_port, cli->lang));
        return EXIT_FAILED;
    }
    if (!lock_in(cli, parent, no_sandbox) || !cli_open_server(cli, &app, PAGES_READERS))
        return EXIT_FAILED;
    o.spool_dir = temporary_dir();
    app.origin = getenv("INTERNBASE_ORIGIN"); /* of links on pages; without it, the address by which the page was asked for */
    app.keeper = keeper_start(&app);
    struct web *web = app.keeper != NULL ? web_start(&o) : NULL;
    if (web == NULL) {
        fprintf(stderr, "internbase: port %d: %s\n", o.port, msg_text(MSG_serve_no_port, cli->lang));
        if (app.keeper != NULL)
            keeper_stop(app.keeper);
        ops_close(&app);
        return EXIT_FAILED;
    }
    say_first_start(cli, &app, o.address, web_port(web));
    if (parent == 0) {
        printf("http://%s:%d/\n", o.address, web_port(web));
        fflush(stdout);
    }
    child_ready(parent);
    stop_wait();
    web_stop(web);
    keeper_stop(app.keeper);
    ops_close(&app);
    return EXIT_DONE;
}

enum exit_code command_worker(struct cli *cli)
{
    struct app app;
    int64_t parent;
    bool no_sandbox = cli_flag(cli, "no-sandbox");
    stop_block();
    if (!child_begin(cli, &parent) || cli->argc != 1)
        return EXIT_USAGE;
    if (nice(WORKER_NICE) == -1)
        perror("internbase: nice"); /* pages come before planning where both want the same core */
    if (!lock_in(cli, parent, no_sandbox) || !cli_open_server(cli, &app, WORKER_READERS))
        return EXIT_FAILED;
    struct worker *worker = worker_start(&app);
    if (worker == NULL) {
        ops_close(&app);
        return EXIT_FAILED;
    }
    child_ready(parent);
    stop_wait();
    worker_stop(worker);
    ops_close(&app);
    return EXIT_DONE;
}
