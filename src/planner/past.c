/* What matters of the past except the week, and what may follow it: the rules of one course, one step at a time. See past.h. */
#include "planner/past.h"

enum { NO_LONGER = UINT16_MAX /* a limit on visits that nothing to come can reach */ };

/* How many more rotations may be placed at one site, at most. */
static int still_to_come(const struct planner_course *c, uint64_t at_site, uint64_t placed)
{
    int n = __builtin_popcountll(c->required & at_site & ~placed);
    for (int i = 0; i < c->choices; i++) {
        int left = c->choice_pick[i] - __builtin_popcountll(placed & c->choice_of[i]);
        n += MAX(MIN(left, __builtin_popcountll(c->choice_of[i] & c->active & at_site & ~placed)), 0);
    }
    return n;
}

static bool find_tracked(struct planner_rules *b)
{
    const struct planner_course *c = b->c;
    for (int i = 0; i < c->orders; i++) {
        const struct planner_order *o = &c->order[i];
        if (o->min_gap == 0 && o->max_gap < 0)
            continue;
        int at = 0, most = MAX(o->min_gap, o->max_gap + 1);
        while (at < b->ages && b->age_of[at] != o->before)
            at++;
        if (at == PLANNER_PAST_MOST || most > UINT16_MAX)
            return false;
        b->age_of[at] = o->before;
        b->age_most[at] = at < b->ages ? MAX(b->age_most[at], most) : most;
        b->ages = MAX(b->ages, at + 1);
    }
    int limit = c->programme->site_limit;
    for (int s = 0; limit >= 0 && s < c->sites; s++) {
        uint64_t can = 0;
        for (int o = 0; o < c->options; o++)
            can |= c->option[o].site == s ? UINT64_C(1) << c->option[o].rotation : 0;
        if (still_to_come(c, can, 0) <= limit)
            continue;
        if (b->ages + b->limited == PLANNER_PAST_MOST)
            return false;
        b->limited_can[b->limited] = can;
        b->limited_site[b->limited++] = s;
    }
    return true;
}

/* Groups: the options of a rotation, apart by site where the site matters (or is limited). */
static void make_groups(struct planner_rules *b, struct arena *keep, struct arena *scratch)
{
    const struct planner_course *c = b->c;
    b->group_first = ARENA_ARRAY(keep, (size_t)c->options + 1, int);
    b->group_option = ARENA_ARRAY(keep, (size_t)c->options, int);
    b->group_rotation = ARENA_ARRAY(keep, (size_t)c->options, int);
    b->group_site = ARENA_ARRAY(keep, (size_t)c->options, int);
    bool *done = ARENA_ARRAY(scratch, (size_t)c->options, bool);
    int n = 0;
    for (int o = 0; o < c->options; o++) {
        if (done[o])
            continue;
        b->group_rotation[b->groups] = c->option[o].rotation;
        b->group_site[b->groups] = c->option[o].site;
        b->group_first[b->groups++] = n;
        for (int i = o; i < c->option_first[c->option[o].rotation + 1]; i++)
            if (!done[i] && ((!b->sites && b->limited == 0) || c->option[i].site == c->option[o].site)) {
                done[i] = true;
                b->group_option[n++] = i;
            }
    }
    b->group_first[b->groups] = n;
    assert(n == c->options);
}

/* Weeks pass: ages grow to their most; an age that no rule needs any more is 0. */
void planner_past_wait(const struct planner_rules *b, struct planner_past *p, int weeks)
{
    for (int i = 0; i < b->ages; i++) {
        if ((p->placed >> b->age_of[i] & 1) == 0)
            continue;
        bool needed = false;
        for (int k = 0; k < b->c->orders; k++)
            needed = needed || (b->c->order[k].before == b->age_of[i] && (p->placed >> b->c->order[k].after & 1) == 0);
        p->count[i] = needed ? (uint16_t)MIN(p->count[i] + weeks, b->age_most[i]) : 0;
    }
}

static int age_index(const struct planner_rules *b, int rotation)
{
    for (int i = 0; i < b->ages; i++)
        if (b->age_of[i] == rotation)
            return i;
    return -1;
}

