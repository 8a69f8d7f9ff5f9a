/* Facts: read, and switched on one by one in a copy of the problem. See conflict.h. */
#include "check/conflict.h"

/* Which names a kind of fact has, and where in the problem it stands. */
enum name { N_PROGRAMME = 1, N_ROTATION = 2, N_CHOICE = 4, N_DEPARTMENT = 8, N_RUN = 16, N_INDEX = 32, N_MONDAY = 64, N_STUDENT = 128, N_STUDENTS = 256 };

static const struct {
    const char *kind;
    unsigned names;
} kinds[FACT_KINDS] = {
    [FACT_REQUIREMENT] = { "requirement", N_PROGRAMME | N_ROTATION | N_STUDENTS },
    [FACT_CHOICE] = { "choice", N_PROGRAMME | N_CHOICE | N_STUDENTS },
    [FACT_SEATS] = { "seats", N_DEPARTMENT | N_RUN },
    [FACT_EXCEPTION] = { "exception", N_DEPARTMENT | N_INDEX },
    [FACT_QUOTA] = { "quota", N_DEPARTMENT | N_INDEX },
    [FACT_SHARED_QUOTA] = { "shared_quota", N_INDEX },
    [FACT_ORDER] = { "order", N_PROGRAMME | N_INDEX },
    [FACT_EARLIEST] = { "earliest", N_PROGRAMME | N_ROTATION },
    [FACT_LATEST_END] = { "latest_end", N_PROGRAMME | N_ROTATION },
    [FACT_MAX_CONSECUTIVE] = { "max_consecutive", N_PROGRAMME },
    [FACT_FREE_WEEKS] = { "free_weeks", N_PROGRAMME },
    [FACT_SITE_LIMIT] = { "site_limit", N_PROGRAMME },
    [FACT_CLOSED_WEEK] = { "closed_week", N_MONDAY },
    [FACT_AWAY] = { "away", N_STUDENT | N_INDEX },
    [FACT_ENTER] = { "enter", N_STUDENT | N_INDEX },
    [FACT_FIXED] = { "fixed", N_STUDENT | N_INDEX },
    [FACT_PAIR] = { "pair", N_INDEX },
    [FACT_FREEZE] = { "freeze", N_STUDENTS },
};

struct facts_reading {
    struct check_notes *n;
    struct arena *a;
    const struct model *m;
};

static bool refuse(struct facts_reading *r, const struct json *at, const char *allowed)
{
    check_note_text(r->n, CHECK_fact, at, NULL, allowed);
    return false;
}

static bool read_name(struct facts_reading *r, const struct json *at, const char *key, const struct map *names, int *out)
{
    const struct json *v = json_get(at, key);
    *out = v != NULL ? (int)map_get(names, v->text, NONE) : NONE;
    return *out != NONE || refuse(r, v != NULL ? v : at, key);
}

static bool read_students(struct facts_reading *r, struct fact *f)
{
    const struct source *s = r->m->s;
    const struct json *c = check_list(f->at, "students", &f->students);
    f->students_of = ARENA_ARRAY(r->a, (size_t)f->students, int);
    if (json_get(f->at, "students") == NULL)
        return refuse(r, f->at, "students");
    for (int i = 0; c != NULL; c = c->next, i++) {
        int64_t at = map_get(&s->student_of, c->text, NONE);
        if (at == NONE || (f->programme != NONE && s->student[at].programme != f->programme))
            return refuse(r, c, "student");
        f->students_of[i] = (int)at;
    }
    return true;
}

