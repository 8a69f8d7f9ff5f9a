/* The curve of a search as pictures: see curve.h. */
#include "web/curve.h"

enum { POINTS_MOST = 256, LABEL_GAP = 13, TICKS_X = 5, TICKS_Y = 4, PATH_BYTES_MOST = 32768 };

struct point {
    int64_t ms;
    bool has_value;
    int64_t value, bound;
};

struct track {
    struct point p[POINTS_MOST];
    size_t n;
    int64_t top, ms;
};

int64_t curve_step(int64_t top, int64_t most)
{
    assert(most > 0);
    static const int64_t factor[] = { 2, 5, 10 };
    int64_t base = 1, step = 1;
    assert(top > 0 && most > 0);
    for (int i = 0; (top - 1) / step + 1 > most && base < INT64_MAX / 100; i++) {
        step = base * factor[i % 3];
        if (i % 3 == 2)
            base *= 10;
    }
    return step;
}

static enum msg_id unit_of(struct str name)
{
    static const struct {
        const char *name;
        enum msg_id unit;
    } table[] = {
        { "unplaced", MSG_unit_student_weeks }, { "changes", MSG_unit_student_weeks }, { "understaffed", MSG_unit_student_weeks },
        { "worst", MSG_unit_regret },           { "regret", MSG_unit_regret },         { "travel", MSG_unit_times },
        { "smooth", MSG_unit_students },        { "waiting", MSG_unit_weeks },
    };
    for (size_t i = 0; i < LEN(table); i++)
        if (str_is(name, table[i].name))
            return table[i].unit;
    return MSG_unit_points;
}

static bool is_int(const struct json *v)
{
    return v != NULL && v->type == JSON_INT;
}

/* The samples of level `index`; what is no sample is left out. */
static void read_track(const struct json *samples, size_t index, struct track *t)
{
    t->n = 0;
    t->top = t->ms = 1;
    for (const struct json *s = samples->child; s != NULL && t->n < POINTS_MOST; s = s->next) {
        const struct json *l = s->type == JSON_LIST && is_int(s->child) ? s->child->next : NULL;
        for (size_t i = 0; l != NULL && i < index; i++)
            l = l->next;
        const struct json *value = l != NULL && l->type == JSON_LIST ? l->child : NULL, *bound = value != NULL ? value->next : NULL;
        if (!is_int(bound))
            continue;
        struct point p = { MAX(s->child->number, (int64_t)0), is_int(value), is_int(value) ? value->number : 0, bound->number };
        t->ms = MAX(t->ms, p.ms);
        t->top = MAX(t->top, MAX(p.bound, p.has_value ? p.value : 0));
        t->p[t->n++] = p;
    }
}

static int64_t scale(int64_t v, int64_t top, int64_t length)
{
    return (int64_t)((double)v / (double)top * (double)length + 0.5);
}

static int64_t x_of(const struct track *t, int64_t ms)
{
    return CURVE_LEFT + scale(ms, t->ms, CURVE_RIGHT - CURVE_LEFT);
}

static int64_t y_of(const struct track *t, int64_t v)
{
    return CURVE_BOTTOM - scale(MAX(v, (int64_t)0), t->top, CURVE_BOTTOM - CURVE_TOP);
}

static struct str kept(struct ctx *c, struct buf *b)
{
    struct str s = b->failed ? STR("") : arena_str(c->arena, buf_view(b));
    buf_free(b);
    return s;
}

/* A line of steps: what was known holds until something better is known. */
static struct str path_of(struct ctx *c, const struct track *t, bool of_value)
{
    struct buf b = buf_make(PATH_BYTES_MOST);
    for (size_t i = 0; i < t->n; i++) {
        if (of_value && !t->p[i].has_value)
            continue;
        long long x = x_of(t, t->p[i].ms), y = y_of(t, of_value ? t->p[i].value : t->p[i].bound);
        if (b.n == 0)
            buf_printf(&b, "M%lld %lld", x, y);
        else
            buf_printf(&b, "H%lldV%lld", x, y);
    }
    return kept(c, &b);
}

/* What lies between both lines, from the first value on: along the values, back along the bounds. */
static struct str gap_of(struct ctx *c, const struct track *t)
{
    struct buf b = buf_make(PATH_BYTES_MOST);
    size_t first = 0;
    while (first < t->n && !t->p[first].has_value)
        first++;
    for (size_t i = first; i < t->n; i++)
        buf_printf(&b, i == first ? "M%lld %lld" : "H%lldV%lld", (long long)x_of(t, t->p[i].ms), (long long)y_of(t, t->p[i].value));
    for (size_t i = t->n; i > first; i--)
        buf_printf(&b, "V%lldH%lld", (long long)y_of(t, t->p[i - 1].bound), (long long)x_of(t, t->p[MAX(i - 1, first)].ms));
    if (b.n > 0)
        buf_char(&b, 'Z');
    return kept(c, &b);
}

