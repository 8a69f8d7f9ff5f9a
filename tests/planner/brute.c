/* What is true of a tiny problem: rules and measures word for word, and every plan tried. See tiny.h. */
#include "check/check.h"
#include "tiny.h"

#include <stdlib.h>

/* ---- weeks --------------------------------------------------------------------------------------------------------- */

static int open_from(const struct tiny *t, int week)
{
    int n = 0;
    for (int w = 0; w < week && w < t->weeks; w++)
        n += !t->closed[w];
    return n;
}

void tiny_stay_place(const struct tiny *t, struct tiny_stay *x)
{
    x->first = open_from(t, x->from);
    x->end = MIN(x->first + x->weeks, t->open);
}

static int site_of(const struct tiny *t, int d)
{
    return t->department[d].site != NOTHING ? t->department[d].site : 100 + d;
}

static bool covers(const struct tiny_exception *x, int week)
{
    return week >= x->from && week < x->from + x->weeks;
}

static int capacity_at(const struct tiny *t, int d, int open_week)
{
    const struct tiny_department *p = &t->department[d];
    int plain = p->capacity, limit = p->limit;
    for (int i = 0; i < p->exceptions; i++)
        if (covers(&p->exception[i], t->open_week[open_week])) {
            plain = p->exception[i].capacity != NOTHING ? p->exception[i].capacity : plain;
            limit = p->exception[i].limit != NOTHING ? p->exception[i].limit : limit;
        }
    bool more = d == t->seat_department && t->open_week[open_week] >= t->seat_from && t->open_week[open_week] < t->seat_from + t->seat_weeks;
    return (limit != NOTHING ? MIN(plain, limit) : plain) + more;
}

static int minimum_at(const struct tiny *t, int d, int open_week)
{
    int m = t->department[d].minimum;
    for (int i = 0; i < t->department[d].exceptions; i++)
        if (covers(&t->department[d].exception[i], t->open_week[open_week]) && t->department[d].exception[i].minimum != NOTHING)
            m = t->department[d].exception[i].minimum;
    return m;
}

static bool counts(const struct tiny *t, const struct tiny_quota *q, int s)
{
    return q->group == NOTHING || ((t->student[s].groups >> q->group & 1) != 0) != q->is_not;
}

static bool is_away(const struct tiny *t, int s, int open_week)
{
    const struct tiny_student *p = &t->student[s];
    return p->away_weeks > 0 && t->open_week[open_week] >= p->away_from && t->open_week[open_week] < p->away_from + p->away_weeks;
}

/* ---- rules ----------------------------------------------------------------------------------------------------------- */

struct breaks {
    struct tiny_broken *out;
    int n, most;
};

static void broken(struct breaks *b, int rule, int who)
{
    for (int i = 0; i < b->n; i++)
        if (b->out[i].rule == rule && b->out[i].who == who)
            return;
    if (b->n < b->most)
        b->out[b->n++] = (struct tiny_broken){ rule, who };
}

static bool is_frozen(const struct tiny *t, const struct tiny_stay *x)
{
    for (int i = 0; i < t->bases; i++) {
        const struct tiny_stay *y = &t->base[i];
        if (y->from < t->freeze && y->student == x->student && y->rotation == x->rotation && y->department == x->department && y->from == x->from &&
            y->weeks == x->weeks)
            return true;
    }
    return false;
}

static void rules_of_weeks(const struct tiny *t, struct breaks *b, const struct tiny_stay *x)
{
    if (x->from < 0 || x->from >= t->weeks) {
        broken(b, CHECK_horizon, x->student);
        return;
    }
    if (t->closed[x->from]) {
        broken(b, CHECK_closed, x->student);
        return;
    }
    if (open_from(t, x->from) + x->weeks > t->open) {
        broken(b, CHECK_horizon, x->student);
        return;
    }
    int last = t->open_week[open_from(t, x->from) + x->weeks - 1];
    for (int w = x->from; w <= last; w++)
        if (t->closed[w] && !t->span_closed)
            broken(b, CHECK_closed, x->student);
}

