/* The descriptors of all records and enums. */
#include "records/records.h"

#define ENUM(list) static const struct enum_item list##_items[] = {
#define ITEM(list, name) { #name, MSG_##list##_##name },
#define END(list) }; \
    const struct enum_list list##_list = { #list, list##_items, LEN(list##_items) };
#include "records/enums.def"
#undef ENUM
#undef ITEM
#undef END

#define RECORD_STEP "records/define.h"
#include "records/list.h"
#undef RECORD_STEP

#define RECORD_STEP "records/entry.h"
const struct record *const records_all[] = {
#include "records/list.h"
};
#undef RECORD_STEP
const size_t records_count = LEN(records_all);

const struct record *record_by_name(struct str name)
{
    for (size_t i = 0; i < records_count; i++)
        if (str_is(name, records_all[i]->name))
            return records_all[i];
    return NULL;
}
