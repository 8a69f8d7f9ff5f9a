/* The search for prices: a subgradient method with a smoothed direction on what couples students (seats, minimums,
 * quotas, earlier levels), in integers from the start, so that every price met is a certificate as it stands. */
#include "planner/run.h"

enum {
    SCALE = 4096,
    STEP_ONE = 1024,    /* a step of 1 */
    DIRECTION_ONE = 16, /* directions are kept in sixteenths */
    PATIENCE = 14,      /* steps without gain before the step is halved */
    COARSE_LEAST = 128, /* with one price per department: until the step is as small as this */
    AGAIN_MOST = 8,     /* long steps anew from the best prices, each time with more patience */
    EMPTY_AIM = 24 * SCALE,
    EMPTY_STEPS = 160, /* of one value of `worst`; */
    NONE_STEPS = 800,  /* and for the whole problem */
    EMPTY_MOVE = 48    /* of a price, per student too many: with no value to aim at, steps keep their length */
};

struct planner_bound {
    int level; /* bounded; where `shows_none`: the one before which earlier levels may have a price, or -1 */
    bool shows_none; /* scale 0: shows that there is no plan (with regret at most most_regret) */
    int64_t most_regret;
    struct planner_leaf now, best;
    size_t cells, rows, levels;
    int64_t *direction; /* cells, rows, minimums, levels */
    struct planner_plan cheapest;
    __int128 best_n;
    bool any, done, empty, hopeless;
    bool coarse; /* first one price per department for all weeks, then one per cell */
    int64_t step;
    int idle;
    int again; /* times that the steps began long again */
    uint64_t steps;
};

static struct planner_leaf leaf_make(struct arena *a, const struct planner_model *m, int level, bool empty)
{
    size_t cells = (size_t)m->departments * (size_t)m->open;
    return (struct planner_leaf){ .scale = empty ? 0 : SCALE,
                                  .cell = ARENA_ARRAY(a, cells, int64_t),
                                  .row = ARENA_ARRAY(a, (size_t)m->rows * (size_t)m->open, int64_t),
                                  .minimum = m->any_minimum && (!empty || level > 0) ? ARENA_ARRAY(a, cells, int64_t) : NULL,
                                  .given = ARENA_ARRAY(a, (size_t)m->problem->level_count, int64_t) };
}

struct planner_bound *planner_bound_make(struct internplan *r, int level, int64_t most_regret, bool empty)
{
    struct planner_bound *b = ARENA_NEW(&r->work, struct planner_bound);
    const struct planner_model *m = r->model;
    b->level = level;
    b->shows_none = empty;
    b->most_regret = most_regret;
    b->cells = (size_t)m->departments * (size_t)m->open;
    b->rows = (size_t)m->rows * (size_t)m->open;
    b->levels = (size_t)m->problem->level_count;
    b->now = leaf_make(&r->work, m, level, empty);
    b->best = leaf_make(&r->work, m, level, empty);
    b->direction = ARENA_ARRAY(&r->work, 2 * b->cells + b->rows + b->levels, int64_t);
    b->cheapest = planner_plan_make(&r->work, m);
    b->step = STEP_ONE;
    b->coarse = true;
    return b;
}

void planner_bound_limit(struct planner_bound *b, int64_t most_regret)
{
    if (most_regret >= b->most_regret)
        return;
    b->most_regret = most_regret;
    if (b->done && !b->hopeless) { /* more can be proven now */
        b->done = false;
        b->step = STEP_ONE / 4;
        b->again = AGAIN_MOST / 2;
        b->idle = 0;
    }
}

static void leaf_copy(const struct planner_bound *b, struct planner_leaf *to, const struct planner_leaf *from)
{
    memcpy(to->cell, from->cell, b->cells * sizeof *to->cell);
    if (b->rows > 0)
        memcpy(to->row, from->row, b->rows * sizeof *to->row);
    if (to->minimum != NULL)
        memcpy(to->minimum, from->minimum, b->cells * sizeof *to->minimum);
    if (b->levels > 0)
        memcpy(to->given, from->given, b->levels * sizeof *to->given);
}

/* One coordinate: the smoothed direction, and its share of the norm where the price may move that way. */
static void turn(int64_t *direction, int64_t slope /* in sixteenths */, int64_t price, int64_t most, __int128 *norm)
{
    *direction = (*direction * 5 + slope * 5) / 10;
    if ((price == 0 && *direction < 0) || (price >= most && *direction > 0))
        *direction = 0;
    *norm += (__int128)*direction * *direction;
}

