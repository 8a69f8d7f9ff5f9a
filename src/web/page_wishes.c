/* A student's wishes: for each rotation with several departments, and for each choice, a list ordered by buttons (or by drag
 * where there is JavaScript). A press stores the whole list at once, so that nothing hangs on a forgotten button. The same
 * form serves the secretary for any student. */
#include "web/form.h"
#include "web/pages.h"

struct wishing {
    struct ctx *c;
    const struct student *student;
    const struct cohort *cohort;
    struct str name;  /* of the student, for the secretary */
    bool by_secretary;
    struct rows rotations, links, departments, wishes, choices;
};

static enum status load_programme(struct wishing *w)
{
    struct ctx *c = w->c;
    enum status st;
    int64_t programme_id = w->cohort->programme_id;
    w->rotations = ctx_list(c, "rotation_list", programme_id, &st);
    if (st == STATUS_OK)
        w->links = ctx_list(c, "rotation_department_list", programme_id, &st);
    if (st == STATUS_OK)
        w->choices = ctx_list(c, "choice_list", programme_id, &st);
    if (st == STATUS_OK)
        w->departments = ctx_list(c, "department_list", NONE, &st);
    return st;
}

/* student_id NONE: one's own. */
static enum status load(struct wishing *w, int64_t student_id)
{
    struct ctx *c = w->c;
    enum status st;
    w->by_secretary = student_id != NONE;
    struct rows students = ctx_list(c, w->by_secretary ? "student_show" : "my_student", student_id, &st), cohorts = { 0 };
    if (st == STATUS_OK && students.n == 0)
        st = STATUS_NOT_FOUND;
    if (st == STATUS_OK)
        cohorts = ctx_list(c, "cohort_list", NONE, &st);
    if (st != STATUS_OK)
        return st;
    if (w->by_secretary) {
        const struct student_find_row *row = students.item;
        struct student *s = record_new(c->arena, &record_student);
        s->id = row->id;
        s->cohort_id = row->cohort_id;
        w->student = s;
        w->name = row->name;
    } else {
        w->student = students.item;
        w->name = STR("");
    }
    w->cohort = form_row(&record_cohort, &cohorts, w->student->cohort_id);
    if (w->cohort == NULL)
        return STATUS_NOT_FOUND;
    st = load_programme(w);
    if (st == STATUS_OK)
        w->wishes = ctx_list(c, w->by_secretary ? "student_wishes" : "my_wishes", student_id, &st);
    return st;
}

static void add(struct wish_item *item, size_t *n, int64_t id, struct str name)
{
    for (size_t i = 0; i < *n; i++)
        if (item[i].id == id)
            return;
    item[(*n)++] = (struct wish_item){ .id = id, .name = name };
}

static struct str department_name(const struct wishing *w, int64_t id)
{
    const struct department *d = form_row(&record_department, &w->departments, id);
    return d != NULL ? ctx_pick(w->c, d->name_zh, d->name_en) : STR("?");
}

/* What was wished comes first, in its order; then the rest as the programme has it. */
static struct wish_list finish(struct wish_list list, struct wish_item *item, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        item[i].rank = (int64_t)i + 1;
        item[i].is_first = i == 0;
        item[i].is_last = i + 1 == n;
    }
    list.item = item;
    list.items = n;
    return list;
}

static struct wish_list list_of_rotation(const struct wishing *w, const struct rotation *r)
{
    const struct rotation_department *l = w->links.item;
    const struct my_wish_row *x = w->wishes.item;
    struct wish_item *item = ARENA_ARRAY(w->c->arena, w->links.n + w->wishes.n, struct wish_item);
    struct wish_list list = { .rotation_id = r->id, .choice_id = 0, .title = ctx_pick(w->c, r->name_zh, r->name_en) };
    size_t n = 0, offered = 0;
    for (size_t i = 0; i < w->links.n; i++)
        offered += l[i].rotation_id == r->id;
    for (size_t i = 0; i < w->wishes.n; i++)
        if (x[i].rotation_id == r->id && x[i].department_id != NONE)
            add(item, &n, x[i].department_id, department_name(w, x[i].department_id));
    list.is_given = n > 0;
    for (size_t i = 0; i < w->links.n; i++)
        if (l[i].rotation_id == r->id)
            add(item, &n, l[i].department_id, department_name(w, l[i].department_id));
    return finish(list, item, offered > 1 ? n : 0);
}

static struct wish_list list_of_choice(const struct wishing *w, const struct choice *ch)
{
    const struct rotation *r = w->rotations.item;
    const struct my_wish_row *x = w->wishes.item;
    struct wish_item *item = ARENA_ARRAY(w->c->arena, w->rotations.n + w->wishes.n, struct wish_item);
    struct wish_list list = { .rotation_id = 0, .choice_id = ch->id, .title = ctx_pick(w->c, ch->name_zh, ch->name_en), .pick = ch->pick };
    size_t n = 0;
    for (size_t i = 0; i < w->wishes.n; i++) {
        const struct rotation *y = x[i].department_id == NONE ? form_row(&record_rotation, &w->rotations, x[i].rotation_id) : NULL;
        if (y != NULL && y->choice_id == ch->id)
            add(item, &n, y->id, ctx_pick(w->c, y->name_zh, y->name_en));
    }
    list.is_given = n > 0;
    for (size_t i = 0; i < w->rotations.n; i++)
        if (r[i].choice_id == ch->id)
            add(item, &n, r[i].id, ctx_pick(w->c, r[i].name_zh, r[i].name_en));
    return finish(list, item, n > (size_t)ch->pick ? n : 0);
}

