/* Broken rules and changed levels in words: see finding.h. */
#include "web/finding.h"
#include "web/figures.h"

/* By the rule's name; what {1}..{7} are stands in src/msg/ui_rules.def. */
static const struct {
    const char *rule;
    enum msg_id label, sentence;
} rules[] = {
#define RULE(name) { #name, MSG_rule_##name, MSG_broken_##name }
    RULE(no_such_student), RULE(no_such_rotation), RULE(no_such_department), RULE(department),
    RULE(horizon),         RULE(closed),           RULE(length),             RULE(twice),
    RULE(overlap),         RULE(missing),          RULE(pick),               RULE(earliest),
    RULE(latest_end),      RULE(order),            RULE(min_gap),            RULE(max_gap),
    RULE(requires),        RULE(max_consecutive),  RULE(free_weeks),         RULE(site_limit),
    RULE(away),            RULE(enter),            RULE(fixed),              RULE(freeze),
    RULE(seats),           RULE(quota),            RULE(shared_quota),       RULE(together),
    RULE(apart),
#undef RULE
};

static struct finding_item sentence_of(struct ctx *c, const struct cohort *cohort, const struct rows *departments,
                                       const struct rows *rotations, const struct finding_row *r)
{
    struct str other = r->other_student.n > 0 ? r->other_student
                       : r->other_rotation_id != NONE ? plan_name_rotation(c, rotations, r->other_rotation_id) : r->other;
    struct str when = r->first_week != NONE && r->weeks > 0 ? plan_weeks_text(c, cohort, r->first_week, r->first_week + 7 * r->weeks) : STR("");
    struct str arg[] = {
        r->student,
        r->rotation_id != NONE ? plan_name_rotation(c, rotations, r->rotation_id) : STR("?"),
        r->department_id != NONE ? plan_name_department(c, departments, r->department_id) : STR("?"),
        when,
        r->found != NONE ? plan_number(c, r->found) : STR("?"),
        r->allowed != NONE ? plan_number(c, r->allowed) : STR("?"),
        other,
    };
    for (size_t i = 0; i < LEN(rules); i++)
        if (str_is(r->rule, rules[i].rule)) {
            bool by_preceptors = r->because == seat_reason_preceptors && str_is(r->rule, "seats");
            return (struct finding_item){ rules[i].label, plan_text(c, by_preceptors ? MSG_broken_seats_preceptors : rules[i].sentence, LEN(arg), arg) };
        }
    return (struct finding_item){ MSG_rule_other, TEXT(c, MSG_broken_other, r->rule) };
}

struct findings findings_of(struct ctx *c, const struct cohort *cohort, const struct rows *departments, const struct rows *rotations,
                            const struct rows *found)
{
    const struct finding_row *r = found->item;
    struct finding_item *item = ARENA_ARRAY(c->arena, found->n, struct finding_item);
    struct finding_level *level = ARENA_ARRAY(c->arena, found->n, struct finding_level);
    struct findings f = { .item = item, .level = level, .is_known = true };
    for (size_t i = 0; i < found->n; i++) {
        if (r[i].kind == finding_kind_broken) {
            item[f.items++] = sentence_of(c, cohort, departments, rotations, &r[i]);
            continue;
        }
        enum msg_id hint;
        struct finding_level *l = &level[f.levels++];
        l->label = figures_level_label(r[i].rule, &hint);
        l->name = r[i].rule;
        l->before = r[i].allowed != NONE ? plan_number(c, r[i].allowed) : STR("");
        l->after = r[i].found != NONE ? plan_number(c, r[i].found) : STR("–");
        l->is_better = r[i].allowed != NONE && r[i].found != NONE && r[i].found < r[i].allowed;
        l->is_worse = r[i].allowed != NONE && r[i].found != NONE && r[i].found > r[i].allowed;
    }
    return f;
}
