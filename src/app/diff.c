/* What differs between two plans of a cohort: rotation by rotation of each student, and who is concerned by it. */
#include "app/diff.h"
#include "app/usecases.h"

/* Student-weeks in which the department differs: the union of both lists, week by week. Lists are ordered by week. */
static int64_t weeks_differing(const struct placement *x, size_t n, const struct placement *y, size_t m)
{
    int64_t weeks = 0, from = INT64_MAX, until = INT64_MIN;
    for (size_t i = 0; i < n; i++) {
        from = MIN(from, x[i].first_week);
        until = MAX(until, x[i].until_week);
    }
    for (size_t i = 0; i < m; i++) {
        from = MIN(from, y[i].first_week);
        until = MAX(until, y[i].until_week);
    }
    size_t i = 0, k = 0;
    for (int64_t week = from; n + m > 0 && week < until; week += 7) {
        while (i < n && x[i].until_week <= week)
            i++;
        while (k < m && y[k].until_week <= week)
            k++;
        int64_t here = i < n && x[i].first_week <= week ? x[i].department_id : NONE;
        int64_t there = k < m && y[k].first_week <= week ? y[k].department_id : NONE;
        weeks += here != there;
    }
    return weeks;
}

static const struct placement *same_rotation(const struct placement *x, size_t n, int64_t rotation_id)
{
    for (size_t i = 0; i < n; i++)
        if (x[i].rotation_id == rotation_id)
            return &x[i];
    return NULL;
}

struct pile {
    struct diff_row *item;
    size_t n, cap;
};

static void add(struct arena *a, struct pile *p, const struct student_row *s, const struct placement *x, const struct placement *y,
                int64_t weeks)
{
    struct diff_row *r = ARENA_PUSH(a, p->item, p->n, p->cap);
    memcpy(r, record_new(a, &record_diff_row), sizeof *r);
    r->student_id = s->id;
    r->name = s->name;
    r->number = s->number;
    r->rotation_id = x != NULL ? x->rotation_id : y->rotation_id;
    if (x != NULL) {
        r->old_department_id = x->department_id;
        r->old_first_week = x->first_week;
        r->old_until_week = x->until_week;
    }
    if (y != NULL) {
        r->new_department_id = y->department_id;
        r->new_first_week = y->first_week;
        r->new_until_week = y->until_week;
    }
    r->student_weeks = weeks;
}

static void add_student(struct arena *a, struct pile *p, const struct student_row *s, const struct placement *x, size_t n,
                        const struct placement *y, size_t m)
{
    int64_t weeks = weeks_differing(x, n, y, m);
    for (size_t i = 0; i < n; i++) {
        const struct placement *z = same_rotation(y, m, x[i].rotation_id);
        if (z == NULL || z->department_id != x[i].department_id || z->first_week != x[i].first_week || z->until_week != x[i].until_week)
            add(a, p, s, &x[i], z, weeks);
    }
    for (size_t i = 0; i < m; i++)
        if (same_rotation(x, n, y[i].rotation_id) == NULL)
            add(a, p, s, NULL, &y[i], weeks);
}

/* Where each student's placements begin: they come ordered by student. */
static struct rows of_student(const struct rows *all, int64_t student_id)
{
    const struct placement *x = all->item;
    size_t low = 0, high = all->n;
    while (low < high) {
        size_t mid = (low + high) / 2;
        if (x[mid].student_id < student_id)
            low = mid + 1;
        else
            high = mid;
    }
    struct rows r = { .item = (void *)(uintptr_t)&x[low] };
    while (low + r.n < all->n && x[low + r.n].student_id == student_id)
        r.n++;
    return r;
}

