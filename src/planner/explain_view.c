/* A problem compiled for proofs of emptiness: students who are alike are put together and priced once; for each of their
 * options the first weeks that some whole plan has; the inequality of one leaf of scale 0. */
#include "planner/explain.h"

/* ---- who is alike ------------------------------------------------------------------------------- */

static uint64_t mix(uint64_t h, const void *bytes, size_t n)
{
    const unsigned char *at = bytes;
    for (size_t i = 0; i < n; i++)
        h = (h ^ at[i]) * 1099511628211u;
    return h;
}

/* Wishes are gone: what is allowed is all that matters. */
static uint64_t hash_unit(const struct planner_model *m, const struct planner_unit *u)
{
    uint64_t h = 14695981039346656037u;
    h = mix(h, &u->course, sizeof u->course);
    h = mix(h, &u->size, sizeof u->size);
    for (int k = 0; k < u->size; k++) {
        int s = u->student[k];
        h = mix(h, &m->must[s], sizeof *m->must);
        h = mix(h, m->access[s]->allowed,
                (size_t)m->course[u->course].options * m->words * sizeof *m->access[s]->allowed);
    }
    return h;
}

static bool in_pair(const struct planner_pair *pair, const struct planner_unit *u)
{
    for (int i = 0; i < pair->student_count; i++)
        for (int k = 0; k < u->size; k++)
            if (pair->student[i] == u->student[k])
                return true;
    return false;
}

static bool same_days(const struct planner_model *m, int s, int t)
{
    const uint8_t *a = m->access[s]->is_away, *b = m->access[t]->is_away;
    for (int o = 0; o < m->open && a != b; o++)
        if (planner_model_is_away(m, s, o) != planner_model_is_away(m, t, o))
            return false;
    return true;
}

static bool alike(const struct planner_view *v, const struct planner_unit *a, const struct planner_unit *b)
{
    const struct planner_model *m = v->model;
    size_t n = (size_t)m->course[a->course].options * m->words;
    if (a->course != b->course || a->size != b->size)
        return false;
    for (int k = 0; k < a->size; k++) {
        int s = a->student[k], t = b->student[k];
        if (m->must[s] != m->must[t] || !same_days(m, s, t) ||
            (m->access[s] != m->access[t] &&
             memcmp(m->access[s]->allowed, m->access[t]->allowed, n * sizeof *m->access[s]->allowed) != 0))
            return false;
        for (int row = 0; row < m->rows; row++)
            if (planner_model_counts(m, row, s) != planner_model_counts(m, row, t))
                return false;
    }
    for (int i = 0; i < v->aparts; i++)
        if (in_pair(&v->problem->pair[v->apart[i]], a) != in_pair(&v->problem->pair[v->apart[i]], b))
            return false;
    return true;
}

/* Pairs go into the hash: whom they tell apart need not be compared pair by pair. */
static uint64_t *hash_units(const struct planner_view *v)
{
    const struct planner_model *m = v->model;
    uint64_t *hash = ARENA_ARRAY(v->arena, (size_t)m->units, uint64_t);
    int *last = ARENA_ARRAY(v->arena, (size_t)m->units, int);
    for (int u = 0; u < m->units; u++) {
        hash[u] = hash_unit(m, &m->unit[u]);
        last[u] = -1;
    }
    for (int i = 0; i < v->aparts; i++) {
        const struct planner_pair *pair = &v->problem->pair[v->apart[i]];
        for (int k = 0; k < pair->student_count; k++) {
            int u = m->unit_of[pair->student[k]];
            if (u >= 0 && last[u] != i)
                hash[u] = mix(hash[u], &i, sizeof i);
            if (u >= 0)
                last[u] = i;
        }
    }
    return hash;
}

static void make_classes(struct planner_view *v)
{
    struct planner_model *m = v->model;
    uint64_t *hash = hash_units(v);
    v->class = ARENA_ARRAY(v->arena, (size_t)m->units, struct planner_class);
    v->class_of = ARENA_ARRAY(v->arena, (size_t)m->units, int);
    for (int u = 0; u < m->units; u++) {
        int c = 0;
        while (c < v->classes &&
               (hash[v->class[c].unit] != hash[u] || !alike(v, &m->unit[v->class[c].unit], &m->unit[u])))
            c++;
        if (c == v->classes)
            v->class[v->classes++] = (struct planner_class){ .unit = u };
        v->class[c].units++;
        v->class[c].heads += m->unit[u].size;
        v->class_of[u] = c;
    }
}

