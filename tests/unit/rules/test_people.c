/* Roles by side, and the weeks into which public holidays fall. */
#include "core/date.h"
#include "rules/holiday.h"
#include "rules/roles.h"

#include "unit.h"

static void roles_of_sides(void **state)
{
    (void)state;
    static const bool fits[side_COUNT][role_COUNT] = {
        [side_university] = { [role_secretary] = true, [role_student] = true, [role_leader] = true, [role_administrator] = true },
        [side_hospital] = { [role_education_office] = true, [role_department_secretary] = true, [role_preceptor] = true, [role_leader] = true,
                            [role_administrator] = true },
    };
    for (int side = 0; side < side_COUNT; side++)
        for (int role = 0; role < role_COUNT; role++)
            assert_int_equal(rules_role_fits((enum role)role, (enum side)side), fits[side][role]);
    for (int role = 0; role < role_COUNT; role++)
        assert_int_equal(rules_role_needs_department((enum role)role), role == role_department_secretary || role == role_preceptor);
    assert_false(rules_role_fits(role_COUNT, side_hospital));
}

static date day(const char *text)
{
    date d = 0;
    assert_true(date_parse(str_of(text), &d));
    return d;
}

static void holidays(void **state)
{
    (void)state;
    static const struct {
        const char *day;
        enum msg_id name;
    } table[] = {
        { "2027-01-01", MSG_holiday_new_year },    { "2027-02-06", MSG_holiday_spring },     { "2027-04-05", MSG_holiday_qingming },
        { "2027-05-01", MSG_holiday_labour },      { "2027-06-09", MSG_holiday_dragon_boat }, { "2027-09-15", MSG_holiday_mid_autumn },
        { "2027-10-01", MSG_holiday_national },    { "2028-01-01", MSG_holiday_new_year },   { "2026-02-17", MSG_holiday_spring },
        { "2025-10-06", MSG_holiday_mid_autumn },  { "2027-03-03", MSG_none },               { "2027-07-14", MSG_none },
    };
    for (size_t i = 0; i < LEN(table); i++)
        assert_int_equal(rules_holiday_of_week(date_monday(day(table[i].day))), table[i].name);
    /* A year has at most seven such weeks, whatever the year: no week is marked for nothing. */
    for (int year = 2020; year < 2040; year++) {
        int marked = 0;
        for (date w = date_monday(date_of(year, 1, 1)) + 7; w < date_of(year + 1, 1, 1); w += 7)
            marked += rules_holiday_of_week(w) != MSG_none;
        assert_in_range(marked, 2, 7);
    }
}

int main(void)
{
    static const struct CMUnitTest tests[] = { cmocka_unit_test(roles_of_sides), cmocka_unit_test(holidays) };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
