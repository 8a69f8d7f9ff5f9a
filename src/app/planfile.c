/* `internbase plan` without a database: the library between two byte strings. */
#include "app/planfile.h"
#include "app/planverify.h"
#include "app/problem.h"

#include <pthread.h>
#include <internbase/planner.h>

#include <time.h>

enum { PLANNER_BYTES = 1 << 30 };

struct run {
    const struct planfile_options *o;
    double begun;
};

static double seconds_now(void *ctx)
{
    (void)ctx;
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static void on_progress(void *ctx, const struct internplan_progress *at)
{
    const struct run *r = ctx;
    int64_t percent = at->budget > 0 ? (int64_t)(at->ticks * 100 / at->budget) : 0;
    if (r->o->seconds > 0)
        percent = MAX(percent, (int64_t)((seconds_now(NULL) - r->begun) * 100 / (double)r->o->seconds));
    if (r->o->say != NULL && at->level != NULL)
        r->o->say(r->o->ctx, MIN(percent, 99), at->level, at->has_plan ? at->value : -1, at->bound);
}

static bool into_buf(void *ctx, const char *bytes, size_t n)
{
    struct buf *b = ctx;
    buf_add(b, bytes, n);
    return !b->failed;
}

static void add_faults(const struct internplan *p, struct errs *errs)
{
    static const enum msg_id says[] = {
        [INTERNPLAN_FAULT_SYNTAX] = MSG_fault_syntax,       [INTERNPLAN_FAULT_UTF8] = MSG_fault_utf8,
        [INTERNPLAN_FAULT_DOUBLED_KEY] = MSG_fault_doubled, [INTERNPLAN_FAULT_DEPTH] = MSG_fault_depth,
        [INTERNPLAN_FAULT_FORMAT] = MSG_fault_format,       [INTERNPLAN_FAULT_UNKNOWN_KEY] = MSG_fault_unknown_key,
        [INTERNPLAN_FAULT_MISSING_KEY] = MSG_fault_missing, [INTERNPLAN_FAULT_TYPE] = MSG_fault_type,
        [INTERNPLAN_FAULT_RANGE] = MSG_fault_range,         [INTERNPLAN_FAULT_MONDAY] = MSG_fault_monday,
        [INTERNPLAN_FAULT_DUPLICATE] = MSG_fault_duplicate, [INTERNPLAN_FAULT_UNKNOWN_NAME] = MSG_fault_unknown_name,
        [INTERNPLAN_FAULT_EMPTY] = MSG_fault_empty,         [INTERNPLAN_FAULT_TOO_LONG] = MSG_fault_too_long,
        [INTERNPLAN_FAULT_FIXED] = MSG_fault_fixed,         [INTERNPLAN_FAULT_STRANGER] = MSG_fault_stranger,
        [INTERNPLAN_FAULT_VALUE] = MSG_fault_value,
    };
    size_t n = MIN(internplan_error_count(p), (size_t)ERRS_KEPT);
    for (size_t i = 0; i < n; i++) {
        struct internplan_error e = internplan_error(p, i);
        errs_add(errs, says[e.code], str_of(e.path), e.found != NULL ? e.found : "", e.allowed != NULL ? e.allowed : "", NULL);
    }
    errs->total = MAX(errs->total, internplan_error_count(p));
}

struct half {
    void (*job)(void *arg, int i);
    void *arg;
    int i;
};

static void *run_half(void *arg)
{
    struct half *h = arg;
    h->job(h->arg, h->i);
    return NULL;
}

/* The planner's two halves: the second on a thread of its own, or after the first where none is to be had. */
static void on_threads(void *ctx, int n, void (*job)(void *arg, int i), void *arg)
{
    (void)ctx;
    for (int i = 0; i < n; i += 2) {
        struct half second = { job, arg, i + 1 };
        pthread_t thread;
        bool begun = i + 1 < n && pthread_create(&thread, NULL, run_half, &second) == 0;
        job(arg, i);
        if (begun)
            pthread_join(thread, NULL);
        else if (i + 1 < n)
            run_half(&second);
    }
}

static struct internplan_options options_of(struct run *run)
{
    const struct planfile_options *o = run->o;
    struct internplan_options io = internplan_options_default();
    io.seed = (uint64_t)o->seed;
    io.budget_ticks = (uint64_t)o->budget_ticks;
    io.seconds = (double)o->seconds;
    io.clock = seconds_now;
    io.threads = o->threads;
    io.parallel = on_threads;
    io.progress = on_progress;
    io.ctx = run;
    io.proposals = o->alternatives;
    return io;
}

static enum status load(struct internplan *p, struct str problem, struct errs *errs)
{
    enum internplan_status s = internplan_load(p, problem.p, problem.n);
    if (s == INTERNPLAN_INVALID)
        add_faults(p, errs);
    return s == INTERNPLAN_UNKNOWN ? STATUS_OK : s == INTERNPLAN_INVALID ? STATUS_INPUT : STATUS_LIMIT;
}

static enum planfile_verdict verdict_of(enum internplan_status s)
{
    return s <= INTERNPLAN_UNKNOWN ? (enum planfile_verdict)s : PLANFILE_UNKNOWN;
}

static enum status write_proposals(struct internplan *p, const char *digest, struct buf *plan, struct planfile_change *change, size_t *n)
{
    *n = MIN(MAX(internplan_proposal_count(p), (size_t)1), (size_t)PLANFILE_PROPOSALS_MOST);
    for (size_t i = 0; i < *n; i++) {
        if ((i > 0 && !internplan_select(p, i)) || !internplan_write(p, digest, into_buf, &plan[i]))
            return STATUS_LIMIT;
        struct internplan_change x = internplan_change(p);
        if (change != NULL)
            change[i] = (struct planfile_change){ x.student_weeks, x.students, x.least, x.links };
    }
    return STATUS_OK;
}

enum status planfile_proposals(struct arena *a, struct str problem, const struct planfile_options *o, struct buf *plan,
                               struct planfile_change *change, size_t *n, enum planfile_verdict *verdict, struct buf *refused,
                               struct errs *errs)
{
    struct internplan *p = internplan_new(PLANNER_BYTES);
    struct run run = { o, seconds_now(NULL) };
    *n = 0;
    if (p == NULL)
        return STATUS_MEMORY;
    enum status st = load(p, problem, errs);
    if (st == STATUS_OK) {
        struct internplan_options io = options_of(&run);
        enum internplan_status s = internplan_solve(p, &io);
        *verdict = verdict_of(s);
        st = s == INTERNPLAN_LIMIT ? STATUS_LIMIT : write_proposals(p, problem_digest(a, problem).p, plan, change, n);
    }
    internplan_free(p);
    for (size_t i = 0; st == STATUS_OK && i < *n; i++)
        if (planverify_report(a, problem, buf_view(&plan[i]), false, o->lang, refused) != PLANVERIFY_HOLDS) {
            *verdict = PLANFILE_BROKEN;
            for (size_t k = 0; k < *n; k++)
                buf_reset(&plan[k]);
            break;
        }
    return st;
}

enum status planfile_make(struct arena *a, struct str problem, const struct planfile_options *o, struct buf *plan,
                          enum planfile_verdict *verdict, struct buf *refused, struct errs *errs)
{
    struct planfile_options one = *o;
    struct buf file[PLANFILE_PROPOSALS_MOST] = { *plan };
    size_t n;
    one.alternatives = 1;
    enum status st = planfile_proposals(a, problem, &one, file, NULL, &n, verdict, refused, errs);
    assert(n <= 1);
    *plan = file[0];
    return st;
}

enum status planfile_what_if(struct arena *a, struct str problem, const struct planfile_options *o, struct buf *answer,
                             enum planfile_verdict *verdict, struct errs *errs)
{
    struct internplan *p = internplan_new(PLANNER_BYTES);
    struct run run = { o, seconds_now(NULL) };
    if (p == NULL)
        return STATUS_MEMORY;
    enum status st = load(p, problem, errs);
    if (st == STATUS_OK) {
        struct internplan_options io = options_of(&run);
        enum internplan_status s = internplan_what_if(p, &io, problem_digest(a, problem).p, into_buf, answer);
        *verdict = verdict_of(s);
        st = s == INTERNPLAN_LIMIT ? STATUS_LIMIT : STATUS_OK;
    }
    internplan_free(p);
    return st;
}
