/* internbase init, migrate, backup, schema: an installation from nothing, and its upkeep. */
#include "app/account.h"
#include "cli/command.h"

#include <stdio.h>
#include <stdlib.h>

enum { LINK_LASTS_S = 15 * 60, COMMAND_ARENA_BYTES = 256 << 20 };

static void print_link(const struct cli *cli, const struct app *app, struct arena *a, const struct member_row *m)
{
    struct str token;
    if (account_link_make(app, a, m->account_id, m->base_id, link_kind_sign_in, LINK_LASTS_S, &token) != STATUS_OK)
        return;
    const char *origin = getenv("INTERNBASE_ORIGIN");
    const char *role = role_list.item[m->role].name;
    if (cli->json) {
        struct buf b = buf_make(4096);
        buf_printf(&b, "{\"role\":\"%s\",\"side\":\"%s\",\"name\":", role, side_list.item[m->side].name);
        json_put_text(&b, m->name);
        buf_printf(&b, ",\"url\":\"%s/link/%.*s\"}\n", origin != NULL ? origin : "", STR_ARG(token));
        fwrite(b.p, 1, b.n, stdout);
        buf_free(&b);
    } else {
        printf("%s · %s · %.*s\n    %s/link/%.*s\n", msg_text(side_list.item[m->side].label, cli->lang),
               msg_text(role_list.item[m->role].label, cli->lang), STR_ARG(m->name),
               origin != NULL ? origin : "", STR_ARG(token));
    }
}

/* One link for each account, or for those with this sign-in name or person's name; a person with two roles gets one. */
static enum exit_code print_links(struct cli *cli, struct app *app, struct arena *a, int64_t base_id, const char *name)
{
    struct rows rows;
    bool found = false;
    struct actor named = { 0 };
    enum status st = account_list(app, a, base_id, &rows);
    if (st == STATUS_OK && name != NULL && account_actor(app, a, str_of(name), &named) != STATUS_OK)
        named.account_id = 0;
    const struct member_row *m = rows.item;
    for (size_t i = 0; st == STATUS_OK && i < rows.n; i++) {
        bool again = false;
        for (size_t k = 0; k < i; k++)
            again = again || m[k].account_id == m[i].account_id;
        if (again || (name != NULL && !str_is(m[i].name, name) && m[i].account_id != named.account_id))
            continue;
        print_link(cli, app, a, &m[i]);
        found = true;
    }
    if (st == STATUS_OK && !found) {
        fprintf(stderr, "internbase: %s\n", msg_text(MSG_cli_no_account, cli->lang));
        return EXIT_INPUT;
    }
    return cli_exit_of(st);
}

enum exit_code command_init(struct cli *cli)
{
    struct app app;
    struct arena a = arena_make(COMMAND_ARENA_BYTES);
    struct errs errs = errs_make(&a);
    if (!cli_open(cli, &app, true))
        return EXIT_FAILED;
    struct in_setup *in = record_new(&a, &record_in_setup);
    in->university_zh = str_of(cli_option(cli, "university-zh", "甲方高校"));
    in->university_en = str_of(cli_option(cli, "university-en", "The University"));
    in->hospital_zh = str_of(cli_option(cli, "hospital-zh", "乙方医院"));
    in->hospital_en = str_of(cli_option(cli, "hospital-en", "The Hospital"));
    in->secretary_name = str_of(cli_option(cli, "secretary", "教学秘书"));
    in->office_name = str_of(cli_option(cli, "office", "科教科"));
    in->secretary_login = STR("secretary");
    in->office_login = STR("office");
    struct actor operator= { .is_operator = true, .department_id = NONE };
    struct call c = { .app = &app, .arena = &a, .actor = &operator, .usecase = app_usecase(STR("setup")), .in = in, .errs = &errs };
    enum status st = app_run(&c);
    cli_print_errors(cli, &errs);
    enum exit_code code = st == STATUS_OK ? print_links(cli, &app, &a, c.id, NULL) : cli_exit_of(st);
    ops_close(&app);
    arena_free(&a);
    return code;
}

enum exit_code command_link(struct cli *cli)
{
    struct app app;
    struct arena a = arena_make(COMMAND_ARENA_BYTES);
    bool all = cli_flag(cli, "all");
    int64_t base_id = 1;
    if (!str_int(str_of(cli_option(cli, "base", "1")), &base_id) || (!all && cli->argc < 2))
        return EXIT_USAGE;
    if (!cli_open(cli, &app, false))
        return EXIT_FAILED;
    enum exit_code code = print_links(cli, &app, &a, base_id, all ? NULL : cli->argv[1]);
    ops_close(&app);
    arena_free(&a);
    return code;
}

enum exit_code command_migrate(struct cli *cli)
{
    struct app app;
    if (!cli_open(cli, &app, true))
        return EXIT_FAILED;
    ops_close(&app);
    return EXIT_DONE;
}

enum exit_code command_backup(struct cli *cli)
{
    struct app app;
    if (cli->argc != 2)
        return EXIT_USAGE;
    if (!cli_open(cli, &app, false))
        return EXIT_FAILED;
    enum status st = ops_backup(&app, cli->argv[1]);
    ops_close(&app);
    return cli_exit_of(st);
}

enum exit_code command_schema(struct cli *cli)
{
    const char *what = cli->argc > 1 ? cli->argv[1] : "openapi";
    struct buf b = buf_make(16 << 20);
    if (strcmp(what, "openapi") == 0)
        ops_put_openapi(&b);
    else
        ops_put_statements(&b, strcmp(what, "postgresql") == 0);
    fwrite(b.p, 1, b.n, stdout);
    putchar('\n');
    buf_free(&b);
    return EXIT_DONE;
}
