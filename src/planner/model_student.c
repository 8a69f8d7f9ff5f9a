/* What each student may do and likes: two tables that those who are alike share. Access (which placements are allowed)
 * follows from the course, the row kind, and rules about one student; taste (what they bring) from the wishes. */
#include "planner/model.h"

struct pin {
    int department, from;
    bool given;
};

/* Finds equal entries among many: open addressing over numbers of entries. */
struct table {
    int32_t *slot; /* entry + 1 */
    size_t slots;
};

struct builder {
    struct planner_model *m;
    struct arena *scratch;
    struct table tastes, accesses;
    size_t taste_n, taste_cap, access_n, access_cap;
    struct planner_taste **taste;
    struct planner_access **access;
    int *taste_course, *access_course; /* of each entry */
    size_t taste_courses, taste_course_cap, access_courses, access_course_cap;
    uint64_t **base; /* [course * row_kinds + kind]: what a single student without rules of his own may have */
    struct planner_access **plain; /* the same, as an entry */
    struct pin **pins; /* per student; NULL without */
    int32_t *regret;   /* scratch, the longest course's options */
    uint64_t *bits;
    uint8_t *away;
    struct planner_window *window;
    size_t window_cap;
};

static uint64_t mix(uint64_t h, const void *bytes, size_t n)
{
    const unsigned char *at = bytes;
    for (; n >= 8; n -= 8, at += 8) {
        uint64_t x;
        memcpy(&x, at, 8);
        h = (h ^ x) * 1099511628211u;
        h ^= h >> 32;
    }
    for (size_t i = 0; i < n; i++)
        h = (h ^ at[i]) * 1099511628211u;
    return h ^ h >> 29;
}

static struct table table_make(struct arena *a, int most)
{
    struct table t = { .slots = 64 };
    while (t.slots < 2 * (size_t)most)
        t.slots *= 2;
    t.slot = ARENA_ARRAY(a, t.slots, int32_t);
    return t;
}

/* ---- access ------------------------------------------------------------------------------------- */

/* Whether the cells of a placement have room for the whole unit at all. */
static bool cells_fit(const struct planner_model *m, const struct planner_unit *u, int d, int from, int n)
{
    for (int o = from; o < from + n; o++) {
        if (m->capacity[(size_t)d * (size_t)m->open + (size_t)o] < u->size)
            return false;
        for (int i = m->department_row_first[d]; i < m->department_row_first[d + 1]; i++) {
            const struct planner_row *row = &m->row[m->department_row[i]];
            int heads = 0;
            for (int k = 0; k < u->size; k++)
                heads += planner_model_counts(m, m->department_row[i], u->student[k]);
            if (o >= row->first && o < row->end && row->capacity < heads)
                return false;
        }
    }
    return true;
}

static void fill_base(const struct planner_model *m, const struct planner_unit *u, uint64_t *bits)
{
    const struct planner_course *c = &m->course[u->course];
    memset(bits, 0, (size_t)c->options * m->words * sizeof *bits);
    for (int o = 0; o < c->options; o++) {
        int r = c->option[o].rotation, n = c->length[r];
        if ((c->active >> r & 1) == 0)
            continue;
        for (int t = MAX(c->lo[r], 0); t <= MIN(c->hi[r], m->open - 1); t++)
            if (m->reach[t] >= n && cells_fit(m, u, c->option[o].department, t, n))
                bits[(size_t)o * m->words + (size_t)t / 64] |= UINT64_C(1) << (t % 64);
    }
}

/* Where a student's rotations are pinned: fixed placements, and base placements before the freeze date. */
static struct pin *pins_of(struct builder *b, int s)
{
    const struct planner_student *t = &b->m->problem->student[s];
    int rotations = b->m->problem->programme[t->programme].rotation_count;
    if (b->pins[s] == NULL)
        b->pins[s] = ARENA_ARRAY(b->scratch, (size_t)rotations, struct pin);
    return b->pins[s];
}

static void find_pins(struct builder *b, int s)
{
    const struct planner_problem *p = b->m->problem;
    const struct planner_student *t = &p->student[s];
    for (int i = 0; i < t->fixed_count; i++)
        if (!t->fixed[i].off && (t->skip >> t->fixed[i].rotation & 1) == 0) {
            int from = t->fixed[i].from;
            bool open = from >= 0 && from < b->m->weeks && !p->closed[from];
            pins_of(b, s)[t->fixed[i].rotation] =
                (struct pin){ t->fixed[i].department, open ? b->m->open_at[from] : -1, true };
        }
}

