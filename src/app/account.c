/* One-time links and logins: see account.h. */
#include "app/account_part.h"
#include "app/keeper.h"
#include "app/settings.h"

#include <sodium.h>

enum { STAFF_IDLE_S = 30 * 60, STUDENT_IDLE_S = 8 * 3600, STAFF_END_S = 12 * 3600, STUDENT_END_S = 7 * 86400, SEEN_STEP_S = 60, LINK_FRESH_S = 15 * 60 };

static struct str hex_of(struct arena *a, const unsigned char *p, size_t n)
{
    char *hex = arena_alloc(a, 2 * n + 1);
    sodium_bin2hex(hex, 2 * n + 1, p, n);
    return (struct str){ hex, 2 * n };
}

struct str account_token_new(struct arena *a)
{
    unsigned char bytes[TOKEN_BYTES];
    randombytes_buf(bytes, sizeof bytes);
    struct str hex = hex_of(a, bytes, sizeof bytes);
    sodium_memzero(bytes, sizeof bytes);
    return hex;
}

struct str account_token_digest(struct arena *a, struct str token)
{
    unsigned char digest[32];
    crypto_generichash(digest, sizeof digest, (const unsigned char *)token.p, token.n, NULL, 0);
    return hex_of(a, digest, sizeof digest);
}

enum status account_audit(const struct app *app, struct tx *t, const char *act, int64_t base_id, int64_t person_id,
                             const char *subject, int64_t subject_id, enum outcome outcome)
{
    struct audit_entry *e = record_new(tx_arena(t), &record_audit_entry);
    e->base_id = base_id;
    e->at = app_now(app);
    e->person_id = person_id;
    e->usecase = str_of(act);
    e->subject = str_of(subject);
    e->subject_id = subject_id;
    e->outcome = outcome;
    e->detail = STR("{}");
    return tx_save(t, &record_audit_entry, e);
}

enum status account_commit(struct tx **t)
{
    struct tx *done = *t;
    *t = NULL;
    return tx_commit(done);
}

enum status account_link_make(const struct app *app, struct arena *a, int64_t account_id, int64_t base_id,
                              enum link_kind kind, int64_t lasts_s, struct str *token)
{
    TX_AUTO t = NULL;
    struct link *l = record_new(a, &record_link);
    *token = account_token_new(a);
    l->token_digest = account_token_digest(a, *token);
    l->kind = kind;
    l->account_id = account_id;
    l->base_id = base_id;
    l->made_at = app_now(app);
    l->ends_at = l->made_at + lasts_s;
    enum status st = tx_begin(app->store, a, TX_WRITE, &t);
    if (st == STATUS_OK)
        st = tx_save(t, &record_link, l);
    if (st == STATUS_OK)
        st = account_audit(app, t, "link_make", base_id, NONE, "account", account_id, outcome_done);
    if (st != STATUS_OK)
        return st;
    return account_commit(&t);
}

/* Opens a login within a transaction; a student's lasts longer. */
enum status account_login_open(const struct app *app, struct tx *t, const struct account *account, const struct link *link,
                               struct str agent, struct str *token)
{
    struct arena *a = tx_arena(t);
    struct rows members;
    enum status st = tx_run(t, SQL_members_of_account, &members, P(account->id));
    if (st != STATUS_OK)
        return st;
    const struct member_row *m = members.item;
    const struct member_row *place = NULL;
    bool staff = false;
    for (size_t i = 0; i < members.n; i++) {
        staff = staff || m[i].role != role_student;
        if (place == NULL && (link == NULL || m[i].base_id == link->base_id))
            place = &m[i];
    }
    if (place == NULL)
        return STATUS_NOT_FOUND;
    struct login *l = record_new(a, &record_login);
    *token = account_token_new(a);
    l->token_digest = account_token_digest(a, *token);
    l->account_id = account->id;
    l->base_id = place->base_id;
    l->side = place->side;
    l->by_link = link != NULL;
    l->csrf = account_token_new(a);
    l->begun_at = l->seen_at = app_now(app);
    l->ends_at = l->begun_at + (staff ? STAFF_END_S : STUDENT_END_S);
    /* Cut at a whole character: the column holds characters, not bytes. */
    size_t whole = MIN(agent.n, (size_t)200);
    if (!utf8_valid((struct str){ agent.p, whole }, &whole))
        l->agent = (struct str){ agent.p, whole };
    else
        l->agent = (struct str){ agent.p, MIN(agent.n, (size_t)200) };
    int64_t language = account->language;
    if (language == NONE)
        st = settings_get(t, l->base_id, SETTING_language, &language);
    l->language = language;
    if (st == STATUS_OK)
        st = tx_save(t, &record_login, l);
    return st == STATUS_OK ? account_audit(app, t, "sign_in", l->base_id, account->person_id, "account", account->id, outcome_done) : st;
}

