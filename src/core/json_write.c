/* JSON as text: values, texts with their escapes, pointers. See json.h. */
#include "core/json.h"

struct str json_path(struct arena *a, const struct json *at)
{
    const struct json *step[JSON_DEPTH_MOST + 2];
    size_t n = 0;
    for (; at != NULL && at->parent != NULL && n < LEN(step); at = at->parent)
        step[n++] = at;
    struct buf b = buf_make(64 * 1024);
    while (n-- > 0) {
        buf_char(&b, '/');
        assert(step[n]->parent->type == JSON_LIST || step[n]->parent->type == JSON_OBJECT);
        if (step[n]->parent->type == JSON_LIST) {
            buf_int(&b, step[n]->index);
            continue;
        }
        for (size_t i = 0; i < step[n]->key.n; i++) {
            char c = step[n]->key.p[i];
            if (c == '~' || c == '/')
                buf_z(&b, c == '~' ? "~0" : "~1");
            else
                buf_char(&b, c);
        }
    }
    char *copy = arena_try(a, b.n + 1);
    struct str path = { copy != NULL ? copy : "", copy != NULL ? b.n : 0 };
    if (copy != NULL && b.n > 0)
        memcpy(copy, b.p, b.n);
    buf_free(&b);
    return path;
}

void json_put_text(struct buf *b, struct str s)
{
    buf_char(b, '"');
    for (size_t i = 0; i < s.n;) {
        uint32_t code;
        size_t len = utf8_next(s.p + i, s.n - i, &code);
        if (len == 0) {
            buf_z(b, "\xEF\xBF\xBD");
            i++;
            continue;
        }
        if (code == '"' || code == '\\') {
            buf_char(b, '\\');
            buf_char(b, (char)code);
        } else if (code == '\n') {
            buf_z(b, "\\n");
        } else if (code < 0x20 || code == '<' || code == '>' || code == '&' || code == 0x2028 || code == 0x2029) {
            buf_printf(b, "\\u%04x", code);
        } else {
            buf_add(b, s.p + i, len);
        }
        i += len;
    }
    buf_char(b, '"');
}

void json_put(struct buf *b, const struct json *v)
{
    bool object = v->type == JSON_OBJECT;
    switch (v->type) {
    case JSON_NULL: buf_z(b, "null"); break;
    case JSON_BOOL: buf_z(b, v->is_true ? "true" : "false"); break;
    case JSON_INT:
    case JSON_REAL: buf_str(b, v->text); break;
    case JSON_TEXT: json_put_text(b, v->text); break;
    case JSON_LIST:
    case JSON_OBJECT:
        buf_char(b, object ? '{' : '[');
        for (const struct json *c = v->child; c != NULL; c = c->next) {
            if (c != v->child)
                buf_z(b, ", ");
            if (object) {
                json_put_text(b, c->key);
                buf_z(b, ": ");
            }
            json_put(b, c);
        }
        buf_char(b, object ? '}' : ']');
    }
}
