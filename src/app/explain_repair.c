/* One way out as a sentence, read from its JSON Patch and the problem, and what comes of it. */
#include "app/explain_words.h"

enum { PARTS_SHOWN = 4 };

struct fix {
    const struct explain_ctx *x;
    const struct json *op, *value; /* one operation */
    int64_t n[4];                  /* numbers in its path, in order */
    struct str path;
};

/* Whether the operation's path has this form, "#" standing for a number (or "-"); fills n. */
static bool path_is(struct fix *f, const char *form)
{
    struct str path = f->path, want = str_of(form);
    size_t numbers = 0;
    while (path.n > 0 && want.n > 0) {
        struct str a = str_cut(&path, '/'), b = str_cut(&want, '/');
        if (str_is(b, "#")) {
            if (numbers == LEN(f->n) || (!str_is(a, "-") && !str_int(a, &f->n[numbers])))
                return false;
            numbers++;
        } else if (!str_eq(a, b)) {
            return false;
        }
    }
    return path.n == 0 && want.n == 0;
}

static struct str department(const struct fix *f, int64_t index)
{
    const struct json *d = explain_at(explain_get(f->x->problem, "departments"), index);
    return explain_noun(f->x, EXPLAIN_DEPARTMENT, explain_text(d, "id"), NO_ARG);
}

static struct str rotation_id(const struct fix *f, struct str id)
{
    const struct json *p = explain_at(explain_get(f->x->problem, "programmes"), f->n[0]);
    return explain_noun(f->x, EXPLAIN_ROTATION, id, explain_text(p, "id"));
}

/* ---- the operations ----------------------------------------------------------------------------- */

/* Seats by a new exception; the first of a department comes as a list. */
static struct str more_seats(struct fix *f)
{
    const struct json *v = f->value != NULL && f->value->type == JSON_LIST ? f->value->child : f->value;
    const struct json *d = explain_at(explain_get(f->x->problem, "departments"), f->n[0]);
    int64_t from = explain_week_of(f->x, v, "from"), weeks = explain_int(v, "weeks", 1);
    while (from >= 0 && weeks > 1 && explain_closed(f->x, from)) {
        from++;
        weeks--;
    }
    struct str more = SEATS(f->x, explain_int(v, "capacity", 0) - explain_seats(f->x, d, from, NULL));
    if (weeks >= f->x->weeks)
        return SAY2(f->x, MSG_explain_fix_seats_always, department(f, f->n[0]), more);
    return SAY3(f->x, MSG_explain_fix_seats, department(f, f->n[0]), explain_weeks(f->x, from, weeks), more);
}

static struct str reopen(struct fix *f)
{
    const struct json *d = explain_at(explain_get(f->x->problem, "departments"), f->n[0]);
    const struct json *e = explain_at(explain_get(d, "exceptions"), f->n[1]);
    struct str weeks = explain_weeks_dated(f->x, explain_week_of(f->x, e, "from"), explain_int(e, "weeks", 1));
    return SAY2(f->x, explain_int(e, "capacity", 1) == 0 ? MSG_explain_fix_reopen : MSG_explain_fix_exception, department(f, f->n[0]), weeks);
}

static struct str longer(struct fix *f)
{
    int64_t now = f->value != NULL ? f->value->number : f->x->weeks;
    return SAY2(f->x, MSG_explain_fix_weeks, WEEKS(f->x, now - f->x->weeks), explain_number(f->x, now));
}

static struct str no_order(struct fix *f)
{
    const struct json *p = explain_at(explain_get(f->x->problem, "programmes"), f->n[0]);
    const struct json *o = explain_at(explain_get(p, "orders"), f->n[1]);
    return SAY2(f->x, MSG_explain_fix_order, rotation_id(f, explain_text(o, "before")), rotation_id(f, explain_text(o, "after")));
}

