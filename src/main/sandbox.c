/* See sandbox.h. */
#include "main/sandbox.h"
#include "read/landlock.h"

#include <errno.h>
#include <fcntl.h>
#include <link.h>
#include <linux/sched.h>
#include <seccomp.h>
#include <signal.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <unistd.h>

enum { PATHS_MOST = 32 + STORE_REACH_MOST };

/* ---- paths ------------------------------------------------------------------------------------------------- */

/* What a program needs to start (the child that reads files is this program again) and what libraries look at. */
static const struct landlock_path always[] = {
    { "/lib", LANDLOCK_READ },
    { "/lib64", LANDLOCK_READ },
    { "/usr/lib", LANDLOCK_READ },
    { "/usr/local/lib", LANDLOCK_READ },
    { "/etc/ld.so.cache", LANDLOCK_READ },
    { "/etc/ld.so.preload", LANDLOCK_READ },
    { "/etc/localtime", LANDLOCK_READ },
    { "/usr/share/zoneinfo", LANDLOCK_READ },
    { "/dev/null", LANDLOCK_READ | LANDLOCK_CHANGE },
    { "/dev/urandom", LANDLOCK_READ },
    { "/proc/sys/vm/overcommit_memory", LANDLOCK_READ },
    { "/sys/devices/system/cpu", LANDLOCK_READ },
};
/* Names of machines and users, certificates. Whole folders, since such files are replaced by renaming. */
static const struct landlock_path for_server[] = {
    { "/etc", LANDLOCK_READ },
    { "/run/systemd/resolve", LANDLOCK_READ },
};
static const struct landlock_path for_sanitizers[] = { { "/proc", LANDLOCK_READ }, { "/usr/bin", LANDLOCK_READ | LANDLOCK_EXECUTE } };

static void path_add(struct landlock_path *path, size_t *n, const char *text, unsigned may)
{
    assert(*n < PATHS_MOST);
    if (text != NULL)
        path[(*n)++] = (struct landlock_path){ text, may };
}

/* The program that loads this one, as its file names it. */
static int find_loader(struct dl_phdr_info *info, size_t size, void *ctx)
{
    (void)size;
    for (int i = 0; i < info->dlpi_phnum; i++)
        if (info->dlpi_phdr[i].p_type == PT_INTERP)
            *(const char **)ctx = (const char *)(uintptr_t)(info->dlpi_addr + info->dlpi_phdr[i].p_vaddr);
    return 1; /* the program itself comes first */
}

static enum landlock_outcome limit_paths(const struct sandbox_needs *needs)
{
    struct landlock_path path[PATHS_MOST];
    const char *loader = NULL;
    size_t n = 0;
    static_assert(LEN(always) + LEN(for_server) + LEN(for_sanitizers) + 4 <= PATHS_MOST - STORE_REACH_MOST, "all fit");
    dl_iterate_phdr(find_loader, &loader);
    for (size_t i = 0; i < LEN(always); i++)
        path_add(path, &n, always[i].path, always[i].may);
    for (size_t i = 0; needs->reach.is_server && i < LEN(for_server); i++)
        path_add(path, &n, for_server[i].path, for_server[i].may);
    for (size_t i = 0; SANITIZED && i < LEN(for_sanitizers); i++)
        path_add(path, &n, for_sanitizers[i].path, for_sanitizers[i].may);
    path_add(path, &n, needs->self_exe, LANDLOCK_EXECUTE);
    path_add(path, &n, loader, LANDLOCK_EXECUTE);
    path_add(path, &n, needs->reach.folder, LANDLOCK_CHANGE);
    path_add(path, &n, needs->temporary, LANDLOCK_CHANGE);
    for (size_t i = 0; i < needs->reach.n; i++)
        path_add(path, &n, needs->reach.read[i], LANDLOCK_READ);
    struct landlock_rules rules = { .path = path, .n = n, .may_connect = needs->reach.is_server };
    return landlock_enter(&rules);
}

/* ---- system calls ------------------------------------------------------------------------------------------ */

