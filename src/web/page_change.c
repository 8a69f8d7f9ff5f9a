/* A change by hand: choose, see at once what it would break, store it as a draft. And the check of a plan as it stands. */
#include "web/finding.h"
#include "web/pages.h"

#include <stdio.h>

struct change_page {
    struct ctx *c;
    struct change_view v;
    struct plan_row plan;
    const struct cohort *cohort;
    const struct placement_row *x;
    struct rows departments, rotations, links, students, closed;
    struct in_move *in;
};

static enum status load_lists(struct change_page *g)
{
    struct ctx *c = g->c;
    enum status st;
    g->cohort = plan_head_cohort(c, g->plan.cohort_id, &st);
    if (st != STATUS_OK)
        return st;
    const struct {
        const char *usecase;
        int64_t parent;
        struct rows *rows;
    } lists[] = {
        { "department_list", NONE, &g->departments },
        { "rotation_list", g->cohort->programme_id, &g->rotations },
        { "rotation_department_list", g->cohort->programme_id, &g->links },
        { "student_list", g->cohort->id, &g->students },
        { "closed_week_list", g->cohort->id, &g->closed },
    };
    for (size_t i = 0; i < LEN(lists) && st == STATUS_OK; i++)
        *lists[i].rows = ctx_list(c, lists[i].usecase, lists[i].parent, &st);
    return st;
}

static bool may_be_in(const struct change_page *g, int64_t department_id)
{
    const struct rotation_department *l = g->links.item;
    for (size_t i = 0; i < g->links.n; i++)
        if (l[i].rotation_id == g->x->rotation_id && l[i].department_id == department_id)
            return true;
    return department_id == g->x->department_id;
}

static struct option option_of(struct ctx *c, int64_t value, struct str label, bool chosen)
{
    return (struct option){ value, plan_number(c, value), label, chosen };
}

static void departments_of(struct change_page *g)
{
    const struct department *d = g->departments.item;
    struct option *o = ARENA_ARRAY(g->c->arena, g->departments.n, struct option);
    int64_t chosen = g->in->department_id != NONE ? g->in->department_id : g->x->department_id;
    for (size_t i = 0; i < g->departments.n; i++)
        if (may_be_in(g, d[i].id))
            o[g->v.departments++] = option_of(g->c, d[i].id, ctx_pick(g->c, d[i].name_zh, d[i].name_en), d[i].id == chosen);
    g->v.department = o;
}

static bool is_closed(const struct change_page *g, int64_t week)
{
    const struct closed_week *w = g->closed.item;
    for (size_t i = 0; i < g->closed.n; i++)
        if (w[i].week == week)
            return true;
    return false;
}

static void weeks_of(struct change_page *g)
{
    struct option *o = ARENA_ARRAY(g->c->arena, g->cohort->weeks, struct option);
    int64_t chosen = g->in->first_week != NONE ? g->in->first_week : g->x->first_week;
    for (int64_t i = 0; i < g->cohort->weeks; i++) {
        int64_t monday = g->cohort->first_week + 7 * i;
        char text[DATE_TEXT_BYTES];
        if (is_closed(g, monday))
            continue;
        struct str label = TEXT(g->c, MSG_change_week, plan_number(g->c, i + 1), str_of(date_text((date)monday, text)));
        o[g->v.weeks] = option_of(g->c, monday, label, monday == chosen);
        o[g->v.weeks++].text_value = arena_str(g->c->arena, str_of(text));
    }
    g->v.week = o;
}

static void students_of(struct change_page *g)
{
    const struct student_row *s = g->students.item;
    struct option *o = ARENA_ARRAY(g->c->arena, g->students.n, struct option);
    for (size_t i = 0; i < g->students.n; i++) {
        if (s[i].id == g->x->student_id)
            g->v.student = s[i].name;
        else if (s[i].state == student_state_active)
            o[g->v.students++] = option_of(g->c, s[i].id, arena_printf(g->c->arena, "%.*s %.*s", STR_ARG(s[i].name), STR_ARG(s[i].number)),
                                           s[i].id == g->in->with_student_id);
    }
    g->v.student_option = o;
}

static bool fill(struct change_page *g)
{
    struct ctx *c = g->c;
    int64_t plan_id, placement_id;
    if (!ctx_number(c, c->word[0], &plan_id) || !ctx_number(c, c->word[1], &placement_id) ||
        !plan_head_get(c, plan_id, MSG_board_title, &g->v.head, &g->plan))
        return false;
    enum status st = load_lists(g);
    struct rows placements = { 0 };
    if (st == STATUS_OK)
        placements = ctx_list(c, "placement_list", plan_id, &st);
    for (size_t i = 0; i < placements.n; i++)
        if (((const struct placement_row *)placements.item)[i].id == placement_id)
            g->x = &((const struct placement_row *)placements.item)[i];
    if (st != STATUS_OK || g->x == NULL) {
        ctx_fail(c, st != STATUS_OK ? st : STATUS_NOT_FOUND);
        return false;
    }
    g->v.placement_id = placement_id;
    g->v.version = g->plan.version;
    g->v.in_place = g->plan.state == plan_state_draft && g->plan.origin == plan_origin_hand;
    return true;
}

