/* Shared by the files of the web server (http*.c) and by nobody else. */
#ifndef WEB_HTTP_PART_H
#define WEB_HTTP_PART_H

#include "web/http.h"

#include <microhttpd.h>
#include <pthread.h>
#include <setjmp.h>
#include <stdatomic.h>
#include <sys/socket.h>

enum phase { PHASE_HEAD, PHASE_IDLE, PHASE_BODY, PHASE_WORK, PHASE_ANSWER };

/* One connection, watched by the clock thread. */
struct http_link {
    struct http_link *next, *prev;
    int fd;
    char address[64];
    _Atomic int phase;
    _Atomic int64_t since_ms;
    _Atomic int64_t bytes; /* of the body so far, or of the whole answer */
};

enum exchange_state { EXCHANGE_NEW, EXCHANGE_BODY, EXCHANGE_DEFERRED, EXCHANGE_READY, EXCHANGE_SENT };

/* One request and its answer. */
struct exchange {
    struct req req;
    struct resp resp;
    struct arena arena;
    struct http *http;
    struct http_link *link;
    struct MHD_Connection *connection;
    enum exchange_state state;
    struct str raw_uri;
    size_t body_most, body_seen;
    struct buf body; /* unless it is spooled */
    int spool_fd;    /* -1 = none */
    char *spool_map;
    bool must_close;
    jmp_buf boundary;
    http_handler *slow_fn;
    void *slow_ctx;
    struct exchange *slow_next;
    int64_t started_us;
};

struct http {
    struct http_options options;
    struct MHD_Daemon *daemon;
    int port;
    pthread_mutex_t lock; /* links, slow queue, running, is_stopping */
    pthread_cond_t slow_wake, calm;
    struct http_link *links;
    struct exchange *slow_first, *slow_last;
    int slow_waiting, running;
    bool is_stopping;
    pthread_t slow_thread[LIMIT_http_slow_threads], clock_thread;
};

int64_t http_now_us(void) MUST;

/* http_read.c: what came -> struct req. Each returns false with the answer already in ex->resp. */
bool http_read_target(struct exchange *ex) MUST;
bool http_read_headers(struct exchange *ex) MUST;
bool http_read_body(struct exchange *ex) MUST;

/* http_watch.c: slow work and slow clients. */
void http_watch_start(struct http *h);
void http_watch_stop(struct http *h);
/* Queues ex for its slow_fn; a place was reserved before. */
void http_slow_push(struct exchange *ex);
void http_link_phase(struct http_link *link, enum phase phase, int64_t bytes);

/* http.c: calls fn inside the request's boundary. */
void http_run(struct exchange *ex, http_handler *fn, void *ctx);

#endif
