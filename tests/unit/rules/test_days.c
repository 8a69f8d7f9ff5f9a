/* Weeks as people write them: what is read, and what is told of what is not. */
#include "rules/days.h"

#include "unit.h"

enum { WEEKS = 40, READ_MOST = 12 };

static date day(const char *text)
{
    date d = 0;
    assert_true(date_parse(str_of(text), &d));
    return d;
}

static void read_all(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        int weeks[READ_MOST]; /* numbers of weeks from 2027-09-06 on, in order; 0 ends */
    } table[] = {
        { "2027-10-01", { 4 } },
        { "2027/10/1、2027/10/8", { 4, 5 } },
        { "2027年10月1日至2027年10月7日", { 4, 5 } },
        { "2027.10.1～2027.10.7；第18周", { 4, 5, 18 } },
        { "第9-10周，第12周", { 9, 10, 12 } },
        { "weeks 9-10, week 12", { 9, 10, 12 } },
        { "2027-10-04\n2027-10-11\r\n2027-12-20\n", { 5, 6, 16 } },
        { "2027-10-04 2027-10-11", { 5, 6 } },
        { "1 40", { 1, 40 } },
        { "  ，、 ", { 0 } },
    };
    for (size_t i = 0; i < LEN(table); i++) {
        struct str rest = str_of(table[i].text), piece;
        date first, last;
        int n = 0;
        enum days_found found;
        while ((found = rules_days_next(&rest, day("2027-09-06"), WEEKS, &first, &last, &piece)) == DAYS_WEEKS)
            for (date w = first; w <= last; w += 7, n++)
                if (n == READ_MOST || (w - day("2027-09-06")) / 7 + 1 != table[i].weeks[n])
                    fail_msg("%s: week %d", table[i].text, (int)(w - day("2027-09-06")) / 7 + 1);
        assert_int_equal(found, DAYS_END);
        assert_int_equal(table[i].weeks[n], 0);
    }
}

static void told(void **state)
{
    (void)state;
    static const struct {
        const char *text, *piece;
        enum days_found found;
    } table[] = {
        { "2027-02-30", "2027-02-30", DAYS_NO_DATE },        { "2026-10-01", "2026-10-01", DAYS_OUTSIDE },
        { "第41周", "第41周", DAYS_OUTSIDE },                { "0", "0", DAYS_OUTSIDE },
        { "国庆节, 3", "国庆节", DAYS_NOT_READ },            { "10月1日、5", "10月1日", DAYS_NOT_READ },
        { "2027-10-08~2027-10-01", "2027-10-08~2027-10-01", DAYS_NOT_READ }, { "2027-10", "2027-10", DAYS_NOT_READ },
        { "99999999999", "99999999999", DAYS_NOT_READ },     { "3-", "3-", DAYS_NOT_READ },
    };
    for (size_t i = 0; i < LEN(table); i++) {
        struct str rest = str_of(table[i].text), piece;
        date first, last;
        enum days_found found = rules_days_next(&rest, day("2027-09-06"), WEEKS, &first, &last, &piece);
        if (found != table[i].found || !str_is(piece, table[i].piece))
            fail_msg("%s: %d \"%.*s\"", table[i].text, (int)found, STR_ARG(piece));
    }
    /* What follows a wrong entry is read. */
    struct str rest = STR("国庆节, 3"), piece;
    date first, last;
    assert_int_equal(rules_days_next(&rest, day("2027-09-06"), WEEKS, &first, &last, &piece), DAYS_NOT_READ);
    assert_int_equal(rules_days_next(&rest, day("2027-09-06"), WEEKS, &first, &last, &piece), DAYS_WEEKS);
    assert_int_equal(first, day("2027-09-20"));
}

/* Whatever is written, it ends. */
static void noise_ends(void **state)
{
    (void)state;
    static const char *const bits[] = { "2027", "-", "10", "/", "第", "周", "~", "、", " ", "x", "\n", "日", "99", "到", "\xff", "9999-12-31" };
    unsigned seed = 7;
    for (int round = 0; round < 20000; round++) {
        char text[200] = "";
        for (int k = 0; k < 12; k++) {
            seed = seed * 1664525u + 1013904223u;
            strcat(text, bits[(seed >> 16) % LEN(bits)]);
        }
        struct str rest = str_of(text), piece;
        date first, last;
        for (size_t before = rest.n + 1; rules_days_next(&rest, day("2027-09-06"), WEEKS, &first, &last, &piece) != DAYS_END; before = rest.n)
            assert_true(rest.n < before);
    }
}

int main(void)
{
    static const struct CMUnitTest tests[] = { cmocka_unit_test(read_all), cmocka_unit_test(told), cmocka_unit_test(noise_ends) };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
