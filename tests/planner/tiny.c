/* Tiny problems: made from a seed, written as problem files. See tiny.h. */
#include "tiny.h"

const char *const tiny_option_names[OPTIONS] = {
#define OPTION(name) #name,
#include "options.def"
#undef OPTION
};

/* xorshift64*, after G. Marsaglia and S. Vigna. */
uint32_t tiny_random(struct tiny *t, uint32_t below)
{
    t->random ^= t->random >> 12;
    t->random ^= t->random << 25;
    t->random ^= t->random >> 27;
    return (uint32_t)((t->random * 2685821657736338717u >> 33) % below);
}

bool tiny_chance(struct tiny *t, uint32_t percent)
{
    return tiny_random(t, 100) < percent;
}

static int between(struct tiny *t, int least, int most)
{
    return least + (int)tiny_random(t, (uint32_t)(most - least + 1));
}

static void make_weeks(struct tiny *t)
{
    t->weeks = between(t, 4, 8);
    t->span_closed = tiny_chance(t, 60);
    for (int w = 0; w < t->weeks; w++)
        t->closed[w] = tiny_chance(t, 8) && t->weeks > 4;
    for (int w = 0; w < t->weeks; w++)
        if (!t->closed[w])
            t->open_week[t->open++] = w;
}

static void make_departments(struct tiny *t)
{
    t->sites = tiny_chance(t, 40) ? between(t, 1, 2) : 0;
    t->departments = between(t, 2, 4);
    for (int d = 0; d < t->departments; d++) {
        struct tiny_department *p = &t->department[d];
        *p = (struct tiny_department){ .site = t->sites > 0 && tiny_chance(t, 80) ? between(t, 0, t->sites - 1) : NOTHING,
                                       .capacity = between(t, 1, 2), .limit = tiny_chance(t, 12) ? between(t, 1, 3) : NOTHING,
                                       .minimum = tiny_chance(t, 10) ? 1 : 0 };
        p->exceptions = tiny_chance(t, 25) ? between(t, 1, 2) : 0;
        for (int i = 0; i < p->exceptions; i++)
            p->exception[i] = (struct tiny_exception){ between(t, -1, t->weeks - 1), between(t, 1, 3), tiny_chance(t, 70) ? between(t, 0, 2) : NOTHING,
                                                       tiny_chance(t, 30) ? between(t, 0, 2) : NOTHING, tiny_chance(t, 20) ? between(t, 0, 2) : NOTHING };
        p->quotas = tiny_chance(t, 15) ? between(t, 1, 2) : 0;
        for (int i = 0; i < p->quotas; i++)
            p->quota[i] = (struct tiny_quota){ between(t, 0, 1), between(t, 0, 1), tiny_chance(t, 40), 0, WEEKS_MOST, 1u << d };
    }
}

static void make_rotations(struct tiny *t, struct tiny_programme *g)
{
    g->rotations = between(t, 1, 4);
    for (int r = 0; r < g->rotations; r++) {
        struct tiny_rotation *q = &g->rotation[r];
        *q = (struct tiny_rotation){ .weeks = between(t, 1, tiny_chance(t, 20) ? 3 : 2), .earliest = NOTHING, .latest_end = NOTHING };
        unsigned used = 0;
        q->departments = tiny_chance(t, 35) ? 2 : 1;
        for (int i = 0; i < q->departments; i++) {
            do
                q->department[i] = between(t, 0, t->departments - 1);
            while ((used >> q->department[i] & 1) != 0);
            used |= 1u << q->department[i];
        }
        if (tiny_chance(t, 10))
            q->earliest = between(t, 0, 3);
        if (tiny_chance(t, 10))
            q->latest_end = between(t, t->weeks - 3, t->weeks);
    }
}

