/* Trying a way out of a plan that does not exist: the stored problem with the repair's patch is planned as a draft of its own,
 * which says what would have to change in the base. Nothing of the base changes until somebody who may changes it; a tried
 * plan can be proposed as soon as it holds against the facts as they then are, like any other. Internal to trial*.c. */
#ifndef APP_TRIAL_H
#define APP_TRIAL_H

#include "app/planstore.h"

enum { TRIAL_BYTES_MOST = 1000000, GAP_ANY = 1000000 /* no longest gap */ };

/* One fact that would have to change, by the codes of the problem file. What a kind does not need is empty, 0 or NONE. */
struct trial_fact {
    enum trial_kind kind;
    struct str zh, en;      /* in a sentence */
    struct str code, other; /* department, student or rotation; of an order or its gap: before, after; of one more department: rotation, department */
    int64_t from, weeks;    /* weeks: seats, preceptors, reopen, others, away (as it is), open_week */
    int64_t number;         /* seats, preceptors, quota: students at once; weeks: how many; gap: the shortest, if that changes */
    int64_t to;             /* away, earliest, latest_end: the new Monday; NONE: no limit. gap: the longest, if that changes */
};

/* The facts that a JSON Patch on a problem would change, each with its sentence. STATUS_INPUT: no problem, no patch. */
enum status trial_facts_of(struct arena *a, struct str problem, struct str change, struct plan_facts *f, const struct rows *capacities,
                           struct trial_fact **out, size_t *n) MUST;
/* As text for plan.trial, and back; what is no fact is left out. */
void trial_facts_put(struct buf *b, const struct trial_fact *x, size_t n);
struct trial_fact *trial_facts_read(struct arena *a, struct str text, size_t *n) MUST;

/* What a fact looks like in the base of now. */
struct trial_base {
    struct plan_facts f;
    struct rows capacities, preceptors, elsewhere, orders, absences, places;
};
enum status trial_base_load(struct call *c, const struct plan *p, struct trial_base *out) MUST;
/* Whether the base says already what the fact asks for. */
bool trial_fact_is_done(const struct trial_base *b, const struct trial_fact *x) MUST;
/* Who changes facts of this kind: NULL where no use case can. */
const struct usecase *trial_usecase(enum trial_kind kind) MUST;
/* Changes the base by that use case, with the actor's own capability, inside the call's transaction. */
enum status trial_fact_apply(struct call *c, const struct trial_base *b, const struct trial_fact *x) MUST;

#endif
