/* Growing waits after wrong passwords. They are counted by sign-in name and by device (a browser that has signed in with
 * the account before) or block of addresses, never by address alone: nobody locks a colleague out from another desk, and a
 * device that is known goes on whatever others try. Over all unknown devices one account takes only so many failures an
 * hour; then they need a link. Names that exist and names that don't are counted alike. */
#include "app/account_part.h"

enum { FREE_FAILURES = 4, WAIT_MOST_S = 15 * 60, FORGET_S = 86400, HOUR_S = 3600, UNKNOWN_HOURLY_MOST = 20 };

static int64_t wait_after(int64_t failures)
{
    if (failures <= FREE_FAILURES)
        return 0;
    return failures >= 10 ? WAIT_MOST_S : MIN((int64_t)1 << failures, (int64_t)WAIT_MOST_S);
}

/* Sign-in names are not kept for people who mistype them into the wrong field: only a digest is. */
static struct str login_key(struct tx *t, struct str login_name)
{
    return account_token_digest(tx_arena(t), str_trim(login_name));
}

enum status guard_wait(struct tx *t, int64_t now, struct str login_name, struct str client, bool is_known, int64_t *wait_s)
{
    assert(now > 0 && wait_s != NULL);
    struct rows rows, sum;
    struct str key = login_key(t, login_name);
    *wait_s = 0;
    enum status st = tx_run(t, SQL_failure_get, &rows, P(key), P(client));
    if (st != STATUS_OK)
        return st;
    const struct sign_in_failure *f = rows.item;
    if (rows.n > 0)
        *wait_s = MAX((int64_t)0, f->at + wait_after(f->value) - now);
    if (is_known || *wait_s > 0)
        return STATUS_OK;
    st = tx_run(t, SQL_failure_sum, &sum, P(key), P(now - HOUR_S));
    if (st == STATUS_OK && ((const struct count_row *)sum.item)->value >= UNKNOWN_HOURLY_MOST)
        *wait_s = HOUR_S;
    return st;
}

enum status guard_note(struct tx *t, int64_t now, struct str login_name, struct str client, bool failed)
{
    assert(now > 0);
    struct rows rows, gone;
    struct str key = login_key(t, login_name);
    if (!failed)
        return tx_run(t, SQL_failure_forget, &gone, P(key), P(client));
    enum status st = tx_run(t, SQL_failure_forget_old, &gone, P(now - FORGET_S));
    if (st == STATUS_OK)
        st = tx_run(t, SQL_failure_get, &rows, P(key), P(client));
    if (st != STATUS_OK)
        return st;
    struct sign_in_failure *f = rows.n > 0 ? rows.item : record_new(tx_arena(t), &record_sign_in_failure);
    f->login_key = key;
    f->client = client;
    f->value = rows.n > 0 ? f->value + 1 : 1;
    f->at = now;
    return tx_save(t, &record_sign_in_failure, f);
}

struct str guard_block(struct arena *a, struct str address)
{
    bool is_v6 = memchr(address.p, ':', address.n) != NULL;
    size_t n = 0, seen = 0;
    while (n < address.n && seen < 3)
        seen += address.p[n++] == (is_v6 ? ':' : '.');
    return arena_printf(a, "a:%.*s", (int)MIN(n, (size_t)60), address.p);
}
