/* The planner from outside and inside: a problem solved to proof, faults of a file, the kernel against plain
 * enumeration. */
#include "planner/run.h"

#include "unit.h"

static char *read_all(const char *path, size_t *n)
{
    FILE *f = fopen(path, "rb");
    assert_non_null(f);
    char *text = malloc(1 << 20);
    *n = fread(text, 1, 1 << 20, f);
    fclose(f);
    return text;
}

static bool keep(void *ctx, const char *bytes, size_t n)
{
    buf_add(ctx, bytes, n);
    return true;
}

static struct buf solve_file(const char *path, uint64_t seed, uint64_t budget, enum internplan_status *status)
{
    size_t n;
    char *text = read_all(path, &n);
    struct internplan *p = internplan_new(64 << 20);
    assert_int_equal(internplan_load(p, text, n), INTERNPLAN_UNKNOWN);
    free(text);
    struct internplan_options o = internplan_options_default();
    o.seed = seed;
    o.budget_ticks = budget;
    *status = internplan_solve(p, &o);
    struct buf out = buf_make(1 << 22);
    assert_true(internplan_write(p, "sha256:00", keep, &out));
    internplan_free(p);
    return out;
}

static void base_is_solved_to_proof(void **state)
{
    (void)state;
    for (uint64_t seed = 1; seed <= 3; seed++) {
        enum internplan_status status;
        struct buf out = solve_file("tests/data/planner_base.json", seed, 4000000, &status);
        assert_int_equal(status, INTERNPLAN_OPTIMAL);
        struct arena a = arena_make(SIZE_MAX);
        struct json_error error;
        const struct json *root = json_read(&a, buf_view(&out), &error);
        assert_non_null(root);
        int n;
        const struct json *level = planner_load_list(root, "levels", &n);
        assert_int_equal(n, 2);
        assert_int_equal(json_get(level, "value")->number, 1);
        assert_int_equal(json_get(level->next, "value")->number, 4);
        assert_int_equal(json_get(level->next, "bound")->number, 4);
        assert_true(json_get(level->next, "proven")->is_true);
        assert_non_null(planner_load_list(root, "placements", &n));
        assert_int_equal(n, 28 * 8);
        arena_free(&a);
        buf_free(&out);
    }
}

/* A plan is taken up by a planner that has built nothing yet: the next process after a kill. */
static void a_fresh_planner_goes_on(void **state)
{
    (void)state;
    enum internplan_status status;
    struct buf plan = solve_file("tests/data/planner_base.json", 1, 4000000, &status);
    size_t n;
    char *text = read_all("tests/data/planner_base.json", &n);
    struct internplan *p = internplan_new(64 << 20);
    assert_int_equal(internplan_load(p, text, n), INTERNPLAN_UNKNOWN);
    free(text);
    assert_int_equal(internplan_start_from(p, plan.p, plan.n), INTERNPLAN_START_TAKEN);
    struct internplan_options o = internplan_options_default();
    o.budget_ticks = 1;
    status = internplan_solve(p, &o);
    assert_true(status == INTERNPLAN_FEASIBLE || status == INTERNPLAN_OPTIMAL);
    assert_int_equal(internplan_placement_count(p), 28 * 8);
    assert_int_equal(internplan_level(p, 0).value, 1);
    assert_int_equal(internplan_level(p, 1).value, 4);
    internplan_free(p);
    buf_free(&plan);
}

static void same_seed_same_bytes(void **state)
{
    (void)state;
    enum internplan_status status;
    struct buf a = solve_file("tests/data/planner_base.json", 7, 60000, &status);
    assert_true(a.n > 1000);
    struct buf b = solve_file("tests/data/planner_base.json", 7, 60000, &status);
    assert_true(str_eq(buf_view(&a), buf_view(&b)));
    buf_free(&a);
    buf_free(&b);
}

static void closed_base_has_no_plan(void **state)
{
    (void)state;
    enum internplan_status status;
    struct buf out = solve_file("tests/data/planner_closed.json", 1, 600000, &status);
    assert_true(status == INTERNPLAN_UNKNOWN || status == INTERNPLAN_INFEASIBLE);
    buf_free(&out);
}

static void little_memory_is_a_limit(void **state)
{
    (void)state;
    size_t n;
    char *text = read_all("tests/data/planner_base.json", &n);
    for (size_t bytes = 4096; bytes <= 4 << 20; bytes *= 2) {
        struct internplan *p = internplan_new(bytes);
        enum internplan_status status = internplan_load(p, text, n);
        struct internplan_options o = internplan_options_default();
        o.budget_ticks = 3000;
        if (status == INTERNPLAN_UNKNOWN)
            status = internplan_solve(p, &o);
        if (bytes == 4096)
            assert_int_equal(status, INTERNPLAN_LIMIT);
        internplan_free(p);
    }
    free(text);
}

