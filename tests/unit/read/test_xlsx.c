/* Workbooks: what cells show, where rows stand, which sheets are read, what is refused; and files that office programs wrote. */
#include "book.h"

static void book_is(const char *sheet, const char *strings, const char *styles, const char *properties, const char *want)
{
    struct str b = book_of(sheet, strings, styles, properties);
    dump_is(b, want);
    free((char *)b.p);
}

#define ROW(n, cells) "<row r=\"" #n "\">" cells "</row>"
#define DATA(rows) "<sheetData>" rows "</sheetData>"

static void cells(void **state)
{
    (void)state;
    book_is(DATA(ROW(1, "<c r=\"A1\"><v>28.0</v></c><c r=\"C1\" t=\"b\"><v>1</v></c><c r=\"D1\" t=\"str\"><f>x</f><v> a &amp; b </v></c>")),
            NULL, NULL, NULL, "S:1|28||TRUE|a & b\n");
    book_is(DATA(ROW(2, "<c t=\"inlineStr\"><is><t>one</t></is></c><c t=\"inlineStr\"><is><r><rPr><b/></rPr><t>t</t></r><r><t xml:space=\"preserve\">w o</t></r>"
                        "<rPh sb=\"0\" eb=\"1\"><t>GUIDE</t></rPh></is></c>")),
            NULL, NULL, NULL, "S:2|one|tw o\n");
    book_is(DATA(ROW(1, "<c t=\"s\"><v>1</v></c><c t=\"s\"><v> 0 </v></c><c t=\"s\"><v>2</v></c>")),
            "<sst><si><t>zero</t></si><si><r><t>o</t></r><r><t>ne</t></r><rPh><t>no</t></rPh><phoneticPr/></si><si><t/></si></sst>", NULL, NULL,
            "S:1|one|zero\n");
    book_is(DATA(ROW(1, "<c t=\"s\"><v>9</v></c><c t=\"s\"><v>-1</v></c><c t=\"e\"><v>#REF!</v></c><c t=\"zz\"><v>1</v></c><c><v>x1</v></c>")),
            "<sst><si><t>a</t></si></sst>", NULL, NULL,
            "S:1|9|-1|#REF!|1|x1\n! S:1,1 cell_text 9\n! S:1,2 cell_text -1\n! S:1,3 cell_error #REF!\n! S:1,4 cell_kind zz\n! S:1,5 cell_number x1\n");
    book_is(DATA(ROW(1, "<c><f>A2</f></c><c><f>A2</f><v></v></c><c t=\"str\"><f>A2</f><v></v></c><c><f>A2</f><v>7</v></c>")), NULL, NULL, NULL,
            "S:1||||7\n! S:1,1 cell_no_result\n! S:1,2 cell_no_result\n");
    book_is(DATA(ROW(1, "<c t=\"类类类类类类类类类\"><v>1</v></c>")), NULL, NULL, NULL, "S:1|1\n! S:1,1 cell_kind 类类类类类类类\n");
    book_is(DATA(ROW(1, "<c t=\"inlineStr\"><is><t>_x0041__x000d_\r\n_x005F_x_xD800_é_x4E2D_</t></is></c>")), NULL, NULL, NULL,
            "S:1|A\n_x_xD800_é中\n");
}

static void styles(void **state)
{
    (void)state;
    static const char sheet[] = DATA(ROW(1, "<c s=\"1\"><v>46447</v></c><c s=\"2\"><v>46447.5</v></c><c s=\"3\"><v>7</v></c><c s=\"0\"><v>46447</v></c>"
                                            "<c s=\"99\"><v>5</v></c><c s=\"4\"><v>46447</v></c><c t=\"d\"><v>2027-03-01T00:00:00</v></c>"));
    static const char style[] = "<styleSheet><numFmts><numFmt numFmtId=\"164\" formatCode=\"yyyy/m/d h:mm\"/><numFmt numFmtId=\"165\" formatCode=\"000\"/>"
                                "<numFmt numFmtId=\"14\" formatCode=\"0.0\"/><numFmt numFmtId=\"70000\" formatCode=\"d\"/></numFmts>"
                                "<cellStyleXfs><xf numFmtId=\"22\"/></cellStyleXfs><cellXfs><xf/><xf numFmtId=\"31\"/><xf numFmtId=\"164\"/>"
                                "<xf numFmtId=\"165\"/><xf numFmtId=\"14\"/></cellXfs></styleSheet>";
    book_is(sheet, NULL, style, NULL, "S:1|2027-03-01|2027-03-01 12:00|007|46447|5|46447|2027-03-01\n");
    book_is(sheet, NULL, style, "<workbookPr date1904=\"1\"/>", "S:1|2031-03-02|2031-03-02 12:00|007|46447|5|46447|2027-03-01\n");
}

