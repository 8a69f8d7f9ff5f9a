/* The exact finish: its linear program against the theory of duality, a proof by cases, two threads, and a stop at every
 * numbered point. Problems are written with ' for ". */
#include "planner/lp.h"
#include "planner/run.h"

#include "unit.h"

#include <pthread.h>

static bool keep(void *ctx, const char *bytes, size_t n)
{
    buf_add(ctx, bytes, n);
    return true;
}

/* ---- the program -------------------------------------------------------------------------------- */

enum { ROWS = 7, COLUMNS = 40 };

static uint32_t draw(uint64_t *state, uint32_t n)
{
    *state = *state * 6364136223846793005u + 1442695040888963407u;
    return (uint32_t)(*state >> 33) % n;
}

/* Prices within what passing costs, no column with a negative reduced cost, and both objectives equal: an optimum. */
static void optimum_is_proven_by_duality(void **state)
{
    (void)state;
    for (uint64_t seed = 1; seed <= 200; seed++) {
        uint64_t random = seed, work = 0;
        struct arena a = arena_make(SIZE_MAX);
        struct planner_lp *lp = planner_lp_make(&a, ROWS);
        double right[ROWS], dual = 0, load[ROWS] = { 0 };
        struct planner_lp_entry entry[COLUMNS][ROWS];
        int entries[COLUMNS] = { 0 };
        for (int i = 0; i < ROWS; i++) {
            right[i] = i < 2 ? 1 : draw(&random, 4);
            planner_lp_row(lp, i, right[i], i < 2, 50);
        }
        for (int j = 0; j < COLUMNS; j++) {
            for (int i = 0; i < ROWS; i++)
                if (draw(&random, 3) == 0)
                    entry[j][entries[j]++] = (struct planner_lp_entry){ i, (float)(1 + draw(&random, 2)) };
            assert_int_equal(planner_lp_add(lp, entry[j], entries[j], (double)draw(&random, 30)), j);
        }
        assert_true(planner_lp_solve(lp, NULL, NULL, &work));
        assert_true(work > 0);
        for (int i = 0; i < ROWS; i++) {
            double price = planner_lp_price(lp, i);
            assert_true(price < 50.001 && price > (i < 2 ? -50.001 : -0.001));
            dual -= price * right[i];
        }
        for (int j = 0; j < COLUMNS; j++) {
            double x = planner_lp_value(lp, j);
            assert_true(x > -0.001 && planner_lp_reduced(lp, j) > -0.001);
            assert_true(x < 0.001 || planner_lp_reduced(lp, j) < 0.001);
            for (int k = 0; k < entries[j]; k++)
                load[entry[j][k].row] += x * (double)entry[j][k].value;
        }
        for (int i = 0; i < ROWS; i++)
            assert_true(load[i] < right[i] + planner_lp_passed(lp) + 0.01);
        double gap = planner_lp_objective(lp) - dual;
        assert_true(gap < 0.01 && gap > -0.01);
        arena_free(&a);
    }
}

/* A kept basis comes back; a closed column leaves and does not return. */
static void columns_close_and_open(void **state)
{
    (void)state;
    struct arena a = arena_make(SIZE_MAX);
    struct planner_lp *lp = planner_lp_make(&a, 1);
    struct planner_lp_entry one = { 0, 1 };
    uint64_t work = 0;
    planner_lp_row(lp, 0, 1, true, 100);
    int cheap = planner_lp_add(lp, &one, 1, 2), dear = planner_lp_add(lp, &one, 1, 5);
    assert_true(planner_lp_solve(lp, NULL, NULL, &work));
    assert_true(planner_lp_value(lp, cheap) > 0.99);
    planner_lp_keep(lp, false);
    planner_lp_cost(lp, cheap, 1000, true);
    assert_true(planner_lp_solve(lp, NULL, NULL, &work));
    assert_true(planner_lp_value(lp, dear) > 0.99 && planner_lp_value(lp, cheap) < 0.01);
    planner_lp_cost(lp, cheap, 2, false);
    planner_lp_keep(lp, true);
    assert_true(planner_lp_value(lp, cheap) > 0.99);
    assert_true(planner_lp_solve(lp, NULL, NULL, &work));
    assert_true(planner_lp_objective(lp) < 2.01);
    arena_free(&a);
}

/* ---- trees -------------------------------------------------------------------------------------- */

/* Prices alone prove nothing here: half of each student stands where one of them would like to be. */
static const char together[] =
    "{'format':'internbase.problem/1','weeks':{'first':'2027-03-01','count':3},'departments':[{'id':'a','capacity':1},"
    "{'id':'b','capacity':2},{'id':'c','capacity':1}],'programmes':[{'id':'p','rotations':[{'id':'r','departments':['a','b'],"
    "'weeks':1},{'id':'q','departments':['c'],'weeks':1}]}],'students':[{'id':'s','programme':'p','wishes':[{'rotation':'r',"
    "'departments':['a','b']}]},{'id':'t','programme':'p','wishes':[{'rotation':'r','departments':['a','b']}]}],"
    "'pairs':[{'students':['s','t'],'kind':'together','rotations':['r']}]}";

