/* Members of a base: who may give which role to whom, links and accounts of one's own organisation's people, and the search.
 * A person may belong to several bases; whoever looks after accounts does so for people of his own organisation only. */
#include "app/members.h"

#include "app/account_part.h"
#include "app/settings.h"
#include "app/usecases.h"
#include "core/pinyin.h"
#include "rules/check.h"
#include "rules/roles.h"

/* Every membership of the person must be of the actor's organisation; one without any is nobody's yet. */
static enum status person_is_ours(struct call *c, int64_t person_id)
{
    struct rows rows;
    const struct actor *a = c->actor;
    enum status st = scope_check(c, &record_person, person_id);
    if (st == STATUS_OK)
        st = call_query(c, SQL_members_of_person, &rows, P(person_id));
    if (st != STATUS_OK || a->is_operator)
        return st;
    const struct member_row *m = rows.item;
    int64_t mine = a->side == side_university ? a->university_id : a->hospital_id;
    for (size_t i = 0; i < rows.n; i++)
        if (m[i].side != (int64_t)a->side || (m[i].side == side_university ? m[i].university_id : m[i].hospital_id) != mine)
            return call_refuse(c, MSG_refuse_other_people, "", NULL, NULL);
    return STATUS_OK;
}

bool app_role_fits(enum role role, enum side side)
{
    assert(role < role_COUNT && side < side_COUNT);
    return rules_role_fits(role, side);
}

enum status members_check_role(struct call *c, int64_t side, int64_t role, int64_t department_id)
{
    const struct actor *a = c->actor;
    if (a->is_operator)
        return STATUS_OK;
    if (side != (int64_t)a->side)
        return call_refuse(c, MSG_refuse_other_side, "side", NULL, NULL);
    if (!rules_role_fits((enum role)role, (enum side)side))
        return call_refuse(c, MSG_refuse_role_side, "role", NULL, NULL);
    if (role == role_administrator && !(a->roles & 1u << role_administrator))
        return call_refuse(c, MSG_refuse_role_above, "role", NULL, NULL);
    if (rules_role_needs_department((enum role)role) && department_id == NONE)
        return call_refuse(c, MSG_value_missing, "department_id", NULL, NULL);
    return STATUS_OK;
}

/* The last one who may administer a side stays. */
static enum status last_administrator(struct call *c, int64_t person_id)
{
    struct rows rows;
    if (c->actor->is_operator)
        return STATUS_OK;
    enum status st = call_query(c, SQL_administrators_of_side, &rows, P(c->actor->base_id), P((int64_t)role_administrator),
                                P((int64_t)c->actor->side), P(person_id));
    if (st == STATUS_OK && ((const struct count_row *)rows.item)->value == 0)
        return call_refuse(c, MSG_refuse_last_administrator, "", NULL, NULL);
    return st;
}

enum status uc_membership_save(struct call *c)
{
    const struct membership *in = c->in;
    enum status st = scope_check_all(c, &record_membership, in);
    if (st == STATUS_OK)
        st = members_check_role(c, in->side, in->role, in->department_id);
    if (st == STATUS_OK && c->target_id != 0) {
        void *old;
        st = tx_load(c->tx, &record_membership, c->target_id, &old);
        if (st == STATUS_OK && !c->actor->is_operator && ((const struct membership *)old)->side != (int64_t)c->actor->side)
            st = STATUS_NOT_FOUND;
    }
    return st == STATUS_OK ? uc_save(c) : st;
}

enum status uc_membership_delete(struct call *c)
{
    void *old;
    enum status st = scope_check(c, &record_membership, c->target_id);
    if (st == STATUS_OK)
        st = tx_load(c->tx, &record_membership, c->target_id, &old);
    if (st != STATUS_OK)
        return st;
    const struct membership *m = old;
    if (!c->actor->is_operator && m->side != (int64_t)c->actor->side)
        return call_refuse(c, MSG_refuse_other_side, "", NULL, NULL);
    if (m->role == role_administrator) {
        st = members_check_role(c, m->side, m->role, NONE);
        if (st == STATUS_OK)
            st = last_administrator(c, m->person_id);
    }
    return st == STATUS_OK ? uc_delete(c) : st;
}

