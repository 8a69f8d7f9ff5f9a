/* See explain_words.h. */
#include "app/explain_words.h"

enum { SENTENCE_BYTES_MOST = 64 * 1024 };

struct str explain_say(const struct explain_ctx *x, enum msg_id id, struct str a1, struct str a2, struct str a3, struct str a4,
                       struct str a5)
{
    struct str arg[] = { a1, a2, a3, a4, a5 };
    struct buf b = buf_make(SENTENCE_BYTES_MOST);
    msg_put(&b, id, x->lang, arg, LEN(arg));
    struct str s = arena_str(x->a, buf_view(&b));
    buf_free(&b);
    return s;
}

struct str explain_number(const struct explain_ctx *x, int64_t n)
{
    return arena_printf(x->a, "%lld", (long long)n);
}

struct str explain_count_of(const struct explain_ctx *x, enum msg_id one, enum msg_id many, int64_t n)
{
    return SAY1(x, n == 1 ? one : many, explain_number(x, n));
}

static struct str called(const struct explain_ctx *x, enum explain_noun noun, struct str code, struct str within)
{
    struct str name = x->name != NULL ? x->name(x->name_ctx, noun, code, within, x->lang) : NO_ARG;
    return name.n > 0 ? name : code;
}

/* Whether another programme has a rotation or choice of the same name. */
static bool is_ambiguous(const struct explain_ctx *x, enum explain_noun noun, struct str name, struct str within)
{
    const struct json *programmes = explain_get(x->problem, "programmes");
    for (const struct json *p = programmes != NULL ? programmes->child : NULL; p != NULL; p = p->next) {
        struct str id = explain_text(p, "id");
        const struct json *list = explain_get(p, noun == EXPLAIN_ROTATION ? "rotations" : "choices");
        for (const struct json *c = list != NULL && !str_eq(id, within) ? list->child : NULL; c != NULL; c = c->next)
            if (str_eq(called(x, noun, explain_text(c, "id"), id), name))
                return true;
    }
    return false;
}

struct str explain_noun(const struct explain_ctx *x, enum explain_noun noun, struct str code, struct str within)
{
    struct str name = called(x, noun, code, within);
    if (within.n > 0 && (noun == EXPLAIN_ROTATION || noun == EXPLAIN_CHOICE) && is_ambiguous(x, noun, name, within))
        return explain_bracket(x, name, called(x, EXPLAIN_PROGRAMME, within, NO_ARG));
    return name;
}

struct str explain_list(const struct explain_ctx *x, size_t n, const struct str *item, size_t most, enum msg_id more)
{
    assert(item != NULL || n == 0);
    struct str out = NO_ARG;
    size_t shown = n > most ? most : n;
    for (size_t i = 0; i < shown; i++) {
        bool last = i + 1 == shown && shown == n;
        struct str between = str_of(i == 0 ? "" : msg_text(last ? MSG_explain_list_and : MSG_explain_list_comma, x->lang));
        out = arena_printf(x->a, "%.*s%.*s%.*s", STR_ARG(out), STR_ARG(between), STR_ARG(item[i]));
    }
    if (shown < n) /* Chinese counts all of them, English those that follow */
        out = arena_printf(x->a, "%.*s%s%.*s", STR_ARG(out), x->lang == LANG_EN ? " " : "",
                           STR_ARG(SAY1(x, more, explain_number(x, (int64_t)(x->lang == LANG_EN ? n - shown : n)))));
    return out;
}

struct str explain_nouns(const struct explain_ctx *x, enum explain_noun noun, const struct json *codes, size_t most)
{
    size_t n = codes != NULL && codes->type == JSON_LIST ? codes->n : 0, i = 0;
    struct str *item = ARENA_ARRAY(x->a, n, struct str);
    for (const struct json *c = n > 0 ? codes->child : NULL; c != NULL; c = c->next)
        item[i++] = explain_noun(x, noun, c->text, NO_ARG);
    static const enum msg_id more[] = { [EXPLAIN_DEPARTMENT] = MSG_explain_and_departments, [EXPLAIN_ROTATION] = MSG_explain_and_more,
                                        [EXPLAIN_CHOICE] = MSG_explain_and_more,            [EXPLAIN_PROGRAMME] = MSG_explain_and_more,
                                        [EXPLAIN_STUDENT] = MSG_explain_and_people,         [EXPLAIN_GROUP] = MSG_explain_and_more };
    assert(noun < LEN(more));
    return explain_list(x, n, item, most, more[noun]);
}

struct str explain_who(const struct explain_ctx *x, const struct json *students)
{
    size_t n = students != NULL && students->type == JSON_LIST ? students->n : 0;
    return n > 0 && n <= 3 ? explain_nouns(x, EXPLAIN_STUDENT, students, 3) : STUDENTS(x, (int64_t)n);
}

struct str explain_weeks(const struct explain_ctx *x, int64_t from, int64_t weeks)
{
    if (weeks <= 1)
        return SAY1(x, MSG_explain_week, explain_number(x, from + 1));
    return SAY2(x, MSG_explain_week_range, explain_number(x, from + 1), explain_number(x, from + weeks));
}

