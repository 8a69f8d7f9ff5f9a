/* What the splits on the way to a node change: capacities, least loads, what single students may do, how bad the worst is;
 * and the inequality of a leaf there. See PROOF 1.3 and 1.4. */
#include "planner/exact.h"

static size_t cells_of(const struct planner_model *m)
{
    return (size_t)m->departments * (size_t)m->open;
}

struct planner_scene *planner_scene_make(struct arena *a, struct internplan *r, int level)
{
    const struct planner_model *m = r->model;
    struct planner_scene *s = ARENA_NEW(a, struct planner_scene);
    s->r = r;
    s->level = level;
    s->capacity = ARENA_ARRAY(a, cells_of(m), int);
    s->floor = ARENA_ARRAY(a, cells_of(m), int);
    s->largest = ARENA_ARRAY(a, (size_t)m->departments, int64_t);
    s->smallest = ARENA_ARRAY(a, (size_t)m->departments, int64_t);
    s->forbidden = ARENA_ARRAY(a, (size_t)m->units, uint8_t *);
    s->room = ARENA_ARRAY(a, (size_t)m->units, uint8_t *);
    s->must = ARENA_ARRAY(a, (size_t)m->students, uint64_t);
    for (int u = 0; u < m->units; u++) {
        size_t n = (size_t)m->course[m->unit[u].course].options * (size_t)m->open;
        s->room[u] = ARENA_ARRAY(a, n, uint8_t);
        s->extra_n = MAX(s->extra_n, n);
    }
    for (size_t i = 0; i < LEN(s->extra); i++)
        s->extra[i] = ARENA_ARRAY(a, s->extra_n, int64_t);
    return s;
}

/* ---- splits ------------------------------------------------------------------------------------- */

static void forbid(struct planner_scene *s, int u, size_t at)
{
    assert(s->forbidden[u][at] < UINT8_MAX);
    s->forbidden[u][at]++;
}

static void need_room(struct planner_scene *s, int u)
{
    const struct planner_model *m = s->r->model;
    if (s->forbidden[u] != NULL)
        return;
    s->forbidden[u] = s->room[u];
    memset(s->room[u], 0, (size_t)m->course[m->unit[u].course].options * (size_t)m->open);
}

static void apply_placement(struct planner_scene *s, const struct planner_split *x, bool yes)
{
    const struct planner_model *m = s->r->model;
    int u = m->unit_of[x->student];
    const struct planner_course *c = &m->course[m->unit[u].course];
    need_room(s, u);
    for (int o = c->option_first[x->rotation]; o < c->option_first[x->rotation + 1]; o++)
        for (int t = 0; t < m->open; t++) {
            bool matches = (x->department < 0 || x->department == c->option[o].department) && (x->from < 0 || x->from == t);
            if (matches != yes)
                forbid(s, u, (size_t)o * (size_t)m->open + (size_t)t);
        }
    if (yes)
        s->must[x->student] |= UINT64_C(1) << x->rotation;
}

static void apply_load(struct planner_scene *s, size_t cell, int64_t than, bool yes)
{
    s->whole = false;
    if (yes)
        s->capacity[cell] = (int)MIN((int64_t)s->capacity[cell], than);
    else
        s->floor[cell] = (int)MAX((int64_t)s->floor[cell], than + 1);
}

static void apply_range(struct planner_scene *s, const struct planner_split *x, bool yes)
{
    const struct planner_model *m = s->r->model;
    bool largest = x->kind == PLANNER_SPLIT_LARGEST;
    s->whole = false;
    for (int t = 0; yes && t < m->open; t++) {
        size_t cell = (size_t)x->department * (size_t)m->open + (size_t)t;
        if (m->smooth[cell] && largest)
            s->capacity[cell] = (int)MIN((int64_t)s->capacity[cell], x->than);
        else if (m->smooth[cell])
            s->floor[cell] = (int)MAX((int64_t)s->floor[cell], x->than);
    }
    if (!yes && largest)
        s->largest[x->department] = MAX(s->largest[x->department], x->than + 1);
    else if (!yes)
        s->smallest[x->department] = MIN(s->smallest[x->department], x->than - 1);
}

/* A cell with fewer seats than a unit has students is closed to it; the model has done so for the seats of the problem. */
static void forbid_small_cells(struct planner_scene *s)
{
    const struct planner_model *m = s->r->model;
    for (int u = 0; u < m->units && !s->whole; u++) {
        const struct planner_course *c = &m->course[m->unit[u].course];
        for (int o = 0; o < c->options; o++) {
            int length = c->length[c->option[o].rotation];
            const int *capacity = s->capacity + (size_t)c->option[o].department * (size_t)m->open;
            for (int t = 0; t < m->open; t++) {
                if (capacity[t] >= m->unit[u].size)
                    continue;
                need_room(s, u);
                for (int from = MAX(t - length + 1, 0); from <= t; from++)
                    s->forbidden[u][(size_t)o * (size_t)m->open + (size_t)from] |= 1;
            }
        }
    }
}

