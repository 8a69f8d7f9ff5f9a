/* Every sentence in Chinese and English, side by side; a missing language does not compile.
 * Holds no logic but filling {1} {2} {3}. */
#ifndef MSG_MSG_H
#define MSG_MSG_H

#include "core/err.h"
#include "core/text.h"

enum lang { LANG_ZH, LANG_EN, LANG_COUNT };

/* The sentence of `id` in `lang` with its placeholders unfilled; zero-terminated; static. */
const char *msg_text(enum msg_id id, enum lang lang) MUST;
/* The name of the id as written in the .def file, for tests and JSON. */
const char *msg_name(enum msg_id id) MUST;
/* The id of that name; MSG_none where there is none. */
enum msg_id msg_find(struct str name) MUST;
/* Appends the sentence with {1}.. filled by arg[0].. (not escaped). */
void msg_put(struct buf *b, enum msg_id id, enum lang lang, const struct str *arg, size_t n);
/* The sentence of an input error, in an arena. */
struct str msg_err(struct arena *a, const struct err *e, enum lang lang) MUST;

#endif
