/* Collecting what does not hold: one list for a whole call, bounded, with pointers into the file looked at. */
#ifndef CHECK_NOTES_H
#define CHECK_NOTES_H

#include "check/check.h"
#include "core/json.h"

struct check_notes {
    struct arena *a;
    enum check_file in;
    size_t most;
    struct check_found *item;
    size_t n, cap, total, hard;
};

struct check_notes check_notes_make(struct arena *a, enum check_file in, const struct check_options *o);
/* Counts one finding and returns it for more detail (a scratch one when the list is full); `at` may be NULL. */
struct check_found *check_note(struct check_notes *n, enum check_rule rule, const struct json *at);
/* The same with what was found (NULL: as the value `at` reads) and what is allowed. */
struct check_found *check_note_text(struct check_notes *n, enum check_rule rule, const struct json *at, const char *found,
                                    const char *allowed);
/* Sets both numbers and their texts. */
void check_note_numbers(struct check_notes *n, struct check_found *f, int64_t found, int64_t allowed);
/* Sets `object` with its id, clause and why. */
void check_note_object(struct check_notes *n, struct check_found *f, const struct json *object);
void check_notes_give(const struct check_notes *n, struct check_result *r);
/* How a value reads in a sentence. */
struct str check_json_text(struct arena *a, const struct json *v) MUST;

#endif
