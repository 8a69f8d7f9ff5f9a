/* The costs of one unit under one leaf: what each of its placements, idle weeks and changes of site costs, and what is not
 * allowed at all. See kernel.h for what the arrays mean. */
#include "check/proof.h"

static const int64_t REGRET_MOST = INT64_C(1) << 44;

struct fill {
    const struct proof *p;
    const struct leaf *leaf;
    const struct unit *u;
    struct costs *c;
    const struct course *course;
    struct arena *a;
    int32_t open;
    wide *rate; /* of one unit of regret, by student of the unit */
    int64_t *limit, *travel_regret, *waiting_regret;
    /* of the department being filled: sums and forbidden weeks before week t */
    wide *sum;
    int32_t *forbidden;
    bool overflow;
};

static wide *costs_of(struct fill *f, int option)
{
    return f->c->option + (size_t)option * (size_t)f->open;
}

static int counted(const struct fill *f, const struct quota *q)
{
    int n = 0;
    for (int i = 0; i < f->u->students; i++)
        n += check_counts(f->p->m->s, q, f->u->student[i]);
    return n;
}

static bool concerns(const struct quota *q, int department)
{
    for (int i = 0; i < q->departments; i++)
        if (q->department[i] == department)
            return true;
    return false;
}

static void forbid_quota(struct fill *f, const struct quota *q)
{
    int32_t first, end;
    if (q->off || counted(f, q) <= q->capacity)
        return;
    check_quota_weeks(f->p->m, q, &first, &end);
    for (int32_t t = first; t < end; t++)
        f->forbidden[t + 1] = 1;
}

static int members(const struct fill *f, const struct pair *q)
{
    int n = 0;
    for (int i = 0; i < f->u->students; i++)
        for (int k = 0; k < q->students; k++)
            n += q->student[k] == f->u->student[i];
    return n;
}

/* Price and permission of each week in department d, then both summed up from the first week on. */
static void fill_department(struct fill *f, int d, struct str rotation)
{
    const struct model *m = f->p->m;
    const struct source *s = m->s;
    size_t at = check_cell(m, d, 0);
    assert(d >= 0 && d < s->departments && f->forbidden[0] == 0);
    f->sum[0] = 0;
    for (int32_t t = 0; t < f->open; t++) {
        f->sum[t + 1] = (wide)f->leaf->cell[at + (size_t)t] * f->u->students;
        f->forbidden[t + 1] = f->p->scene.cap[at + (size_t)t] < f->u->students;
    }
    for (int k = 0; k < s->department[d].quotas; k++)
        forbid_quota(f, &s->department[d].quota[k]);
    for (int k = 0; k < s->shareds; k++)
        if (concerns(&s->shared[k], d))
            forbid_quota(f, &s->shared[k]);
    for (size_t k = 0; k < f->leaf->quotas; k++) {
        const struct quota_price *q = &f->leaf->quota[k];
        int n = concerns(q->q, d) ? counted(f, q->q) : 0;
        for (int32_t t = 0; n > 0 && t < f->open; t++)
            f->sum[t + 1] += (wide)q->price[t] * n;
    }
    for (size_t k = 0; k < f->leaf->aparts; k++) {
        const struct apart_price *x = &f->leaf->apart[k];
        bool named = !x->pair->names_rotations;
        for (int i = 0; i < x->pair->rotations; i++)
            named = named || str_eq(x->pair->rotation[i], rotation);
        int n = named ? members(f, x->pair) : 0;
        for (int32_t t = 0; n > 0 && t < f->open; t++)
            f->sum[t + 1] += (wide)x->price[at + (size_t)t] * n;
    }
    for (int32_t t = 0; t < f->open; t++) {
        f->sum[t + 1] += f->sum[t];
        f->forbidden[t + 1] += f->forbidden[t];
    }
}

/* ---- what is about one student of the unit ------------------------------------------------------------------------- */

static void forbid(wide *cost, int32_t first, int32_t end)
{
    assert(first >= 0);
    for (int32_t t = first; t < end; t++)
        cost[t] = WIDE_NEVER;
}