enum status uc_account_save(struct call *c)
{
    const struct account *in = c->in;
    void *old;
    enum status st = scope_check_all(c, &record_account, in);
    if (st == STATUS_OK && c->target_id != 0) {
        st = tx_load(c->tx, &record_account, c->target_id, &old);
        if (st == STATUS_OK)
            st = person_is_ours(c, ((const struct account *)old)->person_id);
    }
    if (st == STATUS_OK)
        st = person_is_ours(c, in->person_id);
    return st == STATUS_OK ? uc_save(c) : st;
}

enum status uc_person_save(struct call *c)
{
    enum status st = c->target_id != 0 ? person_is_ours(c, c->target_id) : STATUS_OK;
    return st == STATUS_OK ? uc_save(c) : st;
}

enum status uc_person_delete(struct call *c)
{
    enum status st = person_is_ours(c, c->target_id);
    return st == STATUS_OK ? uc_delete(c) : st;
}

/* Deleting an account is disabling it for good: the same people stay protected. */
enum status uc_account_delete(struct call *c)
{
    void *old;
    enum status st = tx_load(c->tx, &record_account, c->target_id, &old);
    if (st == STATUS_OK)
        st = person_is_ours(c, ((const struct account *)old)->person_id);
    if (st == STATUS_OK)
        st = last_administrator(c, ((const struct account *)old)->person_id);
    return st == STATUS_OK ? uc_delete(c) : st;
}

/* The account of the person that the call is about, if it is ours to look after. */
static enum status our_account(struct call *c, struct account **out)
{
    struct rows rows = { 0 };
    enum status st = person_is_ours(c, c->target_id);
    if (st == STATUS_OK)
        st = call_query(c, SQL_account_by_person, &rows, P(c->target_id));
    if (st == STATUS_OK && rows.n == 0)
        st = call_refuse(c, MSG_refuse_no_account, "", NULL, NULL);
    *out = rows.item;
    return st;
}

static enum status put_link(struct call *c, int64_t account_id, enum link_kind kind, int64_t ends_at, struct str *token)
{
    struct link *l = record_new(c->arena, &record_link);
    *token = account_token_new(c->arena);
    l->token_digest = account_token_digest(c->arena, *token);
    l->kind = kind;
    l->account_id = account_id;
    l->base_id = c->actor->base_id;
    l->made_at = app_now(c->app);
    l->ends_at = ends_at;
    return tx_save(c->tx, &record_link, l);
}

/* A sign-in link for one person; those made before and not used end. */
enum status uc_link_make(struct call *c)
{
    struct account *account;
    void *person;
    struct rows ended;
    int64_t days = 0, now = app_now(c->app);
    enum status st = our_account(c, &account);
    if (st != STATUS_OK)
        return st;
    if (account->disabled == 1)
        return call_refuse(c, MSG_refuse_disabled, "", NULL, NULL);
    st = settings_get(c->tx, c->actor->base_id, SETTING_link_days, &days);
    if (st == STATUS_OK)
        st = tx_load(c->tx, &record_person, c->target_id, &person);
    if (st == STATUS_OK)
        st = call_query(c, SQL_link_end_all, &ended, P(now - 1), P(account->id), P(now));
    struct link_row *row = record_new(c->arena, &record_link_row);
    row->ends_at = now + days * 86400;
    if (st == STATUS_OK)
        st = put_link(c, account->id, link_kind_invite, row->ends_at, &row->token);
    if (st != STATUS_OK)
        return st;
    row->person_id = c->target_id;
    row->account_id = account->id;
    row->name = ((const struct person *)person)->name;
    c->rows = (struct rows){ .n = 1, .item = row };
    c->subject = "account";
    c->id = account->id;
    return STATUS_OK;
}

