/* Writing JSON as the plan file has it: two spaces, LF, one item a line; bytes go to the caller's sink in pieces. */
#ifndef PLANNER_WRITER_H
#define PLANNER_WRITER_H

#include "core/json.h"

#include <internbase/planner.h>

struct planner_writer {
    struct buf out;
    internplan_sink *sink;
    void *ctx;
    bool failed;
    int depth;
    bool first; /* nothing stands yet in the innermost list or object */
};

/* Begins an item of the innermost list (key NULL) or object: the value follows as raw bytes. */
void planner_put_item(struct planner_writer *w, const char *key);
void planner_put_open(struct planner_writer *w, const char *key, char bracket);
void planner_put_close(struct planner_writer *w, char bracket);
void planner_put_int(struct planner_writer *w, const char *key, int64_t v);
void planner_put_text(struct planner_writer *w, const char *key, struct str v);
/* A value that is JSON already. */
void planner_put_word(struct planner_writer *w, const char *key, const char *word);
/* Gives to the sink what is there, if it is more than `keep` bytes. */
void planner_put_flush(struct planner_writer *w, size_t keep);

#endif
