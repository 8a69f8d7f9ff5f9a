/* Writers that follow from the descriptors: text, JSON, audit difference, OpenAPI schema. */
#include "records/record.h"

void field_put(struct buf *b, const struct field *f, const void *rec)
{
    if (kind_is_text(f->kind)) {
        buf_str(b, field_text_of(f, rec));
        return;
    }
    int64_t v = field_int_of(f, rec);
    if (v == NONE)
        return;
    char day[DATE_TEXT_BYTES];
    switch (f->kind) {
    case KIND_DATE:
    case KIND_WEEK:
        buf_z(b, date_text((date)v, day));
        return;
    case KIND_ENUM:
        assert(v >= 0 && v < f->names->n);
        buf_z(b, f->names->item[v].name);
        return;
    case KIND_BOOL:
        buf_z(b, v ? "true" : "false");
        return;
    default:
        buf_int(b, v);
    }
}

static void put_json_value(struct buf *b, const struct field *f, const void *rec)
{
    if (kind_is_text(f->kind)) {
        json_put_text(b, field_text_of(f, rec));
        return;
    }
    if (field_int_of(f, rec) == NONE) {
        buf_z(b, "null");
        return;
    }
    bool quoted = f->kind == KIND_DATE || f->kind == KIND_WEEK || f->kind == KIND_ENUM;
    if (quoted)
        buf_char(b, '"');
    field_put(b, f, rec);
    if (quoted)
        buf_char(b, '"');
}

void record_put_json(struct buf *b, const struct record *r, const void *rec, enum field_class most)
{
    assert(rec != NULL);
    const char *comma = "";
    buf_char(b, '{');
    for (int i = 0; i < r->n; i++) {
        const struct field *f = &r->field[i];
        if (f->class > most || f->kind == KIND_BYTES)
            continue;
        buf_printf(b, "%s\"%s\":", comma, f->name);
        put_json_value(b, f, rec);
        comma = ",";
    }
    buf_char(b, '}');
}

static bool same_value(const struct field *f, const void *a, const void *b)
{
    if (kind_is_text(f->kind))
        return str_eq(field_text_of(f, a), field_text_of(f, b));
    return field_int_of(f, a) == field_int_of(f, b);
}

int record_put_diff(struct buf *b, const struct record *r, const void *old, const void *now)
{
    assert(now != NULL);
    int count = 0;
    buf_char(b, '{');
    for (int i = 0; i < r->n; i++) {
        const struct field *f = &r->field[i];
        if (str_is(STR("version"), f->name) || (old != NULL && same_value(f, old, now)))
            continue;
        if (old == NULL && (kind_is_text(f->kind) ? field_text_of(f, now).n == 0 : field_int_of(f, now) == NONE))
            continue;
        buf_printf(b, "%s\"%s\":", count++ > 0 ? "," : "", f->name);
        if (f->class >= CLASS_SENSITIVE || f->kind == KIND_BYTES) {
            buf_z(b, "\"changed\"");
            continue;
        }
        buf_char(b, '[');
        if (old != NULL)
            put_json_value(b, f, old);
        else
            buf_z(b, "null");
        buf_char(b, ',');
        put_json_value(b, f, now);
        buf_char(b, ']');
    }
    buf_char(b, '}');
    return count;
}

static void put_type(struct buf *b, const struct field *f)
{
    static const char *const types[KIND_COUNT] = {
        [KIND_ID] = "\"type\":\"integer\"",
        [KIND_REF] = "\"type\":[\"integer\",\"null\"]",
        [KIND_INT] = "\"type\":[\"integer\",\"null\"]",
        [KIND_BOOL] = "\"type\":[\"boolean\",\"null\"]",
        [KIND_DATE] = "\"type\":[\"string\",\"null\"],\"format\":\"date\"",
        [KIND_WEEK] = "\"type\":[\"string\",\"null\"],\"format\":\"date\",\"description\":\"a Monday\"",
        [KIND_TIME] = "\"type\":[\"integer\",\"null\"],\"description\":\"UTC seconds since 1970\"",
        [KIND_ENUM] = "\"type\":[\"string\",\"null\"]",
        [KIND_TEXT] = "\"type\":\"string\"",
        [KIND_LINES] = "\"type\":\"string\"",
        [KIND_JSON] = "\"type\":\"string\",\"contentMediaType\":\"application/json\"",
        [KIND_BYTES] = "\"type\":\"string\"",
    };
    assert(f->kind < KIND_COUNT && types[f->kind] != NULL);
    buf_printf(b, "{%s", types[f->kind]);
    if (f->kind == KIND_INT)
        buf_printf(b, ",\"minimum\":%lld,\"maximum\":%lld", (long long)f->least, (long long)f->most);
    if (f->kind == KIND_TEXT || f->kind == KIND_LINES)
        buf_printf(b, ",\"maxLength\":%lld", (long long)f->most);
    if (f->kind == KIND_ENUM) {
        buf_z(b, ",\"enum\":[");
        for (int i = 0; i < f->names->n; i++)
            buf_printf(b, "\"%s\",", f->names->item[i].name);
        buf_z(b, "null]");
    }
    buf_char(b, '}');
}

void record_put_schema(struct buf *b, const struct record *r, bool writable)
{
    const char *comma = "";
    buf_z(b, "{\"type\":\"object\",\"additionalProperties\":false,\"properties\":{");
    for (int i = 0; i < r->n; i++) {
        const struct field *f = &r->field[i];
        if (f->kind == KIND_BYTES || f->class == CLASS_SECRET || (writable && (f->flags & FIELD_READONLY)))
            continue;
        buf_printf(b, "%s\"%s\":", comma, f->name);
        put_type(b, f);
        comma = ",";
    }
    buf_z(b, "},\"required\":[");
    comma = "";
    for (int i = 0; i < r->n; i++)
        if ((r->field[i].flags & FIELD_REQUIRED) && !(r->field[i].flags & FIELD_READONLY) && writable) {
            buf_printf(b, "%s\"%s\"", comma, r->field[i].name);
            comma = ",";
        }
    buf_z(b, "]}");
}
