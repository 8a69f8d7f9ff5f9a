/* From a request to its route: login, language, CSRF token, capability, handler; statuses become pages. */
#include "web/ctx.h"

#include "app/ops.h"
#include "web/assets.h"
#include "web/csrf.h"
#include "web/pages.h"

#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>

static const struct route routes[] = {
#define ROUTE(method_, pattern_, access_, cap_, run_) { HTTP_##method_, pattern_, ACCESS_##access_, CAP_##cap_, run_ },
#include "web/routes.def"
#undef ROUTE
};

struct web {
    const struct app *app;
    struct http *http;
    char csrf_key[32]; /* for forms before sign-in */
};

bool web_tables_hold(void)
{
    bool ok = true;
    for (size_t i = 0; i < LEN(routes); i++) {
        const struct route *r = &routes[i];
        bool writes_openly = r->method != HTTP_GET && r->access == ACCESS_PUBLIC && strncmp(r->pattern, "/sign-in", 8) != 0 &&
                             strncmp(r->pattern, "/link/", 6) != 0 && strncmp(r->pattern, "/setup/", 7) != 0 && strcmp(r->pattern, "/language") != 0;
        if (r->pattern != NULL && r->run != NULL && r->cap < CAP_COUNT && !writes_openly)
            continue;
        fprintf(stderr, "internbase: route %zu (%s) has a hole or is open to all\n", i, r->pattern);
        ok = false;
    }
    return ok;
}

/* Whether the path fits; fills the words. */
static bool fits(const char *pattern, struct str path, struct str *word)
{
    struct str rest = path, want = str_of(pattern);
    int n = 0;
    while (want.n > 0 || rest.n > 0) {
        struct str w = str_cut(&want, '/'), p = str_cut(&rest, '/');
        if (str_is(w, "{}") && p.n > 0 && n < PATH_WORDS_MOST)
            word[n++] = p;
        else if (!str_eq(w, p))
            return false;
        if ((want.n == 0) != (rest.n == 0))
            return false;
    }
    return true;
}

static enum lang wanted_language(const struct req *req)
{
    struct str cookie = http_field(&req->cookie, "lang"), header = http_header(req, "Accept-Language");
    if (cookie.n > 0)
        return str_is(cookie, "en") ? LANG_EN : LANG_ZH;
    return header.p != NULL && str_starts(header, STR("en")) ? LANG_EN : LANG_ZH;
}

/* Before sign-in a form's token is bound to the browser's cookie. */
static struct str anonymous_csrf(struct ctx *c)
{
    struct str have = http_field(&c->req->cookie, "ibform");
    if (have.n != 64) {
        unsigned char raw[32];
        char *hex = arena_alloc(c->arena, 65);
        randombytes_buf(raw, sizeof raw);
        sodium_bin2hex(hex, 65, raw, sizeof raw);
        have = (struct str){ hex, 64 };
        http_put_cookie(c->req, c->resp, "ibform", have, 86400);
    }
    unsigned char mac[32];
    char *token = arena_alloc(c->arena, 65);
    crypto_generichash(mac, sizeof mac, (const unsigned char *)have.p, have.n, (const unsigned char *)c->web->csrf_key,
                       sizeof c->web->csrf_key);
    sodium_bin2hex(token, 65, mac, sizeof mac);
    return (struct str){ token, 64 };
}

/* Whether the path begins with one of the words, as whole segments; "/" is itself alone. */
static bool is_under(struct str path, const char *prefixes)
{
    struct str rest = str_of(prefixes), bare = str_cut(&path, '?');
    while (rest.n > 0) {
        struct str word = str_cut(&rest, ' ');
        if (str_eq(word, bare) || (word.n > 1 && str_starts(bare, word) && bare.p[word.n] == '/'))
            return true;
    }
    return false;
}

static void fill_nav(struct ctx *c)
{
    static const struct {
        const char *url, *prefixes;
        enum msg_id label;
        enum cap cap;
    } table[] = {
#define NAV(url, prefixes, label, cap) { url, prefixes, MSG_##label, CAP_##cap },
#include "web/nav.def"
#undef NAV
    };
    struct nav_item *item = ARENA_ARRAY(c->arena, LEN(table), struct nav_item);
    c->page.nav = item;
    for (size_t i = 0; i < LEN(table); i++)
        if (app_may(&c->session.actor, table[i].cap))
            item[c->page.navs++] = (struct nav_item){ table[i].url, table[i].label, is_under(c->req->path, table[i].prefixes) };
}

