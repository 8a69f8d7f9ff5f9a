/* Access by descriptor, values from text, forms and JSON. Writers of JSON stand in record_json.c. */
#include "records/record.h"

#include <stdio.h>

int64_t *field_int(const struct field *f, void *rec)
{
    assert(!kind_is_text(f->kind));
    return (int64_t *)(void *)((char *)rec + f->offset);
}

struct str *field_text(const struct field *f, void *rec)
{
    assert(kind_is_text(f->kind));
    return (struct str *)(void *)((char *)rec + f->offset);
}

int64_t field_int_of(const struct field *f, const void *rec)
{
    assert(!kind_is_text(f->kind));
    int64_t v;
    memcpy(&v, (const char *)rec + f->offset, sizeof v);
    return v;
}

struct str field_text_of(const struct field *f, const void *rec)
{
    assert(kind_is_text(f->kind));
    struct str s;
    memcpy(&s, (const char *)rec + f->offset, sizeof s);
    return s;
}

const struct field *record_field(const struct record *r, struct str name)
{
    assert(r != NULL && r->n > 0);
    for (int i = 0; i < r->n; i++)
        if (str_is(name, r->field[i].name))
            return &r->field[i];
    return NULL;
}

void *record_new(struct arena *a, const struct record *r)
{
    void *rec = arena_alloc(a, r->size);
    for (int i = 0; i < r->n; i++) {
        const struct field *f = &r->field[i];
        if (kind_is_text(f->kind))
            *field_text(f, rec) = STR("");
        else if (f->kind != KIND_ID)
            *field_int(f, rec) = NONE;
    }
    return rec;
}

uint64_t record_digest(const struct record *r, const void *rec)
{
    uint64_t h = 14695981039346656037u;
    for (int i = 0; i < r->n; i++) {
        const struct field *f = &r->field[i];
        int64_t v = kind_is_text(f->kind) ? 0 : field_int_of(f, rec);
        struct str s = kind_is_text(f->kind) ? field_text_of(f, rec) : (struct str){ (const char *)&v, sizeof v };
        if (strcmp(f->name, "version") == 0)
            continue;
        for (size_t k = 0; k < s.n; k++)
            h = (h ^ (unsigned char)s.p[k]) * 1099511628211u;
        h = (h ^ 0xff) * 1099511628211u; /* no text holds this byte */
    }
    return h;
}

static struct str at_field(const struct field *f)
{
    return str_of(f->name);
}

static bool take_int(const struct field *f, int64_t *out, struct str text, struct errs *errs)
{
    int64_t v, least = f->least, most = f->most;
    if (f->kind != KIND_INT) { /* ID, REF, TIME */
        least = f->kind == KIND_TIME ? -62135596800 : 0;
        most = INT64_MAX;
    }
    if (str_int(text, &v) && v >= least && v <= most) {
        *out = v;
        return true;
    }
    struct arena *a = errs->arena;
    const char *found = arena_copy(a, text.p, MIN(text.n, (size_t)40));
    if (f->kind != KIND_INT)
        errs_add(errs, MSG_value_not_reference, at_field(f), found, NULL);
    else
        errs_add(errs, MSG_value_not_int, at_field(f), found, arena_printf(a, "%lld", (long long)least).p,
                 arena_printf(a, "%lld", (long long)most).p, NULL);
    return false;
}

static bool take_date(const struct field *f, int64_t *out, struct str text, struct errs *errs)
{
    date d;
    const char *found = arena_copy(errs->arena, text.p, MIN(text.n, (size_t)40));
    if (!date_parse(text, &d)) {
        errs_add(errs, MSG_value_not_date, at_field(f), found, NULL);
        return false;
    }
    if (f->kind == KIND_WEEK && date_weekday(d) != 0) {
        char monday[DATE_TEXT_BYTES];
        errs_add(errs, MSG_value_not_monday, at_field(f), found, date_text(date_monday(d), monday), NULL);
        return false;
    }
    *out = d;
    return true;
}

static bool take_enum(const struct field *f, int64_t *out, struct str text, struct errs *errs)
{
    struct buf all = buf_make(4096);
    assert(f->names != NULL && f->names->n > 0);
    for (int i = 0; i < f->names->n; i++) {
        if (str_is(text, f->names->item[i].name)) {
            *out = i;
            buf_free(&all);
            return true;
        }
        buf_printf(&all, "%s%s", i > 0 ? ", " : "", f->names->item[i].name);
    }
    errs_add(errs, MSG_value_not_in_list, at_field(f), arena_copy(errs->arena, text.p, MIN(text.n, (size_t)40)),
             buf_view(&all).p, NULL);
    buf_free(&all);
    return false;
}

static bool take_bool(const struct field *f, int64_t *out, struct str text, struct errs *errs)
{
    static const struct {
        const char *word;
        int64_t value;
    } words[] = { { "1", 1 }, { "on", 1 }, { "true", 1 }, { "0", 0 }, { "false", 0 } };
    for (size_t i = 0; i < LEN(words); i++)
        if (str_is(text, words[i].word)) {
            *out = words[i].value;
            return true;
        }
    errs_add(errs, MSG_value_not_in_list, at_field(f), arena_copy(errs->arena, text.p, MIN(text.n, (size_t)40)),
             "true, false", NULL);
    return false;
}

