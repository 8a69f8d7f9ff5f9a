/* Conflicts of an infeasible problem: facts switched on and off, the proof that they collide, witnesses that each is
 * needed, the name of the cause. */
#ifndef CHECK_CONFLICT_H
#define CHECK_CONFLICT_H

#include "check/proof.h"

enum fact_kind {
    FACT_REQUIREMENT, FACT_CHOICE, FACT_SEATS, FACT_EXCEPTION, FACT_QUOTA, FACT_SHARED_QUOTA, FACT_ORDER, FACT_EARLIEST,
    FACT_LATEST_END, FACT_MAX_CONSECUTIVE, FACT_FREE_WEEKS, FACT_SITE_LIMIT, FACT_CLOSED_WEEK, FACT_AWAY, FACT_ENTER,
    FACT_FIXED, FACT_PAIR, FACT_FREEZE, FACT_KINDS
};

/* One fact with its names looked up. */
struct fact {
    const struct json *at;   /* in the plan file */
    enum fact_kind kind;
    int programme, rotation, choice, department, student, index;
    int32_t from, weeks;     /* calendar weeks; of a closed week: from */
    int *students_of;        /* of requirement, choice, freeze */
    int students;
    const struct json *object; /* what it stands for in the problem */
    enum check_because because;
    bool preceptors;
};

/* Reads facts; NULL (noted) when one stands for nothing. */
struct fact *check_facts_read(struct check_notes *n, struct arena *a, const struct model *m, const struct json *facts, int *count) MUST;
/* P[F]: the problem with only these facts switched on, all but `without` (NONE: all). `capacities`: whether seats,
 * exceptions, quotas and apart pairs are switched on too. */
const struct source *check_facts_source(struct arena *a, const struct source *s, const struct fact *fact, int count, int without,
                                        bool capacities) MUST;
/* The cause that holds; m: the model of P[facts]; `whole`: the problem itself; `personal`: whether it stays impossible
 * without capacities. */
const char *check_cause(const struct model *m, const struct source *whole, const struct fact *fact, int count, bool personal) MUST;

/* Everything about "conflicts" of a plan file. */
struct conflict_check {
    struct check_notes *n;
    struct rooms *rooms;
    const struct check_options *o;
    const struct model *m;
    size_t proven; /* conflicts whose proof holds */
    size_t leaves;
    uint64_t priced;
};
void check_conflicts(struct conflict_check *c, const struct json *plan);
/* Everything about "repairs". */
void check_repairs(struct check_notes *n, const struct model *m, const struct json *plan);
/* Placements of a file as given to check_plan_make. */
struct given *check_given_read(struct arena *a, const struct source *s, const struct json *list, size_t *count) MUST;

/* A copy of a problem's tree with a JSON Patch applied, or NULL (noted at the operation). */
struct json *check_patch(struct check_notes *n, const struct json *root, const struct json *change) MUST;

#endif