enum status account_link_use(const struct app *app, struct arena *a, struct str token, struct str agent,
                             struct str *login_token)
{
    TX_AUTO t = NULL;
    struct rows links, used;
    void *account;
    if (token.n != TOKEN_HEX)
        return STATUS_NOT_FOUND;
    enum status st = tx_begin(app->store, a, TX_WRITE, &t);
    if (st == STATUS_OK)
        st = tx_run(t, SQL_link_get, &links, P(account_token_digest(a, token)));
    if (st != STATUS_OK)
        return st;
    const struct link *l = links.item;
    int64_t now = app_now(app);
    if (links.n == 0 || l->used_at != NONE || l->ends_at < now)
        return STATUS_NOT_FOUND;
    st = tx_run(t, SQL_link_use, &used, P(now), P(l->id));
    if (st == STATUS_OK && used.affected != 1)
        return STATUS_NOT_FOUND;
    if (st == STATUS_OK)
        st = tx_load(t, &record_account, l->account_id, &account);
    if (st == STATUS_OK)
        st = account_login_open(app, t, account, l, agent, login_token);
    if (st != STATUS_OK)
        return st;
    return account_commit(&t);
}

/* A page's look-up moves the idle clock on at most once a minute, and never waits for that. */
static void touch(const struct app *app, const struct login *l, int64_t now)
{
    if (app->keeper != NULL && now - l->seen_at >= SEEN_STEP_S)
        keeper_saw(app->keeper, l->id, now);
}

static void fill_session(struct session *s, const struct login *l, const struct rows *members)
{
    const struct member_row *m = members->item;
    s->actor = (struct actor){ .account_id = l->account_id, .department_id = NONE };
    for (size_t i = 0; i < members->n; i++) {
        bool is_new = i == 0 || m[i].base_id != m[i - 1].base_id || m[i].side != m[i - 1].side;
        s->places += is_new;
        if (m[i].base_id != l->base_id || m[i].side != l->side)
            continue;
        s->actor.person_id = m[i].person_id;
        s->actor.base_id = m[i].base_id;
        s->actor.university_id = m[i].university_id;
        s->actor.hospital_id = m[i].hospital_id;
        s->actor.side = (enum side)m[i].side;
        s->actor.roles |= 1u << m[i].role;
        if (m[i].department_id != NONE)
            s->actor.department_id = m[i].department_id;
        s->name = m[i].name;
        s->base_zh = m[i].name_zh;
        s->base_en = m[i].name_en;
    }
    s->language = (enum language)l->language;
    s->csrf = l->csrf;
}

enum status account_session(const struct app *app, struct arena *a, struct str login_token, struct session *out)
{
    TX_AUTO t = NULL;
    struct rows logins, members, unread;
    if (login_token.n != TOKEN_HEX)
        return STATUS_NOT_FOUND;
    enum status st = tx_begin(app->store, a, TX_READ, &t);
    if (st == STATUS_OK)
        st = tx_run(t, SQL_login_get, &logins, P(account_token_digest(a, login_token)));
    if (st != STATUS_OK || logins.n == 0)
        return st != STATUS_OK ? st : STATUS_NOT_FOUND;
    const struct login *l = logins.item;
    st = tx_run(t, SQL_members_of_account, &members, P(l->account_id));
    if (st != STATUS_OK)
        return st;
    fill_session(out, l, &members);
    int64_t now = app_now(app), idle = out->actor.roles == 1u << role_student ? STUDENT_IDLE_S : STAFF_IDLE_S;
    if (out->actor.roles == 0 || now > l->ends_at || now > l->seen_at + idle)
        return STATUS_NOT_FOUND;
    st = tx_run(t, SQL_notice_unread, &unread, P(out->actor.person_id));
    if (st == STATUS_OK)
        out->unread = ((const struct count_row *)unread.item)->value;
    tx_end(t);
    t = NULL;
    touch(app, l, now);
    return st;
}

