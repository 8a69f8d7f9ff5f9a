/* One-time links, passwords, logins: see account.h. */
#include "app/account.h"
#include "app/keeper.h"

#include <pthread.h>
#include <sodium.h>

enum { TOKEN_BYTES = 32, TOKEN_HEX = 2 * TOKEN_BYTES };
enum { STAFF_IDLE_S = 30 * 60, STUDENT_IDLE_S = 8 * 3600, STAFF_END_S = 12 * 3600, STUDENT_END_S = 7 * 86400, SEEN_STEP_S = 60 };
enum { PASSWORD_LEAST = 12, PASSWORD_MOST = 128, HASH_PASSES = 2, HASH_MEMORY = 19 * 1024 * 1024 };

static struct str hex_of(struct arena *a, const unsigned char *p, size_t n)
{
    char *hex = arena_alloc(a, 2 * n + 1);
    sodium_bin2hex(hex, 2 * n + 1, p, n);
    return (struct str){ hex, 2 * n };
}

static struct str token_new(struct arena *a)
{
    unsigned char bytes[TOKEN_BYTES];
    randombytes_buf(bytes, sizeof bytes);
    struct str hex = hex_of(a, bytes, sizeof bytes);
    sodium_memzero(bytes, sizeof bytes);
    return hex;
}

static struct str token_digest(struct arena *a, struct str token)
{
    unsigned char digest[32];
    crypto_generichash(digest, sizeof digest, (const unsigned char *)token.p, token.n, NULL, 0);
    return hex_of(a, digest, sizeof digest);
}

