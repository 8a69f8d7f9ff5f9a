/* Conflicts and repairs into the plan file, keys in the order of the format. */
#include "planner/explain.h"
#include "planner/writer.h"

static const char *const kind_names[PLANNER_FACT_KINDS] = {
    [PLANNER_FACT_PAIR] = "pair",
    [PLANNER_FACT_AWAY] = "away",
    [PLANNER_FACT_ENTER] = "enter",
    [PLANNER_FACT_FIXED] = "fixed",
    [PLANNER_FACT_FREEZE] = "freeze",
    [PLANNER_FACT_CLOSED_WEEK] = "closed_week",
    [PLANNER_FACT_SITE_LIMIT] = "site_limit",
    [PLANNER_FACT_MAX_CONSECUTIVE] = "max_consecutive",
    [PLANNER_FACT_FREE_WEEKS] = "free_weeks",
    [PLANNER_FACT_EARLIEST] = "earliest",
    [PLANNER_FACT_LATEST_END] = "latest_end",
    [PLANNER_FACT_ORDER] = "order",
    [PLANNER_FACT_QUOTA] = "quota",
    [PLANNER_FACT_SHARED_QUOTA] = "shared_quota",
    [PLANNER_FACT_EXCEPTION] = "exception",
    [PLANNER_FACT_SEATS] = "seats",
    [PLANNER_FACT_CHOICE] = "choice",
    [PLANNER_FACT_REQUIREMENT] = "requirement",
};

/* The part of the problem that a fact stands for; *key: a member of it, or NULL for itself. */
static const struct json *source_of(const struct planner_problem *p, const struct planner_fact *f, const char **key)
{
    const struct planner_programme *g = f->programme >= 0 ? &p->programme[f->programme] : NULL;
    const struct planner_department *d = f->department >= 0 ? &p->department[f->department] : NULL;
    const struct planner_student *s = f->student >= 0 ? &p->student[f->student] : NULL;
    *key = NULL;
    switch (f->kind) {
    case PLANNER_FACT_PAIR: return p->pair[f->index].at;
    case PLANNER_FACT_AWAY: return s->away[f->index].at;
    case PLANNER_FACT_ENTER: return s->enter[f->index].at;
    case PLANNER_FACT_FIXED: return s->fixed[f->index].at;
    case PLANNER_FACT_FREEZE: *key = "freeze"; return json_get(p->at, "base_plan");
    case PLANNER_FACT_SITE_LIMIT:
    case PLANNER_FACT_MAX_CONSECUTIVE:
    case PLANNER_FACT_FREE_WEEKS: *key = kind_names[f->kind]; return g->at;
    case PLANNER_FACT_EARLIEST:
    case PLANNER_FACT_LATEST_END: *key = kind_names[f->kind]; return g->rotation[f->index].at;
    case PLANNER_FACT_ORDER: return g->order[f->index].at;
    case PLANNER_FACT_QUOTA: return d->quota[f->index].at;
    case PLANNER_FACT_SHARED_QUOTA: return p->shared[f->index].at;
    case PLANNER_FACT_EXCEPTION: return d->exception[f->index].at;
    case PLANNER_FACT_SEATS: *key = "capacity"; return d->at;
    case PLANNER_FACT_CHOICE: return g->choice[f->index].at;
    case PLANNER_FACT_REQUIREMENT: return g->rotation[f->index].at;
    case PLANNER_FACT_CLOSED_WEEK:
    case PLANNER_FACT_KINDS: break;
    }
    const struct json *closed = json_get(json_get(p->at, "weeks"), "closed");
    for (const struct json *c = closed != NULL ? closed->child : NULL; c != NULL; c = c->next) {
        date day;
        if (date_parse(c->text, &day) && (day - p->first) / 7 == f->index)
            return c;
    }
    return closed;
}

static void put_monday(struct planner_writer *w, const char *key, const struct planner_problem *p, int week)
{
    char z[DATE_TEXT_BYTES];
    planner_put_text(w, key, str_of(date_text(p->first + 7 * week, z)));
}

