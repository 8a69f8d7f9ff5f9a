/* A cohort's weeks and students: several weeks closed at once, a student changed with his person, several put into a group. */
#include "app/groups.h"
#include "app/ids.h"
#include "app/members.h"
#include "app/usecases.h"
#include "rules/days.h"
#include "rules/holiday.h"
#include "core/pinyin.h"

enum { WEEK = 7 };

enum msg_id app_holiday_of_week(date monday)
{
    return rules_holiday_of_week(monday);
}

/* Each listed Monday of the cohort's weeks; errors name the wrong one. */
static enum status week_take(struct call *c, const struct cohort *cohort, struct str word, int64_t *out)
{
    date d;
    word = str_trim(word);
    const char *found = arena_copy(c->arena, word.p, MIN(word.n, (size_t)40));
    if (!date_parse(word, &d))
        return call_refuse(c, MSG_value_not_date, "weeks_listed", found, NULL);
    char monday[DATE_TEXT_BYTES];
    if (date_weekday(d) != 0)
        return call_refuse(c, MSG_value_not_monday, "weeks_listed", found, date_text(date_monday(d), monday));
    if (d < cohort->first_week || d >= cohort->first_week + WEEK * cohort->weeks)
        return call_refuse(c, MSG_refuse_week_outside, "weeks_listed", found, NULL);
    *out = d;
    return STATUS_OK;
}

/* What was written by hand or pasted; every entry that is wrong is told. */
static enum status days_take(struct call *c, const struct cohort *cohort, struct str text, int64_t **week, size_t *n, size_t *cap)
{
    static const enum msg_id wrong[] = { [DAYS_NOT_READ] = MSG_refuse_days, [DAYS_NO_DATE] = MSG_value_not_date, [DAYS_OUTSIDE] = MSG_refuse_week_outside };
    enum status st = STATUS_OK;
    for (;;) {
        date first, last;
        struct str piece;
        enum days_found found = rules_days_next(&text, (date)cohort->first_week, cohort->weeks, &first, &last, &piece);
        if (found == DAYS_END)
            return st;
        if (found != DAYS_WEEKS)
            st = call_refuse(c, wrong[found], "days", arena_copy(c->arena, piece.p, MIN(piece.n, (size_t)60)), NULL);
        for (date w = first; found == DAYS_WEEKS && w <= last; w += WEEK)
            *ARENA_PUSH(c->arena, *week, *n, *cap) = w;
    }
}

static enum status week_put(struct call *c, const struct rows *closed, int64_t week)
{
    const struct in_weeks *in = c->in;
    const struct closed_week *w = closed->item, *old = NULL;
    for (size_t i = 0; i < closed->n; i++)
        if (w[i].week == week)
            old = &w[i];
    struct closed_week *now = record_new(c->arena, &record_closed_week);
    if (old != NULL)
        *now = *old;
    now->cohort_id = in->cohort_id;
    now->week = week;
    now->reason = in->reason;
    if (in->reason != NONE && (old == NULL || old->reason != in->reason))
        return call_save(c, &record_closed_week, old, now);
    return in->reason == NONE && old != NULL ? call_delete(c, &record_closed_week, old) : STATUS_OK;
}

static bool is_among(const int64_t *week, size_t n, int64_t one)
{
    for (size_t i = 0; i < n; i++)
        if (week[i] == one)
            return true;
    return false;
}

enum status uc_weeks_close(struct call *c)
{
    const struct in_weeks *in = c->in;
    void *found;
    struct rows closed;
    int64_t *week = NULL;
    size_t n = 0, cap = 0;
    struct str rest = in->weeks_listed;
    enum status st = scope_check_all(c, &record_in_weeks, in);
    if (st == STATUS_OK)
        st = tx_load(c->tx, &record_cohort, in->cohort_id, &found);
    if (st == STATUS_OK)
        st = call_query(c, SQL_closed_week_list, &closed, P(in->cohort_id), P(INT64_C(0)));
    while (st == STATUS_OK && rest.n > 0)
        st = week_take(c, found, str_cut(&rest, ','), ARENA_PUSH(c->arena, week, n, cap));
    if (st == STATUS_OK)
        st = days_take(c, found, in->days, &week, &n, &cap);
    if (st == STATUS_OK && n == 0)
        st = call_refuse(c, MSG_value_missing, "weeks_listed", NULL, NULL);
    for (size_t i = 0; st == STATUS_OK && i < n; i++)
        if (!is_among(week, i, week[i])) /* a week may be named twice */
            st = week_put(c, &closed, week[i]);
    c->subject = "cohort";
    c->id = in->cohort_id;
    return st == STATUS_CONFLICT ? call_refuse(c, MSG_refuse_doubled, "weeks_listed", NULL, NULL) : st;
}

/* Mail and phone are for those who look after the students, not for everybody who sees the list. */
static void hide_contacts(struct call *c)
{
    struct student_find_row *r = c->rows.item;
    if (c->actor->is_operator || app_may(c->actor, CAP_edit_cohort))
        return;
    for (size_t i = 0; i < c->rows.n; i++)
        r[i].mail = r[i].phone = STR("");
}

enum status uc_student_find(struct call *c)
{
    const struct in_student_find *in = c->in;
    enum status st = scope_check(c, &record_cohort, in->cohort_id);
    if (st == STATUS_OK)
        st = call_query(c, SQL_student_find, &c->rows, P(in->cohort_id), P(members_pattern(c->arena, in->query)),
                        P((int64_t)(in->group_name.n > 0)), P(in->group_name),
                        P(in->offset != NONE ? in->offset : 0));
    hide_contacts(c);
    return st;
}

