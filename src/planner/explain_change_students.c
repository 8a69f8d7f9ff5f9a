/* Changes of single students: leaves, who comes, a programme for one alone. See change.h. */
#include "planner/change.h"

void planner_change_leave(struct planner_change *c, int student, int index, int later)
{
    struct planner_student *s = &c->after->student[student];
    CHANGE_COPY(c, s->away, s->away_count);
    s->away[index].from += later;
    planner_change_add(c, arena_printf(c->a, "{\"op\": \"replace\", \"path\": \"/students/%d/away/%d/from\", \"value\": \"%s\"}", student, index,
                        planner_change_monday(c, s->away[index].from)));
    c->cost += c->costs.leave_week * (later < 0 ? -later : later);
}

static bool among(const int *who, int n, int s)
{
    for (int i = 0; i < n; i++)
        if (who[i] == s)
            return true;
    return false;
}

static bool has_rotation(const struct planner_problem *p, const struct planner_pair *t, struct str rotation)
{
    for (int k = 0; k < t->student_count; k++) {
        const struct planner_programme *g = &p->programme[p->student[t->student[k]].programme];
        for (int r = 0; r < g->rotation_count; r++)
            if (str_eq(g->rotation[r].id, rotation))
                return true;
    }
    return false;
}

/* Names of rotations that none of those who are left has go, too: they would name nothing. */
static void forget_rotations(struct planner_change *c, int index)
{
    struct planner_pair *t = &c->after->pair[index];
    for (int i = t->rotation_count; i-- > 0;)
        if (!has_rotation(c->after, t, t->rotation[i]))
            planner_change_add(c, arena_printf(c->a, "{\"op\": \"remove\", \"path\": \"/pairs/%d/rotations/%d\"}", index, i));
}

static bool keeps_a_rotation(const struct planner_problem *p, const struct planner_pair *t)
{
    bool any = !t->names_rotations;
    for (int i = 0; i < t->rotation_count; i++)
        any = any || has_rotation(p, t, t->rotation[i]);
    return any;
}

/* Who goes out of a pair: of two the pair goes, of more it stays with the others. */
static void leave_pair(struct planner_change *c, int index, const int *who, int n)
{
    struct planner_pair *t = &c->after->pair[index];
    int left = 0;
    for (int k = 0; k < t->student_count; k++)
        left += !among(who, n, t->student[k]);
    if (left == t->student_count)
        return;
    const int *all = t->student;
    int count = t->student_count;
    t->student = ARENA_ARRAY(c->a, (size_t)count, int);
    t->student_count = 0;
    for (int k = 0; k < count; k++)
        if (!among(who, n, all[k]))
            t->student[t->student_count++] = all[k];
    assert(t->student_count == left);
    t->off = left < 2 || !keeps_a_rotation(c->after, t);
    if (t->off) {
        planner_change_add(c, arena_printf(c->a, "{\"op\": \"remove\", \"path\": \"/pairs/%d\"}", index));
        return;
    }
    for (int k = count; k-- > 0;)
        if (among(who, n, all[k]))
            planner_change_add(c, arena_printf(c->a, "{\"op\": \"remove\", \"path\": \"/pairs/%d/students/%d\"}", index, k));
    forget_rotations(c, index);
}

/* Nothing is left of these students: no rule, no wish, no part in a pair or in the base plan. */
void planner_change_students(struct planner_change *c, const int *who, int n)
{
    struct planner_problem *p = c->after;
    CHANGE_COPY(c, p->pair, p->pair_count);
    CHANGE_COPY(c, p->base, p->base_count);
    for (int i = p->pair_count; i-- > 0;)
        if (!p->pair[i].off)
            leave_pair(c, i, who, n);
    for (int i = p->base_count; i-- > 0;) {
        if (!among(who, n, p->base[i].student))
            continue;
        memmove(p->base + i, p->base + i + 1, (size_t)(p->base_count - i - 1) * sizeof *p->base);
        p->base_count--;
        planner_change_add(c, arena_printf(c->a, "{\"op\": \"remove\", \"path\": \"/base_plan/placements/%d\"}", i));
    }
    for (int i = n; i-- > 0;) {
        struct planner_student *s = &p->student[who[i]];
        assert(i == 0 || who[i] > who[i - 1]);
        s->skip = UINT64_MAX;
        s->wish_count = s->away_count = s->enter_count = s->fixed_count = s->burden = 0;
        s->dislike_travel = s->dislike_waiting = 0;
        planner_change_add(c, arena_printf(c->a, "{\"op\": \"remove\", \"path\": \"/students/%d\"}", who[i]));
    }
    c->cost += c->costs.student * n;
}

/* ---- a programme of his own --------------------------------------------------------------------- */

/* What is written instead of one value of a programme; an empty text: the value is left out. */
struct instead {
    const struct json *of;
    struct str text;
};