static struct str date_or_empty(struct ctx *c, int64_t day)
{
    char text[DATE_TEXT_BYTES];
    return day == NONE ? STR("") : arena_str(c->arena, str_of(date_text((date)day, text)));
}

static void show(struct wishing *w, bool saved)
{
    struct ctx *c = w->c;
    const struct rotation *r = w->rotations.item;
    const struct choice *ch = w->choices.item;
    struct wish_list *list = ARENA_ARRAY(c->arena, w->rotations.n + w->choices.n, struct wish_list);
    date today = app_today(c->app);
    bool early = w->cohort->wishes_open != NONE && today < w->cohort->wishes_open;
    bool late = w->cohort->wishes_close != NONE && today > w->cohort->wishes_close;
    struct wishes_view v = { .student_id = w->student->id, .list = list, .saved = saved, .error = form_error(c), .name = w->name,
                             .open = date_or_empty(c, w->cohort->wishes_open), .close = date_or_empty(c, w->cohort->wishes_close),
                             .is_open = w->by_secretary || (!early && !late), .is_early = early, .is_late = late, .by_secretary = w->by_secretary };
    for (size_t i = 0; i < w->choices.n; i++) {
        list[v.lists] = list_of_choice(w, &ch[i]);
        v.lists += list[v.lists].items > 1;
    }
    for (size_t i = 0; i < w->rotations.n; i++) {
        list[v.lists] = list_of_rotation(w, &r[i]);
        v.lists += list[v.lists].items > 1;
    }
    v.action = w->by_secretary ? arena_printf(c->arena, "/wishes/%lld", (long long)w->student->id) : STR("/wishes");
    c->page.path = v.action;
    c->page.sheet = "forms.css";
    c->page.script = "forms.js";
    page_wishes(&c->resp->body, &c->page, &v);
}

static void get(struct ctx *c, int64_t student_id)
{
    struct wishing w = { .c = c };
    enum status st = load(&w, student_id);
    if (st == STATUS_OK)
        show(&w, str_is(ctx_query(c, "saved"), "1"));
    else
        ctx_fail(c, st);
}

/* The posted order with one item moved: "up-7", "down-7"; anything else leaves it. */
static struct str moved(struct ctx *c, struct str ranked, struct str move)
{
    enum { ITEMS_MOST = 500 };
    struct str item[ITEMS_MOST], which = move;
    size_t n = 0, at = 0;
    struct str where = str_cut(&which, '-');
    while (ranked.n > 0 && n < ITEMS_MOST)
        item[n++] = str_cut(&ranked, ',');
    while (at < n && !str_eq(item[at], which))
        at++;
    size_t other = str_is(where, "up") ? at - 1 : at + 1;
    if (at < n && other < n) {
        struct str keep = item[at];
        item[at] = item[other];
        item[other] = keep;
    }
    struct buf b = buf_make(1 << 16);
    for (size_t i = 0; i < n; i++) {
        buf_z(&b, i > 0 ? "," : "");
        buf_str(&b, item[i]);
    }
    struct str s = arena_str(c->arena, buf_view(&b));
    buf_free(&b);
    return s;
}

static void post(struct ctx *c, int64_t student_id)
{
    struct wishing w = { .c = c };
    struct call call = { 0 };
    struct in_wishes *in = record_new(c->arena, &record_in_wishes);
    enum status st = load(&w, student_id);
    if (st != STATUS_OK) {
        ctx_fail(c, st);
        return;
    }
    bool good = record_from_form(&record_in_wishes, in, ctx_lookup, c, &c->errs);
    in->student_id = w.student->id;
    struct str move = ctx_form(c, "move");
    if (str_is(move, "clear"))
        in->ranked = STR("");
    else if (move.n > 0)
        in->ranked = moved(c, in->ranked, move);
    st = good ? ctx_run(c, "wishes_save", in, &call) : STATUS_INPUT;
    if (st == STATUS_OK) {
        http_redirect(c->resp, w.by_secretary ? arena_printf(c->arena, "/wishes/%lld?saved=1", (long long)student_id) : STR("/wishes?saved=1"));
    } else if (st == STATUS_INPUT) {
        c->resp->status = 422;
        show(&w, false);
    } else {
        ctx_fail(c, st);
    }
}

void page_wishes_get(struct ctx *c)
{
    get(c, NONE);
}

void page_wishes_post(struct ctx *c)
{
    post(c, NONE);
}

void page_wishes_of_get(struct ctx *c)
{
    int64_t id;
    if (ctx_number(c, c->word[0], &id))
        get(c, id);
}

void page_wishes_of_post(struct ctx *c)
{
    int64_t id;
    if (ctx_number(c, c->word[0], &id))
        post(c, id);
}
