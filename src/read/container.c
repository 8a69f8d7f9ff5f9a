/* Archives: opened by libzip once the number of entries is known to be bearable; every part is counted while it is unpacked, since
 * what the directory says of its size may be a lie. */
#include "read/container.h"

#include <stdio.h>

enum { RATIO_FROM_BYTES = 1024 * 1024, END_BYTES = 22, COMMENT_BYTES_MOST = 65535, END64_BYTES = 56, LOCATOR_BYTES = 20 };

static uint64_t little(const char *p, int n)
{
    uint64_t v = 0;
    for (int i = n - 1; i >= 0; i--)
        v = v << 8 | (unsigned char)p[i];
    return v;
}

/* The number of entries by the end record (APPNOTE.TXT 4.3.16; 4.3.14 for the large form), before anything is allocated for
 * them. False where there is no such record. */
static bool count_entries(struct str b, uint64_t *entries)
{
    if (b.n < END_BYTES)
        return false;
    size_t least = b.n > END_BYTES + COMMENT_BYTES_MOST ? b.n - END_BYTES - COMMENT_BYTES_MOST : 0;
    size_t at = b.n - END_BYTES;
    while (memcmp(b.p + at, "PK\5\6", 4) != 0) {
        if (at == least)
            return false;
        at--;
    }
    *entries = little(b.p + at + 10, 2);
    if (at < LOCATOR_BYTES || memcmp(b.p + at - LOCATOR_BYTES, "PK\6\7", 4) != 0)
        return true;
    uint64_t end64 = little(b.p + at - LOCATOR_BYTES + 8, 8);
    if (end64 > b.n || b.n - end64 < END64_BYTES || memcmp(b.p + end64, "PK\6\6", 4) != 0)
        return false;
    *entries = MAX(*entries == 0xFFFF ? 0 : *entries, little(b.p + end64 + 32, 8));
    return true;
}

/* libzip's own words are English alone: what matters of its code has a sentence of ours. `part` is "" for the archive itself. */
static enum status damaged(struct reader *r, const char *part, int code)
{
    if (code == ZIP_ER_MEMORY)
        return reader_fault(r, FAULT_memory, 0, 0, NULL);
    if (part[0] == '\0')
        return reader_fault(r, FAULT_damaged, 0, 0, NULL);
    return reader_fault(r, code == ZIP_ER_CRC ? FAULT_part_checksum : FAULT_part_damaged, 0, 0, part, NULL);
}

enum status container_open(struct container *c, struct reader *r, struct str bytes)
{
    zip_error_t e;
    uint64_t entries;
    *c = (struct container){ .r = r, .file_bytes = (int64_t)bytes.n };
    if (!count_entries(bytes, &entries))
        return damaged(r, "", ZIP_ER_NOZIP);
    if (entries > (uint64_t)r->limits->zip_entries) {
        char a[24], b[24];
        snprintf(a, sizeof a, "%llu", (unsigned long long)entries);
        snprintf(b, sizeof b, "%lld", (long long)r->limits->zip_entries);
        return reader_fault(r, FAULT_zip_entries, 0, 0, a, b, NULL);
    }
    zip_error_init(&e);
    zip_source_t *source = zip_source_buffer_create(bytes.p, bytes.n, 0, &e);
    if (source != NULL)
        c->zip = zip_open_from_source(source, ZIP_RDONLY, &e);
    if (c->zip == NULL && source != NULL)
        zip_source_free(source);
    int code = zip_error_code_zip(&e);
    zip_error_fini(&e);
    return c->zip != NULL ? STATUS_OK : damaged(r, "", code);
}

void container_close(struct container *c)
{
    if (c->zip != NULL)
        zip_discard(c->zip);
    c->zip = NULL;
}

bool container_has(const struct container *c, const char *name)
{
    return zip_name_locate(c->zip, name, ZIP_FL_NOCASE) >= 0;
}

enum status part_open(struct part *p, struct container *c, const char *name)
{
    zip_stat_t s;
    assert(c->zip != NULL);
    *p = (struct part){ .c = c };
    snprintf(p->name, sizeof p->name, "%s", name);
    zip_int64_t i = zip_name_locate(c->zip, name, ZIP_FL_NOCASE);
    if (i < 0)
        return reader_fault(c->r, FAULT_part_missing, 0, 0, name, NULL);
    if (zip_stat_index(c->zip, (zip_uint64_t)i, 0, &s) != 0)
        return damaged(c->r, name, zip_error_code_zip(zip_get_error(c->zip)));
    if ((s.valid & ZIP_STAT_ENCRYPTION_METHOD) != 0 && s.encryption_method != ZIP_EM_NONE)
        return reader_fault(c->r, FAULT_encrypted, 0, 0, NULL);
    p->packed = s.comp_size < (zip_uint64_t)c->file_bytes ? (int64_t)s.comp_size : c->file_bytes;
    p->file = zip_fopen_index(c->zip, (zip_uint64_t)i, 0);
    return p->file != NULL ? STATUS_OK : damaged(c->r, name, zip_error_code_zip(zip_get_error(c->zip)));
}

enum status part_read(struct part *p, char *out, size_t room, size_t *n)
{
    struct container *c = p->c;
    const struct read_limits *l = c->r->limits;
    zip_int64_t got = zip_fread(p->file, out, room);
    if (got < 0)
        return damaged(c->r, p->name, zip_error_code_zip(zip_file_get_error(p->file)));
    assert((zip_uint64_t)got <= room);
    *n = (size_t)got;
    p->unpacked += got;
    c->unpacked += got;
    if (c->unpacked > l->unpacked_bytes)
        return reader_limit(c->r, FAULT_zip_unpacked, 0, 0, l->unpacked_bytes);
    if (p->unpacked > RATIO_FROM_BYTES && p->unpacked / l->ratio > p->packed) {
        char ratio[24];
        snprintf(ratio, sizeof ratio, "%lld", (long long)l->ratio);
        return reader_fault(c->r, FAULT_zip_ratio, 0, 0, p->name, ratio, NULL);
    }
    return STATUS_OK;
}

void part_close(struct part *p)
{
    if (p->file != NULL)
        zip_fclose(p->file);
    p->file = NULL;
}
