/* What a problem says week by week: open weeks only, one capacity and one minimum for each department and week, the base
 * plan as departments by week. */
#ifndef CHECK_MODEL_H
#define CHECK_MODEL_H

#include "check/source.h"

enum { NO_LIMIT = INT32_MAX };

struct model {
    const struct source *s;
    int32_t open;        /* open weeks */
    int32_t *week_of;    /* open week -> calendar week */
    int32_t *open_from;  /* calendar week 0..weeks -> first open week at or after it */
    /* department * open + open week */
    int32_t *cap, *min;
    const struct json **cap_at; /* the object that says cap: a limit, an exception, or the department */
    unsigned char *because;
    bool *smooth;        /* its capacity is at its default in this week */
    int32_t *base;       /* student * open + open week: department or NONE; NULL without base plan */
    const struct base_placement **base_list; /* base placements by student: base_begin[s]..base_begin[s+1]-1 */
    size_t *base_begin;
    int32_t freeze;      /* first open week at or after the freeze date; 0 without base plan */
};

/* `s` must outlive it. A full arena leaves by a->full. */
const struct model *check_model_make(struct arena *a, const struct source *s) MUST;

static inline size_t check_cell(const struct model *m, int department, int32_t week)
{
    return (size_t)department * (size_t)m->open + (size_t)week;
}
/* Whether a placement is a base placement that the freeze date pins. */
static inline bool check_is_frozen(const struct source *s, const struct base_placement *b)
{
    return s->has_base && b->from < s->freeze && !s->student[b->student].unfrozen;
}

/* First open week at or after calendar week w, which may lie outside the horizon; m->open behind the last. */
int32_t check_open_from(const struct model *m, int64_t w) MUST;
/* Whether the quota counts the student. */
bool check_counts(const struct source *s, const struct quota *q, int student) MUST;
/* The open weeks first..end-1 in which a quota holds. */
void check_quota_weeks(const struct model *m, const struct quota *q, int32_t *first, int32_t *end);
/* `first` of `weeks` open weeks that begin in calendar week `from`: whether they are in the horizon, begin in an open week
 * and contain a closed one only where that is allowed; else *rule says what is broken. */
bool check_weeks_fit(const struct model *m, int32_t from, int32_t weeks, enum check_rule *rule) MUST;

/* Arithmetic that ends at the largest number instead of beyond it. */
int64_t check_add(int64_t a, int64_t b) MUST;
int64_t check_mul(int64_t a, int64_t b) MUST;

#endif
