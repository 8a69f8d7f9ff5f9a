/* Use cases: ask what one more seat or student would bring to a plan, see how far that is, stop it, read the answer. */
#include "app/whatif.h"
#include "app/planstore.h"
#include "app/usecases.h"

static enum status open_plan(struct call *c, int64_t id, const struct plan **out)
{
    void *found = NULL;
    enum status st = id != NONE ? scope_check(c, &record_plan, id) : STATUS_NOT_FOUND;
    if (st == STATUS_OK)
        st = tx_load(c->tx, &record_plan, id, &found);
    *out = found;
    return st;
}

static enum status open_whatif_job(struct call *c, int64_t plan_id, const struct job **out)
{
    struct rows jobs;
    enum status st = call_query(c, SQL_job_of_whatif, &jobs, P(plan_id));
    *out = st == STATUS_OK && jobs.n > 0 ? jobs.item : NULL;
    return st;
}

enum status uc_whatif_make(struct call *c)
{
    const struct plan *p;
    struct rows running;
    enum status st = open_plan(c, c->target_id, &p);
    if (st == STATUS_OK)
        st = call_query(c, SQL_job_open_of, &running, P(c->target_id));
    if (st != STATUS_OK)
        return st;
    if (((const struct count_row *)running.item)->value > 0)
        return call_refuse(c, MSG_refuse_plan_running, "", NULL, NULL);
    return call_queue(c, "whatif", p);
}

enum status uc_whatif_job(struct call *c)
{
    const struct in_list *in = c->in;
    const struct plan *p;
    enum status st = open_plan(c, in->parent_id, &p);
    return st == STATUS_OK ? call_query(c, SQL_job_of_whatif, &c->rows, P(in->parent_id)) : st;
}

enum status uc_whatif_cancel(struct call *c)
{
    const struct plan *p;
    const struct job *job = NULL;
    struct rows done;
    enum status st = open_plan(c, c->target_id, &p);
    if (st == STATUS_OK)
        st = open_whatif_job(c, c->target_id, &job);
    if (st == STATUS_OK && job == NULL)
        st = STATUS_NOT_FOUND;
    if (st == STATUS_OK)
        st = call_query(c, SQL_job_cancel, &done, P(job->id));
    c->subject = "plan";
    c->id = c->target_id;
    return st;
}

enum status whatif_put(struct tx *t, const struct plan *p, struct str result, int64_t now, int64_t person_id)
{
    assert(p->id > 0 && p->version > 0);
    struct rows gone;
    struct whatif *w = record_new(tx_arena(t), &record_whatif);
    w->base_id = p->base_id;
    w->plan_id = p->id;
    w->result = result;
    w->made_at = now;
    w->made_by_id = person_id;
    enum status st = tx_run(t, SQL_whatif_clear, &gone, P(p->id));
    return st == STATUS_OK ? tx_save(t, &record_whatif, w) : st;
}

/* ---- the answer as rows ------------------------------------------------------------------------- */

static bool is_false(const struct json *at, const char *key)
{
    const struct json *v = json_get(at, key);
    return v != NULL && v->type == JSON_BOOL && !v->is_true;
}

static void seat_row_of(const struct plan_facts *f, const struct json *x, struct whatif_row *r)
{
    const struct json *department = json_get(x, "department"), *from = json_get(x, "from"), *weeks = json_get(x, "weeks");
    const struct json *level = json_get(x, "level"), *gain = json_get(x, "gain");
    date d;
    int64_t i = department != NULL ? map_get(&f->department, department->text, -1) : -1;
    r->kind = whatif_kind_seat;
    r->department_id = i >= 0 ? ((const struct department *)f->departments.item)[i].id : NONE;
    r->first_week = from != NULL && date_parse(from->text, &d) ? d : NONE;
    r->weeks = weeks != NULL ? weeks->number : NONE;
    r->level = level != NULL ? level->text : STR("");
    r->gain = gain != NULL ? gain->number : NONE;
    r->proven = !is_false(x, "proven");
}

static int64_t students_of(const struct plan_facts *f)
{
    int64_t n = 0;
    for (size_t i = 0; i < f->students.n; i++)
        n += ((const struct student_row *)f->students.item)[i].state == student_state_active;
    return n;
}

static void largest_row_of(const struct plan_facts *f, const struct json *root, const struct json *x, struct whatif_row *r)
{
    const struct json *open = json_get(root, "open");
    r->kind = whatif_kind_largest;
    r->programme = x->key;
    r->students = students_of(f);
    r->gain = x->number;
    r->proven = 1;
    for (const struct json *o = open != NULL ? open->child : NULL; o != NULL; o = o->next)
        if (str_eq(o->text, x->key))
            r->proven = 0;
}

static void put_rows(struct arena *a, const struct plan_facts *f, const struct json *root, int64_t made_at, struct rows *out)
{
    const struct json *seats = json_get(root, "seats"), *largest = json_get(root, "largest");
    size_t n = (seats != NULL ? seats->n : 0) + (largest != NULL ? largest->n : 0);
    struct whatif_row *row = ARENA_ARRAY(a, n, struct whatif_row);
    *out = (struct rows){ .item = row };
    for (size_t i = 0; i < n; i++) {
        memcpy(&row[i], record_new(a, &record_whatif_row), sizeof *row);
        row[i].made_at = made_at;
    }
    for (const struct json *x = seats != NULL ? seats->child : NULL; x != NULL; x = x->next)
        seat_row_of(f, x, &row[out->n++]);
    for (const struct json *x = largest != NULL ? largest->child : NULL; x != NULL; x = x->next)
        largest_row_of(f, root, x, &row[out->n++]);
    assert(out->n <= n);
}

/* No rows: nobody has asked yet, or the answer is not there yet (whatif_job). */
enum status uc_whatif_list(struct call *c)
{
    const struct in_list *in = c->in;
    const struct plan *p;
    struct plan_facts f;
    struct rows found = { 0 };
    struct json_error e;
    enum status st = open_plan(c, in->parent_id, &p);
    if (st == STATUS_OK)
        st = call_query(c, SQL_whatif_of_plan, &found, P(in->parent_id));
    if (st != STATUS_OK || found.n == 0)
        return st;
    const struct whatif *w = found.item;
    const struct json *root = json_read(c->arena, w->result, &e);
    st = plan_facts_load(c->tx, p->base_id, p->cohort_id, &f);
    if (st == STATUS_OK && root != NULL)
        put_rows(c->arena, &f, root, w->made_at, &c->rows);
    return st;
}
