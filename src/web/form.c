/* Controls from descriptors, and posting: see form.h. */
#include "web/form.h"

struct form form_make(struct ctx *c, const struct posted *posted, const char *usecase, int64_t id, const void *rec)
{
    const struct usecase *u = app_usecase(str_of(usecase));
    assert(u != NULL);
    struct form f = { .c = c, .r = u->in, .rec = rec, .prefix = arena_printf(c->arena, "%s-%lld-", usecase, (long long)id).p };
    if (posted->usecase != NULL && strcmp(posted->usecase, usecase) == 0 && posted->id == id) {
        f.is_posted = true;
        f.rec = posted->in;
    }
    if (f.rec == NULL)
        f.rec = record_new(c->arena, u->in);
    return f;
}

static struct str error_at(const struct form *f, const char *name)
{
    for (size_t i = 0; f->is_posted && i < f->c->errs.n; i++)
        if (str_is(f->c->errs.item[i].at, name))
            return msg_err(f->c->arena, &f->c->errs.item[i], f->c->page.lang);
    return STR("");
}

static void choose_enum(const struct form *f, struct control *ctl, const struct field *field)
{
    int64_t now = field_int_of(field, f->rec);
    struct option *o = ARENA_ARRAY(f->c->arena, field->names->n, struct option);
    for (int i = 0; i < field->names->n; i++)
        o[i] = (struct option){ i, str_of(field->names->item[i].name), str_of(msg_text(field->names->item[i].label, f->c->page.lang)), i == now };
    ctl->kind = CONTROL_CHOICE;
    ctl->option = o;
    ctl->options = (size_t)field->names->n;
}

struct control form_control(const struct form *f, const char *name)
{
    static const int kinds[KIND_COUNT] = { [KIND_INT] = CONTROL_NUMBER, [KIND_DATE] = CONTROL_DATE, [KIND_WEEK] = CONTROL_DATE,
                                           [KIND_BOOL] = CONTROL_BOX, [KIND_LINES] = CONTROL_LINES, [KIND_REF] = CONTROL_CHOICE };
    const struct field *field = record_field(f->r, str_of(name));
    assert(field != NULL);
    struct control ctl = { .name = field->name, .label = field->label, .kind = kinds[field->kind], .least = field->least,
                           .most = field->most, .required = field->flags & FIELD_REQUIRED, .hint = field->hint,
                           .id = arena_printf(f->c->arena, "%s%s", f->prefix, name), .error = error_at(f, name) };
    struct buf b = buf_make(1 << 16);
    field_put(&b, field, f->rec);
    ctl.value = arena_str(f->c->arena, buf_view(&b));
    buf_free(&b);
    if (field->kind == KIND_BOOL)
        ctl.checked = field_int_of(field, f->rec) == 1;
    if (field->kind == KIND_ENUM)
        choose_enum(f, &ctl, field);
    return ctl;
}

struct str form_name(const struct ctx *c, const struct record *r, const void *row)
{
    const struct field *zh = record_field(r, STR("name_zh")), *en = record_field(r, STR("name_en"));
    const struct field *name = record_field(r, STR("name"));
    if (zh != NULL && en != NULL)
        return ctx_pick(c, field_text_of(zh, row), field_text_of(en, row));
    return name != NULL ? field_text_of(name, row) : STR("");
}

void form_choose(const struct form *f, struct control *ctl, const struct record *row, const struct rows *rows)
{
    assert(row->field[0].kind == KIND_ID && ctl->name != NULL);
    const struct field *field = record_field(f->r, str_of(ctl->name));
    int64_t now = field_int_of(field, f->rec);
    struct option *o = ARENA_ARRAY(f->c->arena, rows->n, struct option);
    for (size_t i = 0; i < rows->n; i++) {
        const void *x = (const char *)rows->item + i * row->size;
        int64_t id = field_int_of(&row->field[0], x);
        o[i] = (struct option){ id, arena_printf(f->c->arena, "%lld", (long long)id), form_name(f->c, row, x), id == now };
    }
    ctl->kind = CONTROL_CHOICE;
    ctl->option = o;
    ctl->options = rows->n;
}

struct str form_error(struct ctx *c)
{
    for (size_t i = 0; i < c->errs.n; i++)
        if (c->errs.item[i].at.n == 0)
            return msg_err(c->arena, &c->errs.item[i], c->page.lang);
    return c->errs.n > 0 ? msg_err(c->arena, &c->errs.item[0], c->page.lang) : STR("");
}

enum status form_run(struct ctx *c, const char *usecase, struct posted *posted, struct call *call)
{
    *call = (struct call){ .app = c->app, .arena = c->arena, .actor = &c->session.actor, .errs = &c->errs, .usecase = app_usecase(str_of(usecase)) };
    assert(call->usecase != NULL);
    if (!app_may(call->actor, call->usecase->cap)) {
        call->in = record_new(c->arena, call->usecase->in);
        return app_run(call); /* says no, and notes it */
    }
    enum status st = call_decode_form(call, ctx_lookup, c);
    if (st == STATUS_OK)
        st = app_run(call);
    if (st == STATUS_INPUT) {
        c->resp->status = 422;
        *posted = (struct posted){ usecase, call->target_id, call->in };
    }
    return st;
}

const char *form_act(const struct form_act *acts, size_t n, struct str word)
{
    for (size_t i = 0; i < n; i++)
        if (str_is(word, acts[i].word))
            return acts[i].usecase;
    return NULL;
}

enum status form_run_act(struct ctx *c, const struct form_act *acts, size_t n, struct posted *posted, struct call *call)
{
    assert(acts != NULL && n > 0);
    const char *usecase = form_act(acts, n, c->word[1]);
    return usecase != NULL ? form_run(c, usecase, posted, call) : STATUS_NOT_FOUND;
}

bool form_answered(struct ctx *c, enum status st, struct str back)
{
    assert(st < STATUS_COUNT && back.n > 0 && back.p[0] == '/'); /* only ever back to a page of ours */
    if (st == STATUS_INPUT) {
        c->resp->status = 422;
        return false;
    }
    if (st == STATUS_OK)
        http_redirect(c->resp, back);
    else
        ctx_fail(c, st);
    return true;
}

const void *form_row(const struct record *r, const struct rows *rows, int64_t id)
{
    assert(r->n > 0 && r->field[0].kind == KIND_ID);
    for (size_t i = 0; i < rows->n; i++) {
        const void *row = (const char *)rows->item + i * r->size;
        if (field_int_of(&r->field[0], row) == id)
            return row;
    }
    return NULL;
}

struct str form_ticked(struct ctx *c, const char *prefix)
{
    assert(prefix != NULL && prefix[0] != '\0');
    struct buf b = buf_make(1 << 20);
    const struct http_fields *form = &c->req->form;
    for (size_t i = 0; i < form->n; i++) {
        struct str name = form->item[i].name;
        if (!str_starts(name, str_of(prefix)) || form->item[i].value.n == 0)
            continue;
        buf_z(&b, b.n > 0 ? "," : "");
        buf_add(&b, name.p + strlen(prefix), name.n - strlen(prefix));
    }
    struct str s = arena_str(c->arena, buf_view(&b));
    buf_free(&b);
    return s;
}
