/* What the page of a cohort's groups shows. */
#ifndef WEB_VIEWS_GROUPS_H
#define WEB_VIEWS_GROUPS_H

#include "web/views_setup.h"

struct group_item {
    int64_t id, version, students;
    struct str name, members; /* members: the first of them, by name */
    enum msg_id kind;
    bool is_more, is_plain, is_open;
    const struct str *quota;
    size_t quotas;
    struct controls controls;
};

struct groups_view {
    int64_t cohort_id;
    struct str cohort, error;
    const struct group_item *item;
    size_t items;
    bool may_edit, saved, add_open;
    struct controls add;
};

#endif
