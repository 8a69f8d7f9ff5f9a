/* See resume.h. */
#include "app/resume.h"
#include "jobs/jobs.h"

#include <stdio.h>

enum { RESUME_ARENA_BYTES = 1 << 30 }; /* a plan with its files is loaded */

void resume_say(const struct app *app)
{
    struct arena a = arena_make(RESUME_ARENA_BYTES);
    int64_t n = 0;
    if (jobs_running(app->store, &a, &n) == STATUS_OK && n > 0)
        fprintf(stderr, "internbase: %lld job(s) were interrupted; each is taken up again from its best plan so far within %d s\n",
                (long long)n, JOBS_LEASE_S);
    arena_free(&a);
}

static enum status audit(const struct app *app, struct tx *t, const char *act, int64_t base_id, const char *subject, int64_t subject_id,
                         struct str detail)
{
    struct audit_entry *e = record_new(tx_arena(t), &record_audit_entry);
    e->base_id = base_id;
    e->at = app_now(app);
    e->usecase = str_of(act);
    e->subject = str_of(subject);
    e->subject_id = subject_id;
    e->outcome = outcome_done;
    e->detail = detail;
    return tx_save(t, &record_audit_entry, e);
}

/* Of a plan's job; an import says on its own page what became of it. */
static enum status tell(const struct app *app, struct tx *t, const struct job *job, const struct plan *plan, const char *message)
{
    struct notice *n = record_new(tx_arena(t), &record_notice);
    if (job->made_by_id == NONE) /* by the operator of the machine */
        return STATUS_OK;
    n->base_id = job->base_id;
    n->person_id = job->made_by_id;
    n->made_at = app_now(app);
    n->message = str_of(message);
    n->argument1 = arena_printf(tx_arena(t), "%lld", (long long)plan->number);
    n->target = arena_printf(tx_arena(t), "/plans/%lld", (long long)plan->cohort_id);
    return tx_save(t, &record_notice, n);
}

static enum status finish(struct tx *t, enum status st)
{
    if (st == STATUS_OK)
        return tx_commit(t);
    tx_end(t);
    return st;
}

static enum status note_taken_again(const struct app *app, struct arena *a, const struct job *job, bool give_up)
{
    struct tx *t;
    void *plan = NULL;
    bool is_plan = str_is(job->kind, "plan");
    enum status st = tx_begin(app->store, a, TX_WRITE, &t);
    if (st != STATUS_OK)
        return st;
    if (is_plan)
        st = tx_load(t, &record_plan, job->subject_id, &plan);
    if (st == STATUS_OK)
        st = audit(app, t, give_up ? "job_given_up" : "job_resumed", job->base_id, is_plan ? "plan" : "job",
                   is_plan ? job->subject_id : job->id,
                   arena_printf(a, "{\"job\":%lld,\"begun\":%lld}", (long long)job->id, (long long)job->takes));
    if (st == STATUS_OK && plan != NULL)
        st = tell(app, t, job, plan, give_up ? "notice_given_up" : "notice_resumed");
    return finish(t, st);
}

enum status resume_note(const struct app *app, const struct job *job, bool *given_up)
{
    assert(job->id > 0 && given_up != NULL);
    *given_up = job->interrupted == 1 && job->takes > JOBS_TAKES_MOST;
    if (job->interrupted != 1)
        return STATUS_OK;
    struct arena a = arena_make(RESUME_ARENA_BYTES);
    fprintf(stderr, "internbase: job %lld was interrupted; %s\n", (long long)job->id, *given_up ? "given up" : "taken up again");
    enum status st = note_taken_again(app, &a, job, *given_up);
    if (st == STATUS_OK && *given_up)
        st = jobs_end(app->store, &a, job, job_state_failed, 0, job->progress, STR("interrupted again and again"), app_now(app));
    arena_free(&a);
    return st;
}

/* Setting run_state: "serving" from begin to end. */
static enum status mark(const struct app *app, const char *state, bool *was_serving)
{
    struct arena a = arena_make(RESUME_ARENA_BYTES);
    struct tx *t;
    struct rows rows;
    enum status st = tx_begin(app->store, &a, TX_WRITE, &t);
    if (st == STATUS_OK) {
        st = tx_run(t, SQL_setting_get, &rows, P(STR("run_state")));
        struct setting *s = st == STATUS_OK && rows.n == 1 ? rows.item : record_new(&a, &record_setting);
        *was_serving = str_is(s->value, "serving");
        s->name = STR("run_state");
        s->value = str_of(state);
        if (st == STATUS_OK)
            st = tx_save(t, &record_setting, s);
        if (st == STATUS_OK && *was_serving && strcmp(state, "serving") == 0)
            st = audit(app, t, "start_after_fault", NONE, "", 0, STR("{}"));
        st = finish(t, st);
    }
    arena_free(&a);
    return st;
}

enum status resume_begin(const struct app *app)
{
    bool was_serving = false;
    enum status st = mark(app, "serving", &was_serving);
    if (st == STATUS_OK && was_serving)
        fprintf(stderr, "internbase: the last run did not end in order (killed, or the power failed); everything that was "
                        "acknowledged is there\n");
    return st;
}

enum status resume_end(const struct app *app)
{
    bool was_serving;
    return mark(app, "ended", &was_serving);
}
