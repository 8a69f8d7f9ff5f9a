/* What the pages around a plan show: planning, board, difference, heat map, departments, students. */
#ifndef WEB_VIEWS_PLAN_H
#define WEB_VIEWS_PLAN_H

#include "web/views.h"

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

#endif
