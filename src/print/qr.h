/* QR codes (ISO/IEC 18004, error correction M) for pages and paper. */
#ifndef PRINT_QR_H
#define PRINT_QR_H

#include "core/text.h"

/* The dark modules as the `d` of an SVG path, one unit a module, in `a`; returns the side in units, quiet zone included, or 0
 * when the text is too long (some 2,300 bytes). */
int64_t print_qr(struct arena *a, struct str text, struct str *path) MUST;

#endif
