/* From a repair's JSON Patch to the facts of the base that it would change, and their text: see trial.h. */
#include "app/trial.h"
#include "app/explain_words.h"

enum { WORDS_MOST = 8 };

/* One operation and where it points to. */
struct op {
    struct explain_ctx *x;
    struct plan_facts *f;
    const struct rows *capacities;
    const struct json *op, *value;
    struct str word[WORDS_MOST];
    size_t words;
    int64_t at[4]; /* the numbers among the words */
    struct trial_fact *fact;
    size_t facts;
};

static void read_path(struct op *o)
{
    struct str path = explain_text(o->op, "path");
    size_t numbers = 0;
    o->words = 0;
    memset(o->at, 0, sizeof o->at);
    if (path.n > 0)
        (void)str_cut(&path, '/').n; /* before the first slash: nothing */
    while (path.n > 0 && o->words < WORDS_MOST) {
        struct str w = str_cut(&path, '/');
        if (numbers < LEN(o->at) && str_int(w, &o->at[numbers]))
            numbers++;
        o->word[o->words++] = w;
    }
}

/* Whether the path has this form, "#" standing for a number or "-". */
static bool path_is(const struct op *o, const char *form)
{
    struct str want = str_of(form);
    size_t i = 0;
    for (; want.n > 0 && i < o->words; i++) {
        struct str w = str_cut(&want, '/');
        int64_t number;
        if (str_is(w, "#") ? !str_is(o->word[i], "-") && !str_int(o->word[i], &number) : !str_eq(w, o->word[i]))
            return false;
    }
    return want.n == 0 && i == o->words;
}

static int64_t monday_of(const struct json *v, const char *key)
{
    date d;
    struct str text = key != NULL ? explain_text(v, key) : v != NULL && v->type == JSON_TEXT ? v->text : STR("");
    return date_parse(text, &d) ? d : NONE;
}

/* In the order of the patch. */
static struct trial_fact *add(struct op *o, enum trial_kind kind, struct str code)
{
    struct trial_fact *x = &o->fact[o->facts++];
    *x = (struct trial_fact){ .kind = kind, .code = code, .other = STR(""), .zh = STR(""), .en = STR(""), .from = NONE, .weeks = NONE, .number = NONE, .to = NONE };
    return x;
}

static const struct json *programme_at(const struct op *o)
{
    return explain_at(explain_get(o->x->problem, "programmes"), o->at[0]);
}

static const struct json *department_at(const struct op *o)
{
    return explain_at(explain_get(o->x->problem, "departments"), o->at[0]);
}

static struct str rotation_at(const struct op *o)
{
    return explain_text(explain_at(explain_get(programme_at(o), "rotations"), o->at[1]), "id");
}

/* ---- the operations ----------------------------------------------------------------------------- */

/* More seats; where preceptors would be too few, more of them is a fact of its own. */
static void seats(struct op *o)
{
    const struct json *v = o->value != NULL && o->value->type == JSON_LIST ? o->value->child : o->value, *limits = explain_get(v, "limits");
    struct str code = explain_text(department_at(o), "id");
    struct trial_fact *x = add(o, trial_kind_seats, code);
    x->from = monday_of(v, "from");
    x->weeks = explain_int(v, "weeks", 1);
    x->number = explain_int(v, "capacity", 0);
    for (const struct json *l = limits != NULL ? limits->child : NULL; l != NULL; l = l->next)
        if (str_is(explain_text(l, "because"), "preceptors")) {
            struct trial_fact *y = add(o, trial_kind_preceptors, code);
            *y = (struct trial_fact){ .kind = y->kind, .code = code, .other = STR(""), .zh = STR(""), .en = STR(""), .from = x->from, .weeks = x->weeks,
                                      .number = explain_int(l, "capacity", 0), .to = NONE };
        }
}

/* An exception is the hospital's own where the base says it; else these seats went to others' published plans. */
static void reopen(struct op *o)
{
    const struct json *e = explain_at(explain_get(department_at(o), "exceptions"), o->at[1]);
    struct trial_fact *x = add(o, trial_kind_others, explain_text(department_at(o), "id"));
    const struct capacity *k = o->capacities->item;
    int64_t i = map_get(&o->f->department, x->code, -1), id = i >= 0 ? ((const struct department *)o->f->departments.item)[i].id : NONE;
    x->from = monday_of(e, "from");
    x->weeks = explain_int(e, "weeks", 1);
    x->number = explain_int(e, "capacity", 0);
    for (size_t n = 0; n < o->capacities->n; n++)
        if (k[n].department_id == id && k[n].seats == x->number && x->from >= k[n].first_week && x->from < k[n].first_week + 7 * k[n].weeks)
            x->kind = trial_kind_reopen;
}

static void weeks(struct op *o)
{
    add(o, trial_kind_weeks, STR(""))->number = o->value != NULL ? o->value->number : NONE;
}

