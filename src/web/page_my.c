/* One student: now, next, where, who supervises, and what became of the wishes. His own page, and the staff's of any of them. */
#include "web/page_home.h"
#include "web/page_my.h"
#include "web/pages.h"
#include "web/plan_head.h"

struct student_page {
    struct ctx *c;
    struct my_view v;
    const struct cohort *cohort; /* NULL: unknown */
    struct rows weeks, receipts, outcomes, preceptors, stand_ins;
};

/* The reading use cases, of oneself or of the student and plan that `in` names. */
static enum status load(struct student_page *g, const struct in_weeks_of *in)
{
    static const struct {
        const char *mine, *theirs;
        size_t at;
    } lists[] = {
        { "my_weeks", "student_weeks", offsetof(struct student_page, weeks) },
        { "my_receipts", "student_receipts", offsetof(struct student_page, receipts) },
        { "my_outcomes", "student_outcomes", offsetof(struct student_page, outcomes) },
        { "my_preceptors", "student_preceptors", offsetof(struct student_page, preceptors) },
        { "my_stand_ins", "student_stand_ins", offsetof(struct student_page, stand_ins) },
    };
    enum status st = STATUS_OK;
    for (size_t i = 0; i < LEN(lists) && st == STATUS_OK; i++) {
        struct call call = { 0 };
        if (in == NULL) {
            *(struct rows *)((char *)g + lists[i].at) = ctx_list(g->c, lists[i].mine, NONE, &st);
            continue;
        }
        st = ctx_run(g->c, lists[i].theirs, in, &call);
        *(struct rows *)((char *)g + lists[i].at) = call.rows;
    }
    return st;
}

static struct str preceptors_of(const struct student_page *g, int64_t department_id)
{
    const struct preceptor_row *p = g->preceptors.item;
    struct buf b = buf_make(4096);
    for (size_t i = 0; i < g->preceptors.n; i++)
        if (p[i].department_id == department_id) {
            if (b.n > 0)
                buf_z(&b, g->c->page.lang == LANG_ZH ? "、" : ", ");
            buf_str(&b, p[i].name);
        }
    struct str s = arena_str(g->c->arena, buf_view(&b));
    buf_free(&b);
    return s;
}

/* When somebody else stands in for the preceptor of a placement; what is over is left out. */
static struct str stand_ins_of(const struct student_page *g, int64_t placement_id)
{
    struct ctx *c = g->c;
    const struct stand_in_row *s = g->stand_ins.item;
    struct buf b = buf_make(4096);
    for (size_t i = 0; i < g->stand_ins.n; i++) {
        char monday[DATE_TEXT_BYTES];
        if (s[i].placement_id != placement_id || s[i].first_week + 7 * s[i].weeks <= app_today(c->app))
            continue;
        struct str from = str_of(date_text((date)s[i].first_week, monday)), weeks = plan_number(c, s[i].weeks);
        buf_z(&b, b.n > 0 ? (c->page.lang == LANG_ZH ? "；" : "; ") : "");
        buf_str(&b, s[i].name.n > 0 ? TEXT(c, MSG_my_stand_in, from, weeks, s[i].name) : TEXT(c, MSG_my_stand_in_nobody, from, weeks));
    }
    struct str text = arena_str(c->arena, buf_view(&b));
    buf_free(&b);
    return text;
}

