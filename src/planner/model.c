/* Compiling a problem: calendar, cells, rows, courses, units, and the tables of what each student may do. */
#include "planner/model.h"

static void make_calendar(struct planner_model *m)
{
    const struct planner_problem *p = m->problem;
    m->weeks = p->weeks;
    m->week_of = ARENA_ARRAY(m->arena, (size_t)p->weeks, int);
    m->open_at = ARENA_ARRAY(m->arena, (size_t)p->weeks + 1, int);
    m->reach = ARENA_ARRAY(m->arena, (size_t)p->weeks + 1, int);
    for (int w = 0; w < p->weeks; w++) {
        m->open_at[w] = m->open;
        if (!p->closed[w])
            m->week_of[m->open++] = w;
    }
    m->open_at[p->weeks] = m->open;
    for (int o = m->open - 1; o >= 0; o--) {
        bool joined = o + 1 < m->open && (p->span_closed || m->week_of[o + 1] == m->week_of[o] + 1);
        m->reach[o] = joined ? m->reach[o + 1] + 1 : 1;
    }
}

int planner_model_open_from(const struct planner_model *m, int week)
{
    return m->open_at[MIN(MAX(week, 0), m->weeks)];
}

static int smallest(int capacity, int n, const struct planner_limit *limit)
{
    for (int i = 0; i < n; i++)
        capacity = MIN(capacity, limit[i].capacity);
    return capacity;
}

static void make_cell(struct planner_model *m, int d, int o)
{
    const struct planner_department *p = &m->problem->department[d];
    int week = m->week_of[o], capacity = p->capacity, minimum = p->minimum;
    int limits = p->limit_count;
    const struct planner_limit *limit = p->limit;
    for (int i = 0; i < p->exception_count; i++) {
        const struct planner_exception *x = &p->exception[i];
        if (x->off || week < x->from || week >= x->from + x->weeks)
            continue;
        if (x->capacity >= 0)
            capacity = x->capacity;
        if (x->minimum >= 0)
            minimum = x->minimum;
        if (x->has_limits) {
            limits = x->limit_count;
            limit = x->limit;
        }
    }
    size_t at = (size_t)d * (size_t)m->open + (size_t)o;
    m->capacity[at] = smallest(capacity, limits, limit);
    assert(m->capacity[at] >= 0 && minimum >= 0);
    m->minimum[at] = minimum;
    m->any_minimum = m->any_minimum || minimum > 0;
    m->smooth[at] = m->capacity[at] == smallest(p->capacity, p->limit_count, p->limit);
}

static void make_cells(struct planner_model *m)
{
    m->departments = m->problem->department_count;
    size_t n = (size_t)m->departments * (size_t)m->open;
    m->capacity = ARENA_ARRAY(m->arena, n, int);
    m->minimum = ARENA_ARRAY(m->arena, n, int);
    m->smooth = ARENA_ARRAY(m->arena, n, bool);
    for (int d = 0; d < m->departments; d++)
        for (int o = 0; o < m->open; o++)
            make_cell(m, d, o);
}

static bool in_group(const struct planner_student *s, int group)
{
    for (int i = 0; i < s->group_count; i++)
        if (s->group[i] == group)
            return true;
    return false;
}

static void add_row(struct planner_model *m, const int *of_kind, const struct planner_quota *q, int department,
                    int index)
{
    if (q->off)
        return;
    struct planner_row *r = &m->row[m->rows];
    *r = (struct planner_row){ .quota = q,
                               .shared = department < 0,
                               .department = department,
                               .index = index,
                               .first = planner_model_open_from(m, department < 0 ? q->from : 0),
                               .end = planner_model_open_from(m, department < 0 ? q->from + q->weeks : m->weeks),
                               .capacity = q->capacity };
    for (int k = 0; k < m->row_kinds; k++)
        m->row_counts[(size_t)m->rows * (size_t)m->row_kinds + (size_t)k] =
            q->all || in_group(&m->problem->student[of_kind[k]], q->group) != q->is_not;
    m->rows++;
}

