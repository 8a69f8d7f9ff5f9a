/* What the targets of plans and problems share. Included by one target each. */
#ifndef FUZZ_TARGET_H
#define FUZZ_TARGET_H

#include "core/text.h"

#include <stdlib.h>

/* A claim that no input may break. */
static void hold(bool claim)
{
    if (!claim)
        abort();
}

/* A writer into a struct buf. */
static inline bool into(void *ctx, const char *bytes, size_t n)
{
    struct buf *b = ctx;
    buf_add(b, bytes, n);
    return !b->failed;
}

#endif
