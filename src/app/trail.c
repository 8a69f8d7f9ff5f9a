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
