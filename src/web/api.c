/* JSON: every use case at POST /api/NAME, and the document that describes them. */
#include "app/ops.h"
#include "web/ctx.h"

static const int http_of[STATUS_COUNT] = {
    [STATUS_OK] = 200,       [STATUS_INPUT] = 422,          [STATUS_NOT_FOUND] = 404, [STATUS_FORBIDDEN] = 403,
    [STATUS_CONFLICT] = 409, [STATUS_LIMIT] = 413,          [STATUS_BUSY] = 503,      [STATUS_CANCELLED] = 503,
    [STATUS_IO] = 503,       [STATUS_UNKNOWN_OUTCOME] = 503, [STATUS_MEMORY] = 503,   [STATUS_RETRY] = 503,
};

static const char *const status_name[STATUS_COUNT] = {
    [STATUS_OK] = "ok",       [STATUS_INPUT] = "input",          [STATUS_NOT_FOUND] = "not_found",
    [STATUS_FORBIDDEN] = "forbidden", [STATUS_CONFLICT] = "conflict", [STATUS_LIMIT] = "limit",
    [STATUS_BUSY] = "busy",   [STATUS_CANCELLED] = "cancelled",  [STATUS_IO] = "unavailable",
    [STATUS_UNKNOWN_OUTCOME] = "unknown_outcome", [STATUS_MEMORY] = "unavailable", [STATUS_RETRY] = "busy",
};

static void answer(struct ctx *c, enum status st, const struct call *call)
{
    struct buf *b = &c->resp->body;
    c->resp->type = "application/json";
    c->resp->status = http_of[st];
    if (st == STATUS_OK)
        call_put_json(b, call);
    else if (c->errs.total > 0)
        call_put_errors(b, &c->errs, c->page.lang, c->arena);
    else
        buf_printf(b, "{\"status\":\"%s\"}", status_name[st]);
}

void api_usecase(struct ctx *c)
{
    struct call call = { .app = c->app, .arena = c->arena, .actor = &c->session.actor, .errs = &c->errs };
    struct json_error e;
    call.usecase = app_usecase(c->word[0]);
    if (call.usecase == NULL) {
        answer(c, STATUS_NOT_FOUND, &call);
        return;
    }
    /* Who may not is told so, whatever was sent; app_run notes it. */
    if (!app_may(call.actor, call.usecase->cap)) {
        call.in = record_new(c->arena, call.usecase->in);
        answer(c, app_run(&call), &call);
        return;
    }
    struct str key = http_header(c->req, "Idempotency-Key"), body = c->req->body.n > 0 ? c->req->body : STR("{}");
    if (key.n > 0 && key.n <= 100)
        call.request_key = arena_str(c->arena, key).p;
    struct json *object = json_read(c->arena, body, &e);
    if (object == NULL) {
        static const enum msg_id says[] = {
            [JSON_FAULT_SYNTAX] = MSG_json_syntax,   [JSON_FAULT_UTF8] = MSG_json_utf8,
            [JSON_FAULT_DOUBLED] = MSG_json_doubled, [JSON_FAULT_DEPTH] = MSG_json_depth,
            [JSON_FAULT_MEMORY] = MSG_json_depth,
        };
        errs_add(&c->errs, says[e.fault], e.path, arena_printf(c->arena, "%lld", (long long)e.line).p,
                 arena_printf(c->arena, "%lld", (long long)e.column).p, e.expected != NULL ? e.expected : "64", NULL);
        answer(c, STATUS_INPUT, &call);
        return;
    }
    enum status st = call_decode_json(&call, object);
    answer(c, st == STATUS_OK ? app_run(&call) : st, &call);
}

void api_openapi(struct ctx *c)
{
    c->resp->type = "application/json";
    ops_put_openapi(&c->resp->body);
}
