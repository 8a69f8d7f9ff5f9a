/* Who supervises whom in a department: suggestions to be looked over and saved in one act, preceptors and their weeks away. */
#include "web/form.h"
#include "web/pages.h"
#include "web/plan_head.h"
#include "web/views_supervision.h"

enum { WEEKS_SHOWN = 4, ROWS_MOST = 200 };

struct supervision_page {
    struct ctx *c;
    struct supervision_view v;
    struct rows stays, supervisors, absences;
    const struct posted *posted;
};

static bool load(struct supervision_page *g, int64_t id)
{
    struct ctx *c = g->c;
    struct in_supervision *in = record_new(c->arena, &record_in_supervision);
    struct call call = { 0 };
    struct errs keep = c->errs;
    enum status st;
    c->errs = errs_make(c->arena);
    in->department_id = id;
    in->first_week = g->v.from;
    in->weeks = g->v.weeks;
    st = ctx_run(c, "supervision_list", in, &call);
    g->stays = call.rows;
    struct rows departments = { 0 };
    if (st == STATUS_OK)
        g->supervisors = ctx_list(c, "supervisor_list", id, &st);
    if (st == STATUS_OK)
        g->absences = ctx_list(c, "preceptor_absence_list", id, &st);
    if (st == STATUS_OK)
        departments = ctx_list(c, "department_list", NONE, &st);
    c->errs = keep;
    const struct department *d = form_row(&record_department, &departments, id);
    if (st == STATUS_OK && d == NULL)
        st = STATUS_NOT_FOUND;
    if (st != STATUS_OK) {
        ctx_fail(c, st);
        return false;
    }
    g->v.department_id = id;
    g->v.name = ctx_pick(c, d->name_zh, d->name_en);
    return true;
}

static const struct supervisor_row *supervisor(const struct supervision_page *g, int64_t id)
{
    return form_row(&record_supervisor_row, &g->supervisors, id);
}

/* What was chosen and refused stays chosen. */
static int64_t chosen_of(const struct supervision_page *g, const struct supervision_row *x)
{
    int64_t id;
    struct str was = ctx_form(g->c, arena_printf(g->c->arena, "name-%lld:%lld", (long long)x->placement_id, (long long)x->version).p);
    if (was.n > 0 && str_int(was, &id))
        return id;
    return x->suggested_id != NONE ? x->suggested_id : x->preceptor_id;
}

static struct supervised item_of(struct supervision_page *g, const struct supervision_row *x)
{
    struct ctx *c = g->c;
    const struct supervisor_row *p = g->supervisors.item;
    struct option *o = ARENA_ARRAY(c->arena, g->supervisors.n, struct option);
    struct str base = ctx_pick(c, x->name_zh, x->name_en);
    struct supervised y = { .placement_id = x->placement_id, .version = x->version, .name = x->name, .number = x->number,
                            .base = str_eq(base, c->page.base) ? STR("") : base, .from = (date)x->first_week, .last = (date)(x->until_week - 1),
                            .state = supervision_list.item[x->supervision].label, .is_open = x->supervision != supervision_named, .option = o };
    int64_t chosen = chosen_of(g, x);
    for (size_t i = 0; i < g->supervisors.n; i++)
        if (p[i].active == 1 || p[i].id == x->preceptor_id)
            o[y.options++] = (struct option){ p[i].id, plan_number(c, p[i].id), p[i].name, p[i].id == chosen };
    y.is_suggested = x->suggested_id != NONE && chosen == x->suggested_id;
    g->v.suggested += y.is_suggested;
    g->v.no_room += x->suggested_id == NONE && (x->supervision == supervision_unnamed || x->supervision == supervision_left);
    return y;
}

static struct str away_text(struct ctx *c, const struct supervisor_row *who, const struct preceptor_absence *a)
{
    char monday[DATE_TEXT_BYTES];
    return TEXT(c, MSG_absence_entry, who->name, str_of(date_text((date)a->first_week, monday)), plan_number(c, a->weeks));
}

