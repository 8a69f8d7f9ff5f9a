/* The explanation of a plan file as a whole; its parts are made by explain_fact.c, explain_summary.c, explain_repair.c. */
#include "app/explain_words.h"

enum { CHANGE_BYTES_MOST = 1 << 20 };

static const struct json *read(struct arena *a, struct str bytes)
{
    struct json_error error;
    const struct json *v = json_read(a, bytes, &error);
    return v != NULL && v->type == JSON_OBJECT ? v : NULL;
}

/* A member of the repair as it stands in the file. */
static struct str json_of(const struct explain_ctx *x, const struct json *repair, const char *key)
{
    const struct json *v = explain_get(repair, key);
    struct buf b = buf_make(CHANGE_BYTES_MOST);
    if (v != NULL)
        json_put(&b, v);
    struct str s = arena_str(x->a, buf_view(&b));
    buf_free(&b);
    return s;
}

static struct str title_of(const struct explain_ctx *x, struct str cause)
{
    static const struct {
        const char *cause;
        enum msg_id title;
    } table[] = {
        { "personal", MSG_explain_title_personal }, { "group", MSG_explain_title_group },       { "fixed", MSG_explain_title_fixed },
        { "quota", MSG_explain_title_quota },       { "ratio", MSG_explain_title_ratio },       { "count", MSG_explain_title_count },
        { "no_slack", MSG_explain_title_no_slack }, { "order", MSG_explain_title_order },       { "fragmentation", MSG_explain_title_fragmentation },
    };
    for (size_t i = 0; i < LEN(table); i++)
        if (str_is(cause, table[i].cause))
            return str_of(msg_text(table[i].title, x->lang));
    return cause;
}

static struct explained_conflict conflict_of(const struct explain_ctx *x, const struct json *conflict)
{
    const struct json *facts = explain_get(conflict, "facts"), *minimal = explain_get(conflict, "minimal");
    struct explained_conflict c = { .cause = explain_text(conflict, "cause"), .minimal = minimal != NULL && minimal->is_true };
    c.title = title_of(x, c.cause);
    c.summary = explain_summary(x, conflict);
    c.fact = ARENA_ARRAY(x->a, facts->n, struct explained_fact);
    for (const struct json *f = facts->child; f != NULL; f = f->next)
        c.fact[c.fact_count++] = explain_fact(x, f);
    return c;
}

static bool is_list(const struct json *v)
{
    return v != NULL && v->type == JSON_LIST;
}

/* What the other files rely on. */
static bool shape_holds(const struct explain_ctx *x, const struct json *conflicts)
{
    for (const struct json *c = conflicts->child; c != NULL; c = c->next)
        if (!is_list(explain_get(c, "facts")))
            return false;
    return is_list(explain_get(x->problem, "departments")) && is_list(explain_get(x->problem, "programmes")) &&
           is_list(explain_get(x->problem, "students"));
}

enum status explain_plan(struct arena *a, struct str problem, struct str plan, enum lang lang, explain_name_fn *name, void *ctx,
                         struct explained *out)
{
    struct explain_ctx x = { .a = a, .lang = lang, .name = name, .name_ctx = ctx, .problem = read(a, problem), .plan = read(a, plan) };
    *out = (struct explained){ 0 };
    if (x.problem == NULL || x.plan == NULL || !date_parse(explain_text(explain_get(x.problem, "weeks"), "first"), &x.first))
        return STATUS_INPUT;
    x.weeks = explain_int(explain_get(x.problem, "weeks"), "count", 0);
    const struct json *conflicts = explain_get(x.plan, "conflicts"), *repairs = explain_get(x.plan, "repairs");
    const struct json *more = explain_get(x.plan, "more");
    if (!is_list(conflicts) || conflicts->n == 0)
        return STATUS_NOT_FOUND;
    if (!shape_holds(&x, conflicts))
        return STATUS_INPUT;
    out->conflict = ARENA_ARRAY(a, conflicts->n, struct explained_conflict);
    for (const struct json *c = conflicts->child; c != NULL; c = c->next)
        out->conflict[out->conflict_count++] = conflict_of(&x, c);
    out->more = more != NULL && more->is_true;
    out->verdict = out->conflict_count == 1 ? str_of(msg_text(MSG_explain_verdict_one, lang))
                                            : SAY1(&x, MSG_explain_verdict_many, explain_number(&x, (int64_t)out->conflict_count));
    out->repair = ARENA_ARRAY(a, is_list(repairs) ? repairs->n : 0, struct explained_repair);
    for (const struct json *r = is_list(repairs) ? repairs->child : NULL; r != NULL; r = r->next) {
        struct explained_repair one = explain_repair(&x, r);
        one.change = json_of(&x, r, "change");
        one.levels = json_of(&x, r, "levels");
        out->repair[out->repair_count++] = one;
    }
    return STATUS_OK;
}

