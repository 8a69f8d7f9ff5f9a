/* A cohort's facts as a problem file of the planner. */
#ifndef APP_PROBLEM_H
#define APP_PROBLEM_H

#include "app/app.h"

/* Appends the problem (internbase.problem/1) of a cohort: ids are the codes and student numbers that people know.
 * Seats that published plans of other cohorts at the same hospital take are counted off, as numbers only. */
enum status problem_put(struct buf *b, struct tx *t, const struct actor *actor, int64_t cohort_id) MUST;
/* The same with a plan of that cohort as base plan (plan_id NONE: without), which nothing before freeze_week differs from. What is
 * past is not judged again: leaves and seats of weeks before the freeze date bind nothing. A placement that has begun and
 * can't go on (its student is away, its department is closed) is no part of the base plan: it is done anew. */
enum status problem_put_again(struct buf *b, struct tx *t, const struct actor *actor, int64_t cohort_id, int64_t plan_id,
                              int64_t freeze_week) MUST;
/* "sha256:HEX" of the bytes. */
struct str problem_digest(struct arena *a, struct str bytes) MUST;

#endif
