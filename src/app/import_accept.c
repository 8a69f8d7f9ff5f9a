/* Writing what a preview showed, in one transaction, and taking it back. */
#include "app/import.h"
#include "core/limits.h"
#include "rules/check.h"

#include <stdio.h>

enum { PAGE = 500, PAGE_BYTES = 256 << 20, RUN_BYTES = 1 << 30, STEPS_BYTES = 64 << 20 };

/* ---- accepting -------------------------------------------------------------------------------------------- */

/* What a run over the rows holds. */
struct writing {
    struct importing im;
    struct call *c;      /* of the use case */
    struct call row;     /* of one row: memory of its page, steps of its own */
    struct buf steps, late; /* late: of the second pass, undone first */
    int64_t last_row;
    struct query undo[PAGE]; /* of this page's rows, in one round trip */
    size_t undos;
};

typedef enum status write_fn(struct writing *w, const struct str *cell, struct known *known);

static enum status write_row(struct writing *w, const struct str *cell, struct known *known)
{
    w->im.applied++;
    return w->im.kind->apply(&w->im, &w->row, cell, known);
}

static enum status link_row(struct writing *w, const struct str *cell, struct known *known)
{
    return w->im.kind->link(&w->im, &w->row, cell, known);
}

/* What a row wrote, kept with it when its page is done. */
static enum status note_steps(struct writing *w, int64_t row_id)
{
    struct param *p = ARENA_ARRAY(w->row.arena, 2, struct param);
    if (w->steps.failed)
        return STATUS_LIMIT;
    p[0] = P(arena_printf(w->row.arena, "[%.*s]", STR_ARG(buf_view(&w->steps))));
    p[1] = P(row_id);
    assert(w->undos < PAGE);
    w->undo[w->undos++] = (struct query){ .sql = SQL_import_row_undo, .param = p, .n = 2 };
    w->last_row = row_id;
    buf_reset(&w->steps);
    return STATUS_OK;
}

static enum status one_row(struct writing *w, const struct import_row *r, write_fn *fn)
{
    struct str cell[COLUMNS_OF_KIND_MOST];
    struct importing *im = &w->im;
    size_t errors = w->c->errs->n;
    if (!import_get_cells(w->row.arena, r->cells, cell, im->columns))
        return STATUS_IO;
    struct known *known = r->known >= 0 && (size_t)r->known < im->knowns ? &im->known[r->known] : NULL;
    enum status st = fn(w, cell, known);
    for (size_t i = errors; i < w->c->errs->n; i++)
        w->c->errs->item[i].row = (int32_t)r->line;
    /* The preview held: what collides now is a name that was taken, a number that was given meanwhile. */
    if (st == STATUS_CONFLICT)
        errs_add(w->c->errs, MSG_refuse_doubled, STR(""), NULL)->row = (int32_t)r->line;
    return st == STATUS_CONFLICT ? STATUS_INPUT : st;
}

static enum status each_row(struct writing *w, write_fn *fn)
{
    struct tx *t = w->c->tx;
    struct arena page = arena_make(PAGE_BYTES), *outer = tx_use_arena(t, &page);
    struct rows rows = { .n = PAGE };
    enum status st = STATUS_OK;
    int64_t from = 0;
    w->row.arena = &page;
    while (st == STATUS_OK && rows.n == PAGE) {
        arena_free(&page);
        st = tx_run(t, SQL_import_row_write, &rows, P(w->im.import->id), P(from));
        const struct import_row *r = rows.item;
        for (size_t i = 0; st == STATUS_OK && i < rows.n; i++) {
            st = one_row(w, &r[i], fn);
            from = r[i].id;
            if (st == STATUS_OK && fn == write_row)
                st = note_steps(w, from);
        }
        if (st == STATUS_OK && w->undos > 0)
            st = tx_batch(t, w->undo, w->undos);
        w->undos = 0;
    }
    arena_free(&page);
    struct arena *mine = tx_use_arena(t, outer);
    assert(mine == &page);
    return st;
}

/* Steps of the second pass go to the last row, whose steps are undone first. */
static enum status link_rows(struct writing *w)
{
    struct rows rows;
    w->row.steps = &w->late;
    enum status st = each_row(w, link_row);
    if (st != STATUS_OK || w->late.n == 0)
        return st;
    st = call_query(w->c, SQL_import_row_any, &rows, P(w->im.import->id), P(w->last_row - 1));
    if (st != STATUS_OK || rows.n == 0)
        return st == STATUS_OK ? STATUS_IO : st;
    struct str own = ((const struct import_row *)rows.item)->undo; /* "[...]" */
    struct buf all = buf_make(STEPS_BYTES);
    buf_add(&all, own.p, own.n - 1);
    buf_printf(&all, "%s%.*s]", own.n > 2 ? "," : "", STR_ARG(buf_view(&w->late)));
    st = all.failed || w->late.failed ? STATUS_LIMIT : call_query(w->c, SQL_import_row_undo, &rows, P(buf_view(&all)), P(w->last_row));
    buf_free(&all);
    return st;
}

