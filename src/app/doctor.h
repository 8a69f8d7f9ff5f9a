/* What an administrator wants to know of an installation before calling somebody: each finding with its value and whether it
 * is as it should be. Changes nothing. */
#ifndef APP_DOCTOR_H
#define APP_DOCTOR_H

#include "app/app.h"

enum doctor_grade { DOCTOR_GOOD, DOCTOR_WARN, DOCTOR_BAD };

struct doctor_finding {
    const char *name; /* in JSON */
    enum msg_id label;
    enum doctor_grade grade;
    struct str value;
};

enum { DOCTOR_FINDINGS_MOST = 16 };

/* Fills at most DOCTOR_FINDINGS_MOST findings; their number. Texts lie in `a`. */
size_t doctor_look(const struct app *app, struct arena *a, struct doctor_finding *out) MUST;

#endif
