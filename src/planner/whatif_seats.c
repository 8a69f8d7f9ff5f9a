/* The value of one more seat. Where no proof names a price for a week, a seat more can't better the proven levels: the same
 * inequality holds with it. So only stays that touch a priced week are tried: each is solved again from the plan in hand, with
 * the same work as the plan itself gets once more, so that nothing is put down to a seat that more work alone would bring. */
#include "planner/change.h"
#include "planner/whatif.h"

#include <stdlib.h>

enum { SEATS_TRIED_MOST = 60, PRICE_ONE = 1024, SHARE = 8, LENGTH_MOST = 520 };
static const uint64_t TRIAL_TICKS_LEAST = 3000, TRIAL_TICKS_MOST = 3000000;

struct pile {
    struct planner_seat *item;
    size_t n, cap;
};

/* The highest price of each cell in the leaves of a proof, in 1/1024 of the level. */
static void highest(const struct internplan *r, const struct planner_case *c, const struct planner_leaf *leaf, int64_t *price)
{
    if (c != NULL && c->yes != NULL) {
        highest(r, c->yes, NULL, price);
        highest(r, c->no, NULL, price);
        return;
    }
    leaf = c != NULL ? &c->leaf : leaf;
    for (size_t i = 0; leaf->cell != NULL && i < (size_t)r->model->departments * (size_t)r->model->open; i++)
        price[i] = MAX(price[i], (int64_t)((__int128)leaf->cell[i] * PRICE_ONE / MAX(leaf->scale, 1)));
}

static int64_t **prices_of(struct internplan *r)
{
    int levels = r->problem->level_count;
    int64_t **price = ARENA_ARRAY(&r->keep, (size_t)levels, int64_t *);
    for (int i = 0; i < levels; i++) {
        price[i] = ARENA_ARRAY(&r->keep, (size_t)r->model->departments * (size_t)r->model->open, int64_t);
        highest(r, r->proof[i].cases, &r->proof[i].leaf, price[i]);
    }
    return price;
}

/* Adds a stay where some level prices it; once. */
static void add(struct internplan *r, struct pile *p, int64_t *const *price, int d, int from, int end)
{
    struct planner_seat s = { .department = d, .from = from, .end = end, .first_level = -1, .level = -1 };
    for (int i = 0; s.first_level < 0 && i < r->problem->level_count; i++) {
        for (int t = from; t < end; t++)
            s.price += price[i][(size_t)d * (size_t)r->model->open + (size_t)t];
        if (s.price > 0)
            s.first_level = i;
    }
    for (size_t i = 0; i < p->n; i++)
        if (p->item[i].department == d && p->item[i].from == from && p->item[i].end == end)
            return;
    if (s.first_level >= 0)
        *ARENA_PUSH(&r->keep, p->item, p->n, p->cap) = s;
}

/* Stays of every length that the department has, single weeks, and whole runs of priced weeks. */
static void add_department(struct internplan *r, struct pile *p, int64_t *const *price, int d)
{
    const struct planner_model *m = r->model;
    bool seen[LENGTH_MOST + 1] = { false };
    int most = MIN(m->open, (int)LENGTH_MOST);
    for (int c = 0; c < m->courses; c++)
        for (int o = 0; o < m->course[c].options; o++)
            if (m->course[c].option[o].department == d && m->course[c].length[m->course[c].option[o].rotation] <= most)
                seen[m->course[c].length[m->course[c].option[o].rotation]] = true;
    seen[1] = true;
    for (int length = 1; length <= most; length++)
        for (int t = 0; seen[length] && t + length <= m->open; t++)
            if (m->reach[t] >= length)
                add(r, p, price, d, t, t + length);
}

/* The most promising first: earlier levels, then higher prices, then the order of the file. */
static int compare(const void *a, const void *b)
{
    const struct planner_seat *x = a, *y = b;
    if (x->first_level != y->first_level)
        return x->first_level < y->first_level ? -1 : 1;
    if (x->price != y->price)
        return x->price > y->price ? -1 : 1;
    if (x->end - x->from != y->end - y->from)
        return x->end - x->from < y->end - y->from ? -1 : 1;
    if (x->department != y->department)
        return x->department < y->department ? -1 : 1;
    return x->from < y->from ? -1 : x->from > y->from;
}