/* Two in one department who must not meet there: closed by a tree, in some hundred points. */
static const char apart[] =
    "{'format':'internbase.problem/1','weeks':{'first':'2027-03-01','count':2},'departments':[{'id':'a','capacity':2}],"
    "'programmes':[{'id':'p','rotations':[{'id':'r','departments':['a'],'weeks':1}]}],'students':[{'id':'s','programme':'p',"
    "'wishes':[{'rotation':'r','window':{'from':'2027-03-01','until':'2027-03-08'}}]},{'id':'t','programme':'p','wishes':["
    "{'rotation':'r','window':{'from':'2027-03-01','until':'2027-03-08'}}]}],'pairs':[{'students':['s','t'],'kind':'apart'}]}";

static struct buf solve(const char *text, struct internplan_options *o, enum internplan_status *status, uint64_t *ticks)
{
    char json[2048];
    size_t n = strlen(text);
    assert_true(n < sizeof json);
    memcpy(json, text, n + 1);
    for (size_t i = 0; i < n; i++)
        json[i] = json[i] == '\'' ? '"' : json[i];
    struct internplan *p = internplan_new(64 << 20);
    assert_int_equal(internplan_load(p, json, n), INTERNPLAN_UNKNOWN);
    *status = internplan_solve(p, o);
    *ticks = internplan_ticks(p);
    struct buf out = buf_make(1 << 22);
    assert_true(internplan_write(p, "sha256:00", keep, &out));
    for (size_t i = 0; i < internplan_level_count(p); i++) {
        struct internplan_level v = internplan_level(p, i);
        assert_true(!v.has_value || v.bound <= v.value);
        assert_true(!v.proven || (v.certified && v.bound == v.value));
    }
    internplan_free(p);
    return out;
}

static void cases_are_the_certificate(void **state)
{
    (void)state;
    enum internplan_status status;
    uint64_t ticks;
    struct internplan_options o = internplan_options_default();
    o.budget_ticks = 100000;
    struct buf out = solve(together, &o, &status, &ticks);
    assert_int_equal(status, INTERNPLAN_OPTIMAL);
    struct arena a = arena_make(SIZE_MAX);
    struct json_error error;
    const struct json *root = json_read(&a, buf_view(&out), &error);
    int n;
    assert_non_null(root);
    const struct json *level = planner_load_list(json_get(root, "certificate"), "levels", &n);
    assert_int_equal(n, 2);
    const struct json *proof = json_get(level->next, "proof"), *split = json_get(proof, "split");
    assert_non_null(split);
    assert_true(str_is(json_get(split, "rotation")->text, "r"));
    assert_non_null(json_get(proof, "yes"));
    assert_non_null(json_get(proof, "no"));
    arena_free(&a);
    buf_free(&out);
}

static void stops_at_every_point(void **state)
{
    (void)state;
    enum internplan_status status;
    uint64_t all, ticks;
    size_t optimal = 0, before = 0;
    struct internplan_options o = internplan_options_default();
    o.budget_ticks = 100000;
    struct buf whole = solve(apart, &o, &status, &all);
    assert_int_equal(status, INTERNPLAN_OPTIMAL);
    for (uint64_t budget = 1; budget <= all + 1; budget++) {
        o.budget_ticks = budget;
        struct buf out = solve(apart, &o, &status, &ticks);
        optimal += status == INTERNPLAN_OPTIMAL;
        before += status == INTERNPLAN_FEASIBLE || status == INTERNPLAN_UNKNOWN;
        buf_free(&out);
    }
    assert_true(optimal >= 1 && before > 100);
    buf_free(&whole);
}

/* ---- two threads -------------------------------------------------------------------------------- */

struct one {
    void (*job)(void *, int);
    void *arg;
    int i;
};

static size_t begun;

static void *run_one(void *arg)
{
    struct one *x = arg;
    x->job(x->arg, x->i);
    return NULL;
}

static void on_threads(void *ctx, int n, void (*job)(void *, int), void *arg)
{
    (void)ctx;
    pthread_t thread[4];
    struct one one[4];
    assert_true(n <= 4);
    for (int i = 0; i < n; i++) {
        one[i] = (struct one){ job, arg, i };
        assert_int_equal(pthread_create(&thread[i], NULL, run_one, &one[i]), 0);
    }
    for (int i = 0; i < n; i++)
        pthread_join(thread[i], NULL);
    begun++;
}

static void two_threads_give_the_same_bytes(void **state)
{
    (void)state;
    enum internplan_status status;
    uint64_t ticks;
    struct internplan_options o = internplan_options_default();
    o.budget_ticks = 100000;
    struct buf one = solve(together, &o, &status, &ticks);
    o.threads = 2;
    o.parallel = on_threads;
    struct buf two = solve(together, &o, &status, &ticks);
    assert_true(begun > 10);
    assert_true(str_eq(buf_view(&one), buf_view(&two)));
    buf_free(&one);
    buf_free(&two);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(optimum_is_proven_by_duality),  cmocka_unit_test(columns_close_and_open),
        cmocka_unit_test(cases_are_the_certificate),     cmocka_unit_test(stops_at_every_point),
        cmocka_unit_test(two_threads_give_the_same_bytes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
