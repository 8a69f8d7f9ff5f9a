/* The kind "departments": a department of the hospital, with the weeks in which it has other seats. */
#include "app/import.h"
#include "core/limits.h"

static enum status load_sites(struct importing *im)
{
    enum { PAGE = 200 };
    struct rows rows = { .n = PAGE };
    enum status st = STATUS_OK;
    for (int64_t from = 0; st == STATUS_OK && rows.n == PAGE; from += PAGE) {
        st = tx_run(im->tx, SQL_site_list, &rows, P(im->base->hospital_id), P(from));
        const struct site *s = rows.item;
        for (size_t i = 0; st == STATUS_OK && i < rows.n; i++) {
            catalogue_add(im, &im->site, (struct named){ .id = s[i].id, .code = s[i].code, .name_zh = s[i].name_zh, .name_en = s[i].name_en });
            basis_note(im, s[i].id, s[i].version);
        }
    }
    catalogue_label(im, &im->site);
    return st;
}

static enum status set_exceptions(struct importing *im, struct known *k)
{
    struct exception x[EXCEPTIONS_MOST];
    struct rows rows;
    enum status st = tx_run(im->tx, SQL_capacity_list, &rows, P(k->id), P(INT64_C(0)));
    const struct capacity *c = rows.item;
    int n = 0;
    for (size_t i = 0; st == STATUS_OK && i < rows.n && n < EXCEPTIONS_MOST; i++) {
        x[n++] = (struct exception){ c[i].first_week, c[i].weeks, c[i].seats, c[i].reason };
        basis_note(im, c[i].id, c[i].version);
    }
    if (st == STATUS_OK)
        known_set(im, k, "exceptions", import_exceptions_put(im->arena, im->cohort, x, n));
    return st;
}

static enum status add(struct importing *im, const struct department *d)
{
    struct known *k = known_add(im, d->code, d->id, d->version);
    known_set(im, k, "code", d->code);
    known_set(im, k, "name_zh", d->name_zh);
    known_set(im, k, "name_en", d->name_en);
    known_set(im, k, "initials", d->initials);
    known_set_int(im, k, "seats", d->seats);
    known_set_int(im, k, "minimum", d->minimum);
    known_set_int(im, k, "position", d->position);
    known_set(im, k, "site", catalogue_label_of(&im->site, d->site_id));
    return set_exceptions(im, k);
}

static enum status load(struct importing *im)
{
    enum { PAGE = 1000 };
    struct rows rows = { .n = PAGE };
    enum status st = load_sites(im);
    if (st == STATUS_OK)
        st = import_load_departments(im); /* by name, for files without codes */
    for (int64_t from = 0; st == STATUS_OK && rows.n == PAGE; from += PAGE) {
        st = tx_run(im->tx, SQL_department_list, &rows, P(im->base->hospital_id), P(from));
        for (size_t i = 0; st == STATUS_OK && i < rows.n; i++)
            st = add(im, &((const struct department *)rows.item)[i]);
    }
    return st;
}

static void check(struct import_row_in *row, struct str *key)
{
    struct importing *im = row->im;
    struct str *code = &row->cell[import_column_at(im, "code")], name = import_cell(im, row->cell, "name_zh");
    if (code->n == 0 && name.n > 0) {
        int64_t at = catalogue_find(&im->department, row->arena, name);
        if (at == AMBIGUOUS)
            import_fault(row, MSG_import_ambiguous, "name_zh", name, STR(""), STR(""));
        struct str folded = import_fold(row->arena, name, false);
        int64_t line = map_get(&im->words, folded, UNKNOWN);
        if (line >= 0)
            import_fault(row, MSG_import_twice, "name_zh", name, arena_printf(row->arena, "%lld", (long long)line), STR(""));
        else
            map_put(&im->words, arena_str(im->arena, folded), row->line);
        *code = at >= 0 ? im->department.item[at].code : import_code_free(im, row->arena, STR(""), name);
    }
    *key = *code;
}

static enum status put_exceptions(struct importing *im, struct call *c, const struct str *cell, int64_t department_id)
{
    struct exception x[EXCEPTIONS_MOST];
    struct rows old;
    struct import_row_in row = { .im = im, .arena = c->arena };
    row.errs = errs_make(c->arena);
    struct str text = import_cell(im, cell, "exceptions");
    if (text.n == 0)
        return STATUS_OK;
    int n = import_exceptions_read(&row, "exceptions", text, x);
    assert(n >= 0);
    enum status st = call_query(c, SQL_capacity_list, &old, P(department_id), P(INT64_C(0)));
    for (size_t i = 0; st == STATUS_OK && i < old.n; i++)
        st = call_delete(c, &record_capacity, &((const struct capacity *)old.item)[i]);
    for (int i = 0; st == STATUS_OK && i < n; i++) {
        struct capacity *now = record_new(c->arena, &record_capacity);
        now->department_id = department_id;
        now->first_week = x[i].first_week;
        now->weeks = x[i].weeks;
        now->seats = x[i].seats;
        now->reason = x[i].reason;
        st = import_save(c, &record_capacity, NULL, now);
    }
    return st;
}

static void fill_defaults(struct call *c, struct department *d)
{
    uint32_t first;
    if (d->name_en.n == 0)
        d->name_en = d->name_zh;
    if (d->initials.n == 0)
        d->initials = arena_str(c->arena, (struct str){ d->name_zh.p, utf8_next(d->name_zh.p, d->name_zh.n, &first) });
}

static enum status apply(struct importing *im, struct call *c, const struct str *cell, struct known *known)
{
    struct str site = import_cell(im, cell, "site"), exceptions = import_cell(im, cell, "exceptions");
    int64_t at = site.n > 0 ? catalogue_find(&im->site, c->arena, site) : UNKNOWN;
    struct department *now = record_new(c->arena, &record_department);
    void *old;
    enum status st = import_load_old(c, &record_department, known != NULL ? known->id : 0, &old, now);
    if (st != STATUS_OK)
        return st;
    if (old == NULL)
        now->position = im->applied; /* the order of the file, unless a column says another */
    now->hospital_id = im->base->hospital_id;
    import_fill(im, &record_department, now, cell);
    if (at >= 0)
        now->site_id = im->site.item[at].id;
    fill_defaults(c, now);
    st = import_save(c, &record_department, old, now);
    bool is_same = known != NULL && str_eq(exceptions, import_cell(im, known->cell, "exceptions"));
    return st == STATUS_OK && !is_same ? put_exceptions(im, c, cell, now->id) : st;
}

const struct import_kind_of import_of_departments = { import_kind_departments, CAP_edit_department, COHORT_MAY, { "code", "name_zh" }, load, check, apply, NULL, false, LIMIT_import_places };
