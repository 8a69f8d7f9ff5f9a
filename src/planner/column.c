/* Column generation: the pool of personal plans seen, and the master program that mixes them. One row for each student and
 * for all that couples students: seats, least loads, minimums, quotas, pairs, earlier levels, the worst. Its prices, made
 * whole numbers, are a leaf; what they are worth the exact kernel says, not the program. */
#include "planner/exact.h"

enum {
    SCALE = 1 << 14,    /* prices in parts of the level's unit */
    ROWS_MOST = 3500,   /* beyond: no master */
    DEARER_MOST = 1 << 20
};

/* A column of the pool in the program. */
struct use {
    int column;
    bool open, banned;
    double cost;
};

struct planner_master {
    struct arena *arena;
    struct planner_scene *scene;
    struct planner_pool *pool;
    struct planner_lp *lp;
    bool empty;
    int rows;
    int *seat, *floor, *minimum, *largest, *smallest; /* row of a cell, -1: none */
    int *quota;                                       /* [row * open + week] */
    int *given;                                       /* per earlier level */
    int *unit, *worst;                                /* per unit, per student */
    int *apart;                                       /* [pair][cell] */
    int *heads, *quota_heads;                         /* who could be there at most */
    struct planner_tie *tie;                          /* two for each row from tie_first on: of the first student, of another */
    int tie_first, tie_rows;
    size_t tie_n, tie_cap;
    double dear, constant; /* passing a limit by one; of the objective: what plans cannot change */
    double scale;
    struct use *use;       /* per column of the pool that the program knows */
    size_t known, known_cap;
    struct planner_lp_entry *entry; /* scratch */
    int entries, entry_most;
    uint64_t checks;
};

/* ---- the pool ----------------------------------------------------------------------------------- */

struct planner_pool *planner_pool_make(struct arena *a)
{
    struct planner_pool *p = ARENA_NEW(a, struct planner_pool);
    p->arena = a;
    return p;
}

static uint64_t hash_of(int unit, const struct planner_stay *stay, int n)
{
    uint64_t h = (uint64_t)unit * 0x9E3779B97F4A7C15u;
    for (int i = 0; i < n; i++)
        h = (h ^ ((uint64_t)(uint32_t)stay[i].option << 20 ^ (uint64_t)(uint32_t)stay[i].from)) * 0xBF58476D1CE4E5B9u;
    return h ^ h >> 29;
}

static void rehash(struct planner_pool *p)
{
    p->slots = p->slots == 0 ? 1024 : p->slots * 2;
    p->slot = ARENA_ARRAY(p->arena, p->slots, int);
    for (size_t i = 0; i < p->slots; i++)
        p->slot[i] = -1;
    for (size_t i = 0; i < p->n; i++) {
        size_t at = hash_of(p->column[i].unit, p->column[i].stay, p->column[i].n) % p->slots;
        while (p->slot[at] >= 0)
            at = (at + 1) % p->slots;
        p->slot[at] = (int)i;
    }
}

bool planner_pool_add(struct planner_pool *p, int unit, const struct planner_path *path)
{
    if (p->n * 2 >= p->slots)
        rehash(p);
    size_t at = hash_of(unit, path->stay, path->n) % p->slots, bytes = (size_t)path->n * sizeof *path->stay;
    for (; p->slot[at] >= 0; at = (at + 1) % p->slots) {
        const struct planner_column *c = &p->column[p->slot[at]];
        if (c->unit == unit && c->n == path->n && memcmp(c->stay, path->stay, bytes) == 0)
            return false;
    }
    p->slot[at] = (int)p->n;
    struct planner_column *c = ARENA_PUSH(p->arena, p->column, p->n, p->cap);
    *c = (struct planner_column){ unit, path->n, ARENA_ARRAY(p->arena, (size_t)path->n, struct planner_stay) };
    memcpy(c->stay, path->stay, bytes);
    return true;
}

static struct planner_path path_of(const struct planner_column *c)
{
    struct planner_path path = { .n = c->n };
    memcpy(path.stay, c->stay, (size_t)c->n * sizeof *c->stay);
    return path;
}

