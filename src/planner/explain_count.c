/* Proofs that people would find by counting: some students must spend so many weeks in some departments within some weeks,
 * and there are fewer seats. Three patterns of prices: 1 on every week of a run (student-weeks), 1 on so few weeks that
 * every block touches one (whole blocks), 1 on all that can be reached in a run when nobody can be idle there. Each is
 * a lower bound by simple arithmetic; the caller's kernel has the last word. */
#include "planner/explain.h"

/* Something scarce: the seats of some departments, a quota or shared quota, an apart pair in a department. */
struct resource {
    bool *department;
    int row, apart; /* or -1 */
    bool one;       /* a single department, quota or pair: what people would look at first */
};

/* `pick` of these rotations of each student of a class. */
struct demand {
    const struct planner_class *class;
    const struct planner_course *course;
    uint64_t set;
    int pick;
};

struct counting {
    struct internplan *r;
    struct planner_view *v;
    const struct planner_model *m;
    struct arena *a;
    size_t demands, demand_cap;
    struct demand *demand;
    size_t resources, resource_cap;
    struct resource *resource;
    int *first, *last; /* [class option index]: of the starts, by option_at */
    size_t *option_at; /* per class: its first option in first, last */
    /* the best pattern so far */
    int64_t best_n, best_weight;
    struct planner_weights best;
    uint64_t work_end; /* of the kernel's count of work: no single step may pass it, however long a horizon is */
};

enum { RESOURCES_MOST = 4000, WINDOWS_MOST = 24, WORK_MOST = 60000000 };

/* Takes the work on account, or says that this step costs more than is left. */
static bool can_pay(struct counting *c, uint64_t work)
{
    uint64_t *done = &c->r->kernel.work;
    if (*done > c->work_end || work > c->work_end - *done)
        return false;
    *done += work;
    return true;
}

/* ---- demands ------------------------------------------------------------------------------------ */

static void add_demand(struct counting *c, const struct planner_class *class, uint64_t set, int pick)
{
    if (set != 0 && pick > 0)
        *ARENA_PUSH(c->a, c->demand, c->demands, c->demand_cap) = (struct demand){
            .class = class, .course = &c->m->course[c->m->unit[class->unit].course], .set = set, .pick = pick
        };
}

static void list_demands(struct counting *c)
{
    size_t options = 0;
    c->option_at = ARENA_ARRAY(c->a, (size_t)c->v->classes, size_t);
    for (int i = 0; i < c->v->classes; i++) {
        const struct planner_class *class = &c->v->class[i];
        const struct planner_course *course = &c->m->course[c->m->unit[class->unit].course];
        for (uint64_t set = course->required; set != 0; set &= set - 1)
            add_demand(c, class, set & -set, 1);
        for (int k = 0; k < course->choices; k++)
            add_demand(c, class, course->choice_of[k], course->choice_pick[k]);
        c->option_at[i] = options;
        options += (size_t)course->options;
    }
    c->first = ARENA_ARRAY(c->a, options, int);
    c->last = ARENA_ARRAY(c->a, options, int);
    for (int i = 0; i < c->v->classes; i++)
        for (int o = 0; o < c->m->course[c->m->unit[c->v->class[i].unit].course].options; o++) {
            c->first[c->option_at[i] + (size_t)o] = planner_class_first(c->v, &c->v->class[i], o);
            c->last[c->option_at[i] + (size_t)o] = planner_class_last(c->v, &c->v->class[i], o);
        }
}

/* How many heads of one unit of the demand's class the resource counts. */
static int heads_of(const struct counting *c, const struct resource *x, const struct demand *d)
{
    const struct planner_unit *u = &c->m->unit[d->class->unit];
    int n = 0;
    for (int k = 0; k < u->size; k++) {
        bool counts = true;
        if (x->row >= 0)
            counts = planner_model_counts(c->m, x->row, u->student[k]) != 0;
        if (x->apart >= 0) {
            const struct planner_pair *pair = &c->v->problem->pair[c->v->apart[x->apart]];
            counts = false;
            for (int i = 0; i < pair->student_count; i++)
                counts = counts || pair->student[i] == u->student[k];
        }
        n += counts;
    }
    return n * d->class->units;
}

enum where { INSIDE, ELSEWHERE, NEVER };

