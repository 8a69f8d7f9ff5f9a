/* Compresses answers. One state a thread, kept: making one costs more than a small page. The fastest level: most of what
 * there is to win for a third of the time.
 * Compression beside a secret lets who can see lengths and plant text guess the secret letter by letter; the one secret
 * of our pages, the form's token, is therefore masked anew for each answer (router.c), and downloads are left as they are. */
#include "web/http_part.h"

#include <stdlib.h>
#include <zlib.h>

enum { LEVEL = 1, GZIP_WINDOW = 15 + 16, MEMORY = 8 };

static const char *const worth_it[] = { "text/html", "text/plain", "text/css", "application/json", "image/svg+xml" };

static pthread_key_t state_key;
static pthread_once_t once = PTHREAD_ONCE_INIT;

static void state_free(void *p)
{
    deflateEnd(p);
    free(p);
}

static void make_key(void)
{
    int failed = pthread_key_create(&state_key, state_free);
    assert(failed == 0);
}

/* This thread's state, begun anew; NULL without memory. */
static z_stream *state_here(void)
{
    pthread_once(&once, make_key);
    z_stream *z = pthread_getspecific(state_key);
    if (z != NULL)
        return deflateReset(z) == Z_OK ? z : NULL;
    z = calloc(1, sizeof *z);
    if (z == NULL || deflateInit2(z, LEVEL, Z_DEFLATED, GZIP_WINDOW, MEMORY, Z_DEFAULT_STRATEGY) != Z_OK) {
        free(z);
        return NULL;
    }
    pthread_setspecific(state_key, z);
    return z;
}

static bool is_worth_it(const struct exchange *ex)
{
    struct str type = str_of(ex->resp.type != NULL ? ex->resp.type : "text/html");
    if (ex->resp.is_stored_file || ex->resp.body.n < LIMIT_http_gzip_from_bytes || !http_takes_gzip(&ex->req))
        return false;
    for (size_t i = 0; i < LEN(worth_it); i++)
        if (str_starts(type, str_of(worth_it[i])))
            return true;
    return false;
}

void http_gzip(struct exchange *ex)
{
    assert(ex->zipped == NULL);
    z_stream *z = is_worth_it(ex) ? state_here() : NULL;
    if (z == NULL)
        return;
    size_t most = ex->resp.body.n; /* what does not get smaller is not worth it */
    ex->zipped = malloc(most);
    if (ex->zipped == NULL)
        return;
    z->next_in = (Bytef *)ex->resp.body.p;
    z->avail_in = (uInt)ex->resp.body.n;
    z->next_out = (Bytef *)ex->zipped;
    z->avail_out = (uInt)most;
    ex->is_gzipped = deflate(z, Z_FINISH) == Z_STREAM_END;
    ex->zipped_n = most - z->avail_out;
    assert(ex->zipped_n <= most);
}
