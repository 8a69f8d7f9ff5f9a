/* What the files of accounts share: tokens, audit entries of signing in, opening a login. Private to this room. */
#ifndef APP_ACCOUNT_PART_H
#define APP_ACCOUNT_PART_H

#include "app/account.h"

enum { TOKEN_BYTES = 32, TOKEN_HEX = 2 * TOKEN_BYTES };

/* 256 random bits in hex; the BLAKE2b digest of a token, in hex. */
struct str account_token_new(struct arena *a) MUST;
struct str account_token_digest(struct arena *a, struct str token) MUST;
/* One audit entry without details. */
enum status account_audit(const struct app *app, struct tx *t, const char *act, int64_t base_id, int64_t person_id,
                          const char *subject, int64_t subject_id, enum outcome outcome) MUST;
/* Opens a login within a transaction, by a password in the first place where the account may work, or by a link in its base. */
enum status account_login_open(const struct app *app, struct tx *t, const struct account *account, const struct link *link,
                               struct str agent, struct str *token) MUST;
/* Whether the login began by a link a short while ago: then a forgotten password may be set anew without the old one. */
bool account_login_is_fresh(const struct app *app, struct tx *t, struct str login_token) MUST;
/* Commits and clears *t, so that its cleanup has nothing left to do. */
enum status account_commit(struct tx **t) MUST;

/* How long this browser must wait before it may try a password of this sign-in name again, in seconds; 0 = not at all.
 * `client` names a known device or a block of addresses. */
enum status guard_wait(struct tx *t, int64_t now, struct str login_name, struct str client, bool is_known, int64_t *wait_s) MUST;
/* Notes a failure, or forgets them after a success. */
enum status guard_note(struct tx *t, int64_t now, struct str login_name, struct str client, bool failed) MUST;
/* The block an address belongs to: IPv4 /24, IPv6 /48. */
struct str guard_block(struct arena *a, struct str address) MUST;

#endif
