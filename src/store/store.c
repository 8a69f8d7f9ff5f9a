/* Opening and closing, the pools of connections, and what a database says of itself; transactions are in tx.c. */
#include "store/driver.h"
#include "core/limits.h"

#include <errno.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

enum { KEEP_EVERY_MS = 500 };

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
    assert(driver->connect != NULL && (driver->join == NULL) == (driver->leave == NULL));
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
    assert(s->group == NULL); /* every transaction has ended */
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

struct conn *store_take(struct store *s, enum tx_mode mode)
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
    assert(s->writers_wanted >= 0);
    if (*idle > 0)
        c = pool[--*idle];
    pthread_mutex_unlock(&s->lock);
    return c;
}

void store_give_locked(struct store *s, enum tx_mode mode, struct conn *c)
{
    struct conn **pool = mode == TX_WRITE ? s->writer : s->reader;
    int *idle = mode == TX_WRITE ? &s->writers_idle : &s->readers_idle;
    assert(*idle < (mode == TX_WRITE ? s->writers : s->readers));
    assert(c != NULL && *idle >= 0);
    pool[(*idle)++] = c;
    pthread_cond_broadcast(&s->freed);
}

void store_give(struct store *s, enum tx_mode mode, struct conn *c)
{
    pthread_mutex_lock(&s->lock);
    store_give_locked(s, mode, c);
    pthread_mutex_unlock(&s->lock);
}

enum status store_prepare_all(struct store *s, struct arena *a, struct str *failed)
{
    struct conn *c = store_take(s, TX_WRITE);
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
        store_give(s, TX_WRITE, c);
    return st;
}

enum status store_health(struct store *s, struct arena *a, struct store_health *out)
{
    struct conn *c = store_take(s, TX_READ);
    if (c == NULL)
        return STATUS_BUSY;
    *out = (struct store_health){ .bytes = NONE, .log_bytes = NONE, .path = STR(""), .fault = STR("") };
    enum status st = s->driver->health(c, a, out);
    if (st == STATUS_OK && s->driver->dialect == DIALECT_SQLITE)
        out->path = arena_str(a, str_of(s->url));
    store_give(s, TX_READ, c);
    return st;
}

enum status store_backup(struct store *s, const char *path)
{
    if (s->driver->backup == NULL)
        return STATUS_INPUT;
    struct conn *c = store_take(s, TX_READ);
    if (c == NULL)
        return STATUS_BUSY;
    enum status st = s->driver->backup(c, path);
    store_give(s, TX_READ, c);
    return st;
}