/* A rotation as the resource sees it: its lowest and highest first week where it can be done nowhere else. */
static enum where part_of(const struct counting *c, const struct resource *x, const struct demand *d, int rotation,
                          int *first, int *last)
{
    size_t at = c->option_at[d->class - c->v->class];
    bool outside = x->apart >= 0 && !planner_pair_names(&c->v->problem->pair[c->v->apart[x->apart]], d->course, rotation);
    bool any = false;
    *first = INT32_MAX;
    *last = -1;
    for (int o = d->course->option_first[rotation]; o < d->course->option_first[rotation + 1]; o++) {
        if (c->last[at + (size_t)o] < 0)
            continue;
        any = true;
        outside = outside || !x->department[d->course->option[o].department];
        *first = MIN(*first, c->first[at + (size_t)o]);
        *last = MAX(*last, c->last[at + (size_t)o]);
    }
    return !any ? NEVER : outside ? ELSEWHERE : INSIDE;
}

static int64_t capacity_at(const struct counting *c, const struct resource *x, int department, int week)
{
    if (x->apart >= 0)
        return 1;
    if (x->row < 0)
        return c->m->capacity[(size_t)department * (size_t)c->m->open + (size_t)week];
    const struct planner_row *row = &c->m->row[x->row];
    return week >= row->first && week < row->end ? row->capacity : PLANNER_NO_LIMIT;
}

/* ---- resources ---------------------------------------------------------------------------------- */

static struct resource *add_resource(struct counting *c, const bool *department, bool one)
{
    size_t n = (size_t)c->m->departments;
    if (c->resources >= RESOURCES_MOST)
        return NULL;
    for (size_t i = 0; i < c->resources && !one; i++)
        if (c->resource[i].row < 0 && c->resource[i].apart < 0 &&
            memcmp(c->resource[i].department, department, n * sizeof *department) == 0)
            return NULL;
    struct resource *x = ARENA_PUSH(c->a, c->resource, c->resources, c->resource_cap);
    *x = (struct resource){ .department = ARENA_ARRAY(c->a, n, bool), .row = -1, .apart = -1, .one = one };
    memcpy(x->department, department, n * sizeof *department);
    return x;
}

static void departments_of(const struct planner_course *course, uint64_t set, bool *out)
{
    for (int o = 0; o < course->options; o++)
        if ((set >> course->option[o].rotation & 1) != 0)
            out[course->option[o].department] = true;
}

/* The departments of each demand together, and of those that share one. */
static void list_unions(struct counting *c)
{
    size_t n = (size_t)c->m->departments, first = c->resources;
    bool *set = ARENA_ARRAY(c->a, n, bool);
    for (size_t i = 0; i < c->demands; i++) {
        if (i > 0 && c->demand[i].course == c->demand[i - 1].course && c->demand[i].set == c->demand[i - 1].set)
            continue;
        memset(set, 0, n * sizeof *set);
        departments_of(c->demand[i].course, c->demand[i].set, set);
        add_resource(c, set, false);
    }
    size_t end = MIN(c->resources, first + 48);
    for (size_t i = first; i < end; i++)
        for (size_t k = i + 1; k < end; k++) {
            bool meet = false;
            for (size_t d = 0; d < n; d++) {
                meet = meet || (c->resource[i].department[d] && c->resource[k].department[d]);
                set[d] = c->resource[i].department[d] || c->resource[k].department[d];
            }
            if (meet)
                add_resource(c, set, false);
        }
}

static void list_resources(struct counting *c)
{
    bool *set = ARENA_ARRAY(c->a, (size_t)c->m->departments, bool);
    for (int d = 0; d < c->m->departments; d++) {
        memset(set, 0, (size_t)c->m->departments * sizeof *set);
        set[d] = true;
        add_resource(c, set, true);
        for (int k = 0; k < c->v->aparts; k++) {
            struct resource *x = add_resource(c, set, true);
            if (x != NULL)
                x->apart = k;
        }
    }
    for (int row = 0; row < c->m->rows; row++) {
        memset(set, 0, (size_t)c->m->departments * sizeof *set);
        for (int i = 0; i < c->m->row[row].quota->department_count; i++)
            set[c->m->row[row].quota->department[i]] = true;
        struct resource *x = add_resource(c, set, true);
        if (x != NULL)
            x->row = row;
    }
    list_unions(c);
}

/* ---- prices of a pattern ------------------------------------------------------------------------ */

