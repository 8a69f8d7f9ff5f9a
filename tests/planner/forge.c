/* See forge.h. */
#include "forge.h"

#include <stdio.h>

/* ---- trees --------------------------------------------------------------------------------------------------------- */

void forge_put(struct buf *b, const struct json *v)
{
    static const char *const words[] = { [JSON_NULL] = "null" };
    switch (v->type) {
    case JSON_NULL:
        buf_z(b, words[JSON_NULL]);
        return;
    case JSON_BOOL:
        buf_z(b, v->is_true ? "true" : "false");
        return;
    case JSON_INT:
        buf_int(b, v->number);
        return;
    case JSON_REAL:
        buf_str(b, v->text);
        return;
    case JSON_TEXT:
        json_put_text(b, v->text);
        return;
    case JSON_LIST:
    case JSON_OBJECT:
        buf_char(b, v->type == JSON_LIST ? '[' : '{');
        for (const struct json *c = v->child; c != NULL; c = c->next) {
            if (c != v->child)
                buf_char(b, ',');
            if (v->type == JSON_OBJECT) {
                json_put_text(b, c->key);
                buf_char(b, ':');
            }
            forge_put(b, c);
        }
        buf_char(b, v->type == JSON_LIST ? ']' : '}');
        return;
    }
}

static struct json *member(struct json *object, const char *key)
{
    for (struct json *m = object != NULL ? object->child : NULL; m != NULL; m = m->next)
        if (str_is(m->key, key))
            return m;
    return NULL;
}

static struct json *last_of(struct json *list)
{
    struct json *c = list != NULL ? list->child : NULL;
    while (c != NULL && c->next != NULL)
        c = c->next;
    return c;
}

static void drop(struct json *parent, const struct json *child)
{
    struct json **at = &parent->child;
    while (*at != NULL && *at != child)
        at = &(*at)->next;
    if (*at != NULL)
        *at = child->next;
}

/* A random entry of a list for which `good`. */
static struct json *some(struct tiny *t, struct json *list, bool (*good)(const struct json *))
{
    struct json *found = NULL;
    uint32_t n = 0;
    for (struct json *c = list != NULL ? list->child : NULL; c != NULL; c = c->next)
        if (good(c) && tiny_random(t, ++n) == 0)
            found = c;
    return found;
}

static bool any(const struct json *v)
{
    return v != NULL;
}

static bool is_tight(const struct json *level)
{
    const struct json *value = json_get(level, "value"), *bound = json_get(level, "bound");
    return value->type == JSON_INT && bound->type == JSON_INT && value->number == bound->number;
}

static bool is_proven_above_0(const struct json *level)
{
    return json_get(level, "proven")->is_true && json_get(level, "bound")->number > 0;
}

static bool has_wish(const struct json *receipt)
{
    return json_get(receipt, "wishes")->n > 0;
}

static bool has_own_rank(const struct json *wish)
{
    return json_get(wish, "rank")->type != JSON_LIST;
}

static struct json *some_wish(struct tiny *t, struct json *plan, bool (*good)(const struct json *))
{
    struct json *r = some(t, member(plan, "receipts"), has_wish);
    return r != NULL ? some(t, member(r, "wishes"), good) : NULL;
}

static bool forge_level(struct tiny *t, struct json *plan, enum forgery kind)
{
    struct json *l = some(t, member(plan, "levels"), kind == FORGE_BOUND ? is_tight : any);
    if (l == NULL)
        return false;
    if (kind == FORGE_PROVEN)
        member(l, "proven")->is_true = !member(l, "proven")->is_true;
    else
        member(l, kind == FORGE_VALUE ? "value" : "bound")->number++;
    return true;
}

static bool forge_leaf(struct tiny *t, struct json *plan)
{
    struct json *l = some(t, member(plan, "levels"), is_proven_above_0), *c = member(plan, "certificate");
    struct json *levels = member(c, "levels");
    for (struct json *e = levels != NULL && l != NULL ? levels->child : NULL; e != NULL; e = e->next)
        if (str_eq(member(e, "level")->text, member(l, "level")->text)) {
            drop(levels, e);
            return true;
        }
    return false;
}

static bool forge_order(struct json *plan)
{
    struct json *list = member(plan, "placements"), *a = list->child, *b = a != NULL ? a->next : NULL;
    if (b == NULL)
        return false;
    a->next = b->next;
    b->next = a;
    list->child = b;
    return true;
}

