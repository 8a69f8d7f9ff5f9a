/* The repairs of a plan file: each is a change of the problem, proven by a plan of the changed problem. */
#include "check/conflict.h"

enum { SHOWN = 3 };

/* Copies a few findings of a file of our own making behind the one that sums them up. */
static void note_first(struct check_notes *n, const struct check_notes *of)
{
    assert(of->n <= SHOWN);
    for (size_t i = 0; i < of->n; i++)
        *check_note(n, of->item[i].rule, NULL) = of->item[i];
}

static void check_levels(struct check_notes *n, const struct source *s, const struct plan *p, const struct json *repair)
{
    const struct json *levels = json_get(repair, "levels"), *c = levels->child;
    int64_t value[MEASURES];
    check_measure(p, value);
    bool all = levels->n == (uint32_t)s->levels;
    for (int i = 0; i < s->levels && c != NULL && all; i++, c = c->next) {
        all = str_eq(check_text(c, "level"), s->level[i].name);
        const struct json *said = json_get(c, "value");
        int64_t real = check_level_value(&s->level[i], value);
        if (said->type != JSON_INT || said->number != real)
            check_note_numbers(n, check_note(n, CHECK_level_value, said), said->number, real);
        const struct json *bound = json_get(c, "bound");
        if (bound->type == JSON_INT && bound->number > real)
            check_note_numbers(n, check_note(n, CHECK_bound_above_value, bound), bound->number, real);
        if (check_bool(c, "proven", false))
            check_note_text(n, CHECK_proven, json_get(c, "proven"), NULL, "false"); /* a repair has no certificate */
    }
    if (!all)
        check_note(n, CHECK_levels, levels);
    struct str status = check_text(repair, "status");
    if (!str_is(status, "feasible") && !(s->levels == 0 && str_is(status, "optimal")))
        check_note_text(n, CHECK_status, json_get(repair, "status"), NULL, "feasible");
}

/* ---- what a repair costs ------------------------------------------------------------------------------------------ */

static int64_t price_of(const struct source *s, const char *key, int64_t usual)
{
    const struct json *costs = json_get(s->root, "repair_costs");
    return costs != NULL && costs->type == JSON_OBJECT ? check_int(costs, key, usual) : usual;
}

static int64_t seats_added(const struct model *old, const struct model *now)
{
    int64_t sum = 0;
    if (old->s->departments != now->s->departments)
        return 0;
    for (int d = 0; d < now->s->departments; d++)
        for (int32_t t = 0; t < now->open; t++) {
            int32_t w = now->week_of[t];
            if (w >= old->s->weeks || old->s->closed[w])
                continue; /* a new week is paid for as a week */
            int64_t more = (int64_t)now->cap[check_cell(now, d, t)] - old->cap[check_cell(old, d, old->open_from[w])];
            sum += MAX(more, 0);
        }
    return sum;
}

/* New weeks at the end, and closed ones that are used after all. */
static int64_t weeks_added(const struct source *old, const struct source *now)
{
    int64_t sum = MAX(now->weeks - old->weeks, 0);
    for (int32_t w = 0; w < MIN(old->weeks, now->weeks); w++)
        sum += old->closed[w] && !now->closed[w];
    return sum;
}

static int64_t window_weeks(const struct source *old, const struct source *now, const struct rotation *a, const struct rotation *b)
{
    assert(old->weeks > 0 && now->weeks > 0);
    int64_t from_a = a->earliest != WEEK_NONE ? MAX(a->earliest, 0) : 0, from_b = b->earliest != WEEK_NONE ? MAX(b->earliest, 0) : 0;
    int64_t end_a = a->latest_end != WEEK_NONE ? MIN(a->latest_end, old->weeks) : old->weeks;
    int64_t end_b = b->latest_end != WEEK_NONE ? MIN(b->latest_end, now->weeks) : MIN(now->weeks, old->weeks);
    return MAX(from_a - from_b, 0) + MAX(end_b - end_a, 0);
}

