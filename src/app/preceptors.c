/* Use cases: preceptors of a department, when they are away and who stands in. */
#include "app/supervision_part.h"

/* The department of the record that a save or delete means must be the actor's. */
static enum status check_stored(struct call *c)
{
    void *old;
    enum status st = c->target_id != 0 ? tx_load(c->tx, &record_preceptor, c->target_id, &old) : STATUS_OK;
    return st == STATUS_OK && c->target_id != 0 ? supervision_check_department(c, ((const struct preceptor *)old)->department_id) : st;
}

enum status uc_preceptor_save(struct call *c)
{
    enum status st = check_stored(c);
    if (st == STATUS_OK && !c->actor->is_operator)
        st = supervision_check_department(c, ((const struct preceptor *)c->in)->department_id);
    return st == STATUS_OK ? uc_save(c) : st;
}

enum status uc_preceptor_delete(struct call *c)
{
    enum status st = check_stored(c);
    return st == STATUS_OK ? uc_delete(c) : st;
}

static enum status department_of(struct call *c, int64_t preceptor_id, int64_t *department_id)
{
    void *found;
    enum status st = tx_load(c->tx, &record_preceptor, preceptor_id, &found);
    if (st == STATUS_OK)
        *department_id = ((const struct preceptor *)found)->department_id;
    return st == STATUS_OK ? supervision_check_department(c, *department_id) : st;
}

static enum status check_stored_absence(struct call *c)
{
    void *old;
    int64_t department_id;
    enum status st = tx_load(c->tx, &record_preceptor_absence, c->target_id, &old);
    return st == STATUS_OK ? department_of(c, ((const struct preceptor_absence *)old)->preceptor_id, &department_id) : st;
}

/* Whoever stands in is told, and so are the students. */
static enum status tell_absence(struct call *c, const struct preceptor_absence *x, int64_t department_id)
{
    struct matter m = { 0 };
    enum status st = supervision_load(c, department_id, &m);
    if (st != STATUS_OK)
        return st;
    const struct supervisor_row *p = m.supervisors.item;
    const struct supervision_row *y = m.stays.item;
    int away = supervision_index(&m, x->preceptor_id), in = supervision_index(&m, x->substitute_id);
    char monday[DATE_TEXT_BYTES];
    struct str from = arena_str(c->arena, str_of(date_text((date)x->first_week, monday)));
    struct str target = arena_printf(c->arena, "/department/%lld", (long long)department_id);
    if (away == SUPERVISE_NOBODY || in == SUPERVISE_NOBODY || x->first_week + WEEK * x->weeks <= m.first)
        return STATUS_OK;
    st = supervision_notice(c, c->actor->base_id, p[in].person_id, "notice_stands_in", from, p[away].name, STR(""), target);
    for (size_t i = 0; st == STATUS_OK && i < m.stays.n; i++)
        if (y[i].preceptor_id == x->preceptor_id && y[i].until_week > x->first_week && y[i].first_week < x->first_week + WEEK * x->weeks)
            st = supervision_notice(c, y[i].base_id, y[i].person_id, "notice_stand_in", from, p[in].name, STR(""), STR("/"));
    return st;
}

enum status uc_preceptor_absence_save(struct call *c)
{
    const struct preceptor_absence *in = c->in;
    int64_t department_id = NONE, other = NONE;
    enum status st = department_of(c, in->preceptor_id, &department_id);
    if (st == STATUS_OK && c->target_id != 0)
        st = check_stored_absence(c);
    if (st == STATUS_OK && in->substitute_id != NONE) {
        st = department_of(c, in->substitute_id, &other);
        if (st == STATUS_NOT_FOUND || (st == STATUS_OK && (other != department_id || in->substitute_id == in->preceptor_id)))
            return call_refuse(c, MSG_refuse_substitute, "substitute_id", NULL, NULL);
    }
    if (st == STATUS_OK)
        st = uc_save(c);
    return st == STATUS_OK && in->substitute_id != NONE ? tell_absence(c, in, department_id) : st;
}

enum status uc_preceptor_absence_delete(struct call *c)
{
    enum status st = check_stored_absence(c);
    return st == STATUS_OK ? uc_delete(c) : st;
}

enum status uc_preceptor_absence_list(struct call *c)
{
    const struct in_list *in = c->in;
    enum status st = supervision_check_department(c, in->parent_id);
    return st == STATUS_OK ? call_query(c, SQL_preceptor_absence_list, &c->rows, P(in->parent_id), P(in->offset != NONE ? in->offset : 0)) : st;
}
