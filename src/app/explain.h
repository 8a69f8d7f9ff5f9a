/* Why there is no plan, in sentences: read from the conflicts and repairs of a plan file and the problem that it is for.
 * The page and `internbase plan` show the same texts. Decides nothing and proves nothing: the planner and the check did. */
#ifndef APP_EXPLAIN_H
#define APP_EXPLAIN_H

#include "core/text.h"
#include "msg/msg.h"

enum explain_noun { EXPLAIN_DEPARTMENT, EXPLAIN_ROTATION, EXPLAIN_CHOICE, EXPLAIN_PROGRAMME, EXPLAIN_STUDENT, EXPLAIN_GROUP };
/* What people call the thing with this code in a problem file; an empty text: the code itself is shown.
 * `within`: the programme's code of a rotation or choice, else empty. */
typedef struct str explain_name_fn(void *ctx, enum explain_noun noun, struct str code, struct str within, enum lang lang);

/* Whose rule a fact is: who could change it. */
enum explain_owner { EXPLAIN_HOSPITAL, EXPLAIN_UNIVERSITY, EXPLAIN_ONE_STUDENT, EXPLAIN_CALENDAR };

struct explained_fact {
    struct str kind;        /* code of PROOF.md section 2.1: "requirement", "seats", ... */
    struct str text;        /* one sentence without full stop */
    enum explain_owner owner;
    struct str owner_label; /* in words */
    struct str clause;      /* as written in the problem; empty: none */
    struct str why;         /* the caller's own reason; empty: none */
    struct str at;          /* RFC 6901 pointer into the problem */
};

struct explained_conflict {
    struct str cause;       /* code: "count", "fragmentation", "no_slack", "order", ... */
    struct str title;       /* the cause in a few words */
    struct str summary;     /* one or two sentences: what collides, with the numbers */
    bool minimal;           /* without any one of the facts it could be done; false: some may be more than needed */
    size_t fact_count;
    struct explained_fact *fact;
};

struct explained_repair {
    struct str text;        /* what would be changed, one sentence without full stop */
    struct str result;      /* what comes of it: proven by a plan; its figures */
    int64_t cost;
    size_t conflict;        /* index of the conflict that it answers; a repair always cures the whole problem */
    struct str change;      /* JSON Patch (RFC 6902) on the problem, as it stands in the file */
    struct str levels;      /* "levels" of the plan that it gives, as they stand in the file; empty: none */
};

struct explained {
    struct str verdict;     /* one sentence above all: there is no plan, and how many collisions were found */
    size_t conflict_count;
    struct explained_conflict *conflict;
    bool more;              /* there are further causes that the file does not list */
    size_t repair_count;
    struct explained_repair *repair; /* cheapest first */
};

/* Reads a plan file (internbase.plan/1) with conflicts. All texts lie in `a`. STATUS_NOT_FOUND: the plan has none (there is
 * a plan, or nothing is known); STATUS_INPUT: not a pair of problem and plan. `name` may be NULL. */
enum status explain_plan(struct arena *a, struct str problem, struct str plan, enum lang lang, explain_name_fn *name, void *ctx,
                         struct explained *out) MUST;
/* One sentence for each operation of a JSON Patch on the problem, in their order; an empty text where there is no sentence
 * for it. *texts lies in `a`. STATUS_INPUT: no problem or no patch. */
enum status explain_operations(struct arena *a, struct str problem, struct str change, enum lang lang, explain_name_fn *name, void *ctx,
                               struct str **texts, size_t *n) MUST;
/* The same as plain text for a terminal, wrapped in nothing: a heading, the facts and the ways out, one a line. */
void explain_put(struct buf *b, const struct explained *e, enum lang lang);

#endif
