/* From records to the planner's problem file. Keys in the order of docs/formats. */
#include "app/problem_part.h"

#include <sodium.h>

struct str problem_digest(struct arena *a, struct str bytes)
{
    unsigned char digest[crypto_hash_sha256_BYTES];
    char hex[2 * crypto_hash_sha256_BYTES + 1];
    crypto_hash_sha256(digest, (const unsigned char *)bytes.p, bytes.n);
    sodium_bin2hex(hex, sizeof hex, digest, sizeof digest);
    return arena_printf(a, "sha256:%s", hex);
}

static enum status load(struct facts *f, struct tx *t, const struct actor *actor, int64_t cohort_id, int64_t plan_id)
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
        { SQL_site_list, hospital, 2, { 0 } },              { SQL_department_list, hospital, 2, { 0 } },
        { SQL_capacity_of_hospital, hospital, 2, { 0 } },
        { SQL_preceptor_of_hospital, hospital, 2, { 0 } },  { SQL_preceptor_absence_of_hospital, hospital, 2, { 0 } },
        { SQL_choice_list, programme, 2, { 0 } },
        { SQL_rotation_list, programme, 2, { 0 } },         { SQL_rotation_department_list, programme, 2, { 0 } },
        { SQL_rotation_order_list, programme, 2, { 0 } },   { SQL_closed_week_list, cohort, 2, { 0 } },
        { SQL_group_pairs, cohort, 1, { 0 } },              { SQL_quota_of_cohort, cohort, 2, { 0 } },
        { SQL_student_list, cohort, 2, { 0 } },             { SQL_absence_of_cohort, cohort, 2, { 0 } },
        { SQL_wish_of_cohort, cohort, 2, { 0 } },           { SQL_placement_elsewhere, other, 4, { 0 } },
    };
    struct rows *into[] = { &f->sites, &f->departments, &f->capacities, &f->preceptors, &f->preceptor_absences, &f->choices, &f->rotations, &f->links,
                            &f->orders, &f->closed, &f->pairs, &f->quotas, &f->students, &f->absences, &f->wishes, &f->elsewhere };
    st = tx_batch(t, q, LEN(q));
    for (size_t i = 0; i < LEN(q); i++)
        *into[i] = q[i].rows;
    if (st == STATUS_OK && plan_id != NONE)
        st = tx_run(t, SQL_placement_of, &f->base, P(plan_id));
    return st;
}

void problem_put_week(struct buf *b, int64_t week)
{
    char text[DATE_TEXT_BYTES];
    buf_printf(b, "\"%s\"", date_text((date)week, text));
}

struct str problem_code(const struct rows *rows, const struct record *r, const char *field, int64_t id)
{
    const struct field *code = record_field(r, str_of(field));
    for (size_t i = 0; i < rows->n; i++) {
        const void *row = (const char *)rows->item + i * r->size;
        if (field_int_of(&r->field[0], row) == id)
            return field_text_of(code, row);
    }
    return STR("?");
}

struct str problem_department(const struct facts *f, int64_t id)
{
    return problem_code(&f->departments, &record_department, "code", id);
}

struct str problem_rotation(const struct facts *f, int64_t id)
{
    return problem_code(&f->rotations, &record_rotation, "code", id);
}

static void put_weeks(struct buf *b, const struct facts *f)
{
    const struct closed_week *w = f->closed.item;
    const char *comma = "";
    buf_z(b, "  \"weeks\": {\"first\": ");
    problem_put_week(b, f->cohort->first_week);
    buf_printf(b, ", \"count\": %lld, \"closed\": [", (long long)f->cohort->weeks);
    for (size_t i = 0; i < f->closed.n; i++) {
        int64_t at = (w[i].week - f->cohort->first_week) / 7;
        if (w[i].week < f->cohort->first_week || at >= f->cohort->weeks)
            continue; /* a week outside the cohort's own closes nothing */
        buf_z(b, comma);
        problem_put_week(b, w[i].week);
        comma = ", ";
    }
    buf_z(b, "]},\n");
}

enum status problem_put(struct buf *b, struct tx *t, const struct actor *actor, int64_t cohort_id)
{
    return problem_put_again(b, t, actor, cohort_id, NONE, NONE);
}

enum status problem_put_again(struct buf *b, struct tx *t, const struct actor *actor, int64_t cohort_id, int64_t plan_id,
                              int64_t freeze_week)
{
    struct facts f = { .a = tx_arena(t), .freeze = plan_id != NONE ? freeze_week : NONE };
    void *programme;
    assert(plan_id == NONE || freeze_week != NONE);
    enum status st = load(&f, t, actor, cohort_id, plan_id);
    if (st == STATUS_OK)
        st = tx_load(t, &record_programme, f.cohort->programme_id, &programme);
    if (st != STATUS_OK)
        return st;
    const struct programme *p = programme;
    buf_z(b, "{\n  \"format\": \"internbase.problem/1\",\n  \"title\": ");
    json_put_text(b, f.cohort->code);
    buf_z(b, ",\n");
    put_weeks(b, &f);
    problem_put_supply(b, &f);
    problem_put_demand(b, &f, p);
    problem_put_base(b, &f);
    buf_z(b, "\n}\n");
    return b->failed ? STATUS_LIMIT : STATUS_OK;
}
