/* QR codes as SVG paths, by libqrencode: see qr.h. */
#include "print/qr.h"

#include <qrencode.h>

enum { QUIET = 4 }; /* modules of white around, as the standard asks */

int64_t print_qr(struct arena *a, struct str text, struct str *path)
{
    *path = STR("");
    QRcode *code = QRcode_encodeString8bit(arena_str(a, text).p, 0, QR_ECLEVEL_M);
    if (code == NULL)
        return 0;
    struct buf b = buf_make(1 << 18);
    for (int y = 0; y < code->width; y++)
        for (int x = 0; x < code->width;) {
            int run = 0;
            while (x + run < code->width && code->data[y * code->width + x + run] & 1)
                run++;
            if (run > 0)
                buf_printf(&b, "M%d %dh%dv1h-%dz", x + QUIET, y + QUIET, run, run);
            x += run > 0 ? run : 1;
        }
    int64_t size = code->width + 2 * QUIET;
    *path = arena_str(a, buf_view(&b));
    buf_free(&b);
    QRcode_free(code);
    return size;
}
