/* Which keys an object may have, which it must, of what type and range: tables, and one walker that notes every deviation.
 * Names and meanings are looked up elsewhere. */
#ifndef CHECK_SHAPE_H
#define CHECK_SHAPE_H

#include "check/notes.h"

enum check_kind {
    KIND_TEXT,
    KIND_INT, /* least..most */
    KIND_BOOL,
    KIND_MONDAY,
    KIND_OBJECT,
    KIND_LIST,  /* at least `least` entries of shape `of` */
    KIND_TABLE, /* an object of free keys, each value of shape `of` */
    KIND_EITHER /* `choose` says which shape */
};

struct check_shape;
struct check_field {
    const char *key;
    bool must;
    const struct check_shape *is;
};
struct check_shape {
    enum check_kind kind;
    int64_t least, most;
    const struct check_shape *of;
    const struct check_field *field;
    size_t fields;
    const struct check_shape *(*choose)(const struct json *v); /* NULL: of no allowed type */
    const char *allowed;                                       /* said then */
};

#define SHAPE_INT(least, most) (&(const struct check_shape){ KIND_INT, (least), (most), NULL, NULL, 0, NULL, NULL })
#define SHAPE_LIST(least, of) (&(const struct check_shape){ KIND_LIST, (least), 0, (of), NULL, 0, NULL, NULL })
#define SHAPE_TABLE(of) (&(const struct check_shape){ KIND_TABLE, 0, 0, (of), NULL, 0, NULL, NULL })
#define SHAPE_OBJECT(name, ...)                                        \
    static const struct check_field name##_fields[] = { __VA_ARGS__ }; \
    static const struct check_shape name = { KIND_OBJECT, 0, 0, NULL, name##_fields, LEN(name##_fields), NULL, NULL }

extern const struct check_shape check_shape_text, check_shape_bool, check_shape_monday;
extern const struct check_shape check_shape_problem, check_shape_plan;

/* Notes every value of v that is not as s says. */
void check_shape_walk(struct check_notes *n, const struct json *v, const struct check_shape *s);
/* Reads bytes and walks them; NULL (fault noted) where they are no JSON at all. A full arena leaves by a->full. */
const struct json *check_shape_read(struct check_notes *n, struct str bytes, const struct check_shape *s) MUST;

/* Reading values that the walker found good (or that may be absent). */
int64_t check_int(const struct json *object, const char *key, int64_t missing) MUST;
bool check_bool(const struct json *object, const char *key, bool missing) MUST;
struct str check_text(const struct json *object, const char *key) MUST;
/* The first entry of a list, NULL when there is none; *n: how many. */
const struct json *check_list(const struct json *object, const char *key, int *n);

#endif
