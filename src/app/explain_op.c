/* One operation of a way out as a sentence, read from its JSON Patch and the problem. */
#include "app/explain_words.h"

bool explain_path_is(struct explain_fix *f, const char *form)
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

static struct str department(const struct explain_fix *f, int64_t index)
{
    const struct json *d = explain_at(explain_get(f->x->problem, "departments"), index);
    return explain_noun(f->x, EXPLAIN_DEPARTMENT, explain_text(d, "id"), NO_ARG);
}

static struct str rotation_id(const struct explain_fix *f, struct str id)
{
    const struct json *p = explain_at(explain_get(f->x->problem, "programmes"), f->n[0]);
    return explain_noun(f->x, EXPLAIN_ROTATION, id, explain_text(p, "id"));
}

/* ---- the operations ----------------------------------------------------------------------------- */

static struct str reopen(struct explain_fix *f)
{
    const struct json *d = explain_at(explain_get(f->x->problem, "departments"), f->n[0]);
    const struct json *e = explain_at(explain_get(d, "exceptions"), f->n[1]);
    struct str weeks = explain_weeks_dated(f->x, explain_week_of(f->x, e, "from"), explain_int(e, "weeks", 1));
    return SAY2(f->x, explain_int(e, "capacity", 1) == 0 ? MSG_explain_fix_reopen : MSG_explain_fix_exception, department(f, f->n[0]), weeks);
}

static struct str longer(struct explain_fix *f)
{
    int64_t now = f->value != NULL ? f->value->number : f->x->weeks;
    return SAY2(f->x, MSG_explain_fix_weeks, WEEKS(f->x, now - f->x->weeks), explain_number(f->x, now));
}

static struct str no_order(struct explain_fix *f)
{
    const struct json *p = explain_at(explain_get(f->x->problem, "programmes"), f->n[0]);
    const struct json *o = explain_at(explain_get(p, "orders"), f->n[1]);
    return SAY2(f->x, MSG_explain_fix_order, rotation_id(f, explain_text(o, "before")), rotation_id(f, explain_text(o, "after")));
}

static struct str window(struct explain_fix *f)
{
    const struct json *p = explain_at(explain_get(f->x->problem, "programmes"), f->n[0]);
    struct str name = rotation_id(f, explain_text(explain_at(explain_get(p, "rotations"), f->n[1]), "id"));
    date monday;
    bool earliest = explain_path_is(f, "/programmes/#/rotations/#/earliest");
    if (f->value == NULL || !date_parse(f->value->text, &monday))
        return SAY1(f->x, MSG_explain_fix_any_time, name);
    int64_t week = (monday - f->x->first) / 7;
    return SAY2(f->x, earliest ? MSG_explain_fix_earliest : MSG_explain_fix_latest_end, name, explain_weeks(f->x, earliest ? week : week - 1, 1));
}

static struct str quota(struct explain_fix *f)
{
    bool shared = explain_path_is(f, "/shared_quotas/#/capacity");
    const struct json *d = explain_at(explain_get(f->x->problem, "departments"), f->n[0]);
    const struct json *q = shared ? explain_at(explain_get(f->x->problem, "shared_quotas"), f->n[0]) : explain_at(explain_get(d, "quotas"), f->n[1]);
    struct str where = shared ? explain_nouns(f->x, EXPLAIN_DEPARTMENT, explain_get(q, "departments"), 6) : department(f, f->n[0]);
    return SAY3(f->x, MSG_explain_fix_quota, where, explain_number(f->x, explain_int(q, "capacity", 0)),
                explain_number(f->x, f->value != NULL ? f->value->number : 0));
}

static struct str leave(struct explain_fix *f)
{
    const struct json *s = explain_at(explain_get(f->x->problem, "students"), f->n[0]);
    date was, now;
    char z[DATE_TEXT_BYTES];
    if (f->value == NULL || !date_parse(f->value->text, &now) ||
        !date_parse(explain_text(explain_at(explain_get(s, "away"), f->n[1]), "from"), &was))
        return NO_ARG;
    bool later = now > was;
    return SAY3(f->x, later ? MSG_explain_fix_leave_later : MSG_explain_fix_leave_earlier,
                explain_noun(f->x, EXPLAIN_STUDENT, explain_text(s, "id"), NO_ARG), WEEKS(f->x, (later ? now - was : was - now) / 7),
                str_of(date_text(now, z)));
}

static struct str gap(struct explain_fix *f)
{
    const struct json *p = explain_at(explain_get(f->x->problem, "programmes"), f->n[0]);
    const struct json *o = explain_at(explain_get(p, "orders"), f->n[1]);
    bool least = explain_path_is(f, "/programmes/#/orders/#/min_gap");
    struct str a = rotation_id(f, explain_text(o, "before")), b = rotation_id(f, explain_text(o, "after"));
    if (f->value == NULL)
        return SAY2(f->x, MSG_explain_fix_gap_any, a, b);
    return explain_say(f->x, least ? MSG_explain_fix_gap_least : MSG_explain_fix_gap_most, a, b,
                       WEEKS(f->x, explain_int(o, least ? "min_gap" : "max_gap", 0)), WEEKS(f->x, f->value->number), NO_ARG);
}

static struct str one_more_department(struct explain_fix *f)
{
    const struct json *p = explain_at(explain_get(f->x->problem, "programmes"), f->n[0]);
    struct str name = rotation_id(f, explain_text(explain_at(explain_get(p, "rotations"), f->n[1]), "id"));
    if (f->value == NULL)
        return NO_ARG;
    return SAY2(f->x, MSG_explain_fix_department, name, explain_noun(f->x, EXPLAIN_DEPARTMENT, f->value->text, NO_ARG));
}

static struct str open_week(struct explain_fix *f)
{
    const struct json *w = explain_at(explain_get(explain_get(f->x->problem, "weeks"), "closed"), f->n[0]);
    date monday;
    if (w == NULL || !date_parse(w->text, &monday))
        return NO_ARG;
    return SAY1(f->x, MSG_explain_fix_open_week, explain_weeks_dated(f->x, (monday - f->x->first) / 7, 1));
}

static const struct {
    const char *op, *path;
    struct str (*say)(struct explain_fix *f);
} forms[] = {
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
    { "replace", "/programmes/#/orders/#/min_gap", gap },
    { "replace", "/programmes/#/orders/#/max_gap", gap },
    { "remove", "/programmes/#/orders/#/max_gap", gap },
    { "add", "/programmes/#/rotations/#/departments/#", one_more_department },
};

struct str explain_op(struct explain_fix *f)
{
    for (size_t i = 0; i < LEN(forms); i++)
        if (str_is(explain_text(f->op, "op"), forms[i].op) && explain_path_is(f, forms[i].path))
            return forms[i].say(f);
    return SAY1(f->x, MSG_explain_fix_other, f->path);
}
