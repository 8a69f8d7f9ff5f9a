/* Loading a problem: JSON, shape, then the parts in the order in which they name each other. Here are the parts that
 * all others use (weeks, names, lists) and the order of the whole. */
#include "planner/load.h"

int planner_load_int(const struct json *object, const char *key, int missing)
{
    const struct json *v = json_get(object, key);
    bool fits = v != NULL && v->type == JSON_INT && v->number >= 0 && v->number <= PLANNER_NUMBER_MOST;
    return fits ? (int)v->number : missing;
}

bool planner_load_bool(const struct json *object, const char *key, bool missing)
{
    const struct json *v = json_get(object, key);
    return v != NULL && v->type == JSON_BOOL ? v->is_true : missing;
}

struct str planner_load_text(const struct json *object, const char *key)
{
    const struct json *v = json_get(object, key);
    return v != NULL && v->type == JSON_TEXT ? v->text : STR("");
}

const struct json *planner_load_list(const struct json *object, const char *key, int *n)
{
    const struct json *v = json_get(object, key);
    bool fits = v != NULL && v->type == JSON_LIST;
    *n = fits ? (int)v->n : 0;
    return fits ? v->child : NULL;
}

static int week_of(const struct planner_load *l, const struct json *v)
{
    date d;
    if (v == NULL || v->type != JSON_TEXT || !date_parse(v->text, &d) || date_weekday(d) != 0)
        return PLANNER_WEEK_NONE;
    return (d - l->problem->first) / 7;
}

int planner_load_week(const struct planner_load *l, const struct json *object, const char *key)
{
    return week_of(l, json_get(object, key));
}

int planner_load_name(struct planner_load *l, const struct map *names, const struct json *text, const char *allowed)
{
    if (text == NULL || text->type != JSON_TEXT)
        return -1;
    int64_t i = map_get(names, text->text, -1);
    if (i < 0)
        planner_fault(l->errors, text, INTERNPLAN_FAULT_UNKNOWN_NAME, text->text, allowed);
    return (int)i;
}

int planner_load_rotation(struct planner_load *l, const struct planner_programme *p, const struct json *text)
{
    if (text == NULL || text->type != JSON_TEXT)
        return -1;
    for (int i = 0; i < p->rotation_count; i++)
        if (str_eq(p->rotation[i].id, text->text))
            return i;
    planner_fault(l->errors, text, INTERNPLAN_FAULT_UNKNOWN_NAME, text->text, "a rotation of the programme");
    return -1;
}

int planner_load_group(struct planner_load *l, const struct json *text)
{
    if (text == NULL || text->type != JSON_TEXT)
        return -1;
    if (map_put(&l->groups, text->text, l->problem->group_count))
        l->problem->group_count++;
    return (int)map_get(&l->groups, text->text, -1);
}

int planner_load_departments(struct planner_load *l, const struct json *list, int **out)
{
    *out = NULL;
    if (list == NULL || list->type != JSON_LIST)
        return 0;
    int n = 0;
    *out = ARENA_ARRAY(l->arena, list->n, int);
    for (const struct json *c = list->child; c != NULL; c = c->next) {
        int d = planner_load_name(l, &l->departments, c, "a department");
        bool doubled = false;
        for (int i = 0; i < n; i++)
            doubled = doubled || (*out)[i] == d;
        if (doubled)
            planner_fault(l->errors, c, INTERNPLAN_FAULT_DUPLICATE, c->text, "each department once");
        else if (d >= 0)
            (*out)[n++] = d;
    }
    return n;
}

void planner_load_quota(struct planner_load *l, const struct json *at, struct planner_quota *q)
{
    const struct json *group = json_get(at, "group"), *other = json_get(at, "not");
    q->at = at;
    q->capacity = planner_load_int(at, "capacity", 0);
    q->weeks = l->problem->weeks;
    if (group != NULL && other != NULL)
        planner_fault(l->errors, other, INTERNPLAN_FAULT_VALUE, STR("group, not"), "group or not, one of them");
    q->is_not = group == NULL && other != NULL;
    q->all = group == NULL && other == NULL;
    q->group = q->all ? -1 : planner_load_group(l, group != NULL ? group : other);
}

