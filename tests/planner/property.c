/* Thousands of tiny problems with every rule of the format: the planner and the check against every plan tried.
 * usage: property [COUNT [FIRST_SEED [FOLDER [all]]]]. Deterministic; prints the seed of every failure, and counts by option;
 * problems and plans that fail (or all) are written into FOLDER. */
#include "check/check.h"
#include "forge.h"
#include "part.h"
#include "questions.h"

#include <internbase/planner.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

enum { TRIED_MOST = 40000, BUDGET_TICKS = 100000, CUT_TICKS = 3000, OPEN_PER_THOUSAND = 20, PLANNER_BYTES = 64 << 20, ARENA_BYTES = 256 << 20, BROKEN_MOST = 64, FORGED = 6, WHAT_IF_EVERY = 4 };

static struct {
    size_t problems, invalid, too_many, by_option[OPTIONS];
    size_t optimal, feasible, infeasible, unknown, unknown_infeasible;
    size_t levels, levels_proven, hand, hand_broken, forged, forged_bounds, forged_above_0, changed, changed_accepted, conflicts, minimal, tried_facts, repairs, repair_bounds, repair_bounds_met;
    size_t whole, open; /* runs that were not cut off, those of them that ended without a proof */
    size_t failures;
} sum;

static struct questions asked;

struct one {
    struct tiny t;
    struct arena a;
    struct buf problem, plan;
    struct tiny_truth truth;
    const struct check_problem *checked;
    bool failed;
};

static char now[64]; /* what a crash says */

static void crashed(int signal)
{
    ssize_t said = write(2, now, strlen(now));
    (void)said;
    _exit(128 + signal);
}

static void keep_file(const char *folder, uint64_t seed, const char *what, const struct buf *b)
{
    char path[512];
    snprintf(path, sizeof path, "%s/%llu.%s.json", folder, (unsigned long long)seed, what);
    FILE *f = fopen(path, "wb");
    if (f == NULL || fwrite(b->p, 1, b->n, f) != b->n)
        perror(path);
    if (f != NULL)
        fclose(f);
}

static void __attribute__((format(printf, 2, 3))) fail(struct one *o, const char *fmt, ...)
{
    va_list ap;
    o->failed = true;
    fprintf(stderr, "seed %llu: ", (unsigned long long)o->t.seed);
    va_start(ap, fmt);
    vfprintf(stderr, fmt, ap);
    va_end(ap);
    fputc('\n', stderr);
}

static void show(const struct check_result *r)
{
    for (size_t i = 0; i < MIN(r->n, (size_t)8); i++) {
        const struct check_found *f = &r->found[i];
        fprintf(stderr, "    %s at %.*s student %.*s rotation %.*s department %.*s found %.*s allowed %.*s\n", check_rule_name(f->rule), STR_ARG(f->at),
                STR_ARG(f->student), STR_ARG(f->rotation), STR_ARG(f->department), STR_ARG(f->found_text), STR_ARG(f->allowed_text));
    }
}

static bool into_buf(void *ctx, const char *bytes, size_t n)
{
    struct buf *b = ctx;
    buf_add(b, bytes, n);
    return !b->failed;
}

/* ---- plans made by hand: the check's findings, values and regrets are those of the brute force ----------------------- */

static int who_of(const struct check_found *f)
{
    if (f->rule == CHECK_seats || f->rule == CHECK_quota)
        return f->department.p[1] - '0';
    if (f->rule == CHECK_shared_quota || f->rule == CHECK_together || f->rule == CHECK_apart)
        return f->object.p[f->object.n - 1] - '0';
    return f->student.p[1] - '0';
}

static int by_rule(const void *a, const void *b)
{
    const struct tiny_broken *x = a, *y = b;
    return x->rule != y->rule ? x->rule - y->rule : x->who - y->who;
}

