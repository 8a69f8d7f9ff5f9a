/* Why there is no plan, as rows in both languages: the sentences of app/explain.h with the names that people know. */
#include "app/explain.h"
#include "app/planstore.h"
#include "app/usecases.h"

static struct str one_of(enum lang lang, struct str zh, struct str en)
{
    return lang == LANG_ZH ? (zh.n > 0 ? zh : en) : en.n > 0 ? en : zh;
}

struct str plan_facts_name(void *ctx, enum explain_noun noun, struct str code, struct str within, enum lang lang)
{
    const struct plan_facts *f = ctx;
    const struct map *maps[] = { [EXPLAIN_DEPARTMENT] = &f->department, [EXPLAIN_ROTATION] = &f->rotation, [EXPLAIN_CHOICE] = &f->choice,
                                 [EXPLAIN_STUDENT] = &f->student };
    (void)within; /* a cohort has one programme */
    int64_t i = noun < LEN(maps) && maps[noun] != NULL ? map_get(maps[noun], code, -1) : -1;
    if (i < 0)
        return STR("");
    const struct department *d = f->departments.item;
    const struct rotation *r = f->rotations.item;
    const struct choice *c = f->choices.item;
    const struct student_row *s = f->students.item;
    return noun == EXPLAIN_DEPARTMENT ? one_of(lang, d[i].name_zh, d[i].name_en)
           : noun == EXPLAIN_ROTATION ? one_of(lang, r[i].name_zh, r[i].name_en)
           : noun == EXPLAIN_CHOICE   ? one_of(lang, c[i].name_zh, c[i].name_en)
                                      : s[i].name;
}

static struct explain_row *row(struct arena *a, struct rows *rows, enum explain_part part, int64_t number)
{
    struct explain_row *r = (struct explain_row *)rows->item + rows->n++;
    memcpy(r, record_new(a, &record_explain_row), sizeof *r);
    r->part = part;
    r->number = number;
    return r;
}

/* Both explanations come from one file, so that their parts stand in the same places. */
static void put_rows(struct arena *a, const struct explained *zh, const struct explained *en, struct rows *rows)
{
    size_t n = 1 + zh->repair_count;
    for (size_t i = 0; i < zh->conflict_count; i++)
        n += 1 + zh->conflict[i].fact_count;
    rows->item = ARENA_ARRAY(a, n, struct explain_row);
    struct explain_row *r = row(a, rows, explain_part_verdict, 0);
    r->text_zh = zh->verdict;
    r->text_en = en->verdict;
    for (size_t i = 0; i < zh->conflict_count; i++) {
        const struct explained_conflict *x = &zh->conflict[i], *y = &en->conflict[i];
        r = row(a, rows, explain_part_conflict, (int64_t)i + 1);
        *r = (struct explain_row){ r->part, r->number, x->cause, x->title, y->title, x->summary, y->summary, STR(""), STR("") };
        for (size_t k = 0; k < x->fact_count; k++) {
            const struct explained_fact *p = &x->fact[k], *q = &y->fact[k];
            r = row(a, rows, explain_part_fact, (int64_t)i + 1);
            *r = (struct explain_row){ r->part, r->number, p->kind, p->owner_label, q->owner_label, p->text, q->text, p->clause, STR("") };
        }
    }
    for (size_t i = 0; i < zh->repair_count; i++) {
        const struct explained_repair *x = &zh->repair[i], *y = &en->repair[i];
        r = row(a, rows, explain_part_repair, (int64_t)x->conflict + 1);
        *r = (struct explain_row){ r->part, r->number, STR(""), x->result, y->result, x->text, y->text, STR(""), x->levels };
    }
}

/* No rows where there is nothing to explain. */
enum status uc_plan_explain(struct call *c)
{
    const struct in_list *in = c->in;
    void *found = NULL;
    struct plan_facts f;
    struct explained zh, en;
    enum status st = in->parent_id != NONE ? scope_check(c, &record_plan, in->parent_id) : STATUS_NOT_FOUND;
    if (st == STATUS_OK)
        st = tx_load(c->tx, &record_plan, in->parent_id, &found);
    const struct plan *p = found;
    if (st == STATUS_OK)
        st = plan_facts_load(c->tx, p->base_id, p->cohort_id, &f);
    if (st != STATUS_OK || p->verdict != plan_verdict_infeasible || p->result.n == 0)
        return st;
    st = explain_plan(c->arena, p->problem, p->result, LANG_ZH, plan_facts_name, &f, &zh);
    if (st == STATUS_OK)
        st = explain_plan(c->arena, p->problem, p->result, LANG_EN, plan_facts_name, &f, &en);
    if (st == STATUS_OK)
        put_rows(c->arena, &zh, &en, &c->rows);
    return st == STATUS_NOT_FOUND || st == STATUS_INPUT ? STATUS_OK : st;
}
