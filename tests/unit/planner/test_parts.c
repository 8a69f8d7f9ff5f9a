/* Every part of the model on a problem small enough to be solved by hand: the values of all levels, and whether they are
 * proven. Problems are written with ' for ". */
#include "planner/run.h"

#include "unit.h"

#define WEEKS(n) "{'format':'internbase.problem/1','weeks':{'first':'2027-03-01','count':" #n "},"
#define AB "'departments':[{'id':'a','capacity':2},{'id':'b','capacity':2}],"
#define A(n) "'departments':[{'id':'a','capacity':" #n "}],"
#define ONE(departments) "'programmes':[{'id':'p','rotations':[{'id':'r','departments':[" departments "],'weeks':1}]}],"
#define FIRST_WEEK(r) "{'rotation':'" r "','window':{'from':'2027-03-01','until':'2027-03-08'}}"
#define S(id, more) "{'id':'" id "','programme':'p'" more "}"
#define WISH(text) ",'wishes':[" text "]"

struct part {
    const char *name, *json;
    enum internplan_status status;
    int64_t value[4];
    int levels;
};

static const struct part parts[] = {
    { "a merged pair needs two seats",
      WEEKS(1) "'departments':[{'id':'a','capacity':2},{'id':'b','capacity':1}]," ONE("'a','b'") "'students':["
      S("s", WISH("{'rotation':'r','departments':['b','a']}")) "," S("t", WISH("{'rotation':'r','departments':['b','a']}"))
      "],'pairs':[{'students':['s','t'],'kind':'together'}]}",
      INTERNPLAN_OPTIMAL, { 1, 2 }, 2 },
    { "together in a named rotation only",
      WEEKS(3) "'departments':[{'id':'a','capacity':1},{'id':'b','capacity':2},{'id':'c','capacity':1}],"
      "'programmes':[{'id':'p','rotations':[{'id':'r','departments':['a','b'],'weeks':1},"
      "{'id':'q','departments':['c'],'weeks':1}]}],'students':["
      S("s", WISH("{'rotation':'r','departments':['a','b']}")) "," S("t", WISH("{'rotation':'r','departments':['a','b']}"))
      "],'pairs':[{'students':['s','t'],'kind':'together','rotations':['r']}]}",
      INTERNPLAN_OPTIMAL, { 1, 2 }, 2 },
    { "apart: never in one department in one week",
      WEEKS(2) A(2) ONE("'a'") "'students':[" S("s", WISH(FIRST_WEEK("r"))) "," S("t", WISH(FIRST_WEEK("r")))
      "],'pairs':[{'students':['s','t'],'kind':'apart'}]}",
      INTERNPLAN_OPTIMAL, { 3, 3 }, 2 },
    { "apart in a named rotation only",
      WEEKS(3) A(2) "'programmes':[{'id':'p','rotations':[{'id':'r','departments':['a'],'weeks':1},"
      "{'id':'q','departments':['a'],'weeks':1}],'orders':[{'before':'r','after':'q'}]}],'students':["
      S("s", WISH(FIRST_WEEK("r"))) "," S("t", WISH(FIRST_WEEK("r")))
      "],'pairs':[{'students':['s','t'],'kind':'apart','rotations':['r']}]}",
      INTERNPLAN_OPTIMAL, { 3, 3 }, 2 },
    { "repair: what begins before the freeze date stays, the rest changes least",
      WEEKS(4) "'departments':[{'id':'a','capacity':1,'exceptions':[{'from':'2027-03-08','weeks':1,'capacity':0}]}],"
      "'programmes':[{'id':'p','rotations':[{'id':'r','departments':['a'],'weeks':1},{'id':'q','departments':['a'],"
      "'weeks':1}]}],'students':[" S("s", "") "],'base_plan':{'freeze':'2027-03-08','placements':["
      "{'student':'s','rotation':'r','department':'a','from':'2027-03-01','weeks':1},"
      "{'student':'s','rotation':'q','department':'a','from':'2027-03-08','weeks':1}]}}",
      INTERNPLAN_OPTIMAL, { 2 }, 1 }, /* one week lost, one gained */
    { "repair: nothing has to change",
      WEEKS(3) A(1) ONE("'a'") "'students':[" S("s", WISH(FIRST_WEEK("r"))) "],'base_plan':{'freeze':'2027-03-01',"
      "'placements':[{'student':'s','rotation':'r','department':'a','from':'2027-03-15','weeks':1}]}}",
      INTERNPLAN_OPTIMAL, { 0, 3, 3 }, 3 }, /* changes come before regret */
    { "a shared quota counts two departments together",
      WEEKS(2) AB "'programmes':[{'id':'p','rotations':[{'id':'r','departments':['a','b'],'weeks':1}]}],'students':["
      S("s", WISH(FIRST_WEEK("r"))) "," S("t", WISH(FIRST_WEEK("r")))
      "],'shared_quotas':[{'departments':['a','b'],'capacity':1}]}",
      INTERNPLAN_OPTIMAL, { 3, 3 }, 2 },
    { "a shared quota of some weeks",
      WEEKS(2) AB "'programmes':[{'id':'p','rotations':[{'id':'r','departments':['a','b'],'weeks':1}]}],'students':["
      S("s", WISH(FIRST_WEEK("r"))) "," S("t", WISH(FIRST_WEEK("r")))
      "],'shared_quotas':[{'departments':['a','b'],'from':'2027-03-08','weeks':1,'capacity':0}]}",
      INTERNPLAN_OPTIMAL, { 0, 0 }, 2 },
    { "seats kept for a group",
      WEEKS(1) "'departments':[{'id':'a','capacity':2,'quotas':[{'not':'g','capacity':0}]},{'id':'b','capacity':2}],"
      ONE("'a','b'") "'students':[" S("s", ",'groups':['g']" WISH("{'rotation':'r','departments':['a','b']}")) ","
      S("t", WISH("{'rotation':'r','departments':['a','b']}")) "]}",
      INTERNPLAN_OPTIMAL, { 1, 1 }, 2 },
    { "some may be left out",
      WEEKS(1) A(1) ONE("'a'") "'students':[" S("s", "") "," S("t", "") "],'allow_unplaced':true}",
      INTERNPLAN_OPTIMAL, { 1 }, 1 },
    { "what is left out of a choice counts by its shortest rotations",
      WEEKS(1) A(1) "'programmes':[{'id':'p','rotations':[{'id':'x','departments':['a'],'weeks':1},{'id':'y',"
      "'departments':['a'],'weeks':1}],'choices':[{'id':'c','pick':1,'of':['x','y']}]}],'students':[" S("s", "") ","
      S("t", "") "," S("u", "") "],'allow_unplaced':true}",
      INTERNPLAN_OPTIMAL, { 2 }, 1 },
    { "the smallest of a capacity's parts counts",
      WEEKS(2) "'departments':[{'id':'a','capacity':3,'limits':[{'because':'seats','capacity':2},{'because':'preceptors',"
      "'capacity':1}]}]," ONE("'a'") "'students':[" S("s", WISH(FIRST_WEEK("r"))) "," S("t", WISH(FIRST_WEEK("r"))) "]}",
      INTERNPLAN_OPTIMAL, { 3, 3 }, 2 },
    { "an exception may give other parts",
      WEEKS(2) "'departments':[{'id':'a','capacity':2,'exceptions':[{'from':'2027-03-01','weeks':1,'limits':["
      "{'because':'clause','capacity':0}]}]}]," ONE("'a'") "'students':[" S("s", WISH(FIRST_WEEK("r"))) "]}",
      INTERNPLAN_OPTIMAL, { 3, 3 }, 2 },
    { "the last exception with the key counts, key by key",
      WEEKS(2) "'departments':[{'id':'a','capacity':2,'exceptions':[{'from':'2027-03-08','weeks':1,'minimum':2},"
      "{'from':'2027-03-08','weeks':1,'capacity':2}]}]," ONE("'a'") "'students':[" S("s", WISH(FIRST_WEEK("r"))) ","
      S("t", WISH(FIRST_WEEK("r"))) "]}",
      INTERNPLAN_OPTIMAL, { 0, 3, 6 }, 3 }, /* nobody is missing in the second week, so nobody is there in the first */
    { "too few for a minimum",
      WEEKS(2) "'departments':[{'id':'a','capacity':2,'minimum':1}]," ONE("'a'") "'students':["
      S("s", WISH(FIRST_WEEK("r"))) "]}",
      INTERNPLAN_OPTIMAL, { 1, 0, 0 }, 3 },
    { "a weighted level is minimised as one",
      WEEKS(2) "'sites':[{'id':'x'},{'id':'y'}],'departments':[{'id':'a','site':'x','capacity':1},{'id':'b','site':'x',"
      "'capacity':1},{'id':'c','site':'y','capacity':1}],'programmes':[{'id':'p','rotations':[{'id':'r','departments':["
      "'a'],'weeks':1},{'id':'q','departments':['b','c'],'weeks':1}]}],'students':["
      S("s", WISH("{'rotation':'q','departments':['c','b']}")) "],'levels':[{'name':'mix','weights':{'regret':1,'travel':2}}]}",
      INTERNPLAN_OPTIMAL, { 1 }, 1 },
    { "travel after regret",
      WEEKS(3) "'sites':[{'id':'x'},{'id':'y'}],'departments':[{'id':'a','site':'x','capacity':1},{'id':'b','site':'x',"
      "'capacity':1},{'id':'c','site':'y','capacity':1}],'programmes':[{'id':'p','rotations':[{'id':'r','departments':["
      "'a'],'weeks':1},{'id':'q','departments':['b','c'],'weeks':1},{'id':'o','departments':['a'],'weeks':1}],'orders':["
      "{'before':'r','after':'q'},{'before':'q','after':'o'}]}],'students':["
      S("s", WISH("{'rotation':'q','departments':['c','b']}")) "]}",
      INTERNPLAN_OPTIMAL, { 0, 0, 2 }, 3 },
    { "a dislike of travel is part of the regret",
      WEEKS(3) "'sites':[{'id':'x'},{'id':'y'}],'departments':[{'id':'a','site':'x','capacity':1},{'id':'b','site':'x',"
      "'capacity':1},{'id':'c','site':'y','capacity':1}],'programmes':[{'id':'p','rotations':[{'id':'r','departments':["
      "'a'],'weeks':1},{'id':'q','departments':['b','c'],'weeks':1},{'id':'o','departments':['a'],'weeks':1}],'orders':["
      "{'before':'r','after':'q'},{'before':'q','after':'o'}]}],'students':["
      S("s", ",'dislikes':{'travel':1}" WISH("{'rotation':'q','departments':['c','b']}")) "]}",
      INTERNPLAN_OPTIMAL, { 1, 1, 0 }, 3 },
    { "explicit costs",
      WEEKS(1) AB ONE("'a','b'") "'students':[" S("s", WISH("{'rotation':'r','costs':{'a':5,'b':2}}")) "]}",
      INTERNPLAN_OPTIMAL, { 2, 2 }, 2 },
    { "a department that costs do not name is free",
      WEEKS(1) AB ONE("'a','b'") "'students':[" S("s", WISH("{'rotation':'r','costs':{'a':5}}")) "]}",
      INTERNPLAN_OPTIMAL, { 0, 0 }, 2 },
    { "weights of ranked wishes, and what is not in the list",
      WEEKS(1) "'departments':[{'id':'a','capacity':0},{'id':'b','capacity':1}]," ONE("'a','b'") "'students':["
      S("s", WISH("{'rotation':'r','departments':['a'],'weight':4}")) "]}",
      INTERNPLAN_OPTIMAL, { 4, 4 }, 2 },
    { "smooth: three students in two weeks", /* its bound needs splits of the load: none is claimed */
      WEEKS(2) A(3) ONE("'a'") "'students':[" S("s", "") "," S("t", "") "," S("u", "") "],'levels':['smooth']}",
      INTERNPLAN_OPTIMAL, { 1 }, 1 },
    { "smooth: weeks of another capacity do not count",
      WEEKS(3) "'departments':[{'id':'a','capacity':2,'exceptions':[{'from':'2027-03-15','weeks':1,'capacity':0}]}],"
      ONE("'a'") "'students':[" S("s", "") "," S("t", "") "],'levels':['smooth']}",
      INTERNPLAN_OPTIMAL, { 0 }, 1 },
    { "waiting: an away week before the first placement counts",
      WEEKS(3) A(1) ONE("'a'") "'students':[" S("s", ",'away':[{'from':'2027-03-01','weeks':1}]") "],'levels':['waiting']}",
      INTERNPLAN_OPTIMAL, { 1 }, 1 },
    { "a dislike of waiting is part of the regret",
      WEEKS(3) A(1) ONE("'a'") "'students':[" S("s", ",'dislikes':{'waiting':2},'away':[{'from':'2027-03-01','weeks':2}]")
      "]}",
      INTERNPLAN_OPTIMAL, { 4, 4 }, 2 },
    { "two weeks at a stretch, then a free one",
      WEEKS(4) A(1) "'programmes':[{'id':'p','max_consecutive':2,'rotations':[{'id':'r','departments':['a'],'weeks':1},"
      "{'id':'q','departments':['a'],'weeks':1},{'id':'o','departments':['a'],'weeks':1}]}],'students':[" S("s", "")
      "],'levels':['waiting']}",
      INTERNPLAN_OPTIMAL, { 1 }, 1 },
    { "no free weeks, but an away week is none",
      WEEKS(4) A(1) "'programmes':[{'id':'p','free_weeks':'forbidden','rotations':[{'id':'r','departments':['a'],"
      "'weeks':1},{'id':'q','departments':['a'],'weeks':1}]}],'students':["
      S("s", ",'away':[{'from':'2027-03-08','weeks':1}]") "],'levels':['waiting']}",
      INTERNPLAN_OPTIMAL, { 1 }, 1 },
    { "no free weeks: the gap cannot be bridged",
      WEEKS(4) "'departments':[{'id':'a','capacity':1,'exceptions':[{'from':'2027-03-08','weeks':1,'capacity':0}]}],"
      "'programmes':[{'id':'p','free_weeks':'forbidden','rotations':[{'id':'r','departments':['a'],'weeks':1},"
      "{'id':'q','departments':['a'],'weeks':1}]}],'students':[" S("s", "") "],'levels':['waiting']}",
      INTERNPLAN_OPTIMAL, { 2 }, 1 },
    { "one rotation at a site at most",
      WEEKS(2) "'sites':[{'id':'x'},{'id':'y'}],'departments':[{'id':'a','site':'x','capacity':1},{'id':'b','site':'y',"
      "'capacity':1}],'programmes':[{'id':'p','site_limit':1,'rotations':[{'id':'r','departments':['a'],'weeks':1},"
      "{'id':'q','departments':['a','b'],'weeks':1}]}],'students':["
      S("s", WISH("{'rotation':'q','departments':['a','b']}")) "]}",
      INTERNPLAN_OPTIMAL, { 1, 1, 1 }, 3 },
    { "a clearance from the second week on; the latest counts",
      WEEKS(3) A(1) ONE("'a'") "'students':["
      S("s", ",'enter':[{'department':'a','from':'2027-03-08'},{'department':'*','from':'2027-03-15'}]"
             WISH("{'rotation':'r','window':{'from':'2027-03-01','until':'2027-03-15'}}")) "]}",
      INTERNPLAN_OPTIMAL, { 3, 3 }, 2 },
    { "a most gap of nothing: at once, or later",
      WEEKS(4) A(1) "'programmes':[{'id':'p','rotations':[{'id':'r','departments':['a'],'weeks':1},{'id':'q',"
      "'departments':['a'],'weeks':1}],'orders':[{'before':'r','after':'q','max_gap':0}]}],'students':["
      S("s", ",'away':[{'from':'2027-03-08','weeks':1}]") "],'levels':['waiting']}",
      INTERNPLAN_OPTIMAL, { 2 }, 1 },
    { "a least gap",
      WEEKS(4) A(1) "'programmes':[{'id':'p','rotations':[{'id':'r','departments':['a'],'weeks':1},{'id':'q',"
      "'departments':['a'],'weeks':1}],'orders':[{'before':'r','after':'q','min_gap':2}]}],'students':[" S("s", "")
      "],'levels':['waiting']}",
      INTERNPLAN_OPTIMAL, { 2 }, 1 },
    { "a burden counts in worst, not in regret",
      WEEKS(1) A(2) ONE("'a'") "'students':[" S("s", ",'burden':3") "," S("t", "") "]}",
      INTERNPLAN_OPTIMAL, { 3, 0 }, 2 },
    { "a pause is bridged",
      "{'format':'internbase.problem/1','weeks':{'first':'2027-03-01','count':4,'closed':['2027-03-08']},"
      A(1) "'programmes':[{'id':'p','rotations':[{'id':'r','departments':['a'],'weeks':2}]}],'students':["
      S("s", WISH("{'rotation':'r','window':{'from':'2027-03-01','until':'2027-03-22'}}")) "]}",
      INTERNPLAN_OPTIMAL, { 0, 0 }, 2 },
    { "a pause may not be bridged",
      "{'format':'internbase.problem/1','weeks':{'first':'2027-03-01','count':4,'closed':['2027-03-08'],"
      "'span_closed':false}," A(1) "'programmes':[{'id':'p','rotations':[{'id':'r','departments':['a'],'weeks':2}]}],"
      "'students':[" S("s", WISH("{'rotation':'r','window':{'from':'2027-03-01','until':'2027-03-22'}}")) "]}",
      INTERNPLAN_OPTIMAL, { 3, 3 }, 2 },
    { "two of three, by rank",
      WEEKS(2) A(1) "'programmes':[{'id':'p','rotations':[{'id':'x','departments':['a'],'weeks':1},{'id':'y','departments':"
      "['a'],'weeks':1},{'id':'z','departments':['a'],'weeks':1}],'choices':[{'id':'c','pick':2,'of':['x','y','z']}]}],"
      "'students':[" S("s", WISH("{'choice':'c','rotations':['z','x','y']}")) "]}",
      INTERNPLAN_OPTIMAL, { 1, 1 }, 2 },
    { "a fixed one counts as picked",
      WEEKS(2) A(1) "'programmes':[{'id':'p','rotations':[{'id':'x','departments':['a'],'weeks':1},{'id':'y','departments':"
      "['a'],'weeks':1},{'id':'z','departments':['a'],'weeks':1}],'choices':[{'id':'c','pick':2,'of':['x','y','z']}]}],"
      "'students':[" S("s", ",'fixed':[{'rotation':'y','department':'a','from':'2027-03-08'}]"
                            WISH("{'choice':'c','rotations':['z','x','y']}")) "]}",
      INTERNPLAN_OPTIMAL, { 3, 3 }, 2 },
    { "what must come before need not be there at all, where the order says so",
      WEEKS(1) A(1) "'programmes':[{'id':'p','rotations':[{'id':'x','departments':['a'],'weeks':1},{'id':'y','departments':"
      "['a'],'weeks':1}],'choices':[{'id':'c','pick':1,'of':['x','y']}],'orders':[{'before':'x','after':'y','requires':"
      "false}]}],'students':[" S("s", WISH("{'choice':'c','rotations':['y','x']}")) "]}",
      INTERNPLAN_OPTIMAL, { 0, 0 }, 2 },
    { "else it must",
      WEEKS(1) A(1) "'programmes':[{'id':'p','rotations':[{'id':'x','departments':['a'],'weeks':1},{'id':'y','departments':"
      "['a'],'weeks':1}],'choices':[{'id':'c','pick':1,'of':['x','y']}],'orders':[{'before':'x','after':'y'}]}],"
      "'students':[" S("s", WISH("{'choice':'c','rotations':['y','x']}")) "]}",
      INTERNPLAN_OPTIMAL, { 1, 1 }, 2 },
};