static void put_at(struct planner_writer *w, const struct json *at, const char *key)
{
    char path[1024];
    struct arena a = arena_make(64 * 1024);
    struct str s = json_path(&a, at);
    int n = snprintf(path, sizeof path, "%.*s%s%s", STR_ARG(s), key != NULL ? "/" : "", key != NULL ? key : "");
    planner_put_text(w, "at", (struct str){ path, (size_t)MIN(n, (int)sizeof path - 1) });
    arena_free(&a);
}

static void put_copy(struct planner_writer *w, const struct json *at, const char *key)
{
    const struct json *v = json_get(at, key);
    if (v != NULL && v->type == JSON_TEXT)
        planner_put_text(w, key, v->text);
}

static void put_names(struct planner_writer *w, const struct planner_problem *p, const struct planner_fact *f)
{
    bool of_rotation = f->kind == PLANNER_FACT_REQUIREMENT || f->kind == PLANNER_FACT_EARLIEST || f->kind == PLANNER_FACT_LATEST_END;
    if (f->programme >= 0)
        planner_put_text(w, "programme", p->programme[f->programme].id);
    if (of_rotation)
        planner_put_text(w, "rotation", p->programme[f->programme].rotation[f->index].id);
    else if (f->kind == PLANNER_FACT_CHOICE)
        planner_put_text(w, "choice", p->programme[f->programme].choice[f->index].id);
    if (f->department >= 0)
        planner_put_text(w, "department", p->department[f->department].id);
    if (f->kind == PLANNER_FACT_SEATS) {
        put_monday(w, "from", p, f->from);
        planner_put_int(w, "weeks", f->weeks);
    }
    if (f->student >= 0 && f->kind != PLANNER_FACT_FREEZE)
        planner_put_text(w, "student", p->student[f->student].id);
    bool counted = f->kind <= PLANNER_FACT_FIXED || (f->kind >= PLANNER_FACT_ORDER && f->kind <= PLANNER_FACT_EXCEPTION);
    if (counted)
        planner_put_int(w, "index", f->index);
    if (f->kind == PLANNER_FACT_CLOSED_WEEK)
        put_monday(w, "monday", p, f->index);
    if (f->students > 0) {
        planner_put_open(w, "students", '[');
        for (int i = 0; i < f->students; i++)
            planner_put_text(w, NULL, p->student[f->who[i]].id);
        planner_put_close(w, ']');
    }
}

static void put_fact(struct planner_writer *w, const struct planner_problem *p, const struct planner_fact *f)
{
    const char *key;
    const struct json *at = source_of(p, f, &key);
    planner_put_open(w, NULL, '{');
    planner_put_text(w, "kind", str_of(kind_names[f->kind]));
    put_names(w, p, f);
    put_at(w, at, key);
    if (key == NULL && !planner_fact_requires(f))
        put_copy(w, at, "id");
    if (key == NULL)
        put_copy(w, at, "clause");
    if (f->kind == PLANNER_FACT_SEATS || f->kind == PLANNER_FACT_EXCEPTION) {
        const char *because = planner_fact_because(p, f);
        if (because != NULL)
            planner_put_text(w, "because", str_of(because));
    }
    planner_put_close(w, '}');
}

/* ---- the proof ---------------------------------------------------------------------------------- */

static bool any_price(const int64_t *price, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (price[i] != 0)
            return true;
    return false;
}

static void put_runs(struct planner_writer *w, const struct planner_problem *p, const char *key, const int64_t *price)
{
    planner_put_open(w, key, '[');
    for (int from = 0, end; from < p->weeks; from = end) {
        for (end = from + 1; end < p->weeks && price[end] == price[from];)
            end++;
        if (price[from] == 0)
            continue;
        planner_put_open(w, NULL, '[');
        put_monday(w, NULL, p, from);
        planner_put_int(w, NULL, end - from);
        planner_put_int(w, NULL, price[from]);
        planner_put_close(w, ']');
    }
    planner_put_close(w, ']');
}

