/* The schema by numbered files, each in one transaction; the number reached stands in setting schema_version. */
#include "store/driver.h"

#include <stdio.h>

static enum status version_now(struct store *s, int64_t *out)
{
    struct arena a = arena_make(1 << 20);
    TX_AUTO t = NULL;
    struct rows rows = { 0 };
    *out = 0;
    enum status st = tx_begin(s, &a, TX_READ, &t);
    if (st == STATUS_OK && tx_query(t, SQL_schema_version, NULL, 0, &rows) == STATUS_OK && rows.n == 1 &&
        !str_int(((const struct setting *)rows.item)->value, out))
        st = STATUS_CONFLICT;
    tx_end(t);
    t = NULL;
    arena_free(&a);
    return st;
}

static enum status apply(struct store *s, const struct migration *m)
{
    struct arena a = arena_make(4 << 20);
    struct conn *c;
    char set[256];
    struct str text = sql_expand_schema(&a, m->text, s->driver->dialect);
    snprintf(set, sizeof set,
             m->number == 1 ? "INSERT INTO setting (version, name, value) VALUES (1, 'schema_version', '%d')"
                            : "UPDATE setting SET value = '%d' WHERE name = 'schema_version'",
             m->number);
    assert(s->writers_idle > 0); /* migrations run before anything is served */
    c = s->writer[s->writers_idle - 1];
    enum status st = s->driver->begin(c, TX_WRITE, s->busy_ms);
    if (st == STATUS_OK)
        st = s->driver->script(c, text.p);
    if (st == STATUS_OK)
        st = s->driver->script(c, set);
    if (st == STATUS_OK)
        st = s->driver->commit(c);
    if (st != STATUS_OK) {
        fprintf(stderr, "internbase: migration %s: %s\n", m->name, s->driver->error(c));
        s->driver->rollback(c);
    }
    arena_free(&a);
    return st;
}

enum status store_schema_check(struct store *s)
{
    int64_t now;
    enum status st = version_now(s, &now);
    return st != STATUS_OK ? st : now == (int64_t)store_migrations_count ? STATUS_OK : STATUS_CONFLICT;
}

enum status store_migrate(struct store *s, int *applied)
{
    int64_t now;
    *applied = 0;
    enum status st = version_now(s, &now);
    if (st == STATUS_OK && now > (int64_t)store_migrations_count)
        st = STATUS_CONFLICT;
    for (size_t i = (size_t)now; st == STATUS_OK && i < store_migrations_count; i++)
        if ((st = apply(s, &store_migrations[i])) == STATUS_OK)
            ++*applied;
    return st;
}
