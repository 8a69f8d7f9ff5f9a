/* What the pages around a plan show: planning, board, difference, heat map, departments, students. What may be asked of one stands
 * in views_ways.h. */
#ifndef WEB_VIEWS_PLAN_H
#define WEB_VIEWS_PLAN_H

#include "web/views.h"

/* What every page about one plan begins with: which plan, and the ways to its other pages. */
struct plan_head {
    int64_t id, version, cohort_id, number, published_id; /* published_id: of the cohort's published plan, 0 = none */
    struct str cohort, title;
    enum plan_state state_of;
    enum msg_id state, verdict, origin, current; /* current: the page one is on (a label of the tabs) */
    bool is_broken, has_placements, is_infeasible, is_trial, may_change, may_see_all;
};

/* A run of weeks of one student on the board. */
struct board_cell {
    int64_t span, placement_id; /* 0: free or closed */
    int colour;                 /* class dN; -1: free, -2: closed */
    int stripes;                /* departments beyond the palette are striped */
    bool is_hit;                /* of the department that is filtered for */
    bool is_tight;              /* more initials than the cell has room for */
    struct str initials;
};

struct board_line {
    int64_t student_id;
    struct str name, number, group, sort_key;
    int64_t regret; /* -1: unknown */
    bool is_withdrawn;
    const struct board_cell *cell;
    size_t cells;
};

struct board_week {
    int64_t number;
    date monday;
    int month, day;
    bool is_closed, is_now, is_month; /* is_month: the first Monday of its month among the weeks */
};

struct board_key {
    int64_t department_id;
    int colour, stripes;
    struct str initials, name;
    bool is_hit;
};

struct board_option {
    struct str value, label;
    bool chosen;
};

/* What one more seat is worth by the proof: a row of the board below the students, and sentences. */
struct price_cell {
    int64_t span;
    int step; /* 0: nothing; 1..4 the more the darker */
    struct str text, title;
};

struct price_line {
    struct str name;
    const struct price_cell *cell;
    size_t cells;
};

struct board_prices {
    bool is_shown, is_known; /* is_known: a proof that prices seats */
    struct str toggle;       /* this page with or without them */
    struct str level;
    const struct price_line *line;
    size_t lines;
    const struct str *said; /* the most worth, in words */
    size_t saids;
};

struct board_view {
    struct plan_head head;
    struct board_prices prices;
    const struct board_week *week;
    size_t weeks;
    const struct board_line *line;
    size_t lines, all; /* shown, and how many there are */
    const struct board_key *key;
    size_t keys;
    const struct board_option *department, *group;
    size_t departments, groups;
    struct str q, zoom_url[3]; /* zoom_url: this page with the filter as it stands */
    enum msg_id zoom_label[3];
    const char *state, *sort, *paper;
    int zoom;
    bool is_filtered, is_dimmed; /* is_dimmed: one department stands out */
};

/* A level of a plan: what it means, its value and how good it could be at most. */
struct level_item {
    enum msg_id label, hint;
    struct str name, value, bound; /* name: where there is no label; bound may be empty */
    bool is_proven;
};

/* How value and bound of one level closed in: a picture in its own units, and the same in a sentence. */
struct curve_tick {
    int64_t at; /* x or y in the picture */
    struct str label;
};

struct curve {
    struct level_item level;
    enum msg_id unit;
    struct str value_path, bound_path, gap_path; /* of an SVG path; empty where there is nothing to draw */
    struct curve_tick x[8], y[8];
    size_t xs, ys;
    int64_t end_x, value_y, bound_y;             /* where the lines end */
    int64_t value_text_y, bound_text_y;          /* their numbers, kept apart */
    struct str value, bound, text;               /* text: for those who don't see the picture */
    bool has_value, is_met;                      /* is_met: both end in the same number */
};

struct curves {
    const struct curve *item;
    size_t n;
};

/* One plan of a cohort on the planning page. */
struct plan_act {
    const char *name;
    enum msg_id label;
    bool is_main, is_danger, needs_reason;
};

struct plan_item {
    int64_t id, version, number;
    struct str title, made, based_on; /* based_on: the number of the plan it began from, or empty */
    enum plan_state state_of;
    enum msg_id state, verdict, origin;
    const struct plan_act *act; /* what this person may do next */
    size_t acts;
    const struct str *fact; /* of a tried plan: what must be changed before it can be proposed, the first of it */
    size_t facts, more_facts;
    bool is_running, is_waiting, is_failed, is_whole, is_broken, is_infeasible, is_trial;
    int64_t percent;
    struct str left; /* time left, in words, or empty */
    const struct level_item *level;
    size_t levels;
    struct curves curves; /* of a running one */
};

/* Variants side by side: one row a plan, one column a figure. */
struct variant_cell {
    struct str text;
    bool is_best; /* of its column, where that can be said */
};

struct variant {
    int64_t id, number;
    struct str title, made, made_by, seed, first, differs, load; /* differs: from the published plan */
    enum plan_state state_of;
    enum msg_id state, verdict, origin;
    bool has_placements, is_bad;
    const struct variant_cell *level; /* one for each column */
};

