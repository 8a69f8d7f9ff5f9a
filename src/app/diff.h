/* What differs between two plans, and whom it concerns; for the difference page and for telling people. */
#ifndef APP_DIFF_H
#define APP_DIFF_H

#include "app/app.h"

/* Rows of record diff_row, ordered as the students are; old_id NONE: everything is new. */
enum status diff_make(struct tx *t, int64_t cohort_id, int64_t old_id, int64_t new_id, struct rows *out) MUST;
/* Rows of concerned_row, each person once: the students of the difference, both sides' offices, and of the departments
 * that it touches the secretaries and preceptors. */
enum status diff_concerned(struct tx *t, int64_t base_id, int64_t hospital_id, const struct rows *diff, struct rows *out) MUST;

#endif
