/* The simplex method of lp.h. Variables: 2 i and 2 i + 1 are row i's slack (of an equation: what is missing) and what it is
 * passed by; 2 rows + j is column j. Right sides are moved a little, each differently, so that no step is empty. */
#include "planner/lp.h"

#include <math.h>

enum { FRESH_LEAST = 100, PIVOTS_MOST = 200000 };

static const double TINY = 1e-9, COST_TOLERANCE = 1e-7, FEASIBLE = 1e-9, MOVED = 1e-6;

struct column {
    double cost;
    size_t first;
    int n;
    int at; /* row of the basis, -1: none */
    bool closed;
};

struct planner_lp {
    struct arena *arena;
    int rows;
    double *right, *elastic;
    bool *equal;
    struct column *column;
    size_t columns, column_cap;
    struct planner_lp_entry *entry;
    size_t entries, entry_cap;
    int *basis, *spare; /* per row: a variable */
    int *active;        /* the columns that are looked at, until none of them will do */
    size_t actives, active_cap;
    int *kept_basis;    /* of planner_lp_keep */
    double *kept_inverse, *kept_x;
    bool *logical_in; /* [2 * rows] */
    double *inverse; /* column by column */
    double *x, *y, *alpha;
    double *reduced, *weight; /* per column */
    size_t reduced_cap, weight_cap;
    double *logical_weight; /* [2 * rows] */
    bool started;
    int since_fresh;
    uint64_t work;
};

/* ---- making ------------------------------------------------------------------------------------- */

struct planner_lp *planner_lp_make(struct arena *a, int rows)
{
    struct planner_lp *lp = ARENA_NEW(a, struct planner_lp);
    size_t n = (size_t)rows;
    assert(rows > 0);
    lp->arena = a;
    lp->rows = rows;
    lp->right = ARENA_ARRAY(a, n, double);
    lp->elastic = ARENA_ARRAY(a, n, double);
    lp->equal = ARENA_ARRAY(a, n, bool);
    lp->basis = ARENA_ARRAY(a, n, int);
    lp->spare = ARENA_ARRAY(a, n, int);
    lp->logical_in = ARENA_ARRAY(a, 2 * n, bool);
    lp->inverse = ARENA_ARRAY(a, n * n, double);
    lp->x = ARENA_ARRAY(a, n, double);
    lp->y = ARENA_ARRAY(a, 2 * n, double); /* and a row beside it */
    lp->alpha = ARENA_ARRAY(a, n, double);
    lp->logical_weight = ARENA_ARRAY(a, 2 * n, double);
    return lp;
}

void planner_lp_row(struct planner_lp *lp, int i, double right, bool equal, double elastic)
{
    assert(i >= 0 && i < lp->rows && elastic > 0);
    double part = (double)(((uint32_t)i * 2654435761u) >> 16 & 1023) / 1024;
    lp->right[i] = right + MOVED * (1 + part);
    lp->equal[i] = equal;
    lp->elastic[i] = elastic;
    lp->started = false;
}

int planner_lp_add(struct planner_lp *lp, const struct planner_lp_entry *entry, int n, double cost)
{
    struct column *c = ARENA_PUSH(lp->arena, lp->column, lp->columns, lp->column_cap);
    *c = (struct column){ cost, lp->entries, n, -1, false };
    for (int i = 0; i < n; i++) {
        assert(entry[i].row >= 0 && entry[i].row < lp->rows);
        *ARENA_PUSH(lp->arena, lp->entry, lp->entries, lp->entry_cap) = entry[i];
    }
    return (int)lp->columns - 1;
}

int planner_lp_columns(const struct planner_lp *lp)
{
    return (int)lp->columns;
}

void planner_lp_cost(struct planner_lp *lp, int column, double cost, bool closed)
{
    assert(column >= 0 && (size_t)column < lp->columns);
    lp->column[column].cost = cost;
    lp->column[column].closed = closed;
}

/* ---- linear algebra ----------------------------------------------------------------------------- */

typedef double two __attribute__((vector_size(16), aligned(8)));

