/* internbase import KIND FILE: what the import page does, from the shell: preview, every error, and with --accept the import. */
#include "app/imports.h"
#include "cli/command.h"

#include <stdio.h>

enum { COMMAND_ARENA_BYTES = 1 << 30, FAULTS_SHOWN_MOST = 1000, FAULTS_OF_ROW_MOST = 100 };

struct importer {
    struct cli *cli;
    struct app app;
    struct actor actor;
    struct arena *a;
    struct errs errs;
    enum import_kind kind;
    const struct import *import;
    size_t shown;
};

static enum status run(struct importer *m, const char *usecase, const void *in, struct call *c)
{
    c->app = &m->app;
    c->arena = m->a;
    c->actor = &m->actor;
    c->usecase = app_usecase(str_of(usecase));
    c->errs = &m->errs;
    c->in = in;
    assert(c->usecase != NULL);
    return app_run(c);
}

static bool read_bytes(const char *path, struct buf *b)
{
    char piece[65536];
    size_t n;
    FILE *f = strcmp(path, "-") == 0 ? stdin : fopen(path, "rb");
    if (f == NULL)
        return false;
    while ((n = fread(piece, 1, sizeof piece, f)) > 0 && !b->failed)
        buf_add(b, piece, n);
    bool ok = ferror(f) == 0 && !b->failed;
    if (f != stdin)
        fclose(f);
    return ok;
}

static enum status find_cohort(struct importer *m, const char *code, int64_t *id)
{
    struct in_list *in = record_new(m->a, &record_in_list);
    struct call c = { 0 };
    enum status st = code != NULL ? run(m, "cohort_list", in, &c) : STATUS_OK;
    const struct cohort *cohort = c.rows.item;
    for (size_t i = 0; st == STATUS_OK && i < c.rows.n; i++)
        if (str_is(cohort[i].code, code))
            *id = cohort[i].id;
    if (st == STATUS_OK && code != NULL && *id == NONE)
        errs_add(&m->errs, MSG_cli_no_cohort, STR("cohort"), code, NULL);
    return st == STATUS_OK && m->errs.total > 0 ? STATUS_INPUT : st;
}

static enum status load(struct importer *m, int64_t id)
{
    struct in_list *in = record_new(m->a, &record_in_list);
    struct call c = { 0 };
    in->parent_id = id;
    enum status st = run(m, "import_get", in, &c);
    m->import = c.rows.item;
    return st;
}

static void say(const struct importer *m, FILE *to, enum msg_id id, struct str a1, struct str a2, struct str a3)
{
    struct err e = { .id = id, .arg = { a1, a2, a3 } };
    fprintf(to, "%.*s\n", STR_ARG(msg_err(m->a, &e, m->cli->lang)));
}

static struct str number(const struct importer *m, int64_t v)
{
    return arena_printf(m->a, "%lld", (long long)v);
}

static void say_list(const struct importer *m, enum msg_id id, const struct str *s, size_t n)
{
    struct buf b = buf_make(1 << 20);
    for (size_t i = 0; i < n; i++)
        buf_printf(&b, "%s%.*s", i == 0 ? "" : m->cli->lang == LANG_ZH ? "、" : ", ", STR_ARG(s[i]));
    if (n > 0)
        say(m, stdout, id, arena_str(m->a, buf_view(&b)), STR(""), STR(""));
    buf_free(&b);
}

static void put_faults(struct importer *m, struct str json)
{
    struct import_fault_text f[FAULTS_OF_ROW_MOST];
    size_t n = import_faults(m->a, json, m->kind, m->cli->lang, f, LEN(f));
    for (size_t i = 0; i < n && m->shown < FAULTS_SHOWN_MOST; i++, m->shown++)
        fprintf(stderr, "%.*s\n", STR_ARG(import_fault_line(m->a, &f[i], m->cli->lang)));
}

static enum status put_wrong_rows(struct importer *m)
{
    struct in_import_rows *in = record_new(m->a, &record_in_import_rows);
    int64_t rows = 0;
    enum status st = STATUS_OK;
    in->import_id = m->import->id;
    in->state = import_row_state_wrong;
    in->behind = 0;
    for (size_t n = 1; st == STATUS_OK && n > 0 && m->shown < FAULTS_SHOWN_MOST;) {
        struct call c = { 0 };
        st = run(m, "import_rows", in, &c);
        const struct import_row *r = c.rows.item;
        n = st == STATUS_OK ? c.rows.n : 0;
        for (size_t i = 0; i < n; i++, rows++) {
            put_faults(m, r[i].faults);
            in->behind = r[i].id;
        }
    }
    if (rows < m->import->rows_wrong)
        say(m, stderr, MSG_cli_import_more, number(m, m->import->rows_wrong - rows), STR(""), STR(""));
    return st;
}

