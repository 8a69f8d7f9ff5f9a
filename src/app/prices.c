/* Seat prices of a certificate, and the use case that shows them: see prices.h. */
#include "app/prices.h"
#include "app/usecases.h"
#include "core/map.h"

enum { WEEKS_MOST = 520 };

struct cell {
    int64_t milli;
    bool open;
};

struct department_prices {
    struct str id;
    struct cell *week; /* WEEKS_MOST of them, from `first` on */
};

struct prices {
    struct arena *a;
    struct map at; /* department -> index */
    struct department_prices *item;
    size_t n, cap;
    int64_t first; /* the earliest Monday that is priced */
    bool scaled;
};

static bool run_of(const struct json *run, int64_t *monday, int64_t *weeks, int64_t *price)
{
    const struct json *w = run->type == JSON_LIST ? run->child : NULL, *n = w != NULL ? w->next : NULL, *p = n != NULL ? n->next : NULL;
    date d;
    if (p == NULL || w->type != JSON_TEXT || n->type != JSON_INT || p->type != JSON_INT || !date_parse(w->text, &d))
        return false;
    *monday = d;
    *weeks = n->number;
    *price = p->number;
    return *weeks > 0 && *weeks <= WEEKS_MOST && *price > 0;
}

/* The first Monday of all, so that weeks can be counted from it. */
static void find_first(struct prices *p, const struct json *node)
{
    const struct json *seat = json_get(node, "seat");
    for (int side = 0; side < 2; side++) {
        const struct json *child = json_get(node, side == 0 ? "yes" : "no");
        if (child != NULL)
            find_first(p, child);
    }
    for (const struct json *d = seat != NULL ? seat->child : NULL; d != NULL; d = d->next)
        for (const struct json *r = d->child; r != NULL; r = r->next) {
            int64_t monday, weeks, price;
            if (run_of(r, &monday, &weeks, &price))
                p->first = MIN(p->first, monday);
        }
}

static struct cell *weeks_of(struct prices *p, struct str id)
{
    int64_t i = map_get(&p->at, id, -1);
    if (i < 0) {
        struct department_prices *d = ARENA_PUSH(p->a, p->item, p->n, p->cap);
        *d = (struct department_prices){ id, ARENA_ARRAY(p->a, WEEKS_MOST, struct cell) };
        map_put(&p->at, id, (int64_t)p->n - 1);
        return d->week;
    }
    return p->item[i].week;
}

static void take_leaf(struct prices *p, const struct json *leaf, int64_t scale)
{
    const struct json *seat = json_get(leaf, "seat");
    for (const struct json *d = seat != NULL ? seat->child : NULL; d != NULL; d = d->next) {
        struct cell *week = weeks_of(p, d->key);
        for (const struct json *r = d->child; r != NULL; r = r->next) {
            int64_t monday, weeks, price;
            if (!run_of(r, &monday, &weeks, &price))
                continue;
            int64_t milli = scale > 0 ? (int64_t)(((__int128)price * 1000 + scale - 1) / scale) : 0;
            for (int64_t w = (monday - p->first) / 7; weeks-- > 0 && w < WEEKS_MOST; w++) {
                week[w].milli = MAX(week[w].milli, milli);
                week[w].open = week[w].open || scale == 0;
            }
            p->scaled = p->scaled || scale > 0;
        }
    }
}

/* Splits nest no deeper than JSON may. */
static void take(struct prices *p, const struct json *node)
{
    const struct json *yes = json_get(node, "yes"), *no = json_get(node, "no"), *scale = json_get(node, "scale");
    if (yes != NULL)
        take(p, yes);
    if (no != NULL)
        take(p, no);
    if (scale != NULL && scale->type == JSON_INT && scale->number >= 0)
        take_leaf(p, node, scale->number);
}

