/* One job as a worker works it off, and the kinds that there are. Knows nothing of the queue's order (jobs/jobs.h) or of the loop
 * (worker.h). */
#ifndef APP_WORK_H
#define APP_WORK_H

#include "app/app.h"

/* What a worker lends to a job. `stop` (may be NULL) asks it to lay the work down in good order; `say` (may be NULL) hears how
 * far it is. */
struct work {
    const struct app *app;
    const struct job *job;
    const volatile bool *stop;
    void (*say)(void *ctx, int64_t percent, struct str progress);
    void *say_ctx;
};

/* Each ends its job in the queue, or lays it down again: then STATUS_CANCELLED. */
enum status work_plan(const struct work *w) MUST;
enum status work_whatif(const struct work *w) MUST;
enum status work_import(const struct work *w) MUST; /* import_work.c */

#endif
