/* Reading students with what belongs to each, pairs and the base plan; faults that objects show by themselves. */
#include "check/source.h"

static void read_times(struct reading *r, const struct json *at, struct student *t)
{
    const struct json *c = check_list(at, "away", &t->aways);
    t->away = ARENA_ARRAY(r->a, (size_t)t->aways, struct away);
    for (int i = 0; c != NULL; c = c->next, i++)
        t->away[i] = (struct away){ c, false, check_week(r->s, json_get(c, "from")), check_int(c, "weeks", 1) };
    c = check_list(at, "enter", &t->enters);
    t->enter = ARENA_ARRAY(r->a, (size_t)t->enters, struct enter);
    for (int i = 0; c != NULL; c = c->next, i++) {
        bool all = str_is(check_text(c, "department"), "*");
        int d = all ? NONE : check_read_name(r, &r->s->department_of, json_get(c, "department"), "department, *");
        t->enter[i] = (struct enter){ c, false, d, check_week(r->s, json_get(c, "from")) };
    }
}

static void read_fixed(struct reading *r, const struct json *at, struct student *t, const struct programme *g)
{
    const struct json *c = check_list(at, "fixed", &t->fixeds);
    t->fixed = ARENA_ARRAY(r->a, (size_t)t->fixeds, struct fixed);
    for (int i = 0; c != NULL; c = c->next, i++)
        t->fixed[i] = (struct fixed){ c, false, check_read_rotation(r, g, json_get(c, "rotation")),
                                      check_read_name(r, &r->s->department_of, json_get(c, "department"), "department"),
                                      check_week(r->s, json_get(c, "from")) };
}

static void read_ranks(struct reading *r, const struct json *c, struct wish *w, const struct programme *g)
{
    bool choice = w->kind == WISH_CHOICE;
    int n;
    const struct json *e = check_list(c, choice ? "rotations" : "departments", &n);
    w->item = ARENA_ARRAY(r->a, (size_t)n, int);
    for (; e != NULL; e = e->next) {
        int at = choice ? check_read_rotation(r, g, e) : check_read_name(r, &r->s->department_of, e, "department");
        for (int j = 0; at != NONE && j < w->items; j++)
            if (w->item[j] == at)
                check_note_text(r->n, CHECK_duplicate, e, NULL, "");
        if (at != NONE && choice && w->about != NONE && g->rotation[at].choice != w->about)
            check_note_text(r->n, CHECK_unknown_name, e, NULL, "of");
        w->item[w->items++] = at;
    }
}

static int choice_of(struct reading *r, const struct programme *g, const struct json *text)
{
    if (text == NULL || text->type != JSON_TEXT)
        return NONE;
    for (int i = 0; i < g->choices; i++)
        if (str_eq(g->choice[i].id, text->text))
            return i;
    check_note_text(r->n, CHECK_unknown_name, text, NULL, "choice");
    return NONE;
}

static void read_costs(struct reading *r, const struct json *costs, struct wish *w)
{
    if (costs == NULL || costs->type != JSON_OBJECT)
        return;
    w->item = ARENA_ARRAY(r->a, costs->n, int);
    w->cost = ARENA_ARRAY(r->a, costs->n, int64_t);
    for (const struct json *m = costs->child; m != NULL; m = m->next) {
        int64_t d = map_get(&r->s->department_of, m->key, NONE);
        if (d == NONE) {
            check_note_text(r->n, CHECK_unknown_name, m, arena_copy(r->a, m->key.p, m->key.n), "department");
            continue;
        }
        w->item[w->items] = (int)d;
        w->cost[w->items++] = m->type == JSON_INT ? m->number : 0;
    }
}

static void read_wish(struct reading *r, const struct json *c, struct wish *w, const struct programme *g)
{
    const struct json *window = json_get(c, "window"), *costs = json_get(c, "costs");
    *w = (struct wish){ .at = c, .weight = check_int(c, "weight", 1) };
    w->kind = json_get(c, "choice") != NULL ? WISH_CHOICE : window != NULL ? WISH_WINDOW : costs != NULL ? WISH_COSTS : WISH_DEPARTMENT;
    w->about = w->kind == WISH_CHOICE ? choice_of(r, g, json_get(c, "choice")) : check_read_rotation(r, g, json_get(c, "rotation"));
    if (w->kind == WISH_COSTS)
        read_costs(r, costs, w);
    else if (w->kind != WISH_WINDOW)
        read_ranks(r, c, w, g);
    else if (window->type == JSON_OBJECT) {
        w->from = check_week(r->s, json_get(window, "from"));
        w->until = check_week(r->s, json_get(window, "until"));
    }
}

