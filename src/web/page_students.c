/* A cohort's students: the list with search and groups, and one student with data, absences and wishes. */
#include "web/form.h"
#include "web/page_links.h"
#include "web/pages.h"

enum { PAGE_ROWS = 100, WEEK = 7 };

static const struct cohort *cohort_find(struct ctx *c, int64_t id, enum status *st)
{
    struct rows cohorts = ctx_list(c, "cohort_list", NONE, st);
    const struct cohort *k = *st == STATUS_OK ? form_row(&record_cohort, &cohorts, id) : NULL;
    if (*st == STATUS_OK && k == NULL)
        *st = STATUS_NOT_FOUND;
    return k;
}

static struct controls add_controls(struct ctx *c, const struct posted *posted, int64_t cohort_id)
{
    static const char *const fields[] = { "number", "name", "group_name", "mail", "cohort_id" };
    struct form f = form_make(c, posted, "student_add", 0, NULL);
    struct control *item = ARENA_ARRAY(c->arena, LEN(fields), struct control);
    for (size_t i = 0; i < LEN(fields); i++)
        item[i] = form_control(&f, fields[i]);
    item[0].label = MSG_student_number;
    item[LEN(fields) - 1].kind = CONTROL_HIDDEN;
    item[LEN(fields) - 1].value = arena_printf(c->arena, "%lld", (long long)cohort_id);
    return (struct controls){ item, LEN(fields) };
}

static void show_list(struct ctx *c, int64_t cohort_id, const struct posted *posted)
{
    struct in_student_find *in = record_new(c->arena, &record_in_student_find);
    struct call call = { 0 };
    struct errs quiet = errs_make(c->arena);
    enum status st;
    const struct cohort *k = cohort_find(c, cohort_id, &st);
    for (int i = 0; i < record_in_student_find.n; i++) {
        const struct field *f = &record_in_student_find.field[i];
        if (!field_take(f, in, ctx_query(c, f->name), &quiet))
            st = STATUS_NOT_FOUND;
    }
    in->cohort_id = cohort_id;
    struct errs keep = c->errs;
    c->errs = errs_make(c->arena);
    if (st == STATUS_OK)
        st = ctx_run(c, "student_find", in, &call);
    struct rows groups = { 0 };
    if (st == STATUS_OK)
        groups = ctx_list(c, "group_list", cohort_id, &st);
    c->errs = keep;
    if (st != STATUS_OK) {
        ctx_fail(c, st);
        return;
    }
    const struct student_find_row *r = call.rows.item;
    size_t n = MIN(call.rows.n, (size_t)PAGE_ROWS);
    struct student_item *item = ARENA_ARRAY(c->arena, n, struct student_item);
    for (size_t i = 0; i < n; i++)
        item[i] = (struct student_item){ r[i].id, r[i].number, r[i].name, r[i].group_name, student_state_list.item[r[i].state].label,
                                         r[i].state == student_state_withdrawn, r[i].value > 0 };
    struct students_view v = { .cohort_id = cohort_id, .cohort = ctx_pick(c, k->name_zh, k->name_en), .query = in->query, .group = in->group_name,
                               .error = form_error(c), .item = item, .items = n, .may_edit = app_may(&c->session.actor, CAP_edit_cohort),
                               .add = add_controls(c, posted, cohort_id), .sees_wishes = app_may(&c->session.actor, CAP_see_wishes),
                               .saved = str_is(ctx_query(c, "saved"), "1"),
                               .add_open = posted->usecase != NULL || str_is(ctx_query(c, "add"), "1") || (n == 0 && in->query.n == 0 && in->group_name.n == 0) };
    v.group_option = groups.item;
    v.groups = groups.n;
    if (call.rows.n > PAGE_ROWS)
        v.next = (in->offset != NONE ? in->offset : 0) + PAGE_ROWS;
    c->page.path = arena_printf(c->arena, "/students/%lld", (long long)cohort_id);
    c->page.sheet = "forms.css";
    page_students(&c->resp->body, &c->page, &v);
}

void page_students_get(struct ctx *c)
{
    int64_t id;
    if (ctx_number(c, c->word[0], &id))
        show_list(c, id, &(struct posted){ 0 });
}

static enum status put_group(struct ctx *c, int64_t cohort_id)
{
    struct in_students_group *in = record_new(c->arena, &record_in_students_group);
    struct call call = { 0 };
    in->cohort_id = cohort_id;
    in->students = form_ticked(c, "student-");
    const struct field *f = record_field(&record_in_students_group, STR("group_name"));
    if (in->students.n == 0) {
        errs_add(&c->errs, MSG_student_none_ticked, STR(""), NULL);
        return STATUS_INPUT;
    }
    return field_take(f, in, ctx_form(c, "group_name"), &c->errs) ? ctx_run(c, "students_group", in, &call) : STATUS_INPUT;
}

void page_students_act(struct ctx *c)
{
    int64_t id;
    struct posted posted = { 0 };
    struct call call;
    enum status st = STATUS_NOT_FOUND;
    if (!ctx_number(c, c->word[0], &id))
        return;
    bool adds = str_is(c->word[1], "add");
    if (adds)
        st = form_run(c, "student_add", &posted, &call);
    else if (str_is(c->word[1], "group"))
        st = put_group(c, id);
    if (!form_answered(c, st, arena_printf(c->arena, "/students/%lld?saved=1%s", (long long)id, adds ? "&add=1#add" : "")))
        show_list(c, id, &posted);
}