/* ---- rows --------------------------------------------------------------------------------------- */

static size_t cells_of(const struct planner_model *m)
{
    return (size_t)m->departments * (size_t)m->open;
}

static int *no_rows(struct arena *a, size_t n)
{
    int *list = ARENA_ARRAY(a, n, int);
    for (size_t i = 0; i < n; i++)
        list[i] = -1;
    return list;
}

/* The cells that unit u could ever stand in. */
static void reach_of(const struct planner_model *m, int u, bool *reach)
{
    const struct planner_course *c = &m->course[m->unit[u].course];
    memset(reach, 0, cells_of(m) * sizeof *reach);
    for (int o = 0; o < c->options; o++) {
        int length = c->length[c->option[o].rotation];
        for (int t = 0; t + length <= m->open; t++)
            for (int k = t; k < t + length && planner_model_allows(m, m->unit[u].student[0], o, t); k++)
                reach[(size_t)c->option[o].department * (size_t)m->open + (size_t)k] = true;
    }
}

/* How many students could stand in a cell, or count for a quota there, at once: a limit that all together keep needs no row. */
static void count_heads(struct planner_master *x, struct arena *a)
{
    const struct planner_model *m = x->scene->r->model;
    bool *reach = ARENA_ARRAY(a, cells_of(m), bool);
    x->heads = ARENA_ARRAY(a, cells_of(m), int);
    x->quota_heads = ARENA_ARRAY(a, (size_t)m->rows * (size_t)m->open, int);
    for (int u = 0; u < m->units; u++) {
        reach_of(m, u, reach);
        for (size_t i = 0; i < cells_of(m); i++)
            x->heads[i] += reach[i] ? m->unit[u].size : 0;
        for (int d = 0; d < m->departments; d++)
            for (int n = m->department_row_first[d]; n < m->department_row_first[d + 1]; n++) {
                size_t k = (size_t)m->department_row[n];
                int counted = 0;
                for (int i = 0; i < m->unit[u].size; i++)
                    counted += m->row_counts[k * (size_t)m->row_kinds + (size_t)m->row_kind[m->unit[u].student[i]]];
                for (int t = 0; counted > 0 && t < m->open; t++)
                    x->quota_heads[k * (size_t)m->open + (size_t)t] += reach[(size_t)d * (size_t)m->open + (size_t)t] ? counted : 0;
            }
    }
}

/* A weight that a leaf of this level may have on a measure: its own, or an earlier level's price. */
static bool weighs(const struct planner_master *x, enum planner_measure k)
{
    const struct planner_scene *s = x->scene;
    bool any = !x->empty && s->level >= 0 && s->r->problem->level[s->level].weight[k] > 0;
    for (int j = 0; j < s->level; j++)
        any = any || (x->given[j] >= 0 && s->r->problem->level[j].weight[k] > 0);
    return any;
}

static bool has_smooth_week(const struct planner_model *m, int d)
{
    for (int t = 0; t < m->open; t++)
        if (m->smooth[(size_t)d * (size_t)m->open + (size_t)t])
            return true;
    return false;
}

static void count_cell_rows(struct planner_master *x)
{
    const struct planner_model *m = x->scene->r->model;
    const int *heads = x->heads;
    bool minimums = m->any_minimum && weighs(x, PLANNER_UNDERSTAFFED), smooth = weighs(x, PLANNER_SMOOTH);
    for (size_t i = 0; i < cells_of(m); i++) {
        if (x->scene->capacity[i] < heads[i])
            x->seat[i] = x->rows++;
        if (x->scene->floor[i] > 0)
            x->floor[i] = x->rows++;
        if (minimums && m->minimum[i] > 0)
            x->minimum[i] = x->rows++;
        if (smooth && m->smooth[i]) {
            x->largest[i] = x->rows++;
            x->smallest[i] = x->rows++;
        }
    }
    for (int d = 0; d < m->departments && smooth; d++)
        if (has_smooth_week(m, d) && x->scene->smallest[d] != INT64_MAX)
            x->rows++; /* its smallest load is at most this */
}

