/* What waits for whom: facts only; the page has the words and the way to each. Every entry is something that its reader can
 * do or must know now; what is done does not appear. */
#include "app/supervision.h"
#include "app/usecases.h"

enum { WEEK = 7, ROWS_MOST = 400 };

struct todo_list_made {
    struct call *c;
    struct todo_row *row;
    size_t n;
    enum status st;
};

static void add(struct todo_list_made *l, enum todo what, int64_t subject_id, struct str zh, struct str en, int64_t value, int64_t total)
{
    if (l->n < ROWS_MOST)
        l->row[l->n++] = (struct todo_row){ what, subject_id, zh, en, value, total, NONE };
}

static int64_t count(struct todo_list_made *l, enum sql_id sql, const struct param *p, size_t n)
{
    struct rows rows = { 0 };
    if (l->st == STATUS_OK)
        l->st = tx_query(l->c->tx, sql, p, n, &rows);
    return l->st == STATUS_OK && rows.n == 1 ? ((const struct count_row *)rows.item)->value : 0;
}
#define COUNT(l, sql, ...) \
    count((l), SQL_##sql, (const struct param[]){ __VA_ARGS__ }, sizeof((const struct param[]){ __VA_ARGS__ }) / sizeof(struct param))

static struct rows list(struct todo_list_made *l, enum sql_id sql, int64_t under)
{
    struct rows rows = { 0 };
    if (l->st == STATUS_OK)
        l->st = call_query(l->c, sql, &rows, P(under), P(INT64_C(0)));
    return rows;
}

/* *any: there is one; *usable: one of them can be planned. */
static void programmes(struct todo_list_made *l, bool *any, bool *usable)
{
    struct rows rows = list(l, SQL_programme_list, l->c->actor->base_id);
    const struct programme *p = rows.item;
    *any = rows.n > 0;
    if (rows.n == 0)
        add(l, todo_programme, NONE, STR(""), STR(""), 0, NONE);
    for (size_t i = 0; i < rows.n; i++) {
        int64_t rotations = COUNT(l, todo_rotations, P(p[i].id)), nowhere = COUNT(l, todo_rotations_nowhere, P(p[i].id));
        if (rotations == 0)
            add(l, todo_rotations, p[i].id, p[i].name_zh, p[i].name_en, 0, NONE);
        else if (nowhere > 0)
            add(l, todo_rotation_departments, p[i].id, p[i].name_zh, p[i].name_en, nowhere, rotations);
        *usable = *usable || (rotations > 0 && nowhere == 0);
    }
}

/* Before the first plan: what the cohort lacks. */
static void cohort_lacks(struct todo_list_made *l, const struct cohort *k, int64_t students, bool usable)
{
    int64_t missing = COUNT(l, todo_wishes_missing, P(k->id));
    date today = app_today(l->c->app);
    bool opened = k->wishes_open != NONE && today >= k->wishes_open, over = k->wishes_close != NONE && today > k->wishes_close;
    if (students == 0)
        add(l, todo_students, k->id, k->name_zh, k->name_en, 0, NONE);
    if (COUNT(l, todo_closed_weeks, P(k->id)) == 0)
        add(l, todo_closed_weeks, k->id, k->name_zh, k->name_en, 0, NONE);
    if (students > 0 && k->wishes_open == NONE && k->wishes_close == NONE && missing == students)
        add(l, todo_wish_dates, k->id, k->name_zh, k->name_en, 0, NONE);
    if (students > 0 && missing > 0 && opened && !over)
        add(l, todo_wishes_missing, k->id, k->name_zh, k->name_en, missing, students);
    if (l->n > 0 && opened && !over && l->row[l->n - 1].what == todo_wishes_missing)
        l->row[l->n - 1].until_day = k->wishes_close;
    if (students > 0 && usable && COUNT(l, todo_departments, P(l->c->actor->hospital_id)) > 0)
        add(l, todo_make_plan, k->id, k->name_zh, k->name_en, students, NONE);
}

/* The newest plan that somebody has taken beyond a draft waits for one act; a whole draft waits for being proposed. */
static void plan_waits(struct todo_list_made *l, const struct cohort *k, const struct rows *plans)
{
    const struct plan_row *p = plans->item;
    const struct actor *a = l->c->actor;
    enum plan_state mine = a->side == side_university ? plan_state_agreed_university : plan_state_agreed_hospital;
    bool drafts = false, ahead = false;
    for (size_t i = 0; i < plans->n; i++) {
        bool whole = p[i].verdict == plan_verdict_optimal || p[i].verdict == plan_verdict_feasible;
        if (p[i].state == plan_state_draft && whole)
            drafts = true;
        if (p[i].state == plan_state_superseded || p[i].state == plan_state_draft || ahead)
            continue;
        ahead = true; /* they come newest first */
        if (p[i].state == plan_state_agreed)
            add(l, todo_publish, k->id, k->name_zh, k->name_en, p[i].number, NONE);
        else if (p[i].state != plan_state_published && p[i].state != (int64_t)mine)
            add(l, todo_agree, k->id, k->name_zh, k->name_en, p[i].number, NONE);
    }
    if (drafts && !ahead && app_may(a, CAP_edit_cohort))
        add(l, todo_propose, k->id, k->name_zh, k->name_en, 0, NONE);
}

static void cohorts(struct todo_list_made *l, bool any_programme, bool usable)
{
    struct rows rows = list(l, SQL_cohort_list, l->c->actor->base_id);
    const struct cohort *k = rows.item;
    const struct actor *a = l->c->actor;
    date today = app_today(l->c->app);
    if (rows.n == 0 && any_programme && app_may(a, CAP_edit_cohort))
        add(l, todo_cohort, NONE, STR(""), STR(""), 0, NONE);
    for (size_t i = 0; i < rows.n; i++) {
        if (k[i].first_week + WEEK * k[i].weeks <= today)
            continue; /* over */
        struct rows plans = list(l, SQL_plan_list, k[i].id);
        const struct plan_row *p = plans.item;
        bool any_beyond = false, any_whole = false;
        for (size_t n = 0; n < plans.n; n++) {
            any_beyond = any_beyond || p[n].state != plan_state_draft;
            any_whole = any_whole || p[n].verdict == plan_verdict_optimal || p[n].verdict == plan_verdict_feasible;
        }
        if (app_may(a, CAP_edit_cohort) && !any_beyond && !any_whole)
            cohort_lacks(l, &k[i], COUNT(l, todo_students, P(k[i].id)), usable);
        if (app_may(a, CAP_agree_plan))
            plan_waits(l, &k[i], &plans);
    }
}

/* Students of the coming weeks for whom nobody is named, or whose preceptor is gone; of one department, or of all together. */
static void supervision(struct todo_list_made *l, const struct department *of)
{
    struct rows unnamed = { 0 }, gone = { 0 };
    if (l->st == STATUS_OK)
        l->st = supervision_open(l->c, &unnamed, &gone);
    if (l->st != STATUS_OK)
        return;
    const struct rows *list[] = { &unnamed, &gone };
    static const enum todo what[] = { todo_name_preceptors, todo_preceptors_gone };
    for (size_t k = 0; k < LEN(list); k++) {
        const struct load_row *x = list[k]->item;
        int64_t students = 0, departments = 0, one = NONE;
        for (size_t i = 0; i < list[k]->n; i++)
            if (of == NULL || x[i].department_id == of->id) {
                students += x[i].value;
                departments++;
                one = x[i].department_id;
            }
        if (students > 0)
            add(l, what[k], one, of != NULL ? of->name_zh : STR(""), of != NULL ? of->name_en : STR(""), students, departments);
    }
}

static void hospital(struct todo_list_made *l)
{
    const struct actor *a = l->c->actor;
    int64_t departments = COUNT(l, todo_departments, P(a->hospital_id)), alone = COUNT(l, todo_departments_alone, P(a->hospital_id));
    if (departments == 0)
        add(l, todo_departments, NONE, STR(""), STR(""), 0, NONE);
    else if (alone > 0)
        add(l, todo_preceptors, NONE, STR(""), STR(""), alone, departments);
    supervision(l, NULL);
}

static void department(struct todo_list_made *l)
{
    const struct actor *a = l->c->actor;
    struct param one[] = { P(a->department_id) };
    int64_t now = date_monday(app_today(l->c->app)), next = now + WEEK;
    void *found;
    if (l->st == STATUS_OK)
        l->st = tx_load(l->c->tx, &record_department, a->department_id, &found);
    if (l->st != STATUS_OK)
        return;
    const struct department *d = found;
    int64_t here = COUNT(l, todo_here, P(d->id), P(a->base_id), P(now), P(now));
    int64_t arrivals = COUNT(l, todo_arrivals, P(d->id), P(a->base_id), P(next), P(next));
    int64_t mine = a->roles & 1u << role_preceptor ? COUNT(l, supervised_by, P(a->person_id), P(now), P(now)) : 0;
    if (mine > 0)
        add(l, todo_supervise, d->id, d->name_zh, d->name_en, mine, NONE);
    if (a->roles & 1u << role_department_secretary)
        supervision(l, d);
    if (here > 0)
        add(l, todo_here, d->id, d->name_zh, d->name_en, here, NONE);
    if (arrivals > 0)
        add(l, todo_arrivals, d->id, d->name_zh, d->name_en, arrivals, NONE);
    if (a->roles & 1u << role_department_secretary && count(l, SQL_todo_preceptors, one, 1) == 0)
        add(l, todo_department_preceptors, d->id, d->name_zh, d->name_en, 0, NONE);
}

/* A student whose wishes are open and not given. */
static void student(struct todo_list_made *l)
{
    struct rows rows = { 0 }, wishes = { 0 };
    const struct actor *a = l->c->actor;
    void *found = NULL;
    if (l->st == STATUS_OK)
        l->st = call_query(l->c, SQL_student_of_person, &rows, P(a->person_id), P(a->base_id));
    const struct student *s = rows.item;
    if (l->st == STATUS_OK && rows.n == 1)
        l->st = tx_load(l->c->tx, &record_cohort, s->cohort_id, &found);
    if (l->st == STATUS_OK && rows.n == 1)
        l->st = call_query(l->c, SQL_wish_of_student, &wishes, P(s->id));
    const struct cohort *k = found;
    date today = app_today(l->c->app);
    if (l->st != STATUS_OK || k == NULL || wishes.n > 0 || s->state != student_state_active)
        return;
    if (k->wishes_open == NONE || today < k->wishes_open || (k->wishes_close != NONE && today > k->wishes_close))
        return;
    add(l, todo_give_wishes, s->id, k->name_zh, k->name_en, 0, NONE);
    l->row[l->n - 1].until_day = k->wishes_close;
}

enum status uc_todo(struct call *c)
{
    const struct actor *a = c->actor;
    struct todo_list_made l = { .c = c, .row = ARENA_ARRAY(c->arena, ROWS_MOST, struct todo_row), .st = STATUS_OK };
    bool any_programme = false, usable = false;
    int64_t role = a->side == side_university ? role_secretary : role_education_office;
    if (app_may(a, CAP_edit_programme))
        programmes(&l, &any_programme, &usable);
    if (app_may(a, CAP_edit_department))
        hospital(&l);
    if (app_may(a, CAP_edit_cohort) || app_may(a, CAP_agree_plan))
        cohorts(&l, any_programme, usable);
    if (a->department_id != NONE)
        department(&l);
    if (a->roles & 1u << role_student)
        student(&l);
    if (a->roles & 1u << role_administrator && COUNT(&l, todo_members, P(a->base_id), P((int64_t)a->side), P(role)) == 0)
        add(&l, todo_members, NONE, STR(""), STR(""), 0, NONE);
    c->rows = (struct rows){ .n = l.n, .item = l.row };
    return l.st;
}

enum status uc_notice_list(struct call *c)
{
    const struct in_list *in = c->in;
    return call_query(c, SQL_notice_list, &c->rows, P(c->actor->person_id), P(in->offset != NONE ? in->offset : 0));
}

/* All of one's notices are read: they stay in the list, without their mark. */
enum status uc_notices_read(struct call *c)
{
    struct rows done;
    c->subject = "person";
    c->id = c->actor->person_id;
    return call_query(c, SQL_notice_read, &done, P(app_now(c->app)), P(c->actor->person_id));
}
