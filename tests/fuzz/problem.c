/* Fuzz target: a problem file from a stranger. Planner and check must agree on whether it is one; what the planner then finds
 * in a little work must hold before the check, every proposal of it too, come again with the same budget, and never take more
 * memory than it was given. Some are asked what one more seat or student would bring. */
#include "check/check.h"
#include "core/json.h"
#include "json_change.h"
#include "target.h"

#include <internbase/planner.h>

enum { MEMORY_BYTES = 48 << 20, CHECK_BYTES = 192 << 20, FILE_BYTES = 16 << 20, TICKS = 1500 };

static void look_at_errors(const struct internplan *p)
{
    size_t n = internplan_error_count(p);
    hold(n > 0);
    for (size_t i = 0; i < n && i < 100; i++) {
        struct internplan_error e = internplan_error(p, i);
        hold(e.path != NULL && utf8_valid(str_of(e.path), NULL));
        hold(e.found == NULL || utf8_valid(str_of(e.found), NULL));
        hold(e.allowed == NULL || utf8_valid(str_of(e.allowed), NULL));
    }
}

static enum internplan_status plan(struct internplan *p, uint64_t ticks, struct buf *out)
{
    struct internplan_options o = internplan_options_default();
    o.seed = 1;
    o.budget_ticks = ticks;
    o.proposals = INTERNPLAN_PROPOSALS_MOST;
    enum internplan_status s = internplan_solve(p, &o);
    buf_reset(out);
    if (s != INTERNPLAN_LIMIT)
        hold(internplan_write(p, "sha256:0", into, out) || out->failed);
    return s;
}

static void hold_plan(const struct check_problem *c, struct arena *a, const struct buf *plan)
{
    struct check_result r;
    enum check_outcome held = check_plan(c, a, buf_view(plan), NULL, &r);
    hold(held == CHECK_HOLDS || held == CHECK_MEMORY);
}

static void look_at_proposals(struct internplan *p, const struct check_problem *c, struct arena *a)
{
    size_t n = internplan_proposal_count(p);
    hold(n <= INTERNPLAN_PROPOSALS_MOST && !internplan_select(p, n));
    for (size_t i = n; i-- > 0;) {
        struct buf plan = buf_make(FILE_BYTES);
        hold(internplan_select(p, i));
        struct internplan_change x = internplan_change(p);
        hold(x.student_weeks >= 0 && (x.students == 0) == (x.student_weeks == 0));
        if (internplan_write(p, "sha256:0", into, &plan))
            hold_plan(c, a, &plan);
        for (size_t k = 0; k < internplan_placement_count(p); k++)
            hold(internplan_placement(p, k).student != NULL && internplan_placement(p, k).weeks > 0);
        buf_free(&plan);
    }
}

static void ask_what_if(struct internplan *p, struct arena *a)
{
    struct internplan_options o = internplan_options_default();
    struct buf answer = buf_make(FILE_BYTES);
    struct json_error error;
    o.budget_ticks = TICKS;
    enum internplan_status s = internplan_what_if(p, &o, "sha256:0", into, &answer);
    if (s <= INTERNPLAN_INFEASIBLE && !answer.failed) {
        const struct json *root = json_read(a, buf_view(&answer), &error);
        hold(root != NULL ? json_get(root, "format") != NULL : error.fault == JSON_FAULT_MEMORY);
    }
    buf_free(&answer);
}

static void look_at_plan(struct internplan *p, const struct check_problem *c, struct arena *a)
{
    struct buf first = buf_make(FILE_BYTES), again = buf_make(FILE_BYTES);
    enum internplan_status s = plan(p, TICKS, &first);
    hold(s <= INTERNPLAN_UNKNOWN || s == INTERNPLAN_LIMIT);
    bool whole = s != INTERNPLAN_LIMIT && !first.failed;
    if (whole) {
        hold_plan(c, a, &first);
        look_at_proposals(p, c, a);
        for (size_t i = 0; i < internplan_level_count(p); i++)
            hold(internplan_level(p, i).name != NULL);
    }
    if (whole && first.n % 8 == 0 && internplan_stopped_by(p) != INTERNPLAN_STOP_MEMORY) {
        hold(plan(p, TICKS, &again) == s && !again.failed);
        hold(first.n == again.n && memcmp(first.p, again.p, first.n) == 0);
    }
    buf_free(&first);
    buf_free(&again);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    struct str bytes = { (const char *)data, n };
    struct arena a = arena_make(CHECK_BYTES);
    struct check_result r;
    const struct check_problem *c = check_load(&a, bytes, NULL, &r);
    struct internplan *p = internplan_new(MEMORY_BYTES);
    hold(p != NULL);
    enum internplan_status s = internplan_load(p, bytes.p, bytes.n);
    hold(s == INTERNPLAN_UNKNOWN || s == INTERNPLAN_INVALID || s == INTERNPLAN_LIMIT);
    if (s == INTERNPLAN_INVALID)
        look_at_errors(p);
    if (s != INTERNPLAN_LIMIT && r.outcome != CHECK_MEMORY)
        hold((s == INTERNPLAN_UNKNOWN) == (c != NULL));
    if (s == INTERNPLAN_UNKNOWN && c != NULL && n % 5 == 0)
        ask_what_if(p, &a);
    else if (s == INTERNPLAN_UNKNOWN && c != NULL)
        look_at_plan(p, c, &a);
    internplan_free(p);
    arena_free(&a);
    return 0;
}
