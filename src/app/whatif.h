/* What-if of a stored plan: a job that asks the planner, its stored answer, and the answer as rows. */
#ifndef APP_WHATIF_H
#define APP_WHATIF_H

#include "app/app.h"

/* Keeps an answer (internbase.whatif/1) as the only one of its plan. */
enum status whatif_put(struct tx *t, const struct plan *p, struct str result, int64_t now, int64_t person_id) MUST;

#endif
