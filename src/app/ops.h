/* Opening and upkeep of an installation: what commands do before and beside use cases. */
#ifndef APP_OPS_H
#define APP_OPS_H

#include "app/app.h"

struct ops_database {
    const char *url; /* store.h */
    int readers;
    bool migrates;   /* makes an embedded database that is not there, and brings the schema up */
    bool keeps;      /* for a process that stays (store.h) */
    enum lang lang;  /* of what is said on stderr when it can't be opened */
};

/* Opens the database. STATUS_NOT_FOUND: there is none; STATUS_CONFLICT: its schema is another; the reason goes to stderr. */
enum status ops_open(struct app *app, const struct ops_database *d) MUST;
/* Opens it as it is, whatever its schema. */
enum status ops_open_unchecked(struct app *app, const char *url, enum lang lang) MUST;
void ops_close(struct app *app);
/* Fills in the two sides of the operator's base; base_id 0 stays without. STATUS_NOT_FOUND: no such base. */
enum status ops_operator(const struct app *app, struct arena *a, struct actor *actor) MUST;
/* A copy of an embedded database while it is in use. */
enum status ops_backup(struct app *app, const char *path) MUST;
/* The schema as SQL, every statement and the OpenAPI document, for people and tests. */
void ops_put_statements(struct buf *b, bool postgres);
void ops_put_openapi(struct buf *b);

#endif
