/* The engine of use cases: see app.h. */
#include "app/app.h"

#include "read/read.h"

#include <stdio.h>
#include <time.h>

static const struct {
    const char *name;
    unsigned roles[side_COUNT];
} caps[CAP_COUNT] = {
#define CAP(name_, university, hospital) [CAP_##name_] = { #name_, { university, hospital } },
#include "app/capabilities.def"
#undef CAP
};

enum { RUNS_MOST = 3, DETAIL_BYTES_MOST = 1 << 20, UTC_OFFSET_S = 8 * 3600 };

bool app_may(const struct actor *a, enum cap cap)
{
    assert(cap < CAP_COUNT);
    if (a->is_operator)
        return true;
    return a->account_id != 0 && (a->roles & caps[cap].roles[a->side]) != 0;
}

const char *app_cap_name(enum cap cap)
{
    assert(cap < CAP_COUNT);
    return caps[cap].name;
}

const struct usecase *app_usecase(struct str name)
{
    for (size_t i = 0; i < app_usecases_count; i++)
        if (str_is(name, app_usecases[i].name))
            return &app_usecases[i];
    return NULL;
}

bool app_tables_hold(void)
{
    bool ok = true;
    for (size_t i = 0; i < app_usecases_count; i++) {
        const struct usecase *u = &app_usecases[i];
        bool whole = u->name != NULL && u->cap < CAP_COUNT && u->in != NULL && u->out != NULL && u->run != NULL;
        if (whole && app_usecase(str_of(u->name)) == u)
            continue;
        fprintf(stderr, "internbase: use case %zu (%s) has a hole or stands twice\n", i, u->name != NULL ? u->name : "?");
        ok = false;
    }
    for (int i = 0; i < CAP_COUNT; i++)
        if (caps[i].roles[side_university] == 0 && caps[i].roles[side_hospital] == 0) {
            fprintf(stderr, "internbase: nobody has capability %s\n", caps[i].name);
            ok = false;
        }
    return ok;
}

int64_t app_now(const struct app *app)
{
    struct timespec t;
    clock_gettime(CLOCK_REALTIME, &t);
    return (int64_t)t.tv_sec + app->clock_shift_s;
}

date app_today(const struct app *app)
{
    int64_t local = app_now(app) + UTC_OFFSET_S;
    return (date)(local / 86400);
}

enum status app_page_begin(const struct app *app, struct arena *a, struct tx **out)
{
    return tx_begin(app->store, a, TX_READ, out);
}

void app_page_end(struct tx *page)
{
    tx_end(page);
}

void app_abandon(void)
{
    tx_abandon_all();
    read_abandon();
}

int64_t app_department_seats(const struct department *d, const struct rows *exceptions, int64_t week)
{
    assert(d->id > 0);
    const struct capacity *c = exceptions->item;
    int64_t seats = d->seats;
    for (size_t i = 0; i < exceptions->n; i++)
        if (c[i].department_id == d->id && week >= c[i].first_week && week < c[i].first_week + 7 * c[i].weeks)
            seats = c[i].seats;
    return seats;
}

static enum status audit(struct call *c, enum outcome outcome)
{
    struct audit_entry *e = record_new(c->arena, &record_audit_entry);
    e->base_id = c->actor->base_id != 0 ? c->actor->base_id : NONE;
    e->at = app_now(c->app);
    e->person_id = call_person(c);
    e->usecase = str_of(c->usecase->name);
    e->subject = str_of(c->subject != NULL ? c->subject : "");
    e->subject_id = c->id;
    e->outcome = outcome;
    e->detail = c->detail.n > 0 && !c->detail.failed ? arena_str(c->arena, buf_view(&c->detail)) : STR("{}");
    return tx_save(c->tx, &record_audit_entry, e);
}

