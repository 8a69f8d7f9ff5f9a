/* What collides, in one sentence with its numbers: how much is needed, how much there is. The numbers come from the facts
 * and from the prices of the proof; where they don't make a plain sum, the sentence says less. */
#include "app/explain_words.h"

struct sum {
    const struct explain_ctx *x;
    const struct json *facts, *proof, *seat; /* seat: prices of the proof, by department */
    int64_t first, last;             /* weeks with a price */
    int64_t departments;             /* with a price */
    int64_t priced_weeks;            /* open weeks of the only department */
    int64_t have;                    /* prices times seats: all that the limits give */
    bool plain;                      /* all prices are 1 and the weeks of a department are one run */
    bool ones;                       /* all prices are 1 */
    size_t students;                 /* different ones among the facts */
    const struct json *who;          /* the longest list of them */
};

static const struct json *department_of(const struct explain_ctx *x, struct str id)
{
    return explain_find(explain_get(x->problem, "departments"), id);
}

static void read_run(struct sum *s, const struct json *run, const struct json *department)
{
    date monday;
    const struct json *weeks = explain_at(run, 1), *price = explain_at(run, 2);
    if (weeks == NULL || price == NULL || !date_parse(run->child->text, &monday) || monday < s->x->first)
        return;
    int64_t from = (monday - s->x->first) / 7;
    s->ones = s->ones && price->number == 1;
    s->first = MIN(s->first, from);
    s->last = MAX(s->last, from + weeks->number - 1);
    for (int64_t w = from; w < from + weeks->number && w < s->x->weeks; w++) {
        int64_t seats = explain_seats(s->x, department, w, s->facts);
        if (explain_closed(s->x, w) || seats == NO_SEATS_LIMIT)
            continue;
        s->have += price->number * seats;
        s->priced_weeks++;
    }
}

static void read_prices(struct sum *s)
{
    s->ones = s->plain = true;
    s->first = s->x->weeks;
    s->last = -1;
    for (const struct json *d = s->seat != NULL ? s->seat->child : NULL; d != NULL; d = d->next) {
        const struct json *department = department_of(s->x, d->key);
        s->departments++;
        s->plain = s->plain && d->n == 1;
        for (const struct json *run = department != NULL ? d->child : NULL; run != NULL; run = run->next)
            read_run(s, run, department);
    }
    s->plain = s->plain && s->ones;
}

static void read_students(struct sum *s)
{
    for (const struct json *f = s->facts->child; f != NULL; f = f->next) {
        const struct json *list = explain_get(f, "students");
        if (list != NULL && list->n > s->students) {
            s->students = list->n;
            s->who = list;
        }
    }
}

/* Whether every department of a rotation has a limit in all open weeks (or, priced: carries a price). */
static bool stays_inside(const struct sum *s, const struct json *rotation, bool priced)
{
    const struct json *list = explain_get(rotation, "departments");
    for (const struct json *d = list != NULL ? list->child : NULL; d != NULL; d = d->next) {
        const struct json *department = department_of(s->x, d->text);
        bool in = true, has_price = false;
        for (int64_t w = 0; w < s->x->weeks && !priced; w++)
            in = in && (explain_closed(s->x, w) || explain_seats(s->x, department, w, s->facts) != NO_SEATS_LIMIT);
        for (const struct json *p = s->seat != NULL ? s->seat->child : NULL; p != NULL; p = p->next)
            has_price = has_price || str_eq(p->key, d->text);
        if (!in || (priced && !has_price))
            return false;
    }
    return list != NULL;
}

struct need {
    int64_t weeks; /* student-weeks */
    int64_t stays; /* students */
    int64_t length;
    struct str what, where;
};

