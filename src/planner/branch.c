/* The exact finish of a level: its bound by generated columns; plans by fixing what the mix is surest of; a tree of splits,
 * each node bounded by columns, until every leaf's bound meets the aim. What closes is kept as it stands: prices that the
 * exact kernel has evaluated, so the tree is the certificate. */
#include "planner/exact.h"

#include <stdlib.h>

enum {
    ROUNDS_MOST = 200,  /* of generating columns at one node */
    ROUNDS_DIVE = 6,    /* after each fixing of a dive */
    SHARE_SMOOTHED = 8, /* sixteenths of new prices while columns come */
    NARROW = 64,        /* the root is done when its bound is within 1 / this of the program's value */
    UNITS_MOST = 1500,
    TRIED = 6,         /* splits that are tried before one is made */
    TRY_PIVOTS = 40,
    BANS_MOST = 20,     /* of columns, in one dive */
    FIX_SHARE = 40      /* of the units left, one in so many is fixed at a time */
};

enum outcome { CLOSED, OPEN, BETTER, STOPPED, STUCK };

struct used {
    size_t column;
    int unit;
    double share;
};

struct planner_exact {
    struct internplan *r;
    int level;
    bool empty;
    int64_t most_regret;
    int64_t aim; /* a bound as high as this closes a node */
    struct planner_scene *scene;
    struct planner_pool *pool;
    struct planner_master *master;
    int loads, loads_of_master; /* splits about loads on the way; of the master in hand */
    struct planner_split split[PLANNER_DEPTH_MOST];
    bool side[PLANNER_DEPTH_MOST];
    int depth;
    int64_t nodes;                                          /* left */
    struct planner_leaf now, price[PLANNER_DEPTH_MOST + 1]; /* being tried; the best of each node on the way */
    struct planner_path *path;
    enum planner_answer *answer;
    struct planner_plan plan;
    struct used *used; /* columns in the mix, by unit */
    size_t used_n, used_cap;
    bool *fixed; /* per unit, in a dive */
    bool ended;  /* the last dive: whole, but broken: `plan` */
    __int128 root_n;
    bool root_done;
    int64_t root_most_regret;
};

/* ---- a node ------------------------------------------------------------------------------------- */

static bool closes(const struct planner_exact *x, __int128 n)
{
    return x->empty ? n >= 1 : n > (__int128)x->now.scale * (x->aim - 1);
}

static int remember_paths(struct planner_exact *x)
{
    const struct planner_model *m = x->r->model;
    int fresh = 0;
    for (int u = 0; u < m->units; u++)
        if (x->answer[u] == PLANNER_FOUND || planner_scene_allows(x->scene, u, &x->path[u]))
            fresh += planner_pool_add(x->pool, u, &x->path[u]);
    return fresh;
}

static int by_unit(const void *a, const void *b)
{
    const struct used *p = a, *q = b;
    return p->unit != q->unit ? p->unit - q->unit : p->column < q->column ? -1 : p->column > q->column;
}

static void find_used(struct planner_exact *x)
{
    x->used_n = 0;
    for (size_t i = 0; i < x->pool->n; i++) {
        double share = planner_master_share(x->master, i);
        if (share > 0.001)
            *ARENA_PUSH(&x->r->columns, x->used, x->used_n, x->used_cap) = (struct used){ i, x->pool->column[i].unit, share };
    }
    if (x->used_n > 0)
        qsort(x->used, x->used_n, sizeof *x->used, by_unit);
}

static struct planner_path path_of(const struct planner_column *c)
{
    struct planner_path path = { .n = c->n };
    memcpy(path.stay, c->stay, (size_t)c->n * sizeof *c->stay);
    return path;
}

/* A mix of one column for each unit is a plan, if it keeps all rules. True: it is better than the best one. */
static bool offer_whole(struct planner_exact *x)
{
    const struct planner_model *m = x->r->model;
    if (x->used_n != (size_t)m->units)
        return false;
    for (int u = 0; u < m->units; u++) {
        struct planner_path path = path_of(&x->pool->column[x->used[u].column]);
        if (x->plan.has[u])
            planner_plan_take(&x->plan, u);
        if (x->used[u].unit != u)
            return false;
        planner_plan_put(&x->plan, u, &path);
    }
    return planner_plan_broken(&x->plan) == 0 && planner_run_offer(x->r, &x->plan);
}

