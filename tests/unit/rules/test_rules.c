/* Plan states: every (state, act, side) against the table written out by hand here. */
#include "rules/check.h"
#include "rules/group.h"
#include "rules/plan.h"

#include "unit.h"

static void plan_steps(void **state)
{
    (void)state;
    int count = 0;
    for (int from = 0; from < plan_state_COUNT; from++)
        for (int act = 0; act < PLAN_ACT_COUNT; act++)
            for (int side = 0; side < side_COUNT; side++)
                count += rules_plan_step((enum plan_state)from, (enum plan_act)act, (enum side)side) >= 0;
    assert_int_equal(count, 2 + 4 + 2 + 8);
    assert_int_equal(rules_plan_step(plan_state_agreed_university, PLAN_AGREE, side_university), -1);
    assert_int_equal(rules_plan_step(plan_state_agreed_university, PLAN_AGREE, side_hospital), plan_state_agreed);
    assert_int_equal(rules_plan_step(plan_state_proposed, PLAN_PUBLISH, side_hospital), -1);
    assert_int_equal(rules_plan_step(plan_state_published, PLAN_PROPOSE, side_hospital), -1);
    assert_int_equal(rules_plan_step(plan_state_agreed, PLAN_RETURN, side_hospital), plan_state_draft);
    assert_int_equal(rules_plan_step(plan_state_published, PLAN_RETURN, side_hospital), -1);
    assert_false(rules_plan_is_whole(plan_verdict_broken));
    assert_false(rules_plan_is_whole(plan_verdict_unknown));
    assert_true(rules_plan_is_whole(plan_verdict_optimal));
}

static void records_checked(void **state)
{
    (void)state;
    struct arena a = arena_make(1 << 20);
    struct errs errs = errs_make(&a);
    struct rotation *r = record_new(&a, &record_rotation);
    r->weeks = 4;
    r->earliest_week = 3;
    r->latest_week = 5;
    assert_false(rules_check(&a, &record_rotation, r, &errs));
    r->latest_week = 6;
    assert_true(rules_check(&a, &record_rotation, r, &errs));
    struct rotation_order *o = record_new(&a, &record_rotation_order);
    o->before_id = o->after_id = 3;
    assert_false(rules_check(&a, &record_rotation_order, o, &errs));
    struct cohort *c = record_new(&a, &record_cohort);
    c->wishes_open = 100;
    c->wishes_close = 99;
    assert_false(rules_check(&a, &record_cohort, c, &errs));
    arena_free(&a);
}

static void group_names(void **state)
{
    (void)state;
    static const char *const want[] = { "甲组", "东 院", "", "b", "c" };
    struct str rest = STR("甲组、 东 院，/b|c");
    for (size_t i = 0; i < LEN(want); i++)
        assert_true(str_is(rules_group_name(&rest), want[i]));
    assert_int_equal(rest.n, 0);
    static const char *const names[] = { "甲组", "A B", "第1-3组" }, *const none[] = { "", "甲、乙", "a,b", "a／b", " a", "a;b", "a\nb" };
    for (size_t i = 0; i < LEN(names); i++)
        assert_true(rules_group_is_name(str_of(names[i])));
    for (size_t i = 0; i < LEN(none); i++)
        assert_false(rules_group_is_name(str_of(none[i])));
}

int main(void)
{
    static const struct CMUnitTest tests[] = { cmocka_unit_test(plan_steps), cmocka_unit_test(records_checked), cmocka_unit_test(group_names) };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
