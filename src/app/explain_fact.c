/* One fact of a conflict as a sentence: what it says, whose rule it is, its clause. */
#include "app/explain_words.h"

struct source {
    const struct explain_ctx *x;
    const struct json *fact, *at; /* at: what its pointer leads to in the problem */
    const struct json *programme, *department;
    struct str code;            /* of the programme */
};

static struct str rotation_name(const struct source *s, struct str code)
{
    return explain_noun(s->x, EXPLAIN_ROTATION, code, s->code);
}

static struct str department_name(const struct source *s)
{
    return explain_noun(s->x, EXPLAIN_DEPARTMENT, explain_text(s->fact, "department"), NO_ARG);
}

static struct str student_name(const struct source *s)
{
    return explain_noun(s->x, EXPLAIN_STUDENT, explain_text(s->fact, "student"), NO_ARG);
}

static struct str weeks_of(const struct source *s, const struct json *run)
{
    return explain_weeks_dated(s->x, explain_week_of(s->x, run, "from"), explain_int(run, "weeks", 1));
}

/* "in week 8", or every week where it is all of them. */
static struct str when(const struct source *s)
{
    int64_t weeks = explain_int(s->fact, "weeks", 1);
    if (weeks >= s->x->weeks)
        return str_of(msg_text(MSG_explain_always, s->x->lang));
    return SAY1(s->x, MSG_explain_in_weeks, explain_weeks(s->x, explain_week_of(s->x, s->fact, "from"), weeks));
}

static struct str requirement(const struct source *s)
{
    const struct json *rotation = explain_find(explain_get(s->programme, "rotations"), explain_text(s->fact, "rotation"));
    return SAY3(s->x, MSG_explain_fact_requirement, explain_who(s->x, explain_get(s->fact, "students")),
                rotation_name(s, explain_text(s->fact, "rotation")), WEEKS(s->x, explain_int(rotation, "weeks", 0)));
}

static struct str choice(const struct source *s)
{
    return SAY3(s->x, MSG_explain_fact_choice, explain_who(s->x, explain_get(s->fact, "students")),
                explain_noun(s->x, EXPLAIN_CHOICE, explain_text(s->fact, "choice"), s->code),
                explain_number(s->x, explain_int(s->at, "pick", 1)));
}

static struct str seats(const struct source *s)
{
    struct str because = explain_text(s->fact, "because");
    int64_t n = explain_int(s->department, "capacity", 0);
    const struct json *limits = s->department != NULL ? explain_get(s->department, "limits") : NULL;
    for (const struct json *l = limits != NULL ? limits->child : NULL; l != NULL; l = l->next)
        n = MIN(n, explain_int(l, "capacity", n));
    bool preceptors = str_is(because, "preceptors"), clause = str_is(because, "clause");
    enum msg_id id = preceptors ? MSG_explain_fact_seats_preceptors
                     : clause   ? MSG_explain_fact_seats_clause
                                : MSG_explain_fact_seats;
    return SAY3(s->x, id, department_name(s), when(s), preceptors || clause ? STUDENTS(s->x, n) : SEATS(s->x, n));
}

static struct str exception(const struct source *s)
{
    int64_t n = s->department != NULL ? explain_seats(s->x, s->department, explain_week_of(s->x, s->at, "from"), NULL) : 0;
    n = explain_int(s->at, "capacity", n);
    if (n == 0)
        return SAY2(s->x, MSG_explain_fact_closed, department_name(s), weeks_of(s, s->at));
    return SAY3(s->x, MSG_explain_fact_exception, department_name(s), weeks_of(s, s->at), SEATS(s->x, n));
}

static struct str quota(const struct source *s)
{
    struct str group = explain_text(s->at, "group"), other = explain_text(s->at, "not"), most;
    struct str where = s->department != NULL ? department_name(s)
                                             : explain_nouns(s->x, EXPLAIN_DEPARTMENT, explain_get(s->at, "departments"), 6);
    most = explain_number(s->x, explain_int(s->at, "capacity", 0));
    if (group.n == 0 && other.n == 0)
        return SAY2(s->x, MSG_explain_fact_quota_all, where, STUDENTS(s->x, explain_int(s->at, "capacity", 0)));
    return SAY3(s->x, group.n > 0 ? MSG_explain_fact_quota_group : MSG_explain_fact_quota_not, where, most,
                explain_noun(s->x, EXPLAIN_GROUP, group.n > 0 ? group : other, NO_ARG));
}

static struct str order(const struct source *s)
{
    struct str text = SAY2(s->x, MSG_explain_fact_order, rotation_name(s, explain_text(s->at, "before")),
                           rotation_name(s, explain_text(s->at, "after")));
    int64_t least = explain_int(s->at, "min_gap", 0), most = explain_int(s->at, "max_gap", -1);
    struct str gap = NO_ARG;
    if (least > 0)
        gap = SAY1(s->x, MSG_explain_fact_order_min, WEEKS(s->x, least));
    if (most >= 0)
        gap = explain_join(s->x, gap, SAY1(s->x, MSG_explain_fact_order_max, WEEKS(s->x, most)));
    return explain_bracket(s->x, text, gap);
}

static struct str window(const struct source *s)
{
    bool earliest = str_is(explain_text(s->fact, "kind"), "earliest");
    const struct json *rotation = explain_find(explain_get(s->programme, "rotations"), explain_text(s->fact, "rotation"));
    int64_t week = explain_week_of(s->x, rotation, earliest ? "earliest" : "latest_end");
    return SAY2(s->x, earliest ? MSG_explain_fact_earliest : MSG_explain_fact_latest_end,
                rotation_name(s, explain_text(s->fact, "rotation")), explain_weeks(s->x, earliest ? week : week - 1, 1));
}

