/* Limits, Landlock, then seccomp. See sandbox.h. */
#include "read/sandbox.h"
#include "read/landlock.h"

#include <seccomp.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

static bool limit(int what, rlim_t soft, rlim_t hard)
{
    struct rlimit r = { soft, hard };
    return setrlimit(what, &r) == 0;
}

static bool set_limits(const struct read_limits *l)
{
    /* An address sanitizer maps terabytes of shadow. */
    bool done = SANITIZED || limit(RLIMIT_AS, (rlim_t)l->memory_bytes, (rlim_t)l->memory_bytes);
    done = limit(RLIMIT_CPU, (rlim_t)l->cpu_s, (rlim_t)l->cpu_s + 1) && done;
    done = limit(RLIMIT_CORE, 0, 0) && done;
    done = limit(RLIMIT_FSIZE, 0, 0) && done;
    done = limit(RLIMIT_NPROC, 0, 0) && done;
    return done;
}

static bool allow_system_calls(scmp_filter_ctx f)
{
    static const int plain[] = {
        SCMP_SYS(munmap), SCMP_SYS(mremap),        SCMP_SYS(brk),  SCMP_SYS(madvise),    SCMP_SYS(futex),
        SCMP_SYS(getrandom), SCMP_SYS(clock_gettime), SCMP_SYS(exit), SCMP_SYS(exit_group), SCMP_SYS(rt_sigreturn),
    };
    static const int for_sanitizers[] = {
        SCMP_SYS(sched_yield), SCMP_SYS(sigaltstack), SCMP_SYS(rt_sigprocmask), SCMP_SYS(rt_sigaction),
        SCMP_SYS(gettid),      SCMP_SYS(getpid),      SCMP_SYS(clock_nanosleep), SCMP_SYS(prctl),
    };
    int bad = 0;
    for (size_t i = 0; i < LEN(plain); i++)
        bad |= seccomp_rule_add(f, SCMP_ACT_ALLOW, plain[i], 0);
    for (size_t i = 0; SANITIZED && i < LEN(for_sanitizers); i++)
        bad |= seccomp_rule_add(f, SCMP_ACT_ALLOW, for_sanitizers[i], 0);
    bad |= seccomp_rule_add(f, SCMP_ACT_ALLOW, SCMP_SYS(write), 1, SCMP_A0(SCMP_CMP_EQ, STDOUT_FILENO));
    if (SANITIZED)
        bad |= seccomp_rule_add(f, SCMP_ACT_ALLOW, SCMP_SYS(write), 1, SCMP_A0(SCMP_CMP_EQ, STDERR_FILENO));
    /* Memory, but none that can be executed. */
    bad |= seccomp_rule_add(f, SCMP_ACT_ALLOW, SCMP_SYS(mmap), 2, SCMP_A2(SCMP_CMP_MASKED_EQ, PROT_EXEC, 0),
                            SCMP_A3(SCMP_CMP_MASKED_EQ, MAP_ANONYMOUS, MAP_ANONYMOUS));
    bad |= seccomp_rule_add(f, SCMP_ACT_ALLOW, SCMP_SYS(mprotect), 1, SCMP_A2(SCMP_CMP_MASKED_EQ, PROT_EXEC, 0));
    return bad == 0;
}

bool sandbox_enter(const struct read_limits *limits)
{
    struct landlock_rules nothing = { 0 };
    if (!set_limits(limits) || prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0)
        return false;
    if (landlock_enter(&nothing) == LANDLOCK_FAILED)
        return false;
    scmp_filter_ctx f = seccomp_init(SCMP_ACT_KILL_PROCESS);
    if (f == NULL)
        return false;
    bool done = allow_system_calls(f) && limit(RLIMIT_NOFILE, 0, 0) && seccomp_load(f) == 0;
    seccomp_release(f);
    return done;
}
