/* What a page costs, and of what it consists, in one run: the answer over HTTP with the login's cookie, against the sum of a
 * constant body of the same size over HTTP, the page's own statements run again in this process, and its compiled template
 * rendered again from the same view. Processor time of this process; the client is a child.
 * usage: page DATABASE-URL COOKIE PATH [REQUESTS] -> one line of JSON. Linked with --wrap (Makefile) to see the page's parts
 * without a word about it in the program. */
#include "app/keeper.h"
#include "app/ops.h"
#include "store/driver.h"
#include "web/http.h"
#include "web/pages.h"
#include "web/web.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { STATEMENTS_MOST = 200, PARAMS_MOST = 16, CLIENTS = 8, BATCHES = 5 };

static double cpu_us(void)
{
    struct rusage u;
    getrusage(RUSAGE_SELF, &u);
    return (double)(u.ru_utime.tv_sec + u.ru_stime.tv_sec) * 1e6 + (double)(u.ru_utime.tv_usec + u.ru_stime.tv_usec);
}

/* ---- what the page does ----------------------------------------------------------------------------------- */

static struct {
    struct driver driver; /* the real one with `run` replaced */
    const struct driver *real;
    bool noting;
    struct arena arena;
    size_t n;
    struct noted {
        size_t number, params;
        struct param param[PARAMS_MOST];
    } item[STATEMENTS_MOST];
    struct http_options http; /* of the server that web_start makes */
    int renders;      /* how often the page's template is rendered again when it is seen */
    double render_us; /* each; 0 = none was seen */
} seen;

static enum status run_noting(struct conn *c, struct arena *a, size_t number, const struct param *p, size_t n, row_fn *each, void *ctx,
                              int64_t *affected)
{
    if (seen.noting && seen.n < STATEMENTS_MOST && n <= PARAMS_MOST) {
        struct noted *x = &seen.item[seen.n++];
        x->number = number;
        x->params = n;
        for (size_t i = 0; i < n; i++) {
            x->param[i] = p[i];
            if (p[i].type != PARAM_INT)
                x->param[i].text = arena_str(&seen.arena, p[i].text);
        }
    }
    return seen.real->run(c, a, number, p, n, each, ctx, affected);
}

struct http *__real_http_start(const struct http_options *o);
struct http *__wrap_http_start(const struct http_options *o);
struct http *__wrap_http_start(const struct http_options *o)
{
    seen.http = *o;
    return __real_http_start(o);
}

typedef void render_fn(struct buf *out, const struct page *p, const void *view);

static double render_us(render_fn *again, const struct page *p, const void *view)
{
    double best = 1e18;
    struct buf out = buf_make(LIMIT_http_answer_bytes);
    for (int b = 0; b < BATCHES; b++) {
        double from = cpu_us();
        for (int k = 0; k < seen.renders; k++) {
            buf_reset(&out);
            again(&out, p, view);
        }
        best = MIN(best, (cpu_us() - from) / seen.renders);
    }
    buf_free(&out);
    return best;
}