/* to += factor * from */
static void add_times(double *to, const double *from, double factor, int n)
{
    int i = 0;
    two f = { factor, factor };
    for (; i + 1 < n; i += 2)
        *(two *)(to + i) += f * *(const two *)(from + i);
    for (; i < n; i++)
        to[i] += factor * from[i];
}

static double *inverse_column(const struct planner_lp *lp, int k)
{
    return lp->inverse + (size_t)k * (size_t)lp->rows;
}

static double cost_of(const struct planner_lp *lp, int variable)
{
    if (variable >= 2 * lp->rows)
        return lp->column[variable - 2 * lp->rows].cost;
    int i = variable / 2;
    return variable % 2 == 1 || lp->equal[i] ? lp->elastic[i] : 0;
}

static double sign_of(int logical)
{
    return logical % 2 == 0 ? 1 : -1;
}

/* alpha = inverse * column of the variable */
static void enter_column(struct planner_lp *lp, int variable)
{
    int m = lp->rows;
    memset(lp->alpha, 0, (size_t)m * sizeof *lp->alpha);
    if (variable < 2 * m) {
        add_times(lp->alpha, inverse_column(lp, variable / 2), sign_of(variable), m);
        lp->work += (uint64_t)m / 4 + 1;
        return;
    }
    const struct column *c = &lp->column[variable - 2 * m];
    for (int k = 0; k < c->n; k++)
        add_times(lp->alpha, inverse_column(lp, lp->entry[c->first + (size_t)k].row), (double)lp->entry[c->first + (size_t)k].value, m);
    lp->work += (uint64_t)c->n * (uint64_t)m / 4 + 1;
}

static void set_in(struct planner_lp *lp, int variable, int at)
{
    if (variable < 2 * lp->rows)
        lp->logical_in[variable] = at >= 0;
    else
        lp->column[variable - 2 * lp->rows].at = at;
}

/* The basis column of row r is replaced by the one that alpha stands for. */
static void replace(struct planner_lp *lp, int r, int variable)
{
    int m = lp->rows;
    double pivot = lp->alpha[r];
    uint64_t touched = 0;
    for (int k = 0; k < m; k++) {
        double *column = inverse_column(lp, k);
        if (column[r] == 0)
            continue;
        double f = column[r] / pivot;
        add_times(column, lp->alpha, -f, m);
        column[r] = f;
        touched++;
    }
    lp->work += (touched * (uint64_t)m + (uint64_t)m) / 4 + 1;
    set_in(lp, lp->basis[r], -1);
    lp->basis[r] = variable;
    set_in(lp, variable, r);
    lp->since_fresh++;
}

static void find_x(struct planner_lp *lp)
{
    memset(lp->x, 0, (size_t)lp->rows * sizeof *lp->x);
    for (int k = 0; k < lp->rows; k++)
        add_times(lp->x, inverse_column(lp, k), lp->right[k], lp->rows);
    lp->work += (uint64_t)lp->rows * (uint64_t)lp->rows / 4;
}

static double price_column(const struct planner_lp *lp, const struct column *c, const double *y)
{
    double sum = 0;
    for (size_t k = c->first, end = c->first + (size_t)c->n; k < end; k++)
        sum += y[lp->entry[k].row] * (double)lp->entry[k].value;
    return sum;
}

/* The number that so many of a list are below, about: by halving between its ends. */
static double about_smallest(const struct planner_lp *lp, size_t want)
{
    double low = -1, high = 1;
    size_t n = 0;
    for (int step = 0; step < 40; step++) {
        n = 0;
        for (size_t j = 0; j < lp->columns; j++)
            n += !lp->column[j].closed && lp->column[j].at < 0 && lp->reduced[j] < high;
        if (n >= want || high > 1e12)
            break;
        low = high;
        high *= 4;
    }
    for (int step = 0; step < 6 && n > want + want / 4; step++) {
        double middle = (low + high) / 2;
        n = 0;
        for (size_t j = 0; j < lp->columns; j++)
            n += !lp->column[j].closed && lp->column[j].at < 0 && lp->reduced[j] < middle;
        if (n >= want)
            high = middle;
        else
            low = middle;
    }
    return high;
}

