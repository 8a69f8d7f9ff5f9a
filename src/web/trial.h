/* The page of why there is no plan, shown again where a way out could not be tried. Private to this room. */
#ifndef WEB_TRIAL_H
#define WEB_TRIAL_H

#include "web/plan_head.h"

void why_show(struct ctx *c, int64_t plan_id);

#endif
