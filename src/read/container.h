/* Inside the room: the archive of a workbook, opened in memory, and its parts, unpacked piece by piece within the limits. */
#ifndef READ_CONTAINER_H
#define READ_CONTAINER_H

#include "read/reader.h"

#include <zip.h>

struct container {
    struct reader *r;
    zip_t *zip;
    int64_t file_bytes;
    int64_t unpacked; /* of all parts so far */
};

struct part {
    struct container *c;
    zip_file_t *file;
    char name[200]; /* as sentences name it */
    int64_t packed, unpacked;
};

enum status container_open(struct container *c, struct reader *r, struct str bytes) MUST;
void container_close(struct container *c);
/* Whether there is a part of this name (letters of either case). */
bool container_has(const struct container *c, const char *name) MUST;
/* STATUS_INPUT with a fault where it is missing or locked. */
enum status part_open(struct part *p, struct container *c, const char *name) MUST;
/* Up to `room` bytes to `out`; *n = 0 at the end, after which length and checksum were found right. */
enum status part_read(struct part *p, char *out, size_t room, size_t *n) MUST;
void part_close(struct part *p);

#endif
