/* People new to a base, for the use cases that add them one by one and the imports that add many. */
#ifndef APP_PEOPLE_H
#define APP_PEOPLE_H

#include "app/usecases.h"

/* What a student signs in with: COHORT-NUMBER, for numbers are unique in a cohort only. */
struct str people_student_login(struct arena *a, const struct cohort *cohort, struct str number) MUST;
/* Stores the person, an account, the student's membership and the student, whose references are filled in. */
enum status people_student_make(struct call *c, const struct cohort *cohort, struct person *p, struct student *s) MUST;
/* Stores a person; its sort key is made. */
enum status people_person_make(struct call *c, struct person *p) MUST;

#endif
