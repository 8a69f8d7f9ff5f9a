/* The child: the same answers as inside, locked in, and a parent that survives one that dies, hangs, lies or is no longer wanted. */
#include "book.h"

#include "read/sandbox.h"
#include "read/wire.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static const char own[] = "/proc/self/exe";

static int descriptors(void)
{
    int n = 0;
    DIR *d = opendir("/proc/self/fd");
    while (readdir(d) != NULL)
        n++;
    closedir(d);
    return n;
}

static void no_child_left(void)
{
    errno = 0;
    assert_int_equal(waitpid(-1, NULL, WNOHANG), -1);
    assert_int_equal(errno, ECHILD);
}

static void child_read(struct dump *d, const char *exe, struct str bytes, const char *name, const struct read_limits *l)
{
    int before = descriptors();
    dump_begin(d);
    d->st = read_table_in_child(exe, (struct read_source){ bytes, str_of(name) }, l, NULL, dump_row, d, &d->report, &d->errs);
    dump_faults(d);
    assert_int_equal(descriptors(), before);
    no_child_left();
}

static void same_as_inside(void **state)
{
    (void)state;
    static const char *const files[] = {
        "lo_students.xlsx", "op_students.xlsx", "xw_students.xlsx", "lo_1904.xlsx",     "lo_utf8.csv",    "lo_semicolon.csv",
        "lo_gb18030.csv",   "lo_unicode.csv",   "lo_old.xls",       "lo_page.xls",      "lo_locked.xlsx", "lo_students.ods",
    };
    struct read_limits l = read_limits_default();
    for (size_t i = 0; i < LEN(files); i++) {
        char path[200];
        struct dump inside, outside;
        snprintf(path, sizeof path, "tests/data/tables/%s", files[i]);
        struct str b = file_read(path);
        dump_read(&inside, b, files[i], &l);
        child_read(&outside, own, b, files[i], &l);
        assert_string_equal(buf_view(&outside.text).p, buf_view(&inside.text).p);
        assert_int_equal(outside.st, inside.st);
        assert_int_equal(outside.errs.total, inside.errs.total);
        assert_memory_equal(&outside.report, &inside.report, sizeof inside.report);
        dump_end(&inside);
        dump_end(&outside);
        free((char *)b.p);
    }
}

/* More than the pipe holds, rows of every length, and more faults than are kept. */
static void much(void **state)
{
    (void)state;
    struct buf b = buf_make(16 << 20);
    for (int i = 0; i < 30000; i++)
        buf_printf(&b, "%d,%.*s,x%s\n", i, i % 90, "------------------------------------------------------------------------------------------", i % 7 == 0 ? "\"" : "");
    struct read_limits l = read_limits_default();
    struct dump inside, outside;
    dump_read(&inside, buf_view(&b), "", &l);
    child_read(&outside, own, buf_view(&b), "", &l);
    assert_string_equal(buf_view(&outside.text).p, buf_view(&inside.text).p);
    assert_int_equal(outside.errs.total, 4286);
    assert_int_equal(inside.errs.total, 4286);
    dump_end(&inside);
    dump_end(&outside);
    buf_free(&b);
}

/* Said without a child: there is none to be started. */
static void too_large(void **state)
{
    (void)state;
    struct read_limits l = read_limits_default();
    struct dump d;
    l.bytes = 3;
    child_read(&d, "/nonexistent/internbase", STR("a,b\n"), "", &l);
    assert_string_equal(buf_view(&d.text).p, "! :0,0 too_large 4 3\n");
    dump_end(&d);
}

/* ---- a child that misbehaves -------------------------------------------------------------------------------------------- */

static void script_is(const char *script, const char *want)
{
    char path[] = "/tmp/internbase-child.XXXXXX";
    int fd = mkstemp(path);
    assert_true(fd >= 0 && dprintf(fd, "#!/bin/sh\n%s\n", script) > 0);
    assert_int_equal(fchmod(fd, 0700), 0);
    close(fd);
    struct read_limits l = read_limits_default();
    struct dump d;
    l.wait_s = 1;
    child_read(&d, path, STR("a,b\n"), "", &l);
    unlink(path);
    assert_string_equal(buf_view(&d.text).p, want);
    assert_int_equal(d.st, STATUS_INPUT);
    assert_false(d.report.is_whole);
    dump_end(&d);
}

