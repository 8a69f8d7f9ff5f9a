/* Writing the plan file: the bytes of internbase.plan/1, keys in the order of the format, two spaces, LF. */
#include "planner/run.h"

enum { CHUNK_BYTES = 32 * 1024 };

struct writer {
    struct buf out;
    internplan_sink *sink;
    void *ctx;
    bool failed;
    int depth;
    bool first; /* nothing stands yet in the innermost list or object */
};

static void flush(struct writer *w, size_t keep)
{
    w->failed = w->failed || w->out.failed;
    if (w->failed || w->out.n <= keep)
        return;
    w->failed = !w->sink(w->ctx, w->out.p, w->out.n);
    buf_reset(&w->out);
}

static void item(struct writer *w, const char *key)
{
    if (!w->first)
        buf_char(&w->out, ',');
    if (w->depth > 0)
        buf_char(&w->out, '\n');
    for (int i = 0; i < w->depth; i++)
        buf_z(&w->out, "  ");
    w->first = false;
    if (key != NULL) {
        json_put_text(&w->out, str_of(key));
        buf_z(&w->out, ": ");
    }
    flush(w, CHUNK_BYTES);
}

static void open_item(struct writer *w, const char *key, char bracket)
{
    item(w, key);
    buf_char(&w->out, bracket);
    w->depth++;
    w->first = true;
}

static void close_item(struct writer *w, char bracket)
{
    assert(w->depth > 0);
    w->depth--;
    if (!w->first)
        buf_char(&w->out, '\n');
    for (int i = 0; i < w->depth && !w->first; i++)
        buf_z(&w->out, "  ");
    buf_char(&w->out, bracket);
    w->first = false;
}

static void put_int(struct writer *w, const char *key, int64_t v)
{
    item(w, key);
    buf_int(&w->out, v);
}

static void put_text(struct writer *w, const char *key, struct str v)
{
    item(w, key);
    json_put_text(&w->out, v);
}

static void put_word(struct writer *w, const char *key, const char *word)
{
    item(w, key);
    buf_z(&w->out, word);
}

static void put_week(struct writer *w, const char *key, const struct planner_model *m, int open_week)
{
    char z[DATE_TEXT_BYTES];
    put_text(w, key, str_of(date_text(m->problem->first + 7 * m->week_of[open_week], z)));
}

/* ---- levels, placements ------------------------------------------------------------------------- */

static const char *const status_names[] = { "optimal", "feasible", "infeasible", "unknown", "unknown", "unknown" };
static const char *const stop_names[] = { "budget", "proof", "budget", "seconds", "cancel", "memory" };

static void write_head(struct writer *w, const struct internplan *r, const char *digest)
{
    put_text(w, "format", STR("internbase.plan/1"));
    put_text(w, "problem", str_of(digest));
    put_text(w, "status", str_of(status_names[internplan_state(r)]));
    item(w, "seed");
    buf_printf(&w->out, "%llu", (unsigned long long)r->options.seed);
    open_item(w, "work", '{');
    put_int(w, "ticks", (int64_t)internplan_ticks(r));
    put_int(w, "budget", (int64_t)r->options.budget_ticks);
    put_text(w, "stopped_by", str_of(stop_names[r->stop]));
    put_text(w, "engine", STR(INTERNPLAN_ENGINE));
    close_item(w, '}');
}

static void write_levels(struct writer *w, const struct internplan *r)
{
    size_t n = internplan_level_count(r);
    open_item(w, "levels", '[');
    for (size_t i = 0; i < n; i++) {
        struct internplan_level v = internplan_level(r, i);
        open_item(w, NULL, '{');
        put_text(w, "level", str_of(v.name));
        if (v.has_value)
            put_int(w, "value", v.value);
        else
            put_word(w, "value", "null");
        put_int(w, "bound", v.bound);
        put_word(w, "proven", v.proven ? "true" : "false");
        if (!v.certified)
            put_word(w, "certified", "false");
        close_item(w, '}');
    }
    close_item(w, ']');
}

