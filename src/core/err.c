/* A bounded list of input errors. */
#include "core/err.h"

#include <stdarg.h>

struct errs errs_make(struct arena *a)
{
    return (struct errs){ .arena = a };
}

struct err *errs_add(struct errs *e, enum msg_id id, struct str at, ...)
{
    assert(e->arena != NULL);
    e->total++;
    if (e->n == ERRS_KEPT)
        return ARENA_NEW(e->arena, struct err);
    struct err *item = ARENA_PUSH(e->arena, e->item, e->n, e->cap);
    *item = (struct err){ .id = id, .at = arena_str(e->arena, at) };
    va_list ap;
    va_start(ap, at);
    const char *z;
    for (int i = 0; i < ERR_ARGS && (z = va_arg(ap, const char *)) != NULL; i++)
        item->arg[i] = arena_str(e->arena, str_of(z));
    va_end(ap);
    return item;
}
