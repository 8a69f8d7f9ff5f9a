/* The run inside the run that looks for plans of changed problems. Internal to explain_inner.c, explain_find.c. */
#ifndef PLANNER_INNER_H
#define PLANNER_INNER_H

#include "planner/explain.h"

/* Made ready for a problem, with so many ticks. real (or NULL: the whole problem as it is): without wishes and only with
 * those students who do anything; receives their numbers in p. */
struct internplan *planner_inner_begin(struct internplan *r, const struct planner_problem *p, int **real, uint64_t ticks) MUST;
/* What the search needs, for those who don't call planner_run_solve. */
void planner_inner_search(struct internplan *in);
/* The best plan as a list that lies in r->keep; real: as above. */
struct planner_found planner_inner_take(struct internplan *r, const struct internplan *in, const int *real) MUST;

#endif
