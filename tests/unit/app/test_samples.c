/* The stored curve of a search: only what changes, bounded, and gone on with by the next run. */
#include "app/samples.h"

#include "unit.h"

static struct str text_of(struct arena *a, const struct samples *s)
{
    struct buf b = buf_make(100000);
    samples_put(&b, s);
    assert_false(b.failed);
    struct str t = arena_str(a, buf_view(&b));
    buf_free(&b);
    return t;
}

static void only_changes_are_kept(void **state)
{
    (void)state;
    struct arena a = arena_make(1 << 20);
    struct samples s;
    samples_begin(&s, &a, STR(""));
    samples_name(&s, 0, "worst");
    samples_name(&s, 1, "regret");
    samples_add(&s, 5, (struct sample_level[]){ { false, 0, 0 }, { false, 0, 3 } }, false);
    samples_add(&s, 6, (struct sample_level[]){ { false, 7, 0 }, { false, 9, 3 } }, false); /* no value: whatever stands there */
    samples_add(&s, 9, (struct sample_level[]){ { true, 1, 0 }, { true, 9, 3 } }, false);
    samples_add(&s, 20, (struct sample_level[]){ { true, 1, 0 }, { true, 9, 3 } }, true);
    assert_string_equal(text_of(&a, &s).p, "{\"levels\":[\"worst\",\"regret\"],\"samples\":[[5,[null,0],[null,3]],[9,[1,0],[9,3]],[20,[1,0],[9,3]]]}");
    arena_free(&a);
}

/* However long the search: never more than the store holds, in order, the first and the last among them. */
static void bounded(void **state)
{
    (void)state;
    struct arena a = arena_make(1 << 20);
    struct samples s;
    samples_begin(&s, &a, STR("{}"));
    for (size_t i = 0; i < SAMPLES_LEVELS + 3; i++)
        samples_name(&s, i, "a level with a name that is longer than any that a problem may have");
    assert_int_equal(s.levels, SAMPLES_LEVELS);
    struct sample_level level[SAMPLES_LEVELS] = { 0 };
    for (int64_t ms = 0; ms < 100000; ms++) {
        for (size_t i = 0; i < SAMPLES_LEVELS; i++)
            level[i] = (struct sample_level){ true, INT64_MAX - ms, INT64_MIN + ms };
        samples_add(&s, ms, level, false);
        assert_in_range(s.n, 1, SAMPLES_MOST);
    }
    assert_int_equal(s.item[0].ms, 0);
    assert_int_equal(s.item[s.n - 1].ms, 99999);
    for (size_t i = 1; i < s.n; i++)
        assert_true(s.item[i].ms > s.item[i - 1].ms);
    assert_true(text_of(&a, &s).n < 90000); /* job.progress holds 100,000 bytes */
    arena_free(&a);
}

static void goes_on(void **state)
{
    (void)state;
    struct arena a = arena_make(1 << 20);
    struct samples s;
    samples_begin(&s, &a, STR("{\"levels\":[],\"curve\":{\"levels\":[\"worst\"],\"samples\":[[5,[null,0]],[40,[3,1]]]}}"));
    samples_name(&s, 0, "worst");
    samples_add(&s, 2, (struct sample_level[]){ { true, 2, 1 } }, false);
    assert_string_equal(text_of(&a, &s).p, "{\"levels\":[\"worst\"],\"samples\":[[5,[null,0]],[40,[3,1]],[42,[2,1]]]}");
    /* What is no curve begins anew; nothing of it is believed. */
    static const char *const wrong[] = { "[]", "{\"curve\":3}", "{\"curve\":{\"levels\":[\"a\"],\"samples\":[[9,[1]],[8],[\"x\",[1,2]],4]}}", "{" };
    for (size_t i = 0; i < LEN(wrong); i++) {
        samples_begin(&s, &a, str_of(wrong[i]));
        assert_int_equal(s.n, 0);
        assert_int_equal(s.before_ms, 0);
    }
    arena_free(&a);
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(only_changes_are_kept), cmocka_unit_test(bounded), cmocka_unit_test(goes_on) };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
