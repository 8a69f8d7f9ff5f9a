/* The shape of internbase.plan/1 with certificate, conflicts and repairs. Prices, splits and facts that need names are
 * looked into where they are used. */
#include "check/shape.h"

#define TEXT &check_shape_text
#define BOOL &check_shape_bool
#define MONDAY &check_shape_monday
#define ANY_INT SHAPE_INT(INT64_MIN, INT64_MAX)
#define COUNT SHAPE_INT(0, INT64_MAX)

static const struct check_shape anything = { .kind = KIND_EITHER, .choose = NULL };
static const struct check_shape *itself(const struct json *v)
{
    (void)v;
    return &anything;
}
static const struct check_shape any = { .kind = KIND_EITHER, .choose = itself };

static const struct check_shape *int_or_null(const struct json *v)
{
    static const struct check_shape number = { KIND_INT, INT64_MIN, INT64_MAX, NULL, NULL, 0, NULL, NULL };
    return v->type == JSON_NULL ? &anything : &number;
}
static const struct check_shape value = { .kind = KIND_EITHER, .choose = int_or_null, .allowed = "integer, null" };

static const struct check_shape *rank_of(const struct json *v)
{
    static const struct check_shape number = { KIND_INT, 0, INT32_MAX, NULL, NULL, 0, NULL, NULL };
    static const struct check_shape list = { KIND_LIST, 0, 0, &number, NULL, 0, NULL, NULL };
    return v->type == JSON_NULL ? &anything : v->type == JSON_LIST ? &list : &number;
}
static const struct check_shape rank = { .kind = KIND_EITHER, .choose = rank_of, .allowed = "integer, list, null" };

SHAPE_OBJECT(work, { "ticks", true, COUNT }, { "budget", true, COUNT }, { "stopped_by", true, TEXT }, { "engine", true, TEXT });
SHAPE_OBJECT(level, { "level", true, TEXT }, { "value", true, &value }, { "bound", true, &value }, { "proven", true, BOOL },
             { "certified", false, BOOL });
SHAPE_OBJECT(placement, { "student", true, TEXT }, { "rotation", true, TEXT }, { "department", true, TEXT }, { "from", true, MONDAY },
             { "weeks", true, SHAPE_INT(1, INT32_MAX) });
SHAPE_OBJECT(wish, { "wish", true, SHAPE_INT(0, INT32_MAX) }, { "rank", true, &rank }, { "regret", true, COUNT },
             { "wanted_by", true, COUNT });
SHAPE_OBJECT(receipt, { "student", true, TEXT }, { "regret", true, COUNT }, { "wishes", true, SHAPE_LIST(0, &wish) });

/* A run [monday, calendar weeks, price] is looked into by the reader of prices. */
#define RUNS SHAPE_LIST(0, SHAPE_LIST(0, &any))
#define CELLS SHAPE_TABLE(RUNS)
SHAPE_OBJECT(price_quota, { "department", true, TEXT }, { "index", true, SHAPE_INT(0, INT32_MAX) }, { "runs", true, RUNS });
SHAPE_OBJECT(price_shared, { "index", true, SHAPE_INT(0, INT32_MAX) }, { "runs", true, RUNS });
SHAPE_OBJECT(price_apart, { "index", true, SHAPE_INT(0, INT32_MAX) }, { "cells", true, CELLS });
SHAPE_OBJECT(price_tie, { "index", true, SHAPE_INT(0, INT32_MAX) }, { "student", true, TEXT }, { "rotation", true, TEXT },
             { "department", true, TEXT }, { "from", true, MONDAY }, { "price", true, ANY_INT });
SHAPE_OBJECT(leaf, { "scale", true, COUNT }, { "given", false, SHAPE_TABLE(COUNT) }, { "seat", false, CELLS }, { "floor", false, CELLS },
             { "minimum", false, CELLS }, { "even", false, CELLS }, { "quota", false, SHAPE_LIST(0, &price_quota) },
             { "shared", false, SHAPE_LIST(0, &price_shared) }, { "apart", false, SHAPE_LIST(0, &price_apart) },
             { "tie", false, SHAPE_LIST(0, &price_tie) }, { "worst", false, SHAPE_TABLE(ANY_INT) });