/* ---- which first weeks a whole plan can have ---------------------------------------------------- */

/* a |= b << by, or >> by where by is negative; sets of `words` words. */
static void or_shifted(uint64_t *a, const uint64_t *b, size_t words, int by)
{
    size_t far = (size_t)(by < 0 ? -by : by) / 64, near = (size_t)(by < 0 ? -by : by) % 64;
    for (size_t i = 0; i + far < words; i++) {
        size_t to = by < 0 ? i : i + far, from = by < 0 ? i + far : i;
        uint64_t x = by < 0 ? b[from] >> near : b[from] << near;
        if (near > 0 && by < 0 && from + 1 < words)
            x |= b[from + 1] << (64 - near);
        if (near > 0 && by >= 0 && from > 0)
            x |= b[from - 1] >> (64 - near);
        a[to] |= x;
    }
}

static bool bit(const uint64_t *a, int i)
{
    return (a[i / 64] >> (i % 64) & 1) != 0;
}

static void set_bit(uint64_t *a, int i)
{
    a[i / 64] |= UINT64_C(1) << (i % 64);
}

struct reach {
    const struct planner_view *v;
    const struct planner_graph *g;
    const struct planner_course *c;
    const struct planner_unit *u;
    size_t words;
    uint64_t *allowed;  /* per option */
    uint64_t *group;    /* per group: of any of its options */
    uint64_t *forward;  /* per node: weeks at which it can be */
    uint64_t *backward; /* per node: weeks from which a plan can be ended */
    uint64_t *idle;     /* weeks that may be left free inside a plan */
    uint64_t *meet;     /* scratch */
};

static void make_allowed(struct reach *e)
{
    const struct planner_model *m = e->v->model;
    for (int o = 0; o < e->c->options; o++)
        for (int t = 0; t < m->open; t++) {
            bool may = true;
            for (int k = 0; k < e->u->size; k++)
                may = may && planner_model_allows(m, e->u->student[k], o, t);
            if (may)
                set_bit(e->allowed + (size_t)o * e->words, t);
        }
    for (int t = 0; t < m->open; t++) {
        bool away = true;
        for (int k = 0; k < e->u->size; k++)
            away = away && planner_model_is_away(m, e->u->student[k], t);
        if (away || !e->c->programme->free_weeks_forbidden)
            set_bit(e->idle, t);
    }
}

static const uint64_t *may_idle(const struct reach *e, const struct planner_node *node, uint64_t *all)
{
    if (node->placed != 0)
        return e->idle;
    memset(all, 0xFF, e->words * sizeof *all);
    return all;
}

static void meet(struct reach *e, const uint64_t *a, const uint64_t *b)
{
    for (size_t i = 0; i < e->words; i++)
        e->meet[i] = a[i] & b[i];
}

static void go_forward(struct reach *e, uint64_t *all)
{
    const struct planner_graph *g = e->g;
    int open = e->v->model->open;
    set_bit(e->forward, 0);
    for (int i = 0; i < g->nodes; i++) {
        uint64_t *here = e->forward + (size_t)i * e->words;
        for (int k = g->node[i].arc_first; k < g->node[i + 1].arc_first; k++) {
            const struct planner_arc *arc = &g->arc[k];
            const uint64_t *from = e->forward + (size_t)arc->from * e->words;
            bool stay = arc->rotation >= 0;
            meet(e, from, stay ? e->group + (size_t)arc->group * e->words : may_idle(e, &g->node[arc->from], all));
            or_shifted(here, e->meet, e->words, stay ? e->c->length[arc->rotation] : 1);
        }
        const uint64_t *idle = may_idle(e, &g->node[i], all);
        for (int t = 0; g->node[i].idles && t < open; t++)
            if (bit(here, t) && bit(idle, t))
                set_bit(here, t + 1);
    }
}

