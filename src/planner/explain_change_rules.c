/* Changes of rules: orders, windows, quotas, the departments of a rotation. See change.h. */
#include "planner/change.h"

void planner_change_drop_order(struct planner_change *c, int programme, int index)
{
    struct planner_programme *g = &c->after->programme[programme];
    assert(index >= 0 && index < g->order_count);
    CHANGE_COPY(c, g->order, g->order_count);
    memmove(g->order + index, g->order + index + 1, (size_t)(g->order_count - index - 1) * sizeof *g->order);
    g->order_count--;
    planner_change_add(c, arena_printf(c->a, "{\"op\": \"remove\", \"path\": \"/programmes/%d/orders/%d\"}", programme, index));
    c->cost += c->costs.order;
}

void planner_change_gap(struct planner_change *c, int programme, int index, int least, int most)
{
    struct planner_programme *g = &c->after->programme[programme];
    CHANGE_COPY(c, g->order, g->order_count);
    struct planner_order *o = &g->order[index];
    assert(least <= o->min_gap && (most < 0 || most >= o->max_gap));
    if (least != o->min_gap)
        planner_change_add(c, arena_printf(c->a, "{\"op\": \"replace\", \"path\": \"/programmes/%d/orders/%d/min_gap\", \"value\": %d}",
                                           programme, index, least));
    if (most != o->max_gap && most < 0)
        planner_change_add(c, arena_printf(c->a, "{\"op\": \"remove\", \"path\": \"/programmes/%d/orders/%d/max_gap\"}", programme, index));
    else if (most != o->max_gap)
        planner_change_add(c, arena_printf(c->a, "{\"op\": \"replace\", \"path\": \"/programmes/%d/orders/%d/max_gap\", \"value\": %d}",
                                           programme, index, most));
    o->min_gap = least;
    o->max_gap = most;
    c->cost += c->costs.order;
}

static void change_window(struct planner_change *c, int programme, int rotation, const char *key, int to, int cost)
{
    if (to == PLANNER_WEEK_NONE)
        planner_change_add(c, arena_printf(c->a, "{\"op\": \"remove\", \"path\": \"/programmes/%d/rotations/%d/%s\"}", programme, rotation, key));
    else
        planner_change_add(c, arena_printf(c->a, "{\"op\": \"replace\", \"path\": \"/programmes/%d/rotations/%d/%s\", \"value\": \"%s\"}", programme,
                            rotation, key, planner_change_monday(c, to)));
    c->cost += c->costs.window_week * cost;
}

void planner_change_earliest(struct planner_change *c, int programme, int rotation, int weeks)
{
    struct planner_programme *g = &c->after->programme[programme];
    CHANGE_COPY(c, g->rotation, g->rotation_count);
    assert(weeks > 0 && g->rotation[rotation].earliest != PLANNER_WEEK_NONE);
    int was = g->rotation[rotation].earliest, to = was - weeks;
    g->rotation[rotation].earliest = to <= 0 ? PLANNER_WEEK_NONE : to;
    change_window(c, programme, rotation, "earliest", to <= 0 ? PLANNER_WEEK_NONE : to, MIN(weeks, MAX(was, 0)));
}

void planner_change_latest_end(struct planner_change *c, int programme, int rotation, int weeks)
{
    struct planner_programme *g = &c->after->programme[programme];
    CHANGE_COPY(c, g->rotation, g->rotation_count);
    assert(weeks > 0 && g->rotation[rotation].latest_end != PLANNER_WEEK_NONE);
    int was = g->rotation[rotation].latest_end, to = was + weeks, end = c->after->weeks;
    g->rotation[rotation].latest_end = to >= end ? PLANNER_WEEK_NONE : to;
    change_window(c, programme, rotation, "latest_end", to >= end ? PLANNER_WEEK_NONE : to, MIN(weeks, MAX(end - was, 0)));
}

void planner_change_quota(struct planner_change *c, int department, int index, int more)
{
    struct planner_quota *q;
    int weeks = 0;
    assert(more > 0);
    if (department >= 0) {
        struct planner_department *d = &c->after->department[department];
        CHANGE_COPY(c, d->quota, d->quota_count);
        q = &d->quota[index];
        planner_change_add(c, arena_printf(c->a, "{\"op\": \"replace\", \"path\": \"/departments/%d/quotas/%d/capacity\", \"value\": %d}", department,
                            index, q->capacity + more));
    } else {
        CHANGE_COPY(c, c->after->shared, c->after->shared_count);
        q = &c->after->shared[index];
        planner_change_add(c, arena_printf(c->a, "{\"op\": \"replace\", \"path\": \"/shared_quotas/%d/capacity\", \"value\": %d}", index,
                            q->capacity + more));
    }
    q->capacity += more;
    for (int w = 0; w < c->before->weeks; w++)
        weeks += !c->before->closed[w] && (department >= 0 || (w >= q->from && w < q->from + q->weeks));
    c->cost += c->costs.seat_week * more * weeks;
}

void planner_change_department(struct planner_change *c, int programme, int rotation, int department)
{
    struct planner_programme *g = &c->after->programme[programme];
    CHANGE_COPY(c, g->rotation, g->rotation_count);
    struct planner_rotation *x = &g->rotation[rotation];
    int *list = ARENA_ARRAY(c->a, (size_t)x->department_count + 1, int);
    for (int i = 0; i < x->department_count; i++) {
        assert(x->department[i] != department);
        list[i] = x->department[i];
    }
    list[x->department_count++] = department;
    x->department = list;
    struct buf b = buf_make(4096);
    json_put_text(&b, c->before->department[department].id);
    planner_change_add(c, arena_printf(c->a, "{\"op\": \"add\", \"path\": \"/programmes/%d/rotations/%d/departments/-\", \"value\": %.*s}",
                                       programme, rotation, (int)b.n, b.p));
    buf_free(&b);
    c->cost += c->costs.department;
}
