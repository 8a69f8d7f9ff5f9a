/* What the levels measure, and what became of each student's wishes. See plan.h. */
#include "check/plan.h"

static int64_t triangle(int64_t weight, int64_t rank)
{
    return check_mul(weight, rank * (rank + 1) / 2);
}

bool check_wish_is_about(const struct model *m, int student, const struct wish *w, int rotation)
{
    const struct programme *g = &m->s->programme[m->s->student[student].programme];
    if (rotation == NONE)
        return false;
    return w->kind == WISH_CHOICE ? g->rotation[rotation].choice == w->about : rotation == w->about;
}

int64_t check_wish_regret(const struct model *m, const struct wish *w, int rotation, int department, int32_t first, int32_t end, int *rank)
{
    int k = 0, item = w->kind == WISH_CHOICE ? rotation : department;
    assert(rotation != NONE && first <= end);
    *rank = NONE;
    if (w->kind == WISH_WINDOW) {
        bool kept = first < end && m->week_of[first] >= w->from && m->week_of[end - 1] < w->until;
        return kept ? 0 : check_mul(w->weight, 3);
    }
    while (k < w->items && w->item[k] != item)
        k++;
    if (w->kind == WISH_COSTS)
        return k < w->items ? w->cost[k] : 0;
    *rank = k;
    return triangle(w->weight, k);
}

static int32_t travels(const struct plan *p, int i)
{
    int32_t n = 0;
    for (size_t k = p->begin[i] + 1; k < p->begin[i + 1]; k++)
        n += p->m->s->department[p->stay[k].department].site != p->m->s->department[p->stay[k - 1].department].site;
    return n;
}

static int32_t waits(const struct plan *p, int i)
{
    int32_t placed = 0, last = 0;
    for (size_t k = p->begin[i]; k < p->begin[i + 1]; k++) {
        placed += p->stay[k].end - p->stay[k].first;
        last = MAX(last, p->stay[k].end);
    }
    assert(placed >= 0 && last <= p->m->open);
    return MAX(last - placed, 0);
}

int64_t check_student_regret(const struct plan *p, int i)
{
    const struct student *t = &p->m->s->student[i];
    int64_t sum = check_add(check_mul(t->dislike_travel, travels(p, i)), check_mul(t->dislike_waiting, waits(p, i)));
    int rank;
    for (size_t k = p->begin[i]; k < p->begin[i + 1]; k++)
        for (int w = 0; w < t->wishes; w++) {
            const struct stay *x = &p->stay[k];
            if (check_wish_is_about(p->m, i, &t->wish[w], x->rotation))
                sum = check_add(sum, check_wish_regret(p->m, &t->wish[w], x->rotation, x->department, x->first, x->end, &rank));
        }
    return sum;
}

/* Open weeks of required rotations not placed, and of the shortest that would complete a choice. */
static int64_t unplaced_of(const struct plan *p, int i)
{
    const struct programme *g = &p->m->s->programme[p->m->s->student[i].programme];
    uint64_t placed = 0;
    int64_t weeks = 0;
    for (size_t k = p->begin[i]; k < p->begin[i + 1]; k++)
        if (p->stay[k].rotation != NONE)
            placed |= UINT64_C(1) << p->stay[k].rotation;
    for (int r = 0; r < g->rotations; r++)
        if (g->rotation[r].choice == NONE && (placed >> r & 1) == 0)
            weeks += g->rotation[r].weeks;
    for (int c = 0; c < g->choices; c++) {
        uint64_t left = g->choice[c].of & ~placed;
        for (int k = __builtin_popcountll(g->choice[c].of & placed); k < g->choice[c].pick && left != 0; k++) {
            int best = NONE;
            for (int r = 0; r < g->rotations; r++)
                if ((left >> r & 1) != 0 && (best == NONE || g->rotation[r].weeks < g->rotation[best].weeks))
                    best = r;
            assert(best != NONE && best < g->rotations); /* what is left of a choice is of the programme */
            weeks += g->rotation[best].weeks;
            left &= ~(UINT64_C(1) << best);
        }
    }
    return weeks;
}

/* Open weeks from the freeze date on in which the department differs from the base plan's. */
static int64_t changes_of(const struct plan *p, int i)
{
    const struct model *m = p->m;
    int64_t n = 0;
    if (m->base == NULL)
        return 0;
    assert(m->freeze >= 0 && m->freeze <= m->open);
    const int32_t *base = m->base + (size_t)i * (size_t)m->open;
    size_t k = p->begin[i];
    for (int32_t t = m->freeze; t < m->open; t++) {
        while (k < p->begin[i + 1] && p->stay[k].end <= t)
            k++;
        int32_t d = k < p->begin[i + 1] && p->stay[k].first <= t ? p->stay[k].department : NONE;
        n += d != base[t];
    }
    return n;
}

bool check_is_told(const struct plan *p, int student)
{
    return changes_of(p, student) > 0;
}

