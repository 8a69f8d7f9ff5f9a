/* The queue of long work: see jobs.h. */
#include "jobs/jobs.h"

enum { RUNS_MOST = 10 };

/* One statement, run again where the database asks for that. */
static enum status run(struct store *s, struct arena *a, enum sql_id sql, const struct param *p, size_t n, struct rows *rows)
{
    enum status st = STATUS_RETRY;
    for (int i = 0; i < RUNS_MOST && st == STATUS_RETRY; i++) {
        struct tx *t;
        st = tx_begin(s, a, TX_WRITE, &t);
        if (st != STATUS_OK)
            return st;
        st = tx_query(t, sql, p, n, rows);
        if (st == STATUS_OK)
            st = tx_commit(t);
        else
            tx_end(t);
    }
    return st == STATUS_RETRY ? STATUS_BUSY : st;
}

enum status jobs_take(struct store *s, struct arena *a, int64_t now, struct job **out)
{
    struct rows rows = { 0 };
    struct param p[] = { P(now), P(now + JOBS_LEASE_S), P(now) };
    enum status st = run(s, a, SQL_job_take, p, LEN(p), &rows);
    *out = st == STATUS_OK && rows.n == 1 ? rows.item : NULL;
    assert(*out == NULL || ((*out)->state == job_state_running && (*out)->takes > 0 && (*out)->lease_until > now));
    return st;
}

enum status jobs_beat(struct store *s, struct arena *a, const struct job *job, int64_t percent, struct str progress, int64_t now,
                      bool *cancel)
{
    struct rows rows = { 0 };
    struct param p[] = { P(percent), P(progress), P(now + JOBS_LEASE_S), P(job->id), P(job->takes) };
    enum status st = run(s, a, SQL_job_beat, p, LEN(p), &rows);
    *cancel = st == STATUS_OK && (rows.n == 0 || ((const struct job *)rows.item)->cancel == 1);
    return st;
}

enum status jobs_end(struct store *s, struct arena *a, const struct job *job, enum job_state state, int64_t percent,
                     struct str progress, struct str error, int64_t now)
{
    struct rows rows = { 0 };
    assert(state == job_state_done || state == job_state_failed || state == job_state_cancelled);
    struct param p[] = { P((int64_t)state), P(percent), P(progress), P(error), P(now), P(job->id), P(job->takes) };
    enum status st = run(s, a, SQL_job_end, p, LEN(p), &rows);
    return st == STATUS_OK && rows.affected == 0 ? STATUS_CONFLICT : st;
}

enum status jobs_release(struct store *s, struct arena *a, const struct job *job)
{
    struct rows rows = { 0 };
    struct param p[] = { P(job->id), P(job->takes) };
    return run(s, a, SQL_job_release, p, LEN(p), &rows);
}

enum status jobs_running(struct store *s, struct arena *a, int64_t *n)
{
    struct tx *t;
    struct rows rows = { 0 };
    *n = 0;
    enum status st = tx_begin(s, a, TX_READ, &t);
    if (st != STATUS_OK)
        return st;
    st = tx_query(t, SQL_job_running_count, NULL, 0, &rows);
    if (st == STATUS_OK && rows.n == 1)
        *n = ((const struct count_row *)rows.item)->value;
    tx_end(t);
    return st;
}
