/* Loading departments, programmes, shared quotas and levels: from JSON to indices. */
#include "planner/load.h"

static const char *const because_names[] = { "seats", "preceptors", "clause" };

static int load_limits(struct planner_load *l, const struct json *at, struct planner_limit **out)
{
    int n;
    const struct json *c = planner_load_list(at, "limits", &n);
    *out = ARENA_ARRAY(l->arena, (size_t)n, struct planner_limit);
    for (int i = 0; c != NULL; c = c->next, i++) {
        size_t b = 0;
        while (b < LEN(because_names) && !str_is(planner_load_text(c, "because"), because_names[b]))
            b++;
        if (b == LEN(because_names) && json_get(c, "because") != NULL)
            planner_fault(l->errors, json_get(c, "because"), INTERNPLAN_FAULT_VALUE, (struct str){ NULL, 0 },
                          "seats preceptors clause");
        (*out)[i] = (struct planner_limit){ (enum planner_because)(b % LEN(because_names)),
                                            planner_load_int(c, "capacity", 0) };
    }
    return n;
}

static void load_exceptions(struct planner_load *l, const struct json *at, struct planner_department *d)
{
    const struct json *c = planner_load_list(at, "exceptions", &d->exception_count);
    d->exception = ARENA_ARRAY(l->arena, (size_t)d->exception_count, struct planner_exception);
    for (int i = 0; c != NULL; c = c->next, i++) {
        struct planner_exception *x = &d->exception[i];
        x->at = c;
        x->from = planner_load_week(l, c, "from");
        x->weeks = planner_load_int(c, "weeks", 1);
        x->capacity = planner_load_int(c, "capacity", -1);
        x->minimum = planner_load_int(c, "minimum", -1);
        x->has_limits = json_get(c, "limits") != NULL;
        x->limit_count = load_limits(l, c, &x->limit);
    }
}

static void load_department(struct planner_load *l, const struct json *c, int i)
{
    struct planner_problem *p = l->problem;
    struct planner_department *d = &p->department[i];
    d->at = c;
    d->id = planner_load_text(c, "id");
    if (!map_put(&l->departments, d->id, i) && json_get(c, "id") != NULL)
        planner_fault(l->errors, json_get(c, "id"), INTERNPLAN_FAULT_DUPLICATE, d->id, "an id of its own");
    const struct json *site = json_get(c, "site");
    d->site = site != NULL ? planner_load_name(l, &l->sites, site, "a site") : p->site_count++;
    d->capacity = planner_load_int(c, "capacity", 0);
    d->minimum = planner_load_int(c, "minimum", 0);
    d->limit_count = load_limits(l, c, &d->limit);
    load_exceptions(l, c, d);
    const struct json *q = planner_load_list(c, "quotas", &d->quota_count);
    d->quota = ARENA_ARRAY(l->arena, (size_t)d->quota_count, struct planner_quota);
    for (int n = 0; q != NULL; q = q->next, n++) {
        planner_load_quota(l, q, &d->quota[n]);
        if (d->quota[n].all && q->type == JSON_OBJECT)
            planner_fault(l->errors, q, INTERNPLAN_FAULT_MISSING_KEY, STR("group"), "group or not, one of them");
        d->quota[n].department_count = 1;
        d->quota[n].department = ARENA_NEW(l->arena, int);
        *d->quota[n].department = i;
    }
}

void planner_load_departments_all(struct planner_load *l, const struct json *root)
{
    struct planner_problem *p = l->problem;
    const struct json *c = planner_load_list(root, "departments", &p->department_count);
    p->department = ARENA_ARRAY(l->arena, (size_t)p->department_count, struct planner_department);
    for (int i = 0; c != NULL; c = c->next, i++)
        load_department(l, c, i);
}

static void load_rotations(struct planner_load *l, const struct json *at, struct planner_programme *p)
{
    const struct json *c = planner_load_list(at, "rotations", &p->rotation_count);
    if (p->rotation_count > PLANNER_ROTATIONS_MOST) {
        planner_fault(l->errors, json_get(at, "rotations"), INTERNPLAN_FAULT_RANGE, STR("more"),
                      "at most 64 rotations");
        p->rotation_count = PLANNER_ROTATIONS_MOST;
    }
    p->rotation = ARENA_ARRAY(l->arena, (size_t)p->rotation_count, struct planner_rotation);
    for (int i = 0; c != NULL && i < p->rotation_count; c = c->next, i++) {
        struct planner_rotation *r = &p->rotation[i];
        r->at = c;
        r->id = planner_load_text(c, "id");
        for (int j = 0; j < i; j++)
            if (str_eq(p->rotation[j].id, r->id) && json_get(c, "id") != NULL)
                planner_fault(l->errors, json_get(c, "id"), INTERNPLAN_FAULT_DUPLICATE, r->id, "an id of its own");
        r->department_count = planner_load_departments(l, json_get(c, "departments"), &r->department);
        r->weeks = MAX(planner_load_int(c, "weeks", 1), 1);
        r->earliest = planner_load_week(l, c, "earliest");
        r->latest_end = planner_load_week(l, c, "latest_end");
        r->choice = -1;
    }
}

