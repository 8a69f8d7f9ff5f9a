/* The web server over a real socket on the loopback: limits, malformed requests, forms, files, slow work, stopping. */
#include "web/http.h"

#include "unit.h"

#include <arpa/inet.h>
#include <dirent.h>
#include <netinet/in.h>
#include <poll.h>
#include <pthread.h>
#include <stdatomic.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

static struct {
    _Atomic int handled, abandoned, slow_now, slow_most, done;
    _Atomic int slow_until; /* slow work lasts until so many requests were handled */
} seen;

static void sleep_ms(int ms)
{
    struct timespec t = { ms / 1000, ms % 1000 * 1000000L };
    nanosleep(&t, NULL);
}

static void slow_work(void *ctx, struct req *req, struct resp *resp)
{
    (void)ctx;
    (void)req;
    int now = atomic_fetch_add(&seen.slow_now, 1) + 1, most = atomic_load(&seen.slow_most);
    while (now > most && !atomic_compare_exchange_weak(&seen.slow_most, &most, now))
        ;
    sleep_ms(100);
    for (int i = 0; i < 1000 && atomic_load(&seen.handled) < atomic_load(&seen.slow_until); i++)
        sleep_ms(10);
    atomic_fetch_sub(&seen.slow_now, 1);
    buf_z(&resp->body, "slow");
}

static void put_fields(struct buf *b, const char *kind, const struct http_fields *f)
{
    for (size_t i = 0; i < f->n; i++)
        buf_printf(b, "%s %.*s=%.*s\n", kind, STR_ARG(f->item[i].name), STR_ARG(f->item[i].value));
}

/* Says what it was given; some paths do more. */
static void handler(void *ctx, struct req *req, struct resp *resp)
{
    (void)ctx;
    atomic_fetch_add(&seen.handled, 1);
    struct buf *b = &resp->body;
    resp->type = "text/plain; charset=utf-8";
    if (str_is(req->path, "/full"))
        for (;;)
            memset(arena_alloc(req->arena, 100000), 1, 100000);
    if (str_is(req->path, "/slow")) {
        bool is_queued = http_defer(req, resp, HTTP_POOL_HASH, slow_work, NULL);
        assert_true(is_queued || resp->status == 503);
        return;
    }
    if (str_is(req->path, "/wait"))
        sleep_ms(400);
    if (str_is(req->path, "/go"))
        http_redirect(resp, http_field(&req->query, "to"));
    else if (str_is(req->path, "/etag"))
        resp->etag = STR("abc123");
    else if (str_is(req->path, "/header"))
        http_put_header(resp, "X-Name", http_field(&req->query, "v"));
    else if (str_is(req->path, "/file"))
        http_put_file(resp, "application/pdf", STR("实习\r\n\".pdf"), STR("%PDF"));
    else if (str_is(req->path, "/login"))
        http_put_login_cookie(req, resp, STR("token"));
    else if (str_is(req->path, "/only-post"))
        http_not_allowed(resp, "POST");
    if (resp->status != 200 || resp->is_stored_file)
        return;
    buf_printf(b, "%d %.*s from %.*s foreign %d\n", (int)req->method, STR_ARG(req->path), STR_ARG(req->client),
               http_is_foreign(req));
    put_fields(b, "query", &req->query);
    put_fields(b, "form", &req->form);
    put_fields(b, "cookie", &req->cookie);
    for (size_t i = 0; i < req->files; i++) {
        const struct http_file *f = &req->file[i];
        unsigned sum = 0;
        for (size_t k = 0; k < f->bytes.n; k++)
            sum = sum * 31 + (unsigned char)f->bytes.p[k];
        buf_printf(b, "file %.*s=%.*s (%.*s) %zu bytes %u\n", STR_ARG(f->field), STR_ARG(f->name), STR_ARG(f->type),
                   f->bytes.n, sum);
    }
    if (req->body_kind == HTTP_BODY_JSON)
        buf_printf(b, "json %zu\n", req->body.n);
}

