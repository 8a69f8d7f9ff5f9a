/* What every page knows about its request: who looks, in which language, and the token its forms carry.
 * Filled by the router once a request; templates and html.c only read it. Holds nothing of a single page. */
#ifndef WEB_PAGE_H
#define WEB_PAGE_H

#include "msg/msg.h"

enum theme { THEME_AUTO, THEME_LIGHT, THEME_DARK };

/* One entry of the navigation (web/nav.def). */
struct nav_item {
    const char *url;
    enum msg_id label;
    bool is_current;
};

struct page {
    enum lang lang;
    enum theme theme;
    struct str path;   /* of the request, with its query: where the language switch comes back to */
    struct str csrf;   /* of this login (or of this browser before sign-in) */
    struct str person; /* display name of who is signed in; empty = nobody */
    bool is_signed_in;
    struct str base;       /* name of the base in this language */
    int64_t unread;        /* notices */
    const struct nav_item *nav;
    size_t navs;
    const char *sheet, *more_sheet, *script; /* files of static/ that this page needs beside the common ones, or NULL */
};

#endif