static void rules_of_stay(const struct tiny *t, struct breaks *b, const struct tiny_stay *x)
{
    const struct tiny_student *p = &t->student[x->student];
    rules_of_weeks(t, b, x);
    if (x->rotation != NOTHING) {
        const struct tiny_rotation *q = &t->programme[p->programme].rotation[x->rotation];
        bool allowed = false;
        for (int i = 0; i < q->departments; i++)
            allowed = allowed || q->department[i] == x->department;
        if (!allowed)
            broken(b, CHECK_department, x->student);
        if (x->weeks != q->weeks)
            broken(b, CHECK_length, x->student);
        if (q->earliest != NOTHING && x->from < q->earliest)
            broken(b, CHECK_earliest, x->student);
        for (int o = x->first; o < x->end; o++)
            if (q->latest_end != NOTHING && t->open_week[o] >= q->latest_end)
                broken(b, CHECK_latest_end, x->student);
    }
    for (int o = x->first; o < x->end; o++)
        if (is_away(t, x->student, o))
            broken(b, CHECK_away, x->student);
    if (p->enter_from != NOTHING && x->from < p->enter_from && (p->enter_department == NOTHING || p->enter_department == x->department))
        broken(b, CHECK_enter, x->student);
    if (t->has_base && x->from < t->freeze && !is_frozen(t, x))
        broken(b, CHECK_freeze, x->student);
}

static const struct tiny_stay *find(const struct tiny_stay *stay, int n, int s, int rotation)
{
    const struct tiny_stay *best = NULL;
    for (int i = 0; i < n; i++)
        if (stay[i].student == s && stay[i].rotation == rotation && (best == NULL || stay[i].first < best->first))
            best = &stay[i];
    return best;
}

static void rules_of_orders(const struct tiny *t, struct breaks *b, const struct tiny_stay *stay, int n, int s)
{
    const struct tiny_programme *g = &t->programme[t->student[s].programme];
    for (int k = 0; k < g->orders; k++) {
        const struct tiny_order *o = &g->order[k];
        if (((t->student[s].skip >> o->before | t->student[s].skip >> o->after) & 1) != 0)
            continue;
        const struct tiny_stay *x = find(stay, n, s, o->before), *y = find(stay, n, s, o->after);
        if (y == NULL || (x == NULL && !o->requires))
            continue;
        if (x == NULL)
            broken(b, CHECK_requires, s);
        else if (y->first < x->end)
            broken(b, CHECK_order, s);
        else if (y->first - x->end < o->min_gap)
            broken(b, CHECK_min_gap, s);
        else if (o->max_gap != NOTHING && y->first - x->end > o->max_gap)
            broken(b, CHECK_max_gap, s);
    }
}

/* Week by week: in how many placements the student is. */
static void rules_of_rest(const struct tiny *t, struct breaks *b, const struct tiny_stay *stay, int n, int s)
{
    const struct tiny_programme *g = &t->programme[t->student[s].programme];
    int in[WEEKS_MOST] = { 0 }, first = NOTHING, last = NOTHING, run = 0;
    for (int i = 0; i < n; i++)
        for (int o = stay[i].first; stay[i].student == s && o < stay[i].end; o++)
            in[o]++;
    for (int i = 0; i < n; i++)
        for (int k = 0; k < i; k++) /* the same rotation placed twice is that, and no more */
            if (stay[i].student == s && stay[k].student == s && (stay[i].rotation != stay[k].rotation || stay[i].rotation == NOTHING) &&
                MAX(stay[i].first, stay[k].first) < MIN(stay[i].end, stay[k].end))
                broken(b, CHECK_overlap, s);
    for (int o = 0; o < t->open; o++) {
        run = in[o] > 0 ? run + 1 : 0;
        if (g->max_consecutive != NOTHING && run > g->max_consecutive)
            broken(b, CHECK_max_consecutive, s);
        if (in[o] > 0 && first == NOTHING)
            first = o;
        if (in[o] > 0)
            last = o;
    }
    for (int o = first; first != NOTHING && o < last; o++)
        if (g->free_forbidden && in[o] == 0 && !is_away(t, s, o))
            broken(b, CHECK_free_weeks, s);
}