static void pin_base(struct builder *b)
{
    const struct planner_problem *p = b->m->problem;
    for (int i = 0; i < p->base_count; i++) {
        const struct planner_placement *x = &p->base[i];
        const struct planner_student *t = &p->student[x->student];
        if (x->rotation < 0 || x->from >= p->freeze || t->free_of_freeze || (t->skip >> x->rotation & 1) != 0)
            continue;
        bool open = x->from >= 0 && x->from < b->m->weeks && !p->closed[x->from];
        struct pin *at = &pins_of(b, x->student)[x->rotation];
        bool whole = x->weeks == p->programme[t->programme].rotation[x->rotation].weeks;
        int from = open && whole ? b->m->open_at[x->from] : -1;
        bool clash = at->given && (at->department != x->department || at->from != from);
        *at = (struct pin){ x->department, clash ? -1 : from, true };
    }
}

static int enter_from(const struct planner_model *m, const struct planner_student *t, int d)
{
    int from = 0;
    for (int i = 0; i < t->enter_count; i++)
        if (!t->enter[i].off && (t->enter[i].department < 0 || t->enter[i].department == d))
            from = MAX(from, planner_model_open_from(m, t->enter[i].from));
    return from;
}

static bool find_away(struct builder *b, const struct planner_student *t)
{
    const struct planner_model *m = b->m;
    bool any = false;
    memset(b->away, 0, (size_t)m->open);
    for (int i = 0; i < t->away_count; i++) {
        if (t->away[i].off)
            continue;
        any = true;
        int end = planner_model_open_from(m, t->away[i].from + t->away[i].weeks);
        for (int o = planner_model_open_from(m, t->away[i].from); o < end; o++)
            b->away[o] = 1;
    }
    return any;
}

/* Takes out of the set what rules about this student alone forbid. */
static void forbid_own(const struct builder *b, int s, const struct planner_course *c, bool away, uint64_t *bits)
{
    const struct planner_model *m = b->m;
    const struct planner_student *t = &m->problem->student[s];
    for (int o = 0; o < c->options; o++) {
        int r = c->option[o].rotation, d = c->option[o].department;
        const struct pin *pin = b->pins[s] != NULL && b->pins[s][r].given ? &b->pins[s][r] : NULL;
        int lo = enter_from(m, t, d);
        if (m->base != NULL && !t->free_of_freeze && pin == NULL)
            lo = MAX(lo, m->freeze);
        for (int from = 0; from < m->open; from++) {
            bool may = from >= lo && (pin == NULL || (pin->department == d && pin->from == from));
            for (int w = from; away && may && w < MIN(from + c->length[r], m->open); w++)
                may = !b->away[w];
            if (!may)
                bits[(size_t)o * m->words + (size_t)from / 64] &= ~(UINT64_C(1) << (from % 64));
        }
    }
}

static bool same_access(const struct planner_model *m, const struct planner_access *a, const uint64_t *bits, size_t n,
                        const uint8_t *away)
{
    return memcmp(a->allowed, bits, n * sizeof *bits) == 0 && (a->is_away != NULL) == (away != NULL) &&
           (away == NULL || memcmp(a->is_away, away, (size_t)m->open) == 0);
}

/* The entry with this content, made if there is none yet. */
static struct planner_access *access_for(struct builder *b, int course, const uint64_t *bits, const uint8_t *away)
{
    struct planner_model *m = b->m;
    size_t n = (size_t)m->course[course].options * m->words;
    uint64_t h = mix(14695981039346656037u + (uint64_t)course, bits, n * sizeof *bits);
    h = away != NULL ? mix(h, away, (size_t)m->open) : h;
    size_t at = h & (b->accesses.slots - 1);
    for (; b->accesses.slot[at] > 0; at = (at + 1) & (b->accesses.slots - 1)) {
        size_t i = (size_t)b->accesses.slot[at] - 1;
        if (b->access_course[i] == course && same_access(m, b->access[i], bits, n, away))
            return b->access[i];
    }
    struct planner_access *x = ARENA_NEW(m->arena, struct planner_access);
    x->allowed = ARENA_ARRAY(m->arena, n, uint64_t);
    if (n > 0)
        memcpy(x->allowed, bits, n * sizeof *bits);
    if (away != NULL) {
        x->is_away = ARENA_ARRAY(m->arena, (size_t)m->open, uint8_t);
        memcpy(x->is_away, away, (size_t)m->open);
    }
    *ARENA_PUSH(b->scratch, b->access, b->access_n, b->access_cap) = x;
    *ARENA_PUSH(b->scratch, b->access_course, b->access_courses, b->access_course_cap) = course;
    b->accesses.slot[at] = (int32_t)b->access_n;
    return x;
}

