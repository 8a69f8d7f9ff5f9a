/* People new to a base: person, account, membership and what they are there for, in one act. */
#include "app/people.h"

#include "app/groups.h"
#include "app/members.h"
#include "app/supervision.h"
#include "core/pinyin.h"
#include "rules/check.h"

enum status people_person_make(struct call *c, struct person *p)
{
    if (!rules_check(c->arena, &record_person, p, c->errs))
        return STATUS_INPUT;
    return call_save(c, &record_person, NULL, p);
}

static enum status person_make(struct call *c, struct str name, struct str mail, int64_t *id)
{
    struct person *p = record_new(c->arena, &record_person);
    p->name = name;
    p->mail = mail;
    enum status st = people_person_make(c, p);
    *id = p->id;
    return st;
}

static enum status login_is_free(struct call *c, struct str login_name)
{
    struct rows taken;
    enum status st = call_query(c, SQL_account_by_login_name, &taken, P(login_name));
    return st == STATUS_OK && taken.n > 0 ? call_refuse(c, MSG_refuse_taken, "login_name", arena_str(c->arena, login_name).p, NULL) : st;
}

/* Where the name is taken, the unique index refuses it. */
static enum status account_make(struct call *c, int64_t person_id, struct str login_name)
{
    struct account *a = record_new(c->arena, &record_account);
    a->person_id = person_id;
    a->login_name = login_name;
    a->disabled = 0;
    return call_save(c, &record_account, NULL, a);
}

static enum status membership_make(struct call *c, int64_t person_id, int64_t side, int64_t role, int64_t department_id)
{
    struct membership *m = record_new(c->arena, &record_membership);
    m->base_id = c->actor->base_id;
    m->person_id = person_id;
    m->side = side;
    m->role = role;
    m->department_id = department_id;
    return call_save(c, &record_membership, NULL, m);
}

struct str people_student_login(struct arena *a, const struct cohort *cohort, struct str number)
{
    return arena_printf(a, "%.*s-%.*s", STR_ARG(cohort->code), STR_ARG(number));
}

enum status people_student_make(struct call *c, const struct cohort *cohort, struct person *p, struct student *s)
{
    enum status st = people_person_make(c, p);
    if (st == STATUS_OK)
        st = account_make(c, p->id, people_student_login(c->arena, cohort, s->number));
    if (st == STATUS_OK)
        st = membership_make(c, p->id, side_university, role_student, NONE);
    s->cohort_id = cohort->id;
    s->person_id = p->id;
    s->state = student_state_active;
    if (st == STATUS_OK && !rules_check(c->arena, &record_student, s, c->errs))
        return STATUS_INPUT;
    return st == STATUS_OK ? call_save(c, &record_student, NULL, s) : st;
}

enum status uc_student_add(struct call *c)
{
    const struct in_student_add *in = c->in;
    struct rows same;
    void *found;
    enum status st = scope_check_all(c, c->usecase->in, in);
    if (st == STATUS_OK)
        st = tx_load(c->tx, &record_cohort, in->cohort_id, &found);
    if (st == STATUS_OK)
        st = call_query(c, SQL_student_by_number, &same, P(in->cohort_id), P(in->number));
    if (st != STATUS_OK)
        return st;
    if (same.n > 0)
        return call_refuse(c, MSG_refuse_taken, "number", arena_str(c->arena, in->number).p, NULL);
    struct person *p = record_new(c->arena, &record_person);
    struct student *s = record_new(c->arena, &record_student);
    p->name = in->name;
    p->mail = in->mail;
    s->number = in->number;
    st = login_is_free(c, people_student_login(c->arena, found, in->number));
    if (st == STATUS_OK)
        st = people_student_make(c, found, p, s);
    if (st == STATUS_OK)
        st = groups_set(c, in->cohort_id, s->id, in->group_name, NULL, NULL);
    c->subject = "student";
    c->id = s->id;
    return st;
}

/* Nobody gives a role of the other side. */
enum status uc_member_add(struct call *c)
{
    const struct in_member_add *in = c->in;
    int64_t person_id = 0;
    enum status st = scope_check_all(c, c->usecase->in, in);
    if (st != STATUS_OK)
        return st;
    st = members_check_role(c, in->side, in->role, in->department_id);
    if (st != STATUS_OK)
        return st;
    st = person_make(c, in->name, STR(""), &person_id);
    if (st == STATUS_OK)
        st = login_is_free(c, in->login_name);
    if (st == STATUS_OK)
        st = account_make(c, person_id, in->login_name);
    if (st == STATUS_OK)
        st = membership_make(c, person_id, in->side, in->role, in->department_id);
    c->subject = "person";
    c->id = person_id;
    return st;
}

enum status uc_preceptor_add(struct call *c)
{
    const struct in_preceptor_add *in = c->in;
    int64_t person_id = 0;
    enum status st = supervision_check_department(c, in->department_id);
    if (st == STATUS_OK)
        st = scope_check_all(c, c->usecase->in, in);
    if (st == STATUS_OK)
        st = person_make(c, in->name, STR(""), &person_id);
    struct preceptor *p = record_new(c->arena, &record_preceptor);
    p->department_id = in->department_id;
    p->person_id = person_id;
    p->number = in->number;
    p->title = in->title;
    p->students_most = in->students_most;
    p->active = 1;
    if (st == STATUS_OK)
        st = call_save(c, &record_preceptor, NULL, p);
    c->subject = "preceptor";
    c->id = p->id;
    return st;
}

enum status uc_person_list(struct call *c)
{
    const struct in_list *in = c->in;
    return call_query(c, SQL_person_of_base, &c->rows, P(c->actor->base_id), P(c->actor->base_id), P(c->actor->hospital_id),
                      P(in->offset != NONE ? in->offset : 0));
}