static int sorted(struct tiny_broken *b, int n)
{
    int k = 0;
    qsort(b, (size_t)n, sizeof *b, by_rule);
    for (int i = 0; i < n; i++)
        if (k == 0 || by_rule(&b[k - 1], &b[i]) != 0)
            b[k++] = b[i];
    return k;
}

static void check_hand(struct one *o, struct tiny_stay *stay, int n)
{
    static const char *const students[] = { "s0", "s1", "s2", "s3" }, *const rotations[] = { "r0", "r1", "r2", "r3", "r4" },
                             *const departments[] = { "d0", "d1", "d2", "d3" };
    struct check_placement given[STUDENTS_MOST * STAYS_MOST];
    struct tiny_broken mine[BROKEN_MOST], theirs[400];
    struct check_result r;
    struct check_options options = { .found_most = LEN(theirs) };
    int64_t measure[MEASURE_COUNT], value[LEVELS_MOST];
    date first;
    bool dated = date_parse(STR("2027-03-01"), &first);
    assert(dated);
    for (int i = 0; i < n; i++) {
        tiny_stay_place(&o->t, &stay[i]);
        given[i] = (struct check_placement){ str_of(students[stay[i].student]), str_of(stay[i].rotation == NOTHING ? "old" : rotations[stay[i].rotation]),
                                             str_of(departments[stay[i].department]), first + 7 * stay[i].from, stay[i].weeks };
    }
    int a = sorted(mine, tiny_rules(&o->t, stay, n, mine, BROKEN_MOST));
    enum check_outcome how = check_placements(o->checked, &o->a, given, (size_t)n, &options, &r);
    for (size_t i = 0; i < r.n; i++)
        theirs[i] = (struct tiny_broken){ (int)r.found[i].rule, who_of(&r.found[i]) };
    int b = sorted(theirs, (int)r.n);
    bool same = a == b && (how == CHECK_HOLDS) == (a == 0);
    for (int i = 0; i < a && same; i++)
        same = by_rule(&mine[i], &theirs[i]) == 0;
    sum.hand++;
    sum.hand_broken += a > 0;
    if (!same) {
        fail(o, "findings differ: tried %d, check %d (outcome %d)", a, b, (int)how);
        for (int i = 0; i < a; i++)
            fprintf(stderr, "    tried: %s %d\n", check_rule_name((enum check_rule)mine[i].rule), mine[i].who);
        show(&r);
        return;
    }
    for (int i = 0; i < a; i++) /* what overlaps has no measure */
        if (mine[i].rule == CHECK_overlap || mine[i].rule == CHECK_twice || mine[i].rule == CHECK_horizon || mine[i].rule == CHECK_closed)
            return;
    tiny_measure(&o->t, stay, n, measure);
    tiny_level_values(&o->t, measure, value);
    for (size_t i = 0; i < r.levels; i++)
        if (r.level[i].value != value[i])
            fail(o, "level %zu: tried %lld, check %lld", i, (long long)value[i], (long long)r.level[i].value);
    for (int s = 0; s < o->t.students; s++)
        if (r.receipt[s].regret != tiny_regret(&o->t, stay, n, s))
            fail(o, "regret of student %d: check %lld", s, (long long)r.receipt[s].regret);
}

