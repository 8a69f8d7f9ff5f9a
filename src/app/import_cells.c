/* One row of a file -> its cells as texts that mean one thing each, or faults at them. Fields are taken by their own rules. */
#include "app/groups.h"
#include "app/import.h"
#include "rules/check.h"

static void fault_at(struct import_row_in *row, enum msg_id id, int column, int repeat, struct str a1, struct str a2, struct str a3)
{
    struct err *e = errs_add(&row->errs, id, str_of(row->im->column[column].name), NULL);
    struct str arg[ERR_ARGS] = { a1, a2, a3 };
    e->row = (int32_t)row->line;
    e->column = row->im->header.at[column][repeat];
    for (int i = 0; i < ERR_ARGS; i++)
        e->arg[i] = arg[i].n > 0 ? arena_str(row->arena, (struct str){ arg[i].p, MIN(arg[i].n, (size_t)600) }) : STR("");
}

void import_fault(struct import_row_in *row, enum msg_id id, const char *column, struct str a1, struct str a2, struct str a3)
{
    fault_at(row, id, import_column_at(row->im, column), 0, a1, a2, a3);
}

void import_fault_rank(struct import_row_in *row, enum msg_id id, const char *column, int rank, struct str a1, struct str a2)
{
    fault_at(row, id, import_column_at(row->im, column), rank, a1, a2, STR(""));
}

struct str import_piece(struct str *rest)
{
    static const char *const marks[] = { "、", ",", "，", ";", "；", "\n", "|" };
    for (size_t i = 0; i < rest->n; i++)
        for (size_t m = 0; m < LEN(marks); m++) {
            struct str mark = str_of(marks[m]), here = { rest->p + i, rest->n - i };
            if (!str_starts(here, mark))
                continue;
            struct str piece = { rest->p, i };
            *rest = (struct str){ here.p + mark.n, here.n - mark.n };
            return str_trim(piece);
        }
    struct str all = *rest;
    *rest = STR("");
    return str_trim(all);
}

struct str import_label(struct str *rest)
{
    const char *mark = rest->n > 0 ? memmem(rest->p, rest->n, "、", strlen("、")) : NULL;
    struct str label = mark != NULL ? (struct str){ rest->p, (size_t)(mark - rest->p) } : *rest;
    size_t past = label.n + (mark != NULL ? strlen("、") : 0);
    *rest = (struct str){ rest->p + past, rest->n - past };
    return label;
}

/* 第8周, 28 名, 2 weeks, 2.0 -> the number alone. */
static struct str bare_number(struct arena *a, struct str raw)
{
    static const char *const tails[] = { "weeks", "week", "周", "名", "人", "个", "位", ".0" };
    struct str s = import_code(a, raw);
    if (str_starts(s, STR("第")))
        s = (struct str){ s.p + strlen("第"), s.n - strlen("第") };
    for (size_t i = 0; i < LEN(tails); i++) {
        size_t n = strlen(tails[i]);
        if (s.n > n && memcmp(s.p + s.n - n, tails[i], n) == 0)
            s.n -= n;
    }
    return s;
}

/* By the rules of the column's own field; what it was as it will be stored. */
static struct str take_field(struct import_row_in *row, int column, struct str text, struct str raw)
{
    const struct import_column *c = &row->im->column[column];
    const struct field *f = &c->record->field[c->field];
    void *scratch = record_new(row->arena, c->record);
    size_t before = row->errs.total, kept = row->errs.n;
    if (!field_take(f, scratch, text, &row->errs)) {
        assert(row->errs.total > before);
        for (size_t i = kept; i < row->errs.n; i++) {
            row->errs.item[i].at = str_of(c->name);
            row->errs.item[i].row = (int32_t)row->line;
            row->errs.item[i].column = row->im->header.at[column][0];
        }
        return raw;
    }
    struct buf b = buf_make(1 << 16);
    field_put(&b, f, scratch);
    struct str out = arena_str(row->arena, buf_view(&b));
    buf_free(&b);
    return out;
}

static int64_t find(struct import_row_in *row, const struct catalogue *c, int column, struct str word)
{
    int64_t at = catalogue_find(c, row->arena, word);
    if (at == AMBIGUOUS)
        fault_at(row, MSG_import_ambiguous, column, 0, word, STR(""), STR(""));
    else if (at == UNKNOWN && c->n == 0)
        fault_at(row, MSG_import_unknown_none, column, 0, word, STR(""), STR(""));
    else if (at == UNKNOWN)
        fault_at(row, MSG_import_unknown, column, 0, word, catalogue_labels(c, row->arena), STR(""));
    return at;
}

static struct str take_one(struct import_row_in *row, const struct catalogue *c, int column, struct str raw)
{
    int64_t at = find(row, c, column, raw);
    return at >= 0 ? c->item[at].label : raw;
}

