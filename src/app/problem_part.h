/* What the files that write a problem share: the facts of a cohort as they were loaded. Private to problem*.c. */
#ifndef APP_PROBLEM_PART_H
#define APP_PROBLEM_PART_H

#include "app/problem.h"

struct facts {
    struct arena *a;
    const struct cohort *cohort;
    struct rows sites, departments, capacities, preceptors, preceptor_absences, programmes, choices, rotations, links, orders, closed, students, pairs, quotas,
        absences, wishes, elsewhere, base; /* base: placement of the base plan */
    int64_t freeze; /* NONE: no base plan */
};

void problem_put_week(struct buf *b, int64_t week);
/* The code of the row with this id; "?" where there is none. */
struct str problem_code(const struct rows *rows, const struct record *r, const char *field, int64_t id) MUST;
struct str problem_department(const struct facts *f, int64_t id) MUST;
struct str problem_rotation(const struct facts *f, int64_t id) MUST;

/* Sites and departments with their seats; then programme and students. */
void problem_put_supply(struct buf *b, const struct facts *f);
void problem_put_demand(struct buf *b, const struct facts *f, const struct programme *p);
/* The base plan, as a last key, where there is one. */
void problem_put_base(struct buf *b, const struct facts *f);
/* Seats that others have taken in a week, and what is left of a department's. */
int64_t problem_taken(const struct facts *f, int64_t department_id, int64_t week) MUST;
/* Most students that the base plan has in the department in a week before the freeze date. */
int64_t problem_base_load(const struct facts *f, int64_t department_id) MUST;

#endif
