/* The independent check: reads a problem (internbase.problem/1) and placements or a plan file (internbase.plan/1) and says
 * what does not hold: every hard rule, every level's value, receipts, status, certificates of bounds, conflicts, repairs.
 * Written from the description of the formats, with an exact kernel of its own; it shares nothing with the planner.
 * Pure: no file, no clock, no words (sentences are made from the rule's name by the caller). Nothing is ever repaired here.
 *
 * Memory: everything lies in the caller's arena and within its max_bytes; a full arena ends a call with CHECK_MEMORY,
 * never with an abort and never by the arena's own `full`. Texts of a result live as long as the arena. */
#ifndef CHECK_CHECK_H
#define CHECK_CHECK_H

#include "core/date.h"

enum check_rule {
#define RULE(group, name) CHECK_##name,
#include "check/rules.def"
#undef RULE
    CHECK_RULES
};

enum check_group { CHECK_GROUP_FAULT, CHECK_GROUP_HARD, CHECK_GROUP_CLAIM };

enum check_group check_rule_group(enum check_rule rule) MUST;
/* The rule's name as in rules.def, e.g. "site_limit". */
const char *check_rule_name(enum check_rule rule) MUST;

enum check_file { CHECK_IN_PROBLEM, CHECK_IN_PLAN, CHECK_IN_HAND /* the caller's own list of placements */ };

/* The part of a capacity that counts. */
enum check_because { CHECK_BECAUSE_NONE, CHECK_BECAUSE_SEATS, CHECK_BECAUSE_PRECEPTORS, CHECK_BECAUSE_CLAUSE };

/* One thing that does not hold. Texts that do not apply are empty; n == 0. */
struct check_found {
    enum check_rule rule;
    enum check_file in;
    struct str at; /* RFC 6901 pointer into `in`; a hand list: "/" and the placement's index, or empty (something is missing) */
    /* who and where: ids of the problem */
    struct str student, rotation, department;
    struct str other;             /* second student, rotation, site, department or key: see rules.def */
    date from;                    /* first week concerned; meaningless when weeks == 0 */
    int32_t weeks;                /* calendar weeks from `from` */
    bool numbers;                 /* found and allowed are numbers of `found`, `allowed` */
    int64_t found, allowed;
    struct str found_text, allowed_text; /* always set where there is something to say, numbers included */
    enum check_because because;
    /* the problem's object that says so, with what it carries */
    struct str object; /* RFC 6901 pointer into the problem */
    struct str id, clause, why;
    size_t placement, other_placement; /* index in the list of placements, or CHECK_NO_PLACEMENT */
};
#define CHECK_NO_PLACEMENT SIZE_MAX

struct check_level {
    struct str name;
    bool has_value; /* of the placements, recomputed */
    int64_t value;
    /* of a plan file */
    bool claims_value, claims_bound, claims_proven, claims_certified;
    int64_t claimed_value, claimed_bound;
    bool certified;      /* the certificate proves a bound of its own for this level */
    bool bound_is_empty; /* it proves that nothing at all is allowed (bound = +infinity) */
    int64_t bound;       /* what it proves; meaningless unless certified */
    bool proven;         /* value == claimed bound <= proven bound */
    size_t leaves;
    double seconds;      /* by the caller's clock; 0 without one */
};

/* What became of one wish. */
struct check_wish {
    size_t wish; /* index in the student's list */
    bool placed; /* false: rank, ranks and regret say nothing (0) */
    int64_t rank;             /* a ranked wish for departments; -1 for other kinds */
    const int32_t *ranks;     /* a wish for a choice: one per placed rotation, ascending; else NULL */
    size_t rank_n;
    int64_t regret;
    int64_t wanted_by;
};

struct check_receipt {
    struct str student;
    int64_t regret; /* without burden */
    const struct check_wish *wish;
    size_t wishes;
};

enum check_outcome {
    CHECK_HOLDS,     /* everything holds */
    CHECK_BROKEN,    /* something does not: `found` */
    CHECK_INVALID,   /* the problem itself has faults: `found`; nothing else was checked */
    CHECK_MEMORY,    /* the arena is full; nothing is known */
    CHECK_CANCELLED
};

enum { CHECK_FOUND_MOST = 100 }; /* kept unless the caller says otherwise; all are counted */

struct check_result {
    enum check_outcome outcome;
    const struct check_found *found; /* in the order: faults, hard rules (by placement), claims */
    size_t n;                        /* kept */
    size_t total;                    /* counted */
    size_t hard;                     /* of these: broken hard rules */
    const struct check_level *level;
    size_t levels;
    const struct check_receipt *receipt; /* in the problem's order of students; empty when placements name strangers */
    size_t receipts;
    size_t conflicts, repairs; /* of a plan file: how many there are */
    size_t merged_units, leaves; /* of all certificates and proofs */
    uint64_t kernel_calls;
};

struct check_options {
    size_t found_most;          /* 0: CHECK_FOUND_MOST */
    struct str problem_digest;  /* "sha256:HEX" of the problem's bytes, compared with the plan's; empty: not compared */
    double (*clock)(void *ctx); /* for seconds; NULL: none */
    bool (*cancel)(void *ctx);  /* asked between leaves and units; NULL: never */
    void *ctx;
};

/* A problem read and compiled. Read-only afterwards: several threads may check against one, each with its own arena. */
struct check_problem;

/* Reads a problem into `a`. NULL when it has faults (CHECK_INVALID, result->found names every one) or the arena is full
 * (CHECK_MEMORY); CHECK_HOLDS otherwise. `json` is not needed afterwards. `o` may be NULL. */
const struct check_problem *check_load(struct arena *a, struct str json, const struct check_options *o,
                                       struct check_result *result) MUST;

/* One placement of the caller's: ids of the problem. */
struct check_placement {
    struct str student, rotation, department;
    date from;
    int32_t weeks; /* open weeks; 0: the rotation's own length */
};

/* Cheap (linear in placements, pairs and weeks): every broken hard rule of the placements, the value of every level and
 * the receipts. CHECK_HOLDS: a plan that keeps every hard rule. Findings are CHECK_IN_HAND. */
enum check_outcome check_placements(const struct check_problem *p, struct arena *a, const struct check_placement *placement,
                                    size_t n, const struct check_options *o, struct check_result *result) MUST;

/* A whole plan file against the problem. CHECK_HOLDS only if every rule, value, receipt, status, `proven`, certified
 * bound, conflict and repair holds. */
enum check_outcome check_plan(const struct check_problem *p, struct arena *a, struct str plan_json,
                              const struct check_options *o, struct check_result *result) MUST;

#endif