/* ---- one student ---- */

static struct controls absence_controls(struct ctx *c, const struct posted *posted, int64_t student_id)
{
    static const char *const fields[] = { "first_week", "weeks", "reason", "student_id" };
    struct form f = form_make(c, posted, "absence_save", 0, NULL);
    struct control *item = ARENA_ARRAY(c->arena, LEN(fields), struct control);
    for (size_t i = 0; i < LEN(fields); i++)
        item[i] = form_control(&f, fields[i]);
    item[LEN(fields) - 1].kind = CONTROL_HIDDEN;
    item[LEN(fields) - 1].value = arena_printf(c->arena, "%lld", (long long)student_id);
    return (struct controls){ item, LEN(fields) };
}

static struct controls student_controls(struct ctx *c, const struct posted *posted, const struct student_find_row *s)
{
    static const char *const fields[] = { "name", "number", "group_name", "mail", "phone" };
    struct in_student_change *in = record_new(c->arena, &record_in_student_change);
    *in = (struct in_student_change){ s->number, s->name, s->group_name, s->mail, s->phone };
    struct form f = form_make(c, posted, "student_change", s->id, in);
    struct control *item = ARENA_ARRAY(c->arena, LEN(fields), struct control);
    for (size_t i = 0; i < LEN(fields); i++)
        item[i] = form_control(&f, fields[i]);
    item[1].label = MSG_student_number;
    return (struct controls){ item, LEN(fields) };
}

static void put_wishes(struct ctx *c, struct student_data_view *v, const struct rows *wishes)
{
    const struct my_wish_row *w = wishes->item;
    struct student_wish *item = ARENA_ARRAY(c->arena, wishes->n, struct student_wish);
    for (size_t i = 0; i < wishes->n; i++)
        item[i] = (struct student_wish){ w[i].rank + 1, ctx_pick(c, w[i].name_zh, w[i].name_en), ctx_pick(c, w[i].rotation_zh, w[i].rotation_en) };
    v->wish = item;
    v->wishes = wishes->n;
}

static void show_student(struct ctx *c, int64_t id, const struct posted *posted)
{
    enum status st;
    struct rows rows = ctx_list(c, "student_show", id, &st), absences = { 0 }, wishes = { 0 };
    const struct student_find_row *s = rows.item;
    const struct cohort *k = NULL;
    bool sees_wishes = app_may(&c->session.actor, CAP_see_wishes);
    if (st == STATUS_OK && rows.n == 0)
        st = STATUS_NOT_FOUND;
    if (st == STATUS_OK)
        k = cohort_find(c, s->cohort_id, &st);
    if (st == STATUS_OK)
        absences = ctx_list(c, "student_absences", id, &st);
    if (st == STATUS_OK && sees_wishes)
        wishes = ctx_list(c, "student_wishes", id, &st);
    if (st != STATUS_OK) {
        ctx_fail(c, st);
        return;
    }
    const struct absence *a = absences.item;
    struct absence_item *absence = ARENA_ARRAY(c->arena, absences.n, struct absence_item);
    for (size_t i = 0; i < absences.n; i++)
        absence[i] = (struct absence_item){ a[i].id, a[i].version, (date)a[i].first_week, (date)(a[i].first_week + WEEK * a[i].weeks - 1), a[i].weeks, a[i].reason };
    struct student_data_view v = { .id = id, .version = s->version, .cohort_id = s->cohort_id, .person_id = s->person_id, .name = s->name, .number = s->number,
                              .cohort = ctx_pick(c, k->name_zh, k->name_en), .error = form_error(c), .may_edit = app_may(&c->session.actor, CAP_edit_cohort),
                              .saved = str_is(ctx_query(c, "saved"), "1"), .sees_wishes = sees_wishes, .is_withdrawn = s->state == student_state_withdrawn,
                              .may_link = app_may(&c->session.actor, CAP_edit_people) && c->session.actor.side == side_university,
                              .controls = student_controls(c, posted, s), .absence = absence, .absences = absences.n,
                              .add_absence = absence_controls(c, posted, id) };
    put_wishes(c, &v, &wishes);
    c->page.path = arena_printf(c->arena, "/student-data/%lld", (long long)id);
    c->page.sheet = "forms.css";
    page_student_data(&c->resp->body, &c->page, &v);
}

void page_student_data_get(struct ctx *c)
{
    int64_t id;
    if (ctx_number(c, c->word[0], &id))
        show_student(c, id, &(struct posted){ 0 });
}

void page_student_data_act(struct ctx *c)
{
    static const struct form_act acts[] = { { "save", "student_change" }, { "absence", "absence_save" }, { "absence-delete", "absence_delete" }, { "readmit", "student_readmit" } };
    int64_t id;
    struct posted posted = { 0 };
    struct call call = { 0 };
    if (!ctx_number(c, c->word[0], &id))
        return;
    bool links = str_is(c->word[1], "link") && str_int(ctx_form(c, "person_id"), &call.target_id);
    enum status st = links ? ctx_run(c, "link_make", record_new(c->arena, &record_in_target), &call)
                           : form_run_act(c, acts, LEN(acts), &posted, &call);
    if (st == STATUS_OK && links)
        links_show(c, MSG_people_link, STR(""), &call.rows, arena_printf(c->arena, "/student-data/%lld", (long long)id));
    else if (!form_answered(c, st, arena_printf(c->arena, "/student-data/%lld?saved=1", (long long)id)))
        show_student(c, id, &posted);
}
