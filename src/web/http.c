/* The server on libmicrohttpd: one call of the handler for each whole request. Forms are read in http_read.c, answers sent by
 * http_send.c, slow clients and slow work kept in http_watch.c. */
#include "web/http_part.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

enum { SPOOL_FROM_BYTES = 256 * 1024, POOL_BYTES = 48 * 1024 };

int64_t http_now_us(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000000 + t.tv_nsec / 1000;
}

/* ---- connections ---------------------------------------------------------------------------------------- */

static void address_text(const struct sockaddr *sa, char *out, size_t n)
{
    const void *ip = sa->sa_family == AF_INET6
                         ? (const void *)&((const struct sockaddr_in6 *)(const void *)sa)->sin6_addr
                         : &((const struct sockaddr_in *)(const void *)sa)->sin_addr;
    if (inet_ntop(sa->sa_family, ip, out, (socklen_t)n) == NULL)
        snprintf(out, n, "?");
}

static enum MHD_Result accept_policy(void *ctx, const struct sockaddr *sa, socklen_t len)
{
    struct http *h = ctx;
    char address[64];
    int same = 0, all = 0;
    (void)len;
    address_text(sa, address, sizeof address);
    pthread_mutex_lock(&h->lock);
    for (const struct http_link *link = h->links; link != NULL; link = link->next) {
        all++;
        same += strcmp(link->address, address) == 0;
    }
    bool is_stopping = h->is_stopping;
    pthread_mutex_unlock(&h->lock);
    bool is_proxy = h->options.trusted_proxy != NULL && strcmp(address, h->options.trusted_proxy) == 0;
    bool is_full = all >= LIMIT_http_connections || (!is_proxy && same >= LIMIT_http_address_connections);
    return is_full || is_stopping ? MHD_NO : MHD_YES;
}

static void link_notify(void *ctx, struct MHD_Connection *c, void **place, enum MHD_ConnectionNotificationCode code)
{
    struct http *h = ctx;
    struct http_link *link = *place;
    if (code == MHD_CONNECTION_NOTIFY_CLOSED) {
        if (link == NULL)
            return;
        pthread_mutex_lock(&h->lock);
        if (link->prev != NULL)
            link->prev->next = link->next;
        else
            h->links = link->next;
        if (link->next != NULL)
            link->next->prev = link->prev;
        pthread_mutex_unlock(&h->lock);
        free(link);
        *place = NULL;
        return;
    }
    link = calloc(1, sizeof *link);
    *place = link; /* without one, the first request is refused */
    if (link == NULL)
        return;
    link->fd = MHD_get_connection_info(c, MHD_CONNECTION_INFO_CONNECTION_FD)->connect_fd;
    address_text(MHD_get_connection_info(c, MHD_CONNECTION_INFO_CLIENT_ADDRESS)->client_addr, link->address,
                 sizeof link->address);
    http_link_phase(link, PHASE_HEAD, 0);
    pthread_mutex_lock(&h->lock);
    link->next = h->links;
    if (h->links != NULL)
        h->links->prev = link;
    h->links = link;
    pthread_mutex_unlock(&h->lock);
}

/* ---- one exchange --------------------------------------------------------------------------------------- */

static void memory_is_out(void *ctx)
{
    struct exchange *ex = ctx;
    longjmp(ex->boundary, 1);
}

static void busy(struct exchange *ex)
{
    http_fail(&ex->resp, 503, MSG_http_busy, -1);
    ex->slow_fn = NULL;
}

void http_run(struct exchange *ex, http_handler *fn, void *ctx)
{
    assert(fn != NULL && ex->http != NULL);
    if (setjmp(ex->boundary) == 0) {
        fn(ctx, &ex->req, &ex->resp);
        return;
    }
    struct http *h = ex->http;
    if (ex->slow_fn != NULL)
        http_slow_forget(ex);
    if (h->options.abandoned != NULL)
        h->options.abandoned(h->options.ctx, &ex->req);
    busy(ex);
}

static void exchange_free(struct exchange *ex)
{
    if (ex->spool_map != NULL)
        munmap(ex->spool_map, ex->body_seen);
    if (ex->spool_fd >= 0)
        close(ex->spool_fd);
    buf_free(&ex->body);
    buf_free(&ex->resp.body);
    free(ex->zipped);
    arena_free(&ex->arena);
    free(ex);
}

