/* Lists and forms of plain records: columns and controls follow from the descriptors, the table below says the rest. */
#include "web/ctx.h"
#include "web/pages.h"

#include <stdio.h>

enum { COLUMNS_MOST = 8, LINKS_MOST = 5, CONTROLS_MOST = 64, MAPS_MOST = 8 };

static const struct managed {
    const struct record *record, *row; /* row: what its list gives */
    const char *list;
    enum msg_id title, empty;
    const struct record *parent;
    const char *columns[COLUMNS_MOST];
    struct table_link links[LINKS_MOST];
    const char *add; /* the use case behind "new" where it is more than storing the record; NULL: NAME_save */
    const char *page; /* the page that lists them, where it is another than /manage/NAME */
} managed[] = {
    { &record_person, &record_person, "person_list", MSG_manage_person, MSG_manage_person_empty, NULL,
      { "name", "name_en", "mail", "phone" }, { { 0 } }, NULL },
    { &record_organisation, &record_organisation, "organisation_list", MSG_manage_organisation, MSG_manage_organisation_empty, NULL,
      { "name_zh", "name_en", "kind", "side" }, { { 0 } }, NULL, "/units" },
    { &record_site, &record_site, "site_list", MSG_manage_site, MSG_manage_site_empty, NULL, { "code", "name_zh", "name_en" }, { { 0 } }, NULL, "/units" },
    { &record_department, &record_department, "department_list", MSG_manage_department, MSG_manage_department_empty, NULL,
      { "code", "name_zh", "name_en", "initials", "seats", "minimum", "site_id" },
      { { MSG_dept_title, "/department/" }, { MSG_capacity_title, "/capacity/" }, { MSG_manage_preceptor, "preceptor" } }, NULL, "/departments" },
    { &record_capacity, &record_capacity, "capacity_list", MSG_manage_capacity, MSG_manage_capacity_empty, &record_department,
      { "first_week", "weeks", "seats", "reason" }, { { 0 } }, NULL },
    { &record_preceptor, &record_preceptor, "preceptor_list", MSG_manage_preceptor, MSG_manage_preceptor_empty, &record_department,
      { "person_id", "number", "title", "students_most", "active" }, { { 0 } }, "preceptor_add" },
    { &record_programme, &record_programme, "programme_list", MSG_manage_programme, MSG_manage_programme_empty, NULL,
      { "code", "name_zh", "name_en" },
      { { MSG_manage_rotation, "rotation" }, { MSG_manage_choice, "choice" },
        { MSG_manage_rotation_department, "rotation_department" }, { MSG_manage_rotation_order, "rotation_order" } }, NULL },
    { &record_choice, &record_choice, "choice_list", MSG_manage_choice, MSG_manage_choice_empty, &record_programme,
      { "code", "name_zh", "name_en", "pick" }, { { 0 } }, NULL },
    { &record_rotation, &record_rotation, "rotation_list", MSG_manage_rotation, MSG_manage_rotation_empty, &record_programme,
      { "code", "name_zh", "name_en", "weeks", "choice_id", "earliest_week", "latest_week" }, { { 0 } }, NULL },
    { &record_rotation_department, &record_rotation_department, "rotation_department_list", MSG_manage_rotation_department,
      MSG_manage_rotation_department_empty, &record_programme, { "rotation_id", "department_id" }, { { 0 } }, NULL },
    { &record_rotation_order, &record_rotation_order, "rotation_order_list", MSG_manage_rotation_order, MSG_manage_rotation_order_empty,
      &record_programme, { "before_id", "after_id", "gap_least", "gap_most" }, { { 0 } }, NULL },
    { &record_cohort, &record_cohort, "cohort_list", MSG_manage_cohort, MSG_manage_cohort_empty, NULL,
      { "code", "name_zh", "name_en", "programme_id", "first_week", "weeks" },
      { { MSG_plan_title, "/plans/" }, { MSG_manage_student, "student" }, { MSG_manage_closed_week, "closed_week" }, { MSG_manage_absence, "absence" } }, NULL },
    { &record_closed_week, &record_closed_week, "closed_week_list", MSG_manage_closed_week, MSG_manage_closed_week_empty, &record_cohort,
      { "week", "reason" }, { { 0 } }, NULL },
    { &record_student, &record_student_row, "student_list", MSG_manage_student, MSG_manage_student_empty, &record_cohort,
      { "number", "name", "group_name", "state" }, { { 0 } }, "student_add" },
    { &record_absence, &record_absence, "absence_list", MSG_manage_absence, MSG_manage_absence_empty, &record_cohort,
      { "student_id", "first_week", "weeks", "reason" }, { { 0 } }, NULL },
    { &record_membership, &record_member_row, "member_list", MSG_manage_membership, MSG_manage_membership_empty, NULL,
      { "name", "side", "role", "department_id" }, { { 0 } }, "member_add" },
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

static struct str ref_label(struct page_data *d, const struct field *f, int64_t id)
{
    const struct choices *ch = choices_for(d, f);
    for (size_t i = 0; ch != NULL && i < ch->rows.n; i++) {
        const void *row = (const char *)ch->rows.item + i * ch->of->row->size;
        if (field_int_of(&ch->of->row->field[0], row) == id)
            return row_label(d, ch->of->row, row);
    }
    return arena_printf(d->c->arena, "#%lld", (long long)id);
}

static struct str cell_text(struct page_data *d, const struct field *f, const void *row)
{
    if (!kind_is_text(f->kind)) {
        int64_t v = field_int_of(f, row);
        if (v == NONE)
            return STR("");
        if (f->kind == KIND_ENUM)
            return str_of(msg_text(f->names->item[v].label, d->c->page.lang));
        if (f->kind == KIND_BOOL)
            return str_of(msg_text(v ? MSG_common_yes : MSG_common_no, d->c->page.lang));
        if (f->kind == KIND_REF)
            return ref_label(d, f, v);
    }
    struct buf b = buf_make(1 << 16);
    field_put(&b, f, row);
    struct str s = arena_str(d->c->arena, buf_view(&b));
    buf_free(&b);
    return s;
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

/* A list whose rows are not the record itself is read, not edited. */
static bool may_edit(const struct ctx *c, const struct managed *m)
{
    return m->row == m->record && may_store(c, m, 1);
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

void page_manage_list(struct ctx *c)
{
    struct page_data d;
    enum status st;
    if (!find(c, &d))
        return;
    const struct managed *m = d.m;
    struct rows rows = ctx_list(c, m->list, d.parent_id, &st);
    if (st != STATUS_OK) {
        ctx_fail(c, st);
        return;
    }
    size_t columns = 0, links = 0;
    enum msg_id head[COLUMNS_MOST];
    const struct field *field[COLUMNS_MOST];
    for (; columns < COLUMNS_MOST && m->columns[columns] != NULL; columns++) {
        field[columns] = record_field(m->row, str_of(m->columns[columns]));
        assert(field[columns] != NULL);
        head[columns] = field[columns]->label;
    }
    while (links < LINKS_MOST && m->links[links].record != NULL)
        links++;
    struct str *cell = ARENA_ARRAY(c->arena, rows.n * columns, struct str);
    int64_t *id = ARENA_ARRAY(c->arena, rows.n, int64_t);
    for (size_t i = 0; i < rows.n; i++) {
        const void *row = (const char *)rows.item + i * m->row->size;
        id[i] = field_int_of(&m->row->field[0], row);
        for (size_t k = 0; k < columns; k++)
            cell[i * columns + k] = cell_text(&d, field[k], row);
    }
    struct str *urls = ARENA_ARRAY(c->arena, rows.n * links, struct str);
    for (size_t i = 0; i < rows.n * links; i++) {
        const char *to = m->links[i % links].record;
        long long row_id = (long long)id[i / links];
        urls[i] = to[0] == '/' ? arena_printf(c->arena, "%s%lld", to, row_id) : arena_printf(c->arena, "/manage/%s?parent=%lld", to, row_id);
    }
    struct table_view v = { .title = m->title, .empty = m->empty, .record = m->record->name,
                            .parent_query = parent_query(c, d.parent_id), .parent_name = STR(""), .head = head,
                            .columns = columns, .cell = cell, .id = id, .rows = rows.n,
                            .may_add = may_store(c, m, 0), .may_edit = may_edit(c, m), .link = m->links, .links = links, .urls = urls };
    page_table(&c->resp->body, &c->page, &v);
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
        const void *row = (const char *)ch->rows.item + i * ch->of->row->size;
        int64_t id = field_int_of(&ch->of->row->field[0], row);
        o[i] = (struct option){ id, arena_printf(a, "%lld", (long long)id), row_label(d, ch->of->row, row), id == now };
    }
    ctl->option = o;
    ctl->options = n;
}

/* A reference that the page already knows: the base, the hospital, the parent. */
static bool known_reference(const struct page_data *d, const struct field *f, int64_t *id)
{
    const struct actor *a = &d->c->session.actor;
    if (strcmp(f->ref, "base") == 0)
        *id = a->base_id;
    else if (strcmp(f->name, "hospital_id") == 0)
        *id = a->hospital_id;
    else if (d->m->parent != NULL && strcmp(f->ref, d->m->parent->name) == 0)
        *id = d->parent_id;
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
    if (f->kind == KIND_REF && known_reference(d, f, &known)) {
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
    struct str query = parent_query(d->c, d->parent_id);
    return d->m->page != NULL ? str_of(d->m->page) : arena_printf(d->c->arena, "/manage/%s%.*s", d->m->record->name, STR_ARG(query));
}

static void show_form(struct page_data *d, const void *rec, int64_t id, int64_t version)
{
    struct ctx *c = d->c;
    const struct record *r = storing(c, d->m, id)->in;
    struct control ctl[CONTROLS_MOST];
    struct form_view v = { .title = d->m->title, .record = d->m->record->name, .id = id, .version = version,
                           .parent_query = parent_query(c, d->parent_id), .list_url = list_address(d), .control = ctl, .error = STR(""),
                           .may_delete = id != 0 && may_edit(c, d->m) };
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
        const void *row = (const char *)rows.item + i * d->m->row->size;
        if (field_int_of(&d->m->row->field[0], row) == id)
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
    if (!(new ? may_store(c, d.m, 0) : may_edit(c, d.m))) {
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