void planner_scene_set(struct planner_scene *s, const struct planner_split *split, const bool *side, int n, int64_t most_regret)
{
    const struct planner_model *m = s->r->model;
    assert(n >= 0 && n <= PLANNER_DEPTH_MOST);
    memcpy(s->capacity, m->capacity, cells_of(m) * sizeof *s->capacity);
    memset(s->floor, 0, cells_of(m) * sizeof *s->floor);
    memset(s->must, 0, (size_t)m->students * sizeof *s->must);
    for (int d = 0; d < m->departments; d++) {
        s->largest[d] = 0;
        s->smallest[d] = INT64_MAX;
    }
    for (int u = 0; u < m->units; u++)
        s->forbidden[u] = NULL;
    s->worst_least = 0;
    s->worst_most = most_regret;
    s->all_placed = planner_all_placed(s->r, s->level);
    s->whole = true;
    for (int i = 0; i < n; i++)
        switch (split[i].kind) {
        case PLANNER_SPLIT_PLACEMENT:
            apply_placement(s, &split[i], side[i]);
            break;
        case PLANNER_SPLIT_LOAD:
            apply_load(s, (size_t)split[i].department * (size_t)m->open + (size_t)split[i].week, split[i].than, side[i]);
            break;
        case PLANNER_SPLIT_LARGEST:
        case PLANNER_SPLIT_SMALLEST:
            apply_range(s, &split[i], side[i]);
            break;
        case PLANNER_SPLIT_WORST:
            if (side[i])
                s->worst_most = MIN(s->worst_most, split[i].than);
            else
                s->worst_least = MAX(s->worst_least, split[i].than + 1);
            break;
        }
    forbid_small_cells(s);
}

void planner_scene_fix(struct planner_scene *s, int u, const struct planner_path *path)
{
    const struct planner_model *m = s->r->model;
    const struct planner_course *c = &m->course[m->unit[u].course];
    size_t open = (size_t)m->open;
    need_room(s, u);
    for (size_t i = 0; i < (size_t)c->options * open; i++)
        s->forbidden[u][i] |= 1;
    for (int i = 0; i < path->n; i++)
        s->forbidden[u][(size_t)path->stay[i].option * open + (size_t)path->stay[i].from] = 0;
    for (int k = 0; k < m->unit[u].size; k++)
        s->must[m->unit[u].student[k]] |= planner_path_placed(c, path);
}

bool planner_scene_allows(const struct planner_scene *s, int u, const struct planner_path *path)
{
    const struct planner_model *m = s->r->model;
    const struct planner_course *c = &m->course[m->unit[u].course];
    uint64_t placed = planner_path_placed(c, path);
    for (int i = 0; i < path->n && s->forbidden[u] != NULL; i++)
        if (s->forbidden[u][(size_t)path->stay[i].option * (size_t)m->open + (size_t)path->stay[i].from] != 0)
            return false;
    for (int k = 0; k < m->unit[u].size; k++) {
        int student = m->unit[u].student[k];
        if ((s->must[student] & ~placed) != 0)
            return false;
        if (s->worst_most != INT64_MAX &&
            planner_path_regret(m, student, path) + m->problem->student[student].burden > s->worst_most)
            return false;
    }
    return !s->all_placed || planner_course_complete(c, placed);
}

/* ---- prices on single placements ---------------------------------------------------------------- */

static void add_apart(const struct planner_scene *s, const struct planner_leaf *leaf, int u, int64_t *extra)
{
    const struct planner_model *m = s->r->model;
    const struct planner_course *c = &m->course[m->unit[u].course];
    for (int i = 0; i < m->problem->pair_count; i++) {
        const struct planner_pair *pair = &m->problem->pair[i];
        int members = 0;
        for (int k = 0; k < pair->student_count && pair->apart && !pair->off; k++)
            members += m->unit_of[pair->student[k]] == u;
        for (int o = 0; members > 0 && o < c->options; o++) {
            const int64_t *price = leaf->apart + (size_t)i * cells_of(m) + (size_t)c->option[o].department * (size_t)m->open;
            int length = c->length[c->option[o].rotation];
            if (!planner_pair_names(pair, c, c->option[o].rotation))
                continue;
            for (int t = 0; t + length <= m->open; t++)
                for (int k = t; k < t + length; k++)
                    extra[(size_t)o * (size_t)m->open + (size_t)t] += members * price[k];
        }
    }
}