static void fill(struct supervision_page *g)
{
    struct ctx *c = g->c;
    const struct supervision_row *x = g->stays.item;
    const struct supervisor_row *p = g->supervisors.item;
    const struct preceptor_absence *a = g->absences.item;
    struct supervised *item = ARENA_ARRAY(c->arena, MIN(g->stays.n, (size_t)ROWS_MOST), struct supervised);
    struct supervisor_item *who = ARENA_ARRAY(c->arena, g->supervisors.n, struct supervisor_item);
    struct away_item *away = ARENA_ARRAY(c->arena, g->absences.n, struct away_item);
    int64_t now = date_monday(app_today(c->app));
    g->v.all = (int64_t)g->stays.n;
    for (size_t i = 0; i < g->stays.n && i < ROWS_MOST; i++)
        item[g->v.items++] = item_of(g, &x[i]);
    for (size_t i = 0; i < g->supervisors.n; i++)
        who[i] = (struct supervisor_item){ p[i].id, p[i].students_most, p[i].value, p[i].peak, p[i].name, p[i].title, p[i].active == 1,
                                           p[i].peak > p[i].students_most };
    for (size_t i = 0; i < g->absences.n; i++) {
        const struct supervisor_row *one = supervisor(g, a[i].preceptor_id), *two = a[i].substitute_id != NONE ? supervisor(g, a[i].substitute_id) : NULL;
        if (a[i].first_week + 7 * a[i].weeks > now && one != NULL)
            away[g->v.aways++] = (struct away_item){ a[i].id, a[i].version, away_text(c, one, &a[i]), two != NULL && two->active == 1 ? two->name : STR("") };
    }
    g->v.item = item;
    g->v.supervisor = who;
    g->v.supervisors = g->supervisors.n;
    g->v.away = away;
}

static void choose_supervisor(const struct supervision_page *g, const struct form *f, struct control *ctl)
{
    struct rows active = { .item = ARENA_ARRAY(g->c->arena, g->supervisors.n, struct supervisor_row) };
    const struct supervisor_row *p = g->supervisors.item;
    for (size_t i = 0; i < g->supervisors.n; i++)
        if (p[i].active == 1)
            ((struct supervisor_row *)active.item)[active.n++] = p[i];
    form_choose(f, ctl, &record_supervisor_row, &active);
}

static void put_forms(struct supervision_page *g)
{
    static const char *const absence[] = { "preceptor_id", "first_week", "weeks", "substitute_id", "reason" };
    static const char *const add[] = { "name", "number", "title", "students_most", "department_id" };
    struct ctx *c = g->c;
    struct form f = form_make(c, g->posted, "preceptor_absence_save", 0, NULL);
    struct control *item = ARENA_ARRAY(c->arena, LEN(absence) + LEN(add), struct control);
    for (size_t i = 0; i < LEN(absence); i++)
        item[i] = form_control(&f, absence[i]);
    choose_supervisor(g, &f, &item[0]);
    choose_supervisor(g, &f, &item[3]);
    g->v.add_absence = (struct controls){ item, LEN(absence) };
    g->v.absence_open = f.is_posted;
    f = form_make(c, g->posted, "preceptor_add", 0, NULL);
    item += LEN(absence);
    for (size_t i = 0; i < LEN(add); i++)
        item[i] = form_control(&f, add[i]);
    item[LEN(add) - 1].kind = CONTROL_HIDDEN;
    item[LEN(add) - 1].value = plan_number(c, g->v.department_id);
    g->v.add_preceptor = (struct controls){ item, LEN(add) };
    g->v.add_open = f.is_posted || g->supervisors.n == 0;
}