struct variants {
    const struct variant *item;
    size_t items;
    const struct level_item *level; /* the columns */
    size_t levels;
    const struct option *choice; /* those that can be compared */
    size_t choices;
};

struct plans_view {
    int64_t cohort_id, published_id;
    struct str cohort;
    const struct plan_item *item;
    size_t items;
    struct variants variants;
    bool may_make, may_see_all, is_running, is_fresh;
    struct str newer, older; /* other pages, or empty */
    struct str error, title, seed, seconds; /* what was typed */
};

/* A broken rule in words. */
struct finding_item {
    enum msg_id rule;
    struct str text;
};

struct finding_level {
    enum msg_id label;
    struct str name, before, after;
    bool is_better, is_worse;
};

struct findings {
    const struct finding_item *item;
    size_t items;
    const struct finding_level *level;
    size_t levels;
    bool is_known; /* something was checked */
};

struct check_view {
    struct plan_head head;
    struct findings found;
    bool stored; /* just now, by a hand change */
};

/* A change by hand, before it is stored. */
struct change_view {
    struct plan_head head;
    int64_t placement_id, version;
    struct str student, rotation, now;
    const struct option *department, *week, *student_option;
    size_t departments, weeks, students;
    bool is_swap, is_whole, as_variant, in_place, was_changed; /* was_changed: by somebody else meanwhile */
    struct findings found;
    struct str error;
};

/* The difference between two plans. */
struct diff_item {
    bool is_first; /* of its student */
    int64_t student_id, lines; /* lines: of this student, where is_first */
    struct str student, number, rotation, before, after; /* "ultrasound, weeks 3-4", or empty */
    int64_t weeks;
};

struct diff_view {
    struct plan_head head; /* of the later one */
    struct variants variants; /* the two, by their figures */
    int64_t before_number;
    const struct diff_item *item;
    size_t items, students;
    int64_t weeks;
    const struct board_option *plan; /* others to compare with */
    size_t plans;
    const struct told *told;
    size_t tolds;
    size_t other_tolds; /* students */
};

struct told {
    struct str name, department;
    enum msg_id role;
};

/* Load against seats. */
struct heat_cell {
    int64_t here, others, seats;
    int step; /* 0..10 of the seats used; 11 = over, 12 = shut */
    struct str title;
};

struct heat_line {
    int64_t department_id;
    struct str name, initials, site;
    int64_t percent; /* of all seats */
    const struct heat_cell *cell;
};

struct heat_view {
    bool of_plan;
    struct plan_head head;
    const struct board_week *week;
    size_t weeks;
    const struct heat_line *line;
    size_t lines;
    const struct board_option *site;
    size_t sites;
    int64_t over; /* cells with more than seats */
};

/* What a plan is worth. */
struct rank_item {
    struct str label, count, percent;
    int64_t value, of;
};

struct load_item {
    struct str name;
    int64_t used, seats, percent, full, over;
};

struct figures_view {
    struct plan_head head;
    struct curves curves;
    const struct level_item *level;
    size_t levels;
    const struct rank_item *rank, *regret;
    size_t ranks, regrets;
    const struct load_item *load;
    size_t loads;
    int64_t students, waiting, waiting_students, travel, seed;
    bool has_sites;
};

/* One student's weeks, wishes and who supervises: his own page and the staff's. */
struct my_item {
    int64_t placement_id;
    struct str rotation, department, site, preceptors, preceptor, title, stand_in;
    date from, last; /* last: the Sunday on which it ends */
    int64_t weeks, number_from, number_to; /* teaching weeks */
    enum msg_id when; /* past, now, next, later */
    const char *class;
};

struct my_wish {
    int64_t rank;
    struct str name, why; /* why: what became of it */
    bool granted;
};

struct my_list {
    struct str name, result; /* result: of the list, from the receipt */
    const struct my_wish *wish;
    size_t wishes;
};

struct my_view {
    struct str name, number, group, cohort;
    const struct my_item *item;
    size_t items;
    const struct my_item *now, *next; /* NULL: none */
    int64_t now_week;                 /* which week of the present rotation this is */
    const struct my_list *list;
    size_t lists;
    int64_t plan_number, seed, regret;
    /* the staff's page */
    int64_t student_id, plan_id, cohort_id;
    bool is_own, is_withdrawn, may_change, may_withdraw;
    date next_monday;
    struct str error;
    const struct home_view *told; /* what waits for one and what one was told; of the own page */
};

/* Who is in a department, week by week from now on. */
struct visit {
    struct str name, number, base; /* base: of another base, else empty */
    struct str preceptor;          /* empty: nobody yet */
    bool is_mine;                  /* the reader supervises */
    bool is_new, is_last;          /* arrives, or leaves at the end of this week */
};

struct department_week {
    date monday, sunday;
    bool is_now, is_over;
    int64_t here, others, seats, arrive, leave;
    enum msg_id because; /* why there are fewer seats than usual, or MSG_none */
    const struct visit *visit;
};

struct department_view {
    int64_t id;
    bool may_name;
    struct str name, site;
    const struct department_week *week;
    size_t weeks;
    const struct my_wish *preceptor; /* name, why: title */
    size_t preceptors;
};

#endif
