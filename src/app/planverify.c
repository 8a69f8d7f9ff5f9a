/* See planverify.h. */
#include "app/planverify.h"
#include "check/proposals.h"
#include "app/problem.h"
#include "core/json.h"

#include <time.h>

static double seconds_now(void *ctx)
{
    (void)ctx;
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

enum check_outcome planverify(struct arena *a, struct str problem, struct str plan, struct check_result *out)
{
    struct check_options o = { .problem_digest = problem_digest(a, problem), .clock = seconds_now };
    const struct check_problem *p = check_load(a, problem, &o, out);
    return p != NULL ? check_plan(p, a, plan, &o, out) : out->outcome;
}

/* ---- words ----------------------------------------------------------------------------------------------------------- */

static enum msg_id says(const struct check_found *f)
{
    static const enum msg_id table[CHECK_RULES] = {
#define FAULT(name) MSG_check_##name
#define CLAIM(name) MSG_check_##name
#define HARD(name) MSG_broken_##name
#define RULE(group, name) [CHECK_##name] = group(name),
#include "check/rules.def"
#undef RULE
#undef FAULT
#undef CLAIM
#undef HARD
    };
    return f->rule == CHECK_seats && f->because == CHECK_BECAUSE_PRECEPTORS ? MSG_broken_seats_preceptors : table[f->rule];
}

void planverify_say(struct buf *b, const struct check_found *f, enum lang lang)
{
    struct buf weeks = buf_make(256);
    char first[DATE_TEXT_BYTES], last[DATE_TEXT_BYTES];
    if (f->weeks > 0)
        buf_printf(&weeks, f->weeks > 1 ? "%s – %s" : "%s", date_text(f->from, first), date_text(f->from + 7 * (f->weeks - 1), last));
    const struct str arg[] = { f->student, f->rotation, f->department, buf_view(&weeks), f->found_text, f->allowed_text, f->other };
    msg_put(b, says(f), lang, arg, LEN(arg));
    const struct str notes[] = { f->clause, f->why };
    for (size_t i = 0; i < LEN(notes); i++)
        if (notes[i].n > 0)
            buf_printf(b, lang == LANG_ZH ? "（%.*s）" : " (%.*s)", STR_ARG(notes[i]));
    buf_free(&weeks);
}

static struct str number(struct buf *b, bool known, int64_t v, enum lang lang)
{
    buf_reset(b);
    if (known)
        buf_int(b, v);
    else
        buf_z(b, msg_text(MSG_verify_none, lang));
    return buf_view(b);
}

static void put_level(struct buf *b, const struct check_level *l, enum lang lang)
{
    struct buf part[5];
    for (size_t i = 0; i < LEN(part); i++)
        part[i] = buf_make(256);
    buf_printf(&part[4], "%.3f", l->seconds);
    const struct str arg[] = { l->name,
                               number(&part[0], l->has_value, l->value, lang),
                               number(&part[1], l->claims_bound, l->claimed_bound, lang),
                               number(&part[2], l->certified && !l->bound_is_empty, l->bound, lang),
                               number(&part[3], true, (int64_t)l->leaves, lang),
                               buf_view(&part[4]) };
    msg_put(b, MSG_verify_level, lang, arg, LEN(arg));
    buf_z(b, "\n");
    for (size_t i = 0; i < LEN(part); i++)
        buf_free(&part[i]);
}

static void put_count(struct buf *b, enum msg_id id, enum lang lang, size_t x, size_t y, size_t z)
{
    char text[3][24];
    const size_t v[3] = { x, y, z };
    struct str arg[3];
    for (int i = 0; i < 3; i++) {
        struct buf n = buf_make(24);
        buf_int(&n, (int64_t)v[i]);
        memcpy(text[i], n.p, n.n + 1);
        arg[i] = (struct str){ text[i], n.n };
        buf_free(&n);
    }
    msg_put(b, id, lang, arg, 3);
    buf_z(b, "\n");
}

static const enum msg_id verdicts[] = { [CHECK_HOLDS] = MSG_verify_holds, [CHECK_BROKEN] = MSG_verify_broken, [CHECK_INVALID] = MSG_verify_invalid,
                                        [CHECK_MEMORY] = MSG_verify_memory, [CHECK_CANCELLED] = MSG_exit_stopped };

void planverify_put(struct buf *b, const struct check_result *r, enum lang lang)
{
    for (size_t i = 0; i < r->levels; i++)
        if (r->level[i].has_value || r->level[i].claims_bound)
            put_level(b, &r->level[i], lang);
    if (r->conflicts + r->repairs > 0)
        put_count(b, MSG_verify_conflicts, lang, r->conflicts, r->repairs, r->leaves);
    for (size_t i = 0; i < r->n; i++) {
        const struct check_found *f = &r->found[i];
        if (f->at.n > 0)
            buf_printf(b, "%.*s: ", STR_ARG(f->at));
        planverify_say(b, f, lang);
        buf_z(b, "\n");
    }
    if (r->total > r->n)
        put_count(b, MSG_verify_more, lang, r->total - r->n, 0, 0);
    put_count(b, verdicts[r->outcome], lang, r->total, 0, 0);
}

/* ---- JSON ------------------------------------------------------------------------------------------------------------ */

static void put_number(struct buf *b, const char *key, bool known, int64_t v)
{
    buf_printf(b, ",\"%s\":", key);
    if (known)
        buf_int(b, v);
    else
        buf_z(b, "null");
}

static void put_text(struct buf *b, const char *key, struct str v)
{
    if (v.n == 0)
        return;
    buf_printf(b, ",\"%s\":", key);
    json_put_text(b, v);
}

static void json_level(struct buf *b, const struct check_level *l)
{
    buf_z(b, "{\"level\":");
    json_put_text(b, l->name);
    put_number(b, "value", l->has_value, l->value);
    put_number(b, "claimed_value", l->claims_value, l->claimed_value);
    put_number(b, "claimed_bound", l->claims_bound, l->claimed_bound);
    put_number(b, "proven_bound", l->certified && !l->bound_is_empty, l->bound);
    buf_printf(b, ",\"proven\":%s,\"leaves\":%zu,\"seconds\":%.3f}", l->proven ? "true" : "false", l->leaves, l->seconds);
}

static void json_found(struct buf *b, const struct check_found *f, enum lang lang)
{
    static const char *const files[] = { [CHECK_IN_PROBLEM] = "problem", [CHECK_IN_PLAN] = "plan", [CHECK_IN_HAND] = "placements" };
    char day[DATE_TEXT_BYTES];
    buf_printf(b, "{\"rule\":\"%s\",\"file\":\"%s\",\"at\":", check_rule_name(f->rule), files[f->in]);
    json_put_text(b, f->at);
    const struct {
        const char *key;
        struct str v;
    } parts[] = { { "student", f->student }, { "rotation", f->rotation }, { "department", f->department }, { "other", f->other },
                  { "found", f->found_text }, { "allowed", f->allowed_text }, { "object", f->object }, { "id", f->id }, { "clause", f->clause } };
    for (size_t i = 0; i < LEN(parts); i++)
        put_text(b, parts[i].key, parts[i].v);
    if (f->weeks > 0)
        buf_printf(b, ",\"from\":\"%s\",\"weeks\":%d", date_text(f->from, day), f->weeks);
    struct buf text = buf_make(64 * 1024);
    planverify_say(&text, f, lang);
    put_text(b, "text", buf_view(&text));
    buf_free(&text);
    buf_z(b, "}");
}

void planverify_json(struct buf *b, const struct check_result *r, struct str digest, enum lang lang)
{
    static const char *const outcomes[] = { [CHECK_HOLDS] = "holds", [CHECK_BROKEN] = "broken", [CHECK_INVALID] = "invalid",
                                            [CHECK_MEMORY] = "memory", [CHECK_CANCELLED] = "cancelled" };
    buf_printf(b, "{\"outcome\":\"%s\",\"problem\":", outcomes[r->outcome]);
    json_put_text(b, digest);
    buf_z(b, ",\"levels\":[");
    for (size_t i = 0; i < r->levels; i++) {
        buf_z(b, i > 0 ? "," : "");
        json_level(b, &r->level[i]);
    }
    buf_printf(b, "],\"conflicts\":%zu,\"repairs\":%zu,\"leaves\":%zu,\"total\":%zu,\"findings\":[", r->conflicts, r->repairs, r->leaves, r->total);
    for (size_t i = 0; i < r->n; i++) {
        buf_z(b, i > 0 ? "," : "");
        json_found(b, &r->found[i], lang);
    }
    buf_z(b, "]}\n");
}

enum planverify_verdict planverify_report(struct arena *a, struct str problem, struct str plan, bool json, enum lang lang, struct buf *out)
{
    static const enum planverify_verdict table[] = { [CHECK_HOLDS] = PLANVERIFY_HOLDS, [CHECK_BROKEN] = PLANVERIFY_BROKEN,
                                                     [CHECK_INVALID] = PLANVERIFY_INVALID, [CHECK_MEMORY] = PLANVERIFY_STOPPED,
                                                     [CHECK_CANCELLED] = PLANVERIFY_STOPPED };
    struct check_result r;
    enum check_outcome outcome = planverify(a, problem, plan, &r);
    if (json)
        planverify_json(out, &r, problem_digest(a, problem), lang);
    else
        planverify_put(out, &r, lang);
    return table[outcome];
}

bool planverify_sets(struct arena *a, const struct str *plan, const struct str *name, size_t n, enum lang lang, struct buf *out)
{
    size_t inner, outer;
    enum check_proposals found = check_proposals(a, plan, n, &inner, &outer);
    if (found == CHECK_PROPOSALS_DIFFER)
        return true;
    bool invalid = found == CHECK_PROPOSALS_INVALID;
    const struct str arg[] = { name[inner], invalid ? STR("") : name[outer] };
    msg_put(out, invalid ? MSG_verify_no_told : MSG_verify_contained, lang, arg, LEN(arg));
    buf_z(out, "\n");
    return false;
}