static void fill_items(struct student_page *g)
{
    struct ctx *c = g->c;
    const struct week_row *x = g->weeks.item;
    struct my_item *item = ARENA_ARRAY(c->arena, g->weeks.n, struct my_item);
    date today = app_today(c->app);
    for (size_t i = 0; i < g->weeks.n; i++) {
        bool past = x[i].until_week <= today, now = !past && x[i].first_week <= today, next = !past && !now && g->v.next == NULL;
        item[i] = (struct my_item){
            .placement_id = x[i].id,
            .rotation = ctx_pick(c, x[i].rotation_zh, x[i].rotation_en),
            .department = ctx_pick(c, x[i].name_zh, x[i].name_en),
            .site = ctx_pick(c, x[i].site_zh, x[i].site_en),
            .preceptor = x[i].preceptor,
            .title = x[i].title,
            .stand_in = stand_ins_of(g, x[i].id),
            .preceptors = x[i].preceptor.n > 0 ? STR("") : preceptors_of(g, x[i].department_id),
            .from = (date)x[i].first_week,
            .last = (date)(x[i].until_week - 1),
            .weeks = x[i].weeks,
            .number_from = g->cohort != NULL ? plan_week_number(g->cohort, x[i].first_week) : 0,
            .number_to = g->cohort != NULL ? plan_week_number(g->cohort, x[i].until_week) - 1 : 0,
            .when = past ? MSG_my_past : now ? MSG_my_now : next ? MSG_my_next : MSG_my_later,
            .class = past ? "past" : now ? "now" : "later",
        };
        if (now) {
            g->v.now = &item[i];
            g->v.now_week = (date_monday(today) - x[i].first_week) / 7 + 1;
        }
        if (next)
            g->v.next = &item[i];
    }
    g->v.item = item;
    g->v.items = g->weeks.n;
    if (g->weeks.n > 0) {
        g->v.plan_number = x[0].number;
        g->v.plan_id = x[0].plan_id;
    }
}

/* What became of one wish, with the numbers that decided it. */
static struct my_wish wish_of(const struct student_page *g, const struct outcome_row *o, bool has_better)
{
    struct ctx *c = g->c;
    struct str arg[] = { plan_number(c, o->wanted), plan_number(c, o->placed) };
    enum msg_id id = o->granted == 1 ? MSG_my_why_granted : has_better ? MSG_my_why_better : o->wanted > o->placed ? MSG_my_why_full : g->v.is_own ? MSG_my_why_not : MSG_student_why_not;
    struct str why = g->weeks.n > 0 ? plan_text(c, id, LEN(arg), arg) : STR("");
    if (why.n > 0 && o->granted != 1 && !has_better && o->open_weeks != NONE && o->full_weeks > 0)
        why = TEXT(c, MSG_my_full, why, plan_number(c, o->full_weeks), plan_number(c, o->open_weeks));
    return (struct my_wish){ o->rank + 1, ctx_pick(c, o->name_zh, o->name_en), why, o->granted == 1 };
}

static struct str result_of(const struct student_page *g, const struct receipt_row *r)
{
    struct ctx *c = g->c;
    if (r->rank == NONE)
        return str_of(msg_text(MSG_my_got_nothing, c->page.lang));
    bool own = g->v.is_own;
    if (r->rank >= r->wished)
        return TEXT(c, own ? MSG_my_got_other : MSG_student_got_other, plan_number(c, r->wanted_by));
    enum msg_id got = r->rank == 0 ? (own ? MSG_my_got_first : MSG_student_got_first) : own ? MSG_my_got : MSG_student_got;
    return TEXT(c, got, plan_number(c, r->rank + 1), plan_number(c, r->wanted_by));
}

static void fill_lists(struct student_page *g)
{
    struct ctx *c = g->c;
    const struct outcome_row *o = g->outcomes.item;
    const struct receipt_row *r = g->receipts.item;
    struct my_list *list = ARENA_ARRAY(c->arena, g->outcomes.n, struct my_list);
    for (size_t i = 0; i < g->outcomes.n;) {
        struct my_list *l = &list[g->v.lists++];
        struct my_wish *wish = ARENA_ARRAY(c->arena, g->outcomes.n - i, struct my_wish);
        size_t first = i;
        bool has_better = false;
        *l = (struct my_list){ .name = STR(""), .result = STR(""), .wish = wish };
        while (i < g->outcomes.n && (o[first].choice_id != NONE ? o[i].choice_id == o[first].choice_id : o[i].choice_id == NONE && o[i].rotation_id == o[first].rotation_id)) {
            wish[l->wishes++] = wish_of(g, &o[i], has_better);
            has_better = has_better || o[i].granted == 1;
            i++;
        }
        for (size_t k = 0; k < g->receipts.n; k++)
            if (o[first].choice_id != NONE ? r[k].choice_id == o[first].choice_id : r[k].choice_id == NONE && r[k].rotation_id == o[first].rotation_id) {
                l->name = ctx_pick(c, r[k].name_zh, r[k].name_en);
                l->result = result_of(g, &r[k]);
            }
    }
    for (size_t k = 0; k < g->receipts.n; k++) {
        g->v.regret += r[k].regret;
        g->v.seed = r[k].seed != NONE ? r[k].seed : 0;
    }
    g->v.list = list;
}

