/* The tail of a construction: a plan in which only few cells are too full is made whole one step at a time. One unit of
 * an overfull cell is taken out and placed exactly; where that overfills another cell, one of those there goes next. A
 * cell's price grows with every step at which it is too full, so that steps go round in no circle for long. */
#include "planner/search.h"

enum {
    LINKS = 14, /* of a chain at most */
    TRIED = 3 /* units asked in turn: who goes is the one whom it costs least */
};

/* Who stands where, anew. */
static void make_index(struct internplan *r, struct planner_search *s)
{
    const struct planner_model *m = s->plan.model;
    struct planner_occupants *o = &s->occupants;
    size_t stays = 0;
    for (int u = 0; u < m->units; u++)
        stays += (size_t)(s->plan.has[u] ? s->plan.path[u].n : 0);
    if (o->first == NULL) {
        o->moved_most = MAX(64, m->units / 8);
        o->first = ARENA_ARRAY(&r->work, (size_t)m->departments + 1, int);
        o->moved = ARENA_ARRAY(&r->work, (size_t)o->moved_most, int);
    }
    if (stays > o->unit_cap) {
        o->unit_cap = stays + stays / 4;
        o->unit = ARENA_ARRAY(&r->work, o->unit_cap, int);
    }
    r->kernel.work += 4 * stays;
    memset(o->first, 0, ((size_t)m->departments + 1) * sizeof *o->first);
    for (int turn = 0; turn < 2; turn++) { /* counted, then filled in from the ends */
        for (int u = m->units; u-- > 0;) {
            const struct planner_course *c = &m->course[m->unit[u].course];
            for (int i = 0; s->plan.has[u] && i < s->plan.path[u].n; i++) {
                int d = c->option[s->plan.path[u].stay[i].option].department;
                if (turn == 0)
                    o->first[d]++;
                else
                    o->unit[--o->first[d]] = u;
            }
        }
        for (int d = 1; turn == 0 && d <= m->departments; d++)
            o->first[d] += o->first[d - 1];
    }
    o->moved_n = 0;
    o->valid = true;
}

/* The unit has another path than the index knows. */
static void note_moved(struct internplan *r, struct planner_search *s, int unit)
{
    struct planner_occupants *o = &s->occupants;
    if (!o->valid || o->moved_n == o->moved_most)
        make_index(r, s);
    else
        o->moved[o->moved_n++] = unit;
}

static bool stands_in(const struct planner_search *s, int u, int department, int week)
{
    const struct planner_model *m = s->plan.model;
    const struct planner_course *c = &m->course[m->unit[u].course];
    for (int i = 0; s->plan.has[u] && i < s->plan.path[u].n; i++) {
        const struct planner_option *o = &c->option[s->plan.path[u].stay[i].option];
        int from = s->plan.path[u].stay[i].from;
        if (o->department == department && week >= from && week < from + c->length[o->rotation])
            return true;
    }
    return false;
}

/* A cell or a row's week that is too full, from a place by chance on; false: none is. */
struct crowd {
    int department, week, row; /* row >= 0: any of its departments, those whom it counts */
};

static bool find_crowd(struct internplan *r, const struct planner_search *s, struct crowd *out)
{
    const struct planner_model *m = r->model;
    size_t open = (size_t)m->open, cells = (size_t)m->departments * open, rows = (size_t)m->rows * open;
    size_t at = (size_t)planner_run_random(r, cells + rows);
    for (size_t i = 0; i < cells + rows; i++, at = at + 1 < cells + rows ? at + 1 : 0) {
        if (at < cells && s->plan.load[at] > m->capacity[at]) {
            *out = (struct crowd){ (int)(at / open), (int)(at % open), -1 };
            return true;
        }
        int k = at < cells ? -1 : (int)((at - cells) / open), t = (int)(at % open);
        if (at >= cells)
            t = (int)((at - cells) % open);
        if (k >= 0 && t >= m->row[k].first && t < m->row[k].end && s->plan.row_load[at - cells] > m->row[k].capacity) {
            *out = (struct crowd){ -1, t, k };
            return true;
        }
    }
    return false;
}

static bool counted(const struct planner_model *m, const struct crowd *c, int u)
{
    bool any = c->row < 0;
    for (int k = 0; !any && k < m->unit[u].size; k++)
        any = planner_model_counts(m, c->row, m->unit[u].student[k]) != 0;
    return any;
}

/* Up to `most` units of the crowd, from a place by chance on. */
static int find_people(struct internplan *r, const struct planner_search *s, const struct crowd *c, int *out, int most)
{
    const struct planner_occupants *o = &s->occupants;
    const struct planner_model *m = r->model;
    const struct planner_quota *q = c->row >= 0 ? m->row[c->row].quota : NULL;
    int n = 0, departments = q != NULL ? q->department_count : 1;
    int begin = q != NULL ? (int)planner_run_random(r, (uint64_t)departments) : 0;
    for (int x = 0; x < departments && n < most; x++) {
        int d = q != NULL ? q->department[(begin + x) % departments] : c->department;
        int all = o->first[d + 1] - o->first[d] + o->moved_n;
        int at = all > 0 ? (int)planner_run_random(r, (uint64_t)all) : 0;
        for (int i = 0; i < all && n < most; i++, at = at + 1 < all ? at + 1 : 0) {
            int listed = o->first[d + 1] - o->first[d];
            int u = at < listed ? o->unit[o->first[d] + at] : o->moved[at - listed];
            bool known = !stands_in(s, u, d, c->week) || !counted(m, c, u);
            for (int k = 0; k < n; k++)
                known = known || out[k] == u;
            if (!known)
                out[n++] = u;
        }
        r->kernel.work += (uint64_t)all;
    }
    return n;
}

