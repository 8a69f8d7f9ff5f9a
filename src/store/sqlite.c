/* SQLite: read-only connections for readers, one writer, WAL, full sync, every statement prepared once. */
#include "store/driver.h"

#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

enum fixed { FIXED_READ, FIXED_WRITE, FIXED_COMMIT, FIXED_ROLLBACK, FIXED_JOIN, FIXED_KEEP, FIXED_UNDO, FIXED_COUNT };
static const char *const fixed_text[FIXED_COUNT] = {
    [FIXED_READ] = "BEGIN",           [FIXED_WRITE] = "BEGIN IMMEDIATE", [FIXED_COMMIT] = "COMMIT",
    [FIXED_ROLLBACK] = "ROLLBACK",    [FIXED_JOIN] = "SAVEPOINT member", [FIXED_KEEP] = "RELEASE member",
    [FIXED_UNDO] = "ROLLBACK TO member",
};

struct conn {
    sqlite3 *db;
    sqlite3_stmt **stmt; /* by statement number; prepared at first use */
    sqlite3_stmt *fixed[FIXED_COUNT];
    char *log_path; /* of the WAL */
};

/* The log is brought back from this size on; beyond the second, new readers wait a moment for it. */
enum { LOG_TIDY_BYTES = 4 << 20, LOG_URGENT_BYTES = 256 << 20, URGENT_WAIT_MS = 200 };

static enum status status_of(int rc)
{
    switch (rc & 0xff) {
    case SQLITE_OK:
    case SQLITE_DONE:
    case SQLITE_ROW:
        return STATUS_OK;
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
        return STATUS_BUSY;
    case SQLITE_CONSTRAINT:
        return STATUS_CONFLICT;
    case SQLITE_NOMEM:
        return STATUS_MEMORY;
    default:
        return STATUS_IO;
    }
}

/* The audit log is append-only whatever the statement says. */
static int authorise(void *ctx, int action, const char *table, const char *b, const char *c, const char *d)
{
    (void)ctx, (void)b, (void)c, (void)d;
    bool audit = table != NULL && strcmp(table, "audit_entry") == 0;
    return audit && (action == SQLITE_UPDATE || action == SQLITE_DELETE) ? SQLITE_DENY : SQLITE_OK;
}

static enum status script(struct conn *c, const char *text)
{
    while (*text != '\0') {
        sqlite3_stmt *s = NULL;
        int rc = sqlite3_prepare_v2(c->db, text, -1, &s, &text);
        while (rc == SQLITE_OK && s != NULL && (rc = sqlite3_step(s)) == SQLITE_ROW)
            rc = SQLITE_OK;
        sqlite3_finalize(s);
        if (rc != SQLITE_OK && rc != SQLITE_DONE)
            return status_of(rc);
    }
    return STATUS_OK;
}

static int run_fixed(struct conn *c, enum fixed which)
{
    int rc = SQLITE_OK;
    if (c->fixed[which] == NULL)
        rc = sqlite3_prepare_v3(c->db, fixed_text[which], -1, SQLITE_PREPARE_PERSISTENT, &c->fixed[which], NULL);
    if (rc == SQLITE_OK) {
        rc = sqlite3_step(c->fixed[which]);
        sqlite3_reset(c->fixed[which]);
    }
    return rc == SQLITE_DONE ? SQLITE_OK : rc;
}

static void disconnect(struct conn *c)
{
    for (int i = 0; i < FIXED_COUNT; i++)
        sqlite3_finalize(c->fixed[i]);
    free(c->log_path);
    for (size_t i = 0; c->stmt != NULL && i < sql_count(); i++)
        sqlite3_finalize(c->stmt[i]);
    sqlite3_close(c->db);
    free(c->stmt);
    free(c);
}

/* The folder in which the file really lies: SQLite follows a link to it and puts its log beside it. */
static enum status reach(struct arena *a, const char *url, struct store_reach *out)
{
    char *real = realpath(url, NULL), *slash;
    if (real == NULL) { /* it will be made */
        char *copy = arena_copy(a, url, strlen(url) + 1);
        slash = strrchr(copy, '/');
        if (slash != NULL)
            *slash = '\0';
        real = realpath(slash == NULL ? "." : slash == copy ? "/" : copy, NULL);
    } else if ((slash = strrchr(real, '/')) != NULL) {
        *(slash == real ? slash + 1 : slash) = '\0';
    }
    if (real == NULL)
        return STATUS_INPUT;
    out->folder = arena_copy(a, real, strlen(real) + 1);
    free(real);
    return STATUS_OK;
}

