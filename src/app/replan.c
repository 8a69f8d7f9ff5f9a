/* See replan.h. */
#include "app/replan.h"
#include "app/problem.h"
#include "app/usecases.h"

enum { PROBLEM_BYTES_MOST = 256 << 20 };

static int64_t this_week(const struct app *app)
{
    return date_monday(app_today(app));
}

static enum status check_freeze(struct call *c, const struct cohort *k, int64_t freeze)
{
    char day[DATE_TEXT_BYTES];
    int64_t least = MAX(this_week(c->app), k->first_week);
    if (freeze < least)
        return call_refuse(c, MSG_refuse_freeze_past, "freeze_week", date_text((date)least, day), NULL);
    if (freeze >= k->first_week + 7 * k->weeks)
        return call_refuse(c, MSG_refuse_freeze_late, "freeze_week", date_text((date)(k->first_week + 7 * (k->weeks - 1)), day), NULL);
    return STATUS_OK;
}

enum status replan_begin(struct call *c, const struct in_plan *in, struct plan *p)
{
    struct rows published;
    void *cohort;
    if (in->based_on_id == NONE)
        return STATUS_OK;
    enum status st = scope_check(c, &record_plan, in->based_on_id);
    if (st == STATUS_OK)
        st = call_query(c, SQL_plan_published, &published, P(in->cohort_id));
    if (st == STATUS_OK)
        st = tx_load(c->tx, &record_cohort, in->cohort_id, &cohort);
    if (st != STATUS_OK)
        return st == STATUS_NOT_FOUND ? call_refuse(c, MSG_refuse_replan_base, "based_on_id", NULL, NULL) : st;
    if (published.n == 0 || ((const struct plan_row *)published.item)->id != in->based_on_id)
        return call_refuse(c, MSG_refuse_replan_base, "based_on_id", NULL, NULL);
    const struct cohort *k = cohort;
    p->based_on_id = in->based_on_id;
    p->freeze_week = in->freeze_week != NONE ? in->freeze_week : MAX(this_week(c->app) + 7, k->first_week);
    p->proposals = in->proposals != NONE ? in->proposals : 1;
    p->origin = plan_origin_repair;
    return check_freeze(c, k, p->freeze_week);
}

/* A re-planned one is held against what is published now, itself or what may be newer than what it began from; and what has
 * become past meanwhile may not be changed any more. */
static enum status base_of(struct call *c, const struct plan *p, int64_t *plan_id, int64_t *freeze)
{
    struct rows published;
    void *cohort;
    *plan_id = *freeze = NONE;
    if (p->freeze_week == NONE)
        return STATUS_OK;
    enum status st = call_query(c, SQL_plan_published, &published, P(p->cohort_id));
    if (st == STATUS_OK)
        st = tx_load(c->tx, &record_cohort, p->cohort_id, &cohort);
    if (st != STATUS_OK)
        return st;
    int64_t id = published.n > 0 ? ((const struct plan_row *)published.item)->id : NONE;
    int64_t now = MAX(this_week(c->app), ((const struct cohort *)cohort)->first_week);
    *plan_id = id != NONE ? id : p->based_on_id;
    *freeze = *plan_id == NONE ? NONE : id == p->id ? now : MAX(p->freeze_week, now);
    return STATUS_OK;
}

enum status replan_problem(struct call *c, const struct plan *p, struct str *out)
{
    int64_t plan_id, freeze;
    struct buf b = buf_make(PROBLEM_BYTES_MOST);
    enum status st = base_of(c, p, &plan_id, &freeze);
    if (st == STATUS_OK)
        st = problem_put_again(&b, c->tx, c->actor, p->cohort_id, plan_id, freeze);
    *out = arena_str(c->arena, buf_view(&b));
    buf_free(&b);
    return st;
}

int64_t replan_now(const struct app *app, const struct plan *p)
{
    return p->freeze_week != NONE ? MAX(this_week(app), p->freeze_week) : this_week(app);
}

void replan_inherit(const struct app *app, const struct plan *from, struct plan *p)
{
    bool was_published = from->state == plan_state_published || from->state == plan_state_superseded;
    p->based_on_id = from->id;
    if (from->freeze_week == NONE)
        return;
    p->freeze_week = was_published ? MAX(from->freeze_week, this_week(app)) : from->freeze_week;
    if (!was_published)
        p->based_on_id = from->based_on_id;
}

/* The proposals of one job: the first and those that name it, by number. */
enum status uc_plan_proposals(struct call *c)
{
    const struct in_list *in = c->in;
    void *found;
    enum status st = in->parent_id != NONE ? scope_check(c, &record_plan, in->parent_id) : STATUS_NOT_FOUND;
    if (st == STATUS_OK)
        st = tx_load(c->tx, &record_plan, in->parent_id, &found);
    if (st != STATUS_OK)
        return st;
    const struct plan *p = found;
    int64_t first = p->proposal_of_id != NONE ? p->proposal_of_id : p->id;
    return call_query(c, SQL_plan_proposals, &c->rows, P(first), P(first));
}
