/* The records engine: what a field is, and everything that follows from its one line in a .def file: the struct member,
 * the column, reading from form and JSON with an error per field, writing JSON, the audit difference, the schema.
 * A .def holds no condition: an "if" is a function in rules. The same engine serves inputs of use cases and view rows. */
#ifndef RECORDS_RECORD_H
#define RECORDS_RECORD_H

#include "core/date.h"
#include "core/err.h"
#include "core/json.h"

/* The closed list of kinds. TEXT, LINES, BYTES and JSON are struct str members, all others int64_t. */
enum kind {
    KIND_ID,    /* this record's own number; 0 = not stored yet */
    KIND_REF,   /* id of another record; NONE = none */
    KIND_INT,
    KIND_BOOL,  /* 0, 1 */
    KIND_DATE,  /* day number (core/date.h) */
    KIND_WEEK,  /* day number of a Monday */
    KIND_TIME,  /* UTC seconds since 1970 */
    KIND_ENUM,  /* place in its list of names */
    KIND_TEXT,  /* one line */
    KIND_LINES, /* several lines */
    KIND_JSON,  /* opaque JSON text */
    KIND_BYTES, /* opaque; never in forms, JSON or audit */
    KIND_COUNT
};

/* No value, of the kinds stored as int64_t; SQL NULL. */
#define NONE INT64_MIN

/* Who may see a field at all (SECURITY.md section 5). */
enum field_class { CLASS_PUBLIC, CLASS_INTERNAL, CLASS_PERSONAL, CLASS_SENSITIVE, CLASS_SECRET };

enum field_flag {
    FIELD_REQUIRED = 1,
    FIELD_READONLY = 2, /* never taken from a form or a request */
};

struct enum_item {
    const char *name;    /* in JSON, CSV and the URL */
    enum msg_id label;
};

struct enum_list {
    const char *name;
    const struct enum_item *item;
    int n;
};

struct field {
    const char *name;
    enum msg_id label;
    enum kind kind;
    enum field_class class;
    size_t offset;
    int64_t least, most;           /* INT; for TEXT and LINES `most` is the greatest number of characters */
    const struct enum_list *names; /* ENUM */
    const char *ref;               /* REF: the record's name */
    unsigned flags;
    enum msg_id hint;              /* what a form says below the field, or MSG_none */
};

struct record {
    const char *name;
    size_t size; /* of the struct */
    const struct field *field;
    int n;
};

static inline bool kind_is_text(enum kind k)
{
    return k >= KIND_TEXT;
}

/* Access by descriptor. `rec` points to a struct of that record. */
int64_t *field_int(const struct field *f, void *rec) MUST;
struct str *field_text(const struct field *f, void *rec) MUST;
int64_t field_int_of(const struct field *f, const void *rec) MUST;
struct str field_text_of(const struct field *f, const void *rec) MUST;
const struct field *record_field(const struct record *r, struct str name) MUST;
/* A struct of the record with every int64_t member NONE (ID: 0) and every text empty. */
void *record_new(struct arena *a, const struct record *r) MUST;

/* Takes one value given as text; an empty text is NONE. Wrong: adds an error at f->name, returns false, leaves rec. */
bool field_take(const struct field *f, void *rec, struct str text, struct errs *errs);
/* Appends the value as text: dates ISO, enums by name, nothing for NONE. Reads back by field_take. */
void field_put(struct buf *b, const struct field *f, const void *rec);

/* Values by name from a form: returns false when the form has no such field. */
typedef bool record_lookup_fn(void *ctx, const char *name, struct str *out);
/* Fills every field that is not read-only from a form; adds all errors, FIELD_REQUIRED ones included.
 * A BOOL that the form lacks is 0; any other field that it lacks keeps its value. */
bool record_from_form(const struct record *r, void *rec, record_lookup_fn *lookup, void *ctx, struct errs *errs);
/* The same from a JSON object; unknown and read-only keys are errors. */
bool record_from_json(const struct record *r, void *rec, const struct json *object, struct errs *errs);
/* Appends the record as one JSON object; fields of a class above `most` are left out, BYTES always. */
void record_put_json(struct buf *b, const struct record *r, const void *rec, enum field_class most);
/* A digest of all fields but "version": whether a record still says what it said. Tells accidents apart, not attackers. */
uint64_t record_digest(const struct record *r, const void *rec) MUST;
/* Appends {"field": [old, new], ...} of what differs; SENSITIVE and SECRET values stand as "changed".
 * `old` may be NULL (everything is new). Returns the number of differing fields. */
int record_put_diff(struct buf *b, const struct record *r, const void *old, const void *now);
/* Appends the OpenAPI 3.1 schema object of the record. `writable` leaves read-only fields out. */
void record_put_schema(struct buf *b, const struct record *r, bool writable);

#endif