static void write_placements(struct writer *w, const struct internplan *r)
{
    const struct planner_model *m = r->model;
    open_item(w, "placements", '[');
    for (int s = 0; r->has_best && s < m->students; s++) {
        const struct planner_path *path = &r->best.path[m->unit_of[s]];
        const struct planner_course *c = &m->course[m->unit[m->unit_of[s]].course];
        for (int i = 0; i < path->n; i++) {
            const struct planner_option *o = &c->option[path->stay[i].option];
            open_item(w, NULL, '{');
            put_text(w, "student", m->problem->student[s].id);
            put_text(w, "rotation", c->programme->rotation[o->rotation].id);
            put_text(w, "department", m->problem->department[o->department].id);
            put_week(w, "from", m, path->stay[i].from);
            put_int(w, "weeks", c->length[o->rotation]);
            close_item(w, '}');
        }
    }
    close_item(w, ']');
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

struct first {
    struct map index;
    int64_t *count;
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
                *ARENA_PUSH(a, f->count, f->n, f->cap) = 0;
            f->count[map_get(&f->index, key, 0)]++;
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
    return i >= 0 ? f->count[i] : 0;
}

static void write_wish(struct writer *w, struct internplan *r, const struct first *f, int s, int i)
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
    open_item(w, NULL, '{');
    put_int(w, "wish", i);
    if (wish->kind == PLANNER_WISH_CHOICE && n > 0) {
        open_item(w, "rank", '[');
        for (int k = 0; k < n; k++)
            put_int(w, NULL, got[k]);
        close_item(w, ']');
    } else if (n > 0) {
        put_int(w, "rank", got[0]);
    } else {
        put_word(w, "rank", "null");
    }
    put_int(w, "regret", regret);
    put_int(w, "wanted_by", wanted_by);
    close_item(w, '}');
}

static void write_receipts(struct writer *w, struct internplan *r)
{
    const struct planner_model *m = r->model;
    struct first f = { 0 };
    open_item(w, "receipts", '[');
    if (r->has_best)
        count_firsts(&r->scratch, m->problem, &f);
    for (int s = 0; r->has_best && s < m->students; s++) {
        open_item(w, NULL, '{');
        put_text(w, "student", m->problem->student[s].id);
        put_int(w, "regret", planner_path_regret(m, s, &r->best.path[m->unit_of[s]]));
        open_item(w, "wishes", '[');
        for (int i = 0; i < m->problem->student[s].wish_count; i++)
            write_wish(w, r, &f, s, i);
        close_item(w, ']');
        close_item(w, '}');
    }
    close_item(w, ']');
    arena_free(&r->scratch);
}

