/* Writing the plan file: the bytes of internbase.plan/1, keys in the order of the format, two spaces, LF. */
#include "planner/explain.h"
#include "planner/writer.h"

static void put_week(struct planner_writer *w, const char *key, const struct planner_model *m, int open_week)
{
    char z[DATE_TEXT_BYTES];
    planner_put_text(w, key, str_of(date_text(m->problem->first + 7 * m->week_of[open_week], z)));
}

/* ---- levels, placements ------------------------------------------------------------------------- */

static const char *const status_names[] = { "optimal", "feasible", "infeasible", "unknown", "unknown", "unknown" };
static const char *const stop_names[] = { "budget", "proof", "budget", "seconds", "cancel", "memory" };

static void write_head(struct planner_writer *w, const struct internplan *r, const char *digest)
{
    planner_put_text(w, "format", STR("internbase.plan/1"));
    planner_put_text(w, "problem", str_of(digest));
    planner_put_text(w, "status", str_of(status_names[internplan_state(r)]));
    planner_put_item(w, "seed");
    buf_printf(&w->out, "%llu", (unsigned long long)r->options.seed);
    planner_put_open(w, "work", '{');
    planner_put_int(w, "ticks", (int64_t)internplan_ticks(r));
    planner_put_int(w, "budget", (int64_t)r->options.budget_ticks);
    planner_put_text(w, "stopped_by", str_of(stop_names[r->stop]));
    planner_put_text(w, "engine", STR(INTERNPLAN_ENGINE));
    planner_put_close(w, '}');
}

static void write_levels(struct planner_writer *w, const struct internplan *r)
{
    size_t n = internplan_level_count(r);
    planner_put_open(w, "levels", '[');
    for (size_t i = 0; i < n; i++) {
        struct internplan_level v = internplan_level(r, i);
        planner_put_open(w, NULL, '{');
        planner_put_text(w, "level", str_of(v.name));
        if (v.has_value)
            planner_put_int(w, "value", v.value);
        else
            planner_put_word(w, "value", "null");
        planner_put_int(w, "bound", v.bound);
        planner_put_word(w, "proven", v.proven ? "true" : "false");
        if (!v.certified)
            planner_put_word(w, "certified", "false");
        planner_put_close(w, '}');
    }
    planner_put_close(w, ']');
}

static void write_placements(struct planner_writer *w, const struct internplan *r)
{
    const struct planner_model *m = r->model;
    planner_put_open(w, "placements", '[');
    for (int s = 0; r->has_best && s < m->students; s++) {
        const struct planner_path *path = &r->best.path[m->unit_of[s]];
        const struct planner_course *c = &m->course[m->unit[m->unit_of[s]].course];
        for (int i = 0; i < path->n; i++) {
            const struct planner_option *o = &c->option[path->stay[i].option];
            planner_put_open(w, NULL, '{');
            planner_put_text(w, "student", m->problem->student[s].id);
            planner_put_text(w, "rotation", c->programme->rotation[o->rotation].id);
            planner_put_text(w, "department", m->problem->department[o->department].id);
            put_week(w, "from", m, path->stay[i].from);
            planner_put_int(w, "weeks", c->length[o->rotation]);
            planner_put_close(w, '}');
        }
    }
    planner_put_close(w, ']');
}

/* ---- receipts ----------------------------------------------------------------------------------- */

/* What a student's wish is about, by names: so that wishes of several programmes for the same thing count together. */
static struct str wish_about(const struct planner_problem *p, int s, const struct planner_wish *w)
{
    const struct planner_programme *g = &p->programme[p->student[s].programme];
    return w->kind == PLANNER_WISH_CHOICE ? g->choice[w->about].id : g->rotation[w->about].id;
}

static struct str wish_item(const struct planner_problem *p, int s, const struct planner_wish *w, int at)
{
    if (w->kind == PLANNER_WISH_CHOICE)
        return p->programme[p->student[s].programme].rotation[at].id;
    return p->department[at].id;
}