static void misbehaves(void **state)
{
    (void)state;
    script_is("exit 0", "! :0,0 child_died 0\n");
    script_is("exit 3", "! :0,0 no_sandbox 0\n");
    script_is("kill -9 $$", "! :0,0 child_died 0\n");
    script_is("kill -11 $$", "! :0,0 child_died 0\n");
    script_is("kill -XCPU $$", "! :0,0 too_slow 20\n");
    script_is("printf garbage; exit 0", "! :0,0 child_died 0\n");
    script_is("exec sleep 100", "! :0,0 too_slow 1\n");
    script_is("printf '\\001\\000\\000\\000'; exec sleep 100", "! :0,0 too_slow 1\n");
    script_is("cat /dev/zero", "! :0,0 child_died 0\n");
    script_is("head -c 30000000 /dev/urandom", "! :0,0 child_died 0\n");
    script_is("exec 1>&-; exec sleep 100", "! :0,0 child_died 0\n");
}

static void no_program(void **state)
{
    (void)state;
    struct read_limits l = read_limits_default();
    struct dump d;
    child_read(&d, "/nonexistent/internbase", STR("a"), "", &l);
    assert_int_equal(d.st, STATUS_IO);
    assert_int_equal(d.errs.total, 0);
    dump_end(&d);
}

/* ---- a parent that wants no more ----------------------------------------------------------------------------------------- */

static bool at_once(void *ctx)
{
    (void)ctx;
    return true;
}

static enum status stop_now(void *ctx, const struct read_row *row)
{
    (void)ctx, (void)row;
    return STATUS_BUSY;
}

static struct str endless_text(void)
{
    char *p = malloc(32 << 20);
    memset(p, 'a', 32 << 20);
    for (size_t i = 1; i < 32 << 20; i += 200)
        p[i] = '\n';
    return (struct str){ p, 32 << 20 };
}

static void wanted_no_more(void **state)
{
    (void)state;
    struct read_limits l = read_limits_default();
    struct str b = endless_text();
    struct dump d;
    dump_begin(&d);
    d.st = read_table_in_child(own, (struct read_source){ b, STR("") }, &l, at_once, dump_row, &d, &d.report, &d.errs);
    assert_int_equal(d.st, STATUS_CANCELLED);
    no_child_left();
    d.st = read_table_in_child(own, (struct read_source){ b, STR("") }, &l, NULL, stop_now, NULL, &d.report, &d.errs);
    assert_int_equal(d.st, STATUS_BUSY);
    no_child_left();
    assert_int_equal(d.errs.total, 0);
    dump_end(&d);
    free((char *)b.p);
}

static jmp_buf away;

static enum status jump(void *ctx, const struct read_row *row)
{
    (void)ctx, (void)row;
    longjmp(away, 1);
}

static void left_by_longjmp(void **state)
{
    (void)state;
    struct read_limits l = read_limits_default();
    static struct dump d;
    static struct str b;
    int before = descriptors();
    b = endless_text();
    dump_begin(&d);
    if (setjmp(away) == 0)
        (void)!read_table_in_child(own, (struct read_source){ b, STR("") }, &l, NULL, jump, NULL, &d.report, &d.errs);
    read_abandon();
    no_child_left();
    assert_int_equal(descriptors(), before);
    read_abandon();
    dump_end(&d);
    child_read(&d, own, STR("a,b\n"), "", &l);
    assert_string_equal(buf_view(&d.text).p, ":1|a|b\n");
    dump_end(&d);
    free((char *)b.p);
}

/* ---- lies on the wire ---------------------------------------------------------------------------------------------------- */

static void u32(struct buf *b, uint32_t v)
{
    buf_add(b, (const char *)&v, sizeof v);
}

