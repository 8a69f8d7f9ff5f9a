/* The facts of a problem, and the problem that is left when only some of them count. What is never a fact (horizon,
 * lengths, allowed departments, one place at a time) is left as it is. */
#include "planner/explain.h"

/* ---- listing ------------------------------------------------------------------------------------ */

struct lister {
    struct arena *a;
    const struct planner_problem *p;
    struct planner_facts out;
    int *members; /* students of each programme */
};

static struct planner_fact *push(struct lister *l, enum planner_fact_kind kind)
{
    struct planner_fact *f = ARENA_PUSH(l->a, l->out.item, l->out.n, l->out.cap);
    *f = (struct planner_fact){ .kind = kind, .programme = -1, .department = -1, .student = -1, .index = -1 };
    return f;
}

static bool pinned(const struct planner_problem *p, int s, int rotation)
{
    const struct planner_student *t = &p->student[s];
    for (int i = 0; i < t->fixed_count; i++)
        if (t->fixed[i].rotation == rotation)
            return true;
    for (int i = 0; i < p->base_count; i++)
        if (p->base[i].student == s && p->base[i].rotation == rotation && p->base[i].from < p->freeze)
            return true;
    return false;
}

/* Whether the problem obliges student s to do the rotation, or all of the choice. */
static bool obliged(const struct planner_problem *p, int s, int rotation, const struct planner_choice *choice)
{
    int pins = 0;
    if (!p->allow_unplaced)
        return true;
    if (choice == NULL)
        return pinned(p, s, rotation);
    for (uint64_t of = choice->of; of != 0; of &= of - 1)
        pins += pinned(p, s, __builtin_ctzll(of));
    return pins >= choice->pick;
}

static void list_demand(struct lister *l, int g, int index, bool choice)
{
    const struct planner_problem *p = l->p;
    const struct planner_choice *c = choice ? &p->programme[g].choice[index] : NULL;
    int *who = ARENA_ARRAY(l->a, (size_t)l->members[g], int), n = 0;
    for (int s = 0; s < p->student_count; s++)
        if (p->student[s].programme == g && obliged(p, s, index, c) &&
            (~p->student[s].skip & (choice ? c->of : UINT64_C(1) << index)) != 0)
            who[n++] = s;
    if (n == 0)
        return;
    struct planner_fact *f = push(l, choice ? PLANNER_FACT_CHOICE : PLANNER_FACT_REQUIREMENT);
    f->programme = g;
    f->index = index;
    f->students = n;
    f->who = who;
}

static void list_students(struct lister *l)
{
    const struct planner_problem *p = l->p;
    for (int kind = PLANNER_FACT_AWAY; kind <= PLANNER_FACT_FREEZE; kind++)
        for (int s = 0; s < p->student_count; s++) {
            const struct planner_student *t = &p->student[s];
            int n = kind == PLANNER_FACT_AWAY    ? t->away_count
                    : kind == PLANNER_FACT_ENTER ? t->enter_count
                    : kind == PLANNER_FACT_FIXED ? t->fixed_count
                                                 : p->has_base;
            for (int i = 0; i < n; i++) {
                struct planner_fact *f = push(l, (enum planner_fact_kind)kind);
                f->student = s;
                f->index = i;
                if (kind != PLANNER_FACT_FREEZE)
                    continue;
                f->students = 1;
                f->who = ARENA_NEW(l->a, int);
                *f->who = s;
            }
        }
}

static void push_programme(struct lister *l, enum planner_fact_kind kind, int g, int index)
{
    struct planner_fact *f = push(l, kind);
    f->programme = g;
    f->index = index;
}

/* Rules of whole programmes, kind by kind. */
static void list_programmes(struct lister *l)
{
    for (int kind = PLANNER_FACT_SITE_LIMIT; kind <= PLANNER_FACT_ORDER; kind++)
        for (int g = 0; g < l->p->programme_count; g++) {
            const struct planner_programme *q = &l->p->programme[g];
            if (l->members[g] == 0)
                continue;
            if ((kind == PLANNER_FACT_SITE_LIMIT && q->site_limit >= 0) ||
                (kind == PLANNER_FACT_MAX_CONSECUTIVE && q->max_consecutive > 0) ||
                (kind == PLANNER_FACT_FREE_WEEKS && q->free_weeks_forbidden))
                push_programme(l, (enum planner_fact_kind)kind, g, 0);
            for (int i = 0; kind == PLANNER_FACT_ORDER && i < q->order_count; i++)
                push_programme(l, PLANNER_FACT_ORDER, g, i);
            for (int i = 0; i < q->rotation_count; i++)
                if ((kind == PLANNER_FACT_EARLIEST && q->rotation[i].earliest != PLANNER_WEEK_NONE) ||
                    (kind == PLANNER_FACT_LATEST_END && q->rotation[i].latest_end != PLANNER_WEEK_NONE))
                    push_programme(l, (enum planner_fact_kind)kind, g, i);
        }
}

