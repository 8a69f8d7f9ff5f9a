/* The first start of an empty installation. */
#ifndef APP_FIRST_H
#define APP_FIRST_H

#include "app/account.h"

/* Whether there is no base yet; false also when the database can't be read. */
bool first_is_empty(const struct app *app, struct arena *a) MUST;
/* A new set-up link; earlier ones end. STATUS_CONFLICT: there is a base already. */
enum status first_link_make(const struct app *app, struct arena *a, struct str *token) MUST;
/* STATUS_OK while the link may be used. */
enum status first_link_check(const struct app *app, struct arena *a, struct str token) MUST;
/* Makes the two sides, the base and a person of each side; links[0] and links[1] are tokens of one-time sign-in links of
 * the university's and the hospital's. STATUS_NOT_FOUND: the link is none; STATUS_INPUT: errs say why. */
enum status first_setup(const struct app *app, struct arena *a, struct str token, const struct in_setup *in, struct errs *errs,
                        struct str links[2]) MUST;

#endif
