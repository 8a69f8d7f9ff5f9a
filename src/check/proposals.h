/* Several plans of one problem with a base plan: whether their sets of people to tell differ, none containing another. That each
 * list of people is right is for check_plan to say. */
#ifndef CHECK_PROPOSALS_H
#define CHECK_PROPOSALS_H

#include "core/text.h"

#include <stddef.h>

enum check_proposals {
    CHECK_PROPOSALS_DIFFER,
    CHECK_PROPOSALS_CONTAINED, /* whoever is told by *inner is told by *outer too */
    CHECK_PROPOSALS_INVALID    /* *inner is no plan file, or tells nobody's list: there is no base plan */
};

/* `file`: n plan files. Lies in `a` while it runs. */
enum check_proposals check_proposals(struct arena *a, const struct str *file, size_t n, size_t *inner, size_t *outer) MUST;

#endif