static bool keep(void *ctx, const char *bytes, size_t n)
{
    buf_add(ctx, bytes, n);
    return true;
}

static void quoted(struct buf *b, const char *text)
{
    for (; *text != 0; text++)
        buf_add(b, *text == '\'' ? "\"" : text, 1);
}

static struct internplan *load_within(const char *text, size_t bytes)
{
    struct buf b = buf_make(1 << 20);
    quoted(&b, text);
    struct internplan *p = internplan_new(bytes);
    enum internplan_status status = internplan_load(p, b.p, b.n);
    if (status != INTERNPLAN_UNKNOWN)
        print_error("%s: %s\n", internplan_error(p, 0).path, internplan_error(p, 0).found);
    assert_int_equal(status, INTERNPLAN_UNKNOWN);
    buf_free(&b);
    return p;
}

static struct internplan *load(const char *text)
{
    return load_within(text, 64 << 20);
}

static struct internplan_options few_ticks(void)
{
    struct internplan_options o = internplan_options_default();
    o.seed = 1;
    o.budget_ticks = 100000;
    return o;
}

static void every_part_counts(void **state)
{
    (void)state;
    for (size_t i = 0; i < LEN(parts); i++) {
        struct internplan *p = load(parts[i].json);
        struct internplan_options o = few_ticks();
        enum internplan_status status = internplan_solve(p, &o);
        bool as_wanted = status == parts[i].status && (int)internplan_level_count(p) == parts[i].levels;
        for (int k = 0; k < parts[i].levels && as_wanted; k++) {
            struct internplan_level at = internplan_level(p, (size_t)k);
            as_wanted = at.value == parts[i].value[k] && at.bound <= at.value && at.proven >= (status == INTERNPLAN_OPTIMAL);
        }
        if (!as_wanted) {
            print_error("%s: status %d\n", parts[i].name, (int)status);
            for (size_t k = 0; k < internplan_level_count(p); k++)
                print_error("  %s %lld, bound %lld\n", internplan_level(p, k).name,
                            (long long)internplan_level(p, k).value, (long long)internplan_level(p, k).bound);
        }
        assert_true(as_wanted);
        internplan_free(p);
    }
}

