/* Plans: making one (a job), proposing, agreeing from both sides, publishing. */
#include "app/change.h"
#include "app/problem.h"
#include "app/replan.h"
#include "app/settings.h"
#include "app/tell.h"
#include "app/usecases.h"
#include "rules/plan.h"

/* A plan of nobody would be optimal, and could be published by mistake. */
static enum status something_to_plan(struct call *c, int64_t cohort_id)
{
    struct rows students, rotations = { 0 };
    void *cohort;
    enum status st = call_query(c, SQL_student_list, &students, P(cohort_id), P(INT64_C(0)));
    if (st == STATUS_OK)
        st = tx_load(c->tx, &record_cohort, cohort_id, &cohort);
    if (st == STATUS_OK)
        st = call_query(c, SQL_rotation_list, &rotations, P(((const struct cohort *)cohort)->programme_id), P(INT64_C(0)));
    if (st == STATUS_OK && (students.n == 0 || rotations.n == 0))
        st = call_refuse(c, MSG_refuse_plan_empty, "cohort_id", NULL, NULL);
    return st;
}

enum status uc_plan_make(struct call *c)
{
    const struct in_plan *in = c->in;
    struct rows last;
    enum status st = scope_check(c, &record_cohort, in->cohort_id);
    if (st == STATUS_OK)
        st = call_query(c, SQL_plan_last_number, &last, P(in->cohort_id));
    if (st == STATUS_OK)
        st = something_to_plan(c, in->cohort_id);
    if (st != STATUS_OK)
        return st;
    struct plan *p = record_new(c->arena, &record_plan);
    p->base_id = c->actor->base_id;
    p->cohort_id = in->cohort_id;
    p->number = ((const struct count_row *)last.item)->value + 1;
    p->state = plan_state_draft;
    p->verdict = plan_verdict_unknown;
    p->origin = plan_origin_planner;
    p->title = in->title;
    p->seed = in->seed != NONE ? in->seed : 1;
    p->seconds = in->seconds;
    st = replan_begin(c, in, p);
    if (st == STATUS_OK)
        st = replan_problem(c, p, &p->problem);
    if (st == STATUS_OK && in->seconds == NONE)
        st = settings_get(c->tx, c->actor->base_id, SETTING_plan_seconds, &p->seconds);
    if (st != STATUS_OK)
        return st;
    p->problem_digest = problem_digest(c->arena, p->problem);
    p->made_at = app_now(c->app);
    p->made_by_id = call_person(c);
    st = tx_save(c->tx, &record_plan, p);
    return st == STATUS_OK ? call_queue(c, "plan", p) : st;
}

static enum status under(struct call *c, const struct record *parent, enum sql_id sql, bool paged)
{
    const struct in_list *in = c->in;
    if (in->parent_id == NONE)
        return call_refuse(c, MSG_value_missing, "parent_id", NULL, NULL);
    enum status st = scope_check(c, parent, in->parent_id);
    struct param p[] = { P(in->parent_id), P(in->offset != NONE ? in->offset : 0) };
    return st == STATUS_OK ? tx_query(c->tx, sql, p, paged ? 2 : 1, &c->rows) : st;
}

enum status uc_plan_list(struct call *c)
{
    return under(c, &record_cohort, SQL_plan_list, true);
}

/* The published plan of a cohort: one row or none. */
enum status uc_plan_published_get(struct call *c)
{
    return under(c, &record_cohort, SQL_plan_published, false);
}

enum status uc_placement_list(struct call *c)
{
    return under(c, &record_plan, SQL_placement_of_plan, true);
}

enum status uc_receipt_list(struct call *c)
{
    return under(c, &record_plan, SQL_receipt_of_plan, true);
}

enum status uc_job_get(struct call *c)
{
    return under(c, &record_plan, SQL_job_of_subject, false);
}

enum status uc_job_cancel(struct call *c)
{
    struct rows jobs, done;
    enum status st = scope_check(c, &record_plan, c->target_id);
    if (st == STATUS_OK)
        st = call_query(c, SQL_job_of_subject, &jobs, P(c->target_id));
    if (st == STATUS_OK && jobs.n == 0)
        st = STATUS_NOT_FOUND;
    if (st == STATUS_OK)
        st = call_query(c, SQL_job_cancel, &done, P(((const struct job *)jobs.item)->id));
    c->subject = "plan";
    c->id = c->target_id;
    return st;
}

/* The stamp that an act leaves; a person of each side agrees, never the same one. */
static enum status stamp(struct call *c, struct plan *p, enum plan_act act)
{
    int64_t now = app_now(c->app), who = call_person(c);
    switch (act) {
    case PLAN_PROPOSE:
        p->proposed_at = now;
        p->proposed_by_id = who;
        return STATUS_OK;
    case PLAN_AGREE:
        if (who != NONE && (who == p->agreed_university_id || who == p->agreed_hospital_id))
            return call_refuse(c, MSG_refuse_same_person, "", NULL, NULL);
        *(c->actor->side == side_university ? &p->agreed_university_at : &p->agreed_hospital_at) = now;
        *(c->actor->side == side_university ? &p->agreed_university_id : &p->agreed_hospital_id) = who;
        return STATUS_OK;
    case PLAN_RETURN:
        p->proposed_at = p->agreed_university_at = p->agreed_hospital_at = NONE;
        p->proposed_by_id = p->agreed_university_id = p->agreed_hospital_id = NONE;
        return STATUS_OK;
    default:
        p->published_at = now;
        p->published_by_id = who;
        return STATUS_OK;
    }
}

/* Seats may have gone to another base's published plan, a student may have left since this plan was made: what no longer
 * holds can't be proposed, agreed or published. */
