/* The check's reader against hostile input, its memory limit, its cheap call, and proofs written by hand. */
#include "unit.h"
#include "check/check.h"

enum { ARENA_BYTES = 64 << 20 };

static const char head[] = "{\"format\":\"internbase.problem/1\",\"weeks\":{\"first\":\"2027-03-01\",\"count\":4},";
static const char parts[] = "\"departments\":[{\"id\":\"d\",\"capacity\":1},{\"id\":\"e\",\"capacity\":1}],"
                            "\"programmes\":[{\"id\":\"p\",\"rotations\":[{\"id\":\"r\",\"departments\":[\"d\",\"e\"],\"weeks\":2}]}],";
static const char students[] = "\"students\":[{\"id\":\"s\",\"programme\":\"p\"},{\"id\":\"t\",\"programme\":\"p\"},{\"id\":\"u\",\"programme\":\"p\"}]";

static struct str join(struct arena *a, const char *x, const char *y, const char *z, const char *end)
{
    return arena_printf(a, "%s%s%s%s", x, y, z, end);
}

/* Whether a problem has a fault of the kind at the place. */
static bool has(const struct check_result *r, enum check_rule rule, const char *at)
{
    for (size_t i = 0; i < r->n; i++)
        if (r->found[i].rule == rule && str_is(r->found[i].at, at))
            return true;
    return false;
}

static void expect_fault(const char *json, enum check_rule rule, const char *at)
{
    struct arena a = arena_make(ARENA_BYTES);
    struct check_result r;
    assert_null(check_load(&a, str_of(json), NULL, &r));
    assert_int_equal(r.outcome, CHECK_INVALID);
    if (!has(&r, rule, at))
        fail_msg("%.200s: no %s at \"%s\" (first: %s at \"%.*s\")", json, check_rule_name(rule), at, r.n > 0 ? check_rule_name(r.found[0].rule) : "nothing",
                 r.n > 0 ? (int)r.found[0].at.n : 0, r.n > 0 ? r.found[0].at.p : "");
    arena_free(&a);
}

static void test_faults_are_named(void **state)
{
    (void)state;
    struct arena a = arena_make(ARENA_BYTES);
    const struct {
        const char *rest;
        enum check_rule rule;
        const char *at;
    } table[] = {
        { "\"departments\":[],\"programmes\":[],\"students\":[],\"extra\":1}", CHECK_unknown_key, "/extra" },
        { "\"departments\":[],\"programmes\":[]}", CHECK_missing_key, "" },
        { "\"departments\":{},\"programmes\":[],\"students\":[]}", CHECK_type, "/departments" },
        { "\"departments\":[{\"id\":\"d\",\"capacity\":-1}],\"programmes\":[],\"students\":[]}", CHECK_range, "/departments/0/capacity" },
        { "\"departments\":[{\"id\":\"d\",\"capacity\":99999999999999999999}],\"programmes\":[],\"students\":[]}", CHECK_range, "/departments/0/capacity" },
        { "\"departments\":[{\"id\":\"d\",\"capacity\":1.5}],\"programmes\":[],\"students\":[]}", CHECK_type, "/departments/0/capacity" },
        { "\"departments\":[{\"id\":\"d\",\"capacity\":1},{\"id\":\"d\",\"capacity\":1}],\"programmes\":[],\"students\":[]}", CHECK_duplicate, "/departments/1/id" },
        { "\"departments\":[{\"id\":\"d\",\"capacity\":1,\"site\":\"nowhere\"}],\"programmes\":[],\"students\":[]}", CHECK_unknown_name, "/departments/0/site" },
        { "\"departments\":[{\"id\":\"d\",\"capacity\":1,\"exceptions\":[{\"from\":\"2027-03-02\",\"weeks\":1}]}],\"programmes\":[],\"students\":[]}", CHECK_monday,
          "/departments/0/exceptions/0/from" },
        { "\"departments\":[{\"id\":\"d\",\"capacity\":1,\"exceptions\":[{\"from\":\"2027-02-30\",\"weeks\":0}]}],\"programmes\":[],\"students\":[]}", CHECK_range,
          "/departments/0/exceptions/0/weeks" },
        { "\"departments\":[],\"programmes\":[{\"id\":\"p\",\"rotations\":[{\"id\":\"r\",\"departments\":[],\"weeks\":1}]}],\"students\":[]}", CHECK_empty,
          "/programmes/0/rotations/0/departments" },
        { "\"departments\":[{\"id\":\"d\",\"capacity\":1}],\"programmes\":[{\"id\":\"p\",\"rotations\":[{\"id\":\"r\",\"departments\":[\"d\"],\"weeks\":5}]}],\"students\":[]}",
          CHECK_too_long, "/programmes/0/rotations/0/weeks" },
        { "\"departments\":[],\"programmes\":[],\"students\":[{\"id\":\"s\",\"programme\":\"none\"}]}", CHECK_unknown_name, "/students/0/programme" },
        { "\"departments\":[],\"programmes\":[],\"students\":[],\"pairs\":[{\"students\":[\"x\"],\"kind\":\"together\"}]}", CHECK_empty, "/pairs/0/students" },
        { "\"departments\":[],\"programmes\":[],\"students\":[],\"levels\":[\"beauty\"]}", CHECK_unknown_name, "/levels/0" },
        { "\"departments\":[],\"programmes\":[],\"students\":[],\"levels\":[{\"name\":\"worst\",\"weights\":{}}]}", CHECK_value, "/levels/0/name" },
        { "\"departments\":[],\"programmes\":[],\"students\":[],\"base_plan\":{\"freeze\":\"2027-03-01\",\"placements\":[{\"student\":\"x\",\"rotation\":\"r\",\"department\":\"d\","
          "\"from\":\"2027-03-01\",\"weeks\":1}]}}",
          CHECK_stranger, "/base_plan/placements/0/student" },
    };
    for (size_t i = 0; i < LEN(table); i++)
        expect_fault(join(&a, head, table[i].rest, "", "").p, table[i].rule, table[i].at);
    expect_fault("", CHECK_syntax, "");
    expect_fault("[]", CHECK_type, "");
    expect_fault("{\"format\":\"internbase.problem/1\",\"format\":\"x\"}", CHECK_doubled, "");
    expect_fault("{\"format\":\"\xff\"}", CHECK_utf8, "/format");
    arena_free(&a);
}

