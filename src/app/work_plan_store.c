/* Planning jobs: what is found becomes rows. Nothing is said of a plan that the independent check does not find true of its file. */
#include "app/planstore.h"
#include "app/planverify.h"
#include "app/prices.h"
#include "app/work_plan.h"

void work_put_progress(struct run *r, const char *phase, bool with_curve)
{
    assert(phase != NULL && r->planner != NULL);
    struct buf *b = &r->progress;
    buf_reset(b);
    buf_z(b, "{\"levels\":[");
    for (size_t i = 0; i < internplan_level_count(r->planner); i++) {
        struct internplan_level l = internplan_level(r->planner, i);
        buf_printf(b, "%s{\"level\":", i > 0 ? "," : "");
        json_put_text(b, str_of(l.name));
        if (l.has_value)
            buf_printf(b, ",\"value\":%lld", (long long)l.value);
        buf_printf(b, ",\"bound\":%lld,\"proven\":%s}", (long long)l.bound, l.proven ? "true" : "false");
    }
    buf_printf(b, "],\"phase\":\"%s\",\"seconds_left\":%lld", phase, (long long)r->seconds_left);
    if (with_curve && r->samples->n > 0) {
        buf_z(b, ",\"curve\":");
        samples_put(b, r->samples);
    }
    buf_char(b, '}');
}

void work_keep(struct run *r)
{
    assert(r->planner != NULL && r->plan != NULL && r->plan->id > 0);
    struct arena a = arena_make(WORK_ARENA_BYTES);
    struct tx *t = NULL;
    int64_t version = r->plan->version;
    buf_reset(&r->result);
    if (internplan_write(r->planner, arena_str(&a, r->plan->problem_digest).p, run_into_buf, &r->result) &&
        tx_begin(r->w.app->store, &a, TX_WRITE, &t) == STATUS_OK) {
        r->plan->result = buf_view(&r->result);
        enum status st = tx_save(t, &record_plan, r->plan);
        if (st == STATUS_OK)
            st = tx_commit(t);
        else
            tx_end(t);
        if (st != STATUS_OK)
            r->plan->version = version; /* still the stored one */
    }
    arena_free(&a);
}

/* The planner's placements as rows: its codes back to ids. */
static enum status placements_of(const struct run *r, const struct plan *p, struct arena *a, const struct plan_facts *f, struct placement **out)
{
    assert(p->id > 0);
    size_t n = internplan_placement_count(r->planner);
    struct placement *x = ARENA_ARRAY(a, n, struct placement);
    for (size_t i = 0; i < n; i++) {
        struct internplan_placement q = internplan_placement(r->planner, i);
        int64_t student = map_get(&f->student, str_of(q.student), -1), rotation = map_get(&f->rotation, str_of(q.rotation), -1);
        int64_t department = map_get(&f->department, str_of(q.department), -1);
        date from;
        bool dated = date_parse(str_of(q.from), &from);
        assert(dated);
        /* Somebody removed a student or a department while the planner worked: this plan is of the past. */
        if (student < 0 || rotation < 0 || department < 0)
            return STATUS_CONFLICT;
        x[i] = (struct placement){ .plan_id = p->id, .first_week = from, .weeks = q.weeks, .preceptor_id = NONE,
                                   .student_id = ((const struct student_row *)f->students.item)[student].id,
                                   .rotation_id = ((const struct rotation *)f->rotations.item)[rotation].id,
                                   .department_id = ((const struct department *)f->departments.item)[department].id,
                                   .until_week = plan_until(f, from, q.weeks) };
    }
    *out = x;
    return STATUS_OK;
}

/* One proposal, written and checked, before the database is touched: a large plan takes seconds. */
struct result {
    struct plan *plan;
    struct buf file;
    struct str figures;
};

static enum status store_placements(struct tx *t, const struct run *r, const struct result *k)
{
    struct rows done;
    struct plan_facts f;
    struct plan *p = k->plan;
    struct placement *x = NULL;
    struct check_result found;
    size_t n = internplan_placement_count(r->planner);
    enum status st = plan_facts_load(t, p->base_id, p->cohort_id, &f);
    if (st == STATUS_OK)
        st = placements_of(r, p, tx_arena(t), &f, &x);
    if (st == STATUS_OK)
        st = tx_run(t, SQL_placement_clear, &done, P(p->id));
    for (size_t i = 0; st == STATUS_OK && i < n; i++)
        st = tx_save(t, &record_placement, &x[i]);
    if (st != STATUS_OK || n == 0)
        return st;
    st = plan_check(tx_arena(t), &f, p->problem, x, n, INT64_MIN, &found);
    if (st == STATUS_OK)
        st = plan_receipts_put(t, p, &f, &found, k->figures);
    /* Who has left keeps his past in the new version too. */
    if (st == STATUS_OK && p->freeze_week != NONE && p->based_on_id != NONE)
        st = tx_run(t, SQL_placement_copy_left, &done, P(p->id), P(p->based_on_id), P(p->freeze_week));
    return st;
}

static enum plan_verdict verdict_of(enum internplan_status s)
{
    static const enum plan_verdict table[] = {
        [INTERNPLAN_OPTIMAL] = plan_verdict_optimal,       [INTERNPLAN_FEASIBLE] = plan_verdict_feasible,
        [INTERNPLAN_INFEASIBLE] = plan_verdict_infeasible, [INTERNPLAN_UNKNOWN] = plan_verdict_unknown,
        [INTERNPLAN_INVALID] = plan_verdict_unknown,       [INTERNPLAN_LIMIT] = plan_verdict_unknown,
    };
    return table[s];
}

