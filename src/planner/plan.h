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
};

struct planner_plan planner_plan_make(struct arena *a, const struct planner_model *m);
void planner_plan_copy(struct planner_plan *to, const struct planner_plan *from);
/* Gives a unit its path (it had none), or takes it away. */
void planner_plan_put(struct planner_plan *p, int unit, const struct planner_path *path);
void planner_plan_take(struct planner_plan *p, int unit);
/* Student-weeks above a capacity, units without a plan, breaches of pairs: 0 = every hard rule is kept. */
int64_t planner_plan_broken(const struct planner_plan *p) MUST;
/* Breaches of the pairs that unit u takes part in. */
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
