/* One planner object from load to write: the problem, its model, the search's state and what it has found. Internal. */
#ifndef PLANNER_RUN_H
#define PLANNER_RUN_H

#include "planner/load.h"
#include "planner/plan.h"

#include <setjmp.h>

/* Of a `together` pair: what a placement of one student costs. For one placement the sum over the students is 0. */
struct planner_tie {
    int pair, student, rotation, department, from; /* open week */
    int64_t price;
};

/* Integer prices that prove a bound by the inequality of one leaf (scale 0: that there is no plan). All but `cell` may be
 * NULL: none. Cells are [department * open + week]. */
struct planner_leaf {
    int64_t scale;
    int64_t *cell;    /* seat, >= 0 */
    int64_t *row;     /* quotas and shared quotas, >= 0 */
    int64_t *minimum; /* of the shortfall, 0 .. A[understaffed] */
    int64_t *given;   /* per earlier level, >= 0 */
    int64_t *floor;   /* of the least loads that splits ask for, >= 0 */
    int64_t *even;    /* of smooth weeks, sum 0 in each department, positive parts at most A[smooth] */
    int64_t *apart;   /* [pair][cell], >= 0 */
    int64_t *worst;   /* per student, >= 0, sum at most A[worst] */
    struct planner_tie *tie;
    int ties;
};

/* A question that halves what is possible; see PROOF 1.4. */
enum planner_split_kind { PLANNER_SPLIT_PLACEMENT, PLANNER_SPLIT_LOAD, PLANNER_SPLIT_LARGEST, PLANNER_SPLIT_SMALLEST, PLANNER_SPLIT_WORST };

struct planner_split {
    enum planner_split_kind kind;
    int student, rotation, department, from; /* PLACEMENT: department and first open week -1: any */
    int week;                                /* LOAD */
    int64_t than;                            /* at most (at least, of SMALLEST) */
};

/* A proof by cases: a split with two sides, or a leaf. */
struct planner_case {
    struct planner_case *yes, *no; /* NULL: a leaf */
    struct planner_split split;
    struct planner_leaf leaf;
};

struct planner_proof {
    bool given;
    bool splits_worst; /* the leaf is the yes side of { worst: bound - 1 }; the no side is scale 1 without prices */
    struct planner_leaf leaf;
    struct planner_case *cases; /* instead of the leaf; NULL: none */
    int64_t bound;
};

/* Why there is no plan, and ways out. Set by planner_explain; lies in `keep` (explain.h). */
struct planner_explained {
    bool infeasible; /* at least one conflict is proven */
    bool more;       /* there are further causes */
    int conflicts, repairs;
    struct planner_conflict *conflict;
    struct planner_repair *repair;
};

struct planner_pool;
struct planner_exact;

struct internplan {
    struct arena_pool memory; /* what all arenas have together */
    struct arena arena;   /* problem, model */
    struct arena work;    /* what one solve needs */
    struct arena scratch; /* short calculations */
    jmp_buf full;
    bool guarded; /* branch.c: `full` is where the exact finish goes on without its memory */
    struct planner_errors errors;
    const struct planner_problem *problem;
    struct planner_model *model;
    struct planner_kernel kernel, second; /* the second prices half of the units: pricing.c */
    struct arena second_arena;
    jmp_buf second_full;
    struct internplan_options options;
    double began;
    enum internplan_status status;
    enum internplan_stop stop;
    uint64_t checks; /* numbered points passed: each counts as one tick */
    uint64_t told;   /* ticks at the last progress report */
    uint64_t ticks_final;
    uint64_t random; /* state of the generator */
    const char *phase;
    uint64_t plans;
    bool has_best;
    struct planner_plan best;
    int64_t *value; /* per level, of best */
    int64_t *bound; /* per level, proven by proof[] */
    struct planner_proof *proof;
    bool has_start;
    struct planner_plan start;
    struct planner_explained explained;
    int proposals, selected; /* beside the best, of a problem with a base plan */
    struct planner_proposal *proposal;
    int links;                 /* of replan.c: so many people were free when it was proven that nothing changes less among them; 0: never */
    const int64_t *links_value; /* per level up to that one: of the plan of which that was proven */
    int links_level;
    bool certifies; /* a trial that keeps its proofs */
    struct planner_leaf **lent; /* per level: prices found elsewhere, tried for its proof; NULL: none */
    struct planner_replan *replan;
    struct internplan *parent; /* of a run inside a run, whose work counts there too and which ends with it */
    uint64_t passed_on;        /* work already counted by the parent */
    struct internplan *inner;  /* the run inside this one, or NULL: its arenas are freed with this one's */
    struct arena keep, try;    /* of the explanation: results; one question about a problem; */
    struct arena trial;        /* one changed problem */
    struct arena columns, program, exact_arena, cases; /* of the exact finish: plans seen; the master program; its state; the tree */
    struct planner_exact *exact;
    bool no_exact; /* its memory did not do */
    struct planner_pool *pool; /* in `columns` */
};

