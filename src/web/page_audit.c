/* The audit trail for people: who did what to which record, old and new in words; by person, record and days. */
#include "web/form.h"
#include "web/pages.h"

enum { PAGE_ROWS = 50, CHANGES_MOST = 40 };

/* What records are called; one that is not here is shown by its name in the code. */
static const struct {
    const char *name;
    enum msg_id label;
} nouns[] = {
    { "organisation", MSG_noun_organisation }, { "base", MSG_noun_base }, { "person", MSG_noun_person }, { "account", MSG_noun_account },
    { "membership", MSG_noun_membership }, { "site", MSG_noun_site }, { "department", MSG_noun_department },
    { "capacity", MSG_noun_capacity }, { "preceptor", MSG_noun_preceptor }, { "preceptor_absence", MSG_noun_preceptor_absence }, { "programme", MSG_noun_programme },
    { "choice", MSG_noun_choice }, { "rotation", MSG_noun_rotation }, { "rotation_department", MSG_noun_rotation_department },
    { "rotation_order", MSG_noun_rotation_order }, { "cohort", MSG_noun_cohort }, { "closed_week", MSG_noun_closed_week },
    { "student", MSG_noun_student }, { "absence", MSG_noun_absence }, { "student_group", MSG_noun_student_group },
    { "group_member", MSG_noun_group_member }, { "group_quota", MSG_noun_group_quota }, { "wish", MSG_noun_wish }, { "plan", MSG_noun_plan },
    { "placement", MSG_noun_placement }, { "job", MSG_noun_job }, { "import", MSG_noun_import }, { "setting", MSG_noun_setting },
    { "link", MSG_noun_link },
};

/* Acts that are no use case. */
static const struct {
    const char *name;
    enum msg_id label;
} acts[] = {
    { "sign_in", MSG_act_sign_in }, { "sign_out", MSG_act_sign_out }, { "link_make", MSG_usecase_link_make },
    { "password_set", MSG_act_password_set }, { "logins_end", MSG_act_logins_end }, { "place_set", MSG_act_place_set },
};

static struct str noun(const struct ctx *c, struct str name)
{
    for (size_t i = 0; i < LEN(nouns); i++)
        if (str_is(name, nouns[i].name))
            return str_of(msg_text(nouns[i].label, c->page.lang));
    return name;
}

static struct str act_name(const struct ctx *c, struct str name)
{
    for (size_t i = 0; i < LEN(acts); i++)
        if (str_is(name, acts[i].name))
            return str_of(msg_text(acts[i].label, c->page.lang));
    const struct usecase *u = app_usecase(name);
    return u != NULL ? str_of(msg_text(u->label, c->page.lang)) : name;
}

/* All references of a page, gathered first and named at once. */
struct names {
    struct ctx *c;
    struct buf refs;
    struct rows rows;
};

static void name_wanted(struct names *n, struct str record, int64_t id)
{
    if (n->refs.n < 18000 && id > 0)
        buf_printf(&n->refs, "%s%.*s:%lld", n->refs.n > 0 ? "," : "", STR_ARG(record), (long long)id);
}

static struct str name_found(const struct names *n, struct str record, int64_t id)
{
    const struct name_row *r = n->rows.item;
    for (size_t i = 0; i < n->rows.n; i++)
        if (r[i].subject_id == id && str_eq(r[i].subject, record))
            return ctx_pick(n->c, r[i].name_zh, r[i].name_en);
    return STR("");
}

/* What the machine keeps for itself. */
static bool is_machinery(const struct json *part)
{
    const struct json *record = json_get(part, "record");
    return record == NULL || str_is(record->text, "job") || str_is(record->text, "notice") || str_is(record->text, "link");
}

static const struct json *parts_of(struct ctx *c, struct str detail)
{
    struct json_error e;
    const struct json *root = detail.n > 0 ? json_read(c->arena, detail, &e) : NULL;
    return root != NULL && root->type == JSON_LIST ? root->child : NULL;
}

static const struct field *field_of(const struct json *part, struct str name)
{
    const struct json *record = json_get(part, "record");
    const struct record *r = record != NULL ? record_by_name(record->text) : NULL;
    return r != NULL ? record_field(r, name) : NULL;
}

static void want_value(struct names *n, const struct field *f, const struct json *v)
{
    int64_t id;
    if (f != NULL && f->kind == KIND_REF && v != NULL && str_int(v->text, &id))
        name_wanted(n, str_of(f->ref), id);
}

