/* The sentences of an explanation: every kind of fact, cause and way out, in both languages: never empty, no placeholder left,
 * no code where people have a name; the same words twice only for the same thing. */
#include "app/explain.h"
#include "core/date.h"

#include "unit.h"

enum { MEMORY = 32 << 20 };

/* Every code begins with "id-", every name with "N-" (people's words would do as well): what must not be seen is easy to find. */
static struct str name_of(void *ctx, enum explain_noun noun, struct str code, struct str within, enum lang lang)
{
    static char z[8][64];
    static unsigned next;
    (void)ctx;
    (void)within;
    char *name = z[next++ % LEN(z)];
    snprintf(name, sizeof *z, "%s%d%.*s", lang == LANG_ZH ? "名" : "N", (int)noun, (int)(code.n > 3 ? code.n - 3 : 0), code.p + 3);
    return str_of(name);
}

#define PROBLEM                                                                                                                   \
    "{\"format\":\"internbase.problem/1\",\"weeks\":{\"first\":\"2027-03-01\",\"count\":16,\"closed\":[\"2027-04-12\"]},"        \
    "\"sites\":[{\"id\":\"id-s\"}],"                                                                                              \
    "\"departments\":[{\"id\":\"id-A\",\"capacity\":4,\"limits\":[{\"because\":\"preceptors\",\"capacity\":2}],"                \
    "\"exceptions\":[{\"from\":\"2027-03-15\",\"weeks\":2,\"capacity\":0,\"clause\":\"C7\"},"                                 \
    "{\"from\":\"2027-03-29\",\"weeks\":1,\"capacity\":1,\"why\":\"because\"}],"                                               \
    "\"quotas\":[{\"group\":\"id-g\",\"capacity\":1},{\"not\":\"id-g\",\"capacity\":2},{\"capacity\":3}]},"                     \
    "{\"id\":\"id-B\",\"capacity\":3,\"limits\":[{\"because\":\"clause\",\"capacity\":1}]},"                                      \
    "{\"id\":\"id-C\",\"capacity\":3},{\"id\":\"id-D\",\"capacity\":1}],"                                                        \
    "\"programmes\":[{\"id\":\"id-p\",\"rotations\":["                                                                            \
    "{\"id\":\"id-x\",\"departments\":[\"id-A\"],\"weeks\":2,\"earliest\":\"2027-03-08\",\"latest_end\":\"2027-04-26\"},"      \
    "{\"id\":\"id-y\",\"departments\":[\"id-B\",\"id-C\"],\"weeks\":1},{\"id\":\"id-z\",\"departments\":[\"id-C\"],\"weeks\":1}," \
    "{\"id\":\"id-w\",\"departments\":[\"id-C\"],\"weeks\":1},{\"id\":\"id-v\",\"departments\":[\"id-D\"],\"weeks\":4}],"            \
    "\"choices\":[{\"id\":\"id-c\",\"pick\":1,\"of\":[\"id-z\",\"id-w\"]}],"                                                    \
    "\"orders\":[{\"before\":\"id-x\",\"after\":\"id-y\",\"min_gap\":2,\"max_gap\":3}],"                                        \
    "\"max_consecutive\":3,\"free_weeks\":\"forbidden\",\"site_limit\":1}],"                                                      \
    "\"students\":[{\"id\":\"id-1\",\"programme\":\"id-p\",\"groups\":[\"id-g\"],\"away\":[{\"from\":\"2027-03-01\",\"weeks\":2}]," \
    "\"enter\":[{\"department\":\"id-A\",\"from\":\"2027-03-22\"},{\"department\":\"*\",\"from\":\"2027-03-22\"}],"         \
    "\"fixed\":[{\"rotation\":\"id-x\",\"department\":\"id-A\",\"from\":\"2027-03-08\"}]},"                                     \
    "{\"id\":\"id-2\",\"programme\":\"id-p\",\"fixed\":[{\"rotation\":\"id-x\",\"department\":\"id-A\",\"from\":\"2027-03-08\"}]}," \
    "{\"id\":\"id-3\",\"programme\":\"id-p\"},{\"id\":\"id-4\",\"programme\":\"id-p\"},{\"id\":\"id-5\",\"programme\":\"id-p\"}]," \
    "\"pairs\":[{\"students\":[\"id-1\",\"id-2\"],\"kind\":\"together\"},"                                                      \
    "{\"students\":[\"id-1\",\"id-2\",\"id-3\",\"id-4\",\"id-5\"],\"kind\":\"apart\"}],"                                       \
    "\"base_plan\":{\"freeze\":\"2027-03-29\",\"placements\":[]},"                                                                \
    "\"shared_quotas\":[{\"departments\":[\"id-A\",\"id-B\"],\"capacity\":2}]}"