static void i64(struct buf *b, int64_t v)
{
    buf_add(b, (const char *)&v, sizeof v);
}

static void sheet(struct buf *b, uint32_t index, struct str name)
{
    u32(b, WIRE_SHEET);
    u32(b, (uint32_t)(4 + name.n));
    u32(b, index);
    buf_str(b, name);
}

/* A row of one cell, with what it says of itself. */
static void row(struct buf *b, int64_t number, uint32_t cells, uint32_t length, struct str text)
{
    u32(b, WIRE_ROW);
    u32(b, (uint32_t)(16 + text.n));
    i64(b, number);
    u32(b, cells);
    u32(b, length);
    buf_str(b, text);
}

static void end(struct buf *b, struct wire_end e)
{
    u32(b, WIRE_END);
    u32(b, sizeof e);
    buf_add(b, (const char *)&e, sizeof e);
}

static void fault_frame(struct buf *b, uint32_t fault, int32_t at_row, uint32_t length)
{
    u32(b, WIRE_FAULT);
    u32(b, 12 + 4 * 4);
    u32(b, fault);
    u32(b, (uint32_t)at_row);
    u32(b, 0);
    u32(b, length);
    u32(b, 0);
    u32(b, 0);
    u32(b, 0);
}

enum { TRUTHS = 3 };

/* Story i into b; the first few are true. False behind the last. */
static bool story(int i, struct buf *b)
{
    struct wire_end good = { .status = STATUS_OK, .is_whole = 1, .sheets = 1, .rows = 1, .cells = 1, .separator = "," };
    struct wire_end e = good;
    buf_reset(b);
    if (i > 2)
        sheet(b, 0, STR("S"));
    switch (i) {
    case 0: sheet(b, 0, STR("S")); row(b, 1, 1, 1, STR("x")); end(b, good); return true;
    case 1: sheet(b, 2, STR("")); row(b, 7, 1, 3, STR("李")); e.sheets = 3; end(b, e); return true;
    case 2: fault_frame(b, 1, 3, 0); e = (struct wire_end){ .status = STATUS_INPUT, .faults = 500, .sheets = 0 };
            for (int k = 1; k < ERRS_KEPT; k++) fault_frame(b, 1, k, 0);
            end(b, e); return true;
    case 3: sheet(b, 0, STR("again")); break;
    case 4: sheet(b, 64, STR("beyond")); break;
    case 5: sheet(b, 1, STR("\xFF")); break;
    case 6: sheet(b, 1, STR("a\0b")); break;
    case 7: row(b, 0, 1, 1, STR("x")); break;
    case 8: row(b, 2, 1, 1, STR("x")); row(b, 2, 1, 1, STR("x")); break;
    case 9: row(b, 1, 0, 0, STR("")); break;
    case 10: row(b, 1, 2, 1, STR("x")); break;
    case 11: row(b, 1, UINT32_MAX, 1, STR("x")); break;
    case 12: row(b, 1, 1, UINT32_MAX, STR("x")); break;
    case 13: row(b, 1, 1, 2, STR("x")); break;
    case 14: row(b, 1, 1, 0, STR("x")); break;
    case 15: row(b, 1, 1, 0, STR("")); break;
    case 16: row(b, 1, 1, 1, STR("\xE6")); break;
    case 17: row(b, 1, 1, 1, STR("\0")); break;
    case 18: for (int k = 1; k <= 6; k++) row(b, k, 1, 1, STR("x")); break; /* five are allowed here */
    case 19: u32(b, WIRE_ROW); u32(b, 3); buf_z(b, "abc"); break;
    case 20: u32(b, WIRE_ROW); u32(b, UINT32_MAX); break;
    case 21: u32(b, 99); u32(b, 0); break;
    case 22: fault_frame(b, FAULT_COUNT, 0, 0); break;
    case 23: fault_frame(b, 1, -1, 0); break;
    case 24: fault_frame(b, 1, 0, 4); break;
    case 25: for (int k = 0; k <= ERRS_KEPT; k++) fault_frame(b, 1, k, 0); break;
    case 26: row(b, 1, 1, 1, STR("x")); e.rows = 2; end(b, e); break;
    case 27: row(b, 1, 1, 1, STR("x")); e.status = STATUS_INPUT; end(b, e); break;
    case 28: row(b, 1, 1, 1, STR("x")); e.status = STATUS_CONFLICT; end(b, e); break;
    case 29: row(b, 1, 1, 1, STR("x")); e.format = 2; end(b, e); break;
    case 30: row(b, 1, 1, 1, STR("x")); memset(e.separator, 'x', 4); end(b, e); break;
    case 31: row(b, 1, 1, 1, STR("x")); e.faults = 1; end(b, e); break;
    case 32: row(b, 1, 1, 1, STR("x")); end(b, good); end(b, good); break;
    case 33: row(b, 1, 1, 1, STR("x")); end(b, good); row(b, 2, 1, 1, STR("x")); break;
    case 34: u32(b, WIRE_END); u32(b, 8); i64(b, 0); break;
    case 35: row(b, 1, 1, 1, STR("x")); e.sheets = 1000; end(b, e); break;
    case 36: row(b, 1, 1, 1, STR("x")); e.cells = -1; end(b, e); break;
    case 37: buf_reset(b); row(b, 1, 1, 1, STR("x")); break; /* of no sheet */
    default: return false;
    }
    return true;
}

