/* Loading students with what belongs to each of them, pairs and the base plan: from JSON to indices. */
#include "planner/load.h"

static void load_times(struct planner_load *l, const struct json *at, struct planner_student *s)
{
    const struct json *c = planner_load_list(at, "away", &s->away_count);
    s->away = ARENA_ARRAY(l->arena, (size_t)s->away_count, struct planner_away);
    for (int i = 0; c != NULL; c = c->next, i++)
        s->away[i] =
            (struct planner_away){ c, planner_load_week(l, c, "from"), planner_load_int(c, "weeks", 1), false };
    c = planner_load_list(at, "enter", &s->enter_count);
    s->enter = ARENA_ARRAY(l->arena, (size_t)s->enter_count, struct planner_enter);
    for (int i = 0; c != NULL; c = c->next, i++) {
        bool all = str_is(planner_load_text(c, "department"), "*");
        int d = all ? -1 : planner_load_name(l, &l->departments, json_get(c, "department"), "a department or *");
        s->enter[i] = (struct planner_enter){ c, d, planner_load_week(l, c, "from"), false };
    }
}

static void load_fixed(struct planner_load *l, const struct json *at, struct planner_student *s,
                       const struct planner_programme *p)
{
    const struct json *c = planner_load_list(at, "fixed", &s->fixed_count);
    s->fixed = ARENA_ARRAY(l->arena, (size_t)s->fixed_count, struct planner_fixed);
    for (int i = 0; c != NULL; c = c->next, i++) {
        struct planner_fixed *f = &s->fixed[i];
        f->at = c;
        f->rotation = planner_load_rotation(l, p, json_get(c, "rotation"));
        f->department = planner_load_name(l, &l->departments, json_get(c, "department"), "a department");
        f->from = planner_load_week(l, c, "from");
    }
}

static void load_ranked(struct planner_load *l, const struct json *c, struct planner_wish *w,
                        const struct planner_programme *p)
{
    bool choice = w->kind == PLANNER_WISH_CHOICE;
    const struct json *item = planner_load_list(c, choice ? "rotations" : "departments", &w->count);
    w->item = ARENA_ARRAY(l->arena, (size_t)w->count, int);
    for (int i = 0; item != NULL; item = item->next, i++) {
        w->item[i] =
            choice ? planner_load_rotation(l, p, item) : planner_load_name(l, &l->departments, item, "a department");
        bool known = w->item[i] >= 0 && w->about >= 0;
        for (int j = 0; known && j < i; j++)
            if (w->item[j] == w->item[i])
                planner_fault(l->errors, item, INTERNPLAN_FAULT_DUPLICATE, item->text, "each entry once");
        if (known && choice && (p->choice[w->about].of >> w->item[i] & 1) == 0)
            planner_fault(l->errors, item, INTERNPLAN_FAULT_UNKNOWN_NAME, item->text, "a rotation of the choice");
    }
}

static int choice_of(struct planner_load *l, const struct planner_programme *p, const struct json *text)
{
    for (int i = 0; text != NULL && text->type == JSON_TEXT && i < p->choice_count; i++)
        if (str_eq(p->choice[i].id, text->text))
            return i;
    if (text != NULL && text->type == JSON_TEXT)
        planner_fault(l->errors, text, INTERNPLAN_FAULT_UNKNOWN_NAME, text->text, "a choice of the programme");
    return -1;
}

static void load_costs(struct planner_load *l, const struct json *c, struct planner_wish *w)
{
    const struct json *costs = json_get(c, "costs");
    if (costs == NULL || costs->type != JSON_OBJECT)
        return;
    w->item = ARENA_ARRAY(l->arena, costs->n, int);
    w->cost = ARENA_ARRAY(l->arena, costs->n, int);
    for (const struct json *m = costs->child; m != NULL; m = m->next) {
        int64_t d = map_get(&l->departments, m->key, -1);
        if (d < 0) {
            planner_fault(l->errors, m, INTERNPLAN_FAULT_UNKNOWN_NAME, m->key, "a department");
            continue;
        }
        w->item[w->count] = (int)d;
        w->cost[w->count++] = m->type == JSON_INT ? (int)MIN(m->number, (int64_t)PLANNER_NUMBER_MOST) : 0;
    }
}

