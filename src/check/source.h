/* A problem file as it was written, with names looked up: indices, calendar weeks, and for every object the JSON that says
 * it (`at`). What follows from it for each week stands in model.h. */
#ifndef CHECK_SOURCE_H
#define CHECK_SOURCE_H

#include "check/shape.h"
#include "core/map.h"

enum { NONE = -1, WEEK_NONE = INT32_MIN, ROTATIONS_MOST = 64 };

/* In the order of the text's table of measures. */
enum measure { UNPLACED, CHANGES, UNDERSTAFFED, WORST, REGRET, TRAVEL, SMOOTH, WAITING, MEASURES };
extern const char *const check_measure_names[MEASURES];

struct limit {
    const struct json *at;
    enum check_because because;
    int32_t capacity;
};

/* `off` and the like stay false in a problem as written; conflict.c switches copies. */
struct exception {
    const struct json *at;
    bool off;
    int32_t from, weeks;       /* calendar weeks from the first, may lie outside the horizon */
    int32_t capacity, minimum; /* NONE: it does not say */
    bool has_limits;
    const struct limit *limit;
    int limits;
};

/* At most `capacity` of the students that it counts in `department`s together, in each week of from..from+weeks-1. */
struct quota {
    const struct json *at;
    bool off;
    int group;  /* NONE: all students */
    bool is_not; /* those who are not of `group` */
    int32_t capacity;
    const int *department;
    int departments;
    int32_t from;
    int64_t weeks;
};

struct department {
    const struct json *at;
    struct str id;
    int site;
    int32_t capacity, minimum;
    const bool *seats_on; /* by calendar week; NULL: the default capacity holds in all */
    const struct limit *limit;
    int limits;
    struct exception *exception;
    int exceptions;
    struct quota *quota;
    int quotas;
};

struct rotation {
    const struct json *at;
    struct str id;
    const int *department;
    int departments;
    int32_t weeks;
    int32_t earliest, latest_end; /* WEEK_NONE */
    int choice;                   /* NONE: required */
};

struct choice {
    const struct json *at;
    struct str id;
    int32_t pick;
    uint64_t of;
};

struct order {
    const struct json *at;
    bool off;
    int before, after;
    int32_t min_gap, max_gap; /* max_gap NONE: none */
    bool requires;
};

struct programme {
    const struct json *at;
    struct str id;
    struct rotation *rotation;
    int rotations;
    struct choice *choice;
    int choices;
    struct order *order;
    int orders;
    int32_t max_consecutive; /* NONE */
    bool free_weeks_forbidden;
    int32_t site_limit; /* NONE */
};

enum wish_kind { WISH_DEPARTMENT, WISH_CHOICE, WISH_WINDOW, WISH_COSTS };

struct wish {
    const struct json *at;
    enum wish_kind kind;
    int about; /* rotation, or choice */
    int64_t weight;
    int *item; /* departments or rotations, best first; of costs: departments */
    int64_t *cost;
    int items;
    int32_t from, until;
};

struct away {
    const struct json *at;
    bool off;
    int32_t from;
    int64_t weeks;
};

struct enter {
    const struct json *at;
    bool off;
    int department; /* NONE: every one */
    int32_t from;
};

struct fixed {
    const struct json *at;
    bool off;
    int rotation, department;
    int32_t from;
};

struct student {
    const struct json *at;
    struct str id;
    int programme;
    int *group;
    int groups;
    struct away *away;
    int aways;
    struct enter *enter;
    int enters;
    struct fixed *fixed;
    int fixeds;
    struct wish *wish;
    int wishes;
    int64_t dislike_travel, dislike_waiting, burden;
    uint64_t does;  /* rotations that the student is to do or to choose from: all of the programme */
    uint64_t picks; /* choices that hold for the student: all */
    bool unfrozen;  /* the freeze date does not hold for the student */
};

struct pair {
    const struct json *at;
    bool off;
    bool apart;
    int *student;
    int students;
    bool names_rotations;
    struct str *rotation;
    int rotations;
};

struct base_placement {
    const struct json *at;
    int student, department;
    struct str rotation_id;
    int rotation; /* NONE: of a rotation that no longer exists */
    int32_t from, weeks;
};

struct level {
    struct str name;
    int plain; /* its measure, or NONE */
    int64_t weight[MEASURES];
};

struct source {
    const struct json *root;
    date first;
    int32_t weeks;
    bool *closed; /* by calendar week */
    bool span_closed;
    int sites; /* sites written, then one for each department without */
    int sites_written;
    struct department *department;
    int departments;
    struct programme *programme;
    int programmes;
    struct student *student;
    int students;
    struct pair *pair;
    int pairs;
    bool has_base;
    int32_t freeze;
    struct base_placement *base;
    int bases;
    bool allow_unplaced;
    struct quota *shared;
    int shareds;
    struct level *level;
    int levels;
    struct map student_of, department_of, programme_of, group_of, site_of;
};

/* Reads a problem's tree (already walked: faults of shape are noted). Notes every fault of meaning; NULL when n holds any.
 * A full arena leaves by a->full. */
const struct source *check_source_read(struct check_notes *n, const struct json *root) MUST;
/* What objects show by themselves once all is read: lengths, fixed placements. */
void check_source_faults(struct check_notes *n, const struct source *s);

/* Calendar week of a Monday relative to the first week (may be negative or beyond); WEEK_NONE for anything else. */
int32_t check_week(const struct source *s, const struct json *monday) MUST;
int check_rotation_of(const struct programme *g, struct str id) MUST; /* NONE */

/* The reading of one part each; shared by the source_*.c files alone. */
struct reading {
    struct check_notes *n;
    struct arena *a;
    struct source *s;
};
int check_read_name(struct reading *r, const struct map *names, const struct json *text, const char *allowed) MUST;
int check_read_rotation(struct reading *r, const struct programme *g, const struct json *text) MUST;
int check_read_group(struct reading *r, const struct json *text) MUST;
void check_read_departments(struct reading *r, const struct json *root);
void check_read_programmes(struct reading *r, const struct json *root);
void check_read_students(struct reading *r, const struct json *root);
void check_read_pairs(struct reading *r, const struct json *root);
void check_read_base(struct reading *r, const struct json *root);
void check_read_shared(struct reading *r, const struct json *root);
void check_read_levels(struct reading *r, const struct json *root);

#endif
