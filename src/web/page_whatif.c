/* What one more seat would bring, department by department and week by week, and how many students would fit: asked by a
 * button, worked on like a plan, kept with the plan. */
#include "web/curve.h"
#include "web/pages.h"

#include <stdlib.h>

enum { STEPS = 9, BEST_SHOWN = 8, REFRESH_S = 5 };

struct whatif_page {
    struct ctx *c;
    const struct cohort *cohort;
    struct rows departments, answers;
    struct whatif_view v;
};

/* Within a sentence: "week 3", "weeks 3 to 6". */
static struct str weeks_of(const struct whatif_page *g, int64_t first, int64_t until)
{
    int64_t from = plan_week_number(g->cohort, first), to = plan_week_number(g->cohort, until) - 1;
    if (to <= from)
        return TEXT(g->c, MSG_explain_week, plan_number(g->c, from));
    return TEXT(g->c, MSG_explain_week_range, plan_number(g->c, from), plan_number(g->c, to));
}

static struct str level_text(const struct whatif_page *g, const struct level_item *l)
{
    return l->label != MSG_none ? str_of(msg_text(l->label, g->c->page.lang)) : l->name;
}

static struct str sentence(const struct whatif_page *g, const struct whatif_row *r, const struct level_item *l)
{
    struct ctx *c = g->c;
    struct str arg[] = { plan_name_department(c, &g->departments, r->department_id), weeks_of(g, r->first_week, r->first_week + 7 * r->weeks), level_text(g, l), plan_number(c, r->gain) };
    return plan_text(c, r->proven == 1 ? MSG_whatif_gain : MSG_whatif_gain_open, LEN(arg), arg);
}

static struct level_item level_of(struct str name)
{
    struct level_item l = { .name = name, .value = STR(""), .bound = STR("") };
    l.label = figures_level_label(name, &l.hint);
    return l;
}

/* The levels that anything is gained at, in the order in which they stand in the plan. */
static size_t levels_in(const struct whatif_page *g, const struct figures *f, struct level_item *out)
{
    const struct whatif_row *r = g->answers.item;
    size_t n = 0;
    for (size_t l = 0; l < f->levels; l++)
        for (size_t i = 0; i < g->answers.n; i++)
            if (r[i].kind == whatif_kind_seat && str_eq(r[i].level, f->level[l].name)) {
                out[n++] = level_of(f->level[l].name);
                break;
            }
    return n;
}

static struct whatif_line *line_of(const struct whatif_page *g, struct whatif_line *line, size_t *n, int64_t department_id)
{
    for (size_t i = 0; i < *n; i++)
        if (line[i].department_id == department_id)
            return &line[i];
    struct whatif_cell *cell = ARENA_ARRAY(g->c->arena, g->v.weeks, struct whatif_cell);
    line[*n] = (struct whatif_line){ department_id, plan_name_department(g->c, &g->departments, department_id), cell };
    return &line[(*n)++];
}

static struct whatif_table table_of(const struct whatif_page *g, struct level_item level)
{
    const struct whatif_row *r = g->answers.item;
    struct whatif_line *line = ARENA_ARRAY(g->c->arena, g->departments.n, struct whatif_line);
    struct whatif_table t = { .level = level, .line = line };
    int64_t most = 1;
    for (size_t i = 0; i < g->answers.n; i++)
        if (r[i].kind == whatif_kind_seat && str_eq(r[i].level, level.name))
            most = MAX(most, r[i].gain);
    for (size_t i = 0; i < g->answers.n; i++) {
        int64_t at = (r[i].first_week - g->cohort->first_week) / 7;
        if (r[i].kind != whatif_kind_seat || !str_eq(r[i].level, level.name) || r[i].department_id == NONE || r[i].first_week < g->cohort->first_week || at >= (int64_t)g->v.weeks)
            continue;
        struct whatif_line *l = line_of(g, line, &t.lines, r[i].department_id);
        struct whatif_cell *x = (struct whatif_cell *)(uintptr_t)&l->cell[at];
        /* Of several ranges that begin in one week, the one that brings the most; of equals, the shorter one. */
        if (x->gain < r[i].gain || (x->gain == r[i].gain && r[i].weeks < x->weeks))
            *x = (struct whatif_cell){ r[i].gain, r[i].weeks, 1 + (int)(r[i].gain * STEPS / most), r[i].proven != 1, sentence(g, &r[i], &level) };
    }
    return t;
}

