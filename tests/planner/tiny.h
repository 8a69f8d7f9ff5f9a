/* Tiny planning problems with every rule of the format, made at random from a seed, and what is true of them, found by
 * trying every plan. Nothing here is shared with the planner or with the check: this is the third opinion. */
#ifndef TESTS_TINY_H
#define TESTS_TINY_H

#include "core/text.h"

enum {
    WEEKS_MOST = 9, DEPARTMENTS_MOST = 4, ROTATIONS_MOST = 5, STUDENTS_MOST = 4, LIST_MOST = 3, STAYS_MOST = 8, MEASURE_COUNT = 8,
    LEVELS_MOST = 8, NOTHING = -1,
    EXCEPTIONS_MOST = LIST_MOST + WEEKS_MOST /* with those that part.c makes */
};

struct tiny_exception {
    int from, weeks, capacity, minimum; /* NOTHING: not said */
    int limit;                          /* a preceptors limit; NOTHING */
};
struct tiny_quota {
    int group, capacity; /* group NOTHING: everybody (shared quotas) */
    bool is_not;
    int from, weeks;
    unsigned departments;
};
struct tiny_department {
    int site, capacity, limit, minimum; /* site, limit: NOTHING */
    struct tiny_exception exception[EXCEPTIONS_MOST];
    int exceptions;
    struct tiny_quota quota[LIST_MOST];
    int quotas;
};
struct tiny_rotation {
    int department[DEPARTMENTS_MOST], departments, weeks, earliest, latest_end; /* NOTHING */
};
struct tiny_order {
    int before, after, min_gap, max_gap; /* max_gap NOTHING */
    bool requires;
};
struct tiny_programme {
    struct tiny_rotation rotation[ROTATIONS_MOST];
    int rotations;
    unsigned choice; /* set of rotations; 0: none */
    int pick;
    struct tiny_order order[LIST_MOST];
    int orders, max_consecutive, site_limit; /* NOTHING */
    bool free_forbidden;
};
enum tiny_wish_kind { TINY_DEPARTMENTS, TINY_CHOICE, TINY_WINDOW, TINY_COSTS };
struct tiny_wish {
    enum tiny_wish_kind kind;
    int rotation, weight, item[ROTATIONS_MOST + DEPARTMENTS_MOST], items, from, until;
};
/* In a plan or in the base plan; rotation NOTHING: "old", which the programme no longer has. */
struct tiny_stay {
    int student, rotation, department, from, weeks; /* from: calendar week; weeks: open weeks */
    int first, end;                                 /* open weeks, filled by tiny_stay_place */
};
struct tiny_student {
    int programme;
    unsigned groups;
    int away_from, away_weeks, enter_department, enter_from; /* away_weeks 0, enter_from NOTHING; department NOTHING: all */
    struct tiny_stay fixed[2];
    int fixeds;
    struct tiny_wish wish[LIST_MOST];
    int wishes, dislike_travel, dislike_waiting, burden;
    unsigned skip; /* rotations that he does not do: what mentions them binds nothing (part.c) */
};
struct tiny_pair {
    int student[STUDENTS_MOST], students;
    bool apart;
    unsigned rotations; /* 0: not named */
};
struct tiny_level {
    bool weighted;
    int weight[MEASURE_COUNT];
};
struct tiny {
    uint64_t seed, random;
    int weeks, open, open_week[WEEKS_MOST], sites;
    bool closed[WEEKS_MOST], span_closed;
    struct tiny_department department[DEPARTMENTS_MOST];
    int departments;
    struct tiny_programme programme[2];
    int programmes;
    struct tiny_student student[STUDENTS_MOST];
    int students;
    struct tiny_pair pair[2];
    int pairs;
    bool has_base;
    int freeze;
    struct tiny_stay base[STUDENTS_MOST * STAYS_MOST];
    int bases;
    struct tiny_quota shared[2];
    int shareds;
    bool allow_unplaced, says_levels;
    struct tiny_level level[LEVELS_MOST];
    int levels;
    int seat_department, seat_from, seat_weeks; /* one more seat there; no part of the problem file */
};

/* ---- making (tiny.c) ---- */
enum tiny_option {
#define OPTION(name) OPTION_##name,
#include "options.def"
#undef OPTION
    OPTIONS
};
extern const char *const tiny_option_names[OPTIONS];

uint32_t tiny_random(struct tiny *t, uint32_t below);
bool tiny_chance(struct tiny *t, uint32_t percent);
/* A problem without a base plan. */
void tiny_make(struct tiny *t, uint64_t seed);
/* Turns it into a change of `base`, one of its plans: a freeze date, and something that happened since. */
void tiny_disturb(struct tiny *t, const struct tiny_stay *base, int n);
/* Appends the problem file. */
void tiny_put(const struct tiny *t, struct buf *b);
/* Which options the problem uses: a set of 1 << enum tiny_option. */
uint64_t tiny_options(const struct tiny *t);

/* ---- truth (brute.c) ---- */

/* A broken rule: enum check_rule by number, and whom it concerns: student, department, shared quota or pair. */
struct tiny_broken {
    int rule, who;
};

void tiny_stay_place(const struct tiny *t, struct tiny_stay *x);
/* All broken hard rules of a list of placements, each once, in any order. */
int tiny_rules(const struct tiny *t, const struct tiny_stay *stay, int n, struct tiny_broken *out, int most);
void tiny_measure(const struct tiny *t, const struct tiny_stay *stay, int n, int64_t measure[MEASURE_COUNT]);
int64_t tiny_regret(const struct tiny *t, const struct tiny_stay *stay, int n, int student);
void tiny_level_values(const struct tiny *t, const int64_t measure[MEASURE_COUNT], int64_t *value);

/* Everything that is possible: the level values of every plan. */
struct tiny_truth {
    bool too_many;   /* gave up: more plans than `most` to try */
    size_t plans;    /* that keep every hard rule */
    int64_t (*value)[LEVELS_MOST];
    size_t cap;
    struct tiny_stay sample[STUDENTS_MOST * STAYS_MOST]; /* one of them, by chance */
    int sample_n;
};
void tiny_try_all(struct tiny *t, size_t most, struct tiny_truth *truth);
void tiny_truth_free(struct tiny_truth *truth);
/* The least value of level i among plans at most value[j] at each level j < i; INT64_MAX: none. */
int64_t tiny_least(const struct tiny *t, const struct tiny_truth *truth, const int64_t *value, int i);

#endif
