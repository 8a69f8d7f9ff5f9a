/* The files of static/, embedded at build time by tools/assets. */
#ifndef WEB_ASSETS_H
#define WEB_ASSETS_H

#include "web/http.h"

struct asset {
    const char *name, *type;
    const char *hash; /* of the content, short */
    const char *url;  /* /static/NAME?v=HASH: changes when the content does */
    const unsigned char *bytes;
    size_t n;
    const unsigned char *gzip; /* the same compressed at build time; NULL where that is not smaller */
    size_t gzip_n;
};

extern const struct asset asset_table[]; /* sorted by name as given to the build; asset_count of them */
extern const size_t asset_count;

/* The address to write into a page. The name must be that of a file in static/: asserts otherwise. */
const char *asset_url(const char *name) MUST;
/* Answers a GET of /static/NAME: kept for a year when the address carries the right ?v=, else asked for each time;
 * 404 for an unknown name. */
void asset_serve(struct req *req, struct resp *resp);

#endif
