/* Trees of splits, and the sum of one leaf. See proof.h. */
#include "check/proof.h"

void check_wide_add(wide *sum, wide v, bool *overflow)
{
    if (__builtin_add_overflow(*sum, v, sum))
        *overflow = true;
}

void check_proof_breathe(const struct proof *p)
{
    if (p->o != NULL && p->o->cancel != NULL && p->o->cancel(p->o->ctx))
        longjmp(*p->rooms->out, LEFT_CANCELLED);
}

/* ---- units ------------------------------------------------------------------------------------------------- */

static int root_of(int *up, int i)
{
    while (up[i] != i)
        i = up[i] = up[up[i]];
    return i;
}

static bool mark_merged(struct proof *p, const struct json *merged, int *up)
{
    const struct source *s = p->m->s;
    bool good = true;
    for (const struct json *c = merged != NULL ? merged->child : NULL; c != NULL; c = c->next) {
        const struct pair *q = c->number < s->pairs ? &s->pair[c->number] : NULL;
        bool old = false;
        for (int i = 0; q != NULL && i < q->students; i++)
            for (size_t k = p->m->base_begin[q->student[i]]; k < p->m->base_begin[q->student[i] + 1]; k++)
                old = old || (p->m->base_list[k]->rotation == NONE && check_is_frozen(s, p->m->base_list[k]));
        if (q == NULL || q->apart || q->names_rotations || q->off || old || p->merged_of[c->number]) {
            check_note_text(p->n, CHECK_merged, c, NULL, "together");
            good = false;
            continue;
        }
        p->merged_of[c->number] = true;
        for (int i = 1; i < q->students; i++)
            up[root_of(up, q->student[i])] = root_of(up, q->student[0]);
    }
    return good;
}

bool check_proof_units(struct proof *p, const struct json *merged)
{
    const struct source *s = p->m->s;
    struct arena *a = &p->rooms->keep;
    int *up = ARENA_ARRAY(a, (size_t)s->students, int), *count = ARENA_ARRAY(a, (size_t)s->students, int);
    int **member = ARENA_ARRAY(a, (size_t)s->students, int *);
    p->merged_of = ARENA_ARRAY(a, (size_t)s->pairs, int);
    for (int i = 0; i < s->students; i++)
        up[i] = i;
    if (!mark_merged(p, merged, up))
        return false;
    for (int i = 0; i < s->students; i++)
        count[root_of(up, i)]++;
    p->unit = ARENA_ARRAY(a, (size_t)s->students, struct unit);
    for (int i = 0; i < s->students; i++) {
        int root = root_of(up, i);
        if (member[root] == NULL) {
            member[root] = ARENA_ARRAY(a, (size_t)count[root], int);
            p->unit[p->units++] = (struct unit){ member[root], count[root], NULL };
            count[root] = 0;
        }
        member[root][count[root]++] = i;
    }
    assert(p->units <= s->students && (p->units > 0 || s->students == 0));
    for (int u = 0; u < p->units; u++) {
        p->unit[u].course = check_course_of(a, p->m, &p->courses, p->unit[u].student[0], s->allow_unplaced);
        if (p->unit[u].course == NULL) {
            check_note(p->n, CHECK_too_big, NULL)->student = s->student[p->unit[u].student[0]].id;
            return false;
        }
    }
    return true;
}

/* ---- a leaf ------------------------------------------------------------------------------------------------- */

/* Costs priced before in this leaf: students that are alike are priced once. */
struct known {
    struct known *next;
    struct costs costs;
    wide cost;
};

static size_t option_cells(const struct costs *c)
{
    return (size_t)c->course->options * (size_t)c->course->m->open;
}

static bool alike(const struct costs *a, const struct costs *b)
{
    size_t open = (size_t)a->course->m->open * sizeof(wide), n = (size_t)a->students * sizeof(int64_t);
    if (a->course != b->course || a->sites != b->sites || a->travel != b->travel || a->unplaced != b->unplaced || a->whole != b->whole ||
        a->must != b->must || a->end_from != b->end_from || a->students != b->students || a->limited != b->limited)
        return false;
    if (memcmp(a->option, b->option, option_cells(a) * sizeof(wide)) != 0 || memcmp(a->idle_first, b->idle_first, open) != 0 ||
        memcmp(a->idle_later, b->idle_later, open) != 0)
        return false;
    return !a->limited || (memcmp(a->limit, b->limit, n) == 0 && memcmp(a->travel_regret, b->travel_regret, n) == 0 &&
                           memcmp(a->waiting_regret, b->waiting_regret, n) == 0 &&
                           memcmp(a->regret, b->regret, option_cells(a) * n) == 0);
}

