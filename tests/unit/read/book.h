/* For the tests of this room: packs a workbook from the XML of its parts, as terse as the standard allows. */
#ifndef TESTS_READ_BOOK_H
#define TESTS_READ_BOOK_H

#include "dump.h"

#include <zip.h>

#define MAIN "xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\""
#define RELS "xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\""
#define OFFICE "http://schemas.openxmlformats.org/officeDocument/2006/relationships"

struct book_part {
    const char *name, *xml;
};

/* An archive of the parts, malloc'd. */
static inline struct str book_pack(const struct book_part *part, size_t n)
{
    zip_error_t e;
    zip_stat_t s;
    zip_source_t *memory = zip_source_buffer_create(NULL, 0, 0, &e);
    zip_source_keep(memory);
    zip_t *z = zip_open_from_source(memory, ZIP_TRUNCATE, &e);
    assert_non_null(z);
    for (size_t i = 0; i < n; i++)
        assert_true(zip_file_add(z, part[i].name, zip_source_buffer(z, part[i].xml, strlen(part[i].xml), 0), 0) >= 0);
    assert_int_equal(zip_close(z), 0);
    zip_source_open(memory);
    zip_source_stat(memory, &s);
    char *p = malloc(s.size);
    assert_int_equal(zip_source_read(memory, p, s.size), s.size);
    zip_source_close(memory);
    zip_source_free(memory);
    return (struct str){ p, s.size };
}

/* A workbook of one sheet "S"; strings, styles and the workbook's own properties may be NULL. */
static inline struct str book_of(const char *sheet, const char *strings, const char *styles, const char *properties)
{
    struct buf book = buf_make(1 << 20), xml = buf_make(64 << 20);
    buf_printf(&book, "<workbook " MAIN " xmlns:r=\"" OFFICE "\">%s<sheets><sheet name=\"S\" sheetId=\"1\" r:id=\"r1\"/></sheets></workbook>",
               properties != NULL ? properties : "");
    buf_printf(&xml, "<worksheet " MAIN ">%s</worksheet>", sheet);
    struct book_part part[] = {
        { "_rels/.rels", "<Relationships " RELS "><Relationship Id=\"a\" Type=\"" OFFICE "/officeDocument\" Target=\"xl/workbook.xml\"/></Relationships>" },
        { "xl/workbook.xml", book.p },
        { "xl/_rels/workbook.xml.rels",
          "<Relationships " RELS "><Relationship Id=\"r1\" Type=\"" OFFICE "/worksheet\" Target=\"worksheets/sheet1.xml\"/>"
          "<Relationship Id=\"r2\" Type=\"" OFFICE "/sharedStrings\" Target=\"/xl/sharedStrings.xml\"/>"
          "<Relationship Id=\"r3\" Type=\"" OFFICE "/styles\" Target=\"./styles.xml\"/></Relationships>" },
        { "xl/worksheets/sheet1.xml", xml.p },
        { "xl/sharedStrings.xml", strings != NULL ? strings : "<sst/>" },
        { "xl/styles.xml", styles != NULL ? styles : "<styleSheet/>" },
    };
    struct str s = book_pack(part, LEN(part));
    buf_free(&book);
    buf_free(&xml);
    return s;
}

#endif
