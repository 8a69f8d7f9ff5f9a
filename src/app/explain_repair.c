/* One way out as a sentence: its operations put together as people would say it, and what comes of it. */
#include "app/explain_words.h"

enum { PARTS_SHOWN = 8, NAMES_SHOWN = 3 };

/* A repair as it is read, operation by operation. */
struct reading {
    const struct explain_ctx *x;
    struct str out;
    size_t parts;     /* joined so far, and left out beyond PARTS_SHOWN */
    bool only_seats;
    int64_t gone;     /* students */
    struct str *name; /* theirs */
    const struct json *own; /* a programme made for one student */
};

static void put_part(struct reading *r, struct str part)
{
    r->parts += part.n > 0;
    if (part.n > 0 && r->parts <= PARTS_SHOWN)
        r->out = explain_join(r->x, r->out, part);
}

/* ---- seats -------------------------------------------------------------------------------------- */

/* One exception that is added; the first of a department comes as a list. */
struct more {
    int64_t department, from, weeks, seats; /* seats: more than before */
    bool preceptors, clause;                /* a limit of this kind is raised with them */
};

static bool is_seats(struct explain_fix *f)
{
    return str_is(explain_text(f->op, "op"), "add") &&
           (explain_path_is(f, "/departments/#/exceptions") || explain_path_is(f, "/departments/#/exceptions/#"));
}

static struct more read_more(struct explain_fix *f)
{
    const struct json *v = f->value != NULL && f->value->type == JSON_LIST ? f->value->child : f->value;
    const struct json *d = explain_at(explain_get(f->x->problem, "departments"), f->n[0]), *limits = explain_get(v, "limits");
    struct more m = { .department = f->n[0], .from = explain_week_of(f->x, v, "from"), .weeks = explain_int(v, "weeks", 1) };
    while (m.from >= 0 && m.weeks > 1 && explain_closed(f->x, m.from)) {
        m.from++;
        m.weeks--;
    }
    int64_t had = explain_seats(f->x, d, m.from, NULL), now = explain_int(v, "capacity", 0);
    for (const struct json *l = limits != NULL ? limits->child : NULL; l != NULL; l = l->next) {
        now = MIN(now, explain_int(l, "capacity", now));
        bool raised = explain_int(l, "capacity", 0) > had;
        m.preceptors = m.preceptors || (raised && str_is(explain_text(l, "because"), "preceptors"));
        m.clause = m.clause || (raised && str_is(explain_text(l, "because"), "clause"));
    }
    m.seats = now - had;
    return m;
}

/* Runs of one department with the same number of seats more are one part: "weeks 1 to 3, 5 and 8 to 10". */
static void put_seats(struct reading *r, const struct more *more, size_t n)
{
    const struct explain_ctx *x = r->x;
    bool *said = ARENA_ARRAY(x->a, n, bool);
    struct explain_run *run = ARENA_ARRAY(x->a, n, struct explain_run);
    for (size_t i = 0; i < n; i++) {
        if (said[i])
            continue;
        size_t runs = 0;
        bool preceptors = false, clause = false;
        for (size_t k = i; k < n; k++)
            if (more[k].department == more[i].department && more[k].seats == more[i].seats) {
                said[k] = true;
                run[runs++] = (struct explain_run){ more[k].from, more[k].weeks };
                preceptors = preceptors || more[k].preceptors;
                clause = clause || more[k].clause;
            }
        const struct json *d = explain_at(explain_get(x->problem, "departments"), more[i].department);
        struct str name = explain_noun(x, EXPLAIN_DEPARTMENT, explain_text(d, "id"), NO_ARG);
        struct str seats = explain_count_of(x, MSG_explain_more_seats_one, MSG_explain_more_seats_many, more[i].seats);
        bool always = runs == 1 && run[0].weeks >= x->weeks;
        struct str text = always ? SAY2(x, MSG_explain_fix_seats_always, name, seats)
                                 : SAY3(x, MSG_explain_fix_seats, name, explain_week_list(x, runs, run), seats);
        if (preceptors || clause)
            text = explain_bracket(x, text, str_of(msg_text(preceptors ? MSG_explain_fix_with_preceptors : MSG_explain_fix_with_clause, x->lang)));
        put_part(r, text);
    }
}

/* ---- a programme for one alone ------------------------------------------------------------------ */

static bool same_text(const struct json *a, const struct json *b, const char *key)
{
    return str_eq(explain_text(a, key), explain_text(b, key));
}

static struct str own_window(const struct explain_ctx *x, struct str programme, const struct json *was, const struct json *is)
{
    struct str name = explain_noun(x, EXPLAIN_ROTATION, explain_text(was, "id"), programme);
    bool earliest = !same_text(was, is, "earliest");
    if (!earliest && same_text(was, is, "latest_end"))
        return NO_ARG;
    int64_t week = explain_week_of(x, is, earliest ? "earliest" : "latest_end");
    if (week < 0)
        return SAY1(x, MSG_explain_fix_any_time, name);
    return SAY2(x, earliest ? MSG_explain_fix_earliest : MSG_explain_fix_latest_end, name, explain_weeks(x, earliest ? week : week - 1, 1));
}

