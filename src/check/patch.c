/* The patched copy of a problem that a repair is proven on. */
#include "check/conflict.h"

struct json *check_patch(struct check_notes *n, const struct json *root, const struct json *change)
{
    const struct json *failed = NULL;
    struct json *copy = json_patch(n->a, root, change, &failed);
    if (copy == NULL)
        check_note(n, CHECK_patch, failed);
    return copy;
}
