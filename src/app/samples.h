/* The curve of a search as it is kept with its job: value and bound of every level over the time worked, in a bounded number
 * of samples, whatever the search takes. Goes on where an interrupted run left off. Knows nothing of the planner. */
#ifndef APP_SAMPLES_H
#define APP_SAMPLES_H

#include "core/json.h"

enum { SAMPLES_MOST = 96, SAMPLES_LEVELS = 16, SAMPLES_NAME_BYTES = 41 };

struct sample_level {
    bool has_value;
    int64_t value, bound;
};

struct sample {
    int64_t ms; /* worked, summed over all runs of the job */
    struct sample_level level[SAMPLES_LEVELS];
};

struct samples {
    size_t n, levels;
    int64_t before_ms; /* worked in earlier runs */
    char name[SAMPLES_LEVELS][SAMPLES_NAME_BYTES];
    struct sample item[SAMPLES_MOST];
};

/* Goes on from what an earlier run stored (a job's progress), or begins where that holds none. */
void samples_begin(struct samples *s, struct arena *a, struct str progress);
/* Names level i; call before the first samples_add. Levels beyond SAMPLES_LEVELS are left out. */
void samples_name(struct samples *s, size_t i, const char *name);
/* Takes a sample `ms` after the begin of this run where something changed since the last one; is_last: in any case, so that
 * the curve reaches its end. A full store keeps every other sample: the ends always stay. */
void samples_add(struct samples *s, int64_t ms, const struct sample_level *level, bool is_last);
/* Appends {"levels":[name...],"samples":[[ms,[value|null,bound]...]...]}. */
void samples_put(struct buf *b, const struct samples *s);

#endif
