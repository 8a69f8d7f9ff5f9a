/* What the page of a department's preceptors shows: whom each supervises, their weeks away. */
#ifndef WEB_VIEWS_SUPERVISION_H
#define WEB_VIEWS_SUPERVISION_H

#include "web/views_setup.h"

/* One student's stay, with the choice of preceptors: what is named, or suggested where nothing is. */
struct supervised {
    int64_t placement_id, version;
    struct str name, number, base; /* base: of another base, else empty */
    date from, last;
    enum msg_id state;
    bool is_open, is_suggested; /* open: something is to be done */
    const struct option *option;
    size_t options;
};

struct supervisor_item {
    int64_t id, most, value, peak;
    struct str name, title;
    bool active, is_over;
};

struct away_item {
    int64_t id, version;
    struct str text, stand_in; /* stand_in: empty: nobody yet */
};

struct supervision_view {
    int64_t department_id, weeks, all, suggested, no_room;
    struct str name, error;
    date from;
    bool saved, was_changed;
    const struct supervised *item;
    size_t items;
    const struct supervisor_item *supervisor;
    size_t supervisors;
    const struct away_item *away;
    size_t aways;
    struct controls add_absence, add_preceptor;
    bool absence_open, add_open;
};

#endif
