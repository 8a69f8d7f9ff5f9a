/* The schema and the statements as the databases see them: every column as its descriptor says, and no statement that
 * reads a growing table (every one but those of store/small.def) from end to end. Works on the raw libraries, on tables
 * filled for the purpose; with PostgreSQL where INTERNBASE_TEST_PG names one. */
#include "store/driver.h"

#include "store/libpq.h"
#include <sqlite3.h>
#include <stdio.h>

#include "unit.h"
#include "unit/store/both.h"

enum { ROWS = 3000 };

static struct store *store;
static struct arena arena;
static sqlite3 *lite; /* exactly one of these two is set */
static PGconn *pg;

static bool is_small(const char *table)
{
    static const char *const small[] = {
#define SMALL(record, why) #record,
#include "store/small.def"
#undef SMALL
    };
    for (size_t i = 0; i < LEN(small); i++)
        if (strcmp(small[i], table) == 0)
            return true;
    return false;
}

static bool is_stored(const struct record *r)
{
    return r->n > 1 && r->field[0].kind == KIND_ID && strcmp(r->field[1].name, "version") == 0;
}

/* ---- running SQL ------------------------------------------------------------------------------------------ */

/* Runs one text and hands each row's columns to `each`; both libraries give texts. */
static void ask(const char *text, void (*each)(void *ctx, int n, char **value), void *ctx)
{
    if (lite != NULL) {
        sqlite3_stmt *s;
        if (sqlite3_prepare_v2(lite, text, -1, &s, NULL) != SQLITE_OK)
            fail_msg("%s: %s", text, sqlite3_errmsg(lite));
        while (sqlite3_step(s) == SQLITE_ROW) {
            char *value[16] = { NULL };
            int n = MIN(sqlite3_column_count(s), 16);
            for (int i = 0; i < n; i++)
                value[i] = (char *)(uintptr_t)sqlite3_column_text(s, i);
            if (each != NULL)
                each(ctx, n, value);
        }
        if (sqlite3_finalize(s) != SQLITE_OK)
            fail_msg("%s: %s", text, sqlite3_errmsg(lite));
        return;
    }
    PGresult *r = pq.exec(pg, text);
    if (pq.resultStatus(r) != PGRES_COMMAND_OK && pq.resultStatus(r) != PGRES_TUPLES_OK)
        fail_msg("%s: %s", text, pq.errorMessage(pg));
    for (int row = 0; each != NULL && row < pq.ntuples(r); row++) {
        char *value[16];
        int n = MIN(pq.nfields(r), 16);
        for (int i = 0; i < n; i++)
            value[i] = pq.getvalue(r, row, i);
        each(ctx, n, value);
    }
    pq.clear(r);
}

/* ---- columns ---------------------------------------------------------------------------------------------- */

struct columns {
    const struct record *r;
    int n;
};

static const char *type_of(enum kind k)
{
    if (k == KIND_BYTES)
        return lite != NULL ? "BLOB" : "bytea";
    if (kind_is_text(k))
        return lite != NULL ? "TEXT" : "text";
    return lite != NULL ? "INTEGER" : "bigint";
}

/* A text is never NULL (none is empty); a number is NULL where there may be none; bytes may be NULL. */
static void column_seen(void *ctx, int n, char **value)
{
    struct columns *c = ctx;
    assert_int_equal(n, 3);
    const char *name = value[0], *type = value[1];
    bool not_null = strcmp(value[2], "1") == 0;
    if (c->n >= c->r->n)
        fail_msg("%s.%s: a column that the record lacks", c->r->name, name);
    const struct field *f = &c->r->field[c->n++];
    if (strcmp(f->name, name) != 0)
        fail_msg("%s: column %d is %s, the record has %s there", c->r->name, c->n, name, f->name);
    if (strcmp(type_of(f->kind), type) != 0)
        fail_msg("%s.%s: type %s, by its kind it is %s", c->r->name, name, type, type_of(f->kind));
    bool want = f->kind == KIND_ID || strcmp(name, "version") == 0 || (kind_is_text(f->kind) && f->kind != KIND_BYTES) ||
                (f->flags & FIELD_REQUIRED) != 0;
    if (f->kind != KIND_ID && not_null != want)
        fail_msg("%s.%s: %s, by its descriptor it is %s", c->r->name, name, not_null ? "NOT NULL" : "may be NULL",
                 want ? "NOT NULL" : "free to be NULL");
}

static void columns_are_as_described(void **state)
{
    (void)state;
    size_t tables = 0;
    for (size_t i = 0; i < records_count; i++) {
        struct columns c = { records_all[i], 0 };
        if (!is_stored(c.r))
            continue;
        struct str text =
            lite != NULL
                ? arena_printf(&arena, "SELECT name, type, \"notnull\" FROM pragma_table_info('%s') ORDER BY cid", c.r->name)
                : arena_printf(&arena,
                               "SELECT column_name, data_type, CASE WHEN is_nullable = 'NO' THEN 1 ELSE 0 END FROM "
                               "information_schema.columns WHERE table_schema = 'public' AND table_name = '%s' ORDER BY "
                               "ordinal_position",
                               c.r->name);
        ask(text.p, column_seen, &c);
        if (c.n != c.r->n)
            fail_msg("%s: %d columns, the record has %d", c.r->name, c.n, c.r->n);
        tables++;
    }
    assert_true(tables > 25);
}

