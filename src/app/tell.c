/* Telling people: see tell.h. */
#include "app/tell.h"
#include "app/diff.h"

static enum status notice_put(struct call *c, const struct plan *p, int64_t person_id, const char *message, const struct str second[2],
                              struct str target)
{
    struct notice *n = record_new(c->arena, &record_notice);
    n->base_id = p->base_id;
    n->person_id = person_id;
    n->made_at = app_now(c->app);
    n->message = str_of(message);
    n->argument1 = arena_printf(c->arena, "%lld", (long long)p->number);
    n->argument2 = second[0];
    n->argument2_en = second[1];
    n->target = target;
    return tx_save(c->tx, &record_notice, n);
}

/* The cohort's name in Chinese and in English. */
static enum status cohort_names(struct call *c, const struct plan *p, struct str name[2])
{
    void *cohort;
    enum status st = tx_load(c->tx, &record_cohort, p->cohort_id, &cohort);
    if (st == STATUS_OK) {
        name[0] = ((const struct cohort *)cohort)->name_zh;
        name[1] = ((const struct cohort *)cohort)->name_en;
    }
    return st;
}

enum status tell_concerned(struct call *c, const struct plan *p, const struct rows *concerned, const struct tell_words *words,
                           struct str reason)
{
    const struct concerned_row *r = concerned->item;
    struct str second[2] = { reason, STR("") };
    enum status st = reason.n > 0 ? STATUS_OK : cohort_names(c, p, second);
    for (size_t i = 0; st == STATUS_OK && i < concerned->n; i++) {
        bool student = r[i].role == role_student, of_department = r[i].department_id != NONE;
        const char *message = student ? words->student : of_department ? words->department : words->staff;
        struct str target = student         ? STR("/")
                            : of_department ? arena_printf(c->arena, "/department/%lld", (long long)r[i].department_id)
                                            : arena_printf(c->arena, "/plans/%lld", (long long)p->cohort_id);
        if (message != NULL)
            st = notice_put(c, p, r[i].person_id, message, second, target);
    }
    return st;
}

enum status tell_sides(struct call *c, const struct plan *p, const char *message, struct str reason)
{
    struct rows members;
    const struct tell_words words = { NULL, message, NULL };
    enum status st = call_query(c, SQL_concerned_members, &members, P(p->base_id));
    return st == STATUS_OK ? tell_concerned(c, p, &members, &words, reason) : st;
}

enum status tell_published(struct call *c, const struct plan *p, int64_t before)
{
    const struct tell_words words = { before == NONE ? "notice_published" : "notice_changed", "notice_published_staff",
                                      "notice_published_department" };
    struct rows diff, concerned = { 0 };
    enum status st = diff_make(c->tx, p->cohort_id, before, p->id, &diff);
    if (st == STATUS_OK)
        st = diff_concerned(c->tx, p->base_id, c->actor->hospital_id, &diff, &concerned);
    return st == STATUS_OK ? tell_concerned(c, p, &concerned, &words, STR("")) : st;
}
