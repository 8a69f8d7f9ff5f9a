/* A workbook: from the package's relations to its workbook part, and from there to strings, styles and the visible sheets in their
 * order. Relations to the outside are not followed. */
#include "read/xlsx.h"

#include <stdlib.h>

enum { NAMES_BYTES = 8 * 1024 * 1024, NAME_BYTES_MOST = 1024 * 1024, RELATIONS_MOST = 2000, SHEETS_MOST = 1000 };

struct relation {
    struct str id, kind, target; /* kind: the last word of its type */
};

struct relations {
    struct workbook *w;
    struct relation item[RELATIONS_MOST];
    size_t n;
};

struct sheet {
    struct str name, relation;
    bool is_hidden;
};

struct sheets {
    struct workbook *w;
    struct sheet item[SHEETS_MOST];
    size_t n;
    bool is_workbook;
};

static enum status on_end(void *ctx, const char *name)
{
    (void)ctx, (void)name;
    return STATUS_OK;
}

/* A zero-terminated copy among the workbook's names, which have a maximum together: past it, empty, and is_full is set. */
static struct str keep(struct workbook *w, struct str s)
{
    char *copy = arena_try(&w->arena, s.n + 1);
    if (copy == NULL) {
        w->is_full = true;
        return (struct str){ "", 0 };
    }
    memcpy(copy, s.p, s.n);
    return (struct str){ copy, s.n };
}

static enum status unless_full(struct workbook *w)
{
    return w->is_full ? reader_fault(w->r, FAULT_memory, 0, 0, NULL) : STATUS_OK;
}

/* ---- relations ------------------------------------------------------------------------------------------------------ */

static enum status on_relation(void *ctx, const char *name, const char **attributes)
{
    struct relations *rels = ctx;
    const char *id = xml_attribute(attributes, "Id"), *type = xml_attribute(attributes, "Type");
    const char *target = xml_attribute(attributes, "Target"), *mode = xml_attribute(attributes, "TargetMode");
    if (strcmp(name, "Relationship") != 0 || id == NULL || type == NULL || target == NULL)
        return STATUS_OK;
    if ((mode != NULL && strcmp(mode, "External") == 0) || rels->n == RELATIONS_MOST)
        return STATUS_OK;
    const char *slash = strrchr(type, '/');
    rels->item[rels->n++] = (struct relation){
        keep(rels->w, str_of(id)),
        keep(rels->w, str_of(slash != NULL ? slash + 1 : type)),
        keep(rels->w, str_of(target)),
    };
    return unless_full(rels->w);
}

static const struct relation *relation_of_kind(const struct relations *rels, const char *kind)
{
    for (size_t i = 0; i < rels->n; i++)
        if (str_is(rels->item[i].kind, kind))
            return &rels->item[i];
    return NULL;
}

static const struct relation *relation_of_id(const struct relations *rels, struct str id)
{
    for (size_t i = 0; i < rels->n; i++)
        if (str_eq(rels->item[i].id, id))
            return &rels->item[i];
    return NULL;
}

static size_t folder_of(struct str part)
{
    size_t n = part.n;
    while (n > 0 && part.p[n - 1] != '/')
        n--;
    return n;
}

/* Three pieces put together as one name. */
static struct str joined(struct workbook *w, struct str a, const char *between, struct str b, const char *after)
{
    struct buf name = buf_make(NAME_BYTES_MOST);
    buf_str(&name, a);
    buf_z(&name, between);
    buf_str(&name, b);
    buf_z(&name, after);
    struct str kept = keep(w, buf_view(&name));
    w->is_full |= name.failed;
    buf_free(&name);
    return kept;
}

/* The part that a relation of `from` (xl/workbook.xml) points to: absolute, or relative to its folder. */
static struct str part_of(struct workbook *w, struct str from, struct str target)
{
    size_t folder = folder_of(from);
    if (target.n > 0 && target.p[0] == '/')
        return keep(w, (struct str){ target.p + 1, target.n - 1 });
    while (str_starts(target, STR("../")) || str_starts(target, STR("./"))) {
        bool is_up = target.p[1] == '.';
        target = (struct str){ target.p + (is_up ? 3 : 2), target.n - (is_up ? 3 : 2) };
        if (is_up && folder > 0)
            folder = folder_of((struct str){ from.p, folder - 1 });
    }
    return joined(w, (struct str){ from.p, folder }, "", target, "");
}

/* Where the relations of a part are written: xl/workbook.xml -> xl/_rels/workbook.xml.rels */
static struct str relations_part(struct workbook *w, struct str part)
{
    size_t folder = folder_of(part);
    return joined(w, (struct str){ part.p, folder }, "_rels/", (struct str){ part.p + folder, part.n - folder }, ".rels");
}

/* ---- the workbook part ---------------------------------------------------------------------------------------------- */