/* One of several plans: what internplan_select exchanges. */
struct planner_proposal {
    struct planner_plan plan;
    int64_t *value, *bound;
    struct planner_proof *proof;
};

enum { PLANNER_WORK_PER_TICK = 1024, PLANNER_BUDGET_DEFAULT = 60000000 };

/* ---- solve.c: a numbered point. True: stop now. Reports progress now and then. */
bool planner_run_over(struct internplan *r) MUST;
uint64_t planner_run_ticks(const struct internplan *r) MUST;
/* The first level whose bound is below its value (or 0 without a plan); -1: none. */
int planner_run_open_level(const struct internplan *r) MUST;
/* The next number of the seeded generator; below n. */
uint64_t planner_run_random(struct internplan *r, uint64_t n) MUST;
/* Takes a plan that keeps every rule as the best one if it is better. */
bool planner_run_offer(struct internplan *r, const struct planner_plan *plan);

/* What has been found so far. */
enum internplan_status planner_run_status(const struct internplan *r) MUST;

/* ---- proposals.c: open weeks from the freeze date on in which a student is not where the base plan has him. */
int planner_changed_weeks(const struct planner_model *m, int student, const struct planner_path *path) MUST;

struct planner_bound;
struct planner_replan;
/* Changes a base plan as little as may be, and offers what was found; lends prices to the proofs. */
void planner_replan(struct internplan *r);
/* Up to options.proposals - 1 other plans, whose sets of people to tell differ from each other's, none containing another. */
void planner_proposals_choose(struct internplan *r, struct planner_bound *const *level_bound, const struct planner_leaf *column_leaf);

/* The whole schedule on r->problem and r->model; the public solve and trials of changed problems. */
void planner_run_solve(struct internplan *r);

/* ---- bound.c */
struct planner_bound; /* state of the search for one level's prices */
struct planner_bound *planner_bound_make(struct internplan *r, int level, int64_t most_regret, bool empty);
/* Some more steps; true when nothing more is to be expected. */
bool planner_bound_steps(struct internplan *r, struct planner_bound *b, int steps);
/* Whether prices prove that there is no plan (of an `empty` one). */
bool planner_bound_is_empty(const struct planner_bound *b) MUST;
/* The best prices: what the search for plans may use. scale is per unit of the level. */
const int64_t *planner_bound_cells(const struct planner_bound *b, int64_t *scale) MUST;
int64_t planner_bound_value(const struct planner_bound *b) MUST;
const struct planner_leaf *planner_bound_leaf(const struct planner_bound *b) MUST;
void planner_bound_limit(struct planner_bound *b, int64_t most_regret);

/* ---- branch.c: columns, dives and trees. NOT: cut off, too large, or nothing came of it. */
enum planner_exactly { PLANNER_EXACT_PROVEN, PLANNER_EXACT_BETTER, PLANNER_EXACT_NOT };
/* Takes, and gives back, the memory of what follows. */
void planner_exact_begin(struct internplan *r);
void planner_exact_end(struct internplan *r);
/* A level's bound by generated columns; planner_exact_leaf is what came out. PROVEN: it meets the value, or (empty) shows that
 * no plan keeps the limit on regret. */
