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
    bool is_gzipped;
    char *zipped; /* the body compressed; freed with the exchange */
    size_t zipped_n;
    jmp_buf boundary;
    http_handler *slow_fn; /* set: it was promised a place in a pool's queue */
    void *slow_ctx;
    enum http_pool slow_pool;
    struct exchange *slow_next;
    int64_t started_us;
};

/* Threads with a queue. */
struct pool {
    struct http *http;
    int threads, most; /* most that may wait */
    int waiting;
    struct exchange *first, *last;
    pthread_cond_t wake;
    pthread_t thread[LIMIT_http_write_threads];
};

struct http {
    struct http_options options;
    struct MHD_Daemon *daemon;
    int port;
    pthread_mutex_t lock; /* links, pools, running, is_stopping */
    pthread_cond_t calm;
    struct http_link *links;
    struct pool pool[HTTP_POOL_COUNT];
    int running;
    bool is_stopping;
    pthread_t clock_thread;
};

int64_t http_now_us(void) MUST;

/* http_read.c: what came -> struct req. Each returns false with the answer already in ex->resp. */
bool http_read_target(struct exchange *ex) MUST;
bool http_read_headers(struct exchange *ex) MUST;
void http_read_cookies(struct exchange *ex, struct str header);
bool http_read_body(struct exchange *ex) MUST;

/* http_watch.c: slow work and slow clients. */
void http_watch_start(struct http *h);
void http_watch_stop(struct http *h);
/* Queues ex for its slow_fn; a place was reserved before. */
void http_slow_push(struct exchange *ex);
/* Gives the reserved place back. */
void http_slow_forget(struct exchange *ex);
void http_link_phase(struct http_link *link, enum phase phase, int64_t bytes);

/* http_gzip.c: compresses the answer where the client takes it and it pays; sets is_gzipped, zipped. */
void http_gzip(struct exchange *ex);

/* http.c: calls fn inside the request's boundary. */
void http_run(struct exchange *ex, http_handler *fn, void *ctx);

/* Queues the answer of an exchange that is whole. */
enum MHD_Result http_send(struct exchange *ex) MUST;
/* The socket of the options, or a new one; *port is where it listens. -1: errno says why. */
int http_listen_for(const struct http_options *o, int *port) MUST;

#endif
