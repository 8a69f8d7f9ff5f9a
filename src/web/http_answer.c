/* Helpers of a handler: looking up what came, and filling the answer. */
#include "web/http_part.h"

#include "web/html.h"

#include <strings.h>

struct str http_field(const struct http_fields *f, const char *name)
{
    for (size_t i = 0; i < f->n; i++)
        if (str_is(f->item[i].name, name))
            return f->item[i].value;
    return (struct str){ NULL, 0 };
}

struct str http_header(const struct req *req, const char *name)
{
    size_t n = strlen(name);
    for (size_t i = 0; i < req->header.n; i++)
        if (req->header.item[i].name.n == n && strncasecmp(req->header.item[i].name.p, name, n) == 0)
            return req->header.item[i].value;
    return (struct str){ NULL, 0 };
}

bool http_is_foreign(const struct req *req)
{
    struct str site = http_header(req, "Sec-Fetch-Site"), origin = http_header(req, "Origin");
    if (site.p != NULL)
        return !str_is(site, "same-origin") && !str_is(site, "none");
    if (origin.p == NULL || str_is(origin, "null"))
        return false;
    struct str scheme = req->is_secure ? STR("https://") : STR("http://");
    return !str_starts(origin, scheme) ||
           !str_eq((struct str){ origin.p + scheme.n, origin.n - scheme.n }, http_header(req, "Host"));
}

static size_t strspn_of(struct str s, const char *any)
{
    size_t n = 0;
    while (n < s.n && strchr(any, s.p[n]) != NULL)
        n++;
    return n;
}

/* Accept-Encoding: a list of names, each with an optional weight; a weight of 0 refuses. */
bool http_takes_gzip(const struct req *req)
{
    struct str list = http_header(req, "Accept-Encoding");
    while (list.n > 0) {
        struct str weight = str_trim(str_cut(&list, ',')), name = str_trim(str_cut(&weight, ';'));
        if (name.n != 4 || strncasecmp(name.p, "gzip", 4) != 0)
            continue;
        return weight.n == 0 || strspn_of(weight, "q=0. ") < weight.n; /* q=0, q=0.000: refused */
    }
    return false;
}

static const char *login_cookie_name(const struct req *req)
{
    return req->is_secure ? "__Host-ib" : "ib";
}

struct str http_login_cookie(const struct req *req)
{
    return http_field(&req->cookie, login_cookie_name(req));
}

static bool is_header_text(struct str s)
{
    for (size_t i = 0; i < s.n; i++)
        if ((unsigned char)s.p[i] < ' ' || s.p[i] == 0x7F)
            return false;
    return true;
}

void http_put_header(struct resp *resp, const char *name, struct str value)
{
    if (!is_header_text(value)) {
        http_fail(resp, 500, MSG_http_internal, -1);
        return;
    }
    *ARENA_PUSH(resp->arena, resp->header.item, resp->header.n, resp->header.cap) =
        (struct http_field){ str_of(name), arena_str(resp->arena, value) };
}

void http_put_cookie(const struct req *req, struct resp *resp, const char *name, struct str value, int64_t max_age_s)
{
    struct buf age = buf_make(64);
    if (max_age_s >= 0)
        buf_printf(&age, "; Max-Age=%lld", (long long)max_age_s);
    struct str text = arena_printf(resp->arena, "%s=%.*s; Path=/; HttpOnly; SameSite=Lax%s%.*s", name, STR_ARG(value),
                                   req->is_secure ? "; Secure" : "", STR_ARG(buf_view(&age)));
    buf_free(&age);
    assert(value.n == 0 || memchr(value.p, ';', value.n) == NULL);
    http_put_header(resp, "Set-Cookie", text);
}

void http_put_login_cookie(const struct req *req, struct resp *resp, struct str value)
{
    http_put_cookie(req, resp, login_cookie_name(req), value, value.n > 0 ? -1 : 0);
}

void http_redirect(struct resp *resp, struct str path)
{
    assert(path.n > 0);
    if (path.n == 0 || path.p[0] != '/' || (path.n > 1 && (path.p[1] == '/' || path.p[1] == '\\'))) {
        http_fail(resp, 500, MSG_http_internal, -1);
        return;
    }
    resp->status = 303;
    buf_reset(&resp->body);
    http_put_header(resp, "Location", path);
}

void http_put_file(struct resp *resp, const char *type, struct str name, struct str bytes)
{
    assert(type != NULL && name.n > 0);
    struct buf b = buf_make(4096);
    buf_z(&b, "attachment; filename*=UTF-8''");
    html_put(&b, HTML_URL_PART, html_of_str(name));
    struct str disposition = arena_str(resp->arena, buf_view(&b));
    buf_free(&b);
    http_put_header(resp, "Content-Disposition", disposition);
    resp->type = type;
    resp->is_stored_file = true;
    buf_reset(&resp->body);
    buf_str(&resp->body, bytes);
}

void http_fail(struct resp *resp, int status, enum msg_id id, int64_t figure)
{
    assert(status >= 400 && status < 600);
    struct html_value value = html_of_int(figure);
    size_t n = figure >= 0;
    struct buf *b = &resp->body;
    resp->status = status;
    resp->type = NULL;
    resp->cache = HTTP_NO_STORE;
    resp->etag = (struct str){ NULL, 0 };
    resp->is_stored_file = false;
    resp->fixed = (struct str){ NULL, 0 };
    resp->header.n = 0;
    buf_reset(b);
    buf_printf(b,
               "<!doctype html>\n<html lang=\"zh\">\n<head><meta "
               "charset=\"utf-8\"><title>%d</title></head>\n<body>\n<h1>%d</h1>\n<p>",
               status, status);
    html_put_message(b, HTML_TEXT, LANG_ZH, id, n, &value);
    buf_z(b, "</p>\n<p lang=\"en\">");
    html_put_message(b, HTML_TEXT, LANG_EN, id, n, &value);
    buf_z(b, "</p>\n</body>\n</html>\n");
    assert(b->failed || b->n > 0);
}

void http_not_allowed(struct resp *resp, const char *allow)
{
    assert(allow != NULL && allow[0] != '\0');
    http_fail(resp, 405, MSG_http_method, -1);
    http_put_header(resp, "Allow", str_of(allow));
}
