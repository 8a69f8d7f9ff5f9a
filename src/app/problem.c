/* From records to the planner's problem file. Keys in the order of docs/formats. */
#include "app/problem.h"

#include <sodium.h>

struct facts {
    struct arena *a;
    const struct cohort *cohort;
    struct rows departments, capacities, preceptors, programmes, choices, rotations, links, orders, closed, students,
        absences, wishes, elsewhere;
};

struct str problem_digest(struct arena *a, struct str bytes)
{
    unsigned char digest[crypto_hash_sha256_BYTES];
    char hex[2 * crypto_hash_sha256_BYTES + 1];
    crypto_hash_sha256(digest, (const unsigned char *)bytes.p, bytes.n);
    sodium_bin2hex(hex, sizeof hex, digest, sizeof digest);
    return arena_printf(a, "sha256:%s", hex);
}

static enum status load(struct facts *f, struct tx *t, const struct actor *actor, int64_t cohort_id)
{
    void *found;
    enum status st = tx_load(t, &record_cohort, cohort_id, &found);
    if (st != STATUS_OK)
        return st;
    f->cohort = found;
    struct param hospital[] = { P(actor->hospital_id), P(INT64_C(0)) }, cohort[] = { P(cohort_id), P(INT64_C(0)) },
                 programme[] = { P(f->cohort->programme_id), P(INT64_C(0)) },
                 other[] = { P(actor->hospital_id), P(cohort_id), P(f->cohort->first_week),
                             P(f->cohort->first_week + 7 * f->cohort->weeks) };
    struct query q[] = {
        { SQL_department_list, hospital, 2, { 0 } },        { SQL_capacity_of_hospital, hospital, 2, { 0 } },
        { SQL_preceptor_of_hospital, hospital, 2, { 0 } },  { SQL_choice_list, programme, 2, { 0 } },
        { SQL_rotation_list, programme, 2, { 0 } },         { SQL_rotation_department_list, programme, 2, { 0 } },
        { SQL_rotation_order_list, programme, 2, { 0 } },   { SQL_closed_week_list, cohort, 2, { 0 } },
        { SQL_student_list, cohort, 2, { 0 } },             { SQL_absence_of_cohort, cohort, 2, { 0 } },
        { SQL_wish_of_cohort, cohort, 2, { 0 } },           { SQL_placement_elsewhere, other, 4, { 0 } },
    };
    struct rows *into[] = { &f->departments, &f->capacities, &f->preceptors, &f->choices, &f->rotations, &f->links,
                            &f->orders, &f->closed, &f->students, &f->absences, &f->wishes, &f->elsewhere };
    st = tx_batch(t, q, LEN(q));
    for (size_t i = 0; i < LEN(q); i++)
        *into[i] = q[i].rows;
    return st;
}

static void put_week(struct buf *b, int64_t week)
{
    char text[DATE_TEXT_BYTES];
    buf_printf(b, "\"%s\"", date_text((date)week, text));
}

static struct str code_of(const struct rows *rows, const struct record *r, const char *field, int64_t id)
{
    const struct field *code = record_field(r, str_of(field));
    for (size_t i = 0; i < rows->n; i++) {
        const void *row = (const char *)rows->item + i * r->size;
        if (field_int_of(&r->field[0], row) == id)
            return field_text_of(code, row);
    }
    return STR("?");
}

static struct str department_code(const struct facts *f, int64_t id)
{
    return code_of(&f->departments, &record_department, "code", id);
}

static struct str rotation_code(const struct facts *f, int64_t id)
{
    return code_of(&f->rotations, &record_rotation, "code", id);
}

static void put_weeks(struct buf *b, const struct facts *f)
{
    const struct closed_week *w = f->closed.item;
    const char *comma = "";
    buf_z(b, "  \"weeks\": {\"first\": ");
    put_week(b, f->cohort->first_week);
    buf_printf(b, ", \"count\": %lld, \"closed\": [", (long long)f->cohort->weeks);
    for (size_t i = 0; i < f->closed.n; i++) {
        int64_t at = (w[i].week - f->cohort->first_week) / 7;
        if (w[i].week < f->cohort->first_week || at >= f->cohort->weeks)
            continue; /* a week outside the cohort's own closes nothing */
        buf_z(b, comma);
        put_week(b, w[i].week);
        comma = ", ";
    }
    buf_z(b, "]},\n");
}

static int64_t taken_in(const struct facts *f, int64_t department_id, int64_t week)
{
    const struct load_row *l = f->elsewhere.item;
    int64_t taken = 0;
    for (size_t i = 0; i < f->elsewhere.n; i++)
        if (l[i].department_id == department_id && week >= l[i].first_week && week < l[i].until_week)
            taken += l[i].value;
    return taken;
}

