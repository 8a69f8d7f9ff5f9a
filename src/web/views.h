/* What the templates show: one const struct a page, filled by its handler. */
#ifndef WEB_VIEWS_H
#define WEB_VIEWS_H

#include "records/records.h"
#include "web/assets.h"
#include "web/html.h"

struct error_view {
    enum msg_id title, text;
};

struct sign_in_view {
    bool failed, is_first; /* is_first: nothing is set up yet */
    int64_t wait_s;        /* too many failures: how long to wait, 0 = not at all */
    struct str login_name;
};

struct link_view {
    struct str token;
    bool gone; /* used or too old */
};

struct option {
    int64_t value;
    struct str text_value, label;
    bool chosen;
};

struct control {
    const char *name;
    struct str id; /* of the element: unlike any other of the page */
    enum msg_id label;
    enum { CONTROL_TEXT, CONTROL_LINES, CONTROL_NUMBER, CONTROL_DATE, CONTROL_BOX, CONTROL_CHOICE, CONTROL_HIDDEN } kind;
    struct str value;
    int64_t least, most;
    bool required, checked;
    enum msg_id hint;  /* or MSG_none */
    enum msg_id empty; /* what no choice is called; MSG_none: (none) */
    const struct option *option;
    size_t options;
    struct str error;
};

struct form_view {
    enum msg_id title;
    const char *record;
    int64_t id, version; /* 0 = new */
    struct str parent_query, list_url;
    const struct control *control;
    size_t controls;
    struct str error; /* of the whole form */
    bool may_delete;
};

/* The wishes form: a list for each rotation with several departments and for each choice. */
struct wish_item {
    int64_t id, rank;
    struct str name;
    bool is_first, is_last;
};

struct wish_list {
    int64_t rotation_id, choice_id, pick; /* exactly one of the first two is not 0 */
    struct str title;
    bool is_given;
    const struct wish_item *item;
    size_t items;
};

struct wishes_view {
    int64_t student_id;
    struct str action, name, open, close, error;
    const struct wish_list *list;
    size_t lists;
    bool is_open, is_early, is_late, saved, by_secretary;
};

#endif
