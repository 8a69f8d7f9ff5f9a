/* Groups of students: see groups.h. */
#include "app/groups.h"

#include "app/usecases.h"
#include "rules/group.h"

#include <stdlib.h>

static int by_name(const void *a, const void *b)
{
    return str_cmp(*(const struct str *)a, *(const struct str *)b);
}

/* The names, each once, sorted. */
static struct str *names_of(struct arena *a, struct str text, size_t *n)
{
    struct str *name = NULL;
    size_t cap = 0, count = 0;
    while (text.n > 0) {
        struct str one = rules_group_name(&text);
        if (one.n > 0)
            *ARENA_PUSH(a, name, count, cap) = one;
    }
    *n = 0;
    if (count > 0)
        qsort(name, count, sizeof *name, by_name);
    for (size_t i = 0; i < count; i++)
        if (*n == 0 || !str_eq(name[*n - 1], name[i]))
            name[(*n)++] = name[i];
    return name;
}

struct str groups_canonical(struct arena *a, struct str text)
{
    size_t n;
    const struct str *name = names_of(a, text, &n);
    struct buf b = buf_make(text.n * 3 + 16);
    for (size_t i = 0; i < n; i++)
        buf_printf(&b, "%s%.*s", i > 0 ? GROUP_MARK : "", STR_ARG(name[i]));
    struct str out = arena_str(a, buf_view(&b));
    buf_free(&b);
    return out;
}

struct str groups_next(struct str *names)
{
    return rules_group_name(names);
}

bool groups_has(struct str names, struct str name)
{
    while (names.n > 0)
        if (str_eq(rules_group_name(&names), name))
            return true;
    return false;
}

/* The group of this name, made where there is none. */
static enum status group_id(struct call *c, int64_t cohort_id, struct str name, struct map *known, int64_t *id)
{
    struct rows found;
    *id = known != NULL ? map_get(known, name, NONE) : NONE;
    if (*id != NONE)
        return STATUS_OK;
    enum status st = call_query(c, SQL_group_by_name, &found, P(cohort_id), P(name));
    if (st != STATUS_OK)
        return st;
    if (found.n > 0) {
        *id = ((const struct student_group *)found.item)->id;
    } else {
        struct student_group *g = record_new(c->arena, &record_student_group);
        g->cohort_id = cohort_id;
        g->name = name;
        g->group_kind = group_kind_plain;
        st = call_save(c, &record_student_group, NULL, g);
        *id = g->id;
    }
    if (st == STATUS_OK && known != NULL)
        map_put(known, arena_str(known->arena, name), *id);
    return st;
}

enum status groups_set(struct call *c, int64_t cohort_id, int64_t student_id, struct str text, struct map *known, bool *changed)
{
    size_t n;
    struct rows members;
    const struct str *name = names_of(c->arena, text, &n);
    const struct field *f = record_field(&record_student_group, STR("name"));
    enum status st = call_query(c, SQL_group_members_of_student, &members, P(student_id));
    const struct group_member *m = members.item;
    bool *kept = ARENA_ARRAY(c->arena, members.n, bool), wrote = false;
    for (size_t i = 0; st == STATUS_OK && i < n; i++) {
        int64_t id = NONE;
        bool is_in = false;
        if (utf8_count(name[i]) > (size_t)f->most)
            return call_refuse(c, MSG_value_too_long, "group_name", arena_printf(c->arena, "%zu", utf8_count(name[i])).p,
                               arena_printf(c->arena, "%lld", (long long)f->most).p);
        st = group_id(c, cohort_id, name[i], known, &id);
        for (size_t k = 0; k < members.n; k++)
            if (m[k].group_id == id)
                is_in = kept[k] = true;
        if (st != STATUS_OK || is_in)
            continue;
        struct group_member *now = record_new(c->arena, &record_group_member);
        now->group_id = id;
        now->student_id = student_id;
        st = call_save(c, &record_group_member, NULL, now);
        wrote = true;
    }
    for (size_t k = 0; st == STATUS_OK && k < members.n; k++)
        if (!kept[k]) {
            st = call_delete(c, &record_group_member, &m[k]);
            wrote = true;
        }
    if (changed != NULL)
        *changed = wrote;
    return st;
}

enum status uc_group_list(struct call *c)
{
    const struct in_list *in = c->in;
    enum status st = in->parent_id != NONE ? scope_check(c, &record_cohort, in->parent_id) : STATUS_NOT_FOUND;
    return st == STATUS_OK ? call_query(c, SQL_group_list, &c->rows, P(in->parent_id), P(in->offset != NONE ? in->offset : 0)) : st;
}

enum status uc_group_all(struct call *c)
{
    const struct in_list *in = c->in;
    return call_query(c, SQL_group_of_base, &c->rows, P(c->actor->base_id), P(in->offset != NONE ? in->offset : 0));
}

enum status uc_group_members(struct call *c)
{
    const struct in_list *in = c->in;
    enum status st = in->parent_id != NONE ? scope_check(c, &record_student_group, in->parent_id) : STATUS_NOT_FOUND;
    return st == STATUS_OK ? call_query(c, SQL_group_members, &c->rows, P(in->parent_id), P(in->offset != NONE ? in->offset : 0)) : st;
}

/* Of a department, for the groups of the actor's base. */
enum status uc_group_quota_list(struct call *c)
{
    const struct in_list *in = c->in;
    enum status st = in->parent_id != NONE ? scope_check(c, &record_department, in->parent_id) : STATUS_NOT_FOUND;
    return st == STATUS_OK ? call_query(c, SQL_quota_of_department, &c->rows, P(in->parent_id), P(c->actor->base_id), P(in->offset != NONE ? in->offset : 0)) : st;
}

enum status uc_quota_list(struct call *c)
{
    const struct in_list *in = c->in;
    enum status st = in->parent_id != NONE ? scope_check(c, &record_cohort, in->parent_id) : STATUS_NOT_FOUND;
    return st == STATUS_OK ? call_query(c, SQL_quota_of_cohort, &c->rows, P(in->parent_id), P(in->offset != NONE ? in->offset : 0)) : st;
}

/* Everything of one kind that hangs on a record goes with it. */
static enum status drop_all(struct call *c, enum sql_id sql, const struct record *r, int64_t id)
{
    struct rows rows;
    enum status st = call_query(c, sql, &rows, P(id));
    for (size_t i = 0; st == STATUS_OK && i < rows.n; i++)
        st = call_delete(c, r, (const char *)rows.item + i * r->size);
    return st;
}

/* A group goes with its memberships; while a department has a quota for it, it stays. */
enum status uc_student_group_delete(struct call *c)
{
    enum status st = scope_check(c, &record_student_group, c->target_id);
    if (st == STATUS_OK)
        st = drop_all(c, SQL_group_members_of_group, &record_group_member, c->target_id);
    return st == STATUS_OK ? uc_delete(c) : st;
}

/* A student goes with his memberships of groups. */
enum status uc_student_delete(struct call *c)
{
    enum status st = scope_check(c, &record_student, c->target_id);
    if (st == STATUS_OK)
        st = drop_all(c, SQL_group_members_of_student, &record_group_member, c->target_id);
    return st == STATUS_OK ? uc_delete(c) : st;
}
