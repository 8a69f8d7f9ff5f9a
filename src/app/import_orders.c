/* See import_orders.h. */
#include "app/import_orders.h"

#include <stdlib.h>

static int by_name(const void *a, const void *b)
{
    return str_cmp(((const struct import_order *)a)->name, ((const struct import_order *)b)->name);
}

struct str import_orders_put(struct arena *a, struct import_order *o, int n)
{
    assert(n >= 0 && n <= IMPORT_ORDERS_MOST);
    struct buf b = buf_make(1 << 16);
    qsort(o, (size_t)n, sizeof *o, by_name);
    for (int i = 0; i < n; i++) {
        buf_printf(&b, "%s%.*s", i > 0 ? "、" : "", STR_ARG(o[i].name));
        if (o[i].least != NONE && o[i].most != NONE)
            buf_printf(&b, "（%lld-%lld）", (long long)o[i].least, (long long)o[i].most);
        else if (o[i].least != NONE)
            buf_printf(&b, "（%lld）", (long long)o[i].least);
        else if (o[i].most != NONE)
            buf_printf(&b, "（-%lld）", (long long)o[i].most);
    }
    struct str s = arena_str(a, buf_view(&b));
    buf_free(&b);
    return s;
}

/* "name(least-most)"; false where what is in brackets is no gap. */
static bool order_read(struct arena *a, struct str piece, struct import_order *o)
{
    const struct field *gap = &record_rotation_order.field[rotation_order_F_gap_least];
    struct str s = import_name(a, piece);
    *o = (struct import_order){ s, NONE, NONE };
    struct str folded = import_fold(a, s, false);
    const char *open = folded.n > 0 ? memrchr(folded.p, '(', folded.n) : NULL;
    if (open == NULL || folded.p[folded.n - 1] != ')')
        return true;
    for (size_t i = s.n; i-- > 0;)
        if (s.p[i] == '(' || str_starts((struct str){ s.p + i, s.n - i }, STR("（"))) {
            o->name = str_trim((struct str){ s.p, i });
            break;
        }
    struct str most = { open + 1, (size_t)(folded.p + folded.n - open - 2) }, least = str_cut(&most, '-');
    bool is_range = memchr(open, '-', (size_t)(folded.p + folded.n - open)) != NULL;
    if (least.n > 0 && (!str_int(least, &o->least) || o->least < gap->least || o->least > gap->most))
        return false;
    if (is_range && (!str_int(most, &o->most) || o->most < gap->least || o->most > gap->most))
        return false;
    return o->least != NONE || o->most != NONE;
}

bool import_is_none(struct arena *a, struct str text)
{
    struct str folded = import_fold(a, text, false);
    return str_is(folded, "无") || str_is(folded, "none");
}

int import_orders_read(struct import_row_in *row, struct str text, struct import_order *o)
{
    assert(row->arena != NULL);
    int n = 0;
    if (import_is_none(row->arena, text))
        return 0;
    while (text.n > 0) {
        struct str piece = import_piece(&text);
        if (piece.n == 0)
            continue;
        if (n == IMPORT_ORDERS_MOST || !order_read(row->arena, piece, &o[n])) {
            import_fault(row, MSG_import_order_form, "after", piece, STR(""), STR(""));
            return -1;
        }
        if (o[n].least != NONE && o[n].most != NONE && o[n].most < o[n].least) {
            import_fault(row, MSG_refuse_gap, "after", STR(""), STR(""), STR(""));
            return -1;
        }
        n++;
    }
    return n;
}