/* The problem with the seat: one exception per run of equal old capacity. */
static const struct planner_problem *with_seat(struct internplan *r, const struct planner_seat *s)
{
    const struct planner_model *m = r->model;
    struct planner_change c = planner_change_make(&r->try, r->problem);
    const int *seats = m->capacity + (size_t)s->department * (size_t)m->open;
    for (int t = s->from, next; t < s->end; t = next) {
        for (next = t + 1; next < s->end && seats[next] == seats[t];)
            next++;
        if (seats[t] < PLANNER_NO_LIMIT)
            planner_change_seats(&c, s->department, m->week_of[t], m->week_of[next - 1] - m->week_of[t] + 1, seats[t] + 1);
    }
    return c.after;
}

/* What the seat brings against the plan as it is, level by level: the first that differs counts. */
static void judge(const struct planner_found *is, const struct planner_found *was, struct planner_seat *s)
{
    bool proven = true;
    for (int i = 0; is->found && i < is->levels; i++) {
        proven = proven && is->bound[i] >= is->value[i] && was->bound[i] >= was->value[i];
        if (is->value[i] == was->value[i])
            continue;
        if (is->value[i] > was->value[i])
            return; /* not even what is known was found again */
        s->level = i;
        s->gain = was->value[i] - is->value[i];
        s->proven = proven;
        return;
    }
}

/* A longer range says nothing that a shorter one inside it does not say. */
static void drop_longer(struct planner_whatif *w)
{
    int n = 0;
    for (int i = 0; i < w->seats; i++) {
        const struct planner_seat *x = &w->seat[i];
        bool drop = x->level < 0;
        for (int k = 0; !drop && k < w->seats; k++) {
            const struct planner_seat *y = &w->seat[k];
            drop = k != i && y->level >= 0 && y->department == x->department && y->from >= x->from && y->end <= x->end &&
                   y->end - y->from < x->end - x->from && (y->level < x->level || (y->level == x->level && y->gain >= x->gain));
        }
        w->seat[i].first_level = drop ? -1 : w->seat[i].first_level;
    }
    for (int i = 0; i < w->seats; i++)
        if (w->seat[i].first_level >= 0)
            w->seat[n++] = w->seat[i];
    w->seats = n;
}

static int by_place(const void *a, const void *b)
{
    const struct planner_seat *x = a, *y = b;
    if (x->department != y->department)
        return x->department < y->department ? -1 : 1;
    if (x->from != y->from)
        return x->from < y->from ? -1 : 1;
    return x->end < y->end ? -1 : x->end > y->end;
}

void planner_whatif_seats(struct internplan *r, struct planner_whatif *w)
{
    struct pile p = { 0 };
    uint64_t now = planner_run_ticks(r), left = r->options.budget_ticks > now ? r->options.budget_ticks - now : 0;
    assert(r->has_best && r->proof != NULL);
    int64_t *const *price = prices_of(r);
    for (int d = 0; d < r->model->departments; d++)
        add_department(r, &p, price, d);
    if (p.n > 0)
        qsort(p.item, p.n, sizeof *p.item, compare);
    int tried = (int)MIN(p.n, (size_t)SEATS_TRIED_MOST);
    w->seat = p.item;
    w->whole = p.n == (size_t)tried;
    uint64_t each = left * (SHARE - 1) / SHARE / (uint64_t)(tried + 1);
    each = MIN(MAX(each, TRIAL_TICKS_LEAST), TRIAL_TICKS_MOST);
    struct planner_found start = planner_find_best_now(r), was = { 0 };
    if (tried > 0)
        was = planner_find_better(r, r->problem, &start, each);
    for (int i = 0; i < tried && was.found; i++) {
        if (planner_run_over(r)) {
            w->whole = false;
            break;
        }
        arena_free(&r->try);
        struct planner_found is = planner_find_better(r, with_seat(r, &w->seat[i]), &was, each);
        judge(&is, &was, &w->seat[i]);
    }
    w->seats = tried;
    drop_longer(w);
    if (w->seats > 0)
        qsort(w->seat, (size_t)w->seats, sizeof *w->seat, by_place);
}
