/* The only room that knows SQL. A fixed list of statements (store/sql.def), run by number with bound parameters in
 * transactions, on SQLite or PostgreSQL behind one interface. Rows come back as structs of the statement's record.
 * Decides nothing and authorises nothing. */
#ifndef STORE_STORE_H
#define STORE_STORE_H

#include "records/records.h"

enum sql_id {
#define SQL(name, record, mode, text) SQL_##name,
#include "store/sql.def"
#undef SQL
    SQL_COUNT
};

struct store;  /* a database; shared by threads */
struct tx;     /* a transaction of one thread */

struct store_options {
    const char *url;          /* "sqlite:PATH" or "postgresql:CONNINFO" */
    int readers;              /* connections for reading, at least 1 */
    int busy_ms;              /* longest wait for the writer; 0 = 5000 */
    bool must_exist;          /* a SQLite file that is not there is not made: STATUS_NOT_FOUND */
    bool keeps;               /* a thread of its own brings the log of an embedded database back into it, so that no
                                 write pays for it; for long-running processes */
};

/* Opens, creating a SQLite file that is not there unless it must exist. On failure *why names it (in `a`) for the log. */
enum status store_open(struct arena *a, const struct store_options *o, struct store **out, struct str *why) MUST;
void store_close(struct store *s);

/* What a process must be able to reach that opens this database: for whoever locks it in before. */
enum { STORE_REACH_MOST = 48 };
struct store_reach {
    bool is_server;     /* sockets, names of machines, the user's name */
    const char *folder; /* an embedded database's: its files are made and removed beside it; NULL */
    const char *read[STORE_REACH_MOST];
    size_t n;
};
/* Texts lie in `a`. STATUS_INPUT: a scheme that store_open refuses, or a folder that isn't there. */
enum status store_reach(struct arena *a, const char *url, struct store_reach *out) MUST;
/* Brings the schema up by the numbered files; says how many were applied. STATUS_CONFLICT: newer than this program. */
enum status store_migrate(struct store *s, int *applied) MUST;
/* STATUS_OK, or STATUS_CONFLICT when migrations are missing or the schema is newer. */
enum status store_schema_check(struct store *s) MUST;
const char *store_driver_name(const struct store *s) MUST;
/* Makes a consistent copy of an embedded database while serving. */
enum status store_backup(struct store *s, const char *path) MUST;

/* What the database says of itself. Texts lie in `a`. */
struct store_health {
    struct str version;    /* of the library or the server */
    int64_t bytes, log_bytes; /* NONE where it can't be told */
    struct str path;       /* of an embedded database's file; else empty */
    bool is_whole;         /* its own check found nothing */
    struct str fault;      /* what it found first */
};
enum status store_health(struct store *s, struct arena *a, struct store_health *out) MUST;

enum tx_mode { TX_READ, TX_WRITE };
/* Begins; rows and texts of its queries lie in `a`. STATUS_BUSY after busy_ms. A TX_READ begun while this thread has one
 * open shares its snapshot and connection: a page is one read transaction, however many use cases it asks. */
enum status tx_begin(struct store *s, struct arena *a, enum tx_mode mode, struct tx **out) MUST;
/* Commits durably. STATUS_RETRY: the database asks to run everything again. STATUS_UNKNOWN_OUTCOME: answer lost.
 * Ends the transaction whatever it returns. On SQLite the transactions of threads that wait for the writer share one
 * commit; none returns before it is on the disk. */
enum status tx_commit(struct tx *t) MUST;
/* Rolls back and ends; NULL is fine. */
void tx_end(struct tx *t);
/* Ends every transaction that this thread left open by a longjmp, and makes their connections usable again. */
void tx_abandon_all(void);
/* For __attribute__((cleanup)). */
void tx_cleanup(struct tx **t);
#define TX_AUTO __attribute__((cleanup(tx_cleanup))) struct tx *

struct param {
    enum { PARAM_INT, PARAM_TEXT, PARAM_BYTES } type;
    int64_t number; /* NONE = NULL */
    struct str text;
};

static inline struct param param_int(int64_t v)
{
    return (struct param){ PARAM_INT, v, { NULL, 0 } };
}
static inline struct param param_text(struct str s)
{
    return (struct param){ PARAM_TEXT, 0, s };
}
#define P(x) _Generic((x), struct str: param_text, default: param_int)(x)

struct rows {
    size_t n;
    void *item; /* array of structs of the statement's record */
    int64_t affected; /* rows written by a statement without RETURNING */
};

/* One statement of a batch. */
struct query {
    enum sql_id sql;
    struct param *param;
    size_t n;
    struct rows rows; /* out */
};

/* Runs one statement. `param` are in the order of its question marks. */
enum status tx_query(struct tx *t, enum sql_id sql, const struct param *param, size_t n, struct rows *out) MUST;
#define tx_run(t, sql, out, ...) \
    tx_query((t), (sql), (const struct param[]){ __VA_ARGS__ }, sizeof((const struct param[]){ __VA_ARGS__ }) / sizeof(struct param), (out))
/* Runs all in one round trip where the database can. Stops at the first failure. */
enum status tx_batch(struct tx *t, struct query *q, size_t n) MUST;

/* Stores a record: inserts where its id is 0 (and sets it), else updates if its version is still the stored one
 * (STATUS_CONFLICT when not) and raises it. The record must have a table of its own name. */
enum status tx_save(struct tx *t, const struct record *r, void *rec) MUST;
/* Loads by id. STATUS_NOT_FOUND. */
enum status tx_load(struct tx *t, const struct record *r, int64_t id, void **out) MUST;
enum status tx_delete(struct tx *t, const struct record *r, int64_t id) MUST;
/* What the database said last, for the log; never for a page. */
const char *tx_error(const struct tx *t) MUST;
struct arena *tx_arena(struct tx *t) MUST;
/* Lets the rows of the next queries lie in `a`, and gives back where they lay: so that a long transaction frees what it has
 * done with. No query may be running. */
struct arena *tx_use_arena(struct tx *t, struct arena *a) MUST;

/* Prepares every statement, the written ones and those of the records; *failed names the first that the database
 * refuses (in `a`), with its words. For tests. */
enum status store_prepare_all(struct store *s, struct arena *a, struct str *failed) MUST;

/* The text of a statement as a database gets it, for tests and `internbase schema`. */
const char *store_sql_name(enum sql_id sql) MUST;
struct str store_sql_text(struct arena *a, enum sql_id sql, bool postgres) MUST;

#endif
