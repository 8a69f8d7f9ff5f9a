/* The base plan of a problem: what a published plan says, as far as it can go on. */
#include "app/problem_part.h"

static const struct student_row *active(const struct facts *f, int64_t id)
{
    const struct student_row *s = f->students.item;
    for (size_t i = 0; i < f->students.n; i++)
        if (s[i].id == id)
            return s[i].state == student_state_active ? &s[i] : NULL;
    return NULL;
}

static const struct department *department(const struct facts *f, int64_t id)
{
    const struct department *d = f->departments.item;
    for (size_t i = 0; i < f->departments.n; i++)
        if (d[i].id == id)
            return &d[i];
    return NULL;
}

/* Begun before the freeze date, and from then on its student is away or its department closed: it can't go on. */
static bool is_broken_off(const struct facts *f, const struct placement *x)
{
    const struct absence *y = f->absences.item;
    const struct department *d = department(f, x->department_id);
    if (x->first_week >= f->freeze || x->until_week <= f->freeze)
        return false;
    for (size_t i = 0; i < f->absences.n; i++)
        if (y[i].student_id == x->student_id && y[i].first_week < x->until_week && y[i].first_week + 7 * y[i].weeks > f->freeze)
            return true;
    for (int64_t week = f->freeze; d != NULL && week < x->until_week; week += 7)
        if (app_department_seats(d, &f->capacities, week) - problem_taken(f, d->id, week) <= 0)
            return true;
    return false;
}

int64_t problem_base_load(const struct facts *f, int64_t department_id)
{
    const struct placement *x = f->base.item;
    int64_t most = 0, weeks = (f->freeze - f->cohort->first_week) / 7;
    int64_t *load = ARENA_ARRAY(f->a, MAX(weeks, 1), int64_t);
    for (size_t i = 0; i < f->base.n; i++) {
        int64_t from = (x[i].first_week - f->cohort->first_week) / 7, until = (x[i].until_week - f->cohort->first_week) / 7;
        for (int64_t w = MAX(from, 0); x[i].department_id == department_id && w < MIN(until, weeks); w++)
            most = MAX(most, ++load[w]);
    }
    return most;
}

void problem_put_base(struct buf *b, const struct facts *f)
{
    const struct placement *x = f->base.item;
    const char *comma = "";
    if (f->freeze == NONE)
        return;
    buf_z(b, ",\n  \"base_plan\": {\"freeze\": ");
    problem_put_week(b, f->freeze);
    buf_z(b, ", \"placements\": [\n");
    const struct student_row *s = NULL;
    for (size_t i = 0; i < f->base.n; i++) {
        if (i == 0 || x[i].student_id != x[i - 1].student_id) /* they come ordered by student */
            s = active(f, x[i].student_id);
        if (s == NULL || is_broken_off(f, &x[i]))
            continue;
        buf_printf(b, "%s    {\"student\": ", comma);
        json_put_text(b, s->number);
        buf_z(b, ", \"rotation\": ");
        json_put_text(b, problem_rotation(f, x[i].rotation_id));
        buf_z(b, ", \"department\": ");
        json_put_text(b, problem_department(f, x[i].department_id));
        buf_z(b, ", \"from\": ");
        problem_put_week(b, x[i].first_week);
        buf_printf(b, ", \"weeks\": %lld}", (long long)x[i].weeks);
        comma = ",\n";
    }
    buf_z(b, "\n  ]}");
}
