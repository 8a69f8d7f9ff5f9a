/* The picture of a search: lines inside the plot, ends where the numbers say, labels apart, hostile progress harmless. */
#include "web/curve.h"

#include "unit.h"

static struct figures two_levels(void)
{
    struct figures f = { .levels = 2 };
    f.level[0].name = STR("worst");
    f.level[1].name = STR("regret");
    return f;
}

static struct curves read(struct arena *a, struct figures *f, const char *progress)
{
    static struct ctx c;
    c = (struct ctx){ .arena = a, .page = { .lang = LANG_EN } };
    return curve_read(&c, str_of(progress), f);
}

static void steps(void **state)
{
    (void)state;
    static const int64_t top[] = { 1, 3, 4, 5, 8, 9, 21, 100, 2447, 1000000 }, step[] = { 1, 1, 1, 2, 2, 5, 10, 50, 1000, 500000 };
    for (size_t i = 0; i < LEN(top); i++)
        assert_int_equal(curve_step(top[i], 4), step[i]);
    assert_true(curve_step(INT64_MAX, 4) > 0);
}

static void lines(void **state)
{
    (void)state;
    struct arena a = arena_make(1 << 20);
    struct figures f = two_levels();
    struct curves v = read(&a, &f, "{\"curve\":{\"levels\":[\"worst\",\"regret\"],\"samples\":[[0,[null,0],[null,2]],[500,[1,0],[8,2]],[1000,[1,1],[4,3]]]}}");
    assert_int_equal(v.n, 2);
    const struct curve *worst = &v.item[0], *regret = &v.item[1];
    assert_true(worst->is_met && worst->has_value && !regret->is_met);
    assert_string_equal(regret->value_path.p, "M174 28H302V89");  /* 8 is the top; 4 halfway down */
    assert_string_equal(regret->bound_path.p, "M46 119H174V119H302V104");
    assert_string_equal(regret->gap_path.p, "M174 28H302V89V104H302V119H174Z");
    assert_int_equal(regret->end_x, CURVE_RIGHT);
    assert_int_equal(regret->value_y, 89);
    assert_true(regret->bound_text_y - regret->value_text_y >= 13);
    assert_string_equal(regret->text.p, "After 1 s: the value went from 8 to 4, the bound from 2 to 3.");
    assert_string_equal(regret->x[1].label.p, "0.2");
    assert_int_equal(worst->value_y, CURVE_TOP);
    arena_free(&a);
}

static void no_plan_yet(void **state)
{
    (void)state;
    struct arena a = arena_make(1 << 20);
    struct figures f = two_levels();
    struct curves v = read(&a, &f, "{\"curve\":{\"levels\":[\"regret\"],\"samples\":[[0,[null,0]],[1200,[null,7]]]}}");
    assert_int_equal(v.n, 1);
    assert_false(v.item[0].has_value);
    assert_int_equal(v.item[0].value_path.n, 0);
    assert_int_equal(v.item[0].gap_path.n, 0);
    assert_string_equal(v.item[0].text.p, "After 1.2 s: no plan yet; the bound went from 0 to 7.");
    arena_free(&a);
}

/* Whatever is stored: no picture leaves its frame and nothing is drawn of what is no sample. */
static void hostile(void **state)
{
    (void)state;
    static const char *const wrong[] = { "", "[]", "{\"curve\":[]}", "{\"curve\":{\"levels\":[\"regret\"],\"samples\":[]}}",
                                         "{\"curve\":{\"levels\":[\"regret\"],\"samples\":[[1],[2,[]],[3,[1]],\"x\",[null,[1,2]]]}}",
                                         "{\"curve\":{\"levels\":[\"<b>\"],\"samples\":[[1,[1,1]]]}}" };
    struct arena a = arena_make(1 << 20);
    struct figures f = two_levels();
    for (size_t i = 0; i < LEN(wrong); i++)
        assert_int_equal(read(&a, &f, wrong[i]).n, 0);
    struct curves v = read(&a, &f, "{\"curve\":{\"levels\":[\"regret\"],\"samples\":[[-5,[-9,-9]],[9223372036854775807,[9223372036854775807,9223372036854775806]]]}}");
    assert_int_equal(v.n, 1);
    assert_in_range(v.item[0].value_y, CURVE_TOP, CURVE_BOTTOM);
    assert_in_range(v.item[0].end_x, CURVE_LEFT, CURVE_RIGHT);
    assert_true(v.item[0].xs <= LEN(v.item[0].x) && v.item[0].ys <= LEN(v.item[0].y));
    arena_free(&a);
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(steps), cmocka_unit_test(lines), cmocka_unit_test(no_plan_yet), cmocka_unit_test(hostile) };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
