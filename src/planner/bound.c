/* The search for prices, in integers from the start, so that every price met is a certificate as it stands. A volume
 * method (Barahona and Anbil, Mathematical Programming 87, 2000): steps go from the best prices along an average of the
 * slopes met, which tends to what a whole plan would use; a long average converges where single slopes zigzag. First one
 * price per department, then one per week. To show that there is no plan, where no value can be aimed at, steps keep
 * their length instead. */
#include "planner/run.h"

enum {
    SCALE = 4096,
    STEP_ONE = 1 << 16,   /* a step that would meet the aim if the slope held on */
    STEP_FIRST = STEP_ONE / 8,
    STEP_LEAST = STEP_ONE / 4096,
    QUICK_LEAST = STEP_ONE / 64,
    SLOPE_ONE = 4096,     /* slopes are kept in parts of a student */
    SHARE_ONE = 1 << 14,  /* the newest slope's share in the average: */
    SHARE_MOST = SHARE_ONE / 10,
    SHARE_LEAST = SHARE_ONE / 100,
    SHARE_STEPS = 60,     /* so many steps with little gain halve it */
    PATIENCE_COARSE = 14, /* steps without gain before the step is shortened */
    PATIENCE = 20,
    AGAIN_MOST = 3,       /* long steps anew from the best prices */
    EMPTY_AIM = 24 * SCALE,
    EMPTY_STEPS = 160, /* of one value of `worst`; */
    NONE_STEPS = 20000, /* and for the whole problem */
    EMPTY_MOVE = 48    /* of a price, per student too many: with no value to aim at, steps keep their length */
};

struct planner_bound {
    int level; /* bounded; where `shows_none`: the one before which earlier levels may have a price, or -1 */
    bool shows_none; /* scale 0: shows that there is no plan (with regret at most most_regret) */
    int64_t most_regret;
    struct planner_leaf now, best; /* views into the two vectors of prices */
    size_t cells, rows, minimums, levels, n;
    int64_t *now_price, *best_price; /* n: cells, rows, minimums, levels */
    int64_t *slope, *direction;      /* n, in parts of a student */
    struct planner_plan cheapest;
    __int128 best_n, share_n; /* the best sum; the one when the share was last looked at */
    bool any, done, empty, hopeless;
    enum { COARSE, QUICK, FINE } phase; /* one price per department; one per week by smoothed slopes; by averages */
    int64_t step, share;
    int idle, again, share_steps;
    uint64_t steps;
};

static struct planner_leaf leaf_of(const struct planner_bound *b, int64_t *price)
{
    return (struct planner_leaf){ .scale = b->shows_none ? 0 : SCALE,
                                  .cell = price,
                                  .row = price + b->cells,
                                  .minimum = b->minimums > 0 ? price + b->cells + b->rows : NULL,
                                  .given = price + b->cells + b->rows + b->minimums };
}

struct planner_bound *planner_bound_make(struct internplan *r, int level, int64_t most_regret, bool empty)
{
    struct planner_bound *b = ARENA_NEW(&r->work, struct planner_bound);
    const struct planner_model *m = r->model;
    assert(level < r->problem->level_count && (empty || level >= 0));
    b->level = level;
    b->shows_none = empty;
    b->most_regret = most_regret;
    b->cells = (size_t)m->departments * (size_t)m->open;
    b->rows = (size_t)m->rows * (size_t)m->open;
    b->minimums = m->any_minimum && (!empty || level > 0) ? b->cells : 0;
    b->levels = (size_t)r->problem->level_count;
    b->n = b->cells + b->rows + b->minimums + b->levels;
    b->now_price = ARENA_ARRAY(&r->work, b->n, int64_t);
    b->best_price = ARENA_ARRAY(&r->work, b->n, int64_t);
    b->slope = ARENA_ARRAY(&r->work, b->n, int64_t);
    b->direction = ARENA_ARRAY(&r->work, b->n, int64_t);
    b->now = leaf_of(b, b->now_price);
    b->best = leaf_of(b, b->best_price);
    b->cheapest = planner_plan_make(&r->work, m);
    b->step = STEP_ONE;
    b->share = SHARE_MOST;
    b->phase = COARSE;
    return b;
}

void planner_bound_limit(struct planner_bound *b, int64_t most_regret)
{
    if (most_regret >= b->most_regret)
        return;
    b->most_regret = most_regret;
    if (b->done && !b->hopeless) { /* more can be proven now */
        b->done = false;
        b->step = STEP_FIRST;
        b->idle = 0;
    }
}

/* ---- slopes ------------------------------------------------------------------------------------- */

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
    for (size_t i = 0; i < b->minimums && weight > 0; i++)
        if (b->now.minimum[i] >= most_minimum)
            sum += weight * MAX(m->minimum[i] - b->cheapest.load[i], 0);
    return sum;
}

