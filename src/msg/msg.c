/* The table of sentences: made of every .def file of this room. */
#include "msg/msg.h"

static const struct sentence {
    const char *name;
    const char *text[LANG_COUNT];
} table[MSG_COUNT] = {
    [MSG_none] = { "none", { "", "" } },
#define MSG(name_, zh, en) [MSG_##name_] = { #name_, { "" zh, "" en } },
#include "msg/all.def"
#undef MSG
};

const char *msg_text(enum msg_id id, enum lang lang)
{
    assert(id < MSG_COUNT && lang < LANG_COUNT);
    return table[id].text[lang];
}

const char *msg_name(enum msg_id id)
{
    assert(id < MSG_COUNT);
    return table[id].name;
}

enum msg_id msg_find(struct str name)
{
    for (int i = 0; i < MSG_COUNT; i++)
        if (str_is(name, table[i].name))
            return (enum msg_id)i;
    return MSG_none;
}

void msg_put(struct buf *b, enum msg_id id, enum lang lang, const struct str *arg, size_t n)
{
    const char *p = msg_text(id, lang);
    for (; *p != '\0'; p++) {
        size_t at = p[0] == '{' && p[1] >= '1' && p[1] <= '9' && p[2] == '}' ? (size_t)(p[1] - '0') : 0;
        if (at == 0) {
            buf_char(b, *p);
            continue;
        }
        if (at <= n)
            buf_str(b, arg[at - 1]);
        p += 2;
    }
}

struct str msg_err(struct arena *a, const struct err *e, enum lang lang)
{
    struct buf b = buf_make(64 * 1024);
    msg_put(&b, e->id, lang, e->arg, ERR_ARGS);
    struct str s = arena_str(a, buf_view(&b));
    buf_free(&b);
    return s;
}
