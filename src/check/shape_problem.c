/* The shape of internbase.problem/1. */
#include "check/shape.h"

/* As the planner has them: what one takes for a problem, the other must. */
enum { NUMBER_MOST = 1000000, WEEKS_MOST = 10000 };

#define TEXT &check_shape_text
#define BOOL &check_shape_bool
#define MONDAY &check_shape_monday
#define COUNT SHAPE_INT(0, NUMBER_MOST)
#define AT_LEAST_1 SHAPE_INT(1, NUMBER_MOST)
/* What explanations copy. */
#define NOTES { "id", false, TEXT }, { "clause", false, TEXT }, { "why", false, TEXT }
#define NOTES_BUT_ID { "clause", false, TEXT }, { "why", false, TEXT }

SHAPE_OBJECT(weeks, { "first", true, MONDAY }, { "count", true, SHAPE_INT(1, WEEKS_MOST) }, { "closed", false, SHAPE_LIST(0, MONDAY) },
             { "span_closed", false, BOOL });
SHAPE_OBJECT(site, { "id", true, TEXT });
SHAPE_OBJECT(limit, { "because", true, TEXT }, { "capacity", true, COUNT }, NOTES);
SHAPE_OBJECT(exception, { "from", true, MONDAY }, { "weeks", true, AT_LEAST_1 }, { "capacity", false, COUNT },
             { "limits", false, SHAPE_LIST(0, &limit) }, { "minimum", false, COUNT }, NOTES);
SHAPE_OBJECT(quota, { "group", false, TEXT }, { "not", false, TEXT }, { "capacity", true, COUNT }, NOTES);
SHAPE_OBJECT(department, { "id", true, TEXT }, { "site", false, TEXT }, { "capacity", true, COUNT },
             { "limits", false, SHAPE_LIST(0, &limit) }, { "minimum", false, COUNT }, { "exceptions", false, SHAPE_LIST(0, &exception) },
             { "quotas", false, SHAPE_LIST(0, &quota) }, NOTES_BUT_ID);
SHAPE_OBJECT(rotation, { "id", true, TEXT }, { "departments", true, SHAPE_LIST(1, TEXT) }, { "weeks", true, AT_LEAST_1 },
             { "earliest", false, MONDAY }, { "latest_end", false, MONDAY }, NOTES_BUT_ID);
SHAPE_OBJECT(choice, { "id", true, TEXT }, { "pick", true, COUNT }, { "of", true, SHAPE_LIST(1, TEXT) }, NOTES_BUT_ID);
SHAPE_OBJECT(order, { "before", true, TEXT }, { "after", true, TEXT }, { "min_gap", false, COUNT }, { "max_gap", false, COUNT },
             { "requires", false, BOOL }, NOTES);
SHAPE_OBJECT(programme, { "id", true, TEXT }, { "rotations", true, SHAPE_LIST(0, &rotation) },
             { "choices", false, SHAPE_LIST(0, &choice) }, { "orders", false, SHAPE_LIST(0, &order) },
             { "max_consecutive", false, AT_LEAST_1 }, { "free_weeks", false, TEXT }, { "site_limit", false, COUNT }, NOTES_BUT_ID);
SHAPE_OBJECT(away, { "from", true, MONDAY }, { "weeks", true, AT_LEAST_1 }, NOTES);
SHAPE_OBJECT(enter, { "department", true, TEXT }, { "from", true, MONDAY }, NOTES);
SHAPE_OBJECT(fixed, { "rotation", true, TEXT }, { "department", true, TEXT }, { "from", true, MONDAY }, NOTES);
SHAPE_OBJECT(dislikes, { "travel", false, COUNT }, { "waiting", false, COUNT });
SHAPE_OBJECT(wish_department, { "rotation", true, TEXT }, { "departments", true, SHAPE_LIST(1, TEXT) }, { "weight", false, COUNT });
SHAPE_OBJECT(wish_choice, { "choice", true, TEXT }, { "rotations", true, SHAPE_LIST(1, TEXT) }, { "weight", false, COUNT });
SHAPE_OBJECT(window, { "from", true, MONDAY }, { "until", true, MONDAY });
SHAPE_OBJECT(wish_window, { "rotation", true, TEXT }, { "window", true, &window }, { "weight", false, COUNT });
SHAPE_OBJECT(wish_costs, { "rotation", true, TEXT }, { "costs", true, SHAPE_TABLE(COUNT) });