static void put_price(struct counting *c, const struct resource *x, int department, int week)
{
    size_t at = (size_t)department * (size_t)c->m->open + (size_t)week;
    if (x->row >= 0)
        c->best.row[(size_t)x->row * (size_t)c->m->open + (size_t)week] = 1;
    else if (x->apart >= 0)
        c->best.apart[(size_t)x->apart * c->v->cells + at] = 1;
    else if (c->m->capacity[at] > 0)
        c->best.cell[at] = 1;
}

/* Whether a pattern is better than the best so far; then its prices may be put. */
static bool take(struct counting *c, int64_t n, int64_t weight)
{
    if (n < 1 || (c->best_n > 0 && (__int128)n * (c->best_weight + 1) <= (__int128)c->best_n * (weight + 1)))
        return false;
    c->best_n = n;
    c->best_weight = weight;
    memset(c->best.cell, 0, c->v->cells * sizeof *c->best.cell);
    if (c->v->rows > 0)
        memset(c->best.row, 0, c->v->rows * sizeof *c->best.row);
    if (c->v->aparts > 0)
        memset(c->best.apart, 0, (size_t)c->v->aparts * c->v->cells * sizeof *c->best.apart);
    return true;
}

/* ---- student-weeks in a run --------------------------------------------------------------------- */

static int overlap(int start, int length, int from, int end)
{
    return MAX(MIN(start + length, end) - MAX(start, from), 0);
}

/* Sum of the k smallest of n. */
static int64_t smallest(int *list, int n, int k)
{
    int64_t sum = 0;
    for (int i = 0; i < k; i++) {
        int at = i;
        for (int j = i + 1; j < n; j++)
            at = list[j] < list[at] ? j : at;
        int t = list[i];
        list[i] = list[at];
        list[at] = t;
        sum += list[i];
    }
    return sum;
}

struct inside {
    int heads, parts, outside, pick;
    int length[PLANNER_ROTATIONS_MOST], first[PLANNER_ROTATIONS_MOST], last[PLANNER_ROTATIONS_MOST];
};

/* Demands that can't be met without the resource. */
static size_t list_inside(const struct counting *c, const struct resource *x, struct inside *out)
{
    size_t n = 0;
    for (size_t i = 0; i < c->demands; i++) {
        const struct demand *d = &c->demand[i];
        struct inside *in = &out[n];
        in->parts = in->outside = 0;
        for (uint64_t set = d->set; set != 0; set &= set - 1) {
            int rotation = __builtin_ctzll(set), first, last;
            enum where where = part_of(c, x, d, rotation, &first, &last);
            in->outside += where == ELSEWHERE;
            if (where != INSIDE)
                continue;
            in->length[in->parts] = d->course->length[rotation];
            in->first[in->parts] = first;
            in->last[in->parts++] = last;
        }
        in->pick = d->pick - in->outside;
        in->heads = in->pick > 0 && in->parts >= in->pick ? heads_of(c, x, d) : 0;
        n += in->heads > 0;
    }
    return n;
}

/* In a run [from, end) each part costs least at its first or at its last start: the overlap rises, stays, falls. */
static int64_t need_in(const struct inside *in, size_t n, int from, int end)
{
    int64_t sum = 0;
    for (size_t i = 0; i < n; i++) {
        int cost[PLANNER_ROTATIONS_MOST];
        for (int k = 0; k < in[i].parts; k++)
            cost[k] = MIN(overlap(in[i].first[k], in[i].length[k], from, end),
                          overlap(in[i].last[k], in[i].length[k], from, end));
        sum += in[i].heads * (in[i].parts == 1 ? cost[0] : smallest(cost, in[i].parts, in[i].pick));
    }
    return sum;
}

static int64_t capacity_in_week(const struct counting *c, const struct resource *x, int week)
{
    int64_t sum = 0;
    for (int d = 0; d < c->m->departments; d++) {
        if (!x->department[d])
            continue;
        int64_t one = capacity_at(c, x, d, week);
        sum = x->row >= 0 ? one : sum + one;
    }
    return MIN(sum, PLANNER_NO_LIMIT);
}

static void count_weeks(struct counting *c, const struct resource *x, const struct inside *in, size_t n)
{
    int open = c->m->open;
    if (!can_pay(c, n * (size_t)open * (size_t)open / 4))
        return;
    int64_t *in_week = ARENA_ARRAY(c->a, (size_t)open, int64_t);
    for (int t = 0; t < open; t++)
        in_week[t] = capacity_in_week(c, x, t);
    for (int from = 0; from < open; from++) {
        int64_t seats = 0;
        for (int end = from + 1; end <= open; end++) {
            seats += in_week[end - 1];
            if (seats >= PLANNER_NO_LIMIT)
                break;
            if (!take(c, need_in(in, n, from, end) - seats, seats))
                continue;
            for (int d = 0; d < c->m->departments; d++)
                for (int t = from; x->department[d] && t < end; t++)
                    put_price(c, x, d, t);
        }
    }
}

