/* Forms of plain records that no page of their own edits: controls follow from the descriptors, the table below says the rest. */
#include "web/ctx.h"
#include "web/pages.h"

#include <stdio.h>

enum { CONTROLS_MOST = 64, MAPS_MOST = 8 };

static const struct managed {
    const struct record *record;
    const char *list; /* of the same records: a form is reached through the same scope */
    enum msg_id title;
    const struct record *parent;
    const char *add;  /* the use case behind "new" where it is more than storing the record; NULL: NAME_save */
    const char *page; /* that lists them; with a parent, its number stands for %lld */
} managed[] = {
    { &record_organisation, "organisation_list", MSG_nav_organisations, NULL, NULL, "/units" },
    { &record_site, "site_list", MSG_manage_site, NULL, NULL, "/units" },
    { &record_department, "department_list", MSG_nav_departments, NULL, NULL, "/departments" },
    { &record_preceptor, "preceptor_list", MSG_manage_preceptor, &record_department, "preceptor_add", "/department/%lld/preceptors" },
};

static const struct managed *managed_by(struct str name)
{
    for (size_t i = 0; i < LEN(managed); i++)
        if (str_is(name, managed[i].record->name))
            return &managed[i];
    return NULL;
}

/* What a reference's choices are listed under: the parent itself where both hang on the same one. */
static int64_t list_parent(const struct managed *of, const struct managed *m, int64_t parent_id)
{
    return of->parent == NULL ? NONE : of->parent == m->parent ? parent_id : NONE;
}

/* The rows of a reference, listed once a page. */
struct choices {
    const struct managed *of;
    struct rows rows;
};

struct page_data {
    struct ctx *c;
    const struct managed *m;
    int64_t parent_id;
    struct choices map[MAPS_MOST];
    size_t maps;
};

static const struct choices *choices_for(struct page_data *d, const struct field *f)
{
    const struct managed *of = managed_by(str_of(f->ref));
    enum status st;
    if (of == NULL || (of->parent != NULL && list_parent(of, d->m, d->parent_id) == NONE))
        return NULL;
    for (size_t i = 0; i < d->maps; i++)
        if (d->map[i].of == of)
            return &d->map[i];
    if (d->maps == MAPS_MOST)
        return NULL;
    struct choices *ch = &d->map[d->maps++];
    ch->of = of;
    ch->rows = ctx_list(d->c, of->list, list_parent(of, d->m, d->parent_id), &st);
    return ch;
}

static struct str row_label(struct page_data *d, const struct record *r, const void *row)
{
    const struct field *zh = record_field(r, STR("name_zh")), *en = record_field(r, STR("name_en"));
    const struct field *name = record_field(r, STR("name"));
    if (name != NULL)
        return field_text_of(name, row);
    if (zh != NULL && en != NULL)
        return ctx_pick(d->c, field_text_of(zh, row), field_text_of(en, row));
    return arena_printf(d->c->arena, "%lld", (long long)field_int_of(&r->field[0], row));
}

static struct str parent_query(struct ctx *c, int64_t parent_id)
{
    return parent_id == NONE ? STR("") : arena_printf(c->arena, "?parent=%lld", (long long)parent_id);
}

/* The use case that stores a new (id 0) or an existing record. */
static const struct usecase *storing(const struct ctx *c, const struct managed *m, int64_t id)
{
    if (id == 0 && m->add != NULL)
        return app_usecase(str_of(m->add));
    return app_usecase(arena_printf(c->arena, "%s_save", m->record->name));
}

static bool may_store(const struct ctx *c, const struct managed *m, int64_t id)
{
    const struct usecase *u = storing(c, m, id);
    return u != NULL && app_may(&c->session.actor, u->cap);
}