/* The columns that promise most are looked at; the others only when none of these will do. */
static void choose_active(struct planner_lp *lp)
{
    size_t want = (size_t)lp->rows;
    double most = lp->columns > 3 * want ? about_smallest(lp, want) : INFINITY;
    lp->actives = 0;
    for (size_t j = 0; j < lp->columns; j++)
        if (!lp->column[j].closed && (lp->column[j].at >= 0 || lp->reduced[j] <= most))
            *ARENA_PUSH(lp->arena, lp->active, lp->actives, lp->active_cap) = (int)j;
}

static void find_prices(struct planner_lp *lp)
{
    int m = lp->rows;
    for (int k = 0; k < m; k++) {
        const double *column = inverse_column(lp, k);
        double sum = 0;
        for (int i = 0; i < m; i++)
            if (column[i] != 0)
                sum += cost_of(lp, lp->basis[i]) * column[i];
        lp->y[k] = sum;
    }
    for (size_t j = 0; j < lp->columns; j++)
        lp->reduced[j] = lp->column[j].at >= 0 || lp->column[j].closed ? 0 : lp->column[j].cost - price_column(lp, &lp->column[j], lp->y);
    lp->work += (uint64_t)m * (uint64_t)m / 4 + lp->entries / 4;
    choose_active(lp);
}

/* ---- bases -------------------------------------------------------------------------------------- */

static void begin(struct planner_lp *lp)
{
    int m = lp->rows;
    for (size_t j = 0; j < lp->columns; j++)
        lp->column[j].at = -1;
    memset(lp->logical_in, 0, 2 * (size_t)m * sizeof *lp->logical_in);
    memset(lp->inverse, 0, (size_t)m * (size_t)m * sizeof *lp->inverse);
    for (int i = 0; i < m; i++) {
        int v = 2 * i + (lp->right[i] < 0);
        lp->basis[i] = v;
        lp->logical_in[v] = true;
        inverse_column(lp, i)[i] = sign_of(v);
    }
    lp->since_fresh = 0;
    lp->started = true;
    find_x(lp);
}

/* The inverse anew, from the variables in the basis. False: they no longer make one with x >= 0. */
static bool refresh(struct planner_lp *lp)
{
    int m = lp->rows, n = 0;
    int *list = lp->basis, *structural = lp->spare;
    bool good = true;
    for (int i = 0; i < m; i++)
        if (list[i] >= 2 * m)
            structural[n++] = list[i] - 2 * m;
    memset(lp->inverse, 0, (size_t)m * (size_t)m * sizeof *lp->inverse);
    for (int i = 0; i < m; i++) {
        bool passed = lp->logical_in[2 * i + 1];
        lp->basis[i] = lp->logical_in[2 * i] || passed ? 2 * i + passed : -1;
        inverse_column(lp, i)[i] = passed ? -1 : 1;
    }
    for (int k = 0; k < n && good; k++) {
        int best = -1;
        enter_column(lp, 2 * m + structural[k]);
        for (int i = 0; i < m; i++)
            if (lp->basis[i] < 0 && (best < 0 || fabs(lp->alpha[i]) > fabs(lp->alpha[best])))
                best = i;
        good = best >= 0 && fabs(lp->alpha[best]) > 1e-7;
        if (good) {
            lp->basis[best] = 2 * best; /* stood in for so far */
            replace(lp, best, 2 * m + structural[k]);
        }
    }
    if (good)
        find_x(lp);
    for (int i = 0; i < m && good; i++) {
        good = lp->x[i] > -1e-6;
        lp->x[i] = lp->x[i] < 0 ? 0 : lp->x[i];
    }
    if (!good)
        begin(lp);
    lp->since_fresh = 0;
    return good;
}

/* ---- pivots ------------------------------------------------------------------------------------- */

static double logical_reduced(const struct planner_lp *lp, int v)
{
    return lp->logical_in[v] ? 0 : cost_of(lp, v) - sign_of(v) * lp->y[v / 2];
}