/* A plan, and the same with placements moved, dropped or doubled. */
static void check_hands(struct one *o)
{
    struct tiny *t = &o->t;
    struct tiny_stay stay[STUDENTS_MOST * STAYS_MOST];
    for (int round = 0; round < 4; round++) {
        int n = o->truth.sample_n;
        memcpy(stay, o->truth.sample, sizeof stay);
        if (o->truth.plans == 0) { /* no plan: anything */
            n = 0;
            for (int s = 0; s < t->students; s++)
                for (int r = 0; r < t->programme[t->student[s].programme].rotations; r++) {
                    const struct tiny_rotation *q = &t->programme[t->student[s].programme].rotation[r];
                    stay[n++] = (struct tiny_stay){ s, r, q->department[0], (int)tiny_random(t, (uint32_t)t->weeks), q->weeks, 0, 0 };
                }
        }
        for (int k = 0; k < round && n > 0; k++) {
            int i = (int)tiny_random(t, (uint32_t)n);
            if (stay[i].rotation == NOTHING)
                continue;
            switch (tiny_random(t, 5)) {
            case 0:
                stay[i] = stay[--n];
                break;
            case 1:
                stay[i].department = (int)tiny_random(t, (uint32_t)t->departments);
                break;
            case 2:
                if (n < STUDENTS_MOST * STAYS_MOST)
                    stay[n++] = stay[i];
                break;
            case 3:
                stay[i].weeks = 1 + (int)tiny_random(t, 3);
                break;
            default:
                stay[i].from = (int)tiny_random(t, (uint32_t)t->weeks);
                break;
            }
        }
        check_hand(o, stay, n);
    }
}

/* ---- the planner's plan ------------------------------------------------------------------------------------------------ */

static enum check_outcome verify(struct one *o, const struct buf *plan, struct check_result *r)
{
    return check_plan(o->checked, &o->a, buf_view(plan), NULL, r);
}

/* Every bound that is claimed or proven is at most the true minimum. */
static void check_bounds(struct one *o, const struct check_result *r, bool claims)
{
    int64_t value[LEVELS_MOST];
    for (size_t i = 0; i < r->levels; i++) {
        const struct check_level *l = &r->level[i];
        int64_t least = tiny_least(&o->t, &o->truth, value, (int)i);
        value[i] = l->value;
        if (claims && l->claims_bound && l->claimed_bound > least)
            fail(o, "level %zu: claimed bound %lld above the minimum %lld", i, (long long)l->claimed_bound, (long long)least);
        if (l->certified && l->bound_is_empty && least != INT64_MAX)
            fail(o, "level %zu: proven empty, but %lld is possible", i, (long long)least);
        if (l->certified && !l->bound_is_empty && l->bound > least)
            fail(o, "level %zu: proven bound %lld above the minimum %lld", i, (long long)l->bound, (long long)least);
    }
}

static struct json *tree_of(struct one *o)
{
    struct json_error e;
    return json_read(&o->a, buf_view(&o->plan), &e);
}

/* Files that say something false are refused. */
static void check_forgeries(struct one *o)
{
    struct check_result r;
    struct buf b = buf_make(1 << 24);
    for (int k = 0; k < FORGERIES; k++) {
        struct json *plan = tree_of(o);
        buf_reset(&b);
        if (!forge_plan(&o->t, plan, (enum forgery)k))
            continue;
        forge_put(&b, plan);
        sum.forged++;
        if (verify(o, &b, &r) != CHECK_BROKEN)
            fail(o, "forgery %d accepted", k);
    }
    for (int k = 0; k < FORGED; k++) {
        struct json *plan = tree_of(o);
        buf_reset(&b);
        if (!forge_proof(&o->t, plan))
            break;
        forge_put(&b, plan);
        sum.changed++;
        sum.changed_accepted += verify(o, &b, &r) == CHECK_HOLDS;
        check_bounds(o, &r, false);
    }
    buf_free(&b);
}

/* Certificates that nobody thought about: whatever they prove is true. */
static void check_made_up(struct one *o)
{
    struct check_result r;
    struct buf b = buf_make(1 << 24), certificate = buf_make(1 << 24);
    for (int k = 0; k < FORGED && o->t.levels > 0; k++) {
        struct json *plan = tree_of(o);
        struct json_error e;
        buf_reset(&b);
        buf_reset(&certificate);
        forge_certificate(&o->t, &certificate);
        struct json *made = json_read(&o->a, buf_view(&certificate), &e), **at = &plan->child;
        if (made == NULL) {
            fail(o, "a made-up certificate is no JSON");
            break;
        }
        while (*at != NULL && !str_is((*at)->key, "certificate"))
            at = &(*at)->next;
        made->key = STR("certificate");
        made->next = *at != NULL ? (*at)->next : NULL;
        *at = made;
        forge_put(&b, plan);
        (void)!verify(o, &b, &r);
        sum.forged_bounds += r.levels;
        for (size_t i = 0; i < r.levels; i++)
            sum.forged_above_0 += r.level[i].certified && r.level[i].bound > 0;
        check_bounds(o, &r, false);
    }
    buf_free(&b);
    buf_free(&certificate);
}

