/* What a stored plan consists of beside its own row: placements, receipts, figures. The same for plans of the planner, for
 * hand changes and for withdrawals, so that all pages read one thing. Knows the codes of the problem file; decides nothing. */
#ifndef APP_PLANSTORE_H
#define APP_PLANSTORE_H

#include "app/app.h"
#include "app/explain.h"
#include "check/check.h"
#include "core/map.h"

/* A cohort's names: ids to codes and back. Lies in the transaction's arena. */
struct plan_facts {
    const struct cohort *cohort;
    int64_t hospital_id;
    struct rows students, rotations, choices, departments, closed; /* student_row, rotation, choice, department, closed_week */
    struct map student, rotation, choice, department;              /* code -> index in the rows above */
    struct map student_id, rotation_id, department_id;             /* id as text -> index */
};

enum status plan_facts_load(struct tx *t, int64_t base_id, int64_t cohort_id, struct plan_facts *out) MUST;
/* By id; NULL where there is none. */
const struct student_row *plan_facts_student(const struct plan_facts *f, int64_t id) MUST;
const struct rotation *plan_facts_rotation(const struct plan_facts *f, int64_t id) MUST;
const struct department *plan_facts_department(const struct plan_facts *f, int64_t id) MUST;

/* An explain_name_fn; ctx is a struct plan_facts. */
struct str plan_facts_name(void *ctx, enum explain_noun noun, struct str code, struct str within, enum lang lang) MUST;

/* The Monday after the last of `weeks` open weeks from `first` on. */
int64_t plan_until(const struct plan_facts *f, int64_t first, int64_t weeks) MUST;

/* Every broken hard rule of placements against a problem, level values, receipts. Placements of withdrawn students that
 * ended before `now` are history and left out. STATUS_LIMIT: memory; STATUS_INPUT: the problem itself has faults. */
enum status plan_check(struct arena *a, const struct plan_facts *f, struct str problem, const struct placement *x, size_t n,
                       int64_t now, struct check_result *out) MUST;

/* The figures that a check's values give, in `a`, with the bounds of `bounds` (figures of a plan of the same problem, or
 * empty). p->problem must be the problem that was checked. */
struct str plan_figures(struct arena *a, const struct plan *p, const struct plan_facts *f, const struct check_result *found,
                        struct str bounds) MUST;
/* Counts anew what was wished and given in a plan, whose placements are stored already. */
enum status plan_demand_put(struct tx *t, int64_t plan_id) MUST;
/* In how many weeks of the plan what was wished was full, into its counts, which must be there. */
enum status plan_full_put(struct tx *t, const struct plan *p, const struct plan_facts *f) MUST;
/* Replaces the receipts of `p` by those of a check, and sets p->figures. Does not save p. */
enum status plan_receipts_put(struct tx *t, struct plan *p, const struct plan_facts *f, const struct check_result *found,
                              struct str bounds) MUST;
/* optimal only where every level's value is its bound. */
enum plan_verdict plan_verdict_by(const struct check_result *found, struct arena *a, struct str bounds) MUST;

#endif