/* Where two of the pair could meet. */
static void count_apart_rows(struct planner_master *x, struct arena *a, int pair)
{
    const struct planner_model *m = x->scene->r->model;
    const struct planner_pair *p = &m->problem->pair[pair];
    bool *reach = ARENA_ARRAY(a, cells_of(m), bool);
    int *who = ARENA_ARRAY(a, cells_of(m), int);
    for (int k = 0; k < p->student_count; k++) {
        reach_of(m, m->unit_of[p->student[k]], reach);
        for (size_t c = 0; c < cells_of(m); c++)
            who[c] += reach[c];
    }
    for (size_t c = 0; c < cells_of(m); c++)
        if (who[c] > 1)
            x->apart[(size_t)pair * cells_of(m) + c] = x->rows++;
}

static void count_pair_rows(struct planner_master *x, struct arena *a)
{
    const struct planner_model *m = x->scene->r->model;
    const struct planner_problem *p = m->problem;
    x->apart = no_rows(a, (size_t)p->pair_count * cells_of(m));
    for (int i = 0; i < p->pair_count; i++)
        if (p->pair[i].apart && !p->pair[i].off)
            count_apart_rows(x, a, i);
    x->tie_first = x->rows;
    for (int i = 0; i < p->pair_count; i++) {
        const struct planner_pair *pair = &p->pair[i];
        const struct planner_course *c = &m->course[m->unit[m->unit_of[pair->student[0]]].course];
        for (int k = 1; k < pair->student_count && !pair->apart && !pair->off; k++)
            for (int o = 0; o < c->options && m->unit_of[pair->student[0]] != m->unit_of[pair->student[k]]; o++)
                for (int t = 0; t < m->open && planner_pair_names(pair, c, c->option[o].rotation); t++) {
                    struct planner_tie tie = { i, pair->student[0], c->option[o].rotation, c->option[o].department, t, 0 };
                    if (c->programme->rotation[tie.rotation].old || !planner_model_allows(m, tie.student, o, t))
                        continue;
                    *ARENA_PUSH(a, x->tie, x->tie_n, x->tie_cap) = tie;
                    tie.student = pair->student[k];
                    *ARENA_PUSH(a, x->tie, x->tie_n, x->tie_cap) = tie;
                    x->rows++;
                }
    }
    x->tie_rows = x->rows - x->tie_first;
}

static bool may_give(const struct planner_scene *s, int j)
{
    const struct planner_level *v = &s->r->problem->level[j];
    bool by_scene = v->plain == PLANNER_WORST || (v->plain == PLANNER_UNPLACED && s->all_placed);
    return s->r->has_best && !by_scene;
}

static void count_rows(struct planner_master *x, struct arena *a)
{
    const struct planner_scene *s = x->scene;
    const struct planner_model *m = s->r->model;
    x->unit = no_rows(a, (size_t)m->units);
    for (int u = 0; u < m->units; u++)
        x->unit[u] = x->rows++;
    x->given = no_rows(a, (size_t)m->problem->level_count);
    for (int j = 0; j < s->level; j++)
        if (may_give(s, j))
            x->given[j] = x->rows++;
    x->seat = no_rows(a, cells_of(m));
    x->floor = no_rows(a, cells_of(m));
    x->minimum = no_rows(a, cells_of(m));
    x->largest = no_rows(a, cells_of(m));
    x->smallest = no_rows(a, cells_of(m));
    count_heads(x, a);
    count_cell_rows(x);
    x->quota = no_rows(a, (size_t)m->rows * (size_t)m->open);
    for (int k = 0; k < m->rows; k++)
        for (int t = m->row[k].first; t < m->row[k].end; t++)
            if (x->quota_heads[(size_t)k * (size_t)m->open + (size_t)t] > m->row[k].capacity)
                x->quota[(size_t)k * (size_t)m->open + (size_t)t] = x->rows++;
    x->worst = no_rows(a, (size_t)m->students);
    for (int i = 0; i < m->students && weighs(x, PLANNER_WORST); i++)
        x->worst[i] = x->rows++;
    count_pair_rows(x, a);
}

static void limit(struct planner_master *x, int row, double right)
{
    if (row >= 0)
        planner_lp_row(x->lp, row, right, false, x->dear);
}

