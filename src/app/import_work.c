/* The jobs of imports: reading a file into its preview (import_read.c), and writing a large one as the person who accepted it. */
#include "app/account.h"
#include "app/import.h"
#include "app/imports.h"
#include "app/work.h"
#include "jobs/jobs.h"

#include <stdio.h>

enum { WORK_BYTES = 64 << 20, RUNS_MOST = 5 };

static enum status load(const struct app *app, struct arena *a, int64_t id, struct import **out)
{
    struct tx *t;
    void *found = NULL;
    enum status st = tx_begin(app->store, a, TX_READ, &t);
    if (st != STATUS_OK)
        return st;
    st = tx_load(t, &record_import, id, &found);
    tx_end(t);
    *out = found;
    return st;
}

/* What was neither read nor written says so; one that could not be written can be accepted again, or shows why not. */
static enum status mark(const struct app *app, struct arena *a, int64_t id, const struct errs *errs)
{
    enum status st = STATUS_RETRY;
    for (int run = 0; run < RUNS_MOST && st == STATUS_RETRY; run++) {
        struct tx *t;
        void *found = NULL;
        st = tx_begin(app->store, a, TX_WRITE, &t);
        if (st != STATUS_OK)
            return st;
        st = tx_load(t, &record_import, id, &found);
        struct import *i = found;
        bool waits = st == STATUS_OK && (i->state == import_state_reading || i->state == import_state_accepting);
        if (waits && i->state == import_state_accepting && errs->n > 0) {
            struct buf b = buf_make(1 << 20);
            import_put_faults(&b, errs);
            i->problems = arena_str(a, buf_view(&b));
            buf_free(&b);
        }
        if (waits) {
            i->state = i->state == import_state_reading ? import_state_failed : import_state_preview;
            st = tx_save(t, &record_import, i);
        }
        if (st == STATUS_OK)
            st = tx_commit(t);
        else
            tx_end(t);
    }
    return st;
}

static enum status apply(const struct app *app, struct arena *a, const struct import *i, struct errs *errs)
{
    struct actor actor = { 0 };
    enum status st = account_actor_of(app, a, i->accepted_by_id, i->base_id, &actor);
    struct call c = { .app = app, .arena = a, .actor = &actor, .usecase = app_usecase(STR("import_apply")), .errs = errs,
                      .in = record_new(a, &record_in_target), .target_id = i->id, .target_version = i->version };
    return st == STATUS_OK ? app_run(&c) : st;
}

enum status work_import(const struct work *w)
{
    const struct app *app = w->app;
    const struct job *job = w->job;
    const volatile bool *stop = w->stop;
    struct arena a = arena_make(WORK_BYTES);
    struct errs errs = errs_make(&a);
    struct import *i = NULL;
    enum status st = load(app, &a, job->import_id, &i);
    if (st == STATUS_OK && job->takes > JOBS_TAKES_MOST)
        st = STATUS_LIMIT;
    else if (st == STATUS_OK && i->state == import_state_accepting)
        st = apply(app, &a, i, &errs);
    else if (st == STATUS_OK && i->state == import_state_reading)
        st = import_read_job(app, job, stop);
    /* else: it was given up, or done by an earlier run that did not live to say so */
    if (st == STATUS_CANCELLED && stop != NULL && *stop) {
        enum status released = jobs_release(app->store, &a, job);
        (void)released; /* else its lease runs out; the next start goes on */
        arena_free(&a);
        return st;
    }
    enum job_state end = st == STATUS_OK ? job_state_done : st == STATUS_CANCELLED ? job_state_cancelled : job_state_failed;
    if (st != STATUS_OK)
        fprintf(stderr, "internbase: import %lld: status %d\n", (long long)job->import_id, (int)st);
    enum status marked = st == STATUS_OK ? STATUS_OK : mark(app, &a, job->import_id, &errs);
    enum status ended = jobs_end(app->store, &a, job, end, 100, STR("{}"), STR(""), app_now(app));
    arena_free(&a);
    return st != STATUS_OK ? st : marked != STATUS_OK ? marked : ended;
}

enum status import_work_now(const struct app *app, struct arena *a, int64_t import_id)
{
    assert(import_id > 0);
    struct tx *t;
    struct rows jobs, started = { 0 };
    int64_t now = app_now(app);
    enum status st = tx_begin(app->store, a, TX_WRITE, &t);
    if (st != STATUS_OK)
        return st;
    st = tx_run(t, SQL_import_job, &jobs, P(import_id));
    if (st == STATUS_OK && jobs.n > 0)
        st = tx_run(t, SQL_job_start, &started, P(now), P(now + JOBS_LEASE_S), P(((const struct job *)jobs.item)->id));
    if (st == STATUS_OK)
        st = tx_commit(t);
    else
        tx_end(t);
    /* A worker may have been quicker: then it is being read. */
    return st == STATUS_OK && started.n == 1 ? work_import(&(struct work){ .app = app, .job = started.item }) : st;
}
