/* The shape of a problem file as tables: which keys an object may have, which it must, of what type and range. One
 * small walker reads them and notes every deviation. Names and meanings are checked elsewhere. */
#include "planner/load.h"

enum kind {
    K_TEXT,
    K_INT,
    K_BOOL,
    K_MONDAY,
    K_OBJECT,
    K_TEXTS,
    K_MONDAYS,
    K_OBJECTS,
    K_WISHES,
    K_LEVELS,
    K_COSTS,
    K_WEIGHTS
};

struct shape;
struct field {
    const char *key;
    enum kind kind;
    bool must;
    int least;
    const struct shape *of;
};
struct shape {
    const struct field *field;
    size_t n;
};

#define SHAPE(name, ...)                                                                                               \
    static const struct field name##_fields[] = { __VA_ARGS__ };                                                       \
    static const struct shape name = { name##_fields, LEN(name##_fields) }
#define NOTES                                                                                                          \
    { "id", K_TEXT }, { "clause", K_TEXT },                                                                            \
    {                                                                                                                  \
        "why", K_TEXT                                                                                                  \
    }
#define NOTES_BUT_ID                                                                                                   \
    { "clause", K_TEXT },                                                                                              \
    {                                                                                                                  \
        "why", K_TEXT                                                                                                  \
    }

SHAPE(weeks, { "first", K_MONDAY, true }, { "count", K_INT, true, 1 }, { "closed", K_MONDAYS },
      { "span_closed", K_BOOL });
SHAPE(site, { "id", K_TEXT, true });
SHAPE(limit, { "because", K_TEXT, true }, { "capacity", K_INT, true }, NOTES);
SHAPE(exception, { "from", K_MONDAY, true }, { "weeks", K_INT, true, 1 }, { "capacity", K_INT },
      { "limits", K_OBJECTS, false, 0, &limit }, { "minimum", K_INT }, NOTES);
SHAPE(quota, { "group", K_TEXT }, { "not", K_TEXT }, { "capacity", K_INT, true }, NOTES);
SHAPE(department, { "id", K_TEXT, true }, { "site", K_TEXT }, { "capacity", K_INT, true },
      { "limits", K_OBJECTS, false, 0, &limit }, { "minimum", K_INT },
      { "exceptions", K_OBJECTS, false, 0, &exception }, { "quotas", K_OBJECTS, false, 0, &quota }, NOTES_BUT_ID);
SHAPE(rotation, { "id", K_TEXT, true }, { "departments", K_TEXTS, true, 1 }, { "weeks", K_INT, true, 1 },
      { "earliest", K_MONDAY }, { "latest_end", K_MONDAY }, NOTES_BUT_ID);
SHAPE(choice, { "id", K_TEXT, true }, { "pick", K_INT, true }, { "of", K_TEXTS, true, 1 }, NOTES_BUT_ID);
SHAPE(order, { "before", K_TEXT, true }, { "after", K_TEXT, true }, { "min_gap", K_INT }, { "max_gap", K_INT },
      { "requires", K_BOOL }, NOTES);
SHAPE(programme, { "id", K_TEXT, true }, { "rotations", K_OBJECTS, true, 0, &rotation },
      { "choices", K_OBJECTS, false, 0, &choice }, { "orders", K_OBJECTS, false, 0, &order },
      { "max_consecutive", K_INT, false, 1 }, { "free_weeks", K_TEXT }, { "site_limit", K_INT }, NOTES_BUT_ID);
SHAPE(away, { "from", K_MONDAY, true }, { "weeks", K_INT, true, 1 }, NOTES);
SHAPE(enter, { "department", K_TEXT, true }, { "from", K_MONDAY, true }, NOTES);
SHAPE(fixed, { "rotation", K_TEXT, true }, { "department", K_TEXT, true }, { "from", K_MONDAY, true }, NOTES);
SHAPE(dislikes, { "travel", K_INT }, { "waiting", K_INT });
SHAPE(student, { "id", K_TEXT, true }, { "programme", K_TEXT, true }, { "groups", K_TEXTS },
      { "away", K_OBJECTS, false, 0, &away }, { "enter", K_OBJECTS, false, 0, &enter },
      { "fixed", K_OBJECTS, false, 0, &fixed }, { "wishes", K_WISHES }, { "dislikes", K_OBJECT, false, 0, &dislikes },
      { "burden", K_INT }, NOTES_BUT_ID);
SHAPE(wish_department, { "rotation", K_TEXT, true }, { "departments", K_TEXTS, true, 1 }, { "weight", K_INT });
SHAPE(wish_choice, { "choice", K_TEXT, true }, { "rotations", K_TEXTS, true, 1 }, { "weight", K_INT });
SHAPE(window, { "from", K_MONDAY, true }, { "until", K_MONDAY, true });
SHAPE(wish_window, { "rotation", K_TEXT, true }, { "window", K_OBJECT, true, 0, &window }, { "weight", K_INT });
SHAPE(wish_costs, { "rotation", K_TEXT, true }, { "costs", K_COSTS, true });
SHAPE(pair, { "students", K_TEXTS, true, 2 }, { "kind", K_TEXT, true }, { "rotations", K_TEXTS }, NOTES);
SHAPE(placement, { "student", K_TEXT, true }, { "rotation", K_TEXT, true }, { "department", K_TEXT, true },
      { "from", K_MONDAY, true }, { "weeks", K_INT, true, 1 });
SHAPE(base_plan, { "freeze", K_MONDAY, true }, { "placements", K_OBJECTS, true, 0, &placement });
SHAPE(shared, { "departments", K_TEXTS, true, 1 }, { "from", K_MONDAY }, { "weeks", K_INT, false, 1 },
      { "group", K_TEXT }, { "not", K_TEXT }, { "capacity", K_INT, true }, NOTES);
SHAPE(repair_costs, { "seat_week", K_INT }, { "week", K_INT }, { "window_week", K_INT }, { "order", K_INT },
      { "department", K_INT }, { "leave_week", K_INT }, { "student", K_INT });
SHAPE(level, { "name", K_TEXT, true }, { "weights", K_WEIGHTS, true });
SHAPE(problem, { "format", K_TEXT, true }, { "title", K_TEXT }, { "weeks", K_OBJECT, true, 0, &weeks },
      { "sites", K_OBJECTS, false, 0, &site }, { "departments", K_OBJECTS, true, 0, &department },
      { "programmes", K_OBJECTS, true, 0, &programme }, { "students", K_OBJECTS, true, 0, &student },
      { "pairs", K_OBJECTS, false, 0, &pair }, { "base_plan", K_OBJECT, false, 0, &base_plan },
      { "allow_unplaced", K_BOOL }, { "shared_quotas", K_OBJECTS, false, 0, &shared },
      { "repair_costs", K_OBJECT, false, 0, &repair_costs }, { "levels", K_LEVELS });

const char *const planner_measure_names[PLANNER_MEASURES] = { "unplaced", "changes", "understaffed", "worst",
                                                              "regret",   "travel",  "smooth",       "waiting" };

static struct str as_found(struct planner_errors *e, const struct json *v)
{
    switch (v->type) {
    case JSON_NULL:
        return STR("null");
    case JSON_BOOL:
        return v->is_true ? STR("true") : STR("false");
    case JSON_INT:
    case JSON_REAL:
        return v->text;
    case JSON_TEXT:
        return arena_printf(e->arena, "\"%.*s\"", (int)MIN(v->text.n, (size_t)200), v->text.p);
    case JSON_LIST:
        return STR("[...]");
    case JSON_OBJECT:
        return STR("{...}");
    }
    return STR("");
}

void planner_fault(struct planner_errors *e, const struct json *at, enum internplan_fault code, struct str found,
                   const char *allowed)
{
    size_t i = e->total++;
    if (i >= PLANNER_ERRORS_KEPT)
        return;
    if (found.p == NULL && at != NULL)
        found = as_found(e, at);
    e->item[i] = (struct internplan_error){ .path = at != NULL ? json_path(e->arena, at).p : "",
                                            .code = code,
                                            .found = arena_copy(e->arena, found.p, found.n),
                                            .allowed = arena_copy(e->arena, allowed, strlen(allowed)) };
}

static void fault(struct planner_errors *e, const struct json *v, enum internplan_fault code, const char *allowed)
{
    planner_fault(e, v, code, (struct str){ NULL, 0 }, allowed);
}

static bool is_type(struct planner_errors *e, const struct json *v, enum json_type type, const char *allowed)
{
    if (v->type == type)
        return true;
    fault(e, v, INTERNPLAN_FAULT_TYPE, allowed);
    return false;
}

static void check_int(struct planner_errors *e, const struct json *v, int least)
{
    if (!is_type(e, v, JSON_INT, "integer"))
        return;
    if (v->number >= least && v->number <= PLANNER_NUMBER_MOST)
        return;
    struct str range = arena_printf(e->arena, "%d..%d", least, PLANNER_NUMBER_MOST);
    fault(e, v, INTERNPLAN_FAULT_RANGE, range.p);
}

static void check_monday(struct planner_errors *e, const struct json *v)
{
    date d;
    if (!is_type(e, v, JSON_TEXT, "text"))
        return;
    if (!date_parse(v->text, &d) || date_weekday(d) != 0)
        fault(e, v, INTERNPLAN_FAULT_MONDAY, "a Monday, YYYY-MM-DD");
}

static const struct field *field_of(const struct shape *s, struct str key)
{
    for (size_t i = 0; i < s->n; i++)
        if (str_is(key, s->field[i].key))
            return &s->field[i];
    return NULL;
}

static const char *keys_of(struct planner_errors *e, const struct shape *s)
{
    struct str all = { "", 0 };
    for (size_t i = 0; i < s->n; i++)
        all = arena_printf(e->arena, "%.*s%s%s", STR_ARG(all), i > 0 ? " " : "", s->field[i].key);
    return all.p;
}

static void check_value(struct planner_errors *e, const struct json *v, const struct field *f);

static void check_object(struct planner_errors *e, const struct json *v, const struct shape *s)
{
    if (!is_type(e, v, JSON_OBJECT, "object"))
        return;
    for (const struct json *m = v->child; m != NULL; m = m->next) {
        const struct field *f = field_of(s, m->key);
        if (f != NULL)
            check_value(e, m, f);
        else
            planner_fault(e, m, INTERNPLAN_FAULT_UNKNOWN_KEY, m->key, keys_of(e, s));
    }
    for (size_t i = 0; i < s->n; i++)
        if (s->field[i].must && json_get(v, s->field[i].key) == NULL)
            planner_fault(e, v, INTERNPLAN_FAULT_MISSING_KEY, str_of(s->field[i].key), keys_of(e, s));
}

static void check_numbers(struct planner_errors *e, const struct json *v)
{
    if (!is_type(e, v, JSON_OBJECT, "object"))
        return;
    for (const struct json *m = v->child; m != NULL; m = m->next)
        check_int(e, m, 0);
}

/* A wish is told by its keys: what it is about and how it says so. */
static void check_wish(struct planner_errors *e, const struct json *v)
{
    if (!is_type(e, v, JSON_OBJECT, "object"))
        return;
    const struct shape *s = &wish_department;
    if (json_get(v, "choice") != NULL)
        s = &wish_choice;
    else if (json_get(v, "window") != NULL)
        s = &wish_window;
    else if (json_get(v, "costs") != NULL)
        s = &wish_costs;
    check_object(e, v, s);
}

static void check_level(struct planner_errors *e, const struct json *v)
{
    if (v->type == JSON_TEXT)
        return; /* the name is looked up later */
    check_object(e, v, &level);
}

static void check_list(struct planner_errors *e, const struct json *v, const struct field *f)
{
    if (!is_type(e, v, JSON_LIST, "list"))
        return;
    if ((int)v->n < f->least)
        fault(e, v, INTERNPLAN_FAULT_EMPTY, f->least == 1 ? "at least one entry" : "at least two entries");
    for (const struct json *c = v->child; c != NULL; c = c->next) {
        if (f->kind == K_TEXTS)
            (void)is_type(e, c, JSON_TEXT, "text");
        else if (f->kind == K_MONDAYS)
            check_monday(e, c);
        else if (f->kind == K_OBJECTS)
            check_object(e, c, f->of);
        else if (f->kind == K_WISHES)
            check_wish(e, c);
        else
            check_level(e, c);
    }
}

static void check_value(struct planner_errors *e, const struct json *v, const struct field *f)
{
    switch (f->kind) {
    case K_TEXT:
        (void)is_type(e, v, JSON_TEXT, "text");
        return;
    case K_INT:
        check_int(e, v, f->least);
        return;
    case K_BOOL:
        (void)is_type(e, v, JSON_BOOL, "true or false");
        return;
    case K_MONDAY:
        check_monday(e, v);
        return;
    case K_OBJECT:
        check_object(e, v, f->of);
        return;
    case K_COSTS:
    case K_WEIGHTS:
        check_numbers(e, v);
        return;
    default:
        check_list(e, v, f);
    }
}

void planner_load_shape(struct planner_errors *e, const struct json *root)
{
    const struct json *format = json_get(root, "format");
    if (format != NULL && format->type == JSON_TEXT && !str_is(format->text, "internbase.problem/1"))
        fault(e, format, INTERNPLAN_FAULT_FORMAT, "internbase.problem/1");
    check_object(e, root, &problem);
}