static void write_told(struct writer *w, const struct internplan *r)
{
    const struct planner_model *m = r->model;
    if (m->base == NULL || !r->has_best)
        return;
    open_item(w, "told", '[');
    for (int s = 0; s < m->students; s++) {
        const struct planner_path *path = &r->best.path[m->unit_of[s]];
        const struct planner_course *c = &m->course[m->unit[m->unit_of[s]].course];
        const int32_t *base = m->base + (size_t)s * (size_t)m->open;
        bool differs = false;
        int at = m->freeze;
        for (int i = 0; i < path->n; i++) {
            const struct planner_option *o = &c->option[path->stay[i].option];
            for (; at < path->stay[i].from; at++)
                differs = differs || base[at] >= 0;
            for (; at < path->stay[i].from + c->length[o->rotation]; at++)
                differs = differs || base[at] != o->department;
        }
        for (; at < m->open; at++)
            differs = differs || base[at] >= 0;
        if (differs)
            put_text(w, NULL, m->problem->student[s].id);
    }
    close_item(w, ']');
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
static void write_runs(struct writer *w, const struct planner_model *m, const char *key, const int64_t *price,
                       int first, int end)
{
    open_item(w, key, '[');
    for (int t = first; t < end;) {
        int last = t;
        while (last + 1 < end && price[last + 1] == price[t])
            last++;
        if (price[t] != 0) {
            open_item(w, NULL, '[');
            put_week(w, NULL, m, t);
            put_int(w, NULL, m->week_of[last] - m->week_of[t] + 1);
            put_int(w, NULL, price[t]);
            close_item(w, ']');
        }
        t = last + 1;
    }
    close_item(w, ']');
}

static void write_cells(struct writer *w, const struct planner_model *m, const char *key, const int64_t *price)
{
    if (price == NULL || !any_price(price, m->departments * m->open))
        return;
    open_item(w, key, '{');
    for (int d = 0; d < m->departments; d++) {
        const int64_t *p = price + (size_t)d * (size_t)m->open;
        if (any_price(p, m->open))
            write_runs(w, m, arena_copy(m->scratch, m->problem->department[d].id.p, m->problem->department[d].id.n), p,
                       0, m->open);
    }
    close_item(w, '}');
}

static void write_rows(struct writer *w, const struct planner_model *m, const char *key, bool shared,
                       const int64_t *price)
{
    bool any = false;
    for (int r = 0; price != NULL && r < m->rows; r++)
        any = any || (m->row[r].shared == shared && any_price(price + (size_t)r * (size_t)m->open, m->open));
    if (!any)
        return;
    open_item(w, key, '[');
    for (int r = 0; r < m->rows; r++) {
        const int64_t *p = price + (size_t)r * (size_t)m->open;
        if (m->row[r].shared != shared || !any_price(p, m->open))
            continue;
        open_item(w, NULL, '{');
        if (!shared)
            put_text(w, "department", m->problem->department[m->row[r].department].id);
        put_int(w, "index", m->row[r].index);
        write_runs(w, m, "runs", p, m->row[r].first, m->row[r].end);
        close_item(w, '}');
    }
    close_item(w, ']');
}

static void write_leaf(struct writer *w, const struct planner_model *m, const char *key,
                       const struct planner_leaf *leaf)
{
    int levels = m->problem->level_count;
    open_item(w, key, '{');
    put_int(w, "scale", leaf->scale);
    if (leaf->given != NULL && any_price(leaf->given, levels)) {
        open_item(w, "given", '{');
        for (int i = 0; i < levels; i++)
            if (leaf->given[i] != 0)
                put_int(w, arena_copy(m->scratch, m->problem->level[i].name.p, m->problem->level[i].name.n),
                        leaf->given[i]);
        close_item(w, '}');
    }
    write_cells(w, m, "seat", leaf->cell);
    write_cells(w, m, "minimum", leaf->minimum);
    write_rows(w, m, "quota", false, leaf->row);
    write_rows(w, m, "shared", true, leaf->row);
    close_item(w, '}');
}

static void write_proof(struct writer *w, const struct planner_model *m, const struct planner_proof *proof)
{
    static const struct planner_leaf nothing = { .scale = 1 };
    if (!proof->splits_worst) {
        write_leaf(w, m, "proof", &proof->leaf);
        return;
    }
    open_item(w, "proof", '{');
    open_item(w, "split", '{');
    put_int(w, "worst", proof->bound - 1);
    close_item(w, '}');
    write_leaf(w, m, "yes", &proof->leaf);
    write_leaf(w, m, "no", &nothing);
    close_item(w, '}');
}

static void write_merged(struct writer *w, const struct planner_model *m)
{
    bool any = false;
    for (int u = 0; u < m->units; u++)
        any = any || m->unit[u].pair >= 0;
    if (!any)
        return;
    open_item(w, "merged", '[');
    for (int u = 0; u < m->units; u++)
        if (m->unit[u].pair >= 0)
            put_int(w, NULL, m->unit[u].pair);
    close_item(w, ']');
}

static void write_certificate(struct writer *w, const struct internplan *r)
{
    size_t n = internplan_level_count(r);
    bool any = false;
    for (size_t i = 0; i < n; i++)
        any = any || r->proof[i].given;
    if (!any)
        return;
    open_item(w, "certificate", '{');
    put_text(w, "format", STR("internbase.certificate/1"));
    write_merged(w, r->model);
    open_item(w, "levels", '[');
    for (size_t i = 0; i < n; i++) {
        if (!r->proof[i].given)
            continue;
        open_item(w, NULL, '{');
        put_text(w, "level", r->problem->level[i].name);
        put_int(w, "bound", r->bound[i]);
        write_proof(w, r->model, &r->proof[i]);
        close_item(w, '}');
    }
    close_item(w, ']');
    close_item(w, '}');
    arena_free(r->model->scratch);
}

bool internplan_write(struct internplan *r, const char *problem_digest, internplan_sink *sink, void *ctx)
{
    if (r == NULL || r->model == NULL || problem_digest == NULL || sink == NULL)
        return false;
    struct writer w = { .out = buf_make(SIZE_MAX / 2), .sink = sink, .ctx = ctx, .first = true };
    jmp_buf outer;
    memcpy(&outer, &r->full, sizeof outer);
    if (setjmp(r->full) == 0) {
        open_item(&w, NULL, '{');
        write_head(&w, r, problem_digest);
        write_levels(&w, r);
        write_placements(&w, r);
        write_receipts(&w, r);
        write_told(&w, r);
        write_certificate(&w, r);
        if (r->explained.conflicts.n > 0) {
            item(&w, "conflicts");
            buf_str(&w.out, r->explained.conflicts);
        }
        if (r->explained.repairs.n > 0) {
            item(&w, "repairs");
            buf_str(&w.out, r->explained.repairs);
        }
        close_item(&w, '}');
        buf_char(&w.out, '\n');
        flush(&w, 0);
    } else {
        w.failed = true;
    }
    memcpy(&r->full, &outer, sizeof outer);
    buf_free(&w.out);
    return !w.failed;
}