static double personal_constant(const struct planner_master *x, int level)
{
    const struct planner_model *m = x->scene->r->model;
    return (double)m->problem->level[level].weight[PLANNER_CHANGES] * (double)m->changes_constant;
}

/* Right sides of all rows, as the scene says. */
static void set_rows(struct planner_master *x)
{
    const struct planner_scene *s = x->scene;
    const struct planner_model *m = s->r->model;
    for (int u = 0; u < m->units; u++)
        planner_lp_row(x->lp, x->unit[u], 1, true, x->dear * 65536);
    for (int j = 0; j < s->level; j++)
        limit(x, x->given[j], (double)s->r->value[j] - personal_constant(x, j) -
                                  (double)m->problem->level[j].weight[PLANNER_WORST] * (double)s->worst_least);
    for (size_t i = 0; i < cells_of(m); i++) {
        limit(x, x->seat[i], s->capacity[i]);
        limit(x, x->floor[i], -s->floor[i]);
        limit(x, x->minimum[i], -m->minimum[i]);
        limit(x, x->largest[i], (double)s->largest[i / (size_t)m->open]);
        limit(x, x->smallest[i], 0);
    }
    for (int k = 0; k < m->rows; k++)
        for (int t = m->row[k].first; t < m->row[k].end; t++)
            limit(x, x->quota[(size_t)k * (size_t)m->open + (size_t)t], m->row[k].capacity);
    for (int i = 0; i < m->students; i++)
        limit(x, x->worst[i], (double)s->worst_least - m->problem->student[i].burden);
    for (size_t i = 0; i < (size_t)m->problem->pair_count * cells_of(m); i++)
        limit(x, x->apart[i], 1);
    for (int i = 0; i < x->tie_rows; i++)
        planner_lp_row(x->lp, x->tie_first + i, 0, true, x->dear);
}

/* ---- columns ------------------------------------------------------------------------------------ */

static void put(struct planner_master *x, int row, int64_t value)
{
    if (row < 0 || value == 0)
        return;
    for (int i = 0; i < x->entries; i++)
        if (x->entry[i].row == row) {
            x->entry[i].value += (float)value;
            return;
        }
    assert(x->entries < x->entry_most);
    x->entry[x->entries++] = (struct planner_lp_entry){ row, (float)value };
}

/* A variable that stands for a measure of the whole plan: in the objective and in the earlier levels' rows. */
static double begin_measure(struct planner_master *x, enum planner_measure k, int sign)
{
    const struct planner_scene *s = x->scene;
    const struct planner_level *level = s->r->problem->level;
    x->entries = 0;
    for (int j = 0; j < s->level; j++)
        put(x, x->given[j], sign * level[j].weight[k]);
    return x->empty || s->level < 0 ? 0 : sign * (double)level[s->level].weight[k];
}

static void end_measure(struct planner_master *x, double cost)
{
    (void)planner_lp_add(x->lp, x->entry, x->entries, cost);
}

static void add_ranges(struct planner_master *x)
{
    const struct planner_scene *s = x->scene;
    const struct planner_model *m = s->r->model;
    int bound = x->rows;
    for (int d = m->departments - 1; d >= 0; d--) {
        size_t first = (size_t)d * (size_t)m->open;
        bool any = false;
        for (size_t i = first; i < first + (size_t)m->open; i++)
            any = any || x->largest[i] >= 0;
        if (!any)
            continue;
        double cost = begin_measure(x, PLANNER_SMOOTH, 1);
        for (size_t i = first; i < first + (size_t)m->open; i++)
            put(x, x->largest[i], -1);
        end_measure(x, cost);
        x->constant += cost * (double)s->largest[d];
        cost = begin_measure(x, PLANNER_SMOOTH, -1);
        for (size_t i = first; i < first + (size_t)m->open; i++)
            put(x, x->smallest[i], 1);
        if (s->smallest[d] != INT64_MAX) {
            limit(x, --bound, (double)s->smallest[d]);
            put(x, bound, 1);
        }
        end_measure(x, cost);
    }
}

