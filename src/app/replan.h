/* Planning again: a published plan is changed as little as the facts of now allow, nothing before a freeze date. */
#ifndef APP_REPLAN_H
#define APP_REPLAN_H

#include "app/app.h"

/* Sets what a new plan row needs to be a re-planning of in->based_on_id: that plan, the freeze week (none: the next one), how many
 * proposals. Refuses, at the field: a plan that is not the published one of the cohort, a freeze date in the past or outside
 * the cohort's weeks. Does nothing where in->based_on_id is NONE. */
enum status replan_begin(struct call *c, const struct in_plan *in, struct plan *p) MUST;

/* The problem of now that a stored plan is to be held against: with its base plan and freeze date where it has them. Lies in
 * c->arena. */
enum status replan_problem(struct call *c, const struct plan *p, struct str *out) MUST;

/* The week before which nothing counts any more for a plan: its freeze date where that is later than today. */
int64_t replan_now(const struct app *app, const struct plan *p) MUST;

/* What a variant of a plan, made by hand, is based on: a re-planning's variant is one too. */
void replan_inherit(const struct app *app, const struct plan *from, struct plan *p);

#endif
