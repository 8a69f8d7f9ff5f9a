/* The kind "wishes": the ranked departments (or rotations of a choice) of a student, one row for each of his lists. */
#include "app/import.h"

#include <stdio.h>

enum { PAGE = 1000 };

static struct str row_key(struct arena *a, struct str number, struct str list)
{
    return arena_printf(a, "%.*s\x1f%.*s", STR_ARG(number), STR_ARG(list));
}

/* ---- what is there ---------------------------------------------------------------------------------------- */

static enum status student_page(struct importing *im, struct rows *rows, void *ctx)
{
    struct str *from = ctx;
    enum status st = tx_run(im->tx, SQL_known_students, rows, P(im->cohort->id), P(*from));
    const struct known_student *s = rows->item;
    for (size_t i = 0; st == STATUS_OK && i < rows->n; i++) {
        struct str id = arena_printf(im->arena, "%lld", (long long)s[i].id);
        *from = arena_str(im->arena, s[i].number);
        map_put(&im->by_alias, *from, (int64_t)im->student.n);
        map_put(&im->ids, id, (int64_t)im->student.n);
        *ARENA_PUSH(im->arena, im->student.item, im->student.n, im->student.cap) =
            (struct named){ .id = s[i].id, .code = *from, .name_zh = arena_str(im->arena, s[i].name) };
        basis_note(im, s[i].id, s[i].version);
    }
    return st;
}

static void add_list(struct importing *im, bool is_choice, int64_t id, struct str label, const int64_t *option, size_t n)
{
    size_t cap = im->lists;
    struct wish_choice *more = ARENA_ARRAY(im->arena, cap + 1, struct wish_choice);
    if (cap > 0)
        memcpy(more, im->list, cap * sizeof *more);
    int64_t *own = ARENA_ARRAY(im->arena, n, int64_t);
    memcpy(own, option, n * sizeof *own);
    more[cap] = (struct wish_choice){ is_choice, id, label, own, n };
    im->list = more;
    im->lists++;
}

/* A rotation of its own with several departments is a list of departments; a choice is a list of its rotations. */
static enum status load_lists(struct importing *im)
{
    struct rows rotations, links, choices;
    int64_t programme = im->cohort->programme_id, option[1000];
    enum status st = tx_run(im->tx, SQL_rotation_list, &rotations, P(programme), P(INT64_C(0)));
    if (st == STATUS_OK)
        st = tx_run(im->tx, SQL_rotation_department_list, &links, P(programme), P(INT64_C(0)));
    if (st == STATUS_OK)
        st = tx_run(im->tx, SQL_choice_list, &choices, P(programme), P(INT64_C(0)));
    if (st != STATUS_OK)
        return st;
    const struct rotation *r = rotations.item;
    const struct rotation_department *l = links.item;
    const struct choice *c = choices.item;
    for (size_t i = 0; i < rotations.n; i++) {
        catalogue_add(im, &im->rotation, (struct named){ .id = r[i].id, .code = r[i].code, .name_zh = r[i].name_zh, .name_en = r[i].name_en });
        basis_note(im, r[i].id, r[i].version);
    }
    catalogue_label(im, &im->rotation);
    for (size_t i = 0; i < rotations.n; i++) {
        size_t n = 0;
        for (size_t k = 0; k < links.n && n < LEN(option); k++)
            if (l[k].rotation_id == r[i].id)
                option[n++] = l[k].department_id;
        if (r[i].choice_id == NONE && n > 1)
            add_list(im, false, r[i].id, im->rotation.item[i].label, option, n);
    }
    for (size_t i = 0; i < choices.n; i++) {
        size_t n = 0;
        for (size_t k = 0; k < rotations.n && n < LEN(option); k++)
            if (r[k].choice_id == c[i].id)
                option[n++] = r[k].id;
        if (n > 1)
            add_list(im, true, c[i].id, arena_str(im->arena, c[i].name_zh), option, n);
    }
    for (size_t i = 0; i < links.n; i++)
        basis_note(im, l[i].id, l[i].version);
    return st;
}

static const struct catalogue *options_of(const struct importing *im, const struct wish_choice *l)
{
    return l->is_choice ? &im->rotation : &im->department;
}

static int64_t list_of(const struct importing *im, const struct wish *w)
{
    for (size_t i = 0; i < im->lists; i++)
        if (im->list[i].is_choice ? w->choice_id == im->list[i].id : w->choice_id == NONE && w->rotation_id == im->list[i].id)
            return (int64_t)i;
    return UNKNOWN;
}

