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
    int64_t unread; /* notices */
};

/* Makes a one-time link for an account in a base; *token (64 hex digits, in `a`) is shown once and never stored. */
enum status account_link_make(const struct app *app, struct arena *a, int64_t account_id, int64_t base_id,
                              enum link_kind kind, int64_t lasts_s, struct str *token) MUST;
/* Uses a link up and opens a login. STATUS_NOT_FOUND: unknown, used or too old, without saying which. */
enum status account_link_use(const struct app *app, struct arena *a, struct str token, struct str agent,
                             struct str *login_token) MUST;
/* Opens a login by name and password. STATUS_NOT_FOUND: wrong, without saying what; takes the same time either way. */
enum status account_password_use(const struct app *app, struct arena *a, struct str login_name, struct str password,
                                 struct str agent, struct str *login_token) MUST;
/* Sets a password (12 to 128 characters, not the login name) and ends all other logins of the account. */
enum status account_password_set(const struct app *app, struct arena *a, int64_t account_id, struct str password,
                                 struct errs *errs) MUST;
/* Who a login token stands for; STATUS_NOT_FOUND when it is none, idle too long or ended. */
enum status account_session(const struct app *app, struct arena *a, struct str login_token, struct session *out) MUST;
enum status account_sign_out(const struct app *app, struct arena *a, struct str login_token) MUST;
enum status account_language_set(const struct app *app, struct arena *a, struct str login_token, enum language l) MUST;
/* The actor that a login name stands for, in his first base: for the machine's operator, who could make a link as well. */
enum status account_actor(const struct app *app, struct arena *a, struct str login_name, struct actor *out) MUST;
/* The accounts to print links for: one of each role and side of a base, at most `most`. */
enum status account_list(const struct app *app, struct arena *a, int64_t base_id, struct rows *members) MUST;

#endif
