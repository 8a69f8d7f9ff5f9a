/* A student leaves. What was published goes on for everybody else exactly as it stands: a new version without his weeks from
 * then on, published at once (nobody else's placement changes, so there is nothing to agree); both sides and his
 * departments are told; his seats are free for the next plan. */
#include "app/planstore.h"
#include "app/problem.h"
#include "app/tell.h"
#include "app/usecases.h"

enum { PROBLEM_BYTES_MOST = 256 << 20 };

static enum status problem_now(struct call *c, struct plan *p)
{
    struct buf b = buf_make(PROBLEM_BYTES_MOST);
    enum status st = problem_put(&b, c->tx, c->actor, p->cohort_id);
    p->problem = arena_str(c->arena, buf_view(&b));
    p->problem_digest = problem_digest(c->arena, p->problem);
    buf_free(&b);
    return st;
}

/* What remains of a placement in which he is when he leaves: the weeks before. */
static enum status put_rest(struct call *c, const struct plan *p, const struct plan_facts *f, const struct placement *was, int64_t from)
{
    struct placement *x = record_new(c->arena, &record_placement);
    const struct closed_week *w = f->closed.item;
    *x = *was;
    x->id = 0;
    x->version = 0;
    x->plan_id = p->id;
    x->until_week = from;
    x->weeks = (from - was->first_week) / 7;
    for (size_t i = 0; i < f->closed.n; i++)
        x->weeks -= w[i].week >= was->first_week && w[i].week < from;
    return x->weeks > 0 ? tx_save(c->tx, &record_placement, x) : STATUS_OK;
}

/* The new version: all rows but his from `from` on. */
static enum status version_put(struct call *c, const struct plan *old, struct plan *p, const struct plan_facts *f, int64_t student_id, int64_t from)
{
    struct rows done, his;
    enum status st = tx_save(c->tx, &record_plan, p);
    if (st == STATUS_OK)
        st = call_query(c, SQL_placement_copy, &done, P(p->id), P(old->id), P(student_id), P(from));
    if (st == STATUS_OK)
        st = call_query(c, SQL_receipt_copy, &done, P(p->id), P(old->id), P(student_id));
    if (st == STATUS_OK)
        st = call_query(c, SQL_placement_of, &his, P(old->id));
    const struct placement *x = his.item;
    for (size_t i = 0; st == STATUS_OK && i < his.n; i++)
        if (x[i].student_id == student_id && x[i].first_week < from && x[i].until_week > from)
            st = put_rest(c, p, f, &x[i], from);
    return st == STATUS_OK ? plan_demand_put(c->tx, p->id) : st;
}

static enum status publish_without(struct call *c, const struct plan *old, int64_t student_id, int64_t from)
{
    struct plan_facts f;
    struct rows last, placements, done;
    struct check_result found;
    struct plan *p = record_new(c->arena, &record_plan);
    enum status st = call_query(c, SQL_plan_last_number, &last, P(old->cohort_id));
    if (st == STATUS_OK)
        st = plan_facts_load(c->tx, old->base_id, old->cohort_id, &f);
    if (st != STATUS_OK)
        return st;
    *p = *old;
    p->id = 0;
    p->version = 0;
    p->number = ((const struct count_row *)last.item)->value + 1;
    p->origin = plan_origin_withdrawal;
    p->based_on_id = old->id;
    p->freeze_week = p->proposals = p->proposal_of_id = p->moved_students = p->moved_weeks = p->change_links = NONE;
    p->result = STR("");
    p->made_at = p->published_at = app_now(c->app);
    p->made_by_id = p->published_by_id = call_person(c);
    st = problem_now(c, p);
    if (st == STATUS_OK)
        st = version_put(c, old, p, &f, student_id, from);
    if (st == STATUS_OK)
        st = call_query(c, SQL_placement_of, &placements, P(p->id));
    /* The figures are those of who remains; the receipts of the others stay as they were given. */
    if (st == STATUS_OK)
        st = plan_check(c->arena, &f, p->problem, placements.item, placements.n, from, &found);
    if (st == STATUS_OK) {
        p->verdict = plan_verdict_feasible;
        p->figures = plan_figures(c->arena, p, &f, &found, STR(""));
        st = tx_save(c->tx, &record_plan, p);
    }
    if (st == STATUS_OK)
        st = call_query(c, SQL_plan_supersede, &done, P(p->cohort_id), P(p->id));
    if (st == STATUS_OK)
        st = tell_published(c, p, old->id);
    return st;
}

enum status uc_student_withdraw(struct call *c)
{
    const struct in_withdraw *in = c->in;
    void *old, *again, *plan;
    struct rows published;
    enum status st = scope_check(c, &record_student, c->target_id);
    if (st == STATUS_OK)
        st = tx_load(c->tx, &record_student, c->target_id, &old);
    if (st == STATUS_OK)
        st = tx_load(c->tx, &record_student, c->target_id, &again);
    if (st != STATUS_OK)
        return st;
    struct student *s = again;
    if (c->target_version != 0 && s->version != c->target_version)
        return STATUS_CONFLICT;
    if (s->state != student_state_active)
        return call_refuse(c, MSG_refuse_withdrawn, "", NULL, NULL);
    s->state = student_state_withdrawn;
    st = call_save(c, &record_student, old, s);
    if (st == STATUS_OK)
        st = call_query(c, SQL_plan_published, &published, P(s->cohort_id));
    if (st == STATUS_OK && published.n > 0) {
        st = tx_load(c->tx, &record_plan, ((const struct plan_row *)published.item)->id, &plan);
        if (st == STATUS_OK)
            st = publish_without(c, plan, s->id, in->first_week);
    }
    c->subject = "student";
    c->id = s->id;
    return st;
}

/* A student who left comes back: nothing of the published plan changes; the next plan reckons with him again. */
enum status uc_student_readmit(struct call *c)
{
    void *found;
    enum status st = scope_check(c, &record_student, c->target_id);
    if (st == STATUS_OK)
        st = tx_load(c->tx, &record_student, c->target_id, &found);
    if (st != STATUS_OK)
        return st;
    const struct student *old = found;
    struct student now = *old;
    if (c->target_version != 0 && old->version != c->target_version)
        return STATUS_CONFLICT;
    if (old->state != student_state_withdrawn)
        return call_refuse(c, MSG_refuse_not_withdrawn, "", NULL, NULL);
    now.state = student_state_active;
    st = call_save(c, &record_student, old, &now);
    c->subject = "student";
    c->id = old->id;
    return st;
}
