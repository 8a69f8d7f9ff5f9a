/* The board: students by weeks, filtered, sorted and searched on the server; the browser's script only makes it quicker. */
#include "app/groups.h"
#include "web/pages.h"
#include "web/board_prices.h"

#include <stdlib.h>

struct board {
    struct ctx *c;
    const struct cohort *cohort;
    struct rows departments, students, closed, placements, receipts;
    int64_t filter_department;
    struct str filter_group, q;
    const char *state, *sort;
    bool *closed_at; /* one per week */
};

static int index_of_department(const struct board *b, int64_t id)
{
    const struct department *d = b->departments.item;
    for (size_t i = 0; i < b->departments.n; i++)
        if (d[i].id == id)
            return (int)i;
    return -1;
}

/* Free weeks in runs, closed ones as runs of their own. */
static void add_gap(const struct board *b, struct board_cell *cell, size_t *n, int64_t from, int64_t to)
{
    assert(from >= 0);
    for (int64_t w = from; w < to;) {
        int64_t end = w + 1;
        while (end < to && b->closed_at[end] == b->closed_at[w])
            end++;
        cell[(*n)++] = (struct board_cell){ .span = end - w, .colour = b->closed_at[w] ? -2 : -1, .initials = STR("") };
        w = end;
    }
}

/* A placement pauses over closed weeks: each run of open weeks is a cell. */
static void add_placement(const struct board *b, struct board_cell *cell, size_t *n, const struct placement_row *x, int64_t from, int64_t to)
{
    int which = index_of_department(b, x->department_id);
    const struct department *d = b->departments.item;
    for (int64_t w = from; w < to;) {
        int64_t end = w + 1;
        while (end < to && b->closed_at[end] == b->closed_at[w])
            end++;
        if (b->closed_at[w])
            cell[(*n)++] = (struct board_cell){ .span = end - w, .colour = -2, .initials = STR("") };
        else
            cell[(*n)++] = (struct board_cell){ .span = end - w, .placement_id = x->id, .colour = which >= 0 ? which % COLOURS : -1,
                                                .stripes = which / COLOURS % 3, .initials = which >= 0 ? d[which].initials : STR("?"),
                                                .is_hit = x->department_id == b->filter_department,
                                                .is_tight = which >= 0 && (int64_t)utf8_count(d[which].initials) > 2 * (end - w) };
        w = end;
    }
}

/* Placements come ordered by student and week; a student's begin where a binary search finds them. */
static size_t first_of(const struct rows *rows, const struct record *r, size_t offset, int64_t id)
{
    assert(offset < r->size);
    size_t low = 0, high = rows->n;
    while (low < high) {
        size_t mid = (low + high) / 2;
        int64_t at;
        memcpy(&at, (const char *)rows->item + mid * r->size + offset, sizeof at);
        if (at < id)
            low = mid + 1;
        else
            high = mid;
    }
    assert(low <= rows->n);
    return low;
}

static void cells_of(const struct board *b, const struct student_row *s, struct board_line *line)
{
    const struct placement_row *x = b->placements.item;
    int64_t at = 0, weeks = b->cohort->weeks;
    struct board_cell *cell = ARENA_ARRAY(b->c->arena, weeks + 1, struct board_cell);
    size_t n = 0;
    for (size_t i = first_of(&b->placements, &record_placement_row, offsetof(struct placement_row, student_id), s->id);
         i < b->placements.n && x[i].student_id == s->id; i++) {
        int64_t from = MAX((x[i].first_week - b->cohort->first_week) / 7, at), to = MIN((x[i].until_week - b->cohort->first_week) / 7, weeks);
        if (from >= to)
            continue; /* under another one (a broken draft), or outside the weeks */
        add_gap(b, cell, &n, at, from);
        add_placement(b, cell, &n, &x[i], from, to);
        at = to;
    }
    add_gap(b, cell, &n, at, weeks);
    assert(n <= (size_t)weeks); /* a cell is a week at least */
    line->cell = cell;
    line->cells = n;
}

