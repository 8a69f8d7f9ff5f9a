/* What came over the socket -> struct req: path, parameters, cookies, forms, files. Strict: what is malformed is
 * refused with one clear answer, never guessed at. */
#include "web/http_part.h"

#include <stdlib.h>
#include <strings.h>
#include <sys/mman.h>

static bool fail(struct exchange *ex, int status, enum msg_id id)
{
    http_fail(&ex->resp, status, id, -1);
    return false;
}

static int hex_digit(char c)
{
    return c >= '0' && c <= '9'   ? c - '0'
           : c >= 'a' && c <= 'f' ? c - 'a' + 10
           : c >= 'A' && c <= 'F' ? c - 'A' + 10
                                  : -1;
}

static bool is_text(struct str s)
{
    return (s.n == 0 || memchr(s.p, '\0', s.n) == NULL) && utf8_valid(s, NULL);
}

/* Percent-decoding into the arena; false on a bad escape, a zero byte or what is no UTF-8. */
static bool decode(struct arena *a, struct str s, bool plus_is_space, struct str *out)
{
    char *p = arena_alloc(a, s.n + 1);
    size_t n = 0;
    for (size_t i = 0; i < s.n; i++) {
        char c = s.p[i];
        if (c == '%') {
            int high = i + 2 < s.n ? hex_digit(s.p[i + 1]) : -1, low = high >= 0 ? hex_digit(s.p[i + 2]) : -1;
            if (low < 0)
                return false;
            c = (char)(high << 4 | low);
            i += 2;
        } else if (c == '+' && plus_is_space) {
            c = ' ';
        }
        p[n++] = c;
    }
    assert(n <= s.n); /* what is decoded is never longer */
    *out = (struct str){ p, n };
    return is_text(*out);
}

static bool field_add(struct exchange *ex, struct http_fields *f, struct str name, struct str value)
{
    if (f->n >= LIMIT_http_fields)
        return fail(ex, 413, MSG_http_bad_request);
    *ARENA_PUSH(&ex->arena, f->item, f->n, f->cap) = (struct http_field){ name, value };
    return true;
}

static int by_name(const void *a, const void *b)
{
    const struct http_field *const *x = a, *const *y = b;
    return str_cmp((*x)->name, (*y)->name);
}

/* A name may stand twice only when it ends in [] (a group of checkboxes). */
static bool has_doubles(struct exchange *ex, const struct http_fields *f)
{
    if (f->n < 2)
        return false;
    const struct http_field **sorted = ARENA_ARRAY(&ex->arena, f->n, const struct http_field *);
    for (size_t i = 0; i < f->n; i++)
        sorted[i] = &f->item[i];
    qsort(sorted, f->n, sizeof *sorted, by_name);
    for (size_t i = 1; i < f->n; i++) {
        struct str name = sorted[i]->name;
        bool is_group = name.n > 2 && memcmp(name.p + name.n - 2, "[]", 2) == 0;
        if (!is_group && str_eq(name, sorted[i - 1]->name))
            return true;
    }
    return false;
}

static bool read_pairs(struct exchange *ex, struct str text, struct http_fields *out)
{
    while (text.n > 0) {
        struct str value = str_cut(&text, '&');
        if (value.n == 0)
            continue;
        struct str name = str_cut(&value, '=');
        if (!decode(&ex->arena, name, true, &name) || !decode(&ex->arena, value, true, &value))
            return fail(ex, 400, MSG_http_bad_encoding);
        if (!field_add(ex, out, name, value))
            return false;
    }
    return !has_doubles(ex, out) || fail(ex, 400, MSG_http_doubled);
}

bool http_read_target(struct exchange *ex)
{
    struct str rest = ex->raw_uri;
    struct str path = str_cut(&rest, '?');
    if (path.n == 0 || path.p[0] != '/' || !decode(&ex->arena, path, false, &ex->req.path))
        return fail(ex, 400, MSG_http_bad_encoding);
    ex->req.raw_query = rest;
    return read_pairs(ex, rest, &ex->req.query);
}

/* Cookies that we did not set may be anything: a malformed one is left out, the first of two counts. */
void http_read_cookies(struct exchange *ex, struct str header)
{
    while (header.n > 0) {
        struct str value = str_trim(str_cut(&header, ';'));
        struct str name = str_cut(&value, '=');
        if (name.n > 0 && ex->req.cookie.n < LIMIT_http_cookies)
            *ARENA_PUSH(&ex->arena, ex->req.cookie.item, ex->req.cookie.n, ex->req.cookie.cap) =
                (struct http_field){ name, value };
    }
}

