/* A student's wishes: for each rotation with several departments a list of ranks, by selects that need no JavaScript. */
#include "web/ctx.h"
#include "web/pages.h"

#include <stdio.h>

struct wishing {
    struct ctx *c;
    const struct student *student;
    const struct cohort *cohort;
    struct rows rotations, links, departments, wishes;
};

static enum status load(struct wishing *w)
{
    struct ctx *c = w->c;
    enum status st;
    struct rows students = ctx_list(c, "my_student", NONE, &st), cohorts = { 0 };
    if (st == STATUS_OK && students.n == 0)
        st = STATUS_NOT_FOUND;
    if (st == STATUS_OK)
        cohorts = ctx_list(c, "cohort_list", NONE, &st);
    if (st != STATUS_OK)
        return st;
    w->student = students.item;
    for (size_t i = 0; i < cohorts.n; i++)
        if (((const struct cohort *)cohorts.item)[i].id == w->student->cohort_id)
            w->cohort = &((const struct cohort *)cohorts.item)[i];
    if (w->cohort == NULL)
        return STATUS_NOT_FOUND;
    w->rotations = ctx_list(c, "rotation_list", w->cohort->programme_id, &st);
    if (st == STATUS_OK)
        w->links = ctx_list(c, "rotation_department_list", w->cohort->programme_id, &st);
    if (st == STATUS_OK)
        w->departments = ctx_list(c, "department_list", NONE, &st);
    if (st == STATUS_OK)
        w->wishes = ctx_list(c, "my_wishes", NONE, &st);
    return st;
}

static struct str department_name(const struct wishing *w, int64_t id)
{
    const struct department *d = w->departments.item;
    for (size_t i = 0; i < w->departments.n; i++)
        if (d[i].id == id)
            return ctx_pick(w->c, d[i].name_zh, d[i].name_en);
    return STR("?");
}

static bool is_wished(const struct wishing *w, int64_t rotation_id, int64_t department_id, int64_t rank)
{
    const struct my_wish_row *x = w->wishes.item;
    for (size_t i = 0; i < w->wishes.n; i++)
        if (x[i].rotation_id == rotation_id && x[i].department_id == department_id && x[i].rank == rank)
            return true;
    return false;
}

static struct wish_list list_of(const struct wishing *w, const struct rotation *r)
{
    struct arena *a = w->c->arena;
    const struct rotation_department *l = w->links.item;
    struct wish_list list = { .rotation_id = r->id, .rotation = ctx_pick(w->c, r->name_zh, r->name_en) };
    int64_t *department = ARENA_ARRAY(a, w->links.n, int64_t);
    for (size_t i = 0; i < w->links.n; i++)
        if (l[i].rotation_id == r->id)
            department[list.choices++] = l[i].department_id;
    struct option *o = ARENA_ARRAY(a, list.choices * list.choices, struct option);
    for (size_t k = 0; k < list.choices; k++)
        for (size_t i = 0; i < list.choices; i++)
            o[k * list.choices + i] =
                (struct option){ department[i], arena_printf(a, "%lld", (long long)department[i]),
                                 department_name(w, department[i]), is_wished(w, r->id, department[i], (int64_t)k) };
    list.option = o;
    return list;
}

static struct str date_or_dots(struct ctx *c, int64_t day)
{
    char text[DATE_TEXT_BYTES];
    return day == NONE ? STR("…") : arena_str(c->arena, str_of(date_text((date)day, text)));
}

static void show(struct ctx *c, struct wishing *w, bool saved)
{
    const struct rotation *r = w->rotations.item;
    struct wish_list *list = ARENA_ARRAY(c->arena, w->rotations.n, struct wish_list);
    date today = app_today(c->app);
    struct wishes_view v = { .student_id = w->student->id, .list = list, .saved = saved, .error = STR(""),
                             .open = date_or_dots(c, w->cohort->wishes_open), .close = date_or_dots(c, w->cohort->wishes_close),
                             .is_open = (w->cohort->wishes_open == NONE || today >= w->cohort->wishes_open) &&
                                        (w->cohort->wishes_close == NONE || today <= w->cohort->wishes_close) };
    for (size_t i = 0; i < w->rotations.n; i++) {
        list[v.lists] = list_of(w, &r[i]);
        v.lists += list[v.lists].choices > 1;
    }
    if (c->errs.n > 0)
        v.error = msg_err(c->arena, &c->errs.item[0], c->page.lang);
    page_wishes(&c->resp->body, &c->page, &v);
}

void page_wishes_get(struct ctx *c)
{
    struct wishing w = { .c = c };
    enum status st = load(&w);
    if (st == STATUS_OK)
        show(c, &w, str_is(ctx_query(c, "saved"), "1"));
    else
        ctx_fail(c, st);
}

/* The selects rank0, rank1, ... become one list; an empty one is left out, a doubled one refused. */
static bool ranked_of(struct ctx *c, struct buf *out)
{
    enum { RANKS_MOST = 100 };
    struct str seen[RANKS_MOST];
    size_t n = 0;
    for (int i = 0; i < RANKS_MOST; i++) {
        char name[16];
        snprintf(name, sizeof name, "rank%d", i);
        struct str value = ctx_form(c, name);
        for (size_t k = 0; k < n; k++)
            if (value.n > 0 && str_eq(seen[k], value)) {
                errs_add(&c->errs, MSG_wish_twice, STR("ranked"), NULL);
                return false;
            }
        if (value.n == 0)
            continue;
        seen[n++] = value;
        buf_z(out, n > 1 ? "," : "");
        buf_str(out, value);
    }
    return true;
}

void page_wishes_post(struct ctx *c)
{
    struct wishing w = { .c = c };
    struct call call = { 0 };
    struct buf ranked = buf_make(2000);
    struct in_wishes *in = record_new(c->arena, &record_in_wishes);
    enum status st = load(&w);
    if (st != STATUS_OK) {
        ctx_fail(c, st);
        return;
    }
    in->student_id = w.student->id;
    st = ctx_number(c, ctx_form(c, "rotation_id"), &in->rotation_id) ? STATUS_OK : STATUS_NOT_FOUND;
    if (st != STATUS_OK)
        return;
    st = ranked_of(c, &ranked) ? STATUS_OK : STATUS_INPUT;
    in->ranked = arena_str(c->arena, buf_view(&ranked));
    buf_free(&ranked);
    if (st == STATUS_OK)
        st = ctx_run(c, "wishes_save", in, &call);
    if (st == STATUS_OK) {
        http_redirect(c->resp, STR("/wishes?saved=1"));
    } else if (st == STATUS_INPUT) {
        c->resp->status = 422;
        show(c, &w, false);
    } else {
        ctx_fail(c, st);
    }
}