static int64_t moved(int64_t price, int64_t direction, __int128 factor, __int128 norm, int64_t most)
{
    const int64_t limit = (int64_t)1 << 40;
    __int128 p = price + factor * direction / norm;
    most = MIN(most, limit);
    return p < 0 ? 0 : p > most ? most : (int64_t)p;
}

/* A level before this one may be given a price, unless no price of the leaf stands for one of its measures. */
static bool may_give(const struct internplan *r, int level, int j)
{
    const int64_t *w = r->problem->level[j].weight;
    return j < level && r->has_best && w[PLANNER_WORST] == 0 && w[PLANNER_SMOOTH] == 0;
}

static int64_t slope_of_department(const struct planner_model *m, const struct planner_bound *b, size_t department)
{
    int64_t sum = 0;
    for (size_t t = department * (size_t)m->open; t < (department + 1) * (size_t)m->open; t++)
        sum += b->cheapest.load[t] - m->capacity[t];
    return sum;
}

/* How much a higher price of level j would bring: what the cheapest plans have of it, more than the plan in hand. What is
 * missing below a minimum counts where its price is as high as the level's price lets it be. */
static int64_t slope_of_level(const struct internplan *r, const struct planner_bound *b, int j, int64_t most_minimum)
{
    const struct planner_model *m = r->model;
    int64_t sum = planner_level_personal(r, j, &b->cheapest) - r->value[j];
    int64_t weight = r->problem->level[j].weight[PLANNER_UNDERSTAFFED];
    for (size_t i = 0; i < b->cells && weight > 0 && b->now.minimum != NULL; i++)
        if (b->now.minimum[i] >= most_minimum)
            sum += weight * MAX(m->minimum[i] - b->cheapest.load[i], 0);
    return sum;
}

/* A lower price of a level lowers what minimums may cost. */
static void keep_minimums(const struct internplan *r, struct planner_bound *b)
{
    int64_t weight[PLANNER_MEASURES];
    planner_leaf_weights(r, b->level, &b->now, weight);
    for (size_t i = 0; i < b->cells && b->now.minimum != NULL; i++)
        b->now.minimum[i] = MIN(b->now.minimum[i], weight[PLANNER_UNDERSTAFFED]);
}

/* Visits every coordinate: pass 0 turns the direction, pass 1 moves the prices. */
static void coordinates(const struct internplan *r, struct planner_bound *b, bool move, __int128 factor, __int128 *norm)
{
    const struct planner_model *m = r->model;
    int64_t weight[PLANNER_MEASURES], *d = b->direction;
    planner_leaf_weights(r, b->level, &b->now, weight);
    for (size_t i = 0; i < b->cells; i++, d++) {
        int64_t slope = DIRECTION_ONE * (b->coarse ? slope_of_department(m, b, i / (size_t)m->open)
                                                   : b->cheapest.load[i] - m->capacity[i]);
        if (b->coarse)
            slope /= m->open;
        if (move)
            b->now.cell[i] = moved(b->now.cell[i], *d, factor, *norm, INT64_MAX);
        else
            turn(d, slope, b->now.cell[i], INT64_MAX, norm);
    }
    for (size_t i = 0; i < b->rows; i++, d++) {
        const struct planner_row *row = &m->row[i / (size_t)m->open];
        int t = (int)(i % (size_t)m->open);
        if (t < row->first || t >= row->end)
            continue;
        if (move)
            b->now.row[i] = moved(b->now.row[i], *d, factor, *norm, INT64_MAX);
        else
            turn(d, b->coarse ? 0 : DIRECTION_ONE * (b->cheapest.row_load[i] - row->capacity), b->now.row[i], INT64_MAX,
                 norm);
    }
    for (size_t i = 0; i < b->cells && b->now.minimum != NULL; i++, d++) {
        if (move)
            b->now.minimum[i] = moved(b->now.minimum[i], *d, factor, *norm, weight[PLANNER_UNDERSTAFFED]);
        else
            turn(d, b->coarse ? 0 : DIRECTION_ONE * (m->minimum[i] - b->cheapest.load[i]), b->now.minimum[i],
                 weight[PLANNER_UNDERSTAFFED], norm);
    }
    for (int j = 0; j < b->level; j++, d++) {
        if (!may_give(r, b->level, j))
            continue;
        if (move)
            b->now.given[j] = moved(b->now.given[j], *d, factor, *norm, INT64_MAX);
        else
            turn(d, DIRECTION_ONE * slope_of_level(r, b, j, weight[PLANNER_UNDERSTAFFED]), b->now.given[j], INT64_MAX,
                 norm);
    }
    if (move)
        keep_minimums(r, b);
}

