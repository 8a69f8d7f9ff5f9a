/* What supervision.c (who supervises whom) and preceptors.c share. */
#ifndef APP_SUPERVISION_PART_H
#define APP_SUPERVISION_PART_H

#include "app/supervision.h"
#include "app/usecases.h"
#include "rules/supervise.h"

enum { WEEK = 7 };

/* A department from this week on: its stays of published plans, its preceptors with their absences. */
struct matter {
    struct rows stays, supervisors, absences;
    int64_t first; /* Monday of this week */
    struct supervise s;
    struct supervise_stay *stay;
};

enum status supervision_load(struct call *c, int64_t department_id, struct matter *m) MUST;
/* The place among m's preceptors; SUPERVISE_NOBODY: not one of them. */
int supervision_index(const struct matter *m, int64_t preceptor_id) MUST;
/* Tells one person; the message's arguments: first, then zh or en by the reader's language. */
enum status supervision_notice(struct call *c, int64_t base_id, int64_t person_id, const char *message, struct str first,
                               struct str zh, struct str en, struct str target) MUST;

#endif