static enum status connect_to(struct store *s, bool for_writing, struct conn **out, struct arena *a, struct str *why)
{
    struct conn *c = calloc(1, sizeof *c);
    if (c == NULL)
        return STATUS_MEMORY;
    int flags = SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_READWRITE | (for_writing ? SQLITE_OPEN_CREATE : 0);
    int rc = sqlite3_open_v2(s->url, &c->db, flags, NULL);
    c->stmt = calloc(sql_count(), sizeof(sqlite3_stmt *));
    size_t path_bytes = strlen(s->url) + sizeof "-wal";
    c->log_path = malloc(path_bytes);
    if (c->log_path != NULL)
        snprintf(c->log_path, path_bytes, "%s-wal", s->url);
    enum status st = c->stmt == NULL || c->log_path == NULL ? STATUS_MEMORY : status_of(rc);
    if (st == STATUS_OK) {
        sqlite3_busy_timeout(c->db, s->busy_ms);
        st = script(c, "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON;"
                       "PRAGMA mmap_size = 1073741824; PRAGMA cache_size = -4000; PRAGMA trusted_schema = OFF;");
    }
    if (st == STATUS_OK && !for_writing)
        st = script(c, "PRAGMA query_only = ON;");
    if (st == STATUS_OK && s->keeps)
        st = script(c, "PRAGMA wal_autocheckpoint = 0;");
    if (st != STATUS_OK) {
        *why = arena_printf(a, "sqlite %s: %s", s->url, c->db != NULL ? sqlite3_errmsg(c->db) : "no memory");
        disconnect(c);
        return st;
    }
    sqlite3_set_authorizer(c->db, authorise, NULL);
    *out = c;
    return STATUS_OK;
}

static enum status begin(struct conn *c, enum tx_mode mode, int busy_ms)
{
    (void)busy_ms;
    return status_of(run_fixed(c, mode == TX_WRITE ? FIXED_WRITE : FIXED_READ));
}

/* A commit that could not be synced is neither there nor not there: what reached the file may come back at the next start. */
static enum status commit(struct conn *c)
{
    int rc = run_fixed(c, FIXED_COMMIT);
    if (rc == SQLITE_OK)
        return STATUS_OK;
    int more = sqlite3_extended_errcode(c->db);
    return more == SQLITE_IOERR_FSYNC || more == SQLITE_IOERR_DIR_FSYNC ? STATUS_UNKNOWN_OUTCOME : status_of(rc);
}

/* A request that was left in the middle of its rows left the statement running. */
static void stop_statements(struct conn *c)
{
    for (sqlite3_stmt *s = sqlite3_next_stmt(c->db, NULL); s != NULL; s = sqlite3_next_stmt(c->db, s))
        if (sqlite3_stmt_busy(s))
            sqlite3_reset(s);
}

static void rollback(struct conn *c)
{
    stop_statements(c);
    if (!sqlite3_get_autocommit(c->db)) {
        int rc = run_fixed(c, FIXED_ROLLBACK);
        (void)rc; /* a failed rollback leaves the transaction already undone */
    }
}

static enum status join(struct conn *c)
{
    return status_of(run_fixed(c, FIXED_JOIN));
}

static enum status leave(struct conn *c, bool keep)
{
    stop_statements(c);
    if (sqlite3_get_autocommit(c->db))
        return STATUS_IO; /* a full disk or a failed read has undone everything, the others' work too */
    int rc = keep ? SQLITE_OK : run_fixed(c, FIXED_UNDO);
    if (rc == SQLITE_OK)
        rc = run_fixed(c, FIXED_KEEP);
    return rc == SQLITE_OK ? STATUS_OK : STATUS_IO;
}

static void tidy(struct conn *c)
{
    struct stat log;
    if (stat(c->log_path, &log) != 0 || log.st_size < LOG_TIDY_BYTES)
        return;
    bool urgent = log.st_size > LOG_URGENT_BYTES;
    sqlite3_busy_timeout(c->db, urgent ? URGENT_WAIT_MS : 0);
    int rc = sqlite3_wal_checkpoint_v2(c->db, NULL, urgent ? SQLITE_CHECKPOINT_TRUNCATE : SQLITE_CHECKPOINT_PASSIVE, NULL, NULL);
    (void)rc; /* somebody reads or writes: the next round goes on */
}

static int bind(sqlite3_stmt *s, int at, const struct param *p)
{
    if (p->type == PARAM_TEXT)
        return sqlite3_bind_text(s, at, p->text.n > 0 ? p->text.p : "", (int)p->text.n, SQLITE_STATIC);
    if (p->type == PARAM_BYTES)
        return sqlite3_bind_blob(s, at, p->text.n > 0 ? p->text.p : "", (int)p->text.n, SQLITE_STATIC);
    return p->number == NONE ? sqlite3_bind_null(s, at) : sqlite3_bind_int64(s, at, p->number);
}

static void decode(sqlite3_stmt *s, struct arena *a, const struct record *r, void *row)
{
    for (int i = 0; i < r->n; i++) {
        const struct field *f = &r->field[i];
        if (!kind_is_text(f->kind)) {
            bool null = sqlite3_column_type(s, i) == SQLITE_NULL;
            *field_int(f, row) = null ? NONE : sqlite3_column_int64(s, i);
            continue;
        }
        const char *p = f->kind == KIND_BYTES ? sqlite3_column_blob(s, i) : (const char *)sqlite3_column_text(s, i);
        int n = sqlite3_column_bytes(s, i);
        *field_text(f, row) = (struct str){ arena_copy(a, p, n > 0 ? (size_t)n : 0), (size_t)n };
    }
}