static void places(void **state)
{
    (void)state;
    /* No references at all, in a prefix of its own. */
    book_is("<x:sheetData xmlns:x=\"http://purl.oclc.org/ooxml/spreadsheetml/main\"><x:row><x:c><x:v>1</x:v></x:c><x:c/><x:c><x:v>3</x:v></x:c></x:row><x:row/>"
            "<x:row><x:c><x:v>4</x:v></x:c></x:row></x:sheetData>",
            NULL, NULL, NULL, "S:1|1||3\nS:3|4\n");
    book_is(DATA(ROW(5, "<c r=\"B5\"><v>1</v></c><c><v>2</v></c><c r=\"A5\"><v>0</v></c>") ROW(9, "")), NULL, NULL, NULL, "S:5|0|1|2\n");
    book_is(DATA(ROW(1, "<c r=\"A2\"><v>1</v></c><c r=\"11\"><v>2</v></c><c r=\"ZZZZ1\"><v>3</v></c>")), NULL, NULL, NULL,
            "S:1|1|2|3\n! S:1,1 cell_place A2\n! S:1,2 cell_place 11\n! S:1,3 cell_place ZZZZ1\n");
    book_is(DATA(ROW(2, "<c><v>1</v></c>") ROW(2, "<c><v>2</v></c>")), NULL, NULL, NULL, "S:2|1\n! S:2,0 row_order 2\n");
    book_is(DATA(ROW(2000000, "<c><v>1</v></c>")), NULL, NULL, NULL, "! S:0,0 row_order 2000000\n");
    book_is(DATA(ROW(1, "<c r=\"XFD1\" s=\"1\"/><c r=\"IW1\"><v/></c><c r=\"A1\"><v>1</v></c>")), NULL, NULL, NULL, "S:1|1\n");
    book_is(DATA(ROW(1, "<c r=\"IW1\"><v>1</v></c>")), NULL, NULL, NULL, "! S:1,257 columns_most 256\n");
    /* Rows and cells elsewhere than in the sheet's data mean nothing. */
    book_is("<row r=\"1\"><c><v>9</v></c></row>" DATA(ROW(1, "<c><v>1</v><extLst><v>8</v></extLst></c>")) "<extLst><sheetData><row r=\"7\"><c><v>7</v></c></row></sheetData></extLst>",
            NULL, NULL, NULL, "S:1|1\n");
}

#define TEXT(place, text) "<c r=\"" place "\" t=\"inlineStr\"><is><t>" text "</t></is></c>"
#define MERGES(list) "<mergeCells>" list "</mergeCells>"

static void merges(void **state)
{
    (void)state;
    book_is(DATA(ROW(1, TEXT("A1", "title") "<c r=\"B1\"/><c r=\"C1\"/>") ROW(2, TEXT("A2", "d1") TEXT("B2", "p1")) ROW(3, "<c r=\"A3\"/>" TEXT("B3", "p2"))
                     ROW(4, "<c r=\"A4\"/>") ROW(5, TEXT("A5", "d2") TEXT("B5", "p3")) ROW(6, TEXT("B6", "p4"))) MERGES(
                "<mergeCell ref=\"A1:C1\"/><mergeCell ref=\"A5:A6\"/><mergeCell ref=\"A2:A4\"/><mergeCell ref=\"C1:D9\"/><mergeCell ref=\"bad\"/><mergeCell/>"),
            NULL, NULL, NULL, "S:1|title\nS:2|d1|p1\nS:3|d1|p2\nS:5|d2|p3\nS:6|d2|p4\n");
    /* A header of two rows: below a name merged downwards the lower row is complete. */
    book_is(DATA(ROW(1, TEXT("A1", "name") TEXT("B1", "wishes")) ROW(2, TEXT("B2", "first") TEXT("C2", "second"))) MERGES(
                "<mergeCell ref=\"$A$1:$A$2\"/><mergeCell ref=\"B1:C1\"/>"),
            NULL, NULL, NULL, "S:1|name|wishes\nS:2|name|first|second\n");
    /* Its own text wins, and an area that begins in a missing row repeats nothing. */
    book_is(DATA(ROW(3, TEXT("A3", "own") TEXT("B3", "x")) ROW(4, TEXT("A4", "own2") TEXT("B4", "y"))) MERGES(
                "<mergeCell ref=\"A3:A5\"/><mergeCell ref=\"B1:B9\"/>"),
            NULL, NULL, NULL, "S:3|own|x\nS:4|own2|y\n");
}

