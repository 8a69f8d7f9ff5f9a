/* Broken rules and changed levels in words. Private to this room. */
#ifndef WEB_FINDING_H
#define WEB_FINDING_H

#include "web/plan_head.h"

/* The rows of finding_row as sentences; names from the lists given. */
struct findings findings_of(struct ctx *c, const struct cohort *cohort, const struct rows *departments, const struct rows *rotations,
                            const struct rows *found) MUST;

#endif