void page_my_get(struct ctx *c)
{
    struct student_page g = { .c = c, .v = { .is_own = true, .error = STR("") } };
    enum status st;
    struct rows students = ctx_list(c, "my_student", NONE, &st);
    if (st == STATUS_OK && students.n > 0) {
        enum status known;
        g.cohort = plan_head_cohort(c, ((const struct student *)students.item)->cohort_id, &known);
        st = load(&g, NULL);
    }
    if (st != STATUS_OK) {
        ctx_fail(c, st);
        return;
    }
    g.v.name = c->session.name;
    g.v.cohort = g.cohort != NULL ? ctx_pick(c, g.cohort->name_zh, g.cohort->name_en) : STR("");
    g.v.told = home_told(c);
    fill_items(&g);
    fill_lists(&g);
    c->page.sheet = "board.css";
    page_my(&c->resp->body, &c->page, &g.v);
}

static void show_student(struct ctx *c, int64_t student_id)
{
    struct student_page g = { .c = c, .v = { .error = STR("") } };
    struct in_weeks_of *in = record_new(c->arena, &record_in_weeks_of);
    enum status st;
    struct rows students = ctx_list(c, "student_get", student_id, &st);
    struct str plan = ctx_query(c, "plan");
    in->student_id = student_id;
    if (plan.n > 0 && !ctx_number(c, plan, &in->plan_id))
        return;
    if (st == STATUS_OK)
        st = load(&g, in);
    if (st == STATUS_OK)
        g.cohort = plan_head_cohort(c, ((const struct student_row *)students.item)->cohort_id, &st);
    if (st != STATUS_OK) {
        ctx_fail(c, st);
        return;
    }
    const struct student_row *s = students.item;
    g.v.student_id = s->id;
    g.v.name = s->name;
    g.v.number = s->number;
    g.v.group = s->group_name;
    g.v.cohort = ctx_pick(c, g.cohort->name_zh, g.cohort->name_en);
    g.v.cohort_id = g.cohort->id;
    g.v.is_withdrawn = s->state == student_state_withdrawn;
    g.v.may_change = app_may(&c->session.actor, CAP_make_plan);
    g.v.may_withdraw = app_may(&c->session.actor, CAP_edit_cohort) && !g.v.is_withdrawn;
    g.v.next_monday = date_monday(app_today(c->app)) + 7;
    fill_items(&g);
    fill_lists(&g);
    if (c->errs.n > 0)
        g.v.error = msg_err(c->arena, &c->errs.item[0], c->page.lang);
    c->page.sheet = "board.css";
    page_student(&c->resp->body, &c->page, &g.v);
}

void page_student_get(struct ctx *c)
{
    int64_t id;
    if (ctx_number(c, c->word[0], &id))
        show_student(c, id);
}

void page_student_withdraw(struct ctx *c)
{
    static const char *const fields[] = { "first_week", "reason" };
    struct in_withdraw *in = record_new(c->arena, &record_in_withdraw);
    struct call call = { 0 };
    enum status st = STATUS_OK;
    if (!ctx_number(c, c->word[0], &call.target_id))
        return;
    for (size_t i = 0; i < LEN(fields); i++)
        if (!field_take(record_field(&record_in_withdraw, str_of(fields[i])), in, ctx_form(c, fields[i]), &c->errs))
            st = STATUS_INPUT;
    if (st == STATUS_OK)
        st = ctx_run(c, "student_withdraw", in, &call);
    if (st == STATUS_OK) {
        http_redirect(c->resp, arena_printf(c->arena, "/student/%lld", (long long)call.target_id));
    } else if (st == STATUS_INPUT) {
        c->resp->status = 422;
        show_student(c, call.target_id);
    } else {
        ctx_fail(c, st);
    }
}
