/* See writer.h. */
#include "planner/writer.h"

enum { CHUNK_BYTES = 32 * 1024 };

void planner_put_flush(struct planner_writer *w, size_t keep)
{
    w->failed = w->failed || w->out.failed;
    if (w->failed || w->out.n <= keep)
        return;
    w->failed = !w->sink(w->ctx, w->out.p, w->out.n);
    buf_reset(&w->out);
}

void planner_put_item(struct planner_writer *w, const char *key)
{
    if (!w->first)
        buf_char(&w->out, ',');
    if (w->depth > 0)
        buf_char(&w->out, '\n');
    for (int i = 0; i < w->depth; i++)
        buf_z(&w->out, "  ");
    w->first = false;
    if (key != NULL) {
        json_put_text(&w->out, str_of(key));
        buf_z(&w->out, ": ");
    }
    planner_put_flush(w, CHUNK_BYTES);
}

void planner_put_open(struct planner_writer *w, const char *key, char bracket)
{
    planner_put_item(w, key);
    buf_char(&w->out, bracket);
    w->depth++;
    w->first = true;
}

void planner_put_close(struct planner_writer *w, char bracket)
{
    assert(w->depth > 0);
    w->depth--;
    if (!w->first)
        buf_char(&w->out, '\n');
    for (int i = 0; i < w->depth && !w->first; i++)
        buf_z(&w->out, "  ");
    buf_char(&w->out, bracket);
    w->first = false;
}

void planner_put_int(struct planner_writer *w, const char *key, int64_t v)
{
    planner_put_item(w, key);
    buf_int(&w->out, v);
}

void planner_put_text(struct planner_writer *w, const char *key, struct str v)
{
    planner_put_item(w, key);
    json_put_text(&w->out, v);
}

void planner_put_word(struct planner_writer *w, const char *key, const char *word)
{
    planner_put_item(w, key);
    buf_z(&w->out, word);
}