static enum MHD_Result header_each(void *ctx, enum MHD_ValueKind kind, const char *key, size_t key_n, const char *value,
                                   size_t value_n)
{
    (void)kind;
    struct exchange *ex = ctx;
    struct str name = arena_str(&ex->arena, (struct str){ key, key_n });
    struct str text = arena_str(&ex->arena, (struct str){ value != NULL ? value : "", value != NULL ? value_n : 0 });
    *ARENA_PUSH(&ex->arena, ex->req.header.item, ex->req.header.n, ex->req.header.cap) =
        (struct http_field){ name, text };
    return MHD_YES;
}

static enum http_body body_kind(struct str type)
{
    static const struct {
        const char *name;
        enum http_body kind;
    } table[] = { { "application/x-www-form-urlencoded", HTTP_BODY_FORM },
                  { "multipart/form-data", HTTP_BODY_MULTIPART },
                  { "application/json", HTTP_BODY_JSON } };
    struct str name = str_trim(str_cut(&type, ';'));
    for (size_t i = 0; i < LEN(table); i++)
        if (name.n == strlen(table[i].name) && strncasecmp(name.p, table[i].name, name.n) == 0)
            return table[i].kind;
    return HTTP_BODY_NONE;
}

/* The address that the proxy saw: the last one in its header, if the request comes from that proxy. */
static struct str client_address(const struct exchange *ex)
{
    struct str peer = str_of(ex->link->address), forwarded = http_header(&ex->req, "X-Forwarded-For"), last = peer;
    if (ex->http->options.trusted_proxy == NULL || !str_is(peer, ex->http->options.trusted_proxy))
        return peer;
    while (forwarded.n > 0)
        last = str_trim(str_cut(&forwarded, ','));
    return last.n > 0 && last.n < sizeof ex->link->address ? last : peer;
}

bool http_read_headers(struct exchange *ex)
{
    static const char *const single[] = { "Content-Length", "Content-Type", "Host",  "Transfer-Encoding",
                                          "Authorization",  "Origin",       "Cookie" };
    int seen[LEN(single)] = { 0 };
    MHD_get_connection_values_n(ex->connection, MHD_HEADER_KIND, header_each, ex);
    for (size_t i = 0; i < ex->req.header.n; i++) {
        struct http_field *f = &ex->req.header.item[i];
        if (!is_text(f->value))
            return fail(ex, 400, MSG_http_bad_encoding);
        for (size_t k = 0; k < LEN(single); k++)
            if (f->name.n == strlen(single[k]) && strncasecmp(f->name.p, single[k], f->name.n) == 0 && ++seen[k] > 1)
                return fail(ex, 400, MSG_http_doubled);
    }
    struct str length = http_header(&ex->req, "Content-Length");
    bool is_chunked = http_header(&ex->req, "Transfer-Encoding").p != NULL;
    int64_t bytes = 0;
    if ((length.p != NULL && (is_chunked || !str_int(length, &bytes) || bytes < 0)) ||
        http_header(&ex->req, "Host").p == NULL)
        return fail(ex, 400, MSG_http_bad_request);
    http_read_cookies(ex, http_header(&ex->req, "Cookie"));
    ex->req.client = client_address(ex);
    if (bytes == 0 && !is_chunked)
        return true;
    if (bytes > 0 && (uint64_t)bytes > ex->body_most) {
        http_fail(&ex->resp, 413, MSG_http_too_large, (int64_t)ex->body_most / 1024);
        return false;
    }
    ex->req.body_kind = body_kind(http_header(&ex->req, "Content-Type"));
    return ex->req.body_kind != HTTP_BODY_NONE || fail(ex, 415, MSG_http_media_type);
}

/* ---- multipart (RFC 7578) ------------------------------------------------------------------------------- */

static void skip_past(struct str *rest, char sep)
{
    struct str skipped = str_cut(rest, sep);
    (void)skipped;
}

/* The value of a parameter such as name="..." in a header; false when it is malformed. .p NULL = not there. */
static bool parameter(struct exchange *ex, struct str header, const char *name, struct str *out)
{
    *out = (struct str){ NULL, 0 };
    size_t want = strlen(name);
    skip_past(&header, ';');
    while (header.n > 0) {
        header = str_trim(header);
        struct str key = str_trim(str_cut(&header, '='));
        struct buf value = buf_make(4096);
        bool is_quoted = header.n > 0 && header.p[0] == '"', is_closed = !is_quoted;
        size_t i = is_quoted;
        for (; i < header.n; i++) {
            is_closed |= is_quoted && header.p[i] == '"';
            if (header.p[i] == (is_quoted ? '"' : ';'))
                break;
            if (is_quoted && header.p[i] == '\\' && i + 1 < header.n &&
                (header.p[i + 1] == '"' || header.p[i + 1] == '\\'))
                i++;
            buf_char(&value, header.p[i]);
        }
        bool is_wanted = key.n == want && strncasecmp(key.p, name, want) == 0;
        bool is_right = is_closed && !value.failed && (!is_wanted || out->p == NULL);
        if (is_wanted && is_right)
            *out = arena_str(&ex->arena, buf_view(&value));
        buf_free(&value);
        if (!is_right)
            return false;
        header = (struct str){ header.p + i, header.n - i };
        skip_past(&header, ';');
    }
    return true;
}