static void put_cells(struct planner_writer *w, const struct planner_problem *p, const char *key, const int64_t *price)
{
    planner_put_open(w, key, '{');
    for (int d = 0; d < p->department_count; d++) {
        const int64_t *one = price + (size_t)d * (size_t)p->weeks;
        if (!any_price(one, (size_t)p->weeks))
            continue;
        struct arena a = arena_make(64 * 1024);
        put_runs(w, p, arena_str(&a, p->department[d].id).p, one);
        arena_free(&a);
    }
    planner_put_close(w, '}');
}

static void put_quotas(struct planner_writer *w, const struct planner_problem *p, const int64_t *row)
{
    size_t weeks = (size_t)p->weeks, n = 0;
    for (int d = 0; d < p->department_count; d++)
        n += (size_t)p->department[d].quota_count;
    if (any_price(row, n * weeks)) {
        planner_put_open(w, "quota", '[');
        for (int d = 0; d < p->department_count; d++)
            for (int i = 0; i < p->department[d].quota_count; i++, row += weeks) {
                if (!any_price(row, weeks))
                    continue;
                planner_put_open(w, NULL, '{');
                planner_put_text(w, "department", p->department[d].id);
                planner_put_int(w, "index", i);
                put_runs(w, p, "runs", row);
                planner_put_close(w, '}');
            }
        planner_put_close(w, ']');
    } else {
        row += n * weeks;
    }
    if (!any_price(row, (size_t)p->shared_count * weeks))
        return;
    planner_put_open(w, "shared", '[');
    for (int i = 0; i < p->shared_count; i++, row += weeks) {
        if (!any_price(row, weeks))
            continue;
        planner_put_open(w, NULL, '{');
        planner_put_int(w, "index", i);
        put_runs(w, p, "runs", row);
        planner_put_close(w, '}');
    }
    planner_put_close(w, ']');
}

static void put_placement(struct planner_writer *w, const struct planner_problem *p, int student, const struct planner_placement *x)
{
    planner_put_text(w, "student", p->student[student].id);
    planner_put_text(w, "rotation", p->programme[p->student[student].programme].rotation[x->rotation].id);
    planner_put_text(w, "department", p->department[x->department].id);
    put_monday(w, "from", p, x->from);
}

/* Two of a pair who can't meet: what one of them does costs 1, the same of the other gains it. */
static void put_ties(struct planner_writer *w, const struct planner_problem *p, const struct planner_tree *leaf)
{
    planner_put_open(w, "tie", '[');
    for (size_t i = 0; i < 2 * leaf->ties; i++) {
        const struct planner_placement *x = &leaf->tie[i / 2];
        planner_put_open(w, NULL, '{');
        planner_put_int(w, "index", leaf->tie_pair);
        put_placement(w, p, i % 2 == 0 ? x->student : leaf->tie_other, x);
        planner_put_int(w, "price", i % 2 == 0 ? 1 : -1);
        planner_put_close(w, '}');
    }
    planner_put_close(w, ']');
}

static void put_leaf(struct planner_writer *w, const char *key, const struct planner_problem *p, const struct planner_tree *leaf)
{
    const struct planner_tariff *t = &leaf->prices;
    size_t cells = (size_t)p->department_count * (size_t)p->weeks;
    planner_put_open(w, key, '{');
    planner_put_int(w, "scale", 0);
    if (any_price(t->cell, cells))
        put_cells(w, p, "seat", t->cell);
    put_quotas(w, p, t->row);
    if (any_price(t->apart, (size_t)p->pair_count * cells)) {
        planner_put_open(w, "apart", '[');
        for (int i = 0; i < p->pair_count; i++) {
            if (!any_price(t->apart + (size_t)i * cells, cells))
                continue;
            planner_put_open(w, NULL, '{');
            planner_put_int(w, "index", i);
            put_cells(w, p, "cells", t->apart + (size_t)i * cells);
            planner_put_close(w, '}');
        }
        planner_put_close(w, ']');
    }
    if (leaf->ties > 0)
        put_ties(w, p, leaf);
    planner_put_close(w, '}');
}

