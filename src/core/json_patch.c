/* JSON Patch (RFC 6902: add, remove, replace, test) on a copy of a tree, by JSON pointers (RFC 6901). */
#include "core/json.h"

static struct json *copy_tree(struct arena *a, const struct json *v, struct json *parent)
{
    struct json *c = ARENA_NEW(a, struct json);
    *c = *v;
    c->parent = parent;
    c->child = c->next = NULL;
    struct json **tail = &c->child;
    for (const struct json *k = v->child; k != NULL; k = k->next) {
        *tail = copy_tree(a, k, c);
        tail = &(*tail)->next;
    }
    assert(parent == NULL || parent->type == JSON_LIST || parent->type == JSON_OBJECT);
    return c;
}

static bool same_value(const struct json *a, const struct json *b)
{
    if (a->type != b->type || a->n != b->n)
        return false;
    switch (a->type) {
    case JSON_NULL:
        return true;
    case JSON_BOOL:
        return a->is_true == b->is_true;
    case JSON_INT:
        return a->number == b->number;
    case JSON_REAL:
    case JSON_TEXT:
        return str_eq(a->text, b->text);
    case JSON_LIST:
        for (const struct json *x = a->child, *y = b->child; x != NULL; x = x->next, y = y->next)
            if (!same_value(x, y))
                return false;
        return true;
    case JSON_OBJECT:
        for (const struct json *x = a->child; x != NULL; x = x->next) {
            const struct json *y = b->child;
            while (y != NULL && !str_eq(x->key, y->key))
                y = y->next;
            if (y == NULL || !same_value(x, y))
                return false;
        }
        return true;
    }
    return false;
}

/* The next step of a pointer, decoded; false where it is none. */
static bool next_step(struct arena *a, struct str *rest, struct str *step)
{
    if (rest->n == 0 || rest->p[0] != '/')
        return false;
    rest->p++;
    rest->n--;
    char *out = arena_alloc(a, rest->n + 1);
    size_t n = 0;
    while (rest->n > 0 && rest->p[0] != '/') {
        char c = rest->p[0];
        size_t used = 1;
        if (c == '~') {
            if (rest->n < 2 || (rest->p[1] != '0' && rest->p[1] != '1'))
                return false;
            c = rest->p[1] == '0' ? '~' : '/';
            used = 2;
        }
        out[n++] = c;
        rest->p += used;
        rest->n -= used;
    }
    *step = (struct str){ out, n };
    return true;
}

static bool index_of(struct str step, int64_t *i)
{
    return step.n > 0 && (step.n == 1 || step.p[0] != '0') && step.p[0] != '-' && str_int(step, i);
}

static struct json **place_of(struct json *parent, struct str step)
{
    int64_t i;
    if (parent->type == JSON_OBJECT) {
        struct json **at = &parent->child;
        while (*at != NULL && !str_eq((*at)->key, step))
            at = &(*at)->next;
        return at;
    }
    if (parent->type != JSON_LIST || !index_of(step, &i))
        return NULL;
    struct json **at = &parent->child;
    for (; i > 0 && *at != NULL; i--)
        at = &(*at)->next;
    return i == 0 ? at : NULL;
}

static void renumber(struct json *parent)
{
    parent->n = 0;
    for (struct json *c = parent->child; c != NULL; c = c->next)
        c->index = (int32_t)parent->n++;
}

static struct json **end_of(struct json *parent)
{
    struct json **at = &parent->child;
    while (*at != NULL)
        at = &(*at)->next;
    return at;
}

static struct str text_of(const struct json *object, const char *key)
{
    const struct json *v = object->type == JSON_OBJECT ? json_get(object, key) : NULL;
    return v != NULL && v->type == JSON_TEXT ? v->text : (struct str){ NULL, 0 };
}

static bool apply(struct arena *a, struct json *root, const struct json *op)
{
    struct str what = text_of(op, "op"), rest = text_of(op, "path"), step = { NULL, 0 };
    const struct json *value = op->type == JSON_OBJECT ? json_get(op, "value") : NULL;
    bool add = str_is(what, "add"), take = str_is(what, "remove"), set = str_is(what, "replace"), test = str_is(what, "test");
    struct json *parent = root;
    if ((!add && !take && !set && !test) || (value == NULL && !take) || !next_step(a, &rest, &step))
        return false;
    while (rest.n > 0) {
        struct json **at = place_of(parent, step);
        if (at == NULL || *at == NULL || !next_step(a, &rest, &step))
            return false;
        parent = *at;
    }
    struct json **at = add && parent->type == JSON_LIST && str_is(step, "-") ? end_of(parent) : place_of(parent, step);
    if (at == NULL || (*at == NULL && !add))
        return false;
    if (test)
        return same_value(*at, value);
    if (take || set || (add && parent->type == JSON_OBJECT && *at != NULL)) {
        struct json *old = *at;
        *at = old->next;
    }
    if (!take) {
        struct json *fresh = copy_tree(a, value, parent);
        fresh->key = parent->type == JSON_OBJECT ? step : (struct str){ NULL, 0 };
        fresh->next = *at;
        *at = fresh;
    }
    renumber(parent);
    return true;
}

struct json *json_patch(struct arena *a, const struct json *root, const struct json *change, const struct json **failed)
{
    struct json *copy = copy_tree(a, root, NULL);
    for (const struct json *op = change->child; op != NULL; op = op->next)
        if (!apply(a, copy, op)) {
            *failed = op;
            return NULL;
        }
    return copy;
}
