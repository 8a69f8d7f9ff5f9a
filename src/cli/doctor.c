/* internbase doctor: what is there and whether it is as it should be. */
#include "app/doctor.h"
#include "cli/command.h"

#include <stdio.h>

enum { DOCTOR_ARENA_BYTES = 4 << 20 };

enum exit_code command_doctor(struct cli *cli)
{
    static const char *const grade[] = { [DOCTOR_GOOD] = "good", [DOCTOR_WARN] = "warn", [DOCTOR_BAD] = "bad" };
    static const enum msg_id says[] = { [DOCTOR_GOOD] = MSG_doctor_good, [DOCTOR_WARN] = MSG_doctor_warn, [DOCTOR_BAD] = MSG_doctor_bad };
    struct app app;
    struct doctor_finding finding[DOCTOR_FINDINGS_MOST];
    if (cli->argc != 1)
        return EXIT_USAGE;
    if (!cli_open_unchecked(cli, &app))
        return EXIT_FAILED;
    struct arena a = arena_make(DOCTOR_ARENA_BYTES);
    enum exit_code code = EXIT_DONE;
    size_t n = doctor_look(&app, &a, finding);
    for (size_t i = 0; i < n; i++) {
        const struct doctor_finding *f = &finding[i];
        if (f->grade == DOCTOR_BAD)
            code = EXIT_FAILED;
        if (cli->json) {
            struct buf b = buf_make(4096);
            buf_printf(&b, "{\"name\":\"%s\",\"grade\":\"%s\",\"value\":", f->name, grade[f->grade]);
            json_put_text(&b, f->value);
            printf("%.*s}\n", STR_ARG(buf_view(&b)));
            buf_free(&b);
        } else {
            printf("[%s] %s: %.*s\n", msg_text(says[f->grade], cli->lang), msg_text(f->label, cli->lang), STR_ARG(f->value));
        }
    }
    ops_close(&app);
    arena_free(&a);
    return code;
}