static enum status audit_act(const struct app *app, struct tx *t, const char *act, int64_t base_id, int64_t person_id,
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

enum status account_link_make(const struct app *app, struct arena *a, int64_t account_id, int64_t base_id,
                              enum link_kind kind, int64_t lasts_s, struct str *token)
{
    TX_AUTO t = NULL;
    struct link *l = record_new(a, &record_link);
    *token = token_new(a);
    l->token_digest = token_digest(a, *token);
    l->kind = kind;
    l->account_id = account_id;
    l->base_id = base_id;
    l->made_at = app_now(app);
    l->ends_at = l->made_at + lasts_s;
    enum status st = tx_begin(app->store, a, TX_WRITE, &t);
    if (st == STATUS_OK)
        st = tx_save(t, &record_link, l);
    if (st == STATUS_OK)
        st = audit_act(app, t, "link_make", base_id, NONE, "account", account_id, outcome_done);
    if (st != STATUS_OK)
        return st;
    struct tx *done = t;
    t = NULL;
    return tx_commit(done);
}

/* Opens a login within a transaction; a student's lasts longer. */
static enum status login_open(const struct app *app, struct tx *t, const struct account *account, int64_t base_id,
                              struct str agent, struct str *token)
{
    struct arena *a = tx_arena(t);
    struct rows members;
    enum status st = tx_run(t, SQL_members_of_account, &members, P(account->id));
    if (st != STATUS_OK)
        return st;
    const struct member_row *m = members.item;
    if (members.n == 0 || account->disabled == 1)
        return STATUS_NOT_FOUND;
    bool staff = false;
    for (size_t i = 0; i < members.n; i++)
        staff = staff || m[i].role != role_student;
    struct login *l = record_new(a, &record_login);
    *token = token_new(a);
    l->token_digest = token_digest(a, *token);
    l->account_id = account->id;
    l->base_id = base_id != NONE ? base_id : m[0].base_id;
    l->csrf = token_new(a);
    l->begun_at = l->seen_at = app_now(app);
    l->ends_at = l->begun_at + (staff ? STAFF_END_S : STUDENT_END_S);
    l->agent = (struct str){ agent.p, MIN(agent.n, (size_t)200) };
    l->language = account->language != NONE ? account->language : language_zh;
    st = tx_save(t, &record_login, l);
    return st == STATUS_OK ? audit_act(app, t, "sign_in", l->base_id, account->person_id, "account", account->id, outcome_done) : st;
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
        st = tx_run(t, SQL_link_get, &links, P(token_digest(a, token)));
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
        st = login_open(app, t, account, l->base_id, agent, login_token);
    if (st != STATUS_OK)
        return st;
    struct tx *done = t;
    t = NULL;
    return tx_commit(done);
}

/* Unknown accounts are checked against this hash, so that they cost the same time. */
static char dummy_hash[crypto_pwhash_STRBYTES];

static void make_dummy_hash(void)
{
    if (crypto_pwhash_str_alg(dummy_hash, "nobody", 6, HASH_PASSES, HASH_MEMORY, crypto_pwhash_ALG_ARGON2ID13) != 0)
        dummy_hash[0] = '\0';
}

enum status account_password_use(const struct app *app, struct arena *a, struct str login_name, struct str password,
                                 struct str agent, struct str *login_token)
{
    TX_AUTO t = NULL;
    struct rows rows;
    enum status st = tx_begin(app->store, a, TX_READ, &t);
    if (st == STATUS_OK)
        st = tx_run(t, SQL_account_by_login_name, &rows, P(str_trim(login_name)));
    if (st != STATUS_OK)
        return st;
    tx_end(t);
    t = NULL;
    const struct account *account = rows.n == 1 ? rows.item : NULL;
    bool usable = account != NULL && account->password_hash.n > 0 && account->disabled != 1;
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    pthread_once(&once, make_dummy_hash);
    const char *hash = usable ? account->password_hash.p : dummy_hash;
    bool right = password.n <= 4 * PASSWORD_MOST && crypto_pwhash_str_verify(hash, password.p, password.n) == 0;
    st = tx_begin(app->store, a, TX_WRITE, &t);
    if (st != STATUS_OK)
        return st;
    if (!usable || !right) {
        st = audit_act(app, t, "sign_in", NONE, account != NULL ? account->person_id : NONE, "account",
                       account != NULL ? account->id : 0, outcome_refused);
        struct tx *done = t;
        t = NULL;
        if (st == STATUS_OK)
            st = tx_commit(done);
        else
            tx_end(done);
        return st == STATUS_OK ? STATUS_NOT_FOUND : st;
    }
    st = login_open(app, t, account, NONE, agent, login_token);
    if (st != STATUS_OK)
        return st;
    struct tx *done = t;
    t = NULL;
    return tx_commit(done);
}

enum status account_password_set(const struct app *app, struct arena *a, int64_t account_id, struct str password,
                                 struct errs *errs)
{
    TX_AUTO t = NULL;
    void *found;
    size_t count = utf8_valid(password, NULL) ? utf8_count(password) : 0;
    if (count < PASSWORD_LEAST || count > PASSWORD_MOST) {
        errs_add(errs, MSG_password_length, STR("password"), "12", "128", NULL);
        return STATUS_INPUT;
    }
    char hash[crypto_pwhash_STRBYTES];
    if (crypto_pwhash_str_alg(hash, password.p, password.n, HASH_PASSES, HASH_MEMORY, crypto_pwhash_ALG_ARGON2ID13) != 0)
        return STATUS_MEMORY;
    enum status st = tx_begin(app->store, a, TX_WRITE, &t);
    if (st == STATUS_OK)
        st = tx_load(t, &record_account, account_id, &found);
    if (st != STATUS_OK)
        return st;
    struct account *account = found;
    if (str_eq(account->login_name, password)) {
        errs_add(errs, MSG_password_is_name, STR("password"), NULL);
        return STATUS_INPUT;
    }
    account->password_hash = str_of(hash);
    account->password_at = app_now(app);
    struct rows ended;
    st = tx_save(t, &record_account, account);
    if (st == STATUS_OK)
        st = tx_run(t, SQL_login_delete_all, &ended, P(account_id));
    if (st == STATUS_OK)
        st = audit_act(app, t, "password_set", NONE, account->person_id, "account", account_id, outcome_done);
    if (st != STATUS_OK)
        return st;
    struct tx *done = t;
    t = NULL;
    return tx_commit(done);
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
        if (m[i].base_id != l->base_id)
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
        st = tx_run(t, SQL_login_get, &logins, P(token_digest(a, login_token)));
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

static enum status change_login(const struct app *app, struct arena *a, struct str login_token, bool end, enum language lang)
{
    TX_AUTO t = NULL;
    struct rows logins, gone;
    enum status st = tx_begin(app->store, a, TX_WRITE, &t);
    if (st == STATUS_OK)
        st = tx_run(t, SQL_login_get, &logins, P(token_digest(a, login_token)));
    if (st != STATUS_OK || logins.n == 0)
        return st != STATUS_OK ? st : STATUS_NOT_FOUND;
    struct login *l = logins.item;
    if (end) {
        st = tx_run(t, SQL_login_delete, &gone, P(l->token_digest));
        if (st == STATUS_OK)
            st = audit_act(app, t, "sign_out", l->base_id, NONE, "account", l->account_id, outcome_done);
    } else {
        l->language = lang;
        st = tx_save(t, &record_login, l);
    }
    if (st != STATUS_OK)
        return st;
    struct tx *done = t;
    t = NULL;
    return tx_commit(done);
}

enum status account_sign_out(const struct app *app, struct arena *a, struct str login_token)
{
    return change_login(app, a, login_token, true, language_zh);
}

enum status account_language_set(const struct app *app, struct arena *a, struct str login_token, enum language l)
{
    return change_login(app, a, login_token, false, l);
}

enum status account_list(const struct app *app, struct arena *a, int64_t base_id, struct rows *members)
{
    TX_AUTO t = NULL;
    enum status st = tx_begin(app->store, a, TX_READ, &t);
    return st == STATUS_OK ? tx_run(t, SQL_members_with_account, members, P(base_id)) : st;
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
    struct login as_if = { .account_id = account->id, .base_id = ((const struct member_row *)members.item)->base_id };
    struct session session = { 0 };
    fill_session(&session, &as_if, &members);
    *out = session.actor;
    return STATUS_OK;
}
