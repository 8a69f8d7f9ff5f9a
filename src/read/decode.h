/* Inside the room: the bytes of a text file become UTF-8, piece by piece. */
#ifndef READ_DECODE_H
#define READ_DECODE_H

#include "read/reader.h"

enum { DECODE_PIECE_BYTES = 64 * 1024 };

struct decoder {
    struct reader *r;
    enum read_encoding encoding;
    bool is_big_endian; /* of UTF-16 */
    struct str rest;    /* bytes not yet decoded */
    int64_t line;       /* where `rest` begins */
    char *piece;        /* DECODE_PIECE_BYTES, unless UTF-8, which is given as it lies */
};

/* Tells the encoding by byte order mark, else by content, and refuses what is none of the known ones. */
enum status decode_begin(struct decoder *d, struct reader *r, struct str bytes) MUST;
/* The next piece: whole characters of valid UTF-8; empty at the end. Valid until the next call. */
enum status decode_next(struct decoder *d, struct str *piece) MUST;
void decode_end(struct decoder *d);

#endif
