/* The worker: takes planning jobs from the queue, runs the planner, stores what it finds. */
#ifndef APP_WORKER_H
#define APP_WORKER_H

#include "app/app.h"

struct worker;

/* One thread that works until worker_stop; what it was doing then is gone on with at the next start. */
struct worker *worker_start(const struct app *app) MUST;
void worker_stop(struct worker *w);
/* Works off every job that waits, in the caller's thread, telling `say` how far it is; for commands. */
enum status worker_drain(const struct app *app, void (*say)(void *ctx, int64_t percent, struct str progress), void *ctx) MUST;

#endif
