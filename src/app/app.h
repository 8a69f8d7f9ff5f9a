/* Use cases: the one way to any row. app_run authorises, opens the transaction, lets the use case decide and write, audits
 * and commits; it runs again where the database asks for it. Knows no HTTP and no HTML. */
#ifndef APP_APP_H
#define APP_APP_H

#include "msg/msg.h"
#include "store/store.h"

enum cap {
#define CAP(name, university, hospital) CAP_##name,
#include "app/capabilities.def"
#undef CAP
    CAP_COUNT
};

/* The installation as a running program sees it; shared by threads, changed by nobody. */
struct app {
    struct store *store;
    const char *self_exe;  /* for children */
    int64_t clock_shift_s; /* added to the system's clock: --today */
    const char *origin;    /* "https://host" of links; NULL: as the page was asked for */
    struct keeper *keeper; /* app/keeper.h; NULL in commands */
};

/* Who asks. All zero: nobody. */
struct actor {
    int64_t account_id, person_id, base_id;
    int64_t university_id, hospital_id; /* of that base */
    enum side side;
    unsigned roles;        /* bits of enum role */
    int64_t department_id; /* of a department secretary or preceptor, else NONE */
    bool is_operator;      /* the command line on the machine itself */
};

struct call;
typedef enum status usecase_fn(struct call *c);

struct usecase {
    const char *name;
    enum msg_id label;
    bool writes;
    enum cap cap;
    const struct record *in, *out;
    usecase_fn *run;
};

/* One run. `in` is a struct of usecase->in; a use case fills the rest. All memory lies in `arena`. */
struct call {
    const struct app *app;
    struct arena *arena;
    struct tx *tx;
    const struct actor *actor;
    const struct usecase *usecase;
    const void *in;
    struct errs *errs;
    int64_t target_id, target_version; /* of the record that a save or delete means; 0 = a new one */
    const char *request_key;           /* of an idempotent write, or NULL */
    struct rows rows;        /* out: structs of usecase->out */
    int64_t id;              /* out: of the record written */
    const char *subject;     /* out: name of the record written, for the audit */
    struct buf detail;       /* out: JSON for the audit */
    struct buf *steps;       /* where set, writes are noted here, so that they can be taken back, instead of in detail */
};

/* The table. app_usecase: NULL where there is none. */
const struct usecase *app_usecase(struct str name) MUST;
extern const struct usecase app_usecases[];
extern const size_t app_usecases_count;
/* Every hole of the table, as text on stderr; start-up refuses to go on when it returns false. */
bool app_tables_hold(void) MUST;

/* Whether the actor's roles and side carry the capability. */
bool app_may(const struct actor *a, enum cap cap) MUST;
const char *app_cap_name(enum cap cap) MUST;

/* Decodes a call's input, target_id and target_version ("id", "version") from a form or a JSON object; errors into c->errs.
 * Sets c->in. */
enum status call_decode_form(struct call *c, record_lookup_fn *lookup, void *ctx) MUST;
enum status call_decode_json(struct call *c, struct json *object) MUST;
/* Appends the answer as JSON: {"rows":[...]} of a reading, {"id":n} of a writing use case. */
void call_put_json(struct buf *b, const struct call *c);
/* {"errors":[{"at","code","text"}...]} in a language. */
void call_put_errors(struct buf *b, const struct errs *errs, enum lang lang, struct arena *a);

/* Runs a use case with its input already decoded. STATUS_INPUT: errs say why; STATUS_FORBIDDEN, STATUS_NOT_FOUND,
 * STATUS_CONFLICT (somebody else changed it, or a doubled key), STATUS_BUSY, STATUS_UNKNOWN_OUTCOME. Every write and every
 * refused write leaves one audit entry. */
enum status app_run(struct call *c) MUST;

/* A reading transaction around a whole page, in whose snapshot the use cases that this thread runs meanwhile read. */
enum status app_page_begin(const struct app *app, struct arena *a, struct tx **out) MUST;
void app_page_end(struct tx *page);

/* Ends what this thread left open when its memory ran out (core/arena.h: full). */
void app_abandon(void);

/* Whether a side has the role at all. */
bool app_role_fits(enum role role, enum side side) MUST;

/* The public holiday that falls into the week of a Monday, or MSG_none: a hint. */
enum msg_id app_holiday_of_week(date monday) MUST;

/* UTC seconds by the installation's clock, and the date in the base's place (UTC+8: China has no summer time). */
int64_t app_now(const struct app *app) MUST;
date app_today(const struct app *app) MUST;

/* The seats of a department in the week of `week`: its default, or the last exception that covers the week. */
int64_t app_department_seats(const struct department *d, const struct rows *exceptions, int64_t week) MUST;

/* For use cases: store a record and note it for the audit (old may be NULL). */
enum status call_save(struct call *c, const struct record *r, const void *old, void *now) MUST;
enum status call_delete(struct call *c, const struct record *r, const void *old) MUST;
/* The person who acts, as a reference: NONE for the command line. */
int64_t call_person(const struct call *c) MUST;
/* A job of a kind (app/worker.c) that waits to be done for the actor, not stored yet: what it is about is the caller's to set. */
struct job *call_job(struct call *c, const char *kind, int64_t base_id) MUST;
/* Stores a job about a plan and notes it for the audit under the plan's name. */
enum status call_queue(struct call *c, const char *kind, const struct plan *p) MUST;
/* One statement into c->rows or *out. */
#define call_query(c, sql, out, ...) tx_run((c)->tx, (sql), (out), __VA_ARGS__)
/* Adds an error at a field and returns STATUS_INPUT. */
enum status call_refuse(struct call *c, enum msg_id id, const char *field, const char *arg1, const char *arg2) MUST;

#endif
