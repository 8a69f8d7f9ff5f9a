/* Loads, breaches and measures of a whole plan: see plan.h. */
#include "planner/plan.h"

static const enum planner_measure personal[] = { PLANNER_UNPLACED, PLANNER_CHANGES, PLANNER_REGRET, PLANNER_TRAVEL,
                                                 PLANNER_WAITING };

struct planner_plan planner_plan_make(struct arena *a, const struct planner_model *m)
{
    struct planner_plan p = { .model = m,
                              .path = ARENA_ARRAY(a, (size_t)m->units, struct planner_path),
                              .has = ARENA_ARRAY(a, (size_t)m->units, bool),
                              .load = ARENA_ARRAY(a, (size_t)m->departments * (size_t)m->open, int),
                              .row_load = ARENA_ARRAY(a, (size_t)m->rows * (size_t)m->open, int) };
    for (int i = 0; i < m->problem->level_count; i++)
        for (int k = 0; k < PLANNER_MEASURES; k++)
            p.counts[k] = p.counts[k] || m->problem->level[i].weight[k] != 0;
    if (p.counts[PLANNER_WORST])
        p.burdened = ARENA_ARRAY(a, (size_t)m->units, int64_t);
    for (size_t i = 0; m->any_minimum && i < (size_t)m->departments * (size_t)m->open; i++)
        p.short_of += m->minimum[i];
    return p;
}

void planner_plan_copy(struct planner_plan *to, const struct planner_plan *from)
{
    const struct planner_model *m = from->model;
    struct planner_plan into = *to;
    assert(to->model == m);
    *to = *from;
    to->path = into.path;
    to->has = into.has;
    to->load = into.load;
    to->row_load = into.row_load;
    to->burdened = into.burdened;
    memcpy(to->path, from->path, (size_t)m->units * sizeof *to->path);
    memcpy(to->has, from->has, (size_t)m->units * sizeof *to->has);
    memcpy(to->load, from->load, (size_t)m->departments * (size_t)m->open * sizeof *to->load);
    if (m->rows > 0)
        memcpy(to->row_load, from->row_load, (size_t)m->rows * (size_t)m->open * sizeof *to->row_load);
    if (to->burdened != NULL)
        memcpy(to->burdened, from->burdened, (size_t)m->units * sizeof *to->burdened);
}

/* One cell's or row's week gets `by` more students: what that adds above a capacity. */
static int64_t more_over(int before, int by, int capacity)
{
    return MAX(before + by - capacity, 0) - MAX(before - capacity, 0);
}

static void add_to_rows(struct planner_plan *p, const struct planner_unit *u, int d, int t, int sign)
{
    const struct planner_model *m = p->model;
    for (int n = m->department_row_first[d]; n < m->department_row_first[d + 1]; n++) {
        const struct planner_row *row = &m->row[m->department_row[n]];
        int heads = 0, *load = &p->row_load[(size_t)m->department_row[n] * (size_t)m->open + (size_t)t];
        for (int k = 0; k < u->size; k++)
            heads += planner_model_counts(m, m->department_row[n], u->student[k]);
        if (t >= row->first && t < row->end)
            p->over += more_over(*load, sign * heads, row->capacity);
        *load += sign * heads;
    }
}

static void add_load(struct planner_plan *p, int unit, int sign)
{
    const struct planner_model *m = p->model;
    const struct planner_unit *u = &m->unit[unit];
    const struct planner_course *c = &m->course[u->course];
    for (int i = 0; i < p->path[unit].n; i++) {
        const struct planner_option *o = &c->option[p->path[unit].stay[i].option];
        int from = p->path[unit].stay[i].from, d = o->department, by = sign * u->size;
        for (int t = from; t < from + c->length[o->rotation]; t++) {
            size_t at = (size_t)d * (size_t)m->open + (size_t)t;
            p->over += more_over(p->load[at], by, m->capacity[at]);
            if (m->any_minimum)
                p->short_of += MAX(m->minimum[at] - p->load[at] - by, 0) - MAX(m->minimum[at] - p->load[at], 0);
            p->load[at] += by;
            assert(p->load[at] >= 0);
            add_to_rows(p, u, d, t, sign);
        }
    }
}

static int64_t burdened(const struct planner_plan *p, int unit)
{
    const struct planner_unit *u = &p->model->unit[unit];
    int64_t most = 0;
    for (int i = 0; i < u->size; i++)
        most = MAX(most, planner_path_regret(p->model, u->student[i], &p->path[unit]) +
                             p->model->problem->student[u->student[i]].burden);
    return most;
}