static void make_programmes(struct tiny *t)
{
    t->programmes = tiny_chance(t, 30) ? 2 : 1;
    for (int i = 0; i < t->programmes; i++) {
        struct tiny_programme *g = &t->programme[i];
        g->max_consecutive = g->site_limit = NOTHING;
        make_rotations(t, g);
        if (g->rotations >= 2 && tiny_chance(t, 30)) {
            for (int r = 0; r < g->rotations; r++)
                g->choice |= tiny_chance(t, 70) ? 1u << r : 0;
            int n = __builtin_popcount(g->choice);
            g->pick = n > 0 ? between(t, tiny_chance(t, 10) ? 0 : 1, MIN(n, 2)) : 0;
        }
        g->orders = g->rotations >= 2 && tiny_chance(t, 30) ? between(t, 1, 2) : 0;
        for (int k = 0; k < g->orders; k++) {
            struct tiny_order *o = &g->order[k];
            o->before = between(t, 0, g->rotations - 1);
            o->after = (o->before + between(t, 1, g->rotations - 1)) % g->rotations;
            o->min_gap = tiny_chance(t, 30) ? between(t, 0, 2) : 0;
            o->max_gap = tiny_chance(t, 30) ? o->min_gap + between(t, 0, 2) : NOTHING;
            o->requires = tiny_chance(t, 60);
        }
        if (tiny_chance(t, 12))
            g->max_consecutive = between(t, 1, 4);
        g->free_forbidden = tiny_chance(t, 12);
        if (tiny_chance(t, 12))
            g->site_limit = between(t, 1, 2);
    }
}

static void make_wish(struct tiny *t, const struct tiny_programme *g, struct tiny_wish *w)
{
    *w = (struct tiny_wish){ .kind = (enum tiny_wish_kind)between(t, 0, 3), .rotation = between(t, 0, g->rotations - 1), .weight = between(t, 1, 3) };
    if (w->kind == TINY_CHOICE && g->choice == 0)
        w->kind = TINY_DEPARTMENTS;
    unsigned used = 0;
    int most = w->kind == TINY_CHOICE ? g->rotations : t->departments;
    for (int i = between(t, 1, most); i > 0; i--) {
        int item = between(t, 0, most - 1);
        if ((used >> item & 1) != 0 || (w->kind == TINY_CHOICE && (g->choice >> item & 1) == 0))
            continue;
        used |= 1u << item;
        w->item[w->items++] = item;
    }
    if (w->items == 0)
        w->item[w->items++] = w->kind == TINY_CHOICE ? __builtin_ctz(g->choice) : 0;
    w->from = between(t, 0, t->weeks - 1);
    w->until = w->from + between(t, 1, 4);
}

/* Placements of a fixed one that keep to itself; what does not is a fault and tested elsewhere. */
static void make_fixed(struct tiny *t, int s)
{
    struct tiny_student *p = &t->student[s];
    const struct tiny_programme *g = &t->programme[p->programme];
    int r = between(t, 0, g->rotations - 1), from = t->open_week[between(t, 0, t->open - 1)];
    struct tiny_stay x = { s, r, g->rotation[r].department[between(t, 0, g->rotation[r].departments - 1)], from, g->rotation[r].weeks, 0, 0 };
    p->fixed[p->fixeds++] = x;
}

static void make_students(struct tiny *t)
{
    t->students = between(t, 1, tiny_chance(t, 25) ? 4 : 3);
    for (int s = 0; s < t->students; s++) {
        struct tiny_student *p = &t->student[s];
        *p = (struct tiny_student){ .programme = between(t, 0, t->programmes - 1), .groups = tiny_random(t, 4), .enter_from = NOTHING };
        if (tiny_chance(t, 15)) {
            p->away_from = between(t, -1, t->weeks - 1);
            p->away_weeks = between(t, 1, 2);
        }
        if (tiny_chance(t, 12)) {
            p->enter_from = between(t, 0, 3);
            p->enter_department = tiny_chance(t, 40) ? NOTHING : between(t, 0, t->departments - 1);
        }
        if (tiny_chance(t, 10))
            make_fixed(t, s);
        p->wishes = tiny_chance(t, 60) ? between(t, 1, 2) : 0;
        for (int k = 0; k < p->wishes; k++)
            make_wish(t, &t->programme[p->programme], &p->wish[k]);
        p->dislike_travel = tiny_chance(t, 15) ? between(t, 1, 2) : 0;
        p->dislike_waiting = tiny_chance(t, 15) ? between(t, 1, 2) : 0;
        p->burden = tiny_chance(t, 15) ? between(t, 1, 3) : 0;
    }
}

