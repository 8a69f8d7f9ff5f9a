/* The first start of an empty installation, by the set-up link that the server printed. */
#include "app/first.h"
#include "web/form.h"
#include "web/pages.h"

static const char *const university_fields[] = { "university_zh", "university_en", "secretary_name", "secretary_login" };
static const char *const hospital_fields[] = { "hospital_zh", "hospital_en", "office_name", "office_login" };

static struct controls controls_of(const struct form *f, const char *const *name, size_t n)
{
    struct control *item = ARENA_ARRAY(f->c->arena, n, struct control);
    for (size_t i = 0; i < n; i++)
        item[i] = form_control(f, name[i]);
    return (struct controls){ item, n };
}

static void show(struct ctx *c, const struct posted *posted)
{
    struct in_setup *in = record_new(c->arena, &record_in_setup);
    in->secretary_login = STR("secretary");
    in->office_login = STR("office");
    struct form f = form_make(c, posted, "setup", 0, in);
    struct setup_view v = { .token = c->word[0], .error = posted->usecase != NULL ? form_error(c) : STR(""),
                            .university = controls_of(&f, university_fields, LEN(university_fields)),
                            .hospital = controls_of(&f, hospital_fields, LEN(hospital_fields)) };
    page_setup(&c->resp->body, &c->page, &v);
}

static void gone(struct ctx *c)
{
    c->resp->status = 410;
    page_setup_gone(&c->resp->body, &c->page);
}

void page_setup_get(struct ctx *c)
{
    enum status st = first_link_check(c->app, c->arena, c->word[0]);
    c->page.sheet = "forms.css";
    if (st == STATUS_OK)
        show(c, &(struct posted){ 0 });
    else if (st == STATUS_NOT_FOUND)
        gone(c);
    else
        ctx_fail(c, st);
}

void page_setup_post(struct ctx *c)
{
    struct in_setup *in = record_new(c->arena, &record_in_setup);
    struct str links[2], origin = ctx_origin(c);
    bool good = record_from_form(&record_in_setup, in, ctx_lookup, c, &c->errs);
    enum status st = first_link_check(c->app, c->arena, c->word[0]);
    c->page.sheet = "forms.css";
    if (st == STATUS_OK)
        st = good ? first_setup(c->app, c->arena, c->word[0], in, &c->errs, links) : STATUS_INPUT;
    if (st == STATUS_OK) {
        struct setup_done_view v = { .university = arena_printf(c->arena, "%.*s/link/%.*s", STR_ARG(origin), STR_ARG(links[0])),
                                     .hospital = arena_printf(c->arena, "%.*s/link/%.*s", STR_ARG(origin), STR_ARG(links[1])),
                                     .secretary = in->secretary_name, .office = in->office_name,
                                     .university_token = links[0], .hospital_token = links[1] };
        c->page.script = "forms.js";
        page_setup_done(&c->resp->body, &c->page, &v);
    } else if (st == STATUS_INPUT) {
        c->resp->status = 422;
        show(c, &(struct posted){ "setup", 0, in });
    } else if (st == STATUS_NOT_FOUND) {
        gone(c);
    } else {
        ctx_fail(c, st);
    }
}