/* What may be said of the planner's answer: nothing but what the independent check finds true of the file that is kept. */
static enum plan_verdict verdict_checked(const struct result *k, enum internplan_status found)
{
    struct arena a = arena_make(WORK_ARENA_BYTES);
    struct check_result result;
    bool holds = planverify(&a, k->plan->problem, buf_view(&k->file), &result) == CHECK_HOLDS;
    arena_free(&a);
    return holds ? verdict_of(found) : plan_verdict_broken;
}

/* The first proposal is the job's own plan; the others are plans beside it. */
static struct plan *plan_of(struct run *r, struct arena *a, size_t i)
{
    if (i == 0)
        return r->plan;
    struct plan *p = ARENA_NEW(a, struct plan);
    *p = *r->plan;
    p->id = p->version = 0;
    p->proposal_of_id = r->plan->id;
    return p;
}

static void note_change(const struct run *r, struct plan *p)
{
    struct internplan_change x = internplan_change(r->planner);
    if (p->freeze_week == NONE || internplan_placement_count(r->planner) == 0)
        return;
    p->moved_students = (int64_t)x.students;
    p->moved_weeks = x.student_weeks;
    p->change_links = x.least ? NONE : x.links;
}

static enum status write_result(struct run *r, struct arena *a, size_t i, struct result *k)
{
    bool selected = i == 0 || internplan_select(r->planner, i);
    assert(selected);
    k->plan = plan_of(r, a, i);
    k->file = buf_make(WORK_PLAN_BYTES_MOST);
    work_put_progress(r, "done", false);
    k->figures = arena_str(a, buf_view(&r->progress));
    if (!internplan_write(r->planner, arena_str(a, k->plan->problem_digest).p, run_into_buf, &k->file))
        return STATUS_LIMIT;
    k->plan->result = buf_view(&k->file);
    k->plan->prices = prices_of(a, k->plan->result);
    k->plan->verdict = verdict_checked(k, internplan_state(r->planner));
    note_change(r, k->plan);
    return STATUS_OK;
}

static enum status store_one(struct tx *t, struct run *r, size_t i, struct result *k)
{
    assert(k->plan != NULL && k->file.n > 0);
    struct rows last;
    enum status st = STATUS_OK;
    if (i > 0 && !internplan_select(r->planner, i))
        return STATUS_INPUT;
    k->plan->figures = k->figures;
    if (k->plan->id == 0) {
        st = tx_run(t, SQL_plan_last_number, &last, P(k->plan->cohort_id));
        if (st == STATUS_OK) {
            k->plan->number = ((const struct count_row *)last.item)->value + 1;
            st = tx_save(t, &record_plan, k->plan); /* its id is needed below */
        }
    }
    if (st == STATUS_OK)
        st = store_placements(t, r, k);
    return st == STATUS_OK ? tx_save(t, &record_plan, k->plan) : st;
}

/* The end of a run, all or nothing: placements, results, verdicts. */
static enum status store_results_once(struct run *r, struct result *k, size_t n)
{
    int64_t version = r->plan->version;
    struct arena a = arena_make(WORK_ARENA_BYTES);
    struct tx *t;
    enum status st = tx_begin(r->w.app->store, &a, TX_WRITE, &t);
    if (st != STATUS_OK) {
        arena_free(&a);
        return st;
    }
    for (size_t i = n; st == STATUS_OK && i-- > 0;) {
        st = store_one(t, r, i, &k[i]);
        if (i == 1 && !internplan_select(r->planner, 0))
            st = STATUS_INPUT;
    }
    if (st == STATUS_OK)
        st = tx_commit(t);
    else
        tx_end(t);
    arena_free(&a);
    for (size_t i = 1; st != STATUS_OK && i < n; i++)
        k[i].plan->id = k[i].plan->version = 0;
    if (st != STATUS_OK)
        r->plan->version = version; /* still the stored one */
    return st;
}

enum status work_store(struct run *r)
{
    assert(r->planner != NULL && r->plan != NULL);
    enum status st = STATUS_OK;
    struct arena a = arena_make(WORK_ARENA_BYTES);
    struct result k[INTERNPLAN_PROPOSALS_MOST] = { 0 };
    size_t n = MIN(MAX(internplan_proposal_count(r->planner), (size_t)1), LEN(k)), written = 0;
    for (; st == STATUS_OK && written < n; written++)
        st = write_result(r, &a, written, &k[written]);
    if (n > 1 && !internplan_select(r->planner, 0))
        st = STATUS_INPUT;
    st = st == STATUS_OK ? STATUS_RETRY : st;
    for (int i = 0; i < WORK_RUNS_MOST && st == STATUS_RETRY; i++)
        st = store_results_once(r, k, n);
    /* What the rest of the job shows is its own plan. */
    work_put_progress(r, "done", false);
    buf_reset(&r->result);
    buf_add(&r->result, k[0].file.p, k[0].file.n);
    r->plan->result = buf_view(&r->result);
    for (size_t i = 0; i < written; i++)
        buf_free(&k[i].file);
    arena_free(&a);
    return st;
}
