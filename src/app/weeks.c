/* One student's weeks, wishes and what became of them, who supervises: his own (my_...) or any of the base's (student_...). */
#include "app/usecases.h"

static enum status published_of(struct call *c, int64_t student_id, int64_t *plan_id)
{
    struct rows found;
    enum status st = call_query(c, SQL_plan_published_of_student, &found, P(student_id));
    *plan_id = st == STATUS_OK && found.n > 0 ? ((const struct count_row *)found.item)->value : NONE;
    return st;
}

/* The student and plan that a call means; *plan_id NONE: nothing is published yet. */
static enum status mine(struct call *c, int64_t *student_id, int64_t *plan_id)
{
    struct rows found;
    enum status st = call_query(c, SQL_student_of_person, &found, P(c->actor->person_id), P(c->actor->base_id));
    if (st == STATUS_OK && found.n == 0)
        st = STATUS_NOT_FOUND;
    if (st != STATUS_OK)
        return st;
    *student_id = ((const struct student *)found.item)->id;
    return published_of(c, *student_id, plan_id);
}

static enum status named(struct call *c, int64_t *student_id, int64_t *plan_id)
{
    const struct in_weeks_of *in = c->in;
    void *student, *plan;
    enum status st = scope_check(c, &record_student, in->student_id);
    *student_id = in->student_id;
    if (st == STATUS_OK && in->plan_id == NONE)
        return published_of(c, in->student_id, plan_id);
    if (st == STATUS_OK)
        st = scope_check(c, &record_plan, in->plan_id);
    if (st == STATUS_OK)
        st = tx_load(c->tx, &record_student, in->student_id, &student);
    if (st == STATUS_OK)
        st = tx_load(c->tx, &record_plan, in->plan_id, &plan);
    *plan_id = in->plan_id;
    return st == STATUS_OK && ((const struct student *)student)->cohort_id != ((const struct plan *)plan)->cohort_id ? STATUS_NOT_FOUND : st;
}

static enum status weeks(struct call *c, int64_t student_id, int64_t plan_id)
{
    return plan_id == NONE ? STATUS_OK : call_query(c, SQL_week_of_student, &c->rows, P(student_id), P(plan_id));
}

static enum status receipts(struct call *c, int64_t student_id, int64_t plan_id)
{
    return plan_id == NONE ? STATUS_OK : call_query(c, SQL_receipt_of_student, &c->rows, P(student_id), P(plan_id));
}

static enum status outcomes(struct call *c, int64_t student_id, int64_t plan_id)
{
    return call_query(c, SQL_outcome_of_student, &c->rows, P(plan_id), P(plan_id), P(student_id));
}

static enum status preceptors(struct call *c, int64_t student_id, int64_t plan_id)
{
    return plan_id == NONE ? STATUS_OK : call_query(c, SQL_preceptor_of_student, &c->rows, P(student_id), P(plan_id));
}

static enum status stand_ins(struct call *c, int64_t student_id, int64_t plan_id)
{
    return plan_id == NONE ? STATUS_OK : call_query(c, SQL_stand_ins_of_student, &c->rows, P(student_id), P(plan_id));
}

#define ABOUT_STUDENT(what) \
    enum status uc_my_##what(struct call *c) \
    { \
        int64_t student_id = NONE, plan_id = NONE; \
        enum status st = mine(c, &student_id, &plan_id); \
        return st == STATUS_OK ? what(c, student_id, plan_id) : st; \
    } \
    enum status uc_student_##what(struct call *c) \
    { \
        int64_t student_id = NONE, plan_id = NONE; \
        enum status st = named(c, &student_id, &plan_id); \
        return st == STATUS_OK ? what(c, student_id, plan_id) : st; \
    }

ABOUT_STUDENT(weeks)
ABOUT_STUDENT(receipts)
ABOUT_STUDENT(outcomes)
ABOUT_STUDENT(preceptors)
ABOUT_STUDENT(stand_ins)

enum status uc_student_get(struct call *c)
{
    const struct in_list *in = c->in;
    enum status st = in->parent_id != NONE ? scope_check(c, &record_student, in->parent_id) : STATUS_NOT_FOUND;
    return st == STATUS_OK ? call_query(c, SQL_student_row_get, &c->rows, P(in->parent_id)) : st;
}

/* Who supervises in a department; its own people see their department only. */
enum status uc_preceptor_seen(struct call *c)
{
    const struct in_list *in = c->in;
    const struct actor *a = c->actor;
    enum status st = in->parent_id != NONE ? scope_check(c, &record_department, in->parent_id) : STATUS_NOT_FOUND;
    if (st == STATUS_OK && !a->is_operator && !app_may(a, CAP_see_all_departments) && a->department_id != in->parent_id)
        st = STATUS_NOT_FOUND;
    return st == STATUS_OK ? call_query(c, SQL_preceptor_named, &c->rows, P(in->parent_id), P(in->offset != NONE ? in->offset : 0)) : st;
}