static void put_exception(struct buf *b, const char **comma, int64_t week, int64_t weeks, int64_t seats)
{
    buf_printf(b, "%s{\"from\": ", *comma);
    put_week(b, week);
    buf_printf(b, ", \"weeks\": %lld, \"capacity\": %lld}", (long long)weeks, (long long)seats);
    *comma = ", ";
}

/* Exceptions as they stand, then the weeks in which others sit; both clipped to the cohort's weeks. */
static void put_exceptions(struct buf *b, const struct facts *f, const struct department *d)
{
    const struct capacity *c = f->capacities.item;
    const char *comma = "";
    int64_t first = f->cohort->first_week, end = first + 7 * f->cohort->weeks;
    buf_z(b, ", \"exceptions\": [");
    for (size_t i = 0; i < f->capacities.n; i++) {
        int64_t from = MAX(c[i].first_week, first), to = MIN(c[i].first_week + 7 * c[i].weeks, end);
        if (c[i].department_id == d->id && from < to)
            put_exception(b, &comma, from, (to - from) / 7, c[i].seats);
    }
    for (int64_t week = first; week < end; week += 7) {
        int64_t taken = taken_in(f, d->id, week);
        if (taken > 0)
            put_exception(b, &comma, week, 1, MAX(app_department_seats(d, &f->capacities, week) - taken, 0));
    }
    buf_char(b, ']');
}

static void put_departments(struct buf *b, const struct facts *f)
{
    const struct department *d = f->departments.item;
    const struct preceptor *p = f->preceptors.item;
    buf_z(b, "  \"departments\": [\n");
    for (size_t i = 0; i < f->departments.n; i++) {
        int64_t supervised = 0, count = 0;
        for (size_t k = 0; k < f->preceptors.n; k++)
            if (p[k].department_id == d[i].id && p[k].active == 1) {
                supervised += p[k].students_most;
                count++;
            }
        buf_z(b, "    {\"id\": ");
        json_put_text(b, d[i].code);
        buf_printf(b, ", \"capacity\": %lld", (long long)d[i].seats);
        if (count > 0)
            buf_printf(b, ", \"limits\": [{\"because\": \"preceptors\", \"capacity\": %lld}]", (long long)supervised);
        if (d[i].minimum != NONE && d[i].minimum > 0)
            buf_printf(b, ", \"minimum\": %lld", (long long)d[i].minimum);
        put_exceptions(b, f, &d[i]);
        buf_z(b, i + 1 < f->departments.n ? "},\n" : "}\n");
    }
    buf_z(b, "  ],\n");
}

static void put_rotation(struct buf *b, const struct facts *f, const struct rotation *r)
{
    const struct rotation_department *l = f->links.item;
    const char *comma = "";
    buf_z(b, "      {\"id\": ");
    json_put_text(b, r->code);
    buf_z(b, ", \"departments\": [");
    for (size_t i = 0; i < f->links.n; i++)
        if (l[i].rotation_id == r->id) {
            buf_z(b, comma);
            json_put_text(b, department_code(f, l[i].department_id));
            comma = ", ";
        }
    buf_printf(b, "], \"weeks\": %lld", (long long)r->weeks);
    if (r->earliest_week != NONE) {
        buf_z(b, ", \"earliest\": ");
        put_week(b, f->cohort->first_week + 7 * (r->earliest_week - 1));
    }
    if (r->latest_week != NONE) {
        buf_z(b, ", \"latest_end\": ");
        put_week(b, f->cohort->first_week + 7 * r->latest_week);
    }
    buf_char(b, '}');
}

static void put_choices(struct buf *b, const struct facts *f)
{
    const struct choice *c = f->choices.item;
    const struct rotation *r = f->rotations.item;
    buf_z(b, "    \"choices\": [");
    for (size_t i = 0; i < f->choices.n; i++) {
        const char *comma = "";
        buf_printf(b, "%s{\"id\": ", i > 0 ? ", " : "");
        json_put_text(b, c[i].code);
        buf_printf(b, ", \"pick\": %lld, \"of\": [", (long long)c[i].pick);
        for (size_t k = 0; k < f->rotations.n; k++)
            if (r[k].choice_id == c[i].id) {
                buf_z(b, comma);
                json_put_text(b, r[k].code);
                comma = ", ";
            }
        buf_z(b, "]}");
    }
    buf_z(b, "]");
}

static void put_orders(struct buf *b, const struct facts *f)
{
    const struct rotation_order *o = f->orders.item;
    buf_z(b, ",\n    \"orders\": [");
    for (size_t i = 0; i < f->orders.n; i++) {
        buf_printf(b, "%s{\"before\": ", i > 0 ? ", " : "");
        json_put_text(b, rotation_code(f, o[i].before_id));
        buf_z(b, ", \"after\": ");
        json_put_text(b, rotation_code(f, o[i].after_id));
        if (o[i].gap_least != NONE)
            buf_printf(b, ", \"min_gap\": %lld", (long long)o[i].gap_least);
        if (o[i].gap_most != NONE)
            buf_printf(b, ", \"max_gap\": %lld", (long long)o[i].gap_most);
        buf_char(b, '}');
    }
    buf_char(b, ']');
}

