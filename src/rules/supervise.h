/* Who supervises whom: loads of preceptors by week, and a suggestion that keeps to what each may supervise at a time. */
#ifndef RULES_SUPERVISE_H
#define RULES_SUPERVISE_H

#include "core/base.h"

enum { SUPERVISE_NOBODY = -1 };

/* Weeks [from, to) of one student, counted from the first week of the matter; `preceptor` is an index or SUPERVISE_NOBODY. */
struct supervise_stay {
    int64_t from, to;
    int preceptor;
};

/* The matter. `who` has preceptors x weeks entries: who really is there for the students of p in week w: p himself, whoever
 * stands in, or SUPERVISE_NOBODY. `load` likewise: students at a time; written by the functions below. */
struct supervise {
    int preceptors;
    int64_t weeks;
    const int64_t *most; /* students at a time, by preceptor; 0: he supervises nobody new */
    const int *who;
    int64_t *load;
};

/* Counts the named stays into s->load. */
void rules_supervise_load(struct supervise *s, const struct supervise_stay *stay, size_t stays);
/* Suggests a preceptor for each stay that has none, into suggested[stays] (others: their own), and counts them into s->load,
 * which must hold the named ones. Stays in the order of their first weeks: then everybody gets somebody as long as, in every
 * week, there are no more students than all may supervise, nobody is away and nothing was named badly before. The least loaded
 * by his own measure is taken, so that load is shared as the numbers of students at a time are. */
void rules_supervise_suggest(struct supervise *s, const struct supervise_stay *stay, size_t stays, int *suggested);
/* The first week in which s->load of preceptor p is above what he may supervise; false: none. */
bool rules_supervise_over(const struct supervise *s, int p, int64_t *week) MUST;

#endif
