/* The embedded files: each is served whole under its own address, and nothing else is. */
#include "web/assets.h"

#include "unit.h"

static struct resp serve(struct arena *a, enum http_method method, const char *path, const char *version)
{
    struct req req = { .arena = a, .method = method, .path = str_of(path) };
    struct http_field v = { STR("v"), str_of(version) };
    struct resp resp = { .arena = a, .status = 200, .body = buf_make(LIMIT_http_answer_bytes) };
    req.query.item = &v;
    req.query.n = version != NULL;
    asset_serve(&req, &resp);
    return resp;
}

static void each_is_served(void **state)
{
    (void)state;
    struct arena a = arena_make(1 << 20);
    for (size_t i = 0; i < asset_count; i++) {
        const struct asset *s = &asset_table[i];
        char path[300];
        snprintf(path, sizeof path, "/static/%s", s->name);
        struct resp r = serve(&a, HTTP_GET, path, s->hash);
        assert_int_equal(r.status, 200);
        assert_int_equal(r.cache, HTTP_IMMUTABLE);
        assert_int_equal(r.body.n, s->n);
        assert_memory_equal(buf_view(&r.body).p, s->bytes, s->n);
        assert_string_equal(r.type, s->type);
        buf_free(&r.body);
        r = serve(&a, HTTP_GET, path, "0");
        assert_int_equal(r.cache, HTTP_REVALIDATE);
        assert_true(str_is(r.etag, s->hash));
        buf_free(&r.body);
        r = serve(&a, HTTP_POST, path, NULL);
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
    struct arena a = arena_make(1 << 20);
    for (size_t i = 0; i < LEN(path); i++) {
        struct resp r = serve(&a, HTTP_GET, path[i], NULL);
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