static void read_student(struct reading *r, const struct json *c, int i)
{
    struct student *t = &r->s->student[i];
    t->at = c;
    t->id = check_text(c, "id");
    if (!map_put(&r->s->student_of, t->id, i) && json_get(c, "id") != NULL)
        check_note_text(r->n, CHECK_duplicate, json_get(c, "id"), NULL, "");
    t->programme = check_read_name(r, &r->s->programme_of, json_get(c, "programme"), "programme");
    const struct json *g = check_list(c, "groups", &t->groups);
    t->group = ARENA_ARRAY(r->a, (size_t)t->groups, int);
    for (int k = 0; g != NULL; g = g->next, k++)
        t->group[k] = check_read_group(r, g);
    read_times(r, c, t);
    t->burden = check_int(c, "burden", 0);
    t->does = t->picks = UINT64_MAX;
    const struct json *dislikes = json_get(c, "dislikes");
    if (dislikes != NULL && dislikes->type == JSON_OBJECT) {
        t->dislike_travel = check_int(dislikes, "travel", 0);
        t->dislike_waiting = check_int(dislikes, "waiting", 0);
    }
    if (t->programme == NONE)
        return; /* rotations can't be looked up; that was noted */
    const struct programme *p = &r->s->programme[t->programme];
    read_fixed(r, c, t, p);
    const struct json *w = check_list(c, "wishes", &t->wishes);
    t->wish = ARENA_ARRAY(r->a, (size_t)t->wishes, struct wish);
    for (int k = 0; w != NULL; w = w->next, k++)
        read_wish(r, w, &t->wish[k], p);
}

void check_read_students(struct reading *r, const struct json *root)
{
    const struct json *c = check_list(root, "students", &r->s->students);
    r->s->student = ARENA_ARRAY(r->a, (size_t)r->s->students, struct student);
    for (int i = 0; c != NULL; c = c->next, i++)
        read_student(r, c, i);
}

static void read_pair(struct reading *r, const struct json *c, struct pair *p)
{
    struct source *s = r->s;
    struct str kind = check_text(c, "kind");
    p->at = c;
    p->apart = str_is(kind, "apart");
    const struct json *said = json_get(c, "kind");
    if (said != NULL && said->type == JSON_TEXT && !p->apart && !str_is(kind, "together"))
        check_note_text(r->n, CHECK_value, said, NULL, "together apart");
    int n;
    bool whole = true;
    const struct json *e = check_list(c, "students", &n);
    p->student = ARENA_ARRAY(r->a, (size_t)n, int);
    for (; e != NULL; e = e->next) {
        int at = check_read_name(r, &s->student_of, e, "student");
        for (int i = 0; at != NONE && i < p->students; i++)
            if (p->student[i] == at)
                check_note_text(r->n, CHECK_duplicate, e, NULL, "");
        whole = whole && at != NONE && s->student[at].programme != NONE;
        if (at != NONE)
            p->student[p->students++] = at;
    }
    e = check_list(c, "rotations", &p->rotations);
    p->names_rotations = json_get(c, "rotations") != NULL;
    p->rotation = ARENA_ARRAY(r->a, (size_t)p->rotations, struct str);
    for (int i = 0; whole && e != NULL; e = e->next, i++) {
        bool known = false;
        p->rotation[i] = e->text;
        for (int k = 0; k < p->students; k++)
            known = known || check_rotation_of(&s->programme[s->student[p->student[k]].programme], e->text) != NONE;
        if (!known)
            check_note_text(r->n, CHECK_unknown_name, e, NULL, "rotation");
    }
    for (int i = 1; whole && !p->apart && i < p->students; i++)
        if (s->student[p->student[i]].programme != s->student[p->student[0]].programme)
            check_note_text(r->n, CHECK_value, json_get(c, "students"), arena_copy(r->a, s->student[p->student[i]].id.p, s->student[p->student[i]].id.n),
                            "programme");
}

void check_read_pairs(struct reading *r, const struct json *root)
{
    const struct json *c = check_list(root, "pairs", &r->s->pairs);
    r->s->pair = ARENA_ARRAY(r->a, (size_t)r->s->pairs, struct pair);
    for (int i = 0; c != NULL; c = c->next, i++)
        read_pair(r, c, &r->s->pair[i]);
}

