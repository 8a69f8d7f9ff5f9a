/* Lists: each bounded by its statement, paged by an offset, and inside the actor's scope. */
#include "app/usecases.h"

static int64_t offset_of(const struct call *c)
{
    const struct in_list *in = c->in;
    return in->offset != NONE ? in->offset : 0;
}

static int64_t parent_of(const struct call *c)
{
    return ((const struct in_list *)c->in)->parent_id;
}

/* Children of a record that the caller names and that must be the actor's. */
static enum status list_under(struct call *c, const struct record *parent, enum sql_id sql)
{
    if (parent_of(c) == NONE)
        return call_refuse(c, MSG_value_missing, "parent_id", NULL, NULL);
    enum status st = scope_check(c, parent, parent_of(c));
    return st == STATUS_OK ? call_query(c, sql, &c->rows, P(parent_of(c)), P(offset_of(c))) : st;
}

#define LIST_BASE(name) \
    enum status uc_##name##_list(struct call *c) \
    { \
        return call_query(c, SQL_##name##_list, &c->rows, P(c->actor->base_id), P(offset_of(c))); \
    }
#define LIST_HOSPITAL(name) \
    enum status uc_##name##_list(struct call *c) \
    { \
        return call_query(c, SQL_##name##_list, &c->rows, P(c->actor->hospital_id), P(offset_of(c))); \
    }
#define LIST_UNDER(name, parent, sql) \
    enum status uc_##name##_list(struct call *c) \
    { \
        return list_under(c, &record_##parent, SQL_##sql); \
    }

LIST_BASE(programme)
LIST_BASE(cohort)
LIST_HOSPITAL(site)
LIST_HOSPITAL(department)
LIST_UNDER(capacity, department, capacity_list)
LIST_UNDER(preceptor, department, preceptor_list)
LIST_UNDER(choice, programme, choice_list)
LIST_UNDER(rotation, programme, rotation_list)
LIST_UNDER(rotation_department, programme, rotation_department_list)
LIST_UNDER(rotation_order, programme, rotation_order_list)
LIST_UNDER(closed_week, cohort, closed_week_list)
LIST_UNDER(student, cohort, student_list)
LIST_UNDER(absence, cohort, absence_of_cohort)

enum status uc_capacity_all(struct call *c)
{
    return call_query(c, SQL_capacity_of_hospital, &c->rows, P(c->actor->hospital_id), P(offset_of(c)));
}

enum status uc_preceptor_all(struct call *c)
{
    return call_query(c, SQL_preceptor_of_hospital, &c->rows, P(c->actor->hospital_id), P(offset_of(c)));
}

enum status uc_member_list(struct call *c)
{
    return call_query(c, SQL_members_of_base, &c->rows, P(c->actor->base_id), P(offset_of(c)));
}

enum status uc_organisation_list(struct call *c)
{
    const struct actor *a = c->actor;
    return call_query(c, SQL_organisation_of_sides, &c->rows, P(a->university_id), P(a->hospital_id), P(offset_of(c)));
}

enum status uc_base_list(struct call *c)
{
    return call_query(c, SQL_base_of_sides, &c->rows, P(c->actor->base_id), P(offset_of(c)));
}

/* Newest first; `offset` is the number before which to look, for the log never ends. */
enum status uc_audit_list(struct call *c)
{
    int64_t before = offset_of(c) > 0 ? offset_of(c) : INT64_MAX;
    return call_query(c, SQL_audit_list, &c->rows, P(c->actor->base_id), P(before));
}
