/* The worker's loop: takes jobs from the queue one by one. What each kind does is its own file (work.h). */
#include "app/worker.h"
#include "app/resume.h"
#include "app/work.h"
#include "jobs/jobs.h"

#include <pthread.h>
#include <stdlib.h>
#include <time.h>

enum { IDLE_MS = 300, TAKE_BYTES = 4 << 20 };

struct worker {
    const struct app *app;
    pthread_t thread;
    volatile bool stop;
};

/* The kinds of jobs, by the name in job.kind. */
static const struct job_kind {
    const char *name;
    enum status (*run)(const struct work *w);
} job_kinds[] = { { "plan", work_plan }, { "whatif", work_whatif }, { "import", work_import } };

static enum status run_job(struct work w)
{
    for (size_t i = 0; i < LEN(job_kinds); i++)
        if (str_is(w.job->kind, job_kinds[i].name))
            return job_kinds[i].run(&w);
    return STATUS_INPUT;
}

/* One job, if one waits: true. */
static bool work_once(struct work w, enum status *st)
{
    assert(w.app != NULL && w.job == NULL);
    const struct app *app = w.app;
    struct arena a = arena_make(TAKE_BYTES);
    struct job *job = NULL;
    *st = jobs_take(app->store, &a, app_now(app), &job);
    bool given_up = false;
    if (*st == STATUS_OK && job != NULL)
        *st = resume_note(app, job, &given_up);
    if (*st == STATUS_OK && job != NULL && !given_up)
        *st = run_job((struct work){ app, job, w.stop, w.say, w.say_ctx });
    arena_free(&a);
    return job != NULL;
}

static void *work(void *ctx)
{
    struct worker *w = ctx;
    enum status st;
    resume_say(w->app);
    while (!w->stop) {
        if (work_once((struct work){ .app = w->app, .stop = &w->stop }, &st))
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
    while (work_once((struct work){ .app = app, .say = say, .say_ctx = ctx }, &st) && st == STATUS_OK) {
    }
    return st;
}
