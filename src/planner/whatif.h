/* What if: one more seat, one more student. Changed problems are solved again by trials (explain_find.c). Internal. */
#ifndef PLANNER_WHATIF_H
#define PLANNER_WHATIF_H

#include "planner/explain.h"

/* One more seat in open weeks [from, end) of a department. */
struct planner_seat {
    int department, from, end;
    int first_level; /* the first level whose prices name one of the weeks */
    int64_t price;   /* the sum of its prices there, in 1/1024 of the level */
    int level;       /* out: the first level that gets better, -1: none does, or it was not tried */
    int64_t gain;    /* out */
    bool proven;     /* out: exactly so much */
};

struct planner_largest {
    int programme;
    bool known; /* some number of students was found to fit (0 fits always) */
    int n;
    bool proven; /* one more does not fit */
};

struct planner_whatif {
    int seats, largests;
    struct planner_seat *seat;
    struct planner_largest *largest;
    bool whole; /* every candidate was tried */
};

/* Both work inside r's budget, between planner_find_begin and planner_find_end. Results lie in r->keep. */
void planner_whatif_seats(struct internplan *r, struct planner_whatif *w);
void planner_whatif_largest(struct internplan *r, struct planner_whatif *w);

#endif
