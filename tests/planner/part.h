/* What is left of a tiny problem when only some facts count. */
#ifndef TESTS_PART_H
#define TESTS_PART_H

#include "core/date.h"
#include "core/json.h"
#include "tiny.h"

/* P[facts], all but one of them (`without`; NOTHING: all). False: such a problem is not made (one with a base plan). */
bool part_of(const struct tiny *t, const struct json *facts, int without, struct tiny *out);

#endif
