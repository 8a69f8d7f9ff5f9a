/* A rotation in one act: its own line, the departments in which it may be done, its place in the list; and its end. */
#include "app/ids.h"
#include "app/usecases.h"
#include "rules/check.h"

static const struct rotation *find_rotation(const struct rows *rows, int64_t id)
{
    const struct rotation *r = rows->item;
    for (size_t i = 0; i < rows->n; i++)
        if (r[i].id == id)
            return &r[i];
    return NULL;
}

/* "r3": the first number that no rotation of the programme has. */
static struct str free_code(struct call *c, const struct rows *rotations)
{
    const struct rotation *r = rotations->item;
    for (size_t n = rotations->n + 1;; n++) {
        struct str code = arena_printf(c->arena, "r%zu", n);
        size_t i = 0;
        while (i < rotations->n && !str_eq(r[i].code, code))
            i++;
        if (i == rotations->n)
            return code;
    }
}

/* Makes the stored departments of a rotation those of the list: what is there stays as it is. */
static enum status set_departments(struct call *c, int64_t rotation_id, const int64_t *want, size_t n)
{
    struct rows rows;
    enum status st = call_query(c, SQL_rotation_departments_of, &rows, P(rotation_id));
    const struct rotation_department *x = rows.item;
    bool *there = ARENA_ARRAY(c->arena, n, bool);
    for (size_t i = 0; st == STATUS_OK && i < rows.n; i++) {
        size_t k = 0;
        while (k < n && want[k] != x[i].department_id)
            k++;
        if (k < n)
            there[k] = true;
        else
            st = call_delete(c, &record_rotation_department, &x[i]);
    }
    for (size_t k = 0; st == STATUS_OK && k < n; k++) {
        if (there[k])
            continue;
        struct rotation_department *now = record_new(c->arena, &record_rotation_department);
        now->rotation_id = rotation_id;
        now->department_id = want[k];
        st = scope_check(c, &record_department, want[k]);
        if (st == STATUS_NOT_FOUND)
            return call_refuse(c, MSG_refuse_not_there, "departments", arena_printf(c->arena, "%lld", (long long)want[k]).p, NULL);
        if (st == STATUS_OK)
            st = call_save(c, &record_rotation_department, NULL, now);
        if (st == STATUS_CONFLICT)
            return call_refuse(c, MSG_refuse_doubled, "departments", NULL, NULL);
    }
    return st;
}

enum status uc_rotation_put(struct call *c)
{
    const struct in_rotation *in = c->in;
    struct rows rotations;
    int64_t *department;
    size_t departments;
    enum status st = scope_check_all(c, &record_in_rotation, in);
    if (st == STATUS_OK)
        st = ids_read(c, "departments", in->departments, &department, &departments);
    if (st == STATUS_OK)
        st = call_query(c, SQL_rotation_list, &rotations, P(in->programme_id), P(INT64_C(0)));
    if (st != STATUS_OK)
        return st;
    const struct rotation *old = find_rotation(&rotations, c->target_id);
    if (c->target_id != 0 && old == NULL)
        return STATUS_NOT_FOUND;
    if (old != NULL && old->version != c->target_version)
        return STATUS_CONFLICT;
    struct rotation *now = record_new(c->arena, &record_rotation);
    if (old != NULL)
        *now = *old;
    else
        now->position = rotations.n > 0 ? ((const struct rotation *)rotations.item)[rotations.n - 1].position + 1 : 1;
    if (now->position == NONE)
        now->position = (int64_t)rotations.n + 1;
    now->programme_id = in->programme_id;
    now->code = in->code.n > 0 ? in->code : old != NULL ? old->code : free_code(c, &rotations);
    now->name_zh = in->name_zh;
    now->name_en = in->name_en.n > 0 ? in->name_en : in->name_zh;
    now->weeks = in->weeks;
    now->earliest_week = in->earliest_week;
    now->latest_week = in->latest_week;
    now->choice_id = in->choice_id;
    if (!rules_check(c->arena, &record_rotation, now, c->errs))
        return STATUS_INPUT;
    st = call_save(c, &record_rotation, old, now);
    if (st == STATUS_CONFLICT)
        return call_refuse(c, MSG_refuse_doubled, "code", NULL, NULL);
    c->subject = "rotation";
    c->id = now->id;
    return st == STATUS_OK ? set_departments(c, now->id, department, departments) : st;
}

/* Removes a rotation with its departments and orders; one that wishes or plans name stays. */
enum status uc_rotation_remove(struct call *c)
{
    void *old;
    struct rows gone;
    enum status st = scope_check(c, &record_rotation, c->target_id);
    if (st == STATUS_OK)
        st = tx_load(c->tx, &record_rotation, c->target_id, &old);
    if (st == STATUS_OK && ((const struct rotation *)old)->version != c->target_version)
        return STATUS_CONFLICT;
    if (st == STATUS_OK)
        st = call_query(c, SQL_rotation_orders_clear, &gone, P(c->target_id), P(c->target_id));
    if (st == STATUS_OK)
        st = call_query(c, SQL_rotation_departments_clear, &gone, P(c->target_id));
    if (st == STATUS_OK)
        st = call_delete(c, &record_rotation, old);
    return st == STATUS_CONFLICT ? call_refuse(c, MSG_refuse_in_use, "", NULL, NULL) : st;
}

/* One place up or down: the positions of the whole list become 1, 2, 3, ... */
enum status uc_rotation_move(struct call *c)
{
    const struct in_rotation_move *in = c->in;
    struct rows rows;
    void *found;
    enum status st = scope_check(c, &record_rotation, c->target_id);
    if (st == STATUS_OK)
        st = tx_load(c->tx, &record_rotation, c->target_id, &found);
    if (st == STATUS_OK)
        st = call_query(c, SQL_rotation_list, &rows, P(((const struct rotation *)found)->programme_id), P(INT64_C(0)));
    if (st != STATUS_OK)
        return st;
    struct rotation *r = rows.item, *old = ARENA_ARRAY(c->arena, rows.n, struct rotation);
    if (rows.n > 0)
        memcpy(old, r, rows.n * sizeof *r);
    size_t at = 0;
    for (size_t i = 0; i < rows.n; i++) {
        r[i].position = (int64_t)i + 1;
        if (r[i].id == c->target_id)
            at = i;
    }
    size_t other = in->direction == direction_up ? at - 1 : at + 1; /* of the first, up: beyond every place */
    if (other < rows.n) {
        int64_t keep = r[at].position;
        r[at].position = r[other].position;
        r[other].position = keep;
    }
    for (size_t i = 0; st == STATUS_OK && i < rows.n; i++)
        if (r[i].position != old[i].position)
            st = call_save(c, &record_rotation, &old[i], &r[i]);
    c->subject = "rotation";
    c->id = c->target_id;
    return st;
}
