/* Groups of a cohort. */
#include "web/form.h"
#include "web/pages.h"
#include "web/plan_head.h"
#include "web/views_groups.h"

enum { NAMES_SHOWN = 12 };

struct groups_page {
    struct ctx *c;
    struct groups_view v;
    struct rows groups, quotas, departments;
    const struct posted *posted;
};

static struct controls controls_of(struct groups_page *g, int64_t id, const struct group_row *row, bool *is_posted)
{
    static const char *const fields[] = { "name", "group_kind", "cohort_id" };
    struct ctx *c = g->c;
    struct student_group *rec = record_new(c->arena, &record_student_group);
    rec->group_kind = row != NULL ? row->group_kind : group_kind_plain;
    rec->name = row != NULL ? row->name : STR("");
    struct form f = form_make(c, g->posted, "student_group_save", id, rec);
    struct control *item = ARENA_ARRAY(c->arena, LEN(fields), struct control);
    for (size_t i = 0; i < LEN(fields); i++)
        item[i] = form_control(&f, fields[i]);
    item[LEN(fields) - 1].kind = CONTROL_HIDDEN;
    item[LEN(fields) - 1].value = plan_number(c, g->v.cohort_id);
    *is_posted = f.is_posted;
    return (struct controls){ item, LEN(fields) };
}

/* The first names, and whether there are more. */
static struct str members_of(struct groups_page *g, const struct group_row *row, bool *is_more, enum status *st)
{
    struct ctx *c = g->c;
    struct rows members = ctx_list(c, "group_members", row->id, st);
    const struct group_member_row *m = members.item;
    struct buf b = buf_make(1 << 13);
    for (size_t i = 0; i < members.n && i < NAMES_SHOWN; i++) {
        buf_z(&b, i == 0 ? "" : c->page.lang == LANG_ZH ? "、" : ", ");
        buf_str(&b, m[i].name);
    }
    *is_more = members.n > NAMES_SHOWN;
    struct str s = arena_str(c->arena, buf_view(&b));
    buf_free(&b);
    return s;
}

static void put_quotas(struct groups_page *g, struct group_item *item)
{
    struct ctx *c = g->c;
    const struct quota_row *q = g->quotas.item;
    struct str *text = ARENA_ARRAY(c->arena, g->quotas.n, struct str);
    for (size_t i = 0; i < g->quotas.n; i++)
        if (q[i].group_id == item->id)
            text[item->quotas++] = TEXT(c, q[i].outside == 1 ? MSG_groups_quota_outside : MSG_groups_quota,
                                        plan_name_department(c, &g->departments, q[i].department_id), plan_number(c, q[i].seats));
    item->quota = text;
}

static enum status fill(struct groups_page *g)
{
    struct ctx *c = g->c;
    const struct group_row *row = g->groups.item;
    struct group_item *item = ARENA_ARRAY(c->arena, g->groups.n, struct group_item);
    enum status st = STATUS_OK;
    for (size_t i = 0; st == STATUS_OK && i < g->groups.n; i++) {
        item[i] = (struct group_item){ .id = row[i].id, .version = row[i].version, .students = row[i].value, .name = row[i].name,
                                       .kind = group_kind_list.item[row[i].group_kind].label, .is_plain = row[i].group_kind == group_kind_plain };
        item[i].members = members_of(g, &row[i], &item[i].is_more, &st);
        item[i].controls = controls_of(g, row[i].id, &row[i], &item[i].is_open);
        put_quotas(g, &item[i]);
    }
    g->v.item = item;
    g->v.items = g->groups.n;
    g->v.add = controls_of(g, 0, NULL, &g->v.add_open);
    g->v.add_open = g->v.add_open || g->groups.n == 0;
    return st;
}

static void show(struct ctx *c, int64_t cohort_id, const struct posted *posted)
{
    struct groups_page g = { .c = c, .posted = posted };
    struct errs keep = c->errs;
    enum status st;
    c->errs = errs_make(c->arena);
    const struct cohort *k = plan_head_cohort(c, cohort_id, &st);
    if (st == STATUS_OK)
        g.groups = ctx_list(c, "group_list", cohort_id, &st);
    if (st == STATUS_OK)
        g.quotas = ctx_list(c, "quota_list", cohort_id, &st);
    if (st == STATUS_OK)
        g.departments = ctx_list(c, "department_list", NONE, &st);
    c->errs = keep;
    g.v.cohort_id = cohort_id;
    if (st == STATUS_OK)
        st = fill(&g);
    if (st != STATUS_OK) {
        ctx_fail(c, st);
        return;
    }
    g.v.cohort = ctx_pick(c, k->name_zh, k->name_en);
    g.v.error = form_error(c);
    g.v.may_edit = app_may(&c->session.actor, CAP_edit_cohort);
    g.v.saved = str_is(ctx_query(c, "saved"), "1");
    c->page.path = arena_printf(c->arena, "/groups/%lld", (long long)cohort_id);
    c->page.sheet = "forms.css";
    page_groups(&c->resp->body, &c->page, &g.v);
}

void page_groups_get(struct ctx *c)
{
    int64_t id;
    if (ctx_number(c, c->word[0], &id))
        show(c, id, &(struct posted){ 0 });
}

void page_groups_act(struct ctx *c)
{
    static const struct form_act acts[] = { { "save", "student_group_save" }, { "delete", "student_group_delete" } };
    int64_t id;
    struct posted posted = { 0 };
    struct call call = { 0 };
    if (!ctx_number(c, c->word[0], &id))
        return;
    enum status st = form_run_act(c, acts, LEN(acts), &posted, &call);
    if (!form_answered(c, st, arena_printf(c->arena, "/groups/%lld?saved=1", (long long)id)))
        show(c, id, &posted);
}