static struct planner_access *access_of(struct builder *b, int s, const struct planner_unit *u)
{
    const struct planner_model *m = b->m;
    const struct planner_student *t = &m->problem->student[s];
    const struct planner_course *c = &m->course[u->course];
    size_t key = (size_t)u->course * (size_t)MAX(m->row_kinds, 1) + (size_t)(m->row_kind != NULL ? m->row_kind[s] : 0);
    bool own = t->away_count > 0 || t->enter_count > 0 || b->pins[s] != NULL || m->base != NULL;
    size_t n = (size_t)c->options * m->words * sizeof *b->bits;
    if (u->size > 1) {
        fill_base(m, u, b->bits);
    } else {
        if (b->base[key] == NULL) {
            b->base[key] = ARENA_ARRAY(b->scratch, (size_t)c->options * m->words, uint64_t);
            fill_base(m, u, b->base[key]);
            b->plain[key] = access_for(b, u->course, b->base[key], NULL);
        }
        if (!own)
            return b->plain[key];
        memcpy(b->bits, b->base[key], n);
    }
    bool away = find_away(b, t);
    forbid_own(b, s, c, away, b->bits);
    return access_for(b, u->course, b->bits, away ? b->away : NULL);
}

/* ---- taste -------------------------------------------------------------------------------------- */

static int find_windows(struct builder *b, const struct planner_student *t, const struct planner_course *c)
{
    size_t n = 0;
    for (int i = 0; i < t->wish_count; i++) {
        const struct planner_wish *w = &t->wish[i];
        if (w->kind != PLANNER_WISH_WINDOW || w->about < 0)
            continue;
        int last = planner_model_open_from(b->m, w->until) - c->length[w->about];
        struct planner_window *x = ARENA_PUSH(b->scratch, b->window, n, b->window_cap);
        *x = (struct planner_window){ w->about, planner_model_open_from(b->m, w->from), last, 3 * w->weight };
    }
    return (int)n;
}

static bool same_taste(const struct planner_taste *a, const int32_t *regret, int options,
                       const struct planner_window *window, int windows)
{
    return memcmp(a->regret, regret, (size_t)options * sizeof *regret) == 0 && a->windows == windows &&
           (windows == 0 || memcmp(a->window, window, (size_t)windows * sizeof *window) == 0);
}

static struct planner_taste *taste_of(struct builder *b, int s, int course)
{
    struct planner_model *m = b->m;
    const struct planner_student *t = &m->problem->student[s];
    const struct planner_course *c = &m->course[course];
    for (int o = 0; o < c->options; o++) {
        int64_t sum = 0;
        for (int i = 0; i < t->wish_count; i++)
            if (t->wish[i].kind != PLANNER_WISH_WINDOW)
                sum += planner_model_wish_regret(m, c, &t->wish[i], &c->option[o], 0);
        b->regret[o] = (int32_t)MIN(sum, (int64_t)1 << 30);
    }
    int windows = find_windows(b, t, c);
    uint64_t h = mix(14695981039346656037u + (uint64_t)course, b->regret, (size_t)c->options * sizeof *b->regret);
    h = windows > 0 ? mix(h, b->window, (size_t)windows * sizeof *b->window) : h;
    size_t at = h & (b->tastes.slots - 1);
    for (; b->tastes.slot[at] > 0; at = (at + 1) & (b->tastes.slots - 1)) {
        size_t i = (size_t)b->tastes.slot[at] - 1;
        if (b->taste_course[i] == course && same_taste(b->taste[i], b->regret, c->options, b->window, windows))
            return b->taste[i];
    }
    struct planner_taste *x = ARENA_NEW(m->arena, struct planner_taste);
    x->regret = ARENA_ARRAY(m->arena, (size_t)c->options, int32_t);
    memcpy(x->regret, b->regret, (size_t)c->options * sizeof *x->regret);
    x->windows = windows;
    x->window = ARENA_ARRAY(m->arena, (size_t)windows, struct planner_window);
    if (windows > 0)
        memcpy(x->window, b->window, (size_t)windows * sizeof *x->window);
    *ARENA_PUSH(b->scratch, b->taste, b->taste_n, b->taste_cap) = x;
    *ARENA_PUSH(b->scratch, b->taste_course, b->taste_courses, b->taste_course_cap) = course;
    b->tastes.slot[at] = (int32_t)b->taste_n;
    return x;
}