static uint64_t hash_of(const struct costs *c)
{
    uint64_t h = (uint64_t)(uintptr_t)c->course ^ c->must;
    for (size_t i = 0; i < option_cells(c); i++)
        h = (h ^ (uint64_t)c->option[i]) * 0x9E3779B97F4A7C15u;
    return h ^ h >> 29;
}

static void *copied(struct arena *a, const void *from, size_t n, size_t size)
{
    void *to = arena_array(a, n, size);
    if (n > 0)
        memcpy(to, from, n * size);
    return to;
}

/* Remembers a price while there is room: what is not remembered is priced again. */
static void remember(struct rooms *r, struct known **list, const struct costs *c, wide cost)
{
    struct arena *a = &r->leaf;
    size_t open = (size_t)c->course->m->open, n = (size_t)c->students;
    if (a->used_bytes > a->max_bytes / 2)
        return;
    assert(cost < WIDE_NEVER);
    struct known *k = ARENA_NEW(a, struct known);
    *k = (struct known){ *list, *c, cost };
    k->costs.option = copied(a, c->option, option_cells(c), sizeof(wide));
    k->costs.idle_first = copied(a, c->idle_first, open, sizeof(wide));
    k->costs.idle_later = copied(a, c->idle_later, open, sizeof(wide));
    if (c->limited) {
        k->costs.limit = copied(a, c->limit, n, sizeof(int64_t));
        k->costs.travel_regret = copied(a, c->travel_regret, n, sizeof(int64_t));
        k->costs.waiting_regret = copied(a, c->waiting_regret, n, sizeof(int64_t));
        k->costs.regret = copied(a, c->regret, option_cells(c) * n, sizeof(int64_t));
    }
    *list = k;
}

/* The cheapest cost of unit u; false: the leaf is settled (empty) or bad. */
static bool price_unit(struct proof *p, const struct leaf *leaf, const struct unit *u, struct known **table, size_t slots, wide *sum, bool *empty)
{
    struct costs costs;
    wide constant = 0, cost = 0;
    bool overflow = false;
    if (!check_unit_costs(p, leaf, u, &costs, &constant))
        return false;
    assert(slots > 0 && costs.students == u->students);
    struct known **list = &table[hash_of(&costs) % slots], *same = *list;
    while (same != NULL && !alike(&same->costs, &costs))
        same = same->next;
    if (same != NULL)
        cost = same->cost;
    else {
        const struct graph *g = check_course_graph(&p->rooms->keep, &p->rooms->scratch, u->course, costs.sites);
        enum priced how = check_kernel_price(&p->rooms->scratch, g, &costs, &cost);
        arena_free(&p->rooms->scratch);
        p->priced++;
        if (how == PRICED_TOO_BIG) {
            check_note(p->n, CHECK_too_big, NULL)->student = p->m->s->student[u->student[0]].id;
            return false;
        }
        if (how == PRICED_EMPTY) {
            *empty = true;
            return false;
        }
        remember(p->rooms, list, &costs, cost);
    }
    check_wide_add(sum, cost, &overflow);
    check_wide_add(sum, constant, &overflow);
    if (overflow)
        check_note(p->n, CHECK_price_size, NULL);
    return !overflow;
}

static bool bound_leaf(struct proof *p, const struct json *at, struct bound *bound)
{
    struct leaf leaf = { 0 };
    bool empty = false, good;
    p->leaves++;
    check_proof_breathe(p);
    good = check_leaf_read(p, at, &leaf);
    wide sum = leaf.gives;
    size_t slots = (size_t)p->units * 2 + 1;
    struct known **table = ARENA_ARRAY(&p->rooms->leaf, slots, struct known *);
    for (int u = 0; good && u < p->units; u++) {
        if (u % 64 == 63)
            check_proof_breathe(p);
        good = price_unit(p, &leaf, &p->unit[u], table, slots, &sum, &empty);
        arena_free(&p->rooms->unit);
    }
    arena_free(&p->rooms->leaf);
    if (empty) {
        *bound = (struct bound){ true, INT64_MAX };
        return true;
    }
    if (!good)
        return false;
    if (leaf.scale == 0) {
        *bound = sum >= 1 ? (struct bound){ true, INT64_MAX } : (struct bound){ false, INT64_MIN };
        if (sum < 1) {
            /* Said here, where the leaf is known; whether it matters depends on the rest of the tree. */
            struct check_found *f = check_note(p->n, CHECK_leaf, at);
            check_note_numbers(p->n, f, sum < INT64_MIN ? INT64_MIN : (int64_t)sum, 1);
            return false;
        }
        return true;
    }
    assert(leaf.scale > 0);
    wide q = leaf.scale, least = sum / q + (sum % q > 0);
    *bound = (struct bound){ false, least > INT64_MAX ? INT64_MAX : least < INT64_MIN ? INT64_MIN : (int64_t)least };
    return true;
}

