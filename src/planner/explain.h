/* What the parts of the explanation share: facts that can be switched, the problem that is left, prices that prove it
 * empty, conflicts and repairs. Internal to explain*.c. */
#ifndef PLANNER_EXPLAIN_H
#define PLANNER_EXPLAIN_H

#include "planner/run.h"

#include <stdio.h>

/* In the order in which a fact is tried to do without: what is hardest to change comes last. */
enum planner_fact_kind {
    PLANNER_FACT_PAIR,
    PLANNER_FACT_AWAY,
    PLANNER_FACT_ENTER,
    PLANNER_FACT_FIXED,
    PLANNER_FACT_FREEZE,
    PLANNER_FACT_CLOSED_WEEK,
    PLANNER_FACT_SITE_LIMIT,
    PLANNER_FACT_MAX_CONSECUTIVE,
    PLANNER_FACT_FREE_WEEKS,
    PLANNER_FACT_EARLIEST,
    PLANNER_FACT_LATEST_END,
    PLANNER_FACT_ORDER,
    PLANNER_FACT_QUOTA,
    PLANNER_FACT_SHARED_QUOTA,
    PLANNER_FACT_EXCEPTION,
    PLANNER_FACT_SEATS,
    PLANNER_FACT_CHOICE,
    PLANNER_FACT_REQUIREMENT,
    PLANNER_FACT_KINDS
};

/* One fact of a problem. `index` counts in the list where it stands; of a pair, quota or shared quota in its own. */
struct planner_fact {
    enum planner_fact_kind kind;
    int programme, department, student;
    int index;       /* rotation, choice, order, exception, quota, away, enter, fixed, pair; calendar week of a closed one */
    int from, weeks; /* SEATS: calendar weeks */
    int students;    /* REQUIREMENT, CHOICE, FREEZE: these */
    int *who;
};

struct planner_facts {
    size_t n, cap;
    struct planner_fact *item;
};

/* ---- explain_facts.c */
/* Every fact of a problem, sorted by kind. With allow_unplaced only what is pinned is required. */
struct planner_facts planner_facts_all(struct arena *a, const struct planner_problem *p) MUST;
/* P[F]: the problem with only these facts, without levels and wishes. off: facts that don't count, may be NULL. `single`:
 * students of a `together` pair stay units of their own, as a proof has them. */
struct planner_problem *planner_facts_problem(struct arena *a, const struct planner_problem *p,
                                              const struct planner_facts *f, const bool *off, bool single) MUST;
/* Whether two facts stand for the same thing (seats: of one department). */
bool planner_fact_same(const struct planner_fact *a, const struct planner_fact *b) MUST;
/* Sites, limits... : whether the fact demands something of students, the rest being limits. */
static inline bool planner_fact_requires(const struct planner_fact *f)
{
    return f->kind == PLANNER_FACT_REQUIREMENT || f->kind == PLANNER_FACT_CHOICE;
}

/* ---- explain_view.c: P[F] compiled, its students put together where they are alike */
struct planner_class {
    int unit;  /* one of them */
    int units; /* how many */
    int heads;
    uint64_t *start; /* [option * words]: first weeks that some whole plan has */
    bool known;      /* start is exact; else it is only what is allowed by itself */
    bool none;       /* X is empty */
};

struct planner_view {
    const struct planner_problem *problem;
    struct planner_model *model;
    struct planner_kernel kernel;
    struct arena *arena;
    size_t words; /* of a set of weeks */
    int classes;
    struct planner_class *class;
    int *class_of; /* per unit */
    int aparts;    /* pairs of kind apart that count */
    int *apart;    /* their indices in the problem */
    size_t cells, rows;
};

/* Prices that prove emptiness (scale 0), per cell, row and [apart * cells + cell]. */
struct planner_weights {
    int64_t *cell, *row, *apart;
};

/* A case of a proof: the student has this placement, or has not. */
struct planner_cut {
    struct planner_placement at;
    bool yes;
};

