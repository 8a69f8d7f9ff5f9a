/* The student's own page, which home shows to a student. */
#ifndef WEB_PAGE_MY_H
#define WEB_PAGE_MY_H

#include "web/ctx.h"

void page_my_get(struct ctx *c);

#endif