/* ---- whole blocks ------------------------------------------------------------------------------- */

/* Blocks of the chosen demands in one department (of a quota or pair: in any): for each first week, the earliest end. */
static bool find_blocks(const struct counting *c, const struct resource *x, int department, int shortest, int from, int end,
                        int *block_end)
{
    bool any = false;
    for (int t = 0; t < c->m->open; t++)
        block_end[t] = INT32_MAX;
    for (size_t i = 0; i < c->demands; i++) {
        const struct demand *d = &c->demand[i];
        if (heads_of(c, x, d) == 0)
            continue;
        for (uint64_t set = d->set; set != 0; set &= set - 1) {
            int rotation = __builtin_ctzll(set), first, last, length = d->course->length[rotation];
            if (length < shortest || part_of(c, x, d, rotation, &first, &last) != INSIDE || first < from ||
                last + length > end)
                continue;
            for (int o = d->course->option_first[rotation]; o < d->course->option_first[rotation + 1]; o++)
                for (int t = first; d->course->option[o].department == department && t <= last; t++)
                    if (planner_class_may(c->v, d->class, o, t)) {
                        block_end[t] = MIN(block_end[t], t + length);
                        any = true;
                    }
        }
    }
    return any;
}

/* The lightest weeks that touch every block: points[0..n). INT64_MAX where only weeks without limit would do. */
static int64_t lightest(const struct counting *c, const struct resource *x, int department, const int *block_end,
                        int *points, int *n)
{
    int open = c->m->open;
    int64_t *least = ARENA_ARRAY(c->a, (size_t)open, int64_t), best = INT64_MAX;
    int *before = ARENA_ARRAY(c->a, (size_t)open, int), *reach = ARENA_ARRAY(c->a, (size_t)open + 1, int), at = -1;
    /* reach[p]: the earliest end of a block that begins at p or later: the next point must come before it */
    reach[open] = INT32_MAX;
    for (int p = open; p-- > 0;)
        reach[p] = MIN(reach[p + 1], block_end[p]);
    for (int q = 0; q < open; q++) {
        least[q] = INT64_MAX;
        before[q] = -1;
        int64_t seats = capacity_at(c, x, department, q);
        for (int p = -1; p < q && seats < PLANNER_NO_LIMIT; p++) {
            int64_t so_far = p < 0 ? 0 : least[p];
            if (so_far == INT64_MAX || q >= reach[p + 1] || so_far + seats >= least[q])
                continue;
            least[q] = so_far + seats;
            before[q] = p;
        }
        if (least[q] < best && reach[q + 1] == INT32_MAX) {
            best = least[q];
            at = q;
        }
    }
    for (*n = 0; best != INT64_MAX && at >= 0; at = before[at])
        points[(*n)++] = at;
    return best;
}

/* How often the chosen demands pay when every block of theirs is touched. */
static int64_t blocks_needed(const struct inside *in, size_t n, int shortest, int from, int end)
{
    int64_t sum = 0;
    for (size_t i = 0; i < n; i++) {
        int free_ones = 0;
        for (int k = 0; k < in[i].parts; k++)
            free_ones += in[i].length[k] < shortest || in[i].first[k] < from || in[i].last[k] + in[i].length[k] > end;
        sum += (int64_t)in[i].heads * MAX(in[i].pick - free_ones, 0);
    }
    return sum;
}