static void several_sheets(void **state)
{
    (void)state;
    struct book_part part[] = {
        { "_rels/.rels", "<Relationships " RELS "><Relationship Id=\"a\" Type=\"http://purl.oclc.org/ooxml/officeDocument/relationships/officeDocument\" Target=\"/book/main.xml\"/></Relationships>" },
        { "book/main.xml",
          "<w:workbook xmlns:w=\"http://purl.oclc.org/ooxml/spreadsheetml/main\" xmlns:q=\"http://purl.oclc.org/ooxml/officeDocument/relationships\" conformance=\"strict\"><w:sheets>"
          "<w:sheet name=\"甲\" sheetId=\"3\" q:id=\"c\"/><w:sheet name=\"hid\" sheetId=\"2\" q:id=\"b\" state=\"hidden\"/>"
          "<w:sheet name=\"very\" sheetId=\"4\" q:id=\"b\" state=\"veryHidden\"/><w:sheet name=\"chart\" sheetId=\"5\" q:id=\"d\"/>"
          "<w:sheet name=\"empty\" sheetId=\"7\" q:id=\"f\"/><w:sheet name=\"乙\" sheetId=\"6\" q:id=\"e\" state=\"visible\"/></w:sheets></w:workbook>" },
        { "book/_rels/main.xml.rels",
          "<Relationships " RELS "><Relationship Id=\"c\" Type=\"x/worksheet\" Target=\"../data/One.XML\"/><Relationship Id=\"b\" Type=\"x/worksheet\" Target=\"/missing.xml\"/>"
          "<Relationship Id=\"d\" Type=\"x/chartsheet\" Target=\"/missing.xml\"/><Relationship Id=\"e\" Type=\"x/worksheet\" Target=\"/data/two.xml\"/>"
          "<Relationship Id=\"f\" Type=\"x/worksheet\" Target=\"/data/none.xml\"/><Relationship Id=\"g\" Type=\"x/styles\" TargetMode=\"External\" Target=\"http://127.0.0.1/x\"/></Relationships>" },
        { "data/one.xml", "<worksheet>" DATA(ROW(1, "<c><v>1</v></c>")) "</worksheet>" },
        { "data/two.xml", "<worksheet>" DATA(ROW(1, "<c><v>2</v></c>") ROW(2, "<c t=\"e\"><v>#N/A</v></c>")) "</worksheet>" },
        { "data/none.xml", "<worksheet><sheetData/></worksheet>" },
    };
    struct dump d;
    struct read_limits l = read_limits_default();
    struct str b = book_pack(part, LEN(part));
    dump_read(&d, b, "a.xlsx", &l);
    assert_string_equal(buf_view(&d.text).p, "甲:1|1\n乙:1|2\n乙:2|#N/A\n! 乙:2,1 cell_error #N/A\n");
    assert_int_equal(d.report.sheets, 3);
    assert_int_equal(d.report.hidden_sheets, 2);
    assert_true(d.report.is_whole);
    dump_end(&d);
    l.sheets = 1;
    dump_read(&d, b, "a.xlsx", &l);
    assert_string_equal(buf_view(&d.text).p, "甲:1|1\n! 甲:0,0 sheets_most 1\n");
    assert_false(d.report.is_whole);
    dump_end(&d);
    free((char *)b.p);
    part[1].name = "book/other.xml";
    b = book_pack(part, LEN(part));
    dump_is(b, "! :0,0 part_missing book/main.xml\n");
    free((char *)b.p);
}