#define ALL "[\"id-1\",\"id-2\",\"id-3\",\"id-4\",\"id-5\"]"
#define X_OF(who) "{\"kind\":\"requirement\",\"at\":\"/programmes/0/rotations/0\",\"programme\":\"id-p\",\"rotation\":\"id-x\",\"students\":" who "}"
#define SEATS_A "{\"kind\":\"seats\",\"at\":\"/departments/0/capacity\",\"department\":\"id-A\",\"from\":\"2027-03-01\",\"weeks\":16,\"because\":\"preceptors\"}"
#define V_OF(who) "{\"kind\":\"requirement\",\"at\":\"/programmes/0/rotations/4\",\"programme\":\"id-p\",\"rotation\":\"id-v\",\"students\":" who "}"
#define SEATS_D "{\"kind\":\"seats\",\"at\":\"/departments/3/capacity\",\"department\":\"id-D\",\"from\":\"2027-03-01\",\"weeks\":16}"
#define OF_P(kind) "{\"kind\":\"" kind "\",\"at\":\"/programmes/0/" kind "\",\"programme\":\"id-p\"}"
#define OF_X(kind) "{\"kind\":\"" kind "\",\"at\":\"/programmes/0/rotations/0/" kind "\",\"programme\":\"id-p\",\"rotation\":\"id-x\"}"
#define OF_1(kind, i) "{\"kind\":\"" kind "\",\"at\":\"/students/0/" kind "/" i "\",\"student\":\"id-1\",\"index\":" i "}"
#define QUOTA(i) "{\"kind\":\"quota\",\"at\":\"/departments/0/quotas/" i "\",\"department\":\"id-A\",\"index\":" i "}"
#define FIXED_2 "{\"kind\":\"fixed\",\"at\":\"/students/1/fixed/0\",\"student\":\"id-2\",\"index\":0}"

/* ---- facts ---------------------------------------------------------------------------------------- */

static const char *const facts[] = {
    X_OF("[\"id-1\"]"),
    X_OF(ALL),
    "{\"kind\":\"choice\",\"at\":\"/programmes/0/choices/0\",\"programme\":\"id-p\",\"choice\":\"id-c\",\"students\":[\"id-1\",\"id-2\"]}",
    SEATS_A,
    "{\"kind\":\"seats\",\"at\":\"/departments/1/capacity\",\"department\":\"id-B\",\"from\":\"2027-03-08\",\"weeks\":3,\"because\":\"clause\"}",
    "{\"kind\":\"seats\",\"at\":\"/departments/2/capacity\",\"department\":\"id-C\",\"from\":\"2027-03-08\",\"weeks\":1}",
    "{\"kind\":\"exception\",\"at\":\"/departments/0/exceptions/0\",\"department\":\"id-A\",\"index\":0,\"clause\":\"C7\",\"because\":\"closed\"}",
    "{\"kind\":\"exception\",\"at\":\"/departments/0/exceptions/1\",\"department\":\"id-A\",\"index\":1}",
    QUOTA("0"), QUOTA("1"), QUOTA("2"),
    "{\"kind\":\"shared_quota\",\"at\":\"/shared_quotas/0\",\"index\":0}",
    "{\"kind\":\"order\",\"at\":\"/programmes/0/orders/0\",\"programme\":\"id-p\",\"index\":0}",
    OF_X("earliest"), OF_X("latest_end"), OF_P("max_consecutive"), OF_P("free_weeks"), OF_P("site_limit"),
    "{\"kind\":\"closed_week\",\"at\":\"/weeks/closed/0\",\"monday\":\"2027-04-12\"}",
    OF_1("away", "0"), OF_1("enter", "0"), OF_1("enter", "1"), OF_1("fixed", "0"),
    "{\"kind\":\"pair\",\"at\":\"/pairs/0\",\"index\":0}", "{\"kind\":\"pair\",\"at\":\"/pairs/1\",\"index\":1}",
    "{\"kind\":\"freeze\",\"at\":\"/base_plan/freeze\",\"students\":[\"id-1\"]}",
};

/* ---- causes: what the summary says --------------------------------------------------------------- */

