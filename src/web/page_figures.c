/* What a plan is worth: levels with their bounds in words, wishes by rank, fairness, load, waiting, travel. */
#include "web/curve.h"
#include "web/pages.h"

struct lists {
    struct ctx *c;
    const struct cohort *cohort;
    struct rows departments, placements, closed, seats, sites;
};

static struct rank_item rank_item(struct ctx *c, struct str label, int64_t value, int64_t of)
{
    return (struct rank_item){ label, plan_number(c, value), arena_printf(c->arena, "%lld %%", of > 0 ? (long long)((value * 100 + of / 2) / of) : 0LL), value, MAX(of, 1) };
}

static void fill_ranks(struct ctx *c, const struct figures *f, struct figures_view *v)
{
    struct rank_item *item = ARENA_ARRAY(c->arena, f->ranks + 2, struct rank_item);
    int64_t all = f->outside + f->unplaced;
    for (size_t i = 0; i < f->ranks; i++)
        all += f->rank[i];
    for (size_t i = 0; i < f->ranks; i++)
        item[v->ranks++] = rank_item(c, TEXT(c, MSG_my_rank, plan_number(c, (int64_t)i + 1)), f->rank[i], all);
    if (f->outside > 0)
        item[v->ranks++] = rank_item(c, str_of(msg_text(MSG_figures_outside, c->page.lang)), f->outside, all);
    if (f->unplaced > 0)
        item[v->ranks++] = rank_item(c, str_of(msg_text(MSG_figures_unplaced, c->page.lang)), f->unplaced, all);
    v->rank = item;
}

static void fill_regrets(struct ctx *c, const struct figures *f, struct figures_view *v)
{
    struct rank_item *item = ARENA_ARRAY(c->arena, f->regrets, struct rank_item);
    for (size_t i = 0; i < f->regrets; i++)
        item[v->regrets++] = rank_item(c, TEXT(c, MSG_figures_regret, plan_number(c, f->regret[i].regret)), f->regret[i].students, f->students);
    v->regret = item;
}

/* Rows come department by department. */
static void fill_loads(const struct lists *l, struct figures_view *v)
{
    const struct seat_row *r = l->seats.item;
    struct load_item *item = ARENA_ARRAY(l->c->arena, l->departments.n + 1, struct load_item);
    for (size_t i = 0; i < l->seats.n; i++) {
        if (i == 0 || r[i].department_id != r[i - 1].department_id)
            item[v->loads++] = (struct load_item){ .name = plan_name_department(l->c, &l->departments, r[i].department_id) };
        struct load_item *x = &item[v->loads - 1];
        int64_t load = r[i].here + r[i].others;
        x->used += load;
        x->seats += r[i].seats;
        x->full += r[i].seats > 0 && load == r[i].seats;
        x->over += load > r[i].seats;
        x->percent = x->seats > 0 ? x->used * 100 / x->seats : 0;
    }
    v->load = item;
}

static int64_t site_of(const struct lists *l, int64_t department_id)
{
    const struct department *d = l->departments.item;
    for (size_t i = 0; i < l->departments.n; i++)
        if (d[i].id == department_id)
            return d[i].site_id != NONE ? d[i].site_id : -d[i].id; /* a department without site is a site of its own */
    return 0;
}

/* Open weeks before a student's last placement in which he has none; changes of site between consecutive placements. */
static void fill_waiting(const struct lists *l, struct figures_view *v)
{
    const struct placement_row *x = l->placements.item;
    const struct closed_week *w = l->closed.item;
    for (size_t i = 0; i < l->placements.n;) {
        size_t end = i;
        int64_t open = 0, placed = 0;
        for (; end < l->placements.n && x[end].student_id == x[i].student_id; end++) {
            placed += x[end].weeks;
            v->travel += end > i && site_of(l, x[end].department_id) != site_of(l, x[end - 1].department_id);
        }
        open = (x[end - 1].until_week - l->cohort->first_week) / 7;
        for (size_t k = 0; k < l->closed.n; k++)
            open -= w[k].week >= l->cohort->first_week && w[k].week < x[end - 1].until_week;
        v->waiting += MAX(open - placed, 0);
        v->waiting_students += open > placed;
        i = end;
    }
}

static enum status load(struct lists *l, const struct plan_row *plan)
{
    struct ctx *c = l->c;
    enum status st;
    struct in_seats *in = record_new(c->arena, &record_in_seats);
    struct call call = { 0 };
    in->plan_id = plan->id;
    l->cohort = plan_head_cohort(c, plan->cohort_id, &st);
    if (st == STATUS_OK)
        l->departments = ctx_list(c, "department_list", NONE, &st);
    if (st == STATUS_OK)
        l->sites = ctx_list(c, "site_list", NONE, &st);
    if (st == STATUS_OK)
        l->placements = ctx_list(c, "placement_list", plan->id, &st);
    if (st == STATUS_OK)
        l->closed = ctx_list(c, "closed_week_list", plan->cohort_id, &st);
    if (st == STATUS_OK && app_may(&c->session.actor, CAP_see_all_departments)) {
        st = ctx_run(c, "seat_list", in, &call);
        l->seats = call.rows;
    }
    return st;
}

void page_figures_get(struct ctx *c)
{
    struct lists l = { .c = c };
    struct figures_view v = { 0 };
    struct figures *f = ARENA_NEW(c->arena, struct figures);
    struct plan_row plan;
    int64_t plan_id;
    if (!ctx_number(c, c->word[0], &plan_id) || !plan_head_get(c, plan_id, MSG_figures_title, &v.head, &plan))
        return;
    enum status st = load(&l, &plan);
    if (st != STATUS_OK) {
        ctx_fail(c, st);
        return;
    }
    figures_read(c, plan.figures, f);
    v.level = f->level;
    v.levels = f->levels;
    struct rows jobs = ctx_list(c, "job_get", plan_id, &st);
    if (jobs.n > 0)
        v.curves = curve_read(c, ((const struct job *)jobs.item)->progress, f);
    v.students = f->students;
    v.seed = plan.seed != NONE ? plan.seed : 0;
    v.has_sites = l.sites.n > 1;
    fill_ranks(c, f, &v);
    fill_regrets(c, f, &v);
    fill_loads(&l, &v);
    fill_waiting(&l, &v);
    c->page.sheet = "board.css";
    c->page.more_sheet = "plan.css";
    page_figures(&c->resp->body, &c->page, &v);
}
