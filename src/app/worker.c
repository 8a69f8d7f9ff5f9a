/* Planning jobs: problem in, plan out. The best plan so far is stored as it goes, so that a stop loses at most seconds. */
#include "app/worker.h"
#include "app/imports.h"
#include "app/planstore.h"
#include "app/planverify.h"
#include "app/prices.h"
#include "app/resume.h"
#include "app/samples.h"
#include "app/whatif.h"
#include "jobs/jobs.h"

#include <internbase/planner.h>

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

enum { PLANNER_BYTES = 512 << 20, ARENA_BYTES = 1 << 30, PLAN_BYTES_MOST = 256 << 20, IDLE_MS = 300, RUNS_MOST = 10 };
static const double BEAT_S = 0.5, KEEP_S = 5.0;

struct worker {
    const struct app *app;
    pthread_t thread;
    volatile bool stop;
};

struct run {
    const struct app *app;
    const struct job *job;
    struct plan *plan;
    struct internplan *planner;
    struct buf progress, result;
    double begun, beat, kept;
    bool cancel, has_plan;
    const volatile bool *stop;
    void (*say)(void *ctx, int64_t percent, struct str progress);
    void *say_ctx;
    int64_t percent, seconds_left;
    struct samples *samples;
};

static double seconds_now(void *ctx)
{
    (void)ctx;
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static bool into_buf(void *ctx, const char *bytes, size_t n)
{
    struct buf *b = ctx;
    buf_add(b, bytes, n);
    return !b->failed;
}

/* The levels as they stand, into the curve. */
static void take_sample(struct run *r, bool is_last)
{
    struct sample_level level[SAMPLES_LEVELS];
    size_t n = MIN(internplan_level_count(r->planner), (size_t)SAMPLES_LEVELS);
    for (size_t i = 0; i < n; i++) {
        struct internplan_level l = internplan_level(r->planner, i);
        level[i] = (struct sample_level){ l.has_value, l.has_value ? l.value : 0, l.bound };
        samples_name(r->samples, i, l.name);
    }
    if (n > 0)
        samples_add(r->samples, (int64_t)((seconds_now(NULL) - r->begun) * 1000), level, is_last);
}

/* {"levels":[{"level","value","bound","proven"}],"phase","seconds_left","curve"?}: the curve stays with the job, for it is no
 * figure of the plan. */
static void put_progress(struct run *r, const char *phase, bool with_curve)
{
    struct buf *b = &r->progress;
    buf_reset(b);
    buf_z(b, "{\"levels\":[");
    for (size_t i = 0; i < internplan_level_count(r->planner); i++) {
        struct internplan_level l = internplan_level(r->planner, i);
        buf_printf(b, "%s{\"level\":", i > 0 ? "," : "");
        json_put_text(b, str_of(l.name));
        if (l.has_value)
            buf_printf(b, ",\"value\":%lld", (long long)l.value);
        buf_printf(b, ",\"bound\":%lld,\"proven\":%s}", (long long)l.bound, l.proven ? "true" : "false");
    }
    buf_printf(b, "],\"phase\":\"%s\",\"seconds_left\":%lld", phase, (long long)r->seconds_left);
    if (with_curve && r->samples->n > 0) {
        buf_z(b, ",\"curve\":");
        samples_put(b, r->samples);
    }
    buf_char(b, '}');
}

/* Stores the best plan so far with its plan; a failure costs no more than that snapshot. */
static void keep(struct run *r)
{
    struct arena a = arena_make(ARENA_BYTES);
    struct tx *t = NULL;
    int64_t version = r->plan->version;
    buf_reset(&r->result);
    if (internplan_write(r->planner, arena_str(&a, r->plan->problem_digest).p, into_buf, &r->result) &&
        tx_begin(r->app->store, &a, TX_WRITE, &t) == STATUS_OK) {
        r->plan->result = buf_view(&r->result);
        enum status st = tx_save(t, &record_plan, r->plan);
        if (st == STATUS_OK)
            st = tx_commit(t);
        else
            tx_end(t);
        if (st != STATUS_OK)
            r->plan->version = version; /* still the stored one */
    }
    arena_free(&a);
}

static void on_progress(void *ctx, const struct internplan_progress *at)
{
    struct run *r = ctx;
    double now = seconds_now(NULL);
    r->has_plan = at->has_plan;
    take_sample(r, false);
    int64_t by_ticks = at->budget > 0 ? (int64_t)(at->ticks * 100 / at->budget) : 0;
    int64_t by_clock = (int64_t)((now - r->begun) * 100 / (double)r->plan->seconds);
    r->percent = MIN(MAX(by_ticks, by_clock), 99);
    /* By the share of the budget that is done, and never beyond the wall clock's limit. */
    double spent = now - r->begun, by_share = by_ticks > 0 ? spent * (100.0 - (double)by_ticks) / (double)by_ticks : (double)r->plan->seconds;
    r->seconds_left = (int64_t)MAX(MIN(by_share, (double)r->plan->seconds - spent), 0.0);
    if (now - r->beat < BEAT_S)
        return;
    r->beat = now;
    put_progress(r, at->phase, true);
    struct arena a = arena_make(1 << 20);
    bool cancel = false;
    if (jobs_beat(r->app->store, &a, r->job, r->percent, buf_view(&r->progress), app_now(r->app), &cancel) == STATUS_OK)
        r->cancel = r->cancel || cancel;
    arena_free(&a);
    if (r->say != NULL)
        r->say(r->say_ctx, r->percent, buf_view(&r->progress));
    if (at->has_plan && now - r->kept > KEEP_S) {
        r->kept = now;
        keep(r);
    }
}

static bool on_cancel(void *ctx)
{
    const struct run *r = ctx;
    return r->cancel || (r->stop != NULL && *r->stop);
}

/* The planner's placements as rows: its codes back to ids. */
static enum status placements_of(const struct run *r, const struct plan *p, struct arena *a, const struct plan_facts *f, struct placement **out)
{
    size_t n = internplan_placement_count(r->planner);
    struct placement *x = ARENA_ARRAY(a, n, struct placement);
    for (size_t i = 0; i < n; i++) {
        struct internplan_placement q = internplan_placement(r->planner, i);
        int64_t student = map_get(&f->student, str_of(q.student), -1), rotation = map_get(&f->rotation, str_of(q.rotation), -1);
        int64_t department = map_get(&f->department, str_of(q.department), -1);
        date from;
        bool dated = date_parse(str_of(q.from), &from);
        assert(dated);
        /* Somebody removed a student or a department while the planner worked: this plan is of the past. */
        if (student < 0 || rotation < 0 || department < 0)
            return STATUS_CONFLICT;
        x[i] = (struct placement){ .plan_id = p->id, .first_week = from, .weeks = q.weeks, .preceptor_id = NONE,
                                   .student_id = ((const struct student_row *)f->students.item)[student].id,
                                   .rotation_id = ((const struct rotation *)f->rotations.item)[rotation].id,
                                   .department_id = ((const struct department *)f->departments.item)[department].id,
                                   .until_week = plan_until(f, from, q.weeks) };
    }
    *out = x;
    return STATUS_OK;
}

/* One proposal, written and checked, before the database is touched: a large plan takes seconds. */
struct result {
    struct plan *plan;
    struct buf file;
    struct str figures;
};

static enum status store_placements(struct tx *t, const struct run *r, const struct result *k)
{
    struct rows done;
    struct plan_facts f;
    struct plan *p = k->plan;
    struct placement *x = NULL;
    struct check_result found;
    size_t n = internplan_placement_count(r->planner);
    enum status st = plan_facts_load(t, p->base_id, p->cohort_id, &f);
    if (st == STATUS_OK)
        st = placements_of(r, p, tx_arena(t), &f, &x);
    if (st == STATUS_OK)
        st = tx_run(t, SQL_placement_clear, &done, P(p->id));
    for (size_t i = 0; st == STATUS_OK && i < n; i++)
        st = tx_save(t, &record_placement, &x[i]);
    if (st != STATUS_OK || n == 0)
        return st;
    st = plan_check(tx_arena(t), &f, p->problem, x, n, INT64_MIN, &found);
    if (st == STATUS_OK)
        st = plan_receipts_put(t, p, &f, &found, k->figures);
    /* Who has left keeps his past in the new version too. */
    if (st == STATUS_OK && p->freeze_week != NONE && p->based_on_id != NONE)
        st = tx_run(t, SQL_placement_copy_left, &done, P(p->id), P(p->based_on_id), P(p->freeze_week));
    return st;
}

static enum plan_verdict verdict_of(enum internplan_status s)
{
    static const enum plan_verdict table[] = {
        [INTERNPLAN_OPTIMAL] = plan_verdict_optimal,       [INTERNPLAN_FEASIBLE] = plan_verdict_feasible,
        [INTERNPLAN_INFEASIBLE] = plan_verdict_infeasible, [INTERNPLAN_UNKNOWN] = plan_verdict_unknown,
        [INTERNPLAN_INVALID] = plan_verdict_unknown,       [INTERNPLAN_LIMIT] = plan_verdict_unknown,
    };
    return table[s];
}

/* What may be said of the planner's answer: nothing but what the independent check finds true of the file that is kept. */
static enum plan_verdict verdict_checked(const struct result *k, enum internplan_status found)
{
    struct arena a = arena_make(ARENA_BYTES);
    struct check_result result;
    bool holds = planverify(&a, k->plan->problem, buf_view(&k->file), &result) == CHECK_HOLDS;
    arena_free(&a);
    return holds ? verdict_of(found) : plan_verdict_broken;
}

/* The first proposal is the job's own plan; the others are plans beside it. */
static struct plan *plan_of(struct run *r, struct arena *a, size_t i)
{
    if (i == 0)
        return r->plan;
    struct plan *p = ARENA_NEW(a, struct plan);
    *p = *r->plan;
    p->id = p->version = 0;
    p->proposal_of_id = r->plan->id;
    return p;
}

static void note_change(const struct run *r, struct plan *p)
{
    struct internplan_change x = internplan_change(r->planner);
    if (p->freeze_week == NONE || internplan_placement_count(r->planner) == 0)
        return;
    p->moved_students = (int64_t)x.students;
    p->moved_weeks = x.student_weeks;
    p->change_links = x.least ? NONE : x.links;
}

static enum status write_result(struct run *r, struct arena *a, size_t i, struct result *k)
{
    bool selected = i == 0 || internplan_select(r->planner, i);
    assert(selected);
    k->plan = plan_of(r, a, i);
    k->file = buf_make(PLAN_BYTES_MOST);
    put_progress(r, "done", false);
    k->figures = arena_str(a, buf_view(&r->progress));
    if (!internplan_write(r->planner, arena_str(a, k->plan->problem_digest).p, into_buf, &k->file))
        return STATUS_LIMIT;
    k->plan->result = buf_view(&k->file);
    k->plan->prices = prices_of(a, k->plan->result);
    k->plan->verdict = verdict_checked(k, internplan_state(r->planner));
    note_change(r, k->plan);
    return STATUS_OK;
}

static enum status store_one(struct tx *t, struct run *r, size_t i, struct result *k)
{
    struct rows last;
    enum status st = STATUS_OK;
    if (i > 0 && !internplan_select(r->planner, i))
        return STATUS_INPUT;
    k->plan->figures = k->figures;
    if (k->plan->id == 0) {
        st = tx_run(t, SQL_plan_last_number, &last, P(k->plan->cohort_id));
        if (st == STATUS_OK) {
            k->plan->number = ((const struct count_row *)last.item)->value + 1;
            st = tx_save(t, &record_plan, k->plan); /* its id is needed below */
        }
    }
    if (st == STATUS_OK)
        st = store_placements(t, r, k);
    return st == STATUS_OK ? tx_save(t, &record_plan, k->plan) : st;
}

/* The end of a run, all or nothing: placements, results, verdicts. */
static enum status store_results_once(struct run *r, struct result *k, size_t n)
{
    int64_t version = r->plan->version;
    struct arena a = arena_make(ARENA_BYTES);
    struct tx *t;
    enum status st = tx_begin(r->app->store, &a, TX_WRITE, &t);
    if (st != STATUS_OK) {
        arena_free(&a);
        return st;
    }
    for (size_t i = n; st == STATUS_OK && i-- > 0;) {
        st = store_one(t, r, i, &k[i]);
        if (i == 1 && !internplan_select(r->planner, 0))
            st = STATUS_INPUT;
    }
    if (st == STATUS_OK)
        st = tx_commit(t);
    else
        tx_end(t);
    arena_free(&a);
    for (size_t i = 1; st != STATUS_OK && i < n; i++)
        k[i].plan->id = k[i].plan->version = 0;
    if (st != STATUS_OK)
        r->plan->version = version; /* still the stored one */
    return st;
}

static enum status store_result(struct run *r)
{
    enum status st = STATUS_OK;
    struct arena a = arena_make(ARENA_BYTES);
    struct result k[INTERNPLAN_PROPOSALS_MOST] = { 0 };
    size_t n = MIN(MAX(internplan_proposal_count(r->planner), (size_t)1), LEN(k)), written = 0;
    for (; st == STATUS_OK && written < n; written++)
        st = write_result(r, &a, written, &k[written]);
    if (n > 1 && !internplan_select(r->planner, 0))
        st = STATUS_INPUT;
    st = st == STATUS_OK ? STATUS_RETRY : st;
    for (int i = 0; i < RUNS_MOST && st == STATUS_RETRY; i++)
        st = store_results_once(r, k, n);
    /* What the rest of the job shows is its own plan. */
    put_progress(r, "done", false);
    buf_reset(&r->result);
    buf_add(&r->result, k[0].file.p, k[0].file.n);
    r->plan->result = buf_view(&r->result);
    for (size_t i = 0; i < written; i++)
        buf_free(&k[i].file);
    arena_free(&a);
    return st;
}

static enum status solve(struct run *r, const char **why)
{
    struct internplan_options o = internplan_options_default();
    o.seed = (uint64_t)r->plan->seed;
    o.seconds = (double)r->plan->seconds;
    o.clock = seconds_now;
    o.threads = 1;
    o.progress = on_progress;
    o.cancel = on_cancel;
    o.ctx = r;
    if (internplan_load(r->planner, r->plan->problem.p, r->plan->problem.n) != INTERNPLAN_UNKNOWN) {
        *why = internplan_error_count(r->planner) > 0 ? internplan_error(r->planner, 0).path : "memory";
        return STATUS_INPUT;
    }
    /* What an interrupted run stored is better than what the first one began from. Kept, so that this run can be repeated. */
    if (r->plan->result.n > 0)
        r->plan->start = r->plan->result;
    if (r->plan->start.n > 0 && internplan_start_from(r->planner, r->plan->start.p, r->plan->start.n) == INTERNPLAN_START_LIMIT)
        return STATUS_LIMIT;
    o.proposals = r->plan->proposals != NONE ? (int)r->plan->proposals : 1;
    (void)internplan_solve(r->planner, &o);
    if (r->stop != NULL && *r->stop && !r->cancel)
        return STATUS_CANCELLED; /* stopping: the next start goes on */
    return store_result(r);
}

static enum status load_plan(const struct app *app, struct arena *a, int64_t id, struct plan **out)
{
    struct tx *t;
    void *plan = NULL;
    enum status st = tx_begin(app->store, a, TX_READ, &t);
    if (st == STATUS_OK) {
        st = tx_load(t, &record_plan, id, &plan);
        tx_end(t);
    }
    *out = plan;
    return st;
}

static enum status run_plan(const struct app *app, const struct job *job, const volatile bool *stop,
                           void (*say)(void *ctx, int64_t percent, struct str progress), void *ctx)
{
    struct arena a = arena_make(ARENA_BYTES);
    struct plan *plan = NULL;
    const char *why = "";
    enum status st = load_plan(app, &a, job->subject_id, &plan);
    struct run r = { .app = app, .job = job, .plan = plan, .stop = stop, .say = say, .say_ctx = ctx,
                     .begun = seconds_now(NULL), .kept = seconds_now(NULL) - KEEP_S, .progress = buf_make(1 << 20),
                     .result = buf_make(PLAN_BYTES_MOST) };
    if (st == STATUS_OK) {
        r.samples = ARENA_NEW(&a, struct samples);
        samples_begin(r.samples, &a, job->progress);
        r.planner = internplan_new(PLANNER_BYTES);
        st = r.planner != NULL ? solve(&r, &why) : STATUS_MEMORY;
    }
    if (st != STATUS_CANCELLED) {
        enum job_state state = st != STATUS_OK ? job_state_failed : r.cancel ? job_state_cancelled : job_state_done;
        if (r.planner != NULL && r.samples != NULL) {
            take_sample(&r, true);
            put_progress(&r, "done", true);
        }
        enum status end = jobs_end(app->store, &a, job, state, 100, buf_view(&r.progress), str_of(why), app_now(app));
        st = st == STATUS_OK ? end : st;
    }
    if (st == STATUS_CANCELLED) {
        if (r.has_plan)
            keep(&r);
        enum status released = jobs_release(app->store, &a, job);
        (void)released; /* else its lease runs out, a little later */
    }
    internplan_free(r.planner);
    buf_free(&r.progress);
    buf_free(&r.result);
    arena_free(&a);
    return st;
}

static enum status run_import(const struct app *app, const struct job *job, const volatile bool *stop,
                              void (*say)(void *ctx, int64_t percent, struct str progress), void *ctx)
{
    (void)say, (void)ctx;
    return import_work(app, job, stop);
}

static void on_question(void *ctx, const struct internplan_progress *at)
{
    struct run *r = ctx;
    double now = seconds_now(NULL);
    int64_t by_ticks = at->budget > 0 ? (int64_t)(at->ticks * 100 / at->budget) : 0;
    int64_t by_clock = (int64_t)((now - r->begun) * 100 / (double)r->plan->seconds);
    r->percent = MIN(MAX(by_ticks, by_clock), 99);
    if (now - r->beat < BEAT_S)
        return;
    r->beat = now;
    buf_reset(&r->progress);
    buf_printf(&r->progress, "{\"phase\":\"%s\",\"seconds_left\":%lld}", at->phase,
               (long long)MAX((double)r->plan->seconds - (now - r->begun), 0.0));
    struct arena a = arena_make(1 << 20);
    bool cancel = false;
    if (jobs_beat(r->app->store, &a, r->job, r->percent, buf_view(&r->progress), app_now(r->app), &cancel) == STATUS_OK)
        r->cancel = r->cancel || cancel;
    arena_free(&a);
    if (r->say != NULL)
        r->say(r->say_ctx, r->percent, buf_view(&r->progress));
}

/* Asks the planner about a stored plan's problem, going on from that plan, and keeps the answer. */
static enum status ask(struct run *r, struct arena *a, const char **why)
{
    struct internplan_options o = internplan_options_default();
    struct tx *t;
    o.seed = (uint64_t)r->plan->seed;
    o.seconds = (double)r->plan->seconds;
    o.clock = seconds_now;
    o.progress = on_question;
    o.cancel = on_cancel;
    o.ctx = r;
    if (internplan_load(r->planner, r->plan->problem.p, r->plan->problem.n) != INTERNPLAN_UNKNOWN) {
        *why = internplan_error_count(r->planner) > 0 ? internplan_error(r->planner, 0).path : "memory";
        return STATUS_INPUT;
    }
    if (r->plan->result.n > 0 &&
        internplan_start_from(r->planner, r->plan->result.p, r->plan->result.n) == INTERNPLAN_START_LIMIT)
        return STATUS_LIMIT;
    if (internplan_what_if(r->planner, &o, arena_str(a, r->plan->problem_digest).p, into_buf, &r->result) == INTERNPLAN_LIMIT)
        return STATUS_LIMIT;
    if (r->stop != NULL && *r->stop && !r->cancel)
        return STATUS_CANCELLED;
    enum status st = STATUS_RETRY;
    for (int i = 0; i < RUNS_MOST && st == STATUS_RETRY; i++) {
        st = tx_begin(r->app->store, a, TX_WRITE, &t);
        if (st != STATUS_OK)
            return st;
        st = whatif_put(t, r->plan, buf_view(&r->result), app_now(r->app), r->job->made_by_id);
        if (st == STATUS_OK)
            st = tx_commit(t);
        else
            tx_end(t);
    }
    return st;
}

static enum status run_whatif(const struct app *app, const struct job *job, const volatile bool *stop,
                              void (*say)(void *ctx, int64_t percent, struct str progress), void *ctx)
{
    struct arena a = arena_make(ARENA_BYTES);
    struct run r = { .app = app, .job = job, .stop = stop, .say = say, .say_ctx = ctx, .begun = seconds_now(NULL),
                     .progress = buf_make(1 << 20), .result = buf_make(PLAN_BYTES_MOST) };
    const char *why = "";
    enum status st = load_plan(app, &a, job->subject_id, &r.plan);
    if (st == STATUS_OK && (r.planner = internplan_new(PLANNER_BYTES)) == NULL)
        st = STATUS_MEMORY;
    if (st == STATUS_OK)
        st = ask(&r, &a, &why);
    if (st == STATUS_CANCELLED) {
        enum status released = jobs_release(app->store, &a, job);
        (void)released; /* else its lease runs out, a little later */
    } else {
        enum job_state state = st != STATUS_OK ? job_state_failed : r.cancel ? job_state_cancelled : job_state_done;
        enum status end = jobs_end(app->store, &a, job, state, 100, STR("{}"), str_of(why), app_now(app));
        st = st == STATUS_OK ? end : st;
    }
    internplan_free(r.planner);
    buf_free(&r.progress);
    buf_free(&r.result);
    arena_free(&a);
    return st;
}

/* The kinds of jobs, by the name in job.kind. */
static const struct job_kind {
    const char *name;
    enum status (*run)(const struct app *app, const struct job *job, const volatile bool *stop,
                       void (*say)(void *ctx, int64_t percent, struct str progress), void *ctx);
} job_kinds[] = { { "plan", run_plan }, { "whatif", run_whatif }, { "import", run_import } };

static enum status run_job(const struct app *app, const struct job *job, const volatile bool *stop,
                           void (*say)(void *ctx, int64_t percent, struct str progress), void *ctx)
{
    for (size_t i = 0; i < LEN(job_kinds); i++)
        if (str_is(job->kind, job_kinds[i].name))
            return job_kinds[i].run(app, job, stop, say, ctx);
    return STATUS_INPUT;
}

static bool work_once(const struct app *app, const volatile bool *stop,
                      void (*say)(void *ctx, int64_t percent, struct str progress), void *ctx, enum status *st)
{
    struct arena a = arena_make(4 << 20);
    struct job *job = NULL;
    *st = jobs_take(app->store, &a, app_now(app), &job);
    bool given_up = false;
    if (*st == STATUS_OK && job != NULL)
        *st = resume_note(app, job, &given_up);
    if (*st == STATUS_OK && job != NULL && !given_up)
        *st = run_job(app, job, stop, say, ctx);
    arena_free(&a);
    return job != NULL;
}

static void *work(void *ctx)
{
    struct worker *w = ctx;
    enum status st;
    resume_say(w->app);
    while (!w->stop) {
        if (work_once(w->app, &w->stop, NULL, NULL, &st))
            continue;
        struct timespec nap = { 0, IDLE_MS * 1000000L };
        nanosleep(&nap, NULL);
    }
    return NULL;
}

struct worker *worker_start(const struct app *app)
{
    struct worker *w = calloc(1, sizeof *w);
    if (w == NULL)
        return NULL;
    w->app = app;
    if (pthread_create(&w->thread, NULL, work, w) != 0) {
        free(w);
        return NULL;
    }
    return w;
}

void worker_stop(struct worker *w)
{
    w->stop = true;
    pthread_join(w->thread, NULL);
    free(w);
}

enum status worker_drain(const struct app *app, void (*say)(void *ctx, int64_t percent, struct str progress), void *ctx)
{
    enum status st;
    while (work_once(app, NULL, say, ctx, &st) && st == STATUS_OK) {
    }
    return st;
}