/* Called with the request line as it came, before anything is decoded. */
static void *target_seen(void *ctx, const char *uri, struct MHD_Connection *c)
{
    struct http *h = ctx;
    struct exchange *ex = calloc(1, sizeof *ex);
    if (ex == NULL)
        return NULL;
    ex->http = h;
    ex->link = MHD_get_connection_info(c, MHD_CONNECTION_INFO_SOCKET_CONTEXT)->socket_context;
    ex->connection = c;
    ex->spool_fd = -1;
    ex->started_us = http_now_us();
    ex->arena = arena_make(LIMIT_http_arena_bytes);
    ex->arena.full = memory_is_out;
    ex->arena.full_ctx = ex;
    ex->req.arena = ex->resp.arena = &ex->arena;
    ex->req.is_secure = h->options.is_secure;
    ex->resp.body = buf_make(LIMIT_http_answer_bytes);
    ex->resp.status = 200;
    ex->body = buf_make(LIMIT_http_import_bytes);
    size_t n = strlen(uri);
    char *copy = arena_try(&ex->arena, n + 1);
    if (copy == NULL || ex->link == NULL) {
        exchange_free(ex);
        return NULL;
    }
    memcpy(copy, uri, n);
    ex->raw_uri = (struct str){ copy, n };
    pthread_mutex_lock(&h->lock);
    assert(h->running >= 0);
    h->running++;
    pthread_mutex_unlock(&h->lock);
    return ex;
}

static void exchange_done(void *ctx, struct MHD_Connection *c, void **place, enum MHD_RequestTerminationCode code)
{
    struct http *h = ctx;
    struct exchange *ex = *place;
    (void)c;
    (void)code;
    *place = NULL;
    if (ex == NULL)
        return;
    if (h->options.done != NULL && ex->state == EXCHANGE_SENT)
        h->options.done(h->options.ctx, &ex->req, ex->resp.status, http_now_us() - ex->started_us);
    http_link_phase(ex->link, PHASE_IDLE, 0);
    exchange_free(ex);
    pthread_mutex_lock(&h->lock);
    h->running--;
    assert(h->running >= 0);
    if (h->running == 0)
        pthread_cond_broadcast(&h->calm);
    pthread_mutex_unlock(&h->lock);
}

static bool method_read(struct exchange *ex, const char *name)
{
    static const char *const methods[HTTP_METHOD_COUNT] = { "GET", "POST", "PUT", "PATCH", "DELETE" };
    ex->req.is_head = strcmp(name, "HEAD") == 0;
    if (ex->req.is_head)
        name = "GET";
    for (int i = 0; i < HTTP_METHOD_COUNT; i++)
        if (strcmp(name, methods[i]) == 0) {
            ex->req.method = (enum http_method)i;
            return true;
        }
    http_not_allowed(&ex->resp, "GET, HEAD, POST, PUT, PATCH, DELETE");
    return false;
}

/* Everything that can be refused before a byte of the body is taken. */
static bool head_read(struct exchange *ex, const char *method, const char *version)
{
    assert(ex->body_seen == 0);
    size_t bytes = MHD_get_connection_info(ex->connection, MHD_CONNECTION_INFO_REQUEST_HEADER_SIZE)->header_size;
    if (bytes > LIMIT_http_head_bytes) {
        http_fail(&ex->resp, 431, MSG_http_head_too_large, LIMIT_http_head_bytes / 1024);
        return false;
    }
    if (strcmp(version, "HTTP/1.1") != 0 && strcmp(version, "HTTP/1.0") != 0) {
        http_fail(&ex->resp, 505, MSG_http_bad_request, -1);
        return false;
    }
    if (!method_read(ex, method) || !http_read_target(ex))
        return false;
    const struct http_options *o = &ex->http->options;
    ex->body_most = o->body_most != NULL ? o->body_most(o->ctx, ex->req.method, ex->req.path) : LIMIT_http_body_bytes;
    assert(ex->body_most <= LIMIT_http_import_bytes);
    return http_read_headers(ex);
}