static void add_measures(struct planner_master *x)
{
    const struct planner_scene *s = x->scene;
    const struct planner_model *m = s->r->model;
    for (size_t i = 0; i < cells_of(m); i++) {
        if (x->minimum[i] < 0)
            continue;
        double cost = begin_measure(x, PLANNER_UNDERSTAFFED, 1);
        put(x, x->minimum[i], -1);
        end_measure(x, cost);
    }
    if (weighs(x, PLANNER_WORST)) {
        double cost = begin_measure(x, PLANNER_WORST, 1);
        for (int i = 0; i < m->students; i++)
            put(x, x->worst[i], -1);
        end_measure(x, cost);
        x->constant += cost * (double)s->worst_least;
    }
    if (weighs(x, PLANNER_SMOOTH))
        add_ranges(x);
}

static void put_cells(struct planner_master *x, const struct planner_unit *u, const struct planner_course *c, const struct planner_stay *stay)
{
    const struct planner_model *m = x->scene->r->model;
    const struct planner_option *o = &c->option[stay->option];
    for (int t = stay->from; t < stay->from + c->length[o->rotation]; t++) {
        size_t i = (size_t)o->department * (size_t)m->open + (size_t)t;
        put(x, x->seat[i], u->size);
        put(x, x->floor[i], -u->size);
        put(x, x->minimum[i], -u->size);
        put(x, x->largest[i], u->size);
        put(x, x->smallest[i], -u->size);
        for (int n = m->department_row_first[o->department]; n < m->department_row_first[o->department + 1]; n++) {
            size_t k = (size_t)m->department_row[n];
            for (int i2 = 0; i2 < u->size; i2++)
                put(x, x->quota[k * (size_t)m->open + (size_t)t], m->row_counts[k * (size_t)m->row_kinds + (size_t)m->row_kind[u->student[i2]]]);
        }
    }
}

static void put_pairs(struct planner_master *x, int unit, const struct planner_course *c, const struct planner_stay *stay)
{
    const struct planner_model *m = x->scene->r->model;
    const struct planner_option *o = &c->option[stay->option];
    for (int i = 0; i < m->problem->pair_count; i++) {
        const struct planner_pair *pair = &m->problem->pair[i];
        int members = 0;
        for (int k = 0; k < pair->student_count && pair->apart && !pair->off; k++)
            members += m->unit_of[pair->student[k]] == unit;
        for (int t = stay->from; members > 0 && t < stay->from + c->length[o->rotation]; t++)
            if (planner_pair_names(pair, c, o->rotation))
                put(x, x->apart[(size_t)i * cells_of(m) + (size_t)o->department * (size_t)m->open + (size_t)t], members);
    }
    for (size_t i = 0; i < x->tie_n; i++)
        if (m->unit_of[x->tie[i].student] == unit && x->tie[i].rotation == o->rotation && x->tie[i].department == o->department &&
            x->tie[i].from == stay->from)
            put(x, x->tie_first + (int)(i / 2), i % 2 == 0 ? 1 : -1);
}

static double cost_of(const struct planner_master *x, int level, int unit, const struct planner_path *path)
{
    static const enum planner_measure personal[] = { PLANNER_UNPLACED, PLANNER_CHANGES, PLANNER_REGRET, PLANNER_TRAVEL, PLANNER_WAITING };
    const struct planner_model *m = x->scene->r->model;
    int64_t sum = 0;
    for (size_t i = 0; i < LEN(personal); i++) {
        int64_t w = m->problem->level[level].weight[personal[i]];
        if (w != 0)
            sum += w * planner_path_measure(m, unit, path, personal[i]);
    }
    return (double)sum;
}