static void put_programme(struct buf *b, const struct facts *f, const struct programme *p)
{
    const struct rotation *r = f->rotations.item;
    buf_z(b, "  \"programmes\": [{\"id\": ");
    json_put_text(b, p->code);
    buf_z(b, ", \"rotations\": [\n");
    for (size_t i = 0; i < f->rotations.n; i++) {
        put_rotation(b, f, &r[i]);
        buf_z(b, i + 1 < f->rotations.n ? ",\n" : "\n");
    }
    buf_z(b, "    ],\n");
    put_choices(b, f);
    put_orders(b, f);
    if (p->consecutive_weeks_most != NONE)
        buf_printf(b, ",\n    \"max_consecutive\": %lld", (long long)p->consecutive_weeks_most);
    if (p->free_weeks_forbidden == 1)
        buf_z(b, ",\n    \"free_weeks\": \"forbidden\"");
    if (p->site_limit != NONE)
        buf_printf(b, ",\n    \"site_limit\": %lld", (long long)p->site_limit);
    buf_z(b, "}],\n");
}

/* A student's wishes lie together, ordered by choice, rotation and rank; one list for each choice or rotation. */
static void put_wishes(struct buf *b, const struct facts *f, int64_t student_id)
{
    const struct wish *w = f->wishes.item;
    size_t i = 0;
    const char *comma = "";
    while (i < f->wishes.n && w[i].student_id != student_id)
        i++;
    buf_z(b, ", \"wishes\": [");
    while (i < f->wishes.n && w[i].student_id == student_id) {
        bool choice = w[i].choice_id != NONE;
        int64_t key = choice ? w[i].choice_id : w[i].rotation_id;
        buf_printf(b, "%s{\"%s\": ", comma, choice ? "choice" : "rotation");
        json_put_text(b, choice ? code_of(&f->choices, &record_choice, "code", key) : rotation_code(f, key));
        buf_printf(b, ", \"%s\": [", choice ? "rotations" : "departments");
        for (const char *inner = ""; i < f->wishes.n && w[i].student_id == student_id &&
                                     (choice ? w[i].choice_id : w[i].rotation_id) == key; i++, inner = ", ") {
            buf_z(b, inner);
            json_put_text(b, choice ? rotation_code(f, w[i].rotation_id) : department_code(f, w[i].department_id));
        }
        buf_z(b, "]}");
        comma = ", ";
    }
    buf_char(b, ']');
}

static void put_away(struct buf *b, const struct facts *f, int64_t student_id)
{
    const struct absence *x = f->absences.item;
    const char *comma = "";
    buf_z(b, ", \"away\": [");
    for (size_t i = 0; i < f->absences.n; i++)
        if (x[i].student_id == student_id) {
            buf_printf(b, "%s{\"from\": ", comma);
            put_week(b, x[i].first_week);
            buf_printf(b, ", \"weeks\": %lld}", (long long)x[i].weeks);
            comma = ", ";
        }
    buf_char(b, ']');
}

static void put_students(struct buf *b, const struct facts *f, struct str programme)
{
    const struct student_row *s = f->students.item;
    const char *comma = "";
    buf_z(b, "  \"students\": [\n");
    for (size_t i = 0; i < f->students.n; i++) {
        if (s[i].state != student_state_active)
            continue;
        buf_printf(b, "%s    {\"id\": ", comma);
        json_put_text(b, s[i].number);
        buf_z(b, ", \"programme\": ");
        json_put_text(b, programme);
        put_away(b, f, s[i].id);
        put_wishes(b, f, s[i].id);
        buf_char(b, '}');
        comma = ",\n";
    }
    buf_z(b, "\n  ]\n");
}

enum status problem_put(struct buf *b, struct tx *t, const struct actor *actor, int64_t cohort_id)
{
    struct facts f = { .a = tx_arena(t) };
    void *programme;
    enum status st = load(&f, t, actor, cohort_id);
    if (st == STATUS_OK)
        st = tx_load(t, &record_programme, f.cohort->programme_id, &programme);
    if (st != STATUS_OK)
        return st;
    const struct programme *p = programme;
    buf_z(b, "{\n  \"format\": \"internbase.problem/1\",\n  \"title\": ");
    json_put_text(b, f.cohort->code);
    buf_z(b, ",\n");
    put_weeks(b, &f);
    put_departments(b, &f);
    put_programme(b, &f, p);
    put_students(b, &f, p->code);
    buf_z(b, "}\n");
    return b->failed ? STATUS_LIMIT : STATUS_OK;
}
