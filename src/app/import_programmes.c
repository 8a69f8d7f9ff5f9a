/* The kind "programmes": a row is a rotation of a programme, with the departments where it may be done, the choice it belongs
 * to and what must come before it. Programmes and choices that a row names are made when they are not there. */
#include "app/import_orders.h"
#include "core/limits.h"

enum { PAGE = 200 };

static struct str word_of(struct arena *a, char kind, struct str programme, struct str word)
{
    struct str folded = import_fold(a, word, false);
    return arena_printf(a, "%c\x1f%.*s\x1f%.*s", kind, STR_ARG(programme), STR_ARG(folded));
}

static struct str row_key(struct arena *a, struct str programme, struct str code)
{
    return arena_printf(a, "%.*s\x1f%.*s", STR_ARG(programme), STR_ARG(code));
}

static void set_id(struct importing *im, struct str word, int64_t id)
{
    if (!map_put(&im->ids, word, id))
        map_set(&im->ids, word, id);
}

/* ---- what is there ---------------------------------------------------------------------------------------- */

struct shelf {
    struct rows rotations, choices, links, orders;
};

static struct str orders_of(struct importing *im, const struct shelf *s, int64_t rotation_id)
{
    struct import_order o[IMPORT_ORDERS_MOST];
    const struct rotation_order *x = s->orders.item;
    int n = 0;
    for (size_t i = 0; i < s->orders.n && n < IMPORT_ORDERS_MOST; i++)
        if (x[i].after_id == rotation_id)
            o[n++] = (struct import_order){ catalogue_label_of(&im->rotation, x[i].before_id), x[i].gap_least, x[i].gap_most };
    return n > 0 ? import_orders_put(im->arena, o, n) : STR("无");
}

static struct str departments_of(struct importing *im, const struct shelf *s, int64_t rotation_id)
{
    const struct rotation_department *x = s->links.item;
    struct buf b = buf_make(1 << 16);
    for (size_t d = 0; d < im->department.n; d++)
        for (size_t i = 0; i < s->links.n; i++)
            if (x[i].rotation_id == rotation_id && x[i].department_id == im->department.item[d].id)
                buf_printf(&b, "%s%.*s", b.n > 0 ? "、" : "", STR_ARG(im->department.item[d].label));
    struct str out = arena_str(im->arena, buf_view(&b));
    buf_free(&b);
    return out;
}

static void add(struct importing *im, const struct programme *p, const struct rotation *r, const struct shelf *s)
{
    struct known *k = known_add(im, row_key(im->arena, p->code, r->code), r->id, r->version);
    struct str code = arena_str(im->arena, p->code);
    map_put(&im->by_alias, word_of(im->arena, 'R', code, r->name_zh), (int64_t)im->knowns - 1);
    set_id(im, word_of(im->arena, 'R', code, r->name_zh), r->id);
    known_set(im, k, "programme", p->name_zh);
    known_set(im, k, "programme_code", p->code);
    known_set(im, k, "programme_en", p->name_en);
    known_set(im, k, "name_zh", r->name_zh);
    known_set(im, k, "code", r->code);
    known_set(im, k, "name_en", r->name_en);
    known_set_int(im, k, "weeks", r->weeks);
    known_set(im, k, "departments", departments_of(im, s, r->id));
    known_set_int(im, k, "earliest_week", r->earliest_week);
    known_set_int(im, k, "latest_week", r->latest_week);
    known_set_int(im, k, "position", r->position);
    known_set(im, k, "after", orders_of(im, s, r->id));
    const struct choice *c = s->choices.item;
    for (size_t i = 0; i < s->choices.n; i++)
        if (c[i].id == r->choice_id) {
            known_set(im, k, "choice", c[i].name_zh);
            known_set_int(im, k, "pick", c[i].pick);
        }
}

