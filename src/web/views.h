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
    bool failed;
    struct str login_name;
};

struct link_view {
    struct str token;
    bool gone; /* used or too old */
};

struct card {
    enum msg_id label;
    struct str count; /* may be empty */
    const char *url;
    enum msg_id hint;
};

struct home_view {
    const struct card *card;
    size_t cards;
    const struct notice *notice;
    size_t notices;
};

/* A table of any record. */
struct table_view {
    enum msg_id title, empty;
    const char *record;
    struct str parent_query; /* "?parent=7" or empty */
    struct str parent_name;
    const enum msg_id *head;
    size_t columns;
    const struct str *cell; /* rows x columns */
    const int64_t *id;      /* of each row */
    size_t rows;
    bool may_add, may_edit;
    const struct table_link *link; /* to the lists under a row */
    size_t links;
    const struct str *urls;        /* rows x links: where each leads */
};

struct table_link {
    enum msg_id label;
    const char *record; /* or the begin of a path, which ends in the row's number */
};

struct option {
    int64_t value;
    struct str text_value, label;
    bool chosen;
};

struct control {
    const char *name;
    enum msg_id label;
    enum { CONTROL_TEXT, CONTROL_LINES, CONTROL_NUMBER, CONTROL_DATE, CONTROL_BOX, CONTROL_CHOICE, CONTROL_HIDDEN } kind;
    struct str value;
    int64_t least, most;
    bool required, checked;
    const struct option *option;
    size_t options;
    struct str error;
};

struct form_view {
    enum msg_id title;
    const char *record;
    int64_t id, version; /* 0 = new */
    struct str parent_query;
    const struct control *control;
    size_t controls;
    struct str error; /* of the whole form */
    bool may_delete;
};

/* One plan of a cohort on the planning page. */
struct plan_item {
    int64_t id, version, number;
    struct str title, made, figures; /* figures: "worst 1 · regret 4" in words */
    enum msg_id state, verdict, act; /* act: what this person may do next, or MSG_none */
    const char *act_name;
    bool is_running, is_whole;
    int64_t percent;
};

struct plans_view {
    int64_t cohort_id;
    struct str cohort;
    const struct plan_item *item;
    size_t items;
    bool may_make, is_running;
    struct str error;
};

/* A run of weeks of one student on the board. */
struct board_cell {
    int64_t span;
    int colour; /* class dep-N; -1: free, -2: closed */
    struct str initials, title;
};

struct board_line {
    struct str name, number, group, sort_key;
    const struct board_cell *cell;
    size_t cells;
};

struct board_week {
    int64_t number;
    struct str date;
    bool is_closed, is_now;
};

struct board_key {
    int colour;
    struct str initials, name;
};

struct board_view {
    int64_t plan_id, number, cohort_id;
    enum msg_id state, verdict;
    const struct board_week *week;
    size_t weeks;
    const struct board_line *line;
    size_t lines;
    const struct board_key *key;
    size_t keys;
    const struct board_load *load; /* keys x weeks: students and seats */
};

struct board_load {
    int64_t here, seats;
    int step; /* 0..10 of the seats used, 11 = over */
};

/* The student's own page. */
struct my_item {
    struct str rotation, department;
    date from, last; /* last: the Sunday on which it ends */
    int64_t weeks;
    enum msg_id when; /* past, now, next, later */
    const char *class;
};

struct my_wish {
    int64_t rank;
    struct str rotation, name;
    bool granted;
};

struct my_view {
    const struct my_item *item;
    size_t items;
    const struct my_wish *wish;
    size_t wishes;
    int64_t plan_number;
};

/* The wishes form: one list for each rotation with more than one department. */
struct wish_list {
    int64_t rotation_id;
    struct str rotation;
    const struct option *option; /* ranks x choices: each rank's select */
    size_t choices;
};

struct wishes_view {
    int64_t student_id;
    const struct wish_list *list;
    size_t lists;
    bool is_open, saved;
    struct str open, close, error;
};

/* Who is in a department, week by week from now on. */
struct visit {
    struct str name, number;
    bool is_new, is_last; /* arrives, or leaves at the end of this week */
};

struct department_week {
    date monday;
    bool is_now;
    int64_t here, seats;
    const struct visit *visit;
};

struct department_view {
    struct str name;
    const struct department_week *week;
    size_t weeks;
};

struct audit_row {
    struct str time, person, act, subject, outcome, detail;
};

struct audit_view {
    const struct audit_row *row;
    size_t rows;
    int64_t next; /* 0 = no more */
};

#endif
