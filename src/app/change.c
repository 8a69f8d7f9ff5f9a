/* Hand changes: one placement to another week or department, or two students exchanged; checked at once by the independent
 * check, kept as a draft that says what it breaks. A published or agreed plan is never changed: the change makes a variant. */
#include "app/change.h"
#include "app/problem.h"
#include "app/replan.h"
#include "app/usecases.h"

static enum seat_reason reason_of(enum check_because because)
{
    return because == CHECK_BECAUSE_PRECEPTORS ? seat_reason_preceptors : seat_reason_seats;
}

static int64_t index_of(const struct map *m, struct str code)
{
    return code.n > 0 ? map_get(m, code, -1) : -1;
}

static int64_t rotation_of(const struct plan_facts *f, struct str code)
{
    int64_t i = index_of(&f->rotation, code);
    return i >= 0 ? ((const struct rotation *)f->rotations.item)[i].id : NONE;
}

static struct str student_name(struct arena *a, const struct plan_facts *f, struct str number)
{
    int64_t i = index_of(&f->student, number);
    return i >= 0 ? ((const struct student_row *)f->students.item)[i].name : arena_str(a, number);
}

static void finding_of(struct arena *a, const struct plan_facts *f, const struct check_found *x, struct finding_row *r)
{
    int64_t student = index_of(&f->student, x->student), department = index_of(&f->department, x->department);
    memcpy(r, record_new(a, &record_finding_row), sizeof *r);
    r->kind = finding_kind_broken;
    r->rule = str_of(check_rule_name(x->rule));
    r->student_id = student >= 0 ? ((const struct student_row *)f->students.item)[student].id : NONE;
    r->student = student_name(a, f, x->student);
    r->rotation_id = rotation_of(f, x->rotation);
    r->department_id = department >= 0 ? ((const struct department *)f->departments.item)[department].id : NONE;
    /* `other` is a second student or rotation by the rule; anything else stays as it is written. */
    bool of_student = x->rule == CHECK_together || x->rule == CHECK_apart;
    r->other_student = of_student ? student_name(a, f, x->other) : STR("");
    r->other_rotation_id = of_student ? NONE : rotation_of(f, x->other);
    r->other = x->other;
    r->first_week = x->weeks > 0 ? (int64_t)x->from : NONE;
    r->weeks = x->weeks;
    r->found = x->numbers ? x->found : NONE;
    r->allowed = x->numbers ? x->allowed : NONE;
    r->because = reason_of(x->because);
}

struct rows change_findings(struct arena *a, const struct plan_facts *f, const struct check_result *found, struct str before)
{
    struct finding_row *row = ARENA_ARRAY(a, found->n + found->levels, struct finding_row);
    struct rows rows = { .item = row };
    struct json_error e;
    const struct json *figures = before.n > 0 ? json_read(a, before, &e) : NULL;
    const struct json *levels = figures != NULL ? json_get(figures, "levels") : NULL;
    for (size_t i = 0; i < found->n; i++)
        if (check_rule_group(found->found[i].rule) == CHECK_GROUP_HARD)
            finding_of(a, f, &found->found[i], &row[rows.n++]);
    for (size_t i = 0; i < found->levels; i++) {
        struct finding_row *r = &row[rows.n];
        memcpy(r, record_new(a, &record_finding_row), sizeof *r);
        r->kind = finding_kind_level;
        r->rule = found->level[i].name;
        r->found = found->level[i].has_value ? found->level[i].value : NONE;
        for (const struct json *l = levels != NULL ? levels->child : NULL; l != NULL; l = l->next) {
            const struct json *name = json_get(l, "level"), *value = json_get(l, "value");
            if (name != NULL && value != NULL && str_eq(name->text, r->rule))
                r->allowed = value->number;
        }
        rows.n++;
    }
    return rows;
}

enum status change_check_now(struct call *c, const struct plan *p, struct plan_facts *f, struct check_result *found,
                             struct str *problem)
{
    struct rows x;
    enum status st = plan_facts_load(c->tx, p->base_id, p->cohort_id, f);
    if (st == STATUS_OK)
        st = replan_problem(c, p, problem);
    if (st == STATUS_OK)
        st = call_query(c, SQL_placement_of, &x, P(p->id));
    if (st == STATUS_OK)
        st = plan_check(c->arena, f, *problem, x.item, x.n, replan_now(c->app, p), found);
    return st;
}

enum status uc_plan_check(struct call *c)
{
    const struct in_list *in = c->in;
    void *plan;
    struct plan_facts f;
    struct check_result found;
    struct str problem;
    if (in->parent_id == NONE)
        return call_refuse(c, MSG_value_missing, "parent_id", NULL, NULL);
    enum status st = scope_check(c, &record_plan, in->parent_id);
    if (st == STATUS_OK)
        st = tx_load(c->tx, &record_plan, in->parent_id, &plan);
    if (st == STATUS_OK)
        st = change_check_now(c, plan, &f, &found, &problem);
    if (st == STATUS_OK)
        c->rows = change_findings(c->arena, &f, &found, ((const struct plan *)plan)->figures);
    return st;
}

