/* What construction and improvement share: the current plan, prices per cell, and placing one unit at them. */
#ifndef PLANNER_SEARCH_H
#define PLANNER_SEARCH_H

#include "planner/run.h"

enum { PLANNER_PRICE_UNIT = 2048 };

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
    int64_t *extra;
    int64_t *dearer; /* per student: more weight of the regret, while one is placed under a limit */
    size_t extra_cap;
    int *order;
    int *mark; /* per unit: the round in which it was chosen */
    int round;
    int64_t *level, *level_try;
    int **partner; /* per unit: units linked by pairs, -1 at the end; NULL without */
    bool *full;    /* per cell: scratch */
};

/* Places a unit that has no path at the present prices; false where no plan exists for it. free: other students are not
 * there. */
bool planner_search_place(struct internplan *r, struct planner_search *s, int unit, bool alone);
/* Takes a unit out, where it has a plan, and places it anew; with those that pairs link to it, or not. */
bool planner_search_replace(struct internplan *r, struct planner_search *s, int unit, bool with_partners);
/* After a pass: every cell's and row's price follows its overload. */
void planner_search_move_prices(struct planner_search *s);
/* Shuffles n numbers. */
void planner_search_shuffle(struct internplan *r, int *list, int n);

#endif