static bool same_groups(const struct planner_student *a, const struct planner_student *b)
{
    return a->group_count == b->group_count &&
           (a->group_count == 0 || memcmp(a->group, b->group, (size_t)a->group_count * sizeof *a->group) == 0);
}

/* Students with the same list of groups are counted by the same rows; returns one student of each kind. */
static int *find_row_kinds(struct planner_model *m)
{
    const struct planner_student *all = m->problem->student;
    int *of_kind = NULL;
    size_t n = 0, cap = 0, slots = 64;
    while (slots < 2 * (size_t)m->students)
        slots *= 2;
    int *slot = ARENA_ARRAY(m->scratch, slots, int); /* kind + 1 */
    m->row_kind = ARENA_ARRAY(m->arena, (size_t)m->students, int);
    for (int s = 0; s < m->students; s++) {
        uint64_t h = 14695981039346656037u;
        for (int i = 0; i < all[s].group_count; i++)
            h = (h ^ (uint64_t)all[s].group[i]) * 1099511628211u;
        size_t at = (h ^ h >> 29) & (slots - 1);
        while (slot[at] > 0 && !same_groups(&all[of_kind[slot[at] - 1]], &all[s]))
            at = (at + 1) & (slots - 1);
        if (slot[at] == 0) {
            *ARENA_PUSH(m->scratch, of_kind, n, cap) = s;
            slot[at] = (int)n;
        }
        m->row_kind[s] = slot[at] - 1;
    }
    m->row_kinds = (int)n;
    return of_kind;
}

static void make_rows(struct planner_model *m)
{
    const struct planner_problem *p = m->problem;
    int most = p->shared_count, cells = 0;
    for (int d = 0; d < m->departments; d++)
        most += p->department[d].quota_count;
    m->row = ARENA_ARRAY(m->arena, (size_t)most, struct planner_row);
    const int *of_kind = most > 0 ? find_row_kinds(m) : NULL;
    m->row_counts = ARENA_ARRAY(m->arena, (size_t)most * (size_t)m->row_kinds, uint8_t);
    for (int d = 0; d < m->departments; d++)
        for (int i = 0; i < p->department[d].quota_count; i++)
            add_row(m, of_kind, &p->department[d].quota[i], d, i);
    for (int i = 0; i < p->shared_count; i++)
        add_row(m, of_kind, &p->shared[i], -1, i);
    m->department_row_first = ARENA_ARRAY(m->arena, (size_t)m->departments + 1, int);
    for (int r = 0; r < m->rows; r++)
        cells += m->row[r].quota->department_count;
    m->department_row = ARENA_ARRAY(m->arena, (size_t)cells, int);
    int n = 0;
    for (int d = 0; d < m->departments; d++) {
        m->department_row_first[d] = n;
        for (int r = 0; r < m->rows; r++)
            for (int i = 0; i < m->row[r].quota->department_count; i++)
                if (m->row[r].quota->department[i] == d)
                    m->department_row[n++] = r;
    }
    m->department_row_first[m->departments] = n;
    assert(m->rows <= most);
    assert(n == cells);
}

static int place_in(int *list, int *n, int value)
{
    for (int i = 0; i < *n; i++)
        if (list[i] == value)
            return i;
    list[*n] = value;
    return (*n)++;
}

static void make_options(struct planner_model *m, struct planner_course *c)
{
    const struct planner_programme *p = c->programme;
    int n = 0;
    for (int r = 0; r < c->rotations; r++)
        n += p->rotation[r].department_count;
    c->option = ARENA_ARRAY(m->arena, (size_t)n, struct planner_option);
    c->spot = ARENA_ARRAY(m->arena, (size_t)n, int);
    c->site = ARENA_ARRAY(m->arena, (size_t)n, int);
    c->option_first = ARENA_ARRAY(m->arena, (size_t)c->rotations + 1, int);
    for (int r = 0; r < c->rotations; r++) {
        c->option_first[r] = c->options;
        for (int k = 0; k < p->rotation[r].department_count; k++) {
            int d = p->rotation[r].department[k];
            c->option[c->options++] =
                (struct planner_option){ r, d, place_in(c->spot, &c->spots, d),
                                         place_in(c->site, &c->sites, m->problem->department[d].site) };
        }
    }
    c->option_first[c->rotations] = c->options;
    assert(c->options == n && c->spots <= n && c->sites <= c->spots);
}