static struct str programme_rule(const struct source *s)
{
    struct str kind = explain_text(s->fact, "kind");
    if (str_is(kind, "free_weeks"))
        return str_of(msg_text(MSG_explain_fact_free_weeks, s->x->lang));
    if (str_is(kind, "site_limit"))
        return SAY1(s->x, MSG_explain_fact_site_limit, explain_number(s->x, explain_int(s->programme, "site_limit", 0)));
    return SAY1(s->x, MSG_explain_fact_max_consecutive, WEEKS(s->x, explain_int(s->programme, "max_consecutive", 0)));
}

static struct str closed_week(const struct source *s)
{
    return SAY1(s->x, MSG_explain_fact_closed_week, explain_weeks_dated(s->x, explain_week_of(s->x, s->fact, "monday"), 1));
}

static struct str away(const struct source *s)
{
    return SAY2(s->x, MSG_explain_fact_away, student_name(s), weeks_of(s, s->at));
}

static struct str enter(const struct source *s)
{
    struct str from = explain_weeks(s->x, explain_week_of(s->x, s->at, "from"), 1), where = explain_text(s->at, "department");
    if (str_is(where, "*"))
        return SAY2(s->x, MSG_explain_fact_enter_all, student_name(s), from);
    return SAY3(s->x, MSG_explain_fact_enter, student_name(s), explain_noun(s->x, EXPLAIN_DEPARTMENT, where, NO_ARG), from);
}

static struct str programme_of(const struct source *s, struct str student)
{
    return explain_text(explain_find(explain_get(s->x->problem, "students"), student), "programme");
}

static struct str fixed(const struct source *s)
{
    struct str programme = programme_of(s, explain_text(s->fact, "student"));
    return explain_say(s->x, MSG_explain_fact_fixed, student_name(s),
                       explain_noun(s->x, EXPLAIN_DEPARTMENT, explain_text(s->at, "department"), NO_ARG),
                       explain_noun(s->x, EXPLAIN_ROTATION, explain_text(s->at, "rotation"), programme),
                       explain_weeks(s->x, explain_week_of(s->x, s->at, "from"), 1), NO_ARG);
}

static struct str pair(const struct source *s)
{
    bool apart = str_is(explain_text(s->at, "kind"), "apart");
    return SAY1(s->x, apart ? MSG_explain_fact_apart : MSG_explain_fact_together,
                explain_nouns(s->x, EXPLAIN_STUDENT, explain_get(s->at, "students"), 6));
}

static struct str freeze(const struct source *s)
{
    return SAY1(s->x, MSG_explain_fact_freeze,
                explain_weeks(s->x, explain_week_of(s->x, explain_get(s->x->problem, "base_plan"), "freeze"), 1));
}

static const struct {
    const char *kind;
    enum explain_owner owner;
    struct str (*say)(const struct source *s);
} kinds[] = {
    { "requirement", EXPLAIN_UNIVERSITY, requirement }, { "choice", EXPLAIN_UNIVERSITY, choice },
    { "seats", EXPLAIN_HOSPITAL, seats },               { "exception", EXPLAIN_HOSPITAL, exception },
    { "quota", EXPLAIN_HOSPITAL, quota },               { "shared_quota", EXPLAIN_HOSPITAL, quota },
    { "order", EXPLAIN_UNIVERSITY, order },             { "earliest", EXPLAIN_UNIVERSITY, window },
    { "latest_end", EXPLAIN_UNIVERSITY, window },       { "max_consecutive", EXPLAIN_UNIVERSITY, programme_rule },
    { "free_weeks", EXPLAIN_UNIVERSITY, programme_rule }, { "site_limit", EXPLAIN_UNIVERSITY, programme_rule },
    { "closed_week", EXPLAIN_CALENDAR, closed_week },   { "away", EXPLAIN_ONE_STUDENT, away },
    { "enter", EXPLAIN_ONE_STUDENT, enter },            { "fixed", EXPLAIN_ONE_STUDENT, fixed },
    { "pair", EXPLAIN_UNIVERSITY, pair },               { "freeze", EXPLAIN_UNIVERSITY, freeze },
};

struct explained_fact explain_fact(const struct explain_ctx *x, const struct json *fact)
{
    static const enum msg_id owners[] = { [EXPLAIN_HOSPITAL] = MSG_explain_owner_hospital,
                                          [EXPLAIN_UNIVERSITY] = MSG_explain_owner_university,
                                          [EXPLAIN_ONE_STUDENT] = MSG_explain_owner_student,
                                          [EXPLAIN_CALENDAR] = MSG_explain_owner_calendar };
    struct explained_fact out = { .kind = explain_text(fact, "kind"), .at = explain_text(fact, "at"), .clause = explain_text(fact, "clause") };
    struct source s = { .x = x, .fact = fact, .at = explain_pointer(x->problem, out.at), .code = explain_text(fact, "programme") };
    s.programme = explain_find(explain_get(x->problem, "programmes"), s.code);
    s.department = explain_find(explain_get(x->problem, "departments"), explain_text(fact, "department"));
    out.why = explain_text(s.at, "why");
    out.text = out.kind;
    for (size_t i = 0; i < LEN(kinds); i++)
        if (str_is(out.kind, kinds[i].kind)) {
            out.owner = kinds[i].owner;
            out.text = kinds[i].say(&s);
        }
    out.owner_label = str_of(msg_text(owners[out.owner], x->lang));
    return out;
}
