/* Plans side by side by their figures, for every page that shows more than one. Private to this room. */
#ifndef WEB_VARIANTS_H
#define WEB_VARIANTS_H

#include "web/figures.h"

/* One row for each plan, in the order given. published_id: what they are held against, 0 = nothing. */
struct variants variants_of(struct ctx *c, const struct plan_row *p, size_t n, int64_t published_id) MUST;

#endif
