/* Placements looked up, and the rules about one student alone. See plan.h. */
#include "check/plan.h"

void check_note_weeks(const struct model *m, struct check_found *f, int32_t first, int32_t end)
{
    if (first >= end || end > m->open)
        return;
    assert(first >= 0);
    f->from = m->s->first + 7 * m->week_of[first];
    f->weeks = m->week_of[end - 1] - m->week_of[first] + 1;
}

struct check_found *check_note_stay(struct check_notes *n, const struct plan *p, enum check_rule rule, int student, const struct stay *stay,
                                    const struct json *object)
{
    assert(student >= 0 && student < p->m->s->students);
    const struct source *s = p->m->s;
    struct check_found *f = check_note(n, rule, stay != NULL ? p->given[stay->index].at : NULL);
    f->student = s->student[student].id;
    if (stay != NULL) {
        f->rotation = p->given[stay->index].rotation;
        f->department = s->department[stay->department].id;
        f->placement = stay->index;
        check_note_weeks(p->m, f, stay->first, stay->end);
        if (n->in == CHECK_IN_HAND)
            f->at = arena_printf(n->a, "/%zu", stay->index);
    }
    check_note_object(n, f, object);
    return f;
}

/* ---- looking up ------------------------------------------------------------------------------------------------ */

static struct check_found *stranger(struct check_notes *n, struct plan *p, enum check_rule rule, size_t i, const char *key)
{
    const struct given *g = &p->given[i];
    struct check_found *f = check_note(n, rule, g->at);
    if (n->in == CHECK_IN_HAND)
        f->at = arena_printf(n->a, "/%zu", i);
    else if (g->at != NULL && json_get(g->at, key) != NULL)
        f->at = json_path(n->a, json_get(g->at, key));
    f->student = g->student;
    f->rotation = g->rotation;
    f->department = g->department;
    f->placement = i;
    p->strangers = true;
    return f;
}

/* A rotation that the programme no longer has is known where the base plan has exactly this placement before freeze. */
static bool is_ghost(const struct model *m, int student, int department, const struct given *g)
{
    const struct source *s = m->s;
    for (size_t i = m->base_begin[student]; i < m->base_begin[student + 1]; i++) {
        const struct base_placement *b = m->base_list[i];
        if (b->rotation == NONE && b->department == department && b->from == g->from && b->weeks == g->weeks &&
            str_eq(b->rotation_id, g->rotation) && check_is_frozen(s, b))
            return true;
    }
    return false;
}

static bool look_up(struct check_notes *n, struct plan *p, size_t i, int *student, struct stay *stay)
{
    const struct source *s = p->m->s;
    const struct given *g = &p->given[i];
    int at = (int)map_get(&s->student_of, g->student, NONE);
    int d = (int)map_get(&s->department_of, g->department, NONE);
    if (at == NONE)
        stranger(n, p, CHECK_no_such_student, i, "student");
    if (d == NONE)
        stranger(n, p, CHECK_no_such_department, i, "department");
    if (at == NONE || d == NONE)
        return false;
    const struct programme *q = &s->programme[s->student[at].programme];
    int r = check_rotation_of(q, g->rotation);
    if ((r == NONE && !is_ghost(p->m, at, d, g)) || (r != NONE && (s->student[at].does >> r & 1) == 0)) {
        check_note_object(n, stranger(n, p, CHECK_no_such_rotation, i, "rotation"), q->at);
        return false;
    }
    int32_t weeks = g->weeks > 0 ? g->weeks : r != NONE ? q->rotation[r].weeks : 1;
    int32_t first = check_open_from(p->m, g->from == WEEK_NONE ? 0 : g->from);
    int32_t end = (int32_t)MIN((int64_t)first + weeks, (int64_t)p->m->open);
    assert(weeks > 0 && first <= end);
    *student = at;
    *stay = (struct stay){ r, d, first, end, g->from, weeks, i };
    return true;
}

