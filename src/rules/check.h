/* What a record must satisfy beyond its fields, as pure functions: a table from record to rule. */
#ifndef RULES_CHECK_H
#define RULES_CHECK_H

#include "records/records.h"

/* Adds the errors of `rec` to errs; records without a rule have none. Also fills the read-only fields that follow from
 * others (sort_key). Texts lie in `a`. */
bool rules_check(struct arena *a, const struct record *r, void *rec, struct errs *errs) MUST;

#endif
