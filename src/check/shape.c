/* The walker over shapes: see shape.h. */
#include "check/shape.h"

const struct check_shape check_shape_text = { .kind = KIND_TEXT };
const struct check_shape check_shape_bool = { .kind = KIND_BOOL };
const struct check_shape check_shape_monday = { .kind = KIND_MONDAY };

static bool is_type(struct check_notes *n, const struct json *v, enum json_type type, const char *allowed)
{
    if (v->type == type)
        return true;
    check_note_text(n, CHECK_type, v, NULL, allowed);
    return false;
}

static void walk_int(struct check_notes *n, const struct json *v, const struct check_shape *s)
{
    /* A whole number beyond 64 bits is out of range, one with a fraction of another type. */
    bool whole = v->type == JSON_REAL && memchr(v->text.p, '.', v->text.n) == NULL && memchr(v->text.p, 'e', v->text.n) == NULL &&
                 memchr(v->text.p, 'E', v->text.n) == NULL;
    if (!whole && !is_type(n, v, JSON_INT, "integer"))
        return;
    if (whole || v->number < s->least || v->number > s->most)
        check_note_text(n, CHECK_range, v, NULL, arena_printf(n->a, "%lld..%lld", (long long)s->least, (long long)s->most).p);
}

static void walk_monday(struct check_notes *n, const struct json *v)
{
    date d;
    if (is_type(n, v, JSON_TEXT, "text") && (!date_parse(v->text, &d) || date_weekday(d) != 0))
        check_note_text(n, CHECK_monday, v, NULL, "YYYY-MM-DD");
}

static const char *keys_of(struct check_notes *n, const struct check_shape *s)
{
    struct buf b = buf_make(4096);
    for (size_t i = 0; i < s->fields; i++)
        buf_printf(&b, "%s%s", i > 0 ? " " : "", s->field[i].key);
    const char *copy = arena_copy(n->a, buf_view(&b).p, b.n);
    buf_free(&b);
    return copy;
}

static void walk_object(struct check_notes *n, const struct json *v, const struct check_shape *s)
{
    if (!is_type(n, v, JSON_OBJECT, "object"))
        return;
    for (const struct json *m = v->child; m != NULL; m = m->next) {
        const struct check_field *f = NULL;
        for (size_t i = 0; i < s->fields && f == NULL; i++)
            f = str_is(m->key, s->field[i].key) ? &s->field[i] : NULL;
        if (f != NULL)
            check_shape_walk(n, m, f->is);
        else
            check_note_text(n, CHECK_unknown_key, m, arena_copy(n->a, m->key.p, m->key.n), keys_of(n, s));
    }
    for (size_t i = 0; i < s->fields; i++)
        if (s->field[i].must && json_get(v, s->field[i].key) == NULL)
            check_note_text(n, CHECK_missing_key, v, s->field[i].key, keys_of(n, s));
}

static void walk_list(struct check_notes *n, const struct json *v, const struct check_shape *s)
{
    if (!is_type(n, v, JSON_LIST, "list"))
        return;
    if (v->n < s->least)
        check_note_text(n, CHECK_empty, v, arena_printf(n->a, "%u", v->n).p, arena_printf(n->a, "%lld", (long long)s->least).p);
    assert(s->of != NULL);
    for (const struct json *c = v->child; c != NULL; c = c->next)
        check_shape_walk(n, c, s->of);
}

void check_shape_walk(struct check_notes *n, const struct json *v, const struct check_shape *s)
{
    const struct check_shape *chosen;
    assert(v != NULL && s != NULL);
    switch (s->kind) {
    case KIND_TEXT:
        (void)is_type(n, v, JSON_TEXT, "text");
        return;
    case KIND_BOOL:
        (void)is_type(n, v, JSON_BOOL, "true, false");
        return;
    case KIND_INT:
        walk_int(n, v, s);
        return;
    case KIND_MONDAY:
        walk_monday(n, v);
        return;
    case KIND_OBJECT:
        walk_object(n, v, s);
        return;
    case KIND_LIST:
        walk_list(n, v, s);
        return;
    case KIND_TABLE:
        if (is_type(n, v, JSON_OBJECT, "object"))
            for (const struct json *m = v->child; m != NULL; m = m->next)
                check_shape_walk(n, m, s->of);
        return;
    case KIND_EITHER:
        if (s->choose == NULL)
            return; /* anything goes */
        chosen = s->choose(v);
        if (chosen == NULL)
            check_note_text(n, CHECK_type, v, NULL, s->allowed);
        else if (chosen != s)
            check_shape_walk(n, v, chosen);
        return;
    }
}

const struct json *check_shape_read(struct check_notes *n, struct str bytes, const struct check_shape *s)
{
    static const enum check_rule rule[] = { [JSON_FAULT_SYNTAX] = CHECK_syntax, [JSON_FAULT_UTF8] = CHECK_utf8,
                                            [JSON_FAULT_DOUBLED] = CHECK_doubled, [JSON_FAULT_DEPTH] = CHECK_depth };
    struct json_error e;
    const struct json *root = json_read(n->a, bytes, &e);
    if (root == NULL) {
        if (e.fault == JSON_FAULT_MEMORY)
            n->a->full(n->a->full_ctx);
        struct str place = arena_printf(n->a, "%lld:%lld", (long long)e.line, (long long)e.column);
        struct check_found *f = check_note_text(n, rule[e.fault], NULL, place.p, e.expected != NULL ? e.expected : "");
        f->at = e.path;
        return NULL;
    }
    check_shape_walk(n, root, s);
    return root;
}

int64_t check_int(const struct json *object, const char *key, int64_t missing)
{
    const struct json *v = json_get(object, key);
    return v != NULL && v->type == JSON_INT ? v->number : missing;
}

bool check_bool(const struct json *object, const char *key, bool missing)
{
    const struct json *v = json_get(object, key);
    return v != NULL && v->type == JSON_BOOL ? v->is_true : missing;
}

struct str check_text(const struct json *object, const char *key)
{
    const struct json *v = json_get(object, key);
    return v != NULL && v->type == JSON_TEXT ? v->text : (struct str){ "", 0 };
}

const struct json *check_list(const struct json *object, const char *key, int *n)
{
    const struct json *v = json_get(object, key);
    bool good = v != NULL && v->type == JSON_LIST;
    assert(!good || v->n <= INT32_MAX);
    *n = good ? (int)v->n : 0;
    return good ? v->child : NULL;
}