static void faults_are_named(void **state)
{
    (void)state;
    static const struct {
        const char *json, *path;
        enum internplan_fault code;
    } wrong[] = {
#define HEAD "{\"format\":\"internbase.problem/1\",\"weeks\":{\"first\":\"2027-03-01\",\"count\":4},"
#define DEP "\"departments\":[{\"id\":\"d\",\"capacity\":1}],"
#define PROG "\"programmes\":[{\"id\":\"p\",\"rotations\":[{\"id\":\"r\",\"departments\":[\"d\"],\"weeks\":2}]}],"
        { "{", "", INTERNPLAN_FAULT_SYNTAX },
        { HEAD DEP PROG "\"students\":[],\"extra\":1}", "/extra", INTERNPLAN_FAULT_UNKNOWN_KEY },
        { HEAD DEP PROG "\"students\":[{\"id\":\"s\"}]}", "/students/0", INTERNPLAN_FAULT_MISSING_KEY },
        { HEAD DEP PROG "\"students\":[{\"id\":\"s\",\"programme\":\"x\"}]}", "/students/0/programme",
          INTERNPLAN_FAULT_UNKNOWN_NAME },
        { HEAD "\"departments\":[{\"id\":\"d\",\"capacity\":-1}]," PROG "\"students\":[]}", "/departments/0/capacity",
          INTERNPLAN_FAULT_RANGE },
        { HEAD DEP "\"programmes\":[{\"id\":\"p\",\"rotations\":[{\"id\":\"r\",\"departments\":[],\"weeks\":2}]}],"
                   "\"students\":[]}",
          "/programmes/0/rotations/0/departments", INTERNPLAN_FAULT_EMPTY },
        { HEAD DEP "\"programmes\":[{\"id\":\"p\",\"rotations\":[{\"id\":\"r\",\"departments\":[\"d\"],\"weeks\":5}]}],"
                   "\"students\":[]}",
          "/programmes/0/rotations/0/weeks", INTERNPLAN_FAULT_TOO_LONG },
        { HEAD DEP PROG
          "\"students\":[{\"id\":\"s\",\"programme\":\"p\",\"away\":[{\"from\":\"2027-03-02\",\"weeks\":1}]}]}",
          "/students/0/away/0/from", INTERNPLAN_FAULT_MONDAY },
        { HEAD DEP PROG "\"students\":[{\"id\":\"s\",\"programme\":\"p\"},{\"id\":\"s\",\"programme\":\"p\"}]}",
          "/students/1/id", INTERNPLAN_FAULT_DUPLICATE },
        { HEAD DEP PROG "\"students\":[{\"id\":\"s\",\"programme\":\"p\",\"fixed\":[{\"rotation\":\"r\",\"department\":"
                        "\"d\",\"from\":"
                        "\"2027-03-22\"}]}]}",
          "/students/0/fixed/0", INTERNPLAN_FAULT_FIXED },
    };
    for (size_t i = 0; i < LEN(wrong); i++) {
        struct internplan *p = internplan_new(4 << 20);
        assert_int_equal(internplan_load(p, wrong[i].json, strlen(wrong[i].json)), INTERNPLAN_INVALID);
        assert_int_equal(internplan_error_count(p), 1);
        assert_string_equal(internplan_error(p, 0).path, wrong[i].path);
        assert_int_equal(internplan_error(p, 0).code, wrong[i].code);
        internplan_free(p);
    }
}

/* ---- the kernel against plain enumeration of all plans of one student ----------------------------- */

struct walk {
    const struct planner_model *m;
    const struct planner_course *c;
    const int64_t *cell;
    struct planner_path path;
    int64_t best;
};

static bool orders_hold(const struct walk *w)
{
    int from[PLANNER_ROTATIONS_MOST];
    for (int i = 0; i < w->path.n; i++)
        from[w->c->option[w->path.stay[i].option].rotation] = w->path.stay[i].from;
    for (int i = 0; i < w->c->orders; i++) {
        const struct planner_order *o = &w->c->order[i];
        int gap = from[o->after] - from[o->before] - w->c->length[o->before];
        if (gap < o->min_gap || (o->max_gap >= 0 && gap > o->max_gap))
            return false;
    }
    return true;
}