/* ---- splits ------------------------------------------------------------------------------------------------- */

static bool refuse(struct proof *p, const struct json *at, const char *allowed)
{
    check_note_text(p->n, CHECK_split, at, NULL, allowed);
    return false;
}

static bool both(struct proof *p, const struct json *node, bool yes, struct bound *bound)
{
    return check_proof(p, json_get(node, yes ? "yes" : "no"), bound);
}

static bool split_student(struct proof *p, const struct json *node, const struct json *split, bool yes, struct bound *bound)
{
    const struct model *m = p->m;
    const struct source *s = m->s;
    const struct json *rotation = json_get(split, "rotation"), *department = json_get(split, "department"), *from = json_get(split, "from");
    int64_t student = map_get(&s->student_of, check_text(split, "student"), NONE);
    struct student_split x = { .up = p->scene.split, .student = (int)student, .yes = yes, .rotation = NONE, .department = NONE, .from = WEEK_NONE };
    if (student == NONE)
        return refuse(p, json_get(split, "student"), "student");
    if (department != NULL) {
        x.department = (int)map_get(&s->department_of, department->text, NONE);
        if (x.department == NONE)
            return refuse(p, department, "department");
    }
    if (rotation != NULL) {
        x.rotation = check_rotation_of(&s->programme[s->student[student].programme], rotation->text);
        if (x.rotation == NONE)
            return refuse(p, rotation, "rotation");
        if (from != NULL)
            x.from = check_week(s, from);
    } else {
        int32_t week = check_week(s, json_get(split, "week"));
        if (week < 0 || week >= s->weeks || s->closed[week])
            return refuse(p, json_get(split, "week"), "an open week");
        x.week = m->open_from[week];
    }
    p->scene.split = &x;
    bool good = both(p, node, yes, bound);
    assert(p->scene.split == &x); /* what both sides looked at is as it was */
    p->scene.split = x.up;
    return good;
}

static int32_t *copy_weeks(struct proof *p, const int32_t *from)
{
    int32_t *copy = ARENA_ARRAY(&p->rooms->keep, (size_t)p->m->open, int32_t);
    memcpy(copy, from, (size_t)p->m->open * sizeof *copy);
    return copy;
}

static bool split_load(struct proof *p, const struct json *node, const struct json *split, bool yes, struct bound *bound)
{
    const struct source *s = p->m->s;
    int64_t d = map_get(&s->department_of, check_text(split, "load"), NONE);
    int32_t week = check_week(s, json_get(split, "week")), most = (int32_t)check_int(split, "at_most", 0);
    if (d == NONE)
        return refuse(p, json_get(split, "load"), "department");
    if (week < 0 || week >= s->weeks || s->closed[week])
        return refuse(p, json_get(split, "week"), "an open week");
    size_t at = check_cell(p->m, (int)d, p->m->open_from[week]);
    int32_t cap = p->scene.cap[at], floor = p->scene.floor[at];
    assert(most >= 0);
    if (yes)
        p->scene.cap[at] = MIN(cap, most);
    else
        p->scene.floor[at] = MAX(floor, most + 1);
    bool good = both(p, node, yes, bound);
    p->scene.cap[at] = cap;
    p->scene.floor[at] = floor;
    return good;
}

