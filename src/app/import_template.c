/* Tables to fill in, one for each kind, from the table of columns. */
#include "app/import.h"
#include "app/imports.h"
#include "print/table.h"

enum { WISHES_SHOWN = 4 };

enum status import_template(struct buf *out, enum import_kind kind, enum lang lang, bool xlsx)
{
    assert(kind < import_kind_COUNT && out->n == 0);
    static const enum msg_id titles[import_kind_COUNT] = { MSG_template_students, MSG_template_departments, MSG_template_preceptors,
                                                           MSG_template_programmes, MSG_template_wishes };
    static const enum msg_id wishes[WISHES_SHOWN] = { MSG_template_wish_1, MSG_template_wish_2, MSG_template_wish_3, MSG_template_wish_4 };
    struct print_column column[COLUMNS_OF_KIND_MOST + WISHES_SHOWN];
    int n;
    size_t columns = 0;
    const struct import_column *c = import_columns_of(kind, &n);
    for (int i = 0; i < n; i++) {
        bool is_ranked = c[i].how == HOW_RANKED;
        for (int k = 0; k < (is_ranked ? WISHES_SHOWN : 1); k++)
            column[columns++] = (struct print_column){ .header = is_ranked ? wishes[k] : c[i].header, .note = c[i].note,
                                                       .kind = c[i].how == HOW_COUNT ? PRINT_INT : PRINT_TEXT,
                                                       .is_required = (c[i].flags & NEED) && k == 0, .width_chars = c[i].width };
    }
    struct print_sheet sheet = { .name = import_kind_list.item[kind].label, .title = titles[kind], .column = column, .columns = columns };
    return xlsx ? print_xlsx(out, lang, &sheet, 1) : print_csv(out, lang, &sheet);
}
