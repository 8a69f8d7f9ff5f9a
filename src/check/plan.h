/* A list of placements against a model: who is where in which open week, and every hard rule that breaks. */
#ifndef CHECK_PLAN_H
#define CHECK_PLAN_H

#include "check/model.h"

/* As given: names, calendar week. */
struct given {
    struct str student, rotation, department;
    int32_t from;  /* calendar week; WEEK_NONE: none that exists */
    int32_t weeks; /* open weeks; 0: the rotation's own */
    const struct json *at;
};

struct stay {
    int rotation;       /* NONE: of a base placement whose rotation no longer exists */
    int department;
    int32_t first, end; /* open weeks, end exclusive; within the horizon */
    int32_t from, weeks; /* as given */
    size_t index;       /* in the list given */
};

struct plan {
    const struct model *m;
    const struct given *given;
    struct stay *stay;  /* by student, then by first week */
    size_t *begin;      /* students + 1: the stays of student s are begin[s]..begin[s+1]-1 */
    int32_t *load;      /* department * open + week */
    bool strangers;     /* a placement named what the problem does not have, and was left out */
};

/* Looks names up; notes those that do not exist. */
struct plan *check_plan_make(struct check_notes *n, const struct model *m, const struct given *given, size_t count) MUST;
/* Notes every hard rule that breaks; `unplaced_allowed`: leaving out is not a breach. */
void check_plan_rules(struct check_notes *n, const struct plan *p, bool unplaced_allowed);
/* The part about several students: seats, quotas, pairs. */
void check_plan_shared_rules(struct check_notes *n, const struct plan *p);

/* A finding about a placement and the object that says so. */
struct check_found *check_note_stay(struct check_notes *n, const struct plan *p, enum check_rule rule, int student, const struct stay *stay,
                                    const struct json *object);
/* Sets the weeks of open weeks first..end-1. */
void check_note_weeks(const struct model *m, struct check_found *f, int32_t first, int32_t end);

/* ---- measures and receipts (measure.c) ---- */

/* All measures of a plan without strangers. */
void check_measure(const struct plan *p, int64_t value[static MEASURES]);
int64_t check_level_value(const struct level *v, const int64_t value[static MEASURES]) MUST;
/* Regret of a wish for one placement that it is about; 0 for others. Rank by *rank where it is a ranked wish. */
int64_t check_wish_regret(const struct model *m, const struct wish *w, int rotation, int department, int32_t first, int32_t end, int *rank) MUST;
bool check_wish_is_about(const struct model *m, int student, const struct wish *w, int rotation) MUST;
/* A student's regret, dislikes included, burden not. */
int64_t check_student_regret(const struct plan *p, int student) MUST;
const struct check_receipt *check_receipts(struct arena *a, const struct plan *p) MUST;
bool check_is_told(const struct plan *p, int student) MUST;

#endif