struct str explain_week_list(const struct explain_ctx *x, size_t n, const struct explain_run *run)
{
    assert(run != NULL || n == 0);
    struct str *item = ARENA_ARRAY(x->a, n, struct str);
    assert(n > 0);
    if (n == 1)
        return explain_weeks(x, run[0].from, run[0].weeks);
    for (size_t i = 0; i < n; i++)
        item[i] = run[i].weeks <= 1 ? explain_number(x, run[i].from + 1)
                                    : SAY2(x, MSG_explain_range, explain_number(x, run[i].from + 1), explain_number(x, run[i].from + run[i].weeks));
    struct str out = item[0];
    for (size_t i = 1; i < n; i++)
        out = SAY2(x, i + 1 == n ? MSG_explain_runs_and : MSG_explain_runs_comma, out, item[i]);
    return SAY1(x, MSG_explain_week_runs, out);
}

struct str explain_weeks_dated(const struct explain_ctx *x, int64_t from, int64_t weeks)
{
    char z[DATE_TEXT_BYTES];
    return SAY2(x, MSG_explain_dated, explain_weeks(x, from, weeks), str_of(date_text((date)(x->first + 7 * from), z)));
}

struct str explain_bracket(const struct explain_ctx *x, struct str text, struct str inside)
{
    return inside.n > 0 ? SAY2(x, MSG_explain_bracket, text, inside) : text;
}

struct str explain_join(const struct explain_ctx *x, struct str a, struct str b)
{
    return a.n == 0 ? b : b.n == 0 ? a : SAY2(x, MSG_explain_joined, a, b);
}

/* ---- the problem as JSON ------------------------------------------------------------------------ */

const struct json *explain_get(const struct json *object, const char *key)
{
    return object != NULL ? json_get(object, key) : NULL;
}

struct str explain_text(const struct json *object, const char *key)
{
    const struct json *v = explain_get(object, key);
    return v != NULL && v->type == JSON_TEXT ? v->text : NO_ARG;
}

int64_t explain_int(const struct json *object, const char *key, int64_t missing)
{
    const struct json *v = explain_get(object, key);
    return v != NULL && v->type == JSON_INT ? v->number : missing;
}

int64_t explain_week_of(const struct explain_ctx *x, const struct json *object, const char *key)
{
    date d;
    return date_parse(explain_text(object, key), &d) && d >= x->first ? (d - x->first) / 7 : -1;
}

const struct json *explain_at(const struct json *list, int64_t index)
{
    if (list == NULL || list->type != JSON_LIST)
        return NULL;
    const struct json *c = list->child;
    while (c != NULL && c->index != index)
        c = c->next;
    return c;
}

const struct json *explain_find(const struct json *list, struct str id)
{
    const struct json *c = list != NULL && list->type == JSON_LIST ? list->child : NULL;
    while (c != NULL && !str_eq(explain_text(c, "id"), id))
        c = c->next;
    return c;
}

const struct json *explain_pointer(const struct json *root, struct str pointer)
{
    const struct json *at = root;
    struct str rest = pointer, step = str_cut(&rest, '/');
    while (at != NULL && rest.p != NULL && rest.n > 0) {
        step = str_cut(&rest, '/');
        int64_t index;
        const struct json *next = NULL;
        for (const struct json *c = at->type == JSON_OBJECT ? at->child : NULL; c != NULL; c = c->next)
            next = str_eq(c->key, step) ? c : next;
        if (at->type == JSON_LIST && str_int(step, &index))
            next = explain_at(at, index);
        at = next;
    }
    return at;
}

static bool within(const struct explain_ctx *x, const struct json *run, int64_t week)
{
    int64_t from = explain_week_of(x, run, "from");
    return from >= 0 && week >= from && week < from + explain_int(run, "weeks", 0);
}

/* Whether a fact of this kind about the department covers the week (`index` < 0: any). */
static bool among(const struct explain_ctx *x, const struct json *facts, const char *kind, struct str department, int64_t index,
                  int64_t week)
{
    for (const struct json *f = facts != NULL ? facts->child : NULL; f != NULL; f = f->next)
        if (str_is(explain_text(f, "kind"), kind) && str_eq(explain_text(f, "department"), department) &&
            (index < 0 ? within(x, f, week) : explain_int(f, "index", -1) == index))
            return true;
    return false;
}

int64_t explain_seats(const struct explain_ctx *x, const struct json *department, int64_t week, const struct json *facts)
{
    struct str id = explain_text(department, "id");
    bool by_default = facts == NULL || among(x, facts, "seats", id, -1, week);
    int64_t seats = by_default ? explain_int(department, "capacity", 0) : NO_SEATS_LIMIT;
    const struct json *limits = by_default ? explain_get(department, "limits") : NULL;
    const struct json *list = explain_get(department, "exceptions");
    for (const struct json *e = list != NULL ? list->child : NULL; e != NULL; e = e->next) {
        if (!within(x, e, week) || (facts != NULL && !among(x, facts, "exception", id, e->index, week)))
            continue;
        seats = explain_int(e, "capacity", seats);
        limits = explain_get(e, "limits") != NULL ? explain_get(e, "limits") : limits;
    }
    for (const struct json *l = limits != NULL ? limits->child : NULL; l != NULL; l = l->next)
        seats = MIN(seats, explain_int(l, "capacity", seats));
    return seats;
}

bool explain_closed(const struct explain_ctx *x, int64_t week)
{
    const struct json *closed = explain_get(explain_get(x->problem, "weeks"), "closed");
    for (const struct json *c = closed != NULL ? closed->child : NULL; c != NULL; c = c->next) {
        date d;
        if (date_parse(c->text, &d) && (d - x->first) / 7 == week)
            return true;
    }
    return false;
}
