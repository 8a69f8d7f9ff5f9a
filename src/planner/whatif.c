/* internplan_what_if: the plan first, then the questions, then the file internbase.whatif/1. */
#include "planner/whatif.h"
#include "planner/writer.h"

/* Of budget and seconds for the plan itself; the rest is for the questions. */
enum { PLAN_SHARE = 3, SHARES = 8 };

static void write_seat(struct planner_writer *w, const struct internplan *r, const struct planner_seat *s)
{
    const struct planner_model *m = r->model;
    char z[DATE_TEXT_BYTES];
    planner_put_open(w, NULL, '{');
    planner_put_text(w, "department", r->problem->department[s->department].id);
    planner_put_text(w, "from", str_of(date_text(m->problem->first + 7 * m->week_of[s->from], z)));
    planner_put_int(w, "weeks", m->week_of[s->end - 1] - m->week_of[s->from] + 1);
    planner_put_text(w, "level", r->problem->level[s->level].name);
    planner_put_int(w, "gain", s->gain);
    if (!s->proven)
        planner_put_word(w, "proven", "false");
    planner_put_close(w, '}');
}

static void write_largest(struct planner_writer *w, struct internplan *r, const struct planner_whatif *x)
{
    planner_put_open(w, "largest", '{');
    for (int i = 0; i < x->largests; i++) {
        struct str id = r->problem->programme[x->largest[i].programme].id;
        planner_put_int(w, arena_copy(&r->scratch, id.p, id.n), x->largest[i].n);
    }
    planner_put_close(w, '}');
    planner_put_open(w, "open", '[');
    for (int i = 0; i < x->largests; i++)
        if (!x->largest[i].proven)
            planner_put_text(w, NULL, r->problem->programme[x->largest[i].programme].id);
    planner_put_close(w, ']');
}

static bool write_all(struct internplan *r, const struct planner_whatif *x, const char *digest, internplan_sink *sink, void *ctx)
{
    struct planner_writer w = { .out = buf_make(SIZE_MAX / 2), .sink = sink, .ctx = ctx, .first = true };
    planner_put_open(&w, NULL, '{');
    planner_put_text(&w, "format", STR("internbase.whatif/1"));
    planner_put_text(&w, "problem", str_of(digest));
    planner_put_open(&w, "seats", '[');
    for (int i = 0; i < x->seats; i++)
        write_seat(&w, r, &x->seat[i]);
    planner_put_close(&w, ']');
    if (!x->whole)
        planner_put_word(&w, "whole", "false");
    write_largest(&w, r, x);
    planner_put_close(&w, '}');
    buf_char(&w.out, '\n');
    planner_put_flush(&w, 0);
    buf_free(&w.out);
    return !w.failed;
}

/* The plan with its share of budget and seconds. */
static enum internplan_status plan_first(struct internplan *r, const struct internplan_options *o)
{
    struct internplan_options part = internplan_options_default();
    if (o != NULL)
        memcpy(&part, o, MIN(o->size, sizeof part));
    part.size = sizeof part;
    if (part.budget_ticks == 0)
        part.budget_ticks = PLANNER_BUDGET_DEFAULT;
    uint64_t budget = part.budget_ticks;
    double seconds = part.seconds;
    part.budget_ticks = MAX(budget / SHARES * PLAN_SHARE, (uint64_t)1);
    part.seconds = seconds * PLAN_SHARE / SHARES;
    part.proposals = 0;
    enum internplan_status status = internplan_solve(r, &part);
    r->options.budget_ticks = budget;
    r->options.seconds = seconds;
    return status;
}

enum internplan_status internplan_what_if(struct internplan *r, const struct internplan_options *o, const char *problem_digest,
                                          internplan_sink *sink, void *ctx)
{
    assert(r != NULL && problem_digest != NULL && sink != NULL);
    if (r->model == NULL)
        return r->status;
    if (plan_first(r, o) == INTERNPLAN_LIMIT)
        return r->status;
    struct planner_whatif x = { .whole = true };
    enum internplan_stop stop = r->stop;
    volatile bool written = false;
    planner_find_end(r);
    r->explained = (struct planner_explained){ 0 };
    if (setjmp(r->full) == 0) {
        r->stop = stop == INTERNPLAN_STOP_CANCEL ? stop : INTERNPLAN_STOP_NONE;
        r->phase = "what_if";
        planner_find_begin(r);
        if (r->has_best)
            planner_whatif_seats(r, &x);
        planner_whatif_largest(r, &x);
        written = write_all(r, &x, problem_digest, sink, ctx);
    }
    r->stop = stop;
    planner_find_end(r);
    arena_free(&r->scratch);
    return written ? r->status : INTERNPLAN_LIMIT;
}
