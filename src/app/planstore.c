/* Placements, receipts and figures of a stored plan: see planstore.h. */
#include "app/planstore.h"

#include <stdio.h>

enum { FIGURES_BYTES_MOST = 90000, RANKS_SHOWN = 12 };

static struct str id_key(struct arena *a, int64_t id)
{
    return arena_printf(a, "%lld", (long long)id);
}

static void index_rows(struct arena *a, const struct rows *rows, const struct record *r, const char *code, struct map *by_code,
                       struct map *by_id)
{
    const struct field *f = record_field(r, str_of(code));
    *by_code = map_make(a, 1);
    if (by_id != NULL)
        *by_id = map_make(a, 2);
    for (size_t i = 0; i < rows->n; i++) {
        const void *row = (const char *)rows->item + i * r->size;
        map_put(by_code, field_text_of(f, row), (int64_t)i);
        if (by_id != NULL)
            map_put(by_id, id_key(a, field_int_of(&r->field[0], row)), (int64_t)i);
    }
}

enum status plan_facts_load(struct tx *t, int64_t base_id, int64_t cohort_id, struct plan_facts *out)
{
    assert(t != NULL && out != NULL);
    struct arena *a = tx_arena(t);
    void *cohort, *base;
    enum status st = tx_load(t, &record_cohort, cohort_id, &cohort);
    if (st == STATUS_OK)
        st = tx_load(t, &record_base, base_id, &base);
    if (st != STATUS_OK)
        return st;
    *out = (struct plan_facts){ .cohort = cohort, .hospital_id = ((const struct base *)base)->hospital_id };
    struct param of_cohort[] = { P(cohort_id), P(INT64_C(0)) }, of_programme[] = { P(out->cohort->programme_id), P(INT64_C(0)) },
                 of_hospital[] = { P(out->hospital_id), P(INT64_C(0)) };
    struct query q[] = {
        { SQL_student_list, of_cohort, 2, { 0 } },   { SQL_rotation_list, of_programme, 2, { 0 } },
        { SQL_choice_list, of_programme, 2, { 0 } }, { SQL_department_list, of_hospital, 2, { 0 } },
        { SQL_closed_week_list, of_cohort, 2, { 0 } },
    };
    st = tx_batch(t, q, LEN(q));
    struct rows *into[] = { &out->students, &out->rotations, &out->choices, &out->departments, &out->closed };
    for (size_t i = 0; i < LEN(q); i++)
        *into[i] = q[i].rows;
    if (st != STATUS_OK)
        return st;
    index_rows(a, &out->students, &record_student_row, "number", &out->student, &out->student_id);
    index_rows(a, &out->rotations, &record_rotation, "code", &out->rotation, &out->rotation_id);
    index_rows(a, &out->choices, &record_choice, "code", &out->choice, NULL);
    index_rows(a, &out->departments, &record_department, "code", &out->department, &out->department_id);
    return STATUS_OK;
}

static int64_t by_id(const struct map *m, int64_t id)
{
    char text[24];
    int n = snprintf(text, sizeof text, "%lld", (long long)id);
    return map_get(m, (struct str){ text, (size_t)n }, -1);
}

const struct student_row *plan_facts_student(const struct plan_facts *f, int64_t id)
{
    int64_t i = by_id(&f->student_id, id);
    return i >= 0 ? &((const struct student_row *)f->students.item)[i] : NULL;
}

const struct rotation *plan_facts_rotation(const struct plan_facts *f, int64_t id)
{
    int64_t i = by_id(&f->rotation_id, id);
    return i >= 0 ? &((const struct rotation *)f->rotations.item)[i] : NULL;
}

const struct department *plan_facts_department(const struct plan_facts *f, int64_t id)
{
    int64_t i = by_id(&f->department_id, id);
    return i >= 0 ? &((const struct department *)f->departments.item)[i] : NULL;
}

int64_t plan_until(const struct plan_facts *f, int64_t first, int64_t weeks)
{
    const struct closed_week *w = f->closed.item;
    int64_t week = first;
    assert(weeks > 0);
    for (;; week += 7) {
        bool is_closed = false;
        for (size_t i = 0; i < f->closed.n; i++)
            is_closed = is_closed || w[i].week == week;
        if (!is_closed && --weeks == 0)
            return week + 7;
    }
}

enum status plan_check(struct arena *a, const struct plan_facts *f, struct str problem, const struct placement *x, size_t n,
                       int64_t now, struct check_result *out)
{
    assert(x != NULL || n == 0);
    struct check_placement *y = ARENA_ARRAY(a, n, struct check_placement);
    size_t m = 0;
    for (size_t i = 0; i < n; i++) {
        const struct student_row *s = plan_facts_student(f, x[i].student_id);
        const struct rotation *r = plan_facts_rotation(f, x[i].rotation_id);
        const struct department *d = plan_facts_department(f, x[i].department_id);
        if (s != NULL && s->state != student_state_active && x[i].until_week <= now)
            continue;
        y[m++] = (struct check_placement){ s != NULL ? s->number : STR("?"), r != NULL ? r->code : STR("?"),
                                           d != NULL ? d->code : STR("?"), (date)x[i].first_week, (int32_t)x[i].weeks };
    }
    const struct check_problem *p = check_load(a, problem, NULL, out);
    if (p == NULL)
        return out->outcome == CHECK_MEMORY ? STATUS_LIMIT : STATUS_INPUT;
    enum check_outcome outcome = check_placements(p, a, y, m, NULL, out);
    return outcome == CHECK_MEMORY ? STATUS_LIMIT : outcome == CHECK_INVALID ? STATUS_INPUT : STATUS_OK;
}

