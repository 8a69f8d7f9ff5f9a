/* Loads, breaches and measures of a whole plan: see plan.h. */
#include "planner/plan.h"

struct planner_plan planner_plan_make(struct arena *a, const struct planner_model *m)
{
    return (struct planner_plan){ .model = m,
                                  .path = ARENA_ARRAY(a, (size_t)m->units, struct planner_path),
                                  .has = ARENA_ARRAY(a, (size_t)m->units, bool),
                                  .load = ARENA_ARRAY(a, (size_t)m->departments * (size_t)m->open, int),
                                  .row_load = ARENA_ARRAY(a, (size_t)m->rows * (size_t)m->open, int) };
}

void planner_plan_copy(struct planner_plan *to, const struct planner_plan *from)
{
    const struct planner_model *m = from->model;
    assert(to->model == m);
    memcpy(to->path, from->path, (size_t)m->units * sizeof *to->path);
    memcpy(to->has, from->has, (size_t)m->units * sizeof *to->has);
    memcpy(to->load, from->load, (size_t)m->departments * (size_t)m->open * sizeof *to->load);
    if (m->rows > 0)
        memcpy(to->row_load, from->row_load, (size_t)m->rows * (size_t)m->open * sizeof *to->row_load);
}

static void add_load(struct planner_plan *p, int unit, int sign)
{
    const struct planner_model *m = p->model;
    const struct planner_unit *u = &m->unit[unit];
    const struct planner_course *c = &m->course[u->course];
    for (int i = 0; i < p->path[unit].n; i++) {
        const struct planner_option *o = &c->option[p->path[unit].stay[i].option];
        int from = p->path[unit].stay[i].from, d = o->department;
        for (int t = from; t < from + c->length[o->rotation]; t++) {
            p->load[(size_t)d * (size_t)m->open + (size_t)t] += sign * u->size;
            assert(p->load[(size_t)d * (size_t)m->open + (size_t)t] >= 0);
            for (int n = m->department_row_first[d]; n < m->department_row_first[d + 1]; n++)
                for (int k = 0; k < u->size; k++)
                    p->row_load[(size_t)m->department_row[n] * (size_t)m->open + (size_t)t] +=
                        sign *
                        planner_model_counts(m, m->department_row[n], u->student[k]);
        }
    }
}

void planner_plan_put(struct planner_plan *p, int unit, const struct planner_path *path)
{
    assert(!p->has[unit] && path->n >= 0 && path->n <= PLANNER_ROTATIONS_MOST);
    p->path[unit] = *path;
    p->has[unit] = true;
    add_load(p, unit, 1);
}

void planner_plan_take(struct planner_plan *p, int unit)
{
    assert(p->has[unit]);
    add_load(p, unit, -1);
    p->has[unit] = false;
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

int64_t planner_plan_pairs_broken(const struct planner_plan *p)
{
    const struct planner_problem *q = p->model->problem;
    int64_t broken = 0;
    for (int i = 0; i < q->pair_count; i++) {
        const struct planner_pair *pair = &q->pair[i];
        if (pair->off)
            continue;
        for (int a = 0; a < pair->student_count; a++)
            for (int b = a + 1; b < pair->student_count; b++)
                broken += pair->apart ? shared_weeks(p, pair, pair->student[a], pair->student[b])
                                      : together_broken(p, pair, pair->student[a], pair->student[b]);
    }
    return broken;
}

int64_t planner_plan_broken(const struct planner_plan *p)
{
    const struct planner_model *m = p->model;
    int64_t broken = planner_plan_pairs_broken(p);
    assert(broken >= 0);
    size_t n = (size_t)m->departments * (size_t)m->open;
    for (size_t i = 0; i < n; i++)
        broken += MAX(p->load[i] - m->capacity[i], 0);
    for (int r = 0; r < m->rows; r++)
        for (int t = m->row[r].first; t < m->row[r].end; t++)
            broken += MAX(p->row_load[(size_t)r * (size_t)m->open + (size_t)t] - m->row[r].capacity, 0);
    for (int u = 0; u < m->units; u++)
        broken += !p->has[u];
    return broken;
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
    static const enum planner_measure personal[] = { PLANNER_UNPLACED, PLANNER_CHANGES, PLANNER_REGRET, PLANNER_TRAVEL,
                                                     PLANNER_WAITING };
    const struct planner_model *m = p->model;
    memset(out, 0, PLANNER_MEASURES * sizeof *out);
    out[PLANNER_CHANGES] = m->changes_constant;
    for (int u = 0; u < m->units; u++) {
        if (!p->has[u])
            continue;
        for (size_t i = 0; i < LEN(personal); i++)
            out[personal[i]] += planner_path_measure(m, u, &p->path[u], personal[i]);
        for (int i = 0; i < m->unit[u].size; i++) {
            int s = m->unit[u].student[i];
            out[PLANNER_WORST] =
                MAX(out[PLANNER_WORST], planner_path_regret(m, s, &p->path[u]) + m->problem->student[s].burden);
        }
    }
    size_t n = (size_t)m->departments * (size_t)m->open;
    for (size_t i = 0; i < n; i++)
        out[PLANNER_UNDERSTAFFED] += MAX(m->minimum[i] - p->load[i], 0);
    out[PLANNER_SMOOTH] = smooth_of(p);
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
