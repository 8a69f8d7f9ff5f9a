/* Counting where nobody can be idle: price 1 on all that can be reached in a run of weeks. See count.h. */
#include "planner/count.h"

/* The weeks in which a class can be anywhere at all, and how many of them stay free at most. */
static int idle_of(const struct counting *c, int class, bool *can)
{
    const struct planner_class *k = &c->v->class[class];
    const struct planner_course *course = &c->m->course[c->m->unit[k->unit].course];
    int weeks = 0;
    for (int t = 0; t < c->m->open; t++)
        can[t] = false;
    for (int o = 0; o < course->options; o++)
        for (int t = 0; t < c->m->open; t++)
            if (planner_class_may(c->v, k, o, t))
                for (int i = t; i < t + course->length[course->option[o].rotation]; i++)
                    can[i] = true;
    for (int t = 0; t < c->m->open; t++)
        weeks += can[t];
    return weeks - planner_course_unplaced(course, 0);
}

/* Students whose departments all lie among `universe`; where they can be. */
static bool members_of(const struct counting *c, const bool *universe, bool *member, bool *cell)
{
    bool any = false;
    memset(cell, 0, c->v->cells * sizeof *cell);
    for (int k = 0; k < c->v->classes; k++) {
        const struct planner_class *class = &c->v->class[k];
        const struct planner_course *course = &c->m->course[c->m->unit[class->unit].course];
        member[k] = course->active != 0;
        for (int o = 0; o < course->options; o++)
            member[k] = member[k] && ((course->active >> course->option[o].rotation & 1) == 0 || universe[course->option[o].department]);
        any = any || member[k];
        for (int o = 0; member[k] && o < course->options; o++)
            for (int t = 0; t < c->m->open; t++)
                if (planner_class_may(c->v, class, o, t))
                    for (int i = t; i < t + course->length[course->option[o].rotation]; i++)
                        cell[(size_t)course->option[o].department * (size_t)c->m->open + (size_t)i] = true;
    }
    return any;
}

struct idling {
    bool *can;    /* [class * open + week]: the class can be somewhere */
    int *before;  /* [class * (open + 1) + week]: in how many weeks before */
    int *idle;    /* per class: weeks that it may stay free at most */
    bool *member; /* per class */
    bool *cell;   /* where members can be */
};

static void count_idle_in(struct counting *c, const struct idling *x)
{
    const struct resource seats = { .row = -1, .apart = -1 };
    size_t open = (size_t)c->m->open;
    if (!planner_count_pays(c, (size_t)c->v->classes * open * open / 2))
        return;
    int64_t *places = ARENA_ARRAY(c->a, open + 1, int64_t); /* in all weeks before */
    for (size_t t = 0; t < open; t++) {
        places[t + 1] = places[t];
        for (size_t d = 0; d < (size_t)c->m->departments; d++)
            places[t + 1] += x->cell[d * open + t] ? c->m->capacity[d * open + t] : 0;
    }
    for (size_t length = 1; length <= open; length++)
        for (size_t from = 0; from + length <= open; from++) {
            int64_t needed = 0, room = places[from + length] - places[from];
            for (int k = 0; k < c->v->classes; k++) {
                const int *before = x->before + (size_t)k * (open + 1);
                if (x->member[k])
                    needed += (int64_t)c->v->class[k].heads * MAX(before[from + length] - before[from] - x->idle[k], 0);
            }
            if (room >= PLANNER_NO_LIMIT || !planner_count_take(c, needed - room, room))
                continue;
            for (size_t d = 0; d < (size_t)c->m->departments; d++)
                for (size_t t = from; t < from + length; t++)
                    if (x->cell[d * open + t])
                        planner_count_price(c, &seats, (int)d, (int)t);
        }
}

/* Among the departments of each course in turn: those who can be nowhere else. */
void planner_count_idle(struct counting *c)
{
    size_t open = (size_t)c->m->open, classes = (size_t)c->v->classes, departments = (size_t)c->m->departments, seen = 0;
    struct idling x = { .can = ARENA_ARRAY(c->a, classes * open, bool), .before = ARENA_ARRAY(c->a, classes * (open + 1), int),
                        .idle = ARENA_ARRAY(c->a, classes, int),
                        .member = ARENA_ARRAY(c->a, classes, bool), .cell = ARENA_ARRAY(c->a, c->v->cells, bool) };
    bool *all = ARENA_ARRAY(c->a, ((size_t)c->m->courses + 1) * departments, bool);
    for (size_t k = 0; k < classes; k++) {
        x.idle[k] = idle_of(c, (int)k, x.can + k * open);
        for (size_t t = 0; t < open; t++)
            x.before[k * (open + 1) + t + 1] = x.before[k * (open + 1) + t] + x.can[k * open + t];
    }
    for (int i = 0; i <= c->m->courses; i++) { /* the last: all departments */
        bool *universe = all + seen * departments, known = false;
        memset(universe, i == c->m->courses, departments * sizeof *universe);
        if (i < c->m->courses)
            planner_count_departments(&c->m->course[i], c->m->course[i].active, universe);
        for (size_t k = 0; k < seen; k++)
            known = known || memcmp(all + k * departments, universe, departments * sizeof *universe) == 0;
        if (known || !members_of(c, universe, x.member, x.cell))
            continue;
        seen++;
        count_idle_in(c, &x);
    }
}