static enum status load_programme(struct importing *im, const struct programme *p)
{
    struct shelf s;
    enum status st = tx_run(im->tx, SQL_rotation_list, &s.rotations, P(p->id), P(INT64_C(0)));
    if (st == STATUS_OK)
        st = tx_run(im->tx, SQL_choice_list, &s.choices, P(p->id), P(INT64_C(0)));
    if (st == STATUS_OK)
        st = tx_run(im->tx, SQL_rotation_department_list, &s.links, P(p->id), P(INT64_C(0)));
    if (st == STATUS_OK)
        st = tx_run(im->tx, SQL_rotation_order_list, &s.orders, P(p->id), P(INT64_C(0)));
    if (st != STATUS_OK)
        return st;
    const struct rotation *r = s.rotations.item;
    const struct choice *c = s.choices.item;
    im->rotation.n = 0; /* labels of this programme's rotations only */
    for (size_t i = 0; i < s.rotations.n; i++)
        *ARENA_PUSH(im->arena, im->rotation.item, im->rotation.n, im->rotation.cap) = (struct named){ .id = r[i].id, .label = r[i].name_zh };
    for (size_t i = 0; i < s.choices.n; i++) {
        set_id(im, word_of(im->arena, 'C', p->code, c[i].name_zh), c[i].id);
        basis_note(im, c[i].id, c[i].version);
    }
    for (size_t i = 0; i < s.links.n; i++)
        basis_note(im, ((const struct rotation_department *)s.links.item)[i].id, 0);
    for (size_t i = 0; i < s.orders.n; i++)
        basis_note(im, ((const struct rotation_order *)s.orders.item)[i].id, ((const struct rotation_order *)s.orders.item)[i].version);
    for (size_t i = 0; i < s.rotations.n; i++)
        add(im, p, &r[i], &s);
    return STATUS_OK;
}

static enum status load(struct importing *im)
{
    struct rows rows = { .n = PAGE };
    enum status st = import_load_departments(im);
    for (int64_t from = 0; st == STATUS_OK && rows.n == PAGE; from += PAGE) {
        st = tx_run(im->tx, SQL_programme_list, &rows, P(im->base->id), P(from));
        const struct programme *p = rows.item;
        for (size_t i = 0; st == STATUS_OK && i < rows.n; i++) {
            catalogue_add(im, &im->programme, (struct named){ .id = p[i].id, .code = p[i].code, .name_zh = p[i].name_zh, .name_en = p[i].name_en });
            set_id(im, word_of(im->arena, 'P', p[i].code, STR("")), p[i].id);
            basis_note(im, p[i].id, p[i].version);
            st = load_programme(im, &p[i]);
        }
    }
    return st;
}

/* ---- a row ------------------------------------------------------------------------------------------------ */

/* The programme's code: as given, or of the programme of that name, or made of the name. */
static struct str programme_code(struct import_row_in *row)
{
    struct importing *im = row->im;
    struct str *code = &row->cell[import_column_at(im, "programme_code")], name = import_cell(im, row->cell, "programme");
    if (code->n > 0 || name.n == 0)
        return *code;
    int64_t at = catalogue_find(&im->programme, row->arena, name);
    if (at == AMBIGUOUS)
        import_fault(row, MSG_import_ambiguous, "programme", name, STR(""), STR(""));
    *code = at >= 0 ? im->programme.item[at].code : import_code_of(row->arena, name);
    return *code;
}

static struct str rotation_code(struct import_row_in *row, struct str programme)
{
    struct importing *im = row->im;
    struct str *code = &row->cell[import_column_at(im, "code")], name = import_cell(im, row->cell, "name_zh");
    if (code->n > 0 || name.n == 0)
        return *code;
    int64_t at = map_get(&im->by_alias, word_of(row->arena, 'R', programme, name), UNKNOWN);
    if (at >= 0)
        return *code = import_cell(im, im->known[at].cell, "code");
    struct str prefix = arena_printf(row->arena, "%.*s\x1f", STR_ARG(programme));
    return *code = import_code_free(im, row->arena, prefix, name);
}

/* Rows of one choice say the same number, or nothing. */
static void check_choice(struct import_row_in *row, struct str programme)
{
    struct importing *im = row->im;
    struct str choice = import_cell(im, row->cell, "choice"), pick = import_cell(im, row->cell, "pick");
    int64_t number = NONE;
    if (pick.n > 0 && choice.n == 0)
        import_fault(row, MSG_import_pick_alone, "pick", pick, STR(""), STR(""));
    if (pick.n == 0 || choice.n == 0 || !str_int(pick, &number))
        return;
    struct str word = arena_str(im->arena, word_of(row->arena, 'K', programme, choice));
    if (!map_put(&im->words, word, number) && map_get(&im->words, word, NONE) != number)
        import_fault(row, MSG_import_pick_differs, "pick", pick, arena_printf(row->arena, "%lld", (long long)map_get(&im->words, word, NONE)), choice);
}

