/* Both databases behind one interface: run with SQLite in memory of a temporary file, and with PostgreSQL where
 * INTERNBASE_TEST_PG names one (script/check always does). The same tests, the same number of passes. */
#include "store/store.h"


#include "unit.h"
#include "unit/store/both.h"

static struct store *store;
static struct arena arena;

static int set_up(void **state)
{
    (void)state;
    arena = arena_make(64 << 20);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    arena_free(&arena);
    return 0;
}

static void is_ok(enum status st)
{
    assert_int_equal(st, STATUS_OK);
}

static struct organisation *organisation_make(const char *zh, const char *en)
{
    struct organisation *o = record_new(&arena, &record_organisation);
    o->kind = organisation_kind_university;
    o->side = side_university;
    o->name_zh = str_of(zh);
    o->name_en = str_of(en);
    return o;
}

static void saves_and_loads(void **state)
{
    (void)state;
    struct tx *t;
    is_ok(tx_begin(store, &arena, TX_WRITE, &t));
    struct organisation *o = organisation_make("医科大学 '\";--", "University");
    is_ok(tx_save(t, &record_organisation, o));
    assert_true(o->id > 0 && o->version == 1);
    o->name_en = STR("Renamed");
    is_ok(tx_save(t, &record_organisation, o));
    assert_int_equal(o->version, 2);
    struct organisation stale = *o;
    stale.version = 1;
    assert_int_equal(tx_save(t, &record_organisation, &stale), STATUS_CONFLICT);
    is_ok(tx_commit(t));

    is_ok(tx_begin(store, &arena, TX_READ, &t));
    void *got;
    is_ok(tx_load(t, &record_organisation, o->id, &got));
    const struct organisation *back = got;
    assert_true(str_is(back->name_zh, "医科大学 '\";--") && str_is(back->name_en, "Renamed"));
    assert_true(back->parent_id == NONE && back->side == side_university);
    assert_int_equal(tx_load(t, &record_organisation, 999999, &got), STATUS_NOT_FOUND);
    tx_end(t);
}

static void rolls_back(void **state)
{
    (void)state;
    struct tx *t;
    struct rows before, after;
    is_ok(tx_begin(store, &arena, TX_READ, &t));
    is_ok(tx_query(t, SQL_organisation_list, NULL, 0, &before));
    tx_end(t);
    is_ok(tx_begin(store, &arena, TX_WRITE, &t));
    is_ok(tx_save(t, &record_organisation, organisation_make("一", "one")));
    tx_end(t);
    is_ok(tx_begin(store, &arena, TX_READ, &t));
    is_ok(tx_query(t, SQL_organisation_list, NULL, 0, &after));
    tx_end(t);
    assert_int_equal(before.n, after.n);
}

static void batches(void **state)
{
    (void)state;
    struct tx *t;
    struct param audit[] = { P(INT64_C(1)), P(INT64_MAX) }, name[] = { P(STR("schema_version")) };
    struct query q[] = {
        { .sql = SQL_organisation_list },
        { .sql = SQL_audit_list, .param = audit, .n = 2 },
        { .sql = SQL_setting_get, .param = name, .n = 1 },
    };
    is_ok(tx_begin(store, &arena, TX_READ, &t));
    is_ok(tx_batch(t, q, LEN(q)));
    tx_end(t);
    assert_true(q[0].rows.n >= 1 && q[2].rows.n == 1);
}

static void bytes_and_null(void **state)
{
    (void)state;
    struct tx *t;
    struct file *f = record_new(&arena, &record_file);
    f->name = STR("a.bin");
    f->content = (struct str){ "\0\x01\xFF'\\", 5 };
    is_ok(tx_begin(store, &arena, TX_WRITE, &t));
    is_ok(tx_save(t, &record_file, f));
    is_ok(tx_commit(t));
    void *got;
    is_ok(tx_begin(store, &arena, TX_READ, &t));
    is_ok(tx_load(t, &record_file, f->id, &got));
    tx_end(t);
    assert_true(str_eq(((const struct file *)got)->content, f->content));
    assert_true(((const struct file *)got)->base_id == NONE);
}

/* Every statement, written or made from a record, is one that the database takes: a column that the schema lacks or
 * has under another name ends here. */
static void prepares_everything(void **state)
{
    (void)state;
    struct str failed = STR("");
    enum status st = store_prepare_all(store, &arena, &failed);
    if (st != STATUS_OK)
        fail_msg("%s", failed.p);
}

static jmp_buf out_of_memory;

static void leave(void *ctx)
{
    (void)ctx;
    longjmp(out_of_memory, 1);
}

/* A request whose memory ran out in the middle of a result is left by longjmp: both pools are whole afterwards. */
static void survives_a_full_arena(void **state)
{
    (void)state;
    struct tx *t;
    is_ok(tx_begin(store, &arena, TX_WRITE, &t));
    for (int i = 0; i < 300; i++)
        is_ok(tx_save(t, &record_organisation, organisation_make("一家名称很长的单位一家名称很长的单位", "one")));
    is_ok(tx_commit(t));
    for (volatile int i = 0; i < 6; i++) {
        struct arena small = arena_make(20000);
        small.full = leave;
        if (setjmp(out_of_memory) == 0) {
            struct rows rows;
            is_ok(tx_begin(store, &small, i % 2 == 0 ? TX_READ : TX_WRITE, &t));
            is_ok(tx_query(t, SQL_organisation_list, NULL, 0, &rows));
            fail_msg("300 rows fitted into 20 kB");
        }
        tx_abandon_all();
        arena_free(&small);
    }
    saves_and_loads(NULL);
    rolls_back(NULL);
}

static void audit_is_append_only(void **state)
{
    (void)state;
    struct tx *t;
    struct audit_entry *e = record_new(&arena, &record_audit_entry);
    e->usecase = STR("test");
    is_ok(tx_begin(store, &arena, TX_WRITE, &t));
    is_ok(tx_save(t, &record_audit_entry, e));
    is_ok(tx_commit(t));
    is_ok(tx_begin(store, &arena, TX_WRITE, &t));
    e->usecase = STR("forged");
    assert_int_not_equal(tx_save(t, &record_audit_entry, e), STATUS_OK);
    tx_end(t);
    is_ok(tx_begin(store, &arena, TX_WRITE, &t));
    assert_int_not_equal(tx_delete(t, &record_audit_entry, e->id), STATUS_OK);
    tx_end(t);
}

static void migrates_once(void **state)
{
    (void)state;
    int applied;
    is_ok(store_migrate(store, &applied));
    assert_int_equal(applied, 0);
    is_ok(store_schema_check(store));
}

static int run_on(const char *name, const char *url)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(saves_and_loads),
        cmocka_unit_test(rolls_back),
        cmocka_unit_test(batches),
        cmocka_unit_test(bytes_and_null),
        cmocka_unit_test(prepares_everything),
        cmocka_unit_test(survives_a_full_arena),
        cmocka_unit_test(audit_is_append_only),
        cmocka_unit_test(migrates_once),
    };
    struct arena a = arena_make(1 << 20);
    struct str why = STR("");
    int applied = 0;
    struct store_options o = { .url = url, .readers = 2 };
    if (store_open(&a, &o, &store, &why) != STATUS_OK || store_migrate(store, &applied) != STATUS_OK) {
        fprintf(stderr, "%s: %s\n", name, why.p);
        return 1;
    }
    int failed = cmocka_run_group_tests_name(name, tests, set_up, tear_down);
    store_close(store);
    arena_free(&a);
    return failed;
}

int main(void)
{
    return on_both("store", run_on);
}