static void put_department(struct buf *b, const struct prices *p, const struct department_prices *d, const char **comma)
{
    assert(p->first != INT64_MAX);
    char text[DATE_TEXT_BYTES];
    for (int64_t w = 0; w < WEEKS_MOST;) {
        int64_t end = w + 1;
        while (end < WEEKS_MOST && d->week[end].milli == d->week[w].milli && d->week[end].open == d->week[w].open)
            end++;
        if (d->week[w].milli > 0) {
            buf_printf(b, "%s[", *comma);
            json_put_text(b, d->id);
            buf_printf(b, ",\"%s\",%lld,%lld,%s]", date_text((date)(p->first + 7 * w), text), (long long)(end - w), (long long)d->week[w].milli,
                       d->week[w].open ? "true" : "false");
            *comma = ",";
        }
        w = end;
    }
}

struct str prices_of(struct arena *a, struct str plan)
{
    struct json_error e;
    const struct json *root = plan.n > 0 ? json_read(a, plan, &e) : NULL, *certificate = root != NULL ? json_get(root, "certificate") : NULL;
    const struct json *levels = certificate != NULL ? json_get(certificate, "levels") : NULL;
    for (const struct json *l = levels != NULL ? levels->child : NULL; l != NULL; l = l->next) {
        const struct json *name = json_get(l, "level"), *proof = json_get(l, "proof"), *bound = json_get(l, "bound");
        struct prices p = { .a = a, .at = map_make(a, 7), .first = INT64_MAX };
        if (name == NULL || proof == NULL || bound == NULL)
            continue;
        find_first(&p, proof);
        if (p.first != INT64_MAX)
            take(&p, proof);
        if (!p.scaled)
            continue;
        struct buf b = buf_make(PRICES_BYTES_MOST);
        const char *comma = "";
        buf_z(&b, "{\"level\":");
        json_put_text(&b, name->text);
        buf_z(&b, ",\"runs\":[");
        for (size_t i = 0; i < p.n; i++)
            put_department(&b, &p, &p.item[i], &comma);
        buf_z(&b, "]}");
        struct str s = b.failed ? STR("") : arena_str(a, buf_view(&b));
        buf_free(&b);
        return s;
    }
    return STR("");
}

/* ---- as rows ------------------------------------------------------------------------------------ */

static void put_rows(struct call *c, const struct rows *departments, const struct json *root)
{
    const struct json *runs = json_get(root, "runs"), *level = json_get(root, "level");
    struct price_row *row = ARENA_ARRAY(c->arena, runs != NULL ? runs->n : 0, struct price_row);
    const struct department *d = departments->item;
    c->rows.item = row;
    for (const struct json *r = runs != NULL ? runs->child : NULL; r != NULL; r = r->next) {
        const struct json *id = r->child, *from = id->next, *weeks = from->next, *milli = weeks->next, *open = milli->next;
        date monday;
        for (size_t i = 0; i < departments->n; i++)
            if (str_eq(d[i].code, id->text) && date_parse(from->text, &monday))
                row[c->rows.n++] = (struct price_row){ d[i].id, monday, weeks->number, level != NULL ? level->text : STR(""), milli->number, open->is_true };
    }
}

/* No rows: a plan without a proof that prices seats. */
enum status uc_plan_prices(struct call *c)
{
    const struct in_list *in = c->in;
    struct rows texts = { 0 }, departments;
    struct json_error e;
    enum status st = in->parent_id != NONE ? scope_check(c, &record_plan, in->parent_id) : STATUS_NOT_FOUND;
    if (st == STATUS_OK)
        st = call_query(c, SQL_plan_prices, &texts, P(in->parent_id));
    if (st == STATUS_OK)
        st = call_query(c, SQL_department_list, &departments, P(c->actor->hospital_id), P(INT64_C(0)));
    const struct text_row *t = texts.item;
    if (st != STATUS_OK || texts.n == 0 || t->text.n == 0)
        return st;
    const struct json *root = json_read(c->arena, t->text, &e);
    if (root != NULL)
        put_rows(c, &departments, root);
    return STATUS_OK;
}