static void list_departments(struct lister *l)
{
    const struct planner_problem *p = l->p;
    for (int kind = PLANNER_FACT_QUOTA; kind <= PLANNER_FACT_SEATS; kind++) {
        for (int i = 0; kind == PLANNER_FACT_SHARED_QUOTA && i < p->shared_count; i++)
            push(l, PLANNER_FACT_SHARED_QUOTA)->index = i;
        for (int d = 0; d < p->department_count; d++) {
            const struct planner_department *q = &p->department[d];
            int n = kind == PLANNER_FACT_QUOTA       ? q->quota_count
                    : kind == PLANNER_FACT_EXCEPTION ? q->exception_count
                    : kind == PLANNER_FACT_SEATS     ? 1
                                                     : 0;
            for (int i = 0; i < n; i++) {
                if (kind == PLANNER_FACT_EXCEPTION &&
                    (q->exception[i].off || (q->exception[i].capacity < 0 && !q->exception[i].has_limits)))
                    continue;
                struct planner_fact *f = push(l, (enum planner_fact_kind)kind);
                f->department = d;
                f->index = i;
                f->weeks = kind == PLANNER_FACT_SEATS ? p->weeks : 0;
            }
        }
    }
}

struct planner_facts planner_facts_all(struct arena *a, const struct planner_problem *p)
{
    struct lister l = { .a = a, .p = p, .members = ARENA_ARRAY(a, (size_t)p->programme_count, int) };
    for (int s = 0; s < p->student_count; s++)
        l.members[p->student[s].programme]++;
    for (int i = 0; i < p->pair_count; i++)
        if (!p->pair[i].off)
            push(&l, PLANNER_FACT_PAIR)->index = i;
    list_students(&l);
    for (int w = 0; w < p->weeks; w++)
        if (p->closed[w])
            push(&l, PLANNER_FACT_CLOSED_WEEK)->index = w;
    list_programmes(&l);
    list_departments(&l);
    for (int g = 0; g < p->programme_count; g++)
        for (int i = 0; i < p->programme[g].choice_count; i++)
            list_demand(&l, g, i, true);
    for (int g = 0; g < p->programme_count; g++)
        for (int i = 0; i < p->programme[g].rotation_count; i++)
            if (p->programme[g].rotation[i].choice < 0 && !p->programme[g].rotation[i].old)
                list_demand(&l, g, i, false);
    return l.out;
}

bool planner_fact_same(const struct planner_fact *a, const struct planner_fact *b)
{
    if (a->kind == PLANNER_FACT_FREEZE && b->kind == PLANNER_FACT_FREEZE)
        return true; /* one date for all */
    if (a->kind != b->kind || a->programme != b->programme || a->department != b->department || a->student != b->student)
        return false;
    return a->kind == PLANNER_FACT_SEATS ? a->from < b->from + b->weeks && b->from < a->from + a->weeks : a->index == b->index;
}

/* ---- switching ---------------------------------------------------------------------------------- */

static void *copy_of(struct arena *a, const void *from, size_t n, size_t size)
{
    void *to = arena_array(a, n, size);
    if (n > 0)
        memcpy(to, from, n * size);
    return to;
}

/* Everything off: no rule, no limit, nobody has to do anything. */
static void clear_departments(struct arena *a, struct planner_problem *q)
{
    q->department = copy_of(a, q->department, (size_t)q->department_count, sizeof *q->department);
    for (int d = 0; d < q->department_count; d++) {
        struct planner_department *t = &q->department[d];
        t->capacity = PLANNER_NO_LIMIT;
        t->limit_count = 0;
        t->minimum = 0;
        t->exception = copy_of(a, t->exception, (size_t)t->exception_count, sizeof *t->exception);
        t->quota = copy_of(a, t->quota, (size_t)t->quota_count, sizeof *t->quota);
        for (int i = 0; i < t->exception_count; i++) {
            t->exception[i].off = true;
            t->exception[i].minimum = -1;
        }
        for (int i = 0; i < t->quota_count; i++)
            t->quota[i].off = true;
    }
    q->shared = copy_of(a, q->shared, (size_t)q->shared_count, sizeof *q->shared);
    for (int i = 0; i < q->shared_count; i++)
        q->shared[i].off = true;
}