/* All at once, and byte by byte. */
static void lies(void **state)
{
    (void)state;
    struct buf b = buf_make(1 << 20);
    struct read_limits l = read_limits_default();
    l.rows = 5;
    for (int i = 0; story(i, &b); i++)
        for (size_t step = 1; step <= b.n; step += b.n - 1) {
            struct dump d;
            struct wire_in in;
            enum status st = STATUS_OK;
            dump_begin(&d);
            assert_true(wire_in_open(&in, &l, dump_row, &d, &d.report, &d.errs));
            for (size_t at = 0; at < b.n && st == STATUS_OK; at += step)
                st = wire_take(&in, b.p + at, MIN(step, b.n - at));
            if (st != (i < TRUTHS ? STATUS_OK : STATUS_IO) || in.is_ended < (i < TRUTHS))
                fail_msg("story %d in steps of %zu: %d", i, step, st);
            if (i == 2)
                assert_true(d.errs.total == 500 && d.errs.n == ERRS_KEPT);
            wire_in_close(&in);
            dump_end(&d);
        }
    buf_free(&b);
}

/* ---- locked in ------------------------------------------------------------------------------------------------------------- */

static void try_open(void) { (void)!open("/etc/passwd", O_RDONLY); }
static void try_create(void) { (void)!open("/tmp/internbase-escape", O_CREAT | O_WRONLY, 0600); }
static void try_stat(void) { struct stat s; (void)!stat("/etc/passwd", &s); }
static void try_socket(void) { (void)!socket(AF_INET, SOCK_STREAM, 0); }
static void try_unix(void) { (void)!socket(AF_UNIX, SOCK_STREAM, 0); }
static void try_fork(void) { (void)!fork(); }
static void try_exec(void) { execl("/bin/true", "true", (char *)NULL); }
static void try_kill(void) { kill(getppid(), SIGTERM); }
static void try_ptrace(void) { ptrace(PTRACE_ATTACH, getppid(), NULL, NULL); }
static void try_read(void) { char c; (void)!read(STDIN_FILENO, &c, 1); }
static void try_write_elsewhere(void) { (void)!write(7, "x", 1); }
static void try_dup(void) { (void)!dup(1); }
static void try_pipe(void) { int p[2]; (void)!pipe(p); }
static void try_chdir(void) { (void)!chdir("/"); }
static void try_unlink(void) { unlink("/tmp/internbase-escape"); }
static void try_code(void) { (void)!mmap(NULL, 4096, PROT_READ | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0); }
static void try_map_file(void) { (void)!mmap(NULL, 4096, PROT_READ, MAP_PRIVATE, STDIN_FILENO, 0); }
static void try_to_code(void) { void *p = mmap(NULL, 4096, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0); mprotect(p, 4096, PROT_READ | PROT_EXEC); }
static void compute(void)
{
    char *p = malloc(3 << 20);
    p = p != NULL ? realloc(p, 30 << 20) : NULL;
    if (p == NULL)
        _exit(9);
    memset(p, 1, 30 << 20);
    free(p);
    if (write(STDOUT_FILENO, "x", 1) != 1)
        _exit(9);
}
static void spin(void) { for (volatile uint64_t i = 0;; i++) { } }
static void too_much(void) { char *volatile p = malloc(400 << 20); _exit(p == NULL ? 0 : 8); }

