/* Text tables: encodings, separators, quotes, line ends, limits, faults with their places. */
#include "dump.h"

static void plain(void **state)
{
    (void)state;
    dump_is(STR("a,b,c\n1,2,3\n"), ":1|a|b|c\n:2|1|2|3\n");
    dump_is(STR("a,b"), ":1|a|b\n");
    dump_is(STR("a,b\r\n\r\n,\r\n x ,\t y \r\n"), ":1|a|b\n:4|x|y\n");
    dump_is(STR("a,b\rc,d\r"), ":1|a|b\n:2|c|d\n");
    dump_is(STR(",,a,,\n"), ":1|||a\n");
    dump_is(STR("\xEF\xBB\xBF姓名,　科室　\n"), ":1|姓名|科室\n");
    dump_is(STR("one\ntwo\n"), ":1|one\n:2|two\n");
}

static void quotes(void **state)
{
    (void)state;
    dump_is(STR("\"a,b\",\"say \"\"hi\"\"\"\n"), ":1|a,b|say \"hi\"\n");
    dump_is(STR("\"one\r\ntwo\rthree\nfour\",x\r\ny,z\r\n"), ":1|one\ntwo\nthree\nfour|x\n:2|y|z\n");
    dump_is(STR(" \"a\" , \"b\"\t\n"), ":1|a|b\n");
    dump_is(STR("\"\",\"\"\nx,\"\"\n"), ":2|x\n");
    dump_is(STR("=\"007\",\"=\"\"008\"\"\",'=1+1,''@x,'-5,'tis,-5\n"), ":1|007|008|=1+1|'@x|-5|'tis|-5\n");
}

static void quotes_out_of_place(void **state)
{
    (void)state;
    dump_is(STR("a,b\n实x\"y,1\n"), ":1|a|b\n:2|实x\"y|1\n! :2,1 quote_stray 2 3\n");
    dump_is(STR("\"two\nlines\",b\"c\n"), ":1|two\nlines|b\"c\n! :1,2 quote_stray 2 9\n");
    dump_is(STR("a,\"b\"c,\"d\"\nx\n"), ":1|a|bc|d\n:2|x\n! :1,2 quote_after 1 6\n");
    dump_is(STR("a,b\nc,\"d\ne,f\n"), ":1|a|b\n! :2,2 quote_open 2 3\n");
    dump_is(STR("a\"b\"c\"d,x\"y\n"), ":1|a\"b\"c\"d|x\"y\n! :1,1 quote_stray 1 2\n! :1,2 quote_stray 1 10\n");
}

static void separators(void **state)
{
    (void)state;
    dump_is(STR("a;b,c;d\n1;2;3\n4;5;6\n"), ":1|a|b,c|d\n:2|1|2|3\n:3|4|5|6\n");
    dump_is(STR("a\tb\n1,5\t2\n"), ":1|a|b\n:2|1,5|2\n");
    dump_is(STR("学号，姓名\n1，李\n"), ":1|学号|姓名\n:2|1|李\n");
    dump_is(STR("姓名,备注\n李,好，很好\n王,行，可以，\n"), ":1|姓名|备注\n:2|李|好，很好\n:3|王|行，可以，\n");
    dump_is(STR("sep=;\r\na,b;c\r\n\"x\"y;1\r\n"), ":1|a,b|c\n:2|xy|1\n! :2,1 quote_after 3 4\n");
    dump_is(STR("\"a;b;c;d\",x\n\"e;f\",y\n"), ":1|a;b;c;d|x\n:2|e;f|y\n");
    /* A name of the full-width block whose first byte is the separator's. */
    dump_is(STR("ａ，ｂ！\n１，２\n"), ":1|ａ|ｂ！\n:2|１|２\n");
}

