/* Programmes: the list, and one programme on one page with its rotations, departments, windows, choices and orders. */
#include "web/form.h"
#include "web/pages.h"

#include <stdio.h>

static const char *const rotation_fields[] = { "name_zh", "name_en", "weeks", "earliest_week", "latest_week", "code" };

static struct controls named(const struct form *f, const char *const *name, size_t n)
{
    struct control *item = ARENA_ARRAY(f->c->arena, n, struct control);
    for (size_t i = 0; i < n; i++)
        item[i] = form_control(f, name[i]);
    return (struct controls){ item, n };
}

static void hide(struct control *ctl, struct ctx *c, int64_t value)
{
    ctl->kind = CONTROL_HIDDEN;
    ctl->value = arena_printf(c->arena, "%lld", (long long)value);
}

/* ---- the list ---- */

static struct controls programme_controls(struct ctx *c, const struct posted *posted, int64_t id, const void *rec)
{
    static const char *const fields[] = { "name_zh", "name_en", "code", "consecutive_weeks_most", "site_limit", "free_weeks_forbidden", "base_id" };
    struct form f = form_make(c, posted, "programme_save", id, rec);
    struct controls v = named(&f, fields, LEN(fields));
    hide((struct control *)&v.item[v.n - 1], c, c->session.actor.base_id);
    return v;
}

static void show_list(struct ctx *c, const struct posted *posted)
{
    enum status st;
    struct rows rows = ctx_list(c, "programme_list", NONE, &st);
    const struct programme *p = rows.item;
    struct programme_item *item = ARENA_ARRAY(c->arena, rows.n, struct programme_item);
    for (size_t i = 0; st == STATUS_OK && i < rows.n; i++) {
        struct rows rotations = ctx_list(c, "rotation_list", p[i].id, &st);
        item[i] = (struct programme_item){ .id = p[i].id, .rotations = (int64_t)rotations.n, .name = ctx_pick(c, p[i].name_zh, p[i].name_en), .code = p[i].code };
    }
    if (st != STATUS_OK) {
        ctx_fail(c, st);
        return;
    }
    struct programmes_view v = { .item = item, .items = rows.n, .may_edit = app_may(&c->session.actor, CAP_edit_programme),
                                 .add = programme_controls(c, posted, 0, NULL), .error = form_error(c) };
    c->page.sheet = "forms.css";
    page_programmes(&c->resp->body, &c->page, &v);
}

void page_programmes_get(struct ctx *c)
{
    show_list(c, &(struct posted){ 0 });
}

void page_programmes_post(struct ctx *c)
{
    struct posted posted = { 0 };
    struct call call;
    enum status st = form_run(c, "programme_save", &posted, &call);
    if (st == STATUS_OK)
        http_redirect(c->resp, arena_printf(c->arena, "/programme/%lld", (long long)call.id));
    else if (st == STATUS_INPUT)
        show_list(c, &posted);
    else
        ctx_fail(c, st);
}

/* ---- one programme ---- */

struct programme_page {
    struct ctx *c;
    const struct programme *programme;
    const struct posted *posted;
    int64_t open_rotation; /* whose form is shown, from ?rotation= */
    struct rows rotations, links, choices, orders, departments;
};

static enum status load(struct programme_page *d, int64_t id)
{
    enum status st;
    struct rows programmes = ctx_list(d->c, "programme_list", NONE, &st);
    d->programme = form_row(&record_programme, &programmes, id);
    if (st == STATUS_OK && d->programme == NULL)
        st = STATUS_NOT_FOUND;
    static const struct {
        const char *list;
        size_t at;
        bool under;
    } lists[] = {
        { "rotation_list", offsetof(struct programme_page, rotations), true },
        { "rotation_department_list", offsetof(struct programme_page, links), true },
        { "choice_list", offsetof(struct programme_page, choices), true },
        { "rotation_order_list", offsetof(struct programme_page, orders), true },
        { "department_list", offsetof(struct programme_page, departments), false },
    };
    for (size_t i = 0; st == STATUS_OK && i < LEN(lists); i++)
        *(struct rows *)((char *)d + lists[i].at) = ctx_list(d->c, lists[i].list, lists[i].under ? id : NONE, &st);
    return st;
}

static bool is_linked(const struct programme_page *d, int64_t rotation_id, int64_t department_id)
{
    const struct rotation_department *x = d->links.item;
    for (size_t i = 0; i < d->links.n; i++)
        if (x[i].rotation_id == rotation_id && x[i].department_id == department_id)
            return true;
    return false;
}