static bool read_names(struct facts_reading *r, struct fact *f)
{
    const struct source *s = r->m->s;
    assert(f->kind < FACT_KINDS);
    unsigned names = kinds[f->kind].names;
    f->programme = f->rotation = f->choice = f->department = f->student = f->index = NONE;
    if ((names & N_PROGRAMME) != 0 && !read_name(r, f->at, "programme", &s->programme_of, &f->programme))
        return false;
    const struct programme *g = f->programme != NONE ? &s->programme[f->programme] : NULL;
    if ((names & N_ROTATION) != 0) {
        f->rotation = check_rotation_of(g, check_text(f->at, "rotation"));
        if (f->rotation == NONE)
            return refuse(r, f->at, "rotation");
    }
    for (int i = 0; (names & N_CHOICE) != 0 && i < g->choices; i++)
        if (str_eq(g->choice[i].id, check_text(f->at, "choice")))
            f->choice = i;
    if ((names & N_CHOICE) != 0 && f->choice == NONE)
        return refuse(r, f->at, "choice");
    if ((names & N_DEPARTMENT) != 0 && !read_name(r, f->at, "department", &s->department_of, &f->department))
        return false;
    if ((names & N_STUDENT) != 0 && !read_name(r, f->at, "student", &s->student_of, &f->student))
        return false;
    if ((names & N_STUDENTS) != 0 && !read_students(r, f))
        return false;
    if ((names & N_INDEX) != 0) {
        if (json_get(f->at, "index") == NULL)
            return refuse(r, f->at, "index");
        f->index = (int)check_int(f->at, "index", 0);
    }
    if ((names & (N_RUN | N_MONDAY)) != 0) {
        f->from = check_week(s, json_get(f->at, (names & N_RUN) != 0 ? "from" : "monday"));
        f->weeks = (int32_t)check_int(f->at, "weeks", (names & N_RUN) != 0 ? 0 : 1);
        if (f->from < 0 || f->from >= s->weeks || f->weeks < 1 || f->weeks > s->weeks - f->from)
            return refuse(r, f->at, "weeks of the horizon");
    }
    return true;
}

static const struct json *entry(const struct json *list, int64_t i)
{
    const struct json *c = list != NULL && list->type == JSON_LIST ? list->child : NULL;
    for (; c != NULL && i > 0; i--)
        c = c->next;
    return c;
}

static const struct json *closed_entry(const struct source *s, int32_t week)
{
    int n;
    const struct json *weeks = json_get(s->root, "weeks");
    for (const struct json *c = check_list(weeks, "closed", &n); c != NULL; c = c->next)
        if (check_week(s, c) == week)
            return c;
    return NULL;
}

/* What a fact stands for; NULL: nothing. */
static const struct json *object_of(const struct source *s, const struct fact *f)
{
    const struct programme *g = f->programme != NONE ? &s->programme[f->programme] : NULL;
    const struct department *d = f->department != NONE ? &s->department[f->department] : NULL;
    const struct student *t = f->student != NONE ? &s->student[f->student] : NULL;
    switch (f->kind) {
    case FACT_REQUIREMENT:
        return g->rotation[f->rotation].choice == NONE ? g->rotation[f->rotation].at : NULL;
    case FACT_CHOICE:
        return g->choice[f->choice].at;
    case FACT_SEATS:
        return json_get(d->at, "capacity");
    case FACT_EXCEPTION:
        return entry(json_get(d->at, "exceptions"), f->index);
    case FACT_QUOTA:
        return entry(json_get(d->at, "quotas"), f->index);
    case FACT_SHARED_QUOTA:
        return entry(json_get(s->root, "shared_quotas"), f->index);
    case FACT_ORDER:
        return entry(json_get(g->at, "orders"), f->index);
    case FACT_EARLIEST:
    case FACT_LATEST_END:
        return json_get(g->rotation[f->rotation].at, kinds[f->kind].kind);
    case FACT_MAX_CONSECUTIVE:
    case FACT_FREE_WEEKS:
    case FACT_SITE_LIMIT:
        return json_get(g->at, kinds[f->kind].kind);
    case FACT_CLOSED_WEEK:
        return closed_entry(s, f->from);
    case FACT_AWAY:
    case FACT_ENTER:
    case FACT_FIXED:
        return entry(json_get(t->at, kinds[f->kind].kind), f->index);
    case FACT_PAIR:
        return entry(json_get(s->root, "pairs"), f->index);
    case FACT_FREEZE:
        return json_get(json_get(s->root, "base_plan") != NULL ? json_get(s->root, "base_plan") : s->root, "freeze");
    case FACT_KINDS:
        break;
    }
    return NULL;
}

/* `at` names the object, or (where the fact stands for one key) the object that holds the key. id and clause are copied:
 * an id that is a name of its own (rotation, choice) need not be. */
