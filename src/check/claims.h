/* What a plan file says beside its placements, held against what is so. Private to check.c and claims*.c. */
#ifndef CHECK_CLAIMS_H
#define CHECK_CLAIMS_H

#include "check/conflict.h"

enum plan_status { IS_OPTIMAL, IS_FEASIBLE, IS_INFEASIBLE, IS_UNKNOWN, IS_NONE };

struct checking {
    struct check_notes n;
    struct rooms *rooms;
    const struct check_options *o;
    const struct model *m;
    const struct json *root;
    enum plan_status status;
    struct plan *plan;
    struct check_level *level;
    int64_t *value;
    struct check_result *r;
};

/* Level values and receipts of placements; nothing where they name strangers. */
void check_give_levels(struct arena *a, const struct plan *p, struct check_result *r);

/* Format, problem and status. False: made for another problem, and of no use to this one. */
bool check_claims_head(struct checking *c) MUST;
/* Without a plan nothing may look like one. */
void check_claims_empty(struct checking *c);
/* Placements by the rules, receipts, people to tell. */
void check_claims_plan(struct checking *c);
/* Values and bounds of every level, the certificate that proves them, and what the status says of them. */
void check_claims_levels(struct checking *c);

#endif
