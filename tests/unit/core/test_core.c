/* Arena, text, dates, JSON, maps: tables of inputs and answers. */
#include "core/date.h"
#include "core/err.h"
#include "core/json.h"
#include "core/map.h"
#include "core/pinyin.h"

#include "unit.h"

static void dates(void **state)
{
    (void)state;
    date d;
    assert_int_equal(date_of(1970, 1, 1), 0);
    assert_int_equal(date_of(2027, 3, 1) % 7, date_of(2027, 3, 8) % 7);
    assert_int_equal(date_weekday(date_of(2027, 3, 1)), 0);
    assert_int_equal(date_weekday(date_of(2026, 11, 24)), 1);
    for (int32_t day = DATE_LEAST; day < DATE_MOST; day += 997) {
        char z[DATE_TEXT_BYTES];
        assert_true(date_parse(str_of(date_text(day, z)), &d));
        assert_int_equal(d, day);
    }
    static const char *const wrong[] = { "2027-02-29", "2027-13-01", "2027-1-01", "2027-01-32", "2027-01-00", "", "20270301", "2027-03-01 ", "0001-01-01" };
    for (size_t i = 0; i < LEN(wrong); i++)
        assert_false(date_parse(str_of(wrong[i]), &d));
    assert_true(date_parse(STR("2028-02-29"), &d));
    assert_false(date_exists(1900, 2, 29));
    char t[TIME_TEXT_BYTES];
    assert_string_equal(time_text(0, t), "1970-01-01T00:00:00Z");
    assert_string_equal(time_text(-1, t), "1969-12-31T23:59:59Z");
}

static void numbers_and_space(void **state)
{
    (void)state;
    int64_t v;
    assert_true(str_int(STR("-9223372036854775808"), &v) && v == INT64_MIN);
    assert_true(str_int(STR("9223372036854775807"), &v) && v == INT64_MAX);
    static const char *const wrong[] = { "9223372036854775808", "-9223372036854775809", "", "-", "1 ", "+1", "1e3", "0x1" };
    for (size_t i = 0; i < LEN(wrong); i++)
        assert_false(str_int(str_of(wrong[i]), &v));
    assert_true(str_is(str_trim(STR("\xEF\xBB\xBF \xE3\x80\x80李 明\xC2\xA0\t")), "李 明"));
    assert_int_equal(str_trim(STR(" \t\xE3\x80\x80")).n, 0);
    static const char *const words[] = { "weeks", "week", "周" };
    struct str rest = STR("weeks周8");
    assert_true(str_skip_any(&rest, words, LEN(words)) && str_is(rest, "周8"));
    assert_true(str_skip_any(&rest, words, LEN(words)) && str_is(rest, "8"));
    assert_false(str_skip_any(&rest, words, LEN(words)));
    assert_false(str_skip(&rest, "88"));
    assert_true(str_is(rest, "8") && str_skip(&rest, "8") && rest.n == 0);
    struct buf b = buf_make(100);
    buf_int(&b, INT64_MIN);
    assert_string_equal(buf_view(&b).p, "-9223372036854775808");
    buf_reset(&b);
    for (int i = 0; i < 60; i++)
        buf_z(&b, "ab");
    assert_true(b.failed && b.n == 100);
    buf_free(&b);
}

static void utf8(void **state)
{
    (void)state;
    size_t at;
    static const char *const wrong[] = { "\xC0\x80", "\xED\xA0\x80", "\xF4\x90\x80\x80", "a\xE4\xB8", "\x80", "\xFF" };
    for (size_t i = 0; i < LEN(wrong); i++)
        assert_false(utf8_valid(str_of(wrong[i]), &at));
    assert_true(utf8_valid(STR("实习 \xF0\xA0\xAE\xB7"), &at));
    assert_int_equal(utf8_count(STR("实习 \xF0\xA0\xAE\xB7")), 4);
    /* Stretches of ASCII are taken eight at a time: a wrong byte is seen behind, within and before one. */
    char text[40];
    for (size_t i = 0; i < sizeof text; i++) {
        memset(text, 'a', sizeof text);
        assert_true(utf8_valid((struct str){ text, i }, NULL));
        text[i] = (char)0x80;
        assert_false(utf8_valid((struct str){ text, sizeof text }, &at));
        assert_int_equal(at, i);
    }
}