/* Key of one first rank: kind, subject and item, with separators that no shorter key can fake. */
static struct str first_key(struct arena *a, const struct planner_problem *p, int s, const struct planner_wish *w,
                            int at)
{
    struct str about = wish_about(p, s, w), what = wish_item(p, s, w, at);
    return arena_printf(a, "%d %zu %.*s %.*s", (int)w->kind, about.n, STR_ARG(about), STR_ARG(what));
}

/* How many students put a thing first; nobody counts twice, however many wishes he has. */
struct wanting {
    int64_t n;
    int last;
};
struct first {
    struct map index;
    struct wanting *count;
    size_t n, cap;
};

static void count_firsts(struct arena *a, const struct planner_problem *p, struct first *f)
{
    f->index = map_make(a, 0x51ED270B);
    for (int s = 0; s < p->student_count; s++)
        for (int i = 0; i < p->student[s].wish_count; i++) {
            const struct planner_wish *w = &p->student[s].wish[i];
            if ((w->kind != PLANNER_WISH_DEPARTMENT && w->kind != PLANNER_WISH_CHOICE) || w->count == 0)
                continue;
            struct str key = first_key(a, p, s, w, w->item[0]);
            if (map_put(&f->index, key, (int64_t)f->n))
                *ARENA_PUSH(a, f->count, f->n, f->cap) = (struct wanting){ 0, -1 };
            struct wanting *c = &f->count[map_get(&f->index, key, 0)];
            c->n += c->last != s;
            c->last = s;
        }
}

static int rank_of(const struct planner_wish *w, int at)
{
    int k = 0;
    while (k < w->count && w->item[k] != at)
        k++;
    return k;
}

static int64_t wanted(struct arena *a, const struct planner_problem *p, const struct first *f, int s,
                      const struct planner_wish *w, int at)
{
    int64_t i = map_get(&f->index, first_key(a, p, s, w, at), -1);
    return i >= 0 ? f->count[i].n : 0;
}

static void write_wish(struct planner_writer *w, struct internplan *r, const struct first *f, int s, int i)
{
    const struct planner_model *m = r->model;
    const struct planner_course *c = &m->course[m->unit[m->unit_of[s]].course];
    const struct planner_path *path = &r->best.path[m->unit_of[s]];
    const struct planner_wish *wish = &m->problem->student[s].wish[i];
    int64_t regret = 0, wanted_by = 0;
    int got[PLANNER_ROTATIONS_MOST], n = 0;
    for (int k = 0; k < path->n; k++) {
        const struct planner_option *o = &c->option[path->stay[k].option];
        bool choice = wish->kind == PLANNER_WISH_CHOICE;
        if (choice ? (c->choice_of[wish->about] >> o->rotation & 1) == 0 : wish->about != o->rotation)
            continue;
        regret += planner_model_wish_regret(m, c, wish, o, path->stay[k].from);
        if (wish->kind == PLANNER_WISH_DEPARTMENT || choice) {
            int at = choice ? o->rotation : o->department;
            got[n++] = rank_of(wish, at);
            wanted_by += wanted(&r->scratch, m->problem, f, s, wish, at);
        }
    }
    planner_put_open(w, NULL, '{');
    planner_put_int(w, "wish", i);
    if (wish->kind == PLANNER_WISH_CHOICE && n > 0) {
        planner_put_open(w, "rank", '[');
        for (int k = 0; k < n; k++)
            planner_put_int(w, NULL, got[k]);
        planner_put_close(w, ']');
    } else if (n > 0) {
        planner_put_int(w, "rank", got[0]);
    } else {
        planner_put_word(w, "rank", "null");
    }
    planner_put_int(w, "regret", regret);
    planner_put_int(w, "wanted_by", wanted_by);
    planner_put_close(w, '}');
}

