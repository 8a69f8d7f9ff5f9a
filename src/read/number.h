/* Inside the room: what a number cell shows, by its format. Pure. */
#ifndef READ_NUMBER_H
#define READ_NUMBER_H

#include "read/reader.h"

/* What a number format shows; all else of it doesn't change what is read. */
enum { FORMAT_DATE = 1, FORMAT_TIME = 2, FORMAT_SECONDS = 4, FORMAT_ELAPSED = 8, FORMAT_ZEROS = 0x80, FORMAT_WIDTH = 0x1F };

/* By the number of a built-in format (ECMA-376 part 1, 18.8.30, with the East Asian ones). */
uint8_t format_builtin(uint32_t id) MUST;
/* By the code of a custom one, of which the first section counts: yyyy"年"m"月"d"日", 000000, [h]:mm. */
uint8_t format_of_code(struct str code) MUST;

enum { NUMBER_TEXT_BYTES = 48 };

/* What a cell of value `v` shows. False: *fault says why (FAULT_cell_number, FAULT_cell_digits, FAULT_cell_date); out then holds
 * the value itself as far as it fits. Dates count from 1900-01-01 = 1 with a leap day that never was (60), or from 1904-01-01 = 0. */
bool number_text(struct str v, uint8_t format, bool is_1904, char out[static NUMBER_TEXT_BYTES], enum fault *fault) MUST;
/* What a cell of the date kind (ISO 8601 text) shows. */
bool iso_date_text(struct str v, char out[static NUMBER_TEXT_BYTES], enum fault *fault) MUST;

#endif