bool forge_plan(struct tiny *t, struct json *plan, enum forgery kind)
{
    struct json *x = NULL;
    switch (kind) {
    case FORGE_VALUE:
    case FORGE_BOUND:
    case FORGE_PROVEN:
        return forge_level(t, plan, kind);
    case FORGE_STATUS:
        x = member(plan, "status");
        x->text = str_is(x->text, "optimal") ? STR("feasible") : STR("optimal");
        return true;
    case FORGE_REGRET:
        x = some(t, member(plan, "receipts"), any);
        break;
    case FORGE_WANTED:
        x = some_wish(t, plan, any);
        break;
    case FORGE_RANK:
        x = some_wish(t, plan, has_own_rank);
        x = x != NULL ? member(x, "rank") : NULL;
        if (x != NULL)
            *x = (struct json){ .type = JSON_INT, .number = x->type == JSON_INT ? x->number + 1 : 0, .key = x->key, .parent = x->parent, .next = x->next };
        return x != NULL;
    case FORGE_RECEIPT:
    case FORGE_LEVEL:
        x = member(plan, kind == FORGE_LEVEL ? "levels" : "receipts");
        if (x->child == NULL)
            return false;
        drop(x, last_of(x));
        return true;
    case FORGE_ORDER:
        return forge_order(plan);
    case FORGE_LEAF:
        return forge_leaf(t, plan);
    case FORGERIES:
        return false;
    }
    if (x == NULL)
        return false;
    member(x, kind == FORGE_REGRET ? "regret" : "wanted_by")->number++;
    return true;
}

static void count_numbers(struct tiny *t, struct json *v, struct json **found, uint32_t *n)
{
    if (v->type == JSON_INT && tiny_random(t, ++*n) == 0)
        *found = v;
    for (struct json *c = v->child; c != NULL; c = c->next)
        count_numbers(t, c, found, n);
}

static void count_splits(struct tiny *t, struct json *v, struct json **found, uint32_t *n)
{
    if (v->type == JSON_OBJECT && member(v, "split") != NULL && tiny_random(t, ++*n) == 0)
        *found = v;
    for (struct json *c = v->child; c != NULL; c = c->next)
        count_splits(t, c, found, n);
}

bool forge_proof(struct tiny *t, struct json *plan)
{
    struct json *certificate = member(plan, "certificate"), *found = NULL;
    uint32_t n = 0;
    if (certificate == NULL)
        return false;
    if (tiny_chance(t, 30)) {
        count_splits(t, certificate, &found, &n);
        if (found != NULL) {
            found->child = member(found, tiny_chance(t, 50) ? "yes" : "no")->child;
            return true;
        }
    }
    n = 0;
    count_numbers(t, certificate, &found, &n);
    if (found != NULL)
        found->number += tiny_chance(t, 50) ? 1 : tiny_chance(t, 50) ? -1 : (int64_t)tiny_random(t, 9) - 4;
    return found != NULL;
}

/* ---- certificates made up ------------------------------------------------------------------------------------------ */

struct forging {
    struct tiny *t;
    struct buf *b;
    int level, depth;
    bool merged;
    int floor_department[8], floor_week[8], floors;
    int64_t weight[MEASURE_COUNT];
};

static char *monday(int week, char out[16])
{
    static const int days[] = { 31, 30, 31, 30 };
    int month = 3, day = 1 + 7 * week;
    for (int i = 0; day > days[i]; i++) {
        day -= days[i];
        month++;
    }
    snprintf(out, 16, "2027-%02d-%02d", (month & 15), (day & 31));
    return out;
}

static int week_of(struct forging *f)
{
    return f->t->open_week[tiny_random(f->t, (uint32_t)f->t->open)];
}

static void put_runs(struct forging *f, int most)
{
    char z[16];
    int from = (int)tiny_random(f->t, (uint32_t)f->t->weeks), weeks = 1 + (int)tiny_random(f->t, (uint32_t)(f->t->weeks - from));
    buf_printf(f->b, "[[\"%s\",%d,%d]]", monday(from, z), weeks, (int)tiny_random(f->t, (uint32_t)most + 1));
}

static void put_cells(struct forging *f, const char *key, int most, uint32_t percent)
{
    bool first = true;
    buf_printf(f->b, ",\"%s\":{", key);
    for (int d = 0; d < f->t->departments; d++) {
        if (!tiny_chance(f->t, percent))
            continue;
        buf_printf(f->b, "%s\"d%d\":", first ? "" : ",", d);
        put_runs(f, most);
        first = false;
    }
    buf_z(f->b, "}");
}

static void put_even(struct forging *f)
{
    char y[16], z[16];
    int d = (int)tiny_random(f->t, (uint32_t)f->t->departments), a = week_of(f), b = week_of(f);
    int price = (int)tiny_random(f->t, (uint32_t)MIN(f->weight[6], 3) + 1);
    if (a == b)
        return;
    buf_printf(f->b, ",\"even\":{\"d%d\":[[\"%s\",1,%d],[\"%s\",1,%d]]}", d, monday(a, y), price, monday(b, z), -price);
}

