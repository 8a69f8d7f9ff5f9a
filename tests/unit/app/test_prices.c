/* What a certificate says that seats are worth: price over scale, the largest leaf, runs put together, marked where it may be more. */
#include "app/prices.h"

#include "unit.h"

static void read(const char *levels, const char *expected)
{
    struct arena a = arena_make(1 << 20);
    struct str plan = arena_printf(&a, "{\"certificate\":{\"levels\":[%s]}}", levels);
    struct str found = prices_of(&a, plan);
    assert_int_equal(found.n, strlen(expected));
    if (found.n > 0)
        assert_string_equal(found.p, expected);
    arena_free(&a);
}

static void leaves(void **state)
{
    (void)state;
    read("{\"level\":\"regret\",\"bound\":4,\"proof\":{\"scale\":4096,\"seat\":{\"nicu\":[[\"2027-03-01\",2,2048],[\"2027-03-15\",1,2048],[\"2027-03-22\",1,1]]}}}",
         "{\"level\":\"regret\",\"runs\":[[\"nicu\",\"2027-03-01\",3,500,false],[\"nicu\",\"2027-03-22\",1,1,false]]}");
    /* A level that only excludes prices nothing; the next one counts. Of two leaves the dearer one, and an empty leaf opens it. */
    read("{\"level\":\"worst\",\"bound\":1,\"proof\":{\"split\":{\"worst\":0},\"yes\":{\"scale\":0,\"seat\":{\"a\":[[\"2027-03-01\",1,9]]}},\"no\":{\"scale\":1}}},"
         "{\"level\":\"regret\",\"bound\":2,\"proof\":{\"split\":{\"load\":\"a\",\"week\":\"2027-03-01\",\"at_most\":1},"
         "\"yes\":{\"scale\":2,\"seat\":{\"a\":[[\"2027-03-08\",1,1]]}},\"no\":{\"split\":{},\"yes\":{\"scale\":1,\"seat\":{\"a\":[[\"2027-03-08\",2,3]]}},"
         "\"no\":{\"scale\":0,\"seat\":{\"a\":[[\"2027-03-15\",1,7]]}}}}}",
         "{\"level\":\"regret\",\"runs\":[[\"a\",\"2027-03-08\",1,3000,false],[\"a\",\"2027-03-15\",1,3000,true]]}");
    read("{\"level\":\"regret\",\"bound\":1,\"proof\":{\"scale\":1,\"seat\":{\"a\":[[\"2027-03-01\",1,1099511627776]]}}}",
         "{\"level\":\"regret\",\"runs\":[[\"a\",\"2027-03-01\",1,1099511627776000,false]]}");
}

static void nothing(void **state)
{
    (void)state;
    struct arena a = arena_make(1 << 20);
    assert_int_equal(prices_of(&a, STR("")).n, 0);
    assert_int_equal(prices_of(&a, STR("{\"status\":\"unknown\"}")).n, 0);
    arena_free(&a);
    read("{\"level\":\"regret\",\"bound\":0,\"proof\":{\"scale\":1}}", "");
    read("{\"level\":\"regret\",\"bound\":0,\"proof\":{\"scale\":1,\"seat\":{\"a\":[[\"2027-03-01\",0,5],[\"x\",1,5],[\"2027-03-01\",1,-5],[7],3]}}}", "");
    read("{\"level\":\"worst\",\"bound\":1,\"proof\":{\"scale\":0,\"seat\":{\"a\":[[\"2027-03-01\",1,9]]}}}", "");
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(leaves), cmocka_unit_test(nothing) };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
