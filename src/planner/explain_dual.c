/* Prices that prove emptiness where no simple pattern does: every step adds to a price what its limit was passed by in the
 * cheapest plans at the prices so far. Where a proof exists with some room, this finds one (it is the perceptron's
 * argument: each step turns the prices towards every proof). Afterwards prices are made as few and as small as may be. */
#include "planner/explain.h"

enum { MOVE = 16, PRICE_MOST = 1 << 26 };

static size_t coordinates_of(const struct planner_view *v)
{
    return v->cells + v->rows + (size_t)v->aparts * v->cells;
}

static int64_t *coordinate(const struct planner_view *v, const struct planner_weights *w, size_t i)
{
    if (i < v->cells)
        return &w->cell[i];
    i -= v->cells;
    return i < v->rows ? &w->row[i] : &w->apart[i - v->rows];
}

/* INT64_MAX: no limit there. */
static int64_t limit_of(const struct planner_view *v, size_t i)
{
    const struct planner_model *m = v->model;
    if (i < v->cells)
        return m->capacity[i] >= PLANNER_NO_LIMIT ? INT64_MAX : m->capacity[i];
    i -= v->cells;
    if (i >= v->rows)
        return 1;
    const struct planner_row *row = &m->row[i / (size_t)m->open];
    int t = (int)(i % (size_t)m->open);
    return t >= row->first && t < row->end ? row->capacity : INT64_MAX;
}

static void clear(const struct planner_view *v, struct planner_weights *w)
{
    for (size_t i = 0; i < coordinates_of(v); i++)
        *coordinate(v, w, i) = 0;
}

bool planner_dual_proves(struct internplan *r, struct planner_view *v, struct planner_weights *w, int steps)
{
    size_t n = coordinates_of(v);
    struct planner_weights load = planner_weights_make(v->arena, v);
    int64_t *direction = ARENA_ARRAY(v->arena, n, int64_t);
    for (int step = 0; step < steps; step++) {
        bool holds;
        clear(v, &load);
        __int128 sum = planner_view_sum(r, v, w, &load, NULL, &holds);
        if (!holds || planner_run_over(r))
            return false;
        if (sum >= 1) {
            planner_dual_simplify(r, v, w);
            return true;
        }
        for (size_t i = 0; i < n; i++) {
            int64_t limit = limit_of(v, i);
            if (limit == INT64_MAX)
                continue;
            int64_t *price = coordinate(v, w, i);
            direction[i] = (direction[i] + MOVE * (*coordinate(v, &load, i) - limit)) / 2;
            *price = MIN(MAX(*price + direction[i], 0), (int64_t)PRICE_MOST);
            if (*price == 0 && direction[i] < 0)
                direction[i] = 0;
        }
        r->kernel.work += n;
    }
    return false;
}

static bool proves(struct internplan *r, struct planner_view *v, struct planner_weights *w)
{
    bool holds;
    return planner_view_sum(r, v, w, NULL, NULL, &holds) >= 1 && holds;
}

/* Rounds all prices to 0..k. */
static void round_to(const struct planner_view *v, struct planner_weights *to, const struct planner_weights *from,
                     int64_t most, int64_t k)
{
    for (size_t i = 0; i < coordinates_of(v); i++)
        *coordinate(v, to, i) = (*coordinate(v, from, i) * k * 2 + most) / (most * 2);
}

/* Puts the prices of [first, end) to 0 when the rest still proves; else by halves. */
static void drop(struct internplan *r, struct planner_view *v, struct planner_weights *w, struct planner_weights *keep,
                 size_t first, size_t end, size_t least)
{
    bool any = false;
    for (size_t i = first; i < end; i++)
        any = any || *coordinate(v, w, i) != 0;
    if (!any || planner_run_over(r))
        return;
    planner_weights_copy(v, keep, w);
    for (size_t i = first; i < end; i++)
        *coordinate(v, w, i) = 0;
    if (proves(r, v, w))
        return;
    planner_weights_copy(v, w, keep);
    if (end - first <= least)
        return;
    size_t half = (end - first) / 2 / least * least;
    half = half == 0 ? least : half;
    drop(r, v, w, keep, first, first + half, least);
    drop(r, v, w, keep, first + half, end, least);
}

void planner_dual_simplify(struct internplan *r, struct planner_view *v, struct planner_weights *w)
{
    static const int64_t steps[] = { 1, 2, 3, 4, 6, 8, 12, 16, 24, 48, 96 };
    struct planner_weights rounded = planner_weights_make(v->arena, v);
    size_t open = (size_t)v->model->open, n = coordinates_of(v);
    int64_t most = 0;
    for (size_t i = 0; i < n; i++)
        most = MAX(most, *coordinate(v, w, i));
    for (size_t i = 0; most > 0 && i < LEN(steps) && steps[i] < most; i++) {
        round_to(v, &rounded, w, most, steps[i]);
        if (!proves(r, v, &rounded))
            continue;
        planner_weights_copy(v, w, &rounded);
        break;
    }
    drop(r, v, w, &rounded, 0, n, open); /* whole departments, then single weeks */
    drop(r, v, w, &rounded, 0, n, 1);
}
