/* The difference between two plans of a cohort: who moves, from where to where, in which weeks; who is to be told. */
#include "web/pages.h"
#include "web/variants.h"

struct names {
    struct ctx *c;
    const struct cohort *cohort;
    struct rows departments, rotations;
};

static struct str place_text(const struct names *n, int64_t department_id, int64_t first, int64_t until)
{
    if (department_id == NONE)
        return STR("");
    return TEXT(n->c, MSG_diff_place, plan_name_department(n->c, &n->departments, department_id), plan_weeks_text(n->c, n->cohort, first, until));
}

static void fill_items(const struct names *n, const struct rows *rows, struct diff_view *v)
{
    const struct diff_row *d = rows->item;
    struct diff_item *item = ARENA_ARRAY(n->c->arena, rows->n, struct diff_item), *first = NULL;
    for (size_t i = 0; i < rows->n; i++) {
        bool is_first = i == 0 || d[i].student_id != d[i - 1].student_id;
        item[i] = (struct diff_item){ .is_first = is_first, .student_id = d[i].student_id, .student = d[i].name, .number = d[i].number,
                                      .rotation = plan_name_rotation(n->c, &n->rotations, d[i].rotation_id), .weeks = d[i].student_weeks,
                                      .before = place_text(n, d[i].old_department_id, d[i].old_first_week, d[i].old_until_week),
                                      .after = place_text(n, d[i].new_department_id, d[i].new_first_week, d[i].new_until_week) };
        if (is_first) {
            first = &item[i];
            v->students++;
            v->weeks += d[i].student_weeks;
        }
        first->lines++;
    }
    v->item = item;
    v->items = rows->n;
}

static void fill_told(const struct names *n, const struct rows *rows, struct diff_view *v)
{
    const struct concerned_row *r = rows->item;
    struct told *told = ARENA_ARRAY(n->c->arena, rows->n, struct told);
    for (size_t i = 0; i < rows->n; i++) {
        if (r[i].role == role_student) {
            v->other_tolds++;
            continue;
        }
        told[v->tolds++] = (struct told){ r[i].name, r[i].department_id != NONE ? plan_name_department(n->c, &n->departments, r[i].department_id) : STR(""),
                                          role_list.item[r[i].role].label };
    }
    v->told = told;
}

static void fill_plans(struct ctx *c, const struct rows *plans, int64_t before_id, struct diff_view *v)
{
    const struct plan_row *p = plans->item;
    struct board_option *o = ARENA_ARRAY(c->arena, plans->n, struct board_option);
    v->before_number = v->head.number;
    for (size_t i = 0; i < plans->n; i++)
        if (p[i].id != v->head.id && p[i].verdict != plan_verdict_unknown && p[i].verdict != plan_verdict_infeasible) {
            struct str state = str_of(msg_text(plan_state_list.item[p[i].state].label, c->page.lang));
            o[v->plans++] = (struct board_option){ plan_number(c, p[i].id), TEXT(c, MSG_diff_plan, plan_number(c, p[i].number), state), p[i].id == before_id };
            if (p[i].id == before_id)
                v->before_number = p[i].number;
        }
    v->plan = o;
}

/* The two by their figures: the first one's row is asked for, since the list may not reach back to it. */
static void fill_figures(struct ctx *c, int64_t before_id, const struct plan_row *after, struct diff_view *v)
{
    enum status st;
    struct rows before = ctx_list(c, "plan_get", before_id, &st);
    struct plan_row *two = ARENA_ARRAY(c->arena, 2, struct plan_row);
    if (st != STATUS_OK || before.n == 0 || before_id == after->id)
        return;
    two[0] = *(const struct plan_row *)before.item;
    two[1] = *after;
    v->before_number = two[0].number;
    v->variants = variants_of(c, two, 2, v->head.published_id);
}

static enum status pair_rows(struct ctx *c, const char *usecase, int64_t before_id, int64_t after_id, struct rows *out)
{
    struct in_pair *in = record_new(c->arena, &record_in_pair);
    struct call call = { 0 };
    in->plan_id = before_id;
    in->other_id = after_id;
    enum status st = ctx_run(c, usecase, in, &call);
    *out = call.rows;
    return st;
}

void page_diff_get(struct ctx *c)
{
    struct diff_view v = { 0 };
    struct plan_row plan;
    struct names n = { .c = c };
    struct rows diff = { 0 }, concerned = { 0 }, plans = { 0 };
    int64_t before_id, after_id;
    enum status st;
    /* The form of the page itself names the plan to compare with. */
    struct str from = ctx_query(c, "from");
    if (!ctx_number(c, from.n > 0 ? from : c->word[0], &before_id) || !ctx_number(c, ctx_query(c, "to"), &after_id) ||
        !plan_head_get(c, after_id, MSG_diff_title, &v.head, &plan))
        return;
    n.cohort = plan_head_cohort(c, plan.cohort_id, &st);
    if (st == STATUS_OK)
        n.departments = ctx_list(c, "department_list", NONE, &st);
    if (st == STATUS_OK)
        n.rotations = ctx_list(c, "rotation_list", n.cohort->programme_id, &st);
    if (st == STATUS_OK)
        plans = ctx_list(c, "plan_list", plan.cohort_id, &st);
    if (st == STATUS_OK)
        st = pair_rows(c, "plan_diff", before_id, after_id, &diff);
    if (st == STATUS_OK)
        st = pair_rows(c, "concerned_list", before_id, after_id, &concerned);
    if (st != STATUS_OK) {
        ctx_fail(c, st);
        return;
    }
    fill_items(&n, &diff, &v);
    fill_told(&n, &concerned, &v);
    fill_plans(c, &plans, before_id, &v);
    fill_figures(c, before_id, &plan, &v);
    c->page.sheet = "board.css";
    c->page.more_sheet = "plan.css";
    page_diff(&c->resp->body, &c->page, &v);
}