static void take_prices(struct planner_exact *x, struct planner_leaf *to, const struct planner_leaf *from)
{
    planner_master_prices(x->master, to, from, 0);
}

static bool need_master(struct planner_exact *x)
{
    struct internplan *r = x->r;
    if (x->master != NULL && x->loads == 0 && x->loads_of_master == 0)
        return true;
    if (x->master != NULL)
        arena_free(&r->program);
    x->master = planner_master_make(&r->program, x->scene, x->pool, x->empty);
    x->loads_of_master = x->loads;
    return x->master != NULL;
}

static double cannot_close(const struct planner_exact *x)
{
    return (x->empty ? 0 : (double)(x->aim - 1)) + 0.004; /* right sides are moved a little */
}

/* One round: the prices in hand evaluated and kept if better, new columns, the program solved again. OPEN: go on. */
static enum outcome one_round(struct planner_exact *x, bool first, __int128 *best_n, int *fresh)
{
    struct internplan *r = x->r;
    struct planner_leaf *best = &x->price[x->depth];
    struct planner_sum sum = planner_scene_sum(x->scene, &x->now, x->path, x->answer);
    if (!sum.holds)
        return STUCK;
    if (sum.empty) {
        memset(best, 0, sizeof *best); /* no price needed: somebody has no plan */
        return CLOSED;
    }
    if (planner_run_over(r))
        return STOPPED;
    if (first || sum.n > *best_n) {
        *best_n = sum.n;
        take_prices(x, best, &x->now);
    }
    if (closes(x, *best_n))
        return CLOSED;
    *fresh = remember_paths(x);
    planner_master_follow(x->master);
    if (!planner_master_solve(x->master))
        return r->stop != INTERNPLAN_STOP_NONE ? STOPPED : STUCK;
    find_used(x);
    if (planner_master_passed(x->master) < 0.01 && offer_whole(x)) {
        if (x->empty)
            return BETTER;
        x->aim = r->value[x->level];
        return closes(x, *best_n) ? CLOSED : OPEN;
    }
    return OPEN;
}

/* Rounds until the node closes, or until it is clear that it can't. */
static enum outcome bound_node(struct planner_exact *x)
{
    struct planner_leaf *best = &x->price[x->depth];
    __int128 best_n = 0;
    int share = 0, fresh = 0;
    for (int round = 0; round < ROUNDS_MOST; round++) {
        enum outcome how = one_round(x, round == 0, &best_n, &fresh);
        if (x->depth == 0 && (how == OPEN || how == CLOSED))
            x->root_n = best_n;
        if (how != OPEN)
            return how;
        double value = planner_master_value(x->master), scale = (double)x->now.scale;
        bool converged = fresh == 0 && share == 16, low = value < cannot_close(x);
        /* A limit that it pays to pass says nothing: passing becomes dearer. */
        if ((converged || low) && planner_master_passed(x->master) > 0.01 && planner_master_dearer(x->master)) {
            planner_master_follow(x->master);
            if (!planner_master_solve(x->master))
                return x->r->stop != INTERNPLAN_STOP_NONE ? STOPPED : STUCK;
            planner_master_prices(x->master, &x->now, best, share = 16);
            continue;
        }
        if (converged || (low && (x->depth > 0 || x->empty || (value - 1.0 / NARROW) * scale < (double)(int64_t)best_n)))
            return OPEN;
        share = fresh == 0 || round == 0 ? 16 : SHARE_SMOOTHED;
        planner_master_prices(x->master, &x->now, best, share);
    }
    return OPEN;
}

/* ---- where to split ----------------------------------------------------------------------------- */

static bool matches(const struct planner_exact *x, const struct used *u, const struct planner_split *s)
{
    const struct planner_model *m = x->r->model;
    const struct planner_column *c = &x->pool->column[u->column];
    const struct planner_course *course = &m->course[m->unit[c->unit].course];
    for (int i = 0; i < c->n; i++) {
        const struct planner_option *o = &course->option[c->stay[i].option];
        if (o->rotation == s->rotation && (s->department < 0 || s->department == o->department) &&
            (s->from < 0 || s->from == c->stay[i].from))
            return true;
    }
    return false;
}

