/* People of a base: the list with its search, one person with roles and account, a link just made. */
#include "web/form.h"
#include "web/page_links.h"
#include "web/pages.h"

enum { PAGE_ROWS = 100 };

static struct str department_name(const struct ctx *c, const struct rows *departments, int64_t id)
{
    const struct department *d = id != NONE ? form_row(&record_department, departments, id) : NULL;
    return d != NULL ? ctx_pick(c, d->name_zh, d->name_en) : STR("");
}

/* Rows of one person become one item; they come side by side. */
static size_t gather(struct ctx *c, const struct rows *rows, const struct rows *departments, struct people_item *item)
{
    const struct people_row *r = rows->item;
    struct role_tag *tag = ARENA_ARRAY(c->arena, rows->n, struct role_tag);
    size_t n = 0;
    for (size_t i = 0; i < rows->n; i++) {
        bool is_new = i == 0 || r[i].person_id != r[i - 1].person_id;
        if (is_new)
            item[n++] = (struct people_item){ .person_id = r[i].person_id, .name = r[i].name, .login_name = r[i].login_name,
                                              .side = side_list.item[r[i].side].label, .role = &tag[i],
                                              .has_account = r[i].account_id != NONE, .is_disabled = r[i].disabled == 1 };
        tag[i] = (struct role_tag){ role_list.item[r[i].role].label, department_name(c, departments, r[i].department_id), r[i].id,
                                    r[i].version, r[i].side == (int64_t)c->session.actor.side };
        item[n - 1].roles++;
    }
    return n;
}

void page_people_get(struct ctx *c)
{
    struct in_find *in = record_new(c->arena, &record_in_find);
    struct call call = { 0 };
    enum status st;
    bool good = true;
    for (int i = 0; i < record_in_find.n; i++)
        good = field_take(&record_in_find.field[i], in, ctx_query(c, record_in_find.field[i].name), &c->errs) && good;
    st = good ? ctx_run(c, "people_find", in, &call) : STATUS_NOT_FOUND;
    struct rows departments = { 0 };
    if (st == STATUS_OK)
        departments = ctx_list(c, "department_list", NONE, &st);
    if (st != STATUS_OK) {
        ctx_fail(c, st);
        return;
    }
    struct rows rows = { .n = MIN(call.rows.n, (size_t)PAGE_ROWS), .item = call.rows.item };
    struct people_item *item = ARENA_ARRAY(c->arena, rows.n, struct people_item);
    struct form f = form_make(c, &(struct posted){ 0 }, "people_find", 0, in);
    struct control find[] = { form_control(&f, "query"), form_control(&f, "role") };
    find[0].label = MSG_people_query;
    find[1].empty = MSG_people_all_roles;
    struct people_view v = { .query = in->query, .find = { find, LEN(find) }, .item = item,
                             .items = gather(c, &rows, &departments, item), .may_add = app_may(&c->session.actor, CAP_edit_people) };
    if (call.rows.n > PAGE_ROWS)
        v.next = (in->offset != NONE ? in->offset : 0) + PAGE_ROWS;
    c->page.sheet = "forms.css";
    page_people(&c->resp->body, &c->page, &v);
}

/* The roles of the actor's own side. */
static struct control role_control(const struct form *f)
{
    struct control ctl = form_control(f, "role");
    enum side side = f->c->session.actor.side;
    struct option *o = ARENA_ARRAY(f->c->arena, ctl.options, struct option);
    size_t n = 0;
    for (size_t i = 0; i < ctl.options; i++)
        if (app_role_fits((enum role)ctl.option[i].value, side) && ctl.option[i].value != role_student)
            o[n++] = ctl.option[i];
    ctl.option = o;
    ctl.options = n;
    return ctl;
}

static struct control side_control(const struct form *f)
{
    struct control ctl = form_control(f, "side");
    ctl.kind = CONTROL_HIDDEN;
    ctl.value = str_of(side_list.item[f->c->session.actor.side].name);
    return ctl;
}

static struct control department_control(const struct form *f)
{
    enum status st;
    struct control ctl = form_control(f, "department_id");
    struct rows departments = ctx_list(f->c, "department_list", NONE, &st);
    form_choose(f, &ctl, &record_department, &departments);
    ctl.hint = MSG_people_department_hint;
    return ctl;
}

static void show_form(struct ctx *c, const struct posted *posted)
{
    struct form f = form_make(c, posted, "member_add", 0, NULL);
    struct control item[] = { form_control(&f, "name"), form_control(&f, "login_name"), role_control(&f), department_control(&f), side_control(&f) };
    struct member_form_view v = { .error = posted->usecase != NULL ? form_error(c) : STR(""),
                                  .controls = { item, c->session.actor.side == side_hospital ? LEN(item) : LEN(item) - 1 } };
    if (c->session.actor.side != side_hospital)
        item[3] = item[4]; /* only the hospital has departments */
    item[1].hint = MSG_people_login_hint;
    c->page.sheet = "forms.css";
    page_member_form(&c->resp->body, &c->page, &v);
}

void page_people_new(struct ctx *c)
{
    show_form(c, &(struct posted){ 0 });
}

