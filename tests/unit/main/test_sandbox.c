/* Pages and worker locked in, with a real database: what they need still works, and each forbidden act, which works before, fails
 * inside. On SQLite, and on PostgreSQL where INTERNBASE_TEST_PG names one. */
#include "main/sandbox.h"
#include "read/landlock.h"
#include "read/read.h"

#include "unit.h"
#include "unit/store/both.h"

#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>

static const char own[] = "/proc/self/exe";
static const char *database;
static char outside[] = "/dev/shm/internbase-outside-XXXXXX"; /* a folder that no rule names */
static const char *temporary;
static pid_t bystander;
static int busy_port;

/* ---- forbidden acts: true where it was done ----------------------------------------------------------------- */

static bool can_open(const char *path, int flags)
{
    int fd = open(path, flags, 0600);
    if (fd >= 0)
        close(fd);
    return fd >= 0;
}

static bool do_read(void)
{
    char path[96];
    snprintf(path, sizeof path, "%s/secret", outside);
    return can_open(path, O_RDONLY);
}
static bool do_list(void) { return can_open(outside, O_RDONLY | O_DIRECTORY); }
static bool do_write(void)
{
    char path[96];
    snprintf(path, sizeof path, "%s/secret", outside);
    return can_open(path, O_WRONLY | O_TRUNC);
}
static bool do_create(void)
{
    char path[96];
    snprintf(path, sizeof path, "%s/new", outside);
    return can_open(path, O_WRONLY | O_CREAT) && unlink(path) == 0;
}
static bool do_litter(void) { return can_open("/tmp/internbase-litter", O_WRONLY | O_CREAT) && unlink("/tmp/internbase-litter") == 0; }
static bool do_remove(void)
{
    char path[96];
    snprintf(path, sizeof path, "%s/secret", outside);
    return unlink(path) == 0;
}
static bool exec_of(const char *path)
{
    int st = 0;
    pid_t pid = fork();
    if (pid == 0) {
        execl(path, path, (char *)NULL);
        _exit(99);
    }
    return pid > 0 && waitpid(pid, &st, 0) == pid && WIFEXITED(st) && WEXITSTATUS(st) == 0;
}
static bool do_exec(void) { return exec_of("/bin/true"); }
static bool do_rename(void) { return rename(outside, outside) == 0; }
static bool do_code(void) { return mmap(NULL, 4096, PROT_READ | PROT_WRITE | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) != MAP_FAILED; }
static bool do_to_code(void)
{
    void *p = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    return p != MAP_FAILED && mprotect(p, 4096, PROT_READ | PROT_EXEC) == 0;
}
static bool do_signal(void) { return kill(bystander, 0) == 0; }
static bool do_limits(void)
{
    struct rlimit r;
    return prlimit(bystander, RLIMIT_NOFILE, NULL, &r) == 0;
}
static bool do_listen(void)
{
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    struct sockaddr_in sa = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
    bool done = fd >= 0 && bind(fd, (struct sockaddr *)&sa, sizeof sa) == 0 && listen(fd, 1) == 0;
    if (fd >= 0)
        close(fd);
    return done;
}
static bool do_connect(void)
{
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    struct sockaddr_in sa = { .sin_family = AF_INET, .sin_port = htons((uint16_t)busy_port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
    bool done = fd >= 0 && connect(fd, (struct sockaddr *)&sa, sizeof sa) == 0;
    if (fd >= 0)
        close(fd);
    return done;
}
static bool do_raw(void)
{
    int fd = socket(AF_PACKET, SOCK_RAW, 0);
    if (fd >= 0)
        close(fd);
    return fd >= 0 || (errno == EPERM && geteuid() != 0); /* before: got as far as the user's rights */
}
#ifndef __SANITIZE_ADDRESS__
static bool do_trace(void)
{
    if (ptrace(PTRACE_ATTACH, bystander, NULL, NULL) != 0)
        return false;
    waitpid(bystander, NULL, 0);
    return ptrace(PTRACE_DETACH, bystander, NULL, NULL) == 0;
}
#endif
/* These need rights that a test's user may lack: before, they get as far as being asked for them. */
static bool do_mount(void) { return mount("/nonexistent", "/nonexistent", NULL, MS_BIND, NULL) == 0 || errno == ENOENT || errno == EPERM; }
static bool do_namespace(void)
{
    int st = 0;
    pid_t pid = fork();
    if (pid == 0)
        _exit(unshare(CLONE_NEWUSER) == 0 || errno == EPERM || errno == ENOSPC || errno == EINVAL ? 0 : 1);
    return pid > 0 && waitpid(pid, &st, 0) == pid && st == 0;
}
static bool do_user(void) { return setuid(getuid()) == 0; }

static const struct act {
    const char *name;
    bool (*done)(void);
    bool needs_landlock, with_server_too; /* the last: may be done where the database is a server */
} acts[] = {
    { "read", do_read, true, false },      { "list", do_list, true, false },         { "write", do_write, true, false },
    { "litter", do_litter, true, true },  { "create", do_create, true, false },
    { "exec", do_exec, false, false },        { "rename", do_rename, false, false },
    { "code", do_code, false, false },     { "to code", do_to_code, false, false },  { "signal", do_signal, false, false },
    { "limits", do_limits, false, false }, { "listen", do_listen, true, false },     { "connect", do_connect, false, true },
    { "raw", do_raw, false, false },       { "mount", do_mount, false, false },      { "namespace", do_namespace, false, false },
    { "user", do_user, false, false },
#ifndef __SANITIZE_ADDRESS__ /* its leak check must be able to trace */
    { "trace", do_trace, false, false },
#endif
    { "remove", do_remove, true, false }, /* last: it takes away what the others need */
};

/* ---- what a server needs ---------------------------------------------------------------------------------------- */

static void *in_thread(void *ctx)
{
    *(bool *)ctx = true;
    return NULL;
}

static enum status count_row_of(void *ctx, const struct read_row *row)
{
    (void)row;
    ++*(int *)ctx;
    return STATUS_OK;
}

/* Opens, writes, reads again, starts a thread, reads a table in a child and keeps an upload: a word for what did not work. */
static const char *work(void)
{
    struct arena a = arena_make(16 << 20);
    struct store *s;
    struct tx *t;
    struct str why = STR("");
    void *back;
    int applied, rows = 0;
    struct store_options o = { .url = database, .readers = 2, .keeps = true };
    if (store_open(&a, &o, &s, &why) != STATUS_OK || store_migrate(s, &applied) != STATUS_OK)
        return why.n > 0 ? why.p : "open";
    struct setting *set = record_new(&a, &record_setting);
    set->name = arena_printf(&a, "of_test_%d", (int)getpid());
    set->value = STR("1");
    if (tx_begin(s, &a, TX_WRITE, &t) != STATUS_OK || tx_save(t, &record_setting, set) != STATUS_OK || tx_commit(t) != STATUS_OK)
        return "write";
    if (tx_begin(s, &a, TX_READ, &t) != STATUS_OK || tx_load(t, &record_setting, set->id, &back) != STATUS_OK)
        return "read";
    tx_end(t);
    store_close(s);
    pthread_t thread;
    bool ran = false;
    if (pthread_create(&thread, NULL, in_thread, &ran) != 0 || pthread_join(thread, NULL) != 0 || !ran)
        return "thread";
    struct errs errs = errs_make(&a);
    struct read_limits limits = read_limits_default();
    struct read_report report;
    struct read_source source = { STR("a,b\n1,2\n"), STR("t.csv") };
    if (read_table_in_child(own, source, &limits, NULL, count_row_of, &rows, &report, &errs) != STATUS_OK || rows != 2)
        return "child";
    char made[128];
    snprintf(made, sizeof made, "%s/made", temporary);
    if (!can_open(temporary, O_TMPFILE | O_RDWR) || !can_open(made, O_CREAT | O_RDWR) || unlink(made) != 0 || !can_open("/dev/urandom", O_RDONLY))
        return "temporary file";
    return NULL;
}

/* ---- the test ------------------------------------------------------------------------------------------------------ */

static struct sandbox_needs needs_of(struct arena *a)
{
    struct sandbox_needs n = { .self_exe = own };
    assert_int_equal(store_reach(a, database, &n.reach), STATUS_OK);
    temporary = n.temporary = n.reach.folder != NULL ? n.reach.folder : "/tmp";
    return n;
}

/* Runs `inside` in a process that has locked itself in; what it returned, a word, or "" for nothing. */
static void locked(const char *(*inside)(void), char *said, size_t size)
{
    int p[2], st;
    struct arena a = arena_make(1 << 20);
    struct sandbox_needs needs = needs_of(&a);
    assert_int_equal(pipe(p), 0);
    pid_t pid = fork();
    if (pid == 0) {
        enum sandbox_outcome got = sandbox_lock(&needs);
        const char *text = got == (landlock_version() > 0 ? SANDBOX_WHOLE : SANDBOX_NO_LANDLOCK) ? inside() : "not locked";
        text = text != NULL ? text : "";
        if (write(p[1], text, strlen(text) + 1) < 0)
            _exit(1);
        _exit(0);
    }
    close(p[1]);
    ssize_t n = read(p[0], said, size - 1);
    said[n > 0 ? n : 0] = '\0';
    close(p[0]);
    assert_int_equal(waitpid(pid, &st, 0), pid);
    if (st != 0)
        snprintf(said, size, "wait status %d", st);
    arena_free(&a);
}

static const char *try_all(void)
{
    static char text[400];
    bool is_server = strncmp(database, "postgresql:", 11) == 0;
    for (size_t i = 0; i < LEN(acts); i++) {
        if (acts[i].needs_landlock && landlock_version() < (acts[i].done == do_listen && is_server ? 4 : 1))
            continue;
        if (acts[i].done() && !(acts[i].with_server_too && is_server))
            snprintf(text + strlen(text), sizeof text - strlen(text), "%s, ", acts[i].name);
    }
    return text;
}

static void forbidden_acts_fail(void **state)
{
    (void)state;
    char said[400];
    /* The control, in a child, since one act removes what the others need: unlocked, each of them works. */
    pid_t pid = fork();
    if (pid == 0) {
        for (size_t i = 0; i < LEN(acts) - 1; i++)
            if (!acts[i].done()) {
                fprintf(stderr, "unlocked, \"%s\" can't be done either: %s\n", acts[i].name, strerror(errno));
                _exit(1);
            }
        _exit(0);
    }
    int st;
    assert_int_equal(waitpid(pid, &st, 0), pid);
    assert_int_equal(st, 0);
    locked(try_all, said, sizeof said);
    assert_string_equal(said, "");
    assert_true(do_remove()); /* it was still there, and could be removed */
    assert_true(can_open(outside, O_RDONLY));
}

static void needed_acts_work(void **state)
{
    (void)state;
    char said[400];
    locked(work, said, sizeof said);
    assert_string_equal(said, "");
}

/* The same words at another address start nothing: it is the one pointer that counts. */
static const char *exec_copy(void)
{
    char copy[] = "/proc/self/exe";
    return exec_of(copy) ? "started" : NULL;
}

static void own_program_by_one_pointer(void **state)
{
    (void)state;
    char said[400];
    locked(exec_copy, said, sizeof said);
    assert_string_equal(said, "");
}

static int set_up(void **state)
{
    (void)state;
    char path[96];
    snprintf(path, sizeof path, "%s/secret", outside);
    return can_open(path, O_CREAT | O_WRONLY) ? 0 : -1;
}

static int run_on(const char *name, const char *url)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(forbidden_acts_fail, set_up),
        cmocka_unit_test(needed_acts_work),
        cmocka_unit_test(own_program_by_one_pointer),
    };
    database = url;
    return _cmocka_run_group_tests(name, tests, LEN(tests), NULL, NULL);
}

int main(int argc, char **argv)
{
    (void)argv;
    if (argc == 2) /* the child that reads a table: this program again */
        read_child_main(argc, argv);
    struct sockaddr_in sa = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
    socklen_t n = sizeof sa;
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    if (mkdtemp(outside) == NULL || bind(fd, (struct sockaddr *)&sa, n) != 0 || listen(fd, 8) != 0 || getsockname(fd, (struct sockaddr *)&sa, &n) != 0)
        return 2;
    busy_port = ntohs(sa.sin_port);
    if ((bystander = fork()) == 0) {
        pause();
        _exit(0);
    }
    int failed = on_both("sandbox", run_on);
    kill(bystander, SIGKILL);
    waitpid(bystander, NULL, 0);
    char path[96];
    snprintf(path, sizeof path, "%s/secret", outside);
    unlink(path);
    rmdir(outside);
    return failed;
}