static const int plain[] = {
    /* memory */
    SCMP_SYS(munmap), SCMP_SYS(mremap), SCMP_SYS(brk), SCMP_SYS(madvise), SCMP_SYS(mincore), SCMP_SYS(msync),
    /* files */
    SCMP_SYS(open), SCMP_SYS(openat), SCMP_SYS(close), SCMP_SYS(close_range), SCMP_SYS(read), SCMP_SYS(write), SCMP_SYS(readv),
    SCMP_SYS(writev), SCMP_SYS(pread64), SCMP_SYS(pwrite64), SCMP_SYS(preadv), SCMP_SYS(pwritev), SCMP_SYS(lseek), SCMP_SYS(stat),
    SCMP_SYS(lstat), SCMP_SYS(fstat), SCMP_SYS(newfstatat), SCMP_SYS(statx), SCMP_SYS(statfs), SCMP_SYS(fstatfs), SCMP_SYS(access),
    SCMP_SYS(faccessat), SCMP_SYS(faccessat2), SCMP_SYS(readlink), SCMP_SYS(readlinkat), SCMP_SYS(getcwd), SCMP_SYS(fcntl),
    SCMP_SYS(fsync), SCMP_SYS(fdatasync), SCMP_SYS(ftruncate), SCMP_SYS(fallocate), SCMP_SYS(unlink), SCMP_SYS(unlinkat),
    SCMP_SYS(fchmod), SCMP_SYS(fchown), SCMP_SYS(umask), SCMP_SYS(getdents64), SCMP_SYS(dup), SCMP_SYS(dup2), SCMP_SYS(dup3),
    SCMP_SYS(pipe2), SCMP_SYS(memfd_create), SCMP_SYS(flock), SCMP_SYS(sendfile),
    /* threads, signals to oneself, time */
    SCMP_SYS(futex), SCMP_SYS(set_robust_list), SCMP_SYS(rseq), SCMP_SYS(set_tid_address), SCMP_SYS(gettid), SCMP_SYS(getpid),
    SCMP_SYS(getppid), SCMP_SYS(exit), SCMP_SYS(exit_group), SCMP_SYS(sched_yield), SCMP_SYS(sched_getaffinity), SCMP_SYS(getpriority),
    SCMP_SYS(setpriority), SCMP_SYS(arch_prctl), SCMP_SYS(prctl), SCMP_SYS(rt_sigaction), SCMP_SYS(rt_sigprocmask),
    SCMP_SYS(rt_sigreturn), SCMP_SYS(rt_sigtimedwait), SCMP_SYS(sigaltstack), SCMP_SYS(restart_syscall), SCMP_SYS(clock_gettime),
    SCMP_SYS(clock_getres), SCMP_SYS(gettimeofday), SCMP_SYS(time), SCMP_SYS(nanosleep), SCMP_SYS(clock_nanosleep),
    SCMP_SYS(getrusage), SCMP_SYS(times), SCMP_SYS(uname), SCMP_SYS(sysinfo), SCMP_SYS(getrandom), SCMP_SYS(getuid), SCMP_SYS(geteuid),
    SCMP_SYS(getgid), SCMP_SYS(getegid),
    /* sockets that are there */
    SCMP_SYS(poll), SCMP_SYS(ppoll), SCMP_SYS(select), SCMP_SYS(pselect6), SCMP_SYS(epoll_create1), SCMP_SYS(epoll_ctl),
    SCMP_SYS(epoll_wait), SCMP_SYS(epoll_pwait), SCMP_SYS(eventfd2), SCMP_SYS(accept), SCMP_SYS(accept4), SCMP_SYS(recvfrom),
    SCMP_SYS(sendto), SCMP_SYS(recvmsg), SCMP_SYS(sendmsg), SCMP_SYS(shutdown), SCMP_SYS(getsockname), SCMP_SYS(getpeername),
    SCMP_SYS(getsockopt), SCMP_SYS(setsockopt),
    /* the child that reads files, until it locks itself in further */
    SCMP_SYS(wait4), SCMP_SYS(waitid), SCMP_SYS(vfork), SCMP_SYS(setrlimit), SCMP_SYS(seccomp), SCMP_SYS(landlock_create_ruleset),
    SCMP_SYS(landlock_restrict_self),
};
static const int plain_for_server[] = { SCMP_SYS(connect), SCMP_SYS(sendmmsg), SCMP_SYS(recvmmsg) };
/* The leak check stops the other threads as a debugger does. */
static const int plain_for_sanitizers[] = { SCMP_SYS(ptrace), SCMP_SYS(personality), SCMP_SYS(tgkill), SCMP_SYS(process_vm_readv), SCMP_SYS(getdents) };

static int allow_all(scmp_filter_ctx f, const int *call, size_t n)
{
    int bad = 0;
    for (size_t i = 0; i < n; i++)
        bad |= seccomp_rule_add(f, SCMP_ACT_ALLOW, call[i], 0);
    return bad;
}

