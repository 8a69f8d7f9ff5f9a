/* Courses and their graphs: see course.h. */
#include "check/course.h"

/* ---- what there is to place ---------------------------------------------------------------------------------- */

static bool has_old(const struct model *m, int student)
{
    for (size_t i = m->base_begin[student]; i < m->base_begin[student + 1]; i++)
        if (m->base_list[i]->rotation == NONE && check_is_frozen(m->s, m->base_list[i]))
            return true;
    return false;
}

static bool add_items(struct course *c, int student)
{
    const struct model *m = c->m;
    for (int r = 0; r < c->g->rotations; r++)
        if ((c->does >> r & 1) != 0)
            c->item[c->items++] = (struct item){ r, NULL, c->g->rotation[r].weeks, c->g->rotation[r].choice };
    assert(c->items <= ITEMS_MOST);
    for (size_t i = m->base_begin[student]; i < m->base_begin[student + 1]; i++) {
        const struct base_placement *b = m->base_list[i];
        if (b->rotation != NONE || !check_is_frozen(m->s, b))
            continue;
        if (c->items == ITEMS_MOST)
            return false;
        c->item[c->items++] = (struct item){ NONE, b, b->weeks, NONE };
    }
    return true;
}

static void add_options(struct course *c, struct arena *a)
{
    int n = 0;
    for (int i = 0; i < c->items; i++)
        n += c->item[i].rotation != NONE ? c->g->rotation[c->item[i].rotation].departments : 1;
    c->option = ARENA_ARRAY(a, (size_t)n, struct option);
    for (int i = 0; i < c->items; i++) {
        const struct rotation *q = c->item[i].rotation != NONE ? &c->g->rotation[c->item[i].rotation] : NULL;
        for (int k = 0; k < (q != NULL ? q->departments : 1); k++) {
            int d = q != NULL ? q->department[k] : c->item[i].old->department;
            c->option[c->options++] = (struct option){ i, d, c->m->s->department[d].site };
        }
    }
    assert(c->options == n);
}

/* Where free weeks are forbidden, only somebody's away weeks can be idle. */
static void allow_idle(struct course *c, struct arena *a)
{
    const struct source *s = c->m->s;
    assert(c->programme >= 0 && c->programme < s->programmes);
    c->idle_allowed = ARENA_ARRAY(a, (size_t)c->m->open + 1, bool);
    for (int32_t t = 0; t < c->m->open; t++)
        c->idle_allowed[t] = !c->g->free_weeks_forbidden;
    for (int i = 0; c->g->free_weeks_forbidden && i < s->students; i++) {
        const struct student *t = &s->student[i];
        for (int k = 0; t->programme == c->programme && k < t->aways; k++)
            for (int32_t w = check_open_from(c->m, t->away[k].from); w < check_open_from(c->m, (int64_t)t->away[k].from + t->away[k].weeks); w++)
                c->idle_allowed[w] = true;
    }
}

struct course *check_course_of(struct arena *a, const struct model *m, struct course **list, int student, bool unplaced_allowed)
{
    assert(student >= 0 && student < m->s->students);
    const struct student *t = &m->s->student[student];
    const struct programme *g = &m->s->programme[t->programme];
    assert(g->rotations <= ROTATIONS_MOST);
    uint64_t all = g->rotations == 64 ? UINT64_MAX : (UINT64_C(1) << g->rotations) - 1;
    bool old = has_old(m, student);
    for (struct course *c = *list; !old && c != NULL; c = c->next)
        if (c->programme == t->programme && c->does == (t->does & all) && c->picks == t->picks && c->unplaced_allowed == unplaced_allowed)
            return c;
    struct course *c = ARENA_NEW(a, struct course);
    *c = (struct course){ .m = m, .g = g, .programme = t->programme, .does = t->does & all, .picks = t->picks, .unplaced_allowed = unplaced_allowed };
    if (!add_items(c, student))
        return NULL;
    add_options(c, a);
    allow_idle(c, a);
    if (!old) {
        c->next = *list;
        *list = c;
    }
    return c;
}