static void load_wish(struct planner_load *l, const struct json *c, struct planner_wish *w,
                      const struct planner_programme *p)
{
    w->at = c;
    w->weight = planner_load_int(c, "weight", 1);
    const struct json *window = json_get(c, "window");
    if (json_get(c, "choice") != NULL) {
        w->kind = PLANNER_WISH_CHOICE;
        w->about = choice_of(l, p, json_get(c, "choice"));
        load_ranked(l, c, w, p);
        return;
    }
    w->about = planner_load_rotation(l, p, json_get(c, "rotation"));
    if (window != NULL && window->type == JSON_OBJECT) {
        w->kind = PLANNER_WISH_WINDOW;
        w->from = planner_load_week(l, window, "from");
        w->until = planner_load_week(l, window, "until");
    } else if (json_get(c, "costs") != NULL) {
        w->kind = PLANNER_WISH_COSTS;
        load_costs(l, c, w);
    } else {
        w->kind = PLANNER_WISH_DEPARTMENT;
        load_ranked(l, c, w, p);
    }
}

static void load_student(struct planner_load *l, const struct json *c, int i)
{
    static const struct planner_programme nothing = { 0 };
    struct planner_student *s = &l->problem->student[i];
    s->at = c;
    s->id = planner_load_text(c, "id");
    if (!map_put(&l->students, s->id, i) && json_get(c, "id") != NULL)
        planner_fault(l->errors, json_get(c, "id"), INTERNPLAN_FAULT_DUPLICATE, s->id, "an id of its own");
    s->programme = planner_load_name(l, &l->programmes, json_get(c, "programme"), "a programme");
    const struct json *g = planner_load_list(c, "groups", &s->group_count);
    s->group = ARENA_ARRAY(l->arena, (size_t)s->group_count, int);
    for (int n = 0; g != NULL; g = g->next, n++)
        s->group[n] = planner_load_group(l, g);
    load_times(l, c, s);
    s->burden = planner_load_int(c, "burden", 0);
    const struct json *dislikes = json_get(c, "dislikes");
    if (dislikes != NULL && dislikes->type == JSON_OBJECT) {
        s->dislike_travel = planner_load_int(dislikes, "travel", 0);
        s->dislike_waiting = planner_load_int(dislikes, "waiting", 0);
    }
    if (s->programme < 0)
        return; /* rotations cannot be looked up; the fault was noted */
    const struct planner_programme *p = s->programme >= 0 ? &l->problem->programme[s->programme] : &nothing;
    load_fixed(l, c, s, p);
    const struct json *w = planner_load_list(c, "wishes", &s->wish_count);
    s->wish = ARENA_ARRAY(l->arena, (size_t)s->wish_count, struct planner_wish);
    for (int n = 0; w != NULL; w = w->next, n++)
        load_wish(l, w, &s->wish[n], p);
}

void planner_load_students(struct planner_load *l, const struct json *root)
{
    struct planner_problem *p = l->problem;
    const struct json *c = planner_load_list(root, "students", &p->student_count);
    p->student = ARENA_ARRAY(l->arena, (size_t)p->student_count, struct planner_student);
    for (int i = 0; c != NULL; c = c->next, i++)
        load_student(l, c, i);
}

static bool rotation_exists(const struct planner_problem *p, const struct planner_pair *pair, struct str id)
{
    for (int s = 0; s < pair->student_count; s++) {
        const struct planner_programme *g = &p->programme[p->student[pair->student[s]].programme];
        for (int r = 0; r < g->rotation_count; r++)
            if (str_eq(g->rotation[r].id, id))
                return true;
    }
    return false;
}

