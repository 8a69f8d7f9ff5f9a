/* Every maximum as LIMIT_name; the list with its meanings stands in limits.def. */
#ifndef CORE_LIMITS_H
#define CORE_LIMITS_H

enum limit {
#define LIMIT(name, value, zh, en) LIMIT_##name = (value),
#include "core/limits.def"
#undef LIMIT
};

#endif