#define CAUSE(name, facts, proof) "{\"cause\":\"" name "\",\"minimal\":true,\"facts\":[" facts "],\"proof\":{\"scale\":0" proof "}}"
#define RUN(from, weeks) "[[\"" from "\"," weeks ",1]]"

static const char *const causes[] = {
    CAUSE("personal", X_OF("[\"id-1\"]") "," OF_1("away", "0"), ""),
    CAUSE("group", X_OF(ALL) "," "{\"kind\":\"pair\",\"at\":\"/pairs/1\",\"index\":1}", ",\"apart\":[{\"index\":1,\"cells\":{\"id-A\":" RUN("2027-03-01", "4") "}}]"),
    CAUSE("group", X_OF(ALL) "," "{\"kind\":\"pair\",\"at\":\"/pairs/1\",\"index\":1}", ",\"apart\":[{\"index\":1,\"cells\":{\"id-A\":" RUN("2027-03-01", "9") "}}]"),
    CAUSE("fixed", X_OF("[\"id-1\",\"id-2\"]") "," OF_1("fixed", "0") "," FIXED_2 "," "{\"kind\":\"exception\",\"at\":\"/departments/0/exceptions/0\",\"department\":\"id-A\",\"index\":0}", ""),
    CAUSE("quota", X_OF(ALL) "," QUOTA("0"), ",\"quota\":[{\"department\":\"id-A\",\"index\":0,\"runs\":" RUN("2027-03-01", "6") "}]"),
    CAUSE("quota", X_OF(ALL) "," QUOTA("0"), ",\"shared\":[{\"index\":0,\"runs\":" RUN("2027-03-01", "2") "}]"),
    CAUSE("ratio", X_OF(ALL) "," SEATS_A, ",\"seat\":{\"id-A\":" RUN("2027-03-01", "2") "}"),
    CAUSE("count", V_OF(ALL) "," SEATS_D, ",\"seat\":{\"id-D\":" RUN("2027-03-01", "16") "}"),
    CAUSE("no_slack", X_OF(ALL) "," SEATS_A, ",\"seat\":{\"id-A\":" RUN("2027-03-01", "1") "}"),
    CAUSE("no_slack", X_OF(ALL) "," SEATS_A, ",\"seat\":{\"id-A\":" RUN("2027-03-01", "4") "}"),
    CAUSE("order", X_OF(ALL) "," SEATS_A, ",\"seat\":{\"id-A\":" RUN("2027-03-01", "3") "}"),
    CAUSE("fragmentation", X_OF(ALL) "," SEATS_A, ",\"seat\":{\"id-A\":" RUN("2027-03-01", "2") "}"),
    CAUSE("fragmentation", X_OF(ALL), ""), /* nothing to sum up: who, at least */
};

/* ---- ways out ------------------------------------------------------------------------------------ */

#define EXCEPTION(from, weeks, more) "{\"from\":\"" from "\",\"weeks\":" weeks ",\"capacity\":4" more "}"
#define REMOVE(path) "{\"op\":\"remove\",\"path\":\"" path "\"}"
#define REPLACE(path, value) "{\"op\":\"replace\",\"path\":\"" path "\",\"value\":" value "}"
#define ADD(path, value) "{\"op\":\"add\",\"path\":\"" path "\",\"value\":" value "}"
#define OWN_ROTATIONS(earliest) "[{\"id\":\"id-x\",\"departments\":[\"id-A\"],\"weeks\":2" earliest ",\"latest_end\":\"2027-04-26\"}," \
    "{\"id\":\"id-y\",\"departments\":[\"id-B\",\"id-C\"],\"weeks\":1},{\"id\":\"id-z\",\"departments\":[\"id-C\"],\"weeks\":1}," \
    "{\"id\":\"id-w\",\"departments\":[\"id-C\"],\"weeks\":1}]"
#define ORDERS "[{\"before\":\"id-x\",\"after\":\"id-y\",\"min_gap\":2,\"max_gap\":3}]"
#define OWN(rotations, orders) ADD("/programmes/-", "{\"id\":\"id-own\",\"rotations\":" rotations ",\"orders\":" orders "}") "," \
    REPLACE("/students/0/programme", "\"id-own\"")

