/* Transactions over the drivers: pools of connections, queries, batches, saving and loading by descriptor. */
#include "store/driver.h"
#include "core/limits.h"

#include <errno.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

struct tx {
    struct store *store;
    struct conn *conn;
    struct arena *arena;
    enum tx_mode mode;
    bool is_guest;    /* reads inside another reading transaction of its thread */
    struct tx *outer; /* of this thread */
};

/* At most so many transactions wait for one commit. */
enum { GROUP_MOST = 64, KEEP_EVERY_MS = 500 };

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

static const struct {
    const char *scheme;
    const struct driver *driver;
} drivers[] = { { "sqlite:", &store_sqlite }, { "postgresql:", &store_postgres } };

static struct timespec after_ms(int ms)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    t.tv_sec += ms / 1000;
    t.tv_nsec += (long)(ms % 1000) * 1000000;
    if (t.tv_nsec >= 1000000000) {
        t.tv_sec++;
        t.tv_nsec -= 1000000000;
    }
    return t;
}

struct keeper {
    struct store *store;
    struct conn *conn;
};

static void *keep(void *ctx)
{
    struct keeper *k = ctx;
    struct store *s = k->store;
    pthread_mutex_lock(&s->lock);
    while (!s->closing) {
        struct timespec until = after_ms(KEEP_EVERY_MS);
        pthread_cond_timedwait(&s->wake, &s->lock, &until);
        pthread_mutex_unlock(&s->lock);
        s->driver->tidy(k->conn);
        pthread_mutex_lock(&s->lock);
    }
    pthread_mutex_unlock(&s->lock);
    s->driver->disconnect(k->conn);
    free(k);
    return NULL;
}

static enum status keeper_start(struct store *s, struct arena *a, struct str *why)
{
    struct keeper *k = calloc(1, sizeof *k);
    if (k == NULL)
        return STATUS_MEMORY;
    k->store = s;
    enum status st = s->driver->connect(s, true, &k->conn, a, why);
    if (st == STATUS_OK && pthread_create(&s->keeper, NULL, keep, k) == 0) {
        s->keeps = true;
        return STATUS_OK;
    }
    if (st == STATUS_OK) {
        s->driver->disconnect(k->conn);
        st = STATUS_MEMORY;
    }
    free(k);
    return st;
}

/* The driver of a URL, and what follows its scheme; NULL = there is none. */
static const struct driver *driver_of(const char *url, const char **rest)
{
    for (size_t i = 0; i < LEN(drivers); i++)
        if (str_starts(str_of(url), str_of(drivers[i].scheme))) {
            *rest = url + strlen(drivers[i].scheme);
            return drivers[i].driver;
        }
    return NULL;
}

enum status store_reach(struct arena *a, const char *url, struct store_reach *out)
{
    const char *rest;
    const struct driver *driver = driver_of(url, &rest);
    *out = (struct store_reach){ 0 };
    return driver != NULL ? driver->reach(a, rest, out) : STATUS_INPUT;
}

