/* The board: students by weeks, and each department's load against its seats. */
#include "web/ctx.h"
#include "web/pages.h"

enum { COLOURS = 16, LOAD_STEPS = 10 };

struct board {
    struct ctx *c;
    const struct cohort *cohort;
    struct rows departments, capacities, students, closed, placements;
};

static int colour_of(const struct board *b, int64_t department_id)
{
    const struct department *d = b->departments.item;
    for (size_t i = 0; i < b->departments.n; i++)
        if (d[i].id == department_id)
            return (int)i;
    return -1;
}

static bool is_closed(const struct board *b, int64_t week)
{
    const struct closed_week *w = b->closed.item;
    for (size_t i = 0; i < b->closed.n; i++)
        if (w[i].week == week)
            return true;
    return false;
}

static void add_gap(const struct board *b, struct board_cell *cell, size_t *n, int64_t from, int64_t to)
{
    for (int64_t week = from; week < to; week += 7)
        cell[(*n)++] = (struct board_cell){ .span = 1, .colour = is_closed(b, week) ? -2 : -1, .initials = STR(""), .title = STR("") };
}

/* The placements come ordered by student and week. */
static struct board_line line_of(struct board *b, const struct student_row *s)
{
    struct arena *a = b->c->arena;
    const struct placement_row *x = b->placements.item;
    const struct department *d = b->departments.item;
    int64_t at = b->cohort->first_week, end = at + 7 * b->cohort->weeks;
    struct board_cell *cell = ARENA_ARRAY(a, b->cohort->weeks + 1, struct board_cell);
    size_t n = 0;
    for (size_t i = 0; i < b->placements.n; i++) {
        if (x[i].student_id != s->id || x[i].first_week < at || x[i].until_week > end)
            continue;
        add_gap(b, cell, &n, at, x[i].first_week);
        int which = colour_of(b, x[i].department_id);
        cell[n++] = (struct board_cell){ .span = (x[i].until_week - x[i].first_week) / 7,
                                         .colour = which >= 0 ? which % COLOURS : -1,
                                         .initials = which >= 0 ? d[which].initials : STR("?"),
                                         .title = which >= 0 ? ctx_pick(b->c, d[which].name_zh, d[which].name_en) : STR("?") };
        at = x[i].until_week;
    }
    add_gap(b, cell, &n, at, end);
    return (struct board_line){ s->name, s->number, s->group_name, s->sort_key, cell, n };
}

static const struct board_load *loads_of(struct board *b)
{
    const struct department *d = b->departments.item;
    const struct placement_row *x = b->placements.item;
    size_t weeks = (size_t)b->cohort->weeks;
    struct board_load *load = ARENA_ARRAY(b->c->arena, b->departments.n * weeks, struct board_load);
    for (size_t i = 0; i < b->placements.n; i++) {
        int which = colour_of(b, x[i].department_id);
        for (int64_t week = x[i].first_week; which >= 0 && week < x[i].until_week; week += 7) {
            int64_t at = (week - b->cohort->first_week) / 7;
            if (at >= 0 && at < (int64_t)weeks && !is_closed(b, week))
                load[(size_t)which * weeks + (size_t)at].here++;
        }
    }
    for (size_t k = 0; k < b->departments.n; k++)
        for (size_t i = 0; i < weeks; i++) {
            struct board_load *l = &load[k * weeks + i];
            l->seats = app_department_seats(&d[k], &b->capacities, b->cohort->first_week + 7 * (int64_t)i);
            l->step = l->here > l->seats ? LOAD_STEPS + 1 : l->seats == 0 ? 0 : (int)(l->here * LOAD_STEPS / l->seats);
        }
    return load;
}

static const struct board_week *weeks_of(struct board *b)
{
    struct board_week *week = ARENA_ARRAY(b->c->arena, b->cohort->weeks, struct board_week);
    date today = date_monday(app_today(b->c->app));
    for (int64_t i = 0; i < b->cohort->weeks; i++) {
        char text[DATE_TEXT_BYTES];
        int64_t monday = b->cohort->first_week + 7 * i;
        week[i] = (struct board_week){ i + 1, arena_str(b->c->arena, str_of(date_text((date)monday, text))), is_closed(b, monday), monday == today };
    }
    return week;
}

static enum status load(struct board *b, const struct plan_row *plan)
{
    struct ctx *c = b->c;
    enum status st;
    struct rows cohorts = ctx_list(c, "cohort_list", NONE, &st);
    for (size_t i = 0; i < cohorts.n; i++)
        if (((const struct cohort *)cohorts.item)[i].id == plan->cohort_id)
            b->cohort = &((const struct cohort *)cohorts.item)[i];
    if (b->cohort == NULL)
        return st == STATUS_OK ? STATUS_NOT_FOUND : st;
    const struct {
        const char *usecase;
        int64_t parent;
        struct rows *rows;
    } lists[] = {
        { "department_list", NONE, &b->departments },
        { "capacity_all", NONE, &b->capacities },
        { "student_list", plan->cohort_id, &b->students },
        { "closed_week_list", plan->cohort_id, &b->closed },
        { "placement_list", plan->id, &b->placements },
    };
    for (size_t i = 0; i < LEN(lists) && st == STATUS_OK; i++)
        *lists[i].rows = ctx_list(c, lists[i].usecase, lists[i].parent, &st);
    return st;
}

void page_board_get(struct ctx *c)
{
    struct board b = { .c = c };
    int64_t plan_id;
    enum status st;
    if (!ctx_number(c, c->word[0], &plan_id))
        return;
    struct rows plans = ctx_list(c, "plan_get", plan_id, &st);
    const struct plan_row *plan = plans.item;
    if (st == STATUS_OK)
        st = load(&b, plan);
    if (st != STATUS_OK) {
        ctx_fail(c, st);
        return;
    }
    const struct department *d = b.departments.item;
    struct board_line *line = ARENA_ARRAY(c->arena, b.students.n, struct board_line);
    struct board_key *key = ARENA_ARRAY(c->arena, b.departments.n, struct board_key);
    for (size_t i = 0; i < b.students.n; i++)
        line[i] = line_of(&b, &((const struct student_row *)b.students.item)[i]);
    for (size_t i = 0; i < b.departments.n; i++)
        key[i] = (struct board_key){ (int)i % COLOURS, d[i].initials, ctx_pick(c, d[i].name_zh, d[i].name_en) };
    struct board_view v = { .plan_id = plan->id, .number = plan->number, .cohort_id = plan->cohort_id,
                            .state = plan_state_list.item[plan->state].label, .verdict = plan_verdict_list.item[plan->verdict].label,
                            .week = weeks_of(&b), .weeks = (size_t)b.cohort->weeks, .line = line,
                            .lines = b.placements.n > 0 ? b.students.n : 0, .key = key, .keys = b.departments.n, .load = loads_of(&b) };
    c->page.sheet = "board.css";
    page_board(&c->resp->body, &c->page, &v);
}