static void make_pairs(struct tiny *t)
{
    t->pairs = t->students >= 2 && tiny_chance(t, 30) ? between(t, 1, 2) : 0;
    for (int i = 0; i < t->pairs; i++) {
        struct tiny_pair *p = &t->pair[i];
        p->apart = tiny_chance(t, 50);
        for (int s = 0; s < t->students; s++)
            if (tiny_chance(t, 70) && (p->apart || p->students == 0 || t->student[s].programme == t->student[p->student[0]].programme))
                p->student[p->students++] = s;
        if (p->students < 2) {
            t->pairs = i;
            return;
        }
        const struct tiny_programme *g = &t->programme[t->student[p->student[0]].programme];
        for (int r = 0; r < g->rotations && tiny_chance(t, 50); r++)
            p->rotations |= 1u << between(t, 0, g->rotations - 1);
    }
}

static void make_levels(struct tiny *t)
{
    t->allow_unplaced = tiny_chance(t, 20);
    t->shareds = tiny_chance(t, 15) ? 1 : 0;
    for (int i = 0; i < t->shareds; i++) {
        struct tiny_quota *q = &t->shared[i];
        *q = (struct tiny_quota){ tiny_chance(t, 50) ? between(t, 0, 1) : NOTHING, between(t, 1, 2), false, between(t, -1, t->weeks - 2),
                                  between(t, 1, 6), (1u << between(t, 0, t->departments - 1)) | (1u << between(t, 0, t->departments - 1)) };
        q->is_not = q->group != NOTHING && tiny_chance(t, 40);
    }
    t->says_levels = tiny_chance(t, 45);
    unsigned used = 0;
    for (int i = t->says_levels ? between(t, 1, 4) : 0; i > 0; i--) {
        struct tiny_level *v = &t->level[t->levels];
        *v = (struct tiny_level){ .weighted = tiny_chance(t, 25) };
        int m = between(t, 0, MEASURE_COUNT - 1);
        if (v->weighted)
            for (int k = 0; k < MEASURE_COUNT; k++)
                v->weight[k] = tiny_chance(t, 35) ? between(t, 0, 3) : 0;
        else if ((used >> m & 1) != 0)
            continue;
        else
            v->weight[m] = 1;
        used |= v->weighted ? 0 : 1u << m;
        t->levels++;
    }
}

enum { UNPLACED, CHANGES, UNDERSTAFFED, WORST, REGRET, TRAVEL, SMOOTH, WAITING };

/* What the format does where a problem lists no levels. */
static void default_levels(struct tiny *t)
{
    bool minimum = false, wish = false;
    for (int d = 0; d < t->departments; d++) {
        minimum = minimum || t->department[d].minimum > 0;
        for (int i = 0; i < t->department[d].exceptions; i++)
            minimum = minimum || t->department[d].exception[i].minimum > 0;
    }
    for (int s = 0; s < t->students; s++) {
        const struct tiny_student *p = &t->student[s];
        wish = wish || p->wishes > 0 || p->dislike_travel > 0 || p->dislike_waiting > 0 || p->burden > 0;
    }
    const bool wanted[MEASURE_COUNT] = { t->allow_unplaced, t->has_base, minimum, wish, wish, t->sites >= 2, false, false };
    t->levels = 0;
    for (int m = 0; m < MEASURE_COUNT && t->levels < LEVELS_MOST; m++)
        if (wanted[m]) {
            t->level[t->levels] = (struct tiny_level){ 0 };
            t->level[t->levels++].weight[m] = 1;
        }
}

void tiny_make(struct tiny *t, uint64_t seed)
{
    *t = (struct tiny){ .seed = seed, .random = seed * 0x9E3779B97F4A7C15u + 0x1234567 };
    for (int i = 0; i < 8; i++)
        (void)tiny_random(t, 2);
    make_weeks(t);
    make_departments(t);
    make_programmes(t);
    make_students(t);
    make_pairs(t);
    make_levels(t);
    if (!t->says_levels)
        default_levels(t);
}

void tiny_disturb(struct tiny *t, const struct tiny_stay *base, int n)
{
    t->has_base = true;
    t->freeze = between(t, 0, t->weeks - 1);
    t->bases = n;
    for (int i = 0; i < n; i++)
        t->base[i] = base[i];
    int s = between(t, 0, t->students - 1), d = between(t, 0, t->departments - 1);
    struct tiny_student *p = &t->student[s];
    if (tiny_chance(t, 40)) {
        p->away_from = between(t, t->freeze, t->weeks - 1);
        p->away_weeks = between(t, 1, 2);
        p->fixeds = 0;
    }
    if (tiny_chance(t, 40) && t->department[d].exceptions < LIST_MOST)
        t->department[d].exception[t->department[d].exceptions++] =
            (struct tiny_exception){ t->freeze, between(t, 1, 2), between(t, 0, 1), NOTHING, NOTHING };
    /* Somebody failed a rotation before the freeze date: it stays where it was, by a name of its own, and is to be done again. */
    for (int i = 0; i < t->bases; i++)
        if (t->base[i].from < t->freeze && t->base[i].rotation != NOTHING && tiny_chance(t, 12)) {
            t->base[i].rotation = NOTHING;
            break;
        }
    if (!t->says_levels)
        default_levels(t);
}

