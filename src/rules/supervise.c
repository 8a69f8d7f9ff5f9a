/* Loads and suggestions: see supervise.h. */
#include "rules/supervise.h"

static int64_t *load_of(const struct supervise *s, int p, int64_t week)
{
    assert(p >= 0 && p < s->preceptors && week >= 0 && week < s->weeks);
    return &s->load[p * s->weeks + week];
}

static void add(struct supervise *s, const struct supervise_stay *stay, int p)
{
    for (int64_t w = MAX(stay->from, 0); w < MIN(stay->to, s->weeks); w++) {
        int who = s->who[p * s->weeks + w];
        if (who != SUPERVISE_NOBODY)
            ++*load_of(s, who, w);
    }
}

void rules_supervise_load(struct supervise *s, const struct supervise_stay *stay, size_t stays)
{
    assert(s->preceptors >= 0 && s->weeks >= 0);
    memset(s->load, 0, (size_t)s->preceptors * (size_t)s->weeks * sizeof *s->load);
    for (size_t i = 0; i < stays; i++)
        if (stay[i].preceptor != SUPERVISE_NOBODY)
            add(s, &stay[i], stay[i].preceptor);
}

/* Whether p is there in every week of the stay, with room for one more. */
static bool has_room(const struct supervise *s, const struct supervise_stay *stay, int p)
{
    for (int64_t w = MAX(stay->from, 0); w < MIN(stay->to, s->weeks); w++)
        if (s->who[p * s->weeks + w] != p || *load_of(s, p, w) >= s->most[p])
            return false;
    return true;
}

static int64_t student_weeks(const struct supervise *s, int p)
{
    int64_t sum = 0;
    for (int64_t w = 0; w < s->weeks; w++)
        sum += *load_of(s, p, w);
    return sum;
}

void rules_supervise_suggest(struct supervise *s, const struct supervise_stay *stay, size_t stays, int *suggested)
{
    for (size_t i = 0; i < stays; i++) {
        assert(i == 0 || stay[i].from >= stay[i - 1].from);
        suggested[i] = stay[i].preceptor;
        int best = SUPERVISE_NOBODY;
        int64_t best_sum = 0;
        for (int p = 0; p < s->preceptors && suggested[i] == SUPERVISE_NOBODY; p++) {
            if (!has_room(s, &stay[i], p))
                continue;
            int64_t sum = student_weeks(s, p);
            /* sum / most is compared without dividing; the first of equals stays */
            if (best == SUPERVISE_NOBODY || sum * s->most[best] < best_sum * s->most[p]) {
                best = p;
                best_sum = sum;
            }
        }
        if (best == SUPERVISE_NOBODY)
            continue;
        assert(best < s->preceptors && has_room(s, &stay[i], best));
        suggested[i] = best;
        add(s, &stay[i], best);
    }
}

bool rules_supervise_over(const struct supervise *s, int p, int64_t *week)
{
    assert(p >= 0 && p < s->preceptors);
    for (int64_t w = 0; w < s->weeks; w++)
        if (*load_of(s, p, w) > s->most[p]) {
            *week = w;
            return true;
        }
    return false;
}
