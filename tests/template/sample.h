/* What the sample template shows. */
#ifndef TEMPLATE_SAMPLE_H
#define TEMPLATE_SAMPLE_H

#include "web/html.h"

struct sample_row {
    const char *name, *url, *query;
    int64_t seats;
    date from;
    bool is_full;
};

struct sample_view {
    struct str title;
    const struct sample_row *row;
    size_t rows;
    struct safe_html note;
};

#endif
