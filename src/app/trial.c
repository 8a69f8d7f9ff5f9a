/* Use cases: try a way out, see what it would change, make that true. See trial.h. */
#include "app/trial.h"
#include "app/change.h"
#include "app/problem.h"
#include "app/settings.h"
#include "app/usecases.h"
#include "rules/plan.h"

enum { PROBLEM_BYTES_MOST = 256 << 20 };

static enum status load_plan(struct call *c, int64_t id, const struct plan **out)
{
    void *found = NULL;
    enum status st = id != NONE ? scope_check(c, &record_plan, id) : STATUS_NOT_FOUND;
    if (st == STATUS_OK)
        st = tx_load(c->tx, &record_plan, id, &found);
    *out = found;
    return st;
}

/* ---- try it ------------------------------------------------------------------------------------- */

static const struct json *repair_at(struct arena *a, struct str result, int64_t number)
{
    struct json_error e;
    const struct json *plan = result.n > 0 ? json_read(a, result, &e) : NULL, *list = plan != NULL ? json_get(plan, "repairs") : NULL;
    for (const struct json *r = list != NULL ? list->child : NULL; r != NULL; r = r->next)
        if (r->index == number - 1)
            return json_get(r, "change") != NULL ? r : NULL;
    return NULL;
}

static struct str text_of(struct arena *a, const struct json *v)
{
    struct buf b = buf_make(PROBLEM_BYTES_MOST);
    json_put(&b, v);
    struct str s = b.failed ? STR("") : arena_str(a, buf_view(&b));
    buf_free(&b);
    return s;
}

/* The proven plan of the repair as a plan file to go on from, so that a tried way out never ends without a plan. */
static struct str start_of(struct arena *a, const struct json *repair, struct str digest)
{
    const struct json *placements = json_get(repair, "placements");
    struct buf b = buf_make(PROBLEM_BYTES_MOST);
    buf_z(&b, "{\"format\":\"internbase.plan/1\",\"problem\":");
    json_put_text(&b, digest);
    buf_z(&b, ",\"status\":\"feasible\",\"placements\":");
    if (placements != NULL)
        json_put(&b, placements);
    else
        buf_z(&b, "[]");
    buf_char(&b, '}');
    struct str s = b.failed ? STR("") : arena_str(a, buf_view(&b));
    buf_free(&b);
    return s;
}

/* The patched problem and what would have to change, into the new plan's row. */
static enum status put_trial(struct call *c, const struct plan *from, const struct json *repair, struct plan *p)
{
    struct json_error e;
    const struct json *problem = json_read(c->arena, from->problem, &e), *failed = NULL;
    const struct json *patched = problem != NULL ? json_patch(c->arena, problem, json_get(repair, "change"), &failed) : NULL;
    struct plan_facts f;
    struct rows capacities;
    struct trial_fact *fact = NULL;
    size_t facts = 0;
    if (patched == NULL)
        return call_refuse(c, MSG_refuse_trial_none, "number", NULL, NULL);
    p->problem = text_of(c->arena, patched);
    p->problem_digest = problem_digest(c->arena, p->problem);
    p->start = start_of(c->arena, repair, p->problem_digest);
    enum status st = plan_facts_load(c->tx, from->base_id, from->cohort_id, &f);
    if (st == STATUS_OK)
        st = call_query(c, SQL_capacity_of_hospital, &capacities, P(f.hospital_id), P(INT64_C(0)));
    if (st == STATUS_OK)
        st = trial_facts_of(c->arena, from->problem, text_of(c->arena, json_get(repair, "change")), &f, &capacities, &fact, &facts);
    struct buf b = buf_make(TRIAL_BYTES_MOST);
    trial_facts_put(&b, fact, st == STATUS_OK ? facts : 0);
    p->trial = b.failed ? STR("[]") : arena_str(c->arena, buf_view(&b));
    bool full = b.failed;
    buf_free(&b);
    return st == STATUS_OK && (full || p->problem.n == 0) ? STATUS_LIMIT : st;
}

/* What was tried before is not tried again: its plan is the answer. */
static enum status tried_before(struct call *c, const struct in_trial *in)
{
    struct rows trials;
    enum status st = call_query(c, SQL_plan_trials, &trials, P(in->plan_id));
    const struct plan_row *t = trials.item;
    for (size_t i = 0; st == STATUS_OK && i < trials.n; i++)
        if (t[i].trial_number == in->number)
            c->id = t[i].id;
    return st;
}

enum status uc_trial_make(struct call *c)
{
    const struct in_trial *in = c->in;
    const struct plan *from;
    struct rows last = { 0 };
    c->subject = "plan";
    enum status st = load_plan(c, in->plan_id, &from);
    if (st == STATUS_OK)
        st = tried_before(c, in);
    if (st != STATUS_OK || c->id != 0)
        return st;
    const struct json *repair = from->verdict == plan_verdict_infeasible ? repair_at(c->arena, from->result, in->number) : NULL;
    if (repair == NULL)
        return call_refuse(c, MSG_refuse_trial_none, "number", NULL, NULL);
    struct plan *p = record_new(c->arena, &record_plan);
    st = put_trial(c, from, repair, p);
    if (st == STATUS_OK)
        st = call_query(c, SQL_plan_last_number, &last, P(from->cohort_id));
    p->seconds = in->seconds;
    if (st == STATUS_OK && in->seconds == NONE)
        st = settings_get(c->tx, c->actor->base_id, SETTING_plan_seconds, &p->seconds);
    if (st != STATUS_OK)
        return st;
    p->base_id = from->base_id;
    p->cohort_id = from->cohort_id;
    p->number = ((const struct count_row *)last.item)->value + 1;
    p->state = plan_state_draft;
    p->verdict = plan_verdict_unknown;
    p->origin = plan_origin_trial;
    p->trial_number = in->number;
    p->based_on_id = from->id;
    p->title = from->title;
    p->seed = from->seed != NONE ? from->seed : 1;
    p->made_at = app_now(c->app);
    p->made_by_id = call_person(c);
    st = tx_save(c->tx, &record_plan, p);
    return st == STATUS_OK ? call_queue(c, "plan", p) : st;
}

