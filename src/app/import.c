/* The use cases of imports but for writing and taking back (import_accept.c): keeping a file, looking at its preview. */
#include "app/import.h"
#include "core/limits.h"

#include <sodium.h>

#include "app/imports.h"

bool import_may(const struct actor *a, enum import_kind kind)
{
    assert(kind < import_kind_COUNT);
    return app_may(a, import_kind_find((int64_t)kind)->cap);
}

int import_cohort(enum import_kind kind)
{
    assert(kind < import_kind_COUNT);
    return (int)import_kind_find((int64_t)kind)->cohort;
}

enum status import_find(struct call *c, int64_t id, struct import **out)
{
    void *found = NULL;
    enum status st = scope_check(c, &record_import, id);
    if (st == STATUS_OK)
        st = tx_load(c->tx, &record_import, id, &found);
    if (st == STATUS_OK && !import_may(c->actor, (enum import_kind)((struct import *)found)->kind))
        st = STATUS_NOT_FOUND; /* of the other side: it does not see whom the file names */
    *out = found;
    return st;
}

enum status import_target(struct call *c, struct import **out, enum import_state state)
{
    enum status st = import_find(c, c->target_id, out);
    c->subject = "import";
    c->id = c->target_id;
    if (st == STATUS_OK && (*out)->state != (int64_t)state)
        return call_refuse(c, MSG_import_wrong_state, "", NULL, NULL);
    if (st == STATUS_OK && (*out)->version != c->target_version)
        return STATUS_CONFLICT;
    return st;
}

void import_summary(struct call *c, const struct import *i)
{
    assert(i->kind >= 0 && i->kind < import_kind_COUNT);
    buf_reset(&c->detail);
    buf_printf(&c->detail, "{\"kind\":\"%s\",\"file\":", import_kind_list.item[i->kind].name);
    json_put_text(&c->detail, i->file_name);
    buf_z(&c->detail, ",\"digest\":");
    json_put_text(&c->detail, i->file_digest);
    buf_printf(&c->detail, ",\"new\":%lld,\"changed\":%lld,\"unchanged\":%lld,\"missing\":%lld}", (long long)i->rows_new,
               (long long)i->rows_changed, (long long)i->rows_unchanged, (long long)i->rows_missing);
}

enum status import_queue(struct call *c, const struct import *i)
{
    assert(i->id > 0); /* stored: the job means it */
    struct job *j = call_job(c, "import", i->base_id);
    j->import_id = i->id;
    j->progress = STR("{}");
    return tx_save(c->tx, &record_job, j);
}

/* A new import of a kept file, and the job that reads it. */
static enum status begin(struct call *c, struct import *i, int64_t file_id)
{
    i->base_id = c->actor->base_id;
    i->file_id = file_id;
    i->state = import_state_reading;
    i->shape = i->problems = i->basis = STR("");
    i->rows_read = i->rows_new = i->rows_changed = i->rows_unchanged = i->rows_missing = i->rows_wrong = 0;
    i->made_at = app_now(c->app);
    i->made_by_id = call_person(c);
    enum status st = tx_save(c->tx, &record_import, i);
    c->subject = "import";
    c->id = i->id;
    import_summary(c, i);
    return st == STATUS_OK ? import_queue(c, i) : st;
}

static struct str digest_of(struct arena *a, struct str bytes)
{
    unsigned char d[32];
    char *hex = arena_alloc(a, 2 * sizeof d + 1);
    crypto_generichash(d, sizeof d, (const unsigned char *)bytes.p, bytes.n, NULL, 0);
    sodium_bin2hex(hex, 2 * sizeof d + 1, d, sizeof d);
    return (struct str){ hex, 2 * sizeof d };
}

static enum status check_input(struct call *c, const struct in_import *in)
{
    int cohort = import_cohort((enum import_kind)in->kind);
    size_t bytes = in->content.n + in->text.n;
    if (!import_may(c->actor, (enum import_kind)in->kind))
        return STATUS_FORBIDDEN;
    if (in->cohort_id == NONE && cohort == COHORT_MUST)
        return call_refuse(c, MSG_value_missing, "cohort_id", NULL, NULL);
    if (bytes == 0)
        return call_refuse(c, MSG_import_no_file, "content", NULL, NULL);
    if (bytes > LIMIT_read_bytes)
        return call_refuse(c, MSG_import_too_large, "content", arena_printf(c->arena, "%zu", bytes).p,
                           arena_printf(c->arena, "%d", (int)LIMIT_read_bytes).p);
    return scope_check_all(c, &record_in_import, in);
}

