/* PostgreSQL by libpq: statements prepared once a connection, a batch in one pipelined round trip, writers SERIALIZABLE.
 * A connection that broke is opened anew at the next begin. */
#include "store/driver.h"
#include "store/libpq.h"

#include <stdio.h>
#include <stdlib.h>

enum { PARAMS_MOST = 64, NAME_BYTES = 16 };

struct conn {
    PGconn *pg;
    bool *prepared; /* by statement number */
    char last[512]; /* last error */
    PGresult *held; /* being decoded: a longjmp out of it leaves it to rollback */
};

static enum status note(struct conn *c, const PGresult *r)
{
    const char *state = r != NULL ? pq.resultErrorField(r, PG_DIAG_SQLSTATE) : NULL;
    snprintf(c->last, sizeof c->last, "%s", r != NULL ? pq.resultErrorMessage(r) : pq.errorMessage(c->pg));
    if (state == NULL)
        return STATUS_IO;
    static const struct {
        const char *prefix;
        enum status st;
    } known[] = { { "40001", STATUS_RETRY }, { "40P01", STATUS_RETRY }, { "23", STATUS_CONFLICT },
                  { "53200", STATUS_MEMORY }, { "55P03", STATUS_BUSY }, { "57014", STATUS_BUSY } };
    for (size_t i = 0; i < LEN(known); i++)
        if (strncmp(state, known[i].prefix, strlen(known[i].prefix)) == 0)
            return known[i].st;
    return STATUS_IO;
}

static enum status script(struct conn *c, const char *text)
{
    PGresult *r = pq.exec(c->pg, text);
    ExecStatusType s = pq.resultStatus(r);
    enum status st = s == PGRES_COMMAND_OK || s == PGRES_TUPLES_OK ? STATUS_OK : note(c, r);
    pq.clear(r);
    return st;
}

static enum status set_up(struct conn *c)
{
    return script(c, "SET client_encoding = 'UTF8'; SET client_min_messages = warning; SET search_path = public;"
                     "SET idle_in_transaction_session_timeout = '60s'; SET lock_timeout = '5s'");
}

static void disconnect(struct conn *c)
{
    pq.finish(c->pg);
    free(c->prepared);
    free(c);
}

static void reach_path(struct arena *a, struct store_reach *out, const char *folder, const char *name)
{
    if (folder != NULL && folder[0] == '/' && out->n < STORE_REACH_MOST)
        out->read[out->n++] = arena_printf(a, "%s%s", folder, name).p;
}

/* Every option that is a path (certificates, a file of passwords, the socket's folder), from the text or the environment, and
 * the places in which libpq looks by itself. */
static enum status reach(struct arena *a, const char *url, struct store_reach *out)
{
    const char *missing;
    char *why = NULL;
    if (!libpq_load(&missing))
        return STATUS_INPUT; /* connecting says it */
    PQconninfoOption *own = pq.conninfoParse(url, &why), *usual = pq.conndefaults();
    pq.freemem(why);
    for (const PQconninfoOption *o = own; o != NULL && o->keyword != NULL; o++)
        reach_path(a, out, o->val, "");
    for (const PQconninfoOption *o = usual; o != NULL && o->keyword != NULL; o++)
        reach_path(a, out, o->val, "");
    pq.conninfoFree(own);
    pq.conninfoFree(usual);
    static const char *const places[] = { "/.pgpass", "/.pg_service.conf", "/.postgresql" };
    for (size_t i = 0; i < LEN(places); i++)
        reach_path(a, out, getenv("HOME"), places[i]);
    out->is_server = true;
    return STATUS_OK;
}

static enum status connect_to(struct store *s, bool for_writing, struct conn **out, struct arena *a, struct str *why)
{
    (void)for_writing;
    const char *missing;
    if (!libpq_load(&missing)) {
        *why = arena_printf(a, "postgresql: %s", missing);
        return STATUS_IO;
    }
    struct conn *c = calloc(1, sizeof *c);
    if (c == NULL)
        return STATUS_MEMORY;
    c->prepared = calloc(sql_count(), sizeof(bool));
    c->pg = pq.connectdb(s->url);
    enum status st = c->prepared == NULL || c->pg == NULL ? STATUS_MEMORY : STATUS_OK;
    if (st == STATUS_OK && pq.status(c->pg) != CONNECTION_OK)
        st = STATUS_IO;
    if (st == STATUS_OK)
        st = set_up(c);
    if (st != STATUS_OK) {
        *why = arena_printf(a, "postgresql: %s", pq.errorMessage(c->pg));
        disconnect(c);
        return st;
    }
    *out = c;
    return STATUS_OK;
}

static bool is_dead(const struct conn *c)
{
    return pq.status(c->pg) != CONNECTION_OK;
}

