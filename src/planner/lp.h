/* A small linear program: least sum of cost[j] x[j] with x >= 0, rows a x <= b or a x = b, solved by the primal simplex
 * method with an explicit inverse. Every row is elastic: it may be passed by at a price, so that every state has a
 * solution and a price never passes that of its row. Columns are only added; costs may change.
 *
 * Doubles, but the same on every machine: only + - * / in a fixed order (the makefile forbids contraction). What comes out
 * guides the search for prices; nothing that is claimed rests on it. Not for: integers, upper bounds, large programs. */
#ifndef PLANNER_LP_H
#define PLANNER_LP_H

#include "core/arena.h"

struct planner_lp;

struct planner_lp_entry {
    int row;
    float value; /* whole numbers */
};

/* A program of so many rows, each empty with right side 0. Lives in `a`. */
struct planner_lp *planner_lp_make(struct arena *a, int rows);
/* Row i: right side, whether it must be met exactly, what passing it by one costs (> 0). The basis begins anew. */
void planner_lp_row(struct planner_lp *lp, int i, double right, bool equal, double elastic);
/* A new column; its number. Entries are copied. */
int planner_lp_add(struct planner_lp *lp, const struct planner_lp_entry *entry, int n, double cost);
int planner_lp_columns(const struct planner_lp *lp) MUST;
/* closed: it may leave the basis but not come in. */
void planner_lp_cost(struct planner_lp *lp, int column, double cost, bool closed);
/* Remembers the basis, or goes back to the one remembered (columns added since then stand at 0). */
void planner_lp_keep(struct planner_lp *lp, bool back);
/* Goes on from the last basis to the optimum. False: cut off by `over` (asked at each pivot; may be NULL) or by rounding.
 * *work grows by the elementary steps done. */
bool planner_lp_solve(struct planner_lp *lp, bool (*over)(void *ctx), void *ctx, uint64_t *work) MUST;
/* After solve: the objective, a column's value, a row's price (>= 0 for <=: what one more of the right side would save; of
 * an equation any sign: what one more would cost, negated), and how much of the row is passed by. */
double planner_lp_objective(const struct planner_lp *lp) MUST;
double planner_lp_value(const struct planner_lp *lp, int column) MUST;
double planner_lp_price(const struct planner_lp *lp, int row) MUST;
double planner_lp_passed(const struct planner_lp *lp) MUST;
/* c - y a of a column, 0 in the basis. */
double planner_lp_reduced(const struct planner_lp *lp, int column) MUST;

#endif