/* All faults at once, none lost. */
static void test_faults_come_together(void **state)
{
    (void)state;
    struct arena a = arena_make(ARENA_BYTES);
    struct check_result r;
    struct buf b = buf_make(1 << 20);
    buf_z(&b, head);
    buf_z(&b, parts);
    buf_z(&b, "\"students\":[");
    for (int i = 0; i < 300; i++)
        buf_printf(&b, "%s{\"id\":\"s%d\",\"programme\":\"none\",\"burden\":-1}", i > 0 ? "," : "", i);
    buf_z(&b, "]}");
    assert_null(check_load(&a, buf_view(&b), NULL, &r));
    assert_int_equal(r.total, 600);
    assert_int_equal(r.n, CHECK_FOUND_MOST);
    buf_free(&b);
    arena_free(&a);
}

/* Every beginning of a file, and every file with one byte changed: a clear answer, never a crash. */
static void test_cut_and_changed_files(void **state)
{
    (void)state;
    struct arena a = arena_make(ARENA_BYTES);
    struct str good = join(&a, head, parts, students, ",\"levels\":[\"worst\",{\"name\":\"w\",\"weights\":{\"regret\":2}}]}");
    struct str plan = STR("{\"format\":\"internbase.plan/1\",\"problem\":\"x\",\"status\":\"infeasible\",\"seed\":1,\"work\":{\"ticks\":1,\"budget\":1,"
                          "\"stopped_by\":\"proof\",\"engine\":\"e\"},\"levels\":[],\"placements\":[],\"receipts\":[],\"conflicts\":[{\"cause\":\"count\","
                          "\"facts\":[{\"kind\":\"seats\",\"department\":\"d\",\"from\":\"2027-03-01\",\"weeks\":4,\"at\":\"/departments/0/capacity\"}],"
                          "\"proof\":{\"split\":{\"load\":\"d\",\"week\":\"2027-03-01\",\"at_most\":0},\"yes\":{\"scale\":0},\"no\":{\"scale\":0,\"floor\":{\"d\":[[\"2027-03-01\",1,1]]}}},"
                          "\"needed\":[[]],\"minimal\":true}],\"repairs\":[{\"change\":[{\"op\":\"replace\",\"path\":\"/weeks/count\",\"value\":6}],\"cost\":40,\"conflict\":0,"
                          "\"status\":\"feasible\",\"levels\":[],\"placements\":[]}]}");
    struct check_result r;
    const struct check_problem *p = check_load(&a, good, NULL, &r);
    assert_non_null(p);
    for (size_t n = 0; n < good.n; n++) {
        struct arena own = arena_make(ARENA_BYTES);
        assert_null(check_load(&own, (struct str){ good.p, n }, NULL, &r));
        assert_true(r.outcome == CHECK_INVALID && r.total > 0);
        arena_free(&own);
    }
    static const char bytes[] = { '0', '9', '"', '{', '}', '[', ']', ',', ':', '-', 'z', '\0', '\xff' };
    char *copy = arena_copy(&a, plan.p, plan.n);
    for (size_t at = 0; at < plan.n; at++)
        for (size_t k = 0; k < LEN(bytes); k++) {
            struct arena own = arena_make(ARENA_BYTES);
            copy[at] = bytes[k];
            enum check_outcome how = check_plan(p, &own, (struct str){ copy, plan.n }, NULL, &r);
            assert_true(how == CHECK_BROKEN && r.total > 0);
            copy[at] = plan.p[at];
            arena_free(&own);
        }
    arena_free(&a);
}

