/* How inputs made of JSON are changed: whole values are moved, doubled, dropped and mixed between inputs, so that what comes
 * out is mostly JSON still and gets past the reader. Some changes stay bytewise, for the reader's own sake.
 * Included by one target each; several JSON values may stand one after the other, with any byte between them. */
#ifndef FUZZ_JSON_CHANGE_H
#define FUZZ_JSON_CHANGE_H

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

enum { CHANGE_VALUES_MOST = 8192, CHANGE_DEPTH_MOST = 600 };

struct change_value {
    size_t at, end; /* bytes [at, end) */
    char kind;      /* its first byte; 'k' for a key */
};

struct change_text {
    const uint8_t *p;
    size_t n;
};

size_t LLVMFuzzerMutate(uint8_t *data, size_t size, size_t max_size);
size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t max_size, unsigned int seed);
size_t LLVMFuzzerCustomCrossOver(const uint8_t *data1, size_t size1, const uint8_t *data2, size_t size2, uint8_t *out, size_t max_out, unsigned int seed);

static uint32_t change_random(uint32_t *state)
{
    *state ^= *state << 13;
    *state ^= *state >> 17;
    *state ^= *state << 5;
    return *state;
}

static size_t change_string_end(const uint8_t *p, size_t n, size_t at)
{
    for (at++; at < n && p[at] != '"'; at++)
        if (p[at] == '\\')
            at++;
    return at < n ? at + 1 : n;
}

/* Every value of the text, outer ones after what lies in them. */
static size_t change_scan(const uint8_t *p, size_t n, struct change_value *v)
{
    size_t open[CHANGE_DEPTH_MOST], depth = 0, count = 0;
    for (size_t i = 0; i < n && count < CHANGE_VALUES_MOST;) {
        size_t end = i + 1;
        if (p[i] == '{' || p[i] == '[') {
            if (depth < CHANGE_DEPTH_MOST)
                open[depth++] = i;
        } else if ((p[i] == '}' || p[i] == ']') && depth > 0) {
            depth--;
            v[count++] = (struct change_value){ open[depth], end, (char)p[open[depth]] };
        } else if (p[i] == '"') {
            end = change_string_end(p, n, i);
            size_t next = end;
            while (next < n && (p[next] == ' ' || p[next] == '\n'))
                next++;
            v[count++] = (struct change_value){ i, end, next < n && p[next] == ':' ? 'k' : '"' };
        } else if (p[i] == '-' || (p[i] >= '0' && p[i] <= '9') || (p[i] >= 'a' && p[i] <= 'z')) {
            while (end < n && (p[end] == '.' || (p[end] >= '0' && p[end] <= '9') || (p[end] >= 'a' && p[end] <= 'z')))
                end++;
            v[count++] = (struct change_value){ i, end, p[i] >= 'a' ? 'a' : '0' };
        }
        i = end;
    }
    return count;
}

/* Bytes [at, end) give way to `by`. */
static size_t change_replace(uint8_t *data, size_t size, size_t max_size, size_t at, size_t end, struct change_text by)
{
    if (size - (end - at) + by.n > max_size)
        return size;
    uint8_t *kept = malloc(by.n + 1);
    if (kept == NULL)
        return size;
    memcpy(kept, by.p, by.n); /* may lie in data */
    memmove(data + at + by.n, data + end, size - end);
    memcpy(data + at, kept, by.n);
    free(kept);
    return size - (end - at) + by.n;
}

static struct change_text change_literal(uint32_t *r, char kind)
{
    static const char *const numbers[] = { "0", "1", "2", "3", "-1", "5", "7", "40", "63", "64", "65", "100", "519", "520", "521", "1000", "100000",
                                           "1048576", "2147483647", "2147483648", "4294967296", "1099511627776", "1099511627777",
                                           "9223372036854775807", "9223372036854775808", "-9223372036854775808", "1e3", "0.5" };
    static const char *const texts[] = { "\"\"", "\"*\"", "\"2026-02-30\"", "\"0000-00-00\"", "\"9999-12-27\"", "\"forbidden\"", "\"together\"", "\"apart\"",
                                         "\"unplaced\"", "\"changes\"", "\"understaffed\"", "\"worst\"", "\"regret\"", "\"travel\"", "\"smooth\"", "\"waiting\"",
                                         "\"optimal\"", "\"feasible\"", "\"infeasible\"", "\"unknown\"", "\"proof\"", "\"budget\"",
                                         "\"seats\"", "\"preceptors\"", "\"clause\"", "\"\\u0000\"", "\"/students/0\"", "\"replace\"", "\"remove\"", "\"add\"" };
    static const char *const words[] = { "true", "false", "null", "[]", "{}" };
    const char *z = kind == '0' ? numbers[change_random(r) % (sizeof numbers / sizeof *numbers)] :
                    kind == '"' ? texts[change_random(r) % (sizeof texts / sizeof *texts)] :
                                  words[change_random(r) % (sizeof words / sizeof *words)];
    return (struct change_text){ (const uint8_t *)z, strlen(z) };
}

