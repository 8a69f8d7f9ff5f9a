/* Imports without a database: headers found in either language, cells as texts that mean one thing, exceptions both ways. */
#include "app/import.h"
#include "app/imports.h"

#include "unit.h"

static struct arena arena;

static struct importing importing_of(enum import_kind kind, const struct cohort *cohort)
{
    struct importing im = { .arena = &arena, .kind = import_kind_find(kind), .cohort = cohort };
    im.column = import_columns_of(kind, &im.columns);
    struct map *maps[] = { &im.by_key, &im.by_alias, &im.in_file, &im.words, &im.ahead, &im.taken, &im.ids,
                           &im.department.by_word, &im.site.by_word, &im.rotation.by_word, &im.programme.by_word };
    for (size_t i = 0; i < LEN(maps); i++)
        *maps[i] = map_make(&arena, i);
    import_header_begin(&im);
    return im;
}

/* Words with | between as a row of cells. */
static size_t cells_of(const char *row, struct str *cell)
{
    struct str rest = str_of(row);
    size_t n = 0;
    while (rest.n > 0)
        cell[n++] = str_trim(str_cut(&rest, '|'));
    return n;
}

static bool try_header(struct importing *im, const char *row, struct import_header *h)
{
    struct str cell[40];
    int matched;
    size_t n = cells_of(row, cell);
    return import_header_try(im, cell, n, h, &matched);
}

static int at(const struct importing *im, const struct import_header *h, const char *column)
{
    return h->at[import_column_at(im, column)][0];
}

static void headers_in_either_language(void **state)
{
    (void)state;
    struct importing im = importing_of(import_kind_departments, NULL);
    static const char *const rows[] = {
        "序号|科室名称|可接收人数（人/周）|备注",     "|ｄｅｐａｒｔｍｅｎｔ　name|SEATS a week *|x", "　科　室　| |名额：|",
        "No|Department|Seats (at most)|Remarks",
    };
    static const int where[][2] = { { 2, 3 }, { 2, 3 }, { 1, 3 }, { 2, 3 } };
    for (size_t i = 0; i < LEN(rows); i++) {
        struct import_header h;
        assert_true(try_header(&im, rows[i], &h));
        assert_int_equal(at(&im, &h, "name_zh"), where[i][0]);
        assert_int_equal(at(&im, &h, "seats"), where[i][1]);
    }
}

static void headers_that_are_none(void **state)
{
    (void)state;
    struct importing im = importing_of(import_kind_departments, NULL);
    struct import_header h;
    assert_false(try_header(&im, "某医院接收计划", &h));
    assert_false(try_header(&im, "科室|联系人|电话", &h));
    assert_int_equal(h.missing, 1u << import_column_at(&im, "seats"));
    assert_int_equal(h.ignoreds, 2);
    assert_true(try_header(&im, "科室|名额|科室名称|电话", &h));
    assert_int_equal(h.doubleds, 1);
    assert_true(str_is(h.doubled[0], "科室名称"));
}

/* Every header and every synonym means one column, and the templates' own headers are found. */
static void every_word_means_one_column(void **state)
{
    (void)state;
    for (int k = 0; k < import_kind_COUNT; k++) {
        struct importing im = importing_of((enum import_kind)k, NULL);
        for (size_t i = 0; i < im.words_n; i++)
            for (size_t m = 0; m < i; m++)
                if (str_eq(im.word[i].pattern, im.word[m].pattern) && im.word[i].column != im.word[m].column)
                    fail_msg("%s: \"%.*s\" is %s and %s", import_kind_list.item[k].name, STR_ARG(im.word[i].pattern),
                             im.column[im.word[m].column].name, im.column[im.word[i].column].name);
    }
}