enum status diff_make(struct tx *t, int64_t cohort_id, int64_t old_id, int64_t new_id, struct rows *out)
{
    assert(t != NULL && out != NULL);
    struct arena *a = tx_arena(t);
    struct rows students, before = { 0 }, after = { 0 };
    struct pile p = { 0 };
    enum status st = tx_run(t, SQL_student_list, &students, P(cohort_id), P(INT64_C(0)));
    if (st == STATUS_OK && old_id != NONE)
        st = tx_run(t, SQL_placement_of, &before, P(old_id));
    if (st == STATUS_OK)
        st = tx_run(t, SQL_placement_of, &after, P(new_id));
    const struct student_row *s = students.item;
    for (size_t i = 0; st == STATUS_OK && i < students.n; i++) {
        struct rows x = of_student(&before, s[i].id), y = of_student(&after, s[i].id);
        add_student(a, &p, &s[i], x.item, x.n, y.item, y.n);
    }
    *out = (struct rows){ .n = p.n, .item = p.item };
    return st;
}

static bool has_department(const struct diff_row *d, size_t n, int64_t id)
{
    for (size_t i = 0; i < n; i++)
        if (d[i].old_department_id == id || d[i].new_department_id == id)
            return true;
    return false;
}

static bool seen(const struct concerned_row *r, size_t n, int64_t person_id)
{
    for (size_t i = 0; i < n; i++)
        if (r[i].person_id == person_id)
            return true;
    return false;
}

enum status diff_concerned(struct tx *t, int64_t base_id, int64_t hospital_id, const struct rows *diff, struct rows *out)
{
    assert(diff != NULL && out != NULL);
    struct arena *a = tx_arena(t);
    struct rows members, preceptors;
    const struct diff_row *d = diff->item;
    enum status st = tx_run(t, SQL_concerned_members, &members, P(base_id));
    if (st == STATUS_OK)
        st = tx_run(t, SQL_concerned_preceptors, &preceptors, P(hospital_id));
    if (st != STATUS_OK)
        return st;
    struct concerned_row *r = ARENA_ARRAY(a, diff->n + members.n + preceptors.n, struct concerned_row);
    size_t n = 0;
    for (size_t i = 0; i < diff->n; i++) {
        void *student;
        if (i > 0 && d[i].student_id == d[i - 1].student_id)
            continue;
        st = tx_load(t, &record_student, d[i].student_id, &student);
        if (st != STATUS_OK)
            return st;
        r[n++] = (struct concerned_row){ ((const struct student *)student)->person_id, d[i].name, role_student, NONE };
    }
    const struct rows *lists[] = { &members, &preceptors };
    for (size_t k = 0; k < LEN(lists); k++)
        for (size_t i = 0; i < lists[k]->n; i++) {
            const struct concerned_row *m = &((const struct concerned_row *)lists[k]->item)[i];
            bool of_department = m->role == role_department_secretary || m->role == role_preceptor;
            if (diff->n > 0 && (!of_department || has_department(d, diff->n, m->department_id)) && !seen(r, n, m->person_id))
                r[n++] = *m;
        }
    *out = (struct rows){ .n = n, .item = r };
    return STATUS_OK;
}

/* Both plans, which must be of one cohort of the actor's. */
static enum status pair(struct call *c, const struct plan **one, struct rows *diff)
{
    const struct in_pair *in = c->in;
    void *plan[2];
    int64_t id[2] = { in->plan_id, in->other_id };
    for (size_t i = 0; i < LEN(id); i++) {
        enum status st = scope_check(c, &record_plan, id[i]);
        if (st == STATUS_OK)
            st = tx_load(c->tx, &record_plan, id[i], &plan[i]);
        if (st != STATUS_OK)
            return st;
    }
    *one = plan[0];
    if ((*one)->cohort_id != ((const struct plan *)plan[1])->cohort_id)
        return call_refuse(c, MSG_refuse_other_cohort, "other_id", NULL, NULL);
    return diff_make(c->tx, (*one)->cohort_id, id[0], id[1], diff);
}

enum status uc_plan_diff(struct call *c)
{
    const struct plan *p;
    return pair(c, &p, &c->rows);
}

enum status uc_concerned_list(struct call *c)
{
    const struct plan *p;
    struct rows diff;
    enum status st = pair(c, &p, &diff);
    return st == STATUS_OK ? diff_concerned(c->tx, p->base_id, c->actor->hospital_id, &diff, &c->rows) : st;
}