static void write_receipts(struct planner_writer *w, struct internplan *r)
{
    const struct planner_model *m = r->model;
    struct first f = { 0 };
    planner_put_open(w, "receipts", '[');
    if (r->has_best)
        count_firsts(&r->scratch, m->problem, &f);
    for (int s = 0; r->has_best && s < m->students; s++) {
        planner_put_open(w, NULL, '{');
        planner_put_text(w, "student", m->problem->student[s].id);
        planner_put_int(w, "regret", planner_path_regret(m, s, &r->best.path[m->unit_of[s]]));
        planner_put_open(w, "wishes", '[');
        for (int i = 0; i < m->problem->student[s].wish_count; i++)
            write_wish(w, r, &f, s, i);
        planner_put_close(w, ']');
        planner_put_close(w, '}');
    }
    planner_put_close(w, ']');
    arena_free(&r->scratch);
}

static void write_told(struct planner_writer *w, const struct internplan *r)
{
    const struct planner_model *m = r->model;
    if (m->base == NULL || !r->has_best)
        return;
    planner_put_open(w, "told", '[');
    for (int s = 0; s < m->students; s++) {
        if (planner_changed_weeks(m, s, &r->best.path[m->unit_of[s]]) > 0)
            planner_put_text(w, NULL, m->problem->student[s].id);
    }
    planner_put_close(w, ']');
}

/* ---- certificate -------------------------------------------------------------------------------- */

static bool any_price(const int64_t *price, int n)
{
    for (int i = 0; i < n; i++)
        if (price[i] != 0)
            return true;
    return false;
}

/* Weeks of one price as [monday, calendar weeks, price]; closed weeks between two of the same price are bridged. */
static void write_runs(struct planner_writer *w, const struct planner_model *m, const char *key, const int64_t *price,
                       int first, int end)
{
    planner_put_open(w, key, '[');
    for (int t = first; t < end;) {
        int last = t;
        while (last + 1 < end && price[last + 1] == price[t])
            last++;
        if (price[t] != 0) {
            planner_put_open(w, NULL, '[');
            put_week(w, NULL, m, t);
            planner_put_int(w, NULL, m->week_of[last] - m->week_of[t] + 1);
            planner_put_int(w, NULL, price[t]);
            planner_put_close(w, ']');
        }
        t = last + 1;
    }
    planner_put_close(w, ']');
}

static void write_cells(struct planner_writer *w, const struct planner_model *m, const char *key, const int64_t *price)
{
    if (price == NULL || !any_price(price, m->departments * m->open))
        return;
    planner_put_open(w, key, '{');
    for (int d = 0; d < m->departments; d++) {
        const int64_t *p = price + (size_t)d * (size_t)m->open;
        if (any_price(p, m->open))
            write_runs(w, m, arena_copy(m->scratch, m->problem->department[d].id.p, m->problem->department[d].id.n), p,
                       0, m->open);
    }
    planner_put_close(w, '}');
}

static void write_rows(struct planner_writer *w, const struct planner_model *m, const char *key, bool shared,
                       const int64_t *price)
{
    bool any = false;
    for (int r = 0; price != NULL && r < m->rows; r++)
        any = any || (m->row[r].shared == shared && any_price(price + (size_t)r * (size_t)m->open, m->open));
    if (!any)
        return;
    planner_put_open(w, key, '[');
    for (int r = 0; r < m->rows; r++) {
        const int64_t *p = price + (size_t)r * (size_t)m->open;
        if (m->row[r].shared != shared || !any_price(p, m->open))
            continue;
        planner_put_open(w, NULL, '{');
        if (!shared)
            planner_put_text(w, "department", m->problem->department[m->row[r].department].id);
        planner_put_int(w, "index", m->row[r].index);
        write_runs(w, m, "runs", p, m->row[r].first, m->row[r].end);
        planner_put_close(w, '}');
    }
    planner_put_close(w, ']');
}