static bool check_place(struct facts_reading *r, struct fact *f)
{
    struct str at = check_text(f->at, "at");
    bool key = f->object->type != JSON_OBJECT;
    const struct json *holder = key ? f->object->parent : f->object;
    if (!str_eq(at, json_path(r->a, f->object)) && !(key && str_eq(at, json_path(r->a, holder))))
        return refuse(r, json_get(f->at, "at"), json_path(r->a, f->object).p);
    static const char *const copied[] = { "id", "clause" };
    for (size_t i = 0; i < LEN(copied); i++) {
        const struct json *said = json_get(f->at, copied[i]), *real = holder->type == JSON_OBJECT ? json_get(holder, copied[i]) : NULL;
        bool may_miss = key || (i == 0 && (f->kind == FACT_REQUIREMENT || f->kind == FACT_CHOICE));
        if (said == NULL && (real == NULL || may_miss))
            continue;
        if (said == NULL || real == NULL || real->type != JSON_TEXT || !str_eq(said->text, real->text))
            return refuse(r, said != NULL ? said : f->at, real != NULL && real->type == JSON_TEXT ? arena_copy(r->a, real->text.p, real->text.n) : copied[i]);
    }
    return true;
}

/* The parts that say the capacity a seats or exception fact stands for: bit 1 << because; and whether it is nothing at all. */
static unsigned parts_of(const struct source *s, const struct fact *f, bool *closed)
{
    const struct department *d = &s->department[f->department];
    const struct exception *x = f->kind == FACT_EXCEPTION ? &d->exception[f->index] : NULL;
    int32_t least = x != NULL ? (x->capacity != NONE ? x->capacity : NO_LIMIT) : d->capacity;
    unsigned parts = x == NULL || x->capacity != NONE ? 1u << CHECK_BECAUSE_SEATS : 0;
    const struct limit *limit = x != NULL ? x->limit : d->limit;
    for (int i = 0; i < (x != NULL ? x->limits : d->limits); i++) {
        if (limit[i].capacity < least)
            parts = 0;
        if (limit[i].capacity <= least)
            parts |= 1u << limit[i].because;
        least = MIN(least, limit[i].capacity);
    }
    assert(least >= 0);
    *closed = least == 0;
    return parts;
}

static bool check_because(struct facts_reading *r, struct fact *f)
{
    static const char *const names[] = { [CHECK_BECAUSE_SEATS] = "seats", [CHECK_BECAUSE_PRECEPTORS] = "preceptors", [CHECK_BECAUSE_CLAUSE] = "clause" };
    const struct json *said = json_get(f->at, "because");
    bool closed = false;
    if (f->kind != FACT_SEATS && f->kind != FACT_EXCEPTION)
        return said == NULL || refuse(r, said, "seats, exception");
    unsigned parts = parts_of(r->m->s, f, &closed);
    if (said == NULL)
        return parts == 0 || (parts & 1u << CHECK_BECAUSE_SEATS) != 0 || refuse(r, f->at, "because");
    if (str_is(said->text, "closed") && closed)
        return true;
    for (unsigned k = CHECK_BECAUSE_SEATS; k < LEN(names); k++)
        if (str_is(said->text, names[k]) && (parts >> k & 1) != 0) {
            f->because = (enum check_because)k;
            return true;
        }
    return refuse(r, said, "seats preceptors clause closed");
}

static bool read_fact(struct facts_reading *r, const struct json *at, struct fact *f)
{
    struct str kind = check_text(at, "kind");
    *f = (struct fact){ .at = at };
    while (f->kind < FACT_KINDS && !str_is(kind, kinds[f->kind].kind))
        f->kind++;
    if (f->kind == FACT_KINDS)
        return refuse(r, json_get(at, "kind"), "kind");
    if (!read_names(r, f))
        return false;
    f->object = object_of(r->m->s, f);
    if (f->object == NULL)
        return refuse(r, at, "something in the problem");
    return check_place(r, f) && check_because(r, f);
}

struct fact *check_facts_read(struct check_notes *n, struct arena *a, const struct model *m, const struct json *facts, int *count)
{
    struct facts_reading r = { n, a, m };
    struct fact *fact = ARENA_ARRAY(a, facts->n, struct fact);
    assert(facts->type == JSON_LIST && facts->n <= INT32_MAX);
    *count = (int)facts->n;
    bool good = true;
    struct fact *f = fact;
    for (const struct json *c = facts->child; c != NULL; c = c->next, f++)
        good = read_fact(&r, c, f) && good;
    return good ? fact : NULL;
}