static void enumerate(struct walk *w, uint64_t placed, int at, int64_t cost)
{
    if (planner_course_complete(w->c, placed)) {
        if (orders_hold(w))
            w->best = MIN(w->best, cost + 5 * planner_path_regret(w->m, 0, &w->path) +
                                       3 * planner_path_travel(w->m, w->c, &w->path));
        return;
    }
    for (int o = 0; o < w->c->options; o++) {
        int r = w->c->option[o].rotation, n = w->c->length[r];
        if ((placed >> r & 1) != 0)
            continue;
        for (int t = at; t + n <= w->m->open; t++) {
            if (planner_model_regret(w->m, 0, o, t) < 0)
                continue;
            int64_t more = 0;
            for (int k = t; k < t + n; k++)
                more += w->cell[w->c->option[o].department * w->m->open + k];
            w->path.stay[w->path.n++] = (struct planner_stay){ (uint16_t)o, (int16_t)t };
            enumerate(w, placed | UINT64_C(1) << r, t + n, cost + more);
            w->path.n--;
        }
    }
}

static uint64_t next(uint64_t *state, uint64_t n)
{
    *state = *state * 6364136223846793005u + 1442695040888963407u;
    return (*state >> 33) % n;
}

static void kernel_is_exact(void **state)
{
    (void)state;
    uint64_t seed = 5;
    int found = 0;
    for (int round = 0; round < 300; round++) {
        struct buf b = buf_make(1 << 16);
        buf_printf(&b, "{\"format\":\"internbase.problem/1\",\"weeks\":{\"first\":\"2027-03-01\",\"count\":9%s},",
                   round % 3 ? "" : ",\"closed\":[\"2027-03-22\"]");
        buf_z(&b, "\"sites\":[{\"id\":\"x\"},{\"id\":\"y\"}],\"departments\":[{\"id\":\"a\",\"site\":\"x\","
                  "\"capacity\":1},{\"id\":\"b\",\"site\":\"y\","
                  "\"capacity\":1},{\"id\":\"c\",\"site\":\"x\",\"capacity\":1}],\"programmes\":[{\"id\":\"p\","
                  "\"rotations\":[");
        static const char *const where[] = { "\"a\"", "\"b\"", "\"a\",\"b\"", "\"b\",\"c\"" };
        for (int r = 0; r < 4; r++)
            buf_printf(&b, "%s{\"id\":\"r%d\",\"departments\":[%s],\"weeks\":%d}", r ? "," : "", r,
                       where[next(&seed, 4)], 1 + (int)next(&seed, 2));
        buf_printf(&b, "],\"orders\":[{\"before\":\"r0\",\"after\":\"r1\",\"min_gap\":%d,\"max_gap\":%d}]}],",
                   (int)next(&seed, 2), 1 + (int)next(&seed, 3));
        buf_z(&b, "\"students\":[{\"id\":\"s\",\"programme\":\"p\",\"wishes\":[{\"rotation\":\"r2\",\"departments\":["
                  "\"b\",\"a\"]}]}]}");
        struct arena a = arena_make(SIZE_MAX), scratch = arena_make(SIZE_MAX);
        struct planner_errors errors = { .arena = &a };
        struct planner_problem *p = planner_load(&a, buf_view(&b), &errors);
        assert_non_null(p);
        struct planner_model *m = planner_model_make(&a, &scratch, p);
        struct planner_kernel k = planner_kernel_make(&a, m);
        int64_t cell[27];
        for (size_t i = 0; i < LEN(cell); i++)
            cell[i] = (int64_t)next(&seed, 12) - 3;
        struct planner_prices prices = { .cell = cell, .most_regret = INT64_MAX };
        prices.weight[PLANNER_REGRET] = 5;
        prices.weight[PLANNER_TRAVEL] = 3;
        struct walk w = { .m = m, .c = &m->course[0], .cell = cell, .best = PLANNER_INFINITY };
        enumerate(&w, 0, 0, 0);
        int64_t cost = PLANNER_INFINITY;
        enum planner_answer answer = planner_kernel_price(&k, 0, &prices, NULL, &cost, NULL);
        assert_int_equal(answer, w.best < PLANNER_INFINITY ? PLANNER_FOUND : PLANNER_NONE);
        if (answer == PLANNER_FOUND)
            assert_int_equal(cost, w.best);
        found += answer == PLANNER_FOUND;
        arena_free(&a);
        arena_free(&scratch);
        buf_free(&b);
    }
    assert_true(found > 100);
}

/* The two passes of the kernel agree, and vectors of any width give the same path: prices times 2^24 are too large for 32 bits and give 2^24 times the cost, with and
 * without a limit on regret, with and without dislikes. */