/* What the sum could reach: the value of the plan, or a little above what is proven. */
static __int128 aim(const struct internplan *r, const struct planner_bound *b)
{
    if (b->shows_none)
        return EMPTY_AIM;
    if (r->has_best)
        return (__int128)r->value[b->level] * SCALE;
    return b->best_n + b->best_n / 8 + 4 * SCALE;
}

static void note(struct internplan *r, struct planner_bound *b, __int128 n)
{
    if (b->any && n <= b->best_n) {
        b->idle++;
        return;
    }
    b->idle = 0;
    b->any = true;
    b->best_n = n;
    leaf_copy(b, &b->best, &b->now);
    b->empty = b->shows_none && n >= 1;
    if (!b->shows_none && r->has_best && planner_bound_value(b) >= r->value[b->level])
        b->done = true;
}

static bool one_step(struct internplan *r, struct planner_bound *b)
{
    struct planner_sum sum = planner_leaf_sum(r, b->level, &b->now, b->most_regret, &b->cheapest);
    b->steps++;
    if (!sum.holds || sum.empty) {
        b->done = true;
        b->hopeless = !sum.holds;
        b->empty = b->shows_none && sum.empty;
        b->any = true;
        return true;
    }
    note(r, b, sum.n);
    if (b->empty || b->done)
        return b->done = true;
    bool fixed_length = b->shows_none && !b->coarse;
    if (b->idle >= PATIENCE + 6 * b->again && !fixed_length) {
        b->idle = 0;
        b->step /= 2;
        leaf_copy(b, &b->now, &b->best);
        memset(b->direction, 0, (2 * b->cells + b->rows + b->levels) * sizeof *b->direction);
    }
    if (b->coarse && b->step < COARSE_LEAST) {
        b->coarse = false;
        b->step = STEP_ONE;
    }
    __int128 gap = aim(r, b) - b->best_n, norm = 0; /* of the best sum: a bad one must not lengthen the step */
    if (b->coarse)
        memset(b->direction, 0, b->cells * sizeof *b->direction); /* few prices: no need to smooth */
    coordinates(r, b, false, 0, &norm);
    if (norm == 0 && b->coarse) {
        b->step = b->steps < 3 ? 0 : b->step; /* every department has room over the whole time: on to single weeks */
        b->idle = PATIENCE;
        return false;
    }
    if (b->step < 6 && !b->shows_none && b->again < AGAIN_MOST) {
        b->again++;
        b->step = STEP_ONE / 4;
    }
    if (norm == 0 || b->step < 6 ||
        (b->shows_none && b->steps > (b->most_regret == INT64_MAX ? NONE_STEPS : EMPTY_STEPS)))
        return b->done = true;
    gap = gap < SCALE / 64 ? SCALE / 64 : gap;
    if (fixed_length)
        norm = DIRECTION_ONE;
    coordinates(r, b, true, fixed_length ? EMPTY_MOVE : gap * b->step * DIRECTION_ONE / STEP_ONE, &norm);
    return false;
}

bool planner_bound_steps(struct internplan *r, struct planner_bound *b, int steps)
{
    const char *phase = r->phase;
    r->phase = "bound";
    /* A better plan found meanwhile opens nothing; but a search that rested because it met its aim is over for good. */
    for (int i = 0; i < steps && !b->done; i++)
        if (one_step(r, b) || planner_run_over(r))
            break;
    r->phase = phase;
    return b->done;
}

bool planner_bound_is_empty(const struct planner_bound *b)
{
    return b->empty;
}

const int64_t *planner_bound_cells(const struct planner_bound *b, int64_t *scale)
{
    *scale = SCALE;
    return b->best.cell;
}

int64_t planner_bound_value(const struct planner_bound *b)
{
    if (!b->any || b->hopeless || b->shows_none || b->best_n <= 0)
        return 0;
    __int128 v = b->best_n / SCALE + (b->best_n % SCALE > 0);
    return v > INT64_MAX / 4 ? INT64_MAX / 4 : (int64_t)v;
}

const struct planner_leaf *planner_bound_leaf(const struct planner_bound *b)
{
    return &b->best;
}