static struct str window(struct fix *f)
{
    const struct json *p = explain_at(explain_get(f->x->problem, "programmes"), f->n[0]);
    struct str name = rotation_id(f, explain_text(explain_at(explain_get(p, "rotations"), f->n[1]), "id"));
    date monday;
    bool earliest = path_is(f, "/programmes/#/rotations/#/earliest");
    if (f->value == NULL || !date_parse(f->value->text, &monday))
        return SAY1(f->x, MSG_explain_fix_any_time, name);
    int64_t week = (monday - f->x->first) / 7;
    return SAY2(f->x, earliest ? MSG_explain_fix_earliest : MSG_explain_fix_latest_end, name, explain_weeks(f->x, earliest ? week : week - 1, 1));
}

static struct str quota(struct fix *f)
{
    bool shared = path_is(f, "/shared_quotas/#/capacity");
    const struct json *d = explain_at(explain_get(f->x->problem, "departments"), f->n[0]);
    const struct json *q = shared ? explain_at(explain_get(f->x->problem, "shared_quotas"), f->n[0]) : explain_at(explain_get(d, "quotas"), f->n[1]);
    struct str where = shared ? explain_nouns(f->x, EXPLAIN_DEPARTMENT, explain_get(q, "departments"), 6) : department(f, f->n[0]);
    return SAY3(f->x, MSG_explain_fix_quota, where, explain_number(f->x, explain_int(q, "capacity", 0)),
                explain_number(f->x, f->value != NULL ? f->value->number : 0));
}

static struct str leave(struct fix *f)
{
    const struct json *s = explain_at(explain_get(f->x->problem, "students"), f->n[0]);
    const struct json *a = explain_at(explain_get(s, "away"), f->n[1]);
    date monday;
    if (f->value == NULL || !date_parse(f->value->text, &monday) || monday < f->x->first)
        return NO_ARG;
    return SAY2(f->x, MSG_explain_fix_leave, explain_noun(f->x, EXPLAIN_STUDENT, explain_text(s, "id"), NO_ARG),
                explain_weeks_dated(f->x, (monday - f->x->first) / 7, explain_int(a, "weeks", 1)));
}

static struct str open_week(struct fix *f)
{
    const struct json *w = explain_at(explain_get(explain_get(f->x->problem, "weeks"), "closed"), f->n[0]);
    date monday;
    if (w == NULL || !date_parse(w->text, &monday))
        return NO_ARG;
    return SAY1(f->x, MSG_explain_fix_open_week, explain_weeks_dated(f->x, (monday - f->x->first) / 7, 1));
}

static const struct {
    const char *op, *path;
    struct str (*say)(struct fix *f);
} forms[] = {
    { "add", "/departments/#/exceptions", more_seats },
    { "add", "/departments/#/exceptions/#", more_seats },
    { "remove", "/departments/#/exceptions/#", reopen },
    { "replace", "/weeks/count", longer },
    { "remove", "/programmes/#/orders/#", no_order },
    { "remove", "/programmes/#/rotations/#/earliest", window },
    { "replace", "/programmes/#/rotations/#/earliest", window },
    { "remove", "/programmes/#/rotations/#/latest_end", window },
    { "replace", "/programmes/#/rotations/#/latest_end", window },
    { "replace", "/departments/#/quotas/#/capacity", quota },
    { "replace", "/shared_quotas/#/capacity", quota },
    { "replace", "/students/#/away/#/from", leave },
    { "remove", "/weeks/closed/#", open_week },
};

static struct str say_op(struct fix *f)
{
    for (size_t i = 0; i < LEN(forms); i++)
        if (str_is(explain_text(f->op, "op"), forms[i].op) && path_is(f, forms[i].path))
            return forms[i].say(f);
    return NO_ARG;
}

/* ---- the whole ---------------------------------------------------------------------------------- */

static struct str fewer(const struct explain_ctx *x, int64_t gone, size_t n, const struct str *name)
{
    const struct json *students = explain_get(x->problem, "students");
    int64_t all = students != NULL ? students->n : gone;
    struct str text = SAY3(x, MSG_explain_fix_students, STUDENTS(x, gone), explain_number(x, all), explain_number(x, all - gone));
    return gone <= 3 ? explain_bracket(x, text, explain_list(x, n, name, n)) : text;
}

