/* Seats by week: a range of weeks changed at once, and who is affected when seats become fewer. Exceptions are kept as few
 * as say the same: a change rewrites those that it touches, in such a way that no two of them overlap. */
#include "app/usecases.h"

enum { WEEK = 7, WEEKS_MOST = 520 };

/* What holds in one week beside the default. */
struct week_seats {
    bool is_exception;
    int64_t seats;
    struct str reason;
};

static bool overlap(int64_t from, int64_t to, const struct capacity *e)
{
    return e->first_week < to && from < e->first_week + WEEK * e->weeks;
}

/* Widens [from, to) to every exception that overlaps it, again and again: inside it nothing reaches out. */
static void widen(const struct rows *exceptions, int64_t *from, int64_t *to)
{
    const struct capacity *e = exceptions->item;
    for (bool more = true; more;) {
        more = false;
        for (size_t i = 0; i < exceptions->n; i++)
            if (overlap(*from, *to, &e[i]) && (e[i].first_week < *from || e[i].first_week + WEEK * e[i].weeks > *to)) {
                *from = MIN(*from, e[i].first_week);
                *to = MAX(*to, e[i].first_week + WEEK * e[i].weeks);
                more = true;
            }
    }
}

static bool same(const struct week_seats *a, const struct week_seats *b)
{
    return a->is_exception == b->is_exception && a->seats == b->seats && str_eq(a->reason, b->reason);
}

/* Writes the weeks from `from` on as runs: over the rows that were there, in their order, then new ones; the rest goes. */
static enum status write_runs(struct call *c, const struct rows *exceptions, int64_t department_id, int64_t from,
                              const struct week_seats *week, size_t weeks)
{
    const struct capacity *e = exceptions->item;
    size_t next = 0;
    enum status st = STATUS_OK;
    for (size_t i = 0; st == STATUS_OK && i < weeks;) {
        size_t run = 1;
        while (i + run < weeks && same(&week[i], &week[i + run]))
            run++;
        if (week[i].is_exception) {
            while (next < exceptions->n && !overlap(from, from + WEEK * (int64_t)weeks, &e[next]))
                next++;
            const struct capacity *old = next < exceptions->n ? &e[next++] : NULL;
            struct capacity *now = record_new(c->arena, &record_capacity);
            if (old != NULL)
                *now = *old;
            now->department_id = department_id;
            now->first_week = from + WEEK * (int64_t)i;
            now->weeks = (int64_t)run;
            now->seats = week[i].seats;
            now->reason = week[i].reason;
            if (old == NULL || record_put_diff(&(struct buf){ .max_bytes = 0 }, &record_capacity, old, now) > 0)
                st = call_save(c, &record_capacity, old, now);
        }
        i += run;
    }
    for (; st == STATUS_OK && next < exceptions->n; next++)
        if (overlap(from, from + WEEK * (int64_t)weeks, &e[next]))
            st = call_delete(c, &record_capacity, &e[next]);
    return st;
}

static enum status range_holds(struct call *c, const struct in_capacity_range *in)
{
    if (in->last_week < in->first_week) {
        char late[DATE_TEXT_BYTES], early[DATE_TEXT_BYTES];
        return call_refuse(c, MSG_refuse_dates_order, "last_week", date_text((date)in->last_week, late), date_text((date)in->first_week, early));
    }
    if ((in->last_week - in->first_week) / WEEK >= WEEKS_MOST)
        return call_refuse(c, MSG_refuse_range_long, "last_week", "520", NULL);
    return STATUS_OK;
}

/* Who would be there, week by week of a range. */
struct load {
    int64_t from, weeks;
    int64_t *here;
};

static struct load load_make(struct arena *a, const struct in_capacity_range *in)
{
    struct load l = { in->first_week, (in->last_week - in->first_week) / WEEK + 1, NULL };
    l.here = ARENA_ARRAY(a, l.weeks, int64_t);
    return l;
}

static void load_add(struct load *l, const struct effect_row *e)
{
    for (int64_t i = MAX((e->first_week - l->from) / WEEK, (int64_t)0); i < l->weeks && l->from + WEEK * i < e->until_week; i++)
        l->here[i] += l->from + WEEK * i >= e->first_week;
}

static bool load_is_over(const struct load *l, const struct load *beside, const struct effect_row *e, int64_t seats)
{
    for (int64_t i = 0; i < l->weeks; i++) {
        int64_t week = l->from + WEEK * i;
        if (week >= e->first_week && week < e->until_week && l->here[i] + (beside != NULL ? beside->here[i] : 0) > seats)
            return true;
    }
    return false;
}

/* The placements that overlap the range in a week with more people than seats. Published plans of all bases are there
 * together; any other plan stands beside the published ones of other bases. Rows of other bases lose student and name. */
