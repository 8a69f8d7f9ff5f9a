/* See doctor.h. */
#include "app/doctor.h"
#include "read/landlock.h"
#include "jobs/jobs.h"

#include <linux/seccomp.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/syscall.h>
#include <unistd.h>

enum { FREE_PERCENT_LEAST = 10, CLOCK_BACK_MOST_S = 300, LOG_BYTES_MOST = 64 << 20 };

struct look {
    const struct app *app;
    struct arena *a;
    struct doctor_finding *out;
    size_t n;
};

static void found(struct look *l, const char *name, enum msg_id label, enum doctor_grade grade, struct str value)
{
    assert(l->n < DOCTOR_FINDINGS_MOST);
    l->out[l->n++] = (struct doctor_finding){ name, label, grade, value };
}

static void look_at_database(struct look *l, struct store_health *h)
{
    enum status st = store_health(l->app->store, l->a, h);
    found(l, "database", MSG_doctor_database, st == STATUS_OK ? DOCTOR_GOOD : DOCTOR_BAD,
          st == STATUS_OK ? arena_printf(l->a, "%s %.*s", store_driver_name(l->app->store), STR_ARG(h->version)) : STR("-"));
    if (st != STATUS_OK)
        return;
    found(l, "size", MSG_doctor_size, DOCTOR_GOOD, arena_printf(l->a, "%.1f MB", (double)h->bytes / 1e6));
    found(l, "whole", MSG_doctor_whole, h->is_whole ? DOCTOR_GOOD : DOCTOR_BAD, h->is_whole ? STR("ok") : h->fault);
    if (h->log_bytes != NONE)
        found(l, "log", MSG_doctor_log, h->log_bytes > LOG_BYTES_MOST ? DOCTOR_WARN : DOCTOR_GOOD,
              arena_printf(l->a, "%.1f MB", (double)h->log_bytes / 1e6));
    enum status schema = store_schema_check(l->app->store);
    found(l, "schema", MSG_doctor_schema, schema == STATUS_OK ? DOCTOR_GOOD : DOCTOR_BAD, schema == STATUS_OK ? STR("ok") : STR("internbase migrate"));
}

/* The embedded database's file: room behind it, and who may read it. */
static void look_at_file(struct look *l, const struct store_health *h)
{
    struct statvfs fs;
    struct stat file;
    if (h->path.n == 0 || statvfs(h->path.p, &fs) != 0 || stat(h->path.p, &file) != 0)
        return;
    int64_t percent = fs.f_blocks > 0 ? (int64_t)(fs.f_bavail * 100 / fs.f_blocks) : 100;
    found(l, "disk", MSG_doctor_disk, percent < FREE_PERCENT_LEAST ? DOCTOR_WARN : DOCTOR_GOOD,
          arena_printf(l->a, "%.1f GB (%lld %%)", (double)fs.f_bavail * (double)fs.f_frsize / 1e9, (long long)percent));
    found(l, "mode", MSG_doctor_mode, (file.st_mode & 077) != 0 ? DOCTOR_WARN : DOCTOR_GOOD,
          arena_printf(l->a, "%04o%s", (unsigned)file.st_mode & 07777, (file.st_mode & 077) != 0 ? ", chmod 600" : ""));
}

/* A wall clock behind the newest entry of the audit log was set back, or the log is of another machine. */
static void look_at_clock(struct look *l)
{
    struct tx *t;
    struct rows rows;
    if (tx_begin(l->app->store, l->a, TX_READ, &t) != STATUS_OK)
        return;
    if (tx_query(t, SQL_audit_newest, NULL, 0, &rows) == STATUS_OK) {
        int64_t newest = rows.n == 1 ? ((const struct count_row *)rows.item)->value : NONE, now = app_now(l->app);
        bool is_back = newest != NONE && newest > now + CLOCK_BACK_MOST_S;
        char text[TIME_TEXT_BYTES];
        time_text(now, text);
        found(l, "clock", MSG_doctor_clock, is_back ? DOCTOR_BAD : DOCTOR_GOOD,
              is_back ? arena_printf(l->a, "%s, %lld s", text, (long long)(now - newest)) : arena_str(l->a, str_of(text)));
    }
    tx_end(t);
}

static void look_at_jobs(struct look *l)
{
    int64_t n;
    if (jobs_running(l->app->store, l->a, &n) == STATUS_OK)
        found(l, "jobs", MSG_doctor_jobs, DOCTOR_GOOD, arena_printf(l->a, "%lld", (long long)n));
}

static void look_at_kernel(struct look *l)
{
    int landlock = landlock_version();
    unsigned action = SECCOMP_RET_KILL_PROCESS;
    bool seccomp = syscall(SYS_seccomp, SECCOMP_GET_ACTION_AVAIL, 0, &action) == 0;
    found(l, "landlock", MSG_doctor_landlock, landlock > 0 ? DOCTOR_GOOD : DOCTOR_WARN,
          landlock > 0 ? arena_printf(l->a, "ABI %d", landlock) : STR("-"));
    found(l, "seccomp", MSG_doctor_seccomp, seccomp ? DOCTOR_GOOD : DOCTOR_WARN, seccomp ? STR("ok") : STR("-"));
}

size_t doctor_look(const struct app *app, struct arena *a, struct doctor_finding *out)
{
    struct look l = { app, a, out, 0 };
    struct store_health h = { .path = STR("") };
    look_at_database(&l, &h);
    look_at_file(&l, &h);
    look_at_clock(&l);
    look_at_jobs(&l);
    look_at_kernel(&l);
    return l.n;
}