/* Only a placement in department d from calendar week `from` remains of an item. */
static void pin(struct fill *f, int item, int d, int32_t from, bool possible)
{
    assert(item >= 0 && item < f->course->items);
    for (int o = 0; o < f->course->options; o++) {
        if (f->course->option[o].item != item)
            continue;
        for (int32_t t = 0; t < f->open; t++)
            if (!possible || f->course->option[o].department != d || f->p->m->week_of[t] != from)
                costs_of(f, o)[t] = WIDE_NEVER;
    }
    f->c->must |= UINT64_C(1) << item;
}

static int item_of(const struct course *c, int rotation, const struct base_placement *old)
{
    for (int i = 0; i < c->items; i++)
        if (c->item[i].rotation == rotation && c->item[i].old == old)
            return i;
    return NONE;
}

static void apply_pins(struct fill *f, int student)
{
    const struct model *m = f->p->m;
    const struct student *t = &m->s->student[student];
    for (int k = 0; k < t->fixeds; k++) {
        int item = item_of(f->course, t->fixed[k].rotation, NULL);
        if (!t->fixed[k].off && item != NONE)
            pin(f, item, t->fixed[k].department, t->fixed[k].from, true);
    }
    uint64_t frozen = 0;
    for (size_t k = m->base_begin[student]; k < m->base_begin[student + 1]; k++) {
        const struct base_placement *b = m->base_list[k];
        int item = item_of(f->course, b->rotation, b->rotation == NONE ? b : NULL);
        if (!check_is_frozen(m->s, b) || item == NONE)
            continue;
        pin(f, item, b->department, b->from, b->weeks == f->course->item[item].weeks);
        frozen |= UINT64_C(1) << item;
    }
    for (int o = 0; m->s->has_base && !t->unfrozen && o < f->course->options; o++)
        if ((frozen >> f->course->option[o].item & 1) == 0)
            forbid(costs_of(f, o), 0, m->freeze);
}

static void apply_absence(struct fill *f, int student)
{
    const struct model *m = f->p->m;
    const struct student *t = &m->s->student[student];
    for (int o = 0; o < f->course->options; o++) {
        int32_t weeks = f->course->item[f->course->option[o].item].weeks;
        for (int k = 0; k < t->aways; k++) {
            int32_t first = check_open_from(m, t->away[k].from), end = check_open_from(m, (int64_t)t->away[k].from + t->away[k].weeks);
            if (!t->away[k].off && first < end)
                forbid(costs_of(f, o), MAX(first - weeks + 1, 0), end);
        }
        for (int k = 0; k < t->enters; k++)
            if (!t->enter[k].off && (t->enter[k].department == NONE || t->enter[k].department == f->course->option[o].department))
                forbid(costs_of(f, o), 0, check_open_from(m, t->enter[k].from));
    }
}

static void apply_week_split(struct fill *f, const struct student_split *x)
{
    assert(x->week >= 0 && x->week < f->open);
    for (int o = 0; o < f->course->options; o++) {
        int32_t weeks = f->course->item[f->course->option[o].item].weeks;
        if ((f->course->option[o].department == x->department) != x->yes)
            forbid(costs_of(f, o), MAX(x->week - weeks + 1, 0), x->week + 1);
    }
    if (!x->yes)
        return;
    f->c->idle_first[x->week] = f->c->idle_later[x->week] = WIDE_NEVER;
    f->c->end_from = MAX(f->c->end_from, x->week + 1);
}

static void apply_rotation_split(struct fill *f, const struct student_split *x)
{
    for (int o = 0; o < f->course->options; o++) {
        const struct option *q = &f->course->option[o];
        if (f->course->item[q->item].rotation != x->rotation)
            continue;
        if (x->yes)
            f->c->must |= UINT64_C(1) << q->item;
        for (int32_t t = 0; t < f->open; t++) {
            bool matches = (x->department == NONE || x->department == q->department) && (x->from == WEEK_NONE || x->from == f->p->m->week_of[t]);
            if (matches != x->yes)
                costs_of(f, o)[t] = WIDE_NEVER;
        }
    }
    /* A rotation that the student does not do is never placed. */
    if (x->yes && item_of(f->course, x->rotation, NULL) == NONE)
        f->c->end_from = f->open + 1;
}

static void apply_splits(struct fill *f, int student)
{
    for (const struct student_split *x = f->p->scene.split; x != NULL; x = x->up) {
        if (x->student != student)
            continue;
        if (x->rotation == NONE)
            apply_week_split(f, x);
        else
            apply_rotation_split(f, x);
    }
}