static enum status effect(struct call *c, const struct in_capacity_range *in, int64_t seats, struct rows *out)
{
    struct rows rows;
    enum status st = call_query(c, SQL_effect_of_range, &rows, P(in->department_id), P(in->first_week), P(in->last_week + WEEK));
    struct effect_row *e = rows.item;
    struct load published = load_make(c->arena, in), foreign = load_make(c->arena, in);
    size_t n = 0;
    for (size_t i = 0; i < rows.n; i++) {
        if (e[i].state == plan_state_published)
            load_add(&published, &e[i]);
        if (e[i].state == plan_state_published && e[i].base_id != c->actor->base_id)
            load_add(&foreign, &e[i]);
    }
    for (size_t i = 0; i < rows.n;) { /* plan by plan: they come in that order */
        size_t end = i;
        struct load own = load_make(c->arena, in);
        for (; end < rows.n && e[end].plan_id == e[i].plan_id; end++)
            load_add(&own, &e[end]);
        bool is_published = e[i].state == plan_state_published, is_ours = e[i].base_id == c->actor->base_id;
        for (; i < end; i++) {
            bool over = is_published ? load_is_over(&published, NULL, &e[i], seats) : load_is_over(&own, &foreign, &e[i], seats);
            if (!over || (!is_ours && !is_published)) /* another base's draft is nobody's business but theirs */
                continue;
            e[n] = e[i];
            if (!is_ours) {
                e[n].student_id = e[n].plan_id = NONE;
                e[n].name = e[n].number = STR("");
            }
            n++;
        }
    }
    *out = (struct rows){ .n = n, .item = e };
    return st;
}

static int64_t seats_wanted(const struct in_capacity_range *in, const struct department *d)
{
    return in->seats != NONE ? in->seats : d->seats;
}

enum status uc_capacity_effect(struct call *c)
{
    const struct in_capacity_range *in = c->in;
    void *found;
    enum status st = scope_check(c, &record_department, in->department_id);
    if (st == STATUS_OK)
        st = range_holds(c, in);
    if (st == STATUS_OK)
        st = tx_load(c->tx, &record_department, in->department_id, &found);
    return st == STATUS_OK ? effect(c, in, seats_wanted(in, found), &c->rows) : st;
}

enum status uc_capacity_range(struct call *c)
{
    const struct in_capacity_range *in = c->in;
    void *found;
    struct rows exceptions, affected;
    enum status st = scope_check_all(c, &record_in_capacity_range, in);
    if (st == STATUS_OK)
        st = range_holds(c, in);
    if (st == STATUS_OK)
        st = tx_load(c->tx, &record_department, in->department_id, &found);
    if (st == STATUS_OK)
        st = effect(c, in, seats_wanted(in, found), &affected);
    if (st == STATUS_OK)
        st = call_query(c, SQL_capacity_list, &exceptions, P(in->department_id), P(INT64_C(0)));
    if (st != STATUS_OK)
        return st;
    if (affected.n > 0 && in->confirmed != 1)
        return call_refuse(c, MSG_refuse_affects, "", arena_printf(c->arena, "%zu", affected.n).p, NULL);
    int64_t from = in->first_week, to = in->last_week + WEEK;
    widen(&exceptions, &from, &to);
    size_t weeks = (size_t)((to - from) / WEEK);
    struct week_seats *week = ARENA_ARRAY(c->arena, weeks, struct week_seats);
    const struct capacity *e = exceptions.item;
    for (size_t i = 0; i < exceptions.n; i++) /* the last one that covers a week counts */
        for (int64_t k = 0; overlap(from, to, &e[i]) && k < e[i].weeks; k++)
            week[(e[i].first_week - from) / WEEK + k] = (struct week_seats){ true, e[i].seats, e[i].reason };
    bool to_default = in->seats == NONE;
    for (int64_t w = in->first_week; w <= in->last_week; w += WEEK)
        week[(w - from) / WEEK] = to_default ? (struct week_seats){ .reason = STR("") } : (struct week_seats){ true, in->seats, in->reason };
    st = write_runs(c, &exceptions, in->department_id, from, week, weeks);
    c->subject = "department";
    c->id = in->department_id;
    return st;
}

/* How many are there by published plans, base by base and run of weeks by run of weeks: numbers, never names. */
enum status uc_capacity_load(struct call *c)
{
    const struct in_capacity_load *in = c->in;
    enum status st = scope_check(c, &record_department, in->department_id);
    if (st == STATUS_OK)
        st = call_query(c, SQL_load_of_department, &c->rows, P(in->department_id), P(in->first_week), P(in->last_week + WEEK));
    struct effect_row *e = c->rows.item;
    for (size_t i = 0; st == STATUS_OK && i < c->rows.n; i++)
        if (e[i].base_id != c->actor->base_id && !c->actor->is_operator)
            e[i].base_id = NONE;
    return st;
}
