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

/* ---- explain_change.c: seats and the calendar */
struct planner_change planner_change_make(struct arena *a, const struct planner_problem *p) MUST;
/* The patch as JSON text. */
struct str planner_change_patch(struct planner_change *c) MUST;
/* `more` seats of a department in calendar weeks [from, end), by one exception per run of equal old capacity; where it is
 * shut it stays so. Costs the seat-weeks gained. */
void planner_change_more_seats(struct planner_change *c, int department, int from, int end, int more);
/* So many seats in calendar weeks [from, from + weeks), by one exception. */
void planner_change_seats(struct planner_change *c, int department, int from, int weeks, int capacity);
/* An exception is taken back. Of several of one department take the last first. */
void planner_change_drop_exception(struct planner_change *c, int department, int index);
void planner_change_open_week(struct planner_change *c, int week);
/* More weeks at the end. */
void planner_change_weeks(struct planner_change *c, int more);
/* Smallest of capacity and limits in a calendar week. */
int planner_seats_at(const struct planner_department *d, int week) MUST;
/* For the other files: appends an operation; a calendar week's date as text. */
void planner_change_add(struct planner_change *c, struct str op);
const char *planner_change_monday(struct planner_change *c, int week) MUST;
void *planner_change_copied(struct arena *a, const void *from, size_t n, size_t size) MUST;
#define CHANGE_COPY(c, items, n) ((items) = planner_change_copied((c)->a, (items), (size_t)(n), sizeof *(items)))

/* ---- explain_change_rules.c: orders, windows, quotas, departments */
/* An order rule is taken back; of several of one programme take the last first. */
void planner_change_drop_order(struct planner_change *c, int programme, int index);
/* An order rule asks for a smaller gap, or allows a larger one (most; -1: any). */
void planner_change_gap(struct planner_change *c, int programme, int index, int least, int most);
/* A window gets wider by so many weeks, or goes where that is all that is left. */
void planner_change_earliest(struct planner_change *c, int programme, int rotation, int weeks);
void planner_change_latest_end(struct planner_change *c, int programme, int rotation, int weeks);
/* A quota (department >= 0) or shared quota lets more students in. */
void planner_change_quota(struct planner_change *c, int department, int index, int more);
/* A rotation may be done in one more department. */
void planner_change_department(struct planner_change *c, int programme, int rotation, int department);

/* ---- explain_change_students.c: leaves, students, a programme for one student alone */
/* A leave begins so many weeks later (or earlier). */
void planner_change_leave(struct planner_change *c, int student, int index, int later);
/* These students do not come, in ascending order. */
void planner_change_students(struct planner_change *c, const int *who, int n);
/* A rule of a student's programme goes, or a window of it gets wider by so many weeks, for him alone: he gets a programme
 * of his own. */
void planner_change_own(struct planner_change *c, int student, const struct planner_fact *rule, int weeks);

/* ---- explain_change_facts.c */
/* What facts f of the problem as it was require, with every rule and limit of the changed one; students: the most that one of
 * them still names. A conflict may do without rules that a way out must keep all the same, so all of them count. */
struct planner_facts planner_change_facts(struct arena *a, const struct planner_change *c, const struct planner_facts *f, int *students) MUST;
/* Whether two changed problems are the same for everybody. */
bool planner_change_same(const struct planner_problem *a, const struct planner_problem *b) MUST;

/* ---- explain_way.c, explain_way_find.c: one way to cure one conflict */
enum planner_way_kind { /* in the order in which ways are applied: a programme of his own is a copy of the file's */
    PLANNER_WAY_OWN,
    PLANNER_WAY_REOPEN,
    PLANNER_WAY_OPEN_WEEK,
    PLANNER_WAY_SEATS,
    PLANNER_WAY_QUOTA,
    PLANNER_WAY_GAP,
    PLANNER_WAY_ORDER,
    PLANNER_WAY_EARLIEST,
    PLANNER_WAY_LATEST_END,
    PLANNER_WAY_DEPARTMENT,
    PLANNER_WAY_LEAVE,
    PLANNER_WAY_WEEKS,
    PLANNER_WAY_STUDENTS,
    PLANNER_WAY_KINDS
};

struct planner_way {
    enum planner_way_kind kind;
    int programme, department, student, index; /* index: exception, week, order, rotation, quota, leave */
    int from, end;                             /* SEATS */
    int amount;                                /* seats, weeks, students; GAP: the new least gap */
    const struct planner_fact *rule;           /* OWN */
    const int *who;                            /* STUDENTS: in the order in which they go */
    struct planner_found plan;                 /* of the facts that it cures */
    int64_t cost;
};

/* Sorts a short list; what is equal stays in its order, so that results are the same on any machine. */
#define PLANNER_SORT(type, items, n, before)                                                                \
    for (int sort_i = 1; sort_i < (n); sort_i++)                                                            \
        for (int sort_k = sort_i; sort_k > 0 && before(&(items)[sort_k], &(items)[sort_k - 1]); sort_k--) { \
            type sort_t = (items)[sort_k];                                                                  \
            (items)[sort_k] = (items)[sort_k - 1];                                                          \
            (items)[sort_k - 1] = sort_t;                                                                   \
        }

/* What all trials of one explanation share. */
struct planner_trials {
    struct internplan *r;
    const struct planner_problem *p;
    const struct planner_conflict *conflict;
    int conflicts;
    uint64_t pass_ticks; /* of placing everybody once */
    uint64_t end;        /* ticks at which no other change is tried */
    struct planner_found last; /* the plan that showed the last cure */
};

bool planner_trials_over(struct planner_trials *x) MUST;
void planner_way_apply(struct planner_change *c, const struct planner_way *w);
/* Whether the change lets conflict k's facts be kept. What is not shown counts as no. */
bool planner_way_cures(struct planner_trials *x, struct planner_change *c, int k) MUST;
/* All ways to cure conflict k that were found, each with the least amount, cheapest first; at most `most`. */
int planner_ways_find(struct planner_trials *x, int k, struct planner_way *out, int most);
/* The least weeks more, or students fewer, that cure every conflict; 0: none was found. */
int planner_way_weeks(struct planner_trials *x) MUST;
int planner_way_students(struct planner_trials *x, struct planner_way *out) MUST;

#endif