/* What leaving its place costs this unit at the present prices; it stays. */
static int64_t leaving(struct internplan *r, struct planner_search *s, int u)
{
    struct planner_path path = s->plan.path[u];
    planner_plan_take(&s->plan, u);
    bool can = planner_search_place(r, s, u, false);
    int64_t after = s->cost, before = planner_search_path_cost(s, u, &path);
    if (can)
        planner_plan_take(&s->plan, u);
    planner_plan_put(&s->plan, u, &path);
    return can ? after - before : INT64_MAX / 4;
}

/* Of some of the crowd the one whom it costs least to go. */
static int choose(struct internplan *r, struct planner_search *s, const struct crowd *c)
{
    int people[TRIED], n = find_people(r, s, c, people, TRIED), best = 0;
    int64_t least = INT64_MAX;
    for (int i = 0; i < n && n > 1; i++) {
        int64_t cost = leaving(r, s, people[i]);
        if (cost < least) {
            least = cost;
            best = i;
        }
    }
    return n > 0 ? people[best] : -1;
}

static void make_dearer(struct planner_search *s, const struct crowd *c)
{
    size_t open = (size_t)s->plan.model->open;
    int64_t *price = c->row >= 0 ? &s->row_history[(size_t)c->row * open + (size_t)c->week]
                                 : &s->history[(size_t)c->department * open + (size_t)c->week];
    *price += s->penalty / 4;
}

/* A unit whose pair's rule is broken. */
static int breaker(struct internplan *r, const struct planner_search *s)
{
    const struct planner_model *m = r->model;
    int u = (int)planner_run_random(r, (uint64_t)m->units);
    for (int i = 0; i < m->units; i++, u = u + 1 < m->units ? u + 1 : 0)
        if (s->partner[u] != NULL && planner_plan_unit_pairs_broken(&s->plan, u) > 0)
            return u;
    return -1;
}

/* One step: somebody leaves what is too full, or keeps a pair's rule again; -1: nobody can. */
static int step(struct internplan *r, struct planner_search *s)
{
    struct crowd c;
    int u = -1;
    if (find_crowd(r, s, &c)) {
        u = choose(r, s, &c);
        make_dearer(s, &c);
    } else if (s->plan.pairs_broken > 0) {
        u = breaker(r, s);
    }
    return u;
}

/* Notes that a unit and those who move with it stand elsewhere now. */
static void note_all(struct internplan *r, struct planner_search *s, int u)
{
    note_moved(r, s, u);
    for (int i = 0; s->partner[u] != NULL && s->partner[u][i] >= 0; i++)
        note_moved(r, s, s->partner[u][i]);
}

bool planner_search_tail(struct internplan *r, struct planner_search *s, int steps)
{
    make_index(r, s);
    bool whole = planner_plan_broken(&s->plan) == 0;
    for (int i = 0; i < steps && !whole && !planner_run_over(r); i++) {
        int u = step(r, s);
        if (u < 0 || !planner_search_replace(r, s, u, planner_run_random(r, 2) == 0))
            break;
        note_all(r, s, u);
        whole = planner_plan_broken(&s->plan) == 0;
    }
    s->occupants.valid = false;
    return whole;
}

/* ---- chains ------------------------------------------------------------------------------------- */

int64_t planner_search_weighed(const struct planner_search *s)
{
    int64_t sum = s->weight[PLANNER_UNDERSTAFFED] * s->plan.short_of;
    for (int k = 0; k < PLANNER_MEASURES; k++)
        if (k != PLANNER_UNDERSTAFFED)
            sum += s->weight[k] * s->plan.sum[k];
    return sum;
}

static void touch(struct planner_search *s, int *list, int *n, int unit)
{
    if (s->mark[unit] != s->round) {
        s->mark[unit] = s->round;
        list[(*n)++] = unit;
    }
}

static void touch_all(struct planner_search *s, int *list, int *n, int unit)
{
    touch(s, list, n, unit);
    for (int i = 0; s->partner[unit] != NULL && s->partner[unit][i] >= 0; i++)
        touch(s, list, n, s->partner[unit][i]);
}

bool planner_search_chain(struct internplan *r, struct planner_search *s, int first, int64_t most, int *list, int *n)
{
    bool going = true;
    s->round++;
    *n = 0;
    if (!s->occupants.valid)
        make_index(r, s);
    for (int link = 0, u = first; going && link < LINKS; link++, s->penalty += s->penalty / 2) {
        touch_all(s, list, n, u);
        if (!planner_search_replace(r, s, u, s->partner[u] != NULL))
            return false;
        note_all(r, s, u);
        if (planner_plan_broken(&s->plan) == 0)
            return true;
        going = planner_search_weighed(s) <= most;
        if (going && link + 1 < LINKS)
            u = step(r, s);
        going = going && u >= 0;
    }
    return false;
}

void planner_search_moved(struct internplan *r, struct planner_search *s, int unit)
{
    note_moved(r, s, unit);
}
