/* libinternplan: makes an internship rotation plan, improves it and proves how good it is. The library reads a problem
 * (format internbase.problem/1, JSON), works, and writes a plan (internbase.plan/1). It opens no file, reads no clock,
 * prints nothing and has no words: texts for people are made by the caller from codes.
 *
 * Order of calls: new, load, [start_from], solve, [select,] write, free; or new, load, [start_from], what_if, free. One object
 * belongs to one thread at a time; objects know nothing of each other. All memory lies within the limit given to new; a call
 * that would pass it ends with INTERNPLAN_LIMIT and never aborts.
 *
 * Where not said otherwise: pointers must not be NULL; texts are UTF-8, end with a zero byte, belong to the object and live
 * until its next load or free; weeks are open weeks; ticks are units of work, roughly a microsecond each and the same on
 * every machine; a call against this order is a programming error (assert), one without a result answers as said there. */
#ifndef INTERNBASE_PLANNER_H
#define INTERNBASE_PLANNER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Everything declared here, and nothing else, is visible in the library. */
#pragma GCC visibility push(default)

#define INTERNPLAN_ENGINE "internplan/1"

enum internplan_status {
    INTERNPLAN_OPTIMAL,    /* a plan, every level proven */
    INTERNPLAN_FEASIBLE,   /* a plan that keeps every hard rule */
    INTERNPLAN_INFEASIBLE, /* proven: there is no plan */
    INTERNPLAN_UNKNOWN,    /* neither plan nor proof (also: nothing solved yet) */
    INTERNPLAN_INVALID,    /* the problem has errors: internplan_error */
    INTERNPLAN_LIMIT       /* the memory limit was reached */
};

/* What is wrong with a problem file. */
enum internplan_fault {
    INTERNPLAN_FAULT_SYNTAX,       /* no JSON; allowed: what was expected there; found: "line:column" */
    INTERNPLAN_FAULT_UTF8,         /* no valid UTF-8 */
    INTERNPLAN_FAULT_DOUBLED_KEY,  /* a key stands twice in one object */
    INTERNPLAN_FAULT_DEPTH,        /* nested too deeply */
    INTERNPLAN_FAULT_FORMAT,       /* another format name or version */
    INTERNPLAN_FAULT_UNKNOWN_KEY,  /* allowed: the keys of this object */
    INTERNPLAN_FAULT_MISSING_KEY,  /* found: the keys that are missing */
    INTERNPLAN_FAULT_TYPE,         /* allowed: the type */
    INTERNPLAN_FAULT_RANGE,        /* a number out of range; allowed: "least..most" */
    INTERNPLAN_FAULT_MONDAY,       /* a date that does not exist or is no Monday */
    INTERNPLAN_FAULT_DUPLICATE,    /* an id (or list entry) that stands earlier in the same list */
    INTERNPLAN_FAULT_UNKNOWN_NAME, /* names nothing; allowed: what it must name */
    INTERNPLAN_FAULT_EMPTY,        /* an empty list where at least one entry is needed */
    INTERNPLAN_FAULT_TOO_LONG,     /* a rotation longer than its own window's open weeks or the horizon */
    INTERNPLAN_FAULT_FIXED,        /* a fixed placement that breaks a rule by itself; allowed: the rule */
    INTERNPLAN_FAULT_STRANGER,     /* a base plan names what does not exist */
    INTERNPLAN_FAULT_VALUE         /* not one of the allowed values */
};

struct internplan_error {
    const char *path; /* RFC 6901 pointer into the problem */
    enum internplan_fault code;
    const char *found;
    const char *allowed;
};

struct internplan;

/* An empty planner of at most memory_bytes, or NULL without memory. The caller frees it. */
struct internplan *internplan_new(size_t memory_bytes);
/* Frees the object and all that it gave out. NULL is allowed. */
void internplan_free(struct internplan *p);

