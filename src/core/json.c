/* JSON reader: recursive descent into an arena; see json.h. */
#include "core/json.h"

#include "core/map.h"

enum {
    LONG_OBJECT = 32,
    TEXTS_SEEN = 1024, /* a power of two */
    TEXT_SHARED_MOST = 64
};

struct reader {
    struct arena *arena;
    const char *p, *begin, *end;
    struct json_error *error;
    struct json *inner; /* innermost open value, for the path */
    int depth;
    struct str *seen; /* TEXTS_SEEN short texts read before, by their bytes: the same text is kept once, mostly */
};

static bool fault(struct reader *r, enum json_fault kind, const char *expected)
{
    if (r->error->fault != JSON_FAULT_NONE)
        return false;
    struct json_error *e = r->error;
    assert(r->p >= r->begin && r->p <= r->end);
    e->fault = kind;
    e->expected = expected;
    e->offset = (size_t)(r->p - r->begin);
    e->line = e->column = 1;
    for (const char *q = r->begin; q < r->p; q++) {
        e->column++;
        if (*q == '\n') {
            e->line++;
            e->column = 1;
        }
    }
    if (kind != JSON_FAULT_MEMORY && r->inner != NULL)
        e->path = json_path(r->arena, r->inner);
    return false;
}

static void skip_space(struct reader *r)
{
    while (r->p < r->end && (*r->p == ' ' || *r->p == '\n' || *r->p == '\r' || *r->p == '\t'))
        r->p++;
}