enum status uc_plan_trials(struct call *c)
{
    const struct plan *p;
    int64_t id = ((const struct in_list *)c->in)->parent_id;
    enum status st = load_plan(c, id, &p);
    return st == STATUS_OK ? call_query(c, SQL_plan_trials, &c->rows, P(id)) : st;
}

/* ---- what it rests on --------------------------------------------------------------------------- */

static int64_t side_of(enum trial_kind kind)
{
    switch (kind) {
    case trial_kind_seats:
    case trial_kind_preceptors:
    case trial_kind_quota:
    case trial_kind_reopen: return side_hospital;
    case trial_kind_others:
    case trial_kind_other: return NONE;
    default: return side_university;
    }
}

/* What the base has no place for (a programme for one student alone, what others hold) is so when the plan holds against it. */
static bool shows_itself(enum trial_kind kind)
{
    return kind == trial_kind_others || kind == trial_kind_own_programme || kind == trial_kind_quota || kind == trial_kind_other;
}

static enum status holds_now(struct call *c, const struct plan *p, const struct trial_fact *x, size_t n, bool *holds)
{
    struct plan_facts f;
    struct check_result found;
    struct str problem;
    bool asked = false;
    *holds = false;
    for (size_t i = 0; i < n; i++)
        asked = asked || shows_itself(x[i].kind);
    if (!asked || !rules_plan_is_whole((enum plan_verdict)p->verdict))
        return STATUS_OK;
    enum status st = change_check_now(c, p, &f, &found, &problem);
    *holds = st == STATUS_OK && found.hard == 0;
    return st;
}

static void fill_row(struct call *c, const struct trial_base *b, const struct trial_fact *x, bool holds, struct trial_row *r)
{
    const struct usecase *u = trial_usecase(x->kind);
    memcpy(r, record_new(c->arena, &record_trial_row), sizeof *r);
    r->kind = x->kind;
    r->text_zh = x->zh;
    r->text_en = x->en;
    r->side = side_of(x->kind);
    r->done = shows_itself(x->kind) ? holds : trial_fact_is_done(b, x);
    r->may = r->done == 0 && u != NULL && (c->actor->is_operator || app_may(c->actor, u->cap));
    r->cohort_id = b->f.cohort->id;
    r->programme_id = b->f.cohort->programme_id;
    int64_t department = map_get(&b->f.department, x->code, -1), student = map_get(&b->f.student, x->code, -1);
    if (r->side == side_hospital && department >= 0)
        r->department_id = ((const struct department *)b->f.departments.item)[department].id;
    if ((x->kind == trial_kind_away || x->kind == trial_kind_student || x->kind == trial_kind_own_programme) && student >= 0)
        r->student_id = ((const struct student_row *)b->f.students.item)[student].id;
}

enum status uc_trial_list(struct call *c)
{
    const struct plan *p;
    struct trial_base b;
    size_t n = 0;
    enum status st = load_plan(c, ((const struct in_list *)c->in)->parent_id, &p);
    if (st == STATUS_OK)
        st = trial_base_load(c, p, &b);
    if (st != STATUS_OK)
        return st;
    const struct trial_fact *x = trial_facts_read(c->arena, p->trial, &n);
    struct trial_row *row = ARENA_ARRAY(c->arena, n, struct trial_row);
    bool holds;
    st = holds_now(c, p, x, n, &holds);
    if (st != STATUS_OK)
        return st;
    for (size_t i = 0; i < n; i++)
        fill_row(c, &b, &x[i], holds, &row[i]);
    c->rows = (struct rows){ .n = n, .item = row };
    return STATUS_OK;
}

/* All that the actor can change and that is not so yet, at once: the base is loaded anew behind each, for they may touch. */
enum status uc_trial_apply(struct call *c)
{
    const struct plan *p;
    struct trial_base b;
    size_t n = 0, changed = 0;
    enum status st = load_plan(c, c->target_id, &p);
    if (st == STATUS_OK && p->origin != plan_origin_trial)
        st = call_refuse(c, MSG_refuse_trial_nothing, "", NULL, NULL);
    const struct trial_fact *x = st == STATUS_OK ? trial_facts_read(c->arena, p->trial, &n) : NULL;
    for (size_t i = 0; st == STATUS_OK && i < n; i++) {
        const struct usecase *u = trial_usecase(x[i].kind);
        st = trial_base_load(c, p, &b);
        if (st != STATUS_OK || u == NULL || trial_fact_is_done(&b, &x[i]) || !(c->actor->is_operator || app_may(c->actor, u->cap)))
            continue;
        st = trial_fact_apply(c, &b, &x[i]);
        changed += st == STATUS_OK;
    }
    if (st == STATUS_OK && changed == 0)
        st = call_refuse(c, MSG_refuse_trial_nothing, "", NULL, NULL);
    c->subject = "plan";
    c->id = p != NULL ? p->id : 0;
    return st;
}