static void both_passes_agree(void **state)
{
    (void)state;
    size_t n;
    uint64_t seed = 11;
    int found = 0;
    char *text = read_all("tests/data/planner_base.json", &n);
    struct internplan *p = internplan_new(256 << 20);
    assert_int_equal(internplan_load(p, text, n), INTERNPLAN_UNKNOWN);
    free(text);
    const struct planner_model *m = p->model;
    struct planner_kernel k = planner_kernel_make(&p->work, m), plain = planner_kernel_make(&p->work, m);
    size_t cells = (size_t)m->departments * (size_t)m->open;
    int64_t *cell = calloc(cells, sizeof *cell), *large = calloc(cells, sizeof *large);
    const int64_t factor = 1 << 24;
    for (int round = 0; round < 40; round++) {
        struct planner_prices prices = { .cell = cell }, larger = { .cell = large };
        prices.weight[PLANNER_REGRET] = 1 + (int64_t)next(&seed, 30);
        prices.most_regret = larger.most_regret = round % 4 == 0 ? INT64_MAX : (int64_t)next(&seed, 5);
        larger.weight[PLANNER_REGRET] = prices.weight[PLANNER_REGRET] * factor;
        for (size_t i = 0; i < cells; i++) {
            cell[i] = (int64_t)next(&seed, 60) - 5;
            large[i] = cell[i] * factor;
        }
        for (int u = 0; u < m->units; u++) {
            struct planner_path a, b;
            int64_t small_cost = 0, large_cost = 0;
            enum planner_answer one = planner_kernel_price(&k, u, &prices, NULL, &small_cost, &a);
            assert_int_equal(one, planner_kernel_price(&k, u, &larger, NULL, &large_cost, &b));
            if (one == PLANNER_FOUND)
                assert_int_equal(small_cost * factor, large_cost);
            plain.wide = false;
            assert_int_equal(one, planner_kernel_price(&plain, u, &prices, NULL, &large_cost, &b));
            if (one == PLANNER_FOUND) {
                assert_int_equal(small_cost, large_cost);
                assert_int_equal(a.n, b.n);
                assert_memory_equal(a.stay, b.stay, (size_t)a.n * sizeof *a.stay);
            }
            found += one == PLANNER_FOUND;
        }
    }
    assert_true(found > 500);
    free(cell);
    free(large);
    internplan_free(p);
}

/* Sums kept up to date by put and take are what the paths alone say. */
static void sums_of_a_plan_add_up(void **state)
{
    (void)state;
    size_t n;
    uint64_t seed = 3;
    char *text = read_all("tests/data/planner_base.json", &n);
    struct internplan *p = internplan_new(64 << 20);
    assert_int_equal(internplan_load(p, text, n), INTERNPLAN_UNKNOWN);
    free(text);
    const struct planner_model *m = p->model;
    p->kernel = planner_kernel_make(&p->work, m);
    struct planner_plan plan = planner_plan_make(&p->work, m), copy = planner_plan_make(&p->work, m);
    int64_t *cell = calloc((size_t)m->departments * (size_t)m->open, sizeof *cell);
    struct planner_prices prices = { .cell = cell, .most_regret = INT64_MAX };
    assert_true(planner_plan_adds_up(&plan));
    for (int round = 0; round < 400; round++) {
        int u = (int)next(&seed, (uint64_t)m->units);
        for (size_t i = 0; i < (size_t)m->departments * (size_t)m->open; i++)
            cell[i] = (int64_t)next(&seed, 40);
        int64_t cost;
        struct planner_path path;
        if (plan.has[u])
            planner_plan_take(&plan, u);
        if (round % 3 != 0 && planner_kernel_price(&p->kernel, u, &prices, NULL, &cost, &path) == PLANNER_FOUND)
            planner_plan_put(&plan, u, &path);
        assert_true(planner_plan_adds_up(&plan));
    }
    planner_plan_copy(&copy, &plan);
    assert_true(planner_plan_adds_up(&copy));
    assert_true(plan.over > 0);
    free(cell);
    internplan_free(p);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(base_is_solved_to_proof), cmocka_unit_test(a_fresh_planner_goes_on), cmocka_unit_test(same_seed_same_bytes),
        cmocka_unit_test(closed_base_has_no_plan), cmocka_unit_test(little_memory_is_a_limit),
        cmocka_unit_test(faults_are_named),        cmocka_unit_test(kernel_is_exact),       cmocka_unit_test(both_passes_agree),
        cmocka_unit_test(sums_of_a_plan_add_up),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
