/* Many writers at once: each transaction whole or not at all, none lost, none waiting for more than its commit; readers
 * never wait; a page's reads see one moment. On both databases. */
#include "store/store.h"

#include <pthread.h>
#include <time.h>

#include "unit.h"
#include "unit/store/both.h"

enum { THREADS = 8, EACH = 40, UNDONE_EVERY = 4 };

static struct store *store;

/* Counts the settings of one value. */
static int64_t count(const char *value)
{
    struct arena a = arena_make(64 << 20);
    struct tx *t;
    struct rows rows;
    int64_t n = 0;
    assert_int_equal(tx_begin(store, &a, TX_READ, &t), STATUS_OK);
    assert_int_equal(tx_query(t, SQL_setting_list, NULL, 0, &rows), STATUS_OK);
    for (size_t i = 0; i < rows.n; i++)
        n += str_is(((const struct setting *)rows.item)[i].value, value);
    tx_end(t);
    arena_free(&a);
    return n;
}

static struct setting *setting_make(struct arena *a, const char *name, const char *value)
{
    struct setting *x = record_new(a, &record_setting);
    x->name = str_of(name);
    x->value = str_of(value);
    return x;
}

struct writer {
    int number;
    int64_t last, written; /* what it acknowledged */
    bool failed;
};

/* Two rows a transaction, so that half a one would show; every fourth is undone. */
static enum status write_one(struct writer *w, struct arena *a, int i)
{
    struct tx *t;
    char first[40], second[40];
    snprintf(first, sizeof first, "w%d-%d-a", w->number, i % 3);
    snprintf(second, sizeof second, "w%d-%d-b", w->number, i % 3);
    enum status st = tx_begin(store, a, TX_WRITE, &t);
    if (st != STATUS_OK)
        return st;
    struct rows rows = { 0 };
    const char *const names[] = { first, second };
    for (int k = 0; k < 2 && st == STATUS_OK; k++) {
        st = tx_run(t, SQL_setting_get, &rows, P(str_of(names[k])));
        struct setting *x = st == STATUS_OK && rows.n == 1 ? rows.item : setting_make(a, names[k], "");
        x->value = arena_printf(a, "%d", i);
        if (st == STATUS_OK)
            st = tx_save(t, &record_setting, x);
    }
    if (st == STATUS_OK && i % UNDONE_EVERY != 0)
        return tx_commit(t);
    tx_end(t);
    return st;
}

static void *write_many(void *ctx)
{
    struct writer *w = ctx;
    for (int i = 0; i < EACH; i++) {
        enum status st;
        int tries = 0;
        do {
            struct arena a = arena_make(1 << 20);
            st = write_one(w, &a, i);
            arena_free(&a);
        } while (st == STATUS_RETRY && ++tries < 1000); /* PostgreSQL may ask for that */
        w->failed = w->failed || st != STATUS_OK;
        if (i % UNDONE_EVERY != 0) {
            w->last = i;
            w->written++;
        }
    }
    return NULL;
}

/* A member that is undone takes nothing of the others with it, and a failing one neither. */
static void *conflict_then_end(void *ctx)
{
    struct arena a = arena_make(1 << 20);
    struct tx *t;
    (void)ctx;
    for (int i = 0; i < 20; i++) {
        if (tx_begin(store, &a, TX_WRITE, &t) != STATUS_OK)
            continue;
        struct setting *x = setting_make(&a, "schema_version", "doubled");
        enum status st = tx_save(t, &record_setting, x); /* a doubled name */
        if (st == STATUS_OK)
            st = tx_commit(t);
        else
            tx_end(t);
        (void)st;
    }
    arena_free(&a);
    return NULL;
}

static void many_writers_lose_nothing(void **state)
{
    (void)state;
    struct writer w[THREADS] = { 0 };
    pthread_t thread[THREADS], bad;
    assert_int_equal(pthread_create(&bad, NULL, conflict_then_end, NULL), 0);
    for (int i = 0; i < THREADS; i++) {
        w[i].number = i;
        assert_int_equal(pthread_create(&thread[i], NULL, write_many, &w[i]), 0);
    }
    for (int i = 0; i < THREADS; i++)
        pthread_join(thread[i], NULL);
    pthread_join(bad, NULL);
    assert_int_equal(count("doubled"), 0);
    struct arena a = arena_make(16 << 20);
    struct tx *t;
    assert_int_equal(tx_begin(store, &a, TX_READ, &t), STATUS_OK);
    for (int i = 0; i < THREADS; i++) {
        assert_false(w[i].failed);
        assert_int_equal(w[i].written, EACH - EACH / UNDONE_EVERY);
        for (int k = 0; k < 3; k++) {
            struct rows first, second;
            assert_int_equal(tx_run(t, SQL_setting_get, &first, P(arena_printf(&a, "w%d-%d-a", i, k))), STATUS_OK);
            assert_int_equal(tx_run(t, SQL_setting_get, &second, P(arena_printf(&a, "w%d-%d-b", i, k))), STATUS_OK);
            assert_true(first.n == 1 && second.n == 1);
            const struct setting *x = first.item, *y = second.item;
            int want = EACH - 1; /* the last of this name that was not undone */
            while (want % 3 != k || want % UNDONE_EVERY == 0)
                want--;
            assert_true(str_eq(x->value, y->value));
            assert_true(str_eq(x->value, arena_printf(&a, "%d", want)));
            int writes = 0;
            for (int n = 0; n < EACH; n++)
                writes += n % 3 == k && n % UNDONE_EVERY != 0;
            assert_int_equal(x->version, writes); /* each acknowledged one, once */
        }
    }
    tx_end(t);
    arena_free(&a);
}

