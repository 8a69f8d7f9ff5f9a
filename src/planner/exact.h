/* The exact finish: a level's bound by generated columns, and a tree of splits where that is not enough. What the parts
 * share: the scene of a node, the columns seen, the master program. Internal to scene.c, column.c, branch.c. */
#ifndef PLANNER_EXACT_H
#define PLANNER_EXACT_H

#include "planner/lp.h"
#include "planner/run.h"

enum { PLANNER_DEPTH_MOST = 200 };

/* What the splits on the way to a node say. */
struct planner_scene {
    struct internplan *r;
    int level;
    int *capacity, *floor;       /* per cell; floor 0: none */
    int64_t *largest, *smallest; /* per department: its largest load is at least, its smallest at most; 0, INT64_MAX: none */
    int64_t worst_least, worst_most;
    bool all_placed, whole; /* whole: no split of it is about loads */
    uint8_t **forbidden;    /* per unit: [option * open + from], how many splits forbid it; NULL: none */
    uint8_t **room;         /* per unit: the same, kept for reuse */
    uint64_t *must;         /* per student */
    int64_t *extra[2];      /* one for each thread */
    size_t extra_n;
};

struct planner_scene *planner_scene_make(struct arena *a, struct internplan *r, int level);
/* The scene after n splits, side[i]: which side. most_regret: of the level. */
void planner_scene_set(struct planner_scene *s, const struct planner_split *split, const bool *side, int n, int64_t most_regret);
/* Whether unit u's path is allowed here. */
bool planner_scene_allows(const struct planner_scene *s, int u, const struct planner_path *path) MUST;
/* Only this path is left to unit u, until the scene is set anew. */
void planner_scene_fix(struct planner_scene *s, int u, const struct planner_path *path);
/* What a unit's placements cost beyond cells and rows, for the kernel: into `extra` (extra_n numbers); NULL: nothing. */
const int64_t *planner_scene_extra(const struct planner_scene *s, const struct planner_leaf *leaf, int u, int64_t *extra) MUST;
/* N of the leaf in this scene, with each unit's cheapest path (path, answer: per unit). */
struct planner_sum planner_scene_sum(struct planner_scene *s, const struct planner_leaf *leaf, struct planner_path *path,
                                     enum planner_answer *answer) MUST;

/* ---- pricing.c: all units at these prices (in a scene with a leaf's prices on placements; NULL: without). The sum of costs;
 * where it is empty or does not hold, not every path was found: answers are NONE there. */
struct planner_sum planner_price_all(struct internplan *r, const struct planner_prices *prices, const struct planner_scene *s,
                                     const struct planner_leaf *leaf, struct planner_path *path, enum planner_answer *answer) MUST;

/* ---- column.c: personal plans seen, and the program that mixes them ------------------------------ */
struct planner_column {
    int unit, n;
    struct planner_stay *stay;
};

struct planner_pool {
    struct arena *arena;
    struct planner_column *column;
    size_t n, cap;
    int *slot; /* hash table of columns, -1: free */
    size_t slots;
};

struct planner_pool *planner_pool_make(struct arena *a);
/* False: it was known. */
bool planner_pool_add(struct planner_pool *p, int unit, const struct planner_path *path);

struct planner_master;
/* A master for a level (empty: shows that there is no plan at all), for the scene's loads. Lives in `a`. NULL: too large. */
struct planner_master *planner_master_make(struct arena *a, struct planner_scene *s, struct planner_pool *pool, bool empty);
/* Takes new columns in, and lets only what the scene allows be used. */
void planner_master_follow(struct planner_master *m);
/* A column that is not to be used, whatever the scene says; SIZE_MAX: all may be used again. */
void planner_master_ban(struct planner_master *m, size_t column);
/* False: cut off. */
bool planner_master_solve(struct planner_master *m) MUST;
/* Closes, until the next `follow`, the columns that a placement split's side forbids; what the program is then worth, where
 * `over` cuts it off. */
void planner_master_try(struct planner_master *m, const struct planner_split *split, bool yes);
/* Remembers the program's state, or goes back to it. */
void planner_master_keep(struct planner_master *m, bool back);
double planner_master_guess(struct planner_master *m, bool (*over)(void *), void *ctx) MUST;
/* Objective in units of the level; INFINITY-like values where limits are passed. */
double planner_master_value(const struct planner_master *m) MUST;
/* How much limits are passed, in all. */
double planner_master_passed(const struct planner_master *m) MUST;
/* How much of a column is used. */
double planner_master_share(const struct planner_master *m, size_t column) MUST;
/* Prices as a leaf: `share` sixteenths from the program, the rest from `from`. */
void planner_master_prices(const struct planner_master *m, struct planner_leaf *out, const struct planner_leaf *from, int share);
/* Passing limits becomes dearer; false: it can't. */
bool planner_master_dearer(struct planner_master *m) MUST;
/* A leaf with room for all its prices, 0; and a copy of another. */
struct planner_leaf planner_master_leaf(const struct planner_master *m, struct arena *a) MUST;
struct planner_leaf planner_leaf_copy(struct arena *a, const struct internplan *r, const struct planner_leaf *from) MUST;

#endif