static void try_blocks(struct counting *c, const struct resource *x, const struct inside *in, size_t n, int shortest,
                       int from, int end)
{
    int64_t need = blocks_needed(in, n, shortest, from, end), weight = 0;
    int departments = c->m->departments, open = c->m->open;
    if (need == 0 || !can_pay(c, (size_t)open * (size_t)open + n * (size_t)open))
        return;
    int *points = ARENA_ARRAY(c->a, (size_t)departments * (size_t)open, int), *count = ARENA_ARRAY(c->a, (size_t)departments, int);
    int *block_end = ARENA_ARRAY(c->a, (size_t)open, int), *all = ARENA_ARRAY(c->a, (size_t)open, int);
    bool merged = x->row >= 0, any = false;
    int only = -1;
    for (int t = 0; t < open; t++)
        all[t] = INT32_MAX;
    for (int d = 0; d < departments && weight < need; d++) {
        if (!x->department[d] || !find_blocks(c, x, d, shortest, from, end, block_end))
            continue;
        any = true;
        only = d;
        for (int t = 0; t < open; t++)
            all[t] = MIN(all[t], block_end[t]);
        if (!merged) {
            int64_t one = lightest(c, x, d, block_end, points + (size_t)d * (size_t)open, &count[d]);
            weight = one == INT64_MAX ? need : weight + one;
        }
    }
    if (merged && any) {
        int64_t one = lightest(c, x, only, all, points + (size_t)only * (size_t)open, &count[only]);
        weight = one == INT64_MAX ? need : one;
    }
    if (!any || !take(c, need - weight, weight))
        return;
    for (int d = 0; d < departments; d++)
        for (int i = 0; i < count[d]; i++)
            put_price(c, x, d, points[(size_t)d * (size_t)open + (size_t)i]);
}

static void add_once(int *list, int *n, int most, int value)
{
    for (int i = 0; i < *n; i++)
        if (list[i] == value)
            return;
    if (*n < most)
        list[(*n)++] = value;
}

static void count_blocks(struct counting *c, const struct resource *x, const struct inside *in, size_t n)
{
    int length[WINDOWS_MOST], first[WINDOWS_MOST], end[WINDOWS_MOST], lengths = 0, firsts = 1, ends = 1;
    first[0] = 0;
    end[0] = c->m->open;
    for (size_t i = 0; i < n; i++)
        for (int k = 0; k < in[i].parts; k++) {
            add_once(length, &lengths, WINDOWS_MOST, in[i].length[k]);
            add_once(first, &firsts, WINDOWS_MOST, in[i].first[k]);
            add_once(end, &ends, WINDOWS_MOST, in[i].last[k] + in[i].length[k]);
        }
    for (int l = 0; l < lengths; l++)
        for (int f = 0; f < firsts; f++)
            for (int e = 0; e < ends; e++)
                if (end[e] - first[f] >= length[l])
                    try_blocks(c, x, in, n, length[l], first[f], end[e]);
}

/* ---- nobody can be idle ------------------------------------------------------------------------- */

/* The weeks in which a class can be anywhere at all, and how many of them stay free at most. */
static int idle_of(const struct counting *c, int class, bool *can)
{
    const struct planner_class *k = &c->v->class[class];
    const struct planner_course *course = &c->m->course[c->m->unit[k->unit].course];
    int weeks = 0;
    for (int t = 0; t < c->m->open; t++)
        can[t] = false;
    for (int o = 0; o < course->options; o++)
        for (int t = 0; t < c->m->open; t++)
            if (planner_class_may(c->v, k, o, t))
                for (int i = t; i < t + course->length[course->option[o].rotation]; i++)
                    can[i] = true;
    for (int t = 0; t < c->m->open; t++)
        weeks += can[t];
    return weeks - planner_course_unplaced(course, 0);
}

/* Students whose departments all lie among `universe`; where they can be. */
static bool members_of(const struct counting *c, const bool *universe, bool *member, bool *cell)
{
    bool any = false;
    memset(cell, 0, c->v->cells * sizeof *cell);
    for (int k = 0; k < c->v->classes; k++) {
        const struct planner_class *class = &c->v->class[k];
        const struct planner_course *course = &c->m->course[c->m->unit[class->unit].course];
        member[k] = course->active != 0;
        for (int o = 0; o < course->options; o++)
            member[k] = member[k] && ((course->active >> course->option[o].rotation & 1) == 0 || universe[course->option[o].department]);
        any = any || member[k];
        for (int o = 0; member[k] && o < course->options; o++)
            for (int t = 0; t < c->m->open; t++)
                if (planner_class_may(c->v, class, o, t))
                    for (int i = t; i < t + course->length[course->option[o].rotation]; i++)
                        cell[(size_t)course->option[o].department * (size_t)c->m->open + (size_t)i] = true;
    }
    return any;
}

struct idling {
    bool *can;    /* [class * open + week]: the class can be somewhere */
    int *before;  /* [class * (open + 1) + week]: in how many weeks before */
    int *idle;    /* per class: weeks that it may stay free at most */
    bool *member; /* per class */
    bool *cell;   /* where members can be */
};