/* Reads and checks a problem of n bytes; replaces an earlier one and what was found for it. INTERNPLAN_UNKNOWN when it is
 * sound, else INTERNPLAN_INVALID (see internplan_error) or INTERNPLAN_LIMIT: then nothing is loaded. `json` stays the
 * caller's, needs no zero byte and is not needed afterwards. */
enum internplan_status internplan_load(struct internplan *p, const char *json, size_t n);
/* Errors of the last load, 0 after a sound one: all are counted, the first 100 are kept. */
size_t internplan_error_count(const struct internplan *p);
/* i below the count and below 100. */
struct internplan_error internplan_error(const struct internplan *p, size_t i);

enum internplan_start {
    INTERNPLAN_START_TAKEN,   /* the search goes on from this plan */
    INTERNPLAN_START_PARTLY,  /* what fits was taken; the rest is placed anew */
    INTERNPLAN_START_IGNORED, /* no plan file, or nothing in it fits */
    INTERNPLAN_START_LIMIT
};
/* A stored plan (internbase.plan/1, n bytes) to go on from; call after load and before solve. `plan_json` is not needed
 * afterwards. A plan of another problem is no error: what fits is taken. INTERNPLAN_START_LIMIT: memory ended, and there is
 * no start; INTERNPLAN_START_IGNORED also where no problem is loaded. */
enum internplan_start internplan_start_from(struct internplan *p, const char *plan_json, size_t n);

enum internplan_stop {
    INTERNPLAN_STOP_NONE, /* still working */
    INTERNPLAN_STOP_PROOF,
    INTERNPLAN_STOP_BUDGET,
    INTERNPLAN_STOP_SECONDS,
    INTERNPLAN_STOP_CANCEL,
    INTERNPLAN_STOP_MEMORY
};

struct internplan_progress {
    uint64_t ticks, budget; /* work done, work allowed */
    bool has_plan;
    const char *level; /* the first level that is not proven yet; NULL when there is none */
    int64_t value;     /* of that level; meaningless without a plan */
    int64_t bound;
    uint64_t plans;    /* plans found so far, each better than the one before */
    const char *phase; /* a code: "bound", "construct", "improve", "certificate", "explain" */
};

struct internplan_options {
    size_t size;                /* sizeof(struct internplan_options): set it */
    uint64_t seed;              /* 0 is a seed like any other */
    uint64_t budget_ticks;      /* 0: the default; one tick is roughly a microsecond of work */
    double seconds;             /* wall-clock limit; 0: none. Needs `clock`; a run that ended by it may not repeat */
    double (*clock)(void *ctx); /* seconds from any fixed point, never backwards */
    int threads;                /* 1 or 2; the result is the same. 2 needs `parallel`: the library makes no threads */
    void (*progress)(void *ctx,
                     const struct internplan_progress *at); /* several times a second; may call internplan_write */
    bool (*cancel)(void *ctx);                              /* true: stop now with the best plan so far */
    void *ctx;                                              /* given to the three callbacks */
    int proposals; /* with a base plan: up to so many different ones, 1 to INTERNPLAN_PROPOSALS_MOST; 0: one */
    /* Runs job(arg, i) for i in 0 .. n-1, at once where it can, and returns when all have ended. NULL: one after the other.
     * The jobs call none of the other callbacks. */
    void (*parallel)(void *ctx, int n, void (*job)(void *arg, int i), void *arg);
};

enum { INTERNPLAN_PROPOSALS_MOST = 3 };

/* Options with nothing set but their size. */
struct internplan_options internplan_options_default(void);

/* Works until proof, budget, seconds, cancel or the end of memory; may be called again, and begins anew. `o` stays the caller's
 * and may be NULL. Answers OPTIMAL (every level certified), FEASIBLE, INFEASIBLE (write gives the facts that collide), UNKNOWN
 * (neither plan nor proof), LIMIT (memory ended before there was a plan; with one: FEASIBLE), or load's answer where no
 * problem is loaded. */
