/* What is there already, as an import compares it: catalogues of what a cell may name, and rows written as cells. */
#include "app/import.h"

#include <sodium.h>

void basis_note(struct importing *im, int64_t id, int64_t version)
{
    int64_t v[] = { id, version };
    for (size_t i = 0; i < LEN(v); i++)
        for (int shift = 0; shift < 64; shift += 8)
            im->basis = (im->basis ^ ((uint64_t)v[i] >> shift & 0xff)) * 1099511628211u;
}

struct known *known_add(struct importing *im, struct str key, int64_t id, int64_t version)
{
    struct known *k = ARENA_PUSH(im->arena, im->known, im->knowns, im->known_cap);
    *k = (struct known){ .key = arena_str(im->arena, key), .id = id, .version = version,
                         .other_id = NONE, .other_version = NONE, .list = NONE };
    k->cell = ARENA_ARRAY(im->arena, (size_t)im->columns, struct str);
    map_put(&im->by_key, k->key, (int64_t)im->knowns - 1);
    basis_note(im, id, version);
    return k;
}

void known_set(struct importing *im, struct known *k, const char *column, struct str text)
{
    assert(k != NULL && column != NULL);
    k->cell[import_column_at(im, column)] = text.n > 0 ? arena_str(im->arena, text) : STR("");
}

void known_set_int(struct importing *im, struct known *k, const char *column, int64_t v)
{
    if (v != NONE)
        k->cell[import_column_at(im, column)] = arena_printf(im->arena, "%lld", (long long)v);
}

struct known *known_find(const struct importing *im, struct str key)
{
    int64_t at = key.n > 0 ? map_get(&im->by_key, key, UNKNOWN) : UNKNOWN;
    return at >= 0 ? &im->known[at] : NULL;
}

static void put_word(struct catalogue *c, struct arena *a, struct str word, int64_t at)
{
    struct str folded = import_fold(a, word, false);
    if (folded.n == 0 || map_put(&c->by_word, folded, at) || map_get(&c->by_word, folded, UNKNOWN) == at)
        return;
    map_set(&c->by_word, folded, AMBIGUOUS);
}

void catalogue_add(struct importing *im, struct catalogue *c, struct named n)
{
    struct arena *a = im->arena;
    int64_t at = (int64_t)c->n;
    n.code = arena_str(a, n.code);
    n.name_zh = arena_str(a, n.name_zh);
    n.name_en = arena_str(a, n.name_en);
    *ARENA_PUSH(a, c->item, c->n, c->cap) = n;
    put_word(c, a, n.code, at);
    put_word(c, a, n.name_zh, at);
    put_word(c, a, n.name_en, at);
}

int64_t catalogue_find(const struct catalogue *c, struct arena *a, struct str word)
{
    return map_get(&c->by_word, import_fold(a, word, false), UNKNOWN);
}

void catalogue_label(struct importing *im, struct catalogue *c)
{
    for (size_t i = 0; i < c->n; i++) {
        struct named *n = &c->item[i];
        bool is_plain = memmem(n->name_zh.p, n->name_zh.n, "、", strlen("、")) == NULL;
        n->label = is_plain && catalogue_find(c, im->arena, n->name_zh) == (int64_t)i ? n->name_zh : n->code;
    }
}

struct str catalogue_label_of(const struct catalogue *c, int64_t id)
{
    for (size_t i = 0; i < c->n; i++)
        if (c->item[i].id == id)
            return c->item[i].label;
    return STR("");
}

struct str catalogue_labels(const struct catalogue *c, struct arena *a)
{
    enum { SHOWN_MOST = 12 };
    struct buf b = buf_make(8192);
    for (size_t i = 0; i < c->n && i < SHOWN_MOST; i++)
        buf_printf(&b, "%s%.*s", i > 0 ? "、" : "", STR_ARG(c->item[i].label));
    if (c->n > SHOWN_MOST)
        buf_z(&b, "…");
    struct str s = arena_str(a, buf_view(&b));
    buf_free(&b);
    return s;
}

enum status import_pages(struct importing *im, import_page_fn *page, size_t size, void *ctx)
{
    enum { PAGE_BYTES = 64 << 20 };
    struct arena a = arena_make(PAGE_BYTES), *outer = tx_use_arena(im->tx, &a);
    struct rows rows = { .n = size };
    enum status st = STATUS_OK;
    while (st == STATUS_OK && rows.n >= size) {
        arena_free(&a);
        st = page(im, &rows, ctx);
    }
    arena_free(&a);
    struct arena *mine = tx_use_arena(im->tx, outer);
    assert(mine == &a);
    return st;
}

enum status import_load_departments(struct importing *im)
{
    enum { PAGE = 1000 };
    enum status st = STATUS_OK;
    struct rows rows = { .n = PAGE };
    for (int64_t from = 0; st == STATUS_OK && rows.n == PAGE; from += PAGE) {
        st = tx_run(im->tx, SQL_department_list, &rows, P(im->base->hospital_id), P(from));
        const struct department *d = rows.item;
        for (size_t i = 0; st == STATUS_OK && i < rows.n; i++) {
            catalogue_add(im, &im->department,
                          (struct named){ .id = d[i].id, .code = d[i].code, .name_zh = d[i].name_zh, .name_en = d[i].name_en });
            basis_note(im, d[i].id, d[i].version);
        }
    }
    catalogue_label(im, &im->department);
    return st;
}

const struct import_kind_of *import_kind_find(int64_t kind)
{
    static const struct import_kind_of *const kinds[import_kind_COUNT] = {
        &import_of_students, &import_of_departments, &import_of_preceptors, &import_of_programmes, &import_of_wishes,
    };
    assert(kind >= 0 && kind < import_kind_COUNT && kinds[kind]->kind == (enum import_kind)kind);
    return kinds[kind];
}

enum status import_begin(struct importing *im, const struct app *app, struct arena *a, struct tx *tx, const struct import *import)
{
    void *base = NULL, *cohort = NULL;
    assert(import->kind >= 0 && import->kind < import_kind_COUNT);
    *im = (struct importing){ .app = app, .arena = a, .tx = tx, .import = import, .kind = import_kind_find(import->kind),
                              .basis = 14695981039346656037u };
    im->column = import_columns_of((enum import_kind)import->kind, &im->columns);
    /* Keys come from a file: with a salt that its author can't know, no file makes a map slow. */
    struct map *maps[] = { &im->by_key, &im->by_alias, &im->in_file, &im->words, &im->ahead, &im->taken, &im->ids,
                           &im->department.by_word, &im->site.by_word, &im->rotation.by_word, &im->programme.by_word,
                           &im->student.by_word };
    uint64_t salt = (uint64_t)randombytes_random() << 32 | randombytes_random();
    for (size_t i = 0; i < LEN(maps); i++)
        *maps[i] = map_make(a, salt);
    enum status st = tx_load(tx, &record_base, import->base_id, &base);
    if (st == STATUS_OK && import->cohort_id != NONE)
        st = tx_load(tx, &record_cohort, import->cohort_id, &cohort);
    if (st != STATUS_OK)
        return st;
    im->base = base;
    im->cohort = cohort;
    if (im->cohort != NULL)
        basis_note(im, im->cohort->id, im->cohort->version);
    return im->kind->load(im);
}