static void abandoned(void *ctx, struct req *req)
{
    (void)ctx;
    assert_true(req->path.n > 0);
    atomic_fetch_add(&seen.abandoned, 1);
}

static size_t body_most(void *ctx, enum http_method method, struct str path)
{
    (void)ctx;
    (void)method;
    return str_is(path, "/upload") ? LIMIT_http_upload_bytes : LIMIT_http_body_bytes;
}

static void done(void *ctx, const struct req *req, int status, int64_t micros)
{
    (void)ctx;
    (void)req;
    assert_true(status >= 200 && micros >= 0);
    atomic_fetch_add(&seen.done, 1);
}

static struct http *start(const char *proxy, bool is_secure)
{
    memset(&seen, 0, sizeof seen);
    struct http_options o = { .handler = handler,
                              .abandoned = abandoned,
                              .body_most = body_most,
                              .done = done,
                              .trusted_proxy = proxy,
                              .is_secure = is_secure,
                              .threads = 2 };
    struct http *h = http_start(&o);
    assert_non_null(h);
    assert_true(http_port(h) > 0);
    return h;
}

static int dial(const struct http *h)
{
    struct sockaddr_in sa = { .sin_family = AF_INET,
                              .sin_port = htons((uint16_t)http_port(h)),
                              .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    assert_true(fd >= 0);
    assert_int_equal(connect(fd, (struct sockaddr *)&sa, sizeof sa), 0);
    return fd;
}

/* Sends as much as the server takes; it may have answered and closed before the end. */
static void push(int fd, const char *p, size_t n)
{
    for (size_t at = 0; at < n;) {
        ssize_t got = send(fd, p + at, n - at, MSG_NOSIGNAL);
        if (got <= 0)
            return;
        at += (size_t)got;
    }
}

/* Reads one answer (head and Content-Length bytes, or until the end) into out; the status, or 0. */
static int pull(int fd, struct buf *out)
{
    buf_reset(out);
    for (;;) {
        const char *end = out->n > 0 ? strstr(out->p, "\r\n\r\n") : NULL;
        const char *length = end != NULL ? strstr(out->p, "Content-Length: ") : NULL;
        if (end != NULL && strncmp(out->p, "HTTP/1.1 304", 12) == 0)
            break; /* has neither a body nor a length */
        if (end != NULL && (length == NULL || out->n >= (size_t)(end + 4 - out->p) + strtoul(length + 16, NULL, 10)))
            break;
        struct pollfd p = { .fd = fd, .events = POLLIN };
        char piece[4096];
        if (poll(&p, 1, 20000) != 1)
            return -1;
        ssize_t got = recv(fd, piece, sizeof piece, 0);
        if (got <= 0)
            break;
        buf_add(out, piece, (size_t)got);
    }
    return out->n > 12 ? atoi(out->p + 9) : 0;
}

static int ask(const struct http *h, struct buf *out, const char *p, size_t n)
{
    int fd = dial(h);
    push(fd, p, n);
    int status = pull(fd, out);
    close(fd);
    return status;
}

static int ask_z(const struct http *h, struct buf *out, const char *z)
{
    return ask(h, out, z, strlen(z));
}

#define HEAD(line) line " HTTP/1.1\r\nHost: a.example\r\n"
#define GET(path) HEAD("GET " path) "\r\n"
#define FORM "Content-Type: application/x-www-form-urlencoded\r\n"

static void requests_and_refusals(void **state)
{
    (void)state;
    static const struct {
        const char *request;
        int status;
        const char *says;
    } table[] = {
        { GET("/a%20b?x=%E6%9D%8E&y=1+2&z"), 200, "0 /a b from 127.0.0.1 foreign 0\nquery x=李\nquery y=1 2\nquery z=\n" },
        { HEAD("GET /") "Cookie: a=1; b=\"2\";c\r\n\r\n", 200, "cookie a=1\ncookie b=\"2\"\ncookie c=\n" },
        { HEAD("POST /") "Sec-Fetch-Site: same-origin\r\nContent-Length: 0\r\n\r\n", 200, "1 / from 127.0.0.1 foreign 0" },
        { HEAD("GET /") "Origin: http://a.example\r\n\r\n", 200, "foreign 0" },
        { HEAD("GET /") "Origin: null\r\n\r\n", 200, "foreign 0" }, /* what Referrer-Policy: no-referrer makes of our own forms */
        { HEAD("GET /") "Origin: https://a.example\r\n\r\n", 200, "foreign 1" },
        { HEAD("GET /") "Origin: http://a.example\r\nSec-Fetch-Site: cross-site\r\n\r\n", 200, "foreign 1" },
        { HEAD("GET /") "X-Forwarded-For: 9.9.9.9\r\n\r\n", 200, "from 127.0.0.1" },
        { GET("/?a[]=1&a[]=2"), 200, "query a[]=1\nquery a[]=2\n" },
        { GET("/?a=1&a=2"), 400, "重复" },
        { GET("/%zz"), 400, "编码" },
        { GET("/%2"), 400, "编码" },
        { GET("/?a=%00"), 400, "encoding" },
        { GET("/?a=%FF"), 400, "encoding" },
        { GET("/?a=%C0%80"), 400, "encoding" },
        { GET("*"), 400, "" },
        { HEAD("POST /") FORM "Content-Length: 15\r\n\r\na=1%20&b=%E6%9D", 400, "encoding" },
        { HEAD("POST /") FORM "Content-Length: 7\r\n\r\na=1&b=2", 200, "form a=1\nform b=2\n" },
        { HEAD("POST /") FORM "Content-Length: 7\r\n\r\na=1&a=2", 400, "twice" },
        { HEAD("POST /") FORM "Content-Length: 3\r\nContent-Length: 3\r\n\r\na=1", 400, "" },
        { HEAD("POST /") FORM "Content-Length: 3\r\nContent-Length: 30\r\n\r\na=1", 400, "" },
        { HEAD("POST /") FORM "Content-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n3\r\na=1\r\n0\r\n\r\n", 400, "" },
        { HEAD("POST /") FORM "Content-Length: -3\r\n\r\na=1", 400, "" },
        { HEAD("POST /") FORM "Content-Length: 99999999999999999999\r\n\r\na=1", 413, "" },
        { HEAD("POST /") FORM "Content-Length: 1048577\r\n\r\na=1", 413, "1024 KiB" },
        { HEAD("POST /") FORM "Transfer-Encoding: chunked\r\n\r\n3\r\na=1\r\n0\r\n\r\n", 200, "form a=1\n" },
        { HEAD("POST /") "Content-Type: text/plain\r\nContent-Length: 3\r\n\r\na=1", 415, "type" },
        { HEAD("POST /") "Content-Length: 3\r\n\r\na=1", 415, "type" },
        { HEAD("POST /") "Content-Type: application/json; charset=utf-8\r\nContent-Length: 2\r\n\r\n{}", 200,
          "json 2" },
        { HEAD("BREW /"), 405, "Allow: GET, HEAD" },
        { HEAD("TRACE /"), 405, "Allow: " },
        { GET("/only-post"), 405, "Allow: POST" },
        { HEAD("GET /") "Host: b.example\r\n\r\n", 400, "" },
        { "GET / HTTP/1.1\r\n\r\n", 400, "" },
        { GET("/go?to=/home"), 303, "Location: /home" },
        { GET("/go?to=//evil.example"), 500, "recorded" },
        { GET("/go?to=https://evil.example"), 500, "recorded" },
        { GET("/go?to=/%5Cevil.example"), 500, "recorded" },
        { GET("/go?to=/a%0D%0ASet-Cookie:x=1"), 500, "recorded" },
        { GET("/header?v=a%0Ab"), 500, "recorded" },
        { GET("/header?v=ab"), 200, "X-Name: ab" },
        { GET("/etag"), 200, "ETag: \"abc123\"" },
        { HEAD("GET /etag") "If-None-Match: \"x\", W/\"abc123\"\r\n\r\n", 304, "ETag" },
        { HEAD("GET /etag") "If-None-Match: \"x\"\r\n\r\n", 200, "/etag" },
        { GET("/file"), 200, "attachment; filename*=UTF-8''%E5%AE%9E%E4%B9%A0%0D%0A%22.pdf" },
        { GET("/file"), 200, "Content-Security-Policy: sandbox; default-src 'none'" },
        { GET("/login"), 200, "Set-Cookie: ib=token; Path=/; HttpOnly; SameSite=Lax\r\n" },
        { GET("/full"), 503, "Retry-After: " },
        { GET("/slow"), 200, "slow" },
    };
    struct http *h = start(NULL, false);
    struct buf out = buf_make(1 << 20);
    for (size_t i = 0; i < LEN(table); i++) {
        char request[2000];
        bool is_whole = strstr(table[i].request, "\r\n\r\n") != NULL;
        snprintf(request, sizeof request, "%s%s", table[i].request, is_whole ? "" : "\r\n");
        int status = ask_z(h, &out, request);
        if (status != table[i].status || strstr(buf_view(&out).p, table[i].says) == NULL)
            fail_msg("wanted %d %s for:\n%s\ngot:\n%s", table[i].status, table[i].says, request, buf_view(&out).p);
    }
    assert_int_equal(atomic_load(&seen.abandoned), 1);
    assert_int_equal(ask_z(h, &out, HEAD("HEAD /") "Connection: close\r\n\r\n"), 200);
    const char *end = strstr(out.p, "\r\n\r\n");
    assert_non_null(end);
    assert_int_equal(end[4], '\0');
    buf_free(&out);
    http_stop(h, 5);
}

static void headers(void **state)
{
    (void)state;
    static const char *const all[] = {
        "Content-Security-Policy: default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src "
        "'self'; "
        "connect-src 'self'; manifest-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'\r\n",
        "X-Content-Type-Options: nosniff\r\n",
        "Referrer-Policy: no-referrer\r\n",
        "Cross-Origin-Opener-Policy: same-origin\r\n",
        "Cross-Origin-Resource-Policy: same-origin\r\n",
        "Permissions-Policy: geolocation=(), microphone=(), camera=(self)\r\n",
        "Cache-Control: no-store\r\n",
        "Strict-Transport-Security: max-age=31536000\r\n",
    };
    static const char *const request[] = { GET("/"), GET("/%zz"), GET("/only-post"), GET("/full") };
    struct http *h = start(NULL, true);
    struct buf out = buf_make(1 << 20);
    for (size_t i = 0; i < LEN(request); i++) {
        assert_true(ask_z(h, &out, request[i]) >= 200);
        for (size_t k = 0; k < LEN(all); k++)
            if (strstr(out.p, all[k]) == NULL)
                fail_msg("no %s in:\n%s", all[k], out.p);
        assert_null(strstr(out.p, "Server:"));
    }
    assert_int_equal(ask_z(h, &out, GET("/login")), 200);
    assert_non_null(strstr(out.p, "Set-Cookie: __Host-ib=token; Path=/; HttpOnly; SameSite=Lax; Secure\r\n"));
    buf_free(&out);
    http_stop(h, 5);
}

static void big_heads_and_bodies(void **state)
{
    (void)state;
    struct http *h = start(NULL, false);
    struct buf out = buf_make(1 << 20), in = buf_make(64 << 20);
    static const size_t head_bytes[] = { 15000, 17000, 40000, 400000 };
    for (size_t i = 0; i < LEN(head_bytes); i++) {
        buf_reset(&in);
        buf_z(&in, HEAD("GET /") "X-Long: ");
        for (size_t k = 0; k < head_bytes[i]; k++)
            buf_char(&in, 'a');
        buf_z(&in, "\r\n\r\n");
        int status = ask(h, &out, in.p, in.n);
        assert_true(head_bytes[i] < 16000 ? status == 200 : status == 431 || status == 0);
        if (head_bytes[i] == 17000)
            assert_non_null(strstr(out.p, "请求头过大，最多 16 KiB"));
    }
    /* a body that never says how long it is: cut while it streams, the handler is not called */
    int handled = atomic_load(&seen.handled), fd = dial(h);
    buf_reset(&in);
    for (size_t k = 0; k < 65536; k++)
        buf_char(&in, 'a');
    push(fd, HEAD("POST /") FORM "Transfer-Encoding: chunked\r\n\r\n",
         strlen(HEAD("POST /") FORM "Transfer-Encoding: chunked\r\n\r\n"));
    for (int k = 0; k < 24; k++) {
        push(fd, "10000\r\n", 7);
        push(fd, in.p, in.n);
        push(fd, "\r\n", 2);
    }
    push(fd, "0\r\n\r\n", 5);
    assert_int_equal(pull(fd, &out), 413);
    assert_non_null(strstr(out.p, "最多 1024 KiB"));
    close(fd);
    assert_int_equal(atomic_load(&seen.handled), handled);
    buf_free(&out);
    buf_free(&in);
    http_stop(h, 5);
}

static void multipart_body(struct buf *b, size_t file_bytes, unsigned *sum)
{
    *sum = 0;
    buf_z(b, "--XX\r\nContent-Disposition: form-data; name=\"title\"\r\n\r\n名称 & more\r\n");
    buf_z(b, "--XX\r\nContent-Disposition: form-data; name=\"f\"; filename=\"a;\\\"b\\\".bin\"\r\nContent-Type: "
             "image/png\r\n\r\n");
    for (size_t i = 0; i < file_bytes; i++) {
        unsigned char c = (unsigned char)(i * 7 + i / 251);
        buf_char(b, (char)c);
        *sum = *sum * 31 + c;
    }
    buf_z(b, "\r\n--XX\r\nContent-Disposition: form-data; name=\"empty\"; filename=\"\"\r\n\r\n\r\n--XX--\r\n");
}

static int post_multipart(const struct http *h, const char *path, const struct buf *body, size_t sent, struct buf *out)
{
    char head[300];
    snprintf(head, sizeof head,
             "POST %s HTTP/1.1\r\nHost: a\r\nContent-Type: multipart/form-data; boundary=\"XX\"\r\nContent-Length: "
             "%zu\r\n\r\n",
             path, body->n);
    int fd = dial(h);
    push(fd, head, strlen(head));
    push(fd, body->p, sent);
    if (sent < body->n) {
        sleep_ms(50);
        shutdown(fd, SHUT_WR);
    }
    int status = pull(fd, out);
    close(fd);
    return status;
}

static int descriptors(void)
{
    int n = 0;
    DIR *dir = opendir("/proc/self/fd");
    assert_non_null(dir);
    while (readdir(dir) != NULL)
        n++;
    closedir(dir);
    return n;
}

static void files(void **state)
{
    (void)state;
    int open_before = descriptors();
    struct http *h = start(NULL, false);
    struct buf out = buf_make(1 << 20), in = buf_make(64 << 20);
    static const size_t sizes[] = { 0, 1, 100, 300000, 5000000 };
    for (size_t i = 0; i < LEN(sizes); i++) {
        unsigned sum;
        char want[200];
        buf_reset(&in);
        multipart_body(&in, sizes[i], &sum);
        assert_int_equal(post_multipart(h, "/upload", &in, in.n, &out), 200);
        snprintf(want, sizeof want, "form title=名称 & more\nfile f=a;\"b\".bin (image/png) %zu bytes %u\n", sizes[i],
                 sum);
        if (strstr(out.p, want) == NULL)
            fail_msg("wanted %s got %s", want, out.p);
        int handled = atomic_load(&seen.handled);
        assert_int_equal(post_multipart(h, "/upload", &in, in.n - 20, &out), 0);
        assert_int_equal(atomic_load(&seen.handled), handled);
    }
    assert_int_equal(post_multipart(h, "/", &in, in.n, &out), 413);
    static const char *const wrong[] = {
        "",
        "--XX",
        "--XX\r\n",
        "--XX\r\n\r\n",
        "--YY--\r\n",
        "--XX\r\nContent-Disposition: form-data\r\n\r\nx\r\n--XX--",
        "--XX\r\nContent-Disposition: form-data; name=\"a\r\n\r\nx\r\n--XX--",
        "--XX\r\nContent-Disposition: form-data; name=a; name=b\r\n\r\nx\r\n--XX--",
        "--XX\r\nContent-Disposition: form-data; name=a\r\n\r\n\xFF\r\n--XX--",
        ("--XX\r\nContent-Disposition: form-data; name=a\r\n\r\nx\r\n--XX\r\nContent-Disposition: form-data; "
         "name=a\r\n\r\nx\r\n--XX--")
    };
    for (size_t i = 1; i < LEN(wrong); i++) {
        buf_reset(&in);
        buf_z(&in, wrong[i]);
        assert_int_equal(post_multipart(h, "/upload", &in, in.n, &out), 400);
    }
    buf_free(&out);
    buf_free(&in);
    http_stop(h, 5);
    assert_int_equal(descriptors(), open_before);
}

static void keep_alive(void **state)
{
    (void)state;
    struct http *h = start("127.0.0.1", false);
    struct buf out = buf_make(1 << 20);
    int fd = dial(h);
    for (int i = 0; i < 5; i++) {
        push(fd, GET("/a"), strlen(GET("/a")));
        assert_int_equal(pull(fd, &out), 200);
        push(fd, HEAD("POST /b") FORM "Content-Length: 3\r\n\r\na=1",
             strlen(HEAD("POST /b") FORM "Content-Length: 3\r\n\r\na=1"));
        assert_int_equal(pull(fd, &out), 200);
        assert_non_null(strstr(out.p, "form a=1"));
        push(fd, GET("/slow"), strlen(GET("/slow")));
        assert_int_equal(pull(fd, &out), 200);
    }
    close(fd);
    /* what the proxy says is believed; its last word counts */
    assert_int_equal(ask_z(h, &out, HEAD("GET /") "X-Forwarded-For: 6.6.6.6, 9.9.9.9\r\n\r\n"), 200);
    assert_non_null(strstr(out.p, "from 9.9.9.9"));
    buf_free(&out);
    http_stop(h, 5);
    assert_int_equal(atomic_load(&seen.done), 16);
}

struct client {
    const struct http *h;
    const char *request;
    int status;
};

static void *client_main(void *ctx)
{
    struct client *c = ctx;
    struct buf out = buf_make(1 << 20);
    c->status = ask_z(c->h, &out, c->request);
    buf_free(&out);
    return NULL;
}

static int many(const struct http *h, int n, const char *request, int status)
{
    pthread_t thread[200];
    struct client client[200];
    int hits = 0;
    assert_true(n <= 200);
    for (int i = 0; i < n; i++) {
        client[i] = (struct client){ h, request, 0 };
        assert_int_equal(pthread_create(&thread[i], NULL, client_main, &client[i]), 0);
    }
    for (int i = 0; i < n; i++) {
        pthread_join(thread[i], NULL);
        hits += client[i].status == status;
    }
    return hits;
}

static void many_at_once(void **state)
{
    (void)state;
    struct http *h = start("127.0.0.1", false);
    assert_int_equal(many(h, 200, GET("/a?x=1"), 200), 200);
    assert_int_equal(atomic_load(&seen.handled), 200);
    /* password hashing: two at work and 16 waiting; the others are told to come back, and nobody is dropped */
    atomic_store(&seen.slow_until, 260);
    int served = many(h, 60, GET("/slow"), 200);
    assert_true(served >= LIMIT_http_hash_queue && served <= LIMIT_http_hash_queue + LIMIT_http_hash_threads);
    assert_int_equal(atomic_load(&seen.slow_most), LIMIT_http_hash_threads);
    http_stop(h, 5);
    assert_int_equal(atomic_load(&seen.done), 260);
}

static void connections_of_one_address(void **state)
{
    (void)state;
    struct http *h = start(NULL, false);
    struct buf out = buf_make(1 << 20);
    int fd[40], served = 0;
    for (int i = 0; i < 40; i++) {
        fd[i] = dial(h);
        push(fd[i], GET("/a"), strlen(GET("/a")));
        served += pull(fd[i], &out) == 200;
    }
    assert_int_equal(served, LIMIT_http_address_connections);
    for (int i = 0; i < 40; i++)
        close(fd[i]);
    for (int i = 0; i < 100 && ask_z(h, &out, GET("/a")) != 200; i++)
        sleep_ms(20);
    assert_int_equal(ask_z(h, &out, GET("/a")), 200);
    buf_free(&out);
    http_stop(h, 5);
}

static void *stop_main(void *ctx)
{
    http_stop(ctx, 5);
    return NULL;
}

static void stopping_waits(void **state)
{
    (void)state;
    static const char *const request[] = { GET("/wait"), GET("/slow") };
    for (size_t i = 0; i < LEN(request); i++) {
        struct http *h = start(NULL, false);
        struct buf out = buf_make(1 << 20);
        int fd = dial(h);
        pthread_t thread;
        push(fd, request[i], strlen(request[i]));
        while (atomic_load(&seen.handled) == 0)
            sleep_ms(5);
        assert_int_equal(pthread_create(&thread, NULL, stop_main, h), 0);
        assert_int_equal(pull(fd, &out), 200);
        pthread_join(thread, NULL);
        close(fd);
        buf_free(&out);
    }
}

/* Both clients send on, too slowly; each is cut by the clock, not by silence. */
static void slow_clients(void **state)
{
    (void)state;
    struct http *h = start(NULL, false);
    int head = dial(h), body = dial(h);
    struct timespec from, now;
    push(head, "GET / HTTP/1.1\r\nX-A: ", 21);
    push(body, HEAD("POST /") FORM "Content-Length: 100000\r\n\r\na=",
         strlen(HEAD("POST /") FORM "Content-Length: 100000\r\n\r\na="));
    clock_gettime(CLOCK_MONOTONIC, &from);
    struct pollfd p[2] = { { .fd = head, .events = POLLIN }, { .fd = body, .events = POLLIN } };
    int ended = 0;
    do {
        push(head, "a", 1);
        push(body, "a", 1);
        ended = poll(p, 2, 300);
        clock_gettime(CLOCK_MONOTONIC, &now);
    } while ((ended < 2 || p[0].revents == 0 || p[1].revents == 0) && now.tv_sec - from.tv_sec < 15);
    assert_int_equal(ended, 2);
    assert_in_range(now.tv_sec - from.tv_sec, LIMIT_http_head_s - 1, LIMIT_http_head_s + 2);
    assert_int_equal(atomic_load(&seen.handled), 0);
    close(head);
    close(body);
    http_stop(h, 5);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(requests_and_refusals),
        cmocka_unit_test(headers),
        cmocka_unit_test(big_heads_and_bodies),
        cmocka_unit_test(files),
        cmocka_unit_test(keep_alive),
        cmocka_unit_test(many_at_once),
        cmocka_unit_test(connections_of_one_address),
        cmocka_unit_test(stopping_waits),
        cmocka_unit_test(slow_clients),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
