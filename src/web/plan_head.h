/* What the handlers of all pages about one plan share. Private to this room. */
#ifndef WEB_PLAN_HEAD_H
#define WEB_PLAN_HEAD_H

#include "web/ctx.h"
#include "web/views_plan.h"

enum { COLOURS = 16 }; /* of static/board.css; tests/palette.py holds them apart */

/* The plan's row and its head; false with an answer given where there is none. `current`: the label of the page's tab. */
bool plan_head_get(struct ctx *c, int64_t plan_id, enum msg_id current, struct plan_head *head, struct plan_row *row) MUST;
/* The cohort of a plan. */
const struct cohort *plan_head_cohort(struct ctx *c, int64_t cohort_id, enum status *st) MUST;
/* Names by id, in the reader's language; "?" where there is none. Rows of department, rotation. */
struct str plan_name_department(const struct ctx *c, const struct rows *departments, int64_t id) MUST;
struct str plan_name_rotation(const struct ctx *c, const struct rows *rotations, int64_t id) MUST;
/* The number of the teaching week of a Monday, counted from the cohort's first. */
int64_t plan_week_number(const struct cohort *cohort, int64_t monday) MUST;
/* "第 3 周" or "第 3–6 周", of the weeks from `first` to before `until`. */
struct str plan_weeks_text(const struct ctx *c, const struct cohort *cohort, int64_t first, int64_t until) MUST;
/* A message with texts filled in. */
struct str plan_text(const struct ctx *c, enum msg_id id, size_t n, const struct str *arg) MUST;
#define TEXT(c, id, ...) \
    plan_text((c), (id), sizeof((const struct str[]){ __VA_ARGS__ }) / sizeof(struct str), (const struct str[]){ __VA_ARGS__ })
struct str plan_number(const struct ctx *c, int64_t n) MUST;

#endif
