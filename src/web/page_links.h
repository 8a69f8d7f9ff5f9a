/* One-time links just made, shown once: on the screen and as slips of paper. */
#ifndef WEB_PAGE_LINKS_H
#define WEB_PAGE_LINKS_H

#include "web/ctx.h"

/* `rows`: link_row; cohort: its name, or empty for one person; back: where "back" leads. */
void links_show(struct ctx *c, enum msg_id title, struct str cohort, const struct rows *rows, struct str back);

#endif
