/* A cohort's facts as a problem file of the planner. */
#ifndef APP_PROBLEM_H
#define APP_PROBLEM_H

#include "app/app.h"

/* Appends the problem (internbase.problem/1) of a cohort: ids are the codes and student numbers that people know.
 * Seats that published plans of other cohorts at the same hospital take are counted off, as numbers only. */
enum status problem_put(struct buf *b, struct tx *t, const struct actor *actor, int64_t cohort_id) MUST;
/* "sha256:HEX" of the bytes. */
struct str problem_digest(struct arena *a, struct str bytes) MUST;

#endif