static void add_wish(struct importing *im, const struct wish *w)
{
    char id[24];
    int64_t at = list_of(im, w);
    int n = snprintf(id, sizeof id, "%lld", (long long)w->student_id);
    int64_t student = map_get(&im->ids, (struct str){ id, (size_t)n }, UNKNOWN);
    basis_note(im, w->id, w->version);
    if (at < 0 || student < 0)
        return;
    const struct wish_choice *l = &im->list[at];
    const struct named *s = &im->student.item[student];
    struct str key = row_key(im->arena, s->code, l->label);
    struct known *k = known_find(im, key);
    if (k == NULL) {
        k = known_add(im, key, w->student_id, 0);
        k->list = at;
        known_set(im, k, "number", s->code);
        known_set(im, k, "name", s->name_zh);
        known_set(im, k, "list", l->label);
    }
    struct str *ranked = &k->cell[import_column_at(im, "ranked")];
    struct str label = catalogue_label_of(options_of(im, l), l->is_choice ? w->rotation_id : w->department_id);
    *ranked = arena_printf(im->arena, "%.*s%s%.*s", STR_ARG(*ranked), ranked->n > 0 ? "、" : "", STR_ARG(label));
}

/* A page may end in the middle of a student: his wishes are left for the next, unless he fills it alone. */
static enum status wish_page(struct importing *im, struct rows *rows, void *ctx)
{
    int64_t *from = ctx;
    enum status st = tx_run(im->tx, SQL_wishes_known, rows, P(im->cohort->id), P(*from));
    const struct wish *w = rows->item;
    size_t n = rows->n;
    while (st == STATUS_OK && rows->n == PAGE && n > 0 && w[n - 1].student_id == w[rows->n - 1].student_id)
        n--;
    if (n == 0)
        n = rows->n;
    for (size_t i = 0; st == STATUS_OK && i < n; i++)
        add_wish(im, &w[i]);
    if (n > 0)
        *from = w[n - 1].student_id;
    return st;
}

static enum status load(struct importing *im)
{
    struct str number = STR("");
    int64_t from = 0;
    enum status st = import_load_departments(im);
    if (st == STATUS_OK)
        st = load_lists(im);
    if (st == STATUS_OK)
        st = import_pages(im, student_page, PAGE, &number);
    return st == STATUS_OK ? import_pages(im, wish_page, PAGE, &from) : st;
}

/* ---- a row ------------------------------------------------------------------------------------------------ */

static struct str list_labels(const struct importing *im, struct arena *a)
{
    struct buf b = buf_make(8192);
    for (size_t i = 0; i < im->lists; i++)
        buf_printf(&b, "%s%.*s", i > 0 ? "、" : "", STR_ARG(im->list[i].label));
    struct str s = arena_str(a, buf_view(&b));
    buf_free(&b);
    return s;
}

static const struct wish_choice *find_list(struct import_row_in *row)
{
    struct importing *im = row->im;
    struct str word = import_cell(im, row->cell, "list");
    if (im->lists == 0)
        import_fault(row, MSG_import_no_lists, "ranked", STR(""), STR(""), STR(""));
    if (word.n == 0 && im->lists == 1)
        return &im->list[0];
    for (size_t i = 0; i < im->lists; i++)
        if (str_eq(import_fold(row->arena, word, false), import_fold(row->arena, im->list[i].label, false)))
            return &im->list[i];
    if (im->lists > 0)
        import_fault(row, word.n > 0 ? MSG_import_unknown : MSG_import_list_missing, "list", word.n > 0 ? word : list_labels(im, row->arena),
                     list_labels(im, row->arena), STR(""));
    return NULL;
}

static struct str option_labels(const struct importing *im, const struct wish_choice *l, struct arena *a)
{
    enum { SHOWN_MOST = 12 };
    struct buf b = buf_make(8192);
    for (size_t i = 0; i < MIN(l->options, (size_t)SHOWN_MOST); i++)
        buf_printf(&b, "%s%.*s", i > 0 ? "、" : "", STR_ARG(catalogue_label_of(options_of(im, l), l->option[i])));
    struct str s = arena_str(a, buf_view(&b));
    buf_free(&b);
    return s;
}

static int64_t option_of(const struct importing *im, const struct wish_choice *l, struct arena *a, struct str word)
{
    int64_t at = catalogue_find(options_of(im, l), a, word);
    for (size_t i = 0; at >= 0 && i < l->options; i++)
        if (l->option[i] == options_of(im, l)->item[at].id)
            return at;
    return UNKNOWN;
}

