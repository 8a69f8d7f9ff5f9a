/* Number formats and what numbers show by them. */
#include "read/number.h"
#include "unit.h"

static void codes(void **state)
{
    (void)state;
    enum { D = FORMAT_DATE, T = FORMAT_TIME, S = FORMAT_SECONDS, E = FORMAT_ELAPSED };
    static const struct {
        const char *code;
        int shows;
    } cases[] = {
        { "General", 0 },
        { "G/通用格式", 0 },
        { "0", 0 },
        { "000000", FORMAT_ZEROS | 6 },
        { "00;[Red]-00", FORMAT_ZEROS | 2 },
        { "0.00", 0 },
        { "#,##0.00\"元\"", 0 },
        { "0.00E+00", 0 },
        { "@", 0 },
        { "\"day\" 0", 0 },
        { "\\d\\a\\y0", 0 },
        { "[Red]0", 0 },
        { "_-0", 0 },
        { "yyyy-mm-dd", D },
        { "yyyy\"年\"m\"月\"d\"日\";@", D },
        { "[$-804]yyyy/m/d", D },
        { "m\"月\"d\"日\"", D },
        { "mmm-yy", D },
        { "d", D },
        { "mm", D },
        { "yyyy/m/d h:mm", D | T },
        { "yyyy/m/d h:mm:ss", D | T | S },
        { "h:mm AM/PM", T },
        { "上午/下午h\"时\"mm\"分\"", T },
        { "mm:ss", T | S },
        { "[h]:mm", T | E },
        { "[mm]:ss", T | S | E },
        { "0;yyyy", 0 },
        { "\"unclosed yyyy", 0 },
        { "[unclosed", 0 },
        { "\\", 0 },
        { "", 0 },
    };
    for (size_t i = 0; i < LEN(cases); i++)
        if (format_of_code(str_of(cases[i].code)) != cases[i].shows)
            fail_msg("%s: %d", cases[i].code, format_of_code(str_of(cases[i].code)));
    assert_int_equal(format_builtin(14), FORMAT_DATE);
    assert_int_equal(format_builtin(31), FORMAT_DATE);
    assert_int_equal(format_builtin(22), FORMAT_DATE | FORMAT_TIME);
    assert_int_equal(format_builtin(49), 0);
    assert_int_equal(format_builtin(57), FORMAT_DATE);
}

static void numbers(void **state)
{
    (void)state;
    enum { D = FORMAT_DATE, DT = FORMAT_DATE | FORMAT_TIME, T = FORMAT_TIME, DTS = DT | FORMAT_SECONDS };
    static const struct {
        const char *v;
        int format;
        bool is_1904;
        const char *want; /* "!" before a fault's text */
    } cases[] = {
        { "28", 0, false, "28" },
        { "28.0", 0, false, "28" },
        { "-0", 0, false, "0" },
        { " 5 ", 0, false, "5" },
        { "0.1", 0, false, "0.1" },
        { "0.30000000000000004", 0, false, "0.3" },
        { "4.0000000000000002E-2", 0, false, "0.04" },
        { "1e3", 0, false, "1000" },
        { "123456789012345", 0, false, "123456789012345" },
        { "1234567890123456", 0, false, "!1234567890123456" },
        { "1.1010119900307101E+17", 0, false, "!1.1010119900307101E+17" },
        { "-1e15", 0, false, "!-1e15" },
        { "007", 0, false, "7" },
        { "", 0, false, "!" },
        { "abc", 0, false, "!abc" },
        { "1.2.3", 0, false, "!1.2.3" },
        { "0x10", 0, false, "!0x10" },
        { "nan", 0, false, "!nan" },
        { "1e999", 0, false, "!1e999" },
        { "42", FORMAT_ZEROS | 6, false, "000042" },
        { "1234567", FORMAT_ZEROS | 6, false, "1234567" },
        { "-42", FORMAT_ZEROS | 6, false, "-42" },
        { "4.5", FORMAT_ZEROS | 3, false, "4.5" },
        { "1", D, false, "1900-01-01" },
        { "59", D, false, "1900-02-28" },
        { "60", D, false, "!60" },
        { "61", D, false, "1900-03-01" },
        { "0", D, false, "!0" },
        { "46447", D, false, "2027-03-01" },
        { "46447.75", D, false, "2027-03-01" },
        { "46447", DT, false, "2027-03-01" },
        { "46447.75", DT, false, "2027-03-01 18:00" },
        { "45171.586909722224", DTS, false, "2023-09-02 14:05:09" },
        { "46447.999999999", DT, false, "2027-03-02" },
        { "2958465", D, false, "9999-12-31" },
        { "2958466", D, false, "!2958466" },
        { "-1", D, false, "!-1" },
        { "0", D, true, "1904-01-01" },
        { "44985", D, true, "2027-03-01" },
        { "2957003", D, true, "9999-12-31" },
        { "2957004", D, true, "!2957004" },
        { "0.5", T, false, "12:00" },
        { "3.5", T, false, "12:00" },
        { "1.5", T | FORMAT_ELAPSED, false, "36:00" },
        { "x", D, false, "!x" },
    };
    for (size_t i = 0; i < LEN(cases); i++) {
        char out[1 + NUMBER_TEXT_BYTES] = "!";
        enum fault f = FAULT_COUNT;
        bool ok = number_text(str_of(cases[i].v), (uint8_t)cases[i].format, cases[i].is_1904, out + 1, &f);
        if (strcmp(ok ? out + 1 : out, cases[i].want) != 0 || (!ok && f == FAULT_COUNT))
            fail_msg("%s: %s, not %s", cases[i].v, ok ? out + 1 : out, cases[i].want);
    }
    /* A value longer than any number is told by its beginning. */
    char long_one[400], out[NUMBER_TEXT_BYTES];
    enum fault f;
    memset(long_one, '1', sizeof long_one);
    assert_false(number_text((struct str){ long_one, sizeof long_one }, 0, false, out, &f));
    assert_int_equal(f, FAULT_cell_number);
    /* Cut between characters: half a one would be taken for a lie of the child. */
    for (size_t i = 0; i < 3; i++) {
        struct str s = str_of(&"xx中中中中中中中中中中中中中中中中中中"[i]);
        assert_false(number_text(s, 0, false, out, &f));
        assert_true(out[0] != '\0' && utf8_valid(str_of(out), NULL));
        assert_false(iso_date_text(s, out, &f));
        assert_true(out[0] != '\0' && utf8_valid(str_of(out), NULL));
    }
}

static void iso(void **state)
{
    (void)state;
    static const struct {
        const char *v, *want;
    } cases[] = {
        { "2027-03-01", "2027-03-01" },
        { "2027-03-01T00:00:00", "2027-03-01" },
        { "2027-03-01T08:30:00.000", "2027-03-01 08:30" },
        { "2027-03-01T08:30:15Z", "2027-03-01 08:30:15" },
        { "2027-02-29", "!" },
        { "2027-03-01T25:00:00", "!" },
        { "2027-03-01T", "!" },
        { "2027-3-1", "!" },
        { "", "!" },
    };
    for (size_t i = 0; i < LEN(cases); i++) {
        char out[NUMBER_TEXT_BYTES];
        enum fault f;
        bool ok = iso_date_text(str_of(cases[i].v), out, &f);
        if (strcmp(ok ? out : "!", cases[i].want) != 0)
            fail_msg("%s: %s", cases[i].v, out);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(codes), cmocka_unit_test(numbers), cmocka_unit_test(iso) };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
