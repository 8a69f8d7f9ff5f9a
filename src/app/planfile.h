/* A problem file planned without a database: what `internbase plan` runs. */
#ifndef APP_PLANFILE_H
#define APP_PLANFILE_H

#include "core/text.h"
#include "core/err.h"
#include "msg/msg.h"

struct planfile_options {
    int64_t seed, budget_ticks, seconds;
    int threads;
    void (*say)(void *ctx, int64_t percent, const char *level, int64_t value, int64_t bound);
    void *ctx;
    enum lang lang; /* of `refused` */
    int alternatives; /* with a base plan: so many proposals at most; 0: one */
};

enum { PLANFILE_PROPOSALS_MOST = 3 };

enum planfile_verdict { PLANFILE_OPTIMAL, PLANFILE_FEASIBLE, PLANFILE_INFEASIBLE, PLANFILE_UNKNOWN, PLANFILE_BROKEN };

/* Plans `problem` and appends the plan file, which has then passed the independent check. PLANFILE_BROKEN: it did not; nothing
 * is appended but to `refused`: what does not hold, in words. STATUS_INPUT: every fault of the problem is in errs, at its
 * JSON path. */
enum status planfile_make(struct arena *a, struct str problem, const struct planfile_options *o, struct buf *plan,
                          enum planfile_verdict *verdict, struct buf *refused, struct errs *errs) MUST;

/* What became of a problem with a base plan: of each proposal the student-weeks moved and the people to tell. */
struct planfile_change {
    int64_t student_weeks;
    size_t students;
    bool least;
    int links;
};
/* The same with up to o->alternatives proposals, into plan[0 .. *n), each of which has passed the check; their sets of people to
 * tell differ and none contains another. plan has PLANFILE_PROPOSALS_MOST buffers, change (may be NULL) as many entries. */
enum status planfile_proposals(struct arena *a, struct str problem, const struct planfile_options *o, struct buf *plan,
                               struct planfile_change *change, size_t *n, enum planfile_verdict *verdict, struct buf *refused,
                               struct errs *errs) MUST;
/* What if there were one more seat or student: appends internbase.whatif/1. */
enum status planfile_what_if(struct arena *a, struct str problem, const struct planfile_options *o, struct buf *answer,
                             enum planfile_verdict *verdict, struct errs *errs) MUST;

#endif
