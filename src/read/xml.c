/* Expat held within bounds: depth, length of one piece of markup, no document type (and so no entity). See xml.h. */
#include "read/xml.h"

#include <expat.h>
#include <stdio.h>

enum { DEPTH_MOST = 64, MARKUP_BYTES_MOST = 1024 * 1024, PIECE_BYTES = 64 * 1024 };

struct xml {
    struct reader *r;
    const char *part;
    const struct xml_handlers *h;
    void *ctx;
    XML_Parser parser;
    enum status st;
    int depth;
    int64_t fed, heard; /* bytes so far, and when something was last heard of them */
};

const char *xml_local(const char *name)
{
    const char *colon = strchr(name, ':');
    return colon != NULL ? colon + 1 : name;
}

const char *xml_attribute(const char **attributes, const char *local)
{
    for (size_t i = 0; attributes[i] != NULL; i += 2)
        if (strcmp(xml_local(attributes[i]), local) == 0)
            return attributes[i + 1];
    return NULL;
}

const char *xml_attribute_prefixed(const char **attributes, const char *local)
{
    for (size_t i = 0; attributes[i] != NULL; i += 2)
        if (strchr(attributes[i], ':') != NULL && strcmp(xml_local(attributes[i]), local) == 0)
            return attributes[i + 1];
    return NULL;
}

static void stop(struct xml *x, enum status st)
{
    if (st == STATUS_OK || x->st != STATUS_OK)
        return;
    x->st = st;
    XML_StopParser(x->parser, XML_FALSE);
}

static void on_start(void *ctx, const XML_Char *name, const XML_Char **attributes)
{
    struct xml *x = ctx;
    x->heard = x->fed;
    if (x->st != STATUS_OK)
        return;
    if (++x->depth > DEPTH_MOST) {
        char most[16];
        snprintf(most, sizeof most, "%d", DEPTH_MOST);
        stop(x, reader_fault(x->r, FAULT_part_deep, 0, 0, x->part, most, NULL));
        return;
    }
    stop(x, x->h->start(x->ctx, xml_local(name), attributes));
}

static void on_end(void *ctx, const XML_Char *name)
{
    struct xml *x = ctx;
    x->heard = x->fed;
    if (x->st != STATUS_OK)
        return;
    x->depth--;
    assert(x->depth >= 0);
    stop(x, x->h->end(x->ctx, xml_local(name)));
}

static void on_text(void *ctx, const XML_Char *p, int n)
{
    struct xml *x = ctx;
    x->heard = x->fed;
    if (x->st == STATUS_OK && x->h->text != NULL)
        stop(x, x->h->text(x->ctx, p, (size_t)n));
}

static void on_comment(void *ctx, const XML_Char *text)
{
    (void)text;
    struct xml *x = ctx;
    x->heard = x->fed;
}

static void on_instruction(void *ctx, const XML_Char *target, const XML_Char *text)
{
    (void)target;
    on_comment(ctx, text);
}

static void on_doctype(void *ctx, const XML_Char *name, const XML_Char *system, const XML_Char *public, int internal)
{
    (void)name, (void)system, (void)public, (void)internal;
    struct xml *x = ctx;
    stop(x, reader_fault(x->r, FAULT_part_doctype, 0, 0, x->part, NULL));
}

static enum status open_parser(struct xml *x)
{
    x->parser = XML_ParserCreate(NULL);
    if (x->parser == NULL)
        return reader_fault(x->r, FAULT_memory, 0, 0, NULL);
    XML_SetUserData(x->parser, x);
    XML_SetElementHandler(x->parser, on_start, on_end);
    XML_SetCharacterDataHandler(x->parser, on_text);
    XML_SetCommentHandler(x->parser, on_comment);
    XML_SetProcessingInstructionHandler(x->parser, on_instruction);
    XML_SetStartDoctypeDeclHandler(x->parser, on_doctype);
    return STATUS_OK;
}

static enum status syntax_fault(struct xml *x)
{
    char line[24], column[24];
    if (XML_GetErrorCode(x->parser) == XML_ERROR_NO_MEMORY)
        return reader_fault(x->r, FAULT_memory, 0, 0, NULL);
    snprintf(line, sizeof line, "%lu", (unsigned long)XML_GetCurrentLineNumber(x->parser));
    snprintf(column, sizeof column, "%lu", (unsigned long)XML_GetCurrentColumnNumber(x->parser) + 1);
    return reader_fault(x->r, FAULT_part_syntax, 0, 0, x->part, line, column, NULL);
}

/* After n more bytes were put into expat's buffer. */
static enum status parse(struct xml *x, size_t n, bool is_last)
{
    assert(n <= PIECE_BYTES && x->heard <= x->fed);
    x->fed += (int64_t)n;
    enum XML_Status got = XML_ParseBuffer(x->parser, (int)n, is_last);
    if (x->st != STATUS_OK)
        return x->st;
    if (got != XML_STATUS_OK)
        return syntax_fault(x);
    if (x->fed - x->heard > MARKUP_BYTES_MOST) {
        char most[24];
        snprintf(most, sizeof most, "%d", MARKUP_BYTES_MOST);
        return reader_fault(x->r, FAULT_part_long, 0, 0, x->part, most, NULL);
    }
    return STATUS_OK;
}

enum status xml_read_part(struct container *c, const char *name, const struct xml_handlers *h, void *ctx)
{
    struct xml x = { .r = c->r, .part = name, .h = h, .ctx = ctx };
    struct part part;
    size_t n = 1;
    enum status st = part_open(&part, c, name);
    if (st == STATUS_OK)
        st = open_parser(&x);
    while (st == STATUS_OK && n > 0) {
        void *room = XML_GetBuffer(x.parser, PIECE_BYTES);
        if (room == NULL)
            st = reader_fault(c->r, FAULT_memory, 0, 0, NULL);
        if (st == STATUS_OK)
            st = part_read(&part, room, PIECE_BYTES, &n);
        if (st == STATUS_OK)
            st = parse(&x, n, n == 0);
    }
    if (x.parser != NULL)
        XML_ParserFree(x.parser);
    part_close(&part);
    return st;
}

enum status xml_read_bytes(struct reader *r, struct str bytes, const char *name, const struct xml_handlers *h, void *ctx)
{
    struct xml x = { .r = r, .part = name, .h = h, .ctx = ctx };
    enum status st = open_parser(&x);
    for (bool is_last = false; st == STATUS_OK && !is_last;) {
        size_t n = MIN(bytes.n, (size_t)PIECE_BYTES);
        void *room = XML_GetBuffer(x.parser, PIECE_BYTES);
        if (room == NULL) {
            st = reader_fault(r, FAULT_memory, 0, 0, NULL);
            break;
        }
        memcpy(room, bytes.p, n);
        bytes.p += n;
        bytes.n -= n;
        is_last = bytes.n == 0;
        st = parse(&x, n, is_last);
    }
    if (x.parser != NULL)
        XML_ParserFree(x.parser);
    return st;
}
