/* The states of a plan: a const table of who may do what from where. */
#ifndef RULES_PLAN_H
#define RULES_PLAN_H

#include "records/records.h"

enum plan_act { PLAN_PROPOSE, PLAN_AGREE, PLAN_PUBLISH, PLAN_RETURN, PLAN_ACT_COUNT };

/* The state after `act` by `side`, or -1 where the table has no such step. */
int rules_plan_step(enum plan_state from, enum plan_act act, enum side side) MUST;
/* Whether the plan's verdict lets it be proposed at all: a hard rule broken, or nothing found, does not. */
bool rules_plan_is_whole(enum plan_verdict verdict) MUST;

#endif
