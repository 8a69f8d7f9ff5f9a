/* Ways out. */
#include "planner/explain.h"

int planner_repairs_find(struct internplan *r, const struct planner_conflict *c, int conflicts, struct planner_repair *out)
{
    (void)r; (void)c; (void)conflicts; (void)out;
    return 0;
}
