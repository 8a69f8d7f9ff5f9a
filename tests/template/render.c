/* Renders the sample page with hostile values: usage: render zh|en */
#include "sample.h"

#include "web/pages.h"

#include <stdio.h>

int main(int argc, char **argv)
{
    static const struct sample_row row[] = {
        { "<b>&\"'</b>", "javascript:alert(1)", "a&b=c/\"'<> %\xE6\x9D\x8E", 3, 20878, true },
        { "\xFF\x01\xE5\xAE\x9E\xE4\xB9\xA0", "java\tscript:alert(1)", "", -1, INT32_MAX, false },
        { "ok", "/a b?x=1&y=\"<", "..", INT64_MIN, 0, false },
        { "mail", "MailTo:a@example.org", "\n", 0, 20878, false },
        { "http", "HTTPS://example.org/#x", "", 0, 20878, false },
        { "data", "data:text/html,x", "", 0, 20878, false },
        { "space", " javascript:alert(1)", "", 0, 20878, false },
        { "slash", "\\\\example.org", "", 0, 20878, false },
        { "port", "a/b:c", "", 0, 20878, false },
    };
    struct page p = { .lang = argc > 1 && strcmp(argv[1], "en") == 0 ? LANG_EN : LANG_ZH, .csrf = STR("k\"<") };
    struct sample_view v = {
        STR("\"><script>alert(1)</script>\xF0\xA0\xAE\xB7 {1}"), row, LEN(row), { STR("<em>safe</em>") }
    };
    struct buf out = buf_make(1 << 20);
    page_sample(&out, &p, &v);
    fwrite(out.p, 1, out.n, stdout);
    bool failed = out.failed;
    buf_free(&out);
    return failed;
}