/* The pages that are measured. */
#define WRAP(name, type) \
    void __real_##name(struct buf *out, const struct page *p, const struct type *v); \
    void __wrap_##name(struct buf *out, const struct page *p, const struct type *v); \
    static void again_##name(struct buf *out, const struct page *p, const void *v) \
    { \
        __real_##name(out, p, v); \
    } \
    void __wrap_##name(struct buf *out, const struct page *p, const struct type *v) \
    { \
        if (seen.noting) /* now: the view lies on the page function's stack */ \
            seen.render_us = render_us(again_##name, p, v); \
        __real_##name(out, p, v); \
    }
WRAP(page_my, my_view)
WRAP(page_board, board_view)
WRAP(page_department, department_view)

/* ---- one request inside this process ---------------------------------------------------------------------- */

struct inside {
    struct arena arena;
    struct req req;
    struct resp resp;
};

static void ask_inside(struct inside *x, const char *path, const char *cookie)
{
    *x = (struct inside){ .arena = arena_make(LIMIT_http_arena_bytes) };
    struct str target = str_of(path), bare = str_cut(&target, '?');
    struct http_field *c = ARENA_NEW(&x->arena, struct http_field);
    *c = (struct http_field){ STR("ib"), str_of(cookie) };
    x->req = (struct req){ .arena = &x->arena, .path = bare, .raw_query = target };
    x->req.cookie = (struct http_fields){ c, 1, 1 };
    x->resp = (struct resp){ .arena = &x->arena, .status = 200, .body = buf_make(LIMIT_http_answer_bytes) };
    seen.http.handler(seen.http.ctx, &x->req, &x->resp);
}

static void drop_inside(struct inside *x)
{
    buf_free(&x->resp.body);
    arena_free(&x->arena);
}

/* ---- the client ------------------------------------------------------------------------------------------- */

/* Asks n times over kept connections, CLIENTS answers at once under way. In a child process. */
static void ask_over_http(int port, const char *path, const char *cookie, int n)
{
    char request[1024];
    int fd[CLIENTS];
    struct sockaddr_in sa = { .sin_family = AF_INET, .sin_port = htons((uint16_t)port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
    int len = snprintf(request, sizeof request, "GET %s HTTP/1.1\r\nHost: bench\r\nCookie: ib=%s\r\n\r\n", path, cookie);
    char *in = malloc(8 << 20);
    for (int i = 0; i < CLIENTS; i++) {
        fd[i] = socket(AF_INET, SOCK_STREAM, 0);
        if (in == NULL || connect(fd[i], (struct sockaddr *)&sa, sizeof sa) != 0)
            _exit(1);
    }
    for (int k = 0; k < n; k += CLIENTS) {
        for (int i = 0; i < CLIENTS; i++)
            if (send(fd[i], request, (size_t)len, 0) != len)
                _exit(1);
        for (int i = 0; i < CLIENTS; i++) {
            size_t got = 0, want = 0;
            while (want == 0 || got < want) {
                ssize_t r = recv(fd[i], in + got, (8 << 20) - 1 - got, 0);
                if (r <= 0)
                    _exit(1);
                got += (size_t)r;
                in[got] = '\0';
                char *end = strstr(in, "\r\n\r\n"), *length = strstr(in, "Content-Length: ");
                if (want == 0 && end != NULL && length != NULL)
                    want = (size_t)(end + 4 - in) + strtoul(length + 16, NULL, 10);
            }
            if (strncmp(in, "HTTP/1.1 200", 12) != 0)
                _exit(1);
        }
    }
    _exit(0);
}

/* Processor time of this process for one request; the best of BATCHES, for others use the machine, too. */
static double http_us(int port, const char *path, const char *cookie, int n)
{
    double best = 1e18;
    for (int b = 0; b < BATCHES; b++) {
        int status;
        double from = cpu_us();
        fflush(stdout);
        pid_t pid = fork();
        if (pid == 0)
            ask_over_http(port, path, cookie, n);
        waitpid(pid, &status, 0);
        if (status != 0) {
            fprintf(stderr, "page: %s is not answered with 200\n", path);
            exit(1);
        }
        best = MIN(best, (cpu_us() - from) / n);
    }
    return best;
}

static struct str constant;

static void say_constant(void *ctx, struct req *req, struct resp *resp)
{
    (void)ctx, (void)req;
    buf_str(&resp->body, constant);
}

/* ---- its parts again -------------------------------------------------------------------------------------- */

static double sql_us(struct store *s, int n)
{
    double best = 1e18;
    for (int b = 0; b < BATCHES; b++) {
        double from = cpu_us();
        for (int k = 0; k < n; k++) {
            struct arena a = arena_make(256 << 20);
            struct tx *t;
            if (tx_begin(s, &a, TX_READ, &t) != STATUS_OK)
                exit(1);
            for (size_t i = 0; i < seen.n; i++) {
                struct rows rows;
                if (tx_query(t, (enum sql_id)seen.item[i].number, seen.item[i].param, seen.item[i].params, &rows) != STATUS_OK)
                    exit(1);
            }
            tx_end(t);
            arena_free(&a);
        }
        best = MIN(best, (cpu_us() - from) / n);
    }
    return best;
}

/* Which statement costs what, for whoever looks for the dear one. */
static void say_statements(struct store *s, int n)
{
    for (size_t i = 0; i < seen.n; i++) {
        double from = cpu_us();
        for (int k = 0; k < n; k++) {
            struct arena a = arena_make(256 << 20);
            struct tx *t;
            struct rows rows;
            if (tx_begin(s, &a, TX_READ, &t) != STATUS_OK ||
                tx_query(t, (enum sql_id)seen.item[i].number, seen.item[i].param, seen.item[i].params, &rows) != STATUS_OK)
                exit(1);
            tx_end(t);
            arena_free(&a);
        }
        fprintf(stderr, "%8.1f us  %s\n", (cpu_us() - from) / n, sql_statement(seen.item[i].number)->name);
    }
}

static double inside_us(const char *path, const char *cookie, int n)
{
    double best = 1e18;
    for (int b = 0; b < BATCHES; b++) {
        double from = cpu_us();
        for (int k = 0; k < n; k++) {
            struct inside x;
            ask_inside(&x, path, cookie);
            drop_inside(&x);
        }
        best = MIN(best, (cpu_us() - from) / n);
    }
    return best;
}

int main(int argc, char **argv)
{
    struct app app = { .self_exe = "/proc/self/exe", .origin = "" };
    if (argc < 4) {
        fprintf(stderr, "usage: page DATABASE-URL COOKIE PATH [REQUESTS]\n");
        return 2;
    }
    const char *cookie = argv[2], *path = argv[3];
    int n = argc > 4 ? atoi(argv[4]) : 2000;
    if (ops_open(&app, &(struct ops_database){ argv[1], .readers = 4, .keeps = true }) != STATUS_OK)
        return 1;
    seen.real = app.store->driver;
    seen.driver = *seen.real;
    seen.driver.run = run_noting;
    seen.arena = arena_make(64 << 20);
    app.store->driver = &seen.driver;
    struct web_options o = { .app = &app, .port = 0 };
    struct web *web = web_start(&o);
    if (web == NULL)
        return 1;
    struct inside first;
    seen.renders = n;
    seen.noting = true;
    ask_inside(&first, path, cookie);
    seen.noting = false;
    if (first.resp.status != 200 || seen.render_us == 0) {
        fprintf(stderr, "page: %s: status %d%s\n", path, first.resp.status, seen.render_us == 0 ? ", none of the measured pages" : "");
        return 1;
    }
    constant = buf_view(&first.resp.body);
    double page = http_us(web_port(web), path, cookie, n), inside = inside_us(path, cookie, n);
    double sql = sql_us(app.store, n);
    if (getenv("STATEMENTS") != NULL)
        say_statements(app.store, n);
    web_stop(web);
    struct http_options h = { .handler = say_constant };
    struct http *floor = __real_http_start(&h);
    if (floor == NULL)
        return 1;
    double fixed = http_us(http_port(floor), path, cookie, n);
    http_stop(floor, 1);
    printf("{\"path\":\"%s\",\"bytes\":%zu,\"statements\":%zu,\"page_us\":%.1f,\"inside_us\":%.1f,\"constant_us\":%.1f,\"sql_us\":%.1f,"
           "\"render_us\":%.1f,\"ratio\":%.2f}\n",
           path, constant.n, seen.n, page, inside, fixed, sql, seen.render_us, page / (fixed + sql + seen.render_us));
    drop_inside(&first);
    ops_close(&app);
    return 0;
}