static void check_status(struct one *o, enum internplan_status status, const struct check_result *r)
{
    size_t plans = o->truth.plans;
    if (status == INTERNPLAN_OPTIMAL || status == INTERNPLAN_FEASIBLE) {
        if (plans == 0)
            fail(o, "a plan where none is possible");
        sum.optimal += status == INTERNPLAN_OPTIMAL;
        sum.feasible += status == INTERNPLAN_FEASIBLE;
        sum.levels += r->levels;
        for (size_t i = 0; i < r->levels; i++)
            sum.levels_proven += r->level[i].proven;
        return;
    }
    if (status == INTERNPLAN_INFEASIBLE && plans > 0)
        fail(o, "infeasible, but %zu plans are possible", plans);
    sum.infeasible += status == INTERNPLAN_INFEASIBLE;
    sum.unknown += status == INTERNPLAN_UNKNOWN;
    sum.unknown_infeasible += status == INTERNPLAN_UNKNOWN && plans == 0;
}

/* How many plans P[facts without one] has; -1: not tried. */
static int64_t plans_of(struct one *o, const struct json *facts, int without)
{
    struct tiny part;
    struct tiny_truth truth;
    if (!part_of(&o->t, facts, without, &part))
        return -1;
    tiny_try_all(&part, TRIED_MOST, &truth);
    int64_t plans = truth.too_many ? -1 : (int64_t)truth.plans;
    tiny_truth_free(&truth);
    return plans;
}

/* The facts collide, and without any one of them they don't: by trying every plan. */
static void check_minimal(struct one *o, const struct json *conflict)
{
    const struct json *facts = json_get(conflict, "facts");
    if (plans_of(o, facts, NOTHING) > 0)
        fail(o, "the facts of a conflict do not collide");
    for (int i = 0; json_get(conflict, "minimal")->is_true && i < (int)facts->n; i++) {
        int64_t plans = plans_of(o, facts, i);
        sum.tried_facts += plans >= 0;
        if (plans == 0)
            fail(o, "fact %d of a minimal set is not needed", i);
    }
}

/* A repair's bounds are below what a run to proof of the changed problem comes to, as long as the earlier levels are the same. */
static void check_repair_bounds(struct one *o, const struct json *repair)
{
    struct json_error e;
    const struct json *failed, *problem = json_read(&o->a, buf_view(&o->problem), &e);
    struct json *changed = json_patch(&o->a, problem, json_get(repair, "change"), &failed);
    struct buf b = buf_make(1 << 20);
    struct internplan *p = internplan_new(PLANNER_BYTES);
    struct internplan_options options = internplan_options_default();
    if (changed == NULL) {
        fail(o, "a repair's change can't be applied");
    } else {
        json_put(&b, changed);
        options.budget_ticks = BUDGET_TICKS;
        bool optimal = internplan_load(p, b.p, b.n) == INTERNPLAN_UNKNOWN && internplan_solve(p, &options) == INTERNPLAN_OPTIMAL;
        size_t i = 0;
        for (const struct json *l = json_get(repair, "levels")->child; optimal && l != NULL; l = l->next, i++) {
            struct internplan_level best = internplan_level(p, i);
            sum.repair_bounds++;
            sum.repair_bounds_met += json_get(l, "bound")->number == best.value;
            if (json_get(l, "bound")->number > best.value)
                fail(o, "a repair's bound of level %zu is above the least", i);
            if (json_get(l, "value")->number != best.value)
                break;
        }
    }
    internplan_free(p);
    buf_free(&b);
}

