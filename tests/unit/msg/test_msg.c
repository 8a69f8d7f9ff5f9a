/* Every sentence has both languages and the same placeholders in both. */
#include "msg/msg.h"

#include "unit.h"

static unsigned placeholders(const char *text)
{
    unsigned set = 0;
    for (const char *p = text; (p = strchr(p, '{')) != NULL; p++)
        if (p[1] >= '1' && p[1] <= '9' && p[2] == '}')
            set |= 1u << (p[1] - '0');
    return set;
}

static void both_languages(void **state)
{
    (void)state;
    for (int id = 1; id < MSG_COUNT; id++) {
        const char *zh = msg_text((enum msg_id)id, LANG_ZH), *en = msg_text((enum msg_id)id, LANG_EN);
        if (zh[0] == '\0' || en[0] == '\0' || placeholders(zh) != placeholders(en))
            fail_msg("message %s: \"%s\" and \"%s\" differ in placeholders or one is empty",
                     msg_name((enum msg_id)id), zh, en);
    }
}

static void fills_in(void **state)
{
    (void)state;
    struct buf b = buf_make(1000);
    struct str arg[] = { STR("x{2}"), STR("1"), STR("9") };
    msg_put(&b, MSG_value_not_int, LANG_EN, arg, 3);
    assert_string_equal(b.p, "“x{2}” must be a whole number from 1 to 9");
    buf_free(&b);
}

int main(void)
{
    static const struct CMUnitTest tests[] = { cmocka_unit_test(both_languages), cmocka_unit_test(fills_in) };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