/* The most first; then what makes one sentence together. */
static int by_gain(const void *a, const void *b)
{
    const struct whatif_row *x = *(const struct whatif_row *const *)a, *y = *(const struct whatif_row *const *)b;
    const int64_t p[] = { -x->gain, x->department_id, x->weeks, x->proven, x->first_week }, q[] = { -y->gain, y->department_id, y->weeks, y->proven, y->first_week };
    for (size_t i = 0; i < LEN(p); i++)
        if (p[i] != q[i])
            return p[i] < q[i] ? -1 : 1;
    return 0;
}

/* Ranges of one length that begin week after week and bring the same: any of them will do. */
static size_t run_of(const struct whatif_row *const *r, size_t n)
{
    size_t i = 1;
    while (i < n && r[i]->gain == r[0]->gain && r[i]->department_id == r[0]->department_id && r[i]->weeks == r[0]->weeks &&
           r[i]->proven == r[0]->proven && r[i]->first_week == r[i - 1]->first_week + 7)
        i++;
    return i;
}

static struct str run_text(const struct whatif_page *g, const struct whatif_row *first, const struct whatif_row *last, const struct level_item *l)
{
    struct ctx *c = g->c;
    if (first == last)
        return sentence(g, first, l);
    struct str arg[] = { plan_name_department(c, &g->departments, first->department_id),
                         weeks_of(g, first->first_week, last->first_week + 7 * last->weeks), level_text(g, l),
                         plan_number(c, first->gain), plan_number(c, first->weeks) };
    return plan_text(c, first->weeks == 1 ? MSG_whatif_gain_any_one : MSG_whatif_gain_any, LEN(arg), arg);
}

/* Level by level, the most that one seat brings; in words, for a table of numbers is no advice. */
static void fill_best(struct whatif_page *g, const struct level_item *level, size_t levels)
{
    const struct whatif_row *r = g->answers.item;
    const struct whatif_row **sorted = ARENA_ARRAY(g->c->arena, g->answers.n, const struct whatif_row *);
    struct str *best = ARENA_ARRAY(g->c->arena, BEST_SHOWN, struct str);
    for (size_t l = 0; l < levels; l++) {
        size_t n = 0;
        for (size_t i = 0; i < g->answers.n; i++)
            if (r[i].kind == whatif_kind_seat && str_eq(r[i].level, level[l].name))
                sorted[n++] = &r[i];
        qsort(sorted, n, sizeof *sorted, by_gain);
        for (size_t i = 0, run; i < n && g->v.bests < BEST_SHOWN; i += run) {
            run = run_of(&sorted[i], n - i);
            best[g->v.bests++] = run_text(g, sorted[i], sorted[i + run - 1], &level[l]);
        }
    }
    g->v.best = best;
}

static void fill_weeks(struct whatif_page *g)
{
    struct board_week *week = ARENA_ARRAY(g->c->arena, g->cohort->weeks, struct board_week);
    for (int64_t i = 0; i < g->cohort->weeks; i++) {
        date monday = (date)(g->cohort->first_week + 7 * i);
        struct ymd at = date_ymd(monday);
        week[i] = (struct board_week){ i + 1, monday, at.month, at.day, false, false, false };
    }
    g->v.week = week;
    g->v.weeks = (size_t)g->cohort->weeks;
}