void check_read_base(struct reading *r, const struct json *root)
{
    struct source *s = r->s;
    const struct json *base = json_get(root, "base_plan");
    if (base == NULL || base->type != JSON_OBJECT)
        return;
    s->has_base = true;
    s->freeze = check_week(s, json_get(base, "freeze"));
    const struct json *c = check_list(base, "placements", &s->bases);
    s->base = ARENA_ARRAY(r->a, (size_t)s->bases, struct base_placement);
    for (int i = 0; c != NULL; c = c->next, i++) {
        struct base_placement *b = &s->base[i];
        int64_t weeks = check_int(c, "weeks", 1);
        *b = (struct base_placement){ .at = c, .rotation_id = check_text(c, "rotation"), .rotation = NONE,
                                      .student = (int)map_get(&s->student_of, check_text(c, "student"), NONE),
                                      .department = (int)map_get(&s->department_of, check_text(c, "department"), NONE),
                                      .from = check_week(s, json_get(c, "from")), .weeks = weeks > 0 && weeks <= INT32_MAX ? (int32_t)weeks : 1 };
        if (b->student == NONE && json_get(c, "student") != NULL)
            check_note_text(r->n, CHECK_stranger, json_get(c, "student"), NULL, "student");
        if (b->department == NONE && json_get(c, "department") != NULL)
            check_note_text(r->n, CHECK_stranger, json_get(c, "department"), NULL, "department");
        if (b->student == NONE || s->student[b->student].programme == NONE)
            continue;
        b->rotation = check_rotation_of(&s->programme[s->student[b->student].programme], b->rotation_id);
        if (b->rotation == NONE && b->from >= s->freeze && json_get(c, "rotation") != NULL)
            check_note_text(r->n, CHECK_stranger, json_get(c, "rotation"), NULL, "rotation");
    }
}

/* ---- what an object shows by itself ------------------------------------------------------------------------- */

static int32_t open_weeks(const struct source *s, int32_t from, int32_t until)
{
    int32_t n = 0;
    for (int32_t w = MAX(from, 0); w < MIN(until, s->weeks); w++)
        n += !s->closed[w];
    return n;
}

/* The calendar week behind `weeks` open weeks from `from`; NONE where they don't fit. */
static int32_t end_of(const struct source *s, int32_t from, int32_t weeks)
{
    if (from < 0 || from >= s->weeks || s->closed[from])
        return NONE;
    int32_t w = from;
    for (; weeks > 0; w++) {
        if (w >= s->weeks || (s->closed[w] && !s->span_closed))
            return NONE;
        weeks -= !s->closed[w];
    }
    return w;
}

/* The rule that fixed placement i breaks by itself or together with an earlier one, or NULL. */
static const char *fixed_breaks(const struct source *s, const struct student *t, int i)
{
    const struct fixed *f = &t->fixed[i];
    const struct rotation *q = &s->programme[t->programme].rotation[f->rotation];
    bool allowed = false;
    for (int k = 0; k < q->departments; k++)
        allowed = allowed || q->department[k] == f->department;
    if (!allowed)
        return "department";
    int32_t end = end_of(s, f->from, q->weeks);
    if (end == NONE)
        return f->from < 0 || f->from >= s->weeks ? "horizon" : "closed";
    if (q->earliest != WEEK_NONE && f->from < q->earliest)
        return "earliest";
    if (q->latest_end != WEEK_NONE && end > q->latest_end)
        return "latest_end";
    for (int k = 0; k < t->aways; k++)
        for (int32_t w = f->from; w < end; w++)
            if (!s->closed[w] && w >= t->away[k].from && w < t->away[k].from + t->away[k].weeks)
                return "away";
    for (int k = 0; k < t->enters; k++)
        if ((t->enter[k].department == NONE || t->enter[k].department == f->department) && f->from < t->enter[k].from)
            return "enter";
    for (int j = 0; j < i; j++) {
        const struct fixed *g = &t->fixed[j];
        int32_t other = end_of(s, g->from, s->programme[t->programme].rotation[g->rotation].weeks);
        if (g->rotation == f->rotation)
            return "twice";
        if (g->from < end && f->from < other)
            return "overlap";
    }
    return NULL;
}

void check_source_faults(struct check_notes *n, const struct source *s)
{
    for (int g = 0; g < s->programmes; g++)
        for (int k = 0; k < s->programme[g].rotations; k++) {
            const struct rotation *q = &s->programme[g].rotation[k];
            int32_t open = open_weeks(s, q->earliest != WEEK_NONE ? q->earliest : 0, q->latest_end != WEEK_NONE ? q->latest_end : s->weeks);
            if (q->weeks > open)
                check_note_numbers(n, check_note(n, CHECK_too_long, json_get(q->at, "weeks")), q->weeks, open);
        }
    for (int i = 0; i < s->students; i++)
        for (int k = 0; k < s->student[i].fixeds; k++) {
            const char *breaks = fixed_breaks(s, &s->student[i], k);
            if (breaks != NULL)
                check_note_text(n, CHECK_bad_fixed, s->student[i].fixed[k].at, NULL, breaks);
        }
}