static void load_weeks(struct planner_load *l, const struct json *root)
{
    struct planner_problem *p = l->problem;
    const struct json *w = json_get(root, "weeks");
    p->weeks = 1;
    p->span_closed = true;
    if (w != NULL && w->type == JSON_OBJECT) {
        struct str first = planner_load_text(w, "first");
        if (!date_parse(first, &p->first))
            p->first = 4; /* a Monday; the fault was noted */
        p->weeks = planner_load_int(w, "count", 1);
        p->span_closed = planner_load_bool(w, "span_closed", true);
        bool too_many = p->weeks > PLANNER_WEEKS_MOST;
        if (too_many || (int64_t)p->first + 7 * (int64_t)p->weeks > DATE_MOST) {
            planner_fault(l->errors, json_get(w, "count"), INTERNPLAN_FAULT_RANGE, (struct str){ NULL, 0 },
                          too_many ? arena_printf(l->arena, "1..%d", PLANNER_WEEKS_MOST).p : "weeks that end before the year 9999");
            p->weeks = 1;
        }
    }
    p->weeks = MAX(p->weeks, 1);
    p->closed = ARENA_ARRAY(l->arena, (size_t)p->weeks, bool);
    int n;
    const struct json *c = w != NULL ? planner_load_list(w, "closed", &n) : NULL;
    for (; c != NULL; c = c->next) {
        int at = week_of(l, c);
        if (at >= 0 && at < p->weeks && p->closed[at])
            planner_fault(l->errors, c, INTERNPLAN_FAULT_DUPLICATE, c->text, "each closed week once");
        if (at >= 0 && at < p->weeks)
            p->closed[at] = true;
    }
}

static void load_sites(struct planner_load *l, const struct json *root)
{
    int n;
    for (const struct json *c = planner_load_list(root, "sites", &n); c != NULL; c = c->next) {
        if (!map_put(&l->sites, planner_load_text(c, "id"), l->problem->site_count))
            planner_fault(l->errors, json_get(c, "id"), INTERNPLAN_FAULT_DUPLICATE, planner_load_text(c, "id"),
                          "an id of its own");
        l->problem->site_count++;
    }
    l->problem->sites_written = l->problem->site_count;
}

/* JSON faults become the only error of the file. */
static void note_json_fault(struct planner_errors *e, const struct json_error *j)
{
    static const enum internplan_fault code[] = { [JSON_FAULT_SYNTAX] = INTERNPLAN_FAULT_SYNTAX,
                                                  [JSON_FAULT_UTF8] = INTERNPLAN_FAULT_UTF8,
                                                  [JSON_FAULT_DOUBLED] = INTERNPLAN_FAULT_DOUBLED_KEY,
                                                  [JSON_FAULT_DEPTH] = INTERNPLAN_FAULT_DEPTH };
    struct str at = arena_printf(e->arena, "%lld:%lld", (long long)j->line, (long long)j->column);
    e->item[e->total++] = (struct internplan_error){ .path = arena_copy(e->arena, j->path.p, j->path.n),
                                                     .code = code[j->fault],
                                                     .found = at.p,
                                                     .allowed = j->expected != NULL ? j->expected : "" };
}

struct planner_problem *planner_load(struct arena *a, struct str json, struct planner_errors *errors)
{
    struct json_error je;
    assert(errors->arena == a && errors->total == 0);
    const struct json *root = json_read(a, json, &je);
    if (root == NULL) {
        if (je.fault == JSON_FAULT_MEMORY)
            a->full(a->full_ctx);
        note_json_fault(errors, &je);
        return NULL;
    }
    planner_load_shape(errors, root);
    if (root->type != JSON_OBJECT)
        return NULL;
    struct planner_load l = { .arena = a, .errors = errors, .problem = ARENA_NEW(a, struct planner_problem) };
    struct map *maps[] = { &l.sites, &l.departments, &l.programmes, &l.students, &l.groups };
    for (size_t i = 0; i < LEN(maps); i++)
        *maps[i] = map_make(a, 0x9E3779B97F4A7C15u + i);
    l.problem->at = root;
    load_weeks(&l, root);
    load_sites(&l, root);
    planner_load_departments_all(&l, root);
    planner_load_programmes(&l, root);
    planner_load_students(&l, root);
    planner_load_pairs(&l, root);
    planner_load_base(&l, root);
    planner_load_shared(&l, root);
    l.problem->allow_unplaced = planner_load_bool(root, "allow_unplaced", false);
    planner_load_levels(&l, root);
    if (errors->total == 0)
        planner_load_check(&l);
    return errors->total == 0 ? l.problem : NULL;
}