static bool is_in_department(const struct board *b, int64_t student_id, int64_t department_id)
{
    const struct placement_row *x = b->placements.item;
    for (size_t i = first_of(&b->placements, &record_placement_row, offsetof(struct placement_row, student_id), student_id);
         i < b->placements.n && x[i].student_id == student_id; i++)
        if (x[i].department_id == department_id)
            return true;
    return false;
}

static int64_t regret_of(const struct board *b, int64_t student_id)
{
    const struct receipt_row *r = b->receipts.item;
    int64_t sum = 0;
    size_t i = first_of(&b->receipts, &record_receipt_row, offsetof(struct receipt_row, student_id), student_id);
    if (i == b->receipts.n || r[i].student_id != student_id)
        return -1;
    for (; i < b->receipts.n && r[i].student_id == student_id; i++)
        sum += r[i].regret;
    return sum;
}

static char small(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c + 32) : c;
}

/* Whether `text` without blanks contains `wanted` without blanks; Latin letters of either size. */
static bool contains(struct str text, struct str wanted)
{
    for (size_t from = 0; from < text.n; from++) {
        size_t i = from, k = 0;
        while (k < wanted.n && wanted.p[k] == ' ')
            k++;
        while (i < text.n && k < wanted.n) {
            if (text.p[i] == ' ') {
                i++;
            } else if (small(text.p[i]) == small(wanted.p[k])) {
                i++;
                k++;
                while (k < wanted.n && wanted.p[k] == ' ')
                    k++;
            } else {
                break;
            }
        }
        if (k >= wanted.n)
            return true;
    }
    return wanted.n == 0;
}

static bool is_shown(const struct board *b, const struct student_row *s)
{
    bool withdrawn = s->state == student_state_withdrawn;
    if (strcmp(b->state, "withdrawn") == 0 ? !withdrawn : strcmp(b->state, "active") == 0 && withdrawn)
        return false;
    if (b->filter_group.n > 0 && !groups_has(s->group_name, b->filter_group))
        return false;
    if (b->q.n > 0 && !contains(s->name, b->q) && !contains(s->number, b->q) && !contains(s->sort_key, b->q))
        return false;
    return b->filter_department == NONE || is_in_department(b, s->id, b->filter_department);
}

static int by_number(const void *a, const void *b)
{
    return str_cmp(((const struct board_line *)a)->number, ((const struct board_line *)b)->number);
}

static int by_name(const void *a, const void *b)
{
    int d = str_cmp(((const struct board_line *)a)->sort_key, ((const struct board_line *)b)->sort_key);
    return d != 0 ? d : by_number(a, b);
}

static int by_group(const void *a, const void *b)
{
    int d = str_cmp(((const struct board_line *)a)->group, ((const struct board_line *)b)->group);
    return d != 0 ? d : by_name(a, b);
}

static int by_regret(const void *a, const void *b)
{
    const struct board_line *x = a, *y = b;
    return x->regret != y->regret ? (x->regret > y->regret ? -1 : 1) : by_name(a, b);
}

static const struct {
    const char *name;
    int (*order)(const void *a, const void *b);
} sorts[] = { { "name", by_name }, { "number", by_number }, { "group", by_group }, { "regret", by_regret } };

static const struct board_line *lines_of(struct board *b, size_t *shown)
{
    const struct student_row *s = b->students.item;
    struct board_line *line = ARENA_ARRAY(b->c->arena, b->students.n, struct board_line);
    for (size_t i = 0; i < b->students.n; i++) {
        if (!is_shown(b, &s[i]))
            continue;
        struct board_line *l = &line[(*shown)++];
        *l = (struct board_line){ .student_id = s[i].id, .name = s[i].name, .number = s[i].number, .group = s[i].group_name,
                                  .sort_key = s[i].sort_key, .regret = regret_of(b, s[i].id),
                                  .is_withdrawn = s[i].state == student_state_withdrawn };
        cells_of(b, &s[i], l);
    }
    for (size_t i = 0; i < LEN(sorts); i++)
        if (strcmp(b->sort, sorts[i].name) == 0)
            qsort(line, *shown, sizeof *line, sorts[i].order);
    return line;
}

