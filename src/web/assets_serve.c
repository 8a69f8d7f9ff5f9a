/* Serves the embedded files; see assets.h. */
#include "web/assets.h"

static const struct asset *find(struct str name)
{
    for (size_t i = 0; i < asset_count; i++)
        if (str_is(name, asset_table[i].name))
            return &asset_table[i];
    return NULL;
}

const char *asset_url(const char *name)
{
    const struct asset *a = find(str_of(name));
    assert(a != NULL);
    return a->url;
}

void asset_serve(struct req *req, struct resp *resp)
{
    const struct str prefix = STR("/static/");
    struct str name = req->path;
    if (!str_starts(name, prefix)) {
        http_fail(resp, 404, MSG_http_not_found, -1);
        return;
    }
    name = (struct str){ name.p + prefix.n, name.n - prefix.n };
    const struct asset *a = find(name);
    if (a == NULL) {
        http_fail(resp, 404, MSG_http_not_found, -1);
        return;
    }
    if (req->method != HTTP_GET) {
        http_not_allowed(resp, "GET, HEAD");
        return;
    }
    bool is_current = str_is(http_field(&req->query, "v"), a->hash);
    resp->type = a->type;
    resp->cache = is_current ? HTTP_IMMUTABLE : HTTP_REVALIDATE;
    resp->etag = str_of(a->hash);
    resp->fixed = (struct str){ (const char *)a->bytes, a->n };
    if (a->gzip != NULL && http_takes_gzip(req)) { /* other bytes, another tag */
        resp->etag = arena_printf(req->arena, "%s-gz", a->hash);
        resp->fixed = (struct str){ (const char *)a->gzip, a->gzip_n };
        http_put_header(resp, "Content-Encoding", STR("gzip"));
    }
}