static void make_windows(struct planner_model *m, struct planner_course *c)
{
    for (int r = 0; r < c->rotations; r++) {
        const struct planner_rotation *p = &c->programme->rotation[r];
        c->length[r] = p->weeks;
        c->lo[r] = p->earliest != PLANNER_WEEK_NONE ? planner_model_open_from(m, p->earliest) : 0;
        int end = p->latest_end != PLANNER_WEEK_NONE ? planner_model_open_from(m, p->latest_end) : m->open;
        c->hi[r] = end - p->weeks;
    }
}

static void make_course(struct planner_model *m, struct planner_course *c, int programme, uint64_t skip)
{
    const struct planner_programme *p = &m->problem->programme[programme];
    c->programme = p;
    c->rotations = p->rotation_count;
    c->active = (p->rotation_count == 64 ? UINT64_MAX : (UINT64_C(1) << p->rotation_count) - 1) & ~skip;
    c->length = ARENA_ARRAY(m->arena, (size_t)c->rotations, int);
    c->lo = ARENA_ARRAY(m->arena, (size_t)c->rotations, int);
    c->hi = ARENA_ARRAY(m->arena, (size_t)c->rotations, int);
    make_windows(m, c);
    make_options(m, c);
    c->required = c->active;
    c->choices = p->choice_count;
    c->choice_of = ARENA_ARRAY(m->arena, (size_t)c->choices, uint64_t);
    c->choice_pick = ARENA_ARRAY(m->arena, (size_t)c->choices, int);
    for (int i = 0; i < c->choices; i++) {
        c->choice_of[i] = p->choice[i].of & c->active;
        c->choice_pick[i] = MIN(p->choice[i].pick, __builtin_popcountll(c->choice_of[i]));
        c->required &= ~p->choice[i].of;
    }
    c->order = ARENA_ARRAY(m->arena, (size_t)p->order_count, struct planner_order);
    for (int i = 0; i < p->order_count; i++)
        if ((c->active >> p->order[i].before & 1) != 0 && (c->active >> p->order[i].after & 1) != 0)
            c->order[c->orders++] = p->order[i];
}

/* One course per programme and set of skipped rotations; students mostly skip none. */
struct courses {
    struct planner_course *course;
    uint64_t *skip;
    size_t n, course_cap, skips, skip_cap;
};

static int course_for(struct planner_model *m, struct courses *list, int programme, uint64_t skip)
{
    const struct planner_programme *p = &m->problem->programme[programme];
    for (size_t c = 0; c < list->n; c++)
        if (list->course[c].programme == p && list->skip[c] == skip)
            return (int)c;
    struct planner_course *c = ARENA_PUSH(m->scratch, list->course, list->n, list->course_cap);
    *ARENA_PUSH(m->scratch, list->skip, list->skips, list->skip_cap) = skip;
    memset(c, 0, sizeof *c);
    make_course(m, c, programme, skip);
    return (int)list->n - 1;
}

/* Pairs that name no rotations become units as long as they share no student with an earlier one and ask the same. */
static bool pair_merges(const struct planner_model *m, const struct planner_pair *pair)
{
    const struct planner_problem *p = m->problem;
    if (pair->apart || pair->names_rotations || pair->off)
        return false;
    for (int i = 0; i < pair->student_count; i++) {
        const struct planner_student *s = &p->student[pair->student[i]], *first = &p->student[pair->student[0]];
        if (s->old != 0 && !s->free_of_freeze)
            return false; /* what is past need not be shared */
        if (m->unit_of[pair->student[i]] >= 0 || s->programme != first->programme || s->skip != first->skip)
            return false;
    }
    return true;
}