static double share_of(const struct planner_exact *x, size_t first, size_t end, const struct planner_split *s)
{
    double sum = 0;
    for (size_t i = first; i < end; i++)
        if (matches(x, &x->used[i], s))
            sum += x->used[i].share;
    return sum;
}

struct candidate {
    struct planner_split split;
    double score;
    size_t first, end; /* of its unit's columns in the mix */
    bool yes_first;
};

static void note(struct candidate *list, int *n, const struct candidate *c)
{
    int at = *n < TRIED ? (*n)++ : TRIED - 1;
    if (at == TRIED - 1 && *n == TRIED && list[at].score >= c->score && list[at].score > 0)
        return;
    for (; at > 0 && list[at - 1].score < c->score; at--)
        list[at] = list[at - 1];
    list[at] = *c;
}

/* The questions about one placement that the mix answers least clearly: by department, by first week, by both. */
static int find_candidates(const struct planner_exact *x, struct candidate *list)
{
    const struct planner_model *m = x->r->model;
    int n = 0;
    memset(list, 0, TRIED * sizeof *list);
    for (size_t first = 0, end; first < x->used_n; first = end) {
        int unit = x->used[first].unit;
        const struct planner_course *course = &m->course[m->unit[unit].course];
        for (end = first; end < x->used_n && x->used[end].unit == unit; end++)
            continue;
        struct candidate best[2] = { { .score = 0.02 }, { .score = 0.02 } };
        for (size_t i = first; i < end && end - first > 1; i++) {
            const struct planner_column *c = &x->pool->column[x->used[i].column];
            for (int k = 0; k < c->n; k++)
                for (int how = 0; how < 3; how++) {
                    const struct planner_option *o = &course->option[c->stay[k].option];
                    struct planner_split s = { .kind = PLANNER_SPLIT_PLACEMENT, .student = m->unit[unit].student[0], .rotation = o->rotation,
                                               .department = how == 1 ? -1 : o->department, .from = how == 0 ? -1 : c->stay[k].from };
                    double f = share_of(x, first, end, &s), score = (f < 0.5 ? f : 1 - f) / (how == 2 ? 8 : 1);
                    struct candidate *b = &best[how == 0];
                    if (score > b->score)
                        *b = (struct candidate){ s, score, first, end, f >= 0.5 };
                }
        }
        for (int i = 0; i < 2; i++)
            if (best[i].score > 0.02)
                note(list, &n, &best[i]);
    }
    return n;
}

static bool count_pivots(void *ctx)
{
    int *left = ctx;
    return --*left <= 0;
}

/* What the program is worth where the split's side is forbidden (columns seen so far only): a guess. */
static double try_side(struct planner_exact *x, const struct planner_split *s, bool yes)
{
    int left = TRY_PIVOTS;
    planner_master_try(x->master, s, yes);
    double v = planner_master_guess(x->master, count_pivots, &left);
    planner_master_follow(x->master);
    planner_master_keep(x->master, true);
    return v;
}

/* Of the candidates, the one both of whose sides are worth most. */
static bool split_mix(struct planner_exact *x, struct planner_split *out, bool *yes_first)
{
    struct candidate list[TRIED];
    int n = find_candidates(x, list), best = 0;
    double base = planner_master_value(x->master), most = -1, top = cannot_close(x) - base + 1;
    if (n > 1)
        planner_master_keep(x->master, false);
    for (int i = 0; i < n && n > 1; i++) {
        double yes = try_side(x, &list[i].split, true) - base, no = try_side(x, &list[i].split, false) - base;
        list[i].yes_first = yes <= no;
        yes = yes < 0.001 ? 0.001 : yes > top ? top : yes;
        no = no < 0.001 ? 0.001 : no > top ? top : no;
        if (yes * no > most) {
            most = yes * no;
            best = i;
        }
    }
    if (n == 0)
        return false;
    *out = list[best].split;
    *yes_first = list[best].yes_first;
    return true;
}

/* A mix that is whole but no plan (limits are passed, or rules that the program leaves out): one of its placements that is
 * not yet the only one. */
