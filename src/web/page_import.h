/* What the pages of imports share: page_import.c and page_import_preview.c. */
#ifndef WEB_PAGE_IMPORT_H
#define WEB_PAGE_IMPORT_H

#include "app/imports.h"
#include "web/ctx.h"
#include "web/pages.h"

struct import_page_kind {
    enum msg_id label, hint;
    const char *go_url, *go_rest; /* where to look at what came in; with a rest the cohort's number stands between */
};
extern const struct import_page_kind import_page_kinds[import_kind_COUNT];

/* The state's word and the class of its tag; a preview that can't go on says so instead of waiting to be confirmed. */
enum msg_id import_page_state(const struct import *i, const char **class) MUST;
struct str import_page_cohort(struct ctx *c, const struct rows *cohorts, int64_t id) MUST;
struct str import_page_person(struct ctx *c, const struct rows *members, int64_t id) MUST;
/* The first error with its place in the file; empty when there is none. */
struct str import_page_error(struct ctx *c) MUST;
/* The base's cohorts and members, whom imports name. False: *st says why not; only where it was STATUS_OK before is asked. */
bool import_page_names(struct ctx *c, struct rows *cohorts, struct rows *members, enum status *st) MUST;

#endif
