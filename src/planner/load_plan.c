/* Reading a stored plan to go on from: what names known students, rotations, departments and allowed weeks is taken. */
#include "planner/run.h"

struct names {
    struct map students, departments;
};

static bool find_stay(const struct internplan *r, const struct json *at, int s, int department,
                      struct planner_stay *stay)
{
    const struct planner_model *m = r->model;
    const struct planner_course *c = &m->course[m->unit[m->unit_of[s]].course];
    struct str rotation = planner_load_text(at, "rotation");
    date d;
    if (!date_parse(planner_load_text(at, "from"), &d) || date_weekday(d) != 0)
        return false;
    int week = (d - m->problem->first) / 7;
    if (d < m->problem->first || week >= m->weeks || m->problem->closed[week])
        return false;
    for (int o = 0; o < c->options; o++) {
        if (c->option[o].department != department ||
            !str_eq(c->programme->rotation[c->option[o].rotation].id, rotation))
            continue;
        *stay = (struct planner_stay){ o, m->open_at[week] };
        return planner_model_allows(m, s, o, stay->from);
    }
    return false;
}

static bool add_stay(struct planner_path *path, const struct planner_course *c, struct planner_stay stay)
{
    int at = path->n;
    if (path->n == PLANNER_ROTATIONS_MOST)
        return false;
    for (; at > 0 && path->stay[at - 1].from > stay.from; at--)
        path->stay[at] = path->stay[at - 1];
    path->stay[at] = stay;
    path->n++;
    for (int i = 1; i < path->n; i++)
        if (path->stay[i - 1].from + c->length[c->option[path->stay[i - 1].option].rotation] > path->stay[i].from)
            return false;
    return true;
}

/* Whether the kernel, left only these placements to choose, chooses all of them: then the path keeps every rule. */
static bool path_stands(struct internplan *r, int unit, const struct planner_path *path)
{
    const struct planner_model *m = r->model;
    const struct planner_course *c = &m->course[m->unit[unit].course];
    size_t n = (size_t)c->options * (size_t)m->open;
    int64_t *extra = ARENA_ARRAY(&r->work, n, int64_t), cost;
    int64_t *zero = ARENA_ARRAY(&r->work, (size_t)m->departments * (size_t)m->open, int64_t);
    for (size_t i = 0; i < n; i++)
        extra[i] = PLANNER_INFINITY;
    for (int i = 0; i < path->n; i++)
        extra[(size_t)path->stay[i].option * (size_t)m->open + (size_t)path->stay[i].from] = -1;
    struct planner_prices prices = { .cell = zero, .most_regret = INT64_MAX };
    struct planner_path got;
    return planner_kernel_price(&r->kernel, unit, &prices, extra, &cost, &got) == PLANNER_FOUND && got.n == path->n;
}

/* All of it lies in `work`: the kernel empties `scratch` when it makes a graph. */
static enum internplan_start take(struct internplan *r, const struct json *root)
{
    const struct planner_model *m = r->model;
    struct names names = { map_make(&r->work, 1), map_make(&r->work, 2) };
    struct planner_path *path = ARENA_ARRAY(&r->work, (size_t)m->units, struct planner_path);
    bool *bad = ARENA_ARRAY(&r->work, (size_t)m->units, bool);
    int n, taken = 0;
    for (int s = 0; s < m->students; s++)
        map_put(&names.students, m->problem->student[s].id, s);
    for (int d = 0; d < m->departments; d++)
        map_put(&names.departments, m->problem->department[d].id, d);
    for (const struct json *c = planner_load_list(root, "placements", &n); c != NULL; c = c->next) {
        int s = (int)map_get(&names.students, planner_load_text(c, "student"), -1);
        int d = (int)map_get(&names.departments, planner_load_text(c, "department"), -1);
        struct planner_stay stay;
        if (s < 0 || m->unit[m->unit_of[s]].student[0] != s)
            continue; /* a unit follows its first student */
        int u = m->unit_of[s];
        if (d < 0 || !find_stay(r, c, s, d, &stay) || !add_stay(&path[u], &m->course[m->unit[u].course], stay))
            bad[u] = true;
    }
    r->start = planner_plan_make(&r->arena, m);
    r->kernel = planner_kernel_make(&r->work, m);
    for (int u = 0; u < m->units; u++)
        if (!bad[u] && path_stands(r, u, &path[u])) {
            planner_plan_put(&r->start, u, &path[u]);
            taken++;
        }
    r->has_start = taken > 0;
    return taken == m->units ? INTERNPLAN_START_TAKEN : taken > 0 ? INTERNPLAN_START_PARTLY : INTERNPLAN_START_IGNORED;
}

enum internplan_start internplan_start_from(struct internplan *r, const char *plan_json, size_t n)
{
    assert(r != NULL && (plan_json != NULL || n == 0));
    r->has_start = false;
    if (r->model == NULL)
        return INTERNPLAN_START_IGNORED;
    volatile enum internplan_start result = INTERNPLAN_START_IGNORED;
    r->has_best = false; /* what an earlier run found lies in `work`, which is needed now */
    r->value = r->bound = NULL;
    r->proof = NULL;
    arena_free(&r->work);
    if (setjmp(r->full) == 0) {
        struct json_error error;
        const struct json *root = json_read(&r->work, (struct str){ plan_json, n }, &error);
        if (root != NULL && root->type == JSON_OBJECT && str_is(planner_load_text(root, "format"), "internbase.plan/1"))
            result = take(r, root);
        else if (root == NULL && error.fault == JSON_FAULT_MEMORY)
            result = INTERNPLAN_START_LIMIT;
    } else {
        result = INTERNPLAN_START_LIMIT;
        r->has_start = false;
    }
    arena_free(&r->work);
    arena_free(&r->work);
    return result;
}