/* The managed record of the path and its parent of the query; false with the failure answered. */
static bool find(struct ctx *c, struct page_data *d)
{
    struct str parent = ctx_query(c, "parent");
    *d = (struct page_data){ .c = c, .m = managed_by(c->word[0]), .parent_id = NONE };
    if (d->m == NULL || (d->m->parent != NULL && parent.n == 0)) {
        ctx_fail(c, STATUS_NOT_FOUND);
        return false;
    }
    return d->m->parent == NULL || ctx_number(c, parent, &d->parent_id);
}

static void fill_choice(struct page_data *d, struct control *ctl, const struct field *f, int64_t now)
{
    struct arena *a = d->c->arena;
    ctl->kind = CONTROL_CHOICE;
    if (f->kind == KIND_ENUM) {
        struct option *o = ARENA_ARRAY(a, f->names->n, struct option);
        for (int i = 0; i < f->names->n; i++)
            o[i] = (struct option){ i, str_of(f->names->item[i].name), str_of(msg_text(f->names->item[i].label, d->c->page.lang)), i == now };
        ctl->option = o;
        ctl->options = (size_t)f->names->n;
        return;
    }
    const struct choices *ch = choices_for(d, f);
    size_t n = ch != NULL ? ch->rows.n : 0;
    struct option *o = ARENA_ARRAY(a, n, struct option);
    for (size_t i = 0; i < n; i++) {
        const void *row = (const char *)ch->rows.item + i * ch->of->record->size;
        int64_t id = field_int_of(&ch->of->record->field[0], row);
        o[i] = (struct option){ id, arena_printf(a, "%lld", (long long)id), row_label(d, ch->of->record, row), id == now };
    }
    ctl->option = o;
    ctl->options = n;
}

/* A reference that the page already knows: the base, the hospital, the parent, the person (who is another page's). */
static bool known_reference(const struct page_data *d, const struct field *f, const void *rec, int64_t *id)
{
    const struct actor *a = &d->c->session.actor;
    if (strcmp(f->ref, "base") == 0)
        *id = a->base_id;
    else if (strcmp(f->name, "hospital_id") == 0)
        *id = a->hospital_id;
    else if (d->m->parent != NULL && strcmp(f->ref, d->m->parent->name) == 0)
        *id = d->parent_id;
    else if (strcmp(f->ref, "person") == 0)
        *id = field_int_of(f, rec);
    else
        return false;
    return true;
}

static struct str error_at(struct page_data *d, const char *name)
{
    for (size_t i = 0; i < d->c->errs.n; i++)
        if (str_is(d->c->errs.item[i].at, name))
            return msg_err(d->c->arena, &d->c->errs.item[i], d->c->page.lang);
    return STR("");
}

static struct control control_of(struct page_data *d, const struct field *f, const void *rec)
{
    static const int kinds[KIND_COUNT] = { [KIND_INT] = CONTROL_NUMBER, [KIND_DATE] = CONTROL_DATE, [KIND_WEEK] = CONTROL_DATE,
                                           [KIND_BOOL] = CONTROL_BOX, [KIND_LINES] = CONTROL_LINES };
    struct control ctl = { .name = f->name, .id = arena_printf(d->c->arena, "f-%s", f->name), .label = f->label, .kind = kinds[f->kind], .least = f->least, .most = f->most,
                           .required = f->flags & FIELD_REQUIRED, .hint = f->hint, .error = error_at(d, f->name) };
    int64_t known;
    struct buf b = buf_make(1 << 16);
    field_put(&b, f, rec);
    ctl.value = arena_str(d->c->arena, buf_view(&b));
    buf_free(&b);
    if (f->kind == KIND_BOOL)
        ctl.checked = field_int_of(f, rec) == 1;
    if (f->kind == KIND_REF && known_reference(d, f, rec, &known)) {
        ctl.kind = CONTROL_HIDDEN;
        ctl.value = arena_printf(d->c->arena, "%lld", (long long)known);
    } else if (f->kind == KIND_REF || f->kind == KIND_ENUM) {
        fill_choice(d, &ctl, f, field_int_of(f, rec));
    }
    return ctl;
}

