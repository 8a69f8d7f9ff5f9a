/* The audit trail by person, record and days, newest first. */
#include "app/usecases.h"

enum { UTC_OFFSET_S = 8 * 3600, DAY_S = 86400 };

enum status uc_audit_find(struct call *c)
{
    const struct in_audit_find *in = c->in;
    int64_t base = c->actor->base_id, before = in->offset != NONE && in->offset > 0 ? in->offset : INT64_MAX;
    int64_t from = in->from_day != NONE ? in->from_day * DAY_S - UTC_OFFSET_S : 0;
    int64_t until = in->until_day != NONE ? (in->until_day + 1) * DAY_S - UTC_OFFSET_S : INT64_MAX;
    if (in->subject.n > 0) {
        int64_t least = in->subject_id != NONE ? in->subject_id : 0, most = in->subject_id != NONE ? in->subject_id : INT64_MAX;
        return call_query(c, SQL_audit_of_record, &c->rows, P(base), P(in->subject), P(least), P(most), P(before), P(from), P(until));
    }
    if (in->person_id != NONE)
        return call_query(c, SQL_audit_find, &c->rows, P(base), P(before), P(from), P(until), P(in->person_id));
    return call_query(c, SQL_audit_find_all, &c->rows, P(base), P(before), P(from), P(until));
}

/* Names of what a record is, or hangs on: a membership by its person, a seat exception by its department. */
static enum status name_of(struct call *c, const struct record *r, int64_t id, struct name_row *out, int depth)
{
    enum { DEPTH_MOST = 3 };
    static const char *const via[] = { "person_id", "student_id", "department_id", "cohort_id", "rotation_id", "programme_id", "before_id", "preceptor_id", "group_id" };
    void *rec;
    enum status st = tx_load(c->tx, r, id, &rec);
    if (st != STATUS_OK)
        return st == STATUS_NOT_FOUND ? STATUS_OK : st; /* deleted since: it has no name any more */
    const struct field *zh = record_field(r, STR("name_zh")), *en = record_field(r, STR("name_en")), *name = record_field(r, STR("name"));
    if (zh != NULL && en != NULL) {
        out->name_zh = field_text_of(zh, rec);
        out->name_en = field_text_of(en, rec);
    } else if (name != NULL) {
        out->name_zh = out->name_en = field_text_of(name, rec);
    }
    for (size_t i = 0; out->name_zh.n == 0 && i < LEN(via) && depth < DEPTH_MOST; i++) {
        const struct field *f = record_field(r, str_of(via[i]));
        if (f != NULL && field_int_of(f, rec) != NONE)
            return name_of(c, record_by_name(str_of(f->ref)), field_int_of(f, rec), out, depth + 1);
    }
    return STATUS_OK;
}

/* Only of records inside the actor's scope; the others, and those that are gone, have no row. */
enum status uc_record_names(struct call *c)
{
    enum { NAMES_MOST = 500 };
    struct str rest = ((const struct in_names *)c->in)->refs;
    struct name_row *row = ARENA_ARRAY(c->arena, NAMES_MOST, struct name_row);
    size_t n = 0;
    enum status st = STATUS_OK;
    while (st == STATUS_OK && rest.n > 0 && n < NAMES_MOST) {
        struct str number = str_cut(&rest, ','), what = str_cut(&number, ':');
        const struct record *r = record_by_name(what);
        int64_t id;
        bool stored = r != NULL && r->n > 1 && r->field[0].kind == KIND_ID && strcmp(r->field[1].name, "version") == 0;
        if (!stored || !str_int(number, &id))
            continue;
        st = scope_check(c, r, id);
        if (st == STATUS_NOT_FOUND) {
            st = STATUS_OK;
            continue;
        }
        row[n] = (struct name_row){ what, id, STR(""), STR("") };
        if (st == STATUS_OK)
            st = name_of(c, r, id, &row[n], 0);
        n += row[n].name_zh.n > 0;
    }
    c->rows = (struct rows){ .n = n, .item = row };
    return st;
}