static void refused(void **state)
{
    (void)state;
    static const struct {
        const char *sheet, *strings, *want;
    } cases[] = {
        { "<sheetData><row>", NULL, "! S:0,0 part_syntax xl/worksheets/sheet1.xml 1 96\n" },
        { "<sheetData>&bomb;</sheetData>", NULL, "! S:0,0 part_syntax xl/worksheets/sheet1.xml 1 89\n" },
        { "<sheetData/>", "<!DOCTYPE sst [<!ENTITY a \"aaaa\"><!ENTITY b \"&a;&a;&a;\">]><sst><si><t>&b;</t></si></sst>", "! :0,0 part_doctype xl/sharedStrings.xml\n" },
        { "<sheetData/>", "<!DOCTYPE sst SYSTEM \"file:///etc/passwd\"><sst/>", "! :0,0 part_doctype xl/sharedStrings.xml\n" },
        { "<sheetData/>", "<sst>\xFF</sst>", "! :0,0 part_syntax xl/sharedStrings.xml 1 6\n" },
        { "<sheetData/>", "<?xml version=\"1.0\" encoding=\"UTF-7\"?><sst/>", "! :0,0 part_syntax xl/sharedStrings.xml 1 31\n" },
        { "<sheetData/>", NULL, "! :0,0 empty\n" },
    };
    for (size_t i = 0; i < LEN(cases); i++)
        book_is(cases[i].sheet, cases[i].strings, NULL, NULL, cases[i].want);
    struct buf deep = buf_make(1 << 20), wide = buf_make(8 << 20);
    for (int i = 0; i < 100; i++)
        buf_z(&deep, "<a>");
    book_is(deep.p, NULL, NULL, NULL, "! S:0,0 part_deep xl/worksheets/sheet1.xml 64\n");
    buf_z(&wide, "<sheetData a=\"");
    for (int i = 0; i < 3 << 20; i++)
        buf_char(&wide, (char)('a' + i * 7 % 23));
    buf_z(&wide, "\"/>");
    struct dump d;
    struct read_limits l = read_limits_default();
    l.ratio = 100000;
    struct str b = book_of(wide.p, NULL, NULL, NULL);
    dump_read(&d, b, "", &l);
    assert_string_equal(buf_view(&d.text).p, "! S:0,0 part_long xl/worksheets/sheet1.xml 1048576\n");
    dump_end(&d);
    free((char *)b.p);
    buf_free(&deep);
    buf_free(&wide);
}

static void limits(void **state)
{
    (void)state;
    static const struct {
        size_t offset;
        int64_t most;
        const char *want;
    } cases[] = {
        { offsetof(struct read_limits, rows), 1, "S:1|one|two\n! S:2,0 rows_most 1\n" },
        { offsetof(struct read_limits, columns), 1, "! S:1,2 columns_most 1\n" },
        { offsetof(struct read_limits, cells), 2, "S:1|one|two\n! S:2,0 cells_most 2\n" },
        { offsetof(struct read_limits, cell_bytes), 3, "S:1|one|two\nS:2||2\n! S:2,1 cell_bytes_most 3\n" },
        { offsetof(struct read_limits, strings), 2, "! :0,0 strings_most 2\n" },
        { offsetof(struct read_limits, strings_bytes), 8, "! :0,0 strings_bytes_most 8\n" },
        { offsetof(struct read_limits, merges), 1, "! S:0,0 merges_most 1\n" },
        { offsetof(struct read_limits, zip_entries), 5, "! :0,0 zip_entries 6 5\n" },
        { offsetof(struct read_limits, unpacked_bytes), 100, "! :0,0 zip_unpacked 100\n" },
    };
    struct str b = book_of(DATA(ROW(1, "<c t=\"s\"><v>0</v></c><c t=\"s\"><v>1</v></c>") ROW(2, "<c t=\"s\"><v>2</v></c><c><v>2</v></c>"))
                               MERGES("<mergeCell ref=\"F1:F2\"/><mergeCell ref=\"G1:G2\"/>"),
                           "<sst><si><t>one</t></si><si><t>two</t></si><si><t>three</t></si></sst>", NULL, NULL);
    for (size_t i = 0; i < LEN(cases); i++) {
        struct dump d;
        struct read_limits l = read_limits_default();
        memcpy((char *)&l + cases[i].offset, &cases[i].most, sizeof cases[i].most);
        dump_read(&d, b, "", &l);
        assert_string_equal(buf_view(&d.text).p, cases[i].want);
        dump_end(&d);
    }
    free((char *)b.p);
}

static void office_is(const char *file, const char *want)
{
    char path[200];
    struct read_limits l = read_limits_default();
    struct dump d;
    snprintf(path, sizeof path, "tests/data/tables/%s", file);
    struct str b = file_read(path);
    dump_read(&d, b, file, &l);
    assert_string_equal(buf_view(&d.text).p, want);
    dump_end(&d);
    free((char *)b.p);
}