/* Where the list of these records is. */
static struct str list_address(const struct page_data *d)
{
    return arena_printf(d->c->arena, d->m->page, (long long)d->parent_id);
}

static void show_form(struct page_data *d, const void *rec, int64_t id, int64_t version)
{
    struct ctx *c = d->c;
    const struct record *r = storing(c, d->m, id)->in;
    struct control ctl[CONTROLS_MOST];
    struct form_view v = { .title = d->m->title, .record = d->m->record->name, .id = id, .version = version,
                           .parent_query = parent_query(c, d->parent_id), .list_url = list_address(d), .control = ctl, .error = STR(""),
                           .may_delete = id != 0 && may_store(c, d->m, 1) };
    for (int i = 0; i < r->n; i++)
        if (!(r->field[i].flags & FIELD_READONLY))
            ctl[v.controls++] = control_of(d, &r->field[i], rec);
    for (size_t i = 0; i < c->errs.n; i++)
        if (c->errs.item[i].at.n == 0)
            v.error = msg_err(c->arena, &c->errs.item[i], c->page.lang);
    page_form(&c->resp->body, &c->page, &v);
}

/* The row of the list with this id: a form is reached through the same scope as the list. */
static const void *row_by_id(struct page_data *d, int64_t id, enum status *st)
{
    struct rows rows = ctx_list(d->c, d->m->list, d->parent_id, st);
    for (size_t i = 0; i < rows.n; i++) {
        const void *row = (const char *)rows.item + i * d->m->record->size;
        if (field_int_of(&d->m->record->field[0], row) == id)
            return row;
    }
    if (*st == STATUS_OK)
        *st = STATUS_NOT_FOUND;
    return NULL;
}

void page_manage_form(struct ctx *c)
{
    struct page_data d;
    int64_t id = 0;
    enum status st = STATUS_OK;
    if (!find(c, &d))
        return;
    bool new = str_is(c->word[1], "new");
    if (!may_store(c, d.m, new ? 0 : 1)) {
        ctx_fail(c, STATUS_FORBIDDEN);
        return;
    }
    if (new) {
        show_form(&d, record_new(c->arena, storing(c, d.m, 0)->in), 0, 0);
        return;
    }
    if (!ctx_number(c, c->word[1], &id))
        return;
    const void *row = row_by_id(&d, id, &st);
    if (row == NULL)
        ctx_fail(c, st);
    else
        show_form(&d, row, id, field_int_of(&d.m->record->field[1], row));
}

static void act(struct ctx *c, bool delete)
{
    struct page_data d;
    int64_t id = 0;
    if (!find(c, &d) || !ctx_number(c, c->word[1], &id))
        return;
    struct call call = { .app = c->app, .arena = c->arena, .actor = &c->session.actor, .errs = &c->errs };
    call.usecase = delete ? app_usecase(arena_printf(c->arena, "%s_delete", d.m->record->name)) : storing(c, d.m, id);
    if (call.usecase == NULL) {
        ctx_fail(c, STATUS_NOT_FOUND);
        return;
    }
    if (!app_may(call.actor, call.usecase->cap)) {
        call.in = record_new(c->arena, call.usecase->in);
        ctx_fail(c, app_run(&call));
        return;
    }
    enum status st = call_decode_form(&call, ctx_lookup, c);
    call.target_id = id;
    if (st == STATUS_OK)
        st = app_run(&call);
    if (st == STATUS_INPUT) {
        c->resp->status = 422;
        show_form(&d, call.in, call.target_id, call.target_version);
    } else if (st != STATUS_OK) {
        ctx_fail(c, st);
    } else {
        http_redirect(c->resp, list_address(&d));
    }
}

void page_manage_save(struct ctx *c)
{
    act(c, false);
}

void page_manage_delete(struct ctx *c)
{
    act(c, true);
}
