/* Two rooms read internbase.problem/1 and share no code: they must take the same files. */
#include "check/check.h"

#include <internbase/planner.h>

#include "unit.h"

/* Planner and check drew the line between a problem and none in different places. */
static void planner_and_check_take_the_same_numbers(void **state)
{
    (void)state;
    static const struct {
        const char *first;
        int weeks, burden;
        bool sound;
    } cases[] = { { "2027-03-01", 10000, 1000000, true },  { "2027-03-01", 10001, 0, false }, { "2027-03-01", 1, 1000001, false },
                  { "9999-12-13", 1, 0, true },            { "9999-12-27", 40, 0, false },    { "9800-01-06", 10000, 0, true },
                  { "9900-01-01", 10000, 0, false } };
    for (size_t i = 0; i < LEN(cases); i++) {
        struct buf b = buf_make(4096);
        struct arena a = arena_make(64 << 20);
        struct check_result r;
        buf_printf(&b, "{\"format\":\"internbase.problem/1\",\"weeks\":{\"first\":\"%s\",\"count\":%d},\"departments\":[{\"id\":\"d\",\"capacity\":1}],"
                       "\"programmes\":[{\"id\":\"p\",\"rotations\":[{\"id\":\"r\",\"departments\":[\"d\"],\"weeks\":1}]}],"
                       "\"students\":[{\"id\":\"s\",\"programme\":\"p\",\"burden\":%d}]}", cases[i].first, cases[i].weeks, cases[i].burden);
        struct internplan *p = internplan_new(64 << 20);
        assert_non_null(p);
        assert_int_equal(internplan_load(p, b.p, b.n), cases[i].sound ? INTERNPLAN_UNKNOWN : INTERNPLAN_INVALID);
        assert_true((check_load(&a, buf_view(&b), NULL, &r) != NULL) == cases[i].sound);
        internplan_free(p);
        arena_free(&a);
        buf_free(&b);
    }
}

static bool into(void *ctx, const char *bytes, size_t n)
{
    buf_add(ctx, bytes, n);
    return true;
}

/* The way out "more weeks" took weeks behind the horizon for open that the file closes, and its plan was refused. */
static void a_week_closed_behind_the_horizon_stays_closed(void **state)
{
    (void)state;
    static const char json[] = "{\"format\":\"internbase.problem/1\",\"weeks\":{\"first\":\"2027-03-01\",\"count\":2,\"closed\":[\"2027-03-22\"]},"
                               "\"departments\":[{\"id\":\"d\",\"capacity\":1}],\"programmes\":[{\"id\":\"p\",\"rotations\":[{\"id\":\"r\","
                               "\"departments\":[\"d\"],\"weeks\":2}]}],\"students\":[{\"id\":\"s0\",\"programme\":\"p\"},{\"id\":\"s1\","
                               "\"programme\":\"p\"},{\"id\":\"s2\",\"programme\":\"p\",\"away\":[{\"from\":\"2027-02-22\",\"weeks\":2}]}]}";
    struct internplan_options o = internplan_options_default();
    struct internplan *p = internplan_new(64 << 20);
    struct arena a = arena_make(256 << 20);
    struct buf plan = buf_make(1 << 20);
    struct check_result r;
    const struct check_problem *c = check_load(&a, str_of(json), NULL, &r);
    assert_non_null(p);
    assert_non_null(c);
    o.budget_ticks = 200000;
    assert_int_equal(internplan_load(p, json, sizeof json - 1), INTERNPLAN_UNKNOWN);
    assert_int_equal(internplan_solve(p, &o), INTERNPLAN_INFEASIBLE);
    assert_true(internplan_write(p, "sha256:0", into, &plan));
    assert_int_equal(check_plan(c, &a, buf_view(&plan), NULL, &r), CHECK_HOLDS);
    assert_true(r.repairs > 0);
    internplan_free(p);
    buf_free(&plan);
    arena_free(&a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(planner_and_check_take_the_same_numbers),
        cmocka_unit_test(a_week_closed_behind_the_horizon_stays_closed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