/* Sixteen rotations in as many weeks: the first must precede the last, each would like to stand where it cannot. */
static void many_rotations(void **state)
{
    (void)state;
    struct buf b = buf_make(1 << 16);
    buf_z(&b, WEEKS(16) "'departments':[");
    for (int i = 0; i < 16; i++)
        buf_printf(&b, "%s{'id':'d%d','capacity':1}", i ? "," : "", i);
    buf_z(&b, "],'programmes':[{'id':'p','rotations':[");
    for (int i = 0; i < 16; i++)
        buf_printf(&b, "%s{'id':'r%d','departments':['d%d'],'weeks':1}", i ? "," : "", i, i);
    buf_z(&b, "],'orders':[{'before':'r0','after':'r15'}]}],'students':[" S(
                  "s", WISH(FIRST_WEEK("r15") ",{'rotation':'r0','window':{'from':'2027-06-14','until':'2027-06-21'}}")) "]}");
    struct internplan *p = load_within(b.p, 512 << 20);
    struct internplan_options o = few_ticks();
    assert_int_equal(internplan_solve(p, &o), INTERNPLAN_OPTIMAL);
    assert_int_equal(internplan_level(p, 1).value, 6);
    assert_int_equal(internplan_placement_count(p), 16);
    internplan_free(p);
    buf_free(&b);
}

