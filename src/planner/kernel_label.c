/* The cheapest plan of several students with one plan, each of whom has a limit on regret: at every node and week the
 * combinations of cost and regrets that no other one beats. For merged pairs only: few, so that plainness is enough. */
#include "planner/kernel_inside.h"

enum { LABELS_MOST = 1 << 16, NO_LABEL = -1 };

struct planner_label {
    int64_t cost;
    int32_t regret[PLANNER_LABEL_STUDENTS];
    int32_t from, next; /* the label before; the next one of the same node and week */
    int32_t option;     /* -1: a free week */
    int16_t week;       /* where the step began */
};

struct labels {
    struct pass *p;
    int64_t most[PLANNER_LABEL_STUDENTS];
    int32_t *head; /* per node and week */
    struct planner_label *label;
    int n;
    bool full;
};

static bool beats(const struct labels *x, const struct planner_label *a, const struct planner_label *b)
{
    bool all = a->cost <= b->cost;
    for (int i = 0; i < x->p->u->size; i++)
        all = all && a->regret[i] <= b->regret[i];
    return all;
}

static void keep(struct labels *x, int32_t *head, const struct planner_label *fresh)
{
    for (int i = 0; i < x->p->u->size; i++)
        if (fresh->regret[i] > x->most[i])
            return;
    for (int32_t at = *head; at != NO_LABEL; at = x->label[at].next)
        if (beats(x, &x->label[at], fresh))
            return;
    for (int32_t *at = head; *at != NO_LABEL;)
        if (beats(x, fresh, &x->label[*at]))
            *at = x->label[*at].next;
        else
            at = &x->label[*at].next;
    x->full = x->full || x->n == LABELS_MOST;
    if (x->full)
        return;
    x->label[x->n] = *fresh;
    x->label[x->n].next = *head;
    *head = x->n++;
}

static int32_t *head_of(const struct labels *x, int node, int week)
{
    const struct planner_node *v = &x->p->g->node[node];
    return &x->head[v->value + (size_t)(week - v->least)];
}

static void step_stay(struct labels *x, int to, const struct planner_arc *arc)
{
    const struct planner_model *m = x->p->k->model;
    const struct planner_graph *g = x->p->g;
    int length = x->p->c->length[arc->rotation];
    for (int t = arc->lo; t < arc->lo + arc->count; t++)
        for (int32_t at = *head_of(x, arc->from, t); at != NO_LABEL; at = x->label[at].next)
            for (int i = g->group_first[arc->group]; i < g->group_first[arc->group + 1]; i++) {
                int o = g->group_option[i];
                size_t cell = (size_t)o * (size_t)m->open + (size_t)t;
                struct planner_label fresh = x->label[at];
                x->p->k->work += 4;
                if (x->p->k->option_cost[cell] >= PLANNER_INFINITY / 2)
                    continue;
                fresh.cost += x->p->k->option_cost[cell] + (arc->travels ? x->p->travel : 0);
                for (int s = 0; s < x->p->u->size; s++)
                    fresh.regret[s] += planner_model_regret(m, x->p->u->student[s], o, t) +
                                       (arc->travels ? m->problem->student[x->p->u->student[s]].dislike_travel : 0);
                fresh.from = at;
                fresh.option = o;
                fresh.week = (int16_t)t;
                keep(x, head_of(x, to, t + length), &fresh);
            }
}

static void step_free(struct labels *x, int from, int to)
{
    const struct planner_model *m = x->p->k->model;
    const struct planner_node *a = &x->p->g->node[from], *b = &x->p->g->node[to];
    for (int t = MAX(a->least, b->least - 1); t <= MIN(a->most, b->most - 1); t++)
        for (int32_t at = *head_of(x, from, t); at != NO_LABEL && planner_pass_may_idle(x->p, a, t); at = x->label[at].next) {
            struct planner_label fresh = x->label[at];
            fresh.cost += x->p->wait;
            for (int s = 0; s < x->p->u->size; s++)
                fresh.regret[s] += m->problem->student[x->p->u->student[s]].dislike_waiting;
            fresh.from = at;
            fresh.option = -1;
            x->p->k->work += 4;
            keep(x, head_of(x, to, t + 1), &fresh);
        }
}

static int32_t best_end(const struct labels *x, const struct planner_prices *prices, int64_t *cost)
{
    const struct planner_graph *g = x->p->g;
    int32_t best = NO_LABEL;
    *cost = PLANNER_INFINITY;
    for (int i = 0; i < g->nodes; i++) {
        const struct planner_node *v = &g->node[i];
        if (!planner_pass_may_end(x->p, prices, v))
            continue;
        for (int t = v->least; t <= v->most; t++)
            for (int32_t at = *head_of(x, i, t); at != NO_LABEL; at = x->label[at].next)
                if (x->label[at].cost + planner_pass_left_out(x->p, prices, v) < *cost) {
                    *cost = x->label[at].cost + planner_pass_left_out(x->p, prices, v);
                    best = at;
                }
    }
    return best;
}

enum planner_answer planner_label_solve(struct pass *p, const struct planner_prices *prices, int64_t *cost, struct planner_path *path)
{
    const struct planner_graph *g = p->g;
    struct planner_kernel *k = p->k;
    struct labels x = { .p = p };
    if (p->u->size > PLANNER_LABEL_STUDENTS)
        return PLANNER_RELAXED;
    for (int i = 0; i < p->u->size; i++)
        x.most[i] = prices->most_regret - k->model->problem->student[p->u->student[i]].burden;
    x.label = k->label = planner_kernel_room(k->arena, k->label, &k->label_cap, LABELS_MOST, sizeof *k->label);
    x.head = k->head = planner_kernel_room(k->arena, k->head, &k->head_cap, g->values, sizeof *k->head);
    for (size_t i = 0; i < g->values; i++)
        x.head[i] = NO_LABEL;
    keep(&x, head_of(&x, 0, g->node[0].least), &(struct planner_label){ .from = NO_LABEL, .option = -1 });
    for (int i = 0; i < g->nodes && !x.full; i++) {
        for (int a = g->node[i].arc_first; a < g->node[i + 1].arc_first; a++)
            if (g->arc[a].rotation < 0)
                step_free(&x, g->arc[a].from, i);
            else
                step_stay(&x, i, &g->arc[a]);
        if (g->node[i].idles)
            step_free(&x, i, i);
    }
    if (x.full)
        return PLANNER_RELAXED;
    int64_t least;
    int32_t at = best_end(&x, prices, &least);
    if (at == NO_LABEL)
        return PLANNER_NONE;
    *cost = least;
    path->n = 0;
    for (; at != NO_LABEL; at = x.label[at].from)
        if (x.label[at].option >= 0)
            path->stay[path->n++] = (struct planner_stay){ (uint16_t)x.label[at].option, x.label[at].week };
    planner_path_reverse(path);
    return PLANNER_FOUND;
}