static enum status prepared(struct conn *c, size_t number, sqlite3_stmt **out)
{
    if (c->stmt[number] == NULL) {
        struct str text = sql_statement(number)->text[DIALECT_SQLITE];
        int rc = sqlite3_prepare_v3(c->db, text.p, (int)text.n, SQLITE_PREPARE_PERSISTENT, &c->stmt[number], NULL);
        if (rc != SQLITE_OK)
            return status_of(rc);
    }
    *out = c->stmt[number];
    return STATUS_OK;
}

static enum status prepare(struct conn *c, size_t number)
{
    sqlite3_stmt *s;
    return prepared(c, number, &s);
}

static enum status run(struct conn *c, struct arena *a, size_t number, const struct param *p, size_t n, row_fn *each,
                       void *ctx, int64_t *affected)
{
    const struct record *r = sql_statement(number)->record;
    sqlite3_stmt *s = NULL;
    if (sqlite3_get_autocommit(c->db))
        return STATUS_IO; /* an earlier failure ended the transaction: nothing may be written outside one */
    enum status st = prepared(c, number, &s);
    if (st != STATUS_OK)
        return st;
    assert((size_t)sqlite3_bind_parameter_count(s) == n);
    assert(sqlite3_column_count(s) == 0 || sqlite3_column_count(s) == r->n);
    int rc = SQLITE_OK;
    for (size_t i = 0; i < n && rc == SQLITE_OK; i++)
        rc = bind(s, (int)i + 1, &p[i]);
    void *row = arena_alloc(a, r->size);
    while (rc == SQLITE_OK && (rc = sqlite3_step(s)) == SQLITE_ROW) {
        decode(s, a, r, row);
        st = each(ctx, row);
        if (st != STATUS_OK)
            break;
        rc = SQLITE_OK;
    }
    *affected = sqlite3_changes64(c->db);
    if (st == STATUS_OK)
        st = status_of(rc);
    sqlite3_reset(s);
    sqlite3_clear_bindings(s);
    return st;
}

static enum status batch(struct conn *c, struct arena *a, struct query *q, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        struct collector into = { a, sql_statement(q[i].sql)->record, &q[i].rows, 0 };
        q[i].rows = (struct rows){ 0 };
        enum status st = run(c, a, q[i].sql, q[i].param, q[i].n, collect_row, &into, &q[i].rows.affected);
        if (st != STATUS_OK)
            return st;
    }
    return STATUS_OK;
}

static enum status backup(struct conn *c, const char *path)
{
    sqlite3 *to = NULL;
    int rc = sqlite3_open_v2(path, &to, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, NULL);
    sqlite3_backup *b = rc == SQLITE_OK ? sqlite3_backup_init(to, "main", c->db, "main") : NULL;
    if (b != NULL) {
        rc = sqlite3_backup_step(b, -1);
        int end = sqlite3_backup_finish(b);
        rc = rc == SQLITE_DONE ? end : rc;
    }
    sqlite3_close(to);
    return status_of(rc);
}

static enum status health(struct conn *c, struct arena *a, struct store_health *out)
{
    struct stat log;
    sqlite3_stmt *s = NULL;
    out->version = str_of(sqlite3_libversion());
    int rc = sqlite3_prepare_v2(c->db, "SELECT page_count * page_size FROM pragma_page_count(), pragma_page_size()", -1, &s, NULL);
    if (rc == SQLITE_OK && sqlite3_step(s) == SQLITE_ROW)
        out->bytes = sqlite3_column_int64(s, 0);
    sqlite3_finalize(s);
    out->log_bytes = stat(c->log_path, &log) == 0 ? log.st_size : 0;
    rc = sqlite3_prepare_v2(c->db, "PRAGMA quick_check(1)", -1, &s, NULL);
    if (rc == SQLITE_OK && sqlite3_step(s) == SQLITE_ROW)
        out->fault = arena_str(a, str_of((const char *)sqlite3_column_text(s, 0)));
    sqlite3_finalize(s);
    out->is_whole = str_is(out->fault, "ok");
    return status_of(rc);
}

static const char *error(const struct conn *c)
{
    return sqlite3_errmsg(c->db);
}

static bool is_dead(const struct conn *c)
{
    (void)c;
    return false;
}

const struct driver store_sqlite = {
    .name = "sqlite",
    .dialect = DIALECT_SQLITE,
    .reach = reach,
    .connect = connect_to,
    .disconnect = disconnect,
    .begin = begin,
    .commit = commit,
    .rollback = rollback,
    .join = join,
    .leave = leave,
    .tidy = tidy,
    .run = run,
    .batch = batch,
    .prepare = prepare,
    .script = script,
    .health = health,
    .backup = backup,
    .error = error,
    .is_dead = is_dead,
};
