/* Organisations and their parts: each side keeps its own tree. */
#include "app/usecases.h"

static enum status is_own_side(struct call *c, const struct organisation *o)
{
    if (!c->actor->is_operator && o->side != (int64_t)c->actor->side)
        return call_refuse(c, MSG_refuse_other_side, "side", NULL, NULL);
    return STATUS_OK;
}

/* A part hangs below something of the same side, and never below itself. */
static enum status check_parent(struct call *c, const struct organisation *in)
{
    void *parent;
    struct rows above;
    if (in->parent_id == NONE)
        return c->target_id == 0 ? call_refuse(c, MSG_value_missing, "parent_id", NULL, NULL) : STATUS_OK;
    enum status st = tx_load(c->tx, &record_organisation, in->parent_id, &parent);
    if (st == STATUS_OK && ((const struct organisation *)parent)->side != in->side)
        return call_refuse(c, MSG_refuse_same_side, "parent_id", NULL, NULL);
    if (st == STATUS_OK)
        st = call_query(c, SQL_organisation_above, &above, P(in->parent_id));
    const struct count_row *up = above.item;
    for (size_t i = 0; st == STATUS_OK && i < above.n; i++)
        if (up[i].value == c->target_id)
            return call_refuse(c, MSG_refuse_below_itself, "parent_id", NULL, NULL);
    return st;
}

enum status uc_organisation_save(struct call *c)
{
    const struct organisation *in = c->in;
    void *old;
    if (c->actor->is_operator)
        return uc_save(c);
    enum status st = scope_check_all(c, &record_organisation, in);
    if (st == STATUS_OK)
        st = is_own_side(c, in);
    if (st == STATUS_OK)
        st = check_parent(c, in);
    if (st == STATUS_OK && c->target_id != 0) {
        st = tx_load(c->tx, &record_organisation, c->target_id, &old);
        if (st == STATUS_OK)
            st = is_own_side(c, old);
        bool is_root = c->target_id == c->actor->university_id || c->target_id == c->actor->hospital_id;
        if (st == STATUS_OK && is_root != (in->parent_id == NONE))
            return call_refuse(c, MSG_value_missing, "parent_id", NULL, NULL);
    }
    return st == STATUS_OK ? uc_save(c) : st;
}