static void put_tree(struct planner_writer *w, const char *key, const struct planner_problem *p, const struct planner_tree *t)
{
    if (!t->is_split) {
        put_leaf(w, key, p, t);
        return;
    }
    planner_put_open(w, key, '{');
    planner_put_open(w, "split", '{');
    put_placement(w, p, t->at.student, &t->at);
    planner_put_close(w, '}');
    put_tree(w, "yes", p, t->yes);
    put_tree(w, "no", p, t->no);
    planner_put_close(w, '}');
}

/* ---- plans -------------------------------------------------------------------------------------- */

static void put_plan(struct planner_writer *w, const char *key, const struct planner_problem *p, const struct planner_found *f)
{
    if (!f->found) {
        planner_put_word(w, key, "null");
        return;
    }
    planner_put_open(w, key, '[');
    for (size_t i = 0; i < f->n; i++) {
        const struct planner_placement *x = &f->item[i];
        planner_put_open(w, NULL, '{');
        put_placement(w, p, x->student, x);
        planner_put_int(w, "weeks", x->weeks);
        planner_put_close(w, '}');
    }
    planner_put_close(w, ']');
}

static void put_conflict(struct planner_writer *w, const struct planner_problem *p, const struct planner_conflict *c)
{
    planner_put_open(w, NULL, '{');
    planner_put_text(w, "cause", str_of(c->cause));
    planner_put_open(w, "facts", '[');
    for (size_t i = 0; i < c->facts.n; i++)
        put_fact(w, p, &c->facts.item[c->facts.n - 1 - i]);
    planner_put_close(w, ']');
    put_tree(w, "proof", p, c->proof);
    planner_put_open(w, "needed", '[');
    for (size_t i = 0; i < c->facts.n; i++)
        put_plan(w, NULL, p, &c->needed[c->facts.n - 1 - i]);
    planner_put_close(w, ']');
    planner_put_word(w, "minimal", c->minimal ? "true" : "false");
    planner_put_close(w, '}');
}

static void put_repair(struct planner_writer *w, const struct planner_problem *p, const struct planner_repair *c)
{
    planner_put_open(w, NULL, '{');
    planner_put_item(w, "change");
    buf_str(&w->out, c->change);
    planner_put_int(w, "cost", c->cost);
    planner_put_int(w, "conflict", c->conflict);
    planner_put_text(w, "status", STR("feasible"));
    planner_put_open(w, "levels", '[');
    for (int i = 0; i < c->plan.levels; i++) {
        planner_put_open(w, NULL, '{');
        planner_put_text(w, "level", c->level_name[i]);
        planner_put_int(w, "value", c->plan.value[i]);
        planner_put_int(w, "bound", c->plan.bound[i]);
        planner_put_word(w, "proven", "false");
        planner_put_word(w, "certified", "false"); /* without a certificate nothing is called proven */
        planner_put_close(w, '}');
    }
    planner_put_close(w, ']');
    put_plan(w, "placements", p, &c->plan);
    planner_put_close(w, '}');
}

void planner_explained_write(struct planner_writer *w, const struct internplan *r)
{
    const struct planner_explained *e = &r->explained;
    if (!e->infeasible)
        return;
    planner_put_open(w, "conflicts", '[');
    for (int i = 0; i < e->conflicts; i++)
        put_conflict(w, r->problem, &e->conflict[i]);
    planner_put_close(w, ']');
    if (e->more)
        planner_put_word(w, "more", "true");
    planner_put_open(w, "repairs", '[');
    for (int i = 0; i < e->repairs; i++)
        put_repair(w, r->problem, &e->repair[i]);
    planner_put_close(w, ']');
}
