/* Forms of pages laid out by hand: controls from field descriptors, posting to a use case, showing again what was posted.
 * Used beside page_manage.c, which lays out whole records by itself. */
#ifndef WEB_FORM_H
#define WEB_FORM_H

#include "web/ctx.h"
#include "web/views.h"

/* What was posted and refused: the form of this use case and target shows it again, with its errors. */
struct posted {
    const char *usecase; /* NULL: nothing */
    int64_t id;
    const void *in;
};

struct form {
    struct ctx *c;
    const struct record *r; /* the use case's input */
    const void *rec;
    const char *prefix; /* of the controls' ids, unlike any other form's of the page */
    bool is_posted;     /* errors are this form's */
};

/* A form of a use case for a target (0: a new one), showing `rec` (NULL: empty) or what was posted to it. */
struct form form_make(struct ctx *c, const struct posted *posted, const char *usecase, int64_t id, const void *rec) MUST;
/* The control of a field. A reference becomes an empty choice, to be filled by form_choose. */
struct control form_control(const struct form *f, const char *name) MUST;
/* Makes a control a choice among rows of a record with id and name_zh, name_en (or name). */
void form_choose(const struct form *f, struct control *ctl, const struct record *row, const struct rows *rows);
/* The errors that belong to no field of the form, as one text; empty when there is none. */
struct str form_error(struct ctx *c) MUST;

/* Runs a use case with what the form posted ("id" and "version" name the target). STATUS_INPUT: *posted is what to show. */
enum status form_run(struct ctx *c, const char *usecase, struct posted *posted, struct call *call) MUST;

/* What the last word of a page's address may ask for. */
struct form_act {
    const char *word, *usecase;
};
/* The use case of a word; NULL where none is meant. */
const char *form_act(const struct form_act *acts, size_t n, struct str word) MUST;
/* form_run for the act that c->word[1] names; STATUS_NOT_FOUND where none is meant. */
enum status form_run_act(struct ctx *c, const struct form_act *acts, size_t n, struct posted *posted, struct call *call) MUST;
/* Answers an act that went well, by leading to `back`, or failed; false: it was refused (422 is set), and the caller shows its
 * page again. */
bool form_answered(struct ctx *c, enum status st, struct str back) MUST;
/* Row of a list with this id, or NULL. */
const void *form_row(const struct record *r, const struct rows *rows, int64_t id) MUST;
/* The two names of a row by the page's language, or its name. */
struct str form_name(const struct ctx *c, const struct record *r, const void *row) MUST;
/* "PREFIXnumber" for every field of the form that begins so and has a value: the numbers with a comma between. */
struct str form_ticked(struct ctx *c, const char *prefix) MUST;

#endif
