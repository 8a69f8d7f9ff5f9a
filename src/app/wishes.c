/* Wishes: a ranked list of departments for a rotation, or of rotations for a choice, between two dates or by the secretary. */
#include "app/ids.h"
#include "app/usecases.h"

/* A student gives wishes between the two dates of the cohort; one that is not set does not bind. */
static enum status wishes_are_open(struct call *c, const struct cohort *cohort)
{
    char open[DATE_TEXT_BYTES] = "…", close[DATE_TEXT_BYTES] = "…";
    if (cohort->wishes_open != NONE)
        date_text((date)cohort->wishes_open, open);
    if (cohort->wishes_close != NONE)
        date_text((date)cohort->wishes_close, close);
    date today = app_today(c->app);
    bool early = cohort->wishes_open != NONE && today < cohort->wishes_open;
    bool late = cohort->wishes_close != NONE && today > cohort->wishes_close;
    return early || late ? call_refuse(c, MSG_refuse_wishes_closed, "", open, close) : STATUS_OK;
}

/* What may be wished for: the departments of the rotation, or the rotations of the choice. The rotation or choice must be of
 * the cohort's programme. */
static enum status offered(struct call *c, const struct in_wishes *in, const struct cohort *cohort, int64_t **id, size_t *n)
{
    struct rows rows;
    bool choice = in->choice_id != NONE;
    void *of;
    enum status st = tx_load(c->tx, choice ? &record_choice : &record_rotation, choice ? in->choice_id : in->rotation_id, &of);
    if (st != STATUS_OK)
        return st;
    int64_t programme_id = choice ? ((const struct choice *)of)->programme_id : ((const struct rotation *)of)->programme_id;
    if (programme_id != cohort->programme_id)
        return call_refuse(c, MSG_refuse_not_there, choice ? "choice_id" : "rotation_id",
                           arena_printf(c->arena, "%lld", (long long)(choice ? in->choice_id : in->rotation_id)).p, NULL);
    st = choice ? call_query(c, SQL_rotation_list, &rows, P(programme_id), P(INT64_C(0)))
                : call_query(c, SQL_rotation_departments_of, &rows, P(in->rotation_id));
    if (st != STATUS_OK)
        return st;
    *id = ARENA_ARRAY(c->arena, rows.n, int64_t);
    *n = 0;
    for (size_t i = 0; i < rows.n; i++) {
        const struct rotation *r = (const struct rotation *)rows.item + i;
        const struct rotation_department *d = (const struct rotation_department *)rows.item + i;
        if (!choice)
            (*id)[(*n)++] = d->department_id;
        else if (r->choice_id == in->choice_id)
            (*id)[(*n)++] = r->id;
    }
    return STATUS_OK;
}

/* Each once, each of those offered. */
static enum status ranked_holds(struct call *c, const int64_t *ranked, size_t ranks, const int64_t *offer, size_t offers)
{
    for (size_t i = 0; i < ranks; i++) {
        size_t k = 0;
        while (k < offers && offer[k] != ranked[i])
            k++;
        if (k == offers)
            return call_refuse(c, MSG_refuse_not_there, "ranked", arena_printf(c->arena, "%lld", (long long)ranked[i]).p, NULL);
        for (k = 0; k < i; k++)
            if (ranked[k] == ranked[i])
                return call_refuse(c, MSG_wish_twice, "ranked", NULL, NULL);
    }
    return STATUS_OK;
}

static enum status store(struct call *c, const struct in_wishes *in, const int64_t *ranked, size_t ranks)
{
    bool choice = in->choice_id != NONE;
    struct rows gone;
    enum status st = choice ? call_query(c, SQL_wish_clear_choice, &gone, P(in->student_id), P(in->choice_id))
                            : call_query(c, SQL_wish_clear_rotation, &gone, P(in->student_id), P(in->rotation_id));
    for (size_t i = 0; st == STATUS_OK && i < ranks; i++) {
        struct wish *w = record_new(c->arena, &record_wish);
        w->student_id = in->student_id;
        w->choice_id = in->choice_id;
        w->rotation_id = choice ? ranked[i] : in->rotation_id;
        w->department_id = choice ? NONE : ranked[i];
        w->rank = (int64_t)i;
        st = call_save(c, &record_wish, NULL, w);
    }
    return st;
}

/* Replaces one ranked list of a student's wishes; his own, or anybody's for the secretary. */
enum status uc_wishes_save(struct call *c)
{
    const struct in_wishes *in = c->in;
    void *found, *cohort;
    int64_t *ranked = NULL, *offer = NULL;
    size_t ranks = 0, offers = 0;
    bool secretary = c->actor->is_operator || app_may(c->actor, CAP_edit_wishes);
    enum status st = scope_check_all(c, &record_in_wishes, in);
    if (st == STATUS_OK)
        st = tx_load(c->tx, &record_student, in->student_id, &found);
    if (st != STATUS_OK)
        return st;
    const struct student *s = found;
    if (!secretary && s->person_id != c->actor->person_id)
        return STATUS_NOT_FOUND;
    st = tx_load(c->tx, &record_cohort, s->cohort_id, &cohort);
    if (st == STATUS_OK && !secretary)
        st = wishes_are_open(c, cohort);
    if (st != STATUS_OK)
        return st;
    if ((in->choice_id != NONE) == (in->rotation_id != NONE))
        return call_refuse(c, MSG_value_missing, "rotation_id", NULL, NULL);
    st = ids_read(c, "ranked", in->ranked, &ranked, &ranks);
    if (st == STATUS_OK)
        st = offered(c, in, cohort, &offer, &offers);
    if (st == STATUS_OK)
        st = ranked_holds(c, ranked, ranks, offer, offers);
    if (st == STATUS_OK)
        st = store(c, in, ranked, ranks);
    c->subject = "student";
    c->id = in->student_id;
    return st;
}
