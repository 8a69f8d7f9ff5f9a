/* What must come before a rotation, as one text of a cell, both ways: 设备维修（0-4）、质控与计量. */
#ifndef APP_IMPORT_ORDERS_H
#define APP_IMPORT_ORDERS_H

#include "app/import.h"

enum { IMPORT_ORDERS_MOST = 40 };

struct import_order {
    struct str name;
    int64_t least, most; /* weeks between; NONE: not said */
};

/* Sorts o by name. */
struct str import_orders_put(struct arena *a, struct import_order *o, int n) MUST;
/* How many, at most IMPORT_ORDERS_MOST; -1 with a fault at the row. */
int import_orders_read(struct import_row_in *row, struct str text, struct import_order *o) MUST;
/* Whether a cell says in so many words that there is nothing. */
bool import_is_none(struct arena *a, struct str text) MUST;

#endif
