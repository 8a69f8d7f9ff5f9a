/* Changes of a problem, each in memory and as operations on the file. Arrays are copied before they are touched. */
#include "planner/change.h"

static void *copied(struct arena *a, const void *from, size_t n, size_t size)
{
    void *to = arena_array(a, n, size);
    if (n > 0)
        memcpy(to, from, n * size);
    return to;
}
#define COPY(c, items, n) ((items) = copied((c)->a, (items), (size_t)(n), sizeof *(items)))

static int64_t cost_of(const struct planner_problem *p, const char *name, int64_t normal)
{
    const struct json *costs = p->at != NULL ? json_get(p->at, "repair_costs") : NULL;
    const struct json *v = costs != NULL ? json_get(costs, name) : NULL;
    return v != NULL && v->type == JSON_INT ? v->number : normal;
}

struct planner_change planner_change_make(struct arena *a, const struct planner_problem *p)
{
    struct planner_change c = { .a = a, .before = p, .after = ARENA_NEW(a, struct planner_problem), .ops = STR("") };
    c.costs = (struct planner_costs){ cost_of(p, "seat_week", 1), cost_of(p, "week", 20),       cost_of(p, "window_week", 5),
                                      cost_of(p, "order", 30),    cost_of(p, "department", 15), cost_of(p, "leave_week", 10),
                                      cost_of(p, "student", 100) };
    *c.after = *p;
    c.has_list = ARENA_ARRAY(a, (size_t)p->department_count, bool);
    for (int d = 0; d < p->department_count; d++)
        c.has_list[d] = json_get(p->department[d].at, "exceptions") != NULL;
    COPY(&c, c.after->department, p->department_count);
    COPY(&c, c.after->programme, p->programme_count);
    COPY(&c, c.after->student, p->student_count);
    return c;
}

struct str planner_change_patch(struct planner_change *c)
{
    return arena_printf(c->a, "[%.*s]", STR_ARG(c->ops));
}

static void add(struct planner_change *c, struct str op)
{
    c->ops = arena_printf(c->a, "%.*s%s%.*s", STR_ARG(c->ops), c->ops.n > 0 ? ", " : "", STR_ARG(op));
}

static const char *monday(struct planner_change *c, int week)
{
    char z[DATE_TEXT_BYTES];
    return arena_copy(c->a, date_text(c->before->first + 7 * week, z), DATE_TEXT_BYTES - 1);
}

/* ---- seats -------------------------------------------------------------------------------------- */

static bool covers(const struct planner_exception *x, int week)
{
    return !x->off && week >= x->from && week < x->from + x->weeks;
}

/* Limits that count in a week. */
static int limits_at(const struct planner_department *d, int week, const struct planner_limit **limit, int *capacity)
{
    int n = d->limit_count;
    *limit = d->limit;
    *capacity = d->capacity;
    for (int i = 0; i < d->exception_count; i++) {
        const struct planner_exception *x = &d->exception[i];
        if (!covers(x, week))
            continue;
        if (x->capacity >= 0)
            *capacity = x->capacity;
        if (x->has_limits) {
            n = x->limit_count;
            *limit = x->limit;
        }
    }
    return n;
}

static int seats_at(const struct planner_department *d, int week)
{
    const struct planner_limit *limit;
    int capacity, n = limits_at(d, week, &limit, &capacity);
    for (int i = 0; i < n; i++)
        capacity = MIN(capacity, limit[i].capacity);
    return capacity;
}

/* Seat-weeks gained in open weeks between two states of a department. */
static int64_t gained(const struct planner_problem *p, const struct planner_department *was, const struct planner_department *is)
{
    int64_t sum = 0;
    for (int w = 0; w < p->weeks; w++)
        if (!p->closed[w])
            sum += MAX(seats_at(is, w) - seats_at(was, w), 0);
    return sum;
}

static struct str limits_text(struct planner_change *c, int n, const struct planner_limit *limit)
{
    static const char *const names[] = { "seats", "preceptors", "clause" };
    struct str s = STR("");
    for (int i = 0; i < n; i++)
        s = arena_printf(c->a, "%.*s%s{\"because\": \"%s\", \"capacity\": %d}", STR_ARG(s), i > 0 ? ", " : "",
                         names[limit[i].because], limit[i].capacity);
    return s;
}

/* Limits below the new capacity are raised to it with the exception. */
static struct str raise_limits(struct planner_change *c, const struct planner_department *d, struct planner_exception *x)
{
    const struct planner_limit *limit;
    int capacity, n = limits_at(d, x->from, &limit, &capacity);
    bool low = false;
    for (int i = 0; i < n; i++)
        low = low || limit[i].capacity < x->capacity;
    if (!low)
        return STR("");
    x->has_limits = true;
    x->limit_count = n;
    x->limit = ARENA_ARRAY(c->a, (size_t)n, struct planner_limit);
    for (int i = 0; i < n; i++)
        x->limit[i] = (struct planner_limit){ limit[i].because, MAX(limit[i].capacity, x->capacity) };
    struct str list = limits_text(c, n, x->limit);
    return arena_printf(c->a, ", \"limits\": [%.*s]", STR_ARG(list));
}

