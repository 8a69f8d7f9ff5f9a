/* The first start: two sides, the base between them, one administrator of each side. Only on an empty installation. */
#include "app/usecases.h"
#include "core/pinyin.h"

static enum status organisation_make(struct call *c, enum organisation_kind kind, enum side side, struct str zh,
                                     struct str en, int64_t *id)
{
    struct organisation *o = record_new(c->arena, &record_organisation);
    o->kind = kind;
    o->side = side;
    o->name_zh = zh;
    o->name_en = en;
    o->sort_key = pinyin_key(c->arena, zh);
    enum status st = call_save(c, &record_organisation, NULL, o);
    *id = o->id;
    return st;
}

static enum status member_make(struct call *c, int64_t base_id, enum side side, enum role role, struct str name,
                               struct str login_name)
{
    struct person *p = record_new(c->arena, &record_person);
    p->name = name;
    p->sort_key = pinyin_key(c->arena, name);
    enum status st = call_save(c, &record_person, NULL, p);
    struct account *a = record_new(c->arena, &record_account);
    a->person_id = p->id;
    a->login_name = login_name;
    a->disabled = 0;
    if (st == STATUS_OK)
        st = call_save(c, &record_account, NULL, a);
    /* The first person of a side works and administers: both roles. */
    enum role roles[] = { role, role_administrator };
    for (size_t i = 0; i < LEN(roles) && st == STATUS_OK; i++) {
        struct membership *m = record_new(c->arena, &record_membership);
        m->base_id = base_id;
        m->person_id = p->id;
        m->side = side;
        m->role = roles[i];
        st = call_save(c, &record_membership, NULL, m);
    }
    return st;
}

enum status uc_setup(struct call *c)
{
    const struct in_setup *in = c->in;
    struct rows bases;
    if (!c->actor->is_operator)
        return STATUS_FORBIDDEN;
    enum status st = tx_query(c->tx, SQL_base_list, NULL, 0, &bases);
    if (st != STATUS_OK)
        return st;
    if (bases.n > 0)
        return call_refuse(c, MSG_refuse_set_up, "", NULL, NULL);
    if (str_eq(in->secretary_login, in->office_login))
        return call_refuse(c, MSG_refuse_taken, "office_login", arena_str(c->arena, in->office_login).p, NULL);
    struct base *b = record_new(c->arena, &record_base);
    st = organisation_make(c, organisation_kind_university, side_university, in->university_zh, in->university_en,
                           &b->university_id);
    if (st == STATUS_OK)
        st = organisation_make(c, organisation_kind_hospital, side_hospital, in->hospital_zh, in->hospital_en,
                               &b->hospital_id);
    b->name_zh = arena_printf(c->arena, "%s · %s 实践教学基地", arena_str(c->arena, in->university_zh).p,
                              arena_str(c->arena, in->hospital_zh).p);
    b->name_en = arena_printf(c->arena, "%s · %s internship base", arena_str(c->arena, in->university_en).p,
                              arena_str(c->arena, in->hospital_en).p);
    if (st == STATUS_OK)
        st = call_save(c, &record_base, NULL, b);
    if (st == STATUS_OK)
        st = member_make(c, b->id, side_university, role_secretary, in->secretary_name, in->secretary_login);
    if (st == STATUS_OK)
        st = member_make(c, b->id, side_hospital, role_education_office, in->office_name, in->office_login);
    c->subject = "base";
    c->id = b->id;
    return st;
}
