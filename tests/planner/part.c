/* P[F] of a conflict, made from its facts as a tiny problem of its own, so that trying every plan can say whether anything is
 * possible. Written from the format's text; nothing is shared with the planner or the check. */
#include "part.h"

enum { NO_LIMIT = 1000 };

static int number_of(const struct json *f, const char *key)
{
    const struct json *v = json_get(f, key);
    return v == NULL ? NOTHING : v->type == JSON_INT ? (int)v->number : v->text.p[1] - '0'; /* ids are a letter and a digit */
}

static int week_of(const struct json *f, const char *key)
{
    date first = date_of(2027, 3, 1), d;
    const struct json *v = json_get(f, key);
    bool dated = v != NULL && date_parse(v->text, &d);
    assert(dated);
    return (int)((d - first) / 7);
}

static void nothing_on(struct tiny *p)
{
    p->allow_unplaced = false;
    for (int w = 0; w < p->weeks; w++)
        p->closed[w] = false;
    for (int d = 0; d < p->departments; d++) {
        struct tiny_department *q = &p->department[d];
        q->capacity = NO_LIMIT;
        q->limit = NOTHING;
        for (int i = 0; i < q->exceptions; i++)
            q->exception[i].capacity = q->exception[i].limit = NOTHING;
        for (int i = 0; i < q->quotas; i++)
            q->quota[i].capacity = NO_LIMIT;
    }
    for (int i = 0; i < p->shareds; i++)
        p->shared[i].capacity = NO_LIMIT;
    for (int g = 0; g < p->programmes; g++) {
        struct tiny_programme *q = &p->programme[g];
        q->orders = 0;
        q->max_consecutive = q->site_limit = NOTHING;
        q->free_forbidden = false;
        for (int r = 0; r < q->rotations; r++)
            q->rotation[r].earliest = q->rotation[r].latest_end = NOTHING;
    }
    for (int s = 0; s < p->students; s++) {
        p->student[s].skip = ~0u;
        p->student[s].away_weeks = p->student[s].fixeds = 0;
        p->student[s].enter_from = NOTHING;
    }
    for (int i = 0; i < p->pairs; i++)
        p->pair[i].students = 0;
}

/* Default seats in some weeks only: the first exceptions of a department without limit. */
static void seats(struct tiny *p, const struct tiny *t, const struct json *f)
{
    struct tiny_department *q = &p->department[number_of(f, "department")];
    const struct tiny_department *was = &t->department[number_of(f, "department")];
    int from = week_of(f, "from"), weeks = number_of(f, "weeks");
    if (from == 0 && weeks >= t->weeks) {
        q->capacity = was->capacity;
        q->limit = was->limit;
        return;
    }
    assert(q->exceptions < EXCEPTIONS_MOST);
    memmove(q->exception + 1, q->exception, (size_t)q->exceptions * sizeof *q->exception);
    q->exceptions++;
    q->exception[0] = (struct tiny_exception){ .from = from, .weeks = weeks, .capacity = was->capacity, .minimum = NOTHING, .limit = was->limit };
}

static void require(struct tiny *p, const struct json *f, unsigned set)
{
    for (const struct json *s = json_get(f, "students")->child; s != NULL; s = s->next)
        p->student[s->text.p[1] - '0'].skip &= ~set;
}

static void switch_on(struct tiny *p, const struct tiny *t, const struct json *f)
{
    struct str kind = json_get(f, "kind")->text;
    int g = number_of(f, "programme"), d = number_of(f, "department"), s = number_of(f, "student"), i = number_of(f, "index"), r = number_of(f, "rotation");
    if (str_is(kind, "requirement"))
        require(p, f, 1u << r);
    else if (str_is(kind, "choice"))
        require(p, f, t->programme[g].choice);
    else if (str_is(kind, "seats"))
        seats(p, t, f);
    else if (str_is(kind, "exception")) {
        struct tiny_exception *x = &p->department[d].exception[p->department[d].exceptions - t->department[d].exceptions + i];
        x->capacity = t->department[d].exception[i].capacity;
        x->limit = t->department[d].exception[i].limit;
    } else if (str_is(kind, "quota"))
        p->department[d].quota[i].capacity = t->department[d].quota[i].capacity;
    else if (str_is(kind, "shared_quota"))
        p->shared[i].capacity = t->shared[i].capacity;
    else if (str_is(kind, "order"))
        p->programme[g].order[p->programme[g].orders++] = t->programme[g].order[i];
    else if (str_is(kind, "earliest"))
        p->programme[g].rotation[r].earliest = t->programme[g].rotation[r].earliest;
    else if (str_is(kind, "latest_end"))
        p->programme[g].rotation[r].latest_end = t->programme[g].rotation[r].latest_end;
    else if (str_is(kind, "max_consecutive"))
        p->programme[g].max_consecutive = t->programme[g].max_consecutive;
    else if (str_is(kind, "site_limit"))
        p->programme[g].site_limit = t->programme[g].site_limit;
    else if (str_is(kind, "free_weeks"))
        p->programme[g].free_forbidden = t->programme[g].free_forbidden;
    else if (str_is(kind, "closed_week"))
        p->closed[week_of(f, "monday")] = true;
    else if (str_is(kind, "away"))
        p->student[s].away_weeks = t->student[s].away_weeks;
    else if (str_is(kind, "enter"))
        p->student[s].enter_from = t->student[s].enter_from;
    else if (str_is(kind, "fixed"))
        p->student[s].fixed[p->student[s].fixeds++] = t->student[s].fixed[i];
    else if (str_is(kind, "pair"))
        p->pair[i].students = t->pair[i].students;
}

bool part_of(const struct tiny *t, const struct json *facts, int without, struct tiny *out)
{
    int n = 0;
    *out = *t;
    if (t->has_base) /* freezing is per student there */
        return false;
    nothing_on(out);
    for (const struct json *f = facts->child; f != NULL; f = f->next, n++)
        if (n != without)
            switch_on(out, t, f);
    out->open = 0;
    for (int w = 0; w < out->weeks; w++)
        if (!out->closed[w])
            out->open_week[out->open++] = w;
    return true;
}