static void clear_programmes(struct arena *a, struct planner_problem *q)
{
    q->programme = copy_of(a, q->programme, (size_t)q->programme_count, sizeof *q->programme);
    for (int g = 0; g < q->programme_count; g++) {
        struct planner_programme *t = &q->programme[g];
        t->rotation = copy_of(a, t->rotation, (size_t)t->rotation_count, sizeof *t->rotation);
        for (int i = 0; i < t->rotation_count; i++)
            t->rotation[i].earliest = t->rotation[i].latest_end = PLANNER_WEEK_NONE;
        t->order = ARENA_ARRAY(a, (size_t)t->order_count, struct planner_order);
        t->order_count = 0;
        t->max_consecutive = 0;
        t->free_weeks_forbidden = false;
        t->site_limit = -1;
    }
}

static void clear_students(struct arena *a, struct planner_problem *q)
{
    q->student = copy_of(a, q->student, (size_t)q->student_count, sizeof *q->student);
    for (int s = 0; s < q->student_count; s++) {
        struct planner_student *t = &q->student[s];
        t->away = copy_of(a, t->away, (size_t)t->away_count, sizeof *t->away);
        t->enter = copy_of(a, t->enter, (size_t)t->enter_count, sizeof *t->enter);
        t->fixed = copy_of(a, t->fixed, (size_t)t->fixed_count, sizeof *t->fixed);
        for (int i = 0; i < t->away_count; i++)
            t->away[i].off = true;
        for (int i = 0; i < t->enter_count; i++)
            t->enter[i].off = true;
        for (int i = 0; i < t->fixed_count; i++)
            t->fixed[i].off = true;
        t->skip = UINT64_MAX;
        t->wish_count = 0;
        t->free_of_freeze = true;
    }
    q->pair = copy_of(a, q->pair, (size_t)q->pair_count, sizeof *q->pair);
    for (int i = 0; i < q->pair_count; i++)
        q->pair[i].off = true;
}

static void require(struct planner_problem *q, const struct planner_fact *f)
{
    const struct planner_programme *g = &q->programme[f->programme];
    uint64_t set = f->kind == PLANNER_FACT_CHOICE ? g->choice[f->index].of : UINT64_C(1) << f->index;
    for (int i = 0; i < f->students; i++)
        q->student[f->who[i]].skip &= ~set;
}

static void switch_on(struct planner_problem *q, const struct planner_problem *p, const struct planner_fact *f)
{
    struct planner_programme *g = f->programme >= 0 ? &q->programme[f->programme] : NULL;
    const struct planner_programme *was = f->programme >= 0 ? &p->programme[f->programme] : NULL;
    switch (f->kind) {
    case PLANNER_FACT_PAIR: q->pair[f->index].off = false; break;
    case PLANNER_FACT_AWAY: q->student[f->student].away[f->index].off = false; break;
    case PLANNER_FACT_ENTER: q->student[f->student].enter[f->index].off = false; break;
    case PLANNER_FACT_FIXED: q->student[f->student].fixed[f->index].off = false; break;
    case PLANNER_FACT_FREEZE:
        q->has_base = true;
        q->base_count = p->base_count;
        for (int i = 0; i < f->students; i++) {
            q->student[f->who[i]].free_of_freeze = false;
            q->student[f->who[i]].skip &= ~p->student[f->who[i]].old;
        }
        break;
    case PLANNER_FACT_CLOSED_WEEK: q->closed[f->index] = true; break;
    case PLANNER_FACT_SITE_LIMIT: g->site_limit = was->site_limit; break;
    case PLANNER_FACT_MAX_CONSECUTIVE: g->max_consecutive = was->max_consecutive; break;
    case PLANNER_FACT_FREE_WEEKS: g->free_weeks_forbidden = true; break;
    case PLANNER_FACT_EARLIEST: g->rotation[f->index].earliest = was->rotation[f->index].earliest; break;
    case PLANNER_FACT_LATEST_END: g->rotation[f->index].latest_end = was->rotation[f->index].latest_end; break;
    case PLANNER_FACT_ORDER: g->order[g->order_count++] = was->order[f->index]; break;
    case PLANNER_FACT_QUOTA: q->department[f->department].quota[f->index].off = false; break;
    case PLANNER_FACT_SHARED_QUOTA: q->shared[f->index].off = false; break;
    case PLANNER_FACT_EXCEPTION: q->department[f->department].exception[f->index].off = false; break;
    case PLANNER_FACT_SEATS: break; /* by department, below */
    case PLANNER_FACT_CHOICE:
    case PLANNER_FACT_REQUIREMENT: require(q, f); break;
    case PLANNER_FACT_KINDS: break;
    }
}

