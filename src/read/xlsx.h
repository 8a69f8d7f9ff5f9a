/* Inside the room: a workbook's parts (ECMA-376): its sheets by name, its table of strings, its formats, and each sheet's rows. */
#ifndef READ_XLSX_H
#define READ_XLSX_H

#include "read/number.h"
#include "read/xml.h"

enum { FORMAT_IDS = 65536 };

struct strings {
    struct buf bytes;
    uint32_t *end; /* where text i ends; it begins where the one before ends */
    size_t n, cap;
};

struct styles {
    uint8_t *custom; /* FORMAT_IDS: what a custom format shows, by its id */
    bool *has_custom;
    uint32_t *xf; /* format id of a cell's style */
    size_t n, cap;
};

struct workbook {
    struct reader *r;
    struct container c;
    struct arena arena; /* names and targets */
    bool is_full;       /* more of them than it holds */
    bool is_1904;
    struct strings strings;
    struct styles styles;
};

/* Reads xl/sharedStrings.xml and xl/styles.xml by whatever name. */
enum status strings_read(struct workbook *w, const char *part) MUST;
/* Text i; false where there is none. */
bool strings_get(const struct strings *s, uint64_t i, struct str *text) MUST;
enum status styles_read(struct workbook *w, const char *part) MUST;
uint8_t styles_format(const struct styles *s, uint64_t style) MUST;

/* One merged area of one column; its text is repeated in each of its rows. */
struct merge {
    uint32_t column, first, last; /* 0-based column, 1-based rows */
};

/* Reads the merged areas of a sheet that are one column wide, by their first row. *merge is malloc'd. */
enum status merges_read(struct workbook *w, const char *part, struct merge **merge, size_t *n) MUST;
/* Gives the rows of one sheet. */
enum status sheet_read(struct workbook *w, const char *part) MUST;
/* The same for a sheet's XML in memory, without merged areas: for the fuzzer and tests. */
enum status sheet_read_bytes(struct workbook *w, struct str xml) MUST;

/* Undoes _xHHHH_ (ECMA-376 part 1, 22.9.2.19) in place; line breaks become \n. Returns the new length. */
size_t xstring_decode(char *p, size_t n) MUST;
/* "AB12" -> column 27, row 12; false where it is none. A missing row part gives row 0. */
bool place_parse(const char *z, uint32_t *column, uint32_t *row, const char **rest) MUST;

#endif