static void show(struct change_page *g)
{
    struct ctx *c = g->c;
    departments_of(g);
    weeks_of(g);
    students_of(g);
    g->v.rotation = plan_name_rotation(c, &g->rotations, g->x->rotation_id);
    g->v.now = TEXT(c, MSG_change_now, plan_name_department(c, &g->departments, g->x->department_id),
                    plan_weeks_text(c, g->cohort, g->x->first_week, g->x->until_week));
    if (c->errs.n > 0)
        g->v.error = msg_err(c->arena, &c->errs.item[0], c->page.lang);
    c->page.sheet = "board.css";
    c->page.script = "change.js";
    page_change(&c->resp->body, &c->page, &g->v);
}

void page_change_get(struct ctx *c)
{
    struct change_page g = { .c = c, .in = record_new(c->arena, &record_in_move) };
    if (fill(&g))
        show(&g);
}

/* What was chosen: the fields of the other kind of change say nothing. */
static bool take(struct change_page *g)
{
    struct ctx *c = g->c;
    static const char *const moves[] = { "department_id", "first_week" }, *const swaps[] = { "with_student_id" };
    g->v.is_swap = str_is(ctx_form(c, "kind"), "swap");
    g->v.is_whole = ctx_form(c, "whole").n > 0;
    g->v.as_variant = ctx_form(c, "as_variant").n > 0;
    const char *const *names = g->v.is_swap ? swaps : moves;
    bool ok = true;
    for (size_t i = 0; i < (g->v.is_swap ? LEN(swaps) : LEN(moves)); i++)
        ok = field_take(record_field(&record_in_move, str_of(names[i])), g->in, ctx_form(c, names[i]), &c->errs) && ok;
    g->in->placement_id = g->v.placement_id;
    g->in->whole = g->v.is_whole;
    g->in->as_variant = g->v.as_variant;
    return ok;
}

static enum status try_it(struct change_page *g)
{
    struct call call = { .target_id = g->plan.id };
    enum status st = ctx_run(g->c, "plan_try", g->in, &call);
    if (st == STATUS_OK)
        g->v.found = findings_of(g->c, g->cohort, &g->departments, &g->rotations, &call.rows);
    return st;
}

static void store_it(struct change_page *g)
{
    struct ctx *c = g->c;
    struct call call = { .target_id = g->plan.id };
    enum status st = STATUS_OK;
    if (!ctx_number(c, ctx_form(c, "version"), &call.target_version))
        return;
    st = ctx_run(c, "plan_change", g->in, &call);
    if (st == STATUS_OK) {
        http_redirect(c->resp, arena_printf(c->arena, "/plan/%lld/check?stored=1", (long long)call.id));
        return;
    }
    if (st == STATUS_CONFLICT) {
        /* Somebody was quicker. What was chosen is still here, tried on the plan as it is now. */
        g->v.was_changed = true;
        c->resp->status = 409;
        st = try_it(g);
    } else if (st == STATUS_INPUT) {
        c->resp->status = 422;
    }
    if (st == STATUS_OK || st == STATUS_INPUT)
        show(g);
    else
        ctx_fail(c, st);
}

void page_change_post(struct ctx *c)
{
    struct change_page g = { .c = c, .in = record_new(c->arena, &record_in_move) };
    if (!fill(&g))
        return;
    if (!take(&g)) {
        c->resp->status = 422;
        show(&g);
        return;
    }
    if (str_is(ctx_form(c, "do"), "save")) {
        store_it(&g);
        return;
    }
    enum status st = try_it(&g);
    if (st == STATUS_INPUT)
        c->resp->status = 422;
    if (st == STATUS_OK || st == STATUS_INPUT)
        show(&g);
    else
        ctx_fail(c, st);
}

void page_check_get(struct ctx *c)
{
    struct check_view v = { 0 };
    struct plan_row plan;
    struct rows departments = { 0 }, rotations = { 0 }, found = { 0 };
    int64_t plan_id;
    enum status st;
    if (!ctx_number(c, c->word[0], &plan_id) || !plan_head_get(c, plan_id, MSG_check_title, &v.head, &plan))
        return;
    const struct cohort *cohort = plan_head_cohort(c, plan.cohort_id, &st);
    if (st == STATUS_OK)
        departments = ctx_list(c, "department_list", NONE, &st);
    if (st == STATUS_OK)
        rotations = ctx_list(c, "rotation_list", cohort->programme_id, &st);
    if (st == STATUS_OK && v.head.has_placements)
        found = ctx_list(c, "plan_check", plan_id, &st);
    if (st != STATUS_OK) {
        ctx_fail(c, st);
        return;
    }
    if (v.head.has_placements)
        v.found = findings_of(c, cohort, &departments, &rotations, &found);
    v.stored = ctx_query(c, "stored").n > 0;
    c->page.sheet = "board.css";
    page_check(&c->resp->body, &c->page, &v);
}
