/* Waits after wrong passwords, by a clock of the test's own, on a real database. */
#include "app/account_part.h"

#include <unistd.h>

#include "unit.h"

static struct store *store;

static int64_t wait_at(int64_t now, const char *name, const char *client, bool known)
{
    struct arena a = arena_make(1 << 20);
    struct tx *t = NULL;
    int64_t wait = -1;
    assert_int_equal(tx_begin(store, &a, TX_READ, &t), STATUS_OK);
    assert_int_equal(guard_wait(t, now, str_of(name), str_of(client), known, &wait), STATUS_OK);
    tx_end(t);
    arena_free(&a);
    return wait;
}

static void note(int64_t now, const char *name, const char *client, bool failed)
{
    struct arena a = arena_make(1 << 20);
    struct tx *t = NULL;
    assert_int_equal(tx_begin(store, &a, TX_WRITE, &t), STATUS_OK);
    assert_int_equal(guard_note(t, now, str_of(name), str_of(client), failed), STATUS_OK);
    assert_int_equal(tx_commit(t), STATUS_OK);
    arena_free(&a);
}

static void waits_grow(void **state)
{
    (void)state;
    static const int64_t after[] = { 0, 0, 0, 0, 32, 64, 128, 256, 512, 900, 900 };
    int64_t now = 1000000;
    for (size_t i = 0; i < LEN(after); i++) {
        note(now, "zhou", "a:10.0.0.", true);
        assert_int_equal(wait_at(now, "zhou", "a:10.0.0.", false), after[i]);
        if (after[i] > 0)
            assert_int_equal(wait_at(now + after[i], "zhou", "a:10.0.0.", true), 0);
    }
    assert_int_equal(wait_at(now, " zhou ", "a:10.0.0.", false), 900); /* the same name, however typed */
    assert_int_equal(wait_at(now, "chen", "a:10.0.0.", false), 0);     /* another name from the same place */
    assert_int_equal(wait_at(now, "zhou", "d:7", true), 0);            /* a known device */
    note(now, "zhou", "a:10.0.0.", false);
    assert_int_equal(wait_at(now, "zhou", "a:10.0.0.", true), 0); /* forgotten by a success */
}

static void many_places_guess(void **state)
{
    (void)state;
    int64_t now = 2000000;
    for (int i = 0; i < 20; i++) {
        char client[24];
        snprintf(client, sizeof client, "a:10.1.%d.", i);
        assert_int_equal(wait_at(now, "li", "a:10.9.9.", false), 0);
        note(now, "li", client, true);
    }
    assert_int_equal(wait_at(now, "li", "a:10.9.9.", false), 3600); /* twenty in an hour: unknown devices need a link */
    assert_int_equal(wait_at(now, "li", "d:3", true), 0);           /* known ones don't */
    assert_int_equal(wait_at(now + 3601, "li", "a:10.9.9.", false), 0);
    note(now + 90000, "somebody", "a:1.1.1.", true); /* a day later nothing is left of it */
    assert_int_equal(wait_at(now, "li", "a:10.9.9.", false), 0);
}

static void blocks(void **state)
{
    (void)state;
    struct arena a = arena_make(1 << 16);
    assert_true(str_is(guard_block(&a, STR("192.168.7.31")), "a:192.168.7."));
    assert_true(str_is(guard_block(&a, STR("2001:db8:1:2::9")), "a:2001:db8:1:"));
    assert_true(str_is(guard_block(&a, STR("")), "a:"));
    arena_free(&a);
}

int main(void)
{
    char dir[] = "/tmp/internbase-guard-XXXXXX", url[64], file[80];
    struct arena a = arena_make(1 << 20);
    struct str why;
    int applied;
    if (mkdtemp(dir) == NULL)
        return 1;
    snprintf(url, sizeof url, "sqlite:%s/t.db", dir);
    struct store_options o = { .url = url, .readers = 1 };
    if (store_open(&a, &o, &store, &why) != STATUS_OK || store_migrate(store, &applied) != STATUS_OK)
        return 1;
    static const struct CMUnitTest tests[] = { cmocka_unit_test(waits_grow), cmocka_unit_test(many_places_guess), cmocka_unit_test(blocks) };
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    store_close(store);
    arena_free(&a);
    static const char *const files[] = { "t.db", "t.db-wal", "t.db-shm" };
    for (size_t i = 0; i < LEN(files); i++) {
        snprintf(file, sizeof file, "%s/%s", dir, files[i]);
        unlink(file);
    }
    rmdir(dir);
    return failed;
}
