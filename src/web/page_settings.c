/* Settings of the base, from their table, and its names; the tree of organisations with the hospital's sites. */
#include "app/settings.h"
#include "web/form.h"
#include "web/pages.h"

static struct controls base_controls(struct ctx *c, const struct posted *posted, const struct base *b)
{
    static const char *const fields[] = { "name_zh", "name_en", "university_id", "hospital_id" };
    struct form f = form_make(c, posted, "base_save", b->id, b);
    struct control *item = ARENA_ARRAY(c->arena, LEN(fields), struct control);
    for (size_t i = 0; i < LEN(fields); i++) {
        item[i] = form_control(&f, fields[i]);
        if (i >= 2)
            item[i].kind = CONTROL_HIDDEN;
    }
    return (struct controls){ item, LEN(fields) };
}

static void show(struct ctx *c, const struct posted *posted)
{
    enum status st;
    struct rows rows = ctx_list(c, "setting_list", NONE, &st), bases = { 0 };
    if (st == STATUS_OK)
        bases = ctx_list(c, "base_list", NONE, &st);
    if (st == STATUS_OK && bases.n == 0)
        st = STATUS_NOT_FOUND;
    if (st != STATUS_OK) {
        ctx_fail(c, st);
        return;
    }
    const struct setting *s = rows.item;
    const struct base *b = bases.item;
    const struct in_setting *wrong = posted->usecase != NULL && strcmp(posted->usecase, "setting_set") == 0 ? posted->in : NULL;
    struct setting_item *item = ARENA_ARRAY(c->arena, rows.n, struct setting_item);
    for (size_t i = 0; i < rows.n; i++) {
        const struct setting_line *line = &settings_table[i];
        item[i] = (struct setting_item){ .name = line->name, .label = line->label, .hint = line->hint, .is_language = line->kind == SETTING_KIND_LANGUAGE,
                                         .least = line->least, .most = line->most, .value = s[i].value, .error = STR("") };
        if (wrong != NULL && str_is(wrong->name, line->name)) {
            item[i].value = wrong->value;
            item[i].error = form_error(c);
        }
    }
    struct settings_view v = { .item = item, .items = rows.n, .base = base_controls(c, posted, b), .base_id = b->id, .base_version = b->version,
                               .may_rename = app_may(&c->session.actor, CAP_edit_organisation), .saved = str_is(ctx_query(c, "saved"), "1"),
                               .error = wrong == NULL ? form_error(c) : STR("") };
    c->page.path = STR("/settings");
    c->page.sheet = "forms.css";
    page_settings(&c->resp->body, &c->page, &v);
}

void page_settings_get(struct ctx *c)
{
    show(c, &(struct posted){ 0 });
}

/* The form has every setting by its name; only what differs is stored, all or nothing being each one's own. */
static enum status put_settings(struct ctx *c, struct posted *posted)
{
    enum status st;
    struct rows rows = ctx_list(c, "setting_list", NONE, &st);
    const struct setting *s = rows.item;
    for (size_t i = 0; st == STATUS_OK && i < rows.n; i++) {
        struct in_setting *in = record_new(c->arena, &record_in_setting);
        struct call call = { 0 };
        in->name = s[i].name;
        in->value = str_trim(ctx_form(c, arena_str(c->arena, s[i].name).p));
        if (str_eq(in->value, s[i].value))
            continue;
        st = ctx_run(c, "setting_set", in, &call);
        if (st == STATUS_INPUT)
            *posted = (struct posted){ "setting_set", 0, in };
    }
    return st;
}

void page_settings_post(struct ctx *c)
{
    struct posted posted = { 0 };
    struct call call;
    enum status st = STATUS_NOT_FOUND;
    if (str_is(c->word[0], "base"))
        st = form_run(c, "base_save", &posted, &call);
    else if (str_is(c->word[0], "save"))
        st = put_settings(c, &posted);
    if (st == STATUS_OK) {
        http_redirect(c->resp, STR("/settings?saved=1"));
    } else if (st == STATUS_INPUT) {
        c->resp->status = 422;
        show(c, &posted);
    } else {
        ctx_fail(c, st);
    }
}

/* ---- units ---- */

struct tree {
    struct ctx *c;
    const struct organisation *o;
    size_t n;
    struct unit_item *item;
    size_t items;
};

/* Below `parent_id` (NONE: the two sides), parts after their whole; bounded by the list, for each appears once. */
static void put_below(struct tree *t, int64_t parent_id, int64_t depth)
{
    const struct actor *a = &t->c->session.actor;
    for (size_t i = 0; i < t->n; i++) {
        bool is_root = t->o[i].id == a->university_id || t->o[i].id == a->hospital_id;
        if (is_root ? parent_id != NONE : t->o[i].parent_id != parent_id)
            continue;
        if (t->items == t->n)
            return;
        t->item[t->items++] = (struct unit_item){ .id = t->o[i].id, .version = t->o[i].version, .depth = MIN(depth, (int64_t)6), .is_root = is_root,
                                                  .name = ctx_pick(t->c, t->o[i].name_zh, t->o[i].name_en),
                                                  .kind = organisation_kind_list.item[t->o[i].kind].label, .side = side_list.item[t->o[i].side].label,
                                                  .may_edit = t->o[i].side == (int64_t)a->side && app_may(a, CAP_edit_organisation) };
        put_below(t, t->o[i].id, depth + 1);
    }
}

void page_units_get(struct ctx *c)
{
    enum status st;
    struct rows rows = ctx_list(c, "organisation_list", NONE, &st), sites = { 0 };
    if (st == STATUS_OK)
        sites = ctx_list(c, "site_list", NONE, &st);
    if (st != STATUS_OK) {
        ctx_fail(c, st);
        return;
    }
    struct tree t = { .c = c, .o = rows.item, .n = rows.n, .item = ARENA_ARRAY(c->arena, rows.n, struct unit_item) };
    put_below(&t, NONE, 0);
    const struct site *s = sites.item;
    struct site_item *site = ARENA_ARRAY(c->arena, sites.n, struct site_item);
    for (size_t i = 0; i < sites.n; i++)
        site[i] = (struct site_item){ s[i].id, ctx_pick(c, s[i].name_zh, s[i].name_en), s[i].code };
    struct units_view v = { .item = t.item, .items = t.items, .may_edit = app_may(&c->session.actor, CAP_edit_organisation),
                            .may_sites = app_may(&c->session.actor, CAP_edit_department), .site = site, .sites = sites.n };
    c->page.sheet = "forms.css";
    page_units(&c->resp->body, &c->page, &v);
}