/* What the requirements ask of departments that are limited all the time, or priced. */
static struct need needed(const struct sum *s, bool priced)
{
    struct need n = { 0 };
    struct str item[8], place[8];
    size_t items = 0, places = 0;
    for (const struct json *f = s->facts->child; f != NULL; f = f->next) {
        struct str programme = explain_text(f, "programme"), code = explain_text(f, "rotation");
        const struct json *p = explain_find(explain_get(s->x->problem, "programmes"), programme);
        const struct json *rotation = explain_find(explain_get(p, "rotations"), code), *students = explain_get(f, "students");
        if (!str_is(explain_text(f, "kind"), "requirement") || students == NULL || !stays_inside(s, rotation, priced))
            continue;
        n.length = explain_int(rotation, "weeks", 0);
        n.weeks += students->n * n.length;
        n.stays += students->n;
        if (items < LEN(item))
            item[items++] = SAY2(s->x, MSG_explain_does, explain_who(s->x, students), explain_noun(s->x, EXPLAIN_ROTATION, code, programme));
    }
    for (const struct json *d = s->seat != NULL ? s->seat->child : NULL; d != NULL && places < LEN(place); d = d->next)
        place[places++] = explain_noun(s->x, EXPLAIN_DEPARTMENT, d->key, NO_ARG);
    n.what = explain_list(s->x, items, item, LEN(item), MSG_explain_and_more);
    n.where = explain_list(s->x, places, place, LEN(place), MSG_explain_and_departments);
    return n;
}

static int64_t seat_weeks(const struct sum *s)
{
    int64_t sum = 0;
    for (const struct json *d = s->seat != NULL ? s->seat->child : NULL; d != NULL; d = d->next)
        for (int64_t w = 0; w < s->x->weeks; w++) {
            int64_t seats = explain_seats(s->x, department_of(s->x, d->key), w, s->facts);
            sum += explain_closed(s->x, w) || seats == NO_SEATS_LIMIT ? 0 : seats;
        }
    return sum;
}

static struct str rest(const struct sum *s)
{
    return SAY1(s->x, MSG_explain_sum_rest, explain_who(s->x, s->who));
}

static struct str by_weeks(const struct sum *s)
{
    struct need n = needed(s, false);
    int64_t have = seat_weeks(s);
    if (n.weeks <= have || n.what.n == 0)
        return NO_ARG;
    return explain_say(s->x, MSG_explain_sum_weeks, n.what, explain_number(s->x, n.weeks), n.where, explain_number(s->x, have), NO_ARG);
}

static struct str by_window(const struct sum *s)
{
    struct need n = needed(s, true);
    if (!s->plain || n.weeks <= s->have || n.what.n == 0)
        return NO_ARG;
    return explain_say(s->x, MSG_explain_sum_weeks_in, n.what, explain_weeks(s->x, s->first, s->last - s->first + 1),
                       explain_number(s->x, n.weeks), n.where, explain_number(s->x, s->have));
}

static struct str by_blocks(const struct sum *s)
{
    struct need n = needed(s, true);
    if (!s->ones || n.stays <= s->have || n.what.n == 0)
        return NO_ARG;
    return explain_say(s->x, MSG_explain_sum_blocks, n.what, WEEKS(s->x, n.length), explain_number(s->x, s->have), n.where, NO_ARG);
}

static struct str by_busy(const struct sum *s)
{
    int64_t weeks = 0, students = (int64_t)s->students;
    for (int64_t w = s->first; w <= s->last; w++)
        weeks += !explain_closed(s->x, w);
    struct str when = s->last >= 0 ? explain_weeks(s->x, s->first, s->last - s->first + 1) : NO_ARG;
    if (s->ones && s->last >= 0 && students > s->have)
        return SAY3(s->x, MSG_explain_sum_busy_heads, when, explain_who(s->x, s->who), explain_number(s->x, s->have));
    if (s->plain && s->last >= 0 && students * weeks > s->have)
        return explain_say(s->x, MSG_explain_sum_busy_weeks, when, explain_who(s->x, s->who), explain_number(s->x, students * weeks),
                           explain_number(s->x, s->have), NO_ARG);
    return NO_ARG;
}

/* ---- causes that seats don't count -------------------------------------------------------------- */

