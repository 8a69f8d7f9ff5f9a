/* What matters of the past except the week, and what may follow it: the rules of one course, one step at a time. The graph
 * is made of such pasts; where they are too many, a few are followed week by week (kernel_guess.c). */
#ifndef PLANNER_PAST_H
#define PLANNER_PAST_H

#include "planner/kernel.h"

enum { PLANNER_PAST_MOST = 24 };

/* Compared by bytes: always zeroed first. */
struct planner_past {
    uint64_t placed;
    uint16_t site;                     /* 1 + index, 0 = none yet or not of interest */
    uint16_t run;                      /* weeks worked without a free one, where a most is set */
    uint16_t count[PLANNER_PAST_MOST]; /* ages of rotations with a gap rule, then visits of limited sites */
};

/* Which part of the past the rules of a course look at, and its options in groups: those of one rotation, apart by site where
 * the site matters. */
struct planner_rules {
    const struct planner_model *m;
    const struct planner_course *c;
    bool sites, leave_out;
    int ages;                      /* tracked rotations */
    int age_of[PLANNER_PAST_MOST]; /* rotation */
    int age_most[PLANNER_PAST_MOST];
    int limited; /* sites whose limit can be reached */
    int limited_site[PLANNER_PAST_MOST];
    uint64_t limited_can[PLANNER_PAST_MOST]; /* rotations that may be there */
    int most_weeks; /* that a whole plan takes */
    int groups, *group_first, *group_option, *group_rotation, *group_site;
};

/* False: too many rules look at the past. Groups lie in `keep`; `scratch` serves short calculations. */
bool planner_rules_make(struct planner_rules *b, const struct planner_model *m, const struct planner_course *c, bool sites,
                        struct arena *keep, struct arena *scratch) MUST;
/* What follows when the rotation of group g is done next; false where a rule forbids it. */
bool planner_past_step(const struct planner_rules *b, const struct planner_past *p, int g, struct planner_past *next) MUST;
/* Weeks pass: ages grow to their most. */
void planner_past_wait(const struct planner_rules *b, struct planner_past *p, int weeks);
/* Whether what must still follow could fit, by its length and last weeks alone. */
bool planner_past_has_future(const struct planner_rules *b, uint64_t placed) MUST;

#endif
