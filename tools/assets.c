/* Embeds the files of static/ into the program: bytes, content type and a digest of the content, so that an address
 * changes exactly when its content does. usage: assets DIR NAME... > assets.c */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

static const struct {
    const char *ending, *type;
} types[] = {
    { ".css", "text/css; charset=utf-8" },
    { ".js", "text/javascript; charset=utf-8" },
    { ".svg", "image/svg+xml" },
    { ".png", "image/png" },
    { ".ico", "image/x-icon" },
    { ".woff2", "font/woff2" },
    { ".webmanifest", "application/manifest+json" },
    { ".json", "application/json" },
    { ".txt", "text/plain; charset=utf-8" },
};

static const char *type_of(const char *name)
{
    size_t n = strlen(name);
    for (size_t i = 0; i < sizeof types / sizeof types[0]; i++) {
        size_t k = strlen(types[i].ending);
        if (n > k && strcmp(name + n - k, types[i].ending) == 0)
            return types[i].type;
    }
    return NULL;
}

static unsigned char *file_read(const char *path, size_t *n)
{
    FILE *f = fopen(path, "rb");
    size_t cap = 1 << 16, got;
    unsigned char *p = malloc(cap);
    *n = 0;
    while (f != NULL && p != NULL && (got = fread(p + *n, 1, cap - *n, f)) > 0)
        if ((*n += got) == cap)
            p = realloc(p, cap *= 2);
    if (f == NULL || p == NULL || ferror(f)) {
        perror(path);
        exit(1);
    }
    fclose(f);
    return p;
}

/* FNV-1a: names versions of our own files; nothing rests on it but a browser's cache. */
static uint64_t digest(const unsigned char *p, size_t n)
{
    uint64_t h = 14695981039346656037u;
    for (size_t i = 0; i < n; i++)
        h = (h ^ p[i]) * 1099511628211u;
    return h;
}

/* The smallest gzip form, without a time in its head; NULL where it is not smaller. */
static unsigned char *gzip(const unsigned char *p, size_t n, size_t *out_n)
{
    z_stream z = { 0 };
    unsigned char *out = malloc(n + 1);
    if (out == NULL || deflateInit2(&z, 9, Z_DEFLATED, 15 + 16, 9, Z_DEFAULT_STRATEGY) != Z_OK)
        exit(1);
    z.next_in = (unsigned char *)(uintptr_t)p;
    z.avail_in = (unsigned)n;
    z.next_out = out;
    z.avail_out = (unsigned)n;
    int rc = deflate(&z, Z_FINISH);
    *out_n = n - z.avail_out;
    deflateEnd(&z);
    if (rc == Z_STREAM_END)
        return out;
    free(out);
    return NULL;
}

static void bytes_put(const char *what, const unsigned char *p, size_t n, size_t number)
{
    printf("static const unsigned char %s_%zu[] = {", what, number);
    for (size_t i = 0; i < n; i++)
        printf("%s%u,", i % 24 == 0 ? "\n" : "", p[i]);
    printf("0};\n");
}

int main(int argc, char **argv)
{
    if (argc < 2) {
        fprintf(stderr, "usage: assets DIR NAME...\n");
        return 2;
    }
    size_t count = (size_t)argc - 2;
    char *rows = NULL;
    size_t rows_n = 0;
    FILE *table = open_memstream(&rows, &rows_n);
    printf("/* Made by tools/assets from static/. */\n#include \"web/assets.h\"\n");
    for (size_t i = 0; i < count && table != NULL; i++) {
        const char *name = argv[i + 2], *type = type_of(name);
        char path[4096];
        size_t n;
        if (type == NULL || strlen(name) != strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789-_.")) {
            fprintf(stderr, "assets: %s/%s: no content type is known for this name (a-z 0-9 - _ .)\n", argv[1], name);
            return 1;
        }
        snprintf(path, sizeof path, "%s/%s", argv[1], name);
        unsigned char *p = file_read(path, &n);
        char hash[17];
        snprintf(hash, sizeof hash, "%016" PRIx64, digest(p, n));
        bytes_put("bytes", p, n, i);
        size_t zipped_n = 0;
        unsigned char *zipped = gzip(p, n, &zipped_n);
        if (zipped != NULL)
            bytes_put("gzip", zipped, zipped_n, i);
        fprintf(table, "    { \"%s\", \"%s\", \"%.10s\", \"/static/%s?v=%.10s\", bytes_%zu, %zu, ", name, type, hash, name,
                hash, i, n);
        if (zipped != NULL)
            fprintf(table, "gzip_%zu, %zu },\n", i, zipped_n);
        else
            fprintf(table, "NULL, 0 },\n");
        free(zipped);
        free(p);
    }
    if (table == NULL || fclose(table) != 0)
        return 1;
    printf("const struct asset asset_table[] = {\n%s    { 0 }\n};\nconst size_t asset_count = %zu;\n", rows, count);
    free(rows);
    return fflush(stdout) != 0 || ferror(stdout);
}