static enum status still_holds(struct call *c, const struct plan *p)
{
    struct plan_facts f;
    struct check_result found;
    struct str problem;
    enum status st = change_check_now(c, p, &f, &found, &problem);
    if (st == STATUS_OK && found.hard > 0)
        return call_refuse(c, MSG_refuse_plan_stale, "", arena_printf(c->arena, "%zu", found.hard).p, NULL);
    return st;
}

static enum status tell_step(struct call *c, const struct plan *p, enum plan_act act, int64_t published_id)
{
    const struct in_target *in = c->in;
    switch (act) {
    case PLAN_PROPOSE: return tell_sides(c, p, "notice_proposed", STR(""));
    case PLAN_AGREE: return tell_sides(c, p, c->actor->side == side_university ? "notice_agreed_university" : "notice_agreed_hospital", STR(""));
    case PLAN_RETURN: return tell_sides(c, p, "notice_returned", in->reason);
    default: return tell_published(c, p, published_id);
    }
}

static enum status step(struct call *c, enum plan_act act)
{
    void *old, *again;
    enum status st = scope_check(c, &record_plan, c->target_id);
    if (st == STATUS_OK)
        st = tx_load(c->tx, &record_plan, c->target_id, &old);
    if (st == STATUS_OK)
        st = tx_load(c->tx, &record_plan, c->target_id, &again);
    if (st != STATUS_OK)
        return st;
    struct plan *p = again;
    if (c->actor->is_operator) /* agreement is given by people, never by the machine */
        return STATUS_FORBIDDEN;
    if (c->target_version != 0 && p->version != c->target_version)
        return STATUS_CONFLICT;
    int to = rules_plan_step((enum plan_state)p->state, act, c->actor->side);
    if (to < 0)
        return call_refuse(c, MSG_refuse_plan_state, "", msg_name(plan_state_list.item[p->state].label), NULL);
    if (act != PLAN_RETURN && !rules_plan_is_whole((enum plan_verdict)p->verdict))
        return call_refuse(c, MSG_refuse_plan_broken, "", NULL, NULL);
    struct rows superseded, published = { 0 };
    st = stamp(c, p, act);
    if (st == STATUS_OK && act != PLAN_RETURN)
        st = still_holds(c, p);
    if (st != STATUS_OK)
        return st;
    p->state = to;
    if (act == PLAN_PUBLISH)
        st = call_query(c, SQL_plan_published, &published, P(p->cohort_id));
    /* Whoever supervises goes on where nothing has changed. */
    if (st == STATUS_OK && act == PLAN_PUBLISH && published.n > 0)
        st = call_query(c, SQL_supervision_keep, &superseded, P(((const struct plan_row *)published.item)->id), P(p->id));
    if (st == STATUS_OK && act == PLAN_PUBLISH)
        st = call_query(c, SQL_plan_supersede, &superseded, P(p->cohort_id), P(p->id));
    if (st == STATUS_OK)
        st = call_save(c, &record_plan, old, p);
    if (st == STATUS_OK)
        st = tell_step(c, p, act, published.n > 0 ? ((const struct plan_row *)published.item)->id : NONE);
    c->subject = "plan";
    c->id = p->id;
    return st;
}

enum status uc_plan_propose(struct call *c)
{
    return step(c, PLAN_PROPOSE);
}

enum status uc_plan_agree(struct call *c)
{
    return step(c, PLAN_AGREE);
}

enum status uc_plan_publish(struct call *c)
{
    return step(c, PLAN_PUBLISH);
}

enum status uc_plan_return(struct call *c)
{
    return step(c, PLAN_RETURN);
}

enum status uc_my_placements(struct call *c)
{
    return call_query(c, SQL_my_placements, &c->rows, P(c->actor->person_id), P(c->actor->base_id));
}

enum status uc_my_wishes(struct call *c)
{
    return call_query(c, SQL_my_wishes, &c->rows, P(c->actor->person_id), P(c->actor->base_id));
}

enum status uc_cohort_get(struct call *c)
{
    return under(c, &record_cohort, SQL_cohort_get, false);
}

enum status uc_plan_get(struct call *c)
{
    const struct in_list *in = c->in;
    enum status st = in->parent_id != NONE ? scope_check(c, &record_plan, in->parent_id) : STATUS_NOT_FOUND;
    return st == STATUS_OK ? call_query(c, SQL_plan_row_get, &c->rows, P(in->parent_id)) : st;
}

enum status uc_my_student(struct call *c)
{
    return call_query(c, SQL_student_of_person, &c->rows, P(c->actor->person_id), P(c->actor->base_id));
}

/* Who is in a department from today's week on; a department's own people see their department only. */
enum status uc_visitor_list(struct call *c)
{
    const struct in_list *in = c->in;
    const struct actor *a = c->actor;
    if (in->parent_id == NONE)
        return call_refuse(c, MSG_value_missing, "parent_id", NULL, NULL);
    enum status st = scope_check(c, &record_department, in->parent_id);
    if (st == STATUS_OK && !a->is_operator && !app_may(a, CAP_see_all_departments) && a->department_id != in->parent_id)
        st = STATUS_NOT_FOUND;
    int64_t week = date_monday(app_today(c->app)), until = week + 7 * INT64_C(26);
    if (st != STATUS_OK)
        return st;
    /* The hospital knows everybody in its departments; a university knows its own. */
    if (a->side == side_hospital)
        return call_query(c, SQL_placement_in_department_all, &c->rows, P(in->parent_id), P(week), P(until));
    return call_query(c, SQL_placement_in_department, &c->rows, P(in->parent_id), P(a->base_id), P(week), P(until));
}