static void want_all(struct names *n, const struct audit_row *e)
{
    name_wanted(n, e->subject, e->subject_id);
    for (const struct json *part = parts_of(n->c, e->detail); part != NULL; part = part->next) {
        const struct json *change = json_get(part, "change"), *id = json_get(part, "id"), *record = json_get(part, "record");
        int64_t number;
        if (id != NULL && record != NULL && str_int(id->text, &number))
            name_wanted(n, record->text, number);
        for (const struct json *m = change != NULL && change->type == JSON_OBJECT ? change->child : NULL; m != NULL; m = m->next)
            if (m->type == JSON_LIST && m->child != NULL) {
                want_value(n, field_of(part, m->key), m->child);
                want_value(n, field_of(part, m->key), m->child->next);
            }
    }
}

static struct str value_text(struct names *n, const struct field *f, const struct json *v)
{
    struct ctx *c = n->c;
    int64_t id;
    if (v == NULL || v->type == JSON_NULL)
        return STR("");
    if (v->type == JSON_BOOL)
        return str_of(msg_text(v->is_true ? MSG_common_yes : MSG_common_no, c->page.lang));
    if (f != NULL && f->kind == KIND_ENUM)
        for (int i = 0; i < f->names->n; i++)
            if (str_is(v->text, f->names->item[i].name))
                return str_of(msg_text(f->names->item[i].label, c->page.lang));
    if (f != NULL && f->kind == KIND_TIME && str_int(v->text, &id))
        return ctx_time(c, id);
    if (f != NULL && f->kind == KIND_REF && str_int(v->text, &id)) {
        struct str name = name_found(n, str_of(f->ref), id);
        return name.n > 0 ? name : arena_printf(c->arena, "#%lld", (long long)id);
    }
    return (struct str){ v->text.p, MIN(v->text.n, (size_t)300) };
}

/* Keys that say nothing to a person. */
static bool is_dull(const struct field *f)
{
    return f == NULL || f->class == CLASS_SECRET || strcmp(f->name, "version") == 0 || strcmp(f->name, "id") == 0 ||
           strcmp(f->name, "sort_key") == 0 || f->kind == KIND_JSON || strcmp(f->name, "base_id") == 0;
}

static struct audit_part part_of(struct names *n, const struct json *part)
{
    struct ctx *c = n->c;
    const struct json *record = json_get(part, "record"), *change = json_get(part, "change"), *id = json_get(part, "id");
    struct audit_change *item = ARENA_ARRAY(c->arena, CHANGES_MOST, struct audit_change);
    struct audit_part p = { .record = record != NULL ? noun(c, record->text) : STR(""), .change = item };
    int64_t number;
    if (record != NULL && id != NULL && str_int(id->text, &number)) {
        struct str name = name_found(n, record->text, number);
        if (name.n > 0)
            p.record = arena_printf(c->arena, "%.*s · %.*s", STR_ARG(p.record), STR_ARG(name));
    }
    p.is_deleted = change != NULL && change->type == JSON_TEXT;
    p.is_new = true;
    for (const struct json *m = change != NULL && change->type == JSON_OBJECT ? change->child : NULL; m != NULL; m = m->next) {
        const struct field *f = field_of(part, m->key);
        const struct json *old = m->type == JSON_LIST ? m->child : NULL, *now = old != NULL ? old->next : NULL;
        p.is_new = p.is_new && m->type == JSON_LIST && (old == NULL || old->type == JSON_NULL);
        if (is_dull(f) || p.changes == CHANGES_MOST)
            continue;
        struct audit_change x = { .field = str_of(msg_text(f->label, c->page.lang)), .is_secret = m->type != JSON_LIST,
                                  .old = value_text(n, f, old), .now = value_text(n, f, now) };
        if (x.is_secret || x.old.n > 0 || x.now.n > 0)
            item[p.changes++] = x;
    }
    p.is_new = p.is_new && !p.is_deleted && p.changes > 0;
    return p;
}

static struct audit_item item_of(struct names *n, const struct audit_row *e)
{
    enum { PARTS_MOST = 12 };
    struct ctx *c = n->c;
    struct audit_part *part = ARENA_ARRAY(c->arena, PARTS_MOST, struct audit_part);
    struct str name = name_found(n, e->subject, e->subject_id), what = noun(c, e->subject);
    struct audit_item it = { .time = ctx_time(c, e->at), .person = e->name, .act = act_name(c, e->usecase), .is_refused = e->outcome == outcome_refused,
                             .subject = name.n > 0 ? arena_printf(c->arena, "%.*s · %.*s", STR_ARG(what), STR_ARG(name)) : what, .part = part,
                             .subject_query = arena_printf(c->arena, "/audit?subject=%.*s&subject_id=%lld", STR_ARG(e->subject), (long long)e->subject_id) };
    for (const struct json *x = parts_of(c, e->detail); x != NULL; x = x->next) {
        if (is_machinery(x))
            continue;
        struct audit_part p = part_of(n, x);
        if (!p.is_deleted && p.changes == 0)
            continue;
        if (it.parts < PARTS_MOST)
            part[it.parts++] = p;
        else
            it.more++;
    }
    return it;
}

