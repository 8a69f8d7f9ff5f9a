/* What a database driver gives to store.c; private to this room. */
#ifndef STORE_DRIVER_H
#define STORE_DRIVER_H

#include "store/store.h"

#include <pthread.h>

struct migration {
    int number;
    const char *name;
    const char *text; /* with {ID} {INT} {TEXT} {BYTES} */
};
extern const struct migration store_migrations[];
extern const size_t store_migrations_count;

enum dialect { DIALECT_SQLITE, DIALECT_POSTGRES, DIALECT_COUNT };

/* Statement numbers run on after the written ones: four for each record. */
enum record_op { OP_INSERT, OP_UPDATE, OP_LOAD, OP_DELETE, OP_COUNT };

struct statement {
    const char *name;
    const struct record *record; /* of its rows, or NULL */
    bool writes;
    struct str text[DIALECT_COUNT]; /* expanded */
};

/* The whole list, expanded once at start. */
size_t sql_count(void) MUST;
const struct statement *sql_statement(size_t number) MUST;
size_t sql_record_number(const struct record *r, enum record_op op) MUST;
/* Expands {record} to its columns, {record?} to marks, {record=} to "column = ?" of all but id;
 * {x.record} to columns with the alias x; ? to $1.. for PostgreSQL. */
struct str sql_expand(struct arena *a, const char *text, enum dialect d) MUST;
/* Types of the schema files: {ID} {INT} {TEXT} {BYTES}. */
struct str sql_expand_schema(struct arena *a, const char *text, enum dialect d) MUST;

struct conn; /* a driver's connection */
typedef enum status row_fn(void *ctx, const void *row); /* takes one row */

struct driver {
    const char *name;
    enum dialect dialect;
    enum status (*reach)(struct arena *a, const char *url, struct store_reach *out); /* url without the scheme; *out is empty */
    enum status (*connect)(struct store *s, bool for_writing, struct conn **out, struct arena *a, struct str *why);
    void (*disconnect)(struct conn *c);
    enum status (*begin)(struct conn *c, enum tx_mode mode, int busy_ms);
    enum status (*commit)(struct conn *c);
    void (*rollback)(struct conn *c);
    /* Several transactions in one commit: what lies between join and leave can be undone alone. NULL: the database gathers
     * commits by itself. STATUS_IO of leave: the whole transaction is gone. */
    enum status (*join)(struct conn *c);
    enum status (*leave)(struct conn *c, bool keep);
    /* Brings the log back into the database as far as nobody has to wait for it; NULL: it does so by itself. */
    void (*tidy)(struct conn *c);
    /* Each row goes to `each` as a struct of the statement's record whose texts lie in `a`. */
    enum status (*run)(struct conn *c, struct arena *a, size_t number, const struct param *p, size_t n, row_fn *each,
                       void *ctx, int64_t *affected);
    enum status (*batch)(struct conn *c, struct arena *a, struct query *q, size_t n);
    enum status (*prepare)(struct conn *c, size_t number);
    enum status (*script)(struct conn *c, const char *text); /* several statements, for migrations */
    enum status (*health)(struct conn *c, struct arena *a, struct store_health *out);
    enum status (*backup)(struct conn *c, const char *path); /* may be NULL */
    const char *(*error)(const struct conn *c);
    bool (*is_dead)(const struct conn *c);
};

extern const struct driver store_sqlite, store_postgres;

struct store {
    const struct driver *driver;
    char *url; /* without the scheme */
    int busy_ms;
    pthread_mutex_t lock;
    pthread_cond_t freed;
    struct conn **reader; /* idle readers, a stack */
    int readers_idle, readers_open, readers;
    struct conn **writer; /* idle writers: one for SQLite */
    int writers_idle, writers;
    int writers_wanted;  /* threads that wait for a writer */
    struct group *group; /* what the one writer's open transaction holds already; NULL = it has none open */
    bool writer_broken;  /* a commit could not be made durable: no more writing before a restart */
    pthread_cond_t committed, wake;
    pthread_t keeper;
    bool keeps, closing;
};

/* A connection of the pool, waited for at most busy_ms; NULL = none came free. And back; with the lock held, or not. */
struct conn *store_take(struct store *s, enum tx_mode mode) MUST;
void store_give(struct store *s, enum tx_mode mode, struct conn *c);
void store_give_locked(struct store *s, enum tx_mode mode, struct conn *c);

/* Transactions that end in one commit. */
struct group {
    int members, waiting; /* done with their own work; threads that still look at it */
    bool done;
    enum status st;
};

/* Collects rows into an array in the arena. */
struct collector {
    struct arena *a;
    const struct record *r;
    struct rows *rows;
    size_t cap;
};
enum status collect_row(void *ctx, const void *row) MUST;

#endif
