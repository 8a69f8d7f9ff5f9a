/* Home: what one was told, what waits for one, and the cohorts that run. A student's home is his own page. */
#include "web/page_home.h"

#include "web/form.h"
#include "web/page_my.h"
#include "web/pages.h"

/* How an entry of the list reads and where it leads; {} stands for the record's number. */
static const struct {
    enum msg_id title, detail; /* detail: {1} = name, {2} = how many, {3} = of how many; MSG_none: the name alone */
    const char *url;
    bool is_urgent;
} says[todo_COUNT] = {
    [todo_programme] = { MSG_todo_programme, MSG_todo_programme_detail, "/programmes", false },
    [todo_rotations] = { MSG_todo_rotations, MSG_todo_rotations_detail, "/programme/{}", false },
    [todo_rotation_departments] = { MSG_todo_rotation_departments, MSG_todo_rotation_departments_detail, "/programme/{}", true },
    [todo_cohort] = { MSG_todo_cohort, MSG_todo_cohort_detail, "/cohorts", false },
    [todo_closed_weeks] = { MSG_todo_closed_weeks, MSG_todo_closed_weeks_detail, "/cohort/{}#weeks", false },
    [todo_students] = { MSG_todo_students, MSG_todo_students_detail, "/students/{}", false },
    [todo_departments] = { MSG_todo_departments, MSG_todo_departments_detail, "/departments", false },
    [todo_preceptors] = { MSG_todo_preceptors, MSG_todo_preceptors_detail, "/departments", false },
    [todo_wish_dates] = { MSG_todo_wish_dates, MSG_todo_wish_dates_detail, "/cohort/{}?edit=1", false },
    [todo_wishes_missing] = { MSG_todo_wishes_missing, MSG_todo_wishes_missing_detail, "/cohort/{}/wishes", false },
    [todo_make_plan] = { MSG_todo_make_plan, MSG_todo_make_plan_detail, "/plans/{}", false },
    [todo_propose] = { MSG_todo_propose, MSG_none, "/plans/{}", false },
    [todo_agree] = { MSG_todo_agree, MSG_todo_plan_detail, "/plans/{}", true },
    [todo_publish] = { MSG_todo_publish, MSG_todo_plan_detail, "/plans/{}", true },
    [todo_give_wishes] = { MSG_todo_give_wishes, MSG_none, "/wishes", true },
    [todo_arrivals] = { MSG_todo_arrivals, MSG_todo_here_detail, "/department/{}", false },
    [todo_department_preceptors] = { MSG_todo_department_preceptors, MSG_none, "/department/{}/preceptors", false },
    [todo_name_preceptors] = { MSG_todo_name_preceptors, MSG_todo_name_preceptors_detail, "/department/{}/preceptors", false },
    [todo_preceptors_gone] = { MSG_todo_preceptors_gone, MSG_todo_preceptors_gone_detail, "/department/{}/preceptors", true },
    [todo_supervise] = { MSG_todo_supervise, MSG_todo_here_detail, "/department/{}", false },
    [todo_here] = { MSG_todo_here, MSG_todo_here_detail, "/department/{}", false },
    [todo_members] = { MSG_todo_members, MSG_todo_members_detail, "/people/new", true },
    [todo_notices] = { MSG_todo_notices, MSG_none, "/", false },
    [todo_sites] = { MSG_todo_sites, MSG_none, "/units", false },
};

static struct str number(struct ctx *c, int64_t n)
{
    return arena_printf(c->arena, "%lld", (long long)n);
}

static struct str sentence(struct ctx *c, enum msg_id id, const struct str *arg, size_t n)
{
    struct buf b = buf_make(1 << 12);
    msg_put(&b, id, c->page.lang, arg, n);
    struct str s = arena_str(c->arena, buf_view(&b));
    buf_free(&b);
    return s;
}

static struct todo_item todo_of(struct ctx *c, const struct todo_row *r)
{
    struct str name = ctx_pick(c, r->name_zh, r->name_en), rest = str_of(says[r->what].url);
    struct str arg[] = { name, number(c, r->value), r->total != NONE ? number(c, r->total) : STR("") };
    struct str before = str_cut(&rest, '{');
    struct todo_item t = { .title = says[r->what].title, .is_urgent = says[r->what].is_urgent };
    /* Several departments at once: their list says which. */
    bool many = (r->what == todo_name_preceptors || r->what == todo_preceptors_gone) && r->total > 1;
    if (many) {
        before = STR("/departments");
        rest = STR("");
    }
    t.url = rest.n > 0 ? arena_printf(c->arena, "%.*s%lld%.*s", STR_ARG(before), (long long)r->subject_id, (int)rest.n - 1, rest.p + 1) : before;
    t.detail = says[r->what].detail != MSG_none ? sentence(c, says[r->what].detail, arg, LEN(arg)) : name;
    if (r->until_day != NONE) {
        char day[DATE_TEXT_BYTES];
        struct str until[] = { t.detail, str_of(date_text((date)r->until_day, day)) };
        t.detail = sentence(c, MSG_todo_until, until, LEN(until));
        t.is_urgent = t.is_urgent || r->until_day - app_today(c->app) <= 3;
    }
    return t;
}