/* What his own programme no longer asks of him. */
static struct str own_text(const struct reading *r, struct str student)
{
    const struct explain_ctx *x = r->x;
    struct str programme = explain_text(explain_find(explain_get(x->problem, "students"), student), "programme"), out = NO_ARG;
    const struct json *was = explain_find(explain_get(x->problem, "programmes"), programme);
    const struct json *a = explain_get(was, "orders"), *b = explain_get(r->own, "orders");
    const struct json *now = b != NULL ? b->child : NULL;
    for (const struct json *o = a != NULL ? a->child : NULL; o != NULL; o = o->next) {
        if (now != NULL && same_text(o, now, "before") && same_text(o, now, "after")) {
            now = now->next;
            continue;
        }
        out = explain_join(x, out, SAY2(x, MSG_explain_fix_order, explain_noun(x, EXPLAIN_ROTATION, explain_text(o, "before"), programme),
                                        explain_noun(x, EXPLAIN_ROTATION, explain_text(o, "after"), programme)));
    }
    a = explain_get(was, "rotations");
    for (const struct json *o = a != NULL ? a->child : NULL; o != NULL; o = o->next) {
        const struct json *is = explain_at(explain_get(r->own, "rotations"), o->index);
        out = is != NULL ? explain_join(x, out, own_window(x, programme, o, is)) : out;
    }
    return SAY2(x, MSG_explain_fix_own, explain_noun(x, EXPLAIN_STUDENT, student, NO_ARG), out);
}

/* ---- the whole ---------------------------------------------------------------------------------- */

static void put_fewer(struct reading *r)
{
    const struct explain_ctx *x = r->x;
    const struct json *students = explain_get(x->problem, "students");
    int64_t all = students != NULL ? students->n : r->gone;
    struct str text = SAY3(x, MSG_explain_fix_students, STUDENTS(x, r->gone), explain_number(x, all), explain_number(x, all - r->gone));
    put_part(r, r->gone <= NAMES_SHOWN ? explain_bracket(x, text, explain_list(x, (size_t)r->gone, r->name, (size_t)r->gone, 0)) : text);
}

/* Who leaves out of pairs and of the base plan goes without saying: he is named. */
static bool goes_without_saying(struct explain_fix *f)
{
    return str_is(explain_text(f->op, "op"), "remove") &&
           (explain_path_is(f, "/pairs/#") || explain_path_is(f, "/pairs/#/students/#") || explain_path_is(f, "/pairs/#/rotations/#") || explain_path_is(f, "/base_plan/placements/#"));
}

static void read_op(struct reading *r, struct explain_fix *f)
{
    const struct explain_ctx *x = r->x;
    const struct json *students = explain_get(x->problem, "students");
    if (str_is(explain_text(f->op, "op"), "remove") && explain_path_is(f, "/students/#"))
        r->name[r->gone++] = explain_noun(x, EXPLAIN_STUDENT, explain_text(explain_at(students, f->n[0]), "id"), NO_ARG);
    else if (explain_path_is(f, "/programmes/#") && str_is(explain_text(f->op, "op"), "add"))
        r->own = f->value;
    else if (explain_path_is(f, "/students/#/programme"))
        put_part(r, own_text(r, explain_text(explain_at(students, f->n[0]), "id")));
    else if (!goes_without_saying(f))
        put_part(r, explain_op(f));
    else
        return;
    r->only_seats = false;
}

static struct str text_of(const struct explain_ctx *x, const struct json *repair)
{
    const struct json *change = explain_get(repair, "change");
    size_t cap = change != NULL ? change->n : 0, seats = 0;
    struct reading r = { .x = x, .name = ARENA_ARRAY(x->a, cap + 1, struct str), .only_seats = true };
    struct more *more = ARENA_ARRAY(x->a, cap + 1, struct more);
    for (const struct json *op = change != NULL ? change->child : NULL; op != NULL; op = op->next) {
        struct explain_fix f = { .x = x, .op = op, .value = explain_get(op, "value"), .path = explain_text(op, "path") };
        if (is_seats(&f))
            more[seats++] = read_more(&f);
        else
            read_op(&r, &f);
    }
    put_seats(&r, more, seats);
    if (r.gone > 0)
        put_fewer(&r);
    if (r.parts > PARTS_SHOWN)
        r.out = explain_join(x, r.out, SAY1(x, MSG_explain_and_changes, explain_number(x, (int64_t)(r.parts - PARTS_SHOWN))));
    int64_t price = explain_int(explain_get(x->problem, "repair_costs"), "seat_week", 1), cost = explain_int(repair, "cost", 0);
    return r.only_seats && seats > 1 && price > 0 ? explain_bracket(x, r.out, SAY1(x, MSG_explain_fix_total, explain_number(x, cost / price))) : r.out;
}

struct str explain_operation(const struct explain_ctx *x, const struct json *op)
{
    struct explain_fix f = { .x = x, .op = op, .value = explain_get(op, "value"), .path = explain_text(op, "path") };
    struct reading r = { .x = x };
    const struct json *students = explain_get(x->problem, "students");
    if (goes_without_saying(&f) || explain_path_is(&f, "/programmes/#"))
        return NO_ARG;
    if (is_seats(&f)) {
        struct more one = read_more(&f);
        put_seats(&r, &one, 1);
        return r.out;
    }
    bool gone = str_is(explain_text(op, "op"), "remove") && explain_path_is(&f, "/students/#");
    if (!gone && !explain_path_is(&f, "/students/#/programme"))
        return explain_op(&f);
    struct str name = explain_noun(x, EXPLAIN_STUDENT, explain_text(explain_at(students, f.n[0]), "id"), NO_ARG);
    return SAY1(x, gone ? MSG_explain_fix_student : MSG_explain_fix_own_programme, name);
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
        int64_t value = explain_int(l, "value", 0), bound = explain_int(l, "bound", 0);
        struct str shown = explain_number(x, value);
        struct str figure = bound > 0 ? SAY3(x, MSG_explain_result_bound, label, shown, explain_number(x, bound))
                                      : SAY2(x, MSG_explain_result_level, label, shown);
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