static const char *const ways[] = {
    ADD("/departments/2/exceptions", "[" EXCEPTION("2027-03-01", "16", "") "]"),
    ADD("/departments/2/exceptions", "[" EXCEPTION("2027-03-08", "2", "") "]"),
    ADD("/departments/2/exceptions", "[" EXCEPTION("2027-03-08", "2", "") "]") "," ADD("/departments/2/exceptions/-", EXCEPTION("2027-04-26", "1", "")) ","
    ADD("/departments/2/exceptions/-", EXCEPTION("2027-05-10", "3", "")),
    ADD("/departments/0/exceptions/-", EXCEPTION("2027-04-26", "2", ",\"limits\":[{\"because\":\"preceptors\",\"capacity\":4}]")),
    ADD("/departments/1/exceptions", "[" EXCEPTION("2027-04-26", "2", ",\"limits\":[{\"because\":\"clause\",\"capacity\":4}]") "]"),
    REMOVE("/departments/0/exceptions/0"),
    REMOVE("/departments/0/exceptions/1"),
    REMOVE("/weeks/closed/0"),
    REPLACE("/weeks/count", "17"),
    REPLACE("/weeks/count", "18"),
    REMOVE("/programmes/0/orders/0"),
    REPLACE("/programmes/0/orders/0/min_gap", "1"),
    REPLACE("/programmes/0/orders/0/max_gap", "5"),
    REMOVE("/programmes/0/orders/0/max_gap"),
    REPLACE("/programmes/0/rotations/0/earliest", "\"2027-03-01\""),
    REMOVE("/programmes/0/rotations/0/earliest"),
    REPLACE("/programmes/0/rotations/0/latest_end", "\"2027-05-03\""),
    ADD("/programmes/0/rotations/0/departments/-", "\"id-C\""),
    REPLACE("/departments/0/quotas/0/capacity", "2"),
    REPLACE("/shared_quotas/0/capacity", "3"),
    REPLACE("/students/0/away/0/from", "\"2027-03-15\""),
    REPLACE("/students/0/away/0/from", "\"2027-02-08\""),
    OWN(OWN_ROTATIONS(",\"earliest\":\"2027-03-08\""), "[]"),
    OWN(OWN_ROTATIONS(""), ORDERS),
    OWN(OWN_ROTATIONS(",\"earliest\":\"2027-03-01\""), ORDERS),
    REMOVE("/pairs/1/students/4") "," REMOVE("/students/4"),
    REMOVE("/pairs/1") "," REMOVE("/students/4") "," REMOVE("/students/3") "," REMOVE("/students/2") "," REMOVE("/students/1"),
    REMOVE("/programmes/0/orders/0") "," ADD("/departments/2/exceptions", "[" EXCEPTION("2027-03-08", "2", "") "]") "," REMOVE("/students/4"),
};

/* ---- what holds for every text ------------------------------------------------------------------- */

static bool has(struct str s, const char *what)
{
    return memmem(s.p, s.n, what, strlen(what)) != NULL;
}

static bool has_han(struct str s)
{
    for (size_t i = 0; i < s.n; i++)
        if ((unsigned char)s.p[i] >= 0xE4 && (unsigned char)s.p[i] <= 0xE9)
            return true;
    return false;
}

static void assert_text(struct str s, enum lang lang, const char *of)
{
    bool empty_part = has(s, "；；") || has(s, "; ;") || has(s, "（）") || has(s, "()") || has(s, "“”") || has(s, "  ");
    if (s.n == 0 || has(s, "{") || has(s, "}") || has(s, "id-") || empty_part || has_han(s) != (lang == LANG_ZH))
        fail_msg("\"%.*s\" of %s", STR_ARG(s), of);
}

static void explain(struct arena *a, struct str plan, enum lang lang, struct explained *e)
{
    assert_int_equal(explain_plan(a, STR(PROBLEM), plan, lang, name_of, NULL, e), STATUS_OK);
    assert_text(e->verdict, lang, "the verdict");
}

static struct str plan_of(struct arena *a, const char *conflict, const char *change)
{
    return arena_printf(a, "{\"conflicts\":[%s],\"repairs\":[{\"change\":[%s],\"cost\":1,\"conflict\":0,\"levels\":[{\"level\":\"regret\",\"value\":3}]}]}",
                        conflict, change);
}

/* Two texts that are equal say different things in the same words. */
static void assert_all_different(const struct str *text, size_t n)
{
    for (size_t i = 0; i < n; i++)
        for (size_t k = 0; k < i; k++)
            if (str_eq(text[i], text[k]))
                fail_msg("twice: %.*s", STR_ARG(text[i]));
}