/* What one more of each price would bring. */
static void find_slopes(const struct internplan *r, struct planner_bound *b)
{
    const struct planner_model *m = r->model;
    int64_t weight[PLANNER_MEASURES], *s = b->slope;
    memset(s, 0, b->n * sizeof *s);
    if (b->phase == COARSE) {
        for (size_t i = 0; i < b->cells; i++)
            s[i] = SLOPE_ONE * slope_of_department(m, b, i / (size_t)m->open) / m->open;
        return;
    }
    planner_leaf_weights(r, b->level, &b->now, weight);
    for (size_t i = 0; i < b->cells; i++)
        s[i] = SLOPE_ONE * (int64_t)(b->cheapest.load[i] - m->capacity[i]);
    s += b->cells;
    for (int k = 0; k < m->rows; k++)
        for (int t = m->row[k].first; t < m->row[k].end; t++) {
            size_t at = (size_t)k * (size_t)m->open + (size_t)t;
            s[at] = SLOPE_ONE * (int64_t)(b->cheapest.row_load[at] - m->row[k].capacity);
        }
    s += b->rows;
    for (size_t i = 0; i < b->minimums; i++)
        s[i] = SLOPE_ONE * (int64_t)(m->minimum[i] - b->cheapest.load[i]);
    s += b->minimums;
    for (int j = 0; j < b->level; j++)
        if (may_give(r, b->level, j))
            s[j] = SLOPE_ONE * slope_of_level(r, b, j, weight[PLANNER_UNDERSTAFFED]);
}

/* ---- steps -------------------------------------------------------------------------------------- */

/* Takes the newest slope into the average, with the share that makes the average shortest, within what is allowed. */
static void average(struct planner_bound *b, bool anew)
{
    __int128 along = 0, square = 0;
    for (size_t i = 0; i < b->n; i++) {
        int64_t off = b->direction[i] - b->slope[i];
        along += (__int128)b->direction[i] * off;
        square += (__int128)off * off;
    }
    int64_t share = b->share;
    if (square > 0) {
        __int128 best = along * SHARE_ONE / square, least = b->share / 10;
        share = best < least ? (int64_t)least : best > b->share ? b->share : (int64_t)best;
    }
    if (anew)
        share = SHARE_ONE;
    assert(share > 0 && share <= SHARE_ONE);
    for (size_t i = 0; i < b->n; i++)
        b->direction[i] += (b->slope[i] - b->direction[i]) * share / SHARE_ONE;
}

static int64_t most_price(const struct planner_bound *b, size_t i, int64_t most_minimum)
{
    const int64_t limit = (int64_t)1 << 40;
    bool minimum = i >= b->cells + b->rows && i < b->cells + b->rows + b->minimums;
    return minimum ? MIN(most_minimum, limit) : limit;
}

/* A price that stands at its end and would go beyond does not move. */
static bool is_stuck(int64_t price, int64_t direction, int64_t most)
{
    return (price == 0 && direction < 0) || (price >= most && direction > 0);
}

/* A lower price of a level lowers what minimums may cost. */
static void keep_minimums(const struct internplan *r, struct planner_bound *b)
{
    int64_t weight[PLANNER_MEASURES];
    planner_leaf_weights(r, b->level, &b->now, weight);
    for (size_t i = 0; i < b->minimums; i++)
        b->now.minimum[i] = MIN(b->now.minimum[i], weight[PLANNER_UNDERSTAFFED]);
}