static void fill_answer(struct whatif_page *g, const struct plan_row *plan)
{
    struct figures *f = ARENA_NEW(g->c->arena, struct figures);
    struct level_item *level = ARENA_ARRAY(g->c->arena, FIGURES_LEVELS, struct level_item);
    const struct whatif_row *r = g->answers.item;
    figures_read(g->c, plan->figures, f);
    size_t levels = levels_in(g, f, level);
    struct whatif_table *table = ARENA_ARRAY(g->c->arena, levels, struct whatif_table);
    for (size_t i = 0; i < levels; i++)
        table[i] = table_of(g, level[i]);
    g->v.table = table;
    g->v.tables = levels;
    g->v.has_answer = g->answers.n > 0;
    fill_best(g, level, levels);
    for (size_t i = 0; i < g->answers.n; i++) {
        g->v.made = ctx_time(g->c, r[i].made_at);
        if (r[i].kind == whatif_kind_largest) {
            g->v.has_largest = true;
            g->v.students = r[i].students;
            g->v.largest = r[i].gain;
            g->v.largest_is_open = r[i].proven != 1;
        }
    }
}

static void fill_job(struct whatif_page *g, const struct rows *jobs)
{
    struct figures *f = ARENA_NEW(g->c->arena, struct figures);
    const struct job *j = jobs->item;
    if (jobs->n == 0)
        return;
    g->v.is_waiting = j->state == job_state_queued;
    g->v.is_running = g->v.is_waiting || j->state == job_state_running;
    g->v.is_failed = j->state == job_state_failed;
    g->v.is_stopped = j->state == job_state_cancelled;
    g->v.percent = j->percent;
    figures_read(g->c, j->progress, f);
    if (g->v.is_running && !g->v.is_waiting && f->seconds_left >= 0)
        g->v.left = TEXT(g->c, MSG_plan_left_seconds, plan_number(g->c, f->seconds_left));
    g->v.is_fresh = str_is(ctx_query(g->c, "refresh"), "1");
    if (g->v.is_running && g->v.is_fresh)
        http_put_header(g->c->resp, "Refresh", plan_number(g->c, REFRESH_S));
}

static void show(struct ctx *c, int64_t plan_id)
{
    struct whatif_page g = { .c = c, .v = { .error = STR(""), .made = STR(""), .left = STR("") } };
    struct plan_row plan;
    struct rows jobs = { 0 };
    enum status st;
    if (!plan_head_get(c, plan_id, MSG_whatif_title, &g.v.head, &plan))
        return;
    g.cohort = plan_head_cohort(c, plan.cohort_id, &st);
    if (st == STATUS_OK)
        g.departments = ctx_list(c, "department_list", NONE, &st);
    if (st == STATUS_OK)
        jobs = ctx_list(c, "whatif_job", plan_id, &st);
    if (st == STATUS_OK)
        g.answers = ctx_list(c, "whatif_list", plan_id, &st);
    if (st != STATUS_OK) {
        ctx_fail(c, st);
        return;
    }
    fill_weeks(&g);
    fill_answer(&g, &plan);
    fill_job(&g, &jobs);
    if (c->errs.n > 0)
        g.v.error = msg_err(c->arena, &c->errs.item[0], c->page.lang);
    c->page.sheet = "board.css";
    c->page.more_sheet = "plan.css";
    c->page.script = g.v.is_running && !g.v.is_fresh ? "plans.js" : NULL;
    page_whatif(&c->resp->body, &c->page, &g.v);
}

void page_whatif_get(struct ctx *c)
{
    int64_t id;
    if (ctx_number(c, c->word[0], &id))
        show(c, id);
}

void page_whatif_post(struct ctx *c)
{
    struct in_target *in = record_new(c->arena, &record_in_target);
    struct call call = { 0 };
    if (!ctx_number(c, c->word[0], &call.target_id))
        return;
    int64_t plan_id = call.target_id;
    enum status st = ctx_run(c, str_is(ctx_form(c, "do"), "cancel") ? "whatif_cancel" : "whatif_make", in, &call);
    if (st == STATUS_OK) {
        http_redirect(c->resp, arena_printf(c->arena, "/plan/%lld/whatif", (long long)plan_id));
    } else if (st == STATUS_INPUT) {
        c->resp->status = 422;
        show(c, plan_id);
    } else {
        ctx_fail(c, st);
    }
}