/* [pair][cell] */
static void write_apart(struct planner_writer *w, const struct planner_model *m, const int64_t *price)
{
    size_t cells = (size_t)m->departments * (size_t)m->open;
    bool begun = false;
    for (int i = 0; price != NULL && i < m->problem->pair_count; i++) {
        if (!any_price(price + (size_t)i * cells, (int)cells))
            continue;
        if (!begun)
            planner_put_open(w, "apart", '[');
        begun = true;
        planner_put_open(w, NULL, '{');
        planner_put_int(w, "index", i);
        write_cells(w, m, "cells", price + (size_t)i * cells);
        planner_put_close(w, '}');
    }
    if (begun)
        planner_put_close(w, ']');
}

static void write_ties(struct planner_writer *w, const struct planner_model *m, const struct planner_leaf *leaf)
{
    const struct planner_problem *p = m->problem;
    if (leaf->ties == 0)
        return;
    planner_put_open(w, "tie", '[');
    for (int i = 0; i < leaf->ties; i++) {
        const struct planner_tie *x = &leaf->tie[i];
        planner_put_open(w, NULL, '{');
        planner_put_int(w, "index", x->pair);
        planner_put_text(w, "student", p->student[x->student].id);
        planner_put_text(w, "rotation", p->programme[p->student[x->student].programme].rotation[x->rotation].id);
        planner_put_text(w, "department", p->department[x->department].id);
        put_week(w, "from", m, x->from);
        planner_put_int(w, "price", x->price);
        planner_put_close(w, '}');
    }
    planner_put_close(w, ']');
}

static void write_worst(struct planner_writer *w, const struct planner_model *m, const int64_t *price)
{
    if (price == NULL || !any_price(price, m->students))
        return;
    planner_put_open(w, "worst", '{');
    for (int i = 0; i < m->students; i++)
        if (price[i] != 0)
            planner_put_int(w, arena_copy(m->scratch, m->problem->student[i].id.p, m->problem->student[i].id.n), price[i]);
    planner_put_close(w, '}');
}

static void write_leaf(struct planner_writer *w, const struct planner_model *m, const char *key,
                       const struct planner_leaf *leaf)
{
    int levels = m->problem->level_count;
    planner_put_open(w, key, '{');
    planner_put_int(w, "scale", leaf->scale);
    if (leaf->given != NULL && any_price(leaf->given, levels)) {
        planner_put_open(w, "given", '{');
        for (int i = 0; i < levels; i++)
            if (leaf->given[i] != 0)
                planner_put_int(w, arena_copy(m->scratch, m->problem->level[i].name.p, m->problem->level[i].name.n),
                        leaf->given[i]);
        planner_put_close(w, '}');
    }
    write_cells(w, m, "seat", leaf->cell);
    write_cells(w, m, "floor", leaf->floor);
    write_cells(w, m, "minimum", leaf->minimum);
    write_cells(w, m, "even", leaf->even);
    write_rows(w, m, "quota", false, leaf->row);
    write_rows(w, m, "shared", true, leaf->row);
    write_apart(w, m, leaf->apart);
    write_ties(w, m, leaf);
    write_worst(w, m, leaf->worst);
    planner_put_close(w, '}');
}

static void write_split(struct planner_writer *w, const struct planner_model *m, const struct planner_split *s)
{
    const struct planner_problem *p = m->problem;
    planner_put_open(w, "split", '{');
    switch (s->kind) {
    case PLANNER_SPLIT_PLACEMENT:
        planner_put_text(w, "student", p->student[s->student].id);
        planner_put_text(w, "rotation", p->programme[p->student[s->student].programme].rotation[s->rotation].id);
        if (s->department >= 0)
            planner_put_text(w, "department", p->department[s->department].id);
        if (s->from >= 0)
            put_week(w, "from", m, s->from);
        break;
    case PLANNER_SPLIT_LOAD:
        planner_put_text(w, "load", p->department[s->department].id);
        put_week(w, "week", m, s->week);
        planner_put_int(w, "at_most", s->than);
        break;
    case PLANNER_SPLIT_LARGEST:
        planner_put_text(w, "largest", p->department[s->department].id);
        planner_put_int(w, "at_most", s->than);
        break;
    case PLANNER_SPLIT_SMALLEST:
        planner_put_text(w, "smallest", p->department[s->department].id);
        planner_put_int(w, "at_least", s->than);
        break;
    case PLANNER_SPLIT_WORST:
        planner_put_int(w, "worst", s->than);
        break;
    }
    planner_put_close(w, '}');
}

