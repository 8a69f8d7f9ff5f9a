/* The stored figures of a plan (app/planstore.h writes them) as what pages show. Private to this room. */
#ifndef WEB_FIGURES_H
#define WEB_FIGURES_H

#include "web/plan_head.h"

enum { FIGURES_LEVELS = 16, FIGURES_RANKS = 16, FIGURES_REGRETS = 64 };

struct figures {
    struct level_item level[FIGURES_LEVELS];
    int64_t value[FIGURES_LEVELS]; /* NONE: unknown */
    size_t levels;
    int64_t rank[FIGURES_RANKS], outside, unplaced, students;
    size_t ranks;
    struct { int64_t regret, students; } regret[FIGURES_REGRETS]; /* ascending; what is beyond the last is added to it */
    size_t regrets;
    int64_t seconds_left; /* of a running job; -1: unknown */
};

/* Reads figures or a job's progress; all empty where there is nothing. */
void figures_read(struct ctx *c, struct str json, struct figures *out);
/* The label of a level by its name, and what it means; MSG_none for an unknown one. */
enum msg_id figures_level_label(struct str name, enum msg_id *hint) MUST;

#endif
