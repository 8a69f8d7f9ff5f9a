/* The kind "preceptors": a person and how many students he supervises in a department. Known by his number, without one by
 * department and name. */
#include "app/import.h"
#include "app/people.h"

enum { PAGE = 1000 };

static struct str place_key(struct arena *a, struct str department, struct str name)
{
    struct str d = import_fold(a, department, false), n = import_fold(a, name, false);
    return arena_printf(a, "%.*s\x1f%.*s", STR_ARG(d), STR_ARG(n));
}

static void add(struct importing *im, const struct known_preceptor *p)
{
    struct str department = catalogue_label_of(&im->department, p->department_id);
    struct str place = place_key(im->arena, department, p->name);
    bool by_number = p->number.n > 0 && map_get(&im->by_key, p->number, UNKNOWN) < 0;
    struct known *k = known_add(im, by_number ? p->number : place, p->id, p->version);
    if (!map_put(&im->by_alias, place, (int64_t)im->knowns - 1))
        map_set(&im->by_alias, place, AMBIGUOUS);
    k->other_id = p->person_id;
    basis_note(im, p->person_id, p->person_version);
    known_set(im, k, "department", department);
    known_set(im, k, "name", p->name);
    known_set(im, k, "number", p->number);
    known_set(im, k, "title", p->title);
    known_set_int(im, k, "students_most", p->students_most);
}

static enum status page(struct importing *im, struct rows *rows, void *ctx)
{
    int64_t *from = ctx;
    enum status st = tx_run(im->tx, SQL_known_preceptors, rows, P(im->base->hospital_id), P(*from));
    *from += PAGE;
    for (size_t i = 0; st == STATUS_OK && i < rows->n; i++)
        add(im, &((const struct known_preceptor *)rows->item)[i]);
    return st;
}

static enum status load(struct importing *im)
{
    int64_t from = 0;
    enum status st = import_load_departments(im);
    return st == STATUS_OK ? import_pages(im, page, PAGE, &from) : st;
}

static void check(struct import_row_in *row, struct str *key)
{
    struct importing *im = row->im;
    struct str number = import_cell(im, row->cell, "number"), name = import_cell(im, row->cell, "name");
    struct str place = place_key(row->arena, import_cell(im, row->cell, "department"), name);
    int64_t at = map_get(&im->by_alias, place, UNKNOWN);
    bool adds_number = at >= 0 && im->known[at].cell[import_column_at(im, "number")].n == 0;
    *key = number;
    if (number.n > 0 && (known_find(im, number) != NULL || !adds_number))
        return;
    if (at == AMBIGUOUS)
        import_fault(row, MSG_import_namesakes, "name", name, STR(""), STR(""));
    *key = at >= 0 ? im->known[at].key : place;
}

static enum status apply(struct importing *im, struct call *c, const struct str *cell, struct known *known)
{
    struct preceptor *now = record_new(c->arena, &record_preceptor);
    void *old = NULL;
    int64_t person_id = known != NULL ? known->other_id : 0;
    int64_t at = catalogue_find(&im->department, c->arena, import_cell(im, cell, "department"));
    enum status st;
    if (at < 0)
        return STATUS_CONFLICT; /* the preview saw it */
    if (known == NULL) {
        struct person *p = record_new(c->arena, &record_person);
        import_fill(im, &record_person, p, cell);
        st = people_person_make(c, p);
        person_id = p->id;
        now->active = 1;
    } else {
        st = import_change(im, c, &record_person, person_id, cell);
    }
    if (st == STATUS_OK)
        st = import_load_old(c, &record_preceptor, known != NULL ? known->id : 0, &old, now);
    now->person_id = person_id;
    now->department_id = im->department.item[at].id;
    import_fill(im, &record_preceptor, now, cell);
    return st == STATUS_OK ? import_save(c, &record_preceptor, old, now) : st;
}

const struct import_kind_of import_of_preceptors = { import_kind_preceptors, CAP_edit_department, COHORT_NO, { "number", "name" }, load, check, apply, NULL, false, 0 };
