/* Changing a base plan as little as may be: a few people are free, all others stay where the base plan has them; who is free
 * grows by those who stand in the way. Internal to replan*.c and proposals.c. */
#ifndef PLANNER_REPLAN_H
#define PLANNER_REPLAN_H

#include "planner/explain.h"

/* The problem of those who are free, with the seats that the others leave. */
struct planner_part {
    struct planner_problem *problem;
    int *real; /* per student of it: his number */
    int rows;  /* of its model, each a run of weeks of one row of the whole */
    int *row;
    int *row_first, *row_end;
};

/* rest: a plan in which exactly those who are not free have a path. Lies in `a`. */
struct planner_part planner_part_make(struct arena *a, const struct internplan *r, const struct planner_plan *rest) MUST;

/* ---- replan.c */
enum { PLANNER_CANDIDATES_MOST = 24 };

struct planner_replan {
    struct internplan *r;
    int level;                /* the plain level `changes`, or -1: then nothing is proven here */
    struct planner_path *base; /* per unit: what the base plan says of it */
    bool *keeps;              /* per unit: whether that still keeps the rules about it alone */
    struct planner_plan rest; /* who is not free */
    bool *free, *barred;      /* barred: must stay where it is */
    bool *blocked;            /* per cell: nobody there can make room */
    int *list, n;             /* who is free, in the order in which it became so */
    struct planner_search *search; /* of the first plan; NULL before */
    bool offers;              /* what is found is taken as the run's best plan at once */
    bool found;
    struct planner_plan plan; /* the best plan found, all units */
    int64_t *value;
    struct planner_leaf leaf; /* of the last part's proof, for the whole; scale 0: none */
    bool least;               /* proven for the whole */
    int candidates; /* other plans found with somebody barred */
    struct planner_proposal candidate[PLANNER_CANDIDATES_MOST];
    int64_t *circle_value;    /* of the plan of which that was proven */
    int circle;               /* how many people were free when no change among them was found to be less, proven; 0: not so */
};

struct planner_replan *planner_replan_make(struct internplan *r) MUST;
/* Begins anew with those who can't stay, and grows until proof, or nobody else stands in the way, or `ticks` are used. */
void planner_replan_search(struct planner_replan *x, uint64_t ticks);
/* Whether a path of a unit is what the base plan says of it. */
bool planner_replan_stays(const struct planner_replan *x, const struct planner_path *path, int unit) MUST;
/* Takes a whole plan that breaks nothing, if it is better than what is known. */
void planner_replan_keep(struct planner_replan *x, const struct planner_plan *all);

/* ---- replan_first.c: a first plan, if one is found quickly */
void planner_replan_first(struct planner_replan *x);

#endif
