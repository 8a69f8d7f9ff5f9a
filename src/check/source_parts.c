/* Reading departments, programmes, shared quotas and levels of a problem. See source.h. */
#include "check/source.h"

static int32_t small(const struct json *object, const char *key, int32_t missing)
{
    int64_t v = check_int(object, key, missing);
    return v >= 0 && v <= INT32_MAX ? (int32_t)v : missing;
}

static const struct limit *read_limits(struct reading *r, const struct json *object, int *n)
{
    static const char *const names[] = { [CHECK_BECAUSE_SEATS] = "seats", [CHECK_BECAUSE_PRECEPTORS] = "preceptors", [CHECK_BECAUSE_CLAUSE] = "clause" };
    const struct json *c = check_list(object, "limits", n);
    struct limit *limit = ARENA_ARRAY(r->a, (size_t)*n, struct limit);
    for (int i = 0; c != NULL; c = c->next, i++) {
        limit[i] = (struct limit){ c, CHECK_BECAUSE_NONE, small(c, "capacity", 0) };
        for (size_t k = CHECK_BECAUSE_SEATS; k < LEN(names); k++)
            if (str_is(check_text(c, "because"), names[k]))
                limit[i].because = (enum check_because)k;
        const struct json *because = json_get(c, "because");
        if (limit[i].because == CHECK_BECAUSE_NONE && because != NULL && because->type == JSON_TEXT)
            check_note_text(r->n, CHECK_value, because, NULL, "seats preceptors clause");
    }
    return limit;
}

static void read_exceptions(struct reading *r, const struct json *at, struct department *d)
{
    const struct json *c = check_list(at, "exceptions", &d->exceptions);
    d->exception = ARENA_ARRAY(r->a, (size_t)d->exceptions, struct exception);
    for (struct exception *x = d->exception; c != NULL; c = c->next, x++) {
        *x = (struct exception){ .at = c, .from = check_week(r->s, json_get(c, "from")), .weeks = small(c, "weeks", 1),
                                 .capacity = small(c, "capacity", NONE), .minimum = small(c, "minimum", NONE),
                                 .has_limits = json_get(c, "limits") != NULL };
        x->limit = read_limits(r, c, &x->limits);
    }
}

static void read_quota(struct reading *r, const struct json *at, struct quota *q)
{
    const struct json *group = json_get(at, "group"), *other = json_get(at, "not");
    *q = (struct quota){ .at = at, .group = NONE, .capacity = small(at, "capacity", 0), .from = 0, .weeks = r->s->weeks };
    if (group != NULL && other != NULL)
        check_note_text(r->n, CHECK_value, other, "group, not", "group | not");
    q->is_not = group == NULL && other != NULL;
    if (group != NULL || other != NULL)
        q->group = check_read_group(r, group != NULL ? group : other);
}

static const int *read_names(struct reading *r, const struct json *list, int *n)
{
    *n = 0;
    if (list == NULL || list->type != JSON_LIST)
        return NULL;
    int *out = ARENA_ARRAY(r->a, list->n, int);
    for (const struct json *c = list->child; c != NULL; c = c->next) {
        int d = check_read_name(r, &r->s->department_of, c, "department");
        bool doubled = false;
        for (int i = 0; i < *n; i++)
            doubled = doubled || out[i] == d;
        if (doubled)
            check_note_text(r->n, CHECK_duplicate, c, NULL, "");
        else if (d != NONE)
            out[(*n)++] = d;
    }
    return out;
}

void check_read_departments(struct reading *r, const struct json *root)
{
    struct source *s = r->s;
    const struct json *c = check_list(root, "departments", &s->departments);
    s->department = ARENA_ARRAY(r->a, (size_t)s->departments, struct department);
    for (int i = 0; c != NULL; c = c->next, i++) {
        struct department *d = &s->department[i];
        *d = (struct department){ .at = c, .id = check_text(c, "id"), .capacity = small(c, "capacity", 0), .minimum = small(c, "minimum", 0) };
        if (!map_put(&s->department_of, d->id, i) && json_get(c, "id") != NULL)
            check_note_text(r->n, CHECK_duplicate, json_get(c, "id"), NULL, "");
        const struct json *site = json_get(c, "site");
        d->site = site != NULL ? check_read_name(r, &s->site_of, site, "site") : s->sites++;
        d->limit = read_limits(r, c, &d->limits);
        read_exceptions(r, c, d);
        const struct json *q = check_list(c, "quotas", &d->quotas);
        d->quota = ARENA_ARRAY(r->a, (size_t)d->quotas, struct quota);
        for (int k = 0; q != NULL; q = q->next, k++) {
            read_quota(r, q, &d->quota[k]);
            if (q->type == JSON_OBJECT && json_get(q, "group") == NULL && json_get(q, "not") == NULL)
                check_note_text(r->n, CHECK_missing_key, q, "group", "group | not");
            int *own = ARENA_NEW(r->a, int);
            *own = i;
            d->quota[k].department = own;
            d->quota[k].departments = 1;
        }
    }
}

