/* What one unit may do, as a graph: a state is the week and all that matters of the past (rotations done, last site, length
 * of the run, weeks since a rotation with a gap rule, visits of limited sites); an arc is one idle week or one placement.
 * The graph knows no prices and nothing about a single student but old placements of rotations that no longer exist;
 * it is built once and serves all students alike. Only states that begin somewhere and end somewhere are kept: the graph is
 * exact. */
#ifndef CHECK_COURSE_H
#define CHECK_COURSE_H

#include "check/model.h"

enum { ITEMS_MOST = 64, STATES_MOST = 16000000 };
#define IDLE UINT32_MAX

/* Something to be placed: a rotation, or a frozen base placement whose rotation no longer exists. */
struct item {
    int rotation; /* NONE: `old` */
    const struct base_placement *old;
    int32_t weeks;
    int choice; /* NONE: required */
};

struct option {
    int item, department, site;
};

struct arc {
    uint32_t option; /* or IDLE */
    uint32_t target;
};

struct graph {
    bool too_big;
    uint32_t states; /* in order of weeks; arcs go upwards; state 0 is the start; 0 states: nothing is possible */
    int32_t *week;
    uint64_t *done;
    int32_t *site;    /* NONE: nothing placed yet, or sites do not matter */
    int32_t *missing; /* open weeks not placed, were it to end here */
    bool *ends;       /* it may end here */
    uint32_t *begin;  /* states + 1 */
    struct arc *arc;
};

struct course {
    const struct model *m;
    const struct programme *g;
    int programme;
    uint64_t does, picks;
    bool unplaced_allowed;
    struct item item[ITEMS_MOST];
    int items;
    struct option *option;
    int options;
    bool *idle_allowed; /* by open week, once something is placed */
    struct graph *graph[2]; /* without and with sites; NULL: not yet built */
    struct course *next;
};

/* The course of a student. NULL: more than ITEMS_MOST items. Lies in `a`; looked up among *list first, so that students alike share. */
struct course *check_course_of(struct arena *a, const struct model *m, struct course **list, int student, bool unplaced_allowed) MUST;
/* Its graph; `scratch` is used and given back. */
const struct graph *check_course_graph(struct arena *a, struct arena *scratch, struct course *c, bool sites) MUST;

#endif
