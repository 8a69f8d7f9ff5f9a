/* Memory of one request, job or command: allocate, never free singly, release all at once.
 * Everything is zeroed. The maximum is the caller's; an arena that is full says so. */
#ifndef CORE_ARENA_H
#define CORE_ARENA_H

#include "core/base.h"

struct arena_block;

/* Called when the arena is full or malloc fails; must not return (longjmp to the owner's boundary,
 * or end the command). With full == NULL, arena_alloc ends the process after arena_unhandled. */
typedef void arena_full_fn(void *ctx);
/* Says that an arena without `full` has reached its maximum; set once by main, since this room prints nothing. */
extern void (*arena_unhandled)(size_t max_bytes);

/* A maximum that several arenas have in common. */
struct arena_pool {
    size_t used_bytes, max_bytes;
};

struct arena {
    struct arena_block *head;
    size_t used_bytes;
    size_t max_bytes;
    struct arena_pool *pool; /* or NULL; outlives the arena */
    arena_full_fn *full;
    void *full_ctx;
};

/* An empty arena of at most max_bytes (blocks included). Takes no memory yet. */
struct arena arena_make(size_t max_bytes);
/* One that also counts for a pool, and may use all that is left of it. */
struct arena arena_in(struct arena_pool *pool);
/* Zeroed memory aligned for any type, or NULL where the maximum or malloc refuses. size 0 gives a valid pointer. */
void *arena_try(struct arena *a, size_t size) MUST;
/* As arena_try, but calls a->full instead of returning NULL. */
void *arena_alloc(struct arena *a, size_t size) MUST;
/* n elements of size bytes; overflow counts as full. */
void *arena_array(struct arena *a, size_t n, size_t size) MUST;
/* A zero-terminated copy of n bytes. */
char *arena_copy(struct arena *a, const char *p, size_t n) MUST;
struct str arena_str(struct arena *a, struct str s) MUST;
/* A zero-terminated formatted string. */
struct str arena_printf(struct arena *a, const char *fmt, ...) PRINTF_LIKE(2, 3) MUST;
/* Gives all memory back; the arena is empty and usable again. */
void arena_free(struct arena *a);

#define ARENA_NEW(a, type) ((type *)arena_alloc((a), sizeof(type)))
#define ARENA_ARRAY(a, n, type) ((type *)arena_array((a), (n), sizeof(type)))

/* Appends to a growing array kept in an arena: doubles it when full. `items`, `n`, `cap` are lvalues. */
#define ARENA_PUSH(a, items, n, cap) \
    (((n) == (cap) ? (void)((items) = arena_grow((a), (items), (n), &(cap), sizeof *(items))) : (void)0), &(items)[(n)++])
void *arena_grow(struct arena *a, const void *items, size_t n, size_t *cap, size_t size) MUST;

#endif
