/* What construction and improvement share: the current plan, prices per cell, and placing one unit at them. */
#ifndef PLANNER_SEARCH_H
#define PLANNER_SEARCH_H

#include "planner/run.h"

enum { PLANNER_PRICE_UNIT = 2048 };

/* Who stands in a department: an index made now and then, and those who were moved since. */
struct planner_occupants {
    bool valid;
    int *first; /* departments + 1 */
    int *unit;
    size_t unit_cap;
    int *moved;
    int moved_n, moved_most;
};

struct planner_search {
    struct planner_plan plan;
    struct planner_plan kept; /* for going back */
    int64_t *history;         /* per cell: grows where it stays too full */
    int64_t *row_history;
    int64_t *lead;      /* per cell: prices of the bound, in search units */
    int64_t lead_share; /* 0..16 sixteenths */
    int64_t noise;      /* random addition to each cell, below this */
    int64_t penalty;    /* per student-week above a capacity */
    int64_t weight[PLANNER_MEASURES];
    int64_t most_weight;
    int64_t most_regret;
    int64_t *cell, *row; /* prices for the unit being placed */
    int64_t cost;        /* of the path that was found at them, what pairs add included */
    int64_t *extra;
    int64_t *dearer; /* per student: more weight of the regret, while one is placed under a limit */
    size_t extra_cap;
    int *order;
    int *mark; /* per unit: the round in which it was chosen */
    int round;
    int64_t *level, *level_try;
    bool ahead;     /* the plan in hand is better than the best one that was offered */
    int64_t now;    /* what the measures of the plan kept last cost together */
    int64_t heat;   /* how much worse, as the search weighs it, a chain may make the plan in hand, more or less */
    int64_t uphill; /* how much worse chains mostly are */
    int **partner; /* per unit: units linked by pairs, -1 at the end; NULL without */
    bool *full;    /* per cell: scratch */
    struct planner_occupants occupants; /* tail.c */
};

/* Places a unit that has no path at the present prices; false where no plan exists for it. free: other students are not
 * there. */
bool planner_search_place(struct internplan *r, struct planner_search *s, int unit, bool alone);
/* Takes a unit out, where it has a plan, and places it anew; with those that pairs link to it, or not. */
bool planner_search_replace(struct internplan *r, struct planner_search *s, int unit, bool with_partners);
/* What another path of the unit placed last would have cost at the same prices, without what pairs add. */
int64_t planner_search_path_cost(const struct planner_search *s, int unit, const struct planner_path *path) MUST;
/* tail.c: makes a plan whole in which little is broken; false when that takes more than so many steps. */
bool planner_search_tail(struct internplan *r, struct planner_search *s, int steps);
/* A unit is placed anew, then whom that pushes out, and so on while the sums cost at most so much; true when all fits
 * again. list: room for all units; the n that were touched, whose old paths the caller has. */
bool planner_search_chain(struct internplan *r, struct planner_search *s, int first, int64_t most, int *list, int *n);
/* What the measures of the plan in hand cost together, as the search weighs them. */
int64_t planner_search_weighed(const struct planner_search *s) MUST;
/* A unit was given another path outside these. */
void planner_search_moved(struct internplan *r, struct planner_search *s, int unit);
/* Whether a unit stands in a cell that is too full, or breaks a pair's rule. */
bool planner_search_is_crowded(const struct planner_search *s, int unit) MUST;
/* After a pass: every cell's and row's price follows its overload. */
void planner_search_move_prices(struct planner_search *s);
/* Shuffles n numbers. */
void planner_search_shuffle(struct internplan *r, int *list, int n);

#endif