static size_t notices_of(struct ctx *c, const struct rows *rows, struct notice_item *item, bool *any_new)
{
    const struct notice *n = rows->item;
    size_t count = 0;
    for (size_t i = 0; i < rows->n; i++) {
        enum msg_id id = msg_find(n[i].message);
        bool english = c->page.lang == LANG_EN && n[i].argument2_en.n > 0;
        struct str arg[] = { n[i].argument1, english ? n[i].argument2_en : n[i].argument2 };
        if (id == MSG_none)
            continue;
        bool ours = n[i].target.n > 0 && n[i].target.p[0] == '/';
        item[count++] = (struct notice_item){ sentence(c, id, arg, LEN(arg)), ctx_time(c, n[i].made_at), ours ? n[i].target : STR("/"),
                                              n[i].read_at == NONE };
        *any_new = *any_new || n[i].read_at == NONE;
    }
    return count;
}

/* Cohorts of today, with the week they are in. */
static size_t cards_of(struct ctx *c, struct card *card, size_t most)
{
    enum status st;
    struct rows rows = ctx_list(c, "cohort_list", NONE, &st);
    const struct cohort *k = rows.item;
    date today = app_today(c->app);
    size_t n = 0;
    for (size_t i = 0; st == STATUS_OK && i < rows.n && n < most; i++) {
        int64_t end = k[i].first_week + 7 * k[i].weeks;
        if (end <= today)
            continue;
        int64_t week = today < k[i].first_week ? 0 : (today - k[i].first_week) / 7 + 1;
        struct str arg[] = { number(c, week), number(c, k[i].weeks) };
        char day[DATE_TEXT_BYTES];
        struct str begins[] = { str_of(date_text((date)k[i].first_week, day)) };
        card[n++] = (struct card){ .name = ctx_pick(c, k[i].name_zh, k[i].name_en), .url = arena_printf(c->arena, "/cohort/%lld", (long long)k[i].id),
                                   .plans_url = arena_printf(c->arena, "/plans/%lld", (long long)k[i].id),
                                   .fact = week > 0 ? sentence(c, MSG_home_week, arg, LEN(arg)) : sentence(c, MSG_home_begins, begins, 1) };
    }
    return n;
}

static enum status told(struct ctx *c, struct home_view *v)
{
    enum { NOTICES_SHOWN = 5 };
    enum status st;
    struct rows todo = ctx_list(c, "todo", NONE, &st), notices = { 0 };
    if (st == STATUS_OK)
        notices = ctx_list(c, "notice_list", NONE, &st);
    if (st != STATUS_OK)
        return st;
    struct todo_item *item = ARENA_ARRAY(c->arena, todo.n, struct todo_item);
    struct notice_item *notice = ARENA_ARRAY(c->arena, notices.n, struct notice_item);
    for (size_t i = 0; i < todo.n; i++)
        item[i] = todo_of(c, &((const struct todo_row *)todo.item)[i]);
    v->todo = item;
    v->todos = todo.n;
    v->notices = MIN(notices_of(c, &notices, notice, &v->any_new), (size_t)NOTICES_SHOWN);
    v->notice = notice;
    return STATUS_OK;
}

const struct home_view *home_told(struct ctx *c)
{
    struct home_view *v = ARENA_NEW(c->arena, struct home_view);
    return told(c, v) == STATUS_OK ? v : NULL;
}

void page_home_get(struct ctx *c)
{
    enum { CARDS_MOST = 6 };
    if (c->session.actor.roles == 1u << role_student) {
        page_my_get(c);
        return;
    }
    struct home_view v = { 0 };
    enum status st = told(c, &v);
    if (st != STATUS_OK) {
        ctx_fail(c, st);
        return;
    }
    struct card *card = ARENA_ARRAY(c->arena, CARDS_MOST, struct card);
    if (app_may(&c->session.actor, CAP_see_base))
        v.cards = cards_of(c, card, CARDS_MOST);
    v.card = card;
    v.is_new = app_may(&c->session.actor, CAP_see_base) && v.cards == 0 && v.todos > 0;
    c->page.sheet = "forms.css";
    page_home(&c->resp->body, &c->page, &v);
}

void page_notices_get(struct ctx *c)
{
    enum status st;
    struct rows notices = ctx_list(c, "notice_list", NONE, &st);
    if (st != STATUS_OK) {
        ctx_fail(c, st);
        return;
    }
    struct home_view v = { 0 };
    struct notice_item *notice = ARENA_ARRAY(c->arena, notices.n, struct notice_item);
    v.notices = notices_of(c, &notices, notice, &v.any_new);
    v.notice = notice;
    c->page.sheet = "forms.css";
    page_notices(&c->resp->body, &c->page, &v);
}

void page_notices_post(struct ctx *c)
{
    struct call call = { 0 };
    enum status st = ctx_run(c, "notices_read", record_new(c->arena, &record_in_target), &call);
    if (st == STATUS_OK)
        http_redirect(c->resp, STR("/"));
    else
        ctx_fail(c, st);
}
