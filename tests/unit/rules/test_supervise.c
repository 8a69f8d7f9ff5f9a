/* Suggestions of preceptors: by hand where the answer is clear, and at random against what they promise. */
#include "core/arena.h"
#include "rules/supervise.h"

#include "unit.h"

enum { PRECEPTORS_MOST = 5, WEEKS = 12, STAYS_MOST = 40 };

struct scene {
    int64_t most[PRECEPTORS_MOST], load[PRECEPTORS_MOST * WEEKS];
    int who[PRECEPTORS_MOST * WEEKS], suggested[STAYS_MOST];
    struct supervise_stay stay[STAYS_MOST];
    struct supervise s;
};

static void begin(struct scene *x, int preceptors)
{
    memset(x, 0, sizeof *x);
    for (int p = 0; p < preceptors; p++)
        for (int w = 0; w < WEEKS; w++)
            x->who[p * WEEKS + w] = p;
    x->s = (struct supervise){ preceptors, WEEKS, x->most, x->who, x->load };
}

static void shared_by_measure(void **state)
{
    (void)state;
    struct scene x;
    begin(&x, 2);
    x.most[0] = 1;
    x.most[1] = 2;
    for (size_t i = 0; i < 3; i++)
        x.stay[i] = (struct supervise_stay){ 0, 4, SUPERVISE_NOBODY };
    x.stay[3] = (struct supervise_stay){ 2, 6, SUPERVISE_NOBODY };
    rules_supervise_load(&x.s, x.stay, 4);
    rules_supervise_suggest(&x.s, x.stay, 4, x.suggested);
    assert_int_equal(x.suggested[0], 0);
    assert_int_equal(x.suggested[1], 1);
    assert_int_equal(x.suggested[2], 1);
    assert_int_equal(x.suggested[3], SUPERVISE_NOBODY); /* all are full in weeks 2 and 3 */
    int64_t week;
    assert_false(rules_supervise_over(&x.s, 0, &week));
    assert_false(rules_supervise_over(&x.s, 1, &week));
}

static void away_and_stand_in(void **state)
{
    (void)state;
    struct scene x;
    int64_t week = -1;
    begin(&x, 2);
    x.most[0] = x.most[1] = 1;
    x.who[1] = 1; /* in week 1 the second stands in for the first */
    x.stay[0] = (struct supervise_stay){ 0, 3, 0 };
    x.stay[1] = (struct supervise_stay){ 1, 2, SUPERVISE_NOBODY };
    x.stay[2] = (struct supervise_stay){ 2, 3, SUPERVISE_NOBODY };
    rules_supervise_load(&x.s, x.stay, 3);
    assert_int_equal(x.load[1], 0);
    assert_int_equal(x.load[WEEKS + 1], 1);
    rules_supervise_suggest(&x.s, x.stay, 3, x.suggested);
    assert_int_equal(x.suggested[0], 0);
    assert_int_equal(x.suggested[1], SUPERVISE_NOBODY);
    assert_int_equal(x.suggested[2], 1);
    x.stay[1].preceptor = 1; /* named all the same: too many */
    rules_supervise_load(&x.s, x.stay, 3);
    assert_true(rules_supervise_over(&x.s, 1, &week));
    assert_int_equal(week, 1);
    x.who[WEEKS + 1] = SUPERVISE_NOBODY; /* nobody is there: nobody is counted */
    x.stay[1].preceptor = SUPERVISE_NOBODY;
    rules_supervise_load(&x.s, x.stay, 3);
    assert_int_equal(x.load[WEEKS + 1], 1);
}

/* While nobody is away and no week has more students than all may supervise, everybody gets somebody and nobody too many. */
static void everybody_gets_somebody(void **state)
{
    (void)state;
    unsigned seed = 20270301;
    for (int round = 0; round < 3000; round++) {
        struct scene x;
        int64_t all = 0, week, here[WEEKS] = { 0 };
        size_t n = 0;
#define DRAW(below) ((int)((seed = seed * 1664525u + 1013904223u) >> 16) % (below))
        begin(&x, 1 + DRAW(PRECEPTORS_MOST));
        for (int p = 0; p < x.s.preceptors; p++)
            all += x.most[p] = 1 + DRAW(3);
        for (int64_t from = 0; from < WEEKS && n < STAYS_MOST; from += DRAW(2)) {
            int64_t length = 1 + DRAW(5), to = MIN(from + length, (int64_t)WEEKS);
            bool fits = true;
            for (int64_t w = from; w < to; w++)
                fits = fits && here[w] < all;
            for (int64_t w = from; w < to && fits; w++)
                here[w]++;
            if (fits)
                x.stay[n++] = (struct supervise_stay){ from, to, SUPERVISE_NOBODY };
            else
                from++;
        }
#undef DRAW
        rules_supervise_load(&x.s, x.stay, n);
        rules_supervise_suggest(&x.s, x.stay, n, x.suggested);
        for (size_t i = 0; i < n; i++)
            assert_in_range(x.suggested[i], 0, x.s.preceptors - 1);
        for (int p = 0; p < x.s.preceptors; p++)
            assert_false(rules_supervise_over(&x.s, p, &week));
    }
}

int main(void)
{
    static const struct CMUnitTest tests[] = { cmocka_unit_test(shared_by_measure), cmocka_unit_test(away_and_stand_in),
                                               cmocka_unit_test(everybody_gets_somebody) };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
