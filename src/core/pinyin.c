/* Names to sort keys by a table: see pinyin.h. */
#include "core/pinyin.h"
#include "core/pinyin_table.h"

enum { KEY_BYTES_MOST = 8192 };

static const char *syllable_of(uint32_t code, bool surname)
{
    if (code < PINYIN_FIRST || code > PINYIN_LAST)
        return "";
    for (size_t i = 0; surname && i < LEN(pinyin_surnames); i++)
        if (pinyin_surnames[i].code == code)
            return pinyin_syllables[pinyin_surnames[i].syllable];
    assert(pinyin_common[code - PINYIN_FIRST] < LEN(pinyin_syllables));
    return pinyin_syllables[pinyin_common[code - PINYIN_FIRST]];
}

struct str pinyin_key(struct arena *a, struct str name)
{
    struct buf b = buf_make(KEY_BYTES_MOST);
    bool latin = false; /* whether the last thing written was a Latin letter, which the next one joins */
    for (size_t i = 0; i < name.n;) {
        uint32_t code;
        size_t len = utf8_next(name.p + i, name.n - i, &code);
        if (len == 0) {
            i++;
            continue;
        }
        const char *syllable = syllable_of(code, i == 0);
        if (syllable[0] != '\0') {
            if (b.n > 0)
                buf_char(&b, ' ');
            buf_z(&b, syllable);
            latin = false;
        } else if (code < 0x80 && code > ' ') {
            if (b.n > 0 && !latin)
                buf_char(&b, ' ');
            buf_char(&b, (char)(code >= 'A' && code <= 'Z' ? code + 32 : code));
            latin = true;
        } else {
            latin = false;
        }
        i += len;
    }
    if (b.n > 0)
        buf_char(&b, ' ');
    buf_str(&b, name);
    struct str key = arena_str(a, buf_view(&b));
    buf_free(&b);
    return key;
}
