/* Signing in: one-time links, passwords, logins. Tokens are 256 random bits; the database holds their BLAKE2b digests only.
 * Everything here writes its audit entry. Hashing a password takes some 12 ms: never on an HTTP thread. */
#ifndef APP_ACCOUNT_H
#define APP_ACCOUNT_H

#include "app/app.h"

/* A signed-in browser and whom it stands for. */
struct session {
    struct actor actor;
    enum language language;
    struct str name, base_zh, base_en, csrf;
    int places; /* pairs of base and side that the person may work in */
    int64_t unread; /* notices */
};

/* Makes a one-time link for an account in a base; *token (64 hex digits, in `a`) is shown once and never stored. */
enum status account_link_make(const struct app *app, struct arena *a, int64_t account_id, int64_t base_id,
                              enum link_kind kind, int64_t lasts_s, struct str *token) MUST;
/* Uses a link up and opens a login. STATUS_NOT_FOUND: unknown, used or too old, without saying which. */
enum status account_link_use(const struct app *app, struct arena *a, struct str token, struct str agent,
                             struct str *login_token) MUST;
/* What a browser says of itself when it tries a password. */
struct attempt {
    struct str login_name, password, agent;
    struct str device;  /* its device token, or empty */
    struct str address; /* of the client */
};

/* Opens a login by name and password. STATUS_NOT_FOUND: wrong, without saying what; takes the same time either way.
 * STATUS_LIMIT: too many failures; try again in *wait_s (account_guard.c). *device_token: to be kept by the browser, so
 * that others' guessing does not slow it down; empty when it has one. */
enum status account_password_use(const struct app *app, struct arena *a, const struct attempt *try, struct str *login_token,
                                 struct str *device_token, int64_t *wait_s) MUST;
/* Sets a password (12 to 128 characters, neither the sign-in name nor the person's, not all too simple) and ends all
 * logins of the account but the one of `keep_token`. `old` must be right where there is a password already (error at
 * "old_password"), unless that login began by a link a short while ago: so a forgotten one is set anew. Hashes: never on an HTTP thread. */
enum status account_password_set(const struct app *app, struct arena *a, const struct actor *actor, struct str old,
                                 struct str password, struct str keep_token, struct errs *errs) MUST;
/* Who a login token stands for; STATUS_NOT_FOUND when it is none, idle too long or ended. */
enum status account_session(const struct app *app, struct arena *a, struct str login_token, struct session *out) MUST;
enum status account_sign_out(const struct app *app, struct arena *a, struct str login_token) MUST;
/* Every place (base and side) the account may work in: member_row, the roles one a row. */
enum status account_places(const struct app *app, struct arena *a, int64_t account_id, struct rows *members) MUST;
/* Goes on in another place. STATUS_NOT_FOUND: no membership there. */
enum status account_place_set(const struct app *app, struct arena *a, struct str login_token, int64_t base_id, enum side side) MUST;
/* What one's own page says of the account. */
struct account_facts {
    struct str login_name;
    int64_t password_at; /* NONE: no password */
    bool asks_old;       /* a change needs the present password */
};
enum status account_facts(const struct app *app, struct arena *a, int64_t account_id, struct str login_token, struct account_facts *out) MUST;
/* The account's signed-in browsers (login_row), and the end of all of them but the one of `keep_token`. */
enum status account_logins(const struct app *app, struct arena *a, int64_t account_id, struct rows *logins) MUST;
enum status account_logins_end(const struct app *app, struct arena *a, const struct actor *actor, struct str keep_token) MUST;
enum status account_language_set(const struct app *app, struct arena *a, struct str login_token, enum language l) MUST;
/* The actor that a login name stands for, in his first base: for the machine's operator, who could make a link as well. */
enum status account_actor(const struct app *app, struct arena *a, struct str login_name, struct actor *out) MUST;
/* The actor that a person is in a base now, for work that he began and a worker ends. STATUS_NOT_FOUND: he is no longer in it. */
enum status account_actor_of(const struct app *app, struct arena *a, int64_t person_id, int64_t base_id, struct actor *out) MUST;
/* The accounts to print links for: one of each role and side of a base, at most `most`. */
enum status account_list(const struct app *app, struct arena *a, int64_t base_id, struct rows *members) MUST;

#endif