/* Thousandths as a decimal number without needless zeros. */
static struct str seconds_text(struct ctx *c, int64_t ms)
{
    if (ms % 1000 == 0)
        return plan_number(c, ms / 1000);
    int64_t part = ms % 1000, digits = 3;
    while (part % 10 == 0) {
        part /= 10;
        digits--;
    }
    return arena_printf(c->arena, "%lld.%0*lld", (long long)(ms / 1000), (int)digits, (long long)part);
}

/* Each tick is worked out from its number: the last one may lie just below what an integer holds. */
static void fill_ticks(struct ctx *c, const struct track *t, struct curve *v)
{
    int64_t step = curve_step(t->top, TICKS_Y);
    for (int64_t at = 0; v->ys < LEN(v->y) && v->ys <= (uint64_t)(t->top / step); at = step * (int64_t)v->ys)
        v->y[v->ys++] = (struct curve_tick){ y_of(t, at), plan_number(c, at) };
    step = curve_step(t->ms, TICKS_X);
    for (int64_t at = 0; v->xs < LEN(v->x) && v->xs <= (uint64_t)(t->ms / step); at = step * (int64_t)v->xs)
        v->x[v->xs++] = (struct curve_tick){ x_of(t, at), seconds_text(c, at) };
}

/* The numbers at the ends of the lines stand apart, the larger one above. */
static void place_labels(struct curve *v)
{
    v->value_text_y = v->value_y + 4;
    v->bound_text_y = v->bound_y + 4;
    int64_t lack = LABEL_GAP - (v->bound_text_y - v->value_text_y);
    if (v->has_value && !v->is_met && lack > 0) {
        v->value_text_y -= (lack + 1) / 2;
        v->bound_text_y += lack / 2;
    }
}

static struct str text_of(struct ctx *c, const struct track *t, const struct curve *v)
{
    const struct point *end = &t->p[t->n - 1], *first = t->p;
    while (first < end && !first->has_value)
        first++;
    struct str arg[] = { seconds_text(c, end->ms), plan_number(c, first->value), v->value, plan_number(c, t->p[0].bound), v->bound };
    return plan_text(c, v->has_value ? MSG_curve_text : MSG_curve_text_bound, LEN(arg), arg);
}

static void fill(struct ctx *c, const struct track *t, struct curve *v)
{
    const struct point *end = &t->p[t->n - 1];
    v->has_value = end->has_value;
    v->is_met = end->has_value && end->value == end->bound;
    v->value = end->has_value ? plan_number(c, end->value) : STR("");
    v->bound = plan_number(c, end->bound);
    v->value_path = path_of(c, t, true);
    v->bound_path = path_of(c, t, false);
    v->gap_path = gap_of(c, t);
    v->end_x = x_of(t, end->ms);
    v->value_y = y_of(t, end->has_value ? end->value : 0);
    v->bound_y = y_of(t, end->bound);
    place_labels(v);
    fill_ticks(c, t, v);
    v->text = text_of(c, t, v);
}

struct curves curve_read(struct ctx *c, struct str progress, const struct figures *f)
{
    struct json_error e;
    struct curves out = { 0 };
    const struct json *root = progress.n > 0 ? json_read(c->arena, progress, &e) : NULL, *curve = root != NULL ? json_get(root, "curve") : NULL;
    const struct json *names = curve != NULL ? json_get(curve, "levels") : NULL, *samples = curve != NULL ? json_get(curve, "samples") : NULL;
    if (names == NULL || samples == NULL || names->type != JSON_LIST || samples->type != JSON_LIST)
        return out;
    struct curve *item = ARENA_ARRAY(c->arena, f->levels, struct curve);
    struct track *t = ARENA_NEW(c->arena, struct track);
    for (const struct json *n = names->child; n != NULL && out.n < f->levels; n = n->next)
        for (size_t i = 0; i < f->levels; i++) {
            if (!str_eq(f->level[i].name, n->text))
                continue;
            read_track(samples, (size_t)n->index, t);
            if (t->n == 0)
                continue;
            struct curve *v = &item[out.n++];
            v->level = f->level[i];
            v->unit = unit_of(n->text);
            fill(c, t, v);
            break;
        }
    out.item = item;
    return out;
}
