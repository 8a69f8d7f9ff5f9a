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
};

enum planfile_verdict { PLANFILE_OPTIMAL, PLANFILE_FEASIBLE, PLANFILE_INFEASIBLE, PLANFILE_UNKNOWN, PLANFILE_BROKEN };

/* Plans `problem` and appends the plan file, which has then passed the independent check. PLANFILE_BROKEN: it did not; nothing
 * is appended but to `refused`: what does not hold, in words. STATUS_INPUT: every fault of the problem is in errs, at its
 * JSON path. */
enum status planfile_make(struct arena *a, struct str problem, const struct planfile_options *o, struct buf *plan,
                          enum planfile_verdict *verdict, struct buf *refused, struct errs *errs) MUST;

#endif
