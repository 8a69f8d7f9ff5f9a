/* Settings of a base: see settings.h. */
#include "app/settings.h"

#include "app/usecases.h"

const struct setting_line settings_table[SETTING_COUNT] = {
#define SETTING(name_, kind_, standard_, least_, most_) \
    [SETTING_##name_] = { #name_, MSG_setting_##name_, MSG_setting_##name_##_hint, SETTING_KIND_##kind_, standard_, least_, most_ },
#include "app/settings.def"
#undef SETTING
};

static struct str key_of(struct arena *a, int64_t base_id, enum setting_id id)
{
    return arena_printf(a, "%lld/%s", (long long)base_id, settings_table[id].name);
}

bool settings_read(enum setting_id id, struct str text, int64_t *value)
{
    assert(id < SETTING_COUNT);
    const struct setting_line *s = &settings_table[id];
    if (s->kind == SETTING_KIND_LANGUAGE) {
        *value = str_is(text, "en") ? language_en : language_zh;
        return str_is(text, "en") || str_is(text, "zh");
    }
    return str_int(text, value) && *value >= s->least && *value <= s->most;
}

enum status settings_get(struct tx *t, int64_t base_id, enum setting_id id, int64_t *value)
{
    struct rows rows;
    assert(id < SETTING_COUNT);
    *value = settings_table[id].standard;
    enum status st = tx_run(t, SQL_setting_get, &rows, P(key_of(tx_arena(t), base_id, id)));
    int64_t stored;
    if (st == STATUS_OK && rows.n > 0 && settings_read(id, ((const struct setting *)rows.item)->value, &stored))
        *value = stored;
    return st;
}

int64_t settings_value(const struct app *app, struct arena *a, int64_t base_id, enum setting_id id)
{
    TX_AUTO t = NULL;
    int64_t value = settings_table[id].standard;
    enum status st = tx_begin(app->store, a, TX_READ, &t);
    if (st == STATUS_OK)
        st = settings_get(t, base_id, id, &value);
    return st == STATUS_OK ? value : settings_table[id].standard;
}

/* All settings of the base, in the table's order, with their values as they are typed. */
enum status uc_setting_list(struct call *c)
{
    struct setting *row = ARENA_ARRAY(c->arena, SETTING_COUNT, struct setting);
    for (int i = 0; i < SETTING_COUNT; i++) {
        int64_t value;
        enum status st = settings_get(c->tx, c->actor->base_id, (enum setting_id)i, &value);
        if (st != STATUS_OK)
            return st;
        row[i].name = str_of(settings_table[i].name);
        row[i].value = settings_table[i].kind == SETTING_KIND_LANGUAGE ? str_of(language_list.item[value].name)
                                                                      : arena_printf(c->arena, "%lld", (long long)value);
    }
    c->rows = (struct rows){ .n = SETTING_COUNT, .item = row };
    return STATUS_OK;
}

enum status uc_setting_set(struct call *c)
{
    const struct in_setting *in = c->in;
    struct rows rows;
    int64_t value;
    int id = 0;
    while (id < SETTING_COUNT && !str_is(in->name, settings_table[id].name))
        id++;
    if (id == SETTING_COUNT)
        return call_refuse(c, MSG_refuse_not_there, "name", arena_str(c->arena, in->name).p, NULL);
    const struct setting_line *line = &settings_table[id];
    if (in->value.n > 0 && !settings_read((enum setting_id)id, in->value, &value)) {
        struct arena *a = c->arena;
        if (line->kind == SETTING_KIND_LANGUAGE)
            errs_add(c->errs, MSG_value_not_in_list, STR("value"), arena_str(a, in->value).p, "zh, en", NULL);
        else
            errs_add(c->errs, MSG_value_not_int, STR("value"), arena_str(a, in->value).p,
                     arena_printf(a, "%lld", (long long)line->least).p, arena_printf(a, "%lld", (long long)line->most).p, NULL);
        return STATUS_INPUT;
    }
    struct str key = key_of(c->arena, c->actor->base_id, (enum setting_id)id);
    enum status st = call_query(c, SQL_setting_get, &rows, P(key));
    if (st != STATUS_OK)
        return st;
    struct setting *old = rows.n > 0 ? rows.item : NULL, *now = record_new(c->arena, &record_setting);
    if (in->value.n == 0)
        return old != NULL ? call_delete(c, &record_setting, old) : STATUS_OK;
    if (old != NULL)
        *now = *old;
    now->name = key;
    now->value = in->value;
    return call_save(c, &record_setting, old, now);
}
