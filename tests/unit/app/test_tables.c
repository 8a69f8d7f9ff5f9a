/* What is printed can be read: tables out by print/, back in by read/, through the child. */
#include "print/table.h"
#include "read/read.h"
#include "unit.h"

#include <sys/resource.h>
#include <unistd.h>
#include <zip.h>

enum { COLUMNS = 4 };

static const struct str departments[] = { STR("超声科"), STR("放射科"), STR("=设备科") };

static const struct print_column columns[COLUMNS] = {
    { .header = MSG_field_name, .is_required = true, .note = MSG_note_students_name },
    { .header = MSG_field_department_id, .choice = departments, .choices = LEN(departments), .width_chars = 24 },
    { .header = MSG_field_seats, .kind = PRINT_INT },
    { .header = MSG_field_at, .kind = PRINT_DATE },
};

static const char *const table[][COLUMNS] = {
    { "李雷", "超声科", "28", "2027-03-01" },
    { "0070", "", "-3", "1900-03-01" },
    { "=1+1", "+86 10", "@x", "-" },
    { "'=x", "''+y", "'tis", "1850-01-01" },
    { "say \"hi\", ok", "两行\n文字", "123456789012345", "no date" },
    { "_x0041_", "a&b<c>", "1234567890123456", "9999-12-31" },
    { "𠮷野　家", "a\tb;c", "", "x" },
    { "＝全角", "", "", "" },
};

static bool table_row(void *ctx, int64_t i, struct str *cell)
{
    (void)ctx;
    if (i == LEN(table))
        return false;
    for (int c = 0; c < COLUMNS; c++)
        cell[c] = str_of(table[i][c]);
    return true;
}

struct seen {
    int64_t rows, first; /* `first` rows stand above the table: title, header */
    enum lang lang;
    struct str name;
};

static enum status check_row(void *ctx, const struct read_row *row)
{
    struct seen *s = ctx;
    int64_t i = s->rows++ - s->first;
    assert_true(str_eq(row->sheet_name, s->name));
    assert_int_equal(row->number, s->rows);
    if (i == -1)
        for (size_t c = 0; c < COLUMNS; c++)
            assert_true(str_is(row->cell[c], msg_text(columns[c].header, s->lang)));
    for (size_t c = 0; i >= 0 && c < COLUMNS; c++) {
        struct str got = c < row->n ? row->cell[c] : STR("");
        if (!str_is(got, table[i][c]))
            fail_msg("row %d column %zu: %.*s, not %s", (int)i, c, STR_ARG(got), table[i][c]);
    }
    return STATUS_OK;
}

static void read_back(const struct buf *b, struct seen *s, struct read_report *report)
{
    struct arena a = arena_make(1 << 20);
    struct errs errs = errs_make(&a);
    struct read_limits l = read_limits_default();
    assert_int_equal(read_table_in_child("/proc/self/exe", (struct read_source){ buf_view(b), STR("") }, &l, NULL, check_row, s, report, &errs), STATUS_OK);
    arena_free(&a);
}

static void both_ways(void **state)
{
    (void)state;
    for (enum lang lang = 0; lang < LANG_COUNT; lang++) {
        struct print_sheet sheets[] = {
            { .name = MSG_field_name, .title = MSG_note_students_name, .column = columns, .columns = COLUMNS, .row = table_row },
            { .name = MSG_field_seats, .column = columns, .columns = COLUMNS },
        };
        struct read_report report;
        struct buf b = buf_make(16 << 20);
        struct seen s = { .first = 1, .lang = lang, .name = STR("") };
        assert_int_equal(print_csv(&b, lang, &sheets[0]), STATUS_OK);
        read_back(&b, &s, &report);
        assert_int_equal(s.rows, 1 + LEN(table));
        buf_reset(&b);
        s = (struct seen){ .first = 2, .lang = lang, .name = str_of(msg_text(MSG_field_name, lang)) };
        assert_int_equal(print_xlsx(&b, lang, sheets, 1), STATUS_OK);
        read_back(&b, &s, &report);
        assert_int_equal(s.rows, 2 + LEN(table));
        assert_int_equal(report.hidden_sheets, 1);
        buf_free(&b);
    }
}

