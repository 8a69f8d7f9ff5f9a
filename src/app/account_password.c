/* Signing in by password, and setting one. argon2id takes some 12 ms and 19 MiB: called on the threads for slow work. */
#include "app/account_part.h"
#include "core/limits.h"
#include "core/pinyin.h"
#include "rules/password.h"

#include <pthread.h>
#include <sodium.h>

enum { PASSWORD_LEAST = LIMIT_password_least, PASSWORD_MOST = LIMIT_password_most, HASH_PASSES = 2, HASH_MEMORY = 19 * 1024 * 1024, DEVICE_DAYS = 400 };

/* Unknown accounts are checked against this hash, so that they cost the same time. */
static char dummy_hash[crypto_pwhash_STRBYTES];

static void make_dummy_hash(void)
{
    if (crypto_pwhash_str_alg(dummy_hash, "nobody", 6, HASH_PASSES, HASH_MEMORY, crypto_pwhash_ALG_ARGON2ID13) != 0)
        dummy_hash[0] = '\0';
}

static bool password_is(const struct account *account, struct str password)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    pthread_once(&once, make_dummy_hash);
    bool usable = account != NULL && account->password_hash.n > 0 && account->disabled != 1;
    const char *hash = usable ? account->password_hash.p : dummy_hash;
    bool right = password.n <= 4 * PASSWORD_MOST && crypto_pwhash_str_verify(hash, password.p, password.n) == 0;
    return usable && right;
}

/* Who tries: the account (NULL: none) and by which name its failures are counted. */
struct trying {
    const struct account *account;
    struct device *device; /* known to the account, or NULL */
    struct str client;
};

static enum status look_up(struct tx *t, const struct attempt *try, struct trying *out)
{
    struct arena *a = tx_arena(t);
    struct rows accounts, devices = { 0 };
    enum status st = tx_run(t, SQL_account_by_login_name, &accounts, P(str_trim(try->login_name)));
    if (st == STATUS_OK && try->device.n == TOKEN_HEX)
        st = tx_run(t, SQL_device_get, &devices, P(account_token_digest(a, try->device)));
    if (st != STATUS_OK)
        return st;
    *out = (struct trying){ .account = accounts.n == 1 ? accounts.item : NULL };
    struct device *d = devices.n == 1 ? devices.item : NULL;
    if (d != NULL && out->account != NULL && d->account_id == out->account->id)
        out->device = d;
    out->client = out->device != NULL ? arena_printf(a, "d:%lld", (long long)d->id) : guard_block(a, try->address);
    return STATUS_OK;
}

static enum status device_keep(const struct app *app, struct tx *t, const struct trying *who, struct str *device_token)
{
    struct arena *a = tx_arena(t);
    struct rows gone;
    struct device *d = who->device;
    *device_token = STR("");
    if (d == NULL) {
        d = record_new(a, &record_device);
        *device_token = account_token_new(a);
        d->account_id = who->account->id;
        d->token_digest = account_token_digest(a, *device_token);
    }
    d->seen_at = app_now(app);
    enum status st = tx_run(t, SQL_device_forget_old, &gone, P(who->account->id), P(d->seen_at - (int64_t)DEVICE_DAYS * 86400));
    return st == STATUS_OK ? tx_save(t, &record_device, d) : st;
}

static enum status fail(const struct app *app, struct tx **t, const struct attempt *try, const struct trying *who)
{
    const struct account *account = who->account;
    enum status st = guard_note(*t, app_now(app), try->login_name, who->client, true);
    if (st == STATUS_OK)
        st = account_audit(app, *t, "sign_in", NONE, account != NULL ? account->person_id : NONE, "account",
                           account != NULL ? account->id : 0, outcome_refused);
    if (st == STATUS_OK)
        st = account_commit(t);
    return st == STATUS_OK ? STATUS_NOT_FOUND : st;
}