static enum status connect_anew(struct conn *c)
{
    pq.reset(c->pg);
    memset(c->prepared, 0, sql_count() * sizeof(bool));
    if (is_dead(c))
        return note(c, NULL);
    return set_up(c);
}

/* A server that was stopped meanwhile shows only now; nothing has been done yet, so one new connection is tried. */
static enum status begin(struct conn *c, enum tx_mode mode, int busy_ms)
{
    const char *text = mode == TX_WRITE ? "BEGIN ISOLATION LEVEL SERIALIZABLE" : "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY";
    (void)busy_ms;
    enum status st = is_dead(c) ? STATUS_IO : script(c, text);
    if (st != STATUS_OK && is_dead(c)) {
        st = connect_anew(c);
        if (st == STATUS_OK)
            st = script(c, text);
    }
    return st;
}

/* A lost answer or a warning ("not replicated") leaves the outcome unknown; so does COMMIT that answers ROLLBACK not. */
static enum status commit(struct conn *c)
{
    PGresult *r = pq.exec(c->pg, "COMMIT");
    enum status st = STATUS_OK;
    if (pq.resultStatus(r) != PGRES_COMMAND_OK)
        st = is_dead(c) ? STATUS_UNKNOWN_OUTCOME : note(c, r);
    else if (strcmp(pq.cmdStatus(r), "COMMIT") != 0)
        st = STATUS_RETRY;
    pq.clear(r);
    return st;
}

static void rollback(struct conn *c)
{
    pq.clear(c->held);
    c->held = NULL;
    /* A request that was left in the middle of its rows left answers on the wire: a new connection is the clean way. */
    if (pq.transactionStatus(c->pg) == PQTRANS_ACTIVE || pq.pipelineStatus(c->pg) != PQ_PIPELINE_OFF) {
        if (connect_anew(c) == STATUS_OK)
            return;
    }
    if (!is_dead(c) && pq.transactionStatus(c->pg) != PQTRANS_IDLE) {
        enum status st = script(c, "ROLLBACK");
        (void)st; /* a dead connection is opened anew at the next begin */
    }
}

/* Parameters as text, in buffers of the caller's arena. */
struct bound {
    const char *value[PARAMS_MOST];
    int length[PARAMS_MOST], format[PARAMS_MOST];
};

static void bind_all(struct bound *b, struct arena *a, const struct param *p, size_t n)
{
    assert(n <= PARAMS_MOST);
    for (size_t i = 0; i < n; i++) {
        b->format[i] = p[i].type == PARAM_BYTES;
        if (p[i].type == PARAM_INT) {
            b->value[i] = p[i].number == NONE ? NULL : arena_printf(a, "%lld", (long long)p[i].number).p;
            b->length[i] = 0;
        } else {
            b->value[i] = arena_copy(a, p[i].text.p, p[i].text.n);
            b->length[i] = (int)p[i].text.n;
        }
    }
}

static void decode_bytes(struct arena *a, const char *hex, struct str *out)
{
    size_t n = 0;
    unsigned char *p = pq.unescapeBytea((const unsigned char *)hex, &n);
    *out = (struct str){ arena_copy(a, (const char *)p, p != NULL ? n : 0), p != NULL ? n : 0 };
    pq.freemem(p);
}

static void decode(const PGresult *res, int at, struct arena *a, const struct record *r, void *row)
{
    for (int i = 0; i < r->n; i++) {
        const struct field *f = &r->field[i];
        bool null = pq.getisnull(res, at, i);
        const char *p = pq.getvalue(res, at, i);
        size_t n = (size_t)pq.getlength(res, at, i);
        if (f->kind == KIND_BYTES) {
            decode_bytes(a, p, field_text(f, row));
        } else if (kind_is_text(f->kind)) {
            *field_text(f, row) = (struct str){ arena_copy(a, p, n), n };
        } else if (null || !str_int((struct str){ p, n }, field_int(f, row))) {
            assert(null);
            *field_int(f, row) = NONE;
        }
    }
}

static enum status take_result(struct conn *c, struct arena *a, const struct record *r, const PGresult *res,
                               row_fn *each, void *ctx, int64_t *affected)
{
    ExecStatusType s = pq.resultStatus(res);
    if (s != PGRES_COMMAND_OK && s != PGRES_TUPLES_OK && s != PGRES_SINGLE_TUPLE)
        return note(c, res);
    void *row = arena_alloc(a, r->size);
    assert(pq.nfields(res) == 0 || pq.nfields(res) == r->n);
    for (int i = 0; i < pq.ntuples(res); i++) {
        decode(res, i, a, r, row);
        enum status st = each(ctx, row);
        if (st != STATUS_OK)
            return st;
    }
    *affected = 0;
    struct str count = str_of(pq.cmdTuples((PGresult *)(uintptr_t)res));
    if (count.n > 0 && !str_int(count, affected))
        *affected = 0;
    return STATUS_OK;
}

