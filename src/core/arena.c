/* Arena: a list of blocks, the newest first; large pieces get a block of their own. */
#include "core/arena.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

enum { BLOCK_MIN_BYTES = 16 * 1024, BLOCK_MAX_BYTES = 1024 * 1024, ALIGN_BYTES = 16 };

struct arena_block {
    struct arena_block *next;
    size_t size; /* bytes of data */
    size_t used;
    size_t pad;
    _Alignas(ALIGN_BYTES) char data[];
};

struct arena arena_make(size_t max_bytes)
{
    return (struct arena){ .max_bytes = max_bytes };
}

struct arena arena_in(struct arena_pool *pool)
{
    return (struct arena){ .max_bytes = pool->max_bytes, .pool = pool };
}

static struct arena_block *block_add(struct arena *a, size_t need)
{
    size_t size = a->head != NULL ? MIN(a->head->size * 2, (size_t)BLOCK_MAX_BYTES) : BLOCK_MIN_BYTES;
    if (size < need)
        size = need;
    assert(a->used_bytes <= a->max_bytes);
    size_t room = a->max_bytes - a->used_bytes;
    if (a->pool != NULL)
        room = MIN(room, a->pool->max_bytes - a->pool->used_bytes);
    if (size > room)
        size = need;
    if (size > room || size > SIZE_MAX - sizeof(struct arena_block))
        return NULL;
    struct arena_block *b = calloc(1, sizeof *b + size);
    if (b == NULL)
        return NULL;
    b->size = size;
    a->used_bytes += size;
    if (a->pool != NULL)
        a->pool->used_bytes += size;
    assert(a->used_bytes <= a->max_bytes && (a->pool == NULL || a->pool->used_bytes <= a->pool->max_bytes));
    /* A block made for one large piece goes behind the head, which may still have room. */
    if (a->head != NULL && size == need && need > BLOCK_MIN_BYTES) {
        b->next = a->head->next;
        a->head->next = b;
    } else {
        b->next = a->head;
        a->head = b;
    }
    return b;
}

void *arena_try(struct arena *a, size_t size)
{
    assert(a != NULL);
    if (size > SIZE_MAX - ALIGN_BYTES)
        return NULL;
    size = (size + ALIGN_BYTES - 1) / ALIGN_BYTES * ALIGN_BYTES;
    if (size == 0)
        size = ALIGN_BYTES;
    struct arena_block *b = a->head;
    if (b == NULL || b->size - b->used < size) {
        b = block_add(a, size);
        if (b == NULL)
            return NULL;
    }
    void *p = b->data + b->used;
    b->used += size;
    assert(b->used <= b->size);
    return p;
}

void (*arena_unhandled)(size_t max_bytes);

static void arena_is_full(struct arena *a)
{
    if (a->full != NULL)
        a->full(a->full_ctx);
    if (arena_unhandled != NULL)
        arena_unhandled(a->max_bytes);
    abort();
}

void *arena_alloc(struct arena *a, size_t size)
{
    void *p = arena_try(a, size);
    if (p == NULL)
        arena_is_full(a);
    return p;
}

void *arena_array(struct arena *a, size_t n, size_t size)
{
    size_t bytes;
    if (__builtin_mul_overflow(n, size, &bytes))
        arena_is_full(a);
    return arena_alloc(a, bytes);
}

char *arena_copy(struct arena *a, const char *p, size_t n)
{
    assert(p != NULL || n == 0);
    char *copy = arena_alloc(a, n + 1);
    if (n > 0)
        memcpy(copy, p, n);
    return copy;
}

struct str arena_str(struct arena *a, struct str s)
{
    return (struct str){ arena_copy(a, s.p, s.n), s.n };
}

struct str arena_printf(struct arena *a, const char *fmt, ...)
{
    va_list ap, again;
    va_start(ap, fmt);
    va_copy(again, ap);
    int n = vsnprintf(NULL, 0, fmt, ap);
    va_end(ap);
    assert(n >= 0);
    char *p = arena_alloc(a, (size_t)n + 1);
    vsnprintf(p, (size_t)n + 1, fmt, again);
    va_end(again);
    return (struct str){ p, (size_t)n };
}

void arena_free(struct arena *a)
{
    struct arena_block *b = a->head;
    while (b != NULL) {
        struct arena_block *next = b->next;
        free(b);
        b = next;
    }
    a->head = NULL;
    assert(a->pool == NULL || a->pool->used_bytes >= a->used_bytes);
    if (a->pool != NULL)
        a->pool->used_bytes -= a->used_bytes;
    a->used_bytes = 0;
}

void *arena_grow(struct arena *a, const void *items, size_t n, size_t *cap, size_t size)
{
    size_t more = *cap > 0 ? *cap * 2 : 8;
    assert(n <= *cap && more > *cap);
    void *p = arena_array(a, more, size);
    if (n > 0)
        memcpy(p, items, n * size);
    *cap = more;
    return p;
}
