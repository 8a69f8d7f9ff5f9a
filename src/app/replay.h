/* A stored plan made again from what is stored with it: the same problem, seed, work and beginning must give the same bytes. For
 * the operator of the machine; stores nothing. */
#ifndef APP_REPLAY_H
#define APP_REPLAY_H

#include "app/app.h"

struct replay {
    struct str number, title;       /* of the plan */
    struct str engine, engine_now;  /* that made it, and this one's */
    int64_t seed, ticks;
    bool is_same;    /* byte for byte; where is_cut_short, but for what says how it ended */
    bool is_cut_short; /* it was ended by the clock or a person; now by its work */
    size_t line;     /* of the first difference, counted from 1; 0: none */
    struct str then, now; /* that line of both, at most 200 bytes of it */
};

/* STATUS_NOT_FOUND: no such plan; STATUS_CONFLICT: no file of the planner belongs to it (changed by hand, a withdrawal, not made
 * yet); STATUS_LIMIT: memory; STATUS_INPUT: the stored problem is none. Texts lie in `a`. */
enum status replay_plan(const struct app *app, struct arena *a, int64_t plan_id, struct replay *out) MUST;

#endif
