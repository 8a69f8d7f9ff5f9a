/* Lists of numbers that a form or a request gives as one text: "12,7,30". */
#ifndef APP_IDS_H
#define APP_IDS_H

#include "app/app.h"

/* Reads them into the call's arena; adds an error at `field` for what is no number. */
enum status ids_read(struct call *c, const char *field, struct str text, int64_t **out, size_t *n) MUST;

#endif
