/* Compressed answers: when, what comes out of them, and that the form's token never looks the same twice. */
#include "web/csrf.h"
#include "web/http_part.h"

#include <sodium.h>
#include <zlib.h>

#include "unit.h"

static struct exchange *answer_of(struct arena *a, const char *encodings, const char *type, size_t bytes)
{
    struct exchange *ex = ARENA_NEW(a, struct exchange);
    struct http_field *accept = ARENA_NEW(a, struct http_field);
    *accept = (struct http_field){ STR("accept-encoding"), str_of(encodings) };
    ex->req.header.item = accept;
    ex->req.header.n = encodings != NULL;
    ex->resp.type = type;
    ex->resp.body = buf_make(LIMIT_http_answer_bytes);
    for (size_t i = 0; i < bytes; i++)
        buf_char(&ex->resp.body, (char)('a' + i / 7 % 5 + i % 3));
    return ex;
}

static void drop(struct exchange *ex)
{
    buf_free(&ex->resp.body);
    free(ex->zipped);
}

static void comes_out_as_it_went_in(void **state)
{
    (void)state;
    static const size_t sizes[] = { 860, 15000, 1 << 20, 860, 5 << 20 }; /* one state serves them all */
    for (size_t i = 0; i < LEN(sizes); i++) {
        struct arena a = arena_make(1 << 20);
        struct exchange *ex = answer_of(&a, "gzip, deflate, br", NULL, sizes[i]);
        http_gzip(ex);
        assert_true(ex->is_gzipped && ex->zipped_n < sizes[i] / 2);
        char *out = malloc(sizes[i] + 1);
        z_stream z = { .next_in = (unsigned char *)ex->zipped, .avail_in = (unsigned)ex->zipped_n, .next_out = (unsigned char *)out,
                       .avail_out = (unsigned)sizes[i] + 1 };
        assert_int_equal(inflateInit2(&z, 15 + 16), Z_OK);
        assert_int_equal(inflate(&z, Z_FINISH), Z_STREAM_END);
        assert_int_equal(z.total_out, sizes[i]);
        assert_memory_equal(out, ex->resp.body.p, sizes[i]);
        inflateEnd(&z);
        free(out);
        drop(ex);
        arena_free(&a);
    }
}

static void only_where_it_is_taken_and_pays(void **state)
{
    (void)state;
    static const struct {
        const char *encodings, *type;
        size_t bytes;
        bool zipped;
    } table[] = {
        { "gzip", NULL, 5000, true },
        { "br;q=1.0, GZIP;q=0.5, *;q=0", "application/json", 5000, true },
        { "deflate, br", NULL, 5000, false },
        { "gzip;q=0", NULL, 5000, false },
        { "gzip; q=0.000", NULL, 5000, false },
        { "gzip;q=0.001", NULL, 5000, true },
        { "xgzip", NULL, 5000, false },
        { "", NULL, 5000, false },
        { NULL, NULL, 5000, false },
        { "gzip", "image/png", 5000, false },
        { "gzip", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", 5000, false },
        { "gzip", NULL, 859, false },
        { "gzip", NULL, 0, false },
    };
    struct arena a = arena_make(16 << 20);
    for (size_t i = 0; i < LEN(table); i++) {
        struct exchange *ex = answer_of(&a, table[i].encodings, table[i].type, table[i].bytes);
        http_gzip(ex);
        if (ex->is_gzipped != table[i].zipped)
            fail_msg("row %zu", i);
        drop(ex);
    }
    struct exchange *file = answer_of(&a, "gzip", NULL, 5000);
    file->resp.is_stored_file = true;
    http_gzip(file);
    assert_false(file->is_gzipped);
    drop(file);
    /* Noise does not get smaller: it goes as it is. */
    struct exchange *noise = answer_of(&a, "gzip", NULL, 5000);
    randombytes_buf(noise->resp.body.p, noise->resp.body.n);
    http_gzip(noise);
    assert_false(noise->is_gzipped);
    drop(noise);
    arena_free(&a);
}

static void token_is_masked_anew(void **state)
{
    (void)state;
    struct arena a = arena_make(1 << 20);
    struct str secret = STR("00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff");
    struct str one = csrf_mask(&a, secret), two = csrf_mask(&a, secret);
    assert_int_equal(one.n, CSRF_MASKED);
    assert_true(csrf_is(one, secret) && csrf_is(two, secret));
    size_t same = 0;
    for (size_t i = 0; i < one.n; i++)
        same += one.p[i] == two.p[i];
    assert_true(same < one.n / 2); /* a sixteenth by chance */
    assert_null(memmem(one.p, one.n, secret.p, 16));
    char wrong[CSRF_MASKED];
    for (size_t i = 0; i < one.n; i++) {
        memcpy(wrong, one.p, one.n);
        wrong[i] = wrong[i] == '0' ? '1' : '0';
        assert_false(csrf_is((struct str){ wrong, one.n }, secret));
    }
    static const char *const bad[] = { "", "00", "zz" };
    for (size_t i = 0; i < LEN(bad); i++)
        assert_false(csrf_is(str_of(bad[i]), secret));
    assert_false(csrf_is(secret, secret));
    assert_false(csrf_is((struct str){ one.p, one.n - 1 }, secret));
    memset(wrong, 'g', sizeof wrong);
    assert_false(csrf_is((struct str){ wrong, sizeof wrong }, secret));
    arena_free(&a);
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(comes_out_as_it_went_in), cmocka_unit_test(only_where_it_is_taken_and_pays),
                                        cmocka_unit_test(token_is_masked_anew) };
    return sodium_init() < 0 ? 1 : cmocka_run_group_tests(tests, NULL, NULL);
}
