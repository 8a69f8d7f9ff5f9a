/* Planning jobs: problem in, plan out. The best plan so far is stored as it goes, so that a stop loses at most seconds. */
#include "app/work_plan.h"

static const double KEEP_S = 5.0;

/* The levels as they stand, into the curve. */
static void take_sample(struct run *r, bool is_last)
{
    assert(r->samples != NULL && r->planner != NULL);
    struct sample_level level[SAMPLES_LEVELS];
    size_t n = MIN(internplan_level_count(r->planner), (size_t)SAMPLES_LEVELS);
    for (size_t i = 0; i < n; i++) {
        struct internplan_level l = internplan_level(r->planner, i);
        level[i] = (struct sample_level){ l.has_value, l.has_value ? l.value : 0, l.bound };
        samples_name(r->samples, i, l.name);
    }
    if (n > 0)
        samples_add(r->samples, (int64_t)((run_clock(NULL) - r->begun) * 1000), level, is_last);
}

static void on_progress(void *ctx, const struct internplan_progress *at)
{
    struct run *r = ctx;
    r->has_plan = at->has_plan;
    take_sample(r, false);
    if (!run_at(r, at))
        return;
    work_put_progress(r, at->phase, true);
    run_beat(r);
    if (at->has_plan && r->beat - r->kept > KEEP_S) {
        r->kept = r->beat;
        work_keep(r);
    }
}

static enum status solve(struct run *r)
{
    struct internplan_options o = run_options(r);
    o.progress = on_progress;
    o.proposals = r->plan->proposals != NONE ? (int)r->plan->proposals : 1;
    /* What an interrupted run stored is better than what the first one began from. Kept, so that this run can be repeated. */
    if (r->plan->result.n > 0)
        r->plan->start = r->plan->result;
    enum status st = run_load(r, r->plan->start);
    if (st != STATUS_OK)
        return st;
    (void)internplan_solve(r->planner, &o);
    return run_stopped(r) ? STATUS_CANCELLED : work_store(r); /* stopping: the next start goes on */
}

enum status work_plan(const struct work *w)
{
    struct run r;
    enum status st = run_begin(&r, w);
    r.kept = r.begun - KEEP_S;
    if (st == STATUS_OK) {
        r.samples = ARENA_NEW(&r.arena, struct samples);
        samples_begin(r.samples, &r.arena, w->job->progress);
        st = solve(&r);
        if (st == STATUS_CANCELLED) {
            if (r.has_plan)
                work_keep(&r);
        } else {
            take_sample(&r, true);
            work_put_progress(&r, "done", true);
        }
    }
    return run_end(&r, st);
}
