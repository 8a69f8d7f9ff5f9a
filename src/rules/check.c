/* Rules between the fields of one record. */
#include "rules/check.h"

#include "core/pinyin.h"
#include "rules/group.h"

static void put_date(struct errs *errs, const char *field, int64_t late, int64_t early)
{
    char a[DATE_TEXT_BYTES], b[DATE_TEXT_BYTES];
    errs_add(errs, MSG_refuse_dates_order, str_of(field), date_text((date)late, a), date_text((date)early, b), NULL);
}

static void check_cohort(void *rec, struct errs *errs)
{
    const struct cohort *c = rec;
    if (c->wishes_open != NONE && c->wishes_close != NONE && c->wishes_close < c->wishes_open)
        put_date(errs, "wishes_close", c->wishes_close, c->wishes_open);
}

static void check_rotation(void *rec, struct errs *errs)
{
    const struct rotation *r = rec;
    if (r->earliest_week != NONE && r->latest_week != NONE && r->latest_week - r->earliest_week + 1 < r->weeks)
        errs_add(errs, MSG_refuse_window_short, STR("latest_week"), NULL);
}

static void check_order(void *rec, struct errs *errs)
{
    const struct rotation_order *o = rec;
    if (o->before_id == o->after_id)
        errs_add(errs, MSG_refuse_same_rotation, STR("after_id"), NULL);
    if (o->gap_least != NONE && o->gap_most != NONE && o->gap_most < o->gap_least)
        errs_add(errs, MSG_refuse_gap, STR("gap_most"), NULL);
}

static void check_group(void *rec, struct errs *errs)
{
    const struct student_group *g = rec;
    if (g->name.n > 0 && !rules_group_is_name(g->name))
        errs_add(errs, MSG_refuse_group_name, STR("name"), NULL);
}

static const struct {
    const struct record *record;
    void (*check)(void *rec, struct errs *errs);
} rules[] = {
    { &record_cohort, check_cohort },
    { &record_rotation, check_rotation },
    { &record_rotation_order, check_order },
    { &record_student_group, check_group },
};

bool rules_check(struct arena *a, const struct record *r, void *rec, struct errs *errs)
{
    size_t before = errs->total;
    for (size_t i = 0; i < LEN(rules); i++)
        if (rules[i].record == r)
            rules[i].check(rec, errs);
    const struct field *key = record_field(r, STR("sort_key")), *name = record_field(r, STR("name"));
    if (name == NULL)
        name = record_field(r, STR("name_zh"));
    if (key != NULL && name != NULL && (key->flags & FIELD_READONLY))
        *field_text(key, rec) = pinyin_key(a, field_text_of(name, rec));
    assert(errs->total >= before);
    return errs->total == before;
}