static void ranks_by_number(void **state)
{
    (void)state;
    struct importing im = importing_of(import_kind_wishes, NULL);
    struct import_header h;
    static const char *const rows[] = { "学号|志愿1|志愿2|志愿3", "学号|第一志愿|第二志愿|第三志愿", "id|1st wish|2nd wish|3rd wish",
                                        "学号|志愿 一|志愿 二|志愿 三", "Student number|Wish 1|Wish 2|Wish 3" };
    for (size_t i = 0; i < LEN(rows); i++) {
        assert_true(try_header(&im, rows[i], &h));
        assert_int_equal(h.repeats[import_column_at(&im, "ranked")], 3);
        for (int r = 0; r < 3; r++)
            assert_int_equal(h.at[import_column_at(&im, "ranked")][r], 2 + r);
    }
    assert_true(try_header(&im, "学号|第十二志愿", &h));
    assert_int_equal(h.at[import_column_at(&im, "ranked")][11], 2);
    assert_false(try_header(&im, "学号|志愿0|志愿", &h));
    assert_false(try_header(&im, "学号|志愿999", &h));
}

static void words_are_forgiven(void **state)
{
    (void)state;
    static const struct {
        const char *from, *name, *code;
    } table[] = {
        { "张　三", "张三", "张三" },           { " 欧阳 娜 娜 ", "欧阳娜娜", "欧阳娜娜" }, { "Anna  Lee", "Anna Lee", "AnnaLee" },
        { "２０２３００１", "2023001", "2023001" }, { "阿依古丽·买买提", "阿依古丽·买买提", "阿依古丽·买买提" },
    };
    for (size_t i = 0; i < LEN(table); i++) {
        assert_true(str_is(import_name(&arena, str_of(table[i].from)), table[i].name));
        assert_true(str_is(import_code(&arena, str_of(table[i].from)), table[i].code));
    }
    assert_true(str_is(import_code_of(&arena, STR("检验科")), "jianyanke"));
    assert_true(str_is(import_code_of(&arena, STR("☆")), "x"));
    assert_true(str_is(import_letters(&arena, 1), "A") && str_is(import_letters(&arena, 28), "AB") && str_is(import_letters(&arena, 703), "AAA"));
}

static void codes_that_are_free(void **state)
{
    (void)state;
    struct importing im = importing_of(import_kind_departments, NULL);
    for (int i = 1; i <= 3000; i++) {
        struct str code = import_code_free(&im, &arena, STR(""), STR("☆"));
        struct str want = i == 1 ? STR("x") : arena_printf(&arena, "x%d", i);
        assert_true(str_eq(code, want));
        map_put(&im.in_file, code, i);
    }
}

static struct import_row_in row_of(struct importing *im, const char *header, const char *cells)
{
    struct str cell[40];
    struct import_row_in row = { .im = im, .arena = &arena, .line = 2 };
    assert_true(try_header(im, header, &im->header));
    row.cell = ARENA_ARRAY(&arena, (size_t)im->columns, struct str);
    row.errs = errs_make(&arena);
    size_t n = cells_of(cells, cell);
    import_cells_take(&row, cell, n);
    return row;
}

static void cells_by_their_fields(void **state)
{
    (void)state;
    struct importing im = importing_of(import_kind_departments, NULL);
    struct import_row_in row = row_of(&im, "科室|名额|最少|简称", "超 声 科|４ 名|2.0|超");
    assert_int_equal(row.errs.total, 0);
    assert_true(str_is(import_cell(&im, row.cell, "name_zh"), "超声科"));
    assert_true(str_is(import_cell(&im, row.cell, "seats"), "4"));
    assert_true(str_is(import_cell(&im, row.cell, "minimum"), "2"));
    row = row_of(&im, "科室|名额|最少|简称", "|-1|一|超声检查科");
    static const struct {
        enum msg_id id;
        int column;
    } wrong[] = { { MSG_value_missing, 1 }, { MSG_value_too_long, 4 }, { MSG_value_not_int, 2 }, { MSG_value_not_int, 3 } };
    assert_int_equal(row.errs.total, LEN(wrong));
    for (size_t i = 0; i < LEN(wrong); i++) {
        assert_int_equal(row.errs.item[i].id, wrong[i].id);
        assert_int_equal(row.errs.item[i].column, wrong[i].column);
        assert_int_equal(row.errs.item[i].row, 2);
    }
    assert_true(str_is(import_cell(&im, row.cell, "seats"), "-1"));
}

