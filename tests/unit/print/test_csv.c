/* CSV going out: byte for byte. */
#include "print/table.h"
#include "unit.h"

static bool rows(void *ctx, int64_t i, struct str *cell)
{
    const char *const(*table)[3] = ctx;
    if (table[i][0] == NULL)
        return false;
    for (int c = 0; c < 3; c++)
        cell[c] = str_of(table[i][c]);
    return true;
}

static const struct print_column columns[] = { { .header = MSG_field_name }, { .header = MSG_field_seats, .kind = PRINT_INT }, { .header = MSG_field_at, .kind = PRINT_DATE } };

static void bytes(void **state)
{
    (void)state;
    static const char *const table[][3] = {
        { "李雷", "-5", "2027-03-01" },
        { "a,b", "=1+1", "say \"hi\"" },
        { "两行\n字", "+x", "@y" },
        { "＝SUM(A1)", "'=x", "-" },
        { "'tis", "\tt", "a;b" },
        { "", "", "x" },
        { NULL, NULL, NULL },
    };
    struct print_sheet s = { .name = MSG_field_name, .column = columns, .columns = LEN(columns), .row = rows, .ctx = (void *)table };
    struct buf b = buf_make(1 << 20);
    assert_int_equal(print_csv(&b, LANG_EN, &s), STATUS_OK);
    char want[1000];
    snprintf(want, sizeof want,
             "\xEF\xBB\xBF%s,%s,%s\r\n李雷,-5,2027-03-01\r\n\"a,b\",\"'=1+1\",\"say \"\"hi\"\"\"\r\n\"两行\n字\",\"'+x\",\"'@y\"\r\n"
             "\"'＝SUM(A1)\",\"''=x\",\"'-\"\r\n'tis,\"'\tt\",\"a;b\"\r\n,,x\r\n",
             msg_text(MSG_field_name, LANG_EN), msg_text(MSG_field_seats, LANG_EN), msg_text(MSG_field_at, LANG_EN));
    assert_string_equal(b.p, want);
    buf_free(&b);
}

static void template_and_limit(void **state)
{
    (void)state;
    struct print_sheet s = { .name = MSG_field_name, .column = columns, .columns = LEN(columns) };
    struct buf b = buf_make(1 << 20);
    assert_int_equal(print_csv(&b, LANG_ZH, &s), STATUS_OK);
    assert_non_null(strstr(b.p, msg_text(MSG_field_seats, LANG_ZH)));
    buf_free(&b);
    b = buf_make(10);
    assert_int_equal(print_csv(&b, LANG_ZH, &s), STATUS_LIMIT);
    buf_free(&b);
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(bytes), cmocka_unit_test(template_and_limit) };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
