/* One's own account: password, signed-in browsers, the places one works in. */
#include "web/pages.h"
#include "web/form.h"

/* "Chrome · Windows": enough to know one's own browsers again. */
static struct str agent_name(struct ctx *c, struct str agent)
{
    static const char *const browsers[][2] = { { "MicroMessenger", "WeChat" }, { "Edg", "Edge" }, { "Firefox/", "Firefox" }, { "Chrome/", "Chrome" }, { "Safari/", "Safari" } };
    static const char *const systems[][2] = { { "Android", "Android" }, { "iPhone", "iPhone" }, { "iPad", "iPad" }, { "Windows", "Windows" }, { "Mac OS", "macOS" }, { "Linux", "Linux" } };
    const char *browser = NULL, *system = NULL, *text = arena_str(c->arena, agent).p;
    for (size_t i = 0; browser == NULL && i < LEN(browsers); i++)
        if (strstr(text, browsers[i][0]) != NULL)
            browser = browsers[i][1];
    for (size_t i = 0; system == NULL && i < LEN(systems); i++)
        if (strstr(text, systems[i][0]) != NULL)
            system = systems[i][1];
    if (browser == NULL)
        return str_of(msg_text(MSG_agent_unknown, c->page.lang));
    return arena_printf(c->arena, "%s%s%s", browser, system != NULL ? " · " : "", system != NULL ? system : "");
}

static struct str roles_of(struct ctx *c, const struct member_row *m, size_t n)
{
    struct buf b = buf_make(1000);
    for (size_t i = 0; i < n; i++) {
        buf_z(&b, i > 0 ? ", " : "");
        buf_z(&b, msg_text(role_list.item[m[i].role].label, c->page.lang));
    }
    struct str s = arena_str(c->arena, buf_view(&b));
    buf_free(&b);
    return s;
}

/* One place for each pair of base and side; its rows come side by side. */
static size_t places_of(struct ctx *c, const struct rows *members, struct me_place *place)
{
    const struct member_row *m = members->item;
    const struct actor *a = &c->session.actor;
    size_t n = 0;
    for (size_t i = 0; i < members->n;) {
        size_t end = i;
        while (end < members->n && m[end].base_id == m[i].base_id && m[end].side == m[i].side)
            end++;
        place[n++] = (struct me_place){ m[i].base_id, ctx_pick(c, m[i].name_zh, m[i].name_en), roles_of(c, &m[i], end - i),
                                        side_list.item[m[i].side].name, side_list.item[m[i].side].label,
                                        m[i].base_id == a->base_id && m[i].side == (int64_t)a->side };
        i = end;
    }
    return n;
}

static void show(struct ctx *c)
{
    struct rows logins = { 0 }, members = { 0 };
    struct account_facts facts = { 0 };
    enum status st = account_logins(c->app, c->arena, c->session.actor.account_id, &logins);
    if (st == STATUS_OK)
        st = account_places(c->app, c->arena, c->session.actor.account_id, &members);
    if (st == STATUS_OK)
        st = account_facts(c->app, c->arena, c->session.actor.account_id, http_login_cookie(c->req), &facts);
    if (st != STATUS_OK) {
        ctx_fail(c, st);
        return;
    }
    const struct login_row *l = logins.item;
    struct me_login *login = ARENA_ARRAY(c->arena, logins.n, struct me_login);
    for (size_t i = 0; i < logins.n; i++)
        login[i] = (struct me_login){ ctx_time(c, l[i].begun_at), ctx_time(c, l[i].seen_at), agent_name(c, l[i].agent) };
    struct me_place *place = ARENA_ARRAY(c->arena, members.n, struct me_place);
    struct me_view v = { .name = c->session.name, .login_name = facts.login_name, .error = form_error(c),
                         .password_at = facts.password_at != NONE ? (struct str){ ctx_time(c, facts.password_at).p, 10 } : STR(""),
                         .has_password = facts.password_at != NONE, .asks_old = facts.asks_old, .saved = str_is(ctx_query(c, "saved"), "1"),
                         .login = login, .logins = logins.n, .place = place, .places = places_of(c, &members, place) };
    c->page.sheet = "forms.css";
    page_me(&c->resp->body, &c->page, &v);
}

void page_me_get(struct ctx *c)
{
    show(c);
}

/* On a thread for slow work: two hashes take their time. */
static void set_password(void *ctx, struct req *req, struct resp *resp)
{
    struct ctx *c = ctx;
    (void)resp;
    enum status st = account_password_set(c->app, c->arena, &c->session.actor, ctx_form(c, "old_password"), ctx_form(c, "password"),
                                          http_login_cookie(req), &c->errs);
    if (st == STATUS_OK) {
        http_redirect(c->resp, STR("/me?saved=1"));
    } else if (st == STATUS_INPUT) {
        c->resp->status = 422;
        show(c);
    } else {
        ctx_fail(c, st);
    }
}

void page_me_act(struct ctx *c)
{
    enum status st = STATUS_NOT_FOUND;
    struct str token = http_login_cookie(c->req);
    if (str_is(c->word[0], "password")) {
        bool taken = http_defer(c->req, c->resp, HTTP_POOL_HASH, set_password, c);
        (void)taken; /* a full queue has answered 503 already */
        return;
    }
    if (str_is(c->word[0], "sign-out-all")) {
        st = account_logins_end(c->app, c->arena, &c->session.actor, token);
    } else if (str_is(c->word[0], "place")) {
        int64_t base_id;
        bool hospital = str_is(ctx_form(c, "side"), "hospital");
        if (str_int(ctx_form(c, "base_id"), &base_id))
            st = account_place_set(c->app, c->arena, token, base_id, hospital ? side_hospital : side_university);
    }
    if (st == STATUS_OK)
        http_redirect(c->resp, str_is(c->word[0], "place") ? STR("/") : STR("/me?saved=1"));
    else
        ctx_fail(c, st);
}
