/* See questions.h. */
#include "questions.h"

#include "core/date.h"
#include "core/json.h"

#include <stdarg.h>
#include <stdio.h>

enum { QUESTION_TICKS = 20000, TRIED_MOST = 40000, CHANGES = 1 };

static bool __attribute__((format(printf, 2, 3))) no(struct questions *q, const char *fmt, ...)
{
    va_list ap;
    va_start(ap, fmt);
    vsnprintf(q->fault, sizeof q->fault, fmt, ap);
    va_end(ap);
    return false;
}

static bool into_buf(void *ctx, const char *bytes, size_t n)
{
    struct buf *b = ctx;
    buf_add(b, bytes, n);
    return !b->failed;
}

static struct internplan_options options_of(const struct tiny *t)
{
    struct internplan_options o = internplan_options_default();
    o.seed = t->seed;
    o.budget_ticks = QUESTION_TICKS;
    return o;
}

/* The best values possible, level by level; false: no plan. */
static bool best_of(const struct tiny *t, const struct tiny_truth *truth, int64_t value[LEVELS_MOST])
{
    for (int i = 0; i < t->levels; i++)
        value[i] = tiny_least(t, truth, value, i);
    return truth->plans > 0;
}

/* ---- proposals -------------------------------------------------------------------------------------------- */

/* Students of a plan file's `told` as a set. */
static unsigned told_of(struct arena *a, const struct buf *plan)
{
    struct json_error e;
    unsigned set = 0;
    const struct json *root = json_read(a, buf_view(plan), &e), *told = root != NULL ? json_get(root, "told") : NULL;
    for (const struct json *c = told != NULL ? told->child : NULL; c != NULL; c = c->next)
        set |= 1u << (c->text.p[1] - '0');
    return set;
}

static bool ask_proposals(struct tiny *t, struct internplan *p, struct arena *a, const struct tiny_truth *truth, struct questions *q)
{
    struct internplan_options o = options_of(t);
    unsigned told[INTERNPLAN_PROPOSALS_MOST] = { 0 };
    o.proposals = INTERNPLAN_PROPOSALS_MOST;
    enum internplan_status status = internplan_solve(p, &o);
    size_t n = internplan_proposal_count(p);
    if (n > INTERNPLAN_PROPOSALS_MOST || (n == 0) != (status > INTERNPLAN_FEASIBLE))
        return no(q, "%zu proposals, status %d", n, (int)status);
    if (n == 0)
        return true;
    q->proposals++;
    q->several += n > 1;
    for (size_t i = 0; i < n; i++) {
        struct buf plan = buf_make(1 << 24);
        if (!internplan_select(p, i) || !internplan_write(p, "sha256:0", into_buf, &plan))
            return no(q, "proposal %zu can't be written", i);
        struct internplan_change x = internplan_change(p);
        told[i] = told_of(a, &plan);
        buf_free(&plan);
        if ((size_t)__builtin_popcount(told[i]) != x.students)
            return no(q, "proposal %zu: told %x, counted %zu", i, told[i], x.students);
        bool by_level = false;
        for (size_t k = 0; k < internplan_level_count(p); k++)
            by_level = by_level || (str_is(str_of(internplan_level(p, k).name), "changes") && internplan_level(p, k).value == x.student_weeks);
        if (t->level[0].weight[CHANGES] > 0 && !t->level[0].weighted && !by_level)
            return no(q, "proposal %zu: %lld student-weeks are not the level's", i, (long long)x.student_weeks);
        if (i == 0 && !t->level[0].weighted && t->level[0].weight[CHANGES] > 0) {
            int64_t least = tiny_least(t, truth, NULL, 0);
            q->changes++;
            q->least += x.student_weeks == least;
            if (x.least && x.student_weeks != least)
                return no(q, "least change is said to be %lld, it is %lld", (long long)x.student_weeks, (long long)least);
            if (!truth->too_many && x.student_weeks < least)
                return no(q, "fewer changes than possible");
        }
    }
    for (size_t i = 0; i < n; i++)
        for (size_t k = 0; k < n; k++)
            if (i != k && (told[i] & ~told[k]) == 0)
                return no(q, "whom proposal %zu tells (%x), proposal %zu tells too (%x)", i, told[i], k, told[k]);
    return internplan_select(p, 0) && !internplan_select(p, n) ? true : no(q, "a proposal that is not there can be selected");
}

/* ---- one more seat ------------------------------------------------------------------------------------------ */

static int64_t number_of(const struct json *at, const char *key)
{
    const struct json *v = json_get(at, key);
    return v != NULL ? v->number : -1;
}

