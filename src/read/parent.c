/* The parent's side of a reading: gives the file to a child, takes its rows, and ends it whatever happens. */
#include "read/wire.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { ASK_MS = 200, PIPE_BYTES = 1024 * 1024 };

struct child {
    pid_t pid; /* 0 = none */
    int rows;  /* the pipe's end, -1 = none */
    int ended; /* what waitpid said */
    struct wire_in in;
};

/* The child of this thread's reading: not on the stack, since read_abandon must find it after a longjmp. */
static _Thread_local struct child own;
static _Thread_local bool is_reading;

static bool write_all(int fd, struct str s)
{
    while (s.n > 0) {
        ssize_t n = write(fd, s.p, s.n);
        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            return false;
        s = (struct str){ s.p + n, s.n - (size_t)n };
    }
    return true;
}

/* The job as a file without a name, which nobody can change any more. */
static int job_file(struct read_source source, const struct read_limits *limits)
{
    struct wire_job job = { .magic = WIRE_MAGIC, .limits = *limits, .name_bytes = source.name.n, .file_bytes = source.bytes.n };
    int fd = memfd_create("table", MFD_CLOEXEC | MFD_ALLOW_SEALING);
    if (fd < 0)
        return -1;
    bool done = write_all(fd, (struct str){ (const char *)&job, sizeof job }) && write_all(fd, source.name) && write_all(fd, source.bytes);
    done = done && fcntl(fd, F_ADD_SEALS, F_SEAL_WRITE | F_SEAL_GROW | F_SEAL_SHRINK | F_SEAL_SEAL) == 0;
    if (!done) {
        close(fd);
        return -1;
    }
    return fd;
}

/* Starts self_exe with two descriptors, no environment and no blocked signal. */
static bool spawn(struct child *c, const char *self_exe, int job)
{
    int pipes[2];
    char name[] = "internbase", command[] = READ_CHILD_COMMAND;
    char *argv[] = { name, command, NULL }, *envp[] = { NULL };
    posix_spawn_file_actions_t actions;
    posix_spawnattr_t attr;
    sigset_t none;
    if (pipe2(pipes, O_CLOEXEC) != 0)
        return false;
    (void)fcntl(pipes[0], F_SETPIPE_SZ, PIPE_BYTES); /* only fewer switches between the two */
    sigemptyset(&none);
    bool done = posix_spawn_file_actions_init(&actions) == 0;
    if (done) {
        done = posix_spawnattr_init(&attr) == 0;
        if (done) {
            done = posix_spawn_file_actions_adddup2(&actions, job, STDIN_FILENO) == 0 &&
                   posix_spawn_file_actions_adddup2(&actions, pipes[1], STDOUT_FILENO) == 0 &&
                   posix_spawn_file_actions_addclosefrom_np(&actions, STDERR_FILENO) == 0 &&
                   posix_spawnattr_setflags(&attr, POSIX_SPAWN_SETSIGMASK) == 0 && posix_spawnattr_setsigmask(&attr, &none) == 0 &&
                   posix_spawn(&c->pid, self_exe, &actions, &attr, argv, envp) == 0;
            posix_spawnattr_destroy(&attr);
        }
        posix_spawn_file_actions_destroy(&actions);
    }
    close(pipes[1]);
    c->rows = pipes[0];
    if (!done)
        c->pid = 0;
    return done;
}

/* Ends and reaps the child and gives everything back. */
static void child_end(struct child *c)
{
    if (c->rows >= 0)
        close(c->rows);
    c->rows = -1;
    if (c->pid > 0) {
        kill(c->pid, SIGKILL);
        while (waitpid(c->pid, &c->ended, 0) < 0 && errno == EINTR)
            ;
    }
    c->pid = 0;
    assert(is_reading);
    wire_in_close(&c->in);
    is_reading = false;
}

void read_abandon(void)
{
    if (is_reading)
        child_end(&own);
}