static void rules_of_student(const struct tiny *t, struct breaks *b, const struct tiny_stay *stay, int n, int s)
{
    const struct tiny_student *p = &t->student[s];
    const struct tiny_programme *g = &t->programme[p->programme];
    int picked = 0;
    for (int r = 0; r < g->rotations; r++) {
        int times = 0;
        for (int i = 0; i < n; i++)
            times += stay[i].student == s && stay[i].rotation == r;
        if (times > 1)
            broken(b, CHECK_twice, s);
        bool elective = (g->choice >> r & 1) != 0;
        picked += elective && times > 0;
        if (!elective && times == 0 && !t->allow_unplaced && (p->skip >> r & 1) == 0)
            broken(b, CHECK_missing, s);
    }
    if ((g->choice & ~p->skip) != 0 && (picked > g->pick || (picked < g->pick && !t->allow_unplaced)))
        broken(b, CHECK_pick, s);
    rules_of_orders(t, b, stay, n, s);
    rules_of_rest(t, b, stay, n, s);
    for (int i = 0; i < n; i++) {
        int visits = 0;
        for (int k = 0; k < n; k++)
            visits += stay[k].student == s && site_of(t, stay[k].department) == site_of(t, stay[i].department);
        if (stay[i].student == s && g->site_limit != NOTHING && visits > g->site_limit)
            broken(b, CHECK_site_limit, s);
    }
    for (int i = 0; i < p->fixeds; i++) {
        bool kept = (p->skip >> p->fixed[i].rotation & 1) != 0;
        for (int k = 0; k < n; k++)
            kept = kept || (stay[k].student == s && stay[k].rotation == p->fixed[i].rotation && stay[k].department == p->fixed[i].department &&
                            stay[k].from == p->fixed[i].from);
        if (!kept)
            broken(b, CHECK_fixed, s);
    }
    for (int i = 0; i < t->bases; i++) {
        bool kept = t->base[i].student != s || t->base[i].from >= t->freeze;
        for (int k = 0; k < n && !kept; k++)
            kept = stay[k].student == s && stay[k].rotation == t->base[i].rotation && stay[k].department == t->base[i].department &&
                   stay[k].from == t->base[i].from && stay[k].weeks == t->base[i].weeks;
        if (!kept)
            broken(b, CHECK_freeze, s);
    }
}

static int load_of(const struct tiny *t, const struct tiny_stay *stay, int n, const struct tiny_quota *q, int o)
{
    int load = 0;
    for (int i = 0; i < n; i++)
        load += stay[i].first <= o && o < stay[i].end && (q->departments >> stay[i].department & 1) != 0 && counts(t, q, stay[i].student);
    return load;
}

static void rules_of_places(const struct tiny *t, struct breaks *b, const struct tiny_stay *stay, int n)
{
    for (int o = 0; o < t->open; o++) {
        for (int d = 0; d < t->departments; d++) {
            struct tiny_quota everybody = { .group = NOTHING, .departments = 1u << d };
            if (load_of(t, stay, n, &everybody, o) > capacity_at(t, d, o))
                broken(b, CHECK_seats, d);
            for (int k = 0; k < t->department[d].quotas; k++)
                if (load_of(t, stay, n, &t->department[d].quota[k], o) > t->department[d].quota[k].capacity)
                    broken(b, CHECK_quota, d);
        }
        for (int k = 0; k < t->shareds; k++)
            if (t->open_week[o] >= t->shared[k].from && t->open_week[o] < t->shared[k].from + t->shared[k].weeks &&
                load_of(t, stay, n, &t->shared[k], o) > t->shared[k].capacity)
                broken(b, CHECK_shared_quota, k);
    }
}

static bool pair_names(const struct tiny_pair *p, int rotation)
{
    return p->rotations == 0 || (rotation != NOTHING && (p->rotations >> rotation & 1) != 0);
}

