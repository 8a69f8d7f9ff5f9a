/* Plans side by side by their figures: see variants.h. */
#include "web/variants.h"

struct table {
    struct ctx *c;
    const struct plan_row *p;
    struct figures *f; /* of each plan */
    size_t n, levels;
    struct level_item level[FIGURES_LEVELS]; /* of all of them, in the order in which they first stand */
};

static bool is_whole(const struct plan_row *p)
{
    return p->verdict == plan_verdict_optimal || p->verdict == plan_verdict_feasible;
}

static bool has_placements(const struct plan_row *p)
{
    return is_whole(p) || p->verdict == plan_verdict_broken;
}

static size_t column_of(struct table *t, const struct level_item *l)
{
    size_t i = 0;
    while (i < t->levels && !str_eq(t->level[i].name, l->name))
        i++;
    if (i == t->levels && t->levels < LEN(t->level))
        t->level[t->levels++] = *l;
    return i;
}

/* Student-weeks and students that differ from the published plan. */
static struct str differs_text(struct ctx *c, int64_t published_id, int64_t plan_id)
{
    struct in_pair *in = record_new(c->arena, &record_in_pair);
    struct call call = { 0 };
    if (published_id == 0 || published_id == plan_id)
        return STR("–");
    in->plan_id = published_id;
    in->other_id = plan_id;
    if (ctx_run(c, "plan_diff", in, &call) != STATUS_OK)
        return STR("–");
    const struct diff_row *d = call.rows.item;
    int64_t weeks = 0, people = 0;
    for (size_t i = 0; i < call.rows.n; i++)
        if (i == 0 || d[i].student_id != d[i - 1].student_id) {
            weeks += d[i].student_weeks;
            people++;
        }
    return people == 0 ? STR("0") : TEXT(c, people == 1 ? MSG_variant_differs_one : MSG_variant_differs, plan_number(c, weeks), plan_number(c, people));
}

/* The share of all seats that are taken: how tight a plan is. */
static struct str load_text(struct ctx *c, int64_t plan_id)
{
    struct in_seats *in = record_new(c->arena, &record_in_seats);
    struct call call = { 0 };
    in->plan_id = plan_id;
    if (!app_may(&c->session.actor, CAP_see_all_departments) || ctx_run(c, "seat_list", in, &call) != STATUS_OK)
        return STR("–");
    const struct seat_row *r = call.rows.item;
    int64_t here = 0, seats = 0;
    for (size_t i = 0; i < call.rows.n; i++) {
        here += r[i].here + r[i].others;
        seats += r[i].seats;
    }
    return seats > 0 ? arena_printf(c->arena, "%lld %%", (long long)(here * 100 / seats)) : STR("–");
}

/* Who made it; each person is asked for once. */
static struct str maker_of(const struct table *t, const struct variant *done, size_t i)
{
    enum status st;
    if (t->p[i].made_by_id == NONE)
        return STR("");
    for (size_t k = 0; k < i; k++)
        if (t->p[k].made_by_id == t->p[i].made_by_id)
            return done[k].made_by;
    struct rows people = ctx_list(t->c, "person_show", t->p[i].made_by_id, &st);
    return people.n > 0 ? ((const struct people_row *)people.item)->name : STR("");
}

static const struct variant_cell *cells_of(struct table *t, size_t i)
{
    struct variant_cell *cell = ARENA_ARRAY(t->c->arena, FIGURES_LEVELS, struct variant_cell);
    for (size_t l = 0; l < LEN(t->level); l++)
        cell[l].text = STR("–");
    for (size_t l = 0; l < t->f[i].levels; l++) {
        const struct level_item *x = &t->f[i].level[l];
        size_t column = column_of(t, x);
        if (column == LEN(t->level) || x->value.n == 0)
            continue;
        cell[column].text = x->bound.n > 0 && !x->is_proven ? TEXT(t->c, MSG_plan_value_bound, x->value, x->bound) : x->value;
    }
    return cell;
}

static int64_t value_at(const struct table *t, size_t i, size_t column)
{
    for (size_t l = 0; l < t->f[i].levels; l++)
        if (str_eq(t->f[i].level[l].name, t->level[column].name))
            return t->f[i].value[l];
    return NONE;
}

/* What breaks a rule is no better than anything; what is alone is no best. */
static void mark_best(const struct table *t, struct variant *v)
{
    for (size_t column = 0; column < t->levels; column++) {
        int64_t least = INT64_MAX;
        size_t whole = 0;
        for (size_t i = 0; i < t->n; i++)
            if (is_whole(&t->p[i]) && value_at(t, i, column) != NONE) {
                least = MIN(least, value_at(t, i, column));
                whole++;
            }
        for (size_t i = 0; i < t->n && whole > 1; i++)
            ((struct variant_cell *)(uintptr_t)v[i].level)[column].is_best = is_whole(&t->p[i]) && value_at(t, i, column) == least;
    }
}

static struct variant variant_of(struct table *t, const struct variant *done, size_t i, int64_t published_id)
{
    struct ctx *c = t->c;
    const struct plan_row *p = &t->p[i];
    struct variant v = { .id = p->id, .number = p->number, .title = p->title, .made = ctx_time(c, p->made_at), .made_by = maker_of(t, done, i),
                         .seed = p->seed != NONE && p->origin == plan_origin_planner ? plan_number(c, p->seed) : STR("–"), .first = STR("–"),
                         .differs = STR("–"), .load = STR("–"), .state_of = (enum plan_state)p->state,
                         .state = plan_state_list.item[p->state].label, .verdict = plan_verdict_list.item[p->verdict].label,
                         .origin = p->origin != NONE ? plan_origin_list.item[p->origin].label : MSG_none, .has_placements = has_placements(p),
                         .is_bad = p->verdict == plan_verdict_broken || p->verdict == plan_verdict_infeasible };
    figures_read(c, p->figures, &t->f[i]);
    v.level = cells_of(t, i);
    if (!v.has_placements)
        return v;
    if (t->f[i].ranks > 0)
        v.first = plan_number(c, t->f[i].rank[0]);
    v.differs = differs_text(c, published_id, p->id);
    v.load = load_text(c, p->id);
    return v;
}

/* The two newest are chosen at first: the older one to begin from. */
static void fill_choices(const struct table *t, struct variants *out)
{
    struct option *o = ARENA_ARRAY(t->c->arena, t->n, struct option);
    for (size_t i = 0; i < t->n; i++)
        if (has_placements(&t->p[i])) {
            struct str state = str_of(msg_text(plan_state_list.item[t->p[i].state].label, t->c->page.lang));
            o[out->choices++] = (struct option){ .value = t->p[i].id, .text_value = STR(""), .label = TEXT(t->c, MSG_diff_plan, plan_number(t->c, t->p[i].number), state) };
        }
    out->choice = o;
}

struct variants variants_of(struct ctx *c, const struct plan_row *p, size_t n, int64_t published_id)
{
    assert(p != NULL || n == 0);
    struct table *t = ARENA_NEW(c->arena, struct table);
    struct variant *v = ARENA_ARRAY(c->arena, n, struct variant);
    *t = (struct table){ .c = c, .p = p, .n = n, .f = ARENA_ARRAY(c->arena, n, struct figures) };
    for (size_t i = 0; i < n; i++)
        v[i] = variant_of(t, v, i, published_id);
    mark_best(t, v);
    struct variants out = { .item = v, .items = n, .level = t->level, .levels = t->levels };
    fill_choices(t, &out);
    return out;
}