static bool split_whole(const struct planner_exact *x, struct planner_split *out)
{
    const struct planner_model *m = x->r->model;
    for (size_t i = 0; i < x->used_n; i++) {
        int unit = x->used[i].unit, student = m->unit[unit].student[0];
        const struct planner_column *c = &x->pool->column[x->used[i].column];
        const struct planner_course *course = &m->course[m->unit[unit].course];
        for (int k = 0; k < c->n; k++) {
            const struct planner_option *o = &course->option[c->stay[k].option];
            int open = (x->scene->must[student] >> o->rotation & 1) == 0;
            for (int j = course->option_first[o->rotation]; j < course->option_first[o->rotation + 1]; j++)
                for (int t = 0; t < m->open; t++) {
                    size_t at = (size_t)j * (size_t)m->open + (size_t)t;
                    open += planner_model_allows(m, student, j, t) && (x->scene->forbidden[unit] == NULL || x->scene->forbidden[unit][at] == 0);
                }
            if (open > 1) {
                *out = (struct planner_split){ .kind = PLANNER_SPLIT_PLACEMENT, .student = student, .rotation = o->rotation,
                                               .department = o->department, .from = c->stay[k].from };
                return true;
            }
        }
    }
    return false;
}

/* The worst of a level that weighs it: a mix averages over students, a limit does not. */
static bool split_worst(const struct planner_exact *x, struct planner_split *out)
{
    const struct planner_model *m = x->r->model;
    int64_t most = 0;
    if (x->empty || x->level < 0 || m->problem->level[x->level].weight[PLANNER_WORST] == 0)
        return false;
    for (size_t i = 0; i < x->used_n; i++) {
        const struct planner_column *c = &x->pool->column[x->used[i].column];
        struct planner_path path = { .n = c->n };
        memcpy(path.stay, c->stay, (size_t)c->n * sizeof *c->stay);
        for (int k = 0; k < m->unit[c->unit].size; k++) {
            int s = m->unit[c->unit].student[k];
            most = MAX(most, planner_path_regret(m, s, &path) + m->problem->student[s].burden);
        }
    }
    most = MIN(most, x->scene->worst_most);
    if (most <= x->scene->worst_least)
        return false;
    *out = (struct planner_split){ .kind = PLANNER_SPLIT_WORST, .than = x->scene->worst_least + (most - x->scene->worst_least) / 2 };
    return true;
}

/* ---- plans by fixing ---------------------------------------------------------------------------- */

static void fix(struct planner_exact *x, size_t used)
{
    struct planner_path path = path_of(&x->pool->column[x->used[used].column]);
    int u = x->used[used].unit;
    planner_scene_fix(x->scene, u, &path);
    if (x->plan.has[u])
        planner_plan_take(&x->plan, u);
    planner_plan_put(&x->plan, u, &path);
    x->fixed[u] = true;
}

/* Units whose plan is certain are fixed, and the surest of the others; *last: its column where it was one alone. How many are
 * left. */
static int fix_some(struct planner_exact *x, bool vary, size_t *last)
{
    int left = 0, n = 0;
    for (size_t i = 0; i < x->used_n; i++)
        if (!x->fixed[x->used[i].unit] && x->used[i].share > 0.999)
            fix(x, i);
    for (int u = 0; u < x->r->model->units; u++)
        left += !x->fixed[u];
    *last = SIZE_MAX;
    for (int want = left / FIX_SHARE + 1; n < want && n < left; n++) {
        size_t best = x->used_n;
        double most = 0;
        for (size_t i = 0; i < x->used_n; i++) {
            double score = x->used[i].share + (vary ? (double)planner_run_random(x->r, 256) / 1024 : 0);
            if (!x->fixed[x->used[i].unit] && score > most) {
                most = score;
                best = i;
            }
        }
        if (best == x->used_n || (n > 0 && x->used[best].share < 0.5))
            break;
        fix(x, best);
        *last = n == 0 ? x->used[best].column : SIZE_MAX;
    }
    return left - n;
}

/* The column fixed last leads nowhere: it is banned from the dive, and its unit set free. */
static void ban(struct planner_exact *x, size_t column)
{
    planner_master_ban(x->master, column);
    x->fixed[x->pool->column[column].unit] = false;
    planner_scene_set(x->scene, NULL, NULL, 0, x->most_regret);
    for (int u = 0; u < x->r->model->units; u++)
        if (x->fixed[u])
            planner_scene_fix(x->scene, u, &x->plan.path[u]);
}

