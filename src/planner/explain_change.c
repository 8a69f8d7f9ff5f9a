/* Changes of seats and of the calendar, each in memory and as operations on the file. Arrays are copied before they are
 * touched. See change.h. */
#include "planner/change.h"

void *planner_change_copied(struct arena *a, const void *from, size_t n, size_t size)
{
    assert(size > 0);
    void *to = arena_array(a, n, size);
    if (n > 0)
        memcpy(to, from, n * size);
    return to;
}

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
    assert(c.costs.seat_week >= 0 && c.costs.week >= 0 && c.costs.student >= 0);
    c.has_list = ARENA_ARRAY(a, (size_t)p->department_count, bool);
    for (int d = 0; d < p->department_count; d++)
        c.has_list[d] = json_get(p->department[d].at, "exceptions") != NULL;
    CHANGE_COPY(&c, c.after->department, p->department_count);
    CHANGE_COPY(&c, c.after->programme, p->programme_count);
    CHANGE_COPY(&c, c.after->student, p->student_count);
    return c;
}

struct str planner_change_patch(struct planner_change *c)
{
    return arena_printf(c->a, "[%.*s]", STR_ARG(c->ops));
}

void planner_change_add(struct planner_change *c, struct str op)
{
    assert(op.n > 0 && op.p[0] == '{');
    c->ops = arena_printf(c->a, "%.*s%s%.*s", STR_ARG(c->ops), c->ops.n > 0 ? ", " : "", STR_ARG(op));
}

const char *planner_change_monday(struct planner_change *c, int week)
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

int planner_seats_at(const struct planner_department *d, int week)
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
            sum += MAX(planner_seats_at(is, w) - planner_seats_at(was, w), 0);
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
    planner_change_add(c, arena_printf(c->a,
                        "{\"op\": \"add\", \"path\": \"/departments/%d/exceptions%s\", \"value\": %s{\"from\": \"%s\", \"weeks\": "
                        "%d, \"capacity\": %d%.*s}%s}",
                        department, first ? "" : "/-", first ? "[" : "", planner_change_monday(c, from), weeks, capacity, STR_ARG(limits),
                        first ? "]" : ""));
    c->has_list[department] = true;
    c->cost += c->costs.seat_week * gained(c->before, &was, d);
}

void planner_change_more_seats(struct planner_change *c, int department, int from, int end, int more)
{
    const struct planner_problem *p = c->after;
    const struct planner_department now = p->department[department];
    assert(from >= 0 && from < end && end <= p->weeks && more > 0);
    for (int w = from, next; w < end; w = next) {
        int seats = planner_seats_at(&now, w), last = w;
        for (next = w + 1; next < end && (p->closed[next] || planner_seats_at(&now, next) == seats); next++)
            last = p->closed[next] ? last : next;
        if (seats > 0 && !p->closed[w])
            planner_change_seats(c, department, w, last - w + 1, seats + more);
    }
}

void planner_change_drop_exception(struct planner_change *c, int department, int index)
{
    struct planner_department *d = &c->after->department[department], was = *d;
    assert(index >= 0 && index < d->exception_count && !d->exception[index].off);
    CHANGE_COPY(c, d->exception, d->exception_count);
    d->exception[index].off = true;
    planner_change_add(c, arena_printf(c->a, "{\"op\": \"remove\", \"path\": \"/departments/%d/exceptions/%d\"}", department, index));
    c->cost += c->costs.seat_week * gained(c->before, &was, d);
}

/* ---- calendar ----------------------------------------------------------------------------------- */

void planner_change_open_week(struct planner_change *c, int week)
{
    const struct json *closed = json_get(json_get(c->before->at, "weeks"), "closed");
    for (const struct json *w = closed != NULL ? closed->child : NULL; w != NULL; w = w->next) {
        date day;
        if (date_parse(w->text, &day) && (day - c->before->first) / 7 == week)
            planner_change_add(c, arena_printf(c->a, "{\"op\": \"remove\", \"path\": \"/weeks/closed/%d\"}", w->index));
    }
    assert(week >= 0 && week < c->after->weeks && c->after->closed[week]);
    CHANGE_COPY(c, c->after->closed, c->after->weeks);
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
    assert(more > 0);
    bool *closed = ARENA_ARRAY(c->a, (size_t)(p->weeks + more), bool);
    memcpy(closed, p->closed, (size_t)p->weeks * sizeof *closed);
    close_from(c, closed, p->weeks, p->weeks + more);
    CHANGE_COPY(c, p->shared, p->shared_count);
    for (int i = 0; i < p->shared_count; i++)
        if (p->shared[i].at != NULL && json_get(p->shared[i].at, "weeks") == NULL)
            p->shared[i].weeks += more;
    p->closed = closed;
    p->weeks += more;
    planner_change_add(c, arena_printf(c->a, "{\"op\": \"replace\", \"path\": \"/weeks/count\", \"value\": %d}", p->weeks));
    c->cost += c->costs.week * more;
}