static int add_column(struct planner_master *x, const struct planner_column *column)
{
    const struct planner_scene *s = x->scene;
    const struct planner_model *m = s->r->model;
    const struct planner_unit *u = &m->unit[column->unit];
    const struct planner_course *c = &m->course[u->course];
    struct planner_path path = path_of(column);
    x->entries = 0;
    put(x, x->unit[column->unit], 1);
    for (int j = 0; j < s->level; j++)
        if (x->given[j] >= 0)
            put(x, x->given[j], (int64_t)cost_of(x, j, column->unit, &path));
    for (int i = 0; i < u->size; i++)
        if (x->worst[u->student[i]] >= 0)
            put(x, x->worst[u->student[i]], planner_path_regret(m, u->student[i], &path));
    for (int i = 0; i < path.n; i++) {
        put_cells(x, u, c, &path.stay[i]);
        put_pairs(x, column->unit, c, &path.stay[i]);
    }
    return planner_lp_add(x->lp, x->entry, x->entries, 0);
}

/* ---- the program -------------------------------------------------------------------------------- */

struct planner_master *planner_master_make(struct arena *a, struct planner_scene *s, struct planner_pool *pool, bool empty)
{
    struct planner_master *x = ARENA_NEW(a, struct planner_master);
    x->arena = a;
    x->scene = s;
    x->pool = pool;
    x->empty = empty;
    count_rows(x, a);
    if (x->rows > ROWS_MOST || x->rows == 0)
        return NULL;
    x->entry_most = x->rows;
    x->entry = ARENA_ARRAY(a, (size_t)x->entry_most, struct planner_lp_entry);
    x->dear = 1;
    if (!empty)
        for (int k = 0; k < PLANNER_MEASURES; k++)
            x->dear = MAX(x->dear, 8 * (double)s->r->problem->level[s->level].weight[k]);
    x->scale = SCALE;
    x->lp = planner_lp_make(a, x->rows);
    set_rows(x);
    x->constant = empty ? 0 : personal_constant(x, s->level);
    add_measures(x);
    return x;
}

void planner_master_follow(struct planner_master *x)
{
    struct arena *a = x->arena;
    while (x->known < x->pool->n) {
        const struct planner_column *c = &x->pool->column[x->known];
        struct planner_path path = path_of(c);
        struct use use = { add_column(x, c), false, false, x->empty ? 0 : cost_of(x, x->scene->level, c->unit, &path) };
        *ARENA_PUSH(a, x->use, x->known, x->known_cap) = use;
    }
    for (size_t i = 0; i < x->known; i++) {
        struct planner_path path = path_of(&x->pool->column[i]);
        int u = x->pool->column[i].unit;
        x->use[i].open = !x->use[i].banned && planner_scene_allows(x->scene, u, &path);
        planner_lp_cost(x->lp, x->use[i].column, x->use[i].open ? x->use[i].cost : x->dear * 4096, !x->use[i].open);
    }
}

void planner_master_ban(struct planner_master *x, size_t column)
{
    if (column < x->known)
        x->use[column].banned = true;
    for (size_t i = 0; column == SIZE_MAX && i < x->known; i++)
        x->use[i].banned = false;
}

static bool is_over(void *ctx)
{
    struct planner_master *x = ctx;
    return planner_run_over(x->scene->r);
}

bool planner_master_solve(struct planner_master *x)
{
    uint64_t work = 0;
    bool done = planner_lp_solve(x->lp, is_over, x, &work);
    x->scene->r->kernel.work += work;
    return done;
}

void planner_master_try(struct planner_master *x, const struct planner_split *split, bool yes)
{
    const struct planner_model *m = x->scene->r->model;
    int unit = m->unit_of[split->student];
    const struct planner_course *course = &m->course[m->unit[unit].course];
    for (size_t i = 0; i < x->known; i++) {
        const struct planner_column *c = &x->pool->column[i];
        bool matches = false;
        if (c->unit != unit)
            continue;
        for (int k = 0; k < c->n; k++) {
            const struct planner_option *o = &course->option[c->stay[k].option];
            matches = matches || (o->rotation == split->rotation && (split->department < 0 || split->department == o->department) &&
                                  (split->from < 0 || split->from == c->stay[k].from));
        }
        if (matches != yes)
            planner_lp_cost(x->lp, x->use[i].column, x->dear * 4096, true);
    }
}

void planner_master_keep(struct planner_master *x, bool back)
{
    planner_lp_keep(x->lp, back);
}