/* Prices and columns after a fixing; false: nothing better lies this way. */
static bool settle(struct planner_exact *x, bool *passed)
{
    __int128 best_n = 0;
    int fresh = 0;
    take_prices(x, &x->now, &x->price[1]);
    for (int round = 0; round < ROUNDS_DIVE; round++) {
        if (one_round(x, round == 0, &best_n, &fresh) != OPEN)
            return false;
        planner_master_prices(x->master, &x->now, &x->price[1], fresh == 0 || round == 0 ? 16 : SHARE_SMOOTHED);
        if (fresh == 0 && round > 0)
            break;
    }
    *passed = planner_master_passed(x->master) > 0.01;
    return true;
}

static bool dive(struct planner_exact *x, bool vary)
{
    struct internplan *r = x->r;
    uint64_t plans = r->plans;
    size_t last = SIZE_MAX;
    bool passed = false, before = false;
    int bans = BANS_MOST;
    memset(x->fixed, 0, (size_t)r->model->units * sizeof *x->fixed);
    x->depth = 1; /* its own prices */
    take_prices(x, &x->price[1], &x->price[0]);
    for (int left = r->model->units; left > 0 && r->plans == plans;) {
        bool goes_on = settle(x, &passed);
        if (r->plans > plans || r->stop != INTERNPLAN_STOP_NONE)
            break;
        if ((!goes_on || (passed && !before)) && last != SIZE_MAX && bans-- > 0) {
            if (x->price[1].cell == NULL)
                x->price[1] = planner_master_leaf(x->master, &r->exact_arena);
            take_prices(x, &x->price[1], &x->price[0]);
            ban(x, last);
            last = SIZE_MAX;
            left++;
            continue;
        }
        if (!goes_on)
            break;
        before = passed;
        left = fix_some(x, vary, &last);
        x->ended = left == 0;
    }
    x->depth = 0;
    x->ended = x->ended && r->plans == plans;
    planner_master_ban(x->master, SIZE_MAX);
    return r->plans > plans;
}

/* ---- the tree ----------------------------------------------------------------------------------- */

static bool is_about_loads(const struct planner_split *s)
{
    return s->kind != PLANNER_SPLIT_PLACEMENT;
}

static struct planner_case *grow(struct planner_exact *x, enum outcome *how);

static struct planner_case *side(struct planner_exact *x, const struct planner_split *s, bool yes, enum outcome *how)
{
    x->split[x->depth] = *s;
    x->side[x->depth++] = yes;
    x->loads += is_about_loads(s);
    struct planner_case *c = grow(x, how);
    x->loads -= is_about_loads(s);
    x->depth--;
    return c;
}

static struct planner_case *split(struct planner_exact *x, enum outcome *how)
{
    struct planner_split s;
    bool first = true;
    if (x->depth == PLANNER_DEPTH_MOST || (!split_worst(x, &s) && !split_mix(x, &s, &first) && !split_whole(x, &s))) {
        *how = STUCK;
        return NULL;
    }
    struct planner_case *a = side(x, &s, first, how);
    struct planner_case *b = a != NULL ? side(x, &s, !first, how) : NULL;
    if (b == NULL)
        return NULL;
    struct planner_case *c = ARENA_NEW(&x->r->cases, struct planner_case);
    *c = (struct planner_case){ .yes = first ? a : b, .no = first ? b : a, .split = s };
    return c;
}

static struct planner_case *grow(struct planner_exact *x, enum outcome *how)
{
    struct internplan *r = x->r;
    if (x->nodes-- <= 0) {
        *how = STUCK;
        return NULL;
    }
    planner_scene_set(x->scene, x->split, x->side, x->depth, x->most_regret);
    if (!need_master(x)) {
        *how = STUCK;
        return NULL;
    }
    if (x->price[x->depth].cell == NULL)
        x->price[x->depth] = planner_master_leaf(x->master, &r->exact_arena);
    if (x->depth > 0)
        take_prices(x, &x->now, &x->price[x->depth - 1]);
    *how = bound_node(x);
    if (*how == CLOSED) {
        struct planner_case *c = ARENA_NEW(&r->cases, struct planner_case);
        c->leaf = planner_leaf_copy(&r->cases, r, &x->price[x->depth]);
        return c;
    }
    return *how == OPEN ? split(x, how) : NULL;
}