struct planner_view *planner_view_make(struct internplan *r, struct arena *a, const struct planner_problem *p,
                                       const struct planner_cut *cut, int cuts) MUST;
struct planner_weights planner_weights_make(struct arena *a, const struct planner_view *v) MUST;
void planner_weights_copy(const struct planner_view *v, struct planner_weights *to, const struct planner_weights *from);
/* N of the leaf; > 0: no plan. What can't carry a price (no limit there) is put to 0 first. `none`: a unit has no plan at
 * all, N is then 1. `holds` false: a course too big. load (may be NULL): student-weeks of the cheapest plans, in the
 * shape of the prices. cost (may be NULL): per class, of one unit. */
__int128 planner_view_sum(struct internplan *r, struct planner_view *v, struct planner_weights *w,
                          struct planner_weights *load, int64_t *cost, bool *holds) MUST;
/* The lowest first week of a class's option that some plan has, or -1; the highest. */
int planner_class_first(const struct planner_view *v, const struct planner_class *c, int option) MUST;
int planner_class_last(const struct planner_view *v, const struct planner_class *c, int option) MUST;
static inline bool planner_class_may(const struct planner_view *v, const struct planner_class *c, int option, int week)
{
    return (c->start[(size_t)option * v->words + (size_t)week / 64] >> (week % 64) & 1) != 0;
}

/* ---- explain_count.c: patterns that people count by; true with the prices of the simplest one that proves */
bool planner_count_proves(struct internplan *r, struct planner_view *v, struct planner_weights *w) MUST;

/* ---- explain_dual.c: prices by a method of steps, begun at those given. Simplified where they prove. */
bool planner_dual_proves(struct internplan *r, struct planner_view *v, struct planner_weights *w, int steps) MUST;
void planner_dual_simplify(struct internplan *r, struct planner_view *v, struct planner_weights *w);

/* ---- explain_inner.c, explain_find.c: plans of changed problems, found by a run inside the run */
struct planner_found {
    bool found;
    size_t n;
    struct planner_placement *item; /* in the order of students, then by from */
    int levels;                     /* planner_find_best only: values of the problem's levels */
    int64_t *value, *bound;
};
/* Shares out what memory is left; once, before the others. */
void planner_find_begin(struct internplan *r);
/* Gives all of it back. */
void planner_find_end(struct internplan *r);
/* Any plan; wishes and levels don't count. Works for about `ticks` at most. The list lies in r->keep. */
struct planner_found planner_find_any(struct internplan *r, const struct planner_problem *p, uint64_t ticks) MUST;
/* Any plan of a whole problem; plans of other problems, or of parts, say where to begin: of each student the placements that
 * the last of them has for him are kept as far as may be. */
struct planner_found planner_find_whole(struct internplan *r, const struct planner_problem *p, const struct planner_found *hint, int hints,
                                        uint64_t ticks) MUST;
/* Fills in what the plan of a problem with levels is worth. */
void planner_find_values(struct internplan *r, const struct planner_problem *p, struct planner_found *plan);
/* A good plan of a problem with levels, going on from any plan of it. */
struct planner_found planner_find_best(struct internplan *r, const struct planner_problem *p, const struct planner_found *any,
                                       uint64_t ticks) MUST;
/* A problem with levels, going on from any plan of it with so much work; bound[] says what was proven on the way. */
struct planner_found planner_find_better(struct internplan *r, const struct planner_problem *p, const struct planner_found *start,
                                         uint64_t ticks) MUST;
/* A good plan of a part of the problem, going on from `start` where that is not NULL; proven as far as the ticks reach. */
struct planner_part_found {
    struct planner_found plan;
    bool proven;              /* nothing better exists at `level`, nor at an earlier one */
    struct planner_leaf leaf; /* prices that bound `level`, in the part's cells and rows; scale 0: none */
};
struct planner_part_found planner_find_part(struct internplan *r, const struct planner_problem *p, const int *real,
                                            const struct planner_found *start, int level, uint64_t ticks) MUST;