double planner_master_guess(struct planner_master *x, bool (*over)(void *), void *ctx)
{
    uint64_t work = 0;
    (void)!planner_lp_solve(x->lp, over, ctx, &work);
    x->scene->r->kernel.work += work;
    return planner_lp_objective(x->lp) + x->constant;
}

double planner_master_value(const struct planner_master *x)
{
    return planner_lp_objective(x->lp) + x->constant;
}

double planner_master_passed(const struct planner_master *x)
{
    return planner_lp_passed(x->lp);
}

double planner_master_share(const struct planner_master *x, size_t column)
{
    assert(column < x->known);
    return planner_lp_value(x->lp, x->use[column].column);
}

bool planner_master_dearer(struct planner_master *x)
{
    if (x->empty || x->dear > DEARER_MOST)
        return false;
    x->dear *= 16;
    set_rows(x);
    return true;
}

/* ---- prices ------------------------------------------------------------------------------------- */

struct planner_leaf planner_master_leaf(const struct planner_master *x, struct arena *a)
{
    const struct planner_model *m = x->scene->r->model;
    size_t cells = cells_of(m);
    struct planner_leaf leaf = { .scale = x->empty ? 0 : (int64_t)x->scale, .cell = ARENA_ARRAY(a, cells, int64_t) };
    leaf.row = ARENA_ARRAY(a, (size_t)m->rows * (size_t)m->open, int64_t);
    leaf.given = ARENA_ARRAY(a, (size_t)m->problem->level_count, int64_t);
    if (m->any_minimum && weighs(x, PLANNER_UNDERSTAFFED))
        leaf.minimum = ARENA_ARRAY(a, cells, int64_t);
    leaf.floor = ARENA_ARRAY(a, cells, int64_t);
    if (weighs(x, PLANNER_SMOOTH))
        leaf.even = ARENA_ARRAY(a, cells, int64_t);
    if (m->problem->pair_count > 0)
        leaf.apart = ARENA_ARRAY(a, (size_t)m->problem->pair_count * cells, int64_t);
    if (weighs(x, PLANNER_WORST))
        leaf.worst = ARENA_ARRAY(a, (size_t)m->students, int64_t);
    leaf.tie = ARENA_ARRAY(a, x->tie_n, struct planner_tie);
    leaf.ties = (int)x->tie_n;
    for (size_t i = 0; i < x->tie_n; i++)
        leaf.tie[i] = x->tie[i];
    return leaf;
}

static int64_t *copy_of(struct arena *a, const int64_t *from, size_t n)
{
    bool any = false;
    for (size_t i = 0; from != NULL && i < n; i++)
        any = any || from[i] != 0;
    if (!any)
        return NULL;
    int64_t *to = ARENA_ARRAY(a, n, int64_t);
    memcpy(to, from, n * sizeof *to);
    return to;
}

/* Several rows may price the same placement: its prices are added. */
static void add_tie(struct planner_leaf *to, const struct planner_tie *tie)
{
    int at = 0;
    while (at < to->ties && (to->tie[at].pair != tie->pair || to->tie[at].student != tie->student || to->tie[at].rotation != tie->rotation ||
                             to->tie[at].department != tie->department || to->tie[at].from != tie->from))
        at++;
    if (tie->price == 0)
        return;
    if (at == to->ties)
        to->tie[to->ties++] = *tie;
    else
        to->tie[at].price += tie->price;
}

struct planner_leaf planner_leaf_copy(struct arena *a, const struct internplan *r, const struct planner_leaf *from)
{
    const struct planner_model *m = r->model;
    size_t cells = cells_of(m);
    struct planner_leaf to = { .scale = from->scale, .cell = copy_of(a, from->cell, cells) };
    to.row = copy_of(a, from->row, (size_t)m->rows * (size_t)m->open);
    to.given = copy_of(a, from->given, (size_t)m->problem->level_count);
    to.minimum = copy_of(a, from->minimum, cells);
    to.floor = copy_of(a, from->floor, cells);
    to.even = copy_of(a, from->even, cells);
    to.apart = copy_of(a, from->apart, (size_t)m->problem->pair_count * cells);
    to.worst = copy_of(a, from->worst, (size_t)m->students);
    to.tie = ARENA_ARRAY(a, (size_t)from->ties, struct planner_tie);
    for (int i = 0; i < from->ties; i++)
        add_tie(&to, &from->tie[i]);
    return to;
}

