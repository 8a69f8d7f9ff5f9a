/* The table of use cases and what follows from it for every channel: decoding, answers and errors as JSON. */
#include "app/usecases.h"

#define READ false
#define WRITE true
const struct usecase app_usecases[] = {
#define USECASE(name_, mode_, cap_, label_, in_, out_, run_) \
    { #name_, MSG_##label_, mode_, CAP_##cap_, &record_##in_, &record_##out_, run_ },
#include "app/usecases.def"
#undef USECASE
};
const size_t app_usecases_count = LEN(app_usecases);

static bool take_number(struct call *c, const char *name, struct str text, int64_t *out)
{
    if (text.n == 0 || (str_int(text, out) && *out >= 0))
        return true;
    errs_add(c->errs, MSG_value_not_reference, str_of(name), arena_copy(c->arena, text.p, MIN(text.n, (size_t)40)), NULL);
    return false;
}

/* A delete of a record: it names its target and nothing else, though its input is the record. */
static bool is_delete(const struct usecase *u)
{
    return u->label == MSG_usecase_delete && u->in == u->out;
}

enum status call_decode_form(struct call *c, record_lookup_fn *lookup, void *ctx)
{
    assert(c->usecase != NULL && lookup != NULL);
    struct str text;
    bool ok = true;
    void *in = record_new(c->arena, c->usecase->in);
    if (lookup(ctx, "id", &text))
        ok = take_number(c, "id", text, &c->target_id);
    if (lookup(ctx, "version", &text))
        ok = take_number(c, "version", text, &c->target_version) && ok;
    /* A delete names its target and nothing else. */
    if (!is_delete(c->usecase))
        ok = record_from_form(c->usecase->in, in, lookup, ctx, c->errs) && ok;
    c->in = in;
    return ok ? STATUS_OK : STATUS_INPUT;
}

/* Takes a member out of the object, so that the record does not see it. */
static const struct json *take_out(struct json *object, const char *key)
{
    for (struct json **at = &object->child; *at != NULL; at = &(*at)->next)
        if (str_is((*at)->key, key)) {
            const struct json *found = *at;
            *at = (*at)->next;
            object->n--;
            return found;
        }
    return NULL;
}

enum status call_decode_json(struct call *c, struct json *object)
{
    assert(c->usecase != NULL && object != NULL);
    bool ok = true;
    void *in = record_new(c->arena, c->usecase->in);
    c->in = in;
    if (object->type == JSON_OBJECT) {
        const struct json *id = take_out(object, "id"), *version = take_out(object, "version");
        if (id != NULL)
            ok = take_number(c, "id", id->text, &c->target_id);
        if (version != NULL)
            ok = take_number(c, "version", version->text, &c->target_version) && ok;
    }
    if (!is_delete(c->usecase) || object->type != JSON_OBJECT || object->child != NULL)
        ok = record_from_json(c->usecase->in, in, object, c->errs) && ok;
    return ok ? STATUS_OK : STATUS_INPUT;
}

void call_put_json(struct buf *b, const struct call *c)
{
    assert(c->usecase != NULL && c->usecase->out != NULL);
    const struct record *r = c->usecase->out;
    if (c->usecase->writes) {
        buf_printf(b, "{\"id\":%lld", (long long)c->id);
        if (c->rows.n == 0) {
            buf_char(b, '}');
            return;
        }
    }
    buf_z(b, c->usecase->writes ? ",\"rows\":[" : "{\"rows\":[");
    for (size_t i = 0; i < c->rows.n; i++) {
        if (i > 0)
            buf_char(b, ',');
        record_put_json(b, r, (const char *)c->rows.item + i * r->size, CLASS_PERSONAL);
    }
    buf_z(b, "]}");
}

void call_put_errors(struct buf *b, const struct errs *errs, enum lang lang, struct arena *a)
{
    buf_printf(b, "{\"total\":%zu,\"errors\":[", errs->total);
    for (size_t i = 0; i < errs->n; i++) {
        const struct err *e = &errs->item[i];
        buf_z(b, i > 0 ? ",{\"at\":" : "{\"at\":");
        json_put_text(b, e->at);
        if (e->row > 0)
            buf_printf(b, ",\"row\":%d,\"column\":%d", e->row, e->column);
        buf_printf(b, ",\"code\":\"%s\",\"text\":", msg_name(e->id));
        json_put_text(b, msg_err(a, e, lang));
        buf_char(b, '}');
    }
    buf_z(b, "]}");
}