static struct control person_control(struct form *f)
{
    enum status st;
    struct control ctl = form_control(f, "person_id");
    struct rows members = ctx_list(f->c, "member_list", NONE, &st);
    const struct member_row *m = members.item;
    struct option *o = ARENA_ARRAY(f->c->arena, members.n, struct option);
    int64_t now = ((const struct in_audit_find *)f->rec)->person_id;
    size_t n = 0;
    for (size_t i = 0; st == STATUS_OK && i < members.n; i++) {
        size_t k = 0;
        while (k < n && o[k].value != m[i].person_id)
            k++;
        if (k == n)
            o[n++] = (struct option){ m[i].person_id, arena_printf(f->c->arena, "%lld", (long long)m[i].person_id), m[i].name, m[i].person_id == now };
    }
    ctl.option = o;
    ctl.options = n;
    return ctl;
}

static struct control subject_control(struct form *f)
{
    struct control ctl = form_control(f, "subject");
    struct option *o = ARENA_ARRAY(f->c->arena, LEN(nouns), struct option);
    for (size_t i = 0; i < LEN(nouns); i++)
        o[i] = (struct option){ (int64_t)i, str_of(nouns[i].name), str_of(msg_text(nouns[i].label, f->c->page.lang)), str_is(ctl.value, nouns[i].name) };
    ctl.kind = CONTROL_CHOICE;
    ctl.option = o;
    ctl.options = LEN(nouns);
    return ctl;
}

/* The address of the entries before the last one shown, with the same filter. */
static struct str next_url(struct ctx *c, const struct in_audit_find *in, int64_t before)
{
    struct buf b = buf_make(2000);
    buf_printf(&b, "/audit?offset=%lld", (long long)before);
    for (int i = 0; i < record_in_audit_find.n; i++) {
        const struct field *f = &record_in_audit_find.field[i];
        if (strcmp(f->name, "offset") == 0)
            continue;
        struct buf value = buf_make(500);
        field_put(&value, f, in);
        if (value.n > 0) {
            buf_printf(&b, "&%s=", f->name);
            html_put(&b, HTML_URL_PART, html_of_str(buf_view(&value)));
        }
        buf_free(&value);
    }
    struct str s = arena_str(c->arena, buf_view(&b));
    buf_free(&b);
    return s;
}

void page_audit_get(struct ctx *c)
{
    struct in_audit_find *in = record_new(c->arena, &record_in_audit_find);
    struct call call = { 0 }, named = { 0 };
    bool good = true;
    for (int i = 0; i < record_in_audit_find.n; i++) {
        const struct field *f = &record_in_audit_find.field[i];
        good = field_take(f, in, ctx_query(c, f->name), &c->errs) && good;
    }
    enum status st = good ? ctx_run(c, "audit_find", in, &call) : STATUS_NOT_FOUND;
    if (st != STATUS_OK) {
        ctx_fail(c, st);
        return;
    }
    size_t n = MIN(call.rows.n, (size_t)PAGE_ROWS);
    const struct audit_row *e = call.rows.item;
    struct names names = { .c = c, .refs = buf_make(20000) };
    for (size_t i = 0; i < n; i++)
        want_all(&names, &e[i]);
    struct in_names *refs = record_new(c->arena, &record_in_names);
    refs->refs = arena_str(c->arena, buf_view(&names.refs));
    buf_free(&names.refs);
    if (ctx_run(c, "record_names", refs, &named) == STATUS_OK)
        names.rows = named.rows;
    struct audit_item *item = ARENA_ARRAY(c->arena, n, struct audit_item);
    for (size_t i = 0; i < n; i++)
        item[i] = item_of(&names, &e[i]);
    struct form f = form_make(c, &(struct posted){ 0 }, "audit_find", 0, in);
    struct control find[] = { person_control(&f), subject_control(&f), form_control(&f, "from_day"), form_control(&f, "until_day") };
    find[0].empty = find[1].empty = MSG_common_all;
    bool filtered = in->person_id != NONE || in->subject.n > 0 || in->from_day != NONE || in->until_day != NONE;
    struct audit_view v = { .item = item, .items = n, .find = { find, LEN(find) }, .is_filtered = filtered,
                            .next = call.rows.n > PAGE_ROWS ? next_url(c, in, e[n - 1].id) : STR("") };
    c->page.sheet = "forms.css";
    page_audit(&c->resp->body, &c->page, &v);
}