enum status uc_import_preview(struct call *c)
{
    const struct in_import *in = c->in;
    struct rows kept;
    enum status st = check_input(c, in);
    if (st != STATUS_OK)
        return st;
    struct str bytes = in->content.n > 0 ? in->content : in->text;
    struct import *i = record_new(c->arena, &record_import);
    i->kind = in->kind;
    i->cohort_id = import_cohort((enum import_kind)in->kind) != COHORT_NO ? in->cohort_id : NONE;
    i->file_name = in->file_name.n > 0 ? in->file_name : STR("text.csv");
    i->file_digest = digest_of(c->arena, bytes);
    struct param content = P(bytes);
    content.type = PARAM_BYTES;
    st = call_query(c, SQL_file_add, &kept, P(c->actor->base_id), P(i->file_name), P(STR("application/octet-stream")), P(i->file_digest),
                    P((int64_t)bytes.n), P(app_now(c->app)), P(call_person(c)), content);
    return st == STATUS_OK ? begin(c, i, ((const struct count_row *)kept.item)->value) : st;
}

/* What a given-up import held of people goes; that it was there, stays. */
static enum status give_up(struct call *c, struct import *i, bool keep_file)
{
    struct rows gone;
    int64_t file_id = i->file_id;
    i->state = import_state_refused;
    i->file_id = NONE;
    enum status st = tx_save(c->tx, &record_import, i);
    if (st == STATUS_OK)
        st = call_query(c, SQL_import_row_clear, &gone, P(i->id));
    if (st == STATUS_OK && !keep_file && file_id != NONE)
        st = call_query(c, SQL_file_drop, &gone, P(file_id));
    return st;
}

enum status uc_import_refuse(struct call *c)
{
    struct import *i;
    enum status st = import_target(c, &i, import_state_preview);
    if (st != STATUS_OK)
        return st;
    import_summary(c, i);
    return give_up(c, i, false);
}

/* The same file against what is there now. */
enum status uc_import_again(struct call *c)
{
    struct import *old;
    enum status st = import_target(c, &old, import_state_preview);
    if (st != STATUS_OK)
        return st;
    struct import *i = record_new(c->arena, &record_import);
    int64_t file_id = old->file_id;
    i->kind = old->kind;
    i->cohort_id = old->cohort_id;
    i->file_name = old->file_name;
    i->file_digest = old->file_digest;
    st = give_up(c, old, true);
    return st == STATUS_OK ? begin(c, i, file_id) : st;
}

enum status uc_import_list(struct call *c)
{
    const struct in_list *in = c->in;
    int64_t kind[import_kind_COUNT];
    for (int k = 0; k < import_kind_COUNT; k++)
        kind[k] = import_may(c->actor, (enum import_kind)k) ? k : -1;
    return call_query(c, SQL_import_list, &c->rows, P(c->actor->base_id), P(kind[0]), P(kind[1]), P(kind[2]), P(kind[3]), P(kind[4]),
                      P(in->offset != NONE ? in->offset : 0));
}

enum status uc_import_get(struct call *c)
{
    const struct in_list *in = c->in;
    struct import *i;
    enum status st = in->parent_id != NONE ? import_find(c, in->parent_id, &i) : STATUS_NOT_FOUND;
    if (st == STATUS_OK)
        c->rows = (struct rows){ .n = 1, .item = i };
    return st;
}

enum status uc_import_rows(struct call *c)
{
    const struct in_import_rows *in = c->in;
    struct import *i;
    int64_t behind = in->behind != NONE ? in->behind : 0;
    enum status st = import_find(c, in->import_id, &i);
    if (st != STATUS_OK)
        return st;
    return in->state != NONE ? call_query(c, SQL_import_row_page, &c->rows, P(i->id), P(in->state), P(behind))
                             : call_query(c, SQL_import_row_any, &c->rows, P(i->id), P(behind));
}