static int64_t now_ms(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

/* Waits for bytes or the pipe's end, at most until the child has been waited for long enough. *waited_ms grows. */
static enum status wait_for_child(struct child *c, int64_t *waited_ms, bool (*is_cancelled)(void *ctx), void *ctx)
{
    struct pollfd p = { .fd = c->rows, .events = POLLIN };
    for (;;) {
        if (is_cancelled != NULL && is_cancelled(ctx))
            return STATUS_CANCELLED;
        int64_t from = now_ms();
        int n = poll(&p, 1, ASK_MS);
        *waited_ms += now_ms() - from;
        assert(*waited_ms >= 0);
        if (n > 0)
            return STATUS_OK;
        if (n < 0 && errno != EINTR)
            return STATUS_IO;
        if (*waited_ms > c->in.limits->wait_s * 1000)
            return STATUS_LIMIT;
    }
}

/* STATUS_OK: the child has said all; STATUS_IO: it died or lied; STATUS_LIMIT: too slow. */
static enum status take_rows(struct child *c, bool (*is_cancelled)(void *ctx), void *ctx)
{
    char piece[WIRE_PIECE_BYTES];
    int64_t waited_ms = 0;
    enum status st = STATUS_OK;
    while (st == STATUS_OK) {
        st = wait_for_child(c, &waited_ms, is_cancelled, ctx);
        if (st != STATUS_OK)
            return st;
        ssize_t n = read(c->rows, piece, sizeof piece);
        if (n == 0)
            return c->in.is_ended ? STATUS_OK : STATUS_IO;
        if (n < 0 && errno != EINTR)
            return STATUS_IO;
        st = n > 0 ? wire_take(&c->in, piece, (size_t)n) : STATUS_OK;
    }
    return st;
}

static enum status fault(struct errs *errs, enum msg_id id, int64_t number)
{
    char text[24];
    snprintf(text, sizeof text, "%lld", (long long)number);
    errs_add(errs, id, STR(""), text, NULL);
    return STATUS_INPUT;
}

static enum status too_large(struct errs *errs, size_t bytes, int64_t most)
{
    char a[24], b[24];
    snprintf(a, sizeof a, "%zu", bytes);
    snprintf(b, sizeof b, "%lld", (long long)most);
    errs_add(errs, MSG_read_too_large, STR(""), a, b, NULL);
    return STATUS_INPUT;
}

/* What became of it, once the child is gone. A status that the row callback returned stays what it is. */
static enum status outcome(const struct child *c, enum status st, bool was_callback, struct errs *errs)
{
    const struct read_limits *l = c->in.limits;
    if (was_callback || st == STATUS_CANCELLED)
        return st;
    if (st == STATUS_OK)
        return c->in.end_status == STATUS_MEMORY ? fault(errs, MSG_read_memory, 0) : c->in.end_status;
    if (st == STATUS_LIMIT)
        return fault(errs, MSG_read_too_slow, l->wait_s);
    if (WIFSIGNALED(c->ended) && WTERMSIG(c->ended) == SIGXCPU)
        return fault(errs, MSG_read_too_slow, l->cpu_s);
    if (WIFEXITED(c->ended) && WEXITSTATUS(c->ended) == CHILD_NO_SANDBOX)
        return fault(errs, MSG_read_no_sandbox, 0);
    return fault(errs, MSG_read_child_died, 0);
}

/* Remembers that it was the callback that ended the reading. */
struct watch {
    read_row_fn *row;
    void *ctx;
    bool has_ended;
};

static enum status watch_row(void *ctx, const struct read_row *row)
{
    struct watch *w = ctx;
    enum status st = w->row(w->ctx, row);
    w->has_ended = st != STATUS_OK;
    return st;
}

enum status read_table_in_child(const char *self_exe, struct read_source source, const struct read_limits *limits,
                                bool (*is_cancelled)(void *ctx), read_row_fn *row, void *ctx, struct read_report *report,
                                struct errs *errs)
{
    struct child *c = &own;
    struct watch watch = { .row = row, .ctx = ctx };
    assert(!is_reading);
    *c = (struct child){ .rows = -1 };
    *report = (struct read_report){ 0 };
    if ((int64_t)source.bytes.n > limits->bytes) /* not worth a copy and a child */
        return too_large(errs, source.bytes.n, limits->bytes);
    int job = job_file(source, limits);
    if (job < 0)
        return STATUS_IO;
    if (!wire_in_open(&c->in, limits, watch_row, &watch, report, errs)) {
        close(job);
        return STATUS_MEMORY;
    }
    is_reading = true;
    bool is_started = spawn(c, self_exe, job);
    close(job);
    enum status st = is_started ? take_rows(c, is_cancelled, ctx) : STATUS_IO;
    child_end(c);
    if (!is_started)
        return STATUS_IO;
    return outcome(c, st, watch.has_ended, errs);
}
