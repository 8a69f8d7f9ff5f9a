/* The web server: bytes on a socket to struct req, struct resp to bytes, with every limit of core/limits.def and every
 * security header. libmicrohttpd is hidden behind this file. Knows no route, no login and no page. */
#ifndef WEB_HTTP_H
#define WEB_HTTP_H

#include "core/limits.h"
#include "core/text.h"
#include "msg/msg.h"

enum http_method { HTTP_GET, HTTP_POST, HTTP_PUT, HTTP_PATCH, HTTP_DELETE, HTTP_METHOD_COUNT };

struct http_field {
    struct str name, value;
};

/* A file of a multipart form; its bytes lie in the request and go with it. */
struct http_file {
    struct str field, name, type; /* the name is what the browser said: text, never a path */
    struct str bytes;
};

/* A list of fields in the order in which they came. */
struct http_fields {
    struct http_field *item;
    size_t n, cap;
};

enum http_body { HTTP_BODY_NONE, HTTP_BODY_FORM, HTTP_BODY_MULTIPART, HTTP_BODY_JSON };

/* One request. All text is valid UTF-8 without zero bytes, decoded; everything lives in `arena` or as long. */
struct req {
    struct arena *arena;
    enum http_method method; /* of HEAD: HTTP_GET, with is_head */
    bool is_head;
    struct str path, raw_query; /* the path decoded, the query as it came */
    struct http_fields query, header, cookie, form;
    struct http_file *file;
    size_t files, files_cap;
    enum http_body body_kind;
    struct str body;   /* as it came; of JSON not yet read */
    struct str client; /* address, behind a trusted proxy the one it names */
    bool is_secure;    /* the browser reached us by TLS */
    void *user;        /* for the handler */
};

enum http_cache {
    HTTP_NO_STORE,   /* whatever depends on who is signed in: the default */
    HTTP_REVALIDATE, /* may be kept, is asked for each time */
    HTTP_IMMUTABLE   /* the address changes with the content */
};

struct resp {
    int status;       /* 200 unless set */
    struct buf body;  /* at most LIMIT_http_answer_bytes */
    struct str fixed; /* .p set: sent instead of body; bytes that live as long as the program */
    const char *type; /* static; "text/html; charset=utf-8" unless set */
    enum http_cache cache;
    struct str etag;     /* without quotes; with it, If-None-Match is answered by 304 */
    bool is_stored_file; /* sent with a Content-Security-Policy that lets nothing run */
    struct http_fields header;
    struct arena *arena;
};

typedef void http_handler(void *ctx, struct req *req, struct resp *resp);

struct http_options {
    const char *address; /* to listen on; NULL = 127.0.0.1; IPv4 or IPv6 */
    int port;            /* 0 = any free one */
    int listen_fd;       /* above 0: listen here; address and port do not count */
    int threads;         /* 0 = one a core */
    bool is_secure;      /* browsers reach us by TLS (a proxy's): Secure cookies, HSTS */
    /* The proxy's address, or NULL. Only its X-Forwarded-For is believed; it has no limit of its own connections. */
    const char *trusted_proxy;
    const char *spool_dir; /* where bodies of file uploads lie, nameless, while they are read; NULL = /tmp */
    http_handler *handler; /* called on a thread of the server when the whole request is there; must not block long */
    void *ctx;
    /* Most bytes of a body for this address; NULL = LIMIT_http_body_bytes for all. */
    size_t (*body_most)(void *ctx, enum http_method method, struct str path);
    /* Called on the same thread when a request was left by longjmp because its memory ran out: roll back, unlock. */
    void (*abandoned)(void *ctx, struct req *req);
    /* Called after each answer, for the access log and figures; may be NULL. */
    void (*done)(void *ctx, const struct req *req, int status, int64_t micros);
};

struct http;

/* A listening socket, for http_options.listen_fd of this process or a child; *port is what it got for port 0. -1 when the
 * address cannot be had (errno says why). */
int http_listen(const char *address, int port, int *got) MUST;
/* Starts listening. NULL when the address cannot be had (errno says why). The options' texts must outlive it. */
struct http *http_start(const struct http_options *options) MUST;
int http_port(const struct http *h) MUST;
/* Takes no new connection, waits at most wait_s seconds for what is running, ends all threads and frees. */
void http_stop(struct http *h, int wait_s);

/* The field's value; .p is NULL where there is none. */
struct str http_field(const struct http_fields *f, const char *name) MUST;
/* A header's value, by name without regard to case; .p is NULL where there is none. */
struct str http_header(const struct req *req, const char *name) MUST;
/* Whether the browser says that a page of another origin made the request: by Sec-Fetch-Site or, without it, by Origin.
 * False when it says nothing (programs, old browsers; "null", which our own Referrer-Policy makes of a form's origin): the
 * form's token decides alone then. */
bool http_is_foreign(const struct req *req) MUST;
/* Whether the client takes gzip. */
bool http_takes_gzip(const struct req *req) MUST;
/* The value of the login's cookie (__Host-ib, plain "ib" without TLS); .p is NULL where there is none. */
struct str http_login_cookie(const struct req *req) MUST;

/* Threads beside those that answer pages, so that no page waits behind a password's hash or a write's sync. */
enum http_pool { HTTP_POOL_HASH, HTTP_POOL_WRITE, HTTP_POOL_COUNT };

/* Sends the rest of the request to the threads of a pool: fn is called there, and the answer goes out when it returns,
 * unless it defers to another pool. To be called at most once by each handler, as its last act. False, with a 503 in
 * resp, when the queue is full. */
bool http_defer(struct req *req, struct resp *resp, enum http_pool pool, http_handler *fn, void *ctx) MUST;

/* Adds a header; a value with a control character is a mistake of ours and turns the answer into a 500. */
void http_put_header(struct resp *resp, const char *name, struct str value);
/* Sets the login's cookie for as long as the browser lives, or deletes it when the value is empty. */
void http_put_login_cookie(const struct req *req, struct resp *resp, struct str value);
/* Sets another cookie (name as is; HttpOnly, SameSite=Lax) for max_age_s seconds. */
void http_put_cookie(const struct req *req, struct resp *resp, const char *name, struct str value, int64_t max_age_s);
/* 303 to a path of ours: it must begin with one slash, else the answer is a 500. */
void http_redirect(struct resp *resp, struct str path);
/* Makes the answer a download; the bytes are copied. `type` is static. */
void http_put_file(struct resp *resp, const char *type, struct str name, struct str bytes);
/* Replaces the answer by a short page in both languages; {1} of the sentence is figure unless it is below 0. */
void http_fail(struct resp *resp, int status, enum msg_id id, int64_t figure);
/* 405; allow is as in the header: "GET, POST". */
void http_not_allowed(struct resp *resp, const char *allow);

#endif
