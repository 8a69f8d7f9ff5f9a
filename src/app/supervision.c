/* Who supervises whom. A preceptor is named for each stay of a published plan; that changes neither the plan nor its digest, goes
 * on into the next version where nothing changes, and stands in the audit. Whoever is away may have somebody stand in. */
#include "app/supervision_part.h"

enum { WEEKS_MOST = 520 };

enum status supervision_check_department(struct call *c, int64_t department_id)
{
    assert(c->actor != NULL && c->tx != NULL);
    const struct actor *a = c->actor;
    enum status st = department_id != NONE ? scope_check(c, &record_department, department_id) : STATUS_NOT_FOUND;
    if (st == STATUS_OK && !a->is_operator && !app_may(a, CAP_edit_department) && a->department_id != department_id)
        st = STATUS_NOT_FOUND;
    return st;
}

static bool is_away(const struct rows *absences, int64_t preceptor_id, int64_t week)
{
    const struct preceptor_absence *x = absences->item;
    for (size_t i = 0; i < absences->n; i++)
        if (x[i].preceptor_id == preceptor_id && week >= x[i].first_week && week < x[i].first_week + WEEK * x[i].weeks)
            return true;
    return false;
}

int64_t supervision_most(const struct rows *preceptors, const struct rows *absences, int64_t department_id, int64_t week)
{
    const struct preceptor *p = preceptors->item;
    int64_t most = 0;
    bool any = false;
    for (size_t i = 0; i < preceptors->n; i++) {
        if (p[i].department_id != department_id || p[i].active != 1)
            continue;
        any = true;
        most += is_away(absences, p[i].id, week) ? 0 : p[i].students_most;
    }
    return any ? most : INT64_MAX;
}

int supervision_index(const struct matter *m, int64_t preceptor_id)
{
    const struct supervisor_row *p = m->supervisors.item;
    for (size_t i = 0; i < m->supervisors.n; i++)
        if (p[i].id == preceptor_id)
            return (int)i;
    return SUPERVISE_NOBODY;
}

static bool is_active(const struct matter *m, int p)
{
    return p != SUPERVISE_NOBODY && ((const struct supervisor_row *)m->supervisors.item)[p].active == 1;
}

/* Who is really there for the students of each preceptor, week by week. */
static const int *presence(struct arena *a, const struct matter *m)
{
    const struct preceptor_absence *x = m->absences.item;
    int *who = ARENA_ARRAY(a, m->supervisors.n * (size_t)m->s.weeks, int);
    for (int p = 0; p < m->s.preceptors; p++)
        for (int64_t w = 0; w < m->s.weeks; w++)
            who[p * m->s.weeks + w] = is_active(m, p) ? p : SUPERVISE_NOBODY;
    for (size_t i = 0; i < m->absences.n; i++) {
        int p = supervision_index(m, x[i].preceptor_id), t = x[i].substitute_id != NONE ? supervision_index(m, x[i].substitute_id) : SUPERVISE_NOBODY;
        int64_t from = (x[i].first_week - m->first) / WEEK, to = from + x[i].weeks;
        for (int64_t w = MAX(from, 0); is_active(m, p) && w < MIN(to, m->s.weeks); w++)
            who[p * m->s.weeks + w] = is_active(m, t) ? t : SUPERVISE_NOBODY;
    }
    return who;
}

enum status supervision_load(struct call *c, int64_t department_id, struct matter *m)
{
    struct arena *a = c->arena;
    m->first = date_monday(app_today(c->app));
    enum status st = supervision_check_department(c, department_id);
    if (st == STATUS_OK)
        st = call_query(c, SQL_supervision_list, &m->stays, P(department_id), P(m->first));
    if (st == STATUS_OK)
        st = call_query(c, SQL_supervisor_list, &m->supervisors, P(department_id));
    if (st == STATUS_OK)
        st = call_query(c, SQL_preceptor_absence_list, &m->absences, P(department_id), P(INT64_C(0)));
    if (st != STATUS_OK)
        return st;
    const struct supervision_row *x = m->stays.item;
    const struct supervisor_row *p = m->supervisors.item;
    int64_t *most = ARENA_ARRAY(a, m->supervisors.n, int64_t);
    m->s.weeks = 1;
    m->s.preceptors = (int)m->supervisors.n;
    for (size_t i = 0; i < m->stays.n; i++)
        m->s.weeks = MIN(MAX(m->s.weeks, (x[i].until_week - m->first) / WEEK), (int64_t)WEEKS_MOST);
    for (size_t i = 0; i < m->supervisors.n; i++)
        most[i] = p[i].active == 1 ? p[i].students_most : 0;
    m->s.most = most;
    m->s.load = ARENA_ARRAY(a, m->supervisors.n * (size_t)m->s.weeks, int64_t);
    m->s.who = presence(a, m);
    m->stay = ARENA_ARRAY(a, m->stays.n, struct supervise_stay);
    for (size_t i = 0; i < m->stays.n; i++)
        m->stay[i] = (struct supervise_stay){ MAX((x[i].first_week - m->first) / WEEK, 0), (x[i].until_week - m->first) / WEEK,
                                              x[i].preceptor_id != NONE ? supervision_index(m, x[i].preceptor_id) : SUPERVISE_NOBODY };
    return STATUS_OK;
}