/* ---- all of it ---------------------------------------------------------------------------------- */

void planner_model_students(struct planner_model *m)
{
    struct builder b = { .m = m, .scratch = m->scratch };
    size_t options = 0, students = (size_t)m->students;
    size_t bases = (size_t)m->courses * (size_t)MAX(m->row_kinds, 1);
    for (int i = 0; i < m->courses; i++)
        options = MAX(options, (size_t)m->course[i].options);
    m->words = ((size_t)m->open + 63) / 64;
    m->taste = ARENA_ARRAY(m->arena, students, struct planner_taste *);
    m->access = ARENA_ARRAY(m->arena, students, struct planner_access *);
    m->must = ARENA_ARRAY(m->arena, students, uint64_t);
    b.tastes = table_make(b.scratch, m->students);
    b.accesses = table_make(b.scratch, 2 * m->students); /* plain ones may belong to nobody else */
    b.base = ARENA_ARRAY(b.scratch, bases, uint64_t *);
    b.plain = ARENA_ARRAY(b.scratch, bases, struct planner_access *);
    b.pins = ARENA_ARRAY(b.scratch, students, struct pin *);
    b.regret = ARENA_ARRAY(b.scratch, options, int32_t);
    b.bits = ARENA_ARRAY(b.scratch, options * m->words, uint64_t);
    b.away = ARENA_ARRAY(b.scratch, (size_t)m->open, uint8_t);
    for (int s = 0; s < m->students; s++)
        find_pins(&b, s);
    pin_base(&b);
    for (int s = 0; s < m->students; s++) {
        const struct planner_unit *u = &m->unit[m->unit_of[s]];
        const struct planner_course *c = &m->course[u->course];
        m->taste[s] = taste_of(&b, s, u->course);
        m->access[s] = access_of(&b, s, u);
        for (int r = 0; b.pins[s] != NULL && r < c->rotations; r++)
            m->must[s] |= b.pins[s][r].given ? UINT64_C(1) << r & c->active : 0;
    }
    assert(b.taste_n <= students && b.access_n <= 2 * students);
}

static int32_t window_regret(const struct planner_taste *x, int rotation, int t, int32_t sum)
{
    int64_t all = sum;
    for (int i = 0; i < x->windows; i++)
        if (x->window[i].rotation == rotation && (t < x->window[i].first || t > x->window[i].last))
            all += x->window[i].regret;
    return (int32_t)MIN(all, (int64_t)1 << 30);
}

int32_t planner_model_regret(const struct planner_model *m, int s, int option, int t)
{
    const struct planner_course *c = &m->course[m->unit[m->unit_of[s]].course];
    const struct planner_taste *x = m->taste[s];
    assert(option >= 0 && option < c->options && t >= 0 && t < m->open);
    if (!planner_model_allows(m, s, option, t))
        return -1;
    return x->windows == 0 ? x->regret[option] : window_regret(x, c->option[option].rotation, t, x->regret[option]);
}

void planner_model_regrets(const struct planner_model *m, int s, int32_t *out)
{
    const struct planner_course *c = &m->course[m->unit[m->unit_of[s]].course];
    for (int o = 0; o < c->options; o++)
        for (int t = 0; t < m->open; t++)
            *out++ = planner_model_regret(m, s, o, t);
}

void planner_model_forbid(struct planner_model *m, int s, int option, int t)
{
    const struct planner_course *c = &m->course[m->unit[m->unit_of[s]].course];
    size_t n = (size_t)c->options * m->words;
    if (!planner_model_allows(m, s, option, t))
        return;
    if (!m->access[s]->own) {
        struct planner_access *own = ARENA_NEW(m->arena, struct planner_access);
        *own = (struct planner_access){ .is_away = m->access[s]->is_away, .own = true };
        own->allowed = ARENA_ARRAY(m->arena, n, uint64_t);
        memcpy(own->allowed, m->access[s]->allowed, n * sizeof *own->allowed);
        m->access[s] = own;
    }
    m->access[s]->allowed[(size_t)option * m->words + (size_t)t / 64] &= ~(UINT64_C(1) << (t % 64));
}