/* A hand change being worked out: the plan it begins from and its placements as they would be. */
struct change {
    const struct plan *from;
    struct plan_facts facts;
    struct placement *x, *before; /* as they would be, as they are */
    size_t n;
    bool *touched; /* one per placement */
    struct str problem;
    struct check_result found;
};

static struct placement *placement_by(struct change *g, int64_t id)
{
    for (size_t i = 0; i < g->n; i++)
        if (g->x[i].id == id)
            return &g->x[i];
    return NULL;
}

static enum status move(struct call *c, struct change *g, struct placement *x)
{
    const struct in_move *in = c->in;
    const struct cohort *cohort = g->facts.cohort;
    const struct rotation *r = plan_facts_rotation(&g->facts, x->rotation_id);
    if (in->department_id != NONE && plan_facts_department(&g->facts, in->department_id) == NULL)
        return call_refuse(c, MSG_refuse_not_there, "department_id", arena_printf(c->arena, "%lld", (long long)in->department_id).p, NULL);
    if (in->first_week != NONE && (in->first_week < cohort->first_week || in->first_week >= cohort->first_week + 7 * cohort->weeks))
        return call_refuse(c, MSG_refuse_outside_weeks, "first_week", NULL, NULL);
    /* Who supervises belongs to the department: in another one somebody else is to be named. */
    if (in->department_id != NONE && in->department_id != x->department_id)
        x->preceptor_id = NONE;
    if (in->department_id != NONE)
        x->department_id = in->department_id;
    if (in->first_week != NONE)
        x->first_week = in->first_week;
    x->weeks = r != NULL ? r->weeks : x->weeks;
    x->until_week = plan_until(&g->facts, x->first_week, x->weeks);
    g->touched[x - g->x] = true;
    return STATUS_OK;
}

static enum status exchange(struct call *c, struct change *g, struct placement *x)
{
    const struct in_move *in = c->in;
    int64_t one = x->student_id, two = in->with_student_id;
    bool found = false;
    if (two == one || plan_facts_student(&g->facts, two) == NULL)
        return call_refuse(c, MSG_refuse_swap_student, "with_student_id", NULL, NULL);
    for (size_t i = 0; i < g->n; i++) {
        struct placement *y = &g->x[i];
        if (in->whole == 1 && (y->student_id == one || y->student_id == two)) {
            found = found || y->student_id == two;
            y->student_id = y->student_id == one ? two : one;
            g->touched[i] = true;
        } else if (in->whole != 1 && y->student_id == two && y->rotation_id == x->rotation_id && !found) {
            struct placement was = *x;
            x->department_id = y->department_id;
            x->first_week = y->first_week;
            x->until_week = y->until_week;
            x->preceptor_id = y->preceptor_id;
            y->department_id = was.department_id;
            y->first_week = was.first_week;
            y->until_week = was.until_week;
            y->preceptor_id = was.preceptor_id;
            found = g->touched[i] = g->touched[x - g->x] = true;
        }
    }
    return found ? STATUS_OK : call_refuse(c, MSG_refuse_swap_rotation, "with_student_id", NULL, NULL);
}

/* From the input to the changed placements and what they break against the facts of now. */
static enum status work_out(struct call *c, struct change *g)
{
    const struct in_move *in = c->in;
    void *plan;
    struct rows x;
    enum status st = scope_check(c, &record_plan, c->target_id);
    if (st == STATUS_OK)
        st = tx_load(c->tx, &record_plan, c->target_id, &plan);
    if (st != STATUS_OK)
        return st;
    g->from = plan;
    if (c->target_version != 0 && g->from->version != c->target_version)
        return STATUS_CONFLICT;
    st = plan_facts_load(c->tx, g->from->base_id, g->from->cohort_id, &g->facts);
    if (st == STATUS_OK)
        st = replan_problem(c, g->from, &g->problem);
    if (st == STATUS_OK)
        st = call_query(c, SQL_placement_of, &x, P(g->from->id));
    if (st != STATUS_OK)
        return st;
    g->x = x.item;
    g->n = x.n;
    g->before = ARENA_ARRAY(c->arena, x.n, struct placement);
    if (x.n > 0)
        memcpy(g->before, x.item, x.n * sizeof *g->before);
    g->touched = ARENA_ARRAY(c->arena, x.n, bool);
    struct placement *one = placement_by(g, in->placement_id);
    if (one == NULL)
        return call_refuse(c, MSG_refuse_not_there, "placement_id", arena_printf(c->arena, "%lld", (long long)in->placement_id).p, NULL);
    if (in->with_student_id == NONE && in->department_id == NONE && in->first_week == NONE)
        return call_refuse(c, MSG_refuse_no_change, "first_week", NULL, NULL);
    st = in->with_student_id != NONE ? exchange(c, g, one) : move(c, g, one);
    if (st == STATUS_OK)
        st = plan_check(c->arena, &g->facts, g->problem, g->x, g->n, replan_now(c->app, g->from), &g->found);
    return st;
}

enum status uc_plan_try(struct call *c)
{
    struct change g = { 0 };
    enum status st = work_out(c, &g);
    if (st == STATUS_OK)
        c->rows = change_findings(c->arena, &g.facts, &g.found, g.from->figures);
    return st;
}

