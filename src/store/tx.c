/* Transactions over the drivers: several in one commit, queries, batches, saving and loading by descriptor. */
#include "store/driver.h"

#include <stdlib.h>

struct tx {
    struct store *store;
    struct conn *conn;
    struct arena *arena;
    enum tx_mode mode;
    bool is_guest;    /* reads inside another reading transaction of its thread */
    struct tx *outer; /* of this thread */
};

/* At most so many transactions wait for one commit. */
enum { GROUP_MOST = 64 };

/* The open transactions of this thread, the newest first: what a longjmp leaves behind is found here. */
static _Thread_local struct tx *open_here;

static void forget(struct tx *t)
{
    struct tx **at = &open_here;
    while (*at != NULL && *at != t)
        at = &(*at)->outer;
    assert(*at == t);
    *at = t->outer;
}

/* ---- several transactions in one commit ------------------------------------------------------------------- *
 * Threads take the one writer in turn. Who is done while others wait hands the open transaction on and waits; who is
 * done last commits for all. While one commit is on its way to the disk the next group gathers, so that nobody waits
 * for company: alone, a transaction is committed at once. */

static bool is_grouped(const struct tx *t)
{
    return t->mode == TX_WRITE && t->store->driver->join != NULL;
}

/* Ends the group: everybody who waits for it learns `st`. Called with the lock. */
static void group_end(struct store *s, enum status st)
{
    struct group *g = s->group;
    assert(g != NULL && !g->done);
    s->group = NULL;
    g->done = true;
    g->st = st;
    if (st == STATUS_UNKNOWN_OUTCOME)
        s->writer_broken = true;
    if (g->waiting == 0)
        free(g);
    else
        pthread_cond_broadcast(&s->committed);
}

/* Commits what the group holds, for its members; the caller's own work is not among it. */
static void group_close(struct store *s, struct conn *c)
{
    enum status st = s->driver->commit(c);
    if (st != STATUS_OK)
        s->driver->rollback(c);
    pthread_mutex_lock(&s->lock);
    group_end(s, st);
    pthread_mutex_unlock(&s->lock);
}

static enum status group_begin(struct tx *t)
{
    struct store *s = t->store;
    if (s->writer_broken)
        return STATUS_IO;
    if (s->group != NULL) { /* the first member needs no mark: undoing it undoes all */
        enum status joined = s->driver->join(t->conn);
        if (joined != STATUS_OK)
            group_close(s, t->conn);
        return joined;
    }
    enum status st = s->driver->begin(t->conn, TX_WRITE, s->busy_ms);
    if (st != STATUS_OK)
        return st;
    s->group = calloc(1, sizeof *s->group);
    if (s->group == NULL) {
        s->driver->rollback(t->conn);
        return STATUS_MEMORY;
    }
    return STATUS_OK;
}

/* This member is done, its work kept or undone. Returns what became of the group's commit. */
static enum status group_leave(struct tx *t, bool keep)
{
    struct store *s = t->store;
    struct group *g = s->group;
    assert(g != NULL && g->members >= 0 && g->members < GROUP_MOST);
    enum status st = g->members > 0 ? s->driver->leave(t->conn, keep) : STATUS_OK;
    bool is_gone = st != STATUS_OK, is_empty = g->members == 0 && !keep;
    pthread_mutex_lock(&s->lock);
    g->members += keep && !is_gone;
    if (!is_gone && !is_empty && s->writers_wanted > 0 && g->members < GROUP_MOST) {
        /* Every thread that waits takes what is idle before it gives up: somebody will commit. */
        g->waiting += keep;
        store_give_locked(s, TX_WRITE, t->conn);
        while (keep && !g->done)
            pthread_cond_wait(&s->committed, &s->lock);
        assert(!keep || (g->done && g->waiting > 0));
        st = keep ? g->st : STATUS_OK;
        if (keep && --g->waiting == 0)
            free(g);
        pthread_mutex_unlock(&s->lock);
        return st;
    }
    pthread_mutex_unlock(&s->lock);
    if (!is_gone && !is_empty)
        st = s->driver->commit(t->conn);
    if (st != STATUS_OK || is_empty)
        s->driver->rollback(t->conn);
    pthread_mutex_lock(&s->lock);
    group_end(s, st);
    store_give_locked(s, TX_WRITE, t->conn);
    pthread_mutex_unlock(&s->lock);
    return st;
}

/* ---- transactions ----------------------------------------------------------------------------------------- */

/* A reading transaction that this thread has open in the same database. */
static struct tx *host_here(const struct store *s)
{
    struct tx *t = open_here;
    while (t != NULL && (t->store != s || t->mode != TX_READ))
        t = t->outer;
    return t;
}

enum status tx_begin(struct store *s, struct arena *a, enum tx_mode mode, struct tx **out)
{
    *out = NULL;
    struct tx *t = calloc(1, sizeof *t), *host = mode == TX_READ ? host_here(s) : NULL;
    if (t == NULL)
        return STATUS_MEMORY;
    struct conn *c = host != NULL ? host->conn : store_take(s, mode);
    if (c == NULL) {
        free(t);
        return STATUS_BUSY;
    }
    *t = (struct tx){ s, c, a, mode, host != NULL, NULL };
    enum status st = t->is_guest ? STATUS_OK : is_grouped(t) ? group_begin(t) : s->driver->begin(c, mode, s->busy_ms);
    if (st != STATUS_OK) {
        store_give(s, mode, c);
        free(t);
        return st;
    }
    assert(host == NULL || host->mode == TX_READ);
    t->outer = open_here;
    open_here = t;
    *out = t;
    return STATUS_OK;
}