static bool is_wrong(const struct import *i)
{
    return i->rows_wrong > 0 || !str_is(i->problems, "[]");
}

static enum status print_text(struct importer *m, enum msg_id outcome)
{
    const struct import *i = m->import;
    struct import_shape s = import_shape_read(m->a, i);
    struct str kind = str_of(msg_text(import_kind_list.item[m->kind].label, m->cli->lang));
    say(m, stdout, MSG_cli_import_file, kind, i->file_name, STR(""));
    struct str format = s.encoding.n > 0 ? arena_printf(m->a, "%.*s, %.*s", STR_ARG(s.format), STR_ARG(s.encoding)) : s.format;
    if (s.header > 0)
        say(m, stdout, s.sheet.n > 0 ? MSG_cli_import_sheet : MSG_cli_import_shape, format, s.sheet.n > 0 ? s.sheet : number(m, s.header),
            number(m, s.header));
    say_list(m, MSG_import_ignored, s.ignored, s.ignoreds);
    say_list(m, MSG_import_doubled, s.doubled, s.doubleds);
    say_list(m, MSG_import_other_sheets, s.other_sheet, s.sheets);
    say(m, stdout, MSG_cli_import_counts, number(m, i->rows_new), number(m, i->rows_changed), number(m, i->rows_unchanged));
    if (i->rows_missing + i->rows_wrong > 0)
        say(m, stdout, MSG_cli_import_counts_more, number(m, i->rows_missing), number(m, i->rows_wrong), STR(""));
    fflush(stdout);
    put_faults(m, i->problems);
    enum status st = put_wrong_rows(m);
    say(m, stdout, outcome, STR(""), STR(""), STR(""));
    return st;
}

static void put_json_faults(struct importer *m, struct buf *b, struct str json)
{
    struct import_fault_text f[FAULTS_OF_ROW_MOST];
    size_t n = import_faults(m->a, json, m->kind, m->cli->lang, f, LEN(f));
    for (size_t i = 0; i < n && m->shown < FAULTS_SHOWN_MOST; i++, m->shown++) {
        buf_printf(b, "%s{\"row\":%lld,\"column\":\"%.*s\",\"at\":", m->shown > 0 ? "," : "", (long long)f[i].row,
                   STR_ARG(import_letters(m->a, f[i].column)));
        json_put_text(b, f[i].name);
        buf_z(b, ",\"text\":");
        json_put_text(b, f[i].text);
        buf_char(b, '}');
    }
}

static enum status print_json(struct importer *m)
{
    const struct import *i = m->import;
    struct in_import_rows *in = record_new(m->a, &record_in_import_rows);
    struct buf b = buf_make(64 << 20);
    enum status st = STATUS_OK;
    buf_printf(&b, "{\"id\":%lld,\"state\":\"%s\",\"new\":%lld,\"changed\":%lld,\"unchanged\":%lld,\"missing\":%lld,\"wrong\":%lld,\"faults\":[",
               (long long)i->id, import_state_list.item[i->state].name, (long long)i->rows_new, (long long)i->rows_changed,
               (long long)i->rows_unchanged, (long long)i->rows_missing, (long long)i->rows_wrong);
    put_json_faults(m, &b, i->problems);
    in->import_id = i->id;
    in->state = import_row_state_wrong;
    in->behind = 0;
    for (size_t n = 1; st == STATUS_OK && n > 0 && m->shown < FAULTS_SHOWN_MOST;) {
        struct call c = { 0 };
        st = run(m, "import_rows", in, &c);
        const struct import_row *r = c.rows.item;
        n = st == STATUS_OK ? c.rows.n : 0;
        for (size_t k = 0; k < n; k++) {
            put_json_faults(m, &b, r[k].faults);
            in->behind = r[k].id;
        }
    }
    printf("%.*s]}\n", STR_ARG(buf_view(&b)));
    buf_free(&b);
    return st;
}

static enum status accept(struct importer *m)
{
    struct call c = { .target_id = m->import->id, .target_version = m->import->version };
    enum status st = run(m, "import_accept", record_new(m->a, &record_in_target), &c);
    if (st == STATUS_OK)
        st = load(m, m->import->id);
    if (st == STATUS_OK && m->import->state == import_state_accepting)
        st = import_work_now(&m->app, m->a, m->import->id); /* what a server leaves to its worker */
    return st == STATUS_OK ? load(m, m->import->id) : st;
}

