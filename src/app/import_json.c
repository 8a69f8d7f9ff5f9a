/* Cells of a row as a JSON list of texts, both ways. */
#include "app/import.h"

void import_put_cells(struct buf *b, const struct importing *im, const struct str *cell)
{
    buf_char(b, '[');
    for (int i = 0; i < im->columns; i++) {
        if (i > 0)
            buf_char(b, ',');
        json_put_text(b, cell[i]);
    }
    buf_char(b, ']');
}

bool import_get_cells(struct arena *a, struct str json, struct str *out, int most)
{
    assert(most > 0);
    struct json_error e;
    const struct json *list = json_read(a, json, &e);
    for (int i = 0; i < most; i++)
        out[i] = STR("");
    if (list == NULL || list->type != JSON_LIST)
        return false;
    const struct json *item = list->child;
    for (int i = 0; i < most && item != NULL; i++, item = item->next)
        out[i] = item->text;
    return true;
}
