/* Weeks as people write them: dates, ranges of dates, numbers of teaching weeks, pasted from a calendar or a notice. */
#ifndef RULES_DAYS_H
#define RULES_DAYS_H

#include "core/date.h"

enum days_found { DAYS_END, DAYS_WEEKS, DAYS_NOT_READ, DAYS_NO_DATE, DAYS_OUTSIDE };

/* Takes the next entry off *rest: "2027-10-01", "2027/10/1", "2027年10月1日", "2027-10-01~2027-10-07", "第8周", "9-10", "week 8".
 * DAYS_WEEKS: *first and *last are the Mondays of its first and last week. Else *piece is what is wrong: not to be read, a date
 * that does not exist, or outside the `weeks` weeks from `begin` (a Monday), which also numbers are counted in. */
enum days_found rules_days_next(struct str *rest, date begin, int64_t weeks, date *first, date *last, struct str *piece) MUST;

#endif