static void put_json(struct buf *b, const struct json *v, const struct instead *instead, int n);

static void put_children(struct buf *b, const struct json *v, const struct instead *instead, int n)
{
    bool first = true;
    for (const struct json *m = v->child; m != NULL; m = m->next) {
        const struct instead *other = NULL;
        for (int i = 0; i < n; i++)
            other = instead[i].of == m ? &instead[i] : other;
        if (other != NULL && other->text.n == 0)
            continue;
        if (!first)
            buf_z(b, ", ");
        first = false;
        if (v->type == JSON_OBJECT) {
            json_put_text(b, m->key);
            buf_z(b, ": ");
        }
        if (other != NULL)
            json_put_text(b, other->text);
        else
            put_json(b, m, instead, n);
    }
}

static void put_json(struct buf *b, const struct json *v, const struct instead *instead, int n)
{
    switch (v->type) {
    case JSON_NULL:
    case JSON_BOOL:
    case JSON_INT:
    case JSON_REAL:
    case JSON_TEXT: json_put(b, v); break;
    case JSON_LIST:
    case JSON_OBJECT:
        buf_char(b, v->type == JSON_LIST ? '[' : '{');
        put_children(b, v, instead, n);
        buf_char(b, v->type == JSON_LIST ? ']' : '}');
    }
}

static struct str own_id(struct planner_change *c, int student)
{
    const struct planner_problem *p = c->after;
    struct str id = arena_printf(c->a, "%.*s-%.*s", STR_ARG(p->programme[p->student[student].programme].id), STR_ARG(p->student[student].id));
    for (int i = 0; i < p->programme_count; i++)
        if (str_eq(p->programme[i].id, id)) {
            id = arena_printf(c->a, "%.*s-", STR_ARG(id));
            i = -1;
        }
    return id;
}

/* The rule in the programme of his own, and what is written for it. */
static struct instead relax(struct planner_change *c, struct planner_programme *g, const struct planner_fact *rule, int weeks)
{
    bool earliest = rule->kind == PLANNER_FACT_EARLIEST;
    struct instead out = { 0 };
    if (rule->kind == PLANNER_FACT_ORDER) {
        out.of = g->order[rule->index].at;
        CHANGE_COPY(c, g->order, g->order_count);
        memmove(g->order + rule->index, g->order + rule->index + 1, (size_t)(g->order_count - rule->index - 1) * sizeof *g->order);
        g->order_count--;
        c->cost += c->costs.order;
        return out;
    }
    CHANGE_COPY(c, g->rotation, g->rotation_count);
    struct planner_rotation *x = &g->rotation[rule->index];
    int was = earliest ? x->earliest : x->latest_end, to = earliest ? was - weeks : was + weeks;
    bool gone = earliest ? to <= 0 : to >= c->after->weeks;
    out.of = json_get(x->at, earliest ? "earliest" : "latest_end");
    out.text = gone ? STR("") : str_of(planner_change_monday(c, to));
    c->cost += c->costs.window_week * MIN(weeks, earliest ? MAX(was, 0) : MAX(c->after->weeks - was, 0));
    if (earliest)
        x->earliest = gone ? PLANNER_WEEK_NONE : to;
    else
        x->latest_end = gone ? PLANNER_WEEK_NONE : to;
    return out;
}

void planner_change_own(struct planner_change *c, int student, const struct planner_fact *rule, int weeks)
{
    enum { PROGRAMME_BYTES_MOST = 1 << 20 };
    struct planner_problem *p = c->after;
    int g = p->student[student].programme;
    assert(rule->programme == g && g < c->before->programme_count);
    struct planner_programme *list = ARENA_ARRAY(c->a, (size_t)p->programme_count + 1, struct planner_programme);
    memcpy(list, p->programme, (size_t)p->programme_count * sizeof *list);
    struct planner_programme *own = &list[p->programme_count];
    *own = c->before->programme[g];
    own->id = own_id(c, student);
    struct instead instead[] = { { json_get(own->at, "id"), own->id }, relax(c, own, rule, weeks) };
    struct buf b = buf_make(PROGRAMME_BYTES_MOST), id = buf_make(PROGRAMME_BYTES_MOST);
    put_json(&b, own->at, instead, (int)LEN(instead));
    json_put_text(&id, own->id);
    planner_change_add(c, arena_printf(c->a, "{\"op\": \"add\", \"path\": \"/programmes/-\", \"value\": %.*s}", (int)b.n, b.p));
    planner_change_add(c, arena_printf(c->a, "{\"op\": \"replace\", \"path\": \"/students/%d/programme\", \"value\": %.*s}", student, (int)id.n, id.p));
    buf_free(&b);
    buf_free(&id);
    p->programme = list;
    p->student[student].programme = p->programme_count++;
}