static void load_pair(struct planner_load *l, const struct json *c, struct planner_pair *pair)
{
    struct planner_problem *p = l->problem;
    struct str kind = planner_load_text(c, "kind");
    pair->at = c;
    pair->apart = str_is(kind, "apart");
    if (!pair->apart && !str_is(kind, "together") && json_get(c, "kind") != NULL)
        planner_fault(l->errors, json_get(c, "kind"), INTERNPLAN_FAULT_VALUE, kind, "together apart");
    int n;
    bool whole = true;
    const struct json *s = planner_load_list(c, "students", &n);
    pair->student = ARENA_ARRAY(l->arena, (size_t)n, int);
    for (; s != NULL; s = s->next) {
        int at = planner_load_name(l, &l->students, s, "a student");
        for (int i = 0; at >= 0 && i < pair->student_count; i++)
            if (pair->student[i] == at)
                planner_fault(l->errors, s, INTERNPLAN_FAULT_DUPLICATE, s->text, "each student once");
        whole = whole && at >= 0 && p->student[at].programme >= 0;
        if (at >= 0)
            pair->student[pair->student_count++] = at;
    }
    const struct json *r = planner_load_list(c, "rotations", &pair->rotation_count);
    pair->names_rotations = json_get(c, "rotations") != NULL;
    pair->rotation = ARENA_ARRAY(l->arena, (size_t)pair->rotation_count, struct str);
    if (!whole)
        return;
    for (int i = 0; r != NULL; r = r->next, i++) {
        pair->rotation[i] = r->text;
        if (!rotation_exists(p, pair, r->text))
            planner_fault(l->errors, r, INTERNPLAN_FAULT_UNKNOWN_NAME, r->text, "a rotation of these students");
    }
    for (int i = 1; !pair->apart && i < pair->student_count; i++)
        if (p->student[pair->student[i]].programme != p->student[pair->student[0]].programme)
            planner_fault(l->errors, json_get(c, "students"), INTERNPLAN_FAULT_VALUE, p->student[pair->student[i]].id,
                          "students of one programme");
}

void planner_load_pairs(struct planner_load *l, const struct json *root)
{
    struct planner_problem *p = l->problem;
    const struct json *c = planner_load_list(root, "pairs", &p->pair_count);
    p->pair = ARENA_ARRAY(l->arena, (size_t)p->pair_count, struct planner_pair);
    for (int i = 0; c != NULL; c = c->next, i++)
        load_pair(l, c, &p->pair[i]);
}

static void stranger(struct planner_load *l, const struct json *at, const char *allowed)
{
    if (at != NULL)
        planner_fault(l->errors, at, INTERNPLAN_FAULT_STRANGER, (struct str){ NULL, 0 }, allowed);
}

static void load_base_placement(struct planner_load *l, const struct json *c, struct planner_placement *b)
{
    struct planner_problem *p = l->problem;
    struct str rotation = planner_load_text(c, "rotation");
    b->student = (int)map_get(&l->students, planner_load_text(c, "student"), -1);
    b->department = (int)map_get(&l->departments, planner_load_text(c, "department"), -1);
    b->from = planner_load_week(l, c, "from");
    b->weeks = planner_load_int(c, "weeks", 1);
    b->rotation = -1;
    if (b->student < 0)
        stranger(l, json_get(c, "student"), "a student");
    if (b->department < 0)
        stranger(l, json_get(c, "department"), "a department");
    if (b->student < 0 || p->student[b->student].programme < 0)
        return;
    const struct planner_programme *g = &p->programme[p->student[b->student].programme];
    for (int r = 0; r < g->rotation_count; r++)
        if (str_eq(g->rotation[r].id, rotation))
            b->rotation = r;
    if (b->rotation < 0 && b->from >= p->freeze)
        stranger(l, json_get(c, "rotation"), "a rotation of the programme, or one before freeze");
}