enum status store_open(struct arena *a, const struct store_options *o, struct store **out, struct str *why)
{
    const char *rest;
    const struct driver *driver = driver_of(o->url, &rest);
    if (driver == NULL) {
        *why = arena_printf(a, "database \"%s\" is neither sqlite:PATH nor postgresql:CONNINFO", o->url);
        return STATUS_INPUT;
    }
    if (o->must_exist && driver->dialect == DIALECT_SQLITE && access(rest, F_OK) != 0 && errno == ENOENT) {
        *why = arena_printf(a, "sqlite %s: %s", rest, strerror(ENOENT));
        return STATUS_NOT_FOUND;
    }
    struct store *s = calloc(1, sizeof *s);
    if (s == NULL)
        return STATUS_MEMORY;
    s->driver = driver;
    s->busy_ms = o->busy_ms > 0 ? o->busy_ms : LIMIT_store_busy_ms;
    s->readers = MAX(o->readers, 1);
    s->writers = driver->dialect == DIALECT_SQLITE ? 1 : s->readers;
    pthread_mutex_init(&s->lock, NULL);
    pthread_condattr_t monotonic;
    pthread_condattr_init(&monotonic);
    pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
    pthread_cond_init(&s->freed, &monotonic);
    pthread_cond_init(&s->committed, &monotonic);
    pthread_cond_init(&s->wake, &monotonic);
    pthread_condattr_destroy(&monotonic);
    s->keeps = o->keeps && driver->tidy != NULL;
    s->url = strdup(rest);
    s->reader = calloc((size_t)s->readers, sizeof(struct conn *));
    s->writer = calloc((size_t)s->writers, sizeof(struct conn *));
    enum status st = s->url == NULL || s->reader == NULL || s->writer == NULL ? STATUS_MEMORY : STATUS_OK;
    /* Writers first: they make a SQLite file and its WAL. */
    while (st == STATUS_OK && s->writers_idle < s->writers)
        if ((st = driver->connect(s, true, &s->writer[s->writers_idle], a, why)) == STATUS_OK)
            s->writers_idle++;
    if (st == STATUS_OK && (st = driver->connect(s, false, &s->reader[0], a, why)) == STATUS_OK)
        s->readers_idle = s->readers_open = 1; /* the others when they are wanted */
    bool keeps = s->keeps;
    s->keeps = false;
    if (st == STATUS_OK && keeps)
        st = keeper_start(s, a, why);
    if (st != STATUS_OK) {
        store_close(s);
        return st;
    }
    *out = s;
    return STATUS_OK;
}

void store_close(struct store *s)
{
    if (s == NULL)
        return;
    if (s->keeps) {
        pthread_mutex_lock(&s->lock);
        s->closing = true;
        pthread_cond_signal(&s->wake);
        pthread_mutex_unlock(&s->lock);
        pthread_join(s->keeper, NULL);
    }
    while (s->readers_idle > 0)
        s->driver->disconnect(s->reader[--s->readers_idle]);
    while (s->writers_idle > 0)
        s->driver->disconnect(s->writer[--s->writers_idle]);
    pthread_mutex_destroy(&s->lock);
    pthread_cond_destroy(&s->freed);
    pthread_cond_destroy(&s->committed);
    pthread_cond_destroy(&s->wake);
    free(s->reader);
    free(s->writer);
    free(s->url);
    free(s);
}

const char *store_driver_name(const struct store *s)
{
    return s->driver->name;
}

/* One reader more, where fewer are open than may be; NULL when that fails: then one waits for those that are. */
static struct conn *reader_more(struct store *s)
{
    struct arena a = arena_make(1 << 16);
    struct str why;
    struct conn *c = NULL;
    enum status st = s->driver->connect(s, false, &c, &a, &why);
    arena_free(&a);
    if (st != STATUS_OK) {
        pthread_mutex_lock(&s->lock);
        s->readers_open--;
        pthread_mutex_unlock(&s->lock);
    }
    return st == STATUS_OK ? c : NULL;
}

static struct conn *take(struct store *s, enum tx_mode mode)
{
    struct conn **pool = mode == TX_WRITE ? s->writer : s->reader;
    int *idle = mode == TX_WRITE ? &s->writers_idle : &s->readers_idle;
    struct timespec until = after_ms(s->busy_ms);
    struct conn *c = NULL;
    pthread_mutex_lock(&s->lock);
    if (*idle == 0 && mode == TX_READ && s->readers_open < s->readers) {
        s->readers_open++;
        pthread_mutex_unlock(&s->lock);
        if ((c = reader_more(s)) != NULL)
            return c;
        pthread_mutex_lock(&s->lock);
    }
    s->writers_wanted += mode == TX_WRITE;
    while (*idle == 0)
        if (pthread_cond_timedwait(&s->freed, &s->lock, &until) == ETIMEDOUT)
            break;
    s->writers_wanted -= mode == TX_WRITE;
    if (*idle > 0)
        c = pool[--*idle];
    pthread_mutex_unlock(&s->lock);
    return c;
}

