/* Changing a base plan and asking what if, cut off at every numbered point and by every limit on memory that makes a difference:
 * what comes out is a whole plan or none, its file can be written, and more work never leads to a worse plan. */
#include "planner/explain.h"

#include "unit.h"

enum { MEMORY_ENOUGH = 64 << 20, BUDGET = 200000, STEP_BYTES = 8192 /* half of the least that arenas take at once */, EVERY_POINT = 600 };

static const char problem[] =
    "{\"format\":\"internbase.problem/1\",\"weeks\":{\"first\":\"2027-03-01\",\"count\":7},"
    "\"departments\":[{\"id\":\"a\",\"capacity\":1},{\"id\":\"b\",\"capacity\":1%s}],"
    "\"programmes\":[{\"id\":\"p\",\"rotations\":[{\"id\":\"x\",\"departments\":[\"a\"],\"weeks\":2},{\"id\":\"y\",\"departments\":[\"b\"],\"weeks\":2}]}],"
    "\"students\":[{\"id\":\"s\",\"programme\":\"p\"%s},{\"id\":\"t\",\"programme\":\"p\"},{\"id\":\"u\",\"programme\":\"p\"}],"
    "\"base_plan\":{\"freeze\":\"2027-03-08\",\"placements\":["
    "{\"student\":\"s\",\"rotation\":\"x\",\"department\":\"a\",\"from\":\"2027-03-15\",\"weeks\":2},"
    "{\"student\":\"s\",\"rotation\":\"y\",\"department\":\"b\",\"from\":\"2027-03-29\",\"weeks\":2},"
    "{\"student\":\"t\",\"rotation\":\"x\",\"department\":\"a\",\"from\":\"2027-03-29\",\"weeks\":2},"
    "{\"student\":\"t\",\"rotation\":\"y\",\"department\":\"b\",\"from\":\"2027-03-15\",\"weeks\":2},"
    "{\"student\":\"u\",\"rotation\":\"x\",\"department\":\"a\",\"from\":\"2027-03-01\",\"weeks\":2},"
    "{\"student\":\"u\",\"rotation\":\"y\",\"department\":\"b\",\"from\":\"2027-04-12\",\"weeks\":2}]}}";

/* Somebody is away, so that others must make room; or b is shut too long for all, so that there is no plan. */
static const char *const away = ",\"away\":[{\"from\":\"2027-03-15\",\"weeks\":1}]";
static const char *const shut = ",\"exceptions\":[{\"from\":\"2027-03-15\",\"weeks\":3,\"capacity\":0}]";

struct run {
    enum internplan_status status;
    uint64_t ticks;
    bool has_plan;
    int64_t changes;
    size_t bytes; /* of what was written; 0: nothing */
};

static bool count_bytes(void *ctx, const char *bytes, size_t n)
{
    (void)bytes;
    *(size_t *)ctx += n;
    return true;
}

static struct run run(const char *closed, const char *leave, size_t memory, uint64_t budget, bool what_if)
{
    char text[4096];
    struct run out = { 0 };
    struct internplan *p = internplan_new(memory);
    struct internplan_options o = internplan_options_default();
    int n = snprintf(text, sizeof text, problem, closed, leave);
    assert_true(n > 0 && (size_t)n < sizeof text);
    if (p == NULL)
        return out;
    o.budget_ticks = budget;
    o.proposals = 3;
    out.status = internplan_load(p, text, (size_t)n);
    if (out.status == INTERNPLAN_UNKNOWN)
        out.status = what_if ? internplan_what_if(p, &o, "sha256:0", count_bytes, &out.bytes) : internplan_solve(p, &o);
    else
        assert_int_equal(out.status, INTERNPLAN_LIMIT);
    out.ticks = what_if && out.status != INTERNPLAN_LIMIT ? planner_run_ticks(p) : internplan_ticks(p);
    out.has_plan = internplan_placement_count(p) > 0;
    assert_true(!out.has_plan || internplan_placement_count(p) == 6); /* all of it, or nothing */
    out.changes = internplan_change(p).student_weeks;
    if (!what_if && out.status != INTERNPLAN_LIMIT && !internplan_write(p, "sha256:0", count_bytes, &out.bytes))
        out.status = INTERNPLAN_LIMIT; /* memory ended while it was written */
    internplan_free(p);
    return out;
}

static void stops(const char *closed, const char *leave, bool what_if)
{
    struct run all = run(closed, leave, MEMORY_ENOUGH, BUDGET, what_if);
    uint64_t step = MAX(all.ticks / EVERY_POINT, (uint64_t)1);
    int64_t least = INT64_MAX;
    size_t cut = 0;
    bool had = false;
    assert_true(all.bytes > 0 && all.ticks > 100 && all.ticks <= BUDGET);
    for (uint64_t budget = 1; budget <= all.ticks; budget += budget < EVERY_POINT ? 1 : step) {
        struct run x = run(closed, leave, MEMORY_ENOUGH, budget, what_if);
        assert_true(x.status != INTERNPLAN_LIMIT && x.status != INTERNPLAN_INVALID);
        assert_true(x.has_plan || !had); /* a plan that was found is not lost */
        had = x.has_plan;
        if (x.has_plan && !what_if) {
            assert_true(x.changes <= least);
            least = x.changes;
        }
        cut += x.status != all.status;
    }
    assert_true(cut > 0);
    if (what_if) /* which gives its plan only a share */
        return;
    struct run again = run(closed, leave, MEMORY_ENOUGH, all.ticks, what_if);
    assert_int_equal(again.status, all.status);
    assert_true(again.has_plan == all.has_plan && again.changes == all.changes);
}

/* From nothing to enough, by steps no larger than what is asked for at once. */
static void starves(const char *closed, const char *leave, bool what_if)
{
    struct run all = run(closed, leave, MEMORY_ENOUGH, BUDGET, what_if);
    size_t limits = 0, memory = STEP_BYTES;
    for (; memory < MEMORY_ENOUGH; memory += STEP_BYTES) {
        struct run x = run(closed, leave, memory, BUDGET, what_if);
        assert_int_not_equal(x.status, INTERNPLAN_INVALID);
        if (x.status == all.status && x.bytes == all.bytes && x.ticks == all.ticks)
            break;
        limits += x.status == INTERNPLAN_LIMIT;
    }
    assert_true(memory < MEMORY_ENOUGH && limits > 5);
}

static void replan_stops_at_every_point(void **state)
{
    (void)state;
    stops("", away, false);
}

static void replan_starves(void **state)
{
    (void)state;
    starves("", away, false);
}

static void explanation_stops_at_every_point(void **state)
{
    (void)state;
    stops(shut, "", false);
}

static void explanation_starves(void **state)
{
    (void)state;
    starves(shut, "", false);
}

static void what_if_stops_at_every_point(void **state)
{
    (void)state;
    stops("", away, true);
}

static void what_if_starves(void **state)
{
    (void)state;
    starves("", away, true);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(replan_stops_at_every_point),      cmocka_unit_test(replan_starves),
        cmocka_unit_test(explanation_stops_at_every_point), cmocka_unit_test(explanation_starves),
        cmocka_unit_test(what_if_stops_at_every_point),     cmocka_unit_test(what_if_starves),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
