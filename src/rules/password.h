/* What a password must not be: guessed within the first thousands of tries. Length is asked by code points (core/limits.def). */
#ifndef RULES_PASSWORD_H
#define RULES_PASSWORD_H

#include "core/ids.h"
#include "core/text.h"

/* Who chooses it: what others know of him anyway. Empty texts say nothing. */
struct password_owner {
    struct str login_name, name, name_en, mail, phone;
    struct str reading; /* of the name, as pinyin_key makes it: "zhou min ..." */
};

/* MSG_none, or why it is refused. The password is at most LIMIT_password_most code points of UTF-8; anything else is refused
 * for its length. */
enum msg_id rules_password(struct str password, const struct password_owner *who) MUST;

#endif
