/* What a server does beside its requests, on a thread of its own: marks the installation as being served (app/resume.h), and
 * once a second notes when logins were last seen, so that no
 * page writes. What it holds when the process dies (a second's worth) is lost, and costs nobody more than an earlier end of
 * an idle login. */
#ifndef APP_KEEPER_H
#define APP_KEEPER_H

#include "app/app.h"

/* NULL without memory. */
struct keeper *keeper_start(const struct app *app) MUST;
/* Writes what is left, ends the thread and frees. */
void keeper_stop(struct keeper *k);
/* Notes that a login was seen at `now` (UTC seconds); forgets it when 256 others of this second are noted already. */
void keeper_saw(struct keeper *k, int64_t login_id, int64_t now);

#endif
