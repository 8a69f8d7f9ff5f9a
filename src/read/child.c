/* The child: from its first instruction to its end. It maps the file from descriptor 0, opens what it will need, locks itself in,
 * and only then looks at the first byte from outside. */
#include "read/sandbox.h"
#include "read/wire.h"

#include <signal.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

enum { ERRORS_BYTES = 4 * 1024 * 1024 };

static bool job_map(struct wire_job *job, struct read_source *source)
{
    struct stat s;
    if (fstat(STDIN_FILENO, &s) != 0 || s.st_size < (off_t)sizeof *job)
        return false;
    const char *p = mmap(NULL, (size_t)s.st_size, PROT_READ, MAP_PRIVATE, STDIN_FILENO, 0);
    if (p == MAP_FAILED)
        return false;
    memcpy(job, p, sizeof *job);
    uint64_t rest = (uint64_t)s.st_size - sizeof *job;
    if (memcmp(job->magic, WIRE_MAGIC, sizeof job->magic) != 0 || job->name_bytes > rest || job->file_bytes != rest - job->name_bytes)
        return false;
    source->name = (struct str){ p + sizeof *job, job->name_bytes };
    source->bytes = (struct str){ p + sizeof *job + job->name_bytes, job->file_bytes };
    return true;
}

_Noreturn void read_child_main(int argc, char **argv)
{
    (void)argc, (void)argv;
    struct wire_job job;
    struct read_source source;
    prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0);
    /* libzip turns times of an archive into local ones; that must not need a file. */
    setenv("TZ", "UTC0", 1);
    tzset();
    struct tools tools = tools_open();
    if (!job_map(&job, &source))
        _exit(CHILD_NO_JOB);
    struct arena arena = arena_make(ERRORS_BYTES);
    struct errs errs = errs_make(&arena);
    struct wire_out out = wire_out_make(STDOUT_FILENO);
    struct read_report report;
    if (!sandbox_enter(&job.limits))
        _exit(CHILD_NO_SANDBOX);
    enum status st = read_with_tools(&tools, source, &job.limits, wire_put_row, &out, &report, &errs);
    if (!wire_put_end(&out, st, &report, &errs))
        _exit(CHILD_NO_PARENT);
    _exit(0); /* nothing is closed or freed: the process is over */
}