static void make_units(struct planner_model *m)
{
    const struct planner_problem *p = m->problem;
    struct courses list = { 0 };
    int *self = ARENA_ARRAY(m->arena, (size_t)m->students, int);
    m->unit = ARENA_ARRAY(m->arena, (size_t)m->students, struct planner_unit);
    m->unit_of = ARENA_ARRAY(m->arena, (size_t)m->students, int);
    for (int s = 0; s < m->students; s++) {
        self[s] = s;
        m->unit_of[s] = -1;
    }
    for (int i = 0; i < p->pair_count; i++) {
        const struct planner_pair *pair = &p->pair[i];
        if (!pair_merges(m, pair))
            continue;
        const struct planner_student *s = &p->student[pair->student[0]];
        m->unit[m->units] = (struct planner_unit){ course_for(m, &list, s->programme, s->skip), pair->student_count,
                                                   pair->student, i };
        for (int k = 0; k < pair->student_count; k++)
            m->unit_of[pair->student[k]] = m->units;
        m->units++;
    }
    for (int s = 0; s < m->students; s++) {
        if (m->unit_of[s] >= 0)
            continue;
        m->unit[m->units] =
            (struct planner_unit){ course_for(m, &list, p->student[s].programme, p->student[s].skip), 1, &self[s], -1 };
        m->unit_of[s] = m->units++;
    }
    m->courses = (int)list.n;
    m->course = ARENA_ARRAY(m->arena, list.n, struct planner_course);
    if (list.n > 0)
        memcpy(m->course, list.course, list.n * sizeof *m->course);
    assert(m->courses <= m->students);
}

static bool pair_binds(const struct planner_model *m, const struct planner_pair *pair)
{
    bool one = true;
    for (int k = 1; k < pair->student_count; k++)
        one = one && m->unit_of[pair->student[k]] == m->unit_of[pair->student[0]];
    return !pair->off && (pair->apart || !one);
}

/* Whether the k-th student's unit stands in the pair earlier. */
static bool known_before(const struct planner_model *m, const struct planner_pair *pair, int k)
{
    for (int i = 0; i < k; i++)
        if (m->unit_of[pair->student[i]] == m->unit_of[pair->student[k]])
            return true;
    return false;
}

static void make_unit_pairs(struct planner_model *m)
{
    const struct planner_problem *p = m->problem;
    int *first = m->unit_pair_first = ARENA_ARRAY(m->arena, (size_t)m->units + 1, int);
    for (int turn = 0; turn < 2; turn++) { /* counted, then filled in from the ends */
        for (int i = p->pair_count; i-- > 0;)
            for (int k = 0; pair_binds(m, &p->pair[i]) && k < p->pair[i].student_count; k++)
                if (!known_before(m, &p->pair[i], k)) {
                    if (turn == 0)
                        first[m->unit_of[p->pair[i].student[k]]]++;
                    else
                        m->unit_pair[--first[m->unit_of[p->pair[i].student[k]]]] = i;
                }
        if (turn == 1)
            break;
        for (int u = 1; u <= m->units; u++)
            first[u] += first[u - 1];
        m->unit_pair = ARENA_ARRAY(m->arena, (size_t)first[m->units], int);
    }
}

/* The rows that count in a course's departments, each once. */
static void make_course_rows(struct planner_model *m)
{
    bool *known = ARENA_ARRAY(m->scratch, (size_t)m->rows, bool);
    for (int i = 0; i < m->courses; i++) {
        struct planner_course *c = &m->course[i];
        c->row = ARENA_ARRAY(m->arena, (size_t)m->rows, int);
        for (int k = 0; k < c->spots; k++)
            for (int n = m->department_row_first[c->spot[k]]; n < m->department_row_first[c->spot[k] + 1]; n++)
                if (!known[m->department_row[n]]) {
                    known[m->department_row[n]] = true;
                    c->row[c->rows++] = m->department_row[n];
                }
        for (int k = 0; k < c->rows; k++)
            known[c->row[k]] = false;
    }
}

