/* The threads beside those of libmicrohttpd: a pool for password hashing and one for writes, so that pages never wait
 * behind either, and one that looks at the clock once a second and cuts clients that are slower than the limits allow. */
#include "web/http_part.h"

#include <errno.h>
#include <time.h>

void http_link_phase(struct http_link *link, enum phase phase, int64_t bytes)
{
    assert(link != NULL);
    atomic_store(&link->since_ms, http_now_us() / 1000);
    atomic_store(&link->bytes, bytes);
    atomic_store(&link->phase, phase);
}

static bool is_too_slow(const struct http_link *link, int64_t now_ms)
{
    int64_t ms = now_ms - atomic_load(&link->since_ms), bytes = atomic_load(&link->bytes);
    switch ((enum phase)atomic_load(&link->phase)) {
    case PHASE_HEAD:
        return ms > LIMIT_http_head_s * 1000;
    case PHASE_IDLE: /* the next head may have begun at the end of the idle time */
        return ms > (LIMIT_http_idle_s + LIMIT_http_head_s) * 1000;
    case PHASE_BODY:
        return ms > LIMIT_http_grace_s * 1000 && bytes * 1000 / ms < LIMIT_http_rate_bytes;
    case PHASE_ANSWER:
        return ms > LIMIT_http_request_s * 1000 + bytes * 1000 / LIMIT_http_rate_bytes;
    case PHASE_WORK:
        return false;
    }
    return false;
}

/* Closing a descriptor is libmicrohttpd's; shutting it down wakes the thread that owns it. */
static void *clock_main(void *ctx)
{
    struct http *h = ctx;
    for (;;) {
        struct timespec second = { .tv_sec = 0, .tv_nsec = 500 * 1000 * 1000 };
        while (nanosleep(&second, &second) != 0 && errno == EINTR)
            ;
        pthread_mutex_lock(&h->lock);
        int64_t now_ms = http_now_us() / 1000;
        for (struct http_link *link = h->links; link != NULL; link = link->next)
            if (is_too_slow(link, now_ms))
                shutdown(link->fd, SHUT_RDWR);
        bool is_stopping = h->is_stopping;
        pthread_mutex_unlock(&h->lock);
        if (is_stopping)
            return NULL;
    }
}

static struct exchange *slow_take(struct pool *p)
{
    struct http *h = p->http;
    pthread_mutex_lock(&h->lock);
    while (p->first == NULL && !h->is_stopping)
        pthread_cond_wait(&p->wake, &h->lock);
    struct exchange *ex = p->first;
    if (ex != NULL) {
        p->first = ex->slow_next;
        p->waiting--;
        assert(p->waiting >= 0);
    }
    pthread_mutex_unlock(&h->lock);
    return ex;
}

static void *slow_main(void *ctx)
{
    struct exchange *ex;
    while ((ex = slow_take(ctx)) != NULL) {
        http_handler *fn = ex->slow_fn;
        ex->slow_fn = NULL;
        http_run(ex, fn, ex->slow_ctx);
        if (ex->slow_fn != NULL) { /* on to another pool */
            http_slow_push(ex);
            continue;
        }
        ex->state = EXCHANGE_READY;
        MHD_resume_connection(ex->connection);
    }
    return NULL;
}

bool http_defer(struct req *req, struct resp *resp, enum http_pool pool, http_handler *fn, void *ctx)
{
    struct exchange *ex = (struct exchange *)((char *)req - offsetof(struct exchange, req));
    struct http *h = ex->http;
    struct pool *p = &h->pool[pool];
    assert(pool < HTTP_POOL_COUNT);
    assert(ex->slow_fn == NULL && (ex->state == EXCHANGE_BODY || ex->state == EXCHANGE_DEFERRED));
    pthread_mutex_lock(&h->lock);
    bool has_room = p->waiting < p->most && !h->is_stopping;
    p->waiting += has_room;
    pthread_mutex_unlock(&h->lock);
    if (!has_room) {
        http_fail(resp, 503, MSG_http_busy, -1);
        return false;
    }
    ex->slow_fn = fn;
    ex->slow_ctx = ctx;
    ex->slow_pool = pool;
    return true;
}

void http_slow_push(struct exchange *ex)
{
    assert(ex->slow_fn != NULL && ex->state == EXCHANGE_DEFERRED);
    struct http *h = ex->http;
    struct pool *p = &h->pool[ex->slow_pool];
    pthread_mutex_lock(&h->lock);
    ex->slow_next = NULL;
    if (p->first == NULL)
        p->first = ex;
    else
        p->last->slow_next = ex;
    p->last = ex;
    pthread_cond_signal(&p->wake);
    pthread_mutex_unlock(&h->lock);
}

void http_slow_forget(struct exchange *ex)
{
    struct http *h = ex->http;
    pthread_mutex_lock(&h->lock);
    h->pool[ex->slow_pool].waiting--;
    assert(h->pool[ex->slow_pool].waiting >= 0);
    pthread_mutex_unlock(&h->lock);
}

void http_watch_start(struct http *h)
{
    static const struct {
        int threads, most;
    } sizes[HTTP_POOL_COUNT] = { [HTTP_POOL_HASH] = { LIMIT_http_hash_threads, LIMIT_http_hash_queue },
                                 [HTTP_POOL_WRITE] = { LIMIT_http_write_threads, LIMIT_http_write_queue } };
    int failed = pthread_create(&h->clock_thread, NULL, clock_main, h);
    for (int k = 0; k < HTTP_POOL_COUNT; k++) {
        struct pool *p = &h->pool[k];
        assert(sizes[k].threads <= (int)LEN(p->thread));
        p->http = h;
        p->threads = sizes[k].threads;
        p->most = sizes[k].most;
        pthread_cond_init(&p->wake, NULL);
        for (int i = 0; i < p->threads; i++)
            failed |= pthread_create(&p->thread[i], NULL, slow_main, p);
    }
    assert(failed == 0); /* at start only: the process is restarted */
}

void http_watch_stop(struct http *h)
{
    pthread_mutex_lock(&h->lock);
    h->is_stopping = true;
    for (int k = 0; k < HTTP_POOL_COUNT; k++)
        pthread_cond_broadcast(&h->pool[k].wake);
    pthread_mutex_unlock(&h->lock);
    for (int k = 0; k < HTTP_POOL_COUNT; k++) {
        for (int i = 0; i < h->pool[k].threads; i++)
            pthread_join(h->pool[k].thread[i], NULL);
        pthread_cond_destroy(&h->pool[k].wake);
    }
    pthread_join(h->clock_thread, NULL);
}
