/* Names of groups as people write several in one field. */
#ifndef RULES_GROUP_H
#define RULES_GROUP_H

#include "core/text.h"

#define GROUP_MARK "、" /* between names, as we write them */

/* Cuts the next name off a field: names stand with 、 , ; / | or a line break between, in either width. Trimmed; may be empty. */
struct str rules_group_name(struct str *rest) MUST;
/* Whether one group can be called so: no mark in it. */
bool rules_group_is_name(struct str name) MUST;

#endif
