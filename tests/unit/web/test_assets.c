/* The embedded files: each is served whole under its own address, and nothing else is. */
#include "web/assets.h"

#include <zlib.h>

#include "unit.h"

static struct resp serve(struct arena *a, enum http_method method, const char *path, const char *version, const char *encodings)
{
    struct http_field accept = { STR("Accept-Encoding"), str_of(encodings) };
    struct req req = { .arena = a, .method = method, .path = str_of(path) };
    struct http_field v = { STR("v"), str_of(version) };
    struct resp resp = { .arena = a, .status = 200, .body = buf_make(LIMIT_http_answer_bytes) };
    req.query.item = &v;
    req.query.n = version != NULL;
    req.header.item = &accept;
    req.header.n = encodings != NULL;
    asset_serve(&req, &resp);
    return resp;
}

/* The bytes of a gzip answer, unpacked. */
static struct str unpacked(struct arena *a, struct str zipped)
{
    enum { MOST = 1 << 20 };
    z_stream z = { .next_in = (unsigned char *)(uintptr_t)zipped.p, .avail_in = (unsigned)zipped.n };
    char *out = arena_alloc(a, MOST);
    z.next_out = (unsigned char *)out;
    z.avail_out = MOST;
    assert_int_equal(inflateInit2(&z, 15 + 16), Z_OK);
    assert_int_equal(inflate(&z, Z_FINISH), Z_STREAM_END);
    inflateEnd(&z);
    return (struct str){ out, z.total_out };
}

static void each_is_served(void **state)
{
    (void)state;
    struct arena a = arena_make(64 << 20);
    for (size_t i = 0; i < asset_count; i++) {
        const struct asset *s = &asset_table[i];
        char path[300];
        snprintf(path, sizeof path, "/static/%s", s->name);
        struct resp r = serve(&a, HTTP_GET, path, s->hash, NULL);
        assert_int_equal(r.status, 200);
        assert_int_equal(r.cache, HTTP_IMMUTABLE);
        assert_int_equal(r.fixed.n, s->n);
        assert_memory_equal(r.fixed.p, s->bytes, s->n);
        assert_string_equal(r.type, s->type);
        buf_free(&r.body);
        r = serve(&a, HTTP_GET, path, "0", "br");
        assert_int_equal(r.cache, HTTP_REVALIDATE);
        assert_true(str_is(r.etag, s->hash));
        buf_free(&r.body);
        if (s->gzip != NULL) {
            r = serve(&a, HTTP_GET, path, s->hash, "deflate, gzip;q=0.8");
            assert_true(r.fixed.n < s->n && !str_is(r.etag, s->hash));
            assert_true(str_is(http_field(&r.header, "Content-Encoding"), "gzip"));
            assert_true(str_eq(unpacked(&a, r.fixed), (struct str){ (const char *)s->bytes, s->n }));
            buf_free(&r.body);
        } else {
            assert_true(s->n < 300); /* only what is tiny does not get smaller */
        }
        r = serve(&a, HTTP_POST, path, NULL, NULL);
        assert_int_equal(r.status, 405);
        buf_free(&r.body);
        snprintf(path, sizeof path, "/static/%s?v=%s", s->name, s->hash);
        assert_string_equal(asset_url(s->name), path);
    }
    arena_free(&a);
}

static void others_are_not(void **state)
{
    (void)state;
    static const char *const path[] = { "/static/", "/static/../Makefile", "/static",
                                        "/",        "/static/no.css",      "/static//etc/passwd" };
    struct arena a = arena_make(64 << 20);
    for (size_t i = 0; i < LEN(path); i++) {
        struct resp r = serve(&a, HTTP_GET, path[i], NULL, NULL);
        assert_int_equal(r.status, 404);
        buf_free(&r.body);
    }
    arena_free(&a);
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(each_is_served), cmocka_unit_test(others_are_not) };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