static void rules_of_pairs(const struct tiny *t, struct breaks *b, const struct tiny_stay *stay, int n)
{
    for (int k = 0; k < t->pairs; k++) {
        const struct tiny_pair *p = &t->pair[k];
        for (int i = 0; i < p->students; i++)
            for (int j = 0; j < i; j++) {
                int u = p->student[i], v = p->student[j];
                const struct tiny_programme *g = &t->programme[t->student[u].programme];
                for (int r = 0; r < g->rotations && !p->apart; r++) {
                    const struct tiny_stay *x = find(stay, n, u, r), *y = find(stay, n, v, r);
                    bool both = ((t->student[u].skip >> r | t->student[v].skip >> r) & 1) == 0;
                    if (both && pair_names(p, r) && ((x == NULL) != (y == NULL) || (x != NULL && (x->department != y->department || x->from != y->from))))
                        broken(b, CHECK_together, k);
                }
                for (int x = 0; p->apart && x < n; x++)
                    for (int y = 0; y < n; y++)
                        if (stay[x].student == u && stay[y].student == v && stay[x].department == stay[y].department &&
                            MAX(stay[x].first, stay[y].first) < MIN(stay[x].end, stay[y].end) && pair_names(p, stay[x].rotation) &&
                            pair_names(p, stay[y].rotation))
                            broken(b, CHECK_apart, k);
            }
    }
}

int tiny_rules(const struct tiny *t, const struct tiny_stay *stay, int n, struct tiny_broken *out, int most)
{
    struct breaks b = { out, 0, most };
    for (int i = 0; i < n; i++)
        rules_of_stay(t, &b, &stay[i]);
    for (int s = 0; s < t->students; s++)
        rules_of_student(t, &b, stay, n, s);
    rules_of_places(t, &b, stay, n);
    rules_of_pairs(t, &b, stay, n);
    return b.n;
}

/* ---- measures -------------------------------------------------------------------------------------------------------- */

enum { UNPLACED, CHANGES, UNDERSTAFFED, WORST, REGRET, TRAVEL, SMOOTH, WAITING };

static int department_in(const struct tiny_stay *stay, int n, int s, int o)
{
    for (int i = 0; i < n; i++)
        if (stay[i].student == s && stay[i].first <= o && o < stay[i].end)
            return stay[i].department;
    return NOTHING;
}

static int travels_of(const struct tiny *t, const struct tiny_stay *stay, int n, int s)
{
    int changes = 0, last = NOTHING;
    for (int o = 0; o < t->open; o++)
        for (int i = 0; i < n; i++)
            if (stay[i].student == s && stay[i].first == o) {
                int site = site_of(t, stay[i].department);
                changes += last != NOTHING && last != site;
                last = site;
            }
    return changes;
}

static int waits_of(const struct tiny *t, const struct tiny_stay *stay, int n, int s)
{
    int waits = 0, so_far = 0;
    for (int o = 0; o < t->open; o++) {
        if (department_in(stay, n, s, o) == NOTHING)
            so_far++;
        else {
            waits += so_far;
            so_far = 0;
        }
    }
    return waits;
}

static int64_t wish_regret(const struct tiny *t, const struct tiny_student *p, const struct tiny_wish *w, const struct tiny_stay *x)
{
    int k = 0, item = w->kind == TINY_CHOICE ? x->rotation : x->department;
    bool about = w->kind == TINY_CHOICE ? x->rotation != NOTHING && (t->programme[p->programme].choice >> x->rotation & 1) != 0 : x->rotation == w->rotation;
    if (!about)
        return 0;
    if (w->kind == TINY_WINDOW) {
        bool inside = x->end > x->first;
        for (int o = x->first; o < x->end; o++)
            inside = inside && t->open_week[o] >= w->from && t->open_week[o] < w->until;
        return inside ? 0 : 3 * w->weight;
    }
    while (k < w->items && w->item[k] != item)
        k++;
    if (w->kind == TINY_COSTS)
        return k < w->items ? (k + 1) * w->weight : 0;
    return w->weight * (int64_t)k * (k + 1) / 2;
}

int64_t tiny_regret(const struct tiny *t, const struct tiny_stay *stay, int n, int s)
{
    const struct tiny_student *p = &t->student[s];
    int64_t sum = (int64_t)p->dislike_travel * travels_of(t, stay, n, s) + (int64_t)p->dislike_waiting * waits_of(t, stay, n, s);
    for (int i = 0; i < n; i++)
        for (int k = 0; k < p->wishes && stay[i].student == s; k++)
            sum += wish_regret(t, p, &p->wish[k], &stay[i]);
    return sum;
}

