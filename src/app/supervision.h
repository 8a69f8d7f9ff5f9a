/* Preceptors of a department and whom they supervise: what several files of this room share. */
#ifndef APP_SUPERVISION_H
#define APP_SUPERVISION_H

#include "app/app.h"

enum { SUPERVISION_WEEKS_AHEAD = 4 }; /* how early it is said that somebody is still to be named */

/* The education office looks after every department of its hospital, a department's secretary after hers. */
enum status supervision_check_department(struct call *c, int64_t department_id) MUST;
/* How many students a department's active preceptors may supervise in the week of `week`, without those who are away; INT64_MAX
 * where none is named at all (then they limit nothing). Rows of preceptor and of preceptor_absence. */
int64_t supervision_most(const struct rows *preceptors, const struct rows *absences, int64_t department_id, int64_t week) MUST;

/* Stays of the coming weeks for which nobody is named, or whose preceptor is gone or away without somebody who stands in:
 * rows of load_row, one a department of the actor's hospital. */
enum status supervision_open(struct call *c, struct rows *unnamed, struct rows *gone) MUST;

#endif
