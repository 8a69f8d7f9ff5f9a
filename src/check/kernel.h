/* The exact kernel: the cheapest plan of one unit over its course's graph under given costs. No relaxation. */
#ifndef CHECK_KERNEL_H
#define CHECK_KERNEL_H

#include "check/course.h"

typedef __int128 wide;
#define WIDE_NEVER ((wide)1 << 126) /* not allowed at all */

/* Costs of one unit of `students` students. All arrays by open week. */
struct costs {
    const struct course *course;
    bool sites;                    /* changes of site cost something or count for a limit */
    wide *option;                  /* option * open + first week */
    wide *idle_first, *idle_later; /* an idle week before the first placement, and after it */
    wide travel, unplaced;         /* of one change of site; of one week left out */
    bool whole;                    /* nothing may be left out */
    uint64_t must;                 /* items that must be placed */
    int32_t end_from;              /* the last placement ends in this week or later */
    int students;
    bool limited;                  /* each student's regret has a limit */
    const int64_t *limit;          /* by student */
    int64_t *regret;               /* (student * options + option) * open + first week */
    const int64_t *travel_regret, *waiting_regret; /* by student */
};

enum priced { PRICED, PRICED_EMPTY, PRICED_TOO_BIG };

/* The cheapest plan's cost. PRICED_EMPTY: no plan is allowed. Uses scratch, which the caller gives back. */
enum priced check_kernel_price(struct arena *scratch, const struct graph *g, const struct costs *c, wide *cost) MUST;

#endif
