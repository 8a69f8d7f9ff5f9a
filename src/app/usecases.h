/* The use cases of the table, one function each; private to this room. */
#ifndef APP_USECASES_H
#define APP_USECASES_H

#include "app/app.h"

/* Generic: store or delete the record that is the use case's input, inside the actor's scope. */
usecase_fn uc_save, uc_delete;
#define USECASE(name, mode, cap, label, in, out, run) extern usecase_fn run;
#include "app/usecases.def"
#undef USECASE

/* Whether record `id` of `r` belongs to what the actor may touch at all. STATUS_NOT_FOUND: absent or not his. */
enum status scope_check(struct call *c, const struct record *r, int64_t id) MUST;
/* Whether every reference in `rec` is inside the scope; errors at the fields. */
enum status scope_check_all(struct call *c, const struct record *r, const void *rec) MUST;

#endif