static int unplaced_of(const struct tiny *t, const struct tiny_stay *stay, int n, int s)
{
    const struct tiny_programme *g = &t->programme[t->student[s].programme];
    int weeks = 0, picked = 0, left[ROTATIONS_MOST], lefts = 0;
    for (int r = 0; r < g->rotations; r++) {
        bool placed = find(stay, n, s, r) != NULL;
        if ((g->choice >> r & 1) == 0) {
            weeks += placed ? 0 : g->rotation[r].weeks;
            continue;
        }
        picked += placed;
        if (!placed)
            left[lefts++] = g->rotation[r].weeks;
    }
    for (int i = 0; i < lefts; i++)
        for (int j = i + 1; j < lefts; j++)
            if (left[j] < left[i]) {
                int swap = left[i];
                left[i] = left[j];
                left[j] = swap;
            }
    for (int i = 0; g->choice != 0 && i < g->pick - picked && i < lefts; i++)
        weeks += left[i];
    return weeks;
}

void tiny_measure(const struct tiny *t, const struct tiny_stay *stay, int n, int64_t m[MEASURE_COUNT])
{
    memset(m, 0, MEASURE_COUNT * sizeof *m);
    for (int s = 0; s < t->students; s++) {
        int64_t regret = tiny_regret(t, stay, n, s);
        m[REGRET] += regret;
        m[WORST] = MAX(m[WORST], regret + t->student[s].burden);
        m[UNPLACED] += unplaced_of(t, stay, n, s);
        m[TRAVEL] += travels_of(t, stay, n, s);
        m[WAITING] += waits_of(t, stay, n, s);
        for (int o = 0; t->has_base && o < t->open; o++)
            m[CHANGES] += t->open_week[o] >= t->freeze && department_in(stay, n, s, o) != department_in(t->base, t->bases, s, o);
    }
    for (int d = 0; d < t->departments; d++) {
        const struct tiny_department *p = &t->department[d];
        struct tiny_quota everybody = { .group = NOTHING, .departments = 1u << d };
        int usual = p->limit != NOTHING ? MIN(p->capacity, p->limit) : p->capacity, least = 1000, most = -1;
        for (int o = 0; o < t->open; o++) {
            int load = load_of(t, stay, n, &everybody, o);
            m[UNDERSTAFFED] += MAX(minimum_at(t, d, o) - load, 0);
            if (capacity_at(t, d, o) != usual)
                continue;
            least = MIN(least, load);
            most = MAX(most, load);
        }
        m[SMOOTH] += most >= 0 ? most - least : 0;
    }
}

void tiny_level_values(const struct tiny *t, const int64_t m[MEASURE_COUNT], int64_t *value)
{
    for (int i = 0; i < t->levels; i++) {
        value[i] = 0;
        for (int k = 0; k < MEASURE_COUNT; k++)
            value[i] += t->level[i].weight[k] * m[k];
    }
}

/* ---- every plan -------------------------------------------------------------------------------------------------------- */

struct list {
    struct tiny_stay stay[STAYS_MOST];
    int n;
};
struct trying {
    struct tiny *t;
    struct tiny_truth *truth;
    struct list *own[STUDENTS_MOST]; /* what each student could do alone */
    size_t n[STUDENTS_MOST], cap[STUDENTS_MOST], tried, most, seen;
    struct tiny_stay stay[STUDENTS_MOST * STAYS_MOST];
    int stays;
};

static bool alone_is_fine(const struct trying *y, int s, const struct list *l)
{
    struct tiny_broken one[1];
    struct breaks b = { one, 0, 1 };
    for (int i = 0; i < l->n && b.n == 0; i++)
        rules_of_stay(y->t, &b, &l->stay[i]);
    if (b.n == 0)
        rules_of_student(y->t, &b, l->stay, l->n, s);
    return b.n == 0;
}