static void encodings(void **state)
{
    (void)state;
    static const struct {
        struct str bytes;
        enum read_encoding encoding;
        const char *want;
    } cases[] = {
        { STR("name,\xE6\x9D\x8E\n"), READ_UTF8, ":1|name|李\n" },
        { STR("\xD0\xD5\xC3\xFB,\xBF\xC6\xCA\xD2\n\xC0\xEE,\x81\x30\x81\x30\n"), READ_GB18030, ":1|姓名|科室\n:2|李|\xC2\x80\n" },
        { STR("\xFF\xFE\x2F\x67\t\0\x42\xD8\xB7\xDF\r\0\n\0"), READ_UTF16, ":1|术|𠮷\n" },
        { STR("\xFE\xFF\x67\x2F\0\t\xD8\x42\xDF\xB7\0\n"), READ_UTF16, ":1|术|𠮷\n" },
        { STR("\x84\x31\x95\x33\xC0\xEE,a\n"), READ_GB18030, ":1|李|a\n" },
        /* GB18030 that UTF-8 would allow in part, and the other way round: damaged UTF-8 must not become other characters */
        { STR("\xC1\xAA\xCD\xA8,\xD2\xC6\xB6\xAF\n"), READ_GB18030, ":1|联通|移动\n" },
        { STR("姓名,科室\n李\xFF明,超声科放射科检验科\n"), READ_UTF8, "! :0,0 text_utf8 2 4\n" },
        { STR("\xEF\xBB\xBF" "a,b\n\xC0\xEE,c\n"), READ_UTF8, "! :0,0 text_utf8 2 1\n" },
        { STR("a,b\n\xD0\xD5,\xFF\n"), READ_UTF8, "! :0,0 text_unknown 2 0\n" },
        { STR("a,b\nc\0d\n"), READ_UTF8, "! :0,0 text_nul 2 2\n" },
        { STR("\xFF\xFE" "a\0\n\0" "b\0\0\0"), READ_UTF16, "! :0,0 text_utf16 2 0\n" },
        { STR("\xFF\xFE\x00\xD8\x61\x00"), READ_UTF16, "! :0,0 text_utf16 1 0\n" },
        { STR("\xFF\xFE\x61"), READ_UTF16, "! :0,0 text_utf16 1 0\n" },
    };
    struct read_limits l = read_limits_default();
    for (size_t i = 0; i < LEN(cases); i++) {
        struct dump d;
        dump_read(&d, cases[i].bytes, "x.csv", &l);
        const char *mark = strchr(cases[i].want, '!');
        if (mark == NULL)
            assert_int_equal(d.report.encoding, cases[i].encoding);
        assert_string_equal(strchr(buf_view(&d.text).p, '!') != NULL ? strchr(buf_view(&d.text).p, '!') : buf_view(&d.text).p, cases[i].want);
        dump_end(&d);
    }
}

/* Pieces of 64 KiB are decoded one after the other: nothing may be lost or doubled at their borders. */
static void long_files(void **state)
{
    (void)state;
    static const char *const targets[] = { "UTF-8", "GB18030", "UTF-16LE" };
    struct buf utf8 = buf_make(16 << 20), want = buf_make(16 << 20);
    for (int i = 1; i <= 20000; i++) {
        buf_printf(&utf8, "%d,学生%d,\"两\r\n行,%d\"\r\n", i, i, i);
        buf_printf(&want, ":%d|%d|学生%d|两\n行,%d\n", i, i, i, i);
    }
    for (size_t t = 0; t < LEN(targets); t++) {
        struct buf bytes = buf_make(32 << 20);
        char *in = utf8.p, *out = malloc(32 << 20), *to = out;
        size_t left = utf8.n, room = 32 << 20;
        iconv_t cd = iconv_open(targets[t], "UTF-8");
        assert_true(iconv(cd, &in, &left, &to, &room) != (size_t)-1 && left == 0);
        iconv_close(cd);
        buf_z(&bytes, t == 2 ? "\xFF\xFE" : "");
        buf_add(&bytes, out, (size_t)(to - out));
        free(out);
        dump_is(buf_view(&bytes), want.p);
        buf_free(&bytes);
    }
    buf_free(&utf8);
    buf_free(&want);
}