/* A body that is large or holds files goes to a nameless file: what was cut off leaves nothing behind. */
static bool body_take(struct exchange *ex, const char *p, size_t n)
{
    assert(p != NULL && n > 0);
    ex->body_seen += n;
    atomic_store(&ex->link->bytes, (int64_t)ex->body_seen);
    if (ex->body_seen > ex->body_most)
        return ex->body_seen <=
               ex->body_most * 2 + LIMIT_http_body_bytes; /* read on a while, to be able to answer 413 */
    if (ex->spool_fd < 0) {
        buf_add(&ex->body, p, n);
        if (ex->body.n < SPOOL_FROM_BYTES || ex->body.failed)
            return !ex->body.failed;
        const char *dir = ex->http->options.spool_dir != NULL ? ex->http->options.spool_dir : "/tmp";
        ex->spool_fd = open(dir, O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
        if (ex->spool_fd < 0)
            return true; /* a file system without nameless files: it stays in memory, within the limit */
        p = ex->body.p;
        n = ex->body.n;
    }
    for (size_t at = 0; at < n;) {
        ssize_t got = write(ex->spool_fd, p + at, n - at);
        if (got < 0 && errno == EINTR)
            continue;
        if (got <= 0)
            return false;
        at += (size_t)got;
        assert(at <= n);
    }
    buf_free(&ex->body);
    return true;
}

/* ---- steps of a request ----------------------------------------------------------------------------------- */

/* The whole request is there: run the handler, now or, when it asks for that, on a slow thread. */
static enum MHD_Result work(struct exchange *ex)
{
    const struct http_options *o = &ex->http->options;
    http_link_phase(ex->link, PHASE_WORK, 0);
    http_run(ex, o->handler, o->ctx);
    if (ex->slow_fn == NULL)
        return http_send(ex);
    ex->state = EXCHANGE_DEFERRED;
    MHD_suspend_connection(ex->connection);
    http_slow_push(ex);
    return MHD_YES;
}

static void read_body_step(void *ok, struct req *req, struct resp *resp)
{
    struct exchange *ex = (struct exchange *)((char *)req - offsetof(struct exchange, req));
    (void)resp;
    *(bool *)ok = http_read_body(ex);
}

struct head_step {
    const char *method, *version;
    bool ok;
};

static void read_head_step(void *ctx, struct req *req, struct resp *resp)
{
    struct head_step *step = ctx;
    struct exchange *ex = (struct exchange *)((char *)req - offsetof(struct exchange, req));
    (void)resp;
    step->ok = head_read(ex, step->method, step->version);
}

/* libmicrohttpd calls this when the head is there, for each piece of the body, at its end, and after a resume. */
static enum MHD_Result request_step(void *ctx, struct MHD_Connection *c, const char *url, const char *method,
                                    const char *version, const char *data, size_t *data_n, void **place)
{
    struct exchange *ex = *place;
    (void)ctx;
    (void)c;
    (void)url;
    if (ex == NULL)
        return MHD_NO;
    if (ex->state == EXCHANGE_NEW) {
        struct head_step step = { method, version, false };
        ex->state = EXCHANGE_BODY;
        http_link_phase(ex->link, PHASE_BODY, 0);
        http_run(ex, read_head_step, &step);
        if (step.ok)
            return MHD_YES;
        ex->must_close = true; /* what follows may be a body, or not be HTTP at all */
        return http_send(ex);
    }
    if (ex->state == EXCHANGE_READY)
        return http_send(ex);
    if (ex->state != EXCHANGE_BODY)
        return MHD_YES;
    if (*data_n > 0) {
        bool is_taken = body_take(ex, data, *data_n);
        *data_n = 0;
        return is_taken ? MHD_YES : MHD_NO;
    }
    bool is_read = false;
    http_run(ex, read_body_step, &is_read);
    return is_read ? work(ex) : http_send(ex);
}

/* ---- start and stop ------------------------------------------------------------------------------------- */

static size_t keep_escapes(void *ctx, struct MHD_Connection *c, char *s)
{
    (void)ctx;
    (void)c;
    return strlen(s); /* http_read.c decodes, strictly */
}

struct http *http_start(const struct http_options *options)
{
    assert(options->handler != NULL);
    struct http *h = calloc(1, sizeof *h);
    int fd = h != NULL ? http_listen_for(options, &h->port) : -1;
    if (fd < 0) {
        free(h);
        return NULL;
    }
    h->options = *options;
    long cores = sysconf(_SC_NPROCESSORS_ONLN);
    unsigned threads = options->threads > 0 ? (unsigned)options->threads : cores > 1 ? (unsigned)cores : 2;
    pthread_mutex_init(&h->lock, NULL);
    pthread_cond_init(&h->calm, NULL);
    h->daemon = MHD_start_daemon(
        MHD_USE_EPOLL_INTERNAL_THREAD | MHD_ALLOW_SUSPEND_RESUME, 0, accept_policy, h, request_step, h,
        MHD_OPTION_LISTEN_SOCKET, fd, MHD_OPTION_THREAD_POOL_SIZE, threads, MHD_OPTION_CONNECTION_LIMIT,
        (unsigned)LIMIT_http_connections * threads, MHD_OPTION_CONNECTION_MEMORY_LIMIT, (size_t)POOL_BYTES,
        MHD_OPTION_CONNECTION_TIMEOUT, (unsigned)LIMIT_http_idle_s, MHD_OPTION_NOTIFY_CONNECTION, link_notify, h,
        MHD_OPTION_NOTIFY_COMPLETED, exchange_done, h, MHD_OPTION_URI_LOG_CALLBACK, target_seen, h,
        MHD_OPTION_UNESCAPE_CALLBACK, keep_escapes, NULL, MHD_OPTION_STRICT_FOR_CLIENT, 1, MHD_OPTION_END);
    if (h->daemon == NULL) {
        close(fd);
        free(h);
        return NULL;
    }
    http_watch_start(h);
    return h;
}

int http_port(const struct http *h)
{
    return h->port;
}

void http_stop(struct http *h, int wait_s)
{
    int fd = MHD_quiesce_daemon(h->daemon);
    struct timespec until;
    clock_gettime(CLOCK_REALTIME, &until);
    until.tv_sec += wait_s;
    pthread_mutex_lock(&h->lock);
    while (h->running > 0 && pthread_cond_timedwait(&h->calm, &h->lock, &until) == 0)
        ;
    pthread_mutex_unlock(&h->lock);
    http_watch_stop(h); /* runs what is queued, so that no connection stays suspended */
    MHD_stop_daemon(h->daemon);
    if (fd >= 0)
        close(fd);
    pthread_cond_destroy(&h->calm);
    pthread_mutex_destroy(&h->lock);
    free(h);
}