static void load_choices(struct planner_load *l, const struct json *at, struct planner_programme *p)
{
    const struct json *c = planner_load_list(at, "choices", &p->choice_count);
    p->choice = ARENA_ARRAY(l->arena, (size_t)p->choice_count, struct planner_choice);
    for (int i = 0; c != NULL; c = c->next, i++) {
        struct planner_choice *ch = &p->choice[i];
        ch->at = c;
        ch->id = planner_load_text(c, "id");
        for (int j = 0; j < i; j++)
            if (str_eq(p->choice[j].id, ch->id))
                planner_fault(l->errors, json_get(c, "id"), INTERNPLAN_FAULT_DUPLICATE, ch->id, "an id of its own");
        int n;
        for (const struct json *o = planner_load_list(c, "of", &n); o != NULL; o = o->next) {
            int r = planner_load_rotation(l, p, o);
            if (r < 0)
                continue;
            if (p->rotation[r].choice >= 0)
                planner_fault(l->errors, o, INTERNPLAN_FAULT_DUPLICATE, o->text,
                              "a rotation stands in at most one choice");
            p->rotation[r].choice = i;
            ch->of |= UINT64_C(1) << r;
        }
        ch->pick = planner_load_int(c, "pick", 0);
        if (json_get(c, "pick") != NULL && ch->pick > n)
            planner_fault(l->errors, json_get(c, "pick"), INTERNPLAN_FAULT_RANGE, (struct str){ NULL, 0 },
                          "at most as many as `of` has");
    }
}

static void load_orders(struct planner_load *l, const struct json *at, struct planner_programme *p)
{
    const struct json *c = planner_load_list(at, "orders", &p->order_count);
    p->order = ARENA_ARRAY(l->arena, (size_t)p->order_count, struct planner_order);
    for (int i = 0; c != NULL; c = c->next, i++) {
        struct planner_order *o = &p->order[i];
        o->at = c;
        o->before = planner_load_rotation(l, p, json_get(c, "before"));
        o->after = planner_load_rotation(l, p, json_get(c, "after"));
        o->min_gap = planner_load_int(c, "min_gap", 0);
        o->max_gap = planner_load_int(c, "max_gap", -1);
        o->requires = planner_load_bool(c, "requires", true);
        if (o->before >= 0 && o->before == o->after)
            planner_fault(l->errors, json_get(c, "after"), INTERNPLAN_FAULT_VALUE, (struct str){ NULL, 0 },
                          "another rotation than before");
        if (o->max_gap >= 0 && o->max_gap < o->min_gap)
            planner_fault(l->errors, json_get(c, "max_gap"), INTERNPLAN_FAULT_RANGE, (struct str){ NULL, 0 },
                          "at least min_gap");
    }
}

void planner_load_programmes(struct planner_load *l, const struct json *root)
{
    struct planner_problem *p = l->problem;
    const struct json *c = planner_load_list(root, "programmes", &p->programme_count);
    p->programme = ARENA_ARRAY(l->arena, (size_t)p->programme_count, struct planner_programme);
    for (int i = 0; c != NULL; c = c->next, i++) {
        struct planner_programme *g = &p->programme[i];
        g->at = c;
        g->id = planner_load_text(c, "id");
        if (!map_put(&l->programmes, g->id, i) && json_get(c, "id") != NULL)
            planner_fault(l->errors, json_get(c, "id"), INTERNPLAN_FAULT_DUPLICATE, g->id, "an id of its own");
        load_rotations(l, c, g);
        load_choices(l, c, g);
        load_orders(l, c, g);
        g->max_consecutive = planner_load_int(c, "max_consecutive", 0);
        g->site_limit = planner_load_int(c, "site_limit", -1);
        struct str free_weeks = planner_load_text(c, "free_weeks");
        g->free_weeks_forbidden = str_is(free_weeks, "forbidden");
        if (free_weeks.n > 0 && !g->free_weeks_forbidden && !str_is(free_weeks, "allowed"))
            planner_fault(l->errors, json_get(c, "free_weeks"), INTERNPLAN_FAULT_VALUE, free_weeks,
                          "allowed forbidden");
    }
}

