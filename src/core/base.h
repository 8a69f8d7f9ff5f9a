/* What every file may use: statuses, slices, checked arithmetic, attributes. No word of the domain. */
#ifndef CORE_BASE_H
#define CORE_BASE_H

#include <assert.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#define MUST __attribute__((warn_unused_result))
#define PRINTF_LIKE(fmt, args) __attribute__((format(printf, fmt, args)))
#define LEN(array) (sizeof(array) / sizeof((array)[0]))
#define MIN(a, b) ((a) < (b) ? (a) : (b))
#define MAX(a, b) ((a) > (b) ? (a) : (b))

/* Built with a sanitizer, which needs more of the system than the program itself. */
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define SANITIZED 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define SANITIZED 1
#endif
#endif
#ifndef SANITIZED
#define SANITIZED 0
#endif

/* The closed set of outcomes. Details of INPUT lie in a caller's struct errs. */
enum status {
    STATUS_OK = 0,
    STATUS_INPUT,           /* what was given is wrong; the caller's errs say where and why */
    STATUS_NOT_FOUND,       /* not there, or not the asker's: the same answer for both */
    STATUS_FORBIDDEN,       /* the asker is known and may not */
    STATUS_CONFLICT,        /* somebody else changed it meanwhile */
    STATUS_LIMIT,           /* a maximum of limits.def or of the caller was reached */
    STATUS_BUSY,            /* try again later: database locked, queue full */
    STATUS_CANCELLED,       /* the caller asked to stop */
    STATUS_IO,              /* file, socket or database failed; nothing was written */
    STATUS_UNKNOWN_OUTCOME, /* the commit's answer was lost: never repeat blindly */
    STATUS_MEMORY,          /* allocation failed */
    STATUS_RETRY,           /* the database asks to run the whole transaction again */
    STATUS_COUNT
};

/* A slice of bytes that somebody else owns; UTF-8 unless said otherwise; not terminated. */
struct str {
    const char *p;
    size_t n;
};

#define STR(literal) ((struct str){ "" literal, sizeof(literal) - 1 })
#define STR_ARG(s) (int)(s).n, (s).p /* for "%.*s"; s stands twice: no call that changes something */

static inline struct str str_of(const char *z)
{
    return (struct str){ z, z != NULL ? strlen(z) : 0 };
}

static inline bool str_eq(struct str a, struct str b)
{
    return a.n == b.n && (a.n == 0 || memcmp(a.p, b.p, a.n) == 0);
}

static inline bool str_is(struct str a, const char *z)
{
    return str_eq(a, str_of(z));
}

#endif