void check_measure(const struct plan *p, int64_t value[static MEASURES])
{
    const struct model *m = p->m;
    const struct source *s = m->s;
    memset(value, 0, MEASURES * sizeof *value);
    for (int i = 0; i < s->students; i++) {
        int64_t regret = check_student_regret(p, i);
        value[REGRET] = check_add(value[REGRET], regret);
        value[WORST] = MAX(value[WORST], check_add(regret, s->student[i].burden));
        value[UNPLACED] += unplaced_of(p, i);
        value[CHANGES] += changes_of(p, i);
        value[TRAVEL] += travels(p, i);
        value[WAITING] += waits(p, i);
    }
    for (int d = 0; d < s->departments; d++) {
        int32_t least = INT32_MAX, most = 0;
        for (int32_t t = 0; t < m->open; t++) {
            size_t at = check_cell(m, d, t);
            value[UNDERSTAFFED] += MAX(m->min[at] - p->load[at], 0);
            if (!m->smooth[at])
                continue;
            least = MIN(least, p->load[at]);
            most = MAX(most, p->load[at]);
        }
        value[SMOOTH] += least <= most ? most - least : 0;
    }
    for (int k = 0; k < MEASURES; k++)
        assert(value[k] >= 0);
}

int64_t check_level_value(const struct level *v, const int64_t value[static MEASURES])
{
    int64_t sum = 0;
    for (int k = 0; k < MEASURES; k++)
        sum = check_add(sum, check_mul(v->weight[k], value[k]));
    assert(sum >= 0); /* it ends at the largest number instead of beyond it */
    return sum;
}

/* ---- receipts -------------------------------------------------------------------------------------------------- */

/* How many students put an item first, by what the wish is about and the item's name: wishes of several programmes for the
 * same thing count together. */
struct firsts {
    struct map index;
    int64_t *count;
    int *last; /* the student counted last: nobody counts twice */
    size_t n, cap, last_n, last_cap;
};

static struct str first_key(struct arena *a, const struct source *s, int student, const struct wish *w, int item)
{
    const struct programme *g = &s->programme[s->student[student].programme];
    struct str about = w->kind == WISH_CHOICE ? g->choice[w->about].id : g->rotation[w->about].id;
    struct str what = w->kind == WISH_CHOICE ? g->rotation[item].id : s->department[item].id;
    return arena_printf(a, "%c%zu:%.*s%.*s", w->kind == WISH_CHOICE ? 'c' : 'd', about.n, STR_ARG(about), STR_ARG(what));
}

static bool is_ranked(const struct wish *w)
{
    return w->kind == WISH_DEPARTMENT || w->kind == WISH_CHOICE;
}

static void count_firsts(struct arena *a, const struct source *s, struct firsts *f)
{
    f->index = map_make(a, 7);
    for (int i = 0; i < s->students; i++)
        for (int k = 0; k < s->student[i].wishes; k++) {
            const struct wish *w = &s->student[i].wish[k];
            if (!is_ranked(w) || w->items == 0)
                continue;
            struct str key = first_key(a, s, i, w, w->item[0]);
            if (map_put(&f->index, key, (int64_t)f->n)) {
                *ARENA_PUSH(a, f->count, f->n, f->cap) = 0;
                *ARENA_PUSH(a, f->last, f->last_n, f->last_cap) = NONE;
            }
            int64_t at = map_get(&f->index, key, 0);
            assert(at >= 0 && (size_t)at < f->n && f->n == f->last_n);
            f->count[at] += f->last[at] != i;
            f->last[at] = i;
        }
}

static void fill_wish(struct arena *a, const struct plan *p, const struct firsts *f, int i, size_t k, struct check_wish *out)
{
    const struct source *s = p->m->s;
    const struct wish *w = &s->student[i].wish[k];
    int32_t *ranks = w->kind == WISH_CHOICE ? ARENA_ARRAY(a, p->begin[i + 1] - p->begin[i], int32_t) : NULL;
    *out = (struct check_wish){ .wish = k, .rank = NONE, .ranks = ranks };
    for (size_t j = p->begin[i]; j < p->begin[i + 1]; j++) {
        const struct stay *x = &p->stay[j];
        int rank;
        if (!check_wish_is_about(p->m, i, w, x->rotation))
            continue;
        out->placed = true;
        out->regret = check_add(out->regret, check_wish_regret(p->m, w, x->rotation, x->department, x->first, x->end, &rank));
        if (!is_ranked(w))
            continue;
        struct str key = first_key(a, s, i, w, w->kind == WISH_CHOICE ? x->rotation : x->department);
        int64_t at = map_get(&f->index, key, NONE);
        out->wanted_by += at != NONE ? f->count[at] : 0;
        out->rank = ranks == NULL ? rank : NONE;
        if (ranks != NULL) {
            size_t to = out->rank_n++;
            for (; to > 0 && ranks[to - 1] > rank; to--)
                ranks[to] = ranks[to - 1];
            ranks[to] = rank;
        }
    }
    assert(out->rank_n <= p->begin[i + 1] - p->begin[i]);
}

const struct check_receipt *check_receipts(struct arena *a, const struct plan *p)
{
    const struct source *s = p->m->s;
    struct check_receipt *receipt = ARENA_ARRAY(a, (size_t)s->students, struct check_receipt);
    struct firsts f = { 0 };
    count_firsts(a, s, &f);
    for (int i = 0; i < s->students; i++) {
        struct check_wish *wish = ARENA_ARRAY(a, (size_t)s->student[i].wishes, struct check_wish);
        for (int k = 0; k < s->student[i].wishes; k++)
            fill_wish(a, p, &f, i, (size_t)k, &wish[k]);
        receipt[i] = (struct check_receipt){ s->student[i].id, check_student_regret(p, i), wish, (size_t)s->student[i].wishes };
    }
    return receipt;
}
