/* An answer with all its headers: what every answer says, caching, compression. */
#include "web/http_part.h"

#include <stdio.h>

#define CSP_PAGE                                                                                                       \
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; connect-src 'self'; "   \
    "manifest-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"

static const struct {
    const char *name, *value;
} always[] = {
    { "X-Content-Type-Options", "nosniff" },
    { "Referrer-Policy", "no-referrer" },
    { "Cross-Origin-Opener-Policy", "same-origin" },
    { "Cross-Origin-Resource-Policy", "same-origin" },
    { "Permissions-Policy", "geolocation=(), microphone=(), camera=(self)" },
};

static bool is_unchanged(const struct exchange *ex)
{
    struct str want = http_header(&ex->req, "If-None-Match");
    if (ex->resp.etag.n == 0 || ex->resp.status != 200 || ex->req.method != HTTP_GET)
        return false;
    while (want.n > 0) {
        struct str one = str_trim(str_cut(&want, ','));
        if (str_starts(one, STR("W/")))
            one = (struct str){ one.p + 2, one.n - 2 };
        if (one.n == ex->resp.etag.n + 2 && memcmp(one.p + 1, ex->resp.etag.p, ex->resp.etag.n) == 0)
            return true;
    }
    return false;
}

static void headers_add(const struct exchange *ex, struct MHD_Response *r)
{
    static const char *const cache[] = { [HTTP_NO_STORE] = "no-store",
                                         [HTTP_REVALIDATE] = "no-cache",
                                         [HTTP_IMMUTABLE] = "public, max-age=31536000, immutable" };
    const struct resp *resp = &ex->resp;
    for (size_t i = 0; i < LEN(always); i++)
        MHD_add_response_header(r, always[i].name, always[i].value);
    MHD_add_response_header(r, "Content-Security-Policy",
                            resp->is_stored_file ? "sandbox; default-src 'none'" : CSP_PAGE);
    MHD_add_response_header(r, "Cache-Control", cache[resp->cache]);
    if (ex->http->options.is_secure)
        MHD_add_response_header(r, "Strict-Transport-Security", "max-age=31536000");
    if (resp->body.n > 0 || resp->fixed.n > 0)
        MHD_add_response_header(r, "Content-Type", resp->type != NULL ? resp->type : "text/html; charset=utf-8");
    if (ex->is_gzipped)
        MHD_add_response_header(r, "Content-Encoding", "gzip");
    MHD_add_response_header(r, "Vary", "Accept-Encoding");
    if (resp->status == 503)
        MHD_add_response_header(r, "Retry-After", "5");
    if (resp->etag.n > 0) {
        char etag[128];
        snprintf(etag, sizeof etag, "\"%.*s\"", STR_ARG(resp->etag));
        MHD_add_response_header(r, "ETag", etag);
    }
    if (ex->must_close)
        MHD_add_response_header(r, "Connection", "close");
    for (size_t i = 0; i < resp->header.n; i++)
        MHD_add_response_header(r, resp->header.item[i].name.p, resp->header.item[i].value.p);
}

enum MHD_Result http_send(struct exchange *ex)
{
    assert(ex->state != EXCHANGE_SENT && ex->resp.status >= 100 && ex->resp.status < 600); /* one answer for one request */
    struct resp *resp = &ex->resp;
    if (resp->body.failed)
        http_fail(resp, 503, MSG_http_busy, -1);
    struct str out = resp->fixed.p != NULL ? resp->fixed : buf_view(&resp->body);
    if (is_unchanged(ex)) {
        resp->status = 304;
        out.n = 0;
    } else if (resp->fixed.p == NULL) {
        http_gzip(ex);
        if (ex->is_gzipped)
            out = (struct str){ ex->zipped, ex->zipped_n };
    }
    size_t n = out.n;
    struct MHD_Response *r =
        MHD_create_response_from_buffer(n, n > 0 ? (void *)(uintptr_t)out.p : NULL, MHD_RESPMEM_PERSISTENT);
    if (r == NULL)
        return MHD_NO;
    headers_add(ex, r);
    ex->state = EXCHANGE_SENT;
    http_link_phase(ex->link, PHASE_ANSWER, (int64_t)n);
    enum MHD_Result result = MHD_queue_response(ex->connection, (unsigned)resp->status, r);
    MHD_destroy_response(r);
    return result;
}
