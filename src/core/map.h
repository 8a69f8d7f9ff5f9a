/* A map from text to a number, kept in an arena: open addressing, FNV-1a with a caller's salt. */
#ifndef CORE_MAP_H
#define CORE_MAP_H

#include "core/arena.h"

struct map {
    struct arena *arena;
    struct map_slot *slot;
    size_t n, cap;
    uint64_t salt;
};

struct map map_make(struct arena *a, uint64_t salt);
/* Puts key -> value unless the key is there; returns whether it was added. The key's bytes are not copied. */
bool map_put(struct map *m, struct str key, int64_t value);
/* Gives another value to a key that is there; false where it is not. */
bool map_set(struct map *m, struct str key, int64_t value);
/* The value, or `missing`. */
int64_t map_get(const struct map *m, struct str key, int64_t missing) MUST;

#endif