struct plan *check_plan_make(struct check_notes *n, const struct model *m, const struct given *given, size_t count)
{
    const struct source *s = m->s;
    struct plan *p = ARENA_NEW(n->a, struct plan);
    *p = (struct plan){ .m = m, .given = given };
    struct stay *found = ARENA_ARRAY(n->a, count, struct stay);
    int *who = ARENA_ARRAY(n->a, count, int);
    size_t *fill = ARENA_ARRAY(n->a, (size_t)s->students + 1, size_t);
    p->begin = ARENA_ARRAY(n->a, (size_t)s->students + 1, size_t);
    p->load = ARENA_ARRAY(n->a, (size_t)s->departments * (size_t)m->open, int32_t);
    p->stay = ARENA_ARRAY(n->a, count, struct stay);
    for (size_t i = 0; i < count; i++) {
        if (!look_up(n, p, i, &who[i], &found[i])) {
            who[i] = NONE;
            continue;
        }
        p->begin[who[i] + 1]++;
        for (int32_t t = found[i].first; t < found[i].end; t++)
            p->load[check_cell(m, found[i].department, t)]++;
    }
    for (int i = 0; i < s->students; i++)
        p->begin[i + 1] += p->begin[i];
    assert(p->begin[s->students] <= count);
    memcpy(fill, p->begin, ((size_t)s->students + 1) * sizeof *fill);
    for (size_t i = 0; i < count; i++) {
        if (who[i] == NONE)
            continue;
        size_t to = fill[who[i]]++;
        for (; to > p->begin[who[i]] && p->stay[to - 1].first > found[i].first; to--)
            p->stay[to] = p->stay[to - 1];
        p->stay[to] = found[i];
    }
    assert(s->students == 0 || fill[s->students - 1] == p->begin[s->students]); /* every stay found its place */
    return p;
}

/* ---- one placement --------------------------------------------------------------------------------------------- */

static bool is_frozen_stay(const struct model *m, int student, const struct stay *x, struct str rotation)
{
    for (size_t i = m->base_begin[student]; i < m->base_begin[student + 1]; i++) {
        const struct base_placement *b = m->base_list[i];
        if (check_is_frozen(m->s, b) && b->from == x->from && b->department == x->department && b->weeks == x->weeks &&
            str_eq(b->rotation_id, rotation))
            return true;
    }
    return false;
}

static void rules_of_rotation(struct check_notes *n, const struct plan *p, int i, const struct stay *x, const struct rotation *q)
{
    const struct model *m = p->m;
    assert(x->rotation != NONE && x->first <= x->end && x->end <= m->open);
    bool allowed = false;
    for (int k = 0; k < q->departments; k++)
        allowed = allowed || q->department[k] == x->department;
    if (!allowed)
        check_note_stay(n, p, CHECK_department, i, x, q->at);
    if (x->weeks != q->weeks)
        check_note_numbers(n, check_note_stay(n, p, CHECK_length, i, x, q->at), x->weeks, q->weeks);
    if (q->earliest != WEEK_NONE && x->from < q->earliest)
        check_note_stay(n, p, CHECK_earliest, i, x, q->at)->allowed_text = check_text(q->at, "earliest");
    if (q->latest_end != WEEK_NONE && x->end > x->first && m->week_of[x->end - 1] >= q->latest_end)
        check_note_stay(n, p, CHECK_latest_end, i, x, q->at)->allowed_text = check_text(q->at, "latest_end");
}

static void rules_of_stay(struct check_notes *n, const struct plan *p, int i, const struct stay *x)
{
    const struct model *m = p->m;
    const struct source *s = m->s;
    const struct student *t = &s->student[i];
    enum check_rule rule;
    if (!check_weeks_fit(m, x->from == WEEK_NONE ? -1 : x->from, x->weeks, &rule))
        check_note_stay(n, p, rule, i, x, json_get(s->root, "weeks"));
    if (x->rotation != NONE)
        rules_of_rotation(n, p, i, x, &s->programme[t->programme].rotation[x->rotation]);
    for (int k = 0; k < t->aways; k++) {
        int32_t first = MAX(check_open_from(m, t->away[k].from), x->first);
        int32_t end = MIN(check_open_from(m, (int64_t)t->away[k].from + t->away[k].weeks), x->end);
        if (!t->away[k].off && first < end)
            check_note_weeks(m, check_note_stay(n, p, CHECK_away, i, x, t->away[k].at), first, end);
    }
    for (int k = 0; k < t->enters; k++)
        if (!t->enter[k].off && (t->enter[k].department == NONE || t->enter[k].department == x->department) && x->from < t->enter[k].from)
            check_note_stay(n, p, CHECK_enter, i, x, t->enter[k].at)->allowed_text = check_text(t->enter[k].at, "from");
    if (s->has_base && !t->unfrozen && x->from < s->freeze && !is_frozen_stay(m, i, x, p->given[x->index].rotation))
        check_note_stay(n, p, CHECK_freeze, i, x, json_get(s->root, "base_plan"));
}

/* ---- one student ----------------------------------------------------------------------------------------------- */

