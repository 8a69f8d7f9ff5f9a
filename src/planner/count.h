/* What the parts of counting share: what is demanded, what is scarce, and the best pattern of prices so far. Internal to
 * explain_count*.c. */
#ifndef PLANNER_COUNT_H
#define PLANNER_COUNT_H

#include "planner/explain.h"

/* Something scarce: the seats of some departments, a quota or shared quota, an apart pair in a department. */
struct resource {
    bool *department;
    int row, apart; /* or -1 */
    bool one;       /* a single department, quota or pair: what people would look at first */
};

/* `pick` of these rotations of each student of a class. */
struct demand {
    const struct planner_class *class;
    const struct planner_course *course;
    uint64_t set;
    int pick;
};

struct counting {
    struct internplan *r;
    struct planner_view *v;
    const struct planner_model *m;
    struct arena *a;
    size_t demands, demand_cap;
    struct demand *demand;
    size_t resources, resource_cap;
    struct resource *resource;
    int *first, *last; /* [class option index]: of the starts, by option_at */
    size_t *option_at; /* per class: its first option in first, last */
    /* the best pattern so far */
    int64_t best_n, best_weight;
    struct planner_weights best;
    uint64_t work_end; /* of the kernel's count of work: no single step may pass it, however long a horizon is */
};

enum where { INSIDE, ELSEWHERE, NEVER };

/* A demand that can't be met without the resource: its rotations, of which `pick` must be done there. */
struct inside {
    int heads, parts, outside, pick;
    int length[PLANNER_ROTATIONS_MOST], first[PLANNER_ROTATIONS_MOST], last[PLANNER_ROTATIONS_MOST];
};

/* ---- explain_count.c */
/* Takes the work on account, or says that this step costs more than is left. */
bool planner_count_pays(struct counting *c, uint64_t work) MUST;
/* How many heads of one unit of the demand's class the resource counts, times its units. */
int planner_count_heads(const struct counting *c, const struct resource *x, const struct demand *d) MUST;
/* A rotation as the resource sees it: its lowest and highest first week where it can be done nowhere else. */
enum where planner_count_part(const struct counting *c, const struct resource *x, const struct demand *d, int rotation, int *first,
                              int *last) MUST;
int64_t planner_count_capacity(const struct counting *c, const struct resource *x, int department, int week) MUST;
/* Marks the departments of a course's rotations. */
void planner_count_departments(const struct planner_course *course, uint64_t set, bool *out);
/* Whether a pattern (n of its inequality, all that its limits give) is better than the best so far; then its prices may be
 * put, week by week. */
bool planner_count_take(struct counting *c, int64_t n, int64_t weight) MUST;
void planner_count_price(struct counting *c, const struct resource *x, int department, int week);

/* ---- explain_count_weeks.c, explain_count_blocks.c, explain_count_idle.c: the three patterns */
void planner_count_weeks(struct counting *c, const struct resource *x, const struct inside *in, size_t n);
void planner_count_blocks(struct counting *c, const struct resource *x, const struct inside *in, size_t n);
void planner_count_idle(struct counting *c);

#endif
