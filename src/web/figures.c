/* The stored figures of a plan as what pages show: see figures.h. */
#include "web/figures.h"

enum msg_id figures_level_label(struct str name, enum msg_id *hint)
{
    static const struct {
        const char *name;
        enum msg_id label, hint;
    } table[] = {
        { "unplaced", MSG_level_unplaced, MSG_level_unplaced_hint },
        { "changes", MSG_level_changes, MSG_level_changes_hint },
        { "understaffed", MSG_level_understaffed, MSG_level_understaffed_hint },
        { "worst", MSG_level_worst, MSG_level_worst_hint },
        { "regret", MSG_level_regret, MSG_level_regret_hint },
        { "travel", MSG_level_travel, MSG_level_travel_hint },
        { "smooth", MSG_level_smooth, MSG_level_smooth_hint },
        { "waiting", MSG_level_waiting, MSG_level_waiting_hint },
    };
    for (size_t i = 0; i < LEN(table); i++)
        if (str_is(name, table[i].name)) {
            *hint = table[i].hint;
            return table[i].label;
        }
    *hint = MSG_none;
    return MSG_none;
}

static int64_t number_of(const struct json *object, const char *key, int64_t missing)
{
    const struct json *n = object != NULL ? json_get(object, key) : NULL;
    return n != NULL && n->type == JSON_INT ? n->number : missing;
}

static void read_levels(struct figures *f, const struct json *levels)
{
    for (const struct json *l = levels != NULL ? levels->child : NULL; l != NULL && f->levels < FIGURES_LEVELS; l = l->next) {
        const struct json *name = json_get(l, "level"), *value = json_get(l, "value"), *bound = json_get(l, "bound");
        const struct json *proven = json_get(l, "proven");
        if (name == NULL)
            continue;
        struct level_item *x = &f->level[f->levels];
        x->name = name->text;
        x->label = figures_level_label(name->text, &x->hint);
        x->value = value != NULL ? value->text : STR("");
        x->bound = bound != NULL ? bound->text : STR("");
        x->is_proven = proven != NULL && proven->is_true;
        f->value[f->levels++] = number_of(l, "value", NONE);
    }
    assert(f->levels <= FIGURES_LEVELS);
}

static void read_counts(struct figures *f, const struct json *root)
{
    const struct json *ranks = json_get(root, "ranks"), *regrets = json_get(root, "regrets");
    for (const struct json *r = ranks != NULL ? ranks->child : NULL; r != NULL && f->ranks < FIGURES_RANKS; r = r->next)
        f->rank[f->ranks++] = r->number;
    for (const struct json *r = regrets != NULL ? regrets->child : NULL; r != NULL; r = r->next) {
        if (r->child == NULL || r->child->next == NULL)
            continue;
        if (f->regrets < FIGURES_REGRETS)
            f->regret[f->regrets++].regret = r->child->number;
        f->regret[f->regrets - 1].students += r->child->next->number;
    }
}

void figures_read(struct ctx *c, struct str json, struct figures *out)
{
    assert(out != NULL);
    struct json_error e;
    const struct json *root = json.n > 0 ? json_read(c->arena, json, &e) : NULL;
    memset(out, 0, sizeof *out);
    out->seconds_left = number_of(root, "seconds_left", -1);
    if (root == NULL)
        return;
    read_levels(out, json_get(root, "levels"));
    read_counts(out, root);
    out->outside = number_of(root, "outside", 0);
    out->unplaced = number_of(root, "unplaced", 0);
    out->students = number_of(root, "students", 0);
}