static int hex_digit(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

static bool read_hex4(struct reader *r, uint32_t *out)
{
    uint32_t v = 0;
    for (int i = 0; i < 4; i++) {
        int d = r->p < r->end ? hex_digit(*r->p) : -1;
        if (d < 0)
            return fault(r, JSON_FAULT_SYNTAX, "four hexadecimal digits");
        v = v << 4 | (uint32_t)d;
        r->p++;
    }
    *out = v;
    return true;
}

static char *put_code(char *to, uint32_t code)
{
    if (code < 0x80) {
        *to++ = (char)code;
    } else if (code < 0x800) {
        *to++ = (char)(0xC0 | code >> 6);
        *to++ = (char)(0x80 | (code & 0x3F));
    } else if (code < 0x10000) {
        *to++ = (char)(0xE0 | code >> 12);
        *to++ = (char)(0x80 | (code >> 6 & 0x3F));
        *to++ = (char)(0x80 | (code & 0x3F));
    } else {
        *to++ = (char)(0xF0 | code >> 18);
        *to++ = (char)(0x80 | (code >> 12 & 0x3F));
        *to++ = (char)(0x80 | (code >> 6 & 0x3F));
        *to++ = (char)(0x80 | (code & 0x3F));
    }
    return to;
}

static bool read_escape(struct reader *r, char **to)
{
    static const char from[] = "\"\\/bfnrt", into[] = "\"\\/\b\f\n\r\t";
    if (r->p == r->end)
        return fault(r, JSON_FAULT_SYNTAX, "an escape");
    const char *at = memchr(from, *r->p, sizeof from - 1);
    if (at != NULL) {
        *(*to)++ = into[at - from];
        r->p++;
        return true;
    }
    if (*r->p != 'u')
        return fault(r, JSON_FAULT_SYNTAX, "an escape");
    r->p++;
    uint32_t code, low;
    if (!read_hex4(r, &code))
        return false;
    if (code >= 0xDC00 && code <= 0xDFFF)
        return fault(r, JSON_FAULT_UTF8, NULL);
    if (code >= 0xD800 && code <= 0xDBFF) {
        if (r->end - r->p < 6 || r->p[0] != '\\' || r->p[1] != 'u')
            return fault(r, JSON_FAULT_UTF8, NULL);
        r->p += 2;
        if (!read_hex4(r, &low))
            return false;
        if (low < 0xDC00 || low > 0xDFFF)
            return fault(r, JSON_FAULT_UTF8, NULL);
        code = 0x10000 + ((code - 0xD800) << 10) + (low - 0xDC00);
    }
    if (code == 0)
        return fault(r, JSON_FAULT_UTF8, NULL); /* a text with NUL is none of ours */
    *to = put_code(*to, code);
    return true;
}

/* A short text of letters and digits as it stands in the file, if it was read before. The slot is where it belongs. */
static bool seen_before(struct reader *r, const char *p, size_t n, struct str **slot, struct str *out)
{
    uint32_t h = 2166136261u;
    for (size_t i = 0; i < n; i++)
        h = (h ^ (unsigned char)p[i]) * 16777619u;
    *slot = &r->seen[(h ^ h >> 15) & (TEXTS_SEEN - 1)];
    if ((*slot)->p == NULL || (*slot)->n != n || memcmp((*slot)->p, p, n) != 0)
        return false;
    *out = **slot;
    return true;
}

/* At the opening quote. Decoded text is never longer than its source. */
static bool read_text(struct reader *r, struct str *out)
{
    const char *from = ++r->p, *close = from;
    struct str *slot = NULL;
    bool plain = true;
    while (close < r->end && *close != '"') {
        plain = plain && (unsigned char)*close >= 0x20 && (unsigned char)*close < 0x80 && *close != '\\';
        close += *close == '\\' ? 2 : 1;
    }
    if (close >= r->end)
        return fault(r, JSON_FAULT_SYNTAX, "'\"'");
    plain = plain && close - r->p <= TEXT_SHARED_MOST;
    if (plain && seen_before(r, r->p, (size_t)(close - r->p), &slot, out)) {
        r->p = close + 1;
        return true;
    }
    char *text = arena_try(r->arena, (size_t)(close - r->p) + 1), *to = text;
    if (text == NULL)
        return fault(r, JSON_FAULT_MEMORY, NULL);
    while (*r->p != '"') {
        if (*r->p == '\\') {
            r->p++;
            if (!read_escape(r, &to))
                return false;
            continue;
        }
        if ((unsigned char)*r->p < 0x20)
            return fault(r, JSON_FAULT_SYNTAX, "no control character in a text");
        uint32_t code;
        size_t len = utf8_next(r->p, (size_t)(r->end - r->p), &code);
        if (len == 0)
            return fault(r, JSON_FAULT_UTF8, NULL);
        memcpy(to, r->p, len);
        to += len;
        r->p += len;
    }
    r->p++;
    assert(to - text <= close - from && r->p <= r->end);
    *out = (struct str){ text, (size_t)(to - text) };
    if (plain)
        *slot = *out;
    return true;
}

static bool read_digits(struct reader *r)
{
    const char *from = r->p;
    while (r->p < r->end && *r->p >= '0' && *r->p <= '9')
        r->p++;
    return r->p > from || fault(r, JSON_FAULT_SYNTAX, "a digit");
}

static bool read_number(struct reader *r, struct json *v)
{
    const char *from = r->p;
    bool whole = true;
    if (*r->p == '-')
        r->p++;
    if (r->p < r->end && *r->p == '0')
        r->p++;
    else if (!read_digits(r))
        return false;
    if (r->p < r->end && *r->p == '.') {
        whole = false;
        r->p++;
        if (!read_digits(r))
            return false;
    }
    if (r->p < r->end && (*r->p == 'e' || *r->p == 'E')) {
        whole = false;
        r->p++;
        if (r->p < r->end && (*r->p == '+' || *r->p == '-'))
            r->p++;
        if (!read_digits(r))
            return false;
    }
    size_t n = (size_t)(r->p - from);
    char *copy = arena_try(r->arena, n + 1);
    if (copy == NULL)
        return fault(r, JSON_FAULT_MEMORY, NULL);
    memcpy(copy, from, n);
    v->text = (struct str){ copy, n };
    v->type = whole && str_int(v->text, &v->number) ? JSON_INT : JSON_REAL;
    return true;
}

static bool read_word(struct reader *r, const char *word)
{
    size_t n = strlen(word);
    if ((size_t)(r->end - r->p) < n || memcmp(r->p, word, n) != 0)
        return fault(r, JSON_FAULT_SYNTAX, "a value");
    r->p += n;
    return true;
}

static bool read_value(struct reader *r, struct json *v);

/* Looks through a short object; a long one gets a map, so that a hostile one costs no quadratic time. */
static bool key_is_doubled(const struct json *object, struct str key, struct map *keys)
{
    if (object->n < LONG_OBJECT) {
        for (const struct json *m = object->child; m != NULL; m = m->next)
            if (str_eq(m->key, key))
                return true;
        return false;
    }
    if (keys->n == 0)
        for (const struct json *m = object->child; m != NULL; m = m->next)
            map_put(keys, m->key, 0);
    return !map_put(keys, key, 0);
}

static bool read_key(struct reader *r, const struct json *object, struct json *member, struct map *keys)
{
    skip_space(r);
    if (r->p == r->end || *r->p != '"')
        return fault(r, JSON_FAULT_SYNTAX, "a key in quotes");
    const char *at = r->p;
    if (!read_text(r, &member->key))
        return false;
    if (key_is_doubled(object, member->key, keys)) {
        r->p = at;
        return fault(r, JSON_FAULT_DOUBLED, NULL);
    }
    skip_space(r);
    if (r->p == r->end || *r->p != ':')
        return fault(r, JSON_FAULT_SYNTAX, "':'");
    r->p++;
    return true;
}

/* After the opening bracket of a list or object v. */
static bool read_members(struct reader *r, struct json *v, struct map *keys)
{
    bool object = v->type == JSON_OBJECT;
    char close = object ? '}' : ']';
    struct json **tail = &v->child;
    skip_space(r);
    if (r->p < r->end && *r->p == close) {
        r->p++;
        return true;
    }
    for (;;) {
        struct json *c = arena_try(r->arena, sizeof *c);
        if (c == NULL)
            return fault(r, JSON_FAULT_MEMORY, NULL);
        c->parent = v;
        c->index = (int32_t)v->n;
        if (object && !read_key(r, v, c, keys))
            return false;
        r->inner = c;
        if (!read_value(r, c))
            return false;
        r->inner = v;
        *tail = c;
        tail = &c->next;
        v->n++;
        assert(c->next == NULL && (size_t)c->index + 1 == v->n);
        skip_space(r);
        if (r->p < r->end && *r->p == close) {
            r->p++;
            return true;
        }
        if (r->p == r->end || *r->p != ',')
            return fault(r, JSON_FAULT_SYNTAX, object ? "',' or '}'" : "',' or ']'");
        r->p++;
    }
}

static bool read_children(struct reader *r, struct json *v)
{
    if (++r->depth > JSON_DEPTH_MOST)
        return fault(r, JSON_FAULT_DEPTH, NULL);
    struct arena scratch = arena_make(SIZE_MAX);
    struct map keys = map_make(&scratch, (uint64_t)(uintptr_t)v);
    bool ok = read_members(r, v, &keys);
    arena_free(&scratch);
    assert(r->depth > 0);
    r->depth--;
    return ok;
}

static bool read_value(struct reader *r, struct json *v)
{
    skip_space(r);
    if (r->p == r->end)
        return fault(r, JSON_FAULT_SYNTAX, "a value");
    switch (*r->p) {
    case '{':
    case '[':
        v->type = *r->p++ == '{' ? JSON_OBJECT : JSON_LIST;
        return read_children(r, v);
    case '"':
        v->type = JSON_TEXT;
        return read_text(r, &v->text);
    case 't':
        v->type = JSON_BOOL;
        v->is_true = true;
        return read_word(r, "true");
    case 'f':
        v->type = JSON_BOOL;
        return read_word(r, "false");
    case 'n':
        v->type = JSON_NULL;
        return read_word(r, "null");
    default:
        if (*r->p == '-' || (*r->p >= '0' && *r->p <= '9'))
            return read_number(r, v);
        return fault(r, JSON_FAULT_SYNTAX, "a value");
    }
}

struct json *json_read(struct arena *a, struct str bytes, struct json_error *error)
{
    *error = (struct json_error){ 0 };
    struct json *root = arena_try(a, sizeof *root);
    struct str seen[TEXTS_SEEN] = { 0 };
    struct reader r = { .seen = seen, .arena = a, .p = bytes.p, .begin = bytes.p, .end = bytes.p + bytes.n, .error = error, .inner = root };
    if (root == NULL) {
        fault(&r, JSON_FAULT_MEMORY, NULL);
        return NULL;
    }
    if (!read_value(&r, root))
        return NULL;
    skip_space(&r);
    if (r.p != r.end) {
        fault(&r, JSON_FAULT_SYNTAX, "the end");
        return NULL;
    }
    assert(r.depth == 0 && error->fault == JSON_FAULT_NONE);
    return root;
}

const struct json *json_get(const struct json *object, const char *key)
{
    assert(object != NULL);
    if (object->type != JSON_OBJECT)
        return NULL;
    for (const struct json *m = object->child; m != NULL; m = m->next)
        if (str_is(m->key, key))
            return m;
    return NULL;
}
