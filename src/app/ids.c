/* Lists of numbers in one text: see ids.h. */
#include "app/ids.h"

enum status ids_read(struct call *c, const char *field, struct str text, int64_t **out, size_t *n)
{
    assert(field != NULL && out != NULL && n != NULL);
    size_t cap = 0;
    *out = NULL;
    *n = 0;
    while (text.n > 0) {
        struct str word = str_trim(str_cut(&text, ','));
        int64_t id;
        if (!str_int(word, &id) || id <= 0)
            return call_refuse(c, MSG_value_not_reference, field, arena_copy(c->arena, word.p, MIN(word.n, (size_t)40)), NULL);
        *ARENA_PUSH(c->arena, *out, *n, cap) = id;
    }
    return STATUS_OK;
}