static bool is_listed(struct str list, int64_t id)
{
    while (list.n > 0) {
        int64_t one;
        if (str_int(str_cut(&list, ','), &one) && one == id)
            return true;
    }
    return false;
}

static const struct tick *ticks_of(struct programme_page *d, const struct form *f, int64_t rotation_id)
{
    const struct department *x = d->departments.item;
    struct tick *tick = ARENA_ARRAY(d->c->arena, d->departments.n, struct tick);
    for (size_t i = 0; i < d->departments.n; i++) {
        bool on = f->is_posted ? is_listed(((const struct in_rotation *)f->rec)->departments, x[i].id) : is_linked(d, rotation_id, x[i].id);
        tick[i] = (struct tick){ x[i].id, ctx_pick(d->c, x[i].name_zh, x[i].name_en),
                                 arena_printf(d->c->arena, "%sdep-%lld", f->prefix, (long long)x[i].id), on };
    }
    return tick;
}

/* A rotation's form: the names, weeks and window, then its choice where the programme has choices. */
static struct controls rotation_controls(struct programme_page *d, const struct form *f)
{
    enum { FIELDS = LEN(rotation_fields) };
    struct control *item = ARENA_ARRAY(d->c->arena, FIELDS + 2, struct control);
    for (size_t i = 0; i < FIELDS; i++)
        item[i] = form_control(f, rotation_fields[i]);
    item[FIELDS - 1].hint = MSG_programme_code_hint;
    item[FIELDS] = form_control(f, "programme_id");
    hide(&item[FIELDS], d->c, d->programme->id);
    size_t n = FIELDS + 1;
    if (d->choices.n > 0) {
        item[n] = form_control(f, "choice_id");
        form_choose(f, &item[n], &record_choice, &d->choices);
        item[n].hint = MSG_hint_choice;
        n++;
    }
    return (struct controls){ item, n };
}

static struct str window_text(struct ctx *c, const struct rotation *r)
{
    struct buf b = buf_make(500);
    struct str from = arena_printf(c->arena, "%lld", (long long)r->earliest_week), to = arena_printf(c->arena, "%lld", (long long)r->latest_week);
    struct str both[] = { from, to };
    if (r->earliest_week != NONE && r->latest_week != NONE)
        msg_put(&b, MSG_programme_window, c->page.lang, both, 2);
    else if (r->earliest_week != NONE)
        msg_put(&b, MSG_programme_from, c->page.lang, &from, 1);
    else if (r->latest_week != NONE)
        msg_put(&b, MSG_programme_until, c->page.lang, &to, 1);
    struct str s = arena_str(c->arena, buf_view(&b));
    buf_free(&b);
    return s;
}

static struct str departments_text(struct programme_page *d, int64_t rotation_id)
{
    const struct department *x = d->departments.item;
    struct buf b = buf_make(1 << 16);
    for (size_t i = 0; i < d->departments.n; i++)
        if (is_linked(d, rotation_id, x[i].id)) {
            buf_z(&b, b.n == 0 ? "" : d->c->page.lang == LANG_ZH ? "\u3001" : ", ");
            buf_str(&b, ctx_pick(d->c, x[i].name_zh, x[i].name_en));
        }
    struct str s = arena_str(d->c->arena, buf_view(&b));
    buf_free(&b);
    return s;
}

static struct rotation_item rotation_item(struct programme_page *d, const struct rotation *r)
{
    struct ctx *c = d->c;
    struct in_rotation *in = record_new(c->arena, &record_in_rotation);
    if (r != NULL)
        *in = (struct in_rotation){ .programme_id = r->programme_id, .name_zh = r->name_zh, .name_en = r->name_en, .weeks = r->weeks,
                                    .earliest_week = r->earliest_week, .latest_week = r->latest_week, .choice_id = r->choice_id,
                                    .code = r->code, .departments = STR("") };
    struct form f = form_make(c, d->posted, "rotation_put", r != NULL ? r->id : 0, in);
    struct rotation_item it = { .controls = rotation_controls(d, &f), .tick = ticks_of(d, &f, r != NULL ? r->id : 0), .ticks = d->departments.n,
                                .error = f.is_posted ? form_error(c) : STR("") };
    if (r == NULL)
        return it;
    const struct choice *ch = r->choice_id != NONE ? form_row(&record_choice, &d->choices, r->choice_id) : NULL;
    it.id = r->id;
    it.version = r->version;
    it.weeks = r->weeks;
    it.name = ctx_pick(c, r->name_zh, r->name_en);
    it.departments = departments_text(d, r->id);
    it.window = window_text(c, r);
    it.choice = ch != NULL ? ctx_pick(c, ch->name_zh, ch->name_en) : STR("");
    it.is_open = f.is_posted || d->open_rotation == r->id;
    return it;
}