static void try_rotations(struct trying *y, int s, int r, struct list *l)
{
    const struct tiny *t = y->t;
    const struct tiny_programme *g = &t->programme[t->student[s].programme];
    if (y->tried > y->most)
        return;
    if (r == g->rotations) {
        y->tried++;
        if (!alone_is_fine(y, s, l))
            return;
        if (y->n[s] == y->cap[s]) {
            y->cap[s] = y->cap[s] > 0 ? y->cap[s] * 2 : 64;
            y->own[s] = realloc(y->own[s], y->cap[s] * sizeof *y->own[s]);
        }
        y->own[s][y->n[s]++] = *l;
        return;
    }
    if (t->allow_unplaced || ((g->choice | t->student[s].skip) >> r & 1) != 0)
        try_rotations(y, s, r + 1, l);
    if ((t->student[s].skip >> r & 1) != 0)
        return;
    for (int i = 0; i < g->rotation[r].departments; i++)
        for (int w = 0; w < t->weeks; w++) {
            struct tiny_stay x = { s, r, g->rotation[r].department[i], w, g->rotation[r].weeks, 0, 0 };
            tiny_stay_place(t, &x);
            bool free = !t->closed[w] && x.first + x.weeks <= t->open;
            for (int k = 0; k < l->n; k++)
                free = free && (x.end <= l->stay[k].first || l->stay[k].end <= x.first);
            if (!free)
                continue;
            l->stay[l->n++] = x;
            try_rotations(y, s, r + 1, l);
            l->n--;
        }
}

static void keep_plan(struct trying *y)
{
    struct tiny_truth *u = y->truth;
    int64_t m[MEASURE_COUNT];
    if (u->plans == u->cap) {
        u->cap = u->cap > 0 ? u->cap * 2 : 256;
        u->value = realloc(u->value, u->cap * sizeof *u->value);
    }
    tiny_measure(y->t, y->stay, y->stays, m);
    tiny_level_values(y->t, m, u->value[u->plans++]);
    if (tiny_random(y->t, (uint32_t)u->plans) == 0) {
        memcpy(u->sample, y->stay, sizeof u->sample);
        u->sample_n = y->stays;
    }
}

static void try_students(struct trying *y, int s)
{
    struct tiny_broken one[1];
    struct breaks b = { one, 0, 1 };
    if (y->tried > y->most)
        return;
    y->tried++;
    rules_of_places(y->t, &b, y->stay, y->stays); /* more students never make it better */
    if (b.n > 0)
        return;
    if (s == y->t->students) {
        rules_of_pairs(y->t, &b, y->stay, y->stays);
        if (b.n == 0)
            keep_plan(y);
        return;
    }
    for (size_t i = 0; i < y->n[s]; i++) {
        memcpy(y->stay + y->stays, y->own[s][i].stay, (size_t)y->own[s][i].n * sizeof *y->stay);
        y->stays += y->own[s][i].n;
        try_students(y, s + 1);
        y->stays -= y->own[s][i].n;
    }
}

void tiny_try_all(struct tiny *t, size_t most, struct tiny_truth *truth)
{
    struct trying y = { .t = t, .truth = truth, .most = most };
    *truth = (struct tiny_truth){ 0 };
    for (int s = 0; s < t->students; s++) {
        struct list l = { .n = 0 };
        for (int i = 0; i < t->bases; i++) /* what no longer exists is in every plan */
            if (t->base[i].student == s && t->base[i].rotation == NOTHING && t->base[i].from < t->freeze)
                l.stay[l.n++] = t->base[i];
        try_rotations(&y, s, 0, &l);
    }
    if (y.tried <= most)
        try_students(&y, 0);
    truth->too_many = y.tried > most;
    for (int s = 0; s < t->students; s++)
        free(y.own[s]);
}

void tiny_truth_free(struct tiny_truth *truth)
{
    free(truth->value);
    *truth = (struct tiny_truth){ 0 };
}

int64_t tiny_least(const struct tiny *t, const struct tiny_truth *truth, const int64_t *value, int i)
{
    int64_t least = INT64_MAX;
    (void)t;
    for (size_t p = 0; p < truth->plans; p++) {
        bool allowed = true;
        for (int j = 0; j < i; j++)
            allowed = allowed && truth->value[p][j] <= value[j];
        if (allowed)
            least = MIN(least, truth->value[p][i]);
    }
    return least;
}
