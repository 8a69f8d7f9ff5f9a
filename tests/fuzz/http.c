/* Fuzz target: what comes over the socket behind the head's lines: address, form, multipart form, cookies. The first byte picks
 * which; of a multipart form the rest up to the first line's end is the boundary. */
#include "web/http_part.h"
#include "target.h"

#include <stdlib.h>

static void is_full(void *ctx)
{
    struct exchange *ex = ctx;
    longjmp(ex->boundary, 1);
}

/* What a handler gets is decoded text, and no name twice unless it is a group. */
static void look_at(const struct http_fields *f, size_t bytes, bool cookies)
{
    size_t sum = 0;
    hold(f->n <= LIMIT_http_fields);
    for (size_t i = 0; i < f->n; i++) {
        struct str name = f->item[i].name;
        sum += name.n + f->item[i].value.n;
        if (cookies)
            continue;
        hold(utf8_valid(name, NULL) && utf8_valid(f->item[i].value, NULL));
        hold(f->item[i].value.n == 0 || memchr(f->item[i].value.p, 0, f->item[i].value.n) == NULL);
        bool is_group = name.n > 2 && memcmp(name.p + name.n - 2, "[]", 2) == 0;
        for (size_t k = 0; k < i && i < 50 && !is_group; k++)
            hold(!str_eq(name, f->item[k].name));
    }
    hold(sum <= bytes); /* decoding makes nothing longer */
}

static bool read_as(struct exchange *ex, int what, struct str in)
{
    static struct http_field type[2] = { { STR("Content-Type"), STR("application/x-www-form-urlencoded") } };
    struct str boundary = STR("");
    switch (what) {
    case 0:
        ex->raw_uri = in;
        return http_read_target(ex);
    case 1:
        ex->req.body_kind = HTTP_BODY_FORM;
        break;
    case 2:
        ex->req.body_kind = HTTP_BODY_MULTIPART;
        boundary = str_cut(&in, '\n');
        type[1] = (struct http_field){ STR("Content-Type"), arena_printf(&ex->arena, "multipart/form-data; boundary=%.*s", STR_ARG(boundary)) };
        break;
    default:
        http_read_cookies(ex, in);
        return true;
    }
    ex->req.header = (struct http_fields){ &type[ex->req.body_kind == HTTP_BODY_MULTIPART], 1, 1 };
    buf_str(&ex->body, in);
    ex->body_seen = in.n;
    return http_read_body(ex);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    if (n == 0)
        return 0;
    static struct http http;
    struct exchange *ex = calloc(1, sizeof *ex);
    hold(ex != NULL);
    ex->http = &http;
    ex->spool_fd = -1;
    ex->body_most = LIMIT_http_body_bytes;
    ex->arena = arena_make(LIMIT_http_arena_bytes);
    ex->arena.full = is_full;
    ex->arena.full_ctx = ex;
    ex->req.arena = ex->resp.arena = &ex->arena;
    ex->resp.body = buf_make(LIMIT_http_answer_bytes);
    ex->resp.status = 200;
    ex->body = buf_make(LIMIT_http_import_bytes);
    if (setjmp(ex->boundary) == 0) {
        if (read_as(ex, data[0] % 4, (struct str){ (const char *)data + 1, n - 1 })) {
            look_at(&ex->req.query, n, false);
            look_at(&ex->req.form, n, false);
            look_at(&ex->req.cookie, n, true);
            for (size_t i = 0; i < ex->req.files; i++)
                hold(ex->req.file[i].bytes.n <= n && utf8_valid(ex->req.file[i].name, NULL));
        } else {
            hold(ex->resp.status >= 400 && ex->resp.body.n > 0); /* one clear answer */
        }
    }
    buf_free(&ex->body);
    buf_free(&ex->resp.body);
    arena_free(&ex->arena);
    free(ex);
    return 0;
}
