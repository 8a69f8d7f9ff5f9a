/* One step over records/list.h: the descriptor of RECORD. Labels are the messages field_NAME. */
#define FIELD(kind_, name_, class_, ...) \
    { .name = #name_, .label = MSG_field_##name_, .kind = KIND_##kind_, .class = CLASS_##class_, \
      .offset = offsetof(struct RECORD, name_), __VA_ARGS__ },
static const struct field GLUE(RECORD, _fields)[] = {
#include RECORD_DEF
};
#undef FIELD
const struct record GLUE(record_, RECORD) = { QUOTE(RECORD), sizeof(struct RECORD), GLUE(RECORD, _fields),
                                              LEN(GLUE(RECORD, _fields)) };
#undef RECORD
#undef RECORD_DEF