/* Default seats that count in some weeks only are written as the first exceptions of a department without limit. */
static void put_seats(struct arena *a, struct planner_problem *q, const struct planner_problem *p, int d, const bool *week)
{
    struct planner_department *t = &q->department[d];
    const struct planner_department *was = &p->department[d];
    int runs = 0, covered = 0;
    for (int w = 0; w < p->weeks; w++) {
        covered += week[w];
        runs += week[w] && (w == 0 || !week[w - 1]);
    }
    if (covered == p->weeks) {
        t->capacity = was->capacity;
        t->limit_count = was->limit_count;
        return;
    }
    struct planner_exception *all = ARENA_ARRAY(a, (size_t)(runs + t->exception_count), struct planner_exception);
    int n = 0;
    for (int w = 0, end; w < p->weeks; w = end) {
        for (end = w + 1; end < p->weeks && week[end] == week[w];)
            end++;
        if (week[w])
            all[n++] = (struct planner_exception){ .from = w, .weeks = end - w, .capacity = was->capacity, .minimum = -1,
                                                   .has_limits = true, .limit_count = was->limit_count, .limit = was->limit };
    }
    assert(n == runs);
    if (t->exception_count > 0)
        memcpy(all + n, t->exception, (size_t)t->exception_count * sizeof *all);
    t->exception = all;
    t->exception_count += n;
}

static void put_all_seats(struct arena *a, struct planner_problem *q, const struct planner_problem *p,
                          const struct planner_facts *f, const bool *off)
{
    bool *week = ARENA_ARRAY(a, (size_t)p->weeks * (size_t)p->department_count, bool);
    bool *any = ARENA_ARRAY(a, (size_t)p->department_count, bool);
    for (size_t i = 0; i < f->n; i++) {
        const struct planner_fact *x = &f->item[i];
        if (x->kind != PLANNER_FACT_SEATS || (off != NULL && off[i]))
            continue;
        any[x->department] = true;
        for (int w = x->from; w < x->from + x->weeks; w++)
            week[x->department * p->weeks + w] = true;
    }
    for (int d = 0; d < p->department_count; d++)
        if (any[d])
            put_seats(a, q, p, d, week + (size_t)d * (size_t)p->weeks);
}

/* A pair binds those of its students and rotations that are required. Where all of them do the same, it may stay as it is
 * and become one unit; else a `together` pair names what they have in common. */
static void narrow_pair(struct arena *a, struct planner_problem *q, const struct planner_problem *p, int index, bool single)
{
    struct planner_pair *t = &q->pair[index];
    const struct planner_pair *was = &p->pair[index];
    uint64_t common = UINT64_MAX;
    bool same = true;
    t->student = ARENA_ARRAY(a, (size_t)was->student_count, int);
    t->student_count = 0;
    for (int i = 0; i < was->student_count; i++) {
        const struct planner_student *s = &q->student[was->student[i]];
        int rotations = q->programme[s->programme].rotation_count;
        uint64_t does = ~s->skip & (rotations == 64 ? UINT64_MAX : (UINT64_C(1) << rotations) - 1);
        if (does == 0)
            continue;
        same = same && (t->student_count == 0 || does == common);
        common = t->student_count == 0 ? does : common & does;
        t->student[t->student_count++] = was->student[i];
    }
    t->off = t->student_count < 2;
    if (t->off || t->apart || (same && !single))
        return;
    const struct planner_programme *g = &q->programme[q->student[t->student[0]].programme];
    struct str *name = ARENA_ARRAY(a, (size_t)g->rotation_count, struct str);
    int n = 0;
    for (int i = 0; i < g->rotation_count; i++) {
        bool named = !was->names_rotations && !g->rotation[i].old;
        for (int k = 0; k < was->rotation_count; k++)
            named = named || str_eq(was->rotation[k], g->rotation[i].id);
        if (named && (common >> i & 1) != 0)
            name[n++] = g->rotation[i].id;
    }
    t->names_rotations = true;
    t->rotation = name;
    t->rotation_count = n;
}

struct planner_problem *planner_facts_problem(struct arena *a, const struct planner_problem *p,
                                              const struct planner_facts *f, const bool *off, bool single)
{
    struct planner_problem *q = ARENA_NEW(a, struct planner_problem);
    *q = *p;
    q->allow_unplaced = false;
    q->level_count = 0;
    q->has_base = false;
    q->base_count = 0;
    q->closed = ARENA_ARRAY(a, (size_t)p->weeks, bool);
    clear_departments(a, q);
    clear_programmes(a, q);
    clear_students(a, q);
    for (size_t i = 0; i < f->n; i++)
        if (off == NULL || !off[i])
            switch_on(q, p, &f->item[i]);
    put_all_seats(a, q, p, f, off);
    for (int i = 0; i < q->pair_count; i++)
        if (!q->pair[i].off)
            narrow_pair(a, q, p, i, single);
    return q;
}