static void put_floors(struct forging *f)
{
    char z[16];
    buf_z(f->b, ",\"floor\":{");
    for (int i = 0; i < f->floors && i < 1; i++)
        buf_printf(f->b, "\"d%d\":[[\"%s\",1,%d]]", f->floor_department[i], monday(f->floor_week[i], z), (int)tiny_random(f->t, 4));
    buf_z(f->b, "}");
}

static void put_quotas(struct forging *f)
{
    const struct tiny *t = f->t;
    bool first = true;
    buf_z(f->b, ",\"quota\":[");
    for (int d = 0; d < t->departments; d++)
        for (int k = 0; k < t->department[d].quotas; k++) {
            buf_printf(f->b, "%s{\"department\":\"d%d\",\"index\":%d,\"runs\":", first ? "" : ",", d, k);
            put_runs(f, 3);
            buf_z(f->b, "}");
            first = false;
        }
    buf_z(f->b, "],\"shared\":[");
    for (int k = 0; k < t->shareds; k++) {
        char z[16];
        int from = MAX(t->shared[k].from, 0), end = MIN(t->shared[k].from + t->shared[k].weeks, t->weeks);
        if (from >= end)
            continue;
        buf_printf(f->b, "{\"index\":%d,\"runs\":[[\"%s\",%d,%d]]}", k, monday(from, z), end - from, (int)tiny_random(f->t, 4));
    }
    buf_z(f->b, "]");
}

/* Prices on pairs: what is kept apart, and two students' shared placement with prices that cancel out. */
static void put_pairs(struct forging *f)
{
    const struct tiny *t = f->t;
    bool first = true;
    char z[16];
    buf_z(f->b, ",\"apart\":[");
    for (int k = 0; k < t->pairs; k++) {
        if (!t->pair[k].apart)
            continue;
        buf_printf(f->b, "%s{\"index\":%d,\"cells\":{\"d%d\":", first ? "" : ",", k, (int)tiny_random(f->t, (uint32_t)t->departments));
        put_runs(f, 3);
        buf_z(f->b, "}}");
        first = false;
    }
    buf_z(f->b, "],\"tie\":[");
    first = true;
    for (int k = 0; k < t->pairs; k++) {
        const struct tiny_pair *p = &t->pair[k];
        if (p->apart || (p->rotations == 0 && f->merged))
            continue;
        const struct tiny_programme *g = &t->programme[t->student[p->student[0]].programme];
        int r = p->rotations != 0 ? __builtin_ctz(p->rotations) : (int)tiny_random(f->t, (uint32_t)g->rotations);
        int d = g->rotation[r].department[0], price = (int)tiny_random(f->t, 9) - 4;
        const char *from = monday(week_of(f), z);
        for (int i = 0; i < 2; i++) {
            buf_printf(f->b, "%s{\"index\":%d,\"student\":\"s%d\",\"rotation\":\"r%d\",\"department\":\"d%d\",\"from\":\"%s\",\"price\":%d}",
                       first ? "" : ",", k, p->student[i], r, d, from, i == 0 ? price : -price);
            first = false;
        }
    }
    buf_z(f->b, "]");
}

static void put_worst(struct forging *f)
{
    int64_t left = f->weight[3];
    bool first = true;
    buf_z(f->b, ",\"worst\":{");
    for (int s = 0; s < f->t->students; s++) {
        int64_t price = tiny_random(f->t, (uint32_t)MIN(left, 4) + 1);
        if (price == 0)
            continue;
        buf_printf(f->b, "%s\"s%d\":%d", first ? "" : ",", s, (int)price);
        left -= price;
        first = false;
    }
    buf_z(f->b, "}");
}