/* A wish is told by its keys: what it is about and how it says so. */
static const struct check_shape *wish_of(const struct json *v)
{
    if (v->type != JSON_OBJECT)
        return NULL;
    if (json_get(v, "choice") != NULL)
        return &wish_choice;
    if (json_get(v, "window") != NULL)
        return &wish_window;
    return json_get(v, "costs") != NULL ? &wish_costs : &wish_department;
}
static const struct check_shape wish = { .kind = KIND_EITHER, .choose = wish_of, .allowed = "object" };

SHAPE_OBJECT(student, { "id", true, TEXT }, { "programme", true, TEXT }, { "groups", false, SHAPE_LIST(0, TEXT) },
             { "away", false, SHAPE_LIST(0, &away) }, { "enter", false, SHAPE_LIST(0, &enter) },
             { "fixed", false, SHAPE_LIST(0, &fixed) }, { "wishes", false, SHAPE_LIST(0, &wish) }, { "dislikes", false, &dislikes },
             { "burden", false, COUNT }, NOTES_BUT_ID);
SHAPE_OBJECT(pair, { "students", true, SHAPE_LIST(2, TEXT) }, { "kind", true, TEXT }, { "rotations", false, SHAPE_LIST(0, TEXT) }, NOTES);
SHAPE_OBJECT(placement, { "student", true, TEXT }, { "rotation", true, TEXT }, { "department", true, TEXT }, { "from", true, MONDAY },
             { "weeks", true, AT_LEAST_1 });
SHAPE_OBJECT(base_plan, { "freeze", true, MONDAY }, { "placements", true, SHAPE_LIST(0, &placement) });
SHAPE_OBJECT(shared, { "departments", true, SHAPE_LIST(1, TEXT) }, { "from", false, MONDAY }, { "weeks", false, AT_LEAST_1 },
             { "group", false, TEXT }, { "not", false, TEXT }, { "capacity", true, COUNT }, NOTES);
SHAPE_OBJECT(repair_costs, { "seat_week", false, COUNT }, { "week", false, COUNT }, { "window_week", false, COUNT },
             { "order", false, COUNT }, { "department", false, COUNT }, { "leave_week", false, COUNT }, { "student", false, COUNT });
SHAPE_OBJECT(weighted, { "name", true, TEXT }, { "weights", true, SHAPE_TABLE(COUNT) });

static const struct check_shape *level_of(const struct json *v)
{
    return v->type == JSON_TEXT ? TEXT : v->type == JSON_OBJECT ? &weighted : NULL;
}
static const struct check_shape level = { .kind = KIND_EITHER, .choose = level_of, .allowed = "text, object" };

static const struct check_field problem_fields[] = {
    { "format", true, TEXT },
    { "title", false, TEXT },
    { "weeks", true, &weeks },
    { "sites", false, SHAPE_LIST(0, &site) },
    { "departments", true, SHAPE_LIST(0, &department) },
    { "programmes", true, SHAPE_LIST(0, &programme) },
    { "students", true, SHAPE_LIST(0, &student) },
    { "pairs", false, SHAPE_LIST(0, &pair) },
    { "base_plan", false, &base_plan },
    { "allow_unplaced", false, BOOL },
    { "shared_quotas", false, SHAPE_LIST(0, &shared) },
    { "repair_costs", false, &repair_costs },
    { "levels", false, SHAPE_LIST(0, &level) },
};
const struct check_shape check_shape_problem = { .kind = KIND_OBJECT, .field = problem_fields, .fields = LEN(problem_fields) };
