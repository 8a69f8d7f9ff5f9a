/* Which roles a side has, and which of them belong to a department. */
#ifndef RULES_ROLES_H
#define RULES_ROLES_H

#include "records/records.h"

bool rules_role_fits(enum role role, enum side side) MUST;
bool rules_role_needs_department(enum role role) MUST;

#endif
