/* Each operation of a way out is a fact with a name of its own; what only follows from another is none. */
#include "app/trial.h"

#include "unit.h"

static const char problem[] =
    "{\"format\":\"internbase.problem/1\",\"weeks\":{\"first\":\"2027-03-01\",\"count\":8},"
    "\"departments\":[{\"id\":\"d1\",\"capacity\":1,\"quotas\":[{\"group\":\"g\",\"capacity\":1}]},{\"id\":\"d2\",\"capacity\":1}],"
    "\"programmes\":[{\"id\":\"p\",\"rotations\":[{\"id\":\"x\",\"departments\":[\"d1\"],\"weeks\":2},{\"id\":\"y\",\"departments\":[\"d1\"],\"weeks\":2}],"
    "\"orders\":[{\"before\":\"x\",\"after\":\"y\",\"min_gap\":2,\"max_gap\":3}]}],"
    "\"students\":[{\"id\":\"s1\",\"programme\":\"p\"},{\"id\":\"s2\",\"programme\":\"p\"}],"
    "\"pairs\":[{\"students\":[\"s1\",\"s2\"],\"kind\":\"apart\"}],"
    "\"shared_quotas\":[{\"departments\":[\"d1\",\"d2\"],\"capacity\":1}]}";

static void each_operation_has_its_kind(void **state)
{
    static const struct {
        const char *op;
        int kind; /* -1: no fact */
    } row[] = {
        { "{\"op\":\"replace\",\"path\":\"/programmes/0/orders/0/min_gap\",\"value\":1}", trial_kind_gap },
        { "{\"op\":\"replace\",\"path\":\"/programmes/0/orders/0/max_gap\",\"value\":5}", trial_kind_gap },
        { "{\"op\":\"remove\",\"path\":\"/programmes/0/orders/0/max_gap\"}", trial_kind_gap },
        { "{\"op\":\"add\",\"path\":\"/programmes/0/rotations/1/departments/-\",\"value\":\"d2\"}", trial_kind_department },
        { "{\"op\":\"replace\",\"path\":\"/students/1/programme\",\"value\":\"p-s2\"}", trial_kind_own_programme },
        { "{\"op\":\"replace\",\"path\":\"/departments/0/quotas/0/capacity\",\"value\":2}", trial_kind_quota },
        { "{\"op\":\"replace\",\"path\":\"/shared_quotas/0/capacity\",\"value\":2}", trial_kind_quota },
        { "{\"op\":\"remove\",\"path\":\"/students/1\"}", trial_kind_student },
        { "{\"op\":\"remove\",\"path\":\"/pairs/0\"}", -1 },
        { "{\"op\":\"replace\",\"path\":\"/title\",\"value\":\"t\"}", trial_kind_other },
    };
    (void)state;
    for (size_t i = 0; i < LEN(row); i++) {
        struct arena a = arena_make(1 << 20);
        struct plan_facts f = { 0 };
        struct rows none = { 0 };
        struct trial_fact *fact;
        size_t n = 0, again;
        struct str change = arena_printf(&a, "[%s]", row[i].op);
        assert_int_equal(trial_facts_of(&a, str_of(problem), change, &f, &none, &fact, &n), STATUS_OK);
        assert_int_equal(n, row[i].kind < 0 ? 0 : 1);
        if (n == 1) {
            struct buf b = buf_make(10000);
            assert_int_equal(fact->kind, row[i].kind);
            assert_true(fact->zh.n > 0 && fact->en.n > 0 && !str_eq(fact->zh, fact->en));
            trial_facts_put(&b, fact, n);
            const struct trial_fact *read = trial_facts_read(&a, buf_view(&b), &again);
            assert_int_equal(again, 1);
            assert_true(read->kind == fact->kind && read->number == fact->number && read->to == fact->to && str_eq(read->other, fact->other));
            buf_free(&b);
        }
        arena_free(&a);
    }
}

static void a_gap_says_which_end_moves(void **state)
{
    struct arena a = arena_make(1 << 20);
    struct plan_facts f = { 0 };
    struct rows none = { 0 };
    struct trial_fact *fact;
    size_t n = 0;
    (void)state;
    assert_int_equal(trial_facts_of(&a, str_of(problem),
                                    STR("[{\"op\":\"replace\",\"path\":\"/programmes/0/orders/0/min_gap\",\"value\":1},"
                                        "{\"op\":\"remove\",\"path\":\"/programmes/0/orders/0/max_gap\"}]"),
                                    &f, &none, &fact, &n),
                     STATUS_OK);
    assert_int_equal(n, 2);
    assert_true(fact[0].number == 1 && fact[0].to == NONE && fact[1].number == NONE && fact[1].to == GAP_ANY);
    assert_true(str_is(fact[0].code, "x") && str_is(fact[0].other, "y"));
    arena_free(&a);
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(each_operation_has_its_kind), cmocka_unit_test(a_gap_says_which_end_moves) };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