/* STATUS_NOT_FOUND: nobody is signed in. Anything else but OK: the database could not say. */
static enum status fill_page(struct ctx *c)
{
    struct str token = http_login_cookie(c->req);
    enum status st = token.n > 0 ? account_session(c->app, c->arena, token, &c->session) : STATUS_NOT_FOUND;
    bool in = st == STATUS_OK;
    if (!in)
        memset(&c->session, 0, sizeof c->session);
    c->csrf_secret = in ? c->session.csrf : anonymous_csrf(c);
    c->page = (struct page){
        .lang = in ? (c->session.language == language_en ? LANG_EN : LANG_ZH) : wanted_language(c->req),
        .path = c->req->raw_query.n > 0 ? arena_printf(c->arena, "%.*s?%.*s", STR_ARG(c->req->path), STR_ARG(c->req->raw_query)) : c->req->path,
        .csrf = csrf_mask(c->arena, c->csrf_secret),
        .person = in ? c->session.name : STR(""),
        .is_signed_in = in,
    };
    if (!in)
        return st;
    c->page.base = ctx_pick(c, c->session.base_zh, c->session.base_en);
    c->page.unread = c->session.unread;
    fill_nav(c);
    return STATUS_OK;
}

/* The form's token, and no other site behind the request where the browser says so. */
static bool csrf_holds(const struct ctx *c)
{
    struct str sent = http_field(&c->req->form, "csrf");
    if (sent.p == NULL)
        sent = http_header(c->req, "X-Csrf-Token");
    return csrf_is(sent, c->csrf_secret) && !http_is_foreign(c->req);
}

static void run_route(struct ctx *c, const struct route *r)
{
    assert(r->run != NULL);
    enum status st = fill_page(c);
    if (st != STATUS_OK && st != STATUS_NOT_FOUND) { /* who it is can't be told now: that is not "nobody" */
        ctx_fail(c, st);
        return;
    }
    if (r->access != ACCESS_PUBLIC && !c->page.is_signed_in) {
        if (str_starts(c->req->path, STR("/api/")))
            http_fail(c->resp, 401, MSG_http_sign_in, -1);
        else
            http_redirect(c->resp, STR("/sign-in"));
        return;
    }
    if (r->method != HTTP_GET && !csrf_holds(c)) {
        http_fail(c->resp, 403, MSG_http_stale_form, -1);
        return;
    }
    if (r->access == ACCESS_CAP && !app_may(&c->session.actor, r->cap)) {
        ctx_fail(c, STATUS_FORBIDDEN);
        return;
    }
    r->run(c);
}

/* A page is one reading transaction: its use cases see one moment, and the database is asked for one. */
static void run_page(struct ctx *c, const struct route *r)
{
    struct tx *page = NULL;
    enum status st = app_page_begin(c->app, c->arena, &page);
    if (st == STATUS_OK) {
        run_route(c, r);
        app_page_end(page);
        return;
    }
    c->page.lang = wanted_language(c->req);
    ctx_fail(c, st);
}

static void run_write(void *ctx, struct req *req, struct resp *resp)
{
    struct ctx *c = ctx;
    (void)req, (void)resp;
    run_route(c, c->route);
}

static void handle(void *ctx, struct req *req, struct resp *resp)
{
    struct web *w = ctx;
    struct ctx *c = ARENA_NEW(req->arena, struct ctx);
    *c = (struct ctx){ .web = w, .app = w->app, .req = req, .resp = resp, .arena = req->arena };
    c->errs = errs_make(req->arena);
    if (str_starts(req->path, STR("/static/"))) {
        asset_serve(req, resp);
        return;
    }
    bool other_method = false;
    for (size_t i = 0; i < LEN(routes); i++) {
        if (!fits(routes[i].pattern, req->path, c->word))
            continue;
        if (routes[i].method == req->method) {
            c->route = &routes[i];
            if (req->method == HTTP_GET) {
                run_page(c, c->route);
            } else {
                bool taken = http_defer(req, resp, HTTP_POOL_WRITE, run_write, c);
                (void)taken; /* a full queue has answered 503 already */
            }
            return;
        }
        other_method = true;
    }
    if (other_method) {
        http_not_allowed(resp, req->method == HTTP_GET ? "POST" : "GET");
        return;
    }
    enum status st = fill_page(c);
    ctx_fail(c, st == STATUS_OK ? STATUS_NOT_FOUND : st);
}

enum status ctx_run(struct ctx *c, const char *usecase, const void *in, struct call *call)
{
    const struct usecase *u = app_usecase(str_of(usecase));
    assert(u != NULL);
    call->app = c->app;
    call->arena = c->arena;
    call->actor = &c->session.actor;
    call->usecase = u;
    call->errs = &c->errs;
    if (in != NULL)
        call->in = in;
    return app_run(call);
}

struct rows ctx_list(struct ctx *c, const char *usecase, int64_t parent_id, enum status *st)
{
    assert(st != NULL);
    struct in_list *in = record_new(c->arena, &record_in_list);
    struct call call = { 0 };
    assert(app_usecase(str_of(usecase)) != NULL && !app_usecase(str_of(usecase))->writes); /* a list is read */
    /* What was posted and refused before has its own errors: a list read to show the form again has none of them. */
    struct errs posted = c->errs;
    c->errs = errs_make(c->arena);
    in->parent_id = parent_id;
    *st = ctx_run(c, usecase, in, &call);
    c->errs = posted;
    return *st == STATUS_OK ? call.rows : (struct rows){ 0 };
}