static int64_t changes_after_start(const char *text, const char *plan, enum internplan_start wanted)
{
    struct internplan *p = load(text);
    struct internplan_options o = few_ticks();
    o.budget_ticks = 1;
    assert_int_equal(internplan_start_from(p, plan, strlen(plan)), wanted);
    (void)internplan_solve(p, &o);
    int64_t value = internplan_level_count(p) > 0 && internplan_level(p, 0).has_value ? internplan_level(p, 0).value : -1;
    internplan_free(p);
    return value;
}

/* A stored plan is there at once, where it still fits. */
static void a_start_is_taken(void **state)
{
    (void)state;
    const char *problem = WEEKS(3) A(1) ONE("'a'") "'students':[" S("s", WISH(FIRST_WEEK("r"))) "," S("t", "") "]}";
    struct internplan *p = load(problem);
    struct internplan_options o = few_ticks();
    assert_int_equal(internplan_solve(p, &o), INTERNPLAN_OPTIMAL);
    struct buf plan = buf_make(1 << 20);
    assert_true(internplan_write(p, "sha256:00", keep, &plan));
    buf_add(&plan, "", 1);
    internplan_free(p);
    assert_int_equal(changes_after_start(problem, plan.p, INTERNPLAN_START_TAKEN), 0);
    const char *full = WEEKS(3) "'departments':[{'id':'a','capacity':1,'exceptions':[{'from':'2027-03-01','weeks':1,"
                                "'capacity':0}]}]," ONE("'a'") "'students':[" S("s", WISH(FIRST_WEEK("r"))) "," S("t", "") "]}";
    assert_int_equal(changes_after_start(full, plan.p, INTERNPLAN_START_PARTLY), 3);
    (void)changes_after_start(problem, "{}", INTERNPLAN_START_IGNORED);
    (void)changes_after_start(problem, "no plan", INTERNPLAN_START_IGNORED);
    buf_free(&plan);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_part_counts),
        cmocka_unit_test(many_rotations),
        cmocka_unit_test(a_start_is_taken),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