static struct planner_case *keep(struct internplan *r, const struct planner_case *from)
{
    struct planner_case *to = ARENA_NEW(&r->work, struct planner_case);
    *to = (struct planner_case){ .split = from->split };
    if (from->yes == NULL) {
        to->leaf = planner_leaf_copy(&r->work, r, &from->leaf);
        return to;
    }
    to->yes = keep(r, from->yes);
    to->no = keep(r, from->no);
    return to;
}

struct exact_call {
    int level;
    bool empty, vary;
    int64_t most_regret, nodes;
};

static void memory_ends(void *ctx)
{
    struct internplan *r = ctx;
    while (!r->guarded && r->parent != NULL) /* a certificate takes this memory too: outside of the guard a run inside the run ends with it */
        r = r->parent;
    longjmp(r->full, 1);
}

void planner_exact_begin(struct internplan *r)
{
    struct arena *all[] = { &r->columns, &r->program, &r->exact_arena, &r->cases };
    planner_exact_end(r);
    for (size_t i = 0; i < LEN(all); i++) {
        *all[i] = arena_in(r->work.pool);
        all[i]->max_bytes = r->work.pool->max_bytes / 8;
        all[i]->full = memory_ends;
        all[i]->full_ctx = r;
    }
    r->no_exact = false;
}

void planner_exact_end(struct internplan *r)
{
    arena_free(&r->columns);
    arena_free(&r->program);
    arena_free(&r->exact_arena);
    arena_free(&r->cases);
    arena_free(&r->second_arena);
    r->second = (struct planner_kernel){ 0 };
    r->pool = NULL;
    r->exact = NULL;
}

/* ---- public ------------------------------------------------------------------------------------- */

/* The state for a level; NULL: too large. It stays while the level does. */
static struct planner_exact *ready(struct internplan *r, int level, bool empty, int64_t most_regret)
{
    const struct planner_model *m = r->model;
    struct planner_exact *x = r->exact;
    if (x == NULL || x->level != level || x->empty != empty) {
        arena_free(&r->program);
        arena_free(&r->exact_arena);
        r->exact = x = ARENA_NEW(&r->exact_arena, struct planner_exact);
        *x = (struct planner_exact){ .r = r, .level = level, .empty = empty, };
        if (r->pool == NULL)
            r->pool = planner_pool_make(&r->columns);
        x->pool = r->pool;
        x->scene = planner_scene_make(&r->exact_arena, r, level);
        x->path = ARENA_ARRAY(&r->exact_arena, (size_t)m->units, struct planner_path);
        x->answer = ARENA_ARRAY(&r->exact_arena, (size_t)m->units, enum planner_answer);
        x->fixed = ARENA_ARRAY(&r->exact_arena, (size_t)m->units, bool);
        x->plan = planner_plan_make(&r->exact_arena, m);
    }
    x->most_regret = most_regret;
    x->aim = r->has_best ? r->value[level] : INT64_MAX / 4;
    x->depth = x->loads = 0;
    planner_scene_set(x->scene, NULL, NULL, 0, most_regret);
    if (!need_master(x))
        return NULL;
    if (x->now.cell == NULL) {
        x->now = planner_master_leaf(x->master, &r->exact_arena);
        x->price[0] = planner_master_leaf(x->master, &r->exact_arena);
        x->price[1] = planner_master_leaf(x->master, &r->exact_arena);
    }
    return x;
}

static bool too_large(const struct internplan *r)
{
    return r->no_exact || r->model->units > UNITS_MOST || r->model->units == 0;
}

/* Memory for the exact finish is its own: where it ends, the search goes on without. */
static enum planner_exactly guarded(struct internplan *r, enum planner_exactly (*part)(struct internplan *, const struct exact_call *),
                                    const struct exact_call *call)
{
    jmp_buf outer;
    enum planner_exactly how = PLANNER_EXACT_NOT;
    const char *phase = r->phase;
    if (too_large(r))
        return how;
    memcpy(&outer, &r->full, sizeof outer);
    r->guarded = true;
    if (setjmp(r->full) == 0) {
        how = part(r, call);
    } else {
        r->no_exact = true;
        arena_free(&r->scratch);
        planner_exact_end(r);
    }
    memcpy(&r->full, &outer, sizeof outer);
    r->guarded = false;
    r->phase = phase;
    return how;
}

