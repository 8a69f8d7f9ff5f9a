/* One request on its way through a route; private to this room. */
#ifndef WEB_CTX_H
#define WEB_CTX_H

#include "app/account.h"
#include "web/http.h"
#include "web/page.h"
#include "web/web.h"

enum { PATH_WORDS_MOST = 3 };

struct route;

struct ctx {
    const struct web *web;
    const struct app *app;
    struct req *req;
    struct resp *resp;
    struct arena *arena;
    const struct route *route;
    struct session session; /* all zero where nobody is signed in */
    struct str csrf_secret; /* what page.csrf masks */
    struct page page;
    struct errs errs;
    struct str word[PATH_WORDS_MOST]; /* what stood for {} in the route's pattern */
};

typedef void route_fn(struct ctx *c);

enum access { ACCESS_PUBLIC, ACCESS_SIGNED, ACCESS_CAP };

struct route {
    enum http_method method;
    const char *pattern; /* "{}" stands for one segment */
    enum access access;
    enum cap cap;
    route_fn *run;
};

#define ROUTE(method, pattern, access, cap, run) extern route_fn run;
#include "web/routes.def"
#undef ROUTE

/* Runs a use case by name for whoever is signed in. `call` is filled; errors go to c->errs. */
enum status ctx_run(struct ctx *c, const char *usecase, const void *in, struct call *call) MUST;
/* A list of a use case, by its parent (NONE = the base's); empty rows on any failure, which *st tells. */
struct rows ctx_list(struct ctx *c, const char *usecase, int64_t parent_id, enum status *st);
/* The one number of a list that counts. */
int64_t ctx_count(struct ctx *c, const char *usecase, int64_t parent_id, enum status *st) MUST;
/* Answers a failed use case by a page in the user's language. */
void ctx_fail(struct ctx *c, enum status st);
/* The form field, or an empty text. */
struct str ctx_form(const struct ctx *c, const char *name) MUST;
struct str ctx_query(const struct ctx *c, const char *name) MUST;
/* The number in word i of the path, or in a query field; false with a 404 answered. */
bool ctx_number(struct ctx *c, struct str text, int64_t *out) MUST;
/* record_lookup_fn over the request's form. */
bool ctx_lookup(void *ctx, const char *name, struct str *out) MUST;
/* One of two texts by the page's language; the other where it is empty. */
struct str ctx_pick(const struct ctx *c, struct str zh, struct str en) MUST;

/* "https://host" in front of the addresses that are handed to people. */
struct str ctx_origin(struct ctx *c) MUST;
/* A time as people of the base read it: "2027-03-01 08:30", UTC+8. */
struct str ctx_time(struct ctx *c, int64_t utc_s) MUST;

#endif
