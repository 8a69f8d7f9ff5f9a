/* A way out that is tried: the button that makes a plan of it, what that plan rests on, and making it true. */
#include "web/pages.h"
#include "web/trial.h"

/* Where people change a fact of this kind. */
static struct str url_of(const struct ctx *c, const struct trial_row *r)
{
    static const struct {
        enum trial_kind kind;
        const char *path;
        size_t at;
    } table[] = {
        { trial_kind_seats, "capacity", offsetof(struct trial_row, department_id) },
        { trial_kind_reopen, "capacity", offsetof(struct trial_row, department_id) },
        { trial_kind_preceptors, "capacity", offsetof(struct trial_row, department_id) },
        { trial_kind_weeks, "cohort", offsetof(struct trial_row, cohort_id) },
        { trial_kind_open_week, "cohort", offsetof(struct trial_row, cohort_id) },
        { trial_kind_order, "programme", offsetof(struct trial_row, programme_id) },
        { trial_kind_earliest, "programme", offsetof(struct trial_row, programme_id) },
        { trial_kind_latest_end, "programme", offsetof(struct trial_row, programme_id) },
        { trial_kind_away, "student-data", offsetof(struct trial_row, student_id) },
        { trial_kind_gap, "programme", offsetof(struct trial_row, programme_id) },
        { trial_kind_department, "programme", offsetof(struct trial_row, programme_id) },
        { trial_kind_own_programme, "student-data", offsetof(struct trial_row, student_id) },
        { trial_kind_student, "students", offsetof(struct trial_row, cohort_id) },
    };
    for (size_t i = 0; i < LEN(table); i++) {
        int64_t id;
        memcpy(&id, (const char *)r + table[i].at, sizeof id);
        if (table[i].kind == (enum trial_kind)r->kind && id != NONE)
            return arena_printf(c->arena, "/%s/%lld", table[i].path, (long long)id);
    }
    return STR("");
}

static void show(struct ctx *c, int64_t plan_id)
{
    struct trial_view v = { .error = STR("") };
    struct plan_row plan;
    enum status st, gone;
    if (!plan_head_get(c, plan_id, MSG_trial_title, &v.head, &plan))
        return;
    struct rows rows = ctx_list(c, "trial_list", plan_id, &st);
    if (st != STATUS_OK) {
        ctx_fail(c, st);
        return;
    }
    const struct trial_row *r = rows.item;
    struct trial_item *item = ARENA_ARRAY(c->arena, rows.n, struct trial_item);
    for (size_t i = 0; i < rows.n; i++) {
        item[i] = (struct trial_item){ .kind = trial_kind_list.item[r[i].kind].label, .side = r[i].side != NONE ? side_list.item[r[i].side].label : MSG_none,
                                       .text = ctx_pick(c, r[i].text_zh, r[i].text_en), .url = url_of(c, &r[i]), .is_done = r[i].done == 1, .may = r[i].may == 1 };
        if (item[i].text.n == 0)
            item[i].text = str_of(msg_text(item[i].kind, c->page.lang));
        v.open += !item[i].is_done;
        v.mine += item[i].may;
    }
    v.item = item;
    v.items = rows.n;
    if (plan.based_on_id != NONE) {
        struct rows from = ctx_list(c, "plan_get", plan.based_on_id, &gone);
        v.from_id = from.n > 0 ? plan.based_on_id : 0;
        v.from_number = from.n > 0 ? ((const struct plan_row *)from.item)->number : 0;
    }
    if (c->errs.n > 0)
        v.error = msg_err(c->arena, &c->errs.item[0], c->page.lang);
    c->page.sheet = "board.css";
    c->page.more_sheet = "plan.css";
    page_trial(&c->resp->body, &c->page, &v);
}

void page_trial_get(struct ctx *c)
{
    int64_t id;
    if (ctx_number(c, c->word[0], &id))
        show(c, id);
}

void page_trial_post(struct ctx *c)
{
    struct in_target *in = record_new(c->arena, &record_in_target);
    struct call call = { 0 };
    if (!ctx_number(c, c->word[0], &call.target_id))
        return;
    int64_t plan_id = call.target_id;
    enum status st = ctx_run(c, "trial_apply", in, &call);
    if (st == STATUS_OK) {
        http_redirect(c->resp, arena_printf(c->arena, "/plan/%lld/trial", (long long)plan_id));
    } else if (st == STATUS_INPUT) {
        c->resp->status = 422;
        show(c, plan_id);
    } else {
        ctx_fail(c, st);
    }
}

/* "Try this" on the page of why there is no plan: leads to the planning page, where the plan is being made. */
void page_trial_try(struct ctx *c)
{
    struct in_trial *in = record_new(c->arena, &record_in_trial);
    struct call call = { 0 };
    enum status st;
    if (!ctx_number(c, c->word[0], &in->plan_id) || !ctx_number(c, c->word[1], &in->number))
        return;
    struct rows plans = ctx_list(c, "plan_get", in->plan_id, &st);
    if (st == STATUS_OK)
        st = ctx_run(c, "trial_make", in, &call);
    if (st == STATUS_OK) {
        http_redirect(c->resp, arena_printf(c->arena, "/plans/%lld#plan-%lld", (long long)((const struct plan_row *)plans.item)->cohort_id, (long long)call.id));
    } else if (st == STATUS_INPUT) {
        c->resp->status = 422;
        why_show(c, in->plan_id);
    } else {
        ctx_fail(c, st);
    }
}