/* largest at_most k, or smallest at_least k, over the weeks in which d's capacity is at its default. */
static bool split_extreme(struct proof *p, const struct json *node, const struct json *split, bool yes, struct bound *bound)
{
    const struct model *m = p->m;
    bool largest = json_get(split, "largest") != NULL;
    int32_t k = (int32_t)check_int(split, largest ? "at_most" : "at_least", 0);
    int64_t d = map_get(&m->s->department_of, check_text(split, largest ? "largest" : "smallest"), NONE);
    bool any = false;
    for (int32_t t = 0; d != NONE && t < m->open; t++)
        any = any || m->smooth[check_cell(m, (int)d, t)];
    if (!any)
        return refuse(p, json_get(split, largest ? "largest" : "smallest"), "department");
    size_t at = check_cell(m, (int)d, 0);
    int64_t known_largest = p->scene.largest[d], known_smallest = p->scene.smallest[d];
    int32_t *cap = copy_weeks(p, p->scene.cap + at), *floor = copy_weeks(p, p->scene.floor + at);
    for (int32_t t = 0; yes && t < m->open; t++) {
        if (!m->smooth[at + (size_t)t])
            continue;
        if (largest)
            p->scene.cap[at + (size_t)t] = MIN(p->scene.cap[at + (size_t)t], k);
        else
            p->scene.floor[at + (size_t)t] = MAX(p->scene.floor[at + (size_t)t], k);
    }
    if (!yes && largest)
        p->scene.largest[d] = MAX(known_largest, (int64_t)k + 1);
    if (!yes && !largest)
        p->scene.smallest[d] = known_smallest == NONE ? k - 1 : MIN(known_smallest, (int64_t)k - 1);
    bool good = both(p, node, yes, bound);
    memcpy(p->scene.cap + at, cap, (size_t)m->open * sizeof *cap);
    memcpy(p->scene.floor + at, floor, (size_t)m->open * sizeof *floor);
    p->scene.largest[d] = known_largest;
    p->scene.smallest[d] = known_smallest;
    return good;
}

static bool split_worst(struct proof *p, const struct json *node, const struct json *split, bool yes, struct bound *bound)
{
    int64_t k = check_int(split, "worst", 0), worst = p->scene.worst, limit = p->scene.limit;
    if (yes)
        p->scene.limit = MIN(limit, k);
    else
        p->scene.worst = MAX(worst, k + 1);
    bool good = both(p, node, yes, bound);
    p->scene.worst = worst;
    p->scene.limit = limit;
    return good;
}

static bool take_side(struct proof *p, const struct json *node, const struct json *split, bool yes, struct bound *bound)
{
    if (json_get(split, "student") != NULL)
        return split_student(p, node, split, yes, bound);
    if (json_get(split, "load") != NULL)
        return split_load(p, node, split, yes, bound);
    if (json_get(split, "worst") != NULL)
        return split_worst(p, node, split, yes, bound);
    return split_extreme(p, node, split, yes, bound);
}

/* ---- the tree ----------------------------------------------------------------------------------------------- */

static bool bound_node(struct proof *p, const struct json *node, struct bound *bound)
{
    const struct json *split = json_get(node, "split");
    struct bound yes, no;
    if (split == NULL)
        return bound_leaf(p, node, bound);
    if (!take_side(p, node, split, true, &yes) || !take_side(p, node, split, false, &no))
        return false;
    *bound = yes.empty ? no : no.empty ? yes : (struct bound){ false, MIN(yes.least, no.least) };
    return true;
}

static void begin(struct proof *p)
{
    const struct model *m = p->m;
    struct arena *a = &p->rooms->keep;
    size_t n = (size_t)m->s->departments * (size_t)m->open;
    struct scene *x = &p->scene;
    *x = (struct scene){ .cap = ARENA_ARRAY(a, n, int32_t), .floor = ARENA_ARRAY(a, n, int32_t),
                         .largest = ARENA_ARRAY(a, (size_t)m->s->departments, int64_t),
                         .smallest = ARENA_ARRAY(a, (size_t)m->s->departments, int64_t), .limit = INT64_MAX };
    if (n > 0)
        memcpy(x->cap, m->cap, n * sizeof *x->cap);
    for (size_t i = 0; i < n; i++)
        x->floor[i] = NONE;
    for (int d = 0; d < m->s->departments; d++)
        x->largest[d] = x->smallest[d] = NONE;
    p->whole = false;
    /* Two plain levels before this one act on what a person may do at all. */
    for (int j = 0; p->level != NULL && j < p->at; j++) {
        if (m->s->level[j].plain == WORST)
            x->limit = MIN(x->limit, p->value[j]);
        if (m->s->level[j].plain == UNPLACED && p->value[j] == 0)
            p->whole = true;
    }
}

bool check_proof(struct proof *p, const struct json *node, struct bound *bound)
{
    if (p->scene.cap == NULL)
        begin(p);
    return bound_node(p, node, bound);
}