void planner_change_seats(struct planner_change *c, int department, int from, int weeks, int capacity)
{
    struct planner_department *d = &c->after->department[department], was = *d;
    struct planner_exception x = { .from = from, .weeks = weeks, .capacity = capacity, .minimum = -1 };
    struct str limits = raise_limits(c, d, &x);
    struct planner_exception *list = ARENA_ARRAY(c->a, (size_t)d->exception_count + 1, struct planner_exception);
    if (d->exception_count > 0)
        memcpy(list, d->exception, (size_t)d->exception_count * sizeof *list);
    list[d->exception_count++] = x;
    d->exception = list;
    bool first = !c->has_list[department];
    add(c, arena_printf(c->a,
                        "{\"op\": \"add\", \"path\": \"/departments/%d/exceptions%s\", \"value\": %s{\"from\": \"%s\", \"weeks\": "
                        "%d, \"capacity\": %d%.*s}%s}",
                        department, first ? "" : "/-", first ? "[" : "", monday(c, from), weeks, capacity, STR_ARG(limits),
                        first ? "]" : ""));
    c->has_list[department] = true;
    c->cost += c->costs.seat_week * gained(c->before, &was, d);
}

void planner_change_drop_exception(struct planner_change *c, int department, int index)
{
    struct planner_department *d = &c->after->department[department], was = *d;
    COPY(c, d->exception, d->exception_count);
    d->exception[index].off = true;
    add(c, arena_printf(c->a, "{\"op\": \"remove\", \"path\": \"/departments/%d/exceptions/%d\"}", department, index));
    c->cost += c->costs.seat_week * gained(c->before, &was, d);
}

/* ---- calendar ----------------------------------------------------------------------------------- */

void planner_change_open_week(struct planner_change *c, int week)
{
    const struct json *closed = json_get(json_get(c->before->at, "weeks"), "closed");
    for (const struct json *w = closed != NULL ? closed->child : NULL; w != NULL; w = w->next) {
        date day;
        if (date_parse(w->text, &day) && (day - c->before->first) / 7 == week)
            add(c, arena_printf(c->a, "{\"op\": \"remove\", \"path\": \"/weeks/closed/%d\"}", w->index));
    }
    COPY(c, c->after->closed, c->after->weeks);
    c->after->closed[week] = false;
    c->cost += c->costs.week;
}

/* A file may close weeks behind its horizon: they count once the horizon reaches them. */
static void close_from(const struct planner_change *c, bool *closed, int from, int end)
{
    const struct json *list = json_get(json_get(c->before->at, "weeks"), "closed");
    for (const struct json *w = list != NULL ? list->child : NULL; w != NULL; w = w->next) {
        date day;
        if (date_parse(w->text, &day) && day >= c->before->first + 7 * from && day < c->before->first + 7 * end)
            closed[(day - c->before->first) / 7] = true;
    }
}

void planner_change_weeks(struct planner_change *c, int more)
{
    struct planner_problem *p = c->after;
    bool *closed = ARENA_ARRAY(c->a, (size_t)(p->weeks + more), bool);
    memcpy(closed, p->closed, (size_t)p->weeks * sizeof *closed);
    close_from(c, closed, p->weeks, p->weeks + more);
    COPY(c, p->shared, p->shared_count);
    for (int i = 0; i < p->shared_count; i++)
        if (p->shared[i].at != NULL && json_get(p->shared[i].at, "weeks") == NULL)
            p->shared[i].weeks += more;
    p->closed = closed;
    p->weeks += more;
    add(c, arena_printf(c->a, "{\"op\": \"replace\", \"path\": \"/weeks/count\", \"value\": %d}", p->weeks));
    c->cost += c->costs.week * more;
}

/* ---- rules -------------------------------------------------------------------------------------- */

void planner_change_drop_order(struct planner_change *c, int programme, int index)
{
    struct planner_programme *g = &c->after->programme[programme];
    COPY(c, g->order, g->order_count);
    memmove(g->order + index, g->order + index + 1, (size_t)(g->order_count - index - 1) * sizeof *g->order);
    g->order_count--;
    add(c, arena_printf(c->a, "{\"op\": \"remove\", \"path\": \"/programmes/%d/orders/%d\"}", programme, index));
    c->cost += c->costs.order;
}