static struct str text_of(const struct explain_ctx *x, const struct json *repair)
{
    const struct json *change = explain_get(repair, "change");
    size_t n = 0, names = 0, cap = change != NULL ? change->n : 0;
    struct str *part = ARENA_ARRAY(x->a, cap + 1, struct str), *name = ARENA_ARRAY(x->a, cap + 1, struct str), out = NO_ARG;
    int64_t gone = 0;
    bool seats = true;
    for (const struct json *op = change != NULL ? change->child : NULL; op != NULL; op = op->next) {
        struct fix f = { .x = x, .op = op, .value = explain_get(op, "value"), .path = explain_text(op, "path") };
        if (str_is(explain_text(op, "op"), "remove") && path_is(&f, "/students/#")) {
            const struct json *s = explain_at(explain_get(x->problem, "students"), f.n[0]);
            name[names++] = explain_noun(x, EXPLAIN_STUDENT, explain_text(s, "id"), NO_ARG);
            gone++;
            continue;
        }
        seats = seats && str_is(explain_text(op, "op"), "add");
        part[n] = say_op(&f);
        n += part[n].n > 0;
    }
    if (gone > 0)
        return fewer(x, gone, names, name);
    for (size_t i = 0; i < n && i < PARTS_SHOWN; i++)
        out = explain_join(x, out, part[i]);
    if (n > PARTS_SHOWN)
        out = explain_join(x, out, SAY1(x, MSG_explain_and_more, explain_number(x, (int64_t)(x->lang == LANG_EN ? n - PARTS_SHOWN : n))));
    int64_t price = explain_int(explain_get(x->problem, "repair_costs"), "seat_week", 1), cost = explain_int(repair, "cost", 0);
    return seats && n > 1 && price > 0 ? explain_bracket(x, out, SAY1(x, MSG_explain_fix_total, explain_number(x, cost / price))) : out;
}

struct str explain_operation(const struct explain_ctx *x, const struct json *op)
{
    struct fix f = { .x = x, .op = op, .value = explain_get(op, "value"), .path = explain_text(op, "path") };
    if (!str_is(explain_text(op, "op"), "remove") || !path_is(&f, "/students/#"))
        return say_op(&f);
    const struct json *s = explain_at(explain_get(x->problem, "students"), f.n[0]);
    return SAY1(x, MSG_explain_fix_student, explain_noun(x, EXPLAIN_STUDENT, explain_text(s, "id"), NO_ARG));
}

static struct str result_of(const struct explain_ctx *x, const struct json *repair)
{
    static const struct {
        const char *level;
        enum msg_id label;
    } labels[] = {
        { "unplaced", MSG_level_unplaced }, { "changes", MSG_level_changes }, { "understaffed", MSG_level_understaffed },
        { "worst", MSG_level_worst },       { "regret", MSG_level_regret },   { "travel", MSG_level_travel },
    };
    const struct json *levels = explain_get(repair, "levels");
    struct str out = NO_ARG;
    for (const struct json *l = levels != NULL ? levels->child : NULL; l != NULL; l = l->next) {
        struct str label = explain_text(l, "level");
        for (size_t i = 0; i < LEN(labels); i++)
            if (str_is(label, labels[i].level))
                label = str_of(msg_text(labels[i].label, x->lang));
        struct str figure = SAY2(x, MSG_explain_result_level, label, explain_number(x, explain_int(l, "value", 0)));
        out = out.n == 0 ? figure : arena_printf(x->a, "%.*s%s%.*s", STR_ARG(out), msg_text(MSG_explain_list_comma, x->lang), STR_ARG(figure));
    }
    return out.n > 0 ? SAY1(x, MSG_explain_result_figures, out) : str_of(msg_text(MSG_explain_result, x->lang));
}

struct explained_repair explain_repair(const struct explain_ctx *x, const struct json *repair)
{
    return (struct explained_repair){ .text = text_of(x, repair),
                                      .result = result_of(x, repair),
                                      .cost = explain_int(repair, "cost", 0),
                                      .conflict = (size_t)MAX(explain_int(repair, "conflict", 0), 0) };
}
