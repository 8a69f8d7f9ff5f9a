/* Whose row is it? Two organisations share one installation, so every record and every reference is held against the
 * actor's base: a record belongs where the first owner field that it has says. */
#include "app/usecases.h"

#include <stdio.h>

enum { CHAIN_MOST = 4 };

static bool is_mine(const struct actor *a, const struct record *r, const void *rec, bool *decided)
{
    static const struct {
        const char *field;
        size_t at;
    } owner[] = {
        { "base_id", offsetof(struct actor, base_id) },
        { "hospital_id", offsetof(struct actor, hospital_id) },
    };
    for (size_t i = 0; i < LEN(owner); i++) {
        const struct field *f = record_field(r, str_of(owner[i].field));
        if (f == NULL)
            continue;
        int64_t mine;
        memcpy(&mine, (const char *)a + owner[i].at, sizeof mine);
        *decided = true;
        return field_int_of(f, rec) == mine;
    }
    return false;
}

/* An organisation is the actor's when it, or something above it, is one of the two of his base. */
static enum status check_organisation(struct call *c, int64_t id)
{
    struct rows above;
    enum status st = call_query(c, SQL_organisation_above, &above, P(id));
    const struct count_row *up = above.item;
    for (size_t i = 0; st == STATUS_OK && i < above.n; i++)
        if (up[i].value == c->actor->university_id || up[i].value == c->actor->hospital_id)
            return STATUS_OK;
    return st == STATUS_OK ? STATUS_NOT_FOUND : st;
}

/* A person belongs to every base that names him, and to nobody's before the first does. */
static enum status check_person(struct call *c, int64_t id)
{
    struct rows foreign;
    const struct actor *a = c->actor;
    enum status st = call_query(c, SQL_person_is_foreign, &foreign, P(id), P(a->base_id), P(id), P(a->hospital_id), P(id), P(id));
    if (st != STATUS_OK)
        return st;
    return ((const struct count_row *)foreign.item)->value == 0 ? STATUS_OK : STATUS_NOT_FOUND;
}

/* Towards the owner: a record without an owner field of its own belongs where this reference leads. */
static const char *const chain[] = { "programme_id", "cohort_id", "department_id", "rotation_id", "student_id", "plan_id", "preceptor_id", "group_id" };

static enum status check_row(struct call *c, const struct record *r, const void *rec, int depth)
{
    bool decided = false;
    if (c->actor->is_operator && c->actor->base_id == 0)
        return STATUS_OK;
    if (r == &record_organisation)
        return check_organisation(c, ((const struct organisation *)rec)->id);
    if (r == &record_base)
        return ((const struct base *)rec)->id == c->actor->base_id ? STATUS_OK : STATUS_NOT_FOUND;
    if (r == &record_person)
        return check_person(c, ((const struct person *)rec)->id);
    if (r == &record_account)
        return check_person(c, ((const struct account *)rec)->person_id);
    if (is_mine(c->actor, r, rec, &decided))
        return STATUS_OK;
    if (decided || depth == CHAIN_MOST)
        return STATUS_NOT_FOUND;
    for (size_t i = 0; i < LEN(chain); i++) {
        const struct field *f = record_field(r, str_of(chain[i]));
        void *up;
        if (f == NULL || field_int_of(f, rec) == NONE)
            continue;
        const struct record *to = record_by_name(str_of(f->ref));
        enum status st = tx_load(c->tx, to, field_int_of(f, rec), &up);
        return st == STATUS_OK ? check_row(c, to, up, depth + 1) : st;
    }
    return STATUS_NOT_FOUND;
}

enum status scope_check(struct call *c, const struct record *r, int64_t id)
{
    assert(c->tx != NULL && r != NULL); /* whose a row is, is asked where it is used */
    void *rec;
    enum status st = tx_load(c->tx, r, id, &rec);
    return st == STATUS_OK ? check_row(c, r, rec, 0) : st;
}

enum status scope_check_all(struct call *c, const struct record *r, const void *rec)
{
    assert(rec != NULL && r->n > 0);
    enum status worst = STATUS_OK;
    for (int i = 0; i < r->n; i++) {
        const struct field *f = &r->field[i];
        if (f->kind != KIND_REF || field_int_of(f, rec) == NONE || (f->flags & FIELD_READONLY))
            continue;
        int64_t id = field_int_of(f, rec);
        enum status st = scope_check(c, record_by_name(str_of(f->ref)), id);
        if (st == STATUS_NOT_FOUND) {
            char number[24];
            snprintf(number, sizeof number, "%lld", (long long)id);
            worst = call_refuse(c, MSG_refuse_not_there, f->name, number, NULL);
        } else if (st != STATUS_OK) {
            return st;
        }
    }
    return worst;
}