static void order(struct op *o)
{
    const struct json *x = explain_at(explain_get(programme_at(o), "orders"), o->at[1]);
    add(o, trial_kind_order, explain_text(x, "before"))->other = explain_text(x, "after");
}

static void earliest(struct op *o)
{
    add(o, trial_kind_earliest, rotation_at(o))->to = monday_of(o->value, NULL);
}

static void latest_end(struct op *o)
{
    add(o, trial_kind_latest_end, rotation_at(o))->to = monday_of(o->value, NULL);
}

static const struct json *student_at(const struct op *o)
{
    return explain_at(explain_get(o->x->problem, "students"), o->at[0]);
}

static void away(struct op *o)
{
    const struct json *leave = explain_at(explain_get(student_at(o), "away"), o->at[1]);
    struct trial_fact *x = add(o, trial_kind_away, explain_text(student_at(o), "id"));
    x->from = monday_of(leave, "from");
    x->weeks = explain_int(leave, "weeks", 1);
    x->to = monday_of(o->value, NULL);
}

static void open_week(struct op *o)
{
    const struct json *w = explain_at(explain_get(explain_get(o->x->problem, "weeks"), "closed"), o->at[0]);
    add(o, trial_kind_open_week, STR(""))->from = monday_of(w, NULL);
}

static void student(struct op *o)
{
    struct trial_fact *x = add(o, trial_kind_student, explain_text(student_at(o), "id"));
    assert(x->kind == trial_kind_student);
}

static void gap(struct op *o)
{
    const struct json *x = explain_at(explain_get(programme_at(o), "orders"), o->at[1]);
    struct trial_fact *y = add(o, trial_kind_gap, explain_text(x, "before"));
    y->other = explain_text(x, "after");
    *(str_is(o->word[o->words - 1], "min_gap") ? &y->number : &y->to) = o->value != NULL ? o->value->number : GAP_ANY;
}

/* The department's code stands in `other`. */
static void department(struct op *o)
{
    add(o, trial_kind_department, rotation_at(o))->other = o->value != NULL && o->value->type == JSON_TEXT ? o->value->text : STR("");
}

static void own_programme(struct op *o)
{
    struct trial_fact *x = add(o, trial_kind_own_programme, explain_text(student_at(o), "id"));
    assert(x->number == NONE); /* the base knows no such programme: nothing more to tell */
}

static void quota(struct op *o)
{
    bool shared = str_is(o->word[0], "shared_quotas");
    add(o, trial_kind_quota, shared ? STR("") : explain_text(department_at(o), "id"))->number = o->value != NULL ? o->value->number : NONE;
}

/* What only follows from another operation: who is gone has no part in pairs; a programme of one's own is told with its student. */
static void follows(struct op *o)
{
    assert(o->words > 0);
}

static const struct {
    const char *op, *path;
    void (*read)(struct op *o);
} forms[] = {
    { "add", "departments/#/exceptions", seats },
    { "add", "departments/#/exceptions/#", seats },
    { "remove", "departments/#/exceptions/#", reopen },
    { "replace", "weeks/count", weeks },
    { "remove", "programmes/#/orders/#", order },
    { "remove", "programmes/#/rotations/#/earliest", earliest },
    { "replace", "programmes/#/rotations/#/earliest", earliest },
    { "remove", "programmes/#/rotations/#/latest_end", latest_end },
    { "replace", "programmes/#/rotations/#/latest_end", latest_end },
    { "replace", "students/#/away/#/from", away },
    { "remove", "weeks/closed/#", open_week },
    { "remove", "students/#", student },
    { "replace", "programmes/#/orders/#/min_gap", gap },
    { "replace", "programmes/#/orders/#/max_gap", gap },
    { "remove", "programmes/#/orders/#/max_gap", gap },
    { "add", "programmes/#/rotations/#/departments/#", department },
    { "replace", "students/#/programme", own_programme },
    { "replace", "departments/#/quotas/#/capacity", quota },
    { "replace", "shared_quotas/#/capacity", quota },
    { "add", "programmes/#", follows },
    { "remove", "pairs/#", follows },
    { "remove", "pairs/#/students/#", follows },
    { "remove", "pairs/#/rotations/#", follows },
    { "remove", "base_plan/placements/#", follows },
};

static void read_op(struct op *o)
{
    read_path(o);
    for (size_t i = 0; i < LEN(forms); i++)
        if (str_is(explain_text(o->op, "op"), forms[i].op) && path_is(o, forms[i].path)) {
            forms[i].read(o);
            return;
        }
    struct trial_fact *x = add(o, trial_kind_other, STR(""));
    assert(x->kind == trial_kind_other);
}