/* The stored bound of a level: {"levels":[{"level","value","bound","proven"}...]}. */
static bool bound_of(const struct json *figures, struct str level, int64_t *bound)
{
    assert(bound != NULL);
    const struct json *levels = figures != NULL ? json_get(figures, "levels") : NULL;
    for (const struct json *l = levels != NULL ? levels->child : NULL; l != NULL; l = l->next) {
        const struct json *name = json_get(l, "level"), *b = json_get(l, "bound");
        if (name == NULL || b == NULL || b->type != JSON_INT || !str_eq(name->text, level))
            continue;
        *bound = b->number;
        return true;
    }
    return false;
}

static const struct json *read_figures(struct arena *a, struct str figures)
{
    struct json_error e;
    return figures.n > 0 ? json_read(a, figures, &e) : NULL;
}

enum plan_verdict plan_verdict_by(const struct check_result *found, struct arena *a, struct str bounds)
{
    const struct json *figures = read_figures(a, bounds);
    if (found->hard > 0)
        return plan_verdict_broken;
    for (size_t i = 0; i < found->levels; i++) {
        int64_t bound;
        if (!bound_of(figures, found->level[i].name, &bound) || bound != found->level[i].value)
            return plan_verdict_feasible;
    }
    return figures != NULL ? plan_verdict_optimal : plan_verdict_feasible;
}

/* Which list a wish of the problem file is of, and how long it is. */
struct wish_list_of {
    int64_t choice_id, rotation_id, wished;
};

static struct wish_list_of list_of(const struct plan_facts *f, const struct json *wish)
{
    struct wish_list_of w = { NONE, NONE, 0 };
    const struct json *choice = json_get(wish, "choice"), *rotation = json_get(wish, "rotation");
    const struct json *of = json_get(wish, choice != NULL ? "rotations" : "departments");
    int64_t at = choice != NULL ? map_get(&f->choice, choice->text, -1) : rotation != NULL ? map_get(&f->rotation, rotation->text, -1) : -1;
    if (at >= 0 && choice != NULL)
        w.choice_id = ((const struct choice *)f->choices.item)[at].id;
    else if (at >= 0)
        w.rotation_id = ((const struct rotation *)f->rotations.item)[at].id;
    w.wished = of != NULL ? of->n : 0;
    return w;
}

static enum status put_receipt(struct tx *t, const struct plan *p, int64_t student_id, const struct wish_list_of *l,
                               const struct check_wish *w)
{
    assert(p->id > 0 && student_id > 0);
    size_t rows = w->ranks != NULL && w->placed ? MAX(w->rank_n, (size_t)1) : 1;
    enum status st = STATUS_OK;
    for (size_t k = 0; k < rows && st == STATUS_OK; k++) {
        struct receipt *r = record_new(tx_arena(t), &record_receipt);
        int64_t rank = w->ranks != NULL ? (k < w->rank_n ? w->ranks[k] : NONE) : w->rank;
        r->plan_id = p->id;
        r->student_id = student_id;
        r->choice_id = l->choice_id;
        r->rotation_id = l->rotation_id;
        r->rank = w->placed && rank >= 0 ? rank : NONE;
        r->wished = l->wished;
        r->regret = k == 0 ? w->regret : 0;
        r->wanted_by = w->wanted_by;
        st = tx_save(t, &record_receipt, r);
    }
    return st;
}

/* Counts that a page shows without reading the receipts again. */
struct tally {
    int64_t rank[RANKS_SHOWN + 1]; /* the last: further down */
    int64_t outside, unplaced;
};

static void count_wish(struct tally *y, const struct wish_list_of *l, const struct check_wish *w)
{
    size_t n = w->ranks != NULL ? w->rank_n : 1;
    if (!w->placed)
        y->unplaced++;
    for (size_t k = 0; w->placed && k < n; k++) {
        int64_t rank = w->ranks != NULL ? w->ranks[k] : w->rank;
        if (rank >= l->wished)
            y->outside++;
        else if (rank >= 0)
            y->rank[MIN(rank, (int64_t)RANKS_SHOWN)]++;
    }
}

static void put_levels(struct buf *b, const struct check_result *found, const struct json *bounds)
{
    buf_z(b, "{\"levels\":[");
    for (size_t i = 0; i < found->levels; i++) {
        const struct check_level *l = &found->level[i];
        int64_t bound = 0;
        bool has_bound = bound_of(bounds, l->name, &bound);
        buf_z(b, i > 0 ? ",{\"level\":" : "{\"level\":");
        json_put_text(b, l->name);
        if (l->has_value)
            buf_printf(b, ",\"value\":%lld", (long long)l->value);
        if (has_bound)
            buf_printf(b, ",\"bound\":%lld", (long long)bound);
        buf_printf(b, ",\"proven\":%s}", found->hard == 0 && has_bound && l->has_value && bound == l->value ? "true" : "false");
    }
    buf_z(b, "]");
}

