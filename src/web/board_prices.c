/* The prices of scarce weeks on the board: see board_prices.h. Below half a tenth nothing is shown: it would only be noise. */
#include "web/board_prices.h"

#include <stdlib.h>

enum { LEAST_SHOWN = 50, SAID_MOST = 6, STEPS = 4 };

/* Thousandths with one decimal. */
static struct str worth(const struct ctx *c, const struct price_row *r)
{
    int64_t tenths = (r->thousandths + 50) / 100;
    return arena_printf(c->arena, "%lld.%lld%s", (long long)(tenths / 10), (long long)(tenths % 10), r->open == 1 ? "+" : "");
}

static struct str level_text(const struct ctx *c, struct str name)
{
    enum msg_id hint, label = figures_level_label(name, &hint);
    return label != MSG_none ? str_of(msg_text(label, c->page.lang)) : name;
}

static struct str sentence(struct ctx *c, const struct price_row *r, const struct cohort *cohort, const struct rows *departments)
{
    int64_t from = plan_week_number(cohort, r->first_week), to = from + r->weeks - 1;
    struct str weeks = r->weeks == 1 ? TEXT(c, MSG_explain_week, plan_number(c, from)) : TEXT(c, MSG_explain_week_range, plan_number(c, from), plan_number(c, to));
    struct str arg[] = { plan_name_department(c, departments, r->department_id), weeks, worth(c, r), level_text(c, r->level) };
    return plan_text(c, r->weeks == 1 ? MSG_price_said_one : MSG_price_said, LEN(arg), arg);
}

static int by_worth(const void *a, const void *b)
{
    const struct price_row *x = *(const struct price_row *const *)a, *y = *(const struct price_row *const *)b;
    return x->thousandths != y->thousandths ? (x->thousandths > y->thousandths ? -1 : 1) : x->first_week != y->first_week ? (x->first_week < y->first_week ? -1 : 1) : 0;
}

/* A department's weeks in runs, the unpriced ones between them; rows come in the order of the weeks. */
static void fill_line(struct ctx *c, struct price_line *line, const struct price_row *const *r, size_t n, int64_t most, const struct cohort *cohort, const struct rows *departments)
{
    struct price_cell *cell = ARENA_ARRAY(c->arena, 2 * n + 1, struct price_cell);
    int64_t at = 0;
    for (size_t i = 0; i < n; i++) {
        int64_t from = MAX((r[i]->first_week - cohort->first_week) / 7, at), to = MIN((r[i]->first_week - cohort->first_week) / 7 + r[i]->weeks, cohort->weeks);
        if (from >= to)
            continue;
        if (from > at)
            cell[line->cells++] = (struct price_cell){ .span = from - at, .text = STR(""), .title = STR("") };
        cell[line->cells++] = (struct price_cell){ to - from, (int)MIN(1 + r[i]->thousandths * (STEPS - 1) / most, (int64_t)STEPS), worth(c, r[i]), sentence(c, r[i], cohort, departments) };
        at = to;
    }
    if (at < cohort->weeks)
        cell[line->cells++] = (struct price_cell){ .span = cohort->weeks - at, .text = STR(""), .title = STR("") };
    line->cell = cell;
}

struct board_prices board_prices(struct ctx *c, int64_t plan_id, const struct cohort *cohort, const struct rows *departments)
{
    assert(plan_id > 0 && cohort != NULL);
    enum status st;
    struct rows rows = ctx_list(c, "plan_prices", plan_id, &st);
    struct board_prices v = { .is_shown = true, .is_known = rows.n > 0, .level = STR(""), .toggle = STR("") };
    const struct price_row *r = rows.item;
    const struct department *d = departments->item;
    const struct price_row **own = ARENA_ARRAY(c->arena, rows.n, const struct price_row *), **all = ARENA_ARRAY(c->arena, rows.n, const struct price_row *);
    struct price_line *line = ARENA_ARRAY(c->arena, departments->n, struct price_line);
    struct str *said = ARENA_ARRAY(c->arena, SAID_MOST, struct str);
    int64_t most = 1;
    size_t shown = 0;
    for (size_t i = 0; i < rows.n; i++)
        if (r[i].thousandths >= LEAST_SHOWN) {
            most = MAX(most, r[i].thousandths);
            all[shown++] = &r[i];
        }
    for (size_t k = 0; k < departments->n; k++) {
        size_t n = 0;
        for (size_t i = 0; i < shown; i++)
            if (all[i]->department_id == d[k].id)
                own[n++] = all[i];
        if (n > 0) {
            line[v.lines] = (struct price_line){ .name = ctx_pick(c, d[k].name_zh, d[k].name_en) };
            fill_line(c, &line[v.lines++], own, n, most, cohort, departments);
        }
    }
    qsort(all, shown, sizeof *all, by_worth);
    for (size_t i = 0; i < shown && v.saids < SAID_MOST; i++)
        said[v.saids++] = sentence(c, all[i], cohort, departments);
    v.level = rows.n > 0 ? level_text(c, r[0].level) : STR("");
    v.line = line;
    v.said = said;
    return v;
}