void page_people_add(struct ctx *c)
{
    struct posted posted = { 0 };
    struct call call, link = { 0 };
    enum status st = form_run(c, "member_add", &posted, &call);
    if (st == STATUS_OK) {
        link.target_id = call.id;
        st = ctx_run(c, "link_make", record_new(c->arena, &record_in_target), &link);
    }
    if (st == STATUS_OK)
        links_show(c, MSG_people_added, STR(""), &link.rows, arena_printf(c->arena, "/person/%lld", (long long)call.id));
    else if (st == STATUS_INPUT && posted.usecase != NULL)
        show_form(c, &posted);
    else
        ctx_fail(c, st);
}

static const struct person *person_load(struct ctx *c, int64_t id)
{
    enum status st;
    struct rows rows = ctx_list(c, "person_get", id, &st);
    return st == STATUS_OK && rows.n == 1 ? rows.item : NULL;
}

static void show_person(struct ctx *c, int64_t id, const struct posted *posted)
{
    enum status st;
    struct rows rows = ctx_list(c, "person_show", id, &st), departments = { 0 };
    if (st == STATUS_OK)
        departments = ctx_list(c, "department_list", NONE, &st);
    const struct person *person = st == STATUS_OK ? person_load(c, id) : NULL;
    if (person == NULL) {
        ctx_fail(c, st != STATUS_OK ? st : STATUS_NOT_FOUND);
        return;
    }
    const struct people_row *r = rows.item;
    struct people_item *item = ARENA_ARRAY(c->arena, rows.n + 1, struct people_item);
    size_t n = gather(c, &rows, &departments, item);
    bool mine = n == 0 || r[0].side == (int64_t)c->session.actor.side;
    struct form data = form_make(c, posted, "person_save", id, person), role = form_make(c, posted, "membership_save", 0, NULL);
    struct form account = form_make(c, posted, "account_save", 0, NULL);
    struct control data_item[] = { form_control(&data, "name"), form_control(&data, "name_en"), form_control(&data, "mail"), form_control(&data, "phone") };
    struct control role_item[] = { role_control(&role), side_control(&role), department_control(&role) };
    struct control account_item[] = { form_control(&account, "login_name") };
    struct person_view v = { .person_id = id, .version = person->version, .item = n > 0 ? item[0] : (struct people_item){ .name = person->name, .login_name = STR("") },
                             .person = { data_item, LEN(data_item) }, .account = { account_item, 1 },
                             .add_role = { role_item, c->session.actor.side == side_hospital ? 3 : 2 },
                             .may_edit = mine && app_may(&c->session.actor, CAP_edit_people),
                             .error = form_error(c), .password_at = STR(""), .is_saved = str_is(ctx_query(c, "saved"), "1") };
    if (rows.n > 0 && r[0].password_at != NONE)
        v.password_at = (struct str){ ctx_time(c, r[0].password_at).p, 10 };
    c->page.sheet = "forms.css";
    page_person(&c->resp->body, &c->page, &v);
}

void page_person_get(struct ctx *c)
{
    int64_t id;
    if (ctx_number(c, c->word[0], &id))
        show_person(c, id, &(struct posted){ 0 });
}

/* A form names the person by the path: what the input calls person_id is not taken from the form. */
static enum status add_for(struct ctx *c, const char *usecase, int64_t person_id, struct posted *posted)
{
    struct call call = { 0 };
    const struct usecase *u = app_usecase(str_of(usecase));
    void *in = record_new(c->arena, u->in);
    const struct field *person = record_field(u->in, STR("person_id")), *base = record_field(u->in, STR("base_id"));
    *field_int(person, in) = person_id;
    if (base != NULL)
        *field_int(base, in) = c->session.actor.base_id;
    bool good = record_from_form(u->in, in, ctx_lookup, c, &c->errs);
    *field_int(person, in) = person_id;
    if (base != NULL)
        *field_int(base, in) = c->session.actor.base_id;
    enum status st = good ? ctx_run(c, usecase, in, &call) : STATUS_INPUT;
    if (st == STATUS_INPUT) {
        c->resp->status = 422;
        *posted = (struct posted){ usecase, 0, in };
    }
    return st;
}

void page_person_act(struct ctx *c)
{
    static const struct form_act acts[] = { { "link", "link_make" }, { "disable", "account_disable" }, { "enable", "account_enable" }, { "save", "person_save" },
                 { "role-remove", "membership_delete" }, { "role-add", "membership_save" }, { "account", "account_save" } };
    int64_t id;
    const char *usecase = form_act(acts, LEN(acts), c->word[1]);
    struct posted posted = { 0 };
    struct call call = { 0 };
    enum status st;
    if (!ctx_number(c, c->word[0], &id))
        return;
    if (usecase == NULL) {
        ctx_fail(c, STATUS_NOT_FOUND);
        return;
    }
    bool whole = app_usecase(str_of(usecase))->in != &record_in_target;
    if (str_is(c->word[1], "role-add") || str_is(c->word[1], "account")) {
        st = add_for(c, usecase, id, &posted);
    } else if (whole) {
        st = form_run(c, usecase, &posted, &call);
    } else {
        call.target_id = id;
        st = ctx_run(c, usecase, record_new(c->arena, &record_in_target), &call);
    }
    if (st == STATUS_OK && str_is(c->word[1], "link"))
        links_show(c, MSG_people_link, STR(""), &call.rows, arena_printf(c->arena, "/person/%lld", (long long)id));
    else if (!form_answered(c, st, arena_printf(c->arena, "/person/%lld?saved=1", (long long)id)))
        show_person(c, id, &posted);
}