enum status uc_student_show(struct call *c)
{
    int64_t id = ((const struct in_list *)c->in)->parent_id;
    enum status st = id != NONE ? scope_check(c, &record_student, id) : STATUS_NOT_FOUND;
    if (st == STATUS_OK)
        st = call_query(c, SQL_student_show, &c->rows, P(id));
    hide_contacts(c);
    return st;
}

enum status uc_student_absences(struct call *c)
{
    const struct in_list *in = c->in;
    enum status st = in->parent_id != NONE ? scope_check(c, &record_student, in->parent_id) : STATUS_NOT_FOUND;
    return st == STATUS_OK ? call_query(c, SQL_absence_of_student, &c->rows, P(in->parent_id), P(in->offset != NONE ? in->offset : 0)) : st;
}

enum status uc_student_wishes(struct call *c)
{
    const struct in_list *in = c->in;
    enum status st = in->parent_id != NONE ? scope_check(c, &record_student, in->parent_id) : STATUS_NOT_FOUND;
    return st == STATUS_OK ? call_query(c, SQL_wish_of_student_named, &c->rows, P(in->parent_id)) : st;
}

/* One row, one number: of a cohort's students who are there, or of those who gave no wish. */
static enum status count_of_cohort(struct call *c, enum sql_id sql)
{
    const struct in_list *in = c->in;
    enum status st = in->parent_id != NONE ? scope_check(c, &record_cohort, in->parent_id) : STATUS_NOT_FOUND;
    return st == STATUS_OK ? call_query(c, sql, &c->rows, P(in->parent_id)) : st;
}

enum status uc_students_count(struct call *c)
{
    return count_of_cohort(c, SQL_todo_students);
}

enum status uc_wishes_missing_count(struct call *c)
{
    return count_of_cohort(c, SQL_todo_wishes_missing);
}

enum status uc_wishes_missing(struct call *c)
{
    const struct in_list *in = c->in;
    enum status st = in->parent_id != NONE ? scope_check(c, &record_cohort, in->parent_id) : STATUS_NOT_FOUND;
    return st == STATUS_OK ? call_query(c, SQL_wish_missing, &c->rows, P(in->parent_id), P(in->offset != NONE ? in->offset : 0)) : st;
}

/* Nobody leaves, or comes back, by a form: that goes through the plan (withdraw.c). A new student is there. */
enum status uc_student_save(struct call *c)
{
    const struct student *in = c->in;
    void *found;
    int64_t state = student_state_active;
    if (c->target_id != 0) {
        enum status st = scope_check(c, &record_student, c->target_id);
        if (st == STATUS_OK)
            st = tx_load(c->tx, &record_student, c->target_id, &found);
        if (st != STATUS_OK)
            return st;
        state = ((const struct student *)found)->state;
    }
    if (in->state != state)
        return call_refuse(c, MSG_refuse_state_by_form, "state", NULL, NULL);
    return uc_save(c);
}

enum status uc_student_change(struct call *c)
{
    const struct in_student_change *in = c->in;
    void *found, *who;
    enum status st = scope_check(c, &record_student, c->target_id);
    if (st == STATUS_OK)
        st = tx_load(c->tx, &record_student, c->target_id, &found);
    if (st != STATUS_OK)
        return st;
    const struct student *old = found;
    if (old->version != c->target_version)
        return STATUS_CONFLICT;
    st = tx_load(c->tx, &record_person, old->person_id, &who);
    if (st != STATUS_OK)
        return st;
    const struct person *person = who;
    struct student now = *old;
    struct person named = *person;
    now.number = in->number;
    named.name = in->name;
    named.mail = in->mail;
    named.phone = in->phone;
    named.sort_key = pinyin_key(c->arena, in->name);
    st = call_save(c, &record_student, old, &now);
    if (st == STATUS_CONFLICT)
        return call_refuse(c, MSG_refuse_taken, "number", arena_str(c->arena, in->number).p, NULL);
    bool same = str_eq(named.name, person->name) && str_eq(named.mail, person->mail) && str_eq(named.phone, person->phone);
    if (st == STATUS_OK && !same)
        st = call_save(c, &record_person, person, &named);
    if (st == STATUS_OK)
        st = groups_set(c, now.cohort_id, now.id, in->group_name, NULL, NULL);
    c->subject = "student";
    c->id = now.id;
    return st;
}

enum status uc_students_group(struct call *c)
{
    const struct in_students_group *in = c->in;
    int64_t *id;
    size_t n;
    enum status st = scope_check_all(c, &record_in_students_group, in);
    if (st == STATUS_OK)
        st = ids_read(c, "students", in->students, &id, &n);
    for (size_t i = 0; st == STATUS_OK && i < n; i++) {
        void *found;
        st = tx_load(c->tx, &record_student, id[i], &found);
        const struct student *old = st == STATUS_OK ? found : NULL;
        if (st == STATUS_NOT_FOUND || (old != NULL && old->cohort_id != in->cohort_id))
            return call_refuse(c, MSG_refuse_not_there, "students", arena_printf(c->arena, "%lld", (long long)id[i]).p, NULL);
        struct rows done;
        bool changed = false;
        if (st == STATUS_OK)
            st = groups_set(c, in->cohort_id, id[i], in->group_name, NULL, &changed);
        if (st == STATUS_OK && changed)
            st = call_query(c, SQL_student_touch, &done, P(id[i])); /* an open form of his is stale now */
    }
    c->subject = "cohort";
    c->id = in->cohort_id;
    return st;
}
