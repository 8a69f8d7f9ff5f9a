/* Findings: see notes.h. */
#include "check/notes.h"

enum { FOUND_TEXT_BYTES = 200 };

struct check_notes check_notes_make(struct arena *a, enum check_file in, const struct check_options *o)
{
    size_t most = o != NULL && o->found_most > 0 ? o->found_most : CHECK_FOUND_MOST;
    assert(a != NULL && most > 0);
    return (struct check_notes){ .a = a, .in = in, .most = most };
}

struct check_found *check_note(struct check_notes *n, enum check_rule rule, const struct json *at)
{
    assert(rule < CHECK_RULES);
    n->total++;
    n->hard += check_rule_group(rule) == CHECK_GROUP_HARD;
    struct check_found *f = n->n < n->most ? ARENA_PUSH(n->a, n->item, n->n, n->cap) : ARENA_NEW(n->a, struct check_found);
    *f = (struct check_found){ .rule = rule, .in = n->in, .placement = CHECK_NO_PLACEMENT, .other_placement = CHECK_NO_PLACEMENT };
    assert(n->n <= n->total && n->hard <= n->total);
    if (at != NULL)
        f->at = json_path(n->a, at);
    return f;
}

struct str check_json_text(struct arena *a, const struct json *v)
{
    switch (v->type) {
    case JSON_NULL:
        return STR("null");
    case JSON_BOOL:
        return v->is_true ? STR("true") : STR("false");
    case JSON_LIST:
        return STR("[...]");
    case JSON_OBJECT:
        return STR("{...}");
    default:
        break;
    }
    size_t most = MIN(v->text.n, (size_t)FOUND_TEXT_BYTES);
    while (most > 0 && most < v->text.n && ((unsigned char)v->text.p[most] & 0xC0) == 0x80)
        most--;
    assert(most <= v->text.n);
    return arena_str(a, (struct str){ v->text.p, most });
}

struct check_found *check_note_text(struct check_notes *n, enum check_rule rule, const struct json *at, const char *found,
                                    const char *allowed)
{
    struct check_found *f = check_note(n, rule, at);
    if (found != NULL)
        f->found_text = arena_str(n->a, str_of(found));
    else if (at != NULL)
        f->found_text = check_json_text(n->a, at);
    f->allowed_text = arena_str(n->a, str_of(allowed));
    return f;
}

void check_note_numbers(struct check_notes *n, struct check_found *f, int64_t found, int64_t allowed)
{
    f->numbers = true;
    f->found = found;
    f->allowed = allowed;
    f->found_text = arena_printf(n->a, "%lld", (long long)found);
    f->allowed_text = arena_printf(n->a, "%lld", (long long)allowed);
}

static struct str text_of(const struct json *object, const char *key)
{
    const struct json *v = json_get(object, key);
    return v != NULL && v->type == JSON_TEXT ? v->text : (struct str){ 0 };
}

void check_note_object(struct check_notes *n, struct check_found *f, const struct json *object)
{
    if (object == NULL)
        return;
    f->object = json_path(n->a, object);
    f->id = text_of(object, "id");
    f->clause = text_of(object, "clause");
    f->why = text_of(object, "why");
}

void check_notes_give(const struct check_notes *n, struct check_result *r)
{
    assert(n->n <= n->total && n->hard <= n->total);
    r->found = n->item;
    r->n = n->n;
    r->total = n->total;
    r->hard = n->hard;
}