/* A draft that was changed by hand before is changed in place; anything else gets a variant beside it. */
static bool is_in_place(const struct change *g, const struct in_move *in)
{
    return g->from->state == plan_state_draft && g->from->origin == plan_origin_hand && in->as_variant != 1;
}

/* What changed, for the audit: only the touched placements, for a variant holds them all. */
static void note_placements(struct call *c, const struct change *g)
{
    const char *comma = "";
    buf_char(&c->detail, '[');
    for (size_t i = 0; i < g->n; i++) {
        if (!g->touched[i])
            continue;
        buf_printf(&c->detail, "%s{\"record\":\"placement\",\"id\":%lld,\"change\":", comma, (long long)g->before[i].id);
        record_put_diff(&c->detail, &record_placement, &g->before[i], &g->x[i]);
        buf_char(&c->detail, '}');
        comma = ",";
    }
    buf_char(&c->detail, ']');
}

static enum status save_placements(struct call *c, struct change *g, const struct plan *p, bool in_place)
{
    enum status st = STATUS_OK;
    for (size_t i = 0; st == STATUS_OK && i < g->n; i++) {
        if (in_place && !g->touched[i])
            continue;
        if (!in_place) {
            g->x[i].id = 0;
            g->x[i].version = 0;
            g->x[i].plan_id = p->id;
        }
        st = tx_save(c->tx, &record_placement, &g->x[i]);
    }
    return st;
}

static struct plan *variant_of(struct call *c, const struct plan *from, int64_t number)
{
    struct plan *p = record_new(c->arena, &record_plan);
    p->base_id = from->base_id;
    p->cohort_id = from->cohort_id;
    p->number = number;
    p->state = plan_state_draft;
    p->origin = plan_origin_hand;
    p->title = from->title;
    p->seed = from->seed;
    p->seconds = from->seconds;
    replan_inherit(c->app, from, p);
    p->made_at = app_now(c->app);
    p->made_by_id = call_person(c);
    return p;
}

enum status uc_plan_change(struct call *c)
{
    const struct in_move *in = c->in;
    struct change g = { 0 };
    struct rows last;
    enum status st = work_out(c, &g);
    if (st == STATUS_OK)
        st = call_query(c, SQL_plan_last_number, &last, P(g.from->cohort_id));
    if (st != STATUS_OK)
        return st;
    bool in_place = is_in_place(&g, in);
    struct plan *p = ARENA_NEW(c->arena, struct plan);
    *p = in_place ? *g.from : *variant_of(c, g.from, ((const struct count_row *)last.item)->value + 1);
    /* Bounds were proven for a problem; they hold for this plan only while the facts are the same. */
    struct str digest = problem_digest(c->arena, g.problem);
    struct str bounds = str_eq(digest, g.from->problem_digest) ? g.from->figures : STR("");
    p->verdict = plan_verdict_by(&g.found, c->arena, bounds);
    p->problem = g.problem;
    p->problem_digest = digest;
    p->result = STR("");
    if (!in_place)
        st = tx_save(c->tx, &record_plan, p); /* its id is needed below */
    note_placements(c, &g);
    if (st == STATUS_OK)
        st = save_placements(c, &g, p, in_place);
    if (st == STATUS_OK)
        st = plan_receipts_put(c->tx, p, &g.facts, &g.found, bounds);
    if (st == STATUS_OK)
        st = tx_save(c->tx, &record_plan, p);
    c->subject = "plan";
    c->id = p->id;
    return st;
}

enum status uc_plan_delete(struct call *c)
{
    void *found;
    struct rows jobs, gone;
    enum status st = scope_check(c, &record_plan, c->target_id);
    if (st == STATUS_OK)
        st = tx_load(c->tx, &record_plan, c->target_id, &found);
    if (st == STATUS_OK)
        st = call_query(c, SQL_job_open_of, &jobs, P(c->target_id));
    if (st != STATUS_OK)
        return st;
    const struct plan *p = found;
    if (c->target_version != 0 && p->version != c->target_version)
        return STATUS_CONFLICT;
    if (p->state != plan_state_draft)
        return call_refuse(c, MSG_refuse_plan_state, "", NULL, NULL);
    if (((const struct count_row *)jobs.item)->value > 0)
        return call_refuse(c, MSG_refuse_plan_running, "", NULL, NULL);
    static const enum sql_id first[] = { SQL_whatif_clear, SQL_plan_unlink_proposal, SQL_job_clear, SQL_receipt_clear, SQL_demand_clear, SQL_placement_clear, SQL_plan_unlink };
    for (size_t i = 0; st == STATUS_OK && i < LEN(first); i++)
        st = call_query(c, first[i], &gone, P(p->id));
    if (st == STATUS_OK)
        st = tx_delete(c->tx, &record_plan, p->id);
    buf_printf(&c->detail, "[{\"record\":\"plan\",\"id\":%lld,\"change\":\"deleted\"}]", (long long)p->id);
    c->subject = "plan";
    c->id = p->id;
    return st;
}
