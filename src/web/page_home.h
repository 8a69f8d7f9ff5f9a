/* What waits for somebody and what he was told, for the pages that serve as somebody's home. */
#ifndef WEB_PAGE_HOME_H
#define WEB_PAGE_HOME_H

#include "web/ctx.h"

struct home_view;

/* The list and the newest notices of whoever is signed in; NULL with the failure answered by nobody: the page goes on without. */
const struct home_view *home_told(struct ctx *c) MUST;

#endif
