/* The closed list of what the check can find: names and groups. */
#include "check/check.h"

enum check_group check_rule_group(enum check_rule rule)
{
    static const enum check_group table[CHECK_RULES] = {
#define RULE(group, name) [CHECK_##name] = CHECK_GROUP_##group,
#include "check/rules.def"
#undef RULE
    };
    assert(rule < CHECK_RULES);
    return table[rule];
}

const char *check_rule_name(enum check_rule rule)
{
    static const char *const table[CHECK_RULES] = {
#define RULE(group, name) [CHECK_##name] = #name,
#include "check/rules.def"
#undef RULE
    };
    assert(rule < CHECK_RULES);
    return table[rule];
}