void check_read_shared(struct reading *r, const struct json *root)
{
    struct source *s = r->s;
    const struct json *c = check_list(root, "shared_quotas", &s->shareds);
    s->shared = ARENA_ARRAY(r->a, (size_t)s->shareds, struct quota);
    for (int i = 0; c != NULL; c = c->next, i++) {
        struct quota *q = &s->shared[i];
        read_quota(r, c, q);
        q->department = read_names(r, json_get(c, "departments"), &q->departments);
        int32_t from = check_week(s, json_get(c, "from"));
        q->from = from != WEEK_NONE ? from : 0;
        q->weeks = check_int(c, "weeks", (int64_t)s->weeks - MIN(q->from, 0)); /* without it: to the end of the horizon */
    }
}

static void read_rotations(struct reading *r, const struct json *at, struct programme *g)
{
    const struct json *c = check_list(at, "rotations", &g->rotations);
    if (g->rotations > ROTATIONS_MOST) {
        check_note_text(r->n, CHECK_range, json_get(at, "rotations"), arena_printf(r->a, "%d", g->rotations).p, "0..64");
        g->rotations = ROTATIONS_MOST;
    }
    g->rotation = ARENA_ARRAY(r->a, (size_t)g->rotations, struct rotation);
    for (int i = 0; c != NULL && i < g->rotations; c = c->next, i++) {
        struct rotation *q = &g->rotation[i];
        *q = (struct rotation){ .at = c, .id = check_text(c, "id"), .weeks = MAX(small(c, "weeks", 1), 1), .choice = NONE,
                                .earliest = check_week(r->s, json_get(c, "earliest")),
                                .latest_end = check_week(r->s, json_get(c, "latest_end")) };
        for (int j = 0; j < i; j++)
            if (str_eq(g->rotation[j].id, q->id) && json_get(c, "id") != NULL)
                check_note_text(r->n, CHECK_duplicate, json_get(c, "id"), NULL, "");
        q->department = read_names(r, json_get(c, "departments"), &q->departments);
    }
}

static void read_choices(struct reading *r, const struct json *at, struct programme *g)
{
    const struct json *c = check_list(at, "choices", &g->choices);
    g->choice = ARENA_ARRAY(r->a, (size_t)g->choices, struct choice);
    for (int i = 0; c != NULL; c = c->next, i++) {
        struct choice *h = &g->choice[i];
        *h = (struct choice){ .at = c, .id = check_text(c, "id"), .pick = small(c, "pick", 0) };
        for (int j = 0; j < i; j++)
            if (str_eq(g->choice[j].id, h->id) && json_get(c, "id") != NULL)
                check_note_text(r->n, CHECK_duplicate, json_get(c, "id"), NULL, "");
        int n;
        for (const struct json *o = check_list(c, "of", &n); o != NULL; o = o->next) {
            int k = check_read_rotation(r, g, o);
            if (k == NONE)
                continue;
            if (g->rotation[k].choice != NONE)
                check_note_text(r->n, CHECK_duplicate, o, NULL, "");
            g->rotation[k].choice = i;
            h->of |= UINT64_C(1) << k;
        }
        const struct json *pick = json_get(c, "pick");
        if (pick != NULL && pick->type == JSON_INT && pick->number > n)
            check_note_text(r->n, CHECK_range, pick, NULL, arena_printf(r->a, "0..%d", n).p);
    }
}

static void read_orders(struct reading *r, const struct json *at, struct programme *g)
{
    const struct json *c = check_list(at, "orders", &g->orders);
    g->order = ARENA_ARRAY(r->a, (size_t)g->orders, struct order);
    for (int i = 0; c != NULL; c = c->next, i++) {
        struct order *o = &g->order[i];
        *o = (struct order){ c, false, check_read_rotation(r, g, json_get(c, "before")), check_read_rotation(r, g, json_get(c, "after")),
                             small(c, "min_gap", 0), small(c, "max_gap", NONE), check_bool(c, "requires", true) };
        if (o->before != NONE && o->before == o->after)
            check_note_text(r->n, CHECK_value, json_get(c, "after"), NULL, "before != after");
        if (o->max_gap != NONE && o->max_gap < o->min_gap)
            check_note_text(r->n, CHECK_range, json_get(c, "max_gap"), NULL, arena_printf(r->a, "%d..", o->min_gap).p);
    }
}