/* The sum of a repair's parts, as the difference of the two problems; NONE: it changes something that has no price. */
static int64_t cost_of(const struct model *old, const struct model *now)
{
    const struct source *a = old->s, *b = now->s;
    int64_t cost = price_of(a, "week", 20) * weeks_added(a, b) + price_of(a, "seat_week", 1) * seats_added(old, now) +
                   price_of(a, "student", 100) * MAX(a->students - b->students, 0);
    if (a->programmes != b->programmes || a->departments != b->departments || a->shareds != b->shareds)
        return NONE;
    for (int g = 0; g < a->programmes; g++) {
        const struct programme *p = &a->programme[g], *q = &b->programme[g];
        if (p->rotations != q->rotations || p->choices != q->choices)
            return NONE;
        for (int r = 0; r < p->rotations; r++) {
            cost += price_of(a, "window_week", 5) * window_weeks(a, b, &p->rotation[r], &q->rotation[r]);
            cost += price_of(a, "department", 15) * MAX(q->rotation[r].departments - p->rotation[r].departments, 0);
        }
        int64_t softer = MAX(p->orders - q->orders, 0);
        for (int k = 0; p->orders == q->orders && k < p->orders; k++)
            softer += p->order[k].min_gap != q->order[k].min_gap || p->order[k].max_gap != q->order[k].max_gap || p->order[k].requires != q->order[k].requires;
        cost += price_of(a, "order", 30) * softer;
        if (p->max_consecutive != q->max_consecutive || p->site_limit != q->site_limit || p->free_weeks_forbidden != q->free_weeks_forbidden)
            return NONE;
    }
    for (int i = 0; i < a->students && a->students == b->students; i++)
        for (int k = 0; k < a->student[i].aways && a->student[i].aways == b->student[i].aways; k++) {
            int64_t moved = (int64_t)b->student[i].away[k].from - a->student[i].away[k].from;
            cost += price_of(a, "leave_week", 10) * (moved < 0 ? -moved : moved);
        }
    for (int d = 0; d < a->departments; d++)
        for (int k = 0; k < a->department[d].quotas; k++)
            if (a->department[d].quotas != b->department[d].quotas || a->department[d].quota[k].capacity != b->department[d].quota[k].capacity)
                return NONE;
    for (int k = 0; k < a->shareds; k++)
        if (a->shared[k].capacity != b->shared[k].capacity)
            return NONE;
    return cost;
}

static void check_repair(struct check_notes *n, const struct model *m, const struct json *at, int conflicts)
{
    struct json *tree = check_patch(n, m->s->root, json_get(at, "change"));
    if (check_int(at, "conflict", 0) >= conflicts)
        check_note(n, CHECK_range, json_get(at, "conflict"));
    if (tree == NULL)
        return;
    struct check_notes own = { .a = n->a, .in = CHECK_IN_PROBLEM, .most = SHOWN };
    check_shape_walk(&own, tree, &check_shape_problem);
    const struct source *s = check_source_read(&own, tree);
    if (s == NULL) {
        check_note(n, CHECK_patch, json_get(at, "change"));
        note_first(n, &own);
        return;
    }
    const struct model *now = check_model_make(n->a, s);
    own.in = n->in;
    size_t count;
    const struct json *list = json_get(at, "placements");
    const struct given *given = check_given_read(n->a, s, list, &count);
    struct plan *p = check_plan_make(&own, now, given, count);
    check_plan_rules(&own, p, s->allow_unplaced);
    if (own.total > 0) {
        check_note_numbers(n, check_note(n, CHECK_repair_plan, list), (int64_t)own.total, 0);
        note_first(n, &own);
        return;
    }
    check_levels(n, s, p, at);
    int64_t cost = cost_of(m, now), said = check_int(at, "cost", 0);
    if (cost != NONE && cost != said)
        check_note_numbers(n, check_note(n, CHECK_repair_cost, json_get(at, "cost")), said, cost);
}

void check_repairs(struct check_notes *n, const struct model *m, const struct json *plan)
{
    int repairs, conflicts;
    int64_t last = 0;
    (void)check_list(plan, "conflicts", &conflicts);
    for (const struct json *c = check_list(plan, "repairs", &repairs); c != NULL; c = c->next) {
        int64_t cost = check_int(c, "cost", 0);
        check_repair(n, m, c, conflicts);
        if (cost < last)
            check_note_numbers(n, check_note(n, CHECK_repair_order, json_get(c, "cost")), cost, last);
        last = cost;
    }
}
