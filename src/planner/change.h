/* A changed problem beside the patch that says the same of its file: what a repair tries. Internal to explain*.c. */
#ifndef PLANNER_CHANGE_H
#define PLANNER_CHANGE_H

#include "planner/explain.h"

struct planner_costs {
    int64_t seat_week, week, window_week, order, department, leave_week, student;
};

struct planner_change {
    struct arena *a;
    const struct planner_problem *before;
    struct planner_problem *after;
    struct planner_costs costs;
    int64_t cost;
    struct str ops; /* operations of a JSON Patch, with commas between */
    bool *has_list; /* per department: the file's list of exceptions exists by now */
};

struct planner_change planner_change_make(struct arena *a, const struct planner_problem *p) MUST;
/* The patch as JSON text. */
struct str planner_change_patch(struct planner_change *c) MUST;

/* Seats of a department: so many in calendar weeks [from, from + weeks), by an exception; costs what is gained. */
void planner_change_seats(struct planner_change *c, int department, int from, int weeks, int capacity);
/* An exception is taken back. Of several of one department take the last first. */
void planner_change_drop_exception(struct planner_change *c, int department, int index);
void planner_change_open_week(struct planner_change *c, int week);
/* More weeks at the end. */
void planner_change_weeks(struct planner_change *c, int more);
/* An order rule is taken back; of several of one programme take the last first. */
void planner_change_drop_order(struct planner_change *c, int programme, int index);
/* A window gets wider by so many weeks, or goes where that is all that is left. */
void planner_change_earliest(struct planner_change *c, int programme, int rotation, int weeks);
void planner_change_latest_end(struct planner_change *c, int programme, int rotation, int weeks);
/* A quota (department >= 0) or shared quota lets more students in. */
void planner_change_quota(struct planner_change *c, int department, int index, int more);
/* A leave begins so many weeks later (or earlier). */
void planner_change_leave(struct planner_change *c, int student, int index, int later);
/* These students do not come, in ascending order. */
void planner_change_students(struct planner_change *c, const int *who, int n);

#endif