static void test_deep_nesting(void **state)
{
    (void)state;
    struct arena a = arena_make(ARENA_BYTES);
    struct buf b = buf_make(1 << 20);
    struct check_result r;
    for (int i = 0; i < 100000; i++)
        buf_char(&b, '[');
    assert_null(check_load(&a, buf_view(&b), NULL, &r));
    assert_int_equal(r.found[0].rule, CHECK_depth);
    buf_free(&b);
    arena_free(&a);
}

/* A full arena ends the call, whatever `full` it has, and leaves the arena usable. */
static void never_called(void *ctx)
{
    (void)ctx;
    fail_msg("the arena's own full was called");
}

static void test_memory_ends_a_call(void **state)
{
    (void)state;
    struct arena text = arena_make(ARENA_BYTES);
    struct str good = join(&text, head, parts, students, "}");
    size_t refused = 0;
    for (size_t bytes = 0; bytes < 64 * 1024; bytes += 1024) {
        struct arena a = arena_make(bytes);
        struct check_result r;
        a.full = never_called;
        const struct check_problem *p = check_load(&a, good, NULL, &r);
        refused += p == NULL;
        assert_int_equal(p == NULL, r.outcome == CHECK_MEMORY);
        assert_true(a.full == never_called);
        arena_free(&a);
    }
    assert_true(refused > 5);
    arena_free(&text);
}

static void test_hand_changes(void **state)
{
    (void)state;
    struct arena a = arena_make(ARENA_BYTES);
    struct check_result r;
    const struct check_problem *p = check_load(&a, join(&a, head, parts, students, ",\"levels\":[\"waiting\"]}"), NULL, &r);
    date first = date_of(2027, 3, 1);
    struct check_placement q[] = { { STR("s"), STR("r"), STR("d"), first, 0 },
                                   { STR("t"), STR("r"), STR("d"), first + 7, 2 },
                                   { STR("u"), STR("r"), STR("e"), first + 14, 2 } };
    assert_int_equal(check_placements(p, &a, q, 3, NULL, &r), CHECK_BROKEN);
    assert_int_equal(r.total, 1);
    const struct check_found *f = &r.found[0];
    assert_int_equal(f->rule, CHECK_seats);
    assert_true(f->found == 2 && f->allowed == 1 && f->from == first + 7 && f->weeks == 1);
    assert_true(str_is(f->department, "d") && str_is(f->object, "/departments/0"));
    assert_int_equal(r.level[0].value, 0 + 1 + 2);
    q[1].from = first + 14;
    assert_int_equal(check_placements(p, &a, q, 3, NULL, &r), CHECK_HOLDS);
    assert_int_equal(r.receipts, 3);
    q[1].student = STR("nobody");
    assert_int_equal(check_placements(p, &a, q, 3, NULL, &r), CHECK_BROKEN);
    assert_int_equal(r.found[0].rule, CHECK_no_such_student);
    assert_false(r.level[0].has_value);
    q[1].from = first + 15; /* a Tuesday */
    q[1].student = STR("t");
    assert_int_equal(check_placements(p, &a, q, 3, NULL, &r), CHECK_BROKEN);
    assert_int_equal(r.found[0].rule, CHECK_horizon);
    arena_free(&a);
}