/* ---- filled tables ---------------------------------------------------------------------------------------- */

/* ROWS rows whose numbers spread differently in each column; what collides with a unique index is left out. */
static void fill(const struct record *r)
{
    struct buf b = buf_make(1 << 16);
    buf_printf(&b, "INSERT INTO %s (", r->name);
    for (int i = 1; i < r->n; i++)
        buf_printf(&b, "%s%s", i > 1 ? "," : "", r->field[i].name);
    buf_z(&b, ") SELECT ");
    for (int i = 1; i < r->n; i++) {
        enum kind k = r->field[i].kind;
        buf_z(&b, i > 1 ? "," : "");
        if (k == KIND_BYTES)
            buf_z(&b, "NULL");
        else if (kind_is_text(k))
            buf_z(&b, "'x' || g");
        else
            buf_printf(&b, "g * %d %% %d + 1", i + 2, k == KIND_ENUM ? 5 : 997);
    }
    if (lite != NULL)
        buf_printf(&b, " FROM (WITH RECURSIVE n(g) AS (SELECT 1 UNION ALL SELECT g + 1 FROM n WHERE g < %d) SELECT g FROM n)", ROWS);
    else
        buf_printf(&b, " FROM generate_series(1, %d) AS n(g)", ROWS);
    buf_z(&b, " WHERE true ON CONFLICT DO NOTHING");
    ask(buf_view(&b).p, NULL, NULL);
    buf_free(&b);
}

static void fill_all(void)
{
    ask(lite != NULL ? "PRAGMA foreign_keys = OFF" : "SET session_replication_role = replica", NULL, NULL);
    for (size_t i = 0; i < records_count; i++)
        if (is_stored(records_all[i]) && strcmp(records_all[i]->name, "setting") != 0)
            fill(records_all[i]);
    if (lite == NULL)
        ask("ANALYZE", NULL, NULL);
}

/* ---- scans ------------------------------------------------------------------------------------------------ */

struct scans {
    const struct statement *s;
    int found;
    bool expected; /* found ones are what is asked for, not a failure */
    const char *table;
};

static void scan_found(struct scans *c, const char *table, const char *how)
{
    if (!c->expected && is_small(table))
        return;
    c->found++;
    if (!c->expected)
        print_error("statement %s reads all of %s, a table that grows (%s).\n  %.*s\n  Remedy: an index in "
                    "src/store/schema/001_first.sql for its WHERE and ORDER BY, another WHERE, or a line in "
                    "src/store/small.def that says why the table stays small.\n",
                    c->s->name, table, how, STR_ARG(c->s->text[lite != NULL ? DIALECT_SQLITE : DIALECT_POSTGRES]));
}

static bool is_word(char ch)
{
    return (ch >= 'a' && ch <= 'z') || ch == '_' || (ch >= '0' && ch <= '9');
}

static struct str word_at(struct str s, size_t *at)
{
    while (*at < s.n && s.p[*at] == ' ')
        ++*at;
    size_t from = *at;
    while (*at < s.n && is_word(s.p[*at]))
        ++*at;
    return (struct str){ s.p + from, *at - from };
}

/* The table that a name of the query plan means: itself, or what stands before it as FROM/JOIN TABLE NAME. */
static const char *table_of(struct str text, struct str name)
{
    if (name.n == 0) /* CONSTANT ROW, a subquery */
        return NULL;
    if (record_by_name(name) != NULL)
        return record_by_name(name)->name;
    for (size_t i = 0; i + 5 < text.n; i++) {
        size_t at = i + 5;
        if (memcmp(text.p + i, "FROM ", 5) != 0 && memcmp(text.p + i, "JOIN ", 5) != 0)
            continue;
        struct str table = word_at(text, &at), alias = word_at(text, &at);
        if (str_eq(alias, name) && record_by_name(table) != NULL)
            return record_by_name(table)->name;
    }
    return NULL;
}

/* SQLite: a line "SCAN x" or "SCAN x USING INDEX ..." reads all of x; "SEARCH x ..." does not. */
static void lite_plan_line(void *ctx, int n, char **value)
{
    struct scans *c = ctx;
    struct str line = str_of(value[n - 1]);
    size_t at = 5;
    if (!str_starts(line, STR("SCAN ")))
        return;
    const char *table = table_of(c->s->text[DIALECT_SQLITE], word_at(line, &at));
    if (table != NULL) /* else a subquery or a constant row */
        scan_found(c, table, line.p);
}