static void count_conflicts(struct one *o)
{
    int n;
    const struct json *plan = tree_of(o), *list = json_get(plan, "conflicts");
    for (const struct json *c = list != NULL ? list->child : NULL; c != NULL; c = c->next) {
        sum.conflicts++;
        check_minimal(o, c);
        sum.minimal += json_get(c, "minimal")->is_true;
    }
    list = json_get(plan, "repairs");
    n = list != NULL ? (int)list->n : 0;
    sum.repairs += (size_t)n;
    for (const struct json *c = list != NULL ? list->child : NULL; c != NULL; c = c->next)
        check_repair_bounds(o, c);
}

static void check_planner(struct one *o, struct internplan *p)
{
    struct internplan_options options = internplan_options_default();
    struct check_result r;
    options.seed = o->t.seed;
    bool cut = o->t.seed % 4 == 0; /* cut off at any point; else it must come to an end */
    options.budget_ticks = cut ? 1 + o->t.seed * 2654435761u % CUT_TICKS : BUDGET_TICKS;
    enum internplan_status status = internplan_solve(p, &options);
    if (status == INTERNPLAN_LIMIT || !internplan_write(p, "sha256:0", into_buf, &o->plan)) {
        fail(o, "the planner ended by status %d", (int)status);
        return;
    }
    enum check_outcome how = verify(o, &o->plan, &r);
    if (how != CHECK_HOLDS) {
        fail(o, "the plan does not pass (outcome %d, %zu findings)", (int)how, r.total);
        show(&r);
    }
    check_status(o, status, &r);
    bool open = status != INTERNPLAN_OPTIMAL && status != INTERNPLAN_INFEASIBLE;
    sum.whole += !cut;
    sum.open += !cut && open;
    if (!cut && open)
        printf("seed %llu does not end: status %d, %zu plans are possible\n", (unsigned long long)o->t.seed, (int)status, o->truth.plans);
    if (status == INTERNPLAN_OPTIMAL || status == INTERNPLAN_FEASIBLE) {
        check_bounds(o, &r, true);
        if (how == CHECK_HOLDS)
            check_forgeries(o);
        check_made_up(o);
    } else if (status == INTERNPLAN_INFEASIBLE) {
        count_conflicts(o);
    }
}

/* ---- one problem ----------------------------------------------------------------------------------------------------------- */

static void make(struct one *o, uint64_t seed)
{
    tiny_make(&o->t, seed);
    if (!tiny_chance(&o->t, 25))
        return;
    tiny_try_all(&o->t, TRIED_MOST, &o->truth);
    if (!o->truth.too_many && o->truth.plans > 0)
        tiny_disturb(&o->t, o->truth.sample, o->truth.sample_n);
    tiny_truth_free(&o->truth);
}

static void run(uint64_t seed, const char *folder, bool keep_all)
{
    struct one o = { .a = arena_make(ARENA_BYTES), .problem = buf_make(1 << 20), .plan = buf_make(1 << 24) };
    struct check_result r;
    buf_reset(&asked.answer);
    snprintf(now, sizeof now, "crashed at seed %llu\n", (unsigned long long)seed);
    make(&o, seed);
    tiny_put(&o.t, &o.problem);
    struct internplan *p = internplan_new(PLANNER_BYTES);
    enum internplan_status loaded = internplan_load(p, o.problem.p, o.problem.n);
    o.checked = check_load(&o.a, buf_view(&o.problem), NULL, &r);
    sum.problems++;
    if ((o.checked != NULL) != (loaded == INTERNPLAN_UNKNOWN)) {
        fail(&o, "the planner and the check read it differently");
        show(&r);
    } else if (o.checked == NULL) {
        sum.invalid++;
    } else {
        tiny_try_all(&o.t, TRIED_MOST, &o.truth);
        if (o.truth.too_many) {
            sum.too_many++;
        } else {
            for (int k = 0; k < OPTIONS; k++)
                sum.by_option[k] += tiny_options(&o.t) >> k & 1;
            check_hands(&o);
            check_planner(&o, p);
            if (!questions_ask(&o.t, p, &o.a, &o.truth, seed % WHAT_IF_EVERY == 0, &asked))
                fail(&o, "%s", asked.fault);
        }
    }
    sum.failures += o.failed;
    if (folder != NULL && (o.failed || (keep_all && o.plan.n > 0))) {
        keep_file(folder, seed, "problem", &o.problem);
        keep_file(folder, seed, "plan", &o.plan);
        if (asked.answer.n > 0)
            keep_file(folder, seed, "whatif", &asked.answer);
    }
    tiny_truth_free(&o.truth);
    internplan_free(p);
    buf_free(&o.problem);
    buf_free(&o.plan);
    arena_free(&o.a);
}