SHAPE_OBJECT(split_rotation, { "student", true, TEXT }, { "rotation", true, TEXT }, { "department", false, TEXT }, { "from", false, MONDAY });
SHAPE_OBJECT(split_week, { "student", true, TEXT }, { "department", true, TEXT }, { "week", true, MONDAY });
SHAPE_OBJECT(split_load, { "load", true, TEXT }, { "week", true, MONDAY }, { "at_most", true, SHAPE_INT(0, INT32_MAX - 1) });
SHAPE_OBJECT(split_largest, { "largest", true, TEXT }, { "at_most", true, SHAPE_INT(0, INT32_MAX - 1) });
SHAPE_OBJECT(split_smallest, { "smallest", true, TEXT }, { "at_least", true, SHAPE_INT(0, INT32_MAX - 1) });
SHAPE_OBJECT(split_worst, { "worst", true, SHAPE_INT(-(INT64_C(1) << 40), INT64_C(1) << 40) });

static const struct check_shape *split_of(const struct json *v)
{
    static const struct {
        const char *key;
        const struct check_shape *is;
    } table[] = { { "rotation", &split_rotation }, { "student", &split_week },    { "load", &split_load },
                  { "largest", &split_largest },   { "smallest", &split_smallest }, { "worst", &split_worst } };
    for (size_t i = 0; v->type == JSON_OBJECT && i < LEN(table); i++)
        if (json_get(v, table[i].key) != NULL)
            return table[i].is;
    return NULL;
}
static const struct check_shape split = { .kind = KIND_EITHER, .choose = split_of, .allowed = "a split" };

static const struct check_shape *node_of(const struct json *v);
static const struct check_shape node = { .kind = KIND_EITHER, .choose = node_of, .allowed = "object" };
SHAPE_OBJECT(branch, { "split", true, &split }, { "yes", true, &node }, { "no", true, &node });
static const struct check_shape *node_of(const struct json *v)
{
    if (v->type != JSON_OBJECT)
        return NULL;
    return json_get(v, "split") != NULL ? &branch : &leaf;
}

SHAPE_OBJECT(certificate_level, { "level", true, TEXT }, { "bound", true, ANY_INT }, { "proof", true, &node });
SHAPE_OBJECT(certificate, { "format", true, TEXT }, { "merged", false, SHAPE_LIST(0, SHAPE_INT(0, INT32_MAX)) },
             { "levels", true, SHAPE_LIST(0, &certificate_level) });

SHAPE_OBJECT(fact, { "kind", true, TEXT }, { "at", true, TEXT }, { "id", false, TEXT }, { "clause", false, TEXT },
             { "because", false, TEXT }, { "programme", false, TEXT }, { "rotation", false, TEXT }, { "choice", false, TEXT },
             { "department", false, TEXT }, { "from", false, MONDAY }, { "weeks", false, SHAPE_INT(1, INT32_MAX) },
             { "index", false, SHAPE_INT(0, INT32_MAX) }, { "monday", false, MONDAY }, { "student", false, TEXT },
             { "students", false, SHAPE_LIST(0, TEXT) });
static const struct check_shape placements = { KIND_LIST, 0, 0, &placement, NULL, 0, NULL, NULL };
static const struct check_shape *plan_or_null(const struct json *v)
{
    return v->type == JSON_NULL ? &anything : &placements;
}
static const struct check_shape witness = { .kind = KIND_EITHER, .choose = plan_or_null, .allowed = "list, null" };
SHAPE_OBJECT(conflict, { "cause", true, TEXT }, { "facts", true, SHAPE_LIST(0, &fact) }, { "proof", true, &node },
             { "needed", true, SHAPE_LIST(0, &witness) }, { "minimal", true, BOOL });

SHAPE_OBJECT(operation, { "op", true, TEXT }, { "path", true, TEXT }, { "value", false, &any });
SHAPE_OBJECT(repair, { "change", true, SHAPE_LIST(1, &operation) }, { "cost", true, COUNT }, { "conflict", true, SHAPE_INT(0, INT32_MAX) },
             { "status", true, TEXT }, { "levels", true, SHAPE_LIST(0, &level) }, { "placements", true, &placements },
             { "problem", false, TEXT });

static const struct check_field plan_fields[] = {
    { "format", true, TEXT },
    { "problem", true, TEXT },
    { "status", true, TEXT },
    { "seed", true, COUNT },
    { "work", true, &work },
    { "levels", true, SHAPE_LIST(0, &level) },
    { "placements", true, &placements },
    { "receipts", true, SHAPE_LIST(0, &receipt) },
    { "told", false, SHAPE_LIST(0, TEXT) },
    { "certificate", false, &certificate },
    { "conflicts", false, SHAPE_LIST(0, &conflict) },
    { "more", false, BOOL },
    { "repairs", false, SHAPE_LIST(0, &repair) },
};
const struct check_shape check_shape_plan = { .kind = KIND_OBJECT, .field = plan_fields, .fields = LEN(plan_fields) };
