/* What a plan breaks, as rows that a page turns into sentences; shared by trying, checking and proposing. */
#ifndef APP_CHANGE_H
#define APP_CHANGE_H

#include "app/planstore.h"

/* The broken rules of a check, and the levels (allowed: their values in `before`, figures of another plan, or empty). */
struct rows change_findings(struct arena *a, const struct plan_facts *f, const struct check_result *found, struct str before) MUST;
/* Holds a stored plan against the facts as they are now: seats that others have taken meanwhile, leaves, closures.
 * *problem: the problem of now (in c->arena). */
enum status change_check_now(struct call *c, const struct plan *p, struct plan_facts *f, struct check_result *found,
                             struct str *problem) MUST;

#endif