/* The part's header by name, from its head (lines ended by CR LF). */
static struct str part_header(struct str head, const char *name)
{
    size_t want = strlen(name);
    while (head.n > 0) {
        struct str line = str_trim(str_cut(&head, '\n'));
        struct str key = str_cut(&line, ':');
        if (key.n == want && strncasecmp(key.p, name, want) == 0)
            return str_trim(line);
    }
    return (struct str){ NULL, 0 };
}

static bool read_part(struct exchange *ex, struct str part)
{
    const char *end = part.n > 0 ? memmem(part.p, part.n, "\r\n\r\n", 4) : NULL;
    if (end == NULL)
        return fail(ex, 400, MSG_http_bad_request);
    struct str head = { part.p, (size_t)(end - part.p) }, bytes = { end + 4, part.n - (size_t)(end - part.p) - 4 };
    struct str disposition = part_header(head, "Content-Disposition"), name, file;
    if (!is_text(head) || !str_starts(disposition, STR("form-data")))
        return fail(ex, 400, MSG_http_bad_encoding);
    if (!parameter(ex, disposition, "name", &name) || !parameter(ex, disposition, "filename", &file) || name.p == NULL)
        return fail(ex, 400, MSG_http_bad_request);
    if (file.p == NULL) {
        if (!is_text(bytes))
            return fail(ex, 400, MSG_http_bad_encoding);
        return field_add(ex, &ex->req.form, name, bytes);
    }
    if (file.n == 0 && bytes.n == 0)
        return true; /* a file control that was left empty */
    if (ex->req.files >= LIMIT_http_fields)
        return fail(ex, 413, MSG_http_bad_request);
    *ARENA_PUSH(&ex->arena, ex->req.file, ex->req.files, ex->req.files_cap) =
        (struct http_file){ name, file, part_header(head, "Content-Type"), bytes };
    return true;
}

static bool read_multipart(struct exchange *ex, struct str body)
{
    struct str boundary;
    if (!parameter(ex, http_header(&ex->req, "Content-Type"), "boundary", &boundary) || boundary.n == 0 ||
        boundary.n > 70)
        return fail(ex, 400, MSG_http_bad_request);
    struct str mark = arena_printf(&ex->arena, "\r\n--%.*s", STR_ARG(boundary));
    struct str first = { mark.p + 2, mark.n - 2 };
    if (!str_starts(body, first))
        return fail(ex, 400, MSG_http_bad_request);
    struct str rest = { body.p + first.n, body.n - first.n };
    while (!str_starts(rest, STR("--"))) {
        if (!str_starts(rest, STR("\r\n")))
            return fail(ex, 400, MSG_http_bad_request);
        rest = (struct str){ rest.p + 2, rest.n - 2 };
        const char *end = memmem(rest.p, rest.n, mark.p, mark.n);
        if (end == NULL)
            return fail(ex, 400, MSG_http_bad_request);
        struct str part = { rest.p, (size_t)(end - rest.p) };
        if (!read_part(ex, part))
            return false;
        rest = (struct str){ end + mark.n, rest.n - part.n - mark.n };
    }
    return !has_doubles(ex, &ex->req.form) || fail(ex, 400, MSG_http_doubled);
}

bool http_read_body(struct exchange *ex)
{
    if (ex->body_seen > ex->body_most) {
        http_fail(&ex->resp, 413, MSG_http_too_large, (int64_t)ex->body_most / 1024);
        return false;
    }
    struct str body = buf_view(&ex->body);
    if (ex->body.failed)
        return fail(ex, 503, MSG_http_busy);
    if (ex->spool_fd >= 0 && ex->body_seen > 0) {
        ex->spool_map = mmap(NULL, ex->body_seen, PROT_READ, MAP_PRIVATE, ex->spool_fd, 0);
        if (ex->spool_map == MAP_FAILED) {
            ex->spool_map = NULL;
            return fail(ex, 503, MSG_http_busy);
        }
        body = (struct str){ ex->spool_map, ex->body_seen };
    }
    ex->req.body = body;
    switch (ex->req.body_kind) {
    case HTTP_BODY_FORM:
        return read_pairs(ex, body, &ex->req.form);
    case HTTP_BODY_MULTIPART:
        return read_multipart(ex, body);
    case HTTP_BODY_JSON:
    case HTTP_BODY_NONE:
        return true;
    }
    return true;
}