/* Pairs and base placements of p for those who are left in q; now: [student], the new number or -1. */
void planner_keep_rules(struct arena *a, struct planner_problem *q, const struct planner_problem *p, const int *now);
/* The best plan in hand as a list. */
struct planner_found planner_find_best_now(struct internplan *r) MUST;
/* The loads of the plan that breaks least, when it breaks nothing but limits: [department * open + week] and
 * [row * open + week] of the problem's model, in r->keep; false: none such was met. */
bool planner_find_nearest(struct internplan *r, const struct planner_problem *p, uint64_t ticks, int **load, int **row_load,
                          const struct planner_model **model) MUST;

/* ---- explain_tariff.c: prices by calendar weeks and places in the file, good for every view of one problem */
struct planner_tariff {
    int64_t *cell;  /* [department * weeks + week] */
    int64_t *row;   /* [quota * weeks + week]: quotas of all departments in order, then the shared ones */
    int64_t *apart; /* [(pair * departments + department) * weeks + week] */
};
struct planner_tariff planner_tariff_make(struct arena *a, const struct planner_problem *p) MUST;
void planner_tariff_take(struct planner_tariff *t, const struct planner_view *v, const struct planner_weights *w);
void planner_tariff_give(const struct planner_tariff *t, const struct planner_view *v, struct planner_weights *w);

/* ---- explain_split.c: proofs by cases */
struct planner_tree {
    bool is_split;
    struct planner_placement at; /* split: yes: the student has it; no: he has not */
    struct planner_tree *yes, *no;
    struct planner_tariff prices; /* of a leaf, */
    int tie_pair, tie_other;      /* or two of a pair who can't meet: 1 on each of these placements of one, */
    size_t ties;                  /* -1 on the same of the other; 0: none */
    struct planner_placement *tie;
};
/* A tree of at most so many nodes that proves P[facts] empty, or NULL. Lies in r->keep. */
struct planner_tree *planner_split_proves(struct internplan *r, const struct planner_problem *p, const struct planner_facts *facts,
                                          const bool *off, int nodes) MUST;

/* ---- explain_filter.c: from a proof to few facts */
struct planner_conflict {
    struct planner_facts facts;
    struct planner_tree *proof;
    struct planner_tariff prices; /* of a proof that is one leaf; else none */
    struct planner_found *needed; /* per fact: a plan without it; not found: not proven needed */
    bool minimal;
    const char *cause;
};
/* A conflict among these facts of p, proven by prices or by a tree of at most so many nodes. False: none could be proven, or
 * the work was stopped. Lies in r->keep. */
bool planner_conflict_find(struct internplan *r, const struct planner_problem *p, const struct planner_facts *facts, int nodes,
                           struct planner_conflict *out) MUST;

/* ---- explain_cause.c: the name of PROOF.md section 2.3, of facts that were proven to collide; v is the view of P[facts]. */
const char *planner_conflict_cause(struct internplan *r, const struct planner_problem *p, const struct planner_facts *facts, bool minimal,
                                   const struct planner_view *v) MUST;
/* The part of a limit that counts in seats or an exception, "closed", or NULL where there is nothing to tell. */
const char *planner_fact_because(const struct planner_problem *p, const struct planner_fact *f) MUST;

/* ---- explain_repair.c */
struct planner_repair {
    struct str change; /* JSON Patch */
    int64_t cost;
    int conflict;
    struct planner_found plan;     /* of the changed problem; its students, rotations and departments are the problem's */
    const struct planner_problem *problem; /* the changed one */
    const struct str *level_name;  /* of the changed problem, one per level of the plan */
};
enum { PLANNER_REPAIRS_MOST = 5 };
/* Ways out, each with a plan of the changed problem, cheapest first. rest: a plan without what collides, if one is known. */
int planner_repairs_find(struct internplan *r, const struct planner_conflict *c, int conflicts, const struct planner_found *rest,
                         struct planner_repair *out);

/* ---- explain_write.c: the lists of the plan file */
struct planner_writer;
void planner_explained_write(struct planner_writer *w, const struct internplan *r);

#endif
