/* The plan's state machine; the manual's diagram is this table. */
#include "rules/plan.h"

static const struct {
    enum plan_state from;
    enum plan_act act;
    int side; /* -1: either */
    enum plan_state to;
} steps[] = {
    { plan_state_draft, PLAN_PROPOSE, -1, plan_state_proposed },
    { plan_state_proposed, PLAN_AGREE, side_university, plan_state_agreed_university },
    { plan_state_proposed, PLAN_AGREE, side_hospital, plan_state_agreed_hospital },
    { plan_state_agreed_university, PLAN_AGREE, side_hospital, plan_state_agreed },
    { plan_state_agreed_hospital, PLAN_AGREE, side_university, plan_state_agreed },
    { plan_state_agreed, PLAN_PUBLISH, -1, plan_state_published },
    /* Either side may send it back until it is published. */
    { plan_state_proposed, PLAN_RETURN, -1, plan_state_draft },
    { plan_state_agreed_university, PLAN_RETURN, -1, plan_state_draft },
    { plan_state_agreed_hospital, PLAN_RETURN, -1, plan_state_draft },
    { plan_state_agreed, PLAN_RETURN, -1, plan_state_draft },
};

int rules_plan_step(enum plan_state from, enum plan_act act, enum side side)
{
    assert(side == side_university || side == side_hospital);
    for (size_t i = 0; i < LEN(steps); i++)
        if (steps[i].from == from && steps[i].act == act && (steps[i].side == -1 || steps[i].side == (int)side))
            return (int)steps[i].to;
    return -1;
}

bool rules_plan_is_whole(enum plan_verdict verdict)
{
    return verdict == plan_verdict_feasible || verdict == plan_verdict_optimal;
}