int main(int argc, char **argv)
{
    size_t count = argc > 1 ? strtoul(argv[1], NULL, 10) : 1000;
    uint64_t first = argc > 2 ? strtoull(argv[2], NULL, 10) : 1;
    clock_t begun = clock();
    asked.answer = buf_make(1 << 24);
    signal(SIGABRT, crashed);
    signal(SIGSEGV, crashed);
    for (size_t i = 0; i < count && sum.failures < 20; i++)
        run(first + i, argc > 3 ? argv[3] : NULL, argc > 4 && strcmp(argv[4], "all") == 0);
    printf("%zu problems from seed %llu: %zu with a fault of their own, %zu with too many plans to try\n", sum.problems, (unsigned long long)first,
           sum.invalid, sum.too_many);
    printf("optimal %zu, feasible %zu, infeasible %zu, unknown %zu (of these impossible: %zu); levels proven %zu of %zu\n", sum.optimal, sum.feasible,
           sum.infeasible, sum.unknown, sum.unknown_infeasible, sum.levels_proven, sum.levels);
    printf("not cut off %zu, of these without a proof in the end: %zu\n", sum.whole, sum.open);
    sum.failures += sum.open * 1000 > sum.whole * OPEN_PER_THOUSAND + 1000;
    printf("conflicts %zu, minimal %zu, facts tried without %zu, repairs %zu, their bounds %zu, the least %zu\n", sum.conflicts, sum.minimal, sum.tried_facts, sum.repairs, sum.repair_bounds,
           sum.repair_bounds_met);
    if (sum.tried_facts == 0 && count >= 2000) {
        fprintf(stderr, "no fact of a conflict was tried without\n");
        sum.failures++;
    }
    printf("plans by hand %zu, broken %zu; false files refused %zu; changed proofs %zu, still good %zu; made-up bounds %zu, above 0: %zu\n", sum.hand,
           sum.hand_broken, sum.forged, sum.changed, sum.changed_accepted, sum.forged_bounds, sum.forged_above_0);
    printf("proposals of %zu base plans, several %zu; least change found %zu of %zu; what if %zu: seats %zu, proven %zu, largest %zu, proven %zu\n",
           asked.proposals, asked.several, asked.least, asked.changes, asked.asked, asked.seats, asked.seats_proven, asked.largest,
           asked.largest_proven);
    for (int k = 0; k < OPTIONS; k++) {
        printf("%s%s %zu", k > 0 ? ", " : "", tiny_option_names[k], sum.by_option[k]);
        /* Enough problems that an option which never comes up is a fault of the test. */
        if (sum.by_option[k] == 0 && count >= 2000) {
            fprintf(stderr, "no problem with %s\n", tiny_option_names[k]);
            sum.failures++;
        }
    }
    buf_free(&asked.answer);
    printf("\n%.1f s\n%zu failures\n", (double)(clock() - begun) / CLOCKS_PER_SEC, sum.failures);
    return sum.failures > 0;
}
