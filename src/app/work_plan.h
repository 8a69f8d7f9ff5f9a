/* What a planning job writes: its progress, snapshots, and the end of it. Private to work_plan.c and work_plan_store.c. */
#ifndef APP_WORK_PLAN_H
#define APP_WORK_PLAN_H

#include "app/work_run.h"

/* Into r->progress: {"levels":[{"level","value","bound","proven"}],"phase","seconds_left","curve"?}. The curve stays with the
 * job, for it is no figure of the plan. */
void work_put_progress(struct run *r, const char *phase, bool with_curve);
/* Stores the best plan so far with its plan; a failure costs no more than that snapshot. */
void work_keep(struct run *r);
/* The end of a run, all or nothing: placements, results, verdicts of every proposal. */
enum status work_store(struct run *r) MUST;

#endif
