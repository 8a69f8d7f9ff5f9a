/* What the pages show that ask something of a plan: why there is none, what if, planning again, what became of wishes, a trial. */
#ifndef WEB_VIEWS_WAYS_H
#define WEB_VIEWS_WAYS_H

#include "web/views_plan.h"

/* Why there is no plan. */
struct why_fact {
    struct str text, owner, clause;
};

struct why_conflict {
    int64_t number;
    struct str title, text;
    const struct why_fact *fact;
    size_t facts;
};

/* A level of the plan that a way out gives, beside the published plan's. */
struct why_level {
    struct level_item level;
    struct str published; /* empty: none */
};

struct why_way {
    int64_t number;
    struct str text;
    const struct why_level *level;
    size_t levels;
    int64_t trial_id, trial_number; /* the plan that tries it; 0: none yet */
    enum msg_id verdict;            /* of that plan */
};

struct why_view {
    struct plan_head head;
    struct str verdict, error;
    const struct why_conflict *conflict;
    size_t conflicts;
    const struct why_way *way;
    size_t ways;
};

/* What one more seat would bring, level by level: departments by the week from which on. */
struct whatif_cell {
    int64_t gain, weeks;
    int step; /* of the colours of the load; 0: nothing */
    bool is_open; /* it may be more */
    struct str title;
};

struct whatif_line {
    int64_t department_id;
    struct str name;
    const struct whatif_cell *cell;
};

struct whatif_table {
    struct level_item level;
    const struct whatif_line *line;
    size_t lines;
};

struct whatif_view {
    struct plan_head head;
    struct str error, made, left;
    bool is_running, is_waiting, is_failed, is_fresh, is_stopped;
    int64_t percent;
    const struct board_week *week;
    size_t weeks;
    const struct whatif_table *table;
    size_t tables;
    const struct str *best; /* the most that one seat brings, in words */
    size_t bests;
    bool has_answer, has_largest, largest_is_open;
    int64_t students, largest;
};

/* A published plan planned again: up to three proposals side by side. */
struct proposal {
    int64_t id, version, number;
    enum plan_state state_of;
    enum msg_id state, verdict;
    bool has_placements, may_propose;
    struct str least; /* how little was changed, in words */
    int64_t moved_students, moved_weeks;
    const struct level_item *level;
    size_t levels;
    const struct told *student; /* to tell: by name, those that the list has room for */
    size_t students, more_students;
    size_t staff;
};

struct replan_view {
    int64_t cohort_id, published_id, published_number, plan_id, plan_version;
    struct str cohort, error;
    const struct option *week; /* from which on anything may change */
    size_t weeks;
    struct str title, seconds;
    int64_t wanted; /* proposals that were asked for */
    bool may_make, is_running, is_waiting, is_failed, is_infeasible, is_fresh;
    int64_t percent;
    struct str left;
    struct curves curves;
    const struct proposal *item;
    size_t items;
};

/* What became of everybody's wishes, list by list. */
struct receipt_item {
    bool is_first; /* of its student */
    int64_t student_id, lines, regret;
    struct str student, number, list, result;
};

struct receipts_view {
    struct plan_head head;
    const struct receipt_item *item;
    size_t items;
    int64_t seed;
    struct str newer, older;
};

/* What a tried plan rests on. */
struct trial_item {
    enum msg_id kind, side; /* side: MSG_none where nobody can change it */
    struct str text, url;   /* url: where it is changed by hand, or empty */
    bool is_done, may;
};

struct trial_view {
    struct plan_head head;
    const struct trial_item *item;
    size_t items, open, mine; /* open: not so yet; mine: of those, what the reader can change at once */
    int64_t from_id, from_number; /* the plan that does not exist; 0: gone */
    bool is_changed;
    struct str error;
};

#endif
