/* Fuzz target: a plan file from a stranger (certificate, conflicts, repairs, placements), behind its problem and a zero byte.
 * The check must say something about it, in words too; a plan that it lets pass may claim no bound that a real plan beats and
 * no impossibility where there is a plan; and the planner may start from it whatever it is. */
#include "app/explain.h"
#include "app/planverify.h"
#include "json_change.h"
#include "target.h"

#include <internbase/planner.h>
#include <setjmp.h>

enum { MEMORY_BYTES = 48 << 20, CHECK_BYTES = 192 << 20, FILE_BYTES = 16 << 20, TICKS = 800 };

static void is_full(void *ctx)
{
    longjmp(*(jmp_buf *)ctx, 1);
}

/* Sentences are whole text, in both languages, even about the worst file. */
static void say(struct arena *a, struct str problem, struct str plan, const struct check_result *r)
{
    struct buf out = buf_make(FILE_BYTES);
    jmp_buf full;
    a->full = is_full;
    a->full_ctx = &full;
    if (setjmp(full) == 0)
        for (enum lang lang = 0; lang < LANG_COUNT; lang++) {
            struct explained e;
            planverify_put(&out, r, lang);
            planverify_json(&out, r, STR("sha256:0"), lang);
            if (explain_plan(a, problem, plan, lang, NULL, NULL, &e) == STATUS_OK)
                explain_put(&out, &e, lang);
        }
    hold(out.failed || utf8_valid(buf_view(&out), NULL));
    buf_free(&out);
}

/* What the check let pass against what the planner finds. */
static void hold_against(const struct internplan *p, const struct check_result *r, bool says_none)
{
    size_t n = internplan_level_count(p);
    bool has_plan = n > 0 && internplan_level(p, 0).has_value;
    if (!has_plan)
        return;
    hold(!says_none);
    if (r->levels > 0 && r->level[0].claims_bound && r->level[0].certified)
        hold(internplan_level(p, 0).value >= r->level[0].claimed_bound); /* later levels hang on the values of earlier ones */
}

static void go_on_from(struct internplan *p, const struct check_problem *c, struct arena *a, struct str plan, const struct check_result *given)
{
    struct internplan_options o = internplan_options_default();
    struct buf out = buf_make(FILE_BYTES);
    struct check_result r;
    enum internplan_start start = internplan_start_from(p, plan.p, plan.n);
    hold(start <= INTERNPLAN_START_LIMIT);
    o.budget_ticks = TICKS;
    enum internplan_status s = internplan_solve(p, &o);
    if (s != INTERNPLAN_LIMIT && internplan_write(p, "sha256:0", into, &out)) {
        enum check_outcome held = check_plan(c, a, buf_view(&out), NULL, &r);
        hold(held == CHECK_HOLDS || held == CHECK_MEMORY);
    }
    if (given->outcome == CHECK_HOLDS)
        hold_against(p, given, given->conflicts > 0);
    buf_free(&out);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    const uint8_t *cut = n > 0 ? memchr(data, 0, n) : NULL;
    if (cut == NULL)
        return -1;
    struct str problem = { (const char *)data, (size_t)(cut - data) }, plan = { (const char *)cut + 1, n - (size_t)(cut - data) - 1 };
    struct arena a = arena_make(CHECK_BYTES), words = arena_make(CHECK_BYTES);
    struct check_result r;
    const struct check_problem *c = check_load(&a, problem, NULL, &r);
    struct internplan *p = internplan_new(MEMORY_BYTES);
    hold(p != NULL);
    if (c != NULL) {
        enum check_outcome held = check_plan(c, &a, plan, NULL, &r);
        hold(held == CHECK_HOLDS || held == CHECK_BROKEN || held == CHECK_MEMORY);
        hold((held == CHECK_HOLDS) == (r.total == 0) || held == CHECK_MEMORY);
        if (held != CHECK_MEMORY) {
            say(&words, problem, plan, &r);
            if (internplan_load(p, problem.p, problem.n) == INTERNPLAN_UNKNOWN)
                go_on_from(p, c, &a, plan, &r);
        }
    }
    internplan_free(p);
    arena_free(&a);
    arena_free(&words);
    return 0;
}
