/* Problem files that mean harm, as fuzzing found them: each did damage once. */
#include "planner/run.h"

#include "unit.h"

static struct internplan *loaded(const char *json, enum internplan_status expected)
{
    struct internplan *p = internplan_new(64 << 20);
    assert_non_null(p);
    assert_int_equal(internplan_load(p, json, strlen(json)), expected);
    return p;
}

/* Counting for an explanation tried every run of weeks of a horizon of centuries, outside every budget. */
static void a_horizon_of_centuries_costs_what_the_budget_says(void **state)
{
    (void)state;
    struct internplan *p = loaded("{\"format\":\"internbase.problem/1\",\"weeks\":{\"first\":\"2027-03-01\",\"count\":10000},"
                                  "\"departments\":[{\"id\":\"d0\",\"capacity\":1,\"quotas\":[{\"group\":\"g\",\"capacity\":0}]},{\"id\":\"d1\",\"capacity\":1}],"
                                  "\"programmes\":[{\"id\":\"p\",\"rotations\":[{\"id\":\"r0\",\"departments\":[\"d1\"],\"weeks\":1},"
                                  "{\"id\":\"r1\",\"departments\":[\"d0\",\"d1\"],\"weeks\":1,\"latest_end\":\"2027-04-12\"}]}],"
                                  "\"students\":[{\"id\":\"s\",\"programme\":\"p\",\"groups\":[\"g\"]}]}",
                                  INTERNPLAN_UNKNOWN);
    struct internplan_options o = internplan_options_default();
    o.budget_ticks = 800;
    (void)!internplan_solve(p, &o);
    assert_true(internplan_ticks(p) < 1000000);
    internplan_free(p);
}

/* Classes of students were found by comparing every two of them pair by pair: hours for a few thousand in a chain of pairs. */
static void a_chain_of_pairs_is_read_once(void **state)
{
    (void)state;
    enum { STUDENTS = 8000 };
    struct buf b = buf_make(4 << 20);
    buf_z(&b, "{\"format\":\"internbase.problem/1\",\"weeks\":{\"first\":\"2027-03-01\",\"count\":4},\"departments\":[{\"id\":\"d\",\"capacity\":1}],"
              "\"programmes\":[{\"id\":\"p\",\"rotations\":[{\"id\":\"r\",\"departments\":[\"d\"],\"weeks\":1}]}],\"students\":[");
    for (int i = 0; i < STUDENTS; i++)
        buf_printf(&b, "%s{\"id\":\"s%d\",\"programme\":\"p\"}", i > 0 ? "," : "", i);
    buf_z(&b, "],\"pairs\":[");
    for (int i = 0; i + 1 < STUDENTS; i++)
        buf_printf(&b, "%s{\"students\":[\"s%d\",\"s%d\"],\"kind\":\"apart\"}", i > 0 ? "," : "", i, i + 1);
    buf_z(&b, "]}");
    struct internplan *p = loaded(b.p, INTERNPLAN_UNKNOWN);
    buf_free(&b);
    struct internplan_options o = internplan_options_default();
    o.budget_ticks = 800;
    enum internplan_status s = internplan_solve(p, &o);
    assert_true(s == INTERNPLAN_INFEASIBLE || s == INTERNPLAN_UNKNOWN || s == INTERNPLAN_LIMIT);
    internplan_free(p);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_horizon_of_centuries_costs_what_the_budget_says),
        cmocka_unit_test(a_chain_of_pairs_is_read_once),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
