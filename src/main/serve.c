/* internbase serve: the supervisor. Opens the port, starts the pages and, when they answer, the worker, each a process of
 * its own; starts again what dies, a little later each time; ends both on SIGTERM or SIGINT. It reads nothing from outside:
 * the socket is only handed on, so that a restart of the pages keeps port and waiting connections. */
#include "main/wiring.h"
#include "web/web.h"

#include <errno.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

extern char **environ;

enum { ARGS_MOST = 24, LISTEN_AT = 3, BACKOFF_MS = 100, BACKOFF_MOST_MS = 10000, STEADY_MS = 10000, END_WAIT_MS = 20000, WORKER_AFTER_MS = 200 };

struct child {
    const char *name;
    const char *arg[ARGS_MOST];
    int args;
    int listen_fd; /* handed on as LISTEN_AT; -1 = none */
    pid_t pid;     /* 0 = not running */
    bool was_ready, failed_at_end;
    int64_t started_ms, start_ms; /* when it was, and when it is to be started; start_ms < 0 = not */
    int64_t backoff_ms;
};

enum { PAGES, WORKER, CHILDREN };

struct supervisor {
    struct child child[CHILDREN];
    char shift[32], parent[32];
    bool stopping;
    int64_t stop_ms;
    const char *address;
    int port;
};