/* A link for each student of a cohort, to be printed and cut; earlier lists' unused links end. */
enum status uc_links_make(struct call *c)
{
    struct rows rows, ended;
    void *found;
    int64_t days = 0, now = app_now(c->app);
    enum status st = scope_check(c, &record_cohort, c->target_id);
    if (st == STATUS_OK)
        st = tx_load(c->tx, &record_cohort, c->target_id, &found);
    if (st == STATUS_OK)
        st = settings_get(c->tx, c->actor->base_id, SETTING_wish_link_days, &days);
    if (st == STATUS_OK)
        st = call_query(c, SQL_cohort_accounts, &rows, P(c->target_id));
    if (st == STATUS_OK)
        st = call_query(c, SQL_link_end_wishes, &ended, P(now - 1), P(c->target_id), P((int64_t)link_kind_wishes), P(c->actor->base_id));
    struct link_row *row = rows.item;
    for (size_t i = 0; st == STATUS_OK && i < rows.n; i++) {
        row[i].ends_at = now + days * 86400;
        st = put_link(c, row[i].account_id, link_kind_wishes, row[i].ends_at, &row[i].token);
    }
    if (st != STATUS_OK)
        return st;
    buf_printf(&c->detail, "[{\"record\":\"link\",\"id\":0,\"change\":{\"value\":[null,%zu]}}]", rows.n);
    c->rows = rows;
    c->subject = "cohort";
    c->id = c->target_id;
    return STATUS_OK;
}

static enum status set_disabled(struct call *c, bool disabled)
{
    struct account *account, *old = ARENA_NEW(c->arena, struct account);
    struct rows ended;
    int64_t now = app_now(c->app);
    enum status st = our_account(c, &account);
    if (st != STATUS_OK)
        return st;
    if (disabled && account->person_id == c->actor->person_id)
        return call_refuse(c, MSG_refuse_oneself, "", NULL, NULL);
    if (disabled)
        st = last_administrator(c, account->person_id);
    *old = *account;
    account->disabled = disabled;
    if (st == STATUS_OK)
        st = call_save(c, &record_account, old, account);
    /* Off means off: logins and links are dead at once. */
    if (st == STATUS_OK && disabled)
        st = call_query(c, SQL_login_delete_all, &ended, P(account->id));
    if (st == STATUS_OK && disabled)
        st = call_query(c, SQL_link_end_all, &ended, P(now - 1), P(account->id), P(now));
    return st;
}

enum status uc_account_disable(struct call *c)
{
    return set_disabled(c, true);
}

enum status uc_account_enable(struct call *c)
{
    return set_disabled(c, false);
}

static void put_escaped(struct buf *b, char ch)
{
    if (ch == '%' || ch == '_' || ch == '!')
        buf_char(b, '!');
    buf_char(b, ch);
}

struct str members_pattern(struct arena *a, struct str query)
{
    assert(a != NULL);
    struct buf b = buf_make(1000);
    buf_char(&b, '%');
    for (size_t i = 0; i < query.n; i++)
        if (query.p[i] != ' ')
            put_escaped(&b, query.p[i] >= 'A' && query.p[i] <= 'Z' ? (char)(query.p[i] + 32) : query.p[i]);
    if (query.n > 0)
        buf_char(&b, '%');
    struct str s = arena_str(a, buf_view(&b));
    buf_free(&b);
    return s;
}

/* Members by name, pinyin and role; without a role everybody but the students, who have a list of their own. */
enum status uc_people_find(struct call *c)
{
    const struct in_find *in = c->in;
    int64_t from = in->role != NONE ? in->role : 0, to = in->role != NONE ? in->role : role_COUNT;
    int64_t but = in->role == NONE ? role_student : role_COUNT;
    return call_query(c, SQL_people_find, &c->rows, P(c->actor->base_id), P(from), P(to), P(but),
                      P(members_pattern(c->arena, in->query)), P(in->offset != NONE ? in->offset : 0));
}

enum status uc_person_get(struct call *c)
{
    int64_t id = ((const struct in_list *)c->in)->parent_id;
    void *found;
    enum status st = id != NONE ? scope_check(c, &record_person, id) : STATUS_NOT_FOUND;
    if (st == STATUS_OK)
        st = tx_load(c->tx, &record_person, id, &found);
    if (st == STATUS_OK)
        c->rows = (struct rows){ .n = 1, .item = found };
    return st;
}

enum status uc_person_show(struct call *c)
{
    int64_t id = ((const struct in_list *)c->in)->parent_id;
    enum status st = id != NONE ? scope_check(c, &record_person, id) : STATUS_NOT_FOUND;
    return st == STATUS_OK ? call_query(c, SQL_people_of_person, &c->rows, P(id), P(c->actor->base_id)) : st;
}