static void go_backward(struct reach *e, uint64_t *all)
{
    const struct planner_graph *g = e->g;
    int open = e->v->model->open;
    for (int i = g->nodes; i-- > 0;) {
        const struct planner_node *node = &g->node[i];
        uint64_t *here = e->backward + (size_t)i * e->words;
        bool ends = node->whole;
        for (int k = 0; k < e->u->size; k++)
            ends = ends && (e->v->model->must[e->u->student[k]] & ~node->placed) == 0;
        for (int t = 0; ends && t <= open; t++)
            set_bit(here, t);
        const uint64_t *idle = may_idle(e, node, all);
        for (int t = open; node->idles && t-- > 0;)
            if (bit(here, t + 1) && bit(idle, t))
                set_bit(here, t);
        for (int k = node->arc_first; k < g->node[i + 1].arc_first; k++) {
            const struct planner_arc *arc = &g->arc[k];
            bool stay = arc->rotation >= 0;
            const uint64_t *when =
                stay ? e->group + (size_t)arc->group * e->words : may_idle(e, &g->node[arc->from], all);
            memset(e->meet, 0, e->words * sizeof *e->meet);
            or_shifted(e->meet, here, e->words, stay ? -e->c->length[arc->rotation] : -1);
            uint64_t *to = e->backward + (size_t)arc->from * e->words;
            for (size_t w = 0; w < e->words; w++)
                to[w] |= e->meet[w] & when[w];
        }
    }
}

static void collect(struct reach *e, struct planner_class *class)
{
    const struct planner_graph *g = e->g;
    for (int i = 0; i < g->nodes; i++)
        for (int k = g->node[i].arc_first; k < g->node[i + 1].arc_first; k++) {
            const struct planner_arc *arc = &g->arc[k];
            if (arc->rotation < 0)
                continue;
            memset(e->meet, 0, e->words * sizeof *e->meet);
            or_shifted(e->meet, e->backward + (size_t)i * e->words, e->words, -e->c->length[arc->rotation]);
            for (size_t w = 0; w < e->words; w++)
                e->meet[w] &= e->forward[(size_t)arc->from * e->words + w];
            for (int n = g->group_first[arc->group]; n < g->group_first[arc->group + 1]; n++)
                for (size_t w = 0; w < e->words; w++)
                    class->start[(size_t)g->group_option[n] * e->words + w] |=
                        e->meet[w] & e->allowed[(size_t)g->group_option[n] * e->words + w];
        }
}

static void find_starts(struct internplan *r, struct planner_view *v, struct planner_class *class)
{
    struct planner_model *m = v->model;
    const struct planner_unit *u = &m->unit[class->unit];
    struct planner_course *c = &m->course[u->course];
    const struct planner_graph *g = planner_graph_of(m, c, false);
    struct reach e = { .v = v, .g = g, .c = c, .u = u, .words = v->words };
    size_t options = (size_t)c->options * v->words;
    e.allowed = ARENA_ARRAY(v->arena, options, uint64_t);
    e.idle = ARENA_ARRAY(v->arena, v->words, uint64_t);
    make_allowed(&e);
    class->known = g != NULL;
    class->start = e.allowed;
    if (g == NULL)
        return;
    class->start = ARENA_ARRAY(v->arena, options, uint64_t);
    e.group = ARENA_ARRAY(v->arena, (size_t)g->groups * v->words, uint64_t);
    e.forward = ARENA_ARRAY(&r->scratch, (size_t)g->nodes * v->words, uint64_t);
    e.backward = ARENA_ARRAY(&r->scratch, (size_t)g->nodes * v->words, uint64_t);
    e.meet = ARENA_ARRAY(&r->scratch, v->words, uint64_t);
    uint64_t *all = ARENA_ARRAY(&r->scratch, v->words, uint64_t);
    for (int i = 0; i < g->groups; i++)
        for (int n = g->group_first[i]; n < g->group_first[i + 1]; n++)
            or_shifted(e.group + (size_t)i * v->words, e.allowed + (size_t)g->group_option[n] * v->words, v->words, 0);
    go_forward(&e, all);
    go_backward(&e, all);
    collect(&e, class);
    class->none = !bit(e.backward, 0);
    r->kernel.work += ((size_t)g->nodes + (size_t)g->node[g->nodes].arc_first * 3) * v->words;
    arena_free(&r->scratch);
}