enum internplan_status internplan_solve(struct internplan *p, const struct internplan_options *o);

/* Takes the next bytes of the file; false ends the writing. */
typedef bool internplan_sink(void *ctx, const char *bytes, size_t n);
/* Writes the plan file (the best plan so far, when called inside `progress`), in pieces that are the sink's for the length of
 * its call. problem_digest: "sha256:HEX" of the problem file's bytes, copied as it is. False when the sink refused, memory
 * ended, or no problem is loaded: what the sink has then is no plan. */
bool internplan_write(struct internplan *p, const char *problem_digest, internplan_sink *sink, void *ctx);

/* What solve found: its answer; FEASIBLE while it runs and has a plan. Before it: load's answer. */
enum internplan_status internplan_state(const struct internplan *p);
/* Why it ended; INTERNPLAN_STOP_NONE before and while it runs. */
enum internplan_stop internplan_stopped_by(const struct internplan *p);
/* Work done, in ticks: given as the next run's budget it leads to the same plan, whatever ended this one. */
uint64_t internplan_ticks(const struct internplan *p);

struct internplan_level {
    const char *name;
    bool has_value;
    int64_t value, bound;
    bool proven, certified;
};
/* Levels that there is something to say of: all of the problem with a plan, the first (its bound) without one, none where it is
 * proven that there is no plan or nothing was solved. Also inside `progress`. */
size_t internplan_level_count(const struct internplan *p);
/* In the problem's order; i below the count. `value` and `bound` in the unit of the level's measures; no plan that is at most
 * as large at every earlier level is below `bound`. */
struct internplan_level internplan_level(const struct internplan *p, size_t i);

/* Proposals: of a problem with a base plan, plans whose sets of people to tell differ, none containing another; the first is
 * the plan that the search is after, the others are ordered by their levels. 0 without a plan. */
size_t internplan_proposal_count(const struct internplan *p);
/* Lets all that reads or writes a result (level, placement, change, write, state) speak of proposal i; 0 after each solve.
 * False: there is no such proposal, and nothing has changed. Not while solve runs. */
bool internplan_select(struct internplan *p, size_t i);

/* What the selected proposal changes of the base plan; all 0 without one. */
struct internplan_change {
    int64_t student_weeks; /* open weeks from the freeze date on in which a student is somewhere else, or nowhere, or not free */
    size_t students;       /* people to tell: those with such a week */
    bool least;            /* proven: no plan changes fewer student-weeks */
    int links;             /* else: proven among plans that move nobody but so many people who were looked at; 0: not proven */
};
struct internplan_change internplan_change(const struct internplan *p);

/* What if there were one more seat, or one more student. Solves first, as `solve` does with the same options; then writes
 * internbase.whatif/1: for each department and range of weeks in which one more seat (in each of these weeks) leads to a
 * better plan, the first level that gets better and by how much, re-solved; and for each programme the largest number of
 * its students that was found to fit, copies of its last one added or students taken from the end. Budget and seconds
 * hold for all of it. Afterwards the object is as after solve. The answer of `solve` when written; INTERNPLAN_LIMIT when
 * memory ended or the sink refused, INTERNPLAN_INVALID and INTERNPLAN_UNKNOWN as in solve: nothing was written. */
enum internplan_status internplan_what_if(struct internplan *p, const struct internplan_options *o,
                                          const char *problem_digest, internplan_sink *sink, void *ctx);

struct internplan_placement {
    const char *student, *rotation, *department;
    char from[11]; /* YYYY-MM-DD, a Monday */
    int weeks;     /* open weeks */
};
/* Placements of the plan (of the selected proposal), 0 without one. */
size_t internplan_placement_count(const struct internplan *p);
/* In the order of the plan file: students as in the problem, then by week. i below the count. */
struct internplan_placement internplan_placement(const struct internplan *p, size_t i);

#pragma GCC visibility pop

#ifdef __cplusplus
}
#endif

#endif