static void write_case(struct planner_writer *w, const struct planner_model *m, const char *key, const struct planner_case *c)
{
    if (c->yes == NULL) {
        write_leaf(w, m, key, &c->leaf);
        return;
    }
    planner_put_open(w, key, '{');
    write_split(w, m, &c->split);
    write_case(w, m, "yes", c->yes);
    write_case(w, m, "no", c->no);
    planner_put_close(w, '}');
}

static void write_proof(struct planner_writer *w, const struct planner_model *m, const struct planner_proof *proof)
{
    static const struct planner_leaf nothing = { .scale = 1 };
    struct planner_case leaf = { .leaf = proof->leaf };
    const struct planner_case *cases = proof->cases != NULL ? proof->cases : &leaf;
    if (!proof->splits_worst) {
        write_case(w, m, "proof", cases);
        return;
    }
    planner_put_open(w, "proof", '{');
    planner_put_open(w, "split", '{');
    planner_put_int(w, "worst", proof->bound - 1);
    planner_put_close(w, '}');
    write_case(w, m, "yes", cases);
    write_leaf(w, m, "no", &nothing);
    planner_put_close(w, '}');
}

static void write_merged(struct planner_writer *w, const struct planner_model *m)
{
    bool any = false;
    for (int u = 0; u < m->units; u++)
        any = any || m->unit[u].pair >= 0;
    if (!any)
        return;
    planner_put_open(w, "merged", '[');
    for (int u = 0; u < m->units; u++)
        if (m->unit[u].pair >= 0)
            planner_put_int(w, NULL, m->unit[u].pair);
    planner_put_close(w, ']');
}

static void write_certificate(struct planner_writer *w, const struct internplan *r)
{
    size_t n = internplan_level_count(r);
    bool any = false;
    for (size_t i = 0; i < n; i++)
        any = any || r->proof[i].given;
    if (!any)
        return;
    planner_put_open(w, "certificate", '{');
    planner_put_text(w, "format", STR("internbase.certificate/1"));
    write_merged(w, r->model);
    planner_put_open(w, "levels", '[');
    for (size_t i = 0; i < n; i++) {
        if (!r->proof[i].given)
            continue;
        planner_put_open(w, NULL, '{');
        planner_put_text(w, "level", r->problem->level[i].name);
        planner_put_int(w, "bound", r->bound[i]);
        write_proof(w, r->model, &r->proof[i]);
        planner_put_close(w, '}');
    }
    planner_put_close(w, ']');
    planner_put_close(w, '}');
    arena_free(r->model->scratch);
}

bool internplan_write(struct internplan *r, const char *problem_digest, internplan_sink *sink, void *ctx)
{
    if (r == NULL || r->model == NULL || problem_digest == NULL || sink == NULL)
        return false;
    struct planner_writer w = { .out = buf_make(SIZE_MAX / 2), .sink = sink, .ctx = ctx, .first = true };
    jmp_buf outer;
    memcpy(&outer, &r->full, sizeof outer);
    if (setjmp(r->full) == 0) {
        planner_put_open(&w, NULL, '{');
        write_head(&w, r, problem_digest);
        write_levels(&w, r);
        write_placements(&w, r);
        write_receipts(&w, r);
        write_told(&w, r);
        write_certificate(&w, r);
        planner_explained_write(&w, r);
        planner_put_close(&w, '}');
        buf_char(&w.out, '\n');
        planner_put_flush(&w, 0);
    } else {
        w.failed = true;
    }
    memcpy(&r->full, &outer, sizeof outer);
    buf_free(&w.out);
    return !w.failed;
}