/* What became of a child that locked itself in and then did this: its wait status. */
static int locked(void (*act)(void))
{
    struct read_limits l = read_limits_default();
    l.cpu_s = 1;
    l.memory_bytes = 256 << 20;
    int p[2], st = 0;
    assert_int_equal(pipe(p), 0);
    pid_t pid = fork();
    assert_true(pid >= 0);
    if (pid == 0) {
        dup2(p[1], STDOUT_FILENO);
        if (!sandbox_enter(&l))
            _exit(7);
        act();
        _exit(0);
    }
    close(p[0]);
    close(p[1]);
    assert_int_equal(waitpid(pid, &st, 0), pid);
    return st;
}

static void locked_in(void **state)
{
    (void)state;
    static const struct {
        const char *name;
        void (*act)(void);
    } escapes[] = {
        { "open", try_open },     { "create", try_create },   { "stat", try_stat },         { "socket", try_socket },
        { "unix", try_unix },     { "fork", try_fork },       { "exec", try_exec },         { "kill", try_kill },
        { "ptrace", try_ptrace }, { "read", try_read },       { "write", try_write_elsewhere }, { "dup", try_dup },
        { "pipe", try_pipe },     { "chdir", try_chdir },     { "unlink", try_unlink },     { "code", try_code },
        { "map", try_map_file },  { "to code", try_to_code },
    };
    signal(SIGPIPE, SIG_IGN);
    for (size_t i = 0; i < LEN(escapes); i++) {
        int st = locked(escapes[i].act);
        if (!WIFSIGNALED(st) || WTERMSIG(st) != SIGSYS)
            fail_msg("%s: wait status %d", escapes[i].name, st);
    }
    assert_int_equal(access("/tmp/internbase-escape", F_OK), -1);
}

static void not_too_tight(void **state)
{
    (void)state;
    int p[2], st = 0;
    struct read_limits l = read_limits_default();
    assert_int_equal(pipe(p), 0);
    pid_t pid = fork();
    if (pid == 0) {
        dup2(p[1], STDOUT_FILENO);
        if (!sandbox_enter(&l))
            _exit(7);
        compute();
        _exit(0);
    }
    assert_int_equal(waitpid(pid, &st, 0), pid);
    assert_int_equal(st, 0);
    char c = 0;
    assert_true(read(p[0], &c, 1) == 1 && c == 'x');
    close(p[0]);
    close(p[1]);
}

static void bounded(void **state)
{
    (void)state;
    int st = locked(spin);
    assert_true(WIFSIGNALED(st) && WTERMSIG(st) == SIGXCPU);
#ifndef __SANITIZE_ADDRESS__
    assert_int_equal(locked(too_much), 0);
#else
    (void)too_much;
#endif
}

int main(int argc, char **argv)
{
    if (argc == 2 && strcmp(argv[1], READ_CHILD_COMMAND) == 0)
        read_child_main(argc, argv);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(same_as_inside), cmocka_unit_test(much),          cmocka_unit_test(too_large), cmocka_unit_test(misbehaves),
        cmocka_unit_test(no_program),     cmocka_unit_test(wanted_no_more), cmocka_unit_test(left_by_longjmp),
        cmocka_unit_test(lies),           cmocka_unit_test(locked_in),      cmocka_unit_test(not_too_tight),
        cmocka_unit_test(bounded),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
