/* See work_run.h. */
#include "app/work_run.h"
#include "jobs/jobs.h"

#include <time.h>

enum { PLANNER_BYTES = 512 << 20, PROGRESS_BYTES_MOST = 1 << 20, BEAT_BYTES = 1 << 20 };
static const double BEAT_S = 0.5;

double run_clock(void *ctx)
{
    (void)ctx;
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

bool run_into_buf(void *ctx, const char *bytes, size_t n)
{
    struct buf *b = ctx;
    buf_add(b, bytes, n);
    return !b->failed;
}

static enum status load_plan(struct run *r)
{
    struct tx *t;
    void *plan = NULL;
    enum status st = tx_begin(r->w.app->store, &r->arena, TX_READ, &t);
    if (st == STATUS_OK) {
        st = tx_load(t, &record_plan, r->w.job->subject_id, &plan);
        tx_end(t);
    }
    r->plan = plan;
    return st;
}

enum status run_begin(struct run *r, const struct work *w)
{
    assert(w->app != NULL && w->job != NULL);
    *r = (struct run){ .w = *w, .arena = arena_make(WORK_ARENA_BYTES), .begun = run_clock(NULL), .why = "",
                       .progress = buf_make(PROGRESS_BYTES_MOST), .result = buf_make(WORK_PLAN_BYTES_MOST) };
    enum status st = load_plan(r);
    if (st != STATUS_OK)
        return st;
    r->planner = internplan_new(PLANNER_BYTES);
    return r->planner != NULL ? STATUS_OK : STATUS_MEMORY;
}

enum status run_end(struct run *r, enum status st)
{
    const struct work *w = &r->w;
    if (st == STATUS_CANCELLED) {
        enum status released = jobs_release(w->app->store, &r->arena, w->job);
        (void)released; /* else its lease runs out, a little later */
    } else {
        enum job_state state = st != STATUS_OK ? job_state_failed : r->cancel ? job_state_cancelled : job_state_done;
        enum status end = jobs_end(w->app->store, &r->arena, w->job, state, 100, buf_view(&r->progress), str_of(r->why), app_now(w->app));
        st = st == STATUS_OK ? end : st;
    }
    internplan_free(r->planner);
    buf_free(&r->progress);
    buf_free(&r->result);
    arena_free(&r->arena);
    return st;
}

static bool on_cancel(void *ctx)
{
    const struct run *r = ctx;
    return r->cancel || (r->w.stop != NULL && *r->w.stop);
}

struct internplan_options run_options(struct run *r)
{
    assert(r->plan != NULL && r->plan->seconds > 0);
    struct internplan_options o = internplan_options_default();
    o.seed = (uint64_t)r->plan->seed;
    o.seconds = (double)r->plan->seconds;
    o.clock = run_clock;
    o.threads = 1;
    o.cancel = on_cancel;
    o.ctx = r;
    return o;
}

enum status run_load(struct run *r, struct str start)
{
    assert(r->planner != NULL && r->plan->problem.p != NULL);
    if (internplan_load(r->planner, r->plan->problem.p, r->plan->problem.n) != INTERNPLAN_UNKNOWN) {
        r->why = internplan_error_count(r->planner) > 0 ? internplan_error(r->planner, 0).path : "memory";
        return STATUS_INPUT;
    }
    if (start.n > 0 && internplan_start_from(r->planner, start.p, start.n) == INTERNPLAN_START_LIMIT)
        return STATUS_LIMIT;
    return STATUS_OK;
}

bool run_stopped(const struct run *r)
{
    return r->w.stop != NULL && *r->w.stop && !r->cancel;
}

bool run_at(struct run *r, const struct internplan_progress *at)
{
    assert(at->phase != NULL && r->plan->seconds > 0);
    double now = run_clock(NULL), spent = now - r->begun, most = (double)r->plan->seconds;
    int64_t by_ticks = at->budget > 0 ? (int64_t)(at->ticks * 100 / at->budget) : 0;
    r->percent = MIN(MAX(by_ticks, (int64_t)(spent * 100 / most)), 99);
    assert(r->percent >= 0);
    /* By the share of the budget that is done, and never beyond the wall clock's limit. */
    double by_share = by_ticks > 0 ? spent * (100.0 - (double)by_ticks) / (double)by_ticks : most;
    r->seconds_left = (int64_t)MAX(MIN(by_share, most - spent), 0.0);
    if (now - r->beat < BEAT_S)
        return false;
    r->beat = now;
    return true;
}

void run_beat(struct run *r)
{
    const struct work *w = &r->w;
    struct arena a = arena_make(BEAT_BYTES);
    bool cancel = false;
    if (jobs_beat(w->app->store, &a, w->job, r->percent, buf_view(&r->progress), app_now(w->app), &cancel) == STATUS_OK)
        r->cancel = r->cancel || cancel;
    arena_free(&a);
    if (w->say != NULL)
        w->say(w->say_ctx, r->percent, buf_view(&r->progress));
}
