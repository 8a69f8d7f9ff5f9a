/* Opening, backup, and what the tables say about themselves. */
#include "app/ops.h"

#include <sodium.h>
#include <stdio.h>

/* Why the database can't be used, on stderr: what to do about it in the operator's language, and the database's own words. */
static void say(enum status st, const char *url, struct str why, enum lang lang)
{
    static const struct {
        enum status st;
        enum msg_id text;
    } known[] = { { STATUS_CONFLICT, MSG_ops_schema_other }, { STATUS_NOT_FOUND, MSG_ops_no_database } };
    for (size_t i = 0; i < LEN(known); i++)
        if (known[i].st == st) {
            fprintf(stderr, "internbase: %s: %s\n", url, msg_text(known[i].text, lang));
            return;
        }
    fprintf(stderr, "internbase: %.*s\n", STR_ARG(why));
}

enum status ops_open(struct app *app, const struct ops_database *d)
{
    struct arena a = arena_make(1 << 20);
    struct str why = STR("");
    int applied = 0;
    if (sodium_init() < 0 || !app_tables_hold())
        return STATUS_IO;
    struct store_options o = { .url = d->url, .readers = d->readers, .must_exist = !d->migrates, .keeps = d->keeps };
    enum status st = store_open(&a, &o, &app->store, &why);
    if (st == STATUS_OK)
        st = d->migrates ? store_migrate(app->store, &applied) : store_schema_check(app->store);
    if (st != STATUS_OK)
        say(st, d->url, why, d->lang);
    if (applied > 0)
        fprintf(stderr, "internbase: schema brought up by %d step(s)\n", applied);
    arena_free(&a);
    return st;
}

enum status ops_open_unchecked(struct app *app, const char *url, enum lang lang)
{
    struct arena a = arena_make(1 << 20);
    struct str why = STR("");
    struct store_options o = { .url = url, .readers = 1, .must_exist = true };
    enum status st = store_open(&a, &o, &app->store, &why);
    if (st != STATUS_OK)
        say(st, url, why, lang);
    arena_free(&a);
    return st;
}

void ops_close(struct app *app)
{
    store_close(app->store);
    app->store = NULL;
}

enum status ops_operator(const struct app *app, struct arena *a, struct actor *actor)
{
    TX_AUTO t = NULL;
    void *found;
    if (actor->base_id == 0)
        return STATUS_OK;
    enum status st = tx_begin(app->store, a, TX_READ, &t);
    if (st == STATUS_OK)
        st = tx_load(t, &record_base, actor->base_id, &found);
    if (st != STATUS_OK)
        return st;
    actor->university_id = ((const struct base *)found)->university_id;
    actor->hospital_id = ((const struct base *)found)->hospital_id;
    return STATUS_OK;
}

enum status ops_backup(struct app *app, const char *path)
{
    return store_backup(app->store, path);
}

void ops_put_statements(struct buf *b, bool postgres)
{
    struct arena a = arena_make(1 << 20);
    for (int i = 0; i < SQL_COUNT; i++) {
        struct str text = store_sql_text(&a, (enum sql_id)i, postgres);
        buf_printf(b, "-- %s\n%.*s;\n", store_sql_name((enum sql_id)i), STR_ARG(text));
    }
    arena_free(&a);
}

static void put_operation(struct buf *b, const struct usecase *u)
{
    buf_printf(b, "\"/api/%s\":{\"post\":{\"operationId\":\"%s\",\"summary\":", u->name, u->name);
    json_put_text(b, str_of(msg_text(u->label, LANG_EN)));
    buf_printf(b, ",\"x-capability\":\"%s\",\"x-writes\":%s,", app_cap_name(u->cap), u->writes ? "true" : "false");
    buf_printf(b, "\"requestBody\":{\"content\":{\"application/json\":{\"schema\":{\"$ref\":\"#/components/schemas/%s_input\"}}}},",
               u->in->name);
    if (u->writes)
        buf_z(b, "\"responses\":{\"200\":{\"description\":\"done\",\"content\":{\"application/json\":{\"schema\":"
                 "{\"$ref\":\"#/components/schemas/written\"}}}}");
    else
        buf_printf(b,
                   "\"responses\":{\"200\":{\"description\":\"rows\",\"content\":{\"application/json\":{\"schema\":"
                   "{\"type\":\"object\",\"properties\":{\"rows\":{\"type\":\"array\",\"items\":{\"$ref\":"
                   "\"#/components/schemas/%s\"}}}}}}}",
                   u->out->name);
    buf_z(b, ",\"default\":{\"description\":\"refused\",\"content\":{\"application/json\":{\"schema\":"
             "{\"$ref\":\"#/components/schemas/errors\"}}}}}}}");
}

void ops_put_openapi(struct buf *b)
{
    buf_z(b, "{\"openapi\":\"3.1.0\",\"info\":{\"title\":\"Internbase\",\"version\":\"1\"},\"paths\":{");
    for (size_t i = 0; i < app_usecases_count; i++) {
        if (i > 0)
            buf_char(b, ',');
        put_operation(b, &app_usecases[i]);
    }
    buf_z(b, "},\"components\":{\"schemas\":{\"written\":{\"type\":\"object\",\"properties\":{\"id\":{\"type\":\"integer\"}}},"
             "\"errors\":{\"type\":\"object\",\"properties\":{\"total\":{\"type\":\"integer\"},\"errors\":{\"type\":\"array\"}}}");
    for (size_t i = 0; i < records_count; i++) {
        buf_printf(b, ",\"%s\":", records_all[i]->name);
        record_put_schema(b, records_all[i], false);
        buf_printf(b, ",\"%s_input\":", records_all[i]->name);
        record_put_schema(b, records_all[i], true);
    }
    buf_z(b, "}}}");
}
