/* What became of the wishes of all students of a plan, in words, those who fared worst first; with the rule and the seed. */
#include "web/pages.h"
#include "web/plan_head.h"

#include <stdlib.h>

enum { STUDENTS_A_PAGE = 50 };

struct one {
    const struct student_row *student;
    const struct receipt_row *receipt;
    size_t n;
    int64_t regret;
};

static int by_regret(const void *a, const void *b)
{
    const struct one *x = a, *y = b;
    if (x->regret != y->regret)
        return x->regret > y->regret ? -1 : 1;
    int order = str_cmp(x->student->sort_key, y->student->sort_key);
    return order != 0 ? order : str_cmp(x->student->number, y->student->number);
}

static const struct student_row *student_of(const struct rows *students, int64_t id)
{
    const struct student_row *s = students->item;
    for (size_t i = 0; i < students->n; i++)
        if (s[i].id == id)
            return &s[i];
    return NULL;
}

/* Receipts come student by student. */
static struct one *students_of(struct ctx *c, const struct rows *receipts, const struct rows *students, size_t *n)
{
    const struct receipt_row *r = receipts->item;
    struct one *all = ARENA_ARRAY(c->arena, receipts->n, struct one);
    for (size_t i = 0; i < receipts->n;) {
        struct one x = { .student = student_of(students, r[i].student_id), .receipt = &r[i] };
        for (; i < receipts->n && r[i].student_id == x.receipt->student_id; i++, x.n++)
            x.regret += r[i].regret;
        if (x.student != NULL)
            all[(*n)++] = x;
    }
    qsort(all, *n, sizeof *all, by_regret);
    return all;
}

static struct str result_of(struct ctx *c, const struct receipt_row *r)
{
    if (r->rank == NONE)
        return str_of(msg_text(MSG_my_got_nothing, c->page.lang));
    if (r->rank >= r->wished)
        return TEXT(c, MSG_student_got_other, plan_number(c, r->wanted_by));
    return TEXT(c, r->rank == 0 ? MSG_student_got_first : MSG_student_got, plan_number(c, r->rank + 1), plan_number(c, r->wanted_by));
}

static void fill(struct ctx *c, const struct one *all, size_t n, struct receipts_view *v)
{
    size_t lines = 0;
    for (size_t i = 0; i < n; i++)
        lines += all[i].n;
    struct receipt_item *item = ARENA_ARRAY(c->arena, lines, struct receipt_item);
    for (size_t i = 0; i < n; i++)
        for (size_t k = 0; k < all[i].n; k++) {
            const struct receipt_row *r = &all[i].receipt[k];
            item[v->items++] = (struct receipt_item){ k == 0, all[i].student->id, (int64_t)all[i].n, all[i].regret, all[i].student->name, all[i].student->number,
                                                      ctx_pick(c, r->name_zh, r->name_en), result_of(c, r) };
        }
    v->item = item;
}

void page_receipts_get(struct ctx *c)
{
    struct receipts_view v = { .newer = STR(""), .older = STR("") };
    struct plan_row plan;
    struct rows receipts = { 0 };
    int64_t plan_id, from = 0;
    size_t n = 0;
    enum status st;
    if (!ctx_number(c, c->word[0], &plan_id) || !plan_head_get(c, plan_id, MSG_receipts_title, &v.head, &plan))
        return;
    struct rows students = ctx_list(c, "student_list", plan.cohort_id, &st);
    if (st == STATUS_OK)
        receipts = ctx_list(c, "receipt_list", plan_id, &st);
    if (st != STATUS_OK) {
        ctx_fail(c, st);
        return;
    }
    const struct one *all = students_of(c, &receipts, &students, &n);
    if (!str_int(ctx_query(c, "from"), &from) || from < 0 || (size_t)from >= n)
        from = 0;
    fill(c, all + from, MIN(n - (size_t)from, (size_t)STUDENTS_A_PAGE), &v);
    if (from > 0)
        v.newer = arena_printf(c->arena, "/plan/%lld/receipts?from=%lld", (long long)plan_id, (long long)MAX(from - STUDENTS_A_PAGE, (int64_t)0));
    if ((size_t)from + STUDENTS_A_PAGE < n)
        v.older = arena_printf(c->arena, "/plan/%lld/receipts?from=%lld", (long long)plan_id, (long long)from + STUDENTS_A_PAGE);
    v.seed = plan.seed != NONE ? plan.seed : 0;
    c->page.sheet = "board.css";
    c->page.more_sheet = "plan.css";
    page_receipts(&c->resp->body, &c->page, &v);
}
