/* The name of a conflict's cause: the first that holds. See conflict.h. */
#include "check/conflict.h"

static bool has_kind(const struct fact *fact, int count, enum fact_kind kind)
{
    for (int i = 0; i < count; i++)
        if (fact[i].kind == kind)
            return true;
    return false;
}

/* Whether a week counts: those that the problem closes have no seats for anybody, whether F names them or not. */
static bool counted(const struct model *m, const struct source *whole, int32_t t)
{
    return !whole->closed[m->week_of[t]];
}

static bool limited(const struct model *m, const struct source *whole, int department)
{
    for (int32_t t = 0; t < m->open; t++)
        if (counted(m, whole, t) && m->cap[check_cell(m, department, t)] == NO_LIMIT)
            return false;
    return true;
}

/* Of the departments that F limits in every week that counts: whether what is required in them, and in no other, is more
 * than all their seats. */
static bool counting_fails(const struct model *m, const struct source *whole)
{
    const struct source *s = m->s;
    int64_t seats = 0, weeks = 0;
    for (int d = 0; d < s->departments; d++) {
        bool counts = limited(m, whole, d);
        for (int32_t t = 0; t < m->open && counts; t++)
            seats += counted(m, whole, t) ? m->cap[check_cell(m, d, t)] : 0;
    }
    for (int i = 0; i < s->students; i++) {
        const struct programme *g = &s->programme[s->student[i].programme];
        int64_t short_of[ROTATIONS_MOST];
        for (int r = 0; r < g->rotations; r++) {
            bool all = true;
            for (int k = 0; k < g->rotation[r].departments; k++)
                all = all && limited(m, whole, g->rotation[r].department[k]);
            short_of[r] = all && (s->student[i].does >> r & 1) != 0 ? g->rotation[r].weeks : 0;
            weeks += g->rotation[r].choice == NONE ? short_of[r] : 0;
        }
        for (int h = 0; h < g->choices; h++) {
            if ((s->student[i].picks >> h & 1) == 0)
                continue;
            int must = g->choice[h].pick; /* picks that can't go elsewhere */
            for (int r = 0; r < g->rotations; r++)
                must -= g->rotation[r].choice == h && short_of[r] == 0;
            for (; must > 0; must--) {
                int best = NONE;
                for (int r = 0; r < g->rotations; r++)
                    if (g->rotation[r].choice == h && short_of[r] > 0 && (best == NONE || short_of[r] < short_of[best]))
                        best = r;
                if (best == NONE)
                    break;
                weeks += short_of[best];
                short_of[best] = 0;
            }
        }
    }
    return weeks > seats;
}

/* Rotations of a programme that stand in an order or window fact. */
static uint64_t ordered_rotations(const struct source *s, const struct fact *fact, int count, int programme)
{
    uint64_t set = 0;
    const struct programme *g = &s->programme[programme];
    for (int i = 0; i < count; i++) {
        if (fact[i].programme != programme)
            continue;
        if (fact[i].kind == FACT_ORDER)
            set |= UINT64_C(1) << g->order[fact[i].index].before | UINT64_C(1) << g->order[fact[i].index].after;
        if (fact[i].kind == FACT_EARLIEST || fact[i].kind == FACT_LATEST_END)
            set |= UINT64_C(1) << fact[i].rotation;
    }
    return set;
}

/* Somebody must do two or more rotations, of which one at least is free of orders and windows. */
static bool nobody_has_slack(const struct source *pf, const struct fact *fact, int count)
{
    for (int i = 0; i < pf->students; i++) {
        const struct student *t = &pf->student[i];
        const struct programme *g = &pf->programme[t->programme];
        uint64_t ordered = ordered_rotations(pf, fact, count, t->programme);
        int required = 0;
        bool loose = false;
        for (int r = 0; r < g->rotations; r++)
            if (g->rotation[r].choice == NONE && (t->does >> r & 1) != 0) {
                required++;
                loose = loose || (ordered >> r & 1) == 0;
            }
        for (int h = 0; h < g->choices; h++)
            if ((t->picks >> h & 1) != 0 && g->choice[h].pick > 0) {
                required += g->choice[h].pick;
                loose = loose || (g->choice[h].of & ordered) == 0; /* a choice stands in an order as soon as one of it does */
            }
        if (required >= 2 && loose)
            return true;
    }
    return false;
}

const char *check_cause(const struct model *m, const struct source *whole, const struct fact *fact, int count, bool personal)
{
    const struct source *pf = m->s;
    bool ratio = false;
    assert(pf->weeks == whole->weeks && pf->students == whole->students);
    for (int i = 0; i < count; i++)
        ratio = ratio || fact[i].because == CHECK_BECAUSE_PRECEPTORS;
    if (personal)
        return "personal";
    if (has_kind(fact, count, FACT_PAIR))
        return "group";
    if (has_kind(fact, count, FACT_FIXED) || has_kind(fact, count, FACT_FREEZE))
        return "fixed";
    if (has_kind(fact, count, FACT_QUOTA) || has_kind(fact, count, FACT_SHARED_QUOTA))
        return "quota";
    if (ratio)
        return "ratio";
    if (counting_fails(m, whole))
        return "count";
    if (nobody_has_slack(pf, fact, count))
        return "no_slack";
    bool order = has_kind(fact, count, FACT_ORDER) || has_kind(fact, count, FACT_EARLIEST) || has_kind(fact, count, FACT_LATEST_END);
    return order ? "order" : "fragmentation";
}
