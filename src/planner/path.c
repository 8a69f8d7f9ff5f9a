/* What one unit's plan is worth by each measure that looks at one student alone. */
#include "planner/kernel.h"

uint64_t planner_path_placed(const struct planner_course *c, const struct planner_path *path)
{
    uint64_t placed = 0;
    for (int i = 0; i < path->n; i++)
        placed |= UINT64_C(1) << c->option[path->stay[i].option].rotation;
    return placed;
}

int planner_path_travel(const struct planner_model *m, const struct planner_course *c, const struct planner_path *path)
{
    int n = 0;
    (void)m;
    for (int i = 1; i < path->n; i++)
        n += c->option[path->stay[i].option].site != c->option[path->stay[i - 1].option].site;
    return n;
}

int planner_path_waiting(const struct planner_course *c, const struct planner_path *path)
{
    int at = 0, n = 0;
    for (int i = 0; i < path->n; i++) {
        assert(path->stay[i].from >= at);
        n += path->stay[i].from - at;
        at = path->stay[i].from + c->length[c->option[path->stay[i].option].rotation];
    }
    return n;
}

int64_t planner_path_regret(const struct planner_model *m, int s, const struct planner_path *path)
{
    const struct planner_course *c = &m->course[m->unit[m->unit_of[s]].course];
    const struct planner_student *t = &m->problem->student[s];
    int64_t sum = 0;
    for (int i = 0; i < path->n; i++) {
        int32_t r = planner_model_regret(m, s, path->stay[i].option, path->stay[i].from);
        assert(r >= 0);
        sum += r;
    }
    if (t->dislike_travel > 0)
        sum += (int64_t)t->dislike_travel * planner_path_travel(m, c, path);
    if (t->dislike_waiting > 0)
        sum += (int64_t)t->dislike_waiting * planner_path_waiting(c, path);
    return sum;
}

int64_t planner_path_measure(const struct planner_model *m, int unit, const struct planner_path *path,
                             enum planner_measure which)
{
    const struct planner_unit *u = &m->unit[unit];
    const struct planner_course *c = &m->course[u->course];
    int64_t sum = 0;
    switch (which) {
    case PLANNER_UNPLACED:
        return (int64_t)u->size * planner_course_unplaced(c, planner_path_placed(c, path));
    case PLANNER_TRAVEL:
        return (int64_t)u->size * planner_path_travel(m, c, path);
    case PLANNER_WAITING:
        return (int64_t)u->size * planner_path_waiting(c, path);
    case PLANNER_REGRET:
        for (int i = 0; i < u->size; i++)
            sum += planner_path_regret(m, u->student[i], path);
        return sum;
    case PLANNER_CHANGES:
        for (int i = 0; i < u->size; i++)
            for (int k = 0; k < path->n; k++) {
                const struct planner_option *o = &c->option[path->stay[k].option];
                sum +=
                    planner_model_changes(m, u->student[i], o->department, path->stay[k].from, c->length[o->rotation]);
            }
        return sum;
    default:
        return 0;
    }
}
