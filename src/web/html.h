/* The run-time half of the template compiler: escaping for each context. Called by compiled templates, which know the
 * context; nobody else should need more than struct safe_html. A value is never put into a page another way. */
#ifndef WEB_HTML_H
#define WEB_HTML_H

#include "core/date.h"
#include "web/page.h"

/* HTML that may stand in a page as it is. Made in exactly two places: the Markdown cleaner, and by rendering a
 * template into a buffer. */
struct safe_html {
    struct str html;
};

enum html_context {
    HTML_TEXT,      /* between tags */
    HTML_ATTRIBUTE, /* in double quotes */
    HTML_URL,       /* a whole address: relative, http, https or mailto; anything else becomes "#" */
    HTML_URL_PART   /* behind the begin of an address: percent-encoded */
};

/* A value of a template expression, whatever its C type. */
struct html_value {
    enum { HTML_VALUE_TEXT, HTML_VALUE_SAFE, HTML_VALUE_INT, HTML_VALUE_UINT } kind;
    struct str text;
    int64_t number;
};

static inline struct html_value html_of_str(struct str s)
{
    return (struct html_value){ .kind = HTML_VALUE_TEXT, .text = s };
}

static inline struct html_value html_of_z(const char *z)
{
    return (struct html_value){ .kind = HTML_VALUE_TEXT, .text = str_of(z) };
}

static inline struct html_value html_of_safe(struct safe_html s)
{
    return (struct html_value){ .kind = HTML_VALUE_SAFE, .text = s.html };
}

static inline struct html_value html_of_int(int64_t v)
{
    return (struct html_value){ .kind = HTML_VALUE_INT, .number = v };
}

static inline struct html_value html_of_uint(uint64_t v)
{
    return (struct html_value){ .kind = HTML_VALUE_UINT, .number = (int64_t)v };
}

/* HTML_T(x) makes a value of any type that may stand between tags, HTML_V(x) of those that may stand anywhere (the
 * short names leave the template's columns alone). Booleans and characters are left out on purpose: what they should
 * look like is not known here. */
#define HTML_KINDS_                                                                                                    \
    struct str : html_of_str,                                                                                          \
                 const char * : html_of_z,                                                                             \
                                char * : html_of_z,                                                                    \
                                         short : html_of_int,                                                          \
                                                 int : html_of_int,                                                    \
                                                       long : html_of_int,                                             \
                                                              long long : html_of_int,                                 \
                                                                          unsigned short : html_of_uint,               \
                                                                                           unsigned : html_of_uint,    \
                                                                                                      unsigned long    \
        : html_of_uint,                                                                                                \
          unsigned long long : html_of_uint
#define HTML_V(x) _Generic((x), HTML_KINDS_)(x)
#define HTML_T(x) _Generic((x), struct safe_html : html_of_safe, HTML_KINDS_)(x)
#define HTML_LITERAL(out, literal) buf_add((out), "" literal, sizeof(literal) - 1)

/* Appends the value, escaped for its context. Bytes that are no UTF-8 and control characters become U+FFFD. */
void html_put(struct buf *out, enum html_context context, struct html_value v);
/* Appends the sentence `id` in `lang`; {1}.. are filled from value[]; all of it escaped. Not for addresses. */
void html_put_message(struct buf *out, enum html_context context, enum lang lang, enum msg_id id, size_t n,
                      const struct html_value *value);
/* 2027-03-01; nothing for a number that is no date. */
void html_put_date(struct buf *out, date d);
/* 2027年3月1日, 1 March 2027; nothing for a number that is no date. */
void html_put_date_long(struct buf *out, enum lang lang, date d);
/* The hidden field that every form with method="post" carries; the template compiler puts it there. */
void html_put_csrf(struct buf *out, const struct page *p);

#endif