/* What a list of runs gives: weeks times price, and whether every price is 1. */
static int64_t priced(const struct explain_ctx *x, const struct json *runs, int64_t each, bool *ones)
{
    int64_t sum = 0;
    for (const struct json *run = runs != NULL ? runs->child : NULL; run != NULL; run = run->next) {
        date monday;
        const struct json *weeks = explain_at(run, 1), *price = explain_at(run, 2);
        if (weeks == NULL || price == NULL || !date_parse(run->child->text, &monday) || monday < x->first)
            continue;
        *ones = *ones && price->number == 1;
        for (int64_t w = (monday - x->first) / 7; w < (monday - x->first) / 7 + weeks->number; w++)
            sum += explain_closed(x, w) ? 0 : price->number * each;
    }
    return sum;
}

/* What all requirements ask for: stays and student-weeks. */
static struct need all_needed(const struct sum *s)
{
    struct need n = { 0 };
    struct str item[8];
    size_t items = 0;
    for (const struct json *f = s->facts->child; f != NULL; f = f->next) {
        struct str programme = explain_text(f, "programme"), code = explain_text(f, "rotation");
        const struct json *rotation = explain_find(explain_get(explain_find(explain_get(s->x->problem, "programmes"), programme), "rotations"), code);
        const struct json *students = explain_get(f, "students");
        if (!str_is(explain_text(f, "kind"), "requirement") || students == NULL)
            continue;
        n.length = explain_int(rotation, "weeks", 0);
        n.weeks += students->n * n.length;
        n.stays += students->n;
        if (items < LEN(item))
            item[items++] = SAY2(s->x, MSG_explain_does, explain_who(s->x, students), explain_noun(s->x, EXPLAIN_ROTATION, code, programme));
    }
    n.what = explain_list(s->x, items, item, LEN(item), MSG_explain_and_more);
    return n;
}

static struct str where_of(const struct sum *s, const struct json *quota, struct str department)
{
    const struct json *list = explain_get(quota, "departments");
    return list != NULL ? explain_nouns(s->x, EXPLAIN_DEPARTMENT, list, 6) : explain_noun(s->x, EXPLAIN_DEPARTMENT, department, NO_ARG);
}

/* Quotas of the proof, of departments or shared. */
static struct str by_quota(const struct sum *s)
{
    struct need n = all_needed(s);
    struct str where = NO_ARG;
    int64_t have = s->have;
    bool ones = s->ones;
    static const char *const keys[] = { "quota", "shared" };
    for (size_t k = 0; k < LEN(keys); k++) {
        const struct json *list = explain_get(s->proof, keys[k]);
        for (const struct json *q = list != NULL ? list->child : NULL; q != NULL; q = q->next) {
            struct str department = explain_text(q, "department");
            const struct json *from = k == 0 ? explain_get(department_of(s->x, department), "quotas") : explain_get(s->x->problem, "shared_quotas");
            const struct json *quota = explain_at(from, explain_int(q, "index", 0));
            have += priced(s->x, explain_get(q, "runs"), explain_int(quota, "capacity", 0), &ones);
            where = explain_join(s->x, where, where_of(s, quota, department));
        }
    }
    if (!ones || where.n == 0 || n.weeks <= have)
        return NO_ARG;
    if (n.stays > have)
        return explain_say(s->x, MSG_explain_sum_quota_stays, n.what, explain_number(s->x, n.stays), where, explain_number(s->x, have), NO_ARG);
    return explain_say(s->x, MSG_explain_sum_quota_weeks, n.what, explain_number(s->x, n.weeks), where, explain_number(s->x, have), NO_ARG);
}