enum status tx_commit(struct tx *t)
{
    enum status st;
    forget(t);
    if (is_grouped(t)) {
        st = group_leave(t, true);
    } else {
        st = t->is_guest ? STATUS_OK : t->store->driver->commit(t->conn);
        if (st != STATUS_OK && st != STATUS_UNKNOWN_OUTCOME)
            t->store->driver->rollback(t->conn);
        if (!t->is_guest)
            store_give(t->store, t->mode, t->conn);
    }
    free(t);
    return st;
}

void tx_end(struct tx *t)
{
    if (t == NULL)
        return;
    forget(t);
    if (is_grouped(t)) {
        enum status st = group_leave(t, false);
        (void)st; /* of the others; they are told */
    } else if (!t->is_guest) {
        for (const struct tx *inner = open_here; inner != NULL; inner = inner->outer)
            assert(!inner->is_guest || inner->conn != t->conn); /* a guest outlives its host */
        t->store->driver->rollback(t->conn);
        store_give(t->store, t->mode, t->conn);
    }
    free(t);
}

void tx_abandon_all(void)
{
    while (open_here != NULL)
        tx_end(open_here);
}

void tx_cleanup(struct tx **t)
{
    tx_end(*t);
}

enum status collect_row(void *ctx, const void *row)
{
    struct collector *c = ctx;
    struct rows *rows = c->rows;
    if (rows->n == c->cap)
        rows->item = arena_grow(c->a, rows->item, rows->n, &c->cap, c->r->size);
    memcpy((char *)rows->item + rows->n++ * c->r->size, row, c->r->size);
    return STATUS_OK;
}

static enum status run_into(struct tx *t, size_t number, const struct param *param, size_t n, struct rows *out)
{
    const struct statement *s = sql_statement(number);
    struct rows none = { 0 };
    if (out == NULL)
        out = &none;
    *out = (struct rows){ 0 };
    struct collector c = { t->arena, s->record, out, 0 };
    assert(t->mode == TX_WRITE || !s->writes);
    return t->store->driver->run(t->conn, t->arena, number, param, n, collect_row, &c, &out->affected);
}

enum status tx_query(struct tx *t, enum sql_id sql, const struct param *param, size_t n, struct rows *out)
{
    return run_into(t, sql, param, n, out);
}

enum status tx_batch(struct tx *t, struct query *q, size_t n)
{
    for (size_t i = 0; i < n; i++)
        assert(t->mode == TX_WRITE || !sql_statement(q[i].sql)->writes);
    return t->store->driver->batch(t->conn, t->arena, q, n);
}

static struct param param_of(const struct field *f, const void *rec)
{
    if (!kind_is_text(f->kind))
        return param_int(field_int_of(f, rec));
    struct param p = param_text(field_text_of(f, rec));
    if (f->kind == KIND_BYTES)
        p.type = PARAM_BYTES;
    return p;
}

enum { COLUMNS_MOST = 64, VERSION_AT = 1 };

enum status tx_save(struct tx *t, const struct record *r, void *rec)
{
    struct param p[COLUMNS_MOST];
    size_t n = 0;
    int64_t *id = field_int(&r->field[0], rec), *version = field_int(&r->field[VERSION_AT], rec);
    assert(r->n < COLUMNS_MOST && r->field[0].kind == KIND_ID);
    int64_t old = *version;
    *version = *id == 0 ? 1 : old + 1;
    for (int i = 1; i < r->n; i++)
        p[n++] = param_of(&r->field[i], rec);
    struct rows rows;
    enum status st;
    if (*id == 0) {
        st = run_into(t, sql_record_number(r, OP_INSERT), p, n, &rows);
        if (st == STATUS_OK) {
            assert(rows.n == 1);
            *id = field_int_of(&r->field[0], rows.item);
        }
        return st;
    }
    p[n++] = param_int(*id);
    p[n++] = param_int(old);
    st = run_into(t, sql_record_number(r, OP_UPDATE), p, n, &rows);
    if (st == STATUS_OK && rows.affected == 0)
        st = STATUS_CONFLICT;
    if (st != STATUS_OK)
        *version = old;
    return st;
}

enum status tx_load(struct tx *t, const struct record *r, int64_t id, void **out)
{
    struct rows rows;
    struct param p = param_int(id);
    enum status st = run_into(t, sql_record_number(r, OP_LOAD), &p, 1, &rows);
    if (st == STATUS_OK && rows.n == 0)
        st = STATUS_NOT_FOUND;
    if (st == STATUS_OK)
        *out = rows.item;
    return st;
}

enum status tx_delete(struct tx *t, const struct record *r, int64_t id)
{
    struct rows rows;
    struct param p = param_int(id);
    enum status st = run_into(t, sql_record_number(r, OP_DELETE), &p, 1, &rows);
    return st == STATUS_OK && rows.affected == 0 ? STATUS_NOT_FOUND : st;
}

const char *tx_error(const struct tx *t)
{
    return t->store->driver->error(t->conn);
}

struct arena *tx_arena(struct tx *t)
{
    return t->arena;
}

struct arena *tx_use_arena(struct tx *t, struct arena *a)
{
    struct arena *before = t->arena;
    t->arena = a;
    return before;
}
