/* What an import writes: fields from cells, and every record through the same rules and scope as a form's. */
#include "app/import.h"
#include "rules/check.h"

void import_fill(const struct importing *im, const struct record *r, void *rec, const struct str *cell)
{
    struct errs errs = errs_make(im->arena);
    for (int i = 0; i < im->columns; i++) {
        const struct import_column *c = &im->column[i];
        bool plain = c->how == HOW_TEXT || c->how == HOW_NAME || c->how == HOW_CODE || c->how == HOW_COUNT;
        if (c->record != r || !plain || cell[i].n == 0)
            continue;
        bool taken = field_take(&r->field[c->field], rec, cell[i], &errs);
        assert(taken); /* the preview took it already */
        (void)taken;
    }
}

static bool is_same(const struct record *r, const void *a, const void *b)
{
    struct buf none = buf_make(1 << 20);
    int differ = record_put_diff(&none, r, a, b);
    buf_free(&none);
    return differ == 0;
}

enum status import_save(struct call *c, const struct record *r, const void *old, void *now)
{
    enum status st = scope_check_all(c, r, now);
    if (st == STATUS_OK && !rules_check(c->arena, r, now, c->errs))
        st = STATUS_INPUT;
    if (st != STATUS_OK || (old != NULL && is_same(r, old, now)))
        return st;
    return call_save(c, r, old, now);
}

enum status import_load_old(struct call *c, const struct record *r, int64_t id, void **old, void *now)
{
    assert(id >= 0 && now != NULL);
    *old = NULL;
    if (id == 0)
        return STATUS_OK;
    enum status st = scope_check(c, r, id);
    if (st == STATUS_OK)
        st = tx_load(c->tx, r, id, old);
    if (st == STATUS_OK)
        memcpy(now, *old, r->size);
    return st;
}

enum status import_change(struct importing *im, struct call *c, const struct record *r, int64_t id, const struct str *cell)
{
    void *old, *now = arena_alloc(c->arena, r->size);
    enum status st = import_load_old(c, r, id, &old, now);
    if (st != STATUS_OK)
        return st;
    import_fill(im, r, now, cell);
    return import_save(c, r, old, now);
}
