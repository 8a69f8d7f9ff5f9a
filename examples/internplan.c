/* Plans a problem file with libinternplan and prints what it found: usage: internplan PROBLEM.json [SECONDS]
 * Build, once the library is installed: cc internplan.c $(pkg-config --cflags --libs internplan) */
#include <internbase/planner.h>

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

enum { MEMORY_BYTES = 512 << 20 };

static double seconds(void *ctx)
{
    struct timespec t;
    (void)ctx;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static void on_progress(void *ctx, const struct internplan_progress *at)
{
    (void)ctx;
    if (at->has_plan && at->level != NULL)
        fprintf(stderr, "%s: %s %lld, at least %lld\n", at->phase, at->level, (long long)at->value, (long long)at->bound);
}

static char *read_all(const char *path, size_t *n)
{
    FILE *f = fopen(path, "rb");
    char *text = NULL;
    if (f != NULL && fseek(f, 0, SEEK_END) == 0) {
        long size = ftell(f);
        rewind(f);
        text = size >= 0 ? malloc((size_t)size + 1) : NULL;
        *n = text != NULL ? fread(text, 1, (size_t)size, f) : 0;
    }
    if (f != NULL)
        fclose(f);
    return text;
}

static int print_errors(const struct internplan *p)
{
    size_t n = internplan_error_count(p);
    for (size_t i = 0; i < n && i < 100; i++) {
        struct internplan_error e = internplan_error(p, i);
        fprintf(stderr, "%s: fault %d: found \"%s\", allowed: %s\n", e.path, (int)e.code, e.found, e.allowed);
    }
    return EXIT_FAILURE;
}

int main(int argc, char **argv)
{
    static const char *const states[] = { "optimal", "feasible", "infeasible", "unknown", "invalid", "limit" };
    struct internplan_options o = internplan_options_default();
    size_t n = 0;
    if (argc < 2)
        return EXIT_FAILURE;
    char *text = read_all(argv[1], &n);
    struct internplan *p = internplan_new(MEMORY_BYTES);
    if (text == NULL || p == NULL)
        return EXIT_FAILURE;
    o.seconds = argc > 2 ? atof(argv[2]) : 10;
    o.clock = seconds;
    o.progress = on_progress;
    enum internplan_status loaded = internplan_load(p, text, n);
    int code = loaded == INTERNPLAN_UNKNOWN ? EXIT_SUCCESS : print_errors(p);
    free(text);
    if (code == EXIT_SUCCESS) {
        printf("%s\n", states[internplan_solve(p, &o)]);
        for (size_t i = 0; i < internplan_level_count(p); i++) {
            struct internplan_level l = internplan_level(p, i);
            printf("%s %lld, proven at least %lld\n", l.name, l.has_value ? (long long)l.value : -1LL, (long long)l.bound);
        }
        for (size_t i = 0; i < internplan_placement_count(p); i++) {
            struct internplan_placement x = internplan_placement(p, i);
            printf("%s %s %s %s %d\n", x.student, x.rotation, x.department, x.from, x.weeks);
        }
    }
    internplan_free(p);
    return code;
}