static void show(struct ctx *c, int64_t id, const struct posted *posted, bool was_changed)
{
    struct supervision_page g = { .c = c, .posted = posted };
    bool posts = c->route->method == HTTP_POST;
    struct str from = posts ? ctx_form(c, "from") : ctx_query(c, "from"), weeks = posts ? ctx_form(c, "weeks") : ctx_query(c, "weeks");
    date day;
    if (!date_parse(from, &day))
        day = app_today(c->app);
    g.v.from = date_monday(day);
    if (posted->usecase != NULL || !str_int(weeks, &g.v.weeks) || g.v.weeks < 1 || g.v.weeks > 520)
        g.v.weeks = WEEKS_SHOWN;
    if (!load(&g, id))
        return;
    fill(&g);
    put_forms(&g);
    g.v.error = form_error(c);
    g.v.saved = str_is(ctx_query(c, "saved"), "1");
    g.v.was_changed = was_changed;
    for (size_t i = 0; i < c->errs.n && g.v.error.n == 0 && posted->usecase == NULL; i++)
        g.v.error = msg_err(c->arena, &c->errs.item[i], c->page.lang);
    c->page.path = arena_printf(c->arena, "/department/%lld/preceptors", (long long)id);
    c->page.sheet = "forms.css";
    page_supervision(&c->resp->body, &c->page, &g.v);
}

void page_supervision_get(struct ctx *c)
{
    int64_t id;
    if (ctx_number(c, c->word[0], &id))
        show(c, id, &(struct posted){ 0 }, false);
}

/* "name-PLACEMENT:VERSION" = preceptor, gathered into one text. */
static struct str named(struct ctx *c)
{
    struct buf b = buf_make(1 << 17);
    const struct http_fields *form = &c->req->form;
    for (size_t i = 0; i < form->n; i++) {
        struct str name = form->item[i].name;
        if (!str_starts(name, STR("name-")))
            continue;
        buf_z(&b, b.n > 0 ? "," : "");
        buf_add(&b, name.p + strlen("name-"), name.n - strlen("name-"));
        buf_char(&b, ':');
        buf_str(&b, form->item[i].value);
    }
    struct str s = arena_str(c->arena, buf_view(&b));
    buf_free(&b);
    return s;
}

static enum status put_names(struct ctx *c, int64_t id)
{
    struct in_naming *in = record_new(c->arena, &record_in_naming);
    struct call call = { 0 };
    in->department_id = id;
    in->named = named(c);
    return ctx_run(c, "preceptors_name", in, &call);
}

void page_supervision_act(struct ctx *c)
{
    static const struct form_act acts[] = { { "add", "preceptor_add" }, { "absence", "preceptor_absence_save" }, { "absence-delete", "preceptor_absence_delete" } };
    int64_t id;
    struct posted posted = { 0 };
    struct call call = { 0 };
    bool names = str_is(c->word[1], "name");
    if (!ctx_number(c, c->word[0], &id))
        return;
    enum status st = names ? put_names(c, id) : form_run_act(c, acts, LEN(acts), &posted, &call);
    if (st == STATUS_OK && names) {
        struct str from = ctx_form(c, "from"), weeks = ctx_form(c, "weeks");
        date day;
        int64_t n;
        bool keeps = date_parse(from, &day) && str_int(weeks, &n);
        http_redirect(c->resp, keeps ? arena_printf(c->arena, "/department/%lld/preceptors?saved=1&from=%.*s&weeks=%.*s", (long long)id, STR_ARG(from), STR_ARG(weeks))
                                     : arena_printf(c->arena, "/department/%lld/preceptors?saved=1", (long long)id));
    } else if (st == STATUS_OK) {
        http_redirect(c->resp, arena_printf(c->arena, "/department/%lld/preceptors", (long long)id));
    } else if (st == STATUS_INPUT || (st == STATUS_CONFLICT && names)) {
        c->resp->status = st == STATUS_INPUT ? 422 : 409;
        show(c, id, &posted, st == STATUS_CONFLICT);
    } else {
        ctx_fail(c, st);
    }
}
