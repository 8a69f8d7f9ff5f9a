/* Text -> number: see map.h. */
#include "core/map.h"

struct map_slot {
    struct str key;
    uint64_t hash; /* 0 = empty */
    int64_t value;
};

struct map map_make(struct arena *a, uint64_t salt)
{
    assert(a != NULL);
    return (struct map){ .arena = a, .salt = salt };
}

static uint64_t hash_of(const struct map *m, struct str key)
{
    uint64_t h = 14695981039346656037u ^ m->salt;
    for (size_t i = 0; i < key.n; i++)
        h = (h ^ (unsigned char)key.p[i]) * 1099511628211u;
    h ^= h >> 32;
    return h != 0 ? h : 1;
}

static struct map_slot *slot_for(struct map_slot *slot, size_t cap, struct str key, uint64_t hash)
{
    assert(cap > 0 && (cap & (cap - 1)) == 0); /* a power of two, and never full: the search ends */
    assert(hash != 0);
    for (size_t i = hash & (cap - 1);; i = (i + 1) & (cap - 1))
        if (slot[i].hash == 0 || (slot[i].hash == hash && str_eq(slot[i].key, key)))
            return &slot[i];
}

bool map_put(struct map *m, struct str key, int64_t value)
{
    if (m->n * 2 >= m->cap) {
        size_t cap = m->cap > 0 ? m->cap * 2 : 32;
        struct map_slot *more = ARENA_ARRAY(m->arena, cap, struct map_slot);
        for (size_t i = 0; i < m->cap; i++)
            if (m->slot[i].hash != 0)
                *slot_for(more, cap, m->slot[i].key, m->slot[i].hash) = m->slot[i];
        assert(cap > m->n * 2);
        m->slot = more;
        m->cap = cap;
    }
    uint64_t hash = hash_of(m, key);
    struct map_slot *s = slot_for(m->slot, m->cap, key, hash);
    if (s->hash != 0)
        return false;
    *s = (struct map_slot){ key, hash, value };
    m->n++;
    assert(m->n < m->cap);
    return true;
}

bool map_set(struct map *m, struct str key, int64_t value)
{
    struct map_slot *s = m->cap > 0 ? slot_for(m->slot, m->cap, key, hash_of(m, key)) : NULL;
    if (s == NULL || s->hash == 0)
        return false;
    s->value = value;
    return true;
}

int64_t map_get(const struct map *m, struct str key, int64_t missing)
{
    if (m->cap == 0)
        return missing;
    struct map_slot *s = slot_for(m->slot, m->cap, key, hash_of(m, key));
    return s->hash != 0 ? s->value : missing;
}