static enum planner_exactly root(struct internplan *r, const struct exact_call *c)
{
    r->phase = "bound";
    struct planner_exact *x = ready(r, c->level, c->empty, c->most_regret);
    if (x == NULL)
        return PLANNER_EXACT_NOT;
    if (x->price[0].cell == NULL) /* closed without prices before */
        x->price[0] = planner_master_leaf(x->master, &r->exact_arena);
    if (!x->root_done) {
        if (r->has_best)
            for (int u = 0; u < r->model->units; u++)
                planner_pool_add(x->pool, u, &r->best.path[u]);
        memset(x->now.cell, 0, (size_t)r->model->departments * (size_t)r->model->open * sizeof *x->now.cell);
    }
    take_prices(x, &x->now, &x->price[0]);
    enum outcome how = bound_node(x);
    x->root_done = how == OPEN || how == CLOSED;
    return how == CLOSED ? PLANNER_EXACT_PROVEN : how == BETTER ? PLANNER_EXACT_BETTER : PLANNER_EXACT_NOT;
}

enum planner_exactly planner_exact_root(struct internplan *r, int level, bool empty, int64_t most_regret)
{
    struct exact_call call = { .level = level, .empty = empty, .most_regret = most_regret };
    return guarded(r, root, &call);
}

const struct planner_leaf *planner_exact_leaf(const struct internplan *r, int64_t *bound)
{
    const struct planner_exact *x = r->exact;
    if (x == NULL || !x->root_done)
        return NULL;
    *bound = x->empty ? x->root_n >= 1 : planner_ceil(x->root_n, x->now.scale);
    return &x->price[0];
}

static enum planner_exactly fall(struct internplan *r, const struct exact_call *c)
{
    r->phase = "construct";
    struct planner_exact *x = ready(r, c->level, false, c->most_regret);
    if (x == NULL || x->price[0].cell == NULL)
        return PLANNER_EXACT_NOT;
    if (x->price[1].cell == NULL)
        x->price[1] = planner_master_leaf(x->master, &r->exact_arena);
    if (c->most_regret < planner_most_regret(r, c->level) || !r->has_best)
        x->aim = INT64_MAX / 4; /* what a stricter limit costs does not matter */
    x->ended = false;
    bool better = dive(x, c->vary);
    return better ? PLANNER_EXACT_BETTER : PLANNER_EXACT_NOT;
}

enum planner_exactly planner_exact_dive(struct internplan *r, int level, int64_t most_regret, bool vary)
{
    struct exact_call call = { .level = level, .most_regret = most_regret, .vary = vary };
    return guarded(r, fall, &call);
}

const struct planner_plan *planner_exact_plan(const struct internplan *r)
{
    return r->exact != NULL && r->exact->ended ? &r->exact->plan : NULL;
}

static enum planner_exactly tree(struct internplan *r, const struct exact_call *call)
{
    bool worst = r->problem->level[call->level].plain == PLANNER_WORST;
    enum outcome how;
    r->phase = "tree";
    arena_free(&r->cases);
    struct planner_exact *x = ready(r, call->level, worst, call->most_regret);
    if (x == NULL)
        return PLANNER_EXACT_NOT;
    if (x->price[0].cell == NULL)
        x->price[0] = planner_master_leaf(x->master, &r->exact_arena);
    x->nodes = call->nodes;
    take_prices(x, &x->now, &x->price[0]);
    struct planner_case *c = grow(x, &how);
    if (c == NULL)
        return how == BETTER ? PLANNER_EXACT_BETTER : PLANNER_EXACT_NOT;
    r->proof[call->level] = (struct planner_proof){ .given = true, .splits_worst = worst, .cases = keep(r, c), .bound = r->value[call->level] };
    r->bound[call->level] = r->value[call->level];
    return PLANNER_EXACT_PROVEN;
}

enum planner_exactly planner_exact_tree(struct internplan *r, int level, int64_t nodes)
{
    bool worst = r->problem->level[level].plain == PLANNER_WORST;
    assert(r->has_best && r->value[level] > 0);
    struct exact_call call = { .level = level, .nodes = nodes, .most_regret = worst ? r->value[level] - 1 : planner_most_regret(r, level) };
    return guarded(r, tree, &call);
}
