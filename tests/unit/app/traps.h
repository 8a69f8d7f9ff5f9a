/* The demo problem and the seven small changes that make it impossible, with everything about them that may vary: names,
 * sizes, dates, order in the file, holidays, the week of a closure. */
#ifndef TESTS_TRAPS_H
#define TESTS_TRAPS_H

#include "core/date.h"

struct variant {
    int trap;         /* 1..7; 0: the demo problem itself */
    int scale;        /* students and seats times this */
    int names;        /* 0: as in the demo, 1: short codes, 2: Chinese */
    bool backwards;   /* lists in the other order */
    int first_week;   /* weeks after 2027-03-01 on which it begins */
    int holidays;     /* closed weeks inside */
    int shift;        /* of the closure, in open weeks */
    int weeks;        /* open weeks; 0: 16 */
    int more_students, more_seats; /* against the trap: what cures it. Seats: in its department */
    bool wishes;
};

/* Appends the problem file. */
void traps_put(struct buf *b, const struct variant *v);
/* The cause that the first conflict must have. */
extern const char *const traps_cause[8];

#endif
