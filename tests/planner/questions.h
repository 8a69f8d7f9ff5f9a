/* What the planner answers beside a plan, against every plan tried: proposals, least change, the value of a seat, the largest
 * cohort. */
#ifndef TESTS_QUESTIONS_H
#define TESTS_QUESTIONS_H

#include "tiny.h"

#include <internbase/planner.h>

struct questions {
    size_t proposals, several; /* runs asked for three; of these with more than one */
    size_t changes, least;     /* plans of a base plan; of these with as little change as is possible */
    size_t asked, seats, seats_proven, largest, largest_proven;
    struct buf answer; /* the last what-if file; made and freed by the caller */
    char fault[256];   /* the last; empty: none */
};

/* Asks everything about a problem that is loaded in p and has been tried whole. False: `fault` says what is not true. */
bool questions_ask(struct tiny *t, struct internplan *p, struct arena *a, const struct tiny_truth *truth, bool what_if, struct questions *q);

#endif