static void give_locked(struct store *s, enum tx_mode mode, struct conn *c)
{
    struct conn **pool = mode == TX_WRITE ? s->writer : s->reader;
    int *idle = mode == TX_WRITE ? &s->writers_idle : &s->readers_idle;
    assert(*idle < (mode == TX_WRITE ? s->writers : s->readers));
    pool[(*idle)++] = c;
    pthread_cond_broadcast(&s->freed);
}

static void give(struct store *s, enum tx_mode mode, struct conn *c)
{
    pthread_mutex_lock(&s->lock);
    give_locked(s, mode, c);
    pthread_mutex_unlock(&s->lock);
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
    enum status st = g->members > 0 ? s->driver->leave(t->conn, keep) : STATUS_OK;
    bool is_gone = st != STATUS_OK, is_empty = g->members == 0 && !keep;
    pthread_mutex_lock(&s->lock);
    g->members += keep && !is_gone;
    if (!is_gone && !is_empty && s->writers_wanted > 0 && g->members < GROUP_MOST) {
        /* Every thread that waits takes what is idle before it gives up: somebody will commit. */
        g->waiting += keep;
        give_locked(s, TX_WRITE, t->conn);
        while (keep && !g->done)
            pthread_cond_wait(&s->committed, &s->lock);
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
    give_locked(s, TX_WRITE, t->conn);
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
    struct conn *c = host != NULL ? host->conn : take(s, mode);
    if (c == NULL) {
        free(t);
        return STATUS_BUSY;
    }
    *t = (struct tx){ s, c, a, mode, host != NULL, NULL };
    enum status st = t->is_guest ? STATUS_OK : is_grouped(t) ? group_begin(t) : s->driver->begin(c, mode, s->busy_ms);
    if (st != STATUS_OK) {
        give(s, mode, c);
        free(t);
        return st;
    }
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
            give(t->store, t->mode, t->conn);
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
        give(t->store, t->mode, t->conn);
    }
    free(t);
}

void tx_abandon_all(void)
{
    while (open_here != NULL)
        tx_end(open_here);
}

enum status store_prepare_all(struct store *s, struct arena *a, struct str *failed)
{
    struct conn *c = take(s, TX_WRITE);
    enum status st = c != NULL ? STATUS_OK : STATUS_BUSY;
    for (size_t i = 0; st == STATUS_OK && i < sql_count(); i++) {
        if (sql_statement(i)->name == NULL)
            continue; /* an input or a view row: it has no table */
        if (strcmp(sql_statement(i)->name, "audit_entry_update") == 0 || strcmp(sql_statement(i)->name, "audit_entry_delete") == 0)
            continue; /* the log is append-only: SQLite's authorizer refuses these two already here */
        st = s->driver->prepare(c, i);
        if (st != STATUS_OK)
            *failed = arena_printf(a, "%s: %s", sql_statement(i)->name, s->driver->error(c));
    }
    if (c != NULL)
        give(s, TX_WRITE, c);
    return st;
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

enum status store_health(struct store *s, struct arena *a, struct store_health *out)
{
    struct conn *c = take(s, TX_READ);
    if (c == NULL)
        return STATUS_BUSY;
    *out = (struct store_health){ .bytes = NONE, .log_bytes = NONE, .path = STR(""), .fault = STR("") };
    enum status st = s->driver->health(c, a, out);
    if (st == STATUS_OK && s->driver->dialect == DIALECT_SQLITE)
        out->path = arena_str(a, str_of(s->url));
    give(s, TX_READ, c);
    return st;
}

enum status store_backup(struct store *s, const char *path)
{
    if (s->driver->backup == NULL)
        return STATUS_INPUT;
    struct conn *c = take(s, TX_READ);
    if (c == NULL)
        return STATUS_BUSY;
    enum status st = s->driver->backup(c, path);
    give(s, TX_READ, c);
    return st;
}