static void check_after(struct import_row_in *row, struct str programme)
{
    struct importing *im = row->im;
    struct import_order o[IMPORT_ORDERS_MOST];
    struct str *cell = &row->cell[import_column_at(im, "after")], name = import_cell(im, row->cell, "name_zh");
    int n = import_orders_read(row, *cell, o);
    for (int i = 0; i < n; i++) {
        struct str word = word_of(row->arena, 'R', programme, o[i].name);
        if (str_eq(import_fold(row->arena, o[i].name, false), import_fold(row->arena, name, false))) {
            import_fault(row, MSG_refuse_same_rotation, "after", STR(""), STR(""), STR(""));
            return;
        }
        if (map_get(&im->ids, word, UNKNOWN) < 0 && map_get(&im->ahead, word, UNKNOWN) < 0) {
            import_fault(row, MSG_import_no_rotation, "after", o[i].name, STR(""), STR(""));
            return;
        }
    }
    if (n >= 0)
        *cell = n > 0 ? import_orders_put(row->arena, o, n) : STR("无");
}

static void check(struct import_row_in *row, struct str *key)
{
    struct importing *im = row->im;
    struct str programme = programme_code(row), name = import_cell(im, row->cell, "name_zh");
    struct str word = arena_str(im->arena, word_of(row->arena, 'R', programme, name));
    if (im->is_ahead) {
        map_put(&im->ahead, word, row->line);
        return;
    }
    struct str code = rotation_code(row, programme);
    int64_t line = map_get(&im->words, word, UNKNOWN);
    if (name.n > 0 && line >= 0)
        import_fault(row, MSG_import_twice, "name_zh", name, arena_printf(row->arena, "%lld", (long long)line), STR(""));
    map_put(&im->words, word, row->line);
    check_choice(row, programme);
    if (import_cell(im, row->cell, "after").n > 0)
        check_after(row, programme);
    if (programme.n > 0 && code.n > 0)
        *key = row_key(row->arena, programme, code);
    import_rules(row, &record_rotation, known_find(im, *key));
}

/* ---- writing ---------------------------------------------------------------------------------------------- */

static enum status put_programme(struct importing *im, struct call *c, const struct str *cell, int64_t *id)
{
    struct str word = word_of(c->arena, 'P', import_cell(im, cell, "programme_code"), STR(""));
    struct programme *now = record_new(c->arena, &record_programme);
    void *old;
    *id = map_get(&im->ids, word, UNKNOWN);
    now->base_id = im->base->id;
    now->free_weeks_forbidden = 0;
    enum status st = import_load_old(c, &record_programme, *id > 0 ? *id : 0, &old, now);
    if (st != STATUS_OK)
        return st;
    import_fill(im, &record_programme, now, cell);
    if (now->name_en.n == 0)
        now->name_en = now->name_zh;
    st = import_save(c, &record_programme, old, now);
    *id = now->id;
    set_id(im, arena_str(im->arena, word), now->id);
    return st;
}

static enum status put_choice(struct importing *im, struct call *c, const struct str *cell, int64_t programme_id, int64_t *id)
{
    struct str name = import_cell(im, cell, "choice");
    struct str word = word_of(c->arena, 'C', import_cell(im, cell, "programme_code"), name);
    struct choice *now = record_new(c->arena, &record_choice);
    void *old;
    if (name.n == 0)
        return STATUS_OK;
    *id = map_get(&im->ids, word, UNKNOWN);
    now->programme_id = programme_id;
    now->code = import_code_of(c->arena, name);
    now->name_en = name;
    now->pick = 1;
    enum status st = import_load_old(c, &record_choice, *id > 0 ? *id : 0, &old, now);
    if (st != STATUS_OK)
        return st;
    import_fill(im, &record_choice, now, cell);
    st = import_save(c, &record_choice, old, now);
    *id = now->id;
    set_id(im, arena_str(im->arena, word), now->id);
    return st;
}