enum planner_exactly planner_exact_root(struct internplan *r, int level, bool empty, int64_t most_regret) MUST;
const struct planner_leaf *planner_exact_leaf(const struct internplan *r, int64_t *bound) MUST;
/* A plan by fixing, step by step, what the mix of the root is surest of; vary: not always the same. */
enum planner_exactly planner_exact_dive(struct internplan *r, int level, int64_t most_regret, bool vary) MUST;
/* What the last dive ended with where that breaks some limit; NULL: nothing whole. */
const struct planner_plan *planner_exact_plan(const struct internplan *r) MUST;
/* Looks for a proof that the level's value is the least, its earlier levels being proven, by a tree of at most so many nodes;
 * better plans met are taken. BETTER (of `worst`): one was met and the tree not finished. */
enum planner_exactly planner_exact_tree(struct internplan *r, int level, int64_t nodes) MUST;

/* ---- certificate.c: the inequality of one leaf, and the proofs that are kept. */
struct planner_sum {
    bool holds; /* false: the leaf proves nothing (a course too big) */
    bool empty; /* some unit has no plan at all */
    __int128 n; /* N of the inequality */
};
/* N of a leaf for `level` (-1: no level, scale 0). loads, row_loads, measures: sums over the cheapest plans, may be
 * NULL. */
struct planner_sum planner_leaf_sum(struct internplan *r, int level, const struct planner_leaf *leaf,
                                    int64_t most_regret, struct planner_plan *cheapest) MUST;
/* The weights A[m] of a leaf. */
void planner_leaf_weights(const struct internplan *r, int level, const struct planner_leaf *leaf,
                          int64_t weight[PLANNER_MEASURES]);
/* n / q, rounded up, within 0 and what a bound may be. */
int64_t planner_ceil(__int128 n, int64_t q) MUST;
/* The limit on regret that a plain level `worst` before `level` sets, INT64_MAX without. */
int64_t planner_most_regret(const struct internplan *r, int level) MUST;
/* Whether a plain level `unplaced` before `level`, with value 0, excludes leaving anything out. */
bool planner_all_placed(const struct internplan *r, int level) MUST;
/* The bound that a leaf proves, at least 0; false where it proves none. And whether a proof of `worst` holds. */
bool planner_leaf_proves(struct internplan *r, int level, const struct planner_leaf *leaf, int64_t *bound) MUST;
bool planner_worst_proves(struct internplan *r, int level, const struct planner_proof *proof) MUST;
/* Computes every level's bound again, exactly, for the values of the best plan, and keeps the proofs that hold. */
void planner_certify(struct internplan *r, struct planner_bound *const *level_bound, const struct planner_leaf *column_leaf);
/* Value of a level, its measures of whole-plan kinds left out, for a plan that may break limits. */
int64_t planner_level_personal(const struct internplan *r, int level, const struct planner_plan *plan) MUST;

/* ---- construct.c, improve.c */
struct planner_search;
struct planner_search *planner_search_make(struct internplan *r);
/* A plan that keeps all rules and, for each student, regret + burden <= most_regret; true when found (and offered).
 * passes: how often each unit is placed anew at most; more passes make the plan better. */
bool planner_search_construct(struct internplan *r, struct planner_search *s, int64_t most_regret, int passes);
/* The same from a plan of all units that breaks few limits. */
bool planner_search_repair(struct internplan *r, struct planner_search *s, const struct planner_plan *from, int64_t most_regret,
                           int passes);
/* Tries to better the best plan by re-planning some units at a time, with so many ticks of work. */
void planner_search_improve(struct internplan *r, struct planner_search *s, uint64_t ticks);
/* Prices that lead the search: of seats, in 1/scale of level `level`. */
void planner_search_lead(struct internplan *r, struct planner_search *s, const int64_t *cell, int64_t scale, int level);

/* ---- explain.c: called once when the search has ended without a plan, and early when counting shows that there is none.
 * r->problem, r->model and r->kernel are ready. Finds conflicts and repairs; work and stops as everywhere. */
/* `nodes`: of a proof by cases, at most. */
void planner_explain(struct internplan *r, int nodes);
/* Whether counting alone, which is quick, shows that there is no plan. */
bool planner_explain_counts(struct internplan *r) MUST;
/* Whether a proof by cases of at most so many nodes shows it: for small problems. */
bool planner_explain_splits(struct internplan *r, int nodes) MUST;

#endif