/* The bytes of a part of a printed workbook, malloc'd, terminated. */
static char *part_of(const struct buf *b, const char *name)
{
    zip_error_t e;
    zip_stat_t s;
    zip_t *z = zip_open_from_source(zip_source_buffer_create(b->p, b->n, 0, &e), ZIP_RDONLY, &e);
    assert_non_null(z);
    assert_int_equal(zip_stat(z, name, 0, &s), 0);
    char *p = calloc(1, s.size + 1);
    zip_file_t *f = zip_fopen(z, name, 0);
    assert_int_equal(zip_fread(f, p, s.size), s.size);
    zip_fclose(f);
    zip_discard(z);
    return p;
}

/* What can't be read back: lists, notes, formats of whole columns, and that nothing is a formula. */
static void template_parts(void **state)
{
    (void)state;
    struct print_sheet sheet = { .name = MSG_field_name, .title = MSG_note_students_name, .column = columns, .columns = COLUMNS, .row = table_row };
    struct buf b = buf_make(16 << 20);
    assert_int_equal(print_xlsx(&b, LANG_ZH, &sheet, 1), STATUS_OK);
    char *main_sheet = part_of(&b, "xl/worksheets/sheet1.xml"), *lists = part_of(&b, "xl/worksheets/sheet2.xml");
    char *book = part_of(&b, "xl/workbook.xml"), *notes = part_of(&b, "xl/comments1.xml");
    assert_null(strstr(main_sheet, "<f>"));
    assert_non_null(strstr(main_sheet, "<mergeCell ref=\"A1:D1\"/>"));
    assert_non_null(strstr(main_sheet, "<pane ySplit=\"2\""));
    assert_non_null(strstr(main_sheet, "type=\"list\""));
    assert_non_null(strstr(main_sheet, "sqref=\"B3:B2011\""));
    assert_non_null(strstr(main_sheet, "'选项'!$A$1:$A$3"));
    assert_non_null(strstr(lists, "放射科"));
    assert_non_null(strstr(book, "state=\"hidden\""));
    assert_non_null(strstr(notes, msg_text(MSG_print_required, LANG_ZH)));
    assert_non_null(strstr(notes, msg_text(MSG_note_students_name, LANG_ZH)));
    free(main_sheet);
    free(lists);
    free(book);
    free(notes);
    buf_free(&b);
    b = buf_make(1000);
    assert_int_equal(print_xlsx(&b, LANG_ZH, &sheet, 1), STATUS_LIMIT);
    buf_free(&b);
}

static bool long_cell(void *ctx, int64_t i, struct str *cell)
{
    cell[0] = *(struct str *)ctx;
    return i == 0;
}

static void too_long(void **state)
{
    (void)state;
    static char text[200000];
    memset(text, 'a', sizeof text);
    for (size_t n = 40000; n <= sizeof text; n += sizeof text - 40000) {
        struct str s = { text, n };
        struct print_sheet sheet = { .name = MSG_field_name, .column = columns, .columns = 1, .row = long_cell, .ctx = &s };
        struct buf b = buf_make(16 << 20);
        assert_int_equal(print_xlsx(&b, LANG_ZH, &sheet, 1), STATUS_LIMIT);
        assert_int_equal(b.n, 0);
        buf_free(&b);
    }
}

/* No file for what the workbook is written through: said, and the next one works. */
static void no_file(void **state)
{
    (void)state;
    struct print_sheet sheet = { .name = MSG_field_name, .column = columns, .columns = COLUMNS, .row = table_row };
    struct rlimit was, least;
    struct buf b = buf_make(1 << 20);
    int next = dup(0);
    close(next);
    assert_int_equal(getrlimit(RLIMIT_NOFILE, &was), 0);
    for (rlim_t more = 0; more < 2; more++) { /* neither for the workbook itself, nor for its sheets */
        least = (struct rlimit){ (rlim_t)next + more, was.rlim_max };
        assert_int_equal(setrlimit(RLIMIT_NOFILE, &least), 0);
        enum status st = print_xlsx(&b, LANG_ZH, &sheet, 1);
        assert_int_equal(setrlimit(RLIMIT_NOFILE, &was), 0);
        assert_int_not_equal(st, STATUS_OK);
        assert_int_equal(b.n, 0);
    }
    assert_int_equal(print_xlsx(&b, LANG_ZH, &sheet, 1), STATUS_OK);
    assert_memory_equal(b.p, "PK", 2);
    buf_free(&b);
}

int main(int argc, char **argv)
{
    if (argc == 2 && strcmp(argv[1], READ_CHILD_COMMAND) == 0)
        read_child_main(argc, argv);
    const struct CMUnitTest tests[] = { cmocka_unit_test(both_ways), cmocka_unit_test(template_parts), cmocka_unit_test(too_long),
                                        cmocka_unit_test(no_file) };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
