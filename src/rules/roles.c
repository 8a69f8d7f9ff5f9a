/* Roles by side: see roles.h. */
#include "rules/roles.h"

#define UNIVERSITY (1u << side_university)
#define HOSPITAL (1u << side_hospital)

static const struct {
    unsigned sides;
    bool in_department;
} table[role_COUNT] = {
    [role_secretary] = { UNIVERSITY, false },        [role_education_office] = { HOSPITAL, false },
    [role_department_secretary] = { HOSPITAL, true }, [role_preceptor] = { HOSPITAL, true },
    [role_student] = { UNIVERSITY, false },          [role_leader] = { UNIVERSITY | HOSPITAL, false },
    [role_administrator] = { UNIVERSITY | HOSPITAL, false },
};

bool rules_role_fits(enum role role, enum side side)
{
    return role < role_COUNT && (table[role].sides & 1u << side) != 0;
}

bool rules_role_needs_department(enum role role)
{
    return role < role_COUNT && table[role].in_department;
}