/* A row's price in whole numbers, of either sign. */
static int64_t whole(const struct planner_master *x, int row)
{
    double v = row < 0 ? 0 : planner_lp_price(x->lp, row) * x->scale;
    double most = (double)((int64_t)1 << 38);
    v = v > most ? most : v < -most ? -most : v;
    return (int64_t)(v < 0 ? v - 0.5 : v + 0.5);
}

static void mix(int64_t *out, int64_t from, int64_t to, int share)
{
    *out = from + (to - from) * share / 16;
}

static void mix_list(const struct planner_master *x, int64_t *out, const int64_t *from, const int *row, size_t n, int share)
{
    for (size_t i = 0; out != NULL && i < n; i++)
        mix(&out[i], from[i], MAX(whole(x, row[i]), 0), share);
}

/* Sum 0 in each department, positive parts at most `most`: what is too much on one side is taken off. */
static void level_even(const struct planner_model *m, int64_t *even, int64_t most)
{
    for (int d = 0; d < m->departments; d++) {
        int64_t *e = even + (size_t)d * (size_t)m->open, plus = 0, minus = 0;
        for (int t = 0; t < m->open; t++) {
            plus += MAX(e[t], 0);
            minus += MAX(-e[t], 0);
        }
        int64_t want = MIN(MIN(plus, minus), most);
        for (int t = 0; t < m->open; t++) {
            int64_t off = e[t] > 0 ? MIN(e[t], plus - want) : MIN(-e[t], minus - want);
            if (e[t] > 0) {
                plus -= off;
                e[t] -= off;
            } else {
                minus -= off;
                e[t] += off;
            }
        }
    }
}

static void keep_within(const struct planner_master *x, struct planner_leaf *leaf)
{
    const struct planner_scene *s = x->scene;
    const struct planner_model *m = s->r->model;
    int64_t weight[PLANNER_MEASURES], left;
    planner_leaf_weights(s->r, s->level, leaf, weight);
    for (size_t i = 0; i < cells_of(m); i++) {
        if (leaf->minimum != NULL)
            leaf->minimum[i] = MIN(leaf->minimum[i], weight[PLANNER_UNDERSTAFFED]);
        if (s->floor[i] == 0)
            leaf->floor[i] = 0;
    }
    if (leaf->even != NULL)
        level_even(m, leaf->even, weight[PLANNER_SMOOTH]);
    left = weight[PLANNER_WORST];
    for (int i = 0; leaf->worst != NULL && i < m->students; i++) {
        leaf->worst[i] = MIN(leaf->worst[i], left);
        left -= leaf->worst[i];
    }
}

void planner_master_prices(const struct planner_master *x, struct planner_leaf *out, const struct planner_leaf *from, int share)
{
    const struct planner_model *m = x->scene->r->model;
    assert(share >= 0 && share <= 16);
    mix_list(x, out->cell, from->cell, x->seat, cells_of(m), share);
    mix_list(x, out->floor, from->floor, x->floor, cells_of(m), share);
    mix_list(x, out->minimum, from->minimum, x->minimum, cells_of(m), share);
    mix_list(x, out->row, from->row, x->quota, (size_t)m->rows * (size_t)m->open, share);
    mix_list(x, out->given, from->given, x->given, (size_t)m->problem->level_count, share);
    mix_list(x, out->worst, from->worst, x->worst, (size_t)m->students, share);
    mix_list(x, out->apart, from->apart, x->apart, (size_t)m->problem->pair_count * cells_of(m), share);
    for (size_t i = 0; out->even != NULL && i < cells_of(m); i++)
        mix(&out->even[i], from->even[i], whole(x, x->largest[i]) - whole(x, x->smallest[i]), share);
    for (int i = 0; i < out->ties; i += 2) {
        mix(&out->tie[i].price, from->tie[i].price, whole(x, x->tie_first + i / 2), share);
        out->tie[i + 1].price = -out->tie[i].price;
    }
    keep_within(x, out);
}