/* Free weeks are forbidden to everybody who is not away. */
static void apply_rest(struct fill *f, int student)
{
    const struct model *m = f->p->m;
    const struct student *t = &m->s->student[student];
    if (!f->course->g->free_weeks_forbidden)
        return;
    bool *away = ARENA_ARRAY(f->a, (size_t)f->open + 1, bool);
    for (int k = 0; k < t->aways; k++)
        for (int32_t w = check_open_from(m, t->away[k].from); !t->away[k].off && w < check_open_from(m, (int64_t)t->away[k].from + t->away[k].weeks); w++)
            away[w] = true;
    for (int32_t w = 0; w < f->open; w++)
        if (!away[w])
            f->c->idle_later[w] = WIDE_NEVER;
}

/* ---- measures ------------------------------------------------------------------------------------------------------- */

static void add_regret(struct fill *f, int k)
{
    const struct model *m = f->p->m;
    int student = f->u->student[k];
    const struct student *t = &m->s->student[student];
    for (int o = 0; o < f->course->options; o++) {
        const struct option *q = &f->course->option[o];
        const struct item *item = &f->course->item[q->item];
        for (int32_t first = 0; first + item->weeks <= f->open; first++) {
            int64_t regret = 0;
            int rank;
            wide *cost = &costs_of(f, o)[first];
            for (int w = 0; w < t->wishes; w++)
                if (check_wish_is_about(m, student, &t->wish[w], item->rotation))
                    regret = check_add(regret, check_wish_regret(m, &t->wish[w], item->rotation, q->department, first, first + item->weeks, &rank));
            if (f->c->limited)
                f->c->regret[((size_t)k * (size_t)f->course->options + (size_t)o) * (size_t)f->open + (size_t)first] = regret;
            if (f->c->limited && regret > f->limit[k])
                *cost = WIDE_NEVER;
            if (*cost >= WIDE_NEVER)
                continue;
            f->overflow = f->overflow || regret > REGRET_MOST;
            if (!f->overflow)
                *cost += f->rate[k] * regret;
        }
    }
}

static void add_changes(struct fill *f, int student, wide *constant)
{
    const struct model *m = f->p->m;
    wide each = f->leaf->weight[CHANGES];
    if (m->base == NULL || each == 0)
        return;
    assert(m->freeze >= 0 && m->freeze <= f->open);
    const int32_t *base = m->base + (size_t)student * (size_t)f->open;
    for (int32_t t = m->freeze; t < f->open; t++)
        *constant += base[t] != NONE ? each : 0;
    for (int o = 0; o < f->course->options; o++) {
        const struct option *q = &f->course->option[o];
        int32_t weeks = f->course->item[q->item].weeks;
        for (int32_t first = 0; first + weeks <= f->open; first++) {
            wide *cost = &costs_of(f, o)[first];
            for (int32_t t = MAX(first, m->freeze); *cost < WIDE_NEVER && t < first + weeks; t++)
                *cost += ((q->department != base[t]) - (base[t] != NONE)) * each;
        }
    }
}

static void add_ties(struct fill *f, int student)
{
    for (size_t i = 0; i < f->leaf->ties; i++) {
        const struct tie_price *x = &f->leaf->tie[i];
        assert(x->from >= 0 && x->from < f->open);
        if (x->student != student)
            continue;
        for (int o = 0; o < f->course->options; o++) {
            const struct option *q = &f->course->option[o];
            wide *cost = &costs_of(f, o)[x->from];
            if (q->department == x->department && f->course->item[q->item].rotation == x->rotation && *cost < WIDE_NEVER)
                *cost += x->price;
        }
    }
}

