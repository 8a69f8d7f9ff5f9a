/* The first start of an empty installation: a one-time set-up link for whoever may read the server's output, and what its
 * page does: the two sides and a person of each, with a link for each of them. */
#include "app/first.h"

#include "app/account_part.h"

enum { SETUP_LASTS_S = 7 * 86400, FIRST_LINK_LASTS_S = 7 * 86400 };

/* STATUS_CONFLICT when there is a base already. */
static enum status must_be_empty(struct tx *t)
{
    struct rows bases;
    enum status st = tx_query(t, SQL_base_list, NULL, 0, &bases);
    return st == STATUS_OK && bases.n > 0 ? STATUS_CONFLICT : st;
}

enum status first_link_make(const struct app *app, struct arena *a, struct str *token)
{
    TX_AUTO t = NULL;
    struct rows ended;
    int64_t now = app_now(app);
    enum status st = tx_begin(app->store, a, TX_WRITE, &t);
    if (st == STATUS_OK)
        st = must_be_empty(t);
    if (st == STATUS_OK)
        st = tx_run(t, SQL_link_end_setup, &ended, P(now - 1), P(now));
    struct link *l = record_new(a, &record_link);
    *token = account_token_new(a);
    l->token_digest = account_token_digest(a, *token);
    l->kind = link_kind_setup;
    l->made_at = now;
    l->ends_at = now + SETUP_LASTS_S;
    if (st == STATUS_OK)
        st = tx_save(t, &record_link, l);
    return st == STATUS_OK ? account_commit(&t) : st;
}

static enum status link_find(const struct app *app, struct tx *t, struct str token, struct link **out)
{
    struct rows links;
    if (token.n != TOKEN_HEX)
        return STATUS_NOT_FOUND;
    enum status st = tx_run(t, SQL_link_get, &links, P(account_token_digest(tx_arena(t), token)));
    if (st != STATUS_OK)
        return st;
    *out = links.item;
    bool good = links.n == 1 && (*out)->kind == link_kind_setup && (*out)->used_at == NONE && (*out)->ends_at >= app_now(app);
    return good ? STATUS_OK : STATUS_NOT_FOUND;
}

enum status first_link_check(const struct app *app, struct arena *a, struct str token)
{
    TX_AUTO t = NULL;
    struct link *l;
    enum status st = tx_begin(app->store, a, TX_READ, &t);
    return st == STATUS_OK ? link_find(app, t, token, &l) : st;
}

bool first_is_empty(const struct app *app, struct arena *a)
{
    TX_AUTO t = NULL;
    return tx_begin(app->store, a, TX_READ, &t) == STATUS_OK && must_be_empty(t) == STATUS_OK;
}

static enum status link_end(const struct app *app, struct arena *a, struct str token)
{
    TX_AUTO t = NULL;
    struct link *l;
    struct rows used;
    enum status st = tx_begin(app->store, a, TX_WRITE, &t);
    if (st == STATUS_OK)
        st = link_find(app, t, token, &l);
    if (st == STATUS_OK)
        st = tx_run(t, SQL_link_use, &used, P(app_now(app)), P(l->id));
    return st == STATUS_OK ? account_commit(&t) : st;
}

enum status first_setup(const struct app *app, struct arena *a, struct str token, const struct in_setup *in, struct errs *errs,
                        struct str links[2])
{
    struct rows members;
    struct actor operator= { .is_operator = true, .department_id = NONE };
    struct call c = { .app = app, .arena = a, .actor = &operator, .usecase = app_usecase(STR("setup")), .in = in, .errs = errs };
    enum status st = first_link_check(app, a, token);
    if (st == STATUS_OK)
        st = app_run(&c); /* refuses a second base: two presses at once make one */
    if (st == STATUS_OK)
        st = link_end(app, a, token);
    if (st == STATUS_OK)
        st = account_list(app, a, c.id, &members);
    links[0] = links[1] = STR("");
    const struct member_row *m = members.item;
    for (size_t i = 0; st == STATUS_OK && i < members.n; i++)
        if (m[i].role == role_secretary || m[i].role == role_education_office)
            st = account_link_make(app, a, m[i].account_id, c.id, link_kind_invite, FIRST_LINK_LASTS_S,
                                   &links[m[i].side == side_university ? 0 : 1]);
    return st;
}