static enum status login_load(struct tx *t, struct str login_token, struct login **out)
{
    struct rows logins;
    enum status st = tx_run(t, SQL_login_get, &logins, P(account_token_digest(tx_arena(t), login_token)));
    *out = logins.item;
    return st == STATUS_OK && logins.n == 0 ? STATUS_NOT_FOUND : st;
}

bool account_login_is_fresh(const struct app *app, struct tx *t, struct str login_token)
{
    struct login *l;
    return login_load(t, login_token, &l) == STATUS_OK && l->by_link == 1 && app_now(app) - l->begun_at <= LINK_FRESH_S;
}

enum status account_sign_out(const struct app *app, struct arena *a, struct str login_token)
{
    TX_AUTO t = NULL;
    struct rows gone;
    struct login *l;
    enum status st = tx_begin(app->store, a, TX_WRITE, &t);
    if (st == STATUS_OK)
        st = login_load(t, login_token, &l);
    if (st == STATUS_OK)
        st = tx_run(t, SQL_login_delete, &gone, P(l->token_digest));
    if (st == STATUS_OK)
        st = account_audit(app, t, "sign_out", l->base_id, NONE, "account", l->account_id, outcome_done);
    return st == STATUS_OK ? account_commit(&t) : st;
}

enum status account_language_set(const struct app *app, struct arena *a, struct str login_token, enum language lang)
{
    TX_AUTO t = NULL;
    struct login *l;
    void *found;
    enum status st = tx_begin(app->store, a, TX_WRITE, &t);
    if (st == STATUS_OK)
        st = login_load(t, login_token, &l);
    if (st == STATUS_OK)
        st = tx_load(t, &record_account, l->account_id, &found);
    if (st != STATUS_OK)
        return st;
    /* The account keeps it, too: the next sign-in is in this language. */
    l->language = ((struct account *)found)->language = lang;
    st = tx_save(t, &record_login, l);
    if (st == STATUS_OK)
        st = tx_save(t, &record_account, found);
    return st == STATUS_OK ? account_commit(&t) : st;
}

enum status account_places(const struct app *app, struct arena *a, int64_t account_id, struct rows *members)
{
    TX_AUTO t = NULL;
    enum status st = tx_begin(app->store, a, TX_READ, &t);
    return st == STATUS_OK ? tx_run(t, SQL_members_of_account, members, P(account_id)) : st;
}

enum status account_place_set(const struct app *app, struct arena *a, struct str login_token, int64_t base_id, enum side side)
{
    TX_AUTO t = NULL;
    struct login *l;
    struct rows members = { 0 };
    bool there = false;
    enum status st = tx_begin(app->store, a, TX_WRITE, &t);
    if (st == STATUS_OK)
        st = login_load(t, login_token, &l);
    if (st == STATUS_OK)
        st = tx_run(t, SQL_members_of_account, &members, P(l->account_id));
    const struct member_row *m = members.item;
    for (size_t i = 0; i < members.n; i++)
        there = there || (m[i].base_id == base_id && m[i].side == (int64_t)side);
    if (st == STATUS_OK && !there)
        st = STATUS_NOT_FOUND;
    if (st != STATUS_OK)
        return st;
    l->base_id = base_id;
    l->side = side;
    l->csrf = account_token_new(a); /* a form of the other place must not act in this one */
    st = tx_save(t, &record_login, l);
    if (st == STATUS_OK)
        st = account_audit(app, t, "place_set", base_id, m[0].person_id, "account", l->account_id, outcome_done);
    return st == STATUS_OK ? account_commit(&t) : st;
}