static void count_idle_in(struct counting *c, const struct idling *x)
{
    const struct resource seats = { .row = -1, .apart = -1 };
    size_t open = (size_t)c->m->open;
    if (!can_pay(c, (size_t)c->v->classes * open * open / 2))
        return;
    int64_t *places = ARENA_ARRAY(c->a, open + 1, int64_t); /* in all weeks before */
    for (size_t t = 0; t < open; t++) {
        places[t + 1] = places[t];
        for (size_t d = 0; d < (size_t)c->m->departments; d++)
            places[t + 1] += x->cell[d * open + t] ? c->m->capacity[d * open + t] : 0;
    }
    for (size_t length = 1; length <= open; length++)
        for (size_t from = 0; from + length <= open; from++) {
            int64_t needed = 0, room = places[from + length] - places[from];
            for (int k = 0; k < c->v->classes; k++) {
                const int *before = x->before + (size_t)k * (open + 1);
                if (x->member[k])
                    needed += (int64_t)c->v->class[k].heads * MAX(before[from + length] - before[from] - x->idle[k], 0);
            }
            if (room >= PLANNER_NO_LIMIT || !take(c, needed - room, room))
                continue;
            for (size_t d = 0; d < (size_t)c->m->departments; d++)
                for (size_t t = from; t < from + length; t++)
                    if (x->cell[d * open + t])
                        put_price(c, &seats, (int)d, (int)t);
        }
}

/* Among the departments of each course in turn: those who can be nowhere else. */
static void count_idle(struct counting *c)
{
    size_t open = (size_t)c->m->open, classes = (size_t)c->v->classes, departments = (size_t)c->m->departments, seen = 0;
    struct idling x = { .can = ARENA_ARRAY(c->a, classes * open, bool), .before = ARENA_ARRAY(c->a, classes * (open + 1), int),
                        .idle = ARENA_ARRAY(c->a, classes, int),
                        .member = ARENA_ARRAY(c->a, classes, bool), .cell = ARENA_ARRAY(c->a, c->v->cells, bool) };
    bool *all = ARENA_ARRAY(c->a, ((size_t)c->m->courses + 1) * departments, bool);
    for (size_t k = 0; k < classes; k++) {
        x.idle[k] = idle_of(c, (int)k, x.can + k * open);
        for (size_t t = 0; t < open; t++)
            x.before[k * (open + 1) + t + 1] = x.before[k * (open + 1) + t] + x.can[k * open + t];
    }
    for (int i = 0; i <= c->m->courses; i++) { /* the last: all departments */
        bool *universe = all + seen * departments, known = false;
        memset(universe, i == c->m->courses, departments * sizeof *universe);
        if (i < c->m->courses)
            departments_of(&c->m->course[i], c->m->course[i].active, universe);
        for (size_t k = 0; k < seen; k++)
            known = known || memcmp(all + k * departments, universe, departments * sizeof *universe) == 0;
        if (known || !members_of(c, universe, x.member, x.cell))
            continue;
        seen++;
        count_idle_in(c, &x);
    }
}

/* ---- all together ------------------------------------------------------------------------------- */

bool planner_count_proves(struct internplan *r, struct planner_view *v, struct planner_weights *w)
{
    struct counting c = { .r = r, .v = v, .m = v->model, .a = v->arena, .best = *w };
    __int128 n = 0;
    bool holds;
    for (int k = 0; k < v->classes; k++)
        if (v->class[k].none) {
            memset(w->cell, 0, v->cells * sizeof *w->cell);
            return planner_view_sum(r, v, w, NULL, NULL, &holds) > 0;
        }
    list_demands(&c);
    list_resources(&c);
    struct inside *in = ARENA_ARRAY(c.a, c.demands + 1, struct inside);
    c.work_end = r->kernel.work + WORK_MOST;
    for (int step = 0; step < 5 && c.best_n < 1; step++) {
        for (size_t i = 0; step < 4 && i < c.resources; i++) {
            if (c.resource[i].one != (step % 2 == 0))
                continue;
            size_t members = list_inside(&c, &c.resource[i], in);
            if (members > 0 && step < 2)
                count_weeks(&c, &c.resource[i], in, members);
            else if (members > 0)
                count_blocks(&c, &c.resource[i], in, members);
        }
        if (step == 4) {
            c.work_end += WORK_MOST / 4; /* what the others left out may still show here */
            count_idle(&c);
        }
    }
    if (c.best_n >= 1)
        n = planner_view_sum(r, v, w, NULL, NULL, &holds);
    return n > 0;
}
