/* Names of groups: see group.h. */
#include "rules/group.h"

struct str rules_group_name(struct str *rest)
{
    static const char *const marks[] = { GROUP_MARK, ",", "，", ";", "；", "/", "／", "|", "\n" };
    for (size_t i = 0; i < rest->n; i++)
        for (size_t m = 0; m < LEN(marks); m++) {
            struct str here = { rest->p + i, rest->n - i };
            if (!str_starts(here, str_of(marks[m])))
                continue;
            struct str name = { rest->p, i };
            *rest = (struct str){ here.p + strlen(marks[m]), here.n - strlen(marks[m]) };
            return str_trim(name);
        }
    struct str all = *rest;
    *rest = (struct str){ all.p + all.n, 0 };
    return str_trim(all);
}

bool rules_group_is_name(struct str name)
{
    struct str rest = name;
    struct str one = rules_group_name(&rest);
    assert(one.n <= name.n);
    return one.n > 0 && one.n == name.n;
}
