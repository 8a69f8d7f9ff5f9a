/* The queue of long work: taken under a lease, kept alive by beats, cancelled by a flag, ended with a word. A job whose
 * lease ran out (its process died) is taken again; who held it before finds that it is no longer its own. Knows nothing of
 * what a job does. */
#ifndef JOBS_JOBS_H
#define JOBS_JOBS_H

#include "core/limits.h"
#include "store/store.h"

enum { JOBS_LEASE_S = LIMIT_job_lease_s, JOBS_TAKES_MOST = LIMIT_job_takes };

/* The oldest job that waits or was left; NULL when there is none. job->interrupted: who had it before died over it;
 * job->takes above JOBS_TAKES_MOST: it had better be given up, for it may be what ends its processes. */
enum status jobs_take(struct store *s, struct arena *a, int64_t now, struct job **out) MUST;
/* Prolongs the lease and stores how far it is; *cancel: somebody asked to stop, or the job is no longer ours. */
enum status jobs_beat(struct store *s, struct arena *a, const struct job *job, int64_t percent, struct str progress, int64_t now,
                      bool *cancel) MUST;
/* Ends it; STATUS_CONFLICT when it is no longer ours. */
enum status jobs_end(struct store *s, struct arena *a, const struct job *job, enum job_state state, int64_t percent,
                     struct str progress, struct str error, int64_t now) MUST;
/* Lays it down in good order, queued again: the next worker goes on at once, and nothing counts as interrupted. */
enum status jobs_release(struct store *s, struct arena *a, const struct job *job) MUST;
/* How many are being worked on, by whomever: at a start, how many were interrupted. */
enum status jobs_running(struct store *s, struct arena *a, int64_t *n) MUST;

#endif