/* ---- the file ------------------------------------------------------------------------------------------------------ */

static const char *const measures[MEASURE_COUNT] = { "unplaced", "changes", "understaffed", "worst", "regret", "travel", "smooth", "waiting" };

/* 2027-03-01 and the weeks around it. */
static const char *monday(int week)
{
    static const char *const days[] = { "2027-02-08", "2027-02-15", "2027-02-22", "2027-03-01", "2027-03-08", "2027-03-15", "2027-03-22",
                                        "2027-03-29", "2027-04-05", "2027-04-12", "2027-04-19", "2027-04-26", "2027-05-03", "2027-05-10",
                                        "2027-05-17" };
    assert(week >= -3 && week + 3 < (int)LEN(days));
    return days[week + 3];
}

static const char *comma(int i)
{
    return i > 0 ? "," : "";
}

static void put_quota(struct buf *b, const struct tiny_quota *q)
{
    if (q->group != NOTHING)
        buf_printf(b, "\"%s\":\"g%d\",", q->is_not ? "not" : "group", q->group);
    buf_printf(b, "\"capacity\":%d", q->capacity);
}

static void put_departments(const struct tiny *t, struct buf *b)
{
    if (t->sites > 0) {
        buf_z(b, ",\"sites\":[");
        for (int i = 0; i < t->sites; i++)
            buf_printf(b, "%s{\"id\":\"site%d\"}", comma(i), i);
        buf_z(b, "]");
    }
    buf_z(b, ",\n\"departments\":[");
    for (int d = 0; d < t->departments; d++) {
        const struct tiny_department *p = &t->department[d];
        buf_printf(b, "%s{\"id\":\"d%d\",\"capacity\":%d", comma(d), d, p->capacity);
        if (p->site != NOTHING)
            buf_printf(b, ",\"site\":\"site%d\"", p->site);
        if (p->limit != NOTHING)
            buf_printf(b, ",\"limits\":[{\"because\":\"preceptors\",\"capacity\":%d}]", p->limit);
        if (p->minimum > 0)
            buf_printf(b, ",\"minimum\":%d", p->minimum);
        buf_z(b, ",\"exceptions\":[");
        for (int i = 0; i < p->exceptions; i++) {
            const struct tiny_exception *x = &p->exception[i];
            buf_printf(b, "%s{\"from\":\"%s\",\"weeks\":%d", comma(i), monday(x->from), x->weeks);
            if (x->capacity != NOTHING)
                buf_printf(b, ",\"capacity\":%d", x->capacity);
            if (x->limit != NOTHING)
                buf_printf(b, ",\"limits\":[{\"because\":\"clause\",\"capacity\":%d}]", x->limit);
            if (x->minimum != NOTHING)
                buf_printf(b, ",\"minimum\":%d", x->minimum);
            buf_z(b, "}");
        }
        buf_z(b, "],\"quotas\":[");
        for (int i = 0; i < p->quotas; i++) {
            buf_printf(b, "%s{", comma(i));
            put_quota(b, &p->quota[i]);
            buf_z(b, "}");
        }
        buf_z(b, "]}");
    }
    buf_z(b, "]");
}

static void put_set(struct buf *b, const char *prefix, unsigned set)
{
    bool first = true;
    for (int i = 0; i < 32; i++)
        if ((set >> i & 1) != 0) {
            buf_printf(b, "%s\"%s%d\"", first ? "" : ",", prefix, i);
            first = false;
        }
}