static void make_base(struct planner_model *m)
{
    const struct planner_problem *p = m->problem;
    if (!p->has_base)
        return;
    m->freeze = planner_model_open_from(m, p->freeze);
    size_t n = (size_t)m->students * (size_t)m->open;
    m->base = ARENA_ARRAY(m->arena, n, int32_t);
    for (size_t i = 0; i < n; i++)
        m->base[i] = -1;
    for (int i = 0; i < p->base_count; i++) {
        const struct planner_placement *b = &p->base[i];
        int from = planner_model_open_from(m, b->from);
        for (int o = from; o < MIN(from + b->weeks, m->open); o++)
            m->base[(size_t)b->student * (size_t)m->open + (size_t)o] = b->department;
    }
    for (int s = 0; s < m->students; s++)
        for (int o = m->freeze; o < m->open; o++)
            m->changes_constant += m->base[(size_t)s * (size_t)m->open + (size_t)o] >= 0;
}

int planner_model_changes(const struct planner_model *m, int s, int d, int from, int n)
{
    int sum = 0;
    if (m->base == NULL)
        return 0;
    for (int o = MAX(from, m->freeze); o < from + n; o++) {
        int b = m->base[(size_t)s * (size_t)m->open + (size_t)o];
        sum += b < 0 ? 1 : b == d ? -1 : 0;
    }
    return sum;
}

static int ranked_regret(const struct planner_wish *w, int item)
{
    int k = 0;
    while (k < w->count && w->item[k] != item)
        k++;
    int64_t r = (int64_t)w->weight * k * (k + 1) / 2;
    return (int)MIN(r, (int64_t)1 << 30);
}

int planner_model_wish_regret(const struct planner_model *m, const struct planner_course *c,
                              const struct planner_wish *w, const struct planner_option *o, int from)
{
    int last = m->week_of[from + c->length[o->rotation] - 1];
    switch (w->kind) {
    case PLANNER_WISH_DEPARTMENT:
        return w->about == o->rotation ? ranked_regret(w, o->department) : 0;
    case PLANNER_WISH_CHOICE:
        return (c->choice_of[w->about] >> o->rotation & 1) != 0 ? ranked_regret(w, o->rotation) : 0;
    case PLANNER_WISH_WINDOW:
        return w->about == o->rotation && (m->week_of[from] < w->from || last >= w->until) ? 3 * w->weight : 0;
    case PLANNER_WISH_COSTS:
        for (int i = 0; w->about == o->rotation && i < w->count; i++)
            if (w->item[i] == o->department)
                return w->cost[i];
    }
    return 0;
}

struct planner_model *planner_model_make(struct arena *a, struct arena *scratch, const struct planner_problem *p)
{
    struct planner_model *m = ARENA_NEW(a, struct planner_model);
    bool mine = scratch->used_bytes == 0; /* else the caller has something there: it frees all in the end */
    m->arena = a;
    m->scratch = scratch;
    m->problem = p;
    m->students = p->student_count;
    make_calendar(m);
    make_cells(m);
    make_rows(m);
    make_units(m);
    make_unit_pairs(m);
    make_course_rows(m);
    make_base(m);
    planner_model_students(m);
    if (mine)
        arena_free(scratch);
    assert(m->open <= m->weeks && m->units <= m->students);
    return m;
}

bool planner_course_complete(const struct planner_course *c, uint64_t placed)
{
    if ((placed & c->required) != c->required)
        return false;
    for (int i = 0; i < c->choices; i++)
        if (__builtin_popcountll(placed & c->choice_of[i]) != c->choice_pick[i])
            return false;
    return true;
}

int planner_course_unplaced(const struct planner_course *c, uint64_t placed)
{
    int sum = 0;
    for (int r = 0; r < c->rotations; r++)
        if ((c->required & ~placed) >> r & 1)
            sum += c->length[r];
    for (int i = 0; i < c->choices; i++) {
        uint64_t left = c->choice_of[i] & ~placed;
        for (int k = __builtin_popcountll(placed & c->choice_of[i]); k < c->choice_pick[i]; k++) {
            int best = -1;
            for (int r = 0; r < c->rotations; r++)
                if ((left >> r & 1) != 0 && (best < 0 || c->length[r] < c->length[best]))
                    best = r;
            assert(best >= 0);
            left &= ~(UINT64_C(1) << best);
            sum += c->length[best];
        }
    }
    return sum;
}
