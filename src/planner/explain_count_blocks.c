/* Counting whole blocks: price 1 on so few weeks that every block touches one of them. See count.h. */
#include "planner/count.h"

enum { WINDOWS_MOST = 24 };

/* Blocks of the chosen demands in one department (of a quota or pair: in any): for each first week, the earliest end. */
static bool find_blocks(const struct counting *c, const struct resource *x, int department, int shortest, int from, int end,
                        int *block_end)
{
    bool any = false;
    for (int t = 0; t < c->m->open; t++)
        block_end[t] = INT32_MAX;
    for (size_t i = 0; i < c->demands; i++) {
        const struct demand *d = &c->demand[i];
        if (planner_count_heads(c, x, d) == 0)
            continue;
        for (uint64_t set = d->set; set != 0; set &= set - 1) {
            int rotation = __builtin_ctzll(set), first, last, length = d->course->length[rotation];
            if (length < shortest || planner_count_part(c, x, d, rotation, &first, &last) != INSIDE || first < from ||
                last + length > end)
                continue;
            for (int o = d->course->option_first[rotation]; o < d->course->option_first[rotation + 1]; o++)
                for (int t = first; d->course->option[o].department == department && t <= last; t++)
                    if (planner_class_may(c->v, d->class, o, t)) {
                        block_end[t] = MIN(block_end[t], t + length);
                        any = true;
                    }
        }
    }
    return any;
}

/* The lightest weeks that touch every block: points[0..n). INT64_MAX where only weeks without limit would do. */
static int64_t lightest(const struct counting *c, const struct resource *x, int department, const int *block_end,
                        int *points, int *n)
{
    int open = c->m->open;
    int64_t *least = ARENA_ARRAY(c->a, (size_t)open, int64_t), best = INT64_MAX;
    int *before = ARENA_ARRAY(c->a, (size_t)open, int), *reach = ARENA_ARRAY(c->a, (size_t)open + 1, int), at = -1;
    /* reach[p]: the earliest end of a block that begins at p or later: the next point must come before it */
    reach[open] = INT32_MAX;
    for (int p = open; p-- > 0;)
        reach[p] = MIN(reach[p + 1], block_end[p]);
    for (int q = 0; q < open; q++) {
        least[q] = INT64_MAX;
        before[q] = -1;
        int64_t seats = planner_count_capacity(c, x, department, q);
        for (int p = -1; p < q && seats < PLANNER_NO_LIMIT; p++) {
            int64_t so_far = p < 0 ? 0 : least[p];
            if (so_far == INT64_MAX || q >= reach[p + 1] || so_far + seats >= least[q])
                continue;
            least[q] = so_far + seats;
            before[q] = p;
        }
        if (least[q] < best && reach[q + 1] == INT32_MAX) {
            best = least[q];
            at = q;
        }
    }
    for (*n = 0; best != INT64_MAX && at >= 0; at = before[at])
        points[(*n)++] = at;
    return best;
}

/* How often the chosen demands pay when every block of theirs is touched. */
static int64_t blocks_needed(const struct inside *in, size_t n, int shortest, int from, int end)
{
    int64_t sum = 0;
    for (size_t i = 0; i < n; i++) {
        int free_ones = 0;
        for (int k = 0; k < in[i].parts; k++)
            free_ones += in[i].length[k] < shortest || in[i].first[k] < from || in[i].last[k] + in[i].length[k] > end;
        sum += (int64_t)in[i].heads * MAX(in[i].pick - free_ones, 0);
    }
    return sum;
}

static void try_blocks(struct counting *c, const struct resource *x, const struct inside *in, size_t n, int shortest,
                       int from, int end)
{
    int64_t need = blocks_needed(in, n, shortest, from, end), weight = 0;
    int departments = c->m->departments, open = c->m->open;
    if (need == 0 || !planner_count_pays(c, (size_t)open * (size_t)open + n * (size_t)open))
        return;
    int *points = ARENA_ARRAY(c->a, (size_t)departments * (size_t)open, int), *count = ARENA_ARRAY(c->a, (size_t)departments, int);
    int *block_end = ARENA_ARRAY(c->a, (size_t)open, int), *all = ARENA_ARRAY(c->a, (size_t)open, int);
    bool merged = x->row >= 0, any = false;
    int only = -1;
    for (int t = 0; t < open; t++)
        all[t] = INT32_MAX;
    for (int d = 0; d < departments && weight < need; d++) {
        if (!x->department[d] || !find_blocks(c, x, d, shortest, from, end, block_end))
            continue;
        any = true;
        only = d;
        for (int t = 0; t < open; t++)
            all[t] = MIN(all[t], block_end[t]);
        if (!merged) {
            int64_t one = lightest(c, x, d, block_end, points + (size_t)d * (size_t)open, &count[d]);
            weight = one == INT64_MAX ? need : weight + one;
        }
    }
    if (merged && any) {
        int64_t one = lightest(c, x, only, all, points + (size_t)only * (size_t)open, &count[only]);
        weight = one == INT64_MAX ? need : one;
    }
    if (!any || !planner_count_take(c, need - weight, weight))
        return;
    for (int d = 0; d < departments; d++)
        for (int i = 0; i < count[d]; i++)
            planner_count_price(c, x, d, points[(size_t)d * (size_t)open + (size_t)i]);
}

static void add_once(int *list, int *n, int most, int value)
{
    for (int i = 0; i < *n; i++)
        if (list[i] == value)
            return;
    if (*n < most)
        list[(*n)++] = value;
}

void planner_count_blocks(struct counting *c, const struct resource *x, const struct inside *in, size_t n)
{
    int length[WINDOWS_MOST], first[WINDOWS_MOST], end[WINDOWS_MOST], lengths = 0, firsts = 1, ends = 1;
    first[0] = 0;
    end[0] = c->m->open;
    for (size_t i = 0; i < n; i++)
        for (int k = 0; k < in[i].parts; k++) {
            add_once(length, &lengths, WINDOWS_MOST, in[i].length[k]);
            add_once(first, &firsts, WINDOWS_MOST, in[i].first[k]);
            add_once(end, &ends, WINDOWS_MOST, in[i].last[k] + in[i].length[k]);
        }
    for (int l = 0; l < lengths; l++)
        for (int f = 0; f < firsts; f++)
            for (int e = 0; e < ends; e++)
                if (end[e] - first[f] >= length[l])
                    try_blocks(c, x, in, n, length[l], first[f], end[e]);
}