static void formulas(void **state)
{
    (void)state;
    static const char *const yes[] = { "=1", "+1", "-1", "@x", "\tx", "\rx", "'=1", "''@x", "＝1", "－1", "'＋", "＠" };
    static const char *const no[] = { "", "'", "1=", "'tis", "a+b", " =1", "—", "（" };
    for (size_t i = 0; i < LEN(yes); i++)
        assert_true(str_is_formula(str_of(yes[i])));
    for (size_t i = 0; i < LEN(no); i++)
        assert_false(str_is_formula(str_of(no[i])));
}

/* Each kind of white space at each end, beside characters whose first or last bytes look like it. */
static void trimming(void **state)
{
    (void)state;
    static const char *const spaces[] = { "", " ", "\t", "\r\n", "\xC2\xA0", "\xE3\x80\x80", "\xEF\xBB\xBF", " \xE3\x80\x80 " };
    static const char *const texts[] = { "a", "。", "、中", "ａ", "é", "Â", "a b", "中　文", "\x7F" };
    char all[64];
    for (size_t a = 0; a < LEN(spaces); a++)
        for (size_t t = 0; t < LEN(texts); t++)
            for (size_t b = 0; b < LEN(spaces); b++) {
                snprintf(all, sizeof all, "%s%s%s", spaces[a], texts[t], spaces[b]);
                assert_true(str_is(str_trim(str_of(all)), texts[t]));
            }
}

static void json_good(void **state)
{
    (void)state;
    struct arena a = arena_make(1 << 20);
    struct json_error e;
    struct json *j = json_read(&a, STR(" {\"a\": [1, -2.5e1, \"\\u4e2d\\n\\ud83d\\ude00\"], \"b\": {\"x/y~\": null}, \"c\": true} "), &e);
    assert_non_null(j);
    assert_int_equal(j->n, 3);
    const struct json *list = json_get(j, "a");
    assert_int_equal(list->child->number, 1);
    assert_int_equal(list->child->next->type, JSON_REAL);
    assert_true(str_is(list->child->next->next->text, "中\n\xF0\x9F\x98\x80"));
    assert_true(str_is(json_path(&a, list->child->next), "/a/1"));
    assert_true(str_is(json_path(&a, json_get(j, "b")->child), "/b/x~1y~0"));
    assert_true(json_get(j, "c")->is_true);
    assert_null(json_get(j, "d"));
    arena_free(&a);
}

static void json_bad(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        enum json_fault fault;
        const char *path;
    } cases[] = {
        { "", JSON_FAULT_SYNTAX, "" },
        { "{\"a\":1,\"a\":2}", JSON_FAULT_DOUBLED, "" },
        { "[1,]", JSON_FAULT_SYNTAX, "/1" },
        { "{\"k\": [1, 01]}", JSON_FAULT_SYNTAX, "/k" },
        { "[\"\xC0\x80\"]", JSON_FAULT_UTF8, "/0" },
        { "[\"\\ud800\"]", JSON_FAULT_UTF8, "/0" },
        { "[\"\\u0000\"]", JSON_FAULT_UTF8, "/0" },
        { "[\"a\nb\"]", JSON_FAULT_SYNTAX, "/0" },
        { "[NaN]", JSON_FAULT_SYNTAX, "/0" },
        { "[1] x", JSON_FAULT_SYNTAX, "" },
        { "\"\\", JSON_FAULT_SYNTAX, "" },
        { "[1", JSON_FAULT_SYNTAX, "" },
        { "{\"a\" 1}", JSON_FAULT_SYNTAX, "" },
        { "-", JSON_FAULT_SYNTAX, "" },
        { "tru", JSON_FAULT_SYNTAX, "" },
    };
    for (size_t i = 0; i < LEN(cases); i++) {
        struct arena a = arena_make(1 << 20);
        struct json_error e;
        assert_null(json_read(&a, str_of(cases[i].text), &e));
        assert_int_equal(e.fault, cases[i].fault);
        if (cases[i].fault != JSON_FAULT_SYNTAX)
            assert_true(str_is(e.path, cases[i].path));
        arena_free(&a);
    }
}