#define STUDENTS \
    "学生名单:1|江州医科大学 2023 级实习生名单\n学生名单:3|学号|姓名||性别|出生日期|入学时间|成绩|已交材料\n" \
    "学生名单:4|230100101|陈思远||男|2004-02-29|2023-09-01 08:30|91.5|TRUE\n学生名单:5|230100102|欧阳娜娜||女|2003-12-31|2023-09-01|28|FALSE\n" \
    "学生名单:6|230100103|买买提·艾力||男|2004-07-01|2023-09-02 14:05:09|0.3|TRUE\n"
#define PRECEPTORS \
    "带教老师:1|科室|带教老师|可带人数\n带教老师:2|超声科|王芳|2\n带教老师:3|超声科|李强|2\n带教老师:4|超声科|赵敏|1\n带教老师:5|放射科|孙丽|2\n" \
    "Notes & <more>:7|||only here|1900-01-01|07:45|36:15\n"
#define PLAIN(at) \
    at ":1|学号|姓名|备注|开始\n" at ":2|0070|李雷|他说\"好\"，走了|2027-03-01\n" at ":3|0071|韩梅梅|第一行\n第二行|2027-12-31\n" at ":4|0072|𠮷野|a;b,c\td\n"

/* tests/data/tables/make says how these came to be. */
static void office_files(void **state)
{
    (void)state;
    office_is("lo_students.xlsx", STUDENTS "学生名单:9|000042|两行\n文字||2|2人|#DIV/0!|2027-03-01\n" PRECEPTORS "! 学生名单:9,6 cell_error #DIV/0!\n");
    office_is("op_students.xlsx", STUDENTS "学生名单:9|000042|两行\n文字\n" PRECEPTORS
              "! 学生名单:9,4 cell_no_result\n! 学生名单:9,5 cell_no_result\n! 学生名单:9,6 cell_no_result\n! 学生名单:9,7 cell_no_result\n");
    office_is("xw_students.xlsx", "数据:1|名称|日期|值\n数据:2|甲乙丙|2027-03-01|42\n数据:3|_x0041_ stays\nnext|1.101011990030712E+17|FALSE\n数据:4|=not a formula\n"
              "数据:5|#N/A\n! 数据:3,2 cell_digits 1.101011990030712E+17\n! 数据:5,1 cell_error #N/A\n");
    office_is("lo_1904.xlsx", "1904:1|date\n1904:2|2027-03-01\n1904:3|1904-01-02\n");
    office_is("lo_utf8.csv", PLAIN(""));
    office_is("lo_semicolon.csv", PLAIN(""));
    office_is("lo_gb18030.csv", PLAIN(""));
    office_is("lo_unicode.csv", PLAIN(""));
    office_is("lo_old.xls", "! :0,0 old_xls\n");
    office_is("lo_page.xls", "! :0,0 html\n");
    office_is("lo_students.ods", "! :0,0 ods\n");
    office_is("lo_locked.xlsx", "! :0,0 encrypted\n");
}

/* Cut anywhere, or with one byte changed: never a crash, and never taken for whole unless it still says the same. */
static void damaged(void **state)
{
    (void)state;
    struct str b = file_read("tests/data/tables/lo_students.xlsx");
    char *copy = malloc(b.n);
    struct read_limits l = read_limits_default();
    struct dump right, d;
    dump_read(&right, b, "", &l);
    for (size_t n = 0; n < b.n; n += b.n / 97) {
        dump_read(&d, (struct str){ b.p, n }, "", &l);
        assert_false(d.report.is_whole);
        dump_end(&d);
    }
    int differ = 0;
    for (size_t at = 0; at < b.n; at += 13) {
        memcpy(copy, b.p, b.n);
        copy[at] = (char)(copy[at] ^ (1 << at % 8));
        dump_read(&d, (struct str){ copy, b.n }, "", &l);
        differ += !d.report.is_whole;
        if (d.report.is_whole)
            assert_string_equal(buf_view(&d.text).p, buf_view(&right.text).p);
        dump_end(&d);
    }
    assert_true(differ > 100);
    dump_end(&right);
    free(copy);
    free((char *)b.p);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(cells),   cmocka_unit_test(styles), cmocka_unit_test(places),       cmocka_unit_test(merges),  cmocka_unit_test(several_sheets),
        cmocka_unit_test(refused), cmocka_unit_test(limits), cmocka_unit_test(office_files), cmocka_unit_test(damaged),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
