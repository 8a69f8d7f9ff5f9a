/* The kind "students": a person, his account, his membership and his place in the cohort behind each row. */
#include "app/groups.h"
#include "app/import.h"
#include "app/people.h"

enum { PAGE = 1000 };

static enum status taken_page(struct importing *im, struct rows *rows, void *ctx)
{
    struct str *bounds = ctx;
    enum status st = tx_run(im->tx, SQL_account_names, rows, P(bounds[0]), P(bounds[1]));
    const struct account *a = rows->item;
    for (size_t i = 0; st == STATUS_OK && i < rows->n; i++) {
        bounds[0] = arena_str(im->arena, a[i].login_name);
        map_put(&im->taken, bounds[0], a[i].person_id);
    }
    return st;
}

static void add(struct importing *im, const struct known_student *s)
{
    struct known *k = known_add(im, s->number, s->id, s->version);
    k->other_id = s->person_id;
    k->other_version = s->person_version;
    basis_note(im, s->person_id, s->person_version);
    known_set(im, k, "number", s->number);
    known_set(im, k, "name", s->name);
    known_set(im, k, "group_name", s->group_name);
    known_set(im, k, "name_en", s->name_en);
    known_set(im, k, "mail", s->mail);
    known_set(im, k, "phone", s->phone);
}

static enum status page(struct importing *im, struct rows *rows, void *ctx)
{
    (void)ctx;
    struct str from = im->knowns > 0 ? im->known[im->knowns - 1].key : STR("");
    enum status st = tx_run(im->tx, SQL_known_students, rows, P(im->cohort->id), P(from));
    const struct known_student *s = rows->item;
    for (size_t i = 0; st == STATUS_OK && i < rows->n; i++)
        add(im, &s[i]);
    return st;
}

static enum status load(struct importing *im)
{
    /* Sign-in names are COHORT-NUMBER; '.' is the character behind '-'. */
    struct str bounds[] = { arena_printf(im->arena, "%.*s-", STR_ARG(im->cohort->code)),
                            arena_printf(im->arena, "%.*s.", STR_ARG(im->cohort->code)) };
    enum status st = import_pages(im, page, PAGE, NULL);
    return st == STATUS_OK ? import_pages(im, taken_page, PAGE, bounds) : st;
}

static void check(struct import_row_in *row, struct str *key)
{
    struct importing *im = row->im;
    *key = import_cell(im, row->cell, "number");
    if (key->n == 0 || map_get(&im->by_key, *key, UNKNOWN) >= 0)
        return;
    struct str login = people_student_login(row->arena, im->cohort, *key);
    if (map_get(&im->taken, login, UNKNOWN) >= 0)
        import_fault(row, MSG_import_login_taken, "number", login, STR(""), STR(""));
}

static enum status apply(struct importing *im, struct call *c, const struct str *cell, struct known *known)
{
    struct str groups = import_cell(im, cell, "group_name");
    if (known != NULL) {
        enum status st = import_change(im, c, &record_person, known->other_id, cell);
        if (st == STATUS_OK)
            st = import_change(im, c, &record_student, known->id, cell);
        return st == STATUS_OK && groups.n > 0 ? groups_set(c, im->cohort->id, known->id, groups, &im->ids, NULL) : st;
    }
    struct person *p = record_new(c->arena, &record_person);
    struct student *s = record_new(c->arena, &record_student);
    import_fill(im, &record_person, p, cell);
    import_fill(im, &record_student, s, cell);
    enum status st = people_student_make(c, im->cohort, p, s);
    return st == STATUS_OK && groups.n > 0 ? groups_set(c, im->cohort->id, s->id, groups, &im->ids, NULL) : st;
}

const struct import_kind_of import_of_students = { import_kind_students, CAP_edit_cohort, COHORT_MUST, { "number" }, load, check, apply, NULL, false, 0 };