static const struct stay *stay_of(const struct plan *p, int i, int rotation)
{
    for (size_t k = p->begin[i]; k < p->begin[i + 1]; k++)
        if (p->stay[k].rotation == rotation)
            return &p->stay[k];
    return NULL;
}

static void rules_at_a_time(struct check_notes *n, const struct plan *p, int i, const struct programme *g)
{
    for (size_t k = p->begin[i]; k < p->begin[i + 1]; k++)
        for (size_t j = p->begin[i]; j < k; j++) {
            const struct stay *a = &p->stay[j], *b = &p->stay[k];
            enum check_rule rule = CHECK_overlap;
            if (a->rotation == b->rotation && a->rotation != NONE)
                rule = CHECK_twice;
            else if (b->first >= a->end || a->first >= b->end)
                continue;
            struct check_found *f = check_note_stay(n, p, rule, i, b, b->rotation != NONE ? g->rotation[b->rotation].at : NULL);
            f->other = p->given[a->index].rotation;
            f->other_placement = a->index;
            if (rule == CHECK_overlap)
                check_note_weeks(p->m, f, MAX(a->first, b->first), MIN(a->end, b->end));
        }
}

static void rules_of_picks(struct check_notes *n, const struct plan *p, int i, const struct programme *g, bool unplaced_allowed)
{
    const struct student *t = &p->m->s->student[i];
    uint64_t placed = 0;
    for (size_t k = p->begin[i]; k < p->begin[i + 1]; k++)
        if (p->stay[k].rotation != NONE)
            placed |= UINT64_C(1) << p->stay[k].rotation;
    for (int r = 0; r < g->rotations && !unplaced_allowed; r++)
        if (g->rotation[r].choice == NONE && (t->does >> r & 1) != 0 && (placed >> r & 1) == 0)
            check_note_stay(n, p, CHECK_missing, i, NULL, g->rotation[r].at)->rotation = g->rotation[r].id;
    for (int c = 0; c < g->choices; c++) {
        int picked = __builtin_popcountll(placed & g->choice[c].of);
        if ((t->picks >> c & 1) == 0 || picked == g->choice[c].pick || (unplaced_allowed && picked < g->choice[c].pick))
            continue;
        struct check_found *f = check_note_stay(n, p, CHECK_pick, i, NULL, g->choice[c].at);
        f->other = g->choice[c].id;
        check_note_numbers(n, f, picked, g->choice[c].pick);
    }
}

static void rule_of_order(struct check_notes *n, const struct plan *p, int i, const struct programme *g, const struct order *o)
{
    const struct stay *a = stay_of(p, i, o->before), *b = stay_of(p, i, o->after);
    const struct student *t = &p->m->s->student[i];
    /* A rule that mentions a rotation which the student does not do binds nothing. */
    if (b == NULL || o->off || (t->does >> o->before & 1) == 0)
        return;
    enum check_rule rule;
    int64_t found = 0, allowed = 0;
    if (a == NULL) {
        if (!o->requires)
            return;
        rule = CHECK_requires;
    } else if (b->first < a->end) {
        rule = CHECK_order;
    } else {
        found = b->first - a->end;
        if (found >= o->min_gap && (o->max_gap == NONE || found <= o->max_gap))
            return;
        rule = found < o->min_gap ? CHECK_min_gap : CHECK_max_gap;
        allowed = found < o->min_gap ? o->min_gap : o->max_gap;
    }
    struct check_found *f = check_note_stay(n, p, rule, i, b, o->at);
    f->rotation = g->rotation[o->before].id;
    f->other = g->rotation[o->after].id;
    f->other_placement = a != NULL ? a->index : CHECK_NO_PLACEMENT;
    if (rule == CHECK_min_gap || rule == CHECK_max_gap)
        check_note_numbers(n, f, found, allowed);
}

static bool is_away(const struct model *m, const struct student *t, int32_t week)
{
    for (int k = 0; k < t->aways; k++)
        if (!t->away[k].off && m->week_of[week] >= t->away[k].from && m->week_of[week] < t->away[k].from + t->away[k].weeks)
            return true;
    return false;
}