/* Three students, four weeks, two seats: the least waiting is 2, and the inequality proves just that. */
static enum check_outcome prove(const char *proof, int bound, struct check_result *r, struct arena *a)
{
    struct check_result load;
    const struct check_problem *p = check_load(a, join(a, head, parts, students, ",\"levels\":[\"waiting\"]}"), NULL, &load);
    struct str plan = arena_printf(
        a,
        "{\"format\":\"internbase.plan/1\",\"problem\":\"x\",\"status\":\"%s\",\"seed\":1,\"work\":{\"ticks\":1,\"budget\":1,\"stopped_by\":\"proof\",\"engine\":\"e\"},"
        "\"levels\":[{\"level\":\"waiting\",\"value\":2,\"bound\":%d,\"proven\":%s}],"
        "\"placements\":[{\"student\":\"s\",\"rotation\":\"r\",\"department\":\"d\",\"from\":\"2027-03-01\",\"weeks\":2},"
        "{\"student\":\"t\",\"rotation\":\"r\",\"department\":\"d\",\"from\":\"2027-03-15\",\"weeks\":2},"
        "{\"student\":\"u\",\"rotation\":\"r\",\"department\":\"e\",\"from\":\"2027-03-01\",\"weeks\":2}],"
        "\"receipts\":[{\"student\":\"s\",\"regret\":0,\"wishes\":[]},{\"student\":\"t\",\"regret\":0,\"wishes\":[]},{\"student\":\"u\",\"regret\":0,\"wishes\":[]}],"
        "\"certificate\":{\"format\":\"internbase.certificate/1\",\"levels\":[{\"level\":\"waiting\",\"bound\":%d,\"proof\":%s}]}}",
        bound == 2 ? "optimal" : "feasible", bound, bound == 2 ? "true" : "false", bound, proof);
    return check_plan(p, a, plan, NULL, r);
}

static void test_proofs(void **state)
{
    (void)state;
    const struct {
        const char *proof;
        int bound; /* the best that holds; -1: refused whatever is claimed */
    } table[] = {
        { "{\"scale\":1}", 0 },
        { "{\"scale\":1,\"seat\":{\"d\":[[\"2027-03-08\",1,1]],\"e\":[[\"2027-03-08\",1,1]]}}", 1 },
        { "{\"scale\":1,\"seat\":{\"d\":[[\"2027-03-08\",1,2]],\"e\":[[\"2027-03-08\",1,2]]}}", 2 },
        { "{\"scale\":1,\"seat\":{\"d\":[[\"2027-03-08\",1,3]],\"e\":[[\"2027-03-08\",1,3]]}}", 0 },
        { "{\"split\":{\"student\":\"s\",\"department\":\"d\",\"week\":\"2027-03-08\"},\"yes\":{\"scale\":1},\"no\":{\"scale\":1}}", 0 },
        { "{\"split\":{\"student\":\"s\",\"rotation\":\"r\",\"from\":\"2027-03-15\"},\"yes\":{\"scale\":1},\"no\":{\"scale\":1}}", 0 },
        { "{\"split\":{\"load\":\"d\",\"week\":\"2027-03-08\",\"at_most\":0},\"yes\":{\"scale\":1,\"seat\":{\"e\":[[\"2027-03-08\",1,1]]}},"
          "\"no\":{\"scale\":1,\"floor\":{\"d\":[[\"2027-03-08\",1,0]]},\"seat\":{\"d\":[[\"2027-03-08\",1,2]],\"e\":[[\"2027-03-08\",1,2]]}}}", 2 },
        { "{\"scale\":1,\"seat\":{\"d\":[[\"2027-03-08\",1,-1]]}}", -1 },
        { "{\"scale\":1,\"seat\":{\"d\":[[\"2027-03-08\",1,1],[\"2027-03-01\",4,1]]}}", -1 },
        { "{\"scale\":1,\"seat\":{\"d\":[[\"2027-03-08\",9,1]]}}", -1 },
        { "{\"scale\":1,\"seat\":{\"x\":[[\"2027-03-08\",1,1]]}}", -1 },
        { "{\"scale\":1,\"floor\":{\"d\":[[\"2027-03-08\",1,1]]}}", -1 },
        { "{\"scale\":1,\"minimum\":{\"d\":[[\"2027-03-08\",1,1]]}}", -1 },
        { "{\"scale\":1,\"even\":{\"d\":[[\"2027-03-08\",1,1],[\"2027-03-15\",1,-1]]}}", -1 },
        { "{\"scale\":1,\"worst\":{\"s\":1}}", -1 },
        { "{\"scale\":1,\"given\":{\"waiting\":1}}", -1 },
        { "{\"scale\":1,\"apart\":[{\"index\":0,\"cells\":{}}]}", -1 },
        { "{\"scale\":1,\"quota\":[{\"department\":\"d\",\"index\":0,\"runs\":[]}]}", -1 },
        { "{\"scale\":0}", -1 },
        { "{\"split\":{\"worst\":99999999999999},\"yes\":{\"scale\":1},\"no\":{\"scale\":1}}", -1 },
        { "{\"split\":{\"student\":\"s\"},\"yes\":{\"scale\":1},\"no\":{\"scale\":1}}", -1 },
    };
    for (size_t i = 0; i < LEN(table); i++)
        for (int bound = 0; bound <= 2; bound++) {
            struct arena a = arena_make(ARENA_BYTES);
            struct check_result r;
            enum check_outcome how = prove(table[i].proof, bound, &r, &a);
            if ((how == CHECK_HOLDS) != (bound <= table[i].bound))
                fail_msg("%s with bound %d: outcome %d, first %s", table[i].proof, bound, (int)how, r.n > 0 ? check_rule_name(r.found[0].rule) : "nothing");
            arena_free(&a);
        }
}

