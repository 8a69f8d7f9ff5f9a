/* See proposals.h. */
#include "check/proposals.h"

#include "core/json.h"
#include "core/map.h"

/* The set of people that a plan file tells; false without one. */
static bool told_of(struct arena *a, struct str file, struct map *set, const struct json **list)
{
    struct json_error e;
    const struct json *root = json_read(a, file, &e);
    *list = root != NULL && root->type == JSON_OBJECT ? json_get(root, "told") : NULL;
    if (*list == NULL || (*list)->type != JSON_LIST)
        return false;
    *set = map_make(a, 7);
    for (const struct json *c = (*list)->child; c != NULL; c = c->next)
        map_put(set, c->text, 1);
    return true;
}

static bool contains(const struct map *outer, const struct json *inner)
{
    for (const struct json *c = inner->child; c != NULL; c = c->next)
        if (map_get(outer, c->text, 0) == 0)
            return false;
    return true;
}

enum check_proposals check_proposals(struct arena *a, const struct str *file, size_t n, size_t *inner, size_t *outer)
{
    struct map *set = ARENA_ARRAY(a, n, struct map);
    const struct json **list = ARENA_ARRAY(a, n, const struct json *);
    for (*inner = 0; *inner < n; (*inner)++)
        if (!told_of(a, file[*inner], &set[*inner], &list[*inner]))
            return CHECK_PROPOSALS_INVALID;
    for (*inner = 0; *inner < n; (*inner)++)
        for (*outer = 0; *outer < n; (*outer)++)
            if (*inner != *outer && contains(&set[*outer], list[*inner]))
                return CHECK_PROPOSALS_CONTAINED;
    return CHECK_PROPOSALS_DIFFER;
}