void planner_load_shared(struct planner_load *l, const struct json *root)
{
    struct planner_problem *p = l->problem;
    const struct json *c = planner_load_list(root, "shared_quotas", &p->shared_count);
    p->shared = ARENA_ARRAY(l->arena, (size_t)p->shared_count, struct planner_quota);
    for (int i = 0; c != NULL; c = c->next, i++) {
        struct planner_quota *q = &p->shared[i];
        planner_load_quota(l, c, q);
        q->department_count = planner_load_departments(l, json_get(c, "departments"), &q->department);
        int from = planner_load_week(l, c, "from");
        q->from = from != PLANNER_WEEK_NONE ? from : 0;
        q->weeks = planner_load_int(c, "weeks", p->weeks);
    }
}

static int measure_of(struct str name)
{
    for (int m = 0; m < PLANNER_MEASURES; m++)
        if (str_is(name, planner_measure_names[m]))
            return m;
    return -1;
}

static void level_add(struct planner_problem *p, enum planner_measure m)
{
    struct planner_level *v = &p->level[p->level_count++];
    *v = (struct planner_level){ .name = str_of(planner_measure_names[m]), .plain = (int)m };
    v->weight[m] = 1;
}

void planner_default_levels(struct arena *a, struct planner_problem *p)
{
    bool minimum = false, wish = false;
    for (int d = 0; d < p->department_count; d++) {
        minimum = minimum || p->department[d].minimum > 0;
        for (int x = 0; x < p->department[d].exception_count; x++)
            minimum = minimum || (!p->department[d].exception[x].off && p->department[d].exception[x].minimum > 0);
    }
    for (int s = 0; s < p->student_count; s++) {
        const struct planner_student *t = &p->student[s];
        wish = wish || t->wish_count > 0 || t->dislike_travel > 0 || t->dislike_waiting > 0 || t->burden > 0;
    }
    p->level = ARENA_ARRAY(a, PLANNER_MEASURES, struct planner_level);
    p->level_count = 0;
    const struct {
        enum planner_measure measure;
        bool wanted;
    } order[] = { { PLANNER_UNPLACED, p->allow_unplaced },
                  { PLANNER_CHANGES, p->has_base },
                  { PLANNER_UNDERSTAFFED, minimum },
                  { PLANNER_WORST, wish },
                  { PLANNER_REGRET, wish },
                  { PLANNER_TRAVEL, p->sites_written >= 2 } };
    for (size_t i = 0; i < LEN(order); i++)
        if (order[i].wanted)
            level_add(p, order[i].measure);
}

static void load_level(struct planner_load *l, const struct json *c)
{
    struct planner_problem *p = l->problem;
    if (c->type == JSON_TEXT) {
        int m = measure_of(c->text);
        if (m < 0)
            planner_fault(l->errors, c, INTERNPLAN_FAULT_UNKNOWN_NAME, c->text, "a measure");
        else
            level_add(p, (enum planner_measure)m);
        return;
    }
    struct planner_level *v = &p->level[p->level_count++];
    *v = (struct planner_level){ .name = planner_load_text(c, "name"), .plain = -1 };
    if (measure_of(v->name) >= 0)
        planner_fault(l->errors, json_get(c, "name"), INTERNPLAN_FAULT_VALUE, v->name, "a name that is no measure's");
    const struct json *weights = json_get(c, "weights");
    for (const struct json *w = weights != NULL ? weights->child : NULL; w != NULL; w = w->next) {
        int m = measure_of(w->key);
        if (m < 0)
            planner_fault(l->errors, w, INTERNPLAN_FAULT_UNKNOWN_KEY, w->key, "measures");
        else
            v->weight[m] = w->type == JSON_INT ? w->number : 0;
    }
}

void planner_load_levels(struct planner_load *l, const struct json *root)
{
    struct planner_problem *p = l->problem;
    int n;
    const struct json *c = planner_load_list(root, "levels", &n);
    p->says_levels = json_get(root, "levels") != NULL;
    if (!p->says_levels) {
        planner_default_levels(l->arena, p);
        return;
    }
    p->level = ARENA_ARRAY(l->arena, (size_t)n, struct planner_level);
    for (; c != NULL; c = c->next) {
        load_level(l, c);
        for (int i = 0; i + 1 < p->level_count; i++)
            if (str_eq(p->level[i].name, p->level[p->level_count - 1].name))
                planner_fault(l->errors, c, INTERNPLAN_FAULT_DUPLICATE, p->level[i].name, "each level once");
    }
}