static void put_choices(struct programme_page *d, struct programme_view *v)
{
    static const char *const fields[] = { "name_zh", "name_en", "pick", "code", "programme_id" };
    const struct choice *x = d->choices.item;
    const struct rotation *r = d->rotations.item;
    struct choice_item *item = ARENA_ARRAY(d->c->arena, d->choices.n, struct choice_item);
    for (size_t i = 0; i < d->choices.n; i++) {
        struct form f = form_make(d->c, d->posted, "choice_save", x[i].id, &x[i]);
        item[i] = (struct choice_item){ .id = x[i].id, .version = x[i].version, .pick = x[i].pick, .name = ctx_pick(d->c, x[i].name_zh, x[i].name_en),
                                        .is_open = f.is_posted, .controls = named(&f, fields, LEN(fields)) };
        hide((struct control *)&item[i].controls.item[LEN(fields) - 1], d->c, d->programme->id);
        for (size_t k = 0; k < d->rotations.n; k++)
            item[i].rotations += r[k].choice_id == x[i].id;
    }
    v->choice = item;
    v->choices = d->choices.n;
    struct form f = form_make(d->c, d->posted, "choice_save", 0, NULL);
    v->add_choice = named(&f, fields, LEN(fields));
    hide((struct control *)&v->add_choice.item[LEN(fields) - 1], d->c, d->programme->id);
}

static struct str gap_text(struct ctx *c, const struct rotation_order *o)
{
    struct buf b = buf_make(500);
    struct str least = arena_printf(c->arena, "%lld", (long long)o->gap_least), most = arena_printf(c->arena, "%lld", (long long)o->gap_most);
    struct str both[] = { least, most };
    bool has_least = o->gap_least != NONE && o->gap_least > 0, has_most = o->gap_most != NONE;
    if (has_least && has_most)
        msg_put(&b, MSG_programme_gap, c->page.lang, both, 2);
    else if (has_least)
        msg_put(&b, MSG_programme_gap_least, c->page.lang, &least, 1);
    else if (has_most)
        msg_put(&b, MSG_programme_gap_most, c->page.lang, &most, 1);
    struct str s = arena_str(c->arena, buf_view(&b));
    buf_free(&b);
    return s;
}

static struct str rotation_name(struct programme_page *d, int64_t id)
{
    const struct rotation *r = form_row(&record_rotation, &d->rotations, id);
    return r != NULL ? ctx_pick(d->c, r->name_zh, r->name_en) : STR("?");
}

static void put_orders(struct programme_page *d, struct programme_view *v)
{
    static const char *const fields[] = { "before_id", "after_id", "gap_least", "gap_most", "programme_id" };
    const struct rotation_order *o = d->orders.item;
    struct order_item *item = ARENA_ARRAY(d->c->arena, d->orders.n, struct order_item);
    for (size_t i = 0; i < d->orders.n; i++)
        item[i] = (struct order_item){ o[i].id, o[i].version, rotation_name(d, o[i].before_id), rotation_name(d, o[i].after_id), gap_text(d->c, &o[i]) };
    v->order = item;
    v->orders = d->orders.n;
    struct form f = form_make(d->c, d->posted, "rotation_order_save", 0, NULL);
    v->add_order = named(&f, fields, LEN(fields));
    struct control *ctl = (struct control *)v->add_order.item;
    form_choose(&f, &ctl[0], &record_rotation, &d->rotations);
    form_choose(&f, &ctl[1], &record_rotation, &d->rotations);
    hide(&ctl[LEN(fields) - 1], d->c, d->programme->id);
}