static void put_tally(struct buf *b, const struct tally *y, const struct check_result *found)
{
    int64_t last = RANKS_SHOWN;
    while (last >= 0 && y->rank[last] == 0)
        last--;
    buf_z(b, ",\"ranks\":[");
    for (int64_t i = 0; i <= last; i++)
        buf_printf(b, "%s%lld", i > 0 ? "," : "", (long long)y->rank[i]);
    buf_printf(b, "],\"outside\":%lld,\"unplaced\":%lld,\"students\":%zu,\"regrets\":[", (long long)y->outside,
               (long long)y->unplaced, found->receipts);
    /* [regret, students], ascending: each value once, however many students have it. */
    int64_t at = -1;
    for (bool first = true;; first = false) {
        int64_t next = INT64_MAX, students = 0;
        for (size_t i = 0; i < found->receipts; i++)
            if (found->receipt[i].regret > at && found->receipt[i].regret < next)
                next = found->receipt[i].regret;
        if (next == INT64_MAX || b->n + 100 > FIGURES_BYTES_MOST)
            break;
        for (size_t i = 0; i < found->receipts; i++)
            students += found->receipt[i].regret == next;
        buf_printf(b, "%s[%lld,%lld]", first ? "" : ",", (long long)next, (long long)students);
        at = next;
    }
    buf_z(b, "]}");
}

/* One student of the problem file with his receipt, wish by wish; both are in the problem's order. */
typedef enum status wish_fn(void *ctx, int64_t student_id, const struct wish_list_of *l, const struct check_wish *w);

static enum status each_wish(struct arena *a, const struct plan *p, const struct plan_facts *f, const struct check_result *found,
                             wish_fn *each, void *ctx)
{
    struct json_error e;
    const struct json *problem = json_read(a, p->problem, &e);
    const struct json *students = problem != NULL ? json_get(problem, "students") : NULL;
    const struct json *s = students != NULL ? students->child : NULL;
    enum status st = STATUS_OK;
    for (size_t i = 0; i < found->receipts && s != NULL; i++, s = s->next) {
        const struct json *wishes = json_get(s, "wishes"), *wish = wishes != NULL ? wishes->child : NULL;
        int64_t at = map_get(&f->student, found->receipt[i].student, -1);
        for (size_t k = 0; st == STATUS_OK && at >= 0 && k < found->receipt[i].wishes && wish != NULL; k++, wish = wish->next) {
            struct wish_list_of l = list_of(f, wish);
            st = each(ctx, ((const struct student_row *)f->students.item)[at].id, &l, &found->receipt[i].wish[k]);
        }
    }
    return st;
}

static enum status tally_wish(void *ctx, int64_t student_id, const struct wish_list_of *l, const struct check_wish *w)
{
    (void)student_id;
    count_wish(ctx, l, w);
    return STATUS_OK;
}

struct str plan_figures(struct arena *a, const struct plan *p, const struct plan_facts *f, const struct check_result *found,
                        struct str bounds)
{
    struct tally tally = { 0 };
    struct buf b = buf_make(FIGURES_BYTES_MOST + 1000);
    enum status st = each_wish(a, p, f, found, tally_wish, &tally);
    assert(st == STATUS_OK);
    put_levels(&b, found, read_figures(a, bounds));
    put_tally(&b, &tally, found);
    struct str s = b.failed ? STR("") : arena_str(a, buf_view(&b));
    buf_free(&b);
    return s;
}

struct receipts {
    struct tx *tx;
    const struct plan *plan;
};

static enum status save_wish(void *ctx, int64_t student_id, const struct wish_list_of *l, const struct check_wish *w)
{
    struct receipts *r = ctx;
    return put_receipt(r->tx, r->plan, student_id, l, w);
}

enum status plan_demand_put(struct tx *t, int64_t plan_id)
{
    struct rows done;
    enum status st = tx_run(t, SQL_demand_clear, &done, P(plan_id));
    return st == STATUS_OK ? tx_run(t, SQL_demand_put, &done, P(plan_id)) : st;
}

enum status plan_receipts_put(struct tx *t, struct plan *p, const struct plan_facts *f, const struct check_result *found,
                              struct str bounds)
{
    struct rows gone;
    struct receipts r = { t, p };
    enum status st = tx_run(t, SQL_receipt_clear, &gone, P(p->id));
    if (st == STATUS_OK)
        st = each_wish(tx_arena(t), p, f, found, save_wish, &r);
    if (st == STATUS_OK)
        st = plan_demand_put(t, p->id);
    if (st == STATUS_OK)
        st = plan_full_put(t, p, f);
    p->figures = plan_figures(tx_arena(t), p, f, found, bounds);
    return st;
}