/* Whether what was named still holds. */
static enum supervision state_of(const struct matter *m, size_t i)
{
    const struct supervise_stay *y = &m->stay[i];
    if (((const struct supervision_row *)m->stays.item)[i].preceptor_id == NONE)
        return supervision_unnamed;
    if (!is_active(m, y->preceptor))
        return supervision_left;
    for (int64_t w = y->from; w < MIN(y->to, m->s.weeks); w++)
        if (m->s.who[y->preceptor * m->s.weeks + w] == SUPERVISE_NOBODY)
            return supervision_away;
    return supervision_named;
}

enum status uc_supervision_list(struct call *c)
{
    const struct in_supervision *in = c->in;
    struct matter m = { 0 };
    enum status st = supervision_load(c, in->department_id, &m);
    if (st != STATUS_OK)
        return st;
    struct supervision_row *x = m.stays.item;
    const struct supervisor_row *p = m.supervisors.item;
    struct supervise_stay *wanting = ARENA_ARRAY(c->arena, m.stays.n, struct supervise_stay);
    int *suggested = ARENA_ARRAY(c->arena, m.stays.n, int);
    for (size_t i = 0; i < m.stays.n; i++) {
        x[i].supervision = state_of(&m, i);
        wanting[i] = m.stay[i];
        if (x[i].supervision == supervision_left)
            wanting[i].preceptor = SUPERVISE_NOBODY;
    }
    rules_supervise_load(&m.s, wanting, m.stays.n);
    rules_supervise_suggest(&m.s, wanting, m.stays.n, suggested);
    int64_t from = in->first_week != NONE ? in->first_week : m.first, to = in->weeks != NONE ? from + WEEK * in->weeks : INT64_MAX;
    size_t n = 0;
    for (size_t i = 0; i < m.stays.n; i++) {
        if (wanting[i].preceptor == SUPERVISE_NOBODY && suggested[i] != SUPERVISE_NOBODY)
            x[i].suggested_id = p[suggested[i]].id;
        if (x[i].until_week > from && x[i].first_week < to)
            x[n++] = x[i];
    }
    c->rows = (struct rows){ .n = n, .item = x };
    return STATUS_OK;
}

enum status uc_supervisor_list(struct call *c)
{
    struct matter m = { 0 };
    enum status st = supervision_load(c, ((const struct in_list *)c->in)->parent_id, &m);
    if (st != STATUS_OK)
        return st;
    struct supervisor_row *p = m.supervisors.item;
    rules_supervise_load(&m.s, m.stay, m.stays.n);
    for (int i = 0; i < m.s.preceptors; i++)
        for (int64_t w = 0; w < m.s.weeks; w++) {
            p[i].value += m.s.load[i * m.s.weeks + w];
            p[i].peak = MAX(p[i].peak, m.s.load[i * m.s.weeks + w]);
        }
    c->rows = m.supervisors;
    return STATUS_OK;
}

enum status supervision_open(struct call *c, struct rows *unnamed, struct rows *gone)
{
    int64_t now = date_monday(app_today(c->app)), until = now + WEEK * SUPERVISION_WEEKS_AHEAD;
    enum status st = call_query(c, SQL_supervision_unnamed, unnamed, P(c->actor->hospital_id), P(now), P(until));
    return st == STATUS_OK ? call_query(c, SQL_supervision_gone, gone, P(c->actor->hospital_id), P(now), P(until), P(now)) : st;
}