static enum status on_workbook(void *ctx, const char *name, const char **attributes)
{
    struct sheets *s = ctx;
    if (strcmp(name, "workbook") == 0)
        s->is_workbook = true;
    if (strcmp(name, "workbookPr") == 0) {
        const char *v = xml_attribute(attributes, "date1904");
        s->w->is_1904 = v != NULL && (strcmp(v, "1") == 0 || strcmp(v, "true") == 0);
    }
    if (!s->is_workbook || strcmp(name, "sheet") != 0 || s->n == SHEETS_MOST)
        return STATUS_OK;
    const char *title = xml_attribute(attributes, "name"), *state = xml_attribute(attributes, "state");
    const char *id = xml_attribute_prefixed(attributes, "id");
    if (id == NULL)
        return STATUS_OK;
    s->item[s->n++] = (struct sheet){
        keep(s->w, text_cut(str_of(title != NULL ? title : ""), SHEET_NAME_BYTES_MOST)),
        keep(s->w, str_of(id)),
        state != NULL && strcmp(state, "visible") != 0,
    };
    return unless_full(s->w);
}

static enum status read_sheets(struct workbook *w, const struct sheets *sheets, const struct relations *rels, struct str part)
{
    struct reader *r = w->r;
    enum status st = STATUS_OK;
    for (size_t i = 0; i < sheets->n && st == STATUS_OK; i++) {
        const struct sheet *s = &sheets->item[i];
        const struct relation *rel = relation_of_id(rels, s->relation);
        if (rel != NULL && !str_is(rel->kind, "worksheet"))
            continue; /* a sheet that is one diagram holds no table */
        if (s->is_hidden) {
            r->report->hidden_sheets++;
            continue;
        }
        if (r->report->sheets == r->limits->sheets)
            return reader_limit(r, FAULT_sheets_most, 0, 0, r->limits->sheets);
        r->sheet_name = s->name;
        r->sheet = r->report->sheets++;
        st = rel != NULL ? sheet_read(w, part_of(w, part, rel->target).p) : reader_fault(r, FAULT_part_missing, 0, 0, s->relation.p, NULL);
    }
    return st;
}

/* Strings and styles are found by relation; a workbook of numbers alone has neither. */
static enum status read_workbook(struct workbook *w, struct str part, struct sheets *sheets, struct relations *rels)
{
    static const struct xml_handlers on_rels = { on_relation, on_end, NULL }, on_book = { on_workbook, on_end, NULL };
    enum status st = xml_read_part(&w->c, part.p, &on_book, sheets);
    if (st == STATUS_OK && !sheets->is_workbook)
        st = reader_fault(w->r, FAULT_no_workbook, 0, 0, NULL);
    if (st == STATUS_OK)
        st = xml_read_part(&w->c, relations_part(w, part).p, &on_rels, rels);
    const struct relation *strings = relation_of_kind(rels, "sharedStrings"), *styles = relation_of_kind(rels, "styles");
    if (st == STATUS_OK && strings != NULL)
        st = strings_read(w, part_of(w, part, strings->target).p);
    if (st == STATUS_OK && styles != NULL)
        st = styles_read(w, part_of(w, part, styles->target).p);
    return st == STATUS_OK ? read_sheets(w, sheets, rels, part) : st;
}

/* ---- the package ---------------------------------------------------------------------------------------------------- */

/* The workbook part by the package's own relations; empty with a fault where there is none. */
static enum status find_workbook(struct workbook *w, struct relations *rels, struct str *part)
{
    static const struct xml_handlers on_rels = { on_relation, on_end, NULL };
    bool is_package = container_has(&w->c, "_rels/.rels");
    if (!is_package)
        return reader_fault(w->r, container_has(&w->c, "content.xml") ? FAULT_ods : FAULT_no_workbook, 0, 0, NULL);
    enum status st = xml_read_part(&w->c, "_rels/.rels", &on_rels, rels);
    if (st != STATUS_OK)
        return st;
    const struct relation *main = relation_of_kind(rels, "officeDocument");
    if (main == NULL)
        return reader_fault(w->r, FAULT_no_workbook, 0, 0, NULL);
    *part = part_of(w, STR(""), main->target);
    if (part->n >= 4 && strcmp(part->p + part->n - 4, ".bin") == 0)
        return reader_fault(w->r, FAULT_xlsb, 0, 0, NULL);
    return unless_full(w);
}

static enum status read_package(struct workbook *w)
{
    struct relations *rels = calloc(2, sizeof *rels);
    struct sheets *sheets = calloc(1, sizeof *sheets);
    struct str part = { "", 0 };
    enum status st = rels != NULL && sheets != NULL ? STATUS_OK : reader_fault(w->r, FAULT_memory, 0, 0, NULL);
    if (st == STATUS_OK) {
        rels[0].w = rels[1].w = sheets->w = w;
        st = find_workbook(w, &rels[0], &part);
    }
    if (st == STATUS_OK)
        st = read_workbook(w, part, sheets, &rels[1]);
    free(rels);
    free(sheets);
    return st;
}

enum status read_xlsx(struct reader *r, struct str bytes)
{
    struct workbook w = { .r = r, .arena = arena_make(NAMES_BYTES) };
    enum status st = container_open(&w.c, r, bytes);
    if (st == STATUS_OK)
        st = read_package(&w);
    container_close(&w.c);
    buf_free(&w.strings.bytes);
    free(w.strings.end);
    free(w.styles.custom);
    free(w.styles.has_custom);
    free(w.styles.xf);
    arena_free(&w.arena);
    r->sheet_name = (struct str){ "", 0 };
    return st;
}