/* The variable that promises most by its reduced cost, measured by the length of its edge; -1: none. */
static int choose(const struct planner_lp *lp)
{
    int best = -1, m = lp->rows;
    double most = 0;
    for (int v = 0; v < 2 * m; v++) {
        double d = logical_reduced(lp, v);
        if (d < -COST_TOLERANCE && d * d > most * lp->logical_weight[v]) {
            most = d * d / lp->logical_weight[v];
            best = v;
        }
    }
    for (size_t i = 0; i < lp->actives; i++) {
        int j = lp->active[i];
        double d = lp->reduced[j];
        if (d < -COST_TOLERANCE && lp->column[j].at < 0 && d * d > most * lp->weight[j]) {
            most = d * d / lp->weight[j];
            best = 2 * m + j;
        }
    }
    return best;
}

/* The row that leaves: the largest pivot among those that leave first, within a tolerance. */
static int leaving(const struct planner_lp *lp)
{
    double most = INFINITY;
    int best = -1;
    for (int i = 0; i < lp->rows; i++)
        if (lp->alpha[i] > TINY && (lp->x[i] + FEASIBLE) / lp->alpha[i] < most)
            most = (lp->x[i] + FEASIBLE) / lp->alpha[i];
    for (int i = 0; i < lp->rows; i++)
        if (lp->alpha[i] > TINY && lp->x[i] / lp->alpha[i] <= most && (best < 0 || lp->alpha[i] > lp->alpha[best]))
            best = i;
    return best;
}

static void reset_weights(struct planner_lp *lp)
{
    for (size_t j = 0; j < lp->columns; j++)
        lp->weight[j] = 1;
    for (int v = 0; v < 2 * lp->rows; v++)
        lp->logical_weight[v] = 1;
}

static void grow_weight(double *weight, double ratio, double base)
{
    double w = ratio * ratio * base;
    if (w > *weight)
        *weight = w;
}

/* Prices, reduced costs and edge lengths after variable `in` has taken row r (alpha is its column, before the change). */
static void follow(struct planner_lp *lp, int r, int in, double reduced_in, int out)
{
    int m = lp->rows;
    double pivot = lp->alpha[r], base = in < 2 * m ? lp->logical_weight[in] : lp->weight[in - 2 * m];
    double *row = lp->y + m; /* row r of the inverse before the change */
    double step = reduced_in / pivot;
    uint64_t entries = 0;
    for (size_t i = 0; i < lp->actives; i++) {
        int j = lp->active[i];
        struct column *c = &lp->column[j];
        if (c->at >= 0)
            continue;
        double a = price_column(lp, c, row);
        entries += (uint64_t)c->n;
        if (a == 0)
            continue;
        lp->reduced[j] -= step * a;
        grow_weight(&lp->weight[j], a / pivot, base);
    }
    for (int k = 0; k < m; k++) {
        if (row[k] == 0)
            continue;
        lp->y[k] += step * row[k];
        grow_weight(&lp->logical_weight[2 * k], row[k] / pivot, base);
        grow_weight(&lp->logical_weight[2 * k + 1], row[k] / pivot, base);
    }
    double w = base / (pivot * pivot);
    w = w < 1 ? 1 : w;
    if (out < 2 * m) {
        lp->logical_weight[out] = w;
    } else {
        lp->weight[out - 2 * m] = w;
        lp->reduced[out - 2 * m] = -step;
    }
    if (in >= 2 * m)
        lp->reduced[in - 2 * m] = 0;
    lp->work += entries / 2 + (uint64_t)m;
    if (w > 1e7)
        reset_weights(lp);
}

static bool pivot_once(struct planner_lp *lp, int in)
{
    int m = lp->rows;
    enter_column(lp, in);
    int r = leaving(lp);
    if (r < 0)
        return false;
    double step = lp->x[r] / lp->alpha[r], reduced = in < 2 * m ? logical_reduced(lp, in) : lp->reduced[in - 2 * m];
    step = step < 0 ? 0 : step;
    for (int i = 0; i < m; i++) {
        lp->x[i] -= step * lp->alpha[i];
        if (lp->x[i] < 0 && lp->x[i] > -FEASIBLE * 100)
            lp->x[i] = 0;
    }
    lp->x[r] = step;
    double *row = lp->y + m;
    for (int k = 0; k < m; k++)
        row[k] = inverse_column(lp, k)[r];
    int out = lp->basis[r];
    replace(lp, r, in);
    follow(lp, r, in, reduced, out);
    return true;
}

