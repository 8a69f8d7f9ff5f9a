/* JSON: a strict reader into a tree (RFC 8259; UTF-8 checked; doubled keys, depth and size refused), and escaping
 * for writers. Numbers are kept as text; integers of 64 bits are read. */
#ifndef CORE_JSON_H
#define CORE_JSON_H

#include "core/text.h"

enum json_type { JSON_NULL, JSON_BOOL, JSON_INT, JSON_REAL, JSON_TEXT, JSON_LIST, JSON_OBJECT };

struct json {
    enum json_type type;
    bool is_true;        /* JSON_BOOL */
    int32_t index;       /* place in the parent's list or object, 0-based */
    uint32_t n;          /* children of a list or object */
    int64_t number;      /* JSON_INT */
    struct str text;     /* JSON_TEXT: decoded; JSON_INT, JSON_REAL: as written */
    struct str key;      /* in an object: decoded */
    struct json *parent, *child, *next;
};

enum json_fault {
    JSON_FAULT_NONE,
    JSON_FAULT_SYNTAX,  /* what was found at line, column */
    JSON_FAULT_UTF8,
    JSON_FAULT_DOUBLED, /* a key stands twice in one object */
    JSON_FAULT_DEPTH,
    JSON_FAULT_MEMORY
};

struct json_error {
    enum json_fault fault;
    int64_t line, column; /* 1-based, in bytes */
    size_t offset;
    struct str path;      /* RFC 6901 pointer of the innermost value being read */
    const char *expected; /* of a syntax fault: what would be allowed, e.g. "a value", "',' or ']'" */
};

enum { JSON_DEPTH_MOST = 512 }; /* a proof by cases nests as deeply as it has cases */

/* Reads one value and nothing after it but white space. The tree lies in `a` and points into it, not into `bytes`.
 * NULL on a fault, which *error describes. Uses arena_try: a full arena is JSON_FAULT_MEMORY, never an abort. */
struct json *json_read(struct arena *a, struct str bytes, struct json_error *error) MUST;
/* The member of an object, or NULL. */
const struct json *json_get(const struct json *object, const char *key) MUST;
/* RFC 6901 pointer of the value from the root; "" for the root. */
struct str json_path(struct arena *a, const struct json *at) MUST;

/* A copy of a tree with a JSON Patch applied (RFC 6902: add, remove, replace, test), in `a`. NULL where an operation can't be
 * applied: *failed is the first. */
struct json *json_patch(struct arena *a, const struct json *root, const struct json *change, const struct json **failed) MUST;
/* Appends the value on one line: keys in their order, numbers as they were written. */
void json_put(struct buf *b, const struct json *v);
/* Appends "text" with quotes and escapes: control characters, quote, backslash; < > & and U+2028/9 as \u
 * so that it may stand in a page. Invalid UTF-8 becomes U+FFFD. */
void json_put_text(struct buf *b, struct str s);

#endif