static enum status put_departments(struct importing *im, struct call *c, int64_t programme_id, int64_t rotation_id, struct str labels)
{
    struct rows old;
    bool *want = ARENA_ARRAY(c->arena, im->department.n + 1, bool);
    while (labels.n > 0) {
        int64_t at = catalogue_find(&im->department, c->arena, import_label(&labels));
        if (at < 0)
            return STATUS_CONFLICT; /* the preview saw it */
        want[at] = true;
    }
    enum status st = call_query(c, SQL_rotation_department_list, &old, P(programme_id), P(INT64_C(0)));
    const struct rotation_department *x = old.item;
    for (size_t i = 0; st == STATUS_OK && i < old.n; i++) {
        size_t d = 0;
        while (d < im->department.n && im->department.item[d].id != x[i].department_id)
            d++;
        if (x[i].rotation_id != rotation_id)
            continue;
        if (d < im->department.n && want[d])
            want[d] = false; /* there already */
        else
            st = call_delete(c, &record_rotation_department, &x[i]);
    }
    for (size_t d = 0; st == STATUS_OK && d < im->department.n; d++) {
        if (!want[d])
            continue;
        struct rotation_department *now = record_new(c->arena, &record_rotation_department);
        now->rotation_id = rotation_id;
        now->department_id = im->department.item[d].id;
        st = import_save(c, &record_rotation_department, NULL, now);
    }
    return st;
}

static enum status apply(struct importing *im, struct call *c, const struct str *cell, struct known *known)
{
    int64_t programme_id = 0, choice_id = NONE;
    struct rotation *now = record_new(c->arena, &record_rotation);
    void *old = NULL;
    enum status st = put_programme(im, c, cell, &programme_id);
    if (st == STATUS_OK)
        st = put_choice(im, c, cell, programme_id, &choice_id);
    if (st == STATUS_OK)
        st = import_load_old(c, &record_rotation, known != NULL ? known->id : 0, &old, now);
    if (st != STATUS_OK)
        return st;
    if (old == NULL)
        now->position = im->applied;
    now->programme_id = programme_id;
    if (choice_id != NONE)
        now->choice_id = choice_id;
    import_fill(im, &record_rotation, now, cell);
    if (now->name_en.n == 0)
        now->name_en = now->name_zh;
    st = import_save(c, &record_rotation, old, now);
    set_id(im, arena_str(im->arena, word_of(c->arena, 'R', import_cell(im, cell, "programme_code"), now->name_zh)), now->id);
    return st == STATUS_OK ? put_departments(im, c, programme_id, now->id, import_cell(im, cell, "departments")) : st;
}

static enum status link(struct importing *im, struct call *c, const struct str *cell, struct known *known)
{
    struct import_row_in row = { .im = im, .arena = c->arena };
    struct import_order o[IMPORT_ORDERS_MOST];
    struct rows rows;
    struct str after = import_cell(im, cell, "after"), programme = import_cell(im, cell, "programme_code");
    if (after.n == 0 || (known != NULL && str_eq(after, import_cell(im, known->cell, "after"))))
        return STATUS_OK;
    row.errs = errs_make(c->arena);
    int n = import_orders_read(&row, after, o);
    int64_t programme_id = map_get(&im->ids, word_of(c->arena, 'P', programme, STR("")), NONE);
    int64_t after_id = map_get(&im->ids, word_of(c->arena, 'R', programme, import_cell(im, cell, "name_zh")), NONE);
    enum status st = call_query(c, SQL_rotation_order_list, &rows, P(programme_id), P(INT64_C(0)));
    for (size_t i = 0; st == STATUS_OK && i < rows.n; i++)
        if (((const struct rotation_order *)rows.item)[i].after_id == after_id)
            st = call_delete(c, &record_rotation_order, &((const struct rotation_order *)rows.item)[i]);
    for (int i = 0; st == STATUS_OK && i < n; i++) {
        struct rotation_order *now = record_new(c->arena, &record_rotation_order);
        now->programme_id = programme_id;
        now->before_id = map_get(&im->ids, word_of(c->arena, 'R', programme, o[i].name), NONE);
        now->after_id = after_id;
        now->gap_least = o[i].least;
        now->gap_most = o[i].most;
        if (now->before_id == NONE)
            return STATUS_CONFLICT;
        st = import_save(c, &record_rotation_order, NULL, now);
    }
    return st;
}

const struct import_kind_of import_of_programmes = { import_kind_programmes, CAP_edit_programme, COHORT_NO, { "code", "name_zh" }, load, check, apply, link, true, LIMIT_import_places };
