/* A stored plan made again: see replay.h. */
#include "app/replay.h"
#include "app/explain_words.h"

#include <internbase/planner.h>

enum { PLANNER_BYTES = 512 << 20, PLAN_BYTES_MOST = 256 << 20, LINE_MOST = 200 };

static bool into_buf(void *ctx, const char *bytes, size_t n)
{
    struct buf *b = ctx;
    buf_add(b, bytes, n);
    return !b->failed;
}

static enum status load(const struct app *app, struct arena *a, int64_t id, struct plan **out)
{
    struct tx *t;
    void *found = NULL;
    enum status st = tx_begin(app->store, a, TX_READ, &t);
    if (st != STATUS_OK)
        return st;
    st = tx_load(t, &record_plan, id, &found);
    tx_end(t);
    *out = found;
    return st;
}

/* The next line without its end. */
static struct str line_of(struct str *rest)
{
    return str_cut(rest, '\n');
}

static bool starts_with_key(struct str line, const char *key)
{
    struct str s = str_trim(line);
    return str_starts(s, str_of(key));
}

/* Line by line; what says how the work ended may differ where it was ended from outside. */
static void compare(struct arena *a, struct str then, struct str now, struct replay *r)
{
    r->is_same = true;
    for (size_t line = 1; then.n > 0 || now.n > 0; line++) {
        struct str x = line_of(&then), y = line_of(&now);
        bool how = r->is_cut_short && ((starts_with_key(x, "\"budget\"") && starts_with_key(y, "\"budget\"")) ||
                                       (starts_with_key(x, "\"stopped_by\"") && starts_with_key(y, "\"stopped_by\"")));
        if (str_eq(x, y) || how)
            continue;
        r->is_same = false;
        r->line = line;
        r->then = arena_str(a, (struct str){ x.p, MIN(x.n, (size_t)LINE_MOST) });
        r->now = arena_str(a, (struct str){ y.p, MIN(y.n, (size_t)LINE_MOST) });
        return;
    }
}

/* One of the proposals of a run is the plan: the one that says the same, else the first is compared. */
static enum status write_best(struct internplan *p, struct arena *a, const struct plan *plan, struct buf *b, struct replay *r)
{
    size_t n = MAX(internplan_proposal_count(p), (size_t)1);
    r->is_same = false;
    for (size_t i = 0; i < n && !r->is_same; i++) {
        buf_reset(b);
        if (i > 0 && !internplan_select(p, i))
            break;
        if (!internplan_write(p, arena_str(a, plan->problem_digest).p, into_buf, b))
            return STATUS_LIMIT;
        struct replay one = *r;
        one.line = 0;
        compare(a, plan->result, buf_view(b), &one);
        if (i == 0 || one.is_same)
            *r = one;
    }
    return STATUS_OK;
}

static enum status run(struct internplan *p, struct arena *a, const struct plan *plan, int64_t budget, struct replay *r)
{
    struct internplan_options o = internplan_options_default();
    o.seed = (uint64_t)plan->seed;
    o.budget_ticks = (uint64_t)budget;
    o.threads = 1;
    o.proposals = plan->proposals != NONE ? (int)plan->proposals : 1;
    if (internplan_load(p, plan->problem.p, plan->problem.n) != INTERNPLAN_UNKNOWN)
        return STATUS_INPUT;
    if (plan->start.n > 0 && internplan_start_from(p, plan->start.p, plan->start.n) == INTERNPLAN_START_LIMIT)
        return STATUS_LIMIT;
    if (internplan_solve(p, &o) == INTERNPLAN_LIMIT)
        return STATUS_LIMIT;
    struct buf b = buf_make(PLAN_BYTES_MOST);
    enum status st = write_best(p, a, plan, &b, r);
    buf_free(&b);
    return st;
}

enum status replay_plan(const struct app *app, struct arena *a, int64_t plan_id, struct replay *out)
{
    struct plan *plan = NULL;
    struct json_error e;
    enum status st = load(app, a, plan_id, &plan);
    if (st != STATUS_OK)
        return st;
    const struct json *root = plan->result.n > 0 ? json_read(a, plan->result, &e) : NULL, *work = root != NULL ? json_get(root, "work") : NULL;
    if (work == NULL || plan->verdict == plan_verdict_unknown)
        return STATUS_CONFLICT;
    struct str stopped = explain_text(work, "stopped_by");
    *out = (struct replay){ .number = arena_printf(a, "%lld", (long long)plan->number), .title = plan->title, .engine = explain_text(work, "engine"),
                            .engine_now = str_of(INTERNPLAN_ENGINE), .seed = plan->seed, .ticks = explain_int(work, "ticks", 0),
                            .is_cut_short = !str_is(stopped, "proof") && !str_is(stopped, "budget"), .then = STR(""), .now = STR("") };
    struct internplan *p = internplan_new(PLANNER_BYTES);
    if (p == NULL)
        return STATUS_MEMORY;
    st = run(p, a, plan, out->is_cut_short ? MAX(out->ticks, (int64_t)1) : explain_int(work, "budget", 0), out);
    internplan_free(p);
    return st;
}