static void limits(void **state)
{
    (void)state;
    static const struct {
        const char *bytes;
        int64_t rows, columns, cells, cell_bytes, row_bytes, all;
        const char *want;
    } cases[] = {
        { "a\nb\nc\n", 2, 9, 99, 99, 99, 99, ":1|a\n:2|b\n! :3,0 rows_most 2\n" },
        { "a\n\n\nb\n", 2, 9, 99, 99, 99, 99, ":1|a\n:4|b\n" },
        { "a,b,c\n", 9, 2, 99, 99, 99, 99, "! :1,3 columns_most 2\n" },
        { "a,b,,,,\n", 9, 2, 99, 99, 99, 99, ":1|a|b\n" },
        { "a,b\nc,d\n", 9, 9, 3, 99, 99, 99, ":1|a|b\n! :2,0 cells_most 3\n" },
        { "abcde,b\nc\n", 9, 9, 99, 4, 99, 99, ":1||b\n:2|c\n! :1,1 cell_bytes_most 4\n" },
        { "abc,def,gh\nc\n", 9, 9, 99, 9, 6, 99, "! :1,0 row_bytes_most 6\n" },
        { "abcdefghijk", 9, 9, 99, 9, 99, 10, "! :0,0 too_large 11 10\n" },
    };
    for (size_t i = 0; i < LEN(cases); i++) {
        struct dump d;
        struct read_limits l = read_limits_default();
        l.rows = cases[i].rows;
        l.columns = cases[i].columns;
        l.cells = cases[i].cells;
        l.cell_bytes = cases[i].cell_bytes;
        l.row_bytes = cases[i].row_bytes;
        l.bytes = cases[i].all;
        dump_read(&d, str_of(cases[i].bytes), "x.csv", &l);
        assert_string_equal(buf_view(&d.text).p, cases[i].want);
        dump_end(&d);
    }
}

/* What is no table at all, or not by its name. */
static void kinds(void **state)
{
    (void)state;
    static const struct {
        struct str bytes;
        const char *name, *want;
    } cases[] = {
        { STR(""), "a.csv", "! :0,0 empty\n" },
        { STR("\xEF\xBB\xBF \r\n,,\r\n"), "a.csv", "! :0,0 empty\n" },
        { STR("%PDF-1.7\n"), "a.csv", "! :0,0 not_table\n" },
        { STR("\x89PNG\r\n\x1A\n\0\0"), "", "! :0,0 not_table\n" },
        { STR("\r\n <HTML><table>"), "a.xls", "! :0,0 html\n" },
        { STR("<?xml version=\"1.0\"?><Workbook>"), "a.xls", "! :0,0 xml_sheet\n" },
        { STR("\x09\x04\x06\0\0\0"), "a.xls", "! :0,0 old_xls\n" },
        { STR("a,b\n"), "名单.XLSX", "! :0,0 name_disagrees .xlsx CSV\n" },
        { STR("a,b\n"), "名单.xls", "! :0,0 name_disagrees .xls CSV\n" },
        { STR("PK\3\4"), "a.csv", "! :0,0 name_disagrees .csv XLSX\n" },
        { STR("a,b\n"), "no ending", ":1|a|b\n" },
        { STR("a,b\n"), "a.TXT", ":1|a|b\n" },
    };
    struct read_limits l = read_limits_default();
    for (size_t i = 0; i < LEN(cases); i++) {
        struct dump d;
        dump_read(&d, cases[i].bytes, cases[i].name, &l);
        assert_string_equal(buf_view(&d.text).p, cases[i].want);
        dump_end(&d);
    }
}

/* All are counted, a bounded number is kept, and the arena doesn't grow with them. */
static void many_faults(void **state)
{
    (void)state;
    struct buf b = buf_make(8 << 20);
    struct dump d;
    struct read_limits l = read_limits_default();
    for (int i = 0; i < 100000; i++)
        buf_z(&b, "a\"b\n");
    dump_read(&d, buf_view(&b), "", &l);
    assert_int_equal(d.errs.total, 100000);
    assert_int_equal(d.errs.n, ERRS_KEPT);
    assert_true(d.report.is_whole && d.report.rows == 100000);
    assert_true(d.arena.used_bytes < 1 << 20);
    dump_end(&d);
    buf_free(&b);
}

static enum status stop_at_two(void *ctx, const struct read_row *row)
{
    ++*(int *)ctx;
    return row->number == 2 ? STATUS_CONFLICT : STATUS_OK;
}

static void callback_stops(void **state)
{
    (void)state;
    struct dump d;
    struct read_limits l = read_limits_default();
    int calls = 0;
    dump_begin(&d);
    d.st = read_table((struct read_source){ STR("a\nb\nc\n"), STR("") }, &l, stop_at_two, &calls, &d.report, &d.errs);
    assert_int_equal(d.st, STATUS_CONFLICT);
    assert_int_equal(calls, 2);
    assert_false(d.report.is_whole);
    dump_end(&d);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(plain),      cmocka_unit_test(quotes),     cmocka_unit_test(quotes_out_of_place),
        cmocka_unit_test(separators), cmocka_unit_test(encodings),  cmocka_unit_test(long_files),
        cmocka_unit_test(limits),     cmocka_unit_test(kinds),      cmocka_unit_test(many_faults),
        cmocka_unit_test(callback_stops),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