static void add_measures(struct planner_plan *p, int unit, int sign)
{
    for (size_t i = 0; i < LEN(personal); i++)
        if (p->counts[personal[i]])
            p->sum[personal[i]] += sign * planner_path_measure(p->model, unit, &p->path[unit], personal[i]);
    if (p->burdened != NULL)
        p->burdened[unit] = sign > 0 ? burdened(p, unit) : 0;
}

void planner_plan_put(struct planner_plan *p, int unit, const struct planner_path *path)
{
    assert(!p->has[unit] && path->n >= 0 && path->n <= PLANNER_ROTATIONS_MOST);
    p->path[unit].n = path->n;
    memcpy(p->path[unit].stay, path->stay, (size_t)path->n * sizeof *path->stay);
    p->has[unit] = true;
    p->placed++;
    add_load(p, unit, 1);
    add_measures(p, unit, 1);
    p->pairs_broken += planner_plan_unit_pairs_broken(p, unit);
}

void planner_plan_take(struct planner_plan *p, int unit)
{
    assert(p->has[unit]);
    p->pairs_broken -= planner_plan_unit_pairs_broken(p, unit);
    add_measures(p, unit, -1);
    add_load(p, unit, -1);
    p->placed--;
    p->has[unit] = false;
    assert(p->over >= 0 && p->pairs_broken >= 0 && p->placed >= 0);
}

bool planner_pair_names(const struct planner_pair *pair, const struct planner_course *c, int rotation)
{
    if (!pair->names_rotations)
        return true;
    for (int i = 0; i < pair->rotation_count; i++)
        if (str_eq(pair->rotation[i], c->programme->rotation[rotation].id))
            return true;
    return false;
}

const struct planner_stay *planner_plan_stay(const struct planner_plan *p, int student, int rotation)
{
    int u = p->model->unit_of[student];
    const struct planner_course *c = &p->model->course[p->model->unit[u].course];
    for (int i = 0; p->has[u] && i < p->path[u].n; i++)
        if (c->option[p->path[u].stay[i].option].rotation == rotation)
            return &p->path[u].stay[i];
    return NULL;
}

/* Weeks that two students spend in one department while both are in rotations that the pair names. */
static int64_t shared_weeks(const struct planner_plan *p, const struct planner_pair *pair, int a, int b)
{
    const struct planner_model *m = p->model;
    int ua = m->unit_of[a], ub = m->unit_of[b];
    const struct planner_course *ca = &m->course[m->unit[ua].course], *cb = &m->course[m->unit[ub].course];
    int64_t weeks = 0;
    for (int i = 0; p->has[ua] && i < p->path[ua].n; i++)
        for (int k = 0; p->has[ub] && k < p->path[ub].n; k++) {
            const struct planner_stay *x = &p->path[ua].stay[i], *y = &p->path[ub].stay[k];
            const struct planner_option *ox = &ca->option[x->option], *oy = &cb->option[y->option];
            if (ox->department != oy->department || !planner_pair_names(pair, ca, ox->rotation) ||
                !planner_pair_names(pair, cb, oy->rotation))
                continue;
            int from = MAX(x->from, y->from),
                end = MIN(x->from + ca->length[ox->rotation], y->from + cb->length[oy->rotation]);
            weeks += MAX(end - from, 0);
        }
    return weeks;
}

static int64_t together_broken(const struct planner_plan *p, const struct planner_pair *pair, int a, int b)
{
    const struct planner_model *m = p->model;
    const struct planner_course *c = &m->course[m->unit[m->unit_of[a]].course];
    int64_t broken = 0;
    if (m->unit_of[a] == m->unit_of[b] || !p->has[m->unit_of[a]] || !p->has[m->unit_of[b]])
        return 0;
    for (int r = 0; r < c->rotations; r++) {
        if (c->programme->rotation[r].old || !planner_pair_names(pair, c, r))
            continue;
        const struct planner_stay *x = planner_plan_stay(p, a, r), *y = planner_plan_stay(p, b, r);
        if (x == NULL && y == NULL)
            continue;
        broken += x == NULL || y == NULL || x->option != y->option || x->from != y->from;
    }
    return broken;
}

static int64_t pair_broken(const struct planner_plan *p, const struct planner_pair *pair, int a, int b)
{
    return pair->apart ? shared_weeks(p, pair, a, b) : together_broken(p, pair, a, b);
}

