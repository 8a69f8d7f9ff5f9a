/* What was wrong with what somebody gave: a message id, where, and the arguments; never a sentence.
 * The sentences stand in msg/, by id, in both languages. */
#ifndef CORE_ERR_H
#define CORE_ERR_H

#include "core/arena.h"
#include "core/ids.h" /* enum msg_id, generated from src/msg/(any).def */

enum { ERR_ARGS = 3, ERRS_KEPT = 100 };

struct err {
    enum msg_id id;
    struct str at;            /* field name, RFC 6901 pointer, or empty */
    int32_t row, column;      /* of a table file, 1-based; 0 = none */
    struct str arg[ERR_ARGS]; /* what {1} {2} {3} of the sentence say */
};

/* All errors of one input; the first ERRS_KEPT are kept, all are counted. */
struct errs {
    struct arena *arena; /* owns the texts */
    struct err *item;
    size_t n, cap;
    size_t total;
};

struct errs errs_make(struct arena *a);
/* Adds one and returns it for more detail (row, column), or a scratch one when the list is full.
 * Up to ERR_ARGS arguments of type const char * follow, ended by NULL. */
struct err *errs_add(struct errs *e, enum msg_id id, struct str at, ...) __attribute__((sentinel));

#endif