static void json_limits(void **state)
{
    (void)state;
    struct buf b = buf_make(8 << 20);
    for (int i = 0; i < 10000; i++)
        buf_char(&b, '[');
    struct arena a = arena_make(1 << 20);
    struct json_error e;
    assert_null(json_read(&a, buf_view(&b), &e));
    assert_int_equal(e.fault, JSON_FAULT_DEPTH);
    buf_reset(&b);
    buf_char(&b, '{');
    for (int i = 0; i < 100000; i++)
        buf_printf(&b, "%s\"k%d\":1", i > 0 ? "," : "", i);
    struct buf doubled = buf_make(8 << 20);
    buf_str(&doubled, buf_view(&b));
    buf_z(&doubled, ",\"k77\":1}");
    buf_char(&b, '}');
    struct arena big = arena_make(64 << 20);
    assert_non_null(json_read(&big, buf_view(&b), &e));
    assert_null(json_read(&big, buf_view(&doubled), &e));
    assert_int_equal(e.fault, JSON_FAULT_DOUBLED);
    arena_free(&a);
    assert_null(json_read(&a, buf_view(&b), &e));
    assert_int_equal(e.fault, JSON_FAULT_MEMORY);
    arena_free(&a);
    arena_free(&big);
    buf_free(&b);
    buf_free(&doubled);
}

static void json_text_round(void **state)
{
    (void)state;
    struct arena a = arena_make(1 << 20);
    struct str hostile = STR("</script>\"\\\n\t\x01&' 名\xE2\x80\xA8");
    struct buf b = buf_make(1000);
    json_put_text(&b, hostile);
    struct json_error e;
    struct json *j = json_read(&a, buf_view(&b), &e);
    assert_non_null(j);
    assert_true(str_eq(j->text, hostile));
    assert_null(strchr(b.p, '<'));
    buf_free(&b);
    arena_free(&a);
}

static void maps(void **state)
{
    (void)state;
    struct arena a = arena_make(1 << 20);
    struct map m = map_make(&a, 7);
    for (int i = 0; i < 1000; i++)
        assert_true(map_put(&m, arena_printf(&a, "key%d", i), i));
    assert_false(map_put(&m, STR("key5"), 9));
    for (int i = 0; i < 1000; i++)
        assert_int_equal(map_get(&m, arena_printf(&a, "key%d", i), -1), i);
    assert_int_equal(map_get(&m, STR("none"), -1), -1);
    arena_free(&a);
}

static void arena_limit(void **state)
{
    (void)state;
    struct arena a = arena_make(100000);
    assert_non_null(arena_try(&a, 50000));
    assert_null(arena_try(&a, 60000));
    assert_null(arena_try(&a, SIZE_MAX - 3));
    assert_non_null(arena_try(&a, 100));
    arena_free(&a);
    assert_non_null(arena_try(&a, 90000));
    struct errs errs = errs_make(&a);
    arena_free(&a);
    a.max_bytes = 1 << 20;
    for (int i = 0; i < 250; i++)
        errs_add(&errs, MSG_json_utf8, STR("name"), "1", "2", NULL)->row = i;
    assert_int_equal(errs.n, ERRS_KEPT);
    assert_int_equal(errs.total, 250);
    arena_free(&a);
}

static void pinyin(void **state)
{
    (void)state;
    static const struct {
        const char *name, *key;
    } cases[] = {
        { "陈思远", "chen si yuan 陈思远" }, { "单雄信", "shan xiong xin 单雄信" }, { "孟单", "meng dan 孟单" },
        { "曾国藩", "zeng guo fan 曾国藩" }, { "CT室", "ct shi CT室" },        { "Anna Li", "anna li Anna Li" },
        { "", "" },                          { "\xFF", "\xFF" },
    };
    struct arena a = arena_make(1 << 20);
    for (size_t i = 0; i < LEN(cases); i++)
        assert_string_equal(pinyin_key(&a, str_of(cases[i].name)).p, cases[i].key);
    assert_true(str_cmp(pinyin_key(&a, STR("赵一")), pinyin_key(&a, STR("阿二"))) > 0);
    arena_free(&a);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(dates),     cmocka_unit_test(numbers_and_space), cmocka_unit_test(utf8), cmocka_unit_test(formulas), cmocka_unit_test(trimming),
        cmocka_unit_test(json_good), cmocka_unit_test(json_bad),          cmocka_unit_test(json_limits),
        cmocka_unit_test(maps),      cmocka_unit_test(json_text_round),   cmocka_unit_test(arena_limit),
        cmocka_unit_test(pinyin),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
