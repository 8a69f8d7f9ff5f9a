/* The threads beside those of libmicrohttpd: two for slow work (password hashing), so that pages never wait behind it,
 * and one that looks at the clock once a second and cuts clients that are slower than the limits allow. */
#include "web/http_part.h"

#include <errno.h>
#include <time.h>

void http_link_phase(struct http_link *link, enum phase phase, int64_t bytes)
{
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

static struct exchange *slow_take(struct http *h)
{
    pthread_mutex_lock(&h->lock);
    while (h->slow_first == NULL && !h->is_stopping)
        pthread_cond_wait(&h->slow_wake, &h->lock);
    struct exchange *ex = h->slow_first;
    if (ex != NULL) {
        h->slow_first = ex->slow_next;
        h->slow_waiting--;
        assert(h->slow_waiting >= 0);
    }
    pthread_mutex_unlock(&h->lock);
    return ex;
}

static void *slow_main(void *ctx)
{
    struct http *h = ctx;
    struct exchange *ex;
    while ((ex = slow_take(h)) != NULL) {
        http_run(ex, ex->slow_fn, ex->slow_ctx);
        ex->state = EXCHANGE_READY;
        MHD_resume_connection(ex->connection);
    }
    return NULL;
}

bool http_defer(struct req *req, struct resp *resp, http_handler *fn, void *ctx)
{
    struct exchange *ex = (struct exchange *)((char *)req - offsetof(struct exchange, req));
    struct http *h = ex->http;
    assert(ex->slow_fn == NULL && ex->state == EXCHANGE_BODY);
    pthread_mutex_lock(&h->lock);
    bool has_room = h->slow_waiting < LIMIT_http_slow_queue && !h->is_stopping;
    h->slow_waiting += has_room;
    pthread_mutex_unlock(&h->lock);
    if (!has_room) {
        http_fail(resp, 503, MSG_http_busy, -1);
        return false;
    }
    ex->slow_fn = fn;
    ex->slow_ctx = ctx;
    return true;
}

void http_slow_push(struct exchange *ex)
{
    struct http *h = ex->http;
    pthread_mutex_lock(&h->lock);
    ex->slow_next = NULL;
    if (h->slow_first == NULL)
        h->slow_first = ex;
    else
        h->slow_last->slow_next = ex;
    h->slow_last = ex;
    pthread_cond_signal(&h->slow_wake);
    pthread_mutex_unlock(&h->lock);
}

void http_watch_start(struct http *h)
{
    int failed = pthread_create(&h->clock_thread, NULL, clock_main, h);
    for (int i = 0; i < LIMIT_http_slow_threads; i++)
        failed |= pthread_create(&h->slow_thread[i], NULL, slow_main, h);
    assert(failed == 0); /* at start only: the process is restarted */
}

void http_watch_stop(struct http *h)
{
    pthread_mutex_lock(&h->lock);
    h->is_stopping = true;
    pthread_cond_broadcast(&h->slow_wake);
    pthread_mutex_unlock(&h->lock);
    for (int i = 0; i < LIMIT_http_slow_threads; i++)
        pthread_join(h->slow_thread[i], NULL);
    pthread_join(h->clock_thread, NULL);
}