static void readers_never_wait(void **state)
{
    (void)state;
    struct arena a = arena_make(1 << 20);
    struct tx *w;
    assert_int_equal(tx_begin(store, &a, TX_WRITE, &w), STATUS_OK);
    assert_int_equal(tx_save(w, &record_setting, setting_make(&a, "half", "unseen")), STATUS_OK);
    struct timespec from, to;
    clock_gettime(CLOCK_MONOTONIC, &from);
    for (int i = 0; i < 100; i++)
        assert_int_equal(count("unseen"), 0); /* within busy_ms of 5 s each, would it wait */
    clock_gettime(CLOCK_MONOTONIC, &to);
    assert_true(to.tv_sec - from.tv_sec < 5);
    assert_int_equal(tx_commit(w), STATUS_OK);
    assert_int_equal(count("unseen"), 1);
    arena_free(&a);
}

static void *write_now(void *ctx)
{
    struct arena a = arena_make(1 << 20);
    struct tx *t;
    if (tx_begin(store, &a, TX_WRITE, &t) == STATUS_OK) {
        enum status st = tx_save(t, &record_setting, setting_make(&a, ctx, "later"));
        st = st == STATUS_OK ? tx_commit(t) : (tx_end(t), st);
        assert_int_equal(st, STATUS_OK);
    }
    arena_free(&a);
    return NULL;
}

/* What a page reads is one moment, though another browser writes between its use cases. */
static void reads_of_a_page_see_one_moment(void **state)
{
    (void)state;
    struct arena a = arena_make(1 << 20);
    struct tx *page;
    pthread_t other;
    assert_int_equal(tx_begin(store, &a, TX_READ, &page), STATUS_OK);
    assert_int_equal(count("later"), 0);
    assert_int_equal(pthread_create(&other, NULL, write_now, (void *)(uintptr_t) "moment"), 0);
    pthread_join(other, NULL);
    assert_int_equal(count("later"), 0);
    tx_end(page);
    assert_int_equal(count("later"), 1);
    /* Left by longjmp, guests and host are all given back. */
    struct tx *guest;
    for (int i = 0; i < 10; i++) {
        assert_int_equal(tx_begin(store, &a, TX_READ, &page), STATUS_OK);
        assert_int_equal(tx_begin(store, &a, TX_READ, &guest), STATUS_OK);
        tx_abandon_all();
    }
    assert_int_equal(count("later"), 1);
    arena_free(&a);
}

/* Written without a pause, the log never comes to rest by itself; it begins anew all the same, and stays a small part of
 * what went through it. PostgreSQL keeps its own log in bounds. */
static void steady_writing_leaves_a_short_log(void **state)
{
    (void)state;
    enum { TEXT_BYTES = 40000, SECONDS = 3, LEAST_BYTES = 48 << 20 };
    static char text[TEXT_BYTES + 1];
    memset(text, 'x', TEXT_BYTES);
    struct timespec now, end;
    struct store_health health;
    int64_t written = 0;
    struct arena a = arena_make(1 << 20);
    struct setting *x = setting_make(&a, "steady", text);
    clock_gettime(CLOCK_MONOTONIC, &end);
    end.tv_sec += SECONDS;
    do {
        struct arena one = arena_make(1 << 20);
        struct tx *t;
        assert_int_equal(tx_begin(store, &one, TX_WRITE, &t), STATUS_OK);
        assert_int_equal(tx_save(t, &record_setting, x), STATUS_OK);
        assert_int_equal(tx_commit(t), STATUS_OK);
        written += TEXT_BYTES;
        arena_free(&one);
        clock_gettime(CLOCK_MONOTONIC, &now);
    } while (now.tv_sec < end.tv_sec || (now.tv_sec == end.tv_sec && now.tv_nsec < end.tv_nsec));
    assert_int_equal(store_health(store, &a, &health), STATUS_OK);
    if (health.log_bytes != NONE)
        assert_true(health.log_bytes < MAX(written / 2, (int64_t)LEAST_BYTES));
    arena_free(&a);
}

static int run_on(const char *name, const char *url)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(readers_never_wait),
        cmocka_unit_test(reads_of_a_page_see_one_moment),
        cmocka_unit_test(many_writers_lose_nothing),
        cmocka_unit_test(steady_writing_leaves_a_short_log),
    };
    struct arena a = arena_make(1 << 20);
    struct str why = STR("");
    int applied = 0, failed = 0;
    struct store_options o = { .url = url, .readers = 2, .busy_ms = 20000, .keeps = true };
    if (store_open(&a, &o, &store, &why) != STATUS_OK || store_migrate(store, &applied) != STATUS_OK) {
        fprintf(stderr, "%s: %s\n", name, why.p);
        return 1;
    }
    failed = cmocka_run_group_tests_name(name, tests, NULL, NULL);
    store_close(store);
    arena_free(&a);
    return failed;
}

int main(void)
{
    return on_both("commit", run_on);
}
