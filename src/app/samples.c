/* The curve of a search: see samples.h. */
#include "app/samples.h"

void samples_name(struct samples *s, size_t i, const char *name)
{
    assert(name != NULL);
    if (i >= SAMPLES_LEVELS)
        return;
    size_t n = MIN(strlen(name), (size_t)SAMPLES_NAME_BYTES - 1);
    memcpy(s->name[i], name, n);
    s->name[i][n] = '\0';
    s->levels = MAX(s->levels, i + 1);
}

static bool same(const struct samples *s, const struct sample_level *a, const struct sample_level *b)
{
    for (size_t i = 0; i < s->levels; i++)
        if (a[i].has_value != b[i].has_value || a[i].bound != b[i].bound || (a[i].has_value && a[i].value != b[i].value))
            return false;
    return true;
}

/* Every other one goes; first and last stay. */
static void thin(struct samples *s)
{
    assert(s->n == SAMPLES_MOST);
    size_t n = 0;
    for (size_t i = 0; i < s->n; i++)
        if (i % 2 == 0 || i + 1 == s->n)
            s->item[n++] = s->item[i];
    assert(n < SAMPLES_MOST);
    s->n = n;
}

void samples_add(struct samples *s, int64_t ms, const struct sample_level *level, bool is_last)
{
    int64_t at = s->before_ms + MAX(ms, (int64_t)0);
    if (s->n > 0 && !is_last && same(s, s->item[s->n - 1].level, level))
        return;
    if (s->n == SAMPLES_MOST)
        thin(s);
    struct sample *x = &s->item[s->n++];
    *x = (struct sample){ .ms = at };
    memcpy(x->level, level, s->levels * sizeof *level);
    assert(s->n <= SAMPLES_MOST);
}

static void put_sample(struct buf *b, const struct samples *s, const struct sample *x)
{
    buf_printf(b, "[%lld", (long long)x->ms);
    for (size_t i = 0; i < s->levels; i++) {
        if (x->level[i].has_value)
            buf_printf(b, ",[%lld,%lld]", (long long)x->level[i].value, (long long)x->level[i].bound);
        else
            buf_printf(b, ",[null,%lld]", (long long)x->level[i].bound);
    }
    buf_char(b, ']');
}

void samples_put(struct buf *b, const struct samples *s)
{
    assert(s->n <= SAMPLES_MOST && s->levels <= SAMPLES_LEVELS);
    buf_z(b, "{\"levels\":[");
    for (size_t i = 0; i < s->levels; i++) {
        buf_z(b, i > 0 ? "," : "");
        json_put_text(b, str_of(s->name[i]));
    }
    buf_z(b, "],\"samples\":[");
    for (size_t i = 0; i < s->n; i++) {
        buf_z(b, i > 0 ? "," : "");
        put_sample(b, s, &s->item[i]);
    }
    buf_z(b, "]}");
}

static bool is_int(const struct json *v)
{
    return v != NULL && v->type == JSON_INT;
}

/* One stored sample; false where it is none of this many levels. */
static bool read_sample(struct samples *s, const struct json *v, struct sample *x)
{
    if (v->type != JSON_LIST || v->n != s->levels + 1 || !is_int(v->child))
        return false;
    *x = (struct sample){ .ms = v->child->number };
    size_t i = 0;
    for (const struct json *l = v->child->next; l != NULL; l = l->next, i++) {
        const struct json *value = l->type == JSON_LIST ? l->child : NULL, *bound = value != NULL ? value->next : NULL;
        if (!is_int(bound))
            return false;
        x->level[i] = (struct sample_level){ is_int(value), is_int(value) ? value->number : 0, bound->number };
    }
    return x->ms >= (s->n > 0 ? s->item[s->n - 1].ms : 0);
}

void samples_begin(struct samples *s, struct arena *a, struct str progress)
{
    struct json_error e;
    const struct json *root = progress.n > 0 ? json_read(a, progress, &e) : NULL, *curve = root != NULL ? json_get(root, "curve") : NULL;
    const struct json *names = curve != NULL ? json_get(curve, "levels") : NULL, *list = curve != NULL ? json_get(curve, "samples") : NULL;
    *s = (struct samples){ 0 };
    if (names == NULL || list == NULL || names->type != JSON_LIST || list->type != JSON_LIST || names->n > SAMPLES_LEVELS)
        return;
    for (const struct json *n = names->child; n != NULL; n = n->next)
        samples_name(s, (size_t)n->index, arena_str(a, n->text).p);
    for (const struct json *v = list->child; v != NULL && s->n < SAMPLES_MOST; v = v->next)
        if (read_sample(s, v, &s->item[s->n]))
            s->n++;
    assert(s->levels <= SAMPLES_LEVELS);
    s->before_ms = s->n > 0 ? s->item[s->n - 1].ms : 0;
}