/* The digest only tells two inputs apart; it is no secret and no signature. */
static struct str input_digest(struct call *c)
{
    struct buf b = buf_make(1 << 22);
    record_put_json(&b, c->usecase->in, c->in, CLASS_SECRET);
    uint64_t h = 14695981039346656037u;
    for (size_t i = 0; i < b.n; i++)
        h = (h ^ (unsigned char)b.p[i]) * 1099511628211u;
    buf_free(&b);
    return arena_printf(c->arena, "%016llx", (unsigned long long)h);
}

/* An earlier run with the same key: its id is the answer; with another input it is a conflict. */
static enum status seen_before(struct call *c, bool *seen)
{
    assert(c->request_key != NULL && c->usecase->writes);
    struct rows rows;
    *seen = false;
    enum status st = call_query(c, SQL_request_key_get, &rows, P(c->actor->account_id), P(str_of(c->request_key)));
    if (st != STATUS_OK || rows.n == 0)
        return st;
    const struct request_key *k = rows.item;
    if (!str_eq(k->input_digest, input_digest(c)) || !str_is(k->usecase, c->usecase->name))
        return STATUS_CONFLICT;
    c->id = k->result_id;
    *seen = true;
    return STATUS_OK;
}

static enum status remember(struct call *c)
{
    assert(c->request_key != NULL && c->actor->account_id != 0);
    struct request_key *k = record_new(c->arena, &record_request_key);
    k->account_id = c->actor->account_id;
    k->request_key = str_of(c->request_key);
    k->usecase = str_of(c->usecase->name);
    k->input_digest = input_digest(c);
    k->result_id = c->id;
    k->made_at = app_now(c->app);
    return tx_save(c->tx, &record_request_key, k);
}

static enum status run_once(struct call *c, size_t errs_before)
{
    bool seen = false, keyed = c->usecase->writes && c->request_key != NULL && c->actor->account_id != 0;
    enum status st = tx_begin(c->app->store, c->arena, c->usecase->writes ? TX_WRITE : TX_READ, &c->tx);
    if (st != STATUS_OK)
        return st;
    if (keyed)
        st = seen_before(c, &seen);
    if (st == STATUS_OK && !seen)
        st = c->usecase->run(c);
    if (st == STATUS_OK && c->errs->total > errs_before)
        st = STATUS_INPUT;
    if (st == STATUS_OK && c->usecase->writes && !seen)
        st = audit(c, outcome_done);
    if (st == STATUS_OK && keyed && !seen)
        st = remember(c);
    if (st == STATUS_OK && c->usecase->writes) {
        st = tx_commit(c->tx);
    } else {
        if (st == STATUS_IO)
            fprintf(stderr, "internbase: %s: %s\n", c->usecase->name, tx_error(c->tx));
        tx_end(c->tx);
    }
    c->tx = NULL;
    return st;
}

static enum status note_refusal(struct call *c)
{
    assert(c->usecase->writes && c->tx == NULL);
    enum status st = tx_begin(c->app->store, c->arena, TX_WRITE, &c->tx);
    if (st == STATUS_OK)
        st = audit(c, outcome_refused);
    if (st == STATUS_OK)
        st = tx_commit(c->tx);
    else
        tx_end(c->tx);
    c->tx = NULL;
    return st;
}

enum status app_run(struct call *c)
{
    assert(c->app != NULL && c->arena != NULL && c->actor != NULL && c->usecase != NULL && c->in != NULL && c->errs != NULL);
    enum status st = STATUS_RETRY;
    c->detail = buf_make(DETAIL_BYTES_MOST);
    if (!app_may(c->actor, c->usecase->cap)) {
        if (c->usecase->writes && c->actor->account_id != 0)
            st = note_refusal(c);
        return STATUS_FORBIDDEN;
    }
    size_t errs_before = c->errs->total;
    for (int i = 0; i < RUNS_MOST && st == STATUS_RETRY; i++) {
        c->errs->n = c->errs->total = errs_before;
        buf_reset(&c->detail);
        st = run_once(c, errs_before);
    }
    buf_free(&c->detail);
    return st == STATUS_RETRY ? STATUS_BUSY : st;
}

