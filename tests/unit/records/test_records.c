/* The records engine: each kind from text and JSON and back, every error at its field, audit difference. */
#include "records/records.h"

#include "unit.h"

static void takes_and_puts(void **state)
{
    (void)state;
    static const struct {
        const struct record *record;
        const char *field, *text;
        enum msg_id wrong; /* 0: right */
    } cases[] = {
        { &record_cohort, "first_week", "2027-03-01", 0 },
        { &record_cohort, "first_week", "2027-03-02", MSG_value_not_monday },
        { &record_cohort, "first_week", "2027-02-30", MSG_value_not_date },
        { &record_cohort, "weeks", "16", 0 },
        { &record_cohort, "weeks", "0", MSG_value_not_int },
        { &record_cohort, "weeks", "-1", MSG_value_not_int },
        { &record_cohort, "weeks", "1e309", MSG_value_not_int },
        { &record_cohort, "weeks", "99999999999999999999", MSG_value_not_int },
        { &record_organisation, "side", "hospital", 0 },
        { &record_organisation, "side", "moon", MSG_value_not_in_list },
        { &record_organisation, "name_zh", "妇幼保健院", 0 },
        { &record_organisation, "name_zh", "a\x01", MSG_value_control },
        { &record_organisation, "name_zh", "a\nb", MSG_value_control },
        { &record_organisation, "name_zh", "\xC0\x80", MSG_value_not_utf8 },
        { &record_account, "disabled", "true", 0 },
        { &record_account, "disabled", "maybe", MSG_value_not_in_list },
        { &record_student, "person_id", "7", 0 },
        { &record_student, "person_id", "-7", MSG_value_not_reference },
    };
    for (size_t i = 0; i < LEN(cases); i++) {
        struct arena a = arena_make(1 << 20);
        struct errs errs = errs_make(&a);
        void *rec = record_new(&a, cases[i].record);
        const struct field *f = record_field(cases[i].record, str_of(cases[i].field));
        assert_non_null(f);
        bool ok = field_take(f, rec, str_of(cases[i].text), &errs);
        assert_int_equal(ok, cases[i].wrong == 0);
        struct buf b = buf_make(1000);
        field_put(&b, f, rec);
        if (ok)
            assert_string_equal(b.p, cases[i].text);
        else {
            assert_int_equal(errs.item[0].id, cases[i].wrong);
            assert_true(str_is(errs.item[0].at, cases[i].field));
        }
        buf_free(&b);
        arena_free(&a);
    }
}

static void json_both_ways(void **state)
{
    (void)state;
    struct arena a = arena_make(1 << 20);
    struct errs errs = errs_make(&a);
    struct json_error e;
    struct json *j = json_read(&a, STR("{\"kind\":\"hospital\",\"side\":\"hospital\",\"name_zh\":\"院\",\"name_en\":\"H\",\"parent_id\":null}"), &e);
    struct organisation *o = record_new(&a, &record_organisation);
    assert_true(record_from_json(&record_organisation, o, j, &errs));
    assert_true(o->kind == organisation_kind_hospital && o->parent_id == NONE);
    struct buf b = buf_make(4000);
    record_put_json(&b, &record_organisation, o, CLASS_PUBLIC);
    struct json *back = json_read(&a, buf_view(&b), &e);
    assert_non_null(back);
    assert_true(str_is(json_get(back, "name_zh")->text, "院"));
    assert_null(json_get(back, "sort_key"));
    j = json_read(&a, STR("{\"id\":5,\"version\":9,\"owner\":1,\"kind\":3}"), &e);
    assert_false(record_from_json(&record_organisation, o, j, &errs));
    assert_int_equal(errs.n, 4); /* id, version: read-only; owner: unknown; kind: wrong type; names and side are there */
    buf_free(&b);
    arena_free(&a);
}

static bool lookup(void *ctx, const char *name, struct str *out)
{
    const char *const *pairs = ctx;
    for (; *pairs != NULL; pairs += 2)
        if (strcmp(*pairs, name) == 0) {
            *out = str_of(pairs[1]);
            return true;
        }
    return false;
}

static void forms_collect_all_errors(void **state)
{
    (void)state;
    struct arena a = arena_make(1 << 20);
    struct errs errs = errs_make(&a);
    struct cohort *c = record_new(&a, &record_cohort);
    static const char *form[] = { "code", "2023", "weeks", "x", "first_week", "2027-03-03", "version", "77", "id", "5", NULL };
    assert_false(record_from_form(&record_cohort, c, lookup, form, &errs));
    assert_int_equal(errs.n, 6); /* weeks, first_week; base, programme and both names missing */
    assert_true(c->id == 0 && c->version == NONE);
    arena_free(&a);
}

static void differences(void **state)
{
    (void)state;
    struct arena a = arena_make(1 << 20);
    struct account *old = record_new(&a, &record_account), *now = record_new(&a, &record_account);
    now->password_hash = STR("secret-hash");
    now->login_name = STR("li");
    struct buf b = buf_make(4000);
    assert_int_equal(record_put_diff(&b, &record_account, old, now), 2);
    assert_null(strstr(b.p, "secret-hash"));
    assert_non_null(strstr(b.p, "\"login_name\":[\"\",\"li\"]"));
    buf_free(&b);
    arena_free(&a);
}

/* Start-up table check: offsets ascend, every ENUM has names, every REF names a record, text has a maximum. */
static void tables_hold(void **state)
{
    (void)state;
    for (size_t k = 0; k < records_count; k++) {
        const struct record *r = records_all[k];
        assert_true(r->n > 0 && r->n < 64);
        for (int i = 0; i < r->n; i++) {
            const struct field *f = &r->field[i];
            assert_true(i == 0 || f->offset > r->field[i - 1].offset);
            assert_true(f->kind != KIND_ENUM || (f->names != NULL && f->names->n > 0));
            assert_true(f->kind != KIND_REF || record_by_name(str_of(f->ref)) != NULL);
            assert_true((f->kind != KIND_TEXT && f->kind != KIND_LINES) || f->most > 0);
            assert_true(f->kind != KIND_INT || f->most >= f->least);
        }
    }
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(takes_and_puts), cmocka_unit_test(json_both_ways), cmocka_unit_test(forms_collect_all_errors),
        cmocka_unit_test(differences),    cmocka_unit_test(tables_hold),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