static void check_ranked(struct import_row_in *row, const struct wish_choice *l)
{
    struct importing *im = row->im;
    struct str *cell = &row->cell[import_column_at(im, "ranked")], rest = *cell;
    struct buf b = buf_make(1 << 16);
    bool *seen = ARENA_ARRAY(row->arena, options_of(im, l)->n + 1, bool), whole = true;
    for (int rank = 0; rest.n > 0; rank++) {
        struct str word = str_cut(&rest, '\n');
        int64_t at = option_of(im, l, row->arena, word);
        if (at < 0)
            import_fault_rank(row, MSG_import_unknown, "ranked", rank, word, option_labels(im, l, row->arena));
        else if (seen[at])
            import_fault_rank(row, MSG_import_named_twice, "ranked", rank, word, STR(""));
        whole = whole && at >= 0 && !seen[at];
        if (at < 0)
            continue;
        seen[at] = true;
        buf_printf(&b, "%s%.*s", b.n > 0 ? "、" : "", STR_ARG(options_of(im, l)->item[at].label));
    }
    if (whole)
        *cell = arena_str(row->arena, buf_view(&b));
    buf_free(&b);
}

static void check(struct import_row_in *row, struct str *key)
{
    struct importing *im = row->im;
    struct str number = import_cell(im, row->cell, "number"), *name = &row->cell[import_column_at(im, "name")];
    int64_t at = map_get(&im->by_alias, number, UNKNOWN);
    const struct wish_choice *l = find_list(row);
    if (number.n > 0 && at < 0)
        import_fault(row, MSG_import_no_student, "number", number, im->cohort->name_zh, STR(""));
    if (at >= 0 && name->n > 0 && !str_eq(*name, import_name(row->arena, im->student.item[at].name_zh)))
        import_fault(row, MSG_import_other_name, "name", *name, im->student.item[at].name_zh, STR(""));
    if (l == NULL)
        return;
    row->cell[import_column_at(im, "list")] = l->label;
    check_ranked(row, l);
    if (at < 0)
        return;
    *name = im->student.item[at].name_zh;
    *key = row_key(row->arena, number, l->label);
}

static enum status clear(struct call *c, int64_t student_id, const struct wish_choice *l)
{
    struct rows rows;
    enum status st = call_query(c, SQL_wish_of_student, &rows, P(student_id));
    const struct wish *w = rows.item;
    for (size_t i = 0; st == STATUS_OK && i < rows.n; i++)
        if (l->is_choice ? w[i].choice_id == l->id : w[i].choice_id == NONE && w[i].rotation_id == l->id)
            st = call_delete(c, &record_wish, &w[i]);
    return st;
}

/* Students, rotations and departments come from what was loaded inside the scope; no reference is taken from the file. */
static enum status apply(struct importing *im, struct call *c, const struct str *cell, struct known *known)
{
    int64_t at = map_get(&im->by_alias, import_cell(im, cell, "number"), UNKNOWN);
    const struct wish_choice *l = NULL;
    for (size_t i = 0; i < im->lists; i++)
        if (str_eq(im->list[i].label, import_cell(im, cell, "list")))
            l = &im->list[i];
    if (at < 0 || l == NULL)
        return STATUS_CONFLICT; /* the preview saw both */
    int64_t student_id = im->student.item[at].id;
    enum status st = known != NULL ? clear(c, student_id, l) : STATUS_OK;
    struct str rest = import_cell(im, cell, "ranked");
    for (int64_t rank = 0; st == STATUS_OK && rest.n > 0; rank++) {
        int64_t option = option_of(im, l, c->arena, import_label(&rest));
        if (option < 0)
            return STATUS_CONFLICT;
        struct wish *w = record_new(c->arena, &record_wish);
        w->student_id = student_id;
        w->choice_id = l->is_choice ? l->id : NONE;
        w->rotation_id = l->is_choice ? im->rotation.item[option].id : l->id;
        w->department_id = l->is_choice ? NONE : im->department.item[option].id;
        w->rank = rank;
        st = call_save(c, &record_wish, NULL, w);
    }
    return st;
}

const struct import_kind_of import_of_wishes = { import_kind_wishes, CAP_edit_wishes, COHORT_MUST, { "number" }, load, check, apply, NULL, false, 0 };