static void change_window(struct planner_change *c, int programme, int rotation, const char *key, int to, int cost)
{
    if (to == PLANNER_WEEK_NONE)
        add(c, arena_printf(c->a, "{\"op\": \"remove\", \"path\": \"/programmes/%d/rotations/%d/%s\"}", programme, rotation, key));
    else
        add(c, arena_printf(c->a, "{\"op\": \"replace\", \"path\": \"/programmes/%d/rotations/%d/%s\", \"value\": \"%s\"}", programme,
                            rotation, key, monday(c, to)));
    c->cost += c->costs.window_week * cost;
}

void planner_change_earliest(struct planner_change *c, int programme, int rotation, int weeks)
{
    struct planner_programme *g = &c->after->programme[programme];
    COPY(c, g->rotation, g->rotation_count);
    int was = g->rotation[rotation].earliest, to = was - weeks;
    g->rotation[rotation].earliest = to <= 0 ? PLANNER_WEEK_NONE : to;
    change_window(c, programme, rotation, "earliest", to <= 0 ? PLANNER_WEEK_NONE : to, MIN(weeks, MAX(was, 0)));
}

void planner_change_latest_end(struct planner_change *c, int programme, int rotation, int weeks)
{
    struct planner_programme *g = &c->after->programme[programme];
    COPY(c, g->rotation, g->rotation_count);
    int was = g->rotation[rotation].latest_end, to = was + weeks, end = c->after->weeks;
    g->rotation[rotation].latest_end = to >= end ? PLANNER_WEEK_NONE : to;
    change_window(c, programme, rotation, "latest_end", to >= end ? PLANNER_WEEK_NONE : to, MIN(weeks, MAX(end - was, 0)));
}

void planner_change_quota(struct planner_change *c, int department, int index, int more)
{
    struct planner_quota *q;
    int weeks = 0;
    if (department >= 0) {
        struct planner_department *d = &c->after->department[department];
        COPY(c, d->quota, d->quota_count);
        q = &d->quota[index];
        add(c, arena_printf(c->a, "{\"op\": \"replace\", \"path\": \"/departments/%d/quotas/%d/capacity\", \"value\": %d}", department,
                            index, q->capacity + more));
    } else {
        COPY(c, c->after->shared, c->after->shared_count);
        q = &c->after->shared[index];
        add(c, arena_printf(c->a, "{\"op\": \"replace\", \"path\": \"/shared_quotas/%d/capacity\", \"value\": %d}", index,
                            q->capacity + more));
    }
    q->capacity += more;
    for (int w = 0; w < c->before->weeks; w++)
        weeks += !c->before->closed[w] && (department >= 0 || (w >= q->from && w < q->from + q->weeks));
    c->cost += c->costs.seat_week * more * weeks;
}

/* ---- students ----------------------------------------------------------------------------------- */

void planner_change_leave(struct planner_change *c, int student, int index, int later)
{
    struct planner_student *s = &c->after->student[student];
    COPY(c, s->away, s->away_count);
    s->away[index].from += later;
    add(c, arena_printf(c->a, "{\"op\": \"replace\", \"path\": \"/students/%d/away/%d/from\", \"value\": \"%s\"}", student, index,
                        monday(c, s->away[index].from)));
    c->cost += c->costs.leave_week * (later < 0 ? -later : later);
}

static bool among(const int *who, int n, int s)
{
    for (int i = 0; i < n; i++)
        if (who[i] == s)
            return true;
    return false;
}

/* Nothing is left of these students: no rule, no wish, no part in a pair or in the base plan. */
void planner_change_students(struct planner_change *c, const int *who, int n)
{
    struct planner_problem *p = c->after;
    COPY(c, p->pair, p->pair_count);
    COPY(c, p->base, p->base_count);
    for (int i = p->pair_count; i-- > 0;)
        for (int k = 0; k < p->pair[i].student_count && !p->pair[i].off; k++)
            if (among(who, n, p->pair[i].student[k])) {
                p->pair[i].off = true;
                add(c, arena_printf(c->a, "{\"op\": \"remove\", \"path\": \"/pairs/%d\"}", i));
            }
    int base = p->base_count;
    for (int i = base; i-- > 0;) {
        if (!among(who, n, p->base[i].student))
            continue;
        memmove(p->base + i, p->base + i + 1, (size_t)(p->base_count - i - 1) * sizeof *p->base);
        p->base_count--;
        add(c, arena_printf(c->a, "{\"op\": \"remove\", \"path\": \"/base_plan/placements/%d\"}", i));
    }
    for (int i = n; i-- > 0;) {
        struct planner_student *s = &p->student[who[i]];
        s->skip = UINT64_MAX;
        s->wish_count = s->away_count = s->enter_count = s->fixed_count = s->burden = 0;
        s->dislike_travel = s->dislike_waiting = 0;
        add(c, arena_printf(c->a, "{\"op\": \"remove\", \"path\": \"/students/%d\"}", who[i]));
    }
    c->cost += c->costs.student * n;
}