int64_t planner_plan_unit_pairs_broken(const struct planner_plan *p, int unit)
{
    const struct planner_model *m = p->model;
    int64_t broken = 0;
    for (int n = m->unit_pair_first[unit]; n < m->unit_pair_first[unit + 1]; n++) {
        const struct planner_pair *pair = &m->problem->pair[m->unit_pair[n]];
        for (int a = 0; a < pair->student_count; a++)
            for (int b = 0; m->unit_of[pair->student[a]] == unit && b < pair->student_count; b++)
                if (m->unit_of[pair->student[b]] != unit || a < b)
                    broken += pair_broken(p, pair, pair->student[a], pair->student[b]);
    }
    return broken;
}

int64_t planner_plan_pairs_broken(const struct planner_plan *p)
{
    return p->pairs_broken;
}

int64_t planner_plan_broken(const struct planner_plan *p)
{
    return planner_plan_pairs_broken(p) + p->over + (p->model->units - p->placed);
}

static int64_t smooth_of(const struct planner_plan *p)
{
    const struct planner_model *m = p->model;
    int64_t sum = 0;
    for (int d = 0; d < m->departments; d++) {
        int most = -1, least = INT32_MAX;
        for (int t = 0; t < m->open; t++) {
            size_t at = (size_t)d * (size_t)m->open + (size_t)t;
            if (!m->smooth[at])
                continue;
            most = MAX(most, p->load[at]);
            least = MIN(least, p->load[at]);
        }
        sum += most >= 0 ? most - least : 0;
    }
    return sum;
}

void planner_plan_measure(const struct planner_plan *p, int64_t out[PLANNER_MEASURES])
{
    const struct planner_model *m = p->model;
    memcpy(out, p->sum, PLANNER_MEASURES * sizeof *out);
    out[PLANNER_CHANGES] += m->changes_constant;
    out[PLANNER_UNDERSTAFFED] = p->short_of;
    out[PLANNER_WORST] = 0;
    for (int u = 0; p->burdened != NULL && u < m->units; u++)
        out[PLANNER_WORST] = MAX(out[PLANNER_WORST], p->burdened[u]);
    out[PLANNER_SMOOTH] = p->counts[PLANNER_SMOOTH] ? smooth_of(p) : 0;
}

bool planner_plan_adds_up(const struct planner_plan *p)
{
    const struct planner_model *m = p->model;
    int64_t over = 0, short_of = 0, sum[PLANNER_MEASURES] = { 0 }, broken = 0;
    for (size_t i = 0; i < (size_t)m->departments * (size_t)m->open; i++) {
        over += MAX(p->load[i] - m->capacity[i], 0);
        short_of += MAX(m->minimum[i] - p->load[i], 0);
    }
    for (int r = 0; r < m->rows; r++)
        for (int t = m->row[r].first; t < m->row[r].end; t++)
            over += MAX(p->row_load[(size_t)r * (size_t)m->open + (size_t)t] - m->row[r].capacity, 0);
    for (int u = 0; u < m->units; u++)
        for (size_t i = 0; p->has[u] && i < LEN(personal); i++)
            sum[personal[i]] += planner_path_measure(m, u, &p->path[u], personal[i]);
    for (size_t i = 0; i < LEN(personal); i++)
        if (p->counts[personal[i]] && sum[personal[i]] != p->sum[personal[i]])
            return false;
    for (int i = 0; i < m->problem->pair_count; i++) {
        const struct planner_pair *pair = &m->problem->pair[i];
        for (int a = 0; !pair->off && a < pair->student_count; a++)
            for (int b = a + 1; b < pair->student_count; b++)
                broken += pair_broken(p, pair, pair->student[a], pair->student[b]);
    }
    return over == p->over && short_of == p->short_of && broken == planner_plan_pairs_broken(p);
}

void planner_plan_levels(const struct planner_plan *p, int64_t *out)
{
    int64_t measure[PLANNER_MEASURES];
    planner_plan_measure(p, measure);
    for (int i = 0; i < p->model->problem->level_count; i++) {
        out[i] = 0;
        for (int k = 0; k < PLANNER_MEASURES; k++)
            out[i] += p->model->problem->level[i].weight[k] * measure[k];
    }
}

int planner_levels_compare(int n, const int64_t *a, const int64_t *b)
{
    for (int i = 0; i < n; i++)
        if (a[i] != b[i])
            return a[i] < b[i] ? -1 : 1;
    return 0;
}