/* ---- rotations that the programme no longer has -------------------------------------------------- */

/* The rotation of its programme that stands for an old placement: one of the same name and length that the student has
 * not got yet. */
static int old_rotation(struct planner_load *l, struct planner_programme *g, const struct planner_student *s,
                        const struct planner_placement *b, const struct json *at)
{
    struct str id = planner_load_text(at, "rotation");
    for (int r = 0; r < g->rotation_count; r++)
        if (g->rotation[r].old && g->rotation[r].weeks == b->weeks && str_eq(g->rotation[r].id, id) && (s->old >> r & 1) == 0)
            return r;
    if (g->rotation_count == PLANNER_ROTATIONS_MOST) {
        planner_fault(l->errors, json_get(at, "rotation"), INTERNPLAN_FAULT_RANGE, id, "at most 64 rotations with old ones");
        return -1;
    }
    struct planner_rotation *more = ARENA_ARRAY(l->arena, (size_t)g->rotation_count + 1, struct planner_rotation);
    if (g->rotation_count > 0)
        memcpy(more, g->rotation, (size_t)g->rotation_count * sizeof *more);
    g->rotation = more;
    g->rotation[g->rotation_count] = (struct planner_rotation){ .at = at, .id = id, .weeks = b->weeks, .choice = -1, .old = true,
                                                                .earliest = PLANNER_WEEK_NONE, .latest_end = PLANNER_WEEK_NONE };
    return g->rotation_count++;
}

static void allow_department(struct planner_load *l, struct planner_rotation *r, int department)
{
    for (int i = 0; i < r->department_count; i++)
        if (r->department[i] == department)
            return;
    int *more = ARENA_ARRAY(l->arena, (size_t)r->department_count + 1, int);
    if (r->department_count > 0)
        memcpy(more, r->department, (size_t)r->department_count * sizeof *more);
    more[r->department_count++] = department;
    r->department = more;
}

/* What began before the freeze date stays, though its rotation is gone (one that was failed, say): a rotation of its own,
 * which everybody else skips. */
static void load_old(struct planner_load *l, const struct json *c)
{
    struct planner_problem *p = l->problem;
    for (int i = 0; c != NULL; c = c->next, i++) {
        struct planner_placement *b = &p->base[i];
        if (b->student < 0 || b->department < 0 || b->rotation >= 0 || b->from >= p->freeze || p->student[b->student].programme < 0)
            continue;
        struct planner_student *s = &p->student[b->student];
        struct planner_programme *g = &p->programme[s->programme];
        b->rotation = old_rotation(l, g, s, b, c);
        if (b->rotation < 0)
            continue;
        allow_department(l, &g->rotation[b->rotation], b->department);
        s->old |= UINT64_C(1) << b->rotation;
    }
    for (int s = 0; s < p->student_count; s++)
        for (int r = 0; p->student[s].programme >= 0 && r < p->programme[p->student[s].programme].rotation_count; r++)
            if (p->programme[p->student[s].programme].rotation[r].old && (p->student[s].old >> r & 1) == 0)
                p->student[s].skip |= UINT64_C(1) << r;
}

void planner_load_base(struct planner_load *l, const struct json *root)
{
    struct planner_problem *p = l->problem;
    const struct json *base = json_get(root, "base_plan");
    if (base == NULL || base->type != JSON_OBJECT)
        return;
    p->has_base = true;
    p->freeze = planner_load_week(l, base, "freeze");
    if (p->freeze == PLANNER_WEEK_NONE)
        p->freeze = 0;
    const struct json *c = planner_load_list(base, "placements", &p->base_count);
    p->base = ARENA_ARRAY(l->arena, (size_t)p->base_count, struct planner_placement);
    const struct json *first = c;
    for (int i = 0; c != NULL; c = c->next, i++)
        load_base_placement(l, c, &p->base[i]);
    load_old(l, first);
}