static bool is_proven(const struct json *at)
{
    const struct json *v = json_get(at, "proven");
    return v == NULL || v->is_true;
}

static bool check_seat(struct tiny *t, const struct json *at, const int64_t *was, struct questions *q)
{
    struct tiny more = *t;
    struct tiny_truth truth;
    int64_t is[LEVELS_MOST];
    date first, from;
    int level = 0;
    if (!date_parse(STR("2027-03-01"), &first) || !date_parse(json_get(at, "from")->text, &from))
        return no(q, "a date of a seat");
    more.seat_department = json_get(at, "department")->text.p[1] - '0';
    more.seat_from = (from - first) / 7;
    more.seat_weeks = (int)number_of(at, "weeks");
    q->seats++;
    if (!is_proven(at))
        return true;
    tiny_try_all(&more, TRIED_MOST, &truth);
    if (truth.too_many) {
        tiny_truth_free(&truth);
        return true;
    }
    bool any = best_of(&more, &truth, is);
    tiny_truth_free(&truth);
    while (any && level + 1 < t->levels && is[level] == was[level])
        level++;
    q->seats_proven++;
    if (!any || was[level] - is[level] != number_of(at, "gain"))
        return no(q, "one more seat in d%d from week %d for %d brings %lld on level %d, not %lld", more.seat_department, more.seat_from,
                  more.seat_weeks, (long long)(was[level] - is[level]), level, (long long)number_of(at, "gain"));
    return true;
}

/* ---- the largest cohort --------------------------------------------------------------------------------------- */

/* The problem with so many students of a programme more; false: it does not fit into the arrays. */
static bool with_more(const struct tiny *t, int programme, int more, struct tiny *out)
{
    int last = NOTHING;
    *out = *t;
    for (int s = 0; s < t->students; s++)
        last = t->student[s].programme == programme ? s : last;
    if (last == NOTHING || t->students + more > STUDENTS_MOST)
        return false;
    for (int i = 0; i < more; i++) {
        struct tiny_student *s = &out->student[out->students++];
        *s = t->student[last];
        s->wishes = s->fixeds = s->away_weeks = 0;
    }
    out->allow_unplaced = false;
    return true;
}

static int possible(const struct tiny *t, int programme, int more)
{
    struct tiny x;
    struct tiny_truth truth;
    if (more < 0 || !with_more(t, programme, more, &x))
        return -1;
    tiny_try_all(&x, TRIED_MOST, &truth);
    int answer = truth.too_many ? -1 : truth.plans > 0;
    tiny_truth_free(&truth);
    return answer;
}

static bool check_largest(const struct tiny *t, const struct json *root, const struct json *at, struct questions *q)
{
    int programme = at->key.p[1] - '0', now = 0;
    bool proven = true;
    for (const struct json *c = json_get(root, "open")->child; c != NULL; c = c->next)
        proven = proven && !str_eq(c->text, at->key);
    for (int s = 0; s < t->students; s++)
        now += t->student[s].programme == programme;
    int more = (int)at->number - now;
    q->largest++;
    q->largest_proven += proven;
    if (possible(t, programme, more) == 0)
        return no(q, "%lld students of %c are said to fit", (long long)at->number, at->key.p[1]);
    if (proven && possible(t, programme, more + 1) == 1)
        return no(q, "%lld students of %c are said to be the most", (long long)at->number, at->key.p[1]);
    return true;
}

static bool ask_what_if(struct tiny *t, struct internplan *p, struct arena *a, const struct tiny_truth *truth, struct questions *q)
{
    struct internplan_options o = options_of(t);
    int64_t was[LEVELS_MOST];
    struct json_error e;
    o.budget_ticks *= 10;
    enum internplan_status status = internplan_what_if(p, &o, "sha256:0", into_buf, &q->answer);
    const struct json *root = json_read(a, buf_view(&q->answer), &e);
    if (status >= INTERNPLAN_INVALID || root == NULL)
        return no(q, "what if ended by status %d", (int)status);
    bool any = best_of(t, truth, was), good = true;
    q->asked++;
    for (const struct json *c = json_get(root, "seats")->child; c != NULL && good; c = c->next)
        good = any && check_seat(t, c, was, q);
    for (const struct json *c = json_get(root, "largest")->child; c != NULL && good; c = c->next)
        good = check_largest(t, root, c, q);
    return good;
}

bool questions_ask(struct tiny *t, struct internplan *p, struct arena *a, const struct tiny_truth *truth, bool what_if, struct questions *q)
{
    q->fault[0] = 0;
    buf_reset(&q->answer);
    if (t->has_base && !ask_proposals(t, p, a, truth, q))
        return false;
    return !what_if || ask_what_if(t, p, a, truth, q);
}