static const struct board_week *weeks_of(struct board *b)
{
    struct board_week *week = ARENA_ARRAY(b->c->arena, b->cohort->weeks, struct board_week);
    date today = date_monday(app_today(b->c->app));
    int month = 0;
    for (int64_t i = 0; i < b->cohort->weeks; i++) {
        date monday = (date)(b->cohort->first_week + 7 * i);
        struct ymd at = date_ymd(monday);
        week[i] = (struct board_week){ i + 1, monday, at.month, at.day, b->closed_at[i], monday == today, at.month != month };
        month = at.month;
    }
    return week;
}

static const struct board_key *keys_of(struct board *b, size_t *n)
{
    const struct department *d = b->departments.item;
    struct board_key *key = ARENA_ARRAY(b->c->arena, b->departments.n, struct board_key);
    for (size_t i = 0; i < b->departments.n; i++) {
        bool used = false;
        const struct placement_row *x = b->placements.item;
        for (size_t k = 0; k < b->placements.n && !used; k++)
            used = x[k].department_id == d[i].id;
        if (used)
            key[(*n)++] = (struct board_key){ d[i].id, (int)i % COLOURS, (int)i / COLOURS % 3, d[i].initials,
                                              ctx_pick(b->c, d[i].name_zh, d[i].name_en), d[i].id == b->filter_department };
    }
    return key;
}

static const struct board_option *departments_of(struct board *b, const struct board_key *key, size_t keys)
{
    struct board_option *o = ARENA_ARRAY(b->c->arena, keys, struct board_option);
    for (size_t i = 0; i < keys; i++)
        o[i] = (struct board_option){ plan_number(b->c, key[i].department_id), key[i].name, key[i].is_hit };
    return o;
}

static const struct board_option *groups_of(struct board *b, size_t *n)
{
    const struct student_row *s = b->students.item;
    struct board_option *o = NULL;
    size_t cap = 0;
    for (size_t i = 0; i < b->students.n; i++)
        for (struct str rest = s[i].group_name; rest.n > 0;) {
            struct str name = groups_next(&rest);
            bool seen = name.n == 0;
            for (size_t k = 0; k < *n && !seen; k++)
                seen = str_eq(o[k].value, name);
            if (!seen)
                *ARENA_PUSH(b->c->arena, o, *n, cap) = (struct board_option){ name, name, str_eq(name, b->filter_group) };
        }
    return o;
}

static enum status load(struct board *b, const struct plan_row *plan)
{
    struct ctx *c = b->c;
    enum status st;
    b->cohort = plan_head_cohort(c, plan->cohort_id, &st);
    const struct {
        const char *usecase;
        int64_t parent;
        struct rows *rows;
    } lists[] = {
        { "department_list", NONE, &b->departments },
        { "student_list", plan->cohort_id, &b->students },
        { "closed_week_list", plan->cohort_id, &b->closed },
        { "placement_list", plan->id, &b->placements },
        { "receipt_list", plan->id, &b->receipts },
    };
    for (size_t i = 0; i < LEN(lists) && st == STATUS_OK; i++)
        *lists[i].rows = ctx_list(c, lists[i].usecase, lists[i].parent, &st);
    if (st != STATUS_OK)
        return st;
    b->closed_at = ARENA_ARRAY(c->arena, b->cohort->weeks + 1, bool);
    const struct closed_week *w = b->closed.item;
    for (size_t i = 0; i < b->closed.n; i++) {
        int64_t at = (w[i].week - b->cohort->first_week) / 7;
        if (w[i].week >= b->cohort->first_week && at < b->cohort->weeks)
            b->closed_at[at] = true;
    }
    return STATUS_OK;
}

/* One of a list of words in the query; the first where it is none. */
static const char *word_of(const struct ctx *c, const char *name, const char *const *words, size_t n)
{
    struct str s = ctx_query(c, name);
    for (size_t i = 0; i < n; i++)
        if (str_is(s, words[i]))
            return words[i];
    return words[0];
}

