/* Telling people inside the application: one notice a person. */
#ifndef APP_TELL_H
#define APP_TELL_H

#include "app/app.h"

/* What a step of a plan is called in a notice, for students and for everybody else. */
struct tell_words {
    const char *student, *staff, *department; /* message names; NULL: these are not told */
};

/* Tells the rows of concerned_row. argument1 = the plan's number, argument2 = its cohort's code (or `reason`). */
enum status tell_concerned(struct call *c, const struct plan *p, const struct rows *concerned, const struct tell_words *words,
                           struct str reason) MUST;
/* Tells both sides' offices. */
enum status tell_sides(struct call *c, const struct plan *p, const char *message, struct str reason) MUST;
/* Tells everybody for whom `p` differs from the plan before it (`before` NONE: everybody in it). */
enum status tell_published(struct call *c, const struct plan *p, int64_t before) MUST;

#endif