static void note(struct call *c, const struct record *r, const void *old, const void *now, int64_t id)
{
    if (c->subject == NULL || c->id == 0) {
        c->subject = r->name;
        c->id = id;
    }
    struct buf one = buf_make(DETAIL_BYTES_MOST);
    if (now != NULL)
        record_put_diff(&one, r, old, now);
    else
        buf_z(&one, "\"deleted\"");
    if (!one.failed && c->detail.n + one.n + 100 < DETAIL_BYTES_MOST) {
        if (c->detail.n > 0)
            c->detail.n--; /* the closing bracket */
        buf_printf(&c->detail, "%s{\"record\":\"%s\",\"id\":%lld,\"change\":", c->detail.n > 0 ? "," : "[", r->name, (long long)id);
        buf_str(&c->detail, buf_view(&one));
        buf_z(&c->detail, "}]");
    }
    buf_free(&one);
}

/* {"record","id","left"} of what was made (left: the digest of what it says now), with "old" where it was there, without
 * "left" where it is gone. */
static void note_step(struct buf *b, const struct record *r, const void *old, const void *now)
{
    assert(old != NULL || now != NULL);
    const void *is = now != NULL ? now : old;
    buf_printf(b, "%s{\"record\":\"%s\",\"id\":%lld", b->n > 0 ? "," : "", r->name, (long long)field_int_of(&r->field[0], is));
    if (now != NULL)
        buf_printf(b, ",\"left\":\"%016llx\"", (unsigned long long)record_digest(r, now));
    if (old != NULL) {
        buf_z(b, ",\"old\":");
        record_put_json(b, r, old, CLASS_SENSITIVE);
    }
    buf_char(b, '}');
}

enum status call_save(struct call *c, const struct record *r, const void *old, void *now)
{
    assert(c->usecase->writes);
    enum status st = tx_save(c->tx, r, now);
    if (st != STATUS_OK)
        return st;
    if (c->steps != NULL)
        note_step(c->steps, r, old, now);
    else
        note(c, r, old, now, field_int_of(&r->field[0], now));
    return st;
}

enum status call_delete(struct call *c, const struct record *r, const void *old)
{
    assert(old != NULL);
    assert(c->usecase->writes);
    int64_t id = field_int_of(&r->field[0], old);
    enum status st = tx_delete(c->tx, r, id);
    if (st == STATUS_OK && c->steps != NULL)
        note_step(c->steps, r, old, NULL);
    else if (st == STATUS_OK)
        note(c, r, old, NULL, id);
    return st;
}

int64_t call_person(const struct call *c)
{
    return c->actor->person_id != 0 ? c->actor->person_id : NONE;
}

struct job *call_job(struct call *c, const char *kind, int64_t base_id)
{
    assert(c->usecase->writes && kind != NULL);
    struct job *j = record_new(c->arena, &record_job);
    j->kind = str_of(kind);
    j->base_id = base_id;
    j->state = job_state_queued;
    j->percent = 0;
    j->cancel = 0;
    j->made_at = app_now(c->app);
    j->made_by_id = call_person(c);
    return j;
}

enum status call_queue(struct call *c, const char *kind, const struct plan *p)
{
    assert(p->id > 0);
    struct job *j = call_job(c, kind, p->base_id);
    j->subject_id = p->id;
    enum status st = call_save(c, &record_job, NULL, j);
    c->subject = "plan";
    c->id = p->id;
    return st;
}

enum status call_refuse(struct call *c, enum msg_id id, const char *field, const char *arg1, const char *arg2)
{
    assert(id != MSG_none && field != NULL);
    errs_add(c->errs, id, str_of(field), arg1, arg2, NULL);
    return STATUS_INPUT;
}
