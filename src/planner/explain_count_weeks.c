/* Counting student-weeks in a run of weeks: price 1 on every week of it. See count.h. */
#include "planner/count.h"

static int overlap(int start, int length, int from, int end)
{
    return MAX(MIN(start + length, end) - MAX(start, from), 0);
}

/* Sum of the k smallest of n. */
static int64_t smallest(int *list, int n, int k)
{
    int64_t sum = 0;
    for (int i = 0; i < k; i++) {
        int at = i;
        for (int j = i + 1; j < n; j++)
            at = list[j] < list[at] ? j : at;
        int t = list[i];
        list[i] = list[at];
        list[at] = t;
        sum += list[i];
    }
    return sum;
}

/* In a run [from, end) each part costs least at its first or at its last start: the overlap rises, stays, falls. */
static int64_t need_in(const struct inside *in, size_t n, int from, int end)
{
    int64_t sum = 0;
    for (size_t i = 0; i < n; i++) {
        int cost[PLANNER_ROTATIONS_MOST];
        for (int k = 0; k < in[i].parts; k++)
            cost[k] = MIN(overlap(in[i].first[k], in[i].length[k], from, end),
                          overlap(in[i].last[k], in[i].length[k], from, end));
        sum += in[i].heads * (in[i].parts == 1 ? cost[0] : smallest(cost, in[i].parts, in[i].pick));
    }
    return sum;
}

static int64_t capacity_in_week(const struct counting *c, const struct resource *x, int week)
{
    int64_t sum = 0;
    for (int d = 0; d < c->m->departments; d++) {
        if (!x->department[d])
            continue;
        int64_t one = planner_count_capacity(c, x, d, week);
        sum = x->row >= 0 ? one : sum + one;
    }
    return MIN(sum, PLANNER_NO_LIMIT);
}

void planner_count_weeks(struct counting *c, const struct resource *x, const struct inside *in, size_t n)
{
    int open = c->m->open;
    if (!planner_count_pays(c, n * (size_t)open * (size_t)open / 4))
        return;
    int64_t *in_week = ARENA_ARRAY(c->a, (size_t)open, int64_t);
    for (int t = 0; t < open; t++)
        in_week[t] = capacity_in_week(c, x, t);
    for (int from = 0; from < open; from++) {
        int64_t seats = 0;
        for (int end = from + 1; end <= open; end++) {
            seats += in_week[end - 1];
            if (seats >= PLANNER_NO_LIMIT)
                break;
            if (!planner_count_take(c, need_in(in, n, from, end) - seats, seats))
                continue;
            for (int d = 0; d < c->m->departments; d++)
                for (int t = from; x->department[d] && t < end; t++)
                    planner_count_price(c, x, d, t);
        }
    }
}