/* The sentence of a fact is that of its operation; of preceptors, its own. */
static struct str sentence(const struct op *o, const struct trial_fact *x, struct str of_op, enum lang lang)
{
    struct buf b = buf_make(4000);
    char number[24];
    if (x->kind != trial_kind_preceptors)
        return of_op;
    struct str arg[] = { plan_facts_name(o->f, EXPLAIN_DEPARTMENT, x->code, STR(""), lang), STR("") };
    struct buf n = buf_make(sizeof number);
    buf_int(&n, x->number);
    arg[1] = buf_view(&n);
    msg_put(&b, MSG_trial_preceptors, lang, arg, LEN(arg));
    struct str s = arena_str(o->x->a, buf_view(&b));
    buf_free(&b);
    buf_free(&n);
    return s;
}

enum status trial_facts_of(struct arena *a, struct str problem, struct str change, struct plan_facts *f, const struct rows *capacities,
                           struct trial_fact **out, size_t *n)
{
    struct str *zh = NULL, *en = NULL;
    struct json_error e;
    size_t count = 0;
    struct explain_ctx x = { .a = a, .name_ctx = f };
    enum status st = explain_operations(a, problem, change, LANG_ZH, plan_facts_name, f, &zh, &count);
    if (st == STATUS_OK)
        st = explain_operations(a, problem, change, LANG_EN, plan_facts_name, f, &en, &count);
    if (st != STATUS_OK)
        return st;
    const struct json *list = json_read(a, change, &e);
    x.problem = json_read(a, problem, &e);
    assert(list != NULL && x.problem != NULL); /* explain_operations read both */
    /* An operation gives one fact, or seats with preceptors for each of its limits. */
    struct op o = { .x = &x, .f = f, .capacities = capacities };
    size_t cap = 0;
    for (const struct json *op = list->child; op != NULL; op = op->next) {
        const struct json *v = explain_get(op, "value"), *limits = explain_get(v != NULL && v->type == JSON_LIST ? v->child : v, "limits");
        cap += 1 + (limits != NULL ? limits->n : 0);
    }
    o.fact = ARENA_ARRAY(a, cap, struct trial_fact);
    for (const struct json *op = list->child; op != NULL; op = op->next) {
        size_t first = o.facts;
        o.op = op;
        o.value = explain_get(op, "value");
        read_op(&o);
        for (size_t i = first; i < o.facts; i++) {
            o.fact[i].zh = sentence(&o, &o.fact[i], zh[op->index], LANG_ZH);
            o.fact[i].en = sentence(&o, &o.fact[i], en[op->index], LANG_EN);
        }
    }
    assert(o.facts <= cap);
    *out = o.fact;
    *n = o.facts;
    return STATUS_OK;
}

/* ---- as text ------------------------------------------------------------------------------------ */

static void put_number(struct buf *b, const char *key, int64_t v)
{
    if (v != NONE)
        buf_printf(b, ",\"%s\":%lld", key, (long long)v);
}

static void put_text(struct buf *b, const char *key, struct str s)
{
    if (s.n == 0)
        return;
    buf_printf(b, ",\"%s\":", key);
    json_put_text(b, s);
}

void trial_facts_put(struct buf *b, const struct trial_fact *x, size_t n)
{
    buf_char(b, '[');
    for (size_t i = 0; i < n; i++) {
        buf_printf(b, "%s{\"kind\":\"%s\"", i > 0 ? "," : "", trial_kind_list.item[x[i].kind].name);
        put_text(b, "zh", x[i].zh);
        put_text(b, "en", x[i].en);
        put_text(b, "code", x[i].code);
        put_text(b, "other", x[i].other);
        put_number(b, "from", x[i].from);
        put_number(b, "weeks", x[i].weeks);
        put_number(b, "number", x[i].number);
        put_number(b, "to", x[i].to);
        buf_char(b, '}');
    }
    buf_char(b, ']');
}

static bool kind_of(struct str name, enum trial_kind *out)
{
    for (int i = 0; i < trial_kind_list.n; i++)
        if (str_is(name, trial_kind_list.item[i].name)) {
            *out = (enum trial_kind)i;
            return true;
        }
    return false;
}

static struct str text_of(const struct json *v, const char *key)
{
    struct str s = explain_text(v, key);
    return s.p != NULL ? s : STR("");
}

struct trial_fact *trial_facts_read(struct arena *a, struct str text, size_t *n)
{
    struct json_error e;
    const struct json *list = text.n > 0 ? json_read(a, text, &e) : NULL;
    struct trial_fact *x = ARENA_ARRAY(a, list != NULL ? list->n : 0, struct trial_fact);
    *n = 0;
    for (const struct json *v = list != NULL && list->type == JSON_LIST ? list->child : NULL; v != NULL; v = v->next) {
        struct trial_fact y = { .zh = text_of(v, "zh"), .en = text_of(v, "en"), .code = text_of(v, "code"), .other = text_of(v, "other"),
                                .from = explain_int(v, "from", NONE), .weeks = explain_int(v, "weeks", NONE),
                                .number = explain_int(v, "number", NONE), .to = explain_int(v, "to", NONE) };
        if (kind_of(explain_text(v, "kind"), &y.kind))
            x[(*n)++] = y;
    }
    return x;
}
