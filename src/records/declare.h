/* One step over records/list.h: declares struct, field numbers and descriptor of RECORD. No include guard: read many times. */
#define FIELD_TYPE_ID int64_t
#define FIELD_TYPE_REF int64_t
#define FIELD_TYPE_INT int64_t
#define FIELD_TYPE_BOOL int64_t
#define FIELD_TYPE_DATE int64_t
#define FIELD_TYPE_WEEK int64_t
#define FIELD_TYPE_TIME int64_t
#define FIELD_TYPE_ENUM int64_t
#define FIELD_TYPE_TEXT struct str
#define FIELD_TYPE_LINES struct str
#define FIELD_TYPE_JSON struct str
#define FIELD_TYPE_BYTES struct str
#define FIELD(kind_, name_, class_, ...) FIELD_TYPE_##kind_ name_;
struct RECORD {
#include RECORD_DEF
};
#undef FIELD
#define FIELD(kind_, name_, class_, ...) GLUE(RECORD, _F_##name_),
enum {
#include RECORD_DEF
    GLUE(RECORD, _F_COUNT)
};
#undef FIELD
extern const struct record GLUE(record_, RECORD);
#undef RECORD
#undef RECORD_DEF
