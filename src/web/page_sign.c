/* Signing in and out, language. */
#include "app/first.h"
#include "web/ctx.h"
#include "web/pages.h"

void page_sign_in_get(struct ctx *c)
{
    if (c->page.is_signed_in) {
        http_redirect(c->resp, STR("/"));
        return;
    }
    struct sign_in_view v = { .is_first = first_is_empty(c->app, c->arena), .login_name = STR("") };
    page_sign_in(&c->resp->body, &c->page, &v);
}

static void enter(struct ctx *c, struct str token)
{
    http_put_login_cookie(c->req, c->resp, token);
    http_redirect(c->resp, STR("/"));
}

/* On a thread for slow work: the hash takes its time. */
static void check_password(void *ctx, struct req *req, struct resp *resp)
{
    struct ctx *c = ctx;
    enum { DEVICE_DAYS = 400 };
    struct str token, device_token;
    struct str device = http_field(&req->cookie, "ibdevice");
    struct attempt try = { .login_name = ctx_form(c, "login_name"), .password = ctx_form(c, "password"),
                           .agent = http_header(req, "User-Agent"), .device = device, .address = req->client };
    struct sign_in_view v = { .login_name = try.login_name };
    enum status st = account_password_use(c->app, c->arena, &try, &token, &device_token, &v.wait_s);
    if (st == STATUS_OK) {
        if (device_token.n > 0)
            http_put_cookie(req, resp, "ibdevice", device_token, (int64_t)DEVICE_DAYS * 86400);
        enter(c, token);
    } else if (st == STATUS_NOT_FOUND || st == STATUS_LIMIT) {
        v.failed = st == STATUS_NOT_FOUND;
        resp->status = v.failed ? 401 : 429;
        if (!v.failed)
            http_put_header(resp, "Retry-After", arena_printf(c->arena, "%lld", (long long)v.wait_s));
        page_sign_in(&resp->body, &c->page, &v);
    } else {
        ctx_fail(c, st);
    }
}

void page_sign_in_post(struct ctx *c)
{
    bool taken = http_defer(c->req, c->resp, HTTP_POOL_HASH, check_password, c);
    (void)taken; /* a full queue has answered 503 already */
}

/* GET shows a button only: mail and chat programs open links by themselves. */
void page_link_get(struct ctx *c)
{
    struct link_view v = { c->word[0], false };
    page_link(&c->resp->body, &c->page, &v);
}

void page_link_post(struct ctx *c)
{
    struct str token;
    enum status st = account_link_use(c->app, c->arena, c->word[0], http_header(c->req, "User-Agent"), &token);
    if (st == STATUS_OK) {
        enter(c, token);
    } else if (st == STATUS_NOT_FOUND) {
        struct link_view v = { c->word[0], true };
        c->resp->status = 410;
        page_link(&c->resp->body, &c->page, &v);
    } else {
        ctx_fail(c, st);
    }
}

void page_sign_out_post(struct ctx *c)
{
    enum status st = account_sign_out(c->app, c->arena, http_login_cookie(c->req));
    if (st != STATUS_OK && st != STATUS_NOT_FOUND) {
        ctx_fail(c, st);
        return;
    }
    http_put_login_cookie(c->req, c->resp, STR(""));
    http_redirect(c->resp, STR("/sign-in"));
}

void page_language_post(struct ctx *c)
{
    bool en = str_is(ctx_form(c, "to"), "en");
    struct str back = ctx_form(c, "back");
    http_put_cookie(c->req, c->resp, "lang", en ? STR("en") : STR("zh"), 365 * 86400);
    if (c->page.is_signed_in &&
        account_language_set(c->app, c->arena, http_login_cookie(c->req), en ? language_en : language_zh) != STATUS_OK) {
        ctx_fail(c, STATUS_BUSY);
        return;
    }
    bool ours = back.n > 0 && back.p[0] == '/' && (back.n == 1 || (back.p[1] != '/' && back.p[1] != '\\'));
    http_redirect(c->resp, ours ? back : STR("/"));
}