void check_read_programmes(struct reading *r, const struct json *root)
{
    struct source *s = r->s;
    const struct json *c = check_list(root, "programmes", &s->programmes);
    s->programme = ARENA_ARRAY(r->a, (size_t)s->programmes, struct programme);
    for (int i = 0; c != NULL; c = c->next, i++) {
        struct programme *g = &s->programme[i];
        g->at = c;
        g->id = check_text(c, "id");
        if (!map_put(&s->programme_of, g->id, i) && json_get(c, "id") != NULL)
            check_note_text(r->n, CHECK_duplicate, json_get(c, "id"), NULL, "");
        read_rotations(r, c, g);
        read_choices(r, c, g);
        read_orders(r, c, g);
        g->max_consecutive = small(c, "max_consecutive", NONE);
        g->site_limit = small(c, "site_limit", NONE);
        struct str weeks = check_text(c, "free_weeks");
        g->free_weeks_forbidden = str_is(weeks, "forbidden");
        const struct json *said = json_get(c, "free_weeks");
        if (said != NULL && said->type == JSON_TEXT && !g->free_weeks_forbidden && !str_is(weeks, "allowed"))
            check_note_text(r->n, CHECK_value, said, NULL, "allowed forbidden");
    }
}

static int measure_of(struct str name)
{
    for (int m = 0; m < MEASURES; m++)
        if (str_is(name, check_measure_names[m]))
            return m;
    return NONE;
}

static void add_plain(struct source *s, int m)
{
    struct level *v = &s->level[s->levels++];
    *v = (struct level){ .name = str_of(check_measure_names[m]), .plain = m };
    v->weight[m] = 1;
}

static void default_levels(struct reading *r)
{
    struct source *s = r->s;
    bool minimum = false, wish = false;
    for (int d = 0; d < s->departments; d++) {
        minimum = minimum || s->department[d].minimum > 0;
        for (int x = 0; x < s->department[d].exceptions; x++)
            minimum = minimum || s->department[d].exception[x].minimum > 0;
    }
    for (int i = 0; i < s->students; i++) {
        const struct student *t = &s->student[i];
        wish = wish || t->wishes > 0 || t->dislike_travel > 0 || t->dislike_waiting > 0 || t->burden > 0;
    }
    s->level = ARENA_ARRAY(r->a, MEASURES, struct level);
    const bool wanted[MEASURES] = { [UNPLACED] = s->allow_unplaced, [CHANGES] = s->has_base, [UNDERSTAFFED] = minimum,
                                    [WORST] = wish, [REGRET] = wish, [TRAVEL] = s->sites_written >= 2 };
    for (int m = 0; m < MEASURES; m++)
        if (wanted[m])
            add_plain(s, m);
}

static void read_weighted(struct reading *r, const struct json *c)
{
    struct source *s = r->s;
    struct level *v = &s->level[s->levels++];
    *v = (struct level){ .name = check_text(c, "name"), .plain = NONE };
    if (measure_of(v->name) != NONE)
        check_note_text(r->n, CHECK_value, json_get(c, "name"), NULL, "");
    const struct json *weights = json_get(c, "weights");
    if (weights == NULL || weights->type != JSON_OBJECT)
        return;
    for (const struct json *w = weights->child; w != NULL; w = w->next) {
        int m = measure_of(w->key);
        if (m == NONE)
            check_note_text(r->n, CHECK_unknown_key, w, arena_copy(r->a, w->key.p, w->key.n),
                            "unplaced changes understaffed worst regret travel smooth waiting");
        else if (w->type == JSON_INT && w->number >= 0)
            v->weight[m] = w->number;
    }
}

void check_read_levels(struct reading *r, const struct json *root)
{
    struct source *s = r->s;
    int n;
    const struct json *c = check_list(root, "levels", &n);
    if (json_get(root, "levels") == NULL) {
        default_levels(r);
        return;
    }
    s->level = ARENA_ARRAY(r->a, (size_t)n, struct level);
    for (; c != NULL; c = c->next) {
        int m = c->type == JSON_TEXT ? measure_of(c->text) : NONE;
        if (c->type == JSON_TEXT && m == NONE)
            check_note_text(r->n, CHECK_unknown_name, c, NULL, "unplaced changes understaffed worst regret travel smooth waiting");
        if (m != NONE)
            add_plain(s, m);
        else if (c->type == JSON_OBJECT)
            read_weighted(r, c);
        else
            continue;
        for (int i = 0; i + 1 < s->levels; i++)
            if (str_eq(s->level[i].name, s->level[s->levels - 1].name))
                check_note_text(r->n, CHECK_duplicate, c, NULL, "");
    }
}