/* Calls of which only a part is allowed. */
static int allow_partly(scmp_filter_ctx f, const struct sandbox_needs *needs)
{
    enum { NAMESPACES = CLONE_NEWNS | CLONE_NEWCGROUP | CLONE_NEWUTS | CLONE_NEWIPC | CLONE_NEWUSER | CLONE_NEWPID | CLONE_NEWNET };
    static const int families[] = { AF_UNIX, AF_INET, AF_INET6, AF_NETLINK /* getaddrinfo asks which addresses there are */ };
    int bad = 0;
    /* Memory that can be executed comes from files and is not written to. */
    bad |= seccomp_rule_add(f, SCMP_ACT_ALLOW, SCMP_SYS(mmap), 1, SCMP_A2(SCMP_CMP_MASKED_EQ, PROT_EXEC, 0));
    bad |= seccomp_rule_add(f, SCMP_ACT_ALLOW, SCMP_SYS(mmap), 2, SCMP_A2(SCMP_CMP_MASKED_EQ, PROT_EXEC | PROT_WRITE, PROT_EXEC),
                            SCMP_A3(SCMP_CMP_MASKED_EQ, MAP_ANONYMOUS, 0));
    bad |= seccomp_rule_add(f, SCMP_ACT_ALLOW, SCMP_SYS(mprotect), 1, SCMP_A2(SCMP_CMP_MASKED_EQ, PROT_EXEC, 0));
    /* Threads and children, by the older call: the flags of clone3 lie in memory, where no filter sees them. */
    bad |= seccomp_rule_add(f, SCMP_ACT_ALLOW, SCMP_SYS(clone), 1, SCMP_A0(SCMP_CMP_MASKED_EQ, NAMESPACES, 0));
    bad |= seccomp_rule_add(f, SCMP_ACT_ALLOW, SCMP_SYS(execve), 1, SCMP_A0(SCMP_CMP_EQ, (uintptr_t)needs->self_exe));
    bad |= seccomp_rule_add(f, SCMP_ACT_ALLOW, SCMP_SYS(prlimit64), 1, SCMP_A0(SCMP_CMP_EQ, 0));
    bad |= seccomp_rule_add(f, SCMP_ACT_ALLOW, SCMP_SYS(kill), 1, SCMP_A1(SCMP_CMP_EQ, SIGKILL));
    if (needs->supervisor > 0)
        bad |= seccomp_rule_add(f, SCMP_ACT_ALLOW, SCMP_SYS(kill), 2, SCMP_A0(SCMP_CMP_EQ, (scmp_datum_t)needs->supervisor),
                                SCMP_A1(SCMP_CMP_EQ, SIGUSR1));
    if (!SANITIZED)
        bad |= seccomp_rule_add(f, SCMP_ACT_ALLOW, SCMP_SYS(tgkill), 1, SCMP_A0(SCMP_CMP_EQ, (scmp_datum_t)getpid()));
    bad |= seccomp_rule_add(f, SCMP_ACT_ALLOW, SCMP_SYS(ioctl), 1, SCMP_A1(SCMP_CMP_EQ, TCGETS));
    for (size_t i = 0; needs->reach.is_server && i < LEN(families); i++)
        bad |= seccomp_rule_add(f, SCMP_ACT_ALLOW, SCMP_SYS(socket), 1, SCMP_A0(SCMP_CMP_EQ, (scmp_datum_t)families[i]));
    return bad;
}

static bool limit_system_calls(const struct sandbox_needs *needs)
{
    scmp_filter_ctx f = seccomp_init(SCMP_ACT_ERRNO(ENOSYS));
    if (f == NULL)
        return false;
    int bad = allow_all(f, plain, LEN(plain)) | allow_partly(f, needs);
    if (needs->reach.is_server)
        bad |= allow_all(f, plain_for_server, LEN(plain_for_server));
    if (SANITIZED)
        bad |= allow_all(f, plain_for_sanitizers, LEN(plain_for_sanitizers));
    bool done = bad == 0 && seccomp_load(f) == 0;
    seccomp_release(f);
    return done;
}

/* ---- the whole ----------------------------------------------------------------------------------------------- */

static bool is_open_refused(const char *path, int flags)
{
    int fd = open(path, flags | O_CLOEXEC);
    if (fd >= 0)
        close(fd);
    return fd < 0 && errno == EACCES;
}

/* Forbidden acts, tried: none may get as far as its own reason to fail. */
static bool holds(bool has_landlock)
{
    char nowhere[] = "/nonexistent/internbase", *none[] = { NULL };
    bool refused = mount(nowhere, nowhere, NULL, MS_BIND, NULL) != 0 && errno == ENOSYS;
    refused = refused && execve(nowhere, none, none) != 0 && errno == ENOSYS;
    refused = refused && mmap(NULL, 1, PROT_READ | PROT_WRITE | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) == MAP_FAILED && errno == ENOSYS;
    return refused && (!has_landlock || is_open_refused("/", O_RDONLY | O_DIRECTORY));
}

enum sandbox_outcome sandbox_lock(const struct sandbox_needs *needs)
{
    assert(needs->self_exe != NULL);
    assert(needs->reach.is_server || needs->reach.folder != NULL);
    if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0)
        return SANDBOX_FAILED;
    enum landlock_outcome paths = limit_paths(needs);
    if (paths == LANDLOCK_FAILED || !limit_system_calls(needs) || !holds(paths == LANDLOCK_DONE))
        return SANDBOX_FAILED;
    return paths == LANDLOCK_DONE ? SANDBOX_WHOLE : SANDBOX_NO_LANDLOCK;
}