/* Moves the prices from `base` along the direction by factor / norm of it. */
static void move(const struct internplan *r, struct planner_bound *b, const int64_t *base, __int128 factor, __int128 norm)
{
    int64_t weight[PLANNER_MEASURES];
    assert(norm > 0);
    planner_leaf_weights(r, b->level, &b->now, weight);
    for (size_t i = 0; i < b->n; i++) {
        int64_t most = most_price(b, i, weight[PLANNER_UNDERSTAFFED]);
        __int128 p = base[i] + factor * b->direction[i] / norm;
        b->now_price[i] = p < 0 ? 0 : p > most ? most : (int64_t)p;
        assert(b->now_price[i] >= 0);
    }
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

/* Steps as long as the gap between the best sum and the aim wants them. False: there is nowhere to go. */
static bool step_to_aim(const struct internplan *r, struct planner_bound *b, const int64_t *base)
{
    int64_t weight[PLANNER_MEASURES];
    __int128 gap = aim(r, b) - b->best_n, norm = 0; /* of the best sum: a bad one must not lengthen the step */
    planner_leaf_weights(r, b->level, &b->best, weight);
    for (size_t i = 0; i < b->n; i++)
        if (!is_stuck(base[i], b->direction[i], most_price(b, i, weight[PLANNER_UNDERSTAFFED])))
            norm += (__int128)b->direction[i] * b->direction[i];
    if (norm == 0)
        return false;
    gap = gap < SCALE / 64 ? SCALE / 64 : gap;
    move(r, b, base, gap * b->step * SLOPE_ONE / STEP_ONE, norm);
    return true;
}

/* The smoothed slope, from the prices in hand. */
static __int128 smooth(struct planner_bound *b)
{
    __int128 norm = 0;
    for (size_t i = 0; i < b->n; i++) {
        b->direction[i] = (b->direction[i] + b->slope[i]) / 2;
        if (is_stuck(b->now_price[i], b->direction[i], INT64_MAX))
            b->direction[i] = 0;
        norm += (__int128)b->direction[i] * b->direction[i];
    }
    return norm;
}

static void step_fixed(const struct internplan *r, struct planner_bound *b)
{
    (void)smooth(b);
    move(r, b, b->now_price, EMPTY_MOVE, SLOPE_ONE);
}

/* False when it is time for long averages. */
static bool step_quick(const struct internplan *r, struct planner_bound *b)
{
    if (b->idle >= PATIENCE_COARSE) {
        b->idle = 0;
        b->step /= 2;
        memcpy(b->now_price, b->best_price, b->n * sizeof *b->now_price);
        memset(b->direction, 0, b->n * sizeof *b->direction);
    }
    __int128 norm = smooth(b), gap = MAX(aim(r, b) - b->best_n, SCALE / 64);
    if (b->step < QUICK_LEAST || norm == 0)
        return false;
    move(r, b, b->now_price, gap * b->step * SLOPE_ONE / STEP_ONE, norm);
    return true;
}

/* Few prices, single slopes; false when it is time for single weeks. */
static bool step_coarse(const struct internplan *r, struct planner_bound *b)
{
    if (b->idle >= PATIENCE_COARSE) {
        b->idle = 0;
        b->step /= 2;
        memcpy(b->now_price, b->best_price, b->n * sizeof *b->now_price);
    }
    if (b->step < STEP_FIRST)
        return false;
    average(b, true);
    return step_to_aim(r, b, b->now_price);
}

static bool step_fine(const struct internplan *r, struct planner_bound *b, bool better, bool anew)
{
    if (better)
        b->step = MIN(b->step + b->step / 10, STEP_ONE);
    if (b->idle >= PATIENCE) {
        b->idle = 0;
        b->step -= b->step / 3;
    }
    if (++b->share_steps == SHARE_STEPS) {
        if ((b->best_n - b->share_n) * 100 < b->best_n)
            b->share = MAX(b->share / 2, (int64_t)SHARE_LEAST);
        b->share_n = b->best_n;
        b->share_steps = 0;
    }
    if (b->step < STEP_LEAST && b->again < AGAIN_MOST) {
        b->again++;
        b->step = STEP_FIRST / 2;
        anew = true;
    }
    average(b, anew);
    return b->step >= STEP_LEAST && step_to_aim(r, b, b->best_price);
}

static bool note(struct internplan *r, struct planner_bound *b, __int128 n)
{
    assert(b->shows_none || b->now.scale == SCALE);
    if (b->any && n <= b->best_n) {
        b->idle++;
        return false;
    }
    b->idle = 0;
    b->any = true;
    b->best_n = n;
    memcpy(b->best_price, b->now_price, b->n * sizeof *b->best_price);
    b->empty = b->shows_none && n >= 1;
    if (!b->shows_none && r->has_best && planner_bound_value(b) >= r->value[b->level])
        b->done = true;
    return true;
}

static bool one_step(struct internplan *r, struct planner_bound *b)
{
    assert(!b->done && b->n == b->cells + b->rows + b->minimums + b->levels);
    struct planner_sum sum = planner_leaf_sum(r, b->level, &b->now, b->most_regret, &b->cheapest);
    b->steps++;
    if (!sum.holds || sum.empty) {
        b->done = true;
        b->hopeless = !sum.holds;
        b->empty = b->shows_none && sum.empty;
        b->any = true;
        return true;
    }
    bool better = note(r, b, sum.n), anew = false;
    if (b->empty || b->done)
        return b->done = true;
    find_slopes(r, b);
    if (b->phase == COARSE) {
        if (step_coarse(r, b))
            return false;
        b->phase = QUICK;
        b->step = STEP_ONE;
        b->idle = 0;
        memset(b->direction, 0, b->n * sizeof *b->direction);
        find_slopes(r, b);
    }
    if (b->phase == QUICK && !b->shows_none) {
        if (step_quick(r, b))
            return false;
        b->phase = FINE;
        b->step = STEP_FIRST;
        b->idle = 0;
        anew = true;
    }
    if (b->phase == FINE)
        return b->done = !step_fine(r, b, better, anew);
    step_fixed(r, b);
    return b->done = b->steps > (b->most_regret == INT64_MAX ? NONE_STEPS : EMPTY_STEPS);
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
