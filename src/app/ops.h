/* Opening and upkeep of an installation: what commands do before and beside use cases. */
#ifndef APP_OPS_H
#define APP_OPS_H

#include "app/app.h"

/* Opens the database, bringing its schema up when `migrate`; `keeps`: for a process that stays (store.h). The reason of a failure goes to stderr. */
enum status ops_open(struct app *app, const char *url, int readers, bool migrate, bool keeps) MUST;
/* Opens it as it is, whatever its schema. */
enum status ops_open_unchecked(struct app *app, const char *url) MUST;
void ops_close(struct app *app);
/* Fills in the two sides of the operator's base; base_id 0 stays without. STATUS_NOT_FOUND: no such base. */
enum status ops_operator(const struct app *app, struct arena *a, struct actor *actor) MUST;
/* A copy of an embedded database while it is in use. */
enum status ops_backup(struct app *app, const char *path) MUST;
/* The schema as SQL, every statement and the OpenAPI document, for people and tests. */
void ops_put_statements(struct buf *b, bool postgres);
void ops_put_openapi(struct buf *b);

#endif