int planner_class_first(const struct planner_view *v, const struct planner_class *c, int option)
{
    for (int t = 0; t < v->model->open; t++)
        if (planner_class_may(v, c, option, t))
            return t;
    return -1;
}

int planner_class_last(const struct planner_view *v, const struct planner_class *c, int option)
{
    for (int t = v->model->open; t-- > 0;)
        if (planner_class_may(v, c, option, t))
            return t;
    return -1;
}

/* A case: other placements of the rotation are forbidden and it must be done; or this one is forbidden. */
static void cut_model(struct planner_model *m, const struct planner_cut *cut)
{
    int s = cut->at.student;
    const struct planner_course *c = &m->course[m->unit[m->unit_of[s]].course];
    int first = c->option_first[cut->at.rotation], end = c->option_first[cut->at.rotation + 1];
    assert(m->unit[m->unit_of[s]].size == 1);
    for (int o = first; o < end; o++)
        for (int t = 0; t < m->open; t++) {
            bool same = c->option[o].department == cut->at.department && m->week_of[t] == cut->at.from;
            if (same != cut->yes)
                planner_model_forbid(m, s, o, t);
        }
    if (cut->yes)
        m->must[s] |= UINT64_C(1) << cut->at.rotation;
}

struct planner_view *planner_view_make(struct internplan *r, struct arena *a, const struct planner_problem *p,
                                       const struct planner_cut *cut, int cuts)
{
    struct planner_view *v = ARENA_NEW(a, struct planner_view);
    v->problem = p;
    v->arena = a;
    v->model = planner_model_make(a, &r->scratch, p);
    for (int i = 0; i < cuts; i++)
        cut_model(v->model, &cut[i]);
    v->kernel = planner_kernel_make(a, v->model);
    v->words = ((size_t)v->model->open + 64) / 64;
    v->cells = (size_t)v->model->departments * (size_t)v->model->open;
    v->rows = (size_t)v->model->rows * (size_t)v->model->open;
    v->apart = ARENA_ARRAY(a, (size_t)p->pair_count, int);
    for (int i = 0; i < p->pair_count; i++)
        if (!p->pair[i].off && p->pair[i].apart)
            v->apart[v->aparts++] = i;
    make_classes(v);
    for (int c = 0; c < v->classes; c++)
        find_starts(r, v, &v->class[c]);
    r->kernel.work += (uint64_t)v->model->units * (uint64_t)v->model->open + v->cells;
    return v;
}

/* ---- prices ------------------------------------------------------------------------------------- */

struct planner_weights planner_weights_make(struct arena *a, const struct planner_view *v)
{
    return (struct planner_weights){ .cell = ARENA_ARRAY(a, v->cells, int64_t),
                                     .row = ARENA_ARRAY(a, v->rows, int64_t),
                                     .apart = ARENA_ARRAY(a, (size_t)v->aparts * v->cells, int64_t) };
}

void planner_weights_copy(const struct planner_view *v, struct planner_weights *to, const struct planner_weights *from)
{
    memcpy(to->cell, from->cell, v->cells * sizeof *to->cell);
    if (v->rows > 0)
        memcpy(to->row, from->row, v->rows * sizeof *to->row);
    if (v->aparts > 0)
        memcpy(to->apart, from->apart, (size_t)v->aparts * v->cells * sizeof *to->apart);
}

/* Puts prices to 0 that stand on no limit, and adds what the limits give. */
static __int128 gives(const struct planner_view *v, struct planner_weights *w)
{
    const struct planner_model *m = v->model;
    __int128 n = 0;
    for (size_t i = 0; i < v->cells; i++) {
        if (m->capacity[i] >= PLANNER_NO_LIMIT)
            w->cell[i] = 0;
        n -= (__int128)w->cell[i] * m->capacity[i];
    }
    for (int k = 0; k < m->rows; k++)
        for (int t = 0; t < m->open; t++) {
            size_t at = (size_t)k * (size_t)m->open + (size_t)t;
            if (t < m->row[k].first || t >= m->row[k].end)
                w->row[at] = 0;
            n -= (__int128)w->row[at] * m->row[k].capacity;
        }
    for (size_t i = 0; i < (size_t)v->aparts * v->cells; i++)
        n -= w->apart[i];
    return n;
}

