/* The demand side of a problem: the programme's rotations, choices and orders; students with leaves and wishes. */
#include "app/problem_part.h"
#include "rules/group.h"

static void put_rotation(struct buf *b, const struct facts *f, const struct rotation *r)
{
    const struct rotation_department *l = f->links.item;
    const char *comma = "";
    buf_z(b, "      {\"id\": ");
    json_put_text(b, r->code);
    buf_z(b, ", \"departments\": [");
    for (size_t i = 0; i < f->links.n; i++)
        if (l[i].rotation_id == r->id) {
            buf_z(b, comma);
            json_put_text(b, problem_department(f, l[i].department_id));
            comma = ", ";
        }
    buf_printf(b, "], \"weeks\": %lld", (long long)r->weeks);
    if (r->earliest_week != NONE) {
        buf_z(b, ", \"earliest\": ");
        problem_put_week(b, f->cohort->first_week + 7 * (r->earliest_week - 1));
    }
    if (r->latest_week != NONE) {
        buf_z(b, ", \"latest_end\": ");
        problem_put_week(b, f->cohort->first_week + 7 * r->latest_week);
    }
    buf_char(b, '}');
}

static void put_choices(struct buf *b, const struct facts *f)
{
    const struct choice *c = f->choices.item;
    const struct rotation *r = f->rotations.item;
    buf_z(b, "    \"choices\": [");
    for (size_t i = 0; i < f->choices.n; i++) {
        const char *comma = "";
        buf_printf(b, "%s{\"id\": ", i > 0 ? ", " : "");
        json_put_text(b, c[i].code);
        buf_printf(b, ", \"pick\": %lld, \"of\": [", (long long)c[i].pick);
        for (size_t k = 0; k < f->rotations.n; k++)
            if (r[k].choice_id == c[i].id) {
                buf_z(b, comma);
                json_put_text(b, r[k].code);
                comma = ", ";
            }
        buf_z(b, "]}");
    }
    buf_z(b, "]");
}

static void put_orders(struct buf *b, const struct facts *f)
{
    const struct rotation_order *o = f->orders.item;
    buf_z(b, ",\n    \"orders\": [");
    for (size_t i = 0; i < f->orders.n; i++) {
        buf_printf(b, "%s{\"before\": ", i > 0 ? ", " : "");
        json_put_text(b, problem_rotation(f, o[i].before_id));
        buf_z(b, ", \"after\": ");
        json_put_text(b, problem_rotation(f, o[i].after_id));
        if (o[i].gap_least != NONE)
            buf_printf(b, ", \"min_gap\": %lld", (long long)o[i].gap_least);
        if (o[i].gap_most != NONE)
            buf_printf(b, ", \"max_gap\": %lld", (long long)o[i].gap_most);
        buf_char(b, '}');
    }
    buf_char(b, ']');
}

static void put_programme(struct buf *b, const struct facts *f, const struct programme *p)
{
    const struct rotation *r = f->rotations.item;
    buf_z(b, "  \"programmes\": [{\"id\": ");
    json_put_text(b, p->code);
    buf_z(b, ", \"rotations\": [\n");
    for (size_t i = 0; i < f->rotations.n; i++) {
        put_rotation(b, f, &r[i]);
        buf_z(b, i + 1 < f->rotations.n ? ",\n" : "\n");
    }
    buf_z(b, "    ],\n");
    put_choices(b, f);
    put_orders(b, f);
    if (p->consecutive_weeks_most != NONE)
        buf_printf(b, ",\n    \"max_consecutive\": %lld", (long long)p->consecutive_weeks_most);
    if (p->free_weeks_forbidden == 1)
        buf_z(b, ",\n    \"free_weeks\": \"forbidden\"");
    if (p->site_limit != NONE)
        buf_printf(b, ",\n    \"site_limit\": %lld", (long long)p->site_limit);
    buf_z(b, "}],\n");
}