static void put_programmes(const struct tiny *t, struct buf *b)
{
    buf_z(b, ",\n\"programmes\":[");
    for (int g = 0; g < t->programmes; g++) {
        const struct tiny_programme *p = &t->programme[g];
        buf_printf(b, "%s{\"id\":\"p%d\",\"rotations\":[", comma(g), g);
        for (int r = 0; r < p->rotations; r++) {
            const struct tiny_rotation *q = &p->rotation[r];
            buf_printf(b, "%s{\"id\":\"r%d\",\"departments\":[", comma(r), r);
            for (int i = 0; i < q->departments; i++)
                buf_printf(b, "%s\"d%d\"", comma(i), q->department[i]);
            buf_printf(b, "],\"weeks\":%d", q->weeks);
            if (q->earliest != NOTHING)
                buf_printf(b, ",\"earliest\":\"%s\"", monday(q->earliest));
            if (q->latest_end != NOTHING)
                buf_printf(b, ",\"latest_end\":\"%s\"", monday(q->latest_end));
            buf_z(b, "}");
        }
        buf_z(b, "]");
        if (p->choice != 0) {
            buf_printf(b, ",\"choices\":[{\"id\":\"c\",\"pick\":%d,\"of\":[", p->pick);
            put_set(b, "r", p->choice);
            buf_z(b, "]}]");
        }
        buf_z(b, ",\"orders\":[");
        for (int k = 0; k < p->orders; k++) {
            const struct tiny_order *o = &p->order[k];
            buf_printf(b, "%s{\"before\":\"r%d\",\"after\":\"r%d\",\"min_gap\":%d", comma(k), o->before, o->after, o->min_gap);
            if (o->max_gap != NOTHING)
                buf_printf(b, ",\"max_gap\":%d", o->max_gap);
            buf_printf(b, ",\"requires\":%s}", o->requires ? "true" : "false");
        }
        buf_printf(b, "],\"free_weeks\":\"%s\"", p->free_forbidden ? "forbidden" : "allowed");
        if (p->max_consecutive != NOTHING)
            buf_printf(b, ",\"max_consecutive\":%d", p->max_consecutive);
        if (p->site_limit != NOTHING)
            buf_printf(b, ",\"site_limit\":%d", p->site_limit);
        buf_z(b, "}");
    }
    buf_z(b, "]");
}

static void put_wish(struct buf *b, const struct tiny_wish *w)
{
    buf_z(b, "{");
    if (w->kind == TINY_CHOICE)
        buf_z(b, "\"choice\":\"c\",\"rotations\":[");
    else
        buf_printf(b, "\"rotation\":\"r%d\",", w->rotation);
    if (w->kind == TINY_DEPARTMENTS)
        buf_z(b, "\"departments\":[");
    if (w->kind == TINY_WINDOW)
        buf_printf(b, "\"window\":{\"from\":\"%s\",\"until\":\"%s\"},\"weight\":%d}", monday(w->from), monday(w->until), w->weight);
    if (w->kind == TINY_COSTS)
        buf_z(b, "\"costs\":{");
    for (int i = 0; w->kind != TINY_WINDOW && i < w->items; i++) {
        buf_printf(b, "%s\"%s%d\"", comma(i), w->kind == TINY_CHOICE ? "r" : "d", w->item[i]);
        if (w->kind == TINY_COSTS)
            buf_printf(b, ":%d", (i + 1) * w->weight);
    }
    if (w->kind == TINY_COSTS)
        buf_z(b, "}}");
    else if (w->kind != TINY_WINDOW)
        buf_printf(b, "],\"weight\":%d}", w->weight);
}

static void put_students(const struct tiny *t, struct buf *b)
{
    buf_z(b, ",\n\"students\":[");
    for (int s = 0; s < t->students; s++) {
        const struct tiny_student *p = &t->student[s];
        buf_printf(b, "%s{\"id\":\"s%d\",\"programme\":\"p%d\",\"groups\":[", comma(s), s, p->programme);
        put_set(b, "g", p->groups);
        buf_z(b, "]");
        if (p->away_weeks > 0)
            buf_printf(b, ",\"away\":[{\"from\":\"%s\",\"weeks\":%d}]", monday(p->away_from), p->away_weeks);
        if (p->enter_from != NOTHING && p->enter_department == NOTHING)
            buf_printf(b, ",\"enter\":[{\"department\":\"*\",\"from\":\"%s\"}]", monday(p->enter_from));
        if (p->enter_from != NOTHING && p->enter_department != NOTHING)
            buf_printf(b, ",\"enter\":[{\"department\":\"d%d\",\"from\":\"%s\"}]", p->enter_department, monday(p->enter_from));
        buf_z(b, ",\"fixed\":[");
        for (int i = 0; i < p->fixeds; i++)
            buf_printf(b, "%s{\"rotation\":\"r%d\",\"department\":\"d%d\",\"from\":\"%s\"}", comma(i), p->fixed[i].rotation, p->fixed[i].department,
                       monday(p->fixed[i].from));
        buf_z(b, "],\"wishes\":[");
        for (int k = 0; k < p->wishes; k++) {
            buf_z(b, comma(k));
            put_wish(b, &p->wish[k]);
        }
        buf_printf(b, "],\"dislikes\":{\"travel\":%d,\"waiting\":%d},\"burden\":%d}", p->dislike_travel, p->dislike_waiting, p->burden);
    }
    buf_z(b, "]");
}

