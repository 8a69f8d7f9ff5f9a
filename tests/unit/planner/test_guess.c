/* Courses of many rotations: limits on visits of sites cost few states, and where there are too many all the same a plan is
 * found that keeps every rule. Problems are written here, not read. */
#include "planner/past.h"
#include "planner/run.h"

#include "unit.h"

enum { SITES = 4 };

/* Students who do `n` rotations, those behind `required` as a choice of half of them, each at every site. */
static struct buf problem(int n, int required, int weeks, int students, const char *more)
{
    struct buf b = buf_make(1 << 20);
    buf_printf(&b, "{\"format\":\"internbase.problem/1\",\"weeks\":{\"first\":\"2027-03-01\",\"count\":%d},\"sites\":[", weeks);
    for (int s = 0; s < SITES; s++)
        buf_printf(&b, "%s{\"id\":\"s%d\"}", s > 0 ? "," : "", s);
    buf_z(&b, "],\"departments\":[");
    for (int i = 0; i < n * SITES; i++)
        buf_printf(&b, "%s{\"id\":\"d%d\",\"site\":\"s%d\",\"capacity\":1}", i > 0 ? "," : "", i, i % SITES);
    buf_z(&b, "],\"programmes\":[{\"id\":\"p\",\"rotations\":[");
    for (int r = 0; r < n; r++)
        buf_printf(&b, "%s{\"id\":\"r%d\",\"departments\":[\"d%d\",\"d%d\",\"d%d\",\"d%d\"],\"weeks\":1}", r > 0 ? "," : "", r,
                   r * SITES, r * SITES + 1, r * SITES + 2, r * SITES + 3);
    buf_z(&b, "]");
    if (required < n)
        buf_printf(&b, ",\"choices\":[{\"id\":\"c\",\"pick\":%d,\"of\":[", (n - required) / 2);
    for (int r = required; r < n; r++)
        buf_printf(&b, "%s\"r%d\"%s", r > required ? "," : "", r, r == n - 1 ? "]}]" : "");
    buf_printf(&b, "%s}],\"students\":[", more);
    for (int s = 0; s < students; s++)
        buf_printf(&b,
                   "%s{\"id\":\"t%d\",\"programme\":\"p\",\"away\":[{\"from\":\"2027-03-15\",\"weeks\":1}],"
                   "\"wishes\":[{\"rotation\":\"r%d\",\"costs\":{\"d%d\":7,\"d%d\":2}}],\"dislikes\":{\"travel\":%d,\"waiting\":2}}",
                   s > 0 ? "," : "", s, s % required, s % required * SITES, s % required * SITES + 1, 1 + s % 3);
    buf_z(&b, "]}");
    return b;
}

static struct internplan *load(const struct buf *text)
{
    struct internplan *p = internplan_new(1 << 30);
    assert_non_null(p);
    assert_int_equal(internplan_load(p, text->p, text->n), INTERNPLAN_UNKNOWN);
    return p;
}

static const struct planner_graph *graph(struct internplan *p)
{
    return planner_graph_of(p->model, &p->model->course[0], true);
}

/* Ten rotations, at most eight at one site: a count of visits matters only while it can still pass eight. */
static void few_states_for_a_limit_on_visits(void **state)
{
    (void)state;
    struct buf without = problem(10, 10, 12, 1, ""), with = problem(10, 10, 12, 1, ",\"site_limit\":8");
    struct internplan *p = load(&without), *q = load(&with);
    assert_non_null(graph(p));
    assert_non_null(graph(q));
    assert_true(graph(q)->nodes < 8 * graph(p)->nodes);
    assert_true(graph(q)->nodes > graph(p)->nodes);
    internplan_free(p);
    internplan_free(q);
    buf_free(&without);
    buf_free(&with);
}

/* Where both can be asked, what a few pasts give keeps the rules and is never cheaper than the cheapest. */
static void a_guess_is_never_below_the_price(void **state)
{
    (void)state;
    struct buf text = problem(9, 5, 12, 6, ",\"site_limit\":4,\"orders\":[{\"before\":\"r1\",\"after\":\"r4\",\"min_gap\":1}]");
    struct internplan *p = load(&text);
    const struct planner_model *m = p->model;
    struct arena a = arena_make(64 << 20);
    struct planner_kernel k = planner_kernel_make(&a, m);
    size_t cells = (size_t)m->departments * (size_t)m->open;
    int64_t *cell = ARENA_ARRAY(&a, cells, int64_t), least, cost;
    struct planner_prices prices = { .cell = cell, .weight = { [PLANNER_REGRET] = 3 }, .most_regret = INT64_MAX };
    uint64_t random = 7;
    int same = 0;
    for (int turn = 0; turn < 60; turn++) {
        struct planner_path path;
        for (size_t i = 0; i < cells; i++)
            cell[i] = (int64_t)((random = random * 6364136223846793005u + 1442695040888963407u) >> 33) % 30;
        assert_int_equal(planner_kernel_price(&k, turn % m->units, &prices, NULL, &least, &path), PLANNER_FOUND);
        assert_int_equal(planner_kernel_guess(&k, turn % m->units, &prices, NULL, &cost, &path), PLANNER_FOUND);
        assert_true(cost >= least);
        same += cost == least;
        assert_true(planner_course_complete(&m->course[0], planner_path_placed(&m->course[0], &path)));
        for (int i = 0; i < path.n; i++)
            assert_true(planner_model_allows(m, m->unit[turn % m->units].student[0], path.stay[i].option, path.stay[i].from));
    }
    assert_true(same > 20); /* most are the cheapest */
    arena_free(&a);
    internplan_free(p);
    buf_free(&text);
}

/* Twenty-four rotations in any order: no graph, but a plan. */
static void too_many_rotations_have_a_plan(void **state)
{
    (void)state;
    struct buf text = problem(24, 16, 23, 5, ",\"site_limit\":12,\"orders\":[{\"before\":\"r0\",\"after\":\"r3\"}]");
    struct internplan *p = load(&text);
    struct internplan_options o = internplan_options_default();
    assert_null(graph(p));
    o.budget_ticks = 60000;
    assert_int_equal(internplan_solve(p, &o), INTERNPLAN_FEASIBLE);
    assert_true(p->has_best);
    assert_int_equal(planner_plan_broken(&p->best), 0);
    for (int u = 0; u < p->model->units; u++) {
        const struct planner_path *path = &p->best.path[u];
        assert_true(planner_course_complete(&p->model->course[0], planner_path_placed(&p->model->course[0], path)));
        for (int i = 1; i < path->n; i++)
            assert_true(path->stay[i].from > path->stay[i - 1].from);
    }
    internplan_free(p);
    buf_free(&text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(few_states_for_a_limit_on_visits),
        cmocka_unit_test(a_guess_is_never_below_the_price),
        cmocka_unit_test(too_many_rotations_have_a_plan),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