/* A proof by cases may be deep; one deeper than the reader allows is refused, not crashed on. */
static void test_deep_proofs(void **state)
{
    (void)state;
    const struct {
        int depth;
        enum check_outcome how;
    } table[] = { { 1, CHECK_HOLDS }, { 400, CHECK_HOLDS }, { 5000, CHECK_BROKEN } };
    for (size_t i = 0; i < LEN(table); i++) {
        struct arena a = arena_make(ARENA_BYTES);
        struct check_result r;
        struct buf b = buf_make(1 << 24);
        for (int k = 0; k < table[i].depth; k++)
            buf_printf(&b, "{\"split\":{\"worst\":%d},\"yes\":{\"scale\":1},\"no\":", k);
        buf_z(&b, "{\"scale\":1}");
        for (int k = 0; k < table[i].depth; k++)
            buf_z(&b, "}");
        assert_int_equal(prove(arena_copy(&a, b.p, b.n), 0, &r, &a), table[i].how);
        buf_free(&b);
        arena_free(&a);
    }
}

static bool at_once(void *ctx)
{
    (void)ctx;
    return true;
}
static void test_cancel(void **state)
{
    (void)state;
    struct arena a = arena_make(ARENA_BYTES);
    struct check_result r;
    struct check_options o = { .cancel = at_once };
    const struct check_problem *p = check_load(&a, join(&a, head, parts, students, ",\"levels\":[\"waiting\"]}"), NULL, &r);
    struct str plan = STR("{\"format\":\"internbase.plan/1\",\"problem\":\"x\",\"status\":\"unknown\",\"seed\":1,\"work\":{\"ticks\":1,\"budget\":1,\"stopped_by\":\"cancel\","
                          "\"engine\":\"e\"},\"levels\":[{\"level\":\"waiting\",\"value\":null,\"bound\":0,\"proven\":false}],\"placements\":[],\"receipts\":[],"
                          "\"certificate\":{\"format\":\"internbase.certificate/1\",\"levels\":[{\"level\":\"waiting\",\"bound\":0,\"proof\":{\"scale\":1}}]}}");
    assert_int_equal(check_plan(p, &a, plan, NULL, &r), CHECK_HOLDS);
    assert_int_equal(check_plan(p, &a, plan, &o, &r), CHECK_CANCELLED);
    arena_free(&a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_faults_are_named), cmocka_unit_test(test_faults_come_together), cmocka_unit_test(test_cut_and_changed_files),
        cmocka_unit_test(test_deep_nesting),     cmocka_unit_test(test_memory_ends_a_call),   cmocka_unit_test(test_hand_changes),
        cmocka_unit_test(test_proofs),           cmocka_unit_test(test_deep_proofs),          cmocka_unit_test(test_cancel),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
