/* A whole plan under construction: each unit's path, the loads of cells and rows, what is broken, what it is worth. */
#ifndef PLANNER_PLAN_H
#define PLANNER_PLAN_H

#include "planner/kernel.h"

struct planner_plan {
    const struct planner_model *model;
    struct planner_path *path; /* per unit */
    bool *has;                 /* per unit: whether it has a path */
    int *load;                 /* [department * open + week] */
    int *row_load;             /* [row * open + week] */
    /* kept up to date by put and take */
    int placed;                      /* units that have a path */
    int64_t over, short_of;          /* student-weeks above capacities of cells and rows; below minimums */
    int64_t pairs_broken;            /* breaches of pairs of different units */
    int64_t sum[PLANNER_MEASURES];   /* personal measures that some level counts */
    int64_t *burdened;               /* per unit: largest regret with burden, where a level counts `worst` */
    bool counts[PLANNER_MEASURES];   /* whether some level does */
};

struct planner_plan planner_plan_make(struct arena *a, const struct planner_model *m);
void planner_plan_copy(struct planner_plan *to, const struct planner_plan *from);
/* Gives a unit its path (it had none), or takes it away. */
void planner_plan_put(struct planner_plan *p, int unit, const struct planner_path *path);
void planner_plan_take(struct planner_plan *p, int unit);
/* Student-weeks above a capacity, units without a plan, breaches of pairs: 0 = every hard rule is kept. */
int64_t planner_plan_broken(const struct planner_plan *p) MUST;
/* The same and all measures, counted from the paths alone: what the sums must be. For tests and assertions. */
bool planner_plan_adds_up(const struct planner_plan *p) MUST;
/* Breaches of the pairs that a unit takes part in; of all. */
int64_t planner_plan_unit_pairs_broken(const struct planner_plan *p, int unit) MUST;
int64_t planner_plan_pairs_broken(const struct planner_plan *p) MUST;
/* All measures of a plan in which every unit has a path. */
void planner_plan_measure(const struct planner_plan *p, int64_t out[PLANNER_MEASURES]);
/* Values of the problem's levels; out has level_count entries. */
void planner_plan_levels(const struct planner_plan *p, int64_t *out);
/* Lexicographic: <0 when a is better. */
int planner_levels_compare(int n, const int64_t *a, const int64_t *b) MUST;
/* The stay of a student's rotation (by index of his course), or NULL. */
const struct planner_stay *planner_plan_stay(const struct planner_plan *p, int student, int rotation) MUST;
/* Whether a pair's rule concerns this rotation of a course. */
bool planner_pair_names(const struct planner_pair *pair, const struct planner_course *c, int rotation) MUST;

#endif