static void put_leaf(struct forging *f)
{
    struct tiny *t = f->t;
    int scale = tiny_chance(t, 15) ? 0 : 1 + (int)tiny_random(t, 4);
    bool first = true;
    for (int m = 0; m < MEASURE_COUNT; m++)
        f->weight[m] = (int64_t)scale * t->level[f->level].weight[m];
    buf_printf(f->b, "{\"scale\":%d,\"given\":{", scale);
    for (int j = 0; j < f->level; j++) {
        int g = tiny_chance(t, 40) ? (int)tiny_random(t, 4) : 0;
        if (g == 0)
            continue;
        for (int m = 0; m < MEASURE_COUNT; m++)
            f->weight[m] += (int64_t)g * t->level[j].weight[m];
        static const char *const names[] = { "unplaced", "changes", "understaffed", "worst", "regret", "travel", "smooth", "waiting" };
        int m = 0;
        while (t->level[j].weight[m] == 0 && m < MEASURE_COUNT - 1)
            m++;
        buf_z(f->b, first ? "\"" : ",\"");
        if (t->level[j].weighted)
            buf_printf(f->b, "w%d", j);
        else
            buf_z(f->b, names[m]);
        buf_printf(f->b, "\":%d", g);
        first = false;
    }
    buf_z(f->b, "}");
    put_cells(f, "seat", 4, 60);
    if (f->floors > 0)
        put_floors(f);
    if (f->weight[2] > 0)
        put_cells(f, "minimum", (int)MIN(f->weight[2], 4), 50);
    if (f->weight[6] > 0)
        put_even(f);
    put_quotas(f);
    put_pairs(f);
    if (f->weight[3] > 0 && tiny_chance(t, 70))
        put_worst(f);
    buf_z(f->b, "}");
}

static void put_node(struct forging *f);

static void put_split(struct forging *f)
{
    struct tiny *t = f->t;
    char z[16];
    int s = (int)tiny_random(t, (uint32_t)t->students), d = (int)tiny_random(t, (uint32_t)t->departments), k = (int)tiny_random(t, 3), week = week_of(f);
    const struct tiny_programme *g = &t->programme[t->student[s].programme];
    int r = (int)tiny_random(t, (uint32_t)g->rotations), floors = f->floors;
    buf_z(f->b, "{\"split\":{");
    switch (tiny_random(t, 7)) {
    case 0:
        buf_printf(f->b, "\"student\":\"s%d\",\"rotation\":\"r%d\"", s, r);
        break;
    case 1:
        buf_printf(f->b, "\"student\":\"s%d\",\"rotation\":\"r%d\",\"department\":\"d%d\"", s, r, d);
        if (tiny_chance(t, 50))
            buf_printf(f->b, ",\"from\":\"%s\"", monday(week, z));
        break;
    case 2:
        buf_printf(f->b, "\"student\":\"s%d\",\"department\":\"d%d\",\"week\":\"%s\"", s, d, monday(week, z));
        break;
    case 3:
        buf_printf(f->b, "\"load\":\"d%d\",\"week\":\"%s\",\"at_most\":%d", d, monday(week, z), k);
        f->floor_department[f->floors] = d;
        f->floor_week[f->floors++] = week;
        break;
    case 4:
        buf_printf(f->b, "\"largest\":\"d%d\",\"at_most\":%d", d, k);
        break;
    case 5:
        buf_printf(f->b, "\"smallest\":\"d%d\",\"at_least\":%d", d, k);
        break;
    default:
        buf_printf(f->b, "\"worst\":%d", (int)tiny_random(t, 6) - 1);
        break;
    }
    int known = f->floors;
    f->floors = floors; /* a floor stands on the no side alone */
    buf_z(f->b, "},\"yes\":");
    put_node(f);
    f->floors = known;
    buf_z(f->b, ",\"no\":");
    put_node(f);
    f->floors = floors;
    buf_z(f->b, "}");
}

static void put_node(struct forging *f)
{
    if (f->depth >= 3 || !tiny_chance(f->t, 45)) {
        put_leaf(f);
        return;
    }
    f->depth++;
    put_split(f);
    f->depth--;
}

void forge_certificate(struct tiny *t, struct buf *b)
{
    static const char *const names[] = { "unplaced", "changes", "understaffed", "worst", "regret", "travel", "smooth", "waiting" };
    struct forging f = { .t = t, .b = b, .merged = tiny_chance(t, 50) };
    bool first = true;
    buf_z(b, "{\"format\":\"internbase.certificate/1\",\"merged\":[");
    for (int k = 0; k < t->pairs && f.merged; k++)
        if (!t->pair[k].apart && t->pair[k].rotations == 0) {
            buf_printf(b, "%s%d", first ? "" : ",", k);
            first = false;
        }
    buf_z(b, "],\"levels\":[");
    for (f.level = 0; f.level < t->levels; f.level++) {
        const struct tiny_level *v = &t->level[f.level];
        int m = 0;
        while (v->weight[m] == 0 && m < MEASURE_COUNT - 1)
            m++;
        buf_printf(b, "%s{\"level\":\"", f.level > 0 ? "," : "");
        if (v->weighted)
            buf_printf(b, "w%d", f.level);
        else
            buf_z(b, names[m]);
        buf_z(b, "\",\"bound\":-1000000,\"proof\":");
        put_node(&f);
        buf_z(b, "}");
    }
    buf_z(b, "]}");
}
