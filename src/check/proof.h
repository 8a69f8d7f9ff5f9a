/* Proofs of bounds: trees of splits whose leaves are inequalities with integer prices. A proof is computed again, term by
 * term; what it proves is what the computation says, whatever the file claims. */
#ifndef CHECK_PROOF_H
#define CHECK_PROOF_H

#include "check/kernel.h"
#include "check/plan.h"

#include <setjmp.h>

/* Memory of one call: `keep` lives as long as the call, `leaf` as long as a leaf, `unit` as long as a unit is looked at,
 * `scratch` as long as one pricing. A full one, and a caller who cancels, leave by `out`. */
struct rooms {
    struct arena keep, leaf, unit, scratch;
    jmp_buf *out;
};
enum { LEFT_FULL = 1, LEFT_CANCELLED = 2 };

/* One student, or all of a merged pair. */
struct unit {
    const int *student;
    int students;
    struct course *course;
};

/* A split on the way from the root that is about one student. */
struct student_split {
    const struct student_split *up;
    int student;
    bool yes;
    int rotation;          /* NONE: the split is about a week */
    int department;        /* NONE: any */
    int32_t from;          /* calendar week; WEEK_NONE: any */
    int32_t week;          /* open week */
};

/* What the splits on the way say. */
struct scene {
    int32_t *cap;          /* department * open + week */
    int32_t *floor;        /* the load is at least this; NONE */
    int64_t *largest;      /* by department: its largest load is at least this; NONE */
    int64_t *smallest;     /* its smallest load is at most this; NONE */
    int64_t worst;         /* the worst regret is at least this; 0 */
    int64_t limit;         /* nobody's regret with burden is above this; INT64_MAX */
    const struct student_split *split;
};

struct proof {
    struct check_notes *n;
    struct rooms *rooms;
    const struct check_options *o;
    const struct model *m;
    struct unit *unit;
    int units;
    int *merged_of;        /* by pair: whether it is merged */
    struct course *courses;
    const struct level *level; /* the level bounded; NULL: none (a conflict) */
    int at;                    /* its index */
    const int64_t *value;      /* of the levels before it */
    bool whole;                /* nothing may be left out */
    struct scene scene;
    bool bad;                  /* something in the proof can't stand; noted */
    size_t leaves;
    uint64_t priced;
};

/* The lower end of what a node allows. */
struct bound {
    bool empty; /* no plan at all */
    int64_t least;
};

/* Units of a problem; `merged`: a certificate's list of pairs, or NULL. Notes what can't be merged. */
bool check_proof_units(struct proof *p, const struct json *merged) MUST;
/* Computes a proof again. False (noted) when something in it can't stand. */
bool check_proof(struct proof *p, const struct json *node, struct bound *bound) MUST;
/* Ends the call when the caller wishes. */
void check_proof_breathe(const struct proof *p);

/* ---- one leaf ---- */

/* Prices by department * open + week. */
struct cells {
    int64_t *price; /* NULL: none */
};

struct quota_price {
    const struct quota *q;
    int64_t *price; /* by open week */
};

struct apart_price {
    const struct pair *pair;
    int64_t *price; /* by cell */
};

struct tie_price {
    int pair, student, rotation, department;
    int32_t from; /* open week */
    int64_t price;
    const struct json *at;
};

struct leaf {
    int64_t scale;
    int64_t given[64];
    wide weight[MEASURES]; /* A */
    int64_t *cell;         /* seat - floor - minimum + even */
    struct quota_price *quota;
    size_t quotas, quota_cap;
    struct apart_price *apart;
    size_t aparts, apart_cap;
    struct tie_price *tie;
    size_t ties, tie_cap;
    int64_t *worst; /* by student; NULL: none */
    wide gives;     /* all terms of the column "gives", and the values of earlier levels */
    bool overflow;
};

/* Reads a leaf's prices against the scene. False (noted) when a condition breaks. */
bool check_leaf_read(struct proof *p, const struct json *at, struct leaf *leaf) MUST;
/* Fills the costs of a unit under a leaf, in rooms->unit; false (noted): numbers beyond what can be summed. */
bool check_unit_costs(struct proof *p, const struct leaf *leaf, const struct unit *u, struct costs *c, wide *constant) MUST;

void check_wide_add(wide *sum, wide v, bool *overflow);

#endif