static bool take_text(const struct field *f, struct str *out, struct str text, struct errs *errs)
{
    size_t bad_at;
    struct arena *a = errs->arena;
    if (!utf8_valid(text, &bad_at)) {
        errs_add(errs, MSG_value_not_utf8, at_field(f), arena_printf(a, "%zu", bad_at + 1).p, NULL);
        return false;
    }
    assert(f->most > 0);
    size_t count = utf8_count(text);
    if (count > (size_t)f->most) {
        errs_add(errs, MSG_value_too_long, at_field(f), arena_printf(a, "%zu", count).p,
                 arena_printf(a, "%lld", (long long)f->most).p, NULL);
        return false;
    }
    for (size_t i = 0; i < text.n; i++) {
        unsigned char c = (unsigned char)text.p[i];
        bool line = f->kind != KIND_TEXT && (c == '\n' || c == '\r' || c == '\t');
        if ((c < 0x20 && !line) || c == 0x7F) {
            errs_add(errs, MSG_value_control, at_field(f), arena_printf(a, "%zu", i + 1).p, NULL);
            return false;
        }
    }
    *out = arena_str(a, text);
    return true;
}

bool field_take(const struct field *f, void *rec, struct str text, struct errs *errs)
{
    assert(f->kind != KIND_BYTES);
    if (f->kind != KIND_JSON && f->kind != KIND_LINES)
        text = str_trim(text);
    if (kind_is_text(f->kind))
        return take_text(f, field_text(f, rec), text, errs);
    int64_t *out = field_int(f, rec);
    if (text.n == 0) {
        *out = f->kind == KIND_ID ? 0 : NONE;
        return true;
    }
    switch (f->kind) {
    case KIND_DATE:
    case KIND_WEEK:
        return take_date(f, out, text, errs);
    case KIND_ENUM:
        return take_enum(f, out, text, errs);
    case KIND_BOOL:
        return take_bool(f, out, text, errs);
    default:
        return take_int(f, out, text, errs);
    }
}

static bool check_required(const struct record *r, const void *rec, struct errs *errs, const bool *failed)
{
    bool ok = true;
    for (int i = 0; i < r->n; i++) {
        const struct field *f = &r->field[i];
        if (!(f->flags & FIELD_REQUIRED) || (f->flags & FIELD_READONLY) || failed[i])
            continue;
        bool empty = kind_is_text(f->kind) ? field_text_of(f, rec).n == 0 : field_int_of(f, rec) == NONE;
        if (!empty)
            continue;
        errs_add(errs, MSG_value_missing, at_field(f), NULL);
        ok = false;
    }
    return ok;
}

enum { FIELDS_MOST = 64 };

bool record_from_form(const struct record *r, void *rec, record_lookup_fn *lookup, void *ctx, struct errs *errs)
{
    bool ok = true, failed[FIELDS_MOST] = { false };
    assert(r->n <= FIELDS_MOST);
    for (int i = 0; i < r->n; i++) {
        const struct field *f = &r->field[i];
        struct str text;
        if ((f->flags & FIELD_READONLY) || f->kind == KIND_BYTES)
            continue;
        if (!lookup(ctx, f->name, &text)) {
            if (f->kind == KIND_BOOL)
                *field_int(f, rec) = 0;
            continue;
        }
        failed[i] = !field_take(f, rec, text, errs);
        ok = ok && !failed[i];
    }
    return check_required(r, rec, errs, failed) && ok;
}

static bool take_json(const struct field *f, void *rec, const struct json *v, struct errs *errs)
{
    if (v->type == JSON_NULL) {
        if (kind_is_text(f->kind))
            *field_text(f, rec) = STR("");
        else
            *field_int(f, rec) = NONE;
        return true;
    }
    bool number = f->kind == KIND_ID || f->kind == KIND_REF || f->kind == KIND_INT || f->kind == KIND_TIME;
    bool right = f->kind == KIND_BOOL ? v->type == JSON_BOOL
                 : number             ? v->type == JSON_INT || v->type == JSON_REAL
                                      : v->type == JSON_TEXT;
    if (!right) {
        errs_add(errs, MSG_value_wrong_type, at_field(f), NULL);
        return false;
    }
    struct str text = v->type == JSON_BOOL ? (v->is_true ? STR("true") : STR("false")) : v->text;
    return field_take(f, rec, text, errs);
}

bool record_from_json(const struct record *r, void *rec, const struct json *object, struct errs *errs)
{
    bool ok = true, failed[FIELDS_MOST] = { false };
    assert(r->n <= FIELDS_MOST);
    if (object->type != JSON_OBJECT) {
        errs_add(errs, MSG_value_wrong_type, STR(""), NULL);
        return false;
    }
    for (const struct json *m = object->child; m != NULL; m = m->next) {
        const struct field *f = record_field(r, m->key);
        if (f == NULL || (f->flags & FIELD_READONLY) || f->kind == KIND_BYTES) {
            errs_add(errs, MSG_value_unknown_key, m->key, NULL);
            ok = false;
            continue;
        }
        int at = (int)(f - r->field);
        assert(at >= 0 && at < r->n);
        failed[at] = !take_json(f, rec, m, errs);
        ok = ok && !failed[at];
    }
    return check_required(r, rec, errs, failed) && ok;
}