/* A set: in the catalogue's own order, whatever the order in the cell. */
static struct str take_set(struct import_row_in *row, const struct catalogue *c, int column, struct str raw)
{
    bool *in = ARENA_ARRAY(row->arena, c->n + 1, bool), whole = true;
    struct str rest = raw;
    bool is_one = catalogue_find(c, row->arena, raw) >= 0; /* a name may hold a comma */
    while (rest.n > 0) {
        struct str word = is_one ? raw : import_piece(&rest);
        if (is_one)
            rest = STR("");
        if (word.n == 0)
            continue;
        int64_t at = find(row, c, column, word);
        whole = whole && at >= 0;
        if (at >= 0 && in[at]) {
            fault_at(row, MSG_import_named_twice, column, 0, word, STR(""), STR(""));
            whole = false;
        }
        if (at >= 0)
            in[at] = true;
    }
    if (!whole)
        return raw;
    struct buf b = buf_make(1 << 16);
    for (size_t i = 0; i < c->n; i++)
        if (in[i])
            buf_printf(&b, "%s%.*s", b.n > 0 ? "、" : "", STR_ARG(c->item[i].label));
    struct str out = arena_str(row->arena, buf_view(&b));
    buf_free(&b);
    return out;
}

/* The columns of wishes as one text, a line each; one left out before the last is a fault. */
static struct str take_ranked(struct import_row_in *row, int column, const struct str *file_cell, size_t n)
{
    struct buf b = buf_make(1 << 16);
    int last = 0;
    const struct import_header *h = &row->im->header;
    for (int k = 0; k < h->repeats[column]; k++) {
        int at = h->at[column][k];
        struct str raw = at > 0 && (size_t)at <= n ? file_cell[at - 1] : STR("");
        if (raw.n == 0)
            continue;
        if (k > last)
            fault_at(row, MSG_import_rank_gap, column, k, arena_printf(row->arena, "%d", k + 1), arena_printf(row->arena, "%d", last + 1), STR(""));
        last = k + 1;
        buf_printf(&b, "%s%.*s", b.n > 0 ? "\n" : "", STR_ARG(raw));
    }
    struct str out = arena_str(row->arena, buf_view(&b));
    buf_free(&b);
    return out;
}

static struct str take_exceptions(struct import_row_in *row, int column, struct str raw)
{
    struct exception x[EXCEPTIONS_MOST];
    int n = import_exceptions_read(row, row->im->column[column].name, raw, x);
    return n < 0 ? raw : import_exceptions_put(row->arena, row->im->cohort, x, n);
}

static struct str take(struct import_row_in *row, int column, struct str raw)
{
    struct importing *im = row->im;
    switch (im->column[column].how) {
    case HOW_TEXT:
        return take_field(row, column, raw, raw);
    case HOW_NAME:
        return take_field(row, column, import_name(row->arena, raw), raw);
    case HOW_CODE:
        return take_field(row, column, import_code(row->arena, raw), raw);
    case HOW_GROUPS:
        return take_field(row, column, groups_canonical(row->arena, raw), raw);
    case HOW_COUNT:
        return take_field(row, column, bare_number(row->arena, raw), raw);
    case HOW_SITE:
        return take_one(row, &im->site, column, raw);
    case HOW_DEPARTMENT:
        return take_one(row, &im->department, column, raw);
    case HOW_DEPARTMENTS:
        return take_set(row, &im->department, column, raw);
    case HOW_EXCEPTIONS:
        return take_exceptions(row, column, raw);
    case HOW_ROTATIONS:
    case HOW_LIST:
    case HOW_CHECK:
        return import_name(row->arena, raw);
    case HOW_RANKED:
        break;
    }
    return raw;
}

void import_cells_take(struct import_row_in *row, const struct str *file_cell, size_t n)
{
    struct importing *im = row->im;
    for (int i = 0; i < im->columns; i++) {
        int at = im->header.at[i][0];
        struct str raw = at > 0 && (size_t)at <= n ? file_cell[at - 1] : STR("");
        if (im->column[i].how == HOW_RANKED)
            raw = take_ranked(row, i, file_cell, n);
        if (raw.n == 0 && (im->column[i].flags & NEED))
            fault_at(row, MSG_value_missing, i, 0, STR(""), STR(""), STR(""));
        row->cell[i] = raw.n > 0 ? take(row, i, raw) : STR("");
    }
}

void import_rules(struct import_row_in *row, const struct record *r, const struct known *k)
{
    const struct importing *im = row->im;
    void *rec = record_new(row->arena, r);
    struct errs errs = errs_make(row->arena);
    if (row->errs.total > 0)
        return;
    if (k != NULL)
        import_fill(im, r, rec, k->cell);
    import_fill(im, r, rec, row->cell);
    if (rules_check(row->arena, r, rec, &errs))
        return;
    for (size_t i = 0; i < errs.n; i++)
        for (int col = 0; col < im->columns; col++)
            if (im->column[col].record == r && str_is(errs.item[i].at, r->field[im->column[col].field].name))
                fault_at(row, errs.item[i].id, col, 0, errs.item[i].arg[0], errs.item[i].arg[1], errs.item[i].arg[2]);
}
