/* Saving and deleting any plain record, inside the actor's scope. */
#include "app/usecases.h"
#include "rules/check.h"

/* A new or changed record: the input's fields over the stored one's; its references and what it belonged to must be
 * the actor's; a version that is no longer the stored one is a conflict. */
enum status uc_save(struct call *c)
{
    const struct record *r = c->usecase->in;
    void *old = NULL, *now = record_new(c->arena, r);
    memcpy(now, c->in, r->size);
    if (c->target_id != 0) {
        enum status st = tx_load(c->tx, r, c->target_id, &old);
        if (st == STATUS_OK)
            st = scope_check(c, r, c->target_id);
        if (st != STATUS_OK)
            return st;
        if (field_int_of(&r->field[1], old) != c->target_version)
            return STATUS_CONFLICT;
        for (int i = 0; i < r->n; i++) {
            const struct field *f = &r->field[i];
            if (!(f->flags & FIELD_READONLY))
                continue;
            if (kind_is_text(f->kind))
                *field_text(f, now) = field_text_of(f, old);
            else
                *field_int(f, now) = field_int_of(f, old);
        }
    }
    enum status st = scope_check_all(c, r, now);
    if (st != STATUS_OK && st != STATUS_INPUT)
        return st;
    if (!rules_check(c->arena, r, now, c->errs) || st == STATUS_INPUT)
        return STATUS_INPUT;
    st = call_save(c, r, old, now);
    c->id = field_int_of(&r->field[0], now);
    /* The version was compared above: what collides now is a code, a number or a pair that must be the only one. */
    return st == STATUS_CONFLICT ? call_refuse(c, MSG_refuse_doubled, "", NULL, NULL) : st;
}

enum status uc_delete(struct call *c)
{
    const struct record *r = c->usecase->in;
    void *old;
    enum status st = tx_load(c->tx, r, c->target_id, &old);
    if (st == STATUS_OK)
        st = scope_check(c, r, c->target_id);
    if (st == STATUS_OK && field_int_of(&r->field[1], old) != c->target_version)
        return STATUS_CONFLICT;
    if (st == STATUS_OK)
        st = call_delete(c, r, old);
    /* A foreign key speaks: something refers to it. */
    return st == STATUS_CONFLICT ? call_refuse(c, MSG_refuse_in_use, "", NULL, NULL) : st;
}