static void rules_of_rest(struct check_notes *n, const struct plan *p, int i, const struct programme *g)
{
    int32_t begun = 0, end = NONE; /* the run of placed weeks begun..end-1 so far */
    for (size_t k = p->begin[i]; k <= p->begin[i + 1]; k++) {
        assert(end == NONE || begun < end);
        const struct stay *x = k < p->begin[i + 1] ? &p->stay[k] : NULL;
        if (x != NULL && x->first >= x->end)
            continue; /* not in the horizon at all */
        if (x != NULL && end != NONE && x->first <= end) {
            end = MAX(end, x->end);
            continue;
        }
        if (end != NONE && g->max_consecutive != NONE && end - begun > g->max_consecutive) {
            struct check_found *f = check_note_stay(n, p, CHECK_max_consecutive, i, NULL, g->at);
            check_note_weeks(p->m, f, begun, end);
            check_note_numbers(n, f, end - begun, g->max_consecutive);
        }
        for (int32_t w = end; x != NULL && end != NONE && g->free_weeks_forbidden && w < x->first; w++)
            if (!is_away(p->m, &p->m->s->student[i], w))
                check_note_weeks(p->m, check_note_stay(n, p, CHECK_free_weeks, i, NULL, g->at), w, w + 1);
        if (x != NULL) {
            begun = x->first;
            end = x->end;
        }
    }
}

static void rule_of_sites(struct check_notes *n, const struct plan *p, int i, const struct programme *g)
{
    const struct source *s = p->m->s;
    for (size_t k = p->begin[i]; g->site_limit != NONE && k < p->begin[i + 1]; k++) {
        int site = s->department[p->stay[k].department].site, visits = 0;
        for (size_t j = p->begin[i]; j <= k; j++)
            visits += s->department[p->stay[j].department].site == site;
        if (visits <= g->site_limit)
            continue;
        struct check_found *f = check_note_stay(n, p, CHECK_site_limit, i, &p->stay[k], g->at);
        f->other = check_text(s->department[p->stay[k].department].at, "site");
        check_note_numbers(n, f, visits, g->site_limit);
    }
}

static void rules_of_pins(struct check_notes *n, const struct plan *p, int i, const struct programme *g)
{
    const struct source *s = p->m->s;
    const struct student *t = &s->student[i];
    for (int k = 0; k < t->fixeds; k++) {
        const struct fixed *f = &t->fixed[k];
        bool kept = f->off || (t->does >> f->rotation & 1) == 0;
        for (size_t j = p->begin[i]; j < p->begin[i + 1]; j++)
            kept = kept || (p->stay[j].rotation == f->rotation && p->stay[j].department == f->department && p->stay[j].from == f->from);
        if (kept)
            continue;
        struct check_found *note = check_note_stay(n, p, CHECK_fixed, i, stay_of(p, i, f->rotation), f->at);
        note->rotation = g->rotation[f->rotation].id;
        note->department = s->department[f->department].id;
        note->allowed_text = check_text(f->at, "from");
    }
    for (size_t k = p->m->base_begin[i]; k < p->m->base_begin[i + 1]; k++) {
        const struct base_placement *b = p->m->base_list[k];
        if (!check_is_frozen(s, b) || (b->rotation != NONE && (t->does >> b->rotation & 1) == 0))
            continue;
        bool kept = false;
        for (size_t j = p->begin[i]; j < p->begin[i + 1]; j++) {
            const struct stay *x = &p->stay[j];
            kept = kept || (x->rotation == b->rotation && x->department == b->department && x->from == b->from && x->weeks == b->weeks &&
                            str_eq(p->given[x->index].rotation, b->rotation_id));
        }
        if (kept)
            continue;
        struct check_found *note = check_note_stay(n, p, CHECK_freeze, i, NULL, b->at);
        note->rotation = b->rotation_id;
        note->department = s->department[b->department].id;
        note->from = s->first + 7 * b->from;
        note->weeks = b->weeks;
        note->allowed_text = check_text(b->at, "from");
    }
}

void check_plan_rules(struct check_notes *n, const struct plan *p, bool unplaced_allowed)
{
    const struct source *s = p->m->s;
    for (int i = 0; i < s->students; i++) {
        const struct programme *g = &s->programme[s->student[i].programme];
        for (size_t k = p->begin[i]; k < p->begin[i + 1]; k++)
            rules_of_stay(n, p, i, &p->stay[k]);
        rules_at_a_time(n, p, i, g);
        rules_of_picks(n, p, i, g, unplaced_allowed);
        for (int k = 0; k < g->orders; k++)
            rule_of_order(n, p, i, g, &g->order[k]);
        rules_of_rest(n, p, i, g);
        rule_of_sites(n, p, i, g);
        rules_of_pins(n, p, i, g);
    }
    check_plan_shared_rules(n, p);
}