enum status account_password_use(const struct app *app, struct arena *a, const struct attempt *try, struct str *login_token,
                                 struct str *device_token, int64_t *wait_s)
{
    TX_AUTO t = NULL;
    struct trying who = { 0 };
    enum status st = tx_begin(app->store, a, TX_READ, &t);
    if (st == STATUS_OK)
        st = look_up(t, try, &who);
    if (st == STATUS_OK)
        st = guard_wait(t, app_now(app), try->login_name, who.client, who.device != NULL, wait_s);
    if (st != STATUS_OK)
        return st;
    if (*wait_s > 0)
        return STATUS_LIMIT;
    tx_end(t);
    t = NULL;
    bool right = password_is(who.account, try->password);
    st = tx_begin(app->store, a, TX_WRITE, &t);
    if (st != STATUS_OK)
        return st;
    if (!right)
        return fail(app, &t, try, &who);
    st = account_login_open(app, t, who.account, NULL, try->agent, login_token);
    if (st == STATUS_OK)
        st = guard_note(t, app_now(app), try->login_name, who.client, false);
    if (st == STATUS_OK)
        st = device_keep(app, t, &who, device_token);
    return st == STATUS_OK ? account_commit(&t) : st;
}

static bool password_fits(struct arena *a, struct str password, const struct account *account, const struct person *p, struct errs *errs)
{
    const struct password_owner who = { account->login_name, p->name, p->name_en, p->mail, p->phone, pinyin_key(a, p->name) };
    enum msg_id wrong = rules_password(password, &who);
    if (wrong != MSG_none)
        errs_add(errs, wrong, STR("password"), arena_printf(a, "%d", PASSWORD_LEAST).p, arena_printf(a, "%d", PASSWORD_MOST).p, NULL);
    return wrong == MSG_none;
}

enum status account_password_set(const struct app *app, struct arena *a, const struct actor *actor, struct str old,
                                 struct str password, struct str keep_token, struct errs *errs)
{
    TX_AUTO t = NULL;
    void *found, *person;
    char hash[crypto_pwhash_STRBYTES];
    enum status st = tx_begin(app->store, a, TX_READ, &t);
    if (st == STATUS_OK)
        st = tx_load(t, &record_account, actor->account_id, &found);
    if (st == STATUS_OK)
        st = tx_load(t, &record_person, actor->person_id, &person);
    if (st != STATUS_OK)
        return st;
    struct account *account = found;
    bool asks_old = account->password_hash.n > 0 && !account_login_is_fresh(app, t, keep_token);
    tx_end(t);
    t = NULL;
    if (asks_old && !password_is(account, old))
        errs_add(errs, MSG_password_old_wrong, STR("old_password"), NULL);
    else if (password_fits(a, password, account, person, errs) &&
             crypto_pwhash_str_alg(hash, password.p, password.n, HASH_PASSES, HASH_MEMORY, crypto_pwhash_ALG_ARGON2ID13) != 0)
        return STATUS_MEMORY;
    st = tx_begin(app->store, a, TX_WRITE, &t);
    if (st == STATUS_OK && errs->total > 0) {
        st = account_audit(app, t, "password_set", actor->base_id, account->person_id, "account", account->id, outcome_refused);
        if (st == STATUS_OK)
            st = account_commit(&t);
        return st == STATUS_OK ? STATUS_INPUT : st;
    }
    if (st != STATUS_OK)
        return st;
    account->password_hash = str_of(hash);
    account->password_at = app_now(app);
    struct rows ended;
    st = tx_save(t, &record_account, account);
    if (st == STATUS_OK)
        st = tx_run(t, SQL_login_end_others, &ended, P(account->id), P(account_token_digest(a, keep_token)));
    if (st == STATUS_OK)
        st = account_audit(app, t, "password_set", actor->base_id, account->person_id, "account", account->id, outcome_done);
    return st == STATUS_OK ? account_commit(&t) : st;
}
