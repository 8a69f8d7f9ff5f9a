/* The queue of long work: taken under a lease, kept alive by beats, cancelled by a flag, ended with a word. A job whose
 * lease ran out (its process died) is taken again. Knows nothing of what a job does. */
#ifndef JOBS_JOBS_H
#define JOBS_JOBS_H

#include "store/store.h"

enum { JOBS_LEASE_S = 15 };

/* The oldest job that waits or was left; NULL when there is none. */
enum status jobs_take(struct store *s, struct arena *a, int64_t now, struct job **out) MUST;
/* Prolongs the lease and stores how far it is; *cancel: somebody asked to stop, or the job is no longer ours. */
enum status jobs_beat(struct store *s, struct arena *a, int64_t id, int64_t percent, struct str progress, int64_t now,
                      bool *cancel) MUST;
enum status jobs_end(struct store *s, struct arena *a, int64_t id, enum job_state state, int64_t percent,
                     struct str progress, struct str error, int64_t now) MUST;

#endif
