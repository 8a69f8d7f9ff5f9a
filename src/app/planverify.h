/* The independent check of plan files, with its findings in words: behind `internbase plan --verify`, and asked before any
 * plan of the planner is written or stored. */
#ifndef APP_PLANVERIFY_H
#define APP_PLANVERIFY_H

#include "check/check.h"
#include "msg/msg.h"

/* Checks a plan file against the problem's bytes (its digest too), with wall-clock seconds by level. What `out` points to
 * lies in `a`; memory for the check itself is at most what `a` still allows. */
enum check_outcome planverify(struct arena *a, struct str problem, struct str plan, struct check_result *out) MUST;
/* Appends the sentence of a finding, without its place; the clause that stands behind a rule follows it in brackets. */
void planverify_say(struct buf *b, const struct check_found *f, enum lang lang);
/* Appends the whole result: levels, then every finding with its place, one a line. */
void planverify_put(struct buf *b, const struct check_result *r, enum lang lang);
/* The same as one JSON object. */
void planverify_json(struct buf *b, const struct check_result *r, struct str digest, enum lang lang);
/* All of it in one: checks, and appends what came of it. */
enum planverify_verdict { PLANVERIFY_HOLDS, PLANVERIFY_BROKEN, PLANVERIFY_INVALID, PLANVERIFY_STOPPED };
enum planverify_verdict planverify_report(struct arena *a, struct str problem, struct str plan, bool json, enum lang lang, struct buf *out) MUST;

/* Whether the sets of people that several plans tell differ, none containing another; else says which, by their names. */
bool planverify_sets(struct arena *a, const struct str *plan, const struct str *name, size_t n, enum lang lang, struct buf *out) MUST;

#endif
