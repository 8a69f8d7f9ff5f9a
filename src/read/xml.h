/* Inside the room: one XML part of a workbook, read by expat in pieces. Names come without their prefix, since writers choose
 * prefixes and namespaces (strict or transitional) freely. No document type, no entity, nothing from elsewhere. */
#ifndef READ_XML_H
#define READ_XML_H

#include "read/container.h"

/* Handlers return anything but STATUS_OK to end the parsing, which then returns it. `text` comes in pieces. */
struct xml_handlers {
    enum status (*start)(void *ctx, const char *name, const char **attributes);
    enum status (*end)(void *ctx, const char *name);
    enum status (*text)(void *ctx, const char *p, size_t n); /* may be NULL */
};

enum status xml_read_part(struct container *c, const char *name, const struct xml_handlers *h, void *ctx) MUST;
/* The same for bytes in memory, called `name` in sentences. */
enum status xml_read_bytes(struct reader *r, struct str bytes, const char *name, const struct xml_handlers *h, void *ctx) MUST;

/* The name behind its prefix. */
const char *xml_local(const char *name) MUST;
/* The attribute of this local name, or NULL. */
const char *xml_attribute(const char **attributes, const char *local) MUST;
/* The same, but only with a prefix (r:id), or NULL. */
const char *xml_attribute_prefixed(const char **attributes, const char *local) MUST;

#endif
