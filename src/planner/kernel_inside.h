/* What the parts of the kernel share: one call's view of its course, costs and values. Internal to kernel*.c. */
#ifndef PLANNER_KERNEL_INSIDE_H
#define PLANNER_KERNEL_INSIDE_H

#include "planner/kernel.h"

struct pass {
    struct planner_kernel *k;
    const struct planner_graph *g;
    const struct planner_course *c;
    const struct planner_unit *u;
    int layers;           /* 1, or 2 and more: one row of values per regret used so far */
    int end_layer;        /* the most regret at an end; 0 where regret is not counted */
    int64_t travel, wait; /* costs of one change of site, of one free week */
    int travel_regret, wait_regret;
    int *sub_group_first; /* per group: its parts of equal regret */
    int *sub_regret;
    int *sub_lo, *sub_hi; /* first weeks that are allowed at all */
    bool no_free;         /* free weeks are forbidden once begun */
    int64_t most_cost[PLANNER_ROTATIONS_MOST], least_cost; /* of the placements of each rotation; of all, or 0 */
};

struct end {
    int node, layer, week;
    int64_t cost;
};

/* Room for n elements of a buffer that only grows; what was in it may be lost. */
void *planner_kernel_room(struct arena *a, void *now, size_t *cap, size_t n, size_t size) MUST;
/* Whether a week may stay free at this node. */
bool planner_pass_may_idle(const struct pass *p, const struct planner_node *v, int week) MUST;
/* Whether a plan may end at this node, and what its leaving out costs. */
bool planner_pass_may_end(const struct pass *p, const struct planner_prices *prices, const struct planner_node *v) MUST;
int64_t planner_pass_left_out(const struct pass *p, const struct planner_prices *prices,
                              const struct planner_node *v) MUST;
void planner_path_reverse(struct planner_path *path);

/* kernel_pass.c: the cheapest plan; end.node < 0: there is none. */
struct end planner_pass_solve(struct pass *p, const struct planner_prices *prices) MUST;
void planner_pass_walk_back(const struct pass *p, struct end at, struct planner_path *path);

/* Whether this machine has the wider vectors. */
bool planner_small_is_wide(void) MUST;
/* kernel_small.c: the same in 32 bits, with the way back. False: the prices are too large for that, nothing was done. */
bool planner_small_solve(struct pass *p, const struct planner_prices *prices, struct end *end,
                         struct planner_path *path) MUST;

/* kernel_guess.c: a few pasts followed week by week; false: they led nowhere. */
bool planner_guess_solve(struct pass *p, struct planner_course *c, bool sites, const struct planner_prices *prices, int64_t *cost,
                         struct planner_path *path) MUST;

/* kernel_label.c: the same for several students, each with a limit on regret. RELAXED (nothing written): too many ways. */
enum { PLANNER_LABEL_STUDENTS = 4 };
enum planner_answer planner_label_solve(struct pass *p, const struct planner_prices *prices, int64_t *cost,
                                        struct planner_path *path) MUST;

#endif
