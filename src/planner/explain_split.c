/* Proofs by cases, where no prices do: a student has a placement, or has not. The cases end in leaves of prices, in a
 * student without any plan, or in a `together` pair whose students can't meet (prices on placements that cancel). For
 * small problems: the tree is given up at a number of nodes. */
#include "planner/explain.h"

enum { NODE_STEPS = 40 };

struct growth {
    struct internplan *r;
    const struct planner_problem *p;
    const struct planner_facts *facts;
    const bool *off;
    int nodes; /* left */
    struct planner_cut *cut;
    int cuts, cut_cap;
};

/* ---- a pair that can't meet --------------------------------------------------------------------- */

static size_t starts_of(const struct planner_view *v, int student, int rotation, struct planner_placement *out)
{
    const struct planner_model *m = v->model;
    int u = m->unit_of[student];
    const struct planner_course *c = &m->course[m->unit[u].course];
    const struct planner_class *class = &v->class[v->class_of[u]];
    size_t n = 0;
    for (int o = c->option_first[rotation]; o < c->option_first[rotation + 1]; o++)
        for (int t = 0; t < m->open; t++)
            if (planner_class_may(v, class, o, t)) {
                if (out != NULL)
                    out[n] = (struct planner_placement){ student, rotation, c->option[o].department, m->week_of[t], c->length[rotation] };
                n++;
            }
    return n;
}

static bool may_start(const struct planner_view *v, int student, const struct planner_placement *x)
{
    const struct planner_model *m = v->model;
    int u = m->unit_of[student];
    const struct planner_course *c = &m->course[m->unit[u].course];
    for (int o = c->option_first[x->rotation]; o < c->option_first[x->rotation + 1]; o++)
        if (c->option[o].department == x->department)
            return planner_class_may(v, &v->class[v->class_of[u]], o, m->open_at[x->from]);
    return false;
}

static bool must_do(const struct planner_view *v, int student, int rotation)
{
    const struct planner_model *m = v->model;
    const struct planner_course *c = &m->course[m->unit[m->unit_of[student]].course];
    return ((c->required | m->must[student]) >> rotation & 1) != 0;
}

/* Two of a pair who must both do a rotation and have no placement in common. */
static bool cannot_meet(struct growth *g, const struct planner_view *v, int pair, int a, int b, int rotation, struct planner_tree *leaf)
{
    size_t n = starts_of(v, a, rotation, NULL);
    if (!must_do(v, a, rotation) || !must_do(v, b, rotation) || n == 0)
        return false;
    struct planner_placement *list = ARENA_ARRAY(v->arena, n, struct planner_placement);
    n = starts_of(v, a, rotation, list);
    for (size_t i = 0; i < n; i++)
        if (may_start(v, b, &list[i]))
            return false;
    leaf->tie_pair = pair;
    leaf->tie_other = b;
    leaf->ties = n;
    leaf->tie = ARENA_ARRAY(&g->r->keep, n, struct planner_placement);
    memcpy(leaf->tie, list, n * sizeof *list);
    return true;
}

static bool some_cannot_meet(struct growth *g, const struct planner_view *v, struct planner_tree *leaf)
{
    for (int i = 0; i < v->problem->pair_count; i++) {
        const struct planner_pair *pair = &v->problem->pair[i];
        for (int a = 0; a < pair->student_count && !pair->off && !pair->apart; a++)
            for (int b = 0; b < pair->student_count; b++) {
                const struct planner_course *c = &v->model->course[v->model->unit[v->model->unit_of[pair->student[a]]].course];
                for (int r = 0; a != b && r < c->rotations; r++)
                    if (planner_pair_names(pair, c, r) && cannot_meet(g, v, i, pair->student[a], pair->student[b], r, leaf))
                        return true;
            }
    }
    return false;
}

/* ---- where to split ----------------------------------------------------------------------------- */