static void show(struct ctx *c, int64_t id, const struct posted *posted)
{
    struct programme_page d = { .c = c, .posted = posted, .open_rotation = 0 };
    struct str open = ctx_query(c, "rotation");
    enum status st = load(&d, id);
    if (st != STATUS_OK) {
        ctx_fail(c, st);
        return;
    }
    bool opened = open.n > 0 && str_int(open, &d.open_rotation);
    const struct rotation *r = d.rotations.item;
    struct rotation_item *item = ARENA_ARRAY(c->arena, d.rotations.n, struct rotation_item);
    struct programme_view v = { .id = id, .version = d.programme->version, .name = ctx_pick(c, d.programme->name_zh, d.programme->name_en),
                                .error = form_error(c), .may_edit = app_may(&c->session.actor, CAP_edit_programme),
                                .saved = !opened && str_is(ctx_query(c, "saved"), "1"), .settings = programme_controls(c, posted, id, d.programme),
                                .settings_open = posted->usecase != NULL && strcmp(posted->usecase, "programme_save") == 0, .rotation = item };
    const struct choice *ch = d.choices.item;
    for (size_t i = 0; i < d.rotations.n; i++) {
        item[i] = rotation_item(&d, &r[i]);
        item[i].number = (int64_t)i + 1;
        item[i].is_first = i == 0;
        item[i].is_last = i + 1 == d.rotations.n;
        v.weeks += r[i].choice_id == NONE ? r[i].weeks : 0;
    }
    /* Of a choice `pick` rotations are done: counted by its shortest, for they are alike as a rule. */
    for (size_t k = 0; k < d.choices.n; k++) {
        int64_t least = 0;
        for (size_t i = 0; i < d.rotations.n; i++)
            if (r[i].choice_id == ch[k].id && (least == 0 || r[i].weeks < least))
                least = r[i].weeks;
        v.weeks += least * ch[k].pick;
    }
    v.rotations = d.rotations.n;
    v.add_rotation = rotation_item(&d, NULL);
    v.add_open = d.rotations.n == 0 || (posted->usecase != NULL && posted->id == 0 && strcmp(posted->usecase, "rotation_put") == 0) ||
                 str_is(ctx_query(c, "add"), "1");
    put_choices(&d, &v);
    put_orders(&d, &v);
    c->page.path = arena_printf(c->arena, "/programme/%lld", (long long)id);
    c->page.sheet = "forms.css";
    page_programme(&c->resp->body, &c->page, &v);
}

void page_programme_get(struct ctx *c)
{
    int64_t id;
    if (ctx_number(c, c->word[0], &id))
        show(c, id, &(struct posted){ 0 });
}

/* The ticked departments come as fields of their own. */
static enum status put_rotation(struct ctx *c, struct posted *posted)
{
    struct in_rotation *in = record_new(c->arena, &record_in_rotation);
    struct call call = { 0 };
    bool good = record_from_form(&record_in_rotation, in, ctx_lookup, c, &c->errs);
    in->departments = form_ticked(c, "dep-");
    if (!str_int(ctx_form(c, "id"), &call.target_id) || !str_int(ctx_form(c, "version"), &call.target_version))
        return STATUS_NOT_FOUND;
    enum status st = good ? ctx_run(c, "rotation_put", in, &call) : STATUS_INPUT;
    if (st == STATUS_INPUT) {
        c->resp->status = 422;
        *posted = (struct posted){ "rotation_put", call.target_id, in };
    }
    return st;
}

void page_programme_act(struct ctx *c)
{
    static const struct {
        const char *word, *usecase, *after; /* after: what the page is asked for then */
    } acts[] = {
        { "save", "programme_save", "saved=1" },           { "rotation", "rotation_put", "add=1#rotations" },
        { "rotation-remove", "rotation_remove", "saved=1" }, { "rotation-move", "rotation_move", "saved=1" },
        { "choice", "choice_save", "saved=1#choices" },    { "choice-delete", "choice_delete", "saved=1#choices" },
        { "order", "rotation_order_save", "saved=1#orders" }, { "order-delete", "rotation_order_delete", "saved=1#orders" },
    };
    int64_t id, number;
    size_t i = 0;
    struct posted posted = { 0 };
    struct call call;
    if (!ctx_number(c, c->word[0], &id))
        return;
    while (i < LEN(acts) && !str_is(c->word[1], acts[i].word))
        i++;
    if (i == LEN(acts)) {
        ctx_fail(c, STATUS_NOT_FOUND);
        return;
    }
    enum status st = strcmp(acts[i].usecase, "rotation_put") == 0 ? put_rotation(c, &posted) : form_run(c, acts[i].usecase, &posted, &call);
    bool changed = str_int(ctx_form(c, "id"), &number) && number != 0;
    const char *after = changed && strcmp(acts[i].usecase, "rotation_put") == 0 ? "saved=1#rotations" : acts[i].after;
    if (st == STATUS_OK)
        http_redirect(c->resp, arena_printf(c->arena, "/programme/%lld?%s", (long long)id, after));
    else if (st == STATUS_INPUT)
        show(c, id, &posted);
    else
        ctx_fail(c, st);
}
