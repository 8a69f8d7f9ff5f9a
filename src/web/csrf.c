/* See csrf.h. */
#include "web/csrf.h"

#include <sodium.h>

static bool unhex(unsigned char *out, size_t bytes, struct str hex)
{
    size_t n = 0;
    return hex.n == 2 * bytes && sodium_hex2bin(out, bytes, hex.p, hex.n, NULL, &n, NULL) == 0 && n == bytes;
}

struct str csrf_mask(struct arena *a, struct str secret)
{
    assert(secret.n > 0);
    unsigned char both[2 * CSRF_BYTES], raw[CSRF_BYTES];
    bool is_whole = unhex(raw, sizeof raw, secret);
    assert(is_whole);
    randombytes_buf(both, CSRF_BYTES);
    for (size_t i = 0; i < CSRF_BYTES; i++)
        both[CSRF_BYTES + i] = both[i] ^ raw[i];
    char *hex = arena_alloc(a, CSRF_MASKED + 1);
    sodium_bin2hex(hex, CSRF_MASKED + 1, both, sizeof both);
    sodium_memzero(raw, sizeof raw);
    return (struct str){ hex, CSRF_MASKED };
}

bool csrf_is(struct str sent, struct str secret)
{
    unsigned char both[2 * CSRF_BYTES], raw[CSRF_BYTES];
    if (!unhex(both, sizeof both, sent) || !unhex(raw, sizeof raw, secret))
        return false;
    for (size_t i = 0; i < CSRF_BYTES; i++)
        both[i] ^= both[CSRF_BYTES + i];
    return sodium_memcmp(both, raw, CSRF_BYTES) == 0;
}