static void make_room(struct planner_lp *lp)
{
    if (lp->columns <= lp->reduced_cap)
        return;
    size_t cap = MAX(lp->columns, lp->reduced_cap * 2);
    lp->reduced = ARENA_ARRAY(lp->arena, cap, double);
    lp->weight = ARENA_ARRAY(lp->arena, cap, double);
    lp->reduced_cap = cap;
}

bool planner_lp_solve(struct planner_lp *lp, bool (*over)(void *ctx), void *ctx, uint64_t *work)
{
    int fresh_after = MAX(lp->rows, (int)FRESH_LEAST), failed = 0;
    bool optimal = false, full = true;
    make_room(lp);
    if (!lp->started)
        begin(lp);
    find_prices(lp);
    reset_weights(lp);
    for (int pivots = 0; pivots < PIVOTS_MOST && failed < 3; pivots++) {
        if (lp->since_fresh > fresh_after) {
            failed += !refresh(lp);
            find_prices(lp);
        }
        int in = choose(lp);
        if (in < 0 && !full) {
            find_prices(lp); /* all columns: the last word */
            full = true;
            in = choose(lp);
        }
        if (in < 0) {
            optimal = true;
            break;
        }
        full = false;
        if (!pivot_once(lp, in)) {
            failed++;
            begin(lp);
            find_prices(lp);
        }
        *work += lp->work;
        lp->work = 0;
        if (over != NULL && over(ctx))
            break;
    }
    *work += lp->work;
    lp->work = 0;
    return optimal;
}

void planner_lp_keep(struct planner_lp *lp, bool back)
{
    size_t m = (size_t)lp->rows, n = m * m;
    if (lp->kept_basis == NULL) {
        lp->kept_basis = ARENA_ARRAY(lp->arena, m, int);
        lp->kept_inverse = ARENA_ARRAY(lp->arena, n, double);
        lp->kept_x = ARENA_ARRAY(lp->arena, m, double);
    }
    memcpy(back ? lp->basis : lp->kept_basis, back ? lp->kept_basis : lp->basis, m * sizeof *lp->basis);
    memcpy(back ? lp->inverse : lp->kept_inverse, back ? lp->kept_inverse : lp->inverse, n * sizeof *lp->inverse);
    memcpy(back ? lp->x : lp->kept_x, back ? lp->kept_x : lp->x, m * sizeof *lp->x);
    lp->work += n / 4;
    if (!back)
        return;
    for (size_t j = 0; j < lp->columns; j++)
        lp->column[j].at = -1;
    memset(lp->logical_in, 0, 2 * m * sizeof *lp->logical_in);
    for (int i = 0; i < lp->rows; i++)
        set_in(lp, lp->basis[i], i);
}

/* ---- answers ------------------------------------------------------------------------------------ */

double planner_lp_objective(const struct planner_lp *lp)
{
    double sum = 0;
    for (int i = 0; i < lp->rows; i++)
        sum += cost_of(lp, lp->basis[i]) * lp->x[i];
    return sum;
}

double planner_lp_value(const struct planner_lp *lp, int column)
{
    assert(column >= 0 && (size_t)column < lp->columns);
    return lp->column[column].at < 0 ? 0 : lp->x[lp->column[column].at];
}

double planner_lp_price(const struct planner_lp *lp, int row)
{
    assert(row >= 0 && row < lp->rows);
    return -lp->y[row];
}

double planner_lp_passed(const struct planner_lp *lp)
{
    double sum = 0;
    for (int i = 0; i < lp->rows; i++)
        if (lp->basis[i] < 2 * lp->rows && (lp->basis[i] % 2 == 1 || lp->equal[lp->basis[i] / 2]))
            sum += lp->x[i];
    return sum;
}

double planner_lp_reduced(const struct planner_lp *lp, int column)
{
    return lp->reduced[column];
}