static void exceptions_both_ways(void **state)
{
    (void)state;
    struct cohort cohort = { .first_week = date_of(2027, 3, 1), .weeks = 16 };
    struct importing im = importing_of(import_kind_departments, &cohort);
    static const struct {
        const char *from, *to; /* to: NULL = a fault */
    } table[] = {
        { "第8周：0（检修）；第9-10周：6", "第8周：0（检修）；第9-10周：6" },
        { "week 8: 0 (maintenance work), weeks 9-10 = 6", "第8周：0（maintenance work）；第9-10周：6" },
        { "8:0", "第8周：0" },
        { "2027-04-19：0", "第8周：0" },
        { "2027-04-19~2027-05-02:6", "第8-9周：6" },
        { "2026-12-07:1", "2026-12-07：1" },
        { "无", "无" },
        { "none", "无" },
        { "第17周：0", NULL },
        { "第0周：0", NULL },
        { "第8周", NULL },
        { "第8周：-1", NULL },
        { "第8周：1001", NULL },
        { "第9-8周：1", NULL },
        { "2027-04-20：0", NULL },
        { "2027-02-30：0", NULL },
        { "2027-03-01~2099-01-01：0", NULL },
        { "随便", NULL },
    };
    for (size_t i = 0; i < LEN(table); i++) {
        struct import_row_in row = { .im = &im, .arena = &arena, .line = 1 };
        struct exception x[EXCEPTIONS_MOST];
        row.errs = errs_make(&arena);
        int n = import_exceptions_read(&row, "exceptions", str_of(table[i].from), x);
        if (table[i].to == NULL) {
            if (n >= 0 || row.errs.total == 0)
                fail_msg("\"%s\" was taken", table[i].from);
            continue;
        }
        assert_int_equal(row.errs.total, 0);
        struct str put = import_exceptions_put(&arena, &cohort, x, n);
        if (!str_is(put, table[i].to))
            fail_msg("\"%s\" became \"%.*s\"", table[i].from, STR_ARG(put));
        assert_int_equal(import_exceptions_read(&row, "exceptions", put, x), n); /* what is stored can be read again */
    }
}

static void cells_as_json(void **state)
{
    (void)state;
    struct importing im = importing_of(import_kind_students, NULL);
    struct str in[COLUMNS_OF_KIND_MOST] = { STR("01"), STR("“\"\\</script>"), STR("") }, out[COLUMNS_OF_KIND_MOST];
    struct buf b = buf_make(1 << 16);
    import_put_cells(&b, &im, in);
    assert_true(import_get_cells(&arena, buf_view(&b), out, im.columns));
    for (int i = 0; i < im.columns; i++)
        assert_true(str_eq(in[i], out[i]));
    assert_false(import_get_cells(&arena, STR("{}"), out, im.columns));
    assert_false(import_get_cells(&arena, STR(""), out, im.columns));
    buf_free(&b);
}

static int up(void **state)
{
    (void)state;
    arena = arena_make(256 << 20);
    return 0;
}

static int down(void **state)
{
    (void)state;
    arena_free(&arena);
    return 0;
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(headers_in_either_language), cmocka_unit_test(headers_that_are_none),
        cmocka_unit_test(every_word_means_one_column), cmocka_unit_test(ranks_by_number),
        cmocka_unit_test(words_are_forgiven),         cmocka_unit_test(codes_that_are_free),
        cmocka_unit_test(cells_by_their_fields),      cmocka_unit_test(exceptions_both_ways),
        cmocka_unit_test(cells_as_json),
    };
    return cmocka_run_group_tests(tests, up, down);
}
