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
    resp->etag = str_of(a->hash);
    resp->cache = is_current ? HTTP_IMMUTABLE : HTTP_REVALIDATE;
    buf_add(&resp->body, (const char *)a->bytes, a->n);
}