/* Reads, accepts where it is to be, prints. */
static enum status import_file(struct importer *m, const struct in_import *in, bool wants_accept)
{
    struct call c = { 0 };
    enum status st = run(m, "import_preview", in, &c);
    if (st == STATUS_OK)
        st = import_work_now(&m->app, m->a, c.id);
    if (st == STATUS_OK)
        st = load(m, c.id);
    if (st != STATUS_OK)
        return st;
    const struct import *i = m->import;
    bool is_read = i->state == import_state_preview, same = i->rows_new + i->rows_changed == 0;
    if (is_read && wants_accept && !is_wrong(i) && !same)
        st = accept(m);
    bool wrong = is_wrong(m->import);
    enum msg_id outcome = !is_read ? MSG_cli_import_failed : wrong ? MSG_cli_import_wrong : same ? MSG_cli_import_nothing
                          : wants_accept ? MSG_cli_import_accepted : MSG_cli_import_preview;
    if (st != STATUS_OK)
        return st;
    st = m->cli->json ? print_json(m) : print_text(m, outcome);
    return st != STATUS_OK ? st : !is_read ? STATUS_IO : wrong ? STATUS_INPUT : STATUS_OK;
}

static bool find_kind(const char *name, enum import_kind *out)
{
    for (int k = 0; k < import_kind_COUNT; k++)
        if (strcmp(import_kind_list.item[k].name, name) == 0) {
            *out = (enum import_kind)k;
            return true;
        }
    return false;
}

static enum exit_code put_template(const struct importer *m, const char *path)
{
    struct buf b = buf_make(16 << 20);
    size_t n = strlen(path);
    bool xlsx = n < 4 || strcmp(path + n - 4, ".csv") != 0;
    enum status st = import_template(&b, m->kind, m->cli->lang, xlsx);
    FILE *f = st == STATUS_OK ? fopen(path, "wb") : NULL;
    bool ok = f != NULL && fwrite(b.p, 1, b.n, f) == b.n;
    if (f != NULL)
        ok = fclose(f) == 0 && ok;
    buf_free(&b);
    return ok ? EXIT_DONE : EXIT_FAILED;
}

static const char *name_of(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash != NULL ? slash + 1 : path;
}

static enum exit_code import_command(struct cli *cli, struct arena *a, struct buf *bytes)
{
    struct importer m = { .cli = cli, .a = a };
    const char *cohort = cli_option(cli, "cohort", NULL), *base = cli_option(cli, "base", "1"), *as = cli_option(cli, "as", NULL);
    const char *template = cli_option(cli, "template", NULL);
    bool wants_accept = cli_flag(cli, "accept");
    struct in_import *in = record_new(a, &record_in_import);
    m.errs = errs_make(a);
    if (cli->argc != (template != NULL ? 2 : 3) || !find_kind(cli->argv[1], &m.kind)) {
        fprintf(stderr, "usage: internbase import students|departments|preceptors|programmes|wishes FILE [--cohort CODE] [--accept] [--json]\n");
        return EXIT_USAGE;
    }
    if (template != NULL)
        return put_template(&m, template);
    if (!read_bytes(cli->argv[2], bytes)) {
        say(&m, stderr, MSG_cli_no_file, str_of(cli->argv[2]), STR(""), STR(""));
        return EXIT_FAILED;
    }
    if (!cli_open(cli, &m.app, false))
        return EXIT_FAILED;
    enum status st = cli_actor(&m.app, a, as, base, &m.actor);
    if (st == STATUS_OK)
        st = find_cohort(&m, cohort, &in->cohort_id);
    in->kind = m.kind;
    in->file_name = str_of(name_of(cli->argv[2]));
    in->content = buf_view(bytes);
    if (st == STATUS_OK)
        st = import_file(&m, in, wants_accept);
    cli_print_errors(cli, &m.errs);
    if (st != STATUS_OK && m.errs.total == 0 && m.shown == 0)
        fprintf(stderr, "internbase: %s\n", msg_text(cli_says(st), cli->lang));
    bool stale = m.errs.n > 0 && m.errs.item[0].id == MSG_import_stale;
    ops_close(&m.app);
    return stale ? EXIT_REFUSED : cli_exit_of(st);
}

enum exit_code command_import(struct cli *cli)
{
    struct arena a = arena_make(COMMAND_ARENA_BYTES);
    struct buf bytes = buf_make(SIZE_MAX / 2);
    enum exit_code code = import_command(cli, &a, &bytes);
    buf_free(&bytes);
    arena_free(&a);
    return code;
}