/* One of a pair stands fast: does the other stand with him? */
static bool split_pair(const struct planner_view *v, struct planner_placement *out)
{
    struct planner_placement one;
    for (int i = 0; i < v->problem->pair_count; i++) {
        const struct planner_pair *pair = &v->problem->pair[i];
        for (int a = 0; a < pair->student_count && !pair->off && !pair->apart; a++)
            for (int b = 0; b < pair->student_count; b++) {
                const struct planner_course *c = &v->model->course[v->model->unit[v->model->unit_of[pair->student[a]]].course];
                for (int r = 0; a != b && r < c->rotations; r++) {
                    if (!planner_pair_names(pair, c, r) || !must_do(v, pair->student[a], r) || starts_of(v, pair->student[a], r, NULL) != 1 ||
                        starts_of(v, pair->student[b], r, NULL) < 2)
                        continue;
                    (void)!starts_of(v, pair->student[a], r, &one);
                    *out = one;
                    out->student = pair->student[b];
                    return true;
                }
            }
    }
    return false;
}

/* The fewest placements that are still open to one student for one rotation. */
static bool split_fewest(const struct planner_view *v, struct planner_placement *out)
{
    const struct planner_model *m = v->model;
    size_t fewest = SIZE_MAX;
    for (int s = 0; s < m->students; s++) {
        const struct planner_course *c = &m->course[m->unit[m->unit_of[s]].course];
        for (int r = 0; r < c->rotations; r++) {
            size_t n = (c->active >> r & 1) != 0 ? starts_of(v, s, r, NULL) : 0;
            if (n == 0 || (n == 1 && must_do(v, s, r)) || n >= fewest)
                continue;
            struct planner_placement *list = ARENA_ARRAY(v->arena, n, struct planner_placement);
            (void)!starts_of(v, s, r, list);
            fewest = n;
            *out = list[0];
        }
    }
    return fewest != SIZE_MAX;
}

/* ---- the tree ----------------------------------------------------------------------------------- */

static bool closes(struct growth *g, struct planner_view *v, struct planner_tree *leaf)
{
    struct planner_weights w = planner_weights_make(v->arena, v);
    bool closed = some_cannot_meet(g, v, leaf);
    if (!closed)
        closed = planner_count_proves(g->r, v, &w) || planner_dual_proves(g->r, v, &w, NODE_STEPS);
    if (!closed)
        return false;
    leaf->prices = planner_tariff_make(&g->r->keep, g->p);
    if (leaf->ties == 0)
        planner_tariff_take(&leaf->prices, v, &w);
    return true;
}

static struct planner_tree *grow(struct growth *g)
{
    if (g->nodes-- <= 0 || planner_run_over(g->r))
        return NULL;
    struct planner_tree *t = ARENA_NEW(&g->r->keep, struct planner_tree);
    arena_free(&g->r->try);
    const struct planner_problem *q = planner_facts_problem(&g->r->try, g->p, g->facts, g->off, true);
    struct planner_view *v = planner_view_make(g->r, &g->r->try, q, g->cut, g->cuts);
    if (closes(g, v, t))
        return t;
    if (!split_pair(v, &t->at) && !split_fewest(v, &t->at))
        return NULL;
    if (g->cuts == g->cut_cap)
        return NULL;
    t->is_split = true;
    g->cut[g->cuts++] = (struct planner_cut){ t->at, true };
    t->yes = grow(g);
    g->cut[g->cuts - 1].yes = false;
    t->no = t->yes != NULL ? grow(g) : NULL;
    g->cuts--;
    return t->no != NULL ? t : NULL;
}

struct planner_tree *planner_split_proves(struct internplan *r, const struct planner_problem *p, const struct planner_facts *facts,
                                          const bool *off, int nodes)
{
    struct growth g = { .r = r, .p = p, .facts = facts, .off = off, .nodes = nodes, .cut_cap = MIN(nodes, 4096) };
    g.cut = ARENA_ARRAY(&r->keep, (size_t)g.cut_cap, struct planner_cut);
    return grow(&g);
}