/* From the value to behind its comma, or from the comma before it. */
static struct change_value change_member(const uint8_t *p, size_t n, struct change_value v)
{
    while (v.end < n && (p[v.end] == ' ' || p[v.end] == '\n'))
        v.end++;
    if (v.end < n && p[v.end] == ',')
        v.end++;
    else
        while (v.at > 0 && (p[v.at - 1] == ',' || p[v.at - 1] == ' ' || p[v.at - 1] == '\n'))
            v.at--;
    return v;
}

/* A key with its value, where v is a key. */
static struct change_value change_pair(const uint8_t *p, size_t n, const struct change_value *all, size_t count, struct change_value v)
{
    (void)p, (void)n;
    size_t best = SIZE_MAX, end = v.end;
    for (size_t i = 0; i < count; i++)
        if (all[i].at >= v.end && (all[i].at < best || (all[i].at == best && all[i].end > end))) {
            best = all[i].at;
            end = all[i].end;
        }
    v.end = end;
    return v;
}

static size_t change_number(uint8_t *data, size_t size, size_t max_size, struct change_value v, uint32_t *r)
{
    char was[24] = { 0 }, is[24];
    memcpy(was, data + v.at, v.end - v.at < sizeof was ? v.end - v.at : sizeof was - 1);
    int64_t step = (int64_t)(change_random(r) % 7) - 3;
    int64_t number = (int64_t)((uint64_t)strtoll(was, NULL, 10) + (uint64_t)step);
    size_t n = 0;
    char digits[24];
    uint64_t u = number < 0 ? 0 - (uint64_t)number : (uint64_t)number;
    do
        digits[n++] = (char)('0' + u % 10);
    while ((u /= 10) > 0);
    size_t at = 0;
    if (number < 0)
        is[at++] = '-';
    while (n > 0)
        is[at++] = digits[--n];
    return change_replace(data, size, max_size, v.at, v.end, (struct change_text){ (const uint8_t *)is, at });
}

static size_t change_once(uint8_t *data, size_t size, size_t max_size, uint32_t *r, struct change_value *all)
{
    size_t count = change_scan(data, size, all);
    if (count == 0)
        return LLVMFuzzerMutate(data, size, max_size);
    struct change_value v = all[change_random(r) % count], w = all[change_random(r) % count];
    switch (change_random(r) % 8) {
    case 0:
        return LLVMFuzzerMutate(data, size, max_size);
    case 1:
        return v.kind == '0' ? change_number(data, size, max_size, v, r) : change_replace(data, size, max_size, v.at, v.end, change_literal(r, v.kind));
    case 2: /* gone, with its comma; a key with its value */
        if (v.kind == 'k')
            v = change_pair(data, size, all, count, v);
        v = change_member(data, size, v);
        return change_replace(data, size, max_size, v.at, v.end, (struct change_text){ data, 0 });
    case 3: { /* twice */
        if (v.kind == 'k')
            v = change_pair(data, size, all, count, v);
        size_t grown = change_replace(data, size, max_size, v.end, v.end, (struct change_text){ data + v.at, v.end - v.at });
        return grown == size ? size : change_replace(data, grown, max_size, v.end, v.end, (struct change_text){ (const uint8_t *)",", 1 });
    }
    case 4:
        return change_replace(data, size, max_size, v.at, v.end, change_literal(r, (char)("0\"a"[change_random(r) % 3])));
    default: /* in another's place: of one kind, for a while looked for */
        for (int i = 0; i < 20 && w.kind != v.kind; i++)
            w = all[change_random(r) % count];
        return change_replace(data, size, max_size, v.at, v.end, (struct change_text){ data + w.at, w.end - w.at });
    }
}

size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t max_size, unsigned int seed)
{
    static struct change_value all[CHANGE_VALUES_MOST];
    uint32_t r = seed * 2654435761u + 1;
    for (uint32_t i = 1 + change_random(&r) % 4; i > 0; i--)
        size = change_once(data, size, max_size, &r, all);
    return size;
}

size_t LLVMFuzzerCustomCrossOver(const uint8_t *data1, size_t size1, const uint8_t *data2, size_t size2, uint8_t *out, size_t max_out, unsigned int seed)
{
    static struct change_value mine[CHANGE_VALUES_MOST], other[CHANGE_VALUES_MOST];
    uint32_t r = seed * 2654435761u + 1;
    size_t a = change_scan(data1, size1, mine), b = change_scan(data2, size2, other);
    if (size1 > max_out)
        return 0;
    memcpy(out, data1, size1);
    if (a == 0 || b == 0)
        return size1;
    struct change_value v = mine[change_random(&r) % a], w = other[change_random(&r) % b];
    for (int i = 0; i < 20 && w.kind != v.kind; i++)
        w = other[change_random(&r) % b];
    return change_replace(out, size1, max_out, v.at, v.end, (struct change_text){ data2 + w.at, w.end - w.at });
}

#endif
