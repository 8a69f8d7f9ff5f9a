/* Certificates made up at random, and plan files changed by hand: what the check must see through. */
#ifndef TESTS_FORGE_H
#define TESTS_FORGE_H

#include "core/json.h"
#include "tiny.h"

/* Appends a tree as JSON. */
void forge_put(struct buf *b, const struct json *v);
/* A made-up certificate for all levels: mostly of the right form, of any strength, with claims of 0. */
void forge_certificate(struct tiny *t, struct buf *b);

enum forgery {
    FORGE_VALUE,      /* a level's value + 1 */
    FORGE_BOUND,      /* a bound that equals its value + 1 */
    FORGE_PROVEN,     /* `proven` turned round */
    FORGE_STATUS,     /* optimal <-> feasible */
    FORGE_REGRET,     /* a receipt's regret + 1 */
    FORGE_WANTED,     /* a wanted_by + 1 */
    FORGE_RANK,       /* a rank + 1, or null made 0 */
    FORGE_RECEIPT,    /* the last receipt left out */
    FORGE_ORDER,      /* the first two placements exchanged, where they differ */
    FORGE_LEVEL,      /* the last level left out */
    FORGE_LEAF,       /* the certificate of a proven level whose bound is above 0 left out */
    FORGERIES
};
/* Changes the tree of an accepted plan file; false where there is nothing of that kind to change. What remains is false. */
bool forge_plan(struct tiny *t, struct json *plan, enum forgery kind);
/* Changes one number somewhere in the certificate, or drops a side of a split; false: there is none. It may remain true. */
bool forge_proof(struct tiny *t, struct json *plan);

#endif