enum status explain_operations(struct arena *a, struct str problem, struct str change, enum lang lang, explain_name_fn *name, void *ctx,
                               struct str **texts, size_t *n)
{
    struct json_error e;
    struct explain_ctx x = { .a = a, .lang = lang, .name = name, .name_ctx = ctx, .problem = read(a, problem) };
    const struct json *list = change.n > 0 ? json_read(a, change, &e) : NULL;
    if (x.problem == NULL || !is_list(list) || !date_parse(explain_text(explain_get(x.problem, "weeks"), "first"), &x.first))
        return STATUS_INPUT;
    x.weeks = explain_int(explain_get(x.problem, "weeks"), "count", 0);
    *texts = ARENA_ARRAY(a, list->n, struct str);
    *n = 0;
    for (const struct json *op = list->child; op != NULL; op = op->next)
        (*texts)[(*n)++] = explain_operation(&x, op);
    return STATUS_OK;
}

/* ---- plain text --------------------------------------------------------------------------------- */

static void put_line(struct buf *b, const char *indent, struct str text)
{
    buf_z(b, indent);
    buf_str(b, text);
    buf_char(b, '\n');
}

static void put_fact(struct buf *b, const struct explained_fact *f, enum lang lang)
{
    struct buf clause = buf_make(4096);
    if (f->clause.n > 0)
        msg_put(&clause, MSG_explain_clause, lang, &f->clause, 1);
    buf_z(b, "  - ");
    buf_str(b, f->text);
    buf_z(b, lang == LANG_EN ? " [" : "［");
    buf_str(b, f->owner_label);
    buf_z(b, f->clause.n > 0 ? (lang == LANG_EN ? ", " : "，") : "");
    buf_str(b, buf_view(&clause));
    buf_z(b, lang == LANG_EN ? "]" : "］");
    if (f->why.n > 0) {
        buf_z(b, lang == LANG_EN ? ": " : "：");
        buf_str(b, f->why);
    }
    buf_char(b, '\n');
    buf_free(&clause);
}

void explain_put(struct buf *b, const struct explained *e, enum lang lang)
{
    put_line(b, "", e->verdict);
    for (size_t i = 0; i < e->conflict_count; i++) {
        const struct explained_conflict *c = &e->conflict[i];
        buf_char(b, '\n');
        put_line(b, "", c->title);
        put_line(b, "  ", c->summary);
        put_line(b, "  ", str_of(msg_text(MSG_explain_collide, lang)));
        for (size_t k = 0; k < c->fact_count; k++)
            put_fact(b, &c->fact[k], lang);
        put_line(b, "  ", str_of(msg_text(c->minimal ? MSG_explain_minimal : MSG_explain_not_minimal, lang)));
    }
    if (e->more)
        put_line(b, "\n", str_of(msg_text(MSG_explain_more, lang)));
    buf_char(b, '\n');
    put_line(b, "", str_of(msg_text(e->repair_count > 0 ? MSG_explain_ways : MSG_explain_no_ways, lang)));
    for (size_t i = 0; i < e->repair_count; i++) {
        buf_printf(b, "  %zu. ", i + 1);
        buf_str(b, e->repair[i].text);
        buf_z(b, "\n     ");
        buf_str(b, e->repair[i].result);
        buf_char(b, '\n');
    }
}