/* A student's wishes lie together, ordered by choice, rotation and rank; one list for each choice or rotation. */
static void put_wishes(struct buf *b, const struct facts *f, int64_t student_id)
{
    const struct wish *w = f->wishes.item;
    size_t i = 0;
    const char *comma = "";
    while (i < f->wishes.n && w[i].student_id != student_id)
        i++;
    buf_z(b, ", \"wishes\": [");
    while (i < f->wishes.n && w[i].student_id == student_id) {
        bool choice = w[i].choice_id != NONE;
        int64_t key = choice ? w[i].choice_id : w[i].rotation_id;
        buf_printf(b, "%s{\"%s\": ", comma, choice ? "choice" : "rotation");
        json_put_text(b, choice ? problem_code(&f->choices, &record_choice, "code", key) : problem_rotation(f, key));
        buf_printf(b, ", \"%s\": [", choice ? "rotations" : "departments");
        for (const char *inner = ""; i < f->wishes.n && w[i].student_id == student_id &&
                                     (choice ? w[i].choice_id : w[i].rotation_id) == key; i++, inner = ", ") {
            buf_z(b, inner);
            json_put_text(b, choice ? problem_rotation(f, w[i].rotation_id) : problem_department(f, w[i].department_id));
        }
        buf_z(b, "]}");
        comma = ", ";
    }
    buf_char(b, ']');
}

static void put_groups(struct buf *b, struct str names)
{
    const char *comma = "";
    buf_z(b, ", \"groups\": [");
    while (names.n > 0) {
        struct str one = rules_group_name(&names);
        buf_z(b, comma);
        json_put_text(b, one);
        comma = ", ";
    }
    buf_char(b, ']');
}

static void put_away(struct buf *b, const struct facts *f, int64_t student_id)
{
    const struct absence *x = f->absences.item;
    const char *comma = "";
    buf_z(b, ", \"away\": [");
    for (size_t i = 0; i < f->absences.n; i++)
        if (x[i].student_id == student_id) {
            int64_t from = f->freeze != NONE ? MAX(x[i].first_week, f->freeze) : x[i].first_week;
            int64_t weeks = x[i].weeks - (from - x[i].first_week) / 7;
            if (weeks <= 0)
                continue; /* before the freeze date: what is past is not judged again */
            buf_printf(b, "%s{\"from\": ", comma);
            problem_put_week(b, from);
            buf_printf(b, ", \"weeks\": %lld}", (long long)weeks);
            comma = ", ";
        }
    buf_char(b, ']');
}

static void put_students(struct buf *b, const struct facts *f, struct str programme)
{
    const struct student_row *s = f->students.item;
    const char *comma = "";
    buf_z(b, "  \"students\": [\n");
    for (size_t i = 0; i < f->students.n; i++) {
        if (s[i].state != student_state_active)
            continue;
        buf_printf(b, "%s    {\"id\": ", comma);
        json_put_text(b, s[i].number);
        buf_z(b, ", \"programme\": ");
        json_put_text(b, programme);
        if (s[i].group_name.n > 0)
            put_groups(b, s[i].group_name);
        put_away(b, f, s[i].id);
        put_wishes(b, f, s[i].id);
        buf_char(b, '}');
        comma = ",\n";
    }
    buf_z(b, "\n  ]");
}

/* Groups of which the members go together, or keep apart. Rows lie together by group. */
static void put_pairs(struct buf *b, const struct facts *f)
{
    const struct group_member_row *m = f->pairs.item;
    bool any = false;
    for (size_t i = 0, next; i < f->pairs.n; i = next) {
        for (next = i + 1; next < f->pairs.n && m[next].group_id == m[i].group_id;)
            next++;
        if (next - i < 2)
            continue; /* one alone is together with himself */
        buf_z(b, any ? ",\n    {\"students\": [" : ",\n  \"pairs\": [\n    {\"students\": [");
        for (size_t k = i; k < next; k++) {
            buf_z(b, k > i ? ", " : "");
            json_put_text(b, m[k].number);
        }
        buf_printf(b, "], \"kind\": \"%s\"}", m[i].group_kind == group_kind_together ? "together" : "apart");
        any = true;
    }
    buf_z(b, any ? "\n  ]" : "");
}

void problem_put_demand(struct buf *b, const struct facts *f, const struct programme *p)
{
    put_programme(b, f, p);
    put_students(b, f, p->code);
    put_pairs(b, f);
}