/* How many stays of the coming weeks want somebody, by department. */
enum status uc_supervision_open(struct call *c)
{
    struct rows unnamed, gone;
    const struct actor *a = c->actor;
    enum status st = supervision_open(c, &unnamed, &gone);
    if (st != STATUS_OK)
        return st;
    struct load_row *row = ARENA_ARRAY(c->arena, unnamed.n + gone.n, struct load_row);
    const struct rows *list[] = { &unnamed, &gone };
    bool sees_all = a->is_operator || app_may(a, CAP_edit_department);
    for (size_t k = 0; k < LEN(list); k++)
        for (size_t i = 0; i < list[k]->n; i++) {
            const struct load_row *x = &((const struct load_row *)list[k]->item)[i];
            if (sees_all || x->department_id == a->department_id)
                row[c->rows.n++] = *x;
        }
    c->rows.item = row;
    return STATUS_OK;
}

/* ---- naming ---- */

struct naming {
    struct matter m;
    int *now;      /* by stay: who is named now */
    bool *changed, *seen; /* by stay */
};

/* One "placement:version:preceptor". */
static enum status take(struct call *c, struct naming *g, struct str word)
{
    struct str whole = word, number = str_cut(&word, ':'), version = str_cut(&word, ':');
    const struct supervision_row *x = g->m.stays.item;
    const char *found = arena_copy(c->arena, whole.p, MIN(whole.n, (size_t)60));
    int64_t placement_id, stamp, preceptor_id;
    if (!str_int(number, &placement_id) || !str_int(version, &stamp) || !str_int(word, &preceptor_id))
        return call_refuse(c, MSG_value_not_reference, "named", found, NULL);
    size_t i = 0;
    while (i < g->m.stays.n && x[i].placement_id != placement_id)
        i++;
    int p = preceptor_id != 0 ? supervision_index(&g->m, preceptor_id) : SUPERVISE_NOBODY;
    if (i == g->m.stays.n || (preceptor_id != 0 && p == SUPERVISE_NOBODY))
        return call_refuse(c, MSG_refuse_not_there, "named", found, NULL);
    if (g->seen[i])
        return call_refuse(c, MSG_refuse_doubled, "named", NULL, NULL);
    g->seen[i] = true;
    if (g->m.stay[i].preceptor == p && (p != SUPERVISE_NOBODY || x[i].preceptor_id == NONE))
        return STATUS_OK;
    if (x[i].version != stamp)
        return STATUS_CONFLICT;
    if (p != SUPERVISE_NOBODY && !is_active(&g->m, p))
        return call_refuse(c, MSG_refuse_preceptor_left, "named", ((const struct supervisor_row *)g->m.supervisors.item)[p].name.p, NULL);
    g->now[i] = p;
    g->changed[i] = true;
    return STATUS_OK;
}

/* Whoever gets somebody new may not have more at a time than he may supervise; all who would are told. */
static bool fits(struct call *c, struct naming *g)
{
    const struct supervisor_row *p = g->m.supervisors.item;
    struct supervise_stay *after = ARENA_ARRAY(c->arena, g->m.stays.n, struct supervise_stay);
    bool *gains = ARENA_ARRAY(c->arena, g->m.supervisors.n, bool), ok = true;
    for (size_t i = 0; i < g->m.stays.n; i++) {
        after[i] = g->m.stay[i];
        after[i].preceptor = g->now[i];
        if (g->changed[i] && g->now[i] != SUPERVISE_NOBODY)
            gains[g->now[i]] = true;
    }
    rules_supervise_load(&g->m.s, after, g->m.stays.n);
    for (int k = 0; k < g->m.s.preceptors; k++) {
        int64_t week;
        char monday[DATE_TEXT_BYTES];
        if (!gains[k] || !rules_supervise_over(&g->m.s, k, &week))
            continue;
        date_text((date)(g->m.first + WEEK * week), monday);
        errs_add(c->errs, MSG_refuse_preceptor_full, STR("named"), p[k].name.p, arena_copy(c->arena, monday, strlen(monday)),
                 arena_printf(c->arena, "%lld", (long long)p[k].students_most).p, NULL);
        ok = false;
    }
    return ok;
}

