/* Escaping for text, attributes and addresses. See html.h. */
#include "web/html.h"

#include <strings.h>

/* Which bytes end a run that can be copied as it is. */
static bool is_plain(unsigned char c)
{
    return c >= ' ' && c < 0x7F && c != '&' && c != '<' && c != '>' && c != '"' && c != '\'';
}

static const char *entity(char c)
{
    switch (c) {
    case '&':
        return "&amp;";
    case '<':
        return "&lt;";
    case '>':
        return "&gt;";
    case '"':
        return "&#34;";
    case '\'':
        return "&#39;";
    default:
        return NULL;
    }
}

static void put_escaped(struct buf *out, struct str s)
{
    size_t i = 0;
    while (i < s.n) {
        size_t from = i;
        while (i < s.n && is_plain((unsigned char)s.p[i]))
            i++;
        buf_add(out, s.p + from, i - from);
        if (i == s.n)
            return;
        const char *name = entity(s.p[i]);
        uint32_t code = 0;
        size_t len = utf8_next(s.p + i, s.n - i, &code);
        bool is_control = (code < ' ' && code != '\t' && code != '\n' && code != '\r') || (code >= 0x7F && code < 0xA0);
        if (name != NULL)
            buf_z(out, name);
        else if (len == 0 || is_control)
            buf_z(out, "\xEF\xBF\xBD");
        else
            buf_add(out, s.p + i, len);
        i += MAX(len, (size_t)1);
    }
}

static void put_percent(struct buf *out, unsigned char c)
{
    static const char hex[] = "0123456789ABCDEF";
    char code[3] = { '%', hex[c >> 4], hex[c & 15] };
    buf_add(out, code, sizeof code);
}

static bool is_unreserved(unsigned char c)
{
    return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == '-' || c == '.' ||
           c == '_' || c == '~';
}

static void put_url_part(struct buf *out, struct str s)
{
    for (size_t i = 0; i < s.n; i++) {
        unsigned char c = (unsigned char)s.p[i];
        if (is_unreserved(c))
            buf_char(out, (char)c);
        else
            put_percent(out, c);
    }
}

/* Relative, or with a scheme of the white list. Browsers drop tabs and newlines before they look for a scheme, so an
 * address with control characters is none. */
static bool is_safe_url(struct str s)
{
    static const char *const schemes[] = { "http", "https", "mailto" };
    for (size_t i = 0; i < s.n; i++)
        if ((unsigned char)s.p[i] < ' ' || s.p[i] == 0x7F)
            return false;
    size_t n = 0;
    while (n < s.n && memchr(":/?#\\", s.p[n], 5) == NULL)
        n++;
    if (n == s.n || s.p[n] != ':')
        return true;
    for (size_t i = 0; i < LEN(schemes); i++)
        if (n == strlen(schemes[i]) && strncasecmp(s.p, schemes[i], n) == 0)
            return true;
    return false;
}

static void put_url(struct buf *out, struct str s)
{
    if (!is_safe_url(s)) {
        buf_char(out, '#');
        return;
    }
    for (size_t i = 0; i < s.n; i++) {
        unsigned char c = (unsigned char)s.p[i];
        if (c == '&')
            buf_z(out, "&amp;");
        else if (is_unreserved(c) || memchr(":/?#[]@!$()*+,;=%", c, 17) != NULL)
            buf_char(out, (char)c);
        else
            put_percent(out, c);
    }
}

void html_put(struct buf *out, enum html_context context, struct html_value v)
{
    switch (v.kind) {
    case HTML_VALUE_INT:
        buf_int(out, v.number);
        return;
    case HTML_VALUE_UINT:
        buf_printf(out, "%llu", (unsigned long long)v.number);
        return;
    case HTML_VALUE_SAFE:
        assert(context == HTML_TEXT);
        buf_str(out, v.text);
        return;
    case HTML_VALUE_TEXT:
        break;
    }
    if (context == HTML_URL)
        put_url(out, v.text);
    else if (context == HTML_URL_PART)
        put_url_part(out, v.text);
    else
        put_escaped(out, v.text);
}

void html_put_message(struct buf *out, enum html_context context, enum lang lang, enum msg_id id, size_t n,
                      const struct html_value *value)
{
    assert(context == HTML_TEXT || context == HTML_ATTRIBUTE);
    const char *from = msg_text(id, lang), *p = from;
    for (; *p != '\0'; p++) {
        if (p[0] != '{' || p[1] < '1' || p[1] > '9' || p[2] != '}')
            continue;
        put_escaped(out, (struct str){ from, (size_t)(p - from) });
        size_t at = (size_t)(p[1] - '1');
        if (at < n)
            html_put(out, context, value[at]);
        p += 2;
        from = p + 1;
    }
    put_escaped(out, str_of(from));
}

void html_put_date(struct buf *out, date d)
{
    char z[DATE_TEXT_BYTES];
    if (d >= DATE_LEAST && d <= DATE_MOST)
        buf_z(out, date_text(d, z));
}

void html_put_date_long(struct buf *out, enum lang lang, date d)
{
    assert(lang < LANG_COUNT);
    static const char *const month[] = { "January", "February", "March",     "April",   "May",      "June",
                                         "July",    "August",   "September", "October", "November", "December" };
    if (d < DATE_LEAST || d > DATE_MOST)
        return;
    struct ymd r = date_ymd(d);
    if (lang == LANG_ZH)
        buf_printf(out, "%d年%d月%d日", r.year, r.month, r.day);
    else
        buf_printf(out, "%d %s %d", r.day, month[r.month - 1], r.year);
}

void html_put_csrf(struct buf *out, const struct page *p)
{
    HTML_LITERAL(out, "<input type=\"hidden\" name=\"csrf\" value=\"");
    put_escaped(out, p->csrf);
    HTML_LITERAL(out, "\">");
}
