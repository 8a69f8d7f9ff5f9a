/* Groups of students: the names that people write in a field, and the records behind them. */
#ifndef APP_GROUPS_H
#define APP_GROUPS_H

#include "app/app.h"
#include "core/map.h"

/* The names of a field, each once, in their order, with 、 between: what a view says of a student's groups. */
struct str groups_canonical(struct arena *a, struct str text) MUST;
/* Puts a student of a cohort into exactly the groups that the field names; those that are not there are made. `known` (or NULL)
 * keeps numbers of groups by name between calls in one transaction. *changed (or NULL) tells whether anything was written. */
enum status groups_set(struct call *c, int64_t cohort_id, int64_t student_id, struct str text, struct map *known, bool *changed) MUST;
/* The next name of a view's field; and whether one is among them. */
struct str groups_next(struct str *names) MUST;
bool groups_has(struct str names, struct str name) MUST;

#endif