enum status supervision_notice(struct call *c, int64_t base_id, int64_t person_id, const char *message, struct str first,
                               struct str zh, struct str en, struct str target)
{
    assert(message != NULL);
    struct notice *n = record_new(c->arena, &record_notice);
    n->base_id = base_id;
    n->person_id = person_id;
    n->made_at = app_now(c->app);
    n->message = str_of(message);
    n->argument1 = first;
    n->argument2 = zh;
    n->argument2_en = en;
    n->target = target;
    return tx_save(c->tx, &record_notice, n);
}

/* Each student learns who supervises; each preceptor how many more, or fewer, he has. */
static enum status tell(struct call *c, const struct naming *g, const struct department *d)
{
    const struct supervision_row *x = g->m.stays.item;
    const struct supervisor_row *p = g->m.supervisors.item;
    struct str target = arena_printf(c->arena, "/department/%lld", (long long)d->id);
    int64_t *gained = ARENA_ARRAY(c->arena, g->m.supervisors.n, int64_t), *lost = ARENA_ARRAY(c->arena, g->m.supervisors.n, int64_t);
    enum status st = STATUS_OK;
    for (size_t i = 0; st == STATUS_OK && i < g->m.stays.n; i++) {
        if (!g->changed[i])
            continue;
        if (g->m.stay[i].preceptor != SUPERVISE_NOBODY)
            lost[g->m.stay[i].preceptor]++;
        if (g->now[i] == SUPERVISE_NOBODY)
            continue;
        gained[g->now[i]]++;
        st = supervision_notice(c, x[i].base_id, x[i].person_id, "notice_supervised", p[g->now[i]].name, d->name_zh, d->name_en, STR("/"));
    }
    for (size_t k = 0; st == STATUS_OK && k < g->m.supervisors.n; k++) {
        if (gained[k] > 0)
            st = supervision_notice(c, c->actor->base_id, p[k].person_id, "notice_supervises", arena_printf(c->arena, "%lld", (long long)gained[k]),
                        d->name_zh, d->name_en, target);
        if (st == STATUS_OK && lost[k] > 0 && p[k].active == 1)
            st = supervision_notice(c, c->actor->base_id, p[k].person_id, "notice_supervises_less",
                        arena_printf(c->arena, "%lld", (long long)lost[k]), d->name_zh, d->name_en, target);
    }
    return st;
}

static enum status store(struct call *c, const struct naming *g)
{
    const struct supervision_row *x = g->m.stays.item;
    const struct supervisor_row *p = g->m.supervisors.item;
    enum status st = STATUS_OK;
    for (size_t i = 0; st == STATUS_OK && i < g->m.stays.n; i++) {
        void *found;
        if (!g->changed[i])
            continue;
        st = tx_load(c->tx, &record_placement, x[i].placement_id, &found);
        if (st != STATUS_OK)
            return st;
        struct placement now = *(const struct placement *)found;
        now.preceptor_id = g->now[i] != SUPERVISE_NOBODY ? p[g->now[i]].id : NONE;
        st = call_save(c, &record_placement, found, &now);
    }
    return st;
}

enum status uc_preceptors_name(struct call *c)
{
    const struct in_naming *in = c->in;
    struct naming g = { 0 };
    struct str rest = in->named;
    void *department;
    enum status st = supervision_load(c, in->department_id, &g.m), worst = STATUS_OK;
    if (st == STATUS_OK)
        st = tx_load(c->tx, &record_department, in->department_id, &department);
    if (st != STATUS_OK)
        return st;
    g.now = ARENA_ARRAY(c->arena, g.m.stays.n, int);
    g.changed = ARENA_ARRAY(c->arena, g.m.stays.n, bool);
    g.seen = ARENA_ARRAY(c->arena, g.m.stays.n, bool);
    for (size_t i = 0; i < g.m.stays.n; i++)
        g.now[i] = g.m.stay[i].preceptor;
    while (rest.n > 0) {
        st = take(c, &g, str_trim(str_cut(&rest, ',')));
        if (st == STATUS_CONFLICT)
            return st;
        worst = st != STATUS_OK ? st : worst;
    }
    if (!fits(c, &g) || worst != STATUS_OK)
        return STATUS_INPUT;
    st = store(c, &g);
    if (st == STATUS_OK)
        st = tell(c, &g, department);
    c->subject = "department";
    c->id = in->department_id;
    return st;
}
