/* The settings of a base, by a table: what may be set, its default and its limits. Stored are only those that differ. */
#ifndef APP_SETTINGS_H
#define APP_SETTINGS_H

#include "app/app.h"

enum setting_id {
#define SETTING(name, kind, standard, least, most) SETTING_##name,
#include "app/settings.def"
#undef SETTING
    SETTING_COUNT
};

enum setting_kind { SETTING_KIND_INT, SETTING_KIND_LANGUAGE };

struct setting_line {
    const char *name;
    enum msg_id label, hint;
    enum setting_kind kind;
    int64_t standard, least, most; /* of a language: enum language */
};

extern const struct setting_line settings_table[SETTING_COUNT];

/* The value of a setting in a base: what was set, or the default. */
enum status settings_get(struct tx *t, int64_t base_id, enum setting_id id, int64_t *value) MUST;
/* The same outside a use case; the default when the database can't say. */
int64_t settings_value(const struct app *app, struct arena *a, int64_t base_id, enum setting_id id) MUST;
/* Reads a value as it is stored and typed; false when it is none. */
bool settings_read(enum setting_id id, struct str text, int64_t *value) MUST;

#endif
