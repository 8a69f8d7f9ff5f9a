/* Home: cards that lead to what the role works on, with counts. */
#include "web/ctx.h"
#include "web/page_my.h"
#include "web/pages.h"

void page_home_get(struct ctx *c)
{
    static const struct {
        enum cap cap;
        const char *list, *url;
        enum msg_id label, hint;
    } table[] = {
        { CAP_see_base, "cohort_list", "/manage/cohort", MSG_home_cohorts, MSG_home_cohorts_hint },
        { CAP_see_base, "department_list", "/manage/department", MSG_home_departments, MSG_home_departments_hint },
        { CAP_see_base, "programme_list", "/manage/programme", MSG_home_programmes, MSG_home_programmes_hint },
        { CAP_see_base, "member_list", "/manage/membership", MSG_home_people, MSG_home_people_hint },
    };
    if (c->session.actor.roles == 1u << role_student) {
        page_my_get(c);
        return;
    }
    struct card *card = ARENA_ARRAY(c->arena, LEN(table) + 1, struct card);
    struct home_view v = { .card = card };
    for (size_t i = 0; i < LEN(table); i++) {
        enum status st;
        if (!app_may(&c->session.actor, table[i].cap))
            continue;
        struct rows rows = ctx_list(c, table[i].list, NONE, &st);
        if (st != STATUS_OK) {
            ctx_fail(c, st);
            return;
        }
        card[v.cards++] = (struct card){ table[i].label, arena_printf(c->arena, "%zu", rows.n), table[i].url, table[i].hint };
    }
    int64_t department_id = c->session.actor.department_id;
    if (department_id != NONE)
        card[v.cards++] = (struct card){ MSG_dept_title, STR(""), arena_printf(c->arena, "/department/%lld", (long long)department_id).p,
                                         MSG_home_department_hint };
    page_home(&c->resp->body, &c->page, &v);
}
