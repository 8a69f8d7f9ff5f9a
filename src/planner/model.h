/* The model: a problem compiled for the algorithms. Weeks are open weeks only (0..open-1), capacities are one number
 * per cell, windows are ranges of first weeks, and everything about one student alone is a table: which placement is
 * allowed and what regret it brings. Changed problems are compiled anew; a compiled model never changes. */
#ifndef PLANNER_MODEL_H
#define PLANNER_MODEL_H

#include "planner/problem.h"

/* One rotation at one of its departments. */
struct planner_option {
    int rotation, department;
    int spot; /* index of the department in the course's list */
    int site; /* index of the site in the course's list */
};

/* What a programme (without the rotations that a student skips) asks of one student. */
struct planner_course {
    const struct planner_programme *programme;
    uint64_t active, required;
    int rotations;
    int *length;       /* per rotation */
    int *lo, *hi;      /* first open week: least and most; hi < lo: cannot be placed */
    int *option_first; /* rotations + 1 */
    int options;
    struct planner_option *option;
    int spots;
    int *spot; /* departments */
    int rows;
    int *row; /* that count in these departments */
    int sites;
    int *site;
    int choices;
    uint64_t *choice_of;
    int *choice_pick;
    int orders;
    struct planner_order *order;    /* only those that bind */
    struct planner_graph *graph[2]; /* built when first asked for: without and with sites */
    bool graph_failed[2];
    struct planner_rules *rules[2]; /* the same of what a graph is made of, where it would be too large */
    bool rules_failed[2];
};

/* A limit that couples students beside the seats: a department's quota or a shared quota. */
struct planner_row {
    const struct planner_quota *quota;
    bool shared;
    int department; /* of a department's quota; else -1 */
    int index;      /* n-th of its list */
    int first, end; /* open weeks [first, end) */
    int capacity;
};

/* One student, or the students of a `together` pair that names no rotations: they have one plan. */
struct planner_unit {
    int course;
    int size;
    int *student;
    int pair; /* -1: a single student */
};

/* What a placement brings a student: the same for all who wish alike. Windows add to every first week outside them. */
struct planner_window {
    int rotation, first, last; /* kept by first open weeks first..last */
    int32_t regret;
};
struct planner_taste {
    int32_t *regret; /* per option */
    int windows;
    struct planner_window *window;
};

/* Which placements a student may have at all: the same for all whom the same rules hold. */
struct planner_access {
    uint64_t *allowed; /* [option * words + first week / 64], one bit each */
    uint8_t *is_away;  /* [open week]; NULL without absences */
    bool own;          /* one student's: may be changed (planner_model_forbid) */
};

struct planner_model {
    struct arena *arena;
    struct arena *scratch; /* emptied after each use */
    const struct planner_problem *problem;
    int weeks, open;
    int *week_of; /* open week -> calendar week */
    int *open_at; /* calendar week -> first open week at or after it; weeks + 1 entries */
    int *reach;   /* open weeks that follow without interruption from an open week (all, with span_closed) */
    int departments;
    int *capacity; /* [department * open + week] */
    int *minimum;
    bool any_minimum;
    bool *smooth; /* weeks that count for smooth: the capacity is the default one */
    int rows;
    struct planner_row *row;
    int *department_row_first; /* departments + 1 */
    int *department_row;
    int row_kinds;       /* kinds of students that the same rows count */
    int *row_kind;       /* per student */
    uint8_t *row_counts; /* [row * row_kinds + kind] */
    int courses;
    struct planner_course *course;
    int units;
    struct planner_unit *unit;
    int *unit_pair_first; /* units + 1 */
    int *unit_pair;       /* the pairs that bind each unit's students beyond being one unit */
    int students;
    int *unit_of;
    size_t words;             /* of a set of first weeks */
    struct planner_taste **taste;   /* per student, by options of the unit's course */
    struct planner_access **access; /* per student */
    int32_t *base;            /* [student * open + week]: department of the base plan or -1; NULL without base plan */
    int freeze;               /* first open week that is free to change */
    uint64_t *must;           /* per student: rotations that must be placed (fixed ones), beyond those required */
    int64_t changes_constant; /* added to the changes of all placements */
};

/* Compiles. The problem must outlive the model and not change. Everything lies in `a`; `scratch` serves short
 * calculations. */
struct planner_model *planner_model_make(struct arena *a, struct arena *scratch, const struct planner_problem *p) MUST;

/* Regret that student s has of an option of his course from open week t on; -1: forbidden. */
int32_t planner_model_regret(const struct planner_model *m, int s, int option, int t) MUST;
/* The same for all: out[option * open + t]. */
void planner_model_regrets(const struct planner_model *m, int s, int32_t *out);
/* Takes a placement away from one student: for tries, before anything is priced. */
void planner_model_forbid(struct planner_model *m, int s, int option, int t);

static inline bool planner_model_allows(const struct planner_model *m, int s, int option, int t)
{
    return (m->access[s]->allowed[(size_t)option * m->words + (size_t)t / 64] >> (t % 64) & 1) != 0;
}

static inline bool planner_model_is_away(const struct planner_model *m, int s, int week)
{
    return m->access[s]->is_away != NULL && m->access[s]->is_away[week] != 0;
}

/* Whether row k counts student s: 0 or 1. */
static inline int planner_model_counts(const struct planner_model *m, int k, int s)
{
    return m->row_counts[(size_t)k * (size_t)m->row_kinds + (size_t)m->row_kind[s]];
}

/* Open weeks of required rotations not in `placed`, and of the shortest ones that would complete its choices. */
int planner_course_unplaced(const struct planner_course *c, uint64_t placed) MUST;
/* Whether `placed` is a whole plan: all that is required, exactly k of each choice. */
bool planner_course_complete(const struct planner_course *c, uint64_t placed) MUST;
/* Change, against the base plan, of placing student s in d for weeks [from, from + n): added to the constant. */
int planner_model_changes(const struct planner_model *m, int s, int d, int from, int n) MUST;
/* First open week at or after a calendar week, which may lie outside the horizon. */
int planner_model_open_from(const struct planner_model *m, int week) MUST;
/* model_student.c: fills taste, access and must of every student. */
void planner_model_students(struct planner_model *m);
/* Regret that one wish of a student of this course has for one placement. */
int planner_model_wish_regret(const struct planner_model *m, const struct planner_course *c,
                              const struct planner_wish *w, const struct planner_option *o, int from) MUST;

#endif