static enum status prepare(struct conn *c, size_t number)
{
    char name[NAME_BYTES];
    if (c->prepared[number])
        return STATUS_OK;
    snprintf(name, sizeof name, "s%zu", number);
    PGresult *r = pq.prepare(c->pg, name, sql_statement(number)->text[DIALECT_POSTGRES].p, 0, NULL);
    enum status st = pq.resultStatus(r) == PGRES_COMMAND_OK ? STATUS_OK : note(c, r);
    pq.clear(r);
    c->prepared[number] = st == STATUS_OK;
    return st;
}

static enum status run(struct conn *c, struct arena *a, size_t number, const struct param *p, size_t n, row_fn *each,
                       void *ctx, int64_t *affected)
{
    char name[NAME_BYTES];
    struct bound b;
    enum status st = prepare(c, number);
    if (st != STATUS_OK)
        return st;
    bind_all(&b, a, p, n);
    snprintf(name, sizeof name, "s%zu", number);
    const struct record *r = sql_statement(number)->record;
    if (pq.sendQueryPrepared(c->pg, name, (int)n, b.value, b.length, b.format, 0) == 0)
        return note(c, NULL);
    pq.setSingleRowMode(c->pg); /* rows as they come: a large result needs no memory here */
    PGresult *res;
    while ((res = pq.getResult(c->pg)) != NULL) {
        c->held = res;
        if (st == STATUS_OK)
            st = take_result(c, a, r, res, each, ctx, affected);
        c->held = NULL;
        pq.clear(res);
    }
    return st;
}

static enum status batch_results(struct conn *c, struct arena *a, struct query *q, size_t n)
{
    enum status st = STATUS_OK;
    for (size_t i = 0; i < n; i++) {
        struct collector into = { a, sql_statement(q[i].sql)->record, &q[i].rows, 0 };
        q[i].rows = (struct rows){ 0 };
        PGresult *res;
        while ((res = pq.getResult(c->pg)) != NULL) {
            c->held = res;
            if (st == STATUS_OK)
                st = take_result(c, a, into.r, res, collect_row, &into, &q[i].rows.affected);
            c->held = NULL;
            pq.clear(res);
        }
    }
    pq.clear(pq.getResult(c->pg)); /* the pipeline's sync */
    return st;
}

static enum status batch(struct conn *c, struct arena *a, struct query *q, size_t n)
{
    enum status st = STATUS_OK;
    for (size_t i = 0; i < n && st == STATUS_OK; i++)
        st = prepare(c, q[i].sql);
    if (st != STATUS_OK || pq.enterPipelineMode(c->pg) == 0)
        return st != STATUS_OK ? st : note(c, NULL);
    for (size_t i = 0; i < n && st == STATUS_OK; i++) {
        char name[NAME_BYTES];
        struct bound b;
        bind_all(&b, a, q[i].param, q[i].n);
        snprintf(name, sizeof name, "s%zu", (size_t)q[i].sql);
        if (pq.sendQueryPrepared(c->pg, name, (int)q[i].n, b.value, b.length, b.format, 0) == 0)
            st = note(c, NULL);
    }
    if (pq.pipelineSync(c->pg) == 0 && st == STATUS_OK)
        st = note(c, NULL);
    if (st == STATUS_OK)
        st = batch_results(c, a, q, n);
    if (pq.exitPipelineMode(c->pg) == 0 && st == STATUS_OK)
        st = STATUS_IO;
    return st;
}

/* Page checks are the server's own (data checksums); here only whether it answers. */
static enum status health(struct conn *c, struct arena *a, struct store_health *out)
{
    PGresult *r = pq.exec(c->pg, "SELECT current_setting('server_version'), pg_database_size(current_database())");
    enum status st = pq.resultStatus(r) == PGRES_TUPLES_OK && pq.ntuples(r) == 1 ? STATUS_OK : note(c, r);
    if (st == STATUS_OK) {
        out->version = arena_str(a, str_of(pq.getvalue(r, 0, 0)));
        out->is_whole = str_int(str_of(pq.getvalue(r, 0, 1)), &out->bytes);
    }
    pq.clear(r);
    return st;
}

static const char *error(const struct conn *c)
{
    return c->last;
}

const struct driver store_postgres = {
    .name = "postgresql",
    .dialect = DIALECT_POSTGRES,
    .reach = reach,
    .connect = connect_to,
    .disconnect = disconnect,
    .begin = begin,
    .commit = commit,
    .rollback = rollback,
    .join = NULL, /* it gathers commits by itself */
    .leave = NULL,
    .tidy = NULL,
    .run = run,
    .batch = batch,
    .prepare = prepare,
    .script = script,
    .health = health,
    .backup = NULL, /* pg_dump does it */
    .error = error,
    .is_dead = is_dead,
};