static void put_pairs(const struct tiny *t, struct buf *b)
{
    buf_z(b, ",\n\"pairs\":[");
    for (int i = 0; i < t->pairs; i++) {
        const struct tiny_pair *p = &t->pair[i];
        buf_printf(b, "%s{\"students\":[", comma(i));
        for (int k = 0; k < p->students; k++)
            buf_printf(b, "%s\"s%d\"", comma(k), p->student[k]);
        buf_printf(b, "],\"kind\":\"%s\"", p->apart ? "apart" : "together");
        if (p->rotations != 0) {
            buf_z(b, ",\"rotations\":[");
            put_set(b, "r", p->rotations);
            buf_z(b, "]");
        }
        buf_z(b, "}");
    }
    buf_z(b, "]");
}

static void put_base(const struct tiny *t, struct buf *b)
{
    if (!t->has_base)
        return;
    buf_printf(b, ",\n\"base_plan\":{\"freeze\":\"%s\",\"placements\":[", monday(t->freeze));
    for (int i = 0; i < t->bases; i++) {
        const struct tiny_stay *x = &t->base[i];
        buf_printf(b, "%s{\"student\":\"s%d\",\"rotation\":\"", comma(i), x->student);
        if (x->rotation == NOTHING)
            buf_z(b, "old");
        else
            buf_printf(b, "r%d", x->rotation);
        buf_printf(b, "\",\"department\":\"d%d\",\"from\":\"%s\",\"weeks\":%d}", x->department, monday(x->from), x->weeks);
    }
    buf_z(b, "]}");
}

static void put_levels(const struct tiny *t, struct buf *b)
{
    if (t->allow_unplaced)
        buf_z(b, ",\n\"allow_unplaced\":true");
    buf_z(b, ",\n\"shared_quotas\":[");
    for (int i = 0; i < t->shareds; i++) {
        buf_printf(b, "%s{\"departments\":[", comma(i));
        put_set(b, "d", t->shared[i].departments);
        buf_printf(b, "],\"from\":\"%s\",\"weeks\":%d,", monday(t->shared[i].from), t->shared[i].weeks);
        put_quota(b, &t->shared[i]);
        buf_z(b, "}");
    }
    buf_z(b, "]");
    if (!t->says_levels)
        return;
    buf_z(b, ",\n\"levels\":[");
    for (int i = 0; i < t->levels; i++) {
        const struct tiny_level *v = &t->level[i];
        buf_z(b, comma(i));
        if (v->weighted)
            buf_printf(b, "{\"name\":\"w%d\",\"weights\":{", i);
        bool first = true;
        for (int m = 0; m < MEASURE_COUNT; m++) {
            if (v->weight[m] == 0 && !(v->weighted && m == 0))
                continue;
            buf_printf(b, v->weighted ? "%s\"%s\":%d" : "%s\"%s\"", first ? "" : ",", measures[m], v->weight[m]);
            first = false;
        }
        buf_z(b, v->weighted ? "}}" : "");
    }
    buf_z(b, "]");
}

void tiny_put(const struct tiny *t, struct buf *b)
{
    buf_printf(b, "{\"format\":\"internbase.problem/1\",\"title\":\"seed %llu\",\n\"weeks\":{\"first\":\"%s\",\"count\":%d,\"closed\":[",
               (unsigned long long)t->seed, monday(0), t->weeks);
    bool first = true;
    for (int w = 0; w < t->weeks; w++)
        if (t->closed[w]) {
            buf_printf(b, "%s\"%s\"", first ? "" : ",", monday(w));
            first = false;
        }
    buf_printf(b, "],\"span_closed\":%s}", t->span_closed ? "true" : "false");
    put_departments(t, b);
    put_programmes(t, b);
    put_students(t, b);
    put_pairs(t, b);
    put_base(t, b);
    put_levels(t, b);
    buf_z(b, "}\n");
}