static void add_ties(const struct planner_scene *s, const struct planner_leaf *leaf, int u, int64_t *extra)
{
    const struct planner_model *m = s->r->model;
    const struct planner_course *c = &m->course[m->unit[u].course];
    for (int i = 0; i < leaf->ties; i++) {
        const struct planner_tie *x = &leaf->tie[i];
        if (m->unit_of[x->student] != u)
            continue;
        for (int o = c->option_first[x->rotation]; o < c->option_first[x->rotation + 1]; o++)
            if (c->option[o].department == x->department)
                extra[(size_t)o * (size_t)m->open + (size_t)x->from] += x->price;
    }
}

const int64_t *planner_scene_extra(const struct planner_scene *s, const struct planner_leaf *leaf, int u, int64_t *extra)
{
    const struct planner_model *m = s->r->model;
    size_t n = (size_t)m->course[m->unit[u].course].options * (size_t)m->open;
    if (s->forbidden[u] == NULL && leaf->apart == NULL && leaf->ties == 0)
        return NULL;
    memset(extra, 0, n * sizeof *extra);
    if (leaf->apart != NULL)
        add_apart(s, leaf, u, extra);
    add_ties(s, leaf, u, extra);
    for (size_t i = 0; s->forbidden[u] != NULL && i < n; i++)
        if (s->forbidden[u][i] != 0)
            extra[i] = PLANNER_INFINITY;
    return extra;
}

/* ---- the inequality ----------------------------------------------------------------------------- */

static __int128 given_by_cells(const struct planner_scene *s, const struct planner_leaf *leaf, int64_t *cell)
{
    const struct planner_model *m = s->r->model;
    __int128 n = 0;
    for (size_t i = 0; i < cells_of(m); i++) {
        int64_t seat = leaf->cell != NULL ? leaf->cell[i] : 0, floor = leaf->floor != NULL ? leaf->floor[i] : 0,
                minimum = leaf->minimum != NULL ? leaf->minimum[i] : 0;
        assert(seat >= 0 && floor >= 0 && minimum >= 0 && (floor == 0 || s->floor[i] > 0));
        n += (__int128)floor * s->floor[i] + (__int128)minimum * m->minimum[i] - (__int128)seat * s->capacity[i];
        cell[i] = seat - floor - minimum + (leaf->even != NULL ? leaf->even[i] : 0);
    }
    for (int k = 0; leaf->row != NULL && k < m->rows; k++)
        for (int t = m->row[k].first; t < m->row[k].end; t++)
            n -= (__int128)leaf->row[(size_t)k * (size_t)m->open + (size_t)t] * m->row[k].capacity;
    for (size_t i = 0; leaf->apart != NULL && i < (size_t)m->problem->pair_count * cells_of(m); i++)
        n -= leaf->apart[i];
    return n;
}

static __int128 given_by_rest(const struct planner_scene *s, const struct planner_leaf *leaf, const int64_t *weight)
{
    const struct planner_model *m = s->r->model;
    __int128 n = 0;
    int64_t shares = 0;
    for (int j = 0; leaf->given != NULL && j < s->level; j++)
        n -= (__int128)leaf->given[j] * s->r->value[j];
    for (int k = 0; leaf->worst != NULL && k < m->students; k++) {
        n += (__int128)leaf->worst[k] * m->problem->student[k].burden;
        shares += leaf->worst[k];
    }
    assert(shares <= weight[PLANNER_WORST]);
    n += (__int128)(weight[PLANNER_WORST] - shares) * s->worst_least;
    for (int d = 0; d < m->departments; d++) {
        int64_t positive = 0;
        for (int t = 0; leaf->even != NULL && t < m->open; t++)
            positive += MAX(leaf->even[(size_t)d * (size_t)m->open + (size_t)t], 0);
        assert(positive <= weight[PLANNER_SMOOTH]);
        if (s->smallest[d] != INT64_MAX && s->largest[d] > s->smallest[d])
            n += (__int128)(weight[PLANNER_SMOOTH] - positive) * (s->largest[d] - s->smallest[d]);
    }
    return n;
}

struct planner_sum planner_scene_sum(struct planner_scene *s, const struct planner_leaf *leaf, struct planner_path *path,
                                     enum planner_answer *answer)
{
    struct internplan *r = s->r;
    const struct planner_model *m = r->model;
    int64_t *cell = ARENA_ARRAY(&r->scratch, cells_of(m), int64_t);
    struct planner_prices prices = { .cell = cell, .row = leaf->row, .worst = leaf->worst, .most_regret = s->worst_most,
                                     .must = s->must, .all_placed = s->all_placed };
    planner_leaf_weights(r, s->level, leaf, prices.weight);
    __int128 gives = given_by_cells(s, leaf, cell) + given_by_rest(s, leaf, prices.weight);
    struct planner_sum sum = planner_price_all(r, &prices, s, leaf, path, answer);
    sum.n += gives;
    arena_free(&r->scratch);
    return sum;
}