/* Students who must never meet come one after another. */
static struct str by_apart(const struct sum *s)
{
    struct need n = all_needed(s);
    const struct json *list = explain_get(s->proof, "apart");
    int64_t have = s->have;
    bool ones = s->ones;
    for (const struct json *p = list != NULL ? list->child : NULL; p != NULL; p = p->next) {
        const struct json *cells = explain_get(p, "cells");
        for (const struct json *d = cells != NULL ? cells->child : NULL; d != NULL; d = d->next)
            have += priced(s->x, d, 1, &ones);
    }
    if (list == NULL || !ones || n.weeks <= have)
        return NO_ARG;
    if (n.stays <= have)
        return SAY3(s->x, MSG_explain_sum_apart_weeks, n.what, WEEKS(s->x, n.weeks), WEEKS(s->x, have));
    return SAY3(s->x, MSG_explain_sum_apart, n.what, WEEKS(s->x, n.length), explain_number(s->x, have));
}

/* The week and department in which more are fixed than there are seats. */
static struct str by_fixed(const struct sum *s)
{
    const struct json *departments = explain_get(s->x->problem, "departments"), *students = explain_get(s->x->problem, "students");
    for (const struct json *d = departments->child; d != NULL; d = d->next)
        for (int64_t w = 0; w < s->x->weeks; w++) {
            int64_t n = 0, seats = explain_seats(s->x, d, w, s->facts);
            for (const struct json *f = s->facts->child; f != NULL; f = f->next) {
                const struct json *list = explain_get(explain_find(students, explain_text(f, "student")), "fixed");
                const struct json *at = str_is(explain_text(f, "kind"), "fixed") ? explain_at(list, explain_int(f, "index", -1)) : NULL;
                struct str programme = explain_text(explain_find(students, explain_text(f, "student")), "programme");
                const struct json *rotations = explain_get(explain_find(explain_get(s->x->problem, "programmes"), programme), "rotations");
                int64_t from = explain_week_of(s->x, at, "from"), weeks = explain_int(explain_find(rotations, explain_text(at, "rotation")), "weeks", 1);
                n += at != NULL && str_eq(explain_text(at, "department"), explain_text(d, "id")) && from <= w && w < from + weeks;
            }
            if (n > 0 && seats == 0)
                return SAY3(s->x, MSG_explain_sum_fixed_closed, explain_weeks(s->x, w, 1), STUDENTS(s->x, n),
                            explain_noun(s->x, EXPLAIN_DEPARTMENT, explain_text(d, "id"), NO_ARG));
            if (n > seats)
                return explain_say(s->x, MSG_explain_sum_fixed, explain_weeks(s->x, w, 1), STUDENTS(s->x, n),
                                   explain_noun(s->x, EXPLAIN_DEPARTMENT, explain_text(d, "id"), NO_ARG), SEATS(s->x, seats), NO_ARG);
        }
    return NO_ARG;
}

static struct str personal(const struct sum *s)
{
    return SAY1(s->x, MSG_explain_sum_personal, explain_who(s->x, s->who));
}

struct str explain_summary(const struct explain_ctx *x, const struct json *conflict)
{
    typedef struct str say(const struct sum *s);
    static const struct {
        const char *cause;
        say *say[3]; /* the first that has something to say */
    } table[] = {
        { "personal", { personal } },
        { "group", { by_apart } },
        { "fixed", { by_fixed } },
        { "quota", { by_quota } },
        { "ratio", { by_weeks, by_window, by_blocks } },
        { "count", { by_weeks } },
        { "no_slack", { by_busy } },
        { "order", { by_window, by_blocks } },
        { "fragmentation", { by_blocks, by_window } },
    };
    struct sum s = { .x = x, .facts = explain_get(conflict, "facts"), .proof = explain_get(conflict, "proof") };
    struct str out = NO_ARG;
    s.seat = explain_get(s.proof, "seat");
    read_prices(&s);
    read_students(&s);
    for (size_t i = 0; i < LEN(table); i++)
        for (size_t k = 0; k < 3 && str_is(explain_text(conflict, "cause"), table[i].cause); k++)
            if (out.n == 0 && table[i].say[k] != NULL)
                out = table[i].say[k](&s);
    return out.n > 0 ? out : rest(&s);
}