static void every_fact_is_said(void **state)
{
    (void)state;
    for (enum lang lang = 0; lang < LANG_COUNT; lang++) {
        struct arena a = arena_make(MEMORY);
        struct str text[LEN(facts)];
        for (size_t i = 0; i < LEN(facts); i++) {
            struct explained e;
            struct str conflict = arena_printf(&a, "{\"cause\":\"count\",\"facts\":[%s]}", facts[i]);
            explain(&a, plan_of(&a, conflict.p, REMOVE("/weeks/closed/0")), lang, &e);
            assert_int_equal(e.conflict[0].fact_count, 1);
            text[i] = e.conflict[0].fact[0].text;
            assert_text(text[i], lang, facts[i]);
            assert_text(e.conflict[0].fact[0].owner_label, lang, facts[i]);
            assert_false(str_eq(text[i], e.conflict[0].fact[0].kind));
        }
        assert_all_different(text, LEN(text));
        arena_free(&a);
    }
}

static void every_cause_is_said(void **state)
{
    (void)state;
    for (enum lang lang = 0; lang < LANG_COUNT; lang++) {
        struct arena a = arena_make(MEMORY);
        struct str text[LEN(causes)];
        for (size_t i = 0; i < LEN(causes); i++) {
            struct explained e;
            explain(&a, plan_of(&a, causes[i], REMOVE("/weeks/closed/0")), lang, &e);
            text[i] = e.conflict[0].summary;
            assert_text(text[i], lang, causes[i]);
            assert_text(e.conflict[0].title, lang, causes[i]);
            /* all but the personal one and the last say how much is needed and how much there is */
            bool numbers = false;
            for (size_t k = 0; k < text[i].n; k++)
                numbers = numbers || (text[i].p[k] >= '4' && text[i].p[k] <= '9');
            if (!numbers && i > 0 && i + 1 < LEN(causes) && !has(text[i], "2"))
                fail_msg("no numbers: %.*s", STR_ARG(text[i]));
        }
        assert_all_different(text, LEN(text));
        arena_free(&a);
    }
}

static void every_way_out_is_said(void **state)
{
    (void)state;
    for (enum lang lang = 0; lang < LANG_COUNT; lang++) {
        struct arena a = arena_make(MEMORY);
        struct str text[LEN(ways)];
        for (size_t i = 0; i < LEN(ways); i++) {
            struct explained e;
            explain(&a, plan_of(&a, causes[7], ways[i]), lang, &e);
            assert_int_equal(e.repair_count, 1);
            text[i] = e.repair[0].text;
            assert_text(text[i], lang, ways[i]);
            assert_text(e.repair[0].result, lang, ways[i]);
            assert_true(e.repair[0].change.n > 2);
        }
        assert_all_different(text, LEN(text));
        arena_free(&a);
    }
}

/* Some of them word for word, as people would say them. */
static void sentences_read_well(void **state)
{
    (void)state;
    static const struct {
        size_t way;
        const char *zh, *en;
    } table[] = {
        { 2, "名0C在第 2–3、9、11–13 周增加 1 个名额（共 1 个周名额）", "1 more seat in N0C in weeks 2 to 3, 9 and 11 to 13 (1 seat-weeks in all)" },
        { 3, "名0A在第 9–10 周增加 2 个名额（须相应增加带教老师）", "2 more seats in N0A in weeks 9 to 10 (with preceptors for them)" },
        { 11, "“名1x”与“名1y”之间的最短间隔由 2 周减为 1 周", "the shortest gap between N1x and N1y becomes 1 week instead of 2 weeks" },
        { 17, "“名1x”也可在名0C轮转", "N1x may be done in N0C as well" },
        { 21, "名41的假期提前 3 周，从 2027-02-08 开始", "the leave of N41 begins 3 weeks earlier, on 2027-02-08" },
        { 22, "仅对名41：不再要求“名1x”在“名1y”之前", "for N41 alone: N1x need not come before N1y" },
    };
    struct arena a = arena_make(MEMORY);
    for (size_t i = 0; i < LEN(table); i++)
        for (enum lang lang = 0; lang < LANG_COUNT; lang++) {
            struct explained e;
            explain(&a, plan_of(&a, causes[7], ways[table[i].way]), lang, &e);
            const char *want = lang == LANG_ZH ? table[i].zh : table[i].en;
            if (!str_is(e.repair[0].text, want))
                fail_msg("\"%.*s\", not \"%s\"", STR_ARG(e.repair[0].text), want);
        }
    arena_free(&a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_fact_is_said),
        cmocka_unit_test(every_cause_is_said),
        cmocka_unit_test(every_way_out_is_said),
        cmocka_unit_test(sentences_read_well),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