/* ---- what it uses -------------------------------------------------------------------------------------------------- */

static uint64_t bit(bool uses, enum tiny_option o)
{
    return uses ? UINT64_C(1) << o : 0;
}

static uint64_t options_of_shape(const struct tiny *t)
{
    uint64_t o = bit(t->open < t->weeks && t->span_closed, OPTION_closed_spanned) | bit(t->open < t->weeks && !t->span_closed, OPTION_closed_not_spanned) |
                 bit(t->programmes > 1, OPTION_two_programmes) | bit(t->shareds > 0, OPTION_shared_quota);
    for (int d = 0; d < t->departments; d++) {
        const struct tiny_department *p = &t->department[d];
        o |= bit(p->limit != NOTHING, OPTION_limits_in_parts) | bit(p->minimum > 0, OPTION_minimum);
        for (int i = 0; i < p->exceptions; i++)
            o |= bit(p->exception[i].capacity != NOTHING, OPTION_exception_capacity) | bit(p->exception[i].limit != NOTHING, OPTION_exception_limits) |
                 bit(p->exception[i].minimum != NOTHING, OPTION_exception_minimum);
        for (int i = 0; i < p->quotas; i++)
            o |= bit(!p->quota[i].is_not, OPTION_quota_group) | bit(p->quota[i].is_not, OPTION_quota_not);
    }
    for (int g = 0; g < t->programmes; g++) {
        const struct tiny_programme *p = &t->programme[g];
        o |= bit(p->choice != 0, OPTION_electives) | bit(p->max_consecutive != NOTHING, OPTION_max_consecutive) |
             bit(p->free_forbidden, OPTION_free_weeks_forbidden) | bit(p->site_limit != NOTHING, OPTION_site_limit);
        for (int r = 0; r < p->rotations; r++)
            o |= bit(p->rotation[r].departments > 1, OPTION_several_departments) |
                 bit(p->rotation[r].earliest != NOTHING || p->rotation[r].latest_end != NOTHING, OPTION_window);
        for (int k = 0; k < p->orders; k++)
            o |= bit(true, OPTION_order) | bit(p->order[k].min_gap > 0 || p->order[k].max_gap != NOTHING, OPTION_gap) |
                 bit(!p->order[k].requires, OPTION_order_without_requires);
    }
    return o;
}

uint64_t tiny_options(const struct tiny *t)
{
    static const enum tiny_option wishes[] = { OPTION_wish_departments, OPTION_wish_choice, OPTION_wish_window, OPTION_wish_costs };
    uint64_t o = options_of_shape(t) | bit(t->has_base, OPTION_base_plan) | bit(t->allow_unplaced, OPTION_allow_unplaced) |
                 bit(t->says_levels, OPTION_levels_listed);
    for (int s = 0; s < t->students; s++) {
        const struct tiny_student *p = &t->student[s];
        o |= bit(p->away_weeks > 0, OPTION_away) | bit(p->enter_from != NOTHING, OPTION_enter) | bit(p->fixeds > 0, OPTION_fixed) |
             bit(p->dislike_travel > 0, OPTION_dislike_travel) | bit(p->dislike_waiting > 0, OPTION_dislike_waiting) | bit(p->burden > 0, OPTION_burden);
        for (int k = 0; k < p->wishes; k++)
            o |= bit(true, wishes[p->wish[k].kind]);
    }
    for (int i = 0; i < t->pairs; i++)
        o |= bit(true, t->pair[i].apart ? (t->pair[i].rotations != 0 ? OPTION_apart_rotations : OPTION_apart)
                                        : (t->pair[i].rotations != 0 ? OPTION_together_rotations : OPTION_together));
    for (int i = 0; i < t->bases; i++)
        o |= bit(t->has_base && t->base[i].rotation == NOTHING, OPTION_old_rotation);
    for (int i = 0; i < t->levels; i++)
        o |= bit(t->level[i].weighted, OPTION_level_weighted) | bit(t->level[i].weight[SMOOTH] > 0, OPTION_smooth) |
             bit(t->level[i].weight[WAITING] > 0, OPTION_waiting) | bit(t->level[i].weight[TRAVEL] > 0, OPTION_travel);
    return o;
}
