/* QR codes: the path holds the three finder patterns, stays inside its quiet zone, and differs with the text. */
#include "print/qr.h"

#include "unit.h"

/* The path's modules as a square of marks. */
static void draw(struct str path, int64_t size, bool *dark)
{
    struct str rest = path;
    while (rest.n > 0) {
        struct str piece = str_cut(&rest, 'z');
        int x, y, run, again;
        char text[64];
        snprintf(text, sizeof text, "%.*s", STR_ARG(piece));
        assert_int_equal(sscanf(text, "M%d %dh%dv1h-%d", &x, &y, &run, &again), 4);
        assert_int_equal(run, again);
        assert_true(x >= 4 && y >= 4 && x + run <= size - 4 && y < size - 4); /* nothing in the quiet zone */
        for (int i = 0; i < run; i++) {
            assert_false(dark[y * size + x + i]); /* no module twice */
            dark[y * size + x + i] = true;
        }
    }
}

static void finder_at(const bool *dark, int64_t size, int64_t x, int64_t y)
{
    for (int64_t i = 0; i < 7; i++)
        for (int64_t k = 0; k < 7; k++) {
            bool ring = i == 0 || k == 0 || i == 6 || k == 6, core = i >= 2 && i <= 4 && k >= 2 && k <= 4;
            assert_int_equal(dark[(y + i) * size + x + k], ring || core);
        }
}

static void codes(void **state)
{
    (void)state;
    struct arena a = arena_make(8 << 20);
    struct str one, other, none;
    int64_t size = print_qr(&a, STR("https://base.example/link/0123456789abcdef"), &one);
    assert_in_range(size, 21 + 8, 177 + 8);
    bool *dark = ARENA_ARRAY(&a, size * size, bool);
    draw(one, size, dark);
    finder_at(dark, size, 4, 4);
    finder_at(dark, size, size - 11, 4);
    finder_at(dark, size, 4, size - 11);
    assert_int_equal(print_qr(&a, STR("https://base.example/link/0123456789abcdee"), &other), size);
    assert_false(str_eq(one, other));
    char *long_text = arena_alloc(&a, 4001);
    memset(long_text, 'x', 4000);
    assert_int_equal(print_qr(&a, str_of(long_text), &none), 0);
    assert_int_equal(none.n, 0);
    arena_free(&a);
}

int main(void)
{
    static const struct CMUnitTest tests[] = { cmocka_unit_test(codes) };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