static bool order_allows(const struct planner_rules *b, const struct planner_past *p, int r)
{
    for (int i = 0; i < b->c->orders; i++) {
        const struct planner_order *o = &b->c->order[i];
        bool before = (p->placed >> o->before & 1) != 0;
        if (o->before == r && (p->placed >> o->after & 1) != 0)
            return false;
        if (o->after != r)
            continue;
        if (!before && o->requires)
            return false;
        int at = age_index(b, o->before);
        if (before && at >= 0 && (p->count[at] < o->min_gap || (o->max_gap >= 0 && p->count[at] > o->max_gap)))
            return false;
    }
    return true;
}

/* One more visit of a site; false: too many. Visits are counted only while what may still come could make them too many:
 * most pasts are then alike. */
static bool visit(const struct planner_rules *b, struct planner_past *p, int site)
{
    int limit = b->c->programme->site_limit;
    for (int i = 0; i < b->limited; i++) {
        uint16_t *count = &p->count[b->ages + i];
        if (*count == NO_LONGER)
            continue;
        *count += b->limited_site[i] == site;
        if (*count > limit)
            return false;
        if (*count + still_to_come(b->c, b->limited_can[i], p->placed) <= limit)
            *count = NO_LONGER;
    }
    return true;
}

/* What follows when the rotation of group g is done next; false where a rule forbids it. */
bool planner_past_step(const struct planner_rules *b, const struct planner_past *p, int g, struct planner_past *next)
{
    const struct planner_course *c = b->c;
    int r = b->group_rotation[g], n = c->length[r];
    if ((p->placed >> r & 1) != 0 || (c->active >> r & 1) == 0 || !order_allows(b, p, r))
        return false;
    for (int i = 0; i < c->choices; i++)
        if ((c->choice_of[i] >> r & 1) != 0 && __builtin_popcountll(p->placed & c->choice_of[i]) >= c->choice_pick[i])
            return false;
    *next = *p;
    next->placed |= UINT64_C(1) << r;
    if (c->programme->max_consecutive > 0) {
        if (p->run + n > c->programme->max_consecutive)
            return false;
        next->run = (uint16_t)(p->run + n);
    }
    if (!visit(b, next, b->group_site[g]))
        return false;
    if (b->sites)
        next->site = (uint16_t)(1 + b->group_site[g]);
    planner_past_wait(b, next, n);
    int age = age_index(b, r);
    if (age >= 0)
        next->count[age] = 0; /* weeks since its end */
    return true;
}

/* Weeks that the rotations done take at least, and those that must still follow. */
static int length_of(const struct planner_course *c, uint64_t set)
{
    int n = 0;
    for (; set != 0; set &= set - 1)
        n += c->length[__builtin_ctzll(set)];
    return n;
}

bool planner_past_has_future(const struct planner_rules *b, uint64_t placed)
{
    int done = length_of(b->c, placed);
    if (b->leave_out)
        return done <= b->m->open;
    if (b->most_weeks > b->m->open && done + planner_course_unplaced(b->c, placed) > b->m->open)
        return false;
    for (uint64_t left = b->c->required & ~placed; left != 0; left &= left - 1)
        if (b->c->hi[__builtin_ctzll(left)] < done)
            return false;
    return true;
}

bool planner_rules_make(struct planner_rules *b, const struct planner_model *m, const struct planner_course *c, bool sites,
                        struct arena *keep, struct arena *scratch)
{
    *b = (struct planner_rules){ .m = m, .c = c, .sites = sites, .leave_out = m->problem->allow_unplaced };
    if (!find_tracked(b))
        return false;
    make_groups(b, keep, scratch);
    b->most_weeks = length_of(c, c->required);
    for (int i = 0; i < c->choices; i++) {
        int longest = 0;
        for (uint64_t of = c->choice_of[i]; of != 0; of &= of - 1)
            longest = MAX(longest, c->length[__builtin_ctzll(of)]);
        b->most_weeks += longest * c->choice_pick[i];
    }
    return true;
}