static enum status write_all(struct call *c, struct import *i)
{
    struct arena a = arena_make(RUN_BYTES), *outer = tx_use_arena(c->tx, &a);
    struct writing *w = ARENA_NEW(&a, struct writing);
    char basis[24];
    w->c = c;
    w->row = *c;
    w->steps = buf_make(STEPS_BYTES);
    w->late = buf_make(STEPS_BYTES);
    w->row.steps = &w->steps;
    enum status st = import_begin(&w->im, c->app, &a, c->tx, i);
    snprintf(basis, sizeof basis, "%016llx", (unsigned long long)w->im.basis);
    if (st == STATUS_OK && !str_is(i->basis, basis))
        st = call_refuse(c, MSG_import_stale, "", NULL, NULL);
    if (st == STATUS_OK)
        st = each_row(w, write_row);
    if (st == STATUS_OK && w->im.kind->link != NULL)
        st = link_rows(w);
    buf_free(&w->steps);
    buf_free(&w->late);
    struct arena *mine = tx_use_arena(c->tx, outer);
    assert(mine == &a);
    arena_free(&a);
    return st;
}

static enum status check_acceptable(struct call *c, const struct import *i)
{
    if (i->rows_wrong > 0 || !str_is(i->problems, "[]"))
        return call_refuse(c, MSG_import_has_faults, "", NULL, NULL);
    if (i->rows_new + i->rows_changed == 0)
        return call_refuse(c, MSG_import_nothing, "", NULL, NULL);
    return i->cohort_id != NONE ? scope_check(c, &record_cohort, i->cohort_id) : STATUS_OK;
}

/* The whole of it, in the use case's transaction. */
static enum status accept(struct call *c, struct import *i)
{
    struct rows plans, gone;
    enum status st = write_all(c, i);
    if (st == STATUS_OK)
        st = call_query(c, SQL_plan_newest, &plans, P(i->base_id));
    if (st != STATUS_OK)
        return st;
    int64_t file_id = i->file_id;
    i->state = import_state_accepted;
    i->accepted_at = app_now(c->app);
    i->accepted_by_id = call_person(c);
    i->plan_mark = ((const struct count_row *)plans.item)->value;
    i->file_id = NONE;
    st = tx_save(c->tx, &record_import, i);
    if (st == STATUS_OK && file_id != NONE)
        st = call_query(c, SQL_file_drop, &gone, P(file_id));
    c->subject = "import";
    c->id = i->id;
    import_summary(c, i);
    return st;
}

/* A large one is left to the worker, who does it as this person (uc_import_apply): nobody's browser waits for it. */
enum status uc_import_accept(struct call *c)
{
    struct import *i;
    enum status st = import_target(c, &i, import_state_preview);
    if (st == STATUS_OK)
        st = check_acceptable(c, i);
    if (st != STATUS_OK)
        return st;
    if (c->actor->is_operator || i->rows_new + i->rows_changed <= LIMIT_import_now_rows)
        return accept(c, i);
    i->state = import_state_accepting;
    i->accepted_by_id = c->actor->person_id;
    st = tx_save(c->tx, &record_import, i);
    import_summary(c, i);
    return st == STATUS_OK ? import_queue(c, i) : st;
}

enum status uc_import_apply(struct call *c)
{
    struct import *i;
    enum status st = import_target(c, &i, import_state_accepting);
    if (st == STATUS_OK)
        st = check_acceptable(c, i);
    return st == STATUS_OK ? accept(c, i) : st;
}

/* ---- taking back ------------------------------------------------------------------------------------------ */

struct undoing {
    struct call *c;
    struct call row;
    struct buf steps;
    enum import_kind kind;
};

/* The old values over what is there; what only the program sets is made anew by the rules. */
static enum status restore(struct undoing *u, const struct record *r, const struct json *old, void *now)
{
    struct errs errs = errs_make(u->row.arena);
    for (const struct json *m = old->child; m != NULL; m = m->next) {
        const struct field *f = record_field(r, m->key);
        if (f == NULL || (f->flags & FIELD_READONLY))
            continue;
        struct str text = m->type == JSON_NULL ? STR("") : m->type == JSON_BOOL ? (m->is_true ? STR("1") : STR("0")) : m->text;
        if (!field_take(f, now, text, &errs))
            return STATUS_IO;
    }
    return rules_check(u->row.arena, r, now, u->c->errs) ? STATUS_OK : STATUS_INPUT;
}

/* What people call the row: its name, else its number. */
static const char *row_name(struct undoing *u, const struct import_row *row)
{
    static const char *const names[] = { "name_zh", "name", "number" };
    struct str cell[COLUMNS_OF_KIND_MOST];
    int n;
    const struct import_column *c = import_columns_of(u->kind, &n);
    bool read = import_get_cells(u->row.arena, row->cells, cell, n);
    for (size_t k = 0; read && k < LEN(names); k++)
        for (int i = 0; i < n; i++)
            if (strcmp(c[i].name, names[k]) == 0 && cell[i].n > 0)
                return arena_str(u->row.arena, cell[i]).p;
    return "?";
}

