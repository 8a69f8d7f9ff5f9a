/* What the sentences of an explanation are made of: names, numbers of things, weeks, lists. Internal to explain*.c and trial*.c. */
#ifndef APP_EXPLAIN_WORDS_H
#define APP_EXPLAIN_WORDS_H

#include "app/explain.h"
#include "core/date.h"
#include "core/json.h"

struct explain_ctx {
    struct arena *a;
    enum lang lang;
    explain_name_fn *name;
    void *name_ctx;
    const struct json *problem, *plan;
    date first; /* of the horizon */
    int64_t weeks;
};

/* The sentence with up to 5 arguments filled in; unused ones are empty texts. */
struct str explain_say(const struct explain_ctx *x, enum msg_id id, struct str a1, struct str a2, struct str a3, struct str a4,
                       struct str a5) MUST;
#define NO_ARG STR("")
#define SAY1(x, id, a1) explain_say(x, id, a1, NO_ARG, NO_ARG, NO_ARG, NO_ARG)
#define SAY2(x, id, a1, a2) explain_say(x, id, a1, a2, NO_ARG, NO_ARG, NO_ARG)
#define SAY3(x, id, a1, a2, a3) explain_say(x, id, a1, a2, a3, NO_ARG, NO_ARG)

struct str explain_number(const struct explain_ctx *x, int64_t n) MUST;
/* "1 week", "2 weeks": the message for one, the message for n. */
struct str explain_count_of(const struct explain_ctx *x, enum msg_id one, enum msg_id many, int64_t n) MUST;
#define WEEKS(x, n) explain_count_of(x, MSG_explain_weeks_one, MSG_explain_weeks_many, n)
#define STUDENTS(x, n) explain_count_of(x, MSG_explain_students_one, MSG_explain_students_many, n)
#define SEATS(x, n) explain_count_of(x, MSG_explain_seats_one, MSG_explain_seats_many, n)
struct str explain_noun(const struct explain_ctx *x, enum explain_noun noun, struct str code, struct str within) MUST;
/* "a, b and c"; of more than `most`, the first and how many more, counted by `more` (a message; 0 where all are shown). */
struct str explain_list(const struct explain_ctx *x, size_t n, const struct str *item, size_t most, enum msg_id more) MUST;
/* A list of codes as names. */
struct str explain_nouns(const struct explain_ctx *x, enum explain_noun noun, const struct json *codes, size_t most) MUST;
/* Who: up to three by name, more by number. */
struct str explain_who(const struct explain_ctx *x, const struct json *students) MUST;
/* "week 8", "weeks 5 to 8"; weeks are counted from 0. */
struct str explain_weeks(const struct explain_ctx *x, int64_t from, int64_t weeks) MUST;
/* "weeks 1 to 3, 5 and 8 to 10". */
struct explain_run {
    int64_t from, weeks;
};
struct str explain_week_list(const struct explain_ctx *x, size_t n, const struct explain_run *run) MUST;
/* The same with the date on which they begin. */
struct str explain_weeks_dated(const struct explain_ctx *x, int64_t from, int64_t weeks) MUST;
struct str explain_bracket(const struct explain_ctx *x, struct str text, struct str inside) MUST;
struct str explain_join(const struct explain_ctx *x, struct str a, struct str b) MUST; /* either may be empty */

/* ---- the problem as JSON */
/* A member of an object; NULL where there is no object or no member. */
const struct json *explain_get(const struct json *object, const char *key) MUST;
struct str explain_text(const struct json *object, const char *key) MUST;
int64_t explain_int(const struct json *object, const char *key, int64_t missing) MUST;
/* Calendar week of a Monday, counted from the first; -1: no date there. */
int64_t explain_week_of(const struct explain_ctx *x, const struct json *object, const char *key) MUST;
const struct json *explain_at(const struct json *list, int64_t index) MUST;
/* The entry of the problem's list with this id (NULL: none); what an RFC 6901 pointer leads to. */
const struct json *explain_find(const struct json *list, struct str id) MUST;
const struct json *explain_pointer(const struct json *root, struct str pointer) MUST;
/* Seats of a department in a week: what the problem says, or NO_SEATS_LIMIT; with facts only those among them count. */
#define NO_SEATS_LIMIT INT64_MAX
int64_t explain_seats(const struct explain_ctx *x, const struct json *department, int64_t week, const struct json *facts) MUST;
bool explain_closed(const struct explain_ctx *x, int64_t week) MUST;

/* ---- one operation of a patch */
struct explain_fix {
    const struct explain_ctx *x;
    const struct json *op, *value;
    int64_t n[4]; /* numbers in its path, in order */
    struct str path;
};
/* Whether the operation's path has this form, "#" standing for a number (or "-"); fills n. */
bool explain_path_is(struct explain_fix *f, const char *form) MUST;
/* What it changes, as a sentence; one that is not known is told by its path. */
struct str explain_op(struct explain_fix *f) MUST;

/* ---- the parts */
struct explained_fact explain_fact(const struct explain_ctx *x, const struct json *fact) MUST;         /* explain_fact.c */
struct str explain_summary(const struct explain_ctx *x, const struct json *conflict) MUST;             /* explain_summary.c */
struct str explain_operation(const struct explain_ctx *x, const struct json *op) MUST;                 /* of a repair's patch */
struct explained_repair explain_repair(const struct explain_ctx *x, const struct json *repair) MUST;   /* explain_repair.c */

#endif