/* What regret costs, and which limits it has. */
static void set_rates(struct fill *f)
{
    const struct source *s = f->p->m->s;
    struct costs *c = f->c;
    size_t n = (size_t)f->u->students;
    assert(n > 0);
    f->rate = ARENA_ARRAY(f->a, n, wide);
    f->limit = ARENA_ARRAY(f->a, n, int64_t);
    f->travel_regret = ARENA_ARRAY(f->a, n, int64_t);
    f->waiting_regret = ARENA_ARRAY(f->a, n, int64_t);
    c->limited = f->p->scene.limit != INT64_MAX;
    c->travel = f->leaf->weight[TRAVEL] * f->u->students;
    wide waiting = f->leaf->weight[WAITING] * f->u->students;
    for (size_t k = 0; k < n; k++) {
        const struct student *t = &s->student[f->u->student[k]];
        f->rate[k] = f->leaf->weight[REGRET] + (f->leaf->worst != NULL ? f->leaf->worst[f->u->student[k]] : 0);
        f->travel_regret[k] = t->dislike_travel;
        f->waiting_regret[k] = t->dislike_waiting;
        f->limit[k] = c->limited ? f->p->scene.limit - t->burden : 0;
        c->travel += f->rate[k] * t->dislike_travel;
        waiting += f->rate[k] * t->dislike_waiting;
        c->sites = c->sites || (c->limited && t->dislike_travel > 0);
    }
    c->sites = c->sites || c->travel != 0;
    c->limit = f->limit;
    c->travel_regret = f->travel_regret;
    c->waiting_regret = f->waiting_regret;
    c->unplaced = f->leaf->weight[UNPLACED] * f->u->students;
    for (int32_t t = 0; t < f->open; t++)
        c->idle_first[t] = c->idle_later[t] = waiting;
}

static void fill_options(struct fill *f)
{
    const struct programme *g = f->course->g;
    int department = NONE, item = NONE;
    bool by_rotation = false;
    for (size_t k = 0; k < f->leaf->aparts; k++)
        by_rotation = by_rotation || f->leaf->apart[k].pair->names_rotations;
    for (int o = 0; o < f->course->options; o++) {
        const struct option *q = &f->course->option[o];
        const struct item *i = &f->course->item[q->item];
        const struct rotation *r = i->rotation != NONE ? &g->rotation[i->rotation] : NULL;
        if (q->department != department || (by_rotation && q->item != item))
            fill_department(f, q->department, r != NULL ? r->id : i->old->rotation_id);
        department = q->department;
        item = q->item;
        for (int32_t t = 0; t < f->open; t++) {
            enum check_rule rule;
            bool fits = check_weeks_fit(f->p->m, f->p->m->week_of[t], i->weeks, &rule);
            bool in = fits && (r == NULL || ((r->earliest == WEEK_NONE || f->p->m->week_of[t] >= r->earliest) &&
                                             (r->latest_end == WEEK_NONE || f->p->m->week_of[t + i->weeks - 1] < r->latest_end)));
            bool free = in && f->forbidden[t + i->weeks] == f->forbidden[t];
            costs_of(f, o)[t] = free ? f->sum[t + i->weeks] - f->sum[t] : WIDE_NEVER;
        }
    }
}

bool check_unit_costs(struct proof *p, const struct leaf *leaf, const struct unit *u, struct costs *c, wide *constant)
{
    struct arena *a = &p->rooms->unit;
    const struct course *course = u->course;
    size_t open = (size_t)p->m->open, cells = (size_t)course->options * open;
    struct fill f = { .p = p, .leaf = leaf, .u = u, .c = c, .course = course, .a = a, .open = p->m->open };
    *c = (struct costs){ .course = course, .option = ARENA_ARRAY(a, cells, wide), .idle_first = ARENA_ARRAY(a, open, wide),
                         .idle_later = ARENA_ARRAY(a, open, wide), .students = u->students, .whole = p->whole };
    assert(u->students > 0 && course->m == p->m);
    f.sum = ARENA_ARRAY(a, open + 1, wide);
    f.forbidden = ARENA_ARRAY(a, open + 1, int32_t);
    set_rates(&f);
    if (c->limited)
        c->regret = ARENA_ARRAY(a, cells * (size_t)u->students, int64_t);
    fill_options(&f);
    for (int k = 0; k < u->students; k++) {
        apply_rest(&f, u->student[k]);
        apply_absence(&f, u->student[k]);
        apply_pins(&f, u->student[k]);
        apply_splits(&f, u->student[k]);
        add_regret(&f, k);
        add_changes(&f, u->student[k], constant);
        add_ties(&f, u->student[k]);
    }
    if (f.overflow)
        check_note(p->n, CHECK_price_size, NULL)->student = p->m->s->student[u->student[0]].id;
    return !f.overflow;
}