static enum status refuse_undo(struct undoing *u, const struct import_row *row, enum msg_id why)
{
    struct err *e = errs_add(u->c->errs, why, STR(""), row_name(u, row), NULL);
    e->row = (int32_t)row->line;
    return STATUS_INPUT;
}

/* A record that the import made or changed: it must be as the import left it. */
static enum status undo_written(struct undoing *u, const struct import_row *row, const struct record *r, const struct json *step)
{
    void *now = NULL, *was = arena_alloc(u->row.arena, r->size);
    int64_t id = json_get(step, "id")->number;
    char left[24];
    const struct json *old = json_get(step, "old");
    enum status st = tx_load(u->c->tx, r, id, &now);
    if (st == STATUS_NOT_FOUND)
        return refuse_undo(u, row, MSG_import_touched);
    if (st != STATUS_OK)
        return st;
    snprintf(left, sizeof left, "%016llx", (unsigned long long)record_digest(r, now));
    if (!str_is(json_get(step, "left")->text, left))
        return refuse_undo(u, row, MSG_import_touched);
    if (old == NULL) {
        st = call_delete(&u->row, r, now);
        return st == STATUS_CONFLICT ? refuse_undo(u, row, MSG_import_in_use) : st;
    }
    memcpy(was, now, r->size);
    st = restore(u, r, old, now);
    return st == STATUS_OK ? call_save(&u->row, r, was, now) : st;
}

static enum status undo_step(struct undoing *u, const struct import_row *row, const struct json *step)
{
    const struct json *name = json_get(step, "record"), *old = json_get(step, "old");
    const struct record *r = name != NULL ? record_by_name(name->text) : NULL;
    if (r == NULL)
        return STATUS_IO;
    if (json_get(step, "left") != NULL)
        return undo_written(u, row, r, step);
    void *back = record_new(u->row.arena, r);
    enum status st = restore(u, r, old, back);
    return st == STATUS_OK ? call_save(&u->row, r, NULL, back) : st;
}

static enum status undo_row(struct undoing *u, const struct import_row *row)
{
    struct json_error e;
    if (row->undo.n == 0)
        return STATUS_OK;
    const struct json *list = json_read(u->row.arena, row->undo, &e);
    if (list == NULL || list->type != JSON_LIST)
        return STATUS_IO;
    const struct json **step = ARENA_ARRAY(u->row.arena, list->n + 1, const struct json *);
    size_t n = 0;
    for (const struct json *s = list->child; s != NULL; s = s->next)
        step[n++] = s;
    enum status st = STATUS_OK;
    while (st == STATUS_OK && n > 0)
        st = undo_step(u, row, step[--n]);
    buf_reset(&u->steps);
    return st;
}

static enum status undo_all(struct call *c, const struct import *i)
{
    struct arena page = arena_make(PAGE_BYTES), *outer = tx_use_arena(c->tx, &page);
    struct undoing u = { .c = c, .row = *c, .steps = buf_make(STEPS_BYTES), .kind = (enum import_kind)i->kind };
    struct rows rows = { .n = PAGE };
    enum status st = STATUS_OK;
    int64_t below = INT64_MAX;
    u.row.arena = &page;
    u.row.steps = &u.steps;
    while (st == STATUS_OK && rows.n == PAGE) {
        arena_free(&page);
        st = tx_run(c->tx, SQL_import_row_last, &rows, P(i->id), P(below));
        const struct import_row *r = rows.item;
        for (size_t k = 0; st == STATUS_OK && k < rows.n; k++) {
            st = undo_row(&u, &r[k]);
            below = r[k].id;
        }
    }
    buf_free(&u.steps);
    arena_free(&page);
    struct arena *mine = tx_use_arena(c->tx, outer);
    assert(mine == &page);
    return st;
}

/* Nothing was built on it: it is the last of its kind and cohort, no plan was begun since, and (undo_all) every record says
 * what it left and no other refers to those it made. */
static enum status check_undoable(struct call *c, const struct import *i)
{
    struct rows later, plans;
    enum status st = call_query(c, SQL_import_later, &later, P(i->base_id), P(i->id), P(i->kind), P(i->cohort_id != NONE ? i->cohort_id : 0));
    if (st == STATUS_OK && later.n > 0)
        return call_refuse(c, MSG_import_not_last, "", NULL, NULL);
    if (st == STATUS_OK)
        st = call_query(c, SQL_plan_newest, &plans, P(i->base_id));
    if (st == STATUS_OK && ((const struct count_row *)plans.item)->value != i->plan_mark)
        return call_refuse(c, MSG_import_planned, "", NULL, NULL);
    return st;
}

enum status uc_import_undo(struct call *c)
{
    struct import *i;
    enum status st = import_target(c, &i, import_state_accepted);
    if (st == STATUS_OK)
        st = check_undoable(c, i);
    if (st == STATUS_OK)
        st = undo_all(c, i);
    if (st != STATUS_OK)
        return st;
    i->state = import_state_undone;
    i->undone_at = app_now(c->app);
    c->subject = "import";
    c->id = i->id;
    import_summary(c, i);
    return tx_save(c->tx, &record_import, i);
}
