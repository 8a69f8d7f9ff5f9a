/* Passwords: what is refused and why, and what must go through. */
#include "core/limits.h"
#include "rules/password.h"

#include "unit.h"

#define TEXT(s) { s, sizeof s - 1 }
static const struct password_owner zhou = { TEXT("zhoumin"), TEXT("周敏"), TEXT("Zhou Min"), TEXT("min.zhou@example.edu"),
                                            TEXT("13812345678"), TEXT("zhou min 周敏") };

static enum msg_id said(const char *password)
{
    return rules_password(str_of(password), &zhou);
}

static void refused(void **state)
{
    (void)state;
    static const struct {
        const char *password;
        enum msg_id why;
    } table[] = {
        { "", MSG_password_length },
        { "short", MSG_password_length },
        { "elevenchars", MSG_password_length },
        { "\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff", MSG_password_length },
        { "aaaaaaaaaaaaaaaa", MSG_password_simple },
        { "abababababab", MSG_password_simple },
        { "password1234", MSG_password_common },
        { "Passw0rd2024!", MSG_password_common },
        { "P@$$w0rdP@$$w0rd", MSG_password_common },
        { "qwertyuiop12", MSG_password_common },
        { "1qaz2wsx3edc", MSG_password_common },
        { "123456789012", MSG_password_common },
        { "abcdefghijkl", MSG_password_common },
        { "zyxwvutsrqpo", MSG_password_common },
        { "woaini1314520", MSG_password_common },
        { "woaizhongguo2027", MSG_password_common },
        { "admin@2026.09", MSG_password_common },
        { "Hospital19980417", MSG_password_common },
        { "19980417Hospital", MSG_password_common },
        { "17041998lovely", MSG_password_common },
        { "xk7xk7xk7xk7xk7xk7", MSG_password_simple },
        { "xk7xk7xk71234", MSG_password_common },
        { "correcthorsebatterystaple", MSG_password_common },
        { "correct horse battery staple", MSG_password_common },
        { "zhoumin12345678", MSG_password_is_name },
        { "ZhouMin@19880808", MSG_password_is_name },
        { "zh0um1n-2027-zh0um1n", MSG_password_is_name },
        { "13812345678zhou", MSG_password_is_name },
        { "min.zhou12345", MSG_password_is_name },
    };
    for (size_t i = 0; i < LEN(table); i++)
        if (said(table[i].password) != table[i].why)
            fail_msg("%s: message %d and not %d", table[i].password, (int)said(table[i].password), (int)table[i].why);
}

static void accepted(void **state)
{
    (void)state;
    static const char *const table[] = {
        "four brown horses", "mK8#vQ2!xR5z", "kettle-ladder-4-violins", "骑着毛驴去看海棠花开到半夜", "seven teapots sing", "5839201746283650192",
        "Gp4 wV7 tH9 bN2", "my aunt keeps bees in Turin", "xk7fqm2wtz9b", "hospital beds squeak at night",
    };
    for (size_t i = 0; i < LEN(table); i++)
        if (said(table[i]) != MSG_none)
            fail_msg("%s: message %d", table[i], (int)said(table[i]));
}

/* The longest that is allowed goes through, one more does not; the worst of them costs no time worth speaking of. */
static void long_ones(void **state)
{
    (void)state;
    char text[LIMIT_password_most + 2];
    for (size_t i = 0; i < sizeof text - 1; i++)
        text[i] = (char)('!' + (i * 37 + i * i * 11) % 90);
    text[LIMIT_password_most] = '\0';
    assert_int_equal(said(text), MSG_none);
    text[LIMIT_password_most] = 'x';
    text[LIMIT_password_most + 1] = '\0';
    assert_int_equal(said(text), MSG_password_length);
}

/* Somebody of whom nothing is known: empty names match nothing. */
static void nobody(void **state)
{
    (void)state;
    const struct password_owner who = { 0 };
    assert_int_equal(rules_password(str_of("kettle-ladder-violin"), &who), MSG_none);
    assert_int_equal(rules_password(str_of("password1234"), &who), MSG_password_common);
}

int main(void)
{
    static const struct CMUnitTest tests[] = { cmocka_unit_test(refused), cmocka_unit_test(accepted), cmocka_unit_test(long_ones),
                                               cmocka_unit_test(nobody) };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
