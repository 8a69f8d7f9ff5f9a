/* Reading a problem: weeks, names, the order of the parts. See source.h. */
#include "check/source.h"

const char *const check_measure_names[MEASURES] = { "unplaced", "changes", "understaffed", "worst", "regret", "travel", "smooth", "waiting" };

int32_t check_week(const struct source *s, const struct json *monday)
{
    date d;
    if (monday == NULL || monday->type != JSON_TEXT || !date_parse(monday->text, &d) || date_weekday(d) != 0)
        return WEEK_NONE;
    return (d - s->first) / 7;
}

int check_rotation_of(const struct programme *g, struct str id)
{
    for (int i = 0; i < g->rotations; i++)
        if (str_eq(g->rotation[i].id, id))
            return i;
    return NONE;
}

int check_read_name(struct reading *r, const struct map *names, const struct json *text, const char *allowed)
{
    if (text == NULL || text->type != JSON_TEXT)
        return NONE; /* noted as a fault of shape */
    int64_t i = map_get(names, text->text, NONE);
    if (i == NONE)
        check_note_text(r->n, CHECK_unknown_name, text, NULL, allowed);
    return (int)i;
}

int check_read_rotation(struct reading *r, const struct programme *g, const struct json *text)
{
    if (text == NULL || text->type != JSON_TEXT)
        return NONE;
    int i = check_rotation_of(g, text->text);
    if (i == NONE)
        check_note_text(r->n, CHECK_unknown_name, text, NULL, "rotation");
    return i;
}

int check_read_group(struct reading *r, const struct json *text)
{
    if (text == NULL || text->type != JSON_TEXT)
        return NONE;
    if (map_get(&r->s->group_of, text->text, NONE) == NONE && !map_put(&r->s->group_of, text->text, (int64_t)r->s->group_of.n))
        return NONE;
    return (int)map_get(&r->s->group_of, text->text, NONE);
}

static void read_weeks(struct reading *r)
{
    struct source *s = r->s;
    const struct json *w = json_get(s->root, "weeks");
    s->weeks = 1;
    s->span_closed = true;
    s->first = 4; /* any Monday: the fault was noted */
    if (w != NULL && w->type == JSON_OBJECT) {
        date first;
        if (date_parse(check_text(w, "first"), &first))
            s->first = first;
        int64_t count = check_int(w, "count", 1);
        s->span_closed = check_bool(w, "span_closed", true);
        if (count >= 1 && count <= (DATE_MOST - s->first) / 7 && count <= 100000)
            s->weeks = (int32_t)count;
        else if (count >= 1 && count <= 100000)
            check_note_text(r->n, CHECK_range, json_get(w, "count"), NULL, "..9999-12-31");
    }
    s->closed = ARENA_ARRAY(r->a, (size_t)s->weeks, bool);
    int n;
    for (const struct json *c = w != NULL ? check_list(w, "closed", &n) : NULL; c != NULL; c = c->next) {
        int32_t at = check_week(s, c);
        if (at == WEEK_NONE || at < 0 || at >= s->weeks)
            continue; /* a closed week outside the horizon concerns nobody */
        if (s->closed[at])
            check_note_text(r->n, CHECK_duplicate, c, NULL, "");
        s->closed[at] = true;
    }
}

static void read_sites(struct reading *r)
{
    int n;
    for (const struct json *c = check_list(r->s->root, "sites", &n); c != NULL; c = c->next)
        if (!map_put(&r->s->site_of, check_text(c, "id"), r->s->sites++))
            check_note_text(r->n, CHECK_duplicate, json_get(c, "id"), NULL, "");
    r->s->sites_written = r->s->sites;
}

const struct source *check_source_read(struct check_notes *n, const struct json *root)
{
    struct source *s = ARENA_NEW(n->a, struct source);
    struct reading r = { n, n->a, s };
    s->root = root;
    if (root->type != JSON_OBJECT)
        return NULL;
    const struct json *format = json_get(root, "format");
    if (format != NULL && format->type == JSON_TEXT && !str_is(format->text, "internbase.problem/1"))
        check_note_text(n, CHECK_format, format, NULL, "internbase.problem/1");
    struct map *maps[] = { &s->student_of, &s->department_of, &s->programme_of, &s->group_of, &s->site_of };
    for (size_t i = 0; i < LEN(maps); i++)
        *maps[i] = map_make(n->a, (uint64_t)(uintptr_t)root + i);
    read_weeks(&r);
    read_sites(&r);
    check_read_departments(&r, root);
    check_read_programmes(&r, root);
    check_read_students(&r, root);
    check_read_pairs(&r, root);
    check_read_base(&r, root);
    check_read_shared(&r, root);
    s->allow_unplaced = check_bool(root, "allow_unplaced", false);
    check_read_levels(&r, root);
    if (n->total == 0)
        check_source_faults(n, s);
    return n->total == 0 ? s : NULL;
}
