/* QR codes for pages, which may not reach the print room themselves. */
#ifndef APP_QR_H
#define APP_QR_H

#include "print/qr.h"

static inline int64_t qr_path(struct arena *a, struct str text, struct str *path)
{
    return print_qr(a, text, path);
}

#endif
