/* The exact kernel: the cheapest plan of one unit (a student, or a merged pair) under weekly prices, over all plans
 * that keep every rule about one student alone. Bound, construction and improvement are all calls of it.
 *
 * A course's rules are compiled once into a graph: a node is what matters of the past except the week (rotations done,
 * last site, length of the current run, weeks since rotations with a gap rule, visits per limited site); its values are
 * a row over the weeks. One call goes through the nodes once, in order. */
#ifndef PLANNER_KERNEL_H
#define PLANNER_KERNEL_H

#include "planner/model.h"

#define PLANNER_INFINITY (INT64_MAX / 4)

enum {
    PLANNER_NODES_MOST = 1 << 18,
    PLANNER_LANES = 8 /* weeks in one step of the 32-bit pass; rows are padded by as many on both sides */
};

/* One placement inside a unit's plan. */
struct planner_stay {
    uint16_t option; /* of the unit's course */
    int16_t from;    /* open week */
};

/* A unit's whole plan in order of time. */
struct planner_path {
    int n;
    struct planner_stay stay[PLANNER_ROTATIONS_MOST];
};

/* What weeks and measures cost. Rows and worst may be NULL (0 everywhere). */
struct planner_prices {
    const int64_t *cell;              /* [department * open + week], for each student in it */
    const int64_t *row;               /* [row * open + week], for each student that the row counts */
    const int64_t *worst;             /* per student: added to the weight of the regret */
    int64_t weight[PLANNER_MEASURES]; /* unplaced, changes, regret, travel, waiting are used */
    int64_t most_regret;              /* regret + burden of each student at most; INT64_MAX: no such rule */
    const uint64_t *must;             /* per student: rotations that must be placed, beyond the model's; NULL: none */
    bool all_placed;                  /* nothing may be left out, whatever the problem allows */
};

enum planner_answer {
    PLANNER_FOUND,
    PLANNER_NONE,    /* no plan keeps the rules: X(u) is empty */
    PLANNER_RELAXED, /* found, but the limit on regret holds only for single placements: the cost is a lower bound,
                        the path may break the limit */
    PLANNER_TOO_BIG  /* the rules of this course need a larger graph than is allowed */
};

struct planner_label;
struct planner_guess;
struct planner_offer;

struct planner_kernel {
    struct arena *arena;
    const struct planner_model *model;
    uint64_t work;  /* elementary steps done so far: the deterministic measure of time */
    int64_t *value; /* grown as needed */
    size_t value_cap;
    int64_t *option_cost; /* [option * open + from] of the last call */
    size_t option_cap;
    int64_t *group_cost;
    size_t group_cap;
    int64_t *sum;
    size_t sum_cap;
    uint8_t *alive;
    size_t alive_cap;
    int *first, *regret, *lo, *hi; /* parts of groups by regret */
    size_t first_cap, regret_cap, lo_cap, hi_cap;
    struct planner_label *label; /* of several students with limits */
    int32_t *head;
    size_t label_cap, head_cap;
    struct planner_guess *guess; /* of a search that follows a few pasts only */
    struct planner_offer *offer;
    int *heap;
    size_t guess_cap, offer_cap, heap_cap;
    int32_t *small, *small_cost; /* of the 32-bit pass */
    size_t small_cap, small_cost_cap;
    int32_t *regrets; /* [option * open + first week] of a unit of one, while its regret is limited */
    size_t regrets_cap;
    bool wide; /* the machine has vectors of eight lanes; what comes out is the same */
};

struct planner_kernel planner_kernel_make(struct arena *a, const struct planner_model *m);

/* The cheapest plan of unit u. extra: NULL or [option * open + first week], added to a placement's cost,
 * PLANNER_INFINITY forbids it. *cost includes the constant part of `changes` of the unit's students. *path may be NULL.
 */
enum planner_answer planner_kernel_price(struct planner_kernel *k, int u, const struct planner_prices *prices,
                                         const int64_t *extra, int64_t *cost, struct planner_path *path) MUST;

/* For a unit that is too big to price: a plan that keeps every rule, cheap but not the cheapest: *cost is no bound. TOO_BIG:
 * none was found; RELAXED: it breaks the limit on regret. */
enum planner_answer planner_kernel_guess(struct planner_kernel *k, int u, const struct planner_prices *prices,
                                         const int64_t *extra, int64_t *cost, struct planner_path *path) MUST;

/* Makes the graph that pricing this unit will need, if it is not there yet. */
void planner_kernel_prepare(const struct planner_kernel *k, int u, const struct planner_prices *prices);
/* Regret of student s of unit u in a plan of the unit (wishes, and dislikes of travel and waiting). */
int64_t planner_path_regret(const struct planner_model *m, int s, const struct planner_path *path) MUST;
/* Changes of site between consecutive rotations; open weeks without placement before the last placed one. */
int planner_path_travel(const struct planner_model *m, const struct planner_course *c,
                        const struct planner_path *path) MUST;
int planner_path_waiting(const struct planner_course *c, const struct planner_path *path) MUST;
uint64_t planner_path_placed(const struct planner_course *c, const struct planner_path *path) MUST;
/* Measure (unplaced, changes without constant, regret, travel, waiting) summed over the unit's students. */
int64_t planner_path_measure(const struct planner_model *m, int u, const struct planner_path *path,
                             enum planner_measure which) MUST;

/* ---- the graph (graph.c) ------------------------------------------------------------------------ */
struct planner_arc {
    int32_t from;
    int16_t rotation; /* -1: one free week */
    int16_t group;    /* options of that rotation at one site (all, without sites) */
    bool travels;     /* changes the site */
    int16_t lo, count; /* first weeks [lo, lo + count) in which it fits both ends; at least one */
};

/* The same arc for the 32-bit pass: where the weeks that lead to the first week of the target's row begin. */
struct planner_pull {
    int32_t from_at; /* in the padded rows of one layer */
    int32_t cost_at; /* in the padded rows of costs: that of the group, then those of free weeks */
};

/* Which weeks of the target's row an arc leads to. */
struct planner_reach {
    int16_t first, last;
};

struct planner_node {
    uint64_t placed;
    int32_t arc_first;
    int16_t least, most; /* open weeks at which this node can be: the row of values */
    bool idles;          /* a free week leads to itself */
    bool whole;          /* a plan may end here (or anywhere, when leaving out is allowed) */
    size_t value;        /* offset of its row */
    size_t padded;       /* the same in rows of `stride` elements: whole vectors and one more */
    int stride;
};

struct planner_graph {
    int nodes;                 /* node 0 is the beginning; order: every arc leads forward */
    struct planner_node *node; /* nodes + 1: the last gives the end of the arcs */
    struct planner_arc *arc;
    struct planner_pull *pull;   /* one per arc */
    struct planner_reach *reach; /* one per arc */
    bool travels;                /* some arc changes the site */
    size_t values, padded;
    uint64_t steps; /* of one pass */
    int ends;       /* nodes at which whole plans end */
    int *end;
    int groups;
    int *group_first; /* options of group g: [group_first[g], group_first[g + 1]) of group_option */
    int *group_option;
    int *group_rotation;
};

/* Elements of one row of costs: the open weeks, padded on both sides. */
static inline int planner_cost_stride(const struct planner_model *m)
{
    return m->open + 2 * PLANNER_LANES;
}

/* Graph of course c, with the last site as part of the past or not; NULL when it would be too big. */
const struct planner_graph *planner_graph_of(const struct planner_model *m, struct planner_course *c, bool sites) MUST;

#endif
