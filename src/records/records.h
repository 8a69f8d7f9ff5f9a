/* All records, inputs and view rows as structs, with their descriptors. */
#ifndef RECORDS_RECORDS_H
#define RECORDS_RECORDS_H

#include "records/record.h"

#define GLUE_(a, b) a##b
#define GLUE(a, b) GLUE_(a, b)
#define QUOTE_(a) #a
#define QUOTE(a) QUOTE_(a)

/* enum side { side_university, side_hospital, side_COUNT }; extern const struct enum_list side_list; and so on */
#define ENUM(list) enum list {
#define ITEM(list, name) list##_##name,
#define END(list) list##_COUNT };
#include "records/enums.def"
#undef ENUM
#undef ITEM
#undef END
#define ENUM(list) extern const struct enum_list list##_list;
#define ITEM(list, name)
#define END(list)
#include "records/enums.def"
#undef ENUM
#undef ITEM
#undef END

#define RECORD_STEP "records/declare.h"
#include "records/list.h"
#undef RECORD_STEP

/* Every descriptor, by name; NULL where there is none. */
const struct record *record_by_name(struct str name) MUST;
extern const struct record *const records_all[];
extern const size_t records_count;

#endif
