/* Jobs that ask the planner what one more seat or student would bring to a stored plan, going on from it. */
#include "app/whatif.h"
#include "app/work_run.h"

static void on_progress(void *ctx, const struct internplan_progress *at)
{
    struct run *r = ctx;
    if (!run_at(r, at))
        return;
    buf_reset(&r->progress);
    buf_printf(&r->progress, "{\"phase\":\"%s\",\"seconds_left\":%lld}", at->phase, (long long)r->seconds_left);
    run_beat(r);
}

static enum status store_answer(struct run *r)
{
    enum status st = STATUS_RETRY;
    for (int i = 0; i < WORK_RUNS_MOST && st == STATUS_RETRY; i++) {
        struct tx *t;
        st = tx_begin(r->w.app->store, &r->arena, TX_WRITE, &t);
        if (st != STATUS_OK)
            return st;
        st = whatif_put(t, r->plan, buf_view(&r->result), app_now(r->w.app), r->w.job->made_by_id);
        if (st == STATUS_OK)
            st = tx_commit(t);
        else
            tx_end(t);
    }
    return st;
}

static enum status ask(struct run *r)
{
    struct internplan_options o = run_options(r);
    o.progress = on_progress;
    enum status st = run_load(r, r->plan->result);
    if (st != STATUS_OK)
        return st;
    const char *digest = arena_str(&r->arena, r->plan->problem_digest).p;
    if (internplan_what_if(r->planner, &o, digest, run_into_buf, &r->result) == INTERNPLAN_LIMIT)
        return STATUS_LIMIT;
    return run_stopped(r) ? STATUS_CANCELLED : store_answer(r);
}

enum status work_whatif(const struct work *w)
{
    struct run r;
    enum status st = run_begin(&r, w);
    if (st == STATUS_OK)
        st = ask(&r);
    buf_reset(&r.progress);
    buf_z(&r.progress, "{}"); /* the answer lies beside the job */
    return run_end(&r, st);
}
