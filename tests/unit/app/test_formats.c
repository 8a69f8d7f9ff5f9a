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

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(planner_and_check_take_the_same_numbers),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
