/* The formats of cells: from the number of a cell's style to what its number format shows. */
#include "read/xlsx.h"

#include <stdlib.h>

enum { XFS_MOST = 65536 };

struct styles_ctx {
    struct workbook *w;
    bool in_cell_xfs;
};

static bool id_of(const char *z, int64_t most, int64_t *id)
{
    return z != NULL && str_int(str_trim(str_of(z)), id) && *id >= 0 && *id <= most;
}

static enum status add_xf(struct styles_ctx *s, uint32_t format_id)
{
    struct styles *t = &s->w->styles;
    if (t->n == XFS_MOST)
        return STATUS_OK; /* Excel has no more; a cell that names one shows its plain number */
    if (t->n == t->cap) {
        size_t cap = MAX(t->cap * 2, (size_t)64);
        uint32_t *xf = realloc(t->xf, cap * sizeof *xf);
        if (xf == NULL)
            return reader_fault(s->w->r, FAULT_memory, 0, 0, NULL);
        t->xf = xf;
        t->cap = cap;
    }
    t->xf[t->n++] = format_id;
    return STATUS_OK;
}

static enum status on_start(void *ctx, const char *name, const char **attributes)
{
    struct styles_ctx *s = ctx;
    struct styles *t = &s->w->styles;
    int64_t id = 0;
    if (strcmp(name, "cellXfs") == 0)
        s->in_cell_xfs = true;
    if (strcmp(name, "numFmt") == 0 && id_of(xml_attribute(attributes, "numFmtId"), FORMAT_IDS - 1, &id)) {
        const char *code = xml_attribute(attributes, "formatCode");
        t->has_custom[id] = code != NULL;
        t->custom[id] = code != NULL ? format_of_code(str_of(code)) : 0;
    }
    if (s->in_cell_xfs && strcmp(name, "xf") == 0) {
        if (!id_of(xml_attribute(attributes, "numFmtId"), FORMAT_IDS - 1, &id))
            id = 0;
        return add_xf(s, (uint32_t)id);
    }
    return STATUS_OK;
}

static enum status on_end(void *ctx, const char *name)
{
    struct styles_ctx *s = ctx;
    if (strcmp(name, "cellXfs") == 0)
        s->in_cell_xfs = false;
    return STATUS_OK;
}

enum status styles_read(struct workbook *w, const char *part)
{
    static const struct xml_handlers handlers = { on_start, on_end, NULL };
    struct styles_ctx s = { .w = w };
    w->styles.custom = calloc(FORMAT_IDS, sizeof *w->styles.custom);
    w->styles.has_custom = calloc(FORMAT_IDS, sizeof *w->styles.has_custom);
    if (w->styles.custom == NULL || w->styles.has_custom == NULL)
        return reader_fault(w->r, FAULT_memory, 0, 0, NULL);
    return xml_read_part(&w->c, part, &handlers, &s);
}

uint8_t styles_format(const struct styles *s, uint64_t style)
{
    if (style >= s->n)
        return 0;
    uint32_t id = s->xf[style];
    return s->has_custom[id] ? s->custom[id] : format_builtin(id);
}
