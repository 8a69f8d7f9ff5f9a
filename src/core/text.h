/* Text: a growing buffer with a maximum, UTF-8, numbers from text, small helpers on slices. */
#ifndef CORE_TEXT_H
#define CORE_TEXT_H

#include "core/arena.h"

/* A growing byte buffer. Grows by realloc; past max_bytes (or without memory) it keeps what it has and sets failed;
 * so a writer checks once, at the end. */
struct buf {
    char *p;
    size_t n, cap, max_bytes;
    bool failed;
};

struct buf buf_make(size_t max_bytes);
void buf_free(struct buf *b);
void buf_reset(struct buf *b); /* n = 0, memory kept */
void buf_add(struct buf *b, const char *p, size_t n);
void buf_str(struct buf *b, struct str s);
void buf_z(struct buf *b, const char *z);
void buf_char(struct buf *b, char c);
void buf_int(struct buf *b, int64_t v);
void buf_printf(struct buf *b, const char *fmt, ...) PRINTF_LIKE(2, 3);
/* The bytes so far; always followed by a zero byte that n does not count. */
struct str buf_view(const struct buf *b);

/* Length in bytes of the valid UTF-8 sequence at p (n bytes left), 0 where there is none
 * (overlong forms, surrogates and beyond U+10FFFF are none). Writes the code point. */
size_t utf8_next(const char *p, size_t n, uint32_t *code) MUST;
/* Whether all of s is valid UTF-8; else *bad_at is the offset of the first wrong byte. */
bool utf8_valid(struct str s, size_t *bad_at) MUST;
/* Appends the code point as UTF-8. */
void buf_utf8(struct buf *b, uint32_t code);
/* Number of code points of valid UTF-8. */
size_t utf8_count(struct str s) MUST;

/* The whole of s as a decimal integer with optional minus; false on anything else or overflow. */
bool str_int(struct str s, int64_t *out) MUST;
/* Without white space at both ends (ASCII, U+3000, U+00A0, U+FEFF). */
struct str str_trim(struct str s) MUST;
/* Cuts *rest at the first `sep`: returns what is before, *rest what is after (empty when there is none). */
struct str str_cut(struct str *rest, char sep) MUST;
bool str_starts(struct str s, struct str prefix) MUST;
/* Takes a word off the beginning of *s, where it stands there; of several, the first that does. Returns whether one did. */
bool str_skip(struct str *s, const char *word);
bool str_skip_any(struct str *s, const char *const *words, size_t n);
/* Whether a spreadsheet program would take the text for a formula: behind any number of ' it begins with = + - @ (also in full
 * width), tab or CR. Table files going out get one more ' before it, which is taken away on the way in. */
bool str_is_formula(struct str s) MUST;
/* Byte order, shorter first on a common prefix: <0, 0, >0. */
int str_cmp(struct str a, struct str b) MUST;

#endif