int64_t ctx_count(struct ctx *c, const char *usecase, int64_t parent_id, enum status *st)
{
    struct rows rows = ctx_list(c, usecase, parent_id, st);
    assert(*st != STATUS_OK || rows.n == 1);
    return rows.n == 1 ? ((const struct count_row *)rows.item)->value : 0;
}

void ctx_fail(struct ctx *c, enum status st)
{
    static const struct {
        int http;
        enum msg_id title, text;
    } says[STATUS_COUNT] = {
        [STATUS_OK] = { 500, MSG_err_broken, MSG_err_broken_text },
        [STATUS_INPUT] = { 422, MSG_err_input, MSG_err_input_text },
        [STATUS_NOT_FOUND] = { 404, MSG_err_not_found, MSG_err_not_found_text },
        [STATUS_FORBIDDEN] = { 403, MSG_err_forbidden, MSG_err_forbidden_text },
        [STATUS_CONFLICT] = { 409, MSG_err_conflict, MSG_err_conflict_text },
        [STATUS_LIMIT] = { 413, MSG_err_input, MSG_err_input_text },
        [STATUS_BUSY] = { 503, MSG_err_busy, MSG_err_busy_text },
        [STATUS_CANCELLED] = { 503, MSG_err_busy, MSG_err_busy_text },
        [STATUS_IO] = { 503, MSG_err_busy, MSG_err_busy_text },
        [STATUS_UNKNOWN_OUTCOME] = { 503, MSG_err_unknown, MSG_err_unknown_text },
        [STATUS_MEMORY] = { 503, MSG_err_busy, MSG_err_busy_text },
        [STATUS_RETRY] = { 503, MSG_err_busy, MSG_err_busy_text },
    };
    assert(st < STATUS_COUNT);
    c->resp->status = says[st].http;
    struct error_view v = { says[st].title, says[st].text };
    page_error(&c->resp->body, &c->page, &v);
}

struct str ctx_form(const struct ctx *c, const char *name)
{
    assert(name != NULL);
    struct str s = http_field(&c->req->form, name);
    return s.p != NULL ? s : STR("");
}

struct str ctx_query(const struct ctx *c, const char *name)
{
    assert(name != NULL);
    struct str s = http_field(&c->req->query, name);
    return s.p != NULL ? s : STR("");
}

bool ctx_number(struct ctx *c, struct str text, int64_t *out)
{
    if (str_int(text, out) && *out >= 0)
        return true;
    ctx_fail(c, STATUS_NOT_FOUND);
    return false;
}

bool ctx_lookup(void *ctx, const char *name, struct str *out)
{
    const struct ctx *c = ctx;
    *out = http_field(&c->req->form, name);
    return out->p != NULL;
}

struct str ctx_pick(const struct ctx *c, struct str zh, struct str en)
{
    bool want_en = c->page.lang == LANG_EN;
    return want_en ? (en.n > 0 ? en : zh) : (zh.n > 0 ? zh : en);
}

struct str ctx_time(struct ctx *c, int64_t utc_s)
{
    char text[TIME_TEXT_BYTES];
    time_text(utc_s + 8 * 3600, text);
    text[10] = ' ';
    text[16] = '\0';
    return arena_str(c->arena, str_of(text));
}

struct str ctx_origin(struct ctx *c)
{
    if (c->app->origin != NULL && c->app->origin[0] != '\0')
        return str_of(c->app->origin);
    struct str host = http_header(c->req, "Host");
    return arena_printf(c->arena, "%s://%.*s", c->req->is_secure ? "https" : "http", STR_ARG(host));
}

static void abandoned(void *ctx, struct req *req)
{
    (void)ctx, (void)req;
    app_abandon();
}

int web_listen(const char *address, int port, int *got)
{
    return http_listen(address, port, got);
}

/* A table file may be larger than a form. */
static size_t body_most(void *ctx, enum http_method method, struct str path)
{
    (void)ctx;
    return method == HTTP_POST && str_is(path, "/import") ? LIMIT_http_import_bytes : LIMIT_http_body_bytes;
}

struct web *web_start(const struct web_options *o)
{
    struct web *w = calloc(1, sizeof *w);
    if (w == NULL)
        return NULL;
    w->app = o->app;
    randombytes_buf(w->csrf_key, sizeof w->csrf_key);
    struct http_options h = { .address = o->address, .port = o->port, .listen_fd = o->listen_fd, .is_secure = o->is_secure,
                              .trusted_proxy = o->trusted_proxy, .spool_dir = o->spool_dir, .body_most = body_most, .handler = handle, .ctx = w, .abandoned = abandoned };
    w->http = http_start(&h);
    if (w->http == NULL) {
        free(w);
        return NULL;
    }
    return w;
}

int web_port(const struct web *w)
{
    return http_port(w->http);
}

void web_stop(struct web *w)
{
    http_stop(w->http, 10);
    free(w);
}
