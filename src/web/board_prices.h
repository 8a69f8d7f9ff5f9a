/* The prices of scarce weeks on the board. Private to this room. */
#ifndef WEB_BOARD_PRICES_H
#define WEB_BOARD_PRICES_H

#include "web/figures.h"

/* Rows by department and sentences, from the plan's proof; is_known false where it prices no seat. Sets all but `toggle`. */
struct board_prices board_prices(struct ctx *c, int64_t plan_id, const struct cohort *cohort, const struct rows *departments) MUST;

#endif
