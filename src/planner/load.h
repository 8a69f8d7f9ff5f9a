/* Reading a problem file: shape by tables, then names into indices, then what each object shows by itself. All errors
 * are collected; nothing is repaired silently. */
#ifndef PLANNER_LOAD_H
#define PLANNER_LOAD_H

#include "core/map.h"
#include "planner/problem.h"

#include <internbase/planner.h>

enum { PLANNER_ERRORS_KEPT = 100 };

struct planner_errors {
    struct arena *arena;
    size_t total;
    struct internplan_error item[PLANNER_ERRORS_KEPT];
};

struct planner_load {
    struct arena *arena;
    struct planner_errors *errors;
    struct planner_problem *problem;
    struct map sites, departments, programmes, students, groups;
};

/* Reads, checks and returns the problem, or NULL with errors (or when they hold JSON faults). Everything lies in `a`.
 */
struct planner_problem *planner_load(struct arena *a, struct str json, struct planner_errors *errors) MUST;

/* ---- within the loader -------------------------------------------------------------------------- */
/* Notes a fault at a value; found and allowed are copied. */
void planner_fault(struct planner_errors *e, const struct json *at, enum internplan_fault code, struct str found,
                   const char *allowed);
/* Notes every unknown or missing key, wrong type, number out of range and date that is no Monday in the tree. */
void planner_load_shape(struct planner_errors *e, const struct json *root);
/* Getters that give the default where the shape was wrong (that was noted before). */
int planner_load_int(const struct json *object, const char *key, int missing) MUST;
bool planner_load_bool(const struct json *object, const char *key, bool missing) MUST;
struct str planner_load_text(const struct json *object, const char *key) MUST;
/* A list or an empty one: *n entries; the first child. */
const struct json *planner_load_list(const struct json *object, const char *key, int *n) MUST;
/* Calendar week of a Monday, PLANNER_WEEK_NONE where there is none. */
int planner_load_week(const struct planner_load *l, const struct json *object, const char *key) MUST;
/* The index that a text names in a map, or -1 with a fault. */
int planner_load_name(struct planner_load *l, const struct map *names, const struct json *text,
                      const char *allowed) MUST;
int planner_load_rotation(struct planner_load *l, const struct planner_programme *p, const struct json *text) MUST;
int planner_load_group(struct planner_load *l, const struct json *text) MUST;
/* Ids of a list of texts; unknown and doubled ones are noted and left out. */
int planner_load_departments(struct planner_load *l, const struct json *list, int **out) MUST;
void planner_load_quota(struct planner_load *l, const struct json *at, struct planner_quota *q);

void planner_load_departments_all(struct planner_load *l, const struct json *root);
void planner_load_programmes(struct planner_load *l, const struct json *root);
void planner_load_students(struct planner_load *l, const struct json *root);
void planner_load_pairs(struct planner_load *l, const struct json *root);
void planner_load_base(struct planner_load *l, const struct json *root);
void planner_load_shared(struct planner_load *l, const struct json *root);
void planner_load_levels(struct planner_load *l, const struct json *root);
/* The levels that a problem has where its file lists none; follows what a changed problem still has. */
void planner_default_levels(struct arena *a, struct planner_problem *p);
/* Faults that an object shows by itself once all names are known: too long, fixed placements. */
void planner_load_check(struct planner_load *l);

#endif
