/* What a start finds of the last run, and tells: in the log, in the audit trail, and to whom it concerns. */
#ifndef APP_RESUME_H
#define APP_RESUME_H

#include "app/app.h"

/* A line on stderr about jobs that were being worked on when the last worker ended, if there are any. */
void resume_say(const struct app *app);
/* A job just taken: if it was interrupted, an audit entry and a notice to who ordered it. One that was interrupted too often
 * is ended as failed instead: *given_up. */
enum status resume_note(const struct app *app, const struct job *job, bool *given_up) MUST;
/* Marks the installation as being served. When the last run did not end in order: a line on stderr and an audit entry. */
enum status resume_begin(const struct app *app) MUST;
/* Marks an end in order. */
enum status resume_end(const struct app *app) MUST;

#endif
