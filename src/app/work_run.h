/* A run of the planner for a job: what planning (work_plan.c) and asking what if (work_whatif.c) share. Private to both. */
#ifndef APP_WORK_RUN_H
#define APP_WORK_RUN_H

#include "app/samples.h"
#include "app/work.h"

#include <internbase/planner.h>

enum { WORK_ARENA_BYTES = 1 << 30, WORK_PLAN_BYTES_MOST = 256 << 20, WORK_RUNS_MOST = 10 };

struct run {
    struct work w;
    struct plan *plan; /* of `arena` */
    struct internplan *planner;
    struct arena arena;
    struct buf progress, result;
    double begun, beat, kept; /* seconds of run_clock */
    bool cancel, has_plan;
    int64_t percent, seconds_left;
    struct samples *samples;
    const char *why; /* what could not be read, for the job's error */
};

/* Seconds of a clock that never goes back; an internplan clock. */
double run_clock(void *ctx) MUST;
/* The job's plan and a planner of its own; what was begun must be given to run_end, whatever came of it. */
enum status run_begin(struct run *r, const struct work *w) MUST;
/* Ends the job in the queue with r->progress as its last word; STATUS_CANCELLED lays it down. Frees the run; gives its status. */
enum status run_end(struct run *r, enum status st) MUST;

/* The options of every run: the plan's seed and seconds, one thread, cancel by r. */
struct internplan_options run_options(struct run *r) MUST;
/* Gives the planner the plan's problem and the plan to go on from (may be empty). STATUS_INPUT: r->why says where. */
enum status run_load(struct run *r, struct str start) MUST;
/* Whether the planner was stopped for a restart, not by somebody who asked for it. */
bool run_stopped(const struct run *r) MUST;

/* How far it is, by work or by the clock, whichever is further: r->percent, r->seconds_left. True when a beat is due. */
bool run_at(struct run *r, const struct internplan_progress *at) MUST;
/* Prolongs the lease, stores r->progress, and hears whether somebody asked to stop. */
void run_beat(struct run *r);
/* A writer into a struct buf. */
bool run_into_buf(void *ctx, const char *bytes, size_t n) MUST;

#endif
