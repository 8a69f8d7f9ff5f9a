/* What the import pages show. */
#ifndef WEB_VIEWS_IMPORT_H
#define WEB_VIEWS_IMPORT_H

#include "web/views.h"

/* A kind of table that the reader may import. */
struct import_kind_item {
    const char *name;
    enum msg_id label, hint;
    bool chosen;
};

struct import_item {
    int64_t id;
    enum msg_id kind, state;
    const char *state_class; /* of its tag */
    struct str file, cohort, when, who;
    int64_t fresh, changed, wrong;
};

struct import_start_view {
    const struct import_kind_item *kind;
    size_t kinds;
    const struct option *cohort;
    size_t cohorts;
    const struct import_item *item;
    size_t items;
    int64_t older; /* offset of the next page of the history, 0 = none */
    struct str error;
};

struct import_tab {
    enum msg_id label;
    const char *name;
    int64_t count;
    bool is_current;
};

/* A cell: what it is, what it was, what is wrong with it. */
struct import_cell_view {
    struct str now, was, fault;
    bool is_changed;
};

struct import_line {
    int64_t line; /* 0 = not of the file */
    const struct import_cell_view *cell;
    struct str fault; /* of the row as a whole */
};

struct import_view {
    int64_t id, version;
    enum msg_id kind, state;
    const char *state_class;
    struct str file, cohort, form, ignored, doubled, sheets, who, when;
    const struct str *problem;
    size_t problems;
    struct str error; /* of an act that was refused */
    bool is_reading, is_accepting, is_stale;
    bool may_accept, may_refuse, may_undo, is_same, is_wrong, is_accepted, is_undone;
    int64_t read; /* rows so far */
    int64_t fresh, changed;
    const struct import_tab *tab;
    size_t tabs;
    enum msg_id about; /* what the rows shown are */
    const struct str *head;
    size_t columns;
    const struct import_line *row;
    size_t rows;
    const char *shown;
    int64_t next; /* the row behind which the next page begins, 0 = none */
    bool is_first;
    const char *again_kind;
    const char *go_url; /* where to look at what was imported */
};

#endif
