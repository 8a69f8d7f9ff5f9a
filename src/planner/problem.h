/* A problem as it was written, by indices instead of names: the calendar is still there, nothing is derived. The loader
 * fills it; the model is compiled from it. Whoever wants to try a changed problem (a rule off, a seat more) copies the
 * parts that change and compiles again. Weeks are calendar weeks from the first Monday; those outside the horizon may
 * be negative or beyond it. */
#ifndef PLANNER_PROBLEM_H
#define PLANNER_PROBLEM_H

#include "core/date.h"
#include "core/json.h"

enum {
    PLANNER_NO_LIMIT = 1 << 28,    /* a capacity that never binds */
    PLANNER_NUMBER_MOST = 1000000, /* the largest number that a problem may hold */
    PLANNER_WEEKS_MOST = 10000,    /* the longest horizon: tables are kept by week */
    PLANNER_ROTATIONS_MOST = 64,   /* rotations of one programme: sets of them are 64-bit words */
    PLANNER_WEEK_NONE = INT32_MIN  /* "not given" for a week */
};

enum planner_because { PLANNER_SEATS, PLANNER_PRECEPTORS, PLANNER_CLAUSE };

struct planner_limit {
    enum planner_because because;
    int capacity;
};

/* Every rule keeps where it came from: its path, id, clause and why can be read from there. NULL in made-up rules. */
struct planner_exception {
    const struct json *at;
    int from, weeks;
    int capacity; /* -1: not given */
    int minimum;  /* -1: not given */
    bool has_limits;
    int limit_count;
    struct planner_limit *limit;
    bool off; /* as if it were not written */
};

struct planner_quota {
    const struct json *at;
    bool all; /* counts everybody */
    bool is_not;
    int group; /* counts students of the group, or all others where is_not */
    int capacity;
    bool off;
    int department_count; /* shared quota: these; else the one department that it stands in */
    int *department;
    int from, weeks; /* shared quota; whole horizon: 0 and the count of weeks */
};

struct planner_department {
    const struct json *at;
    struct str id;
    int site;     /* every department has one */
    int capacity; /* PLANNER_NO_LIMIT allowed */
    int limit_count;
    struct planner_limit *limit;
    int minimum;
    int exception_count;
    struct planner_exception *exception;
    int quota_count;
    struct planner_quota *quota;
};

struct planner_rotation {
    const struct json *at;
    struct str id;
    int department_count;
    int *department;
    int weeks;
    int earliest;   /* PLANNER_WEEK_NONE: not given */
    int latest_end; /* exclusive; PLANNER_WEEK_NONE: not given */
    int choice;     /* -1: required */
    bool old;       /* none of the file: what frozen base placements still name; students without one skip it */
};

struct planner_choice {
    const struct json *at;
    struct str id;
    int pick;
    uint64_t of;
};

struct planner_order {
    const struct json *at;
    int before, after;
    int min_gap;
    int max_gap; /* -1: none */
    bool requires;
};

struct planner_programme {
    const struct json *at;
    struct str id;
    int rotation_count;
    struct planner_rotation *rotation;
    int choice_count;
    struct planner_choice *choice;
    int order_count;
    struct planner_order *order;
    int max_consecutive; /* 0: none */
    bool free_weeks_forbidden;
    int site_limit; /* -1: none */
};

struct planner_away {
    const struct json *at;
    int from, weeks;
    bool off;
};

struct planner_enter {
    const struct json *at;
    int department; /* -1: all */
    int from;
    bool off;
};

struct planner_fixed {
    const struct json *at;
    int rotation, department, from;
    bool off;
};

enum planner_wish_kind { PLANNER_WISH_DEPARTMENT, PLANNER_WISH_CHOICE, PLANNER_WISH_WINDOW, PLANNER_WISH_COSTS };

struct planner_wish {
    const struct json *at;
    enum planner_wish_kind kind;
    int about; /* rotation, or choice */
    int weight;
    int count; /* DEPARTMENT, CHOICE: ranked departments or rotations; COSTS: departments */
    int *item;
    int *cost;       /* COSTS: one per item */
    int from, until; /* WINDOW */
};

struct planner_student {
    const struct json *at;
    struct str id;
    int programme;
    int group_count;
    int *group;
    int away_count;
    struct planner_away *away;
    int enter_count;
    struct planner_enter *enter;
    int fixed_count;
    struct planner_fixed *fixed;
    int wish_count;
    struct planner_wish *wish;
    int dislike_travel, dislike_waiting;
    int burden;
    uint64_t old;        /* rotations of frozen base placements that the programme no longer has */
    uint64_t skip;       /* rotations that this student does not do: rules that mention them bind nothing */
    bool free_of_freeze; /* the freeze date does not hold for this student */
};

struct planner_pair {
    const struct json *at;
    int student_count;
    int *student;
    bool apart; /* else together */
    bool names_rotations;
    int rotation_count;
    struct str *rotation; /* by id: the students may be of several programmes */
    bool off;
};

struct planner_placement {
    int student;
    int rotation; /* -1: one that no longer exists */
    int department;
    int from;  /* calendar week */
    int weeks; /* open weeks */
};

enum planner_measure {
    PLANNER_UNPLACED,
    PLANNER_CHANGES,
    PLANNER_UNDERSTAFFED,
    PLANNER_WORST,
    PLANNER_REGRET,
    PLANNER_TRAVEL,
    PLANNER_SMOOTH,
    PLANNER_WAITING,
    PLANNER_MEASURES
};

extern const char *const planner_measure_names[PLANNER_MEASURES];

struct planner_level {
    struct str name;
    int64_t weight[PLANNER_MEASURES];
    int plain; /* the measure that this level is, or -1 for a weighted one */
};

struct planner_problem {
    const struct json *at; /* the root; NULL in a made-up problem */
    date first;
    int weeks;
    bool *closed; /* per calendar week */
    bool span_closed;
    int site_count;    /* those of the file come first */
    int sites_written; /* how many the file has */
    int department_count;
    struct planner_department *department;
    int programme_count;
    struct planner_programme *programme;
    int student_count;
    struct planner_student *student;
    int group_count;
    int pair_count;
    struct planner_pair *pair;
    bool has_base;
    int freeze; /* calendar week; nothing else begins before it */
    int base_count;
    struct planner_placement *base;
    bool allow_unplaced;
    int shared_count;
    struct planner_quota *shared;
    bool says_levels; /* else they follow from the rest */
    int level_count;
    struct planner_level *level;
};

#endif