/* This page with the filter as it stands, in another size. */
static struct str board_url(const struct board *b, int64_t plan_id, const char *paper, int zoom, bool prices)
{
    struct buf q = buf_make(4096);
    buf_printf(&q, "/board/%lld?", (long long)plan_id);
    if (b->filter_department != NONE)
        buf_printf(&q, "dep=%lld&", (long long)b->filter_department);
    for (int k = 0; k < 2; k++) {
        struct str s = k == 0 ? b->filter_group : b->q;
        if (s.n > 0)
            buf_z(&q, k == 0 ? "group=" : "q=");
        for (size_t i = 0; i < s.n; i++)
            buf_printf(&q, "%%%02X", (unsigned char)s.p[i]);
        if (s.n > 0)
            buf_char(&q, '&');
    }
    buf_printf(&q, "state=%s&sort=%s&paper=%s&zoom=%d%s", b->state, b->sort, paper, zoom, prices ? "&prices=1" : "");
    struct str s = arena_str(b->c->arena, buf_view(&q));
    buf_free(&q);
    return s;
}

static void read_filter(struct board *b)
{
    static const char *const states[] = { "active", "all", "withdrawn" }, *const orders[] = { "name", "number", "group", "regret" };
    b->filter_department = NONE;
    if (!str_int(ctx_query(b->c, "dep"), &b->filter_department))
        b->filter_department = NONE;
    b->filter_group = ctx_query(b->c, "group");
    b->q = str_trim(ctx_query(b->c, "q"));
    b->q.n = MIN(b->q.n, (size_t)100);
    b->state = word_of(b->c, "state", states, LEN(states));
    b->sort = word_of(b->c, "sort", orders, LEN(orders));
}

void page_board_get(struct ctx *c)
{
    static const char *const zooms[] = { "2", "1", "3" }, *const papers[] = { "a3", "a4" };
    struct board b = { .c = c };
    struct board_view v = { 0 };
    struct plan_row plan;
    int64_t plan_id;
    if (!ctx_number(c, c->word[0], &plan_id) || !plan_head_get(c, plan_id, MSG_board_title, &v.head, &plan))
        return;
    read_filter(&b);
    enum status st = load(&b, &plan);
    if (st != STATUS_OK) {
        ctx_fail(c, st);
        return;
    }
    v.week = weeks_of(&b);
    v.weeks = (size_t)b.cohort->weeks;
    v.line = lines_of(&b, &v.lines);
    v.all = b.students.n;
    v.key = keys_of(&b, &v.keys);
    v.department = departments_of(&b, v.key, v.keys);
    v.departments = v.keys;
    v.group = groups_of(&b, &v.groups);
    v.q = b.q;
    v.state = b.state;
    v.sort = b.sort;
    v.paper = word_of(c, "paper", papers, LEN(papers));
    v.zoom = word_of(c, "zoom", zooms, LEN(zooms))[0] - '0';
    bool prices = v.head.may_see_all && str_is(ctx_query(c, "prices"), "1");
    if (prices)
        v.prices = board_prices(c, plan_id, b.cohort, &b.departments);
    v.prices.toggle = board_url(&b, plan_id, v.paper, v.zoom, !prices);
    static const enum msg_id labels[] = { MSG_board_zoom_small, MSG_board_zoom_middle, MSG_board_zoom_large };
    for (int i = 0; i < (int)LEN(labels); i++) {
        v.zoom_url[i] = board_url(&b, plan_id, v.paper, i + 1, prices);
        v.zoom_label[i] = labels[i];
    }
    v.is_dimmed = b.filter_department != NONE;
    v.is_filtered = b.filter_department != NONE || b.filter_group.n > 0 || b.q.n > 0 || strcmp(b.state, "active") != 0;
    c->page.sheet = "board.css";
    c->page.script = "board.js";
    page_board(&c->resp->body, &c->page, &v);
}