/* PostgreSQL: a Seq Scan, or an index read without a condition. */
static void pg_node(struct scans *c, const struct json *node)
{
    const struct json *type = json_get(node, "Node Type"), *table = json_get(node, "Relation Name"),
                      *condition = json_get(node, "Index Cond"), *below = json_get(node, "Plans");
    if (table != NULL)
        c->table = table->text.p; /* a bitmap's table stands one node above its index */
    bool by_index = str_is(type->text, "Index Scan") || str_is(type->text, "Index Only Scan") ||
                    str_is(type->text, "Bitmap Index Scan");
    if (str_is(type->text, "Seq Scan") || (by_index && condition == NULL))
        scan_found(c, c->table, type->text.p);
    for (const struct json *one = below != NULL ? below->child : NULL; one != NULL; one = one->next)
        pg_node(c, one);
}

static void pg_plan(void *ctx, int n, char **value)
{
    struct json_error e;
    assert_int_equal(n, 1);
    struct json *j = json_read(&arena, str_of(value[0]), &e);
    assert_non_null(j);
    pg_node(ctx, json_get(j->child, "Plan"));
}

static void explain(struct scans *c)
{
    if (lite != NULL) {
        ask(arena_printf(&arena, "EXPLAIN QUERY PLAN %.*s", STR_ARG(c->s->text[DIALECT_SQLITE])).p, lite_plan_line, c);
        return;
    }
    /* The plan for whatever parameters: what a connection that has run it six times uses. */
    struct str text = c->s->text[DIALECT_POSTGRES];
    int params = 0;
    for (size_t i = 0; i < text.n; i++)
        params += text.p[i] == '$';
    ask(arena_printf(&arena, "PREPARE x AS %.*s", STR_ARG(text)).p, NULL, NULL);
    struct buf b = buf_make(4096);
    buf_z(&b, "EXPLAIN (FORMAT JSON, COSTS OFF) EXECUTE x");
    for (int i = 0; i < params; i++)
        buf_z(&b, i == 0 ? "(NULL" : ",NULL");
    buf_z(&b, params > 0 ? ")" : "");
    ask(buf_view(&b).p, pg_plan, c);
    ask("DEALLOCATE x", NULL, NULL);
    buf_free(&b);
}

static void no_statement_scans_what_grows(void **state)
{
    (void)state;
    int found = 0;
    fill_all();
    if (pg != NULL)
        ask("SET enable_seqscan = off; SET plan_cache_mode = force_generic_plan", NULL, NULL);
    for (size_t i = 0; i < sql_count(); i++) {
        struct scans c = { .s = sql_statement(i) };
        if (c.s->name == NULL) /* an input or a view row */
            continue;
        explain(&c);
        found += c.found;
    }
    assert_int_equal(found, 0);
}

/* The check can go red: a statement without an index, and one that reads a whole index, are seen. */
static void a_scan_is_seen(void **state)
{
    (void)state;
    static const char *const texts[] = { "SELECT id FROM placement x WHERE weeks = 7 AND version > 2",
                                         "SELECT COUNT(*) FROM placement",
                                         "SELECT student_id FROM placement ORDER BY plan_id, student_id LIMIT 5" };
    if (pg != NULL)
        ask("SET enable_seqscan = off; SET plan_cache_mode = force_generic_plan", NULL, NULL);
    for (size_t i = 0; i < LEN(texts); i++) {
        struct statement s = { .name = "made up", .text = { str_of(texts[i]), str_of(texts[i]) } };
        struct scans c = { .s = &s, .expected = true };
        explain(&c);
        if (c.found == 0)
            fail_msg("not seen: %s", texts[i]);
    }
}

static int run_on(const char *name, const char *url)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(columns_are_as_described),
        cmocka_unit_test(no_statement_scans_what_grows),
        cmocka_unit_test(a_scan_is_seen),
    };
    struct str why = STR("");
    int applied = 0;
    struct store_options o = { .url = url, .readers = 1 };
    arena = arena_make(256 << 20);
    if (store_open(&arena, &o, &store, &why) != STATUS_OK || store_migrate(store, &applied) != STATUS_OK) {
        fprintf(stderr, "%s: %s\n", name, why.p);
        return 1;
    }
    bool is_lite = strcmp(store_driver_name(store), "sqlite") == 0;
    store_close(store);
    const char *rest = strchr(url, ':') + 1;
    if (is_lite ? sqlite3_open(rest, &lite) != SQLITE_OK : pq.status(pg = pq.connectdb(rest)) != CONNECTION_OK)
        return 1;
    int failed = cmocka_run_group_tests_name(name, tests, NULL, NULL);
    sqlite3_close(lite);
    if (!is_lite)
        pq.finish(pg);
    lite = NULL;
    pg = NULL;
    arena_free(&arena);
    return failed;
}

int main(void)
{
    return on_both("schema", run_on);
}