enum status account_facts(const struct app *app, struct arena *a, int64_t account_id, struct str login_token, struct account_facts *out)
{
    TX_AUTO t = NULL;
    void *found;
    enum status st = tx_begin(app->store, a, TX_READ, &t);
    if (st == STATUS_OK)
        st = tx_load(t, &record_account, account_id, &found);
    if (st != STATUS_OK)
        return st;
    const struct account *account = found;
    *out = (struct account_facts){ account->login_name, account->password_hash.n > 0 ? account->password_at : NONE,
                                   account->password_hash.n > 0 && !account_login_is_fresh(app, t, login_token) };
    return STATUS_OK;
}

enum status account_logins(const struct app *app, struct arena *a, int64_t account_id, struct rows *logins)
{
    TX_AUTO t = NULL;
    enum status st = tx_begin(app->store, a, TX_READ, &t);
    return st == STATUS_OK ? tx_run(t, SQL_login_list, logins, P(account_id), P(app_now(app))) : st;
}

enum status account_logins_end(const struct app *app, struct arena *a, const struct actor *actor, struct str keep_token)
{
    TX_AUTO t = NULL;
    struct rows gone;
    enum status st = tx_begin(app->store, a, TX_WRITE, &t);
    if (st == STATUS_OK)
        st = tx_run(t, SQL_login_end_others, &gone, P(actor->account_id), P(account_token_digest(a, keep_token)));
    if (st == STATUS_OK)
        st = account_audit(app, t, "logins_end", actor->base_id, actor->person_id, "account", actor->account_id, outcome_done);
    return st == STATUS_OK ? account_commit(&t) : st;
}

enum status account_list(const struct app *app, struct arena *a, int64_t base_id, struct rows *members)
{
    TX_AUTO t = NULL;
    enum status st = tx_begin(app->store, a, TX_READ, &t);
    return st == STATUS_OK ? tx_run(t, SQL_members_with_account, members, P(base_id)) : st;
}

enum status account_actor_of(const struct app *app, struct arena *a, int64_t person_id, int64_t base_id, struct actor *out)
{
    TX_AUTO t = NULL;
    struct rows accounts, members;
    enum status st = tx_begin(app->store, a, TX_READ, &t);
    if (st == STATUS_OK)
        st = tx_run(t, SQL_account_by_person, &accounts, P(person_id));
    if (st != STATUS_OK || accounts.n == 0)
        return st != STATUS_OK ? st : STATUS_NOT_FOUND;
    const struct account *account = accounts.item;
    st = tx_run(t, SQL_members_of_account, &members, P(account->id));
    if (st != STATUS_OK)
        return st;
    struct login as_if = { .account_id = account->id, .base_id = base_id };
    struct session session = { 0 };
    fill_session(&session, &as_if, &members);
    *out = session.actor;
    return session.actor.roles != 0 ? STATUS_OK : STATUS_NOT_FOUND;
}

enum status account_actor(const struct app *app, struct arena *a, struct str login_name, struct actor *out)
{
    TX_AUTO t = NULL;
    struct rows accounts, members;
    enum status st = tx_begin(app->store, a, TX_READ, &t);
    if (st == STATUS_OK)
        st = tx_run(t, SQL_account_by_login_name, &accounts, P(login_name));
    if (st != STATUS_OK || accounts.n == 0)
        return st != STATUS_OK ? st : STATUS_NOT_FOUND;
    const struct account *account = accounts.item;
    st = tx_run(t, SQL_members_of_account, &members, P(account->id));
    if (st != STATUS_OK || members.n == 0)
        return st != STATUS_OK ? st : STATUS_NOT_FOUND;
    const struct member_row *first = members.item;
    struct login as_if = { .account_id = account->id, .base_id = first->base_id, .side = first->side };
    struct session session = { 0 };
    fill_session(&session, &as_if, &members);
    *out = session.actor;
    return STATUS_OK;
}