/* What apart pairs add to single placements of a unit; NULL where it is in none. */
static const int64_t *apart_extra(struct internplan *r, const struct planner_view *v, const struct planner_unit *u,
                                  const struct planner_weights *w)
{
    const struct planner_model *m = v->model;
    const struct planner_course *c = &m->course[u->course];
    int64_t *extra = NULL;
    for (int k = 0; k < v->aparts; k++) {
        const struct planner_pair *pair = &v->problem->pair[v->apart[k]];
        if (!in_pair(pair, u))
            continue;
        if (extra == NULL)
            extra = ARENA_ARRAY(&r->scratch, (size_t)c->options * (size_t)m->open, int64_t);
        for (int o = 0; o < c->options; o++) {
            int n = c->length[c->option[o].rotation];
            const int64_t *price = w->apart + (size_t)k * v->cells + (size_t)c->option[o].department * (size_t)m->open;
            for (int t = 0; planner_pair_names(pair, c, c->option[o].rotation) && t + n <= m->open; t++)
                for (int i = t; i < t + n; i++)
                    extra[(size_t)o * (size_t)m->open + (size_t)t] += price[i] * u->size;
        }
    }
    return extra;
}

static void add_load(const struct planner_view *v, const struct planner_class *class, const struct planner_path *path,
                     struct planner_weights *load)
{
    const struct planner_model *m = v->model;
    const struct planner_unit *u = &m->unit[class->unit];
    const struct planner_course *c = &m->course[u->course];
    for (int i = 0; i < path->n; i++) {
        const struct planner_option *o = &c->option[path->stay[i].option];
        for (int t = path->stay[i].from; t < path->stay[i].from + c->length[o->rotation]; t++) {
            size_t at = (size_t)o->department * (size_t)m->open + (size_t)t;
            load->cell[at] += class->heads;
            for (int n = m->department_row_first[o->department]; n < m->department_row_first[o->department + 1]; n++) {
                size_t row = (size_t)m->department_row[n];
                for (int k = 0; k < u->size; k++)
                    load->row[row * (size_t)m->open + (size_t)t] +=
                        class->units * planner_model_counts(m, (int)row, u->student[k]);
            }
            for (int k = 0; k < v->aparts; k++)
                if (in_pair(&v->problem->pair[v->apart[k]], u) &&
                    planner_pair_names(&v->problem->pair[v->apart[k]], c, o->rotation))
                    load->apart[(size_t)k * v->cells + at] += class->heads;
        }
    }
}

__int128 planner_view_sum(struct internplan *r, struct planner_view *v, struct planner_weights *w,
                          struct planner_weights *load, int64_t *cost, bool *holds)
{
    __int128 sum = gives(v, w);
    struct planner_prices prices = { .cell = w->cell, .row = w->row, .most_regret = INT64_MAX };
    struct planner_path path;
    uint64_t before = v->kernel.work;
    *holds = true;
    for (int c = 0; c < v->classes && *holds; c++) {
        const struct planner_class *class = &v->class[c];
        const struct planner_unit *u = &v->model->unit[class->unit];
        int64_t one = 0;
        const int64_t *extra = apart_extra(r, v, u, w);
        enum planner_answer answer = planner_kernel_price(&v->kernel, class->unit, &prices, extra, &one, &path);
        arena_free(&r->scratch);
        *holds = answer != PLANNER_TOO_BIG;
        if (cost != NULL)
            cost[c] = answer == PLANNER_NONE ? INT64_MAX : one;
        if (answer == PLANNER_NONE) {
            sum = 1;
            break;
        }
        if (*holds && load != NULL)
            add_load(v, class, &path, load);
        sum += (__int128)one * class->units;
    }
    r->kernel.work += v->kernel.work - before;
    return *holds ? sum : 0;
}