static int64_t now_ms(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

static void arg_add(struct child *c, const char *arg)
{
    assert(c->args < ARGS_MOST - 1);
    c->arg[c->args++] = arg;
}

static void args_common(struct supervisor *s, struct child *c, const struct cli *cli)
{
    arg_add(c, "internbase");
    arg_add(c, c->name);
    arg_add(c, "--database");
    arg_add(c, cli->database);
    arg_add(c, "--lang");
    arg_add(c, cli->lang == LANG_EN ? "en" : "zh");
    arg_add(c, "--clock-shift");
    arg_add(c, s->shift);
    arg_add(c, "--parent");
    arg_add(c, s->parent);
}

static void start(struct child *c, const char *exe)
{
    posix_spawnattr_t attr;
    posix_spawn_file_actions_t files;
    sigset_t held; /* as the child holds them itself: a stop that comes before it has begun is not lost */
    sigemptyset(&held);
    sigaddset(&held, SIGINT);
    sigaddset(&held, SIGTERM);
    posix_spawnattr_init(&attr);
    posix_spawnattr_setflags(&attr, POSIX_SPAWN_SETSIGMASK);
    posix_spawnattr_setsigmask(&attr, &held);
    posix_spawn_file_actions_init(&files);
    if (c->listen_fd >= 0)
        posix_spawn_file_actions_adddup2(&files, c->listen_fd, LISTEN_AT);
    assert(c->pid == 0 && c->args > 0 && c->arg[c->args] == NULL);
    c->started_ms = now_ms();
    c->start_ms = -1;
    int failed = posix_spawn(&c->pid, exe, &files, &attr, (char *const *)(uintptr_t)c->arg, environ);
    posix_spawn_file_actions_destroy(&files);
    posix_spawnattr_destroy(&attr);
    if (failed == 0)
        return;
    fprintf(stderr, "internbase: %s: %s\n", c->name, strerror(failed));
    c->pid = 0;
    c->start_ms = now_ms() + BACKOFF_MOST_MS;
}

static void say_end(const struct child *c, int status, int64_t again_ms)
{
    assert(again_ms >= BACKOFF_MS && again_ms <= BACKOFF_MOST_MS);
    char how[64];
    if (WIFSIGNALED(status))
        snprintf(how, sizeof how, "signal %d", WTERMSIG(status));
    else
        snprintf(how, sizeof how, "code %d", WEXITSTATUS(status));
    fprintf(stderr, "internbase: %s (process %d) ended with %s; started again in %lld.%lld s\n", c->name, (int)c->pid, how,
            (long long)again_ms / 1000, (long long)again_ms / 100 % 10);
}

/* A child is gone. False: the pages refused to start, and have said why; they would again. */
static bool ended(struct supervisor *s, struct child *c, int status, enum exit_code *code)
{
    bool is_clean = WIFEXITED(status) && WEXITSTATUS(status) == 0;
    if (s->stopping) {
        c->failed_at_end = !is_clean;
        c->pid = 0;
        return true;
    }
    if (c == &s->child[PAGES] && !c->was_ready && WIFEXITED(status)) {
        *code = is_clean ? EXIT_FAILED : (enum exit_code)WEXITSTATUS(status);
        c->pid = 0;
        return false;
    }
    c->backoff_ms = now_ms() - c->started_ms > STEADY_MS ? BACKOFF_MS : MIN(MAX(c->backoff_ms * 2, (int64_t)BACKOFF_MS), (int64_t)BACKOFF_MOST_MS);
    say_end(c, status, c->backoff_ms);
    c->start_ms = now_ms() + c->backoff_ms;
    c->pid = 0;
    return true;
}

static bool reap(struct supervisor *s, enum exit_code *code)
{
    int status;
    pid_t pid;
    bool good = true;
    while ((pid = waitpid(-1, &status, WNOHANG)) > 0)
        for (int i = 0; i < CHILDREN; i++)
            if (s->child[i].pid == pid)
                good = ended(s, &s->child[i], status, code) && good;
    return good;
}

static void ready(struct supervisor *s, pid_t pid)
{
    for (int i = 0; i < CHILDREN; i++)
        if (s->child[i].pid == pid && !s->child[i].was_ready) {
            s->child[i].was_ready = true;
            if (i != PAGES)
                continue;
            printf("http://%s:%d/\n", s->address, s->port);
            fflush(stdout);
            s->child[WORKER].start_ms = now_ms() + WORKER_AFTER_MS; /* the first page comes before planning */
        }
}

static void stop_all(struct supervisor *s, int sig)
{
    s->stopping = true;
    s->stop_ms = now_ms();
    for (int i = 0; i < CHILDREN; i++) {
        s->child[i].start_ms = -1;
        if (s->child[i].pid > 0)
            kill(s->child[i].pid, sig);
    }
}

/* How long nothing is to be done by the clock. */
static int64_t sleep_ms(const struct supervisor *s)
{
    int64_t wait = s->stopping ? MAX(s->stop_ms + END_WAIT_MS - now_ms(), INT64_C(0)) : 3600 * 1000;
    for (int i = 0; i < CHILDREN; i++)
        if (s->child[i].start_ms >= 0)
            wait = MIN(wait, MAX(s->child[i].start_ms - now_ms(), INT64_C(0)));
    return wait;
}

static enum exit_code watch(struct supervisor *s, const char *exe, const sigset_t *signals)
{
    enum exit_code code = EXIT_DONE;
    bool running = true;
    while (running) {
        for (int i = 0; i < CHILDREN; i++)
            if (s->child[i].start_ms >= 0 && s->child[i].start_ms <= now_ms())
                start(&s->child[i], exe);
        int64_t ms = sleep_ms(s);
        struct timespec wait = { ms / 1000, ms % 1000 * 1000000 };
        siginfo_t info = { 0 };
        int sig = sigtimedwait(signals, &info, &wait);
        if (sig == SIGUSR1)
            ready(s, info.si_pid);
        if ((sig == SIGTERM || sig == SIGINT) && !s->stopping)
            stop_all(s, SIGTERM);
        if (!reap(s, &code) && !s->stopping)
            stop_all(s, SIGTERM);
        if (s->stopping && now_ms() - s->stop_ms >= END_WAIT_MS)
            stop_all(s, SIGKILL);
        running = !s->stopping || s->child[PAGES].pid > 0 || s->child[WORKER].pid > 0;
    }
    for (int i = 0; i < CHILDREN; i++)
        if (s->child[i].failed_at_end && code == EXIT_DONE)
            code = EXIT_FAILED;
    return code;
}

enum exit_code command_serve(struct cli *cli)
{
    struct supervisor s = { .address = cli_option(cli, "address", "127.0.0.1") };
    int64_t port;
    sigset_t signals;
    const char *proxy = cli_option(cli, "proxy", NULL);
    bool secure = cli_flag(cli, "secure"), no_sandbox = cli_flag(cli, "no-sandbox");
    bool port_ok = str_int(str_of(cli_option(cli, "port", "8080")), &port) && port >= 0 && port <= 65535;
    if (!port_ok || cli->argc != 1)
        return EXIT_USAGE;
    sigemptyset(&signals);
    static const int watched[] = { SIGTERM, SIGINT, SIGCHLD, SIGUSR1 };
    for (size_t i = 0; i < LEN(watched); i++)
        sigaddset(&signals, watched[i]);
    sigprocmask(SIG_BLOCK, &signals, NULL);
    int fd = web_listen(s.address, (int)port, &s.port);
    if (fd < 0) {
        fprintf(stderr, "internbase: port %lld: %s (%s)\n", (long long)port, msg_text(MSG_serve_no_port, cli->lang), strerror(errno));
        return EXIT_FAILED;
    }
    snprintf(s.shift, sizeof s.shift, "%lld", (long long)cli->clock_shift_s);
    snprintf(s.parent, sizeof s.parent, "%d", (int)getpid());
    s.child[PAGES] = (struct child){ .name = "pages", .listen_fd = fd, .start_ms = now_ms() };
    s.child[WORKER] = (struct child){ .name = "worker", .listen_fd = -1, .start_ms = -1 };
    for (int i = 0; i < CHILDREN; i++) {
        args_common(&s, &s.child[i], cli);
        if (no_sandbox)
            arg_add(&s.child[i], "--no-sandbox");
    }
    arg_add(&s.child[PAGES], "--listen");
    arg_add(&s.child[PAGES], "3");
    if (secure)
        arg_add(&s.child[PAGES], "--secure");
    if (proxy != NULL) {
        arg_add(&s.child[PAGES], "--proxy");
        arg_add(&s.child[PAGES], proxy);
    }
    enum exit_code code = watch(&s, cli->self_exe, &signals);
    close(fd);
    return code;
}
